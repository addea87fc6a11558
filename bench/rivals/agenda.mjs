// Agenda with a repeating job for each connection, on its PostgreSQL backend. The jobs are inserted as it would save them, set-wise: its own way takes minutes.
import { PostgresBackend } from '@agendajs/postgres-backend'
import { Agenda } from 'agenda'
import pg from 'pg'
import { CONCURRENCY, EVERY_MS, serve } from './recurring.mjs'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 })
const backend = new PostgresBackend({ pool, tableName: 'rival_jobs', disableNotifications: true })
const agenda = new Agenda({ backend, processEvery: 1000, defaultConcurrency: CONCURRENCY, maxConcurrency: CONCURRENCY, defaultLockLifetime: 60_000 })
const begun = serve(async (count, over) => {
  await pool.query('TRUNCATE rival_jobs')
  await pool.query(
    `INSERT INTO rival_jobs (name, type, repeat_interval, next_run_at, data)
     SELECT 'no-op', 'normal', $2, at, jsonb_build_object('connectionId', n, 'due', extract(epoch FROM at) * 1000)
     FROM (SELECT n, now() + n * ($3::float8 / $1) * interval '1 millisecond' AS at FROM generate_series(1, $1::int) AS n) AS job`, [count, String(EVERY_MS), over])
})
agenda.on('error', () => {})
agenda.define('no-op', async (job) => begun(job.attrs.data.due))
await agenda.start()
