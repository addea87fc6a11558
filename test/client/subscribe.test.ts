import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { type GatewayError, WatchEventsDocument, type WatchEventsSubscription, WatchOrderDocument } from '../../src/client/index.ts'
import { createSubscriber, type SubscriberOptions } from '../../src/client/subscribe.ts'
import { CancelOrdersDocument, HoldOrdersDocument, ReleaseOrdersDocument } from '../generated/graphql.ts'
import { type Merchant, type Stage, startStage, until } from '../journeys/stage.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

type Event = WatchEventsSubscription['events']

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config: { databasePoolSize: 30 } })
})
afterAll(() => stage.stop())

/** One that keeps its sockets in sight. */
function subscriber(options: Partial<SubscriberOptions> = {}) {
  const sockets = new Set<WebSocket>()
  let [begun, left] = [0, 0]
  class Seen extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args)
      sockets.add(this)
      this.once('close', () => sockets.delete(this))
    }

    override send(data: string): void {
      if (data.includes('"type":"subscribe"')) begun++
      if (data.includes('"type":"complete"')) left++
      super.send(data)
    }
  }
  return {
    ...createSubscriber({ url: stage.url, token: stage.token, webSocketImpl: Seen, ...options }),
    sockets,
    /** Operations that were begun. */
    begun: () => begun,
    /** And those that were left before their end. */
    left: () => left,
    cut: () => sockets.forEach((socket) => socket.terminate()),
  }
}

async function imported(count: number): Promise<{ merchant: Merchant; ids: string[]; cursor: string; filter: { connectionIds: string[] } }> {
  const merchant = await stage.merchant({ stock: 10_000 })
  const sold = await stage.buy(merchant, { count })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const ids = await Promise.all(sold.map(async ({ orderId }) => (await stage.order(merchant, orderId)).id))
  return { merchant, ids, cursor: (await stage.told(merchant)).at(-1)!.cursor, filter: { connectionIds: [merchant.connectionId] } }
}

const hold = (orderIds: string[]) => stage.graphql(HoldOrdersDocument, { input: { orderIds, reason: 'OTHER' } })
const release = (orderIds: string[]) => stage.graphql(ReleaseOrdersDocument, { input: { orderIds } })

/** An API of its own on the stage's database. */
async function api(): Promise<Gateway> {
  const gateway = await startGateway({ roles: ['api'], database: stage.database, simulator: stage.simulator.url, config: { encryptionKeys: stage.key } })
  onTestFinished(() => gateway.stop())
  return gateway
}

test('sockets cut in mid-stream, and a gateway that moves to another port: no gap, no repeat, in the order of the log', async () => {
  const { merchant, ids, cursor, filter } = await imported(20)
  const first = await api()
  let url = first.url
  const { subscribe, cut, sockets } = subscriber({ url: () => url })
  // A round of events begins when the one before was heard: so each cut meets a socket, however much of a round has come by then.
  const [rounds, ofRound] = [6, ids.length * 2]
  const wanted = rounds * ofRound
  const write = () => Promise.all(ids.map(async (id) => {
    await hold([id])
    await release([id])
  }))
  const writing = [write()]
  const heard: Event[] = []
  const kept: string[] = []
  const interruptions: GatewayError[] = []
  for await (const event of subscribe(WatchEventsDocument, { filter, after: cursor }, { onCursor: (at) => void kept.push(at), onInterrupted: (error) => interruptions.push(error) })) {
    heard.push(event)
    if (heard.length === wanted) break
    if (heard.length % ofRound === 0) writing.push(write())
    if (heard.length % ofRound === 10) cut()
    if (heard.length === 100) {
      url = (await api()).url
      await first.stop()
    }
  }
  await Promise.all(writing)
  expectTypeOf(heard[0]!.cursor).toEqualTypeOf<string>()
  // Two of a round (the cut, the move) may be one, and the last cut is met by nobody where all that was wanted had come by then.
  expect(interruptions.length).toBeGreaterThanOrEqual(rounds - 1)
  expect(heard.map((event) => event.cursor)).toEqual((await stage.told(merchant, cursor)).map((event) => event.cursor))
  expect(new Set(heard.map((event) => event.cursor)).size).toBe(wanted)
  expect(kept).toEqual(heard.slice(0, -1).map((event) => event.cursor)) // the last was left in hand
  await until(async () => sockets.size === 0)
})

test('from now on: what happens while the socket is lost, before anything was told, is told', async () => {
  const { ids: [id], filter } = await imported(1)
  let reachable = true
  const { subscribe, cut, begun } = subscriber({ url: () => (reachable ? stage.url : 'http://127.0.0.1:9/graphql') })
  const events = subscribe(WatchEventsDocument, { filter })
  const next = events.next()
  await until(async () => begun() === 2) // the cursor, and the stream
  reachable = false
  cut()
  await hold([id!])
  reachable = true
  expect((await next).value).toMatchObject({ type: 'ORDER_HELD', order: { id } })
  await events.return()
})

test('a consumer slower than its stream holds a thousand events, and still gets each once', { timeout: 60_000 }, async () => {
  const { merchant, ids, cursor, filter } = await imported(250)
  for (let round = 0; round < 3; round++) {
    await hold(ids)
    await release(ids)
  }
  const { subscribe, begun, left } = subscriber()
  const heard: string[] = []
  for await (const event of subscribe(WatchEventsDocument, { filter, after: cursor })) {
    if (heard.length === 0) await until(async () => left() === 1) // the stream ran ahead
    heard.push(event.cursor)
    if (heard.length === 1500) break
  }
  expect(begun()).toBe(2)
  expect(heard).toEqual((await stage.told(merchant, cursor)).map((event) => event.cursor))
})

test('one order, over a gateway that moves: its state again, and again at each change', async () => {
  const { ids: [id] } = await imported(1)
  const first = await api()
  let url = first.url
  const { subscribe } = subscriber({ url: () => url })
  const states = subscribe(WatchOrderDocument, { id: id! })
  expect((await states.next()).value).toMatchObject({ status: 'OPEN', version: 1 })
  url = (await api()).url
  await first.stop()
  expect((await states.next()).value).toMatchObject({ status: 'OPEN', version: 1 })
  await stage.graphql(CancelOrdersDocument, { input: { orderIds: [id!], reason: 'gone' } })
  expect((await states.next()).value).toMatchObject({ status: 'CANCELLED' })
  await states.return()
})

test('called in place of asked: one event at a time, its cursor after it', async () => {
  const { ids, cursor, filter } = await imported(3)
  await hold(ids)
  const controller = new AbortController()
  const order: string[] = []
  await subscriber().follow(
    WatchEventsDocument,
    async ({ type, cursor }) => {
      order.push(type)
      await sleep(5)
      order.push(cursor)
      if (order.length === 8) controller.abort()
    },
    { filter, after: cursor },
    { signal: controller.signal, onCursor: (at) => void order.push(at) },
  )
  expect(order).toEqual([...Array(3).keys()].flatMap((index) => ['ORDER_HELD', order[index * 3 + 1], order[index * 3 + 1]]))
})

test('left while it waits: at once; aborted: quietly', async () => {
  const { filter } = await imported(1)
  const one = subscriber()
  const waiting = one.subscribe(WatchEventsDocument, { filter })
  const next = waiting.next()
  await until(async () => one.begun() === 2)
  await waiting.return()
  expect(await next).toEqual({ done: true, value: undefined })
  const controller = new AbortController()
  const aborted = one.subscribe(WatchEventsDocument, { filter }, { signal: controller.signal }).next()
  controller.abort()
  expect(await aborted).toEqual({ done: true, value: undefined })
  await until(async () => one.sockets.size === 0)
})

async function fails(document: string, variables: object, options: Partial<SubscriberOptions> = {}): Promise<unknown> {
  const { subscribe } = subscriber(options)
  return subscribe(document, variables).next().then(() => expect.unreachable('it goes on'), (error: unknown) => error)
}

test('ends where another try would meet the same', async () => {
  expect(await fails(String(WatchEventsDocument), {}, { token: 'none' })).toMatchObject({ code: 'UNAUTHENTICATED', status: 4403 })
  expect(await fails('subscription { events { colour } }', {})).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
  expect(await fails(String(WatchEventsDocument), { after: 'no cursor' })).toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(await fails('subscription Lame { importEvents(after: "ZTEuMC4w") { cursor } }', {})).toBeInstanceOf(TypeError)
})

test('gives up after so many attempts, where told; a token that is renewed gets another', async () => {
  const interruptions: number[] = []
  const lost = subscriber({ url: 'http://127.0.0.1:9/graphql' }).subscribe(WatchEventsDocument, {}, { attempts: 3, onInterrupted: (_error, wait) => interruptions.push(wait) })
  await expect(lost.next()).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
  expect(interruptions).toHaveLength(2)

  const { cursor, ids, filter } = await imported(1)
  await hold(ids)
  const tokens = ['none', stage.token]
  const renewed = subscriber({ token: () => tokens.shift()! }).subscribe(WatchEventsDocument, { filter, after: cursor })
  expect((await renewed.next()).value).toMatchObject({ type: 'ORDER_HELD' })
  await renewed.return()
})

test('a gateway that went away without a word is left', { timeout: 40_000 }, async () => {
  const silent = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  onTestFinished(() => {
    for (const socket of silent.clients) socket.terminate()
    silent.close()
  })
  await once(silent, 'listening')
  silent.on('connection', (socket) => socket.once('message', () => socket.send('{"type":"connection_ack"}')))
  const { subscribe } = subscriber({ url: `http://127.0.0.1:${(silent.address() as { port: number }).port}/graphql` })
  const why = new Promise<GatewayError>((resolve) => {
    const waiting = subscribe(WatchEventsDocument, { after: 'ZTEuMC4w' }, { onInterrupted: (error) => {
      resolve(error)
      void waiting.return()
    } })
    void waiting.next()
  })
  expect(await why).toMatchObject({ code: 'SOCKET_CLOSED', status: 4499 })
})
