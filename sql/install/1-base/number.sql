-- Numbers that drivers send.

CREATE FUNCTION kpi_internal.shortest(x float8)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_shortest'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.shortest(float8) IS
'The shortest decimal number that reads back as the float8, whatever extra_float_digits says. NULL for NULL; NaN and infinity are themselves.';
