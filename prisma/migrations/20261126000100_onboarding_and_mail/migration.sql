-- Onboarding: who did each step and when, agreements, links for merchants without an account; and the mail that goes out.
CREATE TYPE "delivery_status" AS ENUM ('PENDING', 'SENT', 'FAILED');
CREATE TABLE "mails" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID,
    "connection_id" UUID,
    "kind" TEXT NOT NULL,
    "key" TEXT,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "html" TEXT,
    "text" TEXT,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "status" "delivery_status" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "token" UUID,
    "locked_until" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "mails_pkey" PRIMARY KEY ("id"),
    -- What waits has a time to be tried at, and nothing else has.
    CONSTRAINT "mails_status_check" CHECK (("status" = 'PENDING') = ("next_attempt_at" IS NOT NULL) AND ("status" = 'SENT') = ("sent_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "mails_key_key" ON "mails"("key");
CREATE INDEX "mails_created_at_id_idx" ON "mails"("created_at", "id");
CREATE INDEX "mails_connection_id_idx" ON "mails"("connection_id");
CREATE INDEX "mails_due" ON "mails" ("next_attempt_at", "id") WHERE "status" = 'PENDING';

CREATE TYPE "agreement_status" AS ENUM ('NOT_SENT', 'SENT', 'SIGNED', 'DECLINED', 'VOIDED');
CREATE TABLE "agreements" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "reference" TEXT,
    "status" "agreement_status" NOT NULL DEFAULT 'NOT_SENT',
    "status_reason" TEXT,
    "signer_name" TEXT NOT NULL,
    "signer_email" TEXT NOT NULL,
    "document_sha256" TEXT NOT NULL,
    "document_sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "signed_at" TIMESTAMPTZ(3),
    "signature" TEXT,
    "consent" TEXT,
    "signed_from" TEXT,
    "signed_with" TEXT,
    "signed_sha256" TEXT,
    "signed_sealed" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "agreements_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "agreements_signed_check" CHECK (("status" = 'SIGNED') = ("signed_at" IS NOT NULL AND "signed_sha256" IS NOT NULL AND "signed_sealed" IS NOT NULL)),
    CONSTRAINT "agreements_sent_check" CHECK ("status" NOT IN ('SENT', 'SIGNED') OR "sent_at" IS NOT NULL)
);
CREATE UNIQUE INDEX "agreements_provider_reference_key" ON "agreements"("provider", "reference");
CREATE INDEX "agreements_customer_id_idx" ON "agreements"("customer_id");
CREATE INDEX "agreements_status_created_at_idx" ON "agreements"("status", "created_at");

CREATE TABLE "setup_links" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "warehouse_id" UUID NOT NULL,
    "request_id" UUID,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "session_hash" BYTEA,
    "session_expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "setup_links_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "setup_links_session_hash_key" ON "setup_links"("session_hash");
CREATE INDEX "setup_links_customer_id_idx" ON "setup_links"("customer_id");
CREATE INDEX "setup_links_request_id_idx" ON "setup_links"("request_id");

ALTER TABLE "authorizations" ADD COLUMN "authorized_by" TEXT;
ALTER TABLE "connections"
    ADD COLUMN "tested_by" TEXT,
    ADD COLUMN "live_by" TEXT,
    ADD COLUMN "turnaround_hours" INTEGER NOT NULL DEFAULT 48,
    ADD COLUMN "agreement_id" UUID,
    ADD COLUMN "overdue_told_for" TIMESTAMPTZ(3);
CREATE INDEX "connections_agreement_id_idx" ON "connections"("agreement_id");
CREATE INDEX "connections_onboarding" ON "connections" ("id") WHERE "status" = 'ONBOARDING';
ALTER TABLE "connections" ADD CONSTRAINT "connections_agreement_id_fkey" FOREIGN KEY ("agreement_id") REFERENCES "agreements"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "surveys" ADD COLUMN "request_id" UUID NOT NULL DEFAULT uuidv7();
-- Of surveys from before, those that were answered at one stroke.
UPDATE "surveys" AS survey SET "request_id" = first.request_id
FROM (SELECT DISTINCT ON (customer_id, at, contact_email) customer_id, at, contact_email, request_id FROM "surveys" ORDER BY customer_id, at, contact_email, connection_id) AS first
WHERE survey.customer_id = first.customer_id AND survey.at = first.at AND survey.contact_email = first.contact_email;
CREATE INDEX "surveys_request_id_idx" ON "surveys"("request_id");
