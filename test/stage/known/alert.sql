INSERT INTO harness.beside_demo VALUES
	('alert_rule', $$SELECT kpi.define_alert_rule('falling', 'band', scorecard => 'acme_marketing')$$);
INSERT INTO harness.argument_rule VALUES
	('', 'alert_rule', 'text', '''falling''::text'),
	('^define_alert_rule$', 'kind', 'text', '''band''::text'),
	('^define_alert_rule$', 'indicator', 'text', 'NULL::text'),
	('^define_alert_rule$', 'side', 'text', 'NULL::text'),
	('^define_alert_rule$', 'rules', 'text[]', 'NULL::text[]'),
	('^define_alert_rule$', 'target_grain', 'text', 'NULL::text'),
	('^(check_alert_rule|watch_unit|watched_.*|was_good|.*_state|alert_state_of)$', 'rule', 'kpi.alert_rule',
		$$(SELECT r FROM kpi.alert_rule AS r WHERE r.alert_rule = 'falling')$$);
