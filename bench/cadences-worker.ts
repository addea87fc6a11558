// The worker of bench/cadences: the clock, the runner and their listener as a worker has them, with runs that do nothing and no chores.
import { openDatabase } from '../src/db/client.ts'
import { startClock } from '../src/jobs/agenda.ts'
import { isJobKind, jobKinds } from '../src/jobs/cadences.ts'
import { listenForDue } from '../src/jobs/pass-on.ts'
import { postgresClockStore } from '../src/jobs/postgres-clock.store.ts'
import { newWorkerName, Runner } from '../src/jobs/runner.ts'
import { systemClock } from '../src/kit/clock.ts'
import { createLog } from '../src/observability/log.ts'
import { Metrics } from '../src/observability/metrics.ts'

const config = { connectionString: process.env['DATABASE_URL']!, application_name: 'cartage' }
const db = openDatabase({ ...config, max: 20 }, (error) => console.error(error.message))
const log = createLog('warn')
const runner = new Runner(
  jobKinds.map((kind) => ({ kind, run: async () => {}, calls: () => 0, failed: async () => {} })),
  { db, clock: systemClock, log, metrics: new Metrics(), concurrency: Number(process.env['WORKER_CONCURRENCY']), failureOf: (error) => { throw error } },
)
await listenForDue(config, (error) => console.error(error), (kind) => void (isJobKind(kind) && runner.hear(kind))).start()
await startClock(postgresClockStore(db.pool), { name: newWorkerName(), log, looking: [runner] })
console.log('ready http://127.0.0.1')
