// How a listing stands: what its marketplace took, what it was read to offer, and why it is told nothing. Pure.
import { LESS_IS_LEFT_FOR } from './sync-times.ts'

export type ListingStatus = 'NEVER_PUSHED' | 'IN_STEP' | 'BEHIND' | 'REJECTED' | 'EXCLUDED'

/** What is recorded of a listing. */
export interface ListingState {
  /** By a rule of its item. */
  excluded: boolean
  /** As the marketplace last said; null where it was never asked, or lists no such SKU. */
  fulfilledBy: 'MERCHANT' | 'MARKETPLACE' | null
  /** What the marketplace last took; null where it took nothing yet. */
  pushedQuantity: number | null
  pushedAt: Date | null
  /** What the marketplace last said that it offers, and when. */
  readQuantity: number | null
  readAt: Date | null
  /** Readings in a row that strayed. */
  mismatches: number
  /** REJECTED where the last that was told was refused; null where nothing is recorded yet. */
  recordedStatus: ListingStatus | null
  message: string | null
}

/**
 * Whether the marketplace offers another quantity than it took, so that it has to be told again. More is always wrong: it would sell
 * what is not there. Less is what it sold since, of which the order comes only once it is paid; after a day of less without a change
 * of our own number, what was told never took effect.
 */
export function strays({ pushedQuantity, pushedAt, readQuantity, readAt }: Pick<ListingState, 'pushedQuantity' | 'pushedAt' | 'readQuantity' | 'readAt'>): boolean {
  if (pushedQuantity === null || pushedAt === null || readAt === null || readAt <= pushedAt) return false
  const offered = readQuantity ?? 0
  if (offered > pushedQuantity) return true
  return offered < pushedQuantity && readAt.getTime() - pushedAt.getTime() >= LESS_IS_LEFT_FOR
}

/** `quantity`: what it should be told by the rule of level.ts. */
export function listingStatus(quantity: number, listing: ListingState): ListingStatus {
  if (listing.excluded || listing.fulfilledBy === 'MARKETPLACE') return 'EXCLUDED'
  if (listing.pushedQuantity === quantity && !strays(listing)) return 'IN_STEP'
  if (listing.recordedStatus === 'REJECTED') return 'REJECTED'
  return listing.pushedQuantity === null ? 'NEVER_PUSHED' : 'BEHIND'
}

export const NOT_LISTED = 'The marketplace has no listing of this SKU in this account.'

/** So often in a row, and it is no delay. */
const REPEATEDLY = 3

/** What people should know of it; null where all is well. */
export function listingMessage(quantity: number, listing: ListingState): string | null {
  const { excluded, pushedQuantity, readQuantity, mismatches, message } = listing
  const status = listingStatus(quantity, listing)
  if (status === 'EXCLUDED') {
    return excluded
      ? 'A rule keeps this item from the connection: the marketplace is told nothing, and offers whatever it does.'
      : 'The marketplace ships this SKU from its own warehouse: its quantity is not ours to tell.'
  }
  if (status === 'REJECTED') return message
  const again = `Read back ${mismatches} times in a row, the marketplace offered another quantity than it took: does something else set it there?`
  const repeated = mismatches >= REPEATEDLY ? again : null
  if (status === 'IN_STEP') return repeated
  return repeated ?? (strays(listing) ? `The marketplace took ${pushedQuantity}, yet offers ${readQuantity ?? 0}: it is told again.` : message)
}
