-- As "orders_open_ship_by": what is open is found without counting first how much there is.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orders_open_imported" ON "orders" (imported_at, id) WHERE status = 'OPEN';
