-- Cases seen as of one day.
INSERT INTO harness.column_rule VALUES
	('^(timeliness|timely_rate)$', 'weight', 'float8', $$(harness.h(i, g, 3) % 4)::float8$$),
	('^(timeliness|timely_rate)$', 'as_of', 'date', $$'2024-09-01'::date$$),
	('^(timeliness|timely_rate)$', 'as_of', 'timestamp', $$'2024-09-01'::timestamp$$),
	('^(timeliness|timely_rate)$', 'as_of', 'timestamptz', $$'2024-09-01'::timestamptz$$);
