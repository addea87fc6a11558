// What the benches share: contenders that take turns, and a database of their own. Figures are ratios of medians within one run.
import path from 'node:path'
import pg from 'pg'
import type { Scope } from '../src/auth/scope.ts'
import { openDatabase } from '../src/db/client.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { systemClock } from '../src/kit/clock.ts'
import { createLog } from '../src/observability/log.ts'

export interface Contender {
  name: string
  /** Not timed: what a turn uses up. */
  prepare?(): Promise<void>
  turn(): Promise<void>
}

/** A claim: `of` takes at most (or, with `atLeast`, at least) `times` as long as `than`. */
export interface Claim {
  of: string
  than: string
  atMost?: number
  atLeast?: number
}

/**
 * Lets the contenders take `rounds` turns, one after the other in each round, the first of a round changing from round to round; prints
 * the median time of each and the median of the ratios within a round. The first round warms up and does not count.
 */
export async function compare(title: string, contenders: readonly Contender[], rounds: number, claims: readonly Claim[]): Promise<void> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length]!
      await contender.prepare?.()
      const begin = performance.now()
      await contender.turn()
      if (round > 0) times.get(contender.name)!.push(performance.now() - begin)
    }
  }
  console.log(`${title}: medians of ${rounds} rounds`)
  for (const [name, taken] of times) console.log(`  ${name.padEnd(28)} ${median(taken).toFixed(1).padStart(9)} ms  (${Math.min(...taken).toFixed(1)} to ${Math.max(...taken).toFixed(1)})`)
  for (const { of, than, atMost, atLeast } of claims) {
    const others = times.get(than)!
    const ratio = median(times.get(of)!.map((time, round) => time / others[round]!))
    const goal = atMost !== undefined ? `at most ${atMost}` : `at least ${atLeast}`
    const kept = (atMost === undefined || ratio <= atMost) && (atLeast === undefined || ratio >= atLeast)
    console.log(`  ${of} / ${than} = ${ratio.toFixed(2)}, goal ${goal}: ${kept ? 'kept' : 'MISSED'}`)
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

let made = 0
export const DATABASE_FOLDER = path.resolve('.cache/bench-postgres')

/** Runs `work` on a fresh, migrated database of an embedded server with its usual, durable settings; `url` is for other processes. */
export async function onFreshDatabase(work: (scope: Scope, url: string) => Promise<void>): Promise<void> {
  const server = await startEmbedded({ dataDir: DATABASE_FOLDER })
  const name = `bench_${process.pid}_${++made}`
  const admin = new pg.Client({ ...server.config, database: 'postgres' })
  await admin.connect()
  try {
    await admin.query(`CREATE DATABASE ${name}`)
    const db = openDatabase({ ...server.config, database: name, max: 4, application_name: 'cartage' }, (error) => console.error(error.message))
    try {
      await migrate(db.pool, path.resolve('prisma/migrations'))
      await work({ tenant: null, actor: { id: 'bench', name: 'Bench', role: 'ADMIN' }, db, clock: systemClock, log: createLog('silent'), requestId: 'bench' }, server.url(name))
    } finally {
      await db.close()
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }
  } finally {
    await admin.end()
    await server.stop()
  }
}
