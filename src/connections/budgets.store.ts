// The call budgets of authorizations: one row an operation, from which every process takes its calls. A token bucket in SQL.
import { one, run, statement, type Queryable } from '../db/sql.ts'
import { type BudgetLedger, ChannelError } from '../marketplaces/channel.ts'

const at = 'to_timestamp($5::float8 / 1000)'
/** What is in a row's bucket at an instant; an instant before the last one refills nothing. */
const filled = (row: string, now: string): string =>
  `least(${row}.burst, ${row}.available + ${row}.rate_per_second * greatest(0, extract(epoch FROM ${now} - ${row}.observed_at)::float8))`
const open = (row: string): string => `coalesce(${row}.throttled_until <= ${at}, true)`
/** Rounding of the refill may lack a whole call by very little. */
const allowed = (row: string): string => `(${filled(row, at)} >= 1 - 1e-9 AND ${open(row)})`

// ON CONFLICT locks the row before it reads it: of callers at the same instant each sees what the one before it left. Where this process's
// clock is behind that of the last caller's, nothing refills until it has caught up, so that no clock makes more of a budget than there is.
// The answer is kept in the row, as RETURNING cannot tell how the row was before (PostgreSQL 18 alone can).
const take = statement(
  'takeFromBudget',
  `INSERT INTO quotas AS budget (authorization_id, operation, rate_per_second, burst, available, observed_at) VALUES ($1, $2, $3, $4, $4 - 1, ${at})
   ON CONFLICT (authorization_id, operation) DO UPDATE SET
     burst = excluded.burst,
     available = CASE WHEN ${allowed('budget')} THEN greatest(0, ${filled('budget', at)} - 1) ELSE ${filled('budget', at)} END,
     throttled_until = CASE WHEN ${open('budget')} THEN NULL ELSE budget.throttled_until END,
     observed_at = greatest(budget.observed_at, ${at}),
     wait_ms = CASE WHEN ${allowed('budget')} THEN 0 ELSE ceil(greatest(1,
       ((1 - ${filled('budget', at)}) / budget.rate_per_second + greatest(0, extract(epoch FROM budget.observed_at - ${at})::float8)) * 1000,
       extract(epoch FROM budget.throttled_until - ${at})::float8 * 1000) - 1e-6) END
   RETURNING wait_ms, CASE WHEN throttled_until IS NULL THEN floor(available + 1e-9) ELSE 0 END::float8 AS left`,
)
const adjust = statement(
  'adjustBudget',
  `UPDATE quotas AS budget SET available = least(burst, ${filled('budget', 'to_timestamp($4::float8 / 1000)')}), rate_per_second = $3,
     observed_at = greatest(observed_at, to_timestamp($4::float8 / 1000))
   WHERE authorization_id = $1 AND operation = $2 AND rate_per_second <> $3`,
)
const drain = statement(
  'drainBudget',
  `UPDATE quotas SET available = 0, throttled_until = greatest(throttled_until, to_timestamp($3::float8 / 1000)),
     observed_at = greatest(observed_at, to_timestamp($4::float8 / 1000))
   WHERE authorization_id = $1 AND operation = $2`,
)

/** foreign_key_violation: while a run used it, the connection was disconnected, or came to share another's. */
const AUTHORIZATION_GONE = '23503'

export const budgetLedger = (on: Queryable): BudgetLedger => ({
  async take(authorizationId, operation, { ratePerSecond, burst }, now) {
    try {
      return (await one<{ waitMs: number; left: number }>(on, take, [authorizationId, operation, ratePerSecond, burst, now]))!
    } catch (error) {
      if ((error as { code?: unknown }).code !== AUTHORIZATION_GONE) throw error
      throw new ChannelError('cancelled', 'the authorization was ended, or another took its place', { notSent: true })
    }
  },
  async adjust(authorizationId, operation, ratePerSecond, now) {
    await run(on, adjust, [authorizationId, operation, ratePerSecond, now])
  },
  async drain(authorizationId, operation, until, now) {
    await run(on, drain, [authorizationId, operation, until, now])
  },
})
