-- Attribution: a published example, definitions in plain SQL (all coalitions, chains walked step by step), properties.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- Three paths of three channels, as texts on Markov attribution have them: P = 1/3, effects of 1/2, 1 and 1
CREATE TEMP TABLE small (path, conversions) AS VALUES ('{c1,c2,c3}'::text[], 1), ('{c1}', 0), ('{c2,c3}', 0);
SELECT results_eq($$ SELECT channel, round(removal_effect::numeric, 12), round(conversions::numeric, 12),
	round(share::numeric, 12)
	FROM kpi.attribution_table((SELECT kpi.attribution_paths(path, conversions) FROM small)) $$,
	$$ VALUES ('c1', 0.5, 0.2, 0.2), ('c2', 1.0, 0.4, 0.4), ('c3', 1.0, 0.4, 0.4) $$, 'the example of three channels');

-- 40 sets of paths over 5 channels
CREATE TEMP TABLE journey AS
SELECT g, i, CASE WHEN i % 31 <> 0 THEN ARRAY(SELECT CASE WHEN uniform(i * 16 + t, g) < 0.97
	THEN 'ch ' || floor(uniform(i * 16 + t, g + 500) ^ 2 * 5) END FROM generate_series(1, 1 + i % 6) AS t) END AS path,
	floor(uniform(i, g) * 3) AS conversions, floor(uniform(i, g + 99) * 100) AS value, floor(uniform(i,
		g + 7) * 4) AS nulls
FROM generate_series(1, 40) AS g, generate_series(1, 5 + g * 2) AS i;
CREATE TEMP TABLE held AS SELECT g, kpi.attribution_paths(path, conversions, value, nulls) AS a FROM journey
	GROUP BY g;
CREATE TEMP TABLE clean AS SELECT g, i, array_remove(path, NULL) AS path, conversions, value, nulls FROM journey
	WHERE path IS NOT NULL AND array_remove(path, NULL) <> '{}';
CREATE TEMP TABLE touch AS SELECT g, i, n, channel, cardinality(path) AS touches, conversions, value FROM clean,
	unnest(path) WITH ORDINALITY AS u (channel, n);
SELECT is_empty(format($$
	SELECT g, channel FROM (SELECT g, t.* FROM held, kpi.attribution_table(a, %1$L) AS t) AS h
	FULL JOIN (SELECT g, channel, sum(conversions * part) AS c, sum(value * part) AS v FROM touch, LATERAL
		(SELECT (kpi.attribution_weights(%1$L, touches))[n] AS part) AS p GROUP BY g, channel) AS w USING (g, channel)
	WHERE NOT coalesce(near(h.conversions, c, 1e-12, 1) AND near(h.value, v, 1e-12, 1), false)
$$, model), 'sums of weights: ' || model) FROM unnest('{first,last,linear,position}'::text[]) AS model;
-- the Shapley value by its definition: over all orders of the channels what each adds to the coalition before it
CREATE TEMP TABLE need AS SELECT g, i, conversions, value, bit_or(1 << right(channel, 1)::int) AS mask
	FROM touch GROUP BY g, i, conversions, value;
CREATE TEMP TABLE worth AS SELECT g, s, coalesce(sum(conversions) FILTER (WHERE mask & ~s = 0), 0) AS worth
	FROM need, generate_series(0, 31) AS s GROUP BY g, s;
SELECT is_empty($$
	SELECT g, channel FROM (SELECT g, t.* FROM held, kpi.attribution_table(a, 'shapley') AS t) AS h
	JOIN (SELECT a.g, 'ch ' || c AS channel, sum((b.worth - a.worth) * f[bits + 1] * f[5 - bits] / f[6]) AS c
		FROM generate_series(0, 4) AS c, worth AS a, worth AS b, LATERAL (SELECT '{1,1,2,6,24,120}'::float8[] AS f,
			length(replace(a.s::bit(5)::text, '0', '')) AS bits) AS l
		WHERE a.g = b.g AND a.s >> c & 1 = 0 AND b.s = a.s | (1 << c) GROUP BY 1, 2) AS w USING (g, channel)
	WHERE NOT near(h.conversions, c, 1e-12, 1)
$$, 'Shapley values as defined over all coalitions');
-- the chain walked step by step, with a channel taken out
CREATE TEMP TABLE follow AS SELECT g, a, b, sum(n) / sum(sum(n)) OVER (PARTITION BY g, a) AS p FROM (
	SELECT g, coalesce(lag(channel) OVER (PARTITION BY g, i ORDER BY t.n), 'start') AS a, channel AS b,
		c.conversions + nulls AS n
		FROM touch AS t JOIN clean AS c USING (g, i)
	UNION ALL SELECT g, path[cardinality(path)], 'converted', conversions FROM clean
	UNION ALL SELECT g, path[cardinality(path)], 'lost', nulls FROM clean) AS x WHERE n > 0 GROUP BY g, a, b;
CREATE FUNCTION pg_temp.converts(g int, without text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	at jsonb := '{"start": 1}';
	done float8 := 0;
BEGIN
	FOR step IN 1 .. 400 LOOP
		SELECT coalesce(jsonb_object_agg(b, p) FILTER (WHERE b NOT IN ('converted', 'lost')), '{}'),
			done + coalesce(sum(p) FILTER (WHERE b = 'converted'), 0) INTO at, done
		FROM (SELECT b, sum(value::float8 * p) AS p FROM jsonb_each_text(at) JOIN follow AS f ON f.a = key
			AND f.g = converts.g
			WHERE b IS DISTINCT FROM without GROUP BY b) AS s;
		EXIT WHEN (SELECT coalesce(sum(value::float8), 0) < 1e-15 FROM jsonb_each_text(at));
	END LOOP;
	RETURN done;
END $$;
SELECT is_empty($$
	SELECT g, channel, removal_effect FROM (SELECT g, t.* FROM held, kpi.attribution_table(a) AS t WHERE g % 8 = 0) AS h
	WHERE NOT near(removal_effect, 1 - pg_temp.converts(g, channel) / pg_temp.converts(g, NULL), 1e-9, 1)
$$, 'removal effects of chains walked step by step');
SELECT is_empty($$
	SELECT g, model FROM held, unnest('{first,last,linear,position,shapley,markov}'::text[]) AS model,
		LATERAL (SELECT sum(conversions) AS c, sum(value) AS v, sum(share) AS s FROM kpi.attribution_table(a, model)) AS h,
		LATERAL (SELECT sum(conversions) AS c, sum(value) AS v FROM clean WHERE clean.g = held.g) AS w
	WHERE w.c > 0 AND NOT (near(h.c, w.c, 1e-12) AND near(h.v, w.v, 1e-12, 1) AND near(h.s, 1, 1e-12))
$$, 'every model gives all conversions and all value');

-- parts, order, repetition, forms
SELECT is_empty($$
	SELECT g FROM held JOIN (SELECT g, kpi.rollup(p) AS m FROM (SELECT g, kpi.attribution_paths(path, conversions,
		value, nulls ORDER BY i DESC)
		AS p FROM journey GROUP BY g, i % 4) AS x GROUP BY g) AS y USING (g),
		LATERAL (SELECT count(*) AS n FROM kpi.attribution_table(a) AS s JOIN kpi.attribution_table(m) AS t USING (channel)
			WHERE near(s.conversions, t.conversions, 1e-12, 1) AND near(s.removal_effect, t.removal_effect, 1e-12, 1)) AS c
	WHERE n <> (SELECT count(*) FROM kpi.attribution_table(a)) OR a::text::kpi.attribution_state::text <> a::text
$$, 'stored parts merge to the whole, and the text reads back');
SELECT is((SELECT kpi.attribution_paths('{a,b}'::text[], 3, 6, 2))::text,
	(SELECT kpi.attribution_paths('{a,b}'::text[], c, 2 * c, 1 - c)
	FROM unnest('{1,1,1,0,0}'::int[]) AS c)::text, 'counted paths are repeated ones');
SELECT is(s, s::kpi.attribution_state::text, 'names of any characters: ' || s)
	FROM (SELECT kpi.attribution_paths(ARRAY['a b', '', '100%',
	E'\t', 'ä 广告'], 1)::text AS s) AS x;
SELECT results_eq('SELECT channel
	FROM kpi.attribution_table((SELECT kpi.attribution_paths(''{7,7,12}''::smallint[], 1)))', $$ VALUES ('12'), ('7') $$,
	'channels may be numbers');

-- weights of one conversion, and paths of rows
SELECT is(kpi.attribution_weights(m, n, '{8 days,1 day,15 days}', '7 days', '{false,false,true}'), w::float8[], m ||
	' of ' || n)
FROM (VALUES ('first', 3, '{1,0,0}'), ('last', 3, '{0,0,1}'), ('last_non_direct', 3, '{0,1,0}'), ('linear', 4,
	'{0.25,0.25,0.25,0.25}'),
	('position', 1, '{1}'), ('position', 2, '{0.5,0.5}'), ('position', 4, '{0.4,0.1,0.1,0.4}')) AS v (m, n, w);
SELECT ok(near(kpi.attribution_weights('time_decay', 3, '{8 days,1 day,15 days}'), ARRAY[2 / 7.0, 4 / 7.0,
	1 / 7.0]::float8[], 1e-15),
	'time_decay halves every 7 days');
SELECT is(kpi.attribution_weights(m, 0, '{}', direct => '{}'), '{}'::float8[], 'nobody shares: ' || m)
FROM unnest('{first,last_non_direct,time_decay,position}'::text[]) AS m;
SELECT is(kpi.attribution_weights('last_non_direct', 2, direct => '{true,true}'), '{0,1}'::float8[],
	'all direct: the last one keeps it');
SELECT is(kpi.attribution_path('{mail,ad,ad,NULL,ad,late,old}', ARRAY[date '2025-01-09', '2025-01-03', '2025-01-02',
	'2025-01-04', '2025-01-08',
	'2025-01-11', '2024-11-01']::timestamp[], '2025-01-10', session_gap => '1 day'), '{ad,ad,mail}'::text[],
	'in order, of the last 30 days, touches within a day once');
SELECT is(kpi.attribution_path('{}', '{}'::timestamp[], '2025-01-10'), '{}', 'who had no touches has an empty path');

SELECT is(kpi.attribution_transform(p, t, 'a'), w::text[], t || ' of ' || p::text)
FROM (VALUES ('{a,a,b,NULL,b,a,a}'::text[], 'unique', '{a,a,b,b,a,a}'), ('{a,a,b,NULL,b,a,a}', 'exposure', '{a,b,a}'),
	('{a,a,b,NULL,b,a,a}', 'first', '{a,b}'), ('{a,a,b,NULL,b,a,a}', 'remove_if_last_and_not_all', '{a,a,b,b}'),
	('{a,a,b,NULL,b,a,a}', 'remove_if_not_all', '{b,b}'), ('{a,NULL,a}', 'remove_if_not_all', '{a,a}'),
	('{a,a}', 'remove_if_last_and_not_all', '{a,a}'), ('{NULL}', 'first', '{}'), ('{}', 'remove_if_not_all', '{}'))
	AS v (p, t, w);
SELECT is_empty($$
	SELECT t.channel FROM (SELECT kpi.attribution_paths(kpi.attribution_transform(path, 'remove_if_last_and_not_all',
			'ch 0'), conversions) AS a FROM clean) AS x, kpi.attribution_table(a, 'last') AS t
		FULL JOIN (SELECT channel, sum(conversions * (kpi.attribution_weights('last_non_direct', touches,
				direct => ARRAY(SELECT c = 'ch 0' FROM unnest(path) AS c)))[n]) AS c
			FROM touch JOIN clean USING (g, i, conversions, value) GROUP BY channel) AS w USING (channel)
	WHERE NOT coalesce(near(t.conversions, c, 1e-12, 1), false)
$$, 'without direct visits at the end, last is last non-direct');

SELECT is(got, NULL, what) FROM (VALUES ((SELECT kpi.attribution_paths('{a}'::text[], 1)
	WHERE false)::text, 'no rows'),
	(kpi.attribution_weights('first', NULL)::text, 'no touches'),
	(kpi.attribution_transform(NULL, 'first')::text, 'no path'),
	(kpi.attribution_transform('{a}', NULL)::text, 'no transform')) AS v (got, what);
SELECT is_empty($$ SELECT * FROM kpi.attribution_table((SELECT kpi.attribution_paths('{a}'::text[], 0))) $$,
	'nothing converts: no effects');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES ('kpi.attribution_paths(''{a}''::text[], -1)',
	'22023'),
	('kpi.attribution_paths(''{a}''::text[], ''NaN'')', '22023'), ('kpi.attribution_paths(''{{a}}''::text[], 1)',
		'2202E'),
	('kpi.attribution_paths(ARRAY(SELECT i::text FROM generate_series(1, 501) AS i), 1)', '54000'),
	('kpi.attribution_table(kpi.attribution_paths(''{a}''::text[], 1), ''best'')', '22023'),
	('kpi.attribution_weights(''first'', -1)', '22023'),
	('kpi.attribution_transform(''{a}'', ''last'')', '22023'),
	('kpi.attribution_transform(''{a}'', ''remove_if_not_all'')', '22004'),
	('kpi.attribution_paths(''{a}''::text[], 1e101)', '22023'), ('kpi.attribution_weights(''best'', 2)', '22023'),
	('kpi.attribution_weights(''time_decay'', 2)', '22004'),
		('kpi.attribution_weights(''time_decay'', 2, ''{1 day}'')', '2202E'),
	('kpi.attribution_weights(''time_decay'', 1, ''{1 day}'', ''0'')', '22023'),
	('kpi.attribution_path(''{a}'', ''{}''::timestamp[], now()::timestamp)', '2202E'),
	('''1 1 a 0 0''::kpi.attribution_state', '22P02'), ('''1 1 % 0 0 0''::kpi.attribution_state', '22P02')) AS v (call,
		state);

SET LOCAL timezone = 'Europe/Berlin';
SELECT is(kpi.attribution_path('{a,b,c}', '{2024-10-28,2024-09-28,2024-09-27}'::date[], '2024-10-28'), '{b,a}'::text[],
	'30 days of dates, though summer time ends between');
RESET timezone;
SELECT * FROM finish();
ROLLBACK;
