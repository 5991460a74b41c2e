-- Shares of counts: published intervals and tests, recomputation in plain SQL.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- Newcombe 1998, Statistics in Medicine 17, pages 857-872, table I, method 3
SELECT is(ARRAY[round(c.lower::numeric, 4), round(c.upper::numeric, 4)], wanted,
	format('Wilson interval of %s of %s', x, n))
FROM (VALUES (81, 263, '{0.2553,0.3662}'::numeric[]), (15, 148, '{0.0624,0.1605}'), (0, 20, '{0,0.1611}'),
	(1, 29, '{0.0061,0.1718}')) AS v (x, n, wanted),
	kpi.wilson_ci(x, n) AS c;
-- and pages 873-890, table II, method 10
SELECT is(ARRAY[round(c.lower::numeric, 4), round(c.upper::numeric, 4)], wanted,
	format('hybrid score interval of %s of %s less %s of %s', a, m, b, n))
FROM (VALUES (56, 70, 48, 80, '{0.0524,0.3339}'::numeric[]), (9, 10, 3, 10, '{0.1705,0.8090}'),
	(6, 7, 2, 7, '{0.0582,0.8062}'), (5, 56, 0, 29, '{-0.0381,0.1926}'), (0, 10, 0, 20, '{-0.1611,0.2775}'),
	(0, 10, 0, 10, '{-0.2775,0.2775}'), (10, 10, 0, 20, '{0.6791,1.0000}'),
	(10, 10, 0, 10, '{0.6075,1.0000}')) AS v (a, m, b, n, wanted),
	kpi.newcombe_ci(a, m, b, n) AS c;
SELECT is((c).estimate, 0.2::float8, 'no rounding in the difference of 0.8 and 0.6')
	FROM kpi.newcombe_ci(56, 70, 48, 80) AS c;

-- the bound of the normal distribution: 1.959963984540054 at 95 %
CREATE TEMP TABLE counted AS
SELECT i, x, n, z, confidence FROM generate_series(1, 400) AS i,
	LATERAL (SELECT 1 + i * 7919 % 997 AS n) AS b, LATERAL (SELECT i * 104729 % (n + 1) AS x) AS a,
	(VALUES (0.95::float8, 1.959963984540054::float8), (0.99, 2.5758293035489004),
		(0.8, 1.2815515655446004)) AS v (confidence, z);
SELECT is_empty($$
	SELECT i FROM counted, kpi.wilson_ci(x, n, confidence) AS c,
		LATERAL (SELECT x / n::float8 AS p) AS p,
			LATERAL (SELECT (p + z^2 / (2 * n)) / (1 + z^2 / n) AS middle,
			z / (1 + z^2 / n) * sqrt(p * (1 - p) / n + z^2 / (4.0 * n * n)) AS half) AS w
	WHERE NOT (near(c.estimate, p, 1e-15) AND near(c.se, sqrt(p * (1 - p) / n), 1e-14, 1e-3)
		AND near(c.lower, middle - half, 1e-13, 1) AND near(c.upper, middle + half, 1e-13, 1))
$$, 'the Wilson interval is its formula');
SELECT is_empty($$
	SELECT i FROM counted, kpi.wilson_ci(x, n, confidence) AS c
	WHERE NOT (0 <= c.lower AND c.lower <= c.estimate AND c.estimate <= c.upper AND c.upper <= 1) OR x = 0
		AND c.lower <> 0 OR x = n AND c.upper <> 1
		OR c.lower IS DISTINCT FROM 1 - (kpi.wilson_ci(n - x, n, confidence)).upper
			AND NOT near(c.lower, 1 - (kpi.wilson_ci(n - x, n, confidence)).upper, 1e-12, 1e-3)
$$, 'it stays within 0 and 1, and that of the failures mirrors it');
-- with 60 digits, where a difference of doubles would have lost all of them
SELECT ok(near(c.lower::numeric, wanted, 1e-14), 'two of 10^11: the lower end keeps its digits')
FROM kpi.wilson_ci(2, 1e11, 0.95) AS c,
	(VALUES (2::numeric(100,60), 1e11::numeric(100,60), 1.959963984540054235524594430520::numeric(100,60))) AS v (x,
	n, z),
	LATERAL (SELECT (x + z * z / 2 - z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z) AS wanted) AS w;

-- tests: R 4.2, prop.test(c(56, 48), c(70, 80), correct = FALSE) and fisher.test
SELECT ok(near(t.z ^ 2, 7.023411371237458, 1e-12) AND near(t.p_value, 0.00804508136819658, 1e-11)
	AND near(t.lift, 1 / 3.0::float8, 1e-15), 'z and p of pooled variance, lift')
FROM kpi.ab_test(56, 70, 48, 80) AS t;
SELECT ok(near(t.p_value, 17 / 35.0::float8, 1e-14) AND t.z IS NULL,
	'Fisher''s tea: 34 of 70 tables are no more probable') FROM kpi.ab_test(3, 4, 1, 4) AS t;

-- Fisher's test by counting all tables with the same margins
CREATE FUNCTION pg_temp.fisher(a int, m int, b int, n int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
	WITH t AS (
		SELECT x,
			factorial(m) / factorial(x) / factorial(m - x) * factorial(n) / factorial(a + b - x) / factorial(n - a - b + x)
			AS ways
		FROM generate_series(greatest(0, a + b - n), least(m, a + b)) AS x
	)
	SELECT sum(ways) FILTER (WHERE ways <= (SELECT ways FROM t WHERE x = a) * (1 + 1e-9)) / sum(ways) FROM t
$$;
SELECT is_empty($$
	SELECT a, m, b, n, t.p_value, wanted FROM generate_series(1, 12) AS m, generate_series(1, 14, 3) AS n,
		generate_series(0, m) AS a, generate_series(0, n) AS b,
		kpi.ab_test(a, m, b, n) AS t, pg_temp.fisher(a, m, b, n) AS wanted
	WHERE t.z IS NULL AND NOT near(t.p_value, wanted::float8, 1e-12)
$$, 'Fisher''s exact test counts the tables');
SELECT is_empty($$
	SELECT a, m, b, n FROM (VALUES (30, 100, 20, 90), (500, 1000, 450, 1000), (99, 100, 80, 100),
		(12, 400, 30, 420)) AS v (a, m, b, n), kpi.ab_test(a, m, b, n) AS t,
		LATERAL (SELECT (a + b)::float8 / (m + n) AS p) AS p
	WHERE NOT near(t.z, (a / m::float8 - b / n::float8) / sqrt(p * (1 - p) * (1.0 / m + 1.0 / n)), 1e-12) OR t.z IS NULL
		OR (t.lower, t.upper) IS DISTINCT FROM (SELECT (c.lower, c.upper) FROM kpi.newcombe_ci(a, m, b, n) AS c)
$$, 'z of pooled variance');
SELECT ok(t.p_value BETWEEN 0.0015 AND 0.0016, 'few of very many: ' || t.p_value)
	FROM kpi.ab_test(10, 1e9, 0, 1e9) AS t;
SELECT is(t.p_value, 1::float8, 'no success at all is no difference') FROM kpi.ab_test(0, 10, 0, 10) AS t;

-- shrinkage
SELECT is(kpi.shrunk_rate(x, n, m, w), wanted::float8, what)
	FROM (VALUES (4, 10, 0.25, 10, 0.325, 'a rate half way to its prior'),
	(4, 10, 0.25, 0, 0.4, 'a prior without weight'),
	(4, 10, 0.25, 'Infinity'::float8, 0.25, 'groups that do not differ'), (0, 0, 0.25, 10, 0.25, 'no trials'),
	(0, 0, 0.25, 'Infinity', 0.25, 'no trials, no differences'), (0, 0, 0.25, 0, NULL, 'nothing at all'),
	(NULL, 10, 0.25, 1, NULL, 'NULL'), ('NaN'::float8, 10, 0.25, 1, NULL, 'NaN')) AS v (x, n, m, w, wanted, what);
CREATE TEMP TABLE grouped AS
SELECT i, 20 + i * 7919 % 181 AS n,
	floor((20 + i * 7919 % 181) * (0.2 + 0.1 * uniform(i, 1) + 0.2 * uniform(i, 2)))::float8 AS x
	FROM generate_series(1, 300) AS i;
SELECT ok(near(p.mean, m, 1e-14) AND near(p.weight, 1 / r - 1, 1e-9),
	format('prior by moments: %s counts like %s trials', round(p.mean::numeric, 3), round(p.weight::numeric)))
FROM (SELECT (kpi.rate_prior(x, n)).* FROM grouped) AS p,
	LATERAL (SELECT sum(x) / sum(n) AS m, count(*) - 1 AS k, sum(n) - sum(n * n) / sum(n)::float8 AS room
		FROM grouped) AS t,
	LATERAL (SELECT sum(n * (x / n - m)^2) AS s FROM grouped) AS u,
		LATERAL (SELECT (s - m * (1 - m) * k) / (m * (1 - m) * (room - k)) AS r) AS w;
SELECT is((kpi.rate_prior(x, n)).weight, 'Infinity'::float8, 'groups alike')
	FROM (VALUES (5, 10), (50, 100), (20, 40)) AS v (x, n);
SELECT is((kpi.rate_prior(x, n)).weight, NULL, 'one group does not tell')
	FROM (VALUES (5, 10), (0, 0), (NULL, 3)) AS v (x, n);
SELECT is((kpi.rate_prior(x, n)).weight, NULL, 'nor do groups of one')
	FROM (VALUES (0, 1), (1, 1), (1, 1)) AS v (x, n);
SELECT is((kpi.rate_prior(x, n)).weight, 0::float8, 'groups that are all or nothing')
	FROM (VALUES (0, 10), (10, 10)) AS v (x, n);
SELECT is(kpi.rate_prior(x, n), NULL, 'no group') FROM (VALUES (0, 0), (NULL, NULL)) AS v (x, n);

-- undefined is NULL, impossible an error
SELECT is(c.estimate, NULL, 'no trials') FROM kpi.wilson_ci(0, 0) AS c;
SELECT is(c.estimate, NULL, 'no trials of one') FROM kpi.newcombe_ci(1, 2, 0, 0) AS c;
SELECT throws_ok(format('SELECT kpi.%s', call), '22023', message, call)
	FROM (VALUES ('wilson_ci(3, 2)', '3 successes of 2 trials are not possible'),
	('wilson_ci(-1, 2)', '-1 successes of 2 trials are not possible'),
	('wilson_ci(1, 2, 1)', 'confidence 1 is not between 0 and 1'),
	('newcombe_ci(1, 2, 3, 2)', '3 successes of 2 trials are not possible'),
	('ab_test(1.5, 2, 1, 2)', 'successes 1.5 is not a count'),
	('ab_test(1, 2, 1, 2, 95)', 'confidence 95 is not between 0 and 1'),
	('shrunk_rate(1, 2, 27, 1)', 'prior_mean 27 is not between 0 and 1'),
	('shrunk_rate(1, 2, 0.3, -1)', 'prior_weight -1 is not a number of at least 0'),
	('rate_prior(2, 1)', '2 successes of 1 trials are not possible')) AS v (call, message);

SELECT is(kpi.shrunk_rate(x, n, '-0', 3)::text, '0', 'zero has no sign')
FROM (VALUES ('-0'::float8, 5), ('-0', 0)) AS v (x, n);

SELECT * FROM finish();
ROLLBACK;
