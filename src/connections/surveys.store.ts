// What was asked for, connection by connection. Contact and notes are personal data: they stand here alone.
import type { Scope } from '../auth/scope.ts'
import { type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { SurveyAnswers } from './survey.ts'

const insert = statement(
  'insertSurveys',
  `INSERT INTO surveys (connection_id, customer_id, contact_name, contact_email, merchant_id, expected_orders_per_day, notes, at, by, request_id)
   SELECT connection_id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM unnest($1::uuid[]) AS connection_id`,
)
/** The same answers for each of these connections of a customer, under one request. */
export async function insertSurveys(tx: Tx, scope: Scope, requestId: string, customerId: string, connectionIds: readonly string[], answers: Omit<SurveyAnswers, 'importFrom'>): Promise<void> {
  const { contactName, contactEmail, merchantId, expectedOrdersPerDay, notes } = answers
  await run(tx, insert, [connectionIds, customerId, contactName, contactEmail, merchantId, expectedOrdersPerDay, notes, scope.clock(), scope.actor.name, requestId])
}

const claimed = statement('claimedMerchants', 'SELECT connection_id, merchant_id FROM surveys WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = ANY($2::uuid[])')
/** The merchant ID that the survey of each connection names; those without one are left out. */
export async function claimedMerchants(on: Queryable, scope: Scope, connectionIds: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ connectionId: string; merchantId: string | null }>(on, claimed, [scope.tenant, connectionIds])
  return new Map(found.flatMap(({ connectionId, merchantId }) => (merchantId === null ? [] : [[connectionId, merchantId]])))
}

const asked = statement(
  'marketplacesAskedFor',
  `SELECT marketplace_id FROM connections AS connection LEFT JOIN surveys ON surveys.connection_id = connection.id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.customer_id = $2 AND status <> 'DISCONNECTED'
     AND coalesce(connection.merchant_id, surveys.merchant_id) IS NOT DISTINCT FROM $3`,
)
/** Marketplaces to which this merchant of a customer (null: whom nobody has named) has or gets a connection. */
export async function marketplacesAskedFor(tx: Tx, scope: Scope, customerId: string, merchantId: string | null): Promise<Set<string>> {
  const found = await rows<{ marketplaceId: string }>(tx, asked, [scope.tenant, customerId, merchantId])
  return new Set(found.map((row) => row.marketplaceId))
}
