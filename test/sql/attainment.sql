-- attainment: the three directions, every sign of the target
SELECT actual, target, kpi.attainment(actual, target) AS higher, kpi.attainment(actual, target, 'lower') AS lower,
	kpi.attainment(actual, target, 'target') AS target
FROM (VALUES (20.0, 100.0), (120, 100), (100, 100), (0, 100), (-50, 100), (250, 100),
			 (-50, -100), (-100, -100), (-150, -100), (0, -100), (3, -2)) v(actual, target);
SELECT actual, target, kpi.attainment(actual, target) AS higher, kpi.attainment(actual, target, 'lower') AS lower,
	kpi.attainment(actual, target, 'target') AS target
FROM (VALUES (20::float8, 100::float8), (120, 100), (100, 100), (0, 100), (-50, 100), (250, 100),
			 (-50, -100), (-100, -100), (-150, -100), (0, -100), (3, -2)) v(actual, target);

-- target 0: NULL, met or missed
SELECT actual, direction, kpi.attainment(actual, 0, direction) AS "null",
	kpi.attainment(actual, 0, direction, 'met') AS met,
	kpi.attainment(actual::float8, '-0', direction) AS null8,
	kpi.attainment(actual::float8, '-0', direction, 'met') AS met8
FROM unnest('{higher, lower, target}'::text[]) direction, unnest('{-1.5, 0, 1.5}'::numeric[]) actual;
SELECT kpi.attainment(5.0, 0, 'higher', 'error');
SELECT kpi.attainment(5::float8, 0, 'higher', 'error');
SELECT kpi.attainment(5.0, 4, 'higher', 'error'), kpi.attainment(5::float8, 4, 'higher', 'error');

-- NULL, NaN and infinity give NULL, also at target 0 and under error
SELECT x, kpi.attainment(x, 1) AS actual, kpi.attainment(1, x) AS target,
	kpi.attainment(x, 0, 'higher', 'met') AS zero,
	kpi.attainment(x, 0, 'lower', 'error') AS error, kpi.attainment_inverse(x, 1) AS inverse,
	kpi.attainment_inverse(1, x) AS inverse_of, kpi.progress(x, 1, 0) AS progress,
	kpi.progress(1, x, 0) AS progress_to,
	kpi.progress(1, 2, x) AS progress_from
FROM unnest('{NULL, NaN, Infinity, -Infinity}'::numeric[]) x;
SELECT x, kpi.attainment(x, 1) AS actual, kpi.attainment(1, x) AS target,
	kpi.attainment(x, 0, 'higher', 'met') AS zero,
	kpi.attainment(x, 0, 'lower', 'error') AS error, kpi.attainment_inverse(x, 1) AS inverse,
	kpi.attainment_inverse(1, x) AS inverse_of, kpi.progress(x, 1, 0) AS progress,
	kpi.progress(1, x, 0) AS progress_to,
	kpi.progress(1, 2, x) AS progress_from
FROM unnest('{NULL, NaN, Infinity, -Infinity}'::float8[]) x;
SELECT kpi.attainment(1.0, 2, NULL) AS direction, kpi.attainment(1.0, 2, 'higher', NULL) AS zero_target;

-- beyond float8, but not beyond numeric; only on the way there
SELECT kpi.attainment(1e300::float8, 1e-300) AS ratio, kpi.attainment(1e300::float8, 1e-300, 'lower') AS lower,
	kpi.attainment(1e300::float8, 1e-300, 'target') AS target,
	kpi.attainment_inverse(1e-300::float8, 1e300) AS inverse, kpi.progress(1e300::float8, 1e-300, 0) AS progress;
SELECT kpi.attainment(1::float8, 1e308, 'lower') AS lower,
	kpi.attainment(-1.7e308::float8, 1.7e308, 'target') AS target,
	kpi.attainment(1.7e308::float8, -1.7e308) AS higher, kpi.progress(1.7e308::float8, 0, -1.7e308) AS progress;
SELECT kpi.attainment(1e300::numeric, 1e-300) = 1e600 AS ratio;

-- inverse: the actual must be positive, the target not negative
SELECT actual, target, kpi.attainment_inverse(actual, target) AS exact,
	kpi.attainment_inverse(actual::float8, target::float8) AS float
FROM (VALUES (12.0, 10.0), (8, 10), (10, 10), (5, 0), (0, 10), (-5, 10), (5, -10)) v(actual, target);

-- progress: up, down, behind the baseline, beyond the target, no way to go
SELECT actual, target, baseline, kpi.progress(actual, target, baseline) AS exact,
	kpi.progress(actual::float8, target::float8, baseline::float8) AS float
FROM (VALUES (80.0, 100.0, 0.0), (14, 8, 20), (25, 8, 20), (5, 8, 20), (10, 10, 10), (11, 10, 10))
	v(actual, target, baseline);

-- why there is none
SELECT actual, target, kpi.attainment_reason(actual, target) AS ratio,
	kpi.attainment_reason(actual, target, 'ratio', 'met') AS met,
	kpi.attainment_reason(actual, target, 'inverse') AS inverse,
	kpi.attainment_reason(actual, target, 'progress', baseline => 10) AS progress,
	kpi.attainment_reason(actual, target, 'progress') AS no_baseline
FROM (VALUES (80.0, 100.0), (NULL, 100), (80, NULL), (NULL, NULL), ('NaN', 100), (80, 'Infinity'),
			 (80, 0), (0, 100), (-1, 100), (80, -1), (80, 10), (10, 10)) v(actual, target);
SELECT kpi.attainment_reason(80, 100, NULL) AS method, kpi.attainment_reason(80, 0, 'ratio', NULL) AS zero_target,
	kpi.attainment_reason(80, 100, 'progress', baseline => 'NaN') AS baseline;

-- unknown words
SELECT kpi.attainment(1.0, 2, 'up');
SELECT kpi.attainment(1::float8, 2, 'Higher');
SELECT kpi.attainment(1.0, 2, 'higher', 'zero');
SELECT kpi.attainment(1::float8, 2, 'higher', '');
SELECT kpi.attainment_reason(1, 2, 'share');
SELECT kpi.attainment_reason(1, 2, 'ratio', 'nul');

-- integers go to float8, one numeric makes it numeric, one float8 float8
SELECT pg_typeof(kpi.attainment(1, 2)) AS integers, pg_typeof(kpi.attainment(1::bigint, 2::smallint)) AS bigint,
	pg_typeof(kpi.attainment(1.0, 2)) AS numeric_integer, pg_typeof(kpi.attainment(1, 2.0)) AS integer_numeric,
	pg_typeof(kpi.attainment(1.0, 2::float8)) AS numeric_float, pg_typeof(kpi.progress(1, 2.0, 0)) AS progress;

-- the display scale is the one of numeric division
SELECT kpi.attainment(1.00, 3) AS third, kpi.attainment(200.0000, 3.0) AS more, kpi.attainment(1e20, 7) AS large,
	kpi.attainment(0.000, 7) AS zero, kpi.attainment(1.0, 0.00000000000000000003) AS small;

-- range: inside, on the limits, on the slopes, beyond; sharp edges
SELECT x, kpi.attainment_range(x, 20, 30, 10, 50) AS exact, kpi.attainment_range(x::float8, 20, 30, 10, 50) AS float,
	kpi.attainment_range(x, 20, 30, 20, 30) AS sharp, kpi.attainment_range(x::float8, 20, 30, 20, 30) AS sharp8
FROM unnest('{9.9, 10, 12.5, 19.99, 20, 25, 30, 30.01, 45, 50, 51, NaN, -Infinity, NULL}'::numeric[]) x;
SELECT kpi.attainment_range(5.0, 5, 5, 5, 5) AS point, kpi.attainment_range(5.0, 5, 5, 4, NULL) AS "null",
	kpi.attainment_range(-1e308::float8, 0, 1, -1.7e308, 1.7e308) AS wide,
	kpi.attainment_range(1e25, 2e25, 3e25, 0, 4e25) AS long;
SELECT kpi.attainment_range(5.0, 20, 10, 0, 50);
SELECT kpi.attainment_range(5.0, 10, 20, 11, 50);
SELECT kpi.attainment_range(5::float8, 10, 20, 0, 19.5);
SELECT kpi.attainment_range(5.0, 10, 20, 0, 'Infinity');
SELECT kpi.attainment_range(5.0, 10, 'NaN', 0, 50);
SELECT kpi.attainment_range('NaN'::float8, 10, 20, '-Infinity', 50);

-- binary: equality counts
SELECT actual, kpi.attainment_binary(actual, 10) AS higher, kpi.attainment_binary(actual, 10, 'lower') AS lower,
	kpi.attainment_binary(actual, 10, 'target') AS target, kpi.attainment_binary(actual::float8, 10) AS higher8,
	kpi.attainment_binary(actual::float8, 10, 'lower') AS lower8,
	kpi.attainment_binary(actual::float8, 10, 'target') AS target8
FROM unnest('{9.99, 10.00, 10.01, -1e30, NaN, Infinity, NULL}'::numeric[]) actual;
SELECT kpi.attainment_binary(1.0, 1, 'best');

-- the reason of float8 attainments goes by what they are, to the last bit
SELECT kpi.attainment_reason(1::float8, 0) AS zero_target,
	kpi.attainment_reason(0.1::float8 + 0.2, 0.3, 'progress', baseline => 0.3) AS zero_span,
	kpi.attainment_reason(1, 0.1::float8 + 0.2, 'progress', baseline => 0.3) AS none,
	kpi.attainment_reason('NaN'::float8, 1) AS invalid;
