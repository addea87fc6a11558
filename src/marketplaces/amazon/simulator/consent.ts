// Seller Central's consent page, as an application sends a seller there.
// https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Application } from './application.ts'
import type { Served } from './door.ts'
import { escapeHtml, page } from './front-page.ts'
import { marketplaceOf } from './marketplaces.ts'
import type { Seller } from './seller.ts'

const consentQuery = z.object({
  application_id: z.string('application_id is required'),
  state: z.string('state is required').min(1, 'state is required'),
  redirect_uri: z.url({ protocol: /^https?$/, error: 'redirect_uri must be an http or https URL' }).optional(),
  version: z.literal('beta', 'version must be beta').optional(),
  /** The simulator's own: consents at once as that seller, as its button does. */
  seller: z.string().optional(),
  /** The simulator's own: the seller declines. */
  deny: z.string().optional(),
})
type ConsentQuery = z.infer<typeof consentQuery>

export function serveConsent(app: FastifyInstance, served: Served): void {
  app.get('/apps/authorize/consent', (request, reply) => {
    const { state } = served
    const now = state.settle()
    const { application } = state.login
    void reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').type('text/html; charset=utf-8')
    const refuse = (problem: string) => reply.code(400).send(page('Authorization failed', `<p>${escapeHtml(problem)}</p>`, 'consent'))
    const read = consentQuery.safeParse(request.query)
    if (!read.success) return refuse(read.error.issues.map((issue) => issue.message).join('; '))
    const asked = read.data
    const problem = problemOf(application, asked)
    if (problem !== null) return refuse(problem)
    // Amazon leads back to the first registered address where the application names none.
    const redirectUri = asked.redirect_uri ?? application.redirectUris?.[0]
    if (redirectUri === undefined) return refuse('redirect_uri is required: the application has none registered')
    const back = new URL(redirectUri)
    back.searchParams.set('state', asked.state)
    if (asked.deny !== undefined) {
      back.searchParams.set('error', 'access_denied')
      back.searchParams.set('error_description', 'The seller declined.')
      return reply.redirect(back.href)
    }
    const seller = asked.seller === undefined ? undefined : state.sellers.get(asked.seller)
    if (seller !== undefined) {
      back.searchParams.set('selling_partner_id', seller.sellerId)
      back.searchParams.set('spapi_oauth_code', state.login.issueCode(seller, now, redirectUri))
      return reply.redirect(back.href)
    }
    return reply.send(page('Authorize the application', consentForm(asked, [...state.sellers.values()]), 'consent'))
  })
}

function problemOf({ applicationId, draft, redirectUris }: Application, asked: ConsentQuery): string | null {
  if (asked.application_id !== applicationId) return `application_id must be ${applicationId}`
  if (draft && asked.version === undefined) return 'MD1000: the application is a draft, and version=beta is missing'
  if (asked.redirect_uri !== undefined && redirectUris !== null && !redirectUris.includes(asked.redirect_uri))
    return 'MD5101: redirect_uri is not one of those registered for the application'
  return null
}

function consentForm(asked: ConsentQuery, sellers: readonly Seller[]): string {
  const forwarded = Object.entries(asked)
    .filter(([name]) => name !== 'seller' && name !== 'deny')
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('')
  const rows = sellers.map((seller) => {
    const sites = seller.marketplaceIds.map((id) => `${marketplaceOf(id).name} (${id})`).join(', ')
    return `<button name="seller" value="${escapeHtml(seller.sellerId)}">Confirm as <b>${escapeHtml(seller.name)}</b><small>${escapeHtml(seller.sellerId)}: ${escapeHtml(sites)}</small></button>`
  })
  return `<p>This stands in for Amazon's consent page. There a seller has signed in; here choose whose account it is.</p>
<p><code>${escapeHtml(asked.application_id)}</code> asks for access to orders, listings and account.</p>
<form method="get">${forwarded}${rows.join('')}<button name="deny" value="1" class="cancel">Cancel: do not authorize</button></form>`
}
