// Documents by their hash: what a manifest of codegen's client preset trusts, and what clients register.
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { ConfigError } from '../../src/config/env.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const root = path.join(import.meta.dirname, '../..')
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const automatic = (sha256Hash: string): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

let folder: string
let manifest: string
/** The documents of `manifest`, by the names of their operations. */
const trusted: Record<string, { id: string; text: string }> = {}
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-documents-'))
  await generate(
    {
      cwd: root,
      schema: 'schema/schema.graphql',
      documents: 'test/journeys/{orders,connections}.graphql',
      silent: true,
      generates: { [`${folder}/`]: { preset: 'client', presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } }, config: { defaultScalarType: 'string' } } },
    },
    true,
  )
  manifest = path.join(folder, 'persisted-documents.json')
  for (const [id, text] of Object.entries(JSON.parse(await readFile(manifest, 'utf8')) as Record<string, string>)) {
    trusted[/(?:query|mutation|subscription) (\w+)/.exec(text)![1]!] = { id, text }
  }
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

interface Answer {
  status?: number
  data?: unknown
  errors?: { message: string; extensions: Record<string, unknown> }[]
}

function asking(gateway: Gateway, client: Client) {
  const headers = { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json' }
  return {
    async post(body: object, accept = 'application/json'): Promise<Answer> {
      const response = await fetch(gateway.url, { method: 'POST', headers: { ...headers, accept }, body: JSON.stringify(body) })
      return { status: response.status, ...((await response.json()) as Answer) }
    },
    async get(parameters: Record<string, string>): Promise<Answer> {
      const response = await fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, { headers: { ...headers, 'apollo-require-preflight': 'true' } })
      return { status: response.status, ...((await response.json()) as Answer) }
    },
    socket: (payload: object): Promise<Answer> =>
      new Promise((resolve) => {
        let answer: Answer = {}
        client.subscribe({ query: '', ...payload }, { next: (value) => (answer = value as Answer), error: (errors) => resolve({ errors: errors as NonNullable<Answer['errors']> }), complete: () => resolve(answer) })
      }),
  }
}

const running = async (config: Parameters<typeof startGateway>[0]): Promise<{ ask: ReturnType<typeof asking>; stop(): Promise<void> }> => {
  const gateway = await startGateway({ roles: ['api'], ...config })
  const client = createClient({ url: gateway.wsUrl, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${gateway.token}` }, retryAttempts: 0 })
  return {
    ask: asking(gateway, client),
    async stop() {
      await client.dispose()
      await gateway.stop()
    },
  }
}
const refusedWith = (code: string): object => ({ errors: [{ message: expect.any(String), extensions: { code, requestId: expect.any(String) } }] })
const found = { data: { orders: { nodes: [], totalCount: 0 } } }

describe('trusted documents and nothing else', () => {
  let at: Awaited<ReturnType<typeof running>>
  beforeAll(async () => {
    at = await running({ config: { trustedDocuments: [manifest], trustedDocumentsOnly: true } })
  })
  afterAll(() => at.stop())

  test('codegen writes the ids that GraphQL over HTTP describes', () => {
    expect(trusted['FindOrders']?.id).toBe(`sha256:${hashOf(trusted['FindOrders']!.text)}`)
  })

  test('one is served by either form of its id, by its words, over POST, GET and WebSocket', async () => {
    const { id, text } = trusted['FindOrders']!
    const variables = { first: 2 }
    for (const named of [{ documentId: id }, { documentId: hashOf(text) }, automatic(hashOf(text)), automatic(hashOf(text).toUpperCase()), automatic(id), { query: text }, { query: text, ...automatic(hashOf(text)) }]) {
      expect(await at.ask.post({ ...named, variables })).toMatchObject({ status: 200, ...found })
      expect(await at.ask.socket({ ...named, variables })).toMatchObject(found)
    }
    expect(await at.ask.get({ documentId: id, variables: JSON.stringify(variables) })).toMatchObject({ status: 200, ...found })
    expect(await at.ask.get({ extensions: JSON.stringify((automatic(hashOf(text)) as { extensions: object }).extensions) })).toMatchObject({ status: 200, ...found })
  })

  test('a mutation is none for GET', async () => {
    expect(await at.ask.get({ documentId: trusted['HoldOrders']!.id })).toMatchObject({ status: 405, ...refusedWith('BAD_REQUEST') })
  })

  test.each(['{ __typename }', '{ __schema { types { name } } }', '{ nothing', '{ ...F } fragment F on Query { ...F }'])('another is refused, unread: %s', async (query) => {
    expect(await at.ask.post({ query }, 'application/graphql-response+json')).toMatchObject({ status: 400, ...refusedWith('DOCUMENT_NOT_TRUSTED') })
    expect(await at.ask.get({ query })).toMatchObject(refusedWith('DOCUMENT_NOT_TRUSTED'))
    expect(await at.ask.socket({ query })).toEqual(refusedWith('DOCUMENT_NOT_TRUSTED'))
  })

  test('nor can another be registered, or be named like a trusted one', async () => {
    const query = '{ orders { totalCount } }'
    for (const ask of [at.ask.post, at.ask.socket]) {
      expect(await ask({ query, ...automatic(hashOf(query)) })).toMatchObject(refusedWith('DOCUMENT_NOT_TRUSTED'))
      for (const named of [automatic(hashOf(query)), { documentId: `sha256:${hashOf(query)}` }, { documentId: 'unknown' }]) expect(await ask(named)).toMatchObject(refusedWith('PERSISTED_QUERY_NOT_FOUND'))
      expect(await ask({ query, ...automatic(hashOf(trusted['FindOrders']!.text)) })).toMatchObject(refusedWith('PERSISTED_QUERY_MISMATCH'))
    }
  })

  test('what it costs counts as of any other', async () => {
    expect(await at.ask.post({ documentId: trusted['FindOrders']!.id, variables: { first: 2 } })).toMatchObject({ extensions: { cost: { allowed: 50_000 } } })
    const strict = await running({ config: { trustedDocuments: [manifest], trustedDocumentsOnly: true, maxCost: 100 } })
    expect(await strict.ask.post({ documentId: trusted['FindOrders']!.id, variables: { first: 50 } })).toMatchObject(refusedWith('COST_EXCEEDED'))
    await strict.stop()
  })
})

describe('automatic ones', () => {
  let at: Awaited<ReturnType<typeof running>>
  beforeAll(async () => {
    at = await running({})
  })
  afterAll(() => at.stop())

  test.each(['post', 'socket'] as const)('are registered once, and known on every transport from then on: %s', async (transport) => {
    const query = `query By_${transport} { orders { totalCount nodes { id } } }`
    const byHash = automatic(hashOf(query))
    const ask = at.ask[transport]
    expect(await ask(byHash)).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] })
    expect(await ask({ query, ...byHash })).toMatchObject(found)
    for (const any of [at.ask.post, at.ask.socket]) expect(await any(byHash)).toMatchObject(found)
    expect(await at.ask.get({ documentId: `sha256:${hashOf(query)}` })).toMatchObject(found)
  })

  test.each([
    ['a hash of another document', '{ __typename }', { version: 1, sha256Hash: hashOf('{ orders { totalCount } }') }, 'PERSISTED_QUERY_MISMATCH'],
    ['another version', '{ __typename }', { version: 2, sha256Hash: hashOf('{ __typename }') }, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['a document that is not valid', '{ nothing }', { version: 1, sha256Hash: hashOf('{ nothing }') }, 'GRAPHQL_VALIDATION_FAILED'],
  ])('are refused, and not kept: %s', async (_name, query, persistedQuery, code) => {
    for (const ask of [at.ask.post, at.ask.socket]) {
      expect(await ask({ query, extensions: { persistedQuery } })).toMatchObject(refusedWith(code))
      expect(await ask(automatic(hashOf(query)))).toMatchObject(refusedWith('PERSISTED_QUERY_NOT_FOUND'))
    }
  })

  test('what names no document at all is told so', async () => {
    for (const ask of [at.ask.post, at.ask.socket]) {
      for (const named of [{ variables: {} }, { documentId: 7 }, { extensions: { persistedQuery: null } }]) expect(await ask(named)).toMatchObject(refusedWith('BAD_REQUEST'))
    }
  })
})

test('every problem of every manifest is told at once, and nothing starts', async () => {
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, name)
    await writeFile(file, content)
    return file
  }
  const valid = '{ __typename }'
  const files = [
    path.join(folder, 'missing.json'),
    await write('list.json', '["{ __typename }"]'),
    await write('broken.json', '{'),
    await write('wrong.json', JSON.stringify({ [hashOf(valid)]: valid, [hashOf('x')]: valid, name: valid, [hashOf('{ nothing }')]: '{ nothing }', [hashOf('{')]: '{', [hashOf('7')]: 7 })),
  ]
  const error = await startGateway({ roles: ['api'], config: { trustedDocuments: files } }).then(() => null, (failure: unknown) => failure)
  expect(error).toBeInstanceOf(ConfigError)
  const { problems } = error as ConfigError
  expect(problems).toHaveLength(8)
  for (const [at, file] of files.entries()) expect(problems.filter((problem) => problem.startsWith(`TRUSTED_DOCUMENTS ${file}`))).toHaveLength(at === 3 ? 5 : 1)
  expect(problems.join('\n')).toMatch(/ENOENT[^]*not a JSON object[^]*is not JSON[^]*is not the SHA-256[^]*Cannot query field "nothing"[^]*Syntax Error[^]*not the text/)
})
