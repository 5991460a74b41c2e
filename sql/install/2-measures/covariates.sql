-- Static covariates: Pareto/NBD and BG/NBD where customers differ in what is known of them.

CREATE TYPE kpi.covariate_state;

CREATE FUNCTION kpi.covariate_state_in(cstring) RETURNS kpi.covariate_state
	AS 'MODULE_PATHNAME', 'kpi_covariate_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.covariate_state_out(kpi.covariate_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_covariate_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.covariate_state_recv(internal) RETURNS kpi.covariate_state
	AS 'MODULE_PATHNAME', 'kpi_covariate_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.covariate_state_send(kpi.covariate_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_covariate_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.covariate_state (
	INPUT = kpi.covariate_state_in,
	OUTPUT = kpi.covariate_state_out,
	RECEIVE = kpi.covariate_state_recv,
	SEND = kpi.covariate_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE kpi.covariate_state IS
'Customers as frequency, recency and t with covariates and a weight each, equal ones merged: made by clv_covariate_customers(), fitted by the clv_..._covariate_fit functions, merged with rollup().';
COMMENT ON FUNCTION kpi.covariate_state_in(cstring) IS 'Text input of kpi.covariate_state.';
COMMENT ON FUNCTION kpi.covariate_state_out(kpi.covariate_state) IS 'Text output of kpi.covariate_state.';
COMMENT ON FUNCTION kpi.covariate_state_recv(internal) IS 'Binary input of kpi.covariate_state.';
COMMENT ON FUNCTION kpi.covariate_state_send(kpi.covariate_state) IS 'Binary output of kpi.covariate_state.';

-- not STRICT: a NULL is skipped, but the first row makes the state
CREATE FUNCTION kpi.covariate_accum(kpi.covariate_state, float8, float8, float8, float8[], float8[])
	RETURNS kpi.covariate_state
	AS 'MODULE_PATHNAME', 'kpi_covariate_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.covariate_accum(kpi.covariate_state, float8, float8, float8, float8[], float8[], float8)
	RETURNS kpi.covariate_state
	AS 'MODULE_PATHNAME', 'kpi_covariate_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.covariate_combine(kpi.covariate_state, kpi.covariate_state)
	RETURNS kpi.covariate_state
	AS 'MODULE_PATHNAME', 'kpi_covariate_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE kpi.clv_covariate_customers(frequency float8, recency float8, t float8, transaction float8[], lifetime float8[]) (
	SFUNC = kpi.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_covariate_customers(frequency float8, recency float8, t float8, transaction float8[], lifetime float8[], weight float8) (
	SFUNC = kpi.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.covariate_state) (
	SFUNC = kpi.covariate_combine, STYPE = kpi.covariate_state, SSPACE = 65536,
	COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.covariate_accum(kpi.covariate_state, float8, float8, float8, float8[], float8[]) IS
'Transition of the fits with covariates: takes in a customer''s frequency, recency, t and covariates.';
COMMENT ON FUNCTION kpi.covariate_accum(kpi.covariate_state, float8, float8, float8, float8[], float8[], float8) IS
'Transition of the fits with covariates: takes in frequency, recency, t, covariates and how many customers have them.';
COMMENT ON FUNCTION kpi.covariate_combine(kpi.covariate_state, kpi.covariate_state) IS
'Two states of the fits with covariates as one.';
COMMENT ON AGGREGATE kpi.clv_covariate_customers(float8, float8, float8, float8[], float8[]) IS
'Customers with static covariates as a value to store: frequency, recency and t as for clv_customers(), the covariates of the purchases and those of leaving. Rows with a NULL are left out; NULL for no rows; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_covariate_customers(float8, float8, float8, float8[], float8[], float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON AGGREGATE kpi.rollup(kpi.covariate_state) IS
'One state of several stored ones, as if their customers had been collected together. NULL for no rows.';

CREATE TYPE kpi.pareto_nbd_covariate_model AS (
	r float8,
	alpha float8,
	s float8,
	beta float8,
	transaction float8[],
	lifetime float8[],
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.pareto_nbd_covariate_model IS
'Pareto/NBD model with static covariates: made by clv_pareto_nbd_covariate_fit(); clv_customer_model() makes the plain model of a customer of it. The parameters are NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.r IS 'Shape of the purchase rates of the customers.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.alpha IS 'Scale of the purchase rates where all covariates are 0, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.s IS 'Shape of the rates at which customers leave.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.beta IS 'Scale of the rates at which customers leave where all covariates are 0, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.transaction IS 'Coefficients of the covariates of the purchases.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.lifetime IS 'Coefficients of the covariates of leaving.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.log_likelihood IS 'Logarithm of the likelihood at the maximum.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.n_customers IS 'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.n_patterns IS 'Different customers among them.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.iterations IS 'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.status IS 'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.se IS 'Standard errors of the four parameters, the coefficients of transaction and those of lifetime; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.pareto_nbd_covariate_model.cov IS 'Covariances in the order of se; NULL where se is.';

CREATE FUNCTION kpi.clv_pareto_nbd_covariate_fit(customers kpi.covariate_state) RETURNS kpi.pareto_nbd_covariate_model
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_covariate_fit'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000;
CREATE AGGREGATE kpi.clv_pareto_nbd_covariate_fit(frequency float8, recency float8, t float8, transaction float8[], lifetime float8[]) (
	SFUNC = kpi.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_covariate_fit, COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_pareto_nbd_covariate_fit(frequency float8, recency float8, t float8, transaction float8[], lifetime float8[], weight float8) (
	SFUNC = kpi.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_covariate_fit, COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);
CREATE FUNCTION kpi.clv_customer_model(model kpi.pareto_nbd_covariate_model, transaction float8[], lifetime float8[])
	RETURNS kpi.pareto_nbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_customer_model'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION kpi.clv_pareto_nbd_covariate_fit(kpi.covariate_state) IS
'The Pareto/NBD model with static covariates of collected customers, by maximum likelihood. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_covariate_fit(float8, float8, float8, float8[], float8[]) IS
'The Pareto/NBD model with static covariates of the customers, one a row, by maximum likelihood: frequency, recency and t as for clv_pareto_nbd_fit, transaction the covariates of the purchases, lifetime those of leaving; each may be empty, together they are at most 12. Rows with a NULL are left out; NULL for no rows; values no customer can have, NaN and arrays of different length are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_covariate_fit(float8, float8, float8, float8[], float8[], float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON FUNCTION kpi.clv_customer_model(kpi.pareto_nbd_covariate_model, float8[], float8[]) IS
'The plain Pareto/NBD model of customers with these covariates, for the functions that ask a model; its columns on the fit are NULL. NULL where an argument is NULL, a covariate is NULL or the model has no parameters; NaN and another number of covariates than in the fit are errors.';

CREATE TYPE kpi.bgnbd_covariate_model AS (
	r float8,
	alpha float8,
	a float8,
	b float8,
	transaction float8[],
	lifetime float8[],
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.bgnbd_covariate_model IS
'BG/NBD model with static covariates: made by clv_bgnbd_covariate_fit(); clv_customer_model() makes the plain model of a customer of it. The parameters are NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.r IS 'Shape of the purchase rates of the customers.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.alpha IS 'Scale of the purchase rates where all covariates are 0, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.a IS 'First parameter of the chance to leave after a purchase, where all covariates are 0.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.b IS 'Second parameter of the chance to leave after a purchase, where all covariates are 0.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.transaction IS 'Coefficients of the covariates of the purchases.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.lifetime IS 'Coefficients of the covariates of leaving.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.log_likelihood IS 'Logarithm of the likelihood at the maximum.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.n_customers IS 'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.n_patterns IS 'Different customers among them.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.iterations IS 'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.status IS 'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.se IS 'Standard errors of the four parameters, the coefficients of transaction and those of lifetime; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.bgnbd_covariate_model.cov IS 'Covariances in the order of se; NULL where se is.';

CREATE FUNCTION kpi.clv_bgnbd_covariate_fit(customers kpi.covariate_state) RETURNS kpi.bgnbd_covariate_model
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_covariate_fit'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000;
CREATE AGGREGATE kpi.clv_bgnbd_covariate_fit(frequency float8, recency float8, t float8, transaction float8[], lifetime float8[]) (
	SFUNC = kpi.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_covariate_fit, COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgnbd_covariate_fit(frequency float8, recency float8, t float8, transaction float8[], lifetime float8[], weight float8) (
	SFUNC = kpi.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_covariate_fit, COMBINEFUNC = kpi.covariate_combine, PARALLEL = SAFE
);
CREATE FUNCTION kpi.clv_customer_model(model kpi.bgnbd_covariate_model, transaction float8[], lifetime float8[])
	RETURNS kpi.bgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_customer_model'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION kpi.clv_bgnbd_covariate_fit(kpi.covariate_state) IS
'The BG/NBD model with static covariates of collected customers, by maximum likelihood. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_covariate_fit(float8, float8, float8, float8[], float8[]) IS
'The BG/NBD model with static covariates of the customers, one a row, by maximum likelihood: frequency, recency and t as for clv_bgnbd_fit, transaction the covariates of the purchases, lifetime those of leaving; each may be empty, together they are at most 12. Rows with a NULL are left out; NULL for no rows; values no customer can have, NaN and arrays of different length are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_covariate_fit(float8, float8, float8, float8[], float8[], float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON FUNCTION kpi.clv_customer_model(kpi.bgnbd_covariate_model, float8[], float8[]) IS
'The plain BG/NBD model of customers with these covariates, for the functions that ask a model; its columns on the fit are NULL. NULL where an argument is NULL, a covariate is NULL or the model has no parameters; NaN and another number of covariates than in the fit are errors.';
