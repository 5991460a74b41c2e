-- Limits of points.

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |

-- not STRICT: a NULL bound does not limit
CREATE FUNCTION kpi.clamp(x @num@, low @num@ DEFAULT NULL, high @num@ DEFAULT NULL) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_clamp_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.clamp(@num@, @num@, @num@) IS
'x held between low and high@exact@; a NULL bound does not limit. '
'NULL where x is NULL, NaN or infinite; low above high or a NaN bound is an error.';

-- not STRICT: a NULL limit is none
--@ function | kpi.zero_below(value @num@, "limit" @num@) | @num@ | kpi_zero_below_@num@ |  | The value, or 0 where it is below the limit; a value at the limit stays, a NULL limit is none. NULL for NULL, NaN or infinity of value; a limit that is NaN or infinite is an error.
--@ end
