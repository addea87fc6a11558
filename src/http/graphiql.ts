import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { HttpOptions } from './http-options.ts'
import { isLocal } from '../pages/local.ts'

/** A tab that GraphiQL opens with. */
export interface ExampleTab {
  query: string
  /** JSON. */
  variables: string
}

const own = path.join(import.meta.dirname, 'graphiql')

/** Served name -> the package that has it, and where. A build copies all of them next to our own files. */
const packaged: Record<string, [name: string, folder: string]> = {
  'graphiql.min.js': ['graphiql', ''],
  'graphiql.min.css': ['graphiql', ''],
  'react.production.min.js': ['react', 'umd'],
  'react-dom.production.min.js': ['react-dom', 'umd'],
}
const assets = [...Object.keys(packaged), 'page.js', 'page.css']

/** The operations of the commonest tasks, which the client kit and docs/api.md have as well. */
const operations = path.resolve(import.meta.dirname, '../../operations')
const examples = ['find-orders', 'preview-ship-and-close', 'ship-and-close', 'trace-order', 'explain-stock', 'watch-events']

export function exampleTabs(): Promise<ExampleTab[]> {
  const read = async (name: string): Promise<ExampleTab> => ({ query: await readFile(`${name}.graphql`, 'utf8'), variables: await readFile(`${name}.json`, 'utf8') })
  // The last is a walk of many operations, for people alone.
  return Promise.all([...examples.map((name) => path.join(operations, name)), path.join(own, 'connect-a-merchant')].map(read))
}

/** GraphiQL at /graphiql, from files of ours alone. */
export async function serveGraphiql(app: FastifyInstance, { localToken, host }: Pick<HttpOptions, 'localToken' | 'host'>): Promise<void> {
  const [template, tabs] = await Promise.all([readFile(path.join(own, 'page.html'), 'utf8'), exampleTabs()])
  await app.register(fastifyStatic, { root: own, serve: false })
  for (const name of assets) {
    const file = locate(name)
    app.get(`/graphiql/${name}`, (_request, reply) => reply.sendFile(path.basename(file), path.dirname(file), { maxAge: '1h' }))
  }
  const helmet = {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"], // the editor sets styles of its own
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  }
  app.get('/graphiql', { helmet }, async (request, reply) => {
    const settings = { token: isLocal(request, host) ? (localToken?.() ?? null) : null, tabs }
    const page = template.replace('{{settings}}', () => JSON.stringify(settings).replaceAll('<', '\\u003c'))
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page)
  })
}

function locate(name: string): string {
  const built = path.join(own, name)
  const from = packaged[name]
  if (from === undefined || existsSync(built)) return built
  return path.join(path.dirname(createRequire(import.meta.url).resolve(`${from[0]}/package.json`)), from[1], name)
}
