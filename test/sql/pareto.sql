-- a fit of made-up customers: parameters, errors, status
CREATE TEMP TABLE customer AS
SELECT x, CASE WHEN x = 0 THEN 0 ELSE ceil((x - w) / rate) END AS recency, t, 1 + i % 3 AS n
FROM generate_series(1, 400) i,
	LATERAL (SELECT -ln(1 - (i * 0.6180339887 % 1)::float8) / 12 AS rate,
		15 * ((1 - (i * 0.7548776662 % 1)::float8) ^ -1.2 - 1) AS stays,
		(i * 0.5698402910 % 1)::float8 AS w, (26 + i % 27)::float8 AS t) q,
	LATERAL (SELECT floor(rate * least(stays, t - 1) + w) AS x) p;
CREATE TEMP TABLE fitted AS
SELECT 'plain' AS kind, kpi.clv_pareto_nbd_fit(x, recency, t) AS m FROM customer
UNION ALL SELECT 'weights', kpi.clv_pareto_nbd_fit(x, recency, t, n) FROM customer
UNION ALL SELECT 'penalty', kpi.clv_pareto_nbd_fit(x, recency, t, 1, 0.1) FROM customer
UNION ALL SELECT 'stored', kpi.clv_pareto_nbd_fit(kpi.clv_customers(x, recency, t)) FROM customer
UNION ALL SELECT 'stored, penalty', kpi.clv_pareto_nbd_fit(kpi.clv_customers(x, recency, t), 0.1) FROM customer;
SELECT kind, round((m).r::numeric, 4) AS r, round((m).alpha::numeric, 3) AS alpha, round((m).s::numeric, 3) AS s,
	round((m).beta::numeric, 1) AS beta,
	round((m).log_likelihood::numeric, 5) AS log_likelihood, (m).n_customers, (m).n_patterns, (m).status
FROM fitted;
SELECT round(e::numeric, 2) AS se FROM fitted, unnest((m).se) e WHERE kind = 'plain';

-- answers
SELECT x, recency, t, round(kpi.clv_p_alive(m, x, recency, t)::numeric, 8) AS p_alive,
	round(kpi.clv_expected_purchases(m, 10, x, recency, t)::numeric, 8) AS purchases,
	round(kpi.clv_dert(m, 0.01, x, recency, t)::numeric, 7) AS dert,
	round(kpi.clv_discounted(m, 12, 4, 0.01, x, recency, t)::numeric, 8) AS discounted,
	round(kpi.clv_log_likelihood(m, x, recency, t)::numeric, 8) AS log_likelihood
FROM (SELECT ROW(0.55, 10.6, 0.61, 11.7, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model AS m) q,
	(VALUES (0, 0, 0), (0, 0, 39), (2, 30.5, 39), (2, 39, 39), (29, 3, 39)) v(x, recency, t);
SELECT n, round(kpi.clv_purchase_probability(m, n, 39)::numeric, 8) AS probability,
	round(kpi.clv_purchase_probability(m, n, 0)::numeric, 8) AS at_once,
	round(kpi.clv_expected_purchases(m, n)::numeric, 8) AS purchases
FROM (SELECT ROW(0.55, 10.6, 0.61, 11.7, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model AS m) q,
	generate_series(0, 5) n;
SELECT round(kpi.clv_dert(ROW(.24, 4.4, .79, 2.43, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model, 0.01,
	2, 30.5, 39)::numeric, 7) AS bgnbd,
	round(kpi.clv_dert(ROW(.52, 6.2, .89, 1.61, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.mbgnbd_model, 0.01, 2,
		30.5, 39)::numeric, 7) AS mbgnbd,
	round(kpi.clv_dert(ROW(.24, 4.4, 1.79, 2.43, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model, 0, 2,
		30.5, 39)::numeric, 7) AS without_discount;
SELECT round(kpi.clv_discounted(m, g, 12, 4, 0.01, 2, 30.5, 39, 22.35)::numeric, 6) AS bought_again,
	round(kpi.clv_discounted(m, g, 12, 4, 0.01, 0, 0, 39, NULL)::numeric, 6) AS once,
	kpi.clv_discounted(m, g, 12, 4, 0.01, 2, 30.5, 39, NULL) AS unknown,
	kpi.clv_discounted(m, g, 12, 4, NULL, 2, 30.5, 39, 20) AS no_rate
FROM (SELECT ROW(0.55, 10.6, 0.61, 11.7, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model AS m,
	ROW(6.25, 3.74, 15.45, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.gamma_gamma_model AS g) q;

-- NULL, NaN and models without parameters; sums without a limit
SELECT kpi.clv_pareto_nbd_fit(x, recency, t) IS NULL AS no_rows FROM customer WHERE false;
SELECT (m).r, (m).log_likelihood, (m).n_customers, (m).n_patterns, (m).iterations, (m).status, (m).se,
	kpi.clv_p_alive(m, 1, 1, 2) AS p_alive, kpi.clv_expected_purchases(m, 1) AS purchases
FROM (SELECT kpi.clv_pareto_nbd_fit(x, 0, 5) AS m FROM (VALUES (0), (0), (NULL)) v(x)) q;
SELECT kpi.clv_p_alive(m, 1, NULL, 2) AS is_null, kpi.clv_p_alive(m, 1, 'NaN', 2) AS nan,
	kpi.clv_expected_purchases(m, 3, 1, 1, 'infinity') AS infinite,
	kpi.clv_dert(m, 0, 1, 1, 2) AS no_limit, kpi.clv_purchase_probability(m, NULL, 2) AS no_number
FROM (SELECT ROW(0.55, 10.6, 0.61, 11.7, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model AS m) q;

-- wrong arguments
\set model 'ROW(0.55, 10.6, 0.61, 11.7, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model'
SELECT kpi.clv_p_alive(:model, 1, 3, 2);
SELECT kpi.clv_p_alive(:model, 1.5, 1, 2);
SELECT kpi.clv_p_alive(:model, 0, 1, 2);
SELECT kpi.clv_p_alive(ROW(0.55, -1, 0.61, 11.7, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model, 1,
	1, 2);
SELECT kpi.clv_expected_purchases(:model, -1);
SELECT kpi.clv_expected_purchases(:model, 'infinity', 1, 1, 2);
SELECT kpi.clv_purchase_probability(:model, -1, 2);
SELECT kpi.clv_dert(:model, -0.1, 1, 1, 2);
SELECT kpi.clv_discounted(:model, 12, 0, 0.01, 1, 1, 2);
SELECT kpi.clv_pareto_nbd_fit(1, 3, 2);
SELECT kpi.clv_pareto_nbd_fit(1, 1, 2, -1);
SELECT kpi.clv_pareto_nbd_fit(1, 1, 2, 1, -1);
