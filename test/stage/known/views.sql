-- A schema of the harness's own, a node, and what is due a while after the end of a period.
INSERT INTO harness.beside_demo VALUES ('views', $$CREATE SCHEMA IF NOT EXISTS harness_reports$$);
INSERT INTO harness.argument_rule VALUES
	('^(publish_view|require_schema)', 'schema', 'text', '''harness_reports''::text'),
	('^(publish_view|is_published|view_query|readers_of)$', 'source', 'regclass', '''kpi.v_unit''::regclass'),
	('^(is_published|view_query|readers_of)$', 'relation', 'regclass', '''kpi.v_unit''::regclass'),
	('^newest_node_name$', 'node', 'text', '''acme_revenue''::text'),
	('^due_on$', 'due_after', 'interval', '''5 days''::interval'),
	('^due_on$', 'period_start', 'date', '''2025-07-01''::date');
INSERT INTO harness.on_purpose VALUES
	('catalogue', 'publish_view', 'the cache of the catalogue grows by the view'),
	('catalogue', 'publish_views', 'the cache of the catalogue grows by the views'),
	('definer', 'missing_values', 'what is missing depends on no reader; the views show the rows of their units'),
	('definer', 'newest_periods', 'what is newest depends on no reader'),
	('definer', 'outdated_values', 'what is outdated depends on no reader'),
	('definer', 'card_periods', 'what there are results of depends on no reader'),
	('definer', 'data_years', 'the years in which there are values'),
	('definer', 'result_periods', 'the periods that were evaluated');
