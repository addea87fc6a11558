import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'] })
})
afterAll(() => gateway.stop())

const withToken: typeof fetch = (url, init) => fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${gateway.token}` } })

// What GET may do is the server's choice (MAY): CSRF prevention refuses a plain one, see below.
const optional = new Set(['5A70', 'D6D5', '6A70'])

for (const audit of serverAudits({ url: () => gateway.url, fetchFn: withToken })) {
  test(`GraphQL over HTTP ${audit.id}: ${audit.name}`, async () => {
    const result = await audit.fn()
    if (optional.has(audit.id)) expect(result.status).toMatch(/ok|notice/)
    else expect(result.status === 'ok' ? 'ok' : `${result.status}: ${'reason' in result ? result.reason : ''}`).toBe('ok')
  })
}

test('a GET is refused where a browser may have sent it unasked, and served where it cannot have', async () => {
  const url = `${gateway.url}?query=${encodeURIComponent('{ __typename }')}`
  const plain = await withToken(url)
  expect(plain.status).toBe(400)
  expect(await plain.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST', requestId: plain.headers.get('x-request-id') } }] })
  const asked = await withToken(url, { headers: { 'apollo-require-preflight': 'true' } })
  expect(await asked.json()).toEqual({ data: { __typename: 'Query' } })
})
