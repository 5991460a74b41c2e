-- A series as trend, season and remainder, and without its season.

--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.decompose(series kpi.series@type@, method text DEFAULT 'stl', seasonality float8 DEFAULT NULL,
		robust boolean DEFAULT true, multiplicative boolean DEFAULT NULL, season_window float8 DEFAULT NULL)
	RETURNS TABLE (period @period@, observed float8, trend float8, seasonal float8, remainder float8, weight float8,
		is_multiplicative boolean)
	AS 'MODULE_PATHNAME', 'kpi_decompose_rows' LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION kpi.decompose(kpi.series@declared@, text, float8, boolean, boolean, float8) IS
'Trend, season and remainder of each period of a series, as summands or factors. '
'Method stl is by loess, classical by moving averages. Without a word on it factors are taken where they leave less; '
'a season_window lets the season change. Periods are @says@. No rows for NULL.';
--@ end

CREATE FUNCTION kpi.seasonal_adjust(series kpi.series, method text DEFAULT 'stl', seasonality float8 DEFAULT NULL,
		robust boolean DEFAULT true, multiplicative boolean DEFAULT NULL, season_window float8 DEFAULT NULL)
	RETURNS kpi.series
	AS 'MODULE_PATHNAME', 'kpi_seasonal_adjust' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION kpi.seasonal_adjust(kpi.series, text, float8, boolean, boolean, float8) IS
'A series without its season, as decompose() finds it; gaps stay. '
'The same series where it has no season. NULL where series, method or robust is.';
