// The console: the warehouse's own pages. One page serves all of its routes, which the browser tells apart; its files are made by the build.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { OidcConfig } from '../config/env.ts'

/** From the sources and from what was compiled of them alike. */
const files = path.resolve(import.meta.dirname, '../../dist/console/files')

/** Its documents by their hash, for a gateway that takes nothing but trusted ones; null where it was not built. */
export const consoleDocuments = (folder = files): string | null => {
  const file = path.join(folder, 'persisted-documents.json')
  return existsSync(file) ? file : null
}

/** What the page is told about its gateway. */
export interface ConsoleSettings {
  /** The database that comes along: for trying. */
  embedded: boolean
  /** Whether what is sent is to be read at /mailbox. */
  mailbox: boolean
  graphiql: boolean
  /** Whether documents are sent by their hash alone. */
  trusted: boolean
  /** Null: people sign in by token. */
  oidc: { issuer: string; clientId: string; scope: string } | null
}

export interface ConsoleOptions extends Omit<ConsoleSettings, 'oidc'> {
  oidc: OidcConfig | null
  /** Unless told, where the build puts them. */
  folder?: string
}

/** Whatever else is asked for is no page of the console, and refused as such. */
export const consoleRoutes = ['/', '/sign-in', '/signed-in', '/dashboard', '/orders', '/orders/:id', '/shipments/:id', '/ship', '/imports', '/inventory', '/inventory/:id', '/connections', '/connections/:id', '/activity', '/mail']

export function serveConsole({ oidc, folder = files, ...options }: ConsoleOptions): (app: FastifyInstance) => Promise<void> {
  const settings: ConsoleSettings = {
    embedded: options.embedded, mailbox: options.mailbox, graphiql: options.graphiql, trusted: options.trusted,
    oidc: oidc?.clientId == null ? null : { issuer: oidc.issuer, clientId: oidc.clientId, scope: 'openid profile' },
  }
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c')
  // Discovery and tokens come from the provider.
  const provider = settings.oidc === null ? [] : [new URL(settings.oidc.issuer).origin]
  const policy = (nonce: string): string => [
    "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "img-src 'self' data:", "font-src 'self'", `connect-src ${["'self'", ...provider].join(' ')}`,
    "manifest-src 'self'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'",
  ].join(';')
  return async (app) => {
    app.get('/console.json', async (_request, reply) => reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(json))
    const template = existsSync(path.join(folder, 'index.html')) ? await readFile(path.join(folder, 'index.html'), 'utf8') : null
    if (template !== null) await app.register(fastifyStatic, { root: path.join(folder, 'assets'), prefix: '/assets/', wildcard: false, index: false, decorateReply: false, immutable: true, maxAge: '365d', preCompressed: true })
    for (const route of consoleRoutes) {
      app.get(route, async (_request, reply) => {
        if (template === null) return reply.code(503).type('text/plain; charset=utf-8').send('The console is not built: npm run build\n')
        const nonce = randomBytes(16).toString('base64')
        // The nonce is good for this answer alone: it is never kept.
        return reply.header('content-security-policy', policy(nonce)).header('cache-control', 'no-store').type('text/html; charset=utf-8')
          .send(template.replace('{{nonce}}', nonce).replace('{{settings}}', () => json))
      })
    }
  }
}
