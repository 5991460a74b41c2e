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

CREATE TABLE harness.once (n integer GENERATED ALWAYS AS IDENTITY, symbol text, statement text);
INSERT INTO harness.once (symbol, statement) SELECT symbol, statement FROM harness.firing ORDER BY symbol;

-- Accepted arguments for each function; a strict one is not even called for a
-- NULL, and must get none though it may refuse the others.
CREATE PROCEDURE harness.find_call(which oid) LANGUAGE plpgsql AS $$
DECLARE
	given text[];
BEGIN
	CALL harness.find_base(which);
	IF (SELECT proisstrict FROM pg_proc WHERE oid = which) THEN
		UPDATE harness.parameter SET candidates = ARRAY(SELECT c FROM unnest(candidates) AS c
			WHERE c !~* '^[( ]*NULL') WHERE oid = which;
		-- where there is no time to make its states it has none
		IF EXISTS (SELECT FROM harness.parameter WHERE oid = which AND cardinality(candidates) = 0) THEN
			RETURN;
		END IF;
		FOR attempt IN 0..60 LOOP
			given := ARRAY(SELECT candidates[1 + harness.h(attempt, k::integer, 3) %
				least(cardinality(candidates), 1 + attempt / 5)]
						   FROM harness.parameter WHERE oid = which ORDER BY k);
			EXIT WHEN (harness.try_undone(harness.call_text(which, given))).state IS NULL;
		END LOOP;
		UPDATE harness.callable AS c SET base = given WHERE c.oid = which;
	END IF;
END $$;

-- A value of our types is stored, so that each of its bytes has to be set.
CREATE TABLE harness.stored AS
SELECT oid, format('harness.%I', 'stored_' || typname) AS name, typreceive <> 0 AS has_binary
FROM pg_type WHERE harness.ours(typnamespace) AND typtype = 'b' AND typcategory <> 'A';
SELECT format('CREATE TABLE %s (value %s)', name, oid::regtype) FROM harness.stored \gexec
CREATE FUNCTION harness.storing(which oid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT format('INSERT INTO %s ', s.name) FROM harness.stored AS s
		JOIN pg_proc AS p ON p.prorettype = s.oid WHERE p.oid = which), '')
$$;

-- The statements for a function, an aggregate and a window function; this takes the
-- rows of an aggregate with the same arguments, if there is one.
CREATE PROCEDURE harness.once_function(which oid) LANGUAGE plpgsql AS $$
BEGIN
	CALL harness.find_call(which);
	INSERT INTO harness.once (symbol, statement)
	SELECT harness.symbol(oid), harness.storing(oid) || harness.call_text(oid, base) FROM harness.callable
	WHERE oid = which;
END $$;
CREATE PROCEDURE harness.once_aggregate(which integer) LANGUAGE sql AS $$
	INSERT INTO harness.once (statement)
	SELECT format('%sSELECT %s(%s) FROM harness.data_%s WHERE g < 2 GROUP BY g', harness.storing(oid), call,
		harness.arguments(n), n)
	FROM harness.aggregate WHERE n = which
$$;
CREATE VIEW harness.windowed AS
SELECT DISTINCT ON (w.oid) w.oid, w.oid::regprocedure::text AS name, a.n
FROM pg_proc AS w LEFT JOIN (harness.aggregate AS a JOIN pg_proc AS p ON p.oid = a.oid)
	ON (p.proargtypes, p.proargnames) = (w.proargtypes, w.proargnames)
WHERE harness.ours(w.pronamespace) AND w.prokind = 'w' ORDER BY w.oid, a.n;
CREATE PROCEDURE harness.once_window(which oid) LANGUAGE sql AS $$
	INSERT INTO harness.once (symbol, statement)
	SELECT harness.symbol(oid),
		CASE WHEN n IS NULL THEN harness.call_text(oid, ARRAY(SELECT candidates[1] FROM harness.parameter AS p
		WHERE p.oid = which ORDER BY k))
		ELSE format('SELECT %s(%s) OVER (PARTITION BY g) FROM harness.data_%s WHERE g < 2', oid::regproc,
			harness.arguments(n), n) END
	FROM harness.windowed WHERE oid = which
$$;

-- The forms of a type, and back.
CREATE PROCEDURE harness.once_type(which oid) LANGUAGE sql AS $$
	INSERT INTO harness.once (statement)
	SELECT u.statement
	FROM (SELECT s.*, current_setting('data_directory') || '/once_' || s.oid AS file, ARRAY(
			SELECT form FROM harness.form WHERE type = s.oid AND length(form) < 2000 ORDER BY hashtext(form)
			LIMIT 3) AS forms
		  FROM harness.stored AS s WHERE s.oid = which) AS s,
		 unnest(ARRAY[format('INSERT INTO %s SELECT unnest(%L::%s[])', s.name, s.forms, s.oid::regtype),
			format('COPY (SELECT unnest(%L::%s[])) TO %L (FORMAT binary)', s.forms, s.oid::regtype, s.file),
			format('COPY %s FROM %L (FORMAT binary)', s.name, s.file)]) WITH ORDINALITY AS u(statement, k)
	ORDER BY u.k
$$;
