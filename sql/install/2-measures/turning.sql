-- Where a series turns, and what has never been before.

--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.turning_points(series kpi.series@type@, kind text DEFAULT NULL, threshold float8 DEFAULT 3)
	RETURNS TABLE (period @period@, value float8, kind text, prominence float8)
	AS 'MODULE_PATHNAME', 'kpi_turning_points' LANGUAGE C STABLE PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION kpi.turning_points(kpi.series@declared@, text, float8) IS
'Peaks and troughs of a series, with how far it goes down or up from them. '
'Those of at least threshold standard deviations of the noise; kind: peak or trough alone. Of equal values the first, '
'the ends never. Periods are @says@. No rows for a NULL series or threshold; other words and a threshold that is not '
'above 0 are errors.';

CREATE FUNCTION kpi.records(series kpi.series@type@, direction text DEFAULT NULL)
	RETURNS TABLE (period @period@, value float8, side text, verdict text, former_period @period@, former_value float8)
	AS 'MODULE_PATHNAME', 'kpi_records' LANGUAGE C STABLE PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION kpi.records(kpi.series@declared@, text) IS
'The values of a series above, or below, all before, with the record that they break. '
'By a direction they are the best or the worst so far. Periods are @says@. No rows for a NULL series; an unknown '
'direction is an error.';
--@ end
