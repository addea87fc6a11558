// What a connection's settings may be. Pure.
import type { JobKind } from '../jobs/cadences.ts'
import { type Refusal, refusal } from '../kit/errors.ts'

export type UnmappedPolicy = 'FAIL' | 'ACCEPT'

/** Those that stand in the connection's row. */
export interface StoredSettings {
  importOrders: boolean
  sendTrackingImmediately: boolean
  inventorySync: boolean
  /** Orders bought before this instant are skipped. */
  importFrom: Date
  unknownSku: UnmappedPolicy
  unknownShippingService: UnmappedPolicy
  /** Units of each SKU that the marketplace is not told of. */
  inventoryBuffer: number
  /** Of what is left after the buffer, 0 to 100. */
  inventoryPercent: number
  /** Hours of business days in which it is set up once everything needed is here. */
  turnaroundHours: number
}

/** Those that are the intervals of its cadences. */
export type IntervalName = 'orderImportMinutes' | 'trackingUpdateMinutes' | 'inventorySyncMinutes'
export type Settings = StoredSettings & Record<IntervalName, number>

export const kindOfInterval: Readonly<Record<IntervalName, JobKind>> = {
  orderImportMinutes: 'IMPORT_ORDERS',
  trackingUpdateMinutes: 'SEND_TRACKING',
  inventorySyncMinutes: 'SYNC_INVENTORY',
}

const ranges: Partial<Record<keyof Settings, readonly [least: number, most: number]>> = {
  orderImportMinutes: [5, 1440],
  trackingUpdateMinutes: [1, 1440],
  inventorySyncMinutes: [5, 1440],
  inventoryBuffer: [0, 1_000_000],
  inventoryPercent: [0, 100],
  turnaroundHours: [24, 720],
}

export type SettingsChange = { readonly [Name in keyof Settings]?: Settings[Name] | null }

/** The settings that differ from the present ones. What is left out or null stays. */
export function changedSettings(present: Settings, change: SettingsChange): Partial<Settings> {
  const names = Object.keys(present) as (keyof Settings)[]
  const differing = names.filter((name) => change[name] != null && plain(change[name]) !== plain(present[name]))
  return Object.fromEntries(differing.map((name) => [name, change[name]])) as Partial<Settings>
}

const plain = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value)

/** Numbers out of range. Asked of changes only: a form may send back an interval that was set by other means. */
export function refuseSettings(change: Partial<Settings>): Refusal[] {
  return (Object.keys(change) as (keyof Settings)[]).flatMap((name) => {
    const range = ranges[name]
    const value = change[name]
    if (range === undefined || typeof value !== 'number' || (value >= range[0] && value <= range[1])) return []
    return [refusal('INVALID', `${name} must be from ${range[0]} to ${range[1]}`, name)]
  })
}
