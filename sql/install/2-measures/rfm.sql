-- The purchase history of a customer in one pass: frequency, recency, age, money.

--@ state | kpi | rfm_state | VARIABLE | extended | The purchase history of a customer. Made by rfm_history(); can be stored and merged with rollup().
--@ merge | rfm_state | rfm_state_combine | 160 | Two histories of one customer as one. Histories of different as_of or unit are an error. | One history of several stored ones of a customer, as if their rows had been taken together. NULL for no rows; histories of different as_of or unit are an error.

CREATE TYPE kpi.rfm_summary AS (
	frequency integer,
	recency float8,
	t float8,
	monetary_value float8
);
COMMENT ON TYPE kpi.rfm_summary IS 'What a lifetime value model needs to know of a customer.';
COMMENT ON COLUMN kpi.rfm_summary.frequency IS 'Repeat purchases: days with a purchase, less the first.';
COMMENT ON COLUMN kpi.rfm_summary.recency IS
'Time from the first to the last day with a purchase, in units; 0 without a repeat purchase.';
COMMENT ON COLUMN kpi.rfm_summary.t IS
'Time from the first day with a purchase to the end of the observation, in units.';
COMMENT ON COLUMN kpi.rfm_summary.monetary_value IS
'Mean money of the days with a repeat purchase; NULL without one, or where money is unknown.';

--@ function | kpi.rfm(history kpi.rfm_state) | kpi.rfm_summary | kpi_rfm_state_rfm | STRICT | Frequency, recency, t and monetary_value of a stored history.

--@ for time | volatile | day
--@ | date | IMMUTABLE | one day
--@ | timestamp | IMMUTABLE | one day
--@ | timestamptz | STABLE | one day in the time zone of the session

-- @time@; not STRICT: unknown money must not lose the purchase
--@ for num
--@ | float8
--@ | numeric
--@ for weight | says
--@ | |
--@ | , weight float8 | , weighted
CREATE FUNCTION kpi_internal.rfm_state_accum(kpi.rfm_state, ts @time@, amount @num@, as_of @time@,
	unit interval@weight@) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_@time@_@num@' LANGUAGE C @volatile@ PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.rfm_state_accum(kpi.rfm_state, ts @time@, amount @num@, as_of @time@,
	unit interval@weight@) IS
'Transition of rfm() over @time@ and @num@: takes in a purchase.';
CREATE AGGREGATE kpi.rfm_history(ts @time@, amount @num@, as_of @time@, unit interval@weight@) (
	SFUNC = kpi_internal.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi_internal.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(ts @time@, amount @num@, as_of @time@, unit interval@weight@) IS
'The purchases of a customer up to the day of as_of as a value to store. '
'rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts @time@, amount @num@, as_of @time@, unit interval@weight@) (
	SFUNC = kpi_internal.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi_internal.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(ts @time@, amount @num@, as_of @time@, unit interval@weight@) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of@says@. '
'Purchases of @day@, of one unit shorter than a day, or of one calendar unit of months are one; the first is not '
'counted. Rows without a finite ts are left out, NULL where none is left. monetary_value is NULL without a repeat '
'purchase or where money is NULL, NaN or infinite.';
--@ end
--@ end
--@ end
