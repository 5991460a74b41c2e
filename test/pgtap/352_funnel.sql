-- Window funnels against a search of all chains of rows, on thousands of small cases, shuffled.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- 2,400 entities of up to 6 rows at few times, so that many are equal; 4 conditions, each with a rule of its own
CREATE TEMP TABLE entity AS
SELECT e, (ARRAY['default', 'strict_increase', 'strict_once'])[1 + e % 3] AS mode, floor(uniform(e,
	1) * 7)::int AS win,
	CASE WHEN e % 5 = 1 THEN '{4}'::int[] END AS excluded, CASE WHEN e % 5 = 1 THEN 3 ELSE 4 END AS steps,
	CASE WHEN e % 4 >= 2 THEN ARRAY(SELECT nullif(floor(uniform(e, 10 + i) * 5)::int, 4)
		FROM generate_series(1, 3) AS i) END
	AS limits, CASE WHEN e % 7 >= 4 THEN ARRAY(SELECT nullif(floor(uniform(e, 20 + i) * 3)::int, 2)
	FROM generate_series(1, 3) AS i) END AS gaps
FROM generate_series(1, 2400) AS e;
UPDATE entity SET limits = limits[:steps - 1], gaps = gaps[:steps - 1];
CREATE TEMP TABLE event AS
SELECT e, i, floor(uniform(i, e) * 7)::int AS t, ARRAY(SELECT CASE WHEN uniform(i * 8 + c, e) < 0.4 THEN true
	WHEN uniform(i * 8 + c, e) < 0.9 THEN false END FROM generate_series(1, 4) AS c) AS met
FROM generate_series(1, 2400) AS e, generate_series(1, 1 + e % 6) AS i;

-- the definition: every chain of rows
CREATE TEMP TABLE chain AS
WITH RECURSIVE c (e, k, used, started, back) AS (
	SELECT e, 1, ARRAY[i], t, ARRAY[t] FROM event WHERE met[1]
	UNION ALL
	SELECT e, c.k + 1, used || v.i, started, v.t || back
	FROM c JOIN entity USING (e) JOIN event AS v USING (e)
	WHERE c.k < steps AND v.met[c.k + 1] AND v.t - started <= win
		AND CASE mode WHEN 'strict_increase' THEN v.t > back[1] WHEN 'strict_once' THEN v.t >= back[1] AND v.i <> ALL (used)
			ELSE v.t >= back[1] END
		AND coalesce(v.t - back[1] <= limits[c.k], true) AND coalesce(v.t - back[1] >= gaps[c.k], true)
		AND (excluded IS NULL OR NOT EXISTS (SELECT FROM event AS x WHERE x.e = c.e AND x.met[4] AND x.t > back[1]
			AND x.t < v.t))
)
SELECT * FROM c;
CREATE TEMP TABLE want AS
SELECT e, coalesce(max(k), 0) AS level, coalesce((SELECT ARRAY(SELECT timestamp '2025-01-01' + t * interval '1 hour'
	FROM unnest(back) WITH ORDINALITY AS u (t, n) ORDER BY n DESC) FROM chain AS c WHERE c.e = entity.e
	ORDER BY k DESC, back[1], started DESC, back LIMIT 1), '{}') AS times
FROM entity LEFT JOIN chain USING (e) GROUP BY e;
CREATE FUNCTION pg_temp.hours(integer[]) RETURNS interval[] LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN $1 IS NOT NULL THEN ARRAY(SELECT i * interval '1 hour' FROM unnest($1) WITH ORDINALITY AS u (i, n)
		ORDER BY n) END;

CREATE TEMP TABLE have AS
SELECT e, kpi.funnel_events(timestamp '2025-01-01' + t * interval '1 hour', VARIADIC met
	ORDER BY md5(i::text || e)) AS f
FROM event GROUP BY e;
SELECT results_eq('SELECT level, count(*) > 100 FROM want GROUP BY level ORDER BY level',
	'VALUES (0, true), (1, true), (2, true), (3, true), (4, true)', 'the cases reach every level');
SELECT is_empty($$
	SELECT e, level, kpi.funnel_level(f, win * interval '1 hour', mode, pg_temp.hours(limits), pg_temp.hours(gaps),
		excluded)
	FROM want JOIN have USING (e) JOIN entity USING (e) WHERE level <>
		kpi.funnel_level(f, win * interval '1 hour', mode, pg_temp.hours(limits), pg_temp.hours(gaps), excluded)
$$, 'the level is that of the best chain');
SELECT is_empty($$
	SELECT e, times FROM want JOIN have USING (e) JOIN entity USING (e) WHERE times IS DISTINCT FROM
		kpi.funnel_times(f, win * interval '1 hour', mode, pg_temp.hours(limits), pg_temp.hours(gaps), excluded)
$$, 'its times are of the chain that ends first, starts last, and has its steps first from the last one back');

-- in one call: cases without limits, gaps and exclusions
CREATE TEMP VIEW plain AS SELECT e, win * interval '1 hour' AS win, mode, level, times FROM entity JOIN want USING (e)
WHERE excluded IS NULL AND gaps IS NULL AND limits IS NULL;
SELECT is_empty($$
	SELECT e FROM pg_temp.plain JOIN (SELECT e, kpi.window_funnel(win, mode, ts, met[1], met[2], met[3], met[4]) AS level,
		kpi.window_funnel_times(win, mode, ts, VARIADIC met) AS times,
		kpi.window_funnel(win, mode, ts AT TIME ZONE 'UTC', met[1], met[2], met[3], met[4]) AS zoned
		FROM (SELECT *, timestamp '2025-01-01' + t * interval '1 hour' AS ts FROM event JOIN pg_temp.plain USING (e)
			ORDER BY md5(i::text || e)) AS v GROUP BY e) AS h USING (e)
	WHERE plain.level <> h.level OR plain.times <> h.times OR zoned <> h.level
$$, 'window_funnel and window_funnel_times, with a zone and without');
SELECT is_empty($$
	SELECT e FROM (SELECT e, kpi.window_funnel(interval '3 hours', ts, step = 1, step = 2, step = 3) AS a,
		kpi.window_funnel(interval '3 hours', ts, step) AS b, kpi.window_funnel('3 hours', 'default', ts, step) AS c,
		kpi.window_funnel('3 hours', 'strict_increase', ts, step = 1, step = 2, step = 3) AS d,
		kpi.window_funnel('3 hours', 'strict_increase', ts, step) AS f,
		kpi.window_funnel_times('3 hours', ts, step = 1, step = 2, step = 3) AS g,
		kpi.window_funnel_times('3 hours', ts, step) AS h, kpi.funnel_path(ts, step) AS k,
		kpi.funnel_path(ts, step = 1, step = 2, step = 3) AS l, array_remove(array_agg(step ORDER BY ts, step), 0) AS m
		FROM (SELECT e, timestamp '2025-01-01' + t * interval '1 hour' AS ts, (i * 7 + t) % 4 AS step FROM event) AS v
		GROUP BY e) AS x WHERE a <> b OR a <> c OR d <> f OR g <> h OR cardinality(g) <> a OR k <> l OR k <> m
$$, 'numbers of steps are the same as conditions');

SELECT is_empty($$
	SELECT e FROM have JOIN (SELECT e, array_agg(c::int ORDER BY t, bits, i, c) AS path FROM event, LATERAL
		(SELECT sum(1 << (c::int - 1)) FILTER (WHERE m) AS bits FROM unnest(met) WITH ORDINALITY AS u (m, c)) AS b,
		unnest(met) WITH ORDINALITY AS u (m, c) WHERE m GROUP BY e) AS w USING (e) WHERE kpi.funnel_path(f) <> path
$$, 'the path has all steps in order of time');

-- where times are whole numbers everything is as with times
CREATE TEMP TABLE numbered AS
SELECT e, kpi.funnel_events(t::bigint, VARIADIC met ORDER BY md5(i::text || e)) AS f FROM event GROUP BY e;
SELECT is_empty($$
	SELECT e FROM want JOIN numbered AS n USING (e) JOIN have USING (e) JOIN entity USING (e)
	WHERE level <> kpi.funnel_level(n.f, win, mode, limits, gaps, excluded)
		OR kpi.funnel_path(n.f) <> kpi.funnel_path(have.f)
		OR times <> ARRAY(SELECT timestamp '2025-01-01' + u.t * interval '1 hour'
			FROM unnest(kpi.funnel_times(n.f, win, mode, limits, gaps, excluded)) WITH ORDINALITY AS u (t, k) ORDER BY k)
$$, 'levels, times and paths over bigint');
SELECT is_empty($$
	SELECT e FROM (SELECT e, kpi.window_funnel(3, t, step) AS a, kpi.window_funnel('3 hours', ts, step) AS b,
		kpi.window_funnel(3, 'strict_once', t, step = 1, step = 2) AS c,
		kpi.window_funnel('3 hours', 'strict_once', ts, step = 1, step = 2) AS d,
		kpi.window_funnel_times(3, t, step = 1, step = 2) AS f,
		kpi.window_funnel_times('3 hours', ts, step = 1, step = 2) AS g
		FROM (SELECT e, t::bigint, timestamp '2025-01-01' + t * interval '1 hour' AS ts, (i * 7 + t) % 4 AS step FROM event)
			AS v GROUP BY e) AS x
	WHERE a <> b OR c <> d OR g <> ARRAY(SELECT timestamp '2025-01-01' + t * interval '1 hour'
		FROM unnest(f) WITH ORDINALITY AS u (t, k) ORDER BY k)
$$, 'window_funnel and window_funnel_times over bigint');
-- what is further apart than an int64 counts is not near
SELECT results_eq($$ SELECT kpi.window_funnel('10000 days', ts, step),
		kpi.funnel_level(kpi.funnel_events(ts, step), '10000 days', limits => '{10000 days}'),
		kpi.funnel_level(kpi.funnel_events(ts, step), '10000 days', gaps => '{1000000 days}')
	FROM (VALUES (timestamp '4713-01-01 BC', 1), ('294276-12-31', 2)) AS v (ts, step) $$,
	'VALUES (1, 1, 1)', 'the ends of time are not within a window');
SELECT results_eq($$ SELECT kpi.window_funnel(2 ^ 60, t, step), kpi.window_funnel(2 ^ 60, 'strict_once', t, step = 1,
		step = 2), kpi.funnel_level(kpi.funnel_events(t, step), 2 ^ 60, limits => '{5}')
	FROM (VALUES (-9223372036854775807, 1), (9223372036854775806, 2)) AS v (t, step) $$,
	'VALUES (1, 1, 1)', 'neither are those of bigint');
SELECT is(kpi.window_funnel(99, i, i), 32, '32 steps') FROM generate_series(1, 32::bigint) AS i;
SELECT is(kpi.window_funnel(99, i, VARIADIC ARRAY(SELECT i = k FROM generate_series(1, 32) AS k)), 32,
	'and 32 conditions') FROM generate_series(1, 32::bigint) AS i;

-- many rows of one moment: only strict_once asks for different ones
SELECT results_eq($$ SELECT mode, kpi.window_funnel('1 day', mode, date '2025-01-01', true, true, true)
	FROM generate_series(1, 2), unnest('{default,strict_increase,strict_once}'::text[]) AS mode GROUP BY mode
		ORDER BY mode $$,
	$$ VALUES ('default', 3), ('strict_increase', 1), ('strict_once', 2) $$, 'two rows alike are two rows');
SELECT is(kpi.window_funnel('1 day', 'strict_once', now(), i = 1 OR i = 2, i = 1, i = 1
	OR i = 3), 3, 'rows that must change places')
	FROM generate_series(1, 3) AS i;
-- the default definition and ClickHouse's algorithm agree on its documented example
SELECT is(kpi.window_funnel('10 seconds', timestamp '2025-01-01' + t * interval '1 second', name = 'login', name =
	'search',
	name = 'pay'), 2, 'a payment after the window') FROM (VALUES (0, 'login'), (4, 'search'), (11, 'pay')) AS v (t, name);
SELECT is(kpi.window_funnel('11 seconds', timestamp '2025-01-01' + t * interval '1 second', name = 'login', name =
	'search',
	name = 'pay'), 3, 'and just in it') FROM (VALUES (0, 'login'), (4, 'search'), (11, 'pay')) AS v (t, name);

CREATE TEMP TABLE steps AS SELECT i, timestamp '2025-01-01' + (i * 7 % 11) * interval '1 hour' AS ts,
	i % 2 = 0 AS a, i % 3 = 0 AS b
	FROM generate_series(1, 30) AS i;
-- parts merge, forms read back, frames grow
SELECT is_empty($$
	SELECT e FROM have JOIN (SELECT e, kpi.rollup(p) AS merged FROM (SELECT e, kpi.funnel_events(timestamp '2025-01-01'
		+ t * interval '1 hour', VARIADIC met) AS p FROM event GROUP BY e, i % 2) AS x GROUP BY e) AS m USING (e)
	WHERE f::text <> merged::text OR f::text::kpi.funnel_events_timestamp::text <> f::text
$$, 'parts merge to the whole, and the text reads back');
SELECT is_empty($$
	SELECT i FROM (SELECT i, kpi.window_funnel('3 hours', ts, a, b) OVER (ORDER BY i) AS level FROM pg_temp.steps) AS s
	WHERE level <> (SELECT kpi.window_funnel('3 hours', ts, a, b) FROM pg_temp.steps AS o WHERE o.i <= s.i)
$$, 'over growing frames');

SELECT is(got, want, what) FROM (VALUES ((SELECT kpi.window_funnel('1 day', now(), true)
	WHERE false), NULL, 'no rows'),
	((SELECT kpi.window_funnel('1 day', NULL::timestamptz, true)), NULL, 'no time'),
	((SELECT kpi.window_funnel('1 day', now(), false, true)), 0, 'no first step'),
	((SELECT kpi.window_funnel('0', now(), true, NULL)), 1, 'a NULL condition is not met'),
	((SELECT kpi.window_funnel('1 day', 'infinity'::timestamptz, true)), NULL, 'never is no time'),
	((SELECT cardinality(kpi.window_funnel_times('1 day', now(), false, true))), 0, 'no first step, no times')
) AS v (got, want, what);
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES ('kpi.window_funnel(''1 month'', now(), true)',
	'22023'),
	('kpi.window_funnel(''-1 day'', now(), true)', '22023'), ('kpi.window_funnel(NULL, now(), true)', '22004'),
	('kpi.window_funnel(''1 day'', ''strict'', now(), true)', '22023'), ('kpi.window_funnel(''1 day'', now(), 33)',
		'22023'),
	('kpi.window_funnel(''1 day'', now(), 1.5)', '22023'),
	('kpi.window_funnel(''1 day'', now(), VARIADIC array_fill(true, ARRAY[33]))', '22023'),
	('kpi.window_funnel(w * interval ''1 day'', now(), true) FROM generate_series(1, 2) AS w', '22023'),
	('kpi.window_funnel(-1, 5::bigint, true)', '22023'), ('kpi.window_funnel(2 ^ 63, 5::bigint, true)', '22023'),
	('kpi.window_funnel(0.5, 5::bigint, true)', '22023'), ('kpi.window_funnel(NULL::int, 5::bigint, true)', '22004'),
	('kpi.funnel_level(kpi.funnel_events(5::bigint, true, true), 9, gaps => ''{-1}'')', '22023'),
	('kpi.funnel_level(kpi.funnel_events(now(), true, true), ''1 day'', limits => ''{1 day,1 day}'')', '2202E'),
	('kpi.funnel_level(kpi.funnel_events(now(), true, true), ''1 day'', excluded => ''{3}''::int[])', '22023'),
	('kpi.funnel_level(kpi.funnel_events(now(), true), ''1 day'', excluded => ''{1}''::int[])', '22023'),
	('kpi.funnel_level(kpi.funnel_events(now(), 3), ''1 day'', limits => ''{1 day}'')', '2202E'),
	('kpi.funnel_level(kpi.funnel_events(now(), 3), ''1 day'', excluded => ''{33}''::int[])', '22023'),
	('kpi.funnel_level(kpi.funnel_events(5, 1), 9, excluded => array_agg(n)) FROM generate_series(1, 32) AS n',
		'22023'),
	('''1 0 2 5 1 0 4294967300''::kpi.funnel_events', '22P02'), ('''1 3 2 5 1 0 4294967297''::kpi.funnel_events',
		'22P02'),
	('''1 0 2 5 1 0 1''::kpi.funnel_events', '22P02')) AS v (call, state);

-- of numbers of steps an entity need not have the last ones, nor any that is not excluded
SELECT is(kpi.funnel_level(kpi.funnel_events(i, step), 9, limits => '{5,5,5}', gaps => '{0,0,0}',
	excluded => '{4,32}'::int[]), level, format('%s of a funnel that is longer', name))
FROM (VALUES ('one step', '{1}'::int[], 1), ('two steps', '{1,2}', 2), ('none', '{0}', 0),
	('just what is excluded', '{4}', 0),
	('one too late', '{1,0,0,0,0,0,0,2}', 1), ('steps around what is excluded', '{1,4,2}', 1)) AS v (name, steps, level),
	LATERAL (SELECT i, step FROM unnest(steps) WITH ORDINALITY AS u (step, i)) AS r GROUP BY name, level ORDER BY name;

-- the table, against counting; what is not over yet is left out and counted
CREATE TEMP VIEW passed AS SELECT e, times, level, e % 3 AS part FROM want;
SELECT is_empty($$
	SELECT part, step FROM (SELECT part, t.* FROM (SELECT part, kpi.funnel_totals(times, '2 hours', 'infinity') AS totals,
		kpi.rollup(one) AS merged FROM (SELECT *,
			kpi.funnel_totals(times, '2 hours', 'infinity') OVER (PARTITION BY e) AS one
			FROM pg_temp.passed) AS o
		GROUP BY part) AS x, kpi.funnel_table(merged, 4, 0.9) AS t WHERE totals::text = merged::text) AS h
	FULL JOIN (SELECT part, s AS step, count(*) FILTER (WHERE level >= s) AS n, count(*) FILTER (WHERE level >= s - 1)
		AS before, count(*) FILTER (WHERE level >= 1) AS first,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY times[s] - times[s - 1]) AS median
		FROM pg_temp.passed, generate_series(1, 4) AS s GROUP BY part, s) AS w USING (part, step)
	WHERE NOT coalesce(reached = n AND overall_rate = n / first::float8 AND median_time IS NOT DISTINCT FROM median
		AND CASE WHEN step = 1 THEN step_rate IS NULL ELSE
			(step_rate, lower, upper) = (SELECT c.estimate, c.lower, c.upper
				FROM kpi.wilson_ci(n, before, 0.9) AS c) END, false)
$$, 'reached, rates, Wilson intervals and medians as counted');
SELECT is_empty($$
	SELECT hours FROM generate_series(0, 8, 2) AS hours, LATERAL (SELECT timestamp '2025-01-01' + hours * interval
		'1 hour')
		AS a (as_of), LATERAL (SELECT reached, immature FROM kpi.funnel_table((SELECT kpi.funnel_totals(times, interval
			'2 hours',
			as_of) FROM pg_temp.passed)) WHERE step = 1) AS h, LATERAL (SELECT
			count(*) FILTER (WHERE times[1] + interval '2 hours' <= as_of) AS mature, count(times[1]) AS entered
			FROM pg_temp.passed) AS w
	WHERE reached <> mature OR immature <> entered - mature
$$, 'entities whose window is not over are immature');
SELECT is_empty($$
	SELECT t.step FROM (SELECT kpi.funnel_totals(times, '2 hours', '2025-01-01 04:00') AS a,
			kpi.funnel_totals(ARRAY(SELECT extract(epoch FROM x)::bigint FROM unnest(times) AS x ORDER BY x), 7200,
				extract(epoch FROM timestamp '2025-01-01 04:00')::bigint) AS b FROM pg_temp.passed) AS x,
		LATERAL kpi.funnel_table(a, 4) AS t JOIN LATERAL kpi.funnel_table(b, 4) AS u USING (step)
	WHERE (t.reached, t.step_rate, t.immature) IS DISTINCT FROM (u.reached, u.step_rate, u.immature)
		OR u.median_time IS NOT NULL
$$, 'times over bigint give the same counts, and no times between');
-- levels instead of times, one an entity or counted
SELECT is_empty($$
	SELECT t.step FROM (SELECT kpi.funnel_totals(times, '2 hours', 'infinity') AS a,
			kpi.funnel_totals(cardinality(times)) AS b
			FROM pg_temp.passed) AS x,
		LATERAL kpi.funnel_table(a, 4) AS t JOIN LATERAL kpi.funnel_table(b, 4) AS u USING (step)
	WHERE (t.reached, t.step_rate, t.lower, t.upper, t.overall_rate) IS DISTINCT FROM
		(u.reached, u.step_rate, u.lower, u.upper, u.overall_rate) OR u.median_time IS NOT NULL
$$, 'levels give the same counts, and no times');
SELECT is((SELECT kpi.funnel_totals(level, n) FROM (SELECT level, count(*) AS n FROM pg_temp.passed
		GROUP BY level) AS c)::text,
	(SELECT kpi.funnel_totals(level) FROM pg_temp.passed)::text, 'counted levels are repeated ones');
SELECT results_eq($$ SELECT reached, median_time FROM kpi.funnel_table((SELECT kpi.rollup(t) FROM (
	SELECT kpi.funnel_totals(2, 10) UNION ALL
	SELECT kpi.funnel_totals('{2025-01-01 08:00,2025-01-01 09:00}'::timestamp[], '2 hours', '2025-01-02'))
		AS p (t))) $$,
	$$ VALUES (11::float8, NULL::interval), (11, '1 hour') $$, 'the median is that of the times that are known');
SELECT is(t, t::kpi.funnel_totals_state::text, 'levels read back')
	FROM (SELECT kpi.funnel_totals(3, 2 ^ 53)::text AS t FROM generate_series(1, 255)) AS x;

SELECT is_empty($$
	SELECT part, s, p FROM (SELECT part, kpi.funnel_totals(times, '2 hours', 'infinity') AS totals
		FROM pg_temp.passed GROUP BY part) AS t,
		generate_series(2, 4) AS s, unnest('{0,0.1,0.25,0.5,0.77,1}'::float8[]) AS p
	WHERE kpi.funnel_quantile(totals, s, p) IS DISTINCT FROM (SELECT percentile_cont(p) WITHIN GROUP
		(ORDER BY times[s] - times[s - 1]) FROM pg_temp.passed AS w WHERE w.part = t.part)
$$, 'quantiles of the times between steps are those of percentile_cont');
SELECT is(kpi.funnel_quantile(kpi.funnel_totals(3), 2, 0.5), NULL, 'levels have no times');
SELECT is((SELECT count(*) FROM kpi.funnel_table(NULL)), 0::bigint, 'no totals, no rows');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES
	('kpi.funnel_totals(ARRAY[now(), NULL], ''1 day'', now())', '2202E'),
	('kpi.funnel_totals(ARRAY[now(), now() - interval ''1 day''], ''1 day'', ''infinity'')', '22023'),
	('kpi.funnel_totals(ARRAY[now()], ''1 month'', now())', '22023'),
	('kpi.funnel_totals(ARRAY[now()], NULL, now())', '22004'),
	('kpi.funnel_totals(ARRAY[now()], ''1 day'', NULL)', '22004'),
	('kpi.funnel_totals(''{1}''::bigint[], -1, 9)', '22023'),
	('kpi.funnel_totals(''{1}''::bigint[], 1, ''NaN'')', '22023'),
	('kpi.funnel_quantile(kpi.funnel_totals(3), 1, 0.5)', '22023'),
	('kpi.funnel_quantile(kpi.funnel_totals(3), 33, 0.5)', '22023'),
	('kpi.funnel_quantile(kpi.funnel_totals(3), 2, 1.01)', '22023'),
	('kpi.funnel_table(kpi.funnel_totals(3), 0)', '22023'), ('kpi.funnel_totals(33)', '22023'),
	('kpi.funnel_totals(-1, 2)', '22023'), ('kpi.funnel_totals(1.5)', '22023'), ('kpi.funnel_totals(1, 0.5)', '22023'),
	('kpi.funnel_totals(1, 2 ^ 53) FROM generate_series(1, 300)', '22003'),
	('''1 0 2 1 0 1 2 5 2''::kpi.funnel_totals_state', '22P02'), ('''1 0 1 2 5 2''::kpi.funnel_totals_state', '22P02'),
	('''1 9223372036854775807 0''::kpi.funnel_totals_state', '22P02'),
	('''1 0 1 1 5 1''::kpi.funnel_totals_state', '22P02'), ('''1 0 1 0 0 1''::kpi.funnel_totals_state',
		'22P02')) AS v (call, state);

-- dates: a day is a day, also where summer time ends
SET LOCAL timezone = 'Europe/Berlin';
SELECT results_eq($$SELECT kpi.window_funnel('1 day', d, a, b), kpi.window_funnel('1 day', 'strict_increase', d, step),
	kpi.window_funnel_times('1 day', d, step), kpi.funnel_level(kpi.funnel_events(d, a, b), '1 day'),
	kpi.funnel_path(d, a, b)
	FROM (VALUES (date '2024-10-27', true, false, 1), ('2024-10-28', false, true, 2), (NULL, true, true, 2),
	('infinity', true, true, 2)) AS v (d, a, b, step)$$,
	$$VALUES (2, 2, '{2024-10-27,2024-10-28}'::timestamp[], 2, '{1,2}'::integer[])$$, 'dates are as far apart as days');
RESET timezone;
SELECT * FROM finish();
ROLLBACK;
