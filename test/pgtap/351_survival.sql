-- Kaplan-Meier: published cases, recomputation in plain SQL with weights and delayed entry, properties.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- Remission of leukaemia under 6-MP and placebo (Freireich et al. 1963; Klein and Moeschberger, tables 4.1 and 7.1)
CREATE TEMP TABLE gehan (drug, t, ended) AS
SELECT '6mp', abs(t), t > 0 FROM
	unnest('{6,6,6,-6,7,-9,10,-10,-11,13,16,-17,-19,-20,22,23,-25,-32,-32,-34,-35}'::float8[]) AS t
UNION ALL SELECT 'placebo', t, true FROM unnest('{1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23}'::float8[]) AS t;
CREATE TEMP TABLE arm AS SELECT drug, kpi.survival(t, ended) AS s FROM gehan GROUP BY drug;
SELECT results_eq($$ SELECT "time", at_risk, events, round(survival_share::numeric, 3), round(se::numeric, 4)
	FROM arm, kpi.survival_table(s) WHERE drug = '6mp' AND events > 0 $$,
	$$ VALUES (6::float8, 21::float8, 3::float8, 0.857, 0.0764), (7, 17, 1, 0.807, 0.0869), (10, 15, 1, 0.753, 0.0963),
	(13, 12, 1, 0.690, 0.1068), (16, 11, 1, 0.627, 0.1141), (22, 7, 1, 0.538, 0.1282), (23, 6, 1, 0.448, 0.1346) $$,
	'the product-limit table of 6-MP as published');
SELECT results_eq('SELECT drug, kpi.median_survival(s) FROM arm ORDER BY drug', $$ VALUES ('6mp', 23::float8),
	('placebo', 8) $$,
	'medians as published');
SELECT results_eq($$ SELECT round(chi_square::numeric, 2), degrees, round(p_value::numeric, 7)
	FROM kpi.logrank(ARRAY(SELECT s FROM arm)) $$, 'VALUES (16.79, 1::float8, 0.0000417)',
		'the log-rank test as published');
-- intervals of S(10) in the three ways, by hand from S and Greenwood's sum
SELECT ok(near(ARRAY[a.lower, a.upper, b.lower, b.upper, c.lower, c.upper], ARRAY[y ^ exp(-z * g / ln(y)),
	y ^ exp(z * g / ln(y)), y * exp(-z * g), y * exp(z * g), y * (1 - z * g), y * (1 + z * g)], 1e-12),
	'intervals of S(10): log-log, log, plain')
FROM arm, kpi.survival_ci(s, 10) AS a, kpi.survival_ci(s, 10, conf_type => 'log') AS b,
	kpi.survival_ci(s, 10, 0.95, 'plain') AS c, LATERAL (SELECT 6 / 7.0::float8 * 16 / 17 * 14 / 15 AS y,
		sqrt(3 / 21.0 / 18 + 1 / 17.0 / 16 + 1 / 15.0 / 14)::float8 AS g, 1.9599639845400545 AS z) AS h
WHERE drug = '6mp';

-- Acute myelogenous leukaemia (Miller 1997), as R's survival package prints it
CREATE TEMP TABLE aml AS SELECT maintained, kpi.survival(abs(t), t > 0) AS s FROM (
	SELECT true, unnest('{9,13,-13,18,23,-28,31,34,-45,48,-161}'::float8[])
	UNION ALL SELECT false, unnest('{5,5,8,8,12,-16,23,27,30,33,43,45}'::float8[])) AS v (maintained, t)
		GROUP BY maintained;
SELECT results_eq('SELECT maintained, kpi.median_survival(s), round((kpi.mean_survival(s)).estimate::numeric, 1),
	round((kpi.mean_survival(s)).se::numeric, 2) FROM aml ORDER BY maintained',
	'VALUES (false, 23::float8, 22.7, 4.18), (true, 31, 52.6, 19.83)', 'medians and restricted means of aml');
SELECT results_eq('SELECT round(chi_square::numeric, 4), round(p_value::numeric, 4) 
	FROM kpi.logrank(ARRAY(SELECT s FROM aml))',
	'VALUES (3.3964, 0.0653)', 'log-rank test of aml');

-- 60 groups, few and many times, weights, some entered late
CREATE TEMP TABLE subject AS
SELECT g, i, CASE WHEN i % 53 <> 0 THEN ceil(uniform(i, g) * g * 3)::float8 / 4 + 1 END AS t, uniform(i,
	5) < 0.6 AS ended,
	CASE WHEN g % 3 = 0 THEN 1 + i % 3 ELSE 1 END AS w,
	CASE WHEN g % 4 = 0 AND i % 5 = 0 THEN floor(uniform(i, 6) * ceil(uniform(i, g) * g * 3)::float8) / 4 END AS entry
FROM generate_series(1, 60) AS g, generate_series(1, g * 2) AS i;
CREATE TEMP TABLE curve AS SELECT g, kpi.survival(t, ended, w, entry) AS s FROM subject GROUP BY g;
CREATE TEMP TABLE want AS
SELECT g, t, n, d, c, exp(sum(CASE WHEN d < n THEN ln(1 - d / n) END) OVER w)
	* (count(*) FILTER (WHERE d = n) OVER w = 0)::int
	AS share, sum(d / n) OVER w AS hazard,
	CASE WHEN count(*) FILTER (WHERE d = n) OVER w = 0 THEN sum(d / n / nullif(n - d, 0)) OVER w END AS greenwood
FROM (SELECT g, o.t, (SELECT sum(w) FROM subject AS x WHERE x.g = o.g AND x.t >= o.t
	AND coalesce(x.entry < o.t, true))::float8
	AS n, coalesce(sum(w) FILTER (WHERE ended), 0)::float8 AS d, coalesce(sum(w) FILTER (WHERE NOT ended), 0)::float8 AS c
	FROM subject AS o WHERE t IS NOT NULL GROUP BY g, o.t) AS x WINDOW w AS (PARTITION BY g ORDER BY t);
SELECT is_empty($$
	SELECT w.g, w.t FROM want AS w FULL JOIN (SELECT g, t.* FROM curve, kpi.survival_table(s) AS t) AS h
		ON w.g = h.g AND w.t = h."time"
	WHERE NOT coalesce(n = at_risk AND d = events AND c = censored AND alike(share, survival_share, 1e-12, 1)
		AND h.hazard = d / n AND alike(w.hazard, cumulative_hazard, 1e-12)
		AND alike(h.se, share * sqrt(greenwood), 1e-11), false)
$$, 'every row of the table as plain SQL has it');
SELECT is_empty($$
	SELECT g, p FROM curve, generate_series(0.1, 0.9, 0.1) AS p
	WHERE kpi.survival_quantile(s, p) IS DISTINCT FROM
		(SELECT min(t) FROM want WHERE want.g = curve.g AND share <= 1 - p::float8 + 1e-12)
		OR kpi.median_survival(s) IS DISTINCT FROM kpi.survival_quantile(s, 0.5)
$$, 'quantiles are first crossings, NULL where the curve stays above');
SELECT is_empty($$
	SELECT g, h FROM curve, unnest('{0,1,2.6,7,1000}'::float8[]) AS h, kpi.mean_survival(s, h) AS m,
		LATERAL (SELECT h - coalesce(sum((coalesce(before, 1) - share) * (h - t)), 0) AS area FROM (SELECT t, share,
			lag(share) OVER (ORDER BY t) AS before FROM want WHERE want.g = curve.g) AS x WHERE t < h) AS a
	WHERE NOT near(m.estimate, area, 1e-12, 1)
$$, 'the restricted mean is the area under the curve');
SELECT is_empty($$
	SELECT g FROM curve, kpi.mean_survival(s, 6) AS m, LATERAL (SELECT sqrt(coalesce(sum(((kpi.mean_survival(s,
		6)).estimate
		- (kpi.mean_survival(s, t)).estimate) ^ 2 * d / n / nullif(n - d, 0)), 0)) AS se
		FROM want WHERE want.g = curve.g AND t < 6) AS v WHERE NOT near(m.se, v.se, 1e-9, 1)
$$, 'and its variance the sum over events of the squared area that follows');
-- the log-rank test of two groups by plain SQL
SELECT is_empty($$
	SELECT a.g FROM curve AS a JOIN curve AS b ON b.g = a.g + 7, kpi.logrank(ARRAY[a.s, b.s]) AS l,
		LATERAL (SELECT sum(d1 - d * n1 / n) ^ 2 / nullif(sum(CASE WHEN n > 1
			THEN d * (n - d) / (n - 1) * n1 * (n - n1) / n / n
			END), 0) AS chi FROM (SELECT sum(w) FILTER (WHERE g = a.g AND ended AND t = at)::float8 AS e1,
			coalesce(sum(w) FILTER (WHERE g = a.g AND ended AND t = at), 0)::float8 AS d1,
			sum(w) FILTER (WHERE ended AND t = at)::float8 AS d, coalesce(sum(w) FILTER (WHERE g = a.g), 0)::float8 AS n1,
			sum(w)::float8 AS n FROM (SELECT DISTINCT t AS at FROM subject WHERE g IN (a.g, b.g) AND ended) AS times,
				subject AS x WHERE x.g IN (a.g, b.g) AND x.t >= at AND coalesce(x.entry < at, true) GROUP BY at) AS y) AS z
	WHERE NOT alike(l.chi_square, chi, 1e-9, 1)
$$, 'the log-rank test of two groups as plain SQL has it');
SELECT ok(degrees = 2 AND near(p_value, exp(-chi_square / 2), 1e-12), 'the tail of two degrees of freedom')
FROM kpi.logrank(ARRAY(SELECT s FROM curve WHERE g IN (31, 32, 33)));
SELECT ok(degrees = 4 AND near(p_value, exp(-chi_square / 2) * (1 + chi_square / 2), 1e-12), 'and of four')
FROM kpi.logrank(ARRAY(SELECT s FROM curve WHERE g BETWEEN 31 AND 35));

-- weights are repetitions; order and parts change nothing; forms read back; intervals are days
SELECT is_empty($$
	SELECT g FROM curve JOIN (SELECT g, kpi.survival(t, ended, 1, entry ORDER BY i DESC) AS repeated
		FROM subject, generate_series(1, w) GROUP BY g) AS r USING (g)
	JOIN (SELECT g, kpi.rollup(p) AS merged FROM (SELECT g, kpi.survival(t, ended, w, entry) AS p FROM subject
		GROUP BY g, i % 5) AS x GROUP BY g) AS m USING (g)
	WHERE s::text <> repeated::text OR s::text <> merged::text OR s::text::kpi.survival::text <> s::text
$$, 'weights are repetitions, parts merge to the whole, in any order, and the text reads back');
SELECT is((SELECT kpi.survival(t * interval '1 day', ended) FROM subject)::text, (SELECT kpi.survival(t, ended)
	FROM subject)::text,
	'intervals are days');
SELECT results_eq('SELECT round(kpi.median_survival(kpi.survival(t, true))::numeric, 2)
	FROM unnest(ARRAY[interval ''1 month'',
	''1 day 12 hours'', ''3 hours'']) AS t', 'VALUES (1.50)', 'a month is 30 days, a day 24 hours');

-- edges
SELECT results_eq($$ SELECT kpi.survival_at(s, 0), kpi.survival_at(s, -1), kpi.survival_at(s, 'Infinity'),
	kpi.median_survival(s)
	FROM (SELECT kpi.survival(t, e) AS s FROM (VALUES (0, true), (0, false), (3, true), (5, true)) AS v (t, e)) AS x $$,
	'VALUES (0.75::float8, 1::float8, 0::float8, 3::float8)', 'an event at 0 counts there, and the end is 0');
SELECT is(kpi.median_survival(kpi.survival(t, t < 3)), 2::float8, 'half exactly is half')
	FROM generate_series(1, 4) AS t;
SELECT results_eq($$ SELECT kpi.median_survival(s), kpi.median_survival(s, true), kpi.survival_quantile(s, 0.75, true),
		kpi.survival_quantile(s, 0.6, true), kpi.survival_quantile(s, 1, true)
	FROM (SELECT kpi.survival(t, true) AS s FROM unnest('{1, 2, 4, 9}'::float8[]) AS t) AS x $$,
	'VALUES (2::float8, 3::float8, 6.5::float8, 4::float8, 9::float8)', 'the midpoint of what stands at the share');
SELECT is(kpi.median_survival(kpi.survival(t, t < 3), true), 2::float8, 'no midpoint of what does not end')
	FROM generate_series(1, 4) AS t;
SELECT is(got, NULL, what) FROM (VALUES ((SELECT kpi.median_survival(kpi.survival(t, false))
	FROM generate_series(1, 9) AS t),
	'nothing ended: no median'), ((SELECT kpi.median_survival(kpi.survival(t, true))
		FROM unnest('{}'::float8[]) AS t), 'no rows'),
	((SELECT (kpi.survival_ci(kpi.survival(1, true), 1)).lower), 'nobody left: no interval'),
	((SELECT (kpi.mean_survival(kpi.survival(NULL::float8, true))).estimate), 'nobody seen'),
	((SELECT (kpi.logrank(ARRAY[kpi.survival(1, true)])).p_value), 'one group alone')) AS v (got, what);
SELECT results_eq($$ SELECT kpi.survival_at(s, 0), kpi.survival_ci(s, 0), kpi.median_survival(s), kpi.mean_survival(s)
	FROM (SELECT kpi.survival(NULL::float8, true) AS s) AS x $$, 'VALUES (NULL::float8, NULL::kpi.confidence_interval,
	NULL::float8, NULL::kpi.confidence_interval)', 'without a subject nothing is known');
SELECT throws_ok($$ SELECT kpi.survival(3, true, 1, -1) $$, '22023', 'entry -1 is not a finite number of at least 0',
	'a wrong entry is told as one');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES ('kpi.survival(-1, true)', '22023'),
	('kpi.survival(''NaN''::float8, true)', '22023'), ('kpi.survival(interval ''-1 day'', true)', '22023'),
	('kpi.survival(1, true, -1)', '22023'), ('kpi.survival(1, true, 1e101)', '22023'),
	('kpi.survival(1, true, 1, 1)', '22023'),
	('kpi.survival_quantile(kpi.survival(1, true), 1.5)', '22023'), ('kpi.mean_survival(kpi.survival(1, true), -1)',
		'22023'),
	('kpi.survival_ci(kpi.survival(1, true), 1, 95)', '22023'), ('kpi.logrank(''{}'')', '2202E'),
	('kpi.survival_ci(kpi.survival(1, true), 1, 0.9, ''logit'')', '22023'), ('kpi.logrank(''{NULL}'')', '22004'),
	('''1 1 5 3 1''::kpi.survival', '22P02'), ('''1 2 5 0 1 4 0 1''::kpi.survival', '22P02'),
	('''1 1 5 0 0''::kpi.survival', '22P02'), ('''1 1 5 2 1''::kpi.survival', '22P02')) AS v (call, state);

SELECT * FROM finish();
ROLLBACK;
