-- Customers as pairs of numbers, and the Gamma-Gamma model: what customers spend.

CREATE TYPE kpi.pair_state;

CREATE FUNCTION kpi.pair_state_in(cstring) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_pair_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.pair_state_out(kpi.pair_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_pair_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.pair_state_recv(internal) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_pair_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.pair_state_send(kpi.pair_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_pair_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.pair_state (
	INPUT = kpi.pair_state_in,
	OUTPUT = kpi.pair_state_out,
	RECEIVE = kpi.pair_state_recv,
	SEND = kpi.pair_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE kpi.pair_state IS
'Customers as pairs of numbers with a weight each, equal ones merged: the state of clv_gamma_gamma_fit() and clv_sbg_fit().';
COMMENT ON FUNCTION kpi.pair_state_in(cstring) IS 'Text input of kpi.pair_state.';
COMMENT ON FUNCTION kpi.pair_state_out(kpi.pair_state) IS 'Text output of kpi.pair_state.';
COMMENT ON FUNCTION kpi.pair_state_recv(internal) IS 'Binary input of kpi.pair_state.';
COMMENT ON FUNCTION kpi.pair_state_send(kpi.pair_state) IS 'Binary output of kpi.pair_state.';

CREATE FUNCTION kpi.pair_state_combine(kpi.pair_state, kpi.pair_state) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_pair_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.pair_state_combine(kpi.pair_state, kpi.pair_state) IS
'Two states of clv_gamma_gamma_fit() or of clv_sbg_fit() as one.';

CREATE TYPE kpi.gamma_gamma_model AS (
	p float8,
	q float8,
	v float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);
COMMENT ON TYPE kpi.gamma_gamma_model IS
'A fitted Gamma-Gamma model: made by clv_gamma_gamma_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.gamma_gamma_model.p IS
'Shape of the money of one purchase. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.gamma_gamma_model.q IS
'Shape of the rates of the customers; where q <= 1 the mean spend of a new customer has no limit.';
COMMENT ON COLUMN kpi.gamma_gamma_model.v IS
'Rate of the rates of the customers, in the unit of money; gamma in the literature.';
COMMENT ON COLUMN kpi.gamma_gamma_model.log_likelihood IS
'Logarithm of the likelihood at the maximum.';
COMMENT ON COLUMN kpi.gamma_gamma_model.n_customers IS
'Customers with repeat purchases, that is the sum of their weights.';
COMMENT ON COLUMN kpi.gamma_gamma_model.n_patterns IS
'Different (frequency, monetary_value) among them.';
COMMENT ON COLUMN kpi.gamma_gamma_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.gamma_gamma_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data, or q <= 1), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.gamma_gamma_model.se IS
'Standard errors of p, q and v; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.gamma_gamma_model.cov IS
'Covariances of p, q and v, three by three; NULL where se is.';

-- not STRICT: a NULL is skipped, but the first row makes the state
CREATE FUNCTION kpi.gamma_gamma_accum(kpi.pair_state, float8, float8) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_gamma_gamma_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.gamma_gamma_accum(kpi.pair_state, float8, float8, float8) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_gamma_gamma_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.gamma_gamma_final(kpi.pair_state) RETURNS kpi.gamma_gamma_model
	AS 'MODULE_PATHNAME', 'kpi_gamma_gamma_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_gamma_gamma_fit(frequency float8, monetary_value float8) (
	SFUNC = kpi.gamma_gamma_accum, STYPE = kpi.pair_state, SSPACE = 4096,
	FINALFUNC = kpi.gamma_gamma_final, COMBINEFUNC = kpi.pair_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_gamma_gamma_fit(frequency float8, monetary_value float8, weight float8) (
	SFUNC = kpi.gamma_gamma_accum, STYPE = kpi.pair_state, SSPACE = 4096,
	FINALFUNC = kpi.gamma_gamma_final, COMBINEFUNC = kpi.pair_state_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.gamma_gamma_accum(kpi.pair_state, float8, float8) IS
'Transition of clv_gamma_gamma_fit(): takes in frequency and monetary_value.';
COMMENT ON FUNCTION kpi.gamma_gamma_accum(kpi.pair_state, float8, float8, float8) IS
'Transition of clv_gamma_gamma_fit(): takes in frequency, monetary_value and how many customers have them.';
COMMENT ON FUNCTION kpi.gamma_gamma_final(kpi.pair_state) IS
'Final function of clv_gamma_gamma_fit(): the model.';
COMMENT ON AGGREGATE kpi.clv_gamma_gamma_fit(float8, float8) IS
'The Gamma-Gamma model of the customers, one a row, by maximum likelihood: frequency (repeat purchases) and monetary_value (mean money of these). Customers without a repeat purchase and rows with a NULL are left out; NULL for no rows; a frequency that is no whole number of at least 0 and money of at most 0, NaN or infinite are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_gamma_gamma_fit(float8, float8, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out, a negative or infinite weight is an error.';

-- not STRICT: the monetary_value of frequency 0 does not matter
CREATE FUNCTION kpi.clv_expected_average_value(model kpi.gamma_gamma_model, frequency float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_expected_average_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.clv_expected_average_value(kpi.gamma_gamma_model, float8, float8) IS
'What a customer is expected to spend on a purchase, given the frequency and the mean money of its repeat purchases; for frequency 0, whose monetary_value does not matter, what a new customer is. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the mean has no limit (p frequency + q <= 1); a frequency that is no whole number of at least 0 and money of at most 0 are errors.';
