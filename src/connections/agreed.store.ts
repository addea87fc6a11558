import { defineLoader, type Scope } from '../auth/scope.ts'
import { type Queryable, rows, statement } from '../db/sql.ts'

const agreed = statement(
  'agreementsSigned',
  `SELECT connection.id AS connection_id, signed_at FROM connections AS connection JOIN agreements AS agreement ON agreement.id = agreement_id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.id = ANY($2::uuid[]) AND agreement.status = 'SIGNED'`,
)
const readAgreed = (on: Queryable, scope: Scope, ids: readonly string[]): Promise<{ connectionId: string; signedAt: Date }[]> => rows(on, agreed, [scope.tenant, ids])
/** When the merchant signed what a connection is under; null where they have not. */
export async function agreedAt(on: Queryable, scope: Scope, connectionId: string): Promise<Date | null> {
  return (await readAgreed(on, scope, [connectionId]))[0]?.signedAt ?? null
}
export const agreedAtOfConnection = defineLoader<Date>('agreedAtOfConnection', async (scope, ids) =>
  new Map((await readAgreed(scope.db.pool, scope, ids)).map((row) => [row.connectionId, row.signedAt])),
)
