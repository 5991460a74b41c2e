-- Grades by the bands of the registry.

-- polymorphic, so that a float8 meets the limits as it is; not STRICT, to be inlined
CREATE FUNCTION kpi_internal.band_for(band_set text, score anyelement)
	RETURNS SETOF kpi.band
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
AS $$
	SELECT b.*
	FROM kpi.band b
	WHERE b.band_set OPERATOR(pg_catalog.=) band_for.band_set
		AND (b.lower_bound IS NULL OR b.lower_bound OPERATOR(pg_catalog.<=) band_for.score)
		AND band_for.score OPERATOR(pg_catalog.>) '-Infinity' AND band_for.score OPERATOR(pg_catalog.<) 'Infinity'
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1
$$;
COMMENT ON FUNCTION kpi_internal.band_for(text, anyelement) IS
'The band of a set that a score is in: the one with the highest lower bound that it reaches. No row for NULL, NaN or infinity, and for a set that does not exist.';

CREATE FUNCTION kpi.grade(score numeric, band_set text)
	RETURNS text
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
	RETURN hit.code;
END
$$;
COMMENT ON FUNCTION kpi.grade(numeric, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN or infinity; a band set that does not exist is an error.';

CREATE FUNCTION kpi.grade(score float8, band_set text)
	RETURNS text
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
	RETURN hit.code;
END
$$;
COMMENT ON FUNCTION kpi.grade(float8, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN or infinity; a band set that does not exist is an error.';

CREATE FUNCTION kpi.grade_coefficient(score numeric, band_set text)
	RETURNS numeric
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
	RETURN hit.coefficient;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(numeric, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN or infinity, and for a band without one; a band set that does not exist is an error.';

CREATE FUNCTION kpi.grade_coefficient(score float8, band_set text)
	RETURNS numeric
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
	RETURN hit.coefficient;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(float8, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN or infinity, and for a band without one; a band set that does not exist is an error.';
