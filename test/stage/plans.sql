-- One truth for every plan: each aggregate of kpi over generated rows, along
-- every way its rows can be brought together. harness.got has the results,
-- harness.differing what is not as the plain pass gives it.

-- this very server, as postgres_fdw sees another one; rows from there are dear,
-- because whether an aggregate can be pushed is the question
SET client_min_messages = warning;
CREATE EXTENSION postgres_fdw;
CREATE SERVER loopback FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'socket', dbname 'harness', extensions 'kpi', fdw_tuple_cost '1000');
CREATE USER MAPPING FOR postgres SERVER loopback OPTIONS (user 'postgres');

CREATE TABLE harness.got (aggregate integer, way text, g integer, result text);

-- What the catalogue must say.
INSERT INTO harness.verdict
SELECT CASE WHEN fact.holds THEN 'ok' ELSE 'not ok' END, a.name, fact.wanted
FROM harness.aggregate AS a JOIN pg_aggregate AS c ON c.aggfnoid = a.oid JOIN pg_proc AS p ON p.oid = a.oid
	JOIN pg_type AS t ON t.oid = a.state JOIN pg_proc AS f ON f.oid = a.aggtransfn LEFT JOIN pg_proc AS cf ON cf.oid = a.aggcombinefn,
	LATERAL (VALUES (t.typtype <> 'p', 'its state type is a pseudo-type'),
		(a.aggcombinefn <> 0, 'it has no combine function'),
		(p.proparallel = 's', 'it is not PARALLEL SAFE'),
		(f.proparallel = 's', 'its transition function is not PARALLEL SAFE'),
		(a.aggcombinefn = 0 OR cf.proparallel = 's', 'its combine function is not PARALLEL SAFE'),
		(a.aggfinalfn = 0 OR (SELECT proparallel = 's' FROM pg_proc WHERE oid = a.aggfinalfn), 'its final function is not PARALLEL SAFE'),
		(f.provolatile <> 'v' AND (a.aggcombinefn = 0 OR cf.provolatile = 'i'), 'a function of its is VOLATILE or its combine function not IMMUTABLE'),
		-- days of a timestamp depend on the time zone
		(f.provolatile = 'i' OR 'timestamptz'::regtype = ANY (p.proargtypes::oid[]), 'its transition function is not IMMUTABLE'),
		(c.aggfinalmodify = 'r', 'its final function modifies the state'),
		(obj_description(a.oid, 'pg_proc') IS NOT NULL, 'it has no comment'),
		(t.typtype = 'p' OR t.typnamespace <> 'kpi'::regnamespace OR t.typreceive <> 0 AND t.typsend <> 0, 'its state type has no binary form')) AS fact(holds, wanted);

CREATE PROCEDURE harness.go(which integer, way text, query text) LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	DROP TABLE IF EXISTS harness.result;
	f := harness.try(format('CREATE UNLOGGED TABLE harness.result AS SELECT g, (r)::text AS r FROM (%s) AS q(g, r)', query));
	IF f.state IS NOT NULL THEN
		INSERT INTO harness.verdict SELECT 'not ok', name, format('%s: error %s: %s', way, f.state, f.message) FROM harness.aggregate WHERE n = which;
	ELSE
		INSERT INTO harness.got SELECT which, way, g, r FROM harness.result;
	END IF;
END $$;

CREATE FUNCTION harness.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	whole text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		whole := whole || line || E'\n';
	END LOOP;
	RETURN whole;
END $$;

CREATE PROCEDURE harness.must_plan(which integer, way text, query text, wanted text, unwanted text DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE plan text := harness.plan(query);
BEGIN
	INSERT INTO harness.verdict SELECT CASE WHEN plan ~ wanted AND plan !~ coalesce(unwanted, '^$') THEN 'ok' ELSE 'not ok' END,
		name, format('%s: the plan is another one: %s', way, regexp_replace(plan, E'\n *', ' | ', 'g')) FROM harness.aggregate WHERE n = which;
END $$;

-- the forms a state is stored in
CREATE PROCEDURE harness.by_states(which integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	final text;
	file text := format('%s/kpi_harness_states', current_setting('data_directory'));
	changed bigint;
	refusal text;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	final := CASE WHEN a.aggfinalfn = 0 THEN '%s'
		WHEN a.aggfinalextra THEN (SELECT format('%s(%%s%s)', a.aggfinalfn, string_agg(', NULL::' || type, '' ORDER BY k))
								   FROM harness.argument WHERE aggregate = which)
		ELSE format('%s(%%s)', a.aggfinalfn) END;
	CALL harness.go(which, 'states stored in a table and merged',
		format('SELECT g, %s FROM harness.states_%s GROUP BY g', format(final, format('harness.merge_%s(state)', which)), which));
	CALL harness.go(which, 'states merged in another order',
		format('SELECT g, %s FROM harness.states_%s GROUP BY g', format(final, format('harness.merge_%s(state ORDER BY p DESC)', which)), which));
	CALL harness.go(which, 'states read back from their text form',
		format('SELECT g, %s FROM harness.states_%s GROUP BY g', format(final, format('harness.merge_%s(state::text::%s)', which, a.state)), which));
	EXECUTE format('COPY harness.states_%s TO %L (FORMAT binary)', which, file);
	EXECUTE format('CREATE TABLE harness.binary_%s (LIKE harness.states_%1$s)', which);
	BEGIN
		EXECUTE format('COPY harness.binary_%s FROM %L (FORMAT binary)', which, file);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS refusal = PG_EXCEPTION_CONTEXT;
		refusal := format('the binary form of a state of its own is refused: %s (%s)', SQLERRM, split_part(refusal, E'\n', 1));
		INSERT INTO harness.verdict VALUES ('not ok', a.name, refusal);
		RETURN;
	END;
	CALL harness.go(which, 'states read back from their binary form',
		format('SELECT g, %s FROM harness.binary_%s GROUP BY g', format(final, format('harness.merge_%s(state)', which)), which));
	EXECUTE format('SELECT count(*) FROM harness.states_%s AS s FULL JOIN harness.binary_%1$s AS b USING (g, p)
		WHERE s.state::text IS DISTINCT FROM b.state::text OR s.state::text::%s::text IS DISTINCT FROM s.state::text', which, a.state) INTO changed;
	INSERT INTO harness.verdict VALUES (CASE changed WHEN 0 THEN 'ok' ELSE 'not ok' END, a.name,
		format('%s states have another text after they went through their text or binary form', changed));
	IF to_regprocedure(format('kpi.rollup(%s)', a.state)) IS NOT NULL THEN
		CALL harness.go(which, 'states merged by rollup()',
			format('SELECT g, %s FROM harness.states_%s GROUP BY g', format(final, 'kpi.rollup(state)'), which));
	END IF;
	-- functions over states must not write into what they are given
	EXECUTE format('CREATE TABLE harness.before_%s AS SELECT g, p, state::text AS state FROM harness.states_%1$s', which);
	EXECUTE format('SELECT count(*) FROM harness.states_%s AS s JOIN harness.states_%1$s AS o USING (g) JOIN harness.before_%1$s AS b ON (b.g, b.p) = (s.g, s.p),
		LATERAL (SELECT harness.try(format(''SELECT %s(%%L::%s, %%L::%3$s)'', s.state, o.state)) AS t OFFSET 0) AS x
		WHERE o.p = (s.p + 1) %% 3 AND s.g < 8 AND x.t IS NOT NULL AND (x.t).state !~ ''^(22|54)''', which, a.aggcombinefn, a.state) INTO changed;
	EXECUTE format('DO %L', format('BEGIN PERFORM %s(s.state, o.state) FROM harness.states_%s AS s JOIN harness.states_%2$s AS o USING (g) WHERE o.p = (s.p + 1) %% 3;
		EXCEPTION WHEN data_exception THEN NULL; END', a.aggcombinefn, which));
	EXECUTE format('SELECT count(*) FROM harness.states_%s AS s JOIN harness.before_%1$s AS b USING (g, p) WHERE s.state::text IS DISTINCT FROM b.state', which) INTO changed;
	INSERT INTO harness.verdict VALUES (CASE changed WHEN 0 THEN 'ok' ELSE 'not ok' END, a.name,
		format('its combine function changed %s stored states', changed));
END $$;

CREATE PROCEDURE harness.by_plans(which integer) LANGUAGE plpgsql AS $$
DECLARE
	call text;
	query text;
BEGIN
	SELECT format('%s(%s)', a.call, harness.arguments(a.n)) INTO call FROM harness.aggregate AS a WHERE n = which;
	query := format('SELECT g, %s FROM harness.data_%s GROUP BY g', call, which);
	PERFORM set_config('max_parallel_workers_per_gather', '0', false);
	CALL harness.go(which, 'one pass', query);
	CALL harness.go(which, 'rows in another order', format('SELECT g, %s FROM (SELECT * FROM harness.data_%s ORDER BY harness.h(i, g, 79)) AS d GROUP BY g', call, which));
	CALL harness.go(which, 'as a window over the group', format('SELECT DISTINCT g, r FROM (SELECT g, (%s OVER (PARTITION BY g))::text AS r FROM harness.data_%s) AS d', call, which));
	CALL harness.go(which, 'FILTER that takes all', format('SELECT g, %s FILTER (WHERE i > 0) FROM harness.data_%s GROUP BY g', call, which));

	-- workers
	PERFORM set_config(s, v, false) FROM (VALUES ('max_parallel_workers_per_gather', '2'), ('parallel_setup_cost', '0'), ('parallel_tuple_cost', '0'),
		('min_parallel_table_scan_size', '0'), ('parallel_leader_participation', 'off')) AS s(s, v);
	CALL harness.must_plan(which, 'parallel', query, 'Finalize.*Workers Planned: [1-9].*Partial');
	CALL harness.go(which, 'a parallel plan', query);
	PERFORM set_config(s, v, false) FROM (VALUES ('max_parallel_workers_per_gather', '0'), ('parallel_leader_participation', 'on')) AS s(s, v);

	-- partitions, by the key and across it
	EXECUTE format('CREATE TABLE harness.parted_%s (LIKE harness.data_%1$s) PARTITION BY LIST (p)', which);
	EXECUTE format('CREATE TABLE harness.parted_%s_%s PARTITION OF harness.parted_%1$s FOR VALUES IN (%2$s)', which, p) FROM generate_series(0, 0) AS p;
	EXECUTE format('CREATE TABLE harness.parted_%s_rest PARTITION OF harness.parted_%1$s DEFAULT', which);
	EXECUTE format('INSERT INTO harness.parted_%s SELECT * FROM harness.data_%1$s', which);
	EXECUTE format('ANALYZE harness.parted_%s', which);
	PERFORM set_config('enable_partitionwise_aggregate', 'on', false);
	query := format('SELECT g, %s FROM harness.parted_%s GROUP BY g', call, which);
	CALL harness.must_plan(which, 'partition-wise', query, 'Finalize.*Append.*Partial');
	CALL harness.go(which, 'a partition-wise plan', query);
	PERFORM set_config('enable_partitionwise_aggregate', 'off', false);

	-- another server
	EXECUTE format('CREATE FOREIGN TABLE harness.foreign_%s (%s) SERVER loopback OPTIONS (schema_name ''harness'', table_name ''data_%1$s'')', which,
		(SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum) FROM pg_attribute
		 WHERE attrelid = format('harness.data_%s', which)::regclass AND attnum > 0));
	query := format('SELECT g, %s FROM harness.foreign_%s GROUP BY g', call, which);
	-- postgres_fdw ships no array of an extension's type
	IF (SELECT e.typnamespace FROM harness.aggregate AS a JOIN pg_type AS t ON t.oid = a.result JOIN pg_type AS e ON e.oid = t.typelem
		WHERE a.n = which) = 'kpi'::regnamespace THEN
		INSERT INTO harness.verdict SELECT 'skip', name, 'postgres_fdw cannot push what gives an array of our type' FROM harness.aggregate WHERE n = which;
	ELSIF (SELECT provolatile FROM pg_proc AS p JOIN harness.aggregate AS a ON a.aggtransfn = p.oid WHERE a.n = which) <> 'i' THEN
		INSERT INTO harness.verdict SELECT 'skip', name, 'postgres_fdw cannot push what depends on the time zone' FROM harness.aggregate WHERE n = which;
	ELSE
		CALL harness.must_plan(which, 'postgres_fdw', query, format('^Foreign Scan\n.*Remote SQL: [^\n]*%s', substring(call FROM '[^(]+')), 'Aggregate\n');
	END IF;
	CALL harness.go(which, 'pushed through postgres_fdw', query);
END $$;

-- A running frame over every prefix of a few groups.
CREATE PROCEDURE harness.by_frames(which integer, slow boolean) LANGUAGE plpgsql AS $$
DECLARE
	call text;
	groups text := CASE WHEN slow THEN 'g < 3' ELSE '(g < 3 OR g > 8 AND g % 7 = 0)' END;
BEGIN
	SELECT format('%s(%s)', a.call, harness.arguments(a.n)) INTO call FROM harness.aggregate AS a WHERE n = which;
	CALL harness.go(which, 'frame: one by one', format('SELECT g * 1000 + i, (SELECT %s FROM harness.data_%s AS x WHERE x.g = d.g AND x.i <= d.i) FROM harness.data_%2$s AS d WHERE %3$s', call, which, groups));
	CALL harness.go(which, 'frame: running', format('SELECT g * 1000 + i, %s OVER (PARTITION BY g ORDER BY i) FROM harness.data_%s AS d WHERE %s', call, which, groups));
	IF (harness.try(format('SELECT %s OVER (PARTITION BY g ORDER BY i ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) FROM harness.data_%s', call, which))).state IS NULL THEN
		CALL harness.go(which, 'moving: one by one', format('SELECT g * 1000 + i, (SELECT %s FROM harness.data_%s AS x WHERE x.g = d.g AND x.i BETWEEN d.i - 3 AND d.i + 1) FROM harness.data_%2$s AS d WHERE %3$s', call, which, groups));
		CALL harness.go(which, 'moving: frame', format('SELECT g * 1000 + i, %s OVER (PARTITION BY g ORDER BY i ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) FROM harness.data_%s AS d WHERE %s', call, which, groups));
	END IF;
END $$;

CREATE PROCEDURE harness.try_plans(which integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	rows bigint := 0;
	began timestamptz;
BEGIN
	SELECT * INTO a FROM harness.aggregate WHERE n = which;
	IF to_regclass(format('harness.data_%s', a.n)) IS NOT NULL THEN
		EXECUTE format('SELECT count(DISTINCT g) FROM harness.data_%s', a.n) INTO rows;
	END IF;
	INSERT INTO harness.verdict VALUES (CASE WHEN rows >= 12 THEN 'ok' ELSE 'not ok' END, a.name,
		format('only %s groups of generated rows are accepted (%s); say in known.sql what its arguments take', rows,
			(SELECT min((failure).message) FROM harness.refused WHERE aggregate = a.n)));
	INSERT INTO harness.verdict SELECT 'not ok', a.name, format('error %s for generated rows: %s', (failure).state, (failure).message)
		FROM harness.refused WHERE aggregate = a.n AND (failure).state !~ '^(22|54)';
	IF rows > 0 THEN
		began := clock_timestamp();
		CALL harness.by_plans(a.n);
		CALL harness.by_frames(a.n, clock_timestamp() > began + interval '3 s');
		IF to_regclass(format('harness.states_%s', a.n)) IS NOT NULL THEN
			CALL harness.by_states(a.n);
		END IF;
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
	IF x IS NULL OR y IS NULL OR NOT floating OR regexp_replace(x, number, '#', 'g') <> regexp_replace(y, number, '#', 'g') THEN RETURN false; END IF;
	a := ARRAY(SELECT m[1]::numeric FROM regexp_matches(x, number, 'g') AS m);
	b := ARRAY(SELECT m[1]::numeric FROM regexp_matches(y, number, 'g') AS m);
	RETURN NOT EXISTS (SELECT FROM unnest(a, b) AS u(p, q) WHERE abs(p - q) > greatest(1e-15 * greatest(abs(p), abs(q)), 5e-324));
END $$;

-- States that say the same in other words are told apart by what reads them.
CREATE FUNCTION harness.readers(state regtype) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT array_agg(p.oid::regproc::text ORDER BY p.oid::regprocedure::text) FROM pg_proc AS p JOIN pg_type AS t ON t.oid = state
	WHERE state IN (SELECT a.state FROM harness.aggregate AS a) AND p.pronargs = 1 AND p.proargtypes[0] = state AND p.prokind = 'f' AND p.pronamespace = 'kpi'::regnamespace
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

CREATE VIEW harness.differing AS
SELECT a.name, o.way, o.g, s.result AS wanted, o.result AS got
FROM harness.got AS o JOIN harness.aggregate AS a ON a.n = o.aggregate
	FULL JOIN harness.got AS s ON s.aggregate = o.aggregate AND s.g = o.g
		AND s.way = CASE o.way WHEN 'frame: running' THEN 'frame: one by one' WHEN 'moving: frame' THEN 'moving: one by one' ELSE 'one pass' END
WHERE o.way NOT IN ('one pass', 'frame: one by one', 'moving: one by one')
  AND NOT harness.same(s.result, o.result, a.floating OR EXISTS (SELECT FROM harness.argument AS x JOIN harness.aggregate AS m ON m.state = x.type
														   WHERE x.aggregate = a.n AND m.floating))
  AND (harness.readers(a.result) IS NULL OR s.result IS NULL OR o.result IS NULL
	   OR NOT harness.same(harness.read(a.result, s.result), harness.read(a.result, o.result), true));

CREATE PROCEDURE harness.judge_plans() LANGUAGE sql AS $$
	CREATE INDEX ON harness.got (aggregate, g, way);
	ANALYZE harness.got;
	INSERT INTO harness.verdict
	SELECT CASE count(d.name) WHEN 0 THEN 'ok' ELSE 'not ok' END, w.name,
		format('%s is not one pass: %s groups differ, among them group %s with %s instead of %s', w.way, count(d.name),
			min(d.g), left((array_agg(d.got ORDER BY d.g))[1], 300), left((array_agg(d.wanted ORDER BY d.g))[1], 300))
	FROM (SELECT DISTINCT a.name, o.way FROM harness.got AS o JOIN harness.aggregate AS a ON a.n = o.aggregate
		  WHERE o.way NOT IN ('one pass', 'frame: one by one', 'moving: one by one')) AS w
		LEFT JOIN harness.differing AS d USING (name, way)
	GROUP BY w.name, w.way;
	-- every way has a result for every group
	INSERT INTO harness.verdict
	SELECT 'not ok', a.name, format('%s: %s groups instead of %s', w.way, w.n, max(w.n) FILTER (WHERE w.way = 'one pass') OVER (PARTITION BY w.aggregate))
	FROM (SELECT aggregate, way, count(*) AS n FROM harness.got WHERE way !~ '^(frame|moving):' GROUP BY 1, 2) AS w JOIN harness.aggregate AS a ON a.n = w.aggregate
	WHERE (SELECT count(*) FROM harness.got AS g WHERE g.aggregate = w.aggregate AND g.way = 'one pass') <> w.n;
$$;
