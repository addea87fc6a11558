// What must be so, whatever was done: that everybody was told everything, in order and once, and that nothing was written by who had lost his lock.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { toId } from '../src/kit/ids.ts'
import { encodePosition } from '../src/events/read.ts'
import { findBroken } from '../src/db/invariants.ts'
import { invariants } from '../src/app/verify.ts'
import type { Check } from '../bench/chaos-import-checks.ts'
import type { Chronicle, Harm } from './chronicle.ts'
import type { Failure } from './clients.ts'
import { type Arrival, repeats } from './sinks.ts'
import { patiently, type Stage } from './stage.ts'
import type { Following } from './subscribers.ts'

/** From now on the database itself notes what is written to a run that has ended: whoever does so had lost his lock. */
export async function bookLateWrites({ rows }: Stage['site']): Promise<void> {
  await rows('CREATE TABLE chaos_late_writes (run_id uuid NOT NULL, error_code text, at timestamptz NOT NULL DEFAULT now())')
  await rows(`CREATE FUNCTION chaos_book_late_write() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO chaos_late_writes (run_id, error_code) VALUES (OLD.id, OLD.error_code);
      RETURN NULL;
    END $$`)
  await rows('CREATE TRIGGER chaos_book_late_write AFTER UPDATE ON job_runs FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL AND OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION chaos_book_late_write()')
}

export interface Checked {
  notes: string[]
  checks: Check[]
}

/** What waits for longer than any rule lets it: whoever put it off took another time for the present one. Faults are shorter than the second step of each back-off. */
const putOff = Object.entries({
  mails: `mails WHERE status = 'PENDING' AND next_attempt_at > now() + interval '15 minutes'`,
  webhooks: `webhooks WHERE next_attempt_at > now() + interval '15 minutes' OR locked_until > now() + interval '15 minutes'`,
  notifications: `contact_incidents JOIN incidents ON incidents.id = incident_id WHERE news AND due_at > now() + interval '15 minutes'`,
  packages: `shipments WHERE tracking_status IN ('PENDING', 'UNCONFIRMED') AND tracking_next_attempt_at > now() + interval '35 minutes'`,
}).map(([what, rows]) => `SELECT '${what} that are put off for longer than any rule lets them' AS words, count(*)::int AS wrong FROM ${rows}`).join(' UNION ALL ')

/** What holds at every moment, in the midst of work. */
export async function checkAtWork({ db, site }: Stage): Promise<Check[]> {
  const broken = await patiently(() => findBroken(db.pool, invariants))
  const [{ late }] = (await site.rows<{ late: number }>('SELECT count(*)::int AS late FROM chaos_late_writes')) as [{ late: number }]
  return [
    ...broken.filter(({ count }) => count > 0).map(({ broken: words, count, examples }) => ({ words: `${words} (${examples.join(', ')})`, wrong: count })),
    ...(late === 0 ? [] : [{ words: 'writes to runs that had ended: by a worker that had lost its lock', wrong: late }]),
    ...(await site.rows<Check>(putOff)).filter(({ wrong }) => wrong > 0),
  ]
}

/** In the end, when nothing moves any more. */
export async function checkInTheEnd(stage: Stage, chronicle: Chronicle, acknowledged: ReadonlySet<string>): Promise<Checked> {
  const parts = [
    { notes: [], checks: [...(await checkAtWork(stage)), await verify(stage)] },
    await checkEvents(stage), await checkMails(stage, chronicle), await checkWebhooks(stage, chronicle), await checkStock(stage), await checkAcknowledged(stage, acknowledged), checkClients(stage, chronicle),
  ]
  return { notes: parts.flatMap(({ notes }) => notes), checks: parts.flatMap(({ checks }) => checks) }
}

/** The command itself. Its way to the database leads through this process, which must not wait for it idly. */
async function verify({ env }: Stage): Promise<Check> {
  const verifying = spawn(process.execPath, ['dist/cli.js', 'verify'], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(verifying, 'close') as Promise<[number | null]>
  const printed = (await Promise.all([text(verifying.stdout), text(verifying.stderr)])).join('')
  const [code] = await ended
  const broken = printed.split('\n').filter((line) => line !== '' && !line.startsWith('ok'))
  return { words: `parts that do not hold by \`npm run verify\`: ${broken.join(' | ')}`, wrong: code === 0 ? 0 : broken.length }
}

export interface Logged {
  xid: string
  id: string
  type: string
  connectionId: string
}

export const logOf = ({ site }: Stage): Promise<Logged[]> => site.rows<Logged>(`SELECT xid::text, id::text, type, connection_id AS "connectionId" FROM events ORDER BY events.xid, events.id`)

/** What of the log a subscriber has to have heard. */
export const expectedOf = ({ wanted: { types, connectionId: only } }: Following, log: readonly Logged[]): string[] =>
  log.filter(({ type, connectionId }) => (types === null || (types as readonly string[]).includes(type)) && (only === null || only === toId('Connection', connectionId))).map(encodePosition)

async function checkEvents(stage: Stage): Promise<Checked> {
  const log = await logOf(stage)
  const notes: string[] = [`events: ${log.length} in the log`]
  const checks: Check[] = []
  for (const follower of stage.followers) {
    const expected = expectedOf(follower, log)
    const heard = new Set(follower.cursors)
    const lost = expected.filter((cursor) => !heard.has(cursor)).length
    const doubled = follower.cursors.length - heard.size
    const apart = expected.findIndex((cursor, index) => follower.cursors[index] !== cursor)
    notes.push(`  ${follower.name}: ${follower.cursors.length} heard, over ${follower.interruptions} interruptions`)
    checks.push(
      { words: `times that ${follower.name} was given up${follower.failures.length === 0 ? '' : ` (${follower.failures.slice(0, 3).join('; ')})`}`, wrong: follower.failures.length },
      { words: `events lost to ${follower.name}`, wrong: lost },
      { words: `events told twice to ${follower.name}`, wrong: doubled },
      { words: `places where the sequence of ${follower.name} is not the log's${apart === -1 ? '' : ` (the ${apart + 1}th is ${Buffer.from(follower.cursors[apart] ?? '', 'base64url').toString()} in place of ${Buffer.from(expected[apart]!, 'base64url').toString()})`}`, wrong: apart === -1 && follower.cursors.length === expected.length ? 0 : 1 },
    )
  }
  return { notes, checks }
}

/** Between a message's being taken and that being recorded: what may part the two. */
const parting: readonly Harm[] = ['killed', 'stopped', 'database', 'disk']

/** Of what came twice, what no fault explains. */
const unexplainedOf = (again: readonly Arrival[], chronicle: Chronicle): Arrival[] => again.filter(({ at }) => chronicle.during(at, at, parting) === undefined)
const sayTimes = (arrivals: readonly Arrival[]): string => (arrivals.length === 0 ? '' : ` (${arrivals.slice(0, 5).map(({ id, at }) => `${id} at ${new Date(at).toISOString()}`).join(', ')})`)

async function checkMails({ site, mail, contacts }: Stage, chronicle: Chronicle): Promise<Checked> {
  const stored = await site.rows<{ id: string; status: string }>('SELECT id, status FROM mails')
  const here = new Set(stored.map(({ id }) => id))
  const came = new Set(mail.arrivals.map(({ id }) => id))
  const again = repeats(mail.arrivals)
  const unexplained = unexplainedOf(again, chronicle)
  const imported = new Map((await site.rows<{ connection: string; count: number }>(`SELECT connection_id AS connection, count(*)::int AS count FROM events WHERE type = 'ORDER_IMPORTED' GROUP BY 1`)).map(({ connection, count }) => [connection, count]))
  const firsts = new Map(mail.arrivals.map((one) => [one.id, one]))
  const told = new Map<string, number>()
  for (const { to, subject } of firsts.values()) told.set(to, (told.get(to) ?? 0) + (subject.endsWith(': an order has arrived') ? 1 : Number(/: (\d+) orders have arrived$/.exec(subject)?.[1] ?? 0)))
  const miscounted = [...contacts].filter(([email, connection]) => (told.get(email) ?? 0) !== (imported.get(connection) ?? 0))
  return {
    notes: [`mails: ${stored.length} queued, ${mail.arrivals.length} arrived; ${again.length} twice, as whoever sent them was killed or cut off before that was recorded`],
    checks: [
      { words: 'mails lost', wrong: stored.filter(({ id }) => !came.has(id)).length },
      { words: 'mails that are not recorded as sent', wrong: stored.filter(({ status }) => status !== 'SENT').length },
      { words: 'mails that nobody queued', wrong: [...came].filter((id) => !here.has(id)).length },
      { words: `mails that came twice without a reason${sayTimes(unexplained)}`, wrong: unexplained.length },
      { words: `contacts whose mails do not sum to the orders that were imported (${miscounted.map(([email, connection]) => `${email}: ${told.get(email) ?? 0} of ${imported.get(connection) ?? 0}`).join(', ') || 'all do'})`, wrong: miscounted.length },
    ],
  }
}

async function checkWebhooks(stage: Stage, chronicle: Chronicle): Promise<Checked> {
  const { hooks, receiver } = stage
  const log = await logOf(stage)
  const sums = { came: 0, doubled: 0, lost: 0, unordered: 0, foreign: 0 }
  const unexplained: Arrival[] = []
  for (const { name, connectionId, types } of hooks) {
    const expected = log.filter((event) => event.connectionId === connectionId && (types as readonly string[]).includes(event.type)).map(({ id }) => `evt_${id}`)
    const arrivals = receiver.arrivals.get(name) ?? []
    const firsts = [...new Set(arrivals.map(({ id }) => id))]
    const came = new Set(firsts)
    const known = new Set(expected)
    sums.came += arrivals.length
    sums.lost += expected.filter((id) => !came.has(id)).length
    // Events of the time before the webhook was there are none of its own.
    sums.foreign += firsts.filter((id) => !known.has(id)).length
    if (firsts.join() !== expected.filter((id) => came.has(id)).join()) sums.unordered++
    const again = repeats(arrivals)
    sums.doubled += again.length
    unexplained.push(...unexplainedOf(again, chronicle))
  }
  return {
    notes: [`webhooks: ${sums.came} messages to ${hooks.length}; ${sums.doubled} came twice under the same id, as whoever told them was killed or cut off before that was recorded`],
    checks: [
      { words: 'messages of webhooks lost', wrong: sums.lost },
      { words: 'messages of webhooks that are of no event', wrong: sums.foreign },
      { words: 'webhooks that were not told in the order of the log', wrong: sums.unordered },
      { words: `messages of webhooks that came twice without a reason${sayTimes(unexplained)}`, wrong: unexplained.length },
      { words: 'messages of webhooks whose signature was not good', wrong: receiver.unsigned },
    ],
  }
}

/** All that there is was told. Amazon may offer less: it has sold some of which the order waits for its payment. */
async function checkStock({ site, amazon, merchants }: Stage): Promise<Checked> {
  const wrong = { told: 0, offered: 0 }
  for (const { sellerId, connectionId } of merchants) {
    const { listings } = await amazon.control<{ listings: { sellerSku: string; quantity: number }[] }>(`sellers/${sellerId}/listings`)
    const offered = new Map(listings.map(({ sellerSku, quantity }) => [sellerSku, quantity]))
    for (const { sku, available, told } of await site.rows<{ sku: string; available: number; told: number | null }>(
      `SELECT sku, on_hand - on_hold - allocated AS available, listing.pushed_quantity AS told FROM connections AS connection JOIN inventory_items AS item ON item.customer_id = connection.customer_id
       LEFT JOIN listings AS listing ON listing.connection_id = connection.id AND listing.seller_sku = item.sku WHERE connection.id = $1`, [connectionId])) {
      if (told !== available) wrong.told++
      if (!(offered.get(sku)! <= available)) wrong.offered++
    }
  }
  return { notes: [], checks: [{ words: 'SKUs of which Amazon was last told another quantity than there is', wrong: wrong.told }, { words: 'SKUs of which Amazon offers more than there is', wrong: wrong.offered }] }
}

/** What a client was told is done stays done. */
async function checkAcknowledged({ site }: Stage, acknowledged: ReadonlySet<string>): Promise<Checked> {
  const here = new Set((await site.rows<{ id: string }>('SELECT id FROM shipments')).map(({ id }) => toId('Shipment', id)))
  return { notes: [], checks: [{ words: `packages that are not here though a client was told so, of ${acknowledged.size}`, wrong: [...acknowledged].filter((id) => !here.has(id)).length }] }
}

function checkClients({ caller, fleet }: Stage, chronicle: Chronicle): Checked {
  const unexplained = caller.failures.filter(({ since, at }) => chronicle.during(since, at) === undefined)
  const words = ({ since, at, code, message }: Failure): string => `${code} at ${new Date(at).toISOString()} after ${at - since} ms: ${message}`
  return {
    notes: [`requests: ${caller.asked}, each answered in the end; ${caller.failures.length} times a client had to ask again`],
    checks: [
      { words: `requests that failed while nothing was done to the gateway${unexplained.length === 0 ? '' : ` (${unexplained.slice(0, 3).map(words).join('; ')})`}`, wrong: unexplained.length },
      { words: `processes that ended by themselves${fleet.deaths.length === 0 ? '' : ` (${fleet.deaths.join('; ')})`}`, wrong: fleet.deaths.length },
    ],
  }
}
