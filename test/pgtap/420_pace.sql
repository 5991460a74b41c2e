-- Targets neared, shared out, suggested and reached: published numbers, the same in plain SQL, and properties.
-- share: 8
BEGIN;
\ir lib.sql
\ir published_series.sql
SELECT no_plan();

-- published: the seats that Hamilton's bill of 1792 gave the 15 states, by the census of 1790 (M. L. Balinski and
-- H. P. Young, Fair Representation, 1982)
SELECT results_eq($$
	SELECT target::integer FROM kpi.target_phasing(120, '{630560,475327,432879,353523,331589,278514,236841,206236,179570,
		141822,85533,70835,68705,68446,55540}', decimals => 0)
$$, $$SELECT unnest('{21,16,14,12,11,9,8,7,6,5,3,2,2,2,2}'::integer[])$$, 'largest remainders are those of Hamilton');

-- a phasing sums exactly, is as near to the shares as the decimals allow, and goes with them
CREATE TEMP TABLE phased AS
SELECT g, total, shares, decimals
FROM (SELECT g, round(CAST((uniform(g, 1) - 0.2) * 10 ^ (g % 9) AS numeric), g % 7) AS total, g % 5 AS decimals,
		ARRAY(SELECT CASE WHEN uniform(g, i + 10) < 0.1 AND i > 1 THEN 0 ELSE uniform(g, i + 100) END
			FROM generate_series(1, 1 + g % 17) AS i) AS shares
	FROM generate_series(1, CASE WHEN :all_cases THEN 20000 ELSE 3000 END) AS g) AS x;
SELECT diag(format('%s targets are shared out', count(*))) FROM phased;
CREATE TEMP TABLE part AS
SELECT p.*, f.* FROM phased AS p, kpi.target_phasing(total, shares, decimals => decimals) AS f;
ANALYZE part;
SELECT is_empty($$
	SELECT g, total, sum(target) FROM part GROUP BY g, total HAVING sum(target) <> total OR
		max(cumulative) FILTER (WHERE part = cardinality(shares)) <> total OR count(*) <> max(cardinality(shares))
$$, 'parts add up to the target exactly, whatever it is');
SELECT is_empty($$
	SELECT * FROM part WHERE abs(target - total * share::numeric) > 1.000001 * power(10::numeric, -decimals)
$$, 'no part is a unit away from its share');
SELECT is_empty($$
	SELECT a.* FROM part AS a JOIN part AS b USING (g) WHERE a.share > b.share AND abs(a.target) < abs(b.target)
		AND scale(a.total) <= a.decimals
$$, 'a greater share has no smaller part');
SELECT is_empty('SELECT * FROM part WHERE share = 0 AND target <> 0 AND scale(total) <= decimals',
	'and none has nothing');
SELECT is_empty($$
	SELECT * FROM (SELECT *, sum(target) OVER w AS so_far, sum(share) OVER w AS share_so_far FROM part
		WINDOW w AS (PARTITION BY g ORDER BY part)) AS x
	WHERE cumulative <> so_far OR NOT near(cumulative_share, share_so_far, 1e-12)
$$, 'what is cumulated is the sum so far');
-- largest remainders, in plain SQL
SELECT is_empty($$
	SELECT * FROM (SELECT *, trunc(total * s::numeric / sum(s::numeric) OVER (PARTITION BY g), decimals) AS cut,
			total * s::numeric / sum(s::numeric) OVER (PARTITION BY g) AS exact
		FROM part, LATERAL (SELECT shares[part]) AS x (s) WHERE scale(total) <= decimals) AS x
	WHERE target NOT IN (cut, cut + sign(total) * power(10::numeric, -decimals))
$$, 'a part is its share cut off, or one unit more');
SELECT is_empty($$
	WITH cut AS (SELECT *, abs(total * s / sum(s) OVER (PARTITION BY g)) % power(10::numeric, -decimals) AS rest,
			target <> trunc(total * s / sum(s) OVER (PARTITION BY g), decimals) AS more
		FROM (SELECT *, shares[part]::numeric AS s FROM part WHERE scale(total) <= decimals) AS x)
	SELECT a.* FROM cut AS a JOIN cut AS b USING (g) WHERE a.more AND NOT b.more
		AND (b.rest > a.rest + 1e-15 OR abs(b.rest - a.rest) < 1e-18 AND b.part < a.part AND b.s = a.s)
$$, 'and the larger remainders have it, of equal ones the earlier');
SELECT is_empty($$
	SELECT g FROM phased, kpi.target_phasing(total, shares, decimals => decimals) AS a
	JOIN LATERAL kpi.target_phasing(total, ARRAY(SELECT 1024 * s FROM unnest(shares) AS s), decimals => decimals) AS b
		USING (part) WHERE a.target <> b.target
$$, 'the scale of the shares is free');

-- rates, in plain SQL
CREATE TEMP TABLE going AS
SELECT g, round(CAST(1000 * uniform(g, 1) - 200 AS numeric), 2) AS to_date,
	round(CAST(2000 * uniform(g, 2) - 400 AS numeric), 2) AS target, (1 + g % 12)::numeric AS elapsed
FROM generate_series(1, 500) AS g;
SELECT is_empty($$
	SELECT * FROM going WHERE kpi.run_rate(to_date, elapsed, 12) <> to_date * 12 / elapsed
		OR NOT near(kpi.run_rate(to_date::float8, elapsed::float8, 12), (to_date * 12 / elapsed)::float8, 1e-14)
		OR NOT alike(kpi.required_run_rate(target, to_date, 12 - elapsed),
			(target - to_date) / nullif(12 - elapsed, 0), 1e-15)
		OR NOT alike(kpi.pace(to_date, target, elapsed / 12), kpi.attainment(to_date, target * elapsed / 12), 1e-14)
		OR NOT alike(kpi.pace(to_date, target, elapsed / 12, 'lower'),
			kpi.attainment_inverse(nullif(to_date, 0), nullif(target * elapsed / 12, 0)), 1e-14)
		OR NOT alike(kpi.pace(to_date::float8, target::float8, (elapsed / 12)::float8),
			kpi.pace(to_date, target, elapsed / 12)::float8, 1e-12)
		OR NOT alike(kpi.pace(to_date::float8, target::float8, (elapsed / 12)::float8, 'lower'),
			kpi.pace(to_date, target, elapsed / 12, 'lower')::float8, 1e-12)
$$, 'rates and pace are what they say, in both types');
SELECT is_empty($$
	SELECT * FROM going WHERE elapsed < 12
		AND abs(kpi.run_rate(to_date, elapsed, 12) - target) > 1e-9
		AND (kpi.required_run_rate(target, to_date, 12 - elapsed) > to_date / elapsed)
			= (kpi.run_rate(to_date, elapsed, 12) > target)
$$, 'what is needed is more than so far where the rate so far does not reach the target');

-- shares of the year, in plain SQL
CREATE TEMP TABLE flight AS SELECT kpi.series(month, passengers) AS s FROM air;
SELECT is_empty($$
	SELECT m, share, wanted FROM flight, kpi.seasonal_shares(s) AS x, unnest(x.shares) WITH ORDINALITY AS u (share, m)
	JOIN (SELECT extract(month FROM month)::bigint AS m, avg(passengers / year) AS wanted
		FROM (SELECT *, sum(passengers) OVER (PARTITION BY date_trunc('year', month)) AS year FROM air) AS y
		GROUP BY 1) AS w USING (m)
	WHERE NOT near(share, wanted, 1e-13)
$$, 'a month has the mean of its shares of the years');
SELECT is_empty($$
	SELECT method, m FROM flight, unnest('{stl,equal}'::text[]) AS method, kpi.seasonal_shares(s, method) AS a,
		kpi.seasonal_shares(s, method, 4) AS b, generate_series(1, 12) AS m
	WHERE NOT near(a.shares[m], b.shares[1 + (m + 8) % 12], 1e-13)
$$, 'a year from April on has the same months');
SELECT is_empty($$
	SELECT method, x FROM flight, unnest('{mean,stl,forecast,equal}'::text[]) AS method, generate_series(1, 12) AS first,
		kpi.seasonal_shares(s, method, first) AS x
	WHERE x.method_used <> method OR NOT near((SELECT sum(u) FROM unnest(x.shares) AS u), 1, 1e-12)
		OR (SELECT min(u) FROM unnest(x.shares) AS u) < 0 OR x.note IS NOT NULL
$$, 'shares sum to 1');
SELECT is_empty($$
	SELECT f, x FROM flight, kpi.seasonal_shares(s, 'forecast') AS x, (
		SELECT array_agg(forecast / all_of_it ORDER BY step) AS f
		FROM (SELECT f.*, sum(forecast) OVER () AS all_of_it FROM flight, kpi.forecast(s, 12) AS f) AS y) AS z
	WHERE NOT near(x.shares, f, 1e-13)
$$, 'those of the forecast are of the forecast');
SELECT is_empty($$
	SELECT d, x FROM flight, kpi.seasonal_shares(s, 'stl') AS x, (
		SELECT array_agg(seasonal / all_of_it ORDER BY period) AS d
		FROM (SELECT d.*, sum(seasonal) OVER () AS all_of_it FROM flight, kpi.decompose(s) AS d
			WHERE period >= '1960-01-01') AS y) AS z
	WHERE NOT near(x.shares, d, 1e-13)
$$, 'and those of stl are of the last season');
SELECT is_empty($$
	SELECT k, half FROM flight, kpi.seasonal_shares(s) AS x, generate_series(0, 12) AS k,
		LATERAL (VALUES (0), (0.5)) AS h (half)
	WHERE k + half <= 12 AND NOT near(kpi.elapsed_share(x.shares, k + half),
		coalesce((SELECT sum(u) FROM unnest(x.shares[1:k]) AS u), 0) + half * coalesce(x.shares[k + 1], 0), 1e-12, 1)
$$, 'what has elapsed is the sum of the shares');

-- What a model makes of errors that are plus or minus one deviation, each with half the probability: the mean and the
-- deviation of the sum over all ways that the next steps may take are those of any errors with that deviation, as the
-- models are linear in them, of factors within a season. Each way is followed step by step, by the recursions.
CREATE FUNCTION pg_temp.way(m kpi.forecast_model, steps integer, signs integer) RETURNS float8
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	factors CONSTANT boolean := m.model ~ 'multiplicative';
	winters CONSTANT boolean := m.model ~ '^holt_winters';
	phi CONSTANT float8 := coalesce(m.phi, 1);
	level float8 := m.level;
	trend float8 := coalesce(m.trend, 0);
	season float8[] := m.seasonal;
	total float8 := 0;
	error float8;
	before float8;
	s float8;
	k integer;
BEGIN
	FOR i IN 0 .. steps - 1 LOOP
		error := CASE WHEN signs & (1 << i) > 0 THEN m.sigma ELSE -m.sigma END;
		k := 1 + i % coalesce(cardinality(season), 1);
		s := coalesce(season[k], CASE WHEN factors THEN 1 ELSE 0 END);
		before := level + phi * trend;
		IF factors AND NOT winters THEN
			error := before * s * error;
		END IF;
		total := total + CASE WHEN factors THEN before * s ELSE before + s END + error;
		IF factors THEN
			error := error / s;
			season[k] := CASE WHEN winters THEN s + m.gamma * (1 - m.alpha) * error * s / before
				ELSE s + m.gamma * error * s / before END;
		ELSIF season IS NOT NULL THEN
			season[k] := s + CASE WHEN winters THEN m.gamma * (1 - m.alpha) ELSE m.gamma END * error;
		END IF;
		level := before + coalesce(m.alpha, 1) * error;
		trend := phi * trend + CASE WHEN winters THEN m.alpha ELSE 1 END * coalesce(m.beta, 0) * error;
	END LOOP;
	RETURN total;
END $$;

CREATE TEMP TABLE model AS
SELECT kind, series, s, steps, season, kpi.forecast_model(s, kind, season) AS m
FROM (VALUES ('naive', 7), ('simple', 7), ('holt', 7), ('damped', 7), ('seasonal_additive', 9), ('damped_additive', 9),
		('holt_winters_additive', 9), ('seasonal_multiplicative', 4), ('damped_multiplicative', 4),
		('holt_winters_multiplicative', 4)) AS k (kind, steps),
	(SELECT g AS series, kpi.series((date '2015-01-01' + i * interval '3 months')::date,
			(100 + i + 20 * uniform(i, g)) * CASE WHEN g > 2 THEN 1 + 0.3 * sin(i * pi() / 2) ELSE 1 END) AS s
		FROM generate_series(1, 4) AS g, generate_series(1, 40) AS i GROUP BY g) AS x,
	LATERAL (VALUES (CASE WHEN kind ~ 'additive|multiplicative' THEN 4 ELSE 1 END)) AS y (season);
CREATE TEMP TABLE followed AS
SELECT kind, series, avg(w) AS mean, sqrt(avg(w * w) - avg(w) ^ 2) AS deviation
FROM (SELECT kind, series, pg_temp.way(m, steps, signs) - steps * (m).level AS w
	FROM model, generate_series(0, (1 << steps) - 1) AS signs WHERE (m).model = kind) AS x GROUP BY kind, series;
SELECT set_eq('SELECT DISTINCT kind FROM followed', 'SELECT DISTINCT kind FROM model', 'each model is followed');
SELECT is_empty($$
	SELECT kind, series, o.expected, mean, o.deviation, f.deviation
	FROM followed AS f JOIN model AS m USING (kind, series),
		kpi.attainment_forecast(s, 5000, 250, steps, model => kind, seasonality => season) AS o
	WHERE NOT near(o.expected, 250 + steps * ((m.m).level) + mean, 1e-9) OR NOT near(o.deviation, f.deviation, 1e-6)
$$, 'the sum of the next steps varies as the ways that they may take');
-- one step is that of the forecast, with any model
SELECT is_empty($$
	SELECT kind, o, f FROM flight, unnest('{naive,seasonal_naive,drift,mean,simple,holt,damped,seasonal_additive,
			seasonal_multiplicative,damped_additive,damped_multiplicative,holt_winters_additive,
			holt_winters_multiplicative,theta}'::text[]) AS kind, unnest('{sum,last}'::text[]) AS combine,
		kpi.attainment_forecast(s, 500, 0, 1, combine => combine, model => kind, confidence => 0.95) AS o,
		kpi.forecast(s, 1, kind) AS f
	WHERE NOT near(o.expected, f.forecast, 1e-12) OR NOT near(o.low, f.low, 1e-9) OR NOT near(o.high, f.high, 1e-9)
		OR o.model <> f.model_used
$$, 'of one step it is the interval of the forecast');
SELECT is_empty($$
	SELECT o, f FROM flight, kpi.attainment_forecast(s, 500, 77, 12, combine => 'last', confidence => 0.8) AS o,
		kpi.forecast(s, 12) AS f
	WHERE f.step = 12 AND NOT (near(o.expected, f.forecast, 1e-12) AND near(o.low, f.inner_low, 1e-9))
$$, 'of a stock it is that of the last step');
-- simple smoothing: v h (1 + a (h - 1) (1 + a (2 h - 1) / 6)), Snyder, Koehler, Hyndman and Ord 2004; a naive
-- forecast is the one with a = 1, and the mean of n varies by 1 / n more
SELECT is_empty($$
	SELECT h, o, sigma FROM (SELECT s, kpi.forecast_model(s, 'simple', 1) AS m FROM model WHERE kind = 'simple') AS x,
		LATERAL (VALUES ((x.m).alpha, (x.m).sigma)) AS y (a, sigma), generate_series(1, 40, 3) AS h,
		kpi.attainment_forecast(s, 500, 0, h, model => 'simple', seasonality => 1) AS o
	WHERE NOT near(o.deviation, sigma * sqrt(h * (1 + a * (h - 1) * (1 + a * (2 * h - 1) / 6))), 1e-12)
$$, 'simple smoothing has the published variance of a lead time');
SELECT is_empty($$
	SELECT h, kind, o FROM model, generate_series(1, 40, 3) AS h,
		kpi.attainment_forecast(s, 500, 0, h, model => 'naive', seasonality => 1) AS n,
		kpi.attainment_forecast(s, 500, 0, h, model => 'drift', seasonality => 1) AS d,
		kpi.attainment_forecast(s, 500, 0, h, model => 'mean', seasonality => 1) AS o,
		kpi.attainment_forecast(s, 500, 0, h, model => 'seasonal_naive', seasonality => 4) AS y,
		kpi.forecast_model(s, 'naive', 1) AS nm, kpi.forecast_model(s, 'drift', 1) AS dm,
		kpi.forecast_model(s, 'mean', 1) AS om, kpi.forecast_model(s, 'seasonal_naive', 4) AS ym
	WHERE kind = 'naive' AND NOT (
		near(n.deviation, nm.sigma * sqrt(h * (h + 1) * (2 * h + 1) / 6.0::float8), 1e-12)
		AND near(d.deviation, dm.sigma * sqrt(h * (h + 1) * (2 * h + 1) / 6.0::float8
			+ (h * (h + 1) / 2) ^ 2 / 39::float8), 1e-12)
		AND near(o.deviation, om.sigma * sqrt(h + h * h / 40::float8), 1e-12)
		AND near(y.deviation, ym.sigma * sqrt((
			SELECT sum(((h - i) / 4 + 1) ^ 2) FROM generate_series(1, h) AS i)), 1e-12))
$$, 'and the plain models theirs');

-- Student's t of few values, by its closed forms of 1, 2 and 3 degrees of freedom
SELECT is_empty($$
	SELECT n, z, p, wanted FROM (
		SELECT x.n, z,
			kpi.attainment_probability(s, m.level - z * m.sigma * sqrt(1 + 1 / x.n::float8), 0, 1, model => 'mean') AS p,
			CASE x.n WHEN 2 THEN 0.5 + atan(z) / pi() WHEN 3 THEN 0.5 + z / 2 / sqrt(2 + z * z)
				ELSE 0.5 + (z / sqrt(3) / (1 + z * z / 3) + atan(z / sqrt(3))) / pi() END AS wanted
		FROM (SELECT n, kpi.series(i, i * i) AS s
				FROM generate_series(2, 4) AS n, generate_series(1, n) AS i GROUP BY n) AS x,
			kpi.forecast_model(s, 'mean') AS m, generate_series(-5, 5, 0.25) AS u, LATERAL (VALUES (u::float8)) AS v (z)) AS x
	WHERE NOT near(p, wanted, 1e-9)
$$, 'few values have the tails of Student''s t');
-- published: 5 % of t with 10, and of the normal distribution, lie above 1.812 and 1.645
SELECT is(round(kpi.attainment_probability(s, m.level + t * m.sigma * sqrt(1 + 1.0::float8 / x.n), 0, 1,
		model => 'mean')::numeric, 4), 0.0500, format('the tail of %s values', x.n))
FROM (SELECT n, kpi.series(i, i * 7919 % 13) AS s
		FROM (VALUES (11), (500)) AS v (n), generate_series(1, n) AS i GROUP BY n) AS x
	JOIN (VALUES (11, 1.8125::float8), (500, 1.64485)) AS v (n, t) ON v.n = x.n, kpi.forecast_model(s, 'mean') AS m;

-- a probability falls with the target, rises with what is there, and both directions are certain together
CREATE TEMP TABLE chance AS
SELECT series, kind, target, kpi.attainment_probability(s, target, 300, 5, model => kind) AS p,
	kpi.attainment_probability(s, target, 300, 5, 'lower', model => kind) AS lower,
	kpi.attainment_probability(s, target, 310, 5, model => kind) AS ahead
FROM model, generate_series(500, 1500, 20) AS target WHERE kind <> 'naive' OR series > 1;
SELECT is_empty($$
	SELECT * FROM (SELECT *, lag(p) OVER (PARTITION BY series, kind ORDER BY target) AS before FROM chance) AS x
	WHERE p > before OR ahead < p OR p < 0 OR p > 1 OR NOT near(p + lower, 1, 1e-12)
$$, 'a higher target is less probable, a lead more, and one of both directions is certain');
SELECT cmp_ok(count(*), '>', 300::bigint, 'some are neither sure nor hopeless')
FROM chance WHERE p BETWEEN 0.01 AND 0.99;
-- whatever the order of rows
SELECT is_empty($$
	SELECT a.p FROM (SELECT kpi.attainment_probability(kpi.series(month, passengers ORDER BY month), 6000, 2000, 8) AS p,
			kpi.seasonal_shares(kpi.series(month, passengers ORDER BY month)) AS m FROM air) AS a,
		(SELECT kpi.attainment_probability(kpi.series(month, passengers ORDER BY passengers), 6000, 2000, 8) AS p,
			kpi.seasonal_shares(kpi.series(month, passengers ORDER BY passengers)) AS m FROM air) AS b
	WHERE a.p <> b.p OR a.m IS DISTINCT FROM b.m
$$, 'the same rows in another order give the same');

-- Series whose law is known: of those said to reach a target with some probability as many do. A level that wanders.
CREATE FUNCTION pg_temp.normal(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN sqrt(-2 * ln(uniform(n, k))) * cos(2 * pi() * uniform(n, k + 1000));
CREATE TEMP TABLE path AS
SELECT id, i, 200 + sum(0.4 * e) OVER w + 0.6 * e AS v
FROM (SELECT id, i, 3 * pg_temp.normal(id, i) AS e
	FROM generate_series(1, 400) AS id, generate_series(1, 66) AS i) AS x
WINDOW w AS (PARTITION BY id ORDER BY i);
CREATE TEMP TABLE said AS
SELECT id, kpi.attainment_probability(s, last * 6 + d, 0, 6, model => 'simple') AS p, came >= last * 6 + d AS reached
FROM (SELECT id, kpi.series(i, v) FILTER (WHERE i <= 60) AS s, sum(v) FILTER (WHERE i > 60) AS came,
		max(v) FILTER (WHERE i = 60) AS last FROM path GROUP BY id) AS x, unnest('{-30,-15,0,15,30}'::integer[]) AS d;
SELECT is_empty($$
	SELECT width_bucket(p, 0, 1, 5), count(*), avg(p), avg(reached::integer) FROM said GROUP BY 1
	HAVING abs(avg(p) - avg(reached::integer)) > 0.08
$$, 'as many targets are reached as the probability says');

-- status: monotone in the probability, and none is better for a worse one before
SELECT is_empty($$
	SELECT a, b FROM (SELECT p / 50.0::float8 AS p, previous, array_position('{off_track,at_risk,on_track}',
			kpi.target_status(p / 50.0::float8, previous => previous)) AS status
		FROM generate_series(0, 50) AS p, unnest('{on_track,at_risk,off_track,NULL}'::text[]) AS previous) AS a
	JOIN (SELECT p / 50.0::float8 AS p, previous, array_position('{off_track,at_risk,on_track}',
			kpi.target_status(p / 50.0::float8, previous => previous)) AS status
		FROM generate_series(0, 50) AS p, unnest('{on_track,at_risk,off_track,NULL}'::text[]) AS previous) AS b
		ON a.p <= b.p AND a.previous IS NOT DISTINCT FROM b.previous
	WHERE a.status > b.status
$$, 'a higher probability has no worse status');
SELECT is((SELECT array_agg(status) FROM (
	WITH RECURSIVE run (i, status) AS (
		SELECT 1, kpi.target_status(0.81)
		UNION ALL
		SELECT i + 1, kpi.target_status(CASE i % 2 WHEN 0 THEN 0.81 ELSE 0.79 END, previous => status) FROM run WHERE i < 6)
	SELECT status FROM run ORDER BY i) AS x), '{on_track,at_risk,at_risk,at_risk,at_risk,at_risk}'::text[],
	'around a limit it does not go to and fro');

-- suggestions, in plain SQL
CREATE TEMP TABLE suggested AS
SELECT direction, combine, t.* FROM flight, unnest('{higher,lower}'::text[]) AS direction,
	unnest('{sum,last}'::text[]) AS combine,
	kpi.suggest_target(s, '{5200,5700,6100,4800,5900}', direction, 12, combine, model => 'damped_multiplicative') AS t;
SELECT is_empty($$
	SELECT s.direction, s.combine, s.target, w.wanted FROM suggested AS s JOIN (
		SELECT direction, combine, percentile_cont(CASE direction WHEN 'higher' THEN 0.75 ELSE 0.25 END)
			WITHIN GROUP (ORDER BY CASE combine WHEN 'sum' THEN year ELSE passengers END) AS wanted
		FROM (SELECT i, passengers, sum(passengers) OVER (ORDER BY i ROWS 11 PRECEDING) AS year FROM air) AS a,
			unnest('{higher,lower}'::text[]) AS direction, unnest('{sum,last}'::text[]) AS combine
		WHERE i > 132 GROUP BY direction, combine) AS w USING (direction, combine)
	WHERE basis = 'history' AND NOT near(target, wanted, 1e-12)
$$, 'history suggests a quantile of the last twelve years, or months of a stock');
SELECT results_eq($$SELECT DISTINCT direction, target FROM suggested WHERE basis = 'industry' ORDER BY direction$$,
	$$VALUES ('higher', 5900::float8), ('lower', 5200)$$, 'peers suggest a quantile of theirs');
SELECT is_empty($$
	SELECT g.* FROM suggested AS g, flight, kpi.attainment_forecast(s, g.target, 0, 12, direction, combine,
		'damped_multiplicative') AS o
	WHERE NOT near(g.probability, o.probability, 1e-12)
		OR basis = 'capability' AND NOT (near(g.target, o.expected, 1e-12) AND near(g.probability, 0.5, 1e-9))
		OR basis = 'stretch' AND NOT (near(g.target, CASE direction WHEN 'higher' THEN o.high ELSE o.low END, 1e-12)
			AND near(g.probability, 0.1, 1e-9))
$$, 'each has the probability of the forecast, which one is likely as not to beat');
SELECT is_empty($$
	SELECT direction, combine FROM suggested GROUP BY direction, combine
	HAVING NOT near(sum(target * weight), max(target) FILTER (WHERE basis = 'blend'), 1e-12)
		OR NOT near(sum(weight), 1, 1e-12) OR array_agg(basis) <> '{history,industry,capability,blend,stretch}'
$$, 'the blend is the mean by the weights');

SELECT * FROM finish();
ROLLBACK;
