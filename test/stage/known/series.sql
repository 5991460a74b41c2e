-- Series of months, of days and of weeks, with gaps, of one period and of several.
INSERT INTO harness.form
SELECT 'kpi.series'::regtype, 'dates', g,
	(SELECT kpi.series(CASE g % 3 WHEN 0 THEN date '2020-01-01' + i * interval '1 month'
			WHEN 1 THEN date '2020-01-01' + i * interval '1 day' ELSE date '2020-01-01' + i * interval '7 days' END::date,
			CASE WHEN harness.h(i, g, 1) % 9 > 0 THEN 1 + harness.h(i, g, 2) % 1000 / 8.0 END, 'sum')::text
	 FROM generate_series(1, 1 + g * g / 8) AS i)
FROM generate_series(1, 30) AS g;
-- Each row has a period of its own, whatever the rule for duplicates.
INSERT INTO harness.column_rule VALUES
	('^series$', 'period', 'date', $$(date '2020-01-01' + i)$$),
	('^series$', 'period', 'timestamp', $$(timestamp '2020-01-01' + i * interval '1 hour')$$),
	('^series$', 'period', 'timestamptz', $$(timestamptz '2020-01-01 UTC' + i * interval '1 hour')$$),
	('^series$', 'period', 'float8', $$i::float8$$),
	('^series$', 'value', 'float8', $$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN harness.h(i, g, 1) % 99 END)::float8$$);
INSERT INTO harness.large_column VALUES
	('^series$', 'period', 'date ''2000-01-01'' + i', 'date'),
	('^series$', 'period', 'timestamp ''2000-01-01'' + i * interval ''1 hour''', 'timestamp'),
	('^series$', 'period', 'timestamptz ''2000-01-01 UTC'' + i * interval ''1 hour''', 'timestamptz'),
	('^series$', 'period', 'i', 'float8'),
	('^series$', 'value', 'harness.h(i, 0, 1) % 1000', NULL);
-- The type of the periods, and what the functions of a series take.
INSERT INTO harness.argument_rule VALUES
	('', 'period_type', 'int4', 'NULL::date'),
	('^(moving|fill|cumulative|shift|forecast|holt_winters|backtest|points)', 'seasonality', 'float8', '7::float8'),
	('^moving', 'width', 'float8', '3::float8'),
	('^cumulative$', 'within', 'text', '''year''::text'),
	('^shift$', 'steps', 'float8', '2::float8'),
	('^series_of$', 'grain', 'text', '''month''::text');
