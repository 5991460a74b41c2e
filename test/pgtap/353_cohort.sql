-- Cohorts: retention and growth accounting against counting in plain SQL, identities, edges.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- 500 entities over periods from below 0 to above 64, complete up to 90, some rows later
CREATE TEMP TABLE activity AS
SELECT e, floor(uniform(e, 1) * 90 - 20 + uniform(i, e) ^ 2 * 70)::int AS p
FROM generate_series(1, 500) AS e, generate_series(1, 1 + e % 17) AS i;
INSERT INTO activity SELECT 500 + i, 95 FROM generate_series(1, 3) AS i;
CREATE INDEX ON activity (e, p);
ANALYZE activity;
CREATE TEMP TABLE entity AS SELECT e, kpi.period_bitmap(p) AS b, min(p) AS first, max(p) AS last,
	(min(p) - e % 3)::int AS start FROM activity GROUP BY e;
SELECT is_empty('SELECT e FROM entity WHERE kpi.first_period(b) <> first', 'the first period of a bitmap');

CREATE FUNCTION pg_temp.expected(mode text, cells int[][], from_start boolean, OUT cohort int, OUT age int,
	OUT eligible bigint,
	OUT kept bigint) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT first / 30, lo, count(*) FILTER (WHERE old),
		CASE WHEN bool_or(old) THEN count(*) FILTER (WHERE old AND is_kept) END
	FROM (SELECT *, CASE WHEN from_start THEN start ELSE first END AS s FROM entity) AS e,
		LATERAL unnest(CASE WHEN cells IS NULL THEN ARRAY(SELECT i FROM generate_series(0,
			29) AS i) ELSE cells[:array_length(cells, 1)
			- 1] END, CASE WHEN cells IS NULL THEN ARRAY(SELECT i FROM generate_series(1,
				30) AS i) ELSE cells[2:] END) AS c (lo, hi),
		LATERAL (SELECT s + (CASE WHEN mode = 'on_or_after' THEN lo ELSE hi - 1 END) <= 90 AS old,
			EXISTS (SELECT FROM activity AS a WHERE a.e = e.e AND p >= s + lo AND p <= 90
				AND (mode = 'on_or_after' OR p < s + hi)) AS is_kept) AS x
	GROUP BY 1, 2
$$;
SELECT is_empty(format($$
	SELECT cohort, age, eligible, kept FROM pg_temp.expected(%1$L, NULL, %2$L)
	EXCEPT SELECT first, age, t.eligible, t.kept FROM
		(SELECT first / 30 AS first, kpi.cohort_retention(b, 90, 30, %1$L%3$s) AS r FROM entity
			GROUP BY 1) AS x, kpi.retention_table(r) AS t
$$, mode, given, CASE WHEN given THEN ', start' ELSE '' END), format('cohorts, %s, from the %s', mode,
	CASE WHEN given THEN 'given start' ELSE 'first period' END))
FROM unnest('{on,on_or_after}'::text[]) AS mode, unnest('{false,true}'::boolean[]) AS given;
SELECT is_empty($$
	SELECT cohort, age, eligible, kept FROM pg_temp.expected('on', '{0,1,3,7,30}', false)
	EXCEPT SELECT first, age, t.eligible, t.kept FROM
		(SELECT first / 30 AS first, kpi.bracket_retention(b, 90, '{0,1,3,7,30}'::int[]) AS r FROM entity GROUP BY 1) AS x,
		kpi.retention_table(r) AS t
$$, 'in brackets');
SELECT is_empty($$
	SELECT t.* FROM (SELECT kpi.cohort_retention(b, 90, 30) AS r FROM entity) AS x, kpi.retention_table(r, 0.9) AS t,
		LATERAL kpi.wilson_ci(kept, eligible, 0.9) AS w
	WHERE NOT coalesce((rate, t.lower, t.upper) = (kept / eligible::float8, w.lower, w.upper)
		AND kpi.retention_at(r, age) = rate, false)
$$, 'pooled rates are kept / eligible, with Wilson intervals');
SELECT results_eq('SELECT age, eligible, kept, rate 
	FROM kpi.retention_table((SELECT kpi.cohort_retention(b, 90, 3) FROM entity
	WHERE first = 95))', 
	'VALUES (0::bigint, 0::bigint, NULL::bigint, NULL::float8), (1, 0, NULL, NULL), (2, 0, NULL, NULL)',
	'cells that are not over have no rate');
SELECT is_empty($$ SELECT age FROM (SELECT age, rate, lead(kept) OVER (ORDER BY age) AS later, kept
	FROM kpi.retention_table((SELECT kpi.cohort_retention(b, 200, 30, 'on_or_after') FROM entity))) AS t
		WHERE later > kept $$,
	'on or after never rises');
SELECT results_eq($$ SELECT kept FROM kpi.retention_table((SELECT kpi.cohort_retention(b, 9, 2, 'on', s)
	FROM (VALUES (kpi_internal.period_bitmap_accum(NULL, 4), 3), (NULL, 3), (NULL, NULL)) AS v (b, s))) $$,
		'VALUES (0::bigint), (1)',
	'who never came back counts, who never began does not');

-- growth accounting
CREATE TEMP TABLE growth AS SELECT t.* FROM (SELECT kpi.growth_accounting(b, 90) AS g
	FROM entity) AS x, kpi.growth_table(g) AS t;
SELECT is_empty($$
	SELECT p.t FROM growth FULL JOIN (SELECT t, count(*) FILTER (WHERE now) AS active,
		count(*) FILTER (WHERE first = t) AS new,
		count(*) FILTER (WHERE now AND prior) AS retained,
		count(*) FILTER (WHERE now AND NOT prior AND first < t) AS resurrected, count(*) FILTER (WHERE NOT now
			AND prior) AS churned
		FROM generate_series((SELECT min(first) FROM entity), (SELECT max(last) FROM entity)) AS t, entity,
			LATERAL (SELECT coalesce(bool_or(p = t), false) AS now, coalesce(bool_or(p = t - 1), false) AS prior
				FROM activity AS a
				WHERE a.e = entity.e) AS x GROUP BY t) AS p ON p.t = period
	WHERE (growth.active, growth.new, growth.retained, growth.resurrected) IS DISTINCT FROM (p.active, p.new, p.retained,
		p.resurrected) OR growth.churned IS DISTINCT FROM CASE WHEN t <= 90 AND NOT left_censored THEN p.churned END
		OR quick_ratio IS DISTINCT FROM CASE WHEN t <= 90 THEN (p.new + p.resurrected) / nullif(p.churned, 0)::float8 END
		OR left_censored <> (t = (SELECT min(first) FROM entity))
$$, 'every period as counted; nothing churned where it is not over or nothing was before');
SELECT is_empty('SELECT period FROM (SELECT *, lag(active) OVER (ORDER BY period) AS before FROM growth) AS g
	WHERE active <> new + retained + resurrected OR before <> retained + churned', 'who was active stayed or left');

-- parts, order and forms
SELECT is_empty($$
	SELECT e FROM entity JOIN (SELECT e, kpi.rollup(part) AS b FROM (SELECT e, kpi.period_bitmap(p
		ORDER BY p DESC) AS part FROM activity
		GROUP BY e, p % 3) AS x GROUP BY e) AS m USING (e)
	WHERE entity.b::text <> m.b::text OR m.b::text::kpi.period_bitmap_state::text <> m.b::text
$$, 'bitmaps of parts merge to the whole, and read back');
SELECT is_empty($$
	SELECT e, unit FROM (SELECT e, unit,
		kpi.period_bitmap(ts, unit) AS a, kpi.period_bitmap(kpi.period_number(ts, unit)) AS b,
		kpi.period_bitmap(ts::date, unit) AS c, kpi.period_bitmap(kpi.period_number(ts::date, unit)) AS d,
		kpi.period_bitmap(ts AT TIME ZONE 'UTC', unit) AS f,
		kpi.period_bitmap(kpi.period_number(ts AT TIME ZONE 'UTC', unit)) AS g
		FROM (SELECT e, CASE i WHEN 3 THEN 'infinity' WHEN 5 THEN NULL ELSE timestamp '1999-12-01' + uniform(i, e) * interval
			'400 days' END AS ts FROM generate_series(1, 20) AS e, generate_series(1, 12) AS i) AS v,
			unnest('{1 month,7 days,1 day,3 months}'::interval[]) AS unit
		GROUP BY e, unit) AS x WHERE a::text <> b::text OR c::text <> d::text OR f::text <> g::text
$$, 'of times and a unit as of their numbers');
-- of all entities in one call
CREATE TEMP TABLE visit AS
SELECT e, CASE WHEN e % 9 > 0 THEN e END AS id, CASE i WHEN 3 THEN 'infinity' WHEN 5 THEN NULL
	ELSE timestamp '1969-12-01' + uniform(i, e) * interval '300 months' * (e % 4) END AS ts
FROM generate_series(1, 300) AS e, generate_series(1, 1 + e % 14) AS i;
SELECT is_empty(format($$
	WITH one AS (SELECT b::text FROM kpi.period_bitmaps((SELECT kpi.key_periods(%1$s, %2$s) FROM visit)) AS b),
		each AS (SELECT b::text FROM (SELECT kpi.period_bitmap(%2$s) AS b FROM visit WHERE id IS NOT NULL GROUP BY id) AS g
			WHERE b IS NOT NULL)
	(TABLE one EXCEPT ALL TABLE each) UNION ALL (TABLE each EXCEPT ALL TABLE one)
$$, key, period), format('bitmaps of %s by %s as of groups', key, period))
FROM unnest(ARRAY['id', 'id::text', 'id::numeric', 'md5(id::text)::uuid']) AS key,
	unnest(ARRAY['ts, ''1 month''', 'ts::date, ''7 days''', 'ts AT TIME ZONE ''UTC'', ''1 day''',
		'kpi.period_number(ts, ''3 days'')']) AS period;
SELECT is_empty($$
	SELECT 1 FROM (SELECT kpi.rollup(part) AS merged FROM (SELECT kpi.key_periods(id, ts, '7 days') AS part FROM visit
			GROUP BY extract(year FROM ts), e % 3) AS p) AS m,
		(SELECT kpi.key_periods(id, ts, '7 days') AS whole FROM visit) AS w
	WHERE merged::text <> whole::text OR whole::text::kpi.key_periods_state::text <> whole::text
$$, 'periods of parts merge to the whole, and read back');
SELECT results_eq($$
	SELECT t.* FROM kpi.growth_table((SELECT kpi.growth_accounting(b, 90)
		FROM kpi.period_bitmaps((SELECT kpi.key_periods(e, p) FROM activity)) AS b)) AS t
$$, 'SELECT * FROM growth', 'growth accounting of all in one call');
SELECT ok(kpi.key_periods(k, p) IS NULL, 'no key, or no period') FROM (VALUES (1, NULL), (NULL, 1)) AS v (k, p);
SELECT is_empty('SELECT kpi.period_bitmaps(NULL)', 'no bitmaps of nothing');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES
	('kpi.key_periods(1, 0.5)', '22023'), ('kpi.key_periods(1, 2147483648)', '22023'),
	('kpi.key_periods(1, now(), NULL)', '22004'), ('kpi.key_periods(1, now(), ''1 us'')', '22023'),
	('kpi.key_periods(now(), 1)', '42804'),
	('kpi.period_bitmaps((SELECT kpi.key_periods(1, p) FROM unnest(''{0,4194305}''::int[]) AS p))', '54000'),
	('''1 1 5 1 7 0 0''::kpi.key_periods_state', '22P02'), ('''1 1 5 1 7 33554432 1''::kpi.key_periods_state', '22P02'),
	('''1 1 5 2 7 1 1 7 1 2''::kpi.key_periods_state', '22P02'), ('''1 1 1 1 7 1''::kpi.key_periods_state', '22P02'))
	AS v (call, state);
SELECT is('1 1 5 1 7 33554431 -9223372036854775808'::kpi.key_periods_state::text,
	kpi.key_periods(7, 2147483647)::text, 'the last period');
SELECT ok(kpi.period_bitmap(ts, '1 day') IS NULL, 'no times') FROM (VALUES (timestamp 'infinity'), (NULL)) AS v (ts);
SELECT throws_ok('SELECT kpi.period_bitmap(now(), NULL)', '22004', NULL, 'no unit');
SELECT throws_ok($s$SELECT kpi.period_bitmap(now(), '1 us')$s$, '22023', NULL, 'a number beyond 32 bits');
CREATE TEMP TABLE spread AS
SELECT e, i, floor((uniform(i, e) - 0.5) * (ARRAY[60, 130, 1000, 4000000])[1 + e % 4])::int AS p
FROM generate_series(1, 200) AS e, generate_series(1, 1 + e % 30) AS i;
SELECT is_empty($$
	SELECT e FROM (SELECT e, kpi.period_bitmap(p ORDER BY p) AS rising, kpi.period_bitmap(p ORDER BY p DESC) AS falling,
		kpi.period_bitmap(p ORDER BY md5(i::text)) AS mixed, min(p) AS first, array_agg(DISTINCT p) AS ps FROM pg_temp.spread
		GROUP BY e) AS b
	WHERE rising::text <> falling::text OR rising::text <> mixed::text OR kpi.first_period(mixed) <> first
		OR (SELECT sum(kept) FROM kpi.retention_table((SELECT kpi.cohort_retention(m, f + 999, 1000)
			FROM (VALUES (mixed, first)) AS v (m, f)))) <> (SELECT count(*) FROM unnest(ps) AS p WHERE p < first + 1000)
$$, 'bitmaps near and far, below 0 and above, do not depend on the order of rows');
SELECT is_empty(format($$
	SELECT 1 FROM (SELECT %1$s AS whole FROM entity) AS w, (SELECT kpi.rollup(part) AS merged FROM (SELECT %1$s AS part
		FROM entity
		GROUP BY e %% 7) AS x) AS m WHERE whole::text <> merged::text OR whole::text::%2$s::text <> whole::text
$$, call, type), 'states merge and read back: ' || call) FROM (VALUES ('kpi.cohort_retention(b, 90, 30)',
	'kpi.retention_state'),
	('kpi.bracket_retention(b, 90, ''{0,1,7}''::int[])', 'kpi.retention_state'),
	('kpi.growth_accounting(b, 90)', 'kpi.growth_state')) AS v (call, type);

-- weights are repetition; NULL and 0 are nobody
CREATE TEMP TABLE counted AS SELECT b, start, first, e % 4 AS n FROM entity;
SELECT is_empty(format($$
	SELECT 1 FROM (SELECT %1$s AS s FROM (SELECT b, start, first, n FROM counted
			UNION ALL SELECT b, start, first, NULL FROM counted) AS c (b, start, first, w)) AS x,
		(SELECT %2$s AS s FROM counted, generate_series(1, n)) AS y WHERE x.s::text <> y.s::text
$$, replace(call, '%', ', w'), replace(call, '%', '')), 'weights are repetition: ' || call)
FROM unnest('{"kpi.cohort_retention(b, 90, 30, ''on'', start%)","kpi.bracket_retention(b, 90, ''{0,1,7}''::int[]%)",
	"kpi.growth_accounting(b, 90%)"}'::text[]) AS call;
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES
	('kpi.growth_accounting(''1 0 1 1'', 3, 1.5)', '22023'), ('kpi.growth_accounting(''1 0 1 1'', 3, -1)', '22023'),
	('kpi.bracket_retention(''1 0 1 1'', 3, ''{0,1}''::int[], ''NaN'')', '22023'),
	('kpi.growth_accounting(''1 0 1 1'', 3, 2 ^ 53) FROM generate_series(1, 300)', '22003'),
	('kpi.cohort_retention(''1 0 1 1'', 3, 1, ''on'', 0, 2 ^ 53) FROM generate_series(1, 300)',
		'22003')) AS v (call, state);
SELECT is(s, s::kpi.growth_state::text, 'the largest counts read back')
	FROM (SELECT kpi.growth_accounting('1 0 1 5', 3, 2 ^ 53)::text AS s FROM generate_series(1, 255)) AS x;

-- numbers of periods
SELECT is_empty($$
	SELECT d FROM (SELECT d, kpi.period_number(d, '1 month') AS m, kpi.period_number(d, '3 months') AS q,
		kpi.period_number(d, '7 days')
		AS w, kpi.period_number(d, '1 day') AS day, lag(d) OVER (ORDER BY d) AS before
		FROM (SELECT date '1999-11-20' + i AS d FROM generate_series(0, 900) AS i) AS x) AS x
	WHERE m <> extract(year FROM d) * 12 + extract(month FROM d) - 1 OR q <> floor(m / 3)
		OR m <> kpi.period_number(d::timestamp
		+ interval '23:59:59.999999', '1 month') OR w <> kpi.period_number(date_trunc('week', d)::date, '1 week')
		OR day - kpi.period_number(before, '1 day') <> 1
$$, 'months, quarters, weeks from Monday and days of the calendar');
SET LOCAL TimeZone = 'America/New_York';
SELECT results_eq($$ SELECT kpi.period_number(timestamptz '2025-03-01 02:00+00', '1 month') - 2025 * 12,
	kpi.period_number(timestamptz '2025-03-09 12:00-04', '1 day', '2025-03-08 12:00-05'),
	kpi.period_number(timestamptz '2025-03-09 13:00-04', '1 day', '2025-03-08 12:00-05'),
	kpi.period_number(timestamp '2025-01-01', '1 day', '2025-01-01 00:00:01') $$,
		'VALUES (1::bigint, 0::bigint, 1::bigint, -1::bigint)',
	'calendar periods follow the time zone, units since a time do not');

SELECT is(got, NULL, what) FROM (VALUES ((SELECT kpi.period_bitmap(NULL)::text), 'no period'),
	((SELECT kpi.growth_accounting(NULL, 3)::text), 'no entity'), (kpi.period_number('infinity'::date, '1 day')::text,
		'infinity'),
	(kpi.retention_at('1 3 1 0 1 0 0'::kpi.retention_state, 0)::text, 'nobody is so old')) AS v (got, what);
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES ('kpi.period_bitmap(1.5)', '22023'),
	('kpi.period_bitmap(''NaN'')', '22023'), ('kpi.period_bitmap(p * 1e7) FROM generate_series(0, 9) AS p', '54000'),
	('kpi.cohort_retention(''1 0 1 1'', 3, 0)', '22023'), ('kpi.cohort_retention(''1 0 1 1'', 3, 4, ''after'')', '22023'),
	('kpi.bracket_retention(''1 0 1 1'', 3, ''{3,1}''::int[])', '22023'),
		('kpi.bracket_retention(''1 0 1 1'', 3, ''{3}''::int[])', '2202E'),
	('kpi.cohort_retention(''1 0 1 1'', NULL, 3)', '22004'),
		('kpi.cohort_retention(''1 0 1 1'', p, 3) FROM generate_series(1, 2) AS p', '22023'),
	('kpi.growth_accounting(''1 0 1 1'', NULL)', '22004'), ('kpi.growth_accounting(''1 0 1 1'', 1e9)', '54000'),
	('kpi.period_number(now(), ''1 month 1 day'')', '22023'), ('kpi.period_number(now(), ''36 hours'')', '22023'),
	('kpi.period_number(now(), ''1 month'', now())', '22023'),
	('''1 0 1 0''::kpi.period_bitmap_state', '22P02'), ('''1 0 0''::kpi.period_bitmap_state', '22P02'),
	('''1 3 1 0 1 1 2''::kpi.retention_state', '22P02'), ('''1 3 1 1 1 0 1 0''::kpi.growth_state',
		'22P02'), ('''1 -9223372036854775808 1 0 1 0 0''::kpi.retention_state', '22P02'),
	('''1 -9223372036854775808 0 2 1 0 0 0 0 0 0 1''::kpi.growth_state', '22P02')) AS v (call, state);
SELECT is(s, s::kpi.growth_state::text, 'the first period of all reads back')
	FROM (SELECT kpi.growth_accounting(kpi_internal.period_bitmap_accum(NULL, -2147483648), -2147483647)::text AS s) AS x;

SET LOCAL timezone = 'Europe/Berlin';
SELECT results_eq($$SELECT kpi.period_number(d + 1, '1 day', d) FROM unnest('{2024-03-31,2024-10-27}'::date[]) AS d$$,
	'VALUES (1::bigint), (1)', 'from one date to the next it is a day, where summer time begins and ends');
RESET timezone;
SELECT * FROM finish();
ROLLBACK;
