import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { one, rows, statement } from '../db/sql.ts'
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

const scoped = '($1::uuid[] IS NULL OR id = ANY($1))'
const searched = `($2::text IS NULL OR upper(name) LIKE $2 OR upper(reference) LIKE $2)`
const columns = 'id, name, reference'

/** By name; `search` is a LIKE pattern in upper case, or null. */
export function customersPage(scope: Scope, page: PageRequest, search: string | null): Promise<(CustomerRow & { keys: string[] })[]> {
  const [comparison, direction] = page.backwards ? ['<', 'DESC'] : ['>', 'ASC']
  const what = statement(
    `customersPage${direction}`,
    `SELECT ${columns}, ARRAY[name, id::text] AS keys FROM customers
     WHERE ${scoped} AND ${searched} AND ($3::text IS NULL OR (name, id) ${comparison} ($3, $4::uuid))
     ORDER BY name ${direction}, id ${direction} LIMIT $5`,
  )
  return rows(scope.db.pool, what, [scope.tenant, search, page.from?.[0] ?? null, page.from?.[1] ?? null, page.limit + 1])
}

const count = statement('customersCount', `SELECT count(*)::int AS count FROM customers WHERE ${scoped} AND ${searched}`)
export async function customersCount(scope: Scope, search: string | null): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, [scope.tenant, search]))!.count
}

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
