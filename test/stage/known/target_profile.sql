INSERT INTO harness.beside_demo VALUES
	('target_profile', $$SELECT kpi.define_target_profile('even', array_fill(1, ARRAY[12]))$$);
INSERT INTO harness.argument_rule VALUES
	('', 'target_profile', 'text', '''even''::text'),
	('^define_target_profile$', 'shares', 'numeric[]', 'array_fill(1::numeric, ARRAY[12])');
