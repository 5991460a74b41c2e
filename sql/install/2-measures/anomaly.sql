-- The values of a series that are unlike the others.

--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.anomalies(series kpi.series@type@, method text DEFAULT 'remainder', threshold float8 DEFAULT NULL,
		seasonality float8 DEFAULT NULL, direction text DEFAULT NULL)
	RETURNS TABLE (period @period@, value float8, expected float8, low float8, high float8, score float8, side text)
	AS 'MODULE_PATHNAME', 'kpi_anomalies' LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 3;
COMMENT ON FUNCTION kpi.anomalies(kpi.series@declared@, text, float8, float8, text) IS
'The values of a series that are unlike the others, with what was expected and how far they are off. '
'Method remainder judges what trend and season leave; robust_z, hampel and tukey the values. A direction leaves out '
'those on its good side. Periods are @says@. No rows for NULL.';
--@ end
