INSERT INTO harness.known_call VALUES
	($$SELECT * FROM kpi.evaluate('acme_marketing', 'acme', '2025-07')$$),
	($$SELECT * FROM kpi.explain('acme_marketing', 'acme', '2025-07')$$),
	($$SELECT * FROM kpi.scorecard_text('acme_marketing', 'acme', '2025-07')$$);
INSERT INTO harness.argument_rule VALUES
	('^scorecard_text$', 'width', 'integer', '80'),
	('^scorecard_text$', 'width', 'text', '''80''::text'),
	('^explain$', 'against', 'date', '''2025-05-01''::date'),
	('^explain$', 'against', 'text', '''2025-05'''),
	('^(evaluate|report_|scorecard_text)', 'as_of', 'date', '''2025-12-31''::date');
