// What ends soon and was not told yet. A warning goes out once for each of its days, whichever process is the first to look.
import type { Scope } from '../auth/scope.ts'
import { type Queryable, rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { warnings } from './expiry.ts'

export interface Expiring {
  connectionId: string
  customerId: string
  name: string
  expiresAt: Date
}

/** Those that work, or did until they were stopped. */
const atWork = `status IN ('LIVE', 'PAUSED', 'NEEDS_ATTENTION')`

// The fewest days among the warnings that are due by now, at $2; of several that are due at once only the nearest is told.
const due = `(SELECT min(days) FROM unnest(ARRAY[${warnings.join(', ')}]) AS days WHERE expires_at <= $2::timestamptz + days * interval '1 day')`

const authorizations = statement(
  'warnOfAuthorizations',
  `WITH warned AS (
     UPDATE authorizations AS held SET warned_days = ${due}
     WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND expires_at <= $2::timestamptz + interval '${Math.max(...warnings)} days'
       AND (warned_days IS NULL OR warned_days > ${due})
       AND EXISTS (SELECT FROM connections WHERE authorization_id = held.id AND ${atWork})
     RETURNING id, expires_at)
   SELECT connection.id AS connection_id, customer_id, name, warned.expires_at FROM warned JOIN connections AS connection ON authorization_id = warned.id
   WHERE ${atWork} ORDER BY connection.id`,
)
/** Connections at work whose authorization came closer to its end than anybody was told; they are told by whoever asks. */
export function expiringAuthorizations(tx: Tx, scope: Scope, now: Date): Promise<Expiring[]> {
  return rows<Expiring>(tx, authorizations, [scope.tenant, now])
}

const secret = statement(
  'warnOfSecret',
  `WITH secret AS (SELECT $3::text AS channel, $4::timestamptz AS expires_at),
   warned AS (
     INSERT INTO secret_warnings AS known (channel, expires_at, days) SELECT channel, expires_at, ${due} FROM secret
     WHERE ${due} IS NOT NULL AND EXISTS (SELECT FROM connections WHERE connections.channel = $3 AND ${atWork})
     ON CONFLICT (channel, expires_at) DO UPDATE SET days = excluded.days WHERE known.days > excluded.days
     RETURNING channel, expires_at)
   SELECT connection.id AS connection_id, customer_id, name, warned.expires_at FROM warned JOIN connections AS connection USING (channel)
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND ${atWork} ORDER BY connection.id`,
)
/** As expiringAuthorizations, of a channel whose application's secret ends at `expiresAt`. */
export function expiringSecret(tx: Tx, scope: Scope, channel: string, expiresAt: Date, now: Date): Promise<Expiring[]> {
  return rows<Expiring>(tx, secret, [scope.tenant, now, channel, expiresAt])
}

const daysLeft = statement(
  'authorizationDaysLeft',
  `SELECT connection.id AS connection, extract(epoch FROM expires_at - now())::float8 / 86400 AS days
   FROM connections AS connection JOIN authorizations ON authorizations.id = authorization_id
   WHERE ${atWork} AND expires_at IS NOT NULL`,
)
/** Of every connection at work whose authorization ends; for the operator's metrics, so of no one tenant. */
export const authorizationDaysLeft = (on: Queryable): Promise<{ connection: string; days: number }[]> => rows(on, daysLeft)
