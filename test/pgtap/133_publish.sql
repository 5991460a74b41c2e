-- Views of the user's own over those of the extension.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

SELECT kpi.define_unit('all'), kpi.define_unit('north', parent => 'all');
SELECT kpi.define_indicator('sales', combine => 'sum');
SELECT kpi.set_target('sales', unit, '2011', 1200) FROM kpi.unit;
SELECT kpi.define_scorecard('card');
SELECT kpi.set_weight('card', 'sales', 1);
SELECT kpi.enter('sales', 'north', '2011-01', 90);
SELECT kpi.refresh_results() > 0 AS refreshed;

CREATE ROLE kpi_publisher;
CREATE ROLE kpi_publish_reader;
CREATE ROLE kpi_publish_stranger;
SELECT kpi.grant_viewer('kpi_publisher'), kpi.grant_viewer('kpi_publish_reader', '{north}');
CREATE SCHEMA "My reports" AUTHORIZATION kpi_publisher;
CREATE TEMP VIEW ours AS SELECT c.oid, c.relname::text AS view_name FROM pg_class AS c
	WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'v';
CREATE TEMP VIEW published AS SELECT c.oid, c.relname::text AS view_name, c.reloptions, c.relowner FROM pg_class AS c
	WHERE c.relnamespace = '"My reports"'::regnamespace;
GRANT SELECT ON ours, published TO kpi_publisher;

SET LOCAL ROLE kpi_publisher;
SELECT bag_eq($$SELECT * FROM kpi.publish_views('My reports')$$, $$SELECT view_name, 'created' FROM ours$$,
	'every view is made, and told');
SELECT bag_eq($$SELECT * FROM kpi.publish_views('My reports')$$, $$SELECT view_name, 'kept' FROM ours$$,
	'a second time they are there');
RESET ROLE;
SELECT bag_eq('SELECT view_name, ''{security_invoker=true}''::text[], ''kpi_publisher''::regrole::oid FROM ours',
	'SELECT view_name, reloptions, relowner FROM published',
	'they are those of the caller and read with the rights of their reader');
SELECT is_empty($$SELECT FROM pg_depend AS d WHERE d.objid IN (SELECT oid FROM published) AND d.deptype = 'e'$$,
	'and belong to no extension');
CREATE TEMP VIEW described AS
SELECT v.schema, v.view_name, a.attnum, a.attname,
	format_type(a.atttypid, a.atttypmod) AS type,
	coalesce(col_description(v.oid, a.attnum), obj_description(v.oid, 'pg_class')) AS comment
FROM (SELECT 'ours' AS schema, oid, view_name FROM ours
	UNION ALL SELECT 'published', oid, view_name FROM published) AS v
	LEFT JOIN pg_attribute AS a ON a.attrelid = v.oid AND a.attnum > 0;
SELECT bag_eq('SELECT view_name, attnum, attname, type, comment FROM described WHERE schema = ''published''',
	'SELECT view_name, attnum, attname, type, comment FROM described WHERE schema = ''ours''',
	'with the same columns, types and comments');
SELECT bag_eq($$SELECT view_name, obj_description(oid, 'pg_class') FROM published$$,
	$$SELECT view_name, obj_description(oid, 'pg_class') FROM ours$$, 'views as a whole are told of, too');

SET LOCAL ROLE kpi_publish_reader;
SELECT bag_eq('SELECT score_key, score FROM "My reports".v_scorecard', 'SELECT score_key, score FROM kpi.v_scorecard',
	'who may read ours may read these, and the rows of their units');
SELECT bag_eq('SELECT DISTINCT unit::text FROM "My reports".fact_score', $$VALUES ('north')$$, 'no others');
SET LOCAL ROLE kpi_publish_stranger;
SELECT throws_ok('SELECT FROM "My reports".v_scorecard', '42501', NULL, 'others may not');
RESET ROLE;
GRANT USAGE ON SCHEMA "My reports" TO kpi_publish_stranger;
GRANT SELECT ON "My reports".v_scorecard TO kpi_publish_stranger;
SET LOCAL ROLE kpi_publish_stranger;
SELECT throws_ok('SELECT FROM "My reports".v_scorecard', '42501', 'permission denied for view v_scorecard',
	'not even where they were granted the view alone');
RESET ROLE;

-- As after an upgrade

SELECT kpi.grant_viewer('kpi_publish_stranger');
COMMENT ON COLUMN "My reports".v_unit.unit IS 'What somebody else says.';
SET LOCAL ROLE kpi_publisher;
DROP VIEW "My reports".v_due, "My reports".v_trend;
CREATE OR REPLACE VIEW "My reports".v_trend WITH (security_invoker = true) AS SELECT scorecard, unit FROM kpi.v_trend;
DROP VIEW "My reports".v_period;
CREATE VIEW "My reports".v_period WITH (security_invoker = true) AS SELECT is_newest, period_label FROM kpi.v_period;
SELECT bag_eq($$SELECT * FROM kpi.publish_views('My reports') WHERE done <> 'kept'$$,
	$$VALUES ('v_due', 'created'), ('v_trend', 'replaced'), ('v_period', 'replaced')$$,
	'what is new is made, what has more columns is replaced');
RESET ROLE;
SELECT bag_eq('SELECT view_name, attnum, attname, type, comment FROM described WHERE schema = ''published''',
	'SELECT view_name, attnum, attname, type, comment FROM described WHERE schema = ''ours''',
	'and all is as in ours again');
SET LOCAL ROLE kpi_publish_stranger;
SELECT lives_ok('SELECT FROM "My reports".v_due', 'who was granted access since may read it');
SET LOCAL ROLE kpi_publisher;

-- What is not its own

CREATE VIEW "My reports".mine AS SELECT 1 AS one;
SELECT is((SELECT count(*) FROM kpi.publish_views('My reports') WHERE done <> 'kept'), 0::bigint,
	'views of other names are in nobody''s way');
CREATE OR REPLACE VIEW "My reports".v_unit WITH (security_invoker = true) AS
	SELECT unit, unit_name, dimension, unit_position FROM kpi.v_unit WHERE unit <> 'all';
DROP VIEW "My reports".v_due;
SELECT throws_ok($$SELECT * FROM kpi.publish_views('My reports')$$, '42P07',
	'"My reports".v_unit is there already and was not made by kpi.publish_views()',
	'a view with a condition is not its own');
SELECT hasnt_view('My reports', 'v_due', 'and nothing is made');
DROP VIEW "My reports".v_unit;
CREATE TABLE "My reports".v_unit (unit text);
SELECT throws_ok($$SELECT * FROM kpi.publish_views('My reports')$$, '42P07', NULL, 'nor is a table');
SELECT throws_ok($$SELECT * FROM kpi.publish_views('nowhere')$$, '3F000', 'schema "nowhere" does not exist',
	'an unknown schema');
SELECT throws_ok($$SELECT * FROM kpi.publish_views(NULL)$$, '22004', NULL, 'no schema');
SELECT throws_ok($$SELECT * FROM kpi.publish_views('kpi')$$, '42P07', NULL, 'ours');
SELECT throws_ok($$SELECT * FROM kpi.publish_views('public')$$, '42501', NULL,
	'a schema that the caller may not write')
WHERE NOT has_schema_privilege('kpi_publisher', 'public', 'CREATE');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
