-- A table that can be watched, and what was told of it.
CREATE TABLE harness.watched (day date, amount integer);
INSERT INTO harness.argument_rule VALUES
	('^(un)?watch$|^drop_watched$', 'source', 'text', '''harness.watched'''),
	('^read_days$', 'indicators', 'text[]', '''{told}''::text[]'),
	('^read_days$', 'days', 'datemultirange', '''{[2025-06-01,2025-06-03)}''::datemultirange'),
	('^require_changes$', 'indicators', 'text[]', '''{told}''::text[]');
-- One that is watched, and measured.
CREATE TABLE harness.told (day date, amount integer);
INSERT INTO harness.beside_demo VALUES ('watch', $$
	SELECT kpi.watch('harness.told');
	SELECT kpi.define_indicator('told', source => 'harness.told', time_column => 'day', numerator => 'sum(amount)')$$);
INSERT INTO harness.on_purpose VALUES
	('plpgsql', 'schedule', 'schema "cron" does not exist'),
	('search path', 'watch', 'the source is looked up on the path of the caller'),
	('search path', 'unwatch', 'the source is looked up on the path of the caller'),
	('definer', 'keep_watched', 'it notes down that a table has our triggers, which its owner alone can make'),
	('definer', 'drop_watched', 'it notes down that a table has none of them'),
	('definer', 'is_watched_with', 'it looks into what is noted down');
INSERT INTO harness.argument_rule VALUES ('^schedule$', 'cron', 'text', '''5 2 * * *''');
INSERT INTO harness.on_purpose VALUES ('refused', 'schedule', 'pg_cron is not installed here');
INSERT INTO harness.firing VALUES ('kpi_note_change', 'INSERT INTO harness.told VALUES (''2025-06-01'', 1)');
