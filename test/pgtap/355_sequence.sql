-- Patterns in the rows of an entity against a search of all chains of rows; sessions.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- 40 patterns of 1 to 4 rows: what each meets, and what lies between it and the one before
CREATE TEMP TABLE element AS
SELECT p, k, floor(uniform(p * 8 + k, 1) * 4)::int AS condition,
	CASE WHEN k = 1 THEN 'begin' ELSE (ARRAY['at once', 'any', 'most', 'least', 'less', 'more', 'equal', 'both'])
		[1 + floor(uniform(p * 8 + k, 2) * 8)::int] END AS kind,
	floor(uniform(p * 8 + k, 3) * 4)::int AS time
FROM generate_series(1, 40) AS p, generate_series(1, 1 + p % 4) AS k;
CREATE TEMP TABLE pattern AS
SELECT p, count(*)::int AS rows, string_agg(CASE kind WHEN 'begin' THEN '' WHEN 'at once' THEN '' WHEN 'any' THEN '.*'
	WHEN 'most' THEN format('(?t<=%s)', time) WHEN 'least' THEN format('.*(?t>=%s)', time)
	WHEN 'less' THEN format('(?t<%s).*', time) WHEN 'more' THEN format('(?t>%s)', time)
	WHEN 'equal' THEN format('(?t==%s)', time) ELSE format('(?t>=1)(?t<=%s)', time) END
	|| CASE condition WHEN 0 THEN '.' ELSE format('(?%s)', condition) END, '' ORDER BY k) AS pattern
FROM element GROUP BY p;
-- 400 entities of up to 7 rows at few times
CREATE TEMP TABLE event AS
SELECT e, i, floor(uniform(i, e) * 9)::bigint AS t, ARRAY(SELECT uniform(i * 8 + c, e) < 0.45
	FROM generate_series(1, 3) AS c) AS met
FROM generate_series(1, 400) AS e, generate_series(1, 1 + e % 7) AS i;
-- their rows that meet a condition, in order: by time, then by the conditions as a binary number
CREATE TEMP TABLE placed AS
SELECT e, t, met, row_number() OVER (PARTITION BY e ORDER BY t, met[3], met[2], met[1])::int AS n
FROM event WHERE true = ANY (met);
-- the definition: every chain of rows, its first and last one
CREATE TEMP TABLE match AS
WITH RECURSIVE c (p, e, k, first, last, t) AS (
	SELECT p, e, 1, n, n, t FROM element, placed WHERE k = 1 AND (condition = 0 OR met[condition])
	UNION
	SELECT p, e, c.k + 1, first, n, v.t FROM c JOIN element AS x USING (p) JOIN placed AS v USING (e)
	WHERE x.k = c.k + 1 AND (condition = 0 OR met[condition]) AND n > last
		AND CASE kind WHEN 'at once' THEN n = last + 1 WHEN 'any' THEN true WHEN 'most' THEN v.t - c.t <= time
			WHEN 'least' THEN v.t - c.t >= time WHEN 'less' THEN v.t - c.t < time WHEN 'more' THEN v.t - c.t > time
			WHEN 'equal' THEN v.t - c.t = time ELSE v.t - c.t BETWEEN 1 AND time END
)
SELECT DISTINCT p, e, first, last FROM c JOIN pattern USING (p) WHERE k = rows;
-- and every row of matches of which each begins after the one before
CREATE TEMP TABLE want AS
WITH RECURSIVE r (p, e, last, matches) AS (
	SELECT p, e, 0, 0::bigint FROM pattern, generate_series(1, 400) AS e
	UNION
	SELECT p, e, m.last, matches + 1 FROM r JOIN match AS m USING (p, e) WHERE m.first > r.last
)
SELECT p, e, max(matches) AS matches FROM r GROUP BY p, e;
SELECT results_eq('SELECT matches, count(*) > 50 FROM want WHERE matches < 4 GROUP BY matches ORDER BY matches',
	'VALUES (0::bigint, true), (1, true), (2, true), (3, true)', 'the cases have none to many');
CREATE TEMP TABLE have AS
SELECT e, kpi.funnel_events(t, VARIADIC met ORDER BY md5(i::text || e)) AS numbers,
	kpi.funnel_events(timestamp '2025-01-01' + t * interval '1 second', VARIADIC met ORDER BY md5(e::text || i)) AS times,
	kpi.funnel_events(timestamptz '2025-01-01' + t * interval '1 second', VARIADIC met) AS zoned
FROM event GROUP BY e;
SELECT is_empty($$
	SELECT p, e, pattern, matches FROM want JOIN pattern USING (p) JOIN have USING (e)
	WHERE matches <> kpi.sequence_count(numbers, pattern) OR matches <> kpi.sequence_count(times, pattern)
		OR matches <> kpi.sequence_count(zoned, pattern) OR (matches > 0) <> kpi.sequence_match(numbers, pattern)
		OR (matches > 0) <> kpi.sequence_match(times, pattern) OR (matches > 0) <> kpi.sequence_match(zoned, pattern)
$$, 'the count is the greatest number of matches one after the other, whatever the order of rows');

SELECT is(kpi.sequence_count(f, pattern), want, pattern) FROM (SELECT kpi.funnel_events(timestamp '2025-01-01' + t
		* interval '1 second', page = 'a', page = 'b', page = 'c') AS f
	FROM (VALUES (0, 'a'), (1.5, 'c'), (3, 'b'), (3, 'b'), (60, 'a'), (61, NULL), (3660, 'b')) AS v (t, page)) AS e,
	(VALUES ('(?1)(?2)', 1::bigint), ('(?1)(?3)(?2)(?2)', 1), ('(?1).(?2)', 1), ('.*(?1).*(?2).*', 2),
		('(?1)(?t<=3)(?2)', 1), ('(?1)(?t<3)(?2)', 0), ('(?1)(?t==1.5)(?3)', 1), ('(?3)(?t<1.499999)(?2)', 0),
		('(?2)(?t==0)(?2)', 1), ('(?1).*(?t>3599)(?2)', 1), ('(?1)(?t>3660)(?2)', 0), ('(?1)(?t>3659.999999)(?2)', 1),
		('.', 6), ('..', 3), ('....', 1), ('.......', 0)) AS p (pattern, want);
SELECT is(kpi.sequence_match(NULL::kpi.funnel_events, '(?1)'), NULL, 'NULL for NULL');
SELECT throws_ok(format('SELECT kpi.sequence_match(kpi.funnel_events(now(), true, true), %L)', pattern), '22023', NULL,
	pattern) FROM unnest('{"","(?0)","(?3)","(?1","(?)","?1","(?1)*","(?t<3)(?1)","(?1)(?t<3)","(?1)(?t=3)(?2)",
	"(?1)(?t<)(?2)","(?1)(?t<1.0000001)(?2)","(?1)(?t<99999999999999999999)(?2)","(?1)(?t<10000000000000)(?2)",
	"(?1)(?t!=3)(?2)",".*","(?1) (?2)"}'::text[]) AS pattern;
SELECT throws_ok(format('SELECT kpi.sequence_match(kpi.funnel_events(now(), true), %L)', repeat('.', 65)), '54000',
	NULL, 'more than 64 rows');
SELECT throws_ok(format('SELECT kpi.sequence_count(%L::kpi.funnel_events, %L)', '1 0 1 -1 1 0 '
	|| 1000001 * 4294967296 + 1, '(?1)'), '54000', NULL, 'more than a million rows');
SELECT is(kpi.sequence_count(('1 0 1 -1 1 0 ' || 1000000 * 4294967296 + 1)::kpi.funnel_events, '(?1)(?1)'),
	500000::bigint, 'a million');

-- sessions, against lag and sums
CREATE TEMP TABLE hit AS
SELECT u, i, CASE WHEN uniform(i, u) < 0.95 THEN floor(uniform(i, u + 500) * 60)::bigint END AS t
FROM generate_series(1, 60) AS u, generate_series(1, u) AS i;
SELECT is_empty($$
	SELECT u, i FROM (SELECT u, i, kpi.session_number(t, 3) OVER (PARTITION BY u) AS session,
		kpi.session_number(timestamp '2025-01-01' + t * interval '1 min', '3 min') OVER (PARTITION BY u ORDER BY i) AS timed,
		kpi.session_number(timestamptz '2025-01-01' + t * interval '1 min', '3 min') OVER (PARTITION BY u
			ORDER BY t DESC ROWS 1 PRECEDING) AS zoned FROM hit) AS h
	JOIN (SELECT u, i, CASE WHEN t IS NOT NULL THEN sum(begins) OVER (PARTITION BY u ORDER BY t) END AS want
		FROM (SELECT u, i, t, (t > 3 + lag(t, 1, -9) OVER (PARTITION BY u ORDER BY t))::int AS begins FROM hit) AS l)
		AS w USING (u, i)
	WHERE (session, timed, zoned) IS DISTINCT FROM (want, want, want)
$$, 'sessions end where more than the gap passes, in any order and frame');
SELECT results_eq($$SELECT kpi.session_number(t, '0') OVER (ORDER BY n) FROM (VALUES (1, now()), (2, now()),
		(3, 'infinity'), (4, now() + interval '1 us'), (5, NULL)) AS v (n, t)$$,
	'VALUES (1::bigint), (1), (NULL), (2), (NULL)', 'a gap of nothing parts different times');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES
	('kpi.session_number(now(), ''1 month'') OVER ()', '22023'), ('kpi.session_number(5::bigint, -1) OVER ()', '22023'),
	('kpi.session_number(now(), NULL) OVER ()', '22004'),
	('kpi.session_number(now(), i * interval ''1 min'') OVER () FROM generate_series(1, 2) AS i', '22023'))
	AS v (call, state);

SET LOCAL timezone = 'Europe/Berlin';
SELECT results_eq($$SELECT d, kpi.session_number(d, '1 day') OVER ()
	FROM unnest('{2024-10-29,2024-10-27,2024-10-28,2024-10-31,NULL,infinity}'::date[]) AS d$$,
	$$VALUES (date '2024-10-29', 1::bigint), ('2024-10-27', 1), ('2024-10-28', 1), ('2024-10-31', 2), (NULL, NULL),
	('infinity', NULL)$$, 'sessions of dates, where summer time ends');
RESET timezone;
SELECT * FROM finish();
ROLLBACK;
