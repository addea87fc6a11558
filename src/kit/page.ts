// Pages of the contract: first/after forwards or last/before backwards, 1 to 100 a page, 25 by default; opaque keyset cursors.
import { BadRequest } from './errors.ts'

export interface PageArgs {
  first?: number | null | undefined
  after?: string | null | undefined
  last?: number | null | undefined
  before?: string | null | undefined
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

/**
 * `order` names what the cursor was made for (e.g. "IMPORTED_DESC"): a cursor of another order is refused, not misread.
 * Throws BadRequest for sizes outside 1..100, both directions at once, and malformed cursors.
 */
export function parsePage(args: PageArgs, order: string): PageRequest {
  const backwards = args.last != null || args.before != null
  if (backwards && (args.first != null || args.after != null)) throw new BadRequest('page with first/after or with last/before, not both', 'first')
  const name = backwards ? 'last' : 'first'
  const limit = (backwards ? args.last : args.first) ?? pageSize.default
  if (limit < 1 || limit > pageSize.largest) throw new BadRequest(`${name} must be from 1 to ${pageSize.largest}`, name)
  const cursor = backwards ? args.before : args.after
  return { limit, backwards, from: cursor == null ? null : decodeCursor(cursor, order, backwards ? 'before' : 'after') }
}

export const encodeCursor = (order: string, keys: readonly string[]): string => Buffer.from(JSON.stringify([order, ...keys])).toString('base64url')

function decodeCursor(cursor: string, order: string, name: string): string[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parsed) && parsed.every((one) => typeof one === 'string') && parsed[0] === order && parsed.length > 1) return parsed.slice(1)
  } catch {
    // falls through: whatever is wrong with it, it is not a cursor of this list
  }
  throw new BadRequest('not a cursor of this list and order', name)
}

export interface Edge<T> {
  cursor: string
  node: T
}
export interface Page<T> {
  edges: Edge<T>[]
  nodes: T[]
  pageInfo: { startCursor: string | null; endCursor: string | null; hasNextPage: boolean; hasPreviousPage: boolean }
  /** Asked for only when the field is selected. */
  totalCount: () => Promise<number>
}

/** The page of `rows`, which a store read for `request` (one more than the limit where there are more). */
export function toPage<Row extends { keys: string[] }, T>(
  request: PageRequest,
  order: string,
  rows: readonly Row[],
  toNode: (row: Row) => T,
  totalCount: () => Promise<number>,
): Page<T> {
  const more = rows.length > request.limit
  const kept = rows.slice(0, request.limit)
  if (request.backwards) kept.reverse()
  const edges = kept.map((row) => ({ cursor: encodeCursor(order, row.keys), node: toNode(row) }))
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: request.backwards ? request.from !== null : more,
      hasPreviousPage: request.backwards ? more : request.from !== null,
    },
    totalCount,
  }
}
