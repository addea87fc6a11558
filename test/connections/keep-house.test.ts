import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChannels } from '../../src/app/channels.ts'
import { saveAuthorization } from '../../src/connections/authorizations.ts'
import { budgetLedger } from '../../src/connections/budgets.store.ts'
import { insertConsent } from '../../src/connections/consents.store.ts'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { keepHouse } from '../../src/connections/keep-house.ts'
import { transaction } from '../../src/db/transaction.ts'
import { startClock } from '../../src/jobs/agenda.ts'
import { postgresClockStore } from '../../src/jobs/postgres-clock.store.ts'
import { days, minutes, shifted } from '../../src/kit/clock.ts'
import { toId } from '../../src/kit/ids.ts'
import type { Channels } from '../../src/marketplaces/registry.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { until } from '../journeys/stage.ts'
import { createStage, type Stage } from './stage.ts'

const HOUR = minutes(60)

describe('housekeeping', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  /** As some process would, so long before an end. */
  const keep = (end: Date, before: number, channels: Channels = stage.channels): Promise<void> => keepHouse({ ...stage.scope, clock: () => shifted(end, -before) }, channels)
  const authorize = (connection: ConnectionRow, expiresAt: Date | null): Promise<string> =>
    transaction(stage.scope.db.pool, (tx) => saveAuthorization(tx, stage.sealer, connection, { merchantId: connection.merchantId ?? `M-${randomUUID()}`, credentials: '{}', expiresAt }))
  const warned = async ({ id }: ConnectionRow): Promise<string[]> => (await stage.events(id)).filter(({ type }) => type === 'AUTHORIZATION_EXPIRING').map(({ summary }) => summary)
  const withSecret = (secretExpiresAt: Date): Channels =>
    createChannels(
      {
        app: { clientId: 'c', clientSecrets: ['s'], secretExpiresAt, applicationId: null, draft: false }, tokenUrl: 'http://127.0.0.1:9', simulatorUrl: null, developerName: '3PL Central',
        endpoints: { NORTH_AMERICA: 'http://127.0.0.1:9', EUROPE: 'http://127.0.0.1:9', FAR_EAST: 'http://127.0.0.1:9' }, legacyDeveloperAccounts: {},
      },
      'http://127.0.0.1:9',
      { ledger: budgetLedger(stage.scope.db.pool), clock: stage.scope.clock, log: stage.scope.log, metrics: new Metrics() },
    )

  it('warns of an authorization that ends 30, 7 and 1 days before and then, once each, whoever looks', async () => {
    const connection = await stage.connection({ name: 'Cedar' })
    const end = new Date('2031-03-31T12:00:00Z')
    await authorize(connection, end)
    await keep(end, days(30) + HOUR)
    expect(await warned(connection)).toEqual([])
    const told = []
    for (const before of [days(30), days(29), days(7), days(2), days(1), HOUR, 0, -days(3)]) {
      await Promise.all([1, 2, 3, 4].map(() => keep(end, before)))
      told.push((await warned(connection)).length)
    }
    expect(told).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    expect(await warned(connection)).toEqual([
      'The authorization of Cedar ends on March 31, 2031, in 30 days: its seller must authorize it again',
      'The authorization of Cedar ends on March 31, 2031, in 7 days: its seller must authorize it again',
      'The authorization of Cedar ends on March 31, 2031, in a day or less: its seller must authorize it again',
      'The authorization of Cedar ended on March 31, 2031: its seller must authorize it again',
    ])
  })

  it('begins anew once the authorization was renewed, and skips what is past', async () => {
    const connection = await stage.connection()
    const [end, later] = [new Date('2032-03-31T12:00:00Z'), new Date('2033-03-31T12:00:00Z')]
    const id = await authorize(connection, end)
    await keep(end, days(3))
    expect(await warned(connection)).toHaveLength(1)
    await authorize({ ...connection, authorizationId: id }, later)
    await keep(end, HOUR)
    expect(await warned(connection)).toHaveLength(1)
    await keep(later, days(30))
    expect(await warned(connection)).toHaveLength(2)
  })

  it('warns each connection at work that shares it, and of nothing that is not at work or has no end', async () => {
    const end = new Date('2034-03-31T12:00:00Z')
    const { customerId } = await stage.connection()
    const [live, paused, onboarding, endless] = [
      await stage.connection({ customerId }), await stage.connection({ customerId }), await stage.connection({ status: 'ONBOARDING' }), await stage.connection(),
    ]
    const shared = await authorize(live, end)
    await stage.sql(`UPDATE connections SET authorization_id = $2, status = 'PAUSED' WHERE id = $1`, paused.id, shared)
    await authorize(onboarding, end)
    await authorize(endless, null)
    await keep(end, days(5))
    expect(await Promise.all([live, paused, onboarding, endless].map(async (one) => (await warned(one)).length))).toEqual([1, 1, 0, 0])
    // Told of the nearest once it is at work.
    await stage.sql(`UPDATE connections SET status = 'LIVE' WHERE id = $1`, onboarding.id)
    await keep(end, days(5))
    expect(await warned(onboarding)).toHaveLength(1)
  })

  it("warns every connection at work of the application's own secret, once for each day, and anew for a new secret", async () => {
    const [live, onboarding] = [await stage.connection({ name: 'Larch' }), await stage.connection({ status: 'ONBOARDING' })]
    const [end, next] = [new Date('2041-03-31T00:00:00Z'), new Date('2041-09-30T00:00:00Z')]
    const channels = withSecret(end)
    for (const before of [days(31), days(30), days(30), days(8), days(6), days(1), 0]) await Promise.all([1, 2, 3].map(() => keep(end, before, channels)))
    expect((await warned(live)).map((summary) => summary.replace(/.*March 31, 2041(, )?/, ''))).toEqual([
      'in 30 days: the administrator must replace it', 'in 6 days: the administrator must replace it', 'in a day or less: the administrator must replace it', ': the administrator must replace it',
    ])
    expect((await warned(live))[0]).toMatch(/^The application's own secret at amazon, which Larch needs, ends on/)
    expect(await warned(onboarding)).toEqual([])
    // A process that still knows the old one, beside those that know the new one.
    await keep(next, days(29), withSecret(next))
    await keep(end, -days(1), channels)
    await keep(next, days(29), withSecret(next))
    expect(await warned(live)).toHaveLength(5)
    const { connection } = await stage.ask<{ connection: { health: object } }>('query ($id: ID!) { connection(id: $id) { health { applicationSecretExpiresAt } } }', { id: toId('Connection', live.id) })
    expect(connection.health).toEqual({ applicationSecretExpiresAt: null })
  })

  it('removes consents a day after they were over, and no sooner', async () => {
    const connection = await stage.connection()
    const over = new Date('2051-01-01T00:00:00Z')
    await transaction(stage.scope.db.pool, (tx) => insertConsent(tx, stage.scope, connection, 'some state', over))
    const left = async (): Promise<number> => (await stage.sql('SELECT FROM consents')).length
    await keep(over, -days(1) + HOUR)
    expect(await left()).toBe(1)
    await keep(over, -days(1) - HOUR)
    expect(await left()).toBe(0)
  })

  it('is a chore of the clock: done at once and again in its time, also after it failed', async () => {
    let done = 0
    const work = async (): Promise<void> => {
      if (++done === 1) throw new Error('not this time')
    }
    let once = 0
    const chores = [{ name: 'often', every: '1 second', run: work }, { name: 'seldom', every: '1 hour', run: async () => void once++ }]
    const clock = await startClock(postgresClockStore(stage.scope.db.pool), { name: 'worker-test', log: stage.scope.log, chores })
    await until(async () => done >= 3)
    expect(once).toBe(1)
    await clock.stop()
  })
})
