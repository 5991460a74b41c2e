-- Values over time as a value: it is made once, in any order, and asked many questions.

--@ state | kpi | series | VARIABLE | extended | Values over time: periods and what was measured in each. Made by series(); can be stored, and merged with rollup().

--@ function | kpi_internal.series_combine(kpi.series, kpi.series) | kpi.series | kpi_series_combine |  | Combine two series; NULL only if both are NULL. Periods of two types and two rules for duplicates are an error.
--@ | kpi_internal.series_done(kpi.series) | kpi.series | kpi_series_done | STRICT | The series in order and without spare room. A period with several values is an error unless a rule combines them.

--@ for period
--@ | date
--@ | timestamp
--@ | timestamptz
--@ | float8
-- not STRICT: a period without a value stays as a gap
--@ for duplicates | says
--@ | |
--@ | , duplicates text | , duplicates by a rule

CREATE FUNCTION kpi_internal.series_accum(kpi.series, period @period@, value float8@duplicates@) RETURNS kpi.series
	AS 'MODULE_PATHNAME', 'kpi_series_@period@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.series_accum(kpi.series, period @period@, value float8@duplicates@) IS
'Transition of series() over @period@: takes in a period with its value@says@.';
CREATE AGGREGATE kpi.series(period @period@, value float8@duplicates@) (
	SFUNC = kpi_internal.series_accum, STYPE = kpi.series, SSPACE = 2048, FINALFUNC = kpi_internal.series_done,
	COMBINEFUNC = kpi_internal.series_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.series(period @period@, value float8@duplicates@) IS
'Values over time as a value to store and to ask: periods of type @period@@says@. '
'Rows come in any order. A NULL value is a gap, a row with a NULL or infinite period is left out; NULL for no rows. '
'Several values of a period are an error, or their sum, average, min or max, as duplicates says; so are NaN and '
'infinity.';
--@ end
--@ end

CREATE AGGREGATE kpi.rollup(series kpi.series) (
	SFUNC = kpi_internal.series_combine, STYPE = kpi.series, SSPACE = 8192, FINALFUNC = kpi_internal.series_done,
	COMBINEFUNC = kpi_internal.series_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.series) IS
'One series of several stored ones, as if their rows had been taken together. '
'NULL for no rows; periods of two types and two rules for duplicates are an error, and so is a period with several '
'values unless their rule combines them.';

-- Functions that give rows have the type of their periods: date, or that of an argument.
--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.points(series kpi.series@type@)
	RETURNS TABLE (period @period@, value float8)
	AS 'MODULE_PATHNAME', 'kpi_series_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 ROWS 100;
COMMENT ON FUNCTION kpi.points(kpi.series@declared@) IS
'The periods of a series in order, with their values; NULL for a gap. '
'Periods are @says@; another type than that of the series is an error. No rows for NULL.';
--@ end
