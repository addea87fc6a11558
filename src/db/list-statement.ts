// A page of a list, at a cost that follows the page and not the table. A planner that has never seen these values guesses: it walks a year
// of closed orders to find 26 open ones. So a statement holds several ways to the same page, and counts, as it runs, which one to take:
//   - gather: where a condition finds few rows, all of them through its own index, then sorted;
//   - walk: else the rows are frequent, and the index in the list's order soon has met a page of them;
//   - spread: where only some connections are asked for, one walk in each of them, merged.
import { COUNTED_TO, type KeyKind, type PageRequest } from '../kit/page.ts'
import type { List, Spread } from './list.ts'

/** UUIDs of the customers whose rows may be seen; null: every customer's. */
export type Tenant = readonly string[] | null

/** How many more rows than for a page are gathered before a count walks instead: a count stops at COUNTED_TO of them, whatever the order. */
const FOR_A_COUNT = 15

/** `share`: what is many, in proportion to a million rows. Less than 1 where plans are tried on a small table. */
const bound = (atMost: number, share: number): number => Math.ceil(atMost * share)

const types: Readonly<Record<KeyKind, string>> = { text: 'text', integer: 'int', instant: 'timestamptz', uuid: 'uuid' }

/** One page by keyset; `keys` are its cursor's values. */
export function pageStatement<Wanted extends object, Order extends string>(
  list: List<Wanted, Order>, tenant: Tenant, page: PageRequest, order: Order, wanted: Wanted, columns = list.columns, share = 1,
): { text: string; values: unknown[] } {
  const asked = ask(list, tenant, order, wanted)
  const { key, kind, descending } = list.sorts[order]
  const ascends = descending === page.backwards
  const values = [...asked.values]
  const beyond: string[] = []
  if (page.from !== null) {
    beyond.push(`(${key}, id) ${ascends ? '>' : '<'} ($${values.length + 1}::${types[kind]}, $${values.length + 2}::uuid)`)
    values.push(...page.from)
  }
  const by = (keyed: string): string => `ORDER BY ${keyed} ${ascends ? 'ASC' : 'DESC'}, id ${ascends ? 'ASC' : 'DESC'} LIMIT ${page.limit + 1}`
  const columnsAndKeys = `${columns}, json_build_array((${key})::text, id::text) AS keys`
  const { ways, spread } = asked
  if (ways.length === 0 && spread === null) {
    return { text: `SELECT ${columnsAndKeys} FROM ${list.table} WHERE ${and(asked.rows, beyond)} ${by(key)}`, values }
  }
  const keyed = `SELECT id, ${key} AS key FROM ${list.table}`
  const chosen = ways.map((way, index) => {
    const found = way.ids === null
      ? `${keyed} WHERE ${and(asked.rows, beyond)} ORDER BY ${way.through} LIMIT ${bound(way.atMost, share)}`
      : `SELECT kept.* FROM (SELECT DISTINCT id FROM way${index}) AS candidate CROSS JOIN LATERAL (${keyed} WHERE id = candidate.id AND ${and(asked.rowsBut(way), beyond)} OFFSET 0) AS kept`
    return `(SELECT id, key FROM (${found}) AS gathered WHERE ${onlyWay(index)} ${by('key')})`
  })
  const inConnection = (connection: string): string => `${keyed} WHERE connection_id = ${connection} AND ${and(asked.withinSpread, beyond)}`
  // Among the connections with the first rows stand all that can have a part in the page.
  chosen.push(spread === null
    ? `(${keyed} WHERE ${noWay(ways)} AND ${and(asked.rows, beyond)} ${by(key)})`
    : `(SELECT id, key FROM (
         SELECT kept.* FROM (
           SELECT connection, id FROM (SELECT chosen.id AS connection, first.* FROM chosen CROSS JOIN LATERAL (${inConnection('chosen.id')} ${by(key).replace(/\d+$/, '1')}) AS first) AS firsts ${by('key')}
         ) AS foremost CROSS JOIN LATERAL (${inConnection('foremost.connection')} ${by(key)}) AS kept
       ) AS merged WHERE ${noWay(ways)} ${by('key')})`)
  return {
    text: `${withWays(list, asked, 1, share)} SELECT ${columnsAndKeys} FROM (SELECT id AS row_id FROM (${chosen.join('\nUNION ALL ')}) AS ways ${by('key')}) AS page
      CROSS JOIN LATERAL (SELECT * FROM ${list.table} WHERE ${list.table}.id = page.row_id OFFSET 0) AS kept ${by(key)}`,
    values,
  }
}

/** How many there are, up to COUNTED_TO. */
export function countStatement<Wanted extends object, Order extends string>(
  list: List<Wanted, Order>, tenant: Tenant, order: Order, wanted: Wanted, share = 1,
): { text: string; values: unknown[] } {
  const asked = ask(list, tenant, order, wanted)
  const { ways, spread, values } = asked
  const limit = `LIMIT ${bound(COUNTED_TO, share)}`
  const chosen = ways.map((way, index) => way.ids === null
    ? `(SELECT id FROM ${list.table} WHERE ${onlyWay(index)} AND ${and(asked.rows)} ORDER BY ${way.through} ${limit})`
    : `(SELECT candidate.id FROM (SELECT DISTINCT id FROM way${index}) AS candidate
        CROSS JOIN LATERAL (SELECT FROM ${list.table} WHERE id = candidate.id AND ${and(asked.rowsBut(way))} OFFSET 0) AS kept WHERE ${onlyWay(index)} ${limit})`)
  // In the list's order, though a count needs none: so it walks that index, and never reads the table from its oldest row.
  chosen.push(spread === null
    ? `(SELECT id FROM ${list.table} WHERE ${noWay(ways)} AND ${and(asked.rows)} ORDER BY ${list.sorts[order].key}, id ${limit})`
    : `(SELECT kept.id FROM chosen CROSS JOIN LATERAL (SELECT id FROM ${list.table} WHERE connection_id = chosen.id AND ${and(asked.withinSpread)} ORDER BY ${list.sorts[order].key}, id ${limit}) AS kept
        WHERE ${noWay(ways)} ${limit})`)
  return { text: `${withWays(list, asked, FOR_A_COUNT, share)} SELECT count(*)::int AS count FROM (SELECT FROM (${chosen.join('\nUNION ALL ')}) AS ways ${limit}) AS counted`, values }
}

interface Way {
  key: unknown
  holds: string
  /** Null where `holds` alone finds them. */
  ids: readonly string[] | null
  atMost: number
  through: string
}

interface Asked {
  values: unknown[]
  /** What holds of each row of the list. */
  rows: string[]
  rowsBut(way: Way): string[]
  withinSpread: string[]
  ways: Way[]
  /** SQL over connections, or null where none is chosen. */
  spread: string[] | null
}

// Only what is asked for stands in a statement, so that each combination gets plans of its own. $1 is the tenant in each.
function ask<Wanted extends object, Order extends string>(list: List<Wanted, Order>, tenant: Tenant, order: Order, wanted: Wanted): Asked {
  const keys = (Object.keys(list.conditions) as (keyof Wanted)[]).filter((key) => wanted[key] != null)
  const scoped = (column: string): string => (tenant === null ? '$1::uuid[] IS NULL' : `${column} = ANY($1::uuid[])`)
  const ofTenant = scoped(list.tenant)
  const spreads = list.spread !== undefined && (tenant !== null || keys.some((key) => list.spread![key] !== undefined) || list.spreadAll?.(order, wanted) === true)
  const spread: Spread = !spreads ? 'none' : tenant !== null || keys.some((key) => list.choosesFew?.includes(key)) ? 'few' : 'many'
  const parents = keys.flatMap((key, index) => (list.conditions[key].parent === true ? [list.conditions[key].holds(`$${index + 2}`, wanted[key] as NonNullable<Wanted[typeof key]>)] : []))
  const ways: Way[] = []
  const prunes: string[] = []
  const holds = keys.map((key, index) => {
    const { [key]: condition } = list.conditions
    const value = wanted[key] as NonNullable<Wanted[typeof key]>
    const n = `$${index + 2}`
    const text = condition.holds(n, value)
    const end = keys.indexOf(condition.upTo as keyof Wanted)
    const window = end < 0 ? [] : [list.conditions[keys[end]!].holds(`$${end + 2}`, wanted[keys[end]!] as NonNullable<Wanted[keyof Wanted]>)]
    // A scalar subquery, as the planner would make a join of EXISTS and read the table for it.
    if (condition.prunes === true) prunes.push(`(SELECT true FROM ${list.table} WHERE connection_id = connections.id AND ${and([text], window)} LIMIT 1)`)
    const atMost = condition.gather?.(value, order, spread) ?? 0
    if (atMost > 0) {
      const ids = condition.finds?.(n, and([scoped('customer_id')], parents), value) ?? null
      const through = typeof condition.through === 'function' ? condition.through(value) : (condition.through ?? 'id')
      ways.push({ key, holds: and(parents, [text], window), ids, atMost, through })
    }
    return { key, n, text }
  })
  if (tenant !== null && list.gatherTenant !== undefined) ways.push({ key: null, holds: ofTenant, ids: null, ...list.gatherTenant })
  const chooses = holds.flatMap(({ key, n }) => list.spread?.[key]?.(n, wanted[key] as NonNullable<Wanted[typeof key]>) ?? [])
  return {
    values: [tenant, ...keys.map((key) => wanted[key])],
    rows: [ofTenant, ...holds.map(({ text }) => text)],
    rowsBut: (way) => [ofTenant, ...holds.filter(({ key }) => key !== way.key).map(({ text }) => text)],
    withinSpread: holds.filter(({ key }) => list.spread?.[key] === undefined).map(({ text }) => text),
    ways,
    spread: spreads ? [scoped('customer_id'), ...chooses, ...prunes] : null,
  }
}

const and = (...conditions: readonly (readonly string[])[]): string => conditions.flat().join(' AND ') || 'true'
/** The ways before it have found too much, and this one has not. */
const onlyWay = (index: number): string => [...Array.from({ length: index }, (_, before) => `NOT (SELECT few FROM few${before})`), `(SELECT few FROM few${index})`].join(' AND ')
const noWay = (ways: readonly Way[]): string => ways.map((_, index) => `NOT (SELECT few FROM few${index})`).join(' AND ') || 'true'

function withWays(list: { table: string }, { ways, spread }: Asked, factor: number, share: number): string {
  const parts = ways.flatMap(({ holds, ids, atMost, through }, index) => {
    const most = bound(atMost * factor, share)
    const limit = `LIMIT ${most + 1}`
    const few = (what: string): string => `few${index} AS MATERIALIZED (SELECT count(*) <= ${most} AS few FROM ${what})`
    return ids === null
      ? [few(`(SELECT FROM ${list.table} WHERE ${holds} ORDER BY ${through} ${limit}) AS met`)]
      : [`way${index} AS MATERIALIZED (SELECT id FROM (${ids.map((one) => `(${one} ${limit})`).join('\nUNION ALL ')}) AS found (id) ${limit})`, few(`way${index}`)]
  })
  if (spread !== null) parts.push(`chosen AS MATERIALIZED (SELECT id FROM connections WHERE ${and(spread)})`)
  return parts.length === 0 ? '' : `WITH ${parts.join(',\n')}`
}
