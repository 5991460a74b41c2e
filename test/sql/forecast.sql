SET DateStyle = 'ISO';
SET extra_float_digits = 0;
-- monthly international air passengers 1949-1960, in thousands (Box, Jenkins and Reinsel, series G)
CREATE TEMP TABLE air AS
SELECT CAST(i AS integer), (date '1949-01-01' + (i - 1) * interval '1 month')::date AS month, v
FROM unnest('{112,118,132,129,121,135,148,148,136,119,104,118, 115,126,141,135,125,149,170,170,158,133,114,140,
	145,150,178,163,172,178,199,199,184,162,146,166, 171,180,193,181,183,218,230,242,209,191,172,194,
	196,196,236,235,229,243,264,272,237,211,180,201, 204,188,235,227,234,264,302,293,259,229,203,229,
	242,233,267,269,270,315,364,347,312,274,237,278, 284,277,317,313,318,374,413,405,355,306,271,306,
	315,301,356,348,355,422,465,467,404,347,305,336, 340,318,362,348,363,435,491,505,404,359,310,337,
	360,342,406,396,420,472,548,559,463,407,362,405, 417,391,419,461,472,535,622,606,508,461,390,432}'::float8[])
	WITH ORDINALITY AS x (v, i);
CREATE TEMP TABLE s AS SELECT kpi.series(month, v) AS air FROM air;
-- monthly carbon dioxide at Mauna Loa 1959-1997 (Keeling and Whorf)
CREATE TEMP TABLE co2 AS SELECT kpi.series((date '1959-01-01' + (i - 1) * interval '1 month')::date, v) AS s
FROM unnest('{315.42,316.31,316.5,317.56,318.13,318,316.39,314.65,313.68,313.18,314.66,315.43,316.27,
	316.81,317.42,318.87,319.87,319.43,318.01,315.74,314,313.68,314.84,316.03,316.73,317.54,
	318.38,319.31,320.42,319.61,318.42,316.63,314.83,315.16,315.94,316.85,317.78,318.4,
	319.53,320.42,320.85,320.45,319.45,317.25,316.11,315.27,316.53,317.53,318.58,318.92,
	319.7,321.22,322.08,321.31,319.58,317.61,316.05,315.83,316.91,318.2,319.41,320.07,
	320.74,321.4,322.06,321.73,320.27,318.54,316.54,316.71,317.53,318.55,319.27,320.28,
	320.73,321.97,322,321.71,321.05,318.71,317.66,317.14,318.7,319.25,320.46,321.43,322.23,
	323.54,323.91,323.59,322.24,320.2,318.48,317.94,319.63,320.87,322.17,322.34,322.88,
	324.25,324.83,323.93,322.38,320.76,319.1,319.24,320.56,321.8,322.4,322.99,323.73,324.86,
	325.4,325.2,323.98,321.95,320.18,320.09,321.16,322.74,323.83,324.26,325.47,326.5,327.21,
	326.54,325.72,323.5,322.22,321.62,322.69,323.95,324.89,325.82,326.77,327.97,327.91,
	327.5,326.18,324.53,322.93,322.9,323.85,324.96,326.01,326.51,327.01,327.62,328.76,328.4,
	327.2,325.27,323.2,323.4,324.63,325.85,326.6,327.47,327.58,329.56,329.9,328.92,327.88,
	326.16,324.68,325.04,326.34,327.39,328.37,329.4,330.14,331.33,332.31,331.9,330.7,329.15,
	327.35,327.02,327.99,328.48,329.18,330.55,331.32,332.48,332.92,332.08,331.01,329.23,
	327.27,327.21,328.29,329.41,330.23,331.25,331.87,333.14,333.8,333.43,331.73,329.9,328.4,
	328.17,329.32,330.59,331.58,332.39,333.33,334.41,334.71,334.17,332.89,330.77,329.14,
	328.78,330.14,331.52,332.75,333.24,334.53,335.9,336.57,336.1,334.76,332.59,331.42,
	330.98,332.24,333.68,334.8,335.22,336.47,337.59,337.84,337.72,336.37,334.51,332.6,
	332.38,333.75,334.78,336.05,336.59,337.79,338.71,339.3,339.12,337.56,335.92,333.75,
	333.7,335.12,336.56,337.84,338.19,339.91,340.6,341.29,341,339.39,337.43,335.72,335.84,
	336.93,338.04,339.06,340.3,341.21,342.33,342.74,342.08,340.32,338.26,336.52,336.68,
	338.19,339.44,340.57,341.44,342.53,343.39,343.96,343.18,341.88,339.65,337.81,337.69,
	339.09,340.32,341.2,342.35,342.93,344.77,345.58,345.14,343.81,342.21,339.69,339.82,
	340.98,342.82,343.52,344.33,345.11,346.88,347.25,346.62,345.22,343.11,340.9,341.18,
	342.8,344.04,344.79,345.82,347.25,348.17,348.74,348.07,346.38,344.51,342.92,342.62,
	344.06,345.38,346.11,346.78,347.68,349.37,350.03,349.37,347.76,345.73,344.68,343.99,
	345.48,346.72,347.84,348.29,349.23,350.8,351.66,351.07,349.33,347.92,346.27,346.18,
	347.64,348.78,350.25,351.54,352.05,353.41,354.04,353.62,352.22,350.27,348.55,348.72,
	349.91,351.18,352.6,352.92,353.53,355.26,355.52,354.97,353.75,351.52,349.64,349.83,
	351.14,352.37,353.5,354.55,355.23,356.04,357,356.07,354.67,352.76,350.82,351.04,352.69,
	354.07,354.59,355.63,357.03,358.48,359.22,358.12,356.06,353.92,352.05,352.11,353.64,
	354.89,355.88,356.63,357.72,359.07,359.58,359.17,356.94,354.92,352.94,353.23,354.09,
	355.33,356.63,357.1,358.32,359.41,360.23,359.55,357.53,355.48,353.67,353.95,355.3,
	356.78,358.34,358.89,359.95,361.25,361.67,360.94,359.55,357.49,355.84,356,357.59,359.05,
	359.98,361.03,361.66,363.48,363.82,363.3,361.94,359.5,358.11,357.8,359.61,360.74,362.09,
	363.29,364.06,364.76,365.45,365.01,363.7,361.54,359.51,359.65,360.8,362.38,363.23,
	364.06,364.61,366.4,366.84,365.68,364.52,362.57,360.24,360.83,362.49,364.34}'::float8[])
	WITH ORDINALITY AS x (v, i);

-- fitted: what R publishes with HoltWinters
SELECT (m).model, round((m).alpha::numeric, 4) AS alpha, round((m).beta::numeric, 4) AS beta,
	round((m).gamma::numeric, 4) AS gamma, (m).n, (m).note
FROM (SELECT kpi.forecast_model(air, 'holt_winters_multiplicative') AS m FROM s
	UNION ALL SELECT kpi.forecast_model(s, 'holt_winters_additive') FROM co2) AS x;
-- weights given: forecasts of R, and of additive ones their variances too
SELECT period, forecast::numeric(12, 9) AS forecast FROM s,
	kpi.holt_winters(air, 3, 0.3, 0.05, 0.9, 'multiplicative') AS f;
SELECT period, forecast::numeric(12, 9) AS forecast, low::numeric(12, 9) AS low, high::numeric(12, 9) AS high FROM s,
	kpi.holt_winters(air, 26, 0.3, 0.05, 0.9, level => '{0.95}') AS f WHERE step IN (1, 2, 12, 13, 25, 26);

-- the recursion in SQL, from the first two seasons on
CREATE FUNCTION pg_temp.start(is_factor boolean, OUT level float8, OUT trend float8, OUT season float8[])
LANGUAGE sql AS $$
	WITH t AS (
		SELECT b.i, b.v, (sum(a.v * CASE abs(a.i - b.i) WHEN 6 THEN 0.5 ELSE 1 END) / 12) AS trend
		FROM air AS a JOIN air AS b ON a.i BETWEEN b.i - 6 AND b.i + 6
		WHERE b.i BETWEEN 7 AND 18 AND a.i <= 24 GROUP BY b.i, b.v),
	f AS (SELECT (i - 1) % 12 AS place, avg(CASE WHEN is_factor THEN v / trend ELSE v - trend END) AS figure
		FROM t GROUP BY 1)
	SELECT regr_intercept(trend, i - 6), regr_slope(trend, i - 6),
		(SELECT array_agg(CASE WHEN is_factor THEN figure / (SELECT avg(figure) FROM f)
			ELSE figure - (SELECT avg(figure) FROM f) END ORDER BY place) FROM f)
	FROM t $$;
CREATE FUNCTION pg_temp.smooth(is_factor boolean, weights float8[]) RETURNS TABLE (alpha float8, beta float8,
	gamma float8, level float8, trend float8, season float8[], squares float8) LANGUAGE sql AS $$
	WITH RECURSIVE r AS (
		SELECT 12 AS i, a AS alpha, b AS beta, g AS gamma, s.level, s.trend, s.season, 0::float8 AS squares
		FROM pg_temp.start(is_factor) AS s, unnest(weights) AS a, unnest(weights) AS b, unnest(weights) AS g
		UNION ALL
		SELECT r.i + 1, alpha, beta, gamma, l.level, t.trend, season[2:] || CASE WHEN is_factor
			THEN gamma * v / l.level ELSE gamma * (v - l.level) END + (1 - gamma) * season[1],
			squares + (v - CASE WHEN is_factor THEN (r.level + r.trend) * season[1]
				ELSE r.level + r.trend + season[1] END) ^ 2
		FROM r JOIN air ON air.i = r.i + 1, LATERAL (SELECT alpha * CASE WHEN is_factor THEN v / season[1]
			ELSE v - season[1] END + (1 - alpha) * (r.level + r.trend) AS level) AS l,
			LATERAL (SELECT beta * (l.level - r.level) + (1 - beta) * r.trend AS trend) AS t
	)
	SELECT alpha, beta, gamma, level, trend, season, squares FROM r WHERE i = 144 $$;
SELECT is_factor, max(abs(f.forecast - CASE WHEN is_factor THEN (level + f.step * trend) * season[f.step]
	ELSE level + f.step * trend + season[f.step] END)) < 1e-9 AS same, count(*)
FROM s, unnest('{t, f}'::boolean[]) AS is_factor, pg_temp.smooth(is_factor, '{0.2, 0.7}') AS r,
	kpi.holt_winters(air, 12, alpha, beta, gamma, CASE WHEN is_factor THEN 'multiplicative' ELSE 'additive' END) AS f
GROUP BY is_factor ORDER BY is_factor;
-- the best weights are not worse than the best of a grid
SELECT is_factor, count(*), (SELECT r.squares FROM (SELECT kpi.forecast_model(air, 'holt_winters_' || CASE WHEN
		is_factor THEN 'multiplicative' ELSE 'additive' END) AS m FROM s) AS x, pg_temp.start(is_factor) AS b,
		LATERAL (SELECT sum(e ^ 2) AS squares FROM (
			WITH RECURSIVE r AS (
				SELECT 12 AS i, b.level, b.trend, b.season, 0::float8 AS e
				UNION ALL
				SELECT r.i + 1, l.level, (m).beta * (l.level - r.level) + (1 - (m).beta) * r.trend,
					season[2:] || CASE WHEN is_factor THEN (m).gamma * v / l.level
						ELSE (m).gamma * (v - l.level) END + (1 - (m).gamma) * season[1],
					v - CASE WHEN is_factor THEN (r.level + r.trend) * season[1]
						ELSE r.level + r.trend + season[1] END
				FROM r JOIN air ON air.i = r.i + 1, LATERAL (SELECT (m).alpha * CASE WHEN is_factor
					THEN v / season[1] ELSE v - season[1] END + (1 - (m).alpha) * (r.level + r.trend) AS level) AS l
			) SELECT e FROM r) AS y) AS r) <= min(squares) AS best
FROM unnest('{t, f}'::boolean[]) AS is_factor, pg_temp.smooth(is_factor, '{0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1}')
GROUP BY is_factor ORDER BY is_factor;

-- simple smoothing: the recursion, and the likelihood against a grid of weight and first level
CREATE TEMP TABLE noisy AS SELECT i, i + (i * 7919 % 31) / 3.0::float8 AS v FROM generate_series(1, 60) AS i;
SELECT (m).model, (m).alpha BETWEEN 0.2 AND 0.8 AS between, abs((m).level - r.level) < 1e-6 AS same_level,
	(m).aicc <= min(g.aicc) AS best
FROM (SELECT kpi.forecast_model(kpi.series(i, v), 'simple') AS m FROM noisy) AS x, LATERAL (
	WITH RECURSIVE r AS (SELECT 0 AS i, a::float8, l::float8 AS level, 0::float8 AS squares
		FROM generate_series(-10, 20) AS l, generate_series(0.02, 0.98, 0.02) AS a
		UNION ALL SELECT r.i + 1, a, r.level + a * (v - r.level), squares + (v - r.level) ^ 2
		FROM r JOIN noisy ON noisy.i = r.i + 1)
	SELECT 60 * ln(squares) + 6 + 24.0 / 56 AS aicc FROM r WHERE i = 60) AS g, LATERAL (
	-- with the weight that was found nothing is left of the first level after 60 steps
	WITH RECURSIVE r AS (SELECT 0 AS i, 10::float8 AS level
		UNION ALL SELECT r.i + 1, r.level + (m).alpha * (v - r.level) FROM r JOIN noisy ON noisy.i = r.i + 1)
	SELECT level FROM r WHERE i = 60) AS r
GROUP BY m, r.level;
-- Box, Jenkins and Reinsel's passengers by ets of R: ETS(M,Ad,M), AICc 1400.6 with a season that is searched as well
SELECT (m).model, (m).aicc BETWEEN 1400 AND 1403 AS near, (m).mase < 0.3 AS good
FROM (SELECT kpi.forecast_model(air) AS m FROM s) AS x;

-- all models; their numbers are looked at, and must not change by themselves
SELECT model, (m).model AS used, round((m).alpha::numeric, 2) AS alpha, round((m).beta::numeric, 2) AS beta,
	round((m).gamma::numeric, 2) AS gamma, round((m).phi::numeric, 2) AS phi, round((m).sigma::numeric, 2) AS sigma,
	round((m).aicc) AS aicc, round((m).mase::numeric, 2) AS mase, (m).note
FROM (SELECT model, i, kpi.forecast_model(air, model) AS m FROM s, unnest('{auto, naive, seasonal_naive, drift, mean,
	simple, holt, damped, seasonal_additive, seasonal_multiplicative, damped_additive, damped_multiplicative,
	holt_winters_additive, holt_winters_multiplicative, theta}'::text[]) WITH ORDINALITY AS w (model, i)) AS x
ORDER BY i;
SELECT model, round(f.forecast) AS forecast, round(low) AS low, round(high) AS high, round(inner_low) AS inner_low,
	round(inner_high) AS inner_high
FROM s, unnest('{naive, seasonal_naive, drift, mean, damped, damped_additive, damped_multiplicative, theta}'::text[])
	WITH ORDINALITY AS w (model, i), kpi.forecast(air, 14, model) AS f WHERE step IN (1, 14) ORDER BY i, step;
-- the plain intervals by their formulas
SELECT model, bool_and(abs(f.high - f.forecast - 1.959963984540054 * sqrt(v)) < 1e-9) AS same, count(*)
FROM s, (SELECT avg((v - before) ^ 2) AS naive, avg((v - season) ^ 2) AS seasonal, max(slope) AS slope,
		sum((v - before - slope) ^ 2) / 142 AS drift, var_samp(v) AS spread
	FROM (SELECT v, lag(v) OVER w AS before, lag(v, 12) OVER w AS season, 320 / 143.0 AS slope FROM air
		WINDOW w AS (ORDER BY i)) AS y) AS z,
	unnest('{naive, seasonal_naive, drift, mean}'::text[]) AS model, kpi.forecast(air, 30, model) AS f,
	LATERAL (SELECT CASE model WHEN 'naive' THEN naive * step WHEN 'drift' THEN drift * step * (1 + step / 143.0)
		WHEN 'mean' THEN spread * (1 + 1 / 144.0) ELSE seasonal * ((step - 1) / 12 + 1) END AS v) AS l
GROUP BY model ORDER BY model;

-- what is not there: values, a season, positive numbers
CREATE FUNCTION pg_temp.months(v float8[]) RETURNS kpi.series LANGUAGE sql AS $$
	SELECT kpi.series((date '2024-01-01' + (i - 1) * interval '1 month')::date, v[i])
	FROM generate_subscripts(v, 1) AS i $$;
SELECT what, f.period, f.forecast::numeric(8, 3), f.low::numeric(8, 3), f.model_used, f.mase::numeric(6, 3), f.note
FROM (VALUES ('one value', '{7}'::float8[]), ('two', '{7, 9}'), ('four', '{7, 9, 8, 9.5}'),
	('equal', '{3, 3, 3, 3}'), ('zeros', '{0, 0, 0, 0, 0, 0}'), ('line', '{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}'),
	('gaps', '{NULL, 5, 6, NULL, 5, 7, 6, 5, NULL, 6, NULL, NULL}')) AS x (what, v),
	kpi.forecast(pg_temp.months(v), 1) AS f;
SELECT count(*) FROM kpi.forecast(pg_temp.months('{NULL, NULL}'), 2);
SELECT count(*) FROM kpi.forecast(NULL, 2);
SELECT kpi.forecast_model(pg_temp.months('{NULL, NULL}')), kpi.forecast_model(NULL);
SELECT f.period, f.forecast, f.model_used, f.note
FROM kpi.forecast(pg_temp.months('{5, 7, 6, 5.5, 8, 7, 6, 9}'), 1, 'holt_winters_multiplicative') AS f;
-- so few values have no trend and no season, whatever is asked for
SELECT model, f.model_used, round(f.forecast::numeric, 3) AS forecast, f.note
FROM unnest('{holt,damped,damped_additive,holt_winters_multiplicative,theta,drift}'::text[]) AS model,
	kpi.forecast(pg_temp.months('{7, 10, 11, 12}'), 1, model, seasonality => 2) AS f ORDER BY model;
SELECT f.model_used, f.note FROM (SELECT kpi.series(i, i * i % 7) AS s FROM generate_series(2000, 2020) AS i) AS x,
	kpi.forecast(s, 0, 1, 'seasonal_additive') AS f;
-- a season without noise is forecast as it is, and nothing is noted: what is left of rounding is no loss
SELECT max(abs(f.forecast - (10 + (f.step - 1) % 12) / 200.0)) < 1e-12 AS right, count(f.note) AS notes
FROM (SELECT kpi.series((date '2020-01-01' + i * interval '1 month')::date, (10 + i % 12) / 200.0::float8) AS s
	FROM generate_series(0, 35) AS i) AS x,
	unnest('{auto,seasonal_additive,seasonal_multiplicative,holt_winters_additive}'::text[]) AS model,
	kpi.forecast(s, 13, model) AS f;
-- a strong season is forecast though the AICc of two and a half years counts each month of it
SELECT f.model_used, bool_and(abs(f.forecast - (210 + 80 * sin((29 + f.step) * pi() / 6))) < 20) AS near
FROM (SELECT kpi.series((date '2021-01-01' + i * interval '1 month')::date,
		210 + 80 * sin(i * pi() / 6) + i * 7919 % 13) AS s FROM generate_series(0, 29) AS i) AS x, kpi.forecast(s, 6) AS f
GROUP BY f.model_used;
-- a season that never changes is forecast by the last one
SELECT f.forecast::numeric(8, 6), f.low::numeric(8, 6), f.model_used, f.mase
FROM (SELECT array_agg((i % 4) * 10 + 3.0 ORDER BY i) AS v FROM generate_series(0, 39) AS i) AS x,
	kpi.forecast(pg_temp.months(v), 3, seasonality => 4) AS f;
SELECT (m).model, (m).mase, (m).note
FROM (SELECT kpi.forecast_model(pg_temp.months(array_agg((i % 4) * 10 + 3.0 ORDER BY i)), 'holt', 4) AS m
	FROM generate_series(0, 39) AS i) AS x;
-- the order of the rows does not matter
SELECT count(DISTINCT (f.forecast, f.low)) FROM (SELECT kpi.series(month, v ORDER BY o) AS s
	FROM (SELECT month, v, k, hashfloat8(v * k + i) AS o FROM air, generate_series(1, 3) AS k) AS y GROUP BY k) AS x,
	kpi.forecast(s, 1) AS f;
-- a step that is not of dates
SELECT f.period, f.step, f.forecast FROM (SELECT kpi.series(y, v) AS s
	FROM (VALUES (2020, 5), (2021, 6), (2022, 7)) AS x (y, v)) AS z, kpi.forecast(s, NULL::integer, 2, 'drift') AS f;

SELECT kpi.forecast(air, 0) FROM s;
SELECT kpi.forecast(air, 10001) FROM s;
SELECT kpi.forecast(air, 2, 'arima') FROM s;
SELECT kpi.forecast(air, 2, level => '{0.5, 1}') FROM s;
SELECT kpi.forecast(air, 2, level => '{0.5, 0.6, 0.7}') FROM s;
SELECT kpi.forecast(air, 2, seasonality => 1.5) FROM s;
SELECT kpi.forecast(air, 2, 'damped_multiplicative') FROM (SELECT s.air OPERATOR(kpi.-) 104 AS air FROM s) AS x;
SELECT kpi.holt_winters(air, 2, 0.3) FROM s;
SELECT kpi.holt_winters(air, 2, 0.3, 1.2, 0.1) FROM s;
SELECT kpi.holt_winters(air, 2, seasonal => 'none') FROM s;
SELECT kpi.holt_winters(pg_temp.months('{5, 7, 6, 5.5, 8, 7, 6, 9}'), 1);
SELECT kpi.holt_winters(pg_temp.months('{5, 7, 6, 0, 8, 7, 6, 9}'), 1, seasonal => 'multiplicative', seasonality => 3);
SELECT kpi.holt_winters(pg_temp.months('{5, 7, 6, 0, 8, 7, 6, 9}'), 1, seasonality => 1);

-- backtest: three origins, the last one leaves the horizon
SELECT f.period, fold, step, actual, model_used, scale::numeric(8, 4), abs(f.forecast - actual) < 3 * scale AS near
FROM s, kpi.backtest(air, 2) AS f;
SELECT max(abs(b.forecast - f.forecast)) < 1e-9 AS same FROM s, kpi.backtest(air, 2, 'theta', 1) AS b,
	(SELECT kpi.series(month, v) AS short FROM air WHERE i <= 142) AS x, kpi.forecast(short, 2, 'theta') AS f
WHERE f.step = b.step;
SELECT count(*) FROM s, kpi.backtest(air, 130, folds => 2);
SELECT count(*), count(DISTINCT fold) FROM s, kpi.backtest(air, 119, 'seasonal_naive', folds => 4);
SELECT kpi.backtest(air, 2, folds => 0) FROM s;
