// Programs that are told by webhook: what they get, what happens where they fail, and what people can do about it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import { days, minutes } from '../../src/kit/clock.ts'
import { toId, uuidOf } from '../../src/kit/ids.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { Sealer } from '../../src/auth/seal.ts'
import { WebhookPump } from '../../src/webhooks/deliver.ts'
import { redeliverWebhook } from '../../src/webhooks/redeliver-webhook.ts'
import { saveWebhook } from '../../src/webhooks/save-webhook.ts'
import { removeWebhook } from '../../src/webhooks/change-webhook.ts'
import { Networks } from '../../src/webhooks/target.ts'
import {
  EndOfLogDocument, type EventType, RedeliverWebhookDocument, RemoveWebhookDocument, ReplayWebhookDocument, RotateWebhookSecretDocument, SaveWebhookDocument, type SaveWebhookInput, WebhookNodeDocument, WebhooksDocument,
} from '../generated/graphql.ts'
import { isSigned, startReceiver, type TestReceiver } from '../support/receiver.ts'
import { startWorkerChild } from './child.ts'
import { type Merchant, type Stage, startStage, until } from './stage.ts'

let stage: Stage
const networks = new Networks(['127.0.0.0/8'])

beforeAll(async () => {
  stage = await startStage({ config: { webhookNetworks: ['127.0.0.0/8'] } })
})
const receivers: TestReceiver[] = []
afterAll(async () => {
  await stage.stop()
  await Promise.all(receivers.map((one) => one.stop()))
})

async function receiving(): Promise<TestReceiver> {
  const receiver = await startReceiver()
  receivers.push(receiver)
  return receiver
}

async function listen(merchant: Merchant, url: string, topics: EventType[] = ['CONNECTION_CHANGED'], more: Partial<SaveWebhookInput> = {}) {
  const { saveWebhook: { webhook, secret, userErrors } } = await stage.graphql(SaveWebhookDocument, { input: { connectionId: merchant.connectionId, url, topics, ...more } })
  expect(userErrors).toEqual([])
  return { ...webhook!, secret: secret! }
}

const webhookOf = async ({ connectionId }: Merchant, page: { first?: number; after?: string | null } = {}) => (await stage.graphql(WebhooksDocument, { connectionId, ...page })).connection!.webhooks[0]!

/** Any events would do. */
async function happen(merchant: Merchant, count: number, type: EventType = 'CONNECTION_CHANGED'): Promise<void> {
  const about = { type, customerId: uuidOf('Customer', merchant.customerId)!, connectionId: merchant.uuid }
  await transaction(stage.db.pool, (tx) => appendEvents(tx, Array.from({ length: count }, (_, n) => ({ ...about, summary: `number ${n + 1}` }))))
}

const answering = (receiver: TestReceiver, status: number): void => {
  receiver.behaviour = (_message, response) => {
    response.writeHead(status).end()
    return true
  }
}

test.concurrent('an import is told to who listens: in the order of the log, signed, in ids and facts', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  const { secret, id } = await listen(merchant, `${receiver.url}/hook?key=1`, ['ORDER_IMPORTED', 'IMPORT_FINISHED'])
  await stage.buy(merchant, { count: 3 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const told = (await stage.told(merchant)).filter(({ type }) => type === 'ORDER_IMPORTED' || type === 'IMPORT_FINISHED')
  await until(async () => receiver.taken.length === 4)
  expect(receiver.taken.map(({ data }) => data['cursor'])).toEqual(told.map(({ cursor }) => cursor))
  for (const message of receiver.taken) {
    receiver.verify(message, secret)
    expect(message.id).toBe(message.data['id'])
    expect(message.path).toBe('/hook?key=1')
  }
  expect(() => receiver.verify(receiver.taken[0]!, `whsec_${Buffer.alloc(32).toString('base64')}`)).toThrow(/signature/)
  const [first] = receiver.taken
  expect(Object.keys(first!.data).sort()).toEqual(['connectionId', 'cursor', 'customerId', 'id', 'orderId', 'summary'])
  expect(first!.data).toMatchObject({ connectionId: merchant.connectionId, customerId: merchant.customerId, orderId: expect.stringMatching(/^ord_/) })
  const webhook = await until(async () => {
    const one = await webhookOf(merchant)
    return one.nextAttemptAt === null ? one : null
  })
  expect(webhook).toMatchObject({ id, active: true, failingSince: null, connection: { id: merchant.connectionId } })
  expect(webhook.deliveries.nodes.map(({ event, status, attempts, lastStatusCode }) => [event.cursor, status, attempts, lastStatusCode])).toEqual(told.map(({ cursor }) => [cursor, 'SENT', 1, 204]).reverse())
  expect((await stage.graphql(WebhookNodeDocument, { id: webhook.deliveries.nodes[0]!.id })).node).toMatchObject({ status: 'SENT', event: { type: 'IMPORT_FINISHED' } })
})

test.concurrent('one that answers 410 is stopped at once; one turned off by a person is told nothing', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  const { id } = await listen(merchant, receiver.url)
  answering(receiver, 410)
  await happen(merchant, 1)
  await until(async () => !(await webhookOf(merchant)).active)
  expect(await webhookOf(merchant)).toMatchObject({ disabledReason: expect.stringContaining('410'), deliveries: { nodes: [{ status: 'FAILED', attempts: 1 }] } })
  expect((await stage.told(merchant)).filter(({ type }) => type === 'NOTIFICATIONS_STOPPED')).toHaveLength(1)
  expect(await listen(merchant, receiver.url, ['CONNECTION_CHANGED'], { id, active: false })).toMatchObject({ active: false })
})

test.concurrent('an event is told again when a person asks, out of turn; what waits is tried at once', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  await listen(merchant, receiver.url)
  await happen(merchant, 2)
  await until(async () => receiver.taken.length === 2)
  const { deliveries } = await until(async () => {
    const one = await webhookOf(merchant)
    return one.deliveries.nodes.length === 2 ? one : null
  })
  const first = deliveries.nodes.at(-1)!
  expect((await stage.graphql(RedeliverWebhookDocument, { input: { deliveryId: first.id } })).redeliverWebhook).toMatchObject({ userErrors: [], delivery: { status: 'PENDING' } })
  await until(async () => receiver.taken.length === 3)
  expect(receiver.taken[2]!.id).toBe(receiver.taken[0]!.id) // the receiver can tell
  const deliveryOf = async (id: string) => (await stage.graphql(WebhookNodeDocument, { id })).node as { status: string; attempts: number }
  expect(await until(async () => {
    const one = await deliveryOf(first.id)
    return one.status === 'SENT' ? one : null
  })).toMatchObject({ attempts: 2 })
  answering(receiver, 500)
  await stage.graphql(RedeliverWebhookDocument, { input: { deliveryId: first.id } })
  expect(await until(async () => {
    const one = await deliveryOf(first.id)
    return one.status === 'FAILED' ? one : null
  })).toMatchObject({ attempts: 3, lastStatusCode: 500 })
  expect(await webhookOf(merchant)).toMatchObject({ failingSince: null }) // what one person tries holds up nothing
  await happen(merchant, 1)
  const waiting = await until(async () => (await webhookOf(merchant)).deliveries.nodes.find(({ status }) => status === 'PENDING'))
  receiver.behaviour = null
  await stage.graphql(RedeliverWebhookDocument, { input: { deliveryId: waiting.id } })
  await until(async () => (await deliveryOf(waiting.id)).status === 'SENT')
})

test.concurrent('from a cursor everything is told once more; from the end of the log nothing that waits', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  const { id, cursor } = await listen(merchant, receiver.url)
  await happen(merchant, 5)
  await until(async () => receiver.taken.length === 5)
  const third = String(receiver.taken[2]!.data['cursor'])
  expect((await stage.graphql(ReplayWebhookDocument, { input: { id, after: third } })).replayWebhook.userErrors).toEqual([])
  await until(async () => receiver.taken.length === 7)
  expect(receiver.taken.slice(5).map(({ data }) => data['summary'])).toEqual(['number 4', 'number 5'])
  await stage.graphql(ReplayWebhookDocument, { input: { id, after: cursor } })
  await until(async () => receiver.taken.length === 12)
  await until(async () => (await webhookOf(merchant)).deliveries.totalCount === 5)
  answering(receiver, 500)
  await happen(merchant, 3)
  await until(async () => (await webhookOf(merchant)).failingSince !== null)
  await stage.told(merchant)
  receiver.behaviour = null
  const { eventCursor } = await stage.graphql(EndOfLogDocument, {})
  await stage.graphql(ReplayWebhookDocument, { input: { id, after: eventCursor } })
  await happen(merchant, 1)
  await until(async () => receiver.taken.length === 13)
  expect(await webhookOf(merchant)).toMatchObject({ failingSince: null })
  // What it had failed at was passed over, and can be told by hand.
  const { rows: passed } = await stage.db.pool.query<{ id: string; status: string }>(`SELECT id, status FROM webhook_deliveries WHERE webhook_id = $1 AND status <> 'SENT'`, [uuidOf('Webhook', id)])
  expect(passed).toMatchObject([{ status: 'FAILED' }])
  await stage.graphql(RedeliverWebhookDocument, { input: { deliveryId: toId('WebhookDelivery', passed[0]!.id) } })
  await until(async () => receiver.taken.length === 14)
})

test.concurrent('what makes no sense is refused with a path, and changes nothing', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  const { id } = await listen(merchant, receiver.url)
  const settled = () => until(async () => {
    const one = await webhookOf(merchant)
    return one.nextAttemptAt === null ? one : null
  })
  const before = await settled()
  const save = async (input: Partial<SaveWebhookInput>) => (await stage.graphql(SaveWebhookDocument, { input: { connectionId: merchant.connectionId, url: receiver.url, topics: ['CONNECTION_CHANGED'], ...input } })).saveWebhook.userErrors.map(({ code, field }) => [code, field?.join('.')])
  expect(await save({ url: 'https://10.0.0.1/' })).toEqual([['ADDRESS_NOT_PUBLIC', 'url']])
  expect(await save({ url: 'https://[::ffff:169.254.169.254]/latest' })).toEqual([['ADDRESS_NOT_PUBLIC', 'url']])
  expect(await save({ url: 'http://93.184.215.14/' })).toEqual([['INVALID', 'url']])
  expect(await save({ url: 'https://ada:secret@93.184.215.14/', topics: [] })).toEqual([['INVALID', 'url'], ['REQUIRED', 'topics']])
  expect(await save({ id: merchant.connectionId })).toEqual([['INVALID', 'id']])
  expect(await save({ id: toId('Webhook', merchant.uuid) })).toEqual([['NOT_FOUND', 'id']])
  const other = await stage.merchant()
  expect(await save({ id, connectionId: other.connectionId })).toEqual([['NOT_FOUND', 'id']])
  expect(await save({ connectionId: 'conn_none' })).toEqual([['INVALID', 'connectionId']])
  const last = async (after: string) => (await stage.graphql(ReplayWebhookDocument, { input: { id, after } })).replayWebhook.userErrors
  expect(await last('nonsense')).toEqual([{ code: 'INVALID', field: ['after'] }])
  expect(await last(Buffer.from('e1.99999999999.1').toString('base64url'))).toEqual([{ code: 'INVALID', field: ['after'] }])
  expect((await stage.graphql(RotateWebhookSecretDocument, { input: { id, overlapHours: 169 } })).rotateWebhookSecret.userErrors).toEqual([{ code: 'INVALID', field: ['overlapHours'] }])
  expect((await stage.graphql(RedeliverWebhookDocument, { input: { deliveryId: toId('WebhookDelivery', merchant.uuid) } })).redeliverWebhook.userErrors).toEqual([{ code: 'NOT_FOUND', field: ['deliveryId'] }])
  expect(await webhookOf(merchant)).toEqual(before)
  expect((await stage.graphql(RemoveWebhookDocument, { input: { id } })).removeWebhook.userErrors).toEqual([])
  expect((await stage.graphql(RemoveWebhookDocument, { input: { id } })).removeWebhook.userErrors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }])
  for (let n = 0; n < 20; n++) await listen(merchant, receiver.url)
  expect(await save({})).toEqual([['TOO_MANY', 'connectionId']])
})

test.concurrent("another customer's webhooks are none", async () => {
  const [merchant, other] = [await stage.merchant(), await stage.merchant()]
  const receiver = await receiving()
  const { id } = await listen(merchant, receiver.url)
  await happen(merchant, 1)
  await happen(other, 3)
  const { deliveries } = await until(async () => {
    const one = await webhookOf(merchant)
    return one.deliveries.nodes.length > 0 ? one : null
  })
  expect(receiver.taken).toHaveLength(1)
  const theirs = { ...stage.scope, tenant: [uuidOf('Customer', other.customerId)!] }
  const trust = { sealer: new Sealer(stage.key), networks }
  expect(await removeWebhook(theirs, { id })).toMatchObject({ refusals: [{ code: 'NOT_FOUND' }] })
  expect(await redeliverWebhook(theirs, { deliveryId: deliveries.nodes[0]!.id })).toMatchObject({ refusals: [{ code: 'NOT_FOUND' }] })
  expect(await saveWebhook(theirs, trust, { connectionId: merchant.connectionId, url: new URL(receiver.url), topics: ['CONNECTION_CHANGED'] })).toMatchObject({ refusals: [{ code: 'NOT_FOUND', field: ['connectionId'] }] })
  expect(await saveWebhook(theirs, trust, { connectionId: other.connectionId, id, url: new URL(receiver.url), topics: ['CONNECTION_CHANGED'] })).toMatchObject({ refusals: [{ code: 'NOT_FOUND', field: ['id'] }] })
})

test.concurrent('kill -9 in the middle: what comes after goes on, in order, nothing lost, and little told twice', async ({ onTestFinished }) => {
  const receiver = await receiving()
  const own = await startStage({ roles: ['api', 'simulator'], config: { webhookNetworks: ['127.0.0.0/8'] } })
  onTestFinished(() => own.stop())
  const there = await own.merchant()
  const url = receiver.url
  expect((await own.graphql(SaveWebhookDocument, { input: { connectionId: there.connectionId, url, topics: ['CONNECTION_CHANGED'] } })).saveWebhook.userErrors).toEqual([])
  const child = await startWorkerChild(own, { WEBHOOK_NETWORKS: '127.0.0.0/8' })
  onTestFinished(() => void child.end('SIGKILL'))
  const about = { type: 'CONNECTION_CHANGED' as const, customerId: uuidOf('Customer', there.customerId)!, connectionId: there.uuid }
  for (let n = 0; n < 1000; n += 100) await transaction(own.db.pool, (tx) => appendEvents(tx, Array.from({ length: 100 }, (_, m) => ({ ...about, summary: String(n + m) }))))
  await until(async () => receiver.taken.length > 250)
  await child.end('SIGKILL')
  const before = receiver.taken.length
  expect(before).toBeLessThan(1000)
  let ahead = 0
  const pump = new WebhookPump({ db: own.db, clock: () => new Date(Date.now() + ahead), log: own.scope.log, metrics: new Metrics(), sealer: new Sealer(own.key), networks })
  await pump.tick()
  expect(receiver.taken).toHaveLength(before) // the dead one's claim
  ahead = minutes(1)
  await pump.tick()
  await until(async () => receiver.taken.at(-1)?.data['summary'] === '999')
  await pump.stop(5000)
  const numbers = receiver.taken.map(({ data }) => Number(data['summary']))
  expect(new Set(numbers).size).toBe(1000)
  const steps = numbers.slice(1).map((one, index) => one - numbers[index]!)
  expect(steps.filter((step) => step !== 1).length).toBeLessThanOrEqual(1)
  expect(numbers.length).toBeLessThanOrEqual(1200)
})

test.concurrent('two workers tell everything once', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  await listen(merchant, receiver.url)
  const more = new WebhookPump({ db: stage.db, clock: stage.scope.clock, log: stage.scope.log, metrics: new Metrics(), sealer: new Sealer(stage.key), networks })
  for (let n = 0; n < 5; n++) {
    await happen(merchant, 120)
    await more.tick()
  }
  await until(async () => receiver.taken.length >= 600)
  await more.stop(5000)
  await until(async () => (await webhookOf(merchant)).nextAttemptAt === null)
  expect(receiver.taken).toHaveLength(600)
})

// These let time pass, one after the other.

test('who fails holds up what comes after, and is told all of it in order once it is well', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  await listen(merchant, receiver.url)
  receiver.behaviour = ({ data }, response) => {
    if (data['summary'] !== 'number 3') return false
    response.writeHead(503, { 'retry-after': '60' }).end('secret words of the receiver')
    return true
  }
  await happen(merchant, 250)
  const failing = await until(async () => {
    const one = await webhookOf(merchant)
    return one.failingSince === null ? null : one
  })
  expect(receiver.taken).toHaveLength(2)
  expect(failing.deliveries.nodes).toMatchObject([{ status: 'PENDING', attempts: 1, lastStatusCode: 503, error: 'it answered 503' }, { status: 'SENT' }, { status: 'SENT' }])
  expect(Date.parse(failing.nextAttemptAt!) - Date.parse(failing.failingSince!)).toBe(60_000) // as it asked
  receiver.behaviour = null
  await stage.pass(61)
  await until(async () => receiver.taken.length === 250)
  expect(receiver.taken.map(({ data }) => data['summary'])).toEqual(Array.from({ length: 250 }, (_, n) => `number ${n + 1}`))
  const well = await until(async () => {
    const one = await webhookOf(merchant, { first: 100 })
    return one.nextAttemptAt === null ? one : null
  })
  expect(well).toMatchObject({ failingSince: null, deliveries: { totalCount: 250, pageInfo: { hasNextPage: true } } })
  const { deliveries: next } = await webhookOf(merchant, { first: 100, after: well.deliveries.pageInfo.endCursor })
  expect(new Set([...well.deliveries.nodes, ...next.nodes].map(({ id }) => id)).size).toBe(200)
  expect(JSON.stringify(stage.gateway.logged)).not.toContain('secret words')
})

test('after three days it is stopped and that is told; turned on again, it goes on where it was', async () => {
  const merchant = await stage.merchant()
  const [receiver, other] = [await receiving(), await receiving()]
  const { id } = await listen(merchant, receiver.url)
  await listen(merchant, other.url, ['NOTIFICATIONS_STOPPED'])
  answering(receiver, 500)
  await happen(merchant, 2)
  // A request that was met is not recorded yet, and a lock that time runs out on lets somebody else try.
  const failedAt = (attempts: number): Promise<boolean> => until(async () => (await webhookOf(merchant)).deliveries.nodes.some((delivery) => delivery.status === 'PENDING' && delivery.attempts === attempts))
  await failedAt(1)
  await stage.pass((days(3) - minutes(1)) / 1000)
  await failedAt(2)
  expect(receiver.requests).toBe(2)
  expect(await webhookOf(merchant)).toMatchObject({ active: true })
  // It takes one, and fails at the next: those are other three days.
  receiver.behaviour = ({ data }, response) => {
    if (data['summary'] === 'number 1') return false
    response.writeHead(500).end()
    return true
  }
  await stage.pass(120)
  await failedAt(1)
  expect(receiver.requests).toBe(4)
  expect(await webhookOf(merchant)).toMatchObject({ active: true, deliveries: { nodes: [{ status: 'PENDING' }, { status: 'SENT' }] } })
  await stage.pass(days(3) / 1000 + 60)
  await until(async () => receiver.requests === 5)
  await until(async () => other.taken.length === 1)
  const stopped = await webhookOf(merchant)
  expect(stopped).toMatchObject({ active: false, disabledReason: expect.stringContaining('three days'), nextAttemptAt: null, deliveries: { nodes: [{ status: 'FAILED', attempts: 2, lastStatusCode: 500 }, { status: 'SENT', attempts: 3 }] } })
  expect(other.taken[0]).toMatchObject({ type: 'NOTIFICATIONS_STOPPED', data: { summary: expect.stringContaining('a webhook is told nothing more') } })
  expect(JSON.stringify(other.taken[0])).not.toContain(new URL(receiver.url).port)
  receiver.behaviour = null
  await stage.pass(3600)
  await happen(merchant, 1)
  expect((await stage.graphql(RedeliverWebhookDocument, { input: { deliveryId: stopped.deliveries.nodes[0]!.id } })).redeliverWebhook.userErrors).toEqual([{ code: 'NOT_ALLOWED', field: ['deliveryId'] }])
  expect(receiver.taken).toHaveLength(1)
  await listen(merchant, receiver.url, ['CONNECTION_CHANGED'], { id })
  await until(async () => receiver.taken.length === 3)
  expect(receiver.taken.map(({ data }) => data['summary'])).toEqual(['number 1', 'number 2', 'number 1'])
})

test('while its secret is replaced, messages are signed with both; afterwards with the new one alone', async () => {
  const merchant = await stage.merchant()
  const receiver = await receiving()
  const { id, secret: old } = await listen(merchant, receiver.url)
  const { rotateWebhookSecret: rotated } = await stage.graphql(RotateWebhookSecretDocument, { input: { id, overlapHours: 1 } })
  expect(rotated).toMatchObject({ userErrors: [], webhook: { previousSecretUntil: expect.any(String) } })
  await happen(merchant, 1)
  await until(async () => receiver.taken.length === 1)
  expect([old, rotated.secret!].map((secret) => isSigned(receiver.taken[0]!, secret))).toEqual([true, true])
  await stage.pass(3601)
  const { rows } = await stage.db.pool.query<{ sealed: string }>('SELECT secret || previous_secret AS sealed FROM webhooks WHERE id = $1', [uuidOf('Webhook', id)])
  expect(rows[0]!.sealed).not.toMatch(/whsec/)
  await happen(merchant, 1)
  await until(async () => receiver.taken.length === 2)
  const [, message] = receiver.taken
  expect([old, rotated.secret!].map((secret) => isSigned(message!, secret))).toEqual([false, true])
  const { rotateWebhookSecret: again } = await stage.graphql(RotateWebhookSecretDocument, { input: { id, overlapHours: 0 } })
  expect(again.webhook).toMatchObject({ previousSecretUntil: null })
  expect(JSON.stringify(stage.gateway.logged)).not.toContain(rotated.secret)
})
