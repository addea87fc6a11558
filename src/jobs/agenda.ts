import { PostgresBackend } from '@agendajs/postgres-backend'
import { Agenda } from 'agenda'
import type pg from 'pg'
import { run, statement } from '../db/sql.ts'
import type { Log } from '../observability/log.ts'
import { type JobKind, jobKinds } from './cadences.ts'
import type { Pump } from './define.ts'

/** A tick that a killed worker left locked is free again after this. */
const TICK_LOCK_MS = 10_000
/** As TICK_LOCK_MS, of a chore. */
const CHORE_LOCK_MS = 300_000
const DRAIN_MS = 1000
/** A worker that was not told to look for so long looks by itself: the others get the ticks, or the clock has stopped. */
const SILENCE_MS = 5000

/** The pool is given, so there is nothing to connect; its own connect() makes of a failure an unhandled rejection, and start() hangs. */
class Backend extends PostgresBackend {
  override async connect(): Promise<void> {}
}

const unlock = statement('unlockTicks', 'UPDATE agenda_jobs SET locked_at = NULL WHERE last_modified_by = $1 AND locked_at IS NOT NULL')

/** What has to be done now and then, by whichever worker; nothing is lost where it is done twice, or late. */
export interface Chore {
  name: string
  /** In Agenda's words, e.g. "1 hour". */
  every: string
  run: () => Promise<void>
}

/**
 * The clock: one repeating Agenda job per kind of cadence, about every second, whichever worker gets it. It only says "look":
 * what is due stands in the cadence rows, so a tick that is lost or comes twice does no harm, and ten thousand connections
 * need no more jobs than one. A chore is one repeating job as well. `name` is the worker's, unique.
 */
export async function startClock(
  pool: pg.Pool, name: string, tick: (kind: JobKind) => Promise<void>, log: Log, chores: readonly Chore[] = [], pumps: readonly Pump[] = [],
): Promise<{ stop(): Promise<void> }> {
  const agenda = new Agenda({
    // Its table comes from our migrations; NOTIFY would only repeat what processEvery does.
    backend: new Backend({ pool, ensureSchema: false, disableNotifications: true }),
    name,
    processEvery: 500,
    defaultLockLifetime: TICK_LOCK_MS,
    defaultConcurrency: 1,
    defaultLockLimit: 0, // one row a name: there is nothing to limit, and an expired lock that Agenda drops would count for ever
  })
  agenda.on('error', (error: Error) => log.warn({ err: error }, 'the job clock stumbled'))
  const ticks = [
    ...jobKinds.map((kind) => ({ name: jobName(kind), work: () => tick(kind) })),
    ...pumps.map((pump) => ({ name: `tick ${pump.name}`, work: () => pump.tick() })),
  ]
  const lookedAt = new Map<string, number>()
  const look = async ({ name, work }: (typeof ticks)[number]): Promise<void> => {
    lookedAt.set(name, performance.now())
    try {
      await work()
    } catch (error) {
      log.warn({ err: error, tick: name }, 'a tick failed; the next one looks again')
    }
  }
  for (const one of ticks) agenda.define(one.name, () => look(one))
  for (const chore of chores) {
    const work = async (): Promise<void> => {
      try {
        await chore.run()
      } catch (error) {
        log.warn({ err: error, chore: chore.name }, 'a chore failed; it is done again in its time')
      }
    }
    agenda.define(chore.name, work, { lockLifetime: CHORE_LOCK_MS })
  }
  await agenda.start()
  for (const { name } of ticks) await agenda.every('1 second', name)
  for (const { name, every } of chores) await agenda.every(every, name)
  const impatience = setInterval(() => {
    for (const one of ticks) if (performance.now() - (lookedAt.get(one.name) ?? 0) > SILENCE_MS) void look(one)
  }, 1000)
  return {
    async stop() {
      clearInterval(impatience)
      await agenda.drain({ timeout: DRAIN_MS })
      await run(pool, unlock, [name]) // what was locked ahead: another worker may tick at once
    },
  }
}

const jobName = (kind: JobKind): string => `tick ${kind.toLowerCase().replaceAll('_', ' ')}`
