-- What is made of other values: each rule over time and over units, windows, entries that stand before,
-- moves of units, inherited values, empty periods. Worked cases first, under their numbers; then neighbours.
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

-- The mapping of the cases: an indicator each, of that key; its values are entered.
SELECT kpi.define_unit('u'), kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');

CREATE TEMP TABLE given (indicator text, unit text, period text, value numeric, numerator numeric, denominator numeric);
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
FROM (VALUES ('E001', 'last', 'month'), ('E002', 'last', 'month'), ('E003', 'first', 'month'), ('E004', 'sum', 'month'),
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
	('E191', 'u', '2011-01', 5), ('E191', 'u', '2011-02', 6), ('E191', 'u', '2011-03', 7), ('E191', 'u', '2011-Q1', 20);
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
SELECT is((pg_temp.row_of('E010', 'u', '2011-Q1')).denominator, 100::numeric, 'an average has the weights of its parts');
SELECT is((pg_temp.row_of('E012', 'u', '2011-Q1')).numerator, 5::numeric, 'a ratio has the sum of numerators');
SELECT is(pg_temp.origin('E001', 'u', '2025-Q4'), 'combined', 'a stock of a quarter is combined');
SELECT is(pg_temp.origin('E001', 'u', '2025-12'), 'entered', 'that of a month entered');
SELECT is(pg_temp.origin('E191', 'u', '2011-Q1'), 'entered', 'so is the quarter that was');

-- Over units

SELECT kpi.define_indicator(key, kind => 'entered', combine => rule, combine_units => units)
FROM (VALUES ('E020', 'sum', 'sum'), ('E021', 'sum', 'sum'), ('E022', 'max', 'min'), ('E023', 'ratio', 'ratio'), ('E023b', 'ratio', 'ratio'),
			 ('E024', 'average', 'average'), ('E025', 'average', 'average'), ('E026', 'last', 'sum'), ('E029', 'first', 'sum'),
			 ('E030', 'compound_loss', 'ratio'), ('E031', 'last', 'ratio'), ('E032', 'sum', 'sum'), ('E033', 'sum', 'none'),
			 ('E034', 'last', 'sum'))
	AS d (key, rule, units);
INSERT INTO given (indicator, unit, period, value) VALUES
	('E020', 'north', '2011-01', 200), ('E020', 'south', '2011-01', 250),
	('E021', 'north', '2011-01', 200),
	('E022', 'north', '2011-01', 3), ('E022', 'south', '2011-01', 4), ('E022', 'north', '2011-02', 6), ('E022', 'south', '2011-02', 2),
	('E023', 'south', '2011-01', 0.3),
	('E025', 'north', '2011-01', 80), ('E032', 'north', '2011-01', 200), ('E032', 'south', '2011-01', 250),
	('E032', 'company', '2011-01', 500), ('E032', 'south', '2011-02', 10),
	('E033', 'north', '2011-01', 200), ('E033', 'south', '2011-01', 250);
INSERT INTO given (indicator, unit, period, value)
	SELECT key, unit, period, value
	FROM unnest('{E026,E029,E034}'::text[]) AS key,
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
	('E026', 'company', '2011-03', 120, '1 of 2', 'without it in the month itself'),
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
SELECT lives_ok($$SELECT kpi.withdraw_entry('E034', 'company', '2011-03')$$, 'taken back');
SELECT is(pg_temp.value('E034', 'company', '2011-Q1'), 180::numeric, 'it is no more');
SELECT is(pg_temp.value('E034', 'company', '2011-03'), 120::numeric, 'and the month is that of the children again');

SELECT * FROM finish();
ROLLBACK;
