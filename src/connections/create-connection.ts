import type { Tx } from '../db/transaction.ts'
import { type JobKind, jobKinds } from '../jobs/cadences.ts'
import { defaultCadenceSeconds } from './cadence.ts'
import { deriveCadences, insertCadences } from './cadences.store.ts'
import { type ConnectionRow, insertConnection, type NewConnection } from './connections.store.ts'

export interface CadenceOptions {
  /** Seconds between runs; the defaults of cadence.ts for kinds left out. */
  cadenceSeconds?: Partial<Record<JobKind, number>>
  /** All cadences fall due at once, as a demonstration wants it; otherwise they are spread over their interval. */
  firstRunNow?: boolean
}

/**
 * A connection with its cadences, which run once it is LIVE. Its credentials and mappings are the caller's to add, in the same
 * transaction.
 * @throws the database's 23505 where another connection has the same marketplace and merchant.
 */
export async function createConnection(tx: Tx, connection: NewConnection, options: CadenceOptions = {}): Promise<ConnectionRow> {
  const row = await insertConnection(tx, connection)
  const cadences = jobKinds.map((kind) => ({ kind, every: options.cadenceSeconds?.[kind] ?? defaultCadenceSeconds[kind] }))
  await insertCadences(tx, row, cadences, options.firstRunNow ?? false)
  await deriveCadences(tx, [row.id])
  return row
}
