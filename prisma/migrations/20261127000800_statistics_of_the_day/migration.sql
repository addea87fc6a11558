-- What is open or under way is a small share of a large table, and another one each hour. PostgreSQL looks again once a hundredth has changed, not a
-- tenth: else it takes packages that wait for none at all, and looks for those of a connection among all that wait.
ALTER TABLE "orders" SET (autovacuum_analyze_scale_factor = 0.01);
ALTER TABLE "shipments" SET (autovacuum_analyze_scale_factor = 0.01);
