-- Grades by the bands of the registry.

--@ for num
--@ | numeric
--@ | float8
CREATE FUNCTION kpi_internal.band_for(band_set text, score @num@)
	RETURNS SETOF kpi.band
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT b.*
	FROM kpi.band b
	WHERE b.band_set = band_for.band_set AND (b.lower_bound IS NULL OR b.lower_bound <= band_for.score)
		AND band_for.score > '-Infinity' AND band_for.score < 'Infinity'
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
END;
COMMENT ON FUNCTION kpi_internal.band_for(text, @num@) IS
'The band of a set that a score is in: the one with the highest lower bound that it reaches. No row for NULL, NaN or infinity, and for a set that does not exist.';

--@ end
--@ for name | ret | col | says
--@ | grade | text | code | Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN or infinity; a band set that does not exist is an error.
--@ | grade_coefficient | numeric | coefficient | Coefficient for pay of the band that a score is in. NULL for NULL, NaN or infinity, and for a band without one; a band set that does not exist is an error.
--@ for num
--@ | numeric
--@ | float8
CREATE FUNCTION kpi.@name@(score @num@, band_set text)
	RETURNS @ret@
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit FROM kpi_internal.band_for(band_set, score) AS b;
	IF NOT FOUND THEN
		PERFORM kpi_internal.require_band_set(band_set);
	END IF;
	RETURN hit.@col@;
END
$$;
COMMENT ON FUNCTION kpi.@name@(@num@, text) IS
'@says@';

--@ end
--@ end
