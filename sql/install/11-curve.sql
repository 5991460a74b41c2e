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
