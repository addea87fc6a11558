import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startChild, temporaryFolder } from '../journeys/child.ts'
import { createDatabase } from '../support/database.ts'

test('on a database of one’s own the first token is kept in a file, and no log has it', async () => {
  const [database, dataDir] = [await createDatabase(), await temporaryFolder()]
  const child = startChild({ CARTAGE_ROLES: 'api', DATABASE_URL: database.url, ENCRYPTION_KEY: randomBytes(32).toString('base64'), DATA_DIR: dataDir, LOG_LEVEL: 'debug' })
  onTestFinished(async () => {
    await child.end('SIGTERM')
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const file = path.join(dataDir, 'admin-token')
  expect(await child.ready).toContain(`kept in ${file}\n`)
  const token = (await readFile(file, 'utf8')).trim()
  const url = /GraphQL +(\S+)/.exec(child.output())![1]!
  const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"query":"{ viewer { name role } }"}' })
  expect(await answer.json()).toMatchObject({ data: { viewer: { role: 'ADMIN' } } })
  expect(child.output()).not.toContain(token.slice(-12))
})
