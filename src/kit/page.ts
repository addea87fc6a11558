// Pages of the contract: first/after forwards or last/before backwards, 1 to 100 a page, 25 by default; opaque keyset cursors.
import { BadRequest } from './errors.ts'

export interface PageArgs {
  first?: number | null | undefined
  after?: string | null | undefined
  last?: number | null | undefined
  before?: string | null | undefined
}

/** What a value of a cursor is: whoever forges one is told so, and not by the database. */
export type KeyKind = 'text' | 'integer' | 'instant' | 'uuid'

/** What a cursor is made for: a list, one of its orders, and the values that tell where a row stands in it. */
export interface Ordering {
  list: string
  order: string
  keys: readonly KeyKind[]
}

/** What a store reads: at most `limit` + 1 rows strictly beyond `from`, in the order's direction or against it. */
export interface PageRequest {
  limit: number
  backwards: boolean
  /** The keyset values of the cursor's row, in the order's columns; null at the start. */
  from: string[] | null
}

/** Entries of a page where neither `first` nor `last` is given, and the most that may be asked for. */
export const pageSize = { default: 25, largest: 100 } as const

/** What `totalCount` counts to: it answers this where there are as many or more. */
export const COUNTED_TO = 10_000

/**
 * A cursor holds where its row stood and nothing of a filter: any filter goes with it. One of another list or order is refused, not misread.
 * Throws BadRequest for sizes outside 1..100, both directions at once, and cursors that are none of this list and order.
 */
export function parsePage(args: PageArgs, ordering: Ordering): PageRequest {
  const backwards = args.last != null || args.before != null
  if (backwards && (args.first != null || args.after != null)) throw new BadRequest('page with first/after or with last/before, not both', 'first')
  const name = backwards ? 'last' : 'first'
  const limit = (backwards ? args.last : args.first) ?? pageSize.default
  if (limit < 1 || limit > pageSize.largest) throw new BadRequest(`${name} must be from 1 to ${pageSize.largest}`, name)
  const cursor = backwards ? args.before : args.after
  return { limit, backwards, from: cursor == null ? null : decodeCursor(cursor, ordering, backwards ? 'before' : 'after') }
}

/** Grows when what a cursor holds changes its meaning: one that was kept since is refused. */
const VERSION = 1

export const encodeCursor = ({ list, order }: Ordering, keys: readonly string[]): string =>
  Buffer.from(JSON.stringify([VERSION, list, order, ...keys])).toString('base64url')

function decodeCursor(cursor: string, { list, order, keys }: Ordering, name: string): string[] {
  const [version, ofList, ofOrder, ...values] = parsed(cursor)
  if (typeof version !== 'number') throw new BadRequest('not a cursor of this list and order', name)
  if (version !== VERSION) throw new BadRequest(`a cursor of version ${version}, where this is version ${VERSION}: begin again without it`, name)
  const read = values.map((value, index) => readKey(keys[index], value))
  if (ofList !== list || ofOrder !== order || values.length !== keys.length || read.includes(null)) throw new BadRequest('not a cursor of this list and order', name)
  return read as string[]
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return [] // whatever is wrong with it, it is no cursor
  }
}

/** As the database takes it, or null. Instants come as the database writes them: 2026-11-26 01:23:37.5+00, or infinity. */
function readKey(kind: KeyKind | undefined, value: unknown): string | null {
  if (typeof value !== 'string') return null
  switch (kind) {
    case 'text':
      return value.includes('\0') ? null : value
    case 'integer':
      return /^-?\d{1,10}$/.test(value) && Math.abs(Number(value)) < 2 ** 31 ? value : null
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : null
    case 'instant': {
      if (value === 'infinity') return value
      const [, day, time, zone] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)([+-]\d\d(?::\d\d)?)$/.exec(value) ?? []
      const at = new Date(`${day}T${time}${zone?.length === 3 ? `${zone}:00` : zone}`)
      return Number.isNaN(at.getTime()) ? null : at.toISOString()
    }
    default:
      return null
  }
}

export interface Edge<T> {
  cursor: string
  node: T
}
export interface Page<T> {
  edges: Edge<T>[]
  nodes: T[]
  pageInfo: { startCursor: string | null; endCursor: string | null; hasNextPage: boolean; hasPreviousPage: boolean }
  /** Asked for only when the field is selected; counts to COUNTED_TO. */
  totalCount: () => Promise<number>
}

/** The page of `rows`, which a store read for `request` (one more than the limit where there are more). */
export function toPage<Row extends { keys: string[] }, T>(
  request: PageRequest,
  ordering: Ordering,
  rows: readonly Row[],
  toNode: (row: Row) => T,
  totalCount: () => Promise<number>,
): Page<T> {
  const more = rows.length > request.limit
  const kept = rows.slice(0, request.limit)
  if (request.backwards) kept.reverse()
  const nodes = kept.map(toNode)
  const cursorOf = (row: Row | undefined): string | null => (row === undefined ? null : encodeCursor(ordering, row.keys))
  // Cursors are made where they are asked for.
  return {
    nodes,
    get edges() {
      return kept.map((row, index) => ({ cursor: encodeCursor(ordering, row.keys), node: nodes[index]! }))
    },
    get pageInfo() {
      return {
        startCursor: cursorOf(kept[0]),
        endCursor: cursorOf(kept.at(-1)),
        hasNextPage: request.backwards ? request.from !== null : more,
        hasPreviousPage: request.backwards ? more : request.from !== null,
      }
    },
    totalCount,
  }
}
