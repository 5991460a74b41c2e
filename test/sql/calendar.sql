-- Calendars of the user and windows: how they are defined, and what is refused.
SET datestyle = 'ISO, YMD';

SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT kpi.define_calendar('retail', pattern => '4-4-5', first_day => '2011-01-31', week_53 => 'last');
SELECT kpi.define_calendar('tax', starts => '04-06');
SELECT kpi.define_window('month', 'fytd', within => 'fy_year');
SELECT kpi.define_window('retail_week', 'r13', last => 13, name => 'Thirteen weeks');
SELECT grain, calendar, rule, position, window_of, name FROM kpi.grain WHERE NOT shipped ORDER BY position, grain;

-- labels, days, neighbours
SELECT label, kpi.period(label) AS days, kpi.period_grain(label) AS grain, kpi.period_start(label) AS start,
	kpi.period_label(kpi.period_grain(label), kpi.period_start(label)) = label AS back,
	kpi.period_before(label) AS before, kpi.period_last_year(label) AS last_year
FROM unnest(ARRAY['fy2012', 'fy2012-H2', 'fy2012-Q3', 'fy2012-Q1', 'retail2011', 'retail2013', 'retail2013-H2',
	'retail2013-Q4', 'retail2011-P09', 'retail2013-P12', 'retail2014-P01', 'retail2013-W53', 'retail2014-W01',
	'tax2011', 'tax2011-M01', 'tax2011-M12', '2011-11 ytd', '2011-11 r12', '2011-02 r3', '2011-Q3 ytd', '2011-02 fytd',
	'retail2011-W02 r13', '2012-02-29', '2009-W53']) AS label;

-- a date with a grain, where the label has a grain of its own
SELECT kpi.period(date '2011-11-05', 'fy_quarter'), kpi.period(date '2011-11-05', 'month_ytd'),
	kpi.period(date '2014-02-02', 'retail_period');

-- the same call changes nothing; what is left out stays
SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT kpi.define_calendar('fy', name => 'Fiscal');
SELECT * FROM kpi.calendar ORDER BY calendar;
SELECT kpi.define_calendar('tax', label_by => 'end');
SELECT kpi.period('tax2012-M01');
SELECT kpi.define_calendar('tax', starts => '07-01');
SELECT grain, rule FROM kpi.grain WHERE calendar = 'tax' ORDER BY position;

-- a definition that makes no years
SELECT kpi.define_calendar('f y', starts => '04-01');
SELECT kpi.define_calendar('2', starts => '04-01');
SELECT kpi.define_calendar('cal');
SELECT kpi.define_calendar('cal', starts => '4-1');
SELECT kpi.define_calendar('cal', starts => '02-30');
SELECT kpi.define_calendar('cal', starts => '04-01', pattern => '4-4-5');
SELECT kpi.define_calendar('cal', pattern => '4-4-4', first_day => '2011-01-31');
SELECT kpi.define_calendar('cal', pattern => '4-4-5', first_day => 'infinity');
SELECT kpi.define_calendar('cal', pattern => '4-4-5', first_day => '2011-01-31', week_53 => 'first');
SELECT kpi.define_calendar('cal', starts => '04-01', label_by => 'ends');
SELECT kpi.define_calendar(NULL, starts => '04-01');
SELECT kpi.define_window('month', 'r1', last => 1);
SELECT kpi.define_window('month', 'r 6', last => 6);
SELECT kpi.define_window('month', 'x');
SELECT kpi.define_window('month', 'x', last => 6, within => 'year');
SELECT kpi.define_window('month_ytd', 'x', last => 6);
SELECT kpi.define_window('week', 'ytd', within => 'year');
SELECT kpi.define_window('mnth', 'x', last => 6);

-- plain SQL is held to the same rules
INSERT INTO kpi.grain (grain, calendar, rule, position, name) VALUES ('fy_week', 'fy', 'week', 7, 'Week');
INSERT INTO kpi.grain (grain, rule, position, name) VALUES ('fortnight', 'weeks 2', 14, 'Fortnight');
INSERT INTO kpi.grain (grain, rule, position, name) VALUES ('moon', 'month', 30, 'Moon');
INSERT INTO kpi.grain (grain, rule, position, window_of, name)
	VALUES ('moon_r2', 'last 2 of month', 60, 'moon', 'Moons');
INSERT INTO kpi.grain (grain, rule, position, name, shipped) VALUES ('moon', 'month', 30, 'Moon', true);
UPDATE kpi.grain SET name = 'Moon' WHERE grain = 'month';
UPDATE kpi.grain SET rule = 'months 3 from 05-01 named by end' WHERE grain = 'fy_quarter';

-- rules that are none
SELECT kpi_internal.rule_start(rule, '2011-11-05')
FROM unnest(ARRAY['day', 'months 3 from 04-01', 'weeks 5-4-4 from 2011-01-31 week 53 in 3: quarter',
	'last 2 of week']) AS rule;
SELECT kpi_internal.rule_start('months 5 from 04-01', '2011-11-05');
SELECT kpi_internal.rule_start('months 3 from 04-31', '2011-11-05');
SELECT kpi_internal.rule_start('weeks 4-4-4 from 2011-01-31 week 53 last: period', '2011-11-05');
SELECT kpi_internal.rule_start('weeks 4-4-5 from 2011-02-29 week 53 last: period', '2011-11-05');
SELECT kpi_internal.rule_start('weeks 4-4-5 from 2011-01-31 week 53 last: month', '2011-11-05');
SELECT kpi_internal.rule_start('to date of week in year', '2011-11-05');
SELECT kpi_internal.rule_start('last 3 of last 3 of month', '2011-11-05');
SELECT kpi_internal.rule_start('month ', '2011-11-05');
SELECT kpi_internal.rule_start('period', '2011-11-05');

-- labels of what is not defined
SELECT kpi.period('fyy2012-Q3');
SELECT kpi.period('fy2012-11');
SELECT kpi.period('fy2012-W01');
SELECT kpi.period('2011-M11');
SELECT kpi.period('2011-11 yt');
SELECT kpi.period('2011-11  ytd');
SELECT kpi.period('2011-11-05 ytd');
SELECT kpi.period('retail2012-W53');
SELECT kpi.period('fy0000');
SELECT kpi.period('fy0001');
SELECT kpi.period('fy9999'), kpi.period_label('fy_year', '9999-04-01'),
	kpi_internal.period_end('fy_year', '9999-03-31');

-- a calendar whose periods are in use stays as it is
SELECT kpi.define_unit('company');
SELECT kpi.define_indicator('survey', kind => 'entered');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('survey', 'company', 'fy_quarter', '2011-10-01', 4), ('survey', 'company', 'retail_week', '2011-02-07', 4);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('survey', 'company', 'retail_week', '2011-02-08', 4);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('survey', 'company', 'month', '20111-02-01', 4);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('survey', 'company', 'mnth', '2011-02-01', 4);
SELECT kpi.define_calendar('fy', starts => '07-01');
SELECT kpi.define_calendar('fy', name => 'Fiscal year');
DELETE FROM kpi.calendar WHERE calendar = 'retail';
DELETE FROM kpi.grain WHERE grain = 'fy_year';
DELETE FROM kpi.calendar WHERE calendar = 'tax';
DELETE FROM kpi.measurement WHERE unit = 'company';
DELETE FROM kpi.grain WHERE window_of IS NOT NULL AND NOT shipped;
DELETE FROM kpi.calendar;
DELETE FROM kpi.indicator WHERE indicator = 'survey';
DELETE FROM kpi.unit WHERE unit = 'company';
SELECT count(*) FROM kpi.grain WHERE NOT shipped;

-- another session's, or a rolled back, change is seen at once
BEGIN;
SELECT kpi.define_calendar('fy', starts => '04-01');
SELECT kpi.period('fy2012-Q3');
ROLLBACK;
SELECT kpi.period('fy2012-Q3');
