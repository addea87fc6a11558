// A job run as it proceeds. Its counts make no events, so the row is looked at while somebody follows it.
import type { Scope } from '../auth/scope.ts'
import type { Database } from '../db/client.ts'
import { defineSource, type Place, type Source } from '../graphql/source.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { type JobRunRow, jobRunsWatched } from './job-runs.store.ts'

const LOOK_MS = 500

interface Watched {
  row: JobRunRow
  /** Grows with each change. */
  version: number
  followers: Set<() => void>
}

/** All runs that are followed in this process: one statement each half second, however many follow. */
class JobRunWatch {
  readonly #db: Database
  readonly #log: Log
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | undefined
  #looking = false

  constructor(db: Database, log: Log) {
    this.#db = db
    this.#log = log
  }

  follow(row: JobRunRow, onChange: () => void): () => void {
    const watched = this.#watched.get(row.id) ?? { row, version: 1, followers: new Set() }
    const follower = (): void => onChange()
    this.#watched.set(row.id, watched)
    watched.followers.add(follower)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref()
    return () => {
      watched.followers.delete(follower)
      if (watched.followers.size === 0) this.#watched.delete(row.id)
      if (this.#watched.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  latest(id: string): Pick<Watched, 'row' | 'version'> | undefined {
    return this.#watched.get(id)
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const unended = [...this.#watched.values()].filter(({ row }) => !hasEnded(row)).map(({ row }) => row.id)
      for (const row of unended.length === 0 ? [] : await jobRunsWatched(this.#db.pool, unended)) this.take(row)
    } catch (error) {
      this.#log.warn({ causes: causes(error) }, 'runs that are followed cannot be read; trying again')
    } finally {
      this.#looking = false
    }
  }

  /** Tells it to those who follow. A row that was read earlier may come later: what a run has done only grows. */
  take(row: JobRunRow): void {
    const watched = this.#watched.get(row.id)
    if (watched === undefined || progressOf(row) <= progressOf(watched.row)) return
    watched.row = row
    watched.version++
    for (const follower of watched.followers) follower()
  }
}

const hasEnded = ({ status }: JobRunRow): boolean => status === 'SUCCEEDED' || status === 'FAILED'

const stages: Readonly<Record<JobRunRow['status'], number>> = { QUEUED: 0, RUNNING: 1, SUCCEEDED: 2, FAILED: 2 }

function progressOf(row: JobRunRow): number {
  const counts = row.calls + row.found + row.imported + row.updated + row.unchanged + row.skipped + row.failed + row.sent + row.accepted + row.rejected
  const window = Number(row.windowFrom !== null) + Number(row.windowTo !== null)
  return stages[row.status] * 1e12 + counts * 4 + window
}

const watches = new WeakMap<Database, JobRunWatch>()

/** What a run has come to, at once and at each change; it ends with the run. Who is slow gets the latest, not each. */
export function watchJobRun({ db, log }: Pick<Scope, 'db' | 'log'>, row: JobRunRow): Source<JobRunRow> {
  let watch = watches.get(db)
  if (watch === undefined) watches.set(db, (watch = new JobRunWatch(db, log)))
  const { id } = row
  watch.take(row) // a newcomer's present state is no older than what he has just read
  return defineSource<JobRunRow>({
    start: placeOf(0),
    replays: false,
    async read(after) {
      const { row: latest, version } = watch.latest(id) ?? { row, version: 1 }
      const place = placeOf(version)
      return { items: place > after ? [{ place, root: latest }] : [], end: place, more: false, ended: hasEnded(latest) }
    },
    watch: (onMore) => watch.follow(row, onMore),
  })
}

const placeOf = (version: number): Place => String(version).padStart(10, '0')
