-- The weighted mean of scores and its coverage: aggregates over one state that
-- can be stored and merged.

CREATE TYPE kpi.weighted_state;

CREATE FUNCTION kpi.weighted_state_in(cstring) RETURNS kpi.weighted_state
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_out(kpi.weighted_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_recv(internal) RETURNS kpi.weighted_state
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_send(kpi.weighted_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.weighted_state (
	INPUT = kpi.weighted_state_in,
	OUTPUT = kpi.weighted_state_out,
	RECEIVE = kpi.weighted_state_recv,
	SEND = kpi.weighted_state_send,
	INTERNALLENGTH = 64,
	ALIGNMENT = double,
	STORAGE = plain
);

COMMENT ON TYPE kpi.weighted_state IS
'Sums of weights and weighted scores (float8, compensated), made by weighted_sums() and weighted_score(); can be stored and merged with rollup().';
COMMENT ON FUNCTION kpi.weighted_state_in(cstring) IS 'Text input of kpi.weighted_state.';
COMMENT ON FUNCTION kpi.weighted_state_out(kpi.weighted_state) IS 'Text output of kpi.weighted_state.';
COMMENT ON FUNCTION kpi.weighted_state_recv(internal) IS 'Binary input of kpi.weighted_state.';
COMMENT ON FUNCTION kpi.weighted_state_send(kpi.weighted_state) IS 'Binary output of kpi.weighted_state.';

CREATE TYPE kpi.weighted_state_numeric;

CREATE FUNCTION kpi.weighted_state_numeric_in(cstring) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_out(kpi.weighted_state_numeric) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_recv(internal) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_send(kpi.weighted_state_numeric) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.weighted_state_numeric (
	INPUT = kpi.weighted_state_numeric_in,
	OUTPUT = kpi.weighted_state_numeric_out,
	RECEIVE = kpi.weighted_state_numeric_recv,
	SEND = kpi.weighted_state_numeric_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE kpi.weighted_state_numeric IS
'Sums of weights and weighted scores (numeric, exact), made by weighted_sums() and weighted_score(); can be stored and merged with rollup().';
COMMENT ON FUNCTION kpi.weighted_state_numeric_in(cstring) IS 'Text input of kpi.weighted_state_numeric.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_out(kpi.weighted_state_numeric) IS 'Text output of kpi.weighted_state_numeric.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_recv(internal) IS 'Binary input of kpi.weighted_state_numeric.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_send(kpi.weighted_state_numeric) IS 'Binary output of kpi.weighted_state_numeric.';

-- not STRICT: a NULL score is a missing one, a NULL weight an informational row
CREATE FUNCTION kpi.weighted_state_numeric_accum(kpi.weighted_state_numeric, numeric, numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_accum(kpi.weighted_state_numeric, numeric, numeric, text) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_accum(kpi.weighted_state_numeric, numeric, numeric, text, numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_enter(kpi.weighted_state_numeric, numeric, numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_enter' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_leave(kpi.weighted_state_numeric, numeric, numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_leave' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_enter(kpi.weighted_state_numeric, numeric, numeric, text) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_enter' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_leave(kpi.weighted_state_numeric, numeric, numeric, text) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_leave' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_enter(kpi.weighted_state_numeric, numeric, numeric, text, numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_enter' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_leave(kpi.weighted_state_numeric, numeric, numeric, text, numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_leave' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_numeric_combine(kpi.weighted_state_numeric, kpi.weighted_state_numeric) RETURNS kpi.weighted_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_score(sums kpi.weighted_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_coverage(sums kpi.weighted_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_numeric_coverage' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.weighted_score(score numeric, weight numeric) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.weighted_score,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE,
	MSFUNC = kpi.weighted_state_numeric_enter, MINVFUNC = kpi.weighted_state_numeric_leave,
	MSTYPE = kpi.weighted_state_numeric, MSSPACE = 88, MFINALFUNC = kpi.weighted_score
);
CREATE AGGREGATE kpi.weighted_score(score numeric, weight numeric, missing text) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.weighted_score,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE,
	MSFUNC = kpi.weighted_state_numeric_enter, MINVFUNC = kpi.weighted_state_numeric_leave,
	MSTYPE = kpi.weighted_state_numeric, MSSPACE = 88, MFINALFUNC = kpi.weighted_score
);
CREATE AGGREGATE kpi.weighted_score(score numeric, weight numeric, missing text, min_coverage numeric) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.weighted_score,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE,
	MSFUNC = kpi.weighted_state_numeric_enter, MINVFUNC = kpi.weighted_state_numeric_leave,
	MSTYPE = kpi.weighted_state_numeric, MSSPACE = 88, MFINALFUNC = kpi.weighted_score
);
CREATE AGGREGATE kpi.weighted_coverage(score numeric, weight numeric) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.weighted_coverage,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE,
	MSFUNC = kpi.weighted_state_numeric_enter, MINVFUNC = kpi.weighted_state_numeric_leave,
	MSTYPE = kpi.weighted_state_numeric, MSSPACE = 88, MFINALFUNC = kpi.weighted_coverage
);
CREATE AGGREGATE kpi.weighted_sums(score numeric, weight numeric) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_sums(score numeric, weight numeric, missing text) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_sums(score numeric, weight numeric, missing text, min_coverage numeric) (
	SFUNC = kpi.weighted_state_numeric_accum, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.weighted_state_numeric) (
	SFUNC = kpi.weighted_state_numeric_combine, STYPE = kpi.weighted_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_numeric_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.weighted_state_numeric_accum(kpi.weighted_state_numeric, numeric, numeric) IS
'Transition of the weighted score over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_accum(kpi.weighted_state_numeric, numeric, numeric, text) IS
'Transition of the weighted score over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_accum(kpi.weighted_state_numeric, numeric, numeric, text, numeric) IS
'Transition of the weighted score over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_enter(kpi.weighted_state_numeric, numeric, numeric) IS
'Transition of the weighted score over moving frames of numeric: takes a row into sums that rows can leave.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_leave(kpi.weighted_state_numeric, numeric, numeric) IS
'Inverse transition of the weighted score over numeric: takes a row out of the sums. NULL where the decimals to show would no longer be known, so that the frame is summed anew.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_enter(kpi.weighted_state_numeric, numeric, numeric, text) IS
'Transition of the weighted score over moving frames of numeric: takes a row into sums that rows can leave.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_leave(kpi.weighted_state_numeric, numeric, numeric, text) IS
'Inverse transition of the weighted score over numeric: takes a row out of the sums. NULL where the decimals to show would no longer be known, so that the frame is summed anew.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_enter(kpi.weighted_state_numeric, numeric, numeric, text, numeric) IS
'Transition of the weighted score over moving frames of numeric: takes a row into sums that rows can leave.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_leave(kpi.weighted_state_numeric, numeric, numeric, text, numeric) IS
'Inverse transition of the weighted score over numeric: takes a row out of the sums. NULL where the decimals to show would no longer be known, so that the frame is summed anew.';
COMMENT ON FUNCTION kpi.weighted_state_numeric_combine(kpi.weighted_state_numeric, kpi.weighted_state_numeric) IS
'Two states of the weighted score over numeric as one; their parameters must agree.';
COMMENT ON FUNCTION kpi.weighted_score(kpi.weighted_state_numeric) IS
'Weighted mean of the scores of stored sums, exact, under the missing policy and minimum coverage they were made with. NULL as for the aggregate.';
COMMENT ON FUNCTION kpi.weighted_coverage(kpi.weighted_state_numeric) IS
'Share of the weight of stored sums that had a score, exact, 0 to 1. NULL where no weight is positive.';
COMMENT ON AGGREGATE kpi.weighted_score(numeric, numeric) IS
'Weighted mean of scores, exact: sum(weight * score) / sum(weight) over the rows that have a score; weights on any scale. A NULL weight is not counted; a NaN or infinite score is a missing one; a negative, NaN or infinite weight is an error. NULL where no row of positive weight has a score.';
COMMENT ON AGGREGATE kpi.weighted_score(numeric, numeric, text) IS
'Weighted mean of scores, exact: sum(weight * score) / sum(weight) over the rows that have a score; weights on any scale. missing: renormalize leaves rows without a score out, zero counts them as 0, null gives NULL if there is one, target counts them as 100 (forecasts only). A NULL weight is not counted; a NaN or infinite score is a missing one; a negative, NaN or infinite weight is an error. NULL where no row of positive weight has a score.';
COMMENT ON AGGREGATE kpi.weighted_score(numeric, numeric, text, numeric) IS
'Weighted mean of scores, exact: sum(weight * score) / sum(weight) over the rows that have a score; weights on any scale. missing: renormalize leaves rows without a score out, zero counts them as 0, null gives NULL if there is one, target counts them as 100 (forecasts only). A NULL weight is not counted; a NaN or infinite score is a missing one; a negative, NaN or infinite weight is an error. NULL where no row of positive weight has a score, or the coverage is below min_coverage (0 to 1).';
COMMENT ON AGGREGATE kpi.weighted_coverage(numeric, numeric) IS
'Share of the positive weight that has a score, exact, 0 to 1. NULL where no weight is positive.';
COMMENT ON AGGREGATE kpi.weighted_sums(numeric, numeric) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.weighted_sums(numeric, numeric, text) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.weighted_sums(numeric, numeric, text, numeric) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.rollup(kpi.weighted_state_numeric) IS
'One state of several stored ones, as if their rows had been scored together. NULL for no rows.';

-- not STRICT: a NULL score is a missing one, a NULL weight an informational row
CREATE FUNCTION kpi.weighted_state_accum(kpi.weighted_state, float8, float8) RETURNS kpi.weighted_state
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_accum(kpi.weighted_state, float8, float8, text) RETURNS kpi.weighted_state
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_accum(kpi.weighted_state, float8, float8, text, float8) RETURNS kpi.weighted_state
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_state_combine(kpi.weighted_state, kpi.weighted_state) RETURNS kpi.weighted_state
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_score(sums kpi.weighted_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.weighted_coverage(sums kpi.weighted_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_weighted_state_coverage' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.weighted_score(score float8, weight float8) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	FINALFUNC = kpi.weighted_score,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_score(score float8, weight float8, missing text) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	FINALFUNC = kpi.weighted_score,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_score(score float8, weight float8, missing text, min_coverage float8) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	FINALFUNC = kpi.weighted_score,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_coverage(score float8, weight float8) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	FINALFUNC = kpi.weighted_coverage,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_sums(score float8, weight float8) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_sums(score float8, weight float8, missing text) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.weighted_sums(score float8, weight float8, missing text, min_coverage float8) (
	SFUNC = kpi.weighted_state_accum, STYPE = kpi.weighted_state, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.weighted_state) (
	SFUNC = kpi.weighted_state_combine, STYPE = kpi.weighted_state, SSPACE = 64,
	COMBINEFUNC = kpi.weighted_state_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.weighted_state_accum(kpi.weighted_state, float8, float8) IS
'Transition of the weighted score over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.weighted_state_accum(kpi.weighted_state, float8, float8, text) IS
'Transition of the weighted score over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.weighted_state_accum(kpi.weighted_state, float8, float8, text, float8) IS
'Transition of the weighted score over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.weighted_state_combine(kpi.weighted_state, kpi.weighted_state) IS
'Two states of the weighted score over float8 as one; their parameters must agree.';
COMMENT ON FUNCTION kpi.weighted_score(kpi.weighted_state) IS
'Weighted mean of the scores of stored sums, under the missing policy and minimum coverage they were made with. NULL as for the aggregate.';
COMMENT ON FUNCTION kpi.weighted_coverage(kpi.weighted_state) IS
'Share of the weight of stored sums that had a score, 0 to 1. NULL where no weight is positive.';
COMMENT ON AGGREGATE kpi.weighted_score(float8, float8) IS
'Weighted mean of scores: sum(weight * score) / sum(weight) over the rows that have a score; weights on any scale. A NULL weight is not counted; a NaN or infinite score is a missing one; a negative, NaN or infinite weight is an error. NULL where no row of positive weight has a score.';
COMMENT ON AGGREGATE kpi.weighted_score(float8, float8, text) IS
'Weighted mean of scores: sum(weight * score) / sum(weight) over the rows that have a score; weights on any scale. missing: renormalize leaves rows without a score out, zero counts them as 0, null gives NULL if there is one, target counts them as 100 (forecasts only). A NULL weight is not counted; a NaN or infinite score is a missing one; a negative, NaN or infinite weight is an error. NULL where no row of positive weight has a score.';
COMMENT ON AGGREGATE kpi.weighted_score(float8, float8, text, float8) IS
'Weighted mean of scores: sum(weight * score) / sum(weight) over the rows that have a score; weights on any scale. missing: renormalize leaves rows without a score out, zero counts them as 0, null gives NULL if there is one, target counts them as 100 (forecasts only). A NULL weight is not counted; a NaN or infinite score is a missing one; a negative, NaN or infinite weight is an error. NULL where no row of positive weight has a score, or the coverage is below min_coverage (0 to 1).';
COMMENT ON AGGREGATE kpi.weighted_coverage(float8, float8) IS
'Share of the positive weight that has a score, 0 to 1. NULL where no weight is positive.';
COMMENT ON AGGREGATE kpi.weighted_sums(float8, float8) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.weighted_sums(float8, float8, text) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.weighted_sums(float8, float8, text, float8) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
COMMENT ON AGGREGATE kpi.rollup(kpi.weighted_state) IS
'One state of several stored ones, as if their rows had been scored together. NULL for no rows.';
