SET DateStyle = 'ISO';
SET TimeZone = 'Europe/Berlin';
-- rows in any order; a NULL value is a gap, a NULL or infinite period is left out
CREATE TEMP TABLE sale (month date, amount numeric);
INSERT INTO sale VALUES ('2024-03-01', 30.5), ('2024-01-01', 10), ('2024-04-01', NULL), ('2024-06-01', -0.0),
	(NULL, 7), ('infinity', 8);
SELECT kpi.series(month, amount) FROM sale;
SELECT kpi.series(month, amount) FROM sale WHERE month IS NULL;
SELECT p.* FROM (SELECT kpi.series(month, amount) AS s FROM sale) AS x, kpi.points(s) AS p;
SELECT p.* FROM (SELECT kpi.series(month, amount) AS s FROM sale) AS x, kpi.points(s, NULL::timestamp) AS p;
SELECT p.* FROM (SELECT kpi.series(month::timestamptz, amount) AS s FROM sale) AS x,
	kpi.points(s, NULL::timestamptz) AS p;
SELECT p.* FROM (SELECT kpi.series(g, g * g) AS s FROM generate_series(3, 1, -1) AS g) AS x, kpi.points(s, 0) AS p;
-- the type of the periods is that of the series
SELECT kpi.points(kpi.series(month::timestamptz, amount)) FROM sale;
SELECT kpi.points(kpi.series(7, 1), NULL::date);
SELECT kpi.points(kpi.series(70000, 1), 0::smallint);
SELECT count(*) FROM kpi.points(NULL);

-- several values of a period
SELECT kpi.series(1, v) FROM (VALUES (1), (2)) AS x (v);
SELECT rule, (SELECT p.value FROM kpi.points(s, 0) AS p) FROM (
	SELECT rule, kpi.series(1, v, rule) AS s
	FROM unnest('{sum, average, min, max}'::text[]) AS rule, (VALUES (4), (NULL), (1), (1.5)) AS x (v)
	GROUP BY rule) AS y ORDER BY rule;
-- a gap is no value, and a sum does not depend on the order of the rows
SELECT kpi.series(1, v) FROM (VALUES (NULL), (2), (NULL)) AS x (v);
SELECT (SELECT value FROM kpi.points(kpi.series(1, v, 'sum' ORDER BY o), 0)) FROM
	(VALUES (1e16, 1, 3), (1, 2, 2), (-1e16, 3, 1)) AS x (v, o, p);
SELECT (SELECT value FROM kpi.points(kpi.series(1, v, 'sum' ORDER BY p), 0)) FROM
	(VALUES (1e16, 1, 3), (1, 2, 1), (-1e16, 3, 2)) AS x (v, o, p);
SELECT kpi.series(1, v, 'last') FROM (VALUES (1), (2)) AS x (v);
SELECT kpi.series(1, v, NULL) FROM (VALUES (1), (2)) AS x (v);
SELECT kpi.series(1, v, CASE v WHEN 1 THEN 'sum' ELSE 'max' END) FROM (VALUES (1), (2)) AS x (v);
SELECT kpi.points(kpi.series(1, 1e308, 'sum'), 0) FROM generate_series(1, 2);

-- what is no number
SELECT kpi.series(date '2024-01-01', 'NaN');
SELECT kpi.series(timestamp '2024-01-01', '-Infinity'::float8);

-- stored ones are merged
CREATE TEMP TABLE kept AS SELECT extract(quarter FROM month) AS quarter, kpi.series(month, amount, 'sum') AS s
FROM sale WHERE isfinite(month) GROUP BY 1;
SELECT kpi.rollup(s)::text = (SELECT kpi.series(month, amount, 'sum')::text FROM sale) AS same FROM kept;
SELECT kpi.rollup(s) FROM (VALUES ('1 0 0 1 5 7'::kpi.series), ('1 0 0 1 5 8')) AS x (s);
SELECT kpi.rollup(s) FROM (VALUES ('1 0 0 1 5 7'::kpi.series), ('1 3 0 1 6 8')) AS x (s);
SELECT kpi.rollup(s) FROM (VALUES ('1 0 0 1 5 7'::kpi.series), ('1 0 1 1 6 8')) AS x (s);
SELECT kpi.rollup(s) FROM kept WHERE false;

-- the text form is read back exactly, and what no aggregate could produce is refused
SELECT '1 0 1 3 7 0.1 5 - 5 3'::kpi.series;
SELECT '1 4 0 1 5 7'::kpi.series;
SELECT '1 0 5 1 5 7'::kpi.series;
SELECT '1 0 0 0'::kpi.series;
SELECT '1 0 0 1 2147483647 7'::kpi.series;
SELECT '1 1 0 1 9223372036854775807 7'::kpi.series;
SELECT '1 0 0 1 5 NaN'::kpi.series;
SELECT '1 0 0 2 5 7'::kpi.series;
SELECT '2 0 0 1 5 7'::kpi.series;

-- numbers of periods are whole
SELECT kpi.series(1.5, 1);
SELECT kpi.series(9007199254740992, 1);

-- 16 bytes a point, and as many for the whole
SELECT n, pg_column_size(kpi.series(i, i)) AS bytes
FROM (VALUES (1), (10), (1000)) AS x (n), generate_series(1, n) AS i
GROUP BY n ORDER BY n;
