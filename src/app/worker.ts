import type { Sealer } from '../auth/seal.ts'
import type { Database } from '../db/client.ts'
import { startClock } from '../jobs/agenda.ts'
import { newWorkerName, Runner } from '../jobs/runner.ts'
import type { Clock } from '../kit/clock.ts'
import type { Channels } from '../marketplaces/registry.ts'
import type { Carriers } from '../shipments/carriers.ts'
import type { OnboardingProcess } from '../onboarding/look-after-onboarding.ts'
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
  pumps: readonly Pump[]
  onboarding: OnboardingProcess
  personalDataDays: number
}

/** Runs that are under way get this long to end by themselves. */
const GRACE_MS = 4000

export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const name = newWorkerName()
  const log = options.log.child({ worker: name })
  const runner = new Runner(cadences(options), { ...options, log, failureOf })
  const clock = await startClock(options.db.pool, name, (kind) => runner.tick(kind), log, chores({ ...options, log }), options.pumps)
  return {
    async stop() {
      await clock.stop()
      await Promise.all([runner.stop(GRACE_MS), ...options.pumps.map((pump) => pump.stop(GRACE_MS))])
    },
  }
}
