import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isCountry } from '../../src/customers/address.ts'
import { createStage, type Stage } from '../connections/stage.ts'

const create = `mutation ($input: CreateWarehouseInput!) { createWarehouse(input: $input) {
  warehouse { id name code timeZone address { name company line1 line2 city region postalCode countryCode phone redacted } } userErrors { code field } } }`
const address = { name: 'Dock 4', line1: '1 Dock Road', city: 'Reno', region: 'NV', postalCode: '89501', countryCode: 'US' }
const input = { name: 'Reno', code: 'RNO', timeZone: 'America/Los_Angeles', address }

interface Created {
  createWarehouse: { warehouse: { id: string } | null; userErrors: { code: string; field: string[] }[] }
}

describe('warehouses', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  it('are created, listed and found by id', async () => {
    const { createWarehouse } = await stage.ask<Created>(create, { input })
    expect(createWarehouse).toEqual({
      warehouse: { id: expect.stringMatching(/^wh_/), name: 'Reno', code: 'RNO', timeZone: 'America/Los_Angeles', address: { ...address, company: null, line2: null, phone: null, redacted: false } },
      userErrors: [],
    })
    const { id } = createWarehouse.warehouse!
    const found = await stage.ask(`query ($id: ID!) { warehouses { id } node(id: $id) { id ... on Warehouse { code } } }`, { id })
    expect(found).toEqual({ warehouses: [{ id }], node: { id, code: 'RNO' } })
  })

  it('refuse what cannot be, each at its field, and change nothing', async () => {
    const refusals = async (change: object): Promise<string[]> => {
      const { createWarehouse } = await stage.ask<Created>(create, { input: { ...input, code: 'NEW', ...change } })
      expect(createWarehouse.warehouse).toBeNull()
      return createWarehouse.userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
    }
    expect(await refusals({ name: ' ', code: '' })).toEqual(['REQUIRED name', 'REQUIRED code'])
    expect(await refusals({ code: 'RNO' })).toEqual(['TAKEN code'])
    expect(await refusals({ timeZone: 'America/Nowhere' })).toEqual(['INVALID timeZone'])
    expect(await refusals({ timeZone: '+02:00' })).toEqual(['INVALID timeZone'])
    expect(await refusals({ address: { ...address, line1: ' ', countryCode: 'us' } })).toEqual(['REQUIRED address.line1', 'INVALID address.countryCode'])
    expect(await stage.ask('{ warehouses { code } }')).toEqual({ warehouses: [{ code: 'RNO' }] })
  })

  it('are seen by the customers that they serve, and by no others', async () => {
    const served = await stage.connection()
    const other = await stage.customer()
    const seen = (customerId: string) => stage.ask('{ warehouses { id } }', {}, { ...stage.scope, tenant: [customerId] })
    expect(await seen(served.customerId)).toEqual({ warehouses: [{ id: expect.stringMatching(/^wh_/) }] })
    expect(await seen(other.id)).toEqual({ warehouses: [] })
  })
})

it('knows the countries of ISO 3166-1 and Kosovo, and nothing else that looks like one', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  expect(letters.flatMap((one) => letters.map((two) => one + two)).filter(isCountry)).toHaveLength(249 + 1)
  for (const code of ['US', 'GB', 'XK', 'PS', 'SS']) expect(isCountry(code)).toBe(true)
  for (const code of ['UK', 'EU', 'ZZ', 'SU', 'us', 'USA', '']) expect(isCountry(code)).toBe(false)
})
