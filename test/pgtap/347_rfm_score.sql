-- Scores by recency, frequency and money: against plain SQL, with equal
-- customers, missing values, partitions and any order of the rows.
BEGIN;
SELECT no_plan();
SET LOCAL jit = off;
SELECT setseed(0.25);

CREATE TABLE customer AS
SELECT i, i % 3 AS shop, CASE WHEN i % 50 <> 0 THEN floor(random() * 400) END AS since,
	floor(random() ^ 3 * 20) AS frequency,
	CASE WHEN i % 77 = 0 THEN 'NaN' WHEN i % 79 = 0 THEN '-inf' ELSE 100 * random() ^ 2 END::float8 AS money
FROM generate_series(1, 4000) i;
-- plain SQL: as many are worse as stand before the first one that is equal
CREATE FUNCTION plain(groups integer) RETURNS TABLE (i integer, score integer) LANGUAGE sql AS $$
	SELECT c.i, 100 * (1 + groups * (rank() OVER (PARTITION BY shop ORDER BY since DESC) - 1) / n)
		+ 10 * (1 + groups * (rank() OVER (PARTITION BY shop ORDER BY frequency) - 1) / n)
		+ 1 + groups * (rank() OVER (PARTITION BY shop ORDER BY money) - 1) / n
	FROM (SELECT *, count(*) OVER (PARTITION BY shop) AS n FROM customer
		WHERE since IS NOT NULL AND money NOT IN ('NaN', '-inf')) c $$;
SELECT set_eq('SELECT i, kpi.rfm_score(since, frequency, money) OVER (PARTITION BY shop) FROM customer
	WHERE since IS NOT NULL AND money NOT IN (''NaN'', ''-inf'')',
	'SELECT * FROM plain(5)', 'five groups as plain SQL has them');
SELECT set_eq(format('SELECT i, kpi.rfm_score(since, frequency, money, %s) OVER (PARTITION BY shop
	ORDER BY md5(i::text)) FROM customer EXCEPT SELECT i, NULL FROM customer', g),
	format('SELECT * FROM plain(%s)', g), g || ' groups, beside missing values, in another order')
		FROM unnest('{2, 4, 9}'::int[]) g;
SELECT is_empty($$ SELECT * FROM (SELECT *, kpi.rfm_score(since, frequency, money) OVER () AS score FROM customer) s
	WHERE (score IS NULL) <> (since IS NULL OR money IN ('NaN', '-inf')) OR score::text !~ '^[1-5]{3}$' $$,
		'no value, no score, and only then');

-- without equal customers every digit has as many
SELECT is(array_agg(n ORDER BY digit), '{200,200,200,200,200}', 'even groups')
FROM (SELECT score / 100 AS digit, count(*) AS n
	FROM (SELECT kpi.rfm_score(i, i % 2, -i) OVER () AS score FROM generate_series(1, 1000) i) s GROUP BY 1) d;
SELECT is(kpi.rfm_score(3, 4, 5) OVER (), 111, 'nobody is worse than a customer alone');
SELECT is(min(score) || '-' || max(score), '111-111', 'all alike')
FROM (SELECT kpi.rfm_score(1, 2, 3) OVER () AS score FROM generate_series(1, 9)) s;
SELECT results_eq('SELECT kpi.rfm_score(a, b, c) OVER (ORDER BY a) FROM (VALUES (1::float8, 9::float8, 5::float8),
	(2, 8, 5), (3, 1, 5), (4, 1, 5), (5, 1, 5)) v(a, b, c)',
	'VALUES (551), (441), (311), (211), (111)', 'equal customers have equal digits');
SELECT is(kpi.rfm_score(1, 2, 3, NULL) OVER (), NULL, 'groups that are NULL');
SELECT is(kpi.rfm_score(NULL, 2, 3) OVER (), NULL, 'nobody to score');
SELECT throws_ok(format('SELECT kpi.rfm_score(1, 2, 3, %s) OVER ()', g), '22023',
	format('number of groups %s is not between 2 and 9', g)) FROM unnest('{1, 10, -5}'::int[]) g;

SELECT is_empty($$
	SELECT r, f, count(segment) FROM generate_series(1, 5) AS r CROSS JOIN generate_series(1, 5) AS f
	LEFT JOIN kpi.rfm_segments() ON recency @> r AND frequency @> f
	GROUP BY r, f HAVING count(segment) <> 1
$$, 'each pair of recency and frequency is in one segment');
SELECT * FROM finish();
ROLLBACK;
