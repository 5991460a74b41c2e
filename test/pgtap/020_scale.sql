-- Scoring scales, clamp, change and simple lifetime value: published values,
-- properties over generated rows, error codes.
BEGIN;
SELECT no_plan();

-- values worked by hand or published
SELECT is(kpi.score(x, 'linear(60:0, 80:100, 90:100, 110:0)'), y::numeric, 'best in the middle at ' || x)
FROM (VALUES (70.0, 50), (85, 100), (60, 0), (100, 50), (50, 0), (120, 0)) v(x, y);
SELECT is(kpi.score(x::float8, 'linear(60:0, 80:100, 90:100, 110:0)'), y::float8,
	'best in the middle, float8, at ' || x)
FROM (VALUES (70.0, 50), (85, 100), (60, 0), (100, 50), (50, 0), (120, 0)) v(x, y);
SELECT is(kpi.score(x, 'step(0:100, 2:80, 4:60, 7:0)'), y::numeric, 'response days ' || x)
FROM (VALUES (2.0, 100), (7, 60), (2.01, 80), (8, 0)) v(x, y);
SELECT is(kpi.score(x::float8, 'step(0:100, 2:80, 4:60, 7:0)'), y::float8, 'response days, float8, ' || x)
FROM (VALUES (2.0, 100), (7, 60), (2.01, 80), (8, 0)) v(x, y);

-- 200 scales of 1 to 40 points, each at 60 places and at its own points
CREATE TEMP TABLE points AS
SELECT k, i, -50 + 5 * i + ((k * 31 + i * 17) % 40) * 0.1 AS x, ((k * 7919 + i * i * 104729) % 2001 - 1000) / 10.0 AS y
FROM generate_series(1, 200) k, generate_series(1, 1 + k % 40) i;
CREATE INDEX ON points (k, x);
CREATE INDEX ON points (k, i);
ANALYZE points;
CREATE TEMP TABLE cases AS
WITH scale AS (
	SELECT k, max(i) AS n,
		('linear(' || string_agg(x || ':' || y, ',' ORDER BY i) || ')')::kpi.scale AS linear,
		('step(' || string_agg(x || ':' || y, ',' ORDER BY i) || ')')::kpi.scale AS step
	FROM points GROUP BY k),
place AS (
	SELECT k, -60 + j * 4.37 AS x FROM generate_series(1, 200) k, generate_series(0, 59) j
	UNION ALL
	SELECT k, x FROM points)
SELECT c.*, p.x, a.i, a.x AS x0, a.y AS y0, b.x AS x1, b.y AS y1, prev.y AS y_before, first.y AS y_first
FROM scale c
JOIN place p USING (k)
JOIN points first ON first.k = c.k AND first.i = 1
LEFT JOIN LATERAL (SELECT * FROM points q WHERE q.k = c.k AND q.x <= p.x ORDER BY i DESC LIMIT 1) a ON true
LEFT JOIN points b ON b.k = c.k AND b.i = a.i + 1
LEFT JOIN points prev ON prev.k = c.k AND prev.i = a.i - 1;

SELECT cmp_ok((SELECT count(*) FROM cases), '>=', 10000::bigint, 'at least 1e4 rows');
CREATE TEMP TABLE truth AS
SELECT *,
	CASE WHEN i IS NULL THEN y_first WHEN x1 IS NULL OR x = x0 THEN y0
		ELSE (y0 * (x1 - x0) + (y1 - y0) * (x - x0)) / (x1 - x0) END AS linear_score,
	CASE WHEN i IS NULL THEN y_first WHEN x = x0 THEN greatest(y0, y_before) ELSE y0 END AS step_score
FROM cases;
SELECT is(count(*), 0::bigint, 'linear equals the formula in plain SQL')
FROM truth WHERE kpi.score(x, linear)::text IS DISTINCT FROM linear_score::text;
SELECT is(count(*), 0::bigint, 'step equals the rule in plain SQL')
FROM truth WHERE kpi.score(x, step)::text IS DISTINCT FROM step_score::text;
SELECT is(count(*), 0::bigint, 'linear in float8 agrees to 1e-12 of the scale')
FROM truth WHERE NOT abs(kpi.score(x::float8, linear) - linear_score::float8) <= 1e-12 * 100;
SELECT is(count(*), 0::bigint, 'step in float8 agrees')
FROM truth WHERE kpi.score(x::float8, step) IS DISTINCT FROM step_score::float8;
SELECT is(count(*), 0::bigint, 'a score lies between the least and the greatest y')
FROM truth t JOIN (SELECT k, min(y) AS least, max(y) AS greatest FROM points GROUP BY k) r USING (k)
WHERE NOT (kpi.score(x, linear) BETWEEN least AND greatest AND kpi.score(x::float8, linear) BETWEEN least AND greatest
	AND kpi.score(x, step) BETWEEN least AND greatest AND kpi.score(x::float8, step) BETWEEN least AND greatest);
SELECT is(count(*), 0::bigint, 'text form reads back equal') FROM cases
WHERE linear::text::kpi.scale OPERATOR(kpi.<>) linear OR linear OPERATOR(kpi.=) step;

-- numbers of all sizes and scales
SELECT setseed(0.7);
CREATE TEMP TABLE wide AS
SELECT x0, y0, x0 + run AS x1, y1, round(x0 + run * share, digits) AS x,
	format('linear(%s:%s, %s:%s)', x0, y0, x0 + run, y1)::kpi.scale AS c
FROM (SELECT round(((random() - 0.5) * 10.0 ^ (floor(random() * 20) - 6))::numeric,
	floor(random() * 10)::integer) AS x0,
		round(((random() - 0.5) * 10.0 ^ (floor(random() * 20) - 6))::numeric, floor(random() * 10)::integer) AS y0,
		round((random() * 10.0 ^ (floor(random() * 20) - 6))::numeric, floor(random() * 10)::integer) AS run,
		round(((random() - 0.5) * 10.0 ^ (floor(random() * 20) - 6))::numeric, floor(random() * 10)::integer) AS y1,
		random()::numeric AS share, floor(random() * 12)::integer AS digits
	FROM generate_series(1, 60000)) v
WHERE run > 0;
SELECT cmp_ok((SELECT count(*) FROM wide WHERE x > x0 AND x < x1), '>=', 20000::bigint,
	'enough places between two points');
SELECT is(count(*), 0::bigint, 'linear equals the formula in plain SQL for numbers of all sizes')
FROM wide WHERE x > x0 AND x < x1 AND
	kpi.score(x, c)::text IS DISTINCT FROM ((y0 * (x1 - x0) + (y1 - y0) * (x - x0)) / (x1 - x0))::text;
SELECT is(count(*), 0::bigint, 'linear in float8 agrees for numbers of all sizes')
FROM wide WHERE x > x0 AND x < x1 AND x1::float8 - x0::float8 > 1e-3 * abs(x0::float8)
	AND NOT abs(kpi.score(x::float8, c) - kpi.score(x, c)::float8) <= 1e-11 * greatest(abs(y0), abs(y1))::float8;

-- rising points give a rising score, to the last bit
SELECT is(count(*), 0::bigint, 'float8 interpolation is monotone')
FROM (SELECT s, lag(s) OVER (ORDER BY x) AS before
	FROM (SELECT x, kpi.score(x, 'linear(0.1:0.1, 0.3:33.3, 0.7:33.4, 1.1:123.4)') AS s
		FROM (SELECT i / 1e5 AS x FROM generate_series(0, 20000) i
			UNION ALL SELECT 0.3 + (i - 50) * 2.0 ^ -54 FROM generate_series(0, 100) i) g(x)) v(x, s)) w
WHERE s < before;
SELECT is(count(*), 0::bigint, 'float8 scores of finite input are finite')
FROM unnest('{-1.7976931348623157e308, -1e308, -4.9e-324, 0, 4.9e-324, 1e-300, 1, 1e308,
	1.7976931348623157e308}'::float8[]) x,
	 unnest('{"linear(-1.7976931348623157e308:1.7976931348623157e308, 1.7976931348623157e308:-1.7976931348623157e308)",
			  "linear(0:-1.7976931348623157e308, 1e-320:1.7976931348623157e308)",
			  "linear(-1e-323:0, 0:1.7e308, 1e-323:-1.7e308, 1e308:5)",
			  "linear(1:0, 1.00000000000000000000000001:1)",
			  "step(-1e308:1.7976931348623157e308, 1e-400:3, 1e308:-1)"}'::kpi.scale[]) c
WHERE NOT abs(kpi.score(x, c)) <= 1.7976931348623157e308;

-- errors and their codes
SELECT throws_ok('SELECT ''linear(0)''::kpi.scale', '22P02', NULL, 'malformed text');
SELECT throws_ok('SELECT ''linear(0:0,0:1)''::kpi.scale', '22023', NULL, 'x that does not rise');
SELECT throws_ok('SELECT ''linear(0:1e400)''::kpi.scale', '22023', NULL, 'a number beyond float8');
SELECT throws_ok($$SELECT ('step(' || string_agg(i || ':0', ',' ORDER BY i) || ')')::kpi.scale
	FROM generate_series(0, 1000) i$$,
	'54000', NULL, 'too many points');
SELECT throws_ok('SELECT kpi.clamp(1.0, 2, 1)', '22023', NULL, 'clamp bounds in the wrong order');
SELECT throws_ok('SELECT kpi.clamp(1::float8, ''NaN'')', '22023', NULL, 'clamp bound NaN');

-- clamp changes nothing inside its bounds and holds the rest
SELECT is(count(*), 0::bigint, 'clamp equals greatest and least')
FROM (SELECT ((i * 7919) % 4001 - 2000) / 100.0 AS x, ((i * 104729) % 2001 - 1000) / 100.0 AS low,
	((i * 31) % 1000) / 100.0 AS width
	FROM generate_series(1, 10000) i) v
WHERE kpi.clamp(x, low, low + width) <> least(greatest(x, low), low + width)
	OR kpi.clamp(x::float8, low, low + width) <> least(greatest(x::float8, low::float8), (low + width)::float8)
	OR kpi.clamp(x, low) <> greatest(x, low) OR kpi.clamp(x, NULL, low) <> least(x, low);

-- published relative changes
SELECT is(round(kpi.change_rate(c, b), 10), round(r, 10), 'change from ' || b || ' to ' || c)
FROM (VALUES (100.0, 50.0, 1.0), (-25, -50, 0.5), (50, -50, 2), (0, 50, -1), (-75, -50, -0.5),
			 (1000, 500, 1), (-1000, -900, -0.1111111111), (5, 0, NULL)) v(c, b, r);
SELECT is(round(kpi.change_rate(c, b)::numeric, 10), round(r, 10), 'change in float8 from ' || b || ' to ' || c)
FROM (VALUES (100::float8, 50::float8, 1.0), (-25, -50, 0.5), (50, -50, 2), (0, 50, -1), (-75, -50, -0.5),
			 (1000, 500, 1), (-1000, -900, -0.1111111111), (5, 0, NULL)) v(c, b, r);

-- lifetime value: two published tables
SELECT is(round(kpi.clv_simple(1.0, r, d, timing => 'renewal'), 2), m, format('margin multiple at %s and %s', r, d))
FROM (VALUES (0.6, 0.10, 1.20), (0.6, 0.12, 1.15), (0.6, 0.14, 1.11), (0.6, 0.16, 1.07),
			 (0.7, 0.10, 1.75), (0.7, 0.12, 1.67), (0.7, 0.14, 1.59), (0.7, 0.16, 1.52),
			 (0.8, 0.10, 2.67), (0.8, 0.12, 2.50), (0.8, 0.14, 2.35), (0.8, 0.16, 2.22),
			 (0.9, 0.10, 4.50), (0.9, 0.12, 4.09), (0.9, 0.14, 3.75), (0.9, 0.16, 3.46)) v(r, d, m);
SELECT is(round(kpi.clv_simple(260.0, 0.75, 0.2, 11) - kpi.clv_simple(50 / sqrt(1.2), 0.75, 0.2, 10), 2), 568.78,
	'yearly margin less promotion in the middle of ten years');

-- finite sums term by term
CREATE TEMP TABLE lifetimes AS
SELECT r, d, n, (SELECT coalesce(sum((r / (1 + d) + 0e-60) ^ t), 0) FROM generate_series(0, n - 1) t) AS sum
FROM unnest('{0, 0.25, 0.8, 0.999, 1}'::numeric[]) r, unnest('{-0.5, -0.001, 0, 0.1, 3}'::numeric[]) d,
	 unnest('{0, 1, 2, 3, 7, 64, 100}'::int[]) n;
SELECT is(count(*), 0::bigint, 'finite sums agree with their terms') FROM lifetimes
WHERE NOT abs(kpi.clv_simple(250.0, r, d, n) - 250 * sum) <= 1e-12 * 250 * sum;
SELECT is(count(*), 0::bigint, 'finite sums in float8 agree with their terms') FROM lifetimes
WHERE NOT abs(kpi.clv_simple(250::float8, r, d, n)::numeric - 250 * sum) <= 1e-12 * 250 * sum;
SELECT is(count(*), 0::bigint, 'the renewal convention is the same less the first margin') FROM lifetimes
WHERE NOT abs(kpi.clv_simple(250.0, r, d, n, 'renewal') - (kpi.clv_simple(250.0, r, d, n + 1) - 250)) <= 1e-12
	* 250 * (sum + 1);
SELECT is(count(*), 0::bigint, 'float8 stays accurate for a quotient near 1')
FROM unnest('{1e-3, 1e-6, 1e-9, 1e-12, 1e-15}'::numeric[]) d, unnest('{10, 1000, 100000}'::int[]) n
WHERE NOT abs(kpi.clv_simple(1::float8, 1, d, n)::numeric / kpi.clv_simple(1.0, 1, d, n) - 1) <= 1e-14;
SELECT is(count(*), 0::bigint, 'a long sum reaches the endless one')
FROM unnest('{0, 0.3, 0.9, 0.99}'::numeric[]) r, unnest('{0, 0.05, 1}'::numeric[]) d,
	unnest('{now, renewal}'::text[]) timing
WHERE NOT abs(kpi.clv_simple(100.0, r, d, 100000, timing) - kpi.clv_simple(100.0, r, d, NULL, timing)) <= 1e-11;
SELECT throws_ok('SELECT kpi.clv_simple(1.0, 80, 0.1)', '22023', NULL, 'retention in percent');
SELECT throws_ok('SELECT kpi.clv_simple(1.0, 0.8, -1)', '22023', NULL, 'discount of -1');
SELECT throws_ok('SELECT kpi.clv_simple(1.0, 0.8, 0.1, 100001)', '22023', NULL, 'too many periods');
SELECT throws_ok('SELECT kpi.clv_simple(1.0, 0.8, 0.1, 1, ''late'')', '22023', NULL, 'unknown timing');

SELECT * FROM finish();
ROLLBACK;
