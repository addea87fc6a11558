// Takes the pictures of docs/screenshots of a running demonstration, as the person does who follows the link: `node scripts/screenshots.mjs <link>`.
// It holds, ships and closes some of the demonstration's orders; the simulator is asked to refuse one.
import path from 'node:path'
import { chromium } from 'playwright-core'

const [link, simulator = 'http://127.0.0.1:4010'] = process.argv.slice(2)
if (link === undefined) {
  console.error('Which gateway? Give the link that npm start prints beside Console, and the simulator where it is not at its usual place.')
  process.exit(2)
}
const origin = new URL(link).origin
const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token')
const folder = path.join(import.meta.dirname, '../docs/screenshots')
const ask = async (query, variables = {}) => {
  const { data, errors } = await (await fetch(`${origin}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })).json()
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}
const numbers = ['1Z999AA10123456784', '1Z12345E0205271686', '1Z12345E6605272234', '1Z12345E0305271640']

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await (await browser.newContext({ viewport: { width: 1280, height: 760 }, colorScheme: 'light' })).newPage()
const take = async (name) => {
  await page.mouse.move(640, 5)
  await page.waitForTimeout(900)
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
}

// One order whose tracking Amazon refuses.
const { orders } = await ask('{ orders(first: 8, filter: { statuses: [OPEN], onHold: false, cancelRequested: false, marketplaceIds: ["ATVPDKIKX0DER"] }, orderBy: SHIP_BY_ASC) { nodes { id number } } }')
const [refused, held] = orders.nodes.slice(-2)
await fetch(`${simulator}/_simulator/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operation: 'confirmShipment', kind: 'reject', code: 'InvalidInput', message: 'Invalid tracking number', times: 1 }) })
await ask('mutation ($input: ShipAndCloseInput!) { shipAndClose(input: $input) { closed } }', { input: { idempotencyKey: `pictures-${Date.now()}`, orders: [{ orderId: refused.id }], routing: { carrier: 'UPS', scac: 'UPSN', service: 'Ground', trackingNumber: numbers[3] } } })
await ask('mutation ($input: HoldOrdersInput!) { holdOrders(input: $input) { userErrors { message } } }', { input: { orderIds: [held.id], reason: 'ADDRESS', note: 'No house number' } })

await page.goto(link.replace(/\/#/, '/orders#'))
await page.locator('.grid [role=row][aria-selected]').first().waitFor()
for (const row of [2, 4, 5]) await page.locator(`[role=row][aria-rowindex="${row}"]`).click({ modifiers: ['Control'] })
await take('find-orders')

await page.evaluate((ids) => sessionStorage.setItem('cartage.ship', JSON.stringify(ids)), orders.nodes.slice(0, 3).map(({ id }) => id))
await page.goto(`${origin}/ship`)
await page.locator('[data-order]').first().waitFor()
await page.getByRole('textbox', { name: 'Carrier', exact: true }).fill('UPS')
await page.getByRole('textbox', { name: 'Service', exact: true }).fill('Ground')
await page.getByRole('button', { name: 'Paste tracking numbers' }).click()
await page.getByRole('textbox', { name: 'Tracking numbers' }).fill(numbers.slice(0, 3).join('\n'))
await page.getByRole('button', { name: 'Fill in' }).click()
await page.getByRole('button', { name: 'Add', exact: true }).click()
await page.getByLabel('Code of charge 1').fill('PALLET')
await page.getByLabel('Amount of charge 1').fill('10.00')
await page.getByText('Divide evenly').click()
await page.getByText('Charges added: $10.00').waitFor()
await take('ship-and-close')

await page.goto(`${origin}/orders/${refused.id}`)
await page.getByText('Amazon’s words').waitFor({ timeout: 90_000 })
await take('order')
const { connections, inventory } = await ask('{ connections(first: 1) { nodes { id } } inventory(first: 1) { nodes { id } } }')
for (const [name, at, ready] of [['dashboard', '/', 'Most urgent'], ['inventory', `/inventory/${inventory.nodes[0].id}`, 'Movements'], ['connection', `/connections/${connections.nodes[0].id}`, 'From survey to live']]) {
  await page.goto(`${origin}${at}`)
  await page.getByText(ready).first().waitFor()
  await take(name)
}
await page.emulateMedia({ colorScheme: 'dark' })
await page.goto(`${origin}/orders`)
await page.locator('.grid [role=row][aria-selected]').first().waitFor()
await take('find-orders-dark')
await browser.close()
