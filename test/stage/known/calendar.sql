-- A calendar of quarters of 4, 4 and 5 weeks, and months rolling within their year.
INSERT INTO harness.argument_rule VALUES
	('^define_calendar$', 'calendar', 'text', '''retail''::text'),
	('^define_calendar$', 'starts', 'text', 'NULL::text'),
	('^define_calendar$', 'pattern', 'text', '''4-4-5''::text'),
	('^define_calendar$', 'first_day', 'date', '''2024-01-29''::date'),
	('^define_calendar$', 'week_53', 'text', '''last''::text'),
	('^define_window$', 'window_of', 'text', '''month''::text'),
	('^define_window$', 'suffix', 'text', '''r5''::text'),
	('^define_window$', 'last', 'integer', '5'),
	('^define_window$', 'within', 'text', 'NULL::text'),
	('^check_calendar$', 'calendar', 'kpi.calendar',
		'ROW(''retail'', NULL, ''4-4-5'', ''2024-01-29'', ''last'', ''start'', ''Retail'')::kpi.calendar');
INSERT INTO harness.on_purpose VALUES
	('plpgsql', 'grain_user', 'text type variable is not sanitized'); -- its conditions are its own
