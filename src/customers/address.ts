// What an address may be. Pure.
import { type Refusal, refusal } from '../kit/errors.ts'

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
// CLDR names more than countries (unions, the unknown, its own inventions), and knows those of the past by their successors.
const noCountries = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'])

/** Whether it is a present code of ISO 3166-1 alpha-2, in upper case; or XK, which marketplaces send for Kosovo. */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !noCountries.has(code) && names.of(code) !== undefined && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`
}

export interface PostalAddress {
  name?: string | null
  company?: string | null
  line1: string
  line2?: string | null
  line3?: string | null
  city: string
  region?: string | null
  postalCode?: string | null
  countryCode: string
  phone?: string | null
}

/** What a person who types an address must mend; `path` is where it stands in the input. */
export function refuseAddress(address: PostalAddress, ...path: string[]): Refusal[] {
  return [
    ...(['line1', 'city'] as const).flatMap((field) => (address[field].trim() === '' ? [refusal('REQUIRED', `${field} must not be blank`, ...path, field)] : [])),
    ...(isCountry(address.countryCode) ? [] : [refusal('INVALID', 'countryCode must be of ISO 3166-1 alpha-2, such as "US"', ...path, 'countryCode')]),
  ]
}
