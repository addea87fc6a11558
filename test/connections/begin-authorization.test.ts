import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChannels } from '../../src/app/channels.ts'
import type { AmazonApplication } from '../../src/config/env.ts'
import { beginAuthorization } from '../../src/connections/begin-authorization.ts'
import { budgetLedger } from '../../src/connections/budgets.store.ts'
import { useConsent } from '../../src/connections/consents.store.ts'
import { shifted } from '../../src/kit/clock.ts'
import { toId } from '../../src/kit/ids.ts'
import type { Channels } from '../../src/marketplaces/registry.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createStage, type Stage } from './stage.ts'

describe('an authorization that is begun', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  const now = new Date('2026-11-24T12:00:00Z')
  const publicUrl = () => 'https://gateway.example/cartage'
  const begin = (connectionId: string, channels: Channels = real()) => beginAuthorization({ ...stage.scope, clock: () => now }, { channels, publicUrl }, { connectionId })
  /** Amazon itself, of which nothing is asked. */
  function real(more: Partial<AmazonApplication> = {}): Channels {
    const nowhere = 'http://127.0.0.1:9'
    const app = { clientId: 'c', clientSecrets: ['s'] as [string], secretExpiresAt: null, applicationId: 'amzn1.sp.solution.1', draft: false, ...more }
    const amazon = { app, tokenUrl: nowhere, simulatorUrl: null, developerName: '3PL Central', endpoints: { NORTH_AMERICA: nowhere, EUROPE: nowhere, FAR_EAST: nowhere }, legacyDeveloperAccounts: {} }
    return createChannels(amazon, nowhere, { ledger: budgetLedger(stage.scope.db.pool), clock: stage.scope.clock, log: stage.scope.log, metrics: new Metrics() })
  }

  it("leads to the marketplace's page and back, with a state of which only the hash is kept, for half an hour and for who began it", async () => {
    const { id, customerId } = await stage.connection({ status: 'ONBOARDING' })
    const begun = await begin(toId('Connection', id))
    if ('refusals' in begun) throw new Error('refused')
    const url = new URL(begun.authorizationUrl)
    expect([url.origin, url.pathname]).toEqual(['https://sellercentral.amazon.com', '/apps/authorize/consent'])
    expect(url.searchParams.get('redirect_uri')).toBe('https://gateway.example/cartage/authorize/amazon/callback')
    const state = url.searchParams.get('state')!
    expect(state).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const [row] = await stage.sql<Record<string, unknown>>('SELECT * FROM consents WHERE connection_id = $1', id)
    expect(row).toEqual({
      state_hash: createHash('sha256').update(state).digest(), connection_id: id, customer_id: customerId, actor_id: 'test', actor_name: 'Ada', actor_role: 'ADMIN',
      created_at: now, expires_at: new Date('2026-11-24T12:30:00Z'), used_at: null,
    })
    expect(await stage.sql('SELECT version FROM connections WHERE id = $1', id)).toEqual([{ version: 1 }])
  })

  it('is finished once, in time, and at its own channel alone', async () => {
    const { id, customerId } = await stage.connection()
    const stateOf = async (): Promise<string> => {
      const begun = await begin(toId('Connection', id))
      if ('refusals' in begun) throw new Error('refused')
      return new URL(begun.authorizationUrl).searchParams.get('state')!
    }
    const use = (state: string, minutesLater: number, channel = 'amazon') => useConsent(stage.scope.db.pool, channel, state, shifted(now, minutesLater * 60_000))
    const state = await stateOf()
    expect(await use(state, 1, 'bazaar')).toBe('unknown')
    expect(await use(`${state}x`, 1)).toBe('unknown')
    const at = await Promise.all([1, 2, 3, 4].map(() => use(state, 29)))
    expect(at.filter((one) => one === 'used')).toHaveLength(3)
    expect(at.find((one) => one !== 'used')).toEqual({ connectionId: id, actor: { id: 'test', name: 'Ada', role: 'ADMIN', customerIds: [customerId] } })
    expect(await use(await stateOf(), 30)).toBe('expired')
  })

  it('is refused without a consent page, for no connection, and for a disconnected one', async () => {
    const { id } = await stage.connection()
    const connectionId = toId('Connection', id)
    const codes = async (given: string, channels?: Channels): Promise<string[]> => {
      const begun = await begin(given, channels)
      return 'refusals' in begun ? begun.refusals.map(({ code, field }) => `${code} ${field?.join('.')}`) : []
    }
    expect(await codes(connectionId, real({ applicationId: null }))).toEqual(['NOT_ALLOWED connectionId'])
    expect(await codes('conn_x')).toEqual(['INVALID connectionId'])
    expect(await codes(toId('Connection', '01890a5d-ac96-774b-bcce-b302099a8057'))).toEqual(['NOT_FOUND connectionId'])
    await stage.sql(`UPDATE connections SET status = 'DISCONNECTED' WHERE id = $1`, id)
    expect(await codes(connectionId)).toEqual(['NOT_ALLOWED connectionId'])
    expect(await stage.sql('SELECT FROM consents WHERE connection_id = $1', id)).toEqual([])
  })
})
