import type { PageRequest } from '../kit/page.ts'
import type { Database } from './client.ts'
import type { List } from './list.ts'
import { countStatement, pageStatement, type Tenant } from './list-statement.ts'
import { named, one, rows, type Statement } from './sql.ts'

/** Who reads: of a `Scope`, what matters here. */
export interface Viewer {
  readonly tenant: Tenant
  readonly db: Pick<Database, 'pool'>
}

/** At most `page.limit` + 1 rows; `keys` are the values of their cursors. */
export function readPage<Row, Wanted extends object, Order extends string>(
  viewer: Viewer, list: List<Wanted, Order>, page: PageRequest, order: Order, wanted: Wanted, columns = list.columns,
): Promise<(Row & { keys: string[] })[]> {
  if (asksForNone(wanted)) return Promise.resolve([])
  const { text, values } = pageStatement(list, viewer.tenant, page, order, wanted, columns)
  return rows(viewer.db.pool, numbered(`${list.name}Page`, text), values)
}

/** How many there are, up to COUNTED_TO. */
export async function countRows<Wanted extends object, Order extends string>(viewer: Viewer, list: List<Wanted, Order>, order: Order, wanted: Wanted): Promise<number> {
  if (asksForNone(wanted)) return 0
  const { text, values } = countStatement(list, viewer.tenant, order, wanted)
  return (await one<{ count: number }>(viewer.db.pool, numbered(`${list.name}Count`, text), values))!.count
}

/** Of a list any one is meant: of an empty list, none. */
const asksForNone = (wanted: object): boolean => Object.values(wanted).some((value) => Array.isArray(value) && value.length === 0)

/** Combinations are many in theory, few in practice. */
const MOST_NAMED = 500

// PostgreSQL cuts the names of prepared statements at 63 bytes: a number per text stands for it. A connection keeps what it has prepared
// for as long as it lives, so past these a statement has no name: it is planned each time, and nothing of it stays.
const numbers = new Map<string, number>()
function numbered(what: string, text: string): Statement {
  if (!numbers.has(text) && numbers.size < MOST_NAMED) numbers.set(text, numbers.size + 1)
  const number = numbers.get(text)
  const { name, text: commented } = named(`${what}${number ?? ''}`, text)
  return { name: number === undefined ? '' : name, text: commented }
}
