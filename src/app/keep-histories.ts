import { removeAuditEntries } from '../access/keep-audit-log.ts'
import type { RetentionConfig } from '../config/config.ts'
import type { Database } from '../db/client.ts'
import { removeEvents, removeRunEvents } from '../events/keep-events.ts'
import { removeRuns } from '../jobs/keep-runs.ts'
import { days, shifted } from '../kit/clock.ts'

/** A run's events must be gone before it; that they are is known by their time, which is that of a transaction's beginning. */
const MARGIN_DAYS = 1

/** Lets go of what is older than it shall be. */
export async function keepHistories(db: Database, { jobRunDays, eventLogDays, auditLogDays }: RetentionConfig, now: Date): Promise<void> {
  const before = (daysKept: number): Date => shifted(now, -days(daysKept))
  if (eventLogDays !== null) await removeEvents(db, before(eventLogDays))
  if (jobRunDays !== null && (await removeRunEvents(db, before(jobRunDays)))) await removeRuns(db, before(jobRunDays + MARGIN_DAYS))
  if (auditLogDays !== null) await removeAuditEntries(db, before(auditLogDays))
}
