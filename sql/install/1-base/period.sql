-- Periods: readable labels, the date ranges they stand for, and the grains they belong to.

CREATE FUNCTION kpi.period(label text)
	RETURNS daterange
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	year integer;
	part text := substr(label, 6);
	first date;
	next date;
BEGIN
	IF label ~ '^[0-9]{4}(-(H[12]|Q[1-4]|W(0[1-9]|[1-4][0-9]|5[0-3])|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?$'
		AND label !~ '^0000'
	THEN
		year := substr(label, 1, 4);
		IF part = '' THEN
			first := make_date(year, 1, 1);
			next := make_date(year + 1, 1, 1);
		ELSIF part LIKE 'W%' THEN
			-- the week of 4 January is week 1
			first := date_trunc('week', CAST(make_date(year, 1, 4) AS timestamp));
			first := first + 7 * (CAST(substr(part, 2) AS integer) - 1);
			next := first + 7;
			IF extract(isoyear FROM first) <> year THEN
				first := NULL;
			END IF;
		ELSIF length(part) = 5 THEN
			first := make_date(year, CAST(left(part, 2) AS integer), 1) + CAST(right(part, 2) AS integer) - 1;
			next := first + 1;
			IF extract(month FROM first) <> CAST(left(part, 2) AS integer) THEN
				first := NULL;
			END IF;
		ELSIF part LIKE 'H%' THEN
			first := make_date(year, 6 * CAST(right(part, 1) AS integer) - 5, 1);
			next := first + interval '6 months';
		ELSIF part LIKE 'Q%' THEN
			first := make_date(year, 3 * CAST(right(part, 1) AS integer) - 2, 1);
			next := first + interval '3 months';
		ELSE
			first := make_date(year, CAST(part AS integer), 1);
			next := first + interval '1 month';
		END IF;
	END IF;
	IF first IS NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('period "%s" is not understood', label),
			'Write a year (2011), half (2011-H2), quarter (2011-Q4), month (2011-11), ISO week (2011-W45) or day (2011-11-05).');
	END IF;
	RETURN daterange(first, next);
END
$$;
COMMENT ON FUNCTION kpi.period(text) IS
'The days of a period label as a half-open range: 2011, 2011-H2, 2011-Q4, 2011-11, 2011-W45 (ISO week), 2011-11-05. NULL for NULL; any other text is an error.';

CREATE FUNCTION kpi.period_grain(label text)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.period(label);
	RETURN CASE
			WHEN length(label) = 4 THEN 'year'
			WHEN length(label) = 10 THEN 'day'
			WHEN label LIKE '%H%' THEN 'half'
			WHEN label LIKE '%Q%' THEN 'quarter'
			WHEN label LIKE '%W%' THEN 'week'
			ELSE 'month'
		END;
END
$$;
COMMENT ON FUNCTION kpi.period_grain(text) IS
'The grain of a period label: year, half, quarter, month, week or day. NULL for NULL; a label that is not understood is an error.';

CREATE FUNCTION kpi_internal.grain_length(grain text)
	RETURNS interval
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	CASE grain
		WHEN 'year' THEN RETURN interval '1 year';
		WHEN 'half' THEN RETURN interval '6 months';
		WHEN 'quarter' THEN RETURN interval '3 months';
		WHEN 'month' THEN RETURN interval '1 month';
		WHEN 'week' THEN RETURN interval '7 days';
		WHEN 'day' THEN RETURN interval '1 day';
		ELSE
			PERFORM kpi_internal.fail('22023',
				format('unrecognized grain "%s"', grain),
				'Use "year", "half", "quarter", "month", "week" or "day".');
	END CASE;
END
$$;
COMMENT ON FUNCTION kpi_internal.grain_length(text) IS
'How long one period of a grain is: year, half, quarter, month, week or day. NULL for NULL; an unknown grain is an error.';

CREATE FUNCTION kpi.period_start(grain text, day date)
	RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	length CONSTANT interval := kpi_internal.grain_length(grain);
BEGIN
	IF NOT isfinite(day) THEN
		RETURN NULL;
	ELSIF grain = 'half' THEN
		RETURN date_trunc('year', CAST(day AS timestamp))
			+ CASE WHEN extract(month FROM day) > 6 THEN length ELSE interval '0' END;
	END IF;
	RETURN date_trunc(grain, CAST(day AS timestamp));
END
$$;
COMMENT ON FUNCTION kpi.period_start(text, date) IS
'First day of the period of a grain that contains the day. NULL for NULL or an infinite date; an unknown grain is an error.';

CREATE FUNCTION kpi.period_end(grain text, period_start date)
	RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN kpi.period_start(grain, period_start) + kpi_internal.grain_length(grain);
END
$$;
COMMENT ON FUNCTION kpi.period_end(text, date) IS
'The day after the last one of the period of a grain that contains the day. NULL for NULL or an infinite date; an unknown grain is an error.';

CREATE FUNCTION kpi.period_before(grain text, period_start date)
	RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN kpi.period_start(grain, period_start) - kpi_internal.grain_length(grain);
END
$$;
COMMENT ON FUNCTION kpi.period_before(text, date) IS
'First day of the period before the one of a grain that contains the day. NULL for NULL or an infinite date; an unknown grain is an error.';

CREATE FUNCTION kpi.period_label(grain text, period_start date)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	first CONSTANT date := kpi.period_start(grain, period_start);
	pattern CONSTANT text := CASE grain
			WHEN 'year' THEN 'YYYY'
			WHEN 'half' THEN 'YYYY-"H"'
			WHEN 'quarter' THEN 'YYYY-"Q"Q'
			WHEN 'month' THEN 'YYYY-MM'
			WHEN 'week' THEN 'IYYY-"W"IW'
			ELSE 'YYYY-MM-DD'
		END;
BEGIN
	IF first NOT BETWEEN date '0001-01-01' AND date '9999-12-31' THEN
		RETURN NULL;
	END IF;
	RETURN to_char(CAST(first AS timestamp), pattern)
		|| CASE WHEN grain <> 'half' THEN '' WHEN extract(month FROM first) < 7 THEN '1' ELSE '2' END;
END
$$;
COMMENT ON FUNCTION kpi.period_label(text, date) IS
'The label of the period of a grain that contains the day, as kpi.period() reads it. NULL for NULL, an infinite date or a period that does not begin in the years 1 to 9999; an unknown grain is an error.';

CREATE FUNCTION kpi_internal.read_period(period text)
	RETURNS daterange
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days daterange;
	why text;
BEGIN
	PERFORM kpi_internal.require_value('period', period);
	IF period !~ E'^\\s*([[(]|empty)' THEN
		RETURN kpi.period(period);
	END IF;
	BEGIN
		days := period;
		why := CASE
			WHEN isempty(days) THEN 'It is empty.'
			WHEN lower_inf(days) OR NOT isfinite(lower(days)) THEN 'It has no first day.'
			WHEN upper_inf(days) OR NOT isfinite(upper(days)) THEN 'It has no last day.' END;
	EXCEPTION
		WHEN data_exception THEN
			why := format('It is no date range: %s.', SQLERRM);
	END;
	IF why IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('period "%s" is not understood', period),
			'Write a label such as 2011, 2011-Q4 or 2011-11, or a range of days such as [2011-11-05,2011-12-01).',
			why);
	END IF;
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi_internal.read_period(text) IS
'The days of a period label or of a date range as text. NULL, an empty or an open range, and any other text are errors.';
