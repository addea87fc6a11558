import { loadExisting, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { connectionById, connectionIn, type ConnectionRow } from '../connections/connections.store.ts'
import { openAccount } from '../connections/authorizations.ts'
import { keepHouse } from '../connections/keep-house.ts'
import { requireAttention } from '../connections/require-attention.ts'
import type { RetentionConfig } from '../config/config.ts'
import type { Database } from '../db/client.ts'
import { syncInventory } from '../inventory/sync-inventory.ts'
import { type JobKind, pullCadences, settleLostRuns } from '../jobs/cadences.ts'
import type { Chore } from '../jobs/agenda.ts'
import type { CadenceDefinition, RunContext, RunFailure } from '../jobs/define.ts'
import { addToReceipt } from '../jobs/runs.store.ts'
import { type Clock, days, shifted } from '../kit/clock.ts'
import { type Channel, type ChannelAccount, ChannelError } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { keepMail } from '../mail/keep-mail.ts'
import { forgetIncidents } from '../notifications/incidents.store.ts'
import { askAfterAgreements, lookAfterAgreements, lookAfterOnboarding, type OnboardingProcess } from '../onboarding/look-after-onboarding.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { importOrders, type ImportWindow, tellImportFailed } from '../orders/import-orders.ts'
import { importContext } from '../orders/import-context.ts'
import { removePersonalData } from '../orders/remove-personal-data.ts'
import type { Carriers } from '../shipments/carriers.ts'
import { confirmTracking } from '../shipments/confirm-tracking.ts'
import { sendTracking } from '../shipments/send-tracking.ts'
import type { TrackingRun } from '../shipments/tracking-run.ts'
import { keepDeliveries } from '../webhooks/keep-deliveries.ts'
import { keepHistories } from './keep-histories.ts'

interface At {
  connection: ConnectionRow
  channel: Channel
  account: ChannelAccount
}

/** A failed run comes back this soon where its cause may pass; a throttled one when the marketplace says. */
const RETRY_SECONDS = 60

/** A run with more to tell leaves the rest to the next, so that no connection keeps a worker to itself. */
const PACKAGES_A_RUN = 500

/** Every cadence: each opens the connection's account and calls its verb. */
export function cadences({ channels, carriers, sealer, metrics }: { channels: Channels; carriers: Carriers; sealer: Sealer; metrics: Metrics }): CadenceDefinition[] {
  const importing = (window: ImportWindow) => async (context: RunContext, at: At): Promise<void> => {
    const { scope, claim, signal, fence } = context
    const by = await importContext(scope, sealer, at.connection, { runId: claim.runId, fence })
    const { imported, updated, skipped, failed, nextAt } = await importOrders(scope, { ...at, signal }, { ...by, runId: claim.runId }, window)
    for (const [outcome, count] of Object.entries({ imported, updated, skipped, failed })) metrics.orders.inc({ outcome }, count)
    await comeBack(context, nextAt)
  }
  const tellImport = async (tx: Parameters<CadenceDefinition['failed']>[0], context: RunContext, failure: RunFailure): Promise<void> => {
    const connection = await connectionIn(tx, context.scope, context.claim.connectionId)
    await tellImportFailed(tx, { connection, runId: context.claim.runId }, failure.message)
  }
  return [
    define('IMPORT_ORDERS', importing('SINCE_LAST'), tellImport),
    define('SWEEP_ORDERS', importing('SWEEP'), tellImport),
    define('SEND_TRACKING', async (context, at) => {
      const { nextAt } = await sendTracking(context.scope, trackingRun(context, at, carriers))
      await comeBack(context, nextAt)
    }),
    define('CONFIRM_TRACKING', async (context, at) => {
      const { nextAt } = await confirmTracking(context.scope, trackingRun(context, at, carriers))
      await comeBack(context, nextAt)
    }),
    define('SYNC_INVENTORY', async (context, { channel, account }) => {
      const { nextAt, failure } = await syncInventory(context.scope, channel, account, context)
      await comeBack(context, nextAt)
      if (failure !== null) throw failure
    }),
  ]

  function define(kind: JobKind, work: (context: RunContext, at: At) => Promise<void>, tell?: CadenceDefinition['failed']): CadenceDefinition {
    const callsBefore = new WeakMap<RunContext, { channel: Channel; calls: number }>()
    return {
      kind,
      async run(context) {
        const { scope, claim } = context
        const connection = await loadExisting(scope, connectionById, claim.connectionId)
        const channel = channels.get(connection.channel)
        callsBefore.set(context, { channel, calls: channel.calls(connection.id) })
        const account = await openAccount(scope, sealer, connection)
        if (account === null) throw new ChannelError('unauthorized', 'the connection has no credentials')
        await work(context, { connection, channel, account })
      },
      calls(context) {
        const before = callsBefore.get(context)
        return before === undefined ? 0 : before.channel.calls(context.claim.connectionId) - before.calls
      },
      async failed(tx, context, failure) {
        if (failure.code === 'UNAUTHORIZED') await requireAttention(tx, context.claim.connectionId, failure.message)
        await tell?.(tx, context, failure)
      },
    }
  }
}

function trackingRun({ claim, fence, signal }: RunContext, { channel, account }: At, carriers: Carriers): TrackingRun {
  return { channel, carriers, account, connectionId: claim.connectionId, fence, signal, budget: PACKAGES_A_RUN, count: (tx, by) => addToReceipt(tx, claim.runId, by) }
}

const INCIDENTS_KEPT_DAYS = 30

export interface ChoreOptions {
  db: Database
  channels: Channels
  clock: Clock
  log: Log
  onboarding: OnboardingProcess
  personalDataDays: number
  retention: RetentionConfig
}

/** What is looked after now and then, of no one connection. */
export function chores({ db, channels, clock, log, onboarding, personalDataDays, retention }: ChoreOptions): Chore[] {
  const scope: Scope = { tenant: null, actor: { id: 'job:HOUSEKEEPING', name: 'housekeeping', role: 'OPERATOR' }, db, clock, log, requestId: 'housekeeping' }
  return [
    { name: 'housekeeping of connections', every: '1 hour', run: () => keepHouse(scope, channels) },
    { name: 'runs without a worker', every: '1 minute', run: () => settleLostRuns(db.pool) },
    { name: 'onboarding', every: '2 minutes', run: () => lookAfterOnboarding(scope, onboarding) },
    { name: 'agreements elsewhere', every: '5 minutes', run: () => lookAfterAgreements(scope, onboarding) },
    // DocuSign wants no envelope asked after more than once in 15 minutes.
    { name: 'signatures elsewhere', every: '20 minutes', run: () => askAfterAgreements(scope, onboarding) },
    { name: 'housekeeping of notifications', every: '1 hour', run: () => forgetIncidents(db.pool, shifted(clock(), -days(INCIDENTS_KEPT_DAYS))) },
    { name: 'removal of personal data', every: '6 hours', run: () => removePersonalData(scope, personalDataDays) },
    { name: 'housekeeping of webhooks', every: '1 hour', run: () => keepDeliveries(db, clock()) },
    { name: 'housekeeping of histories', every: '1 hour', run: () => keepHistories(db, retention, clock()) },
    { name: 'housekeeping of mails', every: '1 hour', run: () => keepMail(db, clock(), log) },
  ]
}

/** What was put off is due before the next regular run. */
async function comeBack({ scope, claim }: RunContext, at: Date | null): Promise<void> {
  if (at !== null) await pullCadences(scope.db.pool, [claim.connectionId], claim.kind, at)
}

/** What a run's error is to people and programs. What is none of the marketplace's is ours: it says no more than that. */
export function failureOf(error: unknown): RunFailure {
  if (!(error instanceof ChannelError)) return { code: 'INTERNAL', message: 'Something went wrong in the gateway; its log has the cause under this run.', retryInSeconds: RETRY_SECONDS }
  const code = error.kind.toUpperCase().replaceAll('-', '_')
  // The gateway's own standing, which no seller can mend: every connection would be stopped for it.
  if (error.code === 'invalid_client') return { code: 'APPLICATION_REFUSED', message: "The marketplace refuses the gateway's application: its client secret is wrong, or has ended.", retryInSeconds: RETRY_SECONDS }
  if (error.kind === 'unauthorized') return { code, message: `The marketplace refuses the authorization: ${error.message}`, retryInSeconds: null }
  if (error.kind === 'rejected') return { code, message: error.message, retryInSeconds: null }
  return { code, message: error.message, retryInSeconds: Math.max(RETRY_SECONDS, Math.ceil((error.retryAfterMs ?? 0) / 1000)) }
}
