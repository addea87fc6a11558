import { setTimeout as sleep } from 'node:timers/promises'
import { Agenda, type AgendaBackend, type Job } from 'agenda'
import { minutes, seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { traced } from '../observability/trace.ts'
import type { ClockStore } from './clock-store.ts'
import type { Ticked } from './define.ts'

/** How often Agenda asks for what is due; it has it a moment before, and begins it in time. */
const POLL_MS = seconds(1)
/**
 * A little sooner than Agenda asks again: it then begins each time as it is asked for. At just as long it falls behind by what each one takes, and skips every now
 * and then a second. Milliseconds in digits: of other words Agenda first tries each time whether they are a cron line.
 */
const TICK = { name: 'tick', every: String(0.95 * POLL_MS) }
/** A tick that a killed worker left locked is free again after this. */
const TICK_LOCK_MS = seconds(10)
/** As TICK_LOCK_MS, of a chore; one that is under way tells every third of it that it is. */
const CHORE_LOCK_MS = minutes(1)
const DRAIN_MS = seconds(1)
/** A store that does not answer does not keep a worker from stopping. */
const GOODBYE_MS = seconds(1)
/** A worker that was not told to look for so long looks by itself: the others get the ticks, or the clock has stopped. */
const SILENCE_MS = seconds(5)
/** How often a worker looks whether the store answers and whether a killed worker left a chore undone. */
const WATCH_MS = seconds(5)

/** What has to be done now and then, by whichever worker; nothing is lost where it is done twice, or late. */
export interface Chore {
  name: string
  /** In Agenda's words, e.g. "1 hour". */
  every: string
  run: () => Promise<void>
}

export interface ClockOptions {
  /** Of the worker, unique. */
  name: string
  log: Log
  looking?: readonly Ticked[]
  chores?: readonly Chore[]
  /** SILENCE_MS, WATCH_MS and CHORE_LOCK_MS; for tests. */
  patience?: { silenceMs: number; watchMs: number; choreLockMs: number }
}

export interface JobClock {
  /** What is amiss with its store, for an operator; null where nothing is. */
  problem(): string | null
  stop(): Promise<void>
}

/**
 * The clock: one repeating Agenda job, about every second, whichever worker gets it. It only says "look": what is due stands in
 * rows of its own, so a tick that is lost or comes twice does no harm, and ten thousand connections need no more jobs than one,
 * whose polling is most of what a clock costs. A chore is one repeating job as well. Where its store is lost, each worker looks by itself every
 * few seconds, and chores wait. It closes the store.
 */
export async function startClock(store: ClockStore, { name, log, looking = [], chores = [], patience }: ClockOptions): Promise<JobClock> {
  const { silenceMs, watchMs, choreLockMs } = patience ?? { silenceMs: SILENCE_MS, watchMs: WATCH_MS, choreLockMs: CHORE_LOCK_MS }
  const locks = minding(store.backend)
  const agenda = new Agenda({
    backend: store.backend,
    name,
    processEvery: POLL_MS,
    defaultLockLifetime: TICK_LOCK_MS,
    defaultConcurrency: 1,
    defaultLockLimit: 0, // one row a name: there is nothing to limit, and an expired lock that Agenda drops would count for ever
  })
  let lookedAt = 0
  const look = async (one: Ticked): Promise<void> => {
    try {
      await one.tick()
    } catch (error) {
      log.warn({ causes: causes(error), tick: one.name }, 'a tick failed; the next one looks again')
    }
  }
  // None of them is waited for: who has much to look through holds up nobody else.
  const tick = (): void => {
    lookedAt = performance.now()
    for (const one of looking) void look(one)
  }
  agenda.define(TICK.name, async () => tick())
  for (const chore of chores) agenda.define(chore.name, (job) => whileAlive(job, choreLockMs, () => doChore(chore, log)), { lockLifetime: choreLockMs })

  let problem: string | null = null
  // Agenda stumbles over each of its jobs, every second: it is said once.
  const stumble = (error: unknown): void => {
    if (problem !== null) return
    problem = `${store.name}, which keeps the job clock, does not answer`
    log.error({ causes: causes(error) }, `${problem}: this worker looks for what is due by itself, and housekeeping waits`)
  }
  const choreNames = chores.map((chore) => chore.name)
  const watch = async (): Promise<void> => {
    try {
      await store.ping()
      await store.retake(choreNames, choreLockMs)
      if (problem !== null) log.info(`${store.name} keeps the job clock again`)
      problem = null
    } catch (error) {
      stumble(error)
    }
  }
  let asking = false
  const doubt = async (error: Error): Promise<void> => {
    if (problem !== null || asking) return
    asking = true
    try {
      await store.ping()
      log.warn({ causes: causes(error) }, 'the job clock stumbled')
    } catch (lost) {
      stumble(lost)
    } finally {
      asking = false
    }
  }
  agenda.on('error', (error: Error) => void doubt(error))
  try {
    await store.arm([TICK, ...chores])
  } catch (error) {
    await store.close()
    throw error
  }
  await agenda.start()

  let watching: Promise<void> | null = null
  const watches = setInterval(() => (watching ??= watch().finally(() => (watching = null))), watchMs)
  const impatience = setInterval(() => {
    if (performance.now() - lookedAt > silenceMs) tick()
  }, Math.min(1000, silenceMs))
  return {
    problem: () => problem,
    async stop() {
      clearInterval(watches)
      clearInterval(impatience)
      await agenda.drain({ timeout: DRAIN_MS })
      // What was locked ahead: another worker may tick at once.
      await withinGoodbye(locks.settle().then(() => store.unlock(name)), log)
      await withinGoodbye(store.close(), log)
    },
  }
}

async function doChore(chore: Chore, log: Log): Promise<void> {
  try {
    await traced(`chore ${chore.name}`, {}, () => chore.run())
  } catch (error) {
    log.warn({ causes: causes(error), chore: chore.name }, 'a chore failed; it is done again in its time')
  }
}

/**
 * What Agenda does not wait for. A job that it could not unlock would end the process, and is free when its lock runs out. What it is about to lock when it stops
 * would stay locked: `settle` lets it lock no more, and waits for what is under way. It asks for each job every second, whether or not it was answered before: while
 * the store is silent that would pile up before everything else.
 */
function minding({ repository }: AgendaBackend): { settle(): Promise<unknown> } {
  const unlockJob = repository.unlockJob.bind(repository)
  const getNextJobToRun = repository.getNextJobToRun.bind(repository)
  const locking = new Map<string, Promise<unknown>>()
  let stopping = false
  repository.unlockJob = (job) => unlockJob(job).catch(() => {})
  repository.getNextJobToRun = async (name, ...which) => {
    if (stopping || locking.has(name)) return undefined // one row a name: there is nothing else to lock
    const lock = getNextJobToRun(name, ...which)
    locking.set(name, lock)
    return lock.finally(() => locking.delete(name))
  }
  return {
    settle() {
      stopping = true
      return Promise.allSettled(locking.values())
    },
  }
}

/** Keeps its lock for as long as it takes. */
async function whileAlive(job: Job, lockMs: number, work: () => Promise<void>): Promise<void> {
  const alive = setInterval(() => void job.touch().catch(() => {}), lockMs / 3)
  try {
    await work()
  } finally {
    clearInterval(alive)
  }
}

async function withinGoodbye(work: Promise<void>, log: Log): Promise<void> {
  const late = new AbortController()
  const silence = sleep(GOODBYE_MS, null, { signal: late.signal }).then(() => Promise.reject(new Error(`no answer within ${GOODBYE_MS / 1000} s`)))
  await Promise.race([work, silence])
    .catch((error: unknown) => log.warn({ causes: causes(error) }, 'the store of the job clock was left without a goodbye; its locks run out by themselves'))
    .finally(() => late.abort())
}
