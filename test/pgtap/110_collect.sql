-- Collecting: what is measured for which grain and unit, that a second call
-- changes nothing, whose rights a source is read with, and what a hostile
-- source cannot do.
-- share: 4
BEGIN;
SELECT no_plan();

SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

CREATE ROLE regress_kpi_owner;
CREATE ROLE regress_kpi_collector;
CREATE ROLE regress_kpi_other;
CREATE SCHEMA kpi_test;
GRANT USAGE ON SCHEMA kpi TO regress_kpi_collector, regress_kpi_other;
GRANT USAGE ON SCHEMA kpi_test TO regress_kpi_owner;
SELECT kpi.grant_collector('regress_kpi_collector'), kpi.grant_viewer('regress_kpi_other');

CREATE TABLE kpi_test.sale (day date, region text, customer integer, amount numeric, score float8);
INSERT INTO kpi_test.sale VALUES
	('2011-01-05', 'leeds', 1, 10, 0.1),
	('2011-01-20', 'leeds', 2, 20, 0.2),
	('2011-01-31', 'south', 1, 40, 1e-7),
	('2011-02-01', 'york', 1, 80, 12345678.1234567),
	('2011-03-31', 'north', 3, 160, 1),
	('2011-04-01', 'leeds', 1, 320, 2),
	('2011-12-31', NULL, 4, 640, 3),
	('2010-12-31', 'south', 5, 1280, 4),
	('2012-01-01', 'mars', 5, 2560, 5),
	('infinity', 'south', 6, 5120, 6);

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('leeds', 'north'),
	kpi.define_unit('york', 'north'), kpi.define_unit('south', 'company');

CREATE FUNCTION pg_temp.define(key text, numerator text, denominator text DEFAULT NULL, filter text DEFAULT NULL,
							   source text DEFAULT 'kpi_test.sale', time_column text DEFAULT 'day',
							   unit_column text DEFAULT 'region', grain text DEFAULT 'month',
							   owner text DEFAULT NULL) RETURNS void LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO kpi.indicator (indicator, name, source, time_column, unit_column, numerator, denominator, filter,
							   grain, owner)
	VALUES (key, key, source, time_column, unit_column, numerator, denominator, filter, grain,
			coalesce(owner::name, current_user));
END;

CREATE FUNCTION pg_temp.stored(key text) RETURNS text[] LANGUAGE sql
BEGIN ATOMIC
	SELECT array_agg(concat_ws(' ', unit, grain, to_char(period_start, 'YYYY-MM'), value, row_count,
							   CASE WHEN provisional THEN 'provisional' END, note)
					 ORDER BY unit COLLATE "C", grain COLLATE "C", period_start)
	FROM kpi.measurement WHERE indicator = key;
END;

CREATE FUNCTION pg_temp.step(key text) RETURNS SETOF kpi.run_step LANGUAGE sql
BEGIN ATOMIC
	SELECT * FROM kpi.run_step WHERE indicator = key ORDER BY run DESC LIMIT 1;
END;

-- grains and units
SELECT pg_temp.define('revenue', 'sum(amount)');
SELECT set_eq($$ SELECT grain || ' ' || period_start, unit, numerator, denominator, row_count, unassigned
		FROM kpi.measure('revenue', '2011-01-10', '2011-02-02') $$,
	$$ VALUES ('month 2011-01-01', 'company', 70::numeric, NULL::numeric, 3::bigint, 0::bigint),
		('month 2011-01-01', 'north', 30, NULL, 2, 0), ('month 2011-01-01', 'leeds', 30, NULL, 2, 0),
		('month 2011-01-01', 'south', 40, NULL, 1, 0), ('month 2011-02-01', 'company', 80, NULL, 1, 0),
		('month 2011-02-01', 'north', 80, NULL, 1, 0), ('month 2011-02-01', 'york', 80, NULL, 1, 0),
		('quarter 2011-01-01', 'company', 310, NULL, 5, 0), ('quarter 2011-01-01', 'north', 270, NULL, 4, 0),
		('quarter 2011-01-01', 'leeds', 30, NULL, 2, 0), ('quarter 2011-01-01', 'york', 80, NULL, 1, 0),
		('quarter 2011-01-01', 'south', 40, NULL, 1, 0),
		('half 2011-01-01', 'company', 630, NULL, 6, 0), ('half 2011-01-01', 'north', 590, NULL, 5, 0),
		('half 2011-01-01', 'leeds', 350, NULL, 3, 0), ('half 2011-01-01', 'york', 80, NULL, 1, 0),
		('half 2011-01-01', 'south', 40, NULL, 1, 0), ('year 2011-01-01', 'company', 1270, NULL, 7, 1),
		('year 2011-01-01', 'north', 590, NULL, 5, 0), ('year 2011-01-01', 'leeds', 350, NULL, 3, 0),
		('year 2011-01-01', 'york', 80, NULL, 1, 0), ('year 2011-01-01', 'south', 40, NULL, 1, 0) $$,
	'every grain and unit of the periods that overlap the range, whole');
SELECT pg_temp.define('by_quarter', 'sum(amount)', grain => 'quarter'),
	pg_temp.define('by_year', 'sum(amount)', grain => 'year');
SELECT bag_eq($$ SELECT grain, numerator FROM kpi.measure('by_quarter', '2011-03-01', '2011-03-02')
	WHERE unit = 'company' $$,
	$$ VALUES ('quarter', 310::numeric), ('half', 630), ('year', 1270) $$, 'from the own grain upward: quarter');
SELECT bag_eq($$ SELECT grain, period_start, numerator FROM kpi.measure('by_year', '2011-12-31', '2012-01-02')
	WHERE unit = 'company' $$,
	$$ VALUES ('year', date '2011-01-01', 1270::numeric), ('year', '2012-01-01', 2560) $$, 'year, over two years');
SELECT is_empty($$ SELECT * FROM kpi.measure('revenue', '2009-01-01', '2009-12-01') $$, 'no rows, no measurement');
SELECT is_empty($$ SELECT * FROM kpi.measure(NULL, '2009-01-01', '2009-12-01') $$, 'nothing for NULL');
SELECT throws_ok($$ SELECT * FROM kpi.measure('revenue', '2011-02-01', '2011-02-01') $$, '22023', NULL,
	'an empty range is an error');
SELECT throws_ok($$ SELECT * FROM kpi.measure('revenue', '2011-02-01', 'infinity') $$, '22023', NULL,
	'a range without end is an error');
SELECT throws_ok($$ SELECT * FROM kpi.measure('revenu', '2011-02-01', '2011-03-01') $$, '22023',
	'indicator "revenu" does not exist', 'an unknown indicator is an error');

-- a unit that moves takes no day before with it, one that is closed takes none, and sources may call it otherwise
SAVEPOINT moves;
SELECT kpi.define_unit('leeds', 'south', "from" => '2011-01-15'), kpi.define_unit('york', valid => '(,2011-02-01)'),
	kpi.define_unit('south', source_value => 'mars'), kpi.define_unit('hull', 'north', source_value => 'south');
SELECT set_eq($$ SELECT grain, unit, numerator, unassigned FROM kpi.measure('revenue', '2011-01-01', '2011-02-02')
	WHERE grain IN ('month', 'year') AND (grain, period_start) <> ('month', '2011-02-01') $$,
	$$ VALUES ('month', 'company', 70::numeric, 0::bigint), ('month', 'north', 50, 0), ('month', 'leeds', 30, 0),
		('month', 'south', 20, 0), ('month', 'hull', 40, 0), ('year', 'company', 1270, 2), ('year', 'north', 210, 0),
		('year', 'leeds', 350, 0), ('year', 'south', 340, 0), ('year', 'hull', 40, 0) $$,
	'rows count for the units above on their own day; those of a closed unit for the root');
SELECT set_eq($$ SELECT unit, numerator, unassigned FROM kpi.measure('revenue', '2011-02-01', '2011-03-01')
	WHERE grain = 'month' $$, $$ VALUES ('company', 80::numeric, 1::bigint) $$, 'in its month, too');
SELECT is((SELECT sum(numerator) FILTER (WHERE grain = 'month') = sum(numerator) FILTER (WHERE grain = 'year')
	FROM kpi.measure('revenue', '2011-01-01', '2012-01-01') WHERE unit = 'company'), true, 'the whole is the whole');
ROLLBACK TO moves;

-- grains: those that the own one makes, of calendars too
SAVEPOINT grains;
SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT bag_eq($$ SELECT grain, period_start, numerator FROM kpi.measure('revenue', '2011-02-01', '2011-02-02')
	WHERE unit = 'company' $$,
	$$ VALUES ('month', date '2011-02-01', 80::numeric), ('quarter', '2011-01-01', 310), ('half', '2011-01-01', 630),
		('year', '2011-01-01', 1270), ('fy_quarter', '2011-01-01', 310), ('fy_half', '2010-10-01', 1590),
		('fy_year', '2010-04-01', 1590) $$, 'months make the fiscal year');
SELECT pg_temp.define('weekly', 'sum(amount)', grain => 'week'),
	pg_temp.define('daily', 'sum(amount)', grain => 'day');
SELECT bag_eq($$ SELECT grain, period_start, numerator FROM kpi.measure('weekly', '2011-01-01', '2011-01-10')
	WHERE unit = 'company' $$,
	$$ VALUES ('week', date '2010-12-27', 1280::numeric), ('week', '2011-01-03', 10) $$, 'weeks make no month');
SELECT bag_eq($$ SELECT grain, period_start, numerator FROM kpi.measure('daily', '2011-01-05', '2011-01-06')
	WHERE unit = 'company' $$,
	$$ VALUES ('day', date '2011-01-05', 10::numeric), ('week', '2011-01-03', 10), ('month', '2011-01-01', 70),
		('quarter', '2011-01-01', 310), ('half', '2011-01-01', 630), ('year', '2011-01-01', 1270),
		('fy_quarter', '2011-01-01', 310), ('fy_half', '2010-10-01', 1590), ('fy_year', '2010-04-01', 1590) $$,
	'days make everything');
ROLLBACK TO grains;

-- what does not add up is counted again
SELECT pg_temp.define('customers', 'count(DISTINCT customer)'),
	pg_temp.define('median', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)');
SELECT bag_eq($$ SELECT grain, period_start, numerator FROM kpi.measure('customers', '2011-01-01', '2011-07-01')
	WHERE unit = 'company' $$,
	$$ VALUES ('month', date '2011-01-01', 2::numeric), ('month', '2011-02-01', 1), ('month', '2011-03-01', 1),
		('month', '2011-04-01', 1), ('quarter', '2011-01-01', 3), ('quarter', '2011-04-01', 1),
		('half', '2011-01-01', 3),
		('year', '2011-01-01', 4) $$,
	'distinct counts of a quarter and a year');
SELECT is((SELECT numerator FROM kpi.measure('median', '2011-02-01', '2011-03-01')
	WHERE unit = 'company' AND grain = 'quarter'),
	40::numeric, 'median of a quarter');

-- ratio, filter, whole table names, comments at the end
SELECT pg_temp.define('ratio', 'sum(sale.amount) -- pounds', 'count(*) /* rows */ --',
	$$ region LIKE 'l%' OR region = 'york' --$$);
SELECT bag_eq($$ SELECT period_start, numerator, denominator FROM kpi.measure('ratio', '2011-01-01', '2011-07-01')
	WHERE unit = 'company' AND grain = 'month' $$,
	$$ VALUES (date '2011-01-01', 30::numeric, 2::numeric), ('2011-02-01', 80, 1), ('2011-04-01', 320, 1) $$,
	'the filter keeps to itself, comments end with it');

-- units: none, several roots, unassigned
SELECT pg_temp.define('plain', 'sum(amount)', unit_column => NULL);
SELECT bag_eq($$ SELECT unit, numerator, unassigned FROM kpi.measure('plain', '2011-12-01', '2012-01-01')
	WHERE grain = 'month' $$,
	$$ VALUES ('company', 640::numeric, 0::bigint) $$, 'without a unit column the root has all rows');
SAVEPOINT roots;
DELETE FROM kpi.unit_parent WHERE unit = 'south';
SELECT bag_eq($$ SELECT unit, numerator, row_count, unassigned FROM kpi.measure('revenue', '2011-01-01', '2011-02-01')
	WHERE grain = 'year' $$,
	$$ VALUES ('company', 590::numeric, 5::bigint, 0::bigint), ('north', 590, 5, 0), ('leeds', 350, 3, 0),
		('york', 80, 1, 0),
		('south', 40, 1, 0), (NULL, NULL, 1, 1) $$, 'with two roots unassigned rows are nobody''s, but counted');
SELECT bag_eq($$ SELECT unit, numerator FROM kpi.measure('plain', '2011-12-01', '2012-01-01') WHERE grain = 'month' $$,
	$$ VALUES (NULL::text, NULL::numeric) $$, 'without a unit column they have none of the rows');
CALL kpi.collect('2011', indicators => '{revenue,plain}', commit_each => false);
SELECT results_eq($$ SELECT source_rows, unassigned_rows FROM pg_temp.step('revenue') $$,
	$$ VALUES (7::bigint, 1::bigint) $$, 'rows are counted once');
SELECT results_eq($$ SELECT source_rows, unassigned_rows FROM pg_temp.step('plain') $$,
	$$ VALUES (7::bigint, 7::bigint) $$, 'also those that no root has');
CALL kpi.collect(date '2011-12-05', 'quarter', '{revenue}', '{leeds}', false);
SELECT results_eq('SELECT from_date, to_date FROM kpi.run ORDER BY run DESC LIMIT 1',
	$$ VALUES (date '2011-10-01', date '2012-01-01') $$, 'a day and a grain are the period that contains the day');
SELECT throws_ok($$ CALL kpi.collect(NULL::date, 'month') $$, '22004', 'day must not be null', 'a day is needed');
ROLLBACK TO roots;
DELETE FROM kpi.unit;
SELECT throws_ok($$ SELECT * FROM kpi.measure('revenue', '2011-01-01', '2011-02-01') $$, '22023',
	'no unit is defined, so there is nobody to measure', 'no unit is an error');
SELECT throws_ok($$ CALL kpi.collect('2011', commit_each => false) $$, '22023',
	'no unit is defined, so there is nobody to measure', 'also for collect');
ROLLBACK TO roots;

-- types of time and unit columns
CREATE DOMAIN kpi_test.moment AS timestamptz;
CREATE TYPE kpi_test.place AS ENUM ('leeds', 'york');
CREATE TABLE kpi_test.visit ("at;--" kpi_test.moment, local timestamp, "the ""place""" kpi_test.place, note text);
INSERT INTO kpi_test.visit VALUES
	('2011-02-01 03:00+00', '2011-01-31 22:00', 'leeds', 'a'),
	('2011-03-01 05:00+00', '2011-03-01 00:00', 'york', 'b'),
	('2012-01-01 04:59:59.999999+00', '2011-12-31 23:59:59.999999', 'york', 'c');
SELECT pg_temp.define('visits', 'count(*)', source => 'kpi_test.visit', time_column => 'at;--',
	unit_column => 'the "place"'),
	pg_temp.define('local', 'count(*)', source => 'kpi_test.visit', time_column => 'local',
		unit_column => 'the "place"'),
	pg_temp.define('untimed', 'count(*)', source => 'kpi_test.visit', time_column => 'note',
		unit_column => 'the "place"');
UPDATE kpi.indicator SET time_zone = 'america/new_york' WHERE indicator = 'visits';
SELECT is((SELECT time_zone FROM kpi.indicator WHERE indicator = 'visits'), 'America/New_York',
	'a zone is written as the server writes it');
SET LOCAL timezone = 'Asia/Tokyo';
SELECT bag_eq($$ SELECT grain, period_start, row_count FROM kpi.measure('visits', '2011-01-01', '2012-01-01')
	WHERE unit = 'company' $$,
	$$ VALUES ('month', date '2011-01-01', 1::bigint), ('month', '2011-03-01', 1), ('month', '2011-12-01', 1),
		('quarter', '2011-01-01', 2), ('quarter', '2011-10-01', 1), ('half', '2011-01-01', 2),
		('half', '2011-07-01', 1), ('year', '2011-01-01', 3) $$,
	'timestamptz falls into days of the indicator''s time zone, whatever the session''s');
SELECT set_eq($$ SELECT * FROM kpi.measure('visits', '2011-01-01', '2012-01-01') $$,
	$$ SELECT * FROM kpi.measure('local', '2011-01-01', '2012-01-01') $$, 'like the timestamps there');
UPDATE kpi.indicator SET time_zone = 'UTC' WHERE indicator = 'visits';
SELECT is((SELECT sum(row_count) FROM kpi.measure('visits', '2011-01-01', '2012-01-01')
	WHERE unit = 'company' AND grain = 'year'),
	2::numeric, 'in another zone the last one is next year''s');
SET LOCAL timezone = 'UTC';
SELECT throws_ok(format($$ UPDATE kpi.indicator SET time_zone = %L WHERE indicator = 'visits' $$, z), '22023',
	format('time zone "%s" is not known', z), format('%s is no name of a zone', z))
FROM unnest('{CEST,GMT-2,EST5XYZ,Europe/Londn,+02,localtime-,"<+03>-3","EST5EDT,M3.2.0,M11.1.0"}'::text[]) AS z;
SELECT lives_ok(format($$ UPDATE kpi.indicator SET time_zone = %L WHERE indicator = 'visits' $$, z),
	format('%s is one', z))
FROM unnest('{GMT,GMT0,PST8PDT,Etc/GMT+5,America/Port-au-Prince,UTC}'::text[]) AS z;
UPDATE kpi.indicator SET time_zone = 'UTC' WHERE indicator = 'visits';
SELECT throws_ok($$ SELECT kpi.measure('untimed', '2011-01-01', '2012-01-01') $$, '22023',
	'time column "note" of source "kpi_test.visit" is of type text', 'a time column of another type is an error');

-- numbers
SELECT pg_temp.define('digits', 'max(score)'), pg_temp.define('real', 'max(score::real)'),
	pg_temp.define('small', 'max(customer::smallint)'), pg_temp.define('yes', 'bool_or(true)'),
	pg_temp.define('invalid',
		$$sum(CASE WHEN customer = 3 THEN 'NaN' WHEN customer = 4 THEN 'Infinity' ELSE score END)$$),
	pg_temp.define('over_nothing', 'sum(amount)', 'sum(amount) FILTER (WHERE amount > 100)'),
	pg_temp.define('over_zero', 'sum(amount)', 'count(*) FILTER (WHERE amount > 100)'),
	pg_temp.define('over_infinity', '1', $$max('Infinity'::float8)$$),
	pg_temp.define('one_over', '1', 'avg(amount)'),
	pg_temp.define('fails', 'sum(1 / (amount - 20))');
SET LOCAL extra_float_digits = -5;
SELECT results_eq($$ SELECT numerator::text FROM kpi.measure('digits', '2011-01-01', '2011-03-01')
	WHERE grain = 'month' AND unit = 'company' ORDER BY 1 $$,
	$$ VALUES ('0.2'), ('12345678.1234567') $$, 'float8 keeps its shortest digits');
SELECT is((SELECT numerator::text FROM kpi.measure('real', '2011-01-01', '2011-02-01')
	WHERE grain = 'month' AND unit = 'company'),
	'0.2', 'float4 keeps its shortest digits');
SELECT is((SELECT numerator FROM kpi.measure('digits', '2011-01-01', '2011-02-01')
	WHERE grain = 'month' AND unit = 'south'),
	0.0000001, 'small exponents too');
SELECT is((SELECT numerator FROM kpi.measure('small', '2011-01-01', '2011-02-01')
	WHERE grain = 'month' AND unit = 'company'),
	2::numeric, 'smallint');
SELECT is((SELECT numerator / denominator FROM kpi.measure('one_over', '2011-01-01', '2012-01-01')
	WHERE grain = 'year' AND unit = 'company'),
	(SELECT 1 / avg(amount) FROM kpi_test.sale WHERE day BETWEEN '2011-01-01' AND '2011-12-31'),
	'a constant over an aggregate');
SELECT throws_ok($$ SELECT kpi.measure('yes', '2011-01-01', '2012-01-01') $$, '22023',
	'numerator "bool_or(true)" of indicator "yes" is of type boolean', 'other types are an error');
CALL kpi.collect('2011', indicators => '{invalid,over_nothing,over_zero,over_infinity}', units => '{company}',
	commit_each => false);
SELECT results_eq($$ SELECT grain::text, period_start, value, note FROM kpi.measurement
	WHERE indicator = 'invalid' AND grain <> 'month' ORDER BY 1, 2 $$,
	$$ VALUES ('half', date '2011-01-01', NULL::numeric, 'invalid'), ('half', '2011-07-01', NULL, 'invalid'),
		('quarter', '2011-01-01', NULL, 'invalid'), ('quarter', '2011-04-01', 2, NULL),
		('quarter', '2011-10-01', NULL, 'invalid'), ('year', '2011-01-01', NULL, 'invalid') $$,
		'NaN and infinity are no value, and noted');
SELECT results_eq($$ SELECT value, note, row_count FROM kpi.measurement
	WHERE indicator = 'over_nothing' AND grain = 'month' ORDER BY period_start $$,
	$$ VALUES (NULL::numeric, NULL::text, 3::bigint), (NULL, NULL, 1), (1, NULL, 1), (1, NULL, 1), (1, NULL, 1) $$,
	'denominator NULL');
SELECT throws_ok(format('UPDATE kpi.measurement SET %s', change), '23514', message, message)
FROM (VALUES ('row_count = -1', 'row_count "-1" is not valid for kpi.measurement'),
	('parts = -2, parts_expected = 3', 'parts "-2" is not valid for kpi.measurement'),
	('parts = 2, parts_expected = 1', 'parts_expected "1" and parts "2" are not valid for kpi.measurement'))
	AS v (change, message);
SELECT results_eq($$ SELECT round(value, 2), note FROM kpi.measurement
	WHERE indicator = 'over_zero' AND grain = 'quarter' ORDER BY period_start $$,
	$$ VALUES (310.00, NULL::text), (320, NULL), (640, NULL) $$, 'value = numerator / denominator');
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'over_zero' AND value IS NULL AND denominator = 0),
	2::bigint, 'denominator 0 gives NULL');
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'over_infinity'
	AND (value IS NOT NULL OR note <> 'invalid')), 0::bigint, 'an infinite denominator is no value');

-- a second call changes nothing, others only what differs
CALL kpi.collect('2011-01', '2011-03', '{revenue}', commit_each => false);
CREATE TEMP TABLE before AS SELECT ctid AS place, xmin AS author, m.* FROM kpi.measurement m
WHERE indicator = 'revenue';
SELECT is((SELECT array_agg(changed = measurements) FROM pg_temp.step('revenue')), '{t}', 'first all rows are new');
CALL kpi.collect('2011-01', '2011-03', '{revenue}', commit_each => false);
SELECT results_eq($$ SELECT changed, measurements = (SELECT count(*) FROM before) FROM pg_temp.step('revenue') $$,
	$$ VALUES (0, true) $$, 'then none changes');
SELECT set_eq($$ SELECT ctid AS place, xmin AS author, m.* FROM kpi.measurement m WHERE indicator = 'revenue' $$,
	'SELECT * FROM before', 'nor is written');
SELECT is(pg_temp.stored('revenue'),
	'{company half 2011-01 630 6,company half 2011-07 640 1,company month 2011-01 70 3,company month 2011-02 80 1,
	company month 2011-03 160 1,company month 2011-04 320 1,company month 2011-12 640 1,company quarter 2011-01 310 5,
	company quarter 2011-04 320 1,company quarter 2011-10 640 1,company year 2011-01 1270 7,leeds half 2011-01 350 3,
	leeds month 2011-01 30 2,leeds month 2011-04 320 1,leeds quarter 2011-01 30 2,leeds quarter 2011-04 320 1,
	leeds year 2011-01 350 3,north half 2011-01 590 5,north month 2011-01 30 2,north month 2011-02 80 1,
	north month 2011-03 160 1,north month 2011-04 320 1,north quarter 2011-01 270 4,north quarter 2011-04 320 1,
	north year 2011-01 590 5,south half 2011-01 40 1,south month 2011-01 40 1,south quarter 2011-01 40 1,
	south year 2011-01 40 1,york half 2011-01 80 1,york month 2011-02 80 1,york quarter 2011-01 80 1,
	york year 2011-01 80 1}'::text[], 'what is stored: all periods whose rows were read');

INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value, note) VALUES
	('revenue', 'york', 'month', '2011-03-01', 7, 'by phone'),
	('revenue', 'south', 'month', '2011-03-01', 8, 'by phone');
DELETE FROM kpi_test.sale WHERE region = 'south' AND day = '2011-01-31';
INSERT INTO kpi_test.sale VALUES ('2011-03-02', 'york', 9, 1000, 0);
CALL kpi.collect('2011-01', '2011-03', '{revenue}', '{south,york}', commit_each => false);
SELECT results_eq($$ SELECT measurements, changed, kept, source_rows FROM pg_temp.step('revenue') $$,
	$$ VALUES (4, 7, 1, 7::bigint) $$, 'changed, removed and kept rows are counted');
SELECT bag_eq($$ SELECT unit, grain, period_start, value FROM kpi.measurement
	WHERE indicator = 'revenue' AND unit IN ('south', 'york') $$,
	$$ VALUES ('york', 'month', date '2011-02-01', 80::numeric), ('york', 'month', '2011-03-01', 7),
		('york', 'quarter', '2011-01-01', 1080), ('york', 'half', '2011-01-01', 1080),
		('york', 'year', '2011-01-01', 1080), ('south', 'month', '2011-03-01', 8) $$,
		'vanished rows go, hand-entered ones stay');
SELECT set_eq($$ SELECT ctid AS place, xmin AS author, m.* FROM kpi.measurement m
	WHERE indicator = 'revenue' AND unit NOT IN ('south', 'york') $$,
	$$ SELECT * FROM before WHERE unit NOT IN ('south', 'york') $$, 'other units are not touched');
UPDATE kpi.indicator SET grain = 'quarter' WHERE indicator = 'revenue';
CALL kpi.collect('2011-01', '2011-03', '{revenue}', commit_each => false);
SELECT is((SELECT array_agg(unit || ' ' || value ORDER BY unit COLLATE "C") FROM kpi.measurement
	WHERE indicator = 'revenue' AND grain = 'month'),
	'{south 8,york 7}', 'months go when the indicator is one of quarters');
CALL kpi.collect('2011', indicators => '{revenue}', commit_each => false);
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'revenue' AND provisional), 0::bigint,
	'nothing of a year that is over is provisional');
-- by the clock: of the rows of today, all periods are; of those of last year, none
INSERT INTO kpi_test.sale SELECT current_date - n, 'york', 9, 1, 0 FROM (VALUES (0), (800)) AS ago (n);
CALL kpi.collect(to_char(current_date, 'YYYY'), indicators => '{revenue}', commit_each => false);
CALL kpi.collect(to_char(current_date - 800, 'YYYY-MM'), indicators => '{revenue}', commit_each => false);
SELECT is((SELECT bool_and(provisional) FROM kpi.measurement WHERE indicator = 'revenue' AND unit = 'york'
		AND period_start = kpi.period_start(grain, current_date)), true, 'the running periods are provisional');
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'revenue' AND provisional
		AND kpi_internal.period_end(grain, period_start) <= current_date), 0::bigint, 'and no period that is over');
DELETE FROM kpi_test.sale WHERE day > current_date - 1000;
CALL kpi.collect('2011-02', indicators => '{revenue}', commit_each => false);
SELECT is((SELECT changed FROM pg_temp.step('revenue')), 0, 'nor gets it again by collecting a part anew');

-- one that fails among good ones
CREATE TABLE kpi_test.gone (day date, region text);
SELECT pg_temp.define('dropped', 'count(*)', source => 'kpi_test.gone'),
	pg_temp.define('rightless', 'count(*)', owner => 'regress_kpi_owner');
DROP TABLE kpi_test.gone;
CREATE FUNCTION kpi_test.assert_no() RETURNS integer LANGUAGE plpgsql AS 'BEGIN ASSERT false; RETURN 1; END';
SELECT pg_temp.define('asserts', 'sum(kpi_test.assert_no())');
CALL kpi.collect('2011-01', indicators => '{revenue,fails,dropped,rightless,customers,asserts}', commit_each => false);
SELECT bag_eq($$ SELECT indicator::text, state, sqlstate, error FROM kpi.run_step
	WHERE run = (SELECT max(run) FROM kpi.run) $$,
	$$ VALUES ('asserts', 'failed', 'P0004',
			'source of indicator "asserts" failed with SQLSTATE P0004 (assert failure)'),
		('customers', 'collected', NULL, NULL),
		('dropped', 'failed', '42P01', 'source "kpi_test.gone" of indicator "dropped" does not exist'),
		('fails', 'failed', '22012', 'source of indicator "fails" failed with SQLSTATE 22012 (division by zero)'),
		('rightless', 'failed', '42501',
			'permission denied to read source "kpi_test.sale" of indicator "rightless". Role "regress_kpi_owner" lacks '
			'SELECT on kpi_test.sale.'),
		('revenue', 'collected', NULL, NULL) $$, 'the others are collected');
SELECT bag_eq($$ SELECT indicators, failed, finished >= started, who::text FROM kpi.run ORDER BY run DESC LIMIT 1 $$,
	$$ VALUES (6, 4, true, current_user::text) $$, 'the run tells how many failed');
SELECT is_empty($$ SELECT FROM kpi.measurement WHERE indicator IN ('fails', 'dropped', 'rightless', 'asserts') $$,
	'nothing of those that failed is stored');
UPDATE kpi.indicator SET owner = 'regress_kpi_nobody' WHERE indicator = 'dropped';
SELECT throws_ok($$ SELECT kpi.measure('dropped', '2011-01-01', '2011-02-01') $$, '22023',
	'owner "regress_kpi_nobody" of indicator "dropped" does not exist', 'a missing owner is an error');

-- what collect is called with
SELECT throws_ok($$ CALL kpi.collect('2011-13', commit_each => false) $$, '22023', NULL, 'a wrong period');
SELECT throws_ok($$ CALL kpi.collect('2011-03', '2011-01', commit_each => false) $$, '22023',
	'period "2011-01" ends before "2011-03" begins', 'a range turned round');
SELECT throws_ok($$ CALL kpi.collect(NULL, commit_each => false) $$, '22023', NULL,
	'no period, and no watched source');
SELECT throws_ok($$ CALL kpi.collect(NULL, '2025', commit_each => false) $$, '22004', NULL,
	'an end without a beginning');
SELECT throws_ok($$ CALL kpi.collect('2011', indicators => '{revenue,revenu}', commit_each => false) $$, '22023',
	'indicator "revenu" does not exist', 'an unknown indicator');
SELECT throws_ok($$ CALL kpi.collect('2011', units => '{nowhere}', commit_each => false) $$, '22023',
	'unit "nowhere" does not exist', 'an unknown unit');
SELECT throws_ok($$ CALL kpi.collect('2011') $$, '25001', NULL, 'inside a transaction without commit_each => false');
UPDATE kpi.indicator SET state = 'retired' WHERE indicator = 'plain';
INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('entered', 'Entered', 'entered');
SELECT throws_ok($$ CALL kpi.collect('2011', indicators => '{plain}', commit_each => false) $$, '22023',
	'indicator "plain" is retired and cannot be collected', 'a retired indicator');
SELECT throws_ok($$ CALL kpi.collect('2011', indicators => '{entered}', commit_each => false) $$, '22023',
	'indicator "entered" is entered and cannot be collected', 'an entered indicator');
SELECT throws_ok($$ SELECT kpi.measure('entered', '2011-01-01', '2011-02-01') $$, '22023', NULL,
	'which cannot be measured');
SELECT is((SELECT count(*) FROM kpi.run WHERE finished IS NULL), 0::bigint, 'none of them opened a run');

-- text that would close the query and add to it
SELECT pg_temp.define('injected', 'count(*)');
CREATE FUNCTION pg_temp.inject(part text, command text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('UPDATE kpi.indicator SET %I = %L WHERE indicator = ''injected''', part, command);
	RETURN (SELECT count(*) FROM kpi.measure('injected', '2011-01-01', '2012-01-01'));
END $$;
SELECT throws_ok(format('SELECT pg_temp.inject(%L, %L)', part, command), '22023', NULL,
	format('%s: %s', part, command))
FROM unnest('{numerator,denominator,filter}'::text[]) part, unnest(ARRAY[
	'', '1) FROM kpi_test.sale; DROP TABLE kpi_test.sale; SELECT (1', '1; DROP TABLE kpi_test.sale', '1);', '1;',
	'1) FROM kpi_test.sale --', '1 /*', '1)', '(1', '1) OR (true', '1), (1', '1, 1', '1) UNION SELECT (1',
	'1) AS x, (1',
	'1 AS x', '1 x', '1 FROM kpi_test.sale', '1 WHERE true', '1 LIMIT 1', '1 INTO kpi_test.planted',
	'DISTINCT 1', 'ALL 1', '*',
	'sale.*, 1', 'SELECT 1', '$1', 'sum($3)', '(SELECT $2)', '''', '"', '$$1', E'1\n)',
	E'1 --\n) FROM kpi_test.sale; SELECT (1']) command;
SELECT lives_ok($$ SELECT pg_temp.inject('numerator', '(SELECT count(*) FROM kpi_test.sale AS s)') $$,
	'a subquery is an expression');
SELECT throws_ok($$ SELECT pg_temp.inject('numerator', 'count(*) + generate_series(1, 2)') $$, '0A000', NULL,
	'functions that return sets make rows, not measurements');
SELECT throws_ok($$ SELECT pg_temp.inject('source', 'kpi_test.sale; DROP TABLE kpi_test.sale') $$, '42602', NULL,
	'a source is one name');
SELECT throws_ok($$ SELECT pg_temp.inject('source', 'sale') $$, '42P01', NULL, 'with its schema');
SELECT throws_ok($$ SELECT pg_temp.inject('source', '(SELECT 1) AS sale') $$, '42602', NULL, 'and no subquery');
SELECT throws_ok($$ SELECT pg_temp.inject('time_column', 'day >= now() --') $$, '22023', NULL, 'a column is one name');
SELECT throws_ok($$ SELECT pg_temp.inject('unit_column', 'region) OR (true') $$, '22023', NULL, 'so is the other');
SELECT isnt((SELECT count(*) FROM kpi_test.sale), 0::bigint, 'the table is still there');

-- what the caller sets or plants in a schema has no effect
CREATE TEMP TABLE unplanted AS SELECT * FROM kpi.measure('revenue', '2011-01-01', '2012-01-01');
SELECT pg_temp.define('backslash', $$count(*) FILTER (WHERE region <> '\')$$);
CREATE SCHEMA kpi_plant;
CREATE FUNCTION kpi_plant.no(date, date) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR kpi_plant.>= (FUNCTION = kpi_plant.no, LEFTARG = date, RIGHTARG = date);
CREATE FUNCTION kpi_plant.no(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR kpi_plant.= (FUNCTION = kpi_plant.no, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION kpi_plant.no(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR kpi_plant.= (FUNCTION = kpi_plant.no, LEFTARG = integer, RIGHTARG = integer);
CREATE FUNCTION kpi_plant.date_trunc(text, timestamp) RETURNS timestamp
	LANGUAGE sql IMMUTABLE AS $$ SELECT timestamp '2011-01-01' $$;
CREATE FUNCTION kpi_plant.cardinality(text[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE AGGREGATE kpi_plant.sum(numeric) (SFUNC = numeric_mul, STYPE = numeric);
CREATE FUNCTION kpi_plant.unnest(text[], text[]) RETURNS SETOF record LANGUAGE sql AS 'SELECT NULL::text, NULL::text';
CREATE DOMAIN kpi_plant.text AS pg_catalog.text CHECK (false);
CREATE FUNCTION pg_temp.planted() RETURNS SETOF record LANGUAGE sql SET search_path = kpi_plant, pg_catalog
	AS $$ SELECT * FROM kpi.measure('revenue', '2011-01-01', '2012-01-01') $$;
CREATE FUNCTION pg_temp.collected() RETURNS void LANGUAGE plpgsql SET search_path = kpi_plant, pg_catalog
	AS $$ BEGIN CALL kpi.collect('2011', indicators => '{revenue}', commit_each => false); END $$;
SELECT set_eq($$ SELECT * FROM pg_temp.planted() AS m (grain text, period_start date, unit text, numerator numeric,
					denominator numeric, row_count bigint, unassigned bigint) $$, 'TABLE unplanted',
					'planted operators and functions are not found');
SELECT lives_ok('SELECT pg_temp.collected()', 'nor by collect');
SELECT results_eq($$ SELECT state, changed FROM pg_temp.step('revenue') $$, $$ VALUES ('collected', 0) $$,
	'which changes nothing');
SET LOCAL standard_conforming_strings = off;
SET LOCAL escape_string_warning = off;
SELECT is((SELECT numerator FROM kpi.measure('backslash', '2011-01-01', '2011-02-01')
	WHERE unit = 'company' AND grain = 'month'), 2::numeric,
	'a string ends where its owner ended it');
SET LOCAL standard_conforming_strings = on;

-- whose rights
CREATE TABLE kpi_test.secret (day date, amount integer);
INSERT INTO kpi_test.secret VALUES ('2011-01-01', 5);
CREATE VIEW kpi_test.mine AS SELECT day, amount, current_user AS reader, session_user AS session FROM kpi_test.secret;
ALTER VIEW kpi_test.mine OWNER TO regress_kpi_owner;
GRANT SELECT ON kpi_test.secret TO regress_kpi_owner;
SELECT pg_temp.define('as_owner',
	$$count(*) FILTER (WHERE reader = 'regress_kpi_owner' AND current_user = 'regress_kpi_owner')$$,
		source => 'kpi_test.mine', unit_column => NULL, owner => 'regress_kpi_owner');
SET ROLE regress_kpi_collector;
SELECT throws_ok('SELECT FROM kpi_test.secret', '42501', NULL, 'the collector may not read the source');
SELECT is((SELECT array_agg(numerator) FROM kpi.measure('as_owner', '2011-01-01', '2011-02-01')), '{1,1,1,1}',
	'the owner''s rights are used');
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT is((SELECT array_agg(numerator) FROM kpi.measure('as_owner', '2011-01-01', '2011-02-01')), '{1,1,1,1}',
	'also in parallel workers');
SELECT is(current_user::text, 'regress_kpi_collector', 'the collector is back');
SELECT lives_ok($$ SELECT kpi_internal.check_source('as_owner') $$, 'who may collect may check');
SELECT lives_ok($$ CALL kpi.collect('2011-01', indicators => '{as_owner}', commit_each => false) $$, 'and collect');
SELECT throws_ok($$ SELECT kpi.measure('rightless', '2011-01-01', '2011-02-01') $$, '42501',
	'permission denied to read source "kpi_test.sale" of indicator "rightless"',
	'what the owner may not read is not read');
SELECT is(current_user::text, 'regress_kpi_collector', 'the collector is back after an error');
SELECT is(current_setting('transaction_read_only'), 'off', 'and may write again');
SELECT throws_ok($$ SELECT kpi_internal.check_source('rightless') $$, '42501',
	'permission denied to read source "kpi_test.sale" of indicator "rightless"', 'which a check says beforehand');
SET ROLE regress_kpi_other;
SELECT throws_ok($$ SELECT kpi.measure('as_owner', '2011-01-01', '2011-02-01') $$, '42501',
	'permission denied to measure indicators', 'measuring needs the right to write measurements');
SELECT throws_ok($$ SELECT kpi_internal.check_source('as_owner') $$, '42501',
	'permission denied to measure indicators',
	'so does checking');
SELECT throws_ok($$ CALL kpi.collect('2011-01', commit_each => false) $$, '42501',
	'permission denied to collect measurements',
	'and collecting');
RESET ROLE;
REVOKE USAGE ON SCHEMA kpi_test FROM regress_kpi_owner;
SELECT throws_ok($$ SELECT kpi.measure('as_owner', '2011-01-01', '2011-02-01') $$, '42501', NULL,
	'a schema closed to the owner is closed');
GRANT USAGE ON SCHEMA kpi_test TO regress_kpi_owner;
GRANT regress_kpi_owner TO regress_kpi_other;
SET ROLE regress_kpi_other;
SELECT lives_ok($$ SELECT kpi_internal.check_source('as_owner') $$, 'a member of the owner may check');
RESET ROLE;

-- what a hostile source tries, one attempt a month
CREATE TABLE kpi_test.attempt (day date, command text);
GRANT ALL ON kpi_test.attempt TO regress_kpi_owner;
CREATE SEQUENCE kpi_test.counter;
GRANT ALL ON kpi_test.counter TO regress_kpi_owner;
GRANT CREATE, USAGE ON SCHEMA kpi_test TO regress_kpi_owner;
INSERT INTO kpi_test.attempt
SELECT make_date(2000 + n::integer, 1, 1), command
FROM unnest(ARRAY[
	'SELECT 1',
	'SET ROLE regress_kpi_collector', 'RESET ROLE', 'SET SESSION AUTHORIZATION DEFAULT',
	'CREATE TEMP TABLE mine (a integer)', 'CREATE TABLE kpi_test.planted (a integer)',
	'INSERT INTO kpi_test.attempt VALUES (NULL, NULL)', 'UPDATE kpi_test.attempt SET command = NULL',
	'DELETE FROM kpi_test.attempt',
	'TRUNCATE kpi_test.attempt', 'SELECT nextval(''kpi_test.counter'')', 'SELECT FROM kpi_test.attempt FOR UPDATE',
	'LISTEN kpi', 'PREPARE planted AS SELECT 1', 'DECLARE planted CURSOR WITH HOLD FOR SELECT 1',
	'SET TRANSACTION READ WRITE', 'SET transaction_read_only = off',
	'SELECT set_config(''transaction_read_only'', ''off'', false)',
	'CREATE FUNCTION pg_temp.planted() RETURNS integer LANGUAGE sql AS ''SELECT 1''',
	'DO ''BEGIN UPDATE kpi_test.attempt SET command = NULL; END''',
	'INSERT INTO kpi.measurement (indicator, unit, grain,
		period_start) VALUES (''as_owner'', ''leeds'', ''year'', ''2011-01-01'')',
	'COMMIT', 'ROLLBACK']) WITH ORDINALITY AS u (command, n);
CREATE FUNCTION kpi_test.attempt(command text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('search_path', 'kpi_test, public', false), set_config('timezone', 'Asia/Tokyo', false);
	EXECUTE command;
	RETURN 1;
EXCEPTION WHEN OTHERS THEN
	RETURN 0;
END $$;
SELECT pg_temp.define('hostile', 'max(kpi_test.attempt(command))', source => 'kpi_test.attempt', unit_column => NULL,
		grain => 'year', owner => 'regress_kpi_owner');
CREATE TEMP TABLE settings AS SELECT name, setting FROM pg_settings;
CREATE TEMP TABLE attempts AS SELECT * FROM kpi_test.attempt;
CREATE TEMP TABLE outcome AS
SELECT * FROM kpi.measure('hostile', '2001-01-01', '2031-01-01');
SELECT is((SELECT array_agg(command) FROM outcome JOIN attempts ON day = period_start WHERE numerator = 1),
	'{SELECT 1}',
	'a hostile source can read, and nothing else');
SELECT is((SELECT count(*) FROM outcome WHERE numerator = 0), (SELECT count(*) - 1 FROM attempts),
	'every attempt was made');
SELECT set_eq('SELECT name, setting FROM pg_settings', 'SELECT * FROM settings', 'no setting survives');
SELECT set_eq('TABLE kpi_test.attempt', 'TABLE attempts', 'no row has changed');
SELECT throws_ok($$ SELECT kpi.measure('fails', '2011-01-01', '2012-01-01') $$, '22012',
	'source of indicator "fails" failed with SQLSTATE 22012 (division by zero)', 'after an error');
SELECT set_eq('SELECT name, setting FROM pg_settings', 'SELECT * FROM settings', 'no setting survives either');
SET LOCAL transaction_read_only = on;
SELECT lives_ok($$ SELECT kpi.measure('as_owner', '2011-01-01', '2011-02-01') $$, 'measuring writes nothing');
SELECT is(current_setting('transaction_read_only'), 'on', 'a read-only transaction stays one');

SELECT * FROM finish();
ROLLBACK;
