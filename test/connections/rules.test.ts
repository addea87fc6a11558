import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultCadenceSeconds, firstRunAfter, toMinutes } from '../../src/connections/cadence.ts'
import { type ConnectionStatus, supportedActions } from '../../src/connections/connection.ts'
import { changedSettings, refuseSettings, type Settings, type SettingsChange } from '../../src/connections/settings.ts'
import { jobKinds } from '../../src/jobs/cadences.ts'

describe('what may be done with a connection', () => {
  const allowed = (status: ConnectionStatus): string[] => supportedActions(status).flatMap((one) => (one.allowed ? [one.action] : []))

  it('follows from its status', () => {
    expect(allowed('ONBOARDING')).toEqual(['updateSettings', 'mapSkus'])
    expect(allowed('LIVE')).toEqual(['pause', 'updateSettings', 'runJobNow', 'mapSkus'])
    expect(allowed('PAUSED')).toEqual(['resume', 'updateSettings', 'mapSkus'])
    expect(allowed('NEEDS_ATTENTION')).toEqual(['pause', 'resume', 'updateSettings', 'mapSkus'])
    expect(allowed('DISCONNECTED')).toEqual([])
  })

  it('names a reason where, and only where, it may not', () => {
    for (const status of ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION', 'DISCONNECTED'] as const) {
      for (const action of supportedActions(status)) expect(action.allowed).toBe(action.reason === null)
    }
    expect(supportedActions('PAUSED').find(({ action }) => action === 'runJobNow')?.reason).toBe('the connection is paused')
  })
})

describe("a cadence's first run", () => {
  it('comes within its interval, at the same time however often it is asked', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...jobKinds), fc.integer({ min: 1, max: 86_400 }), (id, kind, every) => {
        const after = firstRunAfter(id, kind, every)
        expect(after).toBeGreaterThanOrEqual(0)
        expect(after).toBeLessThan(every)
        expect(firstRunAfter(id, kind, every)).toBe(after)
      }),
    )
  })

  it('is spread: no minute of the quarter of an hour bears much more than its share', () => {
    const perMinute = Array.from({ length: 15 }, () => 0)
    for (let n = 0; n < 3000; n++) {
      const id = `01890a5d-ac96-774b-bcce-${String(n).padStart(12, '0')}`
      perMinute[Math.floor(firstRunAfter(id, 'IMPORT_ORDERS', defaultCadenceSeconds.IMPORT_ORDERS) / 60)]! += 1
    }
    for (const count of perMinute) {
      expect(count).toBeGreaterThan(140)
      expect(count).toBeLessThan(260)
    }
  })

  it('has an interval that shows in whole minutes, rounded up', () => {
    expect([1, 30, 60, 61, 900].map(toMinutes)).toEqual([1, 1, 1, 2, 15])
  })
})

describe('settings', () => {
  const present: Settings = {
    importOrders: true, sendTrackingImmediately: false, inventorySync: false, importFrom: new Date('2026-01-01T00:00:00Z'), unknownSku: 'FAIL', unknownShippingService: 'ACCEPT',
    inventoryBuffer: 0, inventoryPercent: 100, orderImportMinutes: 15, trackingUpdateMinutes: 60, inventorySyncMinutes: 60,
  }
  const refused = (change: SettingsChange): string[] => refuseSettings(changedSettings(present, change)).map(({ code, field }) => `${code} ${field?.join('.')}`)

  it('change where a given value differs, and nowhere else', () => {
    expect(changedSettings(present, {})).toEqual({})
    expect(changedSettings(present, { ...present, importFrom: new Date(present.importFrom) })).toEqual({})
    expect(changedSettings(present, { importOrders: null, inventoryBuffer: null })).toEqual({})
    expect(changedSettings(present, { importOrders: false, orderImportMinutes: 15, importFrom: new Date(0) })).toEqual({ importOrders: false, importFrom: new Date(0) })
  })

  it('stay within their ranges', () => {
    expect(refused({ orderImportMinutes: 4, trackingUpdateMinutes: 0, inventorySyncMinutes: 1441, inventoryBuffer: -1, inventoryPercent: 101 })).toEqual([
      'INVALID inventoryBuffer', 'INVALID inventoryPercent', 'INVALID orderImportMinutes', 'INVALID trackingUpdateMinutes', 'INVALID inventorySyncMinutes',
    ])
    expect(refused({ orderImportMinutes: 5, trackingUpdateMinutes: 1, inventorySyncMinutes: 1440, inventoryBuffer: 1, inventoryPercent: 0 })).toEqual([])
  })

  it('may be sent back as they are, also out of range', () => {
    expect(refuseSettings(changedSettings({ ...present, orderImportMinutes: 1 }, { orderImportMinutes: 1 }))).toEqual([])
  })
})
