-- Discounted value by the BG/NBD and MBG/NBD models and the Gamma-Gamma model.

-- not STRICT: without a repeat purchase monetary_value may be NULL
CREATE FUNCTION kpi.clv_discounted(model kpi.bgnbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8,
								   discount_rate float8, frequency float8, recency float8, t float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_discounted' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_discounted(kpi.bgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8) IS
'Value expected of a customer in the next periods, discounted: purchases by the BG/NBD model, those of the k-th period divided by (1 + discount_rate)^k, times the average value expected by the Gamma-Gamma model; period_length in the unit of recency and t, the rate per period. monetary_value does not matter where frequency is 0. NULL where another argument is NULL, a value of the customer is NaN or infinite, a model has no parameters or its mean value does not exist; wrong arguments are errors.';

-- not STRICT: without a repeat purchase monetary_value may be NULL
CREATE FUNCTION kpi.clv_discounted(model kpi.mbgnbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8,
								   discount_rate float8, frequency float8, recency float8, t float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_discounted' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_discounted(kpi.mbgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8) IS
'Value expected of a customer in the next periods, discounted: purchases by the MBG/NBD model, those of the k-th period divided by (1 + discount_rate)^k, times the average value expected by the Gamma-Gamma model; period_length in the unit of recency and t, the rate per period. monetary_value does not matter where frequency is 0. NULL where another argument is NULL, a value of the customer is NaN or infinite, a model has no parameters or its mean value does not exist; wrong arguments are errors.';
