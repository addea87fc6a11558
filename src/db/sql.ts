import type pg from 'pg'
import { isTracing, SpanKind, spanned } from '../observability/trace.ts'

/** A pool, or the client of a transaction: whatever runs one statement. */
export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>

/**
 * One statement of a store. It is prepared once per connection under its name, and the name leads its text as a comment, so that
 * pg_stat_statements and the server's log tell who asked.
 */
export interface Statement {
  /** Empty: it is not prepared. */
  name: string
  text: string
}

/** One that is made as it is asked for. The same name must mean the same text. */
export const named = (name: string, text: string): Statement => ({ name, text: `/* ${name} */ ${text}` })

/** Those that stand in the program, as far as it is loaded. How the database answers each, test/db/list-plans.test.ts asks. */
export const statements = new Map<string, Statement>()

/** One that stands in the program: what is asked for by its shape is `named`. */
export function statement(name: string, text: string): Statement {
  const made = named(name, text)
  statements.set(name, made)
  return made
}

/** Rows with their columns in camel case. */
export async function rows<Row>(on: Queryable, { name, text }: Statement, values: readonly unknown[] = []): Promise<Row[]> {
  const result = await ask(on, { name, text, values: values as unknown[], rowMode: 'array' }) // spread, the statement would take 2 µs more
  return (result.rows as unknown as unknown[][]).map(shapeOf(result.fields)) as Row[]
}

/** Of one statement: what clients ask for could be any of them. */
const MOST_CHOICES = 100

/** Columns by the property that they become; `columns` are names with commas between, each with its table's or without. */
function byProperty(columns: string): readonly [property: string, column: string][] {
  let pairs = properties.get(columns)
  if (pairs === undefined) {
    pairs = columns.split(',').map((column) => column.trim()).map((column) => [camel(column.slice(column.lastIndexOf('.') + 1)), column])
    properties.set(columns, pairs)
  }
  return pairs
}
/** Of the lists of columns of the stores, which are few. */
const properties = new Map<string, readonly [property: string, column: string][]>()

/** Those of the columns that become one of these properties. */
export const columnsOf = (columns: string, wanted: readonly string[]): string =>
  byProperty(columns).filter(([property]) => wanted.includes(property)).map(([, column]) => column).join(', ')

/**
 * A statement over some of its columns. `always` are the properties that are read whoever asks. Where more choices are asked for than is
 * good for the database, all are read.
 */
export function choosing(name: string, columns: string, always: readonly string[], text: (columns: string) => string): (wanted: readonly string[] | null) => Statement {
  const whole = statement(name, text(columns))
  const choices = new Map<string, Statement>()
  return (wanted) => {
    if (wanted === null) return whole
    const chosen = columnsOf(columns, [...always, ...wanted])
    let choice = choices.get(chosen)
    if (choice === undefined && choices.size < MOST_CHOICES) choices.set(chosen, (choice = statement(`${name}${choices.size + 1}`, text(chosen))))
    return choice ?? whole
  }
}

const MOST_SHAPES = 1000
const shapes = new Map<string, (values: unknown[]) => unknown>()

/** Makes objects of rows. A function of its own for each list of columns: filled key by key, objects of thirty columns take ten times as long. */
function shapeOf(fields: readonly { name: string }[]): (values: unknown[]) => unknown {
  const columns = fields.map(({ name }) => name).join()
  let shape = shapes.get(columns)
  if (shape === undefined) {
    if (shapes.size >= MOST_SHAPES) shapes.clear()
    const properties = fields.map(({ name }, index) => `${JSON.stringify(camel(name))}: row[${index}]`)
    shape = new Function('row', `return { ${properties.join(', ')} }`) as (values: unknown[]) => unknown
    shapes.set(columns, shape)
  }
  return shape
}

export async function one<Row>(on: Queryable, what: Statement, values: readonly unknown[] = []): Promise<Row | null> {
  return (await rows<Row>(on, what, values))[0] ?? null
}

/** The number of rows that a write touched. */
export async function run(on: Queryable, { name, text }: Statement, values: readonly unknown[] = []): Promise<number> {
  return (await ask(on, { name, text, values: values as unknown[] })).rowCount ?? 0
}

/** Traced by its name alone, which its text begins with: text and values never leave for there. */
function ask(on: Queryable, what: Statement & { values: unknown[]; rowMode?: 'array' }): Promise<pg.QueryResult> {
  if (!isTracing()) return (on as pg.Pool).query(what)
  const name = what.text.slice(3, what.text.indexOf(' */'))
  return spanned(name, { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'db.query.summary': name } }, async (span) => {
    const result = await (on as pg.Pool).query(what)
    span.setAttribute('db.response.returned_rows', result.rowCount ?? 0)
    return result
  })
}

const camel = (column: string): string => column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
