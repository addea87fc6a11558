import { changing } from '../auth/changing.ts'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { renderAgreement, sha256, unshowable } from '../agreements/document.ts'
import { ProviderError } from '../agreements/provider.ts'
import { connectionById, type ConnectionRow, lockConnections, lockCustomer } from '../connections/connections.store.ts'
import { refuseEmail } from '../connections/survey.ts'
import { customerById } from '../customers/customers.store.ts'
import { warehouseById, type WarehouseRow } from '../customers/warehouses.store.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { seconds } from '../kit/clock.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { newUuid, uuidOf } from '../kit/ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { type Agreeing, BUILT_IN, remoteOf, toSign } from './agreeing.ts'
import { openDocument } from './agreement-document.ts'
import { agreementById, type AgreementConnection, type AgreementRow, connectionsOfAgreement, connectionsToAgree, insertAgreement, markSent } from './agreements.store.ts'
import { issueSetupLink } from './issue-setup-link.ts'
import { AgreementLetter } from './letters.tsx'

const LONGEST_NAME = 200
const PATIENCE_MS = seconds(30)

export interface AgreementRequest {
  connectionId: string
  signerName: string
  signerEmail: string
}

/**
 * Makes the agreement of a connection, and of the others of its survey that have none, and has it signed: here, by a link that is mailed to
 * the signer; or at the provider, which asks them. Refuses NOT_ALLOWED where one is under way or signed, and
 * SIGNATURE_PROVIDER_UNAVAILABLE where the provider cannot be asked: the agreement then is handed over later.
 * @param mailed false: the signer is here already, and needs no link
 */
export async function sendAgreement(
  scope: Scope, process: Agreeing & { channels: Channels }, input: AgreementRequest, mailed = true,
): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  const signer = { name: input.signerName.trim(), email: input.signerEmail.trim() }
  const malformed = [...(await refuseName(signer.name)), ...refuseEmail(signer.email, 'signerEmail')]
  if (malformed.length > 0) return { refusals: malformed }
  const uuid = uuidOf('Connection', input.connectionId)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  const found = await load(scope, connectionById, uuid)
  if (found === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  if (process.signing.kind === 'none') return { refusals: [refusal('NOT_ALLOWED', 'this gateway has no agreements signed', 'connectionId')] }
  const provider = process.signing.kind === 'remote' ? process.signing.provider.code : BUILT_IN
  const [customer, warehouse] = await Promise.all([loadExisting(scope, customerById, found.customerId), loadExisting({ ...scope, tenant: null }, warehouseById, found.warehouseId)])
  const nameless = await unshowable([customer.name, warehouse.name, addressOf(warehouse)].join(' '))
  if (nameless.length > 0) return { refusals: [refusal('NOT_ALLOWED', `the document cannot show ${nameless.join(' ')} of the names and the address that are to stand in it: write them in Latin, Greek or Cyrillic letters`, 'connectionId')] }
  const id = newUuid()
  try {
    await changing(scope, async (tx) => {
      await lockCustomer(tx, scope, customer.id)
      const [connection] = await lockConnections(tx, scope, [uuid])
      if (connection === undefined) throw new Refused(refusal('NOT_FOUND', 'no such connection', 'connectionId'))
      if (connection.status === 'DISCONNECTED') throw new Refused(refusal('NOT_ALLOWED', 'the connection is disconnected', 'connectionId'))
      const present = connection.agreementId === null ? null : await agreementById(tx, scope, connection.agreementId)
      const because = whyNotSend(present)
      if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
      const all = await connectionsToAgree(tx, scope, uuid)
      if (all.some(({ requestId }) => requestId === null)) throw new Refused(refusal('NOT_ALLOWED', 'the connection has no survey (requestConnections)', 'connectionId'))
      const marketplaces = all.map(({ marketplaceId }) => process.channels.marketplace(marketplaceId)?.name ?? marketplaceId)
      const facts = { customer: customer.name, warehouse: warehouse.name, warehouseAddress: addressOf(warehouse), marketplaces: [...new Set(marketplaces)], signer, date: scope.clock(), timeZone: warehouse.timeZone }
      const { pdf } = await renderAgreement(facts, process.template)
      const documentSealed = await process.sealer.seal(Buffer.from(pdf).toString('base64'), toSign(id))
      await insertAgreement(tx, scope, {
        id, customerId: customer.id, provider, signerName: signer.name, signerEmail: signer.email, documentSha256: sha256(pdf), documentSealed, sentAt: provider === BUILT_IN ? scope.clock() : null,
      }, all.map((one) => one.id))
      if (provider !== BUILT_IN) return
      await tellSent(tx, scope, all)
      if (mailed) await mailLink(tx, scope, process, { id, customer: customer.name, warehouse: warehouse.name, signer, connection: all.find((one) => one.id === uuid)! })
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
  if (provider !== BUILT_IN) {
    const refused = await handOver(scope, process, id)
    if (refused !== null) return { refusals: [refused] }
  }
  return { connection: await loadExisting(scope, connectionById, uuid) }
}

/**
 * Hands an agreement that stands NOT_SENT to its provider. It stands there before it is asked for, and the provider knows it by our id: whoever
 * is killed in between, or asks twice, has one agreement there.
 */
export async function handOver(scope: Scope, process: Agreeing, id: string): Promise<Refusal | null> {
  const agreement = await agreementById(scope.db.pool, scope, id)
  const provider = agreement === null ? null : remoteOf(process, agreement.provider)
  if (agreement?.status !== 'NOT_SENT' || provider === null) return null
  const document = await openDocument(scope, process.sealer, id)
  if (document === null || document === 'altered') return refusal('NOT_ALLOWED', 'the stored document was altered: void it, and send another (voidAgreement, sendAgreement)', 'connectionId')
  const connections = await connectionsOfAgreement(scope.db.pool, scope, id)
  try {
    const { signerName: name, signerEmail: email } = agreement
    const reference = await provider.send({ id, title: connections.map((one) => one.name).join(', '), document: document.bytes, signer: { name, email } }, AbortSignal.timeout(PATIENCE_MS))
    const kept = await changing(scope, async (tx) => {
      const sent = await markSent(tx, scope, id, reference)
      if (sent) await tellSent(tx, scope, connections)
      return sent
    })
    // Who withdrew it in between could not know that it was there already.
    if (!kept && (await agreementById(scope.db.pool, scope, id))?.status === 'VOIDED') await provider.voidAgreement(reference, 'withdrawn', AbortSignal.timeout(PATIENCE_MS))
    return null
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    scope.log.warn({ agreement: id, kind: error.kind }, `an agreement was not handed over: ${error.message}`)
    return refusal('SIGNATURE_PROVIDER_UNAVAILABLE', `${error.message}; it is tried again by itself`, 'connectionId')
  }
}

function whyNotSend(present: AgreementRow | null): string | null {
  if (present?.status === 'SIGNED') return 'the agreement is signed'
  return present?.status === 'SENT' || present?.status === 'NOT_SENT' ? 'an agreement waits for its signature: void it first (voidAgreement)' : null
}

async function mailLink(
  tx: Tx, scope: Scope, process: Agreeing, { id, customer, warehouse, signer, connection }: { id: string; customer: string; warehouse: string; signer: { name: string; email: string }; connection: AgreementConnection },
): Promise<void> {
  const { customerId, warehouseId, requestId } = connection
  const { link, url } = await issueSetupLink(tx, scope, process, { customerId, warehouseId, requestId, ...signer })
  await queueMail(tx, {
    kind: 'AGREEMENT', customerId, connectionId: connection.id, recipient: signer.email, subject: `${warehouse}: please sign the agreement for ${customer}`, key: `agreement:${id}`,
    body: AgreementLetter({ name: signer.name, customer, warehouse, url, expiresAt: link.expiresAt }),
  })
}

const tellSent = (tx: Tx, { actor }: Scope, connections: readonly AgreementConnection[]): Promise<void> =>
  appendEvents(tx, connections.map(({ id: connectionId, customerId, name }) => ({ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name}: the agreement was sent by ${actor.name}` })))

async function refuseName(name: string): Promise<Refusal[]> {
  if (name === '') return [refusal('REQUIRED', 'signerName must not be blank', 'signerName')]
  if (name.length > LONGEST_NAME) return [refusal('INVALID', `signerName must have at most ${LONGEST_NAME} characters`, 'signerName')]
  const strange = await unshowable(name)
  return strange.length === 0 ? [] : [refusal('INVALID', `the document cannot show ${strange.join(' ')}: write the name in Latin, Greek or Cyrillic letters`, 'signerName')]
}

const addressOf = ({ line1, line2, city, region, postalCode, countryCode }: WarehouseRow): string => [line1, line2, city, region, postalCode, countryCode].filter(Boolean).join(', ')
