import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BadRequest } from '../../src/kit/errors.ts'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage, US } from './stage.ts'

const UK = 'A1F83G8C2ARO7P'
const page = '{ nodes { name } totalCount pageInfo { endCursor startCursor hasNextPage hasPreviousPage } }'
interface Page { nodes: { name: string }[]; totalCount: number; pageInfo: { endCursor: string; startCursor: string; hasNextPage: boolean; hasPreviousPage: boolean } }

describe('connections', () => {
  let stage: Stage
  let customerId: string
  beforeAll(async () => {
    stage = await createStage()
    customerId = (await stage.customer('Harbor & Kiln')).id
    for (const [name, marketplaceId, status] of [['Cedar', US, 'LIVE'], ['Ash', UK, 'LIVE'], ['Birch', US, 'ONBOARDING'], ['Elm', US, 'LIVE'], ['Dogwood', UK, 'LIVE']] as const) {
      await stage.connection({ customerId, name, marketplaceId, status, merchantId: `M-${name}` })
    }
    await stage.connection({ name: 'Another customer’s' })
  })
  afterAll(() => stage.close())

  const authorize = (id: string): Promise<unknown> =>
    stage.sql(
      `WITH held AS (INSERT INTO authorizations (customer_id, channel, merchant_id, sealed, expires_at) SELECT customer_id, channel, 'M', 'x', '2027-11-23T00:00:00Z' FROM connections WHERE id = $1 RETURNING id)
       UPDATE connections SET authorization_id = (SELECT id FROM held) WHERE id = $1`, id)

  const query = `query ($filter: ConnectionFilter, $orderBy: ConnectionOrder, $first: Int, $after: String, $last: Int, $before: String) {
    connections(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) ${page} }`
  const asked = async (variables: object): Promise<Page> => (await stage.ask<{ connections: Page }>(query, { ...variables })).connections
  const own = () => ({ customerIds: [toId('Customer', customerId)] })
  const names = ({ nodes }: Page): string => nodes.map(({ name }) => name).join(' ')

  it('are listed in each order, both ways, without gap or repeat', async () => {
    for (const [orderBy, expected] of [['NAME_ASC', 'Ash Birch Cedar Dogwood Elm'], ['CREATED_DESC', 'Dogwood Elm Birch Ash Cedar']] as const) {
      let seen: string[] = []
      let forwards = await asked({ filter: own(), orderBy, first: 2 })
      for (; ; forwards = await asked({ filter: own(), orderBy, first: 2, after: forwards.pageInfo.endCursor })) {
        seen.push(names(forwards))
        expect(forwards.totalCount).toBe(5)
        if (!forwards.pageInfo.hasNextPage) break
      }
      expect(seen.join(' ')).toBe(expected)
      seen = []
      let backwards = await asked({ filter: own(), orderBy, last: 2 })
      for (; ; backwards = await asked({ filter: own(), orderBy, last: 2, before: backwards.pageInfo.startCursor })) {
        seen.unshift(names(backwards))
        if (!backwards.pageInfo.hasPreviousPage) break
      }
      expect(seen.join(' ')).toBe(expected)
    }
  })

  it('are found by customer, marketplace, status and the start of their name or merchant', async () => {
    const found = async (filter: object): Promise<string> => names(await asked({ filter: { ...own(), ...filter } }))
    expect(await found({ marketplaceIds: [UK] })).toBe('Ash Dogwood')
    expect(await found({ statuses: ['ONBOARDING'] })).toBe('Birch')
    expect(await found({ search: 'ced' })).toBe('Cedar')
    expect(await found({ search: 'm-e' })).toBe('Elm')
    expect(await found({ search: '%' })).toBe('')
    await expect(found({ customerIds: ['nonsense'] })).rejects.toMatchObject({ field: ['filter', 'customerIds', '0'] } satisfies Partial<BadRequest>)
  })

  it('are shown whole, by id, as a node and from their customer', async () => {
    const connection = await stage.connection({ customerId, name: 'Fir', merchantId: 'M-Fir' })
    const id = toId('Connection', connection.id)
    const whole = await stage.ask(
      `query ($id: ID!) { connection(id: $id) {
        id name merchantId status statusReason version customer { id name } warehouse { id } marketplace { id channel name region countryCode sellerPortalUrl }
        settings { importOrders orderImportMinutes trackingUpdateMinutes sendTrackingImmediately inventorySync inventorySyncMinutes unknownSku unknownShippingService inventoryBuffer inventoryPercent }
        supportedActions { action allowed reason } } node(id: $id) { id ... on Connection { name } } }`,
      { id },
    )
    expect(whole).toMatchObject({
      connection: {
        id, name: 'Fir', merchantId: 'M-Fir', status: 'LIVE', statusReason: null, version: 1,
        customer: { id: toId('Customer', customerId), name: 'Harbor & Kiln' },
        warehouse: { id: toId('Warehouse', connection.warehouseId) },
        marketplace: { id: US, channel: 'amazon', region: 'NORTH_AMERICA', countryCode: 'US', sellerPortalUrl: expect.stringMatching(/^https:/) },
        settings: {
          importOrders: true, orderImportMinutes: 15, trackingUpdateMinutes: 60, sendTrackingImmediately: false, inventorySync: false, inventorySyncMinutes: 60,
          unknownSku: 'FAIL', unknownShippingService: 'ACCEPT', inventoryBuffer: 0, inventoryPercent: 100,
        },
        supportedActions: expect.arrayContaining([{ action: 'pause', allowed: true, reason: null }, { action: 'resume', allowed: false, reason: 'the connection is live' }]),
      },
      node: { id, name: 'Fir' },
    })
    const { customers } = await stage.ask<{ customers: { nodes: { connections: Page }[] } }>(`{ customers(search: "harbor") { nodes { connections(first: 2) ${page} } } }`)
    expect(names(customers.nodes[0]!.connections)).toBe('Ash Birch')
    expect(customers.nodes[0]!.connections).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: true } })
  })

  it('are hidden from other customers', async () => {
    const connection = await stage.connection()
    const blind = { ...stage.scope, tenant: [customerId] }
    const id = toId('Connection', connection.id)
    expect(await stage.ask('query ($id: ID!) { connection(id: $id) { id } node(id: $id) { id } }', { id }, blind)).toEqual({ connection: null, node: null })
    await expect(stage.ask('query ($id: ID!) { connection(id: $id) { id } }', { id: 'conn_x' })).rejects.toBeInstanceOf(BadRequest)
  })

  it('tell of the marketplaces that there are', async () => {
    const answer = await stage.ask<{ all: { id: string }[]; europe: { region: string }[]; none: object[] }>(
      `{ all: marketplaces { id } europe: marketplaces(region: EUROPE, channel: "amazon") { region authorizationSteps developerName } none: marketplaces(channel: "bazaar") { id } }`,
    )
    expect(answer.all.map(({ id }) => id)).toContain(US)
    expect(answer.all.length).toBeGreaterThan(answer.europe.length)
    expect(new Set(answer.europe.map(({ region }) => region))).toEqual(new Set(['EUROPE']))
    expect(answer.none).toEqual([])
  })

  it('show how they fare', async () => {
    const connection = await stage.connection({ customerId, name: 'Ginkgo' }, { firstRunNow: true })
    const { id } = connection
    await stage.sql(`UPDATE connections SET imported_to = now() - interval '100 seconds' WHERE id = $1`, id)
    await stage.sql(
      `INSERT INTO job_runs (customer_id, connection_id, kind, status, trigger, started_at, sent) VALUES
         ($1, $2, 'IMPORT_ORDERS', 'SUCCEEDED', 'CADENCE', now() - interval '2 hours', 0), ($1, $2, 'IMPORT_ORDERS', 'RUNNING', 'CADENCE', now() - interval '1 minute', 0),
         ($1, $2, 'IMPORT_ORDERS', 'QUEUED', 'MANUAL', now(), 0), ($1, $2, 'SEND_TRACKING', 'FAILED', 'CADENCE', now(), 3)`,
      customerId, id,
    )
    await authorize(id)
    await stage.sql(`INSERT INTO quotas (authorization_id, operation, rate_per_second, burst, available) SELECT authorization_id, 'searchOrders', 0.0056, 20, 12.5 FROM connections WHERE id = $1`, id)
    await stage.sql(`INSERT INTO import_failures (customer_id, connection_id, number, code, message, state) VALUES ($1, $2, '1', 'INTERNAL', '', 'OPEN'), ($1, $2, '2', 'INTERNAL', '', 'RESOLVED')`, customerId, id)
    const [order] = await stage.sql<{ id: string }>(
      `INSERT INTO orders (customer_id, connection_id, warehouse_id, marketplace_id, number, marketplace_status, marketplace_updated_at, purchased_at, units)
       VALUES ($1, $2, $3, $4, '1', 'SHIPPED', now(), now(), 1) RETURNING id`, customerId, id, connection.warehouseId, US)
    for (const [number, status] of ['PENDING', 'PENDING', 'UNCONFIRMED', 'REJECTED', 'ACCEPTED', 'NOT_SENT'].entries()) {
      await stage.sql(
        `INSERT INTO shipments (customer_id, order_id, connection_id, package_number, shipped_at, shipped_by, tracking_status) VALUES ($1, $2, $3, $4, now(), 'Ada', $5::tracking_status)`,
        customerId, order!.id, id, number + 1, status)
    }
    const { connection: { health } } = await stage.ask<{ connection: { health: { importLagSeconds: number; nextOrderImportAt: Date } } }>(
      `query ($id: ID!) { connection(id: $id) { health { lastOrderImport { status kind } lastTrackingUpdate { status sent } lastInventorySync { id }
        nextOrderImportAt nextTrackingUpdateAt nextInventorySyncAt importLagSeconds openImportFailures pendingTracking rejectedTracking authorizationExpiresAt
        quotas { operation ratePerSecond burst available throttledUntil } } } }`,
      { id: toId('Connection', id) },
    )
    expect(health).toMatchObject({
      lastOrderImport: { status: 'RUNNING', kind: 'IMPORT_ORDERS' }, lastTrackingUpdate: { status: 'FAILED', sent: 3 }, lastInventorySync: null,
      nextInventorySyncAt: null, openImportFailures: 1, pendingTracking: 3, rejectedTracking: 1, authorizationExpiresAt: '2027-11-23T00:00:00.000Z',
      quotas: [{ operation: 'searchOrders', ratePerSecond: 0.0056, burst: 20, available: 12, throttledUntil: null }],
    })
    expect(health.importLagSeconds).toBeGreaterThanOrEqual(100)
    expect(health.importLagSeconds).toBeLessThan(110)
    expect(Math.abs(new Date(health.nextOrderImportAt).getTime() - Date.now())).toBeLessThan(10_000)
  })

  it('are read for a whole page by a fixed number of statements', async () => {
    for (const { id } of await stage.sql<{ id: string }>('SELECT id FROM connections WHERE authorization_id IS NULL')) await authorize(id)
    const { pool } = stage.scope.db
    let asked = 0
    const counting = new Proxy(pool, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key)
        if (key === 'query') asked += 1
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const scope = { ...stage.scope, db: { ...stage.scope.db, pool: counting } }
    const everything = `query ($first: Int) { connections(first: $first) { nodes { customer { name } warehouse { name } settings { importOrders } health {
      lastOrderImport { id } lastTrackingUpdate { id } nextOrderImportAt openImportFailures rejectedTracking authorizationExpiresAt quotas { operation } } supportedActions { allowed } } } }`
    await stage.ask(everything, { first: 1 }, scope)
    const forOne = asked
    asked = 0
    await stage.ask(everything, { first: 6 }, scope)
    expect(asked).toBe(forOne)
    expect(asked).toBeLessThanOrEqual(9)
  })
})
