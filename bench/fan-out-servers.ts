// Who serves subscribers in a bench: the gateway as it is shipped, or a rival, in a process of its own on the first core.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../src/auth/scope.ts'
import { createConnection } from '../src/connections/create-connection.ts'
import { createCustomer } from '../src/customers/create-customer.ts'
import { createWarehouse } from '../src/customers/create-warehouse.ts'
import { transaction } from '../src/db/transaction.ts'
import type { NewEvent } from '../src/events/catalogue.ts'
import { pinned, startProgram } from './processes.ts'

export type Rival = 'ws' | 'ws-gathered' | 'graphql-ws'

export interface FanOutServer {
  pid: number
  url: string
  /** Makes it send so many events at once. */
  emit(count: number): Promise<void>
  stop(): Promise<void>
}

export async function startGateway(name: string, databaseUrl: string, append: (count: number) => Promise<void>): Promise<FanOutServer> {
  const program = await startProgram(name, { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'), CARTAGE_ROLES: 'api', DATABASE_POOL_SIZE: '8' }, 0)
  return { pid: program.pid, url: program.apiUrl!.replace('http', 'ws'), emit: append, stop: () => program.end('SIGKILL') }
}

/** Bare `ws` is handed what to send; graphql-ws reads the log as the gateway does. */
export async function startRival(kind: Rival, databaseUrl: string, append: (count: number) => Promise<void>, text: () => string = () => ''): Promise<FanOutServer> {
  const [command, ...args] = pinned(0, process.execPath)
  const child = fork(fileURLToPath(new URL('fan-out-rival.js', import.meta.url)), {
    execPath: command!, execArgv: args, env: { ...process.env, KIND: kind, DATABASE_URL: databaseUrl }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'close')
  const [url] = (await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error(`${kind} did not start`)))])) as [string]
  return {
    pid: child.pid!,
    url,
    async emit(count) {
      if (kind === 'graphql-ws') return append(count)
      for (let n = 0; n < count; n++) child.send(text())
    },
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** An event of a connection that is there, but for its sentence. */
export async function aChange(scope: Scope): Promise<Omit<NewEvent, 'summary'>> {
  const customer = await createCustomer(scope, { name: 'Bench' })
  const warehouse = await createWarehouse(scope, { name: 'Bench', code: 'BENCH', timeZone: 'UTC', address: { line1: '1', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in customer || 'refusals' in warehouse) throw new Error('refused')
  const connection = await transaction(scope.db.pool, (tx) => createConnection(tx, { customerId: customer.customer.id, warehouseId: warehouse.warehouse.id, name: 'Bench', channel: 'amazon', marketplaceId: 'ATVPDKIKX0DER', merchantId: 'BENCH', status: 'LIVE' }))
  return { type: 'CONNECTION_CHANGED', customerId: connection.customerId, connectionId: connection.id }
}
