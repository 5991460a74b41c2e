-- The answers of every lifetime model for parameters and customers over twelve
-- orders of magnitude: always a number, and the one that the defining integral
-- or sum has. The integrals are taken by the trapezoidal rule over a stretched
-- axis, which shares nothing with the way the answers are computed.
\set ON_ERROR_STOP on
\if :{?cases} \else \set cases 60 \endif
\if :{?draw} \else \set draw 0.25 \endif
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
\ir lib.sql
SELECT no_plan();

CREATE FUNCTION between_powers(low float8, high float8) RETURNS float8 VOLATILE LANGUAGE sql
	RETURN 10 ^ (low + (high - low) * random());
-- exp() that underflows to 0; 1 - exp(-x), log(1 + x) and log(1 + exp(x)) without loss
CREATE FUNCTION power_of_e(x float8) RETURNS float8 IMMUTABLE LANGUAGE sql
	RETURN CASE WHEN x > -300 THEN exp(x) ELSE 0 END;
CREATE FUNCTION rest_of_e(x float8) RETURNS float8 IMMUTABLE LANGUAGE sql
	RETURN 2 / (1 + 1 / tanh(x / 2));
CREATE FUNCTION log1p(x float8) RETURNS float8 IMMUTABLE LANGUAGE sql
	RETURN CASE WHEN x < 1 THEN 2 * atanh(x / (2 + x)) ELSE ln(1 + x) END;
CREATE FUNCTION log1p_exp(x float8) RETURNS float8 IMMUTABLE LANGUAGE sql
	RETURN greatest(x, 0) + 2 * atanh(1 / (1 + 2 * exp(least(abs(x), 700))));

SELECT setseed(:draw);
CREATE TABLE wide AS
SELECT i, between_powers(-6, 6) AS p1, between_powers(-6, 6) AS p2, between_powers(-6, 6) AS p3,
	between_powers(-6, 6) AS p4,
	x, CASE WHEN x = 0 THEN 0 WHEN i % 4 = 0 THEN t WHEN i % 4 = 1 THEN t * random() ^ 8 ELSE t * random() END
		AS recency, t,
	between_powers(-3, 5) AS h, between_powers(-6, 1) AS rate
FROM (SELECT i, floor(between_powers(-1, 5)) AS x, CASE WHEN i % 13 = 0 THEN 0 ELSE between_powers(-2, 5) END AS t
	FROM generate_series(1, :cases) i) c;
ANALYZE wide;

-- BG/NBD and MBG/NBD: the mean of (1 - (1 + p h / (alpha + t))^-(r + x)) / p over
-- p of a beta distribution, its logit being u = place + scale sinh(v)
CREATE FUNCTION while_alive(s float8, tau float8, a float8, b float8) RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
	WITH axis AS (
		SELECT cosh(v) AS weight, log1p_exp(-u) AS rest, log1p_exp(u) AS stays
		FROM generate_series(-2600, 2600) i, LATERAL (SELECT i * 0.01 AS v) q,
			LATERAL (SELECT ln(a / b) + least(1, sqrt(1 / a + 1 / b)) * sinh(v) AS u OFFSET 0) p
		OFFSET 0
	), node AS (
		SELECT weight * power_of_e(density - max(density) OVER ()) AS w, -rest AS log_p
		FROM (SELECT weight, rest, -a * rest - b * stays AS density FROM axis OFFSET 0) d
		OFFSET 0
	)
	SELECT sum(w * CASE WHEN log_p < -600 THEN s * tau ELSE rest_of_e(s * gain) / exp(log_p) END) / sum(w)
	FROM (SELECT w, log_p, CASE WHEN log_p > -600 THEN log1p(tau * exp(log_p)) END AS gain FROM node
		WHERE w > 0 OFFSET 0) n $$;
CREATE TABLE beta_answer AS
SELECT w.*, m, p_alive, purchases, new_purchases, dert, discounted, probability,
	CASE WHEN a.i % 4 = 0 THEN while_alive(p1 + x, h / (p2 + t), p3, p4 + x + m) END AS truth,
	CASE WHEN a.i % 4 = 1 THEN while_alive(p1, h / p2, p3, p4 + m) * CASE m WHEN 0 THEN 1 ELSE p4 / (p3 + p4) END
		END AS new_truth
FROM wide w, (
	SELECT i, 0 AS m, kpi.clv_p_alive(model, x, recency, t) AS p_alive,
		kpi.clv_expected_purchases(model, h, x, recency, t) AS purchases,
		kpi.clv_expected_purchases(model, h) AS new_purchases, kpi.clv_dert(model, rate, x, recency, t) AS dert,
		kpi.clv_discounted(model, 12, h / 12, rate, x, recency, t) AS discounted,
		kpi.clv_purchase_probability(model, x::integer, h) AS probability
	FROM wide, LATERAL (SELECT ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
		NULL)::kpi.bgnbd_model AS model OFFSET 0) q
	UNION ALL
	SELECT i, 1, kpi.clv_p_alive(model, x, recency, t), kpi.clv_expected_purchases(model, h, x, recency, t),
		kpi.clv_expected_purchases(model, h), kpi.clv_dert(model, rate, x, recency, t),
		kpi.clv_discounted(model, 12, h / 12, rate, x, recency, t), kpi.clv_purchase_probability(model, x::integer, h)
	FROM wide, LATERAL (SELECT ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
		NULL)::kpi.mbgnbd_model AS model OFFSET 0) q
) a WHERE a.i = w.i;
SELECT is_empty($$ SELECT * FROM beta_answer
	WHERE NOT coalesce(p_alive BETWEEN 0 AND 1 AND purchases BETWEEN 0 AND 1e300 AND new_purchases BETWEEN 0 AND 1e300
	AND dert BETWEEN 0 AND 1e300 AND discounted BETWEEN 0 AND purchases AND probability BETWEEN 0
	AND 1 + 1e-12, false) $$,
	'BG/NBD and MBG/NBD: every answer is a number of its range');
SELECT is_empty($$ SELECT i, m, p_alive, odds FROM beta_answer,
	LATERAL (SELECT CASE WHEN x + m = 0 THEN 0
		ELSE power_of_e(ln(p3) - ln(p4 + x + m - 1) + (p1 + x) * log1p((t - recency) / (p2 + recency))) END
		AS odds OFFSET 0) o
	WHERE (p1 + x) * log1p((t - recency) / (p2 + recency)) < 300 AND NOT near(p_alive, 1 / (1 + odds), 1e-9) $$,
	'BG/NBD and MBG/NBD: P(alive)');
SELECT is_empty($$ SELECT * FROM beta_answer WHERE p_alive > 1e-100 AND truth IS NOT NULL
	AND NOT near(purchases, p_alive * truth, 1e-9)
	UNION ALL SELECT * FROM beta_answer WHERE new_truth IS NOT NULL AND NOT near(new_purchases, new_truth, 1e-9) $$,
		'BG/NBD and MBG/NBD: expected purchases');
-- discounted residual purchases: expected purchases of all horizons
SELECT is_empty($$ SELECT i, m, dert, mean FROM beta_answer,
	LATERAL (SELECT 0.2 * sum(exp(u - exp(u)) * CASE m
			WHEN 0 THEN kpi.clv_expected_purchases(ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
				NULL)::kpi.bgnbd_model, exp(u) / rate, x, recency, t)
			ELSE kpi.clv_expected_purchases(ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
				NULL)::kpi.mbgnbd_model, exp(u) / rate, x, recency, t) END) AS mean
		FROM (SELECT i * 0.2 AS u FROM generate_series(-200, 22) i) q) z
	WHERE i <= 20 AND rate > 0.01 AND p_alive > 1e-100 AND NOT near(dert, mean, 1e-9) $$,
		'BG/NBD and MBG/NBD: discounted residual purchases');

-- the likelihood, of purchases and P(alive) by itself: log(1 + odds) is -log(P(alive))
SELECT is_empty($$
	SELECT i, m, likelihood, w.truth FROM beta_answer,
		LATERAL (SELECT CASE m
			WHEN 0 THEN kpi.clv_log_likelihood(ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
				NULL)::kpi.bgnbd_model, x, recency, t)
			ELSE kpi.clv_log_likelihood(ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
				NULL)::kpi.mbgnbd_model, x, recency, t)
			END AS likelihood OFFSET 0) l,
		LATERAL (SELECT coalesce(sum(ln(p1 + k)), 0) AS factor, coalesce(sum(ln(p4 + k) - ln(p3 + p4 + k)), 0) AS stays
			FROM generate_series(0, x::integer + m - 1) k) f,
		LATERAL (SELECT factor - CASE WHEN m = 1 THEN ln(p1 + x) ELSE 0 END - p1 * log1p(t / p2) - x * ln(p2 + t)
			+ stays - ln(p_alive) AS truth) w
	WHERE x <= 300 AND p_alive > 1e-100 AND abs(likelihood - w.truth)
		> 1e-9 * (abs(w.truth) + abs(factor) + abs(stays) + p1 * log1p(t / p2) + abs(x * ln(p2 + t)) + 1e-3) $$,
	'BG/NBD and MBG/NBD: likelihood');

-- Pareto/NBD: the logarithm of the odds of having left, integrated over the
-- time of leaving by the tanh-sinh rule from the last purchase on
CREATE FUNCTION log_odds_of_leaving(r float8, alpha float8, s float8, beta float8, x float8, recency float8, t float8)
	RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
	SELECT max(density) + ln(sum(weight * power_of_e(density - peak)) * 0.02 * (t - recency) * s / (beta + t))
	FROM (
		SELECT *, max(density) OVER () AS peak FROM (
			SELECT weight, (r + x) * log1p(left_over / (alpha + y)) + (s + 1)
				* log1p(left_over / (beta + y)) AS density
			FROM generate_series(-200, 200) i,
				LATERAL (SELECT i * 0.02 AS v) q,
				LATERAL (SELECT pi() / 4 * cosh(v) / cosh(pi() / 2 * sinh(v)) ^ 2 AS weight,
					(t - recency) / (1 + exp(pi() * sinh(v))) AS left_over OFFSET 0) p,
				LATERAL (SELECT recency + (t - recency) / (1 + exp(-pi() * sinh(v))) AS y OFFSET 0) z
			OFFSET 0) d
		OFFSET 0) node
	WHERE t > recency $$;
CREATE TABLE pareto_answer AS
SELECT w.*, p_alive, purchases, new_purchases, dert, discounted, probability, log_likelihood,
	log_odds_of_leaving(p1, p2, p3, p4, x, recency, t) AS log_odds
FROM wide w, LATERAL (SELECT ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.pareto_nbd_model AS model OFFSET 0) q,
	LATERAL (SELECT kpi.clv_p_alive(model, x, recency, t) AS p_alive,
		kpi.clv_expected_purchases(model, h, x, recency, t) AS purchases,
		kpi.clv_expected_purchases(model, h) AS new_purchases, kpi.clv_dert(model, rate, x, recency, t) AS dert,
		kpi.clv_discounted(model, 12, h / 12, rate, x, recency, t) AS discounted,
		kpi.clv_purchase_probability(model, x::integer, h) AS probability,
		kpi.clv_log_likelihood(model, x, recency, t) AS log_likelihood OFFSET 0) a;
SELECT is_empty($$ SELECT * FROM pareto_answer
	WHERE NOT coalesce(p_alive BETWEEN 0 AND 1 AND purchases BETWEEN 0 AND 1e300 AND new_purchases BETWEEN 0 AND 1e300
	AND dert BETWEEN 0 AND 1e300 AND discounted BETWEEN 0 AND purchases AND probability BETWEEN 0 AND 1 + 1e-12
	AND log_likelihood BETWEEN -1e9 AND 1e9, false) $$,
	'Pareto/NBD: every answer is a number of its range');
SELECT is_empty($$ SELECT * FROM pareto_answer WHERE coalesce(log_odds, -1000) < 300
	AND NOT near(p_alive, 1 / (1 + power_of_e(coalesce(log_odds, -1000))), 1e-9) $$, 'Pareto/NBD: P(alive)');
SELECT is_empty($$ SELECT * FROM pareto_answer,
	LATERAL (SELECT sum(ln(p1 + k)) AS factor FROM generate_series(0, x::integer - 1) k) f
	WHERE x <= 300 AND abs(log_likelihood - (coalesce(factor, 0) - p1 * log1p(t / p2) - x * ln(p2 + t) - p3
		* log1p(t / p4) + CASE WHEN log_odds IS NULL THEN 0 ELSE log1p_exp(log_odds) END))
		> 1e-9 * (abs(log_likelihood) + abs(coalesce(factor, 0)) + p1 * log1p(t / p2) + p3 * log1p(t / p4)
			+ greatest(log_odds, 0)) $$,
	'Pareto/NBD: likelihood');
-- the time alive in (0, h), and all of it with a discount, of a customer as old as the scale of leaving
CREATE FUNCTION time_alive(s float8, horizon float8) RETURNS float8 IMMUTABLE LANGUAGE sql
	RETURN CASE WHEN s > 1 THEN rest_of_e((s - 1) * log1p(horizon)) / (s - 1)
		ELSE exp((1 - s) * log1p(horizon)) * rest_of_e((1 - s) * log1p(horizon)) / (1 - s) END;
CREATE FUNCTION discounted_time_alive(s float8, rate float8) RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
	SELECT 0.1 * sum(power_of_e(v - s * log1p_exp(v) - rate * exp(v)))
	FROM generate_series(0, ceil(10 * (45 + ln(greatest(s, rate, 1)) + ln(700 / rate)))::integer) i,
		LATERAL (SELECT ln(700 / rate) - i * 0.1 AS v OFFSET 0) q $$;
SELECT is_empty($$ SELECT * FROM pareto_answer WHERE p_alive > 1e-100
	AND NOT near(purchases, p_alive * (p1 + x) * (p4 + t) / (p2 + t) * time_alive(p3, h / (p4 + t)), 1e-9)
	UNION ALL SELECT * FROM pareto_answer WHERE NOT near(new_purchases, p1 * p4 / p2 * time_alive(p3, h / p4),
		1e-9) $$, 'Pareto/NBD: expected purchases');
SELECT is_empty($$ SELECT * FROM pareto_answer WHERE p_alive > 1e-100 AND NOT near(dert,
	p_alive * (p1 + x) * (p4 + t) / (p2 + t) * discounted_time_alive(p3, rate * (p4 + t)), 1e-9) $$,
	'Pareto/NBD: discounted residual purchases');

-- probabilities of purchases: BG/NBD by its sum, Pareto/NBD by summing to 1 where few are possible
CREATE FUNCTION log_pochhammer(a float8, n integer) RETURNS float8 IMMUTABLE LANGUAGE sql
	RETURN (SELECT coalesce(sum(ln(a + k)), 0) FROM generate_series(0, n - 1) k);
CREATE TABLE chance AS
SELECT i, p1, p2, p3, p4, n, h, kpi.clv_purchase_probability(ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.bgnbd_model, n, h) AS probability
FROM wide, unnest('{0, 1, 2, 9}'::int[]) n;
SELECT is_empty($$ SELECT * FROM chance, LATERAL (
		SELECT sum(pmf) FILTER (WHERE j = n) AS here, sum(pmf) FILTER (WHERE j < n) AS below,
			sum(pmf) FILTER (WHERE j >= n) AS above FROM (
			SELECT j, power_of_e(sum(ln((p1 + j - 1) / j)) FILTER (WHERE j > 0)
				OVER (ORDER BY j) - j * log1p(p2 / h) - p1 * log1p(h / p2)) AS pmf
			FROM generate_series(1, 4000) j UNION ALL SELECT 0, power_of_e(-p1 * log1p(h / p2))) s) q,
		LATERAL (SELECT power_of_e(log_pochhammer(p4, n) - log_pochhammer(p3 + p4, n)) AS stays,
			CASE WHEN n > 0 THEN power_of_e(ln(p3) + log_pochhammer(p4, n - 1) - log_pochhammer(p3 + p4, n))
				ELSE 0 END AS leaves) b
	WHERE 4000 * log1p(p2 / h) > 33 AND p1 * h / p2 < 300
		AND NOT near(probability, here * stays + above * leaves, 1e-9) $$, 'BG/NBD: purchase probability');

-- BG/BB: the sum over the chance of leaving, products in place of gamma functions
CREATE TABLE donor AS
SELECT i, p1, p2, p3, p4, x,
	CASE WHEN x = 0 THEN 0 ELSE least(n, x + floor(random() * (n - x + 1)))::integer END AS m, n, future, rate
FROM (SELECT *, floor(random() * (n + 1))::integer AS x FROM (SELECT i, p1, p2, p3, p4, rate,
	floor(random() * 30)::integer AS n, floor(random() * 20)::integer AS future FROM wide) a) b;
CREATE TABLE donor_answer AS
SELECT d.*, kpi.clv_p_alive(model, x, m, n) AS p_alive,
	kpi.clv_expected_purchases(model, future, x, m, n) AS purchases,
	kpi.clv_expected_purchases(model, future) AS new_purchases, kpi.clv_dert(model, rate, x, m, n) AS dert,
	kpi.clv_log_likelihood(model, x, m, n) AS log_likelihood,
	kpi.clv_purchase_probability(model, x, n) AS probability, truth.*
FROM donor d, LATERAL (SELECT ROW(p1, p2, p3, p4, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.bgbb_model AS model OFFSET 0) q,
	LATERAL (SELECT max(term) + ln(sum(power_of_e(term - top))) AS true_log,
		power_of_e(max(term) FILTER (WHERE k = n AND stays) - max(term) - ln(sum(power_of_e(term - top))))
		AS true_alive
		FROM (SELECT *, max(term) OVER () AS top FROM (
			SELECT k, true AS stays, log_pochhammer(p1, x) + log_pochhammer(p2, n - x) - log_pochhammer(p1 + p2, n)
				+ log_pochhammer(p4, n) - log_pochhammer(p3 + p4, n) AS term
			FROM (VALUES (n)) v (k)
			UNION ALL
			SELECT k, false, log_pochhammer(p1, x) + log_pochhammer(p2, k - x) - log_pochhammer(p1 + p2, k) + ln(p3)
				+ log_pochhammer(p4, k) - log_pochhammer(p3 + p4, k + 1)
			FROM generate_series(m, n - 1) k) t) u) truth;
SELECT is_empty($$ SELECT * FROM donor_answer WHERE NOT coalesce(p_alive BETWEEN 0 AND 1 AND purchases BETWEEN 0
	AND future AND new_purchases BETWEEN 0 AND future
	AND dert BETWEEN 0 AND 1e300 AND log_likelihood BETWEEN -1e9 AND 1e-12 AND probability BETWEEN 0 AND 1 + 1e-12,
	false) $$, 'BG/BB: every answer is a number of its range');
SELECT is_empty($$ SELECT * FROM donor_answer WHERE NOT near(p_alive, true_alive, 1e-9, 1e-120)
	OR abs(log_likelihood - true_log) > 1e-9 * greatest(abs(true_log), 1e-3) $$, 'BG/BB: P(alive) and likelihood');
-- alive at the k-th chance to come, and buying there
SELECT is_empty($$ SELECT * FROM donor_answer, LATERAL (
		SELECT coalesce(sum(power_of_e(log_pochhammer(p4 + n, k) - log_pochhammer(p3 + p4 + n, k))), 0) * (p1 + x)
			/ (p1 + p2 + n) AS mean FROM generate_series(1, future) k) q
	WHERE NOT near(purchases, true_alive * mean, 1e-9, 1e-120) $$, 'BG/BB: expected purchases');
SELECT is_empty($$ SELECT * FROM donor_answer, LATERAL (
		SELECT sum(power_of_e(log_pochhammer(p4 + n, k) - log_pochhammer(p3 + p4 + n, k) - k * ln(1 + rate)))
			* (p1 + x) / (p1 + p2 + n) AS mean FROM generate_series(1, 60) k) q
	WHERE rate > 1 AND NOT near(dert, true_alive * mean, 1e-9, 1e-120) $$, 'BG/BB: discounted residual purchases');

-- sBG: products and a sum; Gamma-Gamma: its formula
SELECT is_empty($$ SELECT * FROM wide,
	LATERAL (SELECT ROW(p1, p2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.sbg_model AS model,
	i % 30 AS n OFFSET 0) q
	WHERE NOT near(kpi.clv_sbg_survival(model, n), power_of_e(log_pochhammer(p2, n) - log_pochhammer(p1 + p2, n)),
		1e-9, 1e-120)
		OR NOT near(kpi.clv_sbg_retention(model, n + 1), (p2 + n) / (p1 + p2 + n), 1e-12)
		OR NOT coalesce(kpi.clv_sbg_derl(model, n, rate) BETWEEN 0 AND 1e300
			AND kpi.clv_sbg_survival(model, 100000) BETWEEN 0 AND 1, false) $$, 'sBG: survival and retention');
SELECT is_empty($$ SELECT * FROM wide,
	LATERAL (SELECT ROW(p1, p2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.sbg_model AS model,
	i % 30 AS n OFFSET 0) q,
		LATERAL (SELECT sum(power_of_e(log_pochhammer(p2 + greatest(n - 1, 0), k)
			- log_pochhammer(p1 + p2 + greatest(n - 1, 0), k) - (k - least(n, 1)) * ln(1 + rate))) AS mean
			FROM generate_series(least(n, 1), 60) k) s
	WHERE rate > 1 AND NOT near(kpi.clv_sbg_derl(model, n, rate), mean, 1e-9) $$, 'sBG: residual lifetime');
SELECT is_empty($$ SELECT * FROM wide,
	LATERAL (SELECT kpi.clv_expected_average_value(ROW(p1, p2, p3, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.gamma_gamma_model, x, h) AS value) q
	WHERE CASE WHEN p1 * x + p2 > 1 THEN NOT near(value, p1 * (p3 + x * h) / (p1 * x + p2 - 1),
		1e-6 / least(1, p1 * x + p2 - 1)) ELSE value IS NOT NULL END $$, 'Gamma-Gamma: average value');

-- simulated BG/BB with alpha = gamma = 1, beta = 2 and delta = 3: chances of beta distributions by inversion
SELECT setseed(0.25);
CREATE TABLE simulated AS
WITH RECURSIVE customer AS (
	SELECT i, 5 + i % 6 AS n, 1 - random() ^ (1 / 2.0) AS buys, 1 - random() ^ (1 / 3.0) AS leaves
	FROM generate_series(1, 6000) i
), chance AS (
	SELECT i, n, buys, leaves, 0 AS k, true AS stays, 0 AS x, 0 AS m FROM customer
	UNION ALL
	SELECT i, n, buys, leaves, k + 1, there, x + bought::integer, CASE WHEN bought THEN k + 1 ELSE m END
	FROM chance, LATERAL (SELECT stays AND random() >= leaves AS there OFFSET 0) a,
		LATERAL (SELECT there AND random() < buys AS bought OFFSET 0) b WHERE k < n
)
SELECT x, m, n FROM chance WHERE k = n;
SELECT ok((f).status = 'converged' AND abs((f).alpha - 1) < 3 * (f).se[1] AND abs((f).beta - 2) < 3 * (f).se[2]
	AND abs((f).gamma - 1) < 3 * (f).se[3] AND abs((f).delta - 3) < 3 * (f).se[4],
	'BG/BB: simulated customers give the parameters back')
FROM (SELECT kpi.clv_bgbb_fit(x, m, n) AS f FROM simulated) s;

SELECT * FROM finish();
ROLLBACK;
