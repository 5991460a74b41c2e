-- Static covariates: simulated effects come back, the likelihood agrees with the
-- plain models, and neither units nor order nor plan matter.
-- share: 4
\set file lifetime/apparel_trans.csv
\ir data.sql
BEGIN;
\ir lib.sql
SELECT no_plan();

-- customers of a Pareto/NBD with r = 2, s = 1, or of a BG/NBD with r = 2, a = 1, b = 3,
-- whose covariates z and y act on the purchases and on leaving
CREATE FUNCTION simulate(customers integer, geometric boolean)
RETURNS TABLE (x float8, recency float8, t float8, z float8, y float8) LANGUAGE plpgsql AS $$
DECLARE
	rate float8;
	leaves float8;
	chance float8;
	at float8;
	part float8;
	rest float8;
BEGIN
	PERFORM setseed(0.5);
	FOR i IN 1 .. customers LOOP
		t := 20 + i % 60;
		z := i % 2;
		y := (i / 2) % CASE WHEN geometric THEN 2 ELSE 5 END;
		rate := -ln((1 - random()) * (1 - random())) / (20 * exp(-0.7 * z));
		leaves := ln(1 - random()) / ln(1 - random()) * 40 * exp(-0.4 * y);
		-- beta with 1 and 3, or 2 and 6
		SELECT sum(-ln(1 - random())) INTO part FROM generate_series(1, 1 + y::integer);
		SELECT sum(-ln(1 - random())) INTO rest FROM generate_series(1, 3 + 3 * y::integer);
		chance := part / (part + rest);
		x := 0;
		recency := 0;
		at := 0;
		LOOP
			at := at - ln(1 - random()) / rate;
			EXIT WHEN at > t OR (NOT geometric AND at > leaves);
			x := x + 1;
			recency := at;
			EXIT WHEN geometric AND random() < chance;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE TABLE customer AS SELECT row_number() OVER () AS id, * FROM simulate(3000, false);
CREATE TABLE fitted AS SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[z], ARRAY[y, 7 * z]) AS m
FROM customer;
SELECT is((m).status, 'converged', 'Pareto/NBD: converged') FROM fitted;
SELECT ok(abs((m).r - 2) < 4 * (m).se[1] AND abs((m).alpha - 20) < 4 * (m).se[2] AND abs((m).s - 1) < 4 * (m).se[3]
	AND abs((m).beta - 40) < 4 * (m).se[4],
	'Pareto/NBD: the parameters come back') FROM fitted;
SELECT ok(abs((m).transaction[1] - 0.7) < 4 * (m).se[5] AND (m).se[5] < 0.1,
	'Pareto/NBD: the effect on the purchases comes back') FROM fitted;
SELECT ok(abs((m).lifetime[1] - 0.4) < 4 * (m).se[6] AND (m).se[6] < 0.1 AND abs((m).lifetime[2]) < 4 * (m).se[7],
	'Pareto/NBD: the effects on leaving come back') FROM fitted;
SELECT ok(abs(sum(kpi.clv_log_likelihood(kpi.clv_customer_model(m, ARRAY[z], ARRAY[y, 7 * z]), x, recency, t))
	- (m).log_likelihood) < 1e-8,
	'Pareto/NBD: the likelihood is that of the customers'' own models') FROM fitted, customer GROUP BY m;

CREATE TABLE geometric AS SELECT row_number() OVER () AS id, * FROM simulate(3000, true);
CREATE TABLE fitted_geometric AS SELECT kpi.clv_bgnbd_covariate_fit(x, recency, t, ARRAY[z], ARRAY[y]) AS m
FROM geometric;
SELECT is((m).status, 'converged', 'BG/NBD: converged') FROM fitted_geometric;
SELECT ok(abs((m).r - 2) < 4 * (m).se[1] AND abs((m).alpha - 20) < 4 * (m).se[2] AND abs((m).a - 1) < 4 * (m).se[3]
	AND abs((m).b - 3) < 4 * (m).se[4],
	'BG/NBD: the parameters come back') FROM fitted_geometric;
SELECT ok(abs((m).transaction[1] - 0.7) < 4 * (m).se[5] AND (m).se[5] < 0.1
	AND abs((m).lifetime[1] - ln(2)) < 4 * (m).se[6] AND (m).se[6] < 0.3,
	'BG/NBD: the effects come back') FROM fitted_geometric;

-- gradient and covariance against differences: steps of a hundredth of a standard error
CREATE FUNCTION moved(m kpi.pareto_nbd_covariate_model, step float8[])
	RETURNS kpi.pareto_nbd_covariate_model LANGUAGE sql
	RETURN ROW((m).r + step[1], (m).alpha + step[2], (m).s + step[3], (m).beta + step[4],
		ARRAY[(m).transaction[1] + step[5]],
		ARRAY[(m).lifetime[1] + step[6], (m).lifetime[2] + step[7]], NULL, NULL, NULL, NULL, NULL, NULL,
			NULL)::kpi.pareto_nbd_covariate_model;
CREATE TABLE around AS
SELECT i, j, si, sj, 0.01 * (m).se[i] AS di, 0.01 * (m).se[j] AS dj,
	(SELECT sum(kpi.clv_log_likelihood(kpi.clv_customer_model(m2, ARRAY[z], ARRAY[y, 7 * z]), x, recency, t))
		FROM customer) AS l
FROM fitted, generate_series(1, 7) i, generate_series(1, 7) j, (VALUES (1, 1), (1, -1), (-1, 1), (-1, -1)) v(si, sj),
	LATERAL (SELECT moved(m, array_agg(0.01 * (m).se[k] * ((i = k)::int * si + (j = k)::int * sj) ORDER BY k)) AS m2
		FROM generate_series(1, 7) k) q
WHERE i <= j;
CREATE TABLE hessian AS
SELECT i, j, sum(si * sj * l) / (4 * di * dj) AS h FROM around GROUP BY i, j, di, dj
UNION SELECT j, i, sum(si * sj * l) / (4 * di * dj) FROM around GROUP BY i, j, di, dj;
SELECT is_empty($$
	SELECT i, k, sum(h * (m).cov[j][k]) * (m).se[i] / (m).se[k] FROM hessian, fitted, generate_series(1, 7) k
	GROUP BY i, k, m
	HAVING abs(sum(h * (m).cov[j][k]) * (m).se[i] / (m).se[k] + (i = k)::int) > 1e-2 $$,
	'the covariance is the inverse of the information');
SELECT is_empty($$ SELECT i, sum(si * l) FROM around WHERE i = j AND si = sj GROUP BY i, di
	HAVING abs(sum(si * l)) > 1e-4 $$, 'no slope at the maximum');

-- without covariates it is the plain fit
SELECT ok(near((a).r, (b).r, 1e-7) AND near((a).alpha, (b).alpha, 1e-7) AND near((a).s, (b).s, 1e-7)
	AND near((a).beta, (b).beta, 1e-7)
	AND near((a).log_likelihood, (b).log_likelihood, 1e-12) AND near((a).se[4], (b).se[4], 1e-4),
	'Pareto/NBD without covariates is the plain fit')
FROM (SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, '{}', '{}') AS a,
	kpi.clv_pareto_nbd_fit(x, recency, t) AS b FROM customer) q;
SELECT ok(near((a).r, (b).r, 1e-7) AND near((a).alpha, (b).alpha, 1e-7) AND near((a).a, (b).a, 1e-7)
	AND near((a).b, (b).b, 1e-7)
	AND near((a).log_likelihood, (b).log_likelihood, 1e-12) AND near((a).se[4], (b).se[4], 1e-4),
	'BG/NBD without covariates is the plain fit')
FROM (SELECT kpi.clv_bgnbd_covariate_fit(x, recency, t, '{}', '{}') AS a, kpi.clv_bgnbd_fit(x, recency, t) AS b
	FROM geometric) q;

-- units and origins of the covariates do not matter
SELECT ok(near((b).transaction[1] * 1e-6, (m).transaction[1], 1e-6)
	AND near((b).lifetime[1] * 1000, (m).lifetime[1], 1e-6)
	AND near((b).se[6] * 1000, (m).se[6], 1e-5) AND near((b).beta * exp(-1000000 * (b).lifetime[1]), (m).beta, 1e-5)
	AND near((b).log_likelihood, (m).log_likelihood, 1e-12), 'units and origins of the covariates do not matter')
FROM fitted, (SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[z * 1e-6],
	ARRAY[y * 1000 + 1000000, 7 * z]) AS b FROM customer) q;

-- Penalties: the maximum of the likelihood less n (transaction_penalty * sum of the
-- squares + lifetime_penalty * sum of the squares), of the coefficients as they are
CREATE TABLE held AS
SELECT kpi.clv_pareto_nbd_covariate_fit(c, 0.05, 0.2) AS m, kpi.clv_pareto_nbd_covariate_fit(c, 0, 0) AS free,
	kpi.clv_pareto_nbd_covariate_fit(c, 0, 1e6) AS lifetime_none,
	kpi.clv_pareto_nbd_covariate_fit(c, 1e6, 0) AS transaction_none
FROM (SELECT kpi.clv_customers(x, recency, t, ARRAY[z], ARRAY[y, 7 * z]) AS c FROM customer) q;
SELECT is(free, f.m, 'no penalties, no change') FROM held, fitted f;
CREATE FUNCTION penalised(p kpi.pareto_nbd_covariate_model) RETURNS float8 LANGUAGE sql
	RETURN (SELECT sum(kpi.clv_log_likelihood(kpi.clv_customer_model(p, ARRAY[z], ARRAY[y, 7 * z]), x, recency, t))
			- count(*) * (0.05 * (p).transaction[1] ^ 2 + 0.2 * ((p).lifetime[1] ^ 2 + (p).lifetime[2] ^ 2))
		FROM customer);
SELECT ok((m).status = 'converged' AND (m).transaction[1] BETWEEN 0.1 AND 0.9 * (free).transaction[1]
	AND (m).lifetime[1] BETWEEN 0.01 AND 0.9 * (free).lifetime[1], 'penalties hold the coefficients down') FROM held;
SELECT is_empty($$
	SELECT i, up - down FROM held, generate_series(1, 7) i,
		LATERAL (SELECT array_agg(CASE WHEN k = i THEN 0.01 * (m).se[k] ELSE 0 END ORDER BY k) AS step
			FROM generate_series(1, 7) k) q,
		LATERAL (SELECT penalised(moved(m, step)) AS up,
			penalised(moved(m, (SELECT array_agg(-s) FROM unnest(step) s))) AS down OFFSET 0) p
	WHERE abs(up - down) > 1e-4 OR up > penalised(m) OR down > penalised(m) $$,
	'no slope at the penalised maximum');
SELECT ok(near((m).log_likelihood, penalised(m) + (m).n_customers * (0.05 * (m).transaction[1] ^ 2
	+ 0.2 * ((m).lifetime[1] ^ 2 + (m).lifetime[2] ^ 2)), 1e-12), 'its likelihood is without the penalties') FROM held;
SELECT ok(abs((lifetime_none).lifetime[1]) < 1e-4 AND abs((lifetime_none).lifetime[2]) < 1e-4
	AND near((lifetime_none).transaction[1], (p).transaction[1], 1e-3)
	AND abs((transaction_none).transaction[1]) < 1e-4 AND (transaction_none).lifetime[1] > 0.1,
	'each holds its own process')
FROM held, (SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[z], '{}') AS p FROM customer) q;
SELECT ok(abs((q.m).transaction[1]) < (f.m).transaction[1] AND abs((q.m).lifetime[1]) < (f.m).lifetime[1]
	AND (q.m).status = 'converged', 'BG/NBD: penalties hold the coefficients down')
FROM fitted_geometric f, (SELECT kpi.clv_bgnbd_covariate_fit(
	kpi.clv_customers(x, recency, t, ARRAY[z], ARRAY[y]), 0.05, 0.05) AS m FROM geometric) q;
SELECT is(kpi.clv_bgnbd_covariate_fit(c, NULL, 0), NULL, 'NULL for NULL')
FROM (SELECT kpi.clv_customers(1, 1, 2, '{1}', '{}') AS c) q;
SELECT throws_ok($$ SELECT kpi.clv_bgnbd_covariate_fit(c, -1, 0)
	FROM (SELECT kpi.clv_customers(1, 1, 2, '{1}', '{}') AS c) q $$, '22023', NULL, 'a penalty below 0');
SELECT throws_ok($$ SELECT kpi.clv_pareto_nbd_covariate_fit(c, 0, 'NaN')
	FROM (SELECT kpi.clv_customers(1, 1, 2, '{1}', '{}') AS c) q $$, '22023', NULL, 'a penalty of NaN');

-- what the data cannot tell is a status
SELECT ok((m).status = 'boundary' AND (m).se IS NULL, 'a constant covariate')
FROM (SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[1.], '{}') AS m FROM customer WHERE id <= 200) q;
SELECT ok((m).status = 'insufficient_data' AND (m).r IS NULL AND (m).transaction IS NULL, 'nobody bought again')
	FROM (SELECT kpi.clv_pareto_nbd_covariate_fit(0, 0, 5, ARRAY[1.], '{}') AS m) q;
SELECT is((kpi.clv_pareto_nbd_covariate_fit(x, 0, 5, a, '{}')).n_customers, 0::float8, 'rows with a NULL are left out')
	FROM (VALUES (NULL::float8, '{1}'::float8[]), (0, '{NULL}'), (0, NULL)) v(x, a);

-- order, plan, storage and weights
CREATE TABLE answer AS SELECT kpi.clv_pareto_nbd_covariate_fit(x, ceil(recency), t, ARRAY[z], ARRAY[y])::text AS one
FROM customer;
SELECT is((SELECT kpi.clv_pareto_nbd_covariate_fit(x, ceil(recency), t, ARRAY[z], ARRAY[y]
	ORDER BY hashint8(id))::text FROM customer), one, 'in another order') FROM answer;
SELECT is((SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[z], ARRAY[y], n)::text
	FROM (SELECT x, ceil(recency) AS recency, t, z, y, count(*) AS n FROM customer GROUP BY 1, 2, 3, 4, 5) q), one,
		'with weights') FROM answer;
SELECT is((SELECT kpi.clv_pareto_nbd_covariate_fit(kpi.rollup(c::text::kpi.covariate_state))::text
	FROM (SELECT kpi.clv_customers(x, ceil(recency), t, ARRAY[z], ARRAY[y]) AS c FROM customer
		GROUP BY id % 7) q), one, 'merged from stored text') FROM answer;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
ALTER TABLE customer SET (parallel_workers = 2);
SELECT is((SELECT kpi.clv_pareto_nbd_covariate_fit(x, ceil(recency), t, ARRAY[z], ARRAY[y])::text FROM customer), one,
	'by parallel workers') FROM answer;

-- errors have their codes
SELECT throws_ok($$ SELECT kpi.clv_pareto_nbd_covariate_fit(1, 3, 2, '{}', '{}') $$, '22023');
SELECT throws_ok($$ SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, '{NaN}', '{}') $$, '22023');
SELECT throws_ok($$ SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, '{{1}}', '{}') $$, '2202E');
SELECT throws_ok($$ SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, a, '{}')
	FROM (VALUES ('{1}'::float8[]), ('{1, 2}')) v(a) $$, '2202E');
SELECT throws_ok($$ SELECT kpi.clv_pareto_nbd_covariate_fit(1, 1, 2, array_fill(1., ARRAY[7]),
	array_fill(1., ARRAY[6])) $$, '54000');
SELECT throws_ok($$ SELECT kpi.clv_customer_model(m, '{}', '{1}') FROM fitted $$, '2202E');
SELECT throws_ok($$ SELECT '9 0 0 0'::kpi.covariate_state $$, '22P03');
SELECT throws_ok($$ SELECT '1 1 0 1 2 3 1 0 1'::kpi.covariate_state $$, '22P02', NULL, 'a customer that cannot be');
SELECT throws_ok($$ SELECT '1 1 0 2 2 1 1 0 1'::kpi.covariate_state $$, '22P02', NULL, 'rows that are not there');

-- the apparel retailer: 104 weeks, two covariates for both processes
\if :present
CREATE TABLE apparel_trans (id integer, day date, price float8);
CREATE TABLE apparel_cov (id integer, gender float8, channel float8);
\copy apparel_trans FROM PROGRAM 'cat "$KPI_DATA"/lifetime/apparel_trans.csv' WITH (FORMAT csv, HEADER)
\copy apparel_cov FROM PROGRAM 'cat "$KPI_DATA"/lifetime/apparel_static_cov.csv' WITH (FORMAT csv, HEADER)
CREATE TABLE apparel AS
SELECT id, count(DISTINCT day) - 1 AS x, (max(day) - min(day)) / 7.0 AS recency,
	(date '2006-12-31' - min(day)) / 7.0 AS t, gender, channel
FROM apparel_trans JOIN apparel_cov USING (id) WHERE day <= '2006-12-31' GROUP BY id, gender, channel;
CREATE TABLE apparel_fit AS SELECT kpi.clv_pareto_nbd_covariate_fit(x, recency, t, ARRAY[gender, channel],
	ARRAY[gender, channel]) AS m FROM apparel;
SELECT ok(near((m).r, 1.8389667, 1e-6) AND near((m).alpha, 92.962962, 1e-6) AND near((m).s, 0.59130414, 1e-6)
	AND near((m).beta, 49.513083, 1e-6)
	AND near((m).transaction[1], 0.28613544, 1e-6) AND near((m).transaction[2], 0.62392999, 1e-6)
	AND near((m).lifetime[1], -0.64186799, 1e-6) AND near((m).lifetime[2], 0.78975881, 1e-6)
	AND abs((m).log_likelihood + 5821.06268587) < 1e-6,
	'apparel: parameters, effects and maximum') FROM apparel_fit;
CREATE TABLE apparel_around AS
SELECT i, si, (SELECT sum(kpi.clv_log_likelihood(kpi.clv_customer_model(m2, ARRAY[gender, channel],
	ARRAY[gender, channel]), x, recency, t)) FROM apparel) AS l
FROM apparel_fit, generate_series(1, 8) i, unnest('{-1, 1}'::int[]) si,
	LATERAL (SELECT array_agg(0.01 * (m).se[k] * (i = k)::int * si ORDER BY k) AS d FROM generate_series(1, 8) k) q,
	LATERAL (SELECT ROW((m).r + d[1], (m).alpha + d[2], (m).s + d[3], (m).beta + d[4],
		ARRAY[(m).transaction[1] + d[5], (m).transaction[2] + d[6]],
		ARRAY[(m).lifetime[1] + d[7], (m).lifetime[2] + d[8]], NULL, NULL, NULL, NULL, NULL, NULL,
			NULL)::kpi.pareto_nbd_covariate_model AS m2) p;
SELECT is_empty($$ SELECT i, sum(si * l), (m).log_likelihood - min(l) FROM apparel_around, apparel_fit GROUP BY i, m
	HAVING abs(sum(si * l)) > 0.05 * ((m).log_likelihood - min(l)) OR max(l) >= (m).log_likelihood $$,
		'apparel: it is the maximum');
\else
SELECT skip_without(:'file', 2);
\endif

SELECT * FROM finish();
ROLLBACK;
