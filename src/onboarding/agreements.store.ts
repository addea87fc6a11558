// Agreements and their documents. Signer and documents are personal data: they stand here alone, the documents sealed.
import type { Scope } from '../auth/scope.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { AgreementStatus } from './onboarding.ts'

export interface AgreementRow {
  id: string
  customerId: string
  provider: string
  /** The provider's own id of it. */
  reference: string | null
  status: AgreementStatus
  statusReason: string | null
  signerName: string
  signerEmail: string
  documentSha256: string
  createdAt: Date
  sentAt: Date | null
  signedAt: Date | null
  signature: string | null
  signedSha256: string | null
}

const columns = 'id, customer_id, provider, reference, status, status_reason, signer_name, signer_email, document_sha256, created_at, sent_at, signed_at, signature, signed_sha256'
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

export interface NewAgreement {
  id: string
  customerId: string
  provider: string
  signerName: string
  signerEmail: string
  documentSha256: string
  documentSealed: string
  /** Null where it is handed over later. */
  sentAt: Date | null
}

const insert = statement(
  'insertAgreement',
  `INSERT INTO agreements (id, customer_id, provider, status, signer_name, signer_email, document_sha256, document_sealed, created_at, created_by, sent_at)
   VALUES ($1, $2, $3, CASE WHEN $10::timestamptz IS NULL THEN 'NOT_SENT' ELSE 'SENT' END::agreement_status, $4, $5, $6, $7, $8, $9, $10)`,
)
const attach = statement('attachAgreement', `UPDATE connections SET agreement_id = $3, version = version + 1 WHERE ${scoped} AND id = ANY($2::uuid[])`)
/** An agreement that these connections are under from here on. */
export async function insertAgreement(tx: Tx, scope: Scope, agreement: NewAgreement, connectionIds: readonly string[]): Promise<void> {
  const { id, customerId, provider, signerName, signerEmail, documentSha256, documentSealed, sentAt } = agreement
  await run(tx, insert, [id, customerId, provider, signerName, signerEmail, documentSha256, documentSealed, scope.clock(), scope.actor.name, sentAt])
  await run(tx, attach, [scope.tenant, connectionIds, id])
}

const byId = statement('agreementsById', `SELECT ${columns} FROM agreements WHERE ${scoped} AND id = $2`)
const lock = statement('lockAgreement', `SELECT ${columns} FROM agreements WHERE ${scoped} AND id = $2 FOR UPDATE`)
export const agreementById = (on: Queryable, scope: Scope, id: string): Promise<AgreementRow | null> => one(on, byId, [scope.tenant, id])
/** As it is until the transaction ends. */
export const lockAgreement = (tx: Tx, scope: Scope, id: string): Promise<AgreementRow | null> => one(tx, lock, [scope.tenant, id])

const byReference = statement('agreementByReference', 'SELECT id FROM agreements WHERE provider = $1 AND reference = $2')
/** By the provider's own id, which is of no tenant. */
export async function agreementIdOf(on: Queryable, provider: string, reference: string): Promise<string | null> {
  return (await one<{ id: string }>(on, byReference, [provider, reference]))?.id ?? null
}

const documents = statement('agreementDocuments', `SELECT status, document_sha256, document_sealed, signed_sha256, signed_sealed FROM agreements WHERE ${scoped} AND id = $2`)
export interface SealedDocuments {
  status: AgreementStatus
  documentSha256: string
  documentSealed: string
  signedSha256: string | null
  signedSealed: string | null
}
export const sealedDocuments = (on: Queryable, scope: Scope, id: string): Promise<SealedDocuments | null> => one(on, documents, [scope.tenant, id])

export interface AgreementConnection {
  id: string
  customerId: string
  name: string
  requestId: string | null
  warehouseId: string
}
const connections = statement(
  'connectionsOfAgreement',
  `SELECT connection.id, connection.customer_id, connection.name, connection.warehouse_id, survey.request_id FROM connections AS connection LEFT JOIN surveys AS survey ON survey.connection_id = connection.id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.agreement_id = $2 ORDER BY connection.name, connection.id`,
)
/** Those that are under it. */
export const connectionsOfAgreement = (on: Queryable, scope: Scope, id: string): Promise<AgreementConnection[]> => rows(on, connections, [scope.tenant, id])

const family = statement(
  'connectionsOfRequest',
  `SELECT sibling.id, sibling.customer_id, sibling.name, sibling.warehouse_id, sibling.marketplace_id, mine.request_id FROM connections AS mine_connection
   LEFT JOIN surveys AS mine ON mine.connection_id = mine_connection.id
   JOIN connections AS sibling ON sibling.id = mine_connection.id
     OR (sibling.status = 'ONBOARDING' AND sibling.id IN (SELECT connection_id FROM surveys WHERE request_id = mine.request_id)
       AND NOT EXISTS (SELECT FROM agreements WHERE id = sibling.agreement_id AND status IN ('NOT_SENT', 'SENT', 'SIGNED')))
   WHERE ($1::uuid[] IS NULL OR mine_connection.customer_id = ANY($1)) AND mine_connection.id = $2 ORDER BY sibling.name, sibling.id`,
)
/** A connection, and those of its survey that are being set up and have no agreement of their own. */
export const connectionsToAgree = (on: Queryable, scope: Scope, connectionId: string): Promise<(AgreementConnection & { marketplaceId: string })[]> => rows(on, family, [scope.tenant, connectionId])

const sent = statement('agreementSent', `UPDATE agreements SET status = 'SENT', reference = $3, sent_at = $4 WHERE ${scoped} AND id = $2 AND status = 'NOT_SENT'`)
/** False where that was known. */
export const markSent = async (tx: Tx, scope: Scope, id: string, reference: string): Promise<boolean> => (await run(tx, sent, [scope.tenant, id, reference, scope.clock()])) > 0

const signed = statement(
  'agreementSigned',
  `UPDATE agreements SET status = 'SIGNED', signed_at = $3, signed_sha256 = $4, signed_sealed = $5, signature = $6, consent = $7, signed_from = $8, signed_with = $9, status_reason = NULL
   WHERE ${scoped} AND id = $2 AND status = 'SENT'`,
)
export interface SignedAs {
  at: Date
  sha256: string
  sealed: string
  signature: string | null
  consent: string | null
  from: string | null
  with: string | null
}
/** False where it does not wait for a signature. */
export async function markSigned(tx: Tx, scope: Scope, id: string, by: SignedAs): Promise<boolean> {
  return (await run(tx, signed, [scope.tenant, id, by.at, by.sha256, by.sealed, by.signature, by.consent, by.from, by.with])) > 0
}

const ended = statement('agreementEnded', `UPDATE agreements SET status = $3::agreement_status, status_reason = $4, ended_at = $5 WHERE ${scoped} AND id = $2 AND status IN ('NOT_SENT', 'SENT')`)
/** False where it had ended, or was signed. */
export const markEnded = async (tx: Tx, scope: Scope, id: string, status: 'DECLINED' | 'VOIDED', reason: string, at: Date): Promise<boolean> => (await run(tx, ended, [scope.tenant, id, status, reason, at])) > 0

// An agreement that waits for a signature, while every connection under it has ended.
const leftBehind = `agreement.status IN ('NOT_SENT', 'SENT') AND NOT EXISTS (SELECT FROM connections AS under WHERE under.agreement_id = agreement.id AND under.status <> 'DISCONNECTED')`
const left = statement(
  'agreementLeftBy',
  `SELECT agreement.id, agreement.provider FROM connections AS connection JOIN agreements AS agreement ON agreement.id = connection.agreement_id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.id = $2 AND ${leftBehind}`,
)
/** What a connection that has ended leaves unsigned, with nobody else under it. */
export const agreementLeftBy = (on: Queryable, scope: Scope, connectionId: string): Promise<{ id: string; provider: string } | null> => one(on, left, [scope.tenant, connectionId])

const allLeft = statement('agreementsLeftBehind', `SELECT agreement.id FROM agreements AS agreement WHERE ($1::uuid[] IS NULL OR agreement.customer_id = ANY($1)) AND agreement.provider = $2 AND ${leftBehind} AND ($3::uuid IS NULL OR agreement.id > $3) ORDER BY agreement.id LIMIT 20`)
/** Likewise all of them, a few at a time, those after an id. */
export const agreementsLeftBehind = async (scope: Scope, provider: string, after: string | null): Promise<string[]> => (await rows<{ id: string }>(scope.db.pool, allLeft, [scope.tenant, provider, after])).map(({ id }) => id)

const unsent = statement(
  'agreementsNotSent',
  `SELECT agreement.id FROM agreements AS agreement WHERE ($1::uuid[] IS NULL OR agreement.customer_id = ANY($1)) AND agreement.provider = $2 AND agreement.status = 'NOT_SENT' AND agreement.created_at < $3
     AND NOT (${leftBehind}) AND ($4::uuid IS NULL OR agreement.id > $4) ORDER BY agreement.id LIMIT 20`,
)
const open = statement('agreementsOpen', `SELECT id FROM agreements WHERE ${scoped} AND provider = $2 AND status = 'SENT' AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT 200`)
/** Those that nobody has handed over since an instant, a few at a time, those after an id. */
export const agreementsLeftUnsent = async (scope: Scope, provider: string, before: Date, after: string | null): Promise<string[]> => (await rows<{ id: string }>(scope.db.pool, unsent, [scope.tenant, provider, before, after])).map(({ id }) => id)
/** Those that wait for a signature, some at a time, those after an id. */
export const agreementsOpen = async (scope: Scope, provider: string, after: string | null): Promise<string[]> => (await rows<{ id: string }>(scope.db.pool, open, [scope.tenant, provider, after])).map(({ id }) => id)
