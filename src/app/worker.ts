import type { Sealer } from '../auth/seal.ts'
import type { RetentionConfig } from '../config/config.ts'
import type { Database } from '../db/client.ts'
import { startClock } from '../jobs/agenda.ts'
import { isJobKind } from '../jobs/cadences.ts'
import { listenForDue, sharing } from '../jobs/pass-on.ts'
import type { ClockStore } from '../jobs/clock-store.ts'
import { postgresClockStore } from '../jobs/postgres-clock.store.ts'
import { newWorkerName, Runner } from '../jobs/runner.ts'
import type { Clock } from '../kit/clock.ts'
import type { Channels } from '../marketplaces/registry.ts'
import type { Carriers } from '../shipments/carriers.ts'
import type { OnboardingProcess } from '../onboarding/look-after-onboarding.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Pump } from '../jobs/define.ts'
import { cadences, chores, failureOf } from './jobs.ts'

export interface WorkerOptions {
  db: Database
  channels: Channels
  carriers: Carriers
  sealer: Sealer
  log: Log
  metrics: Metrics
  clock: Clock
  concurrency: number
  /** Where the job clock is kept; null: in the database. */
  mongodbUrl: string | null
  pumps: readonly Pump[]
  onboarding: OnboardingProcess
  personalDataDays: number
  retention: RetentionConfig
}

/** Runs that are under way get this long to end by themselves. */
const GRACE_MS = 4000

export interface Worker {
  /** What keeps it from its work as it should be, for an operator; empty where nothing does. */
  problems(): string[]
  stop(): Promise<void>
}

/** @throws where the job clock's store does not answer */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const name = newWorkerName()
  const log = options.log.child({ worker: name })
  const store = await openClockStore(options)
  const runner = new Runner(cadences(options), { ...options, log, failureOf })
  const others = listenForDue(options.db.config, (error, message) => log.warn({ causes: causes(error) }, message), (what) => {
    const look = isJobKind(what) ? runner.hear(what) : options.pumps.find(({ name }) => name === what)?.tick()
    look?.catch((error: unknown) => log.warn({ causes: causes(error), what }, 'a look failed; the next tick looks again'))
  })
  await others.start()
  const clock = await startClock(store, { name, log, looking: [runner, ...options.pumps.map((pump) => sharing(options.db.pool, pump))], chores: chores({ ...options, log }) })
  return {
    problems: () => [clock.problem()].filter((problem) => problem !== null),
    async stop() {
      // At once: nothing new begins while the clock takes its leave.
      await Promise.all([clock.stop(), others.stop(), runner.stop(GRACE_MS), ...options.pumps.map((pump) => pump.stop(GRACE_MS))])
    },
  }
}

/** MongoDB's driver is loaded by those alone who have MongoDB. */
const openClockStore = async ({ mongodbUrl, db }: WorkerOptions): Promise<ClockStore> =>
  mongodbUrl === null ? postgresClockStore(db.pool) : (await import('../jobs/mongo-clock.store.ts')).openMongoClockStore(mongodbUrl)
