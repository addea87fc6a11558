import type { Database } from '../db/client.ts'
import { run, statement } from '../db/sql.ts'

const AT_A_TIME = 5000

const remove = statement('removeAuditEntries', `DELETE FROM audit_entries WHERE id IN (SELECT id FROM audit_entries WHERE at < $1 ORDER BY at, id LIMIT ${AT_A_TIME})`)
/** Removes what was noted before the moment, a part at a time. The database refuses to remove anything of the last 365 days. */
export async function removeAuditEntries({ pool }: Database, before: Date): Promise<void> {
  while ((await run(pool, remove, [before])) === AT_A_TIME) { /* the next part */ }
}
