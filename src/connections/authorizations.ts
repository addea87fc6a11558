// The only place that opens a marketplace's credentials.
import { defineLoader, type Scope } from '../auth/scope.ts'
import type { SealedColumn } from '../auth/reseal.ts'
import type { Sealer } from '../auth/seal.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { newUuid } from '../kit/ids.ts'
import type { ChannelAccount, Grant } from '../marketplaces/channel.ts'
import type { ConnectionRow } from './connections.store.ts'

const subject = (authorizationId: string): string => `credentials:${authorizationId}`

export const sealedCredentials: SealedColumn<{ id: string }> = { table: 'authorizations', column: 'sealed', columns: 'id', subject: ({ id }) => subject(id) }

const insert = statement(
  'insertAuthorization',
  'INSERT INTO authorizations (id, customer_id, channel, merchant_id, sealed, expires_at, authorized_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
)
const renew = statement(
  'renewAuthorization',
  `UPDATE authorizations SET sealed = $3, expires_at = $4, authorized_at = now(), authorized_by = $5, warned_days = NULL WHERE id = $1 AND merchant_id = $2`,
)
/**
 * Keeps a grant: in the row `present` where that is of the same seller's account, for every connection that shares it (runs under
 * way end with what they began with); else in a new one. `grant.credentials` is sealed and bound to the row.
 * @returns the authorization's id
 */
export async function storeGrant(tx: Tx, sealer: Sealer, { customerId, channel }: Pick<ConnectionRow, 'customerId' | 'channel'>, present: string | null, grant: Grant, by: string | null): Promise<string> {
  const { merchantId, credentials, expiresAt } = grant
  if (present !== null) {
    const sealed = await sealer.seal(credentials, subject(present))
    if ((await run(tx, renew, [present, merchantId, sealed, expiresAt, by])) > 0) return present
  }
  const id = newUuid()
  await run(tx, insert, [id, customerId, channel, merchantId, await sealer.seal(credentials, subject(id)), expiresAt, by])
  return id
}

const attach = statement('attachAuthorization', 'UPDATE connections SET authorization_id = $2, merchant_id = $3 WHERE id = $1')
/**
 * Keeps a grant for a connection, with nothing told or tested: a connection made whole, such as a demonstration's.
 * @returns the authorization's id
 * @throws the database's 23505 where another connection has the same marketplace and merchant
 */
export async function saveAuthorization(tx: Tx, sealer: Sealer, connection: Pick<ConnectionRow, 'id' | 'customerId' | 'channel' | 'authorizationId'>, grant: Grant): Promise<string> {
  const id = await storeGrant(tx, sealer, connection, connection.authorizationId, grant, null)
  await run(tx, attach, [connection.id, id, grant.merchantId])
  return id
}

const removeUnused = statement(
  'removeUnusedAuthorizations',
  `DELETE FROM authorizations AS held WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND customer_id = $2
     AND NOT EXISTS (SELECT FROM connections WHERE authorization_id = held.id)`,
)
/** Destroys the authorizations of a customer that no connection refers to any more. The customer is locked (lockCustomer). */
export async function removeUnusedAuthorizations(tx: Tx, scope: Scope, customerId: string): Promise<void> {
  await run(tx, removeUnused, [scope.tenant, customerId])
}

const given = statement(
  'authorizationsGiven',
  `SELECT connection.id AS connection_id, authorized_at FROM connections AS connection JOIN authorizations AS held ON held.id = authorization_id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.id = ANY($2::uuid[])`,
)
const readGiven = (on: Queryable, scope: Scope, ids: readonly string[]): Promise<{ connectionId: string; authorizedAt: Date }[]> => rows(on, given, [scope.tenant, ids])
/** When the present authorization of a connection was given; null where there is none. */
export async function authorizedAt(on: Queryable, scope: Scope, connectionId: string): Promise<Date | null> {
  return (await readGiven(on, scope, [connectionId]))[0]?.authorizedAt ?? null
}
export const authorizedAtOfConnection = defineLoader<Date>('authorizedAtOfConnection', async (scope, ids) =>
  new Map((await readGiven(scope.db.pool, scope, ids)).map((row) => [row.connectionId, row.authorizedAt])),
)

const read = statement(
  'readCredentials',
  'SELECT merchant_id, sealed FROM authorizations WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = $2',
)
/** What a channel needs to act for this connection; null where its seller has not authorized. */
export async function openAccount(scope: Scope, sealer: Sealer, connection: ConnectionRow): Promise<ChannelAccount | null> {
  const { authorizationId, marketplaceId } = connection
  if (authorizationId === null) return null
  const row = await one<{ merchantId: string; sealed: string }>(scope.db.pool, read, [scope.tenant, authorizationId])
  if (row === null) return null
  const credentials = await sealer.open(row.sealed, subject(authorizationId))
  return { connectionId: connection.id, authorizationId, marketplaceId, merchantId: row.merchantId, credentials }
}
