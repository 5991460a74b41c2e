-- DROP EXTENSION leaves nothing behind, also after use, and can be undone.
BEGIN;
SELECT plan(8);

-- whatever a database holds that names something of ours
CREATE FUNCTION pg_temp.left_behind() RETURNS TABLE (what text) LANGUAGE sql AS $$
	SELECT pg_catalog.pg_describe_object(classid, objid, objsubid)
	  FROM (SELECT 'pg_class'::regclass AS classid, oid AS objid, 0 AS objsubid FROM pg_class WHERE relnamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc WHERE pronamespace = 'kpi'::regnamespace OR probin LIKE '%/kpi'
			UNION ALL SELECT 'pg_type'::regclass, oid, 0 FROM pg_type WHERE typnamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_operator'::regclass, oid, 0 FROM pg_operator WHERE oprnamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_opclass'::regclass, oid, 0 FROM pg_opclass WHERE opcnamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_opfamily'::regclass, oid, 0 FROM pg_opfamily WHERE opfnamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_constraint'::regclass, oid, 0 FROM pg_constraint WHERE connamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_collation'::regclass, oid, 0 FROM pg_collation WHERE collnamespace = 'kpi'::regnamespace
			UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 0 FROM pg_event_trigger WHERE evtname LIKE 'kpi%'
			UNION ALL SELECT 'pg_cast'::regclass, c.oid, 0 FROM pg_cast c JOIN pg_proc p ON p.oid = c.castfunc AND p.pronamespace = 'kpi'::regnamespace) o
$$;
SELECT isnt_empty('SELECT * FROM pg_temp.left_behind()', 'the list sees the objects that are there');
CREATE TABLE counted AS SELECT count(*) AS objects FROM pg_temp.left_behind();

SELECT lives_ok('SELECT kpi.load_demo()', 'the demo loads');
CALL kpi.collect('2025', indicators => ARRAY['revenue'], commit_each => false);
SELECT lives_ok('SELECT kpi.drop_demo()', 'and is removed');
CREATE TABLE public.kept AS SELECT 1 AS own, (SELECT count(*) FROM kpi.indicator) AS indicators;
SELECT lives_ok('DROP EXTENSION kpi', 'the extension goes without CASCADE');
SELECT is_empty('SELECT * FROM pg_temp.left_behind()', 'and leaves no object behind');
SELECT results_eq('SELECT own, indicators FROM public.kept', 'VALUES (1, 0::bigint)', 'what is not ours stays');
SELECT lives_ok('CREATE EXTENSION kpi', 'it can be created again in the schema it left');
SELECT results_eq('SELECT count(*) FROM pg_temp.left_behind()', 'SELECT objects FROM counted', 'with all its objects');

SELECT finish();
ROLLBACK;
