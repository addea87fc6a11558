// Hostile texts that get as far as any text can: all else of the call is good and its subject fresh, so that what is kept, signed, mailed, posted and sent on has them in it.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseId, toId } from '../../src/kit/ids.ts'
import { startReceiver, type TestReceiver } from '../support/receiver.ts'
import { walk } from '../support/walk.ts'
import { type SettingUp, startSettingUp } from './setting-up.ts'
import { type Merchant, routing, until, US } from './stage.ts'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
type Input = Record<string, Json>
interface UserError {
  code: string
  message: string
  field: string[] | null
}

const MARK = 'hostile9f1c'
const HOSTILE = [
  `${MARK}'); DROP TABLE canary; -- \\'; SELECT pg_sleep(60); -- $1 %_\\% $$`, `${MARK}\r\nBcc: evil@evil.example\r\n\r\n{"level":60,"msg":"forged"}`, `${MARK}\u001b[2J\u001b]0;x\u0007\u0008\u007f\u0085`,
  `"><script>alert('${MARK}')</script><img src=x onerror=alert(1)>]]></a><!-- & &amp; -->`, `${MARK}\u202eevil\u2066\ufeff\u2028\u2029e\u0301👩‍👩‍👧‍👦日本語`, `=HYPERLINK("http://evil.example/${MARK}") [x](javascript:alert(1)) **_#_** \${7*7} {{7*7}}`,
  `${MARK} ${'x'.repeat(1900)}`,
]
const drawn = (seed: number): string[] => fc.sample(fc.string({ unit: 'binary', maxLength: 60 }).map((text) => `${text.replace(/[\0\p{Cs}]/gu, '')}${MARK}`), { numRuns: 2, seed })

const schema = buildSchema(await readFile(path.resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'))
let here: SettingUp
let receiver: TestReceiver
let [merchant, bystander]: [Merchant, Merchant] = [{} as Merchant, {} as Merchant]

beforeAll(async () => {
  receiver = await startReceiver()
  here = await startSettingUp({}, { config: { maxCost: 1e9, tokenRateLimit: 1e9, webhookNetworks: ['127.0.0.0/8'] } })
  merchant = await here.merchant({ unmapped: ['BOWL'], stock: 100_000 })
  bystander = await here.merchant({ stock: 10 })
  await here.buy(bystander, { count: 3 })
  await here.run(bystander, 'IMPORT_ORDERS')
  await here.db.pool.query('CREATE TABLE canary AS SELECT 1 AS n')
  await ask('mutation', 'saveWebhook', 'SaveWebhookInput', { connectionId: merchant.connectionId, url: `${receiver.url}/hook`, topics: ['ORDER_CLOSED', 'ORDER_HELD', 'ORDER_CANCELLED', 'IMPORT_FAILED', 'CONNECTION_CHANGED'] })
  await ask('mutation', 'saveNotificationContact', 'SaveNotificationContactInput', { connectionId: merchant.connectionId, contact: { email: 'ada@merchant.example', topics: ['IMPORT_FAILED', 'TRACKING_REJECTED', 'CONNECTION_ATTENTION'] } })
}, 120_000)
afterAll(async () => {
  await here.stop()
  await receiver.stop()
})

const post = async (query: string, variables: unknown): Promise<{ data: Record<string, Record<string, unknown> | null> | null; errors?: { message: string; extensions: { code: string } }[] }> =>
  (await fetch(here.url, { method: 'POST', headers: { authorization: `Bearer ${here.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })).json() as never
async function ask(keyword: string, name: string, type: string, input: Input, selection = ''): Promise<Record<string, never>> {
  const { data, errors } = await post(`${keyword} ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message field } } }`, { input })
  if (errors !== undefined || (data![name]!['userErrors'] as unknown[]).length > 0) throw new Error(`${name}: ${JSON.stringify(errors ?? data)}`)
  return data![name] as Record<string, never>
}

/** Of the rows that are one merchant's, wherever they are. */
async function rowsOf({ customerId }: Merchant): Promise<Record<string, string>> {
  const { rows } = await here.db.pool.query<{ name: string; column: string }>(
    `SELECT table_name AS name, column_name AS column FROM information_schema.columns WHERE table_schema = 'public' AND (column_name = 'customer_id' OR (table_name = 'customers' AND column_name = 'id'))`)
  const sums = rows.map(async ({ name, column }): Promise<[string, string]> => {
    const found = await here.db.pool.query<{ sum: string }>(`SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS sum FROM "${name}" AS row WHERE "${column}" = $1 ${name === 'events' ? "AND summary NOT LIKE '%of the whole gateway'" : ''}`, [parseId(customerId)!.uuid]) // a pause of the gateway is everybody's
    return [name, found.rows[0]!.sum]
  })
  return Object.fromEntries(await Promise.all(sums))
}
const tables = async (): Promise<string[]> => (await here.db.pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)).rows.map(({ name }) => name)

/** Handed out one by one; made as many at a time as it says. */
function supply<T>(make: () => Promise<T[]>): () => Promise<T> {
  const left: T[] = []
  let making: Promise<void> | null = null
  return async () => {
    while (left.length === 0) {
      making ??= make().then((made) => void left.push(...made)).finally(() => (making = null))
      await making
    }
    return left.pop()!
  }
}
const imported = new Set<string>()
const order = supply(async () => {
  await here.buy(merchant, { count: 250 })
  await here.run(merchant, 'IMPORT_ORDERS')
  const { rows } = await here.db.pool.query<{ id: string }>(`SELECT id FROM orders WHERE customer_id = $1 AND status = 'OPEN'`, [parseId(merchant.customerId)!.uuid])
  const fresh = rows.map(({ id }) => toId('Order', id)).filter((id) => !imported.has(id))
  for (const id of fresh) imported.add(id)
  return fresh
})
const shipment = supply(async () => {
  const orders = await Promise.all(Array.from({ length: 60 }, () => order()))
  const { results } = await ask('mutation', 'shipAndClose', 'ShipAndCloseInput', { idempotencyKey: randomUUID(), orders: orders.map((orderId) => ({ orderId })), routing }, 'results { shipments { id } }') as unknown as { results: { shipments: { id: string }[] }[] }
  return results.flatMap(({ shipments }) => shipments.map(({ id }) => id))
})
const failure = supply(async () => {
  await here.buy(merchant, { count: 25, items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  await here.run(merchant, 'IMPORT_ORDERS')
  return (await here.db.pool.query<{ id: string }>(`SELECT id FROM import_failures WHERE customer_id = $1 AND state = 'OPEN'`, [parseId(merchant.customerId)!.uuid])).rows.map(({ id }) => toId('ImportFailure', id))
})
const item = async (): Promise<string> => toId('InventoryItem', (await here.db.pool.query<{ id: string }>(`SELECT id FROM inventory_items WHERE customer_id = $1 LIMIT 1`, [parseId(merchant.customerId)!.uuid])).rows[0]!.id)

/** What makes each call good; `after` puts right what it did. */
const good: Record<string, { input: () => Promise<Input>; after?: () => Promise<unknown> }> = {
  addCharges: { input: async () => ({ orderIds: [await order()], charges: [{ code: 'BOX', amount: { amount: '1.00', currencyCode: 'USD' } }] }) },
  adjustInventory: { input: async () => ({ inventoryItemId: await item(), change: 1 }) },
  cancelOrders: { input: async () => ({ orderIds: [await order()] }) },
  correctTracking: { input: async () => ({ shipmentId: await shipment(), routing: { ...routing } }) },
  createApiToken: { input: async () => ({ name: 'Ada', role: 'VIEWER', customerIds: [merchant.customerId] }) },
  createCustomer: { input: async () => ({ name: `Kiln ${randomUUID()}`, reference: randomUUID(), chargeRules: [{ code: 'BOX', basis: 'ORDER', amount: { amount: '1.00', currencyCode: 'USD' } }] }) },
  createSetupLink: { input: async () => ({ customerId: merchant.customerId, warehouseId: merchant.warehouseId, name: 'Ada', email: `${randomUUID()}@merchant.example`, send: true }) },
  createWarehouse: { input: async () => ({ code: randomUUID().slice(0, 8), name: 'Dock', timeZone: 'UTC', address: { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' } }) },
  dismissImportFailures: { input: async () => ({ failureIds: [await failure()] }) },
  holdOrders: { input: async () => ({ orderIds: [await order()], reason: 'OTHER' }) },
  importOrder: { input: async () => ({ connectionId: merchant.connectionId, number: (await here.buy(merchant))[0]!.orderId }) },
  mapShippingServices: { input: async () => ({ connectionId: merchant.connectionId, mappings: [{ marketplaceService: 'Standard', carrier: 'UPS', scac: 'UPSN', service: 'Ground' }] }) },
  mapSkus: { input: async () => ({ connectionId: merchant.connectionId, mappings: [{ sellerSku: `SKU-${randomUUID()}`, warehouseSku: 'MUG' }] }) },
  pauseConnection: { input: async () => ({ connectionId: merchant.connectionId }), after: () => post('mutation ($input: ConnectionIdInput!) { resumeConnection(input: $input) { userErrors { code } } }', { input: { connectionId: merchant.connectionId } }) },
  // Of a kind that nothing here runs.
  pauseJobs: {
    input: async () => ({ connectionIds: [merchant.connectionId], kinds: ['SWEEP_ORDERS'] }),
    after: () => post('mutation ($input: ResumeJobsInput!) { resumeJobs(input: $input) { userErrors { code } } }', { input: { connectionIds: [merchant.connectionId] } }),
  },
  pauseJobsEverywhere: { input: async () => ({ kinds: ['SWEEP_ORDERS'] }), after: () => post('mutation ($input: ResumeJobsEverywhereInput!) { resumeJobsEverywhere(input: $input) { userErrors { code } } }', { input: {} }) },
  provideCredentials: {
    async input() {
      const { sellerId, refreshToken } = await here.newSeller()
      return { connectionId: (await here.asked()).id, merchantId: sellerId, refreshToken }
    },
  },
  receiveInventory: { input: async () => ({ customerId: merchant.customerId, warehouseId: merchant.warehouseId, items: [{ sku: 'MUG', quantity: 1 }] }) },
  requestConnections: {
    input: async () => {
      const { customerId, warehouseId } = await here.party()
      return { customerId, warehouseId, marketplaceIds: [US], contactName: 'Ada', contactEmail: `${randomUUID()}@merchant.example`, notify: [{ email: `${randomUUID()}@merchant.example`, topics: ['IMPORT_FAILED'], timeZone: 'UTC' }] }
    },
  },
  saveNotificationContact: { input: async () => ({ connectionId: merchant.connectionId, contact: { email: `${randomUUID()}@merchant.example`, topics: ['ORDER_CREATED'] } }) },
  saveWebhook: { input: async () => ({ connectionId: merchant.connectionId, url: `${receiver.url}/${randomUUID()}`, topics: ['ORDER_CLOSED'], active: false }) },
  sendAgreement: { input: async () => ({ connectionId: (await here.asked()).id, signerName: 'Ada Smith', signerEmail: 'ada@merchant.example' }) },
  shipAndClose: {
    input: async () => {
      const orderId = await order()
      const { node } = (await post('query ($id: ID!) { node(id: $id) { ... on Order { lines { id } } } }', { id: orderId })).data as { node: { lines: { id: string }[] } }
      return { idempotencyKey: randomUUID(), orders: [{ orderId, routing: { ...routing }, packages: [{ trackingNumber: routing.trackingNumber, lines: [{ orderLineId: node.lines[0]!.id, quantity: 2 }], weight: { unit: 'KILOGRAM', value: '1.5' } }] }], routing: { ...routing } }
    },
  },
  signAgreement: {
    async input() {
      const one = await here.asked()
      await here.send(one)
      return { connectionId: one.id, signature: 'Ada Smith', accepted: true, documentSha256: (await here.agreementOf(one.id))!.documentSha256 }
    },
  },
  updateConnectionSettings: { input: async () => ({ connectionId: merchant.connectionId }) },
  updateRouting: { input: async () => ({ orderIds: [await order()], routing: { ...routing } }) },
  voidAgreement: {
    async input() {
      const one = await here.asked()
      await here.send(one)
      return { connectionId: one.id }
    },
  },
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
/** `better` over `plain`, entry by entry. */
function over(plain: Json | undefined, better: Json): Json {
  if (Array.isArray(better)) return better.map((one, index) => over(Array.isArray(plain) ? plain[index] : undefined, one))
  if (isObject(better) && isObject(plain)) return { ...plain, ...Object.fromEntries(Object.entries(better).map(([name, value]) => [name, over(plain[name], value)])) }
  return better
}
function put(into: Json, [name, ...rest]: readonly string[], value: string): void {
  const at = (Array.isArray(into) ? into[0] : into) as { [name: string]: Json }
  if (rest.length > 0) return put(at[name!]!, rest, value)
  at[name!] = Array.isArray(at[name!]) ? [value] : value
}

/** Every user error of an answer, those of single results too. */
function refusalsIn(answer: unknown): UserError[] {
  if (Array.isArray(answer)) return answer.flatMap(refusalsIn)
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([name, value]) => (name === 'userErrors' && Array.isArray(value) ? (value as UserError[]) : refusalsIn(value)))
}

/** Numbers, dates, codes, addresses, credentials, and what must be the same as something else. */
const shaped = /\b(amount|value|currencyCode|countryCode|timeZone|scac|number|url|\w*[eE]mail|\w+At|importFrom|merchantId|refreshToken|documentSha256|signature)$/

const plausible = (name: string, type: string): string | undefined => ({ currencyCode: 'USD', countryCode: 'US', timeZone: 'UTC' })[name] ?? (type === 'ID' ? merchant.connectionId : undefined)

test('every text of every mutation that keeps one: taken as it is, or refused at its own field', async () => {
  const asked = walk(schema, schema.getMutationType()!, (type) => !/Page|Edge/.test(type), plausible, 'mutation').asked.filter(({ coordinate }) => coordinate.startsWith('Mutation.'))
  const calls = asked.flatMap((call) => call.slots.filter(({ kind }) => kind !== 'ID' && kind !== 'EventCursor').map((slot) => ({ name: call.coordinate.slice('Mutation.'.length), call, slot })))
  expect([...new Set(calls.map(({ name }) => name))].filter((name) => !(name in good))).toEqual([])
  const [theirs, ofAll] = [await rowsOf(bystander), await tables()]
  for (const { coordinate, document, argumentsOf } of asked.filter(({ coordinate }) => coordinate.slice('Mutation.'.length) in good)) {
    const { input, after } = good[coordinate.slice('Mutation.'.length)]!
    const { a0_input: plain, ...others } = argumentsOf(null, null)
    const { data, errors } = await post(document, { ...others, a0_input: over(plain!, await input()) })
    await after?.()
    expect([coordinate, errors, refusalsIn(data)]).toEqual([coordinate, undefined, []])
  }
  const [taken, amiss]: [Map<string, number>, string[]] = [new Map(), []]
  let count = 0
  for (const { name, call: { document, argumentsOf }, slot } of calls) {
    const where = `${name} ${slot.path.slice(1).join('.')}`
    taken.set(where, 0)
    // Half of them, another half each time; all of them go through every kind of text.
    const values = [...HOSTILE.filter((_, index) => (index + taken.size) % 2 === 0), MARK, ...drawn(count)]
    count += values.length
    const { input, after } = good[name]!
    const tell = async (value: string): Promise<void> => {
      const { a0_input: plain, ...others } = argumentsOf(slot, value)
      const made = over(plain!, await input())
      put(made, slot.path.slice(1), value)
      const { data, errors } = await post(document, { ...others, a0_input: made })
      await after?.()
      const refusals = refusalsIn(data)
      const told = `${where} ${JSON.stringify(value.slice(0, 60))}: ${JSON.stringify(errors ?? refusals).slice(0, 300)}`
      if (errors !== undefined && errors.some(({ extensions: { code } }) => code !== 'BAD_USER_INPUT')) amiss.push(told)
      if (errors === undefined && refusals.length === 0) taken.set(where, taken.get(where)! + 1)
      // Where the call was refused for something else, the text has got nowhere.
      if (refusals.some(({ field }) => !(field ?? []).includes(slot.path.at(-1)!) && !(field ?? []).includes(slot.path.at(-2)!))) amiss.push(told)
    }
    if (after === undefined) await Promise.all(values.map(tell))
    else for (const value of values) await tell(value)
  }
  expect(amiss).toEqual([])
  // Nothing was refused before it came to the text: what no hostile one passes has a shape of its own.
  expect([...taken].filter(([where, times]) => times === 0 && !shaped.test(where)).map(([where]) => where)).toEqual([])
  process.stdout.write(`hostile texts: ${calls.length} kept by mutations, ${count} calls, ${[...taken.values()].reduce((sum, times) => sum + times, 0)} taken\n`)
  expect(await rowsOf(bystander)).toEqual(theirs)
  expect(await tables()).toEqual(ofAll)
  expect((await here.db.pool.query('SELECT n FROM canary')).rows).toEqual([{ n: 1 }])
}, 300_000)

test('what was taken goes on to mails, documents, webhooks, the marketplace and whoever reads it as text, and nothing of it to the log', async () => {
  for (const value of HOSTILE.slice(0, 6)) {
    const spelt = `${value.slice(0, 60)} ${randomUUID().slice(0, 8)}`
    const strange = await here.party(spelt)
    const { email: owner } = await here.linkFor({ customerId: strange.customerId, warehouseId: strange.warehouseId })
    expect((await here.mailTo(owner, /connect the marketplace accounts/)).text.replaceAll(/\s/g, '')).toContain(MARK)
    // A document shows what its fonts can.
    const of = await here.party(`${spelt.replaceAll(/[^\x20-\x7e]/g, ' ')} again`)
    const { id, email } = await here.asked({ of })
    const name = value.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 90)
    expect(await here.send({ id, email }, name)).toMatchObject({ userErrors: [] })
    const { documentUrl, documentSha256 } = (await here.agreementOf(id))!
    const signed = await post('mutation ($input: SignAgreementInput!) { signAgreement(input: $input) { userErrors { code message } } }', { input: { connectionId: id, signature: name, accepted: true, documentSha256 } })
    expect(signed).toEqual({ data: { signAgreement: { userErrors: [] } }, extensions: expect.anything() })
    const pdf = new Uint8Array(await (await fetch(documentUrl!)).arrayBuffer())
    const { text } = await extractText(await getDocumentProxy(pdf), { mergePages: true })
    expect(text).toContain(MARK)
    await here.mailTo(email, /sign the agreement/)
    await here.mailTo(email, /agreement is signed/)
  }
  await here.run(merchant, 'SEND_TRACKING')
  const waiting = (): Promise<unknown> => here.db.pool.query(`SELECT FROM mails WHERE status = 'PENDING'`).then(({ rowCount }) => rowCount === 0)
  await until(waiting, 60_000)

  expect(here.smtp.mails.length).toBeGreaterThan(20)
  for (const { headers, html, to } of here.smtp.mails) {
    expect(Object.keys(headers).filter((header) => !usual.has(header))).toEqual([])
    expect(to.join()).not.toMatch(/evil/)
    expect(html).not.toMatch(/<script|<img|onerror="|href="(?!https?:)/)
  }
  await until(async () => receiver.taken.some(({ type }) => type === 'ORDER_CLOSED'))
  for (const { body } of receiver.taken) expect(body).not.toContain(MARK) // ids alone

  // Each line was read as JSON when it was written.
  expect(here.logged.filter((line) => JSON.stringify(line).includes(MARK))).toEqual([])
  expect(here.logged.filter(({ level }) => Number(level) >= 50)).toEqual([])
}, 120_000)
const usual = new Set(['from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'content-type', 'content-transfer-encoding', 'auto-submitted', 'x-auto-response-suppress', 'list-unsubscribe', 'list-unsubscribe-post'])
