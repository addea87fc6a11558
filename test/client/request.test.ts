import { createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
import { parse, print } from 'graphql'
import { afterAll, beforeAll, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { createClient, EventCursorDocument, FindOrdersDocument, type FindOrdersQuery, GatewayError, HoldOrdersDocument, TraceOrderDocument } from '../../src/client/index.ts'
import trusted from '../../src/client/generated/persisted-documents.json' with { type: 'json' }
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'], simulator: 'http://127.0.0.1:9' })
})
afterAll(() => gateway.stop())

const client = (options: Partial<Parameters<typeof createClient>[0]> = {}) => createClient({ url: gateway.url, token: gateway.token, ...options })
const failure = (promise: Promise<unknown>): Promise<GatewayError> =>
  promise.then(() => expect.unreachable('it has data'), (error: unknown) => {
    if (!(error instanceof GatewayError)) throw error
    return error
  })

test('data, with the types of the document', async () => {
  const found = await client().request(FindOrdersDocument, { first: 1, orderBy: 'SHIP_BY_ASC' })
  expectTypeOf(found).toEqualTypeOf<FindOrdersQuery>()
  expect(found).toEqual({ orders: { totalCount: 0, nodes: [], pageInfo: { endCursor: null, hasNextPage: false } } })
  // @ts-expect-error -- there is no such order
  expect((await failure(client().request(FindOrdersDocument, { orderBy: 'COLOUR' }))).code).toBe('BAD_USER_INPUT')
  // @ts-expect-error -- its variables cannot be left out
  expect((await failure(client().request(TraceOrderDocument))).code).toBe('BAD_USER_INPUT')
  expect(await client().request(EventCursorDocument)).toEqual({ eventCursor: expect.any(String) })
})

test("what the input got wrong is a value, with the payload's types", async () => {
  const { holdOrders } = await client().request(HoldOrdersDocument, { input: { orderIds: [], reason: 'OTHER' } })
  expect(holdOrders).toEqual({ orders: [], userErrors: [{ code: 'REQUIRED', field: ['orderIds'], message: expect.any(String) }] })
})

test.each([
  ['a token that is refused', { token: 'none' }, { code: 'UNAUTHENTICATED', status: 401 }],
  ['a gateway that is not there', { url: 'http://127.0.0.1:9/graphql' }, { code: 'NETWORK_ERROR', status: null, requestId: null }],
])('%s', async (_what, options, details) => {
  expect(await failure(client(options).request(EventCursorDocument))).toMatchObject(details)
})

test('an id of another thing: its code, path and request', async () => {
  const error = await failure(client().request(TraceOrderDocument, { connectionId: 'order_1', number: '1' }))
  expect(error).toMatchObject({ code: 'BAD_USER_INPUT', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), errors: [{ extensions: { field: ['connectionId'] } }] })
})

test('a token that is renewed for each request', async () => {
  const tokens = ['none', gateway.token]
  const { request } = client({ token: async () => tokens.shift()! })
  expect((await failure(request(EventCursorDocument))).code).toBe('UNAUTHENTICATED')
  expect(await request(EventCursorDocument)).toBeDefined()
})

test('aborted: the reason, and no GatewayError', async () => {
  const controller = new AbortController()
  const asking = client().request(EventCursorDocument, {}, { signal: controller.signal })
  controller.abort(new Error('left the page'))
  await expect(asking).rejects.toThrow('left the page')
})

test('aborted, or lost, within the answer', async () => {
  const server = http.createServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const begun = () => new Promise<void>((resolve) => server.once('request', () => setTimeout(resolve, 50)))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const controller = new AbortController()
  const aborted = client({ url }).request(EventCursorDocument, {}, { signal: controller.signal })
  await begun()
  controller.abort(new Error('left the page'))
  await expect(aborted).rejects.toThrow('left the page')
  const lost = failure(client({ url }).request(EventCursorDocument))
  await begun()
  server.closeAllConnections()
  expect(await lost).toMatchObject({ code: 'NETWORK_ERROR', status: 200 })
})

/** What a server of this answer was asked. */
async function answering(status: number, type: string, body: string, headers: Record<string, string> = {}): Promise<{ url: string; asked: () => unknown }> {
  let asked: unknown
  const server = http.createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk)).on('end', () => {
      asked = JSON.parse(text)
      response.writeHead(status, { 'content-type': type, ...headers }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, asked: () => asked }
}

test('a proxy that answers in its own words', async () => {
  const { url } = await answering(502, 'text/html', '<h1>Bad gateway</h1>')
  expect(await failure(client({ url }).request(EventCursorDocument))).toMatchObject({ code: 'BAD_RESPONSE', status: 502 })
  const empty = await answering(200, 'application/json', '{}')
  expect(await failure(client({ url: empty.url }).request(EventCursorDocument))).toMatchObject({ code: 'BAD_RESPONSE', status: 200 })
})

test('too many requests: when to come back', async () => {
  const { url } = await answering(429, 'application/json', '{"errors":[{"message":"later","extensions":{"code":"RATE_LIMITED"}}]}', { 'retry-after': '7' })
  expect(await failure(client({ url }).request(EventCursorDocument))).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 7 })
})

test('trusted: the hash alone is sent, by which the manifest knows the text', async () => {
  const { url, asked } = await answering(200, 'application/json', '{"data":{"eventCursor":"x"}}')
  await client({ url, trusted: true }).request(EventCursorDocument)
  expect(asked()).toEqual({ documentId: EventCursorDocument.hash })
  await expect(client({ url, trusted: true }).request('{ eventCursor }')).rejects.toThrow(TypeError)
  expect((trusted as Record<string, string>)[EventCursorDocument.hash!]).toBe(String(EventCursorDocument))
})

test("a front end's own documents, as graphql-codegen makes them with documentMode: string", async () => {
  class TypedDocumentString<Result, Variables> extends String {
    declare __apiType?: NonNullable<DocumentTypeDecoration<Result, Variables>['__apiType']>
    readonly __meta__: Record<string, unknown>
    constructor(value: string, meta: Record<string, unknown>) {
      super(value)
      this.__meta__ = meta
    }
  }
  const own = new TypedDocumentString<{ warehouses: { name: string }[] }, { first?: number }>('{ warehouses { name } }', { hash: 'sha256:00' })
  const { warehouses } = await client().request(own)
  expectTypeOf(warehouses).toEqualTypeOf<{ name: string }[]>()
  expect(warehouses).toEqual([])
  const { url, asked } = await answering(200, 'application/json', '{"data":{"warehouses":[]}}')
  await client({ url, trusted: true }).request(own)
  expect(asked()).toEqual({ documentId: 'sha256:00' })
  // @ts-expect-error -- no such variable
  await client().request(own, { last: 1 })
})

test('every text of the manifest is a document with its own hash', () => {
  for (const [hash, text] of Object.entries(trusted)) {
    expect(hash).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
    expect(print(parse(text))).toContain('{')
  }
})
