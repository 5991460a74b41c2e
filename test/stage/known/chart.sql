-- Charts of single values, and what belongs to other types left out.
INSERT INTO harness.argument_rule VALUES
	('^xmr$', 'method', 'text', '''median''::text'),
	('^(xmr|control_chart)$', 'baseline', 'float8', '12::float8'),
	('^control_chart$', 'type', 'text', '''xmr''::text'),
	('^control_chart$', 'rules', 'text[]', '''{nelson}''::text[]'),
	('^control_chart$', 'sizes', 'kpi.series', 'NULL::kpi.series'),
	('^control_chart$', 'rephase', 'boolean', 'false'),
	('^control_chart$', 'direction', 'text', '''lower''::text'),
	('^control_chart$', 'clear_after', 'float8', '3::float8'),
	('^control_chart$', 'center', 'float8', '10::float8'),
	('^control_chart$', 'sigma', 'float8', '2::float8'),
	('^control_chart$', 'smoothing', 'float8', 'NULL::float8'),
	('^control_chart$', 'width', 'float8', 'NULL::float8'),
	('^control_chart$', 'slack', 'float8', 'NULL::float8'),
	('^control_chart$', 'decision', 'float8', 'NULL::float8'),
	('^ewma$', 'alpha', 'float8', '0.3::float8'),
	('^cusum$', 'slack', 'float8', '0.5::float8');
