-- Notifications: who is told of what, what has happened that they are told of, and how far each was told.
CREATE TYPE "notification_topic" AS ENUM ('ORDER_CREATED', 'IMPORT_FAILED', 'TRACKING_REJECTED', 'INVENTORY_REJECTED', 'CONNECTION_ATTENTION');
CREATE TYPE "notification_frequency" AS ENUM ('IMMEDIATE', 'HOURLY', 'DAILY');
CREATE TABLE "notification_contacts" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "topics" "notification_topic"[],
    "frequency" "notification_frequency" NOT NULL,
    "time_zone" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "disabled_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_contacts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_contacts_active_check" CHECK ("active" = ("disabled_reason" IS NULL))
);
CREATE INDEX "notification_contacts_connection_id_idx" ON "notification_contacts"("connection_id");
CREATE UNIQUE INDEX "notification_contacts_address" ON "notification_contacts" ("connection_id", lower("email"));

CREATE TABLE "event_readers" (
    "name" TEXT NOT NULL,
    "xid" xid8 NOT NULL,
    "id" BIGINT NOT NULL,

    CONSTRAINT "event_readers_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "incidents" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "topic" "notification_topic" NOT NULL,
    "cause" TEXT NOT NULL,
    "news" BOOLEAN NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "incidents_connection_id_topic_idx" ON "incidents"("connection_id", "topic");
-- The same cause is one incident for as long as it lasts.
CREATE UNIQUE INDEX "incidents_open" ON "incidents" ("connection_id", "topic", "cause") WHERE "cleared_at" IS NULL;

CREATE TABLE "incident_subjects" (
    "incident_id" UUID NOT NULL,
    "subject" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "summary" TEXT NOT NULL,
    "opens" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_subjects_pkey" PRIMARY KEY ("incident_id","subject")
);
CREATE INDEX "incident_subjects_subject_idx" ON "incident_subjects"("subject");
ALTER TABLE "incident_subjects" ADD CONSTRAINT "incident_subjects_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "contact_incidents" (
    "contact_id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),
    "told_seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "contact_incidents_pkey" PRIMARY KEY ("contact_id","incident_id")
);
CREATE INDEX "contact_incidents_incident_id_idx" ON "contact_incidents"("incident_id");
CREATE INDEX "contact_incidents_due" ON "contact_incidents" ("due_at") WHERE "due_at" IS NOT NULL;
ALTER TABLE "contact_incidents" ADD CONSTRAINT "contact_incidents_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "notification_contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "contact_incidents" ADD CONSTRAINT "contact_incidents_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "mails" ADD COLUMN "contact_id" UUID, ADD COLUMN "topics" "notification_topic"[] DEFAULT ARRAY[]::"notification_topic"[];
CREATE INDEX "mails_contact_id_created_at_id_idx" ON "mails"("contact_id", "created_at", "id");
