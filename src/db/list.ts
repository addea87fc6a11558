// Lists that people page through, each a table of orders and conditions: any conditions go with any order (list-statement.ts says how).
import type { KeyKind, Ordering } from '../kit/page.ts'

/** Of how many connections a list is put together, each walked by itself: of none, as it is walked as a whole; of a few; or of any number. */
export type Spread = 'none' | 'few' | 'many'

export interface Sort {
  /** SQL over a row; the id breaks ties. */
  key: string
  kind: KeyKind
  descending: boolean
  /** It has no index: where nothing is gathered, all rows are read and sorted. */
  wholeTable?: boolean
}

/** `n` is the parameter of the value, such as $3. */
export interface Condition<Value, Order extends string> {
  /** SQL over a row. */
  holds(n: string, value: Value): string
  /** Up to so many rows that meet it are gathered, through an index that it has of its own. 0 or none: it is checked on the way. */
  gather?(value: Value, order: Order, spread: Spread): number
  /** What that index is sorted by. Named in ORDER BY, so that it is read, and no further than the bound, whatever the planner expects. */
  through?: string | ((value: Value) => string)
  /** The other end of a window: where both are asked for, what lies between them is gathered. */
  upTo?: string
  /** What the list hangs on: it comes first in each index. */
  parent?: boolean
  /** An index tells at once whether a connection has any: those that have none are left out before anything is walked. */
  prunes?: boolean
  /** Where several indexes know the rows, or other tables: statements that together name the id of each, also repeatedly. `within` is SQL over their rows. */
  finds?(n: string, within: string, value: Value): readonly string[] | null
}

export interface List<Wanted extends object, Order extends string> {
  /** Of its statements and of its cursors. */
  name: string
  table: string
  columns: string
  /** The column that a viewer is scoped by. */
  tenant: string
  /** Up to so many rows of a scoped viewer's own are gathered, through that index. */
  gatherTenant?: { atMost: number; through: string }
  sorts: Readonly<Record<Order, Sort>>
  /** In the order in which their ways are tried. */
  conditions: { readonly [Key in keyof Wanted]-?: Condition<NonNullable<Wanted[Key]>, Order> }
  /** These conditions, and the tenant, only choose connections, each of which has an index in each order: they are SQL over a connection. */
  spread?: { readonly [Key in keyof Wanted]?: (n: string, value: NonNullable<Wanted[Key]>) => string }
  /** Those of them that choose a few, as a tenant does. */
  choosesFew?: readonly (keyof Wanted)[]
  /** Whether a list of all connections goes through each of them too, as it has no index of its own. */
  spreadAll?(order: Order, wanted: Wanted): boolean
}

/** SQL: the column is among the array. Of one alone, an index on it is walked in the order of what follows; and a plan for any value is as good as one for this, so that PostgreSQL keeps it. */
export const oneOf = (column: string, array: string, wanted: readonly unknown[]): string => (wanted.length === 1 ? `${column} = (${array})[1]` : `${column} = ANY(${array})`)

/** What its cursors are made for. */
export const orderingOf = <Order extends string>({ name, sorts }: { name: string; sorts: Readonly<Record<Order, Sort>> }, order: Order): Ordering => ({
  list: name, order, keys: [sorts[order].kind, 'uuid'],
})
