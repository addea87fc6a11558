// What a patch of a listing's stock may say, and what it does: the same for one item and for a message of a feed.
import type { Issue } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { z } from 'zod'
import type { FaultOf } from './faults.ts'
import { type Listing, listingOf, type Seller } from './seller.ts'

export const attribute = 'fulfillment_availability'

export const patchesShape = z
  .array(
    z.object({
      op: z.enum(['add', 'replace', 'merge', 'delete'], 'op must be add, replace, merge or delete.'),
      path: z.string('path is required.').startsWith('/attributes/', 'path must begin with /attributes/.'),
      value: z.array(z.record(z.string(), z.unknown()), 'value must be a list of objects.').optional(),
    }),
    'patches is required.',
  )
  .min(1, 'patches must not be empty.')
export type Patch = z.infer<typeof patchesShape>[number]

/** One SKU's patches, and the listings that they are meant for. */
export interface PlannedPatch {
  /** Empty where they would be applied. */
  issues: Issue[]
  apply: (at: number) => void
}

/** Judges patches of a SKU on those marketplaces; changes nothing yet. */
export function planPatch(
  seller: Seller,
  marketplaceIds: readonly string[],
  sku: string,
  patches: readonly Patch[],
  reject: FaultOf<'reject'> | undefined,
): PlannedPatch {
  const listings = marketplaceIds.map((id) => listingOf(seller, id, sku))
  const known = listings.filter((one): one is Listing => one !== undefined)
  const issues =
    known.length < listings.length
      ? [problem('8541', `The SKU ${sku} does not match any listing of yours.`, 'item_sku')]
      : known.flatMap((listing) => patches.flatMap((patch) => issuesOf(listing, patch)))
  if (reject !== undefined && (reject.sku ?? sku) === sku)
    issues.push(problem(reject.code ?? '90220', reject.message ?? 'The offer was rejected.', attribute))
  return {
    issues,
    apply: (at) => {
      for (const listing of known) for (const patch of patches) applyPatch(listing, patch, at)
    },
  }
}

const problem = (code: string, message: string, ...attributeNames: string[]): Issue => ({
  code,
  message,
  severity: 'ERROR',
  categories: ['INVALID_ATTRIBUTE'],
  ...(attributeNames.length > 0 && { attributeNames }),
})

function issuesOf(listing: Listing, patch: Patch): Issue[] {
  const name = patch.path.slice('/attributes/'.length)
  if (name !== attribute)
    return [problem('90000900', `The attribute ${name} is not part of the schema: names are as fulfillment_availability.`, name)]
  if (listing.refusal !== null) return [problem(listing.refusal.code, listing.refusal.message, attribute)]
  if (patch.value === undefined)
    return patch.op === 'delete' ? [] : [problem('90220', `'${attribute}' is required but not supplied.`, attribute)]
  return patch.value.flatMap((value) => {
    const stray = Object.keys(value).find((key) => /[A-Z]/.test(key))
    if (stray !== undefined)
      return [problem('90000900', `The field ${stray} is not part of the schema: names are as fulfillment_channel_code.`, attribute)]
    if (value.fulfillment_channel_code === undefined)
      return [problem('90220', "'fulfillment_channel_code' is required but not supplied.", attribute)]
    if (value.fulfillment_channel_code !== 'DEFAULT')
      return [problem('4000001', "The fulfillment channel is not one of the seller's.", attribute)]
    const sets = patch.op === 'delete' || (typeof value.quantity === 'number' && Number.isInteger(value.quantity) && value.quantity >= 0)
    return sets ? [] : [problem('90244', 'The field quantity must be a whole number of 0 or more.', attribute)]
  })
}

function applyPatch(listing: Listing, patch: Patch, at: number): void {
  const { quantity, fulfillment_channel_code: _, ...terms } = patch.value?.[0] ?? {}
  const units = patch.op === 'delete' || typeof quantity !== 'number' ? 0 : quantity
  // Amazon takes it, and shows a second channel beside its own: the harm that a caller must not do.
  if (listing.fulfilledBy === 'AMAZON') listing.strayQuantity = patch.op === 'delete' ? null : units
  else listing.quantity = units
  listing.terms = patch.op === 'merge' ? { ...listing.terms, ...terms } : patch.op === 'delete' ? {} : terms
  listing.updatedAt = at
}
