INSERT INTO harness.rounding VALUES ('kpi.rfm_state');
INSERT INTO harness.large_column VALUES
	('^rfm', 'ts', '(timestamp ''2025-01-01'' + harness.h(i, 0, 1) % 10000 * interval ''1 hour'')'),
	('^rfm', 'as_of', 'timestamp ''2027-01-01'''),
	('^rfm', 'unit', 'interval ''7 days''');
