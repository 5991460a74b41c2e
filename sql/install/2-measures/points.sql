-- Points by the rules of appraisal schemes.

-- not STRICT: a NULL floor or cap is none
CREATE FUNCTION kpi.add_deduct(actual numeric, target numeric, base numeric, per_unit_above numeric, per_unit_below numeric,
							   unit numeric DEFAULT 1, counting text DEFAULT 'linear',
							   floor numeric DEFAULT NULL, cap numeric DEFAULT NULL)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_add_deduct_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.efficacy(actual numeric, standards numeric[], coefficients numeric[], weight numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_efficacy_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.rank_points(rank integer, points numeric[])
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rank_points_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL limit is none
CREATE FUNCTION kpi.zero_below(value numeric, "limit" numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_zero_below_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- not STRICT: a NULL floor or cap is none
CREATE FUNCTION kpi.add_deduct(actual float8, target float8, base float8, per_unit_above float8, per_unit_below float8,
							   unit float8 DEFAULT 1, counting text DEFAULT 'linear',
							   floor float8 DEFAULT NULL, cap float8 DEFAULT NULL)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_add_deduct_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.efficacy(actual float8, standards float8[], coefficients float8[], weight float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_efficacy_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.rank_points(rank integer, points float8[])
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rank_points_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL limit is none
CREATE FUNCTION kpi.zero_below(value float8, "limit" float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_zero_below_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.add_deduct(numeric, numeric, numeric, numeric, numeric, numeric, text, numeric, numeric) IS
'Points, exact: base + per_unit_above a unit of actual above target, base - per_unit_below a unit below; negative rates where lower is better. unit: step of the indicator, above 0. counting: linear (parts count), full (whole units only), started (begun units too). Then held between floor and cap, NULL for none. NULL for any other NULL and for NaN or infinity of actual or target; a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.efficacy(numeric, numeric[], numeric[], numeric) IS
'Efficacy score, exact: weight times the coefficient of the standard reached plus the part of the step to the next one; 0 short of the first standard, no more than the last coefficient. standards: from the lowest to the best, rising or falling; coefficients: as many, from 0 up. NULL for NULL, NaN or infinity of actual; lists out of order, of other lengths or with NULLs and a negative weight are errors.';
COMMENT ON FUNCTION kpi.rank_points(integer, numeric[]) IS
'Points of a rank: the first element for rank 1, 0 beyond the list. NULL for NULL; a rank below 1, a NULL element and a list that is empty or has several dimensions are errors.';
COMMENT ON FUNCTION kpi.zero_below(numeric, numeric) IS
'The value, or 0 where it is below the limit; a value at the limit stays, a NULL limit is none. NULL for NULL, NaN or infinity of value; a limit that is NaN or infinite is an error.';
COMMENT ON FUNCTION kpi.add_deduct(float8, float8, float8, float8, float8, float8, text, float8, float8) IS
'Points: base + per_unit_above a unit of actual above target, base - per_unit_below a unit below; negative rates where lower is better. unit: step of the indicator, above 0. counting: linear (parts count), full (whole units only), started (begun units too). Then held between floor and cap, NULL for none. NULL for any other NULL and for NaN or infinity of actual or target or a result beyond float8; a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.efficacy(float8, float8[], float8[], float8) IS
'Efficacy score: weight times the coefficient of the standard reached plus the part of the step to the next one; 0 short of the first standard, no more than the last coefficient. standards: from the lowest to the best, rising or falling; coefficients: as many, from 0 up. NULL for NULL, NaN or infinity of actual or a result beyond float8; lists out of order, of other lengths or with NULLs and a negative weight are errors.';
COMMENT ON FUNCTION kpi.rank_points(integer, float8[]) IS
'Points of a rank: the first element for rank 1, 0 beyond the list. NULL for NULL; a rank below 1, a NULL element and a list that is empty or has several dimensions are errors.';
COMMENT ON FUNCTION kpi.zero_below(float8, float8) IS
'The value, or 0 where it is below the limit; a value at the limit stays, a NULL limit is none. NULL for NULL, NaN or infinity of value; a limit that is NaN or infinite is an error.';
