-- Views over a hundred thousand results against a plain table of their rows.

CREATE SCHEMA viewed;
SET search_path = bench;
SET client_min_messages = warning;
SELECT kpi.define_unit('viewed'), kpi.define_scorecard('viewed') \g /dev/null
INSERT INTO kpi.unit (unit, name) SELECT 'viewed' || i, 'Unit ' || i FROM generate_series(1, 200) AS i;
INSERT INTO kpi.unit_parent (unit, parent) SELECT 'viewed' || i, 'viewed' FROM generate_series(1, 200) AS i;
INSERT INTO kpi.result (scorecard, unit, period_grain, period_start, node, score_key, period_end, period_label,
	scorecard_name, unit_name, node_name, parent_node, path, depth, place, indicator, indicator_name, unit_of_measure,
	measured_unit, weight, absolute_weight, actual, target, attainment, score, coverage, missing_count, carried, rag,
	rag_order, rag_label, grades_down, coefficient_zero, trend, trend_label, is_provisional, evaluated_at)
SELECT 'viewed', 'viewed' || u, 'month', p.day, k.node, 'viewed/viewed' || u || '/' || p.label || '/' || k.node,
	(p.day + interval '1 month')::date - 1, p.label, 'Viewed', 'Unit ' || u, k.node, k.parent,
	concat_ws('/', k.parent, k.node), (n > 0)::integer, n + 1, k.indicator, k.indicator, 'EUR', 'viewed' || u, 1, 0.05,
	v.x, 100, v.x / 100, v.x, 1, 0, false, 'green', 3, 'Green', 0, false, 1, 'Improving', 0, now()
FROM generate_series(1, 200) AS u, generate_series(0, 23) AS m, generate_series(0, 20) AS n
	CROSS JOIN LATERAL (SELECT (date '2020-01-01' + m * interval '1 month')::date AS day,
		to_char(date '2020-01-01' + m * interval '1 month', 'YYYY-MM') AS label) AS p
	CROSS JOIN LATERAL (SELECT CASE n WHEN 0 THEN 'viewed' ELSE 'node' || n END AS node,
		CASE WHEN n > 0 THEN 'viewed' END AS parent, CASE WHEN n > 0 THEN 'indicator' || n END AS indicator) AS k
	CROSS JOIN LATERAL (SELECT (u * 7 + m * 13 + n * 17) % 120 AS x) AS v;
DELETE FROM kpi_internal.mark;
VACUUM kpi_internal.mark;
CREATE TABLE viewed.score AS SELECT * FROM kpi.v_scorecard WHERE scorecard = 'viewed';
ALTER TABLE viewed.score ADD PRIMARY KEY (scorecard, unit, period_grain, period_start, node);
CREATE INDEX ON viewed.score (score_key);
CREATE INDEX ON viewed.score (period_start, period_grain);
CREATE TABLE viewed.fact AS SELECT * FROM kpi.fact_score WHERE scorecard = 'viewed';
VACUUM (FREEZE, ANALYZE) kpi.result, viewed.score, viewed.fact;
VACUUM (FREEZE) kpi.result, viewed.score, viewed.fact;
CREATE ROLE bench_reader;
SELECT kpi.grant_viewer('bench_reader', ARRAY(SELECT 'viewed' || i FROM generate_series(1, 50) AS i)) \g /dev/null
GRANT USAGE ON SCHEMA viewed TO bench_reader;
GRANT SELECT ON viewed.score TO bench_reader;

-- all rows of a query, fetched so many times under one plan
CREATE FUNCTION viewed.fetched(query text, times integer) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT format('DO $do$ DECLARE got record; BEGIN FOR i IN 1 .. %s LOOP FOR got IN %s LOOP END LOOP; END LOOP; '
	'END $do$', times, query) $$;
CREATE PROCEDURE viewed.compare_views(name text, query text, times integer, fact boolean, at_most numeric DEFAULT 1.5,
	aim numeric DEFAULT 1.2) LANGUAGE plpgsql AS $$
DECLARE
	shown CONSTANT text := CASE WHEN fact THEN 'fact_score' ELSE 'v_scorecard' END;
BEGIN
	query := replace(query, '@', 'score_key, actual, target, attainment, score, rag, score_change, trend, is_stale'
		|| CASE WHEN fact THEN '' ELSE ', unit_name, node_name, rag_label' END);
	CALL bench.compare(format('view: %s, %s / table of its rows', name, shown),
		viewed.fetched(format(query, 'kpi.' || shown), times),
		viewed.fetched(format(query, 'viewed.score'), times), at_most, aim);
END $$;
DO $$
DECLARE
	fact boolean;
BEGIN
	FOREACH fact IN ARRAY ARRAY[false, true] LOOP
		CALL viewed.compare_views('count(*)', 'SELECT count(*) FROM %s', 3, fact);
		CALL viewed.compare_views('newest period', 'SELECT max(period_start) FROM %s', 500, fact);
		CALL viewed.compare_views('one month of all units',
			'SELECT @ FROM %s WHERE period_grain = ''month'' AND period_start = ''2021-05-01''', 10, fact);
	END LOOP;
	CALL viewed.compare_views('slicer', 'SELECT DISTINCT unit_name FROM %s', 2, false);
END $$;
CALL compare('view: all rows as text, v_scorecard / table of its rows',
	$$COPY (SELECT * FROM kpi.v_scorecard WHERE scorecard = 'viewed') TO '/dev/null'$$,
	$$COPY (SELECT * FROM viewed.score) TO '/dev/null'$$, 1.5, 1.2);
CALL compare('view: all rows as text, fact_score / table of its rows',
	$$COPY (SELECT * FROM kpi.fact_score WHERE scorecard = 'viewed') TO '/dev/null'$$,
	$$COPY (SELECT * FROM viewed.fact) TO '/dev/null'$$, 1.5, 1.2);
CALL compare('view: v_period / the same from a table of results',
	viewed.fetched('SELECT * FROM kpi.v_period', 20),
	viewed.fetched('SELECT DISTINCT period_grain, period_start, period_label, period_end FROM viewed.score', 20),
	0.1, 0.05);
CALL compare('view: v_unit / the same from a table of results',
	viewed.fetched('SELECT * FROM kpi.v_unit', 20),
	viewed.fetched('SELECT DISTINCT unit, unit_name FROM viewed.score', 20),
	0.2, 0.1);

-- a reader of a quarter of the units, against a scan that looks for these
CREATE FUNCTION viewed.as_reader(query text) RETURNS void LANGUAGE plpgsql SET role = 'bench_reader'
AS $$ BEGIN EXECUTE query; END $$;
GRANT EXECUTE ON FUNCTION viewed.as_reader TO bench_reader;
CALL compare('view: count of a reader''s own units / a scan for them',
	$$SELECT viewed.as_reader('SELECT count(score) FROM kpi.v_scorecard WHERE depth = 1')$$,
	$$SELECT viewed.as_reader('SELECT count(score) FROM viewed.score WHERE depth = 1
		AND unit = ANY (ARRAY(SELECT ''viewed'' || i FROM generate_series(1, 50) AS i))')$$, 1.5, 1.2);

-- a reader of a region with all units below it: a hundred thousand results that it may see, none of others among them,
-- against a scan of a table that everybody may see
SELECT kpi.grant_viewer('bench_reader', '{viewed}') \g /dev/null
CREATE FUNCTION viewed.fetched_by_reader(relation text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT format('SELECT viewed.as_reader(%L)', viewed.fetched(
	'SELECT score_key, actual, target, score, rag, unit_name, node_name FROM ' || relation, 1)) $$;
CALL compare('view: a reader''s hundred thousand results, counted / the same of a table of its rows',
	$$SELECT viewed.as_reader('SELECT count(score) FROM kpi.v_scorecard')$$,
	$$SELECT viewed.as_reader('SELECT count(score) FROM viewed.score')$$, 1.5, 1.2);
CALL compare('view: a reader''s hundred thousand results, fetched / the same of a table of its rows',
	viewed.fetched_by_reader('kpi.v_scorecard'), viewed.fetched_by_reader('viewed.score'), 1.5, 1.2);

-- what takes microseconds as a client asks it, a statement of its own each time: prepared, and planned each time; to
-- take any view of so many columns into a query costs nearly as much as to plan a lookup by key, so beside the table
-- stands a view of it that changes nothing
CREATE VIEW viewed.shown AS SELECT * FROM viewed.score;
CREATE TABLE viewed.question (name text, condition text);
INSERT INTO viewed.question VALUES
	('score_key', 'score_key = ''viewed/viewed7/2021-05/node3'''),
	('one card', 'scorecard = ''viewed'' AND unit = ''viewed7'' AND period_grain = ''month'' '
		'AND period_start = ''2021-05-01'' ORDER BY place');
CREATE FUNCTION viewed.query(relation text, condition text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT format('SELECT score_key, actual, target, attainment, score, rag, score_change, trend, is_stale, '
	'unit_name, node_name, rag_label FROM %s WHERE %s', relation, condition) $$;
SELECT format('PREPARE %I AS %s', r || '/' || q.name, viewed.query(r, q.condition))
FROM viewed.question AS q, unnest('{kpi.v_scorecard,viewed.score}'::text[]) AS r \gexec
\o /dev/null
SELECT asked(format('view: %s, prepared, v_scorecard / table of its rows', q.name),
	format('EXECUTE %I', 'kpi.v_scorecard/' || q.name), format('EXECUTE %I', 'viewed.score/' || q.name), 500,
	1.5, 1.2)
FROM viewed.question AS q \gexec
SELECT asked(format('view: %s, planned each time, v_scorecard / %s', q.name, r.says),
	viewed.query('kpi.v_scorecard', q.condition), viewed.query(r.relation, q.condition), 500)
FROM viewed.question AS q,
	(VALUES ('viewed.score', 'table of its rows'), ('viewed.shown', 'a view of the table')) AS r (relation, says) \gexec
\o
DEALLOCATE ALL;
REVOKE ALL ON SCHEMA viewed FROM bench_reader;
DROP SCHEMA viewed CASCADE;
DELETE FROM kpi.result WHERE scorecard = 'viewed';
SELECT kpi.revoke_access('bench_reader') \g /dev/null
DROP ROLE bench_reader;
