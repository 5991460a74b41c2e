-- Periods: a label, or a day with a grain; a period's key is its grain with its first day.

CREATE FUNCTION kpi.period(label text)
	RETURNS daterange
	AS 'MODULE_PATHNAME', 'kpi_period'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period(text) IS
'The days of a period label as a half-open range. '
'2011, 2011-H2, 2011-Q4, 2011-11, 2011-W45 (ISO week), 2011-11-05, of a window (2011-11 ytd) from its beginning, of '
'a calendar fy2012-Q3. NULL for NULL; any other text is an error.';

CREATE FUNCTION kpi.period_grain(label text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_period_grain'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_grain(text) IS
'The grain of a period label, such as month or fy_quarter. NULL for NULL; a label that is not understood is an error.';

CREATE FUNCTION kpi.period_start(grain text, day date)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_start'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_start(text, date) IS
'First day of the period of a grain that contains the day. '
'Of a window that of the period it ends with. NULL for NULL and for a day that no label can name; an unknown grain '
'is an error.';

CREATE FUNCTION kpi.period_start(label text)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_label_start'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_start(text) IS
'First day of a period label; of a window that of the period it ends with. '
'NULL for NULL; a label that is not understood is an error.';

CREATE FUNCTION kpi_internal.period_end(grain text, period_start date)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_end'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.period_end(text, date) IS
'The day after the last one of the period of a grain that contains the day. '
'NULL for NULL and for a day that no label can name; an unknown grain is an error.';

CREATE FUNCTION kpi_internal.period_days(grain text, period_start date)
	RETURNS daterange
	AS 'MODULE_PATHNAME', 'kpi_period_days'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.period_days(text, date) IS
'The days of the period of a grain that contains the day, as a half-open range. '
'Of a window from its beginning. NULL for NULL and for a day that no label can name; an unknown grain is an error.';

CREATE FUNCTION kpi.period_label(grain text, period_start date)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_period_label'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_label(text, date) IS
'The label of the period of a grain that contains the day, as kpi.period() reads it. '
'NULL for NULL and for a day that no label can name; an unknown grain is an error.';

CREATE FUNCTION kpi.period_before(grain text, period_start date)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_before'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_before(text, date) IS
'First day of the period before the one of a grain that contains the day. '
'Of a window that of the one that ends one period earlier. NULL for NULL and where no label can name it; an unknown '
'grain is an error.';

CREATE FUNCTION kpi.period_before(label text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_label_before'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_before(text) IS
'The label of the period before: of the same grain, of a window the one that ends one period earlier. '
'NULL for NULL and before the year 1; a label that is not understood is an error.';

CREATE FUNCTION kpi_internal.period_step(grain text, period_start date, steps integer)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_step'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.period_step(text, date, integer) IS
'First day of the period so many periods after the one of a grain that contains the day. '
'Before it, where negative. NULL for NULL and where no label can name it; an unknown grain is an error.';

CREATE FUNCTION kpi.period_last_year(grain text, period_start date)
	RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_last_year'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_last_year(text, date) IS
'First day of the period of the same number in the year before. '
'Where that year has none (29 February, week 53) of its last: 28 February, week 52. NULL for NULL and where no label '
'can name it; an unknown grain is an error.';

CREATE FUNCTION kpi.period_last_year(label text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_label_last_year'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_last_year(text) IS
'The label of the period of the same number in the year before. '
'Where that year has none (29 February, week 53) of its last. NULL for NULL and before the year 1; a label that is '
'not understood is an error.';

CREATE FUNCTION kpi_internal.tiles(finer text, coarser text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_tiles'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.tiles(text, text) IS
'Whether the periods of one grain make those of another exactly. '
'Months those of fy_quarter, weeks those of no month, months those of month_ytd. Days make everything, and a grain '
'makes itself. NULL for NULL; an unknown grain is an error.';

CREATE FUNCTION kpi_internal.periods_in(grain text, days daterange)
	RETURNS SETOF date
	AS 'MODULE_PATHNAME', 'kpi_periods_in'
	LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION kpi_internal.periods_in(text, daterange) IS
'First days of the periods of a grain that lie wholly within the days, in order. '
'A side that is open ends with the years of labels. No rows for NULL; an unknown grain is an error.';

CREATE FUNCTION kpi_internal.periods_touching(grain text, days daterange)
	RETURNS SETOF date
	AS 'MODULE_PATHNAME', 'kpi_periods_touching'
	LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION kpi_internal.periods_touching(text, daterange) IS
'First days of the periods of a grain that share a day with the days, in order. '
'Of a window also those that end after them. No rows for NULL; an unknown grain is an error.';

CREATE FUNCTION kpi_internal.read_period(period text, OUT grain text, OUT period_start date, OUT days daterange)
	AS 'MODULE_PATHNAME', 'kpi_read_period_label'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.read_period(text) IS
'The grain, first day and days of a period label. '
'Of a window the first day is that of the period it ends with. NULL and any other text are errors.';

CREATE FUNCTION kpi_internal.read_period(day date, asked_grain text, OUT grain text, OUT period_start date,
	OUT days daterange)
	AS 'MODULE_PATHNAME', 'kpi_read_period_day'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.read_period(date, text) IS
'The same of the period of a grain that contains the day. '
'NULL, an unknown grain and a day that no label can name are errors.';

-- parameters without a type find the function of a label, also where they are a day and a grain
CREATE FUNCTION kpi_internal.read_untyped(period text, word text, OUT grain text, OUT period_start date, OUT days daterange, OUT rest text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT r.grain, r.period_start, r.days, CASE WHEN g.grain IS NULL THEN word END
	FROM kpi_internal.read_period(period) AS p
		LEFT JOIN kpi.grain AS g ON g.grain = word
		CROSS JOIN LATERAL kpi_internal.read_period(p.period_start, coalesce(g.grain, p.grain)) AS r
$$;
COMMENT ON FUNCTION kpi_internal.read_untyped(text, text) IS
'The period of a label, or of a day where the word after it is a grain. '
'rest is the word where it is no grain. A NULL or wrong label is an error.';

CREATE FUNCTION kpi_internal.days_of(day date, grain text)
	RETURNS daterange
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT p.days FROM kpi_internal.read_period(day, grain) AS p);
COMMENT ON FUNCTION kpi_internal.days_of(date, text) IS
'The days of the period of a grain that contains the day. '
'NULL, an unknown grain and a day that no label can name are errors.';

CREATE FUNCTION kpi_internal.require_grain(grain text)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_require_grain'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.require_grain(text) IS
'Raises an error unless the grain exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi_internal.guard_period()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_guard_period'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.guard_period() IS
'Trigger for a table with the columns grain and period_start. '
'The grain exists, and the day is the first one of a period of it.';

CREATE FUNCTION kpi.period(day date, grain text)
	RETURNS daterange
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN kpi_internal.period_days(grain, day);
COMMENT ON FUNCTION kpi.period(date, text) IS
'The days of the period of a grain that contains the day. '
'NULL for NULL and for a day that no label can name; an unknown grain is an error.';

CREATE FUNCTION kpi_internal.settled_at(grain text, period_start date, time_zone text,
	settle_after interval DEFAULT NULL)
	RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (kpi_internal.period_end(grain, period_start) + coalesce(settle_after, interval '0')) AT TIME ZONE time_zone;
COMMENT ON FUNCTION kpi_internal.settled_at(text, date, text, interval) IS
'When the period of a grain is over in a time zone, and settle_after has passed. '
'What is collected before it is provisional. NULL where a needed argument is NULL; an unknown grain or zone is an '
'error.';
