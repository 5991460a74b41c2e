-- What moves together: 50 indicators over 200 months, against the self-join of their table.

CREATE SCHEMA relations;
SET search_path = relations;
SELECT setseed(0.5) \g /dev/null
CREATE TABLE value AS
SELECT 'indicator ' || k AS indicator, (date '2005-01-01' + m * interval '1 month')::date AS month, m AS period,
	(random() + random() * sin(m / 9.0))::float8 AS value
FROM generate_series(1, 50) AS k, generate_series(1, 200) AS m ORDER BY random();
VACUUM (FREEZE, ANALYZE) value;
VACUUM (FREEZE) value;
CREATE FUNCTION of_all(call text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT format('SELECT sum(r) FROM (SELECT array_agg(indicator) AS keys, array_agg(s) AS series FROM '
		'(SELECT indicator, kpi.series(month, value) AS s FROM relations.value GROUP BY indicator) AS s) AS s, %s', call)
$$;

SET search_path = bench;
CALL compare('correlation of 50 by 200', relations.of_all('kpi.correlations(keys, series)'),
	'SELECT sum(r) FROM (SELECT corr(a.value, b.value) AS r FROM relations.value AS a JOIN relations.value AS b
		USING (month) WHERE a.indicator < b.indicator GROUP BY a.indicator, b.indicator) AS s', 0.17);
CALL compare('ranked correlation of 50 by 200', relations.of_all('kpi.correlations(keys, series, ''spearman'')'),
	'SELECT sum(r) FROM (SELECT corr(a.value, b.value) AS r FROM relations.value AS a JOIN relations.value AS b
		USING (month) WHERE a.indicator < b.indicator GROUP BY a.indicator, b.indicator) AS s', 0.2);
CALL compare('lagged correlation over 12 to both sides', relations.of_all('kpi.lead_lags(keys, series, 12, ''none'')'),
	'SELECT sum(r) FROM (SELECT corr(a.value, b.value) AS r FROM relations.value AS a
		CROSS JOIN generate_series(-12, 12) AS lag JOIN relations.value AS b ON b.period = a.period + lag
		WHERE a.indicator < b.indicator GROUP BY a.indicator, b.indicator, lag) AS s', 0.025);
DROP SCHEMA relations CASCADE;
