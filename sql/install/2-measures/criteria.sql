-- Weights of criteria: by what their values tell, by order, by points; and two sets of weights as one.

--@ state | kpi | criteria_state | VARIABLE | extended | Rows of values, one of each criterion, equal rows merged. Made by criteria(), asked with entropy_weights() and others, merged with rollup().
--@ merge | criteria_state | criteria_combine | 4096 | Rows of two states as one. | Rows of several stored states as one. NULL for no rows; different numbers of columns are an error.

-- not STRICT: rows that are not complete are counted
--@ function | kpi_internal.criteria_accum(kpi.criteria_state, "values" float8[]) | kpi.criteria_state | kpi_criteria_accum |  | Transition of criteria(): takes in a row.
CREATE AGGREGATE kpi.criteria("values" float8[]) (
	SFUNC = kpi_internal.criteria_accum, STYPE = kpi.criteria_state, SSPACE = 4096,
	COMBINEFUNC = kpi_internal.criteria_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.criteria("values" float8[]) IS
'Rows of values, one of each criterion, as a value to store, to merge and to ask for weights. '
'Rows with a NULL, NaN or infinity are left out and counted. NULL for no rows; rows of different length are an error.';

CREATE TYPE kpi.criteria_weights AS (
	weights float8[],
	information float8[],
	n float8,
	n_missing float8,
	note text
);
COMMENT ON TYPE kpi.criteria_weights IS 'Weights of criteria by what their values tell.';
--@ for column | says
--@ | weights | Weights of the columns, sum 1; NULL elements where they are not defined.
--@ | information | What each column tells, of which the weights are shares.
--@ | n | Rows that count.
--@ | n_missing | Rows that were left out for a missing value.
--@ | note | Why weights are equal or not defined; NULL where the columns tell.
COMMENT ON COLUMN kpi.criteria_weights.@column@ IS '@says@';
--@ end

-- not STRICT: no directions are all higher
--@ for name | args | types | says
--@ | entropy_weights | , method text DEFAULT 'minmax' | , text | by the entropy of their values: what differs more, weighs more. method: minmax (from the worst value to the best), shares (of the sum; values above 0)
--@ | critic_weights | | | by spread and conflict (CRITIC): what goes with the others weighs less
--@ | variation_weights | , method text DEFAULT 'cv' | , text | by the spread of their values. method: cv (standard deviation over mean), sd (of values from the worst to the best)
CREATE FUNCTION kpi.@name@(criteria kpi.criteria_state, directions text[] DEFAULT NULL@args@)
	RETURNS kpi.criteria_weights
	AS 'MODULE_PATHNAME', 'kpi_@name@' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION kpi.@name@(kpi.criteria_state, text[]@types@) IS
'Weights of criteria @says@. '
'directions: higher (default) or lower for each column. A column of equal values weighs 0. NULL where a state or '
'method is NULL or no row counts; other words and a wrong number of directions are errors.';
--@ end

--@ for name | args | types | says
--@ | rank_weights | ranks float8[], method text DEFAULT 'centroid' | float8[], text | Weights of an order of importance, rank 1 the most important. method: centroid, sum, reciprocal. Equal ranks share the weights of their places. NULL for NULL; a rank that is not above 0 is an error
--@ | point_weights | points float8[] | float8[] | Weights of points on any scale: their shares of the sum. NULL for NULL and where all points are 0; a negative one is an error
--@ | combine_weights | subjective float8[], objective float8[], lambda float8 DEFAULT 0.5, method text DEFAULT 'additive' | float8[], float8[], float8, text | Two sets of weights as one, sum 1. lambda: share of the subjective ones; method: additive, multiplicative (lambda does not count), geometric. NULL for NULL and where no weight is left; negative weights and lists of other lengths are errors
CREATE FUNCTION kpi.@name@(@args@) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_@name@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.@name@(@types@) IS
'@says@.';
--@ end
