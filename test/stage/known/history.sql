INSERT INTO harness.argument_rule VALUES
	('^(unit|unit_parent|indicator|scorecard|scorecard_node|target|measurement)_at$', 'at', 'timestamptz',
		'''2026-01-01''::timestamptz');
INSERT INTO harness.firing VALUES ('kpi_keep_history', 'DELETE FROM kpi.target WHERE false');
