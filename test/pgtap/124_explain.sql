-- Why a score has changed: effects that add up to the change, to the last digit.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\ir lib.sql

\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator(i, kind => 'entered', combine => 'sum', scale => 'given') FROM unnest('{a,b,s}'::text[]) i;
SELECT kpi.define_scorecard('two'), kpi.set_weight('two', 'a', 60), kpi.set_weight('two', 'b', 40);
SELECT kpi.define_scorecard('survey'), kpi.set_weight('survey', 'a', 60), kpi.set_weight('survey', 's', 40);
SELECT kpi.enter(i, 'company', p, v) FROM (VALUES
	('a', '2011-01', 80), ('b', '2011-01', 60), ('a', '2011-02', 90), ('b', '2011-02', 50),
	('a', '2011-03', 80), ('b', '2011-03', 60), ('a', '2011-04', 90), ('b', '2011-04', 60),
	('a', '2011-05', 80), ('s', '2011-05', 90), ('a', '2011-06', 70), ('a', '2011-08', 80), ('a', '2011-09', 80),
	('s', '2011-09', 90)) v (i, p, v);
SELECT kpi.set_weight('two', n, w, "from" => f)
FROM (VALUES ('a', 50, date '2011-03-01'), ('b', 50, '2011-03-01'), ('a', 60, '2011-04-01'),
	('b', 40, '2011-04-01')) v (n, w, f);
\o

PREPARE why(text, text, text) AS SELECT cause, node, effect FROM kpi.explain($1, 'company', $2, $3);
SELECT results_eq($$EXECUTE why('two', '2011-02', NULL)$$,
	$$VALUES ('value', 'a', 6::numeric), ('value', 'b', -4)$$, 'E265: values alone');
SELECT results_eq($$EXECUTE why('two', '2011-04', NULL)$$,
	$$VALUES ('value', 'a', 5.5), ('weight', 'two', 2.5)$$,
		'E266: the mean of both orders, weights told at their parent');
SELECT results_eq($$EXECUTE why('survey', '2011-06', NULL)$$,
	$$VALUES ('value', 'a', -8::numeric), ('missing', 's', -6)$$, 'E268: a missing survey has an effect of its own');
SELECT results_eq($$EXECUTE why('survey', '2011-09', NULL)$$,
	$$VALUES ('missing', 's', 4::numeric)$$, 'E269: a survey that appears is missing data as a whole');
SELECT results_eq($$EXECUTE why('survey', '2011-05', '2011-06')$$,
	$$VALUES ('value', 'a', 8::numeric), ('missing', 's', 6)$$, 'and the other way round the opposite one');
SELECT results_eq($$SELECT node, value_before, value_after
	FROM kpi.explain('survey', 'company', date '2011-06-20', 'month')$$,
	$$VALUES ('a', 80::numeric, 70::numeric), ('s', 90, NULL)$$, 'by a day, with what was replaced');
SELECT is_empty($$EXECUTE why('survey', '2011-06', '2011-06')$$, 'against itself nothing has changed');
SELECT is((SELECT count(effect) FROM kpi.explain('two', 'company', '2011-05')), 2::bigint,
	'from a score to a score with less in it');
SELECT is((SELECT count(effect) FROM kpi.explain('two', 'company', '2011-01')), 0::bigint,
	'no effects without a score before');
SELECT throws_matching($$EXECUTE why('two', '2011-02', '2011-Q1')$$, 'grain "quarter"', 'periods of one grain');
SELECT throws_ok($$SELECT kpi.explain('tow', 'company', '2011-02')$$, '22023', 'scorecard "tow" does not exist');
SELECT throws_ok($$SELECT kpi.explain('two', 'company', '2011-02', by => 'region')$$, '22023',
	'unrecognized by "region"');

-- shares of a year, of which some differ in their last digits
\o /dev/null
SELECT kpi.define_indicator('x', kind => 'entered', combine => 'sum');
SELECT kpi.define_scorecard('thirds'), kpi.set_weight('thirds', 'a', 60), kpi.set_weight('thirds', 'x', 40);
SELECT kpi.set_target('x', 'company', '2016', 100), kpi.set_target('x', 'company', '2017', 101);
SELECT kpi.enter(i, 'company', m, 7) FROM unnest('{a,x}'::text[]) i,
	(SELECT kpi.period_label('month', CAST(d AS date))
	FROM generate_series('2016-01-01'::date, '2017-01-01', '1 month') d) p (m);
SELECT kpi.enter('a', 'company', m, 8) FROM unnest('{2016-02,2016-04,2016-06,2016-08,2016-10,2016-12}'::text[]) m;
CREATE TEMP TABLE month_of AS SELECT CAST(d AS date) AS month, kpi.period_label('month', CAST(d AS date)) AS label
FROM generate_series('2016-01-01'::date, '2017-01-01', '1 month') d;
\o
SELECT isnt((SELECT count(DISTINCT kpi.target_for('x', 'company', label)) FROM month_of WHERE month < '2017-01-01'),
	1::bigint, 'shares of a year that are not all the same number');
SELECT is_empty($$SELECT b.label, e.* FROM month_of b, LATERAL kpi.explain('thirds', 'company', b.label) e
	WHERE b.month BETWEEN '2016-02-01' AND '2016-12-01' AND NOT (e.node = 'a' AND e.cause = 'value')$$,
	'are no target that has changed');
SELECT is_empty($$SELECT b.label FROM month_of b
	CROSS JOIN LATERAL (SELECT e.score - z.score AS change
		FROM kpi.evaluate('thirds', 'company', b.label) e,
			kpi.evaluate('thirds', 'company', kpi.period_label('month', CAST(b.month - interval '1 month' AS date))) z
		WHERE e.depth = 0 AND z.depth = 0) c
	WHERE b.month > '2016-01-01' AND change IS DISTINCT FROM
		(SELECT sum(effect) FROM kpi.explain('thirds', 'company', b.label))$$,
	'and what there is adds up to the last digit');
SELECT results_eq($$SELECT node, cause FROM kpi.explain('thirds', 'company', '2017-01')$$,
	$$VALUES ('a', 'value'), ('x', 'target')$$, 'a target of another year has');
SELECT is_empty($$SELECT b.label, a.label, e.effect FROM month_of b JOIN month_of a ON a.month < b.month,
	LATERAL kpi.explain('thirds', 'company', b.label, a.label) e WHERE e.effect = 0$$, 'nothing has no effect');

-- by the units directly below
\o /dev/null
SELECT kpi.enter(i, u, p, v) FROM (VALUES ('a', 'north', '2013-01', 80), ('a', 'south', '2013-01', 90),
	('a', 'north', '2013-02', 70), ('a', 'south', '2013-02', 95), ('s', 'north', '2013-01', 4),
		('s', 'north', '2013-02', 3))
	v (i, u, p, v);
\o
SELECT results_eq($$SELECT node, child_unit, value_before, value_after, effect
	FROM kpi.explain('survey', 'company', '2013-02', by => 'unit')$$,
	$$VALUES ('a', 'north', 80::numeric, 70::numeric, -6::numeric), ('a', 'south', 90, 95, 3),
		('s', 'north', 4, 3, -0.4)$$,
	'a value by the units it is the sum of');

-- what no unit below has is a part of its own, where values add up
\o /dev/null
CREATE TABLE sale (day date, unit text, amount numeric, base numeric);
INSERT INTO sale VALUES ('2014-01-10', 'north', 50, 100), ('2014-01-10', 'south', 30, 50),
	('2014-01-10', NULL, 20, 50), ('2014-02-10', 'north', 60, 100), ('2014-02-10', 'south', 30, 50),
	('2014-02-10', 'company', 3, 10), ('2014-02-10', 'nobody', 2, 15), ('2014-03-10', 'north', 60, 100),
	('2014-03-10', 'leeds', 10, 20);
SELECT kpi.define_unit('leeds', 'north');
SELECT kpi.define_indicator(i, source => 'sale', time_column => 'day', unit_column => 'unit', numerator => n,
	denominator => d, scale => 'given')
FROM (VALUES ('total', 'sum(amount)', NULL), ('rate', '100 * sum(amount)', 'sum(base)'),
	('largest', 'max(amount)', NULL)) AS v (i, n, d);
SELECT kpi.define_scorecard('by ' || i), kpi.set_weight('by ' || i, i, 1)
	FROM unnest('{total,rate,largest}'::text[]) AS i;
CALL kpi.collect('2014', commit_each => false);
\o
PREPARE parts(text, text) AS SELECT child_unit, value_before, value_after, effect
	FROM kpi.explain($1, 'company', $2, by => 'unit');
SELECT results_eq($$EXECUTE parts('by total', '2014-02')$$, $$VALUES ('north', 50::numeric, 60::numeric, 10::numeric),
	('unassigned', 20, 5, -15)$$, 'rows of no unit below are a part of their own, of a sum');
SELECT results_eq($$EXECUTE parts('by total', '2014-03')$$, $$VALUES ('north', 60::numeric, 70::numeric, 10::numeric),
	('south', 30, 0, -30), ('unassigned', 5, 0, -5)$$,
	'one that has gone is a part of 0; the unit below has those below it');
SELECT results_eq($$SELECT child_unit, value_before, round(value_after, 6), round(effect, 4)
	FROM kpi.explain('by rate', 'company', '2014-02', by => 'unit')$$,
	$$VALUES ('north', 50::numeric, 60::numeric, 5.3571::numeric),
	('unassigned', 40, 20, -1.0714)$$, 'of a ratio, too, with its numerator and denominator');
SELECT is((SELECT sum(effect) FROM kpi.explain('by rate', 'company', '2014-02', by => 'unit')),
	(SELECT score_change FROM kpi.evaluate('by rate', 'company', '2014-02') WHERE depth = 0), 'which add up');
SELECT results_eq($$EXECUTE parts('by largest', '2014-02')$$,
	$$VALUES (NULL::text, 50::numeric, 60::numeric, 10::numeric)$$, 'what does not add up has no parts');
SELECT is_empty($$EXECUTE parts('by largest', '2014-03')$$, 'and no rest where the whole is the same');

-- a place among siblings, and a value that is carried, by what has become another
\o /dev/null
SELECT kpi.define_indicator('yearly', kind => 'entered', grain => 'year', target_rule => 'hold',
		due_after => '1 year'),
	kpi.define_indicator('place', kind => 'entered', combine => 'sum', scale => 'rank(100, 50)', target_rule => 'hold');
SELECT kpi.define_scorecard('whole'), kpi.define_node('whole', 'yearly', weight => 1, carry => true),
	kpi.define_node('whole', 'place', weight => 1);
SELECT kpi.set_target('yearly', 'north', '2014', 100), kpi.enter('yearly', 'north', '2014', 80);
SELECT kpi.enter('place', u, p, v)
FROM (VALUES ('north', '2015-01', 6), ('south', '2015-01', 9), ('north', '2015-02', 7),
	('south', '2015-02', 9), ('north', '2015-03', 7), ('south', '2015-03', 9), ('north', '2015-04', 7),
	('south', '2015-04', 5)) AS v (u, p, v);
SELECT kpi.define_node('whole', 'yearly', scale => 'linear(0:0, 1:50)', "from" => '2015-03-01'),
	kpi.define_node('whole', 'place', scale => 'rank(100, 70)', "from" => '2015-03-01');
\o
PREPARE north(text) AS SELECT cause, node, value_before, value_after, effect FROM kpi.explain('whole', 'north', $1);
SELECT results_eq($$EXECUTE north('2015-02')$$, $$VALUES ('value', 'place', 6::numeric, 7::numeric, 0::numeric)$$,
	'another value in the same place has no effect');
SELECT results_eq($$EXECUTE north('2015-03')$$, $$VALUES ('definition', 'yearly', NULL::numeric, NULL::numeric,
	-20::numeric), ('definition', 'place', NULL, NULL, 10)$$,
	'another scale is a definition, of a rank and of what is carried, too');
SELECT results_eq($$EXECUTE north('2015-04')$$, $$VALUES ('value', 'place', 7::numeric, 7::numeric, 15::numeric)$$,
	'another place by the values of siblings is a value');

SELECT * FROM finish();
ROLLBACK;
