SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET client_min_messages = warning;
CREATE SCHEMA shop;
-- forty customers, each with its own rhythm; every third stops after a while
CREATE TABLE shop.purchase AS
SELECT n AS customer, (date '2023-01-02' + n % 60 + k * (5 + n % 23)) AS bought, 10 + (n * 7 + k * 3) % 40 AS amount
FROM generate_series(1, 40) n, generate_series(0, 80) k
WHERE n % 60 + k * (5 + n % 23) < CASE WHEN n % 3 = 0 THEN 150 ELSE 450 END AND (n % 4 > 0 OR k = 0);

SELECT * FROM kpi.clv_split('shop.purchase', 'customer', 'bought', 'amount', '2023-10-31', '2024-02-29', '1 day')
ORDER BY customer::integer LIMIT 8;
SELECT customer, monetary_value, holdout_value FROM kpi.clv_split('shop.purchase', 'customer', 'bought', NULL,
	'2023-10-31', '2024-02-29') ORDER BY customer::integer LIMIT 2;
SELECT part, class, customers, actual, round(expected::numeric, 2) AS expected,
	round(error::numeric, 3) AS error, warning
FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', '2024-02-29') WHERE part <> 'week';
SELECT class, customers, actual FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-04-30',
	'2023-06-01') WHERE part = 'week';

SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', '2023-10-31');
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', 'infinity');
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', NULL);
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', '2024-02-29', '1 month');
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', '2024-02-29', '12 hours');
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', '2024-02-29', model => 'pareto');
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'bought', '2023-10-31', '2024-02-29', model => NULL);
SELECT * FROM kpi.clv_split('shop.purchase', 'customer', NULL, 'amount', '2023-10-31', '2024-02-29');
SELECT * FROM kpi.clv_split('shop.purchase', 'costumer', 'bought', 'amount', '2023-10-31', '2024-02-29');
SELECT * FROM kpi.clv_split('shop.purchase', 'customer', '', 'amount', '2023-10-31', '2024-02-29');
SELECT * FROM kpi.clv_split('shop.purchase', 'customer', 'amount', NULL, '2023-10-31', '2024-02-29');
SELECT * FROM kpi.clv_split('shop.purchase', 'customer', 'bought', 'bought', '2023-10-31', '2024-02-29');
SELECT * FROM kpi.clv_validate('shop.purchase', 'customer', 'when', '2023-10-31', '2024-02-29');

-- intervals
SELECT round((i).estimate::numeric, 4) AS estimate, round((i).se::numeric, 4) AS se,
	round((i).lower::numeric, 4) AS lower, round((i).upper::numeric, 4) AS upper
FROM (SELECT kpi.clv_expected_purchases_interval(ROW(0.24259, 4.41353, 0.79289, 2.42575, NULL, NULL, NULL, NULL,
	'converged', NULL,
		'{{1.6e-4,3.7e-3,0,0},{3.7e-3,0.14,0,0},{0,0,0.034,0.12},{0,0,0.12,0.5}}')::kpi.bgnbd_model, 39, 2, 30.43,
		38.86, 0.95) AS i) s;
SELECT kpi.clv_expected_purchases_interval(ROW(0.24259, 4.41353, 0.79289, 2.42575, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.bgnbd_model, 39, 2, 30.43, 38.86, 1);
SELECT kpi.clv_expected_purchases_interval(ROW(0.24259, 4.41353, 0.79289, 2.42575, NULL, NULL, NULL, NULL, NULL, NULL,
	'{{1,2},{3,4}}')::kpi.bgnbd_model, 39, 2, 30.43, 38.86, 0.95);
SELECT kpi.clv_expected_purchases_interval(ROW(0.24259 + n, 4.41353, 0.79289, 2.42575, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL)::kpi.bgnbd_model, 39, 2, 30.43, 38.86, 0.95) FROM generate_series(0, 1) n;
SELECT kpi_internal.interval_final('{1,2,3}');

DROP SCHEMA shop CASCADE;
