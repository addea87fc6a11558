import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Windows } from '../../src/http/windows.ts'

const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function count(windows: Windows, key = 'somebody'): { current: number; ttl: number } {
  let counted = { current: 0, ttl: 0 }
  windows.incr(key, (_error, result) => (counted = result), MINUTE)
  return counted
}

test('requests are counted by key within a minute, and from the beginning after it', () => {
  const windows = new Windows()
  expect([count(windows), count(windows)]).toEqual([{ current: 1, ttl: MINUTE }, { current: 2, ttl: MINUTE }])
  expect(count(windows, 'another').current).toBe(1)
  vi.advanceTimersByTime(MINUTE - 1000)
  expect(count(windows)).toEqual({ current: 3, ttl: 1000 })
  vi.advanceTimersByTime(1000)
  expect(count(windows)).toEqual({ current: 1, ttl: MINUTE })
})

test("a minute is one however the machine's clock is set meanwhile", () => {
  const windows = new Windows()
  count(windows)
  vi.setSystemTime(Date.now() + 6 * 60 * MINUTE)
  expect(count(windows).current).toBe(2)
  vi.setSystemTime(Date.now() - 12 * 60 * MINUTE)
  vi.advanceTimersByTime(MINUTE)
  expect(count(windows).current).toBe(1)
})
