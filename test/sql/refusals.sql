-- refusals: each names the value, the rule and what to write, and nothing is half done
SET client_encoding = 'UTF8';
\set SHOW_CONTEXT never
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\pset tuples_only on
\pset format unaligned
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE ROLE kpi_root SUPERUSER;
CREATE ROLE kpi_plain;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (day date, region text, channel text, amount numeric);
CREATE TABLE shop.note (day date, amount numeric);
ALTER TABLE shop.note OWNER TO kpi_plain;
CREATE VIEW shop.noted AS SELECT * FROM shop.note;
ALTER VIEW shop.noted OWNER TO kpi_root;
SELECT kpi.define_dimension('channel'), kpi.define_unit('all_channels', dimension => 'channel'),
	kpi.define_unit('web', parent => 'all_channels'), kpi.define_unit('company'),
	kpi.define_unit('north', parent => 'company');
SELECT kpi.define_indicator('sales', source => 'shop.sale', time_column => 'day', unit_column => 'region',
	numerator => 'sum(amount)');
SELECT kpi.define_indicator('visits', kind => 'entered'), kpi.define_indicator('judged', kind => 'rated'),
	kpi.define_indicator('spending', formula => 'sales / visits'),
	kpi.define_indicator('smoothed', formula => 'rolling(spending, 3)'),
	kpi.define_indicator('clicks', kind => 'entered', grain => 'week');
SELECT kpi.define_scorecard('card'), kpi.define_scorecard('channels', dimension => 'channel');
SELECT kpi.set_weight('card', 'sales', weight => 1);
SELECT kpi.set_target('sales', 'company', '2011', 1200), kpi.enter('visits', 'company', '2011-03', 5);

-- every row of the registry, to be compared at the end
CREATE FUNCTION pg_temp.registry() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	t regclass;
BEGIN
	FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
		AND c.relkind = 'r' LOOP
		RETURN QUERY EXECUTE format('SELECT %L || r::text FROM %s r', t::text, t);
	END LOOP;
END
$$;
CREATE TEMP TABLE registry_before AS SELECT * FROM pg_temp.registry() line;

-- cycles of formulas, with their path
SELECT kpi.define_indicator('sales', kind => 'derived', formula => 'smoothed / 2');
SELECT kpi.define_indicator('spending', formula => 'previous(spending) + 1');

-- rules of combining that a kind cannot obey
SELECT kpi.define_indicator('visits', combine => 'rows');
SELECT kpi.define_indicator('visits', combine => 'formula');
SELECT kpi.define_indicator('judged', kind => 'rated', combine => 'ratio');
SELECT kpi.define_indicator('spending', combine => 'rows');
SELECT kpi.define_indicator('sales', combine => 'formula');
SELECT kpi.define_indicator('sales', combine => 'ratio');
SELECT kpi.define_indicator('sales', combine_units => 'last');
SELECT kpi.define_indicator('sales', combine => 'mean');
SELECT kpi.define_indicator('sales', denominator => 'count(*)', empty => 'zero');
SELECT kpi.define_indicator('visits', empty => 'zero');
SELECT kpi.define_indicator('visits', windows => '{month_ytd}');

-- scales that are none
SELECT kpi.define_indicator('sales', scale => 'linear(0:0, 1)');
SELECT kpi.define_indicator('sales', scale => 'lineer(0:0, 1:100)');
SELECT kpi.define_indicator('sales', scale => 'linear(1:0, 0:100)');
SELECT kpi.define_indicator('sales', scale => 'deduct(100 from 0.95, 2 per 0)');
SELECT kpi.define_indicator('sales', scale => 'range(110..90 full, 70..130 zero)');

-- attainments that do not go with a direction
SELECT kpi.define_indicator('sales', attainment_method => 'range');
SELECT kpi.define_indicator('sales', attainment_method => 'inverse');

-- a target whose rule has to be asked
SELECT kpi.set_target('spending', 'company', '2012', 5);
SELECT kpi.set_target('visits', 'company', '2012-Q1', 5);

-- periods of a calendar that is not defined, and grains that are none
SELECT kpi.set_target('sales', 'company', 'fy2012-Q3', 5);
CALL kpi.collect('retail2011-P03', commit_each => false);
SELECT * FROM kpi.evaluate('card', 'company', 'fy2012-Q3');
SELECT kpi.enter('visits', 'company', date '2011-03-05', 'fy_month', 5);
SELECT kpi.enter('visits', 'company', '2011-W11', 5);

-- units of another dimension
SELECT kpi.define_unit('east', parent => 'company', dimension => 'channel');
SELECT kpi.define_unit('web', parent => 'company');
SELECT * FROM kpi.evaluate('card', 'web', '2011-03');
SELECT * FROM kpi.evaluate('channels', 'north', '2011-03');
SELECT kpi.define_indicator('sales', unit_columns => '{"chanel": "channel"}');
SELECT kpi.define_indicator('sales', unit_columns => '{"organisation": "region"}');

-- window functions, rows where one number is meant, and more than an expression
SELECT kpi.define_indicator('sales', numerator => 'sum(sum(amount)) OVER ()');
SELECT kpi.define_indicator('sales', filter => 'row_number() OVER () = 1');
SELECT kpi.define_indicator('sales', numerator => 'unnest(array_agg(amount))');
SELECT kpi.define_indicator('sales', numerator => 'amount');
SELECT kpi.define_indicator('sales', numerator => 'sum(amount) FROM shop.note');

-- texts that are no numbers: a day that comes with a grain has to be one
SELECT kpi.set_target('sales', 'company', '2012-01-01', 'month', 5);
SELECT kpi.set_benchmark('sales', 'best', '2012-01-01', 'month', '5');
SELECT kpi.enter('visits', 'company', '2011-01-01', 'month', '5');

-- a reason missing for a late change
SELECT kpi.set_target('sales', 'company', '2011', 1300);
UPDATE kpi.target SET target = 1300;
SELECT kpi.enter('sales', 'company', '2011-03', 5);

-- an owner with more rights than those of the source
SELECT kpi.define_indicator('noted', source => 'shop.note', time_column => 'day',
	numerator => 'sum(amount)', owner => 'kpi_root');
SELECT kpi.define_indicator('noted', source => 'shop.noted', time_column => 'day',
	numerator => 'sum(amount)', owner => 'kpi_root');

-- formulas that are none
SELECT kpi.define_indicator('sum', formula => 'sales +');
SELECT kpi.define_indicator('sum', formula => 'sales / previus(sales)');
SELECT kpi.define_indicator('sum', formula => 'previous(sales + 1)');
SELECT kpi.define_indicator('sum', formula => 'rolling(sales)');
SELECT kpi.define_indicator('sum', formula => 'rolling(sales, 0)');
SELECT kpi.define_indicator('sum', formula => 'random() * sales');
SELECT kpi.define_indicator('sum', formula => '(SELECT 1)');
SELECT kpi.define_indicator('sum', formula => 'sales > 1');
SELECT kpi.define_indicator('sum', formula => 'sum(sales)');
SELECT kpi.define_indicator('sum', formula => 'rank() OVER ()');
SELECT kpi.define_indicator('sum', formula => 'sales * $1');
SELECT kpi.define_indicator('sum', formula => 'sales; DROP TABLE shop.sale');
SELECT kpi.define_indicator('sum', formula => 'sale / 2');
SELECT kpi.define_indicator('sum', formula => 'sales', source => 'shop.sale');
SELECT kpi.define_indicator('sum', formula => '12');
SELECT kpi.define_indicator('sum', kind => 'derived');
SELECT kpi.define_indicator('sum', formula => 'visits / clicks');
SELECT kpi.define_indicator('sum', formula => '1 / 0 * sales');

-- days that no period has
SELECT kpi.define_unit('north', 'company', "from" => '20111-01-01');
SELECT kpi.define_unit('north', "from" => '2011-01-01');
SELECT kpi.define_unit('north', valid => '[20111-01-01,)');
SELECT kpi.set_weight('card', 'sales', weight => 2, "from" => '20111-01-01');
SELECT kpi.set_target('sales', 'company', '20111', 1);
SELECT kpi.set_target('sales', 'company', date '20111-01-01', 'month', 1);
SELECT kpi.enter('visits', 'company', '20111-03', 5);

-- rows written by hand, of every table that people write
INSERT INTO kpi.unit (unit, name, valid) VALUES ('x', 'X', 'empty');
INSERT INTO kpi.unit (unit, name, valid) VALUES ('x', 'X', '[20111-01-01,)');
UPDATE kpi.unit SET name = '' WHERE unit = 'north';
INSERT INTO kpi.unit (unit, name) VALUES ('a/b', 'X');
INSERT INTO kpi.unit_parent (unit, parent, valid) VALUES ('web', 'all_channels', 'empty');
INSERT INTO kpi.unit_parent (unit, parent, valid) VALUES ('north', 'company', '[2011-01-01,2012-01-01)');
UPDATE kpi.unit SET name = NULL WHERE unit = 'north';
UPDATE kpi.unit SET valid = NULL WHERE unit = 'north';
INSERT INTO kpi.scorecard_node (scorecard, node) VALUES ('card', 'x');
INSERT INTO kpi.dimension (dimension, name) VALUES ('x', '');
INSERT INTO kpi.perspective (perspective, name) VALUES ('x', '');
INSERT INTO kpi.band_set (band_set, name) VALUES ('x', '');
INSERT INTO kpi.target_profile (target_profile, shares, name) VALUES ('x', '{1,2}', 'X');
INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('x', '', 'entered');
INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('x', 'X', 'enterd');
INSERT INTO kpi.indicator (indicator, name, kind, direction) VALUES ('x', 'X', 'entered', 'up');
INSERT INTO kpi.indicator (indicator, name, kind, zero_target) VALUES ('x', 'X', 'entered', 'x');
INSERT INTO kpi.indicator (indicator, name, kind, version) VALUES ('x', 'X', 'entered', 0);
INSERT INTO kpi.target (indicator, unit, period, target, basis)
VALUES ('sales', 'north', '[2012-01-01,2013-01-01)', 1, 'x');
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('x', '');
INSERT INTO kpi.scorecard (scorecard, name, method) VALUES ('x', 'X', 'self');
INSERT INTO kpi.scorecard (scorecard, name, min_coverage) VALUES ('x', 'X', 2);
INSERT INTO kpi.scorecard (scorecard, name, floor, cap) VALUES ('x', 'X', 2, 1);
INSERT INTO kpi.scorecard (scorecard, name, cap) VALUES ('x', 'X', 'NaN');
INSERT INTO kpi.scorecard (scorecard, name, weight_sum) VALUES ('x', 'X', 0);
INSERT INTO kpi.scorecard (scorecard, name, weight_tolerance) VALUES ('x', 'X', -1);
INSERT INTO kpi.scorecard_node (scorecard, node, name) VALUES ('card', 'card', 'X');
INSERT INTO kpi.scorecard_node (scorecard, node, name, weight) VALUES ('card', 'x', 'X', -1);
INSERT INTO kpi.scorecard_node (scorecard, node, name, role) VALUES ('card', 'x', 'X', 'veto_cap');
INSERT INTO kpi.scorecard_node (scorecard, node, name, role) VALUES ('card', 'x', 'X', 'veto');
INSERT INTO kpi.scorecard_node (scorecard, node, name, max_age) VALUES ('card', 'x', 'X', -1);
INSERT INTO kpi.scorecard_node (scorecard, node, name, carry) VALUES ('card', 'x', 'X', true);
INSERT INTO kpi.scorecard_node (scorecard, node, name, valid) VALUES ('card', 'x', 'X', 'empty');
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('german', 'status', 'green', 'X');
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('de', 'stat', 'green', 'X');
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('de', 'status', '', 'X');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value, parts, parts_expected, origin)
VALUES ('sales', 'north', 'month', '2011-01-01', 1, 3, 2, 'rows');

INSERT INTO kpi.target (indicator, unit, grain, period, target)
VALUES ('sales', 'company', 'year', '[2011-01-01,2013-01-01)', 6);
INSERT INTO kpi.target (indicator, unit, grain, period, target)
VALUES ('sales', 'north', 'year', '[2012-01-01,2013-01-01)', 6),
	('sales', 'north', 'year', '[2012-01-01,2014-01-01)', 6);
INSERT INTO kpi.benchmark (indicator, peer, period, value)
VALUES ('sales', 'x', '[2011-01-01,2012-01-01)', 6), ('sales', 'x', '[2011-06-01,2012-01-01)', 6);
INSERT INTO kpi.benchmark (indicator, peer, period) VALUES ('sales', 'x', '[2011-01-01,2012-01-01)');
INSERT INTO kpi.rater (indicator, rater, weight, valid)
VALUES ('judged', 'x', 6, DEFAULT), ('judged', 'x', 6, '[2011-06-01,2012-01-01)');

-- and keys in them that are not there
INSERT INTO kpi.unit (unit, name, dimension) VALUES ('mail', 'Mail', 'chanel');
INSERT INTO kpi.target (indicator, unit, grain, period, target)
VALUES ('sale', 'north', 'year', '[2011-01-01,2012-01-01)', 5);
INSERT INTO kpi.target (indicator, unit, grain, period, target)
VALUES ('sales', 'nort', 'year', '[2011-01-01,2012-01-01)', 5);
INSERT INTO kpi.benchmark (indicator, peer, grain, period, value)
VALUES ('sale', 'best', 'year', '[2011-01-01,2012-01-01)', 5);
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
VALUES ('visit', 'north', 'month', '2011-01-01', 5);
INSERT INTO kpi.rater (indicator, rater) VALUES ('juged', 'anna');
INSERT INTO kpi.rating (indicator, unit, grain, period_start, rater, judgement)
VALUES ('judged', 'west', 'month', '2011-01-01', 'anna', 5);
INSERT INTO kpi.scorecard (scorecard, name, band_set) VALUES ('other', 'Other', 'standart');
INSERT INTO kpi.band (band_set, code, name, status, colour) VALUES ('grades', 'A', 'A', 1, 'green');
INSERT INTO kpi.scorecard_node (scorecard, node, name, indicator) VALUES ('card', 'sale', 'Sale', 'sale');
INSERT INTO kpi.scorecard_node (scorecard, node, name, shows) VALUES ('card', 'inner', 'Inner', 'chanels');
UPDATE kpi.target SET unit = 'compny';

-- and keys that are there already, unless the statement waits for that
INSERT INTO kpi.unit (unit, name) VALUES ('north', 'North');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('north', 'company');
INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('x', 'X', 'entered'), ('x', 'X', 'entered');
INSERT INTO kpi.target (indicator, unit, grain, period, target)
VALUES ('sales', 'company', 'year', '[2011-01-01,2012-01-01)', 5);
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
VALUES ('visits', 'company', 'month', '2011-03-01', 5);
INSERT INTO kpi.unit (unit, name) VALUES ('north', 'North') ON CONFLICT DO NOTHING;
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('north', 'company') ON CONFLICT (unit, valid) DO NOTHING;
INSERT INTO kpi.target AS t (indicator, unit, grain, period, target, reason)
VALUES ('sales', 'company', 'year', '[2011-01-01,2012-01-01)', 1200, NULL)
ON CONFLICT (indicator, unit, grain, period) DO UPDATE SET target = excluded.target WHERE t.target <> excluded.target;

-- nor are keys deleted that other rows name
SAVEPOINT more;
SELECT kpi.define_perspective('money'), kpi.define_indicator('paid', perspective => 'money'),
	kpi.define_calendar('fiscal', starts => '04-01');
DELETE FROM kpi.dimension WHERE dimension = 'channel';
DELETE FROM kpi.perspective WHERE perspective = 'money';
DELETE FROM kpi.indicator WHERE indicator = 'sales';
UPDATE kpi.calendar SET calendar = 'fy' WHERE calendar = 'fiscal';
ROLLBACK TO more;

-- nor do they vanish by the way
TRUNCATE kpi.unit CASCADE;
TRUNCATE kpi.entry;
TRUNCATE kpi.rating;
TRUNCATE kpi.target;
TRUNCATE kpi.grain CASCADE;

-- nothing was half done
(SELECT 'came: ' || line FROM (SELECT * FROM pg_temp.registry() EXCEPT SELECT line FROM registry_before) x (line))
UNION ALL
(SELECT 'went: ' || line FROM (SELECT line FROM registry_before EXCEPT SELECT * FROM pg_temp.registry()) x (line));
ROLLBACK;

-- methods that cannot be obeyed
SELECT kpi.define_indicator('refused', attainment_method => 'span', direction => 'target');
SELECT kpi.define_indicator('refused', attainment_method => 'range', direction => 'lower');
SELECT kpi.define_indicator('refused', attainment_method => 'range', target_peer => 'best');
SELECT kpi.define_indicator('refused', attainment_method => 'rang');

-- what nothing would read
SELECT kpi.define_indicator('refused', combine => 'average', spread_by => 'days');
SELECT kpi.define_indicator('refused', combine => 'last', spread_by => 'days');
SELECT kpi.define_indicator('refused', spread_by => 'days');
SELECT kpi.define_indicator('refused', attainment_method => 'binary', zero_target => 'met');
SELECT kpi.define_indicator('refused', kind => 'entered', timeout => '5 s');
SELECT kpi.define_indicator('refused', source => 'kpi.unit', numerator => 'count(*)', combine => 'last',
	last_by => 'instant');
INSERT INTO kpi.indicator (indicator, name, kind, spread_by) VALUES ('refused', 'X', 'entered', 'days');
BEGIN;
-- a scorecard for periods that overlap
SAVEPOINT defined;
SELECT kpi.define_scorecard('refused', grain => 'month_ytd');
ROLLBACK TO defined;
INSERT INTO kpi.scorecard (scorecard, name, grain) VALUES ('refused', 'X', 'month_r12');
ROLLBACK TO defined;
SELECT kpi.define_indicator('freed', combine => 'sum', spread_by => 'days', zero_target => 'met');
SELECT kpi.define_indicator('freed', target_rule => 'end', attainment_method => 'binary');
SELECT spread_by, zero_target FROM kpi.indicator WHERE indicator = 'freed';
SELECT kpi.define_unit('refused'), kpi.define_scorecard('refused'),
	kpi.define_node('refused', 'group', method => 'worst');
SAVEPOINT defined;
SELECT kpi.define_node('refused', 'freed', weight => 1, missing => 'zero');
ROLLBACK TO defined;
SELECT kpi.set_weight('refused', 'freed', 1, min_coverage => 0.5);
ROLLBACK TO defined;
SELECT kpi.set_weight('refused', 'freed', 1, method => 'best');
ROLLBACK TO defined;
SELECT kpi.define_scorecard('inner'), kpi.define_node('refused', 'leaf', shows => 'inner', method => 'self');
ROLLBACK TO defined;
SELECT kpi.define_node('refused', 'group', cap => 100);
ROLLBACK TO defined;
SELECT kpi.define_node('refused', 'group', unit => 'refused');
ROLLBACK TO defined;
SELECT kpi.define_node('refused', 'group', method => 'self');
ROLLBACK TO defined;
INSERT INTO kpi.scorecard_node (scorecard, node, name, indicator, missing)
	VALUES ('refused', 'freed', 'X', 'freed', 'zero');
ROLLBACK TO defined;
INSERT INTO kpi.scorecard_node (scorecard, node, name, floor) VALUES ('refused', 'x', 'X', 1);
ROLLBACK TO defined;
-- a group that comes to show an indicator leaves its rule behind
SELECT kpi.define_node('refused', 'group', indicator => 'freed');
SELECT method FROM kpi.scorecard_node WHERE node = 'group';
ROLLBACK;

-- limits that a method lacks, or does not read
BEGIN;
SELECT kpi.define_unit('refused'), kpi.define_unit('below', 'refused'),
	kpi.define_indicator('within', attainment_method => 'range', combine => 'average'),
	kpi.define_indicator('between', attainment_method => 'span', combine => 'average'),
	kpi.define_indicator('met', attainment_method => 'binary', combine => 'average');
SAVEPOINT defined;
SELECT kpi.set_target('within', 'refused', '2011-01', 5);
ROLLBACK TO defined;
SELECT kpi.set_target('within', 'refused', '2011-01', low => 4, high => 6, outer_low => 3);
ROLLBACK TO defined;
SELECT kpi.set_target('within', 'refused', '2011-01', low => 4, high => 6, outer_low => 5, outer_high => 9);
ROLLBACK TO defined;
SELECT kpi.set_target('between', 'refused', '2011-01', low => 4);
ROLLBACK TO defined;
SELECT kpi.set_target('between', 'refused', '2011-01', low => 4, high => 4);
ROLLBACK TO defined;
SELECT kpi.set_target('between', 'refused', '2011-01', low => 4, high => 6, outer_high => 9);
ROLLBACK TO defined;
SELECT kpi.set_target('met', 'refused', '2011-01', 5, low => 4);
ROLLBACK TO defined;
SELECT kpi.set_target('met', 'refused', '2011-01', low => 4, high => 6);
ROLLBACK TO defined;
SELECT kpi.cascade_target('within', 'refused', '2011-01', by => 'formula');
ROLLBACK TO defined;
SELECT kpi.set_target('met', 'refused', '2011-W05', 5);
ROLLBACK TO defined;
INSERT INTO kpi.target (indicator, unit, period, low, high) VALUES ('met', 'refused', '[2011-01-01,2011-02-01)', 4, 6);
ROLLBACK TO defined;
-- and a baseline
SELECT kpi.set_target('met', 'refused', '2011-01', 5, baseline => 1);
ROLLBACK TO defined;
SELECT kpi.set_target('between', 'refused', '2011-01', baseline => 1, low => 4, high => 6);
ROLLBACK TO defined;
INSERT INTO kpi.target (indicator, unit, period, target, baseline)
	VALUES ('met', 'refused', '[2011-01-01,2011-02-01)', 4, 1);
ROLLBACK TO defined;
SELECT kpi.define_indicator('met', attainment_method => 'progress');
SELECT kpi.set_target('met', 'refused', '2011-01', 5, baseline => 1);
SELECT kpi.define_indicator('met', attainment_method => 'binary');
SELECT * FROM kpi.check_registry();
SELECT kpi.set_target('met', 'refused', '2011-01', reset => '{baseline}', reason => 'no way to it');
SELECT * FROM kpi.check_registry();
ROLLBACK TO defined;
-- another method leaves targets behind that do not go with it
SELECT kpi.set_target('met', 'refused', '2011-01', 5);
SELECT kpi.define_indicator('met', attainment_method => 'span');
SELECT * FROM kpi.check_registry();
SELECT kpi.set_target('met', 'refused', '2011-01', low => 4, high => 6, reset => '{target}', reason => 'a span now');
SELECT * FROM kpi.check_registry();
ROLLBACK;

-- an owner who may not use the schema, then not read the table
CREATE ROLE regress_kpi_refused;
CREATE SCHEMA "Closed";
CREATE TABLE "Closed"."Sale" (day date, amount numeric);
SELECT kpi.grant_editor('regress_kpi_refused');
SET ROLE regress_kpi_refused;
SELECT kpi.define_indicator('refused', source => '"Closed"."Sale"', time_column => 'day', numerator => 'sum(amount)');
RESET ROLE;
GRANT USAGE ON SCHEMA "Closed" TO regress_kpi_refused;
SET ROLE regress_kpi_refused;
SELECT kpi.define_indicator('refused', source => '"Closed"."Sale"', time_column => 'day', numerator => 'sum(amount)');
RESET ROLE;
GRANT SELECT (day, amount) ON "Closed"."Sale" TO regress_kpi_refused;
SET ROLE regress_kpi_refused;
SELECT kpi.define_indicator('refused', source => '"Closed"."Sale"', time_column => 'day', numerator => 'sum(amount)');
RESET ROLE;
REVOKE USAGE ON SCHEMA "Closed" FROM regress_kpi_refused;
SELECT kpi.define_unit('refused');
CALL kpi.collect('2011', indicators => '{refused}');
DELETE FROM kpi.indicator WHERE indicator = 'refused';
DELETE FROM kpi.unit WHERE unit = 'refused';
DELETE FROM kpi.run;
SELECT kpi.revoke_access('regress_kpi_refused');
DROP SCHEMA "Closed" CASCADE;
DROP ROLE regress_kpi_refused;
