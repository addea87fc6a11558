import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage, US } from './stage.ts'

const [CA, MX] = ['A2EUQ1WTGCTBG2', 'A1AM78C64UM0Y8']
const nobody = '01890a5d-ac96-774b-bcce-b302099a8057'
interface Asked { connections: { id: string; name: string; status: string }[]; userErrors: { code: string; field: string[]; message: string }[] }

describe('connections that are asked for', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  const party = async () => ({ customerId: toId('Customer', (await stage.customer()).id), warehouseId: toId('Warehouse', (await stage.warehouse()).id) })
  const ask = async (input: object, as = stage.scope): Promise<Asked> => {
    const source = 'mutation ($input: RequestConnectionsInput!) { requestConnections(input: $input) { connections { id name status } userErrors { code field message } } }'
    const whole = { marketplaceIds: [US], contactName: ' Ada Private ', contactEmail: ' ada@merchant.example ', ...input }
    return (await stage.ask<{ requestConnections: Asked }>(source, { input: whole }, as)).requestConnections
  }
  const refusals = ({ connections, userErrors }: Asked): string[] => {
    if (userErrors.length > 0) expect(connections).toEqual([])
    return userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
  }
  const count = async (): Promise<number> => (await stage.sql<{ count: number }>('SELECT count(*)::int AS count FROM connections'))[0]!.count

  it('are made at one stroke, with what was answered, an event each, and cadences that do not run', async () => {
    const of = await party()
    const { connections, userErrors } = await ask(
      { ...of, marketplaceIds: [US, CA], merchantId: ' M1 ', expectedOrdersPerDay: 12, notes: ' ', inventorySync: true, importFrom: '2026-01-02T03:04:05.000Z' },
      { ...stage.scope, clock: () => new Date('2026-11-24T12:00:00Z') },
    )
    expect(userErrors).toEqual([])
    expect(connections.map(({ status }) => status)).toEqual(['ONBOARDING', 'ONBOARDING'])
    expect(connections.map(({ name }) => name.replace(/.* on /, ''))).toEqual(['amazon.com', 'amazon.ca'])
    const rows = await stage.sql<{ id: string }>('SELECT id, marketplace_id, merchant_id, inventory_sync, import_from FROM connections WHERE name LIKE $1 ORDER BY id', '%on amazon%')
    expect(rows).toMatchObject([US, CA].map((marketplace_id) => ({ marketplace_id, merchant_id: null, inventory_sync: true, import_from: new Date('2026-01-02T03:04:05Z') })))
    for (const { id } of rows) {
      expect(await stage.sql('SELECT contact_name, contact_email, merchant_id, expected_orders_per_day, notes, by FROM surveys WHERE connection_id = $1', id)).toEqual([
        { contact_name: 'Ada Private', contact_email: 'ada@merchant.example', merchant_id: 'M1', expected_orders_per_day: 12, notes: null, by: 'Ada' },
      ])
      expect(Object.values(await stage.cadences(id)).map(({ enabled }) => enabled)).toEqual([false, false, false, false, false])
      expect(await stage.events(id)).toEqual([{ type: 'CONNECTION_CHANGED', summary: expect.stringMatching(/was requested by Ada$/) }])
    }
  })

  it('import from now on unless told', async () => {
    const { connections } = await ask(await party())
    const [row] = await stage.sql<{ age: number }>('SELECT extract(epoch FROM now() - import_from)::float8 AS age FROM connections WHERE name = $1', connections[0]!.name)
    expect(Math.abs(row!.age)).toBeLessThan(30)
  })

  it('are refused at each field that cannot be, and then none is made', async () => {
    const of = await party()
    const before = await count()
    expect(refusals(await ask({ customerId: toId('Customer', nobody), warehouseId: toId('Warehouse', nobody), marketplaceIds: [] }))).toEqual([
      'NOT_FOUND customerId', 'NOT_FOUND warehouseId', 'REQUIRED marketplaceIds',
    ])
    expect(refusals(await ask({ customerId: 'x', warehouseId: of.customerId }))).toEqual(['INVALID customerId', 'INVALID warehouseId'])
    expect(refusals(await ask({ ...of, marketplaceIds: [US, 'BAZAAR', US] }))).toEqual(['NOT_FOUND marketplaceIds.1', 'TAKEN marketplaceIds.2'])
    expect(refusals(await ask({ ...of, marketplaceIds: Array.from({ length: 51 }, () => US) }))).toEqual(['TOO_MANY marketplaceIds'])
    expect(refusals(await ask({ ...of, contactName: ' ', contactEmail: 'ada', expectedOrdersPerDay: -1, importFrom: '2020-01-01T00:00:00Z', merchantId: 'x'.repeat(51) }))).toEqual([
      'REQUIRED contactName', 'INVALID contactEmail', 'INVALID merchantId', 'INVALID expectedOrdersPerDay', 'INVALID importFrom',
    ])
    expect(await count()).toBe(before)
  })

  it('are one for a merchant on a marketplace, until it is disconnected, also where two ask at once', async () => {
    const of = await party()
    const both = await Promise.all([1, 2].map(() => ask({ ...of, marketplaceIds: [US, CA], merchantId: 'M2' })))
    expect(both.map((one) => one.connections.length).sort()).toEqual([0, 2])
    expect(both.flatMap(refusals).sort()).toEqual(['TAKEN marketplaceIds.0', 'TAKEN marketplaceIds.1'])
    expect(refusals(await ask({ ...of, marketplaceIds: [MX, CA], merchantId: 'M2' }))).toEqual(['TAKEN marketplaceIds.1'])
    // Another merchant of theirs, and one whom nobody has named yet.
    expect(refusals(await ask({ ...of, merchantId: 'M3' }))).toEqual([])
    expect(refusals(await ask(of))).toEqual([])
    expect(refusals(await ask(of))).toEqual(['TAKEN marketplaceIds.0'])
    await stage.sql(`UPDATE connections SET merchant_id = 'M4' WHERE id IN (SELECT connection_id FROM surveys WHERE merchant_id = 'M3')`)
    expect(refusals(await ask({ ...of, merchantId: 'M4' }))).toEqual(['TAKEN marketplaceIds.0'])
    await stage.sql(`UPDATE connections SET status = 'DISCONNECTED' WHERE merchant_id = 'M4'`)
    expect(refusals(await ask({ ...of, merchantId: 'M4' }))).toEqual([])
    // What a survey merely says keeps no other customer out.
    expect(refusals(await ask({ ...(await party()), merchantId: 'M2' }))).toEqual([])
  })

  it("are not asked for in another customer's name", async () => {
    const of = await party()
    const blind = { ...stage.scope, tenant: [(await stage.customer()).id] }
    expect(refusals(await ask(of, blind))).toEqual(['NOT_FOUND customerId', 'NOT_FOUND warehouseId'])
  })
})
