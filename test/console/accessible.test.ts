// WCAG 2.2 AA, as far as axe can tell, on every page.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFindings, type Desk, picture, startDesk } from './browser.ts'
import { until } from '../journeys/stage.ts'
import { hasChromium } from '../support/chromium.ts'

describe.skipIf(!hasChromium)('every page', { timeout: 240_000 }, () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await startDesk()
  }, 120_000)
  afterAll(() => desk?.stop())

  test('has no serious finding of axe, nor too little contrast in the dark; its keys are listed', async () => {
    const merchant = await desk.stage.merchant({ chargeRules: [{ code: 'PICK', amount: '1.00', basis: 'ORDER' }] })
    const numbers = await desk.orders(merchant, 6)
    const ids = await Promise.all(numbers.slice(0, 2).map((number) => desk.idOf(merchant, number)))
    const { inventory } = await desk.stage.graphql<{ inventory: { nodes: { id: string }[] } }>('query ($ids: [ID!]) { inventory(filter: { customerIds: $ids }) { nodes { id } } }', { ids: [merchant.customerId] })
    const { page, complaints } = await desk.open('/orders', { context: { colorScheme: 'light', reducedMotion: 'reduce' } })
    await page.evaluate(`sessionStorage.setItem('cartage.ship', '${JSON.stringify(ids)}')`)
    // Colours are all that differs in the dark.
    const examine = async (name: string): Promise<void> => {
      expect([name, ...(await axeFindings(page))]).toEqual([name])
      await picture(page, name)
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' })
      expect([`${name} in the dark`, ...(await axeFindings(page, ['color-contrast']))]).toEqual([`${name} in the dark`])
      await picture(page, `${name}-dark`)
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    }
    for (const [name, path, ready] of [
      ['dashboard', '/', 'Most urgent'], ['find-orders', '/orders', 'None selected'], ['order-open', `/orders/${ids[0]}`, 'History'], ['ship', '/ship', '2 to mend'], ['runs', '/imports?tab=runs', 'Receipt'],
      ['trace', '/imports?tab=trace', 'Where is it?'], ['inventory', '/inventory', 'Available'], ['item', `/inventory/${inventory.nodes[0]!.id}`, 'Movements'], ['connections', '/connections', 'Next import'],
      ['connection', `/connections/${merchant.connectionId}`, 'From survey to live'], ['activity', '/activity', 'Live'],
    ] as const) {
      await page.goto(`${desk.wire.url}${path}`)
      await page.getByText(ready, { exact: false }).first().waitFor()
      await page.waitForLoadState('networkidle')
      await examine(name)
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await until(() => page.evaluate<boolean>(`getComputedStyle(document.querySelector('[role=dialog]')).opacity === '1'`)) // it has come in
    await page.getByText('Go to').waitFor()
    await examine('shortcuts')
    expect(complaints).toEqual([])
    await page.evaluate('sessionStorage.clear()')
    await page.goto(`${desk.wire.url}/sign-in`)
    await page.getByLabel('Token', { exact: true }).waitFor()
    await examine('sign-in')
    await page.context().close()
  })
})
