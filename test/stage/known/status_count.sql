-- Statuses, some of them without data.
INSERT INTO harness.column_rule VALUES
	('^status_counts$', 'status', 'float8',
		$$(CASE WHEN harness.h(i, g, 1) % 5 > 0 THEN harness.h(i, g, 2) % 3 - 1 END)::float8$$);
