import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../src/marketplaces/amazon/simulator/random.ts'
import type { Program } from './processes.ts'
import type { Site } from './site.ts'

/** The worker, that is killed and started again. */
export class Victim {
  kills = 0
  /** Kills that left runs behind. */
  lost = 0
  /** Kills of a worker that had not been seen at any of the jobs: they show nothing. */
  idle = 0
  readonly #site: Site
  readonly #concurrency: number
  readonly #random: Random
  #worker: Program
  #since: Date

  private constructor(site: Site, concurrency: number, random: Random, [worker, since]: [Program, Date]) {
    this.#site = site
    this.#concurrency = concurrency
    this.#random = random
    this.#worker = worker
    this.#since = since
  }

  static async start(site: Site, concurrency: number, random: Random): Promise<Victim> {
    return new Victim(site, concurrency, random, await begin(site, concurrency))
  }

  /** Kills it a moment after it was seen at one of these jobs, and starts another. */
  async killAt(kinds: readonly string[]): Promise<void> {
    const working = (): Promise<{ id: string }[]> =>
      this.#site.rows(`SELECT id FROM job_runs WHERE status = 'RUNNING' AND kind::text = ANY($1) AND started_at > $2`, [kinds, this.#since])
    await sleep(this.#random.between(0, 2000))
    const deadline = performance.now() + 60_000
    while ((await working()).length === 0 && performance.now() < deadline) await sleep(5)
    if (performance.now() >= deadline) this.idle++
    await sleep(this.#random.between(0, 250))
    await this.#worker.end('SIGKILL')
    this.kills++
    if ((await this.#site.rows(`SELECT 1 FROM job_runs WHERE status = 'RUNNING' AND started_at > $1`, [this.#since])).length > 0) this.lost++
    ;[this.#worker, this.#since] = await begin(this.#site, this.#concurrency)
  }
}

async function begin(site: Site, concurrency: number): Promise<[Program, Date]> {
  const [now] = await site.rows<{ now: Date }>('SELECT now() AS now')
  return [await site.startWorker({ WORKER_CONCURRENCY: String(concurrency) }), now!.now]
}
