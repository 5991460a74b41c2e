-- Errors with help, raised by the functions below that are written in SQL.

-- not STRICT: most errors have no detail
CREATE FUNCTION kpi.fail(sqlstate text, message text, hint text DEFAULT NULL, detail text DEFAULT NULL)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_fail'
	LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.fail(text, text, text, text) IS
'Raises an error with that code, message, hint and detail, and without the lines of PL/pgSQL that led to it. Hint and detail may be NULL.';
