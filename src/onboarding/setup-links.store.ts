// Links for merchants without an account. Name and address are personal data: they stand here alone.
import type { Scope } from '../auth/scope.ts'
import { one, statement } from '../db/sql.ts'
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
