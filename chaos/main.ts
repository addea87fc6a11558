// `npm run chaos`: what chaos.ts does, for CHAOS_MINUTES (5 unless told), with faults that follow from SEED. 1 where anything is wrong.
import { setting } from '../bench/site.ts'
import { startAmazon } from '../bench/processes.ts'
import { chaos, type Row } from './chaos.ts'
import { faults } from './faults.ts'

const MINUTES = setting('CHAOS_MINUTES', 5)
const SEED = setting('SEED', Math.floor(Math.random() * 1_000_000) + 1)
/** A part of a kind's name, several with commas between. */
const ONLY = (process.env['FAULTS'] ?? '').split(',').filter((one) => one !== '')
/** Amazon's clock runs so much faster, so that the ten minutes by which windows overlap are one, and each search reads few orders twice. */
const FACTOR = 10
/** It begins so long ago that it does not catch up with ours. */
const startsAt = new Date(Date.now() - (MINUTES + 30) * 60_000 * FACTOR)

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)))

const chosen = ONLY.length === 0 ? faults : faults.filter(({ kind }) => ONLY.some((part) => kind.includes(part)))
const began = performance.now()
const tell = (words: string): void => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${words}`)

console.log(`chaos for ${MINUTES} min, SEED=${SEED}: ${chosen.length} kinds of faults, 2 APIs, 3 workers, PostgreSQL with a synchronous standby`)
const amazon = await startAmazon({ factor: FACTOR, startsAt, seed: SEED })
try {
  const { notes, wrong, checked, table } = await chaos({
    name: 'chaos', amazon, merchants: setting('MERCHANTS', 6), apis: 2, workers: 3, seed: SEED, faults: chosen, enough: (_done, seconds) => seconds > MINUTES * 60, calm: [2, 8], together: 0.2, pace: 1,
    cadenceSeconds: { IMPORT_ORDERS: 10, SEND_TRACKING: 10, CONFIRM_TRACKING: 10, SWEEP_ORDERS: 86_400, SYNC_INVENTORY: 45 },
    ordersPerSecond: setting('ORDERS_PER_SECOND', 5), amazonFaults: setting('AMAZON_FAULTS', 0.05), settle: 240, tell, signal: interrupted.signal,
  })
  for (const note of notes) console.log(`  ${note}`)
  print(table)
  for (const words of wrong) console.log(`  WRONG  ${words}`)
  console.log(wrong.length === 0 ? `Nothing lost, nothing doubled: ${checked} checks hold.` : `${wrong.length} of ${checked} checks do not hold. SEED=${SEED} does the same faults in the same order; the processes' logs are .cache/bench-chaos-*.log.`)
  process.exitCode = wrong.length === 0 ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await amazon.stop()
}
// A socket that was cut in the midst of something may be waited for: all is ended that was begun.
process.exit()

function print(table: readonly Row[]): void {
  const line = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`)
  const total = (of: (row: Row) => number): number => table.reduce((sum, row) => sum + of(row), 0)
  const withAgain = (count: number, again: number): string => (again === 0 ? String(count) : `${count}, ${again} of them twice`)
  console.log('')
  line(['fault', 'times', 'orders', 'packages', 'events', 'mails', 'webhooks', 'asked again', 'works again after, at most'])
  line(Array.from({ length: 9 }, () => '---'))
  for (const { kind, injected, orders, packages, events, mails, webhooks, again, asked, recovered } of table) line([kind, injected, orders, packages, events, withAgain(mails, again.mails), withAgain(webhooks, again.webhooks), asked, `${recovered.toFixed(0)} s`])
  line(['all', total((row) => row.injected), total((row) => row.orders), total((row) => row.packages), total((row) => row.events), withAgain(total((row) => row.mails), total((row) => row.again.mails)), withAgain(total((row) => row.webhooks), total((row) => row.again.webhooks)), total((row) => row.asked), ''])
  console.log('')
}
