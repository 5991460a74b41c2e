-- change in units and relative to the base
SELECT current, base, kpi.change(current, base) AS exact, kpi.change(current::float8, base::float8) AS float,
	kpi.change_rate(current, base) AS exact_rate, kpi.change_rate(current::float8, base::float8) AS float_rate
FROM (VALUES (120.00, 100), (80, 100), (-25, -50), (-75, -50), (50, -50), (-50, 50), (0, 50),
			 (0, -50), (5, 5), (0, 0), (5, 0), (-5, 0)) v(current, base);

-- NULL, NaN and infinity give NULL, zero base or not
SELECT x, kpi.change(x, 1) AS change, kpi.change(1, x) AS changed, kpi.change_rate(x, 1) AS rate,
	kpi.change_rate(1, x) AS rated, kpi.change_rate(x, 0) AS from_zero, kpi.change_rate(x, x) AS from_itself
FROM unnest('{NULL, NaN, Infinity, -Infinity}'::numeric[]) x;
SELECT x, kpi.change(x, 1) AS change, kpi.change(1, x) AS changed, kpi.change_rate(x, 1) AS rate,
	kpi.change_rate(1, x) AS rated, kpi.change_rate(x, 0) AS from_zero, kpi.change_rate(x, x) AS from_itself
FROM unnest('{NULL, NaN, Infinity, -Infinity}'::float8[]) x;

-- beyond float8, but not beyond numeric
SELECT kpi.change(1.7e308::float8, -1.7e308) AS change, kpi.change_rate(1::float8, 1e-320) AS rate;
SELECT kpi.change_rate(1.7e308::float8, -1.7e308) AS on_the_way_only;
SELECT kpi.change_rate(1::numeric, 1e-320) = 1e320 - 1 AS rate;

-- both zeros of float8 are zero
SELECT kpi.change_rate(0::float8, '-0') AS same, kpi.change_rate('-0'::float8, '-0') AS negative_zero,
	kpi.change('-0'::float8, 0) AS change, kpi.change_rate('-5'::float8, -5) AS rate;

-- integers go to float8, mixed numeric and integer to numeric
SELECT pg_typeof(kpi.change(1, 2)) AS integers, pg_typeof(kpi.change(1.0, 2)) AS mixed,
	pg_typeof(kpi.change_rate(1::bigint, 2)) AS bigint, pg_typeof(kpi.change_rate(1.0, 2::float8)) AS float;

-- compound rate of growth
SELECT first, last, periods, kpi.cagr(first, last, periods) AS exact,
	round(kpi.cagr(first::float8, last::float8, periods::float8)::numeric, 12) AS float
FROM (VALUES (100.0, 121.0, 2.0), (100, 200, 10), (100, 50, 1), (8, 27, 3), (100, 100, 7), (100, 0, 3),
	(100, 110, 0.5),
			 (0.001, 1000, 6), (1, 1.000000000000000001, 1), (1e-10, 1e-8, 2)) v(first, last, periods);
SELECT kpi.cagr(1.0, 1e30, 0.5) AS long, kpi.cagr(1e-40, 1e-38, 2) AS short;
-- undefined: NULL
SELECT first, last, kpi.cagr(first, last, 2) AS exact, kpi.cagr(first::float8, last::float8, 2) AS float
FROM (VALUES (0.0, 5.0), (-1, 5), (5, -1), ('NaN', 5), (5, 'NaN'), ('Infinity', 5), (5, 'Infinity'), (NULL, 5),
	(5, NULL)) v(first, last);
SELECT kpi.cagr(1.0, 1e300, 0.5) AS exact, kpi.cagr(1::float8, 1e300, 0.5) AS float;
SELECT kpi.cagr(5::float8, 10, 1) AS one_period, kpi.cagr(1::float8, 1 + 1e-15, 10) > 0.9e-16 AS small_growth;
SELECT kpi.cagr(1.0, 2, 0);
SELECT kpi.cagr(1::float8, 2, -1);
SELECT kpi.cagr(1.0, 2, 'NaN');
SELECT kpi.cagr(NULL::float8, 2, 1) AS "null", kpi.cagr(1.0, 2, NULL) AS null_periods;
SELECT kpi.cagr('NaN'::float8, 2, 'Infinity');
