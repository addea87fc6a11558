import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'] })
})
afterAll(() => gateway.stop())

const withToken = (more: Record<string, string> = {}): typeof fetch => (url, init) =>
  fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${gateway.token}`, ...more } })

// What GET may do is the server's choice (MAY): CSRF prevention refuses a plain one, see below.
const optional = new Set(['5A70', 'D6D5', '6A70'])

describe.each<[client: string, headers: Record<string, string>, optional: ReadonlySet<string>]>([
  ['a client that says nothing more', {}, optional],
  ['a client that asks first', { 'apollo-require-preflight': 'true' }, new Set()],
])('GraphQL over HTTP, with %s', (_client, headers, optional) => {
  for (const audit of serverAudits({ url: () => gateway.url, fetchFn: withToken(headers) })) {
    test(`${audit.id}: ${audit.name}`, async () => {
      const result = await audit.fn()
      const outcome = result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}` // an error, a warning, or a notice
      if (optional.has(audit.id)) expect(outcome).toMatch(/^(ok|notice)/)
      else expect(outcome).toBe('ok')
    })
  }
})

test('a GET is refused where a browser may have sent it unasked, and served where it cannot have', async () => {
  const url = `${gateway.url}?query=${encodeURIComponent('{ __typename }')}`
  const plain = await withToken()(url)
  expect(plain.status).toBe(400)
  expect(await plain.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST', requestId: plain.headers.get('x-request-id') } }] })
  const asked = await withToken()(url, { headers: { 'apollo-require-preflight': 'true' } })
  expect(await asked.json()).toMatchObject({ data: { __typename: 'Query' } })
})
