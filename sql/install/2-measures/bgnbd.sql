-- The BG/NBD and MBG/NBD models of repeat purchases: fits and answers.

CREATE TYPE kpi.bgnbd_model AS (
	r float8,
	alpha float8,
	a float8,
	b float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.bgnbd_model IS
'BG/NBD model of repeat purchases: its parameters and how they were found. The parameters are NULL where the data could not tell them.';
COMMENT ON COLUMN kpi.bgnbd_model.r IS 'Shape of the gamma distribution of purchase rates.';
COMMENT ON COLUMN kpi.bgnbd_model.alpha IS 'Rate of the gamma distribution of purchase rates, a time in the unit of recency and t.';
COMMENT ON COLUMN kpi.bgnbd_model.a IS 'First parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.bgnbd_model.b IS 'Second parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.bgnbd_model.log_likelihood IS 'Log-likelihood of the customers at the parameters, without the penalty.';
COMMENT ON COLUMN kpi.bgnbd_model.n_customers IS 'Customers fitted: the sum of their weights.';
COMMENT ON COLUMN kpi.bgnbd_model.n_patterns IS 'Different customers among them.';
COMMENT ON COLUMN kpi.bgnbd_model.iterations IS 'Steps of the search for the maximum.';
COMMENT ON COLUMN kpi.bgnbd_model.status IS 'converged, boundary (a parameter runs to the edge of its range, or is not told by the data), not_converged or insufficient_data.';
COMMENT ON COLUMN kpi.bgnbd_model.se IS 'Standard errors of the parameters, in their order; NULL where the likelihood has no maximum in some direction.';
COMMENT ON COLUMN kpi.bgnbd_model.cov IS 'Covariance matrix of the parameters, in their order; NULL where se is.';

CREATE FUNCTION kpi.clv_bgnbd_fit(customers kpi.customer_state) RETURNS kpi.bgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE FUNCTION kpi.clv_bgnbd_fit(customers kpi.customer_state, penalty float8) RETURNS kpi.bgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_fit_penalty' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_bgnbd_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgnbd_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgnbd_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.clv_bgnbd_fit(kpi.customer_state) IS
'The BG/NBD model of stored customers, by maximum likelihood. A failed fit is a status, not an error.';
COMMENT ON FUNCTION kpi.clv_bgnbd_fit(kpi.customer_state, float8) IS
'The BG/NBD model of stored customers, with a penalty: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood. A failed fit is a status, not an error; a negative penalty is an error.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_fit(float8, float8, float8) IS
'The BG/NBD model by maximum likelihood, one row a customer: frequency (repeat purchases), recency (age at the last one), t (age), both in one unit of time. Rows with a NULL are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_fit(float8, float8, float8, float8) IS
'The BG/NBD model by maximum likelihood, where weight says how many customers have a row''s frequency, recency and t. Rows with a NULL or of weight 0 are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_fit(float8, float8, float8, float8, float8) IS
'The BG/NBD model with weights and a penalty, the same in every row: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood, which holds the parameters of small samples down. A negative penalty and two different ones are errors.';

CREATE FUNCTION kpi.clv_p_alive(model kpi.bgnbd_model, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgnbd_model, future_t float8, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgnbd_model, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.bgnbd_model, n integer, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_discounted(model kpi.bgnbd_model, periods integer, period_length float8, discount_rate float8,
								   frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_discounted_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.bgnbd_model, float8, float8, float8) IS
'Probability that a customer with that history has not left, by the BG/NBD model (1 without a repeat purchase: it never had the chance to leave). NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgnbd_model, float8, float8, float8, float8) IS
'Purchases expected of a customer with that history in the next future_t, by the BG/NBD model. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; values no customer can have and a negative or infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgnbd_model, float8) IS
'Repeat purchases expected of a new customer in its first future_t, by the BG/NBD model. NULL where an argument is NULL or the model has no parameters; a negative or infinite future_t is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.bgnbd_model, integer, float8) IS
'Probability that a new customer makes exactly n repeat purchases in its first future_t, by the BG/NBD model. NULL where an argument is NULL or the model has no parameters; negative arguments and an infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_discounted(kpi.bgnbd_model, integer, float8, float8, float8, float8, float8) IS
'Purchases expected of a customer in the next periods, those of the k-th divided by (1 + discount_rate)^k, by the BG/NBD model; period_length in the unit of recency and t, the rate per period. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; wrong arguments are errors.';

CREATE TYPE kpi.mbgnbd_model AS (
	r float8,
	alpha float8,
	a float8,
	b float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.mbgnbd_model IS
'MBG/NBD model of repeat purchases: its parameters and how they were found. The parameters are NULL where the data could not tell them.';
COMMENT ON COLUMN kpi.mbgnbd_model.r IS 'Shape of the gamma distribution of purchase rates.';
COMMENT ON COLUMN kpi.mbgnbd_model.alpha IS 'Rate of the gamma distribution of purchase rates, a time in the unit of recency and t.';
COMMENT ON COLUMN kpi.mbgnbd_model.a IS 'First parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.mbgnbd_model.b IS 'Second parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.mbgnbd_model.log_likelihood IS 'Log-likelihood of the customers at the parameters, without the penalty.';
COMMENT ON COLUMN kpi.mbgnbd_model.n_customers IS 'Customers fitted: the sum of their weights.';
COMMENT ON COLUMN kpi.mbgnbd_model.n_patterns IS 'Different customers among them.';
COMMENT ON COLUMN kpi.mbgnbd_model.iterations IS 'Steps of the search for the maximum.';
COMMENT ON COLUMN kpi.mbgnbd_model.status IS 'converged, boundary (a parameter runs to the edge of its range, or is not told by the data), not_converged or insufficient_data.';
COMMENT ON COLUMN kpi.mbgnbd_model.se IS 'Standard errors of the parameters, in their order; NULL where the likelihood has no maximum in some direction.';
COMMENT ON COLUMN kpi.mbgnbd_model.cov IS 'Covariance matrix of the parameters, in their order; NULL where se is.';

CREATE FUNCTION kpi.clv_mbgnbd_fit(customers kpi.customer_state) RETURNS kpi.mbgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE FUNCTION kpi.clv_mbgnbd_fit(customers kpi.customer_state, penalty float8) RETURNS kpi.mbgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_fit_penalty' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_mbgnbd_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_mbgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_mbgnbd_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_mbgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_mbgnbd_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_mbgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.clv_mbgnbd_fit(kpi.customer_state) IS
'The MBG/NBD model of stored customers, by maximum likelihood. A failed fit is a status, not an error.';
COMMENT ON FUNCTION kpi.clv_mbgnbd_fit(kpi.customer_state, float8) IS
'The MBG/NBD model of stored customers, with a penalty: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood. A failed fit is a status, not an error; a negative penalty is an error.';
COMMENT ON AGGREGATE kpi.clv_mbgnbd_fit(float8, float8, float8) IS
'The MBG/NBD model by maximum likelihood, one row a customer: frequency (repeat purchases), recency (age at the last one), t (age), both in one unit of time. Rows with a NULL are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_mbgnbd_fit(float8, float8, float8, float8) IS
'The MBG/NBD model by maximum likelihood, where weight says how many customers have a row''s frequency, recency and t. Rows with a NULL or of weight 0 are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_mbgnbd_fit(float8, float8, float8, float8, float8) IS
'The MBG/NBD model with weights and a penalty, the same in every row: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood, which holds the parameters of small samples down. A negative penalty and two different ones are errors.';

CREATE FUNCTION kpi.clv_p_alive(model kpi.mbgnbd_model, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.mbgnbd_model, future_t float8, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.mbgnbd_model, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.mbgnbd_model, n integer, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_discounted(model kpi.mbgnbd_model, periods integer, period_length float8, discount_rate float8,
								   frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_discounted_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.mbgnbd_model, float8, float8, float8) IS
'Probability that a customer with that history has not left, by the MBG/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.mbgnbd_model, float8, float8, float8, float8) IS
'Purchases expected of a customer with that history in the next future_t, by the MBG/NBD model. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; values no customer can have and a negative or infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.mbgnbd_model, float8) IS
'Repeat purchases expected of a new customer in its first future_t, by the MBG/NBD model. NULL where an argument is NULL or the model has no parameters; a negative or infinite future_t is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.mbgnbd_model, integer, float8) IS
'Probability that a new customer makes exactly n repeat purchases in its first future_t, by the MBG/NBD model. NULL where an argument is NULL or the model has no parameters; negative arguments and an infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_discounted(kpi.mbgnbd_model, integer, float8, float8, float8, float8, float8) IS
'Purchases expected of a customer in the next periods, those of the k-th divided by (1 + discount_rate)^k, by the MBG/NBD model; period_length in the unit of recency and t, the rate per period. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; wrong arguments are errors.';
