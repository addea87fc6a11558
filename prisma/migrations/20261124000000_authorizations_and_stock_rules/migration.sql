-- A seller's authorization gets a row of its own, which several connections may share.
CREATE TABLE "authorizations" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "merchant_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "authorized_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "warned_days" INTEGER,

    CONSTRAINT "authorizations_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "connections"
    ADD COLUMN "authorization_id" UUID,
    ADD COLUMN "tested_at" TIMESTAMPTZ(3),
    ADD COLUMN "checks" JSONB,
    ADD COLUMN "live_at" TIMESTAMPTZ(3);

-- What is sealed is bound to the id under which it was sealed: the connection's, which becomes the authorization's.
INSERT INTO "authorizations" ("id", "customer_id", "channel", "merchant_id", "sealed", "authorized_at", "expires_at")
SELECT connection.id, connection.customer_id, connection.channel, connection.merchant_id, credentials.sealed, credentials.authorized_at, credentials.expires_at
FROM "credentials" JOIN "connections" AS connection ON connection.id = credentials.connection_id
WHERE connection.merchant_id IS NOT NULL;
UPDATE "connections" SET "authorization_id" = "id" WHERE "id" IN (SELECT "id" FROM "authorizations");
UPDATE "connections" SET "live_at" = "created_at" WHERE "status" <> 'ONBOARDING';
DROP TABLE "credentials";

CREATE INDEX "authorizations_customer_id_channel_merchant_id_idx" ON "authorizations"("customer_id", "channel", "merchant_id");
CREATE INDEX "connections_authorization_id_idx" ON "connections"("authorization_id");
ALTER TABLE "authorizations" ADD CONSTRAINT "authorizations_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "connections" ADD CONSTRAINT "connections_authorization_id_fkey" FOREIGN KEY ("authorization_id") REFERENCES "authorizations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A seller's account on a marketplace feeds one connection, until that one is disconnected. The merchant ID stands there only once the
-- seller has authorized: what a survey merely says keeps nobody else out.
DROP INDEX "connections_marketplace_id_merchant_id_key";
CREATE UNIQUE INDEX "connections_marketplace_id_merchant_id_key" ON "connections"("marketplace_id", "merchant_id") WHERE "status" <> 'DISCONNECTED';

CREATE TABLE "surveys" (
    "connection_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "contact_name" TEXT NOT NULL,
    "contact_email" TEXT NOT NULL,
    "merchant_id" TEXT,
    "expected_orders_per_day" INTEGER,
    "notes" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,

    CONSTRAINT "surveys_pkey" PRIMARY KEY ("connection_id")
);
ALTER TABLE "surveys" ADD CONSTRAINT "surveys_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "consents" (
    "state_hash" BYTEA NOT NULL,
    "connection_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "actor_role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "consents_pkey" PRIMARY KEY ("state_hash")
);
CREATE INDEX "consents_connection_id_idx" ON "consents"("connection_id");
CREATE INDEX "consents_expires_at_idx" ON "consents"("expires_at");
ALTER TABLE "consents" ADD CONSTRAINT "consents_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "secret_warnings" (
    "channel" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "days" INTEGER NOT NULL,

    CONSTRAINT "secret_warnings_pkey" PRIMARY KEY ("channel","expires_at")
);

-- The budget is the seller's, whichever connection and process spends it: from here on the row is what calls are taken from.
DROP TABLE "quotas";
CREATE TABLE "quotas" (
    "authorization_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "rate_per_second" DOUBLE PRECISION NOT NULL,
    "burst" INTEGER NOT NULL,
    "available" DOUBLE PRECISION NOT NULL,
    "throttled_until" TIMESTAMPTZ(3),
    "observed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quotas_pkey" PRIMARY KEY ("authorization_id", "operation")
);
ALTER TABLE "quotas" ADD CONSTRAINT "quotas_authorization_id_fkey" FOREIGN KEY ("authorization_id") REFERENCES "authorizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "listings"
    ADD COLUMN "fulfilled_by" TEXT,
    ADD COLUMN "read_quantity" INTEGER,
    ADD COLUMN "read_at" TIMESTAMPTZ(3),
    ADD COLUMN "mismatches" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "refused_at" TIMESTAMPTZ(3);

CREATE TABLE "inventory_rules" (
    "connection_id" UUID NOT NULL,
    "inventory_item_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "buffer" INTEGER,
    "percent" INTEGER,
    "maximum" INTEGER,
    "excluded" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "inventory_rules_pkey" PRIMARY KEY ("connection_id", "inventory_item_id"),
    CONSTRAINT "inventory_rules_ranges" CHECK ("buffer" >= 0 AND "percent" BETWEEN 0 AND 100 AND "maximum" >= 0)
);
CREATE INDEX "inventory_rules_inventory_item_id_idx" ON "inventory_rules"("inventory_item_id");
ALTER TABLE "inventory_rules" ADD CONSTRAINT "inventory_rules_inventory_item_id_fkey" FOREIGN KEY ("inventory_item_id") REFERENCES "inventory_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "inventory_submissions" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "connection_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "quantities" JSONB NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inventory_submissions_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "inventory_submissions_connection_id_idx" ON "inventory_submissions"("connection_id");

ALTER TABLE "order_recipients" ADD COLUMN "gifts" JSONB;
