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
'Whether one of the figures of a row fits into no column, so that the row is told as invalid.';
