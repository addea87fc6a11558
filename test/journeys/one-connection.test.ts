// Whoever has a connection of the pool and waits for another one stands still for ever where all do so at once. So nothing takes two at a time: three of each are done where there are two.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReceiver, type TestReceiver } from '../support/receiver.ts'
import { type Merchant, routing, type Stage, startStage } from './stage.ts'

let stage: Stage
let receiver: TestReceiver
let merchant: Merchant
beforeAll(async () => {
  receiver = await startReceiver()
  stage = await startStage({ config: { databasePoolSize: 2, webhookNetworks: ['127.0.0.0/8'] } })
  merchant = await stage.merchant({ unmapped: ['BOWL'], chargeRules: [{ code: 'FEE', amount: '1.00', basis: 'ORDER' }] })
})
afterAll(async () => {
  await stage.stop()
  await receiver.stop()
})

/** Inputs that bear another name than their mutation. */
const shared: Record<string, string> = { releaseOrders: 'OrderIdsInput', resumeConnection: 'ConnectionIdInput', disconnectConnection: 'ConnectionIdInput' }

async function act<T = object>(name: string, input: object, selection = ''): Promise<T> {
  const type = shared[name] ?? `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const { [name]: answer } = await stage.graphql<Record<string, T & { userErrors: unknown[] }>>(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message field } } }`, { input })
  expect(answer!.userErrors, name).toEqual([])
  return answer!
}
const several = <T>(work: (n: number) => Promise<T>): Promise<T[]> => Promise.all([1, 2, 3].map(work))

test('what people save and do, several at the same time', async () => {
  const { connectionId, customerId, warehouseId } = merchant
  const topics = ['ORDER_CREATED', 'IMPORT_FAILED', 'CONNECTION_ATTENTION']
  const contacts = await several((n) => act<{ contact: { id: string } }>('saveNotificationContact', { connectionId, contact: { email: `contact-${n}@merchant.example`, topics } }, 'contact { id }'))
  const webhooks = await several((n) => act<{ webhook: { id: string } }>('saveWebhook', { connectionId, url: `${receiver.url}/${n}`, topics: ['ORDER_IMPORTED', 'ORDER_CLOSED'] }, 'webhook { id }'))
  const links = await several((n) => act<{ setupLink: { id: string } }>('createSetupLink', { customerId, warehouseId, name: 'Ada Smith', email: `owner-${n}@merchant.example` }, 'setupLink { id }'))
  const asked = await several((n) => act<{ connections: { id: string }[] }>('requestConnections', {
    customerId, warehouseId, marketplaceIds: [['A2EUQ1WTGCTBG2', 'A1AM78C64UM0Y8', 'A2Q3Y263D00KWC'][n - 1]], contactName: 'Ada Smith', contactEmail: `owner-${n}@merchant.example`, notify: [{ email: `told-${n}@merchant.example`, topics }],
  }, 'connections { id }'))
  await several((n) => act('sendAgreement', { connectionId: asked[n - 1]!.connections[0]!.id, signerName: 'Ada Smith', signerEmail: `owner-${n}@merchant.example` }))
  await several(async (n) => {
    const { id } = asked[n - 1]!.connections[0]!
    const { connection } = await stage.graphql<{ connection: { onboarding: { agreement: { documentSha256: string } } } }>('query ($id: ID!) { connection(id: $id) { onboarding { agreement { documentSha256 } } } }', { id })
    await act('signAgreement', { connectionId: id, signature: 'Ada Smith', accepted: true, documentSha256: connection.onboarding.agreement.documentSha256 })
  })

  await stage.buy(merchant, { count: 6 })
  await stage.buy(merchant, { items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ imported: 6, failed: 1 })
  await act('mapSkus', { connectionId, mappings: [{ sellerSku: 'BOWL', warehouseSku: 'BOWL' }] })
  await act('retryImports', { connectionId })
  const { orders } = await stage.graphql<{ orders: { nodes: { id: string }[] } }>('query ($ids: [ID!]) { orders(filter: { connectionIds: $ids }, orderBy: IMPORTED_ASC) { nodes { id } } }', { ids: [connectionId] })
  const ids = orders.nodes.map(({ id }) => id)
  expect(ids).toHaveLength(7)
  await several((n) => act('holdOrders', { orderIds: [ids[n]!], reason: 'OTHER' }))
  await several((n) => act('releaseOrders', { orderIds: [ids[n]!] }))
  await several((n) => act('addCharges', { orderIds: [ids[n]!], charges: [{ code: 'BOX', amount: { amount: '1.00', currencyCode: 'USD' } }] }))
  await several((n) => act('shipAndClose', { idempotencyKey: `key-${n}`, orders: [{ orderId: ids[n]! }], routing, charges: [{ code: 'BOX', amount: { amount: '2.00', currencyCode: 'USD' } }] }))
  await stage.run(merchant, 'SEND_TRACKING')
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', sellerId: merchant.sellerId, kind: 'malformed', part: 'answer', times: 1 })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'FAILED' })

  await several((n) => act('rotateWebhookSecret', { id: webhooks[n - 1]!.webhook.id }))
  await several((n) => act('removeWebhook', { id: webhooks[n - 1]!.webhook.id }))
  await several((n) => act('removeNotificationContact', { id: contacts[n - 1]!.contact.id }))
  await several((n) => act('revokeSetupLink', { id: links[n - 1]!.setupLink.id }))
  await act('pauseConnection', { connectionId, reason: 'a holiday' })
  await act('resumeConnection', { connectionId })
  await act('disconnectConnection', { connectionId: asked[0]!.connections[0]!.id })
}, 60_000)
