-- BG/NBD and MBG/NBD: fits and answers, what is left out and what is refused
\set VERBOSITY default
SET extra_float_digits = 0;
CREATE SCHEMA shop;
SET search_path = shop;

-- purchases after the first, age at the last one, age (weeks), how many such customers
CREATE TABLE history (frequency integer, recency float8, t float8, customers integer);
INSERT INTO history VALUES
	(0, 0, 26, 433), (1, 9, 26, 166), (1, 22, 26, 42), (1, 25, 26, 44), (2, 9, 26, 44), (2, 22, 26, 19),
	(2, 25, 26, 40), (3, 9, 26, 18), (3, 22, 26, 12), (3, 25, 26, 34), (4, 9, 26, 14), (4, 22, 26, 9),
	(4, 25, 26, 31), (8, 9, 26, 8), (8, 22, 26, 2), (8, 25, 26, 31), (12, 22, 26, 1), (12, 25, 26, 5),
	(0, 0, 52, 327), (1, 9, 52, 125), (1, 22, 52, 66), (1, 35, 52, 49), (1, 48, 52, 16), (1, 51, 52, 22),
	(2, 9, 52, 53), (2, 22, 52, 30), (2, 35, 52, 30), (2, 48, 52, 11), (2, 51, 52, 19), (3, 9, 52, 19),
	(3, 22, 52, 17), (3, 35, 52, 17), (3, 48, 52, 13), (3, 51, 52, 16), (4, 9, 52, 9), (4, 22, 52, 13),
	(4, 35, 52, 21), (4, 48, 52, 13), (4, 51, 52, 26), (8, 9, 52, 5), (8, 22, 52, 12), (8, 35, 52, 12),
	(8, 48, 52, 11), (8, 51, 52, 51), (12, 22, 52, 1), (12, 35, 52, 3), (12, 48, 52, 4), (12, 51, 52, 11);

CREATE TABLE model AS
SELECT kpi.clv_bgnbd_fit(frequency, recency, t, customers) AS bg,
	kpi.clv_mbgnbd_fit(frequency, recency, t, customers) AS mbg FROM history;
SELECT round((bg).r::numeric, 6) AS r, round((bg).alpha::numeric, 5) AS alpha, round((bg).a::numeric, 5) AS a,
	round((bg).b::numeric, 4) AS b,
	round((bg).log_likelihood::numeric, 4) AS log_likelihood, (bg).n_customers, (bg).n_patterns,
	(bg).status FROM model;
SELECT i, round((bg).se[i]::numeric, 4) AS se, round((bg).cov[i][1]::numeric, 4) AS r,
	round((bg).cov[i][2]::numeric, 4) AS alpha,
	round((bg).cov[i][3]::numeric, 4) AS a, round((bg).cov[i][4]::numeric, 3) AS b FROM model, generate_series(1, 4) i;
SELECT round((mbg).r::numeric, 6) AS r, round((mbg).alpha::numeric, 5) AS alpha, round((mbg).a::numeric, 4) AS a,
	round((mbg).b::numeric, 3) AS b,
	round((mbg).log_likelihood::numeric, 4) AS log_likelihood, (mbg).n_customers, (mbg).n_patterns,
	(mbg).status FROM model;

-- answers
SELECT frequency, recency, t, round(kpi.clv_p_alive(bg, frequency, recency, t)::numeric, 6) AS alive,
	round(kpi.clv_p_alive(mbg, frequency, recency, t)::numeric, 6) AS alive_m,
	round(kpi.clv_expected_purchases(bg, 13, frequency, recency, t)::numeric, 6) AS purchases,
	round(kpi.clv_expected_purchases(mbg, 13, frequency, recency, t)::numeric, 6) AS purchases_m
FROM history, model WHERE t = 52 AND frequency IN (0, 1, 4, 12) ORDER BY frequency, recency;
SELECT round(kpi.clv_expected_purchases(bg, 52)::numeric, 6) AS purchases,
	round(kpi.clv_expected_purchases(mbg, 52)::numeric, 6) AS purchases_m,
	kpi.clv_expected_purchases(bg, 0) AS at_once FROM model;
SELECT n, round(kpi.clv_purchase_probability(bg, n, 52)::numeric, 6) AS p,
	round(kpi.clv_purchase_probability(mbg, n, 52)::numeric, 6) AS p_m
FROM model, generate_series(0, 4) n;
SELECT round(kpi.clv_discounted(bg, 12, 4, 0.01, 4, 48, 52)::numeric, 6) AS purchases,
	round(kpi.clv_discounted(bg, row(6, 4, 15, null, null, null, null, null, null, null)::kpi.gamma_gamma_model, 12,
		4, 0.01, 4, 48, 52, 30)::numeric, 4) AS value
FROM model;

-- what is left out
SELECT kpi.clv_customers(f, r, t) FROM (VALUES (1, 2, 3), (NULL, 2, 3), (1, NULL, 3), (1, 2, NULL),
	(0, -0.0::float8, 3), (0, 0, 3)) v(f, r, t);
SELECT kpi.clv_customers(f, r, t, w) FROM (VALUES (1, 2, 3, 2.5), (1, 2, 3, NULL), (1, 2, 3, 0), (2, 2, 3, 1e-3),
	(2, 2, 3, 1e15)) v(f, r, t, w);
SELECT kpi.clv_customers(1, 2, 3) FROM history WHERE false;
SELECT * FROM kpi.clv_bgnbd_fit(kpi.customer_state '1 - 0');
SELECT (kpi.clv_bgnbd_fit(0, 0, t)).* FROM generate_series(1, 3) t;
SELECT kpi.clv_p_alive(NULL::kpi.bgnbd_model, 1, 2, 3), kpi.clv_p_alive(bg, NULL, 2, 3),
	kpi.clv_p_alive(bg, 'NaN', 2, 3) FROM model;

-- a state that is stored, merged and fitted with a penalty
CREATE TABLE cohort AS SELECT t AS age, kpi.clv_customers(frequency, recency, t, customers) AS customers
FROM history GROUP BY t;
SELECT left(customers::text, 40) AS customers FROM cohort ORDER BY age;
SELECT (kpi.clv_bgnbd_fit(kpi.rollup(customers))).r = (SELECT (bg).r FROM model) AS same FROM cohort;
SELECT penalty, round((m).a::numeric, 4) AS a, round((m).b::numeric, 4) AS b, (m).status
FROM (SELECT kpi.rollup(customers) AS customers FROM cohort) s, unnest('{0,0.00001,0.001}'::float8[]) penalty,
	LATERAL kpi.clv_bgnbd_fit(customers, penalty) m;

-- what is refused
SELECT kpi.clv_bgnbd_fit(1, 9, 4);
SELECT kpi.clv_bgnbd_fit(1, 2, -4);
SELECT kpi.clv_bgnbd_fit(1.5, 2, 4);
SELECT kpi.clv_bgnbd_fit(0, 2, 4);
SELECT kpi.clv_mbgnbd_fit(1, 2, 4, -1);
SELECT kpi.clv_mbgnbd_fit(1, 2, 4, 1, 'NaN');
SELECT kpi.clv_mbgnbd_fit(1, 2, 4, 1, 0.1 * i) FROM generate_series(1, 2) i;
SELECT kpi.clv_p_alive(bg, 1, 9, 4) FROM model;
SELECT kpi.clv_p_alive(row(-1, 4, 1, 2, null, null, null, null, null, null, null)::kpi.bgnbd_model, 1, 2, 4);
SELECT kpi.clv_p_alive(row(1, 4, 1, null, null, null, null, null, null, null, null)::kpi.bgnbd_model, 1, 2, 4);
SELECT kpi.clv_expected_purchases(bg, -1) FROM model;
SELECT kpi.clv_purchase_probability(bg, -1, 1) FROM model;
SELECT kpi.clv_discounted(bg, -1, 4, 0.01, 4, 48, 52) FROM model;
SELECT kpi.clv_discounted(bg, 12, 0, 0.01, 4, 48, 52) FROM model;
SELECT kpi.clv_discounted(bg, 12, 4, -1, 4, 48, 52) FROM model;
SELECT kpi.clv_discounted(bg, row(6, 4, 15, null, null, null, null, null, null, null)::kpi.gamma_gamma_model, 12, 4,
	0.01, 4, 48, 52, -30) FROM model;
SELECT '1 - 1 1 2'::kpi.customer_state;
SELECT '1 - 1 1 9 3 1'::kpi.customer_state;
SELECT '9 - 0'::kpi.customer_state;

SET client_min_messages = warning;
DROP SCHEMA shop CASCADE;
