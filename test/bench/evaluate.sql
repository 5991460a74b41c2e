-- Evaluating and refreshing: 1,000 units, 36 months, a scorecard of 20 nodes; scorecards
-- of 1,000 and 4,000 nodes; the demo's card of 22.

CREATE SCHEMA evaluated;
SET search_path = bench;
SET client_min_messages = warning;
SELECT kpi.load_demo() \g /dev/null
-- pages, from stored results: as many times longer as there are units
CALL kpi.collect('2024-01', '2025-12', commit_each => false);
VACUUM ANALYZE kpi.measurement, kpi.result;
CALL within('report_html of a card of 22 nodes, ms',
	$$SELECT length(kpi.report_html('acme_marketing', 'acme', '2025-10'))$$, 'SELECT 1', 60, 40);
CALL compare('report_html: a region 50 times / 5 times',
	$$SELECT length(kpi.report_html('acme_marketing', array_fill('eastland'::text, '{50}'), '2025-10'))$$,
	$$SELECT length(kpi.report_html('acme_marketing', array_fill('eastland'::text, '{5}'), '2025-10'))$$, 12, 10);

SELECT kpi.define_unit('bulk') \g /dev/null
SELECT kpi.define_indicator('bulk', kind => 'entered') \g /dev/null
SELECT kpi.define_scorecard(s) FROM unnest('{bulk,nodes1000,nodes4000}'::text[]) AS s \g /dev/null
-- rows as they are, without the triggers that check and mark
SET session_replication_role = replica;
INSERT INTO kpi.unit (unit, name) SELECT 'bulk' || i, 'Unit ' || i FROM generate_series(1, 1000) AS i;
INSERT INTO kpi.unit_parent (unit, parent) SELECT 'bulk' || i, 'bulk' FROM generate_series(1, 1000) AS i;
CREATE TABLE evaluated.indicator AS SELECT * FROM kpi.indicator WHERE indicator = 'bulk';
DO $$
BEGIN
	FOR i IN 1 .. 3600 LOOP
		UPDATE evaluated.indicator SET indicator = 'bulk' || i, name = 'Indicator ' || i;
		INSERT INTO kpi.indicator SELECT * FROM evaluated.indicator;
	END LOOP;
END $$;
INSERT INTO kpi.scorecard_node (scorecard, node, parent, name, weight)
SELECT s.card, 'group' || i, NULL, 'Group ' || i, 1
FROM (VALUES ('bulk', 4), ('nodes1000', 100), ('nodes4000', 400)) AS s (card, groups),
	generate_series(1, groups) AS i;
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight)
SELECT s.card, 'leaf' || i, 'group' || 1 + i % s.groups, 'bulk' || i, 'Leaf ' || i, 1 + i % 7
FROM (VALUES ('bulk', 4, 15), ('nodes1000', 100, 899), ('nodes4000', 400, 3599))
	AS s (card, groups, leaves),
	generate_series(1, leaves) AS i;
-- 102,000 rows, 12 months in each of most
INSERT INTO kpi.target (indicator, unit, grain, period, target)
SELECT 'bulk' || i, 'bulk' || u, 'month', daterange(make_date(y, 1, 1), make_date(y + 1, 1, 1)), 100
FROM generate_series(1, 15) AS i, generate_series(1, 1000) AS u, generate_series(2020, 2025) AS y;
INSERT INTO kpi.target (indicator, unit, grain, period, target)
SELECT 'bulk' || i, 'bulk', 'month', '[2021-01-01,2022-01-01)', 100 FROM generate_series(1, 3600) AS i;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT 'bulk' || i, 'bulk' || u, 'month', date '2020-01-01' + m * interval '1 month',
	60 + (i * 7 + u * 13 + m * 17) % 70
FROM generate_series(1, 15) AS i, generate_series(1, 1000) AS u, generate_series(0, 35) AS m;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT 'bulk' || i, 'bulk', 'month', date '2021-05-01' + m * interval '1 month', 60 + i % 70
FROM generate_series(1, 3600) AS i, generate_series(0, 1) AS m;
RESET session_replication_role;
DELETE FROM kpi_internal.mark;
VACUUM ANALYZE;

CREATE FUNCTION evaluated.cell(scorecard text, unit text, day date) RETURNS kpi_internal.cell LANGUAGE sql IMMUTABLE
	RETURN CAST(ROW (scorecard, unit, 'month', day, NULL) AS kpi_internal.cell);
CREATE FUNCTION evaluated.bulk() RETURNS kpi_internal.cell[] LANGUAGE sql STABLE
AS $$ SELECT array_agg(evaluated.cell('bulk', 'bulk' || u, CAST(date '2020-01-01' + m * interval '1 month' AS date)))
	FROM generate_series(1, 1000) AS u, generate_series(0, 35) AS m $$;
CREATE TABLE evaluated.stored AS SELECT * FROM kpi_internal.evaluated(evaluated.bulk());
VACUUM (FREEZE, ANALYZE) evaluated.stored;
CALL each('evaluate: a node of 720,000, microseconds; theirs: count(*) over as many stored rows',
	'SELECT count(*) FROM kpi_internal.evaluated(evaluated.bulk())', 'SELECT count(*) FROM evaluated.stored',
	720000, 15, 8, 2);
CALL compare('evaluate: 4,000 nodes / 1,000 nodes',
	$$SELECT count(*) FROM kpi_internal.evaluated(ARRAY[evaluated.cell('nodes4000', 'bulk', '2021-06-01')])$$,
	$$SELECT count(*) FROM kpi_internal.evaluated(ARRAY[evaluated.cell('nodes1000', 'bulk', '2021-06-01')])$$, 4.5, 4.1);

-- one card, beside what its values alone cost by one prepared join of ten tables
PREPARE joined(text, text, date) AS
SELECT n.node, n.weight, i.name, v.name, u.name, k.name, m.value, p.value, y.value, t.target, b.name
FROM kpi.scorecard AS k
	JOIN kpi.scorecard_node AS n ON n.scorecard = k.scorecard AND n.valid @> $3
	JOIN kpi.unit AS u ON u.unit = $2
	LEFT JOIN kpi.indicator AS i ON i.indicator = n.indicator
	LEFT JOIN kpi.perspective AS v ON v.perspective = coalesce(n.perspective, i.perspective)
	LEFT JOIN kpi.measurement AS m ON m.indicator = n.indicator AND m.unit = u.unit AND m.grain = 'month'
		AND m.period_start = $3
	LEFT JOIN kpi.measurement AS p ON p.indicator = n.indicator AND p.unit = u.unit AND p.grain = 'month'
		AND p.period_start = CAST($3 - interval '1 month' AS date)
	LEFT JOIN kpi.measurement AS y ON y.indicator = n.indicator AND y.unit = u.unit AND y.grain = 'month'
		AND y.period_start = CAST($3 - interval '1 year' AS date)
	LEFT JOIN kpi.target AS t ON t.indicator = n.indicator AND t.unit = u.unit AND t.period @> $3
	LEFT JOIN kpi.band AS b ON b.band_set = k.band_set AND b.lower_bound IS NULL
WHERE k.scorecard = $1;
\o /dev/null
SELECT asked('evaluate: one card of 22 nodes / a prepared join of ten of its tables',
	$$SELECT * FROM kpi.evaluate('acme_marketing', 'acme', '2011-11')$$,
	$$EXECUTE joined('acme_marketing', 'acme', '2011-11-01')$$, 50) \gexec
\o
CALL within('evaluate: one card of 22 nodes, ms',
	$$SELECT count(*) FROM kpi.evaluate('acme_marketing', 'acme', '2011-11')$$, 'SELECT 1', 1.5, 0.8);
CALL within('scorecard_text of a card of 22 nodes, ms',
	$$SELECT count(*) FROM kpi.scorecard_text('acme_marketing', 'acme', '2011-11')$$, 'SELECT 1', 15, 8);

-- the first refresh of all writes them; then one year's target changes: 12 months, 12 of a year later and one after it
CREATE TABLE evaluated.refreshed (cpu float8);
CREATE PROCEDURE evaluated.refresh_all() LANGUAGE plpgsql AS $$
DECLARE
	started CONSTANT float8 := bench.cpu();
BEGIN
	INSERT INTO kpi_internal.mark (scorecard) VALUES ('bulk');
	PERFORM kpi.refresh_results();
	INSERT INTO evaluated.refreshed VALUES (bench.cpu() - started);
END $$;
CREATE PROCEDURE evaluated.change_targets(from_unit integer, to_unit integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR u IN from_unit .. to_unit LOOP
		UPDATE kpi.target SET target = target + 1, reason = 'benched ' || target
		WHERE indicator = 'bulk1' AND unit = 'bulk' || u AND grain = 'month' AND period = '[2021-01-01,2022-01-01)';
	END LOOP;
END $$;
SELECT wanted('refresh: one target changed / all, 1,000 units, 36 months') AS wanted \gset
\if :wanted
CALL evaluated.refresh_all();
VACUUM ANALYZE kpi.result;
VACUUM kpi_internal.mark;
CALL compare('refresh: one target changed / all, 1,000 units, 36 months',
	'SELECT kpi.refresh_results()', 'SELECT 1',
	before => 'CALL evaluated.change_targets(7, 7)');
UPDATE bench.result AS r
SET theirs = f.cpu * 1000, measured = r.ours / f.cpu / 1000, paired = NULL, at_most = 0.002, aim = 0.001
FROM evaluated.refreshed AS f WHERE r.name LIKE 'refresh: one target changed%';
\endif
CALL compare('one target of 100,000 changed, with marks / without',
	'CALL evaluated.change_targets(1, 500)',
	'ALTER TABLE kpi.target DISABLE TRIGGER mark_update; CALL evaluated.change_targets(501, 1000);
	ALTER TABLE kpi.target ENABLE TRIGGER mark_update', 1.5, 1.2);

DEALLOCATE joined;
SET session_replication_role = replica;
DELETE FROM kpi.result;
DELETE FROM kpi.target WHERE starts_with(indicator, 'bulk');
DELETE FROM kpi.measurement WHERE starts_with(indicator, 'bulk');
DELETE FROM kpi.scorecard_node WHERE scorecard IN ('bulk', 'nodes1000', 'nodes4000');
DELETE FROM kpi.scorecard WHERE scorecard IN ('bulk', 'nodes1000', 'nodes4000');
DELETE FROM kpi.indicator WHERE starts_with(indicator, 'bulk');
DELETE FROM kpi.unit_parent WHERE starts_with(unit, 'bulk');
DELETE FROM kpi.unit WHERE starts_with(unit, 'bulk');
RESET session_replication_role;
SELECT kpi.drop_demo() \g /dev/null
DELETE FROM kpi_internal.mark;
VACUUM kpi.target, kpi.measurement, kpi.indicator, kpi.scorecard_node, kpi_internal.mark;
-- What was deleted leaves holes; rows written into these lie in another order than in the copy of the table
-- with which the views are compared: one month of all units would be read from more pages.
VACUUM FULL kpi.result;
DROP SCHEMA evaluated CASCADE;
