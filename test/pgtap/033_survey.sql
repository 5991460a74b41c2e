-- Answers on a scale, recomputed in plain SQL; Student's t against its tables.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- 40 surveys of 1 to 200 answers, some on no scale, some missing
CREATE TEMP TABLE answer AS
SELECT g, i, CASE (g * 31 + i * 7919) % 29 WHEN 0 THEN NULL WHEN 1 THEN 11 WHEN 2 THEN -1 WHEN 3 THEN 4.5 WHEN 4
	THEN 'NaN'
	ELSE floor(11 * power(uniform(i, g), 1 + g % 3 / 2.0)) END::float8 AS x
FROM generate_series(1, 40) AS g, generate_series(1, g * 5) AS i;
CREATE TEMP TABLE survey AS SELECT g, kpi.answers(x) AS a, kpi.nps(x) AS nps, kpi.csat(x) AS csat, kpi.ces(x) AS ces
	FROM answer GROUP BY g;
CREATE TEMP VIEW valid AS SELECT g, x FROM answer WHERE x BETWEEN 0 AND 10 AND x = floor(x);

SELECT is_empty($$
	SELECT g FROM survey LEFT JOIN (
		SELECT g, count(*)::float8 AS n, count(*) FILTER (WHERE x >= 9) / count(*)::float8 AS p,
			count(*) FILTER (WHERE x <= 6) / count(*)::float8 AS d FROM pg_temp.valid GROUP BY g
	) AS w USING (g), kpi.nps_ci(a, 0.9) AS c,
		LATERAL (SELECT (n * p + 0.75) / (n + 3) AS p3, (n * d + 0.75) / (n + 3) AS d3, 1.6448536269514722 AS z) AS b,
			LATERAL (SELECT z * sqrt((p3 + d3 - (p3 - d3)^2) / (n + 3)) AS half) AS h
	WHERE NOT (alike(nps, 100 * (p - d), 1e-13, 1) AND nps IS NOT DISTINCT FROM kpi.nps(a)
		AND alike(c.estimate, nps, 0) AND alike(c.se, 100 * sqrt(greatest(p + d - (p - d)^2, 0) / n), 1e-12, 1e-3)
		AND alike(c.lower, 100 * greatest(p3 - d3 - half, -1), 1e-12, 1)
		AND alike(c.upper, 100 * least(p3 - d3 + half, 1), 1e-12, 1))
$$, 'NPS and its adjusted Wald interval');
SELECT is_empty($$
	SELECT g FROM survey LEFT JOIN (SELECT g, count(*) FILTER (WHERE x >= 4 AND x <= 5) AS top,
		count(*) FILTER (WHERE x <= 5) AS n FROM pg_temp.valid WHERE x >= 1 GROUP BY g) AS w USING (g),
		kpi.csat_ci(a, 0.99) AS c
	WHERE NOT alike(csat, top / nullif(n, 0)::float8, 0) OR csat IS DISTINCT FROM kpi.csat(a)
		OR c IS DISTINCT FROM kpi.wilson_ci(top, nullif(n, 0), 0.99)
$$, 'CSAT of 1 to 5 is the share of 4 and 5, its interval that of Wilson');
SELECT is_empty($$
	SELECT g FROM survey LEFT JOIN (SELECT g, avg(x) AS mean FROM pg_temp.valid WHERE x BETWEEN 1 AND 7
		GROUP BY g) AS w USING (g)
	WHERE NOT (alike(ces, mean, 1e-14) AND alike(kpi.ces(a, 7, 'lower'), 8 - mean, 1e-13)
		AND ces IS NOT DISTINCT FROM kpi.ces(a))
$$, 'CES is the mean of 1 to 7, or turned round');
SELECT is_empty($$
	SELECT g, low, high FROM survey, (VALUES (0, 10), (1, 5), (3, 4)) AS s (low, high),
		kpi.mean_rating(a, low, high) AS c,
		LATERAL (SELECT avg(x) AS mean, stddev_samp(x) / sqrt(count(*)) AS error, count(*) AS n
			FROM pg_temp.valid AS v WHERE v.g = survey.g AND x BETWEEN low AND high) AS w
	WHERE NOT (alike(c.mean, w.mean, 1e-14)
		AND alike(c.se, error, 1e-12, 1e-3) AND (c.lower IS NULL) = (n < 2) AND (c.upper IS NULL) = (n < 2)
		AND coalesce(c.lower >= low AND c.upper <= high, true))
		OR c.answers <> n OR c.off_scale <> (SELECT count(x) FROM answer WHERE answer.g = survey.g) - n
$$, 'means, their standard errors, and what is off the scale is counted');

-- Student's t at 95 %, two-sided, from its tables: an interval of n answers at both ends of a wide scale
SELECT ok(near((c.upper - c.mean) / c.se, t, 2e-7), format('t of %s degrees of freedom', n - 1))
FROM (VALUES (5, 2.7764451), (11, 2.2281389), (31, 2.0422725), (121, 1.9799304), (1001, 1.9623391)) AS v (n, t),
	LATERAL (SELECT kpi.answers(CASE WHEN i % 2 = 0 THEN 4 ELSE 5 END) AS a FROM generate_series(1, n) AS i) AS b,
		kpi.mean_rating(a) AS c;
-- the expansion for many degrees of freedom meets the incomplete beta function
SELECT ok(near(a - b, 2 * 2.372273e-10, 0.01) AND near(b, 1.959963985 + 2.372273e-5, 1e-9),
	format('%s of 99,999 and %s of 100,001 degrees of freedom', a, b))
FROM (SELECT max(t) FILTER (WHERE n = 100000) AS a, max(t) FILTER (WHERE n = 100002) AS b FROM (
	SELECT n, ((c).upper - (c).mean) / (c).se AS t FROM (VALUES (100000), (100002)) AS v (n),
		LATERAL (SELECT kpi.mean_rating(kpi.answers(x, n / 2)) AS c FROM (VALUES (4), (5)) AS x (x)) AS r) AS s) AS t;

-- a weight counts as that many answers; parts merged are the whole; forms read back
SELECT is((SELECT kpi.answers(x, w) FROM (SELECT x, count(*) AS w FROM answer GROUP BY x) AS s)::text,
	(SELECT kpi.answers(x) FROM answer)::text, 'weights are repetitions');
SELECT is((SELECT kpi.rollup(a) FROM survey)::text, (SELECT kpi.answers(x) FROM answer)::text,
	'stored parts merged are the whole');
SELECT is_empty($$ SELECT g FROM survey WHERE a::text::kpi.answers::text <> a::text $$, 'the text form reads back');
SELECT is((SELECT kpi.answers(x) FROM (SELECT x FROM answer ORDER BY hashfloat8(x), i) AS s)::text,
	(SELECT kpi.answers(x) FROM answer)::text, 'in any order');
SELECT is_empty($$
	SELECT g, i FROM (SELECT g, i, kpi.nps(x) OVER (PARTITION BY g ORDER BY i) AS moving FROM answer WHERE g < 10) AS m
	WHERE moving IS DISTINCT FROM (SELECT kpi.nps(x) FROM answer AS a WHERE a.g = m.g AND a.i <= m.i)
$$, 'over growing frames');

-- what is undefined is NULL, what is wrong an error
SELECT is(got, NULL, what) FROM (VALUES ((SELECT kpi.nps(x) FROM answer WHERE false), 'no rows'),
	((SELECT kpi.nps(x) FROM (VALUES (11), (NULL)) AS v (x)), 'no answer on the scale'),
	((SELECT kpi.csat(x) FROM (VALUES (0), (10)) AS v (x)), 'none of 1 to 5'),
	((SELECT (kpi.mean_rating(kpi.answers(3), 4, 5)).mean), 'none of 4 to 5'),
	((SELECT (kpi.mean_rating(kpi.answers(3))).lower), 'one answer has no interval')) AS v (got, what);
SELECT is((c).lower, 3::float8, 'all of one mind: no error')
	FROM (SELECT kpi.mean_rating(kpi.answers(3)) AS c FROM generate_series(1, 5)) AS v;
SELECT cmp_ok((c).lower, '<', 100::float8, 'but an NPS of 100 of ten answers has an interval')
	FROM (SELECT kpi.nps_ci(kpi.answers(10)) AS c FROM generate_series(1, 10)) AS v;
SELECT throws_ok(format('SELECT kpi.%s FROM (VALUES (3.0)) AS v (x)', call), '22023', message, call)
	FROM (VALUES ('csat(kpi.answers(x), 11)', 'scale_max 11 is not between 2 and 10'),
	('csat(kpi.answers(x), 5, 5)', 'boxes 5 is not between 1 and 4'),
	('ces(kpi.answers(x), 7, ''target'')', 'direction "target" is not one of effort'),
	('ces(kpi.answers(x), 7, ''best'')', 'unrecognized direction "best"'),
	('mean_rating(kpi.answers(x), 5, 1)', 'scale from 5 to 1 is not within 0 to 10'),
	('mean_rating(kpi.answers(x), 0, 100)', 'scale from 0 to 100 is not within 0 to 10'),
	('nps_ci(kpi.answers(x), 95)', 'confidence 95 is not between 0 and 1'),
	('answers(x, -1)', 'weight -1 is not a count'), ('answers(x, 0.5)', 'weight 0.5 is not a count')) AS v (call,
	message);
SELECT throws_ok($$SELECT kpi.mean_rating('1 9223372036854775807 1 0 0 0 0 0 0 0 0 0 0')$$, '22003',
	'number of answers out of range', 'more answers than a bigint counts');

SELECT * FROM finish();
ROLLBACK;
