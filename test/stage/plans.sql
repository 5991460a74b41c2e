-- One truth for every plan: each aggregate of kpi over generated rows, along
-- every way its rows can be brought together. harness.compared has the ways,
-- harness.verdict what is not as the plain pass gives it.

-- this very server, as postgres_fdw sees another one; rows from there are dear,
-- because whether an aggregate can be pushed is the question
SET client_min_messages = warning;
CREATE EXTENSION postgres_fdw;
CREATE SERVER loopback FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'socket', dbname 'harness', extensions 'kpi',
	fdw_tuple_cost '1000');
CREATE USER MAPPING FOR postgres SERVER loopback OPTIONS (user 'postgres');

-- One aggregate for each pair of a transition and a final function.
CREATE VIEW harness.paired AS
SELECT DISTINCT ON (pair) a.* FROM harness.aggregate AS a, harness.setting AS s WHERE a.name ~ s.match
ORDER BY pair, arguments DESC, n;

CREATE TABLE harness.compared (aggregate integer, way text, groups bigint);
-- results of what the others are compared with, and of another server
CREATE TABLE harness.got (aggregate integer, way text, g integer, result text, PRIMARY KEY (aggregate, way, g));

-- What the catalogue must say.
INSERT INTO harness.verdict
SELECT CASE WHEN fact.holds THEN 'ok' ELSE 'not ok' END, a.name, fact.wanted
FROM harness.aggregate AS a JOIN pg_aggregate AS c ON c.aggfnoid = a.oid JOIN pg_proc AS p ON p.oid = a.oid
	JOIN pg_type AS t ON t.oid = a.state JOIN pg_proc AS f ON f.oid = a.aggtransfn
	LEFT JOIN pg_proc AS cf ON cf.oid = a.aggcombinefn,
	LATERAL (VALUES (t.typtype <> 'p', 'its state type is a pseudo-type'),
		(a.aggcombinefn <> 0, 'it has no combine function'),
		(p.proparallel = 's', 'it is not PARALLEL SAFE'),
		(f.proparallel = 's', 'its transition function is not PARALLEL SAFE'),
		(a.aggcombinefn = 0 OR cf.proparallel = 's', 'its combine function is not PARALLEL SAFE'),
		(a.aggfinalfn = 0 OR (SELECT proparallel = 's' FROM pg_proc WHERE oid = a.aggfinalfn),
			'its final function is not PARALLEL SAFE'),
		(f.provolatile <> 'v' AND (a.aggcombinefn = 0 OR cf.provolatile = 'i'),
			'a function of its is VOLATILE or its combine function not IMMUTABLE'),
		-- days of a timestamp depend on the time zone
		(f.provolatile = 'i' OR 'timestamptz'::regtype = ANY (p.proargtypes::oid[]),
			'its transition function is not IMMUTABLE'),
		(c.aggfinalmodify = 'r', 'its final function modifies the state'),
		(obj_description(a.oid, 'pg_proc') IS NOT NULL, 'it has no comment'),
		(t.typtype = 'p' OR NOT harness.ours(t.typnamespace) OR t.typreceive <> 0 AND t.typsend <> 0,
			'its state type has no binary form')) AS fact(holds, wanted);

-- Long results are kept as what tells them apart.
CREATE FUNCTION harness.digest(result text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN CASE WHEN octet_length(result) <= 10000 THEN result ELSE left(result, 300) || '... ' || md5(result) END;
END $$;

-- Compares what a way gives, a query of g and result, with what another one gave.
CREATE PROCEDURE harness.compare(which integer, way text, given text, base text) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	floating boolean;
	groups bigint;
	differing bigint;
	example text;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	floating := EXISTS (SELECT FROM harness.rounding AS r WHERE r.state = a.state);
	EXECUTE format('SELECT count(*), count(*) FILTER (WHERE d.wrong), min(d.said) FILTER (WHERE d.wrong)
		FROM (SELECT o.g IS NULL OR s.g IS NULL OR o.r IS DISTINCT FROM s.result AND NOT harness.agrees(%L,
		s.result, o.r, %L) AS wrong,
				format(''group %%s with %%s instead of %%s'', coalesce(o.g, s.g),
				CASE WHEN o.g IS NULL THEN ''nothing'' ELSE coalesce(left(o.r, 300), ''NULL'') END,
					CASE WHEN s.g IS NULL THEN ''nothing'' ELSE coalesce(left(s.result, 300), ''NULL'') END) AS said
			FROM (%s) AS o(g, r) FULL JOIN (SELECT g, result FROM harness.got WHERE (aggregate, way) = (%s,
			%L)) AS s ON o.g = s.g) AS d',
		a.result, floating, given, which, base) INTO groups, differing, example;
	INSERT INTO harness.compared VALUES (which, way, groups);
	INSERT INTO harness.verdict VALUES (CASE differing WHEN 0 THEN 'ok' ELSE 'not ok' END, a.name,
		format('%s is not %s: %s of %s groups differ, among them %s', way, base, differing, groups, example));
END $$;

-- Runs a query of g and result along a way, in the plan that is wanted, and
-- compares it with a base; one without a base is a base itself.
CREATE PROCEDURE harness.go(which integer, way text, query text, base text DEFAULT 'one pass',
	wanted text DEFAULT NULL, unwanted text DEFAULT '^$')
LANGUAGE plpgsql AS $$
DECLARE
	name text := (SELECT a.name FROM harness.aggregate AS a WHERE n = which);
	line text;
	plan text := '';
BEGIN
	query := format('SELECT g, harness.digest((r)::text) AS r FROM (%s) AS q(g, r)', query);
	IF base IS NULL THEN
		EXECUTE format('INSERT INTO harness.got SELECT %s, %L, g, r FROM (%s) AS q', which, way, query);
	ELSIF wanted IS NULL THEN
		CALL harness.compare(which, way, query, base);
	ELSE
		DROP TABLE IF EXISTS harness.result;
		FOR line IN EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, COSTS off, TIMING off, '
			'SUMMARY off) CREATE UNLOGGED TABLE harness.result AS ' || query LOOP
			plan := plan || line || E'\n';
		END LOOP;
		INSERT INTO harness.verdict VALUES (CASE WHEN plan ~ wanted AND plan !~ unwanted THEN 'ok' ELSE 'not ok' END,
			name,
			format('%s: the plan is another one: %s', way, regexp_replace(plan, E'\n *', ' | ', 'g')));
		CALL harness.compare(which, way, 'SELECT g, r FROM harness.result', base);
	END IF;
EXCEPTION WHEN OTHERS THEN
	INSERT INTO harness.verdict VALUES ('not ok', name, format('%s: error %s: %s', way, SQLSTATE, SQLERRM));
END $$;

-- A call of the aggregate over its generated columns.
CREATE FUNCTION harness.call(which integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('%s(%s)', a.call, harness.arguments(a.n)) FROM harness.aggregate AS a WHERE n = which
$$;

-- The result of a state.
CREATE FUNCTION harness.final(which integer, value text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.aggfinalfn = 0 THEN value
		WHEN a.aggfinalextra THEN format('%s(%s%s)', a.aggfinalfn, value,
			(SELECT string_agg(', NULL::' || type, '' ORDER BY k) FROM harness.argument WHERE aggregate = which))
		ELSE format('%s(%s)', a.aggfinalfn, value) END
	FROM harness.aggregate AS a WHERE n = which
$$;

-- A query of the results of states that are merged.
CREATE FUNCTION harness.merged(which integer, state text DEFAULT 'state', source text DEFAULT NULL) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('SELECT g, %s FROM %s GROUP BY g',
		harness.final(which, format('harness.merge_%s(%s)', which, state)),
		coalesce(source, format('harness.states_%s', which)))
$$;

-- The forms a state is stored in, against the base of one pass.
CREATE PROCEDURE harness.by_states(which integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	file text := format('%s/kpi_harness_states', current_setting('data_directory'));
	changed bigint;
	example text;
	refusal text;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	CALL harness.go(which, 'states stored in a table and merged', harness.merged(which));
	CALL harness.go(which, 'states merged in another order', harness.merged(which, 'state ORDER BY p DESC'));
	CALL harness.go(which, 'a state of each row, merged', harness.merged(which, 'state',
		format('(SELECT g, harness.state_%s(%s) AS state FROM harness.data_%1$s GROUP BY g, i) AS s', which,
			harness.arguments(which))));
	CALL harness.go(which, 'states read back from their text form',
		harness.merged(which, format('state::text::%s', a.state)));
	EXECUTE format('COPY harness.states_%s TO %L (FORMAT binary)', which, file);
	EXECUTE format('CREATE TABLE harness.binary_%s (LIKE harness.states_%1$s)', which);
	BEGIN
		EXECUTE format('COPY harness.binary_%s FROM %L (FORMAT binary)', which, file);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS refusal = PG_EXCEPTION_CONTEXT;
		refusal := format('the binary form of a state of its own is refused: %s (%s)', SQLERRM,
			split_part(refusal, E'\n', 1));
		INSERT INTO harness.verdict VALUES ('not ok', a.name, refusal);
		RETURN;
	END;
	CALL harness.go(which, 'states read back from their binary form',
		harness.merged(which, 'state', format('harness.binary_%s', which)));
	EXECUTE format('SELECT count(*) FROM harness.states_%s AS s FULL JOIN harness.binary_%1$s AS b USING (g, p)
		WHERE s.state::text IS DISTINCT FROM b.state::text', which) INTO changed;
	INSERT INTO harness.verdict VALUES (CASE changed WHEN 0 THEN 'ok' ELSE 'not ok' END, a.name,
		format('%s states of type %s have another text after their binary form', changed, a.state));
	EXECUTE format('SELECT count(*), min(state::text) FROM harness.states_%s WHERE %s(state::text::%s) IS DISTINCT
		FROM %2$s(state)', which,
		(SELECT typsend FROM pg_type WHERE oid = a.state), a.state) INTO changed, example;
	INSERT INTO harness.verdict VALUES (CASE changed WHEN 0 THEN 'ok' ELSE 'not ok' END, a.name,
		format('%s states of type %s lose something in their text form, among them %s', changed, a.state,
			left(example, 300)));
	IF to_regprocedure(format('kpi.rollup(%s)', a.state)) IS NOT NULL THEN
		CALL harness.go(which, 'states merged by rollup()',
			format('SELECT g, %s FROM harness.states_%s GROUP BY g',
				harness.final(which, 'kpi.rollup(state)'), which));
	END IF;
	CALL harness.keeps_states(which);
END $$;

-- Functions over states must not write into what they are given.
CREATE PROCEDURE harness.keeps_states(which integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	states text := format('SELECT array_agg(state::text ORDER BY g, p) FROM harness.states_%s WHERE g < 8', which);
	before text[];
	after text[];
	pair record;
	failure harness.failure;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	EXECUTE states INTO before;
	FOR pair IN EXECUTE format('SELECT g, p, (p + 1) %% 3 AS q FROM harness.states_%s WHERE g < 8 AND p < 3',
		which) LOOP
		failure := harness.try(format('SELECT %s(s.state, o.state) FROM harness.states_%s AS s,
			harness.states_%2$s AS o WHERE (s.g, s.p, o.g, o.p) = (%s, %s, %3$s, %s)',
			a.aggcombinefn, which, pair.g, pair.p, pair.q));
		IF failure.state !~ '^(22|54)' THEN
			INSERT INTO harness.verdict VALUES ('not ok', a.name,
				format('its combine function gives error %s for two states: %s', failure.state, failure.message));
		END IF;
	END LOOP;
	EXECUTE states INTO after;
	INSERT INTO harness.verdict VALUES (CASE WHEN before = after THEN 'ok' ELSE 'not ok' END, a.name,
		'its combine function changes stored states');
END $$;

CREATE PROCEDURE harness.by_plans(which integer) LANGUAGE plpgsql AS $$
DECLARE
	call text := harness.call(which);
	query text := format('SELECT g, %s FROM harness.data_%s GROUP BY g', call, which);
BEGIN
	PERFORM set_config('max_parallel_workers_per_gather', '0', false);
	CALL harness.go(which, 'one pass', query, NULL);
	CALL harness.go(which, 'rows in another order',
		format('SELECT g, %s FROM (SELECT * FROM harness.data_%s ORDER BY harness.h(i, g, 79)) AS d GROUP BY g',
		call, which));
	CALL harness.go(which, 'as a window over the group',
		format('SELECT DISTINCT g, harness.digest((%s OVER (PARTITION BY g))::text) FROM harness.data_%s AS d',
		call, which));
	CALL harness.go(which, 'FILTER that takes all',
		format('SELECT g, %s FILTER (WHERE i > 0) FROM harness.data_%s GROUP BY g', call, which));

	-- workers
	PERFORM set_config(s, v, false) FROM (VALUES ('max_parallel_workers_per_gather', '2'),
		('parallel_setup_cost', '0'), ('parallel_tuple_cost', '0'),
		('min_parallel_table_scan_size', '0'), ('parallel_leader_participation', 'off')) AS s(s, v);
	CALL harness.go(which, 'a parallel plan', query, 'one pass', 'Finalize.*Workers Launched: [1-9].*Partial');
	PERFORM set_config(s, v, false)
		FROM (VALUES ('max_parallel_workers_per_gather', '0'), ('parallel_leader_participation', 'on')) AS s(s, v);

	CALL harness.by_partitions(which);
	CALL harness.by_foreign_server(which);
END $$;

-- Partitions across the groups.
CREATE PROCEDURE harness.by_partitions(which integer) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE harness.parted_%s (LIKE harness.data_%1$s) PARTITION BY LIST (p)', which);
	EXECUTE format('CREATE TABLE harness.parted_%s_0 PARTITION OF harness.parted_%1$s FOR VALUES IN (0)', which);
	EXECUTE format('CREATE TABLE harness.parted_%s_rest PARTITION OF harness.parted_%1$s DEFAULT', which);
	EXECUTE format('INSERT INTO harness.parted_%s SELECT * FROM harness.data_%1$s', which);
	EXECUTE format('ANALYZE harness.parted_%s', which);
	PERFORM set_config('enable_partitionwise_aggregate', 'on', false);
	CALL harness.go(which, 'a partition-wise plan',
		format('SELECT g, %s FROM harness.parted_%s GROUP BY g', harness.call(which), which), 'one pass',
		'Finalize.*Append.*Partial.*Partial');
	PERFORM set_config('enable_partitionwise_aggregate', 'off', false);
END $$;

-- Another server, which is to do the whole.
CREATE PROCEDURE harness.by_foreign_server(which integer) LANGUAGE plpgsql AS $$
DECLARE
	call text := harness.call(which);
	wanted text := format('Foreign Scan.*Remote SQL: [^\n]*%s\(', substring(call FROM '[^(]+'));
	reason text;
BEGIN
	EXECUTE format('CREATE FOREIGN TABLE harness.foreign_%s (%s) SERVER loopback OPTIONS (schema_name ''harness'',
		table_name ''data_%1$s'')', which,
		(SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum) FROM pg_attribute
		 WHERE attrelid = format('harness.data_%s', which)::regclass AND attnum > 0));
	-- it ships no array of an extension's type
	IF harness.ours((SELECT e.typnamespace FROM harness.aggregate AS a JOIN pg_type AS t ON t.oid = a.result
		JOIN pg_type AS e ON e.oid = t.typelem
		WHERE a.n = which)) THEN
		reason := 'postgres_fdw cannot push what gives an array of our type';
	ELSIF (SELECT provolatile FROM pg_proc AS p JOIN harness.aggregate AS a ON a.aggtransfn = p.oid
		WHERE a.n = which) <> 'i' THEN
		reason := 'postgres_fdw cannot push what depends on the time zone';
	END IF;
	INSERT INTO harness.verdict SELECT 'skip', name, reason FROM harness.aggregate
	WHERE n = which AND reason IS NOT NULL;
	CALL harness.go(which, 'pushed through postgres_fdw',
		format('SELECT g, %s FROM harness.foreign_%s GROUP BY g', call, which), 'one pass',
		CASE WHEN reason IS NULL THEN wanted END, 'Aggregate \(actual');
END $$;

-- A frame that grows over every prefix of a few groups, and one that moves,
-- where the aggregate takes such rows.
CREATE PROCEDURE harness.by_frames(which integer) LANGUAGE plpgsql AS $$
DECLARE
	frame text;
	rows text;
	over text;
	one_by_one text;
BEGIN
	DROP TABLE IF EXISTS harness.framed;
	EXECUTE format('CREATE UNLOGGED TABLE harness.framed AS SELECT * FROM harness.data_%s WHERE g < 3 OR g %% 9 = 0',
		which);
	FOR frame, rows, over IN VALUES ('a growing frame', 'x.i <= d.i', 'ORDER BY i'),
			('a moving frame', 'x.i BETWEEN d.i - 3 AND d.i + 1',
				'ORDER BY i ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING') LOOP
		one_by_one := format('SELECT g * 1000 + i, (SELECT %s FROM harness.framed AS x WHERE x.g = d.g AND %s)
			FROM harness.framed AS d', harness.call(which), rows);
		IF frame = 'a growing frame' OR (harness.try(one_by_one)).state IS NULL THEN
			CALL harness.go(which, 'its rows one by one', one_by_one, NULL);
			CALL harness.go(which, frame,
				format('SELECT g * 1000 + i, %s OVER (PARTITION BY g %s) FROM harness.framed', harness.call(which),
				over), 'its rows one by one');
			DELETE FROM harness.got WHERE aggregate = which AND way = 'its rows one by one';
		END IF;
	END LOOP;
END $$;

-- What the rows must hold, as far as the aggregate takes it.
CREATE PROCEDURE harness.look_at_rows(which integer) LANGUAGE plpgsql AS $$
DECLARE
	x record;
	found boolean;
BEGIN
	FOR x IN SELECT b.k, b.name, v.* FROM harness.argument AS b,
		(VALUES ('NULL', '%s IS NULL', '^NULL'), ('NaN', '%s = ''NaN''', 'NaN'),
				('Infinity', '%s = ''Infinity''', '''Infinity'),
				('a great number', 'abs(%s) > 1e30 AND abs(%1$s) < ''Infinity''', 'e(300|131071)'))
					AS v(kind, condition, pattern)
			WHERE b.aggregate = which AND NOT b.parameter AND b.type = ANY ('{numeric,float8}'::regtype[])
			  AND EXISTS (SELECT FROM unnest(b.accepted) AS c WHERE c ~ v.pattern) LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM harness.data_%s WHERE %s)', which,
			format(x.condition, 'a' || x.k)) INTO found;
		INSERT INTO harness.verdict SELECT CASE WHEN found THEN 'ok' ELSE 'not ok' END, name,
			format('no generated row has %s as its %s', x.kind, x.name)
		FROM harness.aggregate WHERE n = which;
		INSERT INTO harness.held VALUES (which, x.kind);
	END LOOP;
END $$;
CREATE TABLE harness.held (aggregate integer, kind text);

CREATE PROCEDURE harness.try_plans(which integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	rows bigint := 0;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	IF to_regclass(format('harness.data_%s', a.n)) IS NOT NULL THEN
		EXECUTE format('SELECT count(DISTINCT g) FROM harness.data_%s', a.n) INTO rows;
	END IF;
	INSERT INTO harness.verdict VALUES (CASE WHEN rows >= 12 THEN 'ok' ELSE 'not ok' END, a.name,
		format('only %s groups of generated rows are accepted (%s); say in known/ what its arguments take', rows,
			(SELECT min((failure).message) FROM harness.refused WHERE aggregate = a.n)));
	INSERT INTO harness.verdict SELECT 'not ok', a.name, format('error %s for generated rows: %s', (failure).state,
		(failure).message)
		FROM harness.refused WHERE aggregate = a.n AND (failure).state !~ '^(22|54)';
	IF rows > 0 THEN
		CALL harness.look_at_rows(a.n);
		CALL harness.by_plans(a.n);
		IF to_regclass(format('harness.states_%s', a.n)) IS NOT NULL THEN
			CALL harness.by_states(a.n);
		END IF;
		CALL harness.by_frames(a.n);
	END IF;
END $$;

-- Two results are the same if their text is; where doubles are summed, also if
-- only numbers in it differ, by no more than their last bit.
CREATE FUNCTION harness.same(x text, y text, floating boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	number CONSTANT text := '-?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?';
	a numeric[];
	b numeric[];
BEGIN
	IF x IS NOT DISTINCT FROM y THEN RETURN true; END IF;
	IF x IS NULL OR y IS NULL OR NOT floating
		OR regexp_replace(x, number, '#', 'g') <> regexp_replace(y, number, '#', 'g') THEN RETURN false; END IF;
	a := ARRAY(SELECT m[1]::numeric FROM regexp_matches(x, number, 'g') AS m);
	b := ARRAY(SELECT m[1]::numeric FROM regexp_matches(y, number, 'g') AS m);
	RETURN NOT EXISTS (SELECT FROM unnest(a, b) AS u(p, q)
		WHERE abs(p - q) > greatest(1e-15 * greatest(abs(p), abs(q)), 5e-324));
END $$;

-- States that say the same in other words are told apart by what reads them.
CREATE FUNCTION harness.readers(state regtype) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT array_agg(p.oid::regproc::text ORDER BY p.oid::regprocedure::text) FROM pg_proc AS p
	JOIN pg_type AS t ON t.oid = state
	WHERE state IN (SELECT a.state FROM harness.aggregate AS a) AND p.pronargs = 1 AND p.proargtypes[0] = state
		AND p.prokind = 'f' AND harness.ours(p.pronamespace)
	  AND p.prorettype NOT IN (state, 'cstring'::regtype, 'bytea'::regtype)
$$;
CREATE FUNCTION harness.read(state regtype, form text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	reader text;
	one text;
	said text := '';
BEGIN
	FOREACH reader IN ARRAY harness.readers(state) LOOP
		BEGIN
			EXECUTE format('SELECT %s(%L::%s)::text', reader, form, state) INTO one;
		EXCEPTION WHEN OTHERS THEN
			one := SQLERRM;
		END;
		said := concat(said, '|', one);
	END LOOP;
	RETURN said;
END $$;

-- Whether a way gives what is expected. States that say the same in other words
-- are told apart by what reads them.
CREATE FUNCTION harness.agrees(state regtype, wanted text, got text, floating boolean) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN wanted IS NOT DISTINCT FROM got THEN true
		WHEN wanted IS NULL OR got IS NULL THEN false
		WHEN harness.same(wanted, got, floating) THEN true
		WHEN NOT floating OR harness.readers(state) IS NULL THEN false
		ELSE harness.same(harness.read(state, wanted), harness.read(state, got), true) END
$$;

-- What another database that was restored from a dump of the states is asked:
-- their results, as lines for harness.got.
CREATE VIEW harness.questions AS
SELECT a.n, format('CREATE AGGREGATE harness.merge_%s(%s) (SFUNC = %s, STYPE = %2$s%4$s)', a.n, a.state,
	a.aggcombinefn,
		CASE WHEN a.agginitval IS NOT NULL THEN format(', INITCOND = %L', a.agginitval) END) AS make,
	format('COPY (SELECT %s, ''states dumped, restored and merged'', g, harness.digest((r)::text)
		FROM (%s) AS q(g, r)) TO STDOUT', a.n, harness.merged(a.n)) AS ask
FROM harness.aggregate AS a WHERE to_regclass(format('harness.states_%s', a.n)) IS NOT NULL
  AND EXISTS (SELECT FROM harness.got AS o WHERE (o.aggregate, o.way) = (a.n, 'one pass'));

CREATE PROCEDURE harness.compare_restored() LANGUAGE plpgsql AS $$
DECLARE which integer;
BEGIN
	FOR which IN SELECT n FROM harness.questions LOOP
		CALL harness.compare(which, 'states dumped, restored and merged',
			format('SELECT g, result FROM harness.got WHERE (aggregate, way) =
				(%s, ''states dumped, restored and merged'')', which), 'one pass');
	END LOOP;
END $$;
