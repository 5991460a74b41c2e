-- Strategy: objectives, success factors, arrows and links; orphans, SMART findings and the degree of match, each
-- figure worked out by hand.
\set ON_ERROR_STOP on
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
\ir lib.sql

\o /dev/null
SELECT kpi.define_unit('firm');
SELECT kpi.define_indicator(k, combine => 'average') FROM unnest('{a,b,c,d,profit}'::text[]) k;
SELECT kpi.define_scorecard('card');
SELECT kpi.set_weight('card', k, weight => w), kpi.set_target(k, 'firm', '2011', 10)
FROM (VALUES ('a', 50), ('b', 20), ('c', 20), ('d', 10)) v (k, w);
SELECT kpi.enter(k, 'firm', CAST(m AS date), 'month', CASE k WHEN 'a' THEN n WHEN 'profit' THEN 100 - 3 * n ELSE v END)
FROM (VALUES ('a', 0), ('b', 10), ('c', 5), ('d', 9), ('profit', 0)) v (k, v),
	generate_series(timestamp '2011-01-01', '2011-08-01', '1 month') WITH ORDINALITY AS g (m, n);
\o

-- defining
SELECT is(kpi.define_objective('grow', perspective => 'financial', priority => 3, outcome => 'profit'), 'grow',
	'an objective');
SELECT is(kpi.define_objective('serve', name => 'Serve well', priority => 2::float8), 'serve', 'another one');
SELECT is(kpi.define_objective('learn', perspective => 'learning', valid => '[2011-01-01,)'), 'learn', 'a third one');
SELECT is(kpi.define_objective('grow', responsible => 'Ann'), 'grow', 'what is left out stays');
SELECT results_eq($$ SELECT objective::text, name, perspective::text, priority, outcome::text, responsible, valid,
		position FROM kpi.objective ORDER BY position $$, $$ VALUES
	('grow', 'Grow', 'financial', 3.0, 'profit', 'Ann', daterange(NULL, NULL), 10),
	('serve', 'Serve well', NULL, 2, NULL, NULL, '(,)', 20),
	('learn', 'Learn', 'learning', 1, NULL, NULL, '[2011-01-01,)', 30) $$, 'so it stands');
SELECT kpi.define_objective('grow', reset => '{responsible,priority}');
SELECT results_eq($$ SELECT responsible, priority FROM kpi.objective WHERE objective = 'grow' $$,
	$$ VALUES (NULL, 1.0) $$, 'and what is reset is as in a new one');
SELECT kpi.define_objective('grow', priority => 3);
SELECT is((SELECT count(*) FROM kpi_internal.objective_history WHERE until = 'infinity'), 3::bigint,
	'history is kept');
SELECT kpi.define_success_factor('price', 'grow'), kpi.define_success_factor('people', 'learn'),
	kpi.define_success_factor('price', name => 'Prices'), kpi.link_indicator('a', 'grow', 'price'),
	kpi.link_indicator('b', 'grow'), kpi.link_indicator('b', 'serve'), kpi.link_indicator('c', 'serve'),
	kpi.link_objectives('learn', 'serve'), kpi.link_objectives('serve', 'grow', note => 'kept customers buy more');
SELECT results_eq($$ SELECT success_factor::text, objective::text, name FROM kpi.success_factor ORDER BY 1 $$,
	$$ VALUES ('people', 'learn', 'People'), ('price', 'grow', 'Prices') $$, 'success factors');
SELECT is(told(query), wanted, query) FROM (VALUES
	($$SELECT kpi.define_objective('x', outcome => 'prof')$$,
		'22023 | indicator "prof" does not exist | Perhaps you mean "profit".'),
	($$SELECT kpi.define_objective('x', perspective => 'finance')$$,
		'22023 | perspective "finance" does not exist | Known perspectives: customer, financial, learning, process.'),
	($$SELECT kpi.define_objective('x', priority => -1)$$, '23514 | priority "-1" is not valid for kpi.objective | It is '
		'a finite number of at least 0. | Write 0 for one that does not count.'),
	($$SELECT kpi.define_objective('x', priority => 'NaN'::float8)$$, '23514 | priority "NaN" is not valid for '
		'kpi.objective | It is a finite number of at least 0. | Write 0 for one that does not count.'),
	($$SELECT kpi.define_objective('grow', reset => '{priorty}')$$,
		'22023 | column "priorty" does not exist to be reset in kpi.objective | Perhaps you mean "priority".'),
	($$SELECT kpi.define_objective('grow', reset => '{objective}')$$, '22023 | column "objective" does not exist to be '
		'reset in kpi.objective | Known columns: name, description, perspective, priority, outcome, responsible, valid, '
		'position.'),
	($$SELECT kpi.define_success_factor('x')$$, '22004 | objective must not be null'),
	($$SELECT kpi.link_indicator('a', 'serv')$$, '22023 | objective "serv" does not exist | Perhaps you mean "serve".'),
	($$SELECT kpi.link_indicator('a', 'serve', 'price')$$, '23503 | success factor "price" is one of objective "grow" | '
		'Link the indicator to that objective, or name a factor of "serve".'),
	($$SELECT kpi.link_objectives('grow', 'learn')$$, '23514 | objectives have a cycle: grow -> learn -> serve -> grow | '
		'No objective brings itself about; remove one of the links.'),
	($$SELECT kpi.link_objectives('grow', 'grow')$$, '23514 | objectives have a cycle: grow -> grow | '
		'No objective brings itself about; remove one of the links.')) AS q (query, wanted);
SELECT kpi.link_objectives('serve', 'grow'), kpi.link_indicator('a', 'grow');
SELECT is((SELECT note FROM kpi.objective_link WHERE cause = 'serve'), 'kept customers buy more',
	'a note that is left out stays');
SELECT is((SELECT success_factor::text FROM kpi.objective_indicator WHERE indicator = 'a'), 'price',
	'and so does a factor');

-- orphans of both kinds
SELECT results_eq('SELECT orphan, key, finding_text FROM kpi.orphans()', $$ VALUES
	('objective', 'learn', 'Objective Learn has no indicator.'),
	('success_factor', 'people', 'Success factor People has no indicator.'),
	('indicator', 'd', 'D counts in a scorecard, and measures no objective.') $$, 'orphans');
SET LOCAL kpi.language = 'zh';
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('zh', 'objective', 'learn', '学习');
SELECT results_eq($$ SELECT finding_text FROM kpi.orphans() WHERE orphan = 'objective' $$,
	$$ VALUES ('目标“学习”没有指标。') $$, 'in Chinese');
RESET kpi.language;

-- SMART: values 1 to 7 before August have moving ranges of 1 and mean 4: limits 4 -+ 2.66
SELECT results_eq($$ SELECT criterion, is_met FROM kpi.smart('a', 'firm', '2011-08') $$, $$ VALUES
	('specific', false), ('measurable', true), ('achievable', false), ('relevant', true), ('time_bound', true) $$,
	'a target of 10 is beyond 6.66');
SELECT kpi.define_indicator('a', rule => 'counted', responsible => 'Bo'),
	kpi.set_target('a', 'firm', '2011-08', 6.65,
	replace => true, reason => 'agreed');
SELECT results_eq($$ SELECT is_met FROM kpi.smart('a', 'firm', '2011-08') $$,
	$$ VALUES (true), (true), (true), (true), (true) $$, 'one of 6.65 is not');
SELECT kpi.set_target('a', 'firm', '2011-08', 6.67,
	replace => true, reason => 'agreed');
SELECT is((SELECT is_met FROM kpi.smart('a', 'firm', '2011-08') WHERE criterion = 'achievable'), false,
	'one of 6.67 is');
SELECT kpi.define_indicator('a', direction => 'lower'), kpi.set_target('a', 'firm', '2011-08', 1.35,
	replace => true, reason => 'agreed');
SELECT is((SELECT is_met FROM kpi.smart('a', 'firm', '2011-08') WHERE criterion = 'achievable'), true,
	'where lower is better it is above the lower limit');
SELECT kpi.define_indicator('a', direction => 'target'), kpi.set_target('a', 'firm', '2011-08', 1.3,
	replace => true, reason => 'agreed');
SELECT is((SELECT is_met FROM kpi.smart('a', 'firm', '2011-08') WHERE criterion = 'achievable'), false,
	'where closer is better it is between them');
SELECT kpi.define_indicator('a', direction => 'higher'), kpi.set_target('a', 'firm', '2011-08', 10,
	replace => true, reason => 'agreed');
SELECT is((SELECT is_met FROM kpi.smart('a', 'firm', '2011-06') WHERE criterion = 'achievable'), NULL,
	'of five values nothing is known');
SELECT results_eq($$ SELECT criterion, is_met, finding_text FROM kpi.smart('d', 'firm', '2012-01') $$, $$ VALUES
	('specific', false, 'D lacks a rule or description, or somebody who answers for it.'),
	('measurable', true, 'D has a value for Firm by 2012-01.'),
	('achievable', NULL, 'Whether the target of D for Firm in 2012-01 can be reached is not known: there is none, or '
		'there are less than 6 values before.'),
	('relevant', false, 'D measures no objective of 2012-01.'),
	('time_bound', false, 'D has no target for Firm in 2012-01, or one without an end.') $$, 'what is lacking is said');
SELECT kpi.set_target('d', 'firm', '[2012-01-01,)', 10, grain => 'month');
SELECT is((SELECT is_met FROM kpi.smart('d', 'firm', '2012-01') WHERE criterion = 'time_bound'), false,
	'a target without an end is not bound in time');
SELECT is(told($$SELECT kpi.smart('e', 'firm', '2012-01')$$), '22023 | indicator "e" does not exist | Known '
	'indicators: a, b, c, d, profit.', 'an unknown indicator is an error');
SELECT kpi.define_unit('elsewhere'), kpi.set_target('d', 'elsewhere', '2012', 10);
SELECT is((SELECT is_met FROM kpi.smart('d', 'firm', '2012-01') WHERE criterion = 'time_bound'), false,
	'the end of one of another unit is none of it');
-- limits in place of a target: values between them are wanted
SELECT kpi.define_indicator('r', combine => 'average', direction => 'target', attainment_method => 'range');
SELECT kpi.enter('r', 'firm', '2012-0' || m, 19 + m % 3) FROM generate_series(1, 7) AS m;
SELECT kpi.set_target('r', 'firm', '2012', low => 18, high => 22, outer_low => 10, outer_high => 40);
SELECT results_eq($$ SELECT criterion, is_met FROM kpi.smart('r', 'firm', '2012-08') OFFSET 2 $$, $$ VALUES
	('achievable', true), ('relevant', false), ('time_bound', true) $$, 'limits are a target');
SELECT kpi.set_target('r', 'firm', '2012', low => 30, high => 35, outer_low => 10, outer_high => 40, replace => true,
	reason => 'agreed');
SELECT is((SELECT is_met FROM kpi.smart('r', 'firm', '2012-08') WHERE criterion = 'achievable'), false,
	'and may be beyond what the values do');

-- the match in August: a 80, b 100, c 50, d 90 points; b has half of its weight in each of its objectives
SELECT kpi.refresh_results();
CREATE TEMP TABLE matched AS SELECT * FROM kpi.match_degree('card', 'firm', '2011-08') WITH ORDINALITY AS m;
SELECT results_eq($$ SELECT coalesce(objective, 'whole'), round(strategy_weight, 4), round(indicator_weight, 4),
		round(coverage, 4), round(alignment, 4), round(attainment, 4), weakness
	FROM matched ORDER BY ordinality $$, $$ VALUES
	('whole', 1.0000, 0.9000, 0.6667, 0.8000, 0.7667, NULL),
	('learn', 0.1667, 0.0000, 0, 0.8333, NULL, 'no_indicator'),
	('grow', 0.5000, 0.6000, 1, 0.9000, 0.8333, 'against_outcome'),
	('serve', 0.3333, 0.3000, 1, 0.9667, 0.6667, 'low_attainment') $$,
	'weights, and 1 - (0.1 + 0.0333 + 0.1667 + 0.1 of d) / 2, the weakest link first');
SELECT ok(near(coordination, sqrt(2 * sqrt(5 / 6.0 * 2 / 3) / 1.5 * (0.5 * 5 / 6 + 2 / 9.0) * 6 / 5), 1e-12),
	'coordination of the two that are attained') FROM matched WHERE objective IS NULL;
SELECT ok(near(match_degree, (2 / 3.0 * 0.8 * coordination) ^ (1 / 3.0), 1e-12), 'and the geometric mean of the three')
FROM matched WHERE objective IS NULL;
SELECT ok(near(m.direction, (SELECT corr(least(10 * n, 120) * 0.5 + 0.1 * 100, -3 * n) FROM generate_series(1, 8) n),
		1e-9),
	'profit falls as scores rise') FROM matched m WHERE m.objective = 'grow';
SELECT is(m.direction, g.direction, 'the whole has the direction of the only one with an outcome')
FROM matched m, matched g WHERE m.objective IS NULL AND g.objective = 'grow';
SELECT kpi.define_indicator('profit', direction => 'lower');
SELECT is((SELECT -direction FROM kpi.match_degree('card', 'firm', '2011-08') WHERE objective = 'grow'),
	(SELECT direction FROM matched WHERE objective = 'grow'), 'where less is better it is the other way round');
SELECT is((SELECT direction FROM kpi.match_degree('card', 'firm', '2011-05') WHERE objective = 'grow'), NULL,
	'of five periods it is not known');
SELECT is_empty($$ SELECT FROM kpi.match_degree('card', 'firm', '2010-08') WHERE objective = 'learn' $$,
	'an objective of other days is none');

-- a perfect match is 1: weights as the priorities, all attained
DELETE FROM kpi.objective_indicator WHERE indicator = 'b' AND objective = 'grow';
SELECT kpi.link_indicator('d', 'learn', 'people');
SELECT kpi.set_weight('card', k, weight => w), kpi.enter(k, 'firm', '2011-08', 10)
FROM (VALUES ('a', 3), ('b', 1), ('c', 1), ('d', 1)) v (k, w);
SELECT results_eq($$ SELECT coverage, round(alignment, 9), round(coordination::numeric, 9),
		round(match_degree::numeric, 9)
	FROM kpi.match_degree('card', 'firm', '2011-08') WHERE objective IS NULL $$, $$ VALUES (1.0, 1.0, 1.0, 1.0) $$,
	'a perfect match');
SELECT is_empty('SELECT FROM kpi.orphans()', 'without orphans');
SELECT is(told($$SELECT kpi.match_degree('crad', 'firm', '2011-08')$$),
	'22023 | scorecard "crad" does not exist | Perhaps you mean "card".', 'errors are those of evaluating');
DELETE FROM kpi.objective_indicator; DELETE FROM kpi.success_factor; DELETE FROM kpi.objective;
SELECT is_empty($$SELECT FROM kpi.match_degree('card', 'firm', '2011-08')$$, 'without a strategy there is no match');

SELECT * FROM finish();
ROLLBACK;
