-- What a node of a scorecard may show besides a value of the period: limits of the
-- scorecard, cards within cards, values of a longer grain; and the seams of the evaluation.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'),
	kpi.define_unit('web', dimension => 'organisation');
SELECT kpi.define_dimension('channel'), kpi.define_unit('shop', dimension => 'channel');
INSERT INTO kpi.indicator (indicator, name, kind, combine)
SELECT i, initcap(i), 'entered', 'average' FROM unnest('{a,x,y,survey,complaints,accident,base}'::text[]) i;
UPDATE kpi.indicator SET grain = 'year' WHERE indicator = 'survey';
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT i, u, '[2010-01-01,2014-01-01)', 100 FROM unnest('{a,x,y,survey,base}'::text[]) i,
	unnest('{company,north}'::text[]) u;

-- zero_below first, then floor and cap; of the node, else of the scorecard
DO $$BEGIN
	PERFORM kpi.define_scorecard('limits', zero_below => 60, cap => 120);
	PERFORM kpi.set_weight('limits', 'a', 1);
END$$;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT 'a', 'company', 'month', make_date(2011, n::integer, 1), v FROM unnest(ARRAY[59.9, 60, 150])
	WITH ORDINALITY q (v, n);
PREPARE limited AS SELECT e.score FROM generate_series(1, 3) n, kpi.evaluate('limits', 'company', '2011-0' || n) e
	WHERE depth = 1 ORDER BY n;
SELECT results_eq('limited', ARRAY[0, 60, 120]::numeric[], 'limits of the scorecard');
DO $$BEGIN PERFORM kpi.define_node('limits', 'a', floor => 10); END$$;
SELECT results_eq('limited', ARRAY[10, 60, 120]::numeric[], 'below zero_below it is 0, which the floor lifts');
DO $$BEGIN PERFORM kpi.define_node('limits', 'a', zero_below => 70, cap => 130); END$$;
SELECT results_eq('limited', ARRAY[10, 10, 130]::numeric[], 'the node goes before its scorecard');

-- cards within cards
DO $$BEGIN
	PERFORM kpi.define_scorecard('inner'), kpi.define_scorecard('outer');
	PERFORM kpi.set_weight('inner', 'x', 50), kpi.set_weight('inner', 'y', 50);
	PERFORM kpi.set_weight('outer', 'a', 60), kpi.define_node('outer', 'in', shows => 'inner', weight => 40);
END$$;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value, provisional) VALUES
	('a', 'company', 'month', '2012-01-01', 80, false), ('x', 'company', 'month', '2012-01-01', 70, true),
	('a', 'north', 'month', '2012-01-01', 90, false), ('x', 'north', 'month', '2012-01-01', 60, false),
	('y', 'north', 'month', '2012-01-01', 40, false), ('x', 'north', 'month', '2011-12-01', 20, false);
SELECT results_eq($$SELECT node, node_name, score, coverage, missing_nodes, is_provisional, score_reason
	FROM kpi.evaluate('outer', 'company', '2012-01')$$,
	$$VALUES ('outer', 'Outer', 76::numeric, 0.8::numeric, NULL::text[], 1, NULL::text),
		('a', 'A', 80, 1, NULL, 0, NULL),
		('in', 'Inner', 70, 0.5, NULL, 1, NULL)$$, 'E260: the score and coverage of the inner scorecard');
SELECT results_eq($$SELECT score, coverage, previous_score FROM kpi.evaluate('outer', 'north', '2012-01')
	WHERE node IN ('in', 'outer')$$,
	$$VALUES (74::numeric, 1::numeric, 20::numeric), (50, 1, 20)$$,
	'of the unit asked for, also in the period before');
DO $$BEGIN PERFORM kpi.define_node('outer', 'in', unit => 'north'); END$$;
SELECT results_eq($$SELECT score, coverage, measured_unit FROM kpi.evaluate('outer', 'company', '2012-01')
	WHERE node IN ('in', 'outer')$$,
	$$VALUES (68::numeric, 1::numeric, 'company'), (50, 1, 'north')$$, 'or of the node''s own');
DO $$BEGIN
	PERFORM kpi.define_scorecard('inner', method => 'points');
	PERFORM kpi.set_weight('inner', 'accident', role => 'veto_zero', scale => 'step(0:100, 0.5:0) of actual');
END$$;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('accident', 'north', 'month', '2012-01-01', 1);
SELECT results_eq($$SELECT node, score, vetoes, grades_down, score_reason
	FROM kpi.evaluate('outer', 'company', '2012-01')$$,
	$$VALUES ('outer', 48::numeric, NULL::text[], 0, NULL::text), ('a', 80, NULL, 0, NULL), ('in', 0, NULL, 0, NULL)$$,
	'its vetoes stay inside');
SELECT results_eq($$SELECT score, coverage, score_reason, missing_nodes
	FROM kpi.evaluate('outer', 'company', '2013-01') WHERE node IN ('in', 'outer')$$,
	$$VALUES (NULL::numeric, 0::numeric, 'no_data', '{a,in}'::text[]), (NULL, 0, 'no_data', '{in}')$$,
	'without data it is missing');
DO $$BEGIN
	PERFORM kpi.define_scorecard('inner', method => 'weighted', reset => '{cap}'),
		kpi.set_weight('inner', 'accident', role => 'part', weight => 0);
	PERFORM kpi.define_scorecard('top');
	PERFORM kpi.define_node('top', 'whole', shows => 'outer', weight => 1);
END$$;
SELECT results_eq($$SELECT node, score FROM kpi.evaluate('top', 'company', '2012-01')$$,
	$$VALUES ('top', 68::numeric), ('whole', 68)$$, 'three deep');

-- roles without targets
DO $$BEGIN
	PERFORM kpi.define_scorecard('points', method => 'points');
	PERFORM kpi.set_weight('points', 'base', 1);
	PERFORM kpi.set_weight('points', 'complaints', role => 'deduction',
		scale => 'add(0 from 0, 5 per 1 full) of actual');
	PERFORM kpi.set_weight('points', 'accident', role => 'veto_grade', scale => 'step(0:100, 0.5:0) of actual');
END$$;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES
	('base', 'company', 'month', '2011-01-01', 94.75), ('base', 'company', 'month', '2011-02-01', 94.75),
	('complaints', 'company', 'month', '2011-01-01', 3), ('accident', 'company', 'month', '2011-01-01', 0),
	('accident', 'company', 'month', '2011-02-01', 1);
SELECT results_eq($$SELECT e.score, e.missing_nodes, e.rag::text, e.grade FROM generate_series(1, 2) n,
	kpi.evaluate('points', 'company', '2011-0' || n) e
	WHERE depth = 0 ORDER BY n$$,
	$$VALUES (79.75, NULL::text[], 'amber', 'amber'), (94.75, '{complaints}', 'green', 'amber')$$,
	'E248: a deduction over an actual does nothing without one; a veto takes a grade, and the status stays');

-- the latest value of a longer grain, until the next is due
DO $$BEGIN
	PERFORM kpi.define_scorecard('monthly');
	PERFORM kpi.define_node('monthly', 'survey', weight => 1, carry => true), kpi.set_weight('monthly', 'a', 1);
END$$;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES
	('survey', 'company', 'year', '2010-01-01', 80), ('survey', 'company', 'year', '2011-01-01', 85);
UPDATE kpi.target SET target = 170, reason = 'raised' WHERE indicator = 'survey' AND unit = 'company';
SELECT results_eq($$SELECT p, actual, round(score, 2), coverage, carried, score_reason
	FROM unnest('{2010-11,2010-12,2011-06,2011-12,2012-11,2012-12}'::text[]) p, kpi.evaluate('monthly', 'company', p)
	WHERE node = 'survey'$$,
	$$VALUES ('2010-11', NULL::numeric, NULL::numeric, 0::numeric, false, 'no_actual'),
		('2010-12', 80, 47.06, 1, false, NULL),
	('2011-06', 80, 47.06, 1, true, 'carried'), ('2011-12', 85, 50.00, 1, false, NULL),
	('2012-11', 85, 50.00, 1, true, 'carried'),
	('2012-12', NULL, NULL, 0, false, 'no_actual')$$, 'carried from the end of its year until the next is over');
SELECT results_eq($$SELECT carried, score_reason FROM kpi.evaluate('monthly', 'company', '2011-06') WHERE depth = 0$$,
	$$VALUES (true, 'carried')$$, 'and told up to the top');
DO $$BEGIN PERFORM kpi.define_indicator('survey', due_after => '30 days'); END$$;
SELECT results_eq($$SELECT p, actual, coverage, carried, score_reason
	FROM unnest('{2011-06,2011-12,2012-03,2012-12,2013-01}'::text[]) p, kpi.evaluate('monthly', 'company', p)
	WHERE node = 'survey'$$,
	$$VALUES ('2011-06', 80::numeric, 1::numeric, true, 'carried'), ('2011-12', 85, 1, false, NULL),
		('2012-03', 85, 1, true, 'carried'), ('2012-12', 85, 1, true, 'carried'),
		('2013-01', NULL, 0, false, 'no_actual')$$,
	'E253, E254, E255, E256, E257: until the next is due, 30 days after its end');
DO $$BEGIN PERFORM kpi.define_node('monthly', 'survey', reset => '{carry}'); END$$;
SELECT is((SELECT score_reason FROM kpi.evaluate('monthly', 'company', '2011-06') WHERE node = 'survey'), 'no_actual',
	'E259: without carry a longer grain has no actual');

-- what a driver sends, and what goes together
SELECT results_eq($$SELECT node, score FROM kpi.evaluate('outer', 'north', date '2012-01-20', 'month')$$,
	$$SELECT node, score FROM kpi.evaluate('outer', 'north', '2012-01')$$, 'a day with a grain');
SELECT results_eq($$SELECT node, score FROM kpi.evaluate('outer', 'north', '2012-01-20', 'month')$$,
	$$SELECT node, score FROM kpi.evaluate('outer', 'north', '2012-01')$$, 'also without a type');
SELECT is((SELECT count(*) FROM kpi.scorecard_text('outer', 'north', date '2012-01-20', 'month')),
	(SELECT count(*) FROM kpi.scorecard_text('outer', 'north', '2012-01')), 'also of the report');
SELECT throws_ok($$SELECT kpi.evaluate('outer', 'shop', '2012-01')$$, '22023',
	'unit "shop" is of dimension "channel", scorecard "outer" of dimension "organisation"',
	'a unit of another dimension');

-- worked cases: a node without a scale, cards within cards
DO $$BEGIN
	PERFORM kpi.define_indicator('up', combine => 'average'),
		kpi.define_indicator('down', combine => 'average', direction => 'lower');
	PERFORM kpi.define_scorecard('bare'), kpi.set_weight('bare', 'up', 1), kpi.set_weight('bare', 'down', 1);
	PERFORM kpi.set_target('up', 'company', '2012-06', 100), kpi.set_target('down', 'company', '2012-06', 10);
	PERFORM kpi.enter('up', 'company', '2012-06', 95), kpi.enter('down', 'company', '2012-06', 12);
	PERFORM kpi.define_scorecard('capped', cap => 120), kpi.set_weight('capped', 'x', 1),
		kpi.set_weight('capped', 'y', 1);
	PERFORM kpi.define_scorecard('around'), kpi.set_weight('around', 'a', 1),
		kpi.define_node('around', 'in', shows => 'capped', weight => 1);
	PERFORM kpi.enter('a', 'company', '2012-06', 80), kpi.enter('x', 'company', '2012-06', 150),
		kpi.enter('y', 'company', '2012-06', 50), kpi.enter('x', 'north', '2012-06', 70),
		kpi.enter('y', 'north', '2012-06', 50);
END$$;
SELECT results_eq($$SELECT node, score FROM kpi.evaluate('bare', 'company', '2012-06') WHERE depth = 1$$,
	$$VALUES ('up', 95::numeric), ('down', 80)$$, 'E245, E246: without a scale 100 points for 100 %');
SELECT results_eq($$SELECT node, score, coverage FROM kpi.evaluate('around', 'company', '2012-06')$$,
	$$VALUES ('around', 82.5::numeric, 1::numeric), ('a', 80, 1), ('in', 85, 1)$$,
	'E261: the inner scorecard goes by its own cap');
DO $$BEGIN PERFORM kpi.define_node('around', 'in', unit => 'north', weight => 3); END$$;
SELECT results_eq($$SELECT node, score FROM kpi.evaluate('around', 'company', '2012-06')$$,
	$$VALUES ('around', 65::numeric), ('a', 80), ('in', 60)$$, 'E263: the unit of the node, not the one asked for');
SELECT throws_ok($$SELECT kpi.define_node('capped', 'back', shows => 'around')$$, '22023', NULL,
	'E264: scorecards that show each other in a circle are refused');
SELECT throws_ok($$SELECT kpi.define_node('capped', 'me', shows => 'capped')$$, '22023', NULL,
	'one that shows itself, too');

-- the seams
SELECT results_eq($$SELECT n.rules, n.node, n.parent, n.place, n.depth, n.leaf, n.weight
	FROM unnest('{2012-01-01,2013-01-01}'::date[]) d CROSS JOIN LATERAL kpi_internal.nodes_in_force('outer', d) n
	ORDER BY n.rules, n.place$$,
	$$VALUES ('2012-01-01'::date, 'outer', NULL::text, 1, 0, false, NULL::numeric),
		('2012-01-01', 'a', 'outer', 2, 1, true, 60),
		('2012-01-01', 'in', 'outer', 3, 1, true, 40), ('2013-01-01', 'outer', NULL, 1, 0, false, NULL),
		('2013-01-01', 'a', 'outer', 2, 1, true, 60),
		('2013-01-01', 'in', 'outer', 3, 1, true, 40)$$, 'the nodes in force on several days');
SELECT results_eq($$SELECT unit, period_start, asked, node, actual, target, points, reason
	FROM kpi_internal.node_inputs(ARRAY[ROW('inner', 'north', 'month', '2012-01-01', NULL),
		ROW('inner', 'north', 'month', '2012-02-01', NULL)]::kpi_internal.cell[])
	WHERE node IN ('x', 'y') ORDER BY period_start, place$$,
	$$VALUES ('north', '2011-12-01'::date, false, 'x', 20::numeric, 100::numeric, 20::numeric, NULL::text),
		('north', '2011-12-01', false, 'y', NULL, 100, NULL, 'no_actual'),
		('north', '2012-01-01', true, 'x', 60, 100, 60, NULL), ('north', '2012-01-01', true, 'y', 40, 100, 40, NULL),
		('north', '2012-02-01', true, 'x', NULL, 100, NULL, 'no_actual'),
		('north', '2012-02-01', true, 'y', NULL, 100, NULL, 'no_actual')$$,
	'their inputs: what was asked for, and the period before, each once');
CREATE TEMP TABLE many AS
SELECT e.* FROM kpi_internal.evaluated(ARRAY(
	SELECT CAST(ROW(c, u, 'month', d::date, NULL) AS kpi_internal.cell)
	FROM unnest('{inner,outer,top,points,monthly,limits}'::text[]) c, unnest('{company,north}'::text[]) u,
		generate_series(timestamp '2010-11-01', '2013-02-01', '1 month') d)) e;
SELECT is_empty($$SELECT m.scorecard, m.unit, m.period_start, m.node FROM many m
	FULL JOIN (SELECT e.* FROM (SELECT DISTINCT scorecard, unit, period_start FROM many) c
			CROSS JOIN LATERAL kpi_internal.evaluated(ARRAY[CAST(ROW(c.scorecard, c.unit, 'month', c.period_start,
				NULL) AS kpi_internal.cell)]) e) o
		USING (scorecard, unit, grain, period_start, node)
	WHERE to_jsonb(m) - 'evaluated_at' IS DISTINCT FROM to_jsonb(o) - 'evaluated_at'$$,
		'many at once are what each is alone');
SELECT cmp_ok((SELECT count(*) FROM many WHERE previous_score IS NOT NULL), '>', 30::bigint, 'with periods before');

SELECT * FROM finish();
ROLLBACK;
