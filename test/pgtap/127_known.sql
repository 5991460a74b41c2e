-- What was known at a time: the score of a month comes back to the digit after
-- targets, weights, tree, definition and measurements were changed. Each step is
-- a transaction, as times are those of their begin; so nothing is undone.
\set QUIET on
SELECT no_plan();
SET client_min_messages = warning;
SET TimeZone = 'UTC';

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('leeds', 'north', valid => '[2010-01-01,)');
SELECT kpi.define_indicator('sales', combine => 'sum', grain => 'month'),
	kpi.define_indicator('cost', combine => 'sum', direction => 'lower', grain => 'month'),
	kpi.define_indicator('share', combine => 'average', grain => 'month'),
	kpi.define_indicator('margin', kind => 'derived', formula => 'sales - cost', target_rule => 'hold');
SELECT kpi.define_scorecard('card'), kpi.define_scorecard('outer');
SELECT kpi.define_node('card', 'money', weight => 60), kpi.define_node('card', 'sales', 'money', weight => 1),
	kpi.define_node('card', 'margin', 'money', weight => 2, scale => 'rank(100, 80, 60) of actual'),
	kpi.define_node('card', 'share', weight => 40);
SELECT kpi.define_node('outer', 'inner', shows => 'card', weight => 1), kpi.define_node('outer', 'cost', weight => 1);
SELECT kpi.set_target(i, u, '2011', 1200.5, reason => 'plan')
FROM unnest('{sales,cost}'::text[]) AS i, unnest('{north,south,leeds}'::text[]) AS u;
SELECT kpi.set_target('share', u, '2011', 0.3, reason => 'plan') FROM unnest('{north,south,leeds}'::text[]) AS u;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', make_date(2011, m, 1), length(i || u) * 7 + m
FROM unnest('{sales,cost,share}'::text[]) AS i, unnest('{south,leeds}'::text[]) AS u, generate_series(1, 4) AS m;

-- What every scorecard was for every unit and month, each time it was asked
CREATE TABLE moment (n serial PRIMARY KEY, what text, at timestamptz);
CREATE TABLE was (what text, card text, unit text, period text, rows jsonb);
CREATE FUNCTION evaluated(card text, unit text, period text,
	known timestamptz DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(to_jsonb(e) - 'evaluated_at' ORDER BY e.place) FROM kpi.evaluate(card, unit, period,
		known_at => known) AS e
$$;
CREATE FUNCTION asked() RETURNS TABLE (card text, unit text, period text) LANGUAGE sql AS $$
	SELECT c, u, p FROM unnest('{card,outer}'::text[]) AS c, unnest('{company,north,south,leeds}'::text[]) AS u,
		unnest('{2011-02,2011-03,2011-04}'::text[]) AS p
$$;
CREATE PROCEDURE look(said text) LANGUAGE sql AS $$
	INSERT INTO was SELECT said, a.*, evaluated(a.card, a.unit, a.period) FROM asked() AS a;
	INSERT INTO moment (what, at) VALUES (said, clock_timestamp());
$$;

CALL look('begin');
SELECT kpi.set_target('sales', 'leeds', '2011-03', 130, reason => 'agreed anew');
CALL look('target');
SELECT kpi.set_weight('card', 'share', weight => 45.5);
CALL look('weight');
SELECT kpi.define_node('card', 'costs', indicator => 'cost', weight => 3), kpi.define_node('card', 'margin',
	weight => 2);
CALL look('tree');
SELECT kpi.define_indicator('share', direction => 'lower', scale => 'linear(0.5:0, 1:90)'),
	kpi.define_scorecard('card', cap => 110, floor => 5);
CALL look('definition');
SELECT kpi.enter('sales', 'leeds', '2011-03', 71), kpi.enter('cost', 'south', '2011-03', 1);
CALL look('measurement');
SELECT kpi.define_unit('leeds', parent => 'company', valid => '[2010-01-01,)');
CALL look('unit');
SELECT kpi.define_node('outer', 'inner', shows => 'card', weight => 1, unit => 'leeds');
CALL look('node');
INSERT INTO kpi.band_set (band_set, name) VALUES ('marks', 'Marks');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour)
	VALUES ('marks', 'low', NULL, 'Low', -1, '#ff0000'), ('marks', 'high', 60, 'High', 1, '#00ff00');
SELECT kpi.define_scorecard('card', band_set => 'marks');
CALL look('band set');
UPDATE kpi.band SET lower_bound = 99, name = 'Top' WHERE code = 'high';
CALL look('band');
SELECT kpi.set_benchmark('share', 'rival', '2011', 0.5), kpi.define_indicator('share', target_peer => 'rival',
	reset => '{scale}');
DELETE FROM kpi.target WHERE indicator = 'share';
CALL look('benchmark');
SELECT kpi.set_benchmark('share', 'rival', '2011', 0.6);
CALL look('another benchmark');
SELECT kpi.finalize('card', 'leeds', '2011-03');
CALL look('final');
SELECT kpi.enter('sales', 'leeds', '2011-03', 5), kpi.set_weight('card', 'share', weight => 1);
CALL look('after final');
SELECT kpi.reopen('card', 'leeds', '2011-03', 'a mistake');
CALL look('reopened');

SELECT is_empty($$ SELECT w.what, w.card, w.unit, w.period FROM was AS w JOIN moment AS m USING (what)
	WHERE w.rows IS DISTINCT FROM evaluated(w.card, w.unit, w.period, m.at) $$,
		'every number of every time comes back to the digit');
SELECT is_empty($$ SELECT a.what FROM moment AS a JOIN moment AS b ON b.n = a.n + 1
	WHERE NOT EXISTS (SELECT FROM was AS x JOIN was AS y USING (card, unit, period)
		WHERE x.what = a.what AND y.what = b.what AND x.rows IS DISTINCT FROM y.rows)
		AND b.what NOT IN ('final') $$, 'and each step has changed one');
SELECT results_eq($$ SELECT rows FROM was WHERE what = 'after final' AND card = 'card' AND unit = 'leeds'
	AND period = '2011-03' $$,
	$$ SELECT rows FROM was WHERE what = 'final' AND card = 'card' AND unit = 'leeds' AND period = '2011-03' $$,
		'what is final stayed');
SELECT is((SELECT score FROM kpi.evaluate('card', 'leeds', '2011-03', as_of => '2011-03-31') WHERE depth = 0),
	(SELECT (rows -> 0 ->> 'score')::numeric FROM was WHERE what = 'reopened' AND card = 'card' AND unit = 'leeds'
		AND period = '2011-03'),
	'and can be scored by the rules of today');

-- What has changed between two times
SELECT is((SELECT sum(e.effect) FROM moment AS m, moment AS z, kpi.explain('card', 'leeds', '2011-03',
	known_at => z.at, against_known_at => m.at) AS e
		WHERE m.what = 'begin' AND z.what = 'measurement'),
	(SELECT (z.rows -> 0 ->> 'score')::numeric - (a.rows -> 0 ->> 'score')::numeric FROM was AS a
		JOIN was AS z USING (card, unit, period)
	 WHERE a.what = 'begin' AND z.what = 'measurement' AND card = 'card' AND unit = 'leeds' AND period = '2011-03'),
	'what has changed between two times adds up');
SELECT results_eq($$ SELECT DISTINCT e.cause FROM moment AS m, moment AS z,
		kpi.explain('card', 'leeds', '2011-03', known_at => z.at, against_known_at => m.at) AS e
	WHERE m.what = 'begin' AND z.what = 'weight' ORDER BY 1 $$, $$ VALUES ('target'), ('weight') $$, 'cause by cause');

SELECT throws_ok($$ SELECT * FROM kpi.evaluate('card', 'leeds', '2011-03', known_at => '2001-01-01') $$, '22023',
	'scorecard "card" did not exist at 2001-01-01 00:00:00+00', 'before there was anything');

-- By unit below: the tree and the values are those that were known, and of what is final those it was made of
CREATE FUNCTION parts(known_at timestamptz DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', e.child_unit, e.value_before, e.value_after), ', ' ORDER BY e.child_unit)
	FROM kpi.explain('of two', 'firm', '2012-02', by => 'unit', known_at => parts.known_at) AS e $$;
SELECT kpi.define_unit('firm'), kpi.define_unit('one', 'firm'), kpi.define_unit('two', 'firm');
SELECT kpi.define_scorecard('of two'), kpi.define_node('of two', 'sales', weight => 1);
SELECT kpi.set_target('sales', 'firm', m, 100), kpi.enter('sales', 'one', m, 40), kpi.enter('sales', 'two', m, v)
FROM (VALUES ('2012-01', 50), ('2012-02', 20)) AS v (m, v);
SELECT kpi.enter('sales', 'one', '2012-02', 45, reason => 'counted anew');
SELECT is(parts(), 'one 40 45, two 50 20', 'each unit has its part');
SELECT clock_timestamp() AS two_below \gset
SELECT kpi.define_unit('two', 'one');
SELECT is(parts(:'two_below'), 'one 40 45, two 50 20', 'by the tree that was known then');
SELECT is(parts(), 'one 40 45', 'which has changed since, and the firm''s values with it');
SELECT kpi.define_unit('two', 'firm');
SELECT kpi.finalize('of two', 'firm', m) FROM unnest('{2012-01,2012-02}'::text[]) AS m;
SELECT kpi.enter('sales', 'two', '2012-02', 90, reason => 'late'), kpi.define_unit('two', 'one');
SELECT is(parts(), 'one 40 45, two 50 20', 'of what is final, the parts it was made of');
SELECT clock_timestamp() AS still_final \gset
SELECT kpi.reopen('of two', 'firm', m, 'late') FROM unnest('{2012-01,2012-02}'::text[]) AS m;
SELECT is(parts(:'still_final'), 'one 40 45, two 50 20', 'and was final, too');
SELECT is(parts(), 'one 40 45', 'until it is open again');

SELECT * FROM finish();
