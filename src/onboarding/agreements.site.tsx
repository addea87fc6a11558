// Documents of agreements for whoever has their address, and what a signature provider tells.
import type { FastifyInstance } from 'fastify'
import type { Scope } from '../auth/scope.ts'
import { ProviderError } from '../agreements/provider.ts'
import { sendPage } from '../pages/page.tsx'
import { type Agreeing, remoteOf } from './agreeing.ts'
import { openDocument } from './agreement-document.ts'
import { agreementIdOf } from './agreements.store.ts'
import { settleAgreement } from './settle-agreement.ts'

const LARGEST_CALLBACK = 1024 * 1024

/** GET /agreements/:token, POST /agreements/:provider/callback. `scopeOf` is the gateway's own, of a request. */
export function serveAgreements(process: Agreeing, scopeOf: (requestId: string) => Scope): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Params: { token: string } }>('/agreements/:token', async (request, reply) => {
      const scope = scopeOf(request.id)
      const proven = await process.signer.verify('document', request.params.token, scope.clock())
      if (proven === 'expired') return sendPage(reply, 410, { title: 'This address is too old', mood: 'refused', body: <p>Ask for the document again where you found it.</p> })
      const document = proven === 'altered' ? null : await openDocument(scope, process.sealer, proven.subject)
      if (document === 'altered') return sendPage(reply, 500, { title: 'The document was altered', mood: 'unavailable', body: <p>What is stored is not what was stored first. Tell the warehouse the number of this request: {request.id}</p> })
      if (document === null) return sendPage(reply, 404, { title: 'There is no such document', mood: 'refused', body: <p>The address is not complete, or was changed.</p> })
      // Nobody is to sign it on paper either.
      if (document.status === 'VOIDED' || document.status === 'DECLINED') return sendPage(reply, 410, { title: `This agreement was ${document.status === 'VOIDED' ? 'withdrawn' : 'declined'}`, mood: 'refused', body: <p>It binds nobody. The warehouse sends another where one is wanted.</p> })
      return reply.header('cache-control', 'no-store').header('content-disposition', `inline; filename="agreement${document.status === 'SIGNED' ? '-signed' : ''}.pdf"`)
        .header('content-security-policy', "default-src 'none';style-src 'unsafe-inline';object-src 'self';frame-ancestors 'self'").header('x-frame-options', 'SAMEORIGIN')
        .type('application/pdf').send(Buffer.from(document.bytes))
    })

    void app.register(async (raw) => {
      raw.removeAllContentTypeParsers()
      raw.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_CALLBACK }, (_request, body, done) => done(null, body))
      raw.post<{ Params: { provider: string } }>('/agreements/:provider/callback', async (request, reply) => {
        const provider = remoteOf(process, request.params.provider)
        if (provider === null) return reply.code(404).send({ error: 'there is no such provider' })
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const reference = provider.referenceOfCallback(body, request.headers)
        if (reference === null) return reply.code(401).send({ error: 'not proven to come from the provider' })
        const scope = scopeOf(request.id)
        const id = await agreementIdOf(scope.db.pool, provider.code, reference)
        if (id === null) return reply.code(404).send({ error: 'there is no such agreement' })
        try {
          await settleAgreement(scope, process, id)
          return reply.code(204).send()
        } catch (error) {
          if (!(error instanceof ProviderError)) throw error
          return reply.code(503).send({ error: 'the provider cannot be asked now: tell it again' })
        }
      })
    })
  }
}
