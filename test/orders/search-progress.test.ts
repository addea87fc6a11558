import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChannelError, type ChannelErrorKind } from '../../src/marketplaces/channel.ts'
import { afterFailure, MOST_FAILURES, readProgress, type SearchProgress, writeProgress } from '../../src/orders/search-progress.ts'

const begins = new Date('2026-07-07T00:00:00Z')
const left: SearchProgress = { updatedFrom: begins.toISOString(), goOn: 'page 21', failures: 0 }

test('what was left is taken up by a run whose window it covers, and by no other', () => {
  const at = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  fc.assert(fc.property(at, fc.string({ minLength: 1 }), fc.nat(9), at, (from, goOn, failures, wanted) => {
    const written = writeProgress({ updatedFrom: from.toISOString(), goOn, failures })
    const read = readProgress(written, wanted)
    if (from <= wanted) expect(read).toEqual({ updatedFrom: from.toISOString(), goOn, failures })
    else expect(read).toBeNull()
  }))
  expect(readProgress(null, begins)).toBeNull()
  expect(writeProgress(null)).toBeNull()
  expect(readProgress('{"written":"by another version"}', begins)).toBeNull()
})

test('a used up budget and a stopping worker cost nothing; a place that keeps failing, or is refused, is given up', () => {
  const after = (kind: ChannelErrorKind, from: SearchProgress | null = left): SearchProgress | null => afterFailure(from, new ChannelError(kind, 'words'))
  for (const kind of ['throttled', 'cancelled'] as const) expect(after(kind)).toBe(left)
  for (const kind of ['rejected', 'invalid-answer', 'unauthorized'] as const) expect(after(kind)).toBeNull()
  let kept: SearchProgress | null = left
  for (let failure = 1; failure < MOST_FAILURES; failure++) {
    kept = after('unavailable', kept)
    expect(kept).toEqual({ ...left, failures: failure })
  }
  expect(after('unavailable', kept)).toBeNull()
  expect(after('unavailable', null)).toBeNull()
})
