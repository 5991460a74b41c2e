-- Actions and feedback: what an action did to its indicator, by numbers worked out by hand; remarks, risks, the list
-- of what is to be done, and who may see and write it.
\set ON_ERROR_STOP on
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
\ir lib.sql

\o /dev/null
SELECT kpi.define_unit('firm'), kpi.define_unit('north', parent => 'firm'), kpi.define_unit('south', parent => 'firm');
SELECT kpi.define_indicator('complaints', combine => 'sum', direction => 'lower'),
	kpi.define_indicator('level', combine => 'average', direction => 'target'), kpi.define_objective('serve');
SELECT kpi.define_scorecard('card');
SELECT kpi.set_weight('card', 'complaints', weight => 1);
-- before July: mean 10, moving ranges of 2: limits 10 -+ 5.32; then 2, 3 and 4
SELECT kpi.enter('complaints', 'north', CAST(m AS date), 'month', (ARRAY[9, 11, 9, 11, 9, 11, 8, 2, 3, 4])[n])
FROM generate_series(timestamp '2011-01-01', '2011-10-01', '1 month') WITH ORDINALITY AS g (m, n);
SELECT kpi.enter('level', 'north', CAST(m AS date), 'month', (ARRAY[9, 11, 9, 11, 9, 11, 8, 18])[n])
FROM generate_series(timestamp '2011-01-01', '2011-08-01', '1 month') WITH ORDINALITY AS g (m, n);
SELECT kpi.set_target('level', 'north', '2011', 20);
\o

-- actions
SELECT is(kpi.define_action('call back', 'north', indicator => 'complaints', due => '2011-07-31',
	begins => '2011-07-01', responsible => 'Ann', expected => -5), 'call back', 'an action');
SELECT results_eq($$ SELECT name, state::text, begins, due, done_on, expected, responsible, set_by = current_user
	FROM kpi.action $$, $$ VALUES
	('Call back', 'plan', date '2011-07-01', date '2011-07-31', NULL::date, -5.0, 'Ann', true) $$, 'as it is planned');
SELECT kpi.define_action('call back', state => 'do');
SELECT is((SELECT done_on FROM kpi.action), NULL, 'what is being done is not done');
SELECT is((kpi.action_effect('call back')).verdict, 'too_few', 'nor has it an effect');
SELECT kpi.define_action('call back', state => 'check');
SELECT is((SELECT done_on FROM kpi.action), current_date, 'what is checked has been done');
SELECT kpi.define_action('call back', done_on => '2011-07-20');
SELECT is((SELECT ROW (before_mean, after_mean, change, expected, share_of_expected, n_before, n_after, verdict)::text
	FROM kpi.action_effect('call back')), '(10,3,-7,-5,1.4,6,3,improved)', 'the effect');
SELECT ok(near(lower, 10 - 5.32, 1e-9) AND near(upper, 15.32, 1e-9), 'limits of the values before')
FROM kpi.action_effect('call back');
SELECT kpi.define_indicator('complaints', direction => 'higher');
SELECT is((kpi.action_effect('call back')).verdict, 'worsened', 'where more is better it made it worse');
SELECT kpi.define_indicator('complaints', direction => 'lower');
SELECT kpi.define_action('nothing', 'north', indicator => 'level', due => '2011-07-31', begins => '2011-07-01',
	done_on => '2011-07-20', state => 'check');
SELECT is((kpi.action_effect('nothing')).verdict, 'improved', 'towards the target of 20');
SELECT kpi.define_action('nothing', done_on => '2011-08-20');
SELECT is((kpi.action_effect('nothing')).verdict, 'too_few', 'of no value after it nothing is known');
SELECT kpi.define_action('nothing', done_on => '2011-06-20', begins => '2011-06-10');
SELECT is((kpi.action_effect('nothing')).verdict, 'too_few', 'nor of five before');
SELECT kpi.define_action('word', 'firm', due => '2011-09-30', begins => '2011-09-01', objective => 'serve');
SELECT is((kpi.action_effect('word')).verdict, NULL, 'without an indicator there is none');
SELECT kpi.enter('complaints', 'south', CAST(m AS date), 'month', (ARRAY[9, 11, 9, 11, 9, 11, 9, 11, 10])[n])
FROM generate_series(timestamp '2011-01-01', '2011-09-01', '1 month') WITH ORDINALITY AS g (m, n);
SELECT kpi.define_action('poster', 'south', indicator => 'complaints', due => '2011-07-31', begins => '2011-07-01',
	state => 'done', done_on => '2011-07-31');
SELECT is((kpi.action_effect('poster')).verdict, 'no_signal', 'within the limits there is no signal');
SELECT kpi.define_action('nothing', state => 'do');
SELECT is((SELECT done_on FROM kpi.action WHERE action = 'nothing'), NULL, 'what is done again is not done');
SELECT is(told(query), wanted, query) FROM (VALUES
	($$SELECT kpi.define_action('x')$$, '22004 | unit must not be null'),
	($$SELECT kpi.define_action('x', 'north')$$, '22004 | due must not be null'),
	($$SELECT kpi.define_action('x', 'nort', due => '2011-07-31')$$,
		'22023 | unit "nort" does not exist | Perhaps you mean "north".'),
	($$SELECT kpi.define_action('call back', state => 'doing')$$,
		'22023 | unrecognized state "doing" | Use "plan", "do", "check", "act", "done" or "dropped".'),
	($$SELECT kpi.action_effect('callback')$$, '22023 | action "callback" does not exist | '
		'Perhaps you mean "call back".'),
	($$DELETE FROM kpi.unit WHERE unit = 'south'$$, '23503 | unit "south" has entries | End its days instead: '
		'kpi.define_unit(''south'', valid => ''[,2011-07-01)'').')) AS q (query, wanted);
SELECT matches(told($$SELECT kpi.define_action('call back', begins => '2011-08-01')$$),
	'^23514 .*It begins before it is due and done', 'days in order');

-- remarks
SELECT is(kpi.add_remark('north', '2011-08', 'Why so few?', scorecard => 'card', node => 'complaints',
	addressed_to => 'Ann', answer_by => '2011-09-10'), 1::bigint, 'a remark');
SELECT is(kpi.add_remark('north', '2011-08', 'The line was down.', indicator => 'complaints', action => 'call back'),
	2::bigint, 'another one');
SELECT is(told(query), wanted, query) FROM (VALUES
	($$SELECT kpi.add_remark('north', '2011-08', NULL)$$, '22004 | says must not be null'),
	($$SELECT kpi.add_remark('north', '2011-08', 'x', answers => 99)$$, '23503 | remark 99, which is to be answered, '
		'does not exist | Name the number of another remark.'),
	($$SELECT kpi.add_remark('north', '2011-08', '')$$, '23514 | says "" is not valid for kpi.remark | It is what is '
		'said. | Write at least one character.'),
	($$SELECT kpi.add_remark('north', '2011-08', 'x', scorecard => 'card', node => 'complain')$$,
		'22023 | node "complain" does not exist in scorecard "card" | Perhaps you mean "complaints".'),
	($$SELECT kpi.add_remark('north', '2011-08', 'x', node => 'complaints')$$,
		'22004 | node "complaints" needs its scorecard | Name the scorecard, too.')) AS q (query, wanted);

-- risks
SELECT is(kpi.define_risk('flood', 'north', 'complaints', 11, likelihood => 0.2, impact => 100), 'flood', 'a risk');
SELECT kpi.define_risk('drought', 'north', 'level', 15, likelihood => 0.5, impact => 10, responsible => 'Bo'),
	kpi.define_risk('silence', 'firm', 'level', 15);
SELECT results_eq($$ SELECT risk, period_label, actual, is_triggered, expected_loss FROM kpi.risks('2011-08-31')
	WHERE unit = 'north' $$, $$ VALUES ('drought', '2011-08', 18.0, true, 5.0), ('flood', '2011-08', 2, false, 20) $$,
	'what has come true first');
SELECT is((SELECT is_triggered FROM kpi.risks('2011-06-30') WHERE risk = 'flood'), true, 'at the trigger it has');
SELECT kpi.define_indicator('complaints', direction => 'higher');
SELECT is((SELECT is_triggered FROM kpi.risks('2011-08-31') WHERE risk = 'flood'), true,
	'where more is better it has below');
SELECT kpi.define_indicator('complaints', direction => 'lower');
SELECT is_empty($$ SELECT FROM kpi.risks('2010-12-31') WHERE is_triggered $$, 'before there are values it has not');
SELECT is((SELECT is_triggered FROM kpi.risks('2010-12-31') WHERE risk = 'flood'), NULL, 'that is not known');

-- what is to be done
SELECT kpi.define_action('word', state => 'dropped'), kpi.define_action('nothing', state => 'done'),
	kpi.define_risk('silence', valid => '[2030-01-01,)');
SELECT results_eq($$ SELECT task, task_label, key, unit, responsible, due_on, is_overdue
	FROM kpi.follow_up('2011-09-01') $$,
	$$ VALUES ('check', 'Check', 'call back', 'north', 'Ann', date '2011-07-31', true),
		('respond', 'Respond', 'drought', 'north', 'Bo', '2011-09-01', false),
		('answer', 'Answer', '1', 'north', 'Ann', '2011-09-10', false) $$, 'by day');
SELECT kpi.add_remark('north', '2011-08', 'We call back.', answers => 1),
	kpi.define_action('call back', state => 'act'),
	kpi.define_action('pump', 'north', due => '2012-01-31', begins => '2011-09-01'),
	kpi.define_risk('drought', action => 'pump');
SELECT is(array_agg(task || ' ' || key), '{"act call back","respond drought","act pump"}',
	'an answer is one, a plan is no response') FROM kpi.follow_up('2011-09-01');
SELECT kpi.define_action('pump', state => 'do');
SELECT is(array_agg(task || ' ' || key), '{"act call back","act pump"}', 'doing is') FROM kpi.follow_up('2011-09-01');
SELECT is(told($$UPDATE kpi.remark SET says = 'No.' WHERE remark = 1$$),
	'23001 | remark 1 has an answer and stays what it is | Answer it once more.', 'what is answered stays');
SELECT matches(told('UPDATE kpi.remark SET remark = 99 WHERE remark = 1'), '^23001', 'so does its number');
SELECT is(told('DELETE FROM kpi.remark WHERE remark = 1'),
	'23503 | remark 1 has an answer | Delete its answers first.', 'and is not deleted before its answer');
SELECT bag_eq($$ SELECT due_key::text, task::text, task_name::text, indicator::text, unit::text, responsible::text,
		due_on, is_overdue, period_label::text FROM kpi.v_due WHERE task IN ('act', 'check', 'answer', 'respond') $$,
	$$ SELECT task || '/' || key, task, name, indicator, unit, responsible, due_on, is_overdue::int, NULL::text
	FROM kpi.follow_up() $$, 'the view has them beside the values');
SELECT is((SELECT count(*) FROM kpi.v_due WHERE task = 'act'), 2::bigint, 'all of them');
SET LOCAL kpi.language = 'zh';
SELECT is((SELECT task_label FROM kpi.follow_up('2011-09-01') LIMIT 1), '执行', 'in Chinese');
RESET kpi.language;
SELECT cmp_ok((SELECT count(*) FROM kpi_internal.action_history WHERE until = 'infinity'), '=', 5::bigint,
	'history is kept');

-- who may see it
CREATE ROLE action_viewer;
CREATE ROLE action_typist;
SELECT kpi.grant_viewer('action_viewer', '{south}'), kpi.grant_entry('action_typist', '{north}');
SET LOCAL ROLE action_viewer;
SELECT is((SELECT array_agg(action::text) FROM kpi.action), '{poster}', 'a viewer sees the actions of its units');
SELECT is_empty('SELECT FROM kpi.remark', 'no remarks of others');
SELECT is_empty('SELECT FROM kpi.risks()', 'and no risks');
SELECT is_empty($$SELECT FROM kpi.v_due WHERE task IN ('act', 'check', 'answer', 'respond')$$,
	'nor what others have to do');
SELECT is_empty('SELECT FROM kpi_internal.action_history WHERE (version).unit <> ''south''', 'nor their history');
SELECT matches(told($$SELECT kpi.add_remark('south', '2011-08', 'x')$$), '^42501', 'and says nothing');
SET LOCAL ROLE action_typist;
SELECT ok(kpi.add_remark('north', '2011-09', 'Here I am.') IS NOT NULL, 'who enters values says something');
SELECT is((SELECT written_by FROM kpi.remark WHERE says = 'Here I am.'), 'action_typist', 'under their name');
SELECT matches(told($$SELECT kpi.add_remark('south', '2011-08', 'x')$$), '^42501', 'of their units');
RESET ROLE;
UPDATE kpi.remark SET addressed_to = 'Bo', written_by = 'nobody' WHERE says = 'Here I am.';
SELECT is((SELECT written_by FROM kpi.remark WHERE says = 'Here I am.'), 'action_typist', 'words stay theirs');
UPDATE kpi.remark SET says = 'There they are.' WHERE says = 'Here I am.';
SELECT is(written_by, current_user, 'until others change them') FROM kpi.remark WHERE says = 'There they are.';
SET LOCAL ROLE action_typist;
SELECT matches(told($$SELECT kpi.define_action('call back', state => 'done')$$), '^42501',
	'and plans nothing');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
