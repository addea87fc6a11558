// Where a search of orders stands between two runs. A window of many pages takes more calls than the budget has at once: the run stores
// what it got and ends, so that it keeps no worker waiting, and the next one goes on where it was, as does one after a killed worker.
import { z } from 'zod'
import type { ChannelError } from '../marketplaces/channel.ts'

export interface SearchProgress {
  /** Where the window of the search begins. */
  updatedFrom: string
  /** The channel's: where the search goes on. */
  goOn: string
  /** Runs in a row that ended here without a page. */
  failures: number
}

/** A place where the marketplace fails so often in a row may itself be what is wrong: the window begins anew. */
export const MOST_FAILURES = 3

const progress = z.object({ updatedFrom: z.iso.datetime(), goOn: z.string().min(1), failures: z.number().int().min(0) })

export const writeProgress = (one: SearchProgress | null): string | null => (one === null ? null : JSON.stringify(one))

/** What was left, if it covers a window that begins at `updatedFrom`: an earlier one that somebody has asked for since begins anew. */
export function readProgress(left: string | null, updatedFrom: Date): SearchProgress | null {
  if (left === null) return null
  const read = progress.safeParse(JSON.parse(left)).data
  return read !== undefined && Date.parse(read.updatedFrom) <= updatedFrom.getTime() ? read : null
}

/** What is left after a run that an error ended. */
export function afterFailure(left: SearchProgress | null, { kind }: ChannelError): SearchProgress | null {
  if (left === null || kind === 'throttled' || kind === 'cancelled') return left
  // A refusal, or an answer that is none, would come again at the same place.
  if (kind !== 'unavailable' || left.failures + 1 >= MOST_FAILURES) return null
  return { ...left, failures: left.failures + 1 }
}
