import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jobKinds } from '../../src/jobs/cadences.ts'
import { byTaken, roomFor } from '../../src/jobs/room.ts'

const none = (): Map<string, number> => new Map(jobKinds.map((kind) => [kind, 0]))
const sum = (taken: ReadonlyMap<string, number>): number => [...taken.values()].reduce((all, one) => all + one, 0)

test('whatever takes places and leaves them: never more than there are, and from two a kind on nobody waits while it has none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.record({ kind: fc.constantFrom(...jobKinds), part: fc.double({ min: 0, max: 1, noNaN: true }), ends: fc.boolean() }), { maxLength: 60 }), (places, steps) => {
      const taken = none()
      for (const { kind, part, ends } of steps) {
        if (ends) taken.set(kind, Math.floor(taken.get(kind)! * part))
        else taken.set(kind, taken.get(kind)! + Math.ceil(roomFor(kind, places, taken) * part))
        expect(sum(taken)).toBeLessThanOrEqual(places)
        const own = Math.floor(places / (2 * jobKinds.length))
        for (const one of jobKinds) {
          expect(roomFor(one, places, taken)).toBeGreaterThanOrEqual(own - taken.get(one)!)
          if (sum(taken) === 0) expect(roomFor(one, places, taken)).toBe(places - own * (jobKinds.length - 1))
        }
      }
    }),
  )
})

test('a kind alone has more than half; with few places all are shared', () => {
  expect(roomFor('IMPORT_ORDERS', 16, none())).toBe(12)
  expect(roomFor('IMPORT_ORDERS', 100, none())).toBe(60)
  expect(roomFor('IMPORT_ORDERS', 9, none())).toBe(9)
  const full = none().set('SEND_TRACKING', 12)
  expect(roomFor('SEND_TRACKING', 16, full)).toBe(0)
  expect(roomFor('IMPORT_ORDERS', 16, full)).toBe(1)
})

test('whoever has least is served first; among equals, who came first', () => {
  const taken = none().set('IMPORT_ORDERS', 3).set('SEND_TRACKING', 1).set('SYNC_INVENTORY', 1)
  expect(byTaken(['IMPORT_ORDERS', 'SYNC_INVENTORY', 'SEND_TRACKING', 'SWEEP_ORDERS'], taken)).toEqual(['SWEEP_ORDERS', 'SYNC_INVENTORY', 'SEND_TRACKING', 'IMPORT_ORDERS'])
})
