-- Drivers send numbers as they see fit: a small integer, a bigint, a double, a
-- numeric, or text whose type the server is to find; and strings as text, varchar
-- or without a type. Every public function is found for each of them, in one place
-- at a time and in all places together.
BEGIN;
SELECT no_plan();

-- to be mended: names of functions that do not take every type of number yet
CREATE TEMP TABLE exception (name text PRIMARY KEY);
-- an untyped array of amounts could be a stored value
INSERT INTO exception VALUES ('npv'), ('npv_spreadsheet'), ('irr'), ('xirr'), ('irr_root_count'), ('mirr'),
	('payback_period');

-- The arguments of the public functions: an array of numbers has brackets. A state
-- or a model has its type always, for it says which function is meant, and so has
-- what an aggregate or a window function goes over, which is a column; one of times
-- is a bigint where it is a number.
CREATE TEMP TABLE argument AS
SELECT p.oid, p.proname, u.k, u.t::regtype::text AS declared,
	u.t IN ('anycompatible'::regtype, 'anycompatiblearray'::regtype) OR coalesce(e.oid,
		t.oid) = ANY ('{int2,int4,int8,numeric,float4,float8}'::regtype[])
		AND NOT (p.prokind IN ('a', 'w') AND p.proargnames[u.k] = 'ts') AS is_number,
	t.oid = ANY ('{text,name,regclass,kpi.scale}'::regtype[]) AS is_text,
	CASE WHEN t.typcategory = 'A' OR u.t = 'anycompatiblearray'::regtype THEN '[]' ELSE '' END AS brackets,
	t.typnamespace = 'kpi'::regnamespace AND t.typtype IN ('b', 'c') AND t.oid <> 'kpi.scale'::regtype
		OR p.prokind = 'a' AND (u.k = 1 OR p.proargnames[u.k] IN ('step', 'steps', 'period'))
		OR p.prokind IN ('a', 'w') AND p.proargnames[u.k] = 'ts' OR u.t = 'anyelement'::regtype AS is_typed
FROM pg_proc AS p, LATERAL (SELECT k,
		CASE WHEN p.provariadic <> 0 AND k = p.pronargs THEN p.provariadic ELSE a.t END AS t
	FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, k)) AS u JOIN pg_type AS t ON t.oid = u.t LEFT
	JOIN pg_type AS e ON e.typarray = t.oid
WHERE p.pronamespace = 'kpi'::regnamespace AND p.prorettype <> 'trigger'::regtype;

-- The types of a call that sends one type in the place which, or in all where that is NULL.
CREATE FUNCTION pg_temp.types(function oid, which bigint, sent text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(CASE
		WHEN k = coalesce(which, k) AND NOT is_typed AND sent = 'unknown' THEN sent
		WHEN k = coalesce(which, k) AND is_number AND sent NOT IN ('unknown', 'text', 'varchar') THEN sent || brackets
		WHEN k = coalesce(which, k) AND is_text AND sent IN ('text', 'varchar') THEN sent
		WHEN declared LIKE 'anycompatible%' THEN 'numeric' || brackets
		-- the type of periods
		WHEN declared = 'anyelement' THEN 'timestamptz' ELSE declared END, ', ' ORDER BY k)
	FROM argument WHERE oid = function
$$;

-- Whether the function is found for these types: NULL, or the error. Nothing is run.
CREATE FUNCTION pg_temp.failure(function oid, types text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	p pg_proc;
	sent CONSTANT text[] := string_to_array(types, ', ');
BEGIN
	SELECT * INTO p FROM pg_proc WHERE oid = function;
	IF p.prokind = 'p' THEN
		EXECUTE format('CREATE FUNCTION pg_temp.driver() RETURNS void LANGUAGE sql AS $sql$ CALL kpi.%I(%s) $sql$',
			p.proname, (SELECT string_agg(CASE t WHEN 'unknown' THEN 'NULL' ELSE format('NULL::%s', t) END, ', ' ORDER BY k)
			 FROM unnest(sent) WITH ORDINALITY AS u (t, k)));
		DROP FUNCTION pg_temp.driver();
	ELSE
		EXECUTE format('PREPARE driver(%s) AS SELECT kpi.%I(%s)%s', types, p.proname,
			(SELECT string_agg('$' || k, ', ' ORDER BY k) FROM generate_series(1, cardinality(sent)) AS k),
			CASE p.prokind WHEN 'w' THEN ' OVER ()' ELSE '' END);
		DEALLOCATE driver;
	END IF;
	RETURN NULL;
EXCEPTION
	WHEN OTHERS THEN
		RETURN SQLERRM;
END $$;

SELECT matches(pg_temp.failure('kpi.define_dimension'::regproc, 'date'), 'does not exist',
	'the test notices a function that is not there (42883)');
CREATE FUNCTION kpi.planted(numeric[]) RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION kpi.planted(float8[]) RETURNS int LANGUAGE sql RETURN 1;
SELECT matches(pg_temp.failure('kpi.planted(numeric[])'::regprocedure, 'int[]'), 'is not unique',
	'and one that is not unique (42725)');

CREATE TEMP TABLE tried AS
SELECT c.oid, c.proname, c.types, pg_temp.failure(c.oid, c.types) AS failure
FROM (SELECT DISTINCT a.oid, a.proname, pg_temp.types(a.oid, which, sent) AS types
	  FROM argument AS a, LATERAL (VALUES (a.k), (NULL)) AS n (which),
	  	unnest('{int2,int4,int8,numeric,float4,float8,unknown,text,varchar}'::text[]) AS sent
	  WHERE CASE WHEN sent IN ('text', 'varchar') THEN a.is_text ELSE a.is_number OR sent = 'unknown' END) AS c;
SELECT cmp_ok(count(*), '>', 5000::bigint, 'functions, places and types are tried') FROM tried;
SELECT is_empty($$
	SELECT format('%s of %s calls of %s, such as %s', count(failure), count(*), oid::regprocedure, min(failure))
		FROM tried
	WHERE NOT EXISTS (SELECT FROM exception WHERE proname LIKE name)
		-- a word and the type of periods cannot be told apart where nothing at all has a type
		AND NOT (types ~ '^kpi.series(, unknown){2,}$' AND EXISTS (SELECT FROM argument AS a
			WHERE a.proname = tried.proname AND a.declared = 'anyelement'))
	GROUP BY oid HAVING count(failure) > 0
$$, 'every public function is found for every type of number and text');
SELECT is_empty($$
	SELECT name FROM exception WHERE NOT EXISTS (SELECT FROM tried WHERE proname LIKE name AND failure IS NOT NULL)
$$, 'what has been mended is no exception any more');

-- as a literal in SQL and as most drivers send them: strings without a type, numbers of one, days of one or none, and
-- whatever has a default left out from the end
CREATE TEMP TABLE written AS
SELECT DISTINCT a.oid, a.proname, n, (
	SELECT string_agg(CASE WHEN b.is_typed THEN b.declared WHEN b.is_number THEN sent || b.brackets
						   WHEN b.declared = 'date' THEN day ELSE 'unknown' END, ', ' ORDER BY b.k)
	FROM argument AS b WHERE b.oid = a.oid AND b.k <= n) AS types
FROM argument AS a JOIN pg_proc AS p ON p.oid = a.oid
	CROSS JOIN LATERAL generate_series(greatest(p.pronargs - p.pronargdefaults, 1), CAST(p.pronargs AS integer)) AS n,
	unnest('{int4,int8,numeric,float8}'::text[]) AS sent, unnest('{date,unknown}'::text[]) AS day
WHERE p.prokind = 'f';
SELECT cmp_ok(count(*), '>', 1500::bigint, 'calls without what has a default') FROM written;
SELECT is_empty($$
	SELECT oid::regprocedure, pg_temp.failure(oid, types) FROM written
	WHERE pg_temp.failure(oid, types) IS NOT NULL
		AND types LIKE '%,%'
		AND types ~ '(int|numeric|double|float|date)'
$$, 'are found');

-- what arrives is what was sent
SELECT kpi.define_indicator('i', kind => 'entered', target_rule => 'hold');
SELECT kpi.define_unit('u', "position" => 7.0::numeric);
SELECT kpi.define_scorecard('s', min_coverage => '0.3', weight_sum => 0.1::float8);
SELECT kpi.set_weight('s', 'i', weight => 0.1::float8, floor => 0, "position" => 30::float8);
SELECT is(kpi.enter('i', 'u', '2030-05-05', 'month', 5.5), 5.5, 'a day and a number are an entry, as literals too');
SELECT is(kpi.enter('i', 'u', '2030-05-05', 'month', 6.5, reason => 'late'), 6.5, 'with a reason as well');
SELECT is(kpi.enter('i', 'u', '2030-05-05', 'month', '7.5', NULL, NULL, 'again'), 7.5, 'and where nothing has a type');
SELECT throws_ok($$SELECT kpi.finalize('s', 'u', '2030-05-05', 'month')$$, '55000',
	'scorecard "s" of unit "u" is provisional in 2030-05', 'a scorecard is made final for a day without a type');
SELECT throws_ok($$SELECT kpi.finalize('s', 'u', date '2030-05-05', 'month')$$, '55000',
	'scorecard "s" of unit "u" is provisional in 2030-05', 'and for one with a type');
SELECT throws_ok($$SELECT kpi.finalize('s', 'u', date '2031-05-05', 'month', true, 'late')$$, '55000',
	'scorecard "s" has no result for unit "u" in 2031-05', 'with a note and provisional too');
SELECT throws_ok($$SELECT kpi.finalize('s', 'u', date '2031-05-05', 'month', provisional => true)$$, '55000',
	'scorecard "s" has no result for unit "u" in 2031-05', 'with one of both');
SELECT throws_ok($$SELECT kpi.finalize('s', 'u', '2031-05-05', 'month', note => 'late')$$, '55000',
	'scorecard "s" has no result for unit "u" in 2031-05', 'and with the other, of a day without a type');
SELECT throws_ok($$SELECT kpi.reopen('s', 'u', date '2031-05-05', 'month', 'late')$$, '55000',
	'scorecard "s" is not final for unit "u" in 2031-05', 'it is opened again for a day');
SELECT throws_ok($$SELECT kpi.reopen('s', 'u', '2031-05-05', 'month', 'late')$$, '55000',
	'scorecard "s" is not final for unit "u" in 2031-05', 'without a type as well');
SELECT kpi.set_target('i', 'u', '2030', 9007199254740993::bigint);
SELECT kpi.define_indicator('i', attainment_method => 'span');
SELECT kpi.set_target('i', 'u', '2031', '0.12345678901234567890', low => 0.1::numeric, high => 1);
SELECT kpi.define_indicator('i', attainment_method => 'progress');
SELECT kpi.set_target('i', 'u', date '2032-01-01', 'year', 1, baseline => 0.3::real);
SELECT kpi.set_target('i', 'u', '2033', '5', '4', '6', 'agreed', 'note', 'false', 'year');
SELECT results_eq('SELECT min_coverage, weight_sum FROM kpi.scorecard', 'VALUES (0.3, 0.1)',
	'limits of a scorecard are exact, untyped and as float8');
SELECT results_eq('SELECT weight, floor, position FROM kpi.scorecard_node', 'VALUES (0.1, 0.0, 30)',
	'and so are those of a node');
SELECT results_eq($$
	SELECT period_start, target, baseline, low FROM
		(SELECT lower(period) AS period_start, target, baseline, low FROM kpi.target) AS t ORDER BY 1
$$, $$
	VALUES ('2030-01-01'::date, 9007199254740993, NULL, NULL), ('2031-01-01', 0.12345678901234567890, NULL, 0.1),
		('2032-01-01', 1, 0.3, NULL), ('2033-01-01', 5, 4, NULL)
$$, 'targets are exact as bigint and untyped, and of a float the shortest decimal is kept');
SELECT throws_ok($$SELECT kpi.define_unit('v', "position" => 1.5)$$, '22023', NULL, 'a position is a whole number');
SELECT is(kpi.score(0.9, 'linear(0:0, 1:100)'::varchar), 90.0, 'a scale is read from a string');
SELECT throws_ok('SELECT kpi.format_value(true)', '42804', 'a value of type boolean is not a number',
	'a number is a number');
SELECT is(kpi.sparkline_text(ARRAY[1, 8]), kpi.sparkline_text('{1,8}'::float8[]),
	'a series is of any type of number');
SELECT is(kpi.format_value(0.1::real), '0.10', 'and so is a value');

-- a day and a grain of which the server finds the types
CALL kpi.collect('2031-05-01 +00', 'year', commit_each => false);
SELECT is((SELECT daterange(from_date, to_date) FROM kpi.run), '[2031-01-01,2032-01-01)', 'collects the period');
SELECT lives_ok($$SELECT FROM kpi.evaluate('s', 'u', '2031-05-01T00:00:00.000Z', 'year')$$, 'or evaluates for it');
SELECT set_eq(format('SELECT * FROM kpi.scorecard_text(%s)', call),
	$$SELECT * FROM kpi.scorecard_text('s', 'u', '2031')$$, 'reads it: ' || call)
FROM unnest(ARRAY[$$'s', 'u', '2031-05-01', 'year'$$, $$'s', 'u', '2031-05-01', 'year', 110$$,
	$$'s', 'u', date '2031-05-01', 'year'$$, $$'s', 'u', '2031', '110'$$]) AS call;
SELECT throws_ok($$SELECT kpi.scorecard_text('s', 'u', '2031', 'wide')$$, '22P02', '"wide" is not a number',
	'a width is a number');
SELECT lives_ok($$SELECT FROM kpi.explain('s', 'u', '2031-05-01', 'year')$$, 'explains it');
SELECT kpi.define_indicator('sum', kind => 'entered', combine => 'sum', target_rule => 'spread');
SELECT kpi.define_unit('part', parent => 'u');
SELECT kpi.set_target('sum', 'u', '2031', 7);
SELECT is((SELECT target FROM kpi.cascade_target('sum', 'u', '2031-05-01', 'year')), 7.0, 'shares its target out');
SELECT throws_ok($$SELECT kpi.cascade_target('sum', 'u', '2031', 'years')$$, '22023', 'unrecognized by "years"',
	'by a grain or a way');
SELECT is(kpi.withdraw('i', 'u', '2030-05-05', 'month'), 7.5, 'and takes its value back');
SELECT throws_ok($$SELECT kpi.withdraw('i', 'u', '2030-05', 'ann')$$, 'P0002',
	'rater "ann" has not judged unit "u" in 2030-05 for indicator "i"', 'of a rater where it names one');

SELECT * FROM finish();
ROLLBACK;
