-- Keys of which some have many rows.
INSERT INTO harness.rounding VALUES ('kpi.key_totals_state');
INSERT INTO harness.column_rule VALUES
	('^(key_totals|repeat_rate|first_seen|key_periods)$', 'key', 'anycompatible',
		$$(CASE WHEN harness.h(i, g, 1) % 9 > 0 THEN harness.h(i, g, 2) % 12 END)$$),
	('^key_totals$', 'weight', 'float8', $$(harness.h(i, g, 3) % 4)::float8$$);
INSERT INTO harness.large_column VALUES
	('^(key_totals|repeat_rate|first_seen|key_periods)$', 'key', '(harness.h(i, 0, 1) % 1000000)'),
	('^key_totals$', 'weight', '(1 + i % 3)::float8');
INSERT INTO harness.on_purpose
SELECT '42804', name, 'keys of another type, which only the call shows'
FROM unnest('{key_totals_accum,key_totals_combine,first_seen_accum,first_seen_combine,key_periods_accum,
	key_periods_combine}'::text[]) AS name;
