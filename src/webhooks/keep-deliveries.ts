import type { Database } from '../db/client.ts'
import { days, shifted } from '../kit/clock.ts'
import { removeDeliveriesBefore } from './deliveries.store.ts'

const KEPT_DAYS = 30
const AT_A_TIME = 10_000

/** Removes what is old from the log of deliveries, a part at a time. */
export async function keepDeliveries({ pool }: Database, now: Date): Promise<void> {
  while ((await removeDeliveriesBefore(pool, shifted(now, -days(KEPT_DAYS)), AT_A_TIME)) === AT_A_TIME) { /* the next part */ }
}
