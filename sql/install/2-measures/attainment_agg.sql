-- Attainment over rows: of the sums, and as the share of rows that meet their
-- target.

-- not STRICT: a NULL actual must not lose the row's target
CREATE FUNCTION kpi.attainment_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric, text) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.attainment_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric, text, text) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.attainment(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_attainment' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.attainment_agg(actual numeric, target numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_sums(actual numeric, target numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_agg(actual numeric, target numeric, direction text) (
	SFUNC = kpi.attainment_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_sums(actual numeric, target numeric, direction text) (
	SFUNC = kpi.attainment_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_agg(actual numeric, target numeric, direction text, zero_target text) (
	SFUNC = kpi.attainment_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_sums(actual numeric, target numeric, direction text, zero_target text) (
	SFUNC = kpi.attainment_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);

-- not STRICT: a NULL actual must not lose the row's target
CREATE FUNCTION kpi.attainment_state_accum(kpi.ratio_state, float8, float8, text) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_attainment_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.attainment_state_accum(kpi.ratio_state, float8, float8, text, text) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_attainment_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.attainment(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_attainment' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.attainment_agg(actual float8, target float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_sums(actual float8, target float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_agg(actual float8, target float8, direction text) (
	SFUNC = kpi.attainment_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_sums(actual float8, target float8, direction text) (
	SFUNC = kpi.attainment_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_agg(actual float8, target float8, direction text, zero_target text) (
	SFUNC = kpi.attainment_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attainment_sums(actual float8, target float8, direction text, zero_target text) (
	SFUNC = kpi.attainment_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);

CREATE TYPE kpi.share_state;

CREATE FUNCTION kpi.share_state_in(cstring) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_out(kpi.share_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_share_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_recv(internal) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_send(kpi.share_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_share_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.share_state (
	INPUT = kpi.share_state_in,
	OUTPUT = kpi.share_state_out,
	RECEIVE = kpi.share_state_recv,
	SEND = kpi.share_state_send,
	INTERNALLENGTH = 24,
	ALIGNMENT = double,
	STORAGE = plain
);

-- not STRICT: a row without actual or target is left out by rule
CREATE FUNCTION kpi.share_state_accum(kpi.share_state, numeric, numeric) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_accum(kpi.share_state, numeric, numeric, text) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_accum(kpi.share_state, float8, float8) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_accum(kpi.share_state, float8, float8, text) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.share_state_combine(kpi.share_state, kpi.share_state) RETURNS kpi.share_state
	AS 'MODULE_PATHNAME', 'kpi_share_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.attained_share(counts kpi.share_state) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_share_state_share_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.attained_share_float8(counts kpi.share_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_share_state_share_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.attained_share(actual numeric, target numeric) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	FINALFUNC = kpi.attained_share, COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.share_sums(actual numeric, target numeric) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attained_share(actual numeric, target numeric, direction text) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	FINALFUNC = kpi.attained_share, COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.share_sums(actual numeric, target numeric, direction text) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attained_share(actual float8, target float8) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	FINALFUNC = kpi.attained_share_float8, COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.share_sums(actual float8, target float8) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.attained_share(actual float8, target float8, direction text) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	FINALFUNC = kpi.attained_share_float8, COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.share_sums(actual float8, target float8, direction text) (
	SFUNC = kpi.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.share_state) (
	SFUNC = kpi.share_state_combine, STYPE = kpi.share_state, SSPACE = 64,
	COMBINEFUNC = kpi.share_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE kpi.attainment_agg(numeric, numeric) IS
'Attainment of the sum of the actuals against the sum of the targets, exact, by the rule of attainment(). NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the attainment of the sums is.';
COMMENT ON AGGREGATE kpi.attainment_sums(numeric, numeric) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.attainment_agg(numeric, numeric, text) IS
'Attainment of the sum of the actuals against the sum of the targets, exact, by the rule of attainment(). direction: higher (default), lower, target. NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the attainment of the sums is. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON AGGREGATE kpi.attainment_sums(numeric, numeric, text) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON AGGREGATE kpi.attainment_agg(numeric, numeric, text, text) IS
'Attainment of the sum of the actuals against the sum of the targets, exact, by the rule of attainment(). direction: higher (default), lower, target. zero_target: null (default), met, error. NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the attainment of the sums is. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON AGGREGATE kpi.attainment_sums(numeric, numeric, text, text) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON FUNCTION kpi.attainment_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric, text) IS
'Transition of the attainment of sums over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.attainment_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric, text, text) IS
'Transition of the attainment of sums over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.attainment(kpi.ratio_state_numeric) IS
'Attainment of stored sums, exact, by the direction and zero_target they were made with. NULL as for attainment_agg().';
COMMENT ON AGGREGATE kpi.attainment_agg(float8, float8) IS
'Attainment of the sum of the actuals against the sum of the targets, by the rule of attainment(). NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the attainment of the sums is.';
COMMENT ON AGGREGATE kpi.attainment_sums(float8, float8) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.attainment_agg(float8, float8, text) IS
'Attainment of the sum of the actuals against the sum of the targets, by the rule of attainment(). direction: higher (default), lower, target. NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the attainment of the sums is. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON AGGREGATE kpi.attainment_sums(float8, float8, text) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON AGGREGATE kpi.attainment_agg(float8, float8, text, text) IS
'Attainment of the sum of the actuals against the sum of the targets, by the rule of attainment(). direction: higher (default), lower, target. zero_target: null (default), met, error. NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the attainment of the sums is. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON AGGREGATE kpi.attainment_sums(float8, float8, text, text) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows. An unknown word and parameters that differ between the rows are errors.';
COMMENT ON FUNCTION kpi.attainment_state_accum(kpi.ratio_state, float8, float8, text) IS
'Transition of the attainment of sums over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.attainment_state_accum(kpi.ratio_state, float8, float8, text, text) IS
'Transition of the attainment of sums over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.attainment(kpi.ratio_state) IS
'Attainment of stored sums, by the direction and zero_target they were made with. NULL as for attainment_agg().';
COMMENT ON TYPE kpi.share_state IS
'Counts of rows that meet their target and of rows that have one, made by share_sums() and attained_share(); can be stored and merged with rollup().';
COMMENT ON FUNCTION kpi.share_state_in(cstring) IS 'Text input of kpi.share_state.';
COMMENT ON FUNCTION kpi.share_state_out(kpi.share_state) IS 'Text output of kpi.share_state.';
COMMENT ON FUNCTION kpi.share_state_recv(internal) IS 'Binary input of kpi.share_state.';
COMMENT ON FUNCTION kpi.share_state_send(kpi.share_state) IS 'Binary output of kpi.share_state.';
COMMENT ON FUNCTION kpi.share_state_accum(kpi.share_state, numeric, numeric) IS
'Transition of the share of rows that meet their target over numeric: counts a row.';
COMMENT ON FUNCTION kpi.share_state_accum(kpi.share_state, numeric, numeric, text) IS
'Transition of the share of rows that meet their target over numeric: counts a row.';
COMMENT ON FUNCTION kpi.share_state_accum(kpi.share_state, float8, float8) IS
'Transition of the share of rows that meet their target over float8: counts a row.';
COMMENT ON FUNCTION kpi.share_state_accum(kpi.share_state, float8, float8, text) IS
'Transition of the share of rows that meet their target over float8: counts a row.';
COMMENT ON FUNCTION kpi.share_state_combine(kpi.share_state, kpi.share_state) IS
'Two states of the share of rows that meet their target as one; their directions must agree.';
COMMENT ON FUNCTION kpi.attained_share(kpi.share_state) IS
'Share of the counted rows that meet their target, exact, 0 to 1. NULL where no row has both actual and target.';
COMMENT ON FUNCTION kpi.attained_share_float8(kpi.share_state) IS
'Share of the counted rows that meet their target, as float8, 0 to 1. NULL where no row has both actual and target.';
COMMENT ON AGGREGATE kpi.attained_share(numeric, numeric) IS
'Share of the rows that meet their target among those that have actual and target, 0 to 1; equality counts as met. Rows with a NULL, NaN or infinity are left out; NULL where none is left.';
COMMENT ON AGGREGATE kpi.share_sums(numeric, numeric) IS
'The counts behind attained_share() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.attained_share(numeric, numeric, text) IS
'Share of the rows that meet their target among those that have actual and target, 0 to 1; equality counts as met. direction: higher (default), lower, target (met where equal). Rows with a NULL, NaN or infinity are left out; NULL where none is left. An unknown direction and one that differs between the rows are errors.';
COMMENT ON AGGREGATE kpi.share_sums(numeric, numeric, text) IS
'The counts behind attained_share() with the same arguments, as a value to store and merge. NULL for no rows. An unknown direction and one that differs between the rows are errors.';
COMMENT ON AGGREGATE kpi.attained_share(float8, float8) IS
'Share of the rows that meet their target among those that have actual and target, 0 to 1; equality counts as met. Rows with a NULL, NaN or infinity are left out; NULL where none is left.';
COMMENT ON AGGREGATE kpi.share_sums(float8, float8) IS
'The counts behind attained_share() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.attained_share(float8, float8, text) IS
'Share of the rows that meet their target among those that have actual and target, 0 to 1; equality counts as met. direction: higher (default), lower, target (met where equal). Rows with a NULL, NaN or infinity are left out; NULL where none is left. An unknown direction and one that differs between the rows are errors.';
COMMENT ON AGGREGATE kpi.share_sums(float8, float8, text) IS
'The counts behind attained_share() with the same arguments, as a value to store and merge. NULL for no rows. An unknown direction and one that differs between the rows are errors.';
COMMENT ON AGGREGATE kpi.rollup(kpi.share_state) IS
'One state of several stored ones, as if their rows had been counted together. NULL for no rows.';
