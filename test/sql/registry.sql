-- What the tables of the registry refuse from plain SQL.
SET datestyle = 'ISO, YMD';
BEGIN;

-- shipped rows
SELECT perspective, name, position, shipped FROM kpi.perspective ORDER BY position;
SELECT band_set, code, lower_bound, name, status, colour FROM kpi.band ORDER BY lower_bound NULLS FIRST;
SELECT language, topic, count(*) > 0 AS some FROM kpi.translation GROUP BY language, topic ORDER BY language, topic;
\set ON_ERROR_ROLLBACK on
UPDATE kpi.perspective SET name = 'Money' WHERE perspective = 'financial';
DELETE FROM kpi.band_set WHERE band_set = 'standard';
DELETE FROM kpi.band WHERE code = 'red';
UPDATE kpi.translation SET name = 'x' WHERE shipped;
INSERT INTO kpi.perspective (perspective, name, shipped) VALUES ('planet', 'Planet', true);
INSERT INTO kpi.band (band_set, code, lower_bound, name, status,
	colour) VALUES ('standard', 'blue', 120, 'Blue', 1, 'blue');

-- rows of one's own
INSERT INTO kpi.perspective (perspective, name) VALUES ('planet', 'Planet');
UPDATE kpi.perspective SET shipped = true WHERE perspective = 'planet';
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('en', 'perspective', 'financial', 'Money');
INSERT INTO kpi.band_set (band_set, name) VALUES ('grade', 'Grades');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour, coefficient) VALUES
	('grade', 'D', NULL, 'D', -1, 'red', 0.6), ('grade', 'C', 60, 'C', 0, 'orange', 0.8),
	('grade', 'B', 80, 'B', 1, 'green', 1);
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour) VALUES ('grade', 'E', NULL, 'E', -1, 'red');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour) VALUES ('grade', 'E', 'NaN', 'E', -1, 'red');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour) VALUES ('grade', 'E', 90, 'E', 2, 'red');

-- keys
\set VERBOSITY terse
INSERT INTO kpi.unit (unit, name) VALUES ('', 'No name');
INSERT INTO kpi.unit (unit, name) VALUES ('a/b', 'A slash');
INSERT INTO kpi.unit (unit, name) VALUES ('.', 'A dot');
INSERT INTO kpi.unit (unit, name) VALUES (' a', 'A space');
INSERT INTO kpi.unit (unit, name) VALUES (repeat('a', 64), 'Long');

-- units form a tree, whatever the order of rows
\set VERBOSITY default
INSERT INTO kpi.unit (unit, name) VALUES ('leeds', 'Leeds'), ('north', 'North'), ('company', 'Company'), ('x',
	'X'), ('y', 'Y'), ('z', 'Z');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('leeds', 'north'), ('north', 'company');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('x', 'y'), ('y', 'z'), ('z', 'x');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('x', 'x');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('x', 'nowhere');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('nobody', 'x');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('company', 'leeds');
DELETE FROM kpi.unit WHERE unit = 'north';
DELETE FROM kpi.unit WHERE unit IN ('north', 'leeds');
INSERT INTO kpi.unit (unit, name) VALUES ('leeds', 'Leeds'), ('north', 'North');
INSERT INTO kpi.unit_parent (unit, parent) VALUES ('leeds', 'north'), ('north', 'company');
UPDATE kpi.unit SET unit = upper(unit);
SELECT unit, parent, valid FROM kpi.unit_parent ORDER BY unit;
UPDATE kpi.unit SET unit = lower(unit);
UPDATE kpi.unit SET unit = 'uk' WHERE unit = 'company';
SELECT unit, parent, valid FROM kpi.unit_parent ORDER BY unit;
-- a tree of days: the same two units the other way round, one after the other
INSERT INTO kpi.unit_parent (unit, parent, valid) VALUES ('x', 'y', '(,2011-07-01)'), ('y', 'x', '[2011-07-01,)'),
	('z', 'y', '(,)');
UPDATE kpi.unit_parent SET valid = '[2011-06-30,)' WHERE unit = 'y';
INSERT INTO kpi.unit_parent (unit, parent, valid) VALUES ('x', 'z', '(,2010-01-01)');
SELECT kpi_internal.parent_of('z', '2011-08-01'), kpi_internal.parent_of('y', '2011-08-01'),
	kpi_internal.parent_of('y', '2011-06-30');
SELECT unit, depth FROM kpi_internal.ancestors('z', '2011-07-01') ORDER BY depth;
SELECT unit, depth FROM kpi_internal.units_below('y', '2011-06-30') ORDER BY depth, unit;
SELECT kpi_internal.roots('organisation', '2011-06-30');
UPDATE kpi.unit SET valid = '[2011-03-01,)' WHERE unit = 'z';
SELECT kpi_internal.tree_days('organisation', '[2011-01-01,2012-01-01)');
SELECT kpi_internal.in_force('z', '[2011-02-01,2011-03-01)') AS before, kpi_internal.in_force('z',
	'[2011-02-01,2011-03-02)') AS partly;
-- dimensions
DELETE FROM kpi.dimension;
SELECT kpi.define_dimension('channel'), kpi.define_dimension('channel', name => 'Sales channel'),
	kpi.define_dimension('channel');
SELECT dimension, name, position FROM kpi.dimension ORDER BY position;
SELECT kpi.define_unit('shops', dimension => 'channel'), kpi.define_unit('online', 'shops', source_value => 'web'),
	kpi.define_unit('web', name => 'Web team');
SELECT kpi.define_unit('mail', dimension => 'chanel');
SELECT kpi.define_unit('phone', 'shops', dimension => 'organisation');
SELECT kpi.define_unit('site', 'shops', source_value => 'web');
UPDATE kpi.unit SET dimension = 'organisation' WHERE unit = 'online';
SELECT unit, dimension, name, source_value, position FROM kpi.unit WHERE unit IN ('shops', 'online',
	'web') ORDER BY unit;
-- a move, and back to what it was
SELECT kpi.define_unit('leeds', 'uk', "from" => '2011-07-01');
SELECT kpi.define_unit('leeds', 'uk', "from" => '2011-07-01'), kpi.define_unit('leeds');
SELECT parent, valid FROM kpi.unit_parent WHERE unit = 'leeds' ORDER BY valid;
SELECT kpi.define_unit('leeds', 'north', "from" => '2011-07-01');
SELECT kpi.define_unit('leeds', reset => '{parent}', "from" => '2012-01-01');
SELECT parent, valid FROM kpi.unit_parent WHERE unit = 'leeds' ORDER BY valid;
SELECT kpi.define_unit('leeds', valid => 'empty');
SELECT kpi.define_unit('leeds', "from" => 'infinity');
SELECT kpi.define_unit('leeds', reset => '{parnet}');
DELETE FROM kpi.unit WHERE unit IN ('x', 'y', 'z', 'shops', 'online', 'web');
DELETE FROM kpi.dimension WHERE dimension = 'channel';
DELETE FROM kpi.unit_parent WHERE unit = 'leeds';
SELECT kpi.define_unit('leeds', 'north');

-- indicators
\set VERBOSITY terse
INSERT INTO kpi.indicator (indicator, name, kind, combine) VALUES ('revenue', 'Revenue', 'entered', 'sum');
INSERT INTO kpi.indicator (indicator, name) VALUES ('cost', 'Cost');
INSERT INTO kpi.indicator (indicator, name, kind, direction) VALUES ('cost', 'Cost', 'entered', 'up');
INSERT INTO kpi.indicator (indicator, name, kind, attainment_method) VALUES ('cost', 'Cost', 'entered', 'inverse');
INSERT INTO kpi.indicator (indicator, name, kind, decimals) VALUES ('cost', 'Cost', 'entered', 7);
INSERT INTO kpi.indicator (indicator, name, source, time_column, numerator, combine)
	VALUES ('cost', 'Cost', 's.t', 'd', 'sum(c)', 'ratio');
UPDATE kpi.indicator SET name = 'Revenue' WHERE indicator = 'revenue' RETURNING version;
UPDATE kpi.indicator SET name = 'Turnover' WHERE indicator = 'revenue' RETURNING version;
UPDATE kpi.indicator SET version = 9 WHERE indicator = 'revenue' RETURNING version;
UPDATE kpi.indicator SET version = 1, name = 'Revenue' WHERE indicator = 'revenue' RETURNING version;

-- targets
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk', '[2011-01-01,2012-01-01)', 1200);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk', '[2011-12-31,2013-01-01)', 1200);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk', '[2012-01-01,)', 1200);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk', '[2012-01-01,infinity)', 1200);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk', 'empty', 1200);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk', '[2012-01-01,2013-01-01)', 'NaN');
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('revenue', 'uk',
	'[2012-01-01,2013-01-01)', 'Infinity');
INSERT INTO kpi.target (indicator, unit, period, target, basis) VALUES ('revenue', 'uk',
	'[2012-01-01,2013-01-01)', 1, 'luck');

-- measurements
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('revenue', 'uk', 'quarter', '2011-10-01', 300);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('revenue', 'uk', 'quarter', '2011-11-01', 300);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('revenue', 'uk', 'month', '2011-11-02', 300);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('revenue', 'uk', 'month', 'infinity', 300);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('revenue', 'uk', 'week', '2011-11-07', 300);

-- scorecards: on any day the nodes have no cycle, whatever the order of rows
\set VERBOSITY default
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('s', 'S');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, name, weight, valid) VALUES
	('s', 'c', 'b', 'C', 1, '(,)'),
	('s', 'b', 'a', 'B', 1, '(,2012-01-01)'), ('s', 'b', NULL, 'B', 1, '[2012-01-01,)'),
	('s', 'a', NULL, 'A', 1, '(,2012-01-01)'), ('s', 'a', 'c', 'A', 1, '[2012-01-01,)');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, name) VALUES ('s', 'x', 'y', 'X'), ('s', 'y', 'x', 'Y');
UPDATE kpi.scorecard_node SET parent = 'c' WHERE node = 'a';
UPDATE kpi.scorecard_node SET parent = 'c' WHERE node = 'c';
\set VERBOSITY terse
INSERT INTO kpi.scorecard_node (scorecard, node, name) VALUES ('s', 's', 'S');
INSERT INTO kpi.scorecard_node (scorecard, node, name, weight) VALUES ('s', 'x', 'X', -1);
INSERT INTO kpi.scorecard_node (scorecard, node, name, weight) VALUES ('s', 'x', 'X', 'NaN');
INSERT INTO kpi.scorecard_node (scorecard, node, name, weight) VALUES ('s', 'x', 'X', 'Infinity');
INSERT INTO kpi.scorecard_node (scorecard, node, name, floor, cap) VALUES ('s', 'x', 'X', 100, 0);
INSERT INTO kpi.scorecard_node (scorecard, node, name, valid) VALUES ('s', 'c', 'C', '[2012-01-01,2013-01-01)');

-- a node does not go from above others
\set VERBOSITY default
DELETE FROM kpi.scorecard_node WHERE node = 'b';
UPDATE kpi.scorecard_node SET node = 'd' WHERE node = 'b';
UPDATE kpi.scorecard SET scorecard = 't' WHERE scorecard = 's';
DELETE FROM kpi.scorecard_node WHERE node IN ('a', 'b', 'c');

-- what is in use stays; what hangs on it goes with it
\set VERBOSITY terse
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, unit, perspective,
	name) VALUES ('t', 'x', 'revenue', 'uk', 'planet', 'X');
DELETE FROM kpi.perspective WHERE perspective = 'planet';
DELETE FROM kpi.unit WHERE unit = 'uk';
DELETE FROM kpi.indicator WHERE indicator = 'revenue';
DELETE FROM kpi.scorecard WHERE scorecard = 't';
DELETE FROM kpi.indicator WHERE indicator = 'revenue';
DELETE FROM kpi.target WHERE indicator = 'revenue';
DELETE FROM kpi.indicator WHERE indicator = 'revenue';
SELECT (SELECT count(*) FROM kpi.target) AS targets, (SELECT count(*) FROM kpi.measurement) AS measurements,
	   (SELECT count(*) FROM kpi.scorecard_node) AS nodes;
ROLLBACK;
