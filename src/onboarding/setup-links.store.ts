// Links for merchants without an account. Name and address are personal data: they stand here alone.
import { defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'

export interface SetupLinkRow {
  id: string
  customerId: string
  warehouseId: string
  /** The survey whose connections it is for; null until it is answered. */
  requestId: string | null
  name: string
  email: string
  createdAt: Date
  createdBy: string
  expiresAt: Date
  usedAt: Date | null
  sessionExpiresAt: Date | null
  revokedAt: Date | null
}

export type NewSetupLink = Pick<SetupLinkRow, 'customerId' | 'warehouseId' | 'requestId' | 'name' | 'email' | 'expiresAt'>

const columns = 'id, customer_id, warehouse_id, request_id, name, email, created_at, created_by, expires_at, used_at, session_expires_at, revoked_at'

const insert = statement(
  'insertSetupLink',
  `INSERT INTO setup_links (customer_id, warehouse_id, request_id, name, email, expires_at, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
)
export async function insertSetupLink(tx: Tx, scope: Scope, { customerId, warehouseId, requestId, name, email, expiresAt }: NewSetupLink): Promise<SetupLinkRow> {
  return (await one<SetupLinkRow>(tx, insert, [customerId, warehouseId, requestId, name, email, expiresAt, scope.clock(), scope.actor.name]))!
}

const forget = statement('forgetSetupLinks', 'DELETE FROM setup_links WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND expires_at < $2')
/** Removes those that were over before an instant. */
export const forgetSetupLinks = (scope: Scope, before: Date): Promise<number> => run(scope.db.pool, forget, [scope.tenant, before])

const isQueued = statement('isMailQueued', 'SELECT 1 AS one FROM mails WHERE key = $1')
/** Whether a mail of that key was queued, ever. */
export const queued = async (on: Queryable, key: string): Promise<boolean> => (await one(on, isQueued, [key])) !== null

const byId = statement('setupLinkById', `SELECT ${columns} FROM setup_links WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = $2`)
export const setupLinkById = (on: Queryable, scope: Scope, id: string): Promise<SetupLinkRow | null> => one(on, byId, [scope.tenant, id])

const ofCustomer = statement('setupLinksOfCustomer', `SELECT ${columns} FROM setup_links WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND customer_id = ANY($2::uuid[]) ORDER BY created_at DESC, id DESC`)
/** Of each customer, the newest first. */
export const setupLinksOfCustomer = defineLoader<SetupLinkRow[]>('setupLinksOfCustomer', async (scope, ids) =>
  groupBy(await rows<SetupLinkRow>(scope.db.pool, ofCustomer, [scope.tenant, ids]), ids, ({ customerId }) => customerId),
)

const use = statement(
  'useSetupLink',
  `UPDATE setup_links SET used_at = $2, session_hash = $3, session_expires_at = expires_at WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 RETURNING ${columns}`,
)
/** Uses a link up, whoever brings it: of two at the same instant one gets it. Null where it is of no use any more. */
export const useSetupLink = (on: Queryable, id: string, session: Buffer, now: Date): Promise<SetupLinkRow | null> => one(on, use, [id, now, session])

const ofSession = statement('setupLinkOfSession', `SELECT ${columns} FROM setup_links WHERE session_hash = $1 AND session_expires_at > $2 AND revoked_at IS NULL`)
/** The link whose session that is; null where it is none, or over. */
export const setupLinkOfSession = (on: Queryable, session: Buffer, now: Date): Promise<SetupLinkRow | null> => one(on, ofSession, [session, now])

const bind = statement('bindSetupLink', 'UPDATE setup_links SET request_id = $2 WHERE id = $1 AND request_id IS NULL')
/** From here on it is for the connections of that survey. False where it is for others already. */
export const bindSetupLink = async (tx: Tx, id: string, requestId: string): Promise<boolean> => (await run(tx, bind, [id, requestId])) > 0

const revoke = statement(
  'revokeSetupLink',
  `UPDATE setup_links AS link SET revoked_at = coalesce(link.revoked_at, $3) FROM setup_links AS named
   WHERE ($1::uuid[] IS NULL OR named.customer_id = ANY($1)) AND named.id = $2 AND link.customer_id = named.customer_id AND lower(link.email) = lower(named.email) AND link.request_id IS NOT DISTINCT FROM named.request_id
   RETURNING ${columns.replaceAll(/\w+/g, 'link.$&')}`,
)
/** Neither it nor its session is good for anything more; nor is any other that the same person had for the same, which they could else have renewed. */
export const revokeSetupLinkRow = async (on: Queryable, scope: Scope, id: string): Promise<SetupLinkRow | null> =>
  (await rows<SetupLinkRow>(on, revoke, [scope.tenant, id, scope.clock()])).find((link) => link.id === id) ?? null

const takenBack = statement('isSetupTakenBack', 'SELECT revoked_at IS NOT NULL AS revoked FROM setup_links WHERE request_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1')
/** Whether the last link of a survey, whoever's it was, was taken back: nobody is sent another by itself. */
export const isSetupTakenBack = async (on: Queryable, requestId: string): Promise<boolean> => (await one<{ revoked: boolean }>(on, takenBack, [requestId]))?.revoked ?? false

const lately = statement('setupLinksLately', 'SELECT count(*)::int AS count FROM setup_links WHERE customer_id = $1 AND lower(email) = lower($2) AND created_at > $3')
/** How many went to that address since an instant. */
export const setupLinksSince = async (on: Queryable, customerId: string, email: string, since: Date): Promise<number> => (await one<{ count: number }>(on, lately, [customerId, email, since]))!.count
