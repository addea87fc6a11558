import type { AccountCheck, AccountTest, Marketplace, MarketplaceRegion } from '../channel.ts'

/** How Amazon refused a call: `denied` where it does not let this account or application do it. */
export type Refused = { refused: 'denied' } | { refused: 'rejected'; words: string }

export interface Participation {
  marketplaceId: string
  participating: boolean
  suspended: boolean
}

/** What was found out of an account; null: not asked. */
export interface AccountFindings {
  /** `code`: OAuth's own. */
  token: 'given' | { code: string | null }
  participations: Participation[] | Refused | null
  /** Whether the seller's listings may be read under the Merchant ID. */
  listings: 'open' | Refused | null
  /** Recent orders that the merchant ships, and how many of them bore the street of an address. */
  orders: { seen: number; withStreet: number } | Refused | null
}

const regions: Record<MarketplaceRegion, string> = { NORTH_AMERICA: 'North America', EUROPE: 'Europe', FAR_EAST: 'the Far East' }
const again = 'authorize the application again'

/** Whether the authorization serves the seller on the marketplace, as far as Amazon tells. */
export const covers = (participations: readonly Participation[], marketplaceId: string): boolean =>
  participations.some((one) => one.marketplaceId === marketplaceId && one.participating)

/** The findings in words, each with what to do. */
export function judged(findings: AccountFindings, marketplace: Marketplace, known: ReadonlyMap<string, Marketplace>): AccountTest {
  const { participations } = findings
  const served = Array.isArray(participations) ? participations.filter((one) => one.participating && known.has(one.marketplaceId)) : []
  const marketplaceIds = served.map((one) => one.marketplaceId)
  const untested = whyUntested(findings, marketplace)
  const check = (name: AccountCheck['name'], [passed, message]: Verdict): AccountCheck => ({ name, passed, message })
  return {
    checks: [
      check('TOKEN', token(findings.token)),
      check('MARKETPLACE', covered(findings, marketplace, marketplaceIds.map((id) => known.get(id)?.name ?? id))),
      check('SELLER', listings(findings.listings, untested, 'Amazon knows the Merchant ID as that of this account.')),
      check('ORDERS_ROLE', orders(findings.orders, untested)),
      check('PERSONAL_DATA_ROLE', personalData(findings.orders, untested)),
      check('LISTINGS_ROLE', listings(findings.listings, untested, 'Listings may be read and their quantities set.')),
    ],
    marketplaceIds,
  }
}

type Verdict = [passed: boolean, message: string]

function token(found: AccountFindings['token']): Verdict {
  if (found === 'given') return [true, 'Amazon gives access tokens for this authorization.']
  switch (found.code) {
    case 'invalid_client':
      return [false, 'Amazon does not know the application of this installation: its client id or client secret is wrong or has ended. An administrator must renew them.']
    case 'CredentialsUnreadable':
      return [false, 'There is no authorization token. Copy the whole refresh token that Amazon shows, or authorize the application.']
    case 'unauthorized_client':
      return [false, `The authorization token belongs to another application: ${again}.`]
    default:
      return [false, `Amazon does not take the authorization token: it was not copied whole, belongs to another application, has ended, or the seller has revoked it. Copy it again, or ${again}.`]
  }
}

function covered({ participations, listings: listed, orders: ordered }: AccountFindings, marketplace: Marketplace, names: readonly string[]): Verdict {
  const region = regions[marketplace.region]
  if (participations === null) return [false, noToken]
  if (!Array.isArray(participations)) {
    if (participations.refused === 'rejected') return [false, participations.words]
    if (listed === 'open' || (ordered !== null && !('refused' in ordered))) {
      return [false, `Amazon does not tell on which marketplaces this account sells: the application lacks the role Selling Partner Insights. Add it to the application, then ${again}.`]
    }
    return [false, `Amazon refuses this authorization in ${region}: the account that gave it sells in another region, or the seller has revoked it. Choose a marketplace of the account's own region, or ${again} from ${marketplace.name}'s Seller Central.`]
  }
  const one = participations.find((each) => each.marketplaceId === marketplace.id)
  if (one?.participating === true) {
    const warning = one.suspended ? ' Its listings there are suspended at present: the seller must clear that with Amazon.' : ''
    return [true, `The account sells on ${marketplace.name}.${warning}`]
  }
  const elsewhere = names.length === 0 ? 'It covers no marketplace of this region.' : `It covers ${names.join(', ')}.`
  const missing = one === undefined ? `The authorization does not cover ${marketplace.name}.` : `The account does not sell on ${marketplace.name} at present.`
  return [false, `${missing} ${elsewhere} Choose one of those, or register the account for ${marketplace.name} and ${again}.`]
}

const noToken = 'Not tested, as there is no access token.'

/** Why calls beyond the first were not made, or tell nothing. */
function whyUntested({ token: got, participations, listings: listed, orders: ordered }: AccountFindings, marketplace: Marketplace): string | null {
  if (got !== 'given') return noToken
  if (Array.isArray(participations)) {
    return covers(participations, marketplace.id) ? null : `Not tested, as the authorization does not cover ${marketplace.name}.`
  }
  const all = [participations, listed, ordered].every((one) => one !== null && one !== 'open' && 'refused' in one && one.refused === 'denied')
  return all ? `Not known: Amazon refuses every call of this authorization in ${regions[marketplace.region]}.` : null
}

function listings(found: AccountFindings['listings'], untested: string | null, passed: string): Verdict {
  if (untested !== null || found === null) return [false, untested ?? noToken]
  if (found === 'open') return [true, passed]
  if (found.refused === 'rejected') return [false, found.words]
  return [false, `Amazon refuses the listings of this Merchant ID. Either it is another account's: compare it with Settings, "Account Info", "Merchant Token" in Seller Central. Or the application lacks the role Product Listing: add it, then ${again}.`]
}

function orders(found: AccountFindings['orders'], untested: string | null): Verdict {
  if (untested !== null || found === null) return [false, untested ?? noToken]
  if (!('refused' in found)) return [true, 'Orders may be read.']
  if (found.refused === 'rejected') return [false, found.words]
  return [false, `Amazon refuses the orders of this account: the application lacks the role Inventory and Order Tracking. Add it, then ${again}.`]
}

function personalData(found: AccountFindings['orders'], untested: string | null): Verdict {
  if (untested !== null || found === null) return [false, untested ?? noToken]
  if ('refused' in found) return [false, 'Not tested, as orders cannot be read.']
  if (found.seen === 0) return [true, 'There was no order of the last 30 days whose address could be looked at.']
  if (found.withStreet > 0) return [true, 'Orders come with the address to ship to.']
  return [false, `Orders come without the address to ship to: the application lacks the role Direct-to-Consumer Shipping (Restricted). Ask Amazon for it, then ${again}.`]
}
