// Where links in mails lead, for as long as mails are kept: to the front end that is configured, else to GraphiQL, else to words.
import type { FastifyInstance } from 'fastify'
import { type IdType, parseId } from '../kit/ids.ts'
import { sendPage } from '../pages/page.tsx'

interface Target {
  /** In the front end. */
  path: (id: string) => string
  /** What shows it in GraphiQL. */
  query: string
  what: string
}

const errors = 'userErrors { code message field }'
const targets: Partial<Record<IdType, Target>> = {
  Order: { path: (id) => `/orders/${id}`, what: 'order', query: 'query Order($id: ID!) {\n  order(id: $id) {\n    number status cancelRequested holds { reason note }\n    lines { sellerSku quantity }\n    shipments { tracking { status message } }\n    supportedActions { action allowed reason }\n  }\n}' },
  ImportFailure: { path: (id) => `/imports?failure=${id}`, what: 'import failure', query: `# What is missing is mapped by mapSkus or mapShippingServices; then it is retried.\nquery Failure($id: ID!) {\n  node(id: $id) { ... on ImportFailure { number state code message connection { id name } } }\n}\n\nmutation Retry($id: ID!) {\n  retryImports(input: { failureIds: [$id] }) { resolved { number } stillFailing { message } ${errors} }\n}` },
  Shipment: { path: (id) => `/shipments/${id}`, what: 'shipment', query: `query Shipment($id: ID!) {\n  shipment(id: $id) { order { number } routing { carrier scac service trackingNumber } tracking { status code message } }\n}\n\nmutation Correct($id: ID!, $routing: RoutingInput!) {\n  correctTracking(input: { shipmentId: $id, routing: $routing }) { shipment { tracking { status } } ${errors} }\n}` },
  InventoryItem: { path: (id) => `/inventory/${id}`, what: 'inventory item', query: 'query Item($id: ID!) {\n  inventoryItem(id: $id) { sku onHand available listings { sellerSku quantity status message explanation { label change result } } }\n}' },
  Connection: { path: (id) => `/connections/${id}`, what: 'connection', query: 'query Connection($id: ID!) {\n  connection(id: $id) {\n    name status statusReason\n    onboarding { stage dueAt overdue steps { title doneAt waitingFor } }\n    supportedActions { action allowed reason }\n  }\n}' },
}

/** GET /open/:id. */
export function serveOpen({ consoleUrl, graphiql }: { consoleUrl: string | null; graphiql: boolean }): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Params: { id: string } }>('/open/:id', async (request, reply) => {
      const { id } = request.params
      const target = targets[parseId(id)?.type ?? 'ApiToken']
      if (target === undefined) return sendPage(reply, 404, { title: 'There is nothing of that name', mood: 'refused', body: <p>The link is not complete, or was changed.</p> })
      if (consoleUrl !== null) return reply.redirect(`${consoleUrl}${target.path(id)}`, 302)
      if (graphiql) return reply.redirect(`/graphiql?${new URLSearchParams({ query: target.query, variables: JSON.stringify({ id }) }).toString()}`, 302)
      return sendPage(reply, 200, { title: `An ${target.what}`.replace(/^An (?![aeiou])/, 'A '), mood: 'plain', body: <><p>It is seen and mended through the gateway’s GraphQL API, with your token:</p><pre>{target.query}</pre><p>Its id is <code>{id}</code></p></> })
    })
  }
}
