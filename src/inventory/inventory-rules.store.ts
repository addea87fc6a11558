import type { Scope } from '../auth/scope.ts'
import { one, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { type InventoryRule, isNoRule, noRule } from './inventory-rule.ts'

/** The item and connection that a rule is about, of one customer. */
export interface RuleKey {
  connectionId: string
  inventoryItemId: string
  customerId: string
}

const read = statement(
  'inventoryRule',
  'SELECT buffer, percent, maximum, excluded FROM inventory_rules WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2 AND inventory_item_id = $3',
)
export async function readRule(tx: Tx, scope: Scope, { connectionId, inventoryItemId }: RuleKey): Promise<InventoryRule> {
  return (await one<InventoryRule>(tx, read, [scope.tenant, connectionId, inventoryItemId])) ?? noRule
}

const upsert = statement(
  'upsertInventoryRule',
  `INSERT INTO inventory_rules (connection_id, inventory_item_id, customer_id, buffer, percent, maximum, excluded) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (connection_id, inventory_item_id) DO UPDATE SET buffer = excluded.buffer, percent = excluded.percent, maximum = excluded.maximum, excluded = excluded.excluded`,
)
const remove = statement(
  'removeInventoryRule',
  'DELETE FROM inventory_rules WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2 AND inventory_item_id = $3',
)
/** One that says nothing leaves no row. */
export async function writeRule(tx: Tx, scope: Scope, { connectionId, inventoryItemId, customerId }: RuleKey, rule: InventoryRule): Promise<void> {
  if (isNoRule(rule)) await run(tx, remove, [scope.tenant, connectionId, inventoryItemId])
  else await run(tx, upsert, [connectionId, inventoryItemId, customerId, rule.buffer, rule.percent, rule.maximum, rule.excluded])
}
