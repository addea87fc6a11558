// Where a merchant without an account surveys, signs and authorizes: behind a set-up link, for the connections of its survey and no others.
import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReactElement } from 'react'
import { by } from '../auth/changing.ts'
import { loadExisting, type Scope, type ScopeFor } from '../auth/scope.ts'
import { beginAuthorization, hasConsentPage } from '../connections/begin-authorization.ts'
import { provideCredentials } from '../connections/provide-credentials.ts'
import { customerById } from '../customers/customers.store.ts'
import { warehouseById } from '../customers/warehouses.store.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import { type Clock, minutes, shifted } from '../kit/clock.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { toId, uuidOf } from '../kit/ids.ts'
import { topics } from '../notifications/topics.ts'
import { renewSetupLink } from '../onboarding/create-setup-link.ts'
import { stateOf } from '../onboarding/look-after-onboarding.ts'
import type { OnboardingResolverProcess } from '../onboarding/onboarding.resolver.ts'
import { onboardingOfRequest, type OnboardingRow } from '../onboarding/onboarding.store.ts'
import { requestConnections } from '../onboarding/request-connections.ts'
import { sendAgreement } from '../onboarding/send-agreement.ts'
import { setupLinkById, type SetupLinkRow, setupLinksSince, useSetupLink } from '../onboarding/setup-links.store.ts'
import { signAgreement } from '../onboarding/sign-agreement.ts'
import { type PageContent, sendPage } from '../pages/page.tsx'
import { type Form, listOf, textOf } from './forms.tsx'
import { AgreementPage, Authorization, Landing, Progress, Survey } from './pages.tsx'
import { actorIdOf, isOurs, newSession, type Session, sessionOf, setCookie, WHO } from './session.ts'

export interface SetupProcess {
  db: Database
  clock: Clock
  scopeFor: ScopeFor
  onboarding: OnboardingResolverProcess
  /** Of a request that nobody's session stands behind. */
  scopeOf: (requestId: string) => Scope
}

const LARGEST_FORM = 64 * 1024
/** A fresh link goes to the same address this often at most. */
const RENEWED_EVERY = minutes(10)
const DOCUMENT_GOOD_FOR = minutes(15)

export function serveSetup(process: SetupProcess): (app: FastifyInstance) => Promise<void> {
  const { db, clock, onboarding, scopeOf } = process
  const { signer, channels, publicUrl, signing } = onboarding

  /** The link that a token names, good or not; null where it never was one of ours. */
  async function linkOf(token: string, request: FastifyRequest): Promise<{ link: SetupLinkRow; state: 'good' | 'used' | 'expired' | 'revoked' } | null> {
    const proven = await signer.verify('set-up', token, new Date(0)) // when it ends stands in its row as well
    const link = typeof proven === 'string' ? null : await setupLinkById(db.pool, scopeOf(request.id), proven.subject)
    if (link === null) return null
    return { link, state: link.revokedAt !== null ? 'revoked' : link.expiresAt <= clock() ? 'expired' : link.usedAt !== null ? 'used' : 'good' }
  }

  const noSession = (reply: FastifyReply): FastifyReply => refused(reply, 401, 'Open your link first', 'This browser has opened no link that is still good. Open the one in your mail, or ask the warehouse for another.')

  /** Pages behind a session; forms are taken from our own pages alone. */
  const inside = (work: (session: Session, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (request.method === 'POST' && !isOurs(request, publicUrl())) return refused(reply, 403, 'This form came from elsewhere', 'Nothing was done. Open the page again, and send its form.')
    const session = await sessionOf(request, { ...process, publicUrl: publicUrl() })
    return session === null ? noSession(reply) : work(session, request, reply)
  }

  /** The connections of a session: nothing else is found, whatever a form says. */
  const connectionsOf = ({ link, scope }: Session): Promise<OnboardingRow[]> => (link.requestId === null ? Promise.resolve([]) : onboardingOfRequest(scope, link.requestId))
  const connectionOf = async (session: Session, id: string): Promise<OnboardingRow | undefined> => (await connectionsOf(session)).find(({ connectionId }) => connectionId === uuidOf('Connection', id))

  return async (app) => {
    app.removeAllContentTypeParsers() // what is no form would be of other shapes than forms are
    await app.register(formbody, { bodyLimit: LARGEST_FORM })

    app.get<{ Params: { token: string } }>('/setup/:token', { exposeHeadRoute: false }, async (request, reply) => {
      const found = await linkOf(request.params.token, request)
      if (found === null) return unknown(reply)
      const { link, state } = found
      if (state === 'revoked') return refused(reply, 410, 'This link was taken back', 'Ask the warehouse for another.')
      if (state !== 'good') return again(reply, state, request.params.token)
      const scope = scopeOf(request.id)
      const [customer, warehouse] = await Promise.all([loadExisting(scope, customerById, link.customerId), loadExisting(scope, warehouseById, link.warehouseId)])
      return show(reply, 200, 'Connect your marketplace accounts', <Landing customer={customer.name} warehouse={warehouse.name} expiresAt={link.expiresAt} action={`/setup/${request.params.token}`} />)
    })

    app.post<{ Params: { token: string } }>('/setup/:token', async (request, reply) => {
      if (!isOurs(request, publicUrl())) return refused(reply, 403, 'This form came from elsewhere', 'Nothing was done. Open your link again.')
      const found = await linkOf(request.params.token, request)
      if (found === null) return unknown(reply)
      const { secret, hash } = newSession()
      const author = { id: actorIdOf(found.link), name: WHO, role: 'CUSTOMER', address: request.ip, requestId: request.id, action: 'openSetupLink' }
      const link = await transaction(db.pool, (tx) => useSetupLink(tx, found.link.id, hash, clock()), by(author))
      if (link === null) return found.state === 'revoked' ? refused(reply, 410, 'This link was taken back', 'Ask the warehouse for another.') : again(reply, found.state === 'expired' ? 'expired' : 'used', request.params.token)
      return setCookie(reply, secret, link, publicUrl()).redirect('/setup', 303)
    })

    app.post<{ Params: { token: string } }>('/setup/:token/renew', async (request, reply) => {
      const found = isOurs(request, publicUrl()) ? await linkOf(request.params.token, request) : null
      if (found === null || found.state === 'revoked') return unknown(reply)
      const lately = await setupLinksSince(db.pool, found.link.customerId, found.link.email, shifted(clock(), -RENEWED_EVERY))
      if (lately === 0) await renewSetupLink(scopeOf(request.id), onboarding, found.link)
      return sendPage(reply, 200, { title: 'Look into your mail', mood: 'done', body: <p>A fresh link goes to the address that the first one went to. It can take a few minutes; another is sent after ten minutes at the earliest.</p> })
    })

    app.get('/setup', { exposeHeadRoute: false }, inside(async (session, _request, reply) => {
      const rows = await connectionsOf(session)
      if (session.link.requestId === null) return survey(session, reply, 200, { contactName: session.link.name, contactEmail: session.link.email, topics: ['IMPORT_FAILED', 'CONNECTION_ATTENTION'] }, [])
      const shown = rows.map((row) => ({ row, state: stateOf(row, onboarding, clock()) }))
      return show(reply, 200, 'Your connections', <Progress connections={shown} name={session.link.name} />)
    }))

    app.post('/setup/survey', inside(async (session, request, reply) => {
      const form = (request.body ?? {}) as Form
      if (session.link.requestId !== null) return reply.redirect('/setup', 303)
      const input = surveyOf(form, session.link)
      // Customer and warehouse are the link's, whatever the form says; the warehouse serves nobody of theirs yet, so that they could not see it.
      const result = 'refusals' in input ? input : await requestConnections({ ...session.scope, tenant: null }, { ...onboarding, setupLinkId: session.link.id }, input.survey)
      if ('refusals' in result) return survey(session, reply, 422, form, result.refusals)
      const [first] = result.connections
      if (signing.kind !== 'none' && first !== undefined) await sendAgreement(session.scope, onboarding, { connectionId: toId('Connection', first.id), signerName: session.link.name, signerEmail: session.link.email }, false)
      return reply.redirect('/setup', 303)
    }))

    app.get('/setup/agreement', { exposeHeadRoute: false }, inside((session, _request, reply) => agreement(session, reply, 200, {}, [])))

    app.post('/setup/agreement/send', inside(async (session, _request, reply) => {
      const row = (await connectionsOf(session)).find(({ agreementId }) => agreementId === null)
      if (row === undefined) return reply.redirect('/setup/agreement', 303)
      const result = await sendAgreement(session.scope, onboarding, { connectionId: toId('Connection', row.connectionId), signerName: session.link.name, signerEmail: session.link.email }, false)
      return 'refusals' in result ? agreement(session, reply, 422, {}, result.refusals) : reply.redirect('/setup/agreement', 303)
    }))

    app.post('/setup/agreement', inside(async (session, request, reply) => {
      const form = (request.body ?? {}) as Form
      const row = toBeSigned(await connectionsOf(session))
      if (row === undefined) return noSession(reply)
      const result = await signAgreement(session.scope, onboarding, {
        connectionId: toId('Connection', row.connectionId), signature: textOf(form, 'signature'), accepted: textOf(form, 'accepted') === 'true', documentSha256: textOf(form, 'documentSha256'),
      }, request.headers['user-agent'] ?? null)
      return 'refusals' in result ? agreement(session, reply, 422, form, result.refusals) : reply.redirect('/setup/agreement', 303)
    }))

    app.get<{ Params: { id: string } }>('/setup/connections/:id', { exposeHeadRoute: false }, inside(async (session, request, reply) => authorization(session, (request.params as { id: string }).id, reply, 200, {}, [])))

    app.post<{ Params: { id: string } }>('/setup/connections/:id/consent', inside(async (session, request, reply) => {
      const { id } = request.params as { id: string }
      if ((await connectionOf(session, id)) === undefined) return notTheirs(reply)
      const result = await beginAuthorization(session.scope, onboarding, { connectionId: id })
      return 'refusals' in result ? authorization(session, id, reply, 422, {}, result.refusals) : reply.redirect(result.authorizationUrl, 303)
    }))

    app.post<{ Params: { id: string } }>('/setup/connections/:id/credentials', inside(async (session, request, reply) => {
      const { id } = request.params as { id: string }
      const form = (request.body ?? {}) as Form
      if ((await connectionOf(session, id)) === undefined) return notTheirs(reply)
      const result = await provideCredentials(session.scope, onboarding, { connectionId: id, merchantId: textOf(form, 'merchantId'), refreshToken: textOf(form, 'refreshToken') })
      return 'refusals' in result ? authorization(session, id, reply, 422, form, result.refusals) : reply.redirect('/setup', 303)
    }))
  }

  function survey(_session: Session, reply: FastifyReply, status: number, form: Form, refusals: readonly Refusal[]): FastifyReply {
    return show(reply, status, 'Which accounts are to be connected?', <Survey marketplaces={channels.marketplaces()} form={form} refusals={refusals} />)
  }

  async function agreement(session: Session, reply: FastifyReply, status: number, form: Form, refusals: readonly Refusal[]): Promise<FastifyReply> {
    const rows = await connectionsOf(session)
    const row = toBeSigned(rows)
    if (row === undefined || signing.kind === 'none') return reply.redirect('/setup', 303)
    const here = row.provider === 'built-in' || row.agreementStatus === 'SIGNED'
    const documentUrl = row.agreementId === null || !here ? null : `/agreements/${await signer.sign('document', row.agreementId, shifted(clock(), DOCUMENT_GOOD_FOR))}`
    const names = rows.filter(({ agreementId }) => agreementId === row.agreementId).map(({ name }) => name)
    return show(reply, status, 'The agreement', <AgreementPage row={row} documentUrl={documentUrl} names={names} form={form} refusals={refusals} />, { frames: true })
  }

  async function authorization(session: Session, id: string, reply: FastifyReply, status: number, form: Form, refusals: readonly Refusal[]): Promise<FastifyReply> {
    const row = await connectionOf(session, id)
    const found = row === undefined ? null : await db.prisma.connection.findUniqueOrThrow({ where: { id: row.connectionId }, select: { marketplaceId: true, channel: true } })
    const marketplace = found === null ? null : channels.marketplace(found.marketplaceId)
    if (row === undefined || found === null || marketplace === null) return notTheirs(reply)
    const consents = hasConsentPage(channels.get(found.channel), found.marketplaceId)
    const consentPage = consents ? channels.get(found.channel).consentUrl(found.marketplaceId, { state: 'none', redirectUrl: 'http://localhost' }) : null
    return show(reply, status, `Authorize ${marketplace.name}`, <Authorization row={row} marketplace={marketplace} consents={consents} form={form} refusals={refusals} />, consentPage === null ? {} : { formsTo: [new URL(consentPage).origin] })
  }

  function again(reply: FastifyReply, state: 'used' | 'expired', token: string): FastifyReply {
    return sendPage(reply, 410, {
      title: state === 'used' ? 'This link was opened already' : 'This link is too old', mood: 'refused', forms: true,
      body: (
        <>
          <p>{state === 'used' ? 'It works in the browser that opened it first: go on there. In this one, you need another link.' : 'Links are good for a while only.'} It is mailed to the address that this one went to.</p>
          <p><a href="/setup">Go on in this browser</a></p>
          <form method="post" action={`/setup/${token}/renew`}><button type="submit" className="quiet">Send me another link</button></form>
        </>
      ),
    })
  }
}

/** What waits for a signature first; else any that has an agreement, or needs one. */
const toBeSigned = (rows: readonly OnboardingRow[]): OnboardingRow | undefined =>
  rows.find(({ agreementStatus }) => agreementStatus === 'SENT' || agreementStatus === 'NOT_SENT') ?? rows.find(({ agreementId }) => agreementId === null) ?? rows[0]

const show = (reply: FastifyReply, status: number, title: string, body: ReactElement, more: Partial<PageContent> = {}): FastifyReply => sendPage(reply, status, { title, body, forms: true, ...more })
const refused = (reply: FastifyReply, status: number, title: string, words: string): FastifyReply => sendPage(reply, status, { title, mood: 'refused', body: <p>{words}</p> })
const unknown = (reply: FastifyReply): FastifyReply => refused(reply, 404, 'This link is not known', 'It is not complete, or was changed. Open the one in your mail, or ask the warehouse for another.')
const notTheirs = (reply: FastifyReply): FastifyReply => refused(reply, 404, 'There is no such connection', 'Go back to your steps, and choose one there.')

const frequencies = ['IMMEDIATE', 'HOURLY', 'DAILY'] as const

/** The survey's input as a form has it. What is no number or date is refused here. */
function surveyOf(form: Form, link: SetupLinkRow): { survey: Parameters<typeof requestConnections>[2] } | { refusals: Refusal[] } {
  const [expected, since] = [textOf(form, 'expectedOrdersPerDay').trim(), textOf(form, 'importFrom').trim()]
  const importFrom = since === '' ? null : new Date(`${since}T00:00:00Z`)
  const refusals = [
    ...(/^\d{0,9}$/.test(expected) ? [] : [refusal('INVALID', 'a whole number is wanted', 'expectedOrdersPerDay')]),
    ...(importFrom !== null && (Number.isNaN(importFrom.getTime()) || !/^\d{4}-\d\d-\d\d$/.test(since)) ? [refusal('INVALID', 'a date such as 2026-11-26 is wanted', 'importFrom')] : []),
  ]
  if (refusals.length > 0) return { refusals }
  const told = topics.filter((topic) => listOf(form, 'topics').includes(topic))
  return {
    survey: {
      customerId: toId('Customer', link.customerId), warehouseId: toId('Warehouse', link.warehouseId), marketplaceIds: listOf(form, 'marketplaceIds'),
      contactName: textOf(form, 'contactName'), contactEmail: textOf(form, 'contactEmail'), merchantId: textOf(form, 'merchantId'), notes: textOf(form, 'notes'),
      expectedOrdersPerDay: expected === '' ? null : Number(expected), importFrom, inventorySync: textOf(form, 'inventorySync') === 'true',
      notify: told.length === 0 ? [] : [{ email: textOf(form, 'contactEmail'), topics: told, frequency: frequencies.find((one) => one === textOf(form, 'frequency')) ?? 'IMMEDIATE' }],
    },
  }
}
