import { setTimeout as sleep } from 'node:timers/promises'
import { load, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import type { Database } from '../db/client.ts'
import { type Tx, transaction } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { beginReader, readOn } from '../events/reader.ts'
import { eventByNumber, type EventRow, horizon, type Position, readEvents } from '../events/read.ts'
import { type Clock, seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { failed, SpanKind, spanned, traced } from '../observability/trace.ts'
import { retryAt } from './backoff.ts'
import {
  type Again, claimLanes, claimRedeliveries, type Come, connectionName, endLane, type Lane, placeOfLane, recordDelivered, recordFailed, settleRedelivery, type Told, wakeWebhooks,
} from './lanes.store.ts'
import { bodyOf, messageId, signer } from './message.ts'
import { type Post, type Posted, Poster } from './post.ts'
import { openSecrets } from './secrets.ts'
import type { Networks } from './target.ts'

const READER = 'webhooks'
/** Receivers told at a time; one that hangs keeps its place for one deadline. */
const LANES = 64
const REDELIVERIES = 8
/** Events read at a time, and told before that is recorded: what a killed process may tell twice. */
const BATCH = 200
/** Slow ones are recorded sooner. */
const RECORDED_MS = 1000
/** A lane with more to tell lets others have its place for a moment. */
const TURN_MS = seconds(10)
/** Longer than one receiver can take and what was told can wait; of a killed process the claims are free after it. */
const LEASE_SECONDS = 45

export interface WebhookProcess {
  db: Database
  clock: Clock
  log: Log
  metrics: Metrics
  sealer: Sealer
  networks: Networks
  /** For an answer; for tests. */
  deadlineMs?: number
}

/**
 * Tells each webhook the events of its connection: in the order of the log, each at least once, and the next one only when one was taken. The
 * webhook's row says how far it is and the log what comes next, so that nothing has to be copied and a kill loses nothing.
 */
export class WebhookPump {
  readonly name = 'webhooks'
  readonly #process: WebhookProcess
  readonly #poster: Poster
  #ending = false
  readonly #telling = new Set<Promise<void>>()
  #lanes = 0
  #looking: Promise<void> | null = null
  #begun = false
  #stopping = false

  constructor(process: WebhookProcess) {
    this.#process = process
    this.#poster = new Poster(process.networks, process.deadlineMs)
  }

  get isFull(): boolean {
    return this.#lanes >= LANES
  }

  async tick(): Promise<void> {
    await this.#look()
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    await this.#looking?.catch(() => {})
    const grace = new AbortController()
    await Promise.race([Promise.all(this.#telling), sleep(graceMs, null, { signal: grace.signal }).catch(() => {})])
    grace.abort()
    // What hangs is given up; its claim runs out, and another process tries it again.
    this.#ending = true
    this.#poster.abandon()
    await Promise.all(this.#telling)
    await this.#poster.close()
  }

  #look(): Promise<void> {
    if (this.#stopping) return Promise.resolve()
    return (this.#looking ??= this.#begin().finally(() => (this.#looking = null)))
  }

  async #begin(): Promise<void> {
    const { db, clock } = this.#process
    if (!this.#begun) await beginReader(db, READER)
    this.#begun = true
    while (!this.#stopping && (await readOn(db, READER, async (tx, events) => void (await wakeWebhooks(tx, comeOf(events), clock()))))) { /* until nothing is new */ }
    const room = LANES - this.#lanes
    const lanes = room === 0 ? [] : await claimLanes(db.pool, room, clock(), LEASE_SECONDS)
    this.#lanes += lanes.length
    for (const lane of lanes) this.#follow(lane.id, traced('tell webhook', tracedAs(lane.id), () => this.#tell(lane)).finally(() => (this.#lanes -= 1)), () => this.#look())
    for (const again of await claimRedeliveries(db.pool, REDELIVERIES, clock(), LEASE_SECONDS)) this.#follow(again.webhookId, traced('tell webhook again', tracedAs(again.webhookId), () => this.#tellAgain(again)), () => Promise.resolve())
  }

  /** Until it ends, whatever becomes of it; then looks whether there is more. */
  #follow(webhook: string, work: Promise<void>, then: () => Promise<void>): void {
    const { log } = this.#process
    const telling = work
      .catch((error: unknown) => log.error({ webhook, causes: causes(error) }, 'what a webhook was told is not recorded: it is told again when its claim has run out'))
      .then(() => {
        this.#telling.delete(telling)
        void then().catch((error: unknown) => log.warn({ causes: causes(error) }, 'webhooks could not be looked for; the next tick looks again'))
      })
    this.#telling.add(telling)
  }

  async #tell(lane: Lane): Promise<void> {
    const { db, clock, sealer } = this.#process
    const [sign, post] = [signer(await openSecrets(sealer, lane, clock())), this.#poster.to(new URL(lane.url))]
    const wanted = { types: lane.topics, connectionIds: [lane.connectionId], customerIds: null, orderId: null }
    const end = await horizon({ db })
    const read = (after: Position): Promise<EventRow[]> => readEvents({ tenant: [lane.customerId], db }, wanted, after, end, BATCH)
    const turnEnds = performance.now() + TURN_MS
    let recording = Promise.resolve(true)
    /** Records while the next ones are told. False where the claim was lost. */
    const record = async (place: Position, told: readonly Told[]): Promise<boolean> => {
      if (!(await recording)) return false
      recording = recordDelivered(db.pool, lane, place, told, clock(), LEASE_SECONDS)
      recording.catch(() => {}) // it is awaited before anything else is recorded
      return true
    }
    /** Of the event that comes next. */
    let failures: Failures = lane
    let next = read(placeOfLane(lane))
    for (;;) {
      const events = await next
      const last = events.length < BATCH
      if (!last) {
        next = read(events.at(-1)!)
        next.catch(() => {}) // likewise
      }
      let [told, since]: [Told[], number] = [[], performance.now()]
      for (const event of events) {
        const posted = await this.#post(post, sign, event)
        if (this.#ending) return
        if (!posted.taken) {
          // What was taken before it is recorded first: the next try begins with this one.
          if (told.length > 0 && !(await record(events[events.indexOf(event) - 1]!, told))) return
          if (await recording) await this.#failed(lane, failures, event, posted)
          return
        }
        failures = { attempts: 0, failingSince: null }
        told.push({ eventId: event.id, statusCode: posted.statusCode })
        if (performance.now() - since < RECORDED_MS && !this.#stopping) continue
        if (!(await record(event, told))) return
        if (this.#stopping || performance.now() > turnEnds) return this.#leave(lane, recording, false)
        ;[told, since] = [[], performance.now()]
      }
      if (!(await record(last ? end : events.at(-1)!, told))) return
      if (last || performance.now() > turnEnds) return this.#leave(lane, recording, last)
    }
  }

  async #leave(lane: Lane, recording: Promise<boolean>, whole: boolean): Promise<void> {
    const { db, clock } = this.#process
    if (await recording) await endLane(db.pool, lane, whole, clock())
  }

  async #post(post: Post, sign: ReturnType<typeof signer>, event: EventRow): Promise<Posted> {
    const { clock, metrics } = this.#process
    const [id, body] = [messageId(event), bodyOf(event)]
    const posted = await spanned('POST', { kind: SpanKind.CLIENT, attributes: { 'http.request.method': 'POST', 'cartage.event_id': event.id } }, async (span) => {
      const answer = await post(sign(id, clock(), body), body)
      if (answer.statusCode !== null) span.setAttribute('http.response.status_code', answer.statusCode)
      if (!answer.taken) failed(span, answer.statusCode === null ? 'unreachable' : String(answer.statusCode))
      return answer
    })
    metrics.webhooks.inc({ outcome: posted.taken ? 'taken' : 'failed' })
    return posted
  }

  async #failed(lane: Lane, { attempts, failingSince }: Failures, event: EventRow, posted: Posted & { taken: false }): Promise<void> {
    const { db, clock, log } = this.#process
    const { statusCode, error, retryAfter, gone } = posted
    const now = clock()
    const at = gone ? null : retryAt({ attempts: attempts + 1, failingSince: failingSince ?? now, now, retryAfter, chance: Math.random() })
    const reason = gone ? 'the receiver answered 410: it wants nothing more' : `the receiver has failed for three days: ${error}`
    log.warn({ webhook: lane.id, event: event.id, statusCode, again: at }, `a webhook was not taken: ${error}`)
    await transaction(db.pool, async (tx) => {
      const recorded = await recordFailed(tx, lane, { eventId: event.id, statusCode, error }, now, at === null ? { reason } : { retryAt: at })
      if (recorded && at === null) await this.#tellStopped(tx, lane, reason)
    })
  }

  async #tellStopped(tx: Tx, lane: Lane, reason: string): Promise<void> {
    const { connectionId, customerId } = lane
    await appendEvents(tx, [{ type: 'NOTIFICATIONS_STOPPED', connectionId, customerId, summary: `${await connectionName(tx, lane)}: a webhook is told nothing more: ${reason}` }])
  }

  /** Out of turn, and once: whoever asked sees what came of it. */
  async #tellAgain(again: Again): Promise<void> {
    const { db, clock, sealer, log } = this.#process
    const scope: Scope = { tenant: null, actor: { id: 'job:WEBHOOKS', name: 'webhooks', role: 'OPERATOR' }, db, clock, log, requestId: again.id }
    const event = await load(scope, eventByNumber, again.eventId)
    const posted: Posted = event === null
      ? { taken: false, statusCode: null, error: 'the log has it no more', retryAfter: null, gone: false }
      : await this.#post(this.#poster.to(new URL(again.url)), signer(await openSecrets(sealer, { ...again, id: again.webhookId }, clock())), event)
    if (this.#ending) return
    await settleRedelivery(db.pool, again, { taken: posted.taken, statusCode: posted.statusCode, error: posted.taken ? null : posted.error }, clock())
  }
}

const tracedAs = (webhook: string): { attributes: Record<string, string> } => ({ attributes: { 'cartage.webhook_id': webhook } })

type Failures = Pick<Lane, 'attempts' | 'failingSince'>

function comeOf(events: readonly EventRow[]): Come[] {
  const come = new Map<string, Set<EventRow['type']>>()
  for (const { connectionId, type } of events) come.set(connectionId, (come.get(connectionId) ?? new Set()).add(type))
  return [...come].map(([connectionId, types]) => ({ connectionId, types: [...types] }))
}
