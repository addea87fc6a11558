// Every list, with values to ask each of its conditions for. A condition that is new is missing here until it is added: it does not compile.
import type pg from 'pg'
import { connectionUuid, customerUuid } from '../../bench/population.ts'
import { connectionsList } from '../../src/connections/connections.store.ts'
import { jobRunsList } from '../../src/connections/job-runs.store.ts'
import { skuMappingsList } from '../../src/connections/sku-mappings.store.ts'
import { customersList } from '../../src/customers/customers.store.ts'
import type { List } from '../../src/db/list.ts'
import { inventoryList, movementsList } from '../../src/inventory/inventory.store.ts'
import { deliveriesList } from '../../src/notifications/contacts.store.ts'
import { ordersList } from '../../src/orders/find-orders.ts'
import { importFailuresList } from '../../src/orders/import-failures.store.ts'
import { shipmentsList } from '../../src/shipments/shipments.store.ts'
import { webhookDeliveriesList } from '../../src/webhooks/deliveries.store.ts'

export interface Questions<Wanted extends object = object, Order extends string = string> {
  list: List<Wanted, Order>
  asked: { [Key in keyof Wanted]-?: readonly NonNullable<Wanted[Key]>[] }
  /** Somewhere in each order. */
  cursors: Readonly<Record<Order, string>>
  /** What the list hangs on. */
  always: Partial<Wanted>
}

// What is asked is as generic as the lists are: only here do both know of which.
const questions = <Wanted extends object, Order extends string>(
  list: List<Wanted, Order>, asked: Questions<Wanted, Order>['asked'], cursors: Questions<Wanted, Order>['cursors'], always: Partial<Wanted> = {},
): Questions => ({ list, asked, cursors, always }) as unknown as Questions

export const item = '00000000-0000-7000-8003-000000000007'
export const connectionIds = [[connectionUuid(7)], Array.from({ length: 50 }, (_, index) => connectionUuid(index * 4 + 1))]
export const customerIds = [[customerUuid(3)], [customerUuid(3), customerUuid(4)], [customerUuid(1)]]
export const warehouseIds = [['00000000-0000-7000-8002-000000000001'], ['00000000-0000-7000-8002-000000000001', '00000000-0000-7000-8002-000000000003']]
const marketplaceIds = [['A2EUQ1WTGCTBG2'], ['A2EUQ1WTGCTBG2', 'ATVPDKIKX0DER']]
const contact = '00000000-0000-7000-8009-000000000007'
const webhook = '00000000-0000-7000-800a-000000000007'
export const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000)
const instant = '2026-01-01T00:00:00.000Z'
const windows = [daysAgo(1), daysAgo(200)]

export const everyList: readonly Questions[] = [
  questions(ordersList, {
    searchUnnamed: ['1', 'sku-0', 'maya'],
    search: ['1', 'maya', 'Wilhelmina Achterberg', 'sku-0', '1z0000', 'load-', 'zzz', '%_'], sku: ['SKU-000001', 'sku-000333', 'none'], onHold: [true, false], cancelRequested: [true, false],
    statuses: [['OPEN'], ['CLOSED'], ['CANCELLED'], ['OPEN', 'CANCELLED'], ['OPEN', 'CLOSED']], trackingStatuses: [['REJECTED'], ['PENDING', 'UNCONFIRMED'], ['NOT_SENT'], ['ACCEPTED']],
    connectionIds, customerIds, warehouseIds, marketplaceIds,
    purchasedFrom: windows, purchasedBefore: windows, importedFrom: windows, importedBefore: windows, shipByBefore: windows,
  }, { IMPORTED_DESC: instant, IMPORTED_ASC: instant, PURCHASED_DESC: instant, PURCHASED_ASC: instant, SHIP_BY_ASC: 'infinity' }),
  questions(shipmentsList, {
    trackingNumber: ['1Z', '1Z00000000000', 'none'], trackingStatuses: [['REJECTED'], ['PENDING', 'NOT_SENT'], ['ACCEPTED']], connectionIds, customerIds, shippedFrom: windows, shippedBefore: windows,
  }, { SHIPPED_DESC: instant, SHIPPED_ASC: instant }),
  questions(importFailuresList, { states: [['OPEN'], ['DISMISSED', 'OPEN'], ['RESOLVED']], codes: [['INTERNAL'], ['SKU_UNMAPPED'], ['ADDRESS_MISSING', 'INTERNAL']], connectionIds }, { LAST_FAILED_DESC: instant }),
  questions(jobRunsList, { statuses: [['FAILED'], ['RUNNING', 'QUEUED'], ['SUCCEEDED']], kinds: [['IMPORT_ORDERS'], ['SYNC_INVENTORY'], ['SEND_TRACKING', 'IMPORT_ORDERS']], connectionIds }, { STARTED_DESC: instant }),
  questions(inventoryList, {
    search: ['sku-0000', 'sku', 'none'], customerIds, warehouseIds, belowAvailable: [5], listingStatuses: [['REJECTED'], ['EXCLUDED', 'REJECTED'], ['BEHIND'], ['IN_STEP', 'NEVER_PUSHED']],
  }, { SKU_ASC: 'SKU-000100', AVAILABLE_ASC: '3', UPDATED_DESC: instant }),
  questions(movementsList, { inventoryItemId: [item] }, { AT_DESC: instant }, { inventoryItemId: item }),
  questions(connectionsList, { search: ['conn', 'merchant-1', 'none'], customerIds, marketplaceIds, statuses: [['LIVE'], ['DISCONNECTED', 'PAUSED']] }, { NAME_ASC: 'C', CREATED_DESC: instant }),
  questions(customersList, { search: ['customer 1', 'c-3', 'none'] }, { NAME_ASC: 'C' }),
  questions(skuMappingsList, { connectionId: [connectionUuid(7)], search: ['sku-0', 'sku-00050', 'none'] }, { SELLER_SKU_ASC: 'SKU-000100' }, { connectionId: connectionUuid(7) }),
  questions(deliveriesList, { contactId: [contact] }, { CREATED_DESC: instant }, { contactId: contact }),
  questions(webhookDeliveriesList, { webhookId: [webhook] }, { CREATED_DESC: instant }, { webhookId: webhook }),
]

/** What 40 contacts and 40 webhooks, one of each customer, were told. */
export async function populateDeliveries(pool: pg.Pool): Promise<void> {
  const each = `FROM generate_series(1, 40) AS one, generate_series(1, 100) AS n`
  const of = (kind: string): string => `('00000000-0000-7000-${kind}-' || lpad(one::text, 12, '0'))::uuid`
  await pool.query(`INSERT INTO mails (customer_id, kind, recipient, subject, status, created_at, sent_at, next_attempt_at, contact_id, topics)
    SELECT ${of('8000')}, 'NOTIFICATION', 'ada@merchant.example', 'Orders', 'SENT', now() - n / 3 * interval '1 hour', now(), NULL, ${of('8009')}, '{ORDER_CREATED}' ${each}`)
  await pool.query(`INSERT INTO webhook_deliveries (customer_id, webhook_id, event_id, status, attempts, created_at)
    SELECT ${of('8000')}, ${of('800a')}, n, 'SENT', 1, now() - n / 3 * interval '1 hour' ${each}`)
  await pool.query('ANALYZE mails, webhook_deliveries')
}
