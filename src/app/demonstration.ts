import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { createConnection } from '../connections/create-connection.ts'
import { saveAuthorization } from '../connections/authorizations.ts'
import { upsertSkuMappings } from '../connections/sku-mappings.store.ts'
import { createCustomer } from '../customers/create-customer.ts'
import { createWarehouse } from '../customers/create-warehouse.ts'
import type { Database } from '../db/client.ts'
import { one, statement } from '../db/sql.ts'
import { receiveInventory } from '../inventory/receive-inventory.ts'
import { type Clock, days, shifted } from '../kit/clock.ts'
import type { Refusal } from '../kit/errors.ts'
import { toId } from '../kit/ids.ts'
import { writeCredentials } from '../marketplaces/amazon/credentials.ts'
import { type DemoSeller, demoSellers } from '../marketplaces/amazon/simulator/demo-sellers.ts'
import type { Log } from '../observability/log.ts'

const SEED = 7_420_002 // advisory lock key: two processes that start on an empty database seed it once
const EVERY_SECONDS = 30
const STOCK = 2000

/** What each of the demonstration's two merchants is to the warehouse. */
const customers = [
  { name: 'Harbor & Kiln', reference: 'HARBOR-KILN', connection: 'Harbor & Kiln on amazon.com', currency: 'USD' },
  { name: 'Harbour & Kiln UK', reference: 'HARBOUR-KILN-UK', connection: 'Harbour & Kiln on amazon.co.uk', currency: 'GBP' },
] as const

const warehouse = {
  name: 'Riverside', code: 'RIV', timeZone: 'America/Chicago',
  address: { company: 'Riverside Fulfillment', line1: '400 Levee Road', city: 'Memphis', region: 'TN', postalCode: '38103', countryCode: 'US' },
}

const anything = statement('anyCustomer', 'SELECT 1 FROM customers LIMIT 1')

/**
 * One warehouse and two merchants with live connections to the simulator, stock and charge rules. Does nothing where the database
 * has a customer already: true if it seeded.
 */
export async function seedDemonstration({ db, sealer, clock, log }: { db: Database; sealer: Sealer; clock: Clock; log: Log }): Promise<boolean> {
  const lock = await db.pool.connect()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [SEED])
    if ((await one(db.pool, anything)) !== null) return false
    const scope: Scope = { tenant: null, actor: { id: 'demonstration', name: 'demonstration', role: 'ADMIN' }, db, clock, log, requestId: 'demonstration' }
    const { warehouse: made } = done(await createWarehouse(scope, warehouse))
    for (const [index, seller] of demoSellers.entries()) await seedSeller(scope, sealer, made.id, seller, customers[index]!)
    log.info('seeded the demonstration')
    return true
  } finally {
    lock.release(true) // ends the session, and with it the lock
  }
}

async function seedSeller(scope: Scope, sealer: Sealer, warehouseId: string, seller: DemoSeller, its: (typeof customers)[number]): Promise<void> {
  const rule = (code: string, description: string, amount: string, basis: 'ORDER' | 'UNIT') => ({ code, description, amount: { amount, currencyCode: its.currency }, basis })
  const { customer } = done(await createCustomer(scope, {
    ...its, chargeRules: [rule('HANDLING', 'Order handling', '2.50', 'ORDER'), rule('PICK', 'Pick and pack, each item', '0.35', 'UNIT')],
  }))
  const products = seller.products.filter((product) => product.fulfilledBy === 'MERCHANT')
  done(await receiveInventory(scope, {
    customerId: toId('Customer', customer.id), warehouseId: toId('Warehouse', warehouseId), reference: 'ASN-0001',
    items: products.map(({ sellerSku, title }) => ({ sku: sellerSku, title, quantity: STOCK })),
  }))
  await changing(scope, async (tx) => {
    const connection = await createConnection(
      tx,
      {
        customerId: customer.id, warehouseId, name: its.connection, channel: 'amazon', marketplaceId: seller.marketplaceId, merchantId: seller.merchantId,
        status: 'LIVE', importFrom: shifted(scope.clock(), -days(30)), sendTrackingImmediately: true,
      },
      { cadenceSeconds: { IMPORT_ORDERS: EVERY_SECONDS, SEND_TRACKING: EVERY_SECONDS, CONFIRM_TRACKING: EVERY_SECONDS }, firstRunNow: true },
    )
    await saveAuthorization(tx, sealer, connection, {
      merchantId: seller.merchantId, credentials: writeCredentials({ refreshToken: seller.refreshToken }), expiresAt: shifted(scope.clock(), days(365)),
    })
    await upsertSkuMappings(tx, connection, products.map(({ sellerSku }) => ({ sellerSku, warehouseSku: sellerSku, unitsPerItem: 1 })))
  })
}

function done<T extends object>(result: T | { refusals: Refusal[] }): Exclude<T, { refusals: Refusal[] }> {
  if ('refusals' in result) throw new Error(`the demonstration does not fit: ${result.refusals.map((one) => one.message).join('; ')}`)
  return result as Exclude<T, { refusals: Refusal[] }>
}
