import type { Database } from '../../src/db/client.ts'

/** Whether all that happened by now has been gathered, whoever is due by an instant was told, and nothing waits to be mailed. */
export async function isAllTold({ pool }: Database, at: Date): Promise<boolean> {
  const { rows: [one] } = await pool.query<{ told: boolean }>(
    `SELECT EXISTS (SELECT FROM event_readers WHERE name = 'notifications')
       AND NOT EXISTS (SELECT FROM events, event_readers AS reader WHERE reader.name = 'notifications' AND (events.xid, events.id) > (reader.xid, reader.id))
       AND NOT EXISTS (SELECT FROM contact_incidents WHERE due_at <= $1) AND NOT EXISTS (SELECT FROM mails WHERE status = 'PENDING' AND next_attempt_at <= $1) AS told`, [at])
  return one!.told
}
