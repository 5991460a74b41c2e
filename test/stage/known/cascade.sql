-- Years of which each month is measured.
INSERT INTO harness.argument_rule VALUES
	('^cascade_target$', 'by', 'text', '''equal''::text'),
	('^cascade_target$', 'shares', 'jsonb', 'NULL::jsonb'),
	('^cascade_target$', 'day', 'date', '''2025-07-01''::date'),
	('^define_target_profile$', 'from_period', 'text', '''2025''::text'),
	('^define_target_profile$', 'to_period', 'text', 'NULL::text');
