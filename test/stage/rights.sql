-- Who may do what, and calls under a hostile search path.

CREATE ROLE harness_stranger;

\ir undone.sql

-- What the catalogue must say; grants.sql and the tests of names tell the rest.
INSERT INTO harness.verdict
SELECT CASE WHEN c.reloptions @> '{security_invoker=true}' THEN 'ok' ELSE 'not ok' END, c.oid::regclass::text,
	'is a view without security_invoker: it would read with the rights of its owner'
FROM pg_class AS c WHERE harness.ours(c.relnamespace) AND c.relkind = 'v'
UNION ALL
SELECT CASE WHEN NOT p.prosecdef
	OR EXISTS (SELECT FROM harness.on_purpose AS o WHERE o.fact = 'definer' AND o.name = p.proname) THEN 'ok'
		ELSE 'not ok' END,
	p.oid::regprocedure::text, 'is SECURITY DEFINER'
FROM pg_proc AS p WHERE harness.ours(p.pronamespace)
UNION ALL
SELECT CASE WHEN p.prosqlbody IS NOT NULL OR p.prokind = 'p' OR p.proconfig @> '{"search_path=pg_catalog, pg_temp"}'
	OR EXISTS (SELECT FROM harness.on_purpose AS o WHERE o.fact = 'search path' AND o.name = p.proname) THEN 'ok'
		ELSE 'not ok' END,
	p.oid::regprocedure::text, 'has a body that runs under the search path of the caller'
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
WHERE harness.ours(p.pronamespace) AND l.lanname IN ('sql', 'plpgsql');

-- Each role with each table: what it was granted, and nothing more.
CREATE PROCEDURE harness.try_tables(role name) LANGUAGE plpgsql AS $$
DECLARE
	t record;
	f harness.failure;
BEGIN
	FOR t IN SELECT c.oid::regclass AS rel, w.word, has_table_privilege(role, c.oid, w.word) AS granted,
				format(w.statement, c.oid::regclass, (SELECT attname FROM pg_attribute
					WHERE attrelid = c.oid AND attnum > 0 AND attidentity <> 'a' ORDER BY attnum LIMIT 1))
					AS statement
			 FROM pg_class AS c, (VALUES ('SELECT', 'SELECT FROM %1$s LIMIT 1'),
				('INSERT', 'INSERT INTO %1$s DEFAULT VALUES'),
				('UPDATE', 'UPDATE %1$s SET %2$I = NULL'), ('DELETE', 'DELETE FROM %1$s'),
				('TRUNCATE', 'TRUNCATE %1$s CASCADE')) AS w(word, statement)
			 WHERE harness.ours(c.relnamespace)
				AND (c.relkind IN ('r', 'p') OR c.relkind = 'v' AND w.word = 'SELECT') LOOP
		EXECUTE format('SET LOCAL ROLE %I', role);
		f := harness.try_undone(t.statement);
		RESET ROLE;
		-- triggers may refuse what was granted, in words of our own
		INSERT INTO harness.verdict
			VALUES (CASE WHEN t.granted THEN CASE WHEN f.state IS DISTINCT FROM '42501'
			OR f.message !~ '^permission denied' THEN 'ok' ELSE 'not ok' END
			WHEN f.state = '42501' THEN 'ok' ELSE 'not ok' END,
			format('%s: %s of %s', role, t.word, t.rel), format('%s, but it ends with %s: %s',
				CASE WHEN t.granted THEN 'it is granted' ELSE 'it is not granted' END,
				coalesce(f.state, 'success'), f.message));
	END LOOP;
END $$;

-- What a role may do with functions, as the reference says.
CREATE PROCEDURE harness.may(role name, what text, statement text, allowed boolean) LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	f := harness.try_undone(statement);
	RESET ROLE;
	INSERT INTO harness.verdict VALUES (CASE WHEN allowed AND f.state IS NULL OR NOT allowed AND f.state = '42501'
		THEN 'ok' ELSE 'not ok' END,
		format('%s: %s', role, what), format('should be %s and ends with %s: %s',
			CASE WHEN allowed THEN 'allowed' ELSE 'refused' END, coalesce(f.state, 'success'), f.message));
END $$;

-- Calls bound to their arguments beforehand, so that only what our functions
-- look up themselves is found under another search path. Rows may come in any order.
CREATE TABLE harness.bound (oid oid PRIMARY KEY, name text, call text, outcome text);
CREATE PROCEDURE harness.bind_call(which oid) LANGUAGE plpgsql AS $$
DECLARE
	c harness.callable;
	query text;
BEGIN
	CALL harness.find_base(which);
	SELECT * INTO c FROM harness.callable WHERE oid = which;
	IF c.accepted AND (SELECT prorettype <> 'void'::regtype FROM pg_proc WHERE oid = which) THEN
		query := regexp_replace(harness.call_text(c.oid, c.base), '^SELECT ', '');
		IF (harness.try(format('CREATE FUNCTION harness.bound_%s() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT
			string_agg((r)::text, E''\n'' ORDER BY (r)::text) FROM (SELECT %s AS r) AS x; END', c.oid,
			query))).state IS NULL THEN
			INSERT INTO harness.bound VALUES (c.oid, c.name, query, NULL);
		END IF;
	END IF;
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
	-- the moment of the call differs each time
	WHEN SQLSTATE 'HR000' THEN RETURN coalesce(regexp_replace(said, now()::date || ' [0-9:.]+\+00', 'now', 'g'), 'NULL');
	WHEN OTHERS THEN RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END $$;

-- Tables that hide ours and the catalogue's, where temporary ones come first.
CREATE PROCEDURE harness.plant_temporary() LANGUAGE plpgsql AS $$
DECLARE c regclass;
BEGIN
	FOR c IN SELECT oid FROM pg_class WHERE harness.ours(relnamespace) AND relkind IN ('r', 'v')
			UNION ALL SELECT unnest('{pg_class,pg_proc,pg_type,pg_roles,pg_namespace}'::regclass[]) LOOP
		EXECUTE format('CREATE TEMP TABLE %I (LIKE %s)', (SELECT relname FROM pg_class WHERE oid = c), c);
	END LOOP;
END $$;

CREATE PROCEDURE harness.judge_bound(way text, path text DEFAULT 'public') LANGUAGE plpgsql AS $$
DECLARE
	b harness.bound;
	said text;
BEGIN
	-- what tells the state of things tells another one after others were tried
	FOR b IN SELECT * FROM harness.bound AS x WHERE NOT EXISTS (SELECT FROM harness.on_purpose AS p
			WHERE p.fact = 'state' AND x.name LIKE '%.' || p.name || '(%') LOOP
		said := harness.outcome(b.oid, path);
		IF b.outcome IS NULL THEN
			-- one that counts its calls gives another number each time
			UPDATE harness.bound AS x SET outcome = CASE WHEN said = harness.outcome(b.oid, path) THEN said
				ELSE 'any number' END WHERE x.oid = b.oid;
		ELSE
			said := CASE WHEN b.outcome = 'any number' AND said ~ '^([0-9]+|\([0-9]+,.*\))$' THEN b.outcome ELSE said END;
			INSERT INTO harness.verdict VALUES (CASE WHEN said = b.outcome THEN 'ok' ELSE 'not ok' END, b.name,
				format('%s it gives %s instead of %s: %s', way, left(said, 200), left(b.outcome, 200),
					left(b.call, 300)));
		END IF;
	END LOOP;
END $$;
