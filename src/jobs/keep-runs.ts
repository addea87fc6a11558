import type { Database } from '../db/client.ts'
import { run, statement } from '../db/sql.ts'

const AT_A_TIME = 5000

// The last of each kind stays: it tells how a connection that rests was left.
const remove = statement(
  'removeRuns',
  `DELETE FROM job_runs WHERE id IN (
     SELECT id FROM job_runs AS run WHERE started_at < $1 AND finished_at < $1
       AND EXISTS (SELECT FROM job_runs AS later WHERE later.connection_id = run.connection_id AND later.kind = run.kind AND later.started_at > run.started_at)
     ORDER BY started_at, id LIMIT ${AT_A_TIME}
   )`,
)
/** Removes runs that ended before the moment, a part at a time. */
export async function removeRuns({ pool }: Database, before: Date): Promise<void> {
  while ((await run(pool, remove, [before])) === AT_A_TIME) { /* the next part */ }
}
