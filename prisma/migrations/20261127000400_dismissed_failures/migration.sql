-- What was recorded of an order goes when its failure is dismissed; each later sight of it had brought it back.
-- safe: a row for each failure that somebody has dismissed
UPDATE "import_failures" SET "recorded" = NULL WHERE "state" = 'DISMISSED' AND "recorded" IS NOT NULL;
