import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { beginsWith } from '../db/prefix.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'

export interface CustomerRow {
  id: string
  name: string
  reference: string
}

export type ChargeBasis = 'ORDER' | 'LINE' | 'UNIT'

export interface ChargeRuleRow {
  id: string
  customerId: string
  code: string
  description: string | null
  amount: string
  currency: string
  basis: ChargeBasis
}

const named = statement('nameOfCustomer', 'SELECT name FROM customers WHERE id = $1')
/** Of one that a foreign key promises. */
export const nameOfCustomer = async (tx: Tx, id: string): Promise<string> => (await one<{ name: string }>(tx, named, [id]))!.name

const scoped = '($1::uuid[] IS NULL OR id = ANY($1))'
const columns = 'id, name, reference'

export interface CustomersWanted {
  /** What the name or the reference begins with. */
  search: string | null
}
export type CustomerOrder = 'NAME_ASC'

export const customersList: List<CustomersWanted, CustomerOrder> = {
  name: 'customers',
  table: 'customers',
  columns,
  tenant: 'id',
  sorts: { NAME_ASC: { key: 'name', kind: 'text', descending: false } },
  conditions: {
    search: {
      holds: (n) => `(${beginsWith('name', n)} OR ${beginsWith('reference', n)})`,
      gather: () => 1000,
      finds: (n) => ['name', 'reference'].map((column) => `SELECT id FROM customers WHERE ${beginsWith(column, n)}`),
    },
  },
}

/** By name. */
export const customersPage = (scope: Scope, page: PageRequest, wanted: CustomersWanted): Promise<(CustomerRow & { keys: string[] })[]> =>
  readPage(scope, customersList, page, 'NAME_ASC', wanted)

export const customersCount = (scope: Scope, wanted: CustomersWanted): Promise<number> => countRows(scope, customersList, 'NAME_ASC', wanted)

const byId = statement('customersById', `SELECT ${columns} FROM customers WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const customerById = defineLoader<CustomerRow>('customerById', async (scope, ids) =>
  byKey(await rows<CustomerRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

const rulesOf = statement(
  'chargeRulesOfCustomers',
  `SELECT id, customer_id, code, description, amount, currency, basis FROM charge_rules
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND customer_id = ANY($2::uuid[]) ORDER BY code`,
)
export const chargeRulesOfCustomer = defineLoader<ChargeRuleRow[]>('chargeRulesOfCustomer', async (scope, ids) =>
  groupBy(await rows<ChargeRuleRow>(scope.db.pool, rulesOf, [scope.tenant, ids]), ids, (row) => row.customerId),
)

const rules = statement(
  'chargeRulesById',
  'SELECT id, customer_id, code, description, amount, currency, basis FROM charge_rules WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])',
)
export const chargeRuleById = defineLoader<ChargeRuleRow>('chargeRuleById', async (scope, ids) =>
  byKey(await rows<ChargeRuleRow>(scope.db.pool, rules, [scope.tenant, ids]), (row) => row.id),
)
