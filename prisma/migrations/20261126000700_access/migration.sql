-- Tokens that are bound to customers, and the audit log: every change with who made it, kept by triggers, so that no code can forget it.
ALTER TABLE "api_tokens" ADD COLUMN "customer_ids" UUID[];
ALTER TABLE "api_tokens" ADD COLUMN "created_by" TEXT;
-- A merchant's token shows nobody else's; only those who may be bound are.
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_customers_check" CHECK (CASE "role"
  WHEN 'CUSTOMER' THEN cardinality("customer_ids") > 0
  WHEN 'VIEWER' THEN "customer_ids" IS NULL OR cardinality("customer_ids") > 0
  ELSE "customer_ids" IS NULL END);

CREATE TYPE "audit_change" AS ENUM ('CREATED', 'CHANGED', 'REMOVED');
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "role" TEXT,
    "address" TEXT,
    "request_id" TEXT,
    "action" TEXT NOT NULL,
    "change" "audit_change" NOT NULL,
    "record" TEXT NOT NULL,
    "subject_type" TEXT,
    "subject_id" UUID,
    "customer_id" UUID,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at", "id");
CREATE INDEX "audit_entries_customer_id_at_id_idx" ON "audit_entries"("customer_id", "at", "id");
CREATE INDEX "audit_entries_subject_id_at_id_idx" ON "audit_entries"("subject_id", "at", "id");
CREATE INDEX "audit_entries_actor_id_at_id_idx" ON "audit_entries"("actor_id", "at", "id");

CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever appended to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_append_only";

-- A whole row, without what is null; what is secret or personal is named, and not shown.
CREATE FUNCTION "audit_row"(entry jsonb, masked text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_object_agg(key, CASE WHEN key = ANY (masked) THEN '"***"'::jsonb ELSE value END) FROM jsonb_each(entry) WHERE value <> 'null'::jsonb
$$;

-- After a statement on a table. Its arguments: the record's name; columns that are masked; columns that tell rows apart; the type and the column of the subject; columns that
-- do not matter. Who: cartage.change, which a transaction of somebody's has. A job's changes are in the event log and in its receipt; whoever comes by another way than
-- the gateway is noted as the database knows them.
CREATE FUNCTION "audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  who jsonb := nullif(current_setting('cartage.change', true), '')::jsonb;
  masked text[] := string_to_array(TG_ARGV[1], ',');
  keys text[] := string_to_array(TG_ARGV[2], ',');
  ignored text[] := string_to_array(TG_ARGV[5], ',');
BEGIN
  IF who IS NULL THEN
    IF current_setting('application_name') LIKE 'cartage%' THEN
      RETURN NULL;
    END IF;
    who := jsonb_build_object('id', 'database:' || session_user, 'name', session_user, 'address', host(inet_client_addr()), 'action', 'SQL');
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO audit_entries (actor_id, actor_name, role, address, request_id, action, change, record, subject_type, subject_id, customer_id, before, after)
    SELECT who ->> 'id', who ->> 'name', who ->> 'role', who ->> 'address', who ->> 'requestId', who ->> 'action', 'CHANGED', TG_ARGV[0], nullif(TG_ARGV[3], ''), (one.now_is ->> TG_ARGV[4])::uuid,
      (one.now_is ->> CASE TG_TABLE_NAME WHEN 'customers' THEN 'id' ELSE 'customer_id' END)::uuid, difference.before, difference.after
    FROM (SELECT earlier.entry AS was, later.entry AS now_is
          FROM (SELECT entry, (SELECT string_agg(entry ->> key, ' ' ORDER BY key) FROM unnest(keys) AS key) AS key FROM (SELECT to_jsonb(was) AS entry FROM was) AS of OFFSET 0) AS earlier
          JOIN (SELECT entry, (SELECT string_agg(entry ->> key, ' ' ORDER BY key) FROM unnest(keys) AS key) AS key FROM (SELECT to_jsonb(became) AS entry FROM became) AS of OFFSET 0) AS later
            ON earlier.key = later.key) AS one
    CROSS JOIN LATERAL (
      SELECT jsonb_object_agg(key, CASE WHEN key = ANY (masked) AND one.was -> key <> 'null'::jsonb THEN '"***"'::jsonb ELSE one.was -> key END) AS before,
        jsonb_object_agg(key, CASE WHEN key = ANY (masked) AND value <> 'null'::jsonb THEN '"***"'::jsonb ELSE value END) AS after
      FROM jsonb_each(one.now_is) WHERE value IS DISTINCT FROM one.was -> key AND key <> ALL (ignored)
    ) AS difference
    WHERE difference.after IS NOT NULL;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO audit_entries (actor_id, actor_name, role, address, request_id, action, change, record, subject_type, subject_id, customer_id, after)
    SELECT who ->> 'id', who ->> 'name', who ->> 'role', who ->> 'address', who ->> 'requestId', who ->> 'action', 'CREATED', TG_ARGV[0], nullif(TG_ARGV[3], ''), (now_is ->> TG_ARGV[4])::uuid,
      (now_is ->> CASE TG_TABLE_NAME WHEN 'customers' THEN 'id' ELSE 'customer_id' END)::uuid, audit_row(now_is, masked)
    FROM (SELECT to_jsonb(became) AS now_is FROM became) AS one;
  ELSE
    INSERT INTO audit_entries (actor_id, actor_name, role, address, request_id, action, change, record, subject_type, subject_id, customer_id, before)
    SELECT who ->> 'id', who ->> 'name', who ->> 'role', who ->> 'address', who ->> 'requestId', who ->> 'action', 'REMOVED', TG_ARGV[0], nullif(TG_ARGV[3], ''), (one.was ->> TG_ARGV[4])::uuid,
      (one.was ->> CASE TG_TABLE_NAME WHEN 'customers' THEN 'id' ELSE 'customer_id' END)::uuid, audit_row(one.was, masked)
    FROM (SELECT to_jsonb(was) AS was FROM was) AS one;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION "audit"(audited text, record text, masked text, keys text, subject_type text, subject_column text, ignored text, ledger boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  arguments text := format('%L, %L, %L, %L, %L, %L', record, masked, keys, subject_type, subject_column, ignored);
BEGIN
  -- Of a ledger, whose rows say themselves whose they are and are only ever added to, what is added is not said twice.
  IF NOT ledger THEN
    EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION audit_change(%s)', audited, arguments);
  END IF;
  EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS was NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION audit_change(%s)', audited, arguments);
  EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION audit_change(%s)', audited, arguments);
END $$;

SELECT audit('api_tokens', 'ApiToken', 'sha256', 'id', 'ApiToken', 'id', 'last_used_at');
SELECT audit('customers', 'Customer', '', 'id', 'Customer', 'id', '');
SELECT audit('charge_rules', 'ChargeRule', '', 'id', 'Customer', 'customer_id', '');
SELECT audit('warehouses', 'Warehouse', '', 'id', 'Warehouse', 'id', '');
SELECT audit('connections', 'Connection', '', 'id', 'Connection', 'id', '');
SELECT audit('authorizations', 'Authorization', 'sealed', 'id', 'Customer', 'customer_id', '');
SELECT audit('surveys', 'Survey', 'contact_name,contact_email,notes', 'connection_id', 'Connection', 'connection_id', '');
SELECT audit('consents', 'Consent', 'state_hash', 'state_hash', 'Connection', 'connection_id', '');
SELECT audit('sku_mappings', 'SkuMapping', '', 'id', 'Connection', 'connection_id', '');
SELECT audit('shipping_service_mappings', 'ShippingServiceMapping', '', 'connection_id,marketplace_service', 'Connection', 'connection_id', '');
SELECT audit('cadences', 'Cadence', '', 'connection_id,kind', 'Connection', 'connection_id', 'token,locked_until');
SELECT audit('job_runs', 'JobRun', '', 'id', 'JobRun', 'id', '');
SELECT audit('agreements', 'Agreement', 'signer_name,signer_email,document_sealed,signed_sealed,signature,signed_from,signed_with', 'id', '', '', '');
SELECT audit('setup_links', 'SetupLink', 'name,email,session_hash', 'id', 'SetupLink', 'id', '');
SELECT audit('notification_contacts', 'NotificationContact', 'email', 'id', 'NotificationContact', 'id', '');
SELECT audit('webhooks', 'Webhook', 'secret,previous_secret', 'id', 'Webhook', 'id', 'attempts,wakes,token,locked_until');
SELECT audit('orders', 'Order', '', 'id', 'Order', 'id', 'updated_at');
SELECT audit('order_recipients', 'OrderRecipient', 'name,company,line1,line2,line3,city,region,postal_code,phone,gifts', 'order_id', 'Order', 'order_id', '');
SELECT audit('order_lines', 'OrderLine', '', 'id', 'Order', 'order_id', '');
SELECT audit('order_holds', 'OrderHold', '', 'order_id,reason', 'Order', 'order_id', '');
SELECT audit('charges', 'Charge', '', 'id', 'Order', 'order_id', '');
SELECT audit('import_failures', 'ImportFailure', 'recorded,detail', 'id', 'ImportFailure', 'id', '');
SELECT audit('shipments', 'Shipment', '', 'id', 'Shipment', 'id', '');
SELECT audit('shipment_lines', 'ShipmentLine', '', 'shipment_id,order_line_id', 'Shipment', 'shipment_id', '', true);
SELECT audit('inventory_items', 'InventoryItem', '', 'id', 'InventoryItem', 'id', 'updated_at');
SELECT audit('inventory_movements', 'InventoryMovement', '', 'id', 'InventoryItem', 'inventory_item_id', '', true);
SELECT audit('inventory_rules', 'InventoryRule', '', 'connection_id,inventory_item_id', 'InventoryItem', 'inventory_item_id', '');
