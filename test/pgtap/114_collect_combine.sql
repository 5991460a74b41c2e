-- What collecting makes of measured values: stocks, other rules over units, formulas, windows that formulas read,
-- whatever follows a changed tree; and what is collected where a derived indicator is asked for.
-- share: 5
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

CREATE SCHEMA c;
CREATE FUNCTION pg_temp.value(key text, unit text, period text) RETURNS numeric LANGUAGE sql STABLE
	RETURN (SELECT trim_scale(m.value) FROM kpi.measurement AS m WHERE m.indicator = key AND m.unit = value.unit
			AND m.grain = kpi.period_grain(period) AND m.period_start = kpi.period_start(period));
CREATE FUNCTION pg_temp.collect(VARIADIC keys text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CALL kpi.collect('2025-10', '2025-12', keys, commit_each => false);
END $$;
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');

-- Stores at the end of each month: a stock

CREATE TABLE c.store (day date, unit text, stores integer);
INSERT INTO c.store VALUES ('2025-10-31', 'north', 10), ('2025-11-30', 'north', 12);
SELECT kpi.define_indicator('stores', source => 'c.store', time_column => 'day', unit_column => 'unit',
							numerator => 'sum(stores)', combine => 'last');
SELECT kpi.define_indicator('area', source => 'c.store', time_column => 'day', unit_column => 'unit',
							numerator => 'sum(stores * 100)', combine => 'last');
SELECT kpi.define_indicator('area_of_store', formula => 'area / stores');
SELECT kpi.define_indicator('growth', formula => 'stores / previous(stores) - 1', combine => 'compound_growth',
	combine_units => 'average');
SELECT pg_temp.collect('stores');
SELECT is(pg_temp.value('stores', 'north', '2025-Q4'), 12::numeric,
	'a quarter that has two months ends with the second');
INSERT INTO c.store VALUES ('2025-12-31', 'north', 11), ('2025-11-15', 'south', 4);
SELECT pg_temp.collect('stores');
SELECT results_eq($$ SELECT kpi.period_label(grain, period_start)::text, value::integer, parts, parts_expected,
	origin::text
	FROM kpi.measurement WHERE indicator = 'stores' AND unit = 'north' AND grain IN ('month',
	'quarter') ORDER BY 1 $$,
	$$ VALUES ('2025-10', 10, NULL::integer, NULL::integer, 'rows'), ('2025-11', 12, NULL, NULL, 'rows'),
		('2025-12', 11, NULL, NULL, 'rows'), ('2025-Q4', 11, 3, 3, 'combined') $$,
		'10, 12, 11 stores are 11 in the quarter');
SELECT is(pg_temp.value('stores', 'company', '2025-Q4'), 15::numeric,
	'and 15 of the whole, where the south is late');
SELECT is(pg_temp.value('stores', 'company', '2025-12'), 11::numeric, 'but not in December itself');
SELECT is(pg_temp.value('area_of_store', 'north', '2025-Q4'), NULL,
	'a formula has no value before its other input has');
SELECT pg_temp.collect('area');
SELECT is(pg_temp.value('area_of_store', 'north', '2025-Q4'), 100::numeric, 'and then it has');
SELECT is(round(pg_temp.value('growth', 'north', '2025-Q4'), 12), 0.1::numeric,
	'what compounds: 12 / 10 * 11 / 12 - 1');
DELETE FROM c.store WHERE day = '2025-12-31';
SELECT pg_temp.collect('stores', 'area');
SELECT is(pg_temp.value('stores', 'north', '2025-Q4'), 12::numeric, 'rows that go are followed');
SELECT is(pg_temp.value('stores', 'north', '2025-12'), NULL, 'where they were too');

-- Over units

CREATE TABLE c.sale (day date, unit text, amount integer, orders integer);
INSERT INTO c.sale VALUES ('2025-10-02', 'north', 30, 3), ('2025-10-12', 'north', 50, 5), ('2025-10-12', 'south',
	20, 4),
	('2025-11-02', 'south', 60, 4), ('2025-11-02', 'company', 7, 7);
SELECT kpi.define_indicator(combine || '_' || units, source => 'c.sale', time_column => 'day', unit_column => 'unit',
							numerator => 'sum(amount)', denominator => 'sum(orders)', combine => combine,
							combine_units => units)
FROM (VALUES ('rows', 'rows'), ('rows', 'ratio'), ('rows', 'average'), ('rows', 'max'), ('rows', 'min'), ('rows',
	'sum'),
			 ('rows', 'none'), ('ratio', 'rows'), ('sum', 'max'), ('average', 'average'), ('last', 'max'),
			('none', 'rows'),
			 ('none', 'none'), ('product', 'product')) AS r (combine, units);
CALL kpi.collect('2025-10', '2025-12', commit_each => false);
SELECT ok(alike(pg_temp.value(key, 'company', period), whole, 1e-12), format('%s: the whole in %s is %s', key,
	period, whole))
FROM (VALUES ('rows_rows', '2025-10', 100 / 12.0), ('rows_rows', '2025-Q4', 167 / 23.0),
			 ('rows_ratio', '2025-Q4', 167 / 23.0), ('rows_average', '2025-10', 100 / 12.0),
			 ('rows_max', '2025-10', 10), ('rows_min', '2025-10', 5), ('rows_max', '2025-Q4', 10),
			 ('rows_sum', '2025-10', 15), ('rows_sum', '2025-Q4', 21), ('rows_sum', '2025-11', 16),
			 ('rows_none', '2025-10', NULL), ('rows_none', '2025-11', 1), ('ratio_rows', '2025-Q4', 167 / 23.0),
			 ('sum_max', '2025-10', 10), ('sum_max', '2025-11', 15), ('sum_max', '2025-Q4', 25),
			 ('average_average', '2025-10', 100 / 12.0), ('last_max', '2025-Q4', 15),
			 ('none_rows', '2025-10', 100 / 12.0), ('none_rows', '2025-Q4', NULL), ('none_none', '2025-11', 1),
			 ('product_product', '2025-10', 50)) AS e (key, period, whole);
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'none_rows' AND grain <> 'month'), 0::bigint,
	'under none only the own grain has values');

-- Formulas over what is measured, and the windows that they read

SELECT kpi.define_indicator(key, source => 'c.sale', time_column => 'day', unit_column => 'unit',
	numerator => 'sum(amount)',
							combine => combine)
FROM (VALUES ('amount', 'rows'), ('amounts', 'sum')) AS d (key, combine);
SELECT kpi.define_indicator('best', source => 'c.sale', time_column => 'day', unit_column => 'unit',
	numerator => 'max(amount)');
SELECT kpi.define_indicator('share', formula => 'amount / root(amount)'), kpi.define_indicator('to_date',
	formula => 'ytd(amount)'),
	kpi.define_indicator('two', formula => 'rolling(best, 2)'), kpi.define_indicator('twos',
	formula => 'rolling(amounts, 2)'),
	kpi.define_indicator('twice', formula => 'to_date * 2'), kpi.define_indicator('step',
	formula => 'amount - previous(amount)');
SELECT pg_temp.collect('amount', 'best', 'amounts');
SELECT is(pg_temp.value('share', 'north', '2025-10'), 0.8::numeric, 'a share of the whole');
SELECT is(pg_temp.value('to_date', 'company', '2025-11'), 167::numeric,
	'a window that only a formula reads is measured');
SELECT is(pg_temp.value('twice', 'company', '2025-11'), 334::numeric, 'and read through another one');
SELECT is(pg_temp.value('two', 'company', '2025-11'), 60::numeric, 'rolling, from rows');
SELECT is(pg_temp.value('two', 'company', '2025-10'), NULL, 'of which no month lacks');
SELECT is(pg_temp.value('twos', 'company', '2025-11'), 167::numeric, 'rolling, from months');
SELECT is(pg_temp.value('step', 'south', '2025-11'), 40::numeric, 'on the month before');
INSERT INTO c.sale VALUES ('2025-11-03', 'south', 40, 1);
CALL kpi.collect('2025-11', indicators => '{amount}', commit_each => false);
SELECT is(pg_temp.value('step', 'south', '2025-12'), NULL, 'nothing is in December');
INSERT INTO c.sale VALUES ('2025-12-03', 'south', 10, 1);
CALL kpi.collect('2025-12', indicators => '{amount}', commit_each => false);
SELECT is(pg_temp.value('step', 'south', '2025-12'), -90::numeric, 'what a period gives is read by the next one');
INSERT INTO c.sale VALUES ('2025-11-04', 'south', 1, 1);
CALL kpi.collect('2025-11', indicators => '{amount}', commit_each => false);
SELECT is(pg_temp.value('step', 'south', '2025-12'), -91::numeric, 'also where that alone is collected');

-- A derived one is collected through what it reads

INSERT INTO c.sale VALUES ('2025-10-20', 'north', 1000, 1);
SELECT lives_ok($$ SELECT pg_temp.collect('twice') $$, 'a derived indicator is collected');
SELECT is(pg_temp.value('twice', 'north', '2025-10'), 2160::numeric, 'through its measured inputs');
SELECT results_eq($$ SELECT indicator::text FROM kpi.run_step WHERE run = (SELECT max(run) FROM kpi.run) $$,
	$$ VALUES ('amount') $$, 'of them alone');
SELECT is(pg_temp.value('best', 'north', '2025-10'), 50::numeric, 'others stay');
SELECT kpi.define_indicator('typed', combine => 'sum'), kpi.define_indicator('typed_twice', formula => 'typed * 2');
SELECT kpi.enter('typed', 'north', '2025-10', 4);
SELECT lives_ok($$ SELECT pg_temp.collect('typed_twice') $$, 'one that reads nothing measured too');
SELECT is(pg_temp.value('typed_twice', 'north', '2025-10'), 8::numeric, 'it keeps its value');
SELECT throws_ok($$ SELECT pg_temp.collect('typed') $$, '22023',
	'indicator "typed" is entered and cannot be collected',
	'what is entered is not');
SELECT kpi.define_indicator('typed_twice', state => 'retired');
SELECT throws_ok($$ SELECT pg_temp.collect('typed_twice') $$, '22023',
	'indicator "typed_twice" is retired and cannot be collected',
	'nor what is retired');
SELECT kpi.define_indicator('best', state => 'draft');
SELECT pg_temp.collect('two');
SELECT is((SELECT count(*) FROM kpi.run_step WHERE run = (SELECT max(run) FROM kpi.run)), 0::bigint,
	'a draft is collected only where its name is given');

-- A changed tree: without a list all follows

SELECT kpi.define_unit('west', 'company', "from" => '2025-01-01');
SELECT kpi.enter('typed', 'south', '2025-11', 5);
SELECT kpi.define_unit('south', 'west', "from" => '2025-01-01');
SELECT is(pg_temp.value('typed', 'west', '2025-11'), 5::numeric, 'what is entered follows a unit that moves, at once');
SELECT is(pg_temp.value('amount', 'west', '2025-11'), NULL, 'what is measured from rows does not');
CALL kpi.collect('2025-10', '2025-12', commit_each => false);
SELECT is(pg_temp.value('typed', 'west', '2025-11'), 5::numeric, 'it stays where all is collected');
SELECT is(pg_temp.value('amount', 'west', '2025-11'), 101::numeric, 'and what is measured follows');
CREATE TEMP TABLE before AS TABLE kpi.measurement;
CALL kpi.collect('2025-10', '2025-12', commit_each => false);
SELECT set_eq('TABLE kpi.measurement', 'TABLE before', 'again changes nothing');
SELECT is((SELECT sum(changed) FROM kpi.run_step WHERE run = (SELECT max(run) FROM kpi.run)), 0::bigint,
	'and says so');

-- Corrections: the measured value comes back

SELECT kpi.enter('amount', 'north', '2025-10', 1, reason => 'credit note');
SELECT is(pg_temp.value('share', 'north', '2025-10'), 1 / 1100.0, 'a formula follows a correction');
INSERT INTO c.sale VALUES ('2025-10-21', 'north', 20, 1);
SELECT pg_temp.collect('amount');
SELECT is(pg_temp.value('amount', 'north', '2025-10'), 1::numeric, 'that stands when it is collected again');
SELECT is((SELECT kept FROM kpi.run_step WHERE run = (SELECT max(run) FROM kpi.run)), 1, 'and is counted');
SELECT kpi.withdraw('amount', 'north', '2025-10');
SELECT is(pg_temp.value('amount', 'north', '2025-10'), 1100::numeric,
	'withdrawn, the value measured last is back at once');
SELECT is((SELECT origin::text FROM kpi.measurement WHERE indicator = 'amount'
	AND unit = 'north' AND period_start = '2025-10-01'
	AND grain = 'month'), 'rows', 'as what rows give');
SELECT is(pg_temp.value('share', 'north', '2025-10'), 1100 / 1120.0, 'for what is made of it too');
SELECT kpi.enter('amount', 'north', '2025-10', 2, reason => 'again'), kpi.enter('amount', 'north', '2025-10', 3,
	reason => 'and again');
SELECT kpi.withdraw('amount', 'north', '2025-10');
SELECT is(pg_temp.value('amount', 'north', '2025-10'), 1100::numeric, 'however often it was corrected');
SELECT kpi.enter('amount', 'north', '2025-12', 9, reason => 'nothing was booked');
SELECT kpi.withdraw('amount', 'north', '2025-12');
SELECT is(pg_temp.value('amount', 'north', '2025-12'), NULL, 'where nothing was measured there is nothing again');
SELECT kpi.enter('amount', 'north', '2025-10', 2, reason => 'rows went');
DELETE FROM c.sale WHERE unit = 'north';
SELECT pg_temp.collect('amount');
SELECT kpi.withdraw('amount', 'north', '2025-10');
SELECT is(pg_temp.value('amount', 'north', '2025-10'), NULL, 'nor where the source has nothing any more');
SELECT is((SELECT count(*) FROM kpi_internal.own_value WHERE indicator = 'amount'), 0::bigint,
	'and nothing is kept of it');
SELECT kpi.enter('amount', 'south', '2025-10', 2, reason => 'then by another rule');
SELECT kpi.define_indicator('amount', combine => 'sum', combine_units => 'sum');
SELECT pg_temp.collect('amount');
SELECT is(pg_temp.value('amount', 'company', '2025-10'), 2::numeric,
	'by another rule the whole follows the correction');
SELECT kpi.withdraw('amount', 'south', '2025-10');
SELECT is(pg_temp.value('amount', 'company', '2025-10'), 20::numeric, 'and its end');

-- Zeros, only of units that were collected

SELECT kpi.define_indicator('none_or_some', source => 'c.sale', time_column => 'day', unit_column => 'unit',
							numerator => 'count(*)', empty => 'zero');
CALL kpi.collect('2025-10', indicators => '{none_or_some}', units => '{north}', commit_each => false);
SELECT is(pg_temp.value('none_or_some', 'north', '2025-10'), 0::numeric, 'no rows of a unit');
SELECT is(pg_temp.value('none_or_some', 'south', '2025-10'), NULL, 'a unit that was not collected has none');
CALL kpi.collect('2025-10', indicators => '{none_or_some}', commit_each => false);
SELECT is(pg_temp.value('none_or_some', 'south', '2025-10'), 1::numeric, 'until it is');

-- What cannot be obeyed is refused

SELECT throws_ok($$ SELECT kpi.define_indicator('bad', formula => 'stores - area', combine => 'ratio') $$, '22023',
	'indicator "bad" is combined by ratio (combine) but its formula "stores - area" is no quotient',
	'a ratio of no quotient');
SELECT throws_ok($$ SELECT kpi.define_indicator('bad', formula => '100 * (area / stores)',
	combine_units => 'ratio') $$,
	'22023', NULL, 'over units too');
SELECT throws_ok($$ SELECT kpi.define_indicator('bad', formula => 'stores / previous(stores) - 1',
	combine => 'compound_growth') $$,
	'22023', NULL, 'where it is the default as well');
SELECT lives_ok($$ SELECT kpi.define_indicator('good', formula => '(area / stores)', combine => 'ratio',
	combine_units => 'ratio') $$,
	'but not of a quotient');
SELECT throws_ok($$ SELECT kpi.define_indicator('good', formula => 'area * stores') $$, '22023', NULL,
	'nor may it become another formula');
SELECT pg_temp.collect('good');
SELECT is(pg_temp.value('good', 'company', '2025-Q4'), 100::numeric, 'and is combined so');

SELECT kpi.define_dimension('market');
SELECT kpi.define_unit('market', dimension => 'market');
SELECT kpi.define_indicator('all_of_it', source => 'c.store', time_column => 'day', numerator => 'sum(stores)',
							all_rows_to => '{market}');
SELECT throws_ok($$ DELETE FROM kpi.unit WHERE unit = 'market' $$, '23503',
	'unit "market" is named in all_rows_to of indicator "all_of_it"', 'a unit that gets all rows is not deleted');
UPDATE kpi.unit SET unit = 'world' WHERE unit = 'market';
SELECT is((SELECT all_rows_to FROM kpi.indicator WHERE indicator = 'all_of_it'), '{world}',
	'one that is renamed gets them');
SELECT pg_temp.collect('all_of_it');
SELECT is(pg_temp.value('all_of_it', 'world', '2025-Q4'), 26::numeric, 'still');
DELETE FROM kpi.indicator WHERE indicator = 'all_of_it';
SELECT lives_ok($$ DELETE FROM kpi.unit WHERE unit = 'world' $$, 'and is deleted when nothing names it');

-- Snapshots: never of what is over, provisional while it runs, settled when it is over

CREATE TABLE c.staff (unit text, since date, "Left" timestamptz);
INSERT INTO c.staff VALUES ('north', '2020-01-01'), ('north', '2021-01-01'), ('south', '2020-01-01');
SELECT kpi.define_indicator('staff', source => 'c.staff', unit_column => 'unit', numerator => 'count(*)',
	time_zone => 'UTC');
SELECT kpi.define_indicator('staff_max', source => 'c.staff', unit_column => 'unit', numerator => 'count(*)',
	combine => 'max',
							time_zone => 'UTC');
CREATE FUNCTION pg_temp.now_collected() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CALL kpi.collect(to_char(now() AT TIME ZONE 'UTC', 'YYYY'), indicators => '{staff,staff_max}',
	commit_each => false);
END $$;
SELECT pg_temp.now_collected();
SELECT is(pg_temp.value(key, unit, to_char(now() AT TIME ZONE 'UTC', 'YYYY')), value, format('%s of %s now', key,
	unit))
FROM (VALUES ('staff', 'company', 3::numeric), ('staff', 'north', 2), ('staff_max', 'company', 2))
	AS e (key, unit, value);
SELECT ok(bool_and(provisional), 'it is provisional') FROM kpi.measurement WHERE indicator IN ('staff', 'staff_max');
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'staff'
	AND upper(kpi_internal.period_days(grain, period_start))
	<= (now() AT TIME ZONE 'UTC')::date), 0::bigint, 'and of no period that is over');
-- as if it had been collected in the month before
UPDATE kpi.measurement SET period_start = (period_start - interval '1 month')::date
WHERE indicator = 'staff' AND grain = 'month';
UPDATE kpi_internal.own_value SET period_start = (period_start - interval '1 month')::date
	WHERE indicator = 'staff_max';
DELETE FROM c.staff WHERE unit = 'south';
SELECT pg_temp.now_collected();
SELECT results_eq($$ SELECT unit::text, value::integer, provisional FROM kpi.measurement
	WHERE indicator = 'staff' AND grain = 'month' ORDER BY period_start, unit COLLATE "C" $$,
	$$ VALUES ('company', 3, false), ('north', 2, false), ('south', 1, false), ('west', 1, false), ('company',
		2, true), ('north', 2,
	true) $$,
	'what is over stays as it was, and settles');
SELECT results_eq($$ SELECT unit::text, value::integer, provisional FROM kpi_internal.own_value
	WHERE indicator = 'staff_max' ORDER BY period_start, unit COLLATE "C" $$,
	$$ VALUES ('north', 2, false), ('south', 1, false), ('north', 2, true) $$, 'also before it is combined');

SELECT * FROM finish();
ROLLBACK;
