-- Customers of a real shop, a telephone company and a bank: survival, cohorts, growth, repeat buyers and
-- responses, each figure against plain SQL.
\set ON_ERROR_STOP on
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL client_min_messages = warning;

\set file telco/telco_customer_churn.csv.gz
\ir data.sql
\if :present
CREATE TEMP TABLE telco (customer text, gender text, senior text, partner text, dependents text, tenure int,
	phone text, lines text,
	internet text, security text, backup text, protection text, support text, tv text, movies text, contract text,
		paperless text,
	payment text, monthly numeric, total text, churn text);
\copy telco FROM PROGRAM 'gzip -dc "$KPI_DATA/telco/telco_customer_churn.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE stay AS SELECT contract, kpi.survival(tenure, churn = 'Yes') AS s FROM telco GROUP BY contract;
SELECT results_eq('SELECT count(*), count(*) FILTER (WHERE churn = ''Yes''), max(tenure) FROM telco',
	'VALUES (7043::bigint, 1869::bigint, 72)',
	'the telephone data is the data these tests know');
CREATE TEMP TABLE step AS
SELECT contract, tenure AS t, sum(count(*)) OVER w AS n, count(*) FILTER (WHERE churn = 'Yes') AS d
FROM telco GROUP BY contract, tenure WINDOW w AS (PARTITION BY contract ORDER BY tenure DESC);
SELECT is_empty($$
	SELECT contract, t FROM stay, generate_series(0, 72, 6) AS t,
		LATERAL (SELECT coalesce(exp(sum(ln(1 - d / n))), 1) AS share FROM step
		WHERE step.contract = stay.contract AND step.t <= t.t AND d > 0) AS w
	WHERE NOT near(kpi.survival_at(s, t), share::float8, 1e-12)
$$, 'how long customers stay, by contract');
SELECT is_empty($$
	SELECT a.contract, b.contract FROM stay AS a JOIN stay AS b ON a.contract < b.contract, kpi.logrank(ARRAY[a.s,
		b.s]) AS l,
		LATERAL (SELECT sum(d1 - d * n1 / n) ^ 2 / sum(d * (n - d) / nullif(n - 1, 0) * n1 * (n - n1) / n / n) AS chi FROM (
			SELECT t, sum(d) AS d, coalesce(sum(d) FILTER (WHERE contract = a.contract), 0) AS d1,
				(SELECT count(*) FROM telco WHERE tenure >= t AND contract = a.contract) AS n1,
				(SELECT count(*) FROM telco WHERE tenure >= t AND contract IN (a.contract, b.contract)) AS n
			FROM step WHERE contract IN (a.contract, b.contract) GROUP BY t HAVING sum(d) > 0) AS x) AS w
	WHERE NOT near(l.chi_square, chi::float8, 1e-9)
$$, 'the log-rank test of each two contracts');
SELECT ok(degrees = 2 AND chi_square > 2000 AND p_value < 1e-300, 'and of all three')
	FROM kpi.logrank(ARRAY(SELECT s FROM stay));
SELECT is(kpi.customer_churn(true, churn = 'No'), 1869 / 7043.0::float8, 'churn') FROM telco;
\else
SELECT skip_without(:'file', 5);
\endif

\set file bank/bank_additional_full.csv.gz
\ir data.sql
\if :present
CREATE TEMP TABLE call AS SELECT NULL::text AS line WHERE false;
\copy call FROM PROGRAM 'gzip -dc "$KPI_DATA/bank/bank_additional_full.csv.gz"' WITH (FORMAT csv, HEADER, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP TABLE response AS SELECT (string_to_array(line, ';'))[2] AS job, line ~ ';1$' AS yes FROM call;
SELECT results_eq('SELECT count(*), kpi.response_rate_agg(yes::int, 1) FROM response',
	'VALUES (41188::bigint, 4640 / 41188.0::float8)',
	'the response rate of the bank');
SELECT is_empty($$
	SELECT job FROM (SELECT job, kpi.wilson_ci(count(*) FILTER (WHERE yes), count(*)) AS c,
		count(*) FILTER (WHERE yes) AS x,
		count(*)::float8 AS n FROM response GROUP BY job) AS r, LATERAL (SELECT 1.9599639845400545 AS z) AS z,
			LATERAL (SELECT (x + z * z / 2)
		/ (n + z * z) AS mid, z / (n + z * z) * sqrt(x * (n - x) / n + z * z / 4) AS half) AS w
	WHERE NOT (near((c).lower, mid - half, 1e-11) AND near((c).upper, mid + half, 1e-11))
$$, 'its interval by job');
\else
SELECT skip_without(:'file', 2);
\endif

\set file retail/online_retail.csv.gz
\ir data.sql
\if :present
CREATE TEMP TABLE line (invoice text, stock text, description text, quantity int, sold_at timestamp, price numeric,
	customer text,
	country text);
\copy line FROM PROGRAM 'gzip -dc "$KPI_DATA/retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE bought AS SELECT customer::numeric::int AS customer, invoice, min(sold_at) AS sold_at,
	sum(quantity * price) AS amount
	FROM line WHERE customer IS NOT NULL AND invoice !~ '^C' GROUP BY 1, 2;
CREATE INDEX ON bought (customer);
ANALYZE bought;
CREATE TEMP TABLE habit AS SELECT customer, kpi.period_bitmap(kpi.period_number(sold_at,
	'1 month') - 2010 * 12 - 11) AS b FROM bought
	GROUP BY customer;
CREATE TEMP TABLE month AS SELECT DISTINCT customer, (extract(year FROM sold_at) * 12 + extract(month
	FROM sold_at))::int - 2010 * 12 - 12 AS m
	FROM bought;
SELECT results_eq('SELECT kpi.repeat_rate(customer), (kpi.key_summary(kpi.key_totals(customer, amount), 5)).*
	FROM bought', $$
	SELECT avg((n > 1)::int)::float8, count(*)::float8, sum(n)::float8, count(*) FILTER (WHERE n >= 5)::float8,
		avg((n >= 5)::int)::float8, sum(n)::float8 / count(*), max(n)::float8, round(sum(amount), 6)::float8,
			max(amount)::float8
	FROM (SELECT count(*) AS n, sum(amount) AS amount FROM bought
		GROUP BY customer) AS c $$, 'repeat buyers and their invoices');
SELECT set_eq($$ SELECT cohort, age, kept FROM (SELECT kpi.first_period(b) AS cohort, kpi.cohort_retention(b, 11,
	13) AS r FROM habit GROUP BY 1)
	AS c, kpi.retention_table(r) WHERE eligible > 0 $$,
	$$ SELECT first, a.age::bigint, count(m.m) FROM (SELECT customer, min(m) AS first FROM month GROUP BY customer) AS f
		CROSS JOIN generate_series(0, 12) AS a (age) LEFT JOIN month AS m ON m.customer = f.customer AND m.m = first + a.age
		WHERE first + a.age <= 11 GROUP BY 1, 2 $$, 'cohorts by month');
SELECT set_eq($$ SELECT period, new, retained, resurrected, churned
	FROM kpi.growth_table((SELECT kpi.growth_accounting(b, 11) FROM habit))
	WHERE period BETWEEN 1 AND 11 $$,
	$$ SELECT t::bigint AS t, count(*) FILTER (WHERE now AND first = t) AS n, count(*) FILTER (WHERE now AND prior) AS r,
		count(*) FILTER (WHERE now AND NOT prior AND first < t) AS b, count(*) FILTER (WHERE NOT now AND prior) AS c
	FROM generate_series(1, 11) AS t, (SELECT customer, min(m) AS first, array_agg(m) AS months FROM month
		GROUP BY customer) AS c,
		LATERAL (SELECT t = ANY (months) AS now, t - 1 = ANY (months) AS prior) AS x
			GROUP BY t $$, 'growth accounting by month');
SELECT results_eq($$ SELECT kpi.new_keys(kpi.first_seen(customer, sold_at), timestamp '2011-03-01', '2011-04-01')
	FROM bought $$,
	$$ SELECT count(*) FROM (SELECT min(sold_at) AS first FROM bought GROUP BY customer) AS f WHERE first >= '2011-03-01'
		AND first < '2011-04-01' $$, 'new customers of a month');
SELECT is_empty($$
	SELECT customer FROM (SELECT customer, kpi.abc_class(amount) OVER () AS class, sum(amount) OVER () AS total,
		coalesce(sum(amount) OVER (ORDER BY amount DESC RANGE BETWEEN UNBOUNDED PRECEDING
			AND CURRENT ROW EXCLUDE GROUP), 0) AS before, amount
		FROM (SELECT customer, sum(amount) AS amount FROM bought GROUP BY customer) AS c) AS a
	WHERE class <> CASE WHEN amount <= 0 THEN 'C' WHEN before < 0.8 * total THEN 'A' WHEN before < 0.95 * total THEN
		'B' ELSE 'C' END
$$, 'ABC classes of customers');
SELECT results_eq($$ SELECT kpi.nrr(before, now), kpi.grr(before, now) FROM (SELECT customer, sum(amount) FILTER (WHERE
	sold_at >= '2011-03-01' AND sold_at < '2011-06-01') AS before, sum(amount) FILTER (WHERE sold_at >= '2011-06-01'
		AND sold_at < '2011-09-01')
	AS now FROM bought GROUP BY customer) AS c $$, $$ SELECT sum(greatest(coalesce(now, 0), 0)) / sum(before),
	sum(least(greatest(coalesce(now, 0), 0), before)) / sum(before) FROM (SELECT customer, sum(amount) FILTER (WHERE
	sold_at >= '2011-03-01' AND sold_at < '2011-06-01') AS before, sum(amount) FILTER (WHERE sold_at >= '2011-06-01'
		AND sold_at < '2011-09-01')
	AS now FROM bought GROUP BY customer) AS c WHERE before > 0 $$, 'revenue kept from spring to summer');
\else
SELECT skip_without(:'file', 6);
\endif

SELECT * FROM finish();
ROLLBACK;
