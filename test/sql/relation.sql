-- What moves together: published cases, definitions in plain SQL, what chance makes, errors.
\pset null '(null)'
SET extra_float_digits = 0;

-- a number between 0 and 1, the same on every machine; twelve of them less 6 are nearly normal
CREATE FUNCTION pg_temp.noise(i bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (SELECT sum((hashint8extended(i * 100 + j, k) & 1048575) / 1048576.0) - 6 FROM generate_series(1, 12) AS j);

-- F. J. Anscombe, 1973, first set: r 0.8164205, interval 0.4243912 to 0.9506933, p 0.002169629
SELECT a, b, n, round(r::numeric, 7) AS r, round(low::numeric, 7) AS low, round(high::numeric, 7) AS high,
	round(p::numeric, 9) AS p, q = p AS q
FROM (SELECT ARRAY['x', 'y'] AS k, ARRAY[kpi.series(i, x), kpi.series(i, y)] AS s
	FROM unnest('{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}'::float8[],
		'{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}'::float8[]) WITH ORDINALITY AS u (x, y, i))
		AS s,
	kpi.correlations(k, s);

-- six series with gaps and ties, against the server's own functions
CREATE TEMP TABLE fact AS
SELECT k, i, round((pg_temp.noise(i, k % 3) + pg_temp.noise(i, 10 + k))::numeric, CASE WHEN k > 4 THEN 0
	ELSE 3 END)::float8 AS v
FROM generate_series(1, 6) AS k, generate_series(1, 60) AS i WHERE (i * 7 + k * k) % 11 > k % 3;
CREATE TEMP TABLE kept AS SELECT array_agg('k' || k ORDER BY k) AS keys, array_agg(s ORDER BY k) AS series
FROM (SELECT k, kpi.series(i, v) AS s FROM fact GROUP BY k) AS s;
CREATE TEMP TABLE pair AS SELECT x.k AS a, y.k AS b, x.i, x.v AS x, y.v AS y FROM fact AS x JOIN fact AS y USING (i)
	WHERE x.k < y.k;
SELECT bool_and(c.n = p.n) AS n, bool_and(abs(c.r - p.r) < 1e-12) AS pearson, count(*)
FROM (SELECT a, b, count(*) AS n, corr(x, y) AS r FROM pair GROUP BY a, b) AS p
JOIN (SELECT c.* FROM kept, kpi.correlations(keys, series) AS c) AS c ON (c.a, c.b) = ('k' || p.a, 'k' || p.b);
SELECT bool_and(abs(c.r - p.r) < 1e-12) AS spearman, count(*)
FROM (SELECT a, b, corr(rx, ry) AS r FROM (
		SELECT a, b, rank() OVER (PARTITION BY a, b ORDER BY x) + (count(*) OVER (PARTITION BY a, b, x) - 1) / 2.0 AS rx,
			rank() OVER (PARTITION BY a, b ORDER BY y) + (count(*) OVER (PARTITION BY a, b, y) - 1) / 2.0 AS ry FROM pair) AS r
	GROUP BY a, b) AS p
JOIN (SELECT c.* FROM kept, kpi.correlations(keys, series, 'spearman') AS c) AS c ON (c.a, c.b) = ('k' || p.a,
	'k' || p.b);
WITH scored AS (
	SELECT p.a, p.b, sum(sign(p.x - q.x) * sign(p.y - q.y)) / 2 AS s, sum(abs(sign(p.x - q.x))) / 2 AS nx,
		sum(abs(sign(p.y - q.y))) / 2 AS ny FROM pair AS p JOIN pair AS q USING (a, b) GROUP BY p.a, p.b
), ties AS (
	SELECT a, b, sum(t * (t - 1) * (2 * t + 5)) FILTER (WHERE of = 'x') AS vx,
	sum(t * (t - 1) * (2 * t + 5)) FILTER (WHERE of = 'y') AS vy,
		sum(t * (t - 1)) FILTER (WHERE of = 'x') AS px, sum(t * (t - 1)) FILTER (WHERE of = 'y') AS py,
		sum(t * (t - 1) * (t - 2)) FILTER (WHERE of = 'x') AS tx, sum(t * (t - 1) * (t - 2)) FILTER (WHERE of = 'y') AS ty
	FROM (SELECT a, b, 'x' AS of, count(*)::float8 AS t FROM pair GROUP BY a, b, x
		UNION ALL SELECT a, b, 'y', count(*) FROM pair GROUP BY a, b, y) AS t GROUP BY a, b
), size AS (SELECT a, b, count(*)::float8 AS m FROM pair GROUP BY a, b)
SELECT bool_and(abs(c.r - s / sqrt(nx * ny)) < 1e-12) AS kendall, bool_and(abs(c.p - 2 * (1 - z.p)) < 1e-6) AS p,
	count(*)
FROM scored JOIN ties USING (a, b) JOIN size USING (a, b)
JOIN (SELECT c.* FROM kept, kpi.correlations(keys, series, 'kendall') AS c) AS c ON (c.a, c.b) = ('k' || scored.a,
	'k' || scored.b),
	LATERAL (SELECT abs(s) / sqrt((m * (m - 1) * (2 * m + 5) - vx - vy) / 18 + px * py / (2 * m * (m - 1))
		+ tx * ty / (9 * m * (m - 1) * (m - 2))) AS z) AS t,
	-- the normal distribution by 20,000 steps of its density
	LATERAL (SELECT 0.5 + sum(exp(-power((h - 0.5) * t.z / 20000, 2) / 2)) * z / 20000 / sqrt(2 * pi()) AS p
	FROM generate_series(1, 20000) AS h) AS z;
-- of two series alone
SELECT kpi.spearman(a, b)::numeric(9, 6) AS spearman, kpi.kendall(a, b)::numeric(9, 6) AS kendall,
	kpi.spearman(a, NULL) AS "null", kpi.kendall(a, same) AS same, kpi.spearman(a, few) AS few,
	kpi.spearman(a, later) AS apart
FROM (SELECT kpi.series(i, i) AS a, kpi.series(i, y) AS b, kpi.series(i, 1) AS same,
	kpi.series(i, i) FILTER (WHERE i < 3) AS few, kpi.series(i + 9, i) AS later
	FROM unnest('{2,1,4,3,5}'::int[]) WITH ORDINALITY AS u (y, i)) AS s;
-- q by its definition
SELECT bool_and(abs(c.q - (SELECT min(d.p * 15 / d.place) FROM (SELECT p, rank() OVER (ORDER BY p) AS place FROM kept,
	kpi.correlations(keys, series)) AS d WHERE d.p >= c.p)) < 1e-15) AS q FROM kept, kpi.correlations(keys, series) AS c;
-- one aggregate over the rows says the same, in any order, in parts, and as text and stored
SELECT count(*), bool_and(c.* = m.*) AS same FROM kept, kpi.correlations(keys, series) AS c,
	(SELECT kpi.corr_matrix('k' || k, i, v) AS m FROM fact) AS s, LATERAL (SELECT * FROM kpi.pairs(s.m)) AS m
WHERE (c.a, c.b) = (m.a, m.b);
SELECT count(DISTINCT m) AS states, count(*) FROM (
	SELECT kpi.corr_matrix('k' || k, i, v ORDER BY v)::text AS m FROM fact
	UNION ALL SELECT kpi.corr_matrix('k' || k, i, v ORDER BY i DESC, k DESC)::text FROM fact
	UNION ALL SELECT kpi.rollup(m)::text FROM (SELECT kpi.corr_matrix('k' || k, i, v) AS m FROM fact GROUP BY i % 7) AS s
	UNION ALL SELECT kpi.corr_matrix('k' || k, i, v)::text::kpi.corr_matrix::text FROM fact) AS s;
CREATE TEMP TABLE stored AS SELECT kpi.corr_matrix('k' || k, i, v) AS m FROM fact;
SELECT octet_length(m::text) > 1000 AS long, m::text = (SELECT kpi.corr_matrix('k' || k, i, v)::text FROM fact)
	AS same FROM stored;
SELECT kpi.corr_matrix(key, day, v) FROM (VALUES ('b', date '2024-01-02', 2), ('a b', '2024-01-01', 1.5), ('a\',
	'2024-01-01', NULL),
	('', '2024-01-01', -0.0), (NULL, '2024-01-01', 1), ('b', NULL, 1), ('b', 'infinity', 1), ('b', '2024-01-01', 3))
	AS v (key, day, v);
SELECT '1 0 4 : 1 8766 0 :a\sb 1 8766 1.5 :a\\ 1 8766 - :b 2 8766 3 8767 2'::kpi.corr_matrix;
SELECT kpi.corr_matrix('a', i::float8, 1) IS NULL AS "null" FROM generate_series(1, 0) AS i;
-- many keys: the table of keys grows
SELECT count(*) AS pairs, sum((r > 0.999999)::integer) AS certain FROM (SELECT kpi.corr_matrix(md5(k::text), i,
	i * k) AS m
	FROM generate_series(1, 300) AS k, generate_series(1, 9) AS i) AS s, kpi.pairs(m);
SELECT count(*) FROM kpi.pairs(NULL);
SELECT count(*) FROM (SELECT kpi.corr_matrix('one', i, i) AS m FROM generate_series(1, 9) AS i) AS s, kpi.pairs(m);
SELECT count(*) FROM (SELECT kpi.corr_matrix('one', 1, i) AS m FROM generate_series(1, 9) AS i) AS s, kpi.pairs(m);
SELECT kpi.corr_matrix('one', 1, 'NaN');
SELECT kpi.corr_matrix('one', 1.5, 1);
SELECT kpi.rollup(m) FROM (SELECT kpi.corr_matrix('one', 1, 1) AS m UNION ALL SELECT kpi.corr_matrix('one',
	date '2024-01-01', 1)) AS s;
SELECT '1 0 2 :b 1 1 1 :a 1 1 1'::kpi.corr_matrix;
SELECT '1 0 1 :a 2 2 1 1 1'::kpi.corr_matrix;
SELECT '1 0 1 :a\x 1 2 1'::kpi.corr_matrix;
SELECT '1 0 1 a 1 2 1'::kpi.corr_matrix;
SELECT '1 4 0'::kpi.corr_matrix;
-- partial correlation of three by its formula, and of two by none
SELECT bool_and(abs(p.r - CASE p.a || p.b WHEN 'xy' THEN (xy - xz * yz) / sqrt((1 - xz * xz) * (1 - yz * yz))
	WHEN 'xz' THEN (xz - xy * yz) / sqrt((1 - xy * xy) * (1 - yz * yz))
	ELSE (yz - xy * xz) / sqrt((1 - xy * xy) * (1 - xz * xz)) END) < 1e-12) AS formula, bool_or(shrunk) AS shrunk
FROM (SELECT ARRAY[kpi.series(i, x), kpi.series(i, y), kpi.series(i, z)] AS s, corr(x, y) AS xy, corr(x, z) AS xz,
	corr(y, z) AS yz
	FROM (SELECT i, pg_temp.noise(i, 1) AS x, pg_temp.noise(i, 1) + pg_temp.noise(i, 2) AS y,
		pg_temp.noise(i, 1) - 2 * pg_temp.noise(i, 2) + pg_temp.noise(i, 3) AS z FROM generate_series(1, 40) AS i) AS v)
		AS s,
	kpi.partial_correlations('{x, y, z}', s) AS p;
-- what can be made of others; too few periods; always the same; nothing
SELECT a, b, n, round(r::numeric, 3) AS r, shrunk FROM (SELECT ARRAY[kpi.series(i, x), kpi.series(i, y),
	kpi.series(i, x + y)] AS s
	FROM (SELECT i, pg_temp.noise(i, 1) AS x, pg_temp.noise(i, 2) AS y FROM generate_series(1, 40) AS i) AS v) AS s,
	kpi.partial_correlations('{x, y, x + y}', s);
SELECT c.* FROM (SELECT ARRAY[kpi.series(i, i), kpi.series(i, 7), kpi.series(i, i) FILTER (WHERE i < 8),
	kpi.series(i, -i)] AS s
	FROM generate_series(1, 10) AS i) AS s, kpi.correlations('{rising, same, short, falling}', s) AS c;
SELECT count(*) FROM kpi.correlations(NULL, NULL);
SELECT count(*) FROM (SELECT kpi.series(i, i) AS s FROM generate_series(1, 9) AS i) AS s, kpi.correlations('{one}',
	ARRAY[s]);
-- a huge offset changes nothing
SELECT abs(max(r) - min(r)) < 1e-6 AS same FROM (SELECT ARRAY[kpi.series(i, 1e9 + x), kpi.series(i, y + x)] AS far,
	ARRAY[kpi.series(i, x), kpi.series(i, y + x)] AS near
	FROM (SELECT i, pg_temp.noise(i, 1) AS x, pg_temp.noise(i, 2) AS y FROM generate_series(1, 40) AS i) AS v) AS s,
	LATERAL (SELECT r FROM kpi.correlations('{a, b}', far) UNION ALL SELECT r FROM kpi.correlations('{a, b}', near)) AS c;

-- chance finds one pair in twenty, and q next to none: forty series of noise
SELECT count(*), count(*) FILTER (WHERE p < 0.05) BETWEEN 780 * 0.03 AND 780 * 0.07 AS one_in_twenty,
	count(*) FILTER (WHERE q < 0.05) AS found
FROM (SELECT array_agg('k' || k) AS k, array_agg(s) AS s FROM (SELECT k, kpi.series(i, pg_temp.noise(i, k)) AS s
	FROM generate_series(1, 40) AS k, generate_series(1, 50) AS i GROUP BY k) AS s) AS s, kpi.correlations(k, s);
-- random walks all look related, but for their differences: the share of twenty pairs of series with p < 0.05
SELECT prewhiten, avg((p < 0.05)::integer) > 0.5 AS mostly_related
FROM (SELECT array_agg('k' || k) AS k, array_agg(s) AS s FROM (SELECT k, kpi.series(i, w) AS s FROM (
	SELECT k, i, sum(pg_temp.noise(i, k)) OVER (PARTITION BY k ORDER BY i) AS w
	FROM generate_series(1, 10) AS k, generate_series(1, 100) AS i) AS w GROUP BY k) AS s) AS s,
	unnest('{none, diff, ar}'::text[]) AS prewhiten, kpi.lead_lags(k, s, 0, prewhiten) GROUP BY prewhiten
	ORDER BY prewhiten;

-- b follows a by three months, under trend and season: the lead shows in the differences alone
CREATE TEMP TABLE led AS
SELECT month, t + 20 * sin(t * pi() / 6) + a AS a, 100 - 2 * t + 9 * cos(t * pi() / 6) + 2 * lag(a,
	3) OVER (ORDER BY t) + b AS b
FROM (SELECT t, (date '2015-01-01' + t * interval '1 month')::date AS month, 5 * pg_temp.noise(t, 1) AS a,
	pg_temp.noise(t, 2) AS b
	FROM generate_series(0, 99) AS t) AS x;
SELECT prewhiten, lag, round(r::numeric, 3) AS r, n, p < 1e-6 AS sure FROM (SELECT kpi.series(month, a) AS a,
	kpi.series(month, b) AS b FROM led) AS s,
	unnest('{none, diff, ar}'::text[]) AS prewhiten,
	LATERAL (SELECT * FROM kpi.lead_lag(a, b, prewhiten => prewhiten) ORDER BY abs(r) DESC LIMIT 1) AS l;
SELECT * FROM (SELECT lag, round(r::numeric, 2) AS r FROM (SELECT kpi.series(month, a) AS a, kpi.series(month, b)
	AS b FROM led) AS s,
	kpi.lead_lag(a, b, 5)) AS l ORDER BY lag;
-- turned round the lag has the other sign; both functions say the same
SELECT l.a, l.b, l.lag, round(l.r::numeric, 3) AS r, l.n, l.p < 1e-6 AS sure, l.q = l.p AS q
FROM (SELECT ARRAY[kpi.series(month, b), kpi.series(month, a)] AS s FROM led) AS s, kpi.lead_lags('{b, a}', s) AS l;
-- every lag by its definition, with and without gaps
SELECT way, bool_and(abs(l.r - c.r) < 1e-10) AS correlation, bool_and(l.n = c.n) AS n, count(*)
FROM (SELECT 'gaps' AS way UNION ALL SELECT 'none') AS w
CROSS JOIN LATERAL (SELECT kpi.series(i, x) AS a, kpi.series(i, y) AS b FROM (SELECT i, pg_temp.noise(i,
	1) + i / 9.0 AS x, pg_temp.noise(i - 2, 1) AS y
	FROM generate_series(1, 60) AS i WHERE way = 'none' OR i % 13 > 0) AS v) AS s
CROSS JOIN LATERAL kpi.lead_lag(a, b, 10, 'none') AS l
CROSS JOIN LATERAL (SELECT corr(pg_temp.noise(i, 1) + i / 9.0, pg_temp.noise(i + l.lag - 2, 1)) AS r, count(*) AS n
	FROM generate_series(1, 60) AS i
	WHERE i + l.lag BETWEEN 1 AND 60 AND (way = 'none' OR i % 13 > 0 AND (i + l.lag) % 13 > 0)) AS c GROUP BY way
	ORDER BY way;
SELECT l.* FROM (SELECT kpi.series(i, i) AS a, kpi.series(i, 3) AS b FROM generate_series(1, 12) AS i) AS s,
	kpi.lead_lag(a, b, 1, 'none') AS l;
SELECT count(*) FROM kpi.lead_lag(NULL, NULL);
SELECT count(*) FROM kpi.lead_lags(NULL, NULL);

-- W. N. Thurman and M. E. Fisher, 1988: which came first, chicken or egg? F 5.405, p 0.003 and F 0.592, p 0.62
CREATE TEMP TABLE farm (year integer, chicken float8, egg float8);
INSERT INTO farm SELECT 1929 + i, chicken, egg FROM
	unnest('{468491, 449743, 436815, 444523, 433937, 389958, 403446, 423921, 389624, 418591, 438288,
	422841, 476935, 542047, 582197, 516497, 523227, 467217, 499644, 430876, 456549, 430988, 426555, 398156, 396776,
	390708, 383690, 391363, 374281, 387002,
	369484, 366082, 377392, 375575, 382262, 394118, 393019, 428746, 425158, 422096, 433280, 421763, 404191, 408769,
	394101, 379754, 378361, 386518, 396933,
	400585, 392110, 384838, 378609, 364584}'::float8[], '{3581, 3532, 3327, 3255, 3156, 3081, 3166, 3443, 3424, 3561,
	3640, 3840, 4456, 5000, 5366, 5154,
	5130, 5077, 5032, 5148, 5404, 5322, 5323, 5307, 5402, 5407, 5500, 5442, 5442, 5542, 5339, 5358, 5403, 5345, 5435,
	5474, 5540, 5836, 5777, 5629, 5704,
	5806, 5742, 5502, 5461, 5382, 5377, 5408, 5608, 5777, 5825, 5625, 5800,
	5656}'::float8[]) WITH ORDINALITY AS u (chicken, egg, i);
SELECT direction, "order", n, round(f::numeric, 4) AS f, freedom, round(p::numeric, 6) AS p
FROM (SELECT kpi.series(year, egg) AS egg, kpi.series(year, chicken) AS chicken FROM farm) AS s, kpi.granger(egg,
	chicken, 3, false);
-- one period back, by regressions on one and two columns in plain SQL
WITH d AS (SELECT i, y - lag(y) OVER w AS y, lag(y) OVER w - lag(y, 2) OVER w AS y1, lag(x) OVER w - lag(x,
	2) OVER w AS x1
	FROM (SELECT i, pg_temp.noise(i, 1) AS x, pg_temp.noise(i - 1, 1) + 2 * pg_temp.noise(i, 2) AS y
	FROM generate_series(1, 50) AS i) AS v WINDOW w AS (ORDER BY i)),
m AS (SELECT count(x1) AS n, corr(y, y1) AS a, corr(y, x1) AS b, corr(y1, x1) AS c FROM d WHERE x1 IS NOT NULL)
SELECT abs(f - (full_r - a * a) / ((1 - full_r) / (m.n - 3))) < 1e-9 AS f, freedom = m.n - 3 AS freedom, p < 1e-6
	AS sure
FROM m, LATERAL (SELECT (a * a + b * b - 2 * a * b * c) / (1 - c * c) AS full_r) AS r,
	(SELECT kpi.series(i, pg_temp.noise(i, 1)) AS x, kpi.series(i, pg_temp.noise(i - 1, 1) + 2 * pg_temp.noise(i, 2))
	AS y FROM generate_series(1, 50) AS i) AS s,
	kpi.granger(x, y, 1) WHERE direction = 'a precedes b';
-- the order that the series choose; noise finds nothing in nineteen of twenty cases; too few; no past of its own
SELECT direction, "order", n, p < 1e-6 AS sure FROM (SELECT kpi.series(i, pg_temp.noise(i, 1)) AS a,
	kpi.series(i, pg_temp.noise(i - 2, 1) + pg_temp.noise(i, 2)) AS b FROM generate_series(1, 100) AS i) AS s,
	kpi.granger(a, b, differenced => false);
SELECT count(*), count(*) FILTER (WHERE p < 0.05) BETWEEN 200 * 0.02 AND 200 * 0.09 AS one_in_twenty
FROM (SELECT k, kpi.series(i, pg_temp.noise(i, k)) AS a, kpi.series(i, pg_temp.noise(i, 1000 + k)) AS b
	FROM generate_series(1, 100) AS k,
	generate_series(1, 60) AS i GROUP BY k) AS s, kpi.granger(a, b, 2, false);
SELECT g.* FROM (SELECT kpi.series(i, pg_temp.noise(i, 1)) AS a, kpi.series(i, pg_temp.noise(i, 2)) AS b
	FROM generate_series(1, 6) AS i) AS s, kpi.granger(a, b, 2) AS g;
SELECT g.* FROM (SELECT kpi.series(i, 5) AS a, kpi.series(i, pg_temp.noise(i, 2)) AS b FROM generate_series(1, 20)
	AS i) AS s, kpi.granger(a, b) AS g;

-- drivers: of two by formula
SELECT abs(d1.share - (x * x + full_r - y * y) / 2) < 1e-12 AS first, abs(d2.share - (y * y + full_r - x * x) / 2) <
	1e-12 AS second,
	abs(d1.r_squared - full_r) < 1e-12 AS r_squared, abs(d1.coefficient - (x - y * c) / (1 - c * c)) < 1e-12
	AS coefficient, d1.rank, d2.rank
FROM (SELECT corr(o, x) AS x, corr(o, y) AS y, corr(x, y) AS c, kpi.series(i, o) AS o, ARRAY[kpi.series(i, x),
	kpi.series(i, y)] AS s
	FROM (SELECT i, x, x + y AS y, 3 * x + y + pg_temp.noise(i, 3) AS o FROM (SELECT i, pg_temp.noise(i, 1) AS x,
	pg_temp.noise(i, 2) AS y
		FROM generate_series(1, 40) AS i) AS v) AS v) AS v, LATERAL (SELECT (x * x + y * y - 2 * x * y * c) / (1 - c * c)
		AS full_r) AS r,
	kpi.driver_ranking(o, '{x, y}', s) AS d1, kpi.driver_ranking(o, '{x, y}', s) AS d2 WHERE d1.key = 'x'
	AND d2.key = 'y';
-- shares add up to R squared, also of drivers that tell the same, by orders and by relative weights
SELECT k AS drivers, abs(sum(share) - max(r_squared)) < 1e-9 AS adds_up, min(share) >= 0 AS none_below_0,
	round(max(r_squared)::numeric, 6) AS r_squared,
	(array_agg(key ORDER BY rank))[1] AS first
FROM unnest('{1, 3, 10, 11, 25}'::integer[]) AS k, LATERAL (SELECT array_agg('d' || d ORDER BY d) AS keys,
	array_agg(s ORDER BY d) AS s FROM (
	SELECT d, kpi.series(i, pg_temp.noise(i, d) + pg_temp.noise(i, 99)) AS s FROM generate_series(1, k) AS d,
	generate_series(1, 60) AS i GROUP BY d) AS s) AS s,
	(SELECT kpi.series(i, 2 * pg_temp.noise(i, 1) + pg_temp.noise(i, 99) + pg_temp.noise(i, 98)) AS o
	FROM generate_series(1, 60) AS i) AS o,
	kpi.driver_ranking(o, keys, s) GROUP BY k ORDER BY k;
SELECT key, round(share::numeric, 6) AS share, coefficient, rank, round(r_squared::numeric, 6) AS r_squared
FROM (SELECT kpi.series(i, pg_temp.noise(i, 1)) AS o, ARRAY[kpi.series(i, pg_temp.noise(i, 1)), kpi.series(i,
	2 * pg_temp.noise(i, 1)),
	kpi.series(i, pg_temp.noise(i, 2))] AS s FROM generate_series(1, 30) AS i) AS v, kpi.driver_ranking(o,
	'{same, double, other}', s);
SELECT d.* FROM (SELECT kpi.series(i, i) AS o, ARRAY[kpi.series(i, i * i)] AS s FROM generate_series(1, 3) AS i) AS v,
	kpi.driver_ranking(o, '{x}', s) AS d;

-- errors
SELECT count(*) FROM (SELECT ARRAY[kpi.series(i, i)] AS s FROM generate_series(1, 9) AS i) AS s,
	kpi.correlations('{a, b}', s);
SELECT count(*) FROM (SELECT ARRAY[kpi.series(i, i), NULL] AS s FROM generate_series(1, 9) AS i) AS s,
	kpi.correlations('{a, b}', s);
SELECT count(*) FROM (SELECT ARRAY[kpi.series(i, i), kpi.series(date '2024-01-01' + i, i)] AS s
	FROM generate_series(1, 9) AS i) AS s, kpi.correlations('{a, b}', s);
SELECT count(*) FROM (SELECT ARRAY[kpi.series(i, i)] AS s FROM generate_series(1, 9) AS i) AS s,
	kpi.correlations('{a}', s, 'tau');
SELECT count(*) FROM (SELECT ARRAY[kpi.series(i, i)] AS s FROM generate_series(1, 9) AS i) AS s,
	kpi.correlations('{a}', s, 'kendall', 2);
SELECT count(*) FROM (SELECT ARRAY[kpi.series(i, i)] AS s FROM generate_series(1, 9) AS i) AS s,
	kpi.correlations('{a}', s, 'kendall', 5, 95);
SELECT count(*) FROM (SELECT kpi.series(i, i) AS s FROM generate_series(1, 9) AS i) AS s, kpi.lead_lag(s, s, -1);
SELECT count(*) FROM (SELECT kpi.series(i, i) AS s FROM generate_series(1, 9) AS i) AS s, kpi.lead_lag(s, s, 1, 'log');
SELECT count(*) FROM (SELECT kpi.series(i, i) AS s FROM generate_series(1, 9) AS i) AS s, kpi.granger(s, s, 0);
