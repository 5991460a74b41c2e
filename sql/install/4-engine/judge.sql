-- Judging a value: attainment, points, reason and trend of an indicator, each rule once.

-- The bound keeps a single absurd value from overflowing the numbers made of it.
CREATE FUNCTION kpi_internal.within(x numeric, bound numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN abs(x) < least(bound, 'Infinity') THEN x END;
COMMENT ON FUNCTION kpi_internal.within(numeric, numeric) IS
'x where its magnitude is below the bound, so that a cast to a fixed size cannot fail. NULL for NULL, NaN, infinity or a magnitude of bound or more.';

CREATE FUNCTION kpi_internal.usable(value numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.within(value, 1e1000);
COMMENT ON FUNCTION kpi_internal.usable(numeric) IS
'A measured value that scores can be made of. NULL for NULL, NaN, infinity or a magnitude of 1e1000 or more.';

CREATE FUNCTION kpi_internal.attainment_by(method text, actual numeric, target numeric, baseline numeric, direction text, zero_target text)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE method
		WHEN 'ratio' THEN kpi.attainment(actual, target, direction, zero_target)
		WHEN 'inverse' THEN kpi.attainment_inverse(actual, target)
		WHEN 'progress' THEN kpi.progress(actual, target, baseline)
	END;
COMMENT ON FUNCTION kpi_internal.attainment_by(text, numeric, numeric, numeric, text, text) IS
'Attainment by the method of an indicator: ratio, inverse or progress. NULL where that is undefined, and for any other method.';

CREATE FUNCTION kpi_internal.gap_by(actual numeric, target numeric, direction text)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE direction
		WHEN 'higher' THEN kpi.change(actual, target)
		WHEN 'lower' THEN kpi.change(target, actual)
		WHEN 'target' THEN - abs(kpi.change(actual, target))
	END;
COMMENT ON FUNCTION kpi_internal.gap_by(numeric, numeric, text) IS
'Gap between actual and target in the unit of the indicator. Positive is good, and 0 the best where the target is to be hit. NULL for NULL, NaN or infinity.';

CREATE FUNCTION kpi_internal.argument_by(scale kpi.scale, attainment numeric, actual numeric, target numeric, direction text)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE kpi_internal.scale_of(scale)
		WHEN 'actual' THEN kpi.clamp(actual)
		WHEN 'gap' THEN kpi_internal.gap_by(actual, target, direction)
		ELSE kpi.clamp(attainment)
	END;
COMMENT ON FUNCTION kpi_internal.argument_by(kpi.scale, numeric, numeric, numeric, text) IS
'What a scale turns into points: the attainment, the actual or the gap. Without a scale it is the attainment. NULL where that is missing, NaN or infinite.';

CREATE FUNCTION kpi_internal.points_by(argument numeric, place bigint, scale kpi.scale)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
			WHEN scale IS NULL THEN 100 * kpi.clamp(argument)
			WHEN kpi_internal.scale_form(scale) = 'rank' THEN kpi_internal.rank_score(place, scale)
			ELSE kpi.score(argument, scale)
		END;
COMMENT ON FUNCTION kpi_internal.points_by(numeric, bigint, kpi.scale) IS
'Points by a scale: of its argument, of the place for a rank scale, 100 x attainment without a scale. NULL where that is NULL, NaN or infinite.';

CREATE FUNCTION kpi_internal.limit_points(points numeric, zero_below numeric, floor numeric, cap numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi.clamp(kpi.zero_below(points, zero_below), floor, cap);
COMMENT ON FUNCTION kpi_internal.limit_points(numeric, numeric, numeric, numeric) IS
'Points within the limits of a node. Below zero_below they count 0, then they are held between floor and cap. A NULL limit is none; NULL for NULL, NaN or infinity of points; a zero_below that is NaN or infinite is an error.';

CREATE FUNCTION kpi_internal.reason_for(value numeric, note text, target numeric, target_reason text, baseline numeric, method text, zero_target text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN kpi_internal.usable(value) IS NULL AND (value IS NOT NULL OR note = 'invalid') THEN 'invalid'
		WHEN value IS NOT NULL AND target_reason <> 'no_target' THEN target_reason
		ELSE kpi.attainment_reason(value, target, method, zero_target, baseline)
	END;
COMMENT ON FUNCTION kpi_internal.reason_for(numeric, text, numeric, text, numeric, text, text) IS
'Why a measured value, as stored, has no attainment. That is invalid, partial_target, no_target_rule, or what kpi.attainment_reason() says. NULL where it has one.';

CREATE FUNCTION kpi_internal.trend_of(direction text, actual numeric, previous_actual numeric, attainment numeric, previous_attainment numeric)
	RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CAST(sign(CASE direction
			WHEN 'higher' THEN kpi.change(actual, previous_actual)
			WHEN 'lower' THEN kpi.change(previous_actual, actual)
			ELSE kpi.change(attainment, previous_attainment)
		END) AS integer);
COMMENT ON FUNCTION kpi_internal.trend_of(text, numeric, numeric, numeric, numeric) IS
'1 where things improve, -1 where they worsen, 0 where they stay. Higher and lower go by the actuals, direction target by the attainments, each by the indicator''s own method and against the target of its own period. NULL where one of the two is missing, NaN or infinite.';
