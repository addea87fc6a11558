// graphile-worker, whose jobs run once: each adds its next. With its local queue, as its own documentation has it for many small jobs.
import { Logger, run } from 'graphile-worker'
import pg from 'pg'
import { CONCURRENCY, EVERY_MS, serve } from './recurring.mjs'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 })
let begun = () => {}
await run({
  preset: { worker: { pollInterval: 1000, concurrentJobs: CONCURRENCY, localQueue: { size: 500 } } },
  pgPool: pool,
  noHandleSignals: true,
  logger: new Logger(() => () => {}),
  taskList: {
    async 'no-op'({ connectionId, due }, { addJob }) {
      begun(due)
      const next = due + EVERY_MS
      await addJob('no-op', { connectionId, due: next }, { runAt: new Date(next) })
    },
  },
})
begun = serve(async (count, over) => {
  await pool.query('DELETE FROM graphile_worker._private_jobs')
  await pool.query(
    `SELECT graphile_worker.add_jobs(array_agg(('no-op', json_build_object('connectionId', n, 'due', extract(epoch FROM at) * 1000), NULL, at, NULL, NULL, NULL, NULL)::graphile_worker.job_spec))
     FROM (SELECT n, now() + n * ($2::float8 / $1) * interval '1 millisecond' AS at FROM generate_series(1, $1::int) AS n) AS job`, [count, over])
})
