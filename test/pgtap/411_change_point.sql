-- Changes of level: the best of all cuts by an independent search, published breaks, and how often one is found by
-- chance.
BEGIN;
\ir lib.sql
\ir published_series.sql
SELECT no_plan();

CREATE FUNCTION pg_temp.normal(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN sqrt(-2 * ln(uniform(n, 2 * k))) * cos(2 * pi() * uniform(n, 2 * k + 1));
CREATE FUNCTION pg_temp.series_of(v float8[]) RETURNS kpi.series LANGUAGE sql
	RETURN (SELECT kpi.series(i, x) FROM unnest(v) WITH ORDINALITY AS u (x, i));

SELECT results_eq(format($$SELECT period, period_low, period_high, "position", round(level_before::numeric, 2),
		round(level_after::numeric, 2), n_before, n_after
	FROM (SELECT kpi.series(year, flow) AS s FROM nile) AS n, kpi.change_points(s, NULL::integer, %L)$$, method),
	$$VALUES (1899, 1896, 1903, 28, 1097.75, 849.97, 28, 72)$$,
	method || ': the Nile fell after 28 years, in 1898, with 25 to 32 years before (Zeileis and others, 2003)')
FROM unnest('{pelt,one_break,cusum,pettitt}'::text[]) AS method;
SELECT is(round(p_value::numeric, 11), 0.00000005409, 'cusum: the p that the R package strucchange prints, 5.409e-08')
FROM (SELECT kpi.series(year, flow) AS s FROM nile) AS n, kpi.change_points(s, NULL::integer, 'cusum');

-- sums of distances and of ranks in plain SQL
CREATE TEMP TABLE wandering AS
SELECT g, i, round((pg_temp.normal(i, 40 + g) + CASE WHEN i > 8 + g THEN g % 3 ELSE 0 END)::numeric,
	g % 2)::float8 AS v
FROM generate_series(1, 30) AS g, generate_series(1, 20 + g) AS i;
CREATE TEMP TABLE wandered AS
SELECT g, i, n, abs(sum(v - mean) OVER w) / (deviation * sqrt(n)) AS far,
	abs(2 * sum(rank + (same - 1) / 2.0) OVER w - i * (n + 1)) AS k
FROM (SELECT g, i, v, rank() OVER (PARTITION BY g ORDER BY v) AS rank, count(*) OVER (PARTITION BY g, v) AS same,
		count(*) OVER a AS n, avg(v) OVER a AS mean, stddev(v) OVER a AS deviation
	FROM wandering WINDOW a AS (PARTITION BY g)) AS r
WINDOW w AS (PARTITION BY g ORDER BY i);
CREATE TEMP TABLE found AS
SELECT g, method, c."position", c.p_value
FROM (SELECT g, kpi.series(i, v) AS s FROM wandering GROUP BY g) AS t, unnest('{cusum,pettitt}'::text[]) AS method,
	kpi.change_points(s, NULL::bigint, method, confidence => 1e-9) AS c;
SELECT set_eq($$SELECT g, "position" FROM found WHERE method = 'cusum'$$, $$
	SELECT DISTINCT ON (g) g, i FROM wandered WHERE g IN (SELECT g FROM found WHERE method = 'cusum')
	ORDER BY g, round(far::numeric, 10) DESC, i$$, 'cusum: where the sum of distances is largest');
SELECT set_eq($$SELECT g, "position" FROM found WHERE method = 'pettitt'$$, $$
	SELECT DISTINCT ON (g) g, i FROM wandered WHERE g IN (SELECT g FROM found WHERE method = 'pettitt')
	ORDER BY g, k DESC, i$$, 'pettitt: where that of ranks is');
SELECT is_empty($$
	SELECT g, method, p_value, want FROM found JOIN (
		SELECT g, max(n) AS n, max(far) AS far, max(k) AS k FROM wandered GROUP BY g) AS m USING (g), LATERAL (
		SELECT CASE method WHEN 'pettitt' THEN least(1, 2 * exp(-6 * k ^ 2 / (n ^ 3 + n ^ 2)))
			ELSE (SELECT 2 * sum((-1) ^ (j + 1) * exp(greatest(-700, -2 * j ^ 2 * far ^ 2)))
				  FROM generate_series(1, 20) AS j) END AS want) AS w
	WHERE NOT near(p_value, want, 1e-9)$$, 'with their probabilities');
SELECT cmp_ok(count(*), '>=', 30::bigint, 'many of the series have a place') FROM found;

-- the cheapest cuts, by trying every last cut of every beginning
CREATE FUNCTION pg_temp.cuts(v float8[], variance float8, penalty float8, fewest integer) RETURNS integer[]
	LANGUAGE plpgsql AS $$
DECLARE
	best float8[] := ARRAY[-penalty];
	cut integer[][] := '{}';
	found integer[];
	path integer[] := '{}';
	at integer := cardinality(v);
	cost float8;
BEGIN
	FOR t IN 1 .. cardinality(v) LOOP
		best := best || 'Infinity'::float8;
		cut := cut || 0;
		FOR s IN 0 .. t - fewest LOOP
			SELECT best[s + 1] + penalty + var_pop(x) * count(*) / variance INTO cost FROM unnest(v[s + 1:t]) AS x;
			IF cost < best[t + 1] THEN
				best[t + 1] := cost;
				cut[t] := s;
			END IF;
		END LOOP;
	END LOOP;
	WHILE at > 0 LOOP
		at := cut[at];
		path := at || path;
	END LOOP;
	RETURN path[2:];
END $$;
CREATE FUNCTION pg_temp.noise(v float8[]) RETURNS float8 LANGUAGE sql RETURN (
	SELECT (1.4826022185056018 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(v[i] - v[i - 1]))) ^ 2 / 2
	FROM generate_series(2, cardinality(v)) AS i);
CREATE TEMP TABLE stepped AS
SELECT g, array_agg(pg_temp.normal(i, g) + 3 * floor(uniform((i - 1) / (4 + g % 9), 77 + g) * 4) ORDER BY i) AS v,
	1 + g % 5 AS fewest
FROM generate_series(1, 25) AS g, generate_series(1, 30 + g % 15) AS i GROUP BY g;
CREATE TEMP TABLE cut AS
SELECT g, pg_temp.cuts(v, pg_temp.noise(v), 2 * ln(cardinality(v)), fewest) AS want,
	(SELECT coalesce(array_agg("position" ORDER BY "position"), '{}')
	 FROM kpi.change_points(pg_temp.series_of(v), NULL::bigint, min_size => fewest)) AS have
FROM stepped;
SELECT is_empty('SELECT * FROM cut WHERE want <> have AND have <> ''{}''', 'PELT finds the cheapest of all cuts');
SELECT cmp_ok(count(*) FILTER (WHERE cardinality(have) > 1), '>', 15::bigint, 'several of them') FROM cut;
SELECT cmp_ok(count(*) FILTER (WHERE have = '{}' AND want <> '{}'), '<=', 3::bigint, 'few of these are lines')
	FROM cut;

-- how often a change is found where there is none, and where there is one
SELECT cmp_ok(count(*) FILTER (WHERE EXISTS (SELECT FROM kpi.change_points(s, NULL::integer, method))), '<=',
	35::bigint, method || ': of 500 series of noise 5 percent have a break')
FROM (SELECT kpi.series(i, pg_temp.normal(i, g)) AS s
	FROM generate_series(5000, 5499) AS g, generate_series(1, 60) AS i
	GROUP BY g) AS t, unnest('{one_break,cusum,pettitt}'::text[]) AS method GROUP BY method;
SELECT cmp_ok(count(*) FILTER (WHERE EXISTS (SELECT FROM kpi.change_points(s, NULL::integer))), '<=', 50::bigint,
	'of 500 series of noise less than 10 percent have a change by PELT')
FROM (SELECT kpi.series(i, pg_temp.normal(i, g)) AS s
	FROM generate_series(5500, 5999) AS g, generate_series(1, 60) AS i
	GROUP BY g) AS t;
SELECT cmp_ok(count(*) FILTER (WHERE near), '>=', 95::bigint, 'of 100 steps of 3 sigma 95 are found within 3 periods')
FROM (SELECT g, (SELECT bool_or(abs("position" - 30) <= 3) FROM kpi.change_points(s, NULL::integer)) AS near
	FROM (SELECT g, kpi.series(i, pg_temp.normal(i, g) + CASE WHEN i > 30 THEN 3 ELSE 0 END) AS s
		FROM generate_series(6000, 6099) AS g, generate_series(1, 60) AS i GROUP BY g) AS t) AS t;
SELECT ok(count(*) >= 90 AND count(*) FILTER (WHERE 30 BETWEEN low AND high) >= 0.9 * count(*),
	'of 100 steps of 2 sigma most are significant, and 95 percent bounds hold most of them')
FROM (SELECT period_low - 1 AS low, period_high - 1 AS high
	FROM (SELECT g, kpi.series(i, pg_temp.normal(i, g) + CASE WHEN i > 30 THEN 2 ELSE 0 END) AS s
		FROM generate_series(6100, 6199) AS g, generate_series(1, 60) AS i GROUP BY g) AS t,
		kpi.change_points(s, NULL::integer, 'one_break')) AS t;

-- edges
SELECT is_empty($$SELECT kpi.change_points(pg_temp.series_of(v), NULL::bigint, method) FROM (VALUES
	(ARRAY(SELECT 5.0::float8 FROM generate_series(1, 20))), (ARRAY(SELECT i::float8 FROM generate_series(1, 20) AS i)),
	(ARRAY(SELECT exp(0.05 * i) FROM generate_series(1, 40) AS i)), ('{1}'), ('{1,9}'), ('{NULL,NULL}'),
	('{1e308,-1e308,1e308,-1e308,1e308,1e308,1e308}'), ('{1e-320,5e-324,0,2e-320,1e-320,0}')) AS w (v),
	unnest('{pelt,one_break,cusum,pettitt}'::text[]) AS method$$,
	'equal values, a line, steady growth, few values and those at the ends of float8 have no change');
SELECT is_empty('SELECT kpi.change_points(NULL)', 'NULL has no change');
SELECT results_eq($$SELECT "position", level_before, level_after
	FROM unnest('{pelt,one_break}'::text[]) AS method, LATERAL kpi.change_points(
		pg_temp.series_of('{3,3,3,3,3,8,8,8,8,8}'), NULL::bigint, method)$$,
	'VALUES (5, 3.0::float8, 8.0::float8), (5, 3.0, 8.0)', 'a step without noise is found');
SELECT results_eq($$SELECT period, "position" FROM kpi.change_points(
	pg_temp.series_of('{3,1,2,NULL,3,2,NULL,8,NULL,7,9,8,8,7}'), NULL::bigint)$$, 'VALUES (8::bigint, 5)',
	'gaps take no part, and a period is that of the first value of its level');
SELECT is((SELECT array_agg("position") FROM kpi.change_points(pg_temp.series_of(
		ARRAY(SELECT 1e9 + pg_temp.normal(i, 9) + CASE WHEN i > 20 THEN 6 ELSE 0 END FROM generate_series(1, 40) AS i)),
	NULL::bigint)), '{20}', 'a large offset hides nothing');
SELECT is((SELECT array_agg(period) FROM (SELECT kpi.series(CAST(date '2020-01-01' + i * interval '1 month' AS date),
		100 + 30 * sin(i * pi() / 6) + pg_temp.normal(i, 3) + CASE WHEN i >= 40 THEN 10 ELSE 0 END) AS s
	FROM generate_series(0, 71) AS i) AS t, kpi.change_points(s)), '{2023-05-01}', 'a season is taken out first');
SELECT throws_ok(format('SELECT kpi.change_points(kpi.series(1, 1.0), NULL::integer, %s)', arguments),
	'22023', message)
FROM (VALUES ('penalty => 0', 'penalty 0 is not a number above 0'), ('min_size => 0', 'min_size 0 is below 1'),
	('confidence => 1', 'confidence 1 is not between 0 and 1'),
	('''one_break'', 5', 'method "one_break" has neither penalty nor min_size'),
	('''pettitt'', min_size => 5', 'method "pettitt" has neither penalty nor min_size'),
	('''binseg''', 'unrecognized method "binseg"')) AS v (arguments, message);

SELECT * FROM finish();
ROLLBACK;
