// The built program, killed between the server's word that it has a mail and the program's own. `npm test` builds it first.
import { rm } from 'node:fs/promises'
import { createElement } from 'react'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/client.ts'
import { transaction } from '../../src/db/transaction.ts'
import { minutes } from '../../src/kit/clock.ts'
import { queueMail } from '../../src/mail/queue-mail.ts'
import { MailPump } from '../../src/mail/send-mails.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { startChild, temporaryFolder } from '../journeys/child.ts'
import { createDatabase } from '../support/database.ts'
import { startSmtp } from '../support/smtp.ts'

test('kill -9 after the server has taken a mail: it goes out again after its lease, under the same Message-ID', async ({ onTestFinished }) => {
  const database = await createDatabase()
  const db = openDatabase(database.config, () => {})
  const smtp = await startSmtp()
  const dataDir = await temporaryFolder()
  const child = startChild({
    CARTAGE_ROLES: 'worker', DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'), DATA_DIR: dataDir,
    SMTP_URL: smtp.url, MAIL_FROM: 'Riverside <gateway@riverside.example>',
  })
  onTestFinished(async () => {
    await child.end('SIGKILL')
    await smtp.stop()
    await db.close()
    await Promise.all([database.drop(), rm(dataDir, { recursive: true, force: true })])
  })
  await child.ready
  const holder = await db.pool.connect()
  smtp.behaviour.taken = async () => {
    await holder.query('BEGIN')
    await holder.query('SELECT FROM mails FOR UPDATE') // what the program would now record has to wait
  }
  const mail = { kind: 'TEST', customerId: null, connectionId: null, recipient: 'ada@merchant.example', subject: 'Once', body: createElement('p', null, 'once') }
  const id = (await transaction(db.pool, (tx) => queueMail(tx, mail)))!
  const recording = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%settleMail%'`
  await expect.poll(async () => (await db.pool.query(`SELECT ${recording}`)).rowCount).toBe(1)
  await child.end('SIGKILL')
  // What a killed process had asked for, its session would still do: here the machine was lost with it.
  await db.pool.query(`SELECT pg_terminate_backend(pid) ${recording}`)
  await holder.query('ROLLBACK')
  holder.release()
  delete smtp.behaviour.taken
  expect(smtp.mails).toHaveLength(1)

  const time = { ahead: 0 }
  const next = new MailPump({ db, clock: () => new Date(Date.now() + time.ahead), log: createLog('silent'), metrics: new Metrics(), server: smtp.url, from: 'Riverside <gateway@riverside.example>', bounced: async () => {} })
  await next.tick()
  expect(smtp.mails).toHaveLength(1) // the dead one's lease
  time.ahead = minutes(3)
  await next.tick()
  await expect.poll(async () => (await db.pool.query('SELECT status, attempts FROM mails')).rows).toEqual([{ status: 'SENT', attempts: 1 }])
  await next.stop(1000)
  expect(smtp.mails.map(({ headers }) => headers['message-id'])).toEqual([`<${id}@riverside.example>`, `<${id}@riverside.example>`])
})
