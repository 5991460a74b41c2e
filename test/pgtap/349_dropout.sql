-- Whether the data tell that customers leave: simulated ones that never do and
-- that do, by every model, and a year of a real shop.
-- share: 3
\set file retail/online_retail.csv.gz
\ir data.sql
BEGIN;
\ir lib.sql
SELECT no_plan();

-- customers at their own rates, half of whom have left after some time or none ever
CREATE FUNCTION simulate(half float8, seed bigint) RETURNS TABLE (id bigint, x float8, recency float8, t float8)
LANGUAGE sql AS $$
	WITH RECURSIVE customer AS (
		SELECT n, 30 + n % 40 AS t, -ln(uniform(n, 10 * seed + 1)) / 8 AS rate,
			least(30 + n % 40, half * (1 / uniform(n, 10 * seed + 2) - 1)) AS stays
		FROM generate_series(1, 1500) n
	), step AS (
		SELECT *, -1 AS k, 0::float8 AS recency, 0::float8 AS next FROM customer
		UNION ALL
		SELECT n, t, rate, stays, k + 1, next, next - ln(uniform(n, 1000 * seed + k + 1)) / rate
		FROM step WHERE next <= stays
	)
	SELECT n, max(k), max(recency), t FROM step GROUP BY n, t
$$;
CREATE TABLE stays AS SELECT *, id % 2 AS z FROM simulate('infinity', 8);
CREATE TABLE leaves AS SELECT *, id % 2 AS z FROM simulate(40, 8);

CREATE FUNCTION statuses(customers regclass) RETURNS TABLE (model text, status text) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT v.* FROM (
		SELECT (kpi.clv_bgnbd_fit(x, recency, t)).status AS bgnbd, (kpi.clv_mbgnbd_fit(x, recency,
		t)).status AS mbgnbd,
			(kpi.clv_pareto_nbd_fit(x, recency, t)).status AS pareto_nbd,
			(kpi.clv_bgnbd_covariate_fit(x, recency, t, ARRAY[z], ''{}'')).status AS bgnbd_covariate,
			(kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[z], ''{}'')).status AS pareto_nbd_covariate
		FROM %s) f, LATERAL (VALUES (''BG/NBD'', bgnbd), (''MBG/NBD'', mbgnbd), (''Pareto/NBD'', pareto_nbd),
			(''BG/NBD with a covariate'', bgnbd_covariate), (''Pareto/NBD with a covariate'',
			pareto_nbd_covariate)) v', customers);
END $$;
SELECT is(status, 'dropout_not_identified', model || ': nobody leaves') FROM statuses('stays');
SELECT is(status, 'converged', model || ': half of the customers leave') FROM statuses('leaves');

-- the rule, from the parameters and their covariance: leaving against its standard error
CREATE TABLE judged AS
SELECT name, (b).status, m / sqrt(sa * sa * (b).cov[3][3] + 2 * sa * sb * (b).cov[3][4] + sb * sb * (b).cov[4][4]) AS z
FROM (SELECT 'stays' AS name, kpi.clv_bgnbd_fit(x, recency, t) AS b FROM stays
		UNION ALL SELECT 'leaves', kpi.clv_bgnbd_fit(x, recency, t) FROM leaves) f,
	LATERAL (SELECT (b).a / ((b).a + (b).b) AS m, (b).b / ((b).a + (b).b) ^ 2 AS sa,
		-(b).a / ((b).a + (b).b) ^ 2 AS sb) v;
INSERT INTO judged
SELECT name || ', Pareto/NBD', (p).status,
	m / sqrt(ss * ss * (p).cov[3][3] + 2 * ss * sb * (p).cov[3][4] + sb * sb * (p).cov[4][4])
FROM (SELECT 'stays' AS name, max(t) AS last, kpi.clv_pareto_nbd_fit(x, recency, t) AS p FROM stays
		UNION ALL SELECT 'leaves', max(t), kpi.clv_pareto_nbd_fit(x, recency, t) FROM leaves) f,
	LATERAL (SELECT (p).s * ln(1 + last / (p).beta) AS m, ln(1 + last / (p).beta) AS ss,
		-(p).s / (p).beta * last / ((p).beta + last) AS sb) v;
SELECT is(status, CASE WHEN z > 1.6448536 THEN 'converged' ELSE 'dropout_not_identified' END,
	name || ': ' || round(z::numeric, 2))
FROM judged;

-- a fit that does not tell who leaves has its errors and its answers
SELECT ok((b).se IS NOT NULL AND (b).cov IS NOT NULL AND (b).r > 0 AND kpi.clv_expected_purchases(b, 10, 2, 20, 40) > 0
	AND kpi.clv_p_alive(b, 2, 30, 40) > 0.9, 'it has parameters, errors and answers')
FROM (SELECT kpi.clv_bgnbd_fit(x, recency, t) AS b FROM stays) f;

-- chances to buy: nobody leaves, and one in four
CREATE TABLE donor AS
SELECT leaving, n, x, m FROM unnest('{0, 0.25}'::float8[]) leaving, generate_series(1, 1500) n,
	LATERAL (SELECT count(*) FILTER (WHERE buys) AS x, coalesce(max(k) FILTER (WHERE buys), 0) AS m
		FROM generate_series(1, 6) k,
			LATERAL (SELECT uniform(n, k) < 0.2 + 0.6 * uniform(n, 99)
				AND NOT EXISTS (SELECT FROM generate_series(1, k) j WHERE uniform(n, 50 + j) < leaving) AS buys) b) c;
SELECT is((kpi.clv_bgbb_fit(x, m, 6)).status, 'converged', 'BG/BB: one in four leaves') FROM donor WHERE leaving > 0;
SELECT ok((kpi.clv_bgbb_fit(x, m, 6)).status IN ('dropout_not_identified', 'boundary'), 'BG/BB: nobody leaves')
FROM donor WHERE leaving = 0;

\if :present
CREATE TEMP TABLE line (invoice text, stock_code text, description text, quantity integer, sold_at timestamp,
	price numeric,
	customer numeric, country text);
\copy line FROM PROGRAM 'gzip -dc "$KPI_DATA/retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE orders AS
SELECT customer::integer AS customer, sold_at::date AS ordered, sum(quantity * price) AS amount
FROM line WHERE customer IS NOT NULL AND quantity > 0 GROUP BY 1, 2 HAVING sum(quantity * price) > 0;
CREATE TEMP TABLE customer AS
SELECT customer, (kpi.rfm(ordered, amount, '2011-12-09', '7 days')).* FROM orders GROUP BY customer;
CREATE TEMP TABLE model AS SELECT kpi.clv_bgnbd_fit(frequency, recency, t) AS m FROM customer;
SELECT results_eq($$SELECT (m).status, round((m).a::numeric, 4), round((m).se[3]::numeric, 4) FROM model$$,
	$$VALUES ('dropout_not_identified', 0.0034, 0.0103)$$, 'the shop: a of 0.0034 with a standard error of 0.0103');
SELECT results_eq($$SELECT count(*), count(*) FILTER (WHERE kpi.clv_p_alive(m, frequency, recency, t) > 0.9),
		count(*) FILTER (WHERE t - recency > 26) FROM customer, model$$,
	$$VALUES (4338::bigint, 4334::bigint, 853::bigint)$$, 'so that nearly all count as alive');
SELECT is((kpi.clv_mbgnbd_fit(frequency, recency, t)).status, 'dropout_not_identified', 'the shop: MBG/NBD')
FROM customer;
SELECT matches(warning, 'the fit ended as (dropout_not_identified|boundary)', 'the shop: the validation warns')
FROM kpi.clv_validate('orders', 'customer', 'ordered', '2011-08-31', '2011-12-09') WHERE part = 'holdout';
\else
SELECT skip_without(:'file', 4);
\endif

SELECT * FROM finish();
ROLLBACK;
