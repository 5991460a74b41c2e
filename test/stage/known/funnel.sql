-- Rows of funnels of one window each.
INSERT INTO harness.column_rule VALUES
	('^window_funnel', 'window', 'interval', $$interval '7 days'$$),
	('^window_funnel', 'window', 'float8', $$500::float8$$),
	('funnel', 'steps', 'boolean[]', $$ARRAY[harness.h(i, g, 1) % 3 = 0, harness.h(i, g, 2) % 3 = 0,
		NULLIF(harness.h(i, g, 3) % 4, 3) = 0]$$),
	('funnel', 'step', 'float8', $$(harness.h(i, g, 1) % 5)::float8$$),
	('^funnel_totals$', 'times', 'timestamptz[]',
		$$(ARRAY['2025-01-01', '2025-01-01'::timestamptz + harness.h(i, g, 1) % 90 * interval '1 min'])
			[:harness.h(i, g, 2) % 3]$$),
	('^funnel_totals$', 'times', 'timestamp[]',
		$$(ARRAY['2025-01-01', '2025-01-01'::timestamp + harness.h(i, g, 1) % 90 * interval '1 min'])
			[:harness.h(i, g, 2) % 3]$$),
	('^funnel_totals$', 'times', 'float8[]', $$(ARRAY[0, harness.h(i, g, 1) % 90])[:harness.h(i, g, 2) % 3]::float8[]$$),
	('^funnel_totals$', 'level', 'float8', $$(harness.h(i, g, 1) % 5)::float8$$),
	('^funnel_totals$', 'weight', 'float8', $$(harness.h(i, g, 2) % 4)::float8$$),
	('^funnel_totals$', 'window', 'interval', $$interval '1 day'$$),
	('^funnel_totals$', 'window', 'float8', '100::float8'),
	('^funnel_totals$', 'as_of', 'float8', $$(g % 3 * 100)::float8$$),
	('^funnel_totals$', 'as_of', 'timestamptz', $$'2025-01-01'::timestamptz + g % 3 * interval '1 day'$$),
	('^funnel_totals$', 'as_of', 'timestamp', $$'2025-01-01'::timestamp + g % 3 * interval '1 day'$$);
INSERT INTO harness.argument_rule VALUES
	('^funnel_(level|times)$', 'window', 'interval', $$interval '7 days'$$),
	('^funnel_(level|times)$', 'window', 'float8', '500::float8'),
	('^funnel_quantile$', 'step', 'float8', '2::float8'),
	('^funnel_quantile$', 'p', 'float8', '0.9::float8'),
	('^sequence_(match|count)$', 'pattern', 'text', $$'(?1).*(?t<=86400)(?2)'$$),
	('^session_number$', 'gap', 'interval', $$interval '30 min'$$),
	('^session_number$', 'gap', 'float8', '30::float8');
INSERT INTO harness.large_column VALUES
	('funnel', 'ts', '(timestamptz ''2025-01-01'' + harness.h(i, 0, 1) % 1000000 * interval ''1 s'')', 'timestamptz'),
	('funnel', 'ts', '(timestamp ''2025-01-01'' + harness.h(i, 0, 1) % 1000000 * interval ''1 s'')', 'timestamp'),
	('funnel', 'ts', '(date ''2025-01-01'' + (harness.h(i, 0, 1) % 100)::integer)', 'date'),
	('funnel', 'ts', 'harness.h(i, 0, 1) % 1000000', 'bigint'),
	('funnel', 'step', '(harness.h(i, 0, 2) % 5)::float8', 'float8');
