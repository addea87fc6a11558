// The pages behind a set-up link in a real browser: what the journeys' own browser, which is ours, might not know of forms, cookies and policies.
import { expect, test } from 'vitest'
import { CreateSetupLinkDocument } from '../generated/graphql.ts'
import { hasChromium, openChromium } from '../support/chromium.ts'
import { startSettingUp } from './setting-up.ts'
import { US } from './stage.ts'

test.skipIf(!hasChromium)('a merchant opens the link, answers, signs, consents, and sees that their part is done', { timeout: 60_000 }, async ({ onTestFinished }) => {
  const setting = await startSettingUp()
  const browser = await openChromium()
  onTestFinished(async () => {
    await browser.close()
    await setting.stage.stop()
    await setting.smtp.stop()
  })
  const { customerId, warehouseId } = await setting.party()
  const { sellerId } = await setting.newSeller()
  const { createSetupLink } = await setting.graphql(CreateSetupLinkDocument, { input: { customerId, warehouseId, name: 'Ada Smith', email: 'ada@merchant.example', send: false } })
  const tab = await browser.newPage()
  const complaints: string[] = []
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  tab.on('pageerror', (error) => complaints.push(String(error)))

  await tab.goto(createSetupLink.url!)
  await tab.click('button')
  await tab.check(`input[value=${US}]`)
  await tab.click('button[type=submit]')
  await tab.click('a:has-text("Read and sign")')
  await tab.fill('#signature', 'Ada Smith')
  await tab.check('input[name=accepted]')
  await tab.click('button[type=submit]')
  await tab.click('a:has-text("Back to all steps")')
  await tab.click('a:has-text("Authorize")')
  await tab.click('button:has-text("Go to amazon.com")')
  await tab.click(`button[value=${sellerId}]`)
  await tab.click('a:has-text("Go on")')
  expect(await tab.innerText('main')).toContain('your part is done')
  expect(complaints).toEqual([])
})
