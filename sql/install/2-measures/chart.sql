-- Control charts: what a process does by itself, and what is a signal.

CREATE TYPE kpi.process_limits AS (
	center float8,
	lower float8,
	upper float8,
	sigma float8,
	range_center float8,
	range_upper float8,
	n integer,
	n_missing integer,
	provisional boolean
);
COMMENT ON TYPE kpi.process_limits IS 'The natural limits of a process, as xmr() gives them.';
COMMENT ON COLUMN kpi.process_limits.center IS 'Mean, or median, of the values; NULL without any.';
COMMENT ON COLUMN kpi.process_limits.lower IS 'Lower limit: three sigma below the center; NULL of less than 6 values.';
COMMENT ON COLUMN kpi.process_limits.upper IS 'Upper limit: three sigma above the center; NULL of less than 6 values.';
COMMENT ON COLUMN kpi.process_limits.sigma IS
'Spread from period to period: 2.66 mean ranges, or 3.145 median ones, by 3.';
COMMENT ON COLUMN kpi.process_limits.range_center IS 'Mean, or median, of the moving ranges.';
COMMENT ON COLUMN kpi.process_limits.range_upper IS
'Upper limit of a moving range: 3.267 mean ranges, or 3.865 median ones.';
COMMENT ON COLUMN kpi.process_limits.n IS 'Values that the limits are of.';
COMMENT ON COLUMN kpi.process_limits.n_missing IS 'Periods of the baseline without a value.';
COMMENT ON COLUMN kpi.process_limits.provisional IS 'Whether the limits are of less than 12 values.';

CREATE TYPE kpi.cusum_sums AS (
	up float8,
	down float8
);
COMMENT ON TYPE kpi.cusum_sums IS 'Sums of what is above and below a target, as cusum() gives them.';
COMMENT ON COLUMN kpi.cusum_sums.up IS 'Sum of what is above target and slack, since it was last 0.';
COMMENT ON COLUMN kpi.cusum_sums.down IS 'Sum of what is below target and slack, since it was last 0.';

CREATE FUNCTION kpi.xmr(series kpi.series, baseline float8 DEFAULT NULL, method text DEFAULT 'mean')
	RETURNS kpi.process_limits
	AS 'MODULE_PATHNAME', 'kpi_xmr' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.xmr(kpi.series, float8, text) IS
'Natural limits of single values: mean and 2.66 mean moving ranges, or by medians. '
'The baseline is how many of the first periods they are of, all by default. Gaps have no range with their neighbours. '
'NULL where series or method is.';

--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.control_chart(series kpi.series@type@, type text DEFAULT 'xmr', rules text[] DEFAULT NULL,
		sizes kpi.series DEFAULT NULL, baseline float8 DEFAULT NULL, rephase boolean DEFAULT false,
		direction text DEFAULT NULL, clear_after float8 DEFAULT 2, center float8 DEFAULT NULL, sigma float8 DEFAULT NULL,
		smoothing float8 DEFAULT NULL, width float8 DEFAULT NULL, slack float8 DEFAULT NULL,
		decision float8 DEFAULT NULL)
	RETURNS TABLE (period @period@, value float8, statistic float8, low_statistic float8, center_line float8,
		lower float8, upper float8, sigma_used float8, phase integer, signals text[], alarm boolean)
	AS 'MODULE_PATHNAME', 'kpi_control_chart' LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION kpi.control_chart(kpi.series@declared@, text, text[], kpi.series, float8, boolean, text,
	float8, float8, float8, float8, float8, float8, float8) IS
'A control chart period by period: limits, the rules that were hit, and alarms. '
'Types are xmr, run, c, np, p, u, laney_p, laney_u, ewma and cusum. An alarm begins with a signal, with a direction '
'with a bad one, and ends after clear_after values without. Periods are @says@. No rows for NULL.';
--@ end

CREATE FUNCTION kpi.ewma(value float8, alpha float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ewma' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.ewma(value float8, alpha float8) IS
'Window function: the mean of the values so far, each weighing 1 - alpha of the one after it. '
'It begins with the first value. NULL, NaN and infinity change nothing; an alpha that is not above 0 and at most 1 is '
'an error.';
CREATE FUNCTION kpi.cusum(value float8, target float8, slack float8) RETURNS kpi.cusum_sums
	AS 'MODULE_PATHNAME', 'kpi_cusum' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.cusum(value float8, target float8, slack float8) IS
'Window function: the sums of what was above and below the target by more than slack, each from 0 on. '
'NULL, NaN and infinity change nothing; a negative slack is an error.';
