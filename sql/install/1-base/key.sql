-- Keys that people read.

CREATE FUNCTION kpi_internal.default_name(key text)
	RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN pg_catalog.upper(pg_catalog.left(key, 1)) OPERATOR(pg_catalog.||)
		pg_catalog.translate(pg_catalog.substr(key, 2), '_', ' ');
COMMENT ON FUNCTION kpi_internal.default_name(text) IS
'A readable name made of a key: new_customers gives New customers. NULL for NULL.';

CREATE FUNCTION kpi_internal.no_key(text text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_no_key'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.no_key(text) IS
'Raises the error for a text that cannot be a key.';

CREATE DOMAIN kpi.key AS text
	CONSTRAINT key_form CHECK (VALUE OPERATOR(pg_catalog.~) E'^[^\\s./][^/\\n]{0,62}$' OR kpi_internal.no_key(VALUE));
COMMENT ON DOMAIN kpi.key IS
'A key that people read: 1 to 63 characters, no slash, not beginning with a space or a dot.';
COMMENT ON CONSTRAINT key_form ON DOMAIN kpi.key IS
'Keys are short and read well in a path, whose steps a slash divides.';

CREATE FUNCTION kpi_internal.require_key(what text, key text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value(what, key);
	PERFORM CAST(key AS kpi.key);
EXCEPTION
	WHEN invalid_parameter_value THEN
		PERFORM kpi_internal.fail('22023',
			format('%s "%s" cannot be a key', what, key),
			'A key has 1 to 63 characters, no slash and no line break, and does not begin with a space or a dot.');
END
$$;
COMMENT ON FUNCTION kpi_internal.require_key(text, text) IS
'Raises an error for a text that cannot be a key, and for NULL.';
