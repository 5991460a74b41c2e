-- Its steps go before each other, and each load leaves the plans of new triggers in
-- the server's cache.
INSERT INTO harness.on_purpose
SELECT 'once', proname, 'the demo is there already' FROM pg_proc
WHERE pronamespace = 'kpi_internal'::regnamespace AND proname LIKE 'demo\_%' AND pronargs = 0 AND provolatile = 'v'
UNION ALL VALUES ('once', 'load_demo', 'the demo is there already'), ('once', 'drop_demo', 'its triggers go');
