-- Where the level of a series changes.

-- Functions that give rows have the type of their periods: date, or that of an argument.
--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.change_points(series kpi.series@type@, method text DEFAULT 'pelt', penalty float8 DEFAULT NULL,
		min_size float8 DEFAULT NULL, seasonality float8 DEFAULT NULL, confidence float8 DEFAULT 0.95)
	RETURNS TABLE (period @period@, period_low @period@, period_high @period@, "position" integer,
		level_before float8, level_after float8, change float8, n_before integer, n_after integer,
		gain float8, p_value float8)
	AS 'MODULE_PATHNAME', 'kpi_change_points' LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 3;
COMMENT ON FUNCTION kpi.change_points(kpi.series@declared@, text, float8, float8, float8, float8) IS
'Where the level of a series changes: the first period of each new level, with bounds and levels. '
'Method pelt finds all that gain more than the penalty, exactly; one_break, cusum and pettitt the one that is '
'significant. Season and gaps are taken out. Periods are @says@. No rows for NULL, without a change, and where a '
'straight line explains more.';
--@ end
