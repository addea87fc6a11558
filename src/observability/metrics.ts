import { setTimeout as sleep } from 'node:timers/promises'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Scrapers wait for some ten seconds. */
const READ_MS = 3000

/** Of errors: told from the start, so that the first one is a rise. */
const watched = ['INTERNAL_SERVER_ERROR', 'TIMEOUT', 'COST_EXCEEDED', 'RATE_LIMITED', 'TOO_MANY_OPERATIONS', 'TOO_MANY_SUBSCRIBERS']

/** What /metrics tells, in Prometheus' form. One per process, handed to whoever measures. */
export class Metrics {
  readonly registry = new Registry()
  readonly #in = { registers: [this.registry] }

  readonly requests = new Histogram({ ...this.#in, name: 'cartage_graphql_seconds', help: 'GraphQL operations by name, kind and outcome', labelNames: ['operation', 'kind', 'outcome'], buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] })
  readonly errors = new Counter({ ...this.#in, name: 'cartage_errors_total', help: 'Errors that clients were told, by code', labelNames: ['code'] })
  readonly sockets = new Gauge({ ...this.#in, name: 'cartage_websockets', help: 'Open WebSockets' })
  readonly connectionsRefused = new Counter({ ...this.#in, name: 'cartage_connections_refused_total', help: 'Connections refused as their address had as many as it may have' })
  readonly subscriptions = new Gauge({ ...this.#in, name: 'cartage_subscriptions', help: 'Running subscriptions' })
  readonly eventStreams = new Gauge({ ...this.#in, name: 'cartage_event_streams', help: 'Open streams of server-sent events' })
  readonly subscriptionGroups = new Gauge({ ...this.#in, name: 'cartage_subscription_groups', help: 'Groups of subscriptions that share each execution' })
  readonly subscriptionsBehind = new Gauge({ ...this.#in, name: 'cartage_subscriptions_behind', help: 'Subscriptions whose client reads more slowly than events come' })
  readonly subscriptionMessages = new Counter({ ...this.#in, name: 'cartage_subscription_messages_total', help: 'Answers sent to subscribers' })
  readonly marketplaceCalls = new Counter({ ...this.#in, name: 'cartage_marketplace_calls_total', help: 'Calls to marketplaces by operation and outcome (an HTTP status or an error kind)', labelNames: ['channel', 'operation', 'outcome'] })
  readonly marketplaceCallSeconds = new Histogram({ ...this.#in, name: 'cartage_marketplace_call_seconds', help: 'Calls to marketplaces, from sending to the last byte', labelNames: ['channel', 'operation'], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] })
  readonly marketplaceWaitSeconds = new Histogram({ ...this.#in, name: 'cartage_marketplace_wait_seconds', help: 'How long calls to marketplaces waited for their budget before they were made or given up', labelNames: ['channel', 'operation'], buckets: [0.05, 0.25, 1, 5, 15, 60, 300] })
  readonly runs = new Histogram({ ...this.#in, name: 'cartage_job_run_seconds', help: 'Job runs by kind and outcome', labelNames: ['kind', 'outcome'], buckets: [0.05, 0.2, 1, 5, 15, 60, 300] })
  readonly lateness = new Histogram({ ...this.#in, name: 'cartage_job_lateness_seconds', help: 'How late due runs were claimed', labelNames: ['kind'], buckets: [0.5, 1, 2, 5, 15, 60, 300] })
  readonly orders = new Counter({ ...this.#in, name: 'cartage_orders_total', help: 'Orders by what became of them', labelNames: ['outcome'] })

  readonly mails = new Counter({ ...this.#in, name: 'cartage_mails_total', help: 'Tries to send a mail by its kind and what became of it (sent, server, later, recipient, refused)', labelNames: ['kind', 'outcome'] })

  readonly webhooks = new Counter({ ...this.#in, name: 'cartage_webhook_deliveries_total', help: 'Tries to tell a webhook an event, by what became of them (taken, failed)', labelNames: ['outcome'] })

  /** `roles` with commas between. */
  tellBuild(version: string, roles: string): void {
    new Gauge({ ...this.#in, name: 'cartage_build_info', help: 'Which version runs here, and as what; always 1', labelNames: ['version', 'node', 'roles'] }).set({ version, node: process.versions.node, roles }, 1)
  }

  collectReady(read: () => Promise<boolean>): void {
    this.#collect(read, { name: 'cartage_ready', help: 'Whether the database answers and has every migration', of: (ready) => [[{}, ready ? 1 : 0]] })
  }

  collectPool(read: () => { busy: number; idle: number; waiting: number; most: number }): void {
    this.#collect(async () => read(),
      { name: 'cartage_database_connections', help: 'Connections of the pool to the database', labelNames: ['state'], of: ({ busy, idle }) => [[{ state: 'busy' }, busy], [{ state: 'idle' }, idle]] },
      { name: 'cartage_database_connections_max', help: 'As many connections as the pool may have (DATABASE_POOL_SIZE)', of: ({ most }) => [[{}, most]] },
      { name: 'cartage_database_waiting', help: 'Statements and transactions that wait for a connection', of: ({ waiting }) => [[{}, waiting]] })
  }

  collectDatabaseBytes(read: () => Promise<number>): void {
    this.#collect(read, { name: 'cartage_database_bytes', help: 'What the database takes on disk', of: (bytes) => [[{}, bytes]] })
  }

  collectConnections(read: () => Promise<readonly { status: string; count: number }[]>): void {
    this.#collect(read, { name: 'cartage_connections', help: 'Connections by status', labelNames: ['status'], of: (found) => found.map(({ status, count }) => [{ status }, count]) })
  }

  collectBacklog(read: () => Promise<{ failures: number; pending: number; unconfirmed: number; rejected: number }>): void {
    this.#collect(read,
      { name: 'cartage_import_failures_open', help: 'Orders that could not be imported and wait to be mended', of: ({ failures }) => [[{}, failures]] },
      { name: 'cartage_tracking_updates', help: 'Tracking updates that the marketplace has not accepted, by status', labelNames: ['status'], of: ({ pending, unconfirmed, rejected }) => [[{ status: 'PENDING' }, pending], [{ status: 'UNCONFIRMED' }, unconfirmed], [{ status: 'REJECTED' }, rejected]] })
  }

  collectOverdue(read: () => Promise<readonly string[]>): void {
    this.#collect(read, { name: 'cartage_onboarding_overdue', help: 'Connections whose set-up the warehouse has not done by the time that it promised', labelNames: ['connection'], of: (overdue) => overdue.map((connection) => [{ connection }, 1]) })
  }

  collectFailingWebhooks(read: () => Promise<{ failing: number; stopped: number }>): void {
    this.#collect(read,
      { name: 'cartage_webhooks_failing', help: 'Webhooks whose receivers take nothing at present', of: ({ failing }) => [[{}, failing]] },
      { name: 'cartage_webhooks_stopped', help: 'Webhooks that are told nothing more', of: ({ stopped }) => [[{}, stopped]] })
  }

  collectWaitingMails(read: () => Promise<{ count: number; seconds: number }>): void {
    this.#collect(read,
      { name: 'cartage_mails_waiting', help: 'Mails that wait to be sent', of: ({ count }) => [[{}, count]] },
      { name: 'cartage_mails_oldest_waiting_seconds', help: 'For how long the oldest mail that waits has waited', of: ({ seconds }) => [[{}, seconds]] })
  }

  /** A connection that imports no more is the one to be seen. */
  collectImportLag(read: () => Promise<readonly { connection: string; seconds: number; everySeconds: number }[]>): void {
    this.#collect(read,
      { name: 'cartage_import_lag_seconds', help: 'How far behind its marketplace the imported orders of a live connection are', labelNames: ['connection'], of: (lags) => lags.map(({ connection, seconds }) => [{ connection }, seconds]) },
      { name: 'cartage_import_interval_seconds', help: 'How often a live connection imports orders', labelNames: ['connection'], of: (lags) => lags.map(({ connection, everySeconds }) => [{ connection }, everySeconds]) })
  }

  /** A kind that nobody serves is the one to be seen. */
  collectJobLag(read: () => Promise<readonly { kind: string; due: number; seconds: number; paused: boolean }[]>): void {
    this.#collect(read,
      { name: 'cartage_job_overdue_seconds', help: 'For how long the first run that is due, claimed by nobody and not paused has waited for a worker', labelNames: ['kind'], of: (lags) => lags.map(({ kind, seconds }) => [{ kind }, seconds]) },
      { name: 'cartage_jobs_overdue', help: 'Runs that are due, claimed by nobody and not paused', labelNames: ['kind'], of: (lags) => lags.map(({ kind, due }) => [{ kind }, due]) },
      { name: 'cartage_jobs_paused', help: 'Whether a kind of job is paused for the whole gateway', labelNames: ['kind'], of: (lags) => lags.map(({ kind, paused }) => [{ kind }, paused ? 1 : 0]) })
  }

  collectJobClock(read: () => boolean): void {
    this.#collect(async () => read(), { name: 'cartage_job_clock_up', help: 'Whether the store of the job clock answers this worker', of: (up) => [[{}, up ? 1 : 0]] })
  }

  collectReaderLag(read: () => Promise<readonly { reader: string; seconds: number }[]>): void {
    this.#collect(read, { name: 'cartage_event_reader_lag_seconds', help: 'For how long the next event has waited for a reader of the log (notifications, webhooks)', labelNames: ['reader'], of: (lags) => lags.map(({ reader, seconds }) => [{ reader }, seconds]) })
  }

  collectTailLag(read: () => Promise<number>): void {
    this.#collect(read, { name: 'cartage_event_tail_lag_seconds', help: 'For how long the next event has waited for the subscribers of this process', of: (seconds) => [[{}, seconds]] })
  }

  /** Below 0 it has ended. */
  collectAuthorizationDaysLeft(read: () => Promise<readonly { connection: string; days: number }[]>): void {
    this.#collect(read, { name: 'cartage_authorization_days_left', help: "Days until the seller's authorization of a connection at work ends", labelNames: ['connection'], of: (found) => found.map(({ connection, days }) => [{ connection }, days]) })
  }

  /** As above, of the gateway's own secret at a marketplace. */
  collectSecretDaysLeft(read: () => number): void {
    this.#collect(async () => read(), { name: 'cartage_application_secret_days_left', help: "Days until the newest client secret of the gateway's application ends", of: (days) => [[{}, days]] })
  }

  collectCallsLeft(read: () => Promise<readonly { operation: string; left: number }[]>): void {
    this.#collect(read, { name: 'cartage_marketplace_calls_left', help: 'Calls that the scarcest budget of an operation has left', labelNames: ['operation'], of: (budgets) => budgets.map(({ operation, left }) => [{ operation }, left]) })
  }

  /** Read anew at each scrape, once for all gauges that show it. What cannot be read is left out: the rest is told all the same, as then it is wanted most. */
  #collect<Value>(read: () => Promise<Value>, ...gauges: readonly Shown<Value>[]): void {
    const sharing = shared(read)
    for (const { name, help, labelNames = [], of } of gauges) {
      const gauge: Gauge = new Gauge({
        ...this.#in, name, help, labelNames,
        async collect() {
          const value = await within(READ_MS, sharing())
          if (labelNames.length === 0) gauge.remove()
          else gauge.reset()
          if (value !== null) for (const [labels, number] of of(value)) gauge.set(labels, number)
        },
      })
    }
  }

  constructor() {
    collectDefaultMetrics({ register: this.registry })
    for (const code of watched) this.errors.inc({ code }, 0)
  }
}

/** A gauge, and its values by their labels, of what was read. */
interface Shown<Value> {
  name: string
  help: string
  labelNames?: string[]
  of: (value: Value) => (readonly [labels: Record<string, string>, value: number])[]
}

/** Who asks while it is read gets the same: a database that hangs is not asked again at each scrape. */
function shared<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let reading: Promise<Value> | null = null
  return () => (reading ??= read().finally(() => (reading = null)))
}

/** Null where it fails, or takes longer. */
async function within<Value>(milliseconds: number, reading: Promise<Value>): Promise<Value | null> {
  const timer = new AbortController()
  const over = sleep(milliseconds, null, { signal: timer.signal }).catch(() => null)
  const value = await Promise.race([reading.catch(() => null), over])
  timer.abort()
  return value
}
