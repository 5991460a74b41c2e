SET DateStyle = 'ISO';
SET TimeZone = 'Europe/Berlin';
-- the periods and values of a series in one line
CREATE FUNCTION pg_temp.line(s kpi.series) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(round(value::numeric, 6)::float8::text, '-'), ' ' ORDER BY period)
	FROM kpi.points(s) $$;
CREATE FUNCTION pg_temp.days(s kpi.series) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(period::text, ' ' ORDER BY period) FROM kpi.points(s) $$;
-- months from a list of numbers
CREATE FUNCTION pg_temp.months(v float8[], first date DEFAULT '2024-01-01') RETURNS kpi.series LANGUAGE sql AS $$
	SELECT kpi.series((first + (i - 1) * interval '1 month')::date, v[i]) FROM generate_subscripts(v, 1) AS i $$;

-- the step: months at a day and at their end, weeks, days, years; a row that is missing is a period
SELECT what, pg_temp.days(kpi.fill(kpi.series(d, 1))) FROM (VALUES
	('months', '{2024-01-15,2024-02-15,2024-04-15}'::date[]), ('ends', '{2024-01-31,2024-02-29,2024-04-30}'),
	('quarters', '{2023-10-01,2024-01-01,2024-07-01}'), ('years', '{2019-07-01,2020-07-01,2023-07-01}'),
	('weeks', '{2024-01-01,2024-01-08,2024-01-22}'), ('days', '{2024-02-28,2024-03-01,2024-03-02}'),
	('one', '{2024-02-28}')) AS x (what, day), unnest(day) AS d
GROUP BY what ORDER BY what;
-- days of a time zone have their own length, hours do not
SELECT p.* FROM (SELECT kpi.series(d, extract(day FROM d)) AS s
	FROM unnest('{2024-03-29 00:00, 2024-03-30 00:00, 2024-04-02 00:00}'::timestamptz[]) AS d) AS x,
	kpi.points(kpi.fill(s), NULL::timestamptz) AS p;
SELECT count(*) FROM (SELECT kpi.series(d, 1) AS s
	FROM unnest('{2024-03-30 23:00, 2024-03-31 01:00, 2024-03-31 04:00}'::timestamptz[]) AS d) AS x,
	kpi.points(kpi.fill(s), NULL::timestamptz) AS p;
-- no step
SELECT kpi.fill(kpi.series(t, 1))
FROM unnest('{2024-01-01 00:00:00.000001, 2024-01-01 00:00:01, 2024-02-01 00:00}'::timestamp[]) AS t;
SELECT kpi.fill(kpi.series(i, 1)) FROM unnest('{-9007199254740991, 0, 1}'::float8[]) AS i;

-- gaps are closed
SELECT method, pg_temp.line(kpi.fill(pg_temp.months('{NULL, 2, NULL, NULL, 8, 3, NULL}'), method))
FROM unnest('{linear, previous, next, zero, seasonal}'::text[]) AS method;
SELECT pg_temp.line(kpi.fill(pg_temp.months('{NULL, NULL}'), 'linear'));
SELECT kpi.fill(pg_temp.months('{1}'), 'best');
SELECT kpi.fill(pg_temp.months('{1}'), seasonality => 0);
SELECT kpi.fill(NULL), kpi.fill(pg_temp.months('{1}'), NULL);
-- with a season: of a trend with a yearly pattern exactly what was left out
SELECT max(abs(p.value - t.v)) < 1e-9 AS exact, count(*) FROM (
	SELECT kpi.fill(kpi.series(m, CASE WHEN i NOT IN (20, 33, 34) THEN v END), 'seasonal') AS s,
		array_agg(v ORDER BY m) AS v
	FROM (SELECT i, (date '2020-01-01' + i * interval '1 month')::date AS m, 100 + 2 * i + (i % 12) ^ 2 AS v
		FROM generate_series(0, 59) AS i) AS x) AS y, kpi.points(s) WITH ORDINALITY AS p (period, value, place),
	unnest(y.v) WITH ORDINALITY AS t (v, place) WHERE p.place = t.place;

-- moving and running forms, against windows
CREATE TEMP TABLE m AS SELECT i, (date '2022-11-01' + i * interval '1 month')::date AS month,
	CASE WHEN i <> 17 THEN (i * 7919 % 31 + 0.1)::numeric END AS v FROM generate_series(0, 29) AS i;
SELECT f.form, count(*) FILTER (WHERE p.value IS DISTINCT FROM w.value
	AND (abs(p.value - w.value) < 1e-12) IS NOT TRUE) AS differ, count(p.value) AS values
FROM (SELECT kpi.series(month, v) AS s FROM m) AS x CROSS JOIN LATERAL (VALUES ('sum', kpi.moving_sum(s, 3)),
	('average', kpi.moving_average(s, 3)), ('centred', kpi.moving_average(s, 5, true)),
	('running', kpi.cumulative(s)), ('year', kpi.cumulative(s, 'year')), ('quarter', kpi.cumulative(s, 'quarter')),
	('half', kpi.cumulative(s, 'half')), ('shift', kpi.shift(s, 2)), ('lead', kpi.shift(s, -2)),
	('last year', kpi.last_year(s))) AS f (form, t) CROSS JOIN kpi.points(t) AS p JOIN (
	SELECT month, 'sum' AS form, CASE WHEN count(v) OVER w = 3 THEN sum(v) OVER w END::float8 AS value FROM m
		WINDOW w AS (ORDER BY i ROWS 2 PRECEDING)
	UNION ALL SELECT month, 'average', CASE WHEN count(v) OVER w = 3 THEN avg(v) OVER w END::float8 FROM m
		WINDOW w AS (ORDER BY i ROWS 2 PRECEDING)
	UNION ALL SELECT month, 'centred', CASE WHEN count(v) OVER w = 5 THEN avg(v) OVER w END::float8 FROM m
		WINDOW w AS (ORDER BY i ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING)
	UNION ALL SELECT month, 'running', CASE WHEN count(v) OVER w = count(*) OVER w THEN sum(v) OVER w END::float8
		FROM m WINDOW w AS (ORDER BY i)
	UNION ALL SELECT month, 'year', CASE WHEN count(v) OVER w = count(*) OVER w THEN sum(v) OVER w END::float8
		FROM m WINDOW w AS (PARTITION BY date_trunc('year', month) ORDER BY i)
	UNION ALL SELECT month, 'quarter', CASE WHEN count(v) OVER w = count(*) OVER w THEN sum(v) OVER w END::float8
		FROM m WINDOW w AS (PARTITION BY date_trunc('quarter', month) ORDER BY i)
	UNION ALL SELECT month, 'half', CASE WHEN count(v) OVER w = count(*) OVER w THEN sum(v) OVER w END::float8
		FROM m WINDOW w AS (PARTITION BY extract(year FROM month), extract(month FROM month) > 6 ORDER BY i)
	UNION ALL SELECT month, 'shift', lag(v, 2) OVER (ORDER BY i) FROM m
	UNION ALL SELECT month, 'lead', lead(v, 2) OVER (ORDER BY i) FROM m
	UNION ALL SELECT month, 'last year', lag(v, 12) OVER (ORDER BY i) FROM m) AS w
	ON w.form = f.form AND w.month = p.period
GROUP BY f.form ORDER BY f.form;
-- an even width is centred between two windows
SELECT pg_temp.line(kpi.moving_average(pg_temp.months('{1, 2, 4, 8, 16, 32}'), 4, true));
-- a year before: the same day, 52 weeks
SELECT p.* FROM (SELECT kpi.series(d::date, extract(doy FROM d)) AS s
	FROM generate_series(timestamp '2023-02-27', '2024-03-01', '1 day') AS d) AS x, kpi.points(kpi.last_year(s)) AS p
WHERE p.period >= '2024-02-27';
SELECT p.* FROM (SELECT kpi.series(d::date, extract(doy FROM d)) AS s
	FROM generate_series(timestamp '2023-01-02', '2024-01-08', '7 days') AS d) AS x, kpi.points(kpi.last_year(s)) AS p
WHERE p.value IS NOT NULL;
SELECT kpi.last_year(kpi.series(2024, 1));
SELECT kpi.cumulative(kpi.series(2024, 1), 'year');
SELECT kpi.cumulative(kpi.series(2024, 1), 'decade');
SELECT kpi.moving_sum(kpi.series(2024, 1), 0);
SELECT kpi.moving_sum(kpi.series(2024, 1), 1.5);

-- series are computed with, on their common periods
SET search_path = public, kpi;
SELECT pg_temp.line(a + b) AS sum, pg_temp.line(a - b) AS difference, pg_temp.line(a * b) AS product,
	pg_temp.line(a / b) AS quotient, pg_temp.days(a + b) AS periods
FROM (SELECT pg_temp.months('{1, 2, 3, NULL, 5}') AS a, pg_temp.months('{4, 0, 8, 2}', '2024-02-01') AS b) AS x;
SELECT pg_temp.line(a + 1) AS "a + 1", pg_temp.line(1 - a) AS "1 - a", pg_temp.line(a * 0.5) AS "a * 0.5",
	pg_temp.line(6 / a) AS "6 / a", pg_temp.line(a / last_year(a) - 1) AS growth
FROM (SELECT pg_temp.months('{1, 0, 3}') AS a) AS x;
SELECT pg_temp.months('{1}') + pg_temp.months('{1}', '2024-02-01') AS none,
	pg_temp.months('{1}') * NULL::float8 AS null;
SELECT pg_temp.months('{1}') + series(1, 1);
SELECT pg_temp.line(pg_temp.months('{1e308}') * 10);
RESET search_path;

-- years before the first one, the last days there are, and values at the end of float8
SELECT pg_temp.days(kpi.fill(kpi.series(d, 1))) FROM unnest('{4713-11-30 BC, 4712-01-31 BC}'::date[]) AS d;
SELECT pg_temp.days(kpi.fill(kpi.series(d, 1))) FROM unnest('{5874897-10-01, 5874897-12-01}'::date[]) AS d;
SELECT pg_temp.line(kpi.last_year(kpi.series(d, 1))) FROM unnest('{0001-06-01, 0001-06-01 BC}'::date[]) AS d;
SELECT f.period, f.forecast FROM (SELECT kpi.series(d, 1) AS s FROM unnest('{5874897-11-01, 5874897-12-01}'::date[])
	AS d) AS x, kpi.forecast(s, 2) AS f;
SELECT f.forecast = 1e308 AS same, f.model_used FROM kpi.forecast(pg_temp.months('{-1e308, 1e308, -1e308, 1e308}'), 1)
	AS f;
