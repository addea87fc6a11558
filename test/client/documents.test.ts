// Every operation that we hand out, and every example of docs/api.md, is a document of the contract that a gateway answers without a complaint.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { buildSchema, getOperationAST, type GraphQLEnumType, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ShipAndCloseDocument } from '../../src/client/index.ts'
import { ReplayWebhookDocument, SaveWebhookDocument, WebhooksDocument } from '../generated/graphql.ts'
import { type Merchant, routing, type Stage, startStage, until } from '../journeys/stage.ts'
import { startReceiver } from '../support/receiver.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8')
const operationNames = (await readdir(path.join(root, 'operations'))).filter((file) => file.endsWith('.graphql')).map((file) => file.replace('.graphql', ''))
const [schema, api] = [buildSchema(await read('schema/schema.graphql')), await read('docs/api.md')]
const fenced = (language: string, text: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block!)
/** Each document of the page, with the variables that stand below it. */
const examples = [...api.matchAll(/^```graphql\n(.*?)^```(?:\n\n```json\n(.*?)^```)?/gms)].map(([, query, variables]) => ({ query: query!, variables: variables ?? '{}' }))
const nameOf = (query: string): string => getOperationAST(parse(query))!.name!.value

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config: { webhookNetworks: ['127.0.0.0/8'] } })
})
afterAll(() => stage.stop())

/** A merchant with six orders, one of them shipped, and a seventh that could not be imported; and what a person would put for the variables' `<...>`. */
async function merchant(): Promise<{ merchant: Merchant; filled: (variables: string) => Record<string, unknown>; places: Record<string, string> }> {
  const merchant = await stage.merchant({ unmapped: ['NEW'] })
  const sold = await stage.buy(merchant, { count: 6 })
  await stage.buy(merchant, { items: [{ sellerSku: 'NEW', quantity: 1 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const orders = await Promise.all(sold.map(({ orderId }) => stage.order(merchant, orderId)))
  const { shipAndClose } = await stage.graphql<{ shipAndClose: { results: { shipments: { id: string }[] }[] } }>(String(ShipAndCloseDocument), { input: { idempotencyKey: merchant.uuid, routing, orders: [{ orderId: orders[5]!.id }] } })
  const places: Record<string, string> = {
    ...Object.fromEntries(['first', 'second', 'third', 'fourth', 'another'].map((which, index) => [`<${which} order's id>`, orders[index]!.id])),
    "<fourth order's line>": orders[3]!.lines[0]!.id,
    "<connection's id>": merchant.connectionId,
    "<order's number>": orders[0]!.number,
    "<shipment's id>": shipAndClose.results[0]!.shipments[0]!.id,
  }
  const filled = (variables: string): Record<string, unknown> => JSON.parse(
    variables.replace(/<[^>]+>/g, (place) => places[place] ?? expect.unreachable(`nobody knows what ${place} is`)),
    // A key is a merchant's of its own, as all of them share a gateway.
    (key, value: unknown) => (key === 'idempotencyKey' ? `${String(value)} ${merchant.uuid}` : value),
  ) as Record<string, unknown>
  return { merchant, filled, places }
}

/** Runs it as a client would; of a subscription, until it has told something. Fails on errors, and on user errors wherever they stand. */
async function runs(query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>> {
  expect(validate(schema, parse(query))).toEqual([])
  const data = getOperationAST(parse(query))!.operation === 'subscription' ? await firstOf(query, variables) : await stage.graphql(query, variables)
  JSON.stringify(data, (key, value: unknown) => {
    if (key === 'userErrors') expect(value).toEqual([])
    return value
  })
  return data
}

async function firstOf(query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>> {
  const told = stage.subscribe(query, variables)
  const { value } = await told.next()
  await told.return()
  return value!
}

/** A webhook of the connection that was told of the orders which have been imported. */
async function toldByWebhook(connectionId: string): Promise<{ webhook: string; delivery: string }> {
  const receiver = await startReceiver()
  onTestFinished(() => receiver.stop())
  const { saveWebhook } = await stage.graphql(SaveWebhookDocument, { input: { connectionId, url: receiver.url, topics: ['ORDER_IMPORTED'] } })
  const { id } = saveWebhook.webhook!
  await stage.graphql(ReplayWebhookDocument, { input: { id, after: 'ZTEuMC4w' } })
  const delivery = await until(async () => (await stage.graphql(WebhooksDocument, { connectionId })).connection!.webhooks[0]!.deliveries.nodes[0])
  return { webhook: id, delivery: delivery.id }
}

test('the operations, one after the other as a day brings them', { timeout: 60_000 }, async () => {
  const { merchant: { connectionId, customerId, warehouseId, sellerId }, filled, places } = await merchant()
  await stage.simulator.control('faults', 'POST', { operation: 'confirmShipment', sellerId, kind: 'reject', times: 1, message: 'The tracking number is not ours.' })
  await stage.run({ connectionId } as Merchant, 'SEND_TRACKING')
  const orderIds = [places["<another order's id>"]!]
  const variables: Record<string, Record<string, unknown>> = {
    'api-tokens': { first: 5 },
    'audit-log': { filter: { actions: ['holdOrders'] } },
    'connections-health': {},
    'create-api-token': { input: { name: 'Packing station 4', role: 'OPERATOR' } },
    viewer: {},
    'correct-tracking': { input: { shipmentId: places["<shipment's id>"], routing: { trackingNumber: '1Z999AA10123456784' } } },
    'event-cursor': {},
    'find-import-failures': { filter: { connectionIds: [connectionId], states: ['OPEN'] } },
    'hold-orders': { input: { orderIds, reason: 'OTHER', note: 'wait' } },
    'map-skus': { input: { connectionId, mappings: [{ sellerSku: 'NEW', warehouseSku: 'MUG' }] } },
    'receive-inventory': { input: { customerId, warehouseId, items: [{ sku: 'MUG', quantity: 5 }] } },
    'release-orders': { input: { orderIds } },
    'retry-imports': { input: { connectionId } },
    'create-setup-link': { input: { customerId, warehouseId, name: 'Ada Smith', email: 'ada@merchant.example' } },
    'onboarding-progress': {},
    'save-notification-contact': { input: { connectionId, contact: { email: 'ada@merchant.example', topics: ['IMPORT_FAILED'], frequency: 'DAILY', timeZone: 'America/Chicago' } } },
    'save-webhook': { input: { connectionId, url: 'https://93.184.215.14/hook', topics: ['ORDER_SHIPPED'] } },
    'webhook-deliveries': { connectionId },
    'track-shipments': { filter: { trackingStatuses: ['PENDING', 'REJECTED'] } },
    'watch-imports': { connectionIds: [connectionId], after: 'ZTEuMC4w' },
    'watch-order': { id: orderIds[0] },
  }
  const day = [
    'viewer', 'connections-health', 'event-cursor', 'find-orders', 'hold-orders', 'release-orders', 'preview-ship-and-close', 'ship-and-close', 'track-shipments', 'correct-tracking', 'trace-order',
    'find-import-failures', 'map-skus', 'retry-imports', 'receive-inventory', 'explain-stock', 'watch-events', 'watch-imports', 'watch-order',
    'create-setup-link', 'onboarding-progress', 'save-notification-contact', 'save-webhook', 'webhook-deliveries', 'redeliver-webhook', 'remove-webhook',
    'create-api-token', 'api-tokens', 'revoke-api-token', 'audit-log',
  ]
  expect(day.toSorted()).toEqual(operationNames)
  const onHand = { label: 'On hand', change: 997, result: 997 } // of 1000, 8 were shipped; 5 came in
  const answers: Record<string, Record<string, unknown>> = {}
  const { webhook, delivery } = await toldByWebhook(connectionId)
  Object.assign(variables, { 'redeliver-webhook': { input: { deliveryId: delivery } }, 'remove-webhook': { input: { id: webhook } } })
  const temporary = (await stage.graphql<{ createApiToken: { apiToken: { id: string } } }>('mutation { createApiToken(input: { name: "temporary", role: VIEWER }) { apiToken { id } } }')).createApiToken.apiToken.id
  variables['revoke-api-token'] = { input: { id: temporary } }
  for (const name of day) answers[name] = await runs(await read(`operations/${name}.graphql`), variables[name] ?? filled(await read(`operations/${name}.json`)))
  expect(answers).toMatchObject({
    viewer: { viewer: { role: 'ADMIN', customers: null } },
    'audit-log': { auditLog: { nodes: expect.arrayContaining([expect.objectContaining({ record: 'OrderHold', change: 'CREATED' })]) } },
    'find-orders': { orders: { totalCount: 5 } },
    'preview-ship-and-close': { shipAndClosePreview: { results: [{ wouldClose: true }, { wouldClose: true }, { wouldClose: true }] } },
    'ship-and-close': { shipAndClose: { closed: 3, failed: 0 } },
    'correct-tracking': { correctTracking: { shipment: { tracking: { status: 'PENDING' } } } },
    'trace-order': { orderTrace: { state: 'IMPORTED' } },
    'map-skus': { mapSkus: { unblocks: 1 } },
    'retry-imports': { retryImports: { resolved: [{ order: expect.anything() }] } },
    'explain-stock': { inventory: { nodes: expect.arrayContaining([expect.objectContaining({ sku: 'MUG', listings: expect.arrayContaining([expect.objectContaining({ explanation: expect.arrayContaining([onHand]) })]) })]) } },
  })
})

describe('docs/api.md', () => {
  test('its documents run, in the order of the page', { timeout: 60_000 }, async () => {
    const { filled } = await merchant()
    expect(examples.length).toBeGreaterThan(10)
    expect(fenced('graphql', api)).toHaveLength(examples.length)
    for (const { query, variables } of examples) await runs(query, filled(variables))
  })

  test('what it shows of operations/ is what stands there', async () => {
    const texts = await Promise.all(operationNames.map((name) => read(`operations/${name}.graphql`)))
    const own = new Map(texts.map((text) => [nameOf(text), text.replace(/^#.*\n/gm, '')]))
    const shown = examples.filter(({ query }) => own.has(nameOf(query)))
    expect(shown.length).toBeGreaterThan(5)
    for (const { query } of shown) expect(query).toBe(own.get(nameOf(query)))
  })

  test('its programs compile against the kit, and so does the example', async () => {
    const folder = await mkdtemp(path.join(root, 'dist/docs-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const programs = fenced('ts', api)
    await Promise.all(programs.map((text, index) => writeFile(path.join(folder, `${index}.mts`), text)))
    const compile = (...files: string[]) => promisify(execFile)(path.join(root, 'node_modules/.bin/tsc'), [
      '--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--allowJs', '--checkJs', '--target', 'ES2022', '--module', 'NodeNext', '--lib', 'ES2023,DOM', '--types', 'node', ...files,
    ], { cwd: root })
    await compile(...programs.map((_, index) => path.join(folder, `${index}.mts`)), 'examples/ship-orders.mjs')
    expect(programs.length).toBeGreaterThan(1)
  })

  test('it names every code', async () => {
    const pages = await Promise.all(['api.md', 'limits.md', 'subscriptions.md'].map((page) => read(`docs/${page}`).catch(() => '')))
    const files = (await readdir(path.join(root, 'src/http'))).filter((file) => file.endsWith('.ts'))
    const texts = await Promise.all(files.map((file) => read(`src/http/${file}`)))
    const told = texts.flatMap((text) => [...text.matchAll(/code: '([A-Z][A-Z_]+)'/g), ...(/told = new Set\(\[(.*?)\]\)/s.exec(text)?.[1] ?? '').matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code!))
    const mendable = (schema.getType('UserErrorCode') as GraphQLEnumType).getValues().map(({ name }) => name)
    expect(told).toEqual(expect.arrayContaining(['BAD_USER_INPUT', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']))
    for (const code of [...told, ...mendable]) expect(pages.join('\n')).toContain(`\`${code}\``)
  })
})
