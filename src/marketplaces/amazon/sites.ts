// Amazon's marketplaces: developer-docs.amazon.com/sp-api/docs/marketplace-ids, which lists these 23 and no other; the sites' own Seller Central hosts.
// China's and the "Non-Amazon" ids of other lists are no marketplaces of the Selling Partner API.
import type { Marketplace, MarketplaceRegion } from '../channel.ts'

type Site = [id: string, name: string, countryCode: string, region: MarketplaceRegion, host: string, currencyCode: string, timeZone: string]

const europe = 'sellercentral-europe.amazon.com'

const sites: Site[] = [
  ['ATVPDKIKX0DER', 'amazon.com', 'US', 'NORTH_AMERICA', 'sellercentral.amazon.com', 'USD', 'America/Los_Angeles'],
  ['A2EUQ1WTGCTBG2', 'amazon.ca', 'CA', 'NORTH_AMERICA', 'sellercentral.amazon.ca', 'CAD', 'America/Toronto'],
  ['A1AM78C64UM0Y8', 'amazon.com.mx', 'MX', 'NORTH_AMERICA', 'sellercentral.amazon.com.mx', 'MXN', 'America/Mexico_City'],
  ['A2Q3Y263D00KWC', 'amazon.com.br', 'BR', 'NORTH_AMERICA', 'sellercentral.amazon.com.br', 'BRL', 'America/Sao_Paulo'],
  ['A1F83G8C2ARO7P', 'amazon.co.uk', 'GB', 'EUROPE', europe, 'GBP', 'Europe/London'],
  ['A1PA6795UKMFR9', 'amazon.de', 'DE', 'EUROPE', europe, 'EUR', 'Europe/Berlin'],
  ['A13V1IB3VIYZZH', 'amazon.fr', 'FR', 'EUROPE', europe, 'EUR', 'Europe/Paris'],
  ['APJ6JRA9NG5V4', 'amazon.it', 'IT', 'EUROPE', europe, 'EUR', 'Europe/Rome'],
  ['A1RKKUPIHCS9HS', 'amazon.es', 'ES', 'EUROPE', europe, 'EUR', 'Europe/Madrid'],
  ['A28R8C7NBKEWEA', 'amazon.ie', 'IE', 'EUROPE', europe, 'EUR', 'Europe/Dublin'],
  ['A1805IZSGTT6HS', 'amazon.nl', 'NL', 'EUROPE', 'sellercentral.amazon.nl', 'EUR', 'Europe/Amsterdam'],
  ['AMEN7PMS3EDWL', 'amazon.com.be', 'BE', 'EUROPE', 'sellercentral.amazon.com.be', 'EUR', 'Europe/Brussels'],
  ['A2NODRKZP88ZB9', 'amazon.se', 'SE', 'EUROPE', 'sellercentral.amazon.se', 'SEK', 'Europe/Stockholm'],
  ['A1C3SOZRARQ6R3', 'amazon.pl', 'PL', 'EUROPE', 'sellercentral.amazon.pl', 'PLN', 'Europe/Warsaw'],
  ['A33AVAJ2PDY3EV', 'amazon.com.tr', 'TR', 'EUROPE', 'sellercentral.amazon.com.tr', 'TRY', 'Europe/Istanbul'],
  ['ARBP9OOSHTCHU', 'amazon.eg', 'EG', 'EUROPE', 'sellercentral.amazon.eg', 'EGP', 'Africa/Cairo'],
  ['A17E79C6D8DWNP', 'amazon.sa', 'SA', 'EUROPE', 'sellercentral.amazon.sa', 'SAR', 'Asia/Riyadh'],
  ['A2VIGQ35RCS4UG', 'amazon.ae', 'AE', 'EUROPE', 'sellercentral.amazon.ae', 'AED', 'Asia/Dubai'],
  ['A21TJRUUN4KGV', 'amazon.in', 'IN', 'EUROPE', 'sellercentral.amazon.in', 'INR', 'Asia/Kolkata'],
  ['AE08WJ6YKNBMC', 'amazon.co.za', 'ZA', 'EUROPE', 'sellercentral.amazon.co.za', 'ZAR', 'Africa/Johannesburg'],
  ['A1VC38T7YXB528', 'amazon.co.jp', 'JP', 'FAR_EAST', 'sellercentral.amazon.co.jp', 'JPY', 'Asia/Tokyo'],
  ['A39IBJ37TRP1C6', 'amazon.com.au', 'AU', 'FAR_EAST', 'sellercentral.amazon.com.au', 'AUD', 'Australia/Sydney'],
  ['A19VAU5U5O7RUS', 'amazon.sg', 'SG', 'FAR_EAST', 'sellercentral.amazon.sg', 'SGD', 'Asia/Singapore'],
]

/** By country code or, where the country has none of its own, by region. */
export type LegacyDeveloperAccounts = Partial<Record<string, string>>

/** For merchants who still hold an authorization of the former Marketplace Web Service. */
export const defaultLegacyDeveloperAccounts: LegacyDeveloperAccounts = {
  NORTH_AMERICA: '6009-1364-0071',
  EUROPE: '835211582249',
  AU: '267134821941',
  JP: '11829100695',
  SG: '11829100695',
}

/** `hasConsentPage`: the application can send sellers to Amazon's consent page. */
export function amazonMarketplaces(developerName: string, legacy: LegacyDeveloperAccounts, hasConsentPage: boolean): Marketplace[] {
  return sites.map(([id, name, countryCode, region, host, currencyCode, timeZone]) => {
    const legacyDeveloperAccount = legacy[countryCode] ?? legacy[region] ?? null
    return {
      id,
      channel: 'amazon',
      name,
      countryCode,
      region,
      currencyCode,
      timeZone,
      sellerPortalUrl: `https://${host}`,
      authorizationSteps: [
        ...(hasConsentPage ? byConsent(name, host, developerName) : byHand(name, host, developerName)),
        'Amazon ends an authorization after 365 days, and with a change of the application\'s roles: repeat these steps before then. Orders keep coming in meanwhile.',
        ...(legacyDeveloperAccount === null ? [] : [formerly(developerName, legacyDeveloperAccount)]),
      ],
      developerName,
      legacyDeveloperAccount,
    }
  })
}

const signIn = (name: string, host: string): string =>
  `Sign in to Seller Central at https://${host} as the primary user of the account that sells on ${name}.`

const byConsent = (name: string, host: string, developerName: string): string[] => [
  signIn(name, host),
  `Choose to authorize here: Amazon's own page opens and names ${developerName} and what it asks for.`,
  'Confirm there within five minutes. Amazon sends you back here; Merchant ID and token come along, and are tested before they are stored.',
  'Where the page cannot be opened, the credentials can be copied by hand: "Apps and Services", "Manage Your Apps", then Merchant ID, Marketplace ID and refresh token.',
]

const byHand = (name: string, host: string, developerName: string): string[] => [
  signIn(name, host),
  'In the menu open "Apps and Services", then "Manage Your Apps".',
  `Choose "Authorize new developer" or open the application of ${developerName}, and confirm that ${developerName} may access the account.`,
  `Copy the Merchant ID (Settings, "Account Info", "Merchant Token") and the Marketplace ID of ${name}.`,
  'Copy the authorization token (for an application: the refresh token) that Amazon shows once after the confirmation.',
  'Enter Merchant ID, Marketplace ID and token here. They are tested before they are stored.',
]

const formerly = (developerName: string, account: string): string =>
  `Where Seller Central still lists an authorization of the former Marketplace Web Service, ${developerName} stands there as developer account ${account}. It opens nothing any more: authorize anew.`
