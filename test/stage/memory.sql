-- Repeated calls do not grow memory: every function and aggregate many times
-- in one query and in many queries of one backend.

CREATE FUNCTION harness.memory() RETURNS bigint LANGUAGE sql VOLATILE AS
	'SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts';

-- What the calls of calls.sql go through.
CREATE OR REPLACE FUNCTION harness.number(answer float8) RETURNS float8 LANGUAGE sql RETURN answer;
CREATE OR REPLACE FUNCTION harness.number(answer numeric) RETURNS numeric LANGUAGE sql RETURN answer;
CREATE OR REPLACE FUNCTION harness.try_undone(query text) RETURNS harness.failure LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	EXECUTE query;
	RAISE SQLSTATE 'HR000';
EXCEPTION WHEN OTHERS OR assert_failure THEN
	GET STACKED DIAGNOSTICS f.state = RETURNED_SQLSTATE, f.message = MESSAGE_TEXT, f.hint = PG_EXCEPTION_HINT;
	RETURN CASE WHEN f.state <> 'HR000' THEN f END;
END $$;

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
	early bigint;
BEGIN
	FOR n IN 1..calls LOOP
		EXECUTE query;
		IF n = calls / 5 THEN
			early := harness.memory();
		END IF;
	END LOOP;
	RETURN harness.memory() - early;
END $$;

-- The least that a call can leave behind is a chunk with its header.
CREATE PROCEDURE harness.note_growth(what text, way text, growth bigint, calls integer) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO harness.verdict VALUES (CASE WHEN growth < 8 * calls + 1024 THEN 'ok' ELSE 'not ok' END, what,
		format('%s grow memory by %s bytes', way, growth));
END $$;

-- As many calls as fit into a fifth of a second, 50 at least.
CREATE FUNCTION harness.affordable(query text, calls integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE began timestamptz;
BEGIN
	EXECUTE query;
	began := clock_timestamp();
	EXECUTE query;
	RETURN least(calls, greatest(50, (calls / 10000.0 / greatest(extract(epoch FROM clock_timestamp() - began), 1e-6))::integer));
END $$;

-- The first arguments that are accepted; a first measure warms the caches.
CREATE PROCEDURE harness.measure_function(name text, calls integer) LANGUAGE plpgsql AS $$
DECLARE
	which oid := name::regprocedure;
	c harness.callable;
	growth bigint;
	expression text;
BEGIN
	CALL harness.find_base(which);
	SELECT * INTO c FROM harness.callable AS x WHERE x.oid = which;
	IF NOT c.accepted THEN
		INSERT INTO harness.verdict VALUES ('skip', c.name, 'no arguments are found that it accepts');
		RETURN;
	END IF;
	-- an argument that depends on the row, so that no call is made beforehand
	expression := regexp_replace(harness.call_text(c.oid, c.base), '^SELECT ', '');
	IF cardinality(c.base) > 0 THEN
		expression := regexp_replace(harness.call_text(c.oid, ARRAY[format('CASE WHEN n > 0 THEN %s END', c.base[1])] || c.base[2:]), '^SELECT ', '');
	END IF;
	calls := harness.affordable(harness.call_text(c.oid, c.base), calls);
	IF NOT (SELECT proretset FROM pg_proc WHERE oid = c.oid) THEN
		PERFORM harness.growth_in_query(expression, 50);
		growth := harness.growth_in_query(expression, calls);
		CALL harness.note_growth(c.name, format('%s calls in one query', calls), growth, calls);
	END IF;
	PERFORM harness.growth_over_queries(harness.call_text(c.oid, c.base), 20);
	growth := harness.growth_over_queries(harness.call_text(c.oid, c.base), calls / 5);
	CALL harness.note_growth(c.name, format('%s queries', calls / 5), growth, calls / 5);
EXCEPTION WHEN OTHERS THEN
	-- what it did the first time may stand in its way, but not what it is made of
	INSERT INTO harness.verdict VALUES (CASE WHEN SQLSTATE ~ '^(XX|HR|42601|42703|42883|42P01)' THEN 'not ok' ELSE 'skip' END, c.name, format('it cannot be repeated: %s', SQLERRM));
END $$;

CREATE PROCEDURE harness.measure_aggregate(name text, calls integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	expression text;
	growth bigint;
BEGIN
	SELECT * INTO a FROM harness.aggregate AS x WHERE x.name = measure_aggregate.name;
	EXECUTE format('CREATE INDEX ON harness.data_%s (g)', a.n);
	expression := format('SELECT %s(%s) FROM harness.data_%s WHERE g = n %% 8', a.call, harness.arguments(a.n), a.n);
	calls := harness.affordable(format('SELECT (%s) FROM generate_series(1, 10) AS n', expression), calls / 10) * 10;
	PERFORM harness.growth_in_query(expression, 50);
	growth := harness.growth_in_query(expression, calls);
	CALL harness.note_growth(a.name, format('%s groups in one query', calls), growth, calls);
	-- many groups at once, again and again
	expression := format('SELECT count((r)::text) FROM (SELECT %s(%s) AS r FROM harness.data_%s WHERE g < 8 GROUP BY g) AS q', a.call, harness.arguments(a.n), a.n);
	PERFORM harness.growth_over_queries(expression, 20);
	growth := harness.growth_over_queries(expression, calls / 10);
	CALL harness.note_growth(a.name, format('%s queries', calls / 10), growth, calls / 10);
EXCEPTION WHEN OTHERS THEN
	INSERT INTO harness.verdict VALUES ('not ok', name, format('error while it is called again and again: %s', SQLERRM));
END $$;

CREATE PROCEDURE harness.measure_known(call text, calls integer) LANGUAGE plpgsql AS $$
DECLARE growth bigint;
BEGIN
	calls := harness.affordable(call, calls / 5);
	PERFORM harness.growth_over_queries(call, 20);
	growth := harness.growth_over_queries(call, calls);
	CALL harness.note_growth(call, format('%s queries', calls), growth, calls);
EXCEPTION WHEN OTHERS THEN
	INSERT INTO harness.verdict VALUES ('not ok', call, format('error while it is called again and again: %s', SQLERRM));
END $$;
