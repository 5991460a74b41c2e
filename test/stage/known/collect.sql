-- A run that has begun.
INSERT INTO harness.argument_rule VALUES ('^collect_', 'run', 'bigint',
	'(kpi_internal.collect_start(''2025-06'', ''2025-07'', ''{acme_revenue}'', ''{acme}'')).run');
