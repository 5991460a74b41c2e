-- What people type: entries, their approval and their history, and what is refused.
BEGIN;
SELECT no_plan();
\ir lib.sql
SET client_min_messages = warning;

CREATE SCHEMA t;
CREATE TABLE t.sale (d date, u text, a numeric);
INSERT INTO t.sale VALUES ('2025-10-05', 'north', 556109), ('2025-11-05', 'north', 1);
SELECT kpi.define_unit('company'), kpi.define_unit('north', parent => 'company'),
	kpi.define_unit('closed', parent => 'company', valid => '[2010-01-01,2011-02-10)');
SELECT kpi.define_indicator('survey', combine => 'sum', windows => '{month_ytd}'), kpi.define_indicator('alone'),
	kpi.define_indicator('checked', four_eyes => true, combine => 'sum'),
	kpi.define_indicator('sales', source => 't.sale', time_column => 'd', unit_column => 'u', numerator => 'sum(a)'),
	kpi.define_indicator('per_head', formula => 'sales / survey'),
	kpi.define_indicator('judged', kind => 'rated'), kpi.define_indicator('former', state => 'retired');
CREATE FUNCTION pg_temp.entry(asked_indicator text, asked_unit text, label text) RETURNS kpi.entry
	LANGUAGE sql STABLE AS $$
	SELECT * FROM kpi.entry WHERE indicator = asked_indicator AND unit = asked_unit
		AND grain = kpi.period_grain(label) AND period_start = kpi.period_start(label)
$$;

-- Entering

SELECT is(kpi.enter('survey', 'north', '2011-01', 5), 5::numeric, 'a value is entered for the period of a label');
SELECT is(kpi.enter('survey', 'north', date '2011-02-14', 'month', 6.5), 6.5, 'and for the month that has the day');
SELECT is(kpi.enter('survey', 'north', '2011-03', numerator => 1, denominator => 8), 0.125,
	'numerator and denominator make the value');
SELECT is(kpi.enter('survey', 'north', '2011-04', numerator => 1, denominator => 0), NULL,
	'over 0 it is undefined');
SELECT is(kpi.enter('survey', 'north', '2011-05', 80, denominator => 10), 80::numeric, 'a value may have a weight');
SELECT is(kpi.enter('survey', 'north', '2011-Q1', 20), 20::numeric, 'a longer period may have a value of its own');
SELECT is(kpi.enter('survey', 'north', '2011-03 ytd', 21), 21::numeric, 'and a window that is asked for');
SELECT results_eq($$
	SELECT period_start, value, numerator, denominator, entered_by = current_user, approved_by FROM kpi.entry
	WHERE indicator = 'survey' AND grain = 'month' ORDER BY 1
$$, $$
	VALUES (date '2011-01-01', 5::numeric, NULL::numeric, NULL::numeric, true, NULL::name), ('2011-02-01', 6.5, NULL,
		NULL, true, NULL),
		('2011-03-01', 0.125, 1, 8, true, NULL), ('2011-04-01', NULL, 1, 0, true, NULL), ('2011-05-01', 80, NULL,
		10, true, NULL)
$$, 'entries stand in kpi.entry, with who entered them');
SELECT is(count(DISTINCT kpi.enter('survey', 'north', '2012-01', x)),
	1::bigint, 'a float8 is its shortest decimal number')
FROM unnest('{0.1}'::float8[]) AS x;
SELECT is((pg_temp.entry('survey', 'north', '2012-01')).value, 0.1, 'which is what is stored');
SELECT is(kpi.enter('survey', 'north', '2012-02', '12345678901234567890.1'), 12345678901234567890.1,
	'a number whose type nobody tells keeps its digits');
SELECT is(kpi.enter('survey', 'north', '2012-03', numerator => '12345678901234567891', denominator => '1'),
	12345678901234567891::numeric, 'and so do numerator and denominator');
SELECT is(kpi.enter('survey', 'north', '2012-04', numerator => 0.3::float8, denominator => 0.1::float8), 3::numeric,
	'which may be doubles');

-- Changing: the same again changes nothing, what was is kept

SELECT is(kpi.enter('survey', 'north', '2011-01', 5.00), 5::numeric, 'the same again is taken');
SELECT is_empty($$ SELECT FROM kpi.entry_log $$, 'and changes nothing');
SELECT lives_ok($$ SELECT kpi.enter('sales', 'north', '2025-10', 200000, reason => 'credit note') $$,
	'a measured value is corrected with a reason');
SELECT lives_ok($$ SELECT kpi.enter('sales', 'north', '2025-10', 200000, reason => 'credit note') $$, 'once');
SELECT lives_ok($$ SELECT kpi.enter('sales', 'north', '2025-10', 210000, reason => 'freight') $$, 'and once more');
SELECT lives_ok($$ SELECT kpi.enter('sales', 'north', '2025-10', 220000, reason => 'freight') $$,
	'and again for the same reason');
SELECT throws_ok($$ SELECT kpi.enter('sales', 'north', '2025-10', 230000) $$, '23514',
	'indicator "sales" is measured, and an entry that corrects it needs a reason', 'but never without one');
SELECT throws_ok($$ UPDATE kpi.entry SET value = 230000 WHERE indicator = 'sales' $$, '23514',
	'indicator "sales" is measured, and an entry that corrects it needs a reason',
	'by plain SQL, too, where the former reason does not count again');
SELECT results_eq($$
	SELECT version, value, reason, entered_by = current_user, ended_by = current_user, ended_at >= entered_at
	FROM kpi.entry_log ORDER BY version
$$, $$ VALUES (1, 200000::numeric, 'credit note', true, true, true), (2, 210000, 'freight', true, true, true) $$,
	'each former value is kept with its reason');
SELECT lives_ok($$ SELECT kpi.enter('sales', 'north', '2025-10', 220000, reason => 'freight and duty') $$,
	'the reason alone may change');
SELECT is(kpi.withdraw('sales', 'north', '2025-10'), 220000::numeric, 'an entry is withdrawn');
SELECT is((pg_temp.entry('sales', 'north', '2025-10')).value, NULL, 'and gone');
SELECT results_eq($$ SELECT version, value, reason FROM kpi.entry_log WHERE version > 2 ORDER BY version $$,
	$$ VALUES (3, 220000::numeric, 'freight'), (4, 220000, 'freight and duty') $$, 'and kept');
SELECT throws_ok($$ SELECT kpi.withdraw('sales', 'north', '2025-10') $$, 'P0002',
	'nothing is entered for indicator "sales", unit "north" and 2025-10', 'it cannot be withdrawn twice');
SELECT lives_ok($$ UPDATE kpi.entry SET numerator = 3 WHERE indicator = 'survey' AND grain = 'month'
	AND period_start = '2011-03-01' $$,
	'plain SQL may change the numerator alone');
SELECT is((pg_temp.entry('survey', 'north', '2011-03')).value, 0.375, 'and the value follows');
SELECT throws_ok($$ UPDATE kpi.entry SET value = 1 WHERE indicator = 'survey' AND grain = 'month'
	AND period_start = '2011-03-01' $$,
	'22023', 'value 1 is not 3 / 8, numerator / denominator', 'but not the value beside it');
SELECT lives_ok($$
	INSERT INTO kpi.entry (indicator, unit, grain, period_start, value, entered_by, entered_at, approved_by,
		approved_at)
	VALUES ('survey', 'company', 'month', '2011-01-01', 1, 'somebody', '2000-01-01', 'somebody', '2000-01-01')
$$, 'a row may pretend');
SELECT ok(e.entered_by = current_user AND e.entered_at = now() AND e.approved_by IS NULL AND e.approved_at IS NULL,
	'but who and when is for the server to say')
FROM pg_temp.entry('survey', 'company', '2011-01') AS e;
UPDATE kpi.entry SET entered_by = 'somebody', entered_at = '2000-01-01' WHERE indicator = 'survey'
	AND unit = 'company';
SELECT ok(e.entered_by = current_user AND e.entered_at = now(), 'and stays as it says')
FROM pg_temp.entry('survey', 'company', '2011-01') AS e;
SELECT throws_ok($$ UPDATE kpi.entry SET unit = 'north' WHERE unit = 'company' $$, '23514',
	'what is in kpi.entry for indicator "survey", unit "company" and 2011-01 stays there',
		'an entry moves to no other unit');
SELECT throws_ok($$ UPDATE kpi.entry SET period_start = '2011-06-01' WHERE unit = 'company' $$, '23514',
	'what is in kpi.entry for indicator "survey", unit "company" and 2011-01 stays there', 'and to no other period');

-- What is refused

SELECT throws_ok(format('SELECT kpi.enter(%s)', call), code, message, what)
FROM (VALUES
	($$'survye', 'north', '2011-01', 5$$, '22023', 'indicator "survye" does not exist', 'an unknown indicator'),
	($$'survey', 'nort', '2011-01', 5$$, '22023', 'unit "nort" does not exist', 'an unknown unit'),
	($$'survey', 'north', '2011-13', 5$$, '22023', 'period "2011-13" is not understood', 'a period that is none'),
	($$'survey', 'north', date '10000-01-01', 'month', 5$$, '22023',
		'day 10000-01-01 is in no period of grain "month"', 'a day beyond the years of labels'),
	($$'survey', 'north', '2011-01-45', 'month', 5$$, '22023',
		'day "2011-01-45" is not understood', 'a day that is none'),
	($$'survey', 'north', '2011-W05', 5$$, '22023',
		'grain "week" is not made of whole periods of grain "month", the own one of indicator "survey"',
		'a grain that the own one does not make'),
	($$'survey', 'north', '2011-01-05', 5$$, '22023',
		'grain "day" is not made of whole periods of grain "month", the own one of indicator "survey"',
		'one that is shorter than the own one'),
	($$'alone', 'north', '2011', 5$$, '22023',
		'indicator "alone" has values of its own grain "month" alone, not of grain "year"',
		'a longer grain where nothing combines'),
	($$'survey', 'north', '2011-03 r12', 5$$, '22023', 'indicator "survey" has no values of window "month_r12"',
		'a window that nobody has asked for'),
	($$'survey', 'closed', '2011-03', 5$$, '22023', 'unit "closed" is not in force in 2011-03',
		'a unit that is not in force'),
	($$'former', 'north', '2011-03', 5$$, '22023', 'indicator "former" is retired', 'a retired indicator'),
	($$'per_head', 'north', '2011-03', 5$$, '22023', 'indicator "per_head" is derived and has no entries',
		'a derived indicator'),
	($$'judged', 'north', '2011-03', 5$$, '23514',
		'indicator "judged" is rated, and an entry that corrects it needs a reason', 'a correction without a reason'),
	($$'survey', 'north', '2011-03', NULL::numeric$$, '22004', 'value must not be null', 'no value'),
	($$'survey', 'north', '2011-03'$$, '22004', 'value must not be null', 'no number at all'),
	($$'survey', 'north', date '2011-03-01', 'month'$$, '22004', 'value must not be null', 'nor for a day'),
	($$'survey', 'north', '2011-03', reason => 'late'$$, '22004', 'value must not be null', 'a reason alone'),
	($$'survey', 'north', '2011-03', 5, denominator => -1$$, '23514',
		'numerator NULL and denominator "-1" are not valid for kpi.entry', 'a negative weight'),
	($$'survey', 'north', '2011-03', 5, numerator => 5, denominator => 1$$, '22023',
		'value 5 and numerator 5 are both given', 'a value and a numerator'),
	($$'survey', 'north', '2011-03', numerator => 5$$, '22004', 'numerator 5 has no denominator',
		'a numerator alone'),
	($$'survey', 'north', '2011-03', 'NaN'::numeric$$, '22023', 'value NaN is not a finite number', 'NaN'),
	($$'survey', 'north', '2011-03', 'Infinity'::float8$$, '22023', 'value Infinity is not a finite number',
		'infinity'),
	($$'survey', 'north', '2011-03', numerator => 1, denominator => '-Infinity'::float8$$, '22023',
		'denominator -Infinity is not a finite number', 'an infinite denominator'),
	($$'survey', 'north', '2011-03', 1e100$$, '22003', NULL, 'a number too large'),
	($$'survey', 'north', '2011-03', '1,5'$$, '22P02', '"1,5" is not a number',
		'what is not a number'),
	($$'survey', 'north', '2011-03', 5, reason => ''$$, '22023', 'reason is empty',
		'an empty reason')) AS r (call, code, message, what);
SELECT lives_ok($$ SELECT kpi.enter('survey', 'closed', '2011-02', 5) $$,
	'a unit in force on a day of the month is in force');
SELECT throws_ok($$ INSERT INTO kpi.entry (indicator, unit, grain, period_start, value) VALUES ('survey', 'north',
	'month', '2011-01-02', 1) $$,
	'23514', 'period_start 2011-01-02 is not the first day of a period of grain "month"', 'a day within a period');
SELECT throws_ok($$ INSERT INTO kpi.entry (indicator, unit, grain, period_start, value) VALUES ('survey', 'north',
	'fortnight', '2011-01-01', 1) $$,
	'22023', 'grain "fortnight" does not exist', 'a grain that is none');
SELECT throws_ok($$ INSERT INTO kpi.entry (indicator, unit, grain, period_start, value) VALUES ('survey', 'ghost',
	'month', '2011-01-01', 1) $$,
	'23503', 'unit "ghost" does not exist', 'an unknown unit by plain SQL');

-- Four eyes

CREATE ROLE entry_clerk;
CREATE ROLE entry_head;
GRANT SELECT ON kpi.indicator, kpi.unit, kpi.grain TO entry_clerk, entry_head;
GRANT SELECT, INSERT, UPDATE (value, numerator, denominator, reason, entered_at) ON kpi.entry TO entry_clerk;
GRANT SELECT, UPDATE (approved_by) ON kpi.entry TO entry_head;
INSERT INTO kpi.access (role, may) VALUES ('entry_clerk', 'enter'), ('entry_head', 'enter');
SET ROLE entry_clerk;
SELECT lives_ok($$ SELECT kpi.enter('checked', 'north', '2011-01', 7) $$, 'a clerk enters');
SELECT throws_ok($$ SELECT kpi.approve('checked', 'north', '2011-01') $$, '42501',
	'permission denied for table entry', 'and has no right to approve');
SELECT throws_ok(statement, '42501', NULL, what)
FROM (VALUES
	($$ INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES ('sales', 'north', 'month',
		'2025-11-01', 9) $$,
		'writes no measurement'),
	($$ UPDATE kpi.measurement SET value = 0 $$, 'overwrites none'),
	($$ DELETE FROM kpi.measurement $$, 'deletes none'),
	($$ SELECT kpi.withdraw('checked', 'north', '2011-01') $$, 'withdraws none'),
	($$ DELETE FROM kpi.entry_log $$, 'rewrites no history'),
	($$ INSERT INTO kpi.entry_log SELECT 'sales', 'north', 'month', '2025-11-01', 1, 9 $$, 'and adds none'),
	($$ SELECT kpi.define_indicator('mine') $$, 'defines nothing'),
	($$ SELECT kpi.set_target('survey', 'north', '2011', 5) $$, 'sets no target')) AS r (statement, what);
SELECT lives_ok($$ SELECT kpi.enter('checked', 'north', '2011-01', 8) $$,
	'changes an entry, which is kept without a right to the log');
RESET ROLE;
SELECT results_eq($$ SELECT value, ended_by FROM kpi.entry_log WHERE indicator = 'checked' $$,
	$$ VALUES (7::numeric, 'entry_clerk'::name) $$, 'with who changed it');
SET ROLE entry_head;
SELECT is(kpi.approve('checked', 'north', '2011-01'), 'entry_head', 'somebody else approves');
SELECT is(kpi.approve('checked', 'north', date '2011-01-20', 'month'), 'entry_head', 'which may be said twice');
SELECT throws_ok($$ SELECT kpi.approve('checked', 'north', '2011-02') $$, 'P0002',
	'nothing is entered for indicator "checked", unit "north" and 2011-02', 'but only of what is there');
SELECT throws_ok($$ SELECT kpi.enter('checked', 'north', '2011-01', 9) $$, '42501',
	'permission denied for table entry',
	'who approves may enter nothing');
RESET ROLE;
SELECT ok(approved_by = 'entry_head' AND approved_at = now() AND entered_by = 'entry_clerk',
	'the approval says who and when')
FROM pg_temp.entry('checked', 'north', '2011-01');
SELECT lives_ok($$ SELECT kpi.enter('checked', 'north', '2011-01', 8) $$, 'the same again');
SELECT is((pg_temp.entry('checked', 'north', '2011-01')).approved_by, 'entry_head', 'keeps the approval');
SELECT lives_ok($$ SELECT kpi.enter('checked', 'north', '2011-01', 8.5) $$, 'another value');
SELECT is((pg_temp.entry('checked', 'north', '2011-01')).approved_by, NULL, 'loses it');
SELECT throws_ok($$ SELECT kpi.approve('checked', 'north', '2011-01') $$, '42501',
	format('"%s" entered this value and cannot approve it', current_user),
		'nobody approves what they entered, not even a superuser');
SELECT throws_ok($$ UPDATE kpi.entry SET approved_by = 'entry_head', approved_at = now()
	WHERE indicator = 'checked' $$, '42501',
	format('"%s" entered this value and cannot approve it', current_user), 'nor in the name of another');
SET ROLE entry_head;
UPDATE kpi.entry SET approved_by = 'somebody' WHERE indicator = 'checked';
RESET ROLE;
SELECT is((pg_temp.entry('checked', 'north', '2011-01')).approved_by, 'entry_head',
	'who approves is for the server to say');
UPDATE kpi.entry SET approved_by = NULL WHERE indicator = 'checked';
SELECT is((pg_temp.entry('checked', 'north', '2011-01')).approved_at, NULL, 'an approval may be taken back');
SELECT results_eq($$ SELECT value, approved_by FROM kpi.entry_log WHERE indicator = 'checked' ORDER BY version $$,
	$$ VALUES (7::numeric, NULL::name), (8, 'entry_head'), (8.5, 'entry_head') $$, 'and is kept');

-- Measurements follow, for whoever may write none

CREATE FUNCTION pg_temp.measured(asked_indicator text, asked_unit text, label text) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', trim_scale(value), origin, parts || '/' || parts_expected) FROM kpi.measurement
	WHERE indicator = asked_indicator AND unit = asked_unit AND grain = kpi.period_grain(label)
		AND period_start = kpi.period_start(label)
$$;
SELECT is(pg_temp.measured('survey', 'north', '2011-02'), '6.5 entered', 'a month has what was entered');
SELECT is(pg_temp.measured('survey', 'north', '2011-Q1'), '20 entered', 'a quarter what was entered for it');
SELECT is(pg_temp.measured('survey', 'north', '2012-Q1'), '24691357802469135781.2 combined 3/3',
	'or what its months make');
SELECT is(pg_temp.measured('survey', 'north', '2011-03 ytd'), '21 entered', 'a window, too');
SELECT is(pg_temp.measured('checked', 'north', '2011-01'), NULL, 'what is not approved is no value');
SET ROLE entry_head;
SELECT kpi.approve('checked', 'north', '2011-01');
RESET ROLE;
SELECT is(pg_temp.measured('checked', 'north', '2011-01'), '8.5 entered', 'what is approved is one');
SET ROLE entry_clerk;
SELECT kpi.enter('checked', 'north', '2011-01', 9);
RESET ROLE;
SELECT is(pg_temp.measured('checked', 'north', '2011-01'), NULL, 'until it changes');
SELECT kpi.define_indicator('checked', four_eyes => false);
SELECT is(pg_temp.measured('checked', 'north', '2011-Q1'), '9 combined 1/3',
	'a definition that asks for no approval needs none');
SELECT kpi.define_indicator('checked', combine => 'average', combine_units => 'sum');
SELECT kpi.enter('checked', 'north', '2011-02', 12);
SELECT is(pg_temp.measured('checked', 'north',
	'2011-Q1'), trim_scale((9 * 31 + 12 * 28) / 59::numeric) || ' combined 2/3',
	'and values follow the rule that a definition gets');
SELECT kpi.withdraw('checked', 'north', '2011-02');
SELECT is(pg_temp.measured('checked', 'north', '2011-Q1'), '9 combined 1/3', 'and what is withdrawn');
SELECT kpi.define_indicator('twice', formula => 'checked * 2');
SELECT is(pg_temp.measured('twice', 'north', '2011-01'), '18 formula', 'a formula has its values when it is defined');
SET ROLE entry_clerk;
SELECT kpi.enter('checked', 'north', '2011-01', 10);
RESET ROLE;
SELECT is(pg_temp.measured('twice', 'north', '2011-01'), '20 formula', 'and when what it reads is entered');
SELECT kpi.define_indicator('twice', formula => 'checked * 3');
SELECT is(pg_temp.measured('twice', 'north', '2011-01'), '30 formula', 'and when it changes');

SELECT kpi.define_indicator('E191', combine => 'sum');
SELECT kpi.enter('E191', 'north', period, value) FROM (VALUES ('2011-01', 5), ('2011-02', 6), ('2011-03', 7),
	('2011-Q1', 20)) AS v (period, value);
SELECT is(pg_temp.measured('E191', 'north', '2011-Q1'), '20 entered',
	'E191: an entry for the very period stands before what its parts give');

-- Nothing that is typed is deleted or ignored by the way

SELECT throws_ok(statement, code, message, what)
FROM (VALUES
	($$ DELETE FROM kpi.unit WHERE unit = 'closed' $$, '23503', 'unit "closed" has entries',
		'a unit with entries stays'),
	($$ DELETE FROM kpi.indicator WHERE indicator = 'survey' $$, '23503', 'indicator "survey" has entries',
		'and an indicator'),
	($$ SELECT kpi.define_indicator('survey', formula => 'sales * 2', kind => 'derived', reset => '{combine}') $$,
		'23514',
		'indicator "survey" has entries and cannot be derived', 'an entered indicator does not become a derived one'),
	($$ SELECT kpi.define_indicator('checked', grain => 'quarter') $$, '22023',
		'grain "month" is not made of whole periods of grain "quarter", the own one of indicator "checked"',
		'nor one of a longer grain'),
	($$ SELECT kpi.define_indicator('survey', windows => '{}') $$, '22023',
		'indicator "survey" has no values of window "month_ytd"',
		'nor one without the window that was entered'),
	($$ SELECT kpi.define_indicator('survey', windows => '{}', combine => 'none') $$, '22023', NULL,
		'nor one of which only months have values')) AS r (statement, code, message, what);
UPDATE kpi.unit SET unit = 'nord' WHERE unit = 'north';
UPDATE kpi.indicator SET indicator = 'poll' WHERE indicator = 'survey';
SELECT is(count(*), 9::bigint, 'keys that are renamed are renamed in entries') FROM kpi.entry WHERE indicator = 'poll'
	AND unit = 'nord'
	AND grain = 'month';
SELECT is(count(*), 4::bigint, 'and in their history') FROM kpi.entry_log WHERE indicator = 'sales' AND unit = 'nord';
SELECT lives_ok($$ DELETE FROM kpi.indicator WHERE indicator IN ('per_head', 'twice', 'sales') $$,
	'what has no entry any more may go');
SELECT is_empty($$ SELECT FROM kpi.entry_log WHERE indicator = 'sales' $$, 'with its history');
SELECT is(count(*), 9::bigint, 'measurements are renamed with them, not made twice') FROM kpi.measurement
WHERE indicator = 'poll' AND unit = 'nord' AND grain = 'month';
SELECT is_empty($$ SELECT FROM kpi.measurement WHERE indicator = 'survey' OR unit = 'north' $$,
	'and none is left behind');

SELECT * FROM finish();
ROLLBACK;
