import { Link } from 'wouter'
import type { OrderRowFragment as Order } from '../../generated/documents.ts'
import type { GridColumn } from '../../grid/columns.ts'
import { dateTime, fromNow, longDateTime, money, title } from '../../kit/format.ts'
import { OrderTags, TrackingTag, trackingWord } from '../../kit/tags.tsx'

const text = (value: string | null | undefined): string => value ?? ''
const items = ({ lines }: Order): string => lines.map(({ quantity, warehouseSku }) => `${quantity} × ${warehouseSku}`).join(', ')
const placeOf = ({ shipTo: { city, region, countryCode } }: Order): string => [city, region, countryCode].filter((part) => part !== null && part !== '').join(', ')
const states = (order: Order): string => [title(order.status), ...(order.cancelRequested ? ['Cancel requested'] : []), ...(order.holds.length > 0 ? ['On hold'] : [])].join(', ')

/** Late, or nearly. */
export function urgency({ status, shipBy }: Pick<Order, 'status' | 'shipBy'>, now = Date.now()): 'bad' | 'warn' | '' {
  if (status !== 'OPEN' || shipBy === null) return ''
  const left = new Date(shipBy).getTime() - now
  return left < 0 ? 'bad' : left < 4 * 3_600_000 ? 'warn' : ''
}

const plain = (id: string, name: string, size: number, of: (order: Order) => string, more: Partial<GridColumn<Order>> = {}): GridColumn<Order> => ({ id, name, size, text: of, cell: (order) => <span title={of(order)}>{of(order)}</span>, ...more })
const instant = (id: string, name: string, of: (order: Order) => string | null, more: Partial<GridColumn<Order>> = {}): GridColumn<Order> => ({
  id, name, size: 112,
  text: (order) => text(of(order)),
  cell: (order, zone) => (of(order) === null ? null : <span className="at" title={longDateTime(of(order)!, order.warehouse.timeZone ?? zone)}>{dateTime(of(order)!, order.warehouse.timeZone ?? zone)}</span>),
  ...more,
})

export const orderColumns: readonly GridColumn<Order>[] = [
  { id: 'number', name: 'Order', size: 172, text: ({ number }) => number, cell: ({ id, number }) => <span><Link className="plain mono" href={`/orders/${id}`} tabIndex={-1}>{number}</Link></span> },
  { id: 'state', name: 'State', size: 150, text: states, cell: (order) => <OrderTags order={order} /> },
  {
    id: 'shipBy', name: 'Ship by', size: 118, text: ({ shipBy }) => text(shipBy),
    cell: (order, zone) => (order.shipBy === null ? <span className="dim">No promise</span> : <span className={`at ${urgency(order)}`} title={`${longDateTime(order.shipBy, order.warehouse.timeZone ?? zone)}, ${fromNow(order.shipBy)}`}>{dateTime(order.shipBy, order.warehouse.timeZone ?? zone)}</span>),
  },
  plain('customer', 'Customer', 150, ({ customer }) => customer.name),
  plain('shipTo', 'Ship to', 150, ({ shipTo }) => (shipTo.redacted ? 'Removed' : [shipTo.name, shipTo.company].filter(Boolean).join(', '))),
  plain('place', 'Place', 170, placeOf),
  plain('items', 'Items', 220, items),
  plain('units', 'Units', 60, ({ units }) => String(units), { numeric: true }),
  plain('charges', 'Charges', 92, ({ chargesTotal }) => (chargesTotal === null ? '' : money(chargesTotal)), { numeric: true }),
  plain('service', 'Routing', 150, ({ routing: { carrier, service } }) => [carrier, service].filter(Boolean).join(' · ')),
  {
    id: 'tracking', name: 'Tracking', size: 158, text: ({ shipments }) => shipments.map(({ tracking, routing }) => `${text(routing.trackingNumber)} ${trackingWord(tracking.status)}`.trim()).join('; '),
    cell: ({ shipments }) => (shipments.length === 0 ? null : <><TrackingTag status={shipments.find(({ tracking }) => tracking.status === 'REJECTED')?.tracking.status ?? shipments.at(-1)!.tracking.status} />{shipments.length > 1 ? <span className="dim">{shipments.length}</span> : null}</>),
  },
  instant('importedAt', 'Imported', ({ importedAt }) => importedAt),
  instant('purchasedAt', 'Bought', ({ purchasedAt }) => purchasedAt, { hidden: true }),
  instant('closedAt', 'Closed', ({ closedAt }) => closedAt, { hidden: true }),
  plain('connection', 'Connection', 190, ({ connection }) => connection.name, { hidden: true }),
  plain('marketplace', 'Marketplace', 120, ({ marketplace }) => marketplace.name, { hidden: true }),
  plain('marketplaceStatus', 'Marketplace says', 140, ({ marketplaceStatus }) => marketplaceStatus, { hidden: true }),
  plain('shippingService', 'Bought shipping', 140, ({ shippingService }) => text(shippingService), { hidden: true }),
  plain('postalCode', 'Postal code', 90, ({ shipTo }) => text(shipTo.postalCode), { hidden: true }),
  plain('total', 'Order value', 92, ({ total }) => (total === null ? '' : money(total)), { numeric: true, hidden: true }),
  plain('trackingNumber', 'Tracking number', 180, ({ routing }) => text(routing.trackingNumber), { hidden: true }),
  plain('scac', 'SCAC', 64, ({ routing }) => text(routing.scac), { hidden: true }),
  plain('warehouse', 'Warehouse', 90, ({ warehouse }) => warehouse.code, { hidden: true }),
]
