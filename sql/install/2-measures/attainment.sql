-- Attainment: how far an actual reaches its target, as a fraction.

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |

CREATE FUNCTION kpi.attainment(actual @num@, target @num@,
							   direction text DEFAULT 'higher', zero_target text DEFAULT 'null') RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_attainment_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.attainment(@num@, @num@, text, text) IS
'Attainment of a target as a fraction@exact@: 1 + s (actual - target) / abs(target). '
's is 1, or -1 where lower is better; direction target: 1 - abs(actual - target) / abs(target). direction: higher, '
'lower, target. zero_target: null, met, error. NULL for NULL, NaN, infinity or target 0.';

--@ function | kpi.attainment_inverse(actual @num@, target @num@) | @num@ | kpi_attainment_inverse_@num@ | STRICT | Attainment of a lower-is-better target as target / actual@exact@. NULL for NULL, NaN, infinity, an actual that is not positive or a negative target.
--@ | kpi.progress(actual @num@, target @num@, baseline @num@) | @num@ | kpi_progress_@num@ | STRICT | Share of the way from baseline to target@exact@: (actual - baseline) / (target - baseline). Target = baseline gives 1 where met, else NULL. NULL for NULL, NaN or infinity.
--@ | kpi.attainment_range(actual @num@, low @num@, high @num@, outer_low @num@, outer_high @num@) | @num@ | kpi_attainment_range_@num@ | STRICT | Attainment where a range is best@exact@. 1 from low to high, falling evenly to 0 at outer_low and outer_high, 0 beyond. NULL for NULL, NaN or infinity of actual; limits out of order or not finite are an error.

CREATE FUNCTION kpi.attainment_binary(actual @num@, target @num@, direction text DEFAULT 'higher') RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_attainment_binary_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.attainment_binary(@num@, @num@, text) IS
'1 where the target is met, else 0; equality counts as met. '
'direction: higher, lower, target (met where equal). NULL for NULL, NaN or infinity.';

-- not STRICT: a NULL actual or target is what it explains
CREATE FUNCTION kpi.attainment_reason(actual @num@, target @num@, method text DEFAULT 'ratio',
									  zero_target text DEFAULT 'null', baseline @num@ DEFAULT NULL,
									  low @num@ DEFAULT NULL, high @num@ DEFAULT NULL,
									  outer_low @num@ DEFAULT NULL, outer_high @num@ DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_attainment_reason_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.attainment_reason(@num@, @num@, text, text, @num@, @num@, @num@, @num@, @num@) IS
'Why there is no attainment, as a word; NULL where there is one. '
'no_actual, no_target, no_baseline, no_limits, invalid (NaN, infinity, limits out of order), zero_target, sign '
'(inverse) or zero_span (progress, span). method: ratio, inverse, progress, span, range, binary. span needs low and '
'high, range all four limits.';
--@ end
