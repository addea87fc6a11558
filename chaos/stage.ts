// Where chaos takes place: PostgreSQL with its standby, Amazon's simulator, several APIs behind a balancer and several workers, merchants
// who sell, and everybody who is told: subscribers, a mail server, receivers of webhooks.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addMerchant, type Merchant, type Site } from '../bench/site.ts'
import type { Amazon } from '../bench/processes.ts'
import { createApiToken } from '../src/auth/api-tokens.ts'
import type { Scope } from '../src/auth/scope.ts'
import { Sealer } from '../src/auth/seal.ts'
import { createWarehouse } from '../src/customers/create-warehouse.ts'
import { type Database, openDatabase } from '../src/db/client.ts'
import { migrate } from '../src/db/migrate.ts'
import type { EventType } from '../src/events/catalogue.ts'
import type { JobKind } from '../src/jobs/cadences.ts'
import { systemClock } from '../src/kit/clock.ts'
import { toId } from '../src/kit/ids.ts'
import { createLog } from '../src/observability/log.ts'
import { Balancer } from './balancer.ts'
import { Caller } from './clients.ts'
import { Fleet } from './fleet.ts'
import { Cluster, Disk } from './postgres.ts'
import { Proxy } from './proxy.ts'
import { MailSink, WebhookSink } from './sinks.ts'
import { followByEvents, followBySocket, type Following, type Wanted } from './subscribers.ts'

export interface StageOptions {
  /** Of log files. */
  name: string
  amazon: Pick<Amazon, 'url' | 'control'>
  merchants: number
  apis: number
  workers: number
  cadenceSeconds: Partial<Record<JobKind, number>>
  /** 1: faults last as long as is worth while; less: for so much of it. */
  pace: number
  /** Ends it early, and throws its reason. */
  signal?: AbortSignal
}

/** Who is told by webhook of what. */
export interface Hook {
  name: string
  connectionId: string
  types: readonly EventType[]
}

export interface Stage {
  pace: number
  cluster: Cluster
  fleet: Fleet
  balancer: Balancer
  amazon: Pick<Amazon, 'url' | 'control'>
  db: Database
  /** What a command of the terminal is given to work on the same database. */
  env: Record<string, string>
  caller: Caller
  /** What operator and checks are handed. */
  site: Pick<Site, 'rows' | 'graphql'> & { amazon: Pick<Amazon, 'control'> }
  merchants: readonly Merchant[]
  /** Contacts by their addresses, with the connection that each is told of. */
  contacts: ReadonlyMap<string, string>
  hooks: readonly Hook[]
  followers: readonly Following[]
  mail: MailSink
  receiver: WebhookSink
}

/** For the rows of two servers, an hour of orders and their logs. */
const DISK_BYTES = 4 * 1024 ** 3
const PATIENCE_MS = 240_000
const AGAIN_MS = 300

const CONTACT = `mutation Contact($input: SaveNotificationContactInput!) { saveNotificationContact(input: $input) { contact { id } userErrors { code message field } } }`
const WEBHOOK = `mutation Webhook($input: SaveWebhookInput!) { saveWebhook(input: $input) { webhook { id } secret userErrors { code message field } } }`

const everything: readonly EventType[] = ['IMPORT_STARTED', 'IMPORT_FINISHED', 'ORDER_IMPORTED', 'ORDER_SHIPPED', 'ORDER_CLOSED', 'TRACKING_ACCEPTED', 'TRACKING_REJECTED', 'CONNECTION_CHANGED', 'INVENTORY_PUSHED']
const ofOrders: readonly EventType[] = ['ORDER_IMPORTED', 'ORDER_SHIPPED', 'ORDER_CLOSED', 'TRACKING_ACCEPTED']

/** Whatever becomes of `work`, nothing is left running and no disk mounted. */
export async function onStage<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const ends: (() => Promise<unknown>)[] = []
  const aborted = new Promise<never>((_, reject) => options.signal?.addEventListener('abort', () => reject(options.signal!.reason as Error)))
  try {
    return await Promise.race([build(options, ends).then(work), aborted])
  } finally {
    for (const end of ends.reverse()) await end().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
  }
}

async function build({ name, amazon, merchants: count, apis, workers, cadenceSeconds, pace }: StageOptions, ends: (() => Promise<unknown>)[]): Promise<Stage> {
  for (const file of fs.readdirSync('.cache').filter((one) => one.startsWith(`bench-${name}-`) && one.endsWith('.log'))) fs.rmSync(path.join('.cache', file))
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-chaos-'))
  fs.chmodSync(folder, 0o755) // PostgreSQL, as another user, lives below it
  ends.push(async () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const cluster = await Cluster.start({ folder, diskBytes: Disk.isAllowed ? DISK_BYTES : null })
  ends.push(() => cluster.stop())

  const own = await Proxy.listen(cluster.target)
  ends.push(() => own.stop())
  const db = openDatabase({ host: '127.0.0.1', port: own.port, user: 'postgres', database: 'cartage', ssl: false, max: 8, application_name: 'cartage' }, () => {})
  ends.push(() => db.close())
  await migrate(db.pool, path.resolve('prisma/migrations'))
  const mail = await MailSink.start()
  ends.push(() => mail.stop())
  const receiver = await WebhookSink.start()
  ends.push(() => receiver.stop())

  let fleet: Fleet | undefined
  const balancer = await Balancer.start(() => fleet?.apis ?? [])
  ends.push(() => balancer.stop())
  const key = randomBytes(32)
  const { port } = new URL(amazon.url)
  fleet = await Fleet.start({
    folder, name, apis, workers, database: cluster.target, amazon: () => ({ host: '127.0.0.1', port: Number(port) }),
    env: {
      ENCRYPTION_KEY: key.toString('base64'), RATE_LIMIT: '1000000', TOKEN_RATE_LIMIT: '1000000', DATABASE_POOL_SIZE: '10', WORKER_CONCURRENCY: '4', PUBLIC_URL: balancer.proxy.url,
      SMTP_URL: mail.url, MAIL_FROM: 'Chaos <chaos@gateway.example>', WEBHOOK_NETWORKS: '127.0.0.0/8',
    },
  })
  ends.push(() => fleet!.discard())

  const scope: Scope = { tenant: null, actor: { id: 'chaos', name: 'Chaos', role: 'ADMIN' }, db, clock: systemClock, log: createLog('silent'), requestId: 'chaos' }
  const token = await createApiToken(db, 'chaos', 'ADMIN')
  const made = await createWarehouse(scope, { name: 'Chaos', code: 'CHAOS', timeZone: 'UTC', address: { line1: '1', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in made) throw new Error(JSON.stringify(made.refusals))
  const sealer = new Sealer([key])
  const merchants: Merchant[] = []
  for (let index = 0; index < count; index++) {
    merchants.push(await addMerchant(scope, sealer, amazon as Amazon, made.warehouse.id, {
      name: `Merchant ${index}`, importFrom: new Date(Date.now() - 30 * 86_400_000), cadenceSeconds, sendTrackingImmediately: true, inventorySync: true, quotas: 'unlimited',
    }))
  }

  const caller = new Caller(balancer.url, token)
  const site: Stage['site'] = { amazon, rows: async <Row>(sql: string, values: unknown[] = []) => (await patiently(() => db.pool.query(sql, values))).rows as Row[], graphql: (query, variables) => caller.ask(query, variables) }
  const contacts = new Map<string, string>()
  const hooks: Hook[] = []
  for (const [index, { connectionId }] of merchants.entries()) {
    const id = toId('Connection', connectionId)
    const email = `contact-${index}@merchant.example`
    unrefused(await site.graphql<Record<string, Payload>>(CONTACT, { input: { connectionId: id, contact: { email, topics: ['ORDER_CREATED', 'IMPORT_FAILED', 'TRACKING_REJECTED', 'CONNECTION_ATTENTION'] } } }))
    contacts.set(email, connectionId)
    for (const [which, types] of [everything, ofOrders].entries()) {
      const hook = { name: `hook-${index}-${which}`, connectionId, types }
      const { saveWebhook } = unrefused(await site.graphql<{ saveWebhook: Payload & { secret: string } }>(WEBHOOK, { input: { connectionId: id, url: receiver.urlOf(hook.name), topics: types } }))
      receiver.secrets.set(hook.name, saveWebhook.secret)
      hooks.push(hook)
    }
  }
  const at = { url: balancer.url, token }
  const first = toId('Connection', merchants[0]!.connectionId)
  const wanted: readonly [string, Wanted][] = [['everything', { types: null, connectionId: null }], ['what becomes of orders', { types: ofOrders, connectionId: null }], ['one connection', { types: null, connectionId: first }]]
  const followers = wanted.flatMap(([words, what]) => [followBySocket(at, `${words}, by WebSocket`, what), followByEvents(at, `${words}, by server-sent events`, what)])
  ends.push(() => Promise.all(followers.map((one) => one.stop())))
  return { pace, cluster, fleet, balancer, amazon, db, env: { ENCRYPTION_KEY: key.toString('base64'), DATABASE_URL: `postgresql://postgres@127.0.0.1:${own.port}/cartage?sslmode=disable`, DATA_DIR: path.join(folder, 'data-command') }, caller, site, merchants, contacts, hooks, followers, mail, receiver }
}

interface Payload {
  userErrors: { code: string; message: string }[]
}

function unrefused<T extends Record<string, Payload>>(answer: T): T {
  for (const { userErrors } of Object.values(answer)) if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors))
  return answer
}

/** What the database answers, from whichever server is there in the end. What is asked may be done twice. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(AGAIN_MS)) {
    try {
      return await ask()
    } catch (error) {
      // Of the statement itself: it would fail again.
      if (/^(22|23|42)/.test((error as { code?: string }).code ?? '') || performance.now() > deadline) throw error
    }
  }
}
