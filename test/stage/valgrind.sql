-- Statements that touch every C function of kpi once, each with few rows and
-- plain arguments; made on a server that runs at full speed.

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

CREATE TABLE harness.once (n integer GENERATED ALWAYS AS IDENTITY, statement text);

-- Accepted arguments for each function; a strict one is not even called for a
-- NULL, and must get none though it may refuse the others.
CREATE PROCEDURE harness.find_call(which oid) LANGUAGE plpgsql AS $$
DECLARE
	given text[];
BEGIN
	CALL harness.find_base(which);
	IF (SELECT proisstrict FROM pg_proc WHERE oid = which) THEN
		UPDATE harness.parameter SET candidates = ARRAY(SELECT c FROM unnest(candidates) AS c WHERE c !~* '^[( ]*NULL') WHERE oid = which;
		FOR attempt IN 0..60 LOOP
			given := ARRAY(SELECT candidates[1 + harness.h(attempt, k::integer, 3) % least(cardinality(candidates), 1 + attempt / 5)]
						   FROM harness.parameter WHERE oid = which ORDER BY k);
			EXIT WHEN (harness.try_undone(harness.call_text(which, given))).state IS NULL;
		END LOOP;
		UPDATE harness.callable AS c SET base = given WHERE c.oid = which;
	END IF;
END $$;

-- A value of our types is stored, so that each of its bytes has to be set.
CREATE TABLE harness.stored AS
SELECT oid, format('harness.%I', 'stored_' || typname) AS name, typreceive <> 0 AS has_binary
FROM pg_type WHERE typnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND typtype = 'b' AND typcategory <> 'A';
SELECT format('CREATE TABLE %s (value %s)', name, oid::regtype) FROM harness.stored \gexec
CREATE FUNCTION harness.storing(which oid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT format('INSERT INTO %s ', s.name) FROM harness.stored AS s JOIN pg_proc AS p ON p.prorettype = s.oid WHERE p.oid = which), '')
$$;

SELECT format('CALL harness.find_call(%s)', oid) FROM harness.callable
WHERE prokind = 'f' AND lanname IN ('c', 'sql') ORDER BY name \gexec
INSERT INTO harness.once (statement)
SELECT harness.storing(oid) || harness.call_text(oid, base) FROM harness.callable
WHERE prokind = 'f' AND lanname IN ('c', 'sql') ORDER BY name;
INSERT INTO harness.once (statement)
SELECT format('%sSELECT %s(%s) FROM harness.data_%s WHERE g < 2 GROUP BY g', harness.storing(oid), call, harness.arguments(n), n)
FROM harness.aggregate ORDER BY n;
-- a window function takes the rows of an aggregate with the same arguments, if there is one
INSERT INTO harness.once (statement)
SELECT DISTINCT ON (w.oid) CASE WHEN a.n IS NULL THEN harness.call_text(w.oid, ARRAY(SELECT candidates[1] FROM harness.parameter WHERE oid = w.oid ORDER BY k))
	ELSE format('SELECT %s(%s) OVER (PARTITION BY g) FROM harness.data_%s WHERE g < 2', w.oid::regproc, harness.arguments(a.n), a.n) END
FROM pg_proc AS w LEFT JOIN (harness.aggregate AS a JOIN pg_proc AS p ON p.oid = a.oid) ON (p.proargtypes, p.proargnames) = (w.proargtypes, w.proargnames)
WHERE w.pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND w.prokind = 'w' ORDER BY w.oid, a.n;

-- the forms of each type, and back
INSERT INTO harness.once (statement)
SELECT u.statement
FROM (SELECT s.*, current_setting('data_directory') || '/once_' || s.oid AS file, ARRAY(
		SELECT form FROM harness.form WHERE type = s.oid AND length(form) < 2000 ORDER BY hashtext(form) LIMIT 3) AS forms
	  FROM harness.stored AS s WHERE has_binary) AS s,
	 unnest(ARRAY[format('INSERT INTO %s SELECT unnest(%L::%s[])', s.name, s.forms, s.oid::regtype),
		format('COPY (SELECT unnest(%L::%s[])) TO %L (FORMAT binary)', s.forms, s.oid::regtype, s.file),
		format('COPY %s FROM %L (FORMAT binary)', s.name, s.file)]) WITH ORDINALITY AS u(statement, k)
ORDER BY s.oid, u.k;
