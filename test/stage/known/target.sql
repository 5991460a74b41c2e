INSERT INTO harness.known_call VALUES
	($$SELECT kpi.set_target('acme_revenue', 'acme', '2025-05', 1000, replace => true, reason => 'late')$$);
INSERT INTO harness.argument_rule VALUES
	('^set_(target|benchmark)$', 'grain', 'text', '''month''::text'),
	('^set_target$', 'target', 'text', '''1000''::text'),
	('^(set|cascade)_target$', 'reason', 'text', '''late''::text'),
	('^(set|cascade)_target$', 'replace', 'boolean', 'true'),
	('^put_target$', 'old', 'kpi.target', 'NULL::kpi.target'),
	('^put_target$', 'wanted', 'kpi.target', $$(SELECT jsonb_populate_record(t, '{"period": "[2030-01-01,2030-02-01)"}')
		FROM kpi.target AS t WHERE (t.indicator, t.unit, t.grain) = ('acme_revenue', 'acme', 'month') LIMIT 1)$$),
	('^split_target$', 'old', 'kpi.target', $$(SELECT jsonb_populate_record(t, '{"reason": "late"}')
		FROM kpi.target AS t WHERE (t.indicator, t.unit, t.grain) = ('acme_revenue', 'acme', 'month') LIMIT 1)$$),
	('^check_target_fit$', 'wanted', 'kpi.target', $$(SELECT t FROM kpi.target AS t
		WHERE (t.indicator, t.unit, t.grain) = ('acme_revenue', 'acme', 'month') LIMIT 1)$$),
	('^check_target_fit$', 'method', 'text', '''ratio''::text'),
	('^split_target$', 'days', 'daterange', '''[2025-01-01,2025-07-01)''::daterange');
