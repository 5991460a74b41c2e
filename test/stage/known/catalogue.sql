-- A template over one of the demo's tables, and what stands for its input.
INSERT INTO harness.argument_rule VALUES
	('^(adopt|adopt_template|adopt_names|require_template|check_inputs|check_adoption)$', 'template', 'text',
		'''churn_rate''::text'),
	('^adopt$', 'source', 'text', '''kpi_demo.customer_month''::text'),
	('^adopt$', 'time_column', 'text', '''month''::text'),
	('^adopt$', 'unit_column', 'text', '''region''::text'),
	('^adopt$', 'filter', 'text', 'NULL::text'),
	('^adopt$', 'owner', 'text', 'NULL::text'),
	('^(adopt|adopt_template|check_inputs|fill_inputs)$', 'inputs', 'jsonb', '''{"lost": "NOT at_end"}''::jsonb'),
	('^check_inputs$', 'filled', 'jsonb', '''{"lost": "NOT at_end"}''::jsonb'),
	('^(check_inputs|fill_inputs|inputs_of|check_adoption)$', 'definition', 'jsonb',
		'''{"numerator": "count(*) FILTER (WHERE {lost})"}''::jsonb'),
	('^(adopt_template|check_adoption)$', 'given', 'jsonb', '''{"indicator": "lost_customers",
		"source": "kpi_demo.customer_month", "time_column": "month"}''::jsonb'),
	('^(adopt_template|check_adoption|fill_inputs)$', 'relation', 'regclass', '''kpi_demo.customer_month''::regclass'),
	('^input_says$', 'input', 'text', '''lost''::text'),
	('^input_text$', 'given', 'text', '''NOT at_end''::text'),
	('^(load_department|demo_firm_)', 'department', 'text', '''market_support''::text'),
	('^require_free_keys$', 'keys', 'jsonb', '''[{"topic": "unit", "code": "nobody"}]''::jsonb');
INSERT INTO harness.on_purpose VALUES
	('search path', 'adopt', 'the source is looked up on the path of the caller'),
	('once', 'load_department', 'the department is there already'),
	('plpgsql', 'load_department', 'relation "kpi_demo.'),
	('plpgsql', 'adopt_template', 'control reached end of function without RETURN');
INSERT INTO harness.on_purpose
SELECT fact, proname, reason FROM pg_proc,
	(VALUES ('once', 'the department is there already'), ('plpgsql', 'relation "kpi_demo.')) AS v(fact, reason)
WHERE pronamespace = 'kpi_internal'::regnamespace AND proname IN ('demo_firm_scorecard', 'demo_firm_translations');
