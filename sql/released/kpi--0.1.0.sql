-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION kpi CASCADE" to load this file. \quit

-- Until its end no name of this script is found where others may create: the
-- schema of btree_gist, which CREATE EXTENSION has put on the path, may be such.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Nor may anybody else own what is ours: the owner of a schema may drop, and
-- plant, in it. CREATE EXTENSION uses a schema that is there already.
DO $$
DECLARE
	owner CONSTANT name := (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'kpi');
	others CONSTANT text := (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, ', ')
							 FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
							 WHERE n.nspname = 'kpi' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner);
BEGIN
	IF owner <> current_user AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = owner) THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = format('schema "kpi" belongs to role "%s"', owner),
			DETAIL = 'Its owner could replace what the extension has in it.',
			HINT = 'Drop it or change its owner: CREATE EXTENSION makes it when it is not there.';
	ELSIF others IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = format('others may create in schema "kpi": %s', others),
			HINT = 'REVOKE CREATE ON SCHEMA kpi, or take it out of the default privileges for schemas.';
	ELSIF EXISTS (SELECT FROM pg_depend AS d JOIN pg_namespace AS n ON n.oid = d.refobjid
				  WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = 'kpi'
					  AND d.classid <> ALL ('{pg_extension,pg_default_acl}'::regclass[])) THEN
		RAISE EXCEPTION USING
			ERRCODE = '42710',
			MESSAGE = 'schema "kpi" is not empty',
			DETAIL = 'An object that is there already could be taken for one of the extension.',
			HINT = 'Drop it: CREATE EXTENSION makes it when it is not there.';
	END IF;
END
$$;
-- Attainment: how far an actual reaches its target, as a fraction.

CREATE FUNCTION kpi.attainment(actual numeric, target numeric,
							   direction text DEFAULT 'higher', zero_target text DEFAULT 'null')
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment(actual float8, target float8,
							   direction text DEFAULT 'higher', zero_target text DEFAULT 'null')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_inverse(actual numeric, target numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_inverse_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_inverse(actual float8, target float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_inverse_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.progress(actual numeric, target numeric, baseline numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_progress_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.progress(actual float8, target float8, baseline float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_progress_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_range(actual numeric, low numeric, high numeric, outer_low numeric, outer_high numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_range_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_range(actual float8, low float8, high float8, outer_low float8, outer_high float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_range_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_binary(actual numeric, target numeric, direction text DEFAULT 'higher')
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_attainment_binary_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.attainment_binary(actual float8, target float8, direction text DEFAULT 'higher')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_binary_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL actual or target is what it explains
CREATE FUNCTION kpi.attainment_reason(actual numeric, target numeric, method text DEFAULT 'ratio',
									  zero_target text DEFAULT 'null', baseline numeric DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_attainment_reason'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.attainment(numeric, numeric, text, text) IS
'Attainment of a target as a fraction, exact: 1 + s (actual - target) / abs(target), s = -1 where lower is better; direction target: 1 - abs(actual - target) / abs(target). direction: higher, lower, target. zero_target: null, met, error. NULL for NULL, NaN, infinity or target 0; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment(float8, float8, text, text) IS
'Attainment of a target as a fraction: 1 + s (actual - target) / abs(target), s = -1 where lower is better; direction target: 1 - abs(actual - target) / abs(target). direction: higher, lower, target. zero_target: null, met, error. NULL for NULL, NaN, infinity or target 0; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment_inverse(numeric, numeric) IS
'Attainment of a lower-is-better target as target / actual, exact. NULL for NULL, NaN, infinity, an actual that is not positive or a negative target.';
COMMENT ON FUNCTION kpi.attainment_inverse(float8, float8) IS
'Attainment of a lower-is-better target as target / actual. NULL for NULL, NaN, infinity, an actual that is not positive or a negative target.';
COMMENT ON FUNCTION kpi.progress(numeric, numeric, numeric) IS
'Share of the way from the baseline to the target, exact: (actual - baseline) / (target - baseline). Target = baseline gives 1 where met, else NULL. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.progress(float8, float8, float8) IS
'Share of the way from the baseline to the target: (actual - baseline) / (target - baseline). Target = baseline gives 1 where met, else NULL. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.attainment_range(numeric, numeric, numeric, numeric, numeric) IS
'Attainment where a range is best, exact: 1 from low to high, falling evenly to 0 at outer_low and outer_high, 0 beyond. NULL for NULL, NaN or infinity of actual; limits that are not outer_low <= low <= high <= outer_high and finite are an error.';
COMMENT ON FUNCTION kpi.attainment_range(float8, float8, float8, float8, float8) IS
'Attainment where a range is best: 1 from low to high, falling evenly to 0 at outer_low and outer_high, 0 beyond. NULL for NULL, NaN or infinity of actual; limits that are not outer_low <= low <= high <= outer_high and finite are an error.';
COMMENT ON FUNCTION kpi.attainment_binary(numeric, numeric, text) IS
'1 where the target is met, else 0; equality counts as met. direction: higher, lower, target (met where equal). NULL for NULL, NaN or infinity; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment_binary(float8, float8, text) IS
'1 where the target is met, else 0; equality counts as met. direction: higher, lower, target (met where equal). NULL for NULL, NaN or infinity; an unknown word is an error.';
COMMENT ON FUNCTION kpi.attainment_reason(numeric, numeric, text, text, numeric) IS
'Why there is no attainment: no_actual, no_target, no_baseline, invalid (NaN or infinity), zero_target, sign (inverse), zero_span (progress); NULL where there is one. method: ratio, inverse, progress.';
-- Scoring curves: from an attainment or an actual to points; and clamp.

CREATE TYPE kpi.curve;

CREATE FUNCTION kpi.curve_in(cstring)
	RETURNS kpi.curve
	AS 'MODULE_PATHNAME', 'kpi_curve_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.curve_out(kpi.curve)
	RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_curve_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.curve_recv(internal)
	RETURNS kpi.curve
	AS 'MODULE_PATHNAME', 'kpi_curve_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.curve_send(kpi.curve)
	RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_curve_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.curve (
	INPUT = kpi.curve_in,
	OUTPUT = kpi.curve_out,
	RECEIVE = kpi.curve_recv,
	SEND = kpi.curve_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

CREATE FUNCTION kpi.curve_eq(kpi.curve, kpi.curve)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_curve_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.curve_ne(kpi.curve, kpi.curve)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_curve_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.curve_hash(kpi.curve)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_curve_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.curve_hash_extended(kpi.curve, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_curve_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR kpi.= (
	LEFTARG = kpi.curve,
	RIGHTARG = kpi.curve,
	FUNCTION = kpi.curve_eq,
	COMMUTATOR = OPERATOR(kpi.=),
	NEGATOR = OPERATOR(kpi.<>),
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES
);

CREATE OPERATOR kpi.<> (
	LEFTARG = kpi.curve,
	RIGHTARG = kpi.curve,
	FUNCTION = kpi.curve_ne,
	COMMUTATOR = OPERATOR(kpi.<>),
	NEGATOR = OPERATOR(kpi.=),
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);

CREATE OPERATOR CLASS kpi.curve_ops
	DEFAULT FOR TYPE kpi.curve USING hash AS
	OPERATOR 1 kpi.= (kpi.curve, kpi.curve),
	FUNCTION 1 kpi.curve_hash(kpi.curve),
	FUNCTION 2 kpi.curve_hash_extended(kpi.curve, bigint);

CREATE FUNCTION kpi.score(x numeric, curve kpi.curve)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_score_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.score(x float8, curve kpi.curve)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_score_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL bound is no bound
CREATE FUNCTION kpi.clamp(x numeric, low numeric DEFAULT NULL, high numeric DEFAULT NULL)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_clamp_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.clamp(x float8, low float8 DEFAULT NULL, high float8 DEFAULT NULL)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clamp_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON TYPE kpi.curve IS
'Scoring curve as a readable literal: linear(0:0, 0.8:60, 1:100) or step(0:0, 0.6:60, 1:100). 1 to 1000 points x:y, x rising; equal when kind and values are equal.';
COMMENT ON FUNCTION kpi.curve_in(cstring) IS
'Reads a curve from its text. Errors: text that is no curve, x that does not rise, more than 1000 points, a number beyond float8.';
COMMENT ON FUNCTION kpi.curve_out(kpi.curve) IS
'Writes a curve as text, its numbers as they were written.';
COMMENT ON FUNCTION kpi.curve_recv(internal) IS
'Reads a curve from its binary form, checked like its text form.';
COMMENT ON FUNCTION kpi.curve_send(kpi.curve) IS
'Writes a curve in binary form.';
COMMENT ON FUNCTION kpi.curve_eq(kpi.curve, kpi.curve) IS
'Whether two curves have the same kind and the same values; 1.0 equals 1. NULL for NULL.';
COMMENT ON FUNCTION kpi.curve_ne(kpi.curve, kpi.curve) IS
'Whether two curves differ in kind or values; 1.0 equals 1. NULL for NULL.';
COMMENT ON FUNCTION kpi.curve_hash(kpi.curve) IS
'Hash of a curve that agrees with its equality. NULL for NULL.';
COMMENT ON FUNCTION kpi.curve_hash_extended(kpi.curve, bigint) IS
'Hash of a curve in 64 bits, with a seed. NULL for NULL.';
COMMENT ON OPERATOR kpi.= (kpi.curve, kpi.curve) IS 'the same kind and the same values';
COMMENT ON OPERATOR kpi.<> (kpi.curve, kpi.curve) IS 'another kind or other values';
COMMENT ON OPERATOR CLASS kpi.curve_ops USING hash IS 'equality of curves, for DISTINCT, GROUP BY and hash joins';
COMMENT ON FUNCTION kpi.score(numeric, kpi.curve) IS
'Points of x on a curve, exact. linear: straight lines between the points; step: the last step whose x is reached, on a limit the greater of the two that meet. Outside the points the first or last y holds. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.score(float8, kpi.curve) IS
'Points of x on a curve. linear: straight lines between the points; step: the last step whose x is reached, on a limit the greater of the two that meet. Outside the points the first or last y holds. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.clamp(numeric, numeric, numeric) IS
'x held between low and high, exact; a NULL bound is no bound. NULL where x is NULL, NaN or infinite; low above high or a NaN bound is an error.';
COMMENT ON FUNCTION kpi.clamp(float8, float8, float8) IS
'x held between low and high; a NULL bound is no bound. NULL where x is NULL, NaN or infinite; low above high or a NaN bound is an error.';
-- Change against a base, in units and relative to the base.

CREATE FUNCTION kpi.change(current numeric, base numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_change_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.change(current float8, base float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_change_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.change_rate(current numeric, base numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_change_rate_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.change_rate(current float8, base float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_change_rate_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.cagr(first numeric, last numeric, periods numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_cagr_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.cagr(first float8, last float8, periods float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_cagr_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kpi.change(numeric, numeric) IS
'Change in units, exact: current - base. For percentages it is the change in points. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.change(float8, float8) IS
'Change in units: current - base. For percentages it is the change in points. NULL for NULL, NaN, infinity or a result beyond float8.';
COMMENT ON FUNCTION kpi.change_rate(numeric, numeric) IS
'Relative change as a fraction, exact: (current - base) / abs(base); 0 against 0 is 0. NULL for NULL, NaN, infinity or a change from zero.';
COMMENT ON FUNCTION kpi.change_rate(float8, float8) IS
'Relative change as a fraction: (current - base) / abs(base); 0 against 0 is 0. NULL for NULL, NaN, infinity, a change from zero or a result beyond float8.';
COMMENT ON FUNCTION kpi.cagr(numeric, numeric, numeric) IS
'Compound rate of growth a period as a fraction, with 20 correct decimals: (last / first)^(1 / periods) - 1. NULL for NULL, NaN, infinity, a first that is not positive, a negative last or a result beyond float8; periods that are not a finite number above 0 are an error.';
COMMENT ON FUNCTION kpi.cagr(float8, float8, float8) IS
'Compound rate of growth a period as a fraction: (last / first)^(1 / periods) - 1. NULL for NULL, NaN, infinity, a first that is not positive, a negative last or a result beyond float8; periods that are not a finite number above 0 are an error.';
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
-- Scorecard rollup: every node of a tree gets its score from the leaves below it.

CREATE TYPE kpi.node_score AS (
	node text,
	parent text,
	depth integer,
	role text,
	weight numeric,
	absolute_weight numeric,
	score numeric,
	coverage numeric,
	stale boolean,
	children integer,
	present integer,
	missing integer,
	missing_nodes text[],
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	reason text
);

CREATE TYPE kpi.node_score_float8 AS (
	node text,
	parent text,
	depth integer,
	role text,
	weight float8,
	absolute_weight float8,
	score float8,
	coverage float8,
	stale boolean,
	children integer,
	present integer,
	missing integer,
	missing_nodes text[],
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	reason text
);

CREATE TYPE kpi.rollup_state;

CREATE FUNCTION kpi.rollup_state_in(cstring) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_state_out(kpi.rollup_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_state_recv(internal) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_state_send(kpi.rollup_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.rollup_state (
	INPUT = kpi.rollup_state_in,
	OUTPUT = kpi.rollup_state_out,
	RECEIVE = kpi.rollup_state_recv,
	SEND = kpi.rollup_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

-- not STRICT: only a NULL node is an error, and the state begins as NULL

CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric, carried numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8, carried float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.rollup_combine(kpi.rollup_state, kpi.rollup_state) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_compacted(kpi.rollup_state) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_compacted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_nodes_numeric(kpi.rollup_state) RETURNS kpi.node_score[]
	AS 'MODULE_PATHNAME', 'kpi_rollup_nodes_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
CREATE FUNCTION kpi.rollup_nodes_float8(kpi.rollup_state) RETURNS kpi.node_score_float8[]
	AS 'MODULE_PATHNAME', 'kpi_rollup_nodes_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
CREATE FUNCTION kpi.scorecard_nodes(rows kpi.rollup_state) RETURNS kpi.node_score[]
	AS 'MODULE_PATHNAME', 'kpi_scorecard_nodes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric, carried numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8, carried float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);

CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric, carried numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8, carried float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(rows kpi.rollup_state) (
	SFUNC = kpi.rollup_combine, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);

-- not STRICT: a NULL argument is one of the row, not of the call

CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric, method text)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric, method text, missing text)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8, method text)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8, method text, missing text)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;

COMMENT ON TYPE kpi.node_score IS
'A node of a rolled-up scorecard, as kpi.scorecard_rollup gives it; exact.';
COMMENT ON COLUMN kpi.node_score.node IS
'Name of the node.';
COMMENT ON COLUMN kpi.node_score.parent IS
'Its parent; NULL for a root. With several parents the one it is first met under in tree order.';
COMMENT ON COLUMN kpi.node_score.depth IS
'Steps from the nearest root, which has 0.';
COMMENT ON COLUMN kpi.node_score.role IS
'What it is to that parent, as given; NULL is an ordinary part.';
COMMENT ON COLUMN kpi.node_score.weight IS
'Weight under that parent, as given; NULL is informational.';
COMMENT ON COLUMN kpi.node_score.absolute_weight IS
'Share in the root: the product of weight / sum of the positive weights of the siblings from the root down, summed over all paths; NULL for nodes that are informational, bonus, deduction or veto, or stand under a node of method self, and below them.';
COMMENT ON COLUMN kpi.node_score.score IS
'Score, rolled up for nodes with children; NULL where there is none, see reason.';
COMMENT ON COLUMN kpi.node_score.coverage IS
'Share of the weight below that has a score, 0 to 1; 1 exactly when nothing of positive weight is missing. Carried and assumed scores do not raise it.';
COMMENT ON COLUMN kpi.node_score.stale IS
'Whether a carried score counts for it or below it.';
COMMENT ON COLUMN kpi.node_score.children IS
'Children of positive weight.';
COMMENT ON COLUMN kpi.node_score.present IS
'Those of them that have a score.';
COMMENT ON COLUMN kpi.node_score.missing IS
'Those of them that have none.';
COMMENT ON COLUMN kpi.node_score.missing_nodes IS
'Names of the nodes below, or the node itself, that have no score and would count all the way, as part, bonus, deduction or veto, in byte order; NULL when nothing is missing.';
COMMENT ON COLUMN kpi.node_score.vetoes IS
'Names of the triggered vetoes among its children, in byte order; NULL when there is none.';
COMMENT ON COLUMN kpi.node_score.grades_down IS
'Grades that vetoes take, at the node and below.';
COMMENT ON COLUMN kpi.node_score.coefficient_zero IS
'Whether a veto sets the coefficient to zero, at the node or below.';
COMMENT ON COLUMN kpi.node_score.reason IS
'Why there is no score: no_score, invalid (NaN or infinity), no_weight, no_data, missing_child, low_coverage; NULL where there is one.';
COMMENT ON TYPE kpi.node_score_float8 IS
'A node of a rolled-up scorecard, as kpi.scorecard_rollup gives it; double precision.';
COMMENT ON COLUMN kpi.node_score_float8.node IS
'Name of the node.';
COMMENT ON COLUMN kpi.node_score_float8.parent IS
'Its parent; NULL for a root. With several parents the one it is first met under in tree order.';
COMMENT ON COLUMN kpi.node_score_float8.depth IS
'Steps from the nearest root, which has 0.';
COMMENT ON COLUMN kpi.node_score_float8.role IS
'What it is to that parent, as given; NULL is an ordinary part.';
COMMENT ON COLUMN kpi.node_score_float8.weight IS
'Weight under that parent, as given; NULL is informational.';
COMMENT ON COLUMN kpi.node_score_float8.absolute_weight IS
'Share in the root: the product of weight / sum of the positive weights of the siblings from the root down, summed over all paths; NULL for nodes that are informational, bonus, deduction or veto, or stand under a node of method self, and below them.';
COMMENT ON COLUMN kpi.node_score_float8.score IS
'Score, rolled up for nodes with children; NULL where there is none, see reason.';
COMMENT ON COLUMN kpi.node_score_float8.coverage IS
'Share of the weight below that has a score, 0 to 1; 1 exactly when nothing of positive weight is missing. Carried and assumed scores do not raise it.';
COMMENT ON COLUMN kpi.node_score_float8.stale IS
'Whether a carried score counts for it or below it.';
COMMENT ON COLUMN kpi.node_score_float8.children IS
'Children of positive weight.';
COMMENT ON COLUMN kpi.node_score_float8.present IS
'Those of them that have a score.';
COMMENT ON COLUMN kpi.node_score_float8.missing IS
'Those of them that have none.';
COMMENT ON COLUMN kpi.node_score_float8.missing_nodes IS
'Names of the nodes below, or the node itself, that have no score and would count all the way, as part, bonus, deduction or veto, in byte order; NULL when nothing is missing.';
COMMENT ON COLUMN kpi.node_score_float8.vetoes IS
'Names of the triggered vetoes among its children, in byte order; NULL when there is none.';
COMMENT ON COLUMN kpi.node_score_float8.grades_down IS
'Grades that vetoes take, at the node and below.';
COMMENT ON COLUMN kpi.node_score_float8.coefficient_zero IS
'Whether a veto sets the coefficient to zero, at the node or below.';
COMMENT ON COLUMN kpi.node_score_float8.reason IS
'Why there is no score: no_score, invalid (NaN or infinity), no_weight, no_data, missing_child, low_coverage; NULL where there is one.';
COMMENT ON TYPE kpi.rollup_state IS
'Rows of a scorecard, collected by kpi.rollup_rows() and kpi.scorecard_rollup(); can be stored and merged with kpi.rollup(). Its text and binary forms are exact; equal rows give equal forms.';
COMMENT ON FUNCTION kpi.rollup_state_in(cstring) IS
'Reads the text form of a rollup state; anything else is an error.';
COMMENT ON FUNCTION kpi.rollup_state_out(kpi.rollup_state) IS
'Text form of a rollup state, its rows sorted.';
COMMENT ON FUNCTION kpi.rollup_state_recv(internal) IS
'Reads the binary form of a rollup state; anything else is an error.';
COMMENT ON FUNCTION kpi.rollup_state_send(kpi.rollup_state) IS
'Binary form of a rollup state, its rows sorted.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric, text) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric, text, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric, text, numeric, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8, text) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8, text, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8, text, float8, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_combine(kpi.rollup_state, kpi.rollup_state) IS
'One state with the rows of both; NULL is a state without rows. Mixing numeric and float8 rows is an error.';
COMMENT ON FUNCTION kpi.rollup_compacted(kpi.rollup_state) IS
'The state without spare room for more rows, as it is best stored. NULL for NULL.';
COMMENT ON FUNCTION kpi.rollup_nodes_numeric(kpi.rollup_state) IS
'Every node of a state of numeric rows, rolled up, in tree order. NULL for NULL; a state of float8 rows or a malformed tree is an error.';
COMMENT ON FUNCTION kpi.rollup_nodes_float8(kpi.rollup_state) IS
'Every node of a state of float8 rows, rolled up, in tree order. NULL for NULL; a state of numeric rows or a malformed tree is an error.';
COMMENT ON FUNCTION kpi.scorecard_nodes(kpi.rollup_state) IS
'Every node of stored rows of either kind, rolled up, in tree order; float8 amounts are given as numeric with their shortest digits. NULL for NULL; a malformed tree is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric, text, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric, text, numeric, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8, text, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8, text, float8, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric, text) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric, text, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric, text, numeric, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8, text) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8, text, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8, text, float8, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup(kpi.rollup_state) IS
'Stored rows of a scorecard merged into one state; NULLs are left out, NULL where there is nothing else. Mixing numeric and float8 rows is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric, text, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric, text, text, numeric) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8, text, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8, text, text, float8) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
-- Points by the rules of appraisal schemes.

-- not STRICT: a NULL floor or cap is none
CREATE FUNCTION kpi.add_deduct(actual numeric, target numeric, base numeric, per_unit_above numeric, per_unit_below numeric,
							   unit numeric DEFAULT 1, counting text DEFAULT 'linear',
							   floor numeric DEFAULT NULL, cap numeric DEFAULT NULL)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_add_deduct_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.efficacy(actual numeric, standards numeric[], coefficients numeric[], weight numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_efficacy_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.rank_points(rank integer, points numeric[])
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rank_points_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL limit is none
CREATE FUNCTION kpi.zero_below(value numeric, "limit" numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_zero_below_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- not STRICT: a NULL floor or cap is none
CREATE FUNCTION kpi.add_deduct(actual float8, target float8, base float8, per_unit_above float8, per_unit_below float8,
							   unit float8 DEFAULT 1, counting text DEFAULT 'linear',
							   floor float8 DEFAULT NULL, cap float8 DEFAULT NULL)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_add_deduct_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.efficacy(actual float8, standards float8[], coefficients float8[], weight float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_efficacy_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.rank_points(rank integer, points float8[])
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rank_points_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: a NULL limit is none
CREATE FUNCTION kpi.zero_below(value float8, "limit" float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_zero_below_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.add_deduct(numeric, numeric, numeric, numeric, numeric, numeric, text, numeric, numeric) IS
'Points, exact: base + per_unit_above a unit of actual above target, base - per_unit_below a unit below; negative rates where lower is better. unit: step of the indicator, above 0. counting: linear (parts count), full (whole units only), started (begun units too). Then held between floor and cap, NULL for none. NULL for any other NULL and for NaN or infinity of actual or target; a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.efficacy(numeric, numeric[], numeric[], numeric) IS
'Efficacy score, exact: weight times the coefficient of the standard reached plus the part of the step to the next one; 0 short of the first standard, no more than the last coefficient. standards: from the lowest to the best, rising or falling; coefficients: as many, from 0 up. NULL for NULL, NaN or infinity of actual; lists out of order, of other lengths or with NULLs and a negative weight are errors.';
COMMENT ON FUNCTION kpi.rank_points(integer, numeric[]) IS
'Points of a rank: the first element for rank 1, 0 beyond the list. NULL for NULL; a rank below 1, a NULL element and a list that is empty or has several dimensions are errors.';
COMMENT ON FUNCTION kpi.zero_below(numeric, numeric) IS
'The value, or 0 where it is below the limit; a value at the limit stays, a NULL limit is none. NULL for NULL, NaN or infinity of value; a limit that is NaN or infinite is an error.';
COMMENT ON FUNCTION kpi.add_deduct(float8, float8, float8, float8, float8, float8, text, float8, float8) IS
'Points: base + per_unit_above a unit of actual above target, base - per_unit_below a unit below; negative rates where lower is better. unit: step of the indicator, above 0. counting: linear (parts count), full (whole units only), started (begun units too). Then held between floor and cap, NULL for none. NULL for any other NULL and for NaN or infinity of actual or target or a result beyond float8; a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.efficacy(float8, float8[], float8[], float8) IS
'Efficacy score: weight times the coefficient of the standard reached plus the part of the step to the next one; 0 short of the first standard, no more than the last coefficient. standards: from the lowest to the best, rising or falling; coefficients: as many, from 0 up. NULL for NULL, NaN or infinity of actual or a result beyond float8; lists out of order, of other lengths or with NULLs and a negative weight are errors.';
COMMENT ON FUNCTION kpi.rank_points(integer, float8[]) IS
'Points of a rank: the first element for rank 1, 0 beyond the list. NULL for NULL; a rank below 1, a NULL element and a list that is empty or has several dimensions are errors.';
COMMENT ON FUNCTION kpi.zero_below(float8, float8) IS
'The value, or 0 where it is below the limit; a value at the limit stays, a NULL limit is none. NULL for NULL, NaN or infinity of value; a limit that is NaN or infinite is an error.';
-- Counts of statuses: how many indicators are bad, middle, good or without data.

CREATE TYPE kpi.status_count AS (
	bad integer,
	middle integer,
	good integer,
	no_data integer
);

CREATE TYPE kpi.status_state;

CREATE FUNCTION kpi.status_state_in(cstring) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_out(kpi.status_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_status_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_recv(internal) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_send(kpi.status_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_status_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.status_state (
	INPUT = kpi.status_state_in,
	OUTPUT = kpi.status_state_out,
	RECEIVE = kpi.status_state_recv,
	SEND = kpi.status_state_send,
	INTERNALLENGTH = 40,
	ALIGNMENT = double,
	STORAGE = plain
);

-- not STRICT: a NULL status counts as no data
CREATE FUNCTION kpi.status_state_accum(kpi.status_state, integer) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_combine(kpi.status_state, kpi.status_state) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_counts(kpi.status_state) RETURNS kpi.status_count
	AS 'MODULE_PATHNAME', 'kpi_status_state_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.status_counts(status integer) (
	SFUNC = kpi.status_state_accum, STYPE = kpi.status_state, INITCOND = '1 0 0 0 0', SSPACE = 40,
	FINALFUNC = kpi.status_state_counts,
	COMBINEFUNC = kpi.status_state_combine, PARALLEL = SAFE
);

COMMENT ON TYPE kpi.status_count IS 'Counts of statuses, as kpi.status_counts gives them.';
COMMENT ON COLUMN kpi.status_count.bad IS 'Statuses of -1.';
COMMENT ON COLUMN kpi.status_count.middle IS 'Statuses of 0.';
COMMENT ON COLUMN kpi.status_count.good IS 'Statuses of 1.';
COMMENT ON COLUMN kpi.status_count.no_data IS 'Statuses that are NULL.';
COMMENT ON TYPE kpi.status_state IS 'Counters of kpi.status_counts: its transition state.';
COMMENT ON FUNCTION kpi.status_state_in(cstring) IS 'Text input of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_out(kpi.status_state) IS 'Text output of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_recv(internal) IS 'Binary input of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_send(kpi.status_state) IS 'Binary output of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_accum(kpi.status_state, integer) IS
'The counters with one more status; NULL counts as no data. NULL for a NULL state; a status that is not -1, 0, 1 or NULL is an error.';
COMMENT ON FUNCTION kpi.status_state_combine(kpi.status_state, kpi.status_state) IS
'The counts of both states. NULL for NULL.';
COMMENT ON FUNCTION kpi.status_state_counts(kpi.status_state) IS
'The counters as a row. NULL for NULL; a count beyond integer is an error.';
COMMENT ON AGGREGATE kpi.status_counts(integer) IS
'How many statuses are bad (-1), middle (0), good (1) or without data (NULL); all 0 without rows. Any other status is an error.';
-- Grades: bands over a value, and grades shared out by rank.

CREATE FUNCTION kpi.band_of(value numeric, lower_bounds numeric[], codes text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_band_of_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.band_of(value float8, lower_bounds float8[], codes text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_band_of_float8'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.forced_distribution(n integer, shares numeric[])
	RETURNS integer[]
	AS 'MODULE_PATHNAME', 'kpi_forced_distribution'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.forced_grade("position" integer, n integer, shares numeric[], codes text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_forced_grade'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: NULL total means 1 or 100
CREATE FUNCTION kpi.check_weights(weights numeric[], total numeric DEFAULT NULL, strict boolean DEFAULT false)
	RETURNS TABLE (weight_sum numeric, expected numeric, gap numeric, ok boolean)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad CONSTANT numeric := (SELECT w FROM unnest(weights) AS w WHERE NOT (w >= 0 AND w < 'Infinity') LIMIT 1);
BEGIN
	IF bad IS NOT NULL THEN
		PERFORM kpi.fail('22023',
			format('weight %s is not a finite number of at least 0', bad),
			'Weights may be on any scale; a NULL weight shows a row without counting it.');
	END IF;
	IF NOT (total > 0 AND total < 'Infinity') THEN
		PERFORM kpi.fail('22023',
			format('total %s is not a finite number above 0', total),
			'Give what the weights should sum to; NULL means 1 or 100, whichever is nearer.');
	END IF;
	IF weights IS NOT NULL THEN
		weight_sum := (SELECT coalesce(sum(w), 0) FROM unnest(weights) AS w);
		expected := coalesce(total, CASE WHEN abs(weight_sum - 1) <= abs(weight_sum - 100) THEN 1 ELSE 100 END);
		gap := weight_sum - expected;
		ok := abs(gap) <= 1e-9;
	END IF;
	IF strict AND NOT ok THEN
		PERFORM kpi.fail('22023',
			format('weights sum to %s, not to %s', weight_sum, expected),
			format('%s %s to make the sum %s.', CASE WHEN gap < 0 THEN 'Add' ELSE 'Take off' END, abs(gap), expected));
	END IF;
	RETURN NEXT;
END
$$;

COMMENT ON FUNCTION kpi.band_of(numeric, numeric[], text[]) IS
'Code of the last band whose lower bound the value reaches; the last band has no end. lower_bounds: rising, the first may be NULL for none; codes: as many. NULL for NULL, NaN, infinity or a value below the first bound; lists out of order, of other lengths or with NULLs are errors.';
COMMENT ON FUNCTION kpi.band_of(float8, float8[], text[]) IS
'Code of the last band whose lower bound the value reaches; the last band has no end. lower_bounds: rising, the first may be NULL for none; codes: as many. NULL for NULL, NaN, infinity or a value below the first bound; lists out of order, of other lengths or with NULLs are errors.';
COMMENT ON FUNCTION kpi.forced_distribution(integer, numeric[]) IS
'How many of n people each grade gets by its share: the whole part of n times share, the rest to the largest remainders, the earlier grade first where they are equal; adds up to n. shares: 0 to 1 each, 1 together within 1e-9. NULL for NULL; a negative n and other shares are errors.';
COMMENT ON FUNCTION kpi.forced_grade(integer, integer, numeric[], text[]) IS
'Grade of a position among n people by forced distribution; position 1 is the best and gets the first grade that has a place. NULL for NULL; a position outside 1 to n, lists of other lengths and wrong shares are errors.';
COMMENT ON FUNCTION kpi.check_weights(numeric[], numeric, boolean) IS
'Whether weights sum to total, or to the nearer of 1 and 100 where total is NULL, within 1e-9: the sum, what was expected, the gap (sum - expected) and the answer, as one row. NULL weights are not counted; NULL for no array. Errors: a negative, NaN or infinite weight, a total that is not above 0 and, if strict, a sum that is not as expected.';
-- Rates of a part in a whole: scalars, aggregates over the sums, and the states
-- that can be stored and merged.

CREATE TYPE kpi.ratio_state;

CREATE FUNCTION kpi.ratio_state_in(cstring) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_out(kpi.ratio_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_recv(internal) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_send(kpi.ratio_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.ratio_state (
	INPUT = kpi.ratio_state_in,
	OUTPUT = kpi.ratio_state_out,
	RECEIVE = kpi.ratio_state_recv,
	SEND = kpi.ratio_state_send,
	INTERNALLENGTH = 40,
	ALIGNMENT = double,
	STORAGE = plain
);

CREATE TYPE kpi.ratio_state_numeric;

CREATE FUNCTION kpi.ratio_state_numeric_in(cstring) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_out(kpi.ratio_state_numeric) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_recv(internal) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_send(kpi.ratio_state_numeric) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.ratio_state_numeric (
	INPUT = kpi.ratio_state_numeric_in,
	OUTPUT = kpi.ratio_state_numeric_out,
	RECEIVE = kpi.ratio_state_numeric_recv,
	SEND = kpi.ratio_state_numeric_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE kpi.ratio_state IS
'Sums of a part and a whole (float8, compensated), made by the _agg aggregates of the rates; can be stored and merged with rollup().';
COMMENT ON TYPE kpi.ratio_state_numeric IS
'Sums of a part and a whole (numeric, exact), made by the _agg aggregates of the rates; can be stored and merged with rollup().';

COMMENT ON FUNCTION kpi.ratio_state_in(cstring) IS 'Text input of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_out(kpi.ratio_state) IS 'Text output of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_recv(internal) IS 'Binary input of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_send(kpi.ratio_state) IS 'Binary output of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_in(cstring) IS 'Text input of kpi.ratio_state_numeric.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_out(kpi.ratio_state_numeric) IS 'Text output of kpi.ratio_state_numeric.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_recv(internal) IS 'Binary input of kpi.ratio_state_numeric.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_send(kpi.ratio_state_numeric) IS 'Binary output of kpi.ratio_state_numeric.';

-- not STRICT: a NULL part must not lose the row's whole
CREATE FUNCTION kpi.ratio_state_accum(kpi.ratio_state, float8, float8) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_combine(kpi.ratio_state, kpi.ratio_state) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE kpi.ratio_sums(part float8, whole float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.ratio_state) (
	SFUNC = kpi.ratio_state_combine, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.ratio_state_accum(kpi.ratio_state, float8, float8) IS
'Transition of the rates over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.ratio_state_combine(kpi.ratio_state, kpi.ratio_state) IS
'Two states of the rates over float8 as one.';
COMMENT ON AGGREGATE kpi.ratio_sums(float8, float8) IS
'Sums of part and whole as a value to store: any rate can be taken of it, and rollup() merges several. NULL for no rows.';
COMMENT ON AGGREGATE kpi.rollup(kpi.ratio_state) IS
'One state of several stored ones, as if their rows had been summed together. NULL for no rows.';

-- not STRICT: a NULL part must not lose the row's whole
CREATE FUNCTION kpi.ratio_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_combine(kpi.ratio_state_numeric, kpi.ratio_state_numeric) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE kpi.ratio_sums(part numeric, whole numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.ratio_state_numeric) (
	SFUNC = kpi.ratio_state_numeric_combine, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.ratio_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric) IS
'Transition of the rates over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_combine(kpi.ratio_state_numeric, kpi.ratio_state_numeric) IS
'Two states of the rates over numeric as one.';
COMMENT ON AGGREGATE kpi.ratio_sums(numeric, numeric) IS
'Sums of part and whole as a value to store: any rate can be taken of it, and rollup() merges several. NULL for no rows.';
COMMENT ON AGGREGATE kpi.rollup(kpi.ratio_state_numeric) IS
'One state of several stored ones, as if their rows had been summed together. NULL for no rows.';

CREATE FUNCTION kpi.ratio(part numeric, whole numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.ratio_agg(part numeric, whole numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.ratio(numeric, numeric) IS
'part / whole, exact: any quotient of sums. NULL where whole is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.ratio(kpi.ratio_state_numeric) IS
'part / whole of stored sums, exact. NULL where whole sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.ratio_agg(numeric, numeric) IS
'part / whole of the sums over the rows, exact: any quotient of sums. NULLs are left out, each for itself; NULL where whole sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.ratio(part float8, whole float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.ratio_agg(part float8, whole float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.ratio(float8, float8) IS
'part / whole: any quotient of sums. NULL where whole is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.ratio(kpi.ratio_state) IS
'part / whole of stored sums. NULL where whole sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.ratio_agg(float8, float8) IS
'part / whole of the sums over the rows: any quotient of sums. NULLs are left out, each for itself; NULL where whole sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roas(revenue numeric, spend numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roas(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roas_agg(revenue numeric, spend numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.roas, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roas(numeric, numeric) IS
'revenue / spend, exact: return on advertising spend, money earned per unit of money spent. NULL where spend is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roas(kpi.ratio_state_numeric) IS
'revenue / spend of stored sums, exact. NULL where spend sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roas_agg(numeric, numeric) IS
'revenue / spend of the sums over the rows, exact: return on advertising spend, money earned per unit of money spent. NULLs are left out, each for itself; NULL where spend sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roas(revenue float8, spend float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roas(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roas_agg(revenue float8, spend float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.roas, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roas(float8, float8) IS
'revenue / spend: return on advertising spend, money earned per unit of money spent. NULL where spend is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roas(kpi.ratio_state) IS
'revenue / spend of stored sums. NULL where spend sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roas_agg(float8, float8) IS
'revenue / spend of the sums over the rows: return on advertising spend, money earned per unit of money spent. NULLs are left out, each for itself; NULL where spend sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roi(gain numeric, cost numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_roi_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roi(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roi_agg(gain numeric, cost numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.roi, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roi(numeric, numeric) IS
'(gain - cost) / cost, exact: return on investment. NULL where cost is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roi(kpi.ratio_state_numeric) IS
'(gain - cost) / cost of stored sums, exact. NULL where cost sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roi_agg(numeric, numeric) IS
'(gain - cost) / cost of the sums over the rows, exact: return on investment. NULLs are left out, each for itself; NULL where cost sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roi(gain float8, cost float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_roi_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roi(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roi_agg(gain float8, cost float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.roi, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roi(float8, float8) IS
'(gain - cost) / cost: return on investment. NULL where cost is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roi(kpi.ratio_state) IS
'(gain - cost) / cost of stored sums. NULL where cost sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roi_agg(float8, float8) IS
'(gain - cost) / cost of the sums over the rows: return on investment. NULLs are left out, each for itself; NULL where cost sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.churn_rate(lost numeric, opening numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.churn_rate(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.churn_rate_agg(lost numeric, opening numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.churn_rate, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.churn_rate(numeric, numeric) IS
'lost / opening, exact: share of the opening customers that were lost. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.churn_rate(kpi.ratio_state_numeric) IS
'lost / opening of stored sums, exact. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.churn_rate_agg(numeric, numeric) IS
'lost / opening of the sums over the rows, exact: share of the opening customers that were lost. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.churn_rate(lost float8, opening float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.churn_rate(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.churn_rate_agg(lost float8, opening float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.churn_rate, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.churn_rate(float8, float8) IS
'lost / opening: share of the opening customers that were lost. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.churn_rate(kpi.ratio_state) IS
'lost / opening of stored sums. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.churn_rate_agg(float8, float8) IS
'lost / opening of the sums over the rows: share of the opening customers that were lost. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.retention_rate(kept numeric, opening numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.retention_rate(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.retention_rate_agg(kept numeric, opening numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.retention_rate, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.retention_rate(numeric, numeric) IS
'kept / opening, exact: share of the opening customers that were kept. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.retention_rate(kpi.ratio_state_numeric) IS
'kept / opening of stored sums, exact. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.retention_rate_agg(numeric, numeric) IS
'kept / opening of the sums over the rows, exact: share of the opening customers that were kept. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.retention_rate(kept float8, opening float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.retention_rate(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.retention_rate_agg(kept float8, opening float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.retention_rate, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.retention_rate(float8, float8) IS
'kept / opening: share of the opening customers that were kept. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.retention_rate(kpi.ratio_state) IS
'kept / opening of stored sums. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.retention_rate_agg(float8, float8) IS
'kept / opening of the sums over the rows: share of the opening customers that were kept. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.cac(spend numeric, new_customers numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.cac(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.cac_agg(spend numeric, new_customers numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.cac, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.cac(numeric, numeric) IS
'spend / new_customers, exact: customer acquisition cost, money per new customer. NULL where new_customers is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.cac(kpi.ratio_state_numeric) IS
'spend / new_customers of stored sums, exact. NULL where new_customers sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.cac_agg(numeric, numeric) IS
'spend / new_customers of the sums over the rows, exact: customer acquisition cost, money per new customer. NULLs are left out, each for itself; NULL where new_customers sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.cac(spend float8, new_customers float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.cac(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.cac_agg(spend float8, new_customers float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.cac, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.cac(float8, float8) IS
'spend / new_customers: customer acquisition cost, money per new customer. NULL where new_customers is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.cac(kpi.ratio_state) IS
'spend / new_customers of stored sums. NULL where new_customers sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.cac_agg(float8, float8) IS
'spend / new_customers of the sums over the rows: customer acquisition cost, money per new customer. NULLs are left out, each for itself; NULL where new_customers sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.conversion_rate(conversions numeric, visits numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.conversion_rate(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.conversion_rate_agg(conversions numeric, visits numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.conversion_rate, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.conversion_rate(numeric, numeric) IS
'conversions / visits, exact: share of the visits (or contacts) that became conversions. NULL where visits is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.conversion_rate(kpi.ratio_state_numeric) IS
'conversions / visits of stored sums, exact. NULL where visits sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.conversion_rate_agg(numeric, numeric) IS
'conversions / visits of the sums over the rows, exact: share of the visits (or contacts) that became conversions. NULLs are left out, each for itself; NULL where visits sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.conversion_rate(conversions float8, visits float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.conversion_rate(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.conversion_rate_agg(conversions float8, visits float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.conversion_rate, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.conversion_rate(float8, float8) IS
'conversions / visits: share of the visits (or contacts) that became conversions. NULL where visits is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.conversion_rate(kpi.ratio_state) IS
'conversions / visits of stored sums. NULL where visits sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.conversion_rate_agg(float8, float8) IS
'conversions / visits of the sums over the rows: share of the visits (or contacts) that became conversions. NULLs are left out, each for itself; NULL where visits sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.market_share(own numeric, market numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.market_share(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.market_share_agg(own numeric, market numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.market_share, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.market_share(numeric, numeric) IS
'own / market, exact: own sales in the sales of the market. NULL where market is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.market_share(kpi.ratio_state_numeric) IS
'own / market of stored sums, exact. NULL where market sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.market_share_agg(numeric, numeric) IS
'own / market of the sums over the rows, exact: own sales in the sales of the market. NULLs are left out, each for itself; NULL where market sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.market_share(own float8, market float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.market_share(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.market_share_agg(own float8, market float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.market_share, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.market_share(float8, float8) IS
'own / market: own sales in the sales of the market. NULL where market is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.market_share(kpi.ratio_state) IS
'own / market of stored sums. NULL where market sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.market_share_agg(float8, float8) IS
'own / market of the sums over the rows: own sales in the sales of the market. NULLs are left out, each for itself; NULL where market sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.budget_attainment(actual numeric, budget numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.budget_attainment(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.budget_attainment_agg(actual numeric, budget numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.budget_attainment, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.budget_attainment(numeric, numeric) IS
'actual / budget, exact: actual spend in the budget. NULL where budget is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.budget_attainment(kpi.ratio_state_numeric) IS
'actual / budget of stored sums, exact. NULL where budget sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.budget_attainment_agg(numeric, numeric) IS
'actual / budget of the sums over the rows, exact: actual spend in the budget. NULLs are left out, each for itself; NULL where budget sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.budget_attainment(actual float8, budget float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.budget_attainment(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.budget_attainment_agg(actual float8, budget float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.budget_attainment, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.budget_attainment(float8, float8) IS
'actual / budget: actual spend in the budget. NULL where budget is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.budget_attainment(kpi.ratio_state) IS
'actual / budget of stored sums. NULL where budget sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.budget_attainment_agg(float8, float8) IS
'actual / budget of the sums over the rows: actual spend in the budget. NULLs are left out, each for itself; NULL where budget sums to 0, one of both is missing, or a value is NaN or infinite.';
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
-- Customer lifetime value of a constant margin and retention rate.

-- not STRICT: NULL periods is a sum without end
CREATE FUNCTION kpi.clv_simple(margin numeric, retention_rate numeric, discount_rate numeric,
							   periods integer DEFAULT NULL, timing text DEFAULT 'now')
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_clv_simple_numeric'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;

CREATE FUNCTION kpi.clv_simple(margin float8, retention_rate float8, discount_rate float8,
							   periods integer DEFAULT NULL, timing text DEFAULT 'now')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_simple_float8'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.clv_simple(numeric, numeric, numeric, integer, text) IS
'Customer lifetime value of a constant margin per period, to 20 decimals. Rates are fractions per period; periods NULL is without end; timing: now (first margin at once) or renewal (first margin with the first renewal). NULL where margin, a rate or timing is NULL, the margin is NaN or infinite, or the endless sum has no limit; rates out of range, periods outside 0 to 100000 and an unknown timing are errors.';
COMMENT ON FUNCTION kpi.clv_simple(float8, float8, float8, integer, text) IS
'Customer lifetime value of a constant margin per period. Rates are fractions per period; periods NULL is without end; timing: now (first margin at once) or renewal (first margin with the first renewal). NULL where margin, a rate or timing is NULL, the margin is NaN or infinite, the endless sum has no limit, or the result is beyond float8; rates out of range, periods outside 0 to 100000 and an unknown timing are errors.';
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
-- The BG/NBD and MBG/NBD models of repeat purchases: fits and answers.

CREATE TYPE kpi.bgnbd_model AS (
	r float8,
	alpha float8,
	a float8,
	b float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.bgnbd_model IS
'BG/NBD model of repeat purchases: its parameters and how they were found. The parameters are NULL where the data could not tell them.';
COMMENT ON COLUMN kpi.bgnbd_model.r IS 'Shape of the gamma distribution of purchase rates.';
COMMENT ON COLUMN kpi.bgnbd_model.alpha IS 'Rate of the gamma distribution of purchase rates, a time in the unit of recency and t.';
COMMENT ON COLUMN kpi.bgnbd_model.a IS 'First parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.bgnbd_model.b IS 'Second parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.bgnbd_model.log_likelihood IS 'Log-likelihood of the customers at the parameters, without the penalty.';
COMMENT ON COLUMN kpi.bgnbd_model.n_customers IS 'Customers fitted: the sum of their weights.';
COMMENT ON COLUMN kpi.bgnbd_model.n_patterns IS 'Different customers among them.';
COMMENT ON COLUMN kpi.bgnbd_model.iterations IS 'Steps of the search for the maximum.';
COMMENT ON COLUMN kpi.bgnbd_model.status IS 'converged, boundary (a parameter runs to the edge of its range, or is not told by the data), not_converged or insufficient_data.';
COMMENT ON COLUMN kpi.bgnbd_model.se IS 'Standard errors of the parameters, in their order; NULL where the likelihood has no maximum in some direction.';
COMMENT ON COLUMN kpi.bgnbd_model.cov IS 'Covariance matrix of the parameters, in their order; NULL where se is.';

CREATE FUNCTION kpi.clv_bgnbd_fit(customers kpi.customer_state) RETURNS kpi.bgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE FUNCTION kpi.clv_bgnbd_fit(customers kpi.customer_state, penalty float8) RETURNS kpi.bgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_fit_penalty' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_bgnbd_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgnbd_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgnbd_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.clv_bgnbd_fit(kpi.customer_state) IS
'The BG/NBD model of stored customers, by maximum likelihood. A failed fit is a status, not an error.';
COMMENT ON FUNCTION kpi.clv_bgnbd_fit(kpi.customer_state, float8) IS
'The BG/NBD model of stored customers, with a penalty: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood. A failed fit is a status, not an error; a negative penalty is an error.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_fit(float8, float8, float8) IS
'The BG/NBD model by maximum likelihood, one row a customer: frequency (repeat purchases), recency (age at the last one), t (age), both in one unit of time. Rows with a NULL are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_fit(float8, float8, float8, float8) IS
'The BG/NBD model by maximum likelihood, where weight says how many customers have a row''s frequency, recency and t. Rows with a NULL or of weight 0 are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_bgnbd_fit(float8, float8, float8, float8, float8) IS
'The BG/NBD model with weights and a penalty, the same in every row: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood, which holds the parameters of small samples down. A negative penalty and two different ones are errors.';

CREATE FUNCTION kpi.clv_p_alive(model kpi.bgnbd_model, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgnbd_model, future_t float8, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgnbd_model, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.bgnbd_model, n integer, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_discounted(model kpi.bgnbd_model, periods integer, period_length float8, discount_rate float8,
								   frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_discounted_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.bgnbd_model, float8, float8, float8) IS
'Probability that a customer with that history has not left, by the BG/NBD model (1 without a repeat purchase: it never had the chance to leave). NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgnbd_model, float8, float8, float8, float8) IS
'Purchases expected of a customer with that history in the next future_t, by the BG/NBD model. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; values no customer can have and a negative or infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgnbd_model, float8) IS
'Repeat purchases expected of a new customer in its first future_t, by the BG/NBD model. NULL where an argument is NULL or the model has no parameters; a negative or infinite future_t is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.bgnbd_model, integer, float8) IS
'Probability that a new customer makes exactly n repeat purchases in its first future_t, by the BG/NBD model. NULL where an argument is NULL or the model has no parameters; negative arguments and an infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_discounted(kpi.bgnbd_model, integer, float8, float8, float8, float8, float8) IS
'Purchases expected of a customer in the next periods, those of the k-th divided by (1 + discount_rate)^k, by the BG/NBD model; period_length in the unit of recency and t, the rate per period. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; wrong arguments are errors.';

CREATE TYPE kpi.mbgnbd_model AS (
	r float8,
	alpha float8,
	a float8,
	b float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.mbgnbd_model IS
'MBG/NBD model of repeat purchases: its parameters and how they were found. The parameters are NULL where the data could not tell them.';
COMMENT ON COLUMN kpi.mbgnbd_model.r IS 'Shape of the gamma distribution of purchase rates.';
COMMENT ON COLUMN kpi.mbgnbd_model.alpha IS 'Rate of the gamma distribution of purchase rates, a time in the unit of recency and t.';
COMMENT ON COLUMN kpi.mbgnbd_model.a IS 'First parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.mbgnbd_model.b IS 'Second parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.mbgnbd_model.log_likelihood IS 'Log-likelihood of the customers at the parameters, without the penalty.';
COMMENT ON COLUMN kpi.mbgnbd_model.n_customers IS 'Customers fitted: the sum of their weights.';
COMMENT ON COLUMN kpi.mbgnbd_model.n_patterns IS 'Different customers among them.';
COMMENT ON COLUMN kpi.mbgnbd_model.iterations IS 'Steps of the search for the maximum.';
COMMENT ON COLUMN kpi.mbgnbd_model.status IS 'converged, boundary (a parameter runs to the edge of its range, or is not told by the data), not_converged or insufficient_data.';
COMMENT ON COLUMN kpi.mbgnbd_model.se IS 'Standard errors of the parameters, in their order; NULL where the likelihood has no maximum in some direction.';
COMMENT ON COLUMN kpi.mbgnbd_model.cov IS 'Covariance matrix of the parameters, in their order; NULL where se is.';

CREATE FUNCTION kpi.clv_mbgnbd_fit(customers kpi.customer_state) RETURNS kpi.mbgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE FUNCTION kpi.clv_mbgnbd_fit(customers kpi.customer_state, penalty float8) RETURNS kpi.mbgnbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_fit_penalty' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_mbgnbd_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_mbgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_mbgnbd_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_mbgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_mbgnbd_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_mbgnbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.clv_mbgnbd_fit(kpi.customer_state) IS
'The MBG/NBD model of stored customers, by maximum likelihood. A failed fit is a status, not an error.';
COMMENT ON FUNCTION kpi.clv_mbgnbd_fit(kpi.customer_state, float8) IS
'The MBG/NBD model of stored customers, with a penalty: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood. A failed fit is a status, not an error; a negative penalty is an error.';
COMMENT ON AGGREGATE kpi.clv_mbgnbd_fit(float8, float8, float8) IS
'The MBG/NBD model by maximum likelihood, one row a customer: frequency (repeat purchases), recency (age at the last one), t (age), both in one unit of time. Rows with a NULL are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_mbgnbd_fit(float8, float8, float8, float8) IS
'The MBG/NBD model by maximum likelihood, where weight says how many customers have a row''s frequency, recency and t. Rows with a NULL or of weight 0 are left out; NULL for no rows; a failed fit is a status, not an error; values no customer can have are errors.';
COMMENT ON AGGREGATE kpi.clv_mbgnbd_fit(float8, float8, float8, float8, float8) IS
'The MBG/NBD model with weights and a penalty, the same in every row: penalty * (r^2 + (alpha / greatest t)^2 + a^2 + b^2) is added to the mean negative log-likelihood, which holds the parameters of small samples down. A negative penalty and two different ones are errors.';

CREATE FUNCTION kpi.clv_p_alive(model kpi.mbgnbd_model, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.mbgnbd_model, future_t float8, frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.mbgnbd_model, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.mbgnbd_model, n integer, future_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_discounted(model kpi.mbgnbd_model, periods integer, period_length float8, discount_rate float8,
								   frequency float8, recency float8, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_discounted_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.mbgnbd_model, float8, float8, float8) IS
'Probability that a customer with that history has not left, by the MBG/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.mbgnbd_model, float8, float8, float8, float8) IS
'Purchases expected of a customer with that history in the next future_t, by the MBG/NBD model. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; values no customer can have and a negative or infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.mbgnbd_model, float8) IS
'Repeat purchases expected of a new customer in its first future_t, by the MBG/NBD model. NULL where an argument is NULL or the model has no parameters; a negative or infinite future_t is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.mbgnbd_model, integer, float8) IS
'Probability that a new customer makes exactly n repeat purchases in its first future_t, by the MBG/NBD model. NULL where an argument is NULL or the model has no parameters; negative arguments and an infinite future_t are errors.';
COMMENT ON FUNCTION kpi.clv_discounted(kpi.mbgnbd_model, integer, float8, float8, float8, float8, float8) IS
'Purchases expected of a customer in the next periods, those of the k-th divided by (1 + discount_rate)^k, by the MBG/NBD model; period_length in the unit of recency and t, the rate per period. NULL where an argument is NULL, a value of the customer is NaN or infinite, or the model has no parameters; wrong arguments are errors.';
-- Pareto/NBD: lifetime value where customers may leave at any time.

CREATE TYPE kpi.pareto_nbd_model AS (
	r float8,
	alpha float8,
	s float8,
	beta float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);

COMMENT ON TYPE kpi.pareto_nbd_model IS
'A fitted Pareto/NBD model: made by clv_pareto_nbd_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.pareto_nbd_model.r IS
'Shape of the purchase rates of the customers; r / alpha is the mean rate per unit of time. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.pareto_nbd_model.alpha IS
'Scale of the purchase rates, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_model.s IS
'Shape of the rates at which customers leave; s / beta is the mean rate per unit of time.';
COMMENT ON COLUMN kpi.pareto_nbd_model.beta IS
'Scale of the rates at which customers leave, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_model.log_likelihood IS
'Logarithm of the likelihood at the maximum, without a penalty.';
COMMENT ON COLUMN kpi.pareto_nbd_model.n_customers IS
'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.pareto_nbd_model.n_patterns IS
'Different (frequency, recency, t) among them.';
COMMENT ON COLUMN kpi.pareto_nbd_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.pareto_nbd_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.pareto_nbd_model.se IS
'Standard errors of r, alpha, s and beta; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.pareto_nbd_model.cov IS
'Covariances of r, alpha, s and beta, four by four; NULL where se is.';

CREATE FUNCTION kpi.clv_pareto_nbd_fit(customers kpi.customer_state) RETURNS kpi.pareto_nbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_fit'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE FUNCTION kpi.clv_pareto_nbd_fit(customers kpi.customer_state, penalty float8) RETURNS kpi.pareto_nbd_model
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_fit_penalty'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_pareto_nbd_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_pareto_nbd_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_pareto_nbd_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_pareto_nbd_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.clv_pareto_nbd_fit(kpi.customer_state) IS
'The Pareto/NBD model of stored customers, by maximum likelihood. Never an error for lack of convergence: see the status.';
COMMENT ON FUNCTION kpi.clv_pareto_nbd_fit(kpi.customer_state, float8) IS
'The Pareto/NBD model of stored customers, with a penalty on large parameters: penalty * (r^2 + s^2 + (alpha / max(t))^2 + (beta / max(t))^2) is added to the mean negative log-likelihood of a customer.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_fit(float8, float8, float8) IS
'The Pareto/NBD model of the customers, one a row, by maximum likelihood: frequency (repeat purchases), recency (age at the last one) and t (age), both in one unit of time. Rows with a NULL are left out; NULL for no rows; values no customer can have are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_fit(float8, float8, float8, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON AGGREGATE kpi.clv_pareto_nbd_fit(float8, float8, float8, float8, float8) IS
'The same with a penalty on large parameters: penalty * (r^2 + s^2 + (alpha / max(t))^2 + (beta / max(t))^2) is added to the mean negative log-likelihood of a customer.';

CREATE FUNCTION kpi.clv_log_likelihood(model kpi.pareto_nbd_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_log_likelihood'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_p_alive(model kpi.pareto_nbd_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_p_alive'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.pareto_nbd_model, future_t float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_expected_purchases'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.pareto_nbd_model, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_new_purchases'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.pareto_nbd_model, n integer, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_purchase_probability'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
CREATE FUNCTION kpi.clv_discounted(model kpi.pareto_nbd_model, periods integer, period_length float8, discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_discounted_purchases'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;

COMMENT ON FUNCTION kpi.clv_discounted(kpi.pareto_nbd_model, integer, float8, float8, float8, float8, float8) IS
'Purchases to be expected of a customer over the next periods, by the Pareto/NBD model, those of period k divided by (1 + discount_rate)^k; period_length is in the unit of recency and t, discount_rate a fraction per period. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and wrong periods are errors.';
COMMENT ON FUNCTION kpi.clv_log_likelihood(kpi.pareto_nbd_model, float8, float8, float8) IS
'Logarithm of the likelihood of a customer with this frequency, recency and t under the Pareto/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.pareto_nbd_model, float8, float8, float8) IS
'Probability that a customer with this frequency, recency and t is still there, by the Pareto/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.pareto_nbd_model, float8, float8, float8, float8) IS
'Purchases to be expected of a customer in the time future_t after t, by the Pareto/NBD model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and a future_t below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.pareto_nbd_model, float8) IS
'Purchases to be expected of a new customer in the time future_t after the first one, by the Pareto/NBD model. NULL where an argument is NULL or the model has no parameters; a future_t below 0 is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.pareto_nbd_model, integer, float8) IS
'Probability that a new customer makes n purchases in the time future_t after the first one, by the Pareto/NBD model. NULL where an argument is NULL or the model has no parameters; n or future_t below 0 are errors.';

CREATE FUNCTION kpi.clv_dert(model kpi.pareto_nbd_model, continuous_discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_dert'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
CREATE FUNCTION kpi.clv_dert(model kpi.bgnbd_model, continuous_discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_dert'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200;
CREATE FUNCTION kpi.clv_dert(model kpi.mbgnbd_model, continuous_discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_dert'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200;

COMMENT ON FUNCTION kpi.clv_dert(kpi.pareto_nbd_model, float8, float8, float8, float8) IS
'Discounted expected residual transactions by the Pareto/NBD model: all purchases to be expected of a customer after t, each counted with exp(-continuous_discount_rate * time); the rate is a fraction per unit of time of t. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the rate is 0 and the sum has no limit (s of at most 1); values no customer can have and a rate below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_dert(kpi.bgnbd_model, float8, float8, float8, float8) IS
'Discounted expected residual transactions by the BG/NBD model: all purchases to be expected of a customer after t, each counted with exp(-continuous_discount_rate * time); the rate is a fraction per unit of time of t. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the rate is 0 and the sum has no limit (a of at most 1); values no customer can have and a rate below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_dert(kpi.mbgnbd_model, float8, float8, float8, float8) IS
'The same by the MBG/NBD model.';
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
-- The place of a customer by recency, frequency and money.

-- not STRICT: a row without a value has no score, but the others have
CREATE FUNCTION kpi.rfm_score(since_last float8, frequency float8, monetary_value float8) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_score' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rfm_score(since_last float8, frequency float8, monetary_value float8, groups integer) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_score' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.rfm_score(float8, float8, float8) IS
'Window function: three digits from 1 to 5 of a customer among those of the window''s partition, for how long ago it bought last (the less the better), how often it bought and what it spent; 555 are the best. A digit is 1 plus five times the share of customers that are worse, rounded down, so that equal customers have equal digits. NULL where a value is NULL, NaN or infinite; such rows are not counted.';
COMMENT ON FUNCTION kpi.rfm_score(float8, float8, float8, integer) IS
'The same with another number of groups, 2 to 9, in place of five; NULL groups give NULL, others are an error.';
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
-- Discounted value by the BG/NBD and MBG/NBD models and the Gamma-Gamma model.

-- not STRICT: without a repeat purchase monetary_value may be NULL
CREATE FUNCTION kpi.clv_discounted(model kpi.bgnbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8,
								   discount_rate float8, frequency float8, recency float8, t float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_bgnbd_discounted' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_discounted(kpi.bgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8) IS
'Value expected of a customer in the next periods, discounted: purchases by the BG/NBD model, those of the k-th period divided by (1 + discount_rate)^k, times the average value expected by the Gamma-Gamma model; period_length in the unit of recency and t, the rate per period. monetary_value does not matter where frequency is 0. NULL where another argument is NULL, a value of the customer is NaN or infinite, a model has no parameters or its mean value does not exist; wrong arguments are errors.';

-- not STRICT: without a repeat purchase monetary_value may be NULL
CREATE FUNCTION kpi.clv_discounted(model kpi.mbgnbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8,
								   discount_rate float8, frequency float8, recency float8, t float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_mbgnbd_discounted' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.clv_discounted(kpi.mbgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8) IS
'Value expected of a customer in the next periods, discounted: purchases by the MBG/NBD model, those of the k-th period divided by (1 + discount_rate)^k, times the average value expected by the Gamma-Gamma model; period_length in the unit of recency and t, the rate per period. monetary_value does not matter where frequency is 0. NULL where another argument is NULL, a value of the customer is NaN or infinite, a model has no parameters or its mean value does not exist; wrong arguments are errors.';
-- Discounted value by the Pareto/NBD model, which needs the Gamma-Gamma model too.

-- not STRICT: monetary_value may be NULL where there was no repeat purchase
CREATE FUNCTION kpi.clv_discounted(model kpi.pareto_nbd_model, gg_model kpi.gamma_gamma_model,
								   periods integer, period_length float8, discount_rate float8,
								   frequency float8, recency float8, t float8, monetary_value float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_pareto_nbd_discounted'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION kpi.clv_discounted(kpi.pareto_nbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8) IS
'Discounted value of a customer over the next periods, by the Pareto/NBD and the Gamma-Gamma model: the purchases expected in period k times the expected average value, divided by (1 + discount_rate)^k. period_length is in the unit of recency and t, discount_rate a fraction per period. NULL where an argument is NULL, NaN or infinite, but for the monetary_value of a customer without repeat purchase, or where a model gives no value; wrong values are errors.';
-- Shifted beta-geometric: how long contracts are renewed.
-- Beta-geometric/beta-Bernoulli: purchases at whole chances.

CREATE TYPE kpi.sbg_model AS (
	alpha float8,
	beta float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);
COMMENT ON TYPE kpi.sbg_model IS
'A fitted shifted beta-geometric model: made by clv_sbg_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.sbg_model.alpha IS
'First parameter of the chances to leave at the end of a period; alpha / (alpha + beta) leave at the first renewal. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.sbg_model.beta IS
'Second parameter of the chances to leave.';
COMMENT ON COLUMN kpi.sbg_model.log_likelihood IS
'Logarithm of the likelihood at the maximum.';
COMMENT ON COLUMN kpi.sbg_model.n_customers IS
'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.sbg_model.n_patterns IS
'Different (periods, churned) among them.';
COMMENT ON COLUMN kpi.sbg_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.sbg_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody left).';
COMMENT ON COLUMN kpi.sbg_model.se IS
'Standard errors of alpha and beta; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.sbg_model.cov IS
'Covariances of alpha and beta, two by two; NULL where se is.';

-- not STRICT: a NULL is skipped, but the first row makes the state
CREATE FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_sbg_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean, float8) RETURNS kpi.pair_state
	AS 'MODULE_PATHNAME', 'kpi_sbg_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.sbg_final(kpi.pair_state) RETURNS kpi.sbg_model
	AS 'MODULE_PATHNAME', 'kpi_sbg_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
CREATE AGGREGATE kpi.clv_sbg_fit(periods integer, churned boolean) (
	SFUNC = kpi.sbg_accum, STYPE = kpi.pair_state, SSPACE = 1024,
	FINALFUNC = kpi.sbg_final, COMBINEFUNC = kpi.pair_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_sbg_fit(periods integer, churned boolean, weight float8) (
	SFUNC = kpi.sbg_accum, STYPE = kpi.pair_state, SSPACE = 1024,
	FINALFUNC = kpi.sbg_final, COMBINEFUNC = kpi.pair_state_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean) IS
'Transition of clv_sbg_fit(): takes in periods and whether the customer left.';
COMMENT ON FUNCTION kpi.sbg_accum(kpi.pair_state, integer, boolean, float8) IS
'Transition of clv_sbg_fit(): takes in periods, whether the customer left, and how many customers did so.';
COMMENT ON FUNCTION kpi.sbg_final(kpi.pair_state) IS
'Final function of clv_sbg_fit(): the model.';
COMMENT ON AGGREGATE kpi.clv_sbg_fit(integer, boolean) IS
'The shifted beta-geometric model of contracts, one a row, by maximum likelihood: periods (how often the customer was asked to renew, the renewal it declined included) and churned (whether it declined the last one). Rows with a NULL are left out; NULL for no rows; periods below 0, or below 1 for a customer that churned, are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_sbg_fit(integer, boolean, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out, a negative or infinite weight is an error.';

CREATE FUNCTION kpi.clv_sbg_survival(model kpi.sbg_model, periods integer) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_sbg_survival' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_sbg_retention(model kpi.sbg_model, periods integer) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_sbg_retention' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_sbg_derl(model kpi.sbg_model, periods integer, discount_rate float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_clv_sbg_derl' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION kpi.clv_sbg_survival(kpi.sbg_model, integer) IS
'Share of the customers that are still there after so many renewals, from 0 on. NULL where an argument is NULL or the model has no parameters; periods below 0 are an error.';
COMMENT ON FUNCTION kpi.clv_sbg_retention(kpi.sbg_model, integer) IS
'Share of the customers asked for renewal number periods, from 1 on, that renew. NULL where an argument is NULL or the model has no parameters; periods below 1 are an error.';
COMMENT ON FUNCTION kpi.clv_sbg_derl(kpi.sbg_model, integer, float8) IS
'Discounted expected residual lifetime: payments still to come from a customer that has made so many, just before it decides on the next, which is not discounted; 0 periods is a customer still to be won, whose first payment is certain. discount_rate is a fraction per period. NULL where an argument is NULL, the model has no parameters, or the sum has no limit (no discount and alpha <= 1); periods or a discount_rate below 0 are errors.';

CREATE TYPE kpi.bgbb_model AS (
	alpha float8,
	beta float8,
	gamma float8,
	delta float8,
	log_likelihood float8,
	n_customers float8,
	n_patterns integer,
	iterations integer,
	status text,
	se float8[],
	cov float8[]
);
COMMENT ON TYPE kpi.bgbb_model IS
'A fitted BG/BB model: made by clv_bgbb_fit(), asked by the clv_ functions.';
COMMENT ON COLUMN kpi.bgbb_model.alpha IS
'First parameter of the chances to buy; alpha / (alpha + beta) is their mean. NULL where the data were insufficient.';
COMMENT ON COLUMN kpi.bgbb_model.beta IS
'Second parameter of the chances to buy.';
COMMENT ON COLUMN kpi.bgbb_model.gamma IS
'First parameter of the chances to leave; gamma / (gamma + delta) is their mean.';
COMMENT ON COLUMN kpi.bgbb_model.delta IS
'Second parameter of the chances to leave.';
COMMENT ON COLUMN kpi.bgbb_model.log_likelihood IS
'Logarithm of the likelihood at the maximum, without a penalty.';
COMMENT ON COLUMN kpi.bgbb_model.n_customers IS
'Customers, that is the sum of their weights.';
COMMENT ON COLUMN kpi.bgbb_model.n_patterns IS
'Different (frequency, recency, t) among them.';
COMMENT ON COLUMN kpi.bgbb_model.iterations IS
'Steps of the search, those of further starts included.';
COMMENT ON COLUMN kpi.bgbb_model.status IS
'converged, boundary (a parameter runs to the edge of its range or is not told by the data), not_converged or insufficient_data (nobody bought again).';
COMMENT ON COLUMN kpi.bgbb_model.se IS
'Standard errors of alpha, beta, gamma and delta; NULL where the likelihood has no maximum inside the range.';
COMMENT ON COLUMN kpi.bgbb_model.cov IS
'Covariances of alpha, beta, gamma and delta, four by four; NULL where se is.';

CREATE FUNCTION kpi.clv_bgbb_fit(customers kpi.customer_state) RETURNS kpi.bgbb_model
	AS 'MODULE_PATHNAME', 'kpi_bgbb_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
CREATE AGGREGATE kpi.clv_bgbb_fit(frequency float8, recency float8, t float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgbb_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgbb_fit(frequency float8, recency float8, t float8, weight float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgbb_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.clv_bgbb_fit(frequency float8, recency float8, t float8, weight float8, penalty float8) (
	SFUNC = kpi.customer_accum, STYPE = kpi.customer_state, SSPACE = 4096,
	FINALFUNC = kpi.clv_bgbb_fit, COMBINEFUNC = kpi.customer_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.clv_bgbb_fit(kpi.customer_state) IS
'The BG/BB model of stored customers, by maximum likelihood. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_bgbb_fit(float8, float8, float8) IS
'The BG/BB model of the customers, one a row, by maximum likelihood: frequency (purchases), recency (number of the last chance used, 0 for none) and t (number of chances), all whole. Rows with a NULL are left out; NULL for no rows; values no customer can have are errors. Never an error for lack of convergence: see the status.';
COMMENT ON AGGREGATE kpi.clv_bgbb_fit(float8, float8, float8, float8) IS
'The same, where a row stands for weight customers; a row of weight 0 is left out.';
COMMENT ON AGGREGATE kpi.clv_bgbb_fit(float8, float8, float8, float8, float8) IS
'The same with a penalty on large parameters: penalty * (alpha^2 + beta^2 + gamma^2 + delta^2) is added to the mean negative log-likelihood of a customer.';

CREATE FUNCTION kpi.clv_log_likelihood(model kpi.bgbb_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_p_alive(model kpi.bgbb_model, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgbb_model, future_t float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_expected_purchases(model kpi.bgbb_model, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_expected_purchases_new' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.clv_purchase_probability(model kpi.bgbb_model, n integer, future_t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
CREATE FUNCTION kpi.clv_dert(model kpi.bgbb_model, discount_rate float8, frequency float8, recency float8, t float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_bgbb_dert' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION kpi.clv_log_likelihood(kpi.bgbb_model, float8, float8, float8) IS
'Logarithm of the likelihood of a customer with this frequency, recency and t under the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_p_alive(kpi.bgbb_model, float8, float8, float8) IS
'Probability that a customer with this frequency, recency and t was still alive at its last chance, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgbb_model, float8, float8, float8, float8) IS
'Purchases to be expected of a customer at the next future_t chances, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; values no customer can have and a future_t that is not whole or below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_expected_purchases(kpi.bgbb_model, float8) IS
'Purchases to be expected of a new customer at its first future_t chances, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; a future_t that is not whole or below 0 is an error.';
COMMENT ON FUNCTION kpi.clv_purchase_probability(kpi.bgbb_model, integer, float8) IS
'Probability that a new customer makes n purchases at its first future_t chances, by the BG/BB model. NULL where an argument is NULL, NaN or infinite or the model has no parameters; n below 0 and a future_t that is not whole or below 0 are errors.';
COMMENT ON FUNCTION kpi.clv_dert(kpi.bgbb_model, float8, float8, float8, float8) IS
'Discounted expected residual transactions: all purchases to come of a customer, those of the k-th next chance divided by (1 + discount_rate)^k, by the BG/BB model. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the sum has no limit (no discount and gamma <= 1); values no customer can have and a discount_rate below 0 are errors.';
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
-- Whether a model fits: calibration and hold-out, expected against actual.
-- How sure it is: intervals of what it expects.

-- PARALLEL UNSAFE: the purchases may be a view of anything
CREATE FUNCTION kpi.clv_split(purchases regclass, customer_column name, ts_column name, amount_column name,
							  calibration_end date, holdout_end date, unit interval DEFAULT '7 days')
	RETURNS TABLE (customer text, frequency integer, recency float8, t float8, monetary_value float8,
				   holdout_t float8, holdout_frequency integer, holdout_value float8)
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.clv_check_split(calibration_end, holdout_end, unit);
	IF purchases IS NULL OR customer_column IS NULL OR ts_column IS NULL THEN
		PERFORM kpi.fail('22004', 'purchases, customer_column or ts_column is NULL',
			'Name the table or view of the purchases, its column of the customer and its column of the time.');
	END IF;
	-- what has no name would be a mistake in the statement below
	IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = purchases) THEN
		PERFORM kpi.fail('42P01', format('relation %s does not exist', purchases::oid), 'Name the table or view of the purchases.');
	END IF;
	IF '' IN (customer_column, ts_column, coalesce(amount_column, ts_column)) THEN
		PERFORM kpi.fail('42703', 'the name of a column is empty', 'Name the columns of the purchases.');
	END IF;
	RETURN QUERY EXECUTE format($query$
		SELECT h.customer, (h.seen).frequency, (h.seen).recency, (h.seen).t, (h.seen).monetary_value,
			(h.whole).t - (h.seen).t,
			(h.whole).frequency - (h.seen).frequency,
			CASE
				WHEN (h.seen).frequency = 0 THEN (h.whole).monetary_value
				WHEN (h.whole).frequency > (h.seen).frequency THEN
					((h.whole).frequency * (h.whole).monetary_value - (h.seen).frequency * (h.seen).monetary_value)
						/ ((h.whole).frequency - (h.seen).frequency)
			END
		FROM (
			SELECT %1$I::text AS customer,
				kpi.rfm(%2$I, %3$s, $1, $3) AS seen,
				kpi.rfm(%2$I, %3$s, $2, $3) AS whole
			FROM %4$s
			WHERE %1$I IS NOT NULL
			GROUP BY %1$I
		) h
		WHERE (h.seen).frequency IS NOT NULL
	$query$, customer_column, ts_column, CASE WHEN amount_column IS NULL THEN 'NULL::float8' ELSE quote_ident(amount_column) END, purchases)
	USING calibration_end, holdout_end, unit;
END
$$;

-- the parameters that clv_split() and clv_validate() share
CREATE FUNCTION kpi.clv_check_split(calibration_end date, holdout_end date, unit interval) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF calibration_end IS NULL OR holdout_end IS NULL OR unit IS NULL THEN
		PERFORM kpi.fail('22004', 'calibration_end, holdout_end or unit is NULL',
			'Give the last days of calibration and of hold-out, and the unit of recency and t.');
	END IF;
	IF NOT isfinite(calibration_end) OR NOT isfinite(holdout_end) OR holdout_end <= calibration_end THEN
		PERFORM kpi.fail('22023', format('holdout_end %s is not after calibration_end %s', holdout_end, calibration_end),
			'The model is fitted up to calibration_end and tested from then to holdout_end.');
	END IF;
	IF extract(year FROM unit) <> 0 OR extract(month FROM unit) <> 0 OR extract(epoch FROM unit) < 86400 THEN
		PERFORM kpi.fail('22023', format('unit %s is not a length of at least a day', unit),
			'Write a number of days such as ''1 day'' or ''7 days''.');
	END IF;
END
$$;

COMMENT ON FUNCTION kpi.clv_split(regclass, name, name, name, date, date, interval) IS
'The customers of a table or view of purchases that bought up to the day calibration_end: frequency, recency, t and monetary_value up to that day, and what came after it up to the day holdout_end: holdout_t (in units), holdout_frequency (days with a purchase) and holdout_value (mean money of these, NULL without one). amount_column may be NULL. Rows without customer or time are left out; a NULL in another argument, a hold-out that does not follow the calibration and a unit of months or below a day are errors.';
COMMENT ON FUNCTION kpi.clv_check_split(date, date, interval) IS
'Raises an error where the parameters of clv_split() or clv_validate() are wrong.';

CREATE FUNCTION kpi.clv_validate(purchases regclass, customer_column name, ts_column name,
								 calibration_end date, holdout_end date, unit interval DEFAULT '7 days',
								 model text DEFAULT 'bgnbd')
	RETURNS TABLE (part text, class text, customers bigint, actual float8, expected float8, error float8, warning text)
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.clv_check_split(calibration_end, holdout_end, unit);
	IF model IS NULL OR model NOT IN ('bgnbd', 'mbgnbd', 'pareto_nbd') THEN
		PERFORM kpi.fail('22023', format('unrecognized model %s', coalesce('"' || model || '"', 'NULL')),
			'Use "bgnbd", "mbgnbd" or "pareto_nbd".');
	END IF;
	RETURN QUERY EXECUTE format($query$
	WITH split AS MATERIALIZED (
		SELECT * FROM kpi.clv_split($1, $2, $3, NULL, $4, $5, $6)
	), fit AS MATERIALIZED (
		SELECT kpi.clv_%1$s_fit(frequency, recency, t) AS model FROM split
	), customer AS MATERIALIZED (
		SELECT s.*, kpi.clv_expected_purchases(f.model, s.holdout_t, s.frequency, s.recency, s.t) AS expected
		FROM split s, fit f
	), age AS MATERIALIZED (
		SELECT t, count(*)::float8 AS customers FROM split GROUP BY t
	), total AS (
		SELECT count(*) AS customers, sum(holdout_frequency)::float8 AS actual, sum(expected) AS expected FROM customer
	), by_class AS (
		SELECT least(frequency, 7) AS place, count(*) AS customers, sum(holdout_frequency)::float8 AS actual, sum(expected) AS expected
		FROM customer GROUP BY 1
	), chance AS (
		SELECT n AS place, sum(age.customers * kpi.clv_purchase_probability(f.model, n, age.t)) AS expected
		FROM fit f, age, generate_series(0, 6) n GROUP BY n
	), repeat AS (
		SELECT p.place, coalesce(b.customers, 0) AS customers,
			coalesce(c.expected, (SELECT sum(customers) FROM age) - (SELECT sum(expected) FROM chance)) AS expected
		FROM generate_series(0, 7) p (place) LEFT JOIN chance c USING (place) LEFT JOIN by_class b USING (place)
	), born AS MATERIALIZED (
		SELECT $4 - round((age.t * $7)::numeric)::integer AS day, customers FROM age
	), week AS MATERIALIZED (
		SELECT k AS place, first + 7 * (k - 1) AS starts, least(first + 7 * k - 1, $5) AS ends
		FROM (SELECT min(day) AS first FROM born) b, generate_series(1, ($5 - first) / 7 + 1) k
	), bought AS MATERIALIZED (
		SELECT day, count(*)::float8 AS purchases FROM (
			SELECT %2$I::text AS customer, %3$I::date AS day, min(%3$I::date) OVER (PARTITION BY %2$I) AS first
			FROM %4$s WHERE %2$I IS NOT NULL AND isfinite(%3$I) GROUP BY %2$I, 2
		) p WHERE p.day > p.first AND p.first <= $4 AND p.day <= $5 GROUP BY day
	), course AS MATERIALIZED (
		SELECT w.place, w.starts, w.ends,
			coalesce((SELECT sum(purchases) FROM bought WHERE day BETWEEN w.starts AND w.ends), 0) AS actual,
			(SELECT sum(b.customers * (kpi.clv_expected_purchases(f.model, (w.ends - b.day) / $7)
				- kpi.clv_expected_purchases(f.model, greatest(w.starts - 1 - b.day, 0) / $7))) FROM born b WHERE b.day <= w.ends) AS expected,
			(SELECT sum(b.customers) FROM born b WHERE b.day <= w.ends)::bigint AS customers
		FROM week w, fit f
	), tracked AS (
		SELECT sum(actual) AS actual, sum(expected) AS expected FROM course WHERE ends <= $4
	), judged AS (
		SELECT concat_ws('; ',
			CASE WHEN t.customers = 0 THEN 'nobody bought up to calibration_end' END,
			CASE WHEN (f.model).status <> 'converged' THEN format('the fit ended as %%s', (f.model).status) END,
			CASE WHEN abs(t.expected - t.actual) > 0.2 * t.actual THEN
				format('%%s %%%% %%s purchases expected in the hold-out than came', round(abs(100 * (t.expected / nullif(t.actual, 0) - 1))),
					CASE WHEN t.expected > t.actual THEN 'more' ELSE 'fewer' END) END,
			CASE WHEN abs(c.expected - c.actual) > 0.1 * c.actual THEN
				format('purchases up to the end of calibration are missed by %%s %%%%', round(abs(100 * (c.expected / nullif(c.actual, 0) - 1)))) END,
			CASE WHEN (SELECT sum(abs(r.expected - r.customers)) / 2 FROM repeat r) > 0.05 * t.customers THEN
				format('%%s %%%% of the customers have another number of repeat purchases than expected',
					round((SELECT 50 * sum(abs(r.expected - r.customers)) FROM repeat r) / t.customers)) END,
			CASE WHEN (SELECT sum(abs(b.expected - b.actual)) FROM by_class b) > 0.3 * t.actual THEN
				format('purchases by frequency are missed by %%s %%%%', round(100 * (SELECT sum(abs(b.expected - b.actual)) FROM by_class b) / nullif(t.actual, 0))) END
		) AS warning
		FROM fit f, total t, tracked c
	), answer AS (
		SELECT 1 AS part_place, 0 AS place, 'holdout' AS part, 'all' AS class, customers, actual, expected, nullif(warning, '') AS warning
		FROM total, judged
		UNION ALL
		SELECT 2, place, 'frequency', place || CASE WHEN place = 7 THEN '+' ELSE '' END, customers, actual, expected, NULL FROM by_class
		UNION ALL
		SELECT 3, place, 'repeat', place || CASE WHEN place = 7 THEN '+' ELSE '' END, customers, customers::float8, expected, NULL FROM repeat
		UNION ALL
		SELECT 4, place, 'week', to_char(ends, 'YYYY-MM-DD'), customers, actual, expected, NULL FROM course
	)
	SELECT part, class, customers, actual, expected, expected / nullif(actual, 0) - 1, warning
	FROM answer ORDER BY part_place, place
	$query$, model, customer_column, ts_column, purchases)
	USING purchases, customer_column, ts_column, calibration_end, holdout_end, unit, extract(epoch FROM unit)::float8 / 86400;
END
$$;

COMMENT ON FUNCTION kpi.clv_validate(regclass, name, name, date, date, interval, text) IS
'Whether a model fits the purchases of a table or view: fitted up to the day calibration_end, tested up to the day holdout_end. One row each: part holdout (purchases of all customers after calibration_end; warning says in plain words what does not fit, NULL where nothing stands out), frequency (the same by repeat purchases in the calibration), repeat (customers by repeat purchases in the calibration), week (repeat purchases by week from the first one on; class is its last day). error is expected / actual - 1. model: bgnbd, mbgnbd or pareto_nbd. Rows without customer or time are left out; a NULL argument, a hold-out that does not follow the calibration, a unit of months or below a day and an unknown model are errors.';

CREATE TYPE kpi.clv_interval AS (
	estimate float8,
	se float8,
	lower float8,
	upper float8
);
COMMENT ON TYPE kpi.clv_interval IS 'What a model expects of customers together, and how well its parameters are known.';
COMMENT ON COLUMN kpi.clv_interval.estimate IS 'Sum over the customers.';
COMMENT ON COLUMN kpi.clv_interval.se IS 'Its standard error; NULL where a model has no covariance.';
COMMENT ON COLUMN kpi.clv_interval.lower IS 'Lower end of the interval, above 0; NULL where se is.';
COMMENT ON COLUMN kpi.clv_interval.upper IS 'Upper end of the interval; NULL where se is.';

CREATE FUNCTION kpi.interval_combine(float8[], float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.interval_final(float8[]) RETURNS kpi.clv_interval
	AS 'MODULE_PATHNAME', 'kpi_interval_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.interval_combine(float8[], float8[]) IS
'Two states of an interval as one.';
COMMENT ON FUNCTION kpi.interval_final(float8[]) IS
'Final function of the intervals.';

-- BG/NBD; not STRICT: a customer with a NULL is left out
CREATE FUNCTION kpi.interval_purchases_accum(float8[], kpi.bgnbd_model, float8, float8, float8, float8, float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_purchases_bgnbd' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
CREATE AGGREGATE kpi.clv_expected_purchases_interval(model kpi.bgnbd_model, future_t float8,
		frequency float8, recency float8, t float8, confidence float8) (
	SFUNC = kpi.interval_purchases_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi.interval_final, COMBINEFUNC = kpi.interval_combine, PARALLEL = SAFE
);
CREATE FUNCTION kpi.interval_discounted_accum(float8[], kpi.bgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_discounted_bgnbd' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
CREATE AGGREGATE kpi.clv_discounted_interval(model kpi.bgnbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8, discount_rate float8,
		frequency float8, recency float8, t float8, monetary_value float8, confidence float8) (
	SFUNC = kpi.interval_discounted_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi.interval_final, COMBINEFUNC = kpi.interval_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.interval_purchases_accum(float8[], kpi.bgnbd_model, float8, float8, float8, float8, float8) IS
'Transition of clv_expected_purchases_interval() for BG/NBD.';
COMMENT ON AGGREGATE kpi.clv_expected_purchases_interval(kpi.bgnbd_model, float8, float8, float8, float8, float8) IS
'Purchases expected of the customers together in the time future_t after t, by the BG/NBD model, with standard error and interval at that confidence (delta method): how well the parameters are known, not how single customers scatter. Customers with a NULL, NaN or infinite argument are left out, NULL where none is left; values no customer can have, a future_t below 0, a confidence outside 0 to 1 and models that differ between rows are errors.';
COMMENT ON FUNCTION kpi.interval_discounted_accum(float8[], kpi.bgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) IS
'Transition of clv_discounted_interval() for BG/NBD.';
COMMENT ON AGGREGATE kpi.clv_discounted_interval(kpi.bgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) IS
'Sum of clv_discounted() over the customers, by the BG/NBD and the Gamma-Gamma model, with standard error and interval at that confidence (delta method): how well the parameters are known, not how single customers scatter. Customers whose own value is NULL are left out, NULL where none is left; values no customer can have, wrong periods, a confidence outside 0 to 1 and models that differ between rows are errors.';

-- MBG/NBD; not STRICT: a customer with a NULL is left out
CREATE FUNCTION kpi.interval_purchases_accum(float8[], kpi.mbgnbd_model, float8, float8, float8, float8, float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_purchases_mbgnbd' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
CREATE AGGREGATE kpi.clv_expected_purchases_interval(model kpi.mbgnbd_model, future_t float8,
		frequency float8, recency float8, t float8, confidence float8) (
	SFUNC = kpi.interval_purchases_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi.interval_final, COMBINEFUNC = kpi.interval_combine, PARALLEL = SAFE
);
CREATE FUNCTION kpi.interval_discounted_accum(float8[], kpi.mbgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_discounted_mbgnbd' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
CREATE AGGREGATE kpi.clv_discounted_interval(model kpi.mbgnbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8, discount_rate float8,
		frequency float8, recency float8, t float8, monetary_value float8, confidence float8) (
	SFUNC = kpi.interval_discounted_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi.interval_final, COMBINEFUNC = kpi.interval_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.interval_purchases_accum(float8[], kpi.mbgnbd_model, float8, float8, float8, float8, float8) IS
'Transition of clv_expected_purchases_interval() for MBG/NBD.';
COMMENT ON AGGREGATE kpi.clv_expected_purchases_interval(kpi.mbgnbd_model, float8, float8, float8, float8, float8) IS
'Purchases expected of the customers together in the time future_t after t, by the MBG/NBD model, with standard error and interval at that confidence (delta method): how well the parameters are known, not how single customers scatter. Customers with a NULL, NaN or infinite argument are left out, NULL where none is left; values no customer can have, a future_t below 0, a confidence outside 0 to 1 and models that differ between rows are errors.';
COMMENT ON FUNCTION kpi.interval_discounted_accum(float8[], kpi.mbgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) IS
'Transition of clv_discounted_interval() for MBG/NBD.';
COMMENT ON AGGREGATE kpi.clv_discounted_interval(kpi.mbgnbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) IS
'Sum of clv_discounted() over the customers, by the MBG/NBD and the Gamma-Gamma model, with standard error and interval at that confidence (delta method): how well the parameters are known, not how single customers scatter. Customers whose own value is NULL are left out, NULL where none is left; values no customer can have, wrong periods, a confidence outside 0 to 1 and models that differ between rows are errors.';

-- Pareto/NBD; not STRICT: a customer with a NULL is left out
CREATE FUNCTION kpi.interval_purchases_accum(float8[], kpi.pareto_nbd_model, float8, float8, float8, float8, float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_purchases_pareto_nbd' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
CREATE AGGREGATE kpi.clv_expected_purchases_interval(model kpi.pareto_nbd_model, future_t float8,
		frequency float8, recency float8, t float8, confidence float8) (
	SFUNC = kpi.interval_purchases_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi.interval_final, COMBINEFUNC = kpi.interval_combine, PARALLEL = SAFE
);
CREATE FUNCTION kpi.interval_discounted_accum(float8[], kpi.pareto_nbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_interval_discounted_pareto_nbd' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
CREATE AGGREGATE kpi.clv_discounted_interval(model kpi.pareto_nbd_model, gg_model kpi.gamma_gamma_model, periods integer, period_length float8, discount_rate float8,
		frequency float8, recency float8, t float8, monetary_value float8, confidence float8) (
	SFUNC = kpi.interval_discounted_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi.interval_final, COMBINEFUNC = kpi.interval_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.interval_purchases_accum(float8[], kpi.pareto_nbd_model, float8, float8, float8, float8, float8) IS
'Transition of clv_expected_purchases_interval() for Pareto/NBD.';
COMMENT ON AGGREGATE kpi.clv_expected_purchases_interval(kpi.pareto_nbd_model, float8, float8, float8, float8, float8) IS
'Purchases expected of the customers together in the time future_t after t, by the Pareto/NBD model, with standard error and interval at that confidence (delta method): how well the parameters are known, not how single customers scatter. Customers with a NULL, NaN or infinite argument are left out, NULL where none is left; values no customer can have, a future_t below 0, a confidence outside 0 to 1 and models that differ between rows are errors.';
COMMENT ON FUNCTION kpi.interval_discounted_accum(float8[], kpi.pareto_nbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) IS
'Transition of clv_discounted_interval() for Pareto/NBD.';
COMMENT ON AGGREGATE kpi.clv_discounted_interval(kpi.pareto_nbd_model, kpi.gamma_gamma_model, integer, float8, float8, float8, float8, float8, float8, float8) IS
'Sum of clv_discounted() over the customers, by the Pareto/NBD and the Gamma-Gamma model, with standard error and interval at that confidence (delta method): how well the parameters are known, not how single customers scatter. Customers whose own value is NULL are left out, NULL where none is left; values no customer can have, wrong periods, a confidence outside 0 to 1 and models that differ between rows are errors.';
-- Errors with help, raised by the functions below that are written in SQL.

-- not STRICT: most errors have no detail
CREATE FUNCTION kpi.fail(sqlstate text, message text, hint text DEFAULT NULL, detail text DEFAULT NULL)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_fail'
	LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.fail(text, text, text, text) IS
'Raises an error with that code, message, hint and detail, and without the lines of PL/pgSQL that led to it. Hint and detail may be NULL.';
-- Periods: readable labels, the date ranges they stand for, and the cycles they belong to.

CREATE FUNCTION kpi.period(label text)
	RETURNS daterange
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	year integer;
	part text := substr(label, 6);
	first date;
	next date;
BEGIN
	IF label ~ '^[0-9]{4}(-(H[12]|Q[1-4]|W(0[1-9]|[1-4][0-9]|5[0-3])|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?$'
		AND label !~ '^0000'
	THEN
		year := substr(label, 1, 4);
		IF part = '' THEN
			first := make_date(year, 1, 1);
			next := make_date(year + 1, 1, 1);
		ELSIF part LIKE 'W%' THEN
			-- the week of 4 January is week 1
			first := date_trunc('week', CAST(make_date(year, 1, 4) AS timestamp));
			first := first + 7 * (CAST(substr(part, 2) AS integer) - 1);
			next := first + 7;
			IF extract(isoyear FROM first) <> year THEN
				first := NULL;
			END IF;
		ELSIF length(part) = 5 THEN
			first := make_date(year, CAST(left(part, 2) AS integer), 1) + CAST(right(part, 2) AS integer) - 1;
			next := first + 1;
			IF extract(month FROM first) <> CAST(left(part, 2) AS integer) THEN
				first := NULL;
			END IF;
		ELSIF part LIKE 'H%' THEN
			first := make_date(year, 6 * CAST(right(part, 1) AS integer) - 5, 1);
			next := first + interval '6 months';
		ELSIF part LIKE 'Q%' THEN
			first := make_date(year, 3 * CAST(right(part, 1) AS integer) - 2, 1);
			next := first + interval '3 months';
		ELSE
			first := make_date(year, CAST(part AS integer), 1);
			next := first + interval '1 month';
		END IF;
	END IF;
	IF first IS NULL THEN
		PERFORM kpi.fail('22023',
			format('period "%s" is not understood', label),
			'Write a year (2011), half (2011-H2), quarter (2011-Q4), month (2011-11), ISO week (2011-W45) or day (2011-11-05).');
	END IF;
	RETURN daterange(first, next);
END
$$;
COMMENT ON FUNCTION kpi.period(text) IS
'The days of a period label as a half-open range: 2011, 2011-H2, 2011-Q4, 2011-11, 2011-W45 (ISO week), 2011-11-05. NULL for NULL; any other text is an error.';

CREATE FUNCTION kpi.period_cycle(label text)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.period(label);
	RETURN CASE
			WHEN length(label) = 4 THEN 'year'
			WHEN length(label) = 10 THEN 'day'
			WHEN label LIKE '%H%' THEN 'half'
			WHEN label LIKE '%Q%' THEN 'quarter'
			WHEN label LIKE '%W%' THEN 'week'
			ELSE 'month'
		END;
END
$$;
COMMENT ON FUNCTION kpi.period_cycle(text) IS
'The cycle of a period label: year, half, quarter, month, week or day. NULL for NULL; a label that is not understood is an error.';

CREATE FUNCTION kpi.cycle_length(cycle text)
	RETURNS interval
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	CASE cycle
		WHEN 'year' THEN RETURN interval '1 year';
		WHEN 'half' THEN RETURN interval '6 months';
		WHEN 'quarter' THEN RETURN interval '3 months';
		WHEN 'month' THEN RETURN interval '1 month';
		WHEN 'week' THEN RETURN interval '7 days';
		WHEN 'day' THEN RETURN interval '1 day';
		ELSE
			PERFORM kpi.fail('22023',
				format('unrecognized cycle "%s"', cycle),
				'Use "year", "half", "quarter", "month", "week" or "day".');
	END CASE;
END
$$;
COMMENT ON FUNCTION kpi.cycle_length(text) IS
'How long one period of a cycle is: year, half, quarter, month, week or day. NULL for NULL; an unknown cycle is an error.';

CREATE FUNCTION kpi.period_start(cycle text, day date)
	RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	length CONSTANT interval := kpi.cycle_length(cycle);
BEGIN
	IF NOT isfinite(day) THEN
		RETURN NULL;
	ELSIF cycle = 'half' THEN
		RETURN date_trunc('year', CAST(day AS timestamp))
			+ CASE WHEN extract(month FROM day) > 6 THEN length ELSE interval '0' END;
	END IF;
	RETURN date_trunc(cycle, CAST(day AS timestamp));
END
$$;
COMMENT ON FUNCTION kpi.period_start(text, date) IS
'First day of the period of a cycle that contains the day. NULL for NULL or an infinite date; an unknown cycle is an error.';

CREATE FUNCTION kpi.period_end(cycle text, period_start date)
	RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN kpi.period_start(cycle, period_start) + kpi.cycle_length(cycle);
END
$$;
COMMENT ON FUNCTION kpi.period_end(text, date) IS
'The day after the last one of the period of a cycle that contains the day. NULL for NULL or an infinite date; an unknown cycle is an error.';

CREATE FUNCTION kpi.period_before(cycle text, period_start date)
	RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN kpi.period_start(cycle, period_start) - kpi.cycle_length(cycle);
END
$$;
COMMENT ON FUNCTION kpi.period_before(text, date) IS
'First day of the period before the one of a cycle that contains the day. NULL for NULL or an infinite date; an unknown cycle is an error.';

CREATE FUNCTION kpi.period_label(cycle text, period_start date)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	first CONSTANT date := kpi.period_start(cycle, period_start);
	pattern CONSTANT text := CASE cycle
			WHEN 'year' THEN 'YYYY'
			WHEN 'half' THEN 'YYYY-"H"'
			WHEN 'quarter' THEN 'YYYY-"Q"Q'
			WHEN 'month' THEN 'YYYY-MM'
			WHEN 'week' THEN 'IYYY-"W"IW'
			ELSE 'YYYY-MM-DD'
		END;
BEGIN
	IF first NOT BETWEEN date '0001-01-01' AND date '9999-12-31' THEN
		RETURN NULL;
	END IF;
	RETURN to_char(CAST(first AS timestamp), pattern)
		|| CASE WHEN cycle <> 'half' THEN '' WHEN extract(month FROM first) < 7 THEN '1' ELSE '2' END;
END
$$;
COMMENT ON FUNCTION kpi.period_label(text, date) IS
'The label of the period of a cycle that contains the day, as kpi.period() reads it. NULL for NULL, an infinite date or a period that does not begin in the years 1 to 9999; an unknown cycle is an error.';
-- Registry: what is measured, for whom, against what, and how much it counts.
--
-- Dump and restore: triggers fire while a dump is restored, so none of them
-- writes on INSERT, none plans a source, and what looks at other rows holds in
-- any order of rows; begin_restore sees to any order of tables.  Shipped rows
-- are left out of a dump by their flag.

CREATE FUNCTION kpi.default_name(key text)
	RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN pg_catalog.upper(pg_catalog.left(key, 1)) OPERATOR(pg_catalog.||)
		pg_catalog.translate(pg_catalog.substr(key, 2), '_', ' ');
COMMENT ON FUNCTION kpi.default_name(text) IS
'A readable name made of a key: new_customers gives New customers. NULL for NULL.';

CREATE DOMAIN kpi.key AS text
	CONSTRAINT key_form CHECK (VALUE OPERATOR(pg_catalog.~) '^[^\s./][^/\n]{0,62}$');
COMMENT ON DOMAIN kpi.key IS
'A key that people read: 1 to 63 characters, no slash, not beginning with a space or a dot.';

CREATE TABLE kpi.perspective (
	perspective kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100,
	shipped boolean NOT NULL DEFAULT false
);

CREATE TABLE kpi.org_unit (
	unit kpi.key PRIMARY KEY,
	-- kept by triggers: of a table that refers to itself pg_dump warns every time
	parent kpi.key,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100
);

CREATE TABLE kpi.indicator (
	indicator kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	description text,
	rule text,
	unit_of_measure text NOT NULL DEFAULT '',
	direction text NOT NULL DEFAULT 'higher'
		CHECK (direction OPERATOR(pg_catalog.=) ANY (ARRAY['higher', 'lower', 'target'])),
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	kind text NOT NULL DEFAULT 'measured'
		CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['measured', 'entered'])),
	source text,
	time_column text,
	unit_column text,
	numerator text,
	denominator text,
	filter text,
	cycle text NOT NULL DEFAULT 'month'
		CHECK (cycle OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	time_rollup text NOT NULL DEFAULT 'sum'
		CHECK (time_rollup OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'avg', 'last', 'distinct', 'ratio'])),
	attainment_method text NOT NULL DEFAULT 'ratio'
		CHECK (attainment_method OPERATOR(pg_catalog.=) ANY (ARRAY['ratio', 'inverse', 'progress'])),
	zero_target text NOT NULL DEFAULT 'null'
		CHECK (zero_target OPERATOR(pg_catalog.=) ANY (ARRAY['null', 'met'])),
	curve kpi.curve,
	decimals integer NOT NULL DEFAULT 2 CHECK (decimals OPERATOR(pg_catalog.>=) 0 AND decimals OPERATOR(pg_catalog.<=) 6),
	owner name NOT NULL DEFAULT CURRENT_USER,
	responsible text,
	data_source text,
	state text NOT NULL DEFAULT 'approved'
		CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['draft', 'approved', 'retired'])),
	version integer NOT NULL DEFAULT 1 CHECK (version OPERATOR(pg_catalog.>=) 1),
	CONSTRAINT indicator_measured CHECK (kind OPERATOR(pg_catalog.<>) 'measured' OR
		(source IS NOT NULL AND time_column IS NOT NULL AND numerator IS NOT NULL)),
	CONSTRAINT indicator_ratio CHECK (time_rollup OPERATOR(pg_catalog.<>) 'ratio' OR
		kind OPERATOR(pg_catalog.<>) 'measured' OR denominator IS NOT NULL),
	CONSTRAINT indicator_inverse CHECK (attainment_method OPERATOR(pg_catalog.<>) 'inverse' OR
		direction OPERATOR(pg_catalog.=) 'lower')
);

CREATE TABLE kpi.target (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.org_unit ON UPDATE CASCADE ON DELETE CASCADE,
	period daterange NOT NULL
		CHECK (NOT pg_catalog.isempty(period) AND NOT pg_catalog.lower_inf(period) AND NOT pg_catalog.upper_inf(period)
			AND pg_catalog.isfinite(pg_catalog.lower(period)) AND pg_catalog.isfinite(pg_catalog.upper(period))),
	target numeric NOT NULL CHECK (pg_catalog.abs(target) OPERATOR(pg_catalog.<) 1e100),
	baseline numeric CHECK (pg_catalog.abs(baseline) OPERATOR(pg_catalog.<) 1e100),
	stretch numeric CHECK (pg_catalog.abs(stretch) OPERATOR(pg_catalog.<) 1e100),
	basis text NOT NULL DEFAULT 'agreed'
		CHECK (basis OPERATOR(pg_catalog.=) ANY (ARRAY['history', 'industry', 'capability', 'agreed'])),
	note text,
	PRIMARY KEY (indicator, unit, period),
	CONSTRAINT target_overlap EXCLUDE USING gist
		(CAST(indicator AS text) WITH OPERATOR(pg_catalog.=), CAST(unit AS text) WITH OPERATOR(pg_catalog.=),
		 period WITH OPERATOR(pg_catalog.&&))
);

CREATE TABLE kpi.bands (
	bands kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false
);

CREATE TABLE kpi.band (
	bands kpi.key NOT NULL REFERENCES kpi.bands ON UPDATE CASCADE ON DELETE CASCADE,
	code kpi.key NOT NULL,
	lower_bound numeric CHECK (lower_bound OPERATOR(pg_catalog.>) '-Infinity' AND lower_bound OPERATOR(pg_catalog.<) 'Infinity'),
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	status integer NOT NULL CHECK (status OPERATOR(pg_catalog.>=) -1 AND status OPERATOR(pg_catalog.<=) 1),
	colour text NOT NULL CHECK (colour OPERATOR(pg_catalog.<>) ''),
	coefficient numeric CHECK (coefficient OPERATOR(pg_catalog.>=) 0 AND coefficient OPERATOR(pg_catalog.<) 'Infinity'),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (bands, code),
	CONSTRAINT band_lower_bound UNIQUE NULLS NOT DISTINCT (bands, lower_bound)
);

CREATE TABLE kpi.scorecard (
	scorecard kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	cycle text NOT NULL DEFAULT 'month'
		CHECK (cycle OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	method text NOT NULL DEFAULT 'weighted'
		CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric', 'points'])),
	missing text NOT NULL DEFAULT 'renormalize'
		CHECK (missing OPERATOR(pg_catalog.=) ANY (ARRAY['renormalize', 'zero', 'null', 'carry', 'target'])),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	bands kpi.key NOT NULL DEFAULT 'standard' REFERENCES kpi.bands ON UPDATE CASCADE
);

CREATE TABLE kpi.scorecard_node (
	scorecard kpi.key NOT NULL REFERENCES kpi.scorecard ON UPDATE CASCADE ON DELETE CASCADE,
	node kpi.key NOT NULL,
	parent kpi.key,
	indicator kpi.key REFERENCES kpi.indicator ON UPDATE CASCADE,
	unit kpi.key REFERENCES kpi.org_unit ON UPDATE CASCADE,
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	weight numeric CHECK (weight OPERATOR(pg_catalog.>=) 0 AND weight OPERATOR(pg_catalog.<) 'Infinity'),
	role text CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['part', 'priority', 'bonus', 'deduction',
															 'veto_zero', 'veto_cap', 'veto_grade', 'veto_coefficient'])),
	role_limit numeric,
	method text CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority',
																 'geometric', 'points', 'self'])),
	missing text CHECK (missing OPERATOR(pg_catalog.=) ANY (ARRAY['renormalize', 'zero', 'null', 'carry', 'target'])),
	max_age integer NOT NULL DEFAULT 1 CHECK (max_age OPERATOR(pg_catalog.>=) 0 AND max_age OPERATOR(pg_catalog.<=) 1000),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	curve kpi.curve,
	floor numeric CHECK (floor OPERATOR(pg_catalog.>) '-Infinity' AND floor OPERATOR(pg_catalog.<) 'Infinity'),
	cap numeric CHECK (cap OPERATOR(pg_catalog.>) '-Infinity' AND cap OPERATOR(pg_catalog.<) 'Infinity'),
	position integer NOT NULL DEFAULT 100,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT pg_catalog.isempty(valid)),
	PRIMARY KEY (scorecard, node, valid),
	CONSTRAINT scorecard_node_overlap EXCLUDE USING gist
		(CAST(scorecard AS text) WITH OPERATOR(pg_catalog.=), CAST(node AS text) WITH OPERATOR(pg_catalog.=),
		 valid WITH OPERATOR(pg_catalog.&&)),
	CONSTRAINT scorecard_node_not_root CHECK (CAST(node AS text) OPERATOR(pg_catalog.<>) CAST(scorecard AS text)),
	CONSTRAINT scorecard_node_limits CHECK (floor OPERATOR(pg_catalog.<=) cap),
	CONSTRAINT scorecard_node_role_limit CHECK (
		CASE WHEN role OPERATOR(pg_catalog.=) ANY (ARRAY['bonus', 'deduction'])
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 0 AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN role OPERATOR(pg_catalog.=) 'veto_cap'
			 THEN role_limit IS NOT NULL AND role_limit OPERATOR(pg_catalog.>) '-Infinity' AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN role OPERATOR(pg_catalog.=) 'veto_grade'
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 1 AND role_limit OPERATOR(pg_catalog.<=) 1000
				AND role_limit OPERATOR(pg_catalog.=) pg_catalog.trunc(role_limit)
			 ELSE role_limit IS NULL END)
);

CREATE TABLE kpi.measurement (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.org_unit ON UPDATE CASCADE ON DELETE CASCADE,
	cycle text NOT NULL
		CHECK (cycle OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	period_start date NOT NULL,
	numerator numeric,
	denominator numeric,
	value numeric,
	row_count bigint CHECK (row_count OPERATOR(pg_catalog.>=) 0),
	provisional boolean NOT NULL DEFAULT false,
	note text,
	collected_at timestamptz,
	PRIMARY KEY (indicator, unit, cycle, period_start),
	CONSTRAINT measurement_period_start CHECK (pg_catalog.isfinite(period_start) AND
		period_start OPERATOR(pg_catalog.=) CAST(pg_catalog.date_trunc(cycle, CAST(period_start AS timestamp)) AS date))
);

CREATE TABLE kpi.run (
	run bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	from_date date NOT NULL,
	to_date date NOT NULL,
	started timestamptz NOT NULL,
	finished timestamptz,
	who name NOT NULL DEFAULT CURRENT_USER,
	indicators integer NOT NULL,
	failed integer NOT NULL DEFAULT 0,
	CONSTRAINT run_dates CHECK (from_date OPERATOR(pg_catalog.<) to_date)
);

CREATE TABLE kpi.run_step (
	run bigint NOT NULL REFERENCES kpi.run ON DELETE CASCADE,
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	started timestamptz NOT NULL,
	finished timestamptz NOT NULL,
	state text NOT NULL
		CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['collected', 'failed'])),
	measurements integer NOT NULL DEFAULT 0,
	changed integer NOT NULL DEFAULT 0,
	source_rows bigint NOT NULL DEFAULT 0,
	unassigned_rows bigint NOT NULL DEFAULT 0,
	kept integer NOT NULL DEFAULT 0,
	sqlstate text,
	error text,
	hint text,
	PRIMARY KEY (run, indicator)
);

CREATE TABLE kpi.translation (
	language text NOT NULL CHECK (language OPERATOR(pg_catalog.~) '^[a-z]{2,3}(-[A-Za-z0-9]+)*$'),
	topic text NOT NULL
		CHECK (topic OPERATOR(pg_catalog.=) ANY (ARRAY['perspective', 'org_unit', 'indicator', 'scorecard', 'node', 'status', 'reason', 'trend', 'unit_of_measure', 'heading'])),
	code text NOT NULL,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (language, topic, code, shipped)
);

-- the foreign keys and the collector look rows up this way round
CREATE INDEX org_unit_parent_idx ON kpi.org_unit (parent);
CREATE INDEX target_unit_idx ON kpi.target (unit);
CREATE INDEX scorecard_node_indicator_idx ON kpi.scorecard_node (indicator);
CREATE INDEX measurement_unit_idx ON kpi.measurement (unit);
CREATE INDEX measurement_period_idx ON kpi.measurement (cycle, period_start);
CREATE INDEX run_step_indicator_idx ON kpi.run_step (indicator);

COMMENT ON TABLE kpi.perspective IS
'A side of the balanced scorecard. Four are shipped and stay as they are; add your own.';
COMMENT ON COLUMN kpi.perspective.perspective IS 'Key.';
COMMENT ON COLUMN kpi.perspective.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.perspective.position IS 'Order among the perspectives.';
COMMENT ON COLUMN kpi.perspective.shipped IS 'Row of the extension itself: not edited, not dumped.';

COMMENT ON TABLE kpi.org_unit IS
'Who is measured: a department, region, team or person. Units form a tree; an upper unit covers the rows of all units below it.';
COMMENT ON COLUMN kpi.org_unit.unit IS 'Key; also the value of the unit column in the sources.';
COMMENT ON COLUMN kpi.org_unit.parent IS 'The unit above; NULL for a root.';
COMMENT ON COLUMN kpi.org_unit.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.org_unit.position IS 'Order among the units of one parent.';

COMMENT ON TABLE kpi.indicator IS
'The one definition of an indicator: what it means, where its values come from and how they are judged.';
COMMENT ON COLUMN kpi.indicator.indicator IS 'Key.';
COMMENT ON COLUMN kpi.indicator.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.indicator.description IS 'What it says and why it is watched.';
COMMENT ON COLUMN kpi.indicator.rule IS 'How it is computed, in words.';
COMMENT ON COLUMN kpi.indicator.unit_of_measure IS 'Unit of its values, such as GBP or days; % shows a fraction times 100; empty for a plain number.';
COMMENT ON COLUMN kpi.indicator.direction IS 'Which way is better: higher, lower, or target (the closer to the target the better).';
COMMENT ON COLUMN kpi.indicator.perspective IS 'The perspective it belongs to; NULL for none.';
COMMENT ON COLUMN kpi.indicator.kind IS 'measured: computed from the source; entered: values are written to kpi.measurement.';
COMMENT ON COLUMN kpi.indicator.source IS 'Table or view the values come from, quoted and with its schema.';
COMMENT ON COLUMN kpi.indicator.time_column IS 'Column of the source that says when: date, timestamp or timestamptz.';
COMMENT ON COLUMN kpi.indicator.unit_column IS 'Column of the source that names the unit; NULL where rows belong to no unit.';
COMMENT ON COLUMN kpi.indicator.numerator IS 'Aggregate expression over the source, such as sum(amount).';
COMMENT ON COLUMN kpi.indicator.denominator IS 'Aggregate expression the numerator is divided by; NULL where the numerator is the value.';
COMMENT ON COLUMN kpi.indicator.filter IS 'Condition on the rows of the source that count; NULL for all.';
COMMENT ON COLUMN kpi.indicator.cycle IS 'Shortest period that is measured: month, quarter or year.';
COMMENT ON COLUMN kpi.indicator.time_rollup IS 'How periods make longer ones: sum, avg, last, distinct or ratio. Targets of sum are shared out by days, others are averaged by days.';
COMMENT ON COLUMN kpi.indicator.attainment_method IS 'ratio, inverse or progress.';
COMMENT ON COLUMN kpi.indicator.zero_target IS 'Attainment of a target of 0: null (undefined) or met (1 or 0).';
COMMENT ON COLUMN kpi.indicator.curve IS 'Curve from attainment to points; NULL for 100 points per whole attainment.';
COMMENT ON COLUMN kpi.indicator.decimals IS 'Decimals its values are shown with, 0 to 6.';
COMMENT ON COLUMN kpi.indicator.owner IS 'Role with whose rights the source is read.';
COMMENT ON COLUMN kpi.indicator.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.indicator.data_source IS 'Where the data comes from, in words.';
COMMENT ON COLUMN kpi.indicator.state IS 'draft, approved or retired; a retired indicator is not collected.';
COMMENT ON COLUMN kpi.indicator.version IS 'Counts the changes of the definition, from 1.';
COMMENT ON CONSTRAINT indicator_measured ON kpi.indicator IS 'A measured indicator has a source, a time column and a numerator.';
COMMENT ON CONSTRAINT indicator_ratio ON kpi.indicator IS 'A measured indicator that rolls up as a ratio has a denominator.';
COMMENT ON CONSTRAINT indicator_inverse ON kpi.indicator IS 'target / actual makes sense only where lower is better.';

COMMENT ON TABLE kpi.target IS
'What is to be reached by a unit over a period. No two periods of one indicator and unit overlap.';
COMMENT ON COLUMN kpi.target.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.target.unit IS 'The unit.';
COMMENT ON COLUMN kpi.target.period IS 'The days it holds for, half-open and bounded.';
COMMENT ON COLUMN kpi.target.target IS 'Value to be reached over the whole period, in the unit of the indicator.';
COMMENT ON COLUMN kpi.target.baseline IS 'Where the way to the target begins, for the attainment method progress.';
COMMENT ON COLUMN kpi.target.stretch IS 'A higher aim; shown, not scored.';
COMMENT ON COLUMN kpi.target.basis IS 'What it was derived from: history, industry, capability or agreed.';
COMMENT ON COLUMN kpi.target.note IS 'Anything worth remembering about it.';
COMMENT ON CONSTRAINT target_overlap ON kpi.target IS 'A day has one target: periods of one indicator and unit do not overlap.';

COMMENT ON TABLE kpi.bands IS
'A scale: an ordered set of bands that scores fall in.';
COMMENT ON COLUMN kpi.bands.bands IS 'Key.';
COMMENT ON COLUMN kpi.bands.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.bands.shipped IS 'Row of the extension itself: not edited, not dumped.';

COMMENT ON TABLE kpi.band IS
'One step of a scale. A score falls in the band with the highest lower bound that it reaches.';
COMMENT ON COLUMN kpi.band.bands IS 'The scale.';
COMMENT ON COLUMN kpi.band.code IS 'Key within the scale, such as red.';
COMMENT ON COLUMN kpi.band.lower_bound IS 'Lowest score of the band, in points; NULL for the bottom one.';
COMMENT ON COLUMN kpi.band.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.band.status IS '-1 bad, 0 in between, 1 good.';
COMMENT ON COLUMN kpi.band.colour IS 'Colour as CSS writes it.';
COMMENT ON COLUMN kpi.band.coefficient IS 'Factor for pay; NULL where none is agreed.';
COMMENT ON COLUMN kpi.band.shipped IS 'Row of the extension itself: not edited, not dumped.';
COMMENT ON CONSTRAINT band_lower_bound ON kpi.band IS 'No two bands of a scale begin at the same score.';

COMMENT ON TABLE kpi.scorecard IS
'A named tree of weighted indicators.';
COMMENT ON COLUMN kpi.scorecard.scorecard IS 'Key; also the key of the root node.';
COMMENT ON COLUMN kpi.scorecard.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard.cycle IS 'Shortest period it is evaluated for: month, quarter or year.';
COMMENT ON COLUMN kpi.scorecard.method IS 'How the root, and groups without a rule of their own, get their score: weighted, average, worst, best, sum, majority, priority, geometric or points.';
COMMENT ON COLUMN kpi.scorecard.missing IS 'What a missing score does: renormalize, zero, null, carry or target. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for any. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.bands IS 'Scale that gives the status.';

COMMENT ON TABLE kpi.scorecard_node IS
'A node of a scorecard over the days it is valid: a group, or a leaf that shows an indicator.';
COMMENT ON COLUMN kpi.scorecard_node.scorecard IS 'The scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.node IS 'Key within the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.parent IS 'The node above; NULL directly below the root.';
COMMENT ON COLUMN kpi.scorecard_node.indicator IS 'Indicator shown by a leaf; NULL for a group.';
COMMENT ON COLUMN kpi.scorecard_node.unit IS 'Unit measured where it is not the one evaluated.';
COMMENT ON COLUMN kpi.scorecard_node.perspective IS 'Perspective it is shown under; NULL for none.';
COMMENT ON COLUMN kpi.scorecard_node.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard_node.weight IS 'Weight among its siblings, on any scale; NULL shows without counting.';
COMMENT ON COLUMN kpi.scorecard_node.role IS 'What it is to the node above: part, priority, bonus, deduction, veto_zero, veto_cap, veto_grade or veto_coefficient; NULL is part.';
COMMENT ON COLUMN kpi.scorecard_node.role_limit IS 'Most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes (NULL is 1).';
COMMENT ON COLUMN kpi.scorecard_node.method IS 'How a group gets its score: weighted, average, worst, best, sum, majority, priority, geometric, points, or self for its own indicator; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.missing IS 'What missing scores below it do: renormalize, zero, null, carry or target; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.max_age IS 'Periods for which its last score is carried where the rule of the node above is carry.';
COMMENT ON COLUMN kpi.scorecard_node.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.curve IS 'Curve used instead of that of the indicator.';
COMMENT ON COLUMN kpi.scorecard_node.floor IS 'Lowest score in points; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard_node.cap IS 'Highest score in points; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard_node.position IS 'Order among its siblings.';
COMMENT ON COLUMN kpi.scorecard_node.valid IS 'Days on which this version of the node is in force.';
COMMENT ON CONSTRAINT scorecard_node_overlap ON kpi.scorecard_node IS 'A node has one version on any day.';
COMMENT ON CONSTRAINT scorecard_node_not_root ON kpi.scorecard_node IS 'The key of the scorecard is the key of its root.';
COMMENT ON CONSTRAINT scorecard_node_limits ON kpi.scorecard_node IS 'The floor is not above the cap.';
COMMENT ON CONSTRAINT scorecard_node_role_limit ON kpi.scorecard_node IS 'A limit goes with its role.';

COMMENT ON TABLE kpi.measurement IS
'An actual: the value of an indicator for a unit in a period. No row means not measured.';
COMMENT ON COLUMN kpi.measurement.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.measurement.unit IS 'The unit.';
COMMENT ON COLUMN kpi.measurement.cycle IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.measurement.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.measurement.numerator IS 'Value of the numerator.';
COMMENT ON COLUMN kpi.measurement.denominator IS 'Value of the denominator; NULL where there is none.';
COMMENT ON COLUMN kpi.measurement.value IS 'The actual; NULL where it is undefined.';
COMMENT ON COLUMN kpi.measurement.row_count IS 'Rows of the source that counted.';
COMMENT ON COLUMN kpi.measurement.provisional IS 'The period was not over when it was collected.';
COMMENT ON COLUMN kpi.measurement.note IS 'invalid where the source gave NaN or infinity, or anything worth remembering.';
COMMENT ON COLUMN kpi.measurement.collected_at IS 'When it was collected or last changed by collecting; NULL for a row entered by hand, which collecting never overwrites.';
COMMENT ON CONSTRAINT measurement_period_start ON kpi.measurement IS 'The day is the first one of its month, quarter or year.';

COMMENT ON TABLE kpi.run IS
'One collection.';
COMMENT ON COLUMN kpi.run.run IS 'Number.';
COMMENT ON COLUMN kpi.run.from_date IS 'First day that was asked for.';
COMMENT ON COLUMN kpi.run.to_date IS 'The day after the last one.';
COMMENT ON COLUMN kpi.run.started IS 'When it began.';
COMMENT ON COLUMN kpi.run.finished IS 'When it ended; NULL while it runs or when it was stopped.';
COMMENT ON COLUMN kpi.run.who IS 'Role that ran it.';
COMMENT ON COLUMN kpi.run.indicators IS 'How many indicators it was to collect.';
COMMENT ON COLUMN kpi.run.failed IS 'How many of them failed.';
COMMENT ON CONSTRAINT run_dates ON kpi.run IS 'A collection covers at least one day.';

COMMENT ON TABLE kpi.run_step IS
'What a collection did for one indicator.';
COMMENT ON COLUMN kpi.run_step.run IS 'The collection.';
COMMENT ON COLUMN kpi.run_step.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.run_step.started IS 'When it began.';
COMMENT ON COLUMN kpi.run_step.finished IS 'When it ended.';
COMMENT ON COLUMN kpi.run_step.state IS 'collected or failed.';
COMMENT ON COLUMN kpi.run_step.measurements IS 'Measurements of the indicator in the periods collected.';
COMMENT ON COLUMN kpi.run_step.changed IS 'How many of them are new, changed or gone.';
COMMENT ON COLUMN kpi.run_step.source_rows IS 'Rows of the source that were read.';
COMMENT ON COLUMN kpi.run_step.unassigned_rows IS 'Rows whose unit is missing or unknown.';
COMMENT ON COLUMN kpi.run_step.kept IS 'Rows entered by hand that were left alone.';
COMMENT ON COLUMN kpi.run_step.sqlstate IS 'Code of the error; NULL where none.';
COMMENT ON COLUMN kpi.run_step.error IS 'Message of the error.';
COMMENT ON COLUMN kpi.run_step.hint IS 'Hint of the error.';

COMMENT ON TABLE kpi.translation IS
'A name or word in another language. Your row goes before the shipped one.';
COMMENT ON COLUMN kpi.translation.language IS 'Language code, such as zh.';
COMMENT ON COLUMN kpi.translation.topic IS 'What the code is a key of.';
COMMENT ON COLUMN kpi.translation.code IS 'The key or word that is translated.';
COMMENT ON COLUMN kpi.translation.name IS 'The translation.';
COMMENT ON COLUMN kpi.translation.shipped IS 'Row of the extension itself: not edited, not dumped.';

COMMENT ON CONSTRAINT key_form ON DOMAIN kpi.key IS 'Keys are short and read well in a path, whose steps a slash divides.';
COMMENT ON SEQUENCE kpi.run_run_seq IS 'Numbers of collections.';

-- Shipped rows, before the triggers that keep everybody else from writing such.

INSERT INTO kpi.perspective (perspective, name, position, shipped) VALUES
	('financial', 'Financial', 10, true),
	('customer', 'Customer', 20, true),
	('process', 'Internal process', 30, true),
	('learning', 'Learning and growth', 40, true);

INSERT INTO kpi.bands (bands, name, shipped) VALUES ('standard', 'Red, amber, green', true);

INSERT INTO kpi.band (bands, code, lower_bound, name, status, colour, shipped) VALUES
	('standard', 'red', NULL, 'Red', -1, '#c0392b', true),
	('standard', 'amber', 70, 'Amber', 0, '#d68910', true),
	('standard', 'green', 90, 'Green', 1, '#1e8449', true);

INSERT INTO kpi.translation (language, topic, code, name, shipped) VALUES
	('en', 'status', 'none', 'No data', true),
	('en', 'reason', 'no_actual', 'No actual', true),
	('en', 'reason', 'no_target', 'No target', true),
	('en', 'reason', 'partial_target', 'Targets cover only a part of the period', true),
	('en', 'reason', 'no_baseline', 'No baseline', true),
	('en', 'reason', 'invalid', 'Value is not a number', true),
	('en', 'reason', 'zero_target', 'Target is 0', true),
	('en', 'reason', 'sign', 'Actual or target is not positive', true),
	('en', 'reason', 'zero_span', 'Target equals baseline', true),
	('en', 'reason', 'no_data', 'No data', true),
	('en', 'reason', 'no_weight', 'No weight', true),
	('en', 'reason', 'missing_child', 'A part is missing', true),
	('en', 'reason', 'low_coverage', 'Too much is missing', true),
	('en', 'reason', 'stale', 'Value is out of date', true),
	('en', 'reason', 'veto', 'Veto', true),
	('en', 'reason', 'collection_failed', 'Collection failed', true),
	('en', 'reason', 'unassigned_rows', 'Rows without a known unit', true),
	('en', 'reason', 'never_collected', 'Never collected', true),
	('en', 'reason', 'provisional', 'Period not over', true),
	('en', 'reason', 'gap', 'Measurement missing in between', true),
	('en', 'reason', 'weight_sum', 'Weights do not sum to 1 or 100', true),
	('en', 'reason', 'without_weight', 'Shown without weight', true),
	('en', 'reason', 'without_parent', 'Node above not in force', true),
	('en', 'trend', 'improving', 'Improving', true),
	('en', 'trend', 'unchanged', 'Unchanged', true),
	('en', 'trend', 'worsening', 'Worsening', true),
	('en', 'heading', 'scorecard', 'Scorecard', true),
	('en', 'heading', 'perspective', 'Perspective', true),
	('en', 'heading', 'indicator', 'Indicator', true),
	('en', 'heading', 'unit', 'Unit', true),
	('en', 'heading', 'period', 'Period', true),
	('en', 'heading', 'actual', 'Actual', true),
	('en', 'heading', 'target', 'Target', true),
	('en', 'heading', 'baseline', 'Baseline', true),
	('en', 'heading', 'attainment', 'Attained', true),
	('en', 'heading', 'score', 'Score', true),
	('en', 'heading', 'weight', 'Weight', true),
	('en', 'heading', 'coverage', 'Coverage', true),
	('en', 'heading', 'missing', 'Missing', true),
	('en', 'heading', 'status', 'Status', true),
	('en', 'heading', 'reason', 'Reason', true),
	('en', 'heading', 'previous', 'Previous period', true),
	('en', 'heading', 'change', 'Change', true),
	('en', 'heading', 'trend', 'Trend', true),
	('en', 'heading', 'last_year', 'Last year', true),
	('en', 'heading', 'worst', 'Worst', true),
	('en', 'heading', 'next', 'Next', true);

-- in escapes, so that this script reads alike in every encoding; of those of a
-- database only UTF8 is sure to have the characters
INSERT INTO kpi.translation (language, topic, code, name, shipped)
SELECT 'zh', v.topic, v.code, pg_catalog.unistr(v.name), true
FROM (VALUES
	('perspective', 'financial', '\8D22\52A1'),
	('perspective', 'customer', '\5BA2\6237'),
	('perspective', 'process', '\5185\90E8\6D41\7A0B'),
	('perspective', 'learning', '\5B66\4E60\4E0E\6210\957F'),
	('status', 'red', '\7EA2\8272'),
	('status', 'amber', '\9EC4\8272'),
	('status', 'green', '\7EFF\8272'),
	('status', 'none', '\65E0\6570\636E'),
	('reason', 'no_actual', '\7F3A\5C11\5B9E\9645\503C'),
	('reason', 'no_target', '\7F3A\5C11\76EE\6807\503C'),
	('reason', 'partial_target', '\76EE\6807\503C\672A\8986\76D6\6574\4E2A\671F\95F4'),
	('reason', 'no_baseline', '\7F3A\5C11\57FA\51C6\503C'),
	('reason', 'invalid', '\6570\503C\65E0\6548'),
	('reason', 'zero_target', '\76EE\6807\503C\4E3A\96F6'),
	('reason', 'sign', '\5B9E\9645\503C\6216\76EE\6807\503C\4E0D\4E3A\6B63\6570'),
	('reason', 'zero_span', '\76EE\6807\503C\7B49\4E8E\57FA\51C6\503C'),
	('reason', 'no_data', '\65E0\6570\636E'),
	('reason', 'no_weight', '\65E0\6743\91CD'),
	('reason', 'missing_child', '\4E0B\7EA7\6307\6807\7F3A\5C11\5F97\5206'),
	('reason', 'low_coverage', '\6743\91CD\8986\76D6\7387\4E0D\8DB3'),
	('reason', 'stale', '\6570\636E\5DF2\8FC7\671F'),
	('reason', 'veto', '\4E00\7968\5426\51B3'),
	('reason', 'collection_failed', '\91C7\96C6\5931\8D25'),
	('reason', 'unassigned_rows', '\5B58\5728\672A\5F52\5C5E\5355\4F4D\7684\884C'),
	('reason', 'never_collected', '\4ECE\672A\91C7\96C6'),
	('reason', 'provisional', '\671F\95F4\672A\7ED3\675F'),
	('reason', 'gap', '\4E2D\95F4\671F\95F4\7F3A\5C11\6570\636E'),
	('reason', 'weight_sum', '\6743\91CD\4E4B\548C\4E0D\4E3A 1 \6216 100'),
	('reason', 'without_weight', '\672A\8BBE\6743\91CD'),
	('reason', 'without_parent', '\4E0A\7EA7\8282\70B9\672A\751F\6548'),
	('trend', 'improving', '\6539\5584'),
	('trend', 'unchanged', '\6301\5E73'),
	('trend', 'worsening', '\4E0B\6ED1'),
	('unit_of_measure', 'days', '\5929'),
	('unit_of_measure', 'hours', '\5C0F\65F6'),
	('unit_of_measure', 'minutes', '\5206\949F'),
	('unit_of_measure', 'months', '\4E2A\6708'),
	('unit_of_measure', 'points', '\5206'),
	('unit_of_measure', 'persons', '\4EBA'),
	('unit_of_measure', 'customers', '\4F4D\5BA2\6237'),
	('unit_of_measure', 'orders', '\5355'),
	('unit_of_measure', 'items', '\4EF6'),
	('unit_of_measure', 'times', '\6B21'),
	('unit_of_measure', 'GBP', '\82F1\9551'),
	('unit_of_measure', 'EUR', '\6B27\5143'),
	('unit_of_measure', 'USD', '\7F8E\5143'),
	('unit_of_measure', 'CNY', '\5143'),
	('heading', 'scorecard', '\8BB0\5206\5361'),
	('heading', 'perspective', '\7EF4\5EA6'),
	('heading', 'indicator', '\6307\6807'),
	('heading', 'unit', '\5355\4F4D'),
	('heading', 'period', '\671F\95F4'),
	('heading', 'actual', '\5B9E\9645\503C'),
	('heading', 'target', '\76EE\6807\503C'),
	('heading', 'baseline', '\57FA\51C6\503C'),
	('heading', 'attainment', '\5B8C\6210\7387'),
	('heading', 'score', '\5F97\5206'),
	('heading', 'weight', '\6743\91CD'),
	('heading', 'coverage', '\8986\76D6\7387'),
	('heading', 'missing', '\7F3A\5931'),
	('heading', 'status', '\72B6\6001'),
	('heading', 'reason', '\539F\56E0'),
	('heading', 'previous', '\4E0A\671F'),
	('heading', 'change', '\53D8\5316'),
	('heading', 'trend', '\8D8B\52BF'),
	('heading', 'last_year', '\4E0A\5E74\540C\671F'),
	('heading', 'worst', '\6700\5DEE'),
	('heading', 'next', '\4E0B\4E00\6B65')
) AS v (topic, code, name)
WHERE pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) 'UTF8';

-- What constraints cannot say.

-- superusers may act as anybody, also as a role that is gone
CREATE FUNCTION kpi.may_act_as(role name)
	RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	privilege CONSTANT text := CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
	RETURN (SELECT me.rolsuper OR EXISTS
				(SELECT FROM pg_roles AS it WHERE it.rolname = role AND pg_has_role(me.oid, it.oid, privilege))
			FROM pg_roles AS me
			WHERE me.rolname = current_user);
END
$$;
COMMENT ON FUNCTION kpi.may_act_as(name) IS
'Whether the current role may act as the given one: it is that role, a member of it or a superuser. False for a role that does not exist, NULL for NULL.';

CREATE FUNCTION kpi.guard_indicator()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	same kpi.indicator := NEW;
BEGIN
	IF TG_OP <> 'INSERT' AND NOT kpi.may_act_as(OLD.owner) THEN
		PERFORM kpi.fail('42501',
			format('indicator "%s" belongs to "%s"', OLD.indicator, OLD.owner),
			format('Only members of role "%s" and superusers may change or delete it.', OLD.owner));
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	IF NOT kpi.may_act_as(NEW.owner) THEN
		PERFORM kpi.fail('42501',
			format('you may not make "%s" the owner of indicator "%s"', NEW.owner, NEW.indicator),
			'The source is read with the rights of the owner: name yourself or a role that you are a member of.');
	END IF;
	IF TG_OP = 'UPDATE' THEN
		same.version := OLD.version;
		IF same *<> OLD THEN
			NEW.version := OLD.version + 1;
		END IF;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi.guard_indicator() IS
'Trigger: only members of the owner write an indicator, and a changed definition gets the next version.';

CREATE TRIGGER guard_indicator
	BEFORE INSERT OR UPDATE OR DELETE ON kpi.indicator
	FOR EACH ROW EXECUTE FUNCTION kpi.guard_indicator();
COMMENT ON TRIGGER guard_indicator ON kpi.indicator IS
'Only members of the owner write an indicator, and a changed definition gets the next version.';

-- each of two sessions at once may do what is legal alone and not together
CREATE FUNCTION kpi.lock_tree(tree regclass)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_lock_tree'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi.lock_tree(regclass) IS
'Lets one transaction at a time edit a table that is a tree, until it ends. Under repeatable read and serializable an error where others have changed the table meanwhile; without any right on the table an error. Nothing happens for NULL.';

CREATE FUNCTION kpi.guard_tree()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.lock_tree(TG_RELID);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_tree() IS
'Trigger: one transaction at a time edits a table that is a tree.';

CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF unit, parent ON kpi.org_unit
	FOR EACH STATEMENT EXECUTE FUNCTION kpi.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.org_unit IS
'One transaction at a time edits the tree.';
CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF scorecard, node, parent, valid ON kpi.scorecard_node
	FOR EACH STATEMENT EXECUTE FUNCTION kpi.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.scorecard_node IS
'One transaction at a time edits the tree.';

CREATE FUNCTION kpi.guard_org_unit()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path text[] := ARRAY[NEW.unit];
	above text := NEW.parent;
	next text;
BEGIN
	IF TG_OP = 'UPDATE' AND NEW.parent = OLD.parent THEN
		RETURN NULL;
	END IF;
	WHILE above IS NOT NULL LOOP
		path := path || above;
		IF above = ANY (path[:cardinality(path) - 1]) THEN
			PERFORM kpi.fail('22023',
				format('units have a cycle: %s', array_to_string(path[array_position(path, above):], ' -> ')),
				'No unit is above itself; choose another parent.');
		END IF;
		SELECT u.parent INTO next FROM kpi.org_unit AS u WHERE u.unit = above;
		-- further up a statement may be renaming units still
		IF NOT FOUND AND above = NEW.parent THEN
			PERFORM kpi.fail('23503',
				format('parent "%s" of unit "%s" does not exist', NEW.parent, NEW.unit),
				'Define it first, with kpi.define_unit().');
		END IF;
		above := next;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_org_unit() IS
'Trigger: units form a tree.';

CREATE TRIGGER guard_org_unit
	AFTER INSERT OR UPDATE OF parent ON kpi.org_unit
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION kpi.guard_org_unit();
COMMENT ON TRIGGER guard_org_unit ON kpi.org_unit IS
'Units form a tree.';

CREATE FUNCTION kpi.guard_units_below()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	below text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		UPDATE kpi.org_unit AS u SET parent = NEW.unit WHERE u.parent = OLD.unit AND NEW.unit <> OLD.unit;
		RETURN NULL;
	END IF;
	SELECT string_agg(u.unit, ', ' ORDER BY u.unit) INTO below FROM kpi.org_unit AS u WHERE u.parent = OLD.unit;
	IF below IS NOT NULL THEN
		PERFORM kpi.fail('23503',
			format('unit "%s" has units below it', OLD.unit),
			'Delete them with it, or give them another parent first.',
			format('Below it: %s.', below));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_units_below() IS
'Trigger: a unit that is renamed keeps the units below it, and one that is deleted has none.';

CREATE TRIGGER guard_units_below
	AFTER DELETE OR UPDATE OF unit ON kpi.org_unit
	FOR EACH ROW EXECUTE FUNCTION kpi.guard_units_below();
COMMENT ON TRIGGER guard_units_below ON kpi.org_unit IS
'A unit that is renamed keeps the units below it, and one that is deleted has none.';

CREATE FUNCTION kpi.guard_scorecard_node()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cycle text[];
BEGIN
	WITH RECURSIVE up (node, valid, path, closed) AS (
		SELECT NEW.parent::text, NEW.valid, ARRAY[NEW.node::text, NEW.parent::text], NEW.node = NEW.parent
		UNION ALL
		SELECT n.parent, n.valid * up.valid, up.path || n.parent::text, n.parent = ANY (up.path)
		FROM up JOIN kpi.scorecard_node AS n
			ON n.scorecard = NEW.scorecard AND n.node = up.node AND n.valid && up.valid
		WHERE NOT up.closed AND n.parent IS NOT NULL
	)
	SELECT up.path[array_position(up.path, up.node):] INTO cycle FROM up WHERE up.closed LIMIT 1;
	IF FOUND THEN
		PERFORM kpi.fail('22023',
			format('scorecard "%s" has a cycle: %s', NEW.scorecard, array_to_string(cycle, ' -> ')),
			'No node is above itself; choose another parent.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_scorecard_node() IS
'Trigger: on any day the nodes of a scorecard have no cycle.';

CREATE TRIGGER guard_scorecard_node
	AFTER INSERT OR UPDATE OF scorecard, node, parent, valid ON kpi.scorecard_node
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION kpi.guard_scorecard_node();
COMMENT ON TRIGGER guard_scorecard_node ON kpi.scorecard_node IS
'On any day the nodes of a scorecard have no cycle.';

CREATE FUNCTION kpi.guard_children()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	children text;
BEGIN
	IF TG_OP = 'DELETE' OR (NEW.scorecard, NEW.node) <> (OLD.scorecard, OLD.node) THEN
		SELECT string_agg(DISTINCT n.node, ', ' ORDER BY n.node) INTO children
		FROM kpi.scorecard_node AS n
		WHERE n.scorecard = OLD.scorecard AND n.parent = OLD.node AND n.valid && OLD.valid;
	END IF;
	IF children IS NOT NULL THEN
		PERFORM kpi.fail('23503',
			format('node "%s" of scorecard "%s" has nodes below it', OLD.node, OLD.scorecard),
			'Change or delete them with it, or give them another parent first.',
			format('Below it: %s.', children));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_children() IS
'Trigger: a node is neither deleted nor renamed away from above others.';

CREATE TRIGGER guard_children
	AFTER DELETE OR UPDATE OF scorecard, node ON kpi.scorecard_node
	FOR EACH ROW EXECUTE FUNCTION kpi.guard_children();
COMMENT ON TRIGGER guard_children ON kpi.scorecard_node IS
'A node is neither deleted nor renamed away from above others.';

-- shipped rows are not dumped, so a change of one would be lost
CREATE FUNCTION kpi.guard_shipped()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.fail('23001',
		CASE
			WHEN TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.shipped
				THEN format('this row of kpi.%s belongs to the extension', TG_TABLE_NAME)
			ELSE format('a row of kpi.%s that is shipped comes with the extension only', TG_TABLE_NAME)
		END,
		CASE TG_TABLE_NAME
			WHEN 'perspective' THEN 'Add a perspective of your own with kpi.define_perspective(), or rename this one in kpi.translation.'
			WHEN 'translation' THEN 'Add a row of your own, with shipped = false: it goes before the shipped one.'
			ELSE 'Add bands of your own and name them in kpi.define_scorecard().'
		END);
END
$$;
COMMENT ON FUNCTION kpi.guard_shipped() IS
'Trigger: shipped rows are neither changed nor deleted, and nobody adds any.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.perspective
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.perspective IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.perspective
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.perspective IS
'Only the extension ships rows.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.bands
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.bands IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.bands
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.bands IS
'Only the extension ships rows.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.band
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.band IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.band
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.band IS
'Only the extension ships rows.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.translation
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.translation IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.translation
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.translation IS
'Only the extension ships rows.';

CREATE FUNCTION kpi.guard_scale()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM kpi.bands AS b WHERE b.bands = NEW.bands AND b.shipped) THEN
		PERFORM kpi.fail('23001',
			format('bands "%s" belong to the extension', NEW.bands),
			'Add bands of your own and name them in kpi.define_scorecard().');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi.guard_scale() IS
'Trigger: a shipped scale keeps the bands it came with.';

CREATE TRIGGER guard_scale
	BEFORE INSERT OR UPDATE ON kpi.band
	FOR EACH ROW WHEN (NOT NEW.shipped) EXECUTE FUNCTION kpi.guard_scale();
COMMENT ON TRIGGER guard_scale ON kpi.band IS
'A shipped scale keeps the bands it came with.';

-- pg_restore with several jobs loads the tables of an extension in any order,
-- and foreign keys of an extension exist before its rows.  What is restored was
-- whole when it was dumped, so in a session that looks like that of a restore,
-- and for a superuser only, one statement goes unchecked.

CREATE FUNCTION kpi.begin_restore()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('session_replication_role') = 'origin'
		AND (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user)
	THEN
		PERFORM set_config('kpi_restore.statement', TG_TABLE_NAME, true);
		PERFORM set_config('session_replication_role', 'replica', true);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.begin_restore() IS
'Trigger: a superuser who restores a dump loads a table whatever the order of tables; until kpi.end_restore() nothing is checked but CHECK, unique and exclusion constraints.';

CREATE FUNCTION kpi.end_restore()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('kpi_restore.statement', true) = TG_TABLE_NAME THEN
		PERFORM set_config('kpi_restore.statement', '', true);
		PERFORM set_config('session_replication_role', 'origin', true);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.end_restore() IS
'Trigger: ends what kpi.begin_restore() began.';

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['org_unit', 'indicator', 'target', 'band', 'scorecard', 'scorecard_node', 'measurement', 'run_step'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER begin_restore BEFORE INSERT ON kpi.%I
			FOR EACH STATEMENT WHEN (pg_catalog.current_setting(''check_function_bodies'') OPERATOR(pg_catalog.=) ''off''
				AND pg_catalog.current_setting(''row_security'') OPERATOR(pg_catalog.=) ''off''
				AND pg_catalog.current_setting(''search_path'') OPERATOR(pg_catalog.=) '''')
			EXECUTE FUNCTION kpi.begin_restore()', name);
		EXECUTE pg_catalog.format('CREATE TRIGGER end_restore AFTER INSERT ON kpi.%I
			FOR EACH STATEMENT WHEN (pg_catalog.current_setting(''session_replication_role'') OPERATOR(pg_catalog.=) ''replica'')
			EXECUTE FUNCTION kpi.end_restore()', name);
		EXECUTE pg_catalog.format('ALTER TABLE kpi.%I ENABLE ALWAYS TRIGGER begin_restore, ENABLE ALWAYS TRIGGER end_restore', name);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER begin_restore ON kpi.%I IS ''A restore loads the table whatever the order of tables.''', name);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER end_restore ON kpi.%I IS ''Ends what begin_restore began.''', name);
	END LOOP;
END
$$;

SELECT pg_catalog.pg_extension_config_dump('kpi.perspective', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.org_unit', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.indicator', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.target', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.bands', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.band', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard_node', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.measurement', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.run', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.run_run_seq', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.run_step', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.translation', 'WHERE NOT shipped');
-- Defining the registry by calls: everything but the key has a sensible
-- default, the same call twice changes nothing, and what is wrong is refused
-- whole, with help.

CREATE FUNCTION kpi.nearest(word text, candidates text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_nearest'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.nearest(text, text[]) IS
'The candidate most like the word: fewest inserted, deleted or replaced characters, at most 2 or a third of the word, upper and lower case alike. NULL for NULL and where none is near.';

-- Checks that raise an error with help

CREATE FUNCTION kpi.fail_unknown(what text, word text, known text[], known_as text, when_none text, place text DEFAULT '')
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	near CONSTANT text := kpi.nearest(word, known);
	count CONSTANT integer := coalesce(cardinality(known), 0);
BEGIN
	PERFORM kpi.fail('22023',
		format('%s "%s" does not exist%s', what, word, place),
		CASE
			WHEN near IS NOT NULL THEN format('Perhaps you mean "%s".', near)
			WHEN count = 0 THEN when_none
			WHEN count <= 10 THEN format('Known %s: %s.', known_as, array_to_string(known, ', '))
			ELSE format('Known %s: %s and %s more.', known_as, array_to_string(known[:10], ', '), count - 10)
		END);
END
$$;
COMMENT ON FUNCTION kpi.fail_unknown(text, text, text[], text, text, text) IS
'Raises the error for a word that is unknown (place says where), with the nearest known one, the first known ones (called known_as) or when_none as the hint.';

CREATE FUNCTION kpi.require_value(what text, value text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IS NULL THEN
		PERFORM kpi.fail('22004', format('%s must not be null', what));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_value(text, text) IS
'Raises an error for a NULL where a value is needed.';

CREATE FUNCTION kpi.require_key(what text, key text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value(what, key);
	PERFORM CAST(key AS kpi.key);
EXCEPTION
	WHEN check_violation THEN
		PERFORM kpi.fail('22023',
			format('%s "%s" cannot be a key', what, key),
			'A key has 1 to 63 characters, no slash and no line break, and does not begin with a space or a dot.');
END
$$;
COMMENT ON FUNCTION kpi.require_key(text, text) IS
'Raises an error for a text that cannot be a key, and for NULL.';

CREATE FUNCTION kpi.require_word(parameter text, word text, VARIADIC words text[])
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF word <> ALL (words) THEN
		PERFORM kpi.fail('22023',
			format('unrecognized %s "%s"', parameter, word),
			format('Use "%s" or "%s".', array_to_string(words[:cardinality(words) - 1], '", "'),
						  words[cardinality(words)]));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_word(text, text, text[]) IS
'Raises an error for a parameter that is none of the words it takes; NULL passes.';

CREATE FUNCTION kpi.require_number(parameter text, value numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IN ('NaN', 'Infinity', '-Infinity') THEN
		PERFORM kpi.fail('22023',
			format('%s %s is not a finite number', parameter, value),
			'Write a number, or leave it out where there is none.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_number(text, numeric) IS
'Raises an error for NaN and the infinities; NULL passes.';

CREATE FUNCTION kpi.require_coverage(min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF min_coverage NOT BETWEEN 0 AND 1 THEN
		PERFORM kpi.fail('22023',
			format('min_coverage %s is not between 0 and 1', min_coverage),
			'Coverage is a share of the weight: write 0.8 for 80 percent.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_coverage(numeric) IS
'Raises an error for a minimum coverage that is no share from 0 to 1; NULL passes.';

CREATE FUNCTION kpi.require_indicator(indicator text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('indicator', indicator);
	IF NOT EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = require_indicator.indicator) THEN
		PERFORM kpi.fail_unknown('indicator', indicator,
								 (SELECT array_agg(CAST(i.indicator AS text) ORDER BY i.indicator COLLATE "C") FROM kpi.indicator AS i),
								 'indicators', 'No indicator is defined yet; use kpi.define_indicator().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_indicator(text) IS
'Raises an error unless the indicator exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_unit(unit text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('unit', unit);
	IF NOT EXISTS (SELECT FROM kpi.org_unit AS u WHERE u.unit = require_unit.unit) THEN
		PERFORM kpi.fail_unknown('unit', unit,
								 (SELECT array_agg(CAST(u.unit AS text) ORDER BY u.unit COLLATE "C") FROM kpi.org_unit AS u),
								 'units', 'No unit is defined yet; use kpi.define_unit().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_unit(text) IS
'Raises an error unless the unit exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_perspective(perspective text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('perspective', perspective);
	IF NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = require_perspective.perspective) THEN
		PERFORM kpi.fail_unknown('perspective', perspective,
								 (SELECT array_agg(CAST(p.perspective AS text) ORDER BY p.perspective COLLATE "C") FROM kpi.perspective AS p),
								 'perspectives', 'No perspective is defined yet; use kpi.define_perspective().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_perspective(text) IS
'Raises an error unless the perspective exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_bands(bands text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('bands', bands);
	IF NOT EXISTS (SELECT FROM kpi.bands AS b WHERE b.bands = require_bands.bands) THEN
		PERFORM kpi.fail_unknown('bands', bands,
								 (SELECT array_agg(CAST(b.bands AS text) ORDER BY b.bands COLLATE "C") FROM kpi.bands AS b),
								 'bands', 'No bands are defined yet; add them to kpi.bands and kpi.band.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_bands(text) IS
'Raises an error unless the scale exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_scorecard(scorecard text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('scorecard', scorecard);
	IF NOT EXISTS (SELECT FROM kpi.scorecard AS s WHERE s.scorecard = require_scorecard.scorecard) THEN
		PERFORM kpi.fail_unknown('scorecard', scorecard,
								 (SELECT array_agg(CAST(s.scorecard AS text) ORDER BY s.scorecard COLLATE "C") FROM kpi.scorecard AS s),
								 'scorecards', 'No scorecard is defined yet; use kpi.define_scorecard().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_scorecard(text) IS
'Raises an error unless the scorecard exists, with a hint at the one that may be meant.';

-- Perspectives and units

CREATE FUNCTION kpi.define_perspective(perspective text, name text DEFAULT NULL, "position" integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.perspective;
BEGIN
	PERFORM kpi.require_key('perspective', perspective);
	SELECT * INTO old FROM kpi.perspective AS p WHERE p.perspective = define_perspective.perspective;
	INSERT INTO kpi.perspective AS p (perspective, name, position)
	VALUES (define_perspective.perspective,
			coalesce(define_perspective.name, CASE WHEN old.shipped THEN old.name END,
					 kpi.default_name(define_perspective.perspective)),
			coalesce(define_perspective.position, old.position,
					 (SELECT max(o.position) + 10 FROM kpi.perspective AS o), 10))
	ON CONFLICT ON CONSTRAINT perspective_pkey DO UPDATE
	SET name = excluded.name, position = excluded.position
	WHERE (p.name, p.position) IS DISTINCT FROM (excluded.name, excluded.position);
	RETURN perspective;
END
$$;
COMMENT ON FUNCTION kpi.define_perspective(text, text, integer) IS
'Adds or changes a perspective and returns its key. The name is made of the key unless given; a new one comes last. A shipped perspective is not changed.';

CREATE FUNCTION kpi.define_unit(unit text, parent text DEFAULT NULL, name text DEFAULT NULL, "position" integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_key('unit', unit);
	IF parent <> unit THEN
		PERFORM kpi.require_unit(parent);
	END IF;
	INSERT INTO kpi.org_unit AS u (unit, parent, name, position)
	VALUES (define_unit.unit, define_unit.parent,
			coalesce(define_unit.name, kpi.default_name(define_unit.unit)),
			coalesce(define_unit.position,
					 (SELECT o.position FROM kpi.org_unit AS o WHERE o.unit = define_unit.unit),
					 (SELECT max(o.position) + 10 FROM kpi.org_unit AS o
					  WHERE o.parent IS NOT DISTINCT FROM define_unit.parent), 10))
	ON CONFLICT ON CONSTRAINT org_unit_pkey DO UPDATE
	SET parent = excluded.parent, name = excluded.name, position = excluded.position
	WHERE (u.parent, u.name, u.position) IS DISTINCT FROM (excluded.parent, excluded.name, excluded.position);
	RETURN unit;
END
$$;
COMMENT ON FUNCTION kpi.define_unit(text, text, text, integer) IS
'Adds or changes a unit and returns its key. Without a parent it is a root; the name is made of the key unless given; a new unit comes last among its siblings. An unknown parent or a cycle is an error.';

-- Indicators

-- no SET: names are looked up as the caller would
CREATE FUNCTION kpi.resolve_source(source text)
	RETURNS regclass
	LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
	RETURN pg_catalog.to_regclass(source);
EXCEPTION
	WHEN syntax_error OR invalid_name OR feature_not_supported OR name_too_long THEN
		RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.resolve_source(text) IS
'The table or view of that name on the search path of the caller; NULL where there is none.';

CREATE FUNCTION kpi.fail_source(source text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	word CONSTANT text := replace(source, '"', '');
	with_schema CONSTANT boolean := word LIKE '%.%';
	near text;
BEGIN
	WITH relation (plain, quoted) AS (
		SELECT CASE WHEN with_schema THEN n.nspname || '.' || c.relname ELSE c.relname END,
			   format('%I.%I', n.nspname, c.relname)
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
			AND n.nspname <> ALL ('{pg_catalog,information_schema,pg_toast,kpi}')
	)
	SELECT r.quoted INTO near
	FROM relation AS r
	WHERE r.plain = (SELECT kpi.nearest(word, array_agg(o.plain ORDER BY o.quoted COLLATE "C")) FROM relation AS o)
	ORDER BY r.quoted COLLATE "C"
	LIMIT 1;
	PERFORM kpi.fail('22023',
		format('source "%s" does not exist', source),
		CASE
			WHEN near IS NULL THEN 'Name a table or view, with its schema unless that is on the search path.'
			WHEN near LIKE '%"%' THEN format('Perhaps you mean %s.', near)
			ELSE format('Perhaps you mean "%s".', near)
		END);
END
$$;
COMMENT ON FUNCTION kpi.fail_source(text) IS
'Raises the error for a source that does not exist, with the nearest table or view as the hint.';

CREATE FUNCTION kpi.source_name(source text, relation regclass)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found pg_class;
BEGIN
	SELECT * INTO found FROM pg_class AS c WHERE c.oid = relation;
	IF found.oid IS NULL THEN
		PERFORM kpi.fail_source(source);
	ELSIF found.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
		PERFORM kpi.fail('22023',
			format('source "%s" is neither a table nor a view', source),
			'Name a table, a view, a materialized view or a foreign table.');
	ELSIF found.relpersistence = 't' THEN
		PERFORM kpi.fail('22023',
			format('source "%s" is temporary', source),
			'An indicator outlives the session: name a permanent table or view.');
	END IF;
	RETURN format('%I.%I', (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = found.relnamespace), found.relname);
END
$$;
COMMENT ON FUNCTION kpi.source_name(text, regclass) IS
'The quoted name of a source with its schema. A relation that is missing, temporary or neither a table nor a view is an error.';

-- a lone sum or count adds up over periods; a quotient of sums does not
CREATE FUNCTION kpi.default_rollup(numerator text, denominator text)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	outside text := numerator;
	inner_text text;
BEGIN
	IF denominator IS NOT NULL THEN
		RETURN 'ratio';
	ELSIF numerator ~* '\mcount\s*\(\s*distinct\M' THEN
		RETURN 'distinct';
	END IF;
	LOOP
		inner_text := outside;
		outside := regexp_replace(outside, '\([^()]*\)', '', 'g');
		EXIT WHEN outside = inner_text OR outside IS NULL;
	END LOOP;
	RETURN CASE WHEN numerator ~* '^\s*(sum|count)\s*\(' AND outside !~ '/' THEN 'sum' ELSE 'avg' END;
END
$$;
COMMENT ON FUNCTION kpi.default_rollup(text, text) IS
'How an indicator with these expressions rolls up over time: ratio with a denominator, else distinct for count(DISTINCT ...), sum for sums and counts that nothing divides, avg for all else.';

CREATE FUNCTION kpi.check_definition(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	needed text;
	problem text;
	help text;
BEGIN
	PERFORM kpi.require_word('direction', wanted.direction, 'higher', 'lower', 'target');
	PERFORM kpi.require_word('kind', wanted.kind, 'measured', 'entered');
	PERFORM kpi.require_word('cycle', wanted.cycle, 'month', 'quarter', 'year');
	PERFORM kpi.require_word('time_rollup', wanted.time_rollup, 'sum', 'avg', 'last', 'distinct', 'ratio');
	PERFORM kpi.require_word('attainment_method', wanted.attainment_method, 'ratio', 'inverse', 'progress');
	PERFORM kpi.require_word('zero_target', wanted.zero_target, 'null', 'met');
	PERFORM kpi.require_word('state', wanted.state, 'draft', 'approved', 'retired');
	IF wanted.perspective IS NOT NULL THEN
		PERFORM kpi.require_perspective(wanted.perspective);
	END IF;

	needed := CASE WHEN wanted.source IS NULL THEN 'source'
				   WHEN wanted.time_column IS NULL THEN 'time_column'
				   WHEN wanted.numerator IS NULL THEN 'numerator' END;
	IF needed IS NOT NULL AND (wanted.kind = 'measured' OR num_nonnulls(wanted.source, wanted.time_column,
		wanted.unit_column, wanted.numerator, wanted.denominator, wanted.filter) > 0)
	THEN
		problem := format('indicator "%s" has no %s', wanted.indicator, needed);
		help := CASE needed
			WHEN 'source' THEN 'What is measured needs source, time_column and numerator; leave them all out for values entered by hand.'
			WHEN 'time_column' THEN format('Name the column that says when%s.', kpi.time_columns(wanted.source))
			ELSE 'Give an aggregate expression over the source, such as sum(amount) or count(*).' END;
	ELSIF wanted.time_rollup = 'ratio' AND wanted.kind = 'measured' AND wanted.denominator IS NULL THEN
		problem := format('indicator "%s" rolls up as a ratio but has no denominator', wanted.indicator);
		help := 'Give numerator and denominator apart, or another time_rollup.';
	ELSIF wanted.attainment_method = 'inverse' AND wanted.direction <> 'lower' THEN
		problem := format('attainment_method "inverse" does not go with direction "%s"', wanted.direction);
		help := 'It is target / actual, for indicators where lower is better.';
	ELSIF wanted.decimals NOT BETWEEN 0 AND 6 THEN
		problem := format('decimals %s is not between 0 and 6', wanted.decimals);
		help := 'It is the number of decimals that values are shown with.';
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_definition(kpi.indicator) IS
'Raises an error for a definition that makes no sense, before it is stored; the source itself is checked by kpi.check_source().';

CREATE FUNCTION kpi.time_columns(source text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(', such as ' || string_agg(format('"%s"', a.attname), ' or ' ORDER BY a.attnum), '')
	FROM pg_attribute AS a
	WHERE a.attrelid = to_regclass(source) AND a.attnum > 0 AND NOT a.attisdropped
		AND a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
$$;
COMMENT ON FUNCTION kpi.time_columns(text) IS
'The columns of a source that can say when, as a phrase for hints; empty where there is none.';

CREATE FUNCTION kpi.put_indicator(wanted kpi.indicator, relation regclass)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.indicator;
	message text;
	detail text;
	hint text;
BEGIN
	-- the statement after it sees what another session has defined
	PERFORM pg_advisory_xact_lock(hashtextextended('kpi.define_indicator ' || wanted.indicator, 0));
	SELECT * INTO old FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator;
	IF wanted.source IS NOT NULL THEN
		wanted.source := kpi.source_name(wanted.source, relation);
	END IF;
	wanted.name := coalesce(wanted.name, kpi.default_name(wanted.indicator));
	wanted.unit_of_measure := coalesce(wanted.unit_of_measure, '');
	wanted.direction := coalesce(wanted.direction, 'higher');
	wanted.kind := coalesce(wanted.kind, CASE WHEN wanted.source IS NULL THEN 'entered' ELSE 'measured' END);
	wanted.cycle := coalesce(wanted.cycle, 'month');
	wanted.time_rollup := coalesce(wanted.time_rollup, kpi.default_rollup(wanted.numerator, wanted.denominator));
	wanted.attainment_method := coalesce(wanted.attainment_method, 'ratio');
	wanted.zero_target := coalesce(wanted.zero_target, 'null');
	wanted.decimals := coalesce(wanted.decimals,
								CASE WHEN wanted.denominator IS NULL AND wanted.numerator ~* '^\s*count\s*\(' THEN 0 ELSE 2 END);
	wanted.state := coalesce(wanted.state, 'approved');
	wanted.version := coalesce(old.version, 1);
	IF wanted.owner IS NULL THEN
		wanted.owner := coalesce(old.owner, current_user);
	ELSIF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = wanted.owner) THEN
		PERFORM kpi.fail_unknown('role', wanted.owner,
								 (SELECT array_agg(CAST(r.rolname AS text) ORDER BY r.rolname)
								  FROM pg_roles AS r WHERE r.rolname !~ '^pg_'),
								 'roles', 'Name a role of this server.');
	END IF;
	PERFORM kpi.check_definition(wanted);

	IF old.indicator IS NULL THEN
		INSERT INTO kpi.indicator VALUES (wanted.*);
	ELSIF wanted *<> old THEN
		UPDATE kpi.indicator AS i
		SET (name, description, rule, unit_of_measure, direction, perspective, kind, source, time_column, unit_column,
			 numerator, denominator, filter, cycle, time_rollup, attainment_method, zero_target, curve, decimals,
			 owner, responsible, data_source, state) =
			ROW (wanted.name, wanted.description, wanted.rule, wanted.unit_of_measure, wanted.direction,
				 wanted.perspective, wanted.kind, wanted.source, wanted.time_column, wanted.unit_column,
				 wanted.numerator, wanted.denominator, wanted.filter, wanted.cycle, wanted.time_rollup,
				 wanted.attainment_method, wanted.zero_target, wanted.curve, wanted.decimals,
				 wanted.owner, wanted.responsible, wanted.data_source, wanted.state)
		WHERE i.indicator = wanted.indicator;
	END IF;
	IF wanted.kind = 'measured' THEN
		PERFORM kpi.check_source(wanted.indicator);
	END IF;
	RETURN wanted.indicator;
EXCEPTION
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		PERFORM kpi.fail(SQLSTATE, message, nullif(hint, ''), nullif(detail, ''));
END
$$;
COMMENT ON FUNCTION kpi.put_indicator(kpi.indicator, regclass) IS
'Stores a definition for kpi.define_indicator(): fills in the defaults, checks it, and plans its source as the owner.';

-- no SET: the source is looked up as the caller would
CREATE FUNCTION kpi.define_indicator(indicator text, name text DEFAULT NULL, description text DEFAULT NULL,
									 rule text DEFAULT NULL, unit_of_measure text DEFAULT NULL,
									 direction text DEFAULT NULL, perspective text DEFAULT NULL,
									 kind text DEFAULT NULL, source text DEFAULT NULL,
									 time_column text DEFAULT NULL, unit_column text DEFAULT NULL,
									 numerator text DEFAULT NULL, denominator text DEFAULT NULL,
									 filter text DEFAULT NULL, cycle text DEFAULT NULL,
									 time_rollup text DEFAULT NULL, attainment_method text DEFAULT NULL,
									 zero_target text DEFAULT NULL, curve kpi.curve DEFAULT NULL,
									 decimals integer DEFAULT NULL, owner text DEFAULT NULL,
									 responsible text DEFAULT NULL, data_source text DEFAULT NULL,
									 state text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM kpi.require_key('indicator', indicator);
	IF perspective IS NOT NULL THEN
		PERFORM kpi.require_perspective(perspective);
	END IF;
	RETURN kpi.put_indicator(CAST(ROW(indicator, name, description, rule, unit_of_measure, direction, perspective,
									  kind, source, time_column, unit_column, numerator, denominator, filter, cycle,
									  time_rollup, attainment_method, zero_target, curve, decimals, owner,
									  responsible, data_source, state, NULL) AS kpi.indicator),
							 kpi.resolve_source(source));
END
$$;
COMMENT ON FUNCTION kpi.define_indicator(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, kpi.curve, integer, text, text, text, text) IS
'Adds or changes an indicator and returns its key. What is left out takes its default, but an existing indicator keeps its owner: name made of the key, direction higher, kind measured with a source and entered without, cycle month, attainment_method ratio, zero_target null, decimals 2 (0 for counts), owner the current role, state approved, time_rollup by its expressions. The source is looked up on your search path and planned as the owner. Wrong words, columns and expressions are errors; only members of the owner may change it.';

-- Targets

CREATE FUNCTION kpi.read_period(period text)
	RETURNS daterange
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days daterange;
	why text;
BEGIN
	PERFORM kpi.require_value('period', period);
	IF period !~ '^\s*([[(]|empty)' THEN
		RETURN kpi.period(period);
	END IF;
	BEGIN
		days := period;
		why := CASE
			WHEN isempty(days) THEN 'It is empty.'
			WHEN lower_inf(days) OR NOT isfinite(lower(days)) THEN 'It has no first day.'
			WHEN upper_inf(days) OR NOT isfinite(upper(days)) THEN 'It has no last day.' END;
	EXCEPTION
		WHEN data_exception THEN
			why := format('It is no date range: %s.', SQLERRM);
	END;
	IF why IS NOT NULL THEN
		PERFORM kpi.fail('22023',
			format('period "%s" is not understood', period),
			'Write a label such as 2011, 2011-Q4 or 2011-11, or a range of days such as [2011-11-05,2011-12-01).',
			why);
	END IF;
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi.read_period(text) IS
'The days of a period label or of a date range as text. NULL, an empty or an open range, and any other text are errors.';

CREATE FUNCTION kpi.share_by_days(value numeric, period daterange, days daterange, time_rollup text)
	RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	length CONSTANT integer := upper(period) - lower(period);
	before CONSTANT integer := lower(days) - lower(period);
	until CONSTANT integer := upper(days) - lower(period);
BEGIN
	IF time_rollup <> 'sum' THEN
		RETURN value;
	END IF;
	-- the quotients of kpi.target_for(), so that its shares and these add up
	RETURN trim_scale(CASE WHEN until = length THEN value ELSE round(value * until / length, 20) END
					  - round(value * before / length, 20));
END
$$;
COMMENT ON FUNCTION kpi.share_by_days(numeric, daterange, daterange, text) IS
'What days within a period get of its target: the value itself, or with time_rollup sum its part by days, so that the parts of a partition add up exactly. NULL for a NULL value.';

CREATE FUNCTION kpi.split_target(old kpi.target, days daterange)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rollup CONSTANT text := (SELECT i.time_rollup FROM kpi.indicator AS i WHERE i.indicator = old.indicator);
	rest daterange;
BEGIN
	DELETE FROM kpi.target AS t
	WHERE t.indicator = old.indicator AND t.unit = old.unit AND t.period = old.period;
	FOREACH rest IN ARRAY ARRAY[daterange(lower(old.period), greatest(lower(days), lower(old.period))),
								daterange(least(upper(days), upper(old.period)), upper(old.period))]
	LOOP
		IF NOT isempty(rest) THEN
			INSERT INTO kpi.target (indicator, unit, period, target, baseline, stretch, basis, note)
			VALUES (old.indicator, old.unit, rest,
					kpi.share_by_days(old.target, old.period, rest, rollup),
					kpi.share_by_days(old.baseline, old.period, rest, rollup),
					kpi.share_by_days(old.stretch, old.period, rest, rollup), old.basis, old.note);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi.split_target(kpi.target, daterange) IS
'Takes days out of an existing target: what is left before and after them keeps its part by days (time_rollup sum) or the same target.';

CREATE FUNCTION kpi.set_target(indicator text, unit text, period text, target numeric, baseline numeric DEFAULT NULL,
							   stretch numeric DEFAULT NULL, basis text DEFAULT 'agreed', note text DEFAULT NULL,
							   replace boolean DEFAULT false)
	RETURNS daterange
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days CONSTANT daterange := kpi.read_period(period);
	old kpi.target;
BEGIN
	PERFORM kpi.require_indicator(indicator);
	PERFORM kpi.require_unit(unit);
	PERFORM kpi.require_value('target', CAST(target AS text));
	PERFORM kpi.require_number('target', target);
	PERFORM kpi.require_number('baseline', baseline);
	PERFORM kpi.require_number('stretch', stretch);
	PERFORM kpi.require_value('basis', basis);
	PERFORM kpi.require_word('basis', basis, 'history', 'industry', 'capability', 'agreed');

	-- the statements after it see what another session has set
	PERFORM pg_advisory_xact_lock(hashtextextended('kpi.set_target ' || indicator || '/' || unit, 0));
	FOR old IN
		SELECT * FROM kpi.target AS t
		WHERE t.indicator = set_target.indicator AND t.unit = set_target.unit AND t.period && days AND t.period <> days
		ORDER BY t.period
	LOOP
		IF replace IS NOT TRUE THEN
			PERFORM kpi.fail('23P01',
				format('target of indicator "%s" for unit "%s" overlaps an existing one', indicator, unit),
				'End the existing target first, or pass replace => true to split it.',
				format('%s overlaps %s with target %s.', days, old.period, old.target));
		END IF;
		PERFORM kpi.split_target(old, days);
	END LOOP;

	INSERT INTO kpi.target AS t (indicator, unit, period, target, baseline, stretch, basis, note)
	VALUES (set_target.indicator, set_target.unit, days, set_target.target, set_target.baseline, set_target.stretch,
			set_target.basis, set_target.note)
	ON CONFLICT ON CONSTRAINT target_pkey DO UPDATE
	SET target = excluded.target, baseline = excluded.baseline, stretch = excluded.stretch,
		basis = excluded.basis, note = excluded.note
	WHERE (t.target, t.baseline, t.stretch, t.basis, t.note)
		IS DISTINCT FROM (excluded.target, excluded.baseline, excluded.stretch, excluded.basis, excluded.note);
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi.set_target(text, text, text, numeric, numeric, numeric, text, text, boolean) IS
'Sets what an indicator is to reach for a unit over a period (a label or a date range as text) and returns the days. The same period again changes its row. Overlapping another period is an error, unless replace splits the existing targets around the new one: a target of time_rollup sum by days, adding up exactly. basis: history, industry, capability, agreed. Unknown names, NaN and infinity are errors.';

-- Scorecards

CREATE FUNCTION kpi.check_rollup(method text, missing text, min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_word('method', method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points', 'self');
	PERFORM kpi.require_word('missing', missing, 'renormalize', 'zero', 'null', 'carry', 'target');
	PERFORM kpi.require_coverage(min_coverage);
END
$$;
COMMENT ON FUNCTION kpi.check_rollup(text, text, numeric) IS
'Raises an error for a wrong rule by which a group gets its score; NULLs pass.';

CREATE FUNCTION kpi.check_role(role text, role_limit numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_word('role', role, 'part', 'priority', 'bonus', 'deduction', 'veto_zero', 'veto_cap', 'veto_grade',
							 'veto_coefficient');
	IF role = 'veto_cap' AND role_limit IS NULL THEN
		PERFORM kpi.fail('22023', 'role_limit of a veto_cap is null', 'Give the score that the veto leaves at most.');
	ELSIF role_limit IN ('NaN', 'Infinity', '-Infinity')
		OR role IN ('bonus', 'deduction') AND role_limit < 0
		OR role = 'veto_grade' AND (role_limit < 1 OR role_limit > 1000 OR role_limit <> trunc(role_limit))
		OR coalesce(role, 'part') NOT IN ('bonus', 'deduction', 'veto_cap', 'veto_grade') AND role_limit IS NOT NULL
	THEN
		PERFORM kpi.fail('22023',
			format('role_limit %s is no limit of a %s', role_limit, coalesce(role, 'part')),
			'A bonus or deduction takes its most points, a veto_cap a score, a veto_grade a number of grades from 1 to 1000.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_role(text, numeric) IS
'Raises an error for a role that is none, and for a limit that its role does not take; NULLs pass.';

CREATE FUNCTION kpi.check_roles(scorecard text)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT n.node, n.role, p.node AS parent, p.method INTO wrong
	FROM kpi.scorecard_node AS n
		CROSS JOIN LATERAL (
			SELECT a.node, coalesce(a.method, c.method) AS method
			FROM kpi.scorecard_node AS a JOIN kpi.scorecard AS c ON c.scorecard = a.scorecard
			WHERE a.scorecard = n.scorecard AND a.node = n.parent AND a.valid && n.valid
			UNION ALL
			SELECT c.scorecard, c.method FROM kpi.scorecard AS c WHERE c.scorecard = n.scorecard AND n.parent IS NULL) AS p
	WHERE n.scorecard = check_roles.scorecard
		AND (n.role IN ('bonus', 'deduction') AND p.method <> 'points' OR n.role LIKE 'veto%' AND p.method = 'self')
	ORDER BY CAST(n.node AS text) COLLATE "C", n.valid
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi.fail('22023',
			format('node "%s" is a %s of "%s", which has method "%s"', wrong.node, wrong.role, wrong.parent, wrong.method),
			CASE WHEN wrong.role LIKE 'veto%' THEN 'Give the parent a method by which its children count.'
				 ELSE 'Give the parent the method "points".' END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_roles(text) IS
'Raises an error for a bonus or deduction of a scorecard below a method other than points, and for a veto below the method self.';

CREATE FUNCTION kpi.define_scorecard(scorecard text, name text DEFAULT NULL, cycle text DEFAULT 'month',
									 method text DEFAULT 'weighted', missing text DEFAULT 'renormalize',
									 min_coverage numeric DEFAULT NULL, bands text DEFAULT 'standard')
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_key('scorecard', scorecard);
	cycle := coalesce(cycle, 'month');
	method := coalesce(method, 'weighted');
	missing := coalesce(missing, 'renormalize');
	bands := coalesce(bands, 'standard');
	PERFORM kpi.require_word('cycle', cycle, 'month', 'quarter', 'year');
	PERFORM kpi.require_word('method', method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points');
	PERFORM kpi.check_rollup(method, missing, min_coverage);
	PERFORM kpi.require_bands(bands);
	PERFORM kpi.lock_tree('kpi.scorecard_node');
	INSERT INTO kpi.scorecard AS s (scorecard, name, cycle, method, missing, min_coverage, bands)
	VALUES (define_scorecard.scorecard,
			coalesce(define_scorecard.name, kpi.default_name(define_scorecard.scorecard)),
			define_scorecard.cycle, define_scorecard.method, define_scorecard.missing,
			define_scorecard.min_coverage, define_scorecard.bands)
	ON CONFLICT ON CONSTRAINT scorecard_pkey DO UPDATE
	SET name = excluded.name, cycle = excluded.cycle, method = excluded.method, missing = excluded.missing,
		min_coverage = excluded.min_coverage, bands = excluded.bands
	WHERE (s.name, s.cycle, s.method, s.missing, s.min_coverage, s.bands)
		IS DISTINCT FROM (excluded.name, excluded.cycle, excluded.method, excluded.missing, excluded.min_coverage, excluded.bands);
	PERFORM kpi.check_roles(scorecard);
	RETURN scorecard;
END
$$;
COMMENT ON FUNCTION kpi.define_scorecard(text, text, text, text, text, numeric, text) IS
'Adds or changes a scorecard and returns its key. cycle: month, quarter, year. method: weighted, average, worst, best, sum, majority, priority, geometric, points. missing: renormalize, zero, null, carry, target. min_coverage: share of the weight, 0 to 1, NULL for any. bands: key of a scale. What is left out takes its default; wrong words and unknown bands are errors.';

CREATE FUNCTION kpi.check_node(wanted kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.weight < 0 OR wanted.weight IN ('NaN', 'Infinity') THEN
		PERFORM kpi.fail('22023',
			format('weight %s is not a finite number of at least 0', wanted.weight),
			'Weights may be on any scale; a NULL weight shows a row without counting it.');
	END IF;
	IF wanted.indicator IS NOT NULL AND EXISTS (SELECT FROM kpi.scorecard_node AS n
												WHERE n.scorecard = wanted.scorecard AND n.parent = wanted.node)
	THEN
		PERFORM kpi.fail('22023',
			format('node "%s" of scorecard "%s" has nodes below it', wanted.node, wanted.scorecard),
			'A node either shows an indicator or groups others: place the indicator below it.');
	END IF;
	PERFORM kpi.check_rollup(wanted.method, wanted.missing, wanted.min_coverage);
	PERFORM kpi.check_role(wanted.role, wanted.role_limit);
	IF wanted.max_age < 0 OR wanted.max_age > 1000 THEN
		PERFORM kpi.fail('22023',
			format('max_age %s is not between 0 and 1000', wanted.max_age),
			'It is the number of periods for which a score is carried; 0 carries none.');
	END IF;
	PERFORM kpi.require_number('floor', wanted.floor);
	PERFORM kpi.require_number('cap', wanted.cap);
	IF wanted.floor > wanted.cap THEN
		PERFORM kpi.fail('22023',
			format('floor %s is above cap %s', wanted.floor, wanted.cap),
			'Scores are kept from floor to cap.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_node(kpi.scorecard_node) IS
'Raises an error for a weight, rule or limit of a node that makes no sense.';

CREATE FUNCTION kpi.require_parent(child kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	valid datemultirange;
	shows text;
BEGIN
	SELECT range_agg(n.valid), min(n.indicator) FILTER (WHERE n.valid && child.valid) INTO valid, shows
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = child.scorecard AND n.node = child.parent;
	IF valid IS NULL AND child.parent <> child.node THEN
		PERFORM kpi.fail_unknown('node', child.parent,
								 (SELECT array_agg(k.node ORDER BY k.node COLLATE "C")
								  FROM (SELECT DISTINCT CAST(n.node AS text) FROM kpi.scorecard_node AS n
										WHERE n.scorecard = child.scorecard) AS k (node)),
								 'nodes', 'The scorecard has no node yet; set the weight of the parent first.',
								 format(' in scorecard "%s"', child.scorecard));
	ELSIF shows IS NOT NULL AND child.parent <> child.node THEN
		PERFORM kpi.fail('22023',
			format('parent "%s" of node "%s" shows indicator "%s"', child.parent, child.node, shows),
			'Nodes are placed below groups: give the group a key that is no indicator.');
	ELSIF NOT valid @> child.valid THEN
		PERFORM kpi.fail('22023',
			format('parent "%s" is not valid as long as node "%s"', child.parent, child.node),
			'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of one of them.',
			format('It is valid in %s, the node in %s.', valid, child.valid));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_parent(kpi.scorecard_node) IS
'Raises an error unless the parent of a node is a group of its scorecard on all days on which the node is valid.';

CREATE FUNCTION kpi.node_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	version kpi.scorecard_node;
	ended date;
BEGIN
	SELECT * INTO version FROM kpi.scorecard_node AS n
	WHERE n.scorecard = node_version.scorecard AND n.node = node_version.node
		AND CASE WHEN day IS NULL THEN upper_inf(n.valid) ELSE n.valid @> day END;
	IF NOT FOUND AND day IS NULL THEN
		SELECT max(upper(n.valid)) INTO ended FROM kpi.scorecard_node AS n
		WHERE n.scorecard = node_version.scorecard AND n.node = node_version.node;
		IF ended IS NOT NULL THEN
			PERFORM kpi.fail('22023',
				format('node "%s" of scorecard "%s" ended on %s', node, scorecard, ended),
				'Pass "from" with the day on which it begins again, or with one on which it was valid.');
		END IF;
	END IF;
	RETURN version;
END
$$;
COMMENT ON FUNCTION kpi.node_version(text, text, date) IS
'The version of a node that is valid on a day or, for a NULL day, the one without an end; NULLs for a node that has none. A node whose versions have all ended is an error.';

CREATE FUNCTION kpi.nearest_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT n
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = nearest_version.scorecard AND n.node = nearest_version.node
	ORDER BY lower(n.valid) > day DESC NULLS LAST, abs(coalesce(lower(n.valid), upper(n.valid)) - day)
	LIMIT 1
$$;
COMMENT ON FUNCTION kpi.nearest_version(text, text, date) IS
'The first version of a node that begins after a day, else the last one before it; NULL for a node that has none.';

CREATE FUNCTION kpi.new_node(wanted kpi.scorecard_node, "from" date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.indicator IS NULL AND NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = wanted.node) THEN
		wanted.indicator := (SELECT i.indicator FROM kpi.indicator AS i WHERE i.indicator = wanted.node);
	END IF;
	wanted.perspective := coalesce(wanted.perspective,
		(SELECT p.perspective FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		(SELECT i.perspective FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT n.perspective FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.parent ORDER BY n.valid DESC LIMIT 1));
	wanted.name := coalesce(wanted.name,
		(SELECT i.name FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT p.name FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		kpi.default_name(wanted.node));
	wanted.position := coalesce(wanted.position,
		(SELECT max(n.position) + 10 FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.parent IS NOT DISTINCT FROM wanted.parent), 10);
	wanted.valid := daterange("from",
		(SELECT min(lower(n.valid)) FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.node AND lower(n.valid) > "from"));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi.new_node(kpi.scorecard_node, date) IS
'A new node with its defaults: indicator and perspective of its key, their name, the last position below its parent, valid from the day (NULL for always) to the next version.';

CREATE FUNCTION kpi.put_node(wanted kpi.scorecard_node, old kpi.scorecard_node, "from" date)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted *= old THEN
		RETURN;
	ELSIF old.node IS NOT NULL AND "from" IS DISTINCT FROM lower(old.valid) AND "from" IS NOT NULL THEN
		UPDATE kpi.scorecard_node AS n SET valid = daterange(lower(old.valid), "from")
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
		wanted.valid := daterange("from", upper(old.valid));
		old := NULL;
	END IF;
	IF old.node IS NULL THEN
		INSERT INTO kpi.scorecard_node VALUES (wanted.*);
	ELSE
		UPDATE kpi.scorecard_node AS n
		SET (parent, indicator, unit, perspective, name, weight, role, role_limit, method, missing, max_age, min_coverage, curve, floor, cap, position) =
			ROW (wanted.parent, wanted.indicator, wanted.unit, wanted.perspective, wanted.name, wanted.weight, wanted.role,
				 wanted.role_limit, wanted.method, wanted.missing, wanted.max_age, wanted.min_coverage, wanted.curve, wanted.floor,
				 wanted.cap, wanted.position)
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.put_node(kpi.scorecard_node, kpi.scorecard_node, date) IS
'Stores a node for kpi.set_weight(): in place of its old version, or from a day on beside it; nothing where they are alike.';

CREATE FUNCTION kpi.set_weight(scorecard text, node text, weight numeric DEFAULT NULL, parent text DEFAULT NULL,
							   indicator text DEFAULT NULL, name text DEFAULT NULL, method text DEFAULT NULL,
							   missing text DEFAULT NULL, min_coverage numeric DEFAULT NULL,
							   curve kpi.curve DEFAULT NULL, floor numeric DEFAULT NULL, cap numeric DEFAULT NULL,
							   unit text DEFAULT NULL, perspective text DEFAULT NULL, "position" integer DEFAULT NULL,
							   "from" date DEFAULT NULL, role text DEFAULT NULL, role_limit numeric DEFAULT NULL,
							   max_age integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.scorecard_node;
	template kpi.scorecard_node;
	wanted kpi.scorecard_node;
BEGIN
	PERFORM kpi.require_scorecard(scorecard);
	PERFORM kpi.require_key('node', node);
	IF node = scorecard THEN
		PERFORM kpi.fail('22023',
			format('node "%s" has the key of its scorecard', node),
			'That is its root; set it with kpi.define_scorecard().');
	ELSIF NOT isfinite("from") THEN
		PERFORM kpi.fail('22023',
			format('"from" %s is not a day', "from"),
			'Leave it out for a weight that holds always.');
	END IF;
	PERFORM kpi.require_indicator(indicator) WHERE indicator IS NOT NULL;
	PERFORM kpi.require_unit(unit) WHERE unit IS NOT NULL;
	PERFORM kpi.require_perspective(perspective) WHERE perspective IS NOT NULL;

	-- what is left out is kept as the last editor left it
	PERFORM kpi.lock_tree('kpi.scorecard_node');
	old := kpi.node_version(scorecard, node, "from");
	template := CASE WHEN old.node IS NULL THEN kpi.nearest_version(scorecard, node, "from") ELSE old END;
	wanted := template;
	wanted.scorecard := scorecard;
	wanted.node := node;
	wanted.weight := coalesce(weight, template.weight);
	wanted.parent := CASE WHEN parent = scorecard THEN NULL ELSE coalesce(parent, template.parent) END;
	wanted.indicator := coalesce(indicator, template.indicator);
	wanted.name := coalesce(set_weight.name, template.name);
	wanted.role := coalesce(role, template.role);
	wanted.role_limit := CASE WHEN wanted.role IS DISTINCT FROM template.role THEN role_limit ELSE coalesce(role_limit, template.role_limit) END;
	wanted.max_age := coalesce(max_age, template.max_age, 1);
	wanted.method := coalesce(method, template.method);
	wanted.missing := coalesce(missing, template.missing);
	wanted.min_coverage := coalesce(min_coverage, template.min_coverage);
	wanted.curve := coalesce(curve, template.curve);
	wanted.floor := coalesce(set_weight.floor, template.floor);
	wanted.cap := coalesce(cap, template.cap);
	wanted.unit := coalesce(unit, template.unit);
	wanted.perspective := coalesce(perspective, template.perspective);
	wanted.position := coalesce(set_weight.position, template.position);
	IF old.node IS NULL THEN
		wanted := kpi.new_node(wanted, "from");
	END IF;
	PERFORM kpi.check_node(wanted);
	PERFORM kpi.require_parent(wanted) WHERE wanted.parent IS NOT NULL;
	PERFORM kpi.put_node(wanted, old, "from");
	PERFORM kpi.check_roles(scorecard);
	RETURN node;
END
$$;
COMMENT ON FUNCTION kpi.set_weight(text, text, numeric, text, text, text, text, text, numeric, kpi.curve, numeric, numeric, text, text, integer, date, text, numeric, integer) IS
'Sets the weight of a node of a scorecard, adding the node where it is new, and returns its key. weight: at least 0 on any scale; a new node without one is shown and not counted. A new node takes indicator and perspective of its key, their name, and the last place below its parent; an existing one keeps what is left out. parent: a group of the scorecard, or the scorecard itself for the top. from: ends the version valid on that day and begins a new one; without it the version without an end is changed. role and role_limit: what the node is to its parent, as in kpi.scorecard_rollup(). max_age: periods for which its last score is carried where the parent says carry, 1 by default. Unknown names, cycles, wrong weights and roles are errors.';
-- Collecting: actuals measured over the sources and stored, run by run.

CREATE FUNCTION kpi.measure(indicator text, from_date date, to_date date)
	RETURNS TABLE (cycle text, period_start date, unit text, numerator numeric, denominator numeric,
				   row_count bigint, unassigned bigint)
	AS 'MODULE_PATHNAME', 'kpi_measure'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION kpi.measure(text, date, date) IS
'Measures an indicator over its source, with the rights of its owner and without writing anything: a row for every cycle from its own upward, every period that overlaps from_date (inclusive) to to_date (exclusive), whole, and every unit with rows. unassigned counts the rows of no known unit; they count for the only root unit, or make a row of unit NULL where there are several. No rows for a NULL argument and for a period without rows. Needs INSERT on kpi.measurement; an unknown indicator, one without a source, an empty range, no unit, and what the source raises are errors.';

CREATE FUNCTION kpi.check_source(indicator text)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_check_source'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION kpi.check_source(text) IS
'Plans the query of a measured indicator as its owner, without running it; an error names the part of the definition that is wrong. Needs membership in the owner or INSERT on kpi.measurement. Nothing happens for NULL.';

CREATE FUNCTION kpi.may_commit()
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_commit'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi.may_commit() IS
'Called by a procedure: true if that procedure can end the transaction, false inside a transaction block, a function or an exception block.';

CREATE FUNCTION kpi.require_collector()
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing CONSTANT text := (
		SELECT string_agg(format('%s on %s', privilege, relation), ', ' ORDER BY relation, place)
		FROM (VALUES ('kpi.indicator', ARRAY['SELECT']), ('kpi.org_unit', ARRAY['SELECT']),
					 ('kpi.measurement', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
					 ('kpi.run', ARRAY['SELECT', 'INSERT', 'UPDATE']),
					 ('kpi.run_step', ARRAY['SELECT', 'INSERT'])) AS needed (relation, privileges),
			 unnest(privileges) WITH ORDINALITY AS p (privilege, place)
		WHERE NOT has_table_privilege(relation, privilege));
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = 'you may not collect measurements',
			DETAIL = format('Missing: %s.', missing),
			HINT = 'Ask the owner of these tables to grant them to you.';
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_collector() IS
'Raises an error unless the current user has the privileges on tables of kpi that collecting needs, and names those missing.';

CREATE FUNCTION kpi.collect_list(indicators text[])
	RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unfit record;
BEGIN
	PERFORM kpi.require_indicator(given) FROM unnest(indicators) AS given;
	SELECT i.indicator, CASE WHEN i.kind = 'measured' THEN 'retired' ELSE i.kind END AS why INTO unfit
	FROM kpi.indicator AS i
	WHERE i.indicator = ANY (indicators) AND (i.kind <> 'measured' OR i.state = 'retired')
	ORDER BY i.indicator COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = format('indicator "%s" is %s and cannot be collected', unfit.indicator, unfit.why),
			HINT = 'Only measured indicators that are not retired have a source to collect from.';
	END IF;
	RETURN coalesce(
		(SELECT array_agg(i.indicator::text ORDER BY i.indicator COLLATE "C")
		 FROM kpi.indicator AS i
		 WHERE i.kind = 'measured' AND i.state <> 'retired' AND (indicators IS NULL OR i.indicator = ANY (indicators))),
		'{}');
END
$$;
COMMENT ON FUNCTION kpi.collect_list(text[]) IS
'The measured, not retired indicators among the given ones, all of them for NULL, in the order of their keys. An unknown one and one that cannot be collected are errors.';

CREATE FUNCTION kpi.collect_start(from_period text, to_period text, indicators text[], units text[])
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	from_date date;
	to_date date;
	result bigint;
BEGIN
	PERFORM kpi.require_collector();
	PERFORM kpi.require_value('from_period', from_period);
	from_date := lower(kpi.period(from_period));
	to_date := upper(kpi.period(coalesce(to_period, from_period)));
	IF to_date <= from_date THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = format('period "%s" ends before "%s" begins', to_period, from_period),
			HINT = 'Write the earlier period first.';
	END IF;
	PERFORM kpi.require_unit(given) FROM unnest(units) AS given;
	IF NOT EXISTS (SELECT FROM kpi.org_unit) THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = 'no unit is defined, so there is nobody to measure',
			HINT = 'Define who is measured first: SELECT kpi.define_unit(''company'');';
	END IF;
	INSERT INTO kpi.run (from_date, to_date, started, indicators)
	VALUES (from_date, to_date, clock_timestamp(), cardinality(kpi.collect_list(indicators)))
	RETURNING run INTO result;
	RETURN result;
END
$$;
COMMENT ON FUNCTION kpi.collect_start(text, text, text[], text[]) IS
'Checks what kpi.collect was called with and opens a run in kpi.run; returns its number.';

CREATE FUNCTION kpi.collect_finish(run bigint)
	RETURNS void
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE kpi.run AS r
	SET finished = clock_timestamp(),
		failed = (SELECT count(*) FROM kpi.run_step AS s WHERE s.run = r.run AND s.state = 'failed')
	WHERE r.run = collect_finish.run;
END
$$;
COMMENT ON FUNCTION kpi.collect_finish(bigint) IS
'Closes a run in kpi.run. Nothing happens for NULL.';

CREATE FUNCTION kpi.store_measurements(indicator text, from_date date, to_date date, units text[],
									   OUT measurements integer, OUT changed integer, OUT source_rows bigint,
									   OUT unassigned_rows bigint, OUT kept integer)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	collected CONSTANT timestamptz := clock_timestamp();
	beyond CONSTANT numeric[] := '{NaN,Infinity,-Infinity}';
BEGIN
	PERFORM kpi.require_indicator(indicator);
	-- one statement, as its definition may change meanwhile
	WITH definition AS MATERIALIZED (
		SELECT i.cycle, i.denominator,
			   -- every root has the rows of a source without units
			   CASE WHEN i.unit_column IS NULL
					THEN (SELECT min(u.unit) FROM kpi.org_unit AS u WHERE u.parent IS NULL) END AS counted_once
		FROM kpi.indicator AS i WHERE i.indicator = store_measurements.indicator
	), measured AS MATERIALIZED (
		SELECT m.*, coalesce(m.numerator = ANY (beyond) OR m.denominator = ANY (beyond), false) AS invalid
		FROM kpi.measure(store_measurements.indicator, from_date, to_date) AS m
	), wanted AS MATERIALIZED (
		SELECT m.cycle, m.period_start, m.unit, m.numerator, m.denominator,
			   CASE WHEN m.invalid THEN NULL
					WHEN d.denominator IS NULL THEN m.numerator
					ELSE m.numerator / nullif(m.denominator, 0) END AS value,
			   m.row_count,
			   -- complete once a collection has reached its end
			   coalesce(old.provisional OR old.collected_at IS NULL, true)
			   AND kpi.period_end(m.cycle, m.period_start) > to_date AS provisional,
			   CASE WHEN m.invalid THEN 'invalid' END AS note,
			   old.indicator IS NOT NULL AND old.collected_at IS NULL AS entered
		FROM measured AS m
		CROSS JOIN definition AS d
		LEFT JOIN kpi.measurement AS old
			ON old.indicator = store_measurements.indicator AND old.unit = m.unit
			AND old.cycle = m.cycle AND old.period_start = m.period_start
		WHERE m.unit IS NOT NULL AND (units IS NULL OR m.unit = ANY (units))
	), gone AS (
		DELETE FROM kpi.measurement AS t
		WHERE t.indicator = store_measurements.indicator AND t.collected_at IS NOT NULL
		AND t.period_start < to_date AND t.period_start >= kpi.period_start(t.cycle, from_date)
		AND (units IS NULL OR t.unit = ANY (units))
		AND NOT EXISTS (SELECT FROM wanted AS w
						WHERE w.unit = t.unit AND w.cycle = t.cycle AND w.period_start = t.period_start)
		RETURNING 1
	), written AS (
		INSERT INTO kpi.measurement AS t (indicator, unit, cycle, period_start, numerator, denominator, value,
										  row_count, provisional, note, collected_at)
		SELECT store_measurements.indicator, w.unit, w.cycle, w.period_start, w.numerator, w.denominator, w.value,
			   w.row_count, w.provisional, w.note, collected
		FROM wanted AS w
		WHERE NOT EXISTS (SELECT FROM kpi.measurement AS same
						  WHERE same.indicator = store_measurements.indicator AND same.unit = w.unit
						  AND same.cycle = w.cycle AND same.period_start = w.period_start
						  AND (same.collected_at IS NULL OR
							   (same.numerator, same.denominator, same.value, same.row_count, same.provisional, same.note)
							   IS NOT DISTINCT FROM
							   (w.numerator, w.denominator, w.value, w.row_count, w.provisional, w.note)))
		-- entered by hand in the meantime
		ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at
		WHERE t.collected_at IS NOT NULL
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM wanted AS w WHERE NOT w.entered),
		   (SELECT count(*) FROM gone) + (SELECT count(*) FROM written),
		   coalesce(sum(m.row_count) FILTER (WHERE u.parent IS NULL AND m.unit = coalesce(d.counted_once, m.unit)
											 OR m.unit IS NULL), 0),
		   coalesce(sum(m.unassigned), 0),
		   (SELECT count(*) FROM wanted AS w WHERE w.entered)
	INTO STRICT measurements, changed, source_rows, unassigned_rows, kept
	FROM measured AS m JOIN definition AS d ON d.cycle = m.cycle LEFT JOIN kpi.org_unit AS u ON u.unit = m.unit;
END
$$;
COMMENT ON FUNCTION kpi.store_measurements(text, date, date, text[]) IS
'Measures one indicator and makes its rows in kpi.measurement the same, for the given units or all (NULL): changes what differs, removes what the source no longer has, and keeps what was entered by hand. Counts the rows of the source once, by the cycle of the indicator.';

CREATE FUNCTION kpi.collect_report(indicator text, place integer, measurements integer, changed integer,
								   unassigned_rows bigint, kept integer, total integer)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	message CONSTANT text := format('kpi: %s: %s measurements, %s changed (%s of %s)',
									indicator, measurements, changed, place, total);
	detail text := '';
BEGIN
	IF unassigned_rows > 0 THEN
		detail := format('Rows of no known unit: %s.', unassigned_rows);
	END IF;
	IF kept > 0 THEN
		detail := ltrim(format('%s Entered by hand and kept: %s.', detail, kept));
	END IF;
	IF detail = '' THEN
		RAISE NOTICE USING MESSAGE = message;
	ELSE
		RAISE NOTICE USING MESSAGE = message, DETAIL = detail;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.collect_report(text, integer, integer, integer, bigint, integer, integer) IS
'Tells as a NOTICE what the collection of one indicator did.';

CREATE FUNCTION kpi.collect_indicator(run bigint, indicator text, units text[], place integer)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	started CONSTANT timestamptz := clock_timestamp();
	opened kpi.run;
	stored record;
	code text;
	message text;
	detail text;
	hint text;
BEGIN
	SELECT * INTO STRICT opened FROM kpi.run AS r WHERE r.run = collect_indicator.run;
	BEGIN
		-- the statement after it sees what another collector has stored
		PERFORM pg_advisory_xact_lock(hashtextextended('kpi.collect ' || indicator, 0));
		SELECT * INTO STRICT stored
		FROM kpi.store_measurements(indicator, opened.from_date, opened.to_date, units);
		INSERT INTO kpi.run_step (run, indicator, started, finished, state, measurements, changed,
								  source_rows, unassigned_rows, kept)
		VALUES (collect_indicator.run, collect_indicator.indicator, started, clock_timestamp(), 'collected',
				stored.measurements, stored.changed, stored.source_rows, stored.unassigned_rows, stored.kept);
	-- a cancel is in neither: it ends the collection
	EXCEPTION WHEN OTHERS OR assert_failure THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
			detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		BEGIN
			INSERT INTO kpi.run_step (run, indicator, started, finished, state, sqlstate, error, hint)
			VALUES (collect_indicator.run, collect_indicator.indicator, started, clock_timestamp(), 'failed',
					code, concat_ws('. ', message, nullif(detail, '')), nullif(hint, ''));
			RAISE NOTICE 'kpi: % failed: % (% of %)', indicator, message, place, opened.indicators;
		EXCEPTION WHEN foreign_key_violation THEN
			-- it takes its measurements and steps with it
			RAISE NOTICE 'kpi: % is no longer defined (% of %)', indicator, place, opened.indicators;
		END;
		RETURN;
	END;
	PERFORM kpi.collect_report(indicator, place, stored.measurements, stored.changed,
							   stored.unassigned_rows, stored.kept, opened.indicators);
END
$$;
COMMENT ON FUNCTION kpi.collect_indicator(bigint, text, text[], integer) IS
'One step of kpi.collect: stores the measurements of one indicator and a row of kpi.run_step, or nothing of it but the error.';

-- No SET, as it commits; so everything is qualified.
CREATE PROCEDURE kpi.collect(from_period text, to_period text DEFAULT NULL, indicators text[] DEFAULT NULL,
							 units text[] DEFAULT NULL, commit_each boolean DEFAULT true)
	LANGUAGE plpgsql
AS $$
DECLARE
	run bigint;
	todo pg_catalog.text[];
BEGIN
	IF commit_each IS NOT false AND NOT kpi.may_commit() THEN
		RAISE EXCEPTION USING
			ERRCODE = '25001',
			MESSAGE = 'kpi.collect cannot commit after each indicator inside a transaction block or function',
			HINT = 'Pass commit_each => false to collect within the transaction.';
	END IF;
	run := kpi.collect_start(from_period, to_period, indicators, units);
	todo := kpi.collect_list(indicators);
	IF pg_catalog.cardinality(todo) OPERATOR(pg_catalog.=) 0 THEN
		RAISE NOTICE 'kpi: there is no measured indicator to collect';
	END IF;
	IF commit_each IS NOT false THEN
		COMMIT;
	END IF;
	FOR place IN 1 .. pg_catalog.cardinality(todo) LOOP
		PERFORM kpi.collect_indicator(run, todo[place], units, place);
		IF commit_each IS NOT false THEN
			COMMIT;
		END IF;
	END LOOP;
	PERFORM kpi.collect_finish(run);
END
$$;
COMMENT ON PROCEDURE kpi.collect(text, text, text[], text[], boolean) IS
'Measures the indicators over every period that overlaps from_period to to_period (labels such as 2011-11; to_period is from_period unless given) and stores the results in kpi.measurement: of all measured indicators that are not retired, or those given; for all units, or those given. A second call changes nothing. An indicator that fails is logged in kpi.run_step with its error and the others go on. Commits after each indicator unless commit_each is false, which a transaction block and a function need. Unknown words are errors before anything is written.';
-- Evaluation: targets brought to a period, and a scorecard's tree with its scores.

-- The bound keeps a single absurd value from overflowing the numbers made of it.
CREATE FUNCTION kpi.within(x numeric, bound numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN abs(x) < bound THEN x END;
COMMENT ON FUNCTION kpi.within(numeric, numeric) IS
'x where its magnitude is below the bound, so that a cast to a fixed size cannot fail. NULL for NULL, NaN, infinity or a magnitude of bound or more.';

CREATE FUNCTION kpi.cycle_step(cycle text)
	RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE cycle WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' ELSE interval '1 year' END;
COMMENT ON FUNCTION kpi.cycle_step(text) IS
'How long a month, quarter or year is, without checks: any other text gives a year.';

-- What the targets of a unit say about a period.  No row of kpi.target that
-- touches the period gives NULL and partial false.
CREATE FUNCTION kpi.target_over(indicator text, unit text, time_rollup text, from_date date, to_date date)
	RETURNS TABLE (target numeric, baseline numeric, partial boolean)
	LANGUAGE sql STABLE PARALLEL SAFE COST 100 ROWS 1
BEGIN ATOMIC
	SELECT CASE WHEN s.covered
				THEN trim_scale(CASE target_over.time_rollup WHEN 'sum' THEN s.target_sum ELSE s.target_avg END) END,
		   CASE WHEN s.covered AND s.based
				THEN trim_scale(CASE target_over.time_rollup WHEN 'sum' THEN s.baseline_sum ELSE s.baseline_avg END) END,
		   coalesce(NOT s.covered, false)
	FROM (
		SELECT sum(t.until - t.before) = target_over.to_date - target_over.from_date AS covered,
			   count(t.baseline) = count(*) AS based,
			   -- what is due by the end of the days less what was due before them: parts of a partition cancel out
			   sum(CASE WHEN t.until = t.length THEN t.target ELSE round(t.target * t.until / t.length, 20) END
				   - round(t.target * t.before / t.length, 20)) AS target_sum,
			   sum(CASE WHEN t.until = t.length THEN t.baseline ELSE round(t.baseline * t.until / t.length, 20) END
				   - round(t.baseline * t.before / t.length, 20)) AS baseline_sum,
			   sum(t.target * (t.until - t.before)) / sum(t.until - t.before) AS target_avg,
			   sum(t.baseline * (t.until - t.before)) / sum(t.until - t.before) AS baseline_avg
		FROM (
			SELECT g.target, g.baseline,
				   upper(g.period) - lower(g.period) AS length,
				   greatest(target_over.from_date - lower(g.period), 0) AS before,
				   least(upper(g.period), target_over.to_date) - lower(g.period) AS until
			FROM kpi.target g
			WHERE g.indicator = target_over.indicator AND g.unit = target_over.unit
				-- says no more than the next line, but to the primary key
				AND g.period < daterange(target_over.to_date, NULL)
				AND lower(g.period) < target_over.to_date AND upper(g.period) > target_over.from_date
		) t
	) s;
END;
COMMENT ON FUNCTION kpi.target_over(text, text, text, date, date) IS
'Target and baseline of an indicator and unit over the days from from_date to before to_date, and whether the targets cover only a part of them. time_rollup sum prorates by days, any other takes the average over the days. One row; target NULL unless every day is covered, baseline NULL unless every target has one.';

CREATE FUNCTION kpi.target_for(indicator text, unit text, period daterange)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 200
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	rollup text := (SELECT i.time_rollup FROM kpi.indicator i WHERE i.indicator = target_for.indicator);
BEGIN
	IF rollup IS NULL THEN
		PERFORM kpi.require_indicator(target_for.indicator);
	END IF;
	PERFORM kpi.require_unit(target_for.unit);
	IF NOT isfinite(lower(target_for.period)) OR NOT isfinite(upper(target_for.period)) THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT g.target
			FROM kpi.target_over(target_for.indicator, target_for.unit, rollup,
								 lower(target_for.period), upper(target_for.period)) g);
END
$$;
COMMENT ON FUNCTION kpi.target_for(text, text, daterange) IS
'Target of an indicator and unit over any period: for time_rollup sum the parts of the targets by days, so that the parts of a partition add up exactly, else their average over the days. NULL for NULL, for an empty or open period and when the targets do not cover every day of it. Errors: unknown indicator or unit.';

-- One formula for the score of an indicator, now and in the periods before.
CREATE FUNCTION kpi.attainment_by(method text, actual numeric, target numeric, baseline numeric, direction text, zero_target text)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE method
		WHEN 'ratio' THEN kpi.attainment(actual, target, direction, zero_target)
		WHEN 'inverse' THEN kpi.attainment_inverse(actual, target)
		WHEN 'progress' THEN kpi.progress(actual, target, baseline)
	END;
COMMENT ON FUNCTION kpi.attainment_by(text, numeric, numeric, numeric, text, text) IS
'Attainment by the method of an indicator: ratio, inverse or progress. NULL where that is undefined, and for any other method.';

CREATE FUNCTION kpi.points_by(attainment numeric, curve kpi.curve, floor numeric, cap numeric)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi.clamp(CASE WHEN curve IS NULL THEN 100 * attainment ELSE kpi.score(attainment, curve) END, floor, cap);
COMMENT ON FUNCTION kpi.points_by(numeric, kpi.curve, numeric, numeric) IS
'Points for an attainment: by the curve, 100 x attainment without one, held between floor and cap. NULL for a NULL attainment.';

CREATE FUNCTION kpi.last_points(indicator text, unit text, cycle text, before date, max_age integer, curve kpi.curve, floor numeric, cap numeric)
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE COST 200
BEGIN ATOMIC
	SELECT p.points
	FROM kpi.indicator i
		JOIN kpi.measurement m ON m.indicator = i.indicator AND m.unit = last_points.unit AND m.cycle = last_points.cycle
			AND m.period_start < last_points.before
			AND m.period_start >= last_points.before - last_points.max_age * kpi.cycle_step(last_points.cycle)
		CROSS JOIN LATERAL kpi.target_over(i.indicator, m.unit, i.time_rollup, m.period_start,
										   CAST(m.period_start + kpi.cycle_step(m.cycle) AS date)) g
		CROSS JOIN LATERAL (
			SELECT kpi.points_by(kpi.attainment_by(i.attainment_method, kpi.within(m.value, 1e1000), g.target, g.baseline,
												   i.direction, i.zero_target),
								 last_points.curve, last_points.floor, last_points.cap) AS points) p
	WHERE i.indicator = last_points.indicator AND p.points IS NOT NULL
	ORDER BY m.period_start DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION kpi.last_points(text, text, text, date, integer, kpi.curve, numeric, numeric) IS
'Points of an indicator and unit in the last period that has any, at most max_age periods of the cycle back from the one that begins on the day; by the curve (NULL takes 100 x attainment), floor and cap given. NULL where there is none.';

CREATE TYPE kpi.evaluated AS (
	place integer,
	path text,
	depth integer,
	node text,
	parent text,
	name text,
	perspective text,
	indicator text,
	unit text,
	weight numeric,
	role text,
	absolute_weight numeric,
	actual numeric,
	target numeric,
	attainment numeric,
	score numeric,
	coverage numeric,
	missing text[],
	stale boolean,
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	status integer,
	status_code text,
	status_name text,
	reason text,
	previous_actual numeric,
	previous_score numeric,
	change numeric,
	change_rate numeric,
	trend integer,
	last_year_actual numeric
);
COMMENT ON TYPE kpi.evaluated IS 'One node of an evaluated scorecard; key: node.';
COMMENT ON COLUMN kpi.evaluated.place IS 'Place in the tree read from top to bottom; the scorecard itself is 1.';
COMMENT ON COLUMN kpi.evaluated.path IS 'Keys from the scorecard down to the node, with slashes.';
COMMENT ON COLUMN kpi.evaluated.depth IS 'Levels below the scorecard, which has 0.';
COMMENT ON COLUMN kpi.evaluated.node IS 'Key of the node; of the first row the key of the scorecard.';
COMMENT ON COLUMN kpi.evaluated.parent IS 'Key of the node above; NULL for the scorecard itself.';
COMMENT ON COLUMN kpi.evaluated.name IS 'Name of the node as it was defined.';
COMMENT ON COLUMN kpi.evaluated.perspective IS 'Perspective of the node, else of its indicator, else of the node above.';
COMMENT ON COLUMN kpi.evaluated.indicator IS 'Indicator whose actual and target the row shows; NULL for a node without one.';
COMMENT ON COLUMN kpi.evaluated.unit IS 'Unit measured: that of the node, else the one asked for.';
COMMENT ON COLUMN kpi.evaluated.weight IS 'Weight among the siblings, on their scale; NULL is shown and never counted.';
COMMENT ON COLUMN kpi.evaluated.role IS 'What it is to the node above, as defined; NULL is an ordinary part.';
COMMENT ON COLUMN kpi.evaluated.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi.evaluated.actual IS 'Measured value of the period; NULL when not measured, not a finite number, or 1e1000 and beyond.';
COMMENT ON COLUMN kpi.evaluated.target IS 'Target of the period; NULL unless the targets cover it whole.';
COMMENT ON COLUMN kpi.evaluated.attainment IS 'How far the actual reaches the target, a fraction; NULL when undefined.';
COMMENT ON COLUMN kpi.evaluated.score IS 'Points, unrounded: of a leaf by its curve or 100 x attainment, else of the nodes below.';
COMMENT ON COLUMN kpi.evaluated.coverage IS 'Share of the weight below that has a score, a fraction.';
COMMENT ON COLUMN kpi.evaluated.missing IS 'Nodes of positive weight below, or the node itself, without a score; NULL when nothing is missing.';
COMMENT ON COLUMN kpi.evaluated.stale IS 'Whether a score of an earlier period counts for it or below it.';
COMMENT ON COLUMN kpi.evaluated.vetoes IS 'Triggered vetoes directly below; NULL for none.';
COMMENT ON COLUMN kpi.evaluated.grades_down IS 'Grades that vetoes take, here and below.';
COMMENT ON COLUMN kpi.evaluated.coefficient_zero IS 'Whether a veto sets the coefficient for pay to zero, here or below.';
COMMENT ON COLUMN kpi.evaluated.status IS 'Status of the band: -1, 0 or 1; NULL without a score.';
COMMENT ON COLUMN kpi.evaluated.status_code IS 'Code of the band; none without a score.';
COMMENT ON COLUMN kpi.evaluated.status_name IS 'Name of the band; No data without a score.';
COMMENT ON COLUMN kpi.evaluated.reason IS 'Why there is no score; where there is one, veto or stale for what is to be known of it, else NULL.';
COMMENT ON COLUMN kpi.evaluated.previous_actual IS 'Actual of the period before, for the same indicator and unit.';
COMMENT ON COLUMN kpi.evaluated.previous_score IS 'Score of the period before, by the nodes valid at its end.';
COMMENT ON COLUMN kpi.evaluated.change IS 'Score less previous score, in points.';
COMMENT ON COLUMN kpi.evaluated.change_rate IS 'Relative change of the actual, a fraction; NULL from zero.';
COMMENT ON COLUMN kpi.evaluated.trend IS '1 improving, 0 unchanged, -1 worsening against the period before; NULL when one of the two is missing.';
COMMENT ON COLUMN kpi.evaluated.last_year_actual IS 'Actual of the same period one year earlier, for the same indicator and unit.';

-- The query evaluates the period (phase 0) and the one before (phase 1) at once.
CREATE FUNCTION kpi.evaluate(scorecard text, unit text, period text, as_of date DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked_cycle text;
	asked daterange;
	asked_start date;
	asked_end date;
	card kpi.scorecard;
BEGIN
	SELECT c.* INTO card FROM kpi.scorecard c WHERE c.scorecard = evaluate.scorecard;
	IF NOT FOUND THEN
		PERFORM kpi.require_scorecard(evaluate.scorecard);
	END IF;
	PERFORM kpi.require_unit(evaluate.unit);
	PERFORM kpi.require_value('period', evaluate.period);
	asked_cycle := kpi.period_cycle(evaluate.period);
	IF asked_cycle NOT IN ('month', 'quarter', 'year') THEN
		PERFORM kpi.fail('22023', format('period "%s" is a %s, not a month, quarter or year', evaluate.period, asked_cycle),
						 'Write a month (2011-11), quarter (2011-Q4) or year (2011).');
	END IF;
	asked := kpi.period(evaluate.period);
	asked_start := lower(asked);
	asked_end := upper(asked);

	RETURN QUERY
	WITH RECURSIVE phase (phase, first_day, end_day, rules) AS (
		VALUES (0, asked_start, asked_end, coalesce(evaluate.as_of, asked_end - 1)),
			   (1, kpi.period_before(asked_cycle, asked_start), asked_start, asked_start - 1)
	), version AS (
		SELECT p.phase, p.first_day, p.end_day, n.node, coalesce(n.parent, n.scorecard) AS above, n.name,
			   coalesce(n.perspective, i.perspective) AS perspective, i.indicator, coalesce(n.unit, evaluate.unit) AS unit,
			   i.direction, i.time_rollup, i.attainment_method, i.zero_target, coalesce(n.curve, i.curve) AS curve,
			   n.floor, n.cap, n.weight, n.role, n.role_limit, n.max_age, coalesce(n.method, card.method) AS method,
			   coalesce(n.missing, card.missing) AS missing, coalesce(n.min_coverage, card.min_coverage) AS min_coverage,
			   row_number() OVER (PARTITION BY p.phase, n.parent ORDER BY n.position, CAST(n.node AS text) COLLATE "C") AS sibling
		FROM phase p
			JOIN kpi.scorecard_node n ON n.scorecard = evaluate.scorecard AND n.valid @> p.rules
			LEFT JOIN kpi.indicator i ON i.indicator = n.indicator
	), tree AS (
		SELECT p.phase, p.first_day, p.end_day, card.scorecard AS node, CAST(NULL AS kpi.key) AS parent, card.name,
			   CAST(NULL AS kpi.key) AS perspective, CAST(NULL AS kpi.key) AS indicator, evaluate.unit AS unit,
			   CAST(NULL AS text) AS direction, CAST(NULL AS text) AS time_rollup, CAST(NULL AS text) AS attainment_method,
			   CAST(NULL AS text) AS zero_target, CAST(NULL AS kpi.curve) AS curve,
			   CAST(NULL AS numeric) AS floor, CAST(NULL AS numeric) AS cap, CAST(NULL AS numeric) AS weight,
			   CAST(NULL AS text) AS role, CAST(NULL AS numeric) AS role_limit, CAST(NULL AS integer) AS max_age,
			   card.method, card.missing, card.min_coverage, false AS carried_above,
			   0 AS depth, CAST(card.scorecard AS text) AS path, CAST(ARRAY[] AS bigint[]) AS rank
		FROM phase p
		UNION ALL
		SELECT v.phase, v.first_day, v.end_day, v.node, v.above, v.name,
			   coalesce(v.perspective, t.perspective), v.indicator, v.unit,
			   v.direction, v.time_rollup, v.attainment_method, v.zero_target, v.curve,
			   v.floor, v.cap, v.weight, v.role, v.role_limit, v.max_age,
			   v.method, v.missing, v.min_coverage, t.missing = 'carry',
			   t.depth + 1, t.path || '/' || v.node, t.rank || v.sibling
		FROM tree t
			JOIN version v ON v.phase = t.phase AND v.above = t.node
	), valued AS (
		SELECT t.*, t.method = 'self' OR (t.phase, t.node) NOT IN (SELECT b.phase, b.parent FROM tree b WHERE b.parent IS NOT NULL) AS leaf,
			   kpi.within(m.value, 1e1000) AS actual,
			   coalesce(kpi.within(m.value, 1e1000) IS NULL AND (m.value IS NOT NULL OR m.note = 'invalid'), false) AS invalid,
			   g.target, g.baseline, g.partial
		FROM tree t
			LEFT JOIN kpi.measurement m ON m.indicator = t.indicator AND m.unit = t.unit
				AND m.cycle = asked_cycle AND m.period_start = t.first_day
			LEFT JOIN LATERAL kpi.target_over(t.indicator, t.unit, t.time_rollup, t.first_day, t.end_day) g
				ON t.indicator IS NOT NULL
	), attained AS (
		SELECT v.*, kpi.attainment_by(v.attainment_method, v.actual, v.target, v.baseline, v.direction, v.zero_target) AS attainment
		FROM valued v
	), scored AS (
		SELECT a.*, CASE WHEN a.leaf THEN kpi.points_by(a.attainment, a.curve, a.floor, a.cap) END AS points
		FROM attained a
	), rolled AS (
		SELECT q.phase, r.*
		FROM (SELECT s.phase,
					 kpi.scorecard_rollup(s.node, s.parent, s.weight, s.points, s.method, s.missing, s.min_coverage, s.role, s.role_limit,
						 CASE WHEN s.carried_above AND s.leaf AND s.points IS NULL AND s.indicator IS NOT NULL
							  THEN kpi.last_points(s.indicator, s.unit, asked_cycle, s.first_day, s.max_age, s.curve, s.floor, s.cap) END) AS nodes
			  FROM scored s
			  GROUP BY s.phase) q
			CROSS JOIN LATERAL unnest(q.nodes) r
	), told AS (
		SELECT s.phase, s.first_day, s.rank, s.path, s.depth, s.node, s.parent, s.name, s.perspective, s.indicator, s.unit,
			   s.direction, s.leaf, s.weight, s.role, s.actual, s.target, s.attainment,
			   r.absolute_weight, r.score, r.coverage, r.missing_nodes, r.stale, r.vetoes, r.grades_down, r.coefficient_zero,
			   CASE WHEN r.vetoes IS NOT NULL AND r.score IS NOT NULL THEN 'veto'
					WHEN r.score IS NOT NULL THEN CASE WHEN r.stale THEN 'stale' END
					WHEN NOT s.leaf THEN r.reason
					WHEN s.indicator IS NULL THEN 'no_data'
					WHEN s.invalid THEN 'invalid'
					WHEN s.actual IS NOT NULL AND s.partial THEN 'partial_target'
					ELSE kpi.attainment_reason(s.actual, s.target, s.attainment_method, s.zero_target, s.baseline)
			   END AS reason,
			   -- the row of the same node in the period before, if there is one
			   lead(r.score) OVER before AS previous_score,
			   lead(s.actual) OVER before AS previous_actual,
			   lead(s.attainment) OVER before AS previous_attainment,
			   lead(s.indicator) OVER before = s.indicator AND lead(s.unit) OVER before = s.unit AS comparable
		FROM scored s
			JOIN rolled r ON r.phase = s.phase AND r.node = s.node
		WINDOW before AS (PARTITION BY s.node ORDER BY s.phase)
	)
	SELECT CAST(row_number() OVER (ORDER BY n.rank) AS integer), n.path, n.depth, CAST(n.node AS text), CAST(n.parent AS text),
		   n.name, CAST(n.perspective AS text), CAST(n.indicator AS text), CAST(n.unit AS text),
		   n.weight, n.role, n.absolute_weight, n.actual, n.target, n.attainment, n.score, n.coverage, n.missing_nodes,
		   n.stale, n.vetoes, n.grades_down, n.coefficient_zero,
		   b.status, CAST(coalesce(b.code, 'none') AS text), coalesce(b.name, 'No data'), n.reason,
		   p.actual, n.previous_score, kpi.change(n.score, n.previous_score), kpi.change_rate(n.actual, p.actual),
		   CAST(CASE WHEN NOT n.leaf THEN sign(n.score - n.previous_score)
					 WHEN n.direction = 'target' THEN sign(n.attainment - p.attainment)
					 ELSE CASE n.direction WHEN 'lower' THEN -1 ELSE 1 END * sign(n.actual - p.actual)
				END AS integer),
		   kpi.within(y.value, 1e1000)
	FROM told n
		CROSS JOIN LATERAL (
			SELECT CASE WHEN n.comparable THEN n.previous_actual END AS actual,
				   CASE WHEN n.comparable THEN n.previous_attainment END AS attainment) p
		LEFT JOIN kpi.measurement y ON y.indicator = n.indicator AND y.unit = n.unit AND y.cycle = asked_cycle
			AND y.period_start = CAST(n.first_day - interval '1 year' AS date)
		LEFT JOIN LATERAL (
			SELECT d.status, d.code, d.name
			FROM kpi.band d
			WHERE d.bands = card.bands AND (d.lower_bound IS NULL OR d.lower_bound <= n.score) AND n.score IS NOT NULL
			ORDER BY d.lower_bound DESC NULLS LAST
			LIMIT 1) b ON true
	WHERE n.phase = 0
	ORDER BY n.rank;
END
$$;
COMMENT ON FUNCTION kpi.evaluate(text, text, text, date) IS
'Evaluates a scorecard for a unit and a period (2011-11, 2011-Q4, 2011): one row per node in tree order, first the scorecard itself. as_of chooses the nodes in force, by default those of the last day of the period. What is undefined is NULL with a reason. Errors: NULL or unknown scorecard or unit, a period that is no month, quarter or year.';
-- Grades by the bands of the registry.

CREATE FUNCTION kpi.grade(score numeric, bands text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.bands = grade.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade.bands);
	END IF;
	RETURN CASE WHEN grade.score > '-Infinity' AND grade.score < 'Infinity' THEN hit.code END;
END
$$;
COMMENT ON FUNCTION kpi.grade(numeric, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN, infinity or a score below all bands; bands that do not exist are an error.';

CREATE FUNCTION kpi.grade(score float8, bands text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.bands = grade.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade.bands);
	END IF;
	RETURN CASE WHEN grade.score > '-Infinity' AND grade.score < 'Infinity' THEN hit.code END;
END
$$;
COMMENT ON FUNCTION kpi.grade(float8, text) IS
'Code of the band of kpi.band that a score is in; bands begin at their lower bound. NULL for NULL, NaN, infinity or a score below all bands; bands that do not exist are an error.';

CREATE FUNCTION kpi.grade_coefficient(score numeric, bands text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.bands = grade_coefficient.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade_coefficient.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade_coefficient.bands);
	END IF;
	RETURN CASE WHEN grade_coefficient.score > '-Infinity' AND grade_coefficient.score < 'Infinity' THEN hit.coefficient END;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(numeric, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN, infinity or a score below all bands, and for a band without one; bands that do not exist are an error.';

CREATE FUNCTION kpi.grade_coefficient(score float8, bands text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	hit kpi.band;
BEGIN
	SELECT b.* INTO hit
	FROM kpi.band AS b
	WHERE b.bands = grade_coefficient.bands AND (b.lower_bound IS NULL OR b.lower_bound <= grade_coefficient.score)
	ORDER BY b.lower_bound DESC NULLS LAST
	LIMIT 1;
	IF hit.bands IS NULL THEN
		PERFORM kpi.require_bands(grade_coefficient.bands);
	END IF;
	RETURN CASE WHEN grade_coefficient.score > '-Infinity' AND grade_coefficient.score < 'Infinity' THEN hit.coefficient END;
END
$$;
COMMENT ON FUNCTION kpi.grade_coefficient(float8, text) IS
'Coefficient for pay of the band that a score is in. NULL for NULL, NaN, infinity or a score below all bands, and for a band without one; bands that do not exist are an error.';
-- Language: the reader's words for names, status words, reasons and units.

CREATE FUNCTION kpi.language()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(nullif(current_setting('kpi.language', true), ''), 'en');
COMMENT ON FUNCTION kpi.language() IS
'The language of names and words: the setting kpi.language, en unless set.';

CREATE FUNCTION kpi.term(topic text, code text, fallback text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE COST 100
	RETURN coalesce((SELECT t.name
					 FROM kpi.translation t
					 WHERE t.topic = term.topic AND t.code = term.code
						 AND (t.language IN (kpi.language(), split_part(kpi.language(), '-', 1))
							  OR t.language = 'en' AND t.topic IN ('status', 'reason', 'trend', 'heading'))
					 ORDER BY t.language IN (kpi.language(), split_part(kpi.language(), '-', 1)) DESC, t.shipped, length(t.language) DESC
					 LIMIT 1), fallback);
COMMENT ON FUNCTION kpi.term(text, text, text) IS
'The word for a code of a topic of kpi.translation in the language of the setting kpi.language: one''s own rows before the shipped ones, zh-hk before zh, for statuses, reasons, trends and headings English at last; the fallback where there is none, also for a NULL topic or code.';

-- The views look many words up: one read of kpi.translation serves a whole query.
CREATE FUNCTION kpi.words()
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE COST 1000
BEGIN ATOMIC
	-- the order of kpi.term() backwards: of equal keys the last one stays
	SELECT coalesce(jsonb_object_agg(t.topic || '/' || t.code, t.name
									 ORDER BY t.language IN (kpi.language(), split_part(kpi.language(), '-', 1)),
											  t.shipped DESC, length(t.language)), '{}')
	FROM kpi.translation t
	WHERE t.language IN (kpi.language(), split_part(kpi.language(), '-', 1))
		OR t.language = 'en' AND t.topic IN ('status', 'reason', 'trend', 'heading');
END;
COMMENT ON FUNCTION kpi.words() IS
'All words of the language of the setting kpi.language as one object, topic/code: name, by the rule of kpi.term(); empty where there is none.';
-- Views for people and reporting tools: plain types of fixed size, no NaN, no
-- infinity, key columns first, names in the reader's language.

-- written with operators, so that a filter of a view is cheap before its rows are made
CREATE FUNCTION kpi.label_of(cycle text, period_start date)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN to_char(CAST(period_start AS timestamp),
				   CASE cycle WHEN 'month' THEN 'YYYY-MM' WHEN 'quarter' THEN 'YYYY-"Q"Q' ELSE 'YYYY' END);
COMMENT ON FUNCTION kpi.label_of(text, date) IS
'The label of a month, quarter or year by its first day, as kpi.period_label() gives it, without its checks. NULL for NULL.';

CREATE VIEW kpi.v_scorecard WITH (security_invoker = true) AS
SELECT CAST(d.scorecard AS varchar(63)) AS scorecard,
	   CAST(d.unit AS varchar(63)) AS unit_code,
	   CAST(d.cycle AS varchar(8)) AS period_grain,
	   d.period_start,
	   CAST(e.node AS varchar(63)) AS node,
	   CAST(d.scorecard || '/' || d.unit || '/' || kpi.label_of(d.cycle, d.period_start) || '/' || e.node AS varchar(255)) AS score_key,
	   CAST(d.period_start + kpi.cycle_step(d.cycle) AS date) - 1 AS period_end,
	   CAST(kpi.label_of(d.cycle, d.period_start) AS varchar(16)) AS period_label,
	   CAST(coalesce(w.words ->> ('scorecard/' || d.scorecard), c.name) AS varchar(200)) AS scorecard_name,
	   CAST(coalesce(w.words ->> ('org_unit/' || u.unit), u.name) AS varchar(200)) AS unit_name,
	   CAST(CASE WHEN e.depth = 0 THEN coalesce(w.words ->> ('scorecard/' || d.scorecard), e.name)
				 ELSE coalesce(w.words ->> ('node/' || d.scorecard || '/' || e.node), w.words ->> ('node/' || e.node),
							   CASE WHEN e.name = i.name THEN w.words ->> ('indicator/' || e.indicator) END,
							   CASE WHEN e.name = v.name THEN w.words ->> ('perspective/' || e.perspective) END,
							   e.name)
			END AS varchar(200)) AS node_name,
	   CAST(e.parent AS varchar(63)) AS parent_node,
	   e.depth,
	   e.place,
	   CAST(e.perspective AS varchar(63)) AS perspective,
	   CAST(coalesce(w.words ->> ('perspective/' || e.perspective), v.name) AS varchar(200)) AS perspective_name,
	   CAST(e.indicator AS varchar(63)) AS indicator,
	   CAST(coalesce(w.words ->> ('indicator/' || e.indicator), i.name) AS varchar(200)) AS indicator_name,
	   CAST(coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) AS varchar(63)) AS unit_of_measure,
	   CAST(e.unit AS varchar(63)) AS measured_unit_code,
	   CAST(kpi.within(e.weight, 999999999999) AS numeric(18,6)) AS weight,
	   CAST(kpi.within(e.absolute_weight, 999999999999) AS numeric(18,6)) AS absolute_weight,
	   CAST(kpi.within(e.actual, 999999999999999999) AS numeric(24,6)) AS actual,
	   CAST(kpi.within(e.target, 999999999999999999) AS numeric(24,6)) AS target,
	   CAST(kpi.within(e.attainment, 999999999999) AS numeric(18,6)) AS attainment,
	   CAST(kpi.within(e.score, 9999999) AS numeric(9,2)) AS score,
	   CAST(kpi.within(e.coverage, 999999999999) AS numeric(18,6)) AS coverage,
	   coalesce(cardinality(e.missing), 0) AS missing_count,
	   array_to_string(e.missing, ', ') AS missing_nodes,
	   CAST(CASE e.status WHEN -1 THEN 'red' WHEN 0 THEN 'amber' WHEN 1 THEN 'green' ELSE 'none' END AS varchar(8)) AS rag,
	   coalesce(e.status + 2, 0) AS rag_order,
	   CAST(coalesce(w.words ->> ('status/' || e.status_code), e.status_name) AS varchar(63)) AS rag_label,
	   CAST(r.reason AS varchar(32)) AS score_reason,
	   CAST(coalesce(w.words ->> ('reason/' || r.reason), kpi.default_name(r.reason)) AS varchar(63)) AS score_reason_label,
	   CAST(kpi.within(e.previous_actual, 999999999999999999) AS numeric(24,6)) AS previous_actual,
	   CAST(kpi.within(e.previous_score, 9999999) AS numeric(9,2)) AS previous_score,
	   CAST(kpi.within(e.change, 9999999) AS numeric(9,2)) AS score_change,
	   CAST(kpi.within(e.change_rate, 999999999999) AS numeric(18,6)) AS change_rate,
	   e.trend,
	   CAST(coalesce(w.words ->> ('trend/' || t.code), kpi.default_name(t.code)) AS varchar(63)) AS trend_label,
	   CAST(kpi.within(e.last_year_actual, 999999999999999999) AS numeric(24,6)) AS last_year_actual,
	   e.is_provisional
FROM (
		SELECT n.scorecard, m.unit, m.cycle, m.period_start
		FROM kpi.scorecard k
			JOIN kpi.scorecard_node n ON n.scorecard = k.scorecard
			JOIN kpi.measurement m ON m.indicator = n.indicator
				AND n.valid @> CAST(m.period_start + kpi.cycle_step(m.cycle) - interval '1 day' AS date)
			-- a unit that row-level security hides is not evaluated
			JOIN kpi.org_unit o ON o.unit = m.unit
		WHERE kpi.cycle_step(m.cycle) >= kpi.cycle_step(k.cycle)
			AND m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31'
		GROUP BY n.scorecard, m.unit, m.cycle, m.period_start
	) d
	CROSS JOIN LATERAL (
		WITH e AS MATERIALIZED (
			SELECT x.* FROM kpi.evaluate(d.scorecard, d.unit, kpi.label_of(d.cycle, d.period_start)) x
		), open AS MATERIALIZED (
			SELECT e.path
			FROM e
				JOIN kpi.measurement m ON m.indicator = e.indicator AND m.unit = e.unit
					AND m.cycle = d.cycle AND m.period_start = d.period_start AND m.provisional
		)
		SELECT e.*,
			   CAST(EXISTS (SELECT 1 FROM open o WHERE o.path = e.path OR starts_with(o.path, e.path || '/')) AS integer) AS is_provisional
		FROM e
	) e
	CROSS JOIN LATERAL (
		SELECT coalesce(e.reason,
						CASE WHEN abs(e.actual) >= 999999999999999999 OR abs(e.target) >= 999999999999999999
								  OR abs(e.attainment) >= 999999999999 OR abs(e.score) >= 9999999
							 THEN 'invalid' END) AS reason
	) r
	CROSS JOIN LATERAL (
		SELECT CASE e.trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END AS code
	) t
	JOIN kpi.scorecard c ON c.scorecard = d.scorecard
	JOIN kpi.org_unit u ON u.unit = d.unit
	LEFT JOIN kpi.indicator i ON i.indicator = e.indicator
	LEFT JOIN kpi.perspective v ON v.perspective = e.perspective
	CROSS JOIN kpi.words() w (words);

CREATE VIEW kpi.v_indicator WITH (security_invoker = true) AS
SELECT CAST(m.indicator AS varchar(63)) AS indicator,
	   CAST(m.unit AS varchar(63)) AS unit_code,
	   CAST(m.cycle AS varchar(8)) AS period_grain,
	   m.period_start,
	   CAST(m.indicator || '/' || m.unit || '/' || kpi.label_of(m.cycle, m.period_start) AS varchar(255)) AS indicator_key,
	   p.next_start - 1 AS period_end,
	   CAST(kpi.label_of(m.cycle, m.period_start) AS varchar(16)) AS period_label,
	   CAST(coalesce(w.words ->> ('indicator/' || i.indicator), i.name) AS varchar(200)) AS indicator_name,
	   CAST(coalesce(w.words ->> ('org_unit/' || u.unit), u.name) AS varchar(200)) AS unit_name,
	   CAST(i.perspective AS varchar(63)) AS perspective,
	   CAST(coalesce(w.words ->> ('perspective/' || i.perspective), v.name) AS varchar(200)) AS perspective_name,
	   CAST(coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) AS varchar(63)) AS unit_of_measure,
	   CAST(i.direction AS varchar(8)) AS direction,
	   i.decimals,
	   CAST(kpi.within(a.actual, 999999999999999999) AS numeric(24,6)) AS actual,
	   CAST(kpi.within(g.target, 999999999999999999) AS numeric(24,6)) AS target,
	   CAST(kpi.within(s.attainment, 999999999999) AS numeric(18,6)) AS attainment,
	   CAST(r.reason AS varchar(32)) AS attainment_reason,
	   CAST(coalesce(w.words ->> ('reason/' || r.reason), kpi.default_name(r.reason)) AS varchar(63)) AS attainment_reason_label,
	   CAST(kpi.within(b.previous, 999999999999999999) AS numeric(24,6)) AS previous_actual,
	   CAST(kpi.within(kpi.change(a.actual, b.previous), 999999999999999999) AS numeric(24,6)) AS actual_change,
	   CAST(kpi.within(kpi.change_rate(a.actual, b.previous), 999999999999) AS numeric(18,6)) AS change_rate,
	   t.trend,
	   CAST(coalesce(w.words ->> ('trend/' || c.code), kpi.default_name(c.code)) AS varchar(63)) AS trend_label,
	   CAST(kpi.within(b.last_year, 999999999999999999) AS numeric(24,6)) AS last_year_actual,
	   CAST(m.provisional AS integer) AS is_provisional
FROM kpi.measurement m
	JOIN kpi.indicator i ON i.indicator = m.indicator
	JOIN kpi.org_unit u ON u.unit = m.unit
	LEFT JOIN kpi.perspective v ON v.perspective = i.perspective
	CROSS JOIN LATERAL (
		SELECT CAST(m.period_start + kpi.cycle_step(m.cycle) AS date) AS next_start,
			   CAST(m.period_start - kpi.cycle_step(m.cycle) AS date) AS before_start,
			   CAST(m.period_start - interval '1 year' AS date) AS year_start
	) p
	LEFT JOIN kpi.measurement mp ON mp.indicator = m.indicator AND mp.unit = m.unit AND mp.cycle = m.cycle
		AND mp.period_start = p.before_start
	LEFT JOIN kpi.measurement my ON my.indicator = m.indicator AND my.unit = m.unit AND my.cycle = m.cycle
		AND my.period_start = p.year_start
	CROSS JOIN LATERAL (
		SELECT kpi.within(m.value, 1e1000) AS actual
	) a
	CROSS JOIN LATERAL (
		SELECT kpi.within(mp.value, 1e1000) AS previous, kpi.within(my.value, 1e1000) AS last_year
	) b
	CROSS JOIN LATERAL kpi.target_over(m.indicator, m.unit, i.time_rollup, m.period_start, p.next_start) g
	CROSS JOIN LATERAL (
		SELECT CASE i.attainment_method
				   WHEN 'ratio' THEN kpi.attainment(a.actual, g.target, i.direction, i.zero_target)
				   WHEN 'inverse' THEN kpi.attainment_inverse(a.actual, g.target)
				   WHEN 'progress' THEN kpi.progress(a.actual, g.target, g.baseline)
			   END AS attainment
	) s
	CROSS JOIN LATERAL (
		SELECT CASE WHEN m.value IS NOT NULL AND a.actual IS NULL OR m.value IS NULL AND m.note = 'invalid'
						 OR abs(a.actual) >= 999999999999999999 OR abs(g.target) >= 999999999999999999
						 OR abs(s.attainment) >= 999999999999 THEN 'invalid'
					WHEN s.attainment IS NOT NULL THEN NULL
					WHEN a.actual IS NOT NULL AND g.partial THEN 'partial_target'
					ELSE kpi.attainment_reason(a.actual, g.target, i.attainment_method, i.zero_target, g.baseline)
			   END AS reason
	) r
	CROSS JOIN LATERAL (
		SELECT CAST(CASE i.direction
						WHEN 'higher' THEN sign(a.actual - b.previous)
						WHEN 'lower' THEN sign(b.previous - a.actual)
						-- nearer to the target, each against the target of its own period
						ELSE sign(s.attainment - (SELECT kpi.attainment(b.previous, h.target, i.direction, i.zero_target)
												  FROM kpi.target_over(m.indicator, m.unit, i.time_rollup, p.before_start, m.period_start) h))
					END AS integer) AS trend
	) t
	CROSS JOIN LATERAL (
		SELECT CASE t.trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END AS code
	) c
	CROSS JOIN kpi.words() w (words)
WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31';

CREATE VIEW kpi.v_data_quality WITH (security_invoker = true) AS
SELECT CAST(concat_ws('/', f.finding, f.scorecard, f.node, f.indicator, f.unit, kpi.label_of(f.cycle, f.period_start)) AS varchar(320)) AS finding_key,
	   CAST(f.severity AS varchar(8)) AS severity,
	   CASE f.severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END AS severity_order,
	   CAST(f.finding AS varchar(32)) AS finding,
	   CAST(coalesce(w.words ->> ('reason/' || f.finding), kpi.default_name(f.finding)) AS varchar(63)) AS finding_label,
	   CAST(f.scorecard AS varchar(63)) AS scorecard,
	   CAST(f.node AS varchar(63)) AS node,
	   CAST(f.indicator AS varchar(63)) AS indicator,
	   CAST(coalesce(w.words ->> ('indicator/' || f.indicator), i.name) AS varchar(200)) AS indicator_name,
	   CAST(f.unit AS varchar(63)) AS unit_code,
	   CAST(f.cycle AS varchar(8)) AS period_grain,
	   f.period_start,
	   CAST(f.period_start + kpi.cycle_step(f.cycle) AS date) - 1 AS period_end,
	   CAST(kpi.label_of(f.cycle, f.period_start) AS varchar(16)) AS period_label,
	   f.finding_text
FROM (
		-- what the last collection of each indicator met
		SELECT q.severity, q.finding, CAST(NULL AS text) AS scorecard, CAST(NULL AS text) AS node, CAST(s.indicator AS text) AS indicator,
			   CAST(NULL AS text) AS unit, CAST(NULL AS text) AS cycle, CAST(NULL AS date) AS period_start, q.finding_text
		FROM (SELECT DISTINCT ON (x.indicator) x.* FROM kpi.run_step x ORDER BY x.indicator, x.run DESC) s
			CROSS JOIN LATERAL (
				VALUES ('error', 'collection_failed',
						CASE WHEN s.state = 'failed' THEN concat('The last collection of ', s.indicator, ' failed: ', s.error, '.', ' ' || s.hint) END),
					   ('warning', 'unassigned_rows',
						CASE WHEN s.unassigned_rows > 0
							 THEN format('%s rows of the source of %s name no known unit.', s.unassigned_rows, s.indicator) END)
			) q (severity, finding, finding_text)
		WHERE q.finding_text IS NOT NULL
		UNION ALL
		SELECT 'warning', 'never_collected', NULL, NULL, d.indicator, NULL, NULL, NULL,
			   format('%s is to be measured from %s and was never collected.', d.indicator, d.source)
		FROM kpi.indicator d
		WHERE d.kind = 'measured' AND d.state <> 'retired'
			AND NOT EXISTS (SELECT FROM kpi.run_step s WHERE s.indicator = d.indicator)
			AND NOT EXISTS (SELECT FROM kpi.measurement m WHERE m.indicator = d.indicator)
		UNION ALL
		-- what the measurements say of themselves
		SELECT q.severity, q.finding, NULL, NULL, m.indicator, m.unit, m.cycle, m.period_start,
			   concat(q.before, m.indicator, ' for ', m.unit, ' in ', kpi.label_of(m.cycle, m.period_start), q.after)
		FROM kpi.measurement m
			CROSS JOIN LATERAL (
				VALUES ('error', 'invalid', 'The value of ', ' is not a finite number.',
						m.value IN ('NaN', 'Infinity', '-Infinity') OR m.value IS NULL AND m.note = 'invalid'),
					   ('info', 'provisional', '', ' was collected before the period was over.', m.provisional)
			) q (severity, finding, before, after, applies)
		WHERE q.applies AND m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31'
		UNION ALL
		SELECT 'warning', 'gap', NULL, NULL, g.indicator, g.unit, g.cycle, x.first_missing,
			   concat(g.indicator, ' for ', g.unit, ' has no measurement ',
					  CASE WHEN x.first_missing = x.last_missing
						   THEN concat('in ', kpi.label_of(g.cycle, x.first_missing), ', though the periods around it have one.')
						   ELSE concat('from ', kpi.label_of(g.cycle, x.first_missing), ' to ', kpi.label_of(g.cycle, x.last_missing),
									   ', though the periods around them have one.') END)
		FROM (
				SELECT m.indicator, m.unit, m.cycle, m.period_start,
					   lead(m.period_start) OVER (PARTITION BY m.indicator, m.unit, m.cycle ORDER BY m.period_start) AS next_start
				FROM kpi.measurement m
				WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31'
			) g
			CROSS JOIN LATERAL (
				SELECT CAST(g.period_start + kpi.cycle_step(g.cycle) AS date) AS first_missing,
					   CAST(g.next_start - kpi.cycle_step(g.cycle) AS date) AS last_missing
			) x
		WHERE g.next_start > x.first_missing
		UNION ALL
		-- what the newest evaluation of each scorecard and unit lacks
		SELECT CASE WHEN e.indicator IS NULL THEN 'error' WHEN e.weight IS NULL THEN 'info' ELSE 'warning' END, e.reason, l.scorecard, e.node, e.indicator, l.unit,
			   l.cycle, l.period_start,
			   CASE e.reason
				   WHEN 'low_coverage' THEN format('%s of scorecard %s has no score for %s in %s: only %s %% of its weight has data.',
												   e.node, l.scorecard, l.unit, kpi.label_of(l.cycle, l.period_start), round(100 * e.coverage))
				   ELSE format('%s of scorecard %s has no score for %s in %s: %s.', e.node, l.scorecard, e.unit,
							   kpi.label_of(l.cycle, l.period_start), replace(e.reason, '_', ' '))
			   END
		FROM (
				SELECT k.scorecard, m.unit, m.cycle, max(m.period_start) AS period_start
				FROM kpi.scorecard k
					JOIN kpi.scorecard_node n ON n.scorecard = k.scorecard
					JOIN kpi.measurement m ON m.indicator = n.indicator AND m.cycle = k.cycle
						AND n.valid @> CAST(m.period_start + kpi.cycle_step(m.cycle) - interval '1 day' AS date)
					JOIN kpi.org_unit o ON o.unit = m.unit
				WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31'
				GROUP BY k.scorecard, m.unit, m.cycle
			) l
			CROSS JOIN LATERAL kpi.evaluate(l.scorecard, l.unit, kpi.label_of(l.cycle, l.period_start)) e
		-- a group without data follows from its leaves
		WHERE e.score IS NULL AND (e.reason <> 'no_data' OR e.depth = 0 OR e.indicator IS NOT NULL)
		UNION ALL
		-- the rules in force from now on
		SELECT 'warning', 'weight_sum', n.scorecard, coalesce(n.parent, n.scorecard), NULL, NULL, NULL, NULL,
			   format('The weights below %s of scorecard %s sum to %s, neither 1 nor 100.',
					  coalesce(n.parent, n.scorecard), n.scorecard, trim_scale(sum(n.weight)))
		FROM kpi.scorecard_node n
			JOIN kpi.scorecard k ON k.scorecard = n.scorecard
			LEFT JOIN kpi.scorecard_node a ON a.scorecard = n.scorecard AND a.node = n.parent AND upper_inf(a.valid)
		WHERE upper_inf(n.valid) AND coalesce(a.method, k.method) = 'weighted' AND coalesce(n.role, 'part') IN ('part', 'priority')
		GROUP BY n.scorecard, n.parent
		HAVING sum(n.weight) NOT IN (1, 100)
		UNION ALL
		SELECT 'info', 'without_weight', n.scorecard, n.node, n.indicator, NULL, NULL, NULL,
			   format('%s of scorecard %s has no weight: it is shown and never counted.', n.node, n.scorecard)
		FROM kpi.scorecard_node n
		WHERE upper_inf(n.valid) AND n.weight IS NULL AND coalesce(n.role, 'part') IN ('part', 'priority')
		UNION ALL
		SELECT 'error', 'without_parent', n.scorecard, n.node, n.indicator, NULL, NULL, NULL,
			   format('%s of scorecard %s is not evaluated: the node above it, %s, is not in force.', n.node, n.scorecard, n.parent)
		FROM kpi.scorecard_node n
		WHERE upper_inf(n.valid) AND n.parent <> n.scorecard
			AND NOT EXISTS (SELECT FROM kpi.scorecard_node a
							WHERE a.scorecard = n.scorecard AND a.node = n.parent AND upper_inf(a.valid))
	) f
	LEFT JOIN kpi.indicator i ON i.indicator = f.indicator
	CROSS JOIN kpi.words() w (words);

COMMENT ON VIEW kpi.v_scorecard IS
'One row per scorecard, unit, period and node of the tree; key: scorecard, unit_code, period_grain, period_start, node. Every month, quarter or year, from the cycle of the scorecard upward, in which one of its indicators was measured for the unit. A filter on scorecard, unit_code, period_grain, period_start or period_label limits what is evaluated.';
COMMENT ON COLUMN kpi.v_scorecard.scorecard IS 'Key of the scorecard.';
COMMENT ON COLUMN kpi.v_scorecard.unit_code IS 'Key of the unit.';
COMMENT ON COLUMN kpi.v_scorecard.period_grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.v_scorecard.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.v_scorecard.node IS 'Key of the node within the scorecard; of the top one the key of the scorecard.';
COMMENT ON COLUMN kpi.v_scorecard.score_key IS 'The key as one text: scorecard/unit/period/node.';
COMMENT ON COLUMN kpi.v_scorecard.period_end IS 'Last day of the period.';
COMMENT ON COLUMN kpi.v_scorecard.period_label IS 'The period as people write it: 2011-11, 2011-Q4 or 2011.';
COMMENT ON COLUMN kpi.v_scorecard.scorecard_name IS 'Name of the scorecard in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.unit_name IS 'Name of the unit in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.node_name IS 'Name of the node in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.parent_node IS 'Key of the node above; NULL for the scorecard itself.';
COMMENT ON COLUMN kpi.v_scorecard.depth IS 'Levels below the scorecard, which has 0.';
COMMENT ON COLUMN kpi.v_scorecard.place IS 'Place in the tree read from top to bottom; the scorecard itself is 1.';
COMMENT ON COLUMN kpi.v_scorecard.perspective IS 'Key of the perspective; NULL for none.';
COMMENT ON COLUMN kpi.v_scorecard.perspective_name IS 'Name of the perspective in the reader''s language; NULL for none.';
COMMENT ON COLUMN kpi.v_scorecard.indicator IS 'Key of the indicator; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_scorecard.indicator_name IS 'Name of the indicator in the reader''s language; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_scorecard.unit_of_measure IS 'Unit of actual and target in the reader''s language; % means that they are fractions; empty for a plain number.';
COMMENT ON COLUMN kpi.v_scorecard.measured_unit_code IS 'Key of the unit whose values the node shows, where it has one of its own, else unit_code.';
COMMENT ON COLUMN kpi.v_scorecard.weight IS 'Weight among the siblings, on their scale; NULL is shown and never counted.';
COMMENT ON COLUMN kpi.v_scorecard.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi.v_scorecard.actual IS 'Measured value in the unit of measure; NULL when not measured or not a finite number.';
COMMENT ON COLUMN kpi.v_scorecard.target IS 'Target of the period in the unit of measure; NULL unless the targets cover it whole.';
COMMENT ON COLUMN kpi.v_scorecard.attainment IS 'How far the actual reaches the target, a fraction: 1 is reached; NULL when undefined.';
COMMENT ON COLUMN kpi.v_scorecard.score IS 'Points, 100 by custom for a target met; NULL when undefined, see score_reason.';
COMMENT ON COLUMN kpi.v_scorecard.coverage IS 'Share of the weight below that has a score, a fraction.';
COMMENT ON COLUMN kpi.v_scorecard.missing_count IS 'How many nodes of positive weight below have no score.';
COMMENT ON COLUMN kpi.v_scorecard.missing_nodes IS 'Their keys, with commas between; NULL when none is missing.';
COMMENT ON COLUMN kpi.v_scorecard.rag IS 'Status for colouring: red, amber, green, or none without a score.';
COMMENT ON COLUMN kpi.v_scorecard.rag_order IS 'Status for sorting: 1 red, 2 amber, 3 green, 0 none.';
COMMENT ON COLUMN kpi.v_scorecard.rag_label IS 'Name of the band the score falls in, in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.score_reason IS 'Why there is no score: no_actual, no_target, partial_target, no_baseline, zero_target, zero_span, sign, invalid, no_data, no_weight, missing_child or low_coverage; also invalid where a value is too large to show. NULL otherwise.';
COMMENT ON COLUMN kpi.v_scorecard.score_reason_label IS 'The reason in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.previous_actual IS 'Actual of the period before in the unit of measure.';
COMMENT ON COLUMN kpi.v_scorecard.previous_score IS 'Score of the period before, in points.';
COMMENT ON COLUMN kpi.v_scorecard.score_change IS 'Score less previous score, in points.';
COMMENT ON COLUMN kpi.v_scorecard.change_rate IS 'Relative change of the actual against the period before, a fraction; NULL from zero.';
COMMENT ON COLUMN kpi.v_scorecard.trend IS '1 improving, 0 unchanged, -1 worsening against the period before; NULL when one of the two is missing.';
COMMENT ON COLUMN kpi.v_scorecard.trend_label IS 'The trend in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.last_year_actual IS 'Actual of the same period one year earlier in the unit of measure.';
COMMENT ON COLUMN kpi.v_scorecard.is_provisional IS '1 when the period was not over when it was collected, for a node when that holds for any value below it; else 0.';

COMMENT ON VIEW kpi.v_indicator IS
'One row per indicator, unit and period that was measured; key: indicator, unit_code, period_grain, period_start. Actual, target and attainment, and the change against the period before.';
COMMENT ON COLUMN kpi.v_indicator.indicator IS 'Key of the indicator; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_indicator.unit_code IS 'Key of the unit.';
COMMENT ON COLUMN kpi.v_indicator.period_grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.v_indicator.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.v_indicator.indicator_key IS 'The key as one text: indicator/unit/period.';
COMMENT ON COLUMN kpi.v_indicator.period_end IS 'Last day of the period.';
COMMENT ON COLUMN kpi.v_indicator.period_label IS 'The period as people write it: 2011-11, 2011-Q4 or 2011.';
COMMENT ON COLUMN kpi.v_indicator.indicator_name IS 'Name of the indicator in the reader''s language; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_indicator.unit_name IS 'Name of the unit in the reader''s language.';
COMMENT ON COLUMN kpi.v_indicator.perspective IS 'Key of the perspective; NULL for none.';
COMMENT ON COLUMN kpi.v_indicator.perspective_name IS 'Name of the perspective in the reader''s language; NULL for none.';
COMMENT ON COLUMN kpi.v_indicator.unit_of_measure IS 'Unit of actual and target in the reader''s language; % means that they are fractions; empty for a plain number.';
COMMENT ON COLUMN kpi.v_indicator.direction IS 'Which way is better: higher, lower, or target (the closer the better).';
COMMENT ON COLUMN kpi.v_indicator.decimals IS 'Decimals the values are shown with.';
COMMENT ON COLUMN kpi.v_indicator.actual IS 'Measured value in the unit of measure; NULL when not measured or not a finite number.';
COMMENT ON COLUMN kpi.v_indicator.target IS 'Target of the period in the unit of measure; NULL unless the targets cover it whole.';
COMMENT ON COLUMN kpi.v_indicator.attainment IS 'How far the actual reaches the target, a fraction: 1 is reached; NULL when undefined.';
COMMENT ON COLUMN kpi.v_indicator.attainment_reason IS 'Why there is no attainment: no_actual, no_target, partial_target, no_baseline, zero_target, zero_span, sign or invalid; also invalid where a value is too large to show. NULL otherwise.';
COMMENT ON COLUMN kpi.v_indicator.attainment_reason_label IS 'The reason in the reader''s language.';
COMMENT ON COLUMN kpi.v_indicator.previous_actual IS 'Actual of the period before in the unit of measure.';
COMMENT ON COLUMN kpi.v_indicator.actual_change IS 'Actual less previous actual, in the unit of measure.';
COMMENT ON COLUMN kpi.v_indicator.change_rate IS 'Relative change of the actual against the period before, a fraction; NULL from zero.';
COMMENT ON COLUMN kpi.v_indicator.trend IS '1 improving, 0 unchanged, -1 worsening against the period before; NULL when one of the two is missing.';
COMMENT ON COLUMN kpi.v_indicator.trend_label IS 'The trend in the reader''s language.';
COMMENT ON COLUMN kpi.v_indicator.last_year_actual IS 'Actual of the same period one year earlier in the unit of measure.';
COMMENT ON COLUMN kpi.v_indicator.is_provisional IS '1 when the period was not over when it was collected, for a node when that holds for any value below it; else 0.';

COMMENT ON VIEW kpi.v_data_quality IS
'One row per finding about the data or the definitions; key: finding_key. Reasons without a score are those of the newest period of each scorecard and unit.';
COMMENT ON COLUMN kpi.v_data_quality.finding_key IS 'The key: finding, scorecard, node, indicator, unit and period, those that apply, with slashes between.';
COMMENT ON COLUMN kpi.v_data_quality.severity IS 'error, warning or info.';
COMMENT ON COLUMN kpi.v_data_quality.severity_order IS 'Severity for sorting: 3 error, 2 warning, 1 info.';
COMMENT ON COLUMN kpi.v_data_quality.finding IS 'Code of the finding: collection_failed, unassigned_rows, never_collected, invalid, provisional, gap, weight_sum, without_weight, without_parent, or the reason without a score. A gap of several periods is one finding, of its first.';
COMMENT ON COLUMN kpi.v_data_quality.finding_label IS 'The finding in the reader''s language.';
COMMENT ON COLUMN kpi.v_data_quality.scorecard IS 'Key of the scorecard.';
COMMENT ON COLUMN kpi.v_data_quality.node IS 'Key of the node within the scorecard; of the top one the key of the scorecard.';
COMMENT ON COLUMN kpi.v_data_quality.indicator IS 'Key of the indicator; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_data_quality.indicator_name IS 'Name of the indicator in the reader''s language; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_data_quality.unit_code IS 'Key of the unit.';
COMMENT ON COLUMN kpi.v_data_quality.period_grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.v_data_quality.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.v_data_quality.period_end IS 'Last day of the period.';
COMMENT ON COLUMN kpi.v_data_quality.period_label IS 'The period as people write it: 2011-11, 2011-Q4 or 2011.';
COMMENT ON COLUMN kpi.v_data_quality.finding_text IS 'The finding in a plain English sentence.';
-- Report: a scorecard as lines of text that a person reads in a terminal.
--
-- What is drawn needs a database in UTF8; any other gets plain characters.
-- Status is told by a sign and a word, never by a colour.

CREATE FUNCTION kpi.glyph(code integer, plain text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF getdatabaseencoding() = 'UTF8' THEN
		RETURN chr(code);
	END IF;
	RETURN plain;
END
$$;
COMMENT ON FUNCTION kpi.glyph(integer, text) IS
'The character with this code point, or the plain one where the database is not in UTF8. NULL for NULL.';

CREATE FUNCTION kpi.text_width(string text)
	RETURNS integer
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- East Asian wide and fullwidth characters and pictures; combining and invisible ones
	wide CONSTANT text := '[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F'
		'\uFF00-\uFF60\uFFE0-\uFFE6\U0001F300-\U0001F64F\U0001F900-\U0001F9FF\U00020000-\U0003FFFD]';
	narrow CONSTANT text := '[\u0300-\u036F\u200B-\u200F\uFE00-\uFE0F]';
BEGIN
	IF getdatabaseencoding() <> 'UTF8' OR octet_length(string) = length(string) THEN
		RETURN length(string);
	END IF;
	RETURN length(string) + regexp_count(string, wide) - regexp_count(string, narrow);
END
$$;
COMMENT ON FUNCTION kpi.text_width(text) IS
'Columns that a text takes in a terminal: East Asian wide characters take two, combining ones none. NULL for NULL.';

CREATE FUNCTION kpi.pad_text(string text, width integer, side text DEFAULT 'left')
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	fitting text := coalesce(string, '');
	spare integer := width - kpi.text_width(fitting);
	few integer := 0;
	many integer := length(fitting);
	middle integer;
BEGIN
	PERFORM kpi.require_word('side', side, 'left', 'right');
	IF spare < 0 THEN
		-- the longest beginning that leaves a column, by halving
		WHILE few < many LOOP
			middle := (few + many + 1) / 2;
			IF kpi.text_width(left(fitting, middle)) > width - 1 THEN
				many := middle - 1;
			ELSE
				few := middle;
			END IF;
		END LOOP;
		fitting := left(left(fitting, few) || kpi.glyph(8230, '.'), width);
		spare := width - kpi.text_width(fitting);
	END IF;
	RETURN CASE side WHEN 'left' THEN fitting || repeat(' ', spare) ELSE repeat(' ', spare) || fitting END;
END
$$;
COMMENT ON FUNCTION kpi.pad_text(text, integer, text) IS
'A text brought to a width in terminal columns: filled with spaces, or cut and marked. side: left or right, where the text stands. NULL counts as empty. Error: another side.';

CREATE FUNCTION kpi.lower_first(string text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN lower(left(string, 1)) || substr(string, 2);
COMMENT ON FUNCTION kpi.lower_first(text) IS
'A word as it stands inside a sentence: its first letter in lower case. NULL for NULL.';

-- not STRICT: a NULL unit is none
CREATE FUNCTION kpi.format_value(value numeric, unit_of_measure text DEFAULT '', decimals integer DEFAULT 2)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	digits text;
BEGIN
	IF decimals < 0 OR decimals > 20 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('decimals %s is not from 0 to 20', decimals),
			hint = 'Say how many digits follow the decimal point.';
	END IF;
	IF value IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN NULL;
	END IF;
	digits := CAST(round(CASE unit_of_measure WHEN '%' THEN value * 100 ELSE value END, decimals) AS text);
	-- from the right, so that the time it takes does not grow with the square of the digits
	RETURN reverse(regexp_replace(reverse(split_part(digits, '.', 1)), '(\d{3})(?=\d)', '\1 ', 'g'))
		|| CASE WHEN decimals > 0 THEN '.' || split_part(digits, '.', 2) ELSE '' END
		|| CASE WHEN unit_of_measure <> '' THEN ' ' || unit_of_measure ELSE '' END;
END
$$;
COMMENT ON FUNCTION kpi.format_value(numeric, text, integer) IS
'A value as people read it: rounded half away from zero, thousands apart, with its unit; of unit % a fraction is shown in hundredths. NULL for a NULL value or number of decimals, NaN or infinity; a NULL unit is none. Error: decimals below 0 or above 20.';

CREATE FUNCTION kpi.bar_text(value numeric, width integer DEFAULT 20, target numeric DEFAULT 1)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before integer := round((width - 1) / 1.2);
	eighths integer;
	bar text;
BEGIN
	IF width < 3 OR width > 1000 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('width %s is not from 3 to 1000', width),
			hint = 'Say how many columns the bar takes, its mark included.';
	ELSIF target <= 0 OR target IN ('NaN', 'Infinity') THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('target %s of a bar is not positive', target),
			hint = 'Pass the attainment and leave the target at 1.';
	ELSIF value IS NULL OR value IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN repeat(' ', width);
	END IF;
	eighths := least(greatest(floor(value / target * before * 8), 0), (width - 1) * 8);
	bar := repeat(kpi.glyph(9608, '#'), eighths / 8)
		|| CASE WHEN eighths % 8 > 0 THEN kpi.glyph(9616 - eighths % 8, ' ') ELSE '' END;
	bar := rpad(bar, width - 1);
	RETURN left(bar, before) || kpi.glyph(9474, '|') || substr(bar, before + 1);
END
$$;
COMMENT ON FUNCTION kpi.bar_text(numeric, integer, numeric) IS
'A bar of blocks in eighths of a column, rounded down, from 0 to about 120 % of the target, with a mark where the target is met. value: an attainment, or anything measured on the scale of target. Spaces for NULL, NaN or infinity. Errors: width outside 3 to 1000, a target that is not positive.';

CREATE FUNCTION kpi.spark_text(series numeric[])
	RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(string_agg(
		CASE WHEN s.v IS NULL THEN kpi.glyph(183, '.')
			 WHEN s.high = s.low THEN kpi.glyph(9604, '4')
			 ELSE kpi.glyph(9601 + s.step, CAST(1 + s.step AS text)) END, '' ORDER BY s.i), '')
	FROM (SELECT f.i, f.v, f.low, f.high, CAST(floor((f.v - f.low) / nullif(f.high - f.low, 0) * 7 + 0.5) AS integer) AS step
		  FROM (SELECT u.i, g.v, min(g.v) OVER () AS low, max(g.v) OVER () AS high
				FROM unnest(series) WITH ORDINALITY u (v, i)
					CROSS JOIN LATERAL (SELECT CASE WHEN u.v > '-Infinity' AND u.v < 'Infinity' THEN u.v END AS v) g) f) s
$$;
COMMENT ON FUNCTION kpi.spark_text(numeric[]) IS
'A series as a row of blocks from its least to its greatest value, one column each, in the order of the array; a dot for NULL, NaN or infinity. NULL for NULL, empty for an empty array.';

CREATE FUNCTION kpi.status_text(status integer, word text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE status WHEN 1 THEN kpi.glyph(9679, '+') WHEN 0 THEN kpi.glyph(9650, '~')
					   WHEN -1 THEN kpi.glyph(9632, '!') ELSE kpi.glyph(9675, '?') END || ' ' || coalesce(word, '')
$$;
COMMENT ON FUNCTION kpi.status_text(integer, text) IS
'A status (1, 0, -1, NULL for none) as a sign of its own shape and a word.';

CREATE FUNCTION kpi.arrow_text(change numeric)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE sign(change) WHEN 1 THEN kpi.glyph(8593, '^') WHEN -1 THEN kpi.glyph(8595, 'v')
							 WHEN 0 THEN kpi.glyph(8594, '=') ELSE ' ' END
$$;
COMMENT ON FUNCTION kpi.arrow_text(numeric) IS
'An arrow up, down or level by the sign of a change; a space for NULL or NaN.';

-- The periods that a trend shows, the asked one last.
CREATE FUNCTION kpi.report_trend(scorecard text, unit text, period text, periods integer)
	RETURNS TABLE (node text, series numeric[])
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH asked AS (
		SELECT kpi.period_cycle(report_trend.period) AS cycle, lower(kpi.period(report_trend.period)) AS first_day
	), past AS (
		SELECT n.n, kpi.period_label(a.cycle, CAST(a.first_day - n.n * CASE a.cycle WHEN 'year' THEN interval '1 year'
			WHEN 'quarter' THEN interval '3 months' ELSE interval '1 month' END AS date)) AS label
		FROM asked a CROSS JOIN generate_series(0, least(report_trend.periods, 100) - 1) n (n)
	), seen AS (
		SELECT p.n, e.node, CASE WHEN e.indicator IS NULL THEN e.score ELSE e.actual END AS value
		FROM past p CROSS JOIN LATERAL kpi.evaluate(report_trend.scorecard, report_trend.unit, p.label) e
	)
	SELECT s.node, array_agg(v.value ORDER BY p.n DESC)
	FROM (SELECT DISTINCT node FROM seen) s
		CROSS JOIN past p
		LEFT JOIN seen v ON v.node = s.node AND v.n = p.n
	GROUP BY s.node
$$;
COMMENT ON FUNCTION kpi.report_trend(text, text, text, integer) IS
'Part of kpi.scorecard_text(): per node its actuals, or scores where it has no indicator, over the last periods, 100 at most.';

CREATE TYPE kpi.report_row AS (
	place integer,
	depth integer,
	node text,
	name text,
	actual text,
	target text,
	attained text,
	attainment numeric,
	score numeric,
	change numeric,
	weight numeric,
	lost numeric,
	absolute_weight numeric,
	coverage numeric,
	missing text[],
	trend text,
	status text,
	reason text
);
COMMENT ON TYPE kpi.report_row IS 'A node of a scorecard as kpi.scorecard_text() draws it, in the reader''s words.';
COMMENT ON COLUMN kpi.report_row.place IS 'Place in the tree, as kpi.evaluate() gives it.';
COMMENT ON COLUMN kpi.report_row.depth IS 'Levels below the scorecard, which has 0.';
COMMENT ON COLUMN kpi.report_row.node IS 'Key of the node.';
COMMENT ON COLUMN kpi.report_row.name IS 'Its name.';
COMMENT ON COLUMN kpi.report_row.actual IS 'Actual with its unit; NULL when not measured.';
COMMENT ON COLUMN kpi.report_row.target IS 'Target with its unit.';
COMMENT ON COLUMN kpi.report_row.attained IS 'Attainment in percent.';
COMMENT ON COLUMN kpi.report_row.attainment IS 'Attainment as a fraction.';
COMMENT ON COLUMN kpi.report_row.score IS 'Points.';
COMMENT ON COLUMN kpi.report_row.change IS 'Points gained since the period before.';
COMMENT ON COLUMN kpi.report_row.weight IS 'Weight among the siblings.';
COMMENT ON COLUMN kpi.report_row.lost IS 'Absolute weight times the points short of 100; NULL for nodes with others below.';
COMMENT ON COLUMN kpi.report_row.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi.report_row.coverage IS 'Share of the weight below that has a score.';
COMMENT ON COLUMN kpi.report_row.missing IS 'Nodes below without a score.';
COMMENT ON COLUMN kpi.report_row.trend IS 'The last periods as blocks.';
COMMENT ON COLUMN kpi.report_row.status IS 'Sign and word of the status.';
COMMENT ON COLUMN kpi.report_row.reason IS 'Why there is no score; NULL where there is one.';

CREATE FUNCTION kpi.report_rows(scorecard text, unit text, period text)
	RETURNS SETOF kpi.report_row
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH e AS MATERIALIZED (
		SELECT * FROM kpi.evaluate(report_rows.scorecard, report_rows.unit, report_rows.period)
	)
	SELECT e.place, e.depth, e.node,
		CASE WHEN e.depth = 0 THEN coalesce(w.words ->> ('scorecard/' || e.node), e.name)
			 ELSE coalesce(w.words ->> ('node/' || report_rows.scorecard || '/' || e.node), w.words ->> ('node/' || e.node),
						   CASE WHEN e.name = i.name THEN w.words ->> ('indicator/' || e.indicator) END,
						   CASE WHEN e.name = p.name THEN w.words ->> ('perspective/' || e.perspective) END, e.name) END,
		kpi.format_value(e.actual, u.word, i.decimals), kpi.format_value(e.target, u.word, i.decimals),
		kpi.format_value(e.attainment, '%', 1), e.attainment, e.score, e.change, e.weight,
		CASE WHEN e.node NOT IN (SELECT c.parent FROM e c WHERE c.parent IS NOT NULL) THEN e.absolute_weight * greatest(100 - e.score, 0) END,
		e.absolute_weight, e.coverage, e.missing, kpi.spark_text(t.series),
		kpi.status_text(e.status, coalesce(w.words ->> ('status/' || e.status_code), e.status_name)),
		coalesce(w.words ->> ('reason/' || e.reason), kpi.default_name(e.reason))
	FROM e
		CROSS JOIN kpi.words() w (words)
		LEFT JOIN kpi.indicator i ON i.indicator = e.indicator
		LEFT JOIN kpi.perspective p ON p.perspective = e.perspective
		LEFT JOIN kpi.report_trend(report_rows.scorecard, report_rows.unit, report_rows.period, 8) t ON t.node = e.node
		CROSS JOIN LATERAL (SELECT coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) AS word) u
$$;
COMMENT ON FUNCTION kpi.report_rows(text, text, text) IS
'Part of kpi.scorecard_text(): the evaluated nodes in the reader''s words; lost is absolute weight times the points short of 100.';

CREATE FUNCTION kpi.report_head(scorecard text, unit text, period text, result kpi.report_row, width integer)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi.pad_text(h.told, greatest(kpi.text_width(h.told) + 3, report_head.width - kpi.text_width(h.outcome))) || h.outcome
	FROM (
		SELECT concat_ws(' ' || kpi.glyph(183, '-') || ' ', (result).name,
				   kpi.term('org_unit', u.unit, u.name), report_head.period) AS told,
			   concat((result).status, '   ', kpi.term('heading', 'score', 'Score'), ' ', coalesce(kpi.format_value((result).score, '', 1), kpi.glyph(8211, '-')),
				   ' ' || kpi.arrow_text(round((result).change, 1)) || ' ' || to_char((result).change, 'FMSG9999990.0'), '   ',
				   kpi.term('heading', 'coverage', 'Coverage'), ' ', kpi.format_value(coalesce((result).coverage, 0), '%', 0)) AS outcome
		FROM kpi.org_unit u
		WHERE u.unit = report_head.unit) h
$$;
COMMENT ON FUNCTION kpi.report_head(text, text, text, kpi.report_row, integer) IS
'Part of kpi.scorecard_text(): its first line.';

CREATE FUNCTION kpi.report_table(nodes kpi.report_row[], width integer)
	RETURNS TABLE (place integer, line text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH r AS (
		SELECT n.place, n.attained, n.attainment, n.reason,
			   ARRAY[repeat('  ', n.depth - 1) || n.name, coalesce(n.actual, CASE WHEN n.target IS NOT NULL THEN kpi.glyph(8211, '-') END),
					 n.target, kpi.format_value(n.score, '', 1) || ' ' || kpi.arrow_text(round(n.change, 1)),
					 round(n.weight, least(2, max(scale(trim_scale(n.weight))) OVER ()))::text, n.trend, n.status] AS cells
		FROM unnest(nodes) n
		WHERE n.depth > 0
		UNION ALL
		SELECT 0, kpi.term('heading', 'attainment', 'Attained'), NULL, NULL,
			   ARRAY['', kpi.term('heading', 'actual', 'Actual'), kpi.term('heading', 'target', 'Target'),
					 kpi.term('heading', 'score', 'Score') || '  ', kpi.term('heading', 'weight', 'Weight'),
					 kpi.term('heading', 'trend', 'Trend'), kpi.term('heading', 'status', 'Status')]
	), sized AS (
		SELECT array_agg(c.size ORDER BY c.i) AS sizes, sum(c.size) AS total,
			   (SELECT max(kpi.text_width(r.attained)) FROM r) AS attained
		FROM (SELECT u.i, max(coalesce(kpi.text_width(u.cell), 0)) AS size
			  FROM r, unnest(r.cells) WITH ORDINALITY u (cell, i)
			  GROUP BY u.i) c
	), barred AS (
		SELECT s.*, CAST(least(30, greatest(7, report_table.width - s.total - s.attained - 16)) AS integer) AS bar FROM sized s
	)
	SELECT r.place, rtrim(concat_ws('  ', kpi.pad_text(r.cells[1], b.sizes[1]), kpi.pad_text(r.cells[2], b.sizes[2], 'right'),
		kpi.pad_text(r.cells[3], b.sizes[3], 'right'),
		CASE WHEN r.reason IS NOT NULL THEN kpi.pad_text('  ' || kpi.lower_first(r.reason), b.attained + 2 + b.bar)
			 ELSE kpi.pad_text(r.attained, b.attained, 'right') || '  ' || kpi.bar_text(r.attainment, b.bar) END,
		kpi.pad_text(r.cells[4], b.sizes[4], 'right'), kpi.pad_text(r.cells[5], b.sizes[5], 'right'),
		kpi.pad_text(r.cells[6], b.sizes[6]), r.cells[7]))
	FROM r CROSS JOIN barred b
$$;
COMMENT ON FUNCTION kpi.report_table(kpi.report_row[], integer) IS
'Part of kpi.scorecard_text(): the heading (place 0) and a line for each node.';

CREATE FUNCTION kpi.report_foot(nodes kpi.report_row[])
	RETURNS TABLE (place integer, line text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 1, kpi.term('heading', 'missing', 'Missing') || ': ' || string_agg(m.names || m.more || ': ' || kpi.lower_first(m.reason), '; ' ORDER BY m.lack DESC)
	FROM (SELECT g.reason, sum(g.absolute_weight) AS lack, CASE WHEN count(*) > 4 THEN format(' (+%s)', count(*) - 4) ELSE '' END AS more,
			  string_agg(format('%s (%s %s)', g.name, kpi.lower_first(kpi.term('heading', 'weight', 'Weight')),
								kpi.format_value(g.absolute_weight, '%', 1)), ', ' ORDER BY g.n) FILTER (WHERE g.n <= 4) AS names
		  FROM (SELECT n.*, row_number() OVER (PARTITION BY n.reason ORDER BY n.absolute_weight DESC, n.place) AS n
				FROM unnest(nodes) n
				WHERE n.node IN (SELECT unnest(root.missing) FROM unnest(nodes) root WHERE root.depth = 0)) g
		  GROUP BY g.reason) m
	HAVING count(*) > 0
	UNION ALL
	SELECT 2, kpi.term('heading', 'worst', 'Worst') || ': '
		|| string_agg(format('%s (-%s %s)', l.name, kpi.format_value(l.lost, '', 1), kpi.term('unit_of_measure', 'points', 'points')),
					  ', ' ORDER BY l.lost DESC, l.place)
	FROM (SELECT n.name, n.lost, n.place FROM unnest(nodes) n WHERE n.lost > 0 ORDER BY n.lost DESC, n.place LIMIT 3) l
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION kpi.report_foot(kpi.report_row[]) IS
'Part of kpi.scorecard_text(): what is missing and why, and the three that cost the most points.';

CREATE FUNCTION kpi.scorecard_text(scorecard text, unit text, period text, width integer DEFAULT 110)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	nodes kpi.report_row[];
BEGIN
	IF width IS NULL OR width < 60 OR width > 1000 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('width %s is not from 60 to 1000', coalesce(CAST(width AS text), 'NULL')),
			hint = 'Say how many columns the terminal has; 110 suits most scorecards.';
	END IF;
	nodes := ARRAY(SELECT r FROM kpi.report_rows(scorecard_text.scorecard, scorecard_text.unit, scorecard_text.period) r ORDER BY r.place);
	RETURN NEXT kpi.report_head(scorecard_text.scorecard, scorecard_text.unit, scorecard_text.period, nodes[1], width);
	RETURN NEXT '';
	RETURN QUERY SELECT t.line FROM kpi.report_table(nodes, width) t ORDER BY t.place;
	IF EXISTS (SELECT FROM kpi.report_foot(nodes)) THEN
		RETURN NEXT '';
		RETURN QUERY SELECT f.line FROM kpi.report_foot(nodes) f ORDER BY f.place;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.scorecard_text(text, text, text, integer) IS
'A scorecard of a unit and period (2011-11, 2011-Q4, 2011) as lines to read in a terminal: score, change and coverage; for every node actual, target, attainment with a bar marked at 100 %, score, weight, the last 8 periods and status; then what is missing and why, and the three indicators that cost the most points. In the language of the setting kpi.language. width: columns to fill, at least 60; longer names make longer lines. Errors: unknown scorecard or unit, another period, another width.';
-- Demo: two years of a marketing department, made up by arithmetic alone, so
-- that every load gives the same rows.
--
-- The story in it: the display channel stops paying in the second year, the
-- east loses customers from the spring of that year on, and in October 2025
-- nobody ran the customer survey.
--
-- The functions here are called once in a while, by people; the tables are the
-- user's own, in a schema of their own, and kpi_demo.registered says which rows
-- of the registry belong to the demo.

-- what a marketing department would have
CREATE FUNCTION kpi.demo_tables()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE SCHEMA kpi_demo;
	COMMENT ON SCHEMA kpi_demo IS 'Sample data of kpi.load_demo(); kpi.drop_demo() removes it.';

	CREATE TABLE kpi_demo.registered (
		topic text NOT NULL,
		code text NOT NULL,
		PRIMARY KEY (topic, code));
	CREATE TABLE kpi_demo.customer (
		customer integer PRIMARY KEY,
		name text NOT NULL,
		region text NOT NULL,
		channel text NOT NULL,
		joined date NOT NULL,
		left_on date);
	CREATE TABLE kpi_demo.orders (
		order_no integer PRIMARY KEY,
		customer integer NOT NULL REFERENCES kpi_demo.customer,
		ordered_on date NOT NULL,
		channel text NOT NULL);
	CREATE TABLE kpi_demo.order_line (
		order_no integer NOT NULL REFERENCES kpi_demo.orders,
		line integer NOT NULL,
		product text NOT NULL,
		quantity integer NOT NULL,
		price numeric(10,2) NOT NULL,
		cost numeric(10,2) NOT NULL,
		PRIMARY KEY (order_no, line));
	CREATE TABLE kpi_demo.campaign (
		campaign text PRIMARY KEY,
		region text NOT NULL,
		channel text NOT NULL,
		month date NOT NULL,
		planned_end date NOT NULL,
		finished_on date NOT NULL,
		spend numeric(10,2) NOT NULL,
		visits integer NOT NULL,
		leads integer NOT NULL);
	CREATE TABLE kpi_demo.complaint (
		complaint integer PRIMARY KEY,
		customer integer NOT NULL REFERENCES kpi_demo.customer,
		region text NOT NULL,
		opened_on date NOT NULL,
		due_on date NOT NULL,
		closed_on date NOT NULL);
	CREATE TABLE kpi_demo.survey_answer (
		customer integer NOT NULL REFERENCES kpi_demo.customer,
		region text NOT NULL,
		answered_on date NOT NULL,
		rating integer NOT NULL CHECK (rating BETWEEN 0 AND 10),
		PRIMARY KEY (customer, answered_on));
	CREATE TABLE kpi_demo.market (
		month date NOT NULL,
		region text NOT NULL,
		sales numeric(12,2) NOT NULL,
		PRIMARY KEY (month, region));
	CREATE TABLE kpi_demo.budget (
		month date NOT NULL,
		region text NOT NULL,
		amount numeric(10,2) NOT NULL,
		PRIMARY KEY (month, region));
	CREATE TABLE kpi_demo.training (
		month date NOT NULL,
		employee text NOT NULL,
		region text NOT NULL,
		hours numeric(4,1) NOT NULL,
		PRIMARY KEY (month, employee));
	CREATE TABLE kpi_demo.plan (
		month date NOT NULL,
		region text NOT NULL,
		measure text NOT NULL,
		value numeric NOT NULL,
		PRIMARY KEY (month, region, measure));
	PERFORM kpi.demo_views();
END
$$;

-- the tables as indicators like to see them
CREATE FUNCTION kpi.demo_views()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE VIEW kpi_demo.sale AS
		SELECT o.ordered_on, c.region, o.channel, o.customer, o.order_no, l.product,
			l.quantity, l.price, l.cost
		FROM kpi_demo.orders o
			JOIN kpi_demo.customer c USING (customer)
			JOIN kpi_demo.order_line l USING (order_no);
	CREATE VIEW kpi_demo.purchase AS
		SELECT o.ordered_on, c.region, o.customer, o.order_no,
			o.ordered_on - lag(o.ordered_on) OVER (PARTITION BY o.customer ORDER BY o.ordered_on, o.order_no) AS days_since_last
		FROM kpi_demo.orders o
			JOIN kpi_demo.customer c USING (customer);
	CREATE VIEW kpi_demo.customer_month AS
		SELECT m.month::date AS month, c.region, c.customer,
			c.joined < m.month AND coalesce(c.left_on >= m.month, true) AS at_start,
			c.joined < m.month + interval '1 month' AND coalesce(c.left_on >= m.month + interval '1 month', true) AS at_end,
			c.joined < m.month - interval '1 year' AND coalesce(c.left_on >= m.month - interval '1 year', true) AS a_year_ago
		FROM generate_series(timestamp '2024-01-01', timestamp '2025-12-01', interval '1 month') m(month)
			CROSS JOIN kpi_demo.customer c;
	CREATE VIEW kpi_demo.channel_month AS
		WITH sold AS (
			SELECT date_trunc('month', s.ordered_on::timestamp)::date AS month, s.region, s.channel,
				count(DISTINCT s.order_no) AS orders, sum(s.quantity * (s.price - s.cost)) AS margin
			FROM kpi_demo.sale s
			GROUP BY 1, 2, 3),
		won AS (
			SELECT date_trunc('month', c.joined::timestamp)::date AS month, c.region, c.channel, count(*) AS new_customers
			FROM kpi_demo.customer c
			GROUP BY 1, 2, 3)
		SELECT c.month, c.region, c.channel, c.spend, c.visits, c.leads, coalesce(s.orders, 0) AS orders,
			coalesce(s.margin, 0) AS margin, coalesce(w.new_customers, 0) AS new_customers
		FROM kpi_demo.campaign c
			LEFT JOIN sold s USING (month, region, channel)
			LEFT JOIN won w USING (month, region, channel);
	CREATE VIEW kpi_demo.region_month AS
		SELECT b.month, b.region, b.amount AS budget, m.sales AS market_sales,
			(SELECT sum(c.spend) FROM kpi_demo.campaign c WHERE c.month = b.month AND c.region = b.region) AS spend,
			s.revenue
		FROM kpi_demo.budget b
			JOIN kpi_demo.market m USING (month, region)
			LEFT JOIN (
				SELECT date_trunc('month', ordered_on::timestamp)::date AS month, region, sum(quantity * price) AS revenue
				FROM kpi_demo.sale
				GROUP BY 1, 2) s USING (month, region);
END
$$;

-- two years of business; months count from 0 = January 2023, the year
-- before the first one that is measured
CREATE FUNCTION kpi.demo_rows()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- a number from 0 to sides - 1 that looks like chance and never changes
	CREATE FUNCTION kpi_demo.dice(a integer, b integer, sides integer)
		RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
		AS 'DECLARE x bigint := ((a::bigint + 7) * 73856093 # (b::bigint + 3) * 19349663) & 2147483647;
			BEGIN
				x := ((x # (x >> 13)) * 1274126177) & 2147483647;
				x := ((x # (x >> 16)) * 1103515245) & 2147483647;
				RETURN (x # (x >> 11)) % sides;
			END';

	CREATE TABLE kpi_demo.region AS
		SELECT * FROM (VALUES ('north', 1, 0.33), ('south', 2, 0.26), ('east', 3, 0.23), ('west', 4, 0.18)) r(region, r, share);
	CREATE TABLE kpi_demo.month AS
		SELECT m, (timestamp '2023-01-01' + m * interval '1 month')::date AS month,
			(ARRAY[92, 90, 98, 100, 101, 99, 93, 92, 102, 106, 115, 124])[m % 12 + 1] AS season,
			-- how far the display channel has decayed, and the east
			greatest(m - 24, 0) AS late, greatest(m - 27, 0) AS east
		FROM generate_series(0, 35) m;
	CREATE TABLE kpi_demo.channel AS
		SELECT * FROM (VALUES ('search', 1, 30, 4700, 4800), ('email', 2, 20, 1900, 3200), ('social', 3, 18, 3700, 4000),
			('partner', 4, 14, 2700, 2000), ('display', 5, 18, 3500, 3300)) c(channel, c, share, spend, visits);
	PERFORM kpi.demo_customers();
	PERFORM kpi.demo_orders();
	PERFORM kpi.demo_campaigns();
	PERFORM kpi.demo_service();
	DROP TABLE kpi_demo.region, kpi_demo.month, kpi_demo.channel;
	DROP FUNCTION kpi_demo.dice;
END
$$;

CREATE FUNCTION kpi.demo_customers()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.customer (customer, name, region, channel, joined)
	SELECT row_number() OVER w, 'Customer ' || to_char(row_number() OVER w, 'FM0000'), n.region, n.channel, n.joined
	FROM (
		-- those of the years before, then those who come month by month
		SELECT r.region, r.r, 0 AS c, 'direct' AS channel, i,
			date '2021-01-01' + kpi_demo.dice(i, r.r, 730) AS joined
		FROM kpi_demo.region r, generate_series(1, (1400 * r.share)::integer) i
		UNION ALL
		SELECT r.region, r.r, c.c, c.channel, i, m.month + kpi_demo.dice(i + m.m * 100, r.r * 10 + c.c, 28)
		FROM kpi_demo.region r, kpi_demo.channel c, kpi_demo.month m,
			LATERAL generate_series(1, (r.share * c.share * 0.50 * m.season / 100
				* CASE WHEN c.channel = 'display' THEN 1 - m.late * 0.07 ELSE 1 + m.m * 0.004 END
				* CASE WHEN r.region = 'east' THEN 1 - m.east * 0.035 ELSE 1 END
				+ kpi_demo.dice(m.m, r.r * 10 + c.c, 100) / 100.0)::integer) i) n
	WINDOW w AS (ORDER BY n.joined, n.r, n.c, n.i);

	-- the first month after joining in which the dice say so
	UPDATE kpi_demo.customer c
	SET left_on = l.left_on
	FROM (
		SELECT DISTINCT ON (c.customer) c.customer, m.month + kpi_demo.dice(c.customer, m.m, 28) AS left_on
		FROM kpi_demo.customer c
			JOIN kpi_demo.month m ON m.month > c.joined
		WHERE kpi_demo.dice(c.customer, 1000 + m.m, 10000) <
			CASE WHEN c.region = 'east' THEN 150 + least(m.east, 6) * 75 ELSE 150 END
		ORDER BY c.customer, m.m) l
	WHERE l.customer = c.customer;
END
$$;

CREATE FUNCTION kpi.demo_orders()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.orders (order_no, customer, ordered_on, channel)
	SELECT row_number() OVER (ORDER BY o.ordered_on, o.customer, o.slot), o.customer, o.ordered_on, coalesce(c.channel, 'direct')
	FROM (
		SELECT c.customer, m.m, m.late, s.slot, m.month + kpi_demo.dice(c.customer, m.m * 10 + s.slot, 28) AS ordered_on,
			kpi_demo.dice(c.customer, 7000 + m.m * 10 + s.slot, 118) AS luck
		FROM kpi_demo.customer c
			JOIN kpi_demo.month m ON m.m >= 9 AND c.joined < m.month + interval '1 month' AND (c.left_on >= m.month) IS NOT false
			CROSS JOIN (VALUES (1, 24), (2, 6)) s(slot, chance)
		WHERE kpi_demo.dice(c.customer, 3000 + m.m * 10 + s.slot, 10000) < s.chance * m.season
			AND c.joined <= m.month + kpi_demo.dice(c.customer, m.m * 10 + s.slot, 28)) o
		LEFT JOIN (
			SELECT channel, sum(share) OVER (ORDER BY c) - share AS low, sum(share) OVER (ORDER BY c) AS high
			FROM kpi_demo.channel) c
			ON o.luck >= c.low
				AND o.luck < CASE WHEN c.channel = 'display' THEN c.high - least(o.late, 10) * 1.4 ELSE c.high END;

	INSERT INTO kpi_demo.order_line (order_no, line, product, quantity, price, cost)
	SELECT l.order_no, l.line, 'product ' || to_char(l.p + 1, 'FM00'), 1 + kpi_demo.dice(l.order_no, l.line + 50, 3), l.price,
		round(l.price * (0.50 + (l.p % 5) * 0.02), 2)
	FROM (
		SELECT o.order_no, i AS line, p, round((14 + p * 3.7) * CASE WHEN o.ordered_on < date '2025-01-01' THEN 1 ELSE 1.03 END, 2) AS price
		FROM kpi_demo.orders o,
			LATERAL generate_series(1, 1 + kpi_demo.dice(o.order_no, 1, 10) / 5 + kpi_demo.dice(o.order_no, 2, 10) / 7) i,
			LATERAL (SELECT kpi_demo.dice(o.order_no, i + 20, 25) AS p) p) l;
END
$$;

CREATE FUNCTION kpi.demo_campaigns()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.campaign (campaign, region, channel, month, planned_end, finished_on, spend, visits, leads)
	SELECT c.channel || ' ' || r.region || ' ' || to_char(m.month, 'YYYY-MM'), r.region, c.channel, m.month, m.month + 24,
		m.month + 22 + CASE WHEN kpi_demo.dice(m.m, k.k + 40, 100) < 17 + m.late / 3 THEN 4 ELSE 0 END,
		round(c.spend * r.share * m.season / 100 * (0.94 + kpi_demo.dice(m.m, k.k, 13) / 100.0)
			* CASE WHEN c.channel = 'display' THEN 1 + m.late * 0.04 ELSE 1 + m.m * 0.003 END, 2),
		v.visits, round(v.visits * (0.07 + kpi_demo.dice(m.m, k.k + 60, 30) / 1000.0))
	FROM kpi_demo.region r CROSS JOIN kpi_demo.channel c CROSS JOIN kpi_demo.month m,
		LATERAL (SELECT r.r * 1000 + c.c * 100 AS k) k,
		LATERAL (SELECT round(c.visits * r.share * m.season / 100 * (0.92 + kpi_demo.dice(m.m, k.k + 80, 17) / 100.0)
			* CASE WHEN c.channel = 'display' THEN 1 + m.late * 0.02 ELSE 1 + m.m * 0.002 END) AS visits) v
	WHERE m.m >= 12;

	INSERT INTO kpi_demo.budget (month, region, amount)
	SELECT m.month, r.region, round(17000 * r.share * m.season / 100 * CASE WHEN m.m < 24 THEN 1 ELSE 1.06 END, -1)
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m
	WHERE m.m >= 12;

	INSERT INTO kpi_demo.plan (month, region, measure, value)
	SELECT m.month, r.region, p.measure,
		greatest(p.step, round(p.amount * r.share * m.season / 100 * (1 + (m.m - 12) * p.growth) / p.step) * p.step)
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m
		CROSS JOIN (VALUES ('revenue', 118000, 0.015, 500), ('new_customers', 64, 0, 1), ('complaints', 33, 0.012, 1))
			p(measure, amount, growth, step)
	WHERE m.m >= 12;

	INSERT INTO kpi_demo.market (month, region, sales)
	SELECT m.month, r.region, round(1270000 * r.share * m.season / 100 * (1 + (m.m - 12) * 0.006)
		* (0.97 + kpi_demo.dice(m.m, r.r + 300, 7) / 100.0), -2)
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m
	WHERE m.m >= 12;
END
$$;

CREATE FUNCTION kpi.demo_service()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.complaint (complaint, customer, region, opened_on, due_on, closed_on)
	SELECT row_number() OVER (ORDER BY o.order_no), o.customer, c.region, o.ordered_on + 2, o.ordered_on + 7,
		o.ordered_on + 3 + kpi_demo.dice(o.order_no, 501, 4)
			+ CASE WHEN kpi_demo.dice(o.order_no, 502, 100) < CASE WHEN c.region = 'east' THEN 10 + m.east * 3 ELSE 9 END THEN 6 ELSE 0 END
	FROM kpi_demo.orders o
		JOIN kpi_demo.customer c USING (customer)
		JOIN kpi_demo.month m ON m.month = date_trunc('month', o.ordered_on::timestamp)::date
	WHERE kpi_demo.dice(o.order_no, 500, 1000) < CASE WHEN c.region = 'east' THEN 52 + m.east * 8 ELSE 50 END
		AND o.ordered_on >= date '2024-01-01';

	INSERT INTO kpi_demo.survey_answer (customer, region, answered_on, rating)
	SELECT c.customer, c.region, m.month + 9 + kpi_demo.dice(c.customer, m.m + 600, 12),
		(ARRAY[3, 5, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10])[1 + greatest(0, kpi_demo.dice(c.customer, m.m + 650, 15)
			- CASE WHEN c.region = 'east' THEN m.east / 2 ELSE 0 END)]
	FROM kpi_demo.customer c
		JOIN kpi_demo.month m ON m.m >= 12 AND c.joined < m.month AND (c.left_on >= m.month + interval '1 month') IS NOT false
	WHERE m.month <> date '2025-10-01'
		AND kpi_demo.dice(c.customer, m.m + 700, 100) < 11;

	INSERT INTO kpi_demo.training (month, employee, region, hours)
	SELECT m.month, r.region || ' ' || e, r.region,
		kpi_demo.dice(m.m, r.r * 10 + e, 13) * CASE WHEN m.m >= 30 THEN 0.5 ELSE 0.7 END
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m CROSS JOIN generate_series(1, 6) e
	WHERE m.m >= 12;
END
$$;

-- who is measured, what is measured, and what counts how much
CREATE FUNCTION kpi.demo_indicators()
	RETURNS TABLE (indicator text, name text, perspective text, direction text, unit_of_measure text, decimals integer,
				   source text, time_column text, description text, numerator text, denominator text, filter text, curve text,
				   weight numeric, target_2024 numeric, target_2025 numeric, chinese text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 17
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
	('revenue', 'Revenue', 'financial', 'higher', 'EUR', 0, 'kpi_demo.sale', 'ordered_on',
	 'What was ordered, at sales prices.',
	 'sum(quantity * price)', NULL, NULL, NULL, 0.35, NULL::numeric, NULL::numeric, '9500 552e 989d'),
	('market_share', 'Market share', 'financial', 'higher', '%', 1, 'kpi_demo.region_month', 'month',
	 'Revenue as a share of what the whole market of the region sells.',
	 'sum(revenue)', 'sum(market_sales)', NULL, NULL, 0.20, 0.095, 0.110, '5e02 573a 4efd 989d'),
	('marketing_roi', 'Marketing ROI', 'financial', 'higher', '%', 0, 'kpi_demo.channel_month', 'month',
	 'Margin of the orders that paid channels brought, less their spend, per spend.',
	 'sum(margin) - sum(spend)', 'sum(spend)', NULL, NULL, 0.30, 1.80, 2.10, '8425 9500 6295 8d44 56de 62a5 7387'),
	('budget_used', 'Marketing budget used', 'financial', 'target', '%', 1, 'kpi_demo.region_month', 'month',
	 'Spend as a share of the budget; too little is as bad as too much.',
	 'sum(spend)', 'sum(budget)', NULL, 'linear(0.8:0, 0.95:80, 1:100)', 0.15, 1, 1, '8425 9500 9884 7b97 6267 884c 7387'),
	('churn', 'Customer churn', 'customer', 'lower', '%', 1, 'kpi_demo.customer_month', 'month',
	 'Share of the customers of the first day of a month who leave in it; over longer periods the mean month.',
	 'count(*) FILTER (WHERE at_start AND NOT at_end)', 'count(*) FILTER (WHERE at_start)', NULL,
	 'linear(0:0, 0.8:60, 1:100, 1.2:110)', 0.25, 0.018, 0.020, '5ba2 6237 6d41 5931 7387'),
	('retention', 'Kept for a year', 'customer', 'higher', '%', 1, 'kpi_demo.customer_month', 'month',
	 'Share of the customers of a year ago who are still customers.',
	 'count(*) FILTER (WHERE a_year_ago AND at_end)', 'count(*) FILTER (WHERE a_year_ago)', NULL,
	 'linear(0.8:0, 0.95:70, 1:100, 1.05:110)', 0.15, 0.82, 0.83, '5ba2 6237 4fdd 7559 7387'),
	('satisfaction', 'Satisfaction', 'customer', 'higher', 'of 10', 2, 'kpi_demo.survey_answer', 'answered_on',
	 'Mean rating of the customers asked, from 0 to 10.',
	 'avg(rating)', NULL, NULL, NULL, 0.20, 7.80, 8.00, '5ba2 6237 6ee1 610f 5ea6'),
	('nps', 'Net promoter score', 'customer', 'higher', 'pt', 0, 'kpi_demo.survey_answer', 'answered_on',
	 'Percentage of ratings 9 and 10 less that of ratings 0 to 6.',
	 '100 * (count(*) FILTER (WHERE rating >= 9) - count(*) FILTER (WHERE rating <= 6))', 'count(*)', NULL, NULL,
	 0.10, 25, 30, '51c0 63a8 8350 503c'),
	('new_customers', 'New customers', 'customer', 'higher', '', 0, 'kpi_demo.customer', 'joined',
	 'Customers who joined.',
	 'count(*)', NULL, NULL, NULL, 0.15, NULL, NULL, '65b0 5ba2 6237 6570'),
	('repeat_rate', 'Repeat rate', 'customer', 'higher', '%', 1, 'kpi_demo.purchase', 'ordered_on',
	 'Share of the buyers who had bought in the 90 days before.',
	 'count(DISTINCT customer) FILTER (WHERE days_since_last <= 90)', 'count(DISTINCT customer)', NULL, NULL,
	 0.15, 0.55, 0.55, '590d 8d2d 7387'),
	('conversion', 'Orders per visit', 'process', 'higher', '%', 2, 'kpi_demo.channel_month', 'month',
	 'Orders that paid channels brought, per visit.',
	 'sum(orders)', 'sum(visits)', NULL, NULL, 0.25, 0.030, 0.031, '8f6c 5316 7387'),
	('cac', 'Cost per new customer', 'process', 'lower', 'EUR', 0, 'kpi_demo.channel_month', 'month',
	 'Spend per customer that paid channels won.',
	 'sum(spend)', 'sum(new_customers)', NULL, NULL, 0.25, 275, 280, '83b7 5ba2 6210 672c'),
	('roi_display', 'ROI of display ads', 'process', 'higher', '%', 0, 'kpi_demo.channel_month', 'month',
	 'Return of the display channel alone.',
	 'sum(margin) - sum(spend)', 'sum(spend)', 'channel = ''display''', NULL,
	 0.20, 1.50, 1.50, '5c55 793a 5e7f 544a 6295 8d44 56de 62a5 7387'),
	('complaints_in_time', 'Complaints in time', 'process', 'higher', '%', 1, 'kpi_demo.complaint', 'due_on',
	 'Share of the complaints due that were closed by then.',
	 'count(*) FILTER (WHERE closed_on <= due_on)', 'count(*)', NULL,
	 'linear(0.6:0, 0.9:80, 1:100)', 0.20, 0.90, 0.92, '6295 8bc9 5904 7406 53ca 65f6 7387'),
	('complaints', 'Complaints', 'process', 'lower', '', 0, 'kpi_demo.complaint', 'opened_on',
	 'Complaints opened.',
	 'count(*)', NULL, NULL, NULL, 0.10, NULL, NULL, '6295 8bc9 6570 91cf'),
	('training_hours', 'Training per head', 'learning', 'higher', 'h', 1, 'kpi_demo.training', 'month',
	 'Hours of training per employee and month.',
	 'sum(hours)', 'count(*)', NULL, NULL, 0.60, 4, 4, '4eba 5747 57f9 8bad 65f6 957f'),
	('campaigns_on_time', 'Campaigns on time', 'learning', 'higher', '%', 0, 'kpi_demo.campaign', 'month',
	 'Share of the campaigns that ended when planned.',
	 'count(*) FILTER (WHERE finished_on <= planned_end)', 'count(*)', NULL, NULL,
	 0.40, 0.80, 0.80, '6d3b 52a8 6309 65f6 5b8c 6210 7387')
$$;

CREATE FUNCTION kpi.demo_keys()
	RETURNS TABLE (topic text, code text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 23
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT 'indicator', i.indicator FROM kpi.demo_indicators() i
	UNION ALL
	SELECT 'unit', u FROM unnest(ARRAY['company', 'north', 'south', 'east', 'west']) u
	UNION ALL
	SELECT 'scorecard', 'marketing'
$$;

CREATE FUNCTION kpi.demo_registry()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	i record;
	places CONSTANT text[] := ARRAY['north', 'south', 'east', 'west'];
BEGIN
	INSERT INTO kpi_demo.registered (topic, code) SELECT k.topic, k.code FROM kpi.demo_keys() k;
	PERFORM kpi.define_unit('company', name => 'Whole company');
	PERFORM kpi.define_unit(places[n], parent => 'company', "position" => n * 10) FROM generate_series(1, 4) n;
	PERFORM kpi.define_scorecard('marketing', name => 'Marketing department');
	PERFORM kpi.set_weight('marketing', p.node, weight => p.weight)
	FROM (VALUES ('financial', 0.35), ('customer', 0.35), ('process', 0.20), ('learning', 0.10)) p(node, weight);
	FOR i IN SELECT * FROM kpi.demo_indicators() LOOP
		PERFORM kpi.define_indicator(i.indicator, name => i.name, description => i.description, perspective => i.perspective, direction => i.direction,
			unit_of_measure => i.unit_of_measure, decimals => i.decimals, source => i.source, time_column => i.time_column,
			unit_column => 'region', numerator => i.numerator, denominator => i.denominator, filter => i.filter,
			curve => i.curve::kpi.curve, data_source => 'sample data of kpi.load_demo()');
		PERFORM kpi.set_weight('marketing', i.indicator, parent => i.perspective, weight => i.weight, floor => 0, cap => 110);
	END LOOP;
END
$$;

-- What was agreed: by the month where amounts add up, by the year elsewhere.
CREATE FUNCTION kpi.demo_targets()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi.target (indicator, unit, period, target)
	SELECT p.measure, coalesce(p.region, 'company'), daterange(p.month, (p.month + interval '1 month')::date), sum(p.value)
	FROM kpi_demo.plan p
	GROUP BY GROUPING SETS ((p.measure, p.region, p.month), (p.measure, p.month));
	INSERT INTO kpi.target (indicator, unit, period, target)
	SELECT i.indicator, u.code, kpi.period(t.year), t.target
	FROM kpi.demo_indicators() i
		JOIN kpi.demo_keys() u ON u.topic = 'unit'
		CROSS JOIN LATERAL (VALUES ('2024', i.target_2024), ('2025', i.target_2025)) t(year, target)
	WHERE t.target IS NOT NULL;
END
$$;

-- The names in Chinese, where the database can hold them.
CREATE FUNCTION kpi.demo_translations()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF getdatabaseencoding() <> 'UTF8' THEN
		RETURN;
	END IF;
	WITH made AS (
		INSERT INTO kpi.translation (language, topic, code, name)
		SELECT 'zh', w.topic, w.code,
			(SELECT string_agg(chr(('x' || lpad(c, 8, '0'))::bit(32)::integer), '' ORDER BY n)
			 FROM regexp_split_to_table(w.points, ' ') WITH ORDINALITY s(c, n))
		FROM (SELECT 'indicator' AS topic, i.indicator AS code, i.chinese AS points FROM kpi.demo_indicators() i
			UNION ALL VALUES ('scorecard', 'marketing', '5e02 573a 90e8'), ('org_unit', 'company', '5168 516c 53f8'),
				('org_unit', 'north', '5317 533a'), ('org_unit', 'south', '5357 533a'),
				('org_unit', 'east', '4e1c 533a'), ('org_unit', 'west', '897f 533a')) w
		ON CONFLICT DO NOTHING
		RETURNING topic, code)
	INSERT INTO kpi_demo.registered (topic, code) SELECT 'translation', m.topic || '/' || m.code FROM made m;
END
$$;

CREATE FUNCTION kpi.load_demo()
	RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	taken text;
BEGIN
	IF to_regnamespace('kpi_demo') IS NOT NULL THEN
		RAISE EXCEPTION USING errcode = 'duplicate_schema', message = 'schema "kpi_demo" already exists',
			hint = 'Call kpi.drop_demo() first to load the demo anew.';
	END IF;
	SELECT k.topic || ' "' || k.code || '"' INTO taken
	FROM kpi.demo_keys() k
	WHERE EXISTS (SELECT FROM kpi.indicator i WHERE k.topic = 'indicator' AND i.indicator = k.code)
		OR EXISTS (SELECT FROM kpi.org_unit u WHERE k.topic = 'unit' AND u.unit = k.code)
		OR EXISTS (SELECT FROM kpi.scorecard s WHERE k.topic = 'scorecard' AND s.scorecard = k.code)
	LIMIT 1;
	IF taken IS NOT NULL THEN
		RAISE EXCEPTION USING errcode = 'duplicate_object', message = format('%s exists already and is not the demo''s', taken),
			detail = 'Nothing was loaded.', hint = 'Load the demo into a database of its own.';
	END IF;
	PERFORM kpi.demo_tables();
	PERFORM kpi.demo_rows();
	PERFORM kpi.demo_registry();
	PERFORM kpi.demo_targets();
	PERFORM kpi.demo_translations();
	ANALYZE kpi_demo.customer, kpi_demo.orders, kpi_demo.order_line, kpi_demo.campaign, kpi_demo.complaint,
		kpi_demo.survey_answer, kpi_demo.training;
	RETURN format('Two years of a marketing department in schema kpi_demo: %s customers, %s orders, 4 regions; '
		'%s indicators on scorecard "marketing".',
		(SELECT count(*) FROM kpi_demo.customer), (SELECT count(*) FROM kpi_demo.orders),
		(SELECT count(*) FROM kpi.demo_indicators()));
END
$$;

-- Whatever of the user's own leans on the demo's keys, as text.
CREATE FUNCTION kpi.demo_dependent()
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
		WITH demo AS (SELECT r.topic, r.code FROM kpi_demo.registered r)
		SELECT format('node "%s" of scorecard "%s"', n.node, n.scorecard) AS what
		FROM kpi.scorecard_node n
		WHERE ('scorecard', n.scorecard) NOT IN (SELECT * FROM demo)
			AND (('indicator', n.indicator) IN (SELECT * FROM demo) OR ('unit', n.unit) IN (SELECT * FROM demo))
		UNION ALL
		SELECT format('unit "%s"', u.unit)
		FROM kpi.org_unit u
		WHERE ('unit', u.unit) NOT IN (SELECT * FROM demo) AND ('unit', u.parent) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('a target of indicator "%s"', t.indicator)
		FROM kpi.target t
		WHERE ('indicator', t.indicator) NOT IN (SELECT * FROM demo) AND ('unit', t.unit) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('an entered measurement of indicator "%s"', m.indicator)
		FROM kpi.measurement m
		WHERE m.collected_at IS NULL
			AND ('indicator', m.indicator) NOT IN (SELECT * FROM demo) AND ('unit', m.unit) IN (SELECT * FROM demo)
		LIMIT 1);
END
$$;

-- The runs that collected nothing but the demo go with it.
CREATE FUNCTION kpi.demo_forget()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM kpi.run r
	WHERE EXISTS (SELECT FROM kpi.run_step s WHERE s.run = r.run)
		AND NOT EXISTS (SELECT FROM kpi.run_step s WHERE s.run = r.run
			AND ('indicator', s.indicator) NOT IN (SELECT d.topic, d.code FROM kpi_demo.registered d));
	DELETE FROM kpi.scorecard s USING kpi_demo.registered d WHERE d.topic = 'scorecard' AND d.code = s.scorecard;
	DELETE FROM kpi.indicator i USING kpi_demo.registered d WHERE d.topic = 'indicator' AND d.code = i.indicator;
	DELETE FROM kpi.org_unit u USING kpi_demo.registered d WHERE d.topic = 'unit' AND d.code = u.unit;
	DELETE FROM kpi.translation t USING kpi_demo.registered d
	WHERE d.topic = 'translation' AND d.code = t.topic || '/' || t.code AND t.language = 'zh' AND NOT t.shipped;
END
$$;

-- The manifest in the schema is trusted only as far as the caller made it.
CREATE FUNCTION kpi.drop_demo()
	RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	owner name := (SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE n.nspname = 'kpi_demo');
	dependent text;
BEGIN
	IF owner IS NULL THEN
		RETURN 'No demo is loaded.';
	ELSIF owner <> current_user THEN
		RAISE EXCEPTION USING errcode = 'insufficient_privilege', message = format('schema "kpi_demo" belongs to "%s"', owner),
			hint = 'Call kpi.drop_demo() in that role.';
	ELSIF to_regclass('kpi_demo.registered') IS NULL THEN
		RAISE EXCEPTION USING errcode = 'object_not_in_prerequisite_state',
			message = 'schema "kpi_demo" was not made by kpi.load_demo()', hint = 'Drop or rename the schema yourself.';
	END IF;
	dependent := kpi.demo_dependent();
	IF dependent IS NOT NULL THEN
		RAISE EXCEPTION USING errcode = 'dependent_objects_still_exist', message = format('%s depends on the demo', dependent),
			detail = 'Nothing was removed.', hint = 'Remove what leans on the demo first.';
	END IF;
	PERFORM kpi.demo_forget();
	-- nothing cascades: what others put into the schema or built on it stops the removal
	DROP VIEW kpi_demo.region_month, kpi_demo.channel_month, kpi_demo.customer_month, kpi_demo.purchase, kpi_demo.sale;
	DROP TABLE kpi_demo.registered, kpi_demo.plan, kpi_demo.training, kpi_demo.budget, kpi_demo.market,
		kpi_demo.survey_answer, kpi_demo.complaint, kpi_demo.campaign, kpi_demo.order_line, kpi_demo.orders, kpi_demo.customer;
	DROP SCHEMA kpi_demo;
	RETURN 'The demo is gone.';
END
$$;

COMMENT ON FUNCTION kpi.load_demo() IS
'Makes sample data in a new schema kpi_demo, 2024 and 2025 of a marketing department in four regions, and registers units, indicators, targets and the scorecard "marketing" over them; the same rows at every load. Gives a sentence on what was made. Errors, and makes nothing, when the schema exists or a key it needs is taken.';
COMMENT ON FUNCTION kpi.drop_demo() IS
'Removes what kpi.load_demo() made: schema kpi_demo and exactly its rows of the registry, with their targets and measurements. Gives a sentence; harmless without a demo. Errors, and removes nothing, when the schema is another role''s or something of the user''s own depends on it.';
COMMENT ON FUNCTION kpi.demo_tables() IS 'Part of kpi.load_demo(): the schema and its tables.';
COMMENT ON FUNCTION kpi.demo_views() IS 'Part of kpi.load_demo(): the views that indicators read.';
COMMENT ON FUNCTION kpi.demo_rows() IS 'Part of kpi.load_demo(): all rows of the tables.';
COMMENT ON FUNCTION kpi.demo_customers() IS 'Part of kpi.load_demo(): customers, when they came and left.';
COMMENT ON FUNCTION kpi.demo_orders() IS 'Part of kpi.load_demo(): orders and their lines.';
COMMENT ON FUNCTION kpi.demo_campaigns() IS 'Part of kpi.load_demo(): campaigns, budget, plan and market.';
COMMENT ON FUNCTION kpi.demo_service() IS 'Part of kpi.load_demo(): complaints, survey answers and training.';
COMMENT ON FUNCTION kpi.demo_indicators() IS 'Part of kpi.load_demo(): the indicators, with weights, yearly targets and Chinese names as code points.';
COMMENT ON FUNCTION kpi.demo_keys() IS 'Part of kpi.load_demo(): every key of the registry that it takes.';
COMMENT ON FUNCTION kpi.demo_registry() IS 'Part of kpi.load_demo(): units, indicators and the scorecard.';
COMMENT ON FUNCTION kpi.demo_targets() IS 'Part of kpi.load_demo(): targets.';
COMMENT ON FUNCTION kpi.demo_translations() IS 'Part of kpi.load_demo(): names in Chinese.';
COMMENT ON FUNCTION kpi.demo_dependent() IS 'Part of kpi.drop_demo(): something of the user''s own that depends on the demo, in words; NULL for nothing.';
COMMENT ON FUNCTION kpi.demo_forget() IS 'Part of kpi.drop_demo(): removes the registry''s rows.';
-- Who may do what to begin with, whatever ALTER DEFAULT PRIVILEGES says in this
-- database: the measures are for everybody; tables and views are granted one by one.

REVOKE ALL ON SCHEMA kpi FROM PUBLIC;
GRANT USAGE ON SCHEMA kpi TO PUBLIC;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA kpi TO PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA kpi FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA kpi FROM PUBLIC;
DO $$
DECLARE
	type text;
BEGIN
	-- where everybody has it already nothing is to be noted down, for pg_dump complains of the notes of types
	FOR type IN
		SELECT oid::regtype FROM pg_type WHERE typnamespace = 'kpi'::regnamespace AND typelem = 0
			AND NOT EXISTS (SELECT FROM aclexplode(coalesce(typacl, acldefault('T', typowner))) AS a
							WHERE a.grantee = 0 AND a.privilege_type = 'USAGE')
	LOOP
		EXECUTE format('GRANT USAGE ON TYPE %s TO PUBLIC', type);
	END LOOP;
END
$$;
