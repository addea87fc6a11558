// Documents that are sent by the SHA-256 of their text: trusted ones, known from the start, and automatic ones, which a client registers.
import { createHash } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'

/** By the SHA-256 of its text, in lower-case hexadecimal. */
export type TrustedDocuments = ReadonlyMap<string, string>

/** As a request names it: `documentId` of GraphQL over HTTP, or Apollo's `extensions.persistedQuery`. */
export interface DocumentReference {
  query?: string | null | undefined
  documentId?: unknown
  extensions?: { persistedQuery?: unknown } | null | undefined
}

const LARGEST_STORE = 8 * 1024 * 1024

export const hashOf = (source: string): string => createHash('sha256').update(source).digest('hex')

/** What a document is known by: GraphQL over HTTP puts the algorithm before it, Apollo does not. */
export const hashOfId = (id: string): string => id.replace(/^sha256:/i, '').toLowerCase()

const refused = (code: string, message: string): GraphQLError => new GraphQLError(message, { extensions: { code } })
const notFound = (): GraphQLError => refused('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound') // the words that Apollo's clients know
const notTrusted = (): GraphQLError => refused('DOCUMENT_NOT_TRUSTED', 'Only trusted documents are taken here, by their id or in their exact words')

export class PersistedDocuments {
  readonly #trusted: TrustedDocuments
  readonly #trustedOnly: boolean
  readonly #automatic = new LRUCache<string, string>({ maxSize: LARGEST_STORE, sizeCalculation: (source) => 2 * source.length + 200 })

  constructor(trusted: TrustedDocuments, trustedOnly: boolean) {
    this.#trusted = trusted
    this.#trustedOnly = trustedOnly
  }

  /** Why the document of that hash may not be used; null where it may. */
  refusal(hash: string): GraphQLError | null {
    return this.#trustedOnly && !this.#trusted.has(hash) ? notTrusted() : null
  }

  find(hash: string): string | undefined {
    return this.#trusted.get(hash) ?? this.#automatic.get(hash)
  }

  /** Keeps an automatic one. The caller has seen that it is valid, and that the hash is its own. */
  register(hash: string, source: string): void {
    if (!this.#trustedOnly) this.#automatic.set(hash, source)
  }

  /**
   * What a request over WebSocket or server-sent events names; over HTTP Apollo finds it, by the same rules.
   * @throws GraphQLError with its code
   */
  resolve({ query, documentId, extensions }: DocumentReference): { source: string; hash: string; registers: boolean } {
    const automatic = extensions?.persistedQuery as { version?: unknown; sha256Hash?: unknown } | undefined
    const id = documentId ?? automatic?.sha256Hash
    if (automatic != null && documentId == null && automatic.version !== 1) throw refused('PERSISTED_QUERY_NOT_SUPPORTED', 'Unsupported persisted query version')
    if (typeof id !== 'string') {
      if (!query) throw refused('BAD_REQUEST', 'An operation needs a `query`, a `documentId` or a `persistedQuery` extension')
      return { source: query, hash: hashOf(query), registers: false }
    }
    const hash = hashOfId(id)
    if (query) {
      if (hashOf(query) !== hash) throw refused('PERSISTED_QUERY_MISMATCH', 'provided sha does not match query')
      return { source: query, hash, registers: true }
    }
    const source = this.find(hash)
    if (source === undefined) throw notFound()
    return { source, hash, registers: false }
  }
}
