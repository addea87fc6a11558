-- Open orders of some connections, in any order: a connection that has long had none is not walked to its first order to find that out.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orders_open_of_connection" ON "orders" (connection_id, imported_at, id) WHERE status = 'OPEN';
