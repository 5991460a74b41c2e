-- Attainment: how far an actual reaches its target, as a fraction.

CREATE FUNCTION kpi.attainment(actual numeric, target numeric,
							   direction text DEFAULT 'higher', zero_target text DEFAULT 'null')
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment(actual float8, target float8,
							   direction text DEFAULT 'higher', zero_target text DEFAULT 'null')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_inverse(actual numeric, target numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_inverse_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_inverse(actual float8, target float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_inverse_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.progress(actual numeric, target numeric, baseline numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_progress_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.progress(actual float8, target float8, baseline float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_progress_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_range(actual numeric, low numeric, high numeric, outer_low numeric, outer_high numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_range_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_range(actual float8, low float8, high float8, outer_low float8, outer_high float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_range_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_binary(actual numeric, target numeric, direction text DEFAULT 'higher')
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_binary_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_binary(actual float8, target float8, direction text DEFAULT 'higher')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_binary_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL actual or target is what it explains
CREATE FUNCTION kpi.attainment_reason(actual numeric, target numeric, method text DEFAULT 'ratio',
									  zero_target text DEFAULT 'null', baseline numeric DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_attainment_reason'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.attainment(numeric, numeric, text, text) IS
'Attainment of a target as a fraction, exact: 1 + s (actual - target) / abs(target), s = -1 where lower is better; direction target: 1 - abs(actual - target) / abs(target). direction: higher, lower, target. zero_target: null, met, error. NULL for NULL, NaN, infinity or target 0; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment(float8, float8, text, text) IS
'Attainment of a target as a fraction: 1 + s (actual - target) / abs(target), s = -1 where lower is better; direction target: 1 - abs(actual - target) / abs(target). direction: higher, lower, target. zero_target: null, met, error. NULL for NULL, NaN, infinity or target 0; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment_inverse(numeric, numeric) IS
'Attainment of a lower-is-better target as target / actual, exact. NULL for NULL, NaN, infinity, an actual that is not positive or a negative target.';
COMMENT ON FUNCTION kpi.attainment_inverse(float8, float8) IS
'Attainment of a lower-is-better target as target / actual. NULL for NULL, NaN, infinity, an actual that is not positive or a negative target.';
COMMENT ON FUNCTION kpi.progress(numeric, numeric, numeric) IS
'Share of the way from the baseline to the target, exact: (actual - baseline) / (target - baseline). Target = baseline gives 1 where met, else NULL. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.progress(float8, float8, float8) IS
'Share of the way from the baseline to the target: (actual - baseline) / (target - baseline). Target = baseline gives 1 where met, else NULL. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.attainment_range(numeric, numeric, numeric, numeric, numeric) IS
'Attainment where a range is best, exact: 1 from low to high, falling evenly to 0 at outer_low and outer_high, 0 beyond. NULL for NULL, NaN or infinity of actual; limits that are not outer_low <= low <= high <= outer_high and finite are an error.';
COMMENT ON FUNCTION kpi.attainment_range(float8, float8, float8, float8, float8) IS
'Attainment where a range is best: 1 from low to high, falling evenly to 0 at outer_low and outer_high, 0 beyond. NULL for NULL, NaN or infinity of actual; limits that are not outer_low <= low <= high <= outer_high and finite are an error.';
COMMENT ON FUNCTION kpi.attainment_binary(numeric, numeric, text) IS
'1 where the target is met, else 0; equality counts as met. direction: higher, lower, target (met where equal). NULL for NULL, NaN or infinity; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment_binary(float8, float8, text) IS
'1 where the target is met, else 0; equality counts as met. direction: higher, lower, target (met where equal). NULL for NULL, NaN or infinity; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment_reason(numeric, numeric, text, text, numeric) IS
'Why there is no attainment: no_actual, no_target, no_baseline, invalid (NaN or infinity), zero_target, sign (inverse), zero_span (progress); NULL where there is one. method: ratio, inverse, progress.';
