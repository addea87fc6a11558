import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadRequest } from '../../src/kit/errors.ts'
import { idPrefixes, type IdType, newUuid, parseId, requireAll, requireUuid, toId, uuidOf } from '../../src/kit/ids.ts'
import { encodeCursor, type PageArgs, parsePage, toPage } from '../../src/kit/page.ts'
import { likePrefix } from '../../src/kit/search.ts'

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

test.each<[args: PageArgs, field: string]>([
  [{ first: 0 }, 'first'], [{ first: 101 }, 'first'], [{ first: -1 }, 'first'], [{ last: 0 }, 'last'], [{ last: 101 }, 'last'], [{ first: 1, last: 1 }, 'first'], [{ first: 1, before: encodeCursor('A', ['1']) }, 'first'],
  [{ after: '' }, 'after'], [{ after: 'x' }, 'after'], [{ before: 'x' }, 'before'], [{ after: encodeCursor('B', ['1']) }, 'after'], [{ after: encodeCursor('A', []) }, 'after'],
])('a page that makes no sense: %j', (args, field) => {
  expect(() => parsePage(args, 'A')).toThrow(BadRequest)
  expect(() => parsePage(args, 'A')).toThrow(expect.objectContaining({ field: [field] }))
})

// A store as the others read: strictly beyond the cursor, one row more than the limit.
const read = (all: readonly number[], args: PageArgs) => {
  const request = parsePage(args, 'A')
  const from = request.from === null ? null : Number(request.from[0])
  const beyond = request.backwards ? all.filter((one) => from === null || one < from).reverse() : all.filter((one) => from === null || one > from)
  return toPage(request, 'A', beyond.slice(0, request.limit + 1).map((one) => ({ one, keys: [String(one)] })), (row) => row.one, async () => all.length)
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

test('a search is a prefix in upper case, and its wildcards stand for themselves', () => {
  expect([likePrefix(' ab_c%\\ '), likePrefix('  '), likePrefix(null)]).toEqual(['AB\\_C\\%\\\\%', null, null])
})
