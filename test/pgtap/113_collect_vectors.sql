-- Measured indicators from rows to values: worked cases under their numbers, each over a source of its own and
-- collected; then neighbours.
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'Asia/Tokyo';

CREATE SCHEMA v;
CREATE TEMP TABLE asked (indicator text, unit text, period text, value numeric, why text);
CREATE FUNCTION pg_temp.row_of(key text, unit text, period text) RETURNS kpi.measurement LANGUAGE sql STABLE
	RETURN (SELECT CAST(ROW (m.*) AS kpi.measurement) FROM kpi.measurement AS m
			WHERE m.indicator = key AND m.unit = row_of.unit AND m.grain = kpi.period_grain(period)
				AND m.period_start = kpi.period_start(period));
CREATE FUNCTION pg_temp.answers() RETURNS SETOF text LANGUAGE sql AS $$
	WITH a AS (DELETE FROM asked RETURNING *)
	SELECT ok(alike((pg_temp.row_of(a.indicator, a.unit, a.period)).value, a.value, 1e-15),
			  format('%s: %s %s is %s: %s', a.indicator, a.unit, a.period, coalesce(a.value::text, 'none'), a.why))
	FROM a;
$$;

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('team', 'north'), kpi.define_unit('a', 'company'), kpi.define_unit('b', 'company');
-- r moves at the beginning of July, r16 in its middle
SELECT kpi.define_unit('r'), kpi.define_unit('r16');
INSERT INTO kpi.unit_parent VALUES ('r', 'a', '(,2011-07-01)'), ('r', 'b', '[2011-07-01,)'),
	('r16', 'a', '(,2011-07-16)'), ('r16', 'b', '[2011-07-16,)');

-- Rows of units

CREATE TABLE v.five (day date, unit text, customer integer, amount integer);
INSERT INTO v.five VALUES ('2011-01-05', 'north', 1, 3), ('2011-01-20', 'north', 2, 4), ('2011-02-11', 'north', 1,
	10),
	('2011-03-02', 'south', 2, 20), ('2011-03-30', 'south', 3, 30);
CREATE TABLE v.ghosts AS TABLE v.five;
INSERT INTO v.ghosts VALUES ('2011-01-31', NULL, 4, 100), ('2011-01-31', 'ghost', 4, 1000);
CREATE TABLE v.inner_rows (day date, unit text, amount integer);
INSERT INTO v.inner_rows VALUES ('2011-01-05', 'north', 5), ('2011-01-06', 'team', 7);
CREATE TABLE v.stock (day date, unit text, amount integer);
INSERT INTO v.stock VALUES ('2011-03-15', 'north', 100), ('2011-03-31', 'north', 60), ('2011-03-31', 'north', 62),
	('2011-03-20', 'south', 40);
CREATE TABLE v.moves (day date, unit text, amount integer);
INSERT INTO v.moves VALUES ('2011-03-10', 'r', 100), ('2011-07-10', 'r', 5), ('2011-07-20', 'r', 7),
	('2011-09-10', 'r', 40);
CREATE TABLE v.moves16 AS SELECT day, 'r16' AS unit, amount FROM v.moves;
SELECT kpi.define_indicator(key, source => 'v.' || source, time_column => 'day', unit_column => 'unit',
							numerator => numerator, denominator => denominator, combine => combine)
FROM (VALUES
	('E034', 'five', 'count(DISTINCT customer)', NULL, 'rows'),
	('E035', 'five', 'sum(amount) / count(*)', NULL, 'rows'),
	('E037', 'five', 'sum(amount)', 'count(DISTINCT customer)', 'rows'),
	('E038', 'five', 'sum(amount) - min(amount)', NULL, 'rows'),
	('E040', 'five', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)', NULL, 'rows'),
	('E041', 'ghosts', 'sum(amount)', NULL, 'rows'),
	('E043', 'inner_rows', 'sum(amount)', NULL, 'rows'),
	('E044', 'stock', 'sum(amount)', NULL, 'last'),
	('E046', 'moves', 'sum(amount)', NULL, 'rows'),
	('E052', 'moves16', 'sum(amount)', NULL, 'rows'),
	-- neighbours
	('E034b', 'five', 'count(DISTINCT customer)', NULL, 'sum'),
	('E034c', 'five', 'count(DISTINCT customer)', NULL, 'max'),
	('E037b', 'five', 'sum(amount)', 'count(DISTINCT customer)', 'ratio'),
	('E043b', 'inner_rows', 'sum(amount)', NULL, 'sum'),
	('E044b', 'stock', 'max(amount)', NULL, 'last'),
	('E044c', 'stock', 'sum(amount)', NULL, 'first'),
	('E046b', 'moves', 'sum(amount)', NULL, 'sum'),
	('E052b', 'moves16', 'sum(amount)', NULL, 'sum'),
	('E052c', 'moves16', 'sum(amount)', NULL, 'last'))
	AS d (key, source, numerator, denominator, combine);
SELECT kpi.define_indicator('E043c', combine_units => 'max', source => 'v.inner_rows', time_column => 'day',
	unit_column => 'unit', numerator => 'sum(amount)');
CALL kpi.collect('2011', commit_each => false);
INSERT INTO asked VALUES
	('E034', 'company', '2011-Q1', 3, 'distinct customers of the quarter, not 2 + 1 + 2'),
	('E034', 'north', '2011-Q1', 2, 'and of a unit'),
	('E034b', 'company', '2011-Q1', 5, 'unless they are to be added'),
	('E034b', 'company', '2011-01', 2, 'each month its own'),
	('E034c', 'company', '2011-Q1', 2, 'or the best month counts'),
	('E035', 'north', '2011-01', 3, 'integers are cut off'),
	('E035', 'company', '2011-Q1', 13, 'in every grain, 67 / 5'),
	('E037', 'company', '2011-Q1', 67 / 3.0, 'both from the rows of the quarter'),
	('E037b', 'company', '2011-Q1', 67 / 5.0, 'sums of the months where they are combined by ratio'),
	('E038', 'company', '2011-Q1', 64, 'the difference comes last'),
	('E040', 'company', '2011-Q1', 10, 'a median of the rows of the quarter'),
	('E041', 'company', '2011-01', 1107, 'rows of no known unit are of the whole'),
	('E041', 'north', '2011-01', 7, 'and of no other'),
	('E043', 'north', '2011-01', 12, 'own rows and those below'),
	('E043b', 'north', '2011-01', 12, 'by the sum too'),
	('E043c', 'north', '2011-01', 7, 'or the greatest of both'),
	('E043b', 'company', '2011', 12, 'once'),
	('E044', 'company', '2011-Q1', 162, 'a stock: the last day of each unit, then the sum'),
	('E044', 'company', '2011-03', 162, 'in the month too'),
	('E044b', 'company', '2011-Q1', 102, 'of what the rows of that day give'),
	('E044c', 'company', '2011-Q1', 140, 'opening stock'),
	('E046', 'a', '2011', 100, 'E046: rows before the move'),
	('E046', 'b', '2011', 52, 'E047: rows after it'),
	('E046', 'company', '2011', 152, 'E049: the whole is the whole'),
	('E046', 'b', '2011-Q1', NULL, 'E050: nothing before the move'),
	('E046b', 'a', '2011', 100, 'combined, the months before the move'),
	('E046b', 'b', '2011', 52, 'and the months after it'),
	('E052', 'b', '2011-07', 7, 'by the day of the row'),
	('E052', 'a', '2011-07', 5, 'and of the other'),
	('E052b', 'b', '2011-07', 12, 'combined: by the tree of the last day of the month'),
	('E052b', 'a', '2011-07', NULL, 'all of it'),
	('E052c', 'b', '2011-07', 7, 'a stock of its last day'),
	('E052c', 'b', '2011', 40, 'of the year too'),
	('E052c', 'a', '2011', NULL, 'by the tree of the last day'),
	('E052c', 'a', '2011-H1', 100, 'which then was another');
SELECT pg_temp.answers();
SELECT is((pg_temp.row_of('E044', 'company', '2011-Q1')).parts, 2, 'a stock says from how many units');

-- Windows: entered, and the same from rows

SELECT kpi.define_indicator(key, kind => 'entered', combine => 'sum', windows => '{month_ytd,month_r3}')
FROM unnest('{E056}'::text[]) AS key;
SELECT kpi.enter('E056', 'team', p, n)
FROM (VALUES ('2010-11', 3), ('2010-12', 4), ('2011-01', 5), ('2011-02', 6), ('2011-03', 7)) AS g (p, n);
CREATE TABLE v.month AS
SELECT (p || '-17')::date AS day, 'team' AS unit, n AS amount
FROM (VALUES ('2010-11', 3), ('2010-12', 4), ('2011-01', 5), ('2011-02', 6), ('2011-03', 7)) AS g (p, n);
CREATE TABLE v.hole AS SELECT * FROM v.month WHERE amount NOT IN (3, 4, 6);
SELECT kpi.define_indicator(key, source => 'v.' || source, time_column => 'day', unit_column => 'unit',
							numerator => 'sum(amount)', combine => combine, windows => '{month_ytd,month_r3}',
							window_min => least_months)
FROM (VALUES ('E055r', 'month', 'rows', NULL::integer), ('E055s', 'month', 'sum', NULL), ('E057r', 'hole', 'rows',
	NULL),
			 ('E058r', 'hole', 'rows', 2), ('E057s', 'hole', 'sum', NULL), ('E058s', 'hole', 'sum', 2),
			 ('E058l', 'hole', 'last', 2)) AS d (key, source, combine, least_months);
CALL kpi.collect('2011-01', '2011-03', '{E055r,E055s,E057r,E058r,E057s,E058s,E058l}', commit_each => false);
INSERT INTO asked VALUES
	('E056', 'team', '2011-02 r3', 15, 'December, January, February'),
	('E055r', 'team', '2011-03 ytd', 18, 'E055: year to date from rows'),
	('E055s', 'team', '2011-03 ytd', 18, 'or from months'),
	('E055r', 'team', '2011-02 r3', 15, 'E056: rolling from rows'),
	('E055s', 'team', '2011-02 r3', 15, 'or from months'),
	('E055r', 'company', '2011-02 r3', 15, 'of the whole too'),
	('E055r', 'team', '2011-01 ytd', 5, 'it begins with the year'),
	('E057r', 'team', '2011-03 r3', NULL, 'a month lacks'),
	('E057s', 'team', '2011-03 r3', NULL, 'a month lacks'),
	('E058r', 'team', '2011-03 r3', 12, 'two are enough'),
	('E058s', 'team', '2011-03 r3', 12, 'two are enough'),
	('E058l', 'team', '2011-03 r3', 7, 'of a stock too'),
	('E058r', 'team', '2011-02 r3', NULL, 'one is not'),
	('E057r', 'team', '2011-03 ytd', 12, 'E059: to date takes what there is'),
	('E057s', 'team', '2011-02 ytd', 5, 'also without the last month');
SELECT pg_temp.answers();

-- Zones: days of 23, 24 and 25 hours

CREATE TABLE v.moment (at timestamptz);
INSERT INTO v.moment VALUES ('2011-03-31 22:30+00'), ('2011-03-31 23:30+00');
CREATE TABLE v.spring (at timestamptz);
INSERT INTO v.spring VALUES ('2011-03-27 23:30+00'), ('2011-03-27 22:30+00'), ('2011-03-27 00:30+00');
CREATE TABLE v.hours (at timestamptz, day date);
INSERT INTO v.hours SELECT at, (at AT TIME ZONE 'Europe/London')::date
FROM generate_series(timestamptz '2011-10-29 00:00+00', '2011-10-31 23:00+00', '1 hour') AS at;
INSERT INTO v.hours SELECT at, (at AT TIME ZONE 'Europe/London')::date
FROM generate_series(timestamptz '2011-03-26 00:00+00', '2011-03-28 22:00+00', '1 hour') AS at;
CREATE TABLE v.plain (at timestamp);
INSERT INTO v.plain VALUES ('2011-03-31 23:30:00');
SELECT kpi.define_indicator(key, source => 'v.' || source, time_column => 'at', numerator => 'count(*)',
							grain => grain, time_zone => zone, combine => combine)
FROM (VALUES ('E091', 'moment', 'month', 'Europe/London', 'rows'), ('E092', 'spring', 'day', 'Europe/London',
	'rows'),
			 ('E094', 'hours', 'day', 'Europe/London', 'rows'), ('E095', 'plain', 'month', 'Europe/London', 'rows'),
			 ('E091u', 'moment', 'month', 'UTC', 'rows'), ('E091d', 'moment', 'day', 'Asia/Tokyo', 'sum'),
			 ('E094s', 'hours', 'day', 'Europe/London', 'sum'), ('E094l', 'hours', 'day', 'Europe/London', 'last'),
			 ('E094k', 'hours', 'day', 'Asia/Kolkata', 'rows'), ('E094h', 'hours', 'day', 'Australia/Lord_Howe',
			'rows'))
	AS d (key, source, grain, zone, combine);
CALL kpi.collect('2011', indicators => '{E091,E092,E094,E095,E091u,E091d,E094s,E094l,E094k,E094h}',
	commit_each => false);
INSERT INTO asked VALUES
	('E091', 'company', '2011-03', 1, 'the other is in April there'),
	('E091', 'company', '2011-04', 1, 'and counts there'),
	('E091u', 'company', '2011-03', 2, 'not so in Greenwich'),
	('E091d', 'company', '2011-04-01', 2, 'nor in Tokyo'),
	('E091d', 'company', '2011-04', 2, 'of which the month is made'),
	('E092', 'company', '2011-03-27', 2, 'the day of the zone'),
	('E092', 'company', '2011-03-28', 1, 'and the next one'),
	('E094', 'company', '2011-10-30', 25, 'clocks go back'),
	('E094', 'company', '2011-10-29', 24, 'E093: a day like others; its first hour was not written'),
	('E094', 'company', '2011-03-27', 23, 'and forward'),
	('E094s', 'company', '2011-10-30', 25, 'combined likewise'),
	('E094s', 'company', '2011-10', 72, 'into months'),
	('E094l', 'company', '2011-10', 24, 'or the last day'),
	('E095', 'company', '2011-03', 1, 'a timestamp is taken as it stands');
UPDATE asked SET value = (SELECT count(*) FROM v.hours WHERE day = '2011-10-29')
WHERE indicator = 'E094' AND period = '2011-10-29';
SELECT pg_temp.answers();
SELECT set_eq(format($$ SELECT period_start, value::bigint FROM kpi.measurement
	WHERE indicator = %L AND grain = 'day' $$, key),
	format($$ SELECT (at AT TIME ZONE %L)::date, count(*) FROM v.hours GROUP BY 1 $$, zone),
	format('days of %s are those of the server', zone))
FROM (VALUES ('E094', 'Europe/London'), ('E094k', 'Asia/Kolkata'), ('E094h', 'Australia/Lord_Howe')) AS z (key,
	zone);

-- Empty

SELECT kpi.define_unit('closed', 'company', valid => '[,2011-11-01)'), kpi.define_unit('closing', 'company',
	valid => '[,2011-11-10)'),
	kpi.define_unit('later', 'company', valid => '[2011-12-01,)');
CREATE TABLE v.complaint (day date, unit text);
INSERT INTO v.complaint VALUES ('2011-10-05', 'closed'), ('2011-10-06', 'closed');
SELECT kpi.define_indicator(key, source => 'v.complaint', time_column => 'day', unit_column => 'unit',
							numerator => 'count(*)', empty => empty, combine => combine)
FROM (VALUES ('E163', 'zero', 'rows'), ('E163n', 'none', 'rows'), ('E163s', 'zero', 'sum'), ('E163l', 'zero',
	'last'))
	AS d (key, empty, combine);
CALL kpi.collect('2011-10', '2011-11', '{E163,E163n,E163s,E163l}', commit_each => false);
INSERT INTO asked VALUES
	('E163', 'closed', '2011-10', 2, 'of its rows'),
	('E163', 'closed', '2011-11', NULL, 'a unit that is closed has none'),
	('E163', 'closing', '2011-11', 0, 'E164: in force on some day is enough'),
	('E163', 'closing', '2011-10', 0, 'no row at all'),
	('E163', 'later', '2011-11', NULL, 'a unit that is not open yet has none'),
	('E163', 'company', '2011-11', 0, 'the whole'),
	('E163', 'closed', '2011', 2, 'the year'),
	('E163', 'north', '2011-05', 0, 'a month that was read for the year'),
	('E163', 'north', '2012-01', NULL, 'not one that was not'),
	('E163n', 'closing', '2011-11', NULL, 'none unless given'),
	('E163s', 'closing', '2011-11', 0, 'combined too'),
	('E163s', 'company', '2011-Q4', 2, 'and added'),
	('E163l', 'company', '2011-Q4', 0, 'a stock of nothing at the end');
SELECT pg_temp.answers();

SELECT * FROM finish();
ROLLBACK;
