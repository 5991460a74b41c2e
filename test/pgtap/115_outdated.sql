-- Values of before the units changed, or older than those of units above or below, are told until they are
-- collected anew. Each step is a transaction, as times are those of their begin; so nothing is undone.
\set QUIET on
SELECT no_plan();
SET client_min_messages = warning;

CREATE SCHEMA t;
CREATE TABLE t.sale (day date, shop text, amount numeric);
INSERT INTO t.sale
SELECT make_date(2021 + y, 5, 1), s, 10 * y + length(s)
FROM generate_series(1, 3) AS y, unnest('{a,b,late}'::text[]) AS s;
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('a', 'north'), kpi.define_unit('b', 'south');
SELECT kpi.define_indicator('sales', source => 't.sale', time_column => 'day', unit_column => 'shop',
		numerator => 'sum(amount)', combine => 'sum', grain => 'month'),
	kpi.define_indicator('mean', source => 't.sale', time_column => 'day', unit_column => 'shop',
		numerator => 'sum(amount)', denominator => 'count(*)', combine => 'rows', grain => 'month'),
	kpi.define_indicator('whole', source => 't.sale', time_column => 'day', numerator => 'sum(amount)', grain => 'month');

CREATE FUNCTION outdated() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', q.indicator, q.period_label), ', ' ORDER BY q.indicator)
	FROM kpi.v_data_quality AS q WHERE q.finding = 'outdated'
$$;

SELECT is(outdated(), NULL, 'nothing was collected');
CALL kpi.collect('2022-05', '2024-05');
SELECT is(outdated(), NULL, 'what was collected by the tree as it is, is told of by nobody');

SELECT kpi.define_unit('b', 'north', "from" => '2023-05-01');
SELECT is(outdated(), 'mean 2023-05', 'a unit moves on a day: what comes from rows is of the old tree from then on');
CALL kpi.collect('2023-05', '2023-05');
SELECT is(outdated(), 'mean 2024-05', 'until it is collected, each period');
CALL kpi.collect('2024-05', '2024-05', units => '{north,south}');
SELECT is(outdated(), 'mean 2024-05', 'for all units');
CALL kpi.collect('2024-05', '2024-05');
SELECT is(outdated(), NULL, 'then it is of the tree');

UPDATE kpi.unit SET unit = 'shop b' WHERE unit = 'b';
UPDATE kpi.unit SET unit = 'the north' WHERE unit = 'north';
SELECT kpi.define_unit('shop b', name => 'Shop B', "position" => 7);
SELECT is(outdated(), NULL, 'another key, name or place in the order moves no unit');
UPDATE t.sale SET shop = 'shop b' WHERE shop = 'b';

SELECT kpi.define_unit('late', 'south');
SELECT is(outdated(), 'mean 2022-05, sales 2022-05',
	'a unit is added: those above it have fewer parts than there are');
CALL kpi.collect('2022-05', '2024-05');
SELECT is(outdated(), NULL, 'until they are collected');

INSERT INTO t.sale VALUES ('2024-05-02', 'a', 1000);
CALL kpi.collect('2024-05', units => '{a}');
SELECT is(outdated(), 'mean 2024-05',
	'a unit collected alone leaves those above it behind where they are made of rows');
SELECT results_eq($$ SELECT severity::text, finding_label::text, finding_text FROM kpi.v_data_quality
	WHERE finding = 'outdated' AND indicator = 'mean' $$,
	$$ VALUES ('warning', 'Outdated', 'Mean has values, from 2024-05 on, that were collected before the units changed, '
		'or not with the units above or below. Collect it anew for all units.') $$, 'in words');
SELECT set_config('kpi.language', 'zh', false);
SELECT is((SELECT finding_label || ': ' || finding_text FROM kpi.v_data_quality
	WHERE finding = 'outdated' AND indicator = 'mean'),
	'已过时: Mean自 2024-05 起有数值是在单位变动之前采集的，'
		'或未与其上下级单位一同采集。'
		'请为全部单位重新采集。',
	'in Chinese, too');
SELECT set_config('kpi.language', 'en', false);
CALL kpi.collect('2024-05', units => '{a}');
SELECT isnt(outdated(), NULL, 'once more alone changes nothing');
CALL kpi.collect('2024-05');
SELECT is(outdated(), NULL, 'all together does');

SELECT kpi.define_unit('late', valid => '[2024-05-01,)');
SELECT is(outdated(), 'mean 2022-05, sales 2022-05', 'a unit is in force on other days');
SELECT kpi.define_indicator('sales', state => 'retired');
SELECT is(outdated(), 'mean 2022-05', 'nothing is told of what is retired');
DELETE FROM kpi.unit WHERE unit = 'late';
CALL kpi.collect('2022-05', '2024-05');
SELECT is(outdated(), NULL, 'and all is well in the end');
DELETE FROM kpi.unit WHERE unit = 'shop b';
SELECT is(outdated(), 'mean 2022-05', 'a unit that is gone leaves its rows with those that were above it');

SELECT * FROM finish();
