-- Trends, changes of level, seasons and anomalies of series: results, messages and hints.
CREATE TABLE visits AS
SELECT kpi.series(CAST(date '2021-01-01' + i * interval '1 month' AS date),
	(100 + i) * (ARRAY[0.8, 0.9, 1.1, 1.2])[i % 4 + 1] * CASE i WHEN 30 THEN 2 ELSE 1 END + i * i % 7) AS monthly,
	kpi.series(i, CASE WHEN i < 20 THEN 10 ELSE 14 END + i * i % 3) AS plain
FROM generate_series(0, 39) AS i;
\x on
SELECT (kpi.mann_kendall(monthly)).* FROM visits;
SELECT (kpi.seasonal_mann_kendall(monthly, 4)).* FROM visits;
SELECT (kpi.theil_sen(plain)).* FROM visits;
SELECT (kpi.ols_trend(plain)).* FROM visits;
SELECT (kpi.trend(monthly, 'lower', seasonality => 4)).* FROM visits;
SELECT c.* FROM visits, kpi.change_points(plain, NULL::integer) AS c;
SELECT c.* FROM visits, kpi.change_points(plain, NULL::integer, 'one_break') AS c;
SELECT d.period, round(trend::numeric, 6) AS trend, round(seasonal::numeric, 6) AS seasonal, is_multiplicative
FROM visits, kpi.decompose(monthly, seasonality => 4) AS d LIMIT 2;
SELECT a.period, value, round(expected::numeric, 6) AS expected, side
FROM visits, kpi.anomalies(monthly, seasonality => 4) AS a;
\x off
SELECT t.* FROM visits, kpi.turning_points(monthly, threshold => 0.5) AS t WHERE period < '2022-01-01';
SELECT r.* FROM visits, kpi.records(plain, NULL::bigint, 'lower') AS r;

-- errors and their hints
SELECT kpi.seasonal_mann_kendall(monthly, 30) FROM visits;
SELECT kpi.theil_sen(monthly, 95) FROM visits;
SELECT kpi.ols_trend(monthly, 0) FROM visits;
SELECT kpi.trend(monthly, 'target') FROM visits;
SELECT kpi.trend(monthly, significance => 5) FROM visits;
SELECT kpi.trend(monthly, 'up') FROM visits;
SELECT kpi.change_points(monthly, NULL::integer) FROM visits;
SELECT kpi.change_points(monthly, 'binseg') FROM visits;
SELECT kpi.change_points(monthly, penalty => -1) FROM visits;
SELECT kpi.change_points(monthly, min_size => 0) FROM visits;
SELECT kpi.change_points(monthly, 'one_break', min_size => 5) FROM visits;
SELECT kpi.turning_points(monthly, threshold => 0) FROM visits;
SELECT kpi.turning_points(monthly, 'top') FROM visits;
SELECT kpi.turning_points(plain) FROM visits;
SELECT kpi.records(monthly, 'up') FROM visits;
SELECT kpi.decompose(monthly, 'x11') FROM visits;
SELECT kpi.decompose(monthly, season_window => 8) FROM visits;
SELECT kpi.decompose(kpi.series(1, -1), NULL::integer, multiplicative => true);
SELECT kpi.decompose(plain, NULL::integer, 'classical') FROM visits;
SELECT kpi.decompose(monthly, 'classical', season_window => 7) FROM visits;
SELECT kpi.decompose(plain, NULL::integer, season_window => 7) FROM visits;
SELECT kpi.anomalies(monthly, 'z') FROM visits;
SELECT kpi.anomalies(monthly, threshold => 0) FROM visits;
SELECT kpi.anomalies(monthly, 'tukey', seasonality => 4) FROM visits;
DROP TABLE visits;
