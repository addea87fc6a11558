import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventRow } from '../../src/events/read.ts'
import { outcomeOf, type Raised } from '../../src/notifications/topics.ts'

const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const types = ['ORDER_IMPORT_FAILED', 'ORDER_IMPORT_RECOVERED', 'IMPORT_FAILED', 'IMPORT_FINISHED', 'TRACKING_REJECTED', 'TRACKING_ACCEPTED', 'ORDER_IMPORTED', 'ORDER_HELD', 'NOTIFICATIONS_STOPPED'] as const
const event = fc.record({ type: fc.constantFrom(...types), connection: fc.integer({ min: 1, max: 2 }), subject: fc.integer({ min: 1, max: 3 }) }).map(({ type, connection, subject }): EventRow => ({
  type, xid: '1', id: '1', occurredAt: new Date(0), customerId: uuid(9), connectionId: uuid(connection), orderId: uuid(subject), jobRunId: null, importFailureId: uuid(subject), shipmentId: uuid(subject), inventoryItemId: null, quantity: null, summary: '',
}))
const causes = new Map([1, 2, 3].map((n) => [uuid(n), n === 3 ? 'B' : 'A']))
const key = ({ connectionId, topic, cause, subject }: Raised): string => [connectionId, topic, cause, subject].join(' ')

/** What is open after events, from what was open before. */
function apply(open: ReadonlyMap<string, Raised>, events: readonly EventRow[]): Map<string, Raised> {
  const { raised, cleared } = outcomeOf(events, causes)
  const left = [...open].filter(([, one]) => one.news || !cleared.some(({ connectionId, topic, cause, subject }) => connectionId === one.connectionId && topic === one.topic && (cause ?? one.cause) === one.cause && (subject ?? one.subject) === one.subject))
  return new Map([...left, ...raised.map((one): [string, Raised] => [key(one), one])])
}

test('a batch of events opens and mends what they do one after the other', () => {
  fc.assert(fc.property(fc.array(event, { maxLength: 30 }), fc.array(event, { maxLength: 30 }), (before, events) => {
    const open = before.reduce<Map<string, Raised>>((left, one) => apply(left, [one]), new Map())
    const oneByOne = events.reduce((left, one) => apply(left, [one]), open)
    expect([...apply(open, events).keys()].sort()).toEqual([...oneByOne.keys()].sort())
  }))
})

test('what failed after it was mended is open, and what was mended after it failed is not', () => {
  const of = (type: EventRow['type']): EventRow => ({ ...fc.sample(event, 1)[0]!, type, connectionId: uuid(1) })
  expect(outcomeOf([of('IMPORT_FINISHED'), of('IMPORT_FAILED')], causes).raised).toHaveLength(1)
  expect(outcomeOf([of('IMPORT_FAILED'), of('IMPORT_FINISHED')], causes).raised).toEqual([])
})
