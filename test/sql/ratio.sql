-- Rates of a part in a whole: scalars, aggregates, stored sums.
\pset null '(null)'

-- one formula a name
SELECT kpi.roi(1500.0, 1000.0) AS roi, kpi.roas(1500.0, 1000.0) AS roas,
       kpi.churn_rate(5.0, 100.0) AS churn, kpi.retention_rate(95.0, 100.0) AS retention;
SELECT kpi.cac(1000.0, 8.0) AS cac, kpi.conversion_rate(50000.0, 1000000.0) AS conversion,
       kpi.market_share(20.0, 80.0) AS share, kpi.budget_attainment(90.0, 120.0) AS budget,
       kpi.ratio(1.0, 8.0) AS ratio;
SELECT kpi.roi(1500, 1000) AS roi, pg_typeof(kpi.roi(1500, 1000)),
       kpi.conversion_rate(50000, 1000000) AS conversion;

-- undefined is NULL: whole 0, NULL, NaN, infinity, out of range
SELECT kpi.roi(1, 0), kpi.roi(1.0, 0.0), kpi.cac(1000, 0), kpi.ratio(NULL::numeric, 1), kpi.ratio(0, 0);
SELECT kpi.roi('NaN'::numeric, 1), kpi.roi(1, 'NaN'::float8), kpi.ratio('Infinity'::float8, 1),
       kpi.ratio(1, '-Infinity'::numeric), kpi.ratio(1e300, 1e-300::float8);

-- aggregates divide sums, never average ratios
CREATE TEMP TABLE campaign (channel text, revenue numeric(12,2), cost numeric(12,2));
INSERT INTO campaign VALUES
  ('search', 5000, 1000), ('search', 200, 400), ('social', 900, 1000), ('social', NULL, 500),
  ('mail', 100, NULL), ('print', 100, 0), ('fair', NULL, NULL);
SELECT channel, kpi.roi_agg(revenue, cost) AS roi, kpi.roas_agg(revenue, cost) AS roas,
       kpi.roi_agg(revenue::float8, cost::float8) AS roi_float8
  FROM campaign GROUP BY channel ORDER BY channel;
SELECT kpi.churn_rate_agg(1, 20) AS churn, kpi.retention_rate_agg(19, 20) AS retention,
       kpi.cac_agg(10.0, 4.0) AS cac, kpi.conversion_rate_agg(1, 4) AS conversion,
       kpi.market_share_agg(1.0, 8.0) AS share, kpi.budget_attainment_agg(9, 10) AS budget,
       kpi.ratio_agg(1.0, 3.0) AS ratio
  FROM generate_series(1, 10);
SELECT kpi.roi_agg(revenue, cost), kpi.ratio_agg(revenue::float8, cost::float8) FROM campaign WHERE false;

-- a value that is not a number makes the rate undefined, not wrong
SELECT kpi.ratio_agg(x, 1) AS numeric, kpi.ratio_agg(x::float8, 1) AS float8
  FROM (VALUES (1::numeric), ('NaN'), (2)) v(x);
-- while a float8 sum beyond its range is an error, as in sum(float8)
SELECT kpi.ratio_agg(x, 1) FROM (VALUES (1e308::float8), (1e308)) v(x);

-- sums can be stored, read back, merged and asked
CREATE TEMP TABLE stored AS
  SELECT channel, kpi.ratio_sums(revenue, cost) AS exact,
         kpi.ratio_sums(revenue::float8, cost::float8) AS fast
    FROM campaign GROUP BY channel;
SELECT channel, exact, fast FROM stored ORDER BY channel;
SELECT kpi.roi(kpi.rollup(exact)) AS roi, kpi.roas(kpi.rollup(exact)) AS roas,
       kpi.roi(kpi.rollup(fast)) AS roi_float8, kpi.rollup(exact) AS state FROM stored;
SELECT kpi.roi_agg(revenue, cost) AS roi, kpi.roas_agg(revenue, cost) AS roas FROM campaign;

-- what no aggregate makes is refused
SELECT ''::kpi.ratio_state;
SELECT '1 0 3 1 0 1'::kpi.ratio_state;
SELECT '1 0 3 1 0 NaN 0'::kpi.ratio_state;
SELECT '1 0 3 1 0 1e400 0'::kpi.ratio_state;
SELECT '1 0 8 1 0 1 0'::kpi.ratio_state;
SELECT '1 0 0 1 0 1 0'::kpi.ratio_state;
SELECT '2 0 3 1 0 1 0'::kpi.ratio_state;
SELECT '1 0 3 1 0 1 0 0'::kpi.ratio_state;
SELECT '1 9 3 1 0 1 0'::kpi.ratio_state;
SELECT '1 0 3 1 1 5 NaN'::kpi.ratio_state_numeric;
SELECT '1 0 3 1 -1 5 6'::kpi.ratio_state_numeric;
SELECT '1 0 3 0 1 5 6'::kpi.ratio_state_numeric;
SELECT '1 9 3 1 1 5 6'::kpi.ratio_state_numeric;
SELECT '1 0 1 1 0 5 6'::kpi.ratio_state_numeric;
SELECT '1 0 3 1 1 5'::kpi.ratio_state_numeric;
SELECT '1 0 3 1 99999999999999999999 5 6'::kpi.ratio_state_numeric;
SELECT '1 0 3 1 1 5 6'::kpi.ratio_state_numeric AS good;

-- the state functions leave their caller's value alone
WITH s AS MATERIALIZED (SELECT '1 0 3 1 0 2 0'::kpi.ratio_state AS f, '1 0 3 1 1 5 6'::kpi.ratio_state_numeric AS n)
SELECT kpi_internal.ratio_state_accum(f, 1, 1) AS f_more, f,
       kpi_internal.ratio_state_numeric_accum(n, 1, 1) AS n_more, n,
       kpi_internal.ratio_state_combine(f, f) AS f_twice, kpi_internal.ratio_state_numeric_combine(n, n) AS n_twice
         FROM s;

-- several rates of the same columns share one transition
SELECT kpi.roi_agg(revenue, cost) IS NOT NULL AS roi, kpi.roas_agg(revenue, cost) IS NOT NULL AS roas FROM campaign;
