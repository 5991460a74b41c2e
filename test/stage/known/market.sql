INSERT INTO harness.rounding VALUES ('kpi.concentration_state'), ('kpi.price_volume_mix_state');
INSERT INTO harness.column_rule VALUES
	('^(distribution|gini)$', 'weight', 'float8', $$(harness.h(i, g, 3) % 5 / 2.0)::float8$$);
INSERT INTO harness.argument_rule VALUES
	('^top_share$', 'share', 'float8', '0.2::float8');
