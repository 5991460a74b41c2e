-- The functions in PL/pgSQL, those of triggers once for each of their tables.
CREATE VIEW harness.checked AS
SELECT p.oid AS function, coalesce(t.tgrelid, 0) AS relation,
	concat_ws(' on ', p.oid::regprocedure, t.tgrelid::regclass) AS what
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
	LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid FROM pg_trigger) AS t ON t.tgfoid = p.oid
WHERE harness.ours(p.pronamespace);

-- What is found in one, with the names of the tables that its trigger is given.
-- Queries that are made at run time cannot be seen, and "from" is what a date is called.
CREATE FUNCTION harness.found(function oid, relation oid) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', c.level, 'line', c.lineno, c.message, c.detail, c.hint), '; '
		ORDER BY c.lineno, c.message)
	FROM (SELECT max(tgoldtable) AS old, max(tgnewtable) AS new FROM pg_trigger
		WHERE (tgfoid, tgrelid) = (function, relation)) AS t,
		plpgsql_check_function_tb(function, relation, fatal_errors => false, other_warnings => true,
			extra_warnings => true,
			performance_warnings => false, security_warnings => true, oldtable => t.old, newtable => t.new) AS c
	WHERE c.message !~ '^OUT variable .* is maybe unmodified$|^name of parameter "from" is reserved keyword$'
	  AND NOT EXISTS (SELECT FROM harness.on_purpose AS o, pg_proc AS p WHERE p.oid = function AND o.name = p.proname
		AND o.fact = 'plpgsql' AND starts_with(c.message, o.reason))
$$;
CREATE PROCEDURE harness.check(what text, function oid, relation oid) LANGUAGE sql AS $$
	INSERT INTO harness.verdict SELECT CASE WHEN f IS NULL THEN 'ok' ELSE 'not ok' END, what, f
	FROM harness.found(function, relation) AS f
$$;

CREATE FUNCTION harness.planted() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	idle integer;
	deaf integer;
BEGIN
	deaf := 1;
	RETURN (SELECT nowhere FROM pg_class LIMIT 1);
END $$;
