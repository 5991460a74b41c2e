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
-- against the value before, by its formula; a value before of 0 tells nothing
CREATE TEMP TABLE u (actual float8, forecast float8, before float8, half integer);
INSERT INTO u VALUES (10, 11, 9, 1), (12, 11, 10, 2), (15, 13, 12, 1), (-4, -5, -2, 2), (4, 5, 0, 1),
	(NULL, 1, 1, 1), (1, NULL, 1, 2), (1, 1, NULL, 1), ('NaN', 1, 1, 1), (1, 'Infinity', 1, 2), (1, 1, '-Infinity', 2);
SELECT kpi.theil_u2(actual, forecast, before),
	(SELECT sqrt(sum(((actual - forecast) / before) ^ 2) / sum(((actual - before) / before) ^ 2))
		FROM (SELECT * FROM u WHERE actual < 'NaN' AND forecast < 'Infinity' AND before > '-Infinity' AND before <> 0) AS w)
		AS by_formula
FROM u;
SELECT kpi.theil_u2(s) = u2 AS u2
FROM (SELECT kpi.rollup(a) AS s
	FROM (SELECT kpi.theil_errors(actual, forecast, before) AS a FROM u GROUP BY half) AS y) AS x,
	(SELECT kpi.theil_u2(actual, forecast, before) AS u2 FROM u) AS z;
SELECT kpi.theil_u2(12, 12, 10) AS perfect, kpi.theil_u2(12, 10, 10) AS naive, kpi.theil_u2(10, 11, 10) AS unchanged,
	kpi.theil_u2(10, 11, 0) AS from_zero, kpi.theil_errors(12, 11, 8);
SELECT kpi.theil_u2(1e300, 1, 1e-300);
SELECT '1 1 -1 0 1 0'::kpi.theil_state;
-- intervals and quantiles, by their formulas
CREATE TEMP TABLE g (actual float8, low float8, high float8, half integer);
INSERT INTO g VALUES (10, 8, 12, 1), (13, 8, 12, 1), (5, 8, 12, 2), (12, 8, 12, 2), (8, 8, 8, 2),
	(NULL, 1, 2, 1), (1, NULL, 2, 2), (1, 0, NULL, 1), ('NaN', 1, 2, 1), (1, '-Infinity', 2, 1);
SELECT kpi.interval_coverage(actual, low, high) AS coverage, kpi.winkler_score(actual, low, high, 0.8) AS score,
	kpi.pinball_loss(actual, low, 0.1) FILTER (WHERE low > '-Infinity' AND high IS NOT NULL) AS low_loss,
	kpi.pinball_loss(actual, high, 0.9) FILTER (WHERE low > '-Infinity' AND high IS NOT NULL) AS high_loss
FROM g;
SELECT avg((actual BETWEEN low AND high)::integer::float8) AS coverage,
	avg(high - low + 2 / 0.2 * greatest(low - actual, actual - high, 0)) AS score,
	avg(greatest(0.1 * (actual - low), -0.9 * (actual - low))) AS low_loss,
	avg(greatest(0.9 * (actual - high), -0.1 * (actual - high))) AS high_loss
FROM g WHERE actual < 'NaN' AND low > '-Infinity' AND high IS NOT NULL;
-- the score is what both ends lose as quantiles, times 2 / (1 - level)
SELECT kpi.winkler_score(actual, low, high, 0.8) - 10 * (kpi.pinball_loss(actual, low, 0.1)
	+ kpi.pinball_loss(actual, high, 0.9)) AS nothing FROM g WHERE low > '-Infinity' AND high IS NOT NULL;
-- Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 5.9: 4.86, which is twice the loss
SELECT round(2 * kpi.pinball_loss(741.84, 744.54, 0.1)::numeric, 2) AS "4.86";
-- stored and merged
SELECT kpi.interval_coverage(s) = coverage AS coverage, kpi.winkler_score(s) = score AS score
FROM (SELECT kpi.rollup(a) AS s
	FROM (SELECT kpi.interval_accuracy(actual, low, high, 0.8) AS a FROM g GROUP BY half) AS y) AS x,
	(SELECT kpi.interval_coverage(actual, low, high) AS coverage, kpi.winkler_score(actual, low, high, 0.8) AS score
	 FROM g) AS z;
SELECT kpi.interval_accuracy(1, 3, 4, 0.5), kpi.interval_accuracy(1, 1, 4), '1 2 1 1 9 0'::kpi.coverage_state;
-- nothing to measure
SELECT kpi.interval_coverage(actual, low, high), kpi.winkler_score(actual, low, high, 0.8),
	kpi.pinball_loss(actual, low, 0.1) FROM g WHERE actual IS NULL;
SELECT kpi.winkler_score(kpi.interval_accuracy(1, 0, 2)), kpi.winkler_score(1, 0, 2, NULL),
	kpi.pinball_loss(1, 2, NULL);
-- what is wrong
SELECT kpi.interval_coverage(1, 3, 2);
SELECT kpi.winkler_score(1, 2, 3, 1);
SELECT kpi.pinball_loss(1, 2, 0);
SELECT kpi.winkler_score(1, -1e308, 1e308, 0.9);
SELECT '1 1 2 0 0 0'::kpi.coverage_state;
SELECT '1 1 1 1 -2 0'::kpi.coverage_state;
