// What benches of whole processes measure: calls as the simulator counts them, and how late runs were claimed.
import type { Amazon } from './processes.ts'
import type { Site } from './site.ts'

export interface CallCount {
  calls: number
  /** Refused by the simulator's own bucket. */
  overQuota: number
}

/** By operation, over all sellers. */
export async function callsOf(amazon: Amazon): Promise<Map<string, CallCount>> {
  const { quotas } = await amazon.control<{ quotas: (CallCount & { operation: string })[] }>('quotas')
  const counts = new Map<string, CallCount>()
  for (const { operation, calls, overQuota } of quotas) {
    const before = counts.get(operation) ?? { calls: 0, overQuota: 0 }
    counts.set(operation, { calls: before.calls + calls, overQuota: before.overQuota + overQuota })
  }
  return counts
}

/** From now on the database itself notes how late each run is claimed: by its own clock, whatever the worker would tell. */
export async function countLateness({ rows }: Pick<Site, 'rows'>): Promise<void> {
  await rows('CREATE TABLE bench_claims (kind text NOT NULL, late float8 NOT NULL)')
  await rows(`CREATE FUNCTION bench_note_claim() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO bench_claims VALUES (NEW.kind, extract(epoch FROM clock_timestamp() - NEW.next_run_at));
      RETURN NULL;
    END $$`)
  await rows(`CREATE TRIGGER bench_note_claim AFTER UPDATE OF token ON cadences FOR EACH ROW
    WHEN (NEW.token IS NOT NULL AND NEW.token IS DISTINCT FROM OLD.token) EXECUTE FUNCTION bench_note_claim()`)
}

export interface Lateness {
  /** A job's, or `all`. */
  kind: string
  count: number
  /** Seconds. */
  median: number
  p95: number
  worst: number
}

/** Of the claimed, and of those that are due and still wait for a worker: whom nobody serves must not look punctual. */
export function latenessOf({ rows }: Site): Promise<Lateness[]> {
  return rows<Lateness>(`SELECT coalesce(kind, 'all') AS kind, count(*)::int AS count, max(late) AS worst,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS median, percentile_cont(0.95) WITHIN GROUP (ORDER BY late) AS p95
    FROM (SELECT kind, late FROM bench_claims UNION ALL
      SELECT kind::text, extract(epoch FROM now() - next_run_at)::float8 FROM cadences WHERE enabled AND token IS NULL AND next_run_at < now()) AS claims GROUP BY GROUPING SETS ((kind), ()) ORDER BY count(*)`)
}
