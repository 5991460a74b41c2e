-- contracts: renewals asked for, and whether the last one was declined
CREATE TEMP TABLE contract (periods integer, churned boolean, customers integer);
INSERT INTO contract VALUES (1, true, 369), (2, true, 163), (3, true, 86), (4, true, 56), (5, true, 37),
	(6, true, 27), (7, true, 21), (7, false, 241);
CREATE TEMP TABLE fit AS SELECT kpi.clv_sbg_fit(periods, churned, customers) AS model FROM contract;
SELECT round((model).alpha::numeric, 8) AS alpha, round((model).beta::numeric, 8) AS beta,
	round((model).log_likelihood::numeric, 6) AS log_likelihood, (model).n_customers, (model).n_patterns,
	(model).status FROM fit;
SELECT n, round(kpi.clv_sbg_survival(model, n)::numeric, 6) AS survival,
	CASE WHEN n > 0 THEN round(kpi.clv_sbg_retention(model, n)::numeric, 6) END AS retention,
	round(kpi.clv_sbg_derl(model, n, 0.1)::numeric, 6) AS derl
FROM fit, unnest('{0, 1, 2, 3, 7, 12, 1000000}'::int[]) n;
SELECT kpi.clv_sbg_derl(model, 1, 0) AS without_limit, kpi.clv_sbg_derl(model, NULL, 0.1) AS no_periods,
	kpi.clv_sbg_survival(NULL, 1) AS no_model FROM fit;

SELECT kpi.clv_sbg_fit(periods, churned) FROM contract WHERE false;
SELECT kpi.clv_sbg_fit(periods, churned) FROM contract WHERE NOT churned;
SELECT kpi.clv_sbg_fit(periods, NULL) FROM contract;
SELECT kpi.clv_sbg_survival(kpi.clv_sbg_fit(periods, churned), 1) FROM contract WHERE NOT churned;

SELECT kpi.clv_sbg_fit(0, true);
SELECT kpi.clv_sbg_fit(-1, false);
SELECT kpi.clv_sbg_fit(1, true, 'Infinity');
SELECT kpi.clv_sbg_survival(model, -1) FROM fit;
SELECT kpi.clv_sbg_retention(model, 0) FROM fit;
SELECT kpi.clv_sbg_derl(model, 1, -0.1) FROM fit;
SELECT kpi.clv_sbg_derl(model, 1, 'NaN') FROM fit;

-- BG/BB: chances used, the last one used, chances
CREATE TEMP TABLE donor (frequency integer, recency integer, chances integer, donors integer);
INSERT INTO donor VALUES (0, 0, 4, 240), (1, 1, 4, 90), (1, 2, 4, 24), (1, 3, 4, 17), (1, 4, 4, 25), (2, 2, 4, 37),
	(2, 3, 4, 22),
	(2, 4, 4, 33), (3, 3, 4, 41), (3, 4, 4, 58), (4, 4, 4, 113), (2, 2, 3, 10), (0, 0, 3, 30), (3, 3, 3, 25);
CREATE TEMP TABLE bgbb AS SELECT kpi.clv_bgbb_fit(frequency, recency, chances, donors) AS model FROM donor;
SELECT round((model).alpha::numeric, 6) AS alpha, round((model).beta::numeric, 6) AS beta,
	round((model).gamma::numeric, 6) AS gamma, round((model).delta::numeric, 6) AS delta,
	round((model).log_likelihood::numeric, 6) AS log_likelihood, (model).n_customers, (model).n_patterns,
	(model).status FROM bgbb;
SELECT frequency, recency, chances, round(kpi.clv_p_alive(model, frequency, recency, chances)::numeric, 6) AS p_alive,
	round(kpi.clv_expected_purchases(model, 3, frequency, recency, chances)::numeric, 6) AS next_three,
	round(kpi.clv_dert(model, 0.1, frequency, recency, chances)::numeric, 6) AS dert
FROM bgbb, donor ORDER BY chances, recency, frequency;
SELECT n, round(kpi.clv_purchase_probability(model, n, 4)::numeric, 6) AS probability FROM bgbb,
	generate_series(0, 5) n;
SELECT round(kpi.clv_expected_purchases(model, 4)::numeric, 6) AS of_four,
	kpi.clv_expected_purchases(model, 0) AS of_none FROM bgbb;
-- the fit of a stored value, and one with a penalty
SELECT (kpi.clv_bgbb_fit(kpi.clv_customers(frequency, recency, chances, donors))).log_likelihood
	= (model).log_likelihood AS same FROM donor, bgbb GROUP BY model;
SELECT (kpi.clv_bgbb_fit(frequency, recency, chances, donors, 0.1)).delta < (model).delta AS smaller FROM donor, bgbb
GROUP BY model;

SELECT kpi.clv_p_alive(model, 'NaN', 1, 4) AS nan, kpi.clv_expected_purchases(model, 'Infinity', 1, 1, 4) AS infinite,
	kpi.clv_dert(model, NULL, 1, 1, 4) AS nothing FROM bgbb;
SELECT kpi.clv_bgbb_fit(0, 0, 4);
SELECT kpi.clv_bgbb_fit(1, 1, 4.5);
SELECT kpi.clv_bgbb_fit(1, 1.5, 4);
SELECT kpi.clv_bgbb_fit(3, 2, 4);
SELECT kpi.clv_bgbb_fit(1, 5, 4);
SELECT kpi.clv_p_alive(model, 1, 0, 2000000) FROM bgbb;
SELECT kpi.clv_expected_purchases(model, 1.5, 1, 1, 4) FROM bgbb;
SELECT kpi.clv_purchase_probability(model, -1, 4) FROM bgbb;
SELECT kpi.clv_purchase_probability(model, 1, -4) FROM bgbb;
SELECT kpi.clv_dert(model, -0.1, 1, 1, 4) FROM bgbb;
