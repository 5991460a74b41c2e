-- Horizons, folds and weights that are some, and errors of forecasts.
INSERT INTO harness.argument_rule VALUES
	('^(forecast|holt_winters|backtest)$', 'horizon', 'float8', '3::float8'),
	('^(forecast|forecast_model|backtest)$', 'model', 'text', '''auto''::text'),
	('^(forecast|holt_winters)$', 'level', 'float8[]', '''{0.8,0.95}''::float8[]'),
	('^holt_winters$', 'alpha', 'float8', '0.3::float8'),
	('^holt_winters$', 'beta', 'float8', '0.1::float8'),
	('^holt_winters$', 'gamma', 'float8', '0.4::float8'),
	('^holt_winters$', 'seasonal', 'text', '''additive''::text'),
	('^backtest$', 'folds', 'float8', '2::float8'),
	('^(accuracy|mase|rmsse)', 'scale', 'float8', '2::float8');
INSERT INTO harness.column_rule VALUES
	('^(accuracy|mase|rmsse)$', 'scale', 'float8', $$(harness.h(i, g, 4) % 5)::float8$$);
INSERT INTO harness.large_column VALUES
	('^(accuracy|mase|rmsse)$', 'scale', '(1 + i % 7)');
INSERT INTO harness.rounding VALUES ('kpi.accuracy_state');
