// The console in Chromium, in front of the built program and a database with 200,000 orders: what the first page weighs, how soon it can be
// worked in from cold, how smoothly it scrolls, and whether its memory grows while events stream in for 30 minutes.
// Real: the gateway as a process of its own with the role api, HTTP, WebSocket, PostgreSQL, the built files, Debian's Chromium (headless, drawing in software).
// Events are those of orders that are held and released over the API, half of them on the page. QUICK=1: 20,000 orders, and two minutes of events.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createApiToken } from '../src/auth/api-tokens.ts'
import { median, onFreshDatabase } from './compare.ts'
import { populate } from './population.ts'
import { startProgram } from './processes.ts'
import { goal, setting } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const ORDERS = setting('ORDERS', QUICK ? 20_000 : 200_000)
const STARTS = setting('STARTS', 7)
const SCROLL_SECONDS = setting('SCROLL_SECONDS', 15)
const MINUTES = setting('MINUTES', QUICK ? 2 : 30)
const EVENTS_A_SECOND = 20
/** So long the page may take to come to its own: caches fill, code is compiled. */
const WARM_SECONDS = Math.min(120, MINUTES * 20)

// Told by the page itself: when rows stand there, and the browser has drawn them and is free.
const watch = `new MutationObserver((_, observer) => {
  if (document.querySelector('.grid [role=row][aria-selected]') === null) return
  observer.disconnect()
  requestAnimationFrame(() => setTimeout(() => (window.ready = performance.now())))
}).observe(document, { childList: true, subtree: true })`

await onFreshDatabase(async (scope, databaseUrl) => {
  console.log(`console: ${ORDERS} orders`)
  await populate(scope.db.pool, ORDERS)
  const gateway = await startProgram('console-gateway', { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'), CARTAGE_ROLES: 'api', RATE_LIMIT: '100000000' })
  const token = await createApiToken(scope.db, 'bench', 'ADMIN')
  const origin = new URL(gateway.apiUrl!).origin
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--enable-precise-memory-info'] })
  try {
    await weigh(browser, origin, token)
    await start(browser, origin, token)
    const page = await open(browser, `${origin}/orders?status=all&sort=IMPORTED_DESC`, token)
    await scroll(page)
    await page.context().close()
    await live(browser, origin, token)
  } finally {
    await browser.close()
    await gateway.end('SIGTERM')
  }
})

async function open(browser: Browser, url: string, token: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.addInitScript(watch)
  await page.goto(`${url}#token=${token}`)
  // Not waitForFunction: the page's policy evaluates no text.
  while ((await page.evaluate<number | null>('window.ready ?? null')) === null) await sleep(50)
  return page
}

async function weigh(browser: Browser, origin: string, token: string): Promise<void> {
  const page = await (await browser.newContext()).newPage()
  const files: string[] = []
  page.on('response', (response) => response.url().endsWith('.js') && files.push(response.url()))
  await page.goto(`${origin}/orders#token=${token}`)
  await page.locator('.grid [role=row][aria-selected]').first().waitFor()
  await page.context().close()
  let bytes = 0
  for (const file of files) bytes += Number((await fetch(file, { headers: { 'accept-encoding': 'gzip' } })).headers.get('content-length'))
  goal(`${(bytes / 1000).toFixed(0)} kB of JavaScript, gzipped, in ${files.length} files for the first page, at most 300`, bytes > 0 && bytes <= 300_000)
}

/** Each time a browser without anything kept. */
async function start(browser: Browser, origin: string, token: string): Promise<void> {
  const times: number[] = []
  for (let n = 0; n <= STARTS; n++) {
    const page = await open(browser, `${origin}/orders`, token)
    const ready = await page.evaluate<number>('window.ready')
    if (n > 0) times.push(ready) // the first warms the gateway up, not the browser
    await page.context().close()
  }
  console.log(`  from cold: ${times.map((time) => time.toFixed(0)).join(', ')} ms`)
  goal(`the orders page can be worked in after ${median(times).toFixed(0)} ms (median of ${STARTS}), at most 1500`, median(times) <= 1500)
}

/** As fast as a wheel that is turned all the time: 3000 pixels a second, a page of 100 orders each second. */
async function scroll(page: Page): Promise<void> {
  const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
    const grid = document.querySelector('.grid'), times = [], begin = performance.now()
    let last = begin
    const frame = (now) => {
      times.push(now - last)
      grid.scrollTop += 3 * (now - last)
      last = now
      if (now - begin < ${SCROLL_SECONDS * 1000}) requestAnimationFrame(frame)
      else resolve(times.slice(1))
    }
    requestAnimationFrame(frame)
  })`)
  const rows = await page.evaluate<number>(`Math.max(...[...document.querySelectorAll('.grid [role=row]')].map((row) => Number(row.getAttribute('aria-rowindex'))))`)
  const total = frames.reduce((sum, time) => sum + time, 0)
  const sorted = [...frames].sort((a, b) => a - b)
  console.log(`  scrolled to row ${rows} in ${(total / 1000).toFixed(1)} s: frames of ${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} ms at the median, ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(1)} at 95 %, ${sorted.at(-1)!.toFixed(0)} at most`)
  goal(`${(frames.length / total * 1000).toFixed(1)} frames a second while scrolling, at least 50`, frames.length / total * 1000 >= 50)
}

async function live(browser: Browser, origin: string, token: string): Promise<void> {
  const ask = async <Data>(query: string, variables: object): Promise<Data> => {
    const { data, errors } = (await (await fetch(`${origin}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })).json()) as { data: Data; errors?: unknown }
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data
  }
  const idsOf = async (orderBy: string): Promise<string[]> => (await ask<{ orders: { nodes: { id: string }[] } }>(`query ($orderBy: OrderOrder) { orders(first: 100, filter: { statuses: [OPEN] }, orderBy: $orderBy) { nodes { id } } }`, { orderBy })).orders.nodes.map(({ id }) => id)
  const shown = (await idsOf('SHIP_BY_ASC')).slice(0, 50)
  const away = (await idsOf('IMPORTED_DESC')).filter((id) => !shown.includes(id)).slice(0, 50)
  const page = await open(browser, `${origin}/orders`, token)
  const session = await page.context().newCDPSession(page)
  const heap = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6
  }
  let sent = 0
  const playing = new AbortController()
  const played = (async () => {
    for (let second = 0; !playing.signal.aborted; second++) {
      const begin = performance.now()
      const verb = second % 10 < 5 ? 'hold' : 'release'
      const at = (second % 5) * 10
      const orderIds = [...shown.slice(at, at + EVENTS_A_SECOND / 2), ...away.slice(at, at + EVENTS_A_SECOND / 2)]
      await ask(verb === 'hold' ? 'mutation ($ids: [ID!]!) { holdOrders(input: { orderIds: $ids, reason: OPERATOR }) { userErrors { message } } }' : 'mutation ($ids: [ID!]!) { releaseOrders(input: { orderIds: $ids }) { userErrors { message } } }', { ids: orderIds })
      sent += orderIds.length
      await sleep(Math.max(0, 1000 - (performance.now() - begin)))
    }
  })()
  await sleep(WARM_SECONDS * 1000)
  const before = await heap()
  const sizes: number[] = []
  for (const end = Date.now() + MINUTES * 60_000; Date.now() < end; ) {
    await sleep(Math.min(60_000, Math.max(0, end - Date.now())))
    sizes.push(await heap())
  }
  playing.abort()
  await played
  const after = sizes.at(-1)!
  console.log(`  ${sent} events; heap after garbage collection: ${before.toFixed(1)} MB, then by the minute ${sizes.map((size) => size.toFixed(1)).join(', ')}`)
  goal(`memory after ${MINUTES} minutes of ${EVENTS_A_SECOND} events a second is ${((after / before - 1) * 100).toFixed(1)} % more, at most 10`, after <= before * 1.1)
  await page.context().close()
}
