-- Weights of pairwise judgements: published cases, incomplete and group judgements, consistency, errors.
\pset null '(null)'
SET extra_float_digits = 0;

CREATE TEMP TABLE published (name text, judgements float8[]);
INSERT INTO published VALUES
-- T. L. Saaty, "Decision making with the analytic hierarchy process", 2008: consumption of drinks
	('drinks', ARRAY[
	[1, 9, 5, 2, 1, 1, 1.0 / 2],
	[NULL, 1, 1.0 / 3, 1.0 / 9, 1.0 / 9, 1.0 / 9, 1.0 / 9],
	[NULL, NULL, 1, 1.0 / 3, 1.0 / 4, 1.0 / 3, 1.0 / 9],
	[NULL, NULL, NULL, 1, 1.0 / 2, 1, 1.0 / 3],
	[NULL, NULL, NULL, NULL, 1, 2, 1.0 / 2],
	[NULL, NULL, NULL, NULL, NULL, 1, 1.0 / 3],
	[NULL, NULL, NULL, NULL, NULL, NULL, 1]]),
-- T. L. Saaty, "How to make a decision", 1990: choice of a house
	('house', ARRAY[
	[1, 5, 3, 7, 6, 6, 1.0 / 3, 1.0 / 4],
	[1.0 / 5, 1, 1.0 / 3, 5, 3, 3, 1.0 / 5, 1.0 / 7],
	[1.0 / 3, 3, 1, 6, 3, 4, 6, 1.0 / 5],
	[1.0 / 7, 1.0 / 5, 1.0 / 6, 1, 1.0 / 3, 1.0 / 4, 1.0 / 7, 1.0 / 8],
	[1.0 / 6, 1.0 / 3, 1.0 / 3, 3, 1, 1.0 / 2, 1.0 / 5, 1.0 / 6],
	[1.0 / 6, 1.0 / 3, 1.0 / 4, 4, 2, 1, 1.0 / 5, 1.0 / 6],
	[3, 5, 1.0 / 6, 7, 5, 5, 1, 1.0 / 2],
	[4, 7, 5, 8, 6, 6, 2, 1]]),
-- Jiang Qiyuan, Mathematical Models: choice of a place to visit
	('place', ARRAY[
	[1, 1.0 / 2, 4, 3, 3], [2, 1, 7, 5, 5], [1.0 / 4, 1.0 / 7, 1, 1.0 / 2, 1.0 / 3],
	[1.0 / 3, 1.0 / 5, 2, 1, 1], [1.0 / 3, 1.0 / 5, 3, 1, 1]]);
SELECT name, (SELECT array_agg(round(w::numeric, 3) ORDER BY i) FROM unnest(a.weights) WITH ORDINALITY AS u (w, i))
	AS weights,
	round(lambda_max::numeric, 3) AS lambda_max, round(ci::numeric, 3) AS ci, round(cr::numeric, 3) AS cr,
	round(gci::numeric, 3) AS gci, consistent, worst_pair, worst_triple, n, n_missing, n_outside_scale
FROM published, kpi.ahp(judgements) AS a ORDER BY name;
SELECT name, worst_judgement, round(worst_suggested::numeric, 3) AS worst_suggested
FROM published, kpi.ahp(judgements) ORDER BY name;
-- the three places by the five criteria: .299 .245 .455
SELECT round(sum(c.weights[k] * p.weights[1])::numeric, 3) AS a, round(sum(c.weights[k] * p.weights[2])::numeric, 3)
	AS b,
	round(sum(c.weights[k] * p.weights[3])::numeric, 3) AS c
FROM published, kpi.ahp(judgements) AS c,
	(VALUES (1, '{{1, 2, 5}, {0.5, 1, 2}, {0.2, 0.5, 1}}'::float8[]),
		(2, ARRAY[[1, 1.0 / 3, 1.0 / 8], [3, 1, 1.0 / 3], [8, 3, 1]]),
		(3, ARRAY[[1, 1, 3], [1, 1, 3], [1.0 / 3, 1.0 / 3, 1]]),
		(4, ARRAY[[1, 3, 4], [1.0 / 3, 1, 1], [0.25, 1, 1]]),
		(5, '{{1, 1, 0.25}, {1, 1, 0.25}, {4, 4, 1}}')) AS v (k, j), kpi.ahp(j) AS p
WHERE name = 'place';

-- by definition: A w = lambda_max w, to 1e-12; the means of rows by their logarithms
SELECT name, max(abs(left_side - lambda_max * w)) < 1e-12 AS eigenvector,
	(SELECT max(abs(g - h)) < 1e-14 FROM unnest((kpi.ahp(judgements, 'geometric')).weights) WITH ORDINALITY AS g (g, i)
		JOIN (SELECT i, exp(sum(ln(judgements[i][j])) / 5) / sum(exp(sum(ln(judgements[i][j])) / 5)) OVER () AS h
			  FROM generate_series(1, 5) AS i, generate_series(1, 5) AS j GROUP BY i) AS m USING (i)) AS geometric
FROM published, kpi.ahp(judgements) AS a, LATERAL (
	SELECT i, weights[i] AS w, sum(judgements[i][j] * weights[j]) AS left_side
	FROM generate_series(1, 5) AS i, generate_series(1, 5) AS j GROUP BY i) AS s
WHERE name = 'place' GROUP BY name, judgements;
-- the index of consistency of the means of rows, by its definition
SELECT abs(gci - (SELECT 2 * sum(power(ln(judgements[i][j] * weights[j] / weights[i]), 2)) / 12
	FROM generate_series(1, 5) AS i, generate_series(i + 1, 5) AS j)) < 1e-14 AS gci
FROM published, kpi.ahp(judgements, 'geometric') WHERE name = 'place';

-- judgements that agree have the weights that they were made of, whatever is missing
SELECT round(w1::numeric, 12), round(w4::numeric, 12), round(lambda_max::numeric, 12) AS lambda_max,
	round(cr::numeric, 12) AS cr,
	gci < 1e-28 AS gci, consistent, worst_pair, worst_triple, n_missing
FROM (VALUES ('{{1, 2, 4, 8}, {NULL, 1, 2, 4}, {NULL, NULL, 1, 2}, {NULL, NULL, NULL, 1}}'::float8[]),
		('{{1, 2, NULL, NULL}, {NULL, 1, 2, NULL}, {NULL, NULL, 1, 2}, {NULL, NULL, NULL, 1}}'),
		('{{NULL, NULL, NULL, 8}, {NULL, NULL, NULL, 4}, {NULL, NULL, NULL, 2}, {NULL, NULL, NULL, NULL}}')) AS v (j),
	kpi.ahp(j) AS a, LATERAL (SELECT a.weights[1] AS w1, a.weights[4] AS w4) AS w;
-- Harker's example of three elements: w = 4 : 2 : 1
SELECT round((weights[1] / weights[3])::numeric, 12) AS "4", round((weights[2] / weights[3])::numeric, 12) AS "2",
	round(lambda_max::numeric, 12) AS lambda_max
FROM kpi.ahp('{{1, 2, NULL}, {0.5, 1, 2}, {NULL, 0.5, 1}}');
-- what is missing is filled in by the weights: the same as with them written in
SELECT abs(a.lambda_max - b.lambda_max) < 1e-12 AS lambda_max, abs(a.weights[1] - b.weights[1]) < 1e-12 AS weight
FROM (SELECT '{{1, 3, 5, NULL}, {NULL, 1, 4, 2}, {NULL, NULL, 1, 0.5}, {NULL, NULL, NULL, 1}}'::float8[] AS j) AS v,
	kpi.ahp(j) AS a, kpi.ahp(ARRAY[[1, 3, 5, a.weights[1] / a.weights[4]], [NULL, 1, 4, 2], [NULL, NULL, 1, 0.5],
		[NULL, NULL, NULL, 1]]) AS b;
-- one element, two elements, one dimension, a chain of fifteen, twenty elements
SELECT * FROM kpi.ahp('{1}');
SELECT * FROM kpi.ahp('{{1, 4}, {0.25, 1}}');
SELECT round((weights[1] / weights[15])::numeric, 6) AS ratio, round(lambda_max::numeric, 10) AS lambda_max, cr,
	n_missing
FROM kpi.ahp((SELECT array_agg(r ORDER BY i) FROM (SELECT i, array_agg(CASE WHEN j = i + 1 THEN 2 END ORDER BY j) AS r
	FROM generate_series(1, 15) AS i, generate_series(1, 15) AS j GROUP BY i) AS m)::float8[]);
SELECT round((weights[1] / weights[20])::numeric, 6) AS ratio, round(cr::numeric, 12) AS cr, n_outside_scale
FROM kpi.ahp((SELECT array_agg(r ORDER BY i) FROM (SELECT i, array_agg(i / j::float8 ORDER BY j) AS r
	FROM generate_series(1, 20) AS i, generate_series(1, 20) AS j GROUP BY i) AS m));
-- judgements of any size
SELECT (weights[1] / weights[2])::numeric(3, 2) AS "5", lambda_max::numeric(4, 3) AS lambda_max,
	weights[3] > 0 AS positive
FROM kpi.ahp('{{1, 5, 1e150}, {NULL, 1, 2e149}, {NULL, NULL, 1}}');
-- strict limits: 0.05 of three, 0.08 of four
SELECT round(a.cr::numeric, 4) AS cr, a.consistent, s.consistent AS strict
FROM unnest('{2, 2.5, 3}'::float8[]) AS x, LATERAL (SELECT ARRAY[[1, 3, 4], [NULL, 1, x], [NULL, NULL, 1]] AS j) AS v,
	kpi.ahp(j) AS a, kpi.ahp(j, strict => true) AS s;

-- a group: the geometric mean of judgements, whichever way round
CREATE TEMP TABLE judged (who text, a integer, b integer, judgement float8);
INSERT INTO judged VALUES ('x', 1, 2, 2), ('x', 1, 3, 6), ('x', 2, 3, 3), ('y', 2, 1, 0.125), ('y', 3, 1, 1.0 / 6),
	('y', 2, 3, 3), ('y', 2, 2, 1), ('z', 1, 2, NULL), ('z', NULL, 2, 3);
SELECT round(weights[1]::numeric, 6) AS w1, round(weights[2]::numeric, 6) AS w2, round(lambda_max::numeric, 6)
	AS lambda, n_missing
FROM (SELECT kpi.judgements(a, b, judgement) AS j FROM judged) AS g, kpi.group_ahp(j)
UNION ALL
SELECT round(weights[1]::numeric, 6), round(weights[2]::numeric, 6), round(lambda_max::numeric, 6), n_missing
FROM kpi.ahp('{{1, 4, 6}, {NULL, 1, 3}, {NULL, NULL, 1}}');
-- in any order, in parts, and as text
SELECT count(DISTINCT j) AS states FROM (
	SELECT kpi.judgements(a, b, judgement ORDER BY judgement)::text AS j FROM judged
	UNION ALL SELECT kpi.judgements(a, b, judgement ORDER BY who DESC, a)::text FROM judged
	UNION ALL SELECT kpi.rollup(j)::text FROM (SELECT kpi.judgements(a, b, judgement) AS j FROM judged GROUP BY who) AS p
	UNION ALL SELECT kpi.judgements(a, b, judgement)::text::kpi.judgement_state::text FROM judged) AS s;
SELECT kpi.judgements(a, b, judgement) FROM judged;
-- weights: two of x and one of y
SELECT round((weights[1] / weights[2])::numeric, 6) AS ratio, round(power(2 * 2 * 8, 1 / 3.0), 6) AS expected
FROM (SELECT kpi.judgements(a, b, judgement, CASE who WHEN 'x' THEN 2 ELSE 1 END) AS j FROM judged
	WHERE (a, b) IN ((1, 2), (2, 1))) AS g, kpi.group_ahp(j);
SELECT kpi.judgements(a, b, judgement) FROM judged WHERE false;
SELECT kpi.ahp(NULL::float8[]), kpi.ahp('{{1}}'::float8[], NULL);

-- errors
SELECT kpi.ahp('{{1, 3}, {0.5, 1}}');
SELECT kpi.ahp('{{1, 0}, {NULL, 1}}');
SELECT kpi.ahp('{{1, NULL}, {-2, 1}}');
SELECT kpi.ahp('{{2, 1}, {1, 1}}');
SELECT kpi.ahp('{{1, 2, 3}, {1, 1, 1}}');
SELECT kpi.ahp('{{1, Infinity}, {NULL, 1}}');
SELECT kpi.ahp('{{1, 2, NULL}, {NULL, 1, NULL}, {NULL, NULL, 1}}');
SELECT kpi.ahp('{}'::float8[]);
SELECT kpi.ahp('{{{1}}}'::float8[]);
SELECT kpi.ahp('{{1}}'::float8[], 'eigen');
SELECT kpi.ahp((SELECT array_agg(r) FROM (SELECT array_agg(1) AS r FROM generate_series(1, 101) AS i,
	generate_series(1, 101) AS j GROUP BY i) AS m)::float8[]);
SELECT kpi.judgements(0, 2, 3);
SELECT kpi.judgements(1.5, 2, 3);
SELECT kpi.judgements(1, 1, 3);
SELECT kpi.judgements(1, 2, 0);
SELECT kpi.judgements(1, 2, 3, -1);
SELECT '1 3 0 1 1 2 -3 1'::kpi.judgement_state;
SELECT '1 2 0 1 1 2 1'::kpi.judgement_state;
SELECT '1 3 0 1 1 2.5 3 1'::kpi.judgement_state;
