// What SECURITY.md and the pages beside it claim is there: files, variables and figures are looked up in the code.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '../..')
const read = (name: string): Promise<string> => readFile(path.join(root, name), 'utf8')
const pages = ['SECURITY.md', 'docs/deployment.md', 'docs/access.md', 'docs/privacy.md']

test.each(pages)('%s names files, pages and sections that are there', async (page) => {
  const text = await read(page)
  const links = [...text.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)].filter(([, to]) => !to!.startsWith('http'))
  for (const [, to, section] of links) {
    const file = path.join(path.dirname(page), to!)
    expect(existsSync(path.join(root, file)), file).toBe(true)
    if (section !== undefined) expect((await read(file)).split('\n').filter((line) => line.startsWith('#')).map((line) => line.replace(/^#+ /, '').toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'))).toContain(section)
  }
  for (const [named] of text.matchAll(/\b(?:src|test|scripts|bench)\/[\w/.-]+\.(?:ts|tsx|mjs)\b/g)) expect(existsSync(path.join(root, named)), named).toBe(true)
})

test.each(pages)('%s names variables that are read', async (page) => {
  const [text, env] = [await read(page), `${await read('src/config/env.ts')}${await read('src/config/secret-files.ts')}${await read('src/config/telemetry.ts')}`]
  const variables = [...text.matchAll(/`([A-Z][A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g)].map(([, name]) => name!.replace(/_FILE$/, ''))
  const known = ['SIGN_IN_UNAVAILABLE']
  for (const name of variables) if (!known.includes(name)) expect(env, name).toMatch(new RegExp(`\\b${name}\\b`))
})

test('its figures are those of the code', async () => {
  const [security, access, authenticate, tokens, bounds, oidc] = await Promise.all([read('SECURITY.md'), read('docs/access.md'), read('src/auth/authenticate.ts'), read('src/auth/api-tokens.ts'), read('src/http/bounds.ts'), read('src/auth/oidc.ts')])
  expect(authenticate).toContain('{ atOnce: 30, aMinute: 10 }')
  expect(security).toContain('30 attempts at once from one address or of one prefix, then 10 a minute')
  expect(access).toContain('30 at once and then ten a minute')
  expect(tokens).toContain('randomBytes(24)')
  for (const page of [security, access]) expect(page).toMatch(/192 (random )?bits/)
  expect(bounds).toContain('headersMs: seconds(10), requestMs: seconds(30)')
  expect(security).toContain('after 10 s (headers) and 30 s')
  expect(oidc).toContain('KEYS_MS = minutes(10)')
  expect(access).toContain('kept for ten minutes')
  expect(await read('src/auth/seal.ts')).toContain("enc: 'A256GCM'")
})
