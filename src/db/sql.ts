import type pg from 'pg'

/** A pool, or the client of a transaction: whatever runs one statement. */
export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>

/**
 * One statement of a store. It is prepared once per connection under its name, and the name leads its text as a comment, so that
 * pg_stat_statements and the server's log tell who asked.
 */
export interface Statement {
  name: string
  text: string
}

export function statement(name: string, text: string): Statement {
  return { name, text: `/* ${name} */ ${text}` }
}

/** Rows with their columns in camel case. */
export async function rows<Row>(on: Queryable, { name, text }: Statement, values: readonly unknown[] = []): Promise<Row[]> {
  const result = await (on as pg.Pool).query({ name, text, values: values as unknown[], rowMode: 'array' })
  const keys = result.fields.map((field) => camel(field.name))
  return (result.rows as unknown as unknown[][]).map((row) => {
    const out: Record<string, unknown> = {}
    for (const [index, key] of keys.entries()) out[key] = row[index]
    return out as Row
  })
}

export async function one<Row>(on: Queryable, what: Statement, values: readonly unknown[] = []): Promise<Row | null> {
  return (await rows<Row>(on, what, values))[0] ?? null
}

/** The number of rows that a write touched. */
export async function run(on: Queryable, { name, text }: Statement, values: readonly unknown[] = []): Promise<number> {
  return (await (on as pg.Pool).query({ name, text, values: values as unknown[] })).rowCount ?? 0
}

const names = new Map<string, string>()
function camel(column: string): string {
  let name = names.get(column)
  if (name === undefined) {
    name = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    names.set(column, name)
  }
  return name
}
