// Where links in mails lead, for as long as mails are kept: to the front end that is configured, else to the console.
import type { FastifyInstance } from 'fastify'
import { type IdType, parseId } from '../kit/ids.ts'
import { sendPage } from '../pages/page.tsx'

/** Where a front end shows it, and where it is mended. */
const paths: Partial<Record<IdType, (id: string) => string>> = {
  Order: (id) => `/orders/${id}`,
  ImportFailure: (id) => `/imports?failure=${id}`,
  Shipment: (id) => `/shipments/${id}`,
  InventoryItem: (id) => `/inventory/${id}`,
  Connection: (id) => `/connections/${id}`,
}

/** GET /open/:id. */
export function serveOpen({ consoleUrl }: { consoleUrl: string | null }): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Params: { id: string } }>('/open/:id', async (request, reply) => {
      const { id } = request.params
      const path = paths[parseId(id)?.type ?? 'ApiToken']
      if (path === undefined) return sendPage(reply, 404, { title: 'There is nothing of that name', mood: 'refused', body: <p>The link is not complete, or was changed.</p> })
      return reply.redirect(`${consoleUrl ?? ''}${path(id)}`, 302)
    })
  }
}
