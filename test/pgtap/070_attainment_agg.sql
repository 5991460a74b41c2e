-- Attainment of sums and the share of rows that meet their target: against
-- plain SQL, through every form a state has, and in parallel plans.
BEGIN;
\ir lib.sql
SELECT no_plan();
SELECT setseed(0.5);

CREATE TABLE sample AS
SELECT i, i % 23 AS g, CASE WHEN i % 11 > 0 THEN round(((random() - 0.4) * 10 ^ (random() * 12))::numeric,
	i % 9) * CASE i % 29 WHEN 0 THEN 1e20 WHEN 1 THEN 1e-14 ELSE 1 END END AS a,
	CASE WHEN i % 13 > 0 THEN round(((random() - 0.4) * 10 ^ (random() * 8))::numeric, i % 6) END AS t
FROM generate_series(1, 40000) AS i;
INSERT INTO sample SELECT 50000 + i, 100 + i, a, t FROM (VALUES (1, 5.0, 0.00), (2, -5, 0), (3, NULL, 7),
	(4, 7, NULL), (5, 1, repeat('9', 200)::numeric)) AS v(i, a, t);
INSERT INTO sample VALUES (60000, 104, 'NaN', 1), (60001, 106, 1, 'Infinity');
ALTER TABLE sample ADD af float8, ADD tf float8;
UPDATE sample SET af = a, tf = t;
ANALYZE sample;

CREATE FUNCTION pg_temp.expected(d text, z text) RETURNS TABLE (g integer, attainment numeric) LANGUAGE sql AS
$$ SELECT g, kpi.attainment(sum(a), sum(t), d, z) FROM sample GROUP BY g $$;
SELECT is_empty(format($$ SELECT g FROM pg_temp.expected(%1$L, %2$L) AS e
	JOIN (SELECT g, kpi.attainment_agg(a, t, %1$L, %2$L) AS got FROM sample GROUP BY g) AS s USING (g)
	WHERE got::text IS DISTINCT FROM attainment::text $$, d, z),
		format('%s, %s: the attainment of the sums, digit by digit', d, z))
FROM unnest('{higher, lower, target}'::text[]) AS d, unnest('{"null", met}'::text[]) AS z;
SELECT is_empty($$ SELECT g FROM sample GROUP BY g
	HAVING kpi.attainment_agg(a, t)::text IS DISTINCT FROM kpi.attainment(sum(a), sum(t))::text
	OR kpi.attainment_agg(a, t, 'lower')::text IS DISTINCT FROM kpi.attainment(sum(a), sum(t), 'lower')::text $$,
	'parameters have defaults');
SELECT is_empty(format($$ SELECT g FROM sample GROUP BY g
	HAVING abs(kpi.attainment_agg(af, tf, %1$L) - kpi.attainment_agg(af::numeric, tf::numeric, %1$L)::float8)
	> 1e-12 * (1 + sum(abs(af)) / nullif(abs(sum(tf)), 0)) $$, d), d || ' in float8')
		FROM unnest('{higher, lower, target}'::text[]) AS d;

CREATE FUNCTION pg_temp.met(d text, a numeric, t numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE d WHEN 'higher' THEN a >= t WHEN 'lower' THEN a <= t ELSE a = t END $$;
SELECT is_empty(format($$ SELECT g FROM sample GROUP BY g
	HAVING kpi.attained_share(a, t, %1$L)::text IS DISTINCT FROM
		(count(*) FILTER (WHERE pg_temp.met(%1$L, a, t) AND a < 'Infinity' AND t < 'Infinity')::numeric
			/ nullif(count(*) FILTER (WHERE a < 'Infinity' AND t < 'Infinity'), 0))::text
	OR kpi.attained_share(af, tf, %1$L) IS DISTINCT FROM kpi.attained_share(af::numeric, tf::numeric, %1$L)::float8
		$$, d), d || ': share of the rows that meet their target')
FROM unnest('{higher, lower, target}'::text[]) AS d;
SELECT is_empty($$ SELECT g FROM (SELECT g, kpi.attained_share(a, t) AS share,
	avg(kpi.attainment_binary(a, t)) AS mean, kpi.attained_share(a, t, 'lower') AS lower_share,
	avg(kpi.attainment_binary(a, t, 'lower')) AS lower_mean FROM sample GROUP BY g) AS s
		WHERE share <> mean OR lower_share <> lower_mean OR (share IS NULL) <> (mean IS NULL) $$,
	'which is the mean of attainment_binary');

-- states keep their parameters through tables, text, the binary form and merging
CREATE TABLE part AS SELECT g, i % 4 AS p, kpi.attainment_sums(a, t, 'lower', 'met') AS exact,
	kpi.attainment_sums(af, tf, 'target', 'met') AS fast,
	kpi.share_sums(a, t, 'lower') AS share FROM sample GROUP BY g, i % 4;
CREATE TABLE part_binary (LIKE part);
DO $$
DECLARE file text := current_setting('data_directory') || '/kpi_attainment_states';
BEGIN
	EXECUTE format('COPY part TO %L (FORMAT binary)', file);
	EXECUTE format('COPY part_binary FROM %L (FORMAT binary)', file);
END $$;
SELECT is_empty('SELECT g, p, exact::text, fast::text, share::text FROM part EXCEPT ALL SELECT g, p, exact::text,
	fast::text, share::text FROM part_binary', 'the binary form loses nothing');
SELECT is_empty('SELECT g, p, exact::text, fast::text, share::text FROM part EXCEPT ALL
	SELECT g, p, exact::text::kpi.ratio_state_numeric::text, fast::text::kpi.ratio_state::text,
	share::text::kpi.share_state::text FROM part', 'neither does the text form');
SELECT is_empty($$ SELECT g FROM (SELECT g, kpi.attainment(kpi.rollup(exact)) AS exact,
	kpi.attainment(kpi.rollup(fast)) AS fast, kpi.attained_share(kpi.rollup(share)) AS share,
			kpi_internal.attained_share_float8(kpi.rollup(share)) AS share8 FROM part_binary GROUP BY g) AS m
	JOIN (SELECT g, kpi.attainment_agg(a, t, 'lower', 'met') AS exact,
		kpi.attainment_agg(af, tf, 'target', 'met') AS fast, kpi.attained_share(a, t, 'lower') AS share FROM sample
		GROUP BY g) AS w USING (g)
	WHERE m.exact::text IS DISTINCT FROM w.exact::text OR abs(m.fast - w.fast) > 1e-15 * abs(w.fast)
		OR (m.fast IS NULL) <> (w.fast IS NULL)
		OR m.share::text IS DISTINCT FROM w.share::text OR m.share8 IS DISTINCT FROM w.share::float8 $$,
		'stored parts give what the rows give');
CREATE TEMP TABLE broken (LIKE part);
CREATE FUNCTION pg_temp.copy_binary(changed text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE file text := current_setting('data_directory') || '/kpi_attainment_states';
BEGIN
	EXECUTE format('COPY (SELECT g, p, exact, fast, %s FROM part LIMIT 1) TO %L (FORMAT binary)', changed, file);
	EXECUTE format('COPY broken FROM %L (FORMAT binary)', file);
END $$;
SELECT throws_ok(format('SELECT pg_temp.copy_binary(%L)',
	'set_byte(kpi_internal.share_state_send(share), ' || byte || ', ' || value || ')'), '22P03', NULL,
	format('refused: byte %s is %s', byte, value))
FROM (VALUES (0, 2), (1, 3), (2, 255), (10, 128)) AS v(byte, value);

CREATE TABLE serial AS SELECT g, kpi.attainment_agg(a, t, 'lower', 'met') AS exact, kpi.attained_share(a, t) AS share
FROM sample GROUP BY g;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT matches(plan_of($$ SELECT g, kpi.attainment_agg(a, t, 'lower', 'met') AS exact,
	kpi.attained_share(a, t) AS share FROM sample GROUP BY g $$), 'Partial',
	'aggregation is partial in a parallel plan');
SELECT is_empty($$ SELECT g, exact::text, share FROM serial
	EXCEPT SELECT g, kpi.attainment_agg(a, t, 'lower', 'met')::text, kpi.attained_share(a, t) FROM sample
	GROUP BY g $$, 'and gives the same');

-- SQLSTATEs of the scoring functions
SELECT throws_ok('SELECT ' || call, code, NULL, call) FROM (VALUES
	('kpi.attainment_agg(1.0, 2, ''up'')', '22023'), ('kpi.attainment_agg(1, 2, ''lower'', ''no'')', '22023'),
	('kpi.attained_share(1, 2, ''up'')', '22023'),
	('kpi.attainment_range(1.0, 2, 1, 0, 3)', '22023'), ('kpi.attainment_binary(1, 2, ''up'')', '22023'),
	('kpi.cagr(1, 2, 0)', '22023'),
	('kpi.add_deduct(1.0, 2, 3, 4, 5, 0)', '22023'), ('kpi.efficacy(1.0, ''{1, 2}'', ''{1}'', 1)', '2202E'),
	('kpi.efficacy(1.0, ''{1, NULL}'', ''{0, 1}'', 1)', '22004'),
	('kpi.efficacy(1.0, ''{2, 2}'', ''{0, 1}'', 1)', '22023'), ('kpi.rank_points(0, ''{1}''::numeric[])', '22023'),
	('kpi.rank_points(1, ''{{1}}''::numeric[])', '2202E'),
	('kpi.zero_below(1.0, ''NaN'')', '22023'), ('kpi.grade(1.0, ''{2, 1}'', ''{a, b}'')', '22023'),
	('kpi.grade(1.0, ''{1}'', ''{NULL}'')', '22004'),
	('kpi.forced_distribution(1, ''{0.5}'')', '22023'), ('kpi.grade(2, 1, ''{1}'', ''{A}'')', '22023'),
	('kpi.grade(1, ''nothing'')', '22023'),
	('kpi_internal.share_state_combine(''1 0 0 9223372036854775807'', ''1 0 0 1'')',
		'22003')) AS v(call, code);

SELECT * FROM finish();
ROLLBACK;
