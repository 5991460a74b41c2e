-- A row of a table of the registry, added or changed by its key.

CREATE FUNCTION kpi_internal.check_reset(relation regclass, keys text[], reset text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.fail_unknown('column', wrong, known, 'columns', NULL, format(' to be reset in %s', relation))
	FROM (SELECT array_agg(a.attname::text ORDER BY a.attnum) AS known FROM pg_attribute AS a
		  WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (keys || '{set_by,set_at}'::text[])) AS c
		CROSS JOIN LATERAL (SELECT r FROM unnest(reset) AS r WHERE r <> ALL (c.known) LIMIT 1) AS w (wrong);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_reset(regclass, text[], text[]) IS
'Raises an error for a column that is to be reset and is not there, or is part of the key.';

-- What is left out stays as it is; a new row has the defaults, then those of the table.
CREATE FUNCTION kpi_internal.put_row(relation regclass, keys text[], given jsonb, defaults jsonb, reset text[] DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	same CONSTANT text := (SELECT coalesce(string_agg(format('CAST(t.%1$I AS text) = $1 ->> %1$L', k), ' AND '), 'false')
						   FROM unnest(keys) AS k);
	old jsonb;
	wanted jsonb;
	columns text;
BEGIN
	PERFORM kpi_internal.check_reset(relation, keys, reset);
	PERFORM kpi_internal.lock_key(relation, (SELECT string_agg(given ->> k, '/') FROM unnest(keys) AS k));
	EXECUTE format('SELECT jsonb_strip_nulls(to_jsonb(t)) FROM %s AS t WHERE %s', relation, same) INTO old USING given;
	wanted := defaults || coalesce(old - coalesce(reset, '{}'), '{}') || given;
	IF old IS NULL THEN
		columns := (SELECT string_agg(quote_ident(k), ', ') FROM jsonb_object_keys(wanted) AS k);
		PERFORM kpi_internal.require_value('given', columns);
		EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(CAST(NULL AS %1$s), $1)', relation, columns) USING wanted;
	ELSIF wanted <> old THEN
		columns := (SELECT string_agg(quote_ident(k), ', ') FROM jsonb_object_keys(old || wanted) AS k);
		EXECUTE format('UPDATE %1$s AS t SET (%2$s) = (SELECT %2$s FROM jsonb_populate_record(CAST(NULL AS %1$s), $2)) WHERE %3$s',
					   relation, columns, same) USING given, wanted;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_row(regclass, text[], jsonb, jsonb, text[]) IS
'Adds or changes the row of a table whose key is given, as column: value. '
'What is left out stays, unless it is to be reset; of a new row it is the default. The same again changes nothing.';
