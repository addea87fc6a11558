// The simulator keeps its own list, so that a mistake in the adapter's table shows against it.
// Ids: developer-docs.amazon.com/sp-api/docs/marketplace-ids

export interface SimulatedMarketplace {
  id: string
  name: string
  country: string
  currency: string
}

const rows = [
  ['ATVPDKIKX0DER', 'Amazon.com', 'US', 'USD'],
  ['A2EUQ1WTGCTBG2', 'Amazon.ca', 'CA', 'CAD'],
  ['A1AM78C64UM0Y8', 'Amazon.com.mx', 'MX', 'MXN'],
  ['A2Q3Y263D00KWC', 'Amazon.com.br', 'BR', 'BRL'],
  ['A1F83G8C2ARO7P', 'Amazon.co.uk', 'GB', 'GBP'],
  ['A1PA6795UKMFR9', 'Amazon.de', 'DE', 'EUR'],
  ['A13V1IB3VIYZZH', 'Amazon.fr', 'FR', 'EUR'],
  ['APJ6JRA9NG5V4', 'Amazon.it', 'IT', 'EUR'],
  ['A1RKKUPIHCS9HS', 'Amazon.es', 'ES', 'EUR'],
  ['A28R8C7NBKEWEA', 'Amazon.ie', 'IE', 'EUR'],
  ['A1805IZSGTT6HS', 'Amazon.nl', 'NL', 'EUR'],
  ['AMEN7PMS3EDWL', 'Amazon.com.be', 'BE', 'EUR'],
  ['A2NODRKZP88ZB9', 'Amazon.se', 'SE', 'SEK'],
  ['A1C3SOZRARQ6R3', 'Amazon.pl', 'PL', 'PLN'],
  ['A33AVAJ2PDY3EV', 'Amazon.com.tr', 'TR', 'TRY'],
  ['ARBP9OOSHTCHU', 'Amazon.eg', 'EG', 'EGP'],
  ['A17E79C6D8DWNP', 'Amazon.sa', 'SA', 'SAR'],
  ['A2VIGQ35RCS4UG', 'Amazon.ae', 'AE', 'AED'],
  ['A21TJRUUN4KGV', 'Amazon.in', 'IN', 'INR'],
  ['AE08WJ6YKNBMC', 'Amazon.co.za', 'ZA', 'ZAR'],
  ['A1VC38T7YXB528', 'Amazon.co.jp', 'JP', 'JPY'],
  ['A39IBJ37TRP1C6', 'Amazon.com.au', 'AU', 'AUD'],
  ['A19VAU5U5O7RUS', 'Amazon.sg', 'SG', 'SGD'],
] as const

export const simulatedMarketplaces: ReadonlyMap<string, SimulatedMarketplace> = new Map(
  rows.map(([id, name, country, currency]) => [id, { id, name, country, currency }]),
)

/** @throws Error for an id that is no marketplace: sellers are only made with known ones. */
export function marketplaceOf(id: string): SimulatedMarketplace {
  const found = simulatedMarketplaces.get(id)
  if (found === undefined) throw new Error(`${id} is not a marketplace`)
  return found
}
