-- Grades by the bands of the registry.

CREATE FUNCTION kpi_internal.bands(band_set text)
	RETURNS TABLE (bounds numeric[], codes text[], statuses integer[], coefficients numeric[])
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT coalesce(array_agg(b.lower_bound ORDER BY b.lower_bound) FILTER (WHERE b.lower_bound IS NOT NULL), '{}'),
		   array_agg(CAST(b.code AS text) ORDER BY b.lower_bound NULLS FIRST),
		   array_agg(b.status ORDER BY b.lower_bound NULLS FIRST),
		   array_agg(b.coefficient ORDER BY b.lower_bound NULLS FIRST)
	FROM kpi.band b
	WHERE b.band_set = bands.band_set;
END;
COMMENT ON FUNCTION kpi_internal.bands(text) IS
'The bands of a set from the bottom up. A score is in the band of place 1 + width_bucket(score, bounds), the one '
'with the highest lower bound that it reaches. NULL codes for a set that does not exist.';

--@ for name | ret | list | says
--@ | grade | text | codes | Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN or infinity; a band set that does not exist is an error.
--@ | grade_coefficient | numeric | coefficients | Coefficient for pay of the band that a score is in. NULL for NULL, NaN or infinity, and for a band without one; a band set that does not exist is an error.
--@ for num
--@ | numeric
--@ | float8
CREATE FUNCTION kpi.@name@(score @num@, band_set text)
	RETURNS @ret@
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	b record;
BEGIN
	SELECT * INTO b FROM kpi_internal.bands(band_set);
	IF b.codes IS NULL THEN
		PERFORM kpi_internal.require_band_set(band_set);
	END IF;
	RETURN CASE WHEN score > '-Infinity' AND score < 'Infinity'
				THEN b.@list@[1 + width_bucket(score, CAST(b.bounds AS @num@[]))] END;
END
$$;
COMMENT ON FUNCTION kpi.@name@(@num@, text) IS
'@says@';

--@ end
--@ end
