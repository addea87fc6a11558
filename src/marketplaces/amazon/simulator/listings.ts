// patchListingsItem and getListingsItem of Listings Items 2021-08-01, as far as stock goes.
// https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference
import { randomUUID } from 'node:crypto'
import type { Issue, Item, ListingsItemSubmissionResponse } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { z } from 'zod'
import { accessDenied, type Answer, refused } from './answer.ts'
import { type Call, listOf, parseJson } from './call.ts'
import { iso } from './clock.ts'
import { type Listing, listingOf } from './seller.ts'

const badRequest = (message: string): Answer => refused(400, 'InvalidInput', message)
const attribute = 'fulfillment_availability'

const patchShape = z.object({
  productType: z.string('productType is required.').min(1, 'productType is required.'),
  patches: z
    .array(
      z.object({
        op: z.enum(['add', 'replace', 'merge', 'delete'], 'op must be add, replace, merge or delete.'),
        path: z.string('path is required.').startsWith('/attributes/', 'path must begin with /attributes/.'),
        value: z.array(z.record(z.string(), z.unknown()), 'value must be a list of objects.').optional(),
      }),
      'patches is required.',
    )
    .min(1, 'patches must not be empty.'),
})
type Patch = z.infer<typeof patchShape>['patches'][number]

const problem = (code: string, message: string, ...attributeNames: string[]): Issue => ({
  code,
  message,
  severity: 'ERROR',
  categories: ['INVALID_ATTRIBUTE'],
  ...(attributeNames.length > 0 && { attributeNames }),
})

/** What is asked of both operations alike. */
function addressed({ query, seller, path: { sellerId, sku } }: Call): { marketplaceIds: string[]; sku: string } | Answer {
  const marketplaceIds = listOf(query, 'marketplaceIds') ?? []
  if (marketplaceIds.length === 0) return badRequest('marketplaceIds is required.')
  if (sellerId !== seller.sellerId || marketplaceIds.some((id) => !seller.marketplaceIds.includes(id))) return accessDenied()
  return { marketplaceIds, sku: sku ?? '' }
}

export function patchListingsItem(call: Call): Answer {
  const { query, seller, state, now, fired } = call
  const target = addressed(call)
  if ('status' in target) return target
  const read = patchShape.safeParse(parseJson(call.body))
  if (!read.success) return badRequest(read.error.issues[0]?.message ?? 'The body is not a patch.')
  const mode = query.get('mode')
  if (mode !== null && mode !== 'VALIDATION_PREVIEW') return badRequest('mode must be VALIDATION_PREVIEW.')
  const listings = target.marketplaceIds.map((id) => listingOf(seller, id, target.sku))
  const known = listings.filter((one): one is Listing => one !== undefined)
  const issues =
    known.length < listings.length
      ? [problem('8541', `The SKU ${target.sku} does not match any listing of yours.`, 'item_sku')]
      : known.flatMap((listing) => read.data.patches.flatMap((patch) => issuesOf(listing, patch)))
  const reject = fired.find('reject')
  if (reject !== undefined) issues.push(problem(reject.code ?? '90220', reject.message ?? 'The offer was rejected.', attribute))
  if (issues.length === 0 && mode === null) {
    const apply = (at: number) => known.forEach((listing) => read.data.patches.forEach((patch) => applyPatch(listing, patch, at)))
    const late = fired.find('late')
    if (late === undefined) apply(now)
    else state.schedule.plan(now + late.delaySeconds * 1000, apply)
  }
  const accepted = mode === null ? 'ACCEPTED' : 'VALID'
  const body: ListingsItemSubmissionResponse = {
    sku: target.sku,
    status: issues.length === 0 ? accepted : 'INVALID',
    submissionId: randomUUID().replaceAll('-', ''),
    issues,
  }
  return { status: 200, body }
}

function issuesOf(listing: Listing, patch: Patch): Issue[] {
  const name = patch.path.slice('/attributes/'.length)
  if (name !== attribute)
    return [problem('90000900', `The attribute ${name} is not part of the schema: names are as fulfillment_availability.`, name)]
  if (listing.fulfilledBy === 'AMAZON')
    return [problem('18027', 'The offer is fulfilled by Amazon: its quantity cannot be set.', attribute)]
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
  listing.quantity = patch.op === 'delete' || typeof quantity !== 'number' ? 0 : quantity
  listing.terms = patch.op === 'merge' ? { ...listing.terms, ...terms } : patch.op === 'delete' ? {} : terms
  listing.updatedAt = at
}

const parts = [
  'summaries',
  'attributes',
  'issues',
  'offers',
  'fulfillmentAvailability',
  'procurement',
  'relationships',
  'productTypes',
] as const

export function getListingsItem(call: Call): Answer {
  const target = addressed(call)
  if ('status' in target) return target
  const included = listOf(call.query, 'includedData') ?? ['summaries']
  if (included.some((one) => !(parts as readonly string[]).includes(one))) return badRequest(`includedData must be of ${parts.join(', ')}.`)
  const listings = target.marketplaceIds
    .map((id) => listingOf(call.seller, id, target.sku))
    .filter((one): one is Listing => one !== undefined)
  const [first] = listings
  if (first === undefined)
    return refused(404, 'NOT_FOUND', `SKU '${target.sku}' not found in marketplace ${target.marketplaceIds.join(', ')}`)
  const channel = first.fulfilledBy === 'AMAZON' ? 'AMAZON_NA' : 'DEFAULT'
  const has = (part: (typeof parts)[number]) => included.includes(part)
  const body: Item = {
    sku: target.sku,
    ...(has('summaries') && { summaries: listings.map(summaryOf) }),
    ...(has('attributes') && {
      attributes: { [attribute]: [{ fulfillment_channel_code: channel, quantity: first.quantity, ...first.terms }] },
    }),
    ...(has('issues') && { issues: [] }),
    // The quantity in Amazon's own warehouse is not told here.
    ...(has('fulfillmentAvailability') && {
      fulfillmentAvailability: [{ fulfillmentChannelCode: channel, ...(channel === 'DEFAULT' && { quantity: first.quantity }) }],
    }),
    ...(has('productTypes') && { productTypes: listings.map(({ marketplaceId }) => ({ marketplaceId, productType: 'PRODUCT' })) }),
  }
  return { status: 200, body }
}

const summaryOf = (listing: Listing): NonNullable<Item['summaries']>[number] => ({
  marketplaceId: listing.marketplaceId,
  asin: listing.asin,
  productType: 'PRODUCT',
  conditionType: 'new_new',
  status: listing.quantity > 0 ? ['BUYABLE', 'DISCOVERABLE'] : ['DISCOVERABLE'],
  itemName: listing.title,
  createdDate: iso(listing.createdAt),
  lastUpdatedDate: iso(listing.updatedAt),
})
