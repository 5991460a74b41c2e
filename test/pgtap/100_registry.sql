-- Registry: catalogue facts, constraints, errors that change nothing, calls
-- that may be repeated, and who may do what.
BEGIN;
\ir lib.sql
SET datestyle = 'ISO, YMD';
SELECT no_plan();

-- Catalogue: every object says what it is

SELECT is_empty($$
	SELECT c.oid::regclass
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_class AS c ON c.oid = d.objid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_class'::regclass
		AND obj_description(c.oid, 'pg_class') IS NULL
$$, 'every table, view and sequence has a comment');

SELECT is_empty($$
	SELECT c.oid::regclass || '.' || a.attname
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_class AS c ON c.oid = d.objid AND c.relkind IN ('r', 'p', 'v', 'm', 'c')
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_class'::regclass
		AND col_description(c.oid, a.attnum) IS NULL
$$, 'every column of a table or view has a comment');

SELECT is_empty($$
	SELECT p.oid::regprocedure
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_proc AS p ON p.oid = d.objid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
		AND obj_description(p.oid, 'pg_proc') IS NULL
$$, 'every function, procedure and aggregate has a comment');

SELECT is_empty($$
	SELECT t.oid::regtype
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_type AS t ON t.oid = d.objid
		LEFT JOIN pg_class AS c ON c.oid = t.typrelid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_type'::regclass
		AND t.typcategory <> 'A' AND coalesce(c.relkind, 'c') = 'c'
		AND coalesce(obj_description(t.oid, 'pg_type'), obj_description(c.oid, 'pg_class')) IS NULL
$$, 'every type and domain has a comment');

SELECT is_empty($$
	SELECT t.tgrelid::regclass || '.' || t.tgname
	FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
	WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND NOT t.tgisinternal
		AND obj_description(t.oid, 'pg_trigger') IS NULL
$$, 'every trigger has a comment');

-- Catalogue: nobody's search_path decides what a function does

SELECT set_eq($$
	SELECT p.proname::text
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_proc AS p ON p.oid = d.objid
		JOIN pg_language AS l ON l.oid = p.prolang
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
		AND l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL AND p.prokind <> 'p'
		AND coalesce(array_to_string(p.proconfig, ' '), '') !~ 'search_path=pg_catalog, pg_temp'
$$, ARRAY['adopt', 'define_indicator', 'resolve_source', 'watch', 'unwatch'],
	'functions have their search_path pinned, but for those that look a source up as the caller would');

SELECT set_eq($$
	SELECT p.proname
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_proc AS p ON p.oid = d.objid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
		AND p.prosecdef
$$, ARRAY['keep_watched', 'drop_watched', 'is_watched_with', 'missing_values', 'data_years', 'result_periods',
	'newest_periods', 'outdated_values', 'card_periods'],
	'functions run with the rights of the caller, but for what notes down which tables have our triggers, '
	'and for which periods there is anything and which values are missing, which depends on no reader');

SELECT is_empty($$
	SELECT c.oid::regclass
	FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
	WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND c.relkind IN ('r', 'S')
		AND a.grantee = 0
$$, 'tables are not open to everybody');

-- Catalogue: a dump has the rows

SELECT is_empty($$
	SELECT c.oid::regclass
	FROM pg_class AS c JOIN pg_extension AS e ON e.extname = 'kpi'
	WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND c.relkind IN ('r', 'S')
		AND c.oid <> ALL (e.extconfig)
		-- what was read of watched tables is read anew where they are restored
		AND c.oid::regclass::text <> ALL ('{kpi_internal.watched_part,kpi_internal.change_log,kpi_internal.reading,
			kpi_internal.reading_member,kpi_internal.kept,kpi_internal.reading_reading_seq}')
$$, 'every table and sequence is dumped');

SELECT is_empty($$
	SELECT c.oid::regclass, x.condition
	FROM pg_extension AS e CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) AS x (oid, condition)
		JOIN pg_class AS c ON c.oid = x.oid
	WHERE e.extname = 'kpi' AND x.condition <> CASE
			WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'shipped')
				THEN 'WHERE NOT shipped'
			ELSE '' END
$$, 'only shipped rows are left out of a dump');

-- A registry to work on

CREATE SCHEMA shop;
CREATE TABLE shop.order_line (ordered_at timestamptz, region text, quantity integer, price numeric);
CREATE FUNCTION pg_temp.define()
	RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM kpi.define_unit('company');
	PERFORM kpi.define_unit('north', parent => 'company');
	PERFORM kpi.define_indicator('revenue', source => 'shop.order_line', time_column => 'ordered_at',
		unit_column => 'region',
								numerator => 'sum(quantity * price)', perspective => 'financial',
								attainment_method => 'progress', scale => 'linear(0:0, 1:100)');
	PERFORM kpi.define_indicator('mood', perspective => 'customer', combine => 'average');
	PERFORM kpi.set_target('revenue', 'north', '2011', 1200, baseline => 7, stretch => 1300);
	PERFORM kpi.set_target('mood', 'north', '2011', 4.5);
	PERFORM kpi.define_scorecard('sales');
	PERFORM kpi.set_weight('sales', 'financial', weight => 0.6);
	PERFORM kpi.set_weight('sales', 'revenue', parent => 'financial', weight => 1);
	PERFORM kpi.set_weight('sales', 'mood', weight => 0.4, "from" => '2011-01-01');
END
$$;
DO 'BEGIN PERFORM pg_temp.define(); END';

-- the physical rows: an UPDATE that changes nothing shows
CREATE FUNCTION pg_temp.rows()
	RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	name text;
	rows text;
	result text := '';
BEGIN
	FOR name IN SELECT c.oid::regclass FROM pg_class AS c
				WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND c.relkind = 'r'
				ORDER BY c.relname COLLATE "C"
	LOOP
		EXECUTE format('SELECT coalesce(string_agg(t.ctid || t::text, '' '' ORDER BY t::text COLLATE "C"), '''')
			FROM %s AS t', name) INTO rows;
		result := result || name || ': ' || rows || E'\n';
	END LOOP;
	RETURN result;
END
$$;

-- what a statement raises, and that it changes nothing
CREATE FUNCTION pg_temp.raised(statement text)
	RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	before CONSTANT text := pg_temp.rows();
	raised CONSTANT text := told(statement);
BEGIN
	RETURN raised || CASE WHEN pg_temp.rows() <> before THEN ' | but rows changed' ELSE '' END;
END
$$;

-- Calls that may be repeated

CREATE TEMP TABLE state AS SELECT pg_temp.rows() AS rows;
DO $$
BEGIN
	PERFORM pg_temp.define();
	PERFORM kpi.set_target('revenue', 'north', '[2011-01-01,2011-12-31]', 1200.00, baseline => 7, stretch => 1300,
		replace => true, grain => 'year');
	PERFORM kpi.set_target('revenue', 'north', date '2011-08-01', 'year', 1200);
	PERFORM kpi.set_weight('sales', 'mood', weight => 0.4, "from" => '2011-06-01');
	PERFORM kpi.define_perspective('financial');
	PERFORM kpi.define_perspective('process', name => 'Internal process', "position" => 30);
END
$$;
SELECT is(pg_temp.rows(), rows, 'the same calls again change no row') FROM state;
SELECT is((SELECT version FROM kpi.indicator WHERE indicator = 'revenue'), 1, 'nor the version');

-- Errors: code, message, help, and nothing half-written

SELECT is(pg_temp.raised(statement), expected, statement)
FROM (VALUES
	($$SELECT kpi_internal.require_indicator('revenu')$$,
		'22023 | indicator "revenu" does not exist | Perhaps you mean "revenue".'),
	($$SELECT kpi_internal.require_indicator('profit')$$,
		'22023 | indicator "profit" does not exist | Known indicators: mood, revenue.'),
	($$SELECT kpi_internal.require_indicator(NULL)$$, '22004 | indicator must not be null'),
	($$SELECT kpi_internal.require_unit('nort')$$, '22023 | unit "nort" does not exist | Perhaps you mean "north".'),
	($$SELECT kpi_internal.require_unit(NULL)$$, '22004 | unit must not be null'),
	($$SELECT kpi_internal.require_scorecard('sale')$$,
		'22023 | scorecard "sale" does not exist | Perhaps you mean "sales".'),
	($$SELECT kpi_internal.require_perspective('learnign')$$,
		'22023 | perspective "learnign" does not exist | Perhaps you mean "learning".'),
	($$SELECT kpi_internal.require_band_set('x')$$,
		'22023 | band set "x" does not exist | Known band sets: standard.'),
	($$SELECT kpi.period('2011-13')$$,
		'22023 | period "2011-13" is not understood | Write a year (2011), half (2011-H2), quarter (2011-Q4), '
		'month (2011-11), ISO week (2011-W45), day (2011-11-05), window (2011-11 ytd) '
		'or a period of a calendar of yours (fy2012-Q3).'),
	($$SELECT kpi.define_unit('company', parent => 'north')$$,
		'22023 | units have a cycle: company -> north -> company | No unit is above itself; choose another parent.'),
	($$SELECT kpi.define_unit('west', parent => 'west')$$,
		'22023 | units have a cycle: west -> west | No unit is above itself; choose another parent.'),
	($$SELECT kpi.define_unit('a' || chr(10))$$,
		E'22023 | unit "a\n" cannot be a key | A key has 1 to 63 characters, no slash and no line break, '
		'and does not begin with a space or a dot.'),
	($$SELECT kpi.define_perspective('')$$,
		'22023 | perspective "" cannot be a key | A key has 1 to 63 characters, no slash and no line break, '
		'and does not begin with a space or a dot.'),
	($$SELECT kpi.define_indicator('new', source => 'shop.order_line', time_column => 'orderd_at',
		numerator => 'count(*)')$$,
	 '22023 | source "shop.order_line" has no column "orderd_at" | It has columns ordered_at, region, quantity, '
		'price. Perhaps you mean "ordered_at".'),
	($$SELECT kpi.define_indicator('revenue', source => 'shop.order_line', time_column => 'region',
		numerator => 'count(*)')$$,
	 '22023 | time column "region" of source "shop.order_line" is of type text | Use a column of type date, '
		'timestamp or timestamp with time zone.'),
	($$SELECT kpi.define_indicator('revenue', source => 'order_lines', time_column => 'day',
		numerator => 'count(*)')$$,
	 '22023 | source "order_lines" does not exist | Perhaps you mean "shop.order_line".'),
	($$SELECT kpi.define_indicator('new', source => 'shop.order_line', time_column => 'ordered_at', numerator => '1',
		denominator => '2')$$,
	 '22023 | numerator "1" of indicator "new" is the same for any rows | Write an aggregate over the rows: count(*) or '
		'sum(1) counts them.'),
	($$SELECT kpi.define_indicator('new', direction => 'up')$$,
		'22023 | unrecognized direction "up" | Use "higher", "lower" or "target".'),
	($$SELECT kpi.define_indicator('new', perspective => 'custmer')$$,
		'22023 | perspective "custmer" does not exist | Perhaps you mean "customer".'),
	($$SELECT kpi.set_target('mood', 'north', '[2010-01-01,2012-01-01)', 4, grain => 'year')$$,
	 '23P01 | target of indicator "mood" for unit "north" overlaps an existing one | '
		'[2010-01-01,2012-01-01) overlaps [2011-01-01,2012-01-01) with target 4.5, of grain "year". '
			'| Give it another grain, '
		'end the existing target first, or pass replace => true to split it.'),
	($$SELECT kpi.set_target('mood', 'north', '[2012-01-01,2013-01-01)', 'Infinity')$$,
	 '22023 | target Infinity is not a finite number | Write a number, or leave it out where there is none.'),
	($$SELECT kpi.set_target('mood', 'north', '2012', NULL)$$,
		'22004 | target must not be null | Give the number that is to be reached; limits stand in '
			'its place where attainment_method is range or span.'),
	($$SELECT kpi.set_target('mood', 'north', '2011-06', 4, basis => 'luck', replace => true)$$,
	 '22023 | unrecognized basis "luck" | Use "history", "industry", "capability" or "agreed".'),
	($$SELECT kpi.set_weight('sales', 'mood', weight => -0.5)$$,
	 '22023 | weight -0.5 is not a finite number of at least 0 | Weights may be on any scale; '
		'a NULL weight shows a row without counting it.'),
	($$SELECT kpi.set_weight('sales', 'mood', weight => 'NaN', "from" => '2012-01-01')$$,
	 '22023 | weight NaN is not a finite number of at least 0 | Weights may be on any scale; '
		'a NULL weight shows a row without counting it.'),
	($$SELECT kpi.set_weight('sales', 'mood', weight => 'Infinity')$$,
	 '22023 | weight Infinity is not a finite number of at least 0 | Weights may be on any scale; '
		'a NULL weight shows a row without counting it.'),
	($$SELECT kpi.set_weight('sales', 'financial', weight => 1, parent => 'financial')$$,
	 '22023 | scorecard "sales" has a cycle: financial -> financial | No node is above itself; '
		'choose another parent.'),
	($$SELECT kpi.define_node('sales', 'growth', weight => 1, parent => 'finansial')$$,
	 '22023 | node "finansial" does not exist in scorecard "sales" | Perhaps you mean "financial".'),
	($$INSERT INTO kpi.scorecard_node (scorecard, node, name, weight) VALUES ('sales', 'x', 'X', 'NaN')$$,
	 '23514 | weight "NaN" is not valid for kpi.scorecard_node | It is a finite number of at least 0, on any scale. | '
		'Leave it out to show a node without counting it.'),
	($$UPDATE kpi.scorecard_node SET parent = 'revenue' WHERE node = 'financial'$$,
	 '22023 | scorecard "sales" has a cycle: financial -> revenue -> financial | No node is above itself; '
		'choose another parent.'),
	($$DELETE FROM kpi.scorecard_node WHERE node = 'financial'$$,
	 '23503 | node "financial" of scorecard "sales" has nodes below it | Below it: revenue. | '
		'Change or delete them with it, or give them another parent first.'),
	($$DELETE FROM kpi.perspective WHERE perspective = 'learning'$$,
	 '23001 | this row of kpi.perspective belongs to the extension | '
		'Add a perspective of your own with kpi.define_perspective(), or rename this one in kpi.translation.'),
	($$UPDATE kpi.band SET lower_bound = 75 WHERE code = 'amber'$$,
	 '23001 | this row of kpi.band belongs to the extension | Add a band set of your own and name it in '
		'kpi.define_scorecard().'),
	($$INSERT INTO kpi.translation VALUES ('fr', 'status', 'red', 'Rouge', true)$$,
	 '23001 | a row of kpi.translation that is shipped comes with the extension only | Add a row of your own, '
		'with shipped = false: it goes before the shipped one.')
) AS v (statement, expected);

-- whatever has a name has more than none
SELECT is(pg_temp.raised(statement), '22023 | name is empty | Write at least one character, or leave it out.',
	statement)
FROM (VALUES ($$SELECT kpi.define_indicator('nameless', name => '')$$),
	($$SELECT kpi.define_unit('nameless', name => '')$$),
	($$SELECT kpi.define_dimension('nameless', name => '')$$),
	($$SELECT kpi.define_perspective('nameless', name => '')$$),
	($$SELECT kpi.define_scorecard('nameless', name => '')$$),
	($$SELECT kpi.define_node('sales', 'x', name => '')$$),
	($$SELECT kpi.define_calendar('nameless', starts => '04-01', name => '')$$),
	($$SELECT kpi.define_window('month', 'r2', last => 2, name => '')$$)) AS t (statement);
SELECT matches(pg_temp.raised($$SELECT kpi.define_indicator('revenue', source => 'shop.order_line',
	time_column => 'ordered_at', numerator => 'sum(quantty)')$$),
			   '^22023 \| numerator "sum\(quantty\)" of indicator "revenue" cannot be planned',
			   'an expression that cannot be planned changes nothing');
SELECT matches(pg_temp.raised($$SELECT kpi.define_indicator('mood', owner => 'no_such_role_of_kpi')$$),
			   '^22023 \| role "no_such_role_of_kpi" does not exist \| ', 'an owner that does not exist');
SELECT matches(pg_temp.raised($$SELECT kpi_internal.fail('oops', 'x')$$), '^22023', 'an error needs a code');
SELECT is(pg_temp.raised($$SELECT kpi_internal.fail('22023', '100 %s', NULL, 'a')$$), '22023 | 100 %s | a',
	'a message is taken as it is');

-- Keys of people's own language

SELECT is(kpi.define_unit('région nord'), 'région nord', 'keys may have spaces and accents');
SELECT is((SELECT name FROM kpi.unit WHERE unit = 'région nord'), 'Région nord', 'and make names');
SELECT is((SELECT name FROM kpi.translation WHERE language = 'zh' AND topic = 'perspective' AND code = 'financial'),
		  CASE WHEN getdatabaseencoding() = 'UTF8' THEN U&'\8D22\52A1' END,
			'Chinese words where the encoding has them');

-- Splitting a target: what is taken out and what stays add up to the whole

CREATE FUNCTION pg_temp.split(first date, next date)
	RETURNS numeric
	LANGUAGE plpgsql
AS $$
DECLARE
	total numeric;
BEGIN
	DELETE FROM kpi.target WHERE indicator = 'revenue';
	PERFORM kpi.set_target('revenue', 'north', '[2011-01-01,2012-01-01)', 1000.07, baseline => 0.1, stretch => -3);
	PERFORM kpi.set_target('revenue', 'north', daterange(first, next)::text, replace => true, reason => 'split',
						   target => kpi.target_for('revenue', 'north', daterange(first, next)));
	SELECT sum(target) INTO total FROM kpi.target WHERE indicator = 'revenue';
	RETURN total;
END
$$;
SELECT is_empty($$
	SELECT first, length, pg_temp.split(first, first + length)
	FROM (SELECT date '2011-01-01' + 13 * n, 1 + (7 * n) % 40 FROM generate_series(0, 24) AS n) AS v (first, length)
	WHERE pg_temp.split(first, first + length) <> 1000.07
$$, 'a target of a sum of rows is split without rest');
DO $$BEGIN PERFORM pg_temp.split('2011-03-01', '2011-04-01'); END$$;
SELECT is((SELECT sum(kpi.target_for('revenue', 'north', kpi.period('2011-' || to_char(m, 'FM00'))))
	FROM generate_series(1, 12) AS m),
		  1000.07, 'the months of a split year add up to the year');
SELECT is(kpi.target_for('revenue', 'north', kpi.period('2011')), 1000.07, 'and the year is what it was');
SELECT results_eq($$SELECT period, round(target, 9), round(baseline, 9), round(stretch, 9)
					FROM kpi.target WHERE indicator = 'revenue' AND lower(period) = '2011-01-01'$$,
				  $$VALUES (daterange('2011-01-01', '2011-03-01'), round(1000.07 * 59 / 365, 9),
					round(0.1 * 59 / 365, 9), round(-3.0 * 59 / 365, 9))$$, 'the rest keeps its part by days');
DO $$BEGIN PERFORM kpi.set_target('mood', 'north', '2011', 4.5, grain => 'month');
	PERFORM kpi.set_target('mood', 'north', '2011-06', 4, replace => true, reason => 'split'); END$$;
SELECT results_eq($$SELECT period, target FROM kpi.target WHERE indicator = 'mood' AND grain = 'month' ORDER BY
	period$$,
				  $$VALUES (daterange('2011-01-01', '2011-06-01'), 4.5), (daterange('2011-06-01', '2011-07-01'), 4),
					(daterange('2011-07-01', '2012-01-01'), 4.5)$$,
				  'other targets stay as they are around the new one');
DO $$BEGIN PERFORM kpi.set_target('mood', 'north', '[2010-06-01,2012-06-01)', 3, replace => true, grain => 'month',
	reason => 'all'); END$$;
SELECT results_eq($$SELECT period, target FROM kpi.target WHERE indicator = 'mood' AND grain = 'month'$$,
				  $$VALUES (daterange('2010-06-01', '2012-06-01'), 3::numeric)$$,
				  'a longer one takes the place of all within it');

-- Versions

UPDATE kpi.indicator SET description = 'what we take' WHERE indicator = 'revenue';
SELECT is((SELECT version FROM kpi.indicator WHERE indicator = 'revenue'), 2, 'a change makes a new version');
UPDATE kpi.indicator SET description = 'what we take' WHERE indicator = 'revenue';
SELECT is((SELECT version FROM kpi.indicator WHERE indicator = 'revenue'), 2, 'an UPDATE without a change does not');
DO $$BEGIN PERFORM kpi.define_indicator('mood', perspective => 'customer', scale => 'linear(0:0, 1:100)'); END$$;
SELECT is((SELECT version FROM kpi.indicator WHERE indicator = 'mood'), 2, 'a call with a change does');

-- Who may do what

CREATE ROLE kpi_test_ann;
CREATE ROLE kpi_test_bob;
CREATE ROLE kpi_test_team;
GRANT kpi_test_team TO kpi_test_ann;
GRANT USAGE ON SCHEMA kpi, shop TO kpi_test_ann, kpi_test_bob, kpi_test_team;
GRANT ALL ON ALL TABLES IN SCHEMA kpi, kpi_internal TO kpi_test_ann, kpi_test_bob;
GRANT SELECT ON shop.order_line TO kpi_test_ann, kpi_test_team;

SET LOCAL ROLE kpi_test_ann;
SELECT lives_ok($$SELECT kpi.define_indicator('hers')$$, 'anybody with rights on the tables defines an indicator');
SELECT lives_ok($$SELECT kpi.define_indicator('theirs', owner => 'kpi_test_team', source => 'shop.order_line',
	time_column => 'ordered_at',
				  numerator => 'count(*)')$$, 'and names a role she is a member of');
SELECT is((SELECT array_agg(owner::text ORDER BY indicator) FROM kpi.indicator WHERE indicator IN ('hers', 'theirs')),
		  ARRAY['kpi_test_ann', 'kpi_test_team'], 'the owner is oneself unless given');
SELECT lives_ok($$SELECT kpi.define_indicator('theirs', owner => 'kpi_test_ann')$$, 'a member takes it over');
SELECT lives_ok($$SELECT kpi.define_indicator('theirs', owner => 'kpi_test_team')$$, 'and hands it back');
SELECT is(pg_temp.raised($$SELECT kpi.define_indicator('hers', owner => 'kpi_test_bob')$$),
		  '42501 | permission denied to make "kpi_test_bob" the owner of indicator "hers" | '
			'The source is read with the rights of the owner: name yourself or a role that you are a member of.',
		  'nobody names a role that is not hers');
SELECT is(pg_temp.raised($$UPDATE kpi.indicator SET owner = 'kpi_test_bob' WHERE indicator = 'hers'$$),
		  '42501 | permission denied to make "kpi_test_bob" the owner of indicator "hers" | '
			'The source is read with the rights of the owner: name yourself or a role that you are a member of.',
		  'nor by plain SQL');
SELECT throws_ok($$INSERT INTO kpi.indicator (indicator, name, kind, owner)
	VALUES ('x', 'X', 'entered', 'no_such_role_of_kpi')$$,
				 '42501', 'permission denied to make "no_such_role_of_kpi" the owner of indicator "x"',
				 'nor a role that does not exist');
SELECT is(pg_temp.raised($$UPDATE kpi.indicator SET numerator = 'count(*)' WHERE indicator = 'revenue'$$),
		  format('42501 | indicator "revenue" belongs to "%s" | Only members of role "%s" and superusers may change '
			'or delete it.', session_user, session_user),
		  'nobody changes what another role''s rights read');
SELECT throws_ok($$SELECT kpi.define_indicator('revenue', decimals => 1)$$, '42501', NULL, 'nor by a call');
RESET ROLE;

SET LOCAL ROLE kpi_test_bob;
SELECT throws_ok($$UPDATE kpi.indicator SET name = 'His' WHERE indicator = 'hers'$$, '42501',
	'indicator "hers" belongs to "kpi_test_ann"', 'not even its name');
SELECT throws_ok($$UPDATE kpi.indicator SET owner = current_user WHERE indicator = 'hers'$$, '42501',
	'indicator "hers" belongs to "kpi_test_ann"', 'nor takes it');
SELECT throws_ok($$DELETE FROM kpi.indicator WHERE indicator = 'theirs'$$, '42501',
	'indicator "theirs" belongs to "kpi_test_team"', 'nor deletes it');
SELECT throws_ok($$INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('hers', 'His', 'entered')
	ON CONFLICT (indicator) DO UPDATE SET name = 'His'$$,
				 '42501', 'indicator "hers" belongs to "kpi_test_ann"', 'nor by INSERT');
SELECT throws_ok($$SELECT kpi.define_indicator('his', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'count(*)')$$,
				 NULL, NULL, 'a source one may not read cannot be defined');
SELECT ok(NOT EXISTS (SELECT FROM kpi.indicator WHERE indicator = 'his'), 'and leaves nothing');
RESET ROLE;

REVOKE ALL ON ALL TABLES IN SCHEMA kpi FROM kpi_test_bob;
SET LOCAL ROLE kpi_test_bob;
SELECT throws_ok($$SELECT kpi.define_unit('his')$$, '42501', NULL, 'without rights on the tables nothing is defined');
SELECT throws_ok($$SELECT kpi.set_weight('sales', 'mood', weight => 1)$$, '42501', NULL, 'nor weighted');
RESET ROLE;

-- What a restore needs: superusers write for anybody, also for a role that is gone

SELECT lives_ok($$INSERT INTO kpi.indicator (indicator, name, kind, owner, version) VALUES ('old', 'Old', 'entered',
	'no_such_role_of_kpi', 7)$$,
				'a superuser writes an indicator of a role that is gone');
SELECT is((SELECT version FROM kpi.indicator WHERE indicator = 'old'), 7, 'with its version');
SELECT lives_ok($$UPDATE kpi.indicator SET name = 'Older' WHERE indicator = 'old'$$, 'and changes it');
SELECT lives_ok($$DELETE FROM kpi.indicator WHERE indicator = 'old'$$, 'and deletes it');
SELECT lives_ok($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name)
	VALUES ('sales', 'below', 'above', 'Below'), ('sales', 'above', NULL, 'Above')$$,
				'a node may come before the one above it');
SELECT throws_ok($$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name)
	VALUES ('sales', 'first', 'second', 'First')$$,
				'22023', 'node "second" does not exist in scorecard "sales"', 'but not in a statement of its own');

-- A restore, and only a restore by a superuser, loads tables in any order

CREATE FUNCTION pg_temp.restore(statement text)
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	path CONSTANT text := current_setting('search_path');
BEGIN
	PERFORM set_config('check_function_bodies', 'off', true), set_config('row_security', 'off', true),
			set_config('search_path', '', true);
	EXECUTE statement;
	PERFORM pg_catalog.set_config('check_function_bodies', 'on', true),
		pg_catalog.set_config('row_security', 'on', true),
			pg_catalog.set_config('search_path', path, true);
END
$$;
SELECT throws_ok($$INSERT INTO kpi.target VALUES ('unborn', 'north', NULL, '[2011-01-01,2012-01-01)', 1)$$, '23503',
	NULL,
	'a row without the one it refers to');
SELECT lives_ok($$SELECT pg_temp.restore('INSERT INTO kpi.target VALUES
	(''unborn'', ''north'', NULL, ''[2011-01-01,2012-01-01)'', 1)')$$, 'comes back in a restore');
SELECT is(current_setting('session_replication_role'), 'origin', 'and that is over with the statement');
SELECT throws_ok($$SELECT
	pg_temp.restore('INSERT INTO kpi.target VALUES (''unborn'', ''north'', NULL, ''[2011-07-01,2012-07-01)'', 1)')$$,
	'23P01', NULL,
				 'other constraints hold in a restore too');
SELECT is(current_setting('session_replication_role'), 'origin', 'and after an error all is as before');
SELECT throws_ok($$SELECT
	pg_temp.restore('UPDATE kpi.target SET indicator = ''nothing'' WHERE indicator = ''mood''')$$, '23503', NULL,
	'only INSERT goes unchecked');
SET LOCAL ROLE kpi_test_ann;
SELECT throws_ok($$SELECT
	pg_temp.restore('INSERT INTO kpi.target VALUES (''unborn too'', ''north'', NULL, ''[2011-01-01,2012-01-01)'', 1)')$$,
	'42501', NULL,
				 'and nobody but a superuser restores');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
