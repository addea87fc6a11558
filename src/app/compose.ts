import path from 'node:path'
import { Authenticator } from '../auth/authenticate.ts'
import { OidcVerifier } from '../auth/oidc.ts'
import { mayUse } from '../auth/permissions.ts'
import type { Actor, Scope, ScopeFor } from '../auth/scope.ts'
import { Sealer } from '../auth/seal.ts'
import { Signer } from '../auth/signer.ts'
import { wordsOf } from '../connections/authorization-outcome.ts'
import { budgetLedger } from '../connections/budgets.store.ts'
import { authorizationDaysLeft } from '../connections/expiry.store.ts'
import { finishAuthorization } from '../connections/finish-authorization.ts'
import type { Config } from '../config/env.ts'
import { consoleDocuments, serveConsole } from '../console/console.site.ts'
import { connectionStatuses, importLags, scarcestBudgets, wholeBacklog } from '../connections/health.store.ts'
import { cancellable } from '../db/cancellable.ts'
import type { Database } from '../db/client.ts'
import { DatabaseClock } from '../db/clock.ts'
import { databaseBytes, poolUse } from '../db/usage.ts'
import { followEvents } from '../events/tail.ts'
import { readerLags } from '../events/reader.ts'
import type { Readiness } from '../http/health.ts'
import { startHealthServer } from '../http/health-server.ts'
import { startHttp } from '../http/server.ts'
import { lagOfJobs } from '../jobs/cadences.ts'
import { Buckets } from '../kit/buckets.ts'
import { type Clock, days } from '../kit/clock.ts'
import { version } from '../kit/version.ts'
import { serveMailbox } from '../mail/mailbox.tsx'
import { waitingMails } from '../mail/mails.store.ts'
import { MailPump } from '../mail/send-mails.ts'
import { type SimulatorOptions, startSimulator } from '../marketplaces/amazon/simulator/server.ts'
import { NotificationPump } from '../notifications/notify.ts'
import { serveOpen } from '../notifications/open.site.tsx'
import { stopBounced } from '../notifications/stop-contact.ts'
import { serveUnsubscribe } from '../notifications/unsubscribe.site.tsx'
import { serveAgreements } from '../onboarding/agreements.site.tsx'
import { overdueConnections } from '../onboarding/look-after-onboarding.ts'
import { causes } from '../observability/causes.ts'
import { createLog, type Log } from '../observability/log.ts'
import { Metrics } from '../observability/metrics.ts'
import { startTelemetry } from '../observability/telemetry.ts'
import { adminToken } from './admin-token.ts'
import { isSetupLink, isSetupLinkGood } from '../setup/session.ts'
import { serveSetup } from '../setup/setup.site.tsx'
import { WebhookPump } from '../webhooks/deliver.ts'
import { failingWebhooks } from '../webhooks/lanes.store.ts'
import { Networks } from '../webhooks/target.ts'
import { loadCarriers } from './carriers.ts'
import { createChannels } from './channels.ts'
import { createContract } from './contract.ts'
import { encryptionKey, makeDataFolder } from './data-folder.ts'
import { seedDemonstration } from './demonstration.ts'
import { migrations, openConfiguredDatabase } from './open-database.ts'
import { databaseReadiness } from './readiness.ts'
import { loadTrustedDocuments } from './trusted-documents.ts'
import { createSigning, readTemplate } from './signing.ts'
import { startWorker, type Worker } from './worker.ts'

type Keys = [Uint8Array, ...Uint8Array[]]

/** What a test brings of its own. */
export interface Overrides {
  log?: Log
  clock?: Clock
  simulator?: Partial<SimulatorOptions>
}

export interface Running {
  /** `health`: of a worker that serves no API. */
  urls: { api?: string; console?: string; graphiql?: string; mailbox?: string; simulator?: string; health?: string }
  /** Only when this start made it. */
  adminToken: string | null
  /** Opens the console, signed in where its database is the embedded one; null where no API is served. */
  consoleLink: string | null
  /** Where it is kept, by the process that made it. */
  adminTokenFile: string
  db: Database
  /** Orderly; what fails to stop is logged, and keeps nothing else from stopping. */
  stop(): Promise<void>
}

/**
 * Starts the roles that `config` asks for, in one process. What had started is stopped again where a later part cannot start.
 * @throws ConfigError where the file of carriers has problems
 */
export async function start(config: Config, overrides: Overrides = {}): Promise<Running> {
  const log = overrides.log ?? createLog(config.logLevel)
  const stops: (() => Promise<void>)[] = []
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= stopAll(stops, log))
  try {
    return { ...(await startRoles(config, overrides, log, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startRoles(config: Config, overrides: Overrides, log: Log, stops: (() => Promise<void>)[]): Promise<Omit<Running, 'stop'>> {
  const { roles, dataDir } = config
  const metrics = new Metrics()
  const about = { version, roles: [...roles].join(',') }
  metrics.tellBuild(about.version, about.roles)
  const telemetry = await startTelemetry(config.telemetry, metrics, about, log)
  stops.push(() => telemetry.stop())
  const urls: Running['urls'] = {}
  const { carriers, amazonCarrierCodes } = await loadCarriers(config.carriersFile)
  await makeDataFolder(dataDir)
  const db = await openConfiguredDatabase(config, log, stops)
  metrics.collectPool(() => poolUse(db)) // before what is read by it: gauges are read in their order, and the others' own reading is none of its use
  stops.push(() => telemetry.stop()) // after all that is traced, and before the database, which its metrics are read from
  const clock = overrides.clock ?? (await clockOf(db, log, stops))
  const keys: Keys = config.encryptionKeys ?? [await encryptionKey(dataDir)]
  const sealer = new Sealer(keys)

  if (roles.has('simulator')) {
    const simulator = await startSimulator({
      host: config.simulatorHost, port: config.simulatorPort, log,
      buyersSeed: clock().getTime(), // else each start would sell the same order numbers again, which are imported already
      ...overrides.simulator,
    })
    stops.push(() => simulator.stop())
    urls.simulator = simulator.url
  }
  const simulatorUrl = config.amazon.simulatorUrl ?? urls.simulator ?? `http://127.0.0.1:${config.simulatorPort}`
  const channels = createChannels(config.amazon, simulatorUrl, { ledger: budgetLedger(db.pool), carrierCodes: amazonCarrierCodes, clock, log, metrics })
  const isDemonstration = roles.has('simulator') && config.databaseUrl === null && config.amazon.app === null
  if (isDemonstration) await seedDemonstration({ db, sealer, clock, log })

  // What can be wrong with the code itself shows before a job has begun.
  const publicUrl = (): string => config.publicUrl ?? listeningAt(urls, config)
  const signer = new Signer(keys)
  const template = await readTemplate(config.onboarding.agreementTemplate)
  const networks = new Networks(config.webhookNetworks)
  const signing = createSigning(config.onboarding, publicUrl)
  const onboarding = {
    signing, template, sealer, signer, publicUrl, operators: config.mail.operators, setupLinkDays: config.onboarding.setupLinkDays, turnaroundHours: config.onboarding.turnaroundHours,
    rules: { agreementNeeded: signing.kind !== 'none', holidays: config.onboarding.holidays },
  }
  const schema = await createContract({ channels, carriers, sealer, publicUrl, networks, onboarding })
  const own = (requestId: string): Scope => ({ tenant: null, actor: { id: 'gateway', name: 'the gateway', role: 'OPERATOR' }, db, clock, log: log.child({ requestId }), requestId })
  const embedded = config.databaseUrl === null
  let worker: Worker | null = null
  if (roles.has('worker')) {
    const server = config.mail.smtpUrl ?? (embedded ? 'mailbox' : null)
    if (server === null) log.warn('SMTP_URL is not set: mails wait, and are given up after three days')
    const mail = new MailPump({ db, clock, log, metrics, server, from: config.mail.from, bounced: stopBounced })
    const notifications = new NotificationPump({ db, clock, log, signer, publicUrl })
    const webhooks = new WebhookPump({ db, clock, log, metrics, sealer, networks })
    const started = (worker = await startWorker({
      db, channels, carriers, sealer, log, metrics, clock, concurrency: config.workerConcurrency, mongodbUrl: config.mongodbUrl, personalDataDays: config.personalDataDays, retention: config.retention, onboarding,
      pumps: [mail, notifications, webhooks],
    }))
    stops.push(() => started.stop())
    metrics.collectJobClock(() => started.problems().length === 0)
  }
  const adminTokenFile = path.join(dataDir, 'admin-token')
  metrics.collectImportLag(() => importLags(db.pool))
  metrics.collectJobLag(() => lagOfJobs(db.pool))
  metrics.collectAuthorizationDaysLeft(() => authorizationDaysLeft(db.pool))
  metrics.collectCallsLeft(() => scarcestBudgets(db.pool))
  metrics.collectReaderLag(() => readerLags(db.pool))
  metrics.collectOverdue(() => overdueConnections(own('metrics'), onboarding))
  metrics.collectWaitingMails(() => waitingMails(db.pool))
  metrics.collectFailingWebhooks(() => failingWebhooks(db.pool))
  metrics.collectConnections(() => connectionStatuses(db.pool))
  metrics.collectBacklog(() => wholeBacklog(db.pool))
  metrics.collectDatabaseBytes(() => databaseBytes(db.pool))
  const database = await databaseReadiness(db, migrations)
  // Where an API is beside the worker, that one can serve whatever the job clock does.
  const readiness: Readiness = async () => [...await database(), ...(roles.has('api') ? [] : (worker?.problems() ?? []))]
  const secretEnds = config.amazon.app?.secretExpiresAt?.getTime()
  if (secretEnds !== undefined) metrics.collectSecretDaysLeft(() => (secretEnds - clock().getTime()) / days(1))
  metrics.collectReady(async () => (await database().catch(() => ['unknown'])).length === 0)
  if (!roles.has('api')) {
    if (worker !== null) {
      const health = await startHealthServer({ host: config.host, port: config.workerPort, log, metrics, readiness })
      stops.push(() => health.stop())
      urls.health = health.url
    }
    return { urls, db, adminToken: null, consoleLink: null, adminTokenFile }
  }

  const ownDocuments = consoleDocuments()
  const trusted = await loadTrustedDocuments(config.trustedDocumentsOnly && ownDocuments !== null ? { ...config, trustedDocuments: [...config.trustedDocuments, ownDocuments] } : config, schema)
  const admin = await adminToken(db, adminTokenFile, embedded)
  const events = await followEvents(db, log)
  stops.push(() => events.stop())
  metrics.collectTailLag(() => events.lag())
  const scopeFor: ScopeFor = (actor, requestId, { signal, address = null, action } = {}) => {
    const own = log.child({ requestId })
    const ownDb = signal === undefined ? db : cancellable(db, signal, (error) => own.warn({ causes: causes(error) }, 'an ended query was not cancelled in the database'))
    return { tenant: actor.customerIds ?? null, actor, db: ownDb, clock, log: own, requestId, address, ...(action === undefined ? {} : { action }) }
  }
  const authenticator = new Authenticator({ db, clock, log, oidc: config.oidc === null ? null : new OidcVerifier({ config: config.oidc, db, log }) })
  await authenticator.start()
  stops.push(() => authenticator.stop())
  const isActorGood = async ({ id }: Actor): Promise<boolean> => (isSetupLink(id) ? isSetupLinkGood(own('consent'), id) : (await authenticator.live([id])).has(id))
  const finishing = { db, clock, channels, sealer, publicUrl, scopeFor, isActorGood }
  const mailboxed = embedded && config.mail.smtpUrl === null
  const http = await startHttp({
    ...config,
    schema,
    authenticator,
    tokenRates: new Buckets(config.tokenRateLimit, config.tokenRateLimit),
    scopeFor,
    mayUse,
    trusted,
    log,
    metrics,
    readiness,
    localToken: embedded ? () => admin.token : null,
    finishAuthorization: async (channel, answer, requestId) => {
      const outcome = await finishAuthorization(finishing, channel, answer, requestId)
      return { ...wordsOf(outcome), next: isSetupLink(outcome.actorId ?? '') ? { label: 'Go on', url: '/setup' } : null }
    },
    sites: [serveAgreements(onboarding, own), serveSetup({ db, clock, scopeFor, scopeOf: own, onboarding: { ...onboarding, channels } }), serveUnsubscribe({ db, clock, signer }), serveOpen(config), serveConsole({ embedded, mailbox: mailboxed, graphiql: config.graphiql, trusted: config.trustedDocumentsOnly, oidc: config.oidc }), ...(mailboxed ? [serveMailbox({ db, host: config.host })] : [])],
  })
  stops.push(() => http.stop())
  urls.api = `${http.url}/graphql`
  urls.console = http.url
  if (config.graphiql) urls.graphiql = `${http.url}/graphiql`
  if (mailboxed) urls.mailbox = `${http.url}/mailbox`
  // In the fragment, which no server is ever sent; the page takes it out of the address bar at once.
  const consoleLink = embedded && admin.token !== null ? `${http.url}/#token=${admin.token}` : http.url
  return { urls, db, adminToken: admin.made ? admin.token : null, consoleLink, adminTokenFile }
}

async function clockOf({ pool }: Database, log: Log, stops: (() => Promise<void>)[]): Promise<Clock> {
  const clock = await DatabaseClock.start(pool, (error) => log.warn({ causes: causes(error) }, "the database's time of day is not known; the clock goes on by itself"))
  stops.push(async () => clock.stop())
  return clock.now
}

/** For people and marketplaces who come from this machine: elsewhere PUBLIC_URL tells them. A worker alone sends them to where the API is by default. */
const listeningAt = ({ api }: Running['urls'], { host, port }: Config): string => (api === undefined ? `http://${host}:${port}` : new URL(api).origin)

// The last to start stops first: HTTP and its sockets, the worker (it drains), the simulator, the pool, PostgreSQL.
async function stopAll(stops: (() => Promise<void>)[], log: Log): Promise<void> {
  for (const stop of stops.reverse()) {
    await stop().catch((error: unknown) => log.error({ causes: causes(error) }, 'a part did not stop in order'))
  }
}
