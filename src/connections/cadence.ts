// How often a connection's recurring jobs fall due. Pure: cadences.store.ts keeps the rows.
import type { JobKind } from '../jobs/cadences.ts'

export const defaultCadenceSeconds: Readonly<Record<JobKind, number>> = {
  IMPORT_ORDERS: 15 * 60,
  SWEEP_ORDERS: 24 * 3600,
  SEND_TRACKING: 60 * 60,
  CONFIRM_TRACKING: 10 * 60,
  SYNC_INVENTORY: 60 * 60,
}

/** An interval as the contract shows it: whole minutes, the demonstration's 30 seconds as 1. */
export const toMinutes = (everySeconds: number): number => Math.ceil(everySeconds / 60)
