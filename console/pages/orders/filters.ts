// The filter of Find Orders as the address bar has it, and as the contract takes it.
import type { OrderFilter, OrderOrder, OrderStatus, TrackingStatus } from '../../generated/documents.ts'
import { instantOf, startOfDay } from '../../kit/format.ts'

export const statuses: OrderStatus[] = ['OPEN', 'CLOSED', 'CANCELLED']
export const trackings: TrackingStatus[] = ['PENDING', 'UNCONFIRMED', 'ACCEPTED', 'REJECTED', 'NOT_SENT']
export const sorts: { value: OrderOrder; label: string }[] = [
  { value: 'SHIP_BY_ASC', label: 'Most urgent first' },
  { value: 'IMPORTED_DESC', label: 'Last imported first' },
  { value: 'IMPORTED_ASC', label: 'First imported first' },
  { value: 'PURCHASED_DESC', label: 'Last bought first' },
  { value: 'PURCHASED_ASC', label: 'First bought first' },
]

/** Names as in the address. */
export type Name = 'q' | 'status' | 'customer' | 'connection' | 'hold' | 'cancel' | 'tracking' | 'sku' | 'ship' | 'importedFrom' | 'importedTo' | 'boughtFrom' | 'boughtTo' | 'sort'
const names: readonly Name[] = ['q', 'status', 'customer', 'connection', 'hold', 'cancel', 'tracking', 'sku', 'ship', 'importedFrom', 'importedTo', 'boughtFrom', 'boughtTo', 'sort']
export type Asked = Partial<Record<Name, string>>

export const read = (search: string): Asked => {
  const parameters = new URLSearchParams(search)
  return Object.fromEntries(names.flatMap((name) => (parameters.get(name) === null ? [] : [[name, parameters.get(name)!]])))
}

export const write = (asked: Asked): string => {
  const parameters = new URLSearchParams()
  for (const name of names) if (asked[name] !== undefined && asked[name] !== '') parameters.set(name, asked[name])
  return parameters.toString()
}

const list = (value: string | undefined): string[] | undefined => (value === undefined || value === '' ? undefined : value.split(','))

/** Of what was left out, open orders, the most urgent first. */
export function filterOf(asked: Asked, zone: string, now = new Date()): { filter: OrderFilter; orderBy: OrderOrder } {
  const status = asked.status === undefined ? (['OPEN'] satisfies OrderStatus[]) : asked.status === 'all' ? undefined : (list(asked.status) as OrderStatus[])
  const day = (value: string | undefined, days = 0): string | undefined => (value === undefined || !/^\d{4}-\d\d-\d\d$/.test(value) ? undefined : startOfDay(zone, days, new Date(instantOf(`${value}T12:00`, zone))))
  const filter: OrderFilter = {
    statuses: status,
    search: asked.q?.trim() === '' ? undefined : asked.q?.trim(),
    customerIds: list(asked.customer),
    connectionIds: list(asked.connection),
    onHold: asked.hold === undefined ? undefined : asked.hold === '1',
    cancelRequested: asked.cancel === undefined ? undefined : asked.cancel === '1',
    trackingStatuses: list(asked.tracking) as TrackingStatus[] | undefined,
    sku: asked.sku,
    // To the minute, so that the same question is the same.
    shipByBefore: asked.ship === 'now' ? new Date(Math.floor(now.getTime() / 60_000) * 60_000).toISOString() : asked.ship === 'today' ? startOfDay(zone, 1, now) : asked.ship === 'tomorrow' ? startOfDay(zone, 2, now) : undefined,
    importedFrom: day(asked.importedFrom),
    importedBefore: day(asked.importedTo, 1),
    purchasedFrom: day(asked.boughtFrom),
    purchasedBefore: day(asked.boughtTo, 1),
  }
  return { filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)), orderBy: sorts.find(({ value }) => value === asked.sort)?.value ?? 'SHIP_BY_ASC' }
}

export interface View {
  name: string
  search: string
}

export const builtIn: readonly View[] = [
  { name: 'To ship', search: '' },
  { name: 'Due today', search: 'ship=today' },
  { name: 'Late', search: 'ship=now' },
  { name: 'On hold', search: 'hold=1' },
  { name: 'Cancel requested', search: 'cancel=1' },
  { name: 'Tracking rejected', search: 'status=all&tracking=REJECTED&sort=IMPORTED_DESC' },
  { name: 'Shipped', search: 'status=CLOSED&sort=IMPORTED_DESC' },
  { name: 'All', search: 'status=all&sort=IMPORTED_DESC' },
]
