import type { SealedColumn } from '../auth/reseal.ts'
import type { Sealer } from '../auth/seal.ts'
import type { RemoteProvider, Signing } from '../agreements/provider.ts'
import type { SetupLinkProcess } from './issue-setup-link.ts'

/** What verbs of agreements need of the process. */
export interface Agreeing extends SetupLinkProcess {
  signing: Signing
  /** Markdown; null: the built-in text. */
  template: string | null
  sealer: Sealer
  /** The warehouse's own people. */
  operators: readonly string[]
}

/** The provider of an agreement that is signed elsewhere; null for the built-in signature, and for one that is not configured any more. */
export const remoteOf = ({ signing }: Pick<Agreeing, 'signing'>, code: string): RemoteProvider | null =>
  signing.kind === 'remote' && signing.provider.code === code ? signing.provider : null

export const BUILT_IN = 'built-in'

export const toSign = (id: string): string => `agreement:${id}`
export const asSigned = (id: string): string => `signed-agreement:${id}`

export const sealedDocuments: readonly SealedColumn<{ id: string }>[] = [
  { table: 'agreements', column: 'document_sealed', columns: 'id', subject: ({ id }) => toSign(id) },
  { table: 'agreements', column: 'signed_sealed', columns: 'id', subject: ({ id }) => asSigned(id) },
]
