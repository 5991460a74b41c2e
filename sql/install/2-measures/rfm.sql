-- The purchase history of a customer in one pass: frequency, recency, age, money.

CREATE TYPE kpi.rfm_state;

CREATE FUNCTION kpi.rfm_state_in(cstring) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rfm_state_out(kpi.rfm_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_rfm_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rfm_state_recv(internal) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rfm_state_send(kpi.rfm_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_rfm_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.rfm_state (
	INPUT = kpi.rfm_state_in,
	OUTPUT = kpi.rfm_state_out,
	RECEIVE = kpi.rfm_state_recv,
	SEND = kpi.rfm_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE kpi.rfm_state IS
'The purchase history of a customer, made by rfm_history(); can be stored and merged with rollup().';
COMMENT ON FUNCTION kpi.rfm_state_in(cstring) IS 'Reads the text form of rfm_state.';
COMMENT ON FUNCTION kpi.rfm_state_out(kpi.rfm_state) IS 'The text form of rfm_state.';
COMMENT ON FUNCTION kpi.rfm_state_recv(internal) IS 'Reads the binary form of rfm_state.';
COMMENT ON FUNCTION kpi.rfm_state_send(kpi.rfm_state) IS 'The binary form of rfm_state.';

CREATE TYPE kpi.rfm_summary AS (
	frequency integer,
	recency float8,
	t float8,
	monetary_value float8
);
COMMENT ON TYPE kpi.rfm_summary IS 'What a lifetime value model needs to know of a customer.';
COMMENT ON COLUMN kpi.rfm_summary.frequency IS 'Repeat purchases: days with a purchase, less the first.';
COMMENT ON COLUMN kpi.rfm_summary.recency IS 'Time from the first to the last day with a purchase, in units; 0 without a repeat purchase.';
COMMENT ON COLUMN kpi.rfm_summary.t IS 'Time from the first day with a purchase to the end of the observation, in units.';
COMMENT ON COLUMN kpi.rfm_summary.monetary_value IS 'Mean money of the days with a repeat purchase; NULL without one, or where money is unknown.';

CREATE FUNCTION kpi.rfm(history kpi.rfm_state) RETURNS kpi.rfm_summary
	AS 'MODULE_PATHNAME', 'kpi_rfm_state_rfm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm(kpi.rfm_state) IS
'Frequency, recency, t and monetary_value of a stored history.';

CREATE FUNCTION kpi.rfm_state_combine(kpi.rfm_state, kpi.rfm_state) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_combine(kpi.rfm_state, kpi.rfm_state) IS
'Two histories of one customer as one. Histories of different as_of or unit are an error.';

CREATE AGGREGATE kpi.rollup(kpi.rfm_state) (
	SFUNC = kpi.rfm_state_combine, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.rfm_state) IS
'One history of several stored ones of a customer, as if their rows had been taken together. NULL for no rows; histories of different as_of or unit are an error.';

-- date; not STRICT: unknown money must not lose the purchase
CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, float8, date, interval) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_date_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, float8, date, interval) IS
'Transition of rfm() over date and float8.';
CREATE AGGREGATE kpi.rfm_history(ts date, amount float8, as_of date, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(date, float8, date, interval) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts date, amount float8, as_of date, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(date, float8, date, interval) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, float8, date, interval, float8) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_date_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, float8, date, interval, float8) IS
'Transition of rfm() over date and float8 with weights.';
CREATE AGGREGATE kpi.rfm_history(ts date, amount float8, as_of date, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(date, float8, date, interval, float8) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts date, amount float8, as_of date, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(date, float8, date, interval, float8) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order; a row counts as weight rows. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, a negative or infinite weight, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, numeric, date, interval) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_date_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, numeric, date, interval) IS
'Transition of rfm() over date and numeric.';
CREATE AGGREGATE kpi.rfm_history(ts date, amount numeric, as_of date, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(date, numeric, date, interval) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts date, amount numeric, as_of date, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(date, numeric, date, interval) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, numeric, date, interval, float8) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_date_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, date, numeric, date, interval, float8) IS
'Transition of rfm() over date and numeric with weights.';
CREATE AGGREGATE kpi.rfm_history(ts date, amount numeric, as_of date, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(date, numeric, date, interval, float8) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts date, amount numeric, as_of date, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(date, numeric, date, interval, float8) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order; a row counts as weight rows. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, a negative or infinite weight, and as_of or unit that differ within a customer are errors.';

-- timestamp; not STRICT: unknown money must not lose the purchase
CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, float8, timestamp, interval) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamp_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, float8, timestamp, interval) IS
'Transition of rfm() over timestamp and float8.';
CREATE AGGREGATE kpi.rfm_history(ts timestamp, amount float8, as_of timestamp, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamp, float8, timestamp, interval) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamp, amount float8, as_of timestamp, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamp, float8, timestamp, interval) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, float8, timestamp, interval, float8) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamp_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, float8, timestamp, interval, float8) IS
'Transition of rfm() over timestamp and float8 with weights.';
CREATE AGGREGATE kpi.rfm_history(ts timestamp, amount float8, as_of timestamp, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamp, float8, timestamp, interval, float8) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamp, amount float8, as_of timestamp, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamp, float8, timestamp, interval, float8) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order; a row counts as weight rows. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, a negative or infinite weight, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, numeric, timestamp, interval) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamp_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, numeric, timestamp, interval) IS
'Transition of rfm() over timestamp and numeric.';
CREATE AGGREGATE kpi.rfm_history(ts timestamp, amount numeric, as_of timestamp, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamp, numeric, timestamp, interval) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamp, amount numeric, as_of timestamp, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamp, numeric, timestamp, interval) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, numeric, timestamp, interval, float8) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamp_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamp, numeric, timestamp, interval, float8) IS
'Transition of rfm() over timestamp and numeric with weights.';
CREATE AGGREGATE kpi.rfm_history(ts timestamp, amount numeric, as_of timestamp, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamp, numeric, timestamp, interval, float8) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamp, amount numeric, as_of timestamp, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamp, numeric, timestamp, interval, float8) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order; a row counts as weight rows. Purchases of one day, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, a negative or infinite weight, and as_of or unit that differ within a customer are errors.';

-- timestamptz; not STRICT: unknown money must not lose the purchase
CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, float8, timestamptz, interval) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamptz_float8' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, float8, timestamptz, interval) IS
'Transition of rfm() over timestamptz and float8.';
CREATE AGGREGATE kpi.rfm_history(ts timestamptz, amount float8, as_of timestamptz, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamptz, float8, timestamptz, interval) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamptz, amount float8, as_of timestamptz, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamptz, float8, timestamptz, interval) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order. Purchases of one day in the time zone of the session, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, float8, timestamptz, interval, float8) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamptz_float8' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, float8, timestamptz, interval, float8) IS
'Transition of rfm() over timestamptz and float8 with weights.';
CREATE AGGREGATE kpi.rfm_history(ts timestamptz, amount float8, as_of timestamptz, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamptz, float8, timestamptz, interval, float8) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamptz, amount float8, as_of timestamptz, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamptz, float8, timestamptz, interval, float8) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order; a row counts as weight rows. Purchases of one day in the time zone of the session, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, a negative or infinite weight, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, numeric, timestamptz, interval) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamptz_numeric' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, numeric, timestamptz, interval) IS
'Transition of rfm() over timestamptz and numeric.';
CREATE AGGREGATE kpi.rfm_history(ts timestamptz, amount numeric, as_of timestamptz, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamptz, numeric, timestamptz, interval) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamptz, amount numeric, as_of timestamptz, unit interval) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamptz, numeric, timestamptz, interval) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order. Purchases of one day in the time zone of the session, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, and as_of or unit that differ within a customer are errors.';

CREATE FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, numeric, timestamptz, interval, float8) RETURNS kpi.rfm_state
	AS 'MODULE_PATHNAME', 'kpi_rfm_timestamptz_numeric' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_state_accum(kpi.rfm_state, timestamptz, numeric, timestamptz, interval, float8) IS
'Transition of rfm() over timestamptz and numeric with weights.';
CREATE AGGREGATE kpi.rfm_history(ts timestamptz, amount numeric, as_of timestamptz, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm_history(timestamptz, numeric, timestamptz, interval, float8) IS
'The purchases of a customer up to the day of as_of as a value to store: rfm() reads it, rollup() merges several. NULL where no row has a finite ts up to as_of.';
CREATE AGGREGATE kpi.rfm(ts timestamptz, amount numeric, as_of timestamptz, unit interval, weight float8) (
	SFUNC = kpi.rfm_state_accum, STYPE = kpi.rfm_state, SSPACE = 160, FINALFUNC = kpi.rfm,
	COMBINEFUNC = kpi.rfm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rfm(timestamptz, numeric, timestamptz, interval, float8) IS
'Frequency, recency, t (in units) and monetary_value of a customer up to the day of as_of, in one pass over its purchases in any order; a row counts as weight rows. Purchases of one day in the time zone of the session, of one unit shorter than a day, or of one calendar unit of months are one; the first is not counted. Rows whose ts is NULL or infinite are left out, NULL where none is left; monetary_value is NULL without a repeat purchase or where money is NULL, NaN or infinite. A NULL as_of or unit, a unit that is not positive or mixes months with days, a negative or infinite weight, and as_of or unit that differ within a customer are errors.';
