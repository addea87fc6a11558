// What must be so, whatever happened: each said as the rows that contradict it.
import type pg from 'pg'
import { named, rows } from './sql.ts'

export interface Invariant {
  /** What contradicts it, for people: "orders that ...". */
  broken: string
  /** SQL: `id`, a text, of each row that does. Set-based: it reads whole tables, once each. */
  sql: string
}

export interface Finding {
  broken: string
  count: number
  /** The first ones' ids. */
  examples: string[]
}

const EXAMPLES = 5

/** All of them in one snapshot, so that what goes on meanwhile contradicts nothing; it writes nothing and waits for nobody. */
export async function findBroken(pool: pg.Pool, invariants: readonly Invariant[]): Promise<Finding[]> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const findings: Finding[] = []
    for (const { broken, sql } of invariants) {
      const [found] = await rows<{ count: number; examples: string[] | null }>(client, named('', `SELECT count(*)::int AS count, (array_agg(id))[1:${EXAMPLES}] AS examples FROM (${sql}) AS broken (id)`))
      findings.push({ broken, count: found!.count, examples: found!.examples ?? [] })
    }
    return findings
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}
