-- Churn, retention and renewal by identity: recomputed in plain SQL, identities, states.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- 10 customers at 100: one leaves, two shrink to 60, one grows to 150; two are new, one came back
CREATE TEMP TABLE book (customer, previous, current, seen) AS VALUES
	(1, 100.0, NULL, true), (2, 100, 60, true), (3, 100, 60, true), (4, 100, 150, true), (5, 100, 100, true),
	(6, 100, 100, true), (7, 100, 100, true), (8, 100, 100, true), (9, 100, 100, true), (10, 100, 100, true),
	(11, NULL, 70, false), (12, 0, 30, false), (13, 0, 40, true), (14, 0, 0, true), (15, NULL, -5, false);
SELECT results_eq('SELECT trim_scale(kpi.nrr(previous, current)), trim_scale(kpi.grr(previous, current)),
	trim_scale(kpi.revenue_churn(previous, current)), round(kpi.revenue_quick_ratio(previous, current), 6),
	kpi.nrr(previous::float8, current::float8) FROM book',
	'VALUES (0.87, 0.82, 0.18, round(190 / 180.0, 6), 0.87::float8)', 'a book that was added up by hand');
SELECT set_eq('SELECT kpi.revenue_movement(previous, current, seen), count(*),
	sum(coalesce(current, 0) - coalesce(previous, 0))
	FROM book GROUP BY 1', $$VALUES ('churned', 1::bigint, -100.0), ('contraction', 2, -80), ('expansion', 1, 50),
	('retained', 6, 0), ('new', 2, 100), ('resurrected', 1, 40), (NULL, 2, -5)$$, 'its movements');
SELECT is(kpi.customer_churn(previous > 0, current > 0), 0.1::float8, 'one of ten left, new ones on neither side')
	FROM book;

-- 60 random books
CREATE TEMP TABLE random_book AS
SELECT g, i, nullif(greatest(floor(uniform(i, g) * 140 - 40), -3), 7)::numeric / 4 AS previous,
	nullif(floor(uniform(i, g + 1000) * 100 - 20), 5)::numeric / 4 AS current, 1 + i % 3 AS weight
FROM generate_series(1, 60) AS g, generate_series(1, g) AS i;
CREATE TEMP VIEW cleaned AS
SELECT *, greatest(coalesce(previous, 0), 0) AS p, greatest(coalesce(current, 0), 0) AS c FROM random_book;
SELECT is_empty($$
	SELECT g FROM (SELECT g, kpi.nrr(previous, current) AS nrr, kpi.grr(previous, current) AS grr,
		kpi.revenue_churn(previous, current) AS churn, kpi.revenue_quick_ratio(previous, current) AS quick,
		kpi.nrr(previous::float8, current::float8) AS nrr8, kpi.grr(previous::float8, current::float8) AS grr8,
		kpi.revenue_churn(previous::float8, current::float8) AS churn8,
		kpi.revenue_quick_ratio(previous::float8, current::float8) AS quick8,
		sum(c) FILTER (WHERE p > 0) AS kept, sum(least(c, p)) AS least, nullif(sum(p), 0) AS opening,
		sum(greatest(c - p, 0)) AS gain, nullif(sum(greatest(p - c, 0)), 0) AS loss
		FROM pg_temp.cleaned GROUP BY g) AS s
	WHERE nrr IS DISTINCT FROM kept / opening OR grr IS DISTINCT FROM least / opening
		OR churn IS DISTINCT FROM (opening - least) / opening OR quick IS DISTINCT FROM gain / loss
		OR NOT (alike(nrr8, nrr::float8, 1e-15) AND alike(grr8, grr::float8, 1e-15)
			AND alike(churn8, churn::float8, 1e-15, 1) AND alike(quick8, quick::float8, 1e-15))
		OR grr > least(nrr, 1)
$$, 'retention of revenue as plain SQL has it; gross is below net and 1');
SELECT is_empty($$
	SELECT g FROM (SELECT g, kpi.customer_churn(p > 0, c > 0) AS churn, kpi.customer_retention(p > 0, c > 0) AS kept,
		kpi.customer_churn(p > 0, c > 0, weight) AS weighted,
		count(*) FILTER (WHERE p > 0 AND c = 0) / nullif(count(*) FILTER (WHERE p > 0), 0)::float8 AS want,
		sum(weight) FILTER (WHERE p > 0 AND c = 0)::float8 / nullif(sum(weight) FILTER (WHERE p > 0), 0)::float8 AS heavy
		FROM pg_temp.cleaned GROUP BY g) AS s
	WHERE churn IS DISTINCT FROM want OR NOT alike(weighted, coalesce(heavy, 0 * want), 1e-15, 1)
		OR churn + kept <> 1
$$, 'churn of customers by identity, and with retention it is 1');
SELECT is(kpi.customer_churn(p > 0, c > 0, weight), (SELECT kpi.customer_churn(p > 0, c > 0)
	FROM pg_temp.cleaned, generate_series(1, weight)), 'a weight is so many customers') FROM pg_temp.cleaned;
SELECT is_empty($$
	SELECT g FROM (SELECT g, kpi.nrr(previous, current, weight) AS nrr, kpi.grr(previous, current, weight) AS grr,
		kpi.revenue_churn(previous, current, weight) AS churn,
		kpi.revenue_quick_ratio(previous, current, weight) AS quick,
		kpi.nrr(previous::float8, current::float8, weight) AS nrr8,
		kpi.grr(previous::float8, current::float8, weight) AS grr8,
		kpi.revenue_churn(previous::float8, current::float8, weight) AS churn8,
		kpi.revenue_quick_ratio(previous::float8, current::float8, weight) AS quick8
		FROM pg_temp.cleaned GROUP BY g) AS w
	JOIN (SELECT g, kpi.nrr(previous, current) AS nrr1, kpi.grr(previous, current) AS grr1,
		kpi.revenue_churn(previous, current) AS churn1, kpi.revenue_quick_ratio(previous, current) AS quick1
		FROM pg_temp.cleaned, generate_series(1, weight) GROUP BY g) AS r USING (g)
	WHERE (nrr, grr, churn, quick) IS DISTINCT FROM (nrr1, grr1, churn1, quick1)
		OR NOT (alike(nrr8, nrr::float8, 1e-15) AND alike(grr8, grr::float8, 1e-15)
			AND alike(churn8, churn::float8, 1e-15, 1) AND alike(quick8, quick::float8, 1e-15))
$$, 'retention of revenue by weight is that of so many customers');
SELECT is(kpi.nrr(p, c, w), 0.5, 'a row without a weight, or with none, is nobody')
FROM (VALUES (10.0, 5.0, 2), (10, 1, NULL), ('NaN', 1, 0)) AS v (p, c, w);
SELECT is(kpi.grr(p::float8, c, w), 0.5::float8, 'in float8, too')
FROM (VALUES (10.0, 5.0, 2), (10, 1, NULL), ('NaN', 1, 0)) AS v (p, c, w);
SELECT is_empty($$
	SELECT g FROM (SELECT g, kpi.renewal_rate(current > 2) AS rate, kpi.renewal_rate(current > 2, p) AS value,
		count(*) FILTER (WHERE current > 2) / nullif(count(current), 0)::float8 AS want,
		sum(CASE WHEN current > 2 THEN p ELSE 0 END) FILTER (WHERE current IS NOT NULL)
			/ nullif(sum(p) FILTER (WHERE current IS NOT NULL), 0) AS money FROM pg_temp.cleaned GROUP BY g) AS s
	WHERE rate IS DISTINCT FROM want OR value IS DISTINCT FROM money
$$, 'renewal by count and by value; what is not known yet is left out');
SELECT is(got, NULL, what) FROM (VALUES
	((SELECT kpi.nrr(previous, current)::float8 FROM book WHERE false), 'no rows'),
	((SELECT kpi.nrr(previous, current)::float8 FROM book WHERE customer > 10), 'nobody had revenue before'),
	((SELECT kpi.nrr(1, 'NaN'::float8)), 'NaN'), ((SELECT kpi.nrr('Infinity'::numeric, 1)::float8), 'infinity'),
	((SELECT kpi.customer_churn(false, true)), 'nobody was active'),
	((SELECT kpi.renewal_rate(NULL::boolean)), 'nothing is known')) AS v (got, what);
SELECT is(kpi.revenue_movement('NaN', 1), NULL, 'NaN moves nowhere');
SELECT throws_ok('SELECT kpi.' || call, '22023', NULL, call) FROM (VALUES ('customer_churn(true, false, -1)'),
	('nrr(1.0, 1.0, -1)'), ('grr(1.0::float8, 1, -1)'), ('revenue_churn(1.0, 1.0, ''NaN'')'),
	('revenue_quick_ratio(1.0::float8, 1, ''Infinity'')')) AS v (call);

SELECT * FROM finish();
ROLLBACK;
