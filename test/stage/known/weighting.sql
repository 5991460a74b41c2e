-- Judgements between a few elements, and rows of three criteria.
INSERT INTO harness.column_rule VALUES
	('^judgements$', 'row', 'float8', $$(1 + harness.h(i, g, 1) % 4)::float8$$),
	('^judgements$', 'column', 'float8', $$(5 + harness.h(i, g, 2) % 4)::float8$$),
	('^judgements$', 'judgement', 'float8',
		$$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN (1 + harness.h(i, g, 3) % 9) / (1.0 + harness.h(i, g,
		4) % 9) END)::float8$$),
	('^(criteria|topsis|grey_relational)$', 'values', 'float8[]',
		$$ARRAY[harness.h(i, g, 1) % 100, harness.h(i, g, 2) % 7, CASE WHEN harness.h(g, i, 9) % 17 > 0
			THEN harness.h(i, g, 3) % 1000 / 8.0 END]::float8[]$$);
INSERT INTO harness.large_column VALUES
	('^judgements$', 'row', '1 + harness.h(i, 0, 1) % 100'),
	('^judgements$', 'column', '1 + (harness.h(i, 0, 1) + 1 + harness.h(i, 0, 2) % 98) % 100'),
	('^judgements$', 'judgement', '(1 + harness.h(i, 0, 3) % 9000) / 1000.0'),
	('^judgements$', 'weight', '(1 + i % 3)'),
	('^(criteria|topsis|grey_relational)$', 'values',
	'ARRAY[harness.h(i, 0, 1), harness.h(i, 0, 2), harness.h(i, 0, 3)]');
INSERT INTO harness.argument_rule VALUES
	('^(topsis|grey_relational|entropy_weights|critic_weights|variation_weights)$', 'directions', 'text[]',
		'''{higher, lower, higher}''::text[]'),
	('^(topsis|grey_relational)$', 'weights', 'float8[]', '''{1, 2, 3}''::float8[]'),
	('^(topsis|grey_relational)$', 'values', 'float8[]', '''{1, 2, 3}''::float8[]'),
	('^(ahp|group_ahp)$', 'method', 'text', '''geometric''::text'),
	('^ahp$', 'judgements', 'float8[]', '''{{1, 2, 5}, {NULL, 1, 3}, {NULL, NULL, 1}}''::float8[]'),
	('^(entropy_weights|topsis)$', 'method', 'text', '''minmax''::text'),
	('^variation_weights$', 'method', 'text', '''sd''::text'),
	('^rank_weights$', 'method', 'text', '''sum''::text'),
	('^combine_weights$', 'method', 'text', '''geometric''::text'),
	('^combine_weights$', 'lambda', 'float8', '0.4::float8'),
	('^grey_grades$', 'scaling', 'text', '''mean''::text'),
	('^(grey_grades|grey_relational)$', 'rho', 'float8', '0.4::float8'),
	('^coupling_coordination$', 'systems', 'float8[]', '''{0.5, 0.7}''::float8[]'),
	('^coupling_coordination$', 'weights', 'float8[]', '''{1, 2}''::float8[]'),
	('^peer_position$', 'direction', 'text', '''lower''::text'),
	('^peer_position$', 'min_peers', 'float8', '4::float8');
