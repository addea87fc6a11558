import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireAttention } from '../../src/connections/require-attention.ts'
import { transaction } from '../../src/db/transaction.ts'
import { jobKinds } from '../../src/jobs/cadences.ts'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage } from './stage.ts'

const changed = 'connection { status statusReason version settings { importOrders orderImportMinutes inventorySync inventorySyncMinutes importFrom inventoryBuffer } } userErrors { code field }'
interface Changed {
  connection: { status: string; statusReason: string | null; version: number; settings: Record<string, unknown> } | null
  userErrors: { code: string; field: string[] }[]
}
const unknown = toId('Connection', '01890a5d-ac96-774b-bcce-b302099a8057')

describe('a connection', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  const call = async (name: string, input: object): Promise<Changed> => {
    const type = name === 'resumeConnection' ? 'ConnectionIdInput' : `${name[0]!.toUpperCase()}${name.slice(1)}Input`
    const data = await stage.ask<Record<string, Changed>>(`mutation ($input: ${type}!) { ${name}(input: $input) { ${changed} } }`, { input })
    return data[name]!
  }
  const refusals = ({ userErrors }: Changed): string[] => userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
  const enabled = async (id: string): Promise<string[]> => {
    const cadences = await stage.cadences(id)
    return jobKinds.filter((kind) => cadences[kind].enabled)
  }
  const always = ['SEND_TRACKING', 'CONFIRM_TRACKING']

  it('begins with a cadence of each kind, spread over its interval, and those run that its settings ask for', async () => {
    const { id } = await stage.connection()
    const cadences = await stage.cadences(id)
    for (const kind of jobKinds) {
      expect(cadences[kind].dueIn).toBeGreaterThan(-5)
      expect(cadences[kind].dueIn).toBeLessThan(cadences[kind].every)
    }
    expect(jobKinds.map((kind) => cadences[kind].every)).toEqual([900, 86_400, 3600, 600, 3600])
    expect(await enabled(id)).toEqual(['IMPORT_ORDERS', 'SWEEP_ORDERS', ...always])
    expect(await enabled((await stage.connection({ status: 'ONBOARDING', inventorySync: true })).id)).toEqual([])
    expect(await enabled((await stage.connection({ importOrders: false, inventorySync: true })).id)).toEqual([...always, 'SYNC_INVENTORY'])
  })

  it('may begin with every cadence due, at intervals of its own', async () => {
    const { id } = await stage.connection({}, { firstRunNow: true, cadenceSeconds: { IMPORT_ORDERS: 30 } })
    const cadences = await stage.cadences(id)
    for (const kind of jobKinds) expect(Math.abs(cadences[kind].dueIn)).toBeLessThan(5)
    expect(cadences.IMPORT_ORDERS.every).toBe(30)
    const { connection } = await stage.ask<{ connection: object }>('query ($id: ID!) { connection(id: $id) { settings { orderImportMinutes } } }', { id: toId('Connection', id) })
    expect(connection).toEqual({ settings: { orderImportMinutes: 1 } })
  })

  it('is paused and resumed, each once, with an event', async () => {
    const { id, name } = await stage.connection()
    const connectionId = toId('Connection', id)
    expect(refusals(await call('pauseConnection', { connectionId, reason: ' ' }))).toEqual(['REQUIRED reason'])
    expect((await call('pauseConnection', { connectionId, reason: 'Stocktaking' })).connection).toMatchObject({ status: 'PAUSED', statusReason: 'Stocktaking', version: 2 })
    expect(await enabled(id)).toEqual([])
    expect(refusals(await call('pauseConnection', { connectionId, reason: 'Again' }))).toEqual(['NOT_ALLOWED connectionId'])
    expect((await call('resumeConnection', { connectionId })).connection).toMatchObject({ status: 'LIVE', statusReason: null, version: 3 })
    expect(await enabled(id)).toEqual(['IMPORT_ORDERS', 'SWEEP_ORDERS', ...always])
    const cadences = await stage.cadences(id)
    for (const kind of ['IMPORT_ORDERS', 'SEND_TRACKING'] as const) expect(Math.abs(cadences[kind].dueIn)).toBeLessThan(10)
    expect(refusals(await call('resumeConnection', { connectionId }))).toEqual(['NOT_ALLOWED connectionId'])
    expect(await stage.events(id)).toEqual([
      { type: 'CONNECTION_CHANGED', summary: `${name} was paused by Ada` },
      { type: 'CONNECTION_CHANGED', summary: `${name} was resumed by Ada` },
    ])
  })

  it('is not found by an id of nothing, nor by no id', async () => {
    for (const [name, more] of [['pauseConnection', { reason: 'x' }], ['resumeConnection', {}], ['updateConnectionSettings', {}]] as const) {
      expect(refusals(await call(name, { connectionId: unknown, ...more }))).toEqual(['NOT_FOUND connectionId'])
      expect(refusals(await call(name, { connectionId: 'conn_x', ...more }))).toEqual(['INVALID connectionId'])
    }
  })

  it('is stopped where it needs attention, once, until it is resumed', async () => {
    const { id } = await stage.connection()
    const attention = () => transaction(stage.scope.db.pool, (tx) => requireAttention(tx, id, 'the marketplace refuses the authorization'))
    await Promise.all([attention(), attention()])
    expect(await enabled(id)).toEqual([])
    expect((await stage.events(id)).map(({ type }) => type)).toEqual(['CONNECTION_CHANGED', 'CONNECTION_NEEDS_ATTENTION'])
    const { connection } = await call('resumeConnection', { connectionId: toId('Connection', id) })
    expect(connection).toMatchObject({ status: 'LIVE', statusReason: null, version: 3 })
    await call('pauseConnection', { connectionId: toId('Connection', id), reason: 'x' })
    await attention()
    expect(await stage.sql('SELECT status FROM connections WHERE id = $1', id)).toEqual([{ status: 'PAUSED' }])
  })

  it('changes its settings, its cadences with them, and tells of it once', async () => {
    const { id } = await stage.connection()
    const connectionId = toId('Connection', id)
    const importFrom = '2026-01-02T03:04:05.000Z'
    const answer = await call('updateConnectionSettings', { connectionId, expectedVersion: 1, orderImportMinutes: 5, inventorySync: true, inventorySyncMinutes: 1440, importFrom, inventoryBuffer: 3 })
    expect(answer).toEqual({
      connection: { status: 'LIVE', statusReason: null, version: 2, settings: { importOrders: true, orderImportMinutes: 5, inventorySync: true, inventorySyncMinutes: 1440, importFrom, inventoryBuffer: 3 } },
      userErrors: [],
    })
    const cadences = await stage.cadences(id)
    expect(cadences.IMPORT_ORDERS.every).toBe(300)
    expect(cadences.IMPORT_ORDERS.dueIn).toBeLessThanOrEqual(300)
    // A longer interval does not put off the run that was coming.
    expect(cadences.SYNC_INVENTORY.dueIn).toBeLessThanOrEqual(3600)
    expect(await enabled(id)).toEqual([...jobKinds])

    expect((await call('updateConnectionSettings', { connectionId, orderImportMinutes: 5, inventorySync: true, importOrders: null })).connection?.version).toBe(2)
    expect((await stage.events(id)).map(({ type }) => type)).toEqual(['CONNECTION_CHANGED'])
    await call('updateConnectionSettings', { connectionId, importOrders: false })
    expect(await enabled(id)).toEqual([...always, 'SYNC_INVENTORY'])
  })

  it('keeps its settings where one is out of range or its version is another', async () => {
    const { id } = await stage.connection()
    const connectionId = toId('Connection', id)
    expect(refusals(await call('updateConnectionSettings', { connectionId, inventoryBuffer: 5, orderImportMinutes: 4 }))).toEqual(['INVALID orderImportMinutes'])
    expect(refusals(await call('updateConnectionSettings', { connectionId, inventoryBuffer: 5, expectedVersion: 2 }))).toEqual(['VERSION_CONFLICT expectedVersion'])
    expect(await stage.sql('SELECT inventory_buffer, version FROM connections WHERE id = $1', id)).toEqual([{ inventory_buffer: 0, version: 1 }])
    expect(await stage.events(id)).toEqual([])
  })
})
