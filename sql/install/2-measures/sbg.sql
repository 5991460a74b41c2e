-- Shifted beta-geometric: how long contracts are renewed.
-- Beta-geometric/beta-Bernoulli: purchases at whole chances.

CREATE TYPE kpi.sbg_model AS (
	alpha float8,
	beta float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);
COMMENT ON TYPE kpi.sbg_model IS
'A fitted shifted beta-geometric model: made by clv_sbg_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.sbg_model.alpha IS
'First parameter of the chances to leave at the end of a period; alpha / (alpha + beta) leave at the first renewal. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.sbg_model.beta IS
'Second parameter of the chances to leave.';
COMMENT ON COLUMN kpi.sbg_model.log_likelihood IS
'Logarithm of the likelihood at the maximum.';
COMMENT ON COLUMN kpi.sbg_model.n_customers IS
'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.sbg_model.n_patterns IS
'Different (periods, churned) among them.';
COMMENT ON COLUMN kpi.sbg_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.sbg_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody left).';
COMMENT ON COLUMN kpi.sbg_model.se IS
'Standard errors of alpha and beta; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.sbg_model.cov IS
'Covariances of alpha and beta, two by two; NULL where se is.';

-- not STRICT: a NULL is skipped, but the first row makes the state
CREATE FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_sbg_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean, float8) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_sbg_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.sbg_final(kpi.pair_state) RETURNS kpi.sbg_model
	AS 'MODULE_PATHNAME', 'kpi_sbg_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
CREATE AGGREGATE kpi.clv_sbg_fit(periods integer, churned boolean) (
	SFUNC = kpi.sbg_accum, STYPE = kpi.pair_state, SSPACE = 1024,
	FINALFUNC = kpi.sbg_final, COMBINEFUNC = kpi.pair_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_sbg_fit(periods integer, churned boolean, weight float8) (
	SFUNC = kpi.sbg_accum, STYPE = kpi.pair_state, SSPACE = 1024,
	FINALFUNC = kpi.sbg_final, COMBINEFUNC = kpi.pair_state_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean) IS
'Transition of clv_sbg_fit(): takes in periods and whether the customer left.';
COMMENT ON FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean, float8) IS
'Transition of clv_sbg_fit(): takes in periods, whether the customer left, and how many customers did so.';
COMMENT ON FUNCTION kpi.sbg_final(kpi.pair_state) IS
'Final function of clv_sbg_fit(): the model.';
COMMENT ON AGGREGATE kpi.clv_sbg_fit(integer, boolean) IS
'The shifted beta-geometric model of contracts, one a row, by maximum likelihood: periods (how often the customer was asked to renew, the renewal it declined included) and churned (whether it declined the last one). Rows with a NULL are left out; NULL for no rows; periods below 0, or below 1 for a customer that churned, are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_sbg_fit(integer, boolean, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out, a negative or infinite weight is an error.';

CREATE FUNCTION kpi.clv_sbg_survival(model kpi.sbg_model, periods integer) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_sbg_survival' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_sbg_retention(model kpi.sbg_model, periods integer) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_sbg_retention' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_sbg_derl(model kpi.sbg_model, periods integer, discount_rate float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_sbg_derl' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION kpi.clv_sbg_survival(kpi.sbg_model, integer) IS
'Share of the customers that are still there after so many renewals, from 0 on. NULL where an argument is NULL or the model has no parameters; periods below 0 are an error.';
COMMENT ON FUNCTION kpi.clv_sbg_retention(kpi.sbg_model, integer) IS
'Share of the customers asked for renewal number periods, from 1 on, that renew. NULL where an argument is NULL or the model has no parameters; periods below 1 are an error.';
COMMENT ON FUNCTION kpi.clv_sbg_derl(kpi.sbg_model, integer, float8) IS
'Discounted expected residual lifetime: payments still to come from a customer that has made so many, just before it decides on the next, which is not discounted; 0 periods is a customer still to be won, whose first payment is certain. discount_rate is a fraction per period. NULL where an argument is NULL, the model has no parameters, or the sum has no limit (no discount and alpha <= 1); periods or a discount_rate below 0 are errors.';

CREATE TYPE kpi.bgbb_model AS (
	alpha float8,
	beta float8,
	gamma float8,
	delta float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);
COMMENT ON TYPE kpi.bgbb_model IS
'A fitted BG/BB model: made by clv_bgbb_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.bgbb_model.alpha IS
'First parameter of the chances to buy; alpha / (alpha + beta) is their mean. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.bgbb_model.beta IS
'Second parameter of the chances to buy.';
COMMENT ON COLUMN kpi.bgbb_model.gamma IS
'First parameter of the chances to leave; gamma / (gamma + delta) is their mean.';
COMMENT ON COLUMN kpi.bgbb_model.delta IS
'Second parameter of the chances to leave.';
COMMENT ON COLUMN kpi.bgbb_model.log_likelihood IS
'Logarithm of the likelihood at the maximum, without a penalty.';
COMMENT ON COLUMN kpi.bgbb_model.n_customers IS
'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.bgbb_model.n_patterns IS
'Different (frequency, recency, t) among them.';
COMMENT ON COLUMN kpi.bgbb_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.bgbb_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.bgbb_model.se IS
'Standard errors of alpha, beta, gamma and delta; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.bgbb_model.cov IS
'Covariances of alpha, beta, gamma and delta, four by four; NULL where se is.';

CREATE FUNCTION kpi.clv_bgbb_fit(customers kpi.customer_state) RETURNS kpi.bgbb_model
	AS 'MODULE_PATHNAME', 'kpi_bgbb_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_bgbb_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgbb_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgbb_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgbb_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgbb_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgbb_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.clv_bgbb_fit(kpi.customer_state) IS
'The BG/BB model of stored customers, by maximum likelihood. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_bgbb_fit(float8, float8, float8) IS
'The BG/BB model of the customers, one a row, by maximum likelihood: frequency (purchases), recency (number of the last chance used, 0 for none) and t (number of chances), all whole. Rows with a NULL are left out; NULL for no rows; values no customer can have are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_bgbb_fit(float8, float8, float8, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON AGGREGATE kpi.clv_bgbb_fit(float8, float8, float8, float8, float8) IS
'The same with a penalty on large parameters: penalty * (alpha^2 + beta^2 + gamma^2 + delta^2) is added to the mean negative log-likelihood of a customer.';

CREATE FUNCTION kpi.clv_log_likelihood(model kpi.bgbb_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_p_alive(model kpi.bgbb_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgbb_model, future_t float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgbb_model, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_expected_purchases_new' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.bgbb_model, n integer, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_dert(model kpi.bgbb_model, discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_dert' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION kpi.clv_log_likelihood(kpi.bgbb_model, float8, float8, float8) IS
'Logarithm of the likelihood of a customer with this frequency, recency and t under the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.bgbb_model, float8, float8, float8) IS
'Probability that a customer with this frequency, recency and t was still alive at its last chance, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgbb_model, float8, float8, float8, float8) IS
'Purchases to be expected of a customer at the next future_t chances, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and a future_t that is not whole or below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgbb_model, float8) IS
'Purchases to be expected of a new customer at its first future_t chances, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; a future_t that is not whole or below 0 is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.bgbb_model, integer, float8) IS
'Probability that a new customer makes n purchases at its first future_t chances, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; n below 0 and a future_t that is not whole or below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_dert(kpi.bgbb_model, float8, float8, float8, float8) IS
'Discounted expected residual transactions: all purchases to come of a customer, those of the k-th next chance divided by (1 + discount_rate)^k, by the BG/BB model. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the sum has no limit (no discount and gamma <= 1); values no customer can have and a discount_rate below 0 are errors.';
