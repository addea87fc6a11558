import fc from 'fast-check'
import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import type { RoleName } from '../../src/auth/scope.ts'
import { groupKey } from '../../src/subscriptions/group-key.ts'

const schema = buildSchema('type Query { a: Int } type Subscription { events(after: String, only: [String!]): Event } type Event { id: ID history(after: String): Int }')

interface Asked {
  query?: string
  operationName?: string
  variableValues?: Record<string, unknown>
  tenant?: readonly string[] | null
  role?: RoleName
}
const PLAIN = 'subscription S($after: String, $only: [String!]) { events(after: $after, only: $only) { id } }'
const keyOf = ({ query = PLAIN, operationName, variableValues = {}, tenant = null, role = 'ADMIN' }: Asked): string =>
  groupKey({ schema, document: parse(query), operationName, variableValues }, { tenant, actor: { id: 'anyone', name: 'Anyone', role } })

test('two rights never share, whatever they ask', () => {
  const rights = fc.record({ tenant: fc.option(fc.uniqueArray(fc.uuid(), { maxLength: 3 })), role: fc.constantFrom<RoleName>('ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER') })
  const same = (one: readonly string[] | null, other: readonly string[] | null): boolean => JSON.stringify(one === null ? null : [...one].sort()) === JSON.stringify(other === null ? null : [...other].sort())
  fc.assert(fc.property(rights, rights, (one, other) => {
    expect(keyOf(one) === keyOf(other)).toBe(one.role === other.role && same(one.tenant, other.tenant))
  }))
})

test('where one begins makes no group of its own; anything else does', () => {
  const from = (after: unknown): string => keyOf({ variableValues: { after, only: ['x'] } })
  expect(from('1')).toBe(from('2'))
  expect(from('1')).toBe(keyOf({ variableValues: { only: ['x'] } }))
  expect(from('1')).not.toBe(keyOf({ variableValues: { only: ['y'] } }))
  expect(keyOf({ variableValues: { only: null } })).not.toBe(keyOf({})) // it may have a default
  expect(keyOf({ tenant: ['a', 'b'] })).toBe(keyOf({ tenant: ['b', 'a'] }))
  const two = 'subscription A { events { id } } subscription B { events { id } }'
  expect(keyOf({ query: two, operationName: 'A' })).not.toBe(keyOf({ query: two, operationName: 'B' }))
  const since = 'subscription($since: String) { events(after: $since) { id } }'
  expect(keyOf({ query: since, variableValues: { since: '1' } })).toBe(keyOf({ query: since, variableValues: { since: '2' } }))
})

test('a variable that says where to begin, and something else too, tells groups apart', () => {
  const query = 'subscription($after: String) { events(after: $after) { history(after: $after) } }'
  expect(keyOf({ query, variableValues: { after: '1' } })).not.toBe(keyOf({ query, variableValues: { after: '2' } }))
})
