-- What the demo has registered, and what says nothing of the rest.
INSERT INTO harness.argument_rule VALUES
	('', 'indicator', 'text', '''acme_revenue''::text'),
	('', 'unit', 'text', '''acme''::text'),
	('', 'scorecard', 'text', '''acme_marketing''::text'),
	('', 'perspective', 'text', '''financial''::text'),
	('', 'band_set', 'text', '''standard''::text'),
	('', 'grain', 'text', '''month''::text'),
	('', 'asked_grain', 'text', '''month''::text'),
	('', 'period', 'text', '''2025-07''::text'),
	('', 'from_period', 'text', '''2025-06''::text'),
	('', 'to_period', 'text', '''2025-07''::text'),
	('', 'indicators', 'text[]', '''{acme_revenue}''::text[]'),
	('', 'units', 'text[]', '''{acme}''::text[]'),
	('', 'reset', 'text[]', 'NULL::text[]');
