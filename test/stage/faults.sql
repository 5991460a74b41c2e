-- Calls that take long, and how soon each of them answers a cancel: every
-- aggregate over many rows, its states in all their forms, and every function
-- with something large in each of its places.

-- Runs a query, cancels it after so much time unless that is NULL, and undoes
-- what it did: its time, the longest it did not look for a cancel, what the
-- cancel took, and the error; times in milliseconds of the processor.
CREATE TYPE harness.times AS (took float8, longest float8, answered float8, state text);
CREATE FUNCTION harness.watched(query text, cancel_after float8) RETURNS harness.times LANGUAGE plpgsql AS $$
DECLARE times harness.times;
BEGIN
	PERFORM harness.watch_start(cancel_after);
	BEGIN
		EXECUTE query;
		RAISE SQLSTATE 'HR000';
	EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
		times.state := nullif(SQLSTATE, 'HR000');
	END;
	SELECT s.* INTO times.took, times.longest, times.answered FROM harness.watch_stop() AS s;
	RETURN times;
END $$;

-- A call is long from 200 ms on, and none goes on for more than 500 ms. One that
-- ends by itself is called once more, to cancel it in its midst. A pause of
-- the machine may be counted as ours, so the best of three tries counts.
CREATE TABLE harness.call (what text, query text, took float8, pause float8, cancelled boolean, state text);
CREATE PROCEDURE harness.watch(what text, query text) LANGUAGE plpgsql AS $$
DECLARE
	whole harness.times;
	half harness.times;
	pause float8;
	least float8;
BEGIN
	FOR try IN 1..3 LOOP
		whole := harness.watched(query, 500);
		pause := greatest(whole.longest, whole.answered);
		half := NULL;
		IF whole.took > 200 AND whole.answered IS NULL THEN
			half := harness.watched(query, whole.took * (0.2 + 0.2 * try));
			pause := greatest(pause, half.longest, half.answered);
		END IF;
		least := least(least, pause);
		EXIT WHEN pause <= 200;
	END LOOP;
	INSERT INTO harness.call VALUES (what, query, whole.took, least,
		'57014' IN (whole.state, half.state), whole.state);
END $$;

-- the largest value of a type, and a small one where only an aggregate makes any
CREATE TABLE harness.large (type regtype, value text);
INSERT INTO harness.large VALUES
	('int2', '32767::int2'), ('int4', '1000000000'), ('int8', '1000000000000000'), ('numeric', '1e131000::numeric'),
	('numeric', '(1 / 3.0)::numeric(1000, 900)'), ('float8', '1e9::float8'), ('float8', '1e300::float8'),
	('text', 'repeat(''x'', 1000000)'),
	('interval', '''178000000 years''::interval'), ('date', '''5874897-12-31''::date'),
	('date', '''4714-11-24 BC''::date'),
	('daterange', '''[4714-11-24 BC,5874897-12-31)''::daterange'),
	('numeric[]', 'ARRAY(SELECT n::numeric FROM generate_series(1, 100000) AS n)'),
	('float8[]', 'ARRAY(SELECT n::float8 FROM generate_series(1, 100000) AS n)'),
	('text[]', 'ARRAY(SELECT ''k'' || n FROM generate_series(1, 100000) AS n)');
CREATE PROCEDURE harness.keep(which regtype, value text, small boolean) LANGUAGE plpgsql AS $$
DECLARE name text := format('harness.kept_%s', (SELECT count(*) FROM pg_class WHERE relname LIKE 'kept%'));
BEGIN
	EXECUTE format('CREATE TABLE %s AS SELECT %s AS v', name, value);
	IF small THEN
		INSERT INTO harness.pool (type, value) VALUES (which, format('(SELECT v FROM %s)', name));
	ELSE
		INSERT INTO harness.large VALUES (which, format('(SELECT v FROM %s)', name));
	END IF;
END $$;
-- no aggregate makes a scale; one of more points than it may have is read, too
CALL harness.keep('kpi.scale', $$(SELECT ('linear(' || string_agg(n || ':' || n, ', ' ORDER BY n) || ')')::kpi.scale
	FROM generate_series(1, 1000) AS n)$$, false);
CALL harness.keep('text', $$(SELECT 'linear(' || string_agg(n || ':' || n, ', ' ORDER BY n) || ')'
	FROM generate_series(1, 100000) AS n)$$, false);
INSERT INTO harness.large SELECT 'cstring', format('textout(%s)::cstring', value) FROM harness.large
WHERE type = 'text'::regtype;

-- The rows of an aggregate: as many different ones as asked for, or, where nothing
-- depends on them being different, a tenth of them ten times.
CREATE FUNCTION harness.many_rows(which integer, rows integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	columns text;
	alike boolean;
BEGIN
	SELECT string_agg(format('(%s)::%s AS a%s',
		coalesce(r.expression, (SELECT p.value FROM harness.pool AS p JOIN pg_type AS t ON t.oid = p.type
				WHERE p.type = x.type AND harness.ours(t.typnamespace) ORDER BY p.n LIMIT 1),
			CASE WHEN parameter THEN accepted[1] ELSE x.expression END), x.type, k), ', ' ORDER BY k),
		bool_and(r.expression IS NULL AND NOT harness.ruled(x)) INTO columns, alike
	FROM harness.argument AS x LEFT JOIN harness.large_column AS r ON x.of ~ r.aggregate AND r.argument = x.name
		AND coalesce(r.type, x.type) = x.type
	WHERE x.aggregate = which;
	EXECUTE format('CREATE UNLOGGED TABLE harness.rows_%s AS SELECT %s FROM (SELECT i, 0 AS g
		FROM generate_series(1, %s) AS i) AS x', which,
		coalesce(columns, 'i'), rows / CASE WHEN alike THEN 10 ELSE 1 END);
	RETURN format('harness.rows_%s%s', which, CASE WHEN alike THEN ', generate_series(1, 10)' ELSE '' END);
END $$;

-- One aggregate: over all rows, then its states: made, merged, and through text
-- and bytes. What it gives and its states are arguments for others.
CREATE PROCEDURE harness.watch_aggregate(which integer, rows integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	many text;
	state text;
	types text := harness.types(which);
	send text;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	CALL harness.learn_arguments(which);
	-- states are large themselves
	IF EXISTS (SELECT FROM harness.argument AS x JOIN harness.large AS l ON l.type = x.type
		JOIN harness.aggregate AS m ON m.state = x.type
		JOIN pg_type AS t ON t.oid = x.type WHERE x.aggregate = which AND harness.ours(t.typnamespace)) THEN
		rows := 50;
	END IF;
	many := harness.many_rows(which, rows);
	CALL harness.watch(a.name, format('SELECT %s(%s) FROM %s', a.call, harness.arguments(which), many));
	IF EXISTS (SELECT FROM pg_type WHERE oid = a.result AND harness.ours(typnamespace))
		AND NOT EXISTS (SELECT FROM harness.pool WHERE type = a.result) THEN
		CALL harness.keep(a.result, format('(SELECT %s(%s) FROM (SELECT * FROM %s LIMIT 2000) AS x)', a.call,
			harness.arguments(which), many), true);
	END IF;
	IF a.state IN (SELECT oid FROM pg_type WHERE NOT harness.ours(typnamespace))
		OR EXISTS (SELECT FROM harness.large WHERE type = a.state) THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE AGGREGATE harness.state_%s(%s) (SFUNC = %s, STYPE = %s%s)', which,
		coalesce(types, '*'), a.aggtransfn,
		a.state, CASE WHEN a.agginitval IS NOT NULL THEN format(', INITCOND = %L', a.agginitval) END);
	state := format('(SELECT harness.state_%s(%s) FROM %s)', which, harness.arguments(which), many);
	CALL harness.keep(a.state,
		replace(state, ' FROM ' || many, format(' FROM (SELECT * FROM %s LIMIT 30) AS x', many)), true);
	CALL harness.keep(a.state, state, false);
	state := (SELECT value FROM harness.large WHERE type = a.state);
	CALL harness.watch(a.state || ' to text and back', format('SELECT (%s::text)::%s', state, a.state));
	send := (SELECT typsend FROM pg_type WHERE oid = a.state);
	CALL harness.watch(a.state || ' to bytes', format('SELECT %s(%s)', send, state));
	IF a.aggcombinefn <> 0 THEN
		CALL harness.watch(a.state || ' merged', format('SELECT %s(%s, %2$s)', a.aggcombinefn, state));
	END IF;
END $$;

\ir undone.sql

-- Arguments that a function accepts, or the plainest where they are long to find.
CREATE FUNCTION harness.base_of(which oid) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
	PERFORM harness.watch_start(1000);
	BEGIN
		CALL harness.find_base(which);
	EXCEPTION WHEN query_canceled THEN
		NULL;
	END;
	PERFORM harness.watch_stop();
	RETURN coalesce((SELECT c.base FROM harness.callable AS c WHERE c.oid = which),
					ARRAY(SELECT candidates[1] FROM harness.parameter WHERE oid = which ORDER BY k));
END $$;

-- One function, with each of the large values of its type in each place, and in all places.
CREATE PROCEDURE harness.watch_function(which oid) LANGUAGE plpgsql AS $$
DECLARE
	name text := which::regprocedure;
	base text[] := harness.base_of(which);
	given text[];
	all_large text[];
	places integer := 0;
	x record;
BEGIN
	all_large := base;
	CALL harness.watch(name, harness.call_text(which, base));
	FOR x IN SELECT p.k, l.value FROM harness.parameter AS p JOIN harness.large AS l ON l.type = p.type
		WHERE p.oid = which ORDER BY p.k, l.value LOOP
		given := base;
		given[x.k] := x.value;
		places := places + (all_large[x.k] = base[x.k])::integer;
		all_large[x.k] := x.value;
		CALL harness.watch(name, harness.call_text(which, given));
	END LOOP;
	IF places > 1 THEN
		CALL harness.watch(name, harness.call_text(which, all_large));
	END IF;
END $$;
CREATE VIEW harness.cancelled AS
SELECT CASE WHEN pause <= 200 THEN 'ok' ELSE 'not ok' END AS verdict, what,
	format('a cancel can have to wait for %s ms (limit 200): %s', round(pause::numeric), left(query, 500)) AS detail
FROM harness.call;
