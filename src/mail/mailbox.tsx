// What was sent, for people on this very machine: the mailbox of a gateway that has no mail server.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fragment, type ReactElement } from 'react'
import type { Database } from '../db/client.ts'
import { isLocal } from '../pages/local.ts'
import { sendPage } from '../pages/page.tsx'
import { listMails, type MailSummary, readMail } from './mails.store.ts'

const A_PAGE = 50
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const states = { PENDING: 'waits', SENT: 'sent', FAILED: 'failed' } as const
const at = (instant: Date): string => instant.toISOString().replace('T', ' ').slice(0, 19)

/** `search` null: all that was sent, looked at anew by itself, which would take the words from under whoever types. */
function List({ mails, search }: { mails: readonly MailSummary[]; search: string | null }): ReactElement {
  const last = mails.length === A_PAGE ? mails.at(-1)!.id : null
  return (
    <>
      <nav aria-label="Mailbox"><p>{search === null ? <a href="/mailbox?q=">Find a mail</a> : <a href="/mailbox">All mails</a>} · <a href="/graphiql">GraphiQL</a></p></nav>
      {search === null ? <p className="dim">No mail server is set (SMTP_URL): what is sent stays here. The page looks again every few seconds.</p> : (
        <form method="get" action="/mailbox" role="search">
          <label htmlFor="q">Recipient or subject</label>
          <input id="q" name="q" type="search" defaultValue={search} maxLength={200} />
          <button type="submit">Find</button>
        </form>
      )}
      {mails.length === 0 ? <p>{search === null || search === '' ? 'Nothing was sent yet.' : 'No mail has that in its recipient or subject.'}</p> : (
        <table>
          <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col" className="narrow-off">Kind</th><th scope="col">State</th><th scope="col" className="narrow-off">Queued (UTC)</th></tr></thead>
          <tbody>
            {mails.map((mail) => (
              <tr key={mail.id}>
                <td><a href={`/mailbox/${mail.id}`}>{mail.subject.trim() === '' ? '(no subject)' : mail.subject}</a></td>
                <td>{mail.recipient}</td><td className="narrow-off">{mail.kind}</td><td>{states[mail.status]}</td><td className="narrow-off">{at(mail.createdAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {last === null ? null : <p><a href={`/mailbox?${new URLSearchParams({ q: search ?? '', after: last }).toString()}`}>Older ones</a></p>}
    </>
  )
}

function Details({ mail }: { mail: MailSummary & { headers: Record<string, string> } }): ReactElement {
  const rows: [string, string][] = [
    ['To', mail.recipient], ['Kind', mail.kind], ['State', `${states[mail.status]}${mail.error === null ? '' : `: ${mail.error}`}`],
    ['Queued', `${at(mail.createdAt)} UTC`], ...(mail.sentAt === null ? [] : [['Sent', `${at(mail.sentAt)} UTC`] satisfies [string, string]]), ...Object.entries(mail.headers),
  ]
  return <dl>{rows.map(([name, value]) => <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>)}</dl>
}

/** The mailbox at /mailbox, and each mail as it looks; for browsers on this machine alone, as mails hold links that let people in. */
export function serveMailbox({ db, host }: { db: Database; host: string }): (app: FastifyInstance) => void {
  return (app) => {
    const readable = (request: FastifyRequest): boolean => isLocal(request, host)
    const refusal = { title: 'The mailbox is for this machine alone', mood: 'refused', body: <p>Open it in a browser on the machine that the gateway runs on.</p> } as const
    app.get<{ Querystring: { q?: string | string[]; after?: string | string[] } }>('/mailbox', async (request, reply) => {
      if (!readable(request)) return sendPage(reply, 403, refusal)
      const { q, after } = request.query
      const search = typeof q === 'string' ? q.replaceAll('\0', '').trim().slice(0, 200) : null
      const from = typeof after === 'string' && uuid.test(after) ? after : null
      const mails = await listMails(db.pool, search === '' ? null : search, from, A_PAGE)
      return sendPage(reply, 200, { title: 'Mailbox', wide: true, body: <List mails={mails} search={search} />, ...(search === null ? { refreshSeconds: 5 } : { forms: true }) })
    })
    // The same for the console.
    app.get<{ Querystring: { q?: string | string[]; after?: string | string[] } }>('/mailbox.json', async (request, reply) => {
      reply.header('cache-control', 'no-store')
      if (!readable(request)) return reply.code(403).send({ mails: [], more: false })
      const { q, after } = request.query
      const search = typeof q === 'string' ? q.replaceAll('\0', '').trim().slice(0, 200) : ''
      const mails = await listMails(db.pool, search === '' ? null : search, typeof after === 'string' && uuid.test(after) ? after : null, A_PAGE)
      return { mails, more: mails.length === A_PAGE }
    })
    app.get<{ Params: { id: string } }>('/mailbox/:id', async (request, reply) => {
      if (!readable(request)) return sendPage(reply, 403, refusal)
      const mail = uuid.test(request.params.id) ? await readMail(db.pool, request.params.id) : null
      if (mail === null) return sendPage(reply, 404, { title: 'There is no such mail', mood: 'refused', body: <p><a href="/mailbox">All mails</a></p> })
      return sendPage(reply, 200, {
        title: mail.subject, wide: true, frames: true,
        body: (
          <>
            <Details mail={mail} />
            {mail.html === null ? <p>Its text is not kept any more.</p> : (
              <>
                <iframe title="The mail as it looks" src={`/mailbox/${mail.id}/body`} sandbox="allow-popups allow-popups-to-escape-sandbox" />
                <h2>In plain text</h2>
                <pre>{mail.text}</pre>
              </>
            )}
            <p><a href="/mailbox">All mails</a></p>
          </>
        ),
      })
    })
    // In a frame without scripts or this site's rights; links open beside it.
    app.get<{ Params: { id: string } }>('/mailbox/:id/body', async (request, reply) => {
      if (!readable(request)) return sendPage(reply, 403, refusal)
      const mail = uuid.test(request.params.id) ? await readMail(db.pool, request.params.id) : null
      if (mail?.html == null) return sendPage(reply, 404, { title: 'There is no such mail', mood: 'refused', body: null })
      const policy = "default-src 'none';style-src 'unsafe-inline';img-src data:;form-action 'none';frame-ancestors 'self';sandbox allow-popups allow-popups-to-escape-sandbox"
      return reply.header('content-security-policy', policy).header('cache-control', 'no-store').header('x-frame-options', 'SAMEORIGIN').header('referrer-policy', 'no-referrer')
        .type('text/html; charset=utf-8').send(mail.html.replace('<head>', '<head><base target="_blank"/>'))
    })
  }
}
