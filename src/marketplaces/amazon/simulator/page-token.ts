// The token of a search's next page. It carries where the page before ended and what was asked, so that nothing is kept for it.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { hours } from './clock.ts'

const LIFE = hours(24)

const shape = z.strictObject({
  /** Of all parameters that later pages must repeat. */
  asked: z.string(),
  /** End of the window, settled by the first page. */
  before: z.number(),
  /** The last row that was shown: its time, and its sequence. */
  after: z.tuple([z.number(), z.number()]),
  issuedAt: z.number(),
})
export type PageToken = z.infer<typeof shape>

/** maxResultsPerPage and includedData may change from page to page (Orders 2026-01-01 model, Pagination); nothing else may. */
const free = new Set(['paginationToken', 'maxResultsPerPage', 'includedData'])

export function digestOf(query: URLSearchParams, sellerId: string): string {
  const kept = [...query].filter(([name]) => !free.has(name)).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  return createHash('sha256')
    .update(JSON.stringify([sellerId, kept]))
    .digest('base64url')
    .slice(0, 22)
}

export const writePageToken = (token: PageToken): string => Buffer.from(JSON.stringify(token)).toString('base64url')

/** Null for what is no token, and for one of more than 24 hours ago. */
export function readPageToken(text: string, now: number): PageToken | null {
  try {
    const read = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return read.success && now - read.data.issuedAt <= LIFE ? read.data : null
  } catch {
    return null
  }
}
