// A warehouse with a past, made by a few set-based statements: so many orders over a year, of 40 customers with 200 connections, with all
// that hangs on them. Sizes differ in nothing but the number: the share of open, held, cancelled and frequent ones stays the same.
import type pg from 'pg'

export const DAYS = 365
export const CUSTOMERS = 40
/** Who bought 30 times, whatever the size. */
export const BUYER = 'Wilhelmina Achterberg'

/** The first customer has 30% of the orders, the first of its connections 6%; UUIDs are made from these numbers. */
export const customerUuid = (nth: number): string => `00000000-0000-7000-8000-${String(nth).padStart(12, '0')}`
export const connectionUuid = (nth: number): string => `00000000-0000-7000-8001-${String(nth).padStart(12, '0')}`

const uuid = (kind: number, nth: string): string => `('00000000-0000-7000-${8000 + kind}-' || lpad((${nth})::text, 12, '0'))::uuid`

// What chance decides is a hash of the order's number, so that every run has the same rows. `share` is one of 1,000,000.
const chance = (salt: number, of = 1_000_000): string => `(abs(hashint8extended(n, ${salt}) % ${of}))`

const statements = (orders: number): string[] => [
  `INSERT INTO customers (id, name, reference) SELECT ${uuid(0, 'n')}, 'Customer ' || n, 'C-' || n FROM generate_series(1, ${CUSTOMERS}) AS n`,
  `INSERT INTO warehouses (id, name, code, time_zone, line1, city, country_code)
   SELECT ${uuid(2, 'n')}, 'Warehouse ' || n, 'W' || n, 'UTC', '1 Dock Road', 'Reno', 'US' FROM generate_series(1, 3) AS n`,
  // The fifth connection of each customer ended half a year ago.
  `INSERT INTO connections (id, customer_id, warehouse_id, name, channel, marketplace_id, merchant_id, status, live_at)
   SELECT ${uuid(1, 'n')}, ${uuid(0, '(n - 1) / 5 + 1')}, ${uuid(2, '(n - 1) / 5 % 3 + 1')}, 'Connection ' || n, 'amazon',
     (ARRAY['ATVPDKIKX0DER', 'A2EUQ1WTGCTBG2', 'A1AM78C64UM0Y8', 'A2Q3Y263D00KWC', 'ATVPDKIKX0DER'])[(n - 1) % 5 + 1], 'MERCHANT-' || n,
     CASE n % 5 WHEN 0 THEN 'DISCONNECTED' ELSE 'LIVE' END::connection_status, now() FROM generate_series(1, 200) AS n`,
  `INSERT INTO inventory_items (id, customer_id, warehouse_id, sku, title, on_hand, allocated, updated_at)
   SELECT ${uuid(3, 'n')}, ${uuid(0, '(n - 1) / 500 + 1')}, ${uuid(2, '(n - 1) / 500 % 3 + 1')}, 'SKU-' || lpad(n::text, 6, '0'), 'Thing ' || n, ${chance(1, 1000)}, 0,
     now() - ${chance(2)} * interval '30 seconds' FROM generate_series(1, 20000) AS n`,
  `INSERT INTO sku_mappings (customer_id, connection_id, seller_sku, warehouse_sku)
   SELECT customer_id, connection.id, sku, sku FROM inventory_items JOIN connections AS connection USING (customer_id) WHERE connection.status = 'LIVE'`,
  `INSERT INTO listings (connection_id, seller_sku, customer_id, pushed_quantity, pushed_at, status, fulfilled_by)
   SELECT connection_id, seller_sku, customer_id, 10, now(), CASE WHEN ${chance(3, 200).replace('n,', 'hashtext(seller_sku),')} = 0 THEN 'REJECTED' ELSE 'IN_STEP' END::listing_status, 'MERCHANT'
   FROM sku_mappings`,
  `CREATE TEMP TABLE population AS
   SELECT n, uuidv7(imported_at - now()) AS id, connection, (connection - 1) / 5 + 1 AS customer, imported_at, imported_at - (1 + ${chance(4, 3600)}) * interval '1 second' AS purchased_at,
     CASE WHEN imported_at > now() - interval '36 hours' THEN 'OPEN' WHEN ${chance(5, 50)} = 0 THEN 'CANCELLED' ELSE 'CLOSED' END::order_status AS status,
     CASE WHEN ${chance(6, 10)} > 0 THEN imported_at + interval '2 days' END AS ship_by
   FROM (SELECT n, now() - (${orders} - n) * (interval '${DAYS} days' / ${orders}) AS imported_at FROM generate_series(1, ${orders}) AS n) AS in_time
   CROSS JOIN LATERAL (SELECT CASE WHEN ${chance(7, 10)} < 3 THEN 1 + ${chance(8, 5)} ELSE 6 + ${chance(9, 195)} END AS drawn) AS drawing
   CROSS JOIN LATERAL (SELECT CASE WHEN drawn % 5 = 0 AND imported_at > now() - interval '180 days' THEN drawn - 1 ELSE drawn END AS connection) AS connected`,
  `INSERT INTO orders (id, customer_id, connection_id, warehouse_id, marketplace_id, number, status, marketplace_status, marketplace_updated_at, cancel_requested, on_hold,
     purchased_at, imported_at, updated_at, closed_at, ship_by, deliver_by, shipping_service, currency, total, units, carrier, scac, service, tracking_number, load_number)
   SELECT population.id, ${uuid(0, 'customer')}, ${uuid(1, 'connection')}, warehouse_id, marketplace_id,
     (100 + ${chance(10, 100)}) || '-' || lpad(n::text, 7, '0') || '-' || lpad(${chance(11)}::text, 7, '0'), population.status, 'x', imported_at,
     population.status <> 'CLOSED' AND ${chance(12, 20)} = 0, population.status = 'OPEN' AND ${chance(13, 20)} = 0, purchased_at, imported_at, imported_at,
     CASE WHEN population.status = 'OPEN' THEN NULL ELSE imported_at + interval '1 day' END, ship_by, ship_by, 'Standard', 'USD', 25, 2,
     'UPS', 'UPSN', 'Ground', CASE WHEN population.status = 'CLOSED' THEN '1Z' || lpad((n::bigint * 7919 % 1000000000)::text, 16, '0') END,
     CASE WHEN n % 500 = 0 THEN 'LOAD-' || n END
   FROM population JOIN connections ON connections.id = ${uuid(1, 'connection')} ORDER BY n`,
  `INSERT INTO order_recipients (order_id, customer_id, name, line1, city, country_code)
   SELECT id, ${uuid(0, 'customer')}, CASE WHEN n % ${Math.ceil(orders / 30)} = 7 THEN '${BUYER}' ELSE
     (ARRAY['Maya','Daniel','Aisha','Owen','Priya','Luke','Hannah','Marcus','Elena','Grace','Eleanor','Tom','Nadia','Callum','Bronwen','Oliver','Sophie','Ravi','Fiona','George'])[1 + ${chance(14, 20)}]
     || ' ' || initcap(translate(lpad(${chance(15, 99999)}::text, 5, '0'), '0123456789', 'aeioubdlmr')) END, n || ' Main Street', 'Springfield', 'US' FROM population ORDER BY n`,
  // SKU 1 of each customer is in every tenth line, the rest are spread.
  `INSERT INTO order_lines (id, customer_id, order_id, line_number, item_id, seller_sku, warehouse_sku, quantity, quantity_shipped, unit_price, inventory_item_id)
   SELECT uuidv7(imported_at - now()), ${uuid(0, 'customer')}, id, line, n || '-' || line, 'SKU-' || lpad(item::text, 6, '0'), 'SKU-' || lpad(item::text, 6, '0'), 1,
     CASE status WHEN 'CLOSED' THEN 1 ELSE 0 END, 12.5, ${uuid(3, 'item')}
   FROM population CROSS JOIN generate_series(1, 2) AS line
   CROSS JOIN LATERAL (SELECT (customer - 1) * 500 + 1 + CASE WHEN ${chance(16, 5)} = 0 AND line = 1 THEN 0 ELSE abs(hashint8extended(n::bigint * 3 + line, 17) % 500) END AS item) AS drawn
   WHERE line = 1 OR n % 2 = 0 ORDER BY n, line`,
  `INSERT INTO shipments (id, customer_id, order_id, connection_id, package_number, carrier, scac, service, tracking_number, shipped_at, shipped_by, tracking_status)
   SELECT uuidv7(imported_at + interval '1 day' - now()), ${uuid(0, 'customer')}, id, ${uuid(1, 'connection')}, 1, 'UPS', 'UPSN', 'Ground', '1Z' || lpad((n::bigint * 7919 % 1000000000)::text, 16, '0'),
     imported_at + interval '1 day', 'bench', CASE WHEN imported_at > now() - interval '60 hours' AND ${chance(18, 4)} = 0 THEN 'PENDING' WHEN imported_at > now() - interval '60 hours' AND ${chance(18, 4)} = 1 THEN 'UNCONFIRMED'
       WHEN ${chance(19, 500)} = 0 THEN 'REJECTED' WHEN ${chance(19, 500)} < 10 THEN 'NOT_SENT' ELSE 'ACCEPTED' END::tracking_status
   FROM population WHERE status = 'CLOSED' ORDER BY n`,
  `INSERT INTO shipment_lines (shipment_id, order_line_id, customer_id, quantity)
   SELECT shipments.id, order_lines.id, order_lines.customer_id, 1 FROM shipments JOIN order_lines USING (order_id)`,
  `INSERT INTO import_failures (customer_id, connection_id, number, state, code, message, first_failed_at, last_failed_at)
   SELECT ${uuid(0, 'customer')}, ${uuid(1, 'connection')}, 'F-' || n, CASE WHEN imported_at > now() - interval '10 days' AND ${chance(20, 3)} = 0 THEN 'OPEN' WHEN ${chance(20, 50)} = 1 THEN 'DISMISSED' ELSE 'RESOLVED' END::import_failure_state,
     CASE WHEN ${chance(21, 100)} = 0 THEN 'INTERNAL' ELSE 'SKU_UNMAPPED' END::import_failure_code, 'no mapping', imported_at, imported_at FROM population WHERE n % 20 = 0`,
  `INSERT INTO job_runs (customer_id, connection_id, kind, status, trigger, started_at)
   SELECT ${uuid(0, 'customer')}, ${uuid(1, 'connection')}, (ARRAY['IMPORT_ORDERS', 'IMPORT_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING'])[1 + ${chance(22, 4)}]::job_kind,
     CASE WHEN ${chance(23, 200)} = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END::job_run_status, 'CADENCE', imported_at FROM population`,
  `INSERT INTO events (type, occurred_at, customer_id, connection_id, order_id, summary)
   SELECT type, imported_at, ${uuid(0, 'customer')}, ${uuid(1, 'connection')}, id, type FROM population CROSS JOIN unnest(ARRAY['ORDER_IMPORTED', 'ORDER_CLOSED']) AS type
   WHERE type = 'ORDER_IMPORTED' OR status <> 'OPEN' ORDER BY n`,
  `INSERT INTO events (type, occurred_at, customer_id, connection_id, summary)
   SELECT type, imported_at, ${uuid(0, 'customer')}, ${uuid(1, 'connection')}, type
   FROM population CROSS JOIN unnest(ARRAY['IMPORT_STARTED', 'IMPORT_FINISHED', 'ORDER_SHIPPED', 'TRACKING_ACCEPTED']) AS type WHERE n % 10 = 3 ORDER BY n`,
  `INSERT INTO events (type, occurred_at, customer_id, connection_id, summary)
   SELECT 'CONNECTION_CHANGED', imported_at, ${uuid(0, 'customer')}, ${uuid(1, 'connection')}, 'x' FROM population WHERE n % 5000 = 1`,
  `INSERT INTO inventory_movements (customer_id, inventory_item_id, kind, quantity, order_id, at, by)
   SELECT customer_id, inventory_item_id, 'ALLOCATION', 1, order_id, imported_at, 'bench' FROM order_lines JOIN population ON population.id = order_id`,
  'DROP TABLE population',
]

/** On an empty, migrated database, as a superuser (foreign keys hold by construction and are not looked up again). Ends with VACUUM and ANALYZE. */
export async function populate(pool: pg.Pool, orders: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query("SET session_replication_role = replica; SET work_mem = '256MB'; SET synchronous_commit = off")
    for (const sql of statements(orders)) await client.query(sql)
    await client.query('RESET session_replication_role; RESET work_mem; RESET synchronous_commit')
    await client.query('VACUUM ANALYZE')
  } finally {
    client.release()
  }
}
