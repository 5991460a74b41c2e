-- DROP EXTENSION leaves nothing behind but the schema, also after use, and can be
-- undone; only a superuser creates the extension.
-- share: 5
BEGIN;
SELECT plan(19);

-- Rows of the catalogues that all databases share, where other tests work, too:
-- of those we see, these are ours, for a change of another is seen when it is done.
CREATE FUNCTION pg_temp.is_ours(xmin xid) RETURNS boolean LANGUAGE sql AS $$
	SELECT pg_xact_status(xmin::text::xid8) = 'in progress'
$$;
-- whatever a database holds that names something of ours
CREATE FUNCTION pg_temp.left_behind() RETURNS TABLE (what text) LANGUAGE sql AS $$
	SELECT pg_catalog.pg_describe_object(classid, objid, objsubid)
	  FROM (SELECT 'pg_class'::regclass AS classid, oid AS objid, 0 AS objsubid FROM pg_class
		WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc WHERE pronamespace IN (SELECT oid
				FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal')) OR probin LIKE '%/kpi'
			UNION ALL SELECT 'pg_type'::regclass, oid, 0 FROM pg_type
			WHERE typnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_operator'::regclass, oid, 0 FROM pg_operator
			WHERE oprnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_opclass'::regclass, oid, 0 FROM pg_opclass
			WHERE opcnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_opfamily'::regclass, oid, 0 FROM pg_opfamily
			WHERE opfnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_constraint'::regclass, oid, 0 FROM pg_constraint
			WHERE connamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_collation'::regclass, oid, 0 FROM pg_collation
			WHERE collnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_default_acl'::regclass, oid, 0 FROM pg_default_acl
			WHERE defaclnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))
			UNION ALL SELECT 'pg_authid'::regclass, oid, 0 FROM pg_authid WHERE pg_temp.is_ours(xmin)
			UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 0 FROM pg_event_trigger WHERE evtname LIKE 'kpi%'
			UNION ALL SELECT 'pg_cast'::regclass, c.oid, 0 FROM pg_cast c JOIN pg_proc p ON p.oid = c.castfunc
				AND p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal'))) o
$$;
-- what catalogues say of objects that are not there
CREATE FUNCTION pg_temp.about_nothing() RETURNS TABLE (what text) LANGUAGE sql AS $$
	SELECT format('%s %s in %s', classid::regclass, objid, place)
	  FROM (SELECT 'pg_depend', refclassid, refobjid FROM pg_depend UNION ALL SELECT 'pg_depend', classid, objid
		FROM pg_depend
			UNION ALL SELECT 'pg_description', classoid, objoid FROM pg_description
			UNION ALL SELECT 'pg_init_privs', classoid, objoid FROM pg_init_privs
			UNION ALL SELECT 'pg_shdepend', classid, objid FROM pg_shdepend
			WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
		   ) AS t (place, classid, objid), pg_describe_object(classid, objid, 0) AS n
	 WHERE n IS NULL AND objid >= 16384
$$;
-- the number of rows of every catalogue; statistics come and go
CREATE FUNCTION pg_temp.rows_of_catalogues() RETURNS TABLE (catalogue regclass, n bigint) LANGUAGE plpgsql AS $$
DECLARE
	condition text;
BEGIN
	FOR catalogue, condition IN SELECT oid, CASE WHEN relisshared THEN 'WHERE pg_temp.is_ours(xmin)' END FROM pg_class
		WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND oid NOT IN ('pg_statistic'::regclass,
		'pg_statistic_ext_data'::regclass) LOOP
		EXECUTE format('SELECT count(*) FROM %s %s', catalogue, condition) INTO n;
		RETURN NEXT;
	END LOOP;
END $$;
SELECT isnt_empty('SELECT * FROM pg_temp.left_behind()', 'the list sees the objects that are there');
CREATE TABLE counted AS SELECT count(*) AS objects FROM pg_temp.left_behind();

SELECT lives_ok('SELECT kpi.load_demo()', 'the demo loads');
CALL kpi.collect('2025', indicators => ARRAY['acme_revenue'], commit_each => false);
SELECT lives_ok('SELECT kpi.drop_demo()', 'and is removed');
CREATE TABLE public.kept AS SELECT 1 AS own, (SELECT count(*) FROM kpi.indicator) AS indicators;
CREATE TABLE empty (catalogue regclass, n bigint);
SELECT lives_ok('DROP EXTENSION kpi', 'the extension goes without CASCADE');
INSERT INTO empty SELECT * FROM pg_temp.rows_of_catalogues();
SELECT is_empty('SELECT * FROM pg_temp.left_behind()', 'and leaves no object behind');
SELECT is_empty('SELECT * FROM pg_temp.about_nothing()', 'and nothing about an object that is gone');
SELECT results_eq('SELECT own, indicators FROM public.kept', 'VALUES (1, 0::bigint)', 'what is not ours stays');
SELECT lives_ok('DROP SCHEMA kpi', 'the schema that it leaves is empty');
SELECT is_empty($$SELECT FROM pg_init_privs WHERE objoid = 0 OR classoid = 'pg_namespace'::regclass
	AND objoid NOT IN (SELECT oid FROM pg_namespace)$$, 'and goes with its privileges');

SELECT lives_ok('CREATE EXTENSION kpi', 'it can be created again');
SELECT results_eq('SELECT count(*) FROM pg_temp.left_behind()', 'SELECT objects FROM counted', 'with all its objects');
SELECT lives_ok('DROP EXTENSION kpi; CREATE EXTENSION kpi', 'also in the schema that it left');
SELECT kpi.define_unit('shop');
SELECT lives_ok('DROP EXTENSION kpi', 'and dropped again');
SELECT results_eq('SELECT * FROM pg_temp.rows_of_catalogues() ORDER BY 1', 'SELECT * FROM empty ORDER BY 1',
	'every catalogue has as many rows as before');

-- the owner of a database is not enough
DROP SCHEMA kpi;
CREATE ROLE keeper;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO keeper', current_database()); END $$;
SET LOCAL ROLE keeper;
SELECT throws_ok('CREATE EXTENSION kpi', '42501', 'permission denied to create extension "kpi"',
	'the owner of a database may not create it');
SELECT throws_ok('CREATE EXTENSION kpi CASCADE', '42501', 'permission denied to create extension "kpi"',
	'neither with what it needs');
SELECT is_empty($$SELECT FROM pg_namespace WHERE nspname = 'kpi'$$, 'and no part of it is there');
RESET ROLE;
CREATE EXTENSION kpi;
SET LOCAL ROLE keeper;
SELECT throws_ok('ALTER EXTENSION kpi UPDATE', '42501', 'must be owner of extension kpi', 'nor may it update it');
SELECT throws_ok('DROP EXTENSION kpi', '42501', 'must be owner of extension kpi', 'nor drop it');
RESET ROLE;

SELECT finish();
ROLLBACK;
