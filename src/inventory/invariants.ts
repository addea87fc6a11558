import type { Invariant } from '../db/invariants.ts'

const taken = `sum(quantity) FILTER (WHERE kind IN ('RECEIPT', 'ADJUSTMENT', 'SHIPMENT'))`
const allocated = `sum(quantity) FILTER (WHERE kind IN ('ALLOCATION', 'RELEASE', 'SHIPMENT'))`

export const inventoryInvariants: readonly Invariant[] = [
  {
    broken: 'items whose levels are not the sums of their movements',
    sql: `SELECT item.id::text FROM inventory_items AS item
      LEFT JOIN (SELECT inventory_item_id AS id, coalesce(${taken}, 0) AS on_hand, coalesce(${allocated}, 0) AS allocated FROM inventory_movements GROUP BY 1) AS moved USING (id)
      WHERE item.on_hand <> coalesce(moved.on_hand, 0) OR item.allocated <> coalesce(moved.allocated, 0)`,
  },
]
