SET DateStyle = 'ISO';
BEGIN;
SELECT kpi.define_indicator('calls', kind => 'entered', combine => 'sum');
SELECT kpi.define_unit('north');
SELECT count(kpi.enter('calls', 'north', d::date, 'month', v)) FROM
	(VALUES (date '2020-01-01', 10), ('2020-02-01', 12), ('2020-04-01', 9.5)) AS x (d, v);
SELECT p.* FROM kpi.points(kpi.series_of('calls', 'north')) AS p;
SELECT p.* FROM kpi.points(kpi.fill(kpi.series_of('calls', 'north', 'month'))) AS p;
-- a value that is not known is a gap, a period that is not over is left out unless it is asked for
UPDATE kpi.measurement SET value = NULL WHERE indicator = 'calls' AND period_start = '2020-02-01';
UPDATE kpi.measurement SET provisional = true WHERE indicator = 'calls' AND period_start = '2020-04-01';
SELECT p.* FROM kpi.points(kpi.series_of('calls', 'north')) AS p;
SELECT p.* FROM kpi.points(kpi.series_of('calls', 'north', provisional => true)) AS p;
-- years of weeks have periods of four and of five
SELECT kpi.define_calendar('retail', pattern => '4-4-5', first_day => '2011-01-31');
SAVEPOINT s;
SELECT kpi.series_of('calls', 'north', 'retail_period');
ROLLBACK TO s;
SELECT kpi.series_of('calls', 'north', 'retail_week') IS NULL AS none;
-- what is not there
SAVEPOINT s;
SELECT kpi.series_of('cals', 'north');
ROLLBACK TO s;
SELECT kpi.series_of('calls', 'nort');
ROLLBACK TO s;
SELECT kpi.series_of('calls', 'north', 'monht');
ROLLBACK TO s;
SELECT kpi.series_of(NULL, 'north');
ROLLBACK;
