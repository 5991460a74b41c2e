-- Series and their forecasts: 1,000 of 120 months, stored in random order.

SELECT setseed(0.5) \g /dev/null
CREATE SCHEMA series;
CREATE TABLE series.point AS
SELECT id, CAST(date '2010-01-01' + i * interval '1 month' AS date) AS period,
	100 + i + id + 20 * sin(i * pi() / 6) + 5 * random() AS value
FROM generate_series(1, 1000) AS id, generate_series(0, 119) AS i ORDER BY random();
VACUUM (FREEZE, ANALYZE) series.point;
CREATE FUNCTION series.ordered() RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT 'SELECT sum(array_length(v, 1)) FROM (SELECT array_agg(value ORDER BY period) AS v FROM series.point
	GROUP BY id) AS x' $$;

SET search_path = bench;
CALL compare('1,000 series, against ordered array_agg',
	'SELECT sum(pg_column_size(s)) FROM (SELECT kpi.series(period, value) AS s FROM series.point GROUP BY id) AS x',
	series.ordered(), 0.8, 0.7);
CALL compare('1,000 series by Holt and Winters, weights given, against ordered array_agg',
	'SELECT sum(f.forecast) FROM (SELECT kpi.series(period, value) AS s FROM series.point GROUP BY id) AS x, '
		'kpi.holt_winters(s, 12, 0.3, 0.05, 0.4) AS f', series.ordered(), 1.3, 1.0);
CALL compare('1,000 series by Holt and Winters, fitted, against ordered array_agg',
	'SELECT sum(f.forecast) FROM (SELECT kpi.series(period, value) AS s FROM series.point GROUP BY id) AS x, '
		'kpi.holt_winters(s, 12) AS f', series.ordered(), 4, 3);

-- Trends, limits and changes of level.
CREATE TABLE series.few AS SELECT * FROM series.point WHERE id <= 100;
VACUUM (FREEZE, ANALYZE) series.few;
CALL compare('Mann-Kendall of 100 series, against the self-join',
	'SELECT sum((kpi.mann_kendall(s)).s) FROM (SELECT kpi.series(period, value) AS s FROM series.few GROUP BY id) AS x',
	'SELECT sum(s) FROM (SELECT sum(sign(b.value - a.value)) AS s FROM series.few AS a JOIN series.few AS b '
		'ON b.id = a.id AND b.period > a.period GROUP BY a.id) AS x', 0.03, 0.02);
CALL compare('Theil-Sen of 100 series, against the self-join',
	'SELECT sum((kpi.theil_sen(s)).slope) FROM (SELECT kpi.series(period, value) AS s FROM series.few GROUP BY id) AS x',
	'SELECT sum(slope) FROM (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.value - a.value) / '
		'(b.period - a.period)) AS slope FROM series.few AS a JOIN series.few AS b ON b.id = a.id AND b.period > a.period '
		'GROUP BY a.id) AS x', 0.03, 0.02);
CALL compare('XmR limits of 1,000 series, against window functions',
	'SELECT sum((kpi.xmr(s)).upper) FROM (SELECT kpi.series(period, value) AS s FROM series.point GROUP BY id) AS x',
	'SELECT sum(upper) FROM (SELECT avg(value) + 2.66 * avg(abs(value - before)) AS upper FROM (SELECT id, value, '
		'lag(value) OVER (PARTITION BY id ORDER BY period) AS before FROM series.point) AS w GROUP BY id) AS x', 0.5, 0.4);
CREATE TABLE series.long AS
SELECT i, random() + 3 * floor(i / 1000.0)::integer % 2 AS value FROM generate_series(1, 10000) AS i;
VACUUM (FREEZE, ANALYZE) series.long;
CALL compare('PELT of 10,000 points, against 100 scans of them',
	'SELECT count(*) FROM (SELECT kpi.series(i, value) AS s FROM series.long) AS x, kpi.change_points(s, NULL::integer)',
	'SELECT sum(s) FROM (SELECT (SELECT sum(value + g) FROM series.long) AS s FROM generate_series(1, 100) AS g) AS x',
	1, 0.7);
