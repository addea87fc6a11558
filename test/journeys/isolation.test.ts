// Merchants who share a building see, guess and learn nothing of each other: every field of the contract is asked, as one of them, for everything of the other.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buildSchema, type GraphQLObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { mayUse } from '../../src/auth/permissions.ts'
import type { RoleName } from '../../src/auth/scope.ts'
import { type IdType, idPrefixes, parseId, toId } from '../../src/kit/ids.ts'
import { GraphqlFailure, type Subscribed } from '../support/gateway.ts'
import { startReceiver, type TestReceiver } from '../support/receiver.ts'
import { type ReceivedMail, startSmtp, type TestSmtp } from '../support/smtp.ts'
import { walk, type Walk } from '../support/walk.ts'
import { type Merchant, routing, type Stage, startStage, until, US } from './stage.ts'

/** All that one merchant has, by what it is. */
type Belongings = Map<IdType, string[]>

let stage: Stage
let smtp: TestSmtp
let receiver: TestReceiver
let [ours, theirs]: [Merchant, Merchant] = [{} as Merchant, {} as Merchant]
let [our, their]: [Belongings, Belongings] = [new Map<IdType, string[]>(), new Map<IdType, string[]>()]
/** What must never be seen of them, and what they are found by. */
let marks: string[]
let texts: string[]
const schema = buildSchema(await readFile(path.resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'))

const tables: Partial<Record<IdType, string>> = {
  Connection: 'connections', Order: 'orders', OrderLine: 'order_lines', Charge: 'charges', ChargeRule: 'charge_rules', Shipment: 'shipments', InventoryItem: 'inventory_items', InventoryMovement: 'inventory_movements',
  SkuMapping: 'sku_mappings', ImportFailure: 'import_failures', JobRun: 'job_runs', SetupLink: 'setup_links', NotificationContact: 'notification_contacts', NotificationDelivery: 'mails', Webhook: 'webhooks',
  WebhookDelivery: 'webhook_deliveries', AuditEntry: 'audit_entries', JobPause: 'job_pauses',
}

async function act<T = Record<string, unknown>>(name: string, type: string, input: unknown, selection = ''): Promise<T> {
  const { [name]: answer } = await stage.graphql<Record<string, T & { userErrors: unknown[] }>>(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message field } } }`, { input })
  expect(answer!.userErrors, name).toEqual([])
  return answer!
}

/** A merchant with something of everything. */
async function live(word: string): Promise<Merchant> {
  const merchant = await stage.merchant({ skus: [`${word}-MUG`, `${word}-PACK`], unmapped: [`${word}-BOWL`], chargeRules: [{ code: `${word}-FEE`, amount: '1.00', basis: 'ORDER' }] })
  const { connectionId } = merchant
  await act('saveNotificationContact', 'SaveNotificationContactInput', { connectionId, contact: { email: `${word}@merchant.example`.toLowerCase(), topics: ['ORDER_CREATED', 'IMPORT_FAILED', 'TRACKING_REJECTED'] } })
  await act('saveWebhook', 'SaveWebhookInput', { connectionId, url: `${receiver.url}/${word}`, topics: ['ORDER_IMPORTED', 'ORDER_CLOSED', 'ORDER_HELD', 'IMPORT_FAILED', 'CONNECTION_CHANGED', 'IMPORT_FINISHED'] })
  const items = [{ sellerSku: `${word}-MUG`, quantity: 1, unitPrice: '12.50' }]
  const address = { name: `${word} Sampleford`, addressLine1: `7 ${word} Lane`, city: 'Reno', stateOrRegion: 'NV', postalCode: '89501', countryCode: 'US', phone: '775-555-0101' }
  for (let n = 0; n < 3; n++) await stage.buy(merchant, { items, address })
  await stage.buy(merchant, { items: [{ sellerSku: `${word}-BOWL`, quantity: 1, unitPrice: '3.00' }], address })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const { orders } = await stage.graphql<{ orders: { nodes: { id: string }[] } }>('query ($ids: [ID!]) { orders(filter: { connectionIds: $ids }, orderBy: IMPORTED_ASC) { nodes { id } } }', { ids: [connectionId] })
  await act('shipAndClose', 'ShipAndCloseInput', { idempotencyKey: word, orders: [{ orderId: orders.nodes[0]!.id }], routing, charges: [{ code: `${word}-BOX`, amount: { amount: '2.00', currencyCode: 'USD' } }] })
  await act('holdOrders', 'HoldOrdersInput', { orderIds: [orders.nodes[1]!.id], reason: 'OTHER', note: `${word} waits` })
  await act('pauseJobs', 'PauseJobsInput', { connectionIds: [connectionId], kinds: ['SWEEP_ORDERS'], reason: `${word} counts` })
  await act('createSetupLink', 'CreateSetupLinkInput', { customerId: merchant.customerId, warehouseId: merchant.warehouseId, name: `${word} owner`, email: `${word}-owner@merchant.example`.toLowerCase(), send: false })
  await act('mapShippingServices', 'MapShippingServicesInput', { connectionId, mappings: [{ marketplaceService: `${word}-Standard`, carrier: 'UPS', scac: 'UPSN', service: 'Ground' }] })
  const { connections } = await act<{ connections: { id: string }[] }>('requestConnections', 'RequestConnectionsInput', {
    customerId: merchant.customerId, warehouseId: merchant.warehouseId, marketplaceIds: ['A2EUQ1WTGCTBG2'], contactName: `${word} owner`, contactEmail: `${word}-owner@merchant.example`.toLowerCase(),
  }, 'connections { id }')
  await act('sendAgreement', 'SendAgreementInput', { connectionId: connections[0]!.id, signerName: `${word} signer`, signerEmail: `${word}-signer@merchant.example`.toLowerCase() })
  await until(async () => receiver.taken.some(({ path: to }) => to === `/${word}`))
  await until(async () => smtp.mails.some(({ to }) => to.includes(`${word}@merchant.example`.toLowerCase())), 60_000)
  return merchant
}

async function belongingsOf({ customerId, warehouseId }: Merchant): Promise<Belongings> {
  const uuid = parseId(customerId)!.uuid
  const found: Belongings = new Map<IdType, string[]>([['Customer', [customerId]], ['Warehouse', [warehouseId]]])
  for (const [type, table] of Object.entries(tables) as [IdType, string][]) {
    const { rows } = await stage.db.pool.query<{ id: string }>(`SELECT id FROM ${table} WHERE customer_id = $1 ORDER BY id`, [uuid])
    found.set(type, rows.map(({ id }) => toId(type, id)))
  }
  found.set('ApiToken', (await stage.db.pool.query<{ id: string }>('SELECT id FROM api_tokens WHERE $1 = ANY(customer_ids)', [uuid])).rows.map(({ id }) => toId('ApiToken', id)))
  return found
}

beforeAll(async () => {
  smtp = await startSmtp()
  receiver = await startReceiver()
  stage = await startStage({ config: { webhookNetworks: ['127.0.0.0/8'], maxCost: 1e9, requestTimeoutSeconds: 60, mail: { smtpUrl: smtp.url, from: 'Riverside <gateway@riverside.example>', operators: [] } } })
  ;[ours, theirs] = await Promise.all([live('ALPHA'), live('OMEGA')])
  const { pool } = stage.db
  // Rights that nobody can be given, so that the statements alone keep them apart.
  await pool.query('ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_customers_check')
  for (const merchant of [ours, theirs]) {
    const customerIds = [parseId(merchant.customerId)!.uuid]
    for (const role of ['CUSTOMER', 'VIEWER', 'ADMIN'] as const) {
      const token = await createApiToken(stage.db, `${role} of ${merchant === ours ? 'ALPHA' : 'OMEGA'}`, role, { customerIds })
      if (merchant === ours) tokens.set(role, token)
    }
  }
  ;[our, their] = [await belongingsOf(ours), await belongingsOf(theirs)]
  for (const type of Object.keys(idPrefixes) as IdType[]) expect(their.get(type)?.length, type).toBeGreaterThan(0)
  const { rows } = await pool.query<{ text: string }>(
    `SELECT number AS text FROM orders WHERE customer_id = $1 UNION SELECT number FROM import_failures WHERE customer_id = $1 UNION SELECT merchant_id FROM connections WHERE customer_id = $1 AND merchant_id IS NOT NULL
     UNION SELECT name FROM customers WHERE id = $1 UNION SELECT reference FROM customers WHERE id = $1 UNION SELECT name FROM connections WHERE customer_id = $1 UNION SELECT code FROM warehouses WHERE id = $2`, [parseId(theirs.customerId)!.uuid, parseId(theirs.warehouseId)!.uuid])
  ourNumber = (await pool.query<{ number: string }>(`SELECT number FROM orders WHERE customer_id = $1 AND on_hold`, [parseId(ours.customerId)!.uuid])).rows[0]!.number
  texts = [...rows.map(({ text }) => text), 'OMEGA-MUG', 'OMEGA', 'omega@merchant.example']
  marks = [...[...their.values()].flat(), ...[...their.values()].flat().map((id) => parseId(id)!.uuid), ...texts, 'omega']
}, 120_000)
afterAll(async () => {
  await stage.stop()
  await receiver.stop()
  await smtp.stop()
})
const tokens = new Map<RoleName, string>()

/** What of theirs an answer shows, beside what was sent. */
const seen = (answer: string, sent: string): string[] => marks.filter((mark) => answer.includes(mark) && ![sent, sent.toUpperCase(), sent.toLowerCase()].some((one) => one.includes(mark)))
const tells = (value: unknown): boolean => (typeof value === 'object' && value !== null ? Object.entries(value).some(([name, one]) => name !== '__typename' && tells(one)) : value !== null && value !== undefined)

async function ask(document: string, variables: Record<string, unknown>, role: RoleName): Promise<string> {
  const response = await fetch(stage.url, { method: 'POST', headers: { authorization: `Bearer ${tokens.get(role)!}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: document, variables }) })
  return response.text()
}

/** What differs from one request to the next by itself. */
const plain = (answer: string): string => answer.replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(/,"extensions":\{"cost.*$/g, '').replaceAll(/\b[a-z]+_[0-9a-hjkmnp-tv-z]{26}\b/g, 'ID').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T').replaceAll(/whsec_[\w+/=]+|cartage_[\w-]+/g, 'SECRET')

/** Ours, by the names that the contract gives to ids. */
function plausible(name: string, type: string, of: string): string | undefined {
  const first = (one: IdType): string => our.get(one)![0]!
  if (type === 'EventCursor') return eventCursor
  if (name === 'number' && type === 'String') return ourNumber
  if (name === 'marketplaceIds' || name === 'marketplaceId') return US
  if (name === 'idempotencyKey') return randomUUID()
  if (name === 'timeZone') return 'UTC'
  if (name === 'currencyCode') return 'USD'
  if (name === 'countryCode') return 'US'
  if (type !== 'ID') return undefined
  if (our.has(of as IdType)) return first(of as IdType)
  const byName: Record<string, IdType> = {
    connectionId: 'Connection', connectionIds: 'Connection', customerId: 'Customer', customerIds: 'Customer', warehouseId: 'Warehouse', warehouseIds: 'Warehouse', orderId: 'Order', orderIds: 'Order', orderLineId: 'OrderLine',
    shipmentId: 'Shipment', shipmentIds: 'Shipment', inventoryItemId: 'InventoryItem', failureIds: 'ImportFailure', deliveryId: 'WebhookDelivery', subjectId: 'Order', ids: 'Order',
  }
  const byField: Record<string, IdType> = {
    connection: 'Connection', order: 'Order', node: 'Order', inventoryItem: 'InventoryItem', shipment: 'Shipment', jobRun: 'JobRun', removeNotificationContact: 'NotificationContact', saveNotificationContact: 'NotificationContact',
    revokeSetupLink: 'SetupLink', revokeApiToken: 'ApiToken',
  }
  return first(byName[name] ?? byField[of] ?? (/webhook/i.test(of) ? 'Webhook' : 'Order'))
}
let [eventCursor, ourNumber] = ['', '']

/** An answer may show what was sent, as it reads it. */
const without = (answer: string, sent: string): string => plain(answer).replaceAll(new RegExp(sent.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), 'SENT')

const roles = ['CUSTOMER', 'VIEWER', 'ADMIN'] as const
const walkAs = (role: RoleName, root: GraphQLObjectType, keyword?: string): Walk => walk(schema, root, (type, field) => mayUse(role, type, field), plausible, keyword)
const counts = { fields: 0, ids: 0, texts: 0, mutations: 0, subscriptions: 0 }
// How much was asked.
afterAll(() => void process.stdout.write(`isolation: ${JSON.stringify(counts)}\n`))

describe.each(roles)('as %s of one merchant', (role) => {
  test('no field shows anything of another', { timeout: 120_000 }, async () => {
    const { reads } = walkAs(role, schema.getQueryType()!)
    let told = 0
    const silent: string[] = []
    for (const { coordinate, document, variables } of reads) {
      const answer = await ask(document, variables, role)
      expect(answer, `${coordinate}: ${document}`).not.toMatch(/GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED|INTERNAL_SERVER_ERROR|FORBIDDEN|TOO_|"code":"BAD_USER_INPUT"/)
      expect(seen(answer, ''), coordinate).toEqual([])
      if (tells((JSON.parse(answer) as { data: unknown }).data)) told++
      else silent.push(coordinate)
      counts.fields++
    }
    // Who sees nothing proves nothing: most of it has something of one's own to show.
    expect(told / reads.length, silent.join(' ')).toBeGreaterThan(0.75)
  })

  test('no id, filter or search tells whether anything of another exists', async () => {
    const { asked } = walkAs(role, schema.getQueryType()!)
    for (const { coordinate, document, slots, argumentsOf } of asked) {
      for (const slot of slots.filter(({ kind }) => kind === 'String' || kind === 'ID')) {
        if (slot.kind === 'String') {
          const none = plain(await ask(document, argumentsOf(slot, 'NOBODY-EVER'), role))
          await Promise.all(texts.map(async (text) => {
            const answer = await ask(document, argumentsOf(slot, text), role)
            expect(seen(answer, text), coordinate).toEqual([])
            if (!/Cursor|before|after/i.test(slot.path.at(-1)!)) expect(without(answer, text), `${coordinate} ${slot.path.join('.')}`).toBe(without(none, 'NOBODY-EVER'))
            counts.texts++
          }))
          continue
        }
        await Promise.all([...their].map(async ([type, ids]) => {
          const none = plain(await ask(document, argumentsOf(slot, toId(type, randomUUID())), role))
          const answer = await ask(document, argumentsOf(slot, ids.at(-1)!), role)
          expect(seen(answer, ids.at(-1)!), coordinate).toEqual([])
          expect(plain(answer), `${coordinate} ${slot.path.join('.')} ${type}`).toBe(none)
          counts.ids++
        }))
      }
    }
  }, 180_000)

  test('no object of another is found by its id', async () => {
    const isNode = (type: string): boolean => (schema.getType(type) as GraphQLObjectType).getInterfaces().some(({ name }) => name === 'Node')
    for (const [type, ids] of their) {
      if (!isNode(type)) continue
      for (let at = 0; at < ids.length; at += 100) {
        const some = ids.slice(at, at + 100)
        const answer = await stage.graphql<{ nodes: unknown[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', { ids: some }, tokens.get(role)!)
        expect(answer.nodes).toEqual(some.map(() => null))
        counts.ids += some.length
      }
    }
  })

  test('no mutation touches anything of another, or tells that it exists', async () => {
    const before = await rowsOfTheirs()
    ;({ eventCursor } = await stage.graphql<{ eventCursor: string }>('{ eventCursor }'))
    const { asked } = walk(schema, schema.getMutationType()!, (type, field) => type !== 'Mutation' ? mayUse('ADMIN', type, field) : true, plausible, 'mutation')
    for (const { coordinate, document, slots, argumentsOf } of asked.filter((one) => one.coordinate.startsWith('Mutation.'))) {
      const mutation = coordinate.slice('Mutation.'.length)
      if (!mayUse(role, 'Mutation', mutation)) {
        expect(await ask(`mutation ($input: ${inputOf(mutation)}!) { ${mutation}(input: $input) { userErrors { code } } }`, { input: {} }, role), coordinate).toMatch(/"code":"(FORBIDDEN|BAD_USER_INPUT)"/)
        expect(await ask(document, argumentsOf(null, null), role), coordinate).toContain('FORBIDDEN')
        counts.mutations++
        continue
      }
      for (const slot of slots.filter(({ kind }) => kind === 'ID')) {
        for (const [type, ids] of their) {
          const none = plain(await ask(document, argumentsOf(slot, toId(type, randomUUID())), role))
          const answer = await ask(document, argumentsOf(slot, ids[0]!), role)
          expect(answer, `${coordinate}: ${document}`).not.toMatch(/GRAPHQL_VALIDATION_FAILED|INTERNAL_SERVER_ERROR/)
          expect(seen(answer, ids[0]!), `${coordinate} ${slot.path.join('.')}`).toEqual([])
          expect(plain(answer), `${coordinate} ${slot.path.join('.')} ${type}`).toBe(none)
          counts.mutations++
        }
      }
    }
    expect(await rowsOfTheirs()).toEqual(before)
  }, 120_000)

  test('no subscription tells anything of another', async () => {
    const followed: { name: string; told: Subscribed<unknown> }[] = []
    const { events: { nodes: [{ cursor: beginning }] } } = await stage.graphql<{ events: { nodes: [{ cursor: string }] } }>('{ events(first: 1) { nodes { cursor } } }')
    const follow = (name: string, document: string, variables: Record<string, unknown> = {}): void => void followed.push({ name, told: stage.subscribe(document, variables, tokens.get(role)!) })
    follow('events', 'subscription { events { id cursor summary customer { name } connection { name } ... on OrderEvent { order { number } } } }')
    follow('importEvents', 'subscription { importEvents { id cursor summary connection { name } } }')
    for (const [argument, type, ids] of [['connectionIds', '[ID!]', [theirs.connectionId]], ['customerIds', '[ID!]', [theirs.customerId]], ['orderId', 'ID', their.get('Order')![0]]] as const) {
      follow(`events by ${argument}`, `subscription ($ids: ${type}) { events(filter: { ${argument}: $ids }) { cursor summary } }`, { ids })
    }
    follow('events from the beginning', 'subscription ($after: EventCursor) { events(after: $after) { cursor summary customer { name } } }', { after: beginning })
    counts.subscriptions += followed.length + 4
    for (const [name, type] of [['order', 'Order'], ['jobRun', 'JobRun']] as const) {
      const outcome = async (id: string): Promise<string> => {
        const one = stage.subscribe(`subscription ($id: ID!) { ${name}(id: $id) { id } }`, { id }, tokens.get(role)!)
        const told = await Promise.race([one.next().then(({ done }) => (done ? 'ended' : 'told'), (error: unknown) => `refused ${JSON.stringify(error instanceof GraphqlFailure ? error.errors.map(({ message }) => message) : error)}`), new Promise<string>((resolve) => setTimeout(resolve, 10_000, 'silent'))])
        one.cut()
        return plain(told).replaceAll(/"requestId":"[^"]*"/g, '')
      }
      expect(await outcome(their.get(type)![0]!)).toBe(await outcome(toId(type, randomUUID())))
    }
    const heard: string[] = []
    const listening = followed.map(async ({ name, told }) => {
      try {
        for await (const one of told) heard.push(`${name} ${JSON.stringify(one)}`)
      } catch (error) {
        heard.push(`${name} ${String(error)}`)
      }
    })
    await stage.buy(theirs, { items: [{ sellerSku: 'OMEGA-MUG', quantity: 1, unitPrice: '12.50' }] })
    await stage.run(theirs, 'IMPORT_ORDERS')
    const open = (await stage.graphql<{ orders: { nodes: { id: string }[] } }>('query ($ids: [ID!]) { orders(first: 100, filter: { connectionIds: $ids, statuses: [OPEN] }) { nodes { id } } }', { ids: [ours.connectionId] })).orders.nodes[0]!
    await act('holdOrders', 'HoldOrdersInput', { orderIds: [open.id], reason: 'OTHER' })
    await until(async () => heard.some((line) => line.startsWith('events {') && line.includes('hold')))
    for (const { told } of followed) told.cut()
    await Promise.all(listening)
    for (const line of heard) expect(seen(line, '')).toEqual([])
    expect(heard.filter((line) => line.startsWith('events by'))).toEqual([])
    expect(heard.filter((line) => line.startsWith('events from the beginning')).length).toBeGreaterThan(5)
  }, 60_000)
})

const inputOf = (mutation: string): string => String(schema.getMutationType()!.getFields()[mutation]!.args[0]!.type).replace('!', '')

/** Fingerprints of all that is theirs, but for what their own jobs do meanwhile. */
async function rowsOfTheirs(): Promise<Record<string, string>> {
  const sums: Record<string, string> = {}
  for (const table of ['customers', 'connections', 'orders', 'order_lines', 'order_holds', 'charges', 'charge_rules', 'shipments', 'inventory_items', 'inventory_movements', 'inventory_rules', 'sku_mappings', 'shipping_service_mappings', 'import_failures',
    'notification_contacts', 'agreements', 'setup_links', 'surveys', 'consents', 'authorizations', 'audit_entries']) {
    const { rows } = await stage.db.pool.query<{ sum: string }>(`SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS sum FROM ${table} AS row WHERE ${table === 'customers' ? 'id' : 'customer_id'} = $1`, [parseId(theirs.customerId)!.uuid])
    sums[table] = rows[0]!.sum
  }
  return sums
}

test("a merchant's webhook and mails tell nothing of another", async () => {
  const messages = receiver.taken.filter(({ path: to }) => to === '/ALPHA')
  const mails = smtp.mails.filter(({ to }: ReceivedMail) => to.some((address) => address.startsWith('alpha')))
  expect(messages.length).toBeGreaterThan(3)
  expect(mails.length).toBeGreaterThan(0)
  for (const { body } of messages) expect(seen(body, '')).toEqual([])
  for (const mail of mails) expect(seen(JSON.stringify(mail), '')).toEqual([])
})
