-- Rows of a tree: the first is its root, the next seven are groups.
INSERT INTO harness.column_rule VALUES
	('^(scorecard_rollup|rollup_rows)$', 'node', 'text', $$('n' || i)$$),
	('^(scorecard_rollup|rollup_rows)$', 'parent', 'text', $$(CASE WHEN i > 1 THEN 'n' || 1 + (i - 2) % 7 END)$$),
	('^(scorecard_rollup|rollup_rows)$', 'score', 'numeric',
		$$(CASE WHEN i > 7 AND i % 9 > 0 THEN harness.h(i, g, 4) % 12000 / 100.0 END)$$),
	('^(scorecard_rollup|rollup_rows)$', 'score', 'float8',
		$$(CASE WHEN i > 7 AND i % 9 > 0 THEN harness.h(i, g, 4) % 12000 / 100.0 END)::float8$$);
INSERT INTO harness.argument_rule VALUES
	('^rollup_accum$', 'role', 'text', '''bonus''::text'),
	('^rollup_accum$', 'role_limit', 'numeric', '5::numeric'),
	('^rollup_accum$', 'role_limit', 'float8', '5::float8');
