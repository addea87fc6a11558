// The rooms of bench/isolation, in one process, so that nothing but the guard differs: guarded as the gateway is; open, where everybody may do everything and sees every
// customer's rows; and open again on connections of a role that row-level security guards.
import { createChannels } from '../src/app/channels.ts'
import { createContract } from '../src/app/contract.ts'
import { Authenticator } from '../src/auth/authenticate.ts'
import { mayUse } from '../src/auth/permissions.ts'
import type { Actor } from '../src/auth/scope.ts'
import { Sealer } from '../src/auth/seal.ts'
import { Signer } from '../src/auth/signer.ts'
import { readConfig } from '../src/config/env.ts'
import { budgetLedger } from '../src/connections/budgets.store.ts'
import { cancellable } from '../src/db/cancellable.ts'
import { type Database, openDatabase } from '../src/db/client.ts'
import { startHttp } from '../src/http/server.ts'
import { Buckets } from '../src/kit/buckets.ts'
import { systemClock } from '../src/kit/clock.ts'
import { createLog } from '../src/observability/log.ts'
import { Metrics } from '../src/observability/metrics.ts'
import { builtIn } from '../src/shipments/carriers-file.ts'
import { Networks } from '../src/webhooks/target.ts'

const databaseUrl = process.env['DATABASE_URL']!
const log = createLog('warn')
const metrics = new Metrics()
const amazon = { app: null, tokenUrl: '', endpoints: { NORTH_AMERICA: '', EUROPE: '', FAR_EAST: '' }, simulatorUrl: null, developerName: '', legacyDeveloperAccounts: {} }
const opened = (connectionString: string): Database => openDatabase({ connectionString, max: 16, application_name: 'cartage' }, (error) => console.error(error.message))
const db = opened(databaseUrl)
const channels = createChannels(amazon, 'http://127.0.0.1:9', { ledger: budgetLedger(db.pool), clock: systemClock, log, metrics })
const key = new Uint8Array(32)
const sealer = new Sealer([key])
const schema = await createContract({
  channels, carriers: builtIn.carriers, sealer, publicUrl: () => '', networks: new Networks([]),
  onboarding: { signing: { kind: 'none' }, template: null, sealer, signer: new Signer([key]), publicUrl: () => '', operators: [], setupLinkDays: 1, turnaroundHours: 48, rules: { agreementNeeded: false, holidays: [] } },
})
const anybody: Actor = { id: 'anybody', name: 'Anybody', role: 'ADMIN' }
const nobodyAsks = { actorOf: () => Promise.resolve(anybody), live: (ids: string[]) => Promise.resolve(new Set(ids)), onRevoked: () => {} } as unknown as Authenticator
const unlimited = { take: () => 0 } as unknown as Buckets

async function room(own: Database, isOpen: boolean): Promise<string> {
  const { url } = await startHttp({
    ...readConfig({ DATABASE_URL: databaseUrl, ENCRYPTION_KEY: Buffer.from(key).toString('base64'), PORT: '0', RATE_LIMIT: '100000000' }),
    schema, trusted: new Map(), log, metrics: new Metrics(), readiness: async () => [], localToken: null, finishAuthorization: null, sites: [],
    authenticator: isOpen ? nobodyAsks : new Authenticator({ db, clock: systemClock, log }), tokenRates: isOpen ? unlimited : new Buckets(1e9, 1e9), mayUse: isOpen ? () => true : mayUse,
    scopeFor: (actor, requestId, { signal, address = null } = {}) => ({
      tenant: isOpen ? null : (actor.customerIds ?? null), actor, db: signal === undefined ? own : cancellable(own, signal, () => {}), clock: systemClock, log: log.child({ requestId }), requestId, address,
    }),
  })
  return `${url}/graphql`
}
console.log(`ready ${[await room(db, false), await room(db, true), await room(opened(process.env['ROWS_URL']!), true)].join(',')}`)
