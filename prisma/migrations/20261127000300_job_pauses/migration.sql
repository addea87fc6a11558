-- What is paused: a kind of job of a connection, or without one of the whole gateway.
CREATE TABLE "job_pauses" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "customer_id" UUID,
    "connection_id" UUID,
    "kind" "job_kind" NOT NULL,
    "reason" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "paused_by" TEXT NOT NULL,

    CONSTRAINT "job_pauses_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "job_pauses_connection_id_kind_key" ON "job_pauses"("connection_id", "kind");
CREATE UNIQUE INDEX "job_pauses_everywhere" ON "job_pauses" ("kind") WHERE "connection_id" IS NULL;
CREATE INDEX "job_pauses_paused_at_id_idx" ON "job_pauses"("paused_at", "id");
ALTER TABLE "job_pauses" ADD CONSTRAINT "job_pauses_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "job_pauses" ADD CONSTRAINT "job_pauses_of_a_customer" CHECK (("connection_id" IS NULL) = ("customer_id" IS NULL));

SELECT audit('job_pauses', 'JobPause', '', 'id', 'JobPause', 'id', '');
