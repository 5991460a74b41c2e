-- Answers, some of them off the scale.
INSERT INTO harness.column_rule VALUES
	('^(answers|nps|csat|ces)$', 'answer', 'float8',
		$$(CASE WHEN harness.h(i, g, 1) % 9 > 0 THEN harness.h(i, g, 2) % 12 END)::float8$$),
	('^answers$', 'weight', 'float8', $$(harness.h(i, g, 3) % 4)::float8$$);
