INSERT INTO harness.column_rule VALUES
	('^customer_(churn|retention)$', 'weight', 'float8', $$(harness.h(i, g, 3) % 4)::float8$$),
	('^([ng]rr|revenue_(churn|quick_ratio))$', 'weight', 'float8', $$(harness.h(i, g, 3) % 4)::float8$$),
	('^([ng]rr|revenue_(churn|quick_ratio))$', 'weight', 'numeric', $$(harness.h(i, g, 3) % 4)::numeric$$);
