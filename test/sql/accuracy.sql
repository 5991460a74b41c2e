SET extra_float_digits = 0;
CREATE TEMP TABLE f (actual float8, forecast float8, scale float8, half integer);
INSERT INTO f VALUES (100, 90, 5, 1), (120, 126, 5, 1), (0, 3, NULL, 1), (80, 80, 4, 2),
	(-10, -12.5, 0, 2), (0, 0, 4, 2),
	(NULL, 1, 1, 2), (1, NULL, 1, 1), ('NaN', 1, 1, 1), (1, 'Infinity', 1, 2);
-- by their formulas
SELECT kpi.forecast_bias(actual, forecast) AS bias, kpi.mae(actual, forecast), kpi.rmse(actual, forecast),
	kpi.mape(actual, forecast), kpi.wape(actual, forecast), kpi.smape(actual, forecast),
	kpi.mase(actual, forecast, scale), kpi.rmsse(actual, forecast, scale)
FROM f;
SELECT avg(e) AS bias, avg(abs(e)) AS mae, sqrt(avg(e ^ 2)) AS rmse, avg(abs(e / nullif(actual, 0))) AS mape,
	sum(abs(e)) / sum(abs(actual)) AS wape,
	avg(coalesce(2 * abs(e) / nullif(abs(actual) + abs(forecast), 0), 0)) AS smape,
	avg(abs(e) / nullif(scale, 0)) AS mase, sqrt(avg((e / nullif(scale, 0)) ^ 2)) AS rmsse
FROM (SELECT *, actual - forecast AS e FROM f WHERE actual - forecast < 'Infinity' AND actual <> 'NaN'
	AND forecast < 'Infinity') AS x;
-- stored and merged
SELECT kpi.mae(s) = mae AS mae, kpi.mase(s) = mase AS mase, kpi.wape(s) = wape AS wape
FROM (SELECT kpi.rollup(a) AS s
	FROM (SELECT kpi.accuracy(actual, forecast, scale) AS a FROM f GROUP BY half) AS y) AS x,
	(SELECT kpi.mae(actual, forecast), kpi.mase(actual, forecast, scale), kpi.wape(actual, forecast) FROM f) AS z;
SELECT kpi.accuracy(1, 3, 4), kpi.accuracy(2, 1);
SELECT '1 2 2 1 1 0 3 0 5 0 3 0 2.5 0 1.6666666666666665 0 0.5 0 0.25 0'::kpi.accuracy_state;
-- nothing to measure, or to divide by
SELECT kpi.mae(actual, forecast), kpi.mape(actual, forecast), kpi.wape(actual, forecast),
	kpi.mase(actual, forecast, scale)
FROM f WHERE actual IS NULL;
SELECT kpi.mae(0, 1), kpi.mape(0, 1), kpi.wape(0, 1), kpi.smape(0, 1), kpi.mase(0, 1, 0);
-- what is wrong
SELECT kpi.mase(1, 2, -1);
SELECT kpi.mae(1e308, -1e308);
SELECT '1 1 2 0 1 0 3 0 5 0 3 0 2.5 0 1.6 0 0.5 0 0.25 0'::kpi.accuracy_state;
SELECT '1 1 1 0 1 0 -3 0 5 0 3 0 2.5 0 1.6 0 0.5 0 0.25 0'::kpi.accuracy_state;
