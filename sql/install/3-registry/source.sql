-- Sources: the tables and views of users that indicators are measured over.

-- no SET: names are looked up as the caller would
CREATE FUNCTION kpi_internal.resolve_source(source text)
	RETURNS regclass
	LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
	RETURN pg_catalog.to_regclass(source);
EXCEPTION
	WHEN syntax_error OR invalid_name OR feature_not_supported OR name_too_long THEN
		RETURN NULL;
	WHEN insufficient_privilege THEN
		PERFORM kpi_internal.fail('42501', pg_catalog.format('permission denied to use the schema of source "%s"', source),
			pg_catalog.format('Let it be granted: GRANT USAGE ON SCHEMA %s TO %I;',
				pg_catalog.split_part(source, '.', 1), current_user));
		RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.resolve_source(text) IS
'The table or view of that name on the search path of the caller; NULL where there is none.';

CREATE FUNCTION kpi_internal.fail_source(source text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
DECLARE
	word CONSTANT text := replace(source, '"', '');
	with_schema CONSTANT boolean := word LIKE '%.%';
	near text;
BEGIN
	WITH relation (plain, quoted) AS (
		SELECT CASE WHEN with_schema THEN n.nspname || '.' || c.relname ELSE c.relname END,
			   format('%I.%I', n.nspname, c.relname)
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
			AND n.nspname <> ALL ('{pg_catalog,information_schema,pg_toast,kpi}')
	)
	SELECT r.quoted INTO near
	FROM relation AS r
	WHERE r.plain = (SELECT kpi_internal.nearest(word, array_agg(o.plain ORDER BY o.quoted COLLATE "C")) FROM relation AS o)
	ORDER BY r.quoted COLLATE "C"
	LIMIT 1;
	PERFORM kpi_internal.fail('22023',
		format('source "%s" does not exist', source),
		CASE
			WHEN near IS NULL THEN 'Name a table or view, with its schema unless that is on the search path.'
			WHEN near LIKE '%"%' THEN format('Perhaps you mean %s.', near)
			ELSE format('Perhaps you mean "%s".', near)
		END);
END
$$;
COMMENT ON FUNCTION kpi_internal.fail_source(text) IS
'Raises the error for a source that does not exist, with the nearest table or view as the hint.';

CREATE FUNCTION kpi_internal.source_name(source text, relation regclass)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	-- the name is stored: it is the same whoever defines
	SET quote_all_identifiers = off
AS $$
DECLARE
	found pg_class;
BEGIN
	SELECT * INTO found FROM pg_class AS c WHERE c.oid = relation;
	IF found.oid IS NULL THEN
		PERFORM kpi_internal.fail_source(source);
	ELSIF found.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
		PERFORM kpi_internal.fail('22023',
			format('source "%s" is neither a table nor a view', source),
			'Name a table, a view, a materialized view or a foreign table.');
	ELSIF found.relpersistence = 't' THEN
		PERFORM kpi_internal.fail('22023',
			format('source "%s" is temporary', source),
			'An indicator outlives the session: name a permanent table or view.');
	END IF;
	RETURN format('%I.%I', (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = found.relnamespace), found.relname);
END
$$;
COMMENT ON FUNCTION kpi_internal.source_name(text, regclass) IS
'The quoted name of a source with its schema. A relation that is missing, temporary or neither a table nor a view is '
'an error.';

CREATE FUNCTION kpi_internal.time_columns(source text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(', such as ' || string_agg(format('"%s"', a.attname), ' or ' ORDER BY a.attnum), '')
	FROM pg_attribute AS a
	WHERE a.attrelid = to_regclass(source) AND a.attnum > 0 AND NOT a.attisdropped
		AND a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
$$;
COMMENT ON FUNCTION kpi_internal.time_columns(text) IS
'The columns of a source that can say when, as a phrase for hints; empty where there is none.';
