-- Who may do what, by the catalogue; and calls under a hostile search path.

-- What the catalogue must say.
INSERT INTO harness.verdict
SELECT CASE WHEN c.relowner = (SELECT extowner FROM pg_extension WHERE extname = 'kpi')
	AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) THEN 'ok' ELSE 'not ok' END,
	c.oid::regclass::text, format('is granted to others than its owner: %s', c.relacl)
FROM pg_class AS c WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL
SELECT CASE WHEN c.reloptions @> '{security_invoker=true}' THEN 'ok' ELSE 'not ok' END, c.oid::regclass::text,
	'is a view without security_invoker: it would read with the rights of its owner'
FROM pg_class AS c WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'v'
UNION ALL
SELECT CASE WHEN NOT p.prosecdef THEN 'ok' ELSE 'not ok' END, p.oid::regprocedure::text, 'is SECURITY DEFINER'
FROM pg_proc AS p WHERE p.pronamespace = 'kpi'::regnamespace
UNION ALL
SELECT CASE WHEN has_function_privilege('harness_stranger', p.oid, 'EXECUTE') THEN 'ok' ELSE 'not ok' END, p.oid::regprocedure::text,
	'may not be executed by everybody'
FROM pg_proc AS p WHERE p.pronamespace = 'kpi'::regnamespace
UNION ALL
SELECT CASE WHEN has_type_privilege('harness_stranger', t.oid, 'USAGE') THEN 'ok' ELSE 'not ok' END, t.oid::regtype::text, 'may not be used by everybody'
FROM pg_type AS t WHERE t.typnamespace = 'kpi'::regnamespace AND t.typtype IN ('b', 'd', 'e', 'r')
UNION ALL
SELECT CASE WHEN has_schema_privilege('harness_stranger', 'kpi', 'USAGE') AND NOT has_schema_privilege('harness_stranger', 'kpi', 'CREATE')
	THEN 'ok' ELSE 'not ok' END, 'schema kpi', 'everybody may use it and nobody may create in it'
UNION ALL
SELECT CASE WHEN p.prosqlbody IS NOT NULL OR p.prokind = 'p' OR l.lanname = 'sql' AND p.proconfig IS NULL
	OR p.proconfig @> '{"search_path=pg_catalog, pg_temp"}' OR EXISTS (SELECT FROM harness.on_purpose AS o WHERE o.fact = 'search path' AND o.name = p.proname) THEN 'ok' ELSE 'not ok' END,
	p.oid::regprocedure::text, 'has a body that runs under the search path of the caller'
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.pronamespace = 'kpi'::regnamespace AND l.lanname IN ('sql', 'plpgsql');

-- Each role with each table: what it was granted, and nothing more.
CREATE PROCEDURE harness.try_tables(role name) LANGUAGE plpgsql AS $$
DECLARE
	t record;
	f harness.failure;
BEGIN
	FOR t IN SELECT c.oid::regclass AS rel, w.word, has_table_privilege(role, c.oid, w.word) AS granted,
				format(w.statement, c.oid::regclass, (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum LIMIT 1)) AS statement
			 FROM pg_class AS c, (VALUES ('SELECT', 'SELECT FROM %1$s LIMIT 1'), ('INSERT', 'INSERT INTO %1$s DEFAULT VALUES'),
				('UPDATE', 'UPDATE %1$s SET %2$I = NULL'), ('DELETE', 'DELETE FROM %1$s'), ('TRUNCATE', 'TRUNCATE %1$s CASCADE')) AS w(word, statement)
			 WHERE c.relnamespace = 'kpi'::regnamespace AND (c.relkind IN ('r', 'p') OR c.relkind = 'v' AND w.word = 'SELECT') LOOP
		EXECUTE format('SET LOCAL ROLE %I', role);
		f := harness.try_undone(t.statement);
		RESET ROLE;
		-- triggers may refuse what was granted, in words of our own
		INSERT INTO harness.verdict VALUES (CASE WHEN t.granted THEN CASE WHEN f.state IS DISTINCT FROM '42501' OR f.message !~ '^permission denied' THEN 'ok' ELSE 'not ok' END
			WHEN f.state = '42501' THEN 'ok' ELSE 'not ok' END,
			format('%s: %s of %s', role, t.word, t.rel), format('%s, but it ends with %s: %s', CASE WHEN t.granted THEN 'it is granted' ELSE 'it is not granted' END, coalesce(f.state, 'success'), f.message));
	END LOOP;
END $$;

-- What a role may do with functions, as the reference says.
CREATE PROCEDURE harness.may(role name, what text, statement text, allowed boolean) LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	f := harness.try_undone(statement);
	RESET ROLE;
	INSERT INTO harness.verdict VALUES (CASE WHEN allowed AND f.state IS NULL OR NOT allowed AND f.state = '42501' THEN 'ok' ELSE 'not ok' END,
		format('%s: %s', role, what), format('should be %s and ends with %s: %s', CASE WHEN allowed THEN 'allowed' ELSE 'refused' END, coalesce(f.state, 'success'), f.message));
END $$;

-- Calls bound to their arguments beforehand, so that only what our functions
-- look up themselves is found under another search path.
CREATE TABLE harness.bound (oid oid PRIMARY KEY, name text, call text, outcome text);
CREATE PROCEDURE harness.bind_calls() LANGUAGE plpgsql AS $$
DECLARE
	c harness.callable;
	query text;
BEGIN
	FOR c IN SELECT * FROM harness.callable WHERE prokind = 'f' AND lanname <> 'c' OR prokind = 'f' AND provolatile <> 'i' LOOP
		CALL harness.find_base(c.oid);
		SELECT * INTO c FROM harness.callable WHERE oid = c.oid;
		IF c.accepted AND (SELECT prorettype <> 'void'::regtype FROM pg_proc WHERE oid = c.oid) THEN
			query := regexp_replace(harness.call_text(c.oid, c.base), '^SELECT ', '');
			IF (harness.try(format('CREATE FUNCTION harness.bound_%s() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT string_agg((r)::text, E''\n'') FROM (SELECT %s AS r) AS x; END', c.oid, query))).state IS NULL THEN
				INSERT INTO harness.bound VALUES (c.oid, c.name, query, NULL);
			END IF;
		END IF;
	END LOOP;
END $$;

-- What a call gives under a search path; the end of the block undoes both.
CREATE FUNCTION harness.outcome(which oid, path text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
	query text := format('SELECT harness.bound_%s()', which);
BEGIN
	PERFORM set_config('search_path', path, true);
	EXECUTE query INTO said;
	RAISE SQLSTATE 'HR000';
EXCEPTION
	WHEN SQLSTATE 'HR000' THEN RETURN coalesce(said, 'NULL');
	WHEN OTHERS THEN RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END $$;

-- A schema that holds another version of everything in pg_catalog that can be
-- written down: functions, operators, aggregates and types that raise.
CREATE SCHEMA plant;
CREATE FUNCTION plant.boom(integer, anyelement) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''planted''; END';
CREATE PROCEDURE harness.plant() LANGUAGE plpgsql AS $$
DECLARE
	p record;
	planted integer := 0;
	known regtype[] := '{text,int4,int8,int2,numeric,float8,boolean,date,timestamp,timestamptz,interval,daterange,text[],anyarray,anyelement,anycompatible,anycompatiblearray,anynonarray,anyrange,name,oid,regclass,regproc,regprocedure,regtype,regrole,json,jsonb,"\"char\"",record,int4range,numrange,"numeric[]","oid[]","name[]",void,trigger}';
BEGIN
	FOR p IN SELECT q.oid, q.proname, q.prokind, q.proretset, q.prorettype::regtype AS result, o.oprname,
				pg_get_function_identity_arguments(q.oid) AS arguments, ARRAY(SELECT unnest(q.proargtypes)) AS types, q.pronargs
			 FROM pg_proc AS q LEFT JOIN pg_operator AS o ON o.oprcode = q.oid AND o.oprnamespace = 'pg_catalog'::regnamespace
			 WHERE q.pronamespace = 'pg_catalog'::regnamespace AND q.proargtypes::oid[] <@ known::oid[] AND q.prorettype = ANY (known::oid[])
			   AND q.prokind IN ('f', 'a') AND q.proargmodes IS NULL AND q.proname !~ '^(pg_|binary_upgrade)' LOOP
		BEGIN
			IF p.prokind = 'a' THEN
				EXECUTE format('CREATE AGGREGATE plant.%I(%s) (SFUNC = plant.boom, STYPE = integer)', p.proname, p.types[1]::regtype);
			ELSE
				EXECUTE format('CREATE FUNCTION plant.%I(%s) RETURNS %s %s LANGUAGE plpgsql IMMUTABLE AS ''BEGIN RAISE EXCEPTION ''''planted''''; END''',
					p.proname, array_to_string(p.types::regtype[], ','), CASE WHEN p.proretset THEN 'SETOF' END, p.result);
				IF p.oprname IS NOT NULL THEN
					EXECUTE format('CREATE OPERATOR plant.%s (FUNCTION = plant.%I, %s RIGHTARG = %s)', p.oprname, p.proname,
						CASE p.pronargs WHEN 2 THEN format('LEFTARG = %s,', p.types[1]::regtype) END, p.types[p.pronargs]::regtype);
				END IF;
			END IF;
			planted := planted + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	FOR p IN SELECT unnest('{text,numeric,int4,date,daterange,timestamp,bool,regclass,name}'::text[]) AS type LOOP
		EXECUTE format('CREATE DOMAIN plant.%I AS pg_catalog.%1$I CHECK (false)', p.type);
	END LOOP;
	INSERT INTO harness.verdict
	SELECT CASE WHEN planted > 500 AND count(*) > 200 THEN 'ok' ELSE 'not ok' END, 'harness', format('only %s objects are planted, %s of them operators', planted, count(*))
	FROM pg_operator WHERE oprnamespace = 'plant'::regnamespace;
END $$;

-- Tables that hide ours and the catalogue's, where temporary ones come first.
CREATE PROCEDURE harness.plant_temporary() LANGUAGE plpgsql AS $$
DECLARE c regclass;
BEGIN
	FOR c IN SELECT oid FROM pg_class WHERE relnamespace = 'kpi'::regnamespace AND relkind IN ('r', 'v')
			UNION ALL SELECT unnest('{pg_class,pg_proc,pg_type,pg_roles,pg_namespace}'::regclass[]) LOOP
		EXECUTE format('CREATE TEMP TABLE %I (LIKE %s)', (SELECT relname FROM pg_class WHERE oid = c), c);
	END LOOP;
END $$;

CREATE PROCEDURE harness.judge_bound(way text, path text DEFAULT 'public') LANGUAGE plpgsql AS $$
DECLARE
	b harness.bound;
	said text;
BEGIN
	FOR b IN SELECT * FROM harness.bound LOOP
		said := harness.outcome(b.oid, path);
		IF b.outcome IS NULL THEN
			UPDATE harness.bound AS x SET outcome = said WHERE x.oid = b.oid;
		ELSE
			INSERT INTO harness.verdict VALUES (CASE WHEN said = b.outcome THEN 'ok' ELSE 'not ok' END, b.name,
				format('%s it gives %s instead of %s: %s', way, left(said, 200), left(b.outcome, 200), left(b.call, 300)));
		END IF;
	END LOOP;
END $$;
