-- Control charts: limits and rules in plain SQL, published cases, alarms and phases.
BEGIN;
\ir lib.sql
\ir published_series.sql
SELECT no_plan();

CREATE FUNCTION pg_temp.normal(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN sqrt(-2 * ln(uniform(n, 2 * k))) * cos(2 * pi() * uniform(n, 2 * k + 1));
CREATE FUNCTION pg_temp.series_of(v float8[]) RETURNS kpi.series LANGUAGE sql
	RETURN (SELECT kpi.series(i, x) FROM unnest(v) WITH ORDINALITY AS u (x, i));

-- single values: random ones with gaps, limits by window functions
CREATE TEMP TABLE value AS
SELECT g, i, CASE WHEN g % 3 = 0 AND (i + g) % 11 = 4 THEN NULL ELSE 50 + 5 * pg_temp.normal(i, g) END AS v
FROM generate_series(1, 30) AS g, generate_series(1, 8 + g) AS i;
CREATE TEMP TABLE series AS SELECT g, kpi.series(i, v) AS series FROM value GROUP BY g;
CREATE TEMP TABLE limits AS
SELECT g, avg(v) AS center, avg(abs(v - before)) AS range, percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS median,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(v - before)) AS median_range, count(v)::integer AS n
FROM (SELECT *, lag(v) OVER (PARTITION BY g ORDER BY i) AS before FROM value) AS w GROUP BY g;
SELECT is_empty($$
	SELECT g, x, l FROM series JOIN limits AS l USING (g), kpi.xmr(series) AS x
	WHERE NOT (near(x.center, l.center, 1e-12) AND near(x.lower, l.center - 2.66 * range, 1e-12, 1)
		AND near(x.upper, l.center + 2.66 * range, 1e-12) AND near(x.sigma, 2.66 * range / 3, 1e-12)
		AND near(x.range_center, range, 1e-12) AND near(x.range_upper, 3.267 * range, 1e-12)
		AND x.n = l.n AND x.provisional = (l.n < 12))
$$, 'xmr: mean and 2.66 mean moving ranges');
SELECT is_empty($$
	SELECT g, x, l FROM series JOIN limits AS l USING (g), kpi.xmr(series, method => 'median') AS x
	WHERE NOT (near(x.center, median, 1e-12) AND near(x.lower, median - 3.145 * median_range, 1e-12, 1)
		AND near(x.upper, median + 3.145 * median_range, 1e-12) AND near(x.range_upper, 3.865 * median_range, 1e-12))
$$, 'by medians: 3.145 and 3.865');
SELECT is_empty($$
	SELECT g, x, y FROM series, kpi.xmr(series, 9) AS x, LATERAL (
		SELECT (kpi.xmr(kpi.series(i, v))).* FROM value WHERE value.g = series.g AND i <= 9) AS y WHERE x.upper <> y.upper
$$, 'a baseline is the first periods');
SELECT is_empty($$
	SELECT g, x, c FROM series, kpi.xmr(series) AS x, kpi.control_chart(series, NULL::bigint) AS c
	WHERE (x.center, x.lower, x.upper, x.sigma) <> (c.center_line, c.lower, c.upper, c.sigma_used) OR c.phase <> 1
		OR c.statistic IS DISTINCT FROM c.value
$$, 'the chart has the same limits');

-- rules, each as plain SQL over windows
CREATE TEMP TABLE charted AS
SELECT g, i, z, v - lag(v) OVER (PARTITION BY g ORDER BY i) AS move
FROM (SELECT g, i, v, (v - avg(v) OVER p) / (2.66 / 3 * avg(abs(v - before)) OVER p) AS z
	FROM (SELECT *, lag(v) OVER (PARTITION BY g ORDER BY i) AS before FROM (
		SELECT g, i, pg_temp.normal(i, g) + CASE g % 4 WHEN 0 THEN 0.2 * (i % 2) * 12 * (i / 40) WHEN 1 THEN sin(i / 6.0)
			WHEN 2 THEN 0.1 * i ELSE 0 END AS v FROM generate_series(101, 116) AS g, generate_series(1, 120) AS i) AS r) AS b
	WINDOW p AS (PARTITION BY g)) AS n;
CREATE TEMP TABLE hit AS
SELECT g, i, r.name FROM (
	SELECT g, i, z, sign(z) AS side, array_agg(z) OVER w AS zs, array_agg(move) OVER w AS moves
	FROM charted WINDOW w AS (PARTITION BY g ORDER BY i ROWS BETWEEN 14 PRECEDING AND CURRENT ROW)) AS c,
	LATERAL (SELECT array_agg(x ORDER BY k DESC) AS last FROM unnest(zs) WITH ORDINALITY AS u (x, k)) AS l,
	LATERAL (SELECT array_agg(x ORDER BY k DESC) AS last_moves FROM unnest(moves) WITH ORDINALITY AS u (x, k)) AS m,
	LATERAL (VALUES
		('western_electric_1', abs(z) > 3),
		('western_electric_2', abs(z) > 2 AND (SELECT count(*) FROM unnest(last[1:3]) AS x WHERE x * side > 2) >= 2),
		('western_electric_3', abs(z) > 1 AND (SELECT count(*) FROM unnest(last[1:5]) AS x WHERE x * side > 1) >= 4),
		('western_electric_4', (SELECT count(*) FROM unnest(last[1:8]) AS x WHERE x * side > 0) = 8),
		('nelson_1', abs(z) > 3),
		('nelson_2', (SELECT count(*) FROM unnest(last[1:9]) AS x WHERE x * side > 0) = 9),
		('nelson_3', (SELECT abs(sum(sign(x))) FROM unnest(last_moves[1:5]) AS x) = 5),
		('nelson_4', (SELECT abs(sum(sign(x) * (-1) ^ k)) FROM unnest(last_moves[1:13]) WITH ORDINALITY AS u (x, k)) = 13),
		('nelson_5', abs(z) > 2 AND (SELECT count(*) FROM unnest(last[1:3]) AS x WHERE x * side > 2) >= 2),
		('nelson_6', abs(z) > 1 AND (SELECT count(*) FROM unnest(last[1:5]) AS x WHERE x * side > 1) >= 4),
		('nelson_7', (SELECT count(*) FROM unnest(last[1:15]) AS x WHERE abs(x) < 1) = 15),
		('nelson_8', (SELECT count(*) FROM unnest(last[1:8]) AS x WHERE abs(x) > 1) = 8)) AS r (name, hit)
WHERE r.hit;
CREATE TEMP TABLE ruled AS SELECT g, kpi.series(i, z) AS series FROM charted GROUP BY g;
SELECT results_eq($$
	SELECT g, period, name FROM ruled, kpi.control_chart(series, NULL::bigint, rules => '{nelson,western_electric}') AS c,
		unnest(c.signals) AS name ORDER BY 1, 2, name COLLATE "C"$$,
	$$SELECT g, i::bigint, name FROM hit ORDER BY 1, 2, name COLLATE "C"$$, 'every rule is hit where plain SQL says so');
SELECT is(count(DISTINCT name), 12::bigint, 'and every rule is hit at some point') FROM hit;
SELECT results_eq($$SELECT DISTINCT name FROM ruled,
	kpi.control_chart(series, NULL::bigint) AS c, unnest(c.signals) AS name
	ORDER BY 1$$, $$SELECT 'western_electric_' || n FROM generate_series(1, 4) AS n$$,
	'those of Western Electric are usual');
SELECT cmp_ok((SELECT count(*) FROM generate_series(1, 50) AS g, LATERAL (
		SELECT kpi.series(i, pg_temp.normal(i, 300 + g)) AS s FROM generate_series(1, 100) AS i) AS t,
		kpi.control_chart(s, NULL::integer, rules => '{nelson_1}') AS c WHERE c.signals <> '{}'), '<=', 40::bigint,
	'of 5000 points of noise few are beyond 3 sigma');
-- eight above, one on the center, eight above
SELECT is((SELECT array_agg(period) FROM kpi.control_chart(pg_temp.series_of('{1,1,1,1,1,1,1,0,1,1,1,1,1,1,1,1}'),
	NULL::bigint, rules => '{western_electric_4}', center => 0, sigma => 1) WHERE signals <> '{}'), '{16}',
	'a point on the center ends a run');
SELECT is((SELECT array_agg(period) FROM kpi.control_chart(pg_temp.series_of('{1,1,1,1,1,1,1,NULL,1,1,1,1,1,1,1,1}'),
	NULL::bigint, rules => '{western_electric_4}', center => 0, sigma => 1) WHERE signals <> '{}'), '{16}',
	'and so does a gap');

-- runs around the median: those of Anhoej, in plain SQL
CREATE TEMP TABLE wandering AS
SELECT g, i, floor(3 * pg_temp.normal(i, 700 + g) + CASE g % 3 WHEN 0 THEN 4 * sin(i / 5.0) WHEN 1 THEN 0.2 * i
	ELSE 0 END)::float8 AS v
FROM generate_series(1, 60) AS g, generate_series(1, 9 + g) AS i WHERE (g + i) % 13 <> 5;
CREATE TEMP TABLE run AS
SELECT g, i, side, stretch, row_number() OVER (PARTITION BY g, stretch ORDER BY i) AS length,
	row_number() OVER (PARTITION BY g ORDER BY i DESC) = 1 AS last, count(*) OVER (PARTITION BY g) AS n
FROM (SELECT g, i, side, count(*) FILTER (WHERE crosses) OVER (PARTITION BY g ORDER BY i) AS stretch
	FROM (SELECT g, i, side, lag(side) OVER (PARTITION BY g ORDER BY i) = -side AS crosses
		FROM (SELECT g, i, sign(v - m) AS side FROM wandering JOIN (
				SELECT g, percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS m FROM wandering GROUP BY g) AS c USING (g)) AS s
		WHERE side <> 0) AS x) AS y;
CREATE TEMP TABLE chance AS
SELECT n, crossings, sum(p) OVER (PARTITION BY n ORDER BY crossings) AS p FROM (
	SELECT n, k AS crossings, exp(lf.f - lk.f - lr.f - (n - 1) * ln(2::float8)) AS p
	FROM generate_series(2, 90) AS n, LATERAL generate_series(0, n - 1) AS k,
		LATERAL (SELECT coalesce(sum(ln(j::float8)), 0) AS f FROM generate_series(1, n - 1) AS j) AS lf,
		LATERAL (SELECT coalesce(sum(ln(j::float8)), 0) AS f FROM generate_series(1, k) AS j) AS lk,
		LATERAL (SELECT coalesce(sum(ln(j::float8)), 0) AS f FROM generate_series(1, n - 1 - k) AS j) AS lr) AS b;
SELECT set_eq($$
	SELECT g, period, name FROM (SELECT g, kpi.series(i, v) AS s FROM wandering GROUP BY g) AS t,
		kpi.control_chart(s, NULL::bigint, 'run') AS c, unnest(c.signals) AS name
$$, $$
	SELECT g, i::bigint, 'anhoej_run' FROM run WHERE length > round(log(2, n)) + 3
	UNION ALL
	SELECT g, i, 'anhoej_crossings' FROM run JOIN chance USING (n) WHERE last AND stretch = crossings AND p < 0.05
$$, 'run charts: long runs and few crossings');
SELECT ok(bool_or(length > round(log(2, n)) + 3) AND bool_or(last AND p < 0.05), 'there are some of both')
FROM run JOIN chance USING (n) WHERE stretch = crossings;
SELECT results_eq($$SELECT DISTINCT center_line, lower, upper, sigma_used FROM kpi.control_chart(
	pg_temp.series_of('{1,5,3}'), NULL::bigint, 'run')$$, 'VALUES (3::float8, NULL::float8, NULL::float8, NULL::float8)',
	'around the median, without limits');
SELECT results_eq($$SELECT period, signals, alarm FROM kpi.control_chart(
	pg_temp.series_of('{0,1,0,1,1,1,1,NULL,0.5,1,1,1}'), NULL::bigint, 'run', center => 0.5, direction => 'lower')
	WHERE signals <> '{}'$$, $$VALUES (12::bigint, '{anhoej_run}'::text[], true)$$,
	'a gap and a point on the center are left out; a long run has a side');
SELECT ok(every(c.phase = 2), 'phases have runs of their own') FROM kpi.control_chart(pg_temp.series_of(
		'{1,2,1,2,1,2,1,2,1,2,41,42,41,42,43,44,45,46,47,48}'), NULL::bigint, 'run', rephase => true) AS c
WHERE c.signals <> '{}';

-- counts and shares
CREATE TEMP TABLE counted AS
SELECT i, floor(12 * uniform(i, 11))::float8 AS bad, (40 + floor(30 * uniform(i, 12)))::float8 AS size
FROM generate_series(1, 30) AS i;
CREATE TEMP TABLE counts AS SELECT kpi.series(i, bad) AS counts, kpi.series(i, size) AS sizes FROM counted;
CREATE TEMP TABLE total AS SELECT sum(bad) / sum(size) AS p, avg(bad) AS mean FROM counted;
CREATE TEMP TABLE spread AS
SELECT 'p' AS type, avg(abs(z - before)) / (2 / sqrt(pi())) AS factor FROM (
	SELECT z, lag(z) OVER (ORDER BY i) AS before FROM (
		SELECT i, (bad / size - p) / sqrt(p * (1 - p) / size) AS z FROM counted, total) AS t) AS l
UNION ALL
SELECT 'u', avg(abs(z - before)) / (2 / sqrt(pi())) FROM (
	SELECT z, lag(z) OVER (ORDER BY i) AS before FROM (
		SELECT i, (bad / size - p) / sqrt(p / size) AS z FROM counted, total) AS t) AS l;
SELECT is_empty(format($$
	SELECT c, w FROM counts, total, kpi.control_chart(counts, NULL::bigint, %1$L,
		sizes => CASE WHEN %1$L <> 'c' THEN sizes END) AS c
		JOIN counted AS w ON w.i = c.period
	WHERE NOT (near(c.center_line, %2$s, 1e-12) AND near(c.sigma_used, %3$s, 1e-12) AND near(c.value, %4$s, 1e-12)
		AND near(c.lower, greatest(0, c.center_line - 3 * c.sigma_used), 1e-12, 1e-3)
		AND near(c.upper, c.center_line + 3 * c.sigma_used, 1e-12))
$$, type, center, sigma, value), type || ': limits in plain SQL')
FROM (VALUES ('c', 'mean', 'sqrt(mean)', 'bad'), ('np', 'p * w.size', 'sqrt(p * (1 - p) * w.size)', 'bad'),
	('p', 'p', 'sqrt(p * (1 - p) / w.size)', 'bad / w.size'), ('u', 'p', 'sqrt(p / w.size)', 'bad / w.size'),
	('laney_p', 'p', '(SELECT factor FROM spread WHERE type = ''p'') * sqrt(p * (1 - p) / w.size)', 'bad / w.size'),
	('laney_u', 'p', '(SELECT factor FROM spread WHERE type = ''u'') * sqrt(p / w.size)', 'bad / w.size')
	) AS v (type, center, sigma, value);
SELECT results_eq($$SELECT value, upper
	FROM kpi.control_chart(pg_temp.series_of('{4,5,4,5,4,5,NULL,0}'), NULL::bigint, 'p',
	sizes => pg_temp.series_of('{5,5,5,5,5,5,5,0}')) WHERE period IN (1, 7, 8)$$,
	'VALUES (0.8::float8, 1.0::float8), (NULL, 1), (NULL, NULL)', 'a share ends at 1, and one of nothing is none');

-- Montgomery, Introduction to Statistical Quality Control, table 9.1: cusum crosses 5 at period 29, ewma 10.62 there
CREATE TEMP TABLE montgomery AS
SELECT kpi.series(i, x) AS s FROM unnest('{9.45,7.99,9.29,11.66,12.16,10.18,8.04,11.46,9.20,10.34,9.03,11.47,10.51,
	9.40,10.08,9.37,10.62,10.31,8.52,10.84,10.90,9.33,12.29,11.50,10.60,11.08,10.38,11.62,11.31,10.52}'::float8[])
	WITH ORDINALITY AS u (x, i);
SELECT results_eq($$SELECT period, round(statistic::numeric, 2) FROM montgomery,
		kpi.control_chart(s, NULL::bigint, 'cusum', center => 10, sigma => 1) WHERE signals = '{beyond_limits}'$$,
	'VALUES (29::bigint, 5.28), (30, 5.30)', 'cusum');
SELECT results_eq($$SELECT period, round(statistic::numeric, 2), round(upper::numeric, 2) FROM montgomery,
		kpi.control_chart(s, NULL::bigint, 'ewma', center => 10, sigma => 1, smoothing => 0.1, width => 2.7)
	WHERE signals <> '{}'$$, 'VALUES (29::bigint, 10.65, 10.62), (30, 10.63, 10.62)', 'ewma');
SELECT results_eq($$SELECT round(statistic::numeric, 2), round(low_statistic::numeric, 2), round(lower::numeric, 2)
	FROM montgomery,
		kpi.control_chart(s, NULL::bigint, 'cusum', center => 10, sigma => 1) WHERE period = 7$$,
	'VALUES (0.04, -1.46, -5.00)', 'both sums of cusum');
SELECT is_empty($$
	SELECT c, w FROM montgomery, kpi.control_chart(s, NULL::bigint, 'cusum', center => 10, sigma => 1) AS c JOIN (
		SELECT i, kpi.cusum(x, 10, 0.5) OVER (ORDER BY i) AS w FROM montgomery, kpi.points(s, NULL::bigint) AS p (i, x)) AS w
		ON i = period WHERE statistic <> (w).up OR -low_statistic <> (w).down
$$, 'the window function has the same sums');
SELECT is_empty($$
	WITH RECURSIVE value AS (SELECT i, x FROM montgomery, kpi.points(s, NULL::bigint) AS p (i, x)),
		mean (i, z) AS (SELECT 0::bigint, 10.0::float8 UNION ALL
			SELECT v.i, 0.1 * x + 0.9 * z FROM mean JOIN value AS v ON v.i = mean.i + 1)
	SELECT c FROM montgomery, kpi.control_chart(s, NULL::bigint, 'ewma', center => 10, sigma => 1, smoothing => 0.1) AS c
		JOIN mean ON i = period
	WHERE NOT near(statistic, z, 1e-12) OR NOT near(upper, 10 + 2.86 * sqrt(0.1 / 1.9 * (1 - 0.9 ^ (2 * i))), 1e-12)
$$, 'ewma step by step');
SELECT results_eq($$SELECT kpi.ewma(x, 0.5) OVER (ORDER BY i) FROM (VALUES (1, NULL), (2, 4.0), (3, NULL), (4,
	'NaN'), (5, 8),
	(6, 2)) AS v (i, x)$$, 'VALUES (NULL::float8), (4), (4), (4), (6), (4)', 'ewma: what is missing changes nothing');
SELECT results_eq($$SELECT kpi.ewma(x, 0.5) OVER (PARTITION BY x > 5 ORDER BY i)
	FROM (VALUES (1, 1.0), (2, 8), (3, 3), (4, 10))
	AS v (i, x) ORDER BY i$$, 'VALUES (1.0::float8), (8), (2), (9)', 'each partition begins anew');

-- phases and alarms
SELECT results_eq($$SELECT phase, min(period), round(min(center_line)::numeric, 2), round(max(center_line)::numeric, 2)
	FROM (SELECT kpi.series(year, flow) AS s FROM nile) AS t, kpi.control_chart(s, NULL::integer, rephase => true)
	GROUP BY phase ORDER BY 1$$, 'VALUES (1, 1871, 1097.75, 1097.75), (2, 1899, 849.97, 849.97)',
	'the Nile has two phases');
SELECT is((SELECT count(*) FROM (SELECT kpi.series(year, flow) AS s FROM nile) AS t,
		kpi.control_chart(s, NULL::integer, rephase => true, rules => '{western_electric_4}') WHERE signals <> '{}'
		AND period BETWEEN 1899 AND 1905), 0::bigint, 'in which no run goes on');
SELECT is((SELECT array_agg(period)
	FROM kpi.control_chart(pg_temp.series_of('{0,5,0,0,0,-5,0,5,0,-5,0}'), NULL::bigint,
	center => 0, sigma => 1, rules => '{nelson_1}') WHERE alarm), '{2,3,6,7,8,9,10,11}',
	'an alarm begins with a signal and ends with the second value without one');
SELECT is((SELECT array_agg(period)
	FROM kpi.control_chart(pg_temp.series_of('{0,5,0,0,0,-5,0,NULL,0,0}'), NULL::bigint,
	center => 0, sigma => 1, rules => '{nelson_1}', direction => 'higher', clear_after => 3) WHERE alarm), '{6,7,8,9}',
	'with a direction with a bad one, and a gap is no quiet value');
SELECT is((SELECT array_agg(period) FROM kpi.control_chart(pg_temp.series_of('{0,5,0,-5}'), NULL::bigint,
	center => 0, sigma => 1, rules => '{nelson_1}', direction => 'lower', clear_after => 1) WHERE alarm), '{2}',
	'which for less is better is a high one');

-- edges
SELECT results_eq('SELECT center, lower, sigma, n, provisional FROM kpi.xmr(pg_temp.series_of(''{1,2,3,4,5}''))',
	'VALUES (3.0::float8, NULL::float8, NULL::float8, 5, true)', 'five values have no limits');
SELECT results_eq('SELECT center, lower, upper FROM kpi.xmr(pg_temp.series_of(''{7,7,7,7,7,7,7}''))',
	'VALUES (7.0::float8, 7.0::float8, 7.0::float8)', 'equal values are their limits');
SELECT is((SELECT array_agg(period)
	FROM kpi.control_chart(pg_temp.series_of('{7,7,7,7,7,7,7,8}'), NULL::bigint, baseline => 7)
	WHERE signals <> '{}'), '{8}', 'and any other value is a signal');
SELECT is(kpi.xmr(NULL), NULL::kpi.process_limits, 'NULL has no limits');
SELECT is_empty('SELECT kpi.control_chart(NULL)', 'and no chart');
SELECT throws_ok(format('SELECT kpi.control_chart(kpi.series(1, 1.0), NULL::integer, %s)', arguments),
	'22023', message)
FROM (VALUES ('''g''', 'unrecognized type of chart "g"'), ('rules => ''{wheeler}''', 'rule "wheeler" is not known'),
	('''ewma'', ''{nelson}''', 'a chart of type "ewma" has no rules'), ('''p''', 'a chart of type "p" needs sizes'),
	('sizes => kpi.series(1, 1.0)', 'a chart of type "xmr" has no sizes'),
	('''p'', sizes => kpi.series(1, 0.5)', 'count 1 is more than its size 0.5'),
	('''p'', sizes => kpi.series(date ''2020-01-01'', 0.5)',
	 'periods of the sizes are of type date, those of the series of type bigint'),
	('baseline => 0', 'baseline 0 is below 1'), ('clear_after => 0', 'clear_after 0 is below 1'),
	('''c'', center => 1', 'a chart of type "c" has no center'), ('sigma => -1', 'sigma -1 is not a number above 0'),
	('smoothing => 0.2', 'a chart of type "xmr" has no smoothing'), ('''ewma'', smoothing => 2',
	'smoothing 2 is above 1'),
	('''ewma'', slack => 1', 'a chart of type "ewma" has no slack'), ('''cusum'', rephase => true',
	 'a chart of type "cusum" has no phases'), ('center => 1, rephase => true',
	'a chart with a known center has no phases'),
	('direction => ''up''', 'unrecognized direction "up"')) AS v (arguments, message);
SELECT throws_ok('SELECT kpi.control_chart(kpi.series(1, -1.0), NULL::integer, ''c'')', '22023',
	'count -1 is below 0');
SELECT throws_ok('SELECT kpi.ewma(1, 2) OVER ()', '22023', 'alpha 2 is not above 0 and at most 1');
SELECT throws_ok('SELECT kpi.cusum(1, 0, -1) OVER ()', '22023', 'slack -1 is below 0');

SELECT * FROM finish();
ROLLBACK;
