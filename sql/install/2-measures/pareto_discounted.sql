-- Discounted value by the Pareto/NBD model, which needs the Gamma-Gamma model too.

-- not STRICT: monetary_value may be NULL where there was no repeat purchase
CREATE FUNCTION kpi.clv_discounted(model kpi.pareto_nbd_model, gg_model kpi.gamma_gamma_model,
								   periods integer, period_length float8, discount_rate float8,
								   frequency float8, recency float8, t float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_discounted'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION kpi.clv_discounted(kpi.pareto_nbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8) IS
'Discounted value of a customer over the next periods, by the Pareto/NBD and the Gamma-Gamma model: the purchases expected in period k times the expected average value, divided by (1 + discount_rate)^k. period_length is in the unit of recency and t, discount_rate a fraction per period. NULL where an argument is NULL, NaN or infinite, but for the monetary_value of a customer without repeat purchase, or where a model gives no value; wrong values are errors.';
