-- Forecasts of series, and how good they would have been.

CREATE TYPE kpi.forecast_model AS (
	model text,
	alpha float8,
	beta float8,
	gamma float8,
	phi float8,
	level float8,
	trend float8,
	seasonal float8[],
	sigma float8,
	aicc float8,
	mase float8,
	n integer,
	n_missing integer,
	note text
);
COMMENT ON TYPE kpi.forecast_model IS
'The model that a series is forecast by, and where it stands after the last value.';
COMMENT ON COLUMN kpi.forecast_model.model IS
'Which model it is: the one that was asked for or chosen, or what stands in for it.';
COMMENT ON COLUMN kpi.forecast_model.alpha IS
'Weight of an error for the level. NULL where the model has none, as all that follow.';
COMMENT ON COLUMN kpi.forecast_model.beta IS 'Weight of an error for the trend.';
COMMENT ON COLUMN kpi.forecast_model.gamma IS 'Weight of an error for the season.';
COMMENT ON COLUMN kpi.forecast_model.phi IS 'What is left of a trend from step to step.';
COMMENT ON COLUMN kpi.forecast_model.level IS 'Level after the last value.';
COMMENT ON COLUMN kpi.forecast_model.trend IS 'Trend per step after the last value.';
COMMENT ON COLUMN kpi.forecast_model.seasonal IS
'Season of the next steps: summands, or factors of multiplicative models.';
COMMENT ON COLUMN kpi.forecast_model.sigma IS
'Standard deviation of the errors one step ahead. Of multiplicative smoothing, of their shares of the forecast.';
COMMENT ON COLUMN kpi.forecast_model.aicc IS 'Corrected information criterion of a smoothing; the least is the best.';
COMMENT ON COLUMN kpi.forecast_model.mase IS
'Mean absolute error one step ahead, divided by that of the seasonal naive forecast. NULL where that has no errors.';
COMMENT ON COLUMN kpi.forecast_model.n IS 'Values that the model was made of.';
COMMENT ON COLUMN kpi.forecast_model.n_missing IS 'Gaps between them that were filled before.';
COMMENT ON COLUMN kpi.forecast_model.note IS
'What to know of it: gaps filled, a season that is not there, another model in its place.';

-- STABLE: the step of timestamptz is of the time zone of the session
CREATE FUNCTION kpi.forecast_model(series kpi.series, model text DEFAULT 'auto', seasonality float8 DEFAULT NULL)
	RETURNS kpi.forecast_model
	AS 'MODULE_PATHNAME', 'kpi_forecast_model' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION kpi.forecast_model(kpi.series, text, float8) IS
'The model of a forecast: parameters, states after the last value, and how good it is. '
'NULL for NULL and for a series without a value; an unknown model and a wrong seasonality are errors, and so is a '
'multiplicative model of values that are not above 0.';

--@ for type | declared | period | says
--@ | | | date | dates
--@ | , period_type anyelement | , anyelement | anyelement | of the type that is named after the series, by a NULL of it
CREATE FUNCTION kpi.forecast(series kpi.series@type@, horizon float8, model text DEFAULT 'auto',
	level float8[] DEFAULT '{0.8,0.95}', seasonality float8 DEFAULT NULL)
	RETURNS TABLE (period @period@, step integer, forecast float8, low float8, high float8, inner_low float8,
		inner_high float8, model_used text, mase float8, note text)
	AS 'MODULE_PATHNAME', 'kpi_series_forecast' LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 12;
COMMENT ON FUNCTION kpi.forecast(kpi.series@declared@, float8, text, float8[], float8) IS
'The next periods of a series, with intervals, the model they come from, and its MASE. '
'Periods are @says@. A fitted model that loses to the seasonal naive forecast gives way to it, and the note says so. '
'No rows for NULL and for a series without a value; wrong parameters are errors.';

CREATE FUNCTION kpi.holt_winters(series kpi.series@type@, horizon float8, alpha float8 DEFAULT NULL,
	beta float8 DEFAULT NULL, gamma float8 DEFAULT NULL, seasonal text DEFAULT 'additive',
	level float8[] DEFAULT '{0.8,0.95}', seasonality float8 DEFAULT NULL)
	RETURNS TABLE (period @period@, step integer, forecast float8, low float8, high float8, inner_low float8,
		inner_high float8, model_used text, mase float8, note text)
	AS 'MODULE_PATHNAME', 'kpi_series_holt_winters' LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 12;
COMMENT ON FUNCTION kpi.holt_winters(kpi.series@declared@, float8, float8, float8, float8, text, float8[], float8) IS
'The next periods of a series by the method of Holt and Winters, with weights given or the best ones. '
'Periods are @says@. It is obeyed even where it loses to the seasonal naive forecast; its MASE says so. No rows for '
'NULL and for a series without a value; fewer than two seasons and wrong parameters are errors.';

CREATE FUNCTION kpi.backtest(series kpi.series@type@, horizon float8, model text DEFAULT 'auto',
	folds float8 DEFAULT 3, seasonality float8 DEFAULT NULL)
	RETURNS TABLE (period @period@, fold integer, step integer, actual float8, forecast float8, low float8,
		high float8, scale float8, model_used text)
	AS 'MODULE_PATHNAME', 'kpi_series_backtest' LANGUAGE C STABLE PARALLEL SAFE COST 30000 ROWS 36;
COMMENT ON FUNCTION kpi.backtest(kpi.series@declared@, float8, text, float8, float8) IS
'What a model would have forecast from earlier periods on, beside what came. '
'Periods are @says@. scale is the error of the seasonal naive forecast before the fold, for mase(). No rows for NULL '
'and where too few values come before; wrong parameters are errors.';
--@ end
