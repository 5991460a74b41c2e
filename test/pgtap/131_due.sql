-- What is missing, who has to do what by when, and weights that do not add up.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

SELECT kpi.define_unit('all', valid => '[2011-01-01,2012-01-01)');
SELECT kpi.define_unit(u, parent => 'all', valid => '[2011-01-01,2012-01-01)')
FROM unnest('{north,south,west}'::text[]) AS u;
CREATE TABLE public.till (sold_on date, unit text, amount numeric);
INSERT INTO public.till SELECT d, u, 10
FROM unnest('{2011-01-15,2011-02-15,2011-03-15}'::date[]) AS d, unnest('{north,south}'::text[]) AS u
WHERE (d, u) NOT IN (('2011-03-15', 'south'), ('2011-02-15', 'north'));
SELECT kpi.define_indicator('sales', source => 'public.till', time_column => 'sold_on', unit_column => 'unit',
	numerator => 'sum(amount)', responsible => 'Ann', due_after => '5 days');
SELECT kpi.define_indicator('idle', source => 'public.till', time_column => 'sold_on', unit_column => 'unit',
	numerator => 'sum(amount)', filter => 'false');
SELECT kpi.define_indicator('staff', combine => 'last', responsible => 'Bea', due_after => '36 hours');
SELECT kpi.define_indicator('margin', formula => 'sales / staff');
CALL kpi.collect('2011-01-01', '2011-04-01', commit_each => false);
CREATE TEMP VIEW missing AS SELECT indicator_key::text, due_on FROM kpi.v_missing;

SELECT bag_eq('SELECT * FROM missing WHERE indicator_key ~ ''^sales''',
	$$VALUES ('sales/north/2011-02', date '2011-03-05'), ('sales/south/2011-03', '2011-04-05'),
		('sales/west/2011-01', '2011-02-05'), ('sales/west/2011-02', '2011-03-05'), ('sales/west/2011-03', '2011-04-05')$$,
	'a unit that had a value before or after, and one that never had any while its siblings have');
SELECT bag_eq('SELECT * FROM missing WHERE indicator_key !~ ''^sales''',
	$$VALUES ('idle/all/2011-03', date '2011-03-31') UNION ALL
		SELECT 'staff/all/' || to_char(d, 'YYYY-MM'), CAST(d + interval '1 month 1 day' AS date)
		FROM generate_series(timestamp '2011-03-01', '2011-12-01', '1 month') AS d$$,
	'of an indicator without any value, which nobody says of whom to expect, the whole is missing in the newest period '
	'and later; of what follows from others nothing');
SELECT kpi.set_target('idle', 'north', '2011-02', 5);
SELECT bag_eq('SELECT indicator_key FROM missing WHERE indicator_key ~ ''^idle''',
	$$VALUES ('idle/north/2011-02'), ('idle/north/2011-03')$$,
	'what has a target is expected from its first day on, in periods that have begun');
SELECT bag_eq($$SELECT indicator, unit FROM kpi.v_data_quality WHERE finding = 'no_value'$$,
	$$VALUES ('idle'::varchar, 'north'::varchar), ('sales', 'south'), ('sales', 'west'), ('staff', 'all')$$,
	'the newest period is a finding: of an indicator without any value, too');

SELECT kpi.enter('staff', 'north', '2011-10', 7), kpi.enter('staff', 'south', '2011-12', 8);
SELECT bag_eq($$SELECT * FROM missing WHERE indicator_key ~ '^staff'$$,
	$$VALUES ('staff/north/2011-11', date '2011-12-02'), ('staff/north/2011-12', '2012-01-02'),
		('staff/west/2011-10', '2011-11-02'), ('staff/west/2011-11', '2011-12-02'), ('staff/west/2011-12', '2012-01-02')$$,
	'what is entered is due in every period that is over while the unit is in force, not of the unit above');
SELECT is_empty($$SELECT FROM missing WHERE indicator_key ~ '/2012-'$$, 'nothing of a unit whose days have ended');
SELECT kpi.define_indicator('staff', state => 'retired');
SELECT is_empty($$SELECT FROM missing WHERE indicator_key ~ '^staff'$$, 'nor of what is retired');
SELECT kpi.define_indicator('staff', state => 'approved');

-- Tasks

SELECT kpi.define_indicator('mood', kind => 'rated', responsible => 'Cy');
SELECT kpi.set_rater('mood', 'eve', 2), kpi.set_rater('mood', 'dan'), kpi.set_rater('mood', 'flo', 3, unit => 'south');
SELECT kpi.rate('mood', 'north', '2011-11', 80, 'eve');
SELECT kpi.define_indicator('staff', four_eyes => true);
SELECT kpi.approve('staff') WHERE false;
CREATE TEMP VIEW due AS
SELECT due_key::text, task::text, rater::text, rater_weight, responsible::text, entered_by IS NOT NULL AS typed
FROM kpi.v_due;
SELECT bag_eq($$SELECT due_key, rater_weight, responsible FROM due WHERE task = 'rate' AND due_key ~ 'north'$$,
	$$VALUES ('rate/mood/north/2011-11/dan', 1::numeric, 'Cy'), ('rate/mood/north/2011-12/dan', 1, 'Cy'),
		('rate/mood/north/2011-12/eve', 2, 'Cy')$$,
	'a rater who has not judged what others have, and all of them where nobody has');
SELECT is_empty($$SELECT FROM due WHERE task = 'rate' AND rater = 'flo' AND due_key !~ '/south/'$$,
	'a rater of one unit has nothing to do for another');
SELECT bag_eq($$SELECT due_key, typed FROM due WHERE task = 'approve'$$,
	$$VALUES ('approve/staff/north/2011-10', true), ('approve/staff/south/2011-12', true)$$,
	'entries that nobody has approved');
SELECT is_empty($$SELECT due_key FROM due WHERE due_key ~ '^enter/staff/(north/2011-10|south/2011-12)'$$,
	'what waits for approval is not to be entered again');
SELECT is_empty($$SELECT due_key FROM due WHERE due_key ~ '^enter/staff/all'$$, 'and says of whom it is expected');
SELECT bag_eq($$SELECT substr(due_key, 9), responsible FROM due WHERE task = 'collect'$$,
	$$SELECT indicator_key::text, responsible::text FROM kpi.v_missing WHERE kind = 'measured'$$,
	'what is measured and missing is to be collected');
SELECT bag_eq($$SELECT substr(due_key, 7), responsible FROM due WHERE task = 'enter'$$,
	$$SELECT indicator_key::text, responsible::text FROM kpi.v_missing WHERE kind = 'entered'$$, 'or entered');
SELECT is((SELECT min(is_overdue) FROM kpi.v_due), 1, 'years ago all of it is overdue');
SELECT is((SELECT count(*) - count(DISTINCT due_key) FROM due), 0::bigint, 'the key is unique');
SET LOCAL kpi.language = 'zh';
SELECT is((SELECT min(task_label) FROM kpi.v_due WHERE task = 'rate'), '评分', 'in Chinese');
SET LOCAL kpi.language = 'en';

-- A reader sees the tasks of their units, and is told the same of them

CREATE ROLE kpi_due_south;
SELECT kpi.grant_viewer('kpi_due_south', '{south}');
CREATE TEMP TABLE all_of_south AS SELECT due_key::text FROM kpi.v_due WHERE unit = 'south';
GRANT SELECT ON all_of_south TO kpi_due_south;
SET LOCAL ROLE kpi_due_south;
SELECT bag_eq('SELECT due_key::text FROM kpi.v_due', 'SELECT due_key FROM all_of_south',
	'no number depends on who asks');
SELECT bag_eq('SELECT DISTINCT unit::text FROM kpi.v_missing', $$VALUES ('south')$$, 'and no other unit is seen');
RESET ROLE;

-- Weights

SELECT kpi.define_scorecard('card', name => 'Card');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight, valid) VALUES
	('card', 'money', NULL, NULL, 'Money', 60, '(,)'),
	('card', 'people', NULL, NULL, 'People', 40, '[2011-07-01,)'),
	('card', 'sales', 'money', 'sales', 'Sales', 0.7, '(,2011-04-01)'),
	('card', 'margin', 'money', 'margin', 'Margin', 0.3, '(,)'),
	('card', 'staff', 'people', 'staff', 'Staff', NULL, '[2011-07-01,)');
SELECT bag_eq($$SELECT weight_key::text, node_name::text, valid_from, valid_to, weight_count, weight_sum,
		weight_sum_expected,
		weight_difference, is_as_expected FROM kpi.v_weight_check$$,
	$$VALUES ('card/card', 'Card', NULL::date, date '2011-06-30', 1, 60::numeric, 100::numeric, -40::numeric, 0),
		('card/card/2011-07-01', 'Card', '2011-07-01', NULL, 2, 100, 100, 0, 1),
		('card/money', 'Money', NULL, '2011-03-31', 2, 1, 1, 0, 1),
		('card/money/2011-04-01', 'Money', '2011-04-01', NULL, 1, 0.3, 1, -0.7, 0)$$,
	'sums by the days on which they hold; what is shown without a weight is no part of them');
SELECT kpi.define_scorecard('card', weight_sum => 50, weight_tolerance => 10);
SELECT results_eq($$SELECT weight_sum_expected, weight_difference, is_as_expected FROM kpi.v_weight_check
	WHERE node = 'card' ORDER BY valid_from NULLS FIRST$$,
	$$VALUES (50::numeric, 10::numeric, 1), (50, 50, 0)$$, 'what the scorecard says, within its tolerance');
SELECT bag_eq($$SELECT finding_key::text FROM kpi.v_data_quality WHERE finding = 'weight_sum'$$,
	$$SELECT concat_ws('/', 'weight_sum', scorecard, node) FROM kpi.v_weight_check
		WHERE valid_to IS NULL AND is_as_expected = 0$$, 'findings are those that hold from now on');
UPDATE kpi.scorecard SET method = 'average' WHERE scorecard = 'card';
SELECT is_empty('SELECT FROM kpi.v_weight_check', 'other methods have no weights to sum');

SELECT * FROM finish();
ROLLBACK;
