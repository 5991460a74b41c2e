-- Final results: what was made final stays, all that reads goes by it, and what
-- would be now stands beside it, with its cause.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL TimeZone = 'UTC';
SELECT no_plan();

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator('sales', combine => 'sum', grain => 'month'),
	kpi.define_indicator('cost', combine => 'sum', grain => 'month');
SELECT kpi.define_scorecard('card'), kpi.define_scorecard('outer');
SELECT kpi.define_node('card', 'sales', weight => 60), kpi.define_node('card', 'cost', weight => 40);
SELECT kpi.define_node('outer', 'inner', shows => 'card', weight => 1);
SELECT kpi.set_target(i, u, '2011', 1200, reason => 'plan')
FROM unnest('{sales,cost}'::text[]) AS i, unnest('{north,south}'::text[]) AS u;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', make_date(2011, m, 1), 80
FROM unnest('{sales,cost}'::text[]) AS i, unnest('{north,south}'::text[]) AS u, generate_series(5, 7) AS m;
SELECT kpi.refresh_results();

CREATE FUNCTION pg_temp.score(period text, card text DEFAULT 'card', unit text DEFAULT 'north') RETURNS numeric
LANGUAGE sql AS $$ SELECT e.score FROM kpi.evaluate(card, unit, period) AS e WHERE e.depth = 0 $$;
CREATE FUNCTION pg_temp.stored(period text, card text DEFAULT 'card', unit text DEFAULT 'north') RETURNS numeric
LANGUAGE sql AS $$ SELECT v.score FROM kpi.v_scorecard AS v
	WHERE v.scorecard = card AND v.unit = stored.unit AND v.period_label = period AND v.depth = 0 $$;

-- E283
SELECT is(kpi.finalize('card', 'north', '2011-06', note => 'month end'), 1::bigint, 'June is made final');
SELECT is(kpi.finalize('card', 'north', '2011-06'), 0::bigint, 'and stays so');
SELECT is(pg_temp.score('2011-06'), 80::numeric, 'at 80');
CREATE TEMP TABLE june AS SELECT * FROM kpi.evaluate('card', 'north', '2011-06');
CREATE TEMP TABLE june_stored AS SELECT * FROM kpi.result WHERE unit = 'north' AND period_start = '2011-06-01';
SELECT kpi.set_target('cost', 'north', '2011-06', 80 / 0.675, reason => 'agreed late');
SELECT kpi.refresh_results();
SELECT is(pg_temp.score('2011-06'), 80::numeric, 'a target does not change it');
SELECT results_eq('SELECT * FROM kpi.evaluate(''card'', ''north'', ''2011-06'')', 'SELECT * FROM june',
	'every row of the evaluation comes back exactly');
SELECT is_empty($$ (SELECT * FROM kpi.result WHERE scorecard = 'card' AND unit = 'north'
	AND period_start = '2011-06-01'
	EXCEPT SELECT * FROM june_stored WHERE scorecard = 'card') $$, 'and so do the stored ones, but');
SELECT results_eq($$ SELECT node, final_score, restated_score, score_difference, cause FROM kpi.v_restatement
	ORDER BY place $$,
	$$ VALUES ('card'::varchar, 80.00, 75.00, -5.00, 'target'::varchar), ('cost', 80.00, 67.50, -12.50, 'target') $$,
	'what would be now stands beside it, with its cause');
SELECT results_eq($$ SELECT DISTINCT is_final, is_stale FROM kpi.v_scorecard
	WHERE scorecard = 'card' AND unit = 'north' AND period_label = '2011-06' $$, 'VALUES (1, 0)',
		'it says that it is final');
SELECT is((SELECT count(*) FROM kpi.v_scorecard WHERE is_final = 1), 3::bigint, 'and nothing else is');

-- E284
SELECT kpi.enter('cost', 'north', '2011-06', 30, reason => 'counted anew'),
	kpi.enter('sales', 'north', '2011-07', 100), kpi.enter('cost', 'north', '2011-07', 75);
SELECT kpi.refresh_results();
SELECT is((SELECT (score, previous_score, score_change, previous_actual) FROM kpi.evaluate('card', 'north',
	'2011-07') WHERE depth = 0),
	(90::numeric, 80::numeric, 10::numeric, NULL::numeric), 'changes go by the final row');
SELECT is((SELECT (actual, previous_actual) FROM kpi.evaluate('card', 'north', '2011-07') WHERE node = 'cost'),
	(75::numeric, 80::numeric), 'so do those of actuals');
SELECT results_eq($$ SELECT node, cause, effect FROM kpi.explain('card', 'north', '2011-07') $$,
	$$ VALUES ('sales', 'value', 12::numeric), ('cost', 'value', -2::numeric) $$, 'and what explains them');
SELECT is((SELECT string_agg(cause, ' / ' ORDER BY place) FROM kpi.v_restatement), 'value, target / value, target',
	'causes come together');
SELECT is(pg_temp.score('2011-06', 'outer'), 80::numeric, 'a scorecard that shows it shows the final score');
SELECT is(pg_temp.stored('2011-06', 'outer'), 80::numeric, 'stored, too');

-- the year after
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value) VALUES ('cost', 'north', 'month',
	'2012-06-01', 50);
SELECT is((SELECT last_year_actual FROM kpi.evaluate('card', 'north', '2012-06') WHERE node = 'cost'), 80::numeric,
	'an actual of a year ago is the final one');

-- Weights, structure, definition and missing data
SELECT kpi.set_weight('card', 'cost', weight => 10);
SELECT kpi.refresh_results();
SELECT is((SELECT cause FROM kpi.v_restatement WHERE node = 'card'), 'value, target, weight', 'a weight');
SELECT kpi.define_node('card', 'more', indicator => 'sales', weight => 1);
SELECT kpi.define_indicator('sales', scale => 'linear(0:0, 1:90)');
SELECT kpi.withdraw('cost', 'north', '2011-06');
SELECT kpi.refresh_results();
SELECT is((SELECT string_agg(concat_ws(' ', node, cause), ' / ' ORDER BY place) FROM kpi.v_restatement),
	'card definition, weight, structure, missing / sales definition / cost missing / more structure',
	'rules, a new node and missing data');
SELECT is((SELECT restated_score FROM kpi.v_restatement WHERE node = 'card'), 72.00, 'as it would be');
SELECT results_eq('SELECT * FROM kpi.evaluate(''card'', ''north'', ''2011-06'')', 'SELECT * FROM june',
	'and it stays');
SELECT is((SELECT score FROM kpi.evaluate('card', 'north', '2011-06', as_of => '2011-06-30') WHERE depth = 0),
	72::numeric,
	'unless other rules are asked for');

-- who, when and by which rules
SELECT results_eq($$ SELECT scorecard::text, unit::text, period_grain::text, period_start, provisional, note,
	finalized_by = current_user
	FROM kpi.finalization $$, $$ VALUES ('card', 'north', 'month', '2011-06-01'::date, false, 'month end',
		true) $$, 'it is noted');
SELECT kpi.finalize('card', 'south', '2011-06'), kpi.finalize('card', 'south', '2011-07');
SELECT is((SELECT count(DISTINCT definition_hash) FROM kpi.finalization WHERE unit = 'south'), 1::bigint,
	'one hash for one set of rules');
SELECT is((SELECT count(DISTINCT definition_hash) FROM kpi.finalization), 2::bigint, 'and another for others');

-- Reopening
SELECT throws_ok($$ SELECT kpi.reopen('card', 'north', '2011-06', ' ') $$, '22004', NULL, 'a reason is needed');
SELECT is(kpi.reopen('card', 'north', '2011-06', 'wrong target'), 1::bigint, 'it is reopened');
SELECT is(pg_temp.score('2011-06'), 72::numeric, 'and is what it would have been');
SELECT is(pg_temp.stored('2011-06'), 72.00, 'in the results');
SELECT is_empty('SELECT * FROM kpi.v_restatement', 'so nothing is restated');
SELECT is((SELECT previous_score FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'north'
	AND period_label = '2011-07' AND depth = 0),
	72.00, 'and the month after is compared with it');
SELECT is((SELECT (reopened_by = current_user, reopen_reason) FROM kpi.finalization WHERE unit = 'north'),
	(true, 'wrong target'::text),
	'that is logged');
SELECT throws_ok($$ SELECT kpi.reopen('card', 'north', '2011-06', 'again') $$, '55000',
	'scorecard "card" is not final for unit "north" in 2011-06', 'once');
SELECT is(kpi.finalize('card', NULL, '2011-06'), 2::bigint, 'all units that are not final yet');

-- Provisional ones
UPDATE kpi.measurement SET provisional = true WHERE unit = 'north' AND period_start = '2011-07-01';
SELECT throws_ok($$ SELECT kpi.finalize('card', 'north', '2011-07') $$, '55000',
	'scorecard "card" of unit "north" is provisional in 2011-07', 'what is provisional is refused');
SELECT is(kpi.finalize('card', 'north', '2011-07', provisional => true), 1::bigint, 'unless told');
SELECT ok((SELECT provisional FROM kpi.finalization WHERE unit = 'north' AND period_start = '2011-07-01'),
	'which is noted');
SELECT throws_ok($$ SELECT kpi.finalize('card', 'north', '2010-07') $$, '55000',
	'scorecard "card" has no result for unit "north" in 2010-07', 'a period without a result');
SELECT throws_ok($$ SELECT kpi.finalize('card', 'nort', '2011-07') $$, '22023', NULL, 'an unknown unit');

-- Who may
CREATE ROLE final_viewer;
CREATE ROLE final_editor;
SELECT kpi.grant_viewer('final_viewer', '{south}'), kpi.grant_editor('final_editor');
SET LOCAL ROLE final_viewer;
SELECT throws_ok($$ SELECT kpi.finalize('card', 'south', '2011-05') $$, '42501', NULL, 'a viewer may not');
SELECT throws_ok($$ SELECT kpi.reopen('card', 'south', '2011-06', 'x') $$, '42501', NULL, 'nor reopen');
SELECT is((SELECT string_agg(DISTINCT unit, ' ') FROM kpi.finalization), 'south',
	'and sees what is final of its units');
RESET ROLE;
SET LOCAL ROLE final_editor;
SELECT is(kpi.finalize('card', 'south', '2011-05'), 1::bigint, 'an editor may');
SELECT is((SELECT finalized_by FROM kpi.finalization WHERE unit = 'south' AND period_start = '2011-05-01'),
	'final_editor', 'and is named');
SELECT is(kpi.reopen('card', 'south', '2011-05', 'a mistake'), 1::bigint, 'and reopens');
SELECT throws_ok($$ UPDATE kpi_internal.final_node SET place = 2 $$, '42501', NULL,
	'but nobody rewrites what is final');
SELECT throws_ok($$ DELETE FROM kpi.finalization $$, '42501', NULL, 'nor takes it away');
RESET ROLE;

-- What is final is found by its keys: these stay, until it is open again
\o /dev/null
SELECT kpi.define_unit('kept'), kpi.define_indicator('held', combine => 'sum'), kpi.define_scorecard('holds');
SELECT kpi.set_weight('holds', 'held', weight => 1), kpi.set_target('held', 'kept', '2015-01', 10);
SELECT kpi.enter('held', 'kept', '2015-01', 5);
SELECT kpi.finalize('holds', 'kept', '2015-01');
\o
SELECT throws_ok(statement, '23503', format('%s has final results', what), statement)
FROM (VALUES ($$ UPDATE kpi.unit SET unit = 'other' WHERE unit = 'kept' $$, 'unit "kept"'),
	($$ UPDATE kpi.scorecard SET scorecard = 'other' WHERE scorecard = 'holds' $$, 'scorecard "holds"'),
	($$ DELETE FROM kpi.scorecard WHERE scorecard = 'holds' $$, 'scorecard "holds"')) AS v (statement, what);
SELECT lives_ok($$ UPDATE kpi.unit SET name = 'Kept', unit = unit WHERE unit = 'kept' $$, 'all else may change');
SELECT kpi.reopen('holds', 'kept', '2015-01', 'to be renamed');
SELECT lives_ok($$ UPDATE kpi.scorecard SET scorecard = 'other' WHERE scorecard = 'holds' $$, 'then keys may');
SELECT lives_ok($$ DELETE FROM kpi.scorecard WHERE scorecard = 'other' $$, 'and it may go');

SELECT * FROM finish();
ROLLBACK;
