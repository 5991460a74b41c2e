-- How far forecasts were from what came.

--@ state | kpi | accuracy_state | 160 | plain | Errors of forecasts, summed up. Made by accuracy(); can be stored and merged with rollup().
--@ merge | accuracy_state | accuracy_combine | 160 | Combine two states; NULL only if both are NULL. | Errors of forecasts of several stored values, as if their rows had been taken together. NULL for no rows.

--@ for scale | says
--@ | |
--@ | , scale float8 | , with the scale of mase() and rmsse()
-- not STRICT: the first row must not become the state
CREATE FUNCTION kpi_internal.accuracy_accum(kpi.accuracy_state, actual float8, forecast float8@scale@)
	RETURNS kpi.accuracy_state
	AS 'MODULE_PATHNAME', 'kpi_accuracy_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.accuracy_accum(kpi.accuracy_state, actual float8, forecast float8@scale@) IS
'Transition of the measures of accuracy: takes in a row@says@.';
CREATE AGGREGATE kpi.accuracy(actual float8, forecast float8@scale@) (
	SFUNC = kpi_internal.accuracy_accum, STYPE = kpi.accuracy_state, SSPACE = 160,
	COMBINEFUNC = kpi_internal.accuracy_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.accuracy(actual float8, forecast float8@scale@) IS
'Errors of forecasts as a value to store@says@. '
'mae(), rmse() and the others read it, rollup() merges several. Rows with a NULL, NaN or infinity are left out.';
--@ end

--@ for name | what | scale | missing
--@ | forecast_bias | mean of actual - forecast | | NULL for no rows.
--@ | mae | mean of abs(actual - forecast) | | NULL for no rows.
--@ | rmse | square root of the mean of (actual - forecast)^2 | | NULL for no rows.
--@ | mape | mean of abs(1 - forecast / actual) | | Rows whose actual is 0 are left out, too; NULL for no rows.
--@ | wape | sum of abs(actual - forecast), divided by that of abs(actual) | | NULL for no rows and where all actuals are 0.
--@ | smape | mean of 2 abs(actual - forecast) / (abs(actual) + abs(forecast)) | | NULL for no rows.
--@ | mase | mean of abs(actual - forecast) / scale | , scale float8 | Rows whose scale is NULL or 0 are left out, too; a negative one is an error. NULL for no rows.
--@ | rmsse | square root of the mean of ((actual - forecast) / scale)^2 | , scale float8 | Rows whose scale is NULL or 0 are left out, too; a negative one is an error. NULL for no rows.
--@ function | kpi.@name@(state kpi.accuracy_state) | float8 | kpi_accuracy_@name@ | STRICT | Of stored errors the @what@. NULL for NULL. @missing@
CREATE AGGREGATE kpi.@name@(actual float8, forecast float8@scale@) (
	SFUNC = kpi_internal.accuracy_accum, STYPE = kpi.accuracy_state, SSPACE = 160, FINALFUNC = kpi.@name@,
	COMBINEFUNC = kpi_internal.accuracy_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@(actual float8, forecast float8@scale@) IS
'Of forecasts the @what@. '
'Rows with a NULL, NaN or infinity are left out. @missing@';
--@ end

--@ state | kpi | theil_state | 48 | plain | Errors of forecasts and changes, summed up. Made by theil_errors(); can be stored and merged with rollup().
--@ merge | theil_state | theil_combine | 48 | Combine two states; NULL only if both are NULL. | Errors and changes of several stored values, as if their rows had been taken together. NULL for no rows.
--@ function | kpi.theil_u2(state kpi.theil_state) | float8 | kpi_theil_u2 | STRICT | The U2 of Theil of stored errors and changes. NULL for NULL, no rows and where nothing changed.

-- not STRICT: the first row must not become the state
CREATE FUNCTION kpi_internal.theil_accum(kpi.theil_state, actual float8, forecast float8, before float8)
	RETURNS kpi.theil_state
	AS 'MODULE_PATHNAME', 'kpi_theil_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.theil_accum(kpi.theil_state, actual float8, forecast float8, before float8) IS
'Transition of theil_u2(): takes in a row.';
CREATE AGGREGATE kpi.theil_errors(actual float8, forecast float8, before float8) (
	SFUNC = kpi_internal.theil_accum, STYPE = kpi.theil_state, SSPACE = 48,
	COMBINEFUNC = kpi_internal.theil_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.theil_errors(actual float8, forecast float8, before float8) IS
'Errors of forecasts and changes from the value before, as a value to store. '
'theil_u2() reads it, rollup() merges several. Rows with a NULL, NaN or infinity are left out, and those whose value '
'before is 0.';
CREATE AGGREGATE kpi.theil_u2(actual float8, forecast float8, before float8) (
	SFUNC = kpi_internal.theil_accum, STYPE = kpi.theil_state, SSPACE = 48, FINALFUNC = kpi.theil_u2,
	COMBINEFUNC = kpi_internal.theil_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.theil_u2(actual float8, forecast float8, before float8) IS
'Theil''s U2: errors of forecasts by the changes from the value before; below 1 is better than none. '
'Both as shares of the value before, squared and summed, of which the root is taken. Rows with a NULL, NaN or '
'infinity are left out, and those whose value before is 0. NULL for no rows and where nothing changed.';

--@ state | kpi | coverage_state | 48 | plain | How well intervals were forecast, summed up. Made by interval_accuracy(); can be stored and merged with rollup().
--@ merge | coverage_state | coverage_combine | 48 | Combine two states; NULL only if both are NULL. | Intervals of several stored values, as if their rows had been taken together. NULL for no rows.
--@ function | kpi.interval_coverage(state kpi.coverage_state) | float8 | kpi_coverage_share | STRICT | Of stored intervals the share that holds what came. NULL for NULL and no rows.
--@ function | kpi.winkler_score(state kpi.coverage_state) | float8 | kpi_coverage_loss | STRICT | Of stored intervals the mean score of Winkler; the less, the better. NULL for NULL and without a row with a level.
--@ function | kpi_internal.pinball_done(kpi.coverage_state) | float8 | kpi_coverage_loss | STRICT | Final function of pinball_loss().

--@ for level | says
--@ | |
--@ | , level float8 | , with the level of winkler_score()
-- not STRICT: the first row must not become the state
CREATE FUNCTION kpi_internal.coverage_accum(kpi.coverage_state, actual float8, low float8, high float8@level@)
	RETURNS kpi.coverage_state
	AS 'MODULE_PATHNAME', 'kpi_coverage_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.coverage_accum(kpi.coverage_state, actual float8, low float8, high float8@level@) IS
'Transition of the measures of intervals: takes in a row@says@.';
CREATE AGGREGATE kpi.interval_accuracy(actual float8, low float8, high float8@level@) (
	SFUNC = kpi_internal.coverage_accum, STYPE = kpi.coverage_state, SSPACE = 48,
	COMBINEFUNC = kpi_internal.coverage_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.interval_accuracy(actual float8, low float8, high float8@level@) IS
'How well intervals were forecast, as a value to store@says@. '
'interval_coverage() and winkler_score() read it, rollup() merges several. Rows with a NULL, NaN or infinity are left '
'out; a low above the high is an error.';
--@ end

CREATE AGGREGATE kpi.interval_coverage(actual float8, low float8, high float8) (
	SFUNC = kpi_internal.coverage_accum, STYPE = kpi.coverage_state, SSPACE = 48, FINALFUNC = kpi.interval_coverage,
	COMBINEFUNC = kpi_internal.coverage_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.interval_coverage(actual float8, low float8, high float8) IS
'The share of forecast intervals that holds what came; near their level if that is right. '
'Rows with a NULL, NaN or infinity are left out; NULL for no rows. A low above the high is an error.';
CREATE AGGREGATE kpi.winkler_score(actual float8, low float8, high float8, level float8) (
	SFUNC = kpi_internal.coverage_accum, STYPE = kpi.coverage_state, SSPACE = 48, FINALFUNC = kpi.winkler_score,
	COMBINEFUNC = kpi_internal.coverage_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.winkler_score(actual float8, low float8, high float8, level float8) IS
'Of forecast intervals the mean width, and what they miss as a multiple of 2 / (1 - level). '
'The less, the better. Rows with a NULL, NaN or infinity are left out; NULL for no rows. A low above the high and a '
'level outside 0 and 1 are errors.';

CREATE FUNCTION kpi_internal.pinball_accum(kpi.coverage_state, actual float8, forecast float8, level float8)
	RETURNS kpi.coverage_state
	AS 'MODULE_PATHNAME', 'kpi_pinball_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.pinball_accum(kpi.coverage_state, actual float8, forecast float8, level float8) IS
'Transition of pinball_loss(): takes in a row.';
CREATE AGGREGATE kpi.pinball_loss(actual float8, forecast float8, level float8) (
	SFUNC = kpi_internal.pinball_accum, STYPE = kpi.coverage_state, SSPACE = 48, FINALFUNC = kpi_internal.pinball_done,
	COMBINEFUNC = kpi_internal.coverage_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.pinball_loss(actual float8, forecast float8, level float8) IS
'Of forecast quantiles the mean loss: level times an error above, 1 - level times one below. '
'level is the probability of the quantile. Rows with a NULL, NaN or infinity are left out; NULL for no rows. A level '
'outside 0 and 1 is an error.';
