-- Whose personal data is still kept: found without reading those of years.
CREATE INDEX "order_recipients_kept" ON "order_recipients" ("order_id") WHERE "redacted_at" IS NULL;
-- What was dismissed is not needed any more.
UPDATE "import_failures" SET "recorded" = NULL WHERE "state" = 'DISMISSED' AND "recorded" IS NOT NULL;
