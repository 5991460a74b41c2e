-- Numbers that drivers send.

CREATE FUNCTION kpi_internal.shortest(x float8)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_shortest'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.shortest(float8) IS
'The shortest decimal number that reads back as the float8, whatever extra_float_digits says. '
'NULL for NULL; NaN and infinity are themselves.';

CREATE FUNCTION kpi_internal.whole(parameter text, value float8)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_whole'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.whole(text, float8) IS
'A number of any type as an integer; an error for one that is not whole. NULL for NULL.';

CREATE FUNCTION kpi_internal.number(value anycompatible)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_number'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.number(anycompatible) IS
'A number of any type, or a text that is one, as numeric. '
'Of float4 and float8 the shortest that reads back. NULL for NULL; NaN and infinity are themselves.';

CREATE FUNCTION kpi_internal.numbers(list anycompatiblearray)
	RETURNS numeric[]
	AS 'MODULE_PATHNAME', 'kpi_numbers'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.numbers(anycompatiblearray) IS
'An array of numbers of any type, or of texts that are numbers, as numeric. '
'NULL for NULL; NULL elements, NaN and infinity stay.';
