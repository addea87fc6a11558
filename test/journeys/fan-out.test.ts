import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import { uuidOf } from '../../src/kit/ids.ts'
import { FollowEventsDocument, FollowJobRunDocument, type FollowJobRunSubscription } from '../generated/graphql.ts'
import { open } from '../http/raw-socket.ts'
import { startGateway } from '../support/gateway.ts'
import { soon } from '../support/soon.ts'
import { type Merchant, type Stage, startStage } from './stage.ts'

let stage: Stage
let merchant: Merchant
beforeAll(async () => {
  stage = await startStage()
  merchant = await stage.merchant()
})
afterAll(() => stage.stop())

/** Of a connection: what the log shows of it is what subscribers must hear. */
const append = ({ uuid, customerId }: Merchant, ...summaries: string[]): Promise<void> =>
  transaction(stage.db.pool, (tx) => appendEvents(tx, summaries.map((summary) => ({ type: 'CONNECTION_CHANGED' as const, customerId: uuidOf('Customer', customerId)!, connectionId: uuid, summary }))))

const FOLLOW = 'subscription($filter: EventFilter, $after: EventCursor) { events(filter: $filter, after: $after) { id cursor summary } }'

test('a gateway that stops tells its subscribers, who resume at another one, over another transport too: no gap, no repeat', async () => {
  const options = { roles: ['api' as const], database: stage.database, simulator: stage.simulator.url, config: { encryptionKeys: stage.key } }
  const [leaving, staying] = [await startGateway(options), await startGateway(options)]
  const filter = { connectionIds: [merchant.connectionId] }
  const start = (await stage.told(merchant)).at(-1)?.cursor ?? 'ZTEuMC4w'
  const heard: { id: string; cursor: string }[] = []
  const enough = new AbortController()
  const wrote = (async () => {
    for (let n = 0; !enough.signal.aborted; n++) await append(merchant, `${n}`, `${n}+`)
  })()
  try {
    const following = leaving.subscribe(FollowEventsDocument, { filter, after: start })
    const hearing = (async () => {
      for (;;) heard.push((await following.next()).value!.events)
    })()
    hearing.catch(() => {})
    await soon(() => expect(heard.length).toBeGreaterThan(50))
    await leaving.running.stop()
    await expect(hearing).rejects.toMatchObject({ code: 1001 })
    const there = staying.subscribe(FollowEventsDocument, { filter, after: heard.at(-1)!.cursor })
    for (let taken = 0; taken < 50; taken++) heard.push((await there.next()).value!.events)
    await there.return()
    const stream = createClient({ url: `${staying.url}/stream`, headers: { authorization: `Bearer ${staying.token}`, 'last-event-id': heard.at(-1)!.cursor }, retryAttempts: 0 })
    const streaming = stream.iterate<{ events: { id: string; cursor: string } }>({ query: FOLLOW, variables: { filter } })
    for (let taken = 0; taken < 50; taken++) heard.push((await streaming.next()).value!.data!.events)
    await streaming.return?.()
  } finally {
    enough.abort()
    await wrote
    await Promise.all([leaving.stop(), staying.stop()])
  }
  const log = await stage.told(merchant, start)
  expect(heard.map(({ id }) => id)).toEqual(log.slice(0, heard.length).map(({ id }) => id))
}, 60_000)

test('a reader that is slower than the log gets everything once and in order, though memory holds it no more', async () => {
  const slow = await stage.merchant()
  const server = { url: new URL(stage.url).origin, token: stage.token }
  const reader = await open(server)
  reader.subscribe('1', FOLLOW, { filter: { connectionIds: [slow.connectionId] } })
  await soon(async () => expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^cartage_subscriptions 1$/m))
  reader.socket.pause()
  const count = 12_000 // the window holds 5,000
  for (let from = 0; from < count; from += 500) await append(slow, ...Array.from({ length: 500 }, (_, index) => `${from + index} ${'x'.repeat(1000)}`))
  await soon(async () => expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^cartage_subscriptions_behind 1$/m))
  reader.socket.resume()
  await soon(() => expect(reader.of('1')).toHaveLength(count), { timeout: 30_000, interval: 200 })
  const summaries = reader.of('1').map(({ payload }) => (payload as { data: { events: { summary: string } } }).data.events.summary.split(' ')[0])
  expect(summaries).toEqual(Array.from({ length: count }, (_, index) => String(index)))
  reader.socket.close()
}, 60_000)

test('one who comes with a cursor that is still to come, such as one of another database, keeps nothing from the others', async () => {
  const { connectionId, ...rest } = await stage.merchant()
  const filter = { connectionIds: [connectionId] }
  const beyond = stage.subscribe(FollowEventsDocument, { filter, after: Buffer.from('e1.9000000000000000000.1').toString('base64url') })
  void beyond.next().catch(() => {})
  const gauge = async (): Promise<string> => (await fetch(`${new URL(stage.url).origin}/metrics`)).text()
  await soon(async () => expect(await gauge()).toMatch(/^cartage_subscriptions 1$/m))
  const other = stage.subscribe(FollowEventsDocument, { filter })
  const hearing = (async () => [(await other.next()).value!.events.summary, (await other.next()).value!.events.summary])()
  await soon(async () => expect(await gauge()).toMatch(/^cartage_subscriptions 2$/m))
  expect(await gauge()).toMatch(/^cartage_subscription_groups 1$/m)
  await append({ connectionId, ...rest }, 'one')
  await append({ connectionId, ...rest }, 'two')
  expect(await hearing).toEqual(['one', 'two'])
  await Promise.all([beyond.return(), other.return()])
})

test('a job run: its present state first, its counts as they grow, its end, and then no more', async () => {
  const buying = await stage.merchant()
  await stage.buy(buying, { count: 250 })
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', kind: 'latency', latencyMs: 1200 })
  const id = await stage.queueRun(buying, 'IMPORT_ORDERS')
  const follow = async (): Promise<FollowJobRunSubscription['jobRun'][]> => {
    const heard = []
    for await (const { jobRun } of stage.subscribe(FollowJobRunDocument, { id })) heard.push(jobRun)
    return heard
  }
  const [heard, other] = await Promise.all([follow(), follow()])
  await stage.simulator.control('faults', 'DELETE')
  expect(['QUEUED', 'RUNNING']).toContain(heard[0]!.status)
  expect(heard.at(-1)).toMatchObject({ id, status: 'SUCCEEDED', imported: 250, finishedAt: expect.any(String) })
  expect(heard.map(({ imported }) => imported)).toEqual(heard.map(({ imported }) => imported).toSorted((a, b) => a - b))
  expect(heard.some(({ imported }) => imported > 0 && imported < 250)).toBe(true)
  expect(new Set(heard.map((one) => JSON.stringify(one))).size).toBe(heard.length)
  expect(other.at(-1)).toEqual(heard.at(-1))
  expect(await follow()).toEqual([heard.at(-1)])
}, 60_000)

test.each([['not an id', 'nonsense', 'not an id of JobRun'], ['an id of nothing', 'run_00000000000000000000000000', 'no such job run']])('a job run that is not there: %s', async (_name, id, message) => {
  await expect(stage.subscribe(FollowJobRunDocument, { id }).next()).rejects.toMatchObject({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT', field: ['id'] } }] })
})
