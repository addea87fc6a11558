// The storage behind the presigned URLs of feed documents: at the root, so that one URL serves callers of every base.
import type { FastifyInstance } from 'fastify'
import type { Answer } from './answer.ts'
import { type Served, serve } from './door.ts'
import { downloadFeedDocument, type StorageCall, uploadFeedDocument } from './feeds.ts'
import type { StorageOperation } from './quota.ts'

/** Above what a feed may be, so that it is the feed that is refused. */
const MOST_BYTES = 32 * 1024 * 1024

export function serveStorage(app: FastifyInstance, served: Served): void {
  void app.register(async (storage) => {
    storage.removeAllContentTypeParsers()
    storage.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_request, body, done) => done(null, body))
    const on = (method: 'GET' | 'PUT', operation: StorageOperation, work: (call: StorageCall) => Answer) =>
      storage.route<{ Params: { documentId: string }; Body: Buffer | undefined }>({
        method,
        url: '/_storage/:documentId',
        exposeHeadRoute: false,
        handler: async (request, reply) => {
          const { state } = served
          const { documentId } = request.params
          const document = state.feeds.documents.get(documentId)
          await serve(served, reply, {
            operation,
            seller: document === undefined ? null : (state.sellers.get(document.sellerId) ?? null),
            subject: documentId,
            body: '',
            token: null,
            refusal: null,
            work: () =>
              work({
                state,
                now: state.settle(),
                document,
                documentId,
                query: new URL(request.url, 'http://simulator').searchParams,
                contentType: request.headers['content-type'],
                content: request.body ?? Buffer.alloc(0),
              }),
          })
          return reply
        },
      })
    on('PUT', 'uploadFeedDocument', uploadFeedDocument)
    on('GET', 'downloadFeedDocument', downloadFeedDocument)
  })
}
