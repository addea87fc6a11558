// patchListingsItem, getListingsItem and searchListingsItems of Listings Items 2021-08-01, as far as stock goes.
// https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference
import { randomUUID } from 'node:crypto'
import type { ItemSearchResults, ListingsItemSubmissionResponse } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { z } from 'zod'
import { accessDenied, type Answer, refused } from './answer.ts'
import { type Call, listOf, meet } from './call.ts'
import { patchesShape, planPatch } from './listing-patch.ts'
import { readParts, viewItem } from './listing-view.ts'
import { parseJson } from './parse.ts'
import { type Listing, listingOf } from './seller.ts'

const badRequest = (message: string): Answer => refused(400, 'InvalidInput', message)

const patchShape = z.object({
  productType: z.string('productType is required.').min(1, 'productType is required.'),
  patches: patchesShape,
})

/** What is asked of all operations alike. */
function addressed({ query, seller, marketplaceIds: served, path: { sellerId, sku } }: Call): { marketplaceIds: string[]; sku: string } | Answer {
  const marketplaceIds = listOf(query, 'marketplaceIds') ?? []
  if (marketplaceIds.length === 0) return badRequest('marketplaceIds is required.')
  if (sellerId !== seller.sellerId || marketplaceIds.some((id) => !served.includes(id))) return accessDenied()
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
  const { issues, apply } = planPatch(seller, target.marketplaceIds, target.sku, read.data.patches, fired.find('reject'))
  if (issues.length === 0 && mode === null) {
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

export function getListingsItem(call: Call): Answer {
  const target = addressed(call)
  if ('status' in target) return target
  const included = readParts(listOf(call.query, 'includedData'))
  if ('problem' in included) return badRequest(included.problem)
  const [first, ...others] = target.marketplaceIds
    .map((id) => listingOf(call.seller, id, target.sku))
    .filter((one): one is Listing => one !== undefined)
  if (first === undefined)
    return refused(404, 'NOT_FOUND', `SKU '${target.sku}' not found in marketplace ${target.marketplaceIds.join(', ')}`)
  return { status: 200, body: viewItem([first, ...others], included) }
}

const MOST_IDENTIFIERS = 20
const MOST_ON_A_PAGE = 20
const MOST_RESULTS = 1000
const known = new Set([
  'marketplaceIds',
  'identifiers',
  'identifiersType',
  'includedData',
  'issueLocale',
  'pageSize',
  'pageToken',
])

export function searchListingsItems(call: Call): Answer {
  const { query } = call
  const target = addressed(call)
  if ('status' in target) return target
  const stray = [...query.keys()].find((name) => !known.has(name))
  if (stray !== undefined) return badRequest(`The simulator does not search by ${stray}.`)
  const included = readParts(listOf(query, 'includedData'))
  if ('problem' in included) return badRequest(included.problem)
  const size = query.get('pageSize') ?? '10'
  if (!/^\d{1,2}$/.test(size) || Number(size) < 1 || Number(size) > MOST_ON_A_PAGE)
    return badRequest(`pageSize must be between 1 and ${MOST_ON_A_PAGE}.`)
  const identifiers = listOf(query, 'identifiers')
  const type = query.get('identifiersType')
  if ((identifiers === undefined) !== (type === null)) return badRequest('identifiers and identifiersType go together.')
  if (identifiers !== undefined && identifiers.length > MOST_IDENTIFIERS) return badRequest(`identifiers takes at most ${MOST_IDENTIFIERS} values.`)
  if (type !== null && type !== 'SKU' && type !== 'ASIN') return badRequest('identifiersType must be SKU or ASIN: the simulator has no others.')
  const place = readPlace(query.get('pageToken'))
  const expired = query.has('pageToken') && meet(call, 'searchListingsItems', 'expired-page-token').length > 0
  if (place === null || expired) return badRequest('The pageToken is invalid or has expired.')

  const wanted = identifiers === undefined ? null : new Set(identifiers)
  const found = new Map<string, [Listing, ...Listing[]]>()
  for (const listing of call.seller.listings.values()) {
    if (!target.marketplaceIds.includes(listing.marketplaceId)) continue
    if (wanted !== null && !wanted.has(type === 'ASIN' ? listing.asin : listing.sellerSku)) continue
    const others = found.get(listing.sellerSku)
    if (others === undefined) found.set(listing.sellerSku, [listing])
    else others.push(listing)
  }
  const all = [...found.values()].slice(0, MOST_RESULTS)
  const end = place + Number(size)
  const pagination = {
    ...(end < all.length && { nextToken: writePlace(end) }),
    ...(place > 0 && { previousToken: writePlace(Math.max(0, place - Number(size))) }),
  }
  const body: ItemSearchResults = {
    numberOfResults: found.size,
    ...(Object.keys(pagination).length > 0 && { pagination }),
    items: all.slice(place, end).map((listings) => viewItem(listings, included)),
  }
  return { status: 200, body }
}

const writePlace = (place: number): string => Buffer.from(`listing ${place}`).toString('base64url')

/** Where that page begins; null for what is no token. */
function readPlace(token: string | null): number | null {
  if (token === null) return 0
  const read = /^listing (\d{1,4})$/.exec(Buffer.from(token, 'base64url').toString())
  return read === null ? null : Number(read[1])
}
