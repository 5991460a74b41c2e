-- Collecting as a person sees it: progress, errors with help, transactions.
-- What commits cannot be rolled back, so all of it is dropped at the end.
\set SHOW_CONTEXT never
SET datestyle = 'ISO';
CREATE SCHEMA kpi_test;
CREATE TABLE kpi_test.sale (day date, region text, amount numeric);
INSERT INTO kpi_test.sale VALUES ('2011-01-05', 'north', 10), ('2011-02-05', 'south', 20), ('2011-02-06', 'moon', 40);
CREATE FUNCTION kpi_test.wait() RETURNS integer LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(600)';
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');

-- errors with help
CREATE FUNCTION kpi_test.try(numerator text DEFAULT 'sum(amount)', denominator text DEFAULT NULL,
	filter text DEFAULT NULL,
							 source text DEFAULT 'kpi_test.sale', time_column text DEFAULT 'day',
							 unit_column text DEFAULT 'region')
	RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO kpi.indicator (indicator, name, source, time_column, unit_column, numerator, denominator, filter)
	VALUES ('revenue', 'Revenue', source, time_column, unit_column, numerator, denominator, filter);
	PERFORM kpi_internal.check_source('revenue');
	DELETE FROM kpi.indicator;
END $$;
SELECT kpi_test.try();
SELECT kpi_test.try(source => 'kpi_test.sales');
SELECT kpi_test.try(source => 'sale');
SELECT kpi_test.try(time_column => 'dy');
SELECT kpi_test.try(time_column => 'region');
SELECT kpi_test.try(unit_column => 'area_of_sale');
SELECT kpi_test.try('sum(amuont)');
SELECT kpi_test.try('amount');
SELECT kpi_test.try('max(region)');
SELECT kpi_test.try('total(amount)');
SELECT kpi_test.try('sum(amount::money_of_ours)');
SELECT kpi_test.try('sum(amount');
SELECT kpi_test.try('sum(amount), count(*)');
SELECT kpi_test.try('sum(amount) AS total');
SELECT kpi_test.try('sum(amount) FROM kpi_test.sale; DROP TABLE kpi_test.sale');
SELECT kpi_test.try('sum(amount)) FROM kpi_test.sale; DROP TABLE kpi_test.sale; SELECT (1');
SELECT kpi_test.try('sum($1)');
SELECT kpi_test.try('generate_series(1, 2)');
SELECT kpi_test.try(denominator => 'sum(1 / 0)');
SELECT kpi_test.try(denominator => 'count(DISTINCT regio)');
SELECT kpi_test.try(filter => 'amount');
SELECT kpi_test.try(filter => 'amount > 0 ORDER BY 1');
SELECT kpi_test.try(filter => 'true) OR (true');
SELECT kpi_internal.check_source('revenue');
SELECT kpi_internal.check_source(NULL);
SELECT * FROM kpi.measure('revenue', '2011-01-01', '2012-01-01');

-- progress, one transaction each
INSERT INTO kpi.indicator (indicator, name, source, time_column, unit_column, numerator, denominator) VALUES
	('average', 'Average', 'kpi_test.sale', 'day', 'region', 'sum(amount)', 'count(*)'),
	('broken', 'Broken', 'kpi_test.sale', 'day', 'region', 'sum(1 / (amount - 20))', NULL),
	('lost', 'Lost', 'kpi_test.lost', 'day', 'region', 'sum(amount)', NULL),
	('revenue', 'Revenue', 'kpi_test.sale', 'day', 'region', 'sum(amount)', NULL);
CALL kpi.collect('2011-01', '2011-02');
SELECT indicator, unit, grain, period_start, numerator, denominator, round(value, 4) AS value, row_count,
	provisional, note,
	collected_at IS NOT NULL AS collected
FROM kpi.measurement ORDER BY indicator, unit, grain, period_start;
SELECT from_date, to_date, indicators, failed, finished >= started AS finished FROM kpi.run;
SELECT indicator, state, measurements, changed, source_rows, unassigned_rows, kept, sqlstate, error, hint
FROM kpi.run_step ORDER BY indicator;

-- again, and with a value entered by hand
CALL kpi.collect('2011-01', '2011-02', '{average,revenue}');
UPDATE kpi.measurement SET value = 7, collected_at = NULL WHERE indicator = 'revenue' AND unit = 'north'
	AND grain = 'month';
CALL kpi.collect('2011-01', '2011-02', '{revenue}');
CALL kpi.collect('2011-01', indicators => '{revenue}', units => '{north}');
CALL kpi.collect('2011-01', indicators => '{}');

-- wrong words
CALL kpi.collect('2011-13');
CALL kpi.collect('2011-03', '2011-01');
CALL kpi.collect('2011-01', indicators => '{revenu}');
CALL kpi.collect('2011-01', units => '{nort}');

-- in a transaction block, a function, an exception block; and where it can commit
BEGIN;
CALL kpi.collect('2011-01', indicators => '{revenue}');
ROLLBACK;
BEGIN;
CALL kpi.collect('2011', indicators => '{revenue}', commit_each => false);
ROLLBACK;
SELECT count(*) AS runs FROM kpi.run;
CREATE FUNCTION kpi_test.collect(commit_each boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CALL kpi.collect('2011-01', indicators => '{revenue}', commit_each => commit_each);
END $$;
SELECT kpi_test.collect(true);
SELECT kpi_test.collect(false);
DO $$ BEGIN
	CALL kpi.collect('2011-01', indicators => '{revenue}');
EXCEPTION WHEN division_by_zero THEN NULL;
END $$;
DO $$ BEGIN CALL kpi.collect('2011-01', indicators => '{revenue}'); END $$;
DO $$ BEGIN
	PERFORM kpi.define_indicator('orders', source => 'kpi_test.sale', time_column => 'day', numerator => 'count(*)');
	CALL kpi.collect('2011-01', indicators => '{orders}', commit_each => false);
END $$;
DELETE FROM kpi.indicator WHERE indicator = 'orders';

-- a cancel ends the collection: what was committed stays, of the rest nothing
DELETE FROM kpi.run;
CREATE VIEW kpi_test.earlier AS SELECT * FROM kpi_test.sale;
INSERT INTO kpi.indicator (indicator, name, source, time_column, unit_column, numerator) VALUES
	('before', 'Before', 'kpi_test.earlier', 'day', NULL, 'sum(amount)'),
	('endless', 'Endless', 'kpi_test.sale', 'day', 'region', 'sum(kpi_test.wait())');
SET statement_timeout = '2s';
CALL kpi.collect('2011-01', indicators => '{before,endless,revenue}');
RESET statement_timeout;
SELECT indicator, state FROM kpi.run_step;
SELECT indicator, count(*) FROM kpi.measurement WHERE indicator IN ('before', 'endless') GROUP BY 1;
SELECT indicators, failed, finished, kpi_internal.run_state(r) FROM kpi.run AS r;
SHOW search_path;
SHOW transaction_read_only;

-- the rights of the owner
CREATE ROLE regress_sql_owner;
CREATE ROLE regress_sql_collector;
GRANT USAGE ON SCHEMA kpi TO regress_sql_collector;
GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO regress_sql_collector;
UPDATE kpi.indicator SET owner = 'regress_sql_owner' WHERE indicator = 'revenue';
SET ROLE regress_sql_collector;
CALL kpi.collect('2011-01', indicators => '{revenue}');
SELECT * FROM kpi.measure('revenue', '2011-01-01', '2012-01-01');
SELECT kpi_internal.check_source('revenue');
RESET ROLE;
SELECT kpi.grant_collector('regress_sql_collector');
SET ROLE regress_sql_collector;
CALL kpi.collect('2011-01', indicators => '{revenue}');
SELECT kpi_internal.check_source('revenue');
RESET ROLE;
GRANT USAGE ON SCHEMA kpi_test TO regress_sql_owner;
SET ROLE regress_sql_collector;
SELECT kpi_internal.check_source('revenue');
RESET ROLE;
GRANT SELECT ON kpi_test.sale TO regress_sql_owner;
SET ROLE regress_sql_collector;
CALL kpi.collect('2011-01', indicators => '{revenue}');
SELECT * FROM kpi_test.sale;
RESET ROLE;
UPDATE kpi.indicator SET owner = 'regress_kpi_nobody' WHERE indicator = 'revenue';
CALL kpi.collect('2011-01', indicators => '{revenue}');
SELECT sqlstate, error, hint FROM kpi.run_step ORDER BY run DESC LIMIT 1;

DELETE FROM kpi.run;
DELETE FROM kpi.indicator;
DELETE FROM kpi.unit;
CALL kpi.collect('2011-01');
SET client_min_messages = warning;
DROP SCHEMA kpi_test CASCADE;
DROP OWNED BY regress_sql_owner, regress_sql_collector;
DROP ROLE regress_sql_owner, regress_sql_collector;
