// Sealing anew under the newest key, while everybody goes on working.
import type { Database } from '../db/client.ts'
import { rows, run, statement } from '../db/sql.ts'
import type { Sealer } from './seal.ts'

/** A column that has sealed texts. */
export interface SealedColumn<Row extends { id: string }> {
  table: string
  column: string
  /** What the subject is made of, as columns; the id is among them. */
  columns: string
  subject: (row: Row) => string
}

/** What became of a column's texts. */
export interface Resealed {
  /** Under the newest key already. */
  current: number
  anew: number
  /** Their key is not here, or they were tampered with: they stay as they are. */
  unreadable: number
}

/** Some are documents of a few hundred kilobytes. */
const AT_A_TIME = 50

/** Goes through a column once. What somebody else writes meanwhile stays as they wrote it. */
export async function resealColumn<Row extends { id: string }>({ pool }: Database, sealer: Sealer, { table, column, columns, subject }: SealedColumn<Row>): Promise<Resealed> {
  const read = statement(`readSealed_${table}_${column}`, `SELECT ${columns}, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT ${AT_A_TIME}`)
  const write = statement(`writeSealed_${table}_${column}`, `UPDATE ${table} SET ${column} = $3 WHERE id = $1 AND ${column} = $2`)
  const count = { current: 0, anew: 0, unreadable: 0 }
  for (let last: string | null = null; ;) {
    const page: (Row & { sealed: string })[] = await rows(pool, read, [last])
    for (const row of page) {
      if (sealer.isCurrent(row.sealed)) {
        count.current += 1
        continue
      }
      const text = await sealer.open(row.sealed, subject(row)).catch(() => null)
      if (text === null) count.unreadable += 1
      else count.anew += await run(pool, write, [row.id, row.sealed, await sealer.seal(text, subject(row))])
    }
    if (page.length < AT_A_TIME) return count
    last = page.at(-1)!.id
  }
}
