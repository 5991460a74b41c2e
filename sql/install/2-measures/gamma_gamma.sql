-- Customers as pairs of numbers, and the Gamma-Gamma model: what customers spend.

--@ state | kpi_internal | pair_state | VARIABLE | extended | Customers as pairs of numbers with a weight each, equal ones merged. The state of clv_gamma_gamma_fit() and clv_sbg_fit().

--@ function | kpi_internal.pair_state_combine(kpi_internal.pair_state, kpi_internal.pair_state) | kpi_internal.pair_state | kpi_pair_state_combine |  | Two states of clv_gamma_gamma_fit() or of clv_sbg_fit() as one.

--@ model | gamma_gamma_model | p float8, q float8, v float8 | Gamma-Gamma model of what customers spend | Different (frequency, monetary_value) among them.
COMMENT ON COLUMN kpi.gamma_gamma_model.p IS 'Shape of the money of one purchase.';
COMMENT ON COLUMN kpi.gamma_gamma_model.q IS
'Shape of the rates of the customers. Where q <= 1 the mean spend of a new customer has no limit.';
COMMENT ON COLUMN kpi.gamma_gamma_model.v IS
'Rate of the rates of the customers, in the unit of money; gamma in the literature.';

--@ function | kpi_internal.gamma_gamma_final(kpi_internal.pair_state) | kpi.gamma_gamma_model | kpi_gamma_gamma_fit | STRICT COST 100000 | Final function of clv_gamma_gamma_fit(): the model.
-- not STRICT: a NULL is skipped, but the first row makes the state
--@ for weight | says
--@ | |
--@ | , weight float8 | , weight customers a row
--@ function | kpi_internal.gamma_gamma_accum(kpi_internal.pair_state, frequency float8, monetary_value float8@weight@) | kpi_internal.pair_state | kpi_gamma_gamma_accum |  | Transition of clv_gamma_gamma_fit(): takes in a customer@says@.
CREATE AGGREGATE kpi.clv_gamma_gamma_fit(frequency float8, monetary_value float8@weight@) (
	SFUNC = kpi_internal.gamma_gamma_accum, STYPE = kpi_internal.pair_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.gamma_gamma_final, COMBINEFUNC = kpi_internal.pair_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_gamma_gamma_fit(frequency float8, monetary_value float8@weight@) IS
'The Gamma-Gamma model of customers, by maximum likelihood@says@. '
'frequency: repeat purchases; monetary_value: mean money of these. Customers without a repeat purchase and rows with '
'a NULL or of weight 0 are left out; NULL for no rows. A failed fit is a status, not an error; values no customer '
'can have are errors.';
--@ end

-- not STRICT: the monetary_value of frequency 0 does not matter
--@ function | kpi.clv_log_likelihood(model kpi.gamma_gamma_model, frequency float8, monetary_value float8) | float8 | kpi_gamma_gamma_log_likelihood | COST 10 | Logarithm of the likelihood of a customer that spent so much on the average, by Gamma-Gamma. 0 for a frequency of 0, whose monetary_value does not matter. NULL where an argument is NULL, NaN or infinite or the model has no parameters; a frequency that is not a whole number of at least 0 and money of 0 and less are errors.
--@ | kpi.clv_expected_average_value(model kpi.gamma_gamma_model, frequency float8, monetary_value float8) | float8 | kpi_clv_expected_average_value |  | What a customer is expected to spend on a purchase, given its frequency and mean money so far. For frequency 0, whose monetary_value does not matter, what a new customer is. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the mean has no limit (p frequency + q <= 1); values no customer can have are errors.
