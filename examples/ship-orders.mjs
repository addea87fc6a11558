// Ships the three most urgent orders, and waits until the marketplace has their tracking. `npm start`, wait until somebody has bought
// (some minutes on a new demonstration), then in another terminal `node examples/ship-orders.mjs`.
import { randomInt, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createClient, EventCursorDocument, FindOrdersDocument, GatewayError, PreviewShipAndCloseDocument, ShipAndCloseDocument, WatchEventsDocument } from 'cartage/client'
import { createSubscriber } from 'cartage/client/subscribe'
import WebSocket from 'ws'

const url = process.env.CARTAGE_URL ?? 'http://127.0.0.1:4000/graphql'
const token = process.env.CARTAGE_TOKEN ?? (await readFile(new URL('../.cartage/admin-token', import.meta.url), 'utf8')).trim()
const { request } = createClient({ url, token })
const { subscribe } = createSubscriber({ url, token, webSocketImpl: WebSocket })

try {
  await shipOrders()
} catch (error) {
  if (!(error instanceof GatewayError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}

async function shipOrders() {
  const { orders } = await request(FindOrdersDocument, {
    filter: { statuses: ['OPEN'], onHold: false, cancelRequested: false, marketplaceIds: ['ATVPDKIKX0DER'] }, orderBy: 'SHIP_BY_ASC', first: 3,
  })
  if (orders.nodes.length === 0) throw new GatewayError({ code: 'NOTHING_OPEN', message: 'no order is open on amazon.com; try again in a minute' })
  for (const { number, shipBy, lines } of orders.nodes) console.log(`open      ${number}  by ${shipBy ?? 'any day'}  ${lines.map((line) => `${line.quantity} ${line.warehouseSku}`).join(', ')}`)

  const input = {
    idempotencyKey: randomUUID(), // made once: were the answer lost, the same call would answer the same and ship nothing twice
    orders: orders.nodes.map(({ id, version }) => ({ orderId: id, expectedVersion: version, routing: { trackingNumber: trackingNumber() } })),
    routing: { carrier: 'UPS', scac: 'UPSN', service: 'Ground' },
    charges: [{ code: 'PALLET', amount: { amount: '10.00', currencyCode: 'USD' } }],
    applyCharges: /** @type {const} */ ('DIVIDED_EVENLY'),
  }
  const { shipAndClosePreview: preview } = await request(PreviewShipAndCloseDocument, { input })
  for (const { order, additionalCharges: [pallet], totalCharges, userErrors } of preview.results) {
    console.log(`preview   ${order?.number}  pallet ${pallet?.amount.amount}, in all ${totalCharges?.amount} ${totalCharges?.currencyCode}`)
    complain(userErrors)
  }

  const { eventCursor } = await request(EventCursorDocument) // before the call, so that nothing that follows from it is missed
  const { shipAndClose } = await request(ShipAndCloseDocument, { input })
  complain(shipAndClose.userErrors)
  for (const { order, userErrors } of shipAndClose.results) {
    console.log(`${order?.status.toLowerCase().padEnd(9)} ${order?.number}`)
    complain(userErrors)
  }

  const waiting = new Set(shipAndClose.results.flatMap(({ shipments }) => shipments.map(({ id }) => id)))
  if (waiting.size > 0) console.log('waiting until the marketplace has the tracking')
  const types = /** @type {const} */ (['TRACKING_ACCEPTED', 'TRACKING_REJECTED'])
  for await (const event of waiting.size > 0 ? subscribe(WatchEventsDocument, { filter: { types: [...types] }, after: eventCursor }) : []) {
    if (!('shipment' in event) || !waiting.delete(event.shipment.id)) continue
    const { order, tracking } = event.shipment
    console.log(`${tracking.status.toLowerCase().padEnd(9)} ${order.number}${tracking.message === null ? '' : `  ${tracking.message}`}`)
    if (waiting.size === 0) break
  }
}

/** @param {readonly { code: string, message: string, field?: readonly string[] | null }[]} userErrors */
function complain(userErrors) {
  for (const { code, field, message } of userErrors) console.log(`  ${code} at ${field?.join('.') ?? 'input'}: ${message}`)
}

/** One that UPS could have given: its last digit checks the others. */
function trackingNumber() {
  const digits = Array.from({ length: 15 }, () => randomInt(10))
  const sum = digits.reduce((sum, digit, index) => sum + digit * (1 + (index % 2)), 0)
  return `1Z${digits.join('')}${(10 - (sum % 10)) % 10}`
}
