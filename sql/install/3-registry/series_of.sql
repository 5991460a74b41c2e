-- The measurements of an indicator as a series.

CREATE FUNCTION kpi.series_of(indicator text, unit text, "grain" text DEFAULT 'month',
		provisional boolean DEFAULT false)
	RETURNS kpi.series
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	PERFORM kpi_internal.require_grain("grain");
	IF (SELECT g.rule ~ 'weeks [^:]*: (period|quarter|half|year)' FROM kpi.grain AS g
		WHERE g.grain = series_of.grain) THEN
		PERFORM kpi_internal.fail('22023', format('the periods of grain "%s" are not of one length', "grain"),
			'Take the grain of its weeks, or number the periods: series(number, value).');
	END IF;
	RETURN (SELECT kpi.series(m.period_start, CAST(m.value AS float8))
			FROM kpi.measurement AS m
			WHERE m.indicator = series_of.indicator AND m.unit = series_of.unit AND m.grain = series_of.grain
				AND (series_of.provisional OR NOT m.provisional));
END
$$;
COMMENT ON FUNCTION kpi.series_of(text, text, text, boolean) IS
'The measurements of an indicator for a unit as a series by the first days of its periods. '
'Of a window, such as month_ytd, by those of the periods it ends with. A measurement without a value is a gap; one of '
'a period that is not over counts only if provisional is true. It has what the caller may read; NULL without any. '
'Errors: an indicator, unit or grain that is NULL or unknown; a grain whose periods are not of one length.';
