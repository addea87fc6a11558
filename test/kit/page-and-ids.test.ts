import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadRequest } from '../../src/kit/errors.ts'
import { idPrefixes, type IdType, newUuid, parseId, requireAll, requireUuid, toId, uuidOf } from '../../src/kit/ids.ts'
import { encodeCursor, type Ordering, type PageArgs, parsePage, toPage } from '../../src/kit/page.ts'
import { searchText } from '../../src/kit/search.ts'

const types = Object.keys(idPrefixes) as IdType[]

test('an id is its type and UUID, and nothing else is', () => {
  fc.assert(fc.property(fc.constantFrom(...types), fc.constantFrom(...types), fc.uuid(), (type, other, uuid) => {
    const id = toId(type, uuid)
    expect(parseId(id)).toEqual({ type, uuid })
    expect(uuidOf(other, id)).toBe(other === type ? uuid : null)
  }))
  fc.assert(fc.property(fc.string(), (text) => uuidOf('Order', text) === null))
  const id = toId('Order', newUuid())
  for (const wrong of [id.toUpperCase(), `${id} `, id.slice(0, -1), `${id}0`, id.replace('ord_', ''), id.replace('ord_', 'ord_ord_')]) expect(parseId(wrong)).toBeNull()
})

test('malformed ids are refused where they stand', () => {
  expect(() => requireUuid('Order', 'x', 'filter', 'orderId')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', field: ['filter', 'orderId'] }))
  const uuid = newUuid()
  expect(requireAll('Order', ['x', toId('Order', uuid)], 'orderIds')).toEqual({ uuids: [uuid], refusals: [expect.objectContaining({ code: 'INVALID', field: ['orderIds', '0'] })] })
})

test('ids grow with time', async () => {
  const first = newUuid()
  await new Promise((resolve) => setTimeout(resolve, 2))
  expect(newUuid() > first).toBe(true)
})

const a: Ordering = { list: 'things', order: 'A', keys: ['integer'] }
const cursor = (...keys: string[]) => encodeCursor(a, keys)
const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

test.each<[args: PageArgs, field: string]>([
  [{ first: 0 }, 'first'], [{ first: 101 }, 'first'], [{ first: -1 }, 'first'], [{ last: 0 }, 'last'], [{ last: 101 }, 'last'], [{ first: 1, last: 1 }, 'first'], [{ first: 1, before: cursor('1') }, 'first'],
  [{ after: '' }, 'after'], [{ after: 'x' }, 'after'], [{ before: 'x' }, 'before'], [{ after: cursor() }, 'after'], [{ after: cursor('1', '2') }, 'after'], [{ after: cursor('one') }, 'after'],
  [{ after: encodeCursor({ ...a, order: 'B' }, ['1']) }, 'after'], [{ before: encodeCursor({ ...a, list: 'others' }, ['1']) }, 'before'],
  [{ after: forged('A', '1') }, 'after'], [{ after: forged(2, 'things', 'A', '1') }, 'after'], [{ after: forged(1, 'things', 'A', 1) }, 'after'], [{ after: forged(1) }, 'after'],
])('a page that makes no sense: %j', (args, field) => {
  expect(() => parsePage(args, a)).toThrow(BadRequest)
  expect(() => parsePage(args, a)).toThrow(expect.objectContaining({ field: [field] }))
})

test('a cursor of another version says so', () => {
  expect(() => parsePage({ after: forged(2, 'things', 'A', '1') }, a)).toThrow('version 2')
})

test('values of a cursor are what the order holds, and nothing that a database would choke on', () => {
  const read = (kind: Ordering['keys'][number], value: string) => {
    const ordering: Ordering = { list: 'l', order: 'o', keys: [kind] }
    try {
      return parsePage({ after: encodeCursor(ordering, [value]) }, ordering).from![0]
    } catch {
      return null
    }
  }
  fc.assert(fc.property(fc.string(), (text) => read('text', text) === (text.includes('\0') ? null : text)))
  fc.assert(fc.property(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), (number) => read('integer', String(number)) === String(number)))
  fc.assert(fc.property(fc.uuid(), (uuid) => read('uuid', uuid) === uuid))
  fc.assert(fc.property(fc.date({ min: new Date('0001-01-01Z'), max: new Date('9999-12-31Z'), noInvalidDate: true }), (date) => read('instant', date.toISOString().replace('T', ' ').replace('Z', '+00')) === date.toISOString()))
  expect([read('instant', '2026-11-26 01:23:37+05:30'), read('instant', 'infinity')]).toEqual(['2026-11-25T19:53:37.000Z', 'infinity'])
  for (const [kind, value] of [['instant', '2026-13-01 00:00:00+00'], ['instant', 'now'], ['instant', '-infinity'], ['integer', '2147483648'], ['integer', '1.5'], ['uuid', 'x'], ['uuid', `${newUuid()}0`]] as const) {
    expect(read(kind, value), value).toBeNull()
  }
})

// A store as the others read: strictly beyond the cursor, one row more than the limit.
const read = (all: readonly number[], args: PageArgs) => {
  const request = parsePage(args, a)
  const from = request.from === null ? null : Number(request.from[0])
  const beyond = request.backwards ? all.filter((one) => from === null || one < from).reverse() : all.filter((one) => from === null || one > from)
  return toPage(request, a, beyond.slice(0, request.limit + 1).map((one) => ({ one, keys: [String(one)] })), (row) => row.one, async () => all.length)
}

test('page by page, forwards or backwards, each comes once and in the same order', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (count, size) => {
    const all = Array.from({ length: count }, (_, index) => index)
    const forwards: number[] = []
    let page = read(all, { first: size })
    expect(page.pageInfo.hasPreviousPage).toBe(false)
    for (forwards.push(...page.nodes); page.pageInfo.hasNextPage; forwards.push(...page.nodes)) page = read(all, { first: size, after: page.pageInfo.endCursor })
    expect(forwards).toEqual(all)
    const backwards: number[] = []
    page = read(all, { last: size })
    for (backwards.unshift(...page.nodes); page.pageInfo.hasPreviousPage; backwards.unshift(...page.nodes)) page = read(all, { last: size, before: page.pageInfo.startCursor })
    expect(backwards).toEqual(all)
  }))
})

test('what to search for', () => {
  expect([searchText(' ab_c%\\ '), searchText('  '), searchText(null)]).toEqual(['ab_c%\\', null, null])
  expect(() => searchText('a\0', 'filter', 'search')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', field: ['filter', 'search'] }))
})
