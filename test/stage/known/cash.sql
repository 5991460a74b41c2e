-- Flows of a project, paid and received.
INSERT INTO harness.rounding VALUES ('kpi.cash_flows_state');
INSERT INTO harness.column_rule VALUES
	('^(cash_flows|irr)$', 'period', 'float8', $$(harness.h(i, g, 1) % 30)::float8$$),
	('^(cash_flows|irr|xirr)$', 'amount', 'float8',
		$$(CASE WHEN harness.h(i, g, 2) % 9 > 0 THEN harness.h(i, g, 3) % 2000 / 8.0 - 100 END)::float8$$);
INSERT INTO harness.argument_rule VALUES
	('^(npv|npv_spreadsheet|xnpv|payback_period)$', 'rate', 'float8', '0.1::float8'),
	('^mirr$', 'finance_rate', 'float8', '0.1::float8'),
	('^mirr$', 'reinvest_rate', 'float8', '0.12::float8'),
	('^(npv|npv_spreadsheet|xnpv|irr|xirr|irr_root_count|mirr|payback_period)$', 'amounts', 'anycompatiblearray',
		$$'{-100,60,70}'::numeric[]$$),
	('^(xnpv|xirr|irr_root_count)$', 'days', 'date[]', $$'{2025-01-01,2025-07-01,2026-01-01}'::date[]$$);
INSERT INTO harness.large_column VALUES
	('^(cash_flows|irr)$', 'period', '(harness.h(i, 0, 1) % 1000)::float8'),
	('^(cash_flows|irr|xirr)$', 'amount', '(harness.h(i, 0, 2) % 2000 / 8.0 - 100)::float8');
INSERT INTO harness.on_purpose VALUES
	('42804', 'cash_flows_accum', 'flows of dates into a state of periods'),
	('42804', 'cash_flows_combine', 'flows of dates and of periods');
