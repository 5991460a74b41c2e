-- The tree of a scorecard: what plain SQL is refused, and what it may do.
BEGIN;
\ir lib.sql
SET LOCAL client_min_messages = warning;
SELECT no_plan();

INSERT INTO kpi.indicator (indicator, name, kind) SELECT i, i, 'entered' FROM unnest('{sales,cost,churn}'::text[]) i;
INSERT INTO kpi.scorecard (scorecard, name, method) VALUES ('t', 'T', 'weighted'), ('p', 'P', 'points');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight, method, valid) VALUES
	('t', 'below', 'group', 'cost', 'Below', 1, NULL, '[2011-01-01,)'),
	('t', 'group', NULL, NULL, 'Group', 1, NULL, '[2010-01-01,)'),
	('t', 'leaf', NULL, 'sales', 'Leaf', 1, NULL, '(,)'), ('t', 'alone', NULL, 'churn', 'Alone', 1, 'self', '(,)'),
	('t', 'shown', 'alone', 'cost', 'Shown', 1, NULL, '(,)'),
	('t', 'inner', 'group', NULL, 'Inner', 1, NULL, '[2010-01-01,2011-01-01)'),
	('t', 'inner', 'group', NULL, 'Inner', 2, NULL, '[2011-01-01,)'),
	('t', 'deep', 'inner', 'sales', 'Deep', 1, NULL, '[2010-06-01,)');
SELECT is((SELECT count(*) FROM kpi.scorecard_node WHERE scorecard = 't'), 8::bigint,
	'groups, leaves, versions, and nodes below one that stands by itself, in any order');

SELECT is(told(query), told, query) FROM (VALUES
	-- no parent
	($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name) VALUES ('t', 'n', 'ghost', 'N')$$,
	 '22023 | node "ghost" does not exist in scorecard "t" | Known nodes: alone, below, deep, group, inner, leaf, '
		'shown.'),
	($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name) VALUES ('p', 'n', 'leaf', 'N')$$,
	 '22023 | node "leaf" does not exist in scorecard "p" | The scorecard has no node yet; define the parent first.'),
	($$UPDATE kpi.scorecard_node SET parent = 'gruop' WHERE node = 'leaf'$$,
	 '22023 | node "gruop" does not exist in scorecard "t" | Perhaps you mean "group".'),
	($$UPDATE kpi.scorecard_node SET scorecard = 'p' WHERE node = 'below'$$,
	 '22023 | node "group" does not exist in scorecard "p" | The scorecard has no node yet; define the parent first.'),
	($$DELETE FROM kpi.scorecard_node WHERE node = 'group'$$,
	 '23503 | node "group" of scorecard "t" has nodes below it | Below it: below, inner. | '
	 'Change or delete them with it, or give them another parent first.'),
	($$UPDATE kpi.scorecard_node SET node = 'other' WHERE node = 'group'$$,
	 '23503 | node "group" of scorecard "t" has nodes below it | Below it: below, inner. | '
	 'Change or delete them with it, or give them another parent first.'),
	-- below a leaf
	($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name) VALUES ('t', 'n', 'leaf', 'N')$$,
	 '22023 | parent "leaf" of node "n" shows indicator "sales" | '
	 'Nodes are placed below groups: give the group a key that is not an indicator, or the method "self" to let it stand '
		'by itself.'),
	($$UPDATE kpi.scorecard_node SET indicator = 'churn' WHERE node = 'group'$$,
	 '22023 | parent "group" of node "below" shows indicator "churn" | '
	 'Nodes are placed below groups: give the group a key that is not an indicator, or the method "self" to let it stand '
		'by itself.'),
	($$UPDATE kpi.scorecard_node SET method = NULL WHERE node = 'alone'$$,
	 '22023 | parent "alone" of node "shown" shows indicator "churn" | '
	 'Nodes are placed below groups: give the group a key that is not an indicator, or the method "self" to let it stand '
		'by itself.'),
	-- a hole in the parent's days
	($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name) VALUES ('t', 'n', 'group', 'N')$$,
	 '22023 | parent "group" is not valid as long as node "n" | It is valid in {[2010-01-01,)}, the node in (,). | '
	 'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of both in one '
		'statement.'),
	($$UPDATE kpi.scorecard_node SET valid = '[2012-01-01,)' WHERE node = 'group'$$,
	 '22023 | parent "group" is not valid as long as node "below" | It is valid in {[2012-01-01,)}, '
		'the node in [2011-01-01,). | '
	 'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of both in one '
		'statement.'),
	($$DELETE FROM kpi.scorecard_node WHERE node = 'inner' AND weight = 1$$,
	 '22023 | parent "inner" is not valid as long as node "deep" | It is valid in {[2011-01-01,)}, '
		'the node in [2010-06-01,). | '
	 'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of both in one '
		'statement.'),
	($$UPDATE kpi.scorecard_node SET valid = '[2011-02-01,)' WHERE node = 'inner' AND weight = 2$$,
	 '22023 | parent "inner" is not valid as long as node "deep" | '
	 'It is valid in {[2010-01-01,2011-01-01),[2011-02-01,)}, the node in [2010-06-01,). | '
	 'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of both in one '
		'statement.'),
	-- two versions on one day
	($$UPDATE kpi.scorecard_node SET valid = '[2010-12-31,)' WHERE node = 'inner' AND weight = 2$$,
	 '23P01 | node "inner" of scorecard "t" has two versions on one day | '
		'[2010-01-01,2011-01-01) overlaps [2010-12-31,). | '
	 'End the earlier version on the day on which the later one begins, in one statement, '
		'or pass "from" to kpi.set_weight().'),
	-- cycles, also on some days alone
	($$UPDATE kpi.scorecard_node SET parent = 'group' WHERE node = 'group'$$,
	 '22023 | scorecard "t" has a cycle: group -> group | No node is above itself; choose another parent.'),
	($$UPDATE kpi.scorecard_node SET parent = 'inner' WHERE node = 'group'$$,
	 '22023 | scorecard "t" has a cycle: group -> inner -> group | No node is above itself; choose another parent.'),
	($$WITH split AS (UPDATE kpi.scorecard_node SET valid = '[2010-01-01,2011-01-01)' WHERE node = 'group' RETURNING *)
	   INSERT INTO kpi.scorecard_node (scorecard, node, parent, name, valid)
	   SELECT scorecard, node, 'inner', name, '[2011-01-01,)' FROM split$$,
	 '22023 | scorecard "t" has a cycle: group -> inner -> group | No node is above itself; choose another parent.'),
	-- roles and methods
	($$INSERT INTO kpi.scorecard_node (scorecard, node, name, role) VALUES ('t', 'n', 'N', 'bonus')$$,
	 '22023 | node "n" is a bonus of "t", which has method "weighted" | Give the parent the method "points".'),
	($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name, role)
		VALUES ('t', 'n', 'alone', 'N', 'veto_zero')$$,
	 '22023 | node "n" is a veto_zero of "alone", which has method "self" | Give the parent a method by which its '
		'children count.')
) AS v (query, told);
SELECT is((SELECT count(*) FROM kpi.scorecard_node WHERE scorecard = 't'), 8::bigint, 'and nothing of it is done');

-- what is legal in one statement
SELECT lives_ok($$WITH ended AS (UPDATE kpi.scorecard_node SET valid = '[2010-01-01,2013-01-01)'
	WHERE node = 'group' RETURNING *)
	INSERT INTO kpi.scorecard_node (scorecard, node, name, weight, valid)
	SELECT scorecard, node, name, 3, '[2013-01-01,)' FROM ended$$, 'a new version of a group with nodes below it');
SELECT lives_ok($$UPDATE kpi.scorecard_node SET node = CASE node WHEN 'group' THEN 'renamed' ELSE node END,
	parent = CASE parent WHEN 'group' THEN 'renamed' ELSE parent END WHERE scorecard = 't'$$,
	'a group renamed with what is below it');
SELECT lives_ok($$SELECT kpi.set_weight('t', 'renamed', 4, "from" => '2014-01-01')$$, 'also by a call, from a day on');
SELECT lives_ok($$UPDATE kpi.scorecard_node SET weight = 7, position = 3, name = 'X' WHERE scorecard = 't'$$,
	'what is no matter of the tree');
SELECT lives_ok($$UPDATE kpi.scorecard SET scorecard = 'u' WHERE scorecard = 't'$$, 'a scorecard renamed');
SELECT lives_ok($$DELETE FROM kpi.scorecard_node WHERE node IN ('inner', 'deep')$$,
	'a group deleted with what is below it');
SELECT lives_ok($$DELETE FROM kpi.scorecard WHERE scorecard = 'u'$$, 'a whole scorecard');
SELECT lives_ok($$INSERT INTO kpi.scorecard_node (scorecard, node, name, role, role_limit)
	VALUES ('p', 'more', 'More', 'bonus', 5)$$,
	'a bonus where there are points');
SELECT throws_ok($$UPDATE kpi.scorecard SET method = 'average' WHERE scorecard = 'p'$$, '22023',
	'node "more" is a bonus of "p", which has method "average"', 'whose method stays');

-- set_weight and define_node
DO $$BEGIN PERFORM kpi.define_node('p', 'group', weight => 10); END$$;
SELECT is(told(query), told, query) FROM (VALUES
	($$SELECT kpi.set_weight('p', 'slaes', 5)$$,
	 '22023 | node "slaes" does not exist in scorecard "p", nor an indicator or perspective of that key | '
	 'Perhaps you mean "sales". A group of another key is added with kpi.define_node().'),
	($$SELECT kpi.set_weight('p', 'gruop', 5)$$,
	 '22023 | node "gruop" does not exist in scorecard "p", nor an indicator or perspective of that key | '
	 'Perhaps you mean "group". A group of another key is added with kpi.define_node().'),
	($$SELECT kpi.set_weight('p', 'anything', 5)$$,
	 '22023 | node "anything" does not exist in scorecard "p", nor an indicator or perspective of that key | '
	 'A group of another key is added with kpi.define_node().'),
	($$SELECT kpi.define_node('p', 'x', 'grup')$$,
		'22023 | node "grup" does not exist in scorecard "p" | Perhaps you mean "group".'),
	($$SELECT kpi.define_node('p', 'x', 'a/b')$$,
	 '22023 | parent "a/b" cannot be a key | '
	 'A key has 1 to 63 characters, no slash and no line break, and does not begin with a space or a dot.'),
	($$SELECT kpi.define_node('p', 'x', name => '')$$,
		'22023 | name is empty | Write at least one character, or leave it out.'),
	($$SELECT kpi.define_node('p', 'x', reset => '{valid}')$$,
	 '22023 | unrecognized reset "valid" | Use "parent", "indicator", "unit", "perspective", "name", "weight", '
		'"role", "role_limit", '
	 '"method", "missing", "max_age", "min_coverage", "scale", "zero_below", "floor", "cap", '
	 '"carry", "shows" or "position".')
) AS v (query, told);
SELECT results_eq($$SELECT kpi.set_weight('p', 'sales', 5), kpi.set_weight('p', 'customer', 6),
		kpi.set_weight('p', 'n', 7, indicator => 'churn'), kpi.set_weight('p', 'group', 8)$$,
	$$VALUES ('sales', 'customer', 'n', 'group')$$,
	'an indicator, a perspective, an indicator by its argument, and a node that is there');
SELECT results_eq($$SELECT node::text, indicator::text, weight FROM kpi.scorecard_node WHERE scorecard = 'p'
	ORDER BY position$$,
	$$VALUES ('more', NULL, NULL::numeric), ('group', NULL, 8), ('sales', 'sales', 5), ('customer', NULL, 6),
		('n', 'churn', 7)$$,
	'are all weighted');
DO $$BEGIN
	PERFORM kpi.define_node('p', 'sales', 'group', scale => 'linear(0:0, 1:100)', cap => 120, unit => NULL);
	PERFORM kpi.define_node('p', 'sales', name => 'Turnover');
END$$;
SELECT results_eq($$SELECT parent::text, name, weight, scale::text, cap FROM kpi.scorecard_node
	WHERE scorecard = 'p' AND node = 'sales'$$,
	$$VALUES ('group', 'Turnover', 5::numeric, 'linear(0:0, 1:100)', 120::numeric)$$, 'what is left out is kept');
DO $$BEGIN PERFORM kpi.define_node('p', 'sales', reset => '{parent,name,weight,cap}'); END$$;
SELECT results_eq($$SELECT parent::text, name, weight, scale::text, cap FROM kpi.scorecard_node
	WHERE scorecard = 'p' AND node = 'sales'$$,
	$$VALUES (NULL, 'sales', NULL::numeric, 'linear(0:0, 1:100)', NULL::numeric)$$,
	'and reset is what a new node has');
DO $$BEGIN PERFORM kpi.define_scorecard('p', min_coverage => 0.5, missing => 'zero'); PERFORM
	kpi.define_scorecard('p', name => 'Points'); END$$;
SELECT results_eq($$SELECT name, method::text, missing::text, min_coverage FROM kpi.scorecard WHERE scorecard = 'p'$$,
	$$VALUES ('Points', 'points', 'zero', 0.5)$$, 'a scorecard keeps what is left out, too');
DO $$BEGIN PERFORM kpi.define_scorecard('p', reset => '{min_coverage,missing,name}'); END$$;
SELECT results_eq($$SELECT name, method::text, missing::text, min_coverage FROM kpi.scorecard WHERE scorecard = 'p'$$,
	$$VALUES ('P', 'points', 'renormalize', NULL::numeric)$$, 'but for what is reset');

-- five thousand nodes at once
INSERT INTO kpi.scorecard_node (scorecard, node, parent, name, weight)
SELECT 'p', 'g' || g, NULL, 'G', 1 FROM generate_series(1, 50) g
UNION ALL SELECT 'p', 'n' || n, 'g' || 1 + n % 50, 'N', 1 FROM generate_series(1, 5000) n;
SELECT throws_ok($$UPDATE kpi.scorecard_node SET parent = 'g50' WHERE scorecard = 'p' AND node LIKE 'g%'$$, '22023',
	'scorecard "p" has a cycle: g50 -> g50', 'a fault among many is found');

-- limits, cards within cards, and what goes with an indicator alone
INSERT INTO kpi.scorecard (scorecard, name, cap) VALUES ('inner', 'Inner', 120), ('outer', 'Outer', NULL);
INSERT INTO kpi.scorecard_node (scorecard, node, shows, indicator, name, weight) VALUES
	('inner', 'x', NULL, 'sales', 'X', 1), ('outer', 'in', 'inner', NULL, 'In', 1);
SELECT is(told(query), told, query) FROM (VALUES
	($$SELECT kpi.define_node('inner', 'back', shows => 'outer')$$,
	 '22023 | scorecards show each other in a cycle: inner -> outer -> inner | No scorecard shows itself, '
		'not even by way of others.'),
	($$INSERT INTO kpi.scorecard_node (scorecard, node, shows, name) VALUES ('inner', 'self', 'inner', 'Self')$$,
	 '22023 | scorecards show each other in a cycle: inner -> inner | No scorecard shows itself, '
		'not even by way of others.'),
	($$SELECT kpi.define_node('outer', 'y', 'in', weight => 1)$$,
	 '22023 | parent "in" of node "y" shows scorecard "inner" | '
	 'What is inside the other scorecard stays there; place the node below a group.'),
	($$SELECT kpi.define_node('outer', 'y', indicator => 'sales', shows => 'inner')$$,
	 '22023 | node "y" shows indicator "sales" and scorecard "inner" | A node shows one of the two; reset the other.'),
	($$SELECT kpi.define_node('outer', 'y', shows => 'iner')$$,
		'22023 | scorecard "iner" does not exist | Perhaps you mean "inner".'),
	($$SELECT kpi.define_dimension('channel'), kpi.define_scorecard('web', dimension => 'channel'),
		kpi.define_node('outer', 'y', shows => 'web')$$,
	 '22023 | node "y" of scorecard "outer" shows scorecard "web" for units of dimension "organisation" | '
		'That scorecard is for units of dimension "channel": give the node such a unit.'),
	($$SELECT kpi.define_dimension('channel'), kpi.define_scorecard('inner', dimension => 'channel')$$,
	 '22023 | node "in" of scorecard "outer" shows scorecard "inner" for units of dimension "organisation" | '
		'That scorecard is for units of dimension "channel": give the node such a unit.'),
	($$SELECT kpi.define_scorecard('inner', grain => 'week')$$,
	 '22023 | node "in" of scorecard "outer", of grain "month", shows scorecard "inner", of grain "week" | '
		'There is no period that both are evaluated for: give one of them another grain.'),
	($$SELECT kpi.define_node('outer', 'y', carry => true)$$,
	 '22023 | node "y" shows no indicator, but has a scale or carries values | A scale and carried values go with an '
		'indicator.'),
	($$SELECT kpi.define_node('inner', 'x', floor => 130)$$,
	 '22023 | node "x" of scorecard "inner" would keep scores from 130 to 120 | '
	 'Limits that a node leaves open are those of its scorecard: set both of the node, or change the scorecard.'),
	($$SELECT kpi.define_node('inner', 'x', zero_below => 'NaN')$$,
	 '22023 | zero_below NaN is not a finite number | Write a number, or leave it out where there is none.'),
	($$SELECT kpi.define_scorecard('inner', floor => 10, cap => 5)$$,
		'22023 | floor 10 is above cap 5 | Scores are kept from floor to cap.'),
	($$SELECT kpi.define_scorecard('inner', weight_sum => 0)$$,
	 '22023 | weights cannot sum to 0 with a tolerance of 0 | Give a positive sum, such as 1 or 100, '
		'and a tolerance of at least 0.'),
	($$SELECT kpi.define_scorecard('inner', dimension => 'chanel')$$,
	 '22023 | dimension "chanel" does not exist | Known dimensions: organisation.')
) AS v (query, told);
SAVEPOINT shown;
DO $$BEGIN PERFORM kpi.define_dimension('channel'), kpi.define_unit('shop', dimension => 'channel'),
	kpi.define_scorecard('web', dimension => 'channel'), kpi.define_unit('desk');
	PERFORM kpi.define_node('outer', 'web', shows => 'web', unit => 'shop'),
		kpi.define_scorecard('inner', grain => 'year'); END$$;
SELECT throws_ok($$UPDATE kpi.scorecard_node SET unit = 'desk' WHERE node = 'web'$$, '22023',
	'node "web" of scorecard "outer" shows scorecard "web" for units of dimension "organisation"',
	'a unit of the other dimension, and years that both have, are allowed; not another unit');
ROLLBACK TO shown;
DO $$BEGIN PERFORM kpi.define_node('inner', 'x', floor => 100, cap => 130); END$$;
SELECT throws_ok($$UPDATE kpi.scorecard SET floor = 140, cap = 150
	WHERE scorecard = 'inner'; UPDATE kpi.scorecard_node SET floor = NULL WHERE node = 'x'$$,
	'22023', 'node "x" of scorecard "inner" would keep scores from 140 to 130',
	'limits of node and scorecard go together');


-- a bonus adds its points and a deduction takes them off: a scale that gives none would do nothing
SELECT kpi.define_scorecard('fines', method => 'points');
SELECT kpi.define_indicator('late', kind => 'entered', combine => 'sum');
CREATE FUNCTION pg_temp.takes(scale text, role text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi.define_node('fines', 'late', indicator => 'late', role => role, scale => scale::kpi.scale);
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is(pg_temp.takes(scale, role), CASE WHEN fits THEN 'taken' ELSE
	format('23514 role "%s" and scale "%s" are not valid for kpi.scorecard_node', role, scale::kpi.scale) END,
	role || ' ' || scale)
FROM (VALUES ('deduct(0 from 0 up, 5 per 1)', false), ('deduct(-1 from 3, 2 per 1 full)', false),
	('deduct(10 from 2 up, 1.5 per 1)', true), ('deduct(0 from 0 up, 5 per 1) min 2', true),
	('add(0 from 0, 5 per 1)', true), ('add(-100 from 0, 5 per 1 full) max 20', true),
	('add(0 from 0, 5 per 1) max 0', false), ('linear(0:0, 1:-5) of actual', false),
	('linear(-1:-5, 0:0, 3:0.1) of gap', true), ('step(0:-1, 1:0)', false), ('efficacy(0:0, 5:1)', true),
	('binary(-5)', false), ('binary(5)', true), ('rank(0, -1)', false), ('rank(0, 1)', true), ('given', true),
	('given max -1', false), ('range(90..110 full, 70..130 zero)', true)) AS v (scale, fits),
	unnest('{bonus,deduction}'::text[]) AS role;
SELECT is(pg_temp.takes('linear(0:0, 1:-5)', role), 'taken', 'and may lower a score as ' || role)
FROM unnest('{part,veto_zero}'::text[]) AS role;

-- a name by default is that of what the node shows, one that was given stays
SELECT kpi.define_scorecard('names');
INSERT INTO kpi.perspective (perspective, name, position) VALUES ('people', 'People', 90) ON CONFLICT DO NOTHING;
SELECT kpi.define_indicator(i, name => initcap(i), kind => 'entered', perspective => p)
FROM (VALUES ('first', 'customer'), ('second', 'people')) AS v(i, p);
CREATE FUNCTION pg_temp.called() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws('/', name, perspective) FROM kpi.scorecard_node WHERE scorecard = 'names' AND node = 'n'
	ORDER BY valid DESC LIMIT 1
$$;
SELECT kpi.set_weight('names', 'n', 1, indicator => 'first');
SELECT is(pg_temp.called(), 'First/customer', 'name and perspective are the indicator''s');
SELECT kpi.set_weight('names', 'n', indicator => 'second');
SELECT is(pg_temp.called(), 'Second/people', 'and of another one the other''s');
SELECT kpi.set_weight('names', 'n', 2, indicator => 'first', "from" => '2020-01-01');
SELECT is(pg_temp.called(), 'First/customer', 'from a day on, too');
SELECT kpi.set_weight('names', 'n', 3, "from" => '2020-01-01');
SELECT is(pg_temp.called(), 'First/customer', 'another weight changes no name');
SELECT kpi.define_node('names', 'n', name => 'My own', perspective => 'financial', "from" => '2020-01-01');
SELECT kpi.define_node('names', 'n', indicator => 'second', "from" => '2020-01-01');
SELECT is(pg_temp.called(), 'My own/financial', 'what was given stays');
SELECT kpi.define_node('names', 'n', reset => '{name}', "from" => '2020-01-01');
SELECT is(pg_temp.called(), 'Second/financial', 'until it is reset');
SELECT kpi.define_node('names', 'n', indicator => 'first', name => 'Told', "from" => '2020-01-01');
SELECT is(pg_temp.called(), 'Told/financial', 'or another is given');

SELECT * FROM finish();
ROLLBACK;
