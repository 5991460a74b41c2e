-- Views of the user's own, for tools that hide what belongs to an extension.

CREATE FUNCTION kpi_internal.view_query(relation regclass, source regclass)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
	SELECT format('SELECT %s FROM %s', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), source)
	FROM pg_attribute AS a
	WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
$$;
COMMENT ON FUNCTION kpi_internal.view_query(regclass, regclass) IS
'The query of all columns of one relation over another. NULL for no relation.';

CREATE FUNCTION kpi_internal.is_published(relation regclass, source regclass)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
	-- the server writes names of columns with their table up to version 15, and spreads them over lines
	SELECT c.relkind = 'v' AND coalesce(c.reloptions, '{}') @> '{security_invoker=true}'
		AND regexp_replace(replace(pg_get_viewdef(c.oid), ' ' || s.relname || '.', ' '), E'\\s+', ' ', 'g')
			= ' ' || kpi_internal.view_query(relation, source) || ';'
	FROM pg_class AS c, pg_class AS s
	WHERE c.oid = relation AND s.oid = source
$$;
COMMENT ON FUNCTION kpi_internal.is_published(regclass, regclass) IS
'Whether a relation is a view that kpi.publish_views() makes of that one. All of its own columns and nothing else. '
'NULL where one of them is not there.';

CREATE FUNCTION kpi_internal.require_schema(schema text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('schema', schema);
	IF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = schema) THEN
		PERFORM kpi_internal.fail('3F000', format('schema "%s" does not exist', schema),
								 'Create it first, with CREATE SCHEMA.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_schema(text) IS
'Raises an error unless the schema exists.';

CREATE FUNCTION kpi_internal.publish_view(schema text, source regclass)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
DECLARE
	name CONSTANT text := (SELECT c.relname FROM pg_class AS c WHERE c.oid = source);
	target CONSTANT text := format('%I.%I', schema, name);
	former regclass;
	wanted CONSTANT text := kpi_internal.view_query(source, source);
	has text;
	done text;
	described record;
	reader name;
BEGIN
	PERFORM kpi_internal.require_schema(schema);
	former := to_regclass(target);
	has := kpi_internal.view_query(former, source);
	done := CASE WHEN former IS NULL THEN 'created' WHEN has = wanted THEN 'kept' ELSE 'replaced' END;
	IF done = 'replaced' AND NOT starts_with(wanted, split_part(has, ' FROM ', 1) || ',') THEN
		-- what is no addition at the end cannot be replaced
		EXECUTE format('DROP VIEW %s', target);
	END IF;
	IF done <> 'kept' THEN
		EXECUTE format('CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS %s', target, wanted);
	END IF;
	EXECUTE format('COMMENT ON VIEW %s IS %L', target, obj_description(source, 'pg_class'));
	FOR described IN
		SELECT a.attname AS name, col_description(source, a.attnum) AS says
		FROM pg_attribute AS a WHERE a.attrelid = source AND a.attnum > 0
	LOOP
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', target, described.name, described.says);
	END LOOP;
	FOR reader IN SELECT * FROM kpi_internal.readers_of(source) LOOP
		EXECUTE format('GRANT SELECT ON %s TO %I', target, reader);
	END LOOP;
	RETURN done;
END
$$;
COMMENT ON FUNCTION kpi_internal.publish_view(text, regclass) IS
'Makes a view over one of ours in a schema, with its comments and grants, and says what it did. '
'That is created, replaced or kept.';

CREATE FUNCTION kpi_internal.readers_of(relation regclass)
	RETURNS SETOF name
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(r.rolname, 'public')
	FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS g LEFT JOIN pg_roles AS r ON r.oid = g.grantee
	WHERE c.oid = relation AND g.privilege_type = 'SELECT' AND g.grantee <> c.relowner
	ORDER BY 1
$$;
COMMENT ON FUNCTION kpi_internal.readers_of(regclass) IS
'The roles that were granted to read a relation; public stands for all. Its owner is none of them.';

CREATE FUNCTION kpi.publish_views(schema text)
	RETURNS TABLE (view_name text, done text)
	LANGUAGE plpgsql ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	views CONSTANT regclass[] := ARRAY(
		SELECT CAST(c.oid AS regclass) FROM pg_class AS c
		WHERE c.relnamespace = CAST('kpi' AS regnamespace) AND c.relkind = 'v' ORDER BY c.relname);
	taken text;
	reader name;
BEGIN
	PERFORM kpi_internal.require_schema(schema);
	SELECT format('%I.%I', schema, c.relname) INTO taken
	FROM unnest(views) AS v JOIN pg_class AS c ON c.oid = v
	WHERE NOT kpi_internal.is_published(to_regclass(format('%I.%I', schema, c.relname)), v)
	ORDER BY c.relname LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('42P07', format('%s is there already and was not made by kpi.publish_views()', taken),
								 'Publish into another schema, or give it another name.');
	END IF;
	FOR view_name, done IN
		SELECT CAST(c.relname AS text), kpi_internal.publish_view(schema, v)
		FROM unnest(views) AS v JOIN pg_class AS c ON c.oid = v ORDER BY c.relname
	LOOP
		RETURN NEXT;
	END LOOP;
	FOR reader IN SELECT DISTINCT r FROM unnest(views) AS v CROSS JOIN LATERAL kpi_internal.readers_of(v) AS r LOOP
		EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema, reader);
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi.publish_views(text) IS
'Makes plain views over all views of kpi in a schema of yours. Says of each what it did. '
'For tools that hide what belongs to an extension. They have the same names, columns, comments and grants, and read '
'with the rights of their reader. Called again, after an upgrade or more grants, it brings them up to date. Errors: '
'an unknown schema (3F000), and a relation of such a name that it has not made (42P07); then nothing has changed.';
