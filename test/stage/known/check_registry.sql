INSERT INTO harness.argument_rule VALUES
	('^(check_registry|refused_definitions)$', 'indicator', 'text', '''acme_margin'''),
	('^refusal_of$', 'statement', 'text', '''SELECT 1 / 0''');
