-- Scales of every argument in a scorecard: what is of the actual needs no
-- target, gaps go by direction, places are among sibling units.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

DO $$
BEGIN
	PERFORM kpi.define_unit(u) FROM unnest('{firm,other}'::text[]) AS u;
	PERFORM kpi.define_unit(u, parent => 'firm') FROM unnest('{a,b,c,d,e}'::text[]) AS u;
	PERFORM kpi.define_unit('gone', parent => 'firm', valid => '[2010-01-01,2011-06-01)');
	PERFORM kpi.define_unit('below', parent => 'a');
END
$$;
INSERT INTO kpi.indicator (indicator, name, kind, combine, direction)
SELECT i, i, 'entered', 'average', d
FROM (VALUES ('sales', 'higher'), ('price', 'lower'), ('stock', 'target'), ('complaints', 'lower'),
	('accident', 'lower'), ('base', 'higher')) v(i, d);
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT i, u, '[2011-01-01,2012-01-01)', t
FROM (VALUES ('sales', 10), ('price', 10), ('stock', 100), ('base', 100)) v(i, t), unnest('{a,b,c,d,e}'::text[]) u;
CREATE FUNCTION pg_temp.measure(indicator text, month date, "values" jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	SELECT measure.indicator, key, 'month', month, value::numeric FROM jsonb_each_text("values") $$;
SELECT pg_temp.measure('sales', '2011-06-01',
	'{"a": 310, "b": 480, "c": 310, "d": 200, "gone": 999, "below": 800, "other": 700, "firm": 900}'),
	pg_temp.measure('price', '2011-06-01', '{"a": 3, "b": 4.4, "c": 3.6, "d": 3.2}'),
	pg_temp.measure('stock', '2011-06-01', '{"a": 90, "b": 105, "c": 130, "d": 95}'),
	pg_temp.measure('base', '2011-06-01', '{"a": 94.75, "b": 94.75}'),
	pg_temp.measure('complaints', '2011-06-01', '{"a": 3}'),
	pg_temp.measure('accident', '2011-06-01', '{"a": 1, "b": 0}');
-- the scores that a scale gives the units, one after the other
CREATE FUNCTION pg_temp.scores(indicator text, scale kpi.scale, units text[] DEFAULT '{a,b,c,d,e}',
	month text DEFAULT '2011-06') RETURNS numeric[] LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi.define_scorecard('card');
	PERFORM kpi.define_node('card', 'n', indicator => indicator, weight => 1, scale => scale);
	RETURN ARRAY(SELECT e.score FROM unnest(units) WITH ORDINALITY AS u(u, n), kpi.evaluate('card', u, month) e
		WHERE e.node = 'n' ORDER BY u.n);
END $$;

-- the gap is s (actual - target); what is of the actual asks for no target
SELECT is(pg_temp.scores('sales', 'linear(0:0, 1000:100) of gap'), '{30,47,30,19,NULL}'::numeric[],
	'gap where higher is better');
SELECT is(pg_temp.scores('price', 'linear(0:0, 10:100) of gap'), '{70,56,64,68,NULL}'::numeric[],
	'gap where lower is better');
SELECT is(pg_temp.scores('stock', 'linear(-50:0, 0:100) of gap'), '{80,90,40,90,NULL}'::numeric[],
	'gap where the target is to be hit');
SELECT is(pg_temp.scores('sales', 'linear(0:0, 1000:100) of actual', '{a,gone,below,e}'),
	'{31,99.9,80,NULL}'::numeric[], 'an actual has points without a target');
SELECT is(pg_temp.scores('sales', 'given'), '{310,480,310,200,NULL}'::numeric[], 'an actual that is the points');
SELECT is((SELECT score_reason FROM kpi.evaluate('card', 'e', '2011-06') WHERE node = 'n'), 'no_actual',
	'only the actual is missing');
SELECT is(pg_temp.scores('sales', 'linear(0:0, 100:100)', '{a,gone}'), '{31,NULL}'::numeric[],
	'an attainment needs a target');

-- places: who is gone, above or below does not count
SELECT is(pg_temp.scores('sales', 'rank(100, 80, 60) of actual'), '{80,100,80,0,NULL}'::numeric[],
	'equals share the better place, the next is skipped; beyond the list 0, without a value no place');
SELECT is(pg_temp.scores('sales', 'rank(100, 80, 60) of actual', '{firm,other,below}'),
	'{100,80,100}'::numeric[], 'roots and only children are among themselves');
SELECT is(pg_temp.scores('price', 'rank(100, 80, 60) of actual'), '{100,0,60,80,NULL}'::numeric[],
	'the lowest is best where lower is better');
SELECT is(pg_temp.scores('price', 'rank(100, 80, 60) of actual round 0'), '{100,60,60,100,NULL}'::numeric[],
	'what is rounded ranks as rounded');
SELECT is(pg_temp.scores('stock', 'rank(100, 80, 60) of actual'), '{60,100,0,100,NULL}'::numeric[],
	'the nearest is best where the target is to be hit');
SELECT is(pg_temp.scores('price', 'rank(100, 80, 60) of attainment'), '{100,0,60,80,NULL}'::numeric[],
	'by attainment');
SELECT is(pg_temp.scores('price', 'rank(100, 80, 60) of gap max 90'), '{90,0,60,80,NULL}'::numeric[], 'by gap, held');
SELECT is(pg_temp.scores('sales', 'rank(100, 80, 60) of actual', '{gone}', '2011-05'), '{NULL}'::numeric[],
	'no value in the month before');

-- roles that need no target
DO $$
BEGIN
	PERFORM kpi.define_scorecard('points', method => 'points');
	PERFORM kpi.define_node('points', 'base', indicator => 'base', weight => 1);
	PERFORM kpi.define_node('points', 'complaints', indicator => 'complaints', role => 'deduction',
		scale => 'add(0 from 0, 5 per 1 full) of actual');
	PERFORM kpi.define_scorecard('veto');
	PERFORM kpi.define_node('veto', 'v_base', indicator => 'base', weight => 1);
	PERFORM kpi.define_node('veto', 'accident', indicator => 'accident', role => 'veto_zero',
		scale => 'step(0:100, 0.5:0) of actual');
END
$$;
SELECT results_eq($$ SELECT score, missing_nodes FROM kpi.evaluate('points', 'a', '2011-06') WHERE depth = 0 $$,
	$$ VALUES (79.75, NULL::text[]) $$, 'three complaints cost 15 points');
SELECT results_eq($$ SELECT score, missing_nodes FROM kpi.evaluate('points', 'b', '2011-06') WHERE depth = 0 $$,
	$$ VALUES (94.75, '{complaints}'::text[]) $$, 'without a value a deduction does nothing and is listed');
SELECT results_eq($$ SELECT score, vetoes FROM kpi.evaluate('veto', 'a', '2011-06') WHERE depth = 0 $$,
	$$ VALUES (0::numeric, '{accident}'::text[]) $$, 'a veto over an actual is triggered by 0 points');
SELECT results_eq($$ SELECT score, vetoes FROM kpi.evaluate('veto', 'b', '2011-06') WHERE depth = 0 $$,
	$$ VALUES (94.75, NULL::text[]) $$, 'and not by 100');

-- a place that is carried
SELECT pg_temp.measure('sales', '2011-05-01', '{"a": 5, "b": 7}');
DO $$
BEGIN
	PERFORM kpi.define_scorecard('carried', missing => 'carry');
	PERFORM kpi.define_node('carried', 'c', indicator => 'sales', weight => 1, scale => 'rank(100, 80, 60) of actual');
	DELETE FROM kpi.measurement WHERE unit = 'a' AND period_start = '2011-06-01' AND indicator = 'sales';
END
$$;
SELECT results_eq($$ SELECT score, carried FROM kpi.evaluate('carried', 'a', '2011-06') WHERE depth = 0 $$,
	$$ VALUES (80::numeric, true) $$, 'the place of the month before');

SELECT * FROM finish();
ROLLBACK;
