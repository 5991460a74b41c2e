-- Repeated calls do not grow memory: every function and aggregate many times
-- in one query and in many queries of one backend.

-- What the backend holds; of undone calls, what it would hold after the transaction,
-- whose memory holds plans and events of all of them.
CREATE FUNCTION harness.memory(undone boolean DEFAULT false) RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts
	WHERE NOT undone OR 'TopTransactionContext' NOT IN (name, coalesce(parent, ''))
$$;

\ir undone.sql

-- One query with that many calls of an expression over n; what the backend
-- holds near its end and near its beginning.
CREATE FUNCTION harness.growth_in_query(expression text, calls integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE growth bigint;
BEGIN
	EXECUTE format('SELECT max(m) FILTER (WHERE n = %2$s) - max(m) FILTER (WHERE n = %3$s) FROM (
		SELECT n, (%1$s)::text IS NULL AS r, CASE WHEN n IN (%2$s, %3$s) THEN harness.memory() END AS m
		FROM generate_series(1, %2$s) AS n OFFSET 0) AS q', expression, calls, calls / 5) INTO growth;
	RETURN growth;
END $$;

-- As many queries of one call each, in one backend.
CREATE FUNCTION harness.growth_over_queries(query text, calls integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	undone boolean := query ~ '^SELECT harness.try_undone';
	early bigint;
BEGIN
	FOR n IN 1..calls LOOP
		EXECUTE query;
		IF n = calls / 5 THEN
			early := harness.memory(undone);
		END IF;
	END LOOP;
	RETURN harness.memory(undone) - early;
END $$;

-- The least that a call can leave behind is a chunk with its header.
CREATE FUNCTION harness.tolerated(calls integer) RETURNS bigint LANGUAGE sql IMMUTABLE
	RETURN 8 * calls + 1024;
CREATE PROCEDURE harness.note_growth(what text, way text, growth bigint, calls integer) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO harness.verdict VALUES (CASE WHEN growth < harness.tolerated(calls) THEN 'ok' ELSE 'not ok' END, what,
		format('%s grow memory by %s bytes', way, growth));
END $$;

-- As many calls as fit into a fifth of a second, 50 at least, or 10 if they are slow.
CREATE FUNCTION harness.affordable(query text, calls integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	began timestamptz;
	spent float8;
BEGIN
	EXECUTE query;
	began := clock_timestamp();
	EXECUTE query;
	spent := greatest(extract(epoch FROM clock_timestamp() - began), 1e-6);
	RETURN least(calls, greatest(CASE WHEN spent > 0.05 THEN 10 ELSE 50 END, (calls / 10000.0 / spent)::integer));
END $$;

-- Both measures, each after a few calls that fill the caches. A cache may go on filling, and
-- statistics wait to be sent once a second, but that ends; a leak goes on. So the least of three counts.
CREATE FUNCTION harness.query_growth(query text, calls integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE growth bigint;
BEGIN
	PERFORM harness.growth_over_queries(query, least(calls, 20));
	FOR try IN 1..3 LOOP
		growth := least(growth, harness.growth_over_queries(query, calls));
		EXIT WHEN growth < harness.tolerated(calls);
	END LOOP;
	RETURN growth;
END $$;
CREATE FUNCTION harness.call_growth(expression text, calls integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE growth bigint;
BEGIN
	PERFORM harness.growth_in_query(expression, least(calls, 50));
	FOR try IN 1..3 LOOP
		growth := least(growth, harness.growth_in_query(expression, calls));
		EXIT WHEN growth < harness.tolerated(calls);
	END LOOP;
	RETURN growth;
END $$;

-- A call whose first argument depends on the row, so that it is not made beforehand.
CREATE FUNCTION harness.expression(which oid, base text[]) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT regexp_replace(harness.call_text(which, CASE base WHEN '{}' THEN base
		ELSE ARRAY[format('CASE WHEN n > 0 THEN %s END', base[1])] || base[2:] END), '^SELECT ', '')
$$;

-- Whether a query can be run twice.
CREATE FUNCTION harness.repeated(query text) RETURNS harness.failure LANGUAGE sql
	RETURN harness.try_undone(format('DO %L', format('BEGIN EXECUTE %L; EXECUTE %1$L; END', query)));

-- A function with arguments that it accepts. One in SQL that changes rows is undone
-- at each call, so that the next finds what is there.
CREATE PROCEDURE harness.measure_function(which oid, calls integer) LANGUAGE plpgsql AS $$
DECLARE
	c harness.callable;
	query text;
	f harness.failure;
BEGIN
	CALL harness.find_base(which);
	SELECT * INTO c FROM harness.callable AS x WHERE x.oid = which;
	query := harness.call_text(c.oid, c.base);
	IF EXISTS (SELECT FROM harness.on_purpose AS o WHERE o.fact IN ('once', 'catalogue')
		AND o.name = c.proname) THEN
		RETURN;
	END IF;
	f := harness.repeated(query);
	IF NOT c.accepted AND NOT EXISTS (SELECT FROM harness.on_purpose AS o
		WHERE (o.fact, o.name) = ('refused', c.proname)) THEN
		INSERT INTO harness.verdict VALUES (CASE WHEN harness.generated() THEN 'not ok' ELSE 'skip' END, c.name,
			format('no arguments are found that it accepts (%s); say in known/ what it takes', f.message));
		RETURN;
	ELSIF f.state ~ '^(XX|HR|42601|42703|42883|42P01)' AND c.accepted THEN
		INSERT INTO harness.verdict VALUES ('not ok', c.name, format('it cannot be repeated: %s', f.message));
		RETURN;
	END IF;
	IF f.state IS NOT NULL OR c.provolatile = 'v' AND c.lanname <> 'c' THEN
		query := format('SELECT harness.try_undone(%L)', query);
		calls := harness.affordable(query, calls);
	ELSE
		calls := harness.affordable(query, calls);
		IF NOT (SELECT proretset FROM pg_proc WHERE oid = which) THEN
			CALL harness.note_growth(c.name, format('%s calls in one query', calls),
				harness.call_growth(harness.expression(which, c.base), calls), calls);
		END IF;
	END IF;
	calls := greatest(calls / 5, 5);
	CALL harness.note_growth(c.name, format('%s queries', calls), harness.query_growth(query, calls), calls);
END $$;

-- Many groups in one query, and a few groups again and again.
CREATE PROCEDURE harness.measure_aggregate(which integer, calls integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	expression text;
BEGIN
	SELECT * INTO a FROM harness.aggregate AS x WHERE x.n = which;
	EXECUTE format('CREATE INDEX ON harness.data_%s (g)', a.n);
	expression := format('SELECT %s(%s) FROM harness.data_%s WHERE g = n %% 8', a.call, harness.arguments(a.n), a.n);
	calls := harness.affordable(format('SELECT (%s) FROM generate_series(1, 10) AS n', expression), calls / 10) * 10;
	CALL harness.note_growth(a.name, format('%s groups in one query', calls),
		harness.call_growth(expression, calls), calls);
	CALL harness.note_growth(a.name, format('%s queries', calls / 10), harness.query_growth(
		format('SELECT count((r)::text) FROM (SELECT %s(%s) AS r FROM harness.data_%s WHERE g < 8 GROUP BY g) AS q',
			a.call, harness.arguments(a.n), a.n),
		calls / 10), calls / 10);
END $$;

CREATE PROCEDURE harness.measure_known(call text, calls integer) LANGUAGE plpgsql AS $$
BEGIN
	calls := harness.affordable(call, calls / 5);
	CALL harness.note_growth(call, format('%s queries', calls), harness.query_growth(call, calls), calls);
END $$;
