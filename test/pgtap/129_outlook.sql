-- Outlooks and the questions of a month's end, recomputed in plain SQL.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\ir lib.sql

-- Monthly values of a sum, a mean, a quotient, a stock and a maximum, from January 2022 to September 2024
\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator('flow', kind => 'entered', combine => 'sum'), kpi.define_indicator('cost', kind =>
	'entered', combine => 'sum', direction => 'lower'),
	kpi.define_indicator('rate', kind => 'entered', combine => 'ratio'), kpi.define_indicator('mark', kind => 'entered',
		combine => 'average'),
	kpi.define_indicator('stock', kind => 'entered', combine => 'last'), kpi.define_indicator('peak', kind => 'entered',
		combine => 'max');
CREATE TABLE month AS SELECT m, CAST(date '2022-01-01' + m * interval '1 month' AS date) AS day FROM
	generate_series(0, 32) AS m;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value, numerator, denominator)
SELECT i, u, 'month', day, CASE i WHEN 'rate' THEN NULL ELSE v END, CASE i WHEN 'rate' THEN v END, CASE i WHEN 'rate'
	THEN 50 + m END
FROM month, unnest('{flow,cost,rate,mark,stock,peak}'::text[]) AS i, unnest('{company,north}'::text[]) AS u,
	LATERAL (SELECT CAST(round(CAST(20 + 60 * uniform(m, length(u) + ascii(i)) AS numeric), 1) AS numeric) AS v) AS v
WHERE NOT (i = 'peak' AND m = 30) AND NOT (i = 'mark' AND m = 28);
SELECT kpi.set_target(i, 'company', '2024', t) FROM (VALUES ('flow', 600), ('cost', 640), ('stock', 50)) AS v (i, t);
SELECT kpi.set_target(i, 'company', '2024', t, grain => 'year') FROM (VALUES ('rate', 0.7), ('mark', 50), ('peak',
	80)) AS v (i, t);
CREATE TABLE value AS SELECT indicator, unit, period_start, value, denominator FROM kpi.measurement WHERE grain =
	'month' AND unit = 'company';
\o
CREATE FUNCTION line(i text, through date) RETURNS kpi.series LANGUAGE sql AS $$
	SELECT kpi.series(period_start, CAST(value AS float8)) FROM value WHERE indicator = i AND period_start <= through
$$;
CREATE FUNCTION seen(i text, through text, model text) RETURNS kpi.prospect LANGUAGE sql AS $$
	SELECT o FROM kpi.outlook(i, 'company', '2024', through, model) AS o
$$;

-- what is expected of a + b x, with the naive forecast, which is the last value again
CREATE TABLE reckoned AS
WITH asked AS (
	SELECT i.indicator, i.lower, p.through, p.k FROM (VALUES ('flow', false), ('cost', true), ('rate', false), ('mark',
		false), ('stock', false)) AS i (indicator, lower),
		(VALUES (date '2024-09-01', 3), ('2024-03-01', 9), ('2024-08-01', 4)) AS p (through, k)
), part AS (
	SELECT a.*, sum(v.value) AS sum, sum(v.value * CASE a.indicator WHEN 'rate' THEN v.denominator ELSE 1 END) AS
		weighted,
		sum(CASE a.indicator WHEN 'rate' THEN v.denominator ELSE 1 END) AS weight, count(*) AS n,
		(SELECT l.value FROM value AS l WHERE l.indicator = a.indicator AND l.period_start <= a.through ORDER BY
			l.period_start DESC LIMIT 1) AS last
	FROM asked AS a JOIN value AS v ON v.indicator = a.indicator AND v.period_start BETWEEN '2024-01-01' AND a.through
	GROUP BY a.indicator, a.lower, a.through, a.k
)
SELECT p.*, CASE WHEN p.indicator IN ('flow', 'cost') THEN p.sum + p.k * p.last WHEN p.indicator = 'stock' THEN p.last
		ELSE (p.weighted + p.k * p.weight / p.n * p.last) / (p.weight + p.k * p.weight / p.n) END AS expected,
	CASE WHEN p.indicator IN ('flow', 'cost') THEN p.sum WHEN p.indicator = 'stock' THEN p.last ELSE p.weighted /
		p.weight END AS actual,
	CASE p.indicator WHEN 'flow' THEN (600 - p.sum) / p.k WHEN 'cost' THEN (640 - p.sum) / p.k WHEN 'stock' THEN 50
		WHEN 'rate' THEN (0.7 * (p.weight + p.k * p.weight / p.n) - p.weighted) / (p.k * p.weight / p.n)
		ELSE (50 * (p.n + p.k) - p.sum) / p.k END AS needed
FROM part AS p;
SELECT is_empty($$SELECT r.indicator, r.through, r.expected, s.expected, r.needed, s.needed_per_period FROM reckoned
	AS r,
	LATERAL seen(r.indicator, to_char(r.through, 'YYYY-MM'), 'naive') AS s
	WHERE NOT (near(s.actual, r.actual, 1e-12) AND near(s.expected, r.expected, 1e-12) AND near(s.needed_per_period,
		r.needed, 1e-12)
		AND s.periods_left = r.k AND s.periods_done = r.n AND s.model = 'naive' AND s.through_label = to_char(r.through,
			'YYYY-MM'))$$,
	'actual, what is expected and what each period needs, of sums, means, quotients and stocks');
SELECT is_empty($$SELECT r.indicator, r.through, s.chance FROM reckoned AS r, LATERAL seen(r.indicator,
	to_char(r.through, 'YYYY-MM'), 'naive') AS s
	WHERE NOT near(CAST(s.chance AS float8), kpi.attainment_probability(line(r.indicator, r.through),
		CAST(CASE r.indicator WHEN 'stock' THEN 1 ELSE r.k END * r.needed AS float8), 0, r.k,
		CASE WHEN r.lower THEN 'lower' ELSE 'higher' END, CASE r.indicator WHEN 'stock' THEN 'last' ELSE 'sum' END,
			'naive'), 1e-9, 1e-12)$$,
	'the chance is that the rest brings what is needed');
SELECT is_empty($$SELECT r.indicator, s.chance, s.target_status FROM reckoned AS r, LATERAL seen(r.indicator,
	to_char(r.through, 'YYYY-MM'), 'auto') AS s
	WHERE s.target_status IS DISTINCT FROM CASE WHEN s.chance >= 0.8 THEN 'on_track' WHEN s.chance >= 0.5 THEN 'at_risk'
		ELSE 'off_track' END
		OR NOT (s.expected_low < s.expected AND s.expected < s.expected_high) OR s.chance NOT BETWEEN 0 AND 1$$,
			'the status goes by the chance');
SELECT is((SELECT o.target_to_date FROM kpi.outlook('flow', 'company', '2024', '2024-09') AS o), 450::numeric,
	'due by September is nine months of twelve');
SELECT ok((SELECT near(o.pace, o.actual / 450, 1e-12) FROM kpi.outlook('flow', 'company', '2024', '2024-09') AS o),
	'the pace is what there is over what is due');
SELECT is((SELECT through_label FROM kpi.outlook('flow', 'company', '2024')), '2024-09',
	'to the last value, unless told');
SELECT results_eq($$SELECT expected, chance, periods_left, model FROM kpi.outlook('flow', 'company', '2024-Q3')$$,
	$$SELECT sum(value), CASE WHEN sum(value) >= 150 THEN 1 ELSE 0 END::numeric, 0, NULL::text FROM value
		WHERE indicator = 'flow' AND period_start >= '2024-07-01'$$, 'what is over is what it is');
SELECT results_eq($$SELECT expected, chance, outlook_note FROM kpi.outlook('peak', 'company', '2024')$$,
	$$VALUES (NULL::numeric, NULL::numeric, 'values of its periods do not make that of a longer one')$$,
		'of a maximum nothing is said');
SELECT results_eq($$SELECT periods_missing, outlook_note LIKE 'periods without a value%' FROM kpi.outlook('mark',
	'company', '2024', '2024-09')$$,
	$$VALUES (1, true)$$, 'a month without a value is told');
SELECT results_eq($$SELECT expected, outlook_note FROM kpi.outlook('flow', 'south', '2024')$$, $$VALUES
	(NULL::numeric, 'there is no value')$$, 'nor without values');
SELECT results_eq($$SELECT expected, outlook_note FROM kpi.outlook('flow', 'company', '2026')$$,
	$$VALUES (NULL::numeric, 'the last value is of before the period')$$, 'nor of a year after the next');
SELECT results_eq($$SELECT periods_done, periods_left, near(expected, 12 * v.value, 1e-12), actual FROM
	kpi.outlook('flow', 'company', '2024', '2023-12', 'naive'),
	value AS v WHERE v.indicator = 'flow' AND v.period_start = '2023-12-01'$$, $$VALUES (0, 12, true, NULL::numeric)$$,
		'a year that has not begun is all forecast');
SELECT results_eq($$SELECT chance, target, expected IS NULL FROM kpi.outlook('flow', 'north', '2024')$$, $$VALUES
	(NULL::numeric, NULL::numeric, false)$$,
	'no chance without a target');
SELECT throws_ok($$SELECT kpi.outlook('flow', 'company', '2024-W05')$$, '22023',
	'indicator "flow" has no outlook for "2024-W05", a period of grain "week"');
SELECT throws_ok($$SELECT kpi.outlook('flow', 'company', '2024', '2024-Q1')$$, '22023',
	'through "2024-Q1" is of grain "quarter", indicator "flow" of grain "month"');
SELECT throws_ok($$SELECT kpi.outlook('flaw', 'company', '2024')$$, '22023', 'indicator "flaw" does not exist');
SELECT throws_ok($$SELECT kpi.outlook('flow', 'company', '2024', NULL, 'arima')$$, '22023');
SELECT results_eq($$SELECT * FROM kpi.outlook('flow', 'company', date '2024-05-05', 'year')$$, $$SELECT * FROM
	kpi.outlook('flow', 'company', '2024')$$, 'by a day');

-- rates that compound: the whole is what all factors leave
\o /dev/null
SELECT kpi.define_indicator('leave', kind => 'entered', combine => 'compound_loss', direction => 'lower'),
	kpi.define_indicator('grow', kind => 'entered', combine => 'compound_growth'),
	kpi.define_indicator('times', kind => 'entered', combine => 'product');
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', day, CASE i WHEN 'times' THEN 1 ELSE 0 END
	+ round(CAST(0.01 + 0.04 * uniform(m, ascii(i)) AS numeric), 4)
FROM month, unnest('{leave,grow,times}'::text[]) AS i, unnest('{company,north}'::text[]) AS u;
SELECT kpi.set_target(i, 'company', '2024', t, grain => 'year') FROM (VALUES ('leave', 0.3), ('grow', 0.5),
	('times', 1.4)) AS v (i, t);
SELECT kpi.enter('leave', 'north', '2024-05', 1);
\o
CREATE FUNCTION factor(i text, v float8) RETURNS float8 LANGUAGE sql RETURN
	CASE i WHEN 'leave' THEN 1 - v WHEN 'grow' THEN 1 + v ELSE v END;
CREATE FUNCTION from_factor(i text, f float8) RETURNS float8 LANGUAGE sql RETURN
	CASE i WHEN 'leave' THEN 1 - f WHEN 'grow' THEN f - 1 ELSE f END;
CREATE TABLE compounded AS
SELECT m.indicator, p.through, p.k, exp(sum(ln(m.factor)) FILTER (WHERE m.period_start >= '2024-01-01')) AS done,
	(array_agg(m.factor ORDER BY m.period_start DESC))[1] AS last, factor(m.indicator, t.target) AS target,
	kpi.series(m.period_start, ln(m.factor)) AS terms
FROM (VALUES (date '2024-09-01', 3), ('2024-03-01', 9), ('2023-12-01', 12)) AS p (through, k)
	JOIN (SELECT indicator::text, period_start, factor(indicator, value::float8) AS factor FROM kpi.measurement
		WHERE indicator IN ('leave', 'grow', 'times') AND unit = 'company' AND grain = 'month') AS m
		ON m.period_start <= p.through
	JOIN (VALUES ('leave', 0.3), ('grow', 0.5), ('times', 1.4)) AS t (indicator, target) USING (indicator)
GROUP BY m.indicator, p.through, p.k, t.target;
SELECT is_empty($$SELECT c.indicator, c.through, s FROM compounded AS c,
	LATERAL seen(c.indicator, to_char(c.through, 'YYYY-MM'), 'naive') AS s, LATERAL coalesce(c.done, 1) AS d,
	LATERAL power(c.target / d, 1.0 / c.k) AS need
	WHERE NOT (s.actual IS NULL AND c.done IS NULL OR near(s.actual, from_factor(c.indicator, c.done), 1e-12))
		OR NOT (near(s.expected, from_factor(c.indicator, d * power(c.last, c.k)), 1e-9)
		AND near(s.forecast, from_factor(c.indicator, power(c.last, c.k)), 1e-9)
		AND near(s.needed_per_period, from_factor(c.indicator, need), 1e-9)
		AND s.expected_low < s.expected AND s.expected < s.expected_high
		AND near(s.chance::float8, kpi.attainment_probability(c.terms, c.k * ln(need), 0, c.k, 'higher', 'sum', 'naive'),
			1e-9, 1e-12))$$, 'what compounds');
SELECT is((SELECT count(*) FROM compounded), 9::bigint, 'of all of them');
SELECT ok(near(o.actual, m.value, 1e-14), 'there is what the year is worth so far: ' || m.indicator)
FROM kpi.measurement AS m, kpi.outlook(m.indicator, 'company', '2024') AS o
WHERE m.indicator IN ('leave', 'grow', 'times') AND m.unit = 'company' AND m.grain = 'year'
	AND m.period_start = '2024-01-01';
SELECT ok(near(o.target_to_date, 1 - power(0.7, 0.75), 1e-9), 'due by September of a loss')
FROM kpi.outlook('leave', 'company', '2024', '2024-09') AS o;
SELECT results_eq($$SELECT expected, chance, outlook_note FROM kpi.outlook('leave', 'north', '2024')$$,
	$$VALUES (NULL::numeric, NULL::numeric, 'a value leaves nothing that could compound')$$, 'who has lost all');

-- A card for what the others are asked of
\o /dev/null
SELECT kpi.define_scorecard('card'), kpi.set_weight('card', 'flow', 2), kpi.set_weight('card', 'stock', 1),
	kpi.set_weight('card', 'peak', 1);
SELECT kpi.enter(i, 'south', '2024-09', 40) FROM unnest('{flow,stock}'::text[]) AS i;
SELECT kpi.set_target('flow', u, '2024', 300), kpi.set_target('stock', u, '2024', 50) FROM
	unnest('{north,south}'::text[]) AS u;
SELECT kpi.refresh_results();
\o
SELECT results_eq($$SELECT indicator, chance FROM kpi.outlooks('card', 'company', '2024', '2024-09')$$,
	$$SELECT i, s.chance FROM unnest('{flow,stock,peak}'::text[]) AS i, LATERAL seen(i, '2024-09', 'auto') AS s ORDER BY
		s.chance NULLS LAST, i$$,
	'the least probable first, of a whole card');
-- runs of status: counted period by period, back from each
CREATE FUNCTION run_of(asked text, n text, month date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	now text := (SELECT rag FROM kpi.result WHERE scorecard = 'card' AND unit = asked AND node = n AND period_grain =
		'month' AND period_start = month);
	periods integer := 0;
BEGIN
	WHILE now = (SELECT rag FROM kpi.result WHERE scorecard = 'card' AND unit = asked AND node = n AND period_grain =
		'month'
			AND period_start = month - periods * interval '1 month') LOOP
		periods := periods + 1;
	END LOOP;
	RETURN periods;
END $$;
SELECT bag_eq(format($$SELECT unit_name, node, periods FROM kpi.status_runs('card', NULL, %L)$$, to_char(m,
	'YYYY-MM')),
	format($$SELECT unit_name::text, node::text, run_of(unit, node, period_start) FROM kpi.result WHERE scorecard =
		'card' AND period_grain = 'month' AND period_start = %L$$, m),
	'runs of status up to ' || m) FROM (VALUES (date '2024-09-01'), ('2023-05-01'), ('2024-02-01')) AS v (m);
SELECT is_empty($$SELECT * FROM kpi.status_runs('card', 'company', '2024-09', NULL, 'green', 2) WHERE rag <> 'green' OR
	periods < 2$$, 'of one status, from two on');
SELECT bag_eq($$SELECT unit_name, node, rag_before, rag_after, rag_change FROM kpi.status_changes('card', NULL,
	'2024-09')$$,
	$$SELECT z.unit_name::text, z.node::text, a.rag::text AS before, z.rag::text AS after, z.rag_order - a.rag_order
		FROM kpi.result z JOIN kpi.result a USING (scorecard, unit, period_grain, node)
		WHERE z.scorecard = 'card' AND period_grain = 'month' AND z.period_start = '2024-09-01' AND a.period_start =
			'2024-08-01' AND z.rag <> a.rag$$, 'what has another status');
SELECT bag_eq($$SELECT rank, unit, tied FROM kpi.unit_ranks('card', '2024-09', 'company', 'stock')$$,
	$$SELECT 1 + (SELECT count(*) FROM kpi.result b WHERE b.scorecard = 'card' AND b.unit IN ('north', 'south') AND
		b.node = 'stock'
			AND b.period_start = '2024-09-01' AND b.period_grain = 'month' AND b.score > a.score)::integer AS rank,
			unit::text, 1 AS tied
		FROM kpi.result a WHERE a.scorecard = 'card' AND a.unit IN ('north', 'south') AND a.node = 'stock' AND
			a.period_start = '2024-09-01'
			AND a.period_grain = 'month' AND a.score IS NOT NULL$$, 'ranks');
\o /dev/null
SELECT kpi.define_unit(u, 'south') FROM unnest('{s1,s2,s3,s4}'::text[]) AS u;
SELECT kpi.define_indicator('points', kind => 'entered', combine => 'none', grain => 'month', scale => 'given');
SELECT kpi.define_scorecard('points_card'), kpi.set_weight('points_card', 'points', 1);
SELECT kpi.enter('points', u, '2024-01', v) FROM (VALUES ('s1', 70), ('s2', 90), ('s3', 90), ('s4', 60)) AS v (u, v);
SELECT kpi.refresh_results();
\o
SELECT results_eq($$SELECT rank, tied, of_units, unit FROM kpi.unit_ranks('points_card', '2024-01')$$,
	$$VALUES (1, 2, 4, 's2'), (1, 2, 4, 's3'), (3, 1, 4, 's1'), (4, 1, 4, 's4')$$,
		'equals share the better place, and the next is skipped');

-- pulls: by hand
\o /dev/null
SELECT kpi.define_unit('firm'), kpi.define_unit('east', 'firm'), kpi.define_unit('west', 'firm');
SELECT kpi.define_indicator('sum', kind => 'entered', combine => 'sum', combine_units => 'sum'),
	kpi.define_indicator('quota', kind => 'entered', combine => 'ratio', combine_units => 'ratio');
SELECT kpi.define_scorecard('pulled'), kpi.set_weight('pulled', 'sum', 0.5), kpi.set_weight('pulled', 'quota', 0.5);
SELECT kpi.set_target('sum', u, '2024-01', t) FROM (VALUES ('firm', 100), ('east', 60), ('west', 40)) AS v (u, t);
SELECT kpi.set_target('quota', 'firm', '2024-01', 0.5);
SELECT kpi.enter('sum', 'east', '2024-01', 30), kpi.enter('sum', 'west', '2024-01', 50),
	kpi.enter('quota', 'east', '2024-01', numerator => 10, denominator => 40), kpi.enter('quota', 'west', '2024-01',
		numerator => 40, denominator => 60);
\o
SELECT results_eq($$SELECT child_unit, round(score, 6), round(pull, 6) FROM kpi.unit_pulls('pulled', 'firm',
	'2024-01')$$,
	$$VALUES ('east', 90::numeric, -25::numeric), ('west', 90, 15)$$,
	'east lacks 30 of 100 and 10 of 50: 15 and 10 points; west has 10 too many of each: 5 and 10');
-- a period is a label, or a day with a grain, also where neither has a type
SELECT set_eq(format('SELECT q::text FROM kpi.%s AS q', replace(call, 'PERIOD', '''2024-09-17'', ''month''')),
	format('SELECT q::text FROM kpi.%s AS q', replace(call, 'PERIOD', '''2024-09''')), call)
FROM unnest(ARRAY['status_runs(''card'', ''company'', PERIOD)', 'status_changes(''card'', NULL, PERIOD)',
	'unit_ranks(''card'', PERIOD)', 'unit_pulls(''card'', ''company'', PERIOD)',
	'outlook(''flow'', ''company'', PERIOD)', 'outlooks(''card'', ''company'', PERIOD)',
	'smart(''flow'', ''company'', PERIOD)', 'match_degree(''card'', ''company'', PERIOD)']) AS call;
SELECT bag_eq(format('SELECT q::text FROM kpi.%s AS q', replace(call, 'PERIOD', 'date ''2024-09-17'', ''month''')),
	format('SELECT q::text FROM kpi.%s AS q', replace(call, 'PERIOD', '''2024-09''')), call || ', whatever comes behind')
FROM unnest(ARRAY['status_runs(''card'', NULL, PERIOD, status => ''green'', at_least => 2)',
	'unit_ranks(''card'', PERIOD, ''company'', ''stock'')',
	'outlooks(''card'', ''company'', PERIOD, NULL, ''naive'')']) AS call;
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc AS p
	WHERE p.pronamespace = 'kpi'::regnamespace AND p.provolatile <> 'v' AND 'period' = ANY (p.proargnames[:p.pronargs])
		AND p.proargtypes[array_position(p.proargnames, 'period') - 1] = 'text'::regtype
		AND NOT EXISTS (SELECT FROM pg_proc AS d WHERE d.proname = p.proname AND d.pronamespace = p.pronamespace
			AND '{day,grain}' <@ d.proargnames)
$$, 'what reads the period of a label reads that of a day and a grain, too');
-- what leads what: b follows a by two months
\o /dev/null
SELECT kpi.define_indicator('a', kind => 'entered', combine => 'none', grain => 'month'), kpi.define_indicator('b',
	kind => 'entered', combine => 'none', grain => 'month');
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, 'firm', 'month', day, CAST(uniform(CASE i WHEN 'a' THEN m ELSE m - 2 END, 77) AS numeric) FROM month,
	unnest('{a,b}'::text[]) AS i;
\o
SELECT results_eq($$SELECT leader, follower, lag, r > 0.9, p < 1e-6 FROM kpi.leads('firm')$$, $$VALUES ('a', 'b', 2,
	true, true)$$, 'a leads b by two months');
SELECT throws_ok(call, code, message) FROM (VALUES
	($$SELECT kpi.status_runs('card', 'company', '2024-09', status => 'blue')$$, '22023', 'unrecognized status "blue"'),
	($$SELECT kpi.status_changes('cart', 'company', '2024-09')$$, '22023', 'scorecard "cart" does not exist'),
	($$SELECT kpi.unit_pulls('card', 'compny', '2024-09')$$, '22023', 'unit "compny" does not exist'),
	($$SELECT kpi.unit_ranks('card', '2024-09', 'compny')$$, '22023', 'unit "compny" does not exist'),
	($$SELECT kpi.unit_ranks('card', '2024-09', NULL, 'stok')$$, '22023',
	'node "stok" does not exist in scorecard "card"'),
	($$SELECT kpi.leads('firm', 'mnth')$$, '22023', 'grain "mnth" does not exist')) AS v (call, code, message);

-- a reader of one region
\o /dev/null
CREATE ROLE kpi_test_north;
SELECT kpi.grant_viewer('kpi_test_north', '{north}');
\o
SET LOCAL ROLE kpi_test_north;
SELECT throws_ok($$SELECT kpi.outlook('flow', 'company', '2024')$$, '42501',
	'permission denied to read unit "company" in 2024');
SELECT isnt((SELECT expected FROM kpi.outlook('flow', 'north', '2024')), NULL, 'its own region has an outlook');
SELECT is((SELECT count(DISTINCT unit_name) FROM kpi.status_runs('card', NULL, '2024-09')), 1::bigint,
	'runs of its own units alone');
SELECT throws_ok($$SELECT kpi.status_runs('card', 'company', '2024-09')$$, '42501');
SELECT throws_ok($$SELECT kpi.unit_pulls('card', 'company', '2024-09')$$, '42501');
RESET ROLE;
SELECT finish();
ROLLBACK;
