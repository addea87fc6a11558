// Seller Central's consent page, as an application sends a seller there.
// https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { demoApplication } from './demo-sellers.ts'
import type { Served } from './door.ts'
import { escapeHtml, page } from './front-page.ts'

const consentQuery = z.object({
  application_id: z.literal(demoApplication.applicationId, `application_id must be ${demoApplication.applicationId}`),
  state: z.string('state is required').min(1, 'state is required'),
  redirect_uri: z.url({ protocol: /^https?$/, error: 'redirect_uri must be an http or https URL' }),
  version: z.literal('beta').optional(),
  /** The simulator's own: consents at once as that seller, for a test without a browser. */
  seller: z.string().optional(),
})

export function serveConsent(app: FastifyInstance, served: Served): void {
  app.get('/apps/authorize/consent', (request, reply) => {
    const { state } = served
    void reply.header('referrer-policy', 'no-referrer').type('text/html; charset=utf-8')
    const read = consentQuery.safeParse(request.query)
    if (!read.success)
      return reply
        .code(400)
        .send(page('Authorization failed', `<p>${escapeHtml(read.error.issues.map((issue) => issue.message).join('; '))}</p>`))
    const { application_id, redirect_uri, state: forwarded, seller: chosen } = read.data
    const seller = chosen === undefined ? undefined : state.sellers.get(chosen)
    if (seller !== undefined) {
      const back = new URL(redirect_uri)
      back.searchParams.set('state', forwarded)
      back.searchParams.set('selling_partner_id', seller.sellerId)
      back.searchParams.set('spapi_oauth_code', state.login.issueCode(seller, state.settle()))
      return reply.redirect(back.href)
    }
    const links = [...state.sellers.values()].map((one) => {
      const query = new URLSearchParams({ application_id, redirect_uri, state: forwarded, seller: one.sellerId })
      return `<li><a href="?${escapeHtml(query.toString())}">Confirm as ${escapeHtml(one.name)}</a> (${escapeHtml(one.marketplaceIds.join(', '))})</li>`
    })
    return reply.send(
      page(
        'Authorize the application',
        `<p>${escapeHtml(application_id)} asks for your orders, listings and notifications.</p><ul>${links.join('')}</ul>`,
      ),
    )
  })
}
