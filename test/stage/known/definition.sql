-- A document of the demo's definitions, and a section of it.
INSERT INTO harness.argument_rule VALUES
	('^(apply|check_document|put_definitions)$', 'definitions', 'jsonb',
		'''{"units": [{"unit": "acme", "name": "Acme", "position": 20}]}''::jsonb'),
	('^(export_section|require_section|section_columns)$', 'section', 'text', '''units''::text'),
	('', 'part_section', 'text', '''units''::text'),
	('^wanted_rows$', 'given', 'jsonb', '''[{"unit": "acme"}]''::jsonb'),
	('^wanted_states$', 'given', 'jsonb', '''[{"indicator": "acme_revenue"}]''::jsonb'),
	('^(remove|put)_rows$', 'wanted', 'jsonb', '''[{"unit": "acme", "name": "Acme", "dimension": "organisation",
		"position": 20, "valid": "(,)"}]''::jsonb'),
	('^remove_rows$', 'named', 'jsonb', '''[]''::jsonb'),
	('^remove_rows$', 'prune', 'boolean', 'false'),
	('^(apply|put_definitions)$', 'prune', 'boolean', 'false'),
	('^column_defaults$', 'relation', 'regclass', '''kpi.unit''::regclass'),
	('^definition_diff$', 'old', 'jsonb', '''{"units": [{"unit": "acme"}]}''::jsonb'),
	('^definition_diff$', 'new', 'jsonb', '''{"units": [{"unit": "acme", "name": "Acme"}]}''::jsonb'),
	('^row_key$', 'keys', 'text[]', '''{unit}''::text[]'),
	('^row_key$', 'given', 'jsonb', '''{"unit": "acme"}''::jsonb'),
	('^same_row$', 'columns', 'text[]', '''{unit}''::text[]');
