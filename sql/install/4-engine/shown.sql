-- Numbers that views show: their columns have a fixed size, and nothing that is
-- too large for it may break a query.

CREATE FUNCTION kpi_internal.shown_value(x numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.within(x, 999999999999999999);
COMMENT ON FUNCTION kpi_internal.shown_value(numeric) IS
'A value that fits into numeric(24,6). NULL for NULL, NaN, infinity and what is too large.';

CREATE FUNCTION kpi_internal.shown_share(x numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.within(x, 999999999999);
COMMENT ON FUNCTION kpi_internal.shown_share(numeric) IS
'A fraction or weight that fits into numeric(18,6). NULL for NULL, NaN, infinity and what is too large.';

CREATE FUNCTION kpi_internal.shown_points(x numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.within(x, 9999999);
COMMENT ON FUNCTION kpi_internal.shown_points(numeric) IS
'Points that fit into numeric(9,2). NULL for NULL, NaN, infinity and what is too large.';

CREATE FUNCTION kpi_internal.too_large(actual numeric, target numeric, attainment numeric, score numeric)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN num_nonnulls(actual, target, attainment, score)
		> num_nonnulls(kpi_internal.shown_value(actual), kpi_internal.shown_value(target),
					   kpi_internal.shown_share(attainment), kpi_internal.shown_points(score));
COMMENT ON FUNCTION kpi_internal.too_large(numeric, numeric, numeric, numeric) IS
'Whether one of the figures of a row fits into no column, so that the row is reported as invalid.';

-- not STRICT: a NULL unit is none
CREATE FUNCTION kpi.format_value(value anycompatible, unit_of_measure text DEFAULT '', decimals float8 DEFAULT 2)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	exact CONSTANT numeric := kpi_internal.number(value);
	places CONSTANT integer := kpi_internal.whole('decimals', decimals);
	digits text;
BEGIN
	IF places < 0 OR places > 20 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('decimals %s is not from 0 to 20', places),
			hint = 'Say how many digits follow the decimal point.';
	END IF;
	IF exact IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN NULL;
	END IF;
	digits := CAST(round(CASE unit_of_measure WHEN '%' THEN exact * 100 ELSE exact END, places) AS text);
	-- from the right, so that the time it takes does not grow with the square of the digits
	RETURN reverse(regexp_replace(reverse(split_part(digits, '.', 1)), E'(\\d{3})(?=\\d)', E'\\1 ', 'g'))
		|| CASE WHEN places > 0 THEN '.' || split_part(digits, '.', 2) ELSE '' END
		|| CASE WHEN unit_of_measure <> '' THEN ' ' || unit_of_measure ELSE '' END;
END
$$;
COMMENT ON FUNCTION kpi.format_value(anycompatible, text, float8) IS
'A value as people read it: rounded half away from zero, thousands apart, with its unit. '
'Of unit % a fraction is shown in hundredths. NULL for a NULL value or number of decimals, NaN or infinity; a NULL '
'unit is none. Error: decimals below 0 or above 20.';
