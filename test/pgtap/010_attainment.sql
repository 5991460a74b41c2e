-- Attainment: published values, properties over generated rows, and exact
-- agreement of the numeric functions with the server's own arithmetic.
-- share: 3
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE published (actual numeric, target numeric, direction text, zero_target text, attainment numeric);
INSERT INTO published VALUES
	(20, 100, 'higher', 'null', 0.2),
	(0, 100, 'higher', 'null', 0),
	(-50, -100, 'higher', 'null', 1.5),
	(3, -2, 'higher', 'null', 3.5),
	(0, -1, 'higher', 'null', 2),
	(0, 10, 'lower', 'null', 2),
	(5, 0, 'higher', 'null', NULL),
	(1, 0, 'lower', 'met', 0),
	(100, NULL, 'higher', 'null', NULL);
SELECT is(kpi.attainment(actual, target, direction, zero_target), attainment,
		format('attainment of %s against %s, %s is better', actual, target, direction))
FROM published;
SELECT is(kpi.attainment(actual::float8, target::float8, direction, zero_target), attainment::float8,
		format('the same in float8: %s against %s, %s', actual, target, direction))
FROM published;
SELECT is(round(kpi.attainment_inverse(12.0, 10), 10), 0.8333333333, 'target over actual');
SELECT is(round(kpi.attainment_inverse(12::float8, 10)::numeric, 10), 0.8333333333, 'target over actual in float8');
SELECT is(round(kpi.progress(a, t, b), 10), p, format('progress from %s to %s at %s', b, t, a))
FROM (VALUES (80.0, 100.0, 0.0, 0.8), (25, 8, 20, -0.4166666667), (10, 10, 10, 1)) v(a, t, b, p);
SELECT is(round(kpi.progress(a::float8, t::float8, b::float8)::numeric, 10), p,
	format('progress in float8 from %s to %s at %s', b, t, a))
FROM (VALUES (80.0, 100.0, 0.0, 0.8), (25, 8, 20, -0.4166666667), (10, 10, 10, 1)) v(a, t, b, p);

-- 20000 rows of business numbers of all signs, zeros among them
CREATE TEMP TABLE business AS
SELECT i, ((i * 7919) % 200003 - 100000) / 100.0 AS a, ((i * 104729) % 20011 - 10000) / 10.0 AS t,
	((i * 31) % 977 - 488)::numeric AS b, (1 + (i * 17) % 999) / 7.0 AS k
FROM generate_series(1::bigint, 20000) i;
INSERT INTO business SELECT -i, 0, t, 0, k FROM business WHERE i <= 100;
INSERT INTO business SELECT -i - 1000, t, t, b, k FROM business WHERE i BETWEEN 1 AND 100;
INSERT INTO business SELECT -i - 2000, a, 0, b, k FROM business WHERE i BETWEEN 1 AND 100;

SELECT is(count(*), 0::bigint, 'attainment of the target itself is 1') FROM business,
	unnest('{higher, lower, target}'::text[]) d
WHERE t <> 0 AND (kpi.attainment(t, t, d) <> 1 OR kpi.attainment(t::float8, t::float8, d) <> 1);
SELECT is(count(*), 0::bigint, 'a better actual gives a better attainment for every sign of the target') FROM business
WHERE t <> 0 AND NOT (
	kpi.attainment(a + 0.01, t) > kpi.attainment(a, t)
		AND kpi.attainment(a + 0.01, t, 'lower') < kpi.attainment(a, t, 'lower')
	AND kpi.attainment((a + 0.01)::float8, t::float8) > kpi.attainment(a::float8, t::float8)
	AND kpi.attainment((a + 0.01)::float8, t::float8, 'lower') < kpi.attainment(a::float8, t::float8, 'lower'));
SELECT is(count(*), 0::bigint, 'an actual further from the target gives a lower attainment, direction target')
FROM business
WHERE t <> 0 AND NOT kpi.attainment(t + (a - t) * 1.01 + sign(a - t) * 0.01, t,
	'target') < kpi.attainment(a, t, 'target')
	AND a <> t;
SELECT is(count(*), 0::bigint, 'attainment does not depend on the unit') FROM business,
	unnest('{higher, lower, target}'::text[]) d
WHERE t <> 0 AND NOT (
	abs(kpi.attainment(k * a, k * t, d) - kpi.attainment(a, t, d)) <= 1e-12 * greatest(1, abs(kpi.attainment(a, t, d)))
	AND abs(kpi.attainment((k * a)::float8, (k * t)::float8, d) - kpi.attainment(a::float8, t::float8, d))
		<= 1e-12 * greatest(1, abs(kpi.attainment(a::float8, t::float8, d))));
SELECT is(count(*), 0::bigint, 'progress does not depend on unit and origin') FROM business,
	unnest('{3.25, -0.5}'::numeric[]) p
WHERE t <> b AND NOT (
	abs(kpi.progress(p * a + k, p * t + k, p * b + k) - kpi.progress(a, t, b)) <= 1e-12
		* greatest(1, abs(kpi.progress(a, t, b)))
	AND abs(kpi.progress((p * a + 7)::float8, (p * t + 7)::float8, (p * b + 7)::float8)
		- kpi.progress(a, t, b)::float8)
		<= 1e-12 * greatest(1, abs(kpi.progress(a, t, b)::float8), abs(p * a)::float8 / abs(p * (t - b))::float8));
SELECT is(count(*), 0::bigint, 'a relative change has the sign of the change') FROM business
WHERE t <> 0 AND (sign(kpi.change_rate(a, t)) <> sign(a - t)
	OR sign(kpi.change_rate(a::float8, t::float8)) <> sign(a - t)::float8);
SELECT is(count(*), 0::bigint, 'float8 agrees with numeric to 1e-12') FROM (
	SELECT kpi.attainment(a, t, d) AS exact, kpi.attainment(a::float8, t::float8, d)::numeric AS float
	FROM business, unnest('{higher, lower, target}'::text[]) d
	UNION ALL SELECT kpi.attainment_inverse(a, t), kpi.attainment_inverse(a::float8, t::float8)::numeric FROM business
	UNION ALL SELECT kpi.progress(a, t, b), kpi.progress(a::float8, t::float8, b::float8)::numeric FROM business
	UNION ALL SELECT kpi.change_rate(a, t), kpi.change_rate(a::float8, t::float8)::numeric FROM business) v
WHERE (exact IS NULL) <> (float IS NULL) OR abs(exact - float) > 1e-12 * greatest(1, abs(exact));
SELECT is(count(*), 0::bigint, 'a reason is given exactly where there is no attainment') FROM business
WHERE (kpi.attainment(a, t) IS NULL) <> (kpi.attainment_reason(a, t) IS NOT NULL)
	OR (kpi.attainment_inverse(a, t) IS NULL) <> (kpi.attainment_reason(a, t, 'inverse') IS NOT NULL)
	OR (kpi.progress(a, t, b) IS NULL) <> (kpi.attainment_reason(a, t, 'progress', baseline => b) IS NOT NULL);

-- numbers of all sizes and scales; then the corners of 128 bits crossed
SELECT setseed(0.42);
CREATE TEMP TABLE pairs AS
SELECT round(((random() - 0.5) * 10.0 ^ (floor(random() * 24) - 8))::numeric, floor(random() * 11)::integer) AS a,
	round(((random() - 0.5) * 10.0 ^ (floor(random() * 24) - 8))::numeric, floor(random() * 11)::integer) AS t,
	round(((random() - 0.5) * 10.0 ^ (floor(random() * 10) - 3))::numeric, floor(random() * 6)::integer) AS b
FROM generate_series(1, 150000);
CREATE TEMP TABLE corner (v numeric);
INSERT INTO corner
SELECT v FROM unnest('{0, 0.00, 0.000000000000, 1, 1.0, 1.000000000000000000000000000000000000000000, 2, 3, 7, 9999,
	10000,
	10001, 9999.9999, 99999999, 100000000, 9999999999999999, 10000000000000000, 0.0001, 0.00009999, 0.00000001,
	0.00000009, 0.000000001, 0.5, 0.05, 12345.678, 184467440737.09551615, 184467440737.09551616,
	9223372036854775807, 18446744073709551616, 9999999999999999999999999999, 9999999999999999999999999999.99999999,
	10000000000000000000000000000, 1701411834604692317316873037158.84105728, 1e100, 1e-100}'::numeric[]) v
UNION ALL SELECT 2::numeric ^ i FROM generate_series(1, 92, 3) i
UNION ALL SELECT trim_scale(1 / 2::numeric ^ i) FROM generate_series(1, 8) i
UNION ALL SELECT 5::numeric ^ i FROM generate_series(1, 40, 3) i;
INSERT INTO pairs SELECT a * x.sign, t * y.sign, 0
FROM (SELECT v FROM corner) c(a), (SELECT v FROM corner) d(t), (VALUES (1), (-1)) x(sign), (VALUES (1), (-1)) y(sign);

SELECT cmp_ok((SELECT count(*) FROM pairs), '>=', 100000::bigint, 'at least 1e5 pairs');
SELECT is(count(*), 0::bigint, 'higher is the server''s quotient, digit by digit') FROM pairs
WHERE kpi.attainment(a, t)::text IS DISTINCT FROM
	(CASE WHEN t > 0 THEN a / t WHEN t < 0 THEN (t + t - a) / t END)::text;
SELECT is(count(*), 0::bigint, 'lower is the server''s quotient, digit by digit') FROM pairs
WHERE kpi.attainment(a, t, 'lower')::text IS DISTINCT FROM
	(CASE WHEN t < 0 THEN a / t WHEN t > 0 THEN (t + t - a) / t END)::text;
SELECT is(count(*), 0::bigint, 'target is the server''s quotient, digit by digit') FROM pairs
WHERE kpi.attainment(a, t, 'target')::text IS DISTINCT FROM
	(CASE WHEN t <> 0 THEN (abs(t) - abs(a - t)) / abs(t) END)::text;
SELECT is(count(*), 0::bigint, 'inverse is the server''s quotient, digit by digit') FROM pairs
WHERE kpi.attainment_inverse(a, t)::text IS DISTINCT FROM (CASE WHEN a > 0 AND t >= 0 THEN t / a END)::text;
SELECT is(count(*), 0::bigint, 'progress is the server''s quotient, digit by digit') FROM pairs
WHERE kpi.progress(a, t, b)::text IS DISTINCT FROM
	(CASE WHEN t <> b THEN (a - b) / (t - b) WHEN a = t THEN 1 END)::text;
SELECT is(count(*), 0::bigint, 'change rate is the server''s quotient, digit by digit') FROM pairs
WHERE kpi.change_rate(a, t)::text IS DISTINCT FROM
	(CASE WHEN t <> 0 THEN (a - t) / abs(t) WHEN a = 0 THEN 0 END)::text;
SELECT is(count(*), 0::bigint, 'results are stored as the server stores them') FROM pairs
WHERE t > 0 AND (numeric_send(kpi.attainment(a, t)) <> numeric_send(a / t)
	OR pg_column_size(kpi.attainment(a, t)) <> pg_column_size(a / t));

SELECT is(count(*), 0::bigint, 'computed operands give what stored ones give') FROM pairs
WHERE kpi.attainment(-(-a), -(-t))::text IS DISTINCT FROM kpi.attainment(a, t)::text;
CREATE TEMP TABLE toasted (v numeric);
ALTER TABLE toasted ALTER v SET STORAGE external;
INSERT INTO toasted VALUES (repeat('1234567890', 1000)::numeric);
SELECT is(kpi.attainment(v, v, 'lower'), 1::numeric, 'a toasted number') FROM toasted;

SELECT throws_ok('SELECT kpi.attainment(1.0, 2, ''up'')', '22023', NULL, 'unknown direction');
SELECT throws_ok('SELECT kpi.attainment(1::float8, 2, ''higher'', ''no'')', '22023', NULL, 'unknown zero_target');
SELECT throws_ok('SELECT kpi.attainment(1.0, 0, ''higher'', ''error'')', '22023', NULL, 'zero target as an error');
SELECT throws_ok('SELECT kpi.attainment_reason(1, 2, ''share'')', '22023', NULL, 'unknown method');

SELECT * FROM finish();
ROLLBACK;
