// The only place that opens a marketplace's credentials.
import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { one, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { ChannelAccount } from '../marketplaces/channel.ts'
import type { ConnectionRow } from './connections.store.ts'

const subject = (connectionId: string): string => `credentials:${connectionId}`

const save = statement(
  'saveCredentials',
  `INSERT INTO credentials (connection_id, customer_id, sealed, expires_at) VALUES ($1, $2, $3, $4)
   ON CONFLICT (connection_id) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at, authorized_at = now()`,
)
/** `credentials` is the channel's own JSON text; it is sealed and bound to the connection. */
export async function saveCredentials(tx: Tx, sealer: Sealer, connection: ConnectionRow, credentials: string, expiresAt: Date | null): Promise<void> {
  await run(tx, save, [connection.id, connection.customerId, await sealer.seal(credentials, subject(connection.id)), expiresAt])
}

const read = statement('readCredentials', 'SELECT sealed FROM credentials WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2')
/** What a channel needs to act for this connection; null where it was never authorized. */
export async function openAccount(scope: Scope, sealer: Sealer, connection: ConnectionRow): Promise<ChannelAccount | null> {
  const row = await one<{ sealed: string }>(scope.db.pool, read, [scope.tenant, connection.id])
  if (row === null || connection.merchantId === null) return null
  return {
    connectionId: connection.id,
    marketplaceId: connection.marketplaceId,
    merchantId: connection.merchantId,
    credentials: await sealer.open(row.sealed, subject(connection.id)),
  }
}
