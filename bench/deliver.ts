// 10,000 events told to 3 webhooks, each in order, signed and recorded: against bare undici, which posts the same bodies to the same receiver with as many
// requests at a time and does nothing else. Then a worker is killed in the middle (kill -9): nothing may be lost. QUICK=1 is a short form.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { Sealer } from '../src/auth/seal.ts'
import { transaction } from '../src/db/transaction.ts'
import { appendEvents } from '../src/events/append.ts'
import { BEGINNING, type EventRow, horizon, readEvents } from '../src/events/read.ts'
import { systemClock } from '../src/kit/clock.ts'
import { toId } from '../src/kit/ids.ts'
import { createLog } from '../src/observability/log.ts'
import { Metrics } from '../src/observability/metrics.ts'
import { WebhookPump } from '../src/webhooks/deliver.ts'
import { bodyOf } from '../src/webhooks/message.ts'
import { saveWebhook } from '../src/webhooks/save-webhook.ts'
import { Networks } from '../src/webhooks/target.ts'
import { moveWebhook } from '../src/webhooks/webhooks.store.ts'
import { compare, onFreshDatabase } from './compare.ts'
import { aChange } from './fan-out-servers.ts'
import { startProgram, startRival } from './processes.ts'
import { goal } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const EVENTS = QUICK ? 2000 : 10_000
const WEBHOOKS = 3
const ROUNDS = QUICK ? 1 : 5
const LOCAL = ['127.0.0.0/8']

await onFreshDatabase(async (scope, databaseUrl) => {
  const receiver = await startRival('deliver-receiver', fileURLToPath(new URL('deliver-receiver.js', import.meta.url)), {})
  const at = receiver.apiUrl!
  const ask = async <T>(path: string): Promise<T> => (await (await fetch(`${at}${path}`)).json()) as T
  const taken = async (): Promise<number> => Object.values(await ask<Record<string, number>>('/counts')).reduce((sum, one) => sum + one, 0)
  const forget = async (): Promise<void> => void (await fetch(`${at}/`, { method: 'DELETE' }))

  const event = await aChange(scope)
  await scope.db.pool.query('UPDATE cadences SET enabled = false') // an import that fails would tell of it
  const happen = async (): Promise<void> => {
    for (let written = 0; written < EVENTS; written += 500) await transaction(scope.db.pool, (tx) => appendEvents(tx, Array.from({ length: 500 }, (_, index) => ({ ...event, summary: `Bench changed its settings for the ${written + index}th time` }))))
  }
  const key = randomBytes(32)
  const gateway = { db: scope.db, clock: systemClock, log: createLog('warn'), metrics: new Metrics(), sealer: new Sealer([key]), networks: new Networks(LOCAL) }
  const webhooks: string[] = []
  for (let n = 0; n < WEBHOOKS; n++) {
    const saved = await saveWebhook(scope, gateway, { connectionId: toId('Connection', event.connectionId), url: new URL(`${at}/hook-${n}`), topics: ['CONNECTION_CHANGED'] })
    if ('refusals' in saved) throw new Error(JSON.stringify(saved.refusals))
    webhooks.push(saved.webhook.id)
  }
  await happen()
  const replay = (): Promise<unknown> => transaction(scope.db.pool, async (tx) => { for (const id of webhooks) await moveWebhook(tx, scope, id, BEGINNING) })

  const bodies: { id: string; body: string }[] = []
  for (let after: Pick<EventRow, 'xid' | 'id'> = BEGINNING; bodies.length < EVENTS;) {
    const events = await readEvents(scope, { types: ['CONNECTION_CHANGED'], connectionIds: null, customerIds: null, orderId: null }, after, await horizon(scope), 500)
    bodies.push(...events.map((one) => ({ id: `evt_${one.id}`, body: bodyOf(one) })))
    after = events.at(-1)!
  }
  const bare = new Pool(at, { connections: WEBHOOKS })
  await compare(`${EVENTS} events to ${WEBHOOKS} webhooks`, [
    {
      name: 'webhooks',
      async prepare() {
        await forget()
        await scope.db.pool.query('DELETE FROM webhook_deliveries')
        await replay()
      },
      async turn() {
        const pump = new WebhookPump(gateway)
        await pump.tick()
        while ((await taken()) < EVENTS * WEBHOOKS) await sleep(50) // to ask costs both sides
        await pump.stop(10_000)
      },
    },
    {
      name: 'bare undici',
      prepare: forget,
      turn: async () => void (await Promise.all(webhooks.map(async (_, n) => {
        for (const { id, body } of bodies) {
          const answer = await bare.request({ path: `/hook-${n}`, method: 'POST', headers: { 'content-type': 'application/json', 'webhook-id': id }, body })
          await answer.body.dump()
        }
      }))),
    },
  ], ROUNDS, [{ of: 'bare undici', than: 'webhooks', atLeast: 0.4 }])
  await bare.close()

  await forget()
  await scope.db.pool.query('DELETE FROM webhook_deliveries')
  await replay()
  const env = { CARTAGE_ROLES: 'worker', DATABASE_URL: databaseUrl, ENCRYPTION_KEY: key.toString('base64'), WEBHOOK_NETWORKS: LOCAL.join(), DATABASE_POOL_SIZE: '4' }
  const victim = await startProgram('deliver-victim', env)
  while ((await taken()) < EVENTS) await sleep(5)
  await victim.end('SIGKILL')
  const atDeath = await taken()
  const heir = await startProgram('deliver-heir', env)
  const told = async (): Promise<string[][]> => Object.values(await ask<Record<string, string[]>>('/ids'))
  for (const deadline = Date.now() + 120_000; (await told()).some((ids) => new Set(ids).size < EVENTS) && Date.now() < deadline;) await sleep(500)
  await heir.end('SIGTERM')
  const all = await told()
  await receiver.end('SIGTERM')
  const came = all.map((ids) => ({ different: new Set(ids).size, twice: ids.length - new Set(ids).size, back: ids.slice(1).filter((id, index) => Number(id.slice(4)) < Number(ids[index]!.slice(4))).length }))
  console.log(`killed after ${atDeath} of ${EVENTS * WEBHOOKS}: told twice ${came.map(({ twice }) => twice).join(', ')}`)
  goal(`lost ${came.reduce((sum, { different }) => sum + EVENTS - different, 0)}, goal 0; each in order but for where the second worker took up`, came.length === WEBHOOKS && came.every(({ different, back }) => different === EVENTS && back <= 1))
})
