-- Grades by the bands of the registry.

CREATE FUNCTION kpi.grade(score numeric, bands text)
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
	WHERE b.bands = grade.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade.bands);
	END IF;
	RETURN CASE WHEN grade.score > '-Infinity' AND grade.score < 'Infinity' THEN hit.code END;
END
$$;
COMMENT ON FUNCTION kpi.grade(numeric, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN, infinity or a score below all bands; bands that do not exist are an error.';

CREATE FUNCTION kpi.grade(score float8, bands text)
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
	WHERE b.bands = grade.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade.bands);
	END IF;
	RETURN CASE WHEN grade.score > '-Infinity' AND grade.score < 'Infinity' THEN hit.code END;
END
$$;
COMMENT ON FUNCTION kpi.grade(float8, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN, infinity or a score below all bands; bands that do not exist are an error.';

CREATE FUNCTION kpi.grade_coefficient(score numeric, bands text)
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
	WHERE b.bands = grade_coefficient.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade_coefficient.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade_coefficient.bands);
	END IF;
	RETURN CASE WHEN grade_coefficient.score > '-Infinity' AND grade_coefficient.score < 'Infinity' THEN hit.coefficient END;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(numeric, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN, infinity or a score below all bands, and for a band without one; bands that do not exist are an error.';

CREATE FUNCTION kpi.grade_coefficient(score float8, bands text)
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
	WHERE b.bands = grade_coefficient.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade_coefficient.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade_coefficient.bands);
	END IF;
	RETURN CASE WHEN grade_coefficient.score > '-Infinity' AND grade_coefficient.score < 'Infinity' THEN hit.coefficient END;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(float8, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN, infinity or a score below all bands, and for a band without one; bands that do not exist are an error.';
