-- What is made of other values: each rule over time and over units, windows, entries that stand before,
-- moves of units, inherited values, empty periods. Worked cases first, under their numbers; then neighbours.
-- share: 13
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

-- The mapping of the cases: an indicator each, of that key; its values are entered.
SELECT kpi.define_unit('u'), kpi.define_unit('company'), kpi.define_unit('north', 'company'),
	kpi.define_unit('south', 'company');

SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');

CREATE TEMP TABLE given (indicator text, unit text, period text, value numeric, numerator numeric,
						  denominator numeric);
CREATE TEMP TABLE asked (indicator text, unit text, period text, value numeric, parts text, why text);

CREATE FUNCTION pg_temp.row_of(key text, unit text, period text) RETURNS kpi.measurement LANGUAGE sql STABLE
	RETURN (SELECT CAST(ROW (m.*) AS kpi.measurement) FROM kpi.measurement AS m
			WHERE m.indicator = key AND m.unit = row_of.unit AND m.grain = kpi.period_grain(period)
				AND m.period_start = kpi.period_start(period));
CREATE FUNCTION pg_temp.value(key text, unit text, period text) RETURNS numeric LANGUAGE sql STABLE
	RETURN (pg_temp.row_of(key, unit, period)).value;
CREATE FUNCTION pg_temp.parts(key text, unit text, period text) RETURNS text LANGUAGE sql STABLE
	RETURN (SELECT r.parts || ' of ' || r.parts_expected FROM pg_temp.row_of(key, unit, period) AS r);
CREATE FUNCTION pg_temp.origin(key text, unit text, period text) RETURNS text LANGUAGE sql STABLE
	RETURN (SELECT r.origin::text FROM pg_temp.row_of(key, unit, period) AS r);
CREATE FUNCTION pg_temp.enter_given() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT kpi.enter(g.indicator, g.unit, g.period, g.value, g.numerator, g.denominator) FROM given AS g;
	DELETE FROM given;
	SELECT ok(alike(pg_temp.value(a.indicator, a.unit, a.period), a.value, 1e-15)
				AND (a.parts IS NULL OR a.parts = pg_temp.parts(a.indicator, a.unit, a.period)),
			  format('%s: %s %s %s is %s%s', a.indicator, a.unit, a.period, a.why, a.value, ' from ' || a.parts))
	FROM asked AS a;
$$;

-- Over time

SELECT kpi.define_indicator(key, grain => grain, kind => 'entered', combine => rule)
FROM (VALUES ('E001', 'last', 'month'), ('E002', 'last', 'month'), ('E003', 'first', 'month'),
			 ('E004', 'sum', 'month'),
			 ('E005', 'sum', 'month'), ('E006', 'sum', 'month'), ('E007', 'min', 'month'), ('E007b', 'max', 'month'),
			 ('E008', 'average', 'month'), ('E010', 'average', 'month'), ('E011', 'average', 'month'),
			 ('E012', 'ratio', 'month'), ('E012b', 'ratio', 'month'), ('E012c', 'ratio', 'month'),
			 ('E013', 'compound_loss', 'month'), ('E014', 'compound_growth', 'month'), ('E015', 'product', 'month'),
			 ('E016', 'none', 'month'), ('E017', 'sum', 'week'), ('E018', 'sum', 'week'), ('E191', 'sum', 'month'))
	AS d (key, rule, grain);
INSERT INTO given (indicator, unit, period, value) VALUES
	('E001', 'u', '2025-10', 3012), ('E001', 'u', '2025-11', 3054), ('E001', 'u', '2025-12', 3003),
	('E002', 'u', '2025-10', 3012), ('E002', 'u', '2025-11', 3054),
	('E003', 'u', '2025-11', 3054), ('E003', 'u', '2025-12', 3003),
	('E004', 'u', '2011-01', 5), ('E004', 'u', '2011-02', 6), ('E004', 'u', '2011-03', 7),
	('E005', 'u', '2011-01', 5), ('E005', 'u', '2011-03', 7),
	('E007', 'u', '2011-01', 0.5), ('E007', 'u', '2011-02', 0.25), ('E007', 'u', '2011-03', 0.75),
	('E007b', 'u', '2011-01', 0.5), ('E007b', 'u', '2011-02', -0.25), ('E007b', 'u', '2011-03', 0.75),
	('E008', 'u', '2011-01', 12), ('E008', 'u', '2011-02', 20), ('E008', 'u', '2011-03', 31),
	('E011', 'u', '2011-02', 90),
	('E012c', 'u', '2011-02', 0.5),
	('E013', 'u', '2011-01', 0.015), ('E013', 'u', '2011-02', 0.016), ('E013', 'u', '2011-03', 0.017),
	('E014', 'u', '2011-01', 0.02), ('E014', 'u', '2011-02', 0.03), ('E014', 'u', '2011-03', -0.01),
	('E015', 'u', '2011-01', 1.5), ('E015', 'u', '2011-02', -2), ('E015', 'u', '2011-03', 0.25),
	('E016', 'u', '2011-01', 1), ('E016', 'u', '2011-02', 2), ('E016', 'u', '2011-03', 3),
	('E017', 'u', '2011-W01', 5), ('E017', 'u', '2011-W05', 6),
	('E191', 'u', '2011-01', 5), ('E191', 'u', '2011-02', 6), ('E191', 'u', '2011-03', 7),
	('E191', 'u', '2011-Q1', 20);
INSERT INTO given (indicator, unit, period, value, denominator) VALUES
	('E010', 'u', '2011-01', 80, 10), ('E010', 'u', '2011-02', 90, 30), ('E010', 'u', '2011-03', 70, 60),
	('E011', 'u', '2011-01', 80, 10), ('E011', 'u', '2011-03', 70, 60);
INSERT INTO given (indicator, unit, period, numerator, denominator) VALUES
	('E012', 'u', '2011-01', 1, 10), ('E012', 'u', '2011-02', 3, 0), ('E012', 'u', '2011-03', 1, 15),
	('E012b', 'u', '2011-01', 0, 0), ('E012c', 'u', '2011-01', 1, 10);
INSERT INTO asked VALUES
	('E001', 'u', '2025-Q4', 3003, '3 of 3', 'of stocks'),
	('E001', 'u', '2025', 3003, '3 of 12', 'of stocks'),
	('E002', 'u', '2025-Q4', 3054, '2 of 3', 'of stocks without the last'),
	('E003', 'u', '2025-Q4', 3054, '2 of 3', 'of opening stocks without the first'),
	('E004', 'u', '2011-Q1', 18, '3 of 3', 'of months'),
	('E005', 'u', '2011-Q1', 12, '2 of 3', 'without February'),
	('E005', 'u', '2011-H1', 12, '2 of 6', 'of the months, not of the quarters'),
	('E006', 'u', '2011-Q1', NULL, NULL, 'of nothing'),
	('E007', 'u', '2011-Q1', 0.25, '3 of 3', 'the least'),
	('E007b', 'u', '2011-Q1', 0.75, '3 of 3', 'the greatest'),
	('E008', 'u', '2011-Q1', 631 / 30.0, '3 of 3', 'by days'),
	('E010', 'u', '2011-Q1', 77, '3 of 3', 'by denominators'),
	('E011', 'u', '2011-Q1', 239 / 3.0, '3 of 3', 'by days where one lacks a denominator'),
	('E012', 'u', '2011-Q1', 0.2, '3 of 3', 'of sums, of which a month over 0 is a part'),
	('E012b', 'u', '2011-Q1', NULL, '1 of 3', 'over 0'),
	('E012c', 'u', '2011-Q1', NULL, '2 of 3', 'with a value alone'),
	('E013', 'u', '2011-Q1', 0.04723708, '3 of 3', 'churn'),
	('E014', 'u', '2011-Q1', 0.040094, '3 of 3', 'growth'),
	('E015', 'u', '2011-Q1', -0.75, '3 of 3', 'a product'),
	('E016', 'u', '2011-Q1', NULL, NULL, 'under none'),
	('E016', 'u', '2011-02', 2, NULL, 'of the own grain'),
	('E017', 'u', '2011-01', NULL, NULL, 'of weeks that make no month'),
	('E191', 'u', '2011-Q1', 20, NULL, 'entered for the very period'),
	('E191', 'u', '2011', 18, '3 of 12', 'made of months, not of the quarter');
SELECT pg_temp.enter_given();
SELECT is((pg_temp.row_of('E010', 'u', '2011-Q1')).denominator, 100::numeric,
	'an average has the weights of its parts');
SELECT is((pg_temp.row_of('E012', 'u', '2011-Q1')).numerator, 5::numeric, 'a ratio has the sum of numerators');
SELECT is(pg_temp.origin('E001', 'u', '2025-Q4'), 'combined', 'a stock of a quarter is combined');
SELECT is(pg_temp.origin('E001', 'u', '2025-12'), 'entered', 'that of a month entered');
SELECT is(pg_temp.origin('E191', 'u', '2011-Q1'), 'entered', 'so is the quarter that was');

-- Over units

SELECT kpi.define_indicator(key, kind => 'entered', combine => rule, combine_units => units)
FROM (VALUES ('E020', 'sum', 'sum'), ('E021', 'sum', 'sum'), ('E022', 'max', 'min'), ('E023', 'ratio', 'ratio'),
			 ('E023b', 'ratio', 'ratio'),
			 ('E024', 'average', 'average'), ('E025', 'average', 'average'), ('E026', 'last', 'sum'), ('E027', 'last', 'sum'),
			 ('E029', 'first', 'sum'),
			 ('E030', 'compound_loss', 'ratio'), ('E031', 'last', 'ratio'), ('E032', 'sum', 'sum'),
			 ('E033', 'sum', 'none'),
			 ('E034', 'last', 'sum'))
	AS d (key, rule, units);
INSERT INTO given (indicator, unit, period, value) VALUES
	('E020', 'north', '2011-01', 200), ('E020', 'south', '2011-01', 250),
	('E021', 'north', '2011-01', 200),
	('E022', 'north', '2011-01', 3), ('E022', 'south', '2011-01', 4), ('E022', 'north', '2011-02', 6),
	('E022', 'south', '2011-02', 2),
	('E023', 'south', '2011-01', 0.3),
	('E025', 'north', '2011-01', 80), ('E032', 'north', '2011-01', 200), ('E032', 'south', '2011-01', 250),
	('E032', 'company', '2011-01', 500), ('E032', 'south', '2011-02', 10),
	('E033', 'north', '2011-01', 200), ('E033', 'south', '2011-01', 250);
INSERT INTO given (indicator, unit, period, value)
	SELECT key, unit, period, value
	FROM unnest('{E026,E027,E029,E034}'::text[]) AS key,
		(VALUES ('north', '2011-01', 100), ('north', '2011-02', 110), ('north', '2011-03', 120),
				('south', '2011-01', 50), ('south', '2011-02', 60)) AS v (unit, period, value);
INSERT INTO given (indicator, unit, period, value) VALUES ('E034', 'company', '2011-02', 300);
INSERT INTO given (indicator, unit, period, value, denominator) VALUES
	('E024', 'north', '2011-01', 80, 10), ('E024', 'south', '2011-01', 60, 30), ('E025', 'south', '2011-01', 60, 30);
INSERT INTO given (indicator, unit, period, numerator, denominator) VALUES
	('E023', 'north', '2011-01', 1, 10), ('E023b', 'north', '2011-01', 1, 10), ('E023b', 'south', '2011-01', 3, 10),
	('E030', 'north', '2011-01', 2, 100), ('E030', 'north', '2011-02', 3, 98), ('E030', 'north', '2011-03', 1, 95),
	('E030', 'south', '2011-01', 1, 50), ('E030', 'south', '2011-02', 1, 49), ('E030', 'south', '2011-03', 2, 48),
	('E031', 'north', '2011-01', 1, 10), ('E031', 'north', '2011-02', 9, 10), ('E031', 'south', '2011-01', 3, 30);
DELETE FROM asked;
INSERT INTO asked VALUES
	('E020', 'company', '2011-01', 450, '2 of 2', 'of the children'),
	('E020', 'company', '2011-Q1', 450, '1 of 3', 'of its own months'),
	('E021', 'company', '2011-01', 200, '1 of 2', 'without one child'),
	('E022', 'company', '2011-01', 3, '2 of 2', 'the least over units'),
	('E022', 'company', '2011-Q1', 3, '2 of 3', 'the greatest of that over time'),
	('E023', 'company', '2011-01', NULL, '2 of 2', 'with a child that has a value alone'),
	('E023b', 'company', '2011-01', 0.2, '2 of 2', 'a ratio of sums'),
	('E024', 'company', '2011-01', 65, '2 of 2', 'by denominators'),
	('E025', 'company', '2011-01', 70, '2 of 2', 'each alike'),
	('E026', 'company', '2011-Q1', 180, '2 of 2', 'with the late unit'),
	('E027', 'company', '2011-03', 120, '1 of 2', 'without it in the month itself'),
	('E029', 'company', '2011-Q1', 150, '2 of 2', 'of opening stocks'),
	('E030', 'company', '2011-Q1', 1 / 15.0, '3 of 3', 'of 150 customers, of whom 140 are left'),
	('E031', 'company', '2011-Q1', 12 / 40.0, '2 of 2', 'of the last ratios, of sums'),
	('E032', 'company', '2011-01', 500, NULL, 'entered for the very unit'),
	('E032', 'company', '2011-Q1', 510, '2 of 3', 'of months, one of them entered'),
	('E033', 'company', '2011-01', NULL, NULL, 'under none'),
	('E034', 'company', '2011-02', 300, NULL, 'entered'),
	('E034', 'company', '2011-Q1', 180, '2 of 2', 'of what the children have later than the entry'),
	('E034', 'north', '2011-Q1', 120, '3 of 3', 'of the unit');
SELECT pg_temp.enter_given();

SELECT is(kpi.enter('E034', 'company', '2011-03', 400), 400::numeric, 'the last stock of the whole is entered');
SELECT is(pg_temp.value('E034', 'company', '2011-Q1'), 400::numeric, 'and is that of the quarter');
SELECT lives_ok($$SELECT kpi.withdraw('E034', 'company', '2011-03')$$, 'taken back');
SELECT is(pg_temp.value('E034', 'company', '2011-Q1'), 180::numeric, 'it is no more');
SELECT is(pg_temp.value('E034', 'company', '2011-03'), 120::numeric, 'and the month is that of the children again');

-- Moves: by the tree of the last day of each own period

SELECT kpi.define_unit('firm'), kpi.define_unit('a', 'firm'), kpi.define_unit('b', 'firm'), kpi.define_unit('r', 'a'),
	kpi.define_unit('r', 'b', "from" => '2011-07-16'),
	kpi.define_unit('closed', 'firm', valid => '[2010-01-01,2011-02-10)');
SELECT kpi.define_indicator('E053', combine => 'sum'), kpi.define_indicator('E053b', combine => 'last'),
	kpi.define_indicator('E053c', combine => 'first'), kpi.define_indicator('E053d', combine => 'sum', grain => 'day');
INSERT INTO given (indicator, unit, period, value)
	SELECT key, unit, period, value
	FROM unnest('{E053,E053b,E053c}'::text[]) AS key,
		(VALUES ('r', '2011-06', 30), ('r', '2011-07', 31), ('closed', '2011-01', 7), ('closed', '2011-02', 8),
				('a', '2010-12', 1)) AS v (unit, period, value);
INSERT INTO given (indicator, unit, period, value) VALUES
	('E053d', 'r', '2011-07-15', 4), ('E053d', 'r', '2011-07-16', 9);
DELETE FROM asked;
INSERT INTO asked VALUES
	('E053', 'a', '2011-Q3', NULL, NULL, 'of months that belong to another'),
	('E053', 'b', '2011-07', 31, '1 of 1', 'of the month whose last day it has'),
	('E053', 'a', '2011-06', 30, '1 of 1', 'of the months before'),
	('E053', 'a', '2011', 30, '1 of 12', 'in the year too'),
	('E053', 'b', '2011', 31, '1 of 12', 'in the year too'),
	('E053', 'firm', '2011', 76, '4 of 12', 'the whole'),
	('E053', 'firm', '2011-02', 8, '1 of 3', 'with a unit that closes in it'),
	('E053', 'closed', '2011', 15, '2 of 2', 'of the months in force'),
	('E053b', 'b', '2011', 31, '1 of 1', 'of the units of the last day'),
	('E053b', 'firm', '2011-02', NULL, NULL, 'without the unit that is closed by then'),
	('E053b', 'firm', '2011-01', 7, '1 of 3', 'with it while it is open'),
	('E053b', 'firm', '2011', 31, '1 of 2', 'of the units of the last day'),
	('E053c', 'firm', '2011-02', 8, '1 of 3', 'of the units of the first day'),
	('E053c', 'firm', '2011', 37, '2 of 3', 'of the units of the first day'),
	('E053c', 'a', '2011-Q3', 31, '1 of 1', 'of the tree of the first day'),
	('E053d', 'a', '2011-07', 4, '1 of 31', 'of the days before'),
	('E053d', 'b', '2011-07', 9, '1 of 31', 'of the days since');
SELECT pg_temp.enter_given();

-- Windows

SELECT kpi.define_window('month', 'r2', last => 2);
SELECT kpi.define_indicator(key, grain => grain, combine => rule, window_min => enough,
							windows => '{month_ytd,month_r2,month_r3,month_r12,quarter_ytd}')
FROM (VALUES ('E055', 'sum', 'month', NULL), ('E058', 'sum', 'month', 2), ('E059', 'sum', 'month', NULL),
			 ('E064', 'last', 'month', NULL), ('E065', 'compound_loss', 'month', NULL), ('E066', 'sum', 'day', NULL),
			 ('E067', 'last', 'month', 2))
	AS d (key, rule, grain, enough);
INSERT INTO given (indicator, unit, period, value) VALUES
	('E055', 'u', '2010-11', 3), ('E055', 'u', '2010-12', 4), ('E055', 'u', '2011-01', 5), ('E055', 'u', '2011-02', 6),
	('E055', 'u', '2011-03', 7), ('E055', 'u', '2011-04', 8), ('E055', 'u', '2011-04 ytd', 99),
	('E058', 'u', '2011-01', 5), ('E058', 'u', '2011-03', 7), ('E059', 'u', '2011-03', 7),
	('E064', 'u', '2011-01', 100), ('E064', 'u', '2011-02', 110), ('E064', 'u', '2011-03', 120),
	('E065', 'u', '2011-01', 0.015), ('E065', 'u', '2011-02', 0.016), ('E065', 'u', '2011-03', 0.017),
	('E066', 'u', '2011-01-05', 1), ('E066', 'u', '2011-02-06', 2), ('E066', 'u', '2011-03-07', 4),
	('E067', 'north', '2011-01', 1), ('E067', 'north', '2011-03', 3),
	('E067', 'south', '2011-01', 10), ('E067', 'south', '2011-02', 20);
DELETE FROM asked;
INSERT INTO asked VALUES
	('E055', 'u', '2011-03 ytd', 18, '3 of 3', 'since the year began'),
	('E055', 'u', '2011-02 ytd', 11, '2 of 2', 'the window before'),
	('E055', 'u', '2011-04 ytd', 99, NULL, 'entered'),
	('E055', 'u', '2011-05 ytd', 26, '4 of 5', 'of months, not of windows'),
	('E055', 'u', '2010-12 ytd', 7, '2 of 12', 'of the year before'),
	('E055', 'u', '2011-02 r3', 15, '3 of 3', 'December to February'),
	('E055', 'u', '2011-01 r2', 9, '2 of 2', 'of a window of the user'),
	('E055', 'u', '2011-05 r3', NULL, NULL, 'without a month'),
	('E055', 'u', '2011-10 r12', NULL, NULL, 'without a month'),
	('E055', 'u', '2011-Q2 ytd', 26, '4 of 6', 'by quarters, of months'),
	('E058', 'u', '2011-03 r3', 12, '2 of 3', 'of two, which are enough'),
	('E058', 'u', '2011-02 r3', NULL, NULL, 'of one, which is not'),
	('E058', 'u', '2011-04 r3', NULL, NULL, 'of one, which is not'),
	('E058', 'u', '2011-12 r12', 12, '2 of 12', 'of two, which are enough'),
	('E059', 'u', '2011-03 ytd', 7, '1 of 3', 'of what there is'),
	('E059', 'u', '2011-03 r3', NULL, NULL, 'without a month'),
	('E059', 'u', '2011-02 ytd', NULL, NULL, 'of nothing yet'),
	('E064', 'u', '2011-02 ytd', 110, '2 of 2', 'what stands at the end'),
	('E064', 'u', '2011-03 r3', 120, '3 of 3', 'what stands at the end'),
	('E065', 'u', '2011-02 ytd', 0.03076, '2 of 2', 'churn to date'),
	('E066', 'u', '2011-03 r3', 7, '3 of 90', 'of days, in each month some'),
	('E066', 'u', '2011-03 ytd', 7, '3 of 90', 'of days'),
	('E067', 'company', '2011-03 r3', 23, '2 of 2', 'of the last stock of each unit'),
	('E067', 'north', '2011-02 r3', NULL, NULL, 'of one month, which is not enough'),
	('E067', 'south', '2011-02 r2', 20, '2 of 2', 'of two months');
SELECT pg_temp.enter_given();
SELECT is((SELECT (period_start, days)::text FROM kpi_internal.combine_periods('E055', '[2011-02-01,2011-02-02)')
		   WHERE grain = 'month_r12' AND kpi.period_label(grain, period_start) = '2011-02 r12'),
	'(2011-02-01,"[2010-03-01,2011-03-01)")', 'E061: twelve months that end with February');
SELECT is(count(*), 0::bigint, 'a window that has not begun has no value')
FROM kpi.measurement WHERE period_start > current_date + 1;
SELECT kpi.enter('E059', 'u', to_char(current_date, 'YYYY-MM'), 1);
SELECT is(count(*), 1::bigint, 'not even in the running year')
FROM kpi.measurement WHERE indicator = 'E059' AND grain = 'month_ytd' AND period_start > current_date - 31;

-- Calendars: longer periods of any calendar that the own grain makes

SELECT lives_ok($$SELECT kpi.enter('E004', 'u', '2011-04', 100)$$, 'a month more');
SELECT is(pg_temp.value('E004', 'u', 'fy2011-Q4'), 18::numeric, 'a fiscal quarter of months');
SELECT is(pg_temp.value('E004', 'u', 'fy2011'), 18::numeric, 'and a fiscal year');
SELECT is(pg_temp.value('E004', 'u', 'fy2012'), 100::numeric, 'each has its own');

-- Inherited values

SELECT kpi.define_unit('team', 'north'), kpi.define_unit('shut', 'north', valid => '[,2010-06-01)');
SELECT kpi.define_indicator('own', combine => 'sum'),
	kpi.define_indicator('market', combine => 'sum', inherit => true),
	kpi.define_indicator('market_alone', combine => 'sum'),
	kpi.define_indicator('E185', formula => 'own / market'),
	kpi.define_indicator('E186', formula => 'own / market_alone');
INSERT INTO given (indicator, unit, period, value) VALUES
	('own', 'team', '2011-01', 20), ('market', 'north', '2011-01', 100),
	('market_alone', 'north', '2011-01', 100);
DELETE FROM asked;
INSERT INTO asked VALUES
	('E185', 'team', '2011-01', 0.2, NULL, 'over the market of the region'),
	('E185', 'company', '2011-01', 0.2, NULL, 'of sums, inherited values not among them'),
	('E185', 'team', '2011', 0.2, NULL, 'in the year, too'),
	('E186', 'team', '2011-01', NULL, NULL, 'without a market'),
	('market', 'team', '2011-01', 100, NULL, 'inherited'),
	('market', 'team', '2011', 100, NULL, 'inherited'),
	('market', 'company', '2011-01', 100, '1 of 2', 'of the region alone'),
	('market', 'south', '2011-01', 100, NULL, 'inherited of the whole'),
	('market', 'shut', '2011-01', NULL, NULL, 'of no unit that is not in force'),
	('market_alone', 'team', '2011-01', NULL, NULL, 'of no unit that does not say so');
SELECT pg_temp.enter_given();
SELECT is(pg_temp.origin('market', 'team', '2011-01'), 'inherited', 'what is inherited says so');
SELECT lives_ok($$SELECT kpi.enter('market', 'team', '2011-01', 40)$$, 'a market of its own');
SELECT is(pg_temp.value('E185', 'team', '2011-01'), 0.5, 'stands before what is inherited');
SELECT is(pg_temp.value('market', 'north', '2011-01'), 100::numeric, 'and not before what was entered above');

-- Derived ones that are combined by another rule

SELECT kpi.define_indicator('growth', formula => 'own - market', combine => 'max', combine_units => 'sum'),
	kpi.define_indicator('last_own', formula => 'previous(own) + 0'),
	kpi.define_indicator('of_last', formula => '2 * last_own');
INSERT INTO given (indicator, unit, period, value) VALUES
	('own', 'south', '2011-01', 1), ('own', 'south', '2011-02', 300);
DELETE FROM asked;
INSERT INTO asked VALUES
	('growth', 'team', '2011-01', -20, NULL, 'by the formula in the lowest units'),
	('growth', 'north', '2011-01', -20, '1 of 1', 'of the units below'),
	('growth', 'company', '2011-01', -119, '2 of 2', 'of all'),
	('growth', 'company', '2011-Q1', -119, '1 of 3', 'over time by the rule'),
	('last_own', 'company', '2011-02', 21, NULL, 'of the month before'),
	('last_own', 'company', '2011-03', 300, NULL, 'of the month before'),
	('of_last', 'company', '2011-03', 600, NULL, 'of what follows from it'),
	('of_last', 'company', '2012', 642, NULL, 'of a year later');
SELECT pg_temp.enter_given();
SELECT lives_ok($$SELECT kpi.enter('own', 'south', '2011-02', 310)$$, 'an input changes');
SELECT is(pg_temp.value('of_last', 'company', '2011-03'), 620::numeric, 'and what is made of it in later periods');
SELECT is(pg_temp.value('of_last', 'company', '2012'), 662::numeric, 'years later, too');

-- Rated

SELECT kpi.define_indicator('E019', kind => 'rated', grain => 'quarter');
SELECT kpi.set_rater('E019', 'boss', weight => 4), kpi.set_rater('E019', 'peer', weight => 1);
SELECT kpi.rate('E019', 'u', '2011-Q1', 80, 'boss'), kpi.rate('E019', 'u', '2011-Q2', 60, 'peer');
SELECT is(pg_temp.value('E019', 'u', '2011-H1'), 76::numeric, 'E019: quarters by the weight that counted');
SELECT is(pg_temp.origin('E019', 'u', '2011-Q1'), 'rated', 'a judgement says so');
SELECT is(pg_temp.parts('E019', 'u', '2011-Q1'), '1 of 2', 'and how many have judged');
SELECT is(kpi.enter('E019', 'u', '2011-Q1', 10, reason => 'appeal'), 10::numeric, 'a correction');
SELECT is(pg_temp.value('E019', 'u', '2011-Q1'), 10::numeric, 'stands before judgements');

-- Provisional: where a part is, or the period is not over

SELECT kpi.enter('E004', 'u', to_char(current_date, 'YYYY-MM'), 1);
SELECT is((pg_temp.row_of('E004', 'u', to_char(current_date, 'YYYY'))).provisional, true,
	'E156: a running year is provisional');
SELECT is((pg_temp.row_of('E004', 'u', '2011-Q1')).provisional, false, 'one that is over is not');
SELECT kpi.define_indicator('E157', combine => 'sum', settle_after => '10000 years');
SELECT kpi.enter('E157', 'u', '2011-11', 1);
SELECT is((pg_temp.row_of('E157', 'u', '2011-11')).provisional, true, 'nor one that has not settled');
SELECT is((pg_temp.row_of('E157', 'u', '2011-Q4')).provisional, true, 'E157: and what is made of it');

-- What is measured: own rows beside children, corrections, periods without rows

CREATE SCHEMA shop;
CREATE TABLE shop.complaint (day date, unit text, amount numeric);
INSERT INTO shop.complaint VALUES ('2011-10-05', 'n', 1), ('2011-10-06', 'n', 2);
SELECT kpi.define_unit('chain'), kpi.define_unit('n', 'chain'), kpi.define_unit('s', 'chain'),
	kpi.define_unit('leaving', 'chain', valid => '[,2011-11-10)'),
	kpi.define_unit('left', 'chain', valid => '[,2011-11-01)');
SELECT kpi.define_indicator(key, source => 'shop.complaint', time_column => 'day', unit_column => 'unit',
							numerator => numerator, combine => rule, empty => empty, windows => windows)
FROM (VALUES ('E160', 'rows', 'count(*)', 'zero', NULL::text[]), ('E161', 'rows', 'count(*)', 'none', NULL),
			 ('E188', 'sum', 'sum(amount)', 'none', '{month_ytd}'), ('E188b', 'last', 'sum(amount)', 'none', NULL),
			 ('E188c', 'sum', 'sum(amount)', 'zero', NULL)) AS d (key, rule, numerator, empty, windows);
CALL kpi.collect('2011-10', '2011-12', ARRAY['E160', 'E161'], commit_each => false);
SELECT kpi_internal.combine_values('{E160,E161}', '[2011-10-01,2012-01-01)') IS NOT NULL AS combined;
DELETE FROM asked;
INSERT INTO asked VALUES
	('E160', 'n', '2011-10', 2, NULL, 'of rows'),
	('E160', 'n', '2011-11', 0, NULL, 'without rows'),
	('E160', 's', '2011-Q4', 0, NULL, 'without rows'),
	('E160', 'n', '2011', 2, NULL, 'of rows'),
	('E160', 'chain', '2011-12', 0, NULL, 'without rows'),
	('E160', 'leaving', '2011-11', 0, NULL, 'in force on some day'),
	('E160', 'left', '2011-11', NULL, NULL, 'of a unit that is closed'),
	('E160', 'leaving', '2011-12', NULL, NULL, 'of a unit that is closed'),
	('E160', 'n', '2012-03', 0, NULL, 'read for the fiscal year'),
		('E160', 'n', '2012-04', NULL, NULL, 'not collected yet'),
	('E161', 'n', '2011-11', NULL, NULL, 'without rows');
SELECT pg_temp.enter_given();
SELECT is(pg_temp.origin('E160', 'n', '2011-11'), 'empty', 'no rows say so');
SELECT is(pg_temp.origin('E160', 'n', '2011-10'), 'rows', 'rows too');
SELECT is(count(*), 0::bigint, 'and no period that has not begun has 0')
FROM kpi.measurement WHERE indicator = 'E160' AND period_start > current_date;
SELECT is((kpi_internal.combine_values('{E160}', '[2011-10-01,2012-01-01)')).changed, 0::bigint,
	'again changes nothing');

-- as collecting stores what is not yet the value of a unit
INSERT INTO kpi_internal.own_value (indicator, unit, grain, period_start, numerator, value, row_count, collected_at)
SELECT key, unit, 'month', start, value, value, 1, now()
FROM unnest('{E188,E188b,E188c}'::text[]) AS key,
	(VALUES ('n', date '2025-10-01', 556109), ('n', '2025-11-01', 1), ('n', '2025-12-01', 2),
			('chain', '2025-11-01', 40)) AS v (unit, start, value);
INSERT INTO kpi.run (from_date, to_date, started, finished, indicators)
VALUES ('2025-10-01', '2026-01-01', now(), now(), 3);
INSERT INTO kpi.run_step (run, indicator, started, finished, state)
SELECT max(run), 'E188c', now(), now(), 'collected' FROM kpi.run;
SELECT kpi_internal.combine_values('{E188,E188b,E188c}', '[2025-10-01,2026-01-01)') IS NOT NULL AS combined;
SELECT is(pg_temp.value('E188', 'n', '2025-Q4'), 556112::numeric, 'what is measured is added up');
SELECT kpi.enter(key, 'n', '2025-10', 200000, reason => 'credit note') FROM unnest('{E188,E188b}'::text[]) AS key;
DELETE FROM asked;
INSERT INTO asked VALUES
	('E188', 'n', '2025-10', 200000, NULL, 'corrected'),
	('E188', 'n', '2025-Q4', 200003, '3 of 3', 'with the corrected month'),
	('E188', 'chain', '2025-11', 41, '2 of 3', 'of its own rows and a child of two'),
	('E188', 'chain', '2025-10', 200000, '1 of 2', 'of the corrected child'),
	('E188', 'chain', '2025-Q4', 200043, '3 of 3', 'of months'),
	('E188', 'chain', '2025-12 ytd', 200043, '3 of 12', 'of months'),
	('E188b', 'n', '2025-Q4', 2, '3 of 3', 'of the last month'),
	('E188b', 'chain', '2025-Q4', 42, '2 of 3', 'its own last one among them'),
	('E188c', 's', '2025-10', 0, NULL, 'without rows'),
	('E188c', 's', '2025-Q4', 0, '3 of 3', 'without rows'),
	('E188c', 'chain', '2025-11', 41, '3 of 3', 'of all, one of them 0'),
	('E188c', 'chain', '2025-Q4', 556152, '3 of 3', 'of months');
SELECT pg_temp.enter_given();
SELECT is((pg_temp.row_of('E188', 'n', '2025-11')).row_count, 1::bigint, 'a value of rows counts them');
SELECT is(pg_temp.origin('E188', 'n', '2025-10'), 'entered', 'a corrected one says so');
SELECT kpi.withdraw('E188', 'n', '2025-10');
SELECT is(pg_temp.value('E188', 'n', '2025-Q4'), 556112::numeric,
	'a correction that is taken back leaves what was measured');

-- What is loaded by hand stays, and is a part like an entry

SELECT kpi.define_indicator('loaded', combine => 'sum');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
VALUES ('loaded', 'north', 'month', '2011-01-01', 5);
SELECT kpi.enter('loaded', 'south', '2011-01', 6);
SELECT is(pg_temp.value('loaded', 'company', '2011-Q1'), 11::numeric, 'what is loaded is a part');
SELECT is((pg_temp.row_of('loaded', 'north', '2011-01')).collected_at, NULL, 'and stays as it was');

-- A second time changes nothing, whatever the order, and what has gone goes

SELECT is((kpi_internal.combine_values(NULL, '[2009-01-01,2013-01-01)')).changed, 0::bigint,
	'all again changes nothing');
SELECT kpi.define_indicator('E055', windows => '{month_ytd}');
SELECT is(count(*), 0::bigint, 'a window that is asked for no more has no values')
FROM kpi.measurement WHERE indicator = 'E055' AND grain = 'month_r3';
SELECT kpi.define_indicator('E001', state => 'retired');
SELECT is((kpi_internal.combine_values('{E001}', '[2025-01-01,2026-01-01)')).measurements, 0::bigint,
	'what is retired is left alone');
SELECT is(pg_temp.value('E001', 'u', '2025-Q4'), 3003::numeric, 'and stays');

SELECT is(ROW (c.measurements > 300, c.changed)::text, '(t,0)',
	'days without an end are those in which anything is known, and again nothing changes')
FROM kpi_internal.combine_values('{E160,own,market}', '(,)') AS c;
SELECT is((SELECT ROW (c.*)::text FROM kpi_internal.combine_values(NULL, NULL) AS c), '(0,0)', 'and no days nothing');

-- Beyond what numeric holds there is no value, and the rest goes on

SELECT kpi.define_indicator('huge', combine => 'product');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES
	('huge', 'u', 'month', '2011-01-01', 1e100000), ('huge', 'u', 'month', '2011-02-01', 1e100000),
	('huge', 'u', 'month', '2011-05-01', 'NaN');
SELECT kpi.enter('huge', 'u', '2011-04', 7);
SELECT is((SELECT ROW (r.value, r.note)::text FROM pg_temp.row_of('huge', 'u', '2011-H1') AS r), '(,invalid)',
	'a product too great has no value');
SELECT is(pg_temp.value('huge', 'u', '2011-Q2'), 7::numeric, 'the other quarter has one, NaN is left out');
SELECT is(pg_temp.parts('huge', 'u', '2011-Q2'), '1 of 3', 'and is missing');

-- A unit that moves takes its values with it, at once
\o /dev/null
SELECT kpi.define_unit('top'), kpi.define_unit('left', 'top'), kpi.define_unit('right', 'top'),
	kpi.define_unit('mover', 'left'), kpi.define_unit('stayer', 'left');
SELECT kpi.define_indicator('moved', combine => 'sum'),
	kpi.define_indicator('moved share', kind => 'derived', formula => 'moved / parent(moved)');
SELECT kpi.enter('moved', u, p, v) FROM (VALUES ('mover', 80), ('stayer', 20)) AS u (u, v),
	unnest('{2011-03,2011-08}'::text[]) AS p;
SELECT kpi.define_unit('mover', 'right', "from" => '2011-07-01');
CREATE FUNCTION pg_temp.moved() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s of %s in %s: %s', m.indicator, m.unit, kpi.period_label(m.grain, m.period_start),
		trim_scale(m.value))
	FROM kpi.measurement AS m
	WHERE m.indicator LIKE 'moved%' AND m.grain IN ('month', 'year')
		AND m.unit IN ('left', 'right', 'mover') AND m.value IS NOT NULL $$;
\o
SELECT bag_eq('SELECT pg_temp.moved()', ARRAY['moved of left in 2011-03: 100', 'moved of left in 2011-08: 20',
	'moved of left in 2011: 120', 'moved of right in 2011-08: 80', 'moved of right in 2011: 80',
	'moved of mover in 2011-03: 80', 'moved of mover in 2011-08: 80', 'moved of mover in 2011: 160',
	'moved share of left in 2011-03: 1', 'moved share of left in 2011-08: 0.2', 'moved share of left in 2011: 0.6',
	'moved share of right in 2011-08: 0.8', 'moved share of right in 2011: 0.4', 'moved share of mover in 2011-03: 0.8',
	'moved share of mover in 2011-08: 1', 'moved share of mover in 2011: 2'],
	'from the day on which it moves, in what is made of its values too');
CREATE TEMP TABLE as_moved AS SELECT m.indicator, m.unit, m.grain, m.period_start, m.value, m.parts, m.parts_expected
	FROM kpi.measurement AS m WHERE m.indicator LIKE 'moved%';
SELECT kpi_internal.combine_values('{moved}', '(,)');
SELECT bag_eq($$ SELECT m.indicator, m.unit, m.grain, m.period_start, m.value, m.parts, m.parts_expected
	FROM kpi.measurement AS m WHERE m.indicator LIKE 'moved%' $$, 'TABLE as_moved', 'as a collection would have it');
DELETE FROM kpi.unit_parent WHERE unit = 'mover' AND parent = 'right';
SELECT is_empty($$ SELECT FROM kpi.measurement WHERE indicator = 'moved' AND unit = 'right' $$,
	'who has lost the unit has lost its values');

SELECT * FROM finish();
ROLLBACK;
