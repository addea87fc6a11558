import { expect, it } from 'vitest'
import { defaultLegacyDeveloperAccounts, amazonMarketplaces } from '../../src/marketplaces/amazon/sites.ts'
import { simulatedMarketplaces } from '../../src/marketplaces/amazon/simulator/marketplaces.ts'

const accounts = { ...defaultLegacyDeveloperAccounts, MX: '77' }
const byId = (hasConsentPage: boolean) => new Map(amazonMarketplaces('Dock Nine', accounts, hasConsentPage).map((one) => [one.id, one]))
const marketplaces = byId(true)

it('knows every marketplace of Amazon once, with its country and currency', () => {
  const ours = [...marketplaces.values()].map(({ id, countryCode, currencyCode }) => [id, countryCode, currencyCode])
  expect(ours).toHaveLength(23)
  expect(new Map(ours.map(([id, ...rest]) => [id, rest]))).toEqual(new Map([...simulatedMarketplaces.values()].map(({ id, country, currency }) => [id, [country, currency]])))
  const regions = [...marketplaces.values()].map((one) => one.region)
  expect(['NORTH_AMERICA', 'EUROPE', 'FAR_EAST'].map((region) => regions.filter((one) => one === region).length)).toEqual([4, 16, 3])
})

it('names of each a time zone that there is, and a Seller Central of its own or that of Europe', () => {
  for (const { name, timeZone, sellerPortalUrl, region } of marketplaces.values()) {
    expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow()
    const own = `https://sellercentral.${name}`
    expect(region === 'EUROPE' ? [own, 'https://sellercentral-europe.amazon.com'] : [own]).toContain(sellerPortalUrl)
  }
})

it('leads through the consent page where there is one, and through copying by hand where not', () => {
  for (const [hasConsentPage, list] of [[true, marketplaces], [false, byId(false)]] as const) {
    for (const { name, sellerPortalUrl, authorizationSteps: steps, legacyDeveloperAccount } of list.values()) {
      expect(steps[0]).toContain(sellerPortalUrl)
      expect(steps.join(' ')).toContain(name)
      expect(/authorize here/.test(steps[1]!)).toBe(hasConsentPage)
      expect(steps.join(' ')).toMatch(/Merchant ID.*refresh token.*365 days/)
      expect(steps.at(-1)).toContain(legacyDeveloperAccount)
    }
  }
})

it('takes the former developer account of the country, else that of the region', () => {
  const account = (id: string): string | null => marketplaces.get(id)!.legacyDeveloperAccount
  expect([account('A39IBJ37TRP1C6'), account('A1AM78C64UM0Y8'), account('ATVPDKIKX0DER'), account('A1PA6795UKMFR9')]).toEqual([
    '267134821941',
    '77',
    '6009-1364-0071',
    '835211582249',
  ])
  expect(amazonMarketplaces('Dock Nine', {}, true)[0]).toMatchObject({ legacyDeveloperAccount: null, authorizationSteps: expect.not.arrayContaining([expect.stringMatching(/former/)]) })
})
