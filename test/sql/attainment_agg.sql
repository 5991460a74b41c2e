-- Attainment over rows: of the sums, and the share of rows that meet their target.
\pset null '(null)'

CREATE TEMP TABLE shop (region text, actual numeric(10,2), target numeric(10,2));
INSERT INTO shop VALUES ('north', 50, 100), ('north', 30, 20), ('south', 90, 100), ('south', 120, 100),
	('south', NULL, 100),
  ('west', 10, 0), ('west', NULL, NULL), ('east', NULL, 5), ('loss', -50, -100), ('zero', 0, 0);

-- sums against sums, never the mean of the rows' attainments
SELECT region, kpi.attainment_agg(actual, target) AS higher, kpi.attainment_agg(actual, target, 'lower') AS lower,
       kpi.attainment_agg(actual, target, 'target') AS target,
       kpi.attainment_agg(actual, target, 'lower', 'met') AS met
  FROM shop GROUP BY region ORDER BY region;
SELECT region, kpi.attainment_agg(actual::float8, target::float8) AS higher,
	kpi.attainment_agg(actual::float8, target::float8, 'lower') AS lower,
       kpi.attainment_agg(actual::float8, target::float8, 'target') AS target,
       kpi.attainment_agg(actual::float8, target::float8, 'lower', 'met') AS met
  FROM shop GROUP BY region ORDER BY region;
SELECT kpi.attainment_agg(actual, target, NULL, NULL) AS defaults,
	kpi.attainment(sum(actual), sum(target)) AS the_same,
       kpi.attainment_agg(actual, target) FILTER (WHERE false) AS no_rows FROM shop;
SELECT kpi.attainment_agg(x, 1) AS numeric, kpi.attainment_agg(x::float8, 1) AS float8
FROM (VALUES (1::numeric), ('NaN')) v(x);
SELECT kpi.attainment_agg(1.7e308::float8, -1.7e308) AS extreme,
	kpi.attainment_agg(0.1::float8, 0.3, 'target') AS target;

-- wrong parameters
SELECT kpi.attainment_agg(actual, target, 'up') FROM shop;
SELECT kpi.attainment_agg(actual::float8, target::float8, 'lower', 'zero') FROM shop;
SELECT kpi.attainment_agg(actual, target, 'lower', 'error') FROM shop WHERE region = 'zero';
SELECT kpi.attainment_agg(actual, target, CASE WHEN actual > 50 THEN 'higher' ELSE 'lower' END) FROM shop;
SELECT kpi.attainment_agg(actual::float8, target::float8, 'higher', CASE WHEN actual > 50 THEN 'met' ELSE 'null' END)
FROM shop;

-- stored sums keep their parameters, and give any rate
CREATE TEMP TABLE stored AS
  SELECT region, kpi.attainment_sums(actual, target, 'lower', 'met') AS exact,
         kpi.attainment_sums(actual::float8, target::float8, 'lower', 'met') AS fast FROM shop GROUP BY region;
SELECT region, exact, fast FROM stored ORDER BY region;
SELECT kpi.attainment(kpi.rollup(exact)) AS exact, kpi.attainment(kpi.rollup(fast)) AS fast,
	kpi.ratio(kpi.rollup(exact)) AS ratio,
       kpi.rollup(exact) AS sums FROM stored;
SELECT kpi.attainment_agg(actual, target, 'lower', 'met') AS exact FROM shop;
SELECT kpi.attainment_sums(1.5, 2) AS exact, kpi.attainment_sums(1.5::float8, 2, 'target') AS fast,
       kpi.attainment(kpi.ratio_sums(1.5, 2)) AS of_ratio_sums;
SELECT kpi.rollup(s) FROM (VALUES ('1 0 3 1 1 5 6'::kpi.ratio_state_numeric), ('1 1 3 1 1 5 6')) v(s);
SELECT kpi.rollup(s) FROM (VALUES ('1 0 3 1 0 2 0'::kpi.ratio_state), ('1 4 3 1 0 2 0')) v(s);
SELECT '1 9 3 1 1 5 6'::kpi.ratio_state_numeric;
SELECT '1 9 3 1 0 2 0'::kpi.ratio_state;
WITH s AS MATERIALIZED (SELECT '1 1 3 1 0 2 0'::kpi.ratio_state AS f, '1 1 3 1 1 5 6'::kpi.ratio_state_numeric AS n)
SELECT kpi_internal.attainment_state_accum(f, 1, 1, 'lower') AS f_more, f,
	kpi_internal.attainment_state_numeric_accum(n, 1, 1, 'lower', 'null') AS n_more, n FROM s;

-- rows that meet their target, of those that have both
SELECT region, kpi.attained_share(actual, target) AS higher, kpi.attained_share(actual, target, 'lower') AS lower,
       kpi.attained_share(actual::float8, target::float8) AS higher8,
       kpi.attained_share(actual::float8, target::float8, 'target') AS target8
  FROM shop GROUP BY region ORDER BY region;
SELECT kpi.attained_share(a, t) AS exact, kpi.attained_share(a::float8, t::float8) AS float,
	kpi.share_sums(a, t) AS sums
  FROM (VALUES (1.0, 1.00), ('NaN', 1), (1, 'Infinity'), (NULL, 1), (1, NULL), (0.99999999999999999999, 1)) v(a, t);
SELECT kpi.attained_share(1, 2, 'sideways');
SELECT kpi.attained_share(actual, target, CASE WHEN actual > 50 THEN 'higher' ELSE 'lower' END) FROM shop;
WITH part AS (SELECT kpi.share_sums(actual, target, 'lower') AS s FROM shop GROUP BY region)
SELECT kpi.rollup(s) AS sums, kpi.attained_share(kpi.rollup(s)) AS exact,
	kpi_internal.attained_share_float8(kpi.rollup(s)) AS float FROM part;
SELECT kpi.rollup(s) FROM (VALUES ('1 0 1 2'::kpi.share_state), ('1 1 1 2')) v(s);
SELECT kpi_internal.share_state_combine('1 0 1 9223372036854775807', '1 0 1 2');
SELECT '1 0 3 2'::kpi.share_state;
SELECT '1 3 1 2'::kpi.share_state;
SELECT '1 0 -1 2'::kpi.share_state;
SELECT '1 0 1'::kpi.share_state;
SELECT '2 0 1 2'::kpi.share_state;
WITH s AS MATERIALIZED (SELECT '1 0 1 2'::kpi.share_state AS s)
SELECT kpi_internal.share_state_accum(s, 1.0, 1) AS more, kpi_internal.share_state_combine(s, s) AS twice, s FROM s;
