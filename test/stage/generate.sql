-- Generated arguments for whatever the extension holds: values that tend to
-- break things for every type, the words a parameter takes, rows for every
-- aggregate, and states made of them. Nothing here names a function; what
-- cannot be guessed from types stands in known/, a file a topic.

-- value is an SQL expression; the first of a type is the plainest
CREATE TABLE harness.pool (n integer GENERATED ALWAYS AS IDENTITY, type regtype, value text);
INSERT INTO harness.pool (type, value)
SELECT t::regtype, quote_literal(v) || '::' || t
FROM (VALUES
	('numeric', '{1,NULL,0,-1.5,NaN,Infinity,-Infinity,0.1,100,1e-20,99999999999999999999999999999999999999,
		123456789012345.6789,-1e131071,9e131071,1e-16383}'::text[]),
	('float8', '{1,NULL,0,-0,-1.5,NaN,Infinity,-Infinity,0.1,100,1e-300,1e300,5e-324,2.2250738585072014e-308,-4e-320,
		1.7976931348623157e308,-1.7976931348623157e308,9007199254740993}'),
	('float4', '{1,NULL,0,-1.5,NaN,Infinity,-Infinity,3.4028235e38,1e-45}'),
	('int2', '{1,NULL,0,-1,2,32767,-32768}'),
	('int4', '{1,NULL,0,-1,2,12,1000000,2147483647,-2147483648}'),
	('int8', '{1,NULL,0,-1,2,1000000000000,9223372036854775807,-9223372036854775808}'),
	('boolean', '{true,NULL,false}'),
	('date', '{2025-01-01,NULL,2024-02-29,infinity,-infinity,4714-11-24 BC,5874897-12-31,1582-10-15}'),
	('timestamp', '{2025-01-01,NULL,2024-02-29 23:59:59.999999,infinity,-infinity,4714-11-24 00:00:00 BC,
		294276-12-31 23:59:59.999999}'),
	('timestamptz', '{2025-01-01,NULL,2024-02-29 23:59:59.999999,infinity,-infinity,4714-11-24 00:00:00+00 BC,
		294276-12-31 23:59:59.999999+00}'),
	('interval', '{1 day,NULL,0,1 mon,-1 mon,-178000000 years,178000000 years,2147483647 days}'),
	('time', '{00:00,NULL,24:00}'),
	('daterange', '{"[2025-01-01,2025-04-01)",NULL,empty,"(,)","[2025-01-01,)","(,2025-01-01)",
		"[-infinity,infinity]","[4714-11-24 BC,5874897-12-31)"}'),
	('int4range', '{"[1,5)",NULL,empty,"(,)"}'),
	('numrange', '{"[1,5)",NULL,empty,"(,)","[NaN,NaN]"}'),
	('text', '{2025-01,NULL,"",a,"no such word",2025,2025-Q1,2025-13," ",a/b,.,"a\\b",% $ '' \",é€😀,"{\"a\",NULL}"}'),
	('name', '{a,NULL,""}'),
	('bytea', '{"\\\\x00",NULL,"","\\\\xff00ff"}'),
	('jsonb', '{"{}",NULL,null,[],1e400}'),
	('json', '{"{}",NULL,null,[]}'),
	('uuid', '{00000000-0000-0000-0000-000000000000,NULL}'),
	('oid', '{0,NULL,1259,4294967295}'),
	('regclass', '{pg_class,NULL,0}'),
	('regtype', '{text,NULL,0}'),
	('regproc', '{pg_catalog.now,NULL,0}'),
	('void', '{NULL}')) AS p(t, vs), unnest(vs) WITH ORDINALITY AS u(v, n)
WHERE v IS NOT NULL
UNION ALL
SELECT t::regtype, 'NULL::' || t
FROM unnest('{numeric,float8,float4,int2,int4,int8,boolean,date,timestamp,timestamptz,interval,time,daterange,
	int4range,numrange,text,name,bytea,jsonb,json,uuid,oid,regclass,regtype,regproc,void}'::text[]) AS t;
INSERT INTO harness.pool (type, value) VALUES ('text', 'E''\r\n\t\x01''::text'), ('text', 'repeat(''x'', 20000)');

-- What known/ tells: a column of aggregates of such names by the name of its
-- argument, where i counts the rows of group g from 1 ...
CREATE TABLE harness.column_rule (aggregate text, argument text, type regtype, expression text,
	PRIMARY KEY (aggregate, argument, type));
-- ... an argument of functions of such names, as one that is accepted, also where it is another type of number ...
CREATE TABLE harness.argument_rule (function text, argument text, type regtype, expression text,
	PRIMARY KEY (function, argument, type));
-- ... the text forms of types that no aggregate makes; those that are made come here, too ...
CREATE TABLE harness.form (type regtype, source text, n bigint, form text);
-- ... states that sum doubles with compensation: the last bit may depend on the
-- order; every other state gives the same bits ...
CREATE TABLE harness.rounding (state regtype PRIMARY KEY);
-- ... what a check would complain of and is meant so; of plpgsql_check, the beginning of its words;
-- long: it is never given much; once: it is not called twice; catalogue: the cache of that grows with it ...
CREATE TABLE harness.on_purpose (fact text, name text, reason text);
-- ... columns of many rows i where the plain ones would be refused or are too much alike, of one type or of any ...
CREATE TABLE harness.large_column (aggregate text, argument text, expression text, type regtype,
	UNIQUE (aggregate, argument, type));
-- ... what else there has to be beside the demo ...
CREATE TABLE harness.beside_demo (topic text PRIMARY KEY, statements text);
-- ... statements that go through much, over what the demo has ...
CREATE TABLE harness.known_call (call text PRIMARY KEY);
-- ... and for functions in C that only a trigger calls, a statement that fires it.
CREATE TABLE harness.firing (symbol text PRIMARY KEY, statement text);

CREATE FUNCTION harness.h(i integer, g integer, k integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (hashint8(i * 7919::bigint + g * 104729::bigint + k * 1299709::bigint) & 1073741823);

-- The i-th of the forms that may stand together in one group; NULL after the last.
CREATE FUNCTION harness.form(which regtype, i integer, g integer, k integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT f.form FROM harness.form AS f
	WHERE f.type = which AND f.n = i
	  AND f.source = (SELECT s.source FROM (SELECT DISTINCT x.source FROM harness.form AS x WHERE x.type = which) AS s
					  ORDER BY hashtext(s.source || g || '-' || k) LIMIT 1)
$$;

-- One of several expressions, by a number from 0 on.
CREATE FUNCTION harness.choice(expressions text[], number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT format('CASE (%s) %% %s %s END', number, cardinality(expressions),
		string_agg(format('WHEN %s THEN %s', n - 1, e), ' ' ORDER BY n))
	FROM unnest(expressions) WITH ORDINALITY AS u(e, n)
$$;

-- Expressions to try for a type.
CREATE FUNCTION harness.candidates(which oid) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	t pg_type;
	element text[];
BEGIN
	SELECT * INTO t FROM pg_type WHERE oid = which;
	IF EXISTS (SELECT FROM harness.pool WHERE type = which) THEN
		RETURN QUERY SELECT value FROM harness.pool WHERE type = which ORDER BY n;
	ELSIF t.typelem <> 0 AND t.typlen = -1 THEN
		element := ARRAY(SELECT * FROM harness.candidates(t.typelem));
		RETURN QUERY SELECT format('ARRAY[%s]::%s', v, which::regtype) FROM unnest(ARRAY[
			array_to_string(element[:1], ','), array_to_string(element, ','), 'NULL', '',
			format('ARRAY[%s,%s],ARRAY[%1$s,%2$s]', element[1], element[least(2, cardinality(element))])]) AS v
		UNION ALL VALUES (format('NULL::%s', which::regtype)),
			(format('array_fill(%s, ARRAY[2], ARRAY[-7])', element[1])),
			(format('array_fill(%s, ARRAY[50000])', element[1])),
			(format('array_fill(%s, ARRAY[3000])', element[cardinality(element)])),
			(format('array_fill(%s, ARRAY[1,1,1,1,1,1])', element[1]));
	ELSIF t.typtype = 'd' THEN
		RETURN QUERY SELECT format('%L::%s', f.form, which::regtype) FROM harness.form AS f WHERE f.type = which ORDER BY n;
		RETURN QUERY SELECT format('(%s)::%s', c, which::regtype) FROM harness.candidates(t.typbasetype) AS c;
	ELSIF t.typtype = 'e' THEN
		RETURN QUERY SELECT format('%L::%s', enumlabel, which::regtype) FROM pg_enum WHERE enumtypid = which;
	ELSIF t.typtype = 'c' THEN
		RETURN QUERY SELECT format('ROW(%s)::%s', string_agg('NULL', ','), which::regtype)
			FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped;
		RETURN QUERY SELECT format('ROW(%s)::%s',
			string_agg((SELECT c FROM harness.candidates(atttypid) AS c LIMIT 1), ',' ORDER BY attnum),
								   which::regtype)
			FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped;
		RETURN NEXT format('NULL::%s', which::regtype);
	ELSIF EXISTS (SELECT FROM harness.form WHERE type = which) THEN
		RETURN QUERY SELECT format('%L::%s', form, which::regtype) FROM
			(SELECT form FROM harness.form WHERE type = which ORDER BY hashtext(form) LIMIT 12) AS f;
		RETURN NEXT format('NULL::%s', which::regtype);
	ELSE
		RETURN NEXT format('NULL::%s', which::regtype);
	END IF;
END $$;

-- Runs a query for its errors alone: NULL when there is none.
CREATE TYPE harness.failure AS (state text, message text, hint text);
CREATE FUNCTION harness.try(query text) RETURNS harness.failure LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	EXECUTE query;
	RETURN NULL;
EXCEPTION WHEN OTHERS OR assert_failure THEN
	GET STACKED DIAGNOSTICS f.state = RETURNED_SQLSTATE, f.message = MESSAGE_TEXT, f.hint = PG_EXCEPTION_HINT;
	RETURN f;
END $$;

-- The words that an error offers.
CREATE FUNCTION harness.words(failure harness.failure) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN failure.state = '22023' AND failure.message LIKE '%no such word%'
		THEN ARRAY(SELECT m[1] FROM regexp_matches(failure.hint, '"([^"]*)"', 'g') AS m) END
$$;

-- Which C function a function is, or which one of SQL.
CREATE FUNCTION harness.symbol(which oid) RETURNS text LANGUAGE sql STABLE
	RETURN (SELECT CASE l.lanname WHEN 'c' THEN p.prosrc ELSE p.oid::regprocedure::text END
			FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang WHERE p.oid = which);

-- The aggregates, their arguments, and what each argument takes. Several may be
-- the same transition and final function with fewer or more arguments.
CREATE TABLE harness.aggregate AS
SELECT row_number() OVER (ORDER BY p.oid::regprocedure::text)::integer AS n, p.oid AS oid,
	p.oid::regprocedure::text AS name,
	   a.aggtransfn, a.aggtranstype::regtype AS state, a.aggcombinefn, a.aggfinalfn, a.aggfinalextra, a.agginitval,
	   p.pronargs::integer AS arguments, p.provariadic <> 0 AS is_variadic, p.prorettype::regtype AS result,
	   format('%s.%I', p.pronamespace::regnamespace, p.proname) AS call,
	   concat_ws(', ', harness.symbol(a.aggtransfn), harness.symbol(a.aggfinalfn), a.aggtranstype::regtype) AS pair,
	   -- sums of doubles may differ in their last bit
	   EXISTS (SELECT FROM unnest(p.proargtypes) AS x WHERE x = ANY ('{float4,float8}'::regtype[])
			   OR x IN (SELECT typrelid FROM pg_type WHERE false)) AS floating
FROM pg_proc AS p JOIN pg_aggregate AS a ON a.aggfnoid = p.oid
WHERE harness.ours(p.pronamespace);
CREATE TABLE harness.argument (aggregate integer, k integer, of text, name text, type regtype, expression text,
	accepted text[],
							   parameter boolean DEFAULT false, PRIMARY KEY (aggregate, k));
INSERT INTO harness.argument (aggregate, k, of, name, type)
SELECT a.n, u.k, p.proname, p.proargnames[u.k], u.t::regtype
FROM harness.aggregate AS a JOIN pg_proc AS p ON p.oid = a.oid, unnest(p.proargtypes) WITH ORDINALITY AS u(t, k);

-- A column of rows i in groups g where nothing better is known than its type.
CREATE FUNCTION harness.plain_expression(which regtype, k integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN which = ANY ('{numeric,float8,float4}'::regtype[]) THEN
			format('(CASE WHEN harness.h(i, g, %s) %% 9 > 0 THEN '
				'(harness.h(i, g, %1$s) %% 1000003 + 1)::numeric / (10::numeric ^ (harness.h(g, i, '
					'%1$s) %% 6)) END)::%s', k, which)
		WHEN which = ANY ('{int2,int4,int8}'::regtype[])
			THEN format('(CASE WHEN harness.h(i, g, %s) %% 9 > 0 THEN harness.h(i, g, %1$s) %% 1000 END)::%s', k,
			which)
		WHEN which = 'boolean'::regtype
			THEN format('(CASE WHEN harness.h(i, g, %s) %% 9 > 0 THEN harness.h(i, g, %1$s) %% 2 = 0 END)', k)
		WHEN which = ANY ('{date,timestamp,timestamptz}'::regtype[]) THEN
			format('(CASE WHEN harness.h(i, g, %s) %% 9 > 0 THEN '
				'date ''2024-01-01'' + harness.h(i, g, %1$s) %% 400 END)::%s', k, which)
		WHEN which = 'text'::regtype
			THEN format('(CASE WHEN harness.h(i, g, %s) %% 9 > 0 THEN ''k'' || harness.h(i, g, %1$s) %% 7 END)', k)
		WHEN EXISTS (SELECT FROM harness.form AS f WHERE f.type = which) THEN format('harness.form(%L, i, g, %s)::%s',
			which::text, k, which)
		-- arrays of one length
		WHEN which = ANY ('{numeric[],float8[]}'::regtype[])
			THEN format('ARRAY[harness.h(i, g, %s) %% 1000 / 100.0, harness.h(g, i, %1$s) %% 3]::%s', k, which)
		ELSE harness.choice(array_agg(c), format('harness.h(i, g, %s)', k))
	END FROM harness.candidates(which) AS c WHERE c !~ 'ARRAY\[[0-9]{4}'
$$;

-- Nothing else than the rows we make makes sense: known/ says so, or states.
CREATE FUNCTION harness.ruled(x harness.argument) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM harness.column_rule AS r
		WHERE x.of ~ r.aggregate AND (r.argument, r.type) = (x.name, x.type))
		OR EXISTS (SELECT FROM harness.aggregate AS a JOIN pg_type AS t ON t.oid = a.state
			WHERE a.state = x.type AND harness.ours(t.typnamespace))
$$;

-- What stands in front of an argument of an aggregate.
CREATE FUNCTION harness.spread(x harness.argument) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.is_variadic AND x.k = a.arguments THEN 'VARIADIC ' ELSE '' END
	FROM harness.aggregate AS a WHERE a.n = x.aggregate
$$;

-- A call of the aggregate over rows i of group 0, with one column replaced.
CREATE FUNCTION harness.probe(aggregate integer, rows integer, k integer DEFAULT 0, instead text DEFAULT NULL)
	RETURNS harness.failure
LANGUAGE sql AS $$
	SELECT harness.try(format('SELECT %s(%s) FROM (SELECT i, 0 AS g FROM generate_series(1, %s) AS i) AS x',
		max(a.call),
		string_agg(harness.spread(b) ||
			CASE WHEN b.k = probe.k THEN instead ELSE b.expression END, ', ' ORDER BY b.k), rows))
	FROM harness.aggregate AS a JOIN harness.argument AS b ON b.aggregate = a.n WHERE a.n = probe.aggregate
$$;

CREATE PROCEDURE harness.learn_arguments(which integer) LANGUAGE plpgsql AS $$
DECLARE
	x harness.argument;
	words text[];
	two text[];
BEGIN
	FOR x IN SELECT * FROM harness.argument WHERE aggregate = which ORDER BY k LOOP
		UPDATE harness.argument SET expression = coalesce(
			(SELECT r.expression FROM harness.column_rule AS r
				WHERE x.of ~ r.aggregate AND (r.argument, r.type) = (x.name, x.type)),
			harness.plain_expression(x.type, x.k)) WHERE aggregate = which AND k = x.k;
	END LOOP;
	-- once more, because a word is only asked for when the other words are right
	FOR round IN 1..2 LOOP
		FOR x IN SELECT * FROM harness.argument WHERE aggregate = which AND type = 'text'::regtype ORDER BY k LOOP
			words := harness.words(harness.probe(which, 1, x.k, '''no such word''::text'));
			IF words IS NOT NULL THEN
				UPDATE harness.argument SET expression = format('%L::text', words[1]),
					accepted = ARRAY(SELECT format('%L::text', w) FROM unnest(words) AS w) || 'NULL::text'::text
				WHERE aggregate = which AND k = x.k;
			END IF;
		END LOOP;
	END LOOP;
	FOR x IN SELECT * FROM harness.argument WHERE aggregate = which ORDER BY k LOOP
		-- a plain column that is refused is a parameter or wants a line in known/
		IF (harness.probe(which, 3)).state IS NOT NULL AND x.accepted IS NULL AND NOT harness.ruled(x) THEN
			UPDATE harness.argument SET expression = coalesce((SELECT c FROM harness.candidates(x.type) AS c
				WHERE (harness.probe(which, 3, x.k, c)).state IS NULL LIMIT 1), expression)
			WHERE aggregate = which AND k = x.k;
		END IF;
	END LOOP;
	-- where several are refused: NULL from the last on, then the plainest that goes with the others
	FOR x IN SELECT * FROM harness.argument AS b WHERE aggregate = which AND NOT harness.ruled(b) AND accepted IS NULL
		ORDER BY k DESC LOOP
		IF (harness.probe(which, 3)).state IS NOT NULL THEN
			UPDATE harness.argument SET expression = format('NULL::%s', x.type) WHERE aggregate = which AND k = x.k;
		END IF;
	END LOOP;
	FOR x IN SELECT * FROM harness.argument WHERE aggregate = which AND expression = format('NULL::%s', type)
		ORDER BY k LOOP
		UPDATE harness.argument SET expression = coalesce((SELECT c FROM (SELECT harness.plain_expression(x.type, x.k)
			UNION ALL SELECT * FROM harness.candidates(x.type)) AS e(c)
			WHERE c !~ '^NULL' AND (harness.probe(which, 3, x.k, c)).state IS NULL LIMIT 1), expression)
		WHERE aggregate = which AND k = x.k;
	END LOOP;
	FOR x IN SELECT * FROM harness.argument WHERE aggregate = which ORDER BY k LOOP
		IF harness.ruled(x) THEN
			-- such a column has its NULLs where they belong
			UPDATE harness.argument SET accepted = ARRAY(
				SELECT e FROM harness.candidates(x.type) AS c,
					format('CASE WHEN (%s) IS NOT NULL THEN %s END', x.expression, c) AS e
				WHERE x.type = ANY ('{numeric,float8}'::regtype[]) AND c !~ '^NULL'
					AND (harness.probe(which, 12, x.k, e)).state IS NULL)
			WHERE aggregate = which AND k = x.k;
		ELSE
			UPDATE harness.argument SET accepted = ARRAY(
				SELECT c FROM unnest(coalesce(x.accepted,
					ARRAY(SELECT c FROM harness.candidates(x.type) AS c WHERE c !~ 'ARRAY\[[0-9]{4}'))) AS c
				WHERE (harness.probe(which, 1, x.k, c)).state IS NULL)
			WHERE aggregate = which AND k = x.k RETURNING * INTO x;
			two := ARRAY(SELECT c FROM unnest(x.accepted) AS c WHERE c !~ '^NULL' LIMIT 2);
			UPDATE harness.argument SET parameter = true
			WHERE aggregate = which AND k = x.k AND cardinality(two) = 2
			  AND ((harness.probe(which, 3)).state IS NULL OR x.expression !~ '\mi\M')
			  AND (harness.probe(which, 3, x.k, two[1])).state IS NULL
			  AND (harness.probe(which, 3, x.k, format('CASE i WHEN 1 THEN %s ELSE %s END', two[1], two[2]))).state
				IS NOT NULL;
		END IF;
	END LOOP;
END $$;

-- The rows of one aggregate: plain groups, a group for each accepted value of
-- each argument, and groups of nothing but accepted values. One has a row, one
-- has two, one has so many that a state must grow. i counts the rows of a group,
-- p says in which part of a split they are.
CREATE PROCEDURE harness.make_rows(which integer, plain integer DEFAULT 9, size integer DEFAULT 16)
	LANGUAGE plpgsql AS $$
DECLARE
	columns text;
	groups integer;
	mixed integer;
	g integer;
BEGIN
	SELECT sum(coalesce(cardinality(accepted), 0)) INTO groups FROM harness.argument WHERE aggregate = which;
	SELECT CASE WHEN floating THEN 0 ELSE 6 END INTO mixed FROM harness.aggregate WHERE n = which;
	SELECT string_agg(format('(%s)::%s AS a%s', CASE
		WHEN coalesce(cardinality(accepted), 0) = 0 THEN expression
		WHEN parameter THEN harness.choice(accepted, format('g + %s', k))
		ELSE format('CASE WHEN g >= %s THEN CASE WHEN harness.h(i, g, %s) %% 2 = 0 THEN %s ELSE %s END
			WHEN g - %s BETWEEN 0 AND %s AND i %% 4 = 1 THEN %s ELSE %4$s END', plain + groups, k,
			harness.choice(accepted, format('harness.h(g, i, %s)', k)), expression, plain + before,
			cardinality(accepted) - 1,
			harness.choice(accepted, format('g - %s', plain + before))) END, type, k), ', ' ORDER BY k)
	INTO columns
	FROM (SELECT *, coalesce(sum(cardinality(accepted))
		OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::integer AS before
		  FROM harness.argument WHERE aggregate = which) AS x;
	EXECUTE format('CREATE TABLE harness.data_%s WITH (parallel_workers = 2, autovacuum_enabled = off) AS
		SELECT g, i, harness.h(i, g, 77) %% 3 AS p%s
		FROM generate_series(0, %s) AS g, generate_series(1,
		CASE g WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN %s ELSE %s END) AS i ORDER BY harness.h(i, g, 78)',
		which, coalesce(', ' || columns, ''), plain + groups + mixed - 1, 8 * size, size);
END $$;
CREATE FUNCTION harness.arguments(which integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(harness.spread(x) || 'a' || k, ', ' ORDER BY k), '*') FROM harness.argument AS x
	WHERE aggregate = which
$$;

CREATE FUNCTION harness.types(which integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(harness.spread(x) || type, ', ' ORDER BY k) FROM harness.argument AS x WHERE aggregate = which
$$;

-- Groups whose rows are refused together leave; a clean refusal is no fault.
CREATE TABLE harness.refused (aggregate integer, g integer, failure harness.failure);
CREATE PROCEDURE harness.drop_refused(which integer) LANGUAGE plpgsql AS $$
DECLARE
	one integer;
	f harness.failure;
BEGIN
	FOR one IN EXECUTE format('SELECT DISTINCT g FROM harness.data_%s', which) LOOP
		SELECT * INTO f FROM harness.try(format('SELECT %s(%s) FROM harness.data_%s WHERE g = %s',
			(SELECT call FROM harness.aggregate WHERE n = which), harness.arguments(which), which, one));
		IF f.state IS NOT NULL THEN
			INSERT INTO harness.refused VALUES (which, one, f);
			EXECUTE format('DELETE FROM harness.data_%s WHERE g = %s', which, one);
		END IF;
	END LOOP;
	EXECUTE format('ANALYZE harness.data_%s', which);
END $$;

-- States of each part of each group, by an aggregate of our own that ends with
-- the state; a part without rows has the state of no rows.
CREATE PROCEDURE harness.make_states(which integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	types text := harness.types(which);
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	EXECUTE format('CREATE AGGREGATE harness.state_%s(%s) (SFUNC = %s, STYPE = %s%s)', which,
		coalesce(types, '*'), a.aggtransfn,
		a.state, CASE WHEN a.agginitval IS NOT NULL THEN format(', INITCOND = %L', a.agginitval) END);
	EXECUTE format('CREATE AGGREGATE harness.merge_%1$s(%2$s) (SFUNC = %3$s, STYPE = %2$s%4$s)', which, a.state,
		a.aggcombinefn,
		CASE WHEN a.agginitval IS NOT NULL THEN format(', INITCOND = %L', a.agginitval) END);
	EXECUTE format('CREATE TABLE harness.states_%s WITH (parallel_workers = 2) AS SELECT g, q.p,
		harness.state_%1$s(%s) FILTER (WHERE d.p = q.p) AS state
		FROM harness.data_%1$s AS d CROSS JOIN generate_series(0, 3) AS q(p) GROUP BY g, q.p', which,
		CASE WHEN types IS NULL THEN '*' ELSE harness.arguments(which) END);
END $$;

-- Rows, states and forms of one aggregate.
CREATE PROCEDURE harness.generate(which integer) LANGUAGE plpgsql AS $$
DECLARE a harness.aggregate;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	CALL harness.learn_arguments(a.n);
	CALL harness.make_rows(a.n);
	CALL harness.drop_refused(a.n);
	IF a.aggcombinefn <> 0 AND a.state NOT IN (SELECT oid FROM pg_type WHERE typtype = 'p') THEN
		CALL harness.make_states(a.n);
		IF NOT EXISTS (SELECT FROM harness.form WHERE type = a.state AND source LIKE a.name || ' %') THEN
			EXECUTE format('INSERT INTO harness.form SELECT %L, %L || '' '' || g, row_number() OVER (PARTITION BY g
				ORDER BY p), state::text
				FROM harness.states_%s WHERE state IS NOT NULL AND pg_column_size(state) < 20000 AND g < 60',
					a.state::text, a.name, a.n);
		END IF;
	END IF;
END $$;

-- Aggregates over states come last: their arguments are made by the others.
CREATE VIEW harness.in_order AS
SELECT o.*, o.of_rows AND o.n = first_value(o.n)
	OVER (PARTITION BY o.state, o.of_rows ORDER BY o.name) AS first_of_state
FROM (SELECT x.*, row_number() OVER (ORDER BY NOT of_rows, x.n) AS place
	  FROM (SELECT a.*, NOT EXISTS (SELECT FROM harness.argument AS b JOIN pg_type AS t ON t.oid = b.type
				WHERE b.aggregate = a.n AND harness.ours(t.typnamespace) AND t.typtype = 'b') AS of_rows
			FROM harness.aggregate AS a) AS x) AS o;

-- Rows of an aggregate that has none yet, and of one whose states it takes.
CREATE PROCEDURE harness.ensure(which integer) LANGUAGE plpgsql AS $$
DECLARE
	other integer;
BEGIN
	IF to_regclass(format('harness.data_%s', which)) IS NOT NULL THEN
		RETURN;
	END IF;
	FOR other IN SELECT DISTINCT o.n FROM harness.argument AS b JOIN harness.in_order AS o ON o.state = b.type
			JOIN pg_type AS t ON t.oid = b.type AND harness.ours(t.typnamespace)
			WHERE b.aggregate = which AND o.first_of_state AND NOT EXISTS (SELECT FROM harness.form AS f
				WHERE f.type = b.type) LOOP
		CALL harness.ensure(other);
	END LOOP;
	CALL harness.generate(which);
END $$;
