// People who are told by e-mail: of what, how often, in how many mails, and how it ends.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Signer } from '../../src/auth/signer.ts'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import type { EventType } from '../../src/events/catalogue.ts'
import { newUuid, toId, uuidOf } from '../../src/kit/ids.ts'
import { MailPump } from '../../src/mail/send-mails.ts'
import { NotificationPump } from '../../src/notifications/notify.ts'
import { removeContact } from '../../src/notifications/remove-contact.ts'
import { saveContact } from '../../src/notifications/save-contact.ts'
import { stopBounced } from '../../src/notifications/stop-contact.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import {
  ContactsDocument, CorrectTrackingDocument, ImportFailuresDocument, MapSkusDocument, type NotificationTopic, RemoveContactDocument, ResumeConnectionDocument, RetryImportsDocument, SaveContactDocument, type SaveNotificationContactInput, ShipAndCloseDocument,
} from '../generated/graphql.ts'
import { startGateway } from '../support/gateway.ts'
import { type ReceivedMail, startSmtp, type TestSmtp } from '../support/smtp.ts'
import { isAllTold } from '../support/told.ts'
import { type Merchant, routing, type Stage, startStage, until } from './stage.ts'

let stage: Stage
let smtp: TestSmtp
let origin: string
/** Further workers': they look whenever a test waits, and not once a second. */
let pumps: [NotificationPump, MailPump]

beforeAll(async () => {
  smtp = await startSmtp()
  stage = await startStage({ config: { mail: { smtpUrl: smtp.url, from: 'Riverside <gateway@riverside.example>', operators: [] } } })
  origin = new URL(stage.url).origin
  const { db, clock, log } = stage.scope
  pumps = [
    new NotificationPump({ db, clock, log, signer: new Signer(stage.key), publicUrl: () => origin }),
    new MailPump({ db, clock, log, metrics: new Metrics(), server: smtp.url, from: 'Riverside <gateway@riverside.example>', bounced: stopBounced }),
  ]
})
afterAll(async () => {
  await Promise.all([pumps[0].stop(), pumps[1].stop(1000)])
  await stage.stop()
  await smtp.stop()
})

const someone = (): string => `ada-${randomUUID().slice(0, 8)}@merchant.example`
async function contact({ connectionId }: Merchant, topics: NotificationTopic[], more: Partial<SaveNotificationContactInput['contact']> = {}): Promise<{ id: string; email: string }> {
  const { saveNotificationContact: saved } = await stage.graphql(SaveContactDocument, { input: { connectionId, contact: { email: someone(), topics, ...more } } })
  expect(saved.userErrors).toEqual([])
  return saved.contact!
}
const contactsOf = async ({ connectionId }: Merchant) => (await stage.graphql(ContactsDocument, { connectionId })).connection!.notificationContacts
const mailsTo = ({ email }: { email: string }): ReceivedMail[] => smtp.mails.filter(({ to }) => to.includes(email))
const subjectsTo = (one: { email: string }): string[] => mailsTo(one).map(({ headers }) => headers['subject']!)
const mailed = (one: { email: string }, count: number): Promise<ReceivedMail[]> => until(async () => (mailsTo(one).length >= count ? mailsTo(one) : null))

/** All that happened is gathered, and whoever is due has been told. */
async function settled(): Promise<void> {
  await until(async () => {
    await Promise.all(pumps.map((one) => one.tick()))
    return isAllTold(stage.db, stage.scope.clock())
  })
}
/** As long as what comes together is gathered. */
async function gathered(): Promise<void> {
  await settled()
  await stage.pass(25)
  await settled()
}
const happen = (merchant: Merchant, type: EventType, count: number, more: Record<string, string> = {}): Promise<void> =>
  transaction(stage.db.pool, (tx) => appendEvents(tx, Array.from({ length: count }, (_, n) => ({ type, customerId: uuidOf('Customer', merchant.customerId)!, connectionId: merchant.uuid, summary: `${type} number ${n + 1}`, ...more }))))

test('200 orders of one cause are one mail with their count; mended, that is told once', async () => {
  const merchant = await stage.merchant({ unmapped: ['BOWL', 'JUG'] })
  const [ada, ben] = [await contact(merchant, ['IMPORT_FAILED']), await contact(merchant, ['TRACKING_REJECTED'])]
  await stage.buy(merchant, { count: 200, items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  await stage.buy(merchant, { count: 2, items: [{ sellerSku: 'JUG', quantity: 1, unitPrice: '3.00' }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await gathered()
  const [bowls, jugs] = (await mailed(ada, 2)).toSorted((a, b) => b.text.length - a.text.length)
  expect(bowls!.headers['subject']).toMatch(/200 orders could not be imported/)
  expect(bowls!.text).toContain('And 195 more of the same cause')
  expect(bowls!.text).toMatch(new RegExp(`${origin}/open/fail_\\w{26}`))
  expect(bowls!.html).toContain('BOWL')
  expect(jugs!.headers['subject']).toMatch(/2 orders could not be imported/)
  expect(subjectsTo(ben)).toEqual([])

  // The same again tells nothing more for a day.
  await stage.run(merchant, 'SWEEP_ORDERS')
  await gathered()
  expect(mailsTo(ada)).toHaveLength(2)

  await stage.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'BOWL', warehouseSku: 'MUG' }] } })
  for (;;) {
    const { importFailures } = await stage.graphql(ImportFailuresDocument, { filter: { connectionIds: [merchant.connectionId], states: ['OPEN'] } })
    const open = importFailures.nodes.filter(({ message }) => message.includes('BOWL')).map(({ id }) => id)
    if (open.length === 0) break
    await stage.graphql(RetryImportsDocument, { input: { failureIds: open } })
  }
  await gathered()
  expect((await mailed(ada, 3))[2]!.headers['subject']).toMatch(/orders can be imported again/)
  await gathered()
  expect(mailsTo(ada)).toHaveLength(3)
  const [delivered] = await contactsOf(merchant)
  expect(delivered!.email).toBe(ada.email)
})

test('orders that arrive together are one mail; each mail stands in the log of its contact', async () => {
  const merchant = await stage.merchant()
  const ada = await contact(merchant, ['ORDER_CREATED', 'IMPORT_FAILED'])
  await stage.buy(merchant, { count: 7 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await gathered()
  const [mail] = await mailed(ada, 1)
  expect(mail!.headers['subject']).toMatch(/7 orders have arrived/)
  await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await gathered()
  await mailed(ada, 2)
  expect(subjectsTo(ada)[1]).toMatch(/an order has arrived/)
  const [{ deliveries }] = (await contactsOf(merchant)) as [Awaited<ReturnType<typeof contactsOf>>[number]]
  expect(deliveries).toMatchObject({ totalCount: 2, nodes: [{ topic: 'ORDER_CREATED', status: 'SENT', attempts: 1 }, { subject: mail!.headers['subject'] }] })
  const { connection } = await stage.graphql(ContactsDocument, { connectionId: merchant.connectionId, first: 1 })
  const { pageInfo, nodes: [newest] } = connection!.notificationContacts[0]!.deliveries
  const { connection: next } = await stage.graphql(ContactsDocument, { connectionId: merchant.connectionId, first: 1, after: pageInfo.endCursor })
  expect(next!.notificationContacts[0]!.deliveries.nodes[0]!.id).not.toBe(newest!.id)
})

test('what was mended before anybody was told is told to nobody', async () => {
  const merchant = await stage.merchant({ unmapped: ['BOWL'] })
  const ada = await contact(merchant, ['IMPORT_FAILED'])
  await stage.buy(merchant, { items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await settled()
  await stage.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'BOWL', warehouseSku: 'MUG' }] } })
  const { importFailures } = await stage.graphql(ImportFailuresDocument, { filter: { connectionIds: [merchant.connectionId], states: ['OPEN'] } })
  await stage.graphql(RetryImportsDocument, { input: { failureIds: importFailures.nodes.map(({ id }) => id) } })
  await gathered()
  expect(subjectsTo(ada)).toEqual([])
})

test('a connection that stops is told of, and that it works again', async () => {
  const merchant = await stage.merchant()
  const ada = await contact(merchant, ['CONNECTION_ATTENTION'])
  const { id } = await stage.simulator.control<{ id: string }>('faults', 'POST', { operation: '*', sellerId: merchant.sellerId, kind: 'revoked' })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await gathered()
  expect((await mailed(ada, 1))[0]!.headers['subject']).toMatch(/the connection needs you/)
  await stage.simulator.control(`faults/${id}`, 'DELETE')
  await stage.graphql(ResumeConnectionDocument, { input: { connectionId: merchant.connectionId } })
  await gathered()
  expect((await mailed(ada, 2))[1]!.headers['subject']).toMatch(/works again/)
})

test('refused tracking is told of until it is corrected', async () => {
  const merchant = await stage.merchant()
  const ada = await contact(merchant, ['TRACKING_REJECTED'])
  const sold = await stage.buy(merchant, { count: 2 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const orders = await Promise.all(sold.map(({ orderId }) => stage.order(merchant, orderId)))
  for (const { id } of orders) {
    const { shipAndClose } = await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), orders: [{ orderId: id, routing }] } })
    expect(shipAndClose.userErrors).toEqual([])
  }
  await stage.simulator.control('faults', 'POST', { operation: 'confirmShipment', sellerId: merchant.sellerId, kind: 'reject', times: 2, message: 'The tracking number is not ours.' })
  await stage.run(merchant, 'SEND_TRACKING')
  await gathered()
  const [mail] = await mailed(ada, 1)
  expect(mail!.headers['subject']).toMatch(/2 packages’ tracking was refused/)
  expect(mail!.text).toMatch(/open\/ship_/)
  for (const { orderId } of sold) {
    const { shipments } = await stage.order(merchant, orderId)
    await stage.graphql(CorrectTrackingDocument, { input: { shipmentId: shipments[0]!.id, routing: { trackingNumber: 'CORRECTED1' } } })
  }
  await stage.run(merchant, 'SEND_TRACKING')
  await stage.pass(60)
  await stage.run(merchant, 'CONFIRM_TRACKING')
  await gathered()
  expect((await mailed(ada, 2))[1]!.headers['subject']).toMatch(/tracking is accepted again/)
  expect(mailsTo(ada)).toHaveLength(2)
})

test('a refused stock quantity is told of until the marketplace takes one', async () => {
  const merchant = await stage.merchant({ settings: { inventorySync: true } })
  const ada = await contact(merchant, ['INVENTORY_REJECTED'])
  await stage.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'AWOL', warehouseSku: 'MUG' }] } })
  await stage.run(merchant, 'SYNC_INVENTORY')
  await gathered()
  expect((await mailed(ada, 1))[0]!.headers['subject']).toMatch(/the marketplace refused a stock quantity/)
  await stage.simulator.control(`sellers/${merchant.sellerId}/listings`, 'POST', { sellerSku: 'AWOL', quantity: 0 })
  await stage.pass(3600)
  await stage.run(merchant, 'SYNC_INVENTORY')
  await gathered()
  expect((await mailed(ada, 2))[1]!.headers['subject']).toMatch(/stock quantities are accepted again/)
})

test("nobody is told of another customer's, nor of what they did not choose", async () => {
  const [merchant, other] = [await stage.merchant(), await stage.merchant()]
  const [ada, carl] = [await contact(merchant, ['ORDER_CREATED', 'CONNECTION_ATTENTION']), await contact(other, ['ORDER_CREATED', 'CONNECTION_ATTENTION'])]
  await stage.buy(merchant, { count: 2 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await gathered()
  const [mail] = await mailed(ada, 1)
  expect(mailsTo(carl)).toEqual([])
  expect(mail!.to).toEqual([ada.email])
  const theirs = { ...stage.scope, tenant: [uuidOf('Customer', other.customerId)!] }
  expect(await saveContact(theirs, { connectionId: merchant.connectionId, contact: { email: someone(), topics: ['ORDER_CREATED'] } })).toMatchObject({ refusals: [{ code: 'NOT_FOUND', field: ['connectionId'] }] })
  expect(await saveContact(theirs, { connectionId: other.connectionId, id: ada.id, contact: { email: someone(), topics: ['ORDER_CREATED'] } })).toMatchObject({ refusals: [{ code: 'NOT_FOUND', field: ['id'] }] })
  expect(await removeContact(theirs, { id: ada.id })).toMatchObject({ refusals: [{ code: 'NOT_FOUND' }] })
  expect(await contactsOf(merchant)).toMatchObject([{ email: ada.email, active: true }])
})

describe('the way out of every mail', () => {
  async function oneMail(): Promise<{ merchant: Merchant; ada: { id: string; email: string }; link: string }> {
    const merchant = await stage.merchant()
    const ada = await contact(merchant, ['CONNECTION_ATTENTION'])
    await happen(merchant, 'ONBOARDING_OVERDUE', 1)
    await gathered()
    const [mail] = await mailed(ada, 1)
    expect(mail!.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    const link = mail!.headers['list-unsubscribe']!.slice(1, -1)
    expect(mail!.text).toContain(link)
    return { merchant, ada, link }
  }

  test('a look at the link does nothing; its button, or one click of the mail program, ends it', async () => {
    const { merchant, ada, link } = await oneMail()
    const page = await (await fetch(link)).text()
    expect(page).toContain('No more mails')
    expect(await contactsOf(merchant)).toMatchObject([{ active: true }])
    const done = await fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('You get no more of these')])
    expect(await contactsOf(merchant)).toMatchObject([{ active: false, disabledReason: expect.stringContaining('unsubscribed') }])
    await happen(merchant, 'ONBOARDING_OVERDUE', 1)
    await gathered()
    expect(mailsTo(ada)).toHaveLength(1)
    const told = await stage.told(merchant)
    expect(told.filter(({ type }) => type === 'NOTIFICATIONS_STOPPED')).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain(ada.email)
    // Turned on again, it begins anew: what came meanwhile is not told.
    await stage.graphql(SaveContactDocument, { input: { connectionId: merchant.connectionId, id: ada.id, contact: { email: ada.email, topics: ['CONNECTION_ATTENTION'] } } })
    await gathered()
    expect(mailsTo(ada)).toHaveLength(1)
    await happen(merchant, 'ONBOARDING_OVERDUE', 1)
    await gathered()
    await mailed(ada, 2)
  })

  test.each([
    ['as a form with files, which RFC 8058 wants first', (() => { const form = new FormData(); form.append('List-Unsubscribe', 'One-Click'); return form })()],
    ['with nothing', null],
    ['as text', 'List-Unsubscribe=One-Click'],
  ])('one click may come %s', async (_how, body) => {
    const { merchant, link } = await oneMail()
    expect((await fetch(link, { method: 'POST', body: 'x'.repeat(5000) })).status).toBe(413)
    expect(await contactsOf(merchant)).toMatchObject([{ active: true }])
    expect((await fetch(link, { method: 'POST', body })).status).toBe(200)
    expect(await contactsOf(merchant)).toMatchObject([{ active: false }])
  })

  test('an altered link, and one made for something else, end nothing', async () => {
    const { merchant, ada, link } = await oneMail()
    const elsewhere = await new Signer(stage.key).sign('document', uuidOf('NotificationContact', ada.id)!, null)
    for (const bad of [`${link.slice(0, -2)}xx`, `${origin}/unsubscribe/${elsewhere}`, `${origin}/unsubscribe/x`]) {
      expect([(await fetch(bad)).status, (await fetch(bad, { method: 'POST' })).status]).toEqual([404, 404])
    }
    expect(await contactsOf(merchant)).toMatchObject([{ active: true }])
  })
})

test('an address that the server refuses for good is turned off and that is told; the others get theirs', async () => {
  const merchant = await stage.merchant()
  const [gone, ben] = [await contact(merchant, ['ORDER_CREATED']), await contact(merchant, ['ORDER_CREATED', 'CONNECTION_ATTENTION'])]
  smtp.behaviour.refuse = (address) => (address === gone.email ? { code: 550, message: `5.1.1 <${address}> unknown` } : null)
  await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await gathered()
  await mailed(ben, 1)
  const stopped = await until(async () => (await contactsOf(merchant)).find(({ id, active }) => id === gone.id && !active))
  expect(stopped).toMatchObject({ disabledReason: expect.stringContaining('refuses the address'), deliveries: { nodes: [{ status: 'FAILED', attempts: 1, error: expect.not.stringContaining(gone.email) }] } })
  await gathered()
  expect((await mailed(ben, 2))[1]!.text).not.toContain(gone.email)
  delete smtp.behaviour.refuse
})

test('hourly, what happened is one mail at the full hour', async () => {
  const merchant = await stage.merchant()
  const ada = await contact(merchant, ['CONNECTION_ATTENTION', 'ORDER_CREATED'], { frequency: 'HOURLY', timeZone: 'Asia/Kolkata' })
  await happen(merchant, 'ONBOARDING_OVERDUE', 1)
  await happen(merchant, 'ORDER_IMPORTED', 3, { orderId: newUuid() })
  await settled()
  await stage.pass(25)
  await settled()
  expect(mailsTo(ada)).toEqual([])
  await stage.pass(3600)
  await settled()
  const [mail] = await mailed(ada, 1)
  expect(mail!.headers['subject']).toMatch(/the last hour: the connection needs you, an order has arrived/)
  expect(mailsTo(ada)).toHaveLength(1)
})

test('two workers tell everything once', async () => {
  const merchant = await stage.merchant()
  const ada = await contact(merchant, ['CONNECTION_ATTENTION'])
  const { db, clock, log } = stage.scope
  const more = [1, 2].map(() => new NotificationPump({ db, clock, log, signer: new Signer(stage.key), publicUrl: () => origin }))
  for (let n = 0; n < 4; n++) {
    await happen(merchant, 'AUTHORIZATION_EXPIRING', 1)
    await Promise.all(more.map((one) => one.tick()))
  }
  await settled()
  await stage.pass(25)
  await Promise.all(more.map((one) => one.tick()))
  await settled()
  await mailed(ada, 1)
  await Promise.all(more.map((one) => one.stop()))
  await gathered()
  expect(mailsTo(ada)).toHaveLength(1)
})

test('what makes no sense is refused with a path, and changes nothing', async () => {
  const merchant = await stage.merchant()
  const { id, email } = await contact(merchant, ['IMPORT_FAILED'])
  const before = await contactsOf(merchant)
  const save = async (more: Partial<SaveNotificationContactInput>, one: Partial<SaveNotificationContactInput['contact']> = {}) =>
    (await stage.graphql(SaveContactDocument, { input: { connectionId: merchant.connectionId, contact: { email: someone(), topics: ['IMPORT_FAILED'], ...one }, ...more } })).saveNotificationContact.userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)
  expect(await save({}, { topics: [], timeZone: 'Mars/Base' })).toEqual(['REQUIRED contact.topics', 'INVALID contact.timeZone'])
  expect(await save({}, { timeZone: '+02:00' })).toEqual(['INVALID contact.timeZone'])
  expect(await save({}, { email: email.toUpperCase() })).toEqual(['TAKEN contact.email'])
  expect(await save({ connectionId: 'conn_none' })).toEqual(['INVALID connectionId'])
  expect(await save({ connectionId: toId('Connection', newUuid()) })).toEqual(['NOT_FOUND connectionId'])
  expect(await save({ id: merchant.connectionId })).toEqual(['INVALID id'])
  expect(await save({ id: toId('NotificationContact', newUuid()) })).toEqual(['NOT_FOUND id'])
  expect(await save({}, { email: 'not an address' })).toEqual(['INVALID contact.email'])
  expect(await contactsOf(merchant)).toEqual(before)
  expect((await stage.graphql(RemoveContactDocument, { input: { id } })).removeNotificationContact.userErrors).toEqual([])
  expect((await stage.graphql(RemoveContactDocument, { input: { id } })).removeNotificationContact.userErrors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }])
})

test('what waits for a reader of the log shows in the metrics', async () => {
  const lag = async (): Promise<number> => Number(/^cartage_event_reader_lag_seconds\{reader="notifications"\} (\S+)$/m.exec(await (await fetch(`${origin}/metrics`)).text())![1])
  const merchant = await stage.merchant()
  await settled()
  expect(await lag()).toBe(0)
  const client = await stage.db.pool.connect()
  await client.query('BEGIN')
  await client.query(`SELECT FROM event_readers WHERE name = 'notifications' FOR UPDATE`) // as one that hangs would
  await happen(merchant, 'ORDER_HELD', 1)
  await until(async () => (await lag()) > 0.5)
  await client.query('ROLLBACK')
  client.release()
  await settled()
  expect(await lag()).toBe(0)
})

describe('a link in a mail leads', () => {
  const id = toId('Order', newUuid())
  const opened = async (at: string, what = id): Promise<{ status: number; location: string | null; text: string }> => {
    const answer = await fetch(`${at}/open/${what}`, { redirect: 'manual' })
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
  }

  test('to the console, where each thing is shown and mended', async () => {
    expect(await opened(origin)).toMatchObject({ status: 302, location: `/orders/${id}` })
    const paths = { ImportFailure: '/imports?failure=', Shipment: '/shipments/', InventoryItem: '/inventory/', Connection: '/connections/' } as const
    for (const [type, path] of Object.entries(paths)) {
      const its = toId(type as keyof typeof paths, newUuid())
      expect(await opened(origin, its)).toMatchObject({ status: 302, location: `${path}${its}` })
    }
  })

  test('to the front end that is configured; nowhere from no id', async () => {
    const consoled = await startGateway({ roles: ['api'], database: stage.database, simulator: stage.simulator.url, config: { consoleUrl: 'https://console.example' } })
    expect(await opened(new URL(consoled.url).origin)).toMatchObject({ status: 302, location: `https://console.example/orders/${id}` })
    expect(await opened(origin, 'https:%2F%2Felsewhere.example')).toMatchObject({ status: 404, location: null })
    await consoled.stop()
  })
})
