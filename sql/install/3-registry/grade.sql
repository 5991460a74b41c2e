-- Grades by the bands of the registry.

CREATE FUNCTION kpi.grade(score numeric, band_set text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.band_set = grade.band_set AND (b.lower_bound IS NULL OR b.lower_bound <= grade.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.band_set IS NULL THEN
		PERFORM kpi_internal.require_band_set(grade.band_set);
	END IF;
	RETURN CASE WHEN grade.score > '-Infinity' AND grade.score < 'Infinity' THEN hit.code END;
END
$$;
COMMENT ON FUNCTION kpi.grade(numeric, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN, infinity or a score below all bands; a band set that does not exist is an error.';

CREATE FUNCTION kpi.grade(score float8, band_set text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.band_set = grade.band_set AND (b.lower_bound IS NULL OR b.lower_bound <= grade.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.band_set IS NULL THEN
		PERFORM kpi_internal.require_band_set(grade.band_set);
	END IF;
	RETURN CASE WHEN grade.score > '-Infinity' AND grade.score < 'Infinity' THEN hit.code END;
END
$$;
COMMENT ON FUNCTION kpi.grade(float8, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN, infinity or a score below all bands; a band set that does not exist is an error.';

CREATE FUNCTION kpi.grade_coefficient(score numeric, band_set text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.band_set = grade_coefficient.band_set AND (b.lower_bound IS NULL OR b.lower_bound <= grade_coefficient.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.band_set IS NULL THEN
		PERFORM kpi_internal.require_band_set(grade_coefficient.band_set);
	END IF;
	RETURN CASE WHEN grade_coefficient.score > '-Infinity' AND grade_coefficient.score < 'Infinity' THEN hit.coefficient END;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(numeric, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN, infinity or a score below all bands, and for a band without one; a band set that does not exist is an error.';

CREATE FUNCTION kpi.grade_coefficient(score float8, band_set text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.band_set = grade_coefficient.band_set AND (b.lower_bound IS NULL OR b.lower_bound <= grade_coefficient.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.band_set IS NULL THEN
		PERFORM kpi_internal.require_band_set(grade_coefficient.band_set);
	END IF;
	RETURN CASE WHEN grade_coefficient.score > '-Infinity' AND grade_coefficient.score < 'Infinity' THEN hit.coefficient END;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(float8, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN, infinity or a score below all bands, and for a band without one; a band set that does not exist is an error.';
