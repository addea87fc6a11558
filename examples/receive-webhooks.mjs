// Takes a connection's events by webhook, and checks their signatures. As it listens on this machine, the gateway must be allowed to reach it:
// `WEBHOOK_NETWORKS=127.0.0.0/8 npm start`, then in another terminal `node examples/receive-webhooks.mjs`. Ctrl-C ends the webhook, too.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { ConnectionsHealthDocument, createClient, RemoveWebhookDocument, SaveWebhookDocument } from 'cartage/client'
import { Webhook } from 'standardwebhooks'

const url = process.env.CARTAGE_URL ?? 'http://127.0.0.1:4000/graphql'
const token = process.env.CARTAGE_TOKEN ?? (await readFile(new URL('../.cartage/admin-token', import.meta.url), 'utf8')).trim()
const { request } = createClient({ url, token })

let secret
/** An event comes at least once: rarely twice. Yours would stand in a database. */
const handled = new Set()

const server = createServer(async (message, response) => {
  let body = ''
  for await (const chunk of message) body += chunk
  let event
  try {
    event = new Webhook(secret).verify(body, message.headers)
  } catch (error) {
    console.error(`refused   ${error.message}`)
    response.writeHead(401).end()
    return
  }
  response.writeHead(204).end() // first the answer, then the work
  const id = message.headers['webhook-id']
  if (handled.has(id)) return
  handled.add(id)
  console.log(`${event.type.padEnd(22)} ${event.data.summary}`)
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1')
await once(server, 'listening')

const { connections } = await request(ConnectionsHealthDocument, {})
const connection = connections.nodes.find(({ status }) => status === 'LIVE')
if (connection === undefined) throw new Error('no connection is live')
const { saveWebhook } = await request(SaveWebhookDocument, {
  input: { connectionId: connection.id, url: `http://127.0.0.1:${server.address().port}/`, topics: ['IMPORT_FINISHED', 'ORDER_IMPORTED', 'ORDER_HELD', 'ORDER_RELEASED', 'ORDER_SHIPPED', 'ORDER_CLOSED', 'TRACKING_ACCEPTED'] },
})
if (saveWebhook.webhook === null) throw new Error(saveWebhook.userErrors.map(({ message }) => message).join('; '))
secret = saveWebhook.secret
console.log(`listening to ${connection.name}`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await request(RemoveWebhookDocument, { input: { id: saveWebhook.webhook.id } })
    server.closeAllConnections()
    server.close()
  })
}
