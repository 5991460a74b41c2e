-- Targets that are limits: what range, span and binary score, wherever a target comes from and whoever asks.
-- (Every rule of targets with limits is tried at random in 123_evaluate_random.)
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SELECT no_plan();

SELECT kpi.define_unit('firm'), kpi.define_unit('a', 'firm'), kpi.define_unit('b', 'firm');
SELECT kpi.define_indicator('stock', unit_of_measure => 't', combine => 'average', attainment_method => 'range',
		decimals => 0),
	kpi.define_indicator('share', combine => 'average', attainment_method => 'span', direction => 'lower',
		inherit_target => true),
	kpi.define_indicator('audit', combine => 'average', attainment_method => 'binary'),
	kpi.define_indicator('load', combine => 'sum', attainment_method => 'range');
SELECT is((SELECT direction::text FROM kpi.indicator WHERE indicator = 'stock'), 'target',
	'what is to stay within limits is better at neither end');
SELECT kpi.set_target('stock', 'a', '2011', low => 90, high => 110, outer_low => 70, outer_high => 150,
		stretch => 100),
	kpi.set_target('share', 'firm', '2011', low => 20, high => 60), kpi.set_target('audit', 'a', '2011', 5),
	kpi.set_target('load', 'firm', '2011', low => 1200, high => 2400, outer_low => 0, outer_high => 3600);
SELECT kpi.enter(i, 'a', '2011-0' || m, x) FROM (VALUES ('stock', 1, 80), ('stock', 2, 130), ('share', 1, 30),
	('share', 2, 70), ('audit', 1, 5), ('audit', 2, 4.9), ('load', 1, 75), ('load', 2, 100)) AS v (i, m, x);
SELECT kpi.cascade_target('load', 'firm', '2011', by => 'share', shares => '{"a": 1, "b": 2}');
SELECT kpi.define_scorecard('card');
SELECT kpi.define_node('card', i, indicator => i, weight => 1) FROM unnest('{stock,share,audit,load}'::text[]) AS i;
SELECT results_eq($$SELECT node, actual, target_low, target_high, attainment, score, score_reason
	FROM kpi.evaluate('card', 'a', '2011-01') WHERE depth = 1$$,
	$$VALUES ('stock', 80.0, 90.0, 110.0, 0.5, 50.0, NULL), ('share', 30, 20, 60, 0.75, 75, NULL),
		('audit', 5, NULL, NULL, 1, 100, NULL), ('load', 75, 33.33333333333333333333,
			66.66666666666666666667, 0.75, 75, NULL)$$,
	'range, span from above, binary: a held target, an inherited one, a cascaded one spread over months');
SELECT results_eq($$SELECT node, attainment, score FROM kpi.evaluate('card', 'a', '2011-02') WHERE depth = 1$$,
	$$VALUES ('stock', 0.5, 50.0), ('share', -0.25, -25), ('audit', 0, 0), ('load', 0, 0)$$, 'beyond an end of each');
SELECT is((SELECT count(*) FROM kpi.evaluate('card', 'b', '2011-01') WHERE score_reason = 'no_actual'), 4::bigint,
	'another unit has no values');

-- what the views and the report show
CALL kpi.collect('2011-01', '2011-02', commit_each => false);
SELECT results_eq($$SELECT node::text, target, target_low, target_high FROM kpi.v_scorecard
	WHERE unit = 'a' AND period_label = '2011-01' AND depth = 1 ORDER BY place$$,
	$$SELECT node, round(target, 6), round(target_low, 6), round(target_high, 6)
	FROM kpi.evaluate('card', 'a', '2011-01') WHERE depth = 1$$, 'limits are among the results');
SELECT results_eq($$SELECT target, target_low, target_high, target_stretch, attainment, attainment_reason::text, trend
	FROM kpi.v_indicator WHERE indicator = 'stock' AND unit = 'a' AND period_label = '2011-02'$$,
	'VALUES (NULL::numeric, 90.0, 110.0, 100.0, 0.5, NULL::text, 0)', 'and a stretch beside the values');
SELECT is((SELECT count(*) FROM kpi.scorecard_text('card', 'a', '2011-01') AS line 
	WHERE line ~ ' 80 t +90 t . 110 t '), 1::bigint, 'the report shows both limits');

-- why a score has changed: values and limits
SELECT kpi.set_target('stock', 'a', '2011-02', low => 120, high => 140, outer_low => 100, outer_high => 160,
	reason => 'more goods');
SELECT is((SELECT sum(effect) FROM kpi.explain('card', 'a', '2011-02')),
	(SELECT score_change FROM kpi.evaluate('card', 'a', '2011-02') WHERE depth = 0), 'effects add up to the change');
SELECT set_eq($$SELECT node, cause FROM kpi.explain('card', 'a', '2011-02')$$,
	$$VALUES ('stock', 'value'), ('stock', 'target'), ('share', 'value'), ('audit', 'value'), ('load', 'value')$$,
	'other limits are another target, a share of a year that differs in its last digit is none');

-- final rows keep their limits
SELECT kpi.finalize('card', 'a', '2011-01', provisional => true);
SELECT kpi.set_target('stock', 'a', '2011-01', low => 60, high => 140, outer_low => 10, outer_high => 160,
	reason => 'wider');
SELECT results_eq($$SELECT target_low, score FROM kpi.evaluate('card', 'a', '2011-01') WHERE node = 'stock'$$,
	'VALUES (90.0, 50.0)', 'what is final stays');
SELECT kpi.refresh_results();
SELECT results_eq($$SELECT cause::text FROM kpi.v_restatement WHERE node = 'stock'$$, $$VALUES ('target')$$,
	'and what it would be now is told');

-- a gap needs a number; among ranks what counts is how well a value fits
SELECT kpi.define_node('card', 'gap', indicator => 'stock', weight => 0, scale => 'linear(-100:0, 0:100) of gap');
SELECT is((SELECT score_reason FROM kpi.evaluate('card', 'a', '2011-02') WHERE node = 'gap'), 'no_target',
	'limits have no gap');
SELECT kpi.set_target('stock', 'a', '2011-02', 120, reason => 'best');
SELECT is((SELECT score FROM kpi.evaluate('card', 'a', '2011-02') WHERE node = 'gap'), 90.0,
	'a target beside them has');
SELECT kpi.set_target('stock', 'b', '2011', low => 90, high => 110, outer_low => 70, outer_high => 150),
	kpi.enter('stock', 'b', '2011-02', 145);
SELECT kpi.define_node('card', 'place', indicator => 'stock', weight => 0, scale => 'rank(100, 60) of actual');
SELECT results_eq($$SELECT u, score FROM unnest('{a,b}'::text[]) AS u, kpi.evaluate('card', u, '2011-02')
	WHERE node = 'place'$$, $$VALUES ('a', 100.0), ('b', 60.0)$$, 'who fits better is first');

-- another method: what is missing or not read is told
SELECT kpi.define_indicator('audit', attainment_method => 'span');
SELECT is((SELECT score_reason FROM kpi.evaluate('card', 'a', '2011-01') WHERE node = 'audit'), NULL,
	'what is final');
SELECT is((SELECT score_reason FROM kpi.evaluate('card', 'a', '2011-02') WHERE node = 'audit'), 'no_limits',
	'a number is no limits');
SELECT is((SELECT attainment_reason::text FROM kpi.v_indicator WHERE indicator = 'audit' AND unit = 'a'
		AND period_label = '2011-02'),
	'no_limits', 'so it says beside the value');
SELECT is((SELECT finding FROM kpi.check_registry() WHERE relation = 'kpi.target'),
	'it has no low, which attainment_method "span" reads', 'and the registry is told to lack them');

-- definitions and targets go through a file
SELECT is((SELECT e -> 'attainment_method' FROM kpi.export() AS x, jsonb_array_elements(x -> 'indicators') AS e
	WHERE e ->> 'indicator' = 'stock'), '"range"', 'the method is exported');

SELECT results_eq($$SELECT m, kpi.attainment_reason(5, t, m, low => l, high => h, outer_low => o, outer_high => p)
	FROM (VALUES ('range', NULL::numeric, 4, 6, 3, 7), ('range', 5, NULL, NULL, NULL, NULL),
		('range', NULL, 4, 6, 3, NULL),
		('range', NULL, NULL, NULL, NULL, NULL), ('range', NULL, 6, 4, 3, 7),
		('range', NULL, 4, 6, 3, 'NaN'::numeric),
		('span', NULL, 4, 6, NULL, NULL), ('span', NULL, 4, NULL, NULL, NULL), ('span', NULL, 4, 4, NULL, NULL),
		('span', NULL, 5, 5, NULL, NULL), ('span', NULL, 6, 4, NULL, NULL), ('binary', 5, NULL, NULL, NULL, NULL),
		('binary', NULL, NULL, NULL, NULL, NULL)) AS v (m, t, l, h, o, p)$$,
	$$VALUES ('range', NULL), ('range', 'no_limits'), ('range', 'no_limits'), ('range', 'no_target'),
		('range', 'invalid'), ('range', 'invalid'), ('span', NULL), ('span', 'no_limits'), ('span', 'zero_span'),
		('span', NULL),
		('span', 'invalid'), ('binary', NULL), ('binary', 'no_target')$$, 'why there is no attainment');

SELECT * FROM finish();
ROLLBACK;
