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

--@ function | kpi.score(x @num@, scale kpi.scale) | @num@ | kpi_score_@num@ | STRICT | Points of x on a scale@exact@. x is what the scale is of, an attainment as a fraction, an actual or a gap@shortest@. NULL for NULL, NaN or infinity@beyond@; a rank scale is an error, since a place needs the siblings.
--@ end

-- what the engine asks of a scale
--@ function | kpi_internal.scale_form(scale kpi.scale) | text | kpi_scale_form | STRICT | Word a scale begins with: linear, step, efficacy, deduct, add, range, binary, rank or given. NULL for NULL.
--@ | kpi_internal.scale_of(scale kpi.scale) | text | kpi_scale_of | STRICT | What a scale is of: attainment, actual or gap. NULL for NULL.
--@ | kpi_internal.scale_gives_points(scale kpi.scale) | boolean | kpi_scale_gives_points | STRICT | Whether a scale gives anything more than 0 points. NULL for NULL.

CREATE FUNCTION kpi_internal.scale_needs_target(scale kpi.scale) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.scale_of(scale) <> 'actual';

--@ function | kpi_internal.scale_rounded(x numeric, scale kpi.scale) | numeric | kpi_scale_rounded | STRICT | x as the scale rounds it, half away from zero, so that siblings can be ranked. NULL for NULL, NaN or infinity.
--@ | kpi_internal.rank_score(place bigint, scale kpi.scale) | numeric | kpi_rank_score | STRICT | Points of a place on a rank scale, 0 beyond its list, then held between min and max. NULL for NULL; a place below 1 and a scale of another form are errors.

COMMENT ON FUNCTION kpi_internal.scale_needs_target(kpi.scale) IS
'Whether a scale needs a target: it is of the attainment or the gap. NULL for NULL.';
