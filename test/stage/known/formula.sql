-- A formula over indicators of the demo.
INSERT INTO harness.argument_rule VALUES
	('', 'formula', 'text', '''acme_revenue / previous(acme_revenue) - 1''::text'),
	('^rename_in_formula$', 'old_key', 'text', '''acme_revenue''::text'),
	('^rename_in_formula$', 'new_key', 'text', '''Turnover''::text'),
	('^input_window$', 'function', 'text', '''ytd''::text'),
	('^tell_snapshot$', 'definition', 'kpi.indicator',
		'(SELECT i FROM kpi.indicator AS i WHERE i.indicator = ''acme_revenue'')'),
	('^(check_inputs|define_input_windows)$', 'definition', 'kpi.indicator',
		'(SELECT i FROM kpi.indicator AS i WHERE i.indicator = ''acme_revenue'')');
INSERT INTO harness.argument_rule VALUES
	('^formula_value$', 'inputs', 'numeric[]', 'ARRAY[3, 2]::numeric[]'),
	('^cascade_formula$', 'definition', 'kpi.indicator',
		'(SELECT i FROM kpi.indicator AS i WHERE i.indicator = ''acme_cac'')');
