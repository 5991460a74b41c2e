-- Judging a value: attainment, reason and trend of an indicator. The rules are in C, once
-- for these and for evaluations.

-- The bound keeps a single absurd value from overflowing the numbers made of it.
CREATE FUNCTION kpi_internal.within(x numeric, bound numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN abs(x) < least(bound, 'Infinity') THEN x END;
COMMENT ON FUNCTION kpi_internal.within(numeric, numeric) IS
'x where its magnitude is below the bound, so that a cast to a fixed size cannot fail. '
'NULL for NULL, NaN, infinity or a magnitude of bound or more.';

CREATE FUNCTION kpi_internal.usable(value numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_usable'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.usable(numeric) IS
'A measured value that scores can be made of. NULL for NULL, NaN, infinity or a magnitude of 1e1000 or more.';

CREATE FUNCTION kpi_internal.attainment_by(method text, actual numeric, target numeric, baseline numeric, direction text, zero_target text,
										   low numeric, high numeric, outer_low numeric, outer_high numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_by'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.attainment_by(text, numeric, numeric, numeric, text, text, numeric, numeric, numeric, numeric) IS
'Attainment by the method of an indicator, against the target in force and its limits. '
'NULL where that is undefined, and for a NULL word; any other word is an error.';

CREATE FUNCTION kpi_internal.points_for(actual numeric, target numeric, baseline numeric, method text, direction text, zero_target text,
										scale kpi.scale, zero_below numeric, floor numeric, cap numeric,
										low numeric, high numeric, outer_low numeric, outer_high numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_points_for'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.points_for(numeric, numeric, numeric, text, text, text, kpi.scale, numeric, numeric, numeric, numeric, numeric, numeric, numeric) IS
'Points of an actual against a target: attainment, scale and limits at once. '
'A NULL scale is 100 x attainment, a NULL limit none. NULL where that is undefined, for a rank scale and for a NULL '
'word; any other word is an error.';

CREATE FUNCTION kpi_internal.reason_for(value numeric, note text, target numeric, target_reason text, baseline numeric, method text, zero_target text,
										low numeric, high numeric, outer_low numeric, outer_high numeric)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_reason_for'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.reason_for(numeric, text, numeric, text, numeric, text, text, numeric, numeric, numeric, numeric) IS
'Why a measured value, as stored, has no attainment. '
'That is invalid, partial_target, no_target_rule, or what kpi.attainment_reason() says. NULL where it has one, and '
'for a NULL word; any other word is an error.';

CREATE FUNCTION kpi_internal.trend_of(direction text, actual numeric, previous_actual numeric, attainment numeric, previous_attainment numeric)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_trend_of'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.trend_of(text, numeric, numeric, numeric, numeric) IS
'1 where things improve, -1 where they worsen, 0 where they stay. '
'Higher and lower go by the actuals, direction target by the attainments, each by the indicator''s own method and '
'against the target of its own period. NULL where one of the two is missing, NaN or infinite; any other direction is '
'an error.';
