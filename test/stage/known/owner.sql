-- Names of roles and of nobody, some as long as they may be.
INSERT INTO harness.form
SELECT 'kpi.owner'::regtype, 'names', row_number() OVER (), name
FROM unnest(ARRAY['postgres', 'pg_monitor', 'nobody at all', '"O''Neill"', repeat('x', 63), repeat('é', 31),
	repeat('ab', 30), repeat('long ', 12)]) AS name;
