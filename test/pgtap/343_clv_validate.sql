-- Validation on simulated purchases that fit and that do not, intervals against
-- differences in SQL, and the published hold-out totals.
\set file cdnow/CDNOW_sample.txt
\ir data.sql

BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL TimeZone = 'UTC';

-- Customers as BG/NBD has them: a gamma rate of shape 1 and rate 30 days, and a
-- chance to leave after a purchase that is even between 0 and 0.5.
CREATE TABLE purchase AS
WITH RECURSIVE customer AS (
	SELECT n, date '2023-01-01' + (uniform(n, 1) * 180)::integer AS born,
		-ln(uniform(n, 2)) / 30 AS rate, uniform(n, 3) / 2 AS leaves
	FROM generate_series(1, 1500) n
), step AS (
	SELECT n, born, rate, leaves, 0 AS k, 0::float8 AS age, false AS gone FROM customer
	UNION ALL
	SELECT n, born, rate, leaves, k + 1, age - ln(uniform(n, 1000 + k)) / rate, uniform(n, 11 + k) < leaves
	FROM step WHERE NOT gone AND age < 800
)
SELECT n AS customer, born + floor(age)::integer AS bought,
	(10 + 40 * uniform(n, 2000 + k) * uniform(n, 5) * 2)::numeric(10, 2) AS amount
FROM step WHERE age < 800;
ANALYZE purchase;

-- the split against plain SQL
CREATE TEMP TABLE split AS
	SELECT * FROM kpi.clv_split('purchase', 'customer', 'bought', 'amount', '2023-12-31', '2024-06-30', '7 days');
CREATE TEMP TABLE plain AS
WITH day AS (
	SELECT customer, bought, sum(amount) AS amount, min(bought) OVER (PARTITION BY customer) AS first
	FROM purchase WHERE bought <= '2024-06-30' GROUP BY 1, 2
)
SELECT customer::text, count(*) FILTER (WHERE bought <= '2023-12-31') - 1 AS frequency,
	(max(bought) FILTER (WHERE bought <= '2023-12-31') - min(first)) / 7.0 AS recency,
	(date '2023-12-31' - min(first)) / 7.0 AS t,
	avg(amount) FILTER (WHERE bought > first AND bought <= '2023-12-31') AS monetary_value,
	182 / 7.0 AS holdout_t,
	count(*) FILTER (WHERE bought > '2023-12-31') AS holdout_frequency,
	avg(amount) FILTER (WHERE bought > '2023-12-31') AS holdout_value
FROM day GROUP BY customer HAVING min(first) <= '2023-12-31';
SELECT is((SELECT count(*) FROM split), (SELECT count(*) FROM plain), 'all customers are split');
SELECT is_empty($$
	SELECT * FROM split s FULL JOIN plain p USING (customer)
	WHERE (s.frequency, s.holdout_frequency) IS DISTINCT FROM (p.frequency, p.holdout_frequency)
		OR NOT near(s.recency, p.recency, 1e-12) OR NOT near(s.t, p.t, 1e-12)
		OR NOT near(s.holdout_t, p.holdout_t, 1e-12)
		OR NOT alike(s.monetary_value, p.monetary_value::float8, 1e-12)
		OR NOT alike(s.holdout_value, p.holdout_value::float8, 1e-12) $$,
	'the split is that of plain SQL');

-- purchases of the model itself give no warning
CREATE TEMP TABLE judged AS
	SELECT m, v.* FROM unnest('{bgnbd, mbgnbd, pareto_nbd}'::text[]) m,
		kpi.clv_validate('purchase', 'customer', 'bought', '2023-12-31', '2024-06-30', model => m) v;
SELECT ok(abs(error) < 0.1 AND warning IS NULL, 'the model that the purchases are made by fits') FROM judged
WHERE part = 'holdout' AND m = 'bgnbd';
SELECT matches(warning, 'of the customers have another number of repeat purchases than expected', m || ' does not')
FROM judged WHERE part = 'holdout' AND m <> 'bgnbd';
SELECT ok(near(sum(actual) FILTER (WHERE part = 'holdout'), sum(actual) FILTER (WHERE part = 'frequency'), 0)
	AND near(sum(expected) FILTER (WHERE part = 'holdout'), sum(expected) FILTER (WHERE part = 'frequency'), 1e-12),
	m || ': the classes add up')
FROM judged GROUP BY m;
SELECT ok(sum(actual) = (SELECT count(*) FROM split) AND near(sum(expected), sum(actual), 1e-12),
	m || ': so do the customers')
FROM judged WHERE part = 'repeat' GROUP BY m;
SELECT is(sum(actual), (SELECT sum(frequency + holdout_frequency) FROM split)::float8, m || ': and the weeks')
FROM judged WHERE part = 'week' GROUP BY m;
SELECT ok(near(sum(expected), (SELECT sum(kpi.clv_expected_purchases(model, t + holdout_t))
		FROM split, (SELECT kpi.clv_bgnbd_fit(frequency, recency, t) AS model FROM split) f), 1e-10),
			'expected by week adds up')
FROM judged WHERE part = 'week' AND m = 'bgnbd';
SELECT is(max(class), '2024-06-30', 'the last week ends with the hold-out') FROM judged WHERE part = 'week';

-- a shop that closes, one that doubles, and one without repeat purchases
CREATE TEMP VIEW closed AS SELECT * FROM purchase WHERE bought < '2024-02-01';
CREATE TEMP VIEW grown AS
	SELECT customer, bought FROM purchase UNION ALL
	SELECT p.customer, p.bought + k FROM purchase p, generate_series(1, 2) k WHERE p.bought > '2023-12-31';
CREATE TEMP VIEW once AS SELECT customer, min(bought) AS bought FROM purchase GROUP BY customer;
SELECT matches(warning, '^[0-9]+ % more purchases expected in the hold-out than came', 'a shop that closes')
FROM kpi.clv_validate('closed', 'customer', 'bought', '2023-12-31', '2024-06-30') WHERE part = 'holdout';
SELECT matches(warning, '^[0-9]+ % fewer purchases expected in the hold-out than came', 'one that grows')
FROM kpi.clv_validate('grown', 'customer', 'bought', '2023-12-31', '2024-06-30') WHERE part = 'holdout';
SELECT is(warning, 'the fit ended as insufficient_data; nobody bought in the hold-out',
	'one that nobody comes back to')
FROM kpi.clv_validate('once', 'customer', 'bought', '2023-12-31', '2024-06-30') WHERE part = 'holdout';
SELECT is(warning, 'nobody bought up to calibration_end', 'one without customers')
FROM kpi.clv_validate('once', 'customer', 'bought', '2020-12-31', '2021-06-30') WHERE part = 'holdout';

-- a hold-out without purchases has no percentages
CREATE TEMP VIEW empty_holdout AS SELECT * FROM purchase WHERE bought <= '2023-12-31';
SELECT is(warning, 'nobody bought in the hold-out, where ' || round(expected::numeric, 1)
	|| ' purchases were expected',
	m || ': a hold-out without purchases')
FROM unnest('{bgnbd}'::text[]) m,
	kpi.clv_validate('empty_holdout', 'customer', 'bought', '2023-12-31', '2024-06-30', model => m)
		WHERE part = 'holdout';
SELECT ok(warning ~ 'nobody bought in the hold-out, where [0-9]+[.][0-9] purchases were expected'
	AND warning !~ '(^|[^0-9]) %',
	m || ': a hold-out without purchases')
FROM unnest('{mbgnbd, pareto_nbd}'::text[]) m,
	kpi.clv_validate('empty_holdout', 'customer', 'bought', '2023-12-31', '2024-06-30', model => m)
		WHERE part = 'holdout';
CREATE TEMP VIEW slow AS
	SELECT n AS customer, date '2023-01-01' + n % 3 + k * (9 + n % 3) AS bought FROM generate_series(1, 90) n,
		generate_series(0, 1) k;
SELECT ok(warning ~ 'nobody bought again up to the end of calibration, where [0-9]+[.][0-9] purchases were expected'
	AND warning !~ '(^|[^0-9]) %', 'repeat purchases in the last, incomplete week alone: ' || warning)
FROM kpi.clv_validate('slow', 'customer', 'bought', '2023-01-12', '2023-01-20', '1 day') WHERE part = 'holdout';

-- the money of the hold-out is that of its days, whatever came before
CREATE TABLE buy (customer integer, bought timestamptz, amount float8);
INSERT INTO buy VALUES
	(1, '2023-01-01', 10), (1, '2023-02-01', NULL), (1, '2023-05-01', 25), (1, '2023-06-01 23:59', 35),
	(2, '2023-01-01', NULL), (2, '2023-05-01', 25), (2, '2023-05-01', 5),
	(3, '2023-01-01', 10), (3, '2023-03-01', 1e300), (3, '2023-03-31 23:00', -1e300), (3, '2023-06-01', 0.1),
	(3, '2023-07-01', 0.2),
	(4, '2023-01-01', 10), (4, '2023-04-01', NULL), (4, '2023-05-01', 7),
	(5, '2023-01-01', 10), (5, '2023-02-01', 'NaN'), (5, '2024-01-01', 1e300),
	(6, '2023-04-01', 10), (7, NULL, 5), (7, '-infinity', 3), (8, NULL, 5), (8, '2023-01-05', 5),
	(8, '2023-12-31', -2), (8, 'infinity', 3);
SELECT results_eq(
	$$SELECT customer, frequency, holdout_t, holdout_frequency, holdout_value
		FROM kpi.clv_split('buy', 'customer', 'bought', 'amount', '2023-03-31', '2023-12-31', '1 day')
		ORDER BY customer$$,
	$$VALUES ('1', 1, 275::float8, 2, 30::float8), ('2', 0, 275, 1, 30), ('3', 2, 275, 2, (0.1::float8 + 0.2) / 2),
		('4', 0, 275, 2, NULL),
		('5', 1, 275, 0, NULL), ('8', 0, 275, 1, -2)$$,
	'money of the hold-out alone');

-- wrong parameters
SELECT throws_ok($$SELECT * FROM kpi.clv_validate('purchase', 'customer', 'bought', '2024-06-30', '2023-12-31')$$,
	'22023', NULL, 'the wrong order');
SELECT throws_ok($$SELECT * FROM kpi.clv_validate('purchase', 'customer', 'bought', '2023-12-31', '2024-06-30',
	'1 month')$$, '22023', NULL, 'months have no length');
SELECT throws_ok($$SELECT * FROM kpi.clv_validate('purchase', 'customer', 'bought', '2023-12-31', '2024-06-30',
	'1 hour')$$, '22023', NULL, 'hours are too short');
SELECT throws_ok($$SELECT * FROM kpi.clv_validate('purchase', 'customer', 'bought', '2023-12-31', '2024-06-30',
	model => 'bg')$$, '22023', NULL, 'an unknown model');
SELECT throws_ok($$SELECT * FROM kpi.clv_validate('purchase', 'customer', 'bought', '2023-12-31', '5874897-12-31')$$,
	'22023', 'holdout_end 5874897-12-31 is more than a hundred years after calibration_end');
SELECT throws_ok($$SELECT * FROM kpi.clv_validate('purchase', 'customer', 'bought', NULL, '2024-06-30')$$, '22004',
	NULL, 'no end of calibration');
SELECT throws_ok($$SELECT * FROM kpi.clv_split('purchase', NULL, 'bought', 'amount', '2023-12-31', '2024-06-30')$$,
	'22004', NULL, 'no customer');
SELECT throws_ok($$SELECT * FROM kpi.clv_split('purchase', 'nobody', 'bought', 'amount', '2023-12-31',
	'2024-06-30')$$, '42703', NULL, 'no such column');

-- the table is read with the rights of the caller
CREATE ROLE kpi_test_stranger;
CREATE FUNCTION as_stranger() RETURNS void LANGUAGE plpgsql SET role = kpi_test_stranger AS $$
BEGIN
	PERFORM kpi.clv_validate('purchase', 'customer', 'bought', '2023-12-31', '2024-06-30');
END $$;
SELECT throws_ok('SELECT as_stranger()', '42501', NULL, 'purchases of others');

-- names that need quotes, a time with a zone
CREATE TEMP VIEW "odd ""names" AS SELECT customer AS "the customer",
	(bought + time '12:00') AT TIME ZONE 'UTC' AS "when", amount AS "how much" FROM purchase;
SELECT results_eq(
	$$SELECT * FROM kpi.clv_split('"odd ""names"', 'the customer', 'when', 'how much', '2023-12-31', '2024-06-30',
		'7 days') ORDER BY customer$$,
	$$SELECT * FROM split ORDER BY customer$$, 'odd names and timestamps');

-- Intervals. The gradient of the total by differences of each parameter in SQL.
CREATE TEMP TABLE model AS
	SELECT kpi.clv_bgnbd_fit(frequency, recency, t) AS bgnbd, kpi.clv_mbgnbd_fit(frequency, recency, t) AS mbgnbd,
		kpi.clv_pareto_nbd_fit(frequency, recency, t) AS pareto_nbd,
		kpi.clv_gamma_gamma_fit(frequency, monetary_value) AS money
	FROM split;
CREATE FUNCTION moved(parameter float8[], place integer, step float8) RETURNS float8[] LANGUAGE sql
	RETURN (SELECT array_agg(CASE WHEN n = place THEN p + step ELSE p END ORDER BY n)
		FROM unnest(parameter) WITH ORDINALITY u (p, n));
CREATE FUNCTION total(kind text, p float8[]) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	answer float8;
BEGIN
	EXECUTE format('SELECT sum(kpi.clv_discounted(ROW($1[1], $1[2], $1[3], $1[4], NULL, NULL, NULL, NULL, NULL,
		NULL, NULL)::kpi.%s_model,
		ROW($1[5], $1[6], $1[7], NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.gamma_gamma_model,
		12, 30.4 / 7, 0.01, frequency, recency, t, monetary_value)) FROM split', kind) INTO answer USING p;
	RETURN answer;
END $$;
CREATE TEMP TABLE parameter (kind text, p float8[], cov float8[], money_cov float8[]);
INSERT INTO parameter SELECT 'bgnbd', ARRAY[(bgnbd).r, (bgnbd).alpha, (bgnbd).a, (bgnbd).b, (money).p, (money).q,
	(money).v], (bgnbd).cov, (money).cov FROM model;
INSERT INTO parameter SELECT 'mbgnbd', ARRAY[(mbgnbd).r, (mbgnbd).alpha, (mbgnbd).a, (mbgnbd).b, (money).p, (money).q,
	(money).v], (mbgnbd).cov, (money).cov FROM model;
INSERT INTO parameter SELECT 'pareto_nbd', ARRAY[(pareto_nbd).r, (pareto_nbd).alpha, (pareto_nbd).s,
	(pareto_nbd).beta, (money).p, (money).q, (money).v], (pareto_nbd).cov, (money).cov FROM model;
CREATE TEMP TABLE gradient AS
	SELECT kind, n, (total(kind, moved(p, n, p[n] * 1e-4)) - total(kind, moved(p, n, -p[n] * 1e-4)))
		/ (2e-4 * p[n]) AS g
	FROM parameter, generate_series(1, 7) n;
CREATE TEMP TABLE wanted AS
	SELECT kind, total(kind, p) AS estimate, sqrt(sum(a.g * b.g *
		CASE WHEN a.n <= 4 AND b.n <= 4 THEN cov[a.n][b.n] WHEN a.n > 4 AND b.n > 4 THEN money_cov[a.n - 4][b.n - 4]
			ELSE 0 END)) AS se
	FROM parameter JOIN gradient a USING (kind) JOIN gradient b USING (kind) GROUP BY kind, p;
CREATE TEMP TABLE given AS
	SELECT 'bgnbd' AS kind, (kpi.clv_discounted_interval(bgnbd, money, 12, 30.4 / 7, 0.01, frequency, recency, t,
		monetary_value, 0.95)).* FROM split, model
	UNION ALL SELECT 'mbgnbd', (kpi.clv_discounted_interval(mbgnbd, money, 12, 30.4 / 7, 0.01, frequency, recency, t,
		monetary_value, 0.95)).* FROM split, model
	UNION ALL SELECT 'pareto_nbd', (kpi.clv_discounted_interval(pareto_nbd, money, 12, 30.4 / 7, 0.01, frequency,
		recency, t, monetary_value, 0.95)).* FROM split, model;
SELECT ok(near(g.estimate, w.estimate, 1e-12) AND near(g.se, w.se, 1e-5),
	g.kind || ': value and standard error of all customers')
FROM given g JOIN wanted w USING (kind);
SELECT ok(near(lower, estimate * exp(-1.959963984540054 * se / estimate), 1e-12)
	AND near(upper, estimate * exp(1.959963984540054 * se / estimate), 1e-12), kind || ': the interval')
FROM given;

-- one customer alone, purchases alone, a model without covariance, no customers
SELECT ok(near((i).estimate, kpi.clv_discounted(bgnbd, money, 12, 4, 0.01, 3, 20, 30, 25), 1e-14)
	AND (i).lower < (i).estimate AND (i).upper > (i).estimate, 'one customer')
FROM (SELECT bgnbd, money, kpi.clv_discounted_interval(bgnbd, money, 12, 4, 0.01, 3, 20, 30, 25, 0.9) AS i FROM model
	GROUP BY bgnbd, money) s;
SELECT ok(near((i).estimate, (SELECT sum(kpi.clv_expected_purchases(pareto_nbd, 26, frequency, recency, t))
	FROM split, model), 1e-12) AND (i).se > 0, 'purchases of all')
FROM (SELECT kpi.clv_expected_purchases_interval(pareto_nbd, 26, frequency, recency, t, 0.95) AS i
	FROM split, model) s;
SELECT ok(near((i).estimate, kpi.clv_expected_purchases(m, 26, 2, 20, 30), 1e-14) AND (i).se IS NULL
	AND (i).lower IS NULL, 'no covariance, no interval')
FROM (SELECT m, kpi.clv_expected_purchases_interval(m, 26, 2, 20, 30, 0.95) AS i
	FROM (SELECT ROW(0.24, 4.4, 0.8, 2.4, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model AS m) v
	GROUP BY m) s;
SELECT is(kpi.clv_expected_purchases_interval(bgnbd, 26, NULL, 20, 30, 0.95)::text, NULL, 'no customers') FROM model;
SELECT is((kpi.clv_expected_purchases_interval(bgnbd, 0, 2, 20, 30, 0.95)).estimate, 0::float8,
	'no time, no purchases') FROM model;
SELECT throws_ok($$SELECT kpi.clv_expected_purchases_interval(bgnbd, 26, 2, 20, 30, 95) FROM model$$, '22023', NULL,
	'a confidence of 95');
SELECT throws_ok($$SELECT kpi.clv_expected_purchases_interval(m, 26, 2, 20, 30, 0.95)
	FROM (SELECT bgnbd AS m FROM model UNION ALL SELECT ROW(0.24, 4.4, 0.8, 2.4, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.bgnbd_model) v$$, '22023', NULL, 'two models in one interval');
SELECT throws_ok($$SELECT kpi_internal.interval_final('{1,2,3}')$$, '22023', NULL, 'no state');
SELECT throws_ok($$SELECT kpi_internal.interval_combine('{1,2,3}', NULL::float8[] || '{1}')$$, '22023',
	NULL, 'no states');

-- the same from parallel workers
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE kept AS SELECT s.*, bgnbd, money FROM split s, model;
SELECT ok(near((i).estimate, estimate, 1e-14) AND near((i).se, se, 1e-12), 'by parallel workers')
FROM given, (SELECT kpi.clv_discounted_interval(bgnbd, money, 12, 30.4 / 7, 0.01, frequency, recency, t,
	monetary_value, 0.95) AS i FROM kept) s WHERE kind = 'bgnbd';

\if :present
CREATE TEMP TABLE line (master integer, customer integer, bought date, discs integer, amount numeric);
\copy line FROM PROGRAM 'sed -E "s/ +/ /g; s/^ //; s/ ?\r?$//" "$KPI_DATA/cdnow/CDNOW_sample.txt"' WITH (DELIMITER ' ')
CREATE TEMP TABLE cdnow AS SELECT customer, bought, amount FROM line;
SELECT is(actual || ' ' || round(expected::numeric, 1), golden, 'CDNOW, 39 and 39 weeks, ' || m)
FROM (VALUES ('bgnbd', '1882 1653.4'), ('mbgnbd', '1882 1576.7'), ('pareto_nbd', '1882 1665.5')) g (m, golden),
	kpi.clv_validate('cdnow', 'customer', 'bought', '1997-09-30', '1998-06-30', model => m) WHERE part = 'holdout';
\else
SELECT skip_without(:'file', 3);
\endif

SELECT * FROM finish();
ROLLBACK;
