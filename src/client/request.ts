import { type Document, hashOf, type Rest } from './document.ts'
import { type AnsweredError, answeredWith, GatewayError } from './gateway-error.ts'

export interface Gateway {
  /** Of GraphQL, such as https://gateway.example/graphql; a function is asked each time. */
  url: string | (() => string | Promise<string>)
  /** An API token; a function is asked each time, and so may renew it. */
  token: string | (() => string | Promise<string>)
  /** Sends the hash of each document in place of its text, for a gateway that knows it from a manifest. */
  trusted?: boolean
}

export interface ClientOptions extends Gateway {
  /** The platform's unless told. */
  fetch?: typeof globalThis.fetch
}

export interface RequestOptions {
  signal?: AbortSignal
}

export interface Client {
  /**
   * The operation's data, whole. @throws GatewayError where there are errors, or no answer; the signal's reason where it was aborted.
   * Nothing is tried twice: a mutation may have been done although its answer was lost.
   */
  request<Data, Variables>(document: Document<Data, Variables> | string, ...rest: Rest<Variables, RequestOptions>): Promise<Data>
}

export const asked = async (value: string | (() => string | Promise<string>)): Promise<string> => (typeof value === 'function' ? value() : value)

export function createClient({ url, token, trusted = false, fetch = globalThis.fetch }: ClientOptions): Client {
  return {
    async request(document, ...[variables, { signal } = {}]) {
      const operation = trusted ? { documentId: hashOf(document as Document<unknown, never>), variables } : { query: String(document), variables }
      const [address, bearer] = await Promise.all([asked(url), asked(token)])
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9' }
      const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(operation), signal: signal ?? null }).catch((cause: unknown) => {
        signal?.throwIfAborted()
        throw new GatewayError({ code: 'NETWORK_ERROR', message: `${address} cannot be reached`, cause })
      })
      return dataOf(response, address, signal)
    },
  }
}

async function dataOf<Data>(response: Response, address: string, signal: AbortSignal | undefined): Promise<Data> {
  const { status } = response
  const answer = (await response.json().catch((cause: unknown) => {
    signal?.throwIfAborted()
    if (cause instanceof SyntaxError) throw new GatewayError({ code: 'BAD_RESPONSE', message: `the answer (${status}) is no GraphQL answer`, status, cause })
    throw new GatewayError({ code: 'NETWORK_ERROR', message: `${address} was lost within its answer`, status, cause })
  })) as { data?: Data | null; errors?: AnsweredError[] } | null
  if (answer?.errors !== undefined) {
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
    throw answeredWith(answer.errors, { status, data: answer.data ?? null, retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null })
  }
  if (answer?.data == null) throw new GatewayError({ code: 'BAD_RESPONSE', message: `the answer (${status}) has neither data nor errors`, status })
  return answer.data
}
