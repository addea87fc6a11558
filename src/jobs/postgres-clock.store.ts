// The clock's jobs on PostgreSQL, in the table of Agenda's own backend, which our migrations make.
import { PostgresBackend } from '@agendajs/postgres-backend'
import type pg from 'pg'
import { run, statement } from '../db/sql.ts'
import type { ClockStore } from './clock-store.ts'

/** The pool is given, so there is nothing to connect; its own connect() makes of a failure an unhandled rejection, and start() hangs. */
class Backend extends PostgresBackend {
  override async connect(): Promise<void> {}
}

// By name, so that workers that start together wait for each other and never in a circle.
const arm = statement(
  'armClockJobs',
  `INSERT INTO agenda_jobs (name, type, repeat_interval, next_run_at) SELECT name, 'single', every, now() FROM unnest($1::text[], $2::text[]) AS job (name, every) ORDER BY name
   ON CONFLICT (name) WHERE type = 'single' DO UPDATE SET repeat_interval = EXCLUDED.repeat_interval, next_run_at = EXCLUDED.next_run_at, disabled = false
   WHERE agenda_jobs.repeat_interval IS DISTINCT FROM EXCLUDED.repeat_interval OR agenda_jobs.next_run_at IS NULL OR agenda_jobs.disabled`,
)
const retake = statement(
  'retakeClockJobs',
  `UPDATE agenda_jobs SET next_run_at = now(), locked_at = NULL WHERE type = 'single' AND name = ANY($1::text[]) AND next_run_at > now()
     AND last_run_at > coalesce(last_finished_at, '-infinity') AND (locked_at IS NULL OR locked_at < now() - make_interval(secs => $2))`,
)
const unlock = statement('unlockClockJobs', 'UPDATE agenda_jobs SET locked_at = NULL WHERE last_modified_by = $1 AND locked_at IS NOT NULL')
const ping = statement('pingClockStore', 'SELECT 1')

export function postgresClockStore(pool: pg.Pool): ClockStore {
  return {
    name: 'PostgreSQL',
    // NOTIFY would only repeat what polling does.
    backend: new Backend({ pool, ensureSchema: false, disableNotifications: true }),
    arm: async (jobs) => void (await run(pool, arm, [jobs.map(({ name }) => name), jobs.map(({ every }) => every)])),
    retake: async (names, lockMs) => void (await run(pool, retake, [names, lockMs / 1000])),
    unlock: async (worker) => void (await run(pool, unlock, [worker])),
    ping: async () => void (await run(pool, ping)),
    async close() {}, // the pool is its owner's
  }
}
