-- Scorecard rollup against a recomputation in plain SQL, its properties, its
-- stored state, and that neither plan nor order of rows changes the result.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- published and worked cases
CREATE TEMP TABLE flat (name text, score numeric, weight numeric);
INSERT INTO flat VALUES
	('a feed broke', 80, 50), ('a feed broke', NULL, 30), ('a feed broke', 60, 20),
	('one of three', 5, 1), ('one of three', 5, 1), ('one of three', NULL, 1),
	('eighths', 100, 12.5), ('eighths', 100, 12.5), ('eighths', 100, 12.5), ('eighths', 100, 12.5),
	('eighths', 100, 12.5), ('eighths', 100, 12.5), ('eighths', 100, 12.5), ('eighths', 100, 12.5),
	('thirds', 100, 33.33), ('thirds', 100, 33.33), ('thirds', 100, 33.34),
	('no data', NULL, 1), ('no data', NULL, 2),
	('goals done', 75, 60), ('goals done', 50, 40);
CREATE TEMP TABLE flat_row AS
SELECT name, name || row_number() OVER () AS node, name AS parent, weight, score FROM flat
UNION ALL SELECT DISTINCT name, name, NULL, NULL::numeric, NULL::numeric FROM flat;

CREATE FUNCTION pg_temp.root(which text, method text DEFAULT NULL, missing text DEFAULT NULL) RETURNS kpi.node_score
LANGUAGE sql AS $$
	SELECT (kpi.scorecard_rollup(f.node, f.parent, f.weight, f.score, root.method, root.missing))[1]
	FROM flat_row AS f WHERE f.name = root.which
$$;
SELECT is((pg_temp.root(name)).score, score, format('score of %s', name))
FROM (VALUES ('a feed broke', 74.28571428571428571429), ('one of three', 5), ('eighths', 100), ('thirds', 100),
			 ('no data', NULL), ('goals done', 65)) AS v(name, score);
SELECT is((pg_temp.root(name)).coverage, coverage, format('coverage of %s', name))
FROM (VALUES ('a feed broke', 0.7), ('one of three', 0.66666666666666666667), ('eighths', 1), ('thirds', 1),
			 ('no data', 0), ('goals done', 1)) AS v(name, coverage);
SELECT is((pg_temp.root('a feed broke', missing => 'null')).score, NULL, 'null: a missing child leaves no score');
SELECT is((pg_temp.root('a feed broke', missing => 'zero')).score, 52::numeric, 'zero: a missing child counts as 0');
SELECT is((pg_temp.root('no data', missing => 'zero')).score, NULL, 'zero: but not if all are missing');
SELECT is((kpi.scorecard_rollup(node, parent, 1, score, 'worst'))[1].score, 40::numeric,
	'worst ignores the missing one')
FROM (VALUES ('r', NULL, NULL), ('a', 'r', 82.0), ('b', 'r', 91), ('c', 'r', NULL),
	('d', 'r', 40)) AS v(node, parent, score);

-- a published scorecard of four perspectives in three years
CREATE TEMP TABLE tree (node text, parent text, weight numeric, scores numeric[]);
INSERT INTO tree VALUES
	('total', NULL, NULL, NULL), ('Financial', 'total', 25, NULL), ('Customer', 'total', 25, NULL),
	('Internal', 'total', 25, NULL), ('Learning', 'total', 25, NULL),
	('Enhance turnover', 'Financial', 50, NULL), ('Investment', 'Financial', 50, NULL),
	('Increase customer', 'Customer', 100, NULL), ('Upgrade organization', 'Internal', 100, NULL),
	('Capacity building', 'Learning', 100, NULL),
	('KPI0001', 'Enhance turnover', 100, '{64,57,70}'), ('KPI0002', 'Investment', 50, '{75,65,69}'),
	('KPI0003', 'Investment', 50, '{71,55,65}'), ('KPI0004', 'Increase customer', 100, '{81,70,78}'),
	('KPI0005', 'Upgrade organization', 100, '{90,75,84}'), ('KPI0006', 'Capacity building', 100, '{97,86,89}');
CREATE TEMP TABLE tree_out AS
SELECT i, n.node, n.score, f.score AS float_score, n.absolute_weight
FROM generate_series(1, 3) AS i,
	LATERAL (SELECT kpi.scorecard_rollup(node, parent, weight, scores[i]) AS nodes,
					kpi.scorecard_rollup(node, parent, weight::float8, scores[i]::float8) AS floats FROM tree) AS r,
	LATERAL unnest(r.nodes) AS n, LATERAL unnest(r.floats) AS f
WHERE f.node = n.node;
SELECT unnest(ARRAY[is(t.score, v.score, format('scorecard year %s: %s', v.i, v.node)),
	is(t.float_score, v.score::float8, format('scorecard year %s: %s in float8', v.i, v.node))])
FROM (VALUES (1, 'Investment', 73.0), (1, 'Financial', 68.5), (1, 'Customer', 81), (1, 'Internal', 90),
	(1, 'Learning', 97),
			 (1, 'total', 84.125), (2, 'Investment', 60), (2, 'Financial', 58.5), (2, 'total', 72.375),
			 (3, 'Investment', 67), (3, 'Financial', 68.5), (3, 'Customer', 78),
			 (3, 'total', 79.875)) AS v(i, node, score)
JOIN tree_out AS t USING (i, node);
SELECT is(absolute_weight, 0.0625, 'absolute weight is the product along the path') FROM tree_out
WHERE i = 1 AND node = 'KPI0002';
SELECT is((kpi.scorecard_rollup(node, parent, weight, NULL))[3].absolute_weight, 0.16,
	'absolute weight of 4 of 10 of 4 of 10')
FROM (VALUES ('r', NULL, 1.0), ('a', 'r', 4), ('b', 'a', 4), ('y', 'a', 6), ('z', 'r', 6)) AS v(node, parent, weight);

-- random scorecards: 12 trees and 12 with several parents, 20 to 240 nodes,
-- every method and policy, zeros, negative, missing and informational
CREATE FUNCTION pg_temp.dice(seed text) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$SELECT ('x' || substr(md5(seed), 1, 8))::bit(32)::bigint / 4294967296.0$$;
CREATE TEMP TABLE nodes AS
SELECT t, i, 'n' || md5(t || ':' || i) AS node,
	CASE WHEN leaf THEN CASE WHEN pg_temp.dice(t || 'm' || i) < 0.12 THEN NULL
							 WHEN pg_temp.dice(t || 'm' || i) < 0.16 THEN 'NaN'
							 ELSE round(pg_temp.dice(t || 's' || i) * 240 - 60, i % 7) END END AS score,
	(ARRAY['weighted', 'average', 'worst', NULL, NULL])[1 + floor(5 * pg_temp.dice(t || 'a' || i))] AS method,
	(ARRAY['renormalize', 'zero', 'null', NULL, NULL, NULL])[1 + floor(6 * pg_temp.dice(t || 'b' || i))] AS missing,
	CASE WHEN pg_temp.dice(t || 'c' || i) < 0.3 THEN round(pg_temp.dice(t || 'd' || i), 2) END AS min_coverage
FROM generate_series(1, 24) AS t, generate_series(0, 20 * ((t + 1) / 2) - 1) AS i,
	LATERAL (SELECT i > 7 * ((t + 1) / 2) AS leaf) AS l;
-- parents have lower numbers; trees 13 to 24 get up to three a node
CREATE TEMP TABLE links AS
SELECT DISTINCT ON (t, child, parent) t, i AS child,
	CASE WHEN i < 1 + t % 3 THEN NULL
		 ELSE floor(least(i, 7 * ((t + 1) / 2)) * pg_temp.dice(t || 'p' || i || '-' || k))::integer END AS parent,
	CASE WHEN pg_temp.dice(t || 'w' || i || '-' || k) < 0.1 THEN NULL
		 WHEN pg_temp.dice(t || 'w' || i || '-' || k) < 0.2 THEN 0
		 ELSE round(50 * pg_temp.dice(t || 'v' || i || '-' || k) + 0.01, k + 1) END AS weight
FROM nodes, LATERAL generate_series(1, CASE WHEN t > 12 THEN 1 + i % 3 ELSE 1 END) AS k
WHERE i >= 1 + t % 3 OR k = 1
ORDER BY t, child, parent, k;
CREATE INDEX ON links (t, parent);
CREATE INDEX ON links (t, child);
-- a node meant to be inner may have got no child; then it is a leaf without a score
CREATE TEMP TABLE input AS
SELECT l.t, n.node, p.node AS parent, l.weight, n.score, n.method, n.missing, n.min_coverage
FROM links AS l JOIN nodes AS n ON (n.t, n.i) = (l.t, l.child)
LEFT JOIN nodes AS p ON (p.t, p.i) = (l.t, l.parent);

CREATE TEMP TABLE wanted AS
SELECT t, i, node, NULL::text AS parent, NULL::integer AS depth, NULL::numeric AS absolute_weight,
	CASE WHEN score <> 'NaN' THEN score END AS score, CASE WHEN score <> 'NaN' THEN 1.0 ELSE 0 END AS coverage,
	0 AS children, 0 AS present, CASE WHEN score <> 'NaN' THEN NULL ELSE ARRAY[node] END AS missing_nodes,
	CASE WHEN score = 'NaN' THEN 'invalid' WHEN score IS NULL THEN 'no_score' END AS reason,
	NULL::text[] AS path
FROM nodes;
CREATE UNIQUE INDEX ON wanted (t, i);
ANALYZE nodes, links, wanted;
DO $$
DECLARE
	this nodes;
	c record;
	why text;
BEGIN
	-- scores: children before their parents
	FOR this IN SELECT * FROM nodes WHERE (t, i) IN (SELECT t, parent FROM links) ORDER BY t, i DESC LOOP
		SELECT count(*) AS children, count(w.score) AS present,
			sum(l.weight * CASE WHEN w.score IS NULL THEN 0 ELSE w.coverage END)
				/ sum(l.weight + 0.0::numeric(60, 50)) AS coverage,
			CASE this.missing WHEN 'zero' THEN
				CASE this.method WHEN 'worst' THEN min(coalesce(w.score, 0))
					WHEN 'average' THEN sum(coalesce(w.score, 0)) / sum(1.0::numeric(60, 50))
					ELSE sum(l.weight * coalesce(w.score, 0)) / sum(l.weight + 0.0::numeric(60, 50)) END
			ELSE
				CASE this.method WHEN 'worst' THEN min(w.score)
					WHEN 'average' THEN sum(w.score) / sum(1.0::numeric(60, 50)) FILTER (WHERE w.score IS NOT NULL)
					ELSE sum(l.weight * w.score) / sum(l.weight + 0.0::numeric(60, 50))
						FILTER (WHERE w.score IS NOT NULL) END
			END AS score
		INTO c
		FROM links AS l JOIN wanted AS w ON (w.t, w.i) = (l.t, l.child)
		WHERE l.t = this.t AND l.parent = this.i AND l.weight > 0;
		why := CASE WHEN c.children = 0 THEN 'no_weight' WHEN c.present = 0 THEN 'no_data'
			WHEN this.missing = 'null' AND c.present < c.children THEN 'missing_child'
			WHEN round(c.coverage, 20) < this.min_coverage THEN 'low_coverage' END;
		UPDATE wanted SET score = CASE WHEN why IS NULL THEN round(c.score, 20) END,
			coverage = round(coalesce(c.coverage, 0), 20), children = c.children, present = c.present, reason = why,
			missing_nodes = CASE WHEN c.children = 0 THEN ARRAY[this.node] ELSE
				(SELECT array_agg(DISTINCT name COLLATE "C" ORDER BY name COLLATE "C")
				 FROM links AS l JOIN wanted AS w ON (w.t, w.i) = (l.t, l.child), unnest(w.missing_nodes) AS name
				 WHERE l.t = this.t AND l.parent = this.i AND l.weight > 0) END
		WHERE t = this.t AND i = this.i;
	END LOOP;
	-- places and absolute weights: parents before their children
	FOR this IN SELECT * FROM nodes ORDER BY t, i LOOP
		SELECT coalesce(min(w.depth) + 1, 0) AS depth,
			coalesce(min(w.path || this.node COLLATE "C"), ARRAY[this.node]) AS path,
			CASE WHEN count(w.i) = 0 THEN 1
				 ELSE sum(CASE WHEN l.weight = 0 THEN 0 * w.absolute_weight
							   ELSE round(w.absolute_weight * l.weight / (s.total + 0.0::numeric(80, 70)), 60) END)
								END AS absolute_weight
		INTO c
		FROM links AS l LEFT JOIN wanted AS w ON (w.t, w.i) = (l.t, l.parent),
			LATERAL (SELECT sum(o.weight) AS total FROM links AS o
					 WHERE o.t = l.t AND o.parent = l.parent AND o.weight > 0) AS s
		WHERE l.t = this.t AND l.child = this.i;
		UPDATE wanted SET depth = c.depth, path = c.path, parent = c.path[cardinality(c.path) - 1],
			absolute_weight = c.absolute_weight
		WHERE t = this.t AND i = this.i;
	END LOOP;
END
$$;

CREATE TEMP TABLE numeric_out AS
SELECT r.t, n.*
FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage) AS nodes FROM input
	GROUP BY t) AS r,
	LATERAL unnest(r.nodes) WITH ORDINALITY AS n(node, parent, depth, role, weight, absolute_weight, score, coverage,
		carried, children, present, missing, missing_nodes, vetoes, grades_down, coefficient_zero, reason, place);
CREATE TEMP TABLE float_out AS
SELECT r.t, n.*
FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight::float8, score::float8, method, missing,
	min_coverage::float8) AS nodes FROM input GROUP BY t) AS r,
	LATERAL unnest(r.nodes) WITH ORDINALITY AS n(node, parent, depth, role, weight, absolute_weight, score, coverage,
		carried, children, present, missing, missing_nodes, vetoes, grades_down, coefficient_zero, reason, place);

SELECT cmp_ok(count(*), '>', 3000::bigint, 'enough random nodes') FROM wanted;
SELECT cmp_ok(count(DISTINCT reason), '=', 6::bigint, 'with every reason') FROM wanted;
SELECT cmp_ok(count(*) FILTER (WHERE children > 0 AND score IS NOT NULL AND present < children), '>', 100::bigint,
			  'and enough scores over missing children') FROM wanted;
SELECT is_empty($$SELECT t, node, parent, depth, children, present, missing_nodes, reason FROM wanted
	EXCEPT SELECT t, node, parent, depth, children, present, missing_nodes, reason FROM numeric_out$$,
	'counts, missing nodes, reasons and places as recomputed');
SELECT is_empty($$SELECT t, node, score, coverage FROM wanted EXCEPT SELECT t, node, score, coverage
	FROM numeric_out$$,
	'scores and coverage exactly as recomputed');
SELECT is_empty($$SELECT t, node, round(absolute_weight, 20) FROM wanted EXCEPT SELECT t, node, absolute_weight
	FROM numeric_out$$,
	'absolute weights exactly as recomputed');
SELECT is((SELECT count(*) FROM numeric_out), (SELECT count(*) FROM wanted), 'every node once');
SELECT is_empty($$SELECT * FROM numeric_out AS o JOIN
	(SELECT t, node, row_number() OVER (PARTITION BY t ORDER BY path COLLATE "C") AS place FROM wanted) AS w
		USING (t, node)
	WHERE o.place <> w.place$$, 'in tree order by name');
SELECT is_empty($$SELECT t, node, place, parent, depth, children, present, missing, missing_nodes, reason
	FROM numeric_out
	EXCEPT SELECT t, node, place, parent, depth, children, present, missing, missing_nodes, reason FROM float_out$$,
	'float8 agrees in everything that is not a number');
SELECT is_empty($$SELECT * FROM numeric_out AS n JOIN float_out AS f USING (t, node)
	WHERE (n.score IS NULL) <> (f.score IS NULL) OR abs(n.score::float8 - f.score) > 1e-12 * greatest(1, abs(f.score))
		OR abs(n.coverage::float8 - f.coverage) > 1e-12 OR abs(n.absolute_weight::float8 - f.absolute_weight) > 1e-12
		OR (n.absolute_weight IS NULL) <> (f.absolute_weight IS NULL)$$,
	'float8 scores, coverage and absolute weights within 1e-12');
SELECT is_empty($$SELECT * FROM numeric_out WHERE coverage NOT BETWEEN 0 AND 1
	OR (coverage = 1) <> (missing_nodes IS NULL)
	OR (coverage = 0 AND score IS NOT NULL) OR (score IS NULL) <> (reason IS NOT NULL)
	OR missing <> children - present$$,
	'coverage is 1 exactly when nothing is missing, and no score comes from nothing');
SELECT is_empty($$SELECT * FROM float_out WHERE coverage NOT BETWEEN 0 AND 1
	OR (coverage = 1) <> (missing_nodes IS NULL)
	OR (coverage = 0 AND score IS NOT NULL) OR (score IS NULL) <> (reason IS NOT NULL)
	OR missing <> children - present$$,
	'the same in float8');

-- neither the order of rows, nor how they are split, nor the scale of weights matters
SELECT ok(bool_and(a.nodes::text = b.nodes::text AND a.floats::text = b.floats::text), 'order of rows')
FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage
	ORDER BY md5(node || parent)) AS nodes,
		kpi.scorecard_rollup(node, parent, weight::float8, score::float8, method, missing, min_coverage::float8
			ORDER BY md5(node || parent)) AS floats
	  FROM input GROUP BY t) AS a
JOIN (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage ORDER BY weight DESC,
	node, parent DESC) AS nodes,
		kpi.scorecard_rollup(node, parent, weight::float8, score::float8, method, missing, min_coverage::float8
			ORDER BY weight DESC, node, parent DESC) AS floats
	  FROM input GROUP BY t) AS b USING (t);
SELECT is_empty($$SELECT t, node, score, coverage, absolute_weight, reason FROM numeric_out EXCEPT
	SELECT r.t, n.node, n.score, n.coverage, n.absolute_weight, n.reason
	FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight * 0.0037, score, method, missing, min_coverage) AS nodes
		FROM input GROUP BY t) AS r,
		LATERAL unnest(r.nodes) AS n$$, 'scale of the weights');
SELECT is_empty($$SELECT t, node, score, coverage, absolute_weight, reason FROM float_out EXCEPT
	SELECT r.t, n.node, n.score, n.coverage, n.absolute_weight, n.reason
	FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight::float8 * 2 ^ 1000, score::float8, method, missing,
		min_coverage::float8) AS nodes FROM input GROUP BY t) AS r,
		LATERAL unnest(r.nodes) AS n$$, 'scale of the weights in float8, extreme');
SELECT is(kpi_internal.rollup_combine(kpi_internal.rollup_combine(c.state, a.state), b.state)::text,
	kpi_internal.rollup_combine(a.state, kpi_internal.rollup_combine(b.state, c.state))::text,
		  'states combine in any order')
FROM (SELECT kpi_internal.rollup_accum(NULL, 'r', NULL, NULL, NULL::numeric) AS state) AS a,
	(SELECT kpi_internal.rollup_accum(kpi_internal.rollup_accum(NULL, 'x', 'r', 2, 5.5), 'b', 'x', 1,
		NULL::numeric) AS state) AS b,
	(SELECT kpi_internal.rollup_accum(NULL, 'a', 'r', 2, NULL::numeric, 'worst') AS state) AS c;

-- children that all have one score give exactly that score, at any depth and weight
SELECT is(array_agg(DISTINCT n.score), ARRAY[s], 'equal children: ' || s)
FROM unnest(ARRAY[100, 0.1, 71.3, -33.333333333333333, 1e-30, 0.12345678901234567890123456789,
	123456789012345678901234.5]) AS s,
	LATERAL (SELECT kpi.scorecard_rollup('n' || i, CASE WHEN i > 0 THEN 'n' || (i - 1) / 3 END,
		round(pg_temp.dice('e' || i), 1 + i % 14) + 0.01,
										 CASE WHEN i >= 121 THEN s END) AS nodes
											FROM generate_series(0, 363) AS i) AS r,
	LATERAL unnest(r.nodes) AS n
GROUP BY s;
SELECT is(array_agg(DISTINCT n.score), ARRAY[s], 'equal children in float8: ' || s)
FROM unnest(ARRAY[100, 0.1, 71.3, -33.333333333333333, 1e-300, 4.9e-324, 1.7976931348623157e308, 1e22]::float8[]) AS s,
	LATERAL (SELECT kpi.scorecard_rollup('n' || i, CASE WHEN i > 0 THEN 'n' || (i - 1) / 3 END,
										 (pg_temp.dice('e' || i)::float8 + 0.01)
											* (ARRAY[1, 1e-300, 1e300])[1 + i % 3],
										 CASE WHEN i >= 121 THEN s END) AS nodes
											FROM generate_series(0, 363) AS i) AS r,
	LATERAL unnest(r.nodes) AS n
GROUP BY s;
SELECT is((kpi.scorecard_rollup(node, parent, 1, score))[1].score, 1 / 3::float8,
	'rounding errors of sums are carried')
FROM (VALUES ('r', NULL, NULL), ('a', 'r', 1e16::float8), ('b', 'r', 1), ('c', 'r', -1e16)) AS v(node, parent, score);
SELECT is((kpi.scorecard_rollup(node, parent, weight, score))[1].score, -(2::float8 ^ -57),
	'rounding errors of products are carried')
FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 3, 0.1::float8), ('b', 'r', 1, -0.30000000000000004))
	AS v(node, parent, weight, score);
-- numbers beyond 128 bits take the long way to the same result
SELECT is((kpi.scorecard_rollup(node, parent, weight, score))[1].score,
	round((a * 1e25 + b * 3e-25) / (1e25 + 3e-25 + 0.0::numeric(80, 70)), 30),
		  'wide numbers')
FROM (VALUES (123456789012345678901234567890.123456789012345678901234567891, -5e20)) AS v(a, b),
	LATERAL (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1e25, a),
		('b', 'r', 3e-25, b)) AS w(node, parent, weight, score)
GROUP BY a, b;
-- a weight too small to be seen in 20 decimals or in a float8 is still missing, or present
SELECT is((kpi.scorecard_rollup(node, parent, weight, score))[1].coverage, 1 - 1e-20, 'hardly anything missing')
FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1e30, 5.0), ('b', 'r', 1, NULL)) AS v(node, parent, weight, score);
SELECT is((kpi.scorecard_rollup(node, parent, weight, score))[1].coverage, 1e-20, 'hardly anything there')
FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1e30, NULL), ('b', 'r', 1, 5.0)) AS v(node, parent, weight, score);
SELECT ok((kpi.scorecard_rollup(node, parent, weight, score))[1].coverage < 1, 'hardly anything missing in float8')
FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1e30::float8, 5),
	('b', 'r', 1, NULL)) AS v(node, parent, weight, score);
SELECT ok((kpi.scorecard_rollup(node, parent, weight, score))[1].coverage > 0, 'hardly anything there in float8')
FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1e300::float8, NULL),
	('b', 'r', 1e-300, 5)) AS v(node, parent, weight, score);

-- depth and size
SELECT unnest(ARRAY[is(n.depth, 9999, 'a chain of 10000: depth'),
	is(n.absolute_weight, 0.5, 'a chain of 10000: absolute weight'),
	is((nodes[1]).score, 7.25, 'a chain of 10000: score'), is((nodes[1]).coverage, 0.5, 'a chain of 10000: coverage'),
	is((nodes[5000]).missing_nodes, ARRAY['z'], 'a chain of 10000: missing nodes')])
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score) AS nodes
	  FROM (SELECT 'n' || lpad(i::text, 5, '0'), CASE WHEN i > 0 THEN 'n' || lpad((i - 1)::text, 5, '0') END, 0.3,
		CASE WHEN i = 9999 THEN 7.25 END
			FROM generate_series(0, 9999) AS i
			UNION ALL SELECT 'z', 'n09998', 0.3, NULL) AS v(node, parent, weight, score)) AS r,
	LATERAL unnest(nodes[10000:10000]) AS n;
SELECT unnest(ARRAY[is(cardinality(nodes), 100000, '100000 nodes'),
	is((nodes[1]).score, 50::float8, 'and their score'),
	is(cardinality((nodes[1]).missing_nodes), 10000, 'and all that are missing')])
FROM (SELECT kpi.scorecard_rollup('n' || i, CASE WHEN i > 0 THEN 'n' || (i - 1) / 10 END, 1 + i % 7,
								  CASE WHEN i % 9 > 0 AND i >= 10000 THEN 50 END) AS nodes
	  FROM generate_series(0, 99999) AS i) AS r;

-- a parallel plan gives what the serial one gives
CREATE TABLE rollup_rows AS
SELECT 'n' || i AS node, CASE WHEN i > 0 THEN 'n' || (i - 1) / 6 END AS parent, (1 + i % 11) * 0.125 AS weight,
	CASE WHEN i >= 5000 AND i % 13 > 0 THEN (i * 37 % 1000) * 0.1 END AS score
FROM generate_series(0, 29999) AS i;
ANALYZE rollup_rows;
CREATE FUNCTION pg_temp.query() RETURNS text LANGUAGE sql AS $$SELECT
	'SELECT kpi.scorecard_rollup(node, parent, weight, score)::text AS exact,
		kpi.scorecard_rollup(node, parent, weight::float8, score::float8)::text AS approximate FROM rollup_rows'$$;
SET LOCAL max_parallel_workers_per_gather = 0;
DO $$ BEGIN EXECUTE 'CREATE TEMP TABLE serial AS ' || pg_temp.query(); END $$;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT matches(plan_of(pg_temp.query()), 'Finalize Aggregate.*Gather.*Partial Aggregate', 'the plan is parallel');
DO $$ BEGIN EXECUTE 'CREATE TEMP TABLE parallel AS ' || pg_temp.query(); END $$;
SELECT ok(s.exact = p.exact AND s.approximate = p.approximate, 'and its result the same') FROM serial AS s,
	parallel AS p;

-- groups, and a window whose frame grows over the same state
SELECT results_eq(
	$$SELECT i / 100, (kpi.scorecard_rollup('n' || i % 100, CASE WHEN i % 100 > 0 THEN 'n0' END, 1,
		CASE WHEN i % 100 > 0 THEN i END::numeric))[1].score
	FROM generate_series(0, 1999) AS i GROUP BY 1 ORDER BY 1$$,
	$$SELECT i, i * 100 + 50::numeric FROM generate_series(0, 19) AS i$$, 'a scorecard a group');
SELECT results_eq(
	$$SELECT cardinality(kpi.scorecard_rollup('n' || i, CASE WHEN i > 0 THEN 'n' || i - 1 END, 1, NULL)
		OVER (ORDER BY i))
	FROM generate_series(0, 199) AS i$$, 'SELECT generate_series(1, 200)', 'a running scorecard');

-- states with spare room, from aggregates of one's own: never written to by others
CREATE AGGREGATE pg_temp.collected(text, text, numeric, numeric) (SFUNC = kpi_internal.rollup_accum,
	STYPE = kpi.rollup_state,
	COMBINEFUNC = kpi_internal.rollup_combine);
CREATE AGGREGATE pg_temp.merged(kpi.rollup_state) (SFUNC = kpi_internal.rollup_combine, STYPE = kpi.rollup_state);
SELECT unnest(ARRAY[isnt(kpi_internal.rollup_accum(state, 'x', 'n0', 1, 7.5)::text, before, 'a row added to a state'),
	isnt(kpi_internal.rollup_combine(state, state)::text, before, 'a state combined with itself'),
	is(state::text, before, 'leave it as it was')])
FROM (SELECT state, state::text AS before
	  FROM (SELECT pg_temp.collected('n' || i, CASE WHEN i > 0 THEN 'n0' END, 1, CASE WHEN i > 0 THEN i END) AS state
			FROM generate_series(0, 40) AS i OFFSET 0) AS s OFFSET 0) AS r;
CREATE TEMP TABLE parts AS
SELECT i % 7 AS part, pg_temp.collected(node, parent, weight, score) AS state
FROM (SELECT *, row_number() OVER () AS i FROM rollup_rows WHERE node < 'n2') AS r GROUP BY 1;
SELECT is((SELECT pg_temp.merged(state ORDER BY part)::text FROM parts),
	(SELECT pg_temp.collected(node, parent, weight, score)::text FROM rollup_rows WHERE node < 'n2'),
		  'stored states merge into the state of all rows');
SELECT is((SELECT pg_temp.merged(state ORDER BY part DESC)::text FROM parts),
	(SELECT pg_temp.merged(state::text::kpi.rollup_state)::text FROM parts),
		  'in any order and from their text');

-- binary form, read back and refused
CREATE TEMP TABLE stored (state kpi.rollup_state);
INSERT INTO stored
SELECT kpi_internal.rollup_accum(kpi_internal.rollup_accum(NULL, 'é "x"', NULL, 1.50, NULL::numeric, 'average',
	'zero', 0.8), 'y',
	'é "x"', 1e-200, 1e100::numeric)
UNION ALL SELECT kpi_internal.rollup_accum(kpi_internal.rollup_accum(NULL, '', NULL, 0.1, NULL::float8, NULL, 'null',
	0.25), 'y', '', 1,
	'NaN'::float8, 'worst');
CREATE FUNCTION pg_temp.binary_copy(source text, target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	path text := current_setting('data_directory') || '/kpi_rollup_state.copy';
BEGIN
	EXECUTE format('COPY (%s) TO %L (FORMAT binary)', source, path);
	EXECUTE format('COPY %s FROM %L (FORMAT binary)', target, path);
END
$$;
CREATE TEMP TABLE loaded (state kpi.rollup_state);
SELECT pg_temp.binary_copy('SELECT state FROM stored', 'loaded');
SELECT results_eq('SELECT state::text COLLATE "C" FROM loaded ORDER BY 1',
	'SELECT state::text COLLATE "C" FROM stored ORDER BY 1', 'binary form');
SELECT throws_ok(format('SELECT pg_temp.binary_copy(%L, ''loaded'')', 'SELECT ' || changed || ' FROM stored'),
	'22P03', NULL, 'refused: ' || changed)
FROM unnest(ARRAY['set_byte(kpi_internal.rollup_state_send(state), 0, 9)',
	'set_byte(kpi_internal.rollup_state_send(state), 1, 2)',
				  'set_byte(kpi_internal.rollup_state_send(state), 2, 255)',
				  'set_byte(kpi_internal.rollup_state_send(state), 6, 128)',
				  'set_byte(kpi_internal.rollup_state_send(state), 7, 10)',
				  'set_byte(kpi_internal.rollup_state_send(state), 8, 128)',
				  'set_byte(kpi_internal.rollup_state_send(state), 9, 8)',
				  'set_byte(kpi_internal.rollup_state_send(state), 5, 0)',
				  'kpi_internal.rollup_state_send(state) || ''\x00''::bytea']) AS changed;
SELECT throws_ok(format('SELECT pg_temp.binary_copy(%L, ''loaded'')', 'SELECT ' || changed || ' FROM stored'),
	'08P01', NULL, 'too short: ' || changed)
FROM unnest(ARRAY['set_byte(kpi_internal.rollup_state_send(state), 5, 200)',
	'substr(kpi_internal.rollup_state_send(state), 1, 9)'])
	AS changed;

-- codes of the errors
SELECT throws_ok($$SELECT kpi.scorecard_rollup(NULL, NULL, 1, 1)$$, '22004', NULL, 'a node is not null');
SELECT throws_ok(format($$SELECT kpi.scorecard_rollup(node, parent, 1, score)
	FROM (VALUES %s) AS v(node, parent, score)$$, rows), '22023', NULL, rows)
FROM unnest(ARRAY[$$('a', 'b', 1), ('b', 'a', NULL)$$, $$('a', 'a', 1)$$, $$('a', 'b', 1)$$,
	$$('a', NULL, 1), ('a', NULL, 1)$$,
				  $$('r', NULL, NULL), ('a', 'r', 1), ('a', 'r', 1)$$,
				  $$('r', NULL, NULL), ('a', 'r', 1), ('a', NULL, 1)$$,
				  $$('r', NULL, 1), ('a', 'r', 1)$$,
				  $$('r', NULL, NULL), ('p', 'r', NULL), ('a', 'r', 1), ('a', 'p', 2)$$]) AS rows;
SELECT throws_ok(format($$SELECT kpi.scorecard_rollup('a', NULL, %s)$$, arguments), '22023', NULL, arguments)
FROM unnest(ARRAY['-1, 1', $$'NaN'::numeric, 1$$, $$'Infinity'::float8, 1$$, $$1, 1, 'x'$$, $$1, 1, NULL, 'x'$$,
	'1, 1, NULL, NULL, 1.5']) AS arguments;

-- facts of the catalogue
SELECT is(count(*), 14::bigint, 'fourteen overloads, all with a combine function and a stored state')
FROM pg_aggregate AS a JOIN pg_proc AS p ON p.oid = a.aggfnoid
WHERE p.proname = 'scorecard_rollup' AND p.pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
	AND a.aggcombinefn <> 0
	AND a.aggtranstype = 'kpi.rollup_state'::regtype AND p.proparallel = 's';

SELECT * FROM finish();
ROLLBACK;
