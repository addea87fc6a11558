import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { sha256 } from '../agreements/document.ts'
import { asSigned, toSign } from './agreeing.ts'
import { sealedDocuments } from './agreements.store.ts'
import type { AgreementStatus } from './onboarding.ts'

/**
 * The PDF of an agreement: the signed one where there is one, else what is to be signed. 'altered' where what is stored is not what was stored:
 * the seal does not open, or its SHA-256 is another.
 */
export async function openDocument(scope: Scope, sealer: Sealer, id: string): Promise<{ bytes: Uint8Array; status: AgreementStatus } | 'altered' | null> {
  const row = await sealedDocuments(scope.db.pool, scope, id)
  if (row === null) return null
  const [sealed, subject, expected] = row.signedSealed !== null ? [row.signedSealed, asSigned(id), row.signedSha256] : [row.documentSealed, toSign(id), row.documentSha256]
  const bytes = await sealer.open(sealed, subject).then((text) => new Uint8Array(Buffer.from(text, 'base64')), () => null)
  if (bytes !== null && sha256(bytes) === expected) return { bytes, status: row.status }
  scope.log.error({ agreement: id }, 'the stored document of an agreement was altered')
  return 'altered'
}
