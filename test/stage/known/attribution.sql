-- Paths of few channels.
INSERT INTO harness.rounding VALUES ('kpi.attribution_state');
INSERT INTO harness.column_rule VALUES
	('^attribution_paths$', 'path', 'anycompatiblearray',
		$$ARRAY['a', 'b ' || harness.h(i, g, 1) % 3, NULLIF('c', repeat('c', harness.h(i, g, 2) % 3))]$$),
	('^attribution_paths$', 'conversions', 'float8', $$(harness.h(i, g, 3) % 3)::float8$$),
	('^attribution_paths$', 'value', 'float8', $$(harness.h(i, g, 4) % 100)::float8$$),
	('^attribution_paths$', 'nulls', 'float8', $$(harness.h(i, g, 5) % 3)::float8$$);
INSERT INTO harness.argument_rule VALUES
	('^attribution_weights$', 'touches', 'float8', '3::float8'),
	('^attribution_weights$', 'ages', 'interval[]', $$'{1 day,2 days,3 days}'::interval[]$$),
	('^attribution_weights$', 'direct', 'boolean[]', $$'{true,false,true}'::boolean[]$$),
	('^attribution_transform$', 'path', 'text[]', $$'{a,b,b,NULL,a}'::text[]$$),
	('^attribution_transform$', 'transform', 'text', $$'exposure'$$),
	('^attribution_path$', 'channels', 'text[]', $$'{a,b}'::text[]$$),
	('^attribution_path$', 'times', 'timestamptz[]', $$'{2025-01-01,2025-01-02}'::timestamptz[]$$),
	('^attribution_path$', 'times', 'timestamp[]', $$'{2025-01-01,2025-01-02}'::timestamp[]$$),
	('^attribution_path$', 'lookback', 'interval', $$interval '30 days'$$),
	('^attribution_path$', 'session_gap', 'interval', $$interval '1 hour'$$);
INSERT INTO harness.large_column VALUES
	('^attribution_paths$', 'path', 'ARRAY[''a'', ''b'' || i % 7]'),
	('^attribution_paths$', 'conversions', '(i % 3)::float8'),
	('^attribution_paths$', 'value', '(i % 90)::float8'),
	('^attribution_paths$', 'nulls', '(i % 2)::float8');
