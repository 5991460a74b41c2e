-- Whether a series rises or falls, how fast, and whether that is good.

CREATE TYPE kpi.trend_test AS (
	n integer,
	n_missing integer,
	s float8,
	var_s float8,
	tau float8,
	z float8,
	p_value float8
);
COMMENT ON TYPE kpi.trend_test IS 'A test of trend, as mann_kendall() gives it.';
COMMENT ON COLUMN kpi.trend_test.n IS 'Values that take part.';
COMMENT ON COLUMN kpi.trend_test.n_missing IS 'Periods without a value.';
COMMENT ON COLUMN kpi.trend_test.s IS 'Pairs of values that rise less those that fall.';
COMMENT ON COLUMN kpi.trend_test.var_s IS 'Variance of s without a trend, equal values taken into account.';
COMMENT ON COLUMN kpi.trend_test.tau IS
'Rank correlation with time, tau-b: from -1 to 1; NULL where all values are equal.';
COMMENT ON COLUMN kpi.trend_test.z IS 'S in standard deviations, one pair nearer to 0.';
COMMENT ON COLUMN kpi.trend_test.p_value IS
'How probable an s that far from 0 is without a trend; NULL of less than 4 values.';

CREATE TYPE kpi.trend_slope AS (
	n integer,
	n_missing integer,
	slope float8,
	low float8,
	high float8,
	intercept float8
);
COMMENT ON TYPE kpi.trend_slope IS 'The slope of a series, as theil_sen() gives it.';
COMMENT ON COLUMN kpi.trend_slope.n IS 'Values that take part.';
COMMENT ON COLUMN kpi.trend_slope.n_missing IS 'Periods without a value.';
COMMENT ON COLUMN kpi.trend_slope.slope IS 'Median slope of all pairs of values, per period.';
COMMENT ON COLUMN kpi.trend_slope.low IS
'Lower bound of the slope; NULL where there are too few values for the confidence.';
COMMENT ON COLUMN kpi.trend_slope.high IS
'Upper bound of the slope; NULL where there are too few values for the confidence.';
COMMENT ON COLUMN kpi.trend_slope.intercept IS
'The line in the first period: median value less slope times median time.';

CREATE TYPE kpi.trend_line AS (
	n integer,
	n_missing integer,
	slope float8,
	low float8,
	high float8,
	intercept float8,
	std_error float8,
	t float8,
	p_value float8,
	r_squared float8
);
COMMENT ON TYPE kpi.trend_line IS 'The straight line through a series, as ols_trend() gives it.';
COMMENT ON COLUMN kpi.trend_line.n IS 'Values that take part.';
COMMENT ON COLUMN kpi.trend_line.n_missing IS 'Periods without a value.';
COMMENT ON COLUMN kpi.trend_line.slope IS 'Slope of the line of least squares, per period; NULL of one value.';
COMMENT ON COLUMN kpi.trend_line.low IS 'Lower bound of the slope; NULL of less than 3 values.';
COMMENT ON COLUMN kpi.trend_line.high IS 'Upper bound of the slope; NULL of less than 3 values.';
COMMENT ON COLUMN kpi.trend_line.intercept IS 'The line in the first period.';
COMMENT ON COLUMN kpi.trend_line.std_error IS 'Standard error of the slope; NULL of less than 3 values.';
COMMENT ON COLUMN kpi.trend_line.t IS 'The slope in standard errors; NULL where the line leaves nothing.';
COMMENT ON COLUMN kpi.trend_line.p_value IS
'How probable a slope that far from 0 is without a trend; NULL of less than 3 values.';
COMMENT ON COLUMN kpi.trend_line.r_squared IS
'Share of the squares that the line explains; NULL where all values are equal.';

CREATE TYPE kpi.trend_answer AS (
	label text,
	verdict text,
	slope float8,
	low float8,
	high float8,
	relative_slope float8,
	tau float8,
	p_value float8,
	seasonality integer,
	n integer,
	n_missing integer
);
COMMENT ON TYPE kpi.trend_answer IS 'What a series does, as trend() gives it.';
COMMENT ON COLUMN kpi.trend_answer.label IS
'rising, falling, flat (significant, but less than min_slope) or no trend; NULL of less than 4 values.';
COMMENT ON COLUMN kpi.trend_answer.verdict IS
'improving, worsening or steady, by the direction; NULL where the label is.';
COMMENT ON COLUMN kpi.trend_answer.slope IS 'Median slope per period, of pairs of the same place of the season.';
COMMENT ON COLUMN kpi.trend_answer.low IS 'Lower bound of the slope, at the confidence 1 - significance.';
COMMENT ON COLUMN kpi.trend_answer.high IS 'Upper bound of the slope, at the confidence 1 - significance.';
COMMENT ON COLUMN kpi.trend_answer.relative_slope IS 'The slope as a share of the median level; NULL where that is 0.';
COMMENT ON COLUMN kpi.trend_answer.tau IS 'Rank correlation with time, within the places of the season.';
COMMENT ON COLUMN kpi.trend_answer.p_value IS 'How probable as strong a trend is by chance.';
COMMENT ON COLUMN kpi.trend_answer.seasonality IS 'Periods of the season that was taken into account; 1 for none.';
COMMENT ON COLUMN kpi.trend_answer.n IS 'Values that take part.';
COMMENT ON COLUMN kpi.trend_answer.n_missing IS 'Periods without a value.';

-- STABLE: periods with a time zone have the steps of the session's zone
CREATE FUNCTION kpi.mann_kendall(series kpi.series) RETURNS kpi.trend_test
	AS 'MODULE_PATHNAME', 'kpi_mann_kendall' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.mann_kendall(kpi.series) IS
'Test of Mann and Kendall: whether a series rises or falls, by the signs of all pairs of its values. '
'Gaps take part in no pair; NULL for NULL.';

-- not STRICT: a season that is left out is found
CREATE FUNCTION kpi.seasonal_mann_kendall(series kpi.series, seasonality float8 DEFAULT NULL) RETURNS kpi.trend_test
	AS 'MODULE_PATHNAME', 'kpi_seasonal_mann_kendall' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.seasonal_mann_kendall(kpi.series, float8) IS
'Test of trend by pairs of the same place of the season alone (Hirsch, Slack and Smith). '
'Places with less than 3 values give nothing. Seasonality is the periods of a season, by default what is natural for '
'the step; less than two seasons of it are an error. NULL for a NULL series.';

CREATE FUNCTION kpi.theil_sen(series kpi.series, confidence float8 DEFAULT 0.95) RETURNS kpi.trend_slope
	AS 'MODULE_PATHNAME', 'kpi_theil_sen' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi.theil_sen(kpi.series, float8) IS
'Median slope of a series per period, with bounds (Theil and Sen). '
'A confidence that is not between 0 and 1 is an error; NULL for NULL.';

CREATE FUNCTION kpi.ols_trend(series kpi.series, confidence float8 DEFAULT 0.95) RETURNS kpi.trend_line
	AS 'MODULE_PATHNAME', 'kpi_ols_trend' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.ols_trend(kpi.series, float8) IS
'Line of least squares through a series, with the error of its slope, t, p and bounds. '
'Of values that are wild theil_sen() tells more. A confidence that is not between 0 and 1 is an error; NULL for NULL.';

CREATE FUNCTION kpi.trend(series kpi.series, direction text DEFAULT 'higher', target float8 DEFAULT NULL,
		min_slope float8 DEFAULT 0.005, significance float8 DEFAULT 0.05, seasonality float8 DEFAULT NULL)
	RETURNS kpi.trend_answer
	AS 'MODULE_PATHNAME', 'kpi_trend' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi.trend(kpi.series, text, float8, float8, float8, float8) IS
'Whether a series is rising or falling, and improving or worsening by its direction. '
'A trend is what is significant and at least min_slope of the median level per period. Towards a target the distances '
'decide. NULL where series, direction, min_slope or significance is; an unknown direction, none to a target and '
'shares outside 0 to 1 are errors.';
