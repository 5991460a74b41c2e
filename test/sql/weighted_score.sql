-- The weighted score and its coverage.
\pset null '(null)'

-- eight children of weight 12.5 that all score 100 give 100
SELECT kpi.weighted_score(100.0, 12.5) AS exact, kpi.weighted_score(100, 12.5::float8) AS fast
  FROM generate_series(1, 8);
-- and equal scores give that score under any weights
SELECT kpi.weighted_score(87.3, w) AS exact, kpi.weighted_score(87.3::float8, w::float8) AS fast
  FROM (VALUES (33.33), (33.33), (33.34), (0.1), (1e-9), (7)) v(w);

-- rows without a score: the three policies, the coverage, the minimum
CREATE TEMP TABLE child (score numeric, weight numeric);
INSERT INTO child VALUES (80, 50), (NULL, 30), (60, 20);
SELECT kpi.weighted_score(score, weight) AS renormalize,
       kpi.weighted_score(score, weight, 'zero') AS zero,
       kpi.weighted_score(score, weight, 'null') AS "null",
       kpi.weighted_coverage(score, weight) AS coverage FROM child;
SELECT kpi.weighted_score(score::float8, weight::float8) AS renormalize,
       kpi.weighted_score(score::float8, weight::float8, 'zero') AS zero,
       kpi.weighted_score(score::float8, weight::float8, 'null') AS "null",
       kpi.weighted_coverage(score::float8, weight::float8) AS coverage FROM child;
SELECT kpi.weighted_score(score, weight, 'renormalize', 0.7) AS at_minimum,
       kpi.weighted_score(score, weight, 'renormalize', 0.7000000000000001) AS below,
       kpi.weighted_score(score, weight, 'zero', 0.8) AS zero_below,
       kpi.weighted_score(score::float8, weight::float8, 'renormalize', 0.7) AS at_minimum_float8,
       kpi.weighted_score(score::float8, weight::float8, 'renormalize', 0.71) AS below_float8 FROM child;
SELECT kpi.weighted_score(score, weight, NULL, NULL) AS defaults FROM child;

-- weight NULL is informational, weight 0 counts for nothing, NaN is a missing score
SELECT kpi.weighted_score(s, w), kpi.weighted_coverage(s, w),
       kpi.weighted_score(s::float8, w::float8), kpi.weighted_coverage(s::float8, w::float8)
  FROM (VALUES (50.0, 1.0), (99, NULL), (NULL, NULL), (99, 0), (NULL, 0), ('NaN', 1), ('-Infinity', 2)) v(s, w);
-- nothing to go by: NULL
SELECT kpi.weighted_score(s, w), kpi.weighted_coverage(s, w),
       kpi.weighted_score(s::float8, w::float8), kpi.weighted_coverage(s::float8, w::float8)
  FROM (VALUES (50.0, 0.0), (60.0, NULL)) v(s, w);
SELECT kpi.weighted_score(s, w), kpi.weighted_coverage(s, w),
       kpi.weighted_score(s::float8, w::float8), kpi.weighted_coverage(s::float8, w::float8)
  FROM (VALUES (NULL::numeric, 1.0), (NULL, 2)) v(s, w);
SELECT kpi.weighted_score(score, weight), kpi.weighted_coverage(score, weight) FROM child WHERE false;

-- wrong parameters
SELECT kpi.weighted_score(1.0, -1.0);
SELECT kpi.weighted_score(1, -1);
SELECT kpi.weighted_score(1.0, 'NaN'::numeric);
SELECT kpi.weighted_score(NULL::numeric, 'Infinity'::numeric);
SELECT kpi.weighted_score(1, 'Infinity'::float8);
SELECT kpi.weighted_score(score, weight, 'ignore') FROM child;
SELECT kpi.weighted_score(score, weight, 'zero', 80) FROM child;
SELECT kpi.weighted_score(score, weight, 'zero', 'NaN') FROM child;
SELECT kpi.weighted_score(score, weight, CASE WHEN score IS NULL THEN 'zero' ELSE 'null' END) FROM child;

-- stored sums
SELECT kpi.weighted_sums(score, weight) AS exact, kpi.weighted_sums(score::float8, weight::float8) AS fast,
       kpi.weighted_sums(score, weight, 'zero', 0.5) AS with_parameters FROM child;
WITH part AS (SELECT kpi.weighted_sums(score, weight, 'zero', 0.5) AS exact,
                     kpi.weighted_sums(score::float8, weight::float8, 'zero', 0.5) AS fast
                FROM child GROUP BY score)
SELECT kpi.weighted_score(kpi.rollup(exact)) AS exact, kpi.weighted_coverage(kpi.rollup(exact)) AS coverage,
       kpi.weighted_score(kpi.rollup(fast)) AS fast FROM part;
SELECT kpi.rollup(s) FROM (VALUES ('1 0 0 1 0 5 1 0'::kpi.weighted_state_numeric), ('1 1 0 1 0 5 1 0')) v(s);
SELECT '1 4 0 0 5 0 1 0 0 0'::kpi.weighted_state;
SELECT '1 0 0 0.5 5 0 1 0 0 0'::kpi.weighted_state;
SELECT '1 0 1 1.5 5 0 1 0 0 0'::kpi.weighted_state;
SELECT '1 0 0 0 5 0 -1 0 0 0'::kpi.weighted_state;
SELECT '1 0 0 0 5 0 1 0 0'::kpi.weighted_state;
SELECT '1 0 0 1 0 5 -1 0'::kpi.weighted_state_numeric;
SELECT '1 0 0 0 0 5 1 0'::kpi.weighted_state_numeric;
SELECT '1 0 2 1 0 5 1 0'::kpi.weighted_state_numeric;

-- hostile cancellation: what plain sums lose
SELECT sum(v * w) / sum(w) AS plain, kpi.weighted_score(v, w) AS kpi
  FROM (VALUES (1e16::float8, 1::float8), (1, 1), (-1e16, 1), (1, 1)) t(v, w);

-- for forecasts a missing score may count as 100
SELECT kpi.weighted_score(score, weight, 'target') AS target,
       kpi.weighted_score(score, weight, 'target', 0.7) AS at_minimum,
       kpi.weighted_score(score, weight, 'target', 0.71) AS below,
       kpi.weighted_score(score::float8, weight::float8, 'target') AS target_float8,
       kpi.weighted_score(score::float8, weight::float8, 'target', 0.71) AS below_float8 FROM child;
-- but not all of them
SELECT kpi.weighted_score(NULL::numeric, weight, 'target'), kpi.weighted_score(NULL, weight::float8, 'target')
FROM child;
SELECT kpi.weighted_score(kpi.weighted_sums(score, weight, 'target')) AS stored,
       kpi.weighted_sums(score, weight, 'target', 0.5) AS sums FROM child;

-- over moving frames rows leave the sums again
CREATE TEMP TABLE day (d integer, score numeric, weight numeric);
INSERT INTO day VALUES (1, 80, 1), (2, 90.5, 2), (3, NULL, 1.000), (4, 70, NULL), (5, 60.25, 0.5), (6, 100, 1),
  (7, 'NaN', 2), (8, 50, 1e20), (9, 40, 1e-20), (10, 55, 3), (11, 65, 2), (12, NULL, 1);
SELECT d, kpi.weighted_score(score, weight) OVER w AS score, kpi.weighted_coverage(score, weight) OVER w AS coverage,
       kpi.weighted_score(score, weight, 'zero') OVER w AS zero,
       kpi.weighted_score(score, weight, 'null', 0.1) OVER w AS "null"
  FROM day WINDOW w AS (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) ORDER BY d;
SELECT d, kpi.weighted_score(score, weight, 'zero', 0.5)
	OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS neighbours
  FROM day ORDER BY d;
SELECT kpi.weighted_score(score, weight, CASE WHEN d < 3 THEN 'zero' ELSE 'null' END)
	OVER (ORDER BY d ROWS 1 PRECEDING) FROM day;
-- as functions they leave their caller's value alone, and give up rather than guess
SELECT kpi_internal.weighted_state_numeric_leave(s, 80.0, 1) AS not_counted, s
  FROM (SELECT kpi.weighted_sums(score, weight) AS s FROM day WHERE d < 3 OFFSET 0) x;
SELECT kpi_internal.weighted_state_numeric_leave(two, 5.00, 1.0) AS one, two,
       kpi_internal.weighted_state_numeric_leave(kpi_internal.weighted_state_numeric_leave(two, 5.00, 1.0), 7.00,
         2.0) AS none,
       kpi_internal.weighted_state_numeric_leave(NULL, 5.00, 1.0) AS empty
  FROM (SELECT kpi_internal.weighted_state_numeric_enter(kpi_internal.weighted_state_numeric_enter(NULL, 5.00, 1.0),
    7.00,
	2.0) AS two OFFSET 0) x;
