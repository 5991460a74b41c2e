-- One of twenty customers of the demo, as each call fits models.
INSERT INTO harness.beside_demo VALUES ('clv_split', $$
	CREATE TABLE harness.orders AS SELECT customer, ordered_on FROM kpi_demo.orders WHERE customer % 20 = 0$$);
INSERT INTO harness.argument_rule VALUES
	('^clv_(split|validate|check_purchases)$', 'purchases', 'regclass', '''harness.orders''::regclass'),
	('^clv_(split|validate|check_purchases)$', 'customer_column', 'name', '''customer''::name'),
	('^clv_(split|validate|check_purchases)$', 'ts_column', 'name', '''ordered_on''::name'),
	('^clv_(split|validate|check_purchases)$', 'amount_column', 'name', '''customer''::name'),
	('^clv_(split|validate)$', 'calibration_end', 'date', '''2024-12-31''::date'),
	('^clv_(split|validate)$', 'holdout_end', 'date', '''2025-12-31''::date');
INSERT INTO harness.on_purpose VALUES ('42703', 'clv_split', 'the caller names the columns'),
	('42703', 'clv_validate', 'the caller names the columns'),
	('42703', 'clv_check_purchases', 'the caller names the columns'),
	-- what it puts together is quoted by format()
	('plpgsql', 'clv_split', 'text type variable is not sanitized'),
	('plpgsql', 'clv_validate', 'text type variable is not sanitized');
