import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What /metrics tells, in Prometheus' form. One per process, handed to whoever measures. */
export class Metrics {
  readonly registry = new Registry()
  readonly #in = { registers: [this.registry] }

  readonly requests = new Histogram({ ...this.#in, name: 'cartage_graphql_seconds', help: 'GraphQL operations by name, kind and outcome', labelNames: ['operation', 'kind', 'outcome'], buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] })
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

  /** Read anew at each scrape. */
  collectOverdue(read: () => Promise<readonly string[]>): void {
    new Gauge({
      ...this.#in, name: 'cartage_onboarding_overdue', help: 'Connections whose set-up the warehouse has not done by the time that it promised', labelNames: ['connection'],
      async collect() {
        this.reset()
        for (const connection of await read()) this.set({ connection }, 1)
      },
    })
  }

  /** Read anew at each scrape. */
  collectFailingWebhooks(read: () => Promise<{ failing: number; stopped: number }>): void {
    const stopped = new Gauge({ ...this.#in, name: 'cartage_webhooks_stopped', help: 'Webhooks that are told nothing more' })
    new Gauge({
      ...this.#in, name: 'cartage_webhooks_failing', help: 'Webhooks whose receivers take nothing at present',
      async collect() {
        const { failing, stopped: count } = await read()
        this.set(failing)
        stopped.set(count)
      },
    })
  }

  /** Read anew at each scrape. */
  collectWaitingMails(read: () => Promise<{ count: number; seconds: number }>): void {
    const oldest = new Gauge({ ...this.#in, name: 'cartage_mails_oldest_waiting_seconds', help: 'For how long the oldest mail that waits has waited' })
    new Gauge({
      ...this.#in, name: 'cartage_mails_waiting', help: 'Mails that wait to be sent',
      async collect() {
        const { count, seconds } = await read()
        this.set(count)
        oldest.set(seconds)
      },
    })
  }

  /** Read anew at each scrape: a connection that imports no more is the one to be seen. */
  collectImportLag(read: () => Promise<readonly { connection: string; seconds: number }[]>): void {
    new Gauge({
      ...this.#in, name: 'cartage_import_lag_seconds', help: 'How far behind its marketplace the imported orders of a live connection are', labelNames: ['connection'],
      async collect() {
        this.reset()
        for (const { connection, seconds } of await read()) this.set({ connection }, seconds)
      },
    })
  }

  /** Read anew at each scrape. */
  collectReaderLag(read: () => Promise<readonly { reader: string; seconds: number }[]>): void {
    new Gauge({
      ...this.#in, name: 'cartage_event_reader_lag_seconds', help: 'For how long the next event has waited for a reader of the log (notifications, webhooks)', labelNames: ['reader'],
      async collect() {
        for (const { reader, seconds } of await read()) this.set({ reader }, seconds)
      },
    })
  }

  /** Read anew at each scrape; below 0 it has ended. */
  collectAuthorizationDaysLeft(read: () => Promise<readonly { connection: string; days: number }[]>): void {
    new Gauge({
      ...this.#in, name: 'cartage_authorization_days_left', help: "Days until the seller's authorization of a connection at work ends", labelNames: ['connection'],
      async collect() {
        this.reset()
        for (const { connection, days } of await read()) this.set({ connection }, days)
      },
    })
  }

  /** Read anew at each scrape. */
  collectCallsLeft(read: () => Promise<readonly { operation: string; left: number }[]>): void {
    new Gauge({
      ...this.#in, name: 'cartage_marketplace_calls_left', help: 'Calls that the scarcest budget of an operation has left', labelNames: ['operation'],
      async collect() {
        this.reset()
        for (const { operation, left } of await read()) this.set({ operation }, left)
      },
    })
  }

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }
}
