// Events to thousands of subscribers over WebSocket: the gateway as it is shipped, against bare `ws`, which only sends a ready text of the same
// size, and against plain graphql-ws on graphql-js with the gateway's own schema. The server has a core to itself where there is `taskset`; the
// subscribers, who writes the events, and PostgreSQL share the other. QUICK=1 is a short form.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApiToken } from '../src/auth/api-tokens.ts'
import { transaction } from '../src/db/transaction.ts'
import { appendEvents } from '../src/events/append.ts'
import { median, onFreshDatabase } from './compare.ts'
import { aChange, type FanOutServer, type Rival, startGateway, startRival } from './fan-out-servers.ts'
import { cpuSeconds, pin } from './processes.ts'
import { goal, setting } from './site.ts'
import { type Subscriber, type SubscriberOptions, subscribeMany } from './subscribers.ts'

type Kind = 'gateway' | Rival

const QUICK = process.env['QUICK'] === '1'
const COUNTS = process.env['SUBSCRIBERS']?.split(',').map(Number) ?? (QUICK ? [1000] : [2000, 5000])
const ROUNDS = setting('ROUNDS', QUICK ? 1 : 3)
/** Answers a second in all, well below what one core can do. */
const CALM = 20_000
/** And above what each of them can do. */
const STORM: Readonly<Record<Kind, number>> = { gateway: 400_000, ws: 120_000, 'ws-gathered': 400_000, 'graphql-ws': 15_000 }
const SECONDS = QUICK ? 3 : 6
const REST_MS = QUICK ? 1000 : 4000
/** How many subscribers tell how long each answer took. */
const SAMPLED = 50

interface Measured {
  idleKb: number
  calm: { p50: number; p99: number; microseconds: number }
  storm: { delivered: number; microseconds: number }
}

const fields = 'id cursor type occurredAt summary'

pin(1, process.pid)
await onFreshDatabase(async (scope, databaseUrl) => {
  const event = await aChange(scope)
  const token = await createApiToken(scope.db, 'bench', 'ADMIN')
  const append = (count: number): Promise<void> => transaction(scope.db.pool, async (tx) => {
    await tx.query('SET LOCAL synchronous_commit = off') // the disk is not what is measured
    await appendEvents(tx, Array.from({ length: count }, () => ({ ...event, summary: stamp() })))
  })

  const start = (kind: Kind): Promise<FanOutServer> => (kind === 'gateway' ? startGateway('fan-out', databaseUrl, append) : startRival(kind, databaseUrl, append, bareText))

  async function measure(kind: Kind, count: number, groups: number): Promise<Measured> {
    const server = await start(kind)
    let subscribers: Subscriber[] = []
    try {
      await sleep(500)
      const late: number[] = []
      const optionsOf = (index: number): SubscriberOptions => ({
        url: server.url, token, protocol: kind === 'gateway' || kind === 'graphql-ws', subscription: { query: `subscription Group${index % groups} { events { ${fields} } }` },
        ...(index % Math.ceil(count / SAMPLED) === 0 ? { onText: (text: string) => void late.push(now() - Number(/"summary":"([\d.]+)/.exec(text)![1])) } : {}),
      })
      // The first of them make what every process makes once.
      subscribers = await subscribeMany(count / 2, optionsOf)
      await sleep(REST_MS)
      const before = residentKb(server.pid)
      subscribers.push(...(await subscribeMany(count / 2, (index) => optionsOf(count / 2 + index))))
      await sleep(REST_MS)
      const idleKb = (residentKb(server.pid) - before) / (count / 2)
      await offer(server, subscribers, CALM / count, 1) // warms up
      late.length = 0
      const calm = await offer(server, subscribers, CALM / count, SECONDS)
      const sorted = late.toSorted((a, b) => a - b)
      const at = (share: number): number => sorted[Math.floor(sorted.length * share)]!
      const storm = await offer(server, subscribers, STORM[kind] / count, SECONDS)
      return { idleKb, calm: { p50: at(0.5), p99: at(0.99), microseconds: calm.microseconds }, storm }
    } finally {
      for (const { socket } of subscribers) socket.destroy()
      await server.stop()
    }
  }

  for (const count of COUNTS) {
    for (const groups of [1, 50]) {
      const kinds: Kind[] = ['gateway', 'ws', 'ws-gathered', 'graphql-ws']
      const found = new Map<Kind, Measured[]>(kinds.map((kind) => [kind, []]))
      for (let round = 0; round < ROUNDS; round++) {
        for (let turn = 0; turn < kinds.length; turn++) {
          const kind = kinds[(round + turn) % kinds.length]!
          found.get(kind)!.push(await measure(kind, count, groups))
        }
      }
      const mid = (kind: Kind, of: (measured: Measured) => number): number => median(found.get(kind)!.map(of))
      const ratio = (kind: Kind, than: Kind, of: (measured: Measured) => number): number => median(found.get(kind)!.map((measured, round) => of(measured) / of(found.get(than)![round]!)))
      console.log(`${count} subscribers in ${groups === 1 ? 'one group' : `${groups} groups`}: medians of ${ROUNDS} rounds`)
      console.log(`  ${''.padEnd(12)} ${'KB idle'.padStart(8)} | at ${CALM / 1000}k/s: ${'p50'.padStart(6)} ${'p99'.padStart(6)} ms ${'µs each'.padStart(8)} | flooded: ${'delivered/s'.padStart(12)} ${'µs each'.padStart(8)}`)
      for (const kind of kinds) {
        console.log(`  ${kind.padEnd(12)} ${mid(kind, (m) => m.idleKb).toFixed(1).padStart(8)} | ${''.padEnd(10)} ${mid(kind, (m) => m.calm.p50).toFixed(1).padStart(6)} ${mid(kind, (m) => m.calm.p99).toFixed(1).padStart(6)}    ${mid(kind, (m) => m.calm.microseconds).toFixed(1).padStart(8)} | ${''.padEnd(8)} ${mid(kind, (m) => m.storm.delivered).toFixed(0).padStart(12)} ${mid(kind, (m) => m.storm.microseconds).toFixed(2).padStart(8)}`)
      }
      const ungathered = ratio('ws', 'gateway', (m) => m.calm.microseconds)
      goal(`one by one it costs what bare ws.send costs, nearly: ${ungathered.toFixed(2)} of its rate, goal 0.75`, ungathered >= 0.75)
      const perCore = median(found.get('gateway')!.map((m) => 1e6 / m.storm.microseconds))
      goal(`flooded, one core sends ${(perCore / 1000).toFixed(0)},000 a second, goal 300,000; ${ratio('ws-gathered', 'gateway', (m) => m.storm.microseconds).toFixed(2)} of bare ws gathered`, perCore >= 300_000)
      const stock = ratio('graphql-ws', 'gateway', (m) => m.storm.microseconds)
      goal(`that is ${stock.toFixed(1)} times plain graphql-ws, goal 15`, stock >= 15)
      const kb = mid('gateway', (m) => m.idleKb)
      goal(`an idle subscriber takes ${kb.toFixed(1)} kB, goal 20`, kb <= 20)
      const p99 = mid('gateway', (m) => m.calm.p99)
      goal(`99 of 100 answers come within ${p99.toFixed(0)} ms, goal 100`, p99 < 100)
    }
  }
})

/** Events a second for some seconds, then a wait until all have come, or come no more. */
async function offer(server: FanOutServer, subscribers: readonly Subscriber[], rate: number, seconds: number): Promise<{ delivered: number; microseconds: number }> {
  const total = (): number => subscribers.reduce((sum, { received }) => sum + received, 0)
  const [from, cpu, begun] = [total(), cpuSeconds(server.pid)!, performance.now()]
  let emitted = 0
  while (performance.now() - begun < seconds * 1000) {
    const due = Math.floor(((performance.now() - begun) / 1000) * rate) + 1 - emitted
    if (due > 0) await server.emit(due)
    emitted += Math.max(due, 0)
    await sleep(Math.max(1, Math.min(10, 1000 / rate)))
  }
  const want = emitted * subscribers.length
  let [last, still] = [-1, performance.now()]
  while (total() - from < want && performance.now() - still < 5000) {
    if (total() !== last) [last, still] = [total(), performance.now()]
    await sleep(20)
  }
  const got = total() - from
  if (got < want) throw new Error(`of ${want} answers only ${got} came`)
  return { delivered: got / ((performance.now() - begun) / 1000), microseconds: ((cpuSeconds(server.pid)! - cpu) * 1e6) / got }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
function stamp(): string {
  return now().toFixed(3).padEnd(40)
}
function bareText(): string {
  return `{"id":"1","type":"next","payload":{"data":{"events":{"id":"evt_12345","cursor":"ZTEuMTIzNDU2Ny4xMjM0NQ","type":"CONNECTION_CHANGED","occurredAt":"2026-01-01T00:00:00.000Z","summary":"${stamp()}"}}}}`
}

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

