-- PostgreSQL 18 has uuidv7(); on 13 to 17 this one stands in: milliseconds since 1970, then random bits (RFC 9562, 5.7).
DO $$
BEGIN
  IF to_regprocedure('uuidv7()') IS NULL THEN
    EXECUTE $f$
      CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS $b$
        SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
          PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
      $b$
    $f$;
  END IF;
END
$$;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER');

-- CreateEnum
CREATE TYPE "connection_status" AS ENUM ('ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION', 'DISCONNECTED');

-- CreateEnum
CREATE TYPE "unmapped_policy" AS ENUM ('FAIL', 'ACCEPT');

-- CreateEnum
CREATE TYPE "charge_basis" AS ENUM ('ORDER', 'LINE', 'UNIT');

-- CreateEnum
CREATE TYPE "movement_kind" AS ENUM ('RECEIPT', 'ADJUSTMENT', 'ALLOCATION', 'RELEASE', 'SHIPMENT');

-- CreateEnum
CREATE TYPE "listing_status" AS ENUM ('NEVER_PUSHED', 'IN_STEP', 'BEHIND', 'REJECTED', 'EXCLUDED');

-- CreateEnum
CREATE TYPE "job_kind" AS ENUM ('IMPORT_ORDERS', 'SWEEP_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING', 'SYNC_INVENTORY');

-- CreateEnum
CREATE TYPE "job_run_status" AS ENUM ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED');

-- CreateEnum
CREATE TYPE "job_trigger" AS ENUM ('CADENCE', 'MANUAL', 'RETRY');

-- CreateEnum
CREATE TYPE "order_status" AS ENUM ('OPEN', 'CLOSED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "hold_reason" AS ENUM ('OPERATOR', 'CANCEL_REQUESTED', 'ADDRESS', 'STOCK', 'OTHER');

-- CreateEnum
CREATE TYPE "charge_kind" AS ENUM ('AUTOMATIC', 'MANUAL', 'ADDITIONAL');

-- CreateEnum
CREATE TYPE "sighting_state" AS ENUM ('IMPORTED', 'SKIPPED', 'FAILED');

-- CreateEnum
CREATE TYPE "skip_reason" AS ENUM ('PAYMENT_PENDING', 'FULFILLED_BY_MARKETPLACE', 'ALREADY_SHIPPED', 'CANCELLED', 'BEFORE_IMPORT_FROM', 'UNFULFILLABLE');

-- CreateEnum
CREATE TYPE "import_failure_state" AS ENUM ('OPEN', 'RESOLVED', 'DISMISSED');

-- CreateEnum
CREATE TYPE "import_failure_code" AS ENUM ('SKU_UNMAPPED', 'SHIPPING_SERVICE_UNMAPPED', 'ADDRESS_MISSING', 'ADDRESS_INVALID', 'ITEM_WITHOUT_SKU', 'CURRENCY_UNKNOWN', 'MARKETPLACE_DATA_INVALID', 'INTERNAL');

-- CreateEnum
CREATE TYPE "tracking_status" AS ENUM ('PENDING', 'UNCONFIRMED', 'ACCEPTED', 'REJECTED', 'NOT_SENT');

-- CreateEnum
CREATE TYPE "weight_unit" AS ENUM ('GRAM', 'KILOGRAM', 'OUNCE', 'POUND');

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "prefix" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "warehouse_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "marketplace_id" TEXT NOT NULL,
    "merchant_id" TEXT,
    "status" "connection_status" NOT NULL DEFAULT 'ONBOARDING',
    "status_reason" TEXT,
    "import_orders" BOOLEAN NOT NULL DEFAULT true,
    "send_tracking_immediately" BOOLEAN NOT NULL DEFAULT false,
    "inventory_sync" BOOLEAN NOT NULL DEFAULT false,
    "import_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "unknown_sku" "unmapped_policy" NOT NULL DEFAULT 'FAIL',
    "unknown_shipping_service" "unmapped_policy" NOT NULL DEFAULT 'ACCEPT',
    "inventory_buffer" INTEGER NOT NULL DEFAULT 0,
    "inventory_percent" INTEGER NOT NULL DEFAULT 100,
    "imported_to" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credentials" (
    "connection_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "sealed" TEXT NOT NULL,
    "authorized_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "sku_mappings" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "seller_sku" TEXT NOT NULL,
    "warehouse_sku" TEXT NOT NULL,
    "units_per_item" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "sku_mappings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shipping_service_mappings" (
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "marketplace_service" TEXT NOT NULL,
    "carrier" TEXT NOT NULL,
    "scac" TEXT NOT NULL,
    "service" TEXT NOT NULL,

    CONSTRAINT "shipping_service_mappings_pkey" PRIMARY KEY ("connection_id","marketplace_service")
);

-- CreateTable
CREATE TABLE "quotas" (
    "connection_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "rate_per_second" DOUBLE PRECISION NOT NULL,
    "burst" INTEGER NOT NULL,
    "available" DOUBLE PRECISION NOT NULL,
    "throttled_until" TIMESTAMPTZ(3),
    "observed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quotas_pkey" PRIMARY KEY ("connection_id","operation")
);

-- CreateTable
CREATE TABLE "customers" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "charge_rules" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "description" TEXT,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "basis" "charge_basis" NOT NULL,

    CONSTRAINT "charge_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "warehouses" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "recipient" TEXT,
    "company" TEXT,
    "line1" TEXT NOT NULL,
    "line2" TEXT,
    "line3" TEXT,
    "city" TEXT NOT NULL,
    "region" TEXT,
    "postal_code" TEXT,
    "country_code" CHAR(2) NOT NULL,
    "phone" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "warehouses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "type" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "order_id" UUID,
    "job_run_id" UUID,
    "import_failure_id" UUID,
    "shipment_id" UUID,
    "inventory_item_id" UUID,
    "quantity" INTEGER,
    "summary" TEXT NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_items" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "warehouse_id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT,
    "on_hand" INTEGER NOT NULL DEFAULT 0,
    "on_hold" INTEGER NOT NULL DEFAULT 0,
    "allocated" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "inventory_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_movements" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "inventory_item_id" UUID NOT NULL,
    "kind" "movement_kind" NOT NULL,
    "quantity" INTEGER NOT NULL,
    "reason" TEXT,
    "reference" TEXT,
    "order_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,

    CONSTRAINT "inventory_movements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listings" (
    "connection_id" UUID NOT NULL,
    "seller_sku" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "pushed_quantity" INTEGER,
    "pushed_at" TIMESTAMPTZ(3),
    "status" "listing_status" NOT NULL DEFAULT 'NEVER_PUSHED',
    "message" TEXT,

    CONSTRAINT "listings_pkey" PRIMARY KEY ("connection_id","seller_sku")
);

-- CreateTable
CREATE TABLE "cadences" (
    "connection_id" UUID NOT NULL,
    "kind" "job_kind" NOT NULL,
    "customer_id" UUID NOT NULL,
    "every_seconds" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "next_run_at" TIMESTAMPTZ(3) NOT NULL,
    "run_id" UUID,
    "token" UUID,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "cadences_pkey" PRIMARY KEY ("connection_id","kind")
);

-- CreateTable
CREATE TABLE "job_runs" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "kind" "job_kind" NOT NULL,
    "status" "job_run_status" NOT NULL,
    "trigger" "job_trigger" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "window_from" TIMESTAMPTZ(3),
    "window_to" TIMESTAMPTZ(3),
    "calls" INTEGER NOT NULL DEFAULT 0,
    "found" INTEGER NOT NULL DEFAULT 0,
    "imported" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "error_message" TEXT,

    CONSTRAINT "job_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "warehouse_id" UUID NOT NULL,
    "marketplace_id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "status" "order_status" NOT NULL DEFAULT 'OPEN',
    "marketplace_status" TEXT NOT NULL,
    "marketplace_updated_at" TIMESTAMPTZ(3) NOT NULL,
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "on_hold" BOOLEAN NOT NULL DEFAULT false,
    "purchased_at" TIMESTAMPTZ(3) NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "ship_by" TIMESTAMPTZ(3),
    "deliver_by" TIMESTAMPTZ(3),
    "shipping_service" TEXT,
    "currency" CHAR(3),
    "total" DECIMAL(20,4),
    "units" INTEGER NOT NULL,
    "carrier" TEXT,
    "scac" TEXT,
    "service" TEXT,
    "tracking_number" TEXT,
    "bill_of_lading" TEXT,
    "load_number" TEXT,
    "trailer_number" TEXT,
    "seal_number" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_recipients" (
    "order_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "name" TEXT,
    "company" TEXT,
    "line1" TEXT,
    "line2" TEXT,
    "line3" TEXT,
    "city" TEXT,
    "region" TEXT,
    "postal_code" TEXT,
    "country_code" CHAR(2) NOT NULL,
    "phone" TEXT,
    "redacted_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_recipients_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "order_lines" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line_number" INTEGER NOT NULL,
    "item_id" TEXT NOT NULL,
    "seller_sku" TEXT NOT NULL,
    "warehouse_sku" TEXT NOT NULL,
    "units_per_item" INTEGER NOT NULL DEFAULT 1,
    "title" TEXT,
    "quantity" INTEGER NOT NULL,
    "quantity_shipped" INTEGER NOT NULL DEFAULT 0,
    "quantity_cancelled" INTEGER NOT NULL DEFAULT 0,
    "unit_price" DECIMAL(20,4),
    "inventory_item_id" UUID NOT NULL,

    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_holds" (
    "order_id" UUID NOT NULL,
    "reason" "hold_reason" NOT NULL,
    "customer_id" UUID NOT NULL,
    "note" TEXT,
    "placed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "placed_by" TEXT NOT NULL,

    CONSTRAINT "order_holds_pkey" PRIMARY KEY ("order_id","reason")
);

-- CreateTable
CREATE TABLE "charges" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "kind" "charge_kind" NOT NULL,
    "code" TEXT NOT NULL,
    "description" TEXT,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "charge_rule_id" UUID,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "added_by" TEXT NOT NULL,

    CONSTRAINT "charges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sightings" (
    "connection_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,
    "state" "sighting_state" NOT NULL,
    "skip_reason" "skip_reason",
    "marketplace_status" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "run_id" UUID,

    CONSTRAINT "sightings_pkey" PRIMARY KEY ("connection_id","number")
);

-- CreateTable
CREATE TABLE "import_failures" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "state" "import_failure_state" NOT NULL DEFAULT 'OPEN',
    "code" "import_failure_code" NOT NULL,
    "message" TEXT NOT NULL,
    "detail" TEXT,
    "seller_skus" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "shipping_service" TEXT,
    "first_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "order_id" UUID,
    "recorded" TEXT,

    CONSTRAINT "import_failures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shipments" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "package_number" INTEGER NOT NULL,
    "carrier" TEXT,
    "scac" TEXT,
    "service" TEXT,
    "tracking_number" TEXT,
    "bill_of_lading" TEXT,
    "load_number" TEXT,
    "trailer_number" TEXT,
    "seal_number" TEXT,
    "weight" DECIMAL(20,4),
    "weight_unit" "weight_unit",
    "shipped_at" TIMESTAMPTZ(3) NOT NULL,
    "shipped_by" TEXT NOT NULL,
    "tracking_status" "tracking_status" NOT NULL,
    "tracking_attempts" INTEGER NOT NULL DEFAULT 0,
    "tracking_revision" INTEGER NOT NULL DEFAULT 1,
    "tracking_last_attempt_at" TIMESTAMPTZ(3),
    "tracking_sent_at" TIMESTAMPTZ(3),
    "tracking_next_attempt_at" TIMESTAMPTZ(3),
    "tracking_accepted_at" TIMESTAMPTZ(3),
    "tracking_code" TEXT,
    "tracking_message" TEXT,

    CONSTRAINT "shipments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shipment_lines" (
    "shipment_id" UUID NOT NULL,
    "order_line_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "shipment_lines_pkey" PRIMARY KEY ("shipment_id","order_line_id")
);

-- CreateTable
CREATE TABLE "ship_and_close_calls" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_sha256" BYTEA NOT NULL,
    "result" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ship_and_close_calls_pkey" PRIMARY KEY ("actor","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_sha256_key" ON "api_tokens"("sha256");

-- CreateIndex
CREATE INDEX "connections_customer_id_idx" ON "connections"("customer_id");

-- CreateIndex
CREATE INDEX "connections_name_id_idx" ON "connections"("name", "id");

-- CreateIndex
CREATE INDEX "connections_created_at_id_idx" ON "connections"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "connections_marketplace_id_merchant_id_key" ON "connections"("marketplace_id", "merchant_id");

-- CreateIndex
CREATE INDEX "sku_mappings_customer_id_warehouse_sku_idx" ON "sku_mappings"("customer_id", "warehouse_sku");

-- CreateIndex
CREATE UNIQUE INDEX "sku_mappings_connection_id_seller_sku_key" ON "sku_mappings"("connection_id", "seller_sku");

-- CreateIndex
CREATE UNIQUE INDEX "customers_reference_key" ON "customers"("reference");

-- CreateIndex
CREATE INDEX "customers_name_id_idx" ON "customers"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "charge_rules_customer_id_code_key" ON "charge_rules"("customer_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "warehouses_code_key" ON "warehouses"("code");

-- CreateIndex
CREATE INDEX "events_xid_id_idx" ON "events"("xid", "id");

-- CreateIndex
CREATE INDEX "events_connection_id_xid_id_idx" ON "events"("connection_id", "xid", "id");

-- CreateIndex
CREATE INDEX "events_customer_id_xid_id_idx" ON "events"("customer_id", "xid", "id");

-- CreateIndex
CREATE INDEX "inventory_items_sku_id_idx" ON "inventory_items"("sku", "id");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_items_customer_id_warehouse_id_sku_key" ON "inventory_items"("customer_id", "warehouse_id", "sku");

-- CreateIndex
CREATE INDEX "inventory_movements_inventory_item_id_at_id_idx" ON "inventory_movements"("inventory_item_id", "at", "id");

-- CreateIndex
CREATE INDEX "job_runs_connection_id_kind_started_at_id_idx" ON "job_runs"("connection_id", "kind", "started_at", "id");

-- CreateIndex
CREATE INDEX "job_runs_started_at_id_idx" ON "job_runs"("started_at", "id");

-- CreateIndex
CREATE INDEX "orders_imported_at_id_idx" ON "orders"("imported_at", "id");

-- CreateIndex
CREATE INDEX "orders_purchased_at_id_idx" ON "orders"("purchased_at", "id");

-- CreateIndex
CREATE INDEX "orders_connection_id_imported_at_id_idx" ON "orders"("connection_id", "imported_at", "id");

-- CreateIndex
CREATE INDEX "orders_customer_id_imported_at_id_idx" ON "orders"("customer_id", "imported_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_connection_id_number_key" ON "orders"("connection_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "order_lines_order_id_item_id_key" ON "order_lines"("order_id", "item_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_lines_order_id_line_number_key" ON "order_lines"("order_id", "line_number");

-- CreateIndex
CREATE INDEX "charges_order_id_id_idx" ON "charges"("order_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "charges_order_id_charge_rule_id_key" ON "charges"("order_id", "charge_rule_id");

-- CreateIndex
CREATE INDEX "import_failures_last_failed_at_id_idx" ON "import_failures"("last_failed_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "import_failures_connection_id_number_key" ON "import_failures"("connection_id", "number");

-- CreateIndex
CREATE INDEX "shipments_shipped_at_id_idx" ON "shipments"("shipped_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "shipments_order_id_package_number_key" ON "shipments"("order_id", "package_number");

-- CreateIndex
CREATE INDEX "shipment_lines_order_line_id_idx" ON "shipment_lines"("order_line_id");

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sku_mappings" ADD CONSTRAINT "sku_mappings_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipping_service_mappings" ADD CONSTRAINT "shipping_service_mappings_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "charge_rules" ADD CONSTRAINT "charge_rules_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_movements" ADD CONSTRAINT "inventory_movements_inventory_item_id_fkey" FOREIGN KEY ("inventory_item_id") REFERENCES "inventory_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cadences" ADD CONSTRAINT "cadences_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_runs" ADD CONSTRAINT "job_runs_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_recipients" ADD CONSTRAINT "order_recipients_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_inventory_item_id_fkey" FOREIGN KEY ("inventory_item_id") REFERENCES "inventory_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_holds" ADD CONSTRAINT "order_holds_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "charges" ADD CONSTRAINT "charges_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_failures" ADD CONSTRAINT "import_failures_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipments" ADD CONSTRAINT "shipments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipment_lines" ADD CONSTRAINT "shipment_lines_shipment_id_fkey" FOREIGN KEY ("shipment_id") REFERENCES "shipments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipment_lines" ADD CONSTRAINT "shipment_lines_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_lines"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- What Prisma's schema language cannot say.

ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_quantities" CHECK (quantity > 0 AND units_per_item > 0 AND quantity_shipped >= 0 AND quantity_cancelled >= 0 AND quantity_shipped + quantity_cancelled <= quantity);
ALTER TABLE "charges" ADD CONSTRAINT "charges_amount" CHECK (amount > 0);
ALTER TABLE "charge_rules" ADD CONSTRAINT "charge_rules_amount" CHECK (amount > 0);
ALTER TABLE "sku_mappings" ADD CONSTRAINT "sku_mappings_units" CHECK (units_per_item > 0);
ALTER TABLE "shipment_lines" ADD CONSTRAINT "shipment_lines_quantity" CHECK (quantity > 0);
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_levels" CHECK (on_hand >= 0 AND on_hold >= 0 AND allocated >= 0);
ALTER TABLE "cadences" ADD CONSTRAINT "cadences_every" CHECK (every_seconds > 0);
ALTER TABLE "job_runs" ADD CONSTRAINT "job_runs_receipt" CHECK (found = imported + updated + unchanged + skipped + failed);
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_reason" CHECK ((state = 'SKIPPED') = (skip_reason IS NOT NULL));

-- Levels change with every order: room on the page and no index on what changes keep the change from touching the indexes (HOT).
ALTER TABLE "inventory_items" SET (fillfactor = 50);

-- A cadence never runs twice at once, and waits in line once.
CREATE UNIQUE INDEX "job_runs_one_running" ON "job_runs" (connection_id, kind) WHERE status = 'RUNNING';
CREATE UNIQUE INDEX "job_runs_one_queued" ON "job_runs" (connection_id, kind) WHERE status = 'QUEUED';
CREATE INDEX "cadences_due" ON "cadences" (kind, next_run_at) WHERE enabled;

CREATE INDEX "shipments_to_send" ON "shipments" (connection_id, tracking_next_attempt_at) WHERE tracking_status = 'PENDING';
CREATE INDEX "shipments_to_confirm" ON "shipments" (connection_id, tracking_next_attempt_at) WHERE tracking_status = 'UNCONFIRMED';
CREATE INDEX "shipments_rejected" ON "shipments" (connection_id) WHERE tracking_status = 'REJECTED';
CREATE INDEX "import_failures_open" ON "import_failures" (connection_id, code) WHERE state = 'OPEN';
-- An order without a ship-by comes last.
CREATE INDEX "orders_ship_by" ON "orders" (coalesce(ship_by, 'infinity'::timestamptz), id);
CREATE INDEX "orders_open_ship_by" ON "orders" (coalesce(ship_by, 'infinity'::timestamptz), id) WHERE status = 'OPEN';

-- Search is by prefix and ignores case. text_pattern_ops: also where the database's collation is not C.
CREATE INDEX "orders_number_prefix" ON "orders" (upper(number) text_pattern_ops);
CREATE INDEX "orders_tracking_prefix" ON "orders" (upper(tracking_number) text_pattern_ops) WHERE tracking_number IS NOT NULL;
CREATE INDEX "order_lines_seller_sku_prefix" ON "order_lines" (upper(seller_sku) text_pattern_ops);
CREATE INDEX "order_lines_warehouse_sku_prefix" ON "order_lines" (upper(warehouse_sku) text_pattern_ops);
CREATE INDEX "order_recipients_name_prefix" ON "order_recipients" (upper(name) text_pattern_ops) WHERE name IS NOT NULL;
CREATE INDEX "shipments_tracking_prefix" ON "shipments" (upper(tracking_number) text_pattern_ops) WHERE tracking_number IS NOT NULL;
CREATE INDEX "inventory_items_sku_prefix" ON "inventory_items" (upper(sku) text_pattern_ops);
CREATE INDEX "customers_name_prefix" ON "customers" (upper(name) text_pattern_ops);

CREATE INDEX "events_of_order" ON "events" (order_id, xid, id) WHERE order_id IS NOT NULL;

-- Wakes the readers of the log. It says only that there is something: the log is what is read.
CREATE FUNCTION events_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cartage_events', '');
  RETURN NULL;
END
$$;
CREATE TRIGGER "events_wake" AFTER INSERT ON "events" FOR EACH STATEMENT EXECUTE FUNCTION events_wake();
