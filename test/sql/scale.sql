-- scale: reading and writing
SELECT 'linear(0:0, 0.8:60, 1:100, 1.2:120)'::kpi.scale;
SELECT 'step(0:0, 0.6:60, 1:100)'::kpi.scale;
SELECT E' \t linear\n(-1.50:+.5,2.:3e1 ,1E+2 : -4e-1) '::kpi.scale;
SELECT 'step(7:1)'::kpi.scale;
SELECT v::text::kpi.scale::text = v::text AS round_trip
FROM (VALUES ('linear(0.00:0.10, 1.000000000000000000001:100)'::kpi.scale),
			 ('step(-1e300:1, 1e-300:2)')) c(v);

-- what is no scale
SELECT ''::kpi.scale;
SELECT 'Linear(0:0)'::kpi.scale;
SELECT 'linear'::kpi.scale;
SELECT 'linearly(0:0)'::kpi.scale;
SELECT 'linear()'::kpi.scale;
SELECT 'linear(0)'::kpi.scale;
SELECT 'linear(0:)'::kpi.scale;
SELECT 'linear(0:0 1:1)'::kpi.scale;
SELECT 'linear(0:0, )'::kpi.scale;
SELECT 'linear(0:0'::kpi.scale;
SELECT 'linear(0:0) and more'::kpi.scale;
SELECT 'linear(.:0)'::kpi.scale;
SELECT 'linear(1e:0)'::kpi.scale;
SELECT 'linear(--1:0)'::kpi.scale;
SELECT 'linear(NaN:0)'::kpi.scale;
SELECT 'linear(0:Infinity)'::kpi.scale;
SELECT 'linear(0x10:0)'::kpi.scale;

-- what is against the rules
SELECT 'linear(0:0, 1:1, 1.0:2)'::kpi.scale;
SELECT 'step(0:0, 0.8:60, 0.6:100)'::kpi.scale;
SELECT 'linear(0:1e309)'::kpi.scale;
SELECT ('step(' || string_agg(i || ':' || i, ',' ORDER BY i) || ')')::kpi.scale FROM generate_series(1, 1001) i;
SELECT kpi.score(1000.5, ('linear(' || string_agg(i || ':' || i, ',' ORDER BY i) || ')')::kpi.scale)
FROM generate_series(1, 1000) i;

-- linear: exact between the points, as written on them, level outside
SELECT x, kpi.score(x, c) AS exact, kpi.score(x::float8, c) AS float
FROM unnest('{-5, 0, 0.4, 0.8, 0.9, 1, 1.05, 1.2, 7}'::numeric[]) x,
	 (SELECT 'linear(0:0, 0.8:60, 1:100, 1.2:120)'::kpi.scale AS c) s;

-- step: a limit belongs to the better step
SELECT x, kpi.score(x, c) AS exact, kpi.score(x::float8, c) AS float
FROM unnest('{-1, 0, 0.59, 0.6, 0.99, 1, 2}'::numeric[]) x,
	 (SELECT 'step(0:0, 0.6:60, 1:100)'::kpi.scale AS c) s;
SELECT x, kpi.score(x, c) AS exact, kpi.score(x::float8, c) AS float
FROM unnest('{-1, 0, 2, 2.1, 4, 4.1, 7, 7.01}'::numeric[]) x,
	 (SELECT 'step(0:100, 2:80, 4:60, 7:0)'::kpi.scale AS c) s;

-- one point is a constant; NULL, NaN and infinity give NULL; integers go to float8
SELECT kpi.score(x, 'linear(1:42)') FROM unnest('{-1, 1, 3}'::numeric[]) x;
SELECT kpi.score(NULL::numeric, 'linear(1:42)') AS null_x, kpi.score(1, NULL) AS null_scale,
	kpi.score('NaN'::numeric, 'linear(1:42)') AS nan, kpi.score('-Infinity'::numeric, 'linear(1:42)') AS infinite,
	kpi.score('NaN'::float8, 'linear(1:42)') AS nan8, kpi.score('Infinity'::float8, 'linear(1:42)') AS infinite8;
SELECT pg_typeof(kpi.score(1, 'linear(0:0, 2:10)')), kpi.score(1, 'linear(0:0, 2:10)');

-- float8 stays finite to the ends of its range
SELECT kpi.score(x, 'linear(-1.7e308:-1.7e308, 1.7e308:1.7e308)')
FROM unnest('{-1.7e308, -0.85e308, 0, 0.85e308, 1.7e308}'::float8[]) x;

-- equality is by value
SELECT a OPERATOR(kpi.=) b AS equal, a OPERATOR(kpi.<>) b AS differs,
	kpi_internal.scale_hash(a) = kpi_internal.scale_hash(b) AS same_hash,
	kpi_internal.scale_hash_extended(a, 7) = kpi_internal.scale_hash_extended(b, 7) AS same_hash64
FROM (VALUES ('linear(0:0, 1:100)'::kpi.scale, 'linear(0.0:0, 1.00:1e2)'::kpi.scale),
			 ('linear(0:0, 1:100)', 'step(0:0, 1:100)'),
			 ('linear(0:0, 1:100)', 'linear(0:0)'),
			 ('linear(0:0, 1:100)', 'linear(0:0, 1:100.0000000000000000000001)')) v(a, b);
CREATE TEMP TABLE scales (c kpi.scale);
INSERT INTO scales VALUES ('step(0:0)'), ('step(0.0:0)'), ('step(0:1)'), ('linear(0:0)'), (NULL), (NULL);
SELECT count(*) FROM (SELECT DISTINCT c FROM scales) s;
SELECT c IS NULL AS missing, count(*) FROM scales GROUP BY c ORDER BY 2, 1;
SELECT sum(kpi.score(1, c)) FROM scales;

-- binary form: what send writes, and what receive refuses
TRUNCATE scales;
SELECT kpi_internal.scale_send('step(0.5:1, 1:1)');
\set header 5047434f50590aff0d0a0000000000000000000001
\set binary 'perl -e \'print pack("H*N/a*n", shift, pack("H*", join "", @ARGV), 65535)\' ' :header ' '
-- step(0.5:1, 1:1)
\set row :binary '0101 00000002 0001ffff000000011388 00010000000000000001 00010000000000000001 00010000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
SELECT c FROM scales;
-- another version
\set row :binary '0201 00000001 0001ffff000000011388 00010000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- no such kind
\set row :binary '0102 00000001 0001ffff000000011388 00010000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- no points
\set row :binary '0100 00000000'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- a point missing
\set row :binary '0100 00000002 0001ffff000000011388 00010000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- x that does not rise
\set row :binary '0100 00000002 0001ffff000000011388 00010000000000000001 0001ffff000000011388 00010000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- NaN
\set row :binary '0100 00000001 00000000c00000000001 0000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- infinity
\set row :binary '0100 00000001 0001ffff000000011388 00000000d0000000'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- more than the points
\set row :binary '0100 00000001 0001ffff000000011388 00010000000000000001 00010000000000000001 00010000000000000001'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
-- a negative number of points
\set row :binary '0100 ffffffff'
COPY scales FROM PROGRAM :'row' (FORMAT binary);
SELECT count(*) FROM scales;

-- clamp
SELECT kpi.clamp(1.5, 0, 1.2) AS above, kpi.clamp(-1.0, 0, 1.2) AS below, kpi.clamp(0.50, 0, 1.2) AS inside,
	kpi.clamp(1.5, high => 1.2) AS no_low, kpi.clamp(-3.0, 0) AS no_high, kpi.clamp(7.5) AS no_bounds;
SELECT kpi.clamp(1.5::float8, 0, 1.2) AS above, kpi.clamp(-1, 0, 1) AS below, kpi.clamp(0.5::float8, 0, 1.2) AS inside,
	kpi.clamp(1.5::float8, high => 1.2) AS no_low, kpi.clamp(-3, 0) AS no_high, kpi.clamp(7) AS no_bounds,
	kpi.clamp(5, 5, 5) AS one_value;
SELECT kpi.clamp(NULL::numeric, 0, 1) AS null_x, kpi.clamp(NULL::float8, 0, 1) AS null_x8,
	kpi.clamp('NaN'::numeric, 0, 1) AS nan, kpi.clamp('NaN'::float8, 0, 1) AS nan8,
	kpi.clamp('Infinity'::numeric, 0, 1) AS infinite, kpi.clamp('-Infinity'::float8, 0, 1) AS infinite8;
SELECT kpi.clamp(2.0, '-Infinity', 'Infinity') AS open, kpi.clamp(2::float8, '-Infinity', 'Infinity') AS open8;
SELECT kpi.clamp(1.0, 2, 1.5);
SELECT kpi.clamp(1::float8, 2, 1.5);
SELECT kpi.clamp(1.0, 'NaN', 1.5);
SELECT kpi.clamp(1.0, 0, 'NaN');
SELECT kpi.clamp(1::float8, 'NaN');
SELECT kpi.clamp(1::float8, NULL, 'NaN');
SELECT kpi.clamp(1.0, 'Infinity');
SELECT kpi.clamp(1::float8, NULL, '-Infinity');
