import { changing } from '../auth/changing.ts'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { renderSigned, sha256, unshowable } from '../agreements/document.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { warehouseById } from '../customers/warehouses.store.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { type Agreeing, asSigned, BUILT_IN } from './agreeing.ts'
import { openDocument } from './agreement-document.ts'
import { agreementById, type AgreementRow, lockAgreement, markSigned } from './agreements.store.ts'
import { tellSigned } from './tell-signed.ts'

/** What is agreed to beside the name. */
export const consentWords = 'I have read the agreement, I may sign for the merchant, and I agree that this electronic signature binds as one on paper does.'

export interface SignatureInput {
  connectionId: string
  /** The signer's name, as they type it. */
  signature: string
  accepted: boolean
  /** What the signer has read: of another document the signature is refused. */
  documentSha256?: string | null
}

/**
 * The built-in signature: keeps who signed, when, from where and what, and the document with a certificate of all of it. Refuses
 * VERSION_CONFLICT where another document was read than the one that waits.
 * @param browser what the signer's program calls itself
 */
export async function signAgreement(scope: Scope, process: Agreeing, input: SignatureInput, browser: string | null = null): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  const uuid = uuidOf('Connection', input.connectionId)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  const connection = await load(scope, connectionById, uuid)
  if (connection === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  const { agreementId } = connection
  const agreement = agreementId === null ? null : await agreementById(scope.db.pool, scope, agreementId)
  const signature = input.signature.trim().replace(/\s+/g, ' ')
  const refusals = agreement === null ? [refusal('NOT_ALLOWED', 'no agreement was sent (sendAgreement)', 'connectionId')] : await refuseSignature(agreement, { ...input, signature })
  if (agreement === null || refusals.length > 0) return { refusals }

  const document = await openDocument(scope, process.sealer, agreement.id)
  if (document === null || document === 'altered') return { refusals: [refusal('NOT_ALLOWED', 'the stored document was altered: void it, and send another (voidAgreement, sendAgreement)', 'connectionId')] }
  const { timeZone } = await loadExisting({ ...scope, tenant: null }, warehouseById, connection.warehouseId)
  const [at, from] = [scope.clock(), scope.address ?? null]
  const signed = await renderSigned(document.bytes, { name: agreement.signerName, signature, consent: consentWords, at, from, with: browser, documentSha256: agreement.documentSha256, timeZone })
  const sealed = await process.sealer.seal(Buffer.from(signed).toString('base64'), asSigned(agreement.id))
  try {
    await changing(scope, async (tx) => {
      const present = await lockAgreement(tx, scope, agreement.id)
      const because = whyNotSign(present)
      if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
      await markSigned(tx, scope, agreement.id, { at, sha256: sha256(signed), sealed, signature, consent: consentWords, from, with: browser })
      await tellSigned(tx, scope, process, agreement)
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
  return { connection: await loadExisting(scope, connectionById, uuid) }
}

function whyNotSign(agreement: AgreementRow | null): string | null {
  if (agreement === null) return 'the agreement is not there any more'
  if (agreement.provider !== BUILT_IN) return 'it is signed at its provider, which has asked the signer by e-mail'
  return agreement.status === 'SENT' ? null : agreement.status === 'SIGNED' ? 'the agreement is signed' : 'the agreement has ended: ask for another'
}

async function refuseSignature(agreement: AgreementRow, { signature, accepted, documentSha256 }: SignatureInput): Promise<Refusal[]> {
  const because = whyNotSign(agreement)
  if (because !== null) return [refusal('NOT_ALLOWED', because, 'connectionId')]
  if (documentSha256 != null && documentSha256.toLowerCase() !== agreement.documentSha256) return [refusal('VERSION_CONFLICT', 'that is another document than the one that waits for a signature: read it again', 'documentSha256')]
  const strange = await unshowable(signature)
  return [
    ...(accepted ? [] : [refusal('REQUIRED', 'the agreement must be accepted', 'accepted')]),
    ...(signature === '' ? [refusal('REQUIRED', 'type the name to sign', 'signature')]
      : strange.length > 0 ? [refusal('INVALID', `the document cannot show ${strange.join(' ')}`, 'signature')]
      : plain(signature) === plain(agreement.signerName) ? [] : [refusal('INVALID', 'this is not the name of whoever was asked to sign', 'signature')]),
  ]
}

/** Case, accents and what stands between words are forgiven. */
const plain = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('en').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
