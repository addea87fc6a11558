// The way out of every mail: a page with a button, and one click for mail programs (RFC 8058). A look at the link does nothing.
import type { FastifyInstance } from 'fastify'
import { by } from '../auth/changing.ts'
import type { Signer } from '../auth/signer.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import type { Clock } from '../kit/clock.ts'
import { sendPage } from '../pages/page.tsx'
import { stopContact } from './stop-contact.ts'

const LARGEST_BODY = 4096

export function serveUnsubscribe({ db, clock, signer }: { db: Database; clock: Clock; signer: Signer }): (app: FastifyInstance) => void {
  const unknown = { title: 'This link is not known', mood: 'refused', body: <p>It is not complete, or was changed. Use the one in your mail.</p> } as const
  const done = { title: 'You get no more of these', mood: 'done', body: <p>If that was a mistake, ask the warehouse to turn it on again.</p> } as const
  return (app) => {
    // The link says all: mail programs send `List-Unsubscribe=One-Click` as a form of either kind.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY }, (_request, _body, done) => done(null, null))
    app.get<{ Params: { token: string } }>('/unsubscribe/:token', { exposeHeadRoute: false }, async (request, reply) => {
      if (typeof (await signer.verify('unsubscribe', request.params.token, clock())) === 'string') return sendPage(reply, 404, unknown)
      return sendPage(reply, 200, {
        title: 'Have no more of these mails?', forms: true,
        body: <form method="post" action={`/unsubscribe/${request.params.token}`}><p>You get nothing more about this connection at this address.</p><button type="submit">No more mails</button></form>,
      })
    })
    app.post<{ Params: { token: string } }>('/unsubscribe/:token', async (request, reply) => {
      const proven = await signer.verify('unsubscribe', request.params.token, clock())
      if (typeof proven === 'string') return sendPage(reply, 404, unknown)
      const author = { id: `contact:${proven.subject}`, name: 'a contact, by the link of its mail', address: request.ip, requestId: request.id, action: 'unsubscribe' }
      await transaction(db.pool, (tx) => stopContact(tx, proven.subject, 'unsubscribed by its own link', 'has unsubscribed'), by(author))
      return sendPage(reply, 200, done)
    })
  }
}
