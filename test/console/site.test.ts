// How the console's files are served.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fastify from 'fastify'
import { beforeAll, afterAll, expect, test } from 'vitest'
import { consoleDocuments, consoleRoutes, serveConsole } from '../../src/console/console.site.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let origin: string
beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'] })
  origin = new URL(gateway.url).origin
})
afterAll(() => gateway.stop())

test('every route of the console is its page, under a policy that takes nothing from elsewhere, with a nonce of its own', async () => {
  const nonces = new Set<string>()
  for (const route of consoleRoutes) {
    const answer = await fetch(`${origin}${route.replace(':id', 'ord_01')}`)
    const html = await answer.text()
    const policy = answer.headers.get('content-security-policy')!
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    nonces.add(nonce)
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]).toEqual([200, 'no-store', 'no-referrer'])
    expect(policy).toMatch(/^default-src 'none';script-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(html).toContain(`nonce="${nonce}"`)
    expect(html).not.toMatch(/(src|href)="https?:/)
  }
  expect(nonces.size).toBe(consoleRoutes.length)
})

test('hashed files are kept for good, and come compressed; nothing else is to be had', async () => {
  const html = await (await fetch(origin)).text()
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)![1]!
  for (const encoding of ['br', 'gzip']) {
    const answer = await fetch(`${origin}${script}`, { headers: { 'accept-encoding': encoding } })
    expect([answer.status, answer.headers.get('content-encoding'), answer.headers.get('cache-control'), answer.headers.get('content-type')]).toEqual([200, encoding, 'public, max-age=31536000, immutable', expect.stringContaining('javascript')])
    await answer.arrayBuffer()
  }
  for (const path of ['/assets/', '/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/..%2findex.html', '/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fpackage.json', '/assets/.stamp', '/persisted-documents.json', '/index.html', '/orders/a/b', '/nowhere']) {
    const answer = await fetch(`${origin}${path}`, { redirect: 'manual' })
    expect([path, answer.status]).toEqual([path, 404])
  }
})

test('the page is told what it has to know, and no secret', async () => {
  expect(await (await fetch(`${origin}/console.json`)).json()).toEqual({ embedded: false, mailbox: false, graphiql: false, trusted: false, oidc: null })
  const app = fastify()
  const oidc = { issuer: 'https://login.example/realms/one', audience: ['x'], jwksUrl: null, algorithms: ['RS256'], roleClaim: 'role', customersClaim: 'c', nameClaim: 'name', roles: null, clientId: 'console' }
  await app.register(async (scope) => serveConsole({ embedded: false, mailbox: false, graphiql: false, trusted: true, oidc })(scope))
  expect((await app.inject('/console.json')).json()).toMatchObject({ trusted: true, oidc: { issuer: oidc.issuer, clientId: 'console', scope: 'openid profile' } })
  const page = await app.inject('/orders')
  expect(page.headers['content-security-policy']).toContain("connect-src 'self' https://login.example;")
  await app.close()
})

test('a console that was not built says so', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-console-'))
  const app = fastify()
  await app.register(async (scope) => serveConsole({ embedded: true, mailbox: false, graphiql: false, trusted: false, oidc: null, folder })(scope))
  const { statusCode, body } = await app.inject('/orders')
  expect([statusCode, body]).toEqual([503, 'The console is not built: npm run build\n'])
  await app.close()
  await rm(folder, { recursive: true })
})

test('a gateway that takes nothing but trusted documents takes those of the console', async () => {
  const strict = await startGateway({ roles: ['api'], database: gateway.database, config: { trustedDocumentsOnly: true } })
  const { default: manifest } = (await import('../../console/generated/persisted-documents.json', { with: { type: 'json' } })) as { default: Record<string, string> }
  const [id] = Object.entries(manifest).find(([, text]) => text.startsWith('query Viewer'))!
  const ask = async (body: object): Promise<number> => (await fetch(strict.url, { method: 'POST', headers: { authorization: `Bearer ${strict.token}`, 'content-type': 'application/json', accept: 'application/graphql-response+json' }, body: JSON.stringify(body) })).status
  expect(consoleDocuments()).not.toBeNull()
  expect(await ask({ documentId: id })).toBe(200)
  expect(await ask({ query: '{ viewer { name } }' })).toBe(400)
  await strict.stop()
})

test('the first page is at most 300 kB of JavaScript, gzipped', async () => {
  const html = await (await fetch(origin)).text()
  const folder = path.resolve(import.meta.dirname, '../../dist/console/files/assets')
  const wanted = new Set([...html.matchAll(/\/assets\/([^"]+\.js)"/g)].map(([, name]) => name!))
  const { readFileSync, statSync } = await import('node:fs')
  // What these import at once: the page of orders is among it.
  for (const name of wanted) for (const [, other] of readFileSync(path.join(folder, name), 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) wanted.add(other!)
  const size = [...wanted].reduce((sum, name) => sum + statSync(path.join(folder, `${name}.gz`)).size, 0)
  expect(wanted.size).toBeGreaterThan(2)
  expect(size).toBeLessThan(300_000)
})
