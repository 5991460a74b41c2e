-- Periods of entities, and the last one that is over.
INSERT INTO harness.column_rule VALUES
	('^(period_bitmap|key_periods)$', 'period', 'float8',
		$$(CASE WHEN harness.h(i, g, 1) % 9 > 0 THEN harness.h(i, g, 2) % 150 - 20 END)::float8$$),
	('^(period_bitmap|key_periods)$', 'unit', 'interval', $$interval '7 days'$$),
	('^(cohort_retention|bracket_retention|growth_accounting)$', 'last_complete', 'float8', '90::float8'),
	('^cohort_retention$', 'periods', 'float8', '12::float8'),
	('^cohort_retention$', 'start', 'float8', $$(harness.h(i, g, 3) % 60)::float8$$),
	('^(cohort_retention|bracket_retention|growth_accounting)$', 'weight', 'float8',
		$$(harness.h(i, g, 4) % 4)::float8$$),
	('^bracket_retention$', 'brackets', 'anycompatiblearray', $$'{0,1,7,30}'::int[]$$);
INSERT INTO harness.argument_rule VALUES
	('^period_number$', 'unit', 'interval', $$interval '7 days'$$),
	('^bracket_retention_accum$', 'brackets', 'numeric[]', $$'{0,1,7,30}'::numeric[]$$);
