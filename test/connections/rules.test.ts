import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toMinutes } from '../../src/connections/cadence.ts'
import { type ConnectionStatus, shares, type Standing, supportedActions, unusable, waitingFor } from '../../src/connections/connection.ts'
import { endWords } from '../../src/connections/expiry.ts'
import { changedSettings, refuseSettings, type Settings, type SettingsChange } from '../../src/connections/settings.ts'
import { refuseSurvey, type SurveyAnswers } from '../../src/connections/survey.ts'
import { type AccountCheck, accountChecks } from '../../src/marketplaces/channel.ts'

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24, 12, 0, second))
const checked = (...failing: AccountCheck['name'][]): AccountCheck[] => accountChecks.map((name) => ({ name, passed: !failing.includes(name), message: `${name} said so` }))

describe('what may be done with a connection', () => {
  const standing = (status: ConnectionStatus, more: Partial<Standing> = {}): Standing => ({
    status, inventorySync: false, agreed: true, authorizedAt: at(1), testedAt: at(1), checks: checked(), consents: true, ...more,
  })
  const allowed = (status: ConnectionStatus, more: Partial<Standing> = {}): string[] => supportedActions(standing(status, more), 'OPERATOR').flatMap((one) => (one.allowed ? [one.action] : []))
  const ever = ['beginAuthorization', 'provideCredentials', 'testConnection']

  it('follows from its status', () => {
    expect(allowed('ONBOARDING')).toEqual([...ever, 'goLive', 'disconnect', 'updateSettings', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(allowed('LIVE')).toEqual([...ever, 'pause', 'disconnect', 'updateSettings', 'runJobNow', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(allowed('PAUSED')).toEqual([...ever, 'resume', 'disconnect', 'updateSettings', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(allowed('NEEDS_ATTENTION')).toEqual([...ever, 'pause', 'resume', 'disconnect', 'updateSettings', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(allowed('DISCONNECTED')).toEqual([])
  })

  it('follows from how far its authorization is', () => {
    const fresh = { authorizedAt: null, testedAt: null, checks: null }
    expect(allowed('ONBOARDING', fresh)).toEqual(['beginAuthorization', 'provideCredentials', 'disconnect', 'updateSettings', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(allowed('ONBOARDING', { ...fresh, consents: false })).toEqual(['provideCredentials', 'disconnect', 'updateSettings', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(allowed('ONBOARDING', { testedAt: null, checks: null })).not.toContain('goLive')
    expect(allowed('DISCONNECTED', { consents: false })).toEqual([])
  })

  it('names a reason where, and only where, it may not', () => {
    for (const status of ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION', 'DISCONNECTED'] as const) {
      for (const action of supportedActions(standing(status), 'OPERATOR')) expect(action.allowed).toBe(action.reason === null)
    }
    expect(supportedActions(standing('PAUSED'), 'OPERATOR').find(({ action }) => action === 'runJobNow')?.reason).toBe('the connection is paused')
  })
})

describe('what a connection waits for before it goes live', () => {
  const waiting = (failing: AccountCheck['name'][], inventorySync: boolean): string[] => waitingFor({ agreed: true, inventorySync, authorizedAt: at(1), testedAt: at(1), checks: checked(...failing) })

  it('is an authorization, then a test of that very one', () => {
    expect(waitingFor({ agreed: true, inventorySync: false, authorizedAt: null, testedAt: at(2), checks: checked() })).toEqual([expect.stringMatching(/not authorized/)])
    expect(waitingFor({ agreed: true, inventorySync: false, authorizedAt: at(2), testedAt: null, checks: null })).toEqual([expect.stringMatching(/not tested/)])
    expect(waitingFor({ agreed: true, inventorySync: false, authorizedAt: at(2), testedAt: at(1), checks: checked() })).toEqual([expect.stringMatching(/not tested/)])
    expect(waitingFor({ agreed: true, inventorySync: true, authorizedAt: at(2), testedAt: at(2), checks: checked() })).toEqual([])
  })

  it('is the signature of the agreement, whatever else is done', () => {
    expect(waitingFor({ agreed: false, inventorySync: true, authorizedAt: at(2), testedAt: at(2), checks: checked() })).toEqual([expect.stringMatching(/not signed/)])
    expect(waitingFor({ agreed: false, inventorySync: true, authorizedAt: null, testedAt: null, checks: null })).toHaveLength(2)
  })

  it('is every check that failed, but what only listings can tell where no stock is told', () => {
    fc.assert(
      fc.property(fc.subarray([...accountChecks]), fc.boolean(), (failing, inventorySync) => {
        const forgiven = !inventorySync && failing.includes('LISTINGS_ROLE') ? ['LISTINGS_ROLE', 'SELLER'] : []
        expect(waiting(failing, inventorySync)).toEqual(failing.filter((name) => !forgiven.includes(name)).map((name) => `${name} said so`))
      }),
    )
  })

  it('and an account is stored without the rights of jobs, but never without token, marketplace and seller', () => {
    const names = (failing: AccountCheck['name'][], named: boolean): string[] => unusable(checked(...failing), named).map(({ name }) => name)
    expect(names(['ORDERS_ROLE', 'PERSONAL_DATA_ROLE', 'LISTINGS_ROLE'], false)).toEqual([])
    expect(names(['TOKEN', 'MARKETPLACE', 'SELLER'], true)).toEqual(['TOKEN', 'MARKETPLACE', 'SELLER'])
    expect(names(['SELLER', 'LISTINGS_ROLE'], false)).toEqual(['SELLER'])
    expect(names(['SELLER', 'LISTINGS_ROLE'], true)).toEqual([])
    expect(names(['SELLER'], true)).toEqual(['SELLER'])
  })
})

describe('an authorization', () => {
  const authorized = { marketplaceId: 'US', merchantId: 'M', marketplaceIds: ['US', 'CA'] }
  const sibling = (more: object) => ({ marketplaceId: 'CA', merchantId: null, claimedMerchantId: null, ...more })

  it('is shared with connections that it reaches, of the same merchant or of nobody yet', () => {
    expect(shares(sibling({}), authorized)).toBe(true)
    expect(shares(sibling({ merchantId: 'M' }), authorized)).toBe(true)
    expect(shares(sibling({ claimedMerchantId: 'M' }), authorized)).toBe(true)
    expect(shares(sibling({ merchantId: 'N' }), authorized)).toBe(false)
    expect(shares(sibling({ claimedMerchantId: 'N' }), authorized)).toBe(false)
    expect(shares(sibling({ merchantId: 'M', claimedMerchantId: 'N' }), authorized)).toBe(true)
    expect(shares(sibling({ marketplaceId: 'MX' }), authorized)).toBe(false)
    expect(shares(sibling({ marketplaceId: 'US' }), authorized)).toBe(false)
  })

  it('tells when it ends in whole days', () => {
    const end = new Date('2027-03-31T00:00:00Z')
    const words = (hoursBefore: number): string => endWords(end, new Date(end.getTime() - hoursBefore * 3_600_000))
    expect([words(30 * 24), words(7 * 24 - 1), words(24), words(1), words(0), words(-48)]).toEqual([
      'ends on March 31, 2027, in 30 days', 'ends on March 31, 2027, in 7 days', 'ends on March 31, 2027, in a day or less', 'ends on March 31, 2027, in a day or less',
      'ended on March 31, 2027', 'ended on March 31, 2027',
    ])
  })
})

describe('a survey', () => {
  const now = new Date('2026-11-24T12:00:00Z')
  const answers: SurveyAnswers = { contactName: 'Ada', contactEmail: 'ada@example.com', merchantId: null, expectedOrdersPerDay: null, notes: null, importFrom: null }
  const refused = (more: Partial<SurveyAnswers>): string[] => refuseSurvey({ ...answers, ...more }, now).map(({ code, field }) => `${code} ${field?.join('.')}`)

  it('is refused at each field that is blank, too long or out of range', () => {
    expect(refused({})).toEqual([])
    expect(refused({ contactName: '', contactEmail: '' })).toEqual(['REQUIRED contactName', 'REQUIRED contactEmail'])
    expect(refused({ contactName: 'x'.repeat(201), merchantId: 'x'.repeat(51), notes: 'x'.repeat(4001) })).toEqual(['INVALID contactName', 'INVALID merchantId', 'INVALID notes'])
    expect(refused({ expectedOrdersPerDay: -1 })).toEqual(['INVALID expectedOrdersPerDay'])
    expect(refused({ expectedOrdersPerDay: 0, merchantId: 'M', notes: 'Glass' })).toEqual([])
    for (const importFrom of [new Date('2024-11-20T00:00:00Z'), new Date('2026-11-24T13:00:00Z')]) expect(refused({ importFrom })).toEqual(['INVALID importFrom'])
    for (const importFrom of [new Date('2024-12-01T00:00:00Z'), now]) expect(refused({ importFrom })).toEqual([])
  })

  it('takes e-mail addresses, and nothing that is none', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (contactEmail) => {
        expect(refused({ contactEmail })).toEqual([])
      }),
    )
    const bad = ['ada', 'ada@', '@example.com', 'ada@example', 'ada @example.com', 'a@b@example.com', 'Ada <ada@example.com>', 'ada@example.com\nBcc: x@y.zz', `${'a'.repeat(250)}@example.com`]
    for (const contactEmail of bad) expect(refused({ contactEmail })).toEqual(['INVALID contactEmail'])
  })
})

describe("a cadence's interval", () => {
  it('shows in whole minutes, rounded up', () => {
    expect([1, 30, 60, 61, 900].map(toMinutes)).toEqual([1, 1, 1, 2, 15])
  })
})

describe('settings', () => {
  const present: Settings = {
    importOrders: true, sendTrackingImmediately: false, inventorySync: false, importFrom: new Date('2026-01-01T00:00:00Z'), unknownSku: 'FAIL', unknownShippingService: 'ACCEPT',
    inventoryBuffer: 0, inventoryPercent: 100, turnaroundHours: 48, orderImportMinutes: 15, trackingUpdateMinutes: 60, inventorySyncMinutes: 60,
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
