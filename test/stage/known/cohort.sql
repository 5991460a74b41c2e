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
-- Cohorts of up to 29 customers.
INSERT INTO harness.form
SELECT 'kpi.retention_state'::regtype, 'cohorts', g, kpi.cohort_retention(b, 40, 12)::text
FROM (SELECT g, i, kpi.period_bitmap(k) AS b
	  FROM generate_series(1, 30) AS g, generate_series(1, 1 + g * g / 32) AS i, generate_series(1, 30) AS k
	  WHERE k = 1 OR harness.h(i, g, k) % 3 = 0 GROUP BY g, i) AS u GROUP BY g;
INSERT INTO harness.form
SELECT 'kpi.growth_state'::regtype, 'months', g, kpi.growth_accounting(b, 12)::text
FROM (SELECT g, i, kpi.period_bitmap(k) AS b
	  FROM generate_series(1, 30) AS g, generate_series(1, 1 + g * g / 32) AS i, generate_series(1, 30) AS k
	  WHERE k = 1 OR harness.h(i, g, k) % 3 = 0 GROUP BY g, i) AS u GROUP BY g;
