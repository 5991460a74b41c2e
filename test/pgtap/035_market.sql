-- Market measures: published values, recomputation in plain SQL, properties.
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL jit = off;
-- four firms with 30, 30, 20 and 20 per cent have 2600 points, the example of the US Department of Justice
SELECT is(trim_scale(10000 * kpi.hhi(s)), 2600::numeric, 'the example of the Department of Justice')
	FROM unnest('{30, 30, 20, 20}'::numeric[]) s;
SELECT is(round(10000 * (kpi.hhi(merged) - kpi.hhi(s)), 10), 2 * 30 * 20.0, 'a merger of 30 and 20 per cent adds 2ab')
FROM unnest('{30, 30, 20, 20}'::numeric[], '{30, 50, 20, NULL}'::numeric[]) u(s, merged);
SELECT is(kpi.gini(x), 0.4::float8, '2 (1 + 4 + 9 + 16 + 50) / (5 x 20) - 6 / 5')
	FROM unnest('{1, 2, 3, 4, 10}'::float8[]) x;
SELECT ok(alike(kpi.gini(x), 0.9, 1e-12, 1), 'one of ten has all')
	FROM unnest(array_fill(0::float8, ARRAY[9]) || 7::float8) x;
SELECT is(kpi.gini(x, 1e200), NULL, 'weights whose squares are beyond float8 are not taken for equal values')
	FROM unnest('{1, 2}'::float8[]) x;
SELECT is(kpi.gini(kpi.distribution(x), true), 1::float8, 'corrected it is 1') FROM unnest('{0, 0, 7}'::float8[]) x;

-- random groups of 1 to 40 members, with zeros, NULLs and equal values
SELECT setseed(0.35);
CREATE TEMP TABLE member AS
SELECT g, i, CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.1 THEN 0 ELSE
	round((random() * 10.0 ^ (g % 6))::numeric, g % 4)
	END AS x, 1 + floor(random() * 4)::integer AS w
FROM generate_series(1, 3000) g, generate_series(1, 1 + g % 40) i;
CREATE INDEX ON member (g);
ANALYZE member;
CREATE TEMP TABLE have AS
SELECT g, kpi.hhi(x) AS hhi, kpi.hhi_normalized(x) AS normalized, kpi.effective_number(x) AS effective,
	kpi.hhi(x::float8) AS hhi8,
	kpi.hhi_normalized(x::float8) AS normalized8, kpi.effective_number(x::float8) AS effective8, kpi.gini(x) AS gini,
		kpi.gini(x, w) AS weighted,
	count(x) AS n, sum(x) AS sum, sum(x * x) AS squares
FROM member GROUP BY g;
SELECT is_empty($$ SELECT * FROM have WHERE sum > 0 AND (hhi <> squares / (sum * sum)
	OR effective <> sum * sum / squares
		OR n > 1 AND normalized <> (n * squares - sum * sum) / (nullif(n - 1, 0) * sum * sum)
		OR NOT alike(hhi8, hhi::float8, 1e-15, 1) OR NOT alike(effective8, effective::float8, 1e-15, 1)
			OR NOT alike(normalized8, normalized::float8, 1e-15, 1)) $$,
	'concentration is what plain SQL gives');
SELECT is_empty($$ SELECT * FROM have WHERE coalesce(sum, 0) = 0
	AND coalesce(hhi, normalized, effective, hhi8::numeric, normalized8::numeric, effective8::numeric,
		gini::numeric) IS NOT NULL
		OR n = 1 AND coalesce(normalized, normalized8::numeric) IS NOT NULL $$, 'and NULL where that is undefined');
SELECT is_empty($$ SELECT * FROM have WHERE NOT (hhi BETWEEN 1.0 / nullif(n, 0) - 1e-15 AND 1
	AND effective BETWEEN 1 AND n + 1e-15 AND normalized BETWEEN 0 AND 1) $$, 'within their bounds');
SELECT is_empty($$ SELECT h.g, gini, want FROM have h JOIN (
		SELECT g, 2 * sum(i * x) / (count(*) * nullif(sum(x), 0)) - (count(*) + 1.0) / count(*) AS want
		FROM (SELECT g, x, row_number() OVER (PARTITION BY g ORDER BY x) AS i FROM member WHERE x IS NOT NULL) r
			GROUP BY g) s USING (g)
	WHERE NOT alike(gini, want::float8, 1e-14, 1) $$, 'the Gini coefficient is what plain SQL gives');
SELECT is_empty($$ SELECT h.g FROM have h JOIN (SELECT g, kpi.gini(x) AS repeated FROM member, generate_series(1, w)
	GROUP BY g) r USING (g)
	WHERE NOT alike(weighted, repeated, 1e-14, 1) $$, 'a weight is a repetition');
SELECT is_empty($$ SELECT g FROM (SELECT g, kpi.hhi(x, w) AS a, kpi.hhi_normalized(x, w) AS b,
			kpi.concentration(x, w)::text AS c, kpi.effective_number(x::float8, w) AS d FROM member GROUP BY g) AS v
		JOIN (SELECT g, kpi.hhi(x) AS e, kpi.hhi_normalized(x) AS f, kpi.concentration(x)::text AS h,
			kpi.effective_number(x::float8) AS i FROM member, generate_series(1, w) GROUP BY g) AS r USING (g)
	WHERE (a, b, c) IS DISTINCT FROM (e, f, h) OR NOT alike(d, i, 1e-15, 1) $$,
	'also of concentration, to the last digit of numeric');
SELECT results_eq($$ SELECT kpi.hhi(x, w), kpi.hhi(x::float8, w)
		FROM (VALUES (3.0, 2), (4, 1), (7, 0), (9, NULL)) AS v (x, w) $$,
	'VALUES (0.34000000000000000000, 0.34::float8)', 'a weight of 0 or NULL is no member');
SELECT throws_ok('SELECT kpi.hhi(1, -1)', '22023', 'weight -1 is not a count', 'no fewer than none');
SELECT is_empty($$ SELECT h.g FROM have h JOIN (
		SELECT g, kpi.rollup(d) AS d, kpi.rollup(c) AS c FROM (SELECT g, kpi.distribution(x) AS d,
			kpi.concentration(x) AS c FROM member GROUP BY g, i % 3) p GROUP BY g) r USING (g)
	WHERE kpi.gini(d) IS DISTINCT FROM gini OR kpi.hhi(c) IS DISTINCT
		FROM hhi $$, 'parts merge to the whole, bit for bit');
SELECT is_empty($$ SELECT g FROM (SELECT g, kpi.distribution(x ORDER BY random())::text AS a, kpi.distribution(x
	ORDER BY x)::text AS b FROM member GROUP BY g) d WHERE a <> b $$,
	'the stored form is the same in any order');
SELECT is_empty($$ SELECT d.g FROM (SELECT g, kpi.distribution(x) AS d FROM member
	GROUP BY g) d, generate_series(0, 1, 0.05) share,
		LATERAL (SELECT sum(x * least(greatest(share * n - (place - 1), 0), 1)) / nullif(sum(x), 0) AS want
			FROM (SELECT x, row_number() OVER (ORDER BY x DESC) AS place, count(*) OVER () AS n FROM member m WHERE m.g = d.g
				AND x IS NOT NULL) r) w
	WHERE d.g % 10 = 0 AND NOT alike(kpi.top_share(d, share::float8), want::float8, 1e-12, 1) $$,
		'the share of the largest members is that of the Lorenz curve');

-- shares and classes
CREATE TEMP TABLE classed AS
SELECT g, i, x, kpi.share_of_total(x) OVER w AS share, kpi.share_of_total(x::float8) OVER w AS share8,
	kpi.abc_class(x) OVER w AS class, kpi.abc_class(x::float8) OVER w AS class8,
	kpi.abc_class(x, '{0.3, 0.6, 0.9}') OVER w AS class4, sum(x) OVER w AS total
FROM member WINDOW w AS (PARTITION BY g);
CREATE INDEX ON classed (g);
ANALYZE classed;
SELECT is_empty($$ SELECT * FROM classed WHERE share IS DISTINCT FROM x / nullif(total, 0)
	OR NOT alike(share8, share::float8, 1e-12, 1) $$, 'a share is value / sum');
SELECT is_empty($$ SELECT c.*, before FROM classed c, LATERAL (SELECT coalesce(sum(x) FILTER (WHERE o.x > c.x),
	0) AS before FROM classed o WHERE o.g = c.g) b
	WHERE c.x IS NOT NULL AND total > 0 AND (class IS DISTINCT FROM CASE WHEN c.x = 0 THEN
		'C' WHEN before < 0.8 * total THEN 'A' WHEN before < 0.95 * total THEN 'B' ELSE 'C' END
		OR class4 IS DISTINCT FROM CASE WHEN c.x = 0 THEN 'D' WHEN before < 0.3 * total THEN
			'A' WHEN before < 0.6 * total THEN 'B' WHEN before < 0.9 * total THEN 'C' ELSE 'D' END
		OR class8 <> class) $$, 'a class is what the share before it says');
SELECT is_empty($$ SELECT g FROM classed WHERE total > 0 GROUP BY g HAVING min(class) <> 'A' $$, 'A is never empty');
SELECT is_empty($$ SELECT g, x FROM classed WHERE x IS NOT NULL GROUP BY g, x
	HAVING count(DISTINCT class) > 1 $$, 'equal values share a class');
SELECT is_empty($$ SELECT a.g FROM classed a JOIN classed b USING (g) WHERE a.x > b.x
	AND a.class > b.class $$, 'no class is above a better value');

-- price, volume and mix of random items
CREATE TEMP TABLE item AS
SELECT g, CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0 ELSE round((random() * 100)::numeric,
	g % 3) END AS q0,
	CASE WHEN random() < 0.05 THEN NULL ELSE round((random() * 20)::numeric, 2) END AS p0,
	CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0 ELSE round((random() * 100 - 5)::numeric,
		g % 3) END AS q1,
	CASE WHEN random() < 0.05 THEN NULL ELSE round((random() * 20)::numeric, 2) END AS p1
FROM generate_series(1, 2000) g, generate_series(1, 1 + g % 25);
CREATE TEMP TABLE parts AS
SELECT i.g, p.*, kpi.price_volume_mix(i.f) AS f
FROM (SELECT g, kpi.price_volume_mix_sums(q0, p0, q1, p1) AS s, kpi.price_volume_mix_sums(q0::float8, p0::float8,
	q1::float8, p1::float8) AS f FROM item GROUP BY g) i,
	LATERAL kpi.price_volume_mix(i.s) p;
SELECT is_empty($$ SELECT * FROM parts WHERE price + volume + mix + new_items + lost_items <> total $$,
	'the parts add up exactly');
SELECT is_empty($$ SELECT * FROM parts WHERE NOT (alike((f).price, price::float8, 1e-12, 1)
	AND alike((f).volume, volume::float8, 1e-11, 1) AND alike((f).mix, mix::float8, 1e-11, 1)
		AND alike((f).new_items, new_items::float8, 1e-12, 1) AND alike((f).lost_items, lost_items::float8, 1e-12, 1)
			AND alike((f).total, total::float8, 1e-12, 1) AND (f).left_out = left_out) $$,
	'float8 agrees');
CREATE TEMP TABLE plain AS
SELECT g, sum((p1 - p0) * q1) FILTER (WHERE kept) AS price,
	(sum(q1) FILTER (WHERE kept) - sum(q0) FILTER (WHERE kept)) * sum(p0 * q0) FILTER (WHERE kept)
		/ nullif(sum(q0) FILTER (WHERE kept), 0) AS volume,
	sum((q1 - q0 * ratio) * p0) FILTER (WHERE kept) AS mix,
	sum(p1 * q1) FILTER (WHERE coalesce(q0, 0) = 0) AS new_items, -sum(p0 * q0) FILTER (WHERE coalesce(q1,
		0) = 0) AS lost_items,
	count(*) FILTER (WHERE q0 <> 0 AND p0 IS NULL OR q1 <> 0 AND p1 IS NULL) AS left_out,
	coalesce(sum(p1 * q1) FILTER (WHERE fine), 0) - coalesce(sum(p0 * q0) FILTER (WHERE fine), 0) AS total
FROM (SELECT *, sum(q1) FILTER (WHERE kept) OVER w / nullif(sum(q0) FILTER (WHERE kept) OVER w, 0) AS ratio
	  FROM (SELECT *, q0 <> 0 AND q1 <> 0 AND p0 IS NOT NULL AND p1 IS NOT NULL AS kept,
				NOT (coalesce(q0, 0) <> 0 AND p0 IS NULL) AND NOT (coalesce(q1, 0) <> 0 AND p1 IS NULL) AS fine
					FROM item) i WINDOW w AS (PARTITION BY g)) i
GROUP BY g;
SELECT is_empty($$ SELECT p.*, s.* FROM parts p JOIN plain s USING (g)
	WHERE p.price <> coalesce(s.price, 0) OR p.new_items <> coalesce(s.new_items, 0)
		OR p.lost_items <> coalesce(s.lost_items, 0) OR p.left_out <> s.left_out OR p.total <> s.total
		OR NOT alike(p.volume::float8, coalesce(s.volume, 0)::float8, 1e-12, 1)
			OR NOT alike(p.mix::float8, coalesce(s.mix, 0)::float8, 1e-10, 1) $$,
	'the parts are what plain SQL gives');
SELECT is_empty($$ SELECT p.g FROM parts p JOIN (
		SELECT g, kpi.price_volume_mix(kpi.rollup(s)) AS m FROM (SELECT g, kpi.price_volume_mix_sums(q0, p0, q1, p1) AS s
			FROM item GROUP BY g, floor(p0)) r GROUP BY g) r USING (g)
	WHERE (p.price, p.volume, p.mix, p.new_items, p.lost_items, p.total, p.left_out) IS DISTINCT
		FROM ((m).price, (m).volume, (m).mix, (m).new_items, (m).lost_items, (m).total, (m).left_out) $$,
	'parts of a state merge to the whole');

-- classes of counted members are those of the members one by one
CREATE TEMP TABLE counted AS
SELECT g, i, floor(uniform(i, g) * 12 - 2)::numeric / 4 AS value, floor(uniform(i, g + 100) * 4)::int AS n
FROM generate_series(1, 40) AS g, generate_series(1, g) AS i;
SELECT is_empty($$
	SELECT g, value FROM (SELECT DISTINCT g, value, kpi.abc_class(value, '{0.3,0.8}', n) OVER (PARTITION BY g) AS class,
		kpi.abc_class(value::float8, '{0.3,0.8}', n) OVER (PARTITION BY g) AS class8 FROM pg_temp.counted) AS w
	JOIN (SELECT DISTINCT g, value, kpi.abc_class(value, '{0.3,0.8}') OVER (PARTITION BY g) AS want
		FROM pg_temp.counted, generate_series(1, n)) AS o USING (g, value)
	WHERE class <> want OR class8 <> want
$$, 'a weight is so many members');
SELECT results_eq($$ SELECT kpi.abc_class(v, '{0.4}', n) OVER () FROM (VALUES (8.0, 1), (4, NULL), (2, 0), (1, 9))
	AS v (v, n) $$, $$ VALUES ('A'), (NULL), ('B'), ('B') $$,
	'a row of no members has the class of its value, one without a weight none');
SELECT throws_ok('SELECT kpi.abc_class(1.0, ''{0.5}'', -1) OVER ()', '22023', NULL, 'a negative weight of a class');

SELECT * FROM finish();
ROLLBACK;
