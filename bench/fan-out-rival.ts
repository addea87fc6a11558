// A rival of bench/fan-out in a process of its own. KIND says which: bare `ws`, which sends a text that it is handed to every socket, at once or
// gathered; or plain graphql-ws on graphql-js with the very schema and log of the gateway, each subscriber for itself.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { execute, parse, subscribe } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { createChannels } from '../src/app/channels.ts'
import { resolverClasses, resolverInstances } from '../src/app/resolvers.ts'
import { Sealer } from '../src/auth/seal.ts'
import { Signer } from '../src/auth/signer.ts'
import type { Scope } from '../src/auth/scope.ts'
import { budgetLedger } from '../src/connections/budgets.store.ts'
import { openDatabase } from '../src/db/client.ts'
import { followEvents } from '../src/events/tail.ts'
import { createSchema } from '../src/graphql/schema.ts'
import { systemClock } from '../src/kit/clock.ts'
import { createLog } from '../src/observability/log.ts'
import { Metrics } from '../src/observability/metrics.ts'
import { builtIn } from '../src/shipments/carriers-file.ts'
import { Networks } from '../src/webhooks/target.ts'

const GATHER_MS = 15

const server = http.createServer()
const sockets = new WebSocketServer({ noServer: true })
if (process.env['KIND'] === 'graphql-ws') await serveGraphql(process.env['DATABASE_URL']!)
else serveBare(process.env['KIND'] === 'ws-gathered')
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send!(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)

function serveBare(gathered: boolean): void {
  const streams = new Map<WebSocket, Duplex>()
  server.on('upgrade', (request, stream, head) => sockets.handleUpgrade(request, stream, head, (ws) => {
    streams.set(ws, stream)
    ws.once('close', () => streams.delete(ws))
    ws.on('error', () => {})
  }))
  const corked = new Set<Duplex>()
  if (gathered) {
    setInterval(() => {
      for (const stream of corked) stream.uncork()
      corked.clear()
    }, GATHER_MS)
  }
  process.on('message', (text: string) => {
    for (const [ws, stream] of streams) {
      if (gathered && !corked.has(stream)) {
        stream.cork()
        corked.add(stream)
      }
      ws.send(text)
    }
  })
}

async function serveGraphql(databaseUrl: string): Promise<void> {
  const db = openDatabase({ connectionString: databaseUrl, max: 8 }, (error) => console.error(error.message))
  const log = createLog('silent')
  await followEvents(db, log)
  const amazon = { app: null, tokenUrl: '', endpoints: { NORTH_AMERICA: '', EUROPE: '', FAR_EAST: '' }, simulatorUrl: null, developerName: '', legacyDeveloperAccounts: {} }
  const channels = createChannels(amazon, 'http://127.0.0.1:9', { ledger: budgetLedger(db.pool), clock: systemClock, log, metrics: new Metrics() })
  const key = new Uint8Array(32)
  const sealer = new Sealer([key])
  const schema = await createSchema(resolverClasses, resolverInstances({
    channels, carriers: builtIn.carriers, sealer, publicUrl: () => '', networks: new Networks([]),
    onboarding: { signing: { kind: 'none' }, template: null, sealer, signer: new Signer([key]), publicUrl: () => '', operators: [], setupLinkDays: 1, turnaroundHours: 48, rules: { agreementNeeded: false, holidays: [] } },
  }))
  const scope: Scope = { tenant: null, actor: { id: 'bench', name: 'Bench', role: 'ADMIN' }, db, clock: systemClock, log, requestId: 'bench' }
  // Each document is valid, and parsed and validated but once: what is measured is the fan-out.
  const documents = new Map<string, ReturnType<typeof parse>>()
  useServer(
    {
      schema, execute, subscribe, context: scope,
      onSubscribe(_context, _id, { query, variables }) {
        let document = documents.get(query)
        if (document === undefined) documents.set(query, (document = parse(query)))
        return { schema, document, variableValues: variables, contextValue: scope }
      },
    },
    sockets,
  )
  server.on('upgrade', (request, stream, head) => sockets.handleUpgrade(request, stream, head, (ws) => sockets.emit('connection', ws, request)))
}
