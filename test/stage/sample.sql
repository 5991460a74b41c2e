-- What a stage tries, in which order, and until when; see test/bin/sample.
CREATE SCHEMA harness;
GRANT USAGE ON SCHEMA harness TO PUBLIC;

-- what a stage has found: ok, not ok or skip
CREATE TABLE harness.verdict (verdict text, what text, detail text);

-- Whether a schema is one of the extension's.
CREATE FUNCTION harness.ours(schema oid) RETURNS boolean LANGUAGE sql STABLE
	RETURN schema IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace);

-- what the change touches: lines of the file KPI_TOUCHED
CREATE TABLE harness.word (kind text, word text);

-- Whether it touches the type, the function, or one of what an aggregate is made of.
CREATE FUNCTION harness.touches_name(name text) RETURNS boolean LANGUAGE sql STABLE
	RETURN EXISTS (SELECT FROM harness.word AS w WHERE w.kind = 'sql' AND w.word = name);
CREATE FUNCTION harness.touches_symbol(name text) RETURNS boolean LANGUAGE sql STABLE
	RETURN EXISTS (SELECT FROM harness.word AS w WHERE w.kind = 'c' AND w.word = name);
CREATE FUNCTION harness.touches_type(which oid) RETURNS boolean LANGUAGE sql STABLE
	RETURN (SELECT harness.touches_name(typname) OR harness.touches_symbol('kpi_' || typname) FROM pg_type
		WHERE oid = which);
CREATE FUNCTION harness.touches_function(which oid) RETURNS boolean LANGUAGE sql STABLE
	RETURN (SELECT harness.touches_name(proname) OR harness.touches_symbol(prosrc) FROM pg_proc WHERE oid = which);
CREATE FUNCTION harness.touches(which oid) RETURNS boolean LANGUAGE sql STABLE
	RETURN harness.touches_function(which) OR EXISTS (
		SELECT FROM pg_aggregate AS a, unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn]) AS part
		WHERE a.aggfnoid = which AND harness.touches_function(part));

-- What there is to try, list by list: all of it, or as much as there is time for.
CREATE TABLE harness.setting (seed bigint, match text);
INSERT INTO harness.setting VALUES (:seed, :'match');
CREATE TABLE harness.sample (list text, what text, touched boolean, statements text[], place bigint, until timestamptz,
	tried boolean DEFAULT false, PRIMARY KEY (list, what));

-- rows: a query of what, whether the change touches it, and the statements to run, each in a transaction.
CREATE PROCEDURE harness.draw(list text, seconds float8, rows text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO harness.sample SELECT $1, what, touched, statements, row_number() OVER (
			ORDER BY NOT touched, hashtextextended(what, seed), what), clock_timestamp() + $2 * interval ''1 s''
		FROM (%s) AS r(what, touched, statements), harness.setting WHERE what ~ match', rows) USING list, seconds;
END $$;

-- The next of a list, unless its time is over; that it is tried is noted before, as it may fail.
CREATE PROCEDURE harness.turn(which text, next text) LANGUAGE plpgsql AS $$
DECLARE
	commands text[];
	command text;
BEGIN
	UPDATE harness.sample AS s SET tried = true WHERE (s.list, s.what) = (which, next) AND clock_timestamp() < s.until
	RETURNING s.statements INTO commands;
	FOREACH command IN ARRAY coalesce(commands, '{}') LOOP
		COMMIT;
		EXECUTE command;
	END LOOP;
END $$;

-- What was tried of the lists that were not tried as a whole.
CREATE VIEW harness.sampled AS
SELECT list, count(*) AS rows, count(*) FILTER (WHERE tried) AS tried, count(*) FILTER (WHERE touched) AS touched,
	count(*) FILTER (WHERE tried AND touched) AS touched_tried,
	coalesce(format('^(%s)\M', string_agg(DISTINCT split_part(what, '(', 1), '|') FILTER (WHERE tried)), '^$') AS names
FROM harness.sample GROUP BY list HAVING NOT bool_and(tried);

-- Whether what arguments and forms are made of has been made as a whole; what is not found
-- where it has not is no fault.
CREATE FUNCTION harness.generated() RETURNS boolean LANGUAGE sql STABLE
	RETURN NOT EXISTS (SELECT FROM harness.sample AS s WHERE s.list LIKE 'aggregates %' AND NOT s.tried);
