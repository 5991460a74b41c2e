-- Series made of series: filled, moving, running, earlier; and computed with.

-- not STRICT: a season that is not told is that of the step
CREATE FUNCTION kpi.fill(series kpi.series, method text DEFAULT 'linear', seasonality float8 DEFAULT NULL)
	RETURNS kpi.series
	AS 'MODULE_PATHNAME', 'kpi_series_fill' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.fill(kpi.series, text, float8) IS
'The series with its gaps closed, and with all periods from the first to the last. '
'method is linear, previous, next, zero or seasonal; a gap without a value to go by stays one. NULL for NULL; an '
'unknown method and a wrong seasonality are errors.';

-- STABLE where a step or a calendar is read: that of timestamptz is of the time zone of the session
--@ for name | types | arguments | says
--@ | moving_sum | , float8 | , width float8 | The last width periods together, for each period. A gap where one of them has no value. NULL for NULL; a width that is not a whole number of at least 1 is an error.
--@ | moving_average | , float8, boolean | , width float8, centred boolean DEFAULT false | The mean of the last width periods, or of as many before and after each. Centred means of an even width are those of the two windows around the period. A gap where one of them has no value. NULL for NULL; a width that is not a whole number of at least 1 is an error.
--@ | cumulative | , text | , within text DEFAULT 'series' | The total of all periods so far: of the series, or of its year, half, quarter or month. After a gap it is not known until it begins anew. NULL for NULL; an unknown word, and parts of the year of periods that are numbers, are errors.
--@ | shift | , float8 | , steps float8 | The value so many periods before each period; after it, for a negative number. A gap where there is none. NULL for NULL; a number that is not whole is an error.
--@ | last_year | | | The value of the same period a year before: 12 months, 52 weeks, or the same day and time. A gap where there is none. NULL for NULL; periods that are numbers are an error.
CREATE FUNCTION kpi.@name@(series kpi.series@arguments@) RETURNS kpi.series
	AS 'MODULE_PATHNAME', 'kpi_series_@name@' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.@name@(kpi.series@types@) IS
'@says@';
--@ end

--@ for name | operator | called | other
--@ | plus | + | sum |
--@ | minus | - | difference |
--@ | times | * | product |
--@ | divided | / | quotient | , and for a divisor of 0
--@ for left | right | symbol | both
--@ | kpi.series | kpi.series | series_@name@ | of two series, in the periods that both have
--@ | kpi.series | float8 | series_@name@_number | of a series and a number, in each period
--@ | float8 | kpi.series | number_@name@_series | of a number and a series, in each period
CREATE FUNCTION kpi_internal.series_@name@(@left@, @right@) RETURNS kpi.series
	AS 'MODULE_PATHNAME', 'kpi_@symbol@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi_internal.series_@name@(@left@, @right@) IS
'The @called@ @both@. A gap where a value is missing@other@; NULL for NULL and without a common period.';
CREATE OPERATOR kpi.@operator@ (
	LEFTARG = @left@, RIGHTARG = @right@, FUNCTION = kpi_internal.series_@name@
);
COMMENT ON OPERATOR kpi.@operator@ (@left@, @right@) IS '@called@ @both@';
--@ end
--@ end
