// A daily digest while the clocks change: from the log to a real mail server, the time driven by hand.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scope } from '../../src/auth/scope.ts'
import { Signer } from '../../src/auth/signer.ts'
import { createConnection } from '../../src/connections/create-connection.ts'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import { type Database, openDatabase } from '../../src/db/client.ts'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import { minutes, shifted } from '../../src/kit/clock.ts'
import { newUuid, toId } from '../../src/kit/ids.ts'
import { MailPump } from '../../src/mail/send-mails.ts'
import { NotificationPump } from '../../src/notifications/notify.ts'
import { saveContact } from '../../src/notifications/save-contact.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { isAllTold } from '../support/told.ts'

let database: TestDatabase
let db: Database
let smtp: TestSmtp
let now = new Date()
beforeAll(async () => {
  ;[database, smtp] = [await createDatabase(), await startSmtp()]
  db = openDatabase(database.config, () => {})
})
afterAll(async () => {
  await Promise.all([db.close(), smtp.stop()])
  await database.drop()
})

test.each([
  { timeZone: 'America/New_York', from: '2027-03-12T05:00:00Z', expected: ['2027-03-12T13:00:00Z', '2027-03-13T13:00:00Z', '2027-03-14T12:00:00Z', '2027-03-15T12:00:00Z'] },
  { timeZone: 'Europe/Berlin', from: '2027-10-29T22:00:00Z', expected: ['2027-10-30T06:00:00Z', '2027-10-31T07:00:00Z', '2027-11-01T07:00:00Z'] },
])('in $timeZone each day has one mail at eight in the morning, with all that happened since the last', async ({ timeZone, from, expected }) => {
  now = new Date(from)
  const clock = (): Date => now
  const log = createLog('silent')
  const scope: Scope = { tenant: null, actor: { id: 'test', name: 'Ada', role: 'ADMIN' }, db, clock, log, requestId: 'test' }
  const made = await createCustomer(scope, { name: `Kiln ${timeZone}` })
  const dock = await createWarehouse(scope, { name: 'Dock', code: timeZone.slice(0, 6), timeZone: 'UTC', address: { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in made || 'refusals' in dock) throw new Error('not made')
  const { id: connectionId, customerId } = await transaction(db.pool, (tx) => createConnection(tx, { customerId: made.customer.id, warehouseId: dock.warehouse.id, name: 'Kiln', channel: 'amazon', marketplaceId: 'ATVPDKIKX0DER', merchantId: timeZone, status: 'LIVE' }))
  const email = `${timeZone.replace('/', '.')}@merchant.example`
  expect(await saveContact(scope, { connectionId: toId('Connection', connectionId), contact: { email, topics: ['ORDER_CREATED', 'CONNECTION_ATTENTION'], frequency: 'DAILY', timeZone } })).not.toHaveProperty('refusals')
  const pumps = [
    new NotificationPump({ db, clock, log, signer: new Signer([new Uint8Array(32)]), publicUrl: () => 'https://gateway.example' }),
    new MailPump({ db, clock, log, metrics: new Metrics(), server: smtp.url, from: 'Riverside <gateway@riverside.example>', bounced: async () => {} }),
  ]
  const settled = async (): Promise<boolean> => {
    await Promise.all(pumps.map((one) => one.tick()))
    return isAllTold(db, now)
  }
  await expect.poll(settled).toBe(true)
  const arrived: { at: string; told: number; happened: number }[] = []
  let happened = 0
  const end = shifted(new Date(expected.at(-1)!), minutes(30))
  for (; now < end; now = shifted(now, minutes(60))) {
    await expect.poll(settled, { interval: 10 }).toBe(true)
    const mine = smtp.mails.filter(({ to }) => to.includes(email))
    for (const { headers } of mine.slice(arrived.length)) arrived.push({ at: now.toISOString().replace('.000', ''), told: Number(/(\d+) orders have arrived/.exec(headers['subject']!)?.[1] ?? 1), happened })
    if (now.getTime() % minutes(240) !== 0) continue
    await transaction(db.pool, (tx) => appendEvents(tx, [{ type: 'ORDER_IMPORTED', customerId, connectionId, orderId: newUuid(), summary: `Order ${++happened}` }]))
    await expect.poll(settled, { interval: 10 }).toBe(true) // the log is told once older transactions have ended, be they other databases'
  }
  await Promise.all(pumps.map((one) => one.stop(1000)))
  expect(arrived.map(({ at }) => at)).toEqual(expected)
  expect(arrived.map(({ told }) => told)).toEqual(arrived.map(({ happened: by }, index) => by - (arrived[index - 1]?.happened ?? 0)))
})
