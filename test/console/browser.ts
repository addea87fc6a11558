// The console in Chromium, in front of a whole gateway and its simulator, behind a wire that can be cut.
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createApiToken, type NewApiToken } from '../../src/auth/api-tokens.ts'
import type { RoleName } from '../../src/auth/scope.ts'
import { uuidOf } from '../../src/kit/ids.ts'
import { type Merchant, type Stage, startStage } from '../journeys/stage.ts'
import { openChromium } from '../support/chromium.ts'

const root = path.resolve(import.meta.dirname, '../..')
export interface Wire {
  url: string
  /** Cuts what is open, and refuses what comes. */
  cut(): Promise<void>
  mend(): Promise<void>
}

async function wireTo(target: URL): Promise<Wire> {
  const open = new Set<net.Socket>()
  let server: net.Server
  const listen = async (port: number): Promise<void> => {
    server = net.createServer((near) => {
      const far = net.connect(Number(target.port), target.hostname)
      for (const socket of [near, far]) {
        open.add(socket)
        socket.on('error', () => {}).on('close', () => (open.delete(socket), near.destroy(), far.destroy()))
      }
      near.pipe(far).pipe(near)
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  }
  await listen(0)
  const { port } = server!.address() as net.AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async cut() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
    mend: () => listen(port),
  }
}

export interface Desk {
  stage: Stage
  wire: Wire
  browser: Browser
  tokenOf(role: RoleName, more?: Omit<NewApiToken, 'name' | 'role'>): Promise<string>
  /** A browser of one's own, signed in by link; what its console complains of is kept. */
  open(to: string, options?: { token?: string; context?: BrowserContextOptions }): Promise<{ page: Page; complaints: string[] }>
  /** Orders that were bought and imported; their numbers. */
  orders(merchant: Merchant, count: number, order?: Record<string, unknown>): Promise<string[]>
  idOf(merchant: Merchant, number: string): Promise<string>
  stop(): Promise<void>
}

export async function startDesk(): Promise<Desk> {
  if (!existsSync(path.join(root, 'dist/console/files/index.html'))) throw new Error('The console is not built: npm run build')
  const stage = await startStage()
  const wire = await wireTo(new URL(stage.url))
  const browser = await openChromium()
  return {
    stage, wire, browser,
    tokenOf: (role, more = {}) => createApiToken(stage.db, `${role.toLowerCase()} at the desk`, role, more),
    async open(to, { token = stage.token, context = {} } = {}) {
      const page = await (await browser.newContext({ viewport: { width: 1440, height: 860 }, timezoneId: 'Asia/Tokyo', ...context })).newPage()
      page.setDefaultTimeout(20_000)
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.goto(`${wire.url}${to}#token=${token}`)
      return { page, complaints }
    },
    async orders(merchant, count, order = {}) {
      const bought = await stage.buy(merchant, { count, ...order })
      await stage.run(merchant, 'IMPORT_ORDERS')
      return bought.map(({ orderId }) => orderId)
    },
    async idOf(merchant, number) {
      return (await stage.order(merchant, number)).id
    },
    async stop() {
      await browser.close()
      await wire.cut().catch(() => {})
      await stage.stop()
    },
  }
}

export const rowOf = (customerId: string): string => uuidOf('Customer', customerId)!

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds of WCAG 2.2 A and AA that is serious, or worse. */
export async function axeFindings(page: Page, rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']): Promise<string[]> {
  // Past the page's policy, which takes no script but its own.
  await page.evaluate(`globalThis.axe === undefined && (() => {${await readFile(axe, 'utf8')}})()`)
  return page.evaluate<string[]>(`axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, html, failureSummary }) => id + ': ' + target.join(' ') + ' ' + html.slice(0, 160) + ' ' + failureSummary.split('\\n')[1])))`)
}

const pictures = path.join(root, '.cache/screenshots')
/** What the test saw. Those of the documents are taken of the demonstration: scripts/screenshots.mjs. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: path.join(pictures, `${name}.png`) })
}
