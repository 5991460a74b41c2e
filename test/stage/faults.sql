-- Long calls and how fast they end when they are cancelled.

-- What a query does that may run so long: its time, and whether it was cancelled.
CREATE FUNCTION harness.timed(query text, OUT milliseconds numeric, OUT state text) LANGUAGE plpgsql AS $$
DECLARE began timestamptz := clock_timestamp();
BEGIN
	BEGIN
		EXECUTE query;
	EXCEPTION WHEN OTHERS OR query_canceled THEN
		state := SQLSTATE;
	END;
	milliseconds := extract(epoch FROM clock_timestamp() - began) * 1000;
END $$;

-- The calls to be cancelled: every aggregate over one group of many rows, as
-- many as take about a second, and every function whose call takes long.
CREATE TABLE harness.long_call (n integer GENERATED ALWAYS AS IDENTITY, what text, query text, milliseconds numeric);
CREATE PROCEDURE harness.find_long_aggregates(rows integer) LANGUAGE plpgsql AS $$
DECLARE
	a harness.aggregate;
	columns text;
	t record;
BEGIN
	FOR a IN SELECT * FROM harness.aggregate AS x WHERE EXISTS (SELECT FROM harness.argument WHERE aggregate = x.n) ORDER BY n LOOP
		SELECT string_agg(format('%s::%s AS a%s', CASE WHEN parameter THEN accepted[1] ELSE expression END, type, k), ', ' ORDER BY k) INTO columns
		FROM harness.argument WHERE aggregate = a.n AND NOT EXISTS (SELECT FROM harness.aggregate AS m WHERE m.state = type);
		CONTINUE WHEN columns IS NULL;
		EXECUTE format('CREATE UNLOGGED TABLE harness.long_%s AS SELECT %s FROM (SELECT i, 0 AS g FROM generate_series(1, %s) AS i) AS x', a.n, columns, rows);
		INSERT INTO harness.long_call (what, query) VALUES (a.name, format('SELECT %s(%s) FROM harness.long_%s', a.call, harness.arguments(a.n), a.n));
		COMMIT;
	END LOOP;
END $$;
CREATE PROCEDURE harness.find_long_functions() LANGUAGE plpgsql AS $$
DECLARE
	c harness.callable;
	began timestamptz;
	f harness.failure;
BEGIN
	FOR c IN SELECT * FROM harness.callable WHERE prokind IN ('f', 'p') LOOP
		CALL harness.find_base(c.oid);
		SELECT * INTO c FROM harness.callable WHERE oid = c.oid;
		began := clock_timestamp();
		f := harness.try_undone(harness.call_text(c.oid, c.base));
		IF clock_timestamp() > began + interval '150 ms' THEN
			INSERT INTO harness.long_call (what, query) VALUES (c.name, harness.call_text(c.oid, c.base));
		END IF;
	END LOOP;
END $$;
