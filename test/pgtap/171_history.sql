-- History: what rows were at any time comes back, whatever was changed since. Each
-- step is a transaction, as times are those of their begin; so nothing is undone.
\set QUIET on
SELECT no_plan();
SET client_min_messages = warning;

-- Before there was anything, and then four states of targets, tree, weights and definition
CREATE TABLE moment (name text PRIMARY KEY, at timestamptz);
INSERT INTO moment VALUES ('nothing', clock_timestamp());
SELECT kpi.define_unit('company'), kpi.define_unit('shop', parent => 'company', name => 'Shop'),
	kpi.define_indicator('sales', combine => 'sum'), kpi.define_scorecard('card');
SELECT kpi.set_weight('card', 'sales', weight => 1);
SELECT kpi.set_target('sales', 'shop', '2999-03', 100), kpi.enter('sales', 'shop', '2999-03', 90);
INSERT INTO moment VALUES ('first', clock_timestamp());
CREATE TABLE kept AS
	SELECT 'unit' AS name, jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) AS was FROM kpi.unit AS r UNION ALL
	SELECT 'unit_parent', jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.unit_parent AS r UNION ALL
	SELECT 'indicator', jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.indicator AS r UNION ALL
	SELECT 'scorecard', jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.scorecard AS r UNION ALL
	SELECT 'scorecard_node', jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.scorecard_node AS r UNION ALL
	SELECT 'target', jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.target AS r UNION ALL
	SELECT 'measurement', jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.measurement AS r;

SELECT kpi.set_target('sales', 'shop', '2999-03', 120, replace => true, reason => 'late');
SELECT kpi.enter('sales', 'shop', '2999-03', 95);
SELECT kpi.define_unit('shop', name => 'Store'), kpi.define_unit('north', parent => 'company');
SELECT kpi.define_unit('shop', parent => 'north');
SELECT kpi.define_indicator('sales', direction => 'lower'), kpi.define_scorecard('card', name => 'Other'),
	kpi.set_weight('card', 'sales', weight => 3);
INSERT INTO moment VALUES ('second', clock_timestamp());
BEGIN;
UPDATE kpi.target SET target = 121;
UPDATE kpi.target SET target = 122;
DELETE FROM kpi.measurement;
COMMIT;
INSERT INTO moment VALUES ('third', clock_timestamp());
UPDATE kpi.unit SET unit = 'store' WHERE unit = 'shop';
TRUNCATE kpi.measurement;
DELETE FROM kpi.target;

CREATE FUNCTION pg_temp.at(moment text) RETURNS timestamptz LANGUAGE sql STABLE
	RETURN (SELECT m.at FROM moment AS m WHERE m.name = at.moment);
CREATE FUNCTION pg_temp.was(relation text, at timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	rows jsonb;
BEGIN
	EXECUTE format('SELECT jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.%I($1) AS r', relation || '_at')
		INTO rows USING at;
	RETURN rows;
END $$;
CREATE FUNCTION pg_temp.is(relation text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	rows jsonb;
BEGIN
	EXECUTE format('SELECT jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text) FROM kpi.%I AS r', relation) INTO rows;
	RETURN rows;
END $$;

SELECT is(pg_temp.was(name, pg_temp.at('first')), was, 'what ' || name || ' was comes back') FROM kept;
SELECT isnt(pg_temp.was(name, pg_temp.at('second')), was, name || ' was another later') FROM kept;
SELECT is(pg_temp.was(name, pg_temp.at('nothing')), NULL, name || ' was empty before') FROM kept;
SELECT is(pg_temp.was(name, clock_timestamp()), pg_temp.is(name), name || ' is what it is now') FROM kept;
SELECT is((SELECT target FROM kpi.target_at(pg_temp.at('second'))), 120.0, 'a target after it was changed');
SELECT is((SELECT target FROM kpi.target_at(pg_temp.at('third'))), 122.0,
	'and after a transaction that changed it twice');
SELECT is_empty($$ SELECT FROM kpi_internal.target_history WHERE (version).target = 121 $$,
	'of which nothing is left that held at no time');
SELECT is_empty($$ SELECT FROM kpi.measurement_at(pg_temp.at('third')) $$, 'what was deleted');
SELECT is((SELECT name FROM kpi.unit_at(pg_temp.at('second')) WHERE unit = 'shop'), 'Store', 'a name');
SELECT is((SELECT parent FROM kpi.unit_parent_at(pg_temp.at('second')) WHERE unit = 'shop'), 'north', 'a parent');
SELECT results_eq($$ SELECT DISTINCT set_by = current_user, ended_by = current_user
	FROM kpi_internal.target_history $$,
	$$ VALUES (true, true) $$, 'who wrote and ended it is kept');
SELECT is_empty($$ SELECT FROM kpi.target_at(NULL) $$, 'at no time nothing');

-- The versions of a row never overlap, nor run backwards, also where one that began earlier commits later
INSERT INTO kpi.target (indicator, unit, grain, period, target) VALUES ('sales', 'store', 'month',
	'[2999-04-01,2999-05-01)', 1);
UPDATE kpi_internal.target_history SET since = clock_timestamp() + '1 hour' WHERE until = 'infinity';
UPDATE kpi.target SET target = 2;
SELECT is((SELECT count(*)
	FROM kpi_internal.target_history WHERE (version).period = '[2999-04-01,2999-05-01)'), 1::bigint,
	'a version that would end before it begins gives way');
SELECT cmp_ok((SELECT since FROM kpi_internal.target_history WHERE (version).target = 2), '>', clock_timestamp(),
	'to one that begins no earlier');
SELECT is_empty($$
	SELECT a.version FROM kpi_internal.target_history AS a JOIN kpi_internal.target_history AS b
		ON (a.version).period = (b.version).period AND a.ctid <> b.ctid AND a.since < b.until AND b.since < a.until
$$, 'no two versions of a row hold at once');

-- Who may write a table writes its history by that alone, and reads of it the rows of its units
CREATE ROLE history_editor;
CREATE ROLE history_viewer;
SELECT kpi.grant_editor('history_editor'), kpi.grant_viewer('history_viewer', '{north}');
SET ROLE history_editor;
SELECT kpi.set_target('sales', 'company', '2999-04', 7);
SELECT throws_ok($$ DELETE FROM kpi_internal.target_history $$, '42501', NULL, 'nobody rewrites history');
RESET ROLE;
SELECT is((SELECT set_by FROM kpi_internal.target_history WHERE (version).unit = 'company'), 'history_editor',
	'the editor is told, not the owner of the tables');
SET ROLE history_viewer;
SELECT is((SELECT string_agg(DISTINCT unit, ' ') FROM kpi.target_at('infinity')), NULL, 'nothing holds in the end');
SELECT is((SELECT string_agg(DISTINCT unit, ' ') FROM kpi.target_at(clock_timestamp() + '2 hours')), 'store',
	'who may see a unit sees what it had');
RESET ROLE;
SELECT kpi.revoke_access('history_editor'), kpi.revoke_access('history_viewer');
DROP ROLE history_editor;
DROP ROLE history_viewer;

SELECT * FROM finish();
