-- Its steps go before each other, over tables that they drop at the end, and each load
-- leaves the plans of new triggers in the server's cache.
INSERT INTO harness.on_purpose
SELECT fact, proname, reason FROM pg_proc,
	(VALUES ('once', 'the demo is there already'), ('plpgsql', 'relation "kpi_demo.'),
		('plpgsql', 'function kpi_demo.')) AS v(fact, reason)
WHERE pronamespace = 'kpi_internal'::regnamespace AND proname LIKE 'demo\_%' AND pronargs = 0 AND provolatile = 'v'
UNION ALL VALUES ('once', 'load_demo', 'the demo is there already'), ('once', 'drop_demo', 'its triggers go');
