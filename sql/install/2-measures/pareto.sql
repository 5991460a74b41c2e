-- Pareto/NBD: lifetime value where customers may leave at any time.

CREATE TYPE kpi.pareto_nbd_model AS (
	r float8,
	alpha float8,
	s float8,
	beta float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.pareto_nbd_model IS
'A fitted Pareto/NBD model: made by clv_pareto_nbd_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.pareto_nbd_model.r IS
'Shape of the purchase rates of the customers; r / alpha is the mean rate per unit of time. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.pareto_nbd_model.alpha IS
'Scale of the purchase rates, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_model.s IS
'Shape of the rates at which customers leave; s / beta is the mean rate per unit of time.';
COMMENT ON COLUMN kpi.pareto_nbd_model.beta IS
'Scale of the rates at which customers leave, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_model.log_likelihood IS
'Logarithm of the likelihood at the maximum, without a penalty.';
COMMENT ON COLUMN kpi.pareto_nbd_model.n_customers IS
'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.pareto_nbd_model.n_patterns IS
'Different (frequency, recency, t) among them.';
COMMENT ON COLUMN kpi.pareto_nbd_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.pareto_nbd_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.pareto_nbd_model.se IS
'Standard errors of r, alpha, s and beta; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.pareto_nbd_model.cov IS
'Covariances of r, alpha, s and beta, four by four; NULL where se is.';

CREATE FUNCTION kpi.clv_pareto_nbd_fit(customers kpi.customer_state) RETURNS kpi.pareto_nbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_fit'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE FUNCTION kpi.clv_pareto_nbd_fit(customers kpi.customer_state, penalty float8) RETURNS kpi.pareto_nbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_fit_penalty'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_pareto_nbd_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_pareto_nbd_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_pareto_nbd_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.clv_pareto_nbd_fit(kpi.customer_state) IS
'The Pareto/NBD model of stored customers, by maximum likelihood. Never an error for lack of convergence: see the status.';
COMMENT ON FUNCTION kpi.clv_pareto_nbd_fit(kpi.customer_state, float8) IS
'The Pareto/NBD model of stored customers, with a penalty on large parameters: penalty * (r^2 + s^2 + (alpha / max(t))^2 + (beta / max(t))^2) is added to the mean negative log-likelihood of a customer.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_fit(float8, float8, float8) IS
'The Pareto/NBD model of the customers, one a row, by maximum likelihood: frequency (repeat purchases), recency (age at the last one) and t (age), both in one unit of time. Rows with a NULL are left out; NULL for no rows; values no customer can have are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_fit(float8, float8, float8, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_fit(float8, float8, float8, float8, float8) IS
'The same with a penalty on large parameters: penalty * (r^2 + s^2 + (alpha / max(t))^2 + (beta / max(t))^2) is added to the mean negative log-likelihood of a customer.';

CREATE FUNCTION kpi.clv_log_likelihood(model kpi.pareto_nbd_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_log_likelihood'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_p_alive(model kpi.pareto_nbd_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_p_alive'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.pareto_nbd_model, future_t float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_expected_purchases'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.pareto_nbd_model, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_new_purchases'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.pareto_nbd_model, n integer, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_purchase_probability'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
CREATE FUNCTION kpi.clv_discounted(model kpi.pareto_nbd_model, periods integer, period_length float8, discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_discounted_purchases'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;

COMMENT ON FUNCTION kpi.clv_discounted(kpi.pareto_nbd_model, integer, float8, float8, float8, float8, float8) IS
'Purchases to be expected of a customer over the next periods, by the Pareto/NBD model, those of period k divided by (1 + discount_rate)^k; period_length is in the unit of recency and t, discount_rate a fraction per period. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and wrong periods are errors.';
COMMENT ON FUNCTION kpi.clv_log_likelihood(kpi.pareto_nbd_model, float8, float8, float8) IS
'Logarithm of the likelihood of a customer with this frequency, recency and t under the Pareto/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.pareto_nbd_model, float8, float8, float8) IS
'Probability that a customer with this frequency, recency and t is still there, by the Pareto/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.pareto_nbd_model, float8, float8, float8, float8) IS
'Purchases to be expected of a customer in the time future_t after t, by the Pareto/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and a future_t below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.pareto_nbd_model, float8) IS
'Purchases to be expected of a new customer in the time future_t after the first one, by the Pareto/NBD model. NULL where an argument is NULL or the model has no parameters; a future_t below 0 is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.pareto_nbd_model, integer, float8) IS
'Probability that a new customer makes n purchases in the time future_t after the first one, by the Pareto/NBD model. NULL where an argument is NULL or the model has no parameters; n or future_t below 0 are errors.';

CREATE FUNCTION kpi.clv_dert(model kpi.pareto_nbd_model, continuous_discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_dert'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
CREATE FUNCTION kpi.clv_dert(model kpi.bgnbd_model, continuous_discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_dert'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200;
CREATE FUNCTION kpi.clv_dert(model kpi.mbgnbd_model, continuous_discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_dert'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200;

COMMENT ON FUNCTION kpi.clv_dert(kpi.pareto_nbd_model, float8, float8, float8, float8) IS
'Discounted expected residual transactions by the Pareto/NBD model: all purchases to be expected of a customer after t, each counted with exp(-continuous_discount_rate * time); the rate is a fraction per unit of time of t. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the rate is 0 and the sum has no limit (s of at most 1); values no customer can have and a rate below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_dert(kpi.bgnbd_model, float8, float8, float8, float8) IS
'Discounted expected residual transactions by the BG/NBD model: all purchases to be expected of a customer after t, each counted with exp(-continuous_discount_rate * time); the rate is a fraction per unit of time of t. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the rate is 0 and the sum has no limit (a of at most 1); values no customer can have and a rate below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_dert(kpi.mbgnbd_model, float8, float8, float8, float8) IS
'The same by the MBG/NBD model.';
