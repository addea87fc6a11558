// When a connection's recurring jobs fall due. Pure: cadences.store.ts keeps the rows.
import { createHash } from 'node:crypto'
import type { JobKind } from '../jobs/cadences.ts'

export const defaultCadenceSeconds: Readonly<Record<JobKind, number>> = {
  IMPORT_ORDERS: 15 * 60,
  SWEEP_ORDERS: 24 * 3600,
  SEND_TRACKING: 60 * 60,
  CONFIRM_TRACKING: 10 * 60,
  SYNC_INVENTORY: 60 * 60,
}

/**
 * Seconds until a new cadence's first run: from 0 up to its interval, always the same for a connection and kind, and evenly
 * spread over connections, so that ten thousand of them never fall due together.
 */
export function firstRunAfter(connectionId: string, kind: JobKind, everySeconds: number): number {
  const hash = createHash('sha256').update(`${connectionId} ${kind}`).digest()
  return (hash.readUInt32BE(0) / 2 ** 32) * everySeconds
}

/** An interval as the contract shows it: whole minutes, the demonstration's 30 seconds as 1. */
export const toMinutes = (everySeconds: number): number => Math.ceil(everySeconds / 60)
