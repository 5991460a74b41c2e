-- Errors with help, raised by the functions below that are written in SQL.

-- not STRICT: most errors have no detail
CREATE FUNCTION kpi_internal.fail(sqlstate text, message text, hint text DEFAULT NULL, detail text DEFAULT NULL)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_fail'
	LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.fail(text, text, text, text) IS
'Raises an error with that code, message, hint and detail. '
'The lines of PL/pgSQL that led to it are left out. Hint and detail may be NULL.';

CREATE FUNCTION kpi_internal.nearest(word text, candidates text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_nearest'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.nearest(text, text[]) IS
'The candidate most like the word. Fewest inserted, deleted or replaced characters, at most 2 or a third of the '
'word, upper and lower case alike. NULL for NULL and where none is near.';

CREATE FUNCTION kpi_internal.fail_unknown(what text, word text, known text[], known_as text, when_none text,
	place text DEFAULT '')
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	near CONSTANT text := kpi_internal.nearest(word, known);
	count CONSTANT integer := coalesce(cardinality(known), 0);
	-- those that contain the word come first
	listed CONSTANT text[] := ARRAY(SELECT k.word FROM unnest(known) WITH ORDINALITY AS k (word, n)
									ORDER BY strpos(k.word, fail_unknown.word) = 0, k.n);
BEGIN
	PERFORM kpi_internal.fail('22023',
		format('%s "%s" does not exist%s', what, word, place),
		CASE
			WHEN near IS NOT NULL THEN format('Perhaps you mean "%s".', near)
			WHEN count = 0 THEN when_none
			WHEN count <= 10 THEN format('Known %s: %s.', known_as, array_to_string(listed, ', '))
			ELSE format('Known %s: %s and %s more.', known_as, array_to_string(listed[:10], ', '), count - 10)
		END);
END
$$;
COMMENT ON FUNCTION kpi_internal.fail_unknown(text, text, text[], text, text, text) IS
'Raises the error for a word that is unknown (place says where). '
'The hint is the nearest known one, or when_none, or the first known ones (called known_as), those that contain the '
'word before others.';
