// The short form of `npm run chaos`: a few of its faults once each, two at a time, under work.
import { expect, test } from 'vitest'
import { controlAt } from '../../bench/processes.ts'
import { chaos } from '../../chaos/chaos.ts'
import { faults } from '../../chaos/faults.ts'
import { startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'

const MINUTE = 60_000
/** As in the long form. */
const FACTOR = 10
const kinds = ['kill -9 of a worker at work', 'failover to the standby', 'connections to PostgreSQL cut', 'clients cut off']

test('killed, cut off and failed over at work: nothing is lost, nothing doubled', async ({ onTestFinished, signal }) => {
  const began = Date.now()
  const amazon = await startSimulator({ host: '127.0.0.1', port: 0, seed: 1, buying: null, sellers: [], clock: () => new Date(began - 60 * MINUTE + (Date.now() - began) * FACTOR) })
  onTestFinished(() => amazon.stop())
  const told: string[] = []
  const running = chaos({
    name: 'chaos-short', seed: 1, merchants: 2, apis: 1, workers: 2, pace: 0.2, calm: [1, 2], together: 1, ordersPerSecond: 5, amazonFaults: 0.02, settle: 1,
    cadenceSeconds: { IMPORT_ORDERS: 2, SEND_TRACKING: 2, CONFIRM_TRACKING: 2, SWEEP_ORDERS: 86_400, SYNC_INVENTORY: 10 },
    faults: faults.filter(({ kind }) => kinds.includes(kind)), enough: (done) => done === kinds.length, tell: (words) => void told.push(words), signal,
    amazon: { url: amazon.url, control: controlAt(amazon.url) },
  })
  onTestFinished(() => running.then(() => {}, () => {})) // whatever ends it, nothing is left running
  const { wrong, table } = await running
  expect(wrong, told.join('\n')).toEqual([])
  const done = table.filter(({ kind }) => kinds.includes(kind))
  expect(done.map(({ injected }) => injected)).toEqual(kinds.map(() => 1))
  // There was work to disturb.
  expect(table.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(50)
}, 3 * MINUTE)
