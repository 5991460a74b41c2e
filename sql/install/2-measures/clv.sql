-- Customer lifetime value of a constant margin and retention rate.

--@ for num | cost | digits | beyond
--@ | numeric | 10 | , to 20 decimals | or where the endless sum has no limit
--@ | float8 | 1 | | the endless sum has no limit or the result is beyond float8
-- not STRICT: NULL periods is a sum without end
CREATE FUNCTION kpi.clv_simple(margin @num@, retention_rate @num@, discount_rate @num@,
							   periods float8 DEFAULT NULL, timing text DEFAULT 'now') RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_clv_simple_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE COST @cost@;
COMMENT ON FUNCTION kpi.clv_simple(@num@, @num@, @num@, float8, text) IS
'Customer lifetime value of a constant margin per period@digits@. '
'Rates are fractions per period; periods NULL is without end; timing: now (first margin at once) or renewal (first '
'margin with the first renewal). NULL where margin, a rate or timing is NULL, the margin is NaN or infinite, '
'@beyond@.';
--@ end
