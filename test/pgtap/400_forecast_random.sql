-- Forecasts of series drawn by chance, whose law is known.
-- share: 8
BEGIN;
\ir lib.sql
SELECT plan(12);

-- a standard normal number (Box and Muller)
CREATE FUNCTION normal(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN sqrt(-2 * ln(uniform(n, k))) * cos(2 * pi() * uniform(n, k + 1000));

-- of each law 60 series of 84 months and the 12 that follow: a level that wanders, with and without a season
CREATE TEMP TABLE path AS
SELECT law, id, i, (date '2015-01-01' + (i - 1) * interval '1 month')::date AS month,
	200 + sum(0.4 * e) OVER w + 0.6 * e + CASE law WHEN 'season' THEN 15 * sin(i * pi() / 6) ELSE 0 END AS v
FROM (SELECT law, id, i, 3 * normal(id + CASE law WHEN 'season' THEN 100 ELSE 0 END, i) AS e
	FROM unnest('{level, season}'::text[]) AS law, generate_series(1, 60) AS id, generate_series(1, 96) AS i) AS x
WINDOW w AS (PARTITION BY law, id ORDER BY i);
CREATE TEMP TABLE known AS SELECT law, id, kpi.series(month, v) AS s FROM path WHERE i <= 84 GROUP BY law, id;
CREATE TEMP TABLE made AS
WITH f AS MATERIALIZED (
	SELECT law, id, wanted, f.* FROM known AS k, unnest('{auto, theta}'::text[]) AS wanted,
		kpi.forecast(s, 12, wanted, seasonality => CASE law WHEN 'season' THEN 12 ELSE 1 END) AS f)
SELECT f.*, p.v FROM f JOIN path AS p ON (p.law, p.id, p.month) = (f.law, f.id, f.period);
ANALYZE made, path;

SELECT is(count(*), 2880::bigint, 'each series has its forecasts') FROM made;
-- the law is simple smoothing with weight 0.4
SELECT cmp_ok(count(*) FILTER (WHERE model_used = 'simple') * 1.0 / count(*), '>', 0.75,
	'a level that wanders is smoothed without a trend') FROM made WHERE law = 'level' AND wanted = 'auto' AND step = 1;
SELECT cmp_ok(count(*) FILTER (WHERE model_used LIKE '%additive' OR model_used LIKE '%multiplicative') * 1.0
	/ count(*), '>=', 0.95, 'a season is seen') FROM made WHERE law = 'season' AND wanted = 'auto' AND step = 1;
SELECT cmp_ok(abs(avg((m).alpha) - 0.4), '<', 0.06::float8, 'and its weight is found')
FROM (SELECT kpi.forecast_model(s, 'simple', 1) AS m FROM known WHERE law = 'level') AS x;
-- intervals hold what they say
SELECT cmp_ok(avg((v BETWEEN low AND high)::integer), '>', 0.90, '95 % intervals hold nearly so many values')
FROM made WHERE wanted = 'auto';
SELECT cmp_ok(avg((v BETWEEN inner_low AND inner_high)::integer), '>', 0.74, 'and those of 80 %')
FROM made WHERE wanted = 'auto';
SELECT cmp_ok(avg((v BETWEEN inner_low AND inner_high)::integer), '<', 0.86, 'and not more')
FROM made WHERE wanted = 'auto';
-- forecasts beat the yardstick
SELECT cmp_ok(kpi.mase(v, forecast, scale), '<', 0.9::float8,
	'seasonal series are forecast better than by the last season')
FROM made AS m, LATERAL (SELECT avg(abs(a.v - b.v)) AS scale FROM path AS a JOIN path AS b
	ON (a.law, a.id, a.i) = (b.law, b.id, b.i + 12) WHERE (a.law, a.id) = (m.law, m.id) AND a.i <= 84) AS n
WHERE m.law = 'season' AND wanted = 'auto';
SELECT is_empty($$
	SELECT * FROM made WHERE mase > 1.3 OR mase IS NULL OR note LIKE '%loses%' AND model_used !~ 'naive'
$$, 'what loses to the yardstick gives way');

-- other units of measure and another zero change nothing else
CREATE TEMP TABLE moved AS SELECT k.law, k.id, model, f.step, f.forecast, f.high, g.forecast AS scaled,
	g.high AS scaled_high, h.forecast AS far, h.high AS far_high
FROM known AS k, unnest('{simple, damped, damped_additive, holt_winters_additive, drift}'::text[]) AS model,
	kpi.forecast(s, 1, model) AS f, kpi.forecast(s OPERATOR(kpi.*) 1024, 1, model) AS g,
	kpi.forecast(s OPERATOR(kpi.+) 1e9, 1, model) AS h
WHERE k.id <= 5;
SELECT is_empty($$
	SELECT * FROM moved WHERE abs(scaled / 1024 - forecast) > 1e-2 OR abs(scaled_high / 1024 - high) > 1e-2
$$, 'in other units the forecast is the same');
SELECT is_empty($$ SELECT * FROM moved WHERE abs(far - 1e9 - forecast) > 0.5 OR abs(far_high - 1e9 - high) > 1 $$,
	'and it is so far from zero');
-- the same rows in another order, in parts, and again
SELECT is_empty($$
	SELECT * FROM (SELECT kpi.rollup(part) AS s, id FROM (SELECT id, kpi.series(month, v ORDER BY i DESC) AS part
		FROM path WHERE law = 'season' AND i <= 84 GROUP BY id, i % 3) AS x GROUP BY id) AS y JOIN known AS k USING (id),
		kpi.forecast(y.s, 1) AS f, kpi.forecast(k.s, 1) AS g
	WHERE k.law = 'season' AND id <= 10 AND f IS DISTINCT FROM g
$$, 'a series has one forecast');

SELECT * FROM finish();
ROLLBACK;
