-- What is compared once, over tables of its own.
--
-- psql variables: facts, rows

-- The cost of one more aggregate: eight of them over sixteen columns.
CREATE SCHEMA once;
SET search_path = once;
SELECT setseed(0.5) \g /dev/null
CREATE TABLE columns AS
SELECT r + 1 AS a1, r * 1 AS b1, r + 2 AS a2, r * 2 AS b2, r + 3 AS a3, r * 3 AS b3, r + 4 AS a4, r * 4 AS b4,
	   r + 5 AS a5, r * 5 AS b5, r + 6 AS a6, r * 6 AS b6, r + 7 AS a7, r * 7 AS b7, r + 8 AS a8, r * 8 AS b8
FROM (SELECT (random() * 10000 + 1)::numeric(12,2) AS r FROM generate_series(1, 200000)) AS s;
VACUUM (FREEZE, ANALYZE) columns;
VACUUM (FREEZE) columns;
CREATE FUNCTION eight(call text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT 'SELECT ' || string_agg(format(call, 'a' || i, 'b' || i), ', ') || ' FROM once.columns'
	FROM generate_series(1, 8) AS i $$;

SET search_path = bench;
CALL compare('marginal: numeric attainment over rows',
	once.eight('kpi.attainment_agg(%s, %s)'),
	once.eight('sum(%s) / nullif(sum(%s), 0)'),
	0.34, 0.28, empty => 'SELECT count(b8) FROM once.columns');
CALL compare('marginal: numeric weighted score',
	once.eight('kpi.weighted_score(%s, %s)'),
	once.eight('sum(%1$s * %2$s) / nullif(sum(%2$s), 0)'),
	empty => 'SELECT count(b8) FROM once.columns');
DROP TABLE once.columns;

-- Memory and growth of groups.
SELECT setseed(0.5) \g /dev/null
CREATE TABLE once.groups AS
SELECT i AS id, random() * 100 AS score, random() * 10 AS weight,
	   (random() * 100000)::numeric(12,2) AS actual, (random() * 100000 + 1)::numeric(12,2) AS target
FROM generate_series(1, 1000000) AS i;
VACUUM (FREEZE, ANALYZE) once.groups;
VACUUM (FREEZE) once.groups;
CALL memory('memory of a group, numeric attainment',
	'SELECT kpi.attainment_agg(actual, target) FROM once.groups GROUP BY id',
	'SELECT sum(actual) / nullif(sum(target), 0) FROM once.groups GROUP BY id', 240, 220);
CALL memory('memory of a group, numeric weighted score',
	'SELECT kpi.weighted_score(actual, target) FROM once.groups GROUP BY id',
	'SELECT sum(actual * target) / nullif(sum(target), 0) FROM once.groups GROUP BY id', 240, 220);
CALL memory('memory of a group, float8 attainment',
	'SELECT kpi.attainment_agg(score, weight) FROM once.groups GROUP BY id',
	'SELECT sum(score) / nullif(sum(weight), 0) FROM once.groups GROUP BY id', 220, 200);
CALL memory('memory of a group, float8 weighted score',
	'SELECT kpi.weighted_score(score, weight) FROM once.groups GROUP BY id',
	'SELECT sum(score * weight) / nullif(sum(weight), 0) FROM once.groups GROUP BY id', 220, 200);

CALL compare('four times the groups, numeric attainment',
	'SELECT count(k) FROM (SELECT kpi.attainment_agg(actual, target) AS k FROM once.groups GROUP BY id % 100000) AS s',
	'SELECT count(k) FROM (SELECT kpi.attainment_agg(actual, target) AS k FROM once.groups GROUP BY id % 25000) AS s',
		1.4, 1.2);
CALL compare('four times the groups, float8 weighted score',
	'SELECT count(k) FROM (SELECT kpi.weighted_score(score, weight) AS k FROM once.groups GROUP BY id % 100000) AS s',
	'SELECT count(k) FROM (SELECT kpi.weighted_score(score, weight) AS k FROM once.groups GROUP BY id % 25000) AS s', 1.4,
		1.2);
CALL compare('four times the groups, count(*) to compare',
	'SELECT count(k) FROM (SELECT count(*) AS k FROM once.groups GROUP BY id % 100000) AS s',
	'SELECT count(k) FROM (SELECT count(*) AS k FROM once.groups GROUP BY id % 25000) AS s');

-- Stored states, one for ten rows.
CREATE TABLE once.exact AS SELECT kpi.ratio_sums(actual, target) AS state FROM once.groups GROUP BY id / 10;
CREATE TABLE once.scores AS SELECT kpi.weighted_sums(score, weight) AS state FROM once.groups GROUP BY id / 10;
VACUUM (FREEZE, ANALYZE) once.exact, once.scores;
VACUUM (FREEZE) once.exact, once.scores;
CALL compare('stored states merged, numeric attainment',
	'SELECT kpi.attainment(kpi.rollup(state)) FROM once.exact',
	'SELECT kpi.attainment_agg(actual, target) FROM once.groups', 0.12, 0.10);
CALL compare('stored states merged, float8 weighted score',
	'SELECT kpi.weighted_score(kpi.rollup(state)) FROM once.scores',
	'SELECT kpi.weighted_score(score, weight) FROM once.groups', 0.12, 0.10);
DROP TABLE once.groups, once.exact, once.scores;

-- A scorecard of 100,000 nodes, ten below each, against SQL over the same rows.
CREATE TABLE once.node AS
SELECT 'n' || i AS node, CASE WHEN i > 0 THEN 'n' || (i - 1) / 10 END AS parent,
	length((9 * i + 1)::text) - 1 AS level,
	   1 + random() * 9 AS weight, CASE WHEN i >= 10000 THEN random() * 100 END AS score
FROM generate_series(0, 99999) AS i;
VACUUM (FREEZE, ANALYZE) once.node;
VACUUM (FREEZE) once.node;
CALL compare('scorecard of 100,000 nodes, recursive CTE',
	'SELECT count((r).score) FROM (SELECT unnest(kpi.scorecard_rollup(node, parent, weight, score)) AS r FROM once.node) '
		'AS s',
	$$WITH RECURSIVE link AS MATERIALIZED (
		SELECT node, parent, score, weight / sum(weight) OVER (PARTITION BY parent) AS share FROM once.node
	), below AS (
		SELECT node AS top, node, score, 1::float8 AS share FROM link
		UNION ALL
		SELECT b.top, l.node, l.score, b.share * l.share FROM below AS b JOIN link AS l ON l.parent = b.node
	)
	SELECT count(score) FROM (SELECT sum(share * score) AS score FROM below WHERE score IS NOT NULL GROUP BY top) AS s$$,
	0.06, 0.05);

-- rows as a scorecard has them, made by the server and taken apart again
CREATE TYPE once.ready AS (node text, parent text, depth integer, weight float8, absolute_weight float8, score float8,
	coverage float8, children integer, present integer, missing integer, missing_nodes text[], reason text);
CALL compare('floor: the rows of a scorecard as an array',
	'SELECT count((r).score) FROM (SELECT unnest(kpi.scorecard_rollup(node, parent, weight, score)) AS r FROM once.node) '
		'AS s',
	'SELECT count((r).score) FROM (SELECT unnest(array_agg(ROW(node, parent, level, weight, weight, score, score, 10, '
		'10, 10, NULL, NULL)::once.ready)) AS r FROM once.node) AS s');

CREATE TABLE once.level (LIKE once.node);
CREATE INDEX ON once.level (level);
CREATE PROCEDURE once.level_by_level() LANGUAGE plpgsql
AS $$
BEGIN
	FOR above IN REVERSE 5 .. 0 LOOP
		UPDATE once.level AS n SET score = s.score
		FROM (SELECT parent, sum(weight * score) / sum(weight) AS score FROM once.level WHERE level = above + 1
			GROUP BY parent) AS s
		WHERE n.node = s.parent AND n.level = above;
	END LOOP;
END $$;
CALL compare('scorecard of 100,000 nodes, level by level',
	'SELECT count((r).score) FROM (SELECT unnest(kpi.scorecard_rollup(node, parent, weight, score)) AS r FROM '
		'once.level) AS s',
	'CALL once.level_by_level()',
	0.90, 0.75, before => 'TRUNCATE once.level; INSERT INTO once.level SELECT * FROM once.node; ANALYZE once.level');
DROP TABLE once.node, once.level;
