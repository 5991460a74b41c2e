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
