-- Grains: how long a period is. What knows grains reads this table.

CREATE FUNCTION kpi_internal.rule_start(rule text, day date)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_rule_start'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.rule_start(text, date) IS
'First day of the period that contains the day, by the rule of a grain. '
'NULL for NULL and for a day that no label can name; a rule that is not understood is an error.';

CREATE FUNCTION kpi_internal.rule_end(rule text, day date)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_rule_end'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.rule_end(text, date) IS
'The day after the period that contains the day, by the rule of a grain. '
'NULL for NULL and for a day that no label can name; a rule that is not understood is an error.';

CREATE TABLE kpi.calendar (
	calendar kpi.key PRIMARY KEY,
	starts text,
	pattern text,
	first_day date,
	week_53 text,
	label_by text NOT NULL DEFAULT 'start',
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	CONSTRAINT calendar_kind CHECK (pg_catalog.num_nonnulls(pattern, first_day, week_53) OPERATOR(pg_catalog.=)
		CASE WHEN starts IS NULL THEN 3 ELSE 0 END)
);
COMMENT ON TABLE kpi.calendar IS
'A calendar of the user: years of months that begin on another day than 1 January, or years of weeks.';
COMMENT ON COLUMN kpi.calendar.calendar IS 'Key; its grains and labels begin with it.';
COMMENT ON COLUMN kpi.calendar.starts IS
'Month and day on which a year of months begins, such as 04-01; NULL for a calendar of weeks.';
COMMENT ON COLUMN kpi.calendar.pattern IS
'Weeks of the three periods of a quarter: 4-4-5, 4-5-4 or 5-4-4; NULL for a calendar of months.';
COMMENT ON COLUMN kpi.calendar.first_day IS
'First day of some year of weeks. Each year begins on that weekday, on the day nearest to that month and day. '
'NULL for a calendar of months.';
COMMENT ON COLUMN kpi.calendar.week_53 IS
'The period that week 53 lengthens: last, or its number from 1 to 12. NULL for a calendar of months.';
COMMENT ON COLUMN kpi.calendar.label_by IS 'Whether a year is named by the year it starts or ends in: start or end.';
COMMENT ON COLUMN kpi.calendar.name IS 'Name as people read it.';
--@ rule | calendar | kind | Either starts, or pattern, first_day and week_53. Use kpi.define_calendar().
--@ named | calendar
--@ checked | calendar

CREATE TABLE kpi.grain (
	grain kpi.key PRIMARY KEY,
	calendar kpi.key REFERENCES kpi.calendar ON DELETE CASCADE,
	rule text NOT NULL CHECK (kpi_internal.rule_start(rule, date '2001-01-01') IS NOT NULL),
	position integer NOT NULL,
	window_of kpi.key,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false,
	CONSTRAINT grain_calendar CHECK (shipped OR calendar IS NOT NULL OR window_of IS NOT NULL),
	CONSTRAINT grain_window CHECK (window_of IS NULL OR
		pg_catalog.starts_with(grain, window_of OPERATOR(pg_catalog.||) '_'))
);
CREATE INDEX grain_calendar_idx ON kpi.grain (calendar);
COMMENT ON TABLE kpi.grain IS
'How long a period is: the grains that are shipped, those of the calendars, and windows.';
COMMENT ON COLUMN kpi.grain.grain IS 'Key, such as month, fy_quarter or month_ytd.';
COMMENT ON COLUMN kpi.grain.calendar IS 'The calendar it belongs to; NULL for what is shipped and for windows.';
COMMENT ON COLUMN kpi.grain.rule IS
'Where its periods begin, such as month or months 3 from 04-01. '
'Also weeks 4-4-5 from 2011-01-31 week 53 last: period, to date of month in year, last 12 of month.';
COMMENT ON COLUMN kpi.grain.position IS 'Order from short to long: about how many days a period has.';
COMMENT ON COLUMN kpi.grain.window_of IS 'Of a window the grain whose period it ends with; NULL for any other grain.';
COMMENT ON COLUMN kpi.grain.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.grain.shipped IS 'Row of the extension itself: not edited, not dumped.';
--@ rule | grain | calendar | A grain of the user belongs to a calendar, or is a window. Use kpi.define_calendar().
--@ | grain | window | Its key is that of the grain it ends with, and _ with what labels end with. Use kpi.define_window().
--@ | grain | rule_check | It says where periods begin. Use kpi.define_calendar().
--@ named | grain
--@ checked | grain

CREATE FUNCTION kpi_internal.forget_rows()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_forget_rows'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.forget_rows() IS
'Trigger: what sessions keep of the rows of the table they read again.';

CREATE TRIGGER forget_rows
	AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON kpi.grain
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.forget_rows();
ALTER TABLE kpi.grain ENABLE ALWAYS TRIGGER forget_rows;
COMMENT ON TRIGGER forget_rows ON kpi.grain IS
'Every session reads the grains again.';

INSERT INTO kpi.grain (grain, rule, position, window_of, name, shipped) VALUES
	('day', 'day', 1, NULL, 'Day', true),
	('week', 'week', 7, NULL, 'Week', true),
	('month', 'month', 30, NULL, 'Month', true),
	('quarter', 'quarter', 91, NULL, 'Quarter', true),
	('half', 'half', 182, NULL, 'Half-year', true),
	('year', 'year', 365, NULL, 'Year', true),
	('month_ytd', 'to date of month in year', 365, 'month', 'Year to date', true),
	('quarter_ytd', 'to date of quarter in year', 365, 'quarter', 'Year to date, by quarter', true),
	('month_r3', 'last 3 of month', 91, 'month', 'Rolling three months', true),
	('month_r12', 'last 12 of month', 365, 'month', 'Rolling twelve months', true);

--@ shipped | grain

SELECT pg_catalog.pg_extension_config_dump('kpi.calendar', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.grain', 'WHERE NOT shipped');
