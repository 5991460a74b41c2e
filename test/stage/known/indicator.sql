-- A definition of one of the demo's tables.
INSERT INTO harness.argument_rule VALUES
	('^define_indicator$', 'source', 'text', '''kpi_demo.sale''::text'),
	('^define_indicator$', 'time_column', 'text', '''ordered_on''::text'),
	('^define_indicator$', 'unit_column', 'text', '''region''::text'),
	('^define_indicator$', 'numerator', 'text', '''count(*)''::text'),
	('^define_indicator$', 'denominator', 'text', 'NULL::text'),
	('^define_indicator$', 'filter', 'text', 'NULL::text'),
	('^define_indicator$', 'formula', 'text', 'NULL::text'),
	('^define_indicator$', 'rule', 'text', 'NULL::text'),
	('^define_indicator$', 'target_profile', 'text', 'NULL::text'),
	('^define_indicator$', 'owner', 'text', 'NULL::text'),
	('^check_', 'wanted', 'kpi.indicator',
		'(SELECT i FROM kpi.indicator AS i WHERE i.indicator = ''acme_revenue'')'),
	('^put_indicator$', 'given', 'jsonb', '''{"indicator": "acme_revenue", "name": "Turnover"}''::jsonb');
-- fail() does not return
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'put_indicator', 'control reached end of function without RETURN');
