-- Every condition, order and search of a list has an index, and each index a list that needs it (docs/decisions/0016).

-- A connection's rows in each order of a list; a customer's are those of its connections, merged.
CREATE INDEX "orders_connection_id_purchased_at_id_idx" ON "orders"("connection_id", "purchased_at", "id");
CREATE INDEX "shipments_connection_id_shipped_at_id_idx" ON "shipments"("connection_id", "shipped_at", "id");
CREATE INDEX "import_failures_connection_id_last_failed_at_id_idx" ON "import_failures"("connection_id", "last_failed_at", "id");
CREATE INDEX "job_runs_connection_id_started_at_id_idx" ON "job_runs"("connection_id", "started_at", "id");
DROP INDEX "orders_customer_id_imported_at_id_idx";
-- An order without a ship-by comes last.
DROP INDEX "orders_ship_by";
CREATE INDEX "orders_connection_ship_by" ON "orders" ("connection_id", coalesce("ship_by", 'infinity'::timestamptz), "id");

CREATE INDEX "inventory_items_warehouse_id_sku_id_idx" ON "inventory_items"("warehouse_id", "sku", "id");
CREATE INDEX "import_failures_code_last_failed_at_id_idx" ON "import_failures"("code", "last_failed_at", "id");
CREATE INDEX "job_runs_kind_started_at_id_idx" ON "job_runs"("kind", "started_at", "id");

-- What few rows are: imports write to none of these.
CREATE INDEX "orders_cancelled" ON "orders" ("imported_at", "id") WHERE "status" = 'CANCELLED';
CREATE INDEX "orders_on_hold" ON "orders" ("imported_at", "id") WHERE "on_hold";
CREATE INDEX "orders_cancel_requested" ON "orders" ("imported_at", "id") WHERE "cancel_requested";
CREATE INDEX "shipments_unaccepted" ON "shipments" ("tracking_status", "shipped_at", "id") WHERE "tracking_status" <> 'ACCEPTED';
CREATE INDEX "import_failures_unresolved" ON "import_failures" ("state", "last_failed_at", "id") WHERE "state" <> 'RESOLVED';
CREATE INDEX "job_runs_unsuccessful" ON "job_runs" ("status", "started_at", "id") WHERE "status" <> 'SUCCEEDED';
CREATE INDEX "events_of_rare_types" ON "events" ("type", "xid", "id")
  WHERE "type" NOT IN ('IMPORT_STARTED', 'IMPORT_FINISHED', 'ORDER_IMPORTED', 'ORDER_SHIPPED', 'ORDER_CLOSED', 'TRACKING_ACCEPTED');
CREATE INDEX "listings_rejected" ON "listings" ("connection_id", "seller_sku") WHERE "status" = 'REJECTED';
CREATE INDEX "listings_of_the_marketplace" ON "listings" ("connection_id", "seller_sku") WHERE "fulfilled_by" = 'MARKETPLACE';
CREATE INDEX "inventory_rules_excluded" ON "inventory_rules" ("connection_id", "inventory_item_id") WHERE "excluded";

-- Search is by prefix and ignores case; the customer stands in the index, so that a scoped viewer's search skips everybody else's.
DROP INDEX "orders_number_prefix";
DROP INDEX "orders_tracking_prefix";
DROP INDEX "order_lines_seller_sku_prefix";
DROP INDEX "order_lines_warehouse_sku_prefix";
DROP INDEX "order_recipients_name_prefix";
DROP INDEX "shipments_tracking_prefix";
CREATE INDEX "orders_number_prefix" ON "orders" (upper("number") text_pattern_ops, "customer_id");
CREATE INDEX "orders_tracking_prefix" ON "orders" (upper("tracking_number") text_pattern_ops, "customer_id") WHERE "tracking_number" IS NOT NULL;
CREATE INDEX "orders_bill_of_lading_prefix" ON "orders" (upper("bill_of_lading") text_pattern_ops, "customer_id") WHERE "bill_of_lading" IS NOT NULL;
CREATE INDEX "orders_load_number_prefix" ON "orders" (upper("load_number") text_pattern_ops, "customer_id") WHERE "load_number" IS NOT NULL;
CREATE INDEX "order_lines_seller_sku_prefix" ON "order_lines" (upper("seller_sku") text_pattern_ops, "customer_id");
CREATE INDEX "order_lines_warehouse_sku_prefix" ON "order_lines" (upper("warehouse_sku") text_pattern_ops, "customer_id");
CREATE INDEX "order_recipients_name_prefix" ON "order_recipients" (upper("name") text_pattern_ops, "customer_id") WHERE "name" IS NOT NULL;
CREATE INDEX "shipments_tracking_prefix" ON "shipments" (upper("tracking_number") text_pattern_ops, "customer_id") WHERE "tracking_number" IS NOT NULL;
CREATE INDEX "customers_reference_prefix" ON "customers" (upper("reference") text_pattern_ops);
CREATE INDEX "connections_name_prefix" ON "connections" (upper("name") text_pattern_ops);
CREATE INDEX "connections_merchant_prefix" ON "connections" (upper("merchant_id") text_pattern_ops) WHERE "merchant_id" IS NOT NULL;
CREATE INDEX "sku_mappings_seller_sku_prefix" ON "sku_mappings" ("connection_id", upper("seller_sku") text_pattern_ops);
CREATE INDEX "sku_mappings_warehouse_sku_prefix" ON "sku_mappings" ("connection_id", upper("warehouse_sku") text_pattern_ops);
