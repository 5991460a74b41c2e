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
	('', 'from_date', 'date', '''2025-06-01''::date'),
	('', 'to_date', 'date', '''2025-08-01''::date'),
	('', 'reset', 'text[]', 'NULL::text[]'),
	('^put_parent$', 'unit', 'text', '''northland''::text'),
	('^put_parent$', 'parent', 'text', '''acme''::text');
-- made of names that format() and quote_ident() have quoted
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'put_row', 'text type variable is not sanitized');
