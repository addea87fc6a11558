import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { Authenticator, TooManyAttempts } from '../../src/auth/authenticate.ts'
import { Buckets } from '../../src/kit/buckets.ts'
import { seconds, shifted } from '../../src/kit/clock.ts'
import { createLog } from '../../src/observability/log.ts'
import { createStage } from '../connections/stage.ts'

let stage: Awaited<ReturnType<typeof createStage>>
beforeAll(async () => {
  stage = await createStage()
})
afterAll(() => stage.close())

let now = new Date()
const authenticator = (): Authenticator => new Authenticator({ db: stage.scope.db, clock: () => now, log: createLog('silent') })
const wrong = (prefix = 'cartage_'): string => `${prefix}${randomBytes(24).toString('base64url')}`
const outcome = (promise: Promise<unknown>): Promise<string> => promise.then((actor) => (actor === null ? 'unknown' : 'good'), (error: unknown) => (error instanceof TooManyAttempts ? 'slowed' : Promise.reject(error as Error)))

async function counted(work: () => Promise<unknown>): Promise<number> {
  const { pool } = stage.scope.db
  const query = pool.query
  let asked = 0
  pool.query = ((...args: unknown[]) => (asked++, (query as (...all: unknown[]) => unknown).apply(pool, args))) as typeof pool.query
  try {
    await work()
  } finally {
    pool.query = query
  }
  return asked
}

test('100,000 attempts from one address: the database is asked a few dozen times, and nothing grows', async () => {
  const checked = authenticator()
  const outcomes = { unknown: 0, slowed: 0, good: 0 }
  const before = process.memoryUsage().heapUsed
  const asked = await counted(async () => {
    for (let n = 0; n < 1000; n++) {
      for (const one of await Promise.all(Array.from({ length: 100 }, () => outcome(checked.actorOfToken(wrong(), '203.0.113.7'))))) outcomes[one as keyof typeof outcomes]++
    }
  })
  expect(outcomes.good).toBe(0)
  expect(outcomes.unknown).toBe(asked)
  expect(asked).toBeLessThanOrEqual(40)
  expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(100)
})

test('an attacker locks nobody out of a shared address who was good of late', async () => {
  const checked = authenticator()
  const token = await createApiToken(stage.scope.db, 'colleague', 'OPERATOR')
  const address = '203.0.113.8'
  expect(await outcome(checked.actorOfToken(token, address))).toBe('good')
  for (let n = 0; n < 100; n++) await outcome(checked.actorOfToken(wrong(), address))
  expect(await outcome(checked.actorOfToken(wrong(), address))).toBe('slowed')
  now = shifted(now, seconds(5.1)) // when it is looked up again
  expect(await outcome(checked.actorOfToken(token, address))).toBe('good')
  const elsewhere = '203.0.113.9'
  expect(await outcome(checked.actorOfToken(wrong(), elsewhere))).toBe('unknown')
})

test('one prefix is slowed wherever the attempts come from; time lets them in again, one by one', async () => {
  const checked = authenticator()
  const prefix = 'cartage_Ab3d'
  let tried = 0
  const attempt = (): Promise<string> => outcome(checked.actorOfToken(wrong(prefix), `198.51.100.${tried++ % 250}`))
  const first = await Promise.all(Array.from({ length: 60 }, attempt))
  expect(first.filter((one) => one === 'unknown')).toHaveLength(30)
  expect(await attempt()).toBe('slowed')
  now = shifted(now, seconds(6.1))
  expect([await attempt(), await attempt()]).toEqual(['unknown', 'slowed'])
})

test('what nobody could look up is no attempt: who comes again after an outage is let in', async () => {
  const checked = authenticator()
  const token = await createApiToken(stage.scope.db, 'patient', 'OPERATOR')
  const address = '203.0.113.10'
  await stage.sql('ALTER TABLE api_tokens RENAME TO away')
  for (let n = 0; n < 50; n++) await expect(checked.actorOfToken(token, address)).rejects.toThrow('api_tokens')
  await stage.sql('ALTER TABLE away RENAME TO api_tokens')
  expect(await outcome(checked.actorOfToken(token, address))).toBe('good')
})

test('whoever has a network of IPv6 is one address', async () => {
  const checked = authenticator()
  const outcomes = await Promise.all(Array.from({ length: 60 }, (_, n) => outcome(checked.actorOfToken(wrong(), `2001:db8:1:2:${n.toString(16)}::1`))))
  expect(outcomes.filter((one) => one === 'unknown')).toHaveLength(30)
  expect(await outcome(checked.actorOfToken(wrong(), '2001:db8:1:3::1'))).toBe('unknown')
  expect(await outcome(checked.actorOfToken(wrong(), '2001:0db8:1:2::'))).toBe('slowed')
})

test('a bucket lets through what it holds and what has dripped since, and never more', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 600 }), fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 200 }), (atOnce, aMinute, pauses) => {
    const buckets = new Buckets(atOnce, aMinute)
    let [at, let_] = [1_000_000, 0]
    for (const pause of pauses) {
      at += pause
      const wait = buckets.take('one', at)
      if (wait === 0) let_++
      else expect(buckets.wait('one', at + wait)).toBe(0)
    }
    expect(let_).toBeLessThanOrEqual(atOnce + ((at - 1_000_000) * aMinute) / 60_000 + 1)
    expect(buckets.wait('another', at)).toBe(0)
  }))
})
