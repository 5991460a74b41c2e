-- Scoring scales of every form: worked cases, published schemes, recomputation
-- in plain SQL, and properties.
BEGIN;
SELECT no_plan();
SET LOCAL jit = off;

-- Worked cases: points of x, alike in numeric and in float8.
CREATE TEMP TABLE worked (id text, scale kpi.scale, x numeric, points numeric, rule text);
INSERT INTO worked VALUES
	('E203', 'linear(0:0, 0.8:60, 1:100, 1.2:120)', 0.9, 80, 'straight between the points'),
	('E204', 'linear(0:0, 0.8:60, 1:100, 1.2:120)', 1.5, 120, 'beyond its ends the end holds'),
	('E206', 'linear(1000:0, 5000:100) of actual', 4000, 75, 'of the actual'),
	('E207', 'step(0:0, 0.6:60, 1:100)', 0.6, 60, 'a limit earns the better step'),
	('E209', 'step(0:100, 2:80, 4:60, 7:0) of actual', 2, 100, 'also where lower is better'),
	('E210', 'step(0:100, 2:80, 4:60, 7:0) of actual', 7.01, 0, 'beyond the last limit'),
	('E212', 'linear(0:0, 1:50)', 0.875, 43.75, 'without round nothing is rounded'),
	('E213', 'linear(0:0, 2:80) round 2', 44 / 45.0, 39.2, '4.4 of 4.5 is 0.98'),
	('E215', 'deduct(100 from 0.95, 2 per 0.01 started) of actual', 0.94, 98, 'exactly one unit below, in decimals'),
	('E216', 'deduct(100 from 0.95, 2 per 0.01 started) of actual', 0.935, 96, 'a begun unit counts'),
	('E218', 'deduct(100 from 0.95, 2 per 0.01 started) of actual', 0.3, -30, '65 units: no hidden floor'),
	('E219', 'deduct(100 from 0.95, 2 per 0.01 started) of actual min 0', 0.3, 0, 'unless the scale has a min'),
	('E221', 'deduct(10 from 2 up, 1.5 per 1) of actual', 2.5, 9.25, 'linear units are the default'),
	('E222', 'deduct(10 from 2 up, 1.5 per 1) of actual', 0, 10, 'nothing below'),
	('E224', 'add(0 from 100000, 5 per 10000 full) of actual max 20', 150000, 20, '25, held at max'),
	('E225', 'add(0 from 100000, 5 per 10000 full) of actual max 20', 90000, 0, 'nothing below'),
	('E227', 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20) of actual', 0.5, 0, 'below the lowest standard'),
	('E228', 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20) of actual', 20, 20, 'above the best'),
	('E230', 'efficacy(10:10, 15:8, 20:6) of actual', 25, 0, 'falling: beyond the worst standard'),
	('E231', 'range(90..110 full, 70..130 zero) of actual', 110, 100, 'full at the inner limit'),
	('E233', 'range(90..110 full, 70..130 zero) of actual', 130, 0, 'nothing from the outer limit on'),
	('E234', 'binary(100)', 1, 100, 'equality counts as met'),
	('E236', 'given', 7, 7, 'the actual is the points'),
	('E237', 'given max 5', 7, 5, 'held at max'),
	('E247', 'add(0 from 0, 5 per 1 full) of actual', 3, 15, 'three complaints cost 15: 94.75 becomes 79.75'),
	('E250', 'step(0:100, 0.5:0) of actual', 1, 0, 'an accident triggers a veto'),
	('E251', 'step(0:100, 0.5:0) of actual', 0, 100, 'none does not'),
	-- the schemes that the functions serve, as scales
	('C01', 'linear(300:0, 900:10) of actual', 300, 0, 'goal 700, red flag 500, scale of 10'),
	('C03', 'linear(300:0, 900:10) of actual', 700, 20 / 3.0, 'the goal'),
	('C05', 'linear(300:0, 900:10) of actual', 600, 5, 'half way'),
	('C07', 'linear(300:0, 900:10) of actual', 1000, 10, 'held'),
	('D01', 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20)', 12, 17, 'base 16 and a quarter of 4'),
	('D03', 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20)', 20, 20, 'above excellent'),
	('D05', 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20)', 6.5, 10, 'base 8 and half of 4'),
	('D07', 'efficacy(1:4, 5:8, 8:12, 11:16, 15:20)', 0.5, 0, 'below the lowest'),
	('D08', 'linear(60:60, 100:100) of actual', 85, 85, 'the classic efficacy coefficient'),
	('E01', 'deduct(20 from 100, 2 per 1) min 0 max 24', 97, 14, '20 - 3 x 2'),
	('E03', 'deduct(20 from 100, 2 per 1) min 0 max 24', 85, 0, '20 - 30, held at 0'),
	('E05', 'deduct(20 from 100, 2 per 1 started) min 0 max 24', 97.5, 14, 'three begun steps'),
	('E07', 'deduct(10 from 2 up, 1.5 per 1) min 0 max 10', 4, 7, 'two complaints over'),
	('F01', 'step(-1:100, 2:80, 4:60, 7:0) of actual', 2, 100, 'response days: the limit belongs to the better step'),
	('F03', 'step(-1:100, 2:80, 4:60, 7:0) of actual', 7, 60, 'so does the last'),
	('M01', 'linear(60:0, 80:100, 90:100, 110:0) of actual', 70, 50, 'best in the middle'),
	('M03', 'linear(60:0, 80:100, 90:100, 110:0) of actual', 85, 100, 'the plateau'),
	-- found by using it: full marks from 95 %, 2 points off for each 1 % below
	('14', 'deduct(100 from 0.95, 2 per 0.01) of attainment', 0.95, 100, 'full marks from 95 %'),
	('14', 'deduct(100 from 0.95, 2 per 0.01) of attainment', 1.2, 100, 'and no more above'),
	('14', 'deduct(100 from 0.95, 2 per 0.01) of attainment', 0.90, 90, '2 points off for each 1 % below'),
	('14', 'deduct(100 from 0.95, 2 per 0.01) of attainment', 0.945, 99, 'half a per cent'),
	('14', 'deduct(100 from 0.95, 2 per 0.01) of attainment min 0', 0.4, 0, 'down to nothing'),
	('15', 'linear(0:0, 1:50) round 2', 0.875, 44, 'a scheme that rounds to whole per cent'),
		-- public schemes: 20 of 100 planned is 20 %, a cap at 120; a reverse indicator earns 2 - A / T
	('plan', 'linear(0:0, 2:200) max 120', 1.3, 120, 'a cap of 120'),
	('plan', 'linear(0:0, 1:100)', 0.2, 20, 'plan 100, done 20'),
	('reverse', 'linear(0:0, 1:100, 2:200)', kpi.attainment(8.0, 10, 'lower'), 120, '8 where at most 10 were allowed');
SELECT is(kpi.score(x, scale), points, format('%s, %s at %s: %s', id, scale, x, rule))
FROM worked WHERE scale(points) < 3 ORDER BY id, x;
SELECT is(kpi.score(x::float8, scale), points::float8, format('%s, float8, %s at %s: %s', id, scale, x, rule))
FROM worked ORDER BY id, x;
SELECT is(round(kpi.score(700.0, 'linear(300:0, 900:10)'), 10), 6.6666666667, 'C03');
SELECT is(kpi.score(0.9::float8, 'linear(-1e17:1e17, 1:50)'), 50.1::float8,
	'23: ten digits however far apart the points are');
SELECT is(round(kpi.score(0.9, 'linear(-1e17:1e17, 1:50)'), 14), 50.1, '23: in numeric too');

-- the gap is s (actual - target), so positive is good
SELECT is(kpi.score(kpi.change(12.0, 10), 'linear(-10:0, 0:100) of gap'), 100::numeric, 'E239: higher');
SELECT is(kpi.score(kpi.change(10, 12.5), 'linear(-10:0, 0:100) of gap'), 75::numeric,
	'the same where lower is better');
SELECT is(kpi.score(0.0, 'binary(5) of gap'), 5::numeric, 'a gap of 0 is met');

-- places: equals share the better place, the next is skipped, beyond the list 0, no value no place
SELECT results_eq($$ SELECT unit, kpi_internal.rank_score(CASE WHEN x IS NOT NULL
	THEN rank() OVER (ORDER BY x DESC NULLS LAST) END, 'rank(100, 80, 60) of actual')
	FROM (VALUES ('a', 310), ('b', 480), ('c', 310), ('d', 200), ('e', NULL)) v(unit, x) ORDER BY 1 $$,
	$$ VALUES ('a', 80::numeric), ('b', 100), ('c', 80), ('d', 0), ('e', NULL) $$, 'E240');
SELECT is(kpi_internal.rank_score(3, 'rank(60, 57, 54, 51, 48)'), 54::numeric,
	'G38: ranks 1 to 5 earn 60, 57, 54, 51, 48');
SELECT is_empty($$ SELECT place FROM generate_series(1, 8) place, (VALUES ('{7.5, 0, 3}'::numeric[])) v(p)
	WHERE kpi_internal.rank_score(place, ('rank(' || array_to_string(p, ',') || ')')::kpi.scale) IS DISTINCT
		FROM kpi.rank_points(place, p) $$,
	'the same as rank_points');

-- limits of a card: zero_below first, then floor and cap
SELECT is(kpi.clamp(kpi.zero_below(59.9, 60), NULL, 120), 0::numeric, 'E242');
SELECT is(kpi.clamp(kpi.zero_below(59.9, 60), 10, NULL), 10::numeric, 'E243');

-- Random scales of each form, in decimals of 0 to 4 places, and x around their numbers.
SELECT setseed(0.21);
CREATE FUNCTION pg_temp.decimal(spread numeric, digits integer) RETURNS numeric LANGUAGE sql VOLATILE AS
$$ SELECT round((random() * 2 - 1)::numeric * spread, digits) $$;
CREATE TEMP TABLE made AS
SELECT k, form, base, from_, rate, unit, up, counting, least(a, b) AS low, greatest(a, b) AS high, least(a,
	b) - c AS outer_low, greatest(a, b) + d AS outer_high,
	CASE WHEN k % 3 = 0 THEN digits END AS rounding, CASE WHEN k % 5 = 0 THEN least(base, rate) END AS min, CASE
		WHEN k % 7 = 0 THEN greatest(base, rate) + 3 END AS max,
	digits
FROM (SELECT k, (ARRAY['deduct', 'add', 'range', 'binary', 'given'])[1 + k % 5] AS form, k % 4 AS digits,
		pg_temp.decimal(120, k % 3) AS base, pg_temp.decimal(50, k % 4) AS from_,
		abs(pg_temp.decimal(5, k % 3)) AS rate,
		abs(pg_temp.decimal(3, k % 4)) + 10.0 ^ -(k % 4) AS unit, random() < 0.5 AS up, (ARRAY['linear', 'full',
			'started'])[1 + floor(random() * 3)::integer] AS counting,
		pg_temp.decimal(50, k % 4) AS a, pg_temp.decimal(50, k % 4) AS b, CASE WHEN random() < 0.1 THEN 0
			ELSE abs(pg_temp.decimal(20, k % 3)) END AS c,
		CASE WHEN random() < 0.1 THEN 0 ELSE abs(pg_temp.decimal(20, k % 3)) END AS d
	FROM generate_series(1, 2000) k) v;
UPDATE made SET unit = trim_scale(unit);
CREATE TEMP TABLE scaled AS
SELECT m.*, (CASE form
		WHEN 'deduct' THEN format('deduct(%s from %s%s, %s per %s %s)', base, from_, CASE WHEN up THEN ' up'
			ELSE '' END, rate, unit, counting)
		WHEN 'add' THEN format('add(%s from %s%s, %s per %s %s)', base, from_, CASE WHEN up THEN '' ELSE ' down' END,
			rate, unit, counting)
		WHEN 'range' THEN format('range(%s..%s full, %s..%s zero)', low, high, outer_low, outer_high)
		WHEN 'binary' THEN format('binary(%s) of %s', base, CASE WHEN up THEN 'gap' ELSE 'attainment' END)
		ELSE 'given' END || coalesce(' round ' || rounding, '') || coalesce(' max ' || max,
			'') || coalesce(' min ' || min, ''))::kpi.scale AS s
FROM made m;
CREATE TEMP TABLE placed AS
SELECT s.*, x, CASE WHEN rounding IS NULL THEN x ELSE round(x, rounding) END AS rx
FROM scaled s, LATERAL (
	SELECT CASE WHEN j < 6 THEN (ARRAY[from_, low, high, outer_low, outer_high, 0])[1 + j]
		WHEN j < 12 THEN from_ + (j - 9) * unit WHEN j = 12 THEN 1 ELSE pg_temp.decimal(70, 1 + (j + k) % 6) END AS x
	FROM generate_series(0, 24) j) p;
CREATE TEMP TABLE plain AS
SELECT p.*, least(greatest(points, min), coalesce(max, 'Infinity')) AS want, kpi.score(x, s) AS exact,
	kpi.score(x::float8, s) AS float
FROM (SELECT p.*, CASE form
		WHEN 'given' THEN rx
		WHEN 'binary' THEN CASE WHEN rx >= CASE WHEN up THEN 0 ELSE 1 END THEN base ELSE 0 END
		WHEN 'range' THEN CASE WHEN rx BETWEEN low AND high THEN 100 WHEN rx <= outer_low OR rx >= outer_high THEN 0
			WHEN rx < low THEN 100 * (rx - outer_low) / (low - outer_low)
				ELSE 100 * (outer_high - rx) / (outer_high - high) END
		ELSE CASE WHEN distance <= 0 THEN base
			WHEN counting = 'linear' THEN (base * unit + sign * rate * distance) / unit
			WHEN counting = 'full' THEN base + sign * rate * div(distance, unit)
			ELSE base + sign * rate * (div(distance, unit) + CASE WHEN mod(distance, unit) > 0 THEN 1
				ELSE 0 END) END END AS points
	FROM (SELECT p.*, CASE WHEN up THEN rx - from_ ELSE from_ - rx END AS distance, CASE form WHEN 'add' THEN 1
		ELSE -1 END AS sign FROM placed p) p) p;
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) AS n FROM plain GROUP BY form) f), '>=', 10000::bigint,
	'at least 1e4 places for each form');
SELECT is_empty($$ SELECT s, x, want, exact FROM plain WHERE NOT abs(exact - want) <= 1e-15 * greatest(1,
	abs(want)) $$,
	'every form is what plain SQL gives');
SELECT is_empty($$ SELECT s, x, want, exact FROM plain WHERE (form IN ('given', 'binary')
	OR counting <> 'linear' AND form <> 'range') AND exact <> want $$,
	'to the last digit where nothing is divided');
SELECT is_empty($$ SELECT s, x, want, float FROM plain
	WHERE NOT abs(float - want::float8) <= 3e-16 * abs(want) $$, 'and so in float8');
SELECT is_empty($$ SELECT s, x FROM plain WHERE counting <> 'linear' AND float <> exact::float8 $$,
	'a count in float8 is that of the decimals');
SELECT is_empty($$ SELECT s FROM scaled WHERE s::text::kpi.scale OPERATOR(kpi.<>) s
	OR s::text::kpi.scale::text <> s::text
		OR kpi_internal.scale_hash(s::text::kpi.scale) <> kpi_internal.scale_hash(s)
			OR kpi_internal.scale_hash_extended(s::text::kpi.scale, k) <> kpi_internal.scale_hash_extended(s, k) $$,
	'the text reads back equal');

-- efficacy: standards that rise or fall, 2 to 9 of them
CREATE TEMP TABLE standard AS
SELECT k, i, (k % 7 - 3) * 10 + i * 3 + round(random()::numeric * 2, k % 4) AS x,
	sum(round(random()::numeric * 9, k % 3)) OVER (PARTITION BY k ORDER BY i * CASE WHEN k % 2 = 0 THEN 1
	ELSE -1 END) + 1 AS y
FROM generate_series(1, 500) k, generate_series(1, 2 + k % 8) i;
CREATE INDEX ON standard (k, x);
ANALYZE standard;
CREATE TEMP TABLE efficacy AS
SELECT k, s, p.x, k % 2 = 0 AS rises, worst_x, a.x AS x0, a.y AS y0, b.x AS x1, b.y AS y1, best_y
FROM (SELECT k, ('efficacy(' || string_agg(x || ':' || y, ', ' ORDER BY x) || ')')::kpi.scale AS s, CASE
	WHEN k % 2 = 0 THEN min(x) ELSE max(x) END AS worst_x, max(y) AS best_y
	  FROM standard GROUP BY k HAVING min(y) < max(y)) e
	JOIN LATERAL (SELECT x FROM standard q WHERE q.k = e.k UNION ALL SELECT pg_temp.decimal(70, 1 + (j + e.k) % 5)
		FROM generate_series(1, 20) j) p ON true
	LEFT JOIN LATERAL (SELECT q.x, q.y FROM standard q WHERE q.k = e.k AND q.x <= p.x ORDER BY q.x DESC
		LIMIT 1) a ON true
	LEFT JOIN LATERAL (SELECT q.x, q.y FROM standard q WHERE q.k = e.k AND q.x > p.x ORDER BY q.x LIMIT 1) b ON true;
CREATE TEMP TABLE efficacy_plain AS
SELECT *, CASE WHEN rises AND x < worst_x OR NOT rises AND x > worst_x THEN 0 WHEN x0 IS NULL OR x1 IS NULL
	AND x > x0 THEN best_y WHEN x = x0 THEN y0
	ELSE (y0 * (x1 - x0) + (y1 - y0) * (x - x0)) / (x1 - x0) END AS want,
	kpi.score(x, s) AS exact, kpi.score(x::float8, s) AS float
FROM efficacy;
SELECT cmp_ok((SELECT count(*) FROM efficacy_plain), '>=', 10000::bigint, 'at least 1e4 places among standards');
SELECT is_empty($$ SELECT s, x, want, exact FROM efficacy_plain WHERE exact <> want $$,
	'efficacy is what plain SQL gives');
SELECT is_empty($$ SELECT s, x, want, float FROM efficacy_plain
	WHERE NOT abs(float - want::float8) <= 3e-16 * want $$, 'and so in float8');

-- the functions say the same
SELECT is_empty($$ SELECT e.s, e.x FROM efficacy_plain e JOIN (SELECT k, array_agg(x ORDER BY y) AS xs,
	array_agg(y ORDER BY y, x) AS ys FROM standard
			GROUP BY k HAVING count(DISTINCT y) = count(*)) l USING (k)
		WHERE NOT abs(kpi.efficacy(e.x, l.xs, l.ys, 1) - exact) <= 1e-15 * exact OR NOT abs(kpi.efficacy(e.x::float8,
			l.xs::float8[], l.ys::float8[], 1) - float) <= 3e-16 * float $$,
	'efficacy');
SELECT is_empty($$ SELECT s, x FROM plain WHERE form = 'range' AND rounding IS NULL AND min IS NULL AND max IS NULL
		AND abs(exact - 100 * kpi.attainment_range(x, low, high, outer_low, outer_high)) > 1e-13 $$,
		'attainment_range');
SELECT is_empty($$ SELECT s, x FROM plain WHERE form IN ('deduct', 'add') AND rounding IS NULL
	AND (exact <> kpi.add_deduct(x, from_, base,
				CASE WHEN up THEN sign * rate ELSE 0 END, CASE WHEN up THEN 0 ELSE -sign * rate END, unit,
					counting, min, max)
			OR float <> kpi.add_deduct(x::float8, from_, base,
				CASE WHEN up THEN sign * rate ELSE 0 END, CASE WHEN up THEN 0 ELSE -sign * rate END, unit,
					counting, min,
					max)) $$, 'add_deduct');

-- monotone in the good direction, within min and max, without jumps
SELECT is_empty($$ SELECT s, x FROM (SELECT s, x, sign * CASE WHEN up THEN 1 ELSE -1 END AS good,
	exact - lag(exact) OVER w AS rise, float - lag(float) OVER w AS rise8
		FROM plain WHERE form IN ('deduct', 'add') WINDOW w AS (PARTITION BY k ORDER BY x)) d WHERE rise * good < 0
			OR rise8 * good < 0 $$,
	'deduct and add never turn round');
SELECT is_empty($$ SELECT s, x FROM (SELECT s, x, CASE WHEN rises THEN 1 ELSE -1 END AS good,
	exact - lag(exact) OVER w AS rise, float - lag(float) OVER w AS rise8
		FROM efficacy_plain WINDOW w AS (PARTITION BY k ORDER BY x)) d WHERE rise * good < 0 OR rise8 * good < 0 $$,
	'nor does efficacy');
SELECT is_empty($$ SELECT s, x FROM plain WHERE exact < min OR exact > max OR float < min::float8
	OR float > max::float8 $$, 'points lie between min and max');
SELECT is_empty($$ SELECT s, x FROM efficacy_plain WHERE NOT exact BETWEEN 0 AND best_y $$,
	'and those of standards between 0 and the best');
SELECT is_empty($$ SELECT x FROM (SELECT x, kpi.score(x, s) - lag(kpi.score(x, s)) OVER (ORDER BY x) AS rise,
	kpi.score(x::float8, s) - lag(kpi.score(x::float8, s)) OVER (ORDER BY x) AS rise8
		FROM generate_series(-0.2, 1.4, 0.0005) x, (SELECT 'linear(0:0, 0.8:60, 1:100, 1.2:120)'::kpi.scale AS s) c) v
	WHERE NOT (rise BETWEEN 0 AND 0.1 AND rise8 BETWEEN 0 AND 0.1000001) $$, 'linear has no jumps');

-- float8: the points of the decimal that one reads, rounded once, however far apart they are
CREATE TEMP TABLE far AS
SELECT s, x, kpi.score(x, s) AS have, kpi.score(x::text::numeric, s)::float8 AS want
FROM (SELECT format('linear(%s:%s, %s:%s)', least(x0, x1), y0, greatest(x0, x1), y1)::kpi.scale AS s, least(x0,
	x1) + abs(x1 - x0) * share AS x
	  FROM (SELECT (random() - 0.5) * 10.0::float8 ^ (random() * 60 - 30) AS x0,
		(random() - 0.5) * 10.0::float8 ^ (random() * 60 - 30) AS x1,
			(random() - 0.5) * 10.0::float8 ^ (random() * 60 - 30) AS y0,
				(random() - 0.5) * 10.0::float8 ^ (random() * 60 - 30) AS y1,
			10.0::float8 ^ -(random() * 12) AS share
		FROM generate_series(1, 10000)) v) w;
SELECT is_empty($$ SELECT s, x, have, want FROM far WHERE NOT abs(have - want) <= 3e-16 * abs(want) $$,
	'float8 keeps all digits between points of all sizes');
SELECT is_empty($$ SELECT s FROM scaled, unnest('{NaN, Infinity, -Infinity}'::float8[]) x WHERE kpi.score(x,
	s) IS NOT NULL OR kpi.score(x::numeric, s) IS NOT NULL $$,
	'NaN and infinity have no points');

-- errors and their codes
SELECT throws_ok(format('SELECT %L::kpi.scale', s), '22P02', NULL, 'malformed: ' || s)
FROM unnest('{"deduct(1 from 2)","deduct(1 from 2, 3 per 4 half)","range(1..2 full)","rank()","given()","given of",
	"given round 0.5","given min 1 min 2","binary(1) of unit","linear(0:0) round 2 of"}'::text[]) s;
SELECT throws_ok(format('SELECT %L::kpi.scale', s), '22023', NULL, 'against the rules: ' || s)
FROM unnest('{"deduct(1 from 2, -3 per 4)","add(1 from 2, 3 per 0)","range(2..1 full, 0..3 zero)",
	"efficacy(0:1, 1:1)","efficacy(0:1, 1:2, 2:1)","given min 2 max 1","given max 1e309"}'::text[]) s;
SELECT throws_ok($$ SELECT kpi.score(1.0, 'rank(3, 2, 1)') $$, '22023',
	'a rank scale gives no points to a value alone', 'a rank needs siblings');
SELECT throws_ok($$ SELECT kpi_internal.rank_score(1, 'binary(1)') $$, '22023', NULL, 'and only a rank has places');

SELECT * FROM finish();
ROLLBACK;
