-- Change against a base, in units and relative to the base.

CREATE FUNCTION kpi.change(current numeric, base numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_change_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.change(current float8, base float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_change_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.change_rate(current numeric, base numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_change_rate_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.change_rate(current float8, base float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_change_rate_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.cagr(first numeric, last numeric, periods numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_cagr_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.cagr(first float8, last float8, periods float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_cagr_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kpi.change(numeric, numeric) IS
'Change in units, exact: current - base. For percentages it is the change in points. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.change(float8, float8) IS
'Change in units: current - base. For percentages it is the change in points. NULL for NULL, NaN, infinity or a result beyond float8.';
COMMENT ON FUNCTION kpi.change_rate(numeric, numeric) IS
'Relative change as a fraction, exact: (current - base) / abs(base); 0 against 0 is 0. NULL for NULL, NaN, infinity or a change from zero.';
COMMENT ON FUNCTION kpi.change_rate(float8, float8) IS
'Relative change as a fraction: (current - base) / abs(base); 0 against 0 is 0. NULL for NULL, NaN, infinity, a change from zero or a result beyond float8.';
COMMENT ON FUNCTION kpi.cagr(numeric, numeric, numeric) IS
'Compound rate of growth a period as a fraction, with 20 correct decimals: (last / first)^(1 / periods) - 1. NULL for NULL, NaN, infinity, a first that is not positive, a negative last or a result beyond float8; periods that are not a finite number above 0 are an error.';
COMMENT ON FUNCTION kpi.cagr(float8, float8, float8) IS
'Compound rate of growth a period as a fraction: (last / first)^(1 / periods) - 1. NULL for NULL, NaN, infinity, a first that is not positive, a negative last or a result beyond float8; periods that are not a finite number above 0 are an error.';
