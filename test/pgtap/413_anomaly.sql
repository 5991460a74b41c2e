-- Anomalies: planted ones are found, growing seasons are none, and the rules in plain SQL.
BEGIN;
\ir lib.sql
\ir published_series.sql
SELECT no_plan();

CREATE FUNCTION pg_temp.normal(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN sqrt(-2 * ln(uniform(n, 2 * k))) * cos(2 * pi() * uniform(n, 2 * k + 1));
CREATE FUNCTION pg_temp.series_of(v float8[]) RETURNS kpi.series LANGUAGE sql
	RETURN (SELECT kpi.series(i, x) FROM unnest(v) WITH ORDINALITY AS u (x, i));

SELECT cmp_ok((SELECT count(*) FROM (SELECT kpi.series(month, passengers) AS s FROM air) AS t, kpi.anomalies(s)), '<=',
	2::bigint, 'a growing season is no anomaly');
SELECT ok('{1952-03-01,1957-08-01}'::date[] <@ (SELECT array_agg(period) FROM (
	SELECT kpi.series(month, passengers * CASE month WHEN '1952-03-01' THEN 1.5 WHEN '1957-08-01' THEN 0.6
		ELSE 1 END) AS s FROM air) AS t, kpi.anomalies(s)), 'two planted ones are found in it');
SELECT results_eq($$SELECT period, side
	FROM (SELECT kpi.series(month, passengers * CASE month WHEN '1952-03-01' THEN 1.5
		WHEN '1957-08-01' THEN 0.6 ELSE 1 END) AS s FROM air) AS t, kpi.anomalies(s, direction => 'lower')
	WHERE period IN ('1952-03-01', '1957-08-01')$$, $$VALUES (date '1952-03-01', 'high')$$,
	'where less is better a low one is none');

CREATE TEMP TABLE value AS
SELECT g, i, pg_temp.normal(i, g) + CASE WHEN (i + g) % 19 = 0 THEN 8 ELSE 0 END AS v
FROM generate_series(1, 12) AS g, generate_series(1, 40) AS i;
CREATE TEMP TABLE series AS SELECT g, kpi.series(i, v) AS s FROM value GROUP BY g;

CREATE TEMP TABLE center AS SELECT g, percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS median,
	percentile_cont(0.25) WITHIN GROUP (ORDER BY v) AS q1, percentile_cont(0.75) WITHIN GROUP (ORDER BY v) AS q3
FROM value GROUP BY g;
CREATE TEMP TABLE distance AS SELECT g, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(v - median)) AS mad
FROM value JOIN center USING (g) GROUP BY g;
SELECT results_eq($$SELECT g, period FROM series, kpi.anomalies(s, NULL::bigint, 'robust_z') ORDER BY 1, 2$$,
	$$SELECT g, i::bigint FROM value JOIN center USING (g) JOIN distance USING (g)
	WHERE abs(v - median) / (1.4826022185056018 * mad) > 3.5 ORDER BY 1, 2$$,
	'robust_z: 0.6745 (x - median) / MAD beyond 3.5');
SELECT results_eq($$SELECT g, period, expected, low, high FROM series, kpi.anomalies(s, NULL::bigint, 'tukey')
	ORDER BY 1, 2$$,
	$$SELECT g, i::bigint, median, q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1) FROM value JOIN center USING (g)
	WHERE v < q1 - 1.5 * (q3 - q1) OR v > q3 + 1.5 * (q3 - q1) ORDER BY 1, 2$$,
	'tukey: 1.5 ranges outside the quartiles');
SELECT results_eq($$SELECT g, period FROM series, kpi.anomalies(s, NULL::bigint, 'hampel') ORDER BY 1, 2$$, $$
	SELECT g, i::bigint FROM (
		SELECT a.g, a.i, a.v, m.median,
			1.4826022185056018 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(b.v - m.median)) AS sd
		FROM value AS a JOIN value AS b ON b.g = a.g AND abs(b.i - a.i) <= 3, LATERAL (
			SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY c.v) AS median FROM value AS c
			WHERE c.g = a.g AND abs(c.i - a.i) <= 3) AS m
		GROUP BY a.g, a.i, a.v, m.median) AS h
	WHERE abs(v - median) > 3 * sd ORDER BY 1, 2$$, 'hampel: 3 standard deviations from the median of 3 on either side');
SELECT is_empty($$SELECT g, i FROM value WHERE (i + g) % 19 = 0 AND NOT EXISTS (
	SELECT FROM series, kpi.anomalies(s, NULL::bigint) AS a WHERE series.g = value.g AND a.period = value.i)$$,
	'remainder: every planted one is found');
SELECT cmp_ok((SELECT count(*) FROM series, kpi.anomalies(s, NULL::bigint) AS a WHERE (a.period + g) % 19 <> 0), '<=',
	24::bigint, 'and of 480 few others');

-- edges
SELECT results_eq(format('SELECT period, side FROM kpi.anomalies(pg_temp.series_of(''{5,5,5,5,5,5,9,5,5,5,5,5}''),
	NULL::bigint, %L)', method),
	$$VALUES (7::bigint, 'high')$$, method || ' of equal values but one finds that')
FROM unnest('{remainder,robust_z,hampel,tukey}'::text[]) AS method;
SELECT is_empty(format('SELECT kpi.anomalies(pg_temp.series_of(%L), NULL::bigint, %L)', v, method),
	method || ' of ' || left(v::text, 20) || ' finds nothing')
FROM unnest('{remainder,robust_z,hampel,tukey}'::text[]) AS method,
	(VALUES ('{}'::float8[]), ('{NULL,NULL}'), ('{5}'), ('{5,5,5,5,5,5,5,5}'), (NULL)) AS v (v)
WHERE v IS DISTINCT FROM '{}';
SELECT is_empty($$SELECT kpi.anomalies(pg_temp.series_of(ARRAY(SELECT 1e6 + 100 * i + (ARRAY[3, -1, 4, -6])[1 + i % 4]
	FROM generate_series(0, 39) AS i)), NULL::bigint, seasonality => 4)$$, 'a perfect season has no anomaly');
SELECT results_eq($$SELECT period, side FROM kpi.anomalies(pg_temp.series_of(ARRAY(SELECT CASE i WHEN 30 THEN 2e6
	ELSE 1e6 + 100 * i + (ARRAY[30, -10, 40, -60])[1 + i % 4] + uniform(i, 5) END FROM generate_series(0, 39) AS i)),
	NULL::bigint, seasonality => 4)$$, $$VALUES (31::bigint, 'high')$$, 'what is planted in a clear one is one');
SELECT results_eq(format($$SELECT period
	FROM kpi.anomalies(pg_temp.series_of('{5,5,5,5,9,5,5,5,5,5,5,5}'), NULL::bigint, %L)$$,
	method), 'VALUES (5::bigint)', method || ': without a spread the mean distance takes its place')
FROM unnest('{robust_z,tukey}'::text[]) AS method;
SELECT throws_ok(format('SELECT kpi.anomalies(kpi.series(1, 1.0), NULL::integer, %s)', arguments), '22023', message)
FROM (VALUES ('threshold => 0', 'threshold 0 is not a number above 0'), ('direction => ''up''',
	'unrecognized direction "up"'),
	('''tukey'', seasonality => 4', 'method "tukey" has no seasonality'),
	('seasonality => 4', '1 periods are less than two seasons of 4'), ('''z''', 'unrecognized method "z"')
	) AS v (arguments, message);

SELECT * FROM finish();
ROLLBACK;
