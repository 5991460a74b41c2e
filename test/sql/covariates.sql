-- a fit with covariates of made-up customers
CREATE TEMP TABLE customer AS
SELECT x, CASE WHEN x = 0 THEN 0 ELSE ceil((x - w) / rate) END AS recency, t, i % 2 AS shop, i / 100 AS year,
	1 + i % 3 AS n
FROM generate_series(1, 400) i,
	LATERAL (SELECT -ln(1 - (i * 0.6180339887 % 1)::float8) / (12 - 5 * (i % 2)) AS rate,
		15 * ((1 - (i * 0.7548776662 % 1)::float8) ^ -1.2 - 1) AS stays,
		(i * 0.5698402910 % 1)::float8 AS w, (26 + i % 27)::float8 AS t) q,
	LATERAL (SELECT floor(rate * least(stays, t - 1) + w) AS x) p;
CREATE TEMP TABLE fitted AS
SELECT 'plain' AS kind, kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[shop], ARRAY[shop, year]) AS m
FROM customer
UNION ALL SELECT 'weights', kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[shop], ARRAY[shop, year], n)
FROM customer
UNION ALL SELECT 'stored',
	kpi.clv_pareto_nbd_covariate_fit(kpi.clv_customers(x, recency, t, ARRAY[shop], ARRAY[shop, year], 1))
FROM customer;
SELECT kind, round((m).r::numeric, 4) AS r, round((m).alpha::numeric, 3) AS alpha, round((m).s::numeric, 3) AS s,
	round((m).beta::numeric, 1) AS beta,
	round((m).transaction[1]::numeric, 4) AS shop_buys, round((m).lifetime[1]::numeric, 4) AS shop_leaves,
	round((m).lifetime[2]::numeric, 4) AS year_leaves,
	round((m).log_likelihood::numeric, 5) AS log_likelihood, (m).n_customers, (m).n_patterns, (m).status
FROM fitted;
SELECT round(e::numeric, 2) AS se FROM fitted, unnest((m).se) e WHERE kind = 'plain';
SELECT array_dims((m).cov) FROM fitted WHERE kind = 'plain';

-- the model of customers with given covariates
CREATE TEMP TABLE given AS
SELECT ROW(2, 20, 1, 40, '{0.7}', '{0.4, 0}', NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.pareto_nbd_covariate_model AS p,
	ROW(2, 20, 1, 3, '{0.7}', '{0.4, 0}', NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_covariate_model AS g;
SELECT kpi.clv_customer_model(p, '{0}', '{0, 0}') AS pareto, kpi.clv_customer_model(g, '{0}', '{0, 0}') AS bgnbd
FROM given;
SELECT round(alpha::numeric, 8) AS alpha, round(beta::numeric, 8) AS beta
FROM given, kpi.clv_customer_model(p, '{1}', '{2, 5}');
SELECT round(alpha::numeric, 8) AS alpha, round(a::numeric, 8) AS a, round(b::numeric, 8) AS b FROM given,
	kpi.clv_customer_model(g, '{1}', '{2, 5}');
SELECT round(kpi.clv_p_alive(kpi.clv_customer_model(p, '{1}', '{2, 5}'), 3, 10, 20)::numeric, 8) AS p_alive FROM given;

-- the state: text form, storage, merging
SELECT kpi.clv_customers(x, r, t, ARRAY[z], '{}')
FROM (VALUES (2, 5, 9, 0.5), (0, 0, 9, 1), (2, 5, 9, 0.5), (1, NULL, 9, 1), (0, 0, 3, 1)) v(x, r, t, z);
SELECT kpi.rollup(c::kpi.covariate_state) FROM (VALUES ('1 1 0 1 9 5 2 0.5 2'), ('1 1 0 2 9 5 2 0.5 0.25 9 0 0 1 1'),
	(NULL), ('1 0 0 0')) v(c);
SELECT kpi.clv_customers(1, 1, 2, '{NULL}', '{}') AS left_out,
	kpi.clv_customers(1, 1, 2, '{1}', '{}', 0) AS no_weight;

-- NULL
SELECT kpi.clv_customer_model(p, '{NULL}', '{0, 0}') AS unknown, kpi.clv_customer_model(p, NULL, '{0, 0}') AS is_null
FROM given;
SELECT kpi.clv_customer_model(kpi.clv_pareto_nbd_covariate_fit(0, 0, 5, '{1}', '{}'), '{1}', '{}') AS no_model;
SELECT (m).r, (m).transaction, (m).n_customers, (m).status, (m).se
FROM (SELECT kpi.clv_bgnbd_covariate_fit(0, 0, 5, '{1}', '{}') AS m) q;

-- wrong arguments
SELECT kpi.clv_pareto_nbd_covariate_fit(1, 3, 2, '{}', '{}');
SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, '{1, NaN}', '{}');
SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, '{}', '{{1}}');
SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, a, '{}') FROM (VALUES ('{1}'::float8[]), ('{1, 2}')) v(a);
SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, array_fill(1::float8, ARRAY[7]), array_fill(1::float8, ARRAY[6]));
SELECT kpi.clv_bgnbd_covariate_fit(1, 1, 2, '{}', '{}', -1);
SELECT kpi.clv_customer_model(p, '{1, 2}', '{0, 0}') FROM given;
SELECT '2 0 0 0'::kpi.covariate_state;
SELECT '1 1 0 1 2 3 1 0 1'::kpi.covariate_state;
SELECT '1 1 0 1 2 1'::kpi.covariate_state;
