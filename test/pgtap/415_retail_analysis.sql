-- The page that walks from monthly values to trend, break, forecast and cause: its figures are those of the real
-- shop, and its answers those of plain SQL.
\set ON_ERROR_STOP on
\set file retail/online_retail.csv.gz
\ir data.sql
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- the tables of the page, as it makes them
\set sold `sed -n '/^CREATE TABLE sold/,/;$/p' doc/analysis.md`
\set shop `sed -n '/^CREATE TABLE shop/,/;$/p' doc/analysis.md`
:sold
:shop
SELECT is(count(*), 36::bigint, 'the page has a row for each month and area') FROM sold;

\if :present
CREATE TEMP TABLE line (invoice text, stock text, description text, quantity integer, sold_at timestamp, price numeric,
	customer text, country text);
\copy line FROM PROGRAM 'gzip -dc "$KPI_DATA/retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)
-- neither cancelled invoices nor what adjusts bad debts
SELECT set_eq('SELECT area, month, orders, items, revenue FROM sold', $$
	SELECT CASE WHEN country = 'United Kingdom' THEN 'home'
			WHEN country IN ('EIRE', 'France', 'Germany', 'Netherlands') THEN 'near' ELSE 'far' END AS area,
		CAST(date_trunc('month', sold_at) AS date), count(DISTINCT invoice)::integer, sum(quantity)::integer,
		round(sum(quantity * price))::float8
	FROM line WHERE invoice !~ '^[AC]' AND price > 0 AND sold_at < '2011-12-01' GROUP BY 1, 2
$$, 'the figures of the page are those of the shop');
SELECT is((SELECT array_agg(country::text ORDER BY revenue DESC) FROM (
	SELECT country, sum(quantity * price) AS revenue FROM line
	WHERE invoice !~ '^[AC]' AND price > 0 AND country <> 'United Kingdom' AND sold_at < '2011-12-01'
	GROUP BY country ORDER BY 2 DESC LIMIT 4) AS c), '{EIRE,Netherlands,Germany,France}',
	'near by are those that buy most');
\else
SELECT skip_without(:'file', 2);
\endif

CREATE TEMP TABLE total AS
SELECT row_number() OVER (ORDER BY month) AS i, month, sum(revenue) AS v, sum(orders) AS orders, sum(items) AS items
FROM sold GROUP BY month;
SELECT results_eq('SELECT slope FROM shop, kpi.trend(revenue)', $$
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.v - a.v) / (b.i - a.i))
	FROM total AS a JOIN total AS b ON b.i > a.i$$, 'the slope is the median of all');
SELECT results_eq('SELECT s FROM shop, kpi.mann_kendall(revenue)',
	'SELECT sum(sign(b.v - a.v)) FROM total AS a JOIN total AS b ON b.i > a.i', 'most pairs rise');
SELECT results_eq('SELECT period, "position", level_before, level_after FROM shop, kpi.change_points(revenue)', $$
	SELECT (SELECT month FROM total WHERE i = cut + 1), cut::integer, before, after FROM (
		SELECT c.i AS cut, avg(t.v) FILTER (WHERE t.i <= c.i) AS before, avg(t.v) FILTER (WHERE t.i > c.i) AS after,
			var_pop(t.v) FILTER (WHERE t.i <= c.i) * c.i + var_pop(t.v) FILTER (WHERE t.i > c.i) * (12 - c.i) AS squares
		FROM total AS c CROSS JOIN total AS t WHERE c.i BETWEEN 2 AND 10 GROUP BY c.i) AS s
	ORDER BY squares LIMIT 1$$, 'the level changes where two means leave the least');
-- smoothing by the level and weight that the model says
SELECT is_empty($$
	WITH RECURSIVE smooth (i, level) AS (
		SELECT 0::bigint, NULL::float8 UNION ALL
		SELECT t.i, CASE WHEN t.i = 1 THEN t.v ELSE s.level + m.alpha * (t.v - s.level) END
		FROM smooth AS s JOIN total AS t ON t.i = s.i + 1, shop, kpi.forecast_model(revenue) AS m)
	SELECT m.level, s.level FROM shop, kpi.forecast_model(revenue) AS m, smooth AS s
	WHERE s.i = 12 AND (m.model <> 'simple' OR abs(m.level - s.level) > 0.001 * s.level)
$$, 'the forecast is smoothed from the values');
SELECT results_eq($$
	SELECT round(f.expected), round(f.gap), f.probability > 0.5
	FROM shop, unnest('{10.5e6,11e6}'::float8[]) AS target, kpi.attainment_forecast(revenue, target,
		(SELECT sum(v) FROM total WHERE month >= '2011-01-01'), 1) AS f$$, $$
	SELECT round(y.v + forecast), round(y.v + forecast - target), y.v + forecast > target
	FROM shop, kpi.forecast(revenue, 1), (SELECT sum(v) AS v FROM total WHERE month >= '2011-01-01') AS y,
		unnest('{10.5e6,11e6}'::float8[]) AS target$$, 'the year is what there is and the forecast');
SELECT is_empty($$
	SELECT factor, contribution, want FROM (
		SELECT array_agg(v ORDER BY i) AS v, array_agg(orders::float8 ORDER BY i) AS o,
			array_agg(items / orders::float8 ORDER BY i) AS n, array_agg(v / items ORDER BY i) AS p
		FROM total WHERE i > 10) AS t,
		LATERAL kpi.lmdi(ARRAY[o[1], n[1], p[1]], ARRAY[o[2], n[2], p[2]]) AS l, LATERAL (
			SELECT (v[2] - v[1]) / ln(v[2] / v[1]) * ln(CASE factor WHEN 1 THEN o[2] / o[1] WHEN 2 THEN n[2] / n[1]
				ELSE p[2] / p[1] END) AS want) AS w
	WHERE NOT near(contribution::float8, want, 1e-9)$$, 'the parts of the change are by logarithms');
SELECT results_eq($$
	SELECT element, round(power::numeric, 9) FROM (
		SELECT array_agg('area'::text) AS d, array_agg(area) AS e, array_agg(before) AS b, array_agg(now) AS a FROM (
			SELECT area, max(revenue) FILTER (WHERE month = '2011-10-01') AS before,
				max(revenue) FILTER (WHERE month = '2011-11-01') AS now FROM sold GROUP BY area) AS s) AS s,
		kpi.adtributor(d, e, b, a) ORDER BY 1$$, $$
	SELECT area, round((sum(revenue * CASE month WHEN '2011-11-01' THEN 1 ELSE -1 END)
		/ (SELECT max(v) - min(v) FROM total WHERE i > 10))::numeric, 9)
	FROM sold WHERE month >= '2011-10-01' GROUP BY area ORDER BY 1$$, 'and areas by their share in it');

SELECT * FROM finish();
ROLLBACK;
