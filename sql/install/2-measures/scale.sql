-- Scoring scales: from an attainment or an actual to points; and clamp.

CREATE TYPE kpi.scale;

CREATE FUNCTION kpi.scale_in(cstring)
	RETURNS kpi.scale
	AS 'MODULE_PATHNAME', 'kpi_scale_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.scale_out(kpi.scale)
	RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_scale_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.scale_recv(internal)
	RETURNS kpi.scale
	AS 'MODULE_PATHNAME', 'kpi_scale_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.scale_send(kpi.scale)
	RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_scale_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.scale (
	INPUT = kpi.scale_in,
	OUTPUT = kpi.scale_out,
	RECEIVE = kpi.scale_recv,
	SEND = kpi.scale_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

CREATE FUNCTION kpi.scale_eq(kpi.scale, kpi.scale)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_scale_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.scale_ne(kpi.scale, kpi.scale)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_scale_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.scale_hash(kpi.scale)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_scale_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.scale_hash_extended(kpi.scale, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_scale_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR kpi.= (
	LEFTARG = kpi.scale,
	RIGHTARG = kpi.scale,
	FUNCTION = kpi.scale_eq,
	COMMUTATOR = OPERATOR(kpi.=),
	NEGATOR = OPERATOR(kpi.<>),
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES
);

CREATE OPERATOR kpi.<> (
	LEFTARG = kpi.scale,
	RIGHTARG = kpi.scale,
	FUNCTION = kpi.scale_ne,
	COMMUTATOR = OPERATOR(kpi.<>),
	NEGATOR = OPERATOR(kpi.=),
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);

CREATE OPERATOR CLASS kpi.scale_ops
	DEFAULT FOR TYPE kpi.scale USING hash AS
	OPERATOR 1 kpi.= (kpi.scale, kpi.scale),
	FUNCTION 1 kpi.scale_hash(kpi.scale),
	FUNCTION 2 kpi.scale_hash_extended(kpi.scale, bigint);

CREATE FUNCTION kpi.score(x numeric, scale kpi.scale)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_score_numeric'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.score(x float8, scale kpi.scale)
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

COMMENT ON TYPE kpi.scale IS
'Scoring scale as a readable literal: linear(0:0, 0.8:60, 1:100) or step(0:0, 0.6:60, 1:100). 1 to 1000 points x:y, x rising; equal when kind and values are equal.';
COMMENT ON FUNCTION kpi.scale_in(cstring) IS
'Reads a scale from its text. Errors: text that is no scale, x that does not rise, more than 1000 points, a number beyond float8.';
COMMENT ON FUNCTION kpi.scale_out(kpi.scale) IS
'Writes a scale as text, its numbers as they were written.';
COMMENT ON FUNCTION kpi.scale_recv(internal) IS
'Reads a scale from its binary form, checked like its text form.';
COMMENT ON FUNCTION kpi.scale_send(kpi.scale) IS
'Writes a scale in binary form.';
COMMENT ON FUNCTION kpi.scale_eq(kpi.scale, kpi.scale) IS
'Whether two scales have the same kind and the same values; 1.0 equals 1. NULL for NULL.';
COMMENT ON FUNCTION kpi.scale_ne(kpi.scale, kpi.scale) IS
'Whether two scales differ in kind or values; 1.0 equals 1. NULL for NULL.';
COMMENT ON FUNCTION kpi.scale_hash(kpi.scale) IS
'Hash of a scale that agrees with its equality. NULL for NULL.';
COMMENT ON FUNCTION kpi.scale_hash_extended(kpi.scale, bigint) IS
'Hash of a scale in 64 bits, with a seed. NULL for NULL.';
COMMENT ON OPERATOR kpi.= (kpi.scale, kpi.scale) IS 'the same kind and the same values';
COMMENT ON OPERATOR kpi.<> (kpi.scale, kpi.scale) IS 'another kind or other values';
COMMENT ON OPERATOR CLASS kpi.scale_ops USING hash IS 'equality of scales, for DISTINCT, GROUP BY and hash joins';
COMMENT ON FUNCTION kpi.score(numeric, kpi.scale) IS
'Points of x on a scale, exact. linear: straight lines between the points; step: the last step whose x is reached, on a limit the greater of the two that meet. Outside the points the first or last y holds. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.score(float8, kpi.scale) IS
'Points of x on a scale. linear: straight lines between the points; step: the last step whose x is reached, on a limit the greater of the two that meet. Outside the points the first or last y holds. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi.clamp(numeric, numeric, numeric) IS
'x held between low and high, exact; a NULL bound is no bound. NULL where x is NULL, NaN or infinite; low above high or a NaN bound is an error.';
COMMENT ON FUNCTION kpi.clamp(float8, float8, float8) IS
'x held between low and high; a NULL bound is no bound. NULL where x is NULL, NaN or infinite; low above high or a NaN bound is an error.';
