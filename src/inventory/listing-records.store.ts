// What is recorded of listings: taken, refused, read. Each statement takes any number of SKUs of one connection, each SKU once.
import { rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { strayed } from './listings.store.ts'

/** Whose listings they are. */
export interface Owner {
  connectionId: string
  customerId: string
}

// In the order of the SKU, so that two writers wait for each other and never in a circle.
const taken = statement(
  'recordListingsTaken',
  `INSERT INTO listings (connection_id, customer_id, seller_sku, pushed_quantity, pushed_at, status)
   SELECT $1, $2, "sellerSku", quantity, $4, 'IN_STEP' FROM json_to_recordset($3) AS given ("sellerSku" text, quantity int) ORDER BY "sellerSku"
   ON CONFLICT (connection_id, seller_sku) DO UPDATE SET pushed_quantity = excluded.pushed_quantity, pushed_at = excluded.pushed_at,
     status = 'IN_STEP', message = NULL, refused_at = NULL`,
)
/** `at`: when the marketplace took these quantities, or was seen to have them. */
export async function recordTaken(tx: Tx, { connectionId, customerId }: Owner, told: readonly { sellerSku: string; quantity: number }[], at: Date): Promise<void> {
  if (told.length > 0) await run(tx, taken, [connectionId, customerId, JSON.stringify(told), at])
}

const overtaken = statement('listingsTakenSince', 'SELECT seller_sku FROM listings WHERE connection_id = $1 AND seller_sku = ANY($2::text[]) AND pushed_at > $3')
/** Of these, the SKUs that the marketplace took a quantity of after that. */
export async function takenSince(tx: Tx, { connectionId }: Pick<Owner, 'connectionId'>, sellerSkus: readonly string[], since: Date): Promise<string[]> {
  return (await rows<{ sellerSku: string }>(tx, overtaken, [connectionId, sellerSkus, since])).map(({ sellerSku }) => sellerSku)
}

const unsure = statement('recordListingsUnsure', 'UPDATE listings SET pushed_quantity = NULL, pushed_at = NULL WHERE connection_id = $1 AND seller_sku = ANY($2::text[])')
/** Nobody knows which of two quantities the marketplace took last: they are told anew. */
export async function recordUnsure(tx: Tx, { connectionId }: Pick<Owner, 'connectionId'>, sellerSkus: readonly string[]): Promise<void> {
  if (sellerSkus.length > 0) await run(tx, unsure, [connectionId, sellerSkus])
}

// Each run tries a refused listing again, as it may have been mended over there; that it was not is no news.
const refused = statement(
  'recordListingsRefused',
  `WITH given AS (SELECT * FROM json_to_recordset($3) AS given ("sellerSku" text, message text)),
   known AS (SELECT seller_sku FROM listings JOIN given ON seller_sku = "sellerSku" WHERE connection_id = $1 AND status = 'REJECTED' AND listings.message = given.message),
   written AS (
     INSERT INTO listings (connection_id, customer_id, seller_sku, status, message, refused_at)
     SELECT $1, $2, "sellerSku", 'REJECTED', message, $4 FROM given ORDER BY "sellerSku"
     ON CONFLICT (connection_id, seller_sku) DO UPDATE SET status = 'REJECTED', message = excluded.message, refused_at = excluded.refused_at)
   SELECT "sellerSku" AS seller_sku FROM given WHERE "sellerSku" NOT IN (SELECT seller_sku FROM known)`,
)
/** The marketplace keeps what it took before. Answers the SKUs whose refusal is news: they were not refused in these words the last time. */
export async function recordRefused(tx: Tx, { connectionId, customerId }: Owner, told: readonly { sellerSku: string; message: string }[], at: Date): Promise<Set<string>> {
  if (told.length === 0) return new Set()
  return new Set((await rows<{ sellerSku: string }>(tx, refused, [connectionId, customerId, JSON.stringify(told), at])).map((row) => row.sellerSku))
}

/** What the marketplace showed of a SKU; `fulfilledBy` is null where it lists no such one. */
export interface Reading {
  sellerSku: string
  fulfilledBy: 'MERCHANT' | 'MARKETPLACE' | null
  quantity: number | null
}

// What was told of a SKU that the merchant does not ship there any more says nothing: should it return, it is told anew.
const read = statement(
  'recordListingsRead',
  `INSERT INTO listings AS listing (connection_id, customer_id, seller_sku, fulfilled_by, read_quantity, read_at)
   SELECT $1, $2, "sellerSku", "fulfilledBy", quantity, $4 FROM json_to_recordset($3) AS given ("sellerSku" text, "fulfilledBy" text, quantity int) ORDER BY "sellerSku"
   ON CONFLICT (connection_id, seller_sku) DO UPDATE SET fulfilled_by = excluded.fulfilled_by, read_quantity = excluded.read_quantity, read_at = excluded.read_at,
     pushed_quantity = CASE WHEN excluded.fulfilled_by = 'MERCHANT' THEN listing.pushed_quantity END,
     pushed_at = CASE WHEN excluded.fulfilled_by = 'MERCHANT' THEN listing.pushed_at END,
     mismatches = CASE WHEN ${strayed('listing', 'excluded')} THEN listing.mismatches + 1
       WHEN excluded.read_quantity < listing.pushed_quantity THEN listing.mismatches ELSE 0 END`,
)
export async function recordRead(tx: Tx, { connectionId, customerId }: Owner, readings: readonly Reading[], at: Date): Promise<void> {
  if (readings.length > 0) await run(tx, read, [connectionId, customerId, JSON.stringify(readings), at])
}

const waiting = statement(
  'recordListingsWaiting',
  `UPDATE listings SET message = $3 WHERE connection_id = $1 AND seller_sku = ANY($2::text[]) AND status <> 'REJECTED'`,
)
/** Why they are not told yet, for people; a refusal of a SKU's own says more. */
export async function recordWaiting(tx: Tx, { connectionId }: Owner, sellerSkus: readonly string[], message: string): Promise<void> {
  await run(tx, waiting, [connectionId, sellerSkus, message])
}

const forget = statement(
  'forgetListings',
  `UPDATE listings SET pushed_quantity = NULL, pushed_at = NULL, fulfilled_by = NULL
   FROM sku_mappings AS mapping
   WHERE listings.connection_id = $1 AND mapping.connection_id = $1 AND mapping.seller_sku = listings.seller_sku AND mapping.warehouse_sku = $2`,
)
/** What was told of a warehouse SKU's listings holds no longer: they are asked for and told anew. */
export async function forgetListings(tx: Tx, { connectionId }: Pick<Owner, 'connectionId'>, warehouseSku: string): Promise<void> {
  await run(tx, forget, [connectionId, warehouseSku])
}
