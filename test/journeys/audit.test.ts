// The audit log: who changed what, when, from where, what it was and became; and that nobody can change it.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealedColumns } from '../../src/app/sealed-columns.ts'
import { seconds, shifted } from '../../src/kit/clock.ts'
import { parseId, toId } from '../../src/kit/ids.ts'
import { type Merchant, routing, type Stage, startStage } from './stage.ts'

let stage: Stage
let merchant: Merchant
beforeAll(async () => {
  stage = await startStage({ config: { webhookNetworks: ['192.0.2.0/24'] } })
  merchant = await stage.merchant({ unmapped: ['BOWL'] })
})
afterAll(() => stage.stop())

interface Entry {
  actorName: string
  actorId: string
  role: string | null
  address: string | null
  requestId: string | null
  action: string
  change: string
  record: string
  subjectId: string | null
  customer: { id: string } | null
  properties: { name: string; before: string | null; after: string | null }[]
}
const logOf = async (filter: Record<string, unknown> = {}): Promise<Entry[]> =>
  (await stage.graphql<{ auditLog: { nodes: Entry[] } }>(
    'query ($filter: AuditFilter) { auditLog(first: 100, filter: $filter) { nodes { id at actorName actorId role address requestId action change record subjectId customer { id } properties { name before after } } } }', { filter },
  )).auditLog.nodes
const property = (entry: Entry, name: string): [string | null, string | null] | null => entry.properties.filter((one) => one.name === name).map(({ before, after }): [string | null, string | null] => [before, after])[0] ?? null

async function bought(): Promise<{ id: string; number: string }> {
  const [sold] = await stage.buy(merchant, { address: { name: 'Wilhelmina Sampleford', addressLine1: '77 Larkspur Terrace', city: 'Reno', stateOrRegion: 'NV', postalCode: '89501', countryCode: 'US', phone: '775-555-0101' } })
  await stage.run(merchant, 'IMPORT_ORDERS')
  return stage.order(merchant, sold!.orderId)
}

test('a hold: who, when, from where, what, before and after; and nothing of an import by a job', async () => {
  const { id } = await bought()
  expect(await logOf({ subjectId: id })).toEqual([])
  const before = new Date()
  await stage.graphql('mutation ($input: HoldOrdersInput!) { holdOrders(input: $input) { userErrors { code } } }', { input: { orderIds: [id], reason: 'ADDRESS', note: 'no house number' } })
  const entries = await logOf({ subjectId: id })
  expect(entries.map(({ change, record }) => `${change} ${record}`).sort()).toEqual(['CHANGED Order', 'CREATED OrderHold'])
  for (const entry of entries) {
    expect(entry).toMatchObject({ actorName: 'test', role: 'ADMIN', address: '127.0.0.1', action: 'holdOrders', subjectId: id, customer: { id: merchant.customerId }, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(Math.abs(new Date((entry as unknown as { at: string }).at).getTime() - before.getTime())).toBeLessThan(seconds(60))
  }
  expect(property(entries.find(({ record }) => record === 'Order')!, 'on_hold')).toEqual(['false', 'true'])
  expect(property(entries.find(({ record }) => record === 'OrderHold')!, 'note')).toEqual([null, '"no house number"'])
})

test('what is refused, and what is undone, leaves no entry', async () => {
  const { id } = await bought()
  const before = (await logOf()).length
  await stage.graphql('mutation ($input: ShipAndCloseInput!) { shipAndClose(input: $input) { userErrors { code } results { userErrors { code } } } }', { input: { idempotencyKey: 'audit-refused', orders: [{ orderId: id }], routing: { ...routing, scac: null } } })
  expect((await logOf()).length).toBe(before)
})

test('what is found by actor, customer, action and time, and paged', async () => {
  const { token, apiToken } = (await stage.graphql<{ createApiToken: { token: string; apiToken: { id: string } } }>('mutation { createApiToken(input: { name: "Grace", role: OPERATOR }) { token apiToken { id } } }')).createApiToken
  const { id } = await bought()
  const act = (name: string, more = ''): Promise<unknown> => stage.graphql(`mutation { ${name}(input: { orderIds: ["${id}"] ${more} }) { userErrors { code } } }`, {}, token)
  await act('holdOrders', 'reason: OTHER')
  await act('releaseOrders')
  expect(new Set((await logOf({ actorIds: [apiToken.id] })).map(({ action, actorName }) => `${actorName} ${action}`))).toEqual(new Set(['Grace holdOrders', 'Grace releaseOrders']))
  expect(new Set((await logOf({ actorIds: [parseId(apiToken.id)!.uuid], actions: ['releaseOrders'] })).map(({ action }) => action))).toEqual(new Set(['releaseOrders']))
  expect(await logOf({ actorIds: [apiToken.id], customerIds: [merchant.customerId], from: shifted(new Date(), seconds(60)).toISOString() })).toEqual([])
  expect(await logOf({ actorIds: ['nobody'] })).toEqual([])
  const made = await logOf({ actions: ['createApiToken'], subjectId: apiToken.id })
  expect(made).toHaveLength(1)
  expect(property(made[0]!, 'sha256')).toEqual([null, '"***"'])
  expect(JSON.stringify(made)).not.toContain(token.slice(12))
})

test('the database refuses to change, remove or empty it', async () => {
  const pool = stage.db.pool
  for (const statement of [`UPDATE audit_entries SET actor_name = 'nobody'`, 'DELETE FROM audit_entries', 'TRUNCATE audit_entries']) {
    await expect(pool.query(statement)).rejects.toMatchObject({ message: 'the audit log is only ever appended to', code: '42501' })
  }
  await expect(pool.query(`SET session_replication_role = replica; DELETE FROM audit_entries`)).rejects.toMatchObject({ code: '42501' })
  await pool.query('SET session_replication_role = DEFAULT')
})

test('whoever changes something by SQL is noted as the database knows them', async () => {
  const { id, number } = await bought()
  const client = new pg.Client({ ...stage.database.config, application_name: 'psql' })
  await client.connect()
  await client.query('UPDATE orders SET number = number || $2 WHERE id = $1', [parseId(id)!.uuid, 'X'])
  await client.query('UPDATE orders SET number = $2 WHERE id = $1', [parseId(id)!.uuid, number])
  await client.end()
  const entries = await logOf({ subjectId: id })
  expect(entries).toHaveLength(2)
  expect(entries[1]).toMatchObject({ actorId: expect.stringMatching(/^database:/), role: null, action: 'SQL', record: 'Order' })
  expect(property(entries[1]!, 'number')).toEqual([JSON.stringify(number), JSON.stringify(`${number}X`)])
})

test("no secret and nothing of a buyer is in it, though a retry imports by somebody's hand", async () => {
  await stage.buy(merchant, { items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }], address: { name: 'Bartholomew Sampleford', addressLine1: '9 Plover Lane', city: 'Reno', stateOrRegion: 'NV', postalCode: '89501', countryCode: 'US', phone: '775-555-0199' } })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await stage.graphql('mutation ($input: MapSkusInput!) { mapSkus(input: $input) { userErrors { code } } }', { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'BOWL', warehouseSku: 'BOWL', unitsPerItem: 1 }] } })
  const { importFailures } = await stage.graphql<{ importFailures: { nodes: { id: string }[] } }>('query ($ids: [ID!]) { importFailures(filter: { connectionIds: $ids, states: [OPEN] }) { nodes { id } } }', { ids: [merchant.connectionId] })
  await stage.graphql('mutation ($input: RetryImportsInput!) { retryImports(input: $input) { userErrors { code } resolved { id } } }', { input: { failureIds: importFailures.nodes.map(({ id }) => id) } })
  const imported = await logOf({ actions: ['retryImports'] })
  expect(new Set(imported.map(({ change, record }) => `${change} ${record}`))).toEqual(new Set(['CREATED Order', 'CREATED OrderLine', 'CREATED OrderRecipient', 'CHANGED ImportFailure', ...imported.some(({ record }) => record === 'InventoryItem') ? ['CREATED InventoryItem', 'CHANGED InventoryItem'] : []]))
  expect(property(imported.find(({ record }) => record === 'OrderRecipient')!, 'name')).toEqual([null, '"***"'])
  const { rows } = await stage.db.pool.query<{ line: string }>('SELECT row_to_json(audit_entries)::text AS line FROM audit_entries')
  for (const { line } of rows) expect(line).not.toMatch(/Sampleford|Plover|Larkspur|555-01/)
})

/** Tables that people do not change, and why no trigger watches them. */
const unwatched: Record<string, string> = {
  events: 'the event log itself', mails: 'queued by what is watched', mail_bodies: 'of mails', webhook_deliveries: 'written by the thousand; a redelivery is noted by its verb', incidents: 'gathered from events', incident_subjects: 'of incidents',
  contact_incidents: 'of incidents', event_readers: 'places of readers', history_starts: 'how far histories were removed', sightings: 'what polls saw', listings: 'what the marketplace said', inventory_submissions: 'what was told to it', quotas: 'what it allows',
  secret_warnings: 'what was warned of', ship_and_close_calls: 'answers that are kept by key', audit_entries: 'the log itself',
}

/** They say themselves whose each row is, and are only ever added to: what is added is not said twice. */
const ledgers = ['inventory_movements', 'shipment_lines']

test('every table is watched, or says why not; every sealed column and every secret is masked', async () => {
  const { rows: tables } = await stage.db.pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'agenda%' AND tablename NOT LIKE '\\_prisma%'`)
  const { rows: triggers } = await stage.db.pool.query<{ name: string; events: string[]; args: string }>(
    `SELECT relname AS name, array_agg(tgname::text ORDER BY tgname::text) AS events, min(encode(tgargs, 'escape')) AS args FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE 'audit\\_%' AND tgname NOT LIKE 'audit\\_entries\\_%' GROUP BY relname`)
  const watched = new Map(triggers.map(({ name, args }) => [name, args.split('\\000')]))
  for (const { name, events } of triggers) expect(events).toEqual(['audit_delete', ...(ledgers.includes(name) ? [] : ['audit_insert']), 'audit_update'])
  expect(tables.map(({ name }) => name).filter((name) => !watched.has(name) && !(name in unwatched))).toEqual([])
  for (const { table, column } of sealedColumns) if (watched.has(table)) expect(watched.get(table)![1]!.split(',')).toContain(column)
  const { rows: columns } = await stage.db.pool.query<{ table: string; column: string }>(`SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = 'public'`)
  const telling = /(^|_)(sealed|secret|sha256|hash|email|phone|gifts|signature|recorded)$|^line[123]$|(signer|contact)_name/
  const plain = new Set(['agreements.document_sha256', 'agreements.signed_sha256'])
  for (const { table, column } of columns) {
    if (!watched.has(table) || !telling.test(column) || plain.has(`${table}.${column}`) || (table === 'warehouses' && /^line|phone/.test(column))) continue
    expect(watched.get(table)![1]!.split(','), `${table}.${column}`).toContain(column)
  }
  // And every column that it names is there.
  const there = new Set(columns.map(({ table, column }) => `${table}.${column}`))
  for (const [table, [, masked, keys, , subject, ignored]] of watched) {
    for (const column of [masked, keys, subject, ignored].flatMap((names) => names!.split(',')).filter((name) => name !== '')) expect(there).toContain(`${table}.${column}`)
  }
})

test('every mutation of the contract that changes something leaves an entry', async () => {
  const contract = await readFile(path.resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8')
  const mutations = [.../^type Mutation \{([\s\S]*?)^\}/m.exec(contract)![1]!.matchAll(/^  (\w+)\(/gm)].map(([, name]) => name!)
  const walked = await everyMutation()
  expect(mutations.filter((name) => !walked.has(name))).toEqual([])
  const { rows } = await stage.db.pool.query<{ action: string }>('SELECT DISTINCT action FROM audit_entries')
  const noted = new Set(rows.map(({ action }) => action))
  expect(mutations.filter((name) => !noted.has(name))).toEqual([])
})

/** Does each of them once, so that it changes something; their names. */
async function everyMutation(): Promise<Set<string>> {
  const done = new Set<string>()
  async function act<T = Record<string, unknown>>(name: string, input: unknown, selection = ''): Promise<T> {
    const type = { holdOrders: 'HoldOrdersInput', releaseOrders: 'OrderIdsInput', cancelOrders: 'CancelOrdersInput' }[name] ?? inputs.get(name)!
    const data = await stage.graphql<Record<string, { userErrors: unknown[] } & T>>(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message field } } }`, { input })
    expect(data[name]!.userErrors, name).toEqual([])
    done.add(name)
    return data[name]!
  }
  const contract = await readFile(path.resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8')
  const inputs = new Map([.../^type Mutation \{([\s\S]*?)^\}/m.exec(contract)![1]!.matchAll(/^  (\w+)\([\s\S]*?input: (\w+)!\s*\)/gm)].map(([, name, type]) => [name!, type!]))
  const { connectionId, customerId, warehouseId } = merchant

  // Orders, packages, stock.
  const [one, two, three, four] = [await bought(), await bought(), await bought(), await bought()]
  await act('holdOrders', { orderIds: [one.id], reason: 'OTHER' })
  await act('releaseOrders', { orderIds: [one.id] })
  await act('addCharges', { orderIds: [one.id], charges: [{ code: 'BOX', amount: { amount: '1.00', currencyCode: 'USD' } }] })
  await act('updateRouting', { orderIds: [one.id], routing: { carrier: 'UPS', service: 'Ground' } })
  await act('cancelOrders', { orderIds: [two.id], reason: 'test' })
  const shipped = await act<{ results: { shipments: { id: string }[] }[] }>('shipAndClose', { idempotencyKey: 'audit', orders: [{ orderId: one.id }, { orderId: three.id }], routing }, 'results { shipments { id } }')
  const shipmentId = shipped.results[0]!.shipments[0]!.id
  await stage.db.pool.query(`UPDATE shipments SET tracking_status = 'REJECTED', tracking_next_attempt_at = NULL, tracking_code = 'X' WHERE id = ANY($1)`, [shipped.results.map(({ shipments }) => parseId(shipments[0]!.id)!.uuid)])
  await act('correctTracking', { shipmentId, routing: { ...routing, trackingNumber: '1Z5R89390357567127' } })
  await act('retryTracking', { shipmentIds: [shipped.results[1]!.shipments[0]!.id] })
  const received = await act<{ items: { id: string }[] }>('receiveInventory', { customerId, warehouseId, items: [{ sku: 'MUG', quantity: 5 }] }, 'items { id }')
  const inventoryItemId = received.items[0]!.id
  await act('adjustInventory', { inventoryItemId, change: -1, reason: 'broken' })
  await act('setInventoryRule', { inventoryItemId, connectionId, buffer: 2 })

  // Imports.
  await act('mapSkus', { connectionId, mappings: [{ sellerSku: 'JUG', warehouseSku: 'JUG', unitsPerItem: 1 }] })
  await act('mapShippingServices', { connectionId, mappings: [{ marketplaceService: 'Standard', carrier: 'UPS', scac: 'UPSN', service: 'Ground' }] })
  const failing = await stage.merchant({ unmapped: ['VASE'] })
  for (let n = 0; n < 2; n++) await stage.buy(failing, { items: [{ sellerSku: 'VASE', quantity: 1, unitPrice: '3.00' }] })
  await stage.run(failing, 'IMPORT_ORDERS')
  const { importFailures: { nodes: failures } } = await stage.graphql<{ importFailures: { nodes: { id: string; number: string }[] } }>('query ($ids: [ID!]) { importFailures(filter: { connectionIds: $ids, states: [OPEN] }) { nodes { id number } } }', { ids: [failing.connectionId] })
  await act('dismissImportFailures', { failureIds: [failures[0]!.id], note: 'not ours' })
  await act('mapSkus', { connectionId: failing.connectionId, mappings: [{ sellerSku: 'VASE', warehouseSku: 'VASE', unitsPerItem: 1 }] })
  await act('retryImports', { failureIds: [failures[1]!.id] })
  const [late] = await stage.buy(failing, { items: [{ sellerSku: 'VASE', quantity: 1, unitPrice: '3.00' }] })
  await act('importOrder', { connectionId: failing.connectionId, number: late!.orderId })

  // Connections.
  await act('updateConnectionSettings', { connectionId, orderImportMinutes: 20, inventoryBuffer: 1 })
  await act('runJobNow', { connectionId, kind: 'IMPORT_ORDERS' })
  await act('testConnection', { connectionId })
  await act('pauseConnection', { connectionId, reason: 'test' })
  await act('resumeConnection', { connectionId })
  await act('pauseJobs', { connectionIds: [connectionId], kinds: ['SWEEP_ORDERS'], reason: 'test' })
  await act('resumeJobs', { connectionIds: [connectionId] })
  await act('pauseJobsEverywhere', { kinds: ['SWEEP_ORDERS'], reason: 'test' })
  await act('resumeJobsEverywhere', {})
  await act('disconnectConnection', { connectionId: failing.connectionId })

  // Merchants.
  const { customer } = await act<{ customer: { id: string } }>('createCustomer', { name: 'Kiln of audits' }, 'customer { id }')
  await act('createWarehouse', { name: 'Second', code: 'W-AUDIT', timeZone: 'UTC', address: { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' } })
  const link = await act<{ setupLink: { id: string } }>('createSetupLink', { customerId: customer.id, warehouseId, name: 'Ada', email: 'ada@kiln.example' }, 'setupLink { id }')
  await act('revokeSetupLink', { id: link.setupLink.id })
  const asked = await act<{ connections: { id: string }[] }>('requestConnections', { customerId: customer.id, warehouseId, marketplaceIds: ['ATVPDKIKX0DER', 'A2EUQ1WTGCTBG2'], contactName: 'Ada', contactEmail: 'ada@kiln.example' }, 'connections { id }')
  const [first, second] = asked.connections as [{ id: string }, { id: string }]
  await act('sendAgreement', { connectionId: first.id, signerName: 'Ada Kiln', signerEmail: 'ada@kiln.example' })
  await act('voidAgreement', { connectionId: first.id, reason: 'once more' })
  await act('sendAgreement', { connectionId: first.id, signerName: 'Ada Kiln', signerEmail: 'ada@kiln.example' })
  await act('signAgreement', { connectionId: first.id, signature: 'Ada Kiln', accepted: true })
  await act('beginAuthorization', { connectionId: second.id })
  const { seller } = await stage.simulator.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', { name: 'Kiln', marketplaces: ['ATVPDKIKX0DER'], quotas: 'unlimited', skus: [] })
  await act('provideCredentials', { connectionId: first.id, merchantId: seller.sellerId, refreshToken: seller.credentials.refreshToken })
  await act('testConnection', { connectionId: first.id })
  await act('goLive', { connectionId: first.id })

  // Who is told.
  const contact = await act<{ contact: { id: string } }>('saveNotificationContact', { connectionId, contact: { email: 'dock@riverside.example', topics: ['IMPORT_FAILED'], frequency: 'DAILY' } }, 'contact { id }')
  await act('removeNotificationContact', { id: contact.contact.id })
  const hook = await act<{ webhook: { id: string } }>('saveWebhook', { connectionId, url: 'https://192.0.2.1/hook', topics: ['ORDER_HELD'] }, 'webhook { id }')
  await act('rotateWebhookSecret', { id: hook.webhook.id, overlapHours: 1 })
  const { eventCursor } = await stage.graphql<{ eventCursor: string }>('{ eventCursor }')
  await act('replayWebhook', { id: hook.webhook.id, after: eventCursor })
  const { rows: [event] } = await stage.db.pool.query<{ id: string }>('SELECT id FROM events WHERE connection_id = $1 ORDER BY id LIMIT 1', [merchant.uuid])
  const { rows: [delivery] } = await stage.db.pool.query<{ id: string }>(
    `INSERT INTO webhook_deliveries (customer_id, webhook_id, event_id, status, attempts) SELECT customer_id, id, $2, 'SENT', 1 FROM webhooks WHERE id = $1 RETURNING id`, [parseId(hook.webhook.id)!.uuid, event!.id])
  await act('redeliverWebhook', { deliveryId: toId('WebhookDelivery', delivery!.id) })
  await act('removeWebhook', { id: hook.webhook.id })
  const { apiToken } = await act<{ apiToken: { id: string } }>('createApiToken', { name: 'temporary', role: 'VIEWER' }, 'apiToken { id }')
  await act('revokeApiToken', { id: apiToken.id })
  await stage.order(merchant, four.number)
  return done
}
