// Orders imported and shipped while Amazon fails in every way that the simulator knows and workers are killed. Nothing may be lost,
// nothing doubled, no tracking sent twice.
//
// Real: PostgreSQL with its durable settings; the API and the worker as the built program runs them, each a process of its own; SIGKILL.
// Simulated: Amazon, in a process of its own, without quotas. On each operation that is used, the kinds of faults that can befall it
// strike at random rates that sum to 5 % of its calls; the worker is killed a random moment after it was seen at work, once for each
// part of the orders bought and again for each part of those shipped, and started again. Between the parts Amazon's clock moves on by a
// quarter of an hour, so that windows do not read everything again (and access tokens end in mid-run); it began two days ago, so that
// what is shipped was bought before.
//
// An operator does what people must do, over GraphQL, and it is counted: resumes connections whose authorization was refused, asks again
// for orders that came malformed, repeats tracking that was refused, and asks for the nightly sweep, as the night does not come here. Once all is bought and shipped and killed, faults end, and what
// is left over has a few minutes to settle. Then everything is compared with what Amazon has, order by order.
//
// "Sent twice" is a package of which the gateway had recorded that Amazon took it, and whose sending began again without a person's
// asking; or of which Amazon holds a second package, or another content than the one that we have. What Amazon answered that we never
// heard (the answer was cut, the worker killed) may be sent again, as an edit of the same package with the same content: counted apart.
import { createRandom } from '../src/marketplaces/amazon/simulator/random.ts'
import { bookTracking, check } from './chaos-import-checks.ts'
import { addFaults, faultsMet } from './chaos-import-faults.ts'
import { Operator } from './chaos-import-operator.ts'
import { Victim } from './chaos-import-victim.ts'
import { beginCadences, goal, type Merchant, onSite, setting, type Site, within } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const ORDERS = setting('ORDERS', QUICK ? 1000 : 20_000)
const CONNECTIONS = setting('CONNECTIONS', QUICK ? 5 : 50)
/** While importing; and as many while shipping. */
const KILLS = setting('KILLS', QUICK ? 3 : 20)
const SHARE = setting('FAULTS', 0.05)
const SEED = setting('SEED', 1)
const CONCURRENCY = setting('WORKER_CONCURRENCY', QUICK ? 2 : 8)

const cadenceSeconds = { IMPORT_ORDERS: 10, SEND_TRACKING: 10, CONFIRM_TRACKING: 10, SWEEP_ORDERS: 86_400, SYNC_INVENTORY: 3600 }
/** Of Amazon's clock, from part to part. */
const STEP_SECONDS = 900
/** What all that is bought at first; the rest comes in parts, of a few connections each. */
const AT_FIRST = 0.4
const SETTLE_SECONDS = 240
/** A killed run is taken up again after half a minute; what is not here by then, a later window would not show. */
const SWEEP_AFTER_SECONDS = 45
const MOST_SWEEPS = 4
const random = createRandom(SEED)

await onSite({ name: 'chaos-import', factor: 1, startsAt: new Date(Date.now() - 2 * 86_400_000), seed: SEED }, async (site) => {
  console.log(`chaos-import: ${ORDERS} orders over ${CONNECTIONS} connections, ${SHARE * 100} % faults, ${KILLS} + ${KILLS} kills, 1 worker of ${CONCURRENCY} runs at a time, seed ${SEED}`)
  const merchants: Merchant[] = []
  for (let index = 0; index < CONNECTIONS; index++) {
    merchants.push(await site.addMerchant({ name: `Merchant ${index}`, importFrom: new Date(Date.now() - 30 * 86_400_000), cadenceSeconds, sendTrackingImmediately: true, quotas: 'unlimited' }))
  }
  await bookTracking(site)
  await addFaults(site.amazon, random, SHARE)
  const victim = await Victim.start(site, CONCURRENCY, random)
  const operator = new Operator(site)
  const over = new AbortController()
  const began = performance.now()
  const told = (words: string): void => console.log(`  ${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s: ${words}`)
  const operating = operator.work(over.signal)
  // Whatever fails, fails below: this one is awaited in the end.
  operating.catch(() => {})

  await beginCadences(site)
  const first = Math.round(ORDERS * AT_FIRST)
  await buy(site, merchants, first)
  for (let kill = 0, bought = first; kill < KILLS; kill++) {
    const count = kill === KILLS - 1 ? ORDERS - bought : Math.round((ORDERS - first) / KILLS)
    await buy(site, some(merchants, Math.max(1, Math.round(CONNECTIONS / 5))), count)
    bought += count
    await site.amazon.control('clock', 'POST', { advanceSeconds: STEP_SECONDS })
    await victim.killAt(['IMPORT_ORDERS'])
  }
  told(`all is bought, ${victim.kills} kills`)
  const imported = async (): Promise<number> => (await site.rows<{ count: number }>('SELECT count(*)::int AS count FROM orders'))[0]!.count
  for (let sweeps = 0; !(await within(SWEEP_AFTER_SECONDS, async () => (await imported()) >= ORDERS)) && sweeps < MOST_SWEEPS; sweeps++) await operator.sweep()
  told(`${await imported()} orders imported`)

  const batches = Math.max(KILLS, Math.ceil(ORDERS / 500))
  for (let batch = 0, killed = 0; batch < batches; batch++) {
    await operator.ship(Math.ceil(ORDERS / batches), random)
    await site.amazon.control('clock', 'POST', { advanceSeconds: STEP_SECONDS })
    for (; killed < ((batch + 1) * KILLS) / batches - 1e-9; killed++) await victim.killAt(['SEND_TRACKING', 'CONFIRM_TRACKING'])
    await operator.catchUp(Math.ceil(ORDERS / 5))
  }
  told(`all is shipped, ${victim.kills} kills`)
  const met = await faultsMet(site.amazon)
  await site.amazon.control('faults', 'DELETE')
  if (!(await within(SETTLE_SECONDS, () => operator.isSettled()))) told('not all has settled')
  over.abort()
  await operating
  told('settled')

  console.log(`  kills: ${victim.kills}, of which ${victim.lost} ended runs in the middle: ${(await site.rows<{ count: number }>(`SELECT count(*)::int AS count FROM job_runs WHERE error_code = 'WORKER_LOST'`))[0]!.count} runs were begun again`)
  console.log(`  faults met: ${[...met].map(([kind, count]) => `${count} ${kind}`).join(', ')}`)
  const { swept, resumed, askedAgain, retried, repeatedCalls } = operator.did
  console.log(`  by hand: ${swept} sweeps, ${resumed} connections resumed, ${askedAgain} orders asked for again, ${retried} refused packages repeated; ${repeatedCalls} calls of shipAndClose repeated under their key`)
  const { notes, checks } = await check(site, ORDERS)
  for (const note of notes) console.log(`  ${note}`)
  for (const { words, wrong } of checks) goal(`${words}: ${wrong}`, wrong === 0)
  goal(`${KILLS} + ${KILLS} kills, each of a worker just seen at work: ${victim.idle} were not; a quarter at least in the middle of a run: ${victim.lost}`,
    victim.kills === 2 * KILLS && victim.idle === 0 && victim.lost * 4 >= victim.kills)
  // A short run has too few calls, and none of several pages.
  const never = [...met].flatMap(([kind, count]) => (count === 0 ? [kind] : []))
  if (QUICK) console.log(`  not met in this short run: ${never.join(', ') || 'none'}`)
  else goal(`every kind of fault was met${never.length === 0 ? '' : `, but for ${never.join(', ')}`}`, never.length === 0)
  console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s in all`)
})

/** Paid ones, spread at random; a few more that are not ours to import, or not yet. */
async function buy({ amazon }: Site, merchants: readonly Merchant[], count: number): Promise<void> {
  const shares = new Map<string, number>()
  for (let order = 0; order < count; order++) {
    const { sellerId } = merchants[random.between(0, merchants.length - 1)]!
    shares.set(sellerId, (shares.get(sellerId) ?? 0) + 1)
  }
  const order = (sellerId: string, more: object): Promise<unknown> => amazon.control('orders', 'POST', { sellerId, ageSeconds: random.between(125, 400), ...more })
  for (const [sellerId, share] of shares) {
    for (let left = share; left > 0; left -= 50) await order(sellerId, { count: Math.min(left, 50) })
    if (random.chance(0.2)) await order(sellerId, { status: 'PENDING' })
    if (random.chance(0.2)) await order(sellerId, { status: 'CANCELLED' })
    if (random.chance(0.2)) await order(sellerId, { fulfilledBy: 'AMAZON', items: [{ sellerSku: 'SKU-0', quantity: 1 }] })
  }
}

function some<T>(of: readonly T[], count: number): T[] {
  const left = [...of]
  return Array.from({ length: Math.min(count, of.length) }, () => left.splice(random.between(0, left.length - 1), 1)[0]!)
}
