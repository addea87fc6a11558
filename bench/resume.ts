// Subscribers who were away and come back together, each after its own cursor: all of them get every event that they missed, once and in order. What that
// takes of time and memory, and for an answer against plain graphql-ws, where each subscriber reads and executes for itself. QUICK=1 is a short form.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApiToken } from '../src/auth/api-tokens.ts'
import { transaction } from '../src/db/transaction.ts'
import { appendEvents } from '../src/events/append.ts'
import { encodePosition, type Position } from '../src/events/read.ts'
import { onFreshDatabase } from './compare.ts'
import { aChange, type FanOutServer, startGateway, startRival } from './fan-out-servers.ts'
import { cpuSeconds, pin } from './processes.ts'
import { goal } from './site.ts'
import { type Subscriber, subscribeMany } from './subscribers.ts'

const QUICK = process.env['QUICK'] === '1'
const SUBSCRIBERS = QUICK ? 200 : 1000
const EVENTS = QUICK ? 2000 : 10_000
/** Of the rival: it would take very long otherwise. */
const FEW = { subscribers: QUICK ? 10 : 50, events: QUICK ? 1000 : 2000 }
/** They left one after the other: the last of them missed so many events less than the first. */
const APART = 100

pin(1, process.pid)
await onFreshDatabase(async (scope, databaseUrl) => {
  const event = await aChange(scope)
  const token = await createApiToken(scope.db, 'bench', 'ADMIN')
  for (let written = 0; written < EVENTS; written += 500) await transaction(scope.db.pool, (tx) => appendEvents(tx, Array.from({ length: 500 }, (_, index) => ({ ...event, summary: `Event ${written + index} of those that were missed` }))))
  const { rows: positions } = await scope.db.pool.query<Position>('SELECT xid::text, id::text FROM events ORDER BY events.xid, events.id')
  const last = Number(positions.at(-1)!.id)

  async function comeBack(server: FanOutServer, count: number, from: number): Promise<{ seconds: number; microseconds: number; peakMb: number; answers: number }> {
    const wrong = new Set<string>()
    const lastOf = new Map<Subscriber, number>()
    const at = (index: number): number => from + (index % APART)
    const [begun, cpu] = [performance.now(), cpuSeconds(server.pid)!]
    let subscribers: Subscriber[] = []
    try {
      subscribers = await subscribeMany(count, (index) => ({
        url: server.url, token, protocol: true, subscription: { query: 'subscription($after: EventCursor) { events(after: $after) { id cursor type occurredAt summary } }', variables: { after: encodePosition(positions[at(index)]!) } },
        onText(text, subscriber) {
          const start = text.indexOf('evt_') + 4
          const number = Number(text.slice(start, text.indexOf('"', start)))
          if (number !== (lastOf.get(subscriber) ?? Number(positions[at(index)]!.id)) + 1) wrong.add(text)
          lastOf.set(subscriber, number)
        },
      }))
      while (subscribers.some((one) => lastOf.get(one) !== last)) {
        if (wrong.size > 0) throw new Error(`out of order: ${[...wrong][0]}`)
        await sleep(20)
      }
      const answers = subscribers.reduce((sum, { received }) => sum + received, 0)
      return { seconds: (performance.now() - begun) / 1000, microseconds: ((cpuSeconds(server.pid)! - cpu) * 1e6) / answers, peakMb: peakMb(server.pid), answers }
    } finally {
      for (const { socket } of subscribers) socket.destroy()
    }
  }

  const gateway = await startGateway('resume', databaseUrl, async () => {})
  const rival = await startRival('graphql-ws', databaseUrl, async () => {})
  try {
    const before = residentMb(gateway.pid)
    const ours = await comeBack(gateway, SUBSCRIBERS, 0)
    const theirs = await comeBack(rival, FEW.subscribers, EVENTS - FEW.events)
    console.log(`${SUBSCRIBERS} subscribers, ${EVENTS} events missed`)
    console.log(`  gateway     ${ours.answers} answers in ${ours.seconds.toFixed(1)} s, ${ours.microseconds.toFixed(2)} µs each; memory ${before} MB before, ${ours.peakMb} MB at most`)
    console.log(`  graphql-ws  ${theirs.answers} answers in ${theirs.seconds.toFixed(1)} s, ${theirs.microseconds.toFixed(2)} µs each`)
    goal(`each got every event once and in order, which costs ${(theirs.microseconds / ours.microseconds).toFixed(0)} times less than each for itself, goal 15`, theirs.microseconds / ours.microseconds >= 15)
    const mb = ours.peakMb - before
    goal(`it takes ${mb} MB more, goal 400: far from the ${Math.round((ours.answers * 300) / 1e6)} MB that are sent`, mb <= 400)
  } finally {
    await Promise.all([gateway.stop(), rival.stop()])
  }
})

function status(pid: number): string {
  return fs.readFileSync(`/proc/${pid}/status`, 'utf8')
}
function residentMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status(pid))![1]) / 1024)
}
function peakMb(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status(pid))![1]) / 1024)
}
