// The simulator keeps its own list, so that a mistake in the adapter's table shows against it.
// Ids and regions: developer-docs.amazon.com/sp-api/docs/marketplace-ids

export const regions = ['na', 'eu', 'fe'] as const
/** A host of the Selling Partner API, as the simulator's path begins: `/eu` is sellingpartnerapi-eu.amazon.com. */
export type Region = (typeof regions)[number]

export interface SimulatedMarketplace {
  id: string
  name: string
  country: string
  currency: string
  region: Region
  language: string
  domain: string
}

const rows = [
  ['ATVPDKIKX0DER', 'Amazon.com', 'US', 'USD', 'na', 'en_US'],
  ['A2EUQ1WTGCTBG2', 'Amazon.ca', 'CA', 'CAD', 'na', 'en_CA'],
  ['A1AM78C64UM0Y8', 'Amazon.com.mx', 'MX', 'MXN', 'na', 'es_MX'],
  ['A2Q3Y263D00KWC', 'Amazon.com.br', 'BR', 'BRL', 'na', 'pt_BR'],
  ['A1F83G8C2ARO7P', 'Amazon.co.uk', 'GB', 'GBP', 'eu', 'en_GB'],
  ['A1PA6795UKMFR9', 'Amazon.de', 'DE', 'EUR', 'eu', 'de_DE'],
  ['A13V1IB3VIYZZH', 'Amazon.fr', 'FR', 'EUR', 'eu', 'fr_FR'],
  ['APJ6JRA9NG5V4', 'Amazon.it', 'IT', 'EUR', 'eu', 'it_IT'],
  ['A1RKKUPIHCS9HS', 'Amazon.es', 'ES', 'EUR', 'eu', 'es_ES'],
  ['A28R8C7NBKEWEA', 'Amazon.ie', 'IE', 'EUR', 'eu', 'en_IE'],
  ['A1805IZSGTT6HS', 'Amazon.nl', 'NL', 'EUR', 'eu', 'nl_NL'],
  ['AMEN7PMS3EDWL', 'Amazon.com.be', 'BE', 'EUR', 'eu', 'fr_BE'],
  ['A2NODRKZP88ZB9', 'Amazon.se', 'SE', 'SEK', 'eu', 'sv_SE'],
  ['A1C3SOZRARQ6R3', 'Amazon.pl', 'PL', 'PLN', 'eu', 'pl_PL'],
  ['A33AVAJ2PDY3EV', 'Amazon.com.tr', 'TR', 'TRY', 'eu', 'tr_TR'],
  ['ARBP9OOSHTCHU', 'Amazon.eg', 'EG', 'EGP', 'eu', 'ar_AE'],
  ['A17E79C6D8DWNP', 'Amazon.sa', 'SA', 'SAR', 'eu', 'ar_AE'],
  ['A2VIGQ35RCS4UG', 'Amazon.ae', 'AE', 'AED', 'eu', 'en_AE'],
  ['A21TJRUUN4KGV', 'Amazon.in', 'IN', 'INR', 'eu', 'en_IN'],
  ['AE08WJ6YKNBMC', 'Amazon.co.za', 'ZA', 'ZAR', 'eu', 'en_ZA'],
  ['A1VC38T7YXB528', 'Amazon.co.jp', 'JP', 'JPY', 'fe', 'ja_JP'],
  ['A39IBJ37TRP1C6', 'Amazon.com.au', 'AU', 'AUD', 'fe', 'en_AU'],
  ['A19VAU5U5O7RUS', 'Amazon.sg', 'SG', 'SGD', 'fe', 'en_SG'],
] as const

export const simulatedMarketplaces: ReadonlyMap<string, SimulatedMarketplace> = new Map(
  rows.map(([id, name, country, currency, region, language]) => [
    id,
    { id, name, country, currency, region, language, domain: `www.${name.toLowerCase()}` },
  ]),
)

/** @throws Error for an id that is no marketplace: sellers are only made with known ones. */
export function marketplaceOf(id: string): SimulatedMarketplace {
  const found = simulatedMarketplaces.get(id)
  if (found === undefined) throw new Error(`${id} is not a marketplace`)
  return found
}
