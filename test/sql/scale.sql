-- scale: reading and writing, every form as the reference has it
SELECT s::kpi.scale FROM unnest('{
	"linear(0:0, 0.8:60, 1:100, 1.2:120)",
	"step(0:0, 0.6:60, 1:100)",
	"efficacy(1:4, 5:8, 8:12, 11:16, 15:20) of actual",
	"deduct(100 from 0.95, 2 per 0.01 started) of actual",
	"deduct(10 from 2 up, 1.5 per 1) of actual",
	"add(0 from 100000, 5 per 10000 full) of actual max 20",
	"range(90..110 full, 70..130 zero) of actual",
	"binary(100)",
	"rank(100, 80, 60) of actual",
	"given",
	"given max 5",
	"linear(-10:0, 0:100) of gap",
	"linear(0:0, 2:80) round 2",
	"deduct(100 from 0.95, 2 per 0.01 started) of actual min 0"}'::text[]) s;
-- what is left out, what is said though it need not be, and free white space
SELECT s, s::kpi.scale AS scale FROM (VALUES
	('linear(0:0) of attainment'), ('efficacy(1:4, 5:8)'), ('deduct(1 from 2, 3 per 4)'),
		('deduct(1 from 2 down, 3 per 4 linear)'),
	('add(1 from 2 up, 3 per 4 linear)'), ('add(1 from 2 down, 3 per 4 full)'), ('range(1..2 full, 0..3 zero)'),
		('rank(5)'),
	('binary(100) of attainment'), ('binary(5) of actual'), ('given of actual'), ('given of attainment'),
		('rank(1, 2) of gap'),
	('given max 5 round -2 of gap min -5'), ('given round 2.0'),
	('range(-.5...5 full,-1e0..+1. zero)round+0max 1e2min .5'),
	(E' \t linear\n(-1.50:+.5,2.:3e1 ,1E+2 : -4e-1) '), ('step(7:1)')) v(s);
SELECT v::text::kpi.scale::text = v::text AS round_trip
FROM (VALUES ('linear(0.00:0.10, 1.000000000000000000000001:100)'::kpi.scale),
			 ('step(-1e300:1, 1e-300:2)'), ('deduct(1e2 from 0.950, 2.0 per 1e-2 full) round -0 max 1e2')) c(v);

-- what is not a scale
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
SELECT 'deduct(100 of 0.95, 2 per 0.01)'::kpi.scale;
SELECT 'deduct(100 from 0.95 left, 2 per 0.01)'::kpi.scale;
SELECT 'deduct(100 from 0.95, 2 a 0.01)'::kpi.scale;
SELECT 'deduct(100 from 0.95, 2 per 0.01 begun)'::kpi.scale;
SELECT 'add(0 from 1 upward, 2 per 1)'::kpi.scale;
SELECT 'range(90-110 full, 70..130 zero)'::kpi.scale;
SELECT 'range(90..110, 70..130)'::kpi.scale;
SELECT 'range(70..130 zero, 90..110 full)'::kpi.scale;
SELECT 'range(90..110 full, 70..130 zero, 1..2 half)'::kpi.scale;
SELECT 'binary(100, 0)'::kpi.scale;
SELECT 'rank()'::kpi.scale;
SELECT 'rank(100; 80)'::kpi.scale;
SELECT 'given(100)'::kpi.scale;
SELECT 'given of target'::kpi.scale;
SELECT 'given round'::kpi.scale;
SELECT 'given round 1.5'::kpi.scale;
SELECT 'given round 101'::kpi.scale;
SELECT 'given min'::kpi.scale;
SELECT 'given max 5 max 6'::kpi.scale;
SELECT 'given max 5 min 1 of gap round 2 !'::kpi.scale;
SELECT 'añ'::kpi.scale, 'given of gap ñ'::kpi.scale;
SELECT 'given ñ max'::kpi.scale;

-- what is against the rules
SELECT 'linear(0:0, 1:1, 1.0:2)'::kpi.scale;
SELECT 'step(0:0, 0.8:60, 0.6:100)'::kpi.scale;
SELECT 'linear(0:1e309)'::kpi.scale;
SELECT 'given max 1e400'::kpi.scale;
SELECT 'efficacy(1:4)'::kpi.scale;
SELECT 'efficacy(1:4, 2:4)'::kpi.scale;
SELECT 'efficacy(1:4, 2:6, 3:5)'::kpi.scale;
SELECT 'efficacy(1:4, 2:3, 3:5)'::kpi.scale;
SELECT 'efficacy(1:-4, 2:3)'::kpi.scale;
SELECT 'efficacy(1:4, 1:3)'::kpi.scale;
SELECT 'deduct(100 from 1, -2 per 1)'::kpi.scale;
SELECT 'add(100 from 1, 2 per 0)'::kpi.scale;
SELECT 'add(100 from 1, 2 per -0.5)'::kpi.scale;
SELECT 'range(110..90 full, 70..130 zero)'::kpi.scale;
SELECT 'range(90..110 full, 95..130 zero)'::kpi.scale;
SELECT 'given min 5 max 4.9'::kpi.scale;
SELECT ('step(' || string_agg(i || ':' || i, ',' ORDER BY i) || ')')::kpi.scale FROM generate_series(1, 1001) i;
SELECT ('rank(' || string_agg(i::text, ',' ORDER BY i) || ')')::kpi.scale FROM generate_series(1, 1001) i;
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

-- efficacy: nothing beyond the worst standard, whichever way is better
SELECT x, kpi.score(x, up) AS up, kpi.score(x::float8, up) AS up8, kpi.score(x, down) AS down,
	kpi.score(x::float8, down) AS down8
FROM unnest('{0.99, 1, 3, 5, 6.5, 12, 15, 20, 20.01}'::numeric[]) x,
	 (SELECT 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20)'::kpi.scale AS up,
		'efficacy(1:10, 5:10, 15:8, 20:6)'::kpi.scale AS down) s;

-- deduct and add: below or above the limit, units as they are, whole or begun
SELECT x, kpi.score(x, 'deduct(100 from 0.95, 2 per 0.01)') AS linear, kpi.score(x,
	'deduct(100 from 0.95, 2 per 0.01 full)') AS "full",
	kpi.score(x, 'deduct(100 from 0.95, 2 per 0.01 started)') AS started, kpi.score(x,
		'deduct(100 from 0.95, 2 per 0.01 started) min 0') AS held,
	kpi.score(x, 'deduct(100 from 0.95 up, 2 per 0.01 started)') AS up
FROM unnest('{2, 0.96, 0.9500001, 0.95, 0.9499999, 0.94, 0.935, 0.3}'::numeric[]) x;
SELECT x, kpi.score(x, 'deduct(100 from 0.95, 2 per 0.01)') AS linear, kpi.score(x,
	'deduct(100 from 0.95, 2 per 0.01 full)') AS "full",
	kpi.score(x, 'deduct(100 from 0.95, 2 per 0.01 started)') AS started, kpi.score(x,
		'deduct(100 from 0.95, 2 per 0.01 started) min 0') AS held,
	kpi.score(x, 'deduct(100 from 0.95 up, 2 per 0.01 started)') AS up
FROM unnest('{2, 0.96, 0.9500001, 0.95, 0.9499999, 0.94, 0.935, 0.3}'::float8[]) x;
SELECT x, kpi.score(x, 'add(0 from 100000, 5 per 10000)') AS linear, kpi.score(x,
	'add(0 from 100000, 5 per 10000 full) max 20') AS "full",
	kpi.score(x::float8, 'add(0 from 100000, 5 per 10000 started)') AS started, kpi.score(x,
		'add(1.5 from 100000 down, 5 per 10000)') AS down
FROM unnest('{90000, 100000, 105000, 110000, 150000}'::numeric[]) x;
-- a distance of doubles that is whole but for their rounding, and one that is not
SELECT kpi.score(1.1 - 0.8::float8, 'add(0 from 0, 1 per 0.1 started)') AS three, kpi.score(0.1 * 3::float8,
	'deduct(9 from 0 up, 1 per 0.1 started)') AS six,
	kpi.score(0.7 - 0.1::float8, 'add(0 from 0, 1 per 0.1 full)') AS also_six, kpi.score(0.30000001::float8,
		'add(0 from 0, 1 per 0.1 started)') AS four,
	kpi.score(9007199254740991::float8, 'add(0 from 0, 1 per 2 full)') AS large, kpi.score(1e308::float8,
		'add(0 from -1e308, 1e9 per 1e-9)') AS beyond;

-- range, binary and what is given
SELECT x, kpi.score(x, 'range(90..110 full, 70..130 zero)') AS range, kpi.score(x::float8,
	'range(90..110 full, 70..130 zero)') AS range8,
	kpi.score(x, 'range(90..110 full, 90..200 zero)') AS sharp
FROM unnest('{69, 70, 75, 89.99, 90, 100, 110, 125, 130, 131}'::numeric[]) x;
SELECT x, kpi.score(x, 'binary(100)') AS attainment, kpi.score(x::float8, 'binary(40) of gap') AS gap,
	kpi.score(x, 'binary(-5) of actual') AS actual
FROM unnest('{-0.01, 0, 0.99, 1, 1.5}'::numeric[]) x;
SELECT x, kpi.score(x, 'given') AS given, kpi.score(x::float8, 'given max 5') AS held, kpi.score(x,
	'given round 0 min -1 max 7') AS rounded
FROM unnest('{-7.25, -0.50, 2.5, 7}'::numeric[]) x;

-- x is rounded before the points, half away from zero
SELECT x, kpi.score(x, 'linear(0:0, 1:50)') AS plain, kpi.score(x, 'linear(0:0, 1:50) round 2') AS exact,
	kpi.score(x::float8, 'linear(0:0, 1:50) round 2') AS float,
	kpi.score(x, 'step(0:0, 0.88:50) round 2') AS step, kpi.score(-x::float8, 'given round 2') AS given
FROM unnest('{0.875, 0.8749999, 1.005, 0.025}'::numeric[]) x;
SELECT kpi.score(44 / 45.0, 'linear(0:0, 2:80) round 2') AS published, kpi.score(1250,
	'given round -2') AS hundreds, kpi.score(0.94499, 'deduct(100 from 0.95, 2 per 0.01 full) round 2') AS deducted;

-- a place is among siblings
SELECT kpi.score(1.0, 'rank(100, 80, 60)');
SELECT kpi.score(1::float8, 'rank(100, 80, 60) round 1');
SELECT place, kpi_internal.rank_score(place, 'rank(100, 80.5, 60)') AS points, kpi_internal.rank_score(place,
	'rank(100, 80.5, 60) min 10 max 90') AS held
FROM unnest('{1, 2, 3, 4, 9223372036854775807, NULL}'::bigint[]) place;
SELECT unit, actual, kpi_internal.rank_score(CASE WHEN actual IS NOT NULL
	THEN rank() OVER (ORDER BY kpi_internal.scale_rounded(actual, s) DESC NULLS LAST) END, s)
FROM (VALUES ('a', 310.2), ('b', 480), ('c', 309.8), ('d', 200), ('e', NULL)) v(unit, actual),
	(SELECT 'rank(100, 80, 60) round 0'::kpi.scale AS s) t ORDER BY 1;
SELECT kpi_internal.rank_score(0, 'rank(100)');
SELECT kpi_internal.rank_score(1, 'given');

-- what the engine asks
SELECT s AS scale, kpi_internal.scale_form(s) AS form, kpi_internal.scale_of(s) AS of,
	kpi_internal.scale_needs_target(s) AS needs_target
FROM unnest('{linear(0:0),step(0:0),"efficacy(0:0, 1:1)","deduct(1 from 2, 3 per 4)","add(1 from 2, 3 per 4) of gap",
	"range(1..2 full, 0..3 zero)",binary(1),binary(1) of actual,rank(1),given,given of gap,NULL}'::kpi.scale[]) s;
SELECT kpi_internal.scale_rounded(2.5, 'given round 0'), kpi_internal.scale_rounded(2.50, 'given'),
	kpi_internal.scale_rounded('NaN', 'given round 1'), kpi_internal.scale_rounded(1, NULL);

-- one point is a constant; NULL, NaN and infinity give NULL; integers go to float8
SELECT kpi.score(x, 'linear(1:42)') FROM unnest('{-1, 1, 3}'::numeric[]) x;
SELECT s, kpi.score(NULL::numeric, s) AS "null", kpi.score('NaN'::numeric, s) AS nan,
	kpi.score('-Infinity'::numeric, s) AS infinite,
	kpi.score('NaN'::float8, s) AS nan8, kpi.score('Infinity'::float8, s) AS infinite8
FROM unnest('{linear(1:42),"deduct(1 from 2, 3 per 4)","range(1..2 full, 0..3 zero)",binary(1),rank(1),
	given}'::kpi.scale[]) s;
SELECT kpi.score(1, NULL) AS null_scale, kpi.score(NULL::float8, 'rank(1)') AS null_x;
SELECT pg_typeof(kpi.score(1, 'linear(0:0, 2:10)')), kpi.score(1, 'linear(0:0, 2:10)');

-- float8: a decimal means itself, however far apart the points are
SELECT kpi.score(x, 'linear(-1.7e308:-1.7e308, 1.7e308:1.7e308)')
FROM unnest('{-1.7e308, -0.85e308, 0, 0.85e308, 1.7e308}'::float8[]) x;
SELECT kpi.score(0.9::float8, 'linear(-1e17:1e17, 1:50)') AS far, kpi.score(0.9::float8,
	'linear(-1e300:1e300, 1:50)') AS farther,
	kpi.score(5::float8, 'linear(-1e300:-1e300, 1e300:1e300)') AS middle, kpi.score(0.3::float8,
		'linear(0:-3, 1:7)') AS root,
	kpi.score(1e-10::float8, 'linear(0:0, 1e300:1e300)') AS small, kpi.score(0.65::float8,
		'linear(0.5:0, 0.8:60)') AS clean;

-- equality is by value
SELECT a, b, a OPERATOR(kpi.=) b AS equal, a OPERATOR(kpi.<>) b AS differs,
	kpi_internal.scale_hash(a) = kpi_internal.scale_hash(b) AS same_hash,
	kpi_internal.scale_hash_extended(a, 7) = kpi_internal.scale_hash_extended(b, 7) AS same_hash64
FROM (VALUES ('linear(0:0, 1:100)'::kpi.scale, 'linear(0.0:0, 1.00:1e2) of attainment'::kpi.scale),
			 ('linear(0:0, 1:100)', 'step(0:0, 1:100)'),
			 ('linear(0:0, 1:100)', 'linear(0:0)'),
			 ('linear(0:0, 1:100)', 'linear(0:0, 1:100) of gap'),
			 ('linear(0:0, 1:100)', 'linear(0:0, 1:100) round 2'),
			 ('linear(0:0, 1:100) round 2', 'linear(0:0, 1:100) round 3'),
			 ('given min 5', 'given max 5'),
			 ('given min 0 max 5', 'given max 5.0 min 0'),
			 ('deduct(1 from 2, 3 per 4)', 'deduct(1 from 2 down, 3 per 4 linear)'),
			 ('deduct(1 from 2, 3 per 4)', 'deduct(1 from 2 up, 3 per 4)'),
			 ('deduct(1 from 2, 3 per 4)', 'deduct(1 from 2, 3 per 4 full)'),
			 ('deduct(1 from 2, 3 per 4)', 'add(1 from 2 down, 3 per 4)'),
			 ('linear(0:0, 1:100)', 'linear(0:0, 1:100.0000000000000000000001)')) v(a, b);
-- with seed 0 the low half of the long hash is the short one
SELECT s, kpi_internal.scale_hash_extended(s,
	0)::bit(64)::bit(64) << 32 = kpi_internal.scale_hash(s)::bit(32)::bit(64) AS agree,
	kpi_internal.scale_hash_extended(s, 1) <> kpi_internal.scale_hash_extended(s, 0) AS seeded
FROM unnest('{given,binary(7),"linear(0:0, 1:100)"}'::kpi.scale[]) s;
CREATE TEMP TABLE scales (c kpi.scale);
INSERT INTO scales VALUES ('step(0:0)'), ('step(0.0:0)'), ('step(0:1)'), ('linear(0:0)'), ('step(0:0) of gap'),
	(NULL), (NULL);
SELECT count(*) FROM (SELECT DISTINCT c FROM scales) s;
SELECT c IS NULL AS missing, count(*) FROM scales GROUP BY c ORDER BY 2, 1;
SELECT sum(kpi.score(1, c)) FROM scales;

-- binary form: what send writes, and what receive refuses
TRUNCATE scales;
SELECT kpi_internal.scale_send('step(0.5:1, 1:1)');
-- takes a value of these bytes in, as a binary COPY of one row does
CREATE FUNCTION pg_temp.receive(hex text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	body CONSTANT bytea := decode(translate(hex, E' \t\n', ''), 'hex');
	file CONSTANT bytea := '\x5047434f50590aff0d0a0000000000000000000001' || int4send(length(body)) || body || '\xffff';
BEGIN
	EXECUTE format('COPY scales FROM PROGRAM %L (FORMAT binary)', 'printf "' || (
		SELECT string_agg(format(E'\\%s%s%s', b >> 6, b >> 3 & 7, b & 7), '' ORDER BY i)
		FROM generate_series(0, length(file) - 1) AS i, get_byte(file, i) AS b) || '"');
END $$;
\set SHOW_CONTEXT never
-- deduct(100 from 0.95, 2 per 0.01 started) of actual round 3 min 0 max 100
SELECT pg_temp.receive('010301020007 000300000004 0001000000000000 00640001ffff0000 0002251c00010000
	0000000000020001 ffff000000020064 0000000000000000 0001000000000000 0064');
-- step(0.5:1, 1:1)
SELECT pg_temp.receive('010100000000 000000000004 0001ffff00000001 1388000100000000 0000000100010000
	0000000000010001 0000000000000001');
-- given of gap round -2
SELECT pg_temp.receive('010802000001 fffe00000000');
SELECT c FROM scales;

-- another version
SELECT pg_temp.receive('020100000000 000000000002 0001ffff00000001 1388000100000000 00000001');
-- no such form
SELECT pg_temp.receive('010900000000 000000000002 0001ffff00000001 1388000100000000 00000001');
-- no such argument
SELECT pg_temp.receive('010103000000 000000000002 0001ffff00000001 1388000100000000 00000001');
-- no such counting
SELECT pg_temp.receive('010301030000 000000000004 0001000000000000 00640001ffff0000 0002251c00010000
	0000000000020001 ffff000000020064');
-- no such direction
SELECT pg_temp.receive('010301000200 000000000004 0001000000000000 00640001ffff0000 0002251c00010000
	0000000000020001 ffff000000020064');
-- no such options
SELECT pg_temp.receive('010100000008 000000000002 0001ffff00000001 1388000100000000 00000001');
-- counting where nothing is counted
SELECT pg_temp.receive('010100010000 000000000002 0001ffff00000001 1388000100000000 00000001');
-- a direction where nothing is counted
SELECT pg_temp.receive('010600000100 000000000001 0001000000000000 0001');
-- decimals without round
SELECT pg_temp.receive('010100000000 000100000002 0001ffff00000001 1388000100000000 00000001');
-- too many decimals
SELECT pg_temp.receive('010100000001 006500000002 0001ffff00000001 1388000100000000 00000001');
-- no points
SELECT pg_temp.receive('010000000000 000000000000');
-- an x without a y
SELECT pg_temp.receive('010000000000 000000000001 0001ffff00000001 1388');
-- a point missing
SELECT pg_temp.receive('010000000000 000000000004 0001ffff00000001 1388000100000000 00000001');
-- a number too few for the form
SELECT pg_temp.receive('010301000000 000000000003 0001000000000000 00640001ffff0000 0002251c00010000
	000000000002');
-- a number too many for the form
SELECT pg_temp.receive('010801000000 000000000001 0001000000000000 0001');
-- max that is not there
SELECT pg_temp.receive('010801000004 000000000000');
-- x that does not rise
SELECT pg_temp.receive('010000000000 000000000004 0001ffff00000001 1388000100000000 000000010001ffff
	0000000113880001 0000000000000001');
-- a unit of 0
SELECT pg_temp.receive('010401000000 000000000004 0000000000000000 0000000000000000 0001000000000000
	0005000000000000 0000');
-- min above max
SELECT pg_temp.receive('010801000006 000000000000 0001000000000000 0005000100000000 00000001');
-- NaN
SELECT pg_temp.receive('010000000000 000000000002 00000000c0000000 0001000000000000 0001');
-- infinity
SELECT pg_temp.receive('010000000000 000000000002 0001ffff00000001 138800000000d000 0000');
-- an infinite max
SELECT pg_temp.receive('010801000004 000000000000 00000000d0000000');
-- more than the numbers
SELECT pg_temp.receive('010000000000 000000000002 0001ffff00000001 1388000100000000 0000000100010000
	0000000000010001 0000000000000001');
-- a negative number of numbers
SELECT pg_temp.receive('010701000000 0000ffffffff 0001000000000000 0001');
\set SHOW_CONTEXT errors
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
