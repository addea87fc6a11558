import type pg from 'pg'
import { type Clock, seconds } from '../kit/clock.ts'
import { rows, statement } from './sql.ts'

const ASKED_EVERY_MS = seconds(30)
/** An answer that took longer says too little of when it was given. */
const QUICK_MS = 500

const present = statement('timeOfDay', 'SELECT clock_timestamp() AS at')

/**
 * The time of day as the database has it. Leases, due times and ages stand in its rows, written by one process and read by others: so all
 * go by one clock, however those of their machines stand, and nothing is due early or hours late because somebody set one of them.
 * Between two questions, and while the database is away, it goes on by this process's own stopwatch, which nobody can set.
 */
export class DatabaseClock {
  /** The database's, at the instant `#since` of the stopwatch. */
  #at = 0
  #since = 0
  readonly #pool: pg.Pool
  readonly #timer: NodeJS.Timeout

  static async start(pool: pg.Pool, onError: (error: unknown) => void): Promise<DatabaseClock> {
    const clock = new DatabaseClock(pool, onError)
    await clock.#ask(Infinity)
    return clock
  }

  private constructor(pool: pg.Pool, onError: (error: unknown) => void) {
    this.#pool = pool
    this.#timer = setInterval(() => void this.#ask(QUICK_MS).catch(onError), ASKED_EVERY_MS).unref()
  }

  readonly now: Clock = () => new Date(this.#at + performance.now() - this.#since)

  stop(): void {
    clearInterval(this.#timer)
  }

  async #ask(quickMs: number): Promise<void> {
    const before = performance.now()
    const [answer] = await rows<{ at: Date }>(this.#pool, present)
    const took = performance.now() - before
    if (took <= quickMs) [this.#at, this.#since] = [answer!.at.getTime(), before + took / 2]
  }
}
