-- Durations of few and many days, some not known, some entered before they end.
INSERT INTO harness.column_rule VALUES
	('^survival$', 'duration', 'float8',
		$$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN 1 + harness.h(i, g, 1) % 40 / 4.0 END)::float8$$),
	('^survival$', 'duration', 'interval',
		$$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN (1 + harness.h(i, g, 1) % 40) * interval '6 hours' END)$$),
	('^survival$', 'weight', 'float8', $$(harness.h(i, g, 2) % 4 / 2.0)::float8$$),
	('^survival$', 'entry', 'float8', $$(CASE WHEN harness.h(i, g, 3) % 3 = 0 THEN 0.5 END)::float8$$),
	('^survival$', 'entry', 'interval', $$(CASE WHEN harness.h(i, g, 3) % 3 = 0 THEN interval '3 hours' END)$$);
INSERT INTO harness.large_column VALUES
	('^survival$', 'duration', '(1 + harness.h(i, 0, 1) % 100000 / 8.0)::float8', 'float8'),
	('^survival$', 'duration', '(1 + harness.h(i, 0, 1) % 100000 / 8.0) * interval ''1 day''', 'interval'),
	('^survival$', 'weight', '(1 + i % 3)::float8', 'float8'),
	('^survival$', 'entry', '0.5::float8', 'float8'),
	('^survival$', 'entry', 'interval ''12 hours''', 'interval');
