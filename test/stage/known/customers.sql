-- Customers, some of them alike and some not known; fits have the same states, but
-- would take minutes.
INSERT INTO harness.column_rule VALUES
	('^clv_(covariate_)?customers$', 'frequency', 'float8',
		$$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN harness.h(i, g, 1) % 5 END)::float8$$),
	('^clv_(covariate_)?customers$', 'recency', 'float8',
		$$(CASE WHEN harness.h(i, g, 1) % 5 = 0 THEN 0
			ELSE (10 + harness.h(i, g, 3) % 40) * (1 + harness.h(i, g, 2) % 16) / 16.0 END)::float8$$),
	('^clv_(covariate_)?customers$', 't', 'float8', $$(10 + harness.h(i, g, 3) % 40)::float8$$),
	('^clv_sbg_fit$', 'periods', 'float8',
		$$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN 1 + harness.h(i, g, 1) % 12 END)::float8$$);

-- Many of them, to be fitted.
INSERT INTO harness.large_column VALUES
	('^clv_', 'frequency', 'harness.h(i, 0, 1) % 12'),
	('^clv_bgbb', 't', '20 + harness.h(i, 0, 2) % 200'),
	('^clv_(?!bgbb)', 't', '20 + harness.h(i, 0, 2) % 20000 / 100.0'),
	('^clv_', 'recency', 'least(harness.h(i, 0, 1) % 12, 1) * (12 + harness.h(i, 0, 3) % 8)'),
	('^clv_', 'monetary_value', '(1 + harness.h(i, 0, 4) % 100000 / 100.0)'),
	('^clv_', 'transaction', 'ARRAY[harness.h(i, 0, 5) % 1000 / 1000.0, harness.h(i, 0, 6) % 2]'),
	('^clv_', 'lifetime', 'ARRAY[harness.h(i, 0, 7) % 1000 / 1000.0]'),
	('^clv_', 'weight', '(1 + i % 3)'),
	('^clv_', 'penalty', '0.01'),
	('^clv_', 'future_t', '10'),
	('^clv_', 'discount_rate', '0.1'),
	('^clv_', 'period_length', '1'),
	('^clv_', 'confidence', '0.9'),
	('^clv_.*_interval$', 'periods', '12'),
	('^clv_sbg_fit$', 'periods', '(1 + harness.h(i, 0, 1) % 1000)'),
	('^clv_sbg_fit$', 'churned', '(harness.h(i, 0, 2) % 2 = 0)');

-- Groups of up to 29 of them, with and without covariates.
INSERT INTO harness.form
SELECT 'kpi.customer_state'::regtype, 'customers', g,
	CASE WHEN g % 4 = 0 THEN replace(form, ' - ', ' 0.5 ') ELSE form END
FROM (SELECT g, kpi.clv_customers(f, CASE WHEN f > 0 THEN r ELSE 0 END, r + 1.5, w)::text AS form
	  FROM generate_series(1, 30) AS g, generate_series(1, 1 + g * g / 32) AS i,
		LATERAL (SELECT (harness.h(i, g, 1) % 5)::float8 AS f, harness.h(i, g, 2) % 400 / 7.0 AS r,
			1 + harness.h(i, g, 3) % 3 / 2.0 AS w) AS x GROUP BY g) AS y;
INSERT INTO harness.form
SELECT 'kpi_internal.pair_state'::regtype, 'customers', g,
	concat_ws(' ', 1, count(*), string_agg(concat_ws(' ', f, m, w), ' ' ORDER BY f, m, w))
FROM generate_series(1, 30) AS g, generate_series(1, 1 + g * g / 32) AS i,
	LATERAL (SELECT harness.h(i, g, 1) % 5 AS f, harness.h(i, g, 2) % 400 / 7.0::float8 AS m,
		1 + harness.h(i, g, 3) % 3 / 2.0::float8 AS w) AS x GROUP BY g;
-- Only states with the same numbers of covariates stand together.
INSERT INTO harness.form
SELECT 'kpi.covariate_state'::regtype, format('customers with %s and %s', g % 4, g / 4 % 4),
	row_number() OVER (PARTITION BY g % 4, g / 4 % 4 ORDER BY g),
	kpi.clv_customers(f, CASE WHEN f > 0 THEN r ELSE 0 END, r + 1.5,
		ARRAY(SELECT harness.h(i, k, 4) % 100 / 8.0 FROM generate_series(1, g % 4) AS k),
		ARRAY(SELECT harness.h(i, k, 5) % 2 FROM generate_series(1, g / 4 % 4) AS k), w)::text
FROM generate_series(1, 62) AS g, generate_series(1, 1 + g * g / 160) AS i,
	LATERAL (SELECT (harness.h(i, g, 1) % 5)::float8 AS f, harness.h(i, g, 2) % 400 / 7.0 AS r,
		1 + harness.h(i, g, 3) % 3 / 2.0 AS w) AS x GROUP BY g;
-- Customers whose fit takes the parameters very far.
INSERT INTO harness.argument_rule
SELECT '^clv_.*_covariate_fit$', 'customers', 'kpi.covariate_state', format('%L::kpi.covariate_state',
	'1 2 2 3 25 20.3125 1 2.09 0 6.42 0 56217.4 29 0 0 0.92 1 0 1 914.484 45 2.8125 4 7.37 1 3.23 1 20.8947');
