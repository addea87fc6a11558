-- How far each history was removed, so that nobody takes what is gone for what never was.
CREATE TABLE "history_starts" (
    "name" TEXT NOT NULL,
    "before" TIMESTAMPTZ(3) NOT NULL,
    "xid" xid8 NOT NULL,
    "id" BIGINT NOT NULL,

    CONSTRAINT "history_starts_pkey" PRIMARY KEY ("name")
);
INSERT INTO "history_starts" ("name", "before", "xid", "id") VALUES ('events', 'epoch', '0', 0), ('run events', 'epoch', '0', 0);

-- The audit log is never changed; of what is older than a year, it may be removed.
DROP TRIGGER "audit_entries_append_only" ON "audit_entries";
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_append_only";
CREATE TRIGGER "audit_entries_kept" BEFORE DELETE ON "audit_entries" FOR EACH ROW WHEN (OLD."at" > clock_timestamp() - interval '365 days') EXECUTE FUNCTION "refuse_audit_change"();
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_kept";
