-- Trends of series: by the formulas in plain SQL, by their properties, and by how often there is one by chance.
BEGIN;
\ir lib.sql
\ir published_series.sql
SELECT no_plan();

CREATE FUNCTION pg_temp.normal(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN sqrt(-2 * ln(uniform(n, 2 * k))) * cos(2 * pi() * uniform(n, 2 * k + 1));

-- random series: with and without a trend, equal values and gaps
CREATE TEMP TABLE value AS
SELECT g, i, CASE WHEN g % 4 = 3 AND uniform(i, g + 1000) < 0.2 THEN NULL
	WHEN g % 2 = 1 THEN round((pg_temp.normal(i, g) + 0.02 * (g % 5) * i)::numeric, 0)
	ELSE pg_temp.normal(i, g) + 0.02 * (g % 5) * i END::float8 AS v
FROM generate_series(1, 40) AS g, generate_series(1, 5 + g) AS i;
CREATE TEMP TABLE asked AS SELECT g, kpi.series(i, v) AS series FROM value GROUP BY g;

CREATE TEMP TABLE pair AS
SELECT a.g, sign(b.v - a.v) AS s, (b.v - a.v) / (b.i - a.i) AS slope
FROM value AS a JOIN value AS b ON b.g = a.g AND b.i > a.i WHERE a.v IS NOT NULL AND b.v IS NOT NULL;
CREATE TEMP TABLE plain AS
SELECT g, n, s, (n * (n - 1) * (2 * n + 5) - ties)::numeric / 18 AS var_s,
	s / nullif(sqrt((n * (n - 1) / 2)::float8 * ((n * (n - 1) / 2)::float8 - equal)), 0) AS tau
FROM (SELECT g, sum(s)::integer AS s, count(*) FILTER (WHERE s = 0) AS equal FROM pair GROUP BY g) AS p
	JOIN (SELECT g, sum(t)::integer AS n, sum(t * (t - 1) * (2 * t + 5))::integer AS ties
		FROM (SELECT g, v, count(*) AS t FROM value WHERE v IS NOT NULL GROUP BY g, v) AS t GROUP BY g) AS t USING (g);
SELECT is_empty($$
	SELECT g, t, p FROM plain AS p JOIN asked USING (g), kpi.mann_kendall(series) AS t
	WHERE t.n <> p.n OR t.s <> p.s OR NOT near(t.var_s, p.var_s::float8, 1e-12) OR NOT near(t.tau, p.tau, 1e-12)
		OR NOT near(t.z, (p.s - sign(p.s)) / sqrt(p.var_s)::float8, 1e-12, 1e-12)
$$, 'S, its variance, tau and z are those of all pairs');
SELECT results_eq('SELECT (kpi.mann_kendall(series)).n_missing::bigint FROM asked ORDER BY g',
	'SELECT count(*) FILTER (WHERE v IS NULL) FROM value GROUP BY g ORDER BY g', 'gaps are counted');
SELECT is_empty($$
	SELECT g, m, t FROM asked JOIN (SELECT g, percentile_cont(0.5) WITHIN GROUP (ORDER BY slope) AS m
		FROM pair GROUP BY g) AS p USING (g), kpi.theil_sen(series) AS t
	WHERE NOT near(t.slope, m, 1e-12, 1e-3)
$$, 'the slope is the median of all slopes');
SELECT is_empty($$
	SELECT g, t, b FROM asked, kpi.theil_sen(series) AS t, kpi.mann_kendall(series) AS k,
		LATERAL (SELECT array_agg(slope ORDER BY slope) AS slopes, count(*) AS pairs FROM pair AS p
	WHERE p.g = asked.g) AS p,
		LATERAL (SELECT slopes[round((pairs - 1.959963984540054 * sqrt(k.var_s)) / 2)::integer] AS low,
			slopes[round((pairs + 1.959963984540054 * sqrt(k.var_s)) / 2)::integer + 1] AS high) AS b
	WHERE t.low IS DISTINCT FROM b.low OR t.high IS DISTINCT FROM b.high
$$, 'and its bounds are at the ranks of Sen');
SELECT is_empty($$
	SELECT g, t FROM asked, kpi.theil_sen(series) AS t, LATERAL (
		SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) - t.slope * percentile_cont(0.5) WITHIN GROUP (ORDER BY i - 1)
			AS intercept FROM value WHERE value.g = asked.g AND v IS NOT NULL) AS p
	WHERE NOT near(t.intercept, p.intercept, 1e-12, 1)
$$, 'the line goes through the medians');

-- so many slopes that a sample says which to keep: of noise, of few different values, of walks, steps and waves
CREATE TEMP TABLE sampled AS
SELECT g, i, CASE g % 5 WHEN 0 THEN round((2 * e)::numeric)::float8 WHEN 1 THEN e + 0.02 * i
	WHEN 2 THEN sum(e) OVER (PARTITION BY g ORDER BY i) WHEN 3 THEN floor(i / 30.0) + 1e-9 * e
	ELSE sin(i * pi() / 17) END AS v
FROM (SELECT g, i, pg_temp.normal(i, 900 + g) AS e
	FROM generate_series(1, 20) AS g, generate_series(1, 60 + 4 * g) AS i) AS n;
SELECT is_empty($$
	SELECT g, t, b FROM (SELECT g, kpi.series(i, v) AS s FROM sampled GROUP BY g) AS x, kpi.theil_sen(s, 0.9) AS t,
		kpi.mann_kendall(s) AS k, LATERAL (
			SELECT array_agg(slope ORDER BY slope) AS slopes, count(*) AS pairs,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY slope) AS median
			FROM (SELECT (b.v - a.v) / (b.i - a.i) AS slope FROM sampled AS a JOIN sampled AS b ON b.g = a.g AND b.i > a.i
				WHERE a.g = x.g) AS y) AS p, LATERAL (
			SELECT slopes[round((pairs - 1.6448536269514722 * sqrt(k.var_s)) / 2)::integer] AS low,
				slopes[round((pairs + 1.6448536269514722 * sqrt(k.var_s)) / 2)::integer + 1] AS high) AS b
	WHERE t.low <> b.low OR t.high <> b.high OR NOT near(t.slope, median, 1e-12, 1e-3)
$$, 'many slopes have the median and the bounds of all');

-- more slopes than are kept at once
CREATE TEMP TABLE long AS SELECT i, pg_temp.normal(i, 7) + 0.001 * i AS v FROM generate_series(1, 1500) AS i;
CREATE TEMP TABLE middle AS SELECT (kpi.theil_sen(kpi.series(i, v))).slope FROM long;
SELECT ok(below <= pairs / 2 AND above <= pairs / 2, 'half of many slopes are below the median, and half above it')
FROM (SELECT count(*) AS pairs, count(*) FILTER (WHERE (b.v - a.v) / (b.i - a.i) < slope - 1e-12) AS below,
		count(*) FILTER (WHERE (b.v - a.v) / (b.i - a.i) > slope + 1e-12) AS above
	FROM middle, long AS a JOIN long AS b ON b.i > a.i) AS c;

-- seasons: the sum over their places
SELECT is((kpi.seasonal_mann_kendall(kpi.series(month, passengers))).s, (
	SELECT sum(sign(b.passengers - a.passengers)) FROM air AS a JOIN air AS b ON b.i > a.i
	AND (b.i - a.i) % 12 = 0)::float8,
	'S of a season is the sum over its places') FROM air;
SELECT is((kpi.seasonal_mann_kendall(kpi.series(month, passengers))).var_s, 2550.0::float8,
	'and so is its variance: 12 times 12 * 11 * 29 / 18, less what is equal') FROM air;
SELECT is(kpi.seasonal_mann_kendall(series, 1), kpi.mann_kendall(series), 'without a season it is the plain test')
	FROM asked
WHERE g = 8;
SELECT is((kpi.seasonal_mann_kendall(kpi.series(i, i::float8), 4)).s, 6.0::float8,
	'places with less than three values give nothing: of 10 values in fours two places have three')
FROM generate_series(1, 10) AS i;

-- published: Mann-Kendall, and Sen's slope, of the Nile
SELECT results_eq($$SELECT s, round(var_s::numeric, 2), round(tau::numeric, 4) FROM (
	SELECT (kpi.mann_kendall(kpi.series(year, flow))).* FROM nile) AS t$$,
	$$VALUES (-1387.0::float8, 112728.33, -0.2807)$$,
	'the Nile falls');

-- how often there is a trend by chance
SELECT cmp_ok(count(*) FILTER (WHERE p_value < 0.05), '<=', 70::bigint,
	'of 1000 series of noise 5 percent have a trend')
FROM (SELECT (kpi.mann_kendall(kpi.series(i, pg_temp.normal(i, g)))).p_value
	FROM generate_series(2000, 2999) AS g, generate_series(1, 24) AS i GROUP BY g) AS t;
SELECT cmp_ok(count(*) FILTER (WHERE label = 'rising'), '>=', 95::bigint,
	'of 100 series that rise by a tenth of the noise 95 are found')
FROM (SELECT (kpi.trend(kpi.series(i, 10 + pg_temp.normal(i, g) + 0.1 * i))).label
	FROM generate_series(3000, 3099) AS g, generate_series(1, 36) AS i GROUP BY g) AS t;

-- the straight line: slope, intercept and share explained are those of the server's own aggregates
SELECT is_empty($$
	SELECT g, l, p FROM asked, kpi.ols_trend(series, 0.9) AS l, LATERAL (
		SELECT count(v) AS n, regr_slope(v, i) AS slope, regr_intercept(v, i - 1) AS intercept, regr_r2(v, i) AS r2,
			sqrt((regr_syy(v, i) - regr_sxy(v, i) ^ 2 / regr_sxx(v, i)) / (count(v) - 2) / regr_sxx(v, i)) AS error
		FROM value WHERE value.g = asked.g) AS p
	WHERE l.n <> p.n OR NOT near(l.slope, p.slope, 1e-9, 1e-3) OR NOT near(l.intercept, p.intercept, 1e-9, 1e-3)
		OR NOT near(l.r_squared, p.r2, 1e-9, 1e-3) OR NOT near(l.std_error, p.error, 1e-9, 1e-3)
		OR NOT near(l.t, l.slope / l.std_error, 1e-12)
$$, 'the line of least squares, and its error');
SELECT is_empty($$
	SELECT g, l FROM asked, kpi.ols_trend(series, 0.9) AS l,
		kpi.ols_trend(series, 1 - greatest(l.p_value, 1e-6)) AS b
	WHERE l.p_value > 1e-6 AND NOT near(least(abs(b.low), abs(b.high)), 0, 1e-6, 1)
		OR NOT near(l.low + l.high, 2 * l.slope, 1e-9, 1e-3)
		OR (l.p_value < 0.1) <> (l.low * l.high > 0)
$$, 'at a confidence of 1 - p a bound of the slope is 0');
-- lm(Nile ~ time(Nile)) of R
SELECT results_eq($$SELECT round(slope::numeric, 4), round(std_error::numeric, 4), round(t::numeric, 3),
	round(p_value::numeric, 10), round(r_squared::numeric, 4) FROM (
	SELECT (kpi.ols_trend(kpi.series(year, flow))).* FROM nile) AS t$$,
	$$VALUES (-2.7143, 0.5216, -5.204, 0.0000010717, 0.2165)$$, 'the line through the Nile');
SELECT cmp_ok(count(*) FILTER (WHERE p_value < 0.05), '<=', 70::bigint,
	'of 1000 series of noise 5 percent have a slope')
FROM (SELECT (kpi.ols_trend(kpi.series(i, pg_temp.normal(i, g)))).p_value
	FROM generate_series(2000, 2999) AS g, generate_series(1, 24) AS i GROUP BY g) AS t;
SELECT results_eq($$SELECT slope, t, p_value, r_squared FROM kpi.ols_trend((SELECT kpi.series(i, 5.0)
	FROM generate_series(1, 10) AS i))$$, 'VALUES (0.0::float8, NULL::float8, 1.0::float8, NULL::float8)',
	'equal values have no slope');
SELECT results_eq($$SELECT slope, intercept, std_error, t, p_value, r_squared FROM kpi.ols_trend((
	SELECT kpi.series(i, 2.0 * i) FROM generate_series(1, 9) AS i))$$,
	'VALUES (2.0::float8, 2.0::float8, 0.0::float8, NULL::float8, 0.0::float8, 1.0::float8)',
	'a line that leaves nothing is certain');
SELECT results_eq($$SELECT slope, low, p_value FROM kpi.ols_trend((SELECT kpi.series(i, i ^ 2)
	FROM generate_series(1, 2) AS i))$$, 'VALUES (3.0::float8, NULL::float8, NULL::float8)', 'two values have no error');
SELECT is((kpi.ols_trend(kpi.series(1, 5.0))).slope, NULL::float8, 'one value has no line');
SELECT is((kpi.ols_trend(kpi.series(i, 1e9 + i * 0.001))).slope::numeric(10, 8), 0.001,
	'a large offset costs the line no digits')
FROM generate_series(1, 50) AS i;

-- turning points: by walking down from each value on both sides
CREATE FUNCTION pg_temp.prominence(v float8[], at integer) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	least_left float8 := v[at];
	least_right float8 := v[at];
	place integer := at - 1;
BEGIN
	WHILE place >= 1 AND v[place] <= v[at] LOOP
		least_left := least(least_left, v[place]);
		place := place - 1;
	END LOOP;
	place := at + 1;
	WHILE place <= cardinality(v) AND v[place] <= v[at] LOOP
		least_right := least(least_right, v[place]);
		place := place + 1;
	END LOOP;
	RETURN v[at] - greatest(least_left, least_right);
END $$;
CREATE FUNCTION pg_temp.peaks(v float8[]) RETURNS TABLE (at integer, prominence float8) LANGUAGE sql AS $$
	SELECT i, pg_temp.prominence(v, i) FROM generate_series(2, cardinality(v) - 1) AS i
	WHERE v[i - 1] < v[i] AND v[i] > (SELECT v[j] FROM generate_series(i + 1, cardinality(v)) AS j
		WHERE v[j] <> v[i] ORDER BY j LIMIT 1)
$$;
CREATE TEMP TABLE walked AS
SELECT g, array_agg(v ORDER BY i) FILTER (WHERE v IS NOT NULL) AS v,
	array_agg(-v ORDER BY i) FILTER (WHERE v IS NOT NULL) AS upside_down,
	array_agg(i ORDER BY i) FILTER (WHERE v IS NOT NULL) AS place FROM value GROUP BY g;
SELECT bag_eq($$SELECT g, t.period, t.kind, t.prominence
		FROM asked, kpi.turning_points(series, NULL::integer, NULL, 1e-9) AS t$$,
	$$SELECT g, place[at], 'peak', prominence FROM walked, pg_temp.peaks(v)
		UNION ALL SELECT g, place[at], 'trough', prominence FROM walked, pg_temp.peaks(upside_down)$$,
	'peaks and troughs, and how far it goes down and up from them');
SELECT results_eq($$SELECT period, value, kind, prominence FROM kpi.turning_points((SELECT kpi.series(i, v)
	FROM unnest('{1,2,2,1,5,4,6,0,0,7,NULL,3,8}'::float8[]) WITH ORDINALITY AS x (v, i)), NULL::bigint, NULL, 0.1)$$,
	$$VALUES (2::bigint, 2.0::float8, 'peak', 1.0::float8), (4, 1, 'trough', 1), (5, 5, 'peak', 1), (6, 4, 'trough', 1),
		(7, 6, 'peak', 5), (8, 0, 'trough', 6), (10, 7, 'peak', 4), (12, 3, 'trough', 4)$$,
	'of equal values the first turns, and gaps are left out');
CREATE TEMP TABLE noise AS
SELECT g, 1.4826022185056018 / sqrt(2) * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(d)) AS deviation
FROM (SELECT g, v - lag(v) OVER (PARTITION BY g ORDER BY i) AS d FROM value WHERE v IS NOT NULL) AS v
WHERE d IS NOT NULL GROUP BY g;
SELECT bag_eq($$SELECT g, t.period FROM asked JOIN noise USING (g), kpi.turning_points(series, NULL::integer) AS t
		WHERE deviation > 0$$,
	$$SELECT g, t.period FROM asked JOIN noise USING (g), kpi.turning_points(series, NULL::integer, NULL, 1e-9) AS t
		WHERE deviation > 0 AND t.prominence > 3 * deviation * (1 - 1e-12)$$,
	'those of three deviations of the noise are kept');
SELECT bag_eq($$SELECT g, t.* FROM asked, unnest('{peak,trough}'::text[]) AS k,
		kpi.turning_points(series, NULL::integer, k, 1) AS t WHERE t.kind = k$$,
	$$SELECT g, t.* FROM asked, kpi.turning_points(series, NULL::integer, threshold => 1) AS t$$,
	'of one kind, or of both');
SELECT is_empty($$SELECT t FROM kpi.turning_points((SELECT kpi.series(i, i::float8) FROM generate_series(1, 9) AS i),
		NULL::integer) AS t$$,
	'the ends of a line are no turning points');

-- records
SELECT bag_eq($$SELECT g, r.period, r.value, r.side, r.former_value
		FROM asked, kpi.records(series, NULL::integer) AS r$$,
	$$SELECT g, i, v, CASE WHEN v > high THEN 'high' ELSE 'low' END, CASE WHEN v > high THEN high ELSE low END
		FROM (SELECT g, i, v, max(v) OVER w AS high, min(v) OVER w AS low FROM value WHERE v IS NOT NULL
			WINDOW w AS (PARTITION BY g ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS x
		WHERE v > high OR v < low$$, 'records are above or below all before');
SELECT results_eq($$SELECT direction, r.period, verdict, former_period
	FROM unnest('{higher,lower,target,NULL}'::text[]) WITH ORDINALITY AS d (direction, n),
		kpi.records((SELECT kpi.series(i, v) FROM unnest('{5,7,NULL,7,2}'::float8[]) WITH ORDINALITY AS x (v, i)),
			NULL::integer, direction) AS r ORDER BY n, 2$$,
	$$VALUES ('higher', 2, 'best', 1), ('higher', 5, 'worst', 1), ('lower', 2, 'worst', 1), ('lower', 5, 'best', 1),
		('target', 2, NULL, 1), ('target', 5, NULL, 1), (NULL, 2, NULL, 1), (NULL, 5, NULL, 1)$$,
	'they are the best or the worst by the direction');

-- what is said
SELECT results_eq($$
	SELECT label, verdict FROM (VALUES (1, 'higher', NULL), (1, 'lower', NULL), (-1, 'higher', NULL), (-1, 'lower', NULL),
		(1, 'target', 200), (1, 'target', 0), (0, 'higher', NULL)) AS v (way, direction, target),
		LATERAL (SELECT (kpi.trend(kpi.series(i, 100.0 + way * i), direction, target)).*
	FROM generate_series(1, 24) AS i) AS t
$$, $$VALUES ('rising', 'improving'), ('rising', 'worsening'), ('falling', 'worsening'), ('falling', 'improving'),
	('rising', 'improving'), ('rising', 'worsening'), ('no trend', 'steady')$$,
	'a trend is good or bad by its direction');
SELECT is((kpi.trend(kpi.series(i, 1000.0 + i))).label, 'flat', 'what is significant but small is flat')
FROM generate_series(1, 24) AS i;
SELECT is((kpi.trend(kpi.series(month, passengers))).seasonality, 12, 'months have a season') FROM air;

-- edges
SELECT is(kpi.mann_kendall(NULL), NULL::kpi.trend_test, 'NULL has no test');
SELECT results_eq($$SELECT s, tau, p_value FROM (SELECT (kpi.mann_kendall(kpi.series(i, 5.0))).*
	FROM generate_series(1, 10) AS i) AS t$$, 'VALUES (0.0::float8, NULL::float8, 1.0::float8)',
	'equal values have no trend');
SELECT is((kpi.mann_kendall(kpi.series(i, i::float8))).p_value, NULL::float8, 'three values have no p')
FROM generate_series(1, 3) AS i;
SELECT is((kpi.trend(kpi.series(i, i::float8))).label, NULL::text, 'and no label') FROM generate_series(1, 3) AS i;
SELECT is((kpi.theil_sen(kpi.series(1, 5.0))).slope, NULL::float8, 'one value has no slope');
SELECT is((kpi.theil_sen(kpi.series(i, 1e9 + i * 0.001))).slope::numeric(10, 8), 0.001,
	'a large offset costs no digits')
FROM generate_series(1, 50) AS i;
SELECT throws_ok($$SELECT kpi.theil_sen(kpi.series(1, 5.0), 1)$$, '22023', 'confidence 1 is not between 0 and 1');
SELECT throws_ok($$SELECT kpi.trend(kpi.series(1, 5.0), 'up')$$, '22023', NULL, 'an unknown direction is an error');
SELECT throws_ok($$SELECT kpi.trend(kpi.series(1, 5.0), 'target')$$, '22023', 'direction "target" needs a target');
SELECT throws_ok($$SELECT kpi.seasonal_mann_kendall(kpi.series(1, 5.0), 12)$$, '22023',
	'1 periods are less than two seasons of 12');
SELECT throws_ok($$SELECT kpi.trend(kpi.series(1, 5.0), significance => 2)$$, '22023',
	'significance 2 is not between 0 and 1');

SELECT * FROM finish();
ROLLBACK;
