-- Customers as (frequency, recency, t): the state of the lifetime value fits,
-- which can be stored and merged.

CREATE TYPE kpi.customer_state;

CREATE FUNCTION kpi.customer_state_in(cstring) RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.customer_state_out(kpi.customer_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_customer_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.customer_state_recv(internal) RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.customer_state_send(kpi.customer_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_customer_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.customer_state (
	INPUT = kpi.customer_state_in,
	OUTPUT = kpi.customer_state_out,
	RECEIVE = kpi.customer_state_recv,
	SEND = kpi.customer_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE kpi.customer_state IS
'Customers as frequency, recency and t with a weight each, equal ones merged: made by clv_customers(), fitted by the clv_..._fit functions, merged with rollup().';
COMMENT ON FUNCTION kpi.customer_state_in(cstring) IS 'Text input of kpi.customer_state.';
COMMENT ON FUNCTION kpi.customer_state_out(kpi.customer_state) IS 'Text output of kpi.customer_state.';
COMMENT ON FUNCTION kpi.customer_state_recv(internal) IS 'Binary input of kpi.customer_state.';
COMMENT ON FUNCTION kpi.customer_state_send(kpi.customer_state) IS 'Binary output of kpi.customer_state.';

-- not STRICT: a NULL is skipped, but the first row makes the state
CREATE FUNCTION kpi.customer_accum(kpi.customer_state, float8, float8, float8)
	RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.customer_accum(kpi.customer_state, float8, float8, float8, float8)
	RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.customer_accum(kpi.customer_state, float8, float8, float8, float8, float8)
	RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.customer_combine(kpi.customer_state, kpi.customer_state)
	RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.customer_final(kpi.customer_state) RETURNS kpi.customer_state
	AS 'MODULE_PATHNAME', 'kpi_customer_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.clv_customers(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.customer_final, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_customers(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.customer_final, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.customer_state) (
	SFUNC = kpi.customer_combine, STYPE = kpi.customer_state, SSPACE = 65536,
	FINALFUNC = kpi.customer_final, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.customer_accum(kpi.customer_state, float8, float8, float8) IS
'Transition of the lifetime value fits: takes in a customer''s frequency, recency and t.';
COMMENT ON FUNCTION kpi.customer_accum(kpi.customer_state, float8, float8, float8, float8) IS
'Transition of the lifetime value fits: takes in frequency, recency, t and how many customers have them.';
COMMENT ON FUNCTION kpi.customer_accum(kpi.customer_state, float8, float8, float8, float8, float8) IS
'Transition of the lifetime value fits: takes in frequency, recency, t, how many customers have them, and the penalty of the fit.';
COMMENT ON FUNCTION kpi.customer_combine(kpi.customer_state, kpi.customer_state) IS
'Two states of the lifetime value fits as one.';
COMMENT ON FUNCTION kpi.customer_final(kpi.customer_state) IS
'Final function of clv_customers(): the state in order, without spare room.';
COMMENT ON AGGREGATE kpi.clv_customers(float8, float8, float8) IS
'Customers as a value to store: frequency (repeat purchases), recency (age at the last one) and t (age), both in one unit of time. The clv_..._fit functions fit it, rollup() merges several. Rows with a NULL are left out; NULL for no rows; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_customers(float8, float8, float8, float8) IS
'Customers as a value to store: frequency (repeat purchases), recency (age at the last one), t (age) and weight (how many customers a row stands for). Rows with a NULL or of weight 0 are left out; NULL for no rows; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.rollup(kpi.customer_state) IS
'One state of several stored ones, as if their customers had been collected together. NULL for no rows.';
