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
	('^(accuracy|mase|rmsse)', 'scale', 'float8', '2::float8'),
	('^theil_', 'before', 'float8', '2::float8'),
	('^(interval_accuracy|interval_coverage|winkler_score|pinball)', 'level', 'float8', '0.8::float8'),
	('^(interval_|winkler_score)', 'low', 'float8', '1::float8'),
	('^(interval_|winkler_score)', 'high', 'float8', '4::float8');
INSERT INTO harness.column_rule VALUES
	('^(accuracy|mase|rmsse)$', 'scale', 'float8', $$(harness.h(i, g, 4) % 5)::float8$$),
	('^theil_', 'before', 'float8', $$(harness.h(i, g, 4) % 9 - 4)::float8$$),
	('^(interval_accuracy|interval_coverage|winkler_score)$', 'low', 'float8', $$(harness.h(i, g, 5) % 50)::float8$$),
	('^(interval_accuracy|interval_coverage|winkler_score)$', 'high', 'float8',
		$$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN 50 + harness.h(i, g, 6) % 50 END)::float8$$),
	('^(interval_accuracy|winkler_score|pinball_loss)$', 'level', 'float8',
		$$(CASE WHEN harness.h(g, i, 8) % 17 > 0 THEN (1 + harness.h(i, g, 7) % 9) / 10.0 END)::float8$$);
INSERT INTO harness.large_column VALUES
	('^(accuracy|mase|rmsse)$', 'scale', '(1 + i % 7)'),
	('^theil_', 'before', '(1 + i % 7)'),
	('^(interval_accuracy|interval_coverage|winkler_score)$', 'low', '(i % 7)'),
	('^(interval_accuracy|interval_coverage|winkler_score)$', 'high', '(7 + i % 5)'),
	('^(interval_accuracy|winkler_score|pinball_loss)$', 'level', '(1 + i % 9) / 10.0');
INSERT INTO harness.rounding VALUES ('kpi.accuracy_state'), ('kpi.coverage_state'), ('kpi.theil_state');
