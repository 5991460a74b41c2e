-- Customers as (frequency, recency, t): the state of the lifetime value fits,
-- which can be stored and merged.

--@ state | kpi | customer_state | VARIABLE | extended | Customers as frequency, recency and t with a weight each, equal ones merged. Made by clv_customers(), fitted by the clv_..._fit functions, merged with rollup().

-- not STRICT: a NULL is skipped, but the first row makes the state
--@ grow args | says
--@ | frequency float8, recency float8, t float8 | takes in a customer
--@ | , weight float8 | , weight times
--@ | , penalty float8 | , with a penalty
--@ function | kpi_internal.customer_accum(kpi.customer_state, @args@) | kpi.customer_state | kpi_customer_accum |  | Transition of the lifetime value fits: @says@.
--@ end
--@ function | kpi_internal.customer_combine(kpi.customer_state, kpi.customer_state) | kpi.customer_state | kpi_customer_combine |  | Two states of the lifetime value fits as one.
--@ | kpi_internal.customer_final(kpi.customer_state) | kpi.customer_state | kpi_customer_final | STRICT | Final function of clv_customers(): the state in order, without spare room.

--@ for weight | says
--@ | | frequency, recency and t of one a row.
--@ | , weight float8 | frequency, recency, t and how many a row stands for.
CREATE AGGREGATE kpi.clv_customers(frequency float8, recency float8, t float8@weight@) (
	SFUNC = kpi_internal.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.customer_final, COMBINEFUNC = kpi_internal.customer_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_customers(frequency float8, recency float8, t float8@weight@) IS
'Customers as a value to store: @says@ frequency: repeat purchases; recency: age at the last one; t: age, both in '
'one unit of time. Rows with a NULL or of weight 0 are left out; NULL for no rows; values no customer can have are '
'errors.';
--@ end
CREATE AGGREGATE kpi.rollup(kpi.customer_state) (
	SFUNC = kpi_internal.customer_combine, STYPE = kpi.customer_state, SSPACE = 65536,
	FINALFUNC = kpi_internal.customer_final, COMBINEFUNC = kpi_internal.customer_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.customer_state) IS
'One state of several stored ones, as if their customers had been collected together. NULL for no rows.';
