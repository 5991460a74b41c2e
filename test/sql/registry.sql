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
INSERT INTO kpi.unit (unit, parent, name) VALUES ('leeds', 'north', 'Leeds'), ('north', 'company', 'North'),
	('company', NULL, 'Company');
INSERT INTO kpi.unit (unit, parent, name) VALUES ('x', 'y', 'X'), ('y', 'z', 'Y'), ('z', 'x', 'Z');
INSERT INTO kpi.unit (unit, parent, name) VALUES ('x', 'x', 'X');
INSERT INTO kpi.unit (unit, parent, name) VALUES ('x', 'nowhere', 'X');
UPDATE kpi.unit SET parent = 'leeds' WHERE unit = 'company';
DELETE FROM kpi.unit WHERE unit = 'north';
UPDATE kpi.unit SET unit = upper(unit);
SELECT unit, parent FROM kpi.unit ORDER BY unit;
UPDATE kpi.unit SET unit = lower(unit);
UPDATE kpi.unit SET unit = 'uk' WHERE unit = 'company';
SELECT unit, parent FROM kpi.unit ORDER BY unit;

-- indicators
\set VERBOSITY terse
INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('revenue', 'Revenue', 'entered');
INSERT INTO kpi.indicator (indicator, name) VALUES ('cost', 'Cost');
INSERT INTO kpi.indicator (indicator, name, kind, direction) VALUES ('cost', 'Cost', 'entered', 'up');
INSERT INTO kpi.indicator (indicator, name, kind, attainment_method) VALUES ('cost', 'Cost', 'entered', 'inverse');
INSERT INTO kpi.indicator (indicator, name, kind, decimals) VALUES ('cost', 'Cost', 'entered', 7);
INSERT INTO kpi.indicator (indicator, name, source, time_column, numerator, time_rollup)
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
SELECT (SELECT count(*) FROM kpi.target) AS targets, (SELECT count(*) FROM kpi.measurement) AS measurements,
	   (SELECT count(*) FROM kpi.scorecard_node) AS nodes;
ROLLBACK;
