-- A strategy beside the demo.
INSERT INTO harness.beside_demo VALUES
	('strategy', $$SELECT kpi.define_objective('grow', outcome => 'acme_revenue'), kpi.define_objective('serve'),
		kpi.define_success_factor('price', 'grow'), kpi.link_indicator('acme_churn', 'serve'),
		kpi.link_objectives('serve', 'grow')$$);
INSERT INTO harness.argument_rule VALUES
	('', 'objective', 'text', '''grow''::text'),
	('', 'success_factor', 'text', '''price''::text'),
	('^link_objectives$', 'cause', 'text', '''serve''::text'),
	('^link_objectives$', 'effect', 'text', '''grow''::text'),
	('^define_objective$', 'outcome', 'text', '''acme_revenue''::text'),
	('^define_objective$', 'reset', 'text[]', 'NULL::text[]'),
	('^(put_row|check_reset)$', 'relation', 'regclass', '''kpi.objective''::regclass'),
	('^(put_row|check_reset)$', 'keys', 'text[]', '''{objective}''::text[]'),
	('^put_row$', 'given', 'jsonb', '''{"objective": "grow", "priority": 2}''::jsonb'),
	('^put_row$', 'defaults', 'jsonb', '''{"name": "Grow"}''::jsonb'),
	('^(put_row|check_reset)$', 'reset', 'text[]', '''{description}''::text[]'),
	('^smart_findings$', 'definition', 'kpi.indicator',
		'(SELECT i FROM kpi.indicator AS i WHERE i.indicator = ''acme_revenue'')'),
	('^natural_limits$', 'before', 'date', '''2025-07-01''::date');
