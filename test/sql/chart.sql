-- Control charts: results, messages and hints.
CREATE TABLE defects AS
SELECT kpi.series(i, n) AS n, kpi.series(i, 100 + i % 3 * 50) AS size
FROM unnest('{12,9,11,14,8,10,13,9,11,12,10,NULL,19,22,11,10,25,12,11,10}'::float8[]) WITH ORDINALITY AS u (n, i);
SELECT (kpi.xmr(n)).* FROM defects;
SELECT (kpi.xmr(n, 11, 'median')).* FROM defects;
SELECT (kpi.xmr(n, 5)).* FROM defects;
SELECT period, value, round(upper::numeric, 3) AS upper, signals, alarm
FROM defects, kpi.control_chart(n, NULL::integer, baseline => 11, rules => '{nelson}', direction => 'lower');
SELECT period, round(value::numeric, 4) AS value, round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper,
	signals
FROM defects, kpi.control_chart(n, NULL::integer, 'p', sizes => size) WHERE period BETWEEN 10 AND 14;
SELECT period, round(statistic::numeric, 3) AS up, round(low_statistic::numeric, 3) AS down, lower, upper, signals
FROM defects, kpi.control_chart(n, NULL::integer, 'cusum', center => 11, sigma => 2) WHERE period BETWEEN 10 AND 14;
SELECT period, round(statistic::numeric, 3) AS mean, round(upper::numeric, 3) AS upper, signals
FROM defects, kpi.control_chart(n, NULL::integer, 'ewma', center => 11, sigma => 2) WHERE period BETWEEN 10 AND 14;
SELECT i, v, kpi.ewma(v, 0.5) OVER w, (kpi.cusum(v, 10, 1) OVER w).*
FROM (VALUES (1, 9.0::float8), (2, 12), (3, NULL), (4, 14)) AS x (i, v) WINDOW w AS (ORDER BY i);

-- errors and their hints
SELECT kpi.xmr(n, 0) FROM defects;
SELECT kpi.xmr(n, method => 'mode') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'g') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, rules => '{wheeler}') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, rules => '{}') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'ewma', '{nelson}') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'run', '{nelson}') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'run', sigma => 2) FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'p') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, sizes => size) FROM defects;
SELECT kpi.control_chart(size, NULL::integer, 'p', sizes => n) FROM defects;
SELECT kpi.control_chart(kpi.series(1, -2), NULL::integer, 'c');
SELECT kpi.control_chart(kpi.series(1, 2), NULL::integer, 'u', sizes => kpi.series(1, -2));
SELECT kpi.control_chart(n, NULL::integer, 'u', sizes => (SELECT kpi.series(date '2024-01-01', 1)))
FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'c', center => 10) FROM defects;
SELECT kpi.control_chart(n, NULL::integer, center => 'NaN') FROM defects;
SELECT kpi.control_chart(n, NULL::integer, sigma => 0) FROM defects;
SELECT kpi.control_chart(n, NULL::integer, width => 3) FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'ewma', smoothing => 1.5) FROM defects;
SELECT kpi.control_chart(n, NULL::integer, 'cusum', rephase => true) FROM defects;
SELECT kpi.control_chart(n, NULL::integer, center => 10, rephase => true) FROM defects;
SELECT kpi.ewma(1, 0) OVER ();
SELECT kpi.cusum(1, 2, -1) OVER ();
DROP TABLE defects;
