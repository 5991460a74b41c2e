-- Static covariates: Pareto/NBD and BG/NBD where customers differ in what is known of them.

--@ state | kpi | covariate_state | VARIABLE | extended | Customers as frequency, recency and t with covariates and a weight each, equal ones merged. Made by clv_customers(), fitted by the clv_..._covariate_fit functions, merged with rollup().

--@ function | kpi_internal.covariate_combine(kpi.covariate_state, kpi.covariate_state) | kpi.covariate_state | kpi_covariate_combine |  | Two states of the fits with covariates as one.
CREATE AGGREGATE kpi.rollup(kpi.covariate_state) (
	SFUNC = kpi_internal.covariate_combine, STYPE = kpi.covariate_state, SSPACE = 65536,
	COMBINEFUNC = kpi_internal.covariate_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.covariate_state) IS
'One state of several stored ones, as if their customers had been collected together. NULL for no rows.';

-- not STRICT: a NULL is skipped, but the first row makes the state
--@ grow args | says
--@ | frequency float8, recency float8, t float8, transaction float8[], lifetime float8[] |
--@ | , weight float8 | , weight times
--@ function | kpi_internal.covariate_accum(kpi.covariate_state, @args@) | kpi.covariate_state | kpi_covariate_accum |  | Transition of the fits with covariates: takes in a customer@says@.
CREATE AGGREGATE kpi.clv_customers(@args@) (
	SFUNC = kpi_internal.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	COMBINEFUNC = kpi_internal.covariate_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_customers(@args@) IS
'Customers with static covariates as a value to store@says@. '
'frequency, recency and t as for clv_customers(), the covariates of the purchases and those of leaving. Rows with a '
'NULL or of weight 0 are left out; NULL for no rows; values no customer can have are errors.';
--@ end

--@ for name | called | third | fourth | third_says | fourth_says
--@ | pareto_nbd | Pareto/NBD | s | beta | Shape of the rates at which customers leave. | Scale of the rates at which customers leave where all covariates are 0, in the unit of time of t.
--@ | bgnbd | BG/NBD | a | b | First parameter of the chance to leave after a purchase, where all covariates are 0. | Second parameter of the chance to leave after a purchase, where all covariates are 0.

--@ model | @name@_covariate_model | r float8, alpha float8, @third@ float8, @fourth@ float8, transaction float8[], lifetime float8[] | @called@ model with static covariates | Different customers among them.
COMMENT ON COLUMN kpi.@name@_covariate_model.r IS 'Shape of the purchase rates of the customers.';
COMMENT ON COLUMN kpi.@name@_covariate_model.alpha IS
'Scale of the purchase rates where all covariates are 0, in the unit of time of t.';
COMMENT ON COLUMN kpi.@name@_covariate_model.@third@ IS '@third_says@';
COMMENT ON COLUMN kpi.@name@_covariate_model.@fourth@ IS '@fourth_says@';
COMMENT ON COLUMN kpi.@name@_covariate_model.transaction IS 'Coefficients of the covariates of the purchases.';
COMMENT ON COLUMN kpi.@name@_covariate_model.lifetime IS 'Coefficients of the covariates of leaving.';

--@ function | kpi.clv_@name@_covariate_fit(customers kpi.covariate_state) | kpi.@name@_covariate_model | kpi_clv_@name@_covariate_fit | STRICT COST 1000000 | The @called@ model with static covariates of stored customers, by maximum likelihood. A failed fit is a status, not an error.
--@ | kpi.clv_@name@_covariate_fit(customers kpi.covariate_state, transaction_penalty float8, lifetime_penalty float8) | kpi.@name@_covariate_model | kpi_clv_@name@_covariate_fit | STRICT COST 1000000 | The @called@ model with static covariates of stored customers, with penalties on coefficients. transaction_penalty times the sum of the squared coefficients of transaction and lifetime_penalty times those of lifetime are added to the mean negative log-likelihood. NULL for NULL. A failed fit is a status, not an error; a negative penalty is an error.
--@ grow args | says
--@ | frequency float8, recency float8, t float8, transaction float8[], lifetime float8[] |
--@ | , weight float8 | , weight customers a row
CREATE AGGREGATE kpi.clv_@name@_covariate_fit(@args@) (
	SFUNC = kpi_internal.covariate_accum, STYPE = kpi.covariate_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_@name@_covariate_fit, COMBINEFUNC = kpi_internal.covariate_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_@name@_covariate_fit(@args@) IS
'The @called@ model with static covariates, by maximum likelihood@says@. '
'transaction: the covariates of the purchases; lifetime: those of leaving; together at most 12. Rows with a NULL or '
'of weight 0 are left out; NULL for no rows. A failed fit is a status, not an error; values no customer can have, '
'NaN and arrays of different length are errors.';
--@ end
--@ function | kpi.clv_customer_model(model kpi.@name@_covariate_model, transaction float8[], lifetime float8[]) | kpi.@name@_model | kpi_clv_@name@_customer_model | STRICT COST 10 | The plain @called@ model of customers with these covariates, for the functions that ask a model. Its columns on the fit are NULL. NULL where an argument is NULL, a covariate is NULL or the model has no parameters; NaN and another number of covariates than in the fit are errors.
--@ end
