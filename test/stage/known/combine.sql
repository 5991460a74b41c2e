-- An indicator of the demo, whose values are combined in days that are bounded.
INSERT INTO harness.argument_rule VALUES
	('^reach$', 'function', 'text', '''last_year''::text');
INSERT INTO harness.on_purpose VALUES
	('long', 'combine_periods', 'the days of one call of combine_values(), a year at most'),
	('long', 'empty_values', 'those days'),
	('long', 'base_values', 'those days'),
	('long', 'combined', 'those days'),
	('long', 'combine_indicator', 'those days'),
	('long', 'reach', 'days that combine_values() has bounded'),
	('long', 'is_combined', 'days that combine_values() has bounded'),
	('long', 'combine_order', 'days that combine_values() has bounded');
