--@@ What the models of lifetime value have in common.

--@@ What a fit tells: parameters as columns, what the model is called, and of what
--@@ it counts different ones.
--@ template model | model | parameters | called | patterns
CREATE TYPE kpi.@model@ AS (
	@parameters@,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);
COMMENT ON TYPE kpi.@model@ IS
'@called@: its parameters and how they were found. The parameters are NULL where the data could not tell them.';
COMMENT ON COLUMN kpi.@model@.log_likelihood IS 'Logarithm of the likelihood at the maximum, without a penalty.';
COMMENT ON COLUMN kpi.@model@.n_customers IS 'Customers fitted, that is the sum of their weights.';
COMMENT ON COLUMN kpi.@model@.n_patterns IS '@patterns@';
COMMENT ON COLUMN kpi.@model@.iterations IS 'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.@model@.status IS
'converged, boundary, not_converged, insufficient_data or dropout_not_identified. '
'boundary: a parameter runs to the edge of its range or is not determined by the data; dropout_not_identified: the '
'data do not tell that customers leave at all.';
COMMENT ON COLUMN kpi.@model@.se IS
'Standard errors of the parameters, in their order. NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.@model@.cov IS 'Covariance matrix of the parameters, in their order; NULL where se is.';
--@ end

--@@ The fit of stored customers and of rows; symbol is the function in C.
--@ template fit | fit | symbol | model | called | rows

--@ function | kpi.@fit@(customers kpi.customer_state) | kpi.@model@ | @symbol@ | STRICT COST 100000 | @called@ of stored customers, by maximum likelihood. A failed fit is a status, not an error.
--@ grow args | says
--@ | frequency float8, recency float8, t float8 |
--@ | , weight float8 | , weight customers a row
--@ | , penalty float8 | , with a penalty
CREATE AGGREGATE kpi.@fit@(@args@) (
	SFUNC = kpi_internal.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.@fit@, COMBINEFUNC = kpi_internal.customer_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@fit@(@args@) IS
'@called@ of customers, by maximum likelihood@says@. '
'@rows@ Rows with a NULL or of weight 0 are left out; NULL for no rows. A failed fit is a status, not an error; '
'values no customer can have and penalties that differ are errors.';
--@ end
--@ end

--@@ The same of stored customers with a penalty.
--@ template penalised | fit | model | called | penalty
--@ function | kpi.@fit@(customers kpi.customer_state, penalty float8) | kpi.@model@ | kpi_@fit@_penalty | STRICT COST 100000 | @called@ of stored customers, with a penalty on large parameters. penalty * (@penalty@) is added to the mean negative log-likelihood. A failed fit is a status, not an error; a negative penalty is an error.
--@ end

--@@ What a model is asked, with the symbols in C before "_p_alive" and of a new
--@@ customer, and what each answer costs.
--@ template answers | model | prefix | called | new | p_alive | expected | expected_new | probability

--@ function | kpi.clv_log_likelihood(model kpi.@model@, frequency float8, recency float8, t float8) | float8 | @prefix@_log_likelihood | STRICT COST 10 | Logarithm of the likelihood of a customer with that history, by @called@. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.
--@ | kpi.clv_p_alive(model kpi.@model@, frequency float8, recency float8, t float8) | float8 | @prefix@_p_alive | STRICT COST @p_alive@ | Probability that a customer with that history has not left, by @called@. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.
--@ | kpi.clv_expected_purchases(model kpi.@model@, future_t float8, frequency float8, recency float8, t float8) | float8 | @prefix@_expected_purchases | STRICT COST @expected@ | Purchases expected of a customer with that history in the next future_t, by @called@. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and a wrong future_t are errors.
--@ | kpi.clv_expected_purchases(model kpi.@model@, future_t float8) | float8 | @prefix@_@new@ | STRICT COST @expected_new@ | Purchases expected of a new customer in its first future_t, by @called@. NULL where an argument is NULL or the model has no parameters; a wrong future_t is an error.
--@ | kpi.clv_purchase_probability(model kpi.@model@, n float8, future_t float8) | float8 | @prefix@_purchase_probability | STRICT COST @probability@ | Probability that a new customer makes exactly n purchases in its first future_t, by @called@. NULL where an argument is NULL or the model has no parameters; an n below 0 and a wrong future_t are errors.
--@ end

--@@ What models of continuous time are asked besides.
--@ template discounted | model | prefix | called | periods | residual

--@ function | kpi.clv_discounted(model kpi.@model@, periods float8, period_length float8, discount_rate float8, frequency float8, recency float8, t float8) | float8 | @prefix@_discounted_purchases | STRICT COST @periods@ | Discounted purchases expected of a customer over the next periods, by @called@. Those of the k-th period are divided by (1 + discount_rate)^k; period_length is in the unit of recency and t, the rate per period. NULL where an argument is NULL, NaN or infinite or the model has no parameters; wrong arguments are errors.
--@ | kpi.clv_dert(model kpi.@model@, continuous_discount_rate float8, frequency float8, recency float8, t float8) | float8 | @prefix@_dert | STRICT COST @residual@ | Discounted expected residual transactions of a customer, by @called@. All purchases after t, each times exp(-continuous_discount_rate * time); the rate is a fraction per unit of time of t. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the rate is 0 and the sum has no limit; values no customer can have and a rate below 0 are errors.
--@ end
