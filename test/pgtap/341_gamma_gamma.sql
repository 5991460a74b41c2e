-- Gamma-Gamma: estimates against known maxima, simulated spending, small
-- samples, any order and plan.
\set file lifetime/cdnow_customers_summary_with_transactions.csv
\ir data.sql

BEGIN;
\ir lib.sql
SELECT no_plan();

CREATE FUNCTION gamma_gamma(p float8, q float8, v float8) RETURNS kpi.gamma_gamma_model LANGUAGE sql
	RETURN ROW(p, q, v, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.gamma_gamma_model;
CREATE FUNCTION gamma_of(n bigint, first integer, shape integer) RETURNS float8 LANGUAGE sql
	RETURN (SELECT sum(-ln(uniform(n, first + k))) FROM generate_series(1, shape) k);

-- p = 5, q = 4, v = 15, a mean of 25
CREATE TABLE spender AS
	SELECT n, x AS frequency, gamma_of(n, 100, 5 * x) / (x * gamma_of(n, 0, 4) / 15) AS monetary_value
	FROM generate_series(1, 6000) n, LATERAL (SELECT floor(-2 * ln(uniform(n, 99)))::integer AS x) f;
ANALYZE spender;
CREATE TEMP TABLE fit AS SELECT model,
	(model).* FROM (SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value) AS model FROM spender) m;
SELECT is(status, 'converged', 'simulated spending has a maximum') FROM fit;
SELECT ok(abs(p - 5) < 3 * se[1] AND abs(q - 4) < 3 * se[2] AND abs(v - 15) < 3 * se[3],
	'simulated spending gives its parameters back') FROM fit;
SELECT is(n_customers, (SELECT count(*) FROM spender WHERE frequency > 0)::float8,
	'customers without a repeat purchase are not counted') FROM fit;
SELECT ok(cov[1][2] = cov[2][1] AND cov[1][3] = cov[3][1] AND cov[2][3] = cov[3][2]
	AND near(se, ARRAY[sqrt(cov[1][1]), sqrt(cov[2][2]), sqrt(cov[3][3])], 1e-15), 'the covariance is symmetric')
		FROM fit;

-- the same bits in any order, from any number of workers, with weights for rows
SELECT is(kpi.clv_gamma_gamma_fit(frequency, monetary_value ORDER BY uniform(n, 7))::text,
	(SELECT model::text FROM fit), 'in random order') FROM spender;
SELECT is(kpi.clv_gamma_gamma_fit(frequency, monetary_value, 1 + n % 3)::text,
	(SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value)::text FROM spender s, generate_series(0, s.n % 3)),
	'weights for rows') FROM spender;
SELECT is(count(DISTINCT model), 1::bigint, 'weights that are no whole numbers, in any order') FROM (
	SELECT kpi.clv_gamma_gamma_fit(frequency, round(monetary_value), (1 + n % 13) / 10.0
		ORDER BY uniform(n, sorting))::text AS model
	FROM spender, generate_series(1, 5) sorting WHERE n <= 600 GROUP BY sorting) f;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT matches(plan_of('SELECT kpi.clv_gamma_gamma_fit(frequency, monetary_value) FROM spender'), 'Partial Aggregate',
	'a parallel plan');
SELECT is(kpi.clv_gamma_gamma_fit(frequency, monetary_value)::text, (SELECT model::text FROM fit),
	'by parallel workers') FROM spender;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- money in another currency: v moves with it, nothing else
SELECT ok(near(ARRAY[c.p, c.q, c.v / 1e6], ARRAY[f.p, f.q, f.v], 1e-9), 'a million to one')
FROM fit f, (SELECT (kpi.clv_gamma_gamma_fit(frequency, monetary_value * 1e6)).* FROM spender) c;
SELECT ok(near(ARRAY[c.p, c.q, c.v * 1e6], ARRAY[f.p, f.q, f.v], 1e-9), 'and one to a million')
FROM fit f, (SELECT (kpi.clv_gamma_gamma_fit(frequency, monetary_value / 1e6)).* FROM spender) c;

-- what is expected: between what was seen and the mean of all, near the former for many purchases
SELECT ok(bool_and(value BETWEEN least(monetary_value, mean) - 1e-9 AND greatest(monetary_value, mean) + 1e-9),
	'the expected value shrinks to the mean')
FROM spender, fit, LATERAL (SELECT kpi.clv_expected_average_value(model, frequency, monetary_value) AS value,
	kpi.clv_expected_average_value(model, 0, NULL) AS mean) e WHERE frequency > 0;
SELECT ok(near(kpi.clv_expected_average_value(gamma_gamma(6.25, 3.74, 15.44), 0, NULL), 6.25 * 15.44 / 2.74, 1e-15),
	'of a new customer');
SELECT ok(near(kpi.clv_expected_average_value(gamma_gamma(6.25, 3.74, 15.44), 2, 22.35),
	6.25 * (15.44 + 2 * 22.35) / (6.25 * 2 + 2.74), 1e-15), 'of a known one');
SELECT ok(near(kpi.clv_expected_average_value(gamma_gamma(6.25, 3.74, 15.44), 1e7, 22.35), 22.35, 1e-6),
	'of one known too well');

-- the likelihood of each customer: the formula, those of the fit together, and what it leaves out
SELECT ok(near(kpi.clv_log_likelihood(gamma_gamma(3, 4, 15), 2, 25),
	ln(362880.0 / 120 / 6) - 6 * ln(1 + 15 / 50.0) - 4 * ln(1 + 50 / 15.0) - ln(25.0), 1e-14),
	'the likelihood of one');
SELECT ok(near(sum(kpi.clv_log_likelihood(model, frequency, monetary_value)), max(log_likelihood), 1e-12),
	'likelihoods add up to that of the fit') FROM spender, fit;
SELECT is(ARRAY[kpi.clv_log_likelihood(g, 0, NULL), kpi.clv_log_likelihood(g, 2, NULL),
	kpi.clv_log_likelihood(g, NULL, 25),
	kpi.clv_log_likelihood(g, 2, 'NaN'), kpi.clv_log_likelihood(NULL::kpi.gamma_gamma_model, 2, 25),
	kpi.clv_log_likelihood(gamma_gamma(NULL, NULL, NULL), 2, 25)], '{0, NULL, NULL, NULL, NULL, NULL}'::float8[],
	'no purchase tells nothing, NULL for what is not known') FROM gamma_gamma(3, 4, 15) g;
SELECT throws_ok($$SELECT kpi.clv_log_likelihood(gamma_gamma(3, 4, 15), 2, -25)$$, '22023', NULL, 'money below 0');
SELECT throws_ok($$SELECT kpi.clv_log_likelihood(gamma_gamma(3, 4, 15), 1.5, 25)$$, '22023', NULL, 'half a purchase');

-- a mean that has no limit is told, and is never negative
SELECT is(kpi.clv_expected_average_value(gamma_gamma(5, 0.9, 10), 0, NULL), NULL, 'q <= 1: no mean of a new customer');
SELECT ok(kpi.clv_expected_average_value(gamma_gamma(5, 0.9, 10), 1, 3) > 0, 'but of one that has bought');
SELECT ok(q <= 1 AND status = 'boundary', 'q <= 1 is the edge of what can be used')
FROM (SELECT (kpi.clv_gamma_gamma_fit(1 + n % 3, 10 / uniform(n, 3) ^ 1.6)).* FROM generate_series(1, 500) n) f;

-- data that cannot tell have a status
SELECT is((kpi.clv_gamma_gamma_fit(0, 5)).status, 'insufficient_data', 'nobody bought again');
SELECT is((kpi.clv_gamma_gamma_fit(3, 5)).status, 'boundary', 'all spent the same') FROM generate_series(1, 50);
SELECT is((kpi.clv_gamma_gamma_fit(NULL, 5)).n_customers, 0::float8, 'rows with NULL are left out');
SELECT is_empty('SELECT 1 FROM (SELECT kpi.clv_gamma_gamma_fit(1, 5) m WHERE false) s WHERE m IS NOT NULL',
	'NULL of no rows');
SELECT throws_ok($$SELECT kpi.clv_gamma_gamma_fit(1, 0)$$, '22023', NULL, 'money of 0');
SELECT throws_ok($$SELECT kpi.clv_gamma_gamma_fit(1, 'NaN')$$, '22023', NULL, 'money that is not a number');
SELECT throws_ok($$SELECT kpi.clv_gamma_gamma_fit(1.5, 5)$$, '22023', NULL, 'half a purchase');

-- a hundred small samples: each has a status, none is worse than from elsewhere
SELECT is_empty($$
	SELECT * FROM (SELECT size, draw, (kpi.clv_gamma_gamma_fit(frequency, monetary_value)).*
		FROM unnest('{5, 20, 50, 100}'::int[]) size, generate_series(1, 25) draw,
			LATERAL (SELECT * FROM spender WHERE n BETWEEN draw * 200 AND draw * 200 + size) s
		GROUP BY size, draw) f
	WHERE status NOT IN ('converged', 'boundary') OR log_likelihood IS NULL OR p IS NULL $$,
	'small samples have a status');

\if :present
CREATE TEMP TABLE summary (id integer, x integer, t_x float8, t float8, zbar float8);
\copy summary FROM PROGRAM 'cat "$KPI_DATA"/lifetime/cdnow_customers_*_transactions.csv' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE cdnow AS SELECT (kpi.clv_gamma_gamma_fit(x, zbar)).* FROM summary;
SELECT ok(near(ARRAY[p, q, v], '{6.2488024897, 3.7445884533, 15.447748009}', 1e-8), 'CDNOW: the estimates')
FROM cdnow;
SELECT ok(near(se, '{1.1897, .29017, 4.1600}', 1e-4), 'CDNOW: the standard errors') FROM cdnow;
SELECT ok(abs(log_likelihood + 4055.92324350) < 1e-7, 'CDNOW: the maximum') FROM cdnow;
SELECT is(status || ' ' || n_customers, 'converged 946', 'CDNOW: the status') FROM cdnow;
SELECT is_empty($$
	SELECT * FROM (SELECT size, draw, (kpi.clv_gamma_gamma_fit(x, zbar)).*
		FROM unnest('{20, 50, 100}'::int[]) size, generate_series(1, 100) draw,
			LATERAL (SELECT * FROM summary ORDER BY hashint8extended(id, draw) LIMIT size) s
		GROUP BY size, draw) f
	WHERE status NOT IN ('converged', 'boundary', 'insufficient_data') $$,
	'CDNOW: 100 draws of 20, 50 and 100 customers have a status');
\else
SELECT skip_without(:'file', 5);
\endif

SELECT * FROM finish();
ROLLBACK;
