-- Scoring scales: from an attainment, an actual or a gap to points.

--@ state | kpi | scale | VARIABLE | extended | Scoring scale as a readable literal such as linear(0:0, 0.8:60, 1:100). Forms: linear, step, efficacy, deduct, add, range, binary, rank, given; then of attainment, actual or gap, round N, min X, max X.
--@ equality | scale | scales | the same form, options and values | another form, other options or values
--@ for text
--@ | text
--@ | varchar
-- drivers send strings with a type
CREATE CAST (@text@ AS kpi.scale) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (@text@ AS kpi.scale) IS 'Reads the literal, so that a scale may be a parameter of type @text@.';
--@ end

--@ for num | exact | shortest | beyond
--@ | numeric | , exact | |
--@ | float8 | | , taken as its shortest decimal | , also where the result is beyond float8

CREATE FUNCTION kpi.score(x @num@, scale kpi.scale) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_score_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.score(@num@, kpi.scale) IS
'Points of x on a scale@exact@. x is what the scale is of, an attainment as a fraction, an actual or a '
'gap@shortest@. NULL for NULL, NaN or infinity@beyond@; a rank scale is an error, since a place needs the siblings.';
--@ end

-- what the engine asks of a scale
CREATE FUNCTION kpi_internal.scale_form(scale kpi.scale) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_scale_form' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi_internal.scale_of(scale kpi.scale) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_scale_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi_internal.scale_needs_target(scale kpi.scale) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.scale_of(scale) <> 'actual';

CREATE FUNCTION kpi_internal.scale_rounded(x numeric, scale kpi.scale) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_scale_rounded' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi_internal.rank_score(place bigint, scale kpi.scale) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rank_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION kpi_internal.scale_form(kpi.scale) IS
'Word a scale begins with: linear, step, efficacy, deduct, add, range, binary, rank or given. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.scale_of(kpi.scale) IS
'What a scale is of: attainment, actual or gap. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.scale_needs_target(kpi.scale) IS
'Whether a scale needs a target: it is of the attainment or the gap. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.scale_rounded(numeric, kpi.scale) IS
'x as the scale rounds it, half away from zero, so that siblings can be ranked. NULL for NULL, NaN or infinity.';
COMMENT ON FUNCTION kpi_internal.rank_score(bigint, kpi.scale) IS
'Points of a place on a rank scale, 0 beyond its list, then held between min and max. '
'NULL for NULL; a place below 1 and a scale of another form are errors.';
