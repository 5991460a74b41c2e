INSERT INTO harness.argument_rule VALUES
	('^(check_registry|refused_definitions)$', 'indicator', 'text', '''acme_margin'''),
	('^refusal_of$', 'what', 'text', '''nodes''');
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'lost_references', 'text type variable is not sanitized');
