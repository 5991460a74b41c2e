-- Weights of pairwise judgements: the analytic hierarchy process.

--@ state | kpi | judgement_state | VARIABLE | extended | Pairwise judgements, of one person or of many. Made by judgements(), asked with group_ahp(), merged with rollup().
--@ merge | judgement_state | judgements_combine | 1024 | Judgements of two states as one. | Judgements of several stored states as one. NULL for no rows.

-- not STRICT: a NULL is skipped, but the first row makes the state
--@ grow args | says
--@ | "row" float8, "column" float8, judgement float8 |
--@ | , weight float8 | , weight times
--@ function | kpi_internal.judgements_accum(kpi.judgement_state, @args@) | kpi.judgement_state | kpi_judgements_accum |  | Transition of judgements(): takes in a judgement@says@.
CREATE AGGREGATE kpi.judgements(@args@) (
	SFUNC = kpi_internal.judgements_accum, STYPE = kpi.judgement_state, SSPACE = 1024,
	COMBINEFUNC = kpi_internal.judgements_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.judgements(@args@) IS
'Pairwise judgements as a value to store, to merge and to ask with group_ahp()@says@. '
'judgement: how many times as important element row is as element column, both counted from 1. Several judgements '
'of a pair make their geometric mean. Rows with a NULL or of weight 0 are left out; NULL for no rows; a judgement '
'that is not above 0 and an element outside 1 to 100 are errors.';
--@ end

CREATE TYPE kpi.ahp_result AS (
	weights float8[],
	lambda_max float8,
	ci float8,
	cr float8,
	gci float8,
	consistent boolean,
	worst_pair integer[],
	worst_judgement float8,
	worst_suggested float8,
	worst_triple integer[],
	n integer,
	n_missing integer,
	n_outside_scale integer
);
COMMENT ON TYPE kpi.ahp_result IS 'Weights of pairwise judgements, and how well these agree.';
--@ for column | says
--@ | weights | Weights of the elements, sum 1.
--@ | lambda_max | Principal eigenvalue of the judgements; n where they agree.
--@ | ci | Consistency index: (lambda_max - n) / (n - 1).
--@ | cr | Consistency ratio: ci over that of random judgements; 0 for one or two elements.
--@ | gci | Geometric consistency index; NULL for one or two elements.
--@ | consistent | Whether cr is below 0.1; where strict, below 0.05 for three and 0.08 for four elements.
--@ | worst_pair | The two elements whose judgement fits the weights worst; NULL where all fit.
--@ | worst_judgement | That judgement.
--@ | worst_suggested | What the weights say instead.
--@ | worst_triple | The three elements whose judgements contradict each other most; NULL where none do.
--@ | n | Elements.
--@ | n_missing | Pairs without a judgement.
--@ | n_outside_scale | Judgements beyond the scale of 1/9 to 9.
COMMENT ON COLUMN kpi.ahp_result.@column@ IS '@says@';
--@ end

--@ for name | judgements | symbol | called
--@ | ahp | float8[] | kpi_ahp_matrix | a matrix of pairwise judgements
--@ | group_ahp | kpi.judgement_state | kpi_ahp_rows | stored pairwise judgements of a group
CREATE FUNCTION kpi.@name@(judgements @judgements@, method text DEFAULT 'eigenvector', strict boolean DEFAULT false)
	RETURNS kpi.ahp_result
	AS 'MODULE_PATHNAME', '@symbol@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION kpi.@name@(@judgements@, text, boolean) IS
'Weights by the analytic hierarchy process, of @called@. '
'method: eigenvector, or geometric for the means of rows. Missing judgements are filled in by the weights. NULL for '
'NULL; judgements that are not above 0 or not reciprocal, and elements that no judgements connect, are errors.';
--@ end
