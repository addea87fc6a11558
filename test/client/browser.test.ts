// The kit in a browser, from a site of its own: the built files as they are, and graphql-ws.
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStage, until } from '../journeys/stage.ts'
import { hasChromium, openChromium } from '../support/chromium.ts'

const root = path.join(import.meta.dirname, '../..')

/** A site of the kit's files; graphql-ws names graphql for its types alone. */
async function site(settings: () => object): Promise<string> {
  const page = () => `<!doctype html><title>Loading</title><link rel="icon" href="data:,">
    <script type="importmap">{ "imports": { "cartage/": "/dist/", "graphql-ws": "/node_modules/graphql-ws/dist/client.js", "graphql": "data:text/javascript," } }</script>
    <script type="module">
      import { createClient, EventCursorDocument, FindOrdersDocument, HoldOrdersDocument, WatchEventsDocument } from 'cartage/client/index.js'
      import { createSubscriber } from 'cartage/client/subscribe.js'
      const { request } = createClient(${JSON.stringify(settings())})
      const { subscribe } = createSubscriber(${JSON.stringify(settings())})
      const { orders: { nodes: [order] } } = await request(FindOrdersDocument, { filter: { statuses: ['OPEN'] } })
      const { eventCursor } = await request(EventCursorDocument)
      await request(HoldOrdersDocument, { input: { orderIds: [order.id], reason: 'OTHER' } })
      for await (const event of subscribe(WatchEventsDocument, { filter: { types: ['ORDER_HELD'] }, after: eventCursor })) document.title = event.type + ' ' + event.order.number
    </script>`
  const server = http.createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://site').pathname
    if (name === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end(page())
    readFile(path.join(root, name)).then(
      (file) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(file),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.skipIf(!hasChromium)('it asks, acts and follows from another origin that the gateway allows', async () => {
  let settings = {}
  const origin = await site(() => settings)
  const stage = await startStage({ config: { corsOrigins: [origin] } })
  onTestFinished(() => stage.stop())
  settings = { url: stage.url, token: stage.token }
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')

  const browser = await openChromium()
  onTestFinished(() => browser.close())
  const tab = await browser.newPage()
  const complaints: string[] = []
  tab.on('pageerror', (error) => complaints.push(String(error)))
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await tab.goto(origin)
  await until(async () => complaints.length > 0 || (await tab.title()).startsWith('ORDER_HELD'))
  expect(complaints).toEqual([])
  expect(await tab.title()).toBe(`ORDER_HELD ${sold!.orderId}`)
})
