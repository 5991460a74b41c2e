-- Customer lifetime value of a constant margin and retention rate.

-- not STRICT: NULL periods is a sum without end
CREATE FUNCTION kpi.clv_simple(margin numeric, retention_rate numeric, discount_rate numeric,
							   periods integer DEFAULT NULL, timing text DEFAULT 'now')
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_clv_simple_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;

CREATE FUNCTION kpi.clv_simple(margin float8, retention_rate float8, discount_rate float8,
							   periods integer DEFAULT NULL, timing text DEFAULT 'now')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_simple_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.clv_simple(numeric, numeric, numeric, integer, text) IS
'Customer lifetime value of a constant margin per period, to 20 decimals. Rates are fractions per period; periods NULL is without end; timing: now (first margin at once) or renewal (first margin with the first renewal). NULL where margin, a rate or timing is NULL, the margin is NaN or infinite, or the endless sum has no limit; rates out of range, periods outside 0 to 100000 and an unknown timing are errors.';
COMMENT ON FUNCTION kpi.clv_simple(float8, float8, float8, integer, text) IS
'Customer lifetime value of a constant margin per period. Rates are fractions per period; periods NULL is without end; timing: now (first margin at once) or renewal (first margin with the first renewal). NULL where margin, a rate or timing is NULL, the margin is NaN or infinite, the endless sum has no limit, or the result is beyond float8; rates out of range, periods outside 0 to 100000 and an unknown timing are errors.';
