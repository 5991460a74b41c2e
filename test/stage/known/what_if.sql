-- What is supposed and asked of the sample.
INSERT INTO harness.known_call VALUES
	($$SELECT * FROM kpi.what_if('acme_marketing', 'acme', '2025-07', '{"acme_churn": {"actual": 0.02, "weight": 2}}')$$),
	($$SELECT * FROM kpi.needed_for('acme_marketing', 'acme', '2025-07', 80)$$),
	($$SELECT * FROM kpi.outlook('acme_revenue', 'acme', '2025', '2025-07')$$),
	($$SELECT * FROM kpi.outlooks('acme_marketing', 'acme', '2025', '2025-07')$$),
	($$SELECT * FROM kpi.status_runs('acme_marketing', NULL, '2025-07')$$),
	($$SELECT * FROM kpi.status_changes('acme_marketing', NULL, '2025-07')$$),
	($$SELECT * FROM kpi.unit_pulls('acme_marketing', 'acme', '2025-07')$$),
	($$SELECT * FROM kpi.unit_ranks('acme_marketing', '2025-07', 'acme')$$),
	($$SELECT * FROM kpi.leads('acme')$$);
INSERT INTO harness.argument_rule VALUES
	('^(what_if|read_changes|check_changed)$', 'changes', 'jsonb', $$'{"acme_churn": {"actual": 0.02}}'::jsonb$$),
	('^needed_for$', 'score', 'text', '''80''::text'),
	('^read_goal$', 'score', 'text', '''80''::text'),
	('^(outlook|outlooks|last_period)$', 'through', 'text', '''2025-07''::text'),
	('^prospect_of$', 'through', 'text', '''2025-07''::text'),
	('^(outlook|outlooks|prospect_of)$', 'model', 'text', '''auto''::text'),
	('^status_runs$', 'status', 'text', '''red''::text');
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'read_goal', 'control reached end of function without RETURN');
