-- Weights by what values tell, by order and by points; combination.
\pset null '(null)'
SET extra_float_digits = 0;

CREATE FUNCTION pg_temp.short(w float8[], digits integer) RETURNS numeric[] LANGUAGE sql
	RETURN (SELECT array_agg(round(x::numeric, digits) ORDER BY i) FROM unnest(w) WITH ORDINALITY AS u (x, i));

-- a widespread example of entropy weights: eleven wards by nine items of nursing
CREATE TEMP TABLE ward (x float8[]);
INSERT INTO ward VALUES ('{100, 90, 100, 84, 90, 100, 100, 100, 100}'),
	('{100, 100, 78.6, 100, 90, 100, 100, 100, 100}'),
	('{75, 100, 85.7, 100, 90, 100, 100, 100, 100}'), ('{100, 100, 78.6, 100, 90, 100, 94.4, 100, 100}'),
	('{100, 90, 100, 100, 100, 90, 100, 100, 80}'), ('{100, 100, 100, 100, 90, 100, 100, 85.7, 100}'),
	('{100, 100, 78.6, 100, 90, 100, 55.6, 100, 100}'), ('{87.5, 100, 85.7, 100, 100, 100, 100, 100, 100}'),
	('{100, 100, 92.9, 100, 80, 100, 100, 100, 100}'), ('{100, 90, 100, 100, 100, 100, 100, 100, 100}'),
	('{100, 100, 92.9, 100, 90, 100, 100, 100, 100}');
SELECT pg_temp.short(weights, 3) AS weights, n, n_missing, note FROM (SELECT kpi.criteria(x) AS c FROM ward) AS s,
	kpi.entropy_weights(c);
-- D. Diakoulaki, G. Mavrotas and L. Papayannakis, 1995: eight companies by three criteria
CREATE TEMP TABLE company (x float8[]);
INSERT INTO company VALUES ('{61, 1.08, 4.33}'), ('{20.7, 0.26, 4.34}'), ('{16.3, 1.98, 2.53}'), ('{9, 3.29, 1.65}'),
	('{5.4, 2.77, 2.33}'), ('{4, 4.12, 1.21}'), ('{-6.1, 3.52, 2.10}'), ('{-34.6, 3.31, 0.98}');
SELECT pg_temp.short(weights, 8) AS weights FROM (SELECT kpi.criteria(x) AS c FROM company) AS s,
	kpi.critic_weights(c);

-- by definition, in plain SQL
CREATE TEMP TABLE shop AS SELECT i, ARRAY[10 + i * 7 % 13, 100 - i * 5 % 11, 1 + i * i % 7]::float8[] AS x
FROM generate_series(1, 20) AS i;
CREATE TEMP TABLE alike AS
SELECT i, k, CASE WHEN k = 2 THEN (max(v) OVER w - v) / (max(v) OVER w - min(v) OVER w)
	ELSE (v - min(v) OVER w) / (max(v) OVER w - min(v) OVER w) END AS v
FROM shop, unnest(x) WITH ORDINALITY AS u (v, k) WINDOW w AS (PARTITION BY k);
WITH c AS (SELECT kpi.criteria(x) AS c FROM shop),
entropy AS (SELECT k, 1 + sum(CASE WHEN p > 0 THEN p * ln(p) ELSE 0 END) / ln(20::float8) AS d
	FROM (SELECT k, v / sum(v) OVER (PARTITION BY k) AS p FROM alike) AS s GROUP BY k),
shares AS (SELECT k, 1 + sum(p * ln(p)) / ln(20::float8) AS d
	FROM (SELECT k, v / sum(v) OVER (PARTITION BY k) AS p FROM (
		SELECT k, CASE WHEN k = 2 THEN 1 / v ELSE v END AS v FROM shop, unnest(x) WITH ORDINALITY AS u (v, k)) AS q) AS s
	GROUP BY k),
critic AS (SELECT a.k, stddev_samp(a.v) * (SELECT sum(1 - r) FROM (SELECT corr(m.v, b.v) AS r
	FROM alike AS m JOIN alike AS b USING (i) WHERE m.k = a.k AND b.k <> a.k GROUP BY b.k) AS q) AS d FROM alike
	AS a GROUP BY a.k),
cv AS (SELECT k, stddev_samp(v) / avg(v) AS d FROM shop, unnest(x) WITH ORDINALITY AS u (v, k) GROUP BY k),
sd AS (SELECT k, stddev_samp(v) AS d FROM alike GROUP BY k)
SELECT way, max(abs(information[k] - d)) < 1e-12 AS information, max(abs(weights[k] - d / total)) < 1e-12 AS weights
FROM (SELECT *, sum(d) OVER (PARTITION BY way) AS total FROM (
	SELECT 'entropy' AS way, * FROM entropy UNION ALL SELECT 'shares', * FROM shares UNION ALL
	SELECT 'critic', * FROM critic UNION ALL SELECT 'cv', * FROM cv UNION ALL SELECT 'sd', * FROM sd) AS q) AS q
JOIN (SELECT 'entropy' AS way, r.* FROM c, kpi.entropy_weights(c, '{higher, lower, higher}') AS r UNION ALL
	SELECT 'shares', r.* FROM c, kpi.entropy_weights(c, '{higher, lower, higher}', 'shares') AS r UNION ALL
	SELECT 'critic', r.* FROM c, kpi.critic_weights(c, '{higher, lower, higher}') AS r UNION ALL
	SELECT 'cv', r.* FROM c, kpi.variation_weights(c) AS r UNION ALL
	SELECT 'sd', r.* FROM c, kpi.variation_weights(c, '{higher, lower, higher}', 'sd') AS r) AS r USING (way)
GROUP BY way ORDER BY way;
-- a huge offset changes nothing that lies in the last digits
SELECT pg_temp.short(a.weights, 9) = pg_temp.short(b.weights, 9) AS same
FROM (SELECT kpi.criteria(x) AS c, kpi.criteria(ARRAY[x[1] + 1e9, x[2] + 1e9, x[3] + 1e9]) AS far FROM shop) AS s,
	kpi.critic_weights(c) AS a, kpi.critic_weights(far) AS b;

-- what tells nothing
SELECT what, e.weights AS entropy, e.note, c.weights AS critic, v.weights AS variation, v.note AS variation_note,
	e.n, e.n_missing
FROM (SELECT what, kpi.criteria(x) AS c FROM (VALUES
	('one row', '{1, 2}'::float8[]), ('a constant column', '{1, 5}'), ('a constant column', '{2, 5}'),
	('a constant column', '{4, 5}'),
	('all constant', '{3, 3}'), ('all constant', '{3, 3}'), ('the same column twice', '{1, 1}'),
	('the same column twice', '{2, 2}'),
	('mean of 0', '{-1, 1}'), ('mean of 0', '{1, 2}'), ('mean of 0', '{NULL, 1}'), ('mean of 0', '{NaN, 1}'),
	('mean of 0', NULL),
	('nothing', '{NULL, NULL}'), ('nothing at all', NULL)) AS v (what, x) GROUP BY what) AS s,
	kpi.entropy_weights(c) AS e, kpi.critic_weights(c) AS c, kpi.variation_weights(c) AS v ORDER BY what;
-- columns that go with each other tell nothing, whatever rounding leaves of 1 - r
SELECT DISTINCT w.information, w.weights[1] = w.weights[2] AND w.weights[2] = w.weights[3] AS alike, w.note
FROM (SELECT k, kpi.criteria(ARRAY[x, 0.3 * x + k, 1.7 * x + 0.1 * k]) AS c FROM (
	SELECT k, i * k * 7919 % 97 / 10.0 AS x FROM generate_series(1, 30) AS k, generate_series(1, 4) AS i) AS v GROUP BY k)
	AS s, kpi.critic_weights(c) AS w;
-- one state, in any order, in parts, as text; equal rows are one
SELECT count(DISTINCT c) AS states FROM (
	SELECT kpi.criteria(x ORDER BY x)::text AS c FROM ward UNION ALL SELECT kpi.criteria(x ORDER BY x DESC)::text
	FROM ward
	UNION ALL SELECT kpi.rollup(c)::text FROM (SELECT kpi.criteria(x) AS c FROM ward GROUP BY x[1]) AS p
	UNION ALL SELECT kpi.criteria(x)::text::kpi.criteria_state::text FROM ward) AS s;
SELECT kpi.criteria(x) FROM (VALUES ('{2, 1}'::float8[]), ('{1, -0}'), ('{2, 1}'), ('{1, NULL}')) AS v (x);
SELECT kpi.criteria(x) FROM ward WHERE false;
SELECT kpi.entropy_weights(NULL), kpi.entropy_weights(kpi.criteria('{1, 2}'), NULL, NULL);

-- errors
SELECT kpi.criteria(x) FROM (VALUES ('{1, 2}'::float8[]), ('{1, 2, 3}')) AS v (x);
SELECT kpi.criteria('{{1, 2}}'::float8[]);
SELECT kpi.entropy_weights(kpi.criteria(x), '{higher}') FROM ward;
SELECT kpi.entropy_weights(kpi.criteria(x), '{higher, up, lower}') FROM company;
SELECT kpi.entropy_weights(kpi.criteria(x), '{higher, target, lower}') FROM company;
SELECT kpi.entropy_weights(kpi.criteria(x), NULL, 'shares') FROM company;
SELECT kpi.entropy_weights(kpi.criteria(x), NULL, 'share') FROM company;
SELECT '1 2 0 1 1 2 0'::kpi.criteria_state;
SELECT '1 2 0 1 1 2 1.5'::kpi.criteria_state;
SELECT '1 0 0 1 1'::kpi.criteria_state;

-- an order of importance: rank order centroid of four is .5208 .2708 .1458 .0625
SELECT way, pg_temp.short(kpi.rank_weights(ranks, way), 4) AS weights FROM
	unnest('{centroid, sum, reciprocal}'::text[]) AS way,
	(VALUES ('{1, 2, 3, 4}'::float8[]), ('{2, 1, 2, 4}'), ('{5}')) AS v (ranks);
SELECT kpi.point_weights('{80, 60, 40, 20}'), kpi.point_weights('{0, 0}') AS none,
	kpi.point_weights('{1e308, 1e308}') AS large;
SELECT way, pg_temp.short(kpi.combine_weights('{3, 1}', '{0.4, 0.6}', lambda, way), 6) AS weights, lambda
FROM unnest('{additive, multiplicative, geometric}'::text[]) AS way, unnest('{0, 0.5, 1}'::float8[]) AS lambda;
SELECT kpi.combine_weights('{1, 0}', '{0, 1}', method => 'multiplicative') AS none, kpi.combine_weights('{0, 0}',
	'{1, 1}') AS nothing;
SELECT kpi.rank_weights('{1, 0}');
SELECT kpi.rank_weights('{1, NULL}');
SELECT kpi.rank_weights('{1}', 'best');
SELECT kpi.point_weights('{1, -1}');
SELECT kpi.combine_weights('{1, 2}', '{1}');
SELECT kpi.combine_weights('{1}', '{1}', 1.5);
