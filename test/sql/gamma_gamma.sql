-- customers: repeat purchases and what they cost on the average
CREATE TEMP TABLE customer (frequency integer, monetary_value float8, customers integer);
INSERT INTO customer VALUES
	(1, 12, 9), (1, 20, 11), (1, 33, 8), (1, 55, 5), (1, 90, 2), (2, 18, 6), (2, 25, 7), (2, 41, 4),
	(3, 22, 5), (3, 30, 3),
	(5, 19, 4), (5, 44, 3), (9, 20, 2), (9, 33, 2), (9, 48, 1), (0, NULL, 80), (0, 0, 20), (2, NULL, 5);
CREATE TEMP TABLE fit AS SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value, customers) AS model FROM customer;
SELECT round((model).p::numeric, 6) AS p, round((model).q::numeric, 6) AS q, round((model).v::numeric, 6) AS v,
	round((model).log_likelihood::numeric, 6) AS log_likelihood, (model).n_customers, (model).n_patterns,
	(model).status FROM fit;
SELECT round(se::numeric, 4) AS se FROM fit, unnest((model).se) se;
SELECT frequency, monetary_value, round(kpi.clv_expected_average_value(model, frequency, monetary_value)::numeric,
	6) AS expected
FROM fit, (VALUES (0, NULL), (0, 99), (1, 12), (1, 90), (9, 27), (2, NULL), (NULL, 20), (1, 'NaN'::float8),
	(1, 'Infinity'), ('NaN'::float8, 1)) v (frequency, monetary_value);

-- no rows, no repeat purchases, NULL, weights of 0
SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value) FROM customer WHERE false;
SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value) FROM customer WHERE frequency = 0;
SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value, 0) FROM customer;
SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value, NULL) FROM customer;
SELECT kpi.clv_expected_average_value(kpi.clv_gamma_gamma_fit(frequency, monetary_value), 1, 20) FROM customer
WHERE frequency = 0;

-- what no customer can have
SELECT kpi.clv_gamma_gamma_fit(1, 0);
SELECT kpi.clv_gamma_gamma_fit(1, -5);
SELECT kpi.clv_gamma_gamma_fit(1, 'Infinity');
SELECT kpi.clv_gamma_gamma_fit(1.5, 10);
SELECT kpi.clv_gamma_gamma_fit(-1, 10);
SELECT kpi.clv_gamma_gamma_fit('NaN', 10);
SELECT kpi.clv_gamma_gamma_fit(1, 10, -1);
SELECT kpi.clv_expected_average_value(model, 1, 0) FROM fit;
SELECT kpi.clv_expected_average_value(model, -1, 10) FROM fit;
SELECT kpi.clv_expected_average_value(ROW(0, 3, 15, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.gamma_gamma_model,
	1, 10);

-- the state
SELECT kpi_internal.gamma_gamma_accum(kpi_internal.gamma_gamma_accum(kpi_internal.gamma_gamma_accum(NULL, 3, 20), 1,
	5.5, 2), 3, 20);
SELECT '1 2 1 5.5 2 3 20 2'::kpi_internal.pair_state;
SELECT kpi_internal.pair_state_combine('1 1 1 5.5 2', '1 2 1 5.5 1 3 20 2');
-- a sum that one number does not hold
SELECT kpi_internal.pair_state_combine('1 1 1 5.5 0.1', '1 1 1 5.5 0.2') AS parts,
	kpi_internal.pair_state_combine('1 2 1 5.5 2.7755575615628914e-17 1 5.5 0.3', '1 1 1 5.5 0.1') AS more,
	'1 2 1 5.5 1 1 5.5 2'::kpi_internal.pair_state AS merged, '1 1 -0 5.5 1'::kpi_internal.pair_state AS zero;
SELECT kpi_internal.pair_state_combine('1 1 1 5.5 1.7e308', '1 1 1 5.5 1.7e308');
SELECT kpi_internal.pair_state_combine(NULL, '1 0') AS right_one,
	kpi_internal.pair_state_combine('1 0', NULL) AS left_one;
SELECT '1 2 3 20 2 1 5.5 2'::kpi_internal.pair_state;
SELECT '1 1 1 5.5 0'::kpi_internal.pair_state;
SELECT '1 1 1 5.5'::kpi_internal.pair_state;
SELECT '2 0'::kpi_internal.pair_state;
