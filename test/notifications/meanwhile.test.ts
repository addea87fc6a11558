// What happens while somebody is being told: other workers, workers that are cut, contacts that change their mind.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Scope } from '../../src/auth/scope.ts'
import { Signer } from '../../src/auth/signer.ts'
import { createConnection } from '../../src/connections/create-connection.ts'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import { type Database, openDatabase } from '../../src/db/client.ts'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import type { EventType } from '../../src/events/catalogue.ts'
import { days, minutes, seconds, shifted } from '../../src/kit/clock.ts'
import { newUuid, toId } from '../../src/kit/ids.ts'
import { MailPump } from '../../src/mail/send-mails.ts'
import type { ContactInput } from '../../src/notifications/contact.ts'
import { NotificationPump } from '../../src/notifications/notify.ts'
import { saveContact } from '../../src/notifications/save-contact.ts'
import { stopBounced } from '../../src/notifications/stop-contact.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { isAllTold } from '../support/told.ts'

/** Holds a worker in the middle of telling somebody. */
class SlowSigner extends Signer {
  #go = (): void => {}
  readonly #released = new Promise<void>((resolve) => (this.#go = resolve))
  held = false
  override async sign(...what: Parameters<Signer['sign']>): Promise<string> {
    this.held = true
    await this.#released
    return super.sign(...what)
  }
  release(): void {
    this.#go()
  }
}

const key = new Uint8Array(32)
const log = createLog('silent')
let now = new Date('2027-06-01T12:00:30Z')
const clock = (): Date => now
let database: TestDatabase
let db: Database
let smtp: TestSmtp
let scope: Scope
let pumps: [NotificationPump, MailPump]
beforeAll(async () => {
  ;[database, smtp] = [await createDatabase(), await startSmtp()]
  db = openDatabase(database.config, () => {})
  scope = { tenant: null, actor: { id: 'test', name: 'Ada', role: 'ADMIN' }, db, clock, log, requestId: 'test' }
  pumps = [notifier(new Signer([key])), new MailPump({ db, clock, log, metrics: new Metrics(), server: smtp.url, from: 'Riverside <gateway@riverside.example>', bounced: async () => {} })]
})
afterAll(async () => {
  await Promise.all(pumps.map((one) => one.stop(1000)))
  await Promise.all([db.close(), smtp.stop()])
  await database.drop()
})

const notifier = (signer: Signer): NotificationPump => new NotificationPump({ db, clock, log, signer, publicUrl: () => 'https://gateway.example' })
/** All is told, and no worker looks at the clock from here on. */
async function settled(): Promise<void> {
  await expect.poll(async () => {
    await Promise.all(pumps.map((one) => one.tick()))
    return isAllTold(db, now)
  }, { interval: 10 }).toBe(true)
  await pumps[0].stop()
  pumps[0] = notifier(new Signer([key]))
}
async function passed(ms: number): Promise<void> {
  await settled()
  now = shifted(now, ms)
  await settled()
}

let made = 0
async function someone(more: Partial<ContactInput> = {}) {
  await settled()
  const number = ++made
  const contact: ContactInput = { email: `ada-${number}@merchant.example`, topics: ['ORDER_CREATED', 'CONNECTION_ATTENTION'], timeZone: 'UTC', ...more }
  const party = await createCustomer(scope, { name: `Kiln ${number}` })
  const dock = await createWarehouse(scope, { name: 'Dock', code: `W-${number}`, timeZone: 'UTC', address: { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in party || 'refusals' in dock) throw new Error('not made')
  const { id: connectionId, customerId } = await transaction(db.pool, (tx) => createConnection(tx, { customerId: party.customer.id, warehouseId: dock.warehouse.id, name: 'Kiln', channel: 'amazon', marketplaceId: 'ATVPDKIKX0DER', merchantId: `A${number}`, status: 'LIVE' }))
  const save = async (change: Partial<ContactInput> & { active?: boolean }, id?: string): Promise<string> => {
    const saved = await saveContact(scope, { connectionId: toId('Connection', connectionId), contact: { ...contact, ...change }, ...(id === undefined ? {} : { id: toId('NotificationContact', id) }) })
    if ('refusals' in saved) throw new Error(JSON.stringify(saved.refusals))
    return saved.contact.id
  }
  const id = await save({})
  return {
    id,
    change: (change: Partial<ContactInput> & { active?: boolean }) => save(change, id),
    happen: (type: EventType, count = 1) => transaction(db.pool, (tx) => appendEvents(tx, Array.from({ length: count }, () => ({ type, customerId, connectionId, summary: type, ...(type === 'ORDER_IMPORTED' ? { orderId: newUuid() } : {}) })))),
    /** Somebody else of the same connection; their mails' subjects. */
    async joinedBy(email: string): Promise<() => string[]> {
      await save({ email })
      return () => smtp.mails.filter(({ to }) => to.includes(email)).map(({ headers }) => headers['subject']!)
    },
    subjects: () => smtp.mails.filter(({ to }) => to.includes(contact.email)).map(({ headers }) => headers['subject']!),
  }
}
const isGathered = async (): Promise<boolean> =>
  (await db.pool.query<{ done: boolean }>('SELECT NOT EXISTS (SELECT FROM events, event_readers AS reader WHERE (events.xid, events.id) > (reader.xid, reader.id)) AS done')).rows[0]!.done
const isAnyWaiting = async (): Promise<boolean> =>
  (await db.pool.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).rowCount! > 0
const ordersIn = (subject: string): number => Number(/(\d+) orders have arrived/.exec(subject)?.[1] ?? 1)
const cut = (which: string): Promise<unknown> => db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${which}`)

/** A gatherer that waits, with what it has read, until `release`. */
async function heldGatherer(contactId: string): Promise<{ gatherer: NotificationPump; release: () => Promise<void> }> {
  const holder = await db.pool.connect()
  let held = true
  const release = async (): Promise<void> => {
    if (!held) return
    held = false
    await holder.query('ROLLBACK')
    holder.release()
  }
  onTestFinished(release) // else it would hold back the events of every database of this server
  await holder.query('BEGIN')
  await holder.query('SELECT FROM contact_incidents WHERE contact_id = $1 FOR UPDATE', [contactId])
  const gatherer = notifier(new Signer([key]))
  // Again and again: a transaction of another file's database, too, holds back what is new.
  await expect.poll(async () => {
    await gatherer.tick()
    return isAnyWaiting()
  }).toBe(true)
  return { gatherer, release }
}

test('what another worker gathers while a contact is being told is told next', async () => {
  const [ada, ben, carl] = [await someone(), await someone(), await someone()]
  for (const one of [ada, ben, carl]) await one.happen('ORDER_IMPORTED', 1)
  await passed(seconds(25))
  for (const one of [ada, ben]) await one.happen('ORDER_IMPORTED', 2)
  await settled()
  for (const one of [ada, carl]) await one.happen('ORDER_IMPORTED', 3)
  const { gatherer, release } = await heldGatherer(carl.id)
  now = shifted(now, seconds(25))
  const signer = new SlowSigner([key])
  const teller = notifier(signer)
  await teller.tick()
  await expect.poll(() => signer.held).toBe(true)
  await release()
  await expect.poll(isGathered).toBe(true)
  signer.release()
  await Promise.all([teller.stop(), gatherer.stop()])
  await passed(seconds(25))
  expect([ada, ben, carl].map((one) => one.subjects().map(ordersIn).reduce((sum, count) => sum + count, 0))).toEqual([6, 3, 4])
})

test('a worker that is cut while it tells has told nobody; another does, once', async () => {
  const ada = await someone()
  await ada.happen('ORDER_IMPORTED', 4)
  await settled()
  now = shifted(now, seconds(25))
  const signer = new SlowSigner([key])
  const teller = notifier(signer)
  await teller.tick()
  await expect.poll(() => signer.held).toBe(true)
  await cut(`state = 'idle in transaction'`)
  signer.release()
  await teller.stop()
  expect(ada.subjects()).toEqual([])
  await passed(seconds(25))
  expect(ada.subjects()).toEqual([expect.stringMatching(/4 orders have arrived/)])
})

test('a worker that is cut while it gathers has read nothing; another does, once', async () => {
  const ada = await someone()
  await ada.happen('ORDER_IMPORTED', 1)
  await passed(seconds(25))
  await ada.happen('ORDER_IMPORTED', 5)
  const { gatherer, release } = await heldGatherer(ada.id)
  await cut(`wait_event_type = 'Lock'`)
  await gatherer.stop()
  expect(await isGathered()).toBe(false)
  await release()
  await passed(seconds(25))
  expect(ada.subjects().slice(1)).toEqual([expect.stringMatching(/5 orders have arrived/)])
})

test('whoever joins, or comes back, is told what comes from then on, and not what others were told before', async () => {
  const ada = await someone()
  await ada.happen('ORDER_IMPORTED', 4)
  await passed(seconds(25))
  const ben = await ada.joinedBy('ben@merchant.example')
  await ada.change({ active: false })
  await ada.change({ active: true })
  await ada.happen('ORDER_IMPORTED', 1)
  await passed(minutes(45))
  expect(ben().map(ordersIn)).toEqual([1])
  expect(ada.subjects().map(ordersIn)).toEqual([4, 1])
})

test('what waits for a contact that is turned off does not go, and the mails of an address that was put right do not turn it off', async () => {
  const [ada, ben] = [await someone(), await someone()]
  for (const one of [ada, ben]) await one.happen('ORDER_IMPORTED', 1)
  await settled()
  now = shifted(now, seconds(25))
  // Told, and nothing is sent yet.
  await expect.poll(async () => {
    await pumps[0].tick()
    return (await db.pool.query('SELECT FROM mails WHERE contact_id = ANY($1)', [[ada.id, ben.id]])).rowCount
  }).toBe(2)
  await ada.change({ active: false })
  await ben.change({ email: 'right@merchant.example' })
  const { rows: [late] } = await db.pool.query<{ id: string }>('SELECT id FROM mails WHERE contact_id = $1', [ben.id])
  await transaction(db.pool, (tx) => stopBounced(tx, late!))
  await settled()
  expect(ada.subjects()).toEqual([])
  await ben.happen('ORDER_IMPORTED', 1)
  await passed(minutes(45))
  expect(smtp.mails.filter(({ to }) => to.includes('right@merchant.example'))).toHaveLength(1)
})

test('who no longer chooses a topic is not told what of it was still to be told', async () => {
  const ada = await someone({ frequency: 'DAILY' })
  await ada.happen('ORDER_IMPORTED', 2)
  await ada.happen('ONBOARDING_OVERDUE')
  await settled()
  await ada.change({ frequency: 'DAILY', topics: ['CONNECTION_ATTENTION'] })
  await passed(days(1))
  expect(ada.subjects()).toEqual([expect.stringMatching(/the connection needs you/)])
  expect(ada.subjects()[0]).not.toMatch(/orders/)
})

test.each([
  { before: 'IMMEDIATE', after: 'DAILY', timeZone: 'Asia/Kolkata', at: '02:30' },
  { before: 'DAILY', after: 'DAILY', timeZone: 'Australia/Lord_Howe', at: '21:30' },
  { before: 'DAILY', after: 'IMMEDIATE', timeZone: 'UTC', at: null },
] as const)('what waits is told by the frequency and the clock that a contact has by then: from $before to $after in $timeZone', async ({ before, after, timeZone, at }) => {
  const ada = await someone({ frequency: before })
  await ada.happen('ORDER_IMPORTED', 2)
  await settled()
  const began = now
  await ada.change({ frequency: after, timeZone })
  const step = at === null ? seconds(25) : minutes(30)
  now = new Date(Math.ceil(now.getTime() / step) * step)
  while (ada.subjects().length === 0 && now < shifted(began, days(1.1))) await passed(step)
  if (at === null) expect(now <= shifted(began, minutes(2))).toBe(true)
  else expect(now.toISOString().slice(11, 16)).toBe(at)
})
