import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import { days, shifted } from '../kit/clock.ts'
import type { Log } from '../observability/log.ts'
import { keepMails } from './mails.store.ts'
import { PATIENCE } from './sending.ts'

/** Bodies are read for so long; that something was sent is known for longer. */
const [BODIES_KEPT_DAYS, ROWS_KEPT_DAYS] = [30, 365]

/** Gives up what could not be sent in time, and removes what is old. */
export async function keepMail({ pool }: Database, now: Date, log: Log): Promise<void> {
  const before = { waiting: shifted(now, -PATIENCE), bodies: shifted(now, -days(BODIES_KEPT_DAYS)), rows: shifted(now, -days(ROWS_KEPT_DAYS)) }
  const givenUp = await transaction(pool, (tx) => keepMails(tx, before))
  if (givenUp > 0) log.warn({ mails: givenUp }, 'mails were given up: nothing could send them in three days')
}
