-- Customer lifetime value: a million simulated customers over three years, in
-- whole days and at any time, by the model that is fitted and by the other one.

SET search_path = bench;
SELECT bool_or(wanted('lifetime: ' || name)) AS any_wanted
FROM unnest(ARRAY['BG/NBD fit, whole days', 'BG/NBD fit, any time', 'memory of the BG/NBD fit, whole days',
	'memory of the BG/NBD fit, any time', 'memory of the Pareto/NBD fit, any time',
	'Pareto/NBD against BG/NBD, whole days', 'Pareto/NBD against BG/NBD, any time',
		'Pareto/NBD against BG/NBD, customers of the other model',
	'P(alive) and expected purchases', 'discounted value of 12 periods',
		'frequency and recency with money']) AS name \gset
\if :any_wanted

CREATE FUNCTION once.simulate(model text, days boolean)
	RETURNS TABLE (id bigint, frequency integer, recency float8, t float8, monetary_value float8)
LANGUAGE sql
AS $$
	SELECT id, c[1]::integer, c[2], c[3], CASE WHEN c[1] > 0 THEN 20 + (hashint8(id) & 65535) / 1000.0 END::float8
	FROM (SELECT id, bench.customer(id, model, days) AS c FROM generate_series(1, 1000000) AS id OFFSET 0) AS s
$$;
CREATE TABLE once.day AS SELECT * FROM once.simulate('bgnbd', true);
CREATE TABLE once.moment AS SELECT * FROM once.simulate('bgnbd', false);
CREATE TABLE once.pareto_day AS SELECT * FROM once.simulate('pareto', true);
CREATE TABLE once.pareto_moment AS SELECT * FROM once.simulate('pareto', false);
VACUUM (FREEZE, ANALYZE) once.day, once.moment, once.pareto_day, once.pareto_moment;
VACUUM (FREEZE) once.day, once.moment, once.pareto_day, once.pareto_moment;
CREATE TABLE once.model AS
SELECT kpi.clv_bgnbd_fit(frequency, recency, t) AS bgnbd,
	   kpi.clv_gamma_gamma_fit(frequency, monetary_value) FILTER (WHERE id % 50 = 0 AND frequency > 0) AS money
FROM once.day;

CALL compare('lifetime: BG/NBD fit, whole days',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.day', 'SELECT count(*) FROM once.day', 25, 10);
CALL compare('lifetime: BG/NBD fit, any time',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.moment', 'SELECT count(*) FROM once.moment', 25, 15);
CALL compare('lifetime: Pareto/NBD against BG/NBD, whole days',
	'SELECT kpi.clv_pareto_nbd_fit(frequency, recency, t) FROM once.pareto_day',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.pareto_day', 6, 3);
CALL compare('lifetime: Pareto/NBD against BG/NBD, any time',
	'SELECT kpi.clv_pareto_nbd_fit(frequency, recency, t) FROM once.pareto_moment',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.pareto_moment', 6, 5);
CALL compare('lifetime: Pareto/NBD against BG/NBD, customers of the other model',
	'SELECT kpi.clv_pareto_nbd_fit(frequency, recency, t) FROM once.day',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.day', 6, 3);
CALL compare('lifetime: P(alive) and expected purchases',
	'SELECT count(kpi.clv_p_alive(bgnbd, frequency, recency, t)), count(kpi.clv_expected_purchases(bgnbd, 30, frequency, '
		'recency, t)) FROM once.day, once.model',
	'SELECT count(t) FROM once.day', 20);
CALL compare('lifetime: discounted value of 12 periods',
	'SELECT count(kpi.clv_discounted(bgnbd, money, 12, 30, 0.01, frequency, recency, t, monetary_value)) FROM once.day, '
		'once.model',
	'SELECT count(t) FROM once.day', 60);

CREATE TABLE once.purchase AS
SELECT id AS customer, DATE '2023-01-01' + ((hashint8(id * 31 + n)::bigint + 2147483648) % 1095)::integer AS bought,
	5 + (id * 7 + n) % 90 + 0.5::float8 AS amount
FROM generate_series(1, 200000) AS id, generate_series(1, 3) AS n;
VACUUM (FREEZE, ANALYZE) once.purchase;
VACUUM (FREEZE) once.purchase;
CALL compare('lifetime: frequency and recency with money',
	$$SELECT count(s) FROM (SELECT kpi.rfm(bought, amount, '2025-12-31', '1 day') AS s FROM once.purchase
		GROUP BY customer) AS q$$,
	$$SELECT count(t) FROM (
		SELECT customer, count(*) - 1 AS frequency, max(bought) - min(bought) AS recency,
			DATE '2025-12-31' - min(bought) AS t,
			   (sum(amount) - min(first_amount)) / nullif(count(*) - 1, 0) AS monetary_value
		FROM (SELECT customer, bought, sum(amount) AS amount,
					 first_value(sum(amount)) OVER (PARTITION BY customer ORDER BY bought) AS first_amount
			  FROM once.purchase GROUP BY customer, bought) AS d GROUP BY customer) AS q$$,
	0.70);

\connect
SET search_path = bench;
CALL peak('lifetime: memory of the BG/NBD fit, whole days',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.day', 'SELECT count(t) FROM once.day', 67108864);
\connect
SET search_path = bench;
CALL peak('lifetime: memory of the BG/NBD fit, any time',
	'SELECT kpi.clv_bgnbd_fit(frequency, recency, t) FROM once.moment', 'SELECT count(t) FROM once.moment', 67108864);
\connect
SET search_path = bench;
CALL peak('lifetime: memory of the Pareto/NBD fit, any time',
	'SELECT kpi.clv_pareto_nbd_fit(frequency, recency, t) FROM once.moment', 'SELECT count(t) FROM once.moment',
		67108864);
DROP TABLE once.day, once.moment, once.pareto_day, once.pareto_moment, once.model, once.purchase;
DROP FUNCTION once.simulate;
\endif
