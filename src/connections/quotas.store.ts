import type { Scope } from '../auth/scope.ts'
import { run, statement } from '../db/sql.ts'
import type { QuotaReading } from '../marketplaces/channel.ts'
import type { ConnectionRow } from './connections.store.ts'

const save = statement(
  'saveQuotas',
  `INSERT INTO quotas (connection_id, customer_id, operation, rate_per_second, burst, available, throttled_until)
   SELECT $1, $2, operation, "ratePerSecond", burst, available, "throttledUntil"
   FROM jsonb_to_recordset($3) AS q (operation text, "ratePerSecond" float8, burst int, available float8, "throttledUntil" timestamptz) ORDER BY operation
   ON CONFLICT (connection_id, operation) DO UPDATE SET rate_per_second = excluded.rate_per_second, burst = excluded.burst, available = excluded.available,
     throttled_until = excluded.throttled_until, observed_at = now()`,
)
/** What this worker last saw of a connection's call budgets, for everyone to read. */
export async function saveQuotas(scope: Scope, connection: Pick<ConnectionRow, 'id' | 'customerId'>, quotas: readonly QuotaReading[]): Promise<void> {
  if (quotas.length > 0) await run(scope.db.pool, save, [connection.id, connection.customerId, JSON.stringify(quotas)])
}
