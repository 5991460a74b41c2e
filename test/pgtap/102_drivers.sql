-- Drivers send numbers as they see fit: a small integer, a bigint, a double, a
-- numeric, or text whose type the server is to find. Every public function is
-- found for each of them, in one place at a time and in all places together.
BEGIN;
SELECT no_plan();

-- to be mended: names of functions that do not take every type of number yet
CREATE TEMP TABLE exception (name text PRIMARY KEY);
INSERT INTO exception VALUES ('bar_text'), ('define_%'), ('format_value'), ('scorecard_text'), ('set_%'),
	('spark_text');

-- The arguments of the public functions: an array of numbers has brackets. A state
-- or a model has its type always, for it says which function is meant, and so has
-- what an aggregate goes over, which is a column.
CREATE TEMP TABLE argument AS
SELECT p.oid, p.proname, u.k, u.t::regtype::text AS declared,
	u.t = 'anycompatiblearray'::regtype OR coalesce(e.oid,
		t.oid) = ANY ('{int2,int4,int8,numeric,float4,float8}'::regtype[]) AS is_number,
	CASE WHEN t.typcategory = 'A' OR u.t = 'anycompatiblearray'::regtype THEN '[]' ELSE '' END AS brackets,
	t.typnamespace = 'kpi'::regnamespace AND t.typtype IN ('b', 'c') AND t.oid <> 'kpi.scale'::regtype
		OR p.prokind = 'a' AND u.k = 1 AS is_typed
FROM pg_proc AS p, unnest(p.proargtypes) WITH ORDINALITY AS u (t, k) JOIN pg_type AS t ON t.oid = u.t LEFT
	JOIN pg_type AS e ON e.typarray = t.oid
WHERE p.pronamespace = 'kpi'::regnamespace AND p.prorettype <> 'trigger'::regtype;

-- The types of a call that sends one type in the place which, or in all where that is NULL.
CREATE FUNCTION pg_temp.types(function oid, which bigint, sent text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(CASE
		WHEN k = coalesce(which, k) AND NOT is_typed AND sent = 'unknown' THEN sent
		WHEN k = coalesce(which, k) AND is_number AND sent <> 'unknown' THEN sent || brackets
		WHEN declared = 'anycompatiblearray' THEN 'numeric[]' ELSE declared END, ', ' ORDER BY k)
	FROM argument WHERE oid = function
$$;

-- Whether the function is found for these types: NULL, or the error. Nothing is run.
CREATE FUNCTION pg_temp.failure(function oid, types text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	p pg_proc;
BEGIN
	SELECT * INTO p FROM pg_proc WHERE oid = function;
	EXECUTE format('PREPARE driver(%s) AS %s kpi.%I(%s)%s', types, CASE p.prokind WHEN 'p' THEN 'CALL'
		ELSE 'SELECT' END, p.proname,
		(SELECT string_agg('$' || k, ', ' ORDER BY k) FROM generate_series(1, p.pronargs) AS k),
			CASE p.prokind WHEN 'w' THEN ' OVER ()' ELSE '' END);
	DEALLOCATE driver;
	RETURN NULL;
EXCEPTION
	WHEN undefined_function OR ambiguous_function THEN
		RETURN SQLERRM;
	WHEN OTHERS THEN
		RETURN NULL;
END $$;

SELECT matches(pg_temp.failure('kpi.set_weight'::regproc, 'date'), 'does not exist',
	'the test notices a function that is not there (42883)');
CREATE FUNCTION kpi.planted(numeric[]) RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION kpi.planted(float8[]) RETURNS int LANGUAGE sql RETURN 1;
SELECT matches(pg_temp.failure('kpi.planted(numeric[])'::regprocedure, 'int[]'), 'is not unique',
	'and one that is not unique (42725)');

CREATE TEMP TABLE tried AS
SELECT c.oid, c.proname, c.types, pg_temp.failure(c.oid, c.types) AS failure
FROM (SELECT DISTINCT a.oid, a.proname, pg_temp.types(a.oid, which, sent) AS types
	  FROM argument AS a, LATERAL (VALUES (a.k), (NULL)) AS n (which),
	  	unnest('{int2,int4,int8,numeric,float4,float8,unknown}'::text[]) AS sent
	  WHERE a.is_number OR sent = 'unknown') AS c;
SELECT cmp_ok(count(*), '>', 5000::bigint, 'functions, places and types are tried') FROM tried;
SELECT is_empty($$
	SELECT format('%s of %s calls of %s, such as %s', count(failure), count(*), oid::regprocedure, min(failure))
		FROM tried
	WHERE NOT EXISTS (SELECT FROM exception WHERE proname LIKE name) GROUP BY oid HAVING count(failure) > 0
$$, 'every public function is found for every type of number');
SELECT is_empty($$
	SELECT name FROM exception WHERE NOT EXISTS (SELECT FROM tried WHERE proname LIKE name AND failure IS NOT NULL)
$$, 'what has been mended is no exception any more');

SELECT * FROM finish();
ROLLBACK;
