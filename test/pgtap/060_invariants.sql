-- The invariants of scoring as properties of generated cases, at least 100000
-- each, or 10000 where not all are tried; seeded: the same on every run.
BEGIN;
\ir lib.sql
SELECT CASE WHEN :all_cases THEN 100000 ELSE 10000 END AS cases,
	CASE WHEN :all_cases THEN 117649 ELSE 16807 END AS nodes \gset
SELECT no_plan();
SET LOCAL jit = off;
SELECT setseed(0.25);

-- business numbers of all signs and scales, zeros among them
CREATE TEMP TABLE sample AS
SELECT *, a::float8 AS af, t::float8 AS tf, b::float8 AS bf
FROM (SELECT i, CASE WHEN i % 97 = 0 THEN 0 WHEN i % 89 = 0 THEN t ELSE a END AS a, t, b, k, p, q
	  FROM (SELECT i, round((random() * 2e6 - 1e6)::numeric, i % 7) AS a,
				CASE WHEN i % 101 = 0 THEN 0 ELSE round((random() * 2e5 - 1e5)::numeric, i % 5) END AS t,
				round((random() * 2e5 - 1e5)::numeric, i % 3) AS b, round(random()::numeric * 1000 + 0.001, 3) AS k,
				round((random() * 20 - 10)::numeric, 2) * 2 + 0.01 AS p,
				round((random() * 2000 - 1000)::numeric, 3) AS q
			FROM generate_series(1, :cases) AS i) AS s) AS r;
SELECT cmp_ok(count(*), '>=', :cases::bigint, format('%s rows', count(*))) FROM sample;

-- 1. attainment
SELECT is_empty($$ SELECT i FROM sample, unnest('{higher, lower, target}'::text[]) AS d
	WHERE t <> 0 AND (kpi.attainment(t, t, d) <> 1 OR kpi.attainment(tf, tf, d) <> 1) $$,
	'1: attainment of the target itself is 1');
SELECT is_empty($$ SELECT i FROM sample WHERE t <> 0 AND NOT (
		kpi.attainment(a + k, t) > kpi.attainment(a, t)
			AND kpi.attainment(a + k, t, 'lower') < kpi.attainment(a, t, 'lower')
		AND kpi.attainment(af + k::float8, tf) > kpi.attainment(af, tf)
		AND kpi.attainment(af + k::float8, tf, 'lower') < kpi.attainment(af, tf, 'lower')
		AND kpi.attainment(t + k, t, 'target') > kpi.attainment(t + 2 * k, t, 'target')
		AND kpi.attainment(t - k, t, 'target') > kpi.attainment(t - 2 * k, t, 'target')) $$,
	'1: strictly monotone in the good direction for every sign of the target');
SELECT is_empty($$ SELECT i FROM sample, unnest('{higher, lower, target}'::text[]) AS d WHERE t <> 0 AND NOT (
		alike(kpi.attainment(k * a, k * t, d), kpi.attainment(a, t, d), 1e-14, 1)
		AND alike(kpi.attainment(k::float8 * af, k::float8 * tf, d), kpi.attainment(af, tf, d), 1e-12, 1)) $$,
	'1: the same in any unit');

-- 2. progress
SELECT is_empty($$ SELECT i FROM sample WHERE t <> b AND p <> 0 AND NOT (
		alike(kpi.progress(p * a + q, p * t + q, p * b + q), kpi.progress(a, t, b), 1e-14, 1)
		AND alike(kpi.progress((p * a + q)::float8, (p * t + q)::float8, (p * b + q)::float8),
			kpi.progress(af, tf, bf),
						 1e-12 * (1 + (abs(af) + abs(tf) + abs(bf) + abs(q / p)::float8) / abs(tf - bf)), 1)) $$,
	'2: progress is the same under x -> p x + q');

-- 3, 4, 5. groups of two to five children, half of them of two, some without a score, some without weight
CREATE UNLOGGED TABLE child AS
SELECT *, s::float8 AS sf, w::float8 AS wf
FROM (SELECT g, n, CASE WHEN random() < 0.15 THEN NULL
	ELSE round((random() * 150 - 10)::numeric, (g + n) % 4) END AS s,
		CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.05 THEN 0
			ELSE round(random()::numeric * 40 + 0.01, 2) END AS w
	  FROM generate_series(1, :cases) AS g, generate_series(1, 2 + greatest(g % 8 - 4, 0)) AS n) AS c;
ANALYZE child;
CREATE TEMP TABLE whole AS
SELECT g, kpi.weighted_score(s, w) AS score, kpi.weighted_coverage(s, w) AS coverage,
	kpi.weighted_score(sf, wf) AS scoref, kpi.weighted_coverage(sf, wf) AS coveragef,
	kpi.weighted_score(s, w * 0.0037) AS scaled, kpi.weighted_score(sf, wf * 37) AS scaledf,
	kpi.weighted_coverage(s, w * 37) AS scaled_coverage,
	min(s) FILTER (WHERE w > 0) AS low, max(s) FILTER (WHERE w > 0) AS high,
	count(*) FILTER (WHERE w > 0) AS counted, count(s) FILTER (WHERE w > 0) AS present
FROM child GROUP BY g;
SELECT is_empty($$ SELECT g FROM whole
	WHERE NOT (alike(scaled, score, 1e-14, 1) AND alike(scaledf, scoref, 1e-14, 1)
		AND alike(scaled_coverage, coverage, 1e-14, 1)) $$,
	'3: scaling all weights changes nothing');
SELECT is_empty($$ SELECT g FROM whole JOIN (SELECT g, kpi.weighted_score(s, w ORDER BY s, n DESC) AS score,
	kpi.weighted_score(sf, wf ORDER BY sf DESC, n) AS scoref,
			kpi.weighted_coverage(s, w ORDER BY n DESC) AS coverage FROM child GROUP BY g) AS x USING (g)
	WHERE x.score::text IS DISTINCT FROM whole.score::text OR x.coverage::text IS DISTINCT FROM whole.coverage::text
		OR NOT coalesce(abs(x.scoref - whole.scoref) <= 1e-15 * abs(whole.scoref),
			(x.scoref IS NULL) = (whole.scoref IS NULL)) $$,
	'3: the order of rows changes nothing');
SELECT is_empty($$ SELECT g FROM whole JOIN (SELECT g, kpi.weighted_score(kpi.rollup(part)) AS score,
	kpi.weighted_coverage(kpi.rollup(part)) AS coverage,
			kpi.weighted_score(kpi.rollup(partf)) AS scoref
		FROM (SELECT g, kpi.weighted_sums(s, w) AS part, kpi.weighted_sums(sf, wf) AS partf FROM child GROUP BY g,
			n % 2) AS y GROUP BY g) AS x USING (g)
	WHERE x.score::text IS DISTINCT FROM whole.score::text OR x.coverage::text IS DISTINCT FROM whole.coverage::text
		OR NOT coalesce(abs(x.scoref - whole.scoref) <= 1e-15 * abs(whole.scoref),
			(x.scoref IS NULL) = (whole.scoref IS NULL)) $$,
	'3: neither does merging the sums of parts');
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
DO $$ BEGIN CREATE TEMP TABLE parallel AS SELECT g, kpi.weighted_score(s, w) AS score,
	kpi.weighted_coverage(s, w) AS coverage FROM child GROUP BY g; END $$;
SELECT is_empty($$ SELECT g FROM whole JOIN parallel AS x USING (g)
	WHERE x.score::text IS DISTINCT FROM whole.score::text
		OR x.coverage::text IS DISTINCT FROM whole.coverage::text $$,
	'3: nor a parallel plan');
RESET max_parallel_workers_per_gather;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;
SELECT is_empty($$ SELECT g FROM whole JOIN (SELECT g, kpi.weighted_score(s, w) AS score,
	kpi.weighted_score(sf, w::float8) AS scoref, kpi.weighted_coverage(s, w) AS coverage
		FROM (SELECT g, s, sf, CASE WHEN n = 1 THEN w / 2 ELSE w END AS w FROM child UNION ALL SELECT g, s, sf, w / 2
			FROM child WHERE n = 1) AS y GROUP BY g) AS x USING (g)
	WHERE NOT (alike(x.score, whole.score, 1e-14, 1) AND alike(x.scoref, whole.scoref, 1e-14, 1)
		AND alike(x.coverage, whole.coverage, 1e-14, 1)) $$,
	'3: splitting a child in two of equal score changes nothing');

SELECT is_empty('SELECT g FROM whole WHERE score NOT BETWEEN low AND high OR scoref NOT BETWEEN low::float8
	AND high::float8 OR (score IS NULL) <> (present = 0)',
	'4: between the lowest and the highest of its children');
SELECT is_empty($$ SELECT g FROM (SELECT g, w, wf, first_value(s) OVER (PARTITION BY g ORDER BY n) AS m
	FROM child) AS x GROUP BY g, m
	HAVING kpi.weighted_score(m, w) <> m OR kpi.weighted_score(m::float8, wf) <> m::float8 $$,
	'4: children that all have one score give exactly that score');
SELECT is_empty($$ SELECT g FROM whole WHERE coverage NOT BETWEEN 0 AND 1 OR coveragef NOT BETWEEN 0 AND 1
	OR (coverage IS NULL) <> (counted = 0)
		OR (coverage = 1) <> (present = counted) OR (coveragef = 1) <> (present = counted)
		OR (coverage = 0) <> (present = 0) OR (score IS NULL AND coverage > 0) $$,
	'5: coverage is 1 exactly when no child of positive weight is missing');

-- the same in one tree of all those nodes, seven levels deep, or six
CREATE TEMP TABLE node AS
SELECT 'n' || i AS node, CASE WHEN i > 0 THEN 'n' || (i - 1) / 7 END AS parent,
	(1 + (i * 7919::bigint) % 1009) / 8.0 AS weight,
	CASE WHEN i >= :nodes / 7 AND i % 13 <> 0 THEN round((random() * 120)::numeric, i % 3) END AS score,
	CASE WHEN i >= :nodes / 7 THEN 87.3 END AS equal
FROM generate_series(0, :nodes - 1) AS i;
CREATE FUNCTION pg_temp.scores(nodes kpi.node_score[])
	RETURNS TABLE (node text, score numeric, coverage numeric, missing text[]) LANGUAGE sql AS
$$ SELECT n.node, n.score, n.coverage, n.missing_nodes FROM unnest(nodes) AS n $$;
CREATE TEMP TABLE rolled AS SELECT s.* FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score) AS nodes
	FROM node) AS r, pg_temp.scores(nodes) AS s;
SELECT is_empty($$ SELECT node, score, coverage FROM rolled EXCEPT SELECT s.node, s.score, s.coverage
	FROM (SELECT kpi.scorecard_rollup(node, parent, weight * 0.0037, score ORDER BY node DESC) AS nodes
		FROM node) AS r, pg_temp.scores(nodes) AS s $$,
	'3: scale of weights and order of rows change nothing in a tree');
SELECT is((SELECT count(*) FROM rolled), :nodes::bigint, '3: every node of the tree');
SELECT is_empty($$ SELECT p.node FROM rolled AS p JOIN node AS c ON c.parent = p.node
	JOIN rolled AS r ON r.node = c.node
	GROUP BY p.node, p.score HAVING p.score NOT BETWEEN min(r.score) AND max(r.score)
		OR (p.score IS NULL) <> (count(r.score) = 0) $$,
	'4: every node lies between its children');
SELECT is_empty($$ SELECT n.score
	FROM (SELECT kpi.scorecard_rollup(node, parent, weight, equal) AS nodes FROM node) AS r, unnest(r.nodes) AS n
		WHERE n.score <> 87.3 OR n.coverage <> 1
	UNION ALL SELECT n.score FROM (SELECT kpi.scorecard_rollup(node, parent, weight::float8,
		equal::float8) AS nodes FROM node) AS r, unnest(r.nodes) AS n
		WHERE n.score <> 87.3::float8 OR n.coverage <> 1 $$,
	'4: leaves that all have one score give exactly that score at every node');
SELECT is_empty('SELECT node FROM rolled WHERE coverage NOT BETWEEN 0 AND 1 OR (coverage = 1) <> (missing IS NULL)
	OR (coverage = 0) <> (score IS NULL)',
	'5: coverage of every node');

-- 6. clamp and veto
SELECT is_empty($$ SELECT i FROM sample, LATERAL (VALUES (least(a, t, b), greatest(a, t, b))) AS l(low, high)
	WHERE kpi.clamp(a, low, high)::text <> a::text OR kpi.clamp(af, low::float8, high::float8) <> af
		OR kpi.clamp(a, least(t, b), greatest(t, b)) NOT BETWEEN least(t, b) AND greatest(t, b) $$,
	'6: clamp changes nothing inside the limits, and keeps to them');
SELECT is_empty($$ SELECT i FROM sample WHERE kpi.clamp(a, NULL, t) > a OR kpi.clamp(a, NULL, t) > t
	OR kpi.clamp(af, NULL, tf) > af OR kpi.zero_below(a, t) NOT IN (0, a) $$,
	'6: a cap never raises');

-- 7. relative change
SELECT is_empty($$ SELECT i FROM sample
	WHERE t <> 0 AND (sign(kpi.change_rate(a, t)) <> sign(a - t) OR sign(kpi.change_rate(af, tf)) <> sign(af - tf))
		OR t = 0 AND (kpi.change_rate(a, t) IS NOT NULL) <> (a = 0) $$,
	'7: relative change has the sign of the change whatever the sign of the base');

-- 8. the parts of a partition add up: 100 targets, each cut in 1000 parts at random days
INSERT INTO kpi.unit (unit, name) SELECT 'u' || n, 'U' || n FROM generate_series(0, 19) AS n;
INSERT INTO kpi.indicator (indicator, name, kind, combine) VALUES ('i', 'I', 'entered', 'sum');
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT 'i', 'u' || i % 20, daterange(date '2000-01-01' + 3100 * i, date '2000-01-01' + 3100 * i + 2000 + i),
	round((random() * 2e6 - 1e6)::numeric, i % 6)
FROM generate_series(1, 100) AS i;
CREATE TEMP TABLE piece AS
SELECT unit, target, whole, day AS from_day,
	lead(day, 1, upper(period)) OVER (PARTITION BY whole ORDER BY day) AS to_day
FROM (SELECT DISTINCT unit, target, period, period AS whole,
	CASE WHEN n = 0 THEN lower(period)
	ELSE lower(period) + 1 + (random() * (upper(period) - lower(period) - 2))::integer END AS day
	  FROM kpi.target, generate_series(0, :cases / 64) AS n WHERE indicator = 'i') AS d;
SELECT cmp_ok(count(*), '>=', :cases::bigint, format('8: %s parts', count(*))) FROM piece;
SELECT is_empty($$ SELECT whole FROM (SELECT whole, piece.target, o.target AS part FROM piece,
	kpi_internal.target_for('i', unit, daterange(from_day, to_day)) AS o) AS p
	GROUP BY whole, target HAVING sum(part) <> target OR count(part) <> count(*) $$,
	'8: prorated sums over a partition add up exactly');
SELECT is_empty($$ SELECT whole FROM (SELECT whole, target,
	kpi.target_for('i', unit, daterange(from_day, to_day)) AS part FROM piece WHERE lower(whole) < '2010-01-01') AS p
	GROUP BY whole, target HAVING sum(part) <> target $$,
	'8: also one by one');

-- 9. effects of scores and of weights add up to the change of the parent
SELECT is_empty($$ SELECT i
	FROM (SELECT i, n, round((random() * 120)::numeric, 2) AS s0, round((random() * 120)::numeric, 2) AS s1,
			CASE n WHEN 1 THEN w0 ELSE 100 - w0 END AS w0, CASE n WHEN 1 THEN w1 ELSE 100 - w1 END AS w1
		FROM (SELECT i, round((random() * 100)::numeric, 1) AS w0, round((random() * 100)::numeric, 1) AS w1
			FROM sample OFFSET 0) AS p,
			generate_series(1, 2) AS n) AS c
	GROUP BY i HAVING kpi.weighted_score(s1, w1) - kpi.weighted_score(s0, w0)
		<> sum((s1 - s0) * (w0 + w1)) / 200 + sum((s0 + s1) * (w1 - w0)) / 200 $$,
	'9: effects of scores and of weights add up exactly');

-- 10. row by row: what plain SQL numeric gives, to the last digit; float8 to 1e-12
CREATE TEMP TABLE row_case AS
SELECT i, CASE WHEN i % 31 <> 0 THEN a END AS a, CASE WHEN i % 37 <> 0 THEN t END AS t, b, least(t, b) AS low,
	greatest(t, b) AS high, k FROM sample;
CREATE TEMP TABLE plain AS
SELECT i, CASE WHEN t > 0 THEN a / t WHEN t < 0 THEN (2 * t - a) / t END AS higher,
	CASE WHEN t < 0 THEN a / t WHEN t > 0 THEN (2 * t - a) / t END AS lower,
	CASE WHEN t <> 0 THEN (abs(t) - abs(a - t)) / abs(t) END AS target,
	CASE WHEN a > 0 AND t >= 0 THEN t / a END AS inverse,
	CASE WHEN t <> b THEN (a - b) / (t - b) WHEN a = t THEN 1 END AS progress,
	CASE WHEN a >= t THEN 1 WHEN a < t THEN 0 END AS binary,
	CASE WHEN a BETWEEN low AND high THEN 1 WHEN a <= low - k OR a >= high + 2 * k THEN 0
		WHEN a < low THEN (a - (low - k)) / k WHEN a > high THEN (a - (high + 2 * k)) / (-2 * k) END AS range,
	a - t AS change, CASE WHEN t <> 0 THEN (a - t) / abs(t) WHEN t = 0 AND a = 0 THEN 0 END AS rate,
	CASE WHEN a > t THEN 20 + 1.5 * ceil((a - t) / k) WHEN a <= t THEN 20 - 2 * ceil((t - a) / k) END AS started,
	CASE WHEN a > t THEN (20 * k + 1.5 * (a - t)) / k WHEN a <= t THEN (20 * k - 2 * (t - a)) / k END AS linear,
	CASE WHEN a < low THEN 0 WHEN a < low + k THEN 20 * (0.5 * k + (a - low) * 0.3) / k WHEN a >= low + k
		THEN 20 * 0.8 END AS efficacy,
	CASE WHEN a < t THEN 0 ELSE a END AS zero_below
FROM row_case;
CREATE TEMP TABLE exact AS
SELECT i, kpi.attainment(a, t) AS higher, kpi.attainment(a, t, 'lower') AS lower,
	kpi.attainment(a, t, 'target') AS target,
	kpi.attainment_inverse(a, t) AS inverse, kpi.progress(a, t, b) AS progress, kpi.attainment_binary(a, t) AS binary,
	kpi.attainment_range(a, low, high, low - k, high + 2 * k) AS range, kpi.change(a, t) AS change,
	kpi.change_rate(a, t) AS rate,
	kpi.add_deduct(a, t, 20, 1.5, 2, k, 'started') AS started, kpi.add_deduct(a, t, 20, 1.5, 2, k) AS linear,
	kpi.efficacy(a, ARRAY[low, low + k], '{0.5, 0.8}', 20) AS efficacy, kpi.zero_below(a, t) AS zero_below
FROM row_case;
CREATE TEMP TABLE float AS
SELECT i, kpi.attainment(a, t) AS higher, kpi.attainment(a, t, 'lower') AS lower,
	kpi.attainment(a, t, 'target') AS target,
	kpi.attainment_inverse(a, t) AS inverse, kpi.progress(a, t, b) AS progress, kpi.attainment_binary(a, t) AS binary,
	kpi.attainment_range(a, low, high, low - k, high + 2 * k) AS range, kpi.change(a, t) AS change,
	kpi.change_rate(a, t) AS rate,
	kpi.add_deduct(a, t, 20, 1.5, 2, k, 'started') AS started, kpi.add_deduct(a, t, 20, 1.5, 2, k) AS linear,
	kpi.efficacy(a, ARRAY[low, low + k], '{0.5, 0.8}', 20) AS efficacy, kpi.zero_below(a, t) AS zero_below,
	1 + (abs(a) + coalesce(abs(t), 0) + abs(low) + abs(high)) / least(k, abs(t - b), 1) AS spread
FROM (SELECT i, a::float8, t::float8, b::float8, low::float8, high::float8, k::float8 FROM row_case) AS r;
CREATE FUNCTION pg_temp.columns() RETURNS SETOF text LANGUAGE sql AS
$$ SELECT attname::text FROM pg_attribute WHERE attrelid = 'exact'::regclass AND attnum > 1 ORDER BY attnum $$;
SELECT is_empty(format('SELECT i, array_remove(ARRAY[%s], NULL) AS differing, e, p FROM exact AS e
	JOIN plain AS p USING (i) WHERE %s',
	string_agg(format('CASE WHEN e.%1$I IS DISTINCT FROM p.%1$I THEN %1$L END', c), ', '),
	string_agg(format('e.%1$I IS DISTINCT FROM p.%1$I', c), ' OR ')), '10: all of them are what plain SQL gives')
FROM pg_temp.columns() AS c;
-- a difference of large numbers over a small one is no better than they are
SELECT is_empty(format('SELECT i FROM exact AS e JOIN float AS f USING (i) WHERE %s', string_agg(format(
	'NOT alike(f.%1$I, e.%1$I::float8, 1e-12 + 1e-15 * spread, 1)', c), ' OR ')), '10: all of them in float8')
FROM pg_temp.columns() AS c;

-- moving frames give what their rows give as a group
CREATE TEMP TABLE day AS
SELECT i, i % 7 AS g, CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.02 THEN 'NaN' WHEN random() < 0.02
	THEN round(random()::numeric * 1e24, 3)
		ELSE round((random() * 150 - 10)::numeric, (random() * random() * 6)::integer) END AS s,
	CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.05 THEN 0 WHEN random() < 0.01 THEN 1e-22
		ELSE round(random()::numeric * 40, (random() * random() * 4)::integer) END AS w
FROM generate_series(1, :cases) AS i;
SELECT is_empty(format($$ SELECT i, moving, summed FROM (SELECT i, kpi.weighted_score(s, w, %1$s) OVER f AS moving,
		kpi.weighted_score(kpi.weighted_sums(s, w, %1$s) OVER f) AS summed FROM day
			WINDOW f AS (PARTITION BY g ORDER BY i %2$s)) AS x
	WHERE moving::text IS DISTINCT FROM summed::text $$, parameters, frame),
		format('frames %s with %s', frame, parameters))
FROM (VALUES ('''zero''', 'ROWS BETWEEN 5 PRECEDING AND 1 FOLLOWING'),
	('''renormalize'', 0.6', 'ROWS BETWEEN 3 FOLLOWING AND 9 FOLLOWING'),
			 ('''target''', 'RANGE BETWEEN 30 PRECEDING AND 10 PRECEDING'), ('''null''', 'ROWS 2 PRECEDING'))
				AS v(parameters, frame);
SELECT is_empty($$ SELECT i FROM (SELECT i, kpi.weighted_score(s, w) OVER f AS score,
	kpi.weighted_coverage(s, w) OVER f AS coverage, kpi.weighted_sums(s, w) OVER f AS sums
		FROM day WINDOW f AS (ORDER BY i ROWS 6 PRECEDING)) AS x
	WHERE score::text IS DISTINCT FROM kpi.weighted_score(sums)::text
		OR coverage::text IS DISTINCT FROM kpi.weighted_coverage(sums)::text $$,
	'frames of score and coverage without parameters');
SELECT is(array_agg(DISTINCT CASE WHEN aggminvtransfn <> 0 THEN 'rows leave' ELSE 'summed anew' END
	|| CASE aggtranstype
			WHEN 'kpi.weighted_state_numeric'::regtype THEN ', numeric' ELSE ', float8' END),
				'{"rows leave, numeric", "summed anew, float8"}',
	'rows leave the frames of numeric, where that is exact, and only those')
FROM pg_aggregate JOIN pg_proc ON oid = aggfnoid WHERE pronamespace IN ('kpi'::regnamespace,
	'kpi_internal'::regnamespace) AND proname IN ('weighted_score', 'weighted_coverage');

-- zero has no sign, whatever it is made of: each measure and aggregate of two or three float8
CREATE FUNCTION pg_temp.shown(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT ' || call INTO result;
	RETURN result;
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN NULL;
END $$;
CREATE TEMP TABLE zero AS
SELECT format('kpi.%I(%s)', p.proname, (SELECT string_agg(format('%L::float8', (ARRAY[x, y, z])[k]), ', ' ORDER BY k)
	FROM generate_series(1, p.pronargs) AS k)) AS call
FROM pg_proc AS p, unnest('{0,-0,-1,2}'::text[]) AS x, unnest('{0,-0,-1,2}'::text[]) AS y,
	unnest('{0,-0,-1}'::text[]) AS z
WHERE p.pronamespace = 'kpi'::regnamespace AND p.prokind IN ('f', 'a') AND p.prorettype = 'float8'::regtype
	AND p.pronargs IN (2, 3) AND p.proargtypes::text ~ '^701( 701)*$';
SELECT cmp_ok(count(*) FILTER (WHERE pg_temp.shown(call) = '0'), '>', 300::bigint, 'there are zeros') FROM zero;
SELECT is_empty($$ SELECT DISTINCT call FROM zero WHERE pg_temp.shown(call) = '-0' $$, 'and none of them is -0');

SELECT * FROM finish();
ROLLBACK;
