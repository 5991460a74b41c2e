-- Scoring scales: from an attainment or an actual to points; and clamp.

--@ state | kpi | scale | VARIABLE | extended | Scoring scale as a readable literal: linear(0:0, 0.8:60, 1:100) or step(0:0, 0.6:60, 1:100). 1 to 1000 points x:y, x rising; equal when kind and values are equal.

CREATE FUNCTION kpi_internal.scale_eq(kpi.scale, kpi.scale) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_scale_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi_internal.scale_ne(kpi.scale, kpi.scale) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_scale_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi_internal.scale_hash(kpi.scale) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_scale_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi_internal.scale_hash_extended(kpi.scale, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_scale_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR kpi.= (
	LEFTARG = kpi.scale,
	RIGHTARG = kpi.scale,
	FUNCTION = kpi_internal.scale_eq,
	COMMUTATOR = OPERATOR(kpi.=),
	NEGATOR = OPERATOR(kpi.<>),
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES
);

CREATE OPERATOR kpi.<> (
	LEFTARG = kpi.scale,
	RIGHTARG = kpi.scale,
	FUNCTION = kpi_internal.scale_ne,
	COMMUTATOR = OPERATOR(kpi.<>),
	NEGATOR = OPERATOR(kpi.=),
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);

CREATE OPERATOR CLASS kpi.scale_ops
	DEFAULT FOR TYPE kpi.scale USING hash AS
	OPERATOR 1 kpi.= (kpi.scale, kpi.scale),
	FUNCTION 1 kpi_internal.scale_hash(kpi.scale),
	FUNCTION 2 kpi_internal.scale_hash_extended(kpi.scale, bigint);

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |
CREATE FUNCTION kpi.score(x @num@, scale kpi.scale) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_score_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.score(@num@, kpi.scale) IS
'Points of x on a scale@exact@. linear: straight lines between the points; step: the last step whose x is reached, on a limit the greater of the two that meet. Outside the points the first or last y holds. NULL for NULL, NaN or infinity.';

-- not STRICT: a NULL bound is no bound
CREATE FUNCTION kpi.clamp(x @num@, low @num@ DEFAULT NULL, high @num@ DEFAULT NULL) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_clamp_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.clamp(@num@, @num@, @num@) IS
'x held between low and high@exact@; a NULL bound is no bound. NULL where x is NULL, NaN or infinite; low above high or a NaN bound is an error.';
--@ end

COMMENT ON FUNCTION kpi_internal.scale_eq(kpi.scale, kpi.scale) IS
'Whether two scales have the same kind and the same values; 1.0 equals 1. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.scale_ne(kpi.scale, kpi.scale) IS
'Whether two scales differ in kind or values; 1.0 equals 1. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.scale_hash(kpi.scale) IS
'Hash of a scale that agrees with its equality. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.scale_hash_extended(kpi.scale, bigint) IS
'Hash of a scale in 64 bits, with a seed. NULL for NULL.';
COMMENT ON OPERATOR kpi.= (kpi.scale, kpi.scale) IS 'the same kind and the same values';
COMMENT ON OPERATOR kpi.<> (kpi.scale, kpi.scale) IS 'another kind or other values';
COMMENT ON OPERATOR CLASS kpi.scale_ops USING hash IS 'equality of scales, for DISTINCT, GROUP BY and hash joins';
