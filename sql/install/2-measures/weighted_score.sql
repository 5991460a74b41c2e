-- The weighted mean of scores and its coverage: aggregates over one state that
-- can be stored and merged.

--@ state | kpi | weighted_state | 64 | plain | Sums of weights and weighted scores (float8, compensated). Made by weighted_sums(); can be stored and merged with rollup().
--@ | kpi | weighted_state_numeric | VARIABLE | extended | Sums of weights and weighted scores (numeric, exact). Made by weighted_sums(); can be stored and merged with rollup().

-- Only the exact sums can be taken back, so only they move with a window frame.
-- not STRICT: a NULL score is a missing one, a NULL weight an informational row
--@ for step | says
--@ | enter | Transition of weighted_score() over moving frames: takes a row into sums that rows can leave.
--@ | leave | Inverse transition of weighted_score(): takes a row out of the sums. NULL where the decimals to show would no longer be known, so that the frame is summed anew.
--@ grow more
--@ |
--@ | , missing text
--@ | , min_coverage numeric
--@ function | kpi_internal.weighted_state_numeric_@step@(kpi.weighted_state_numeric, score numeric, weight numeric@more@) | kpi.weighted_state_numeric | kpi_weighted_state_numeric_@step@ |  | @says@
--@ end
--@ end

--@ for num | sums | exact | moving
--@ | numeric | weighted_state_numeric | , exact | , MSFUNC = kpi_internal.weighted_state_numeric_enter, MINVFUNC = kpi_internal.weighted_state_numeric_leave, MSTYPE = kpi.weighted_state_numeric, MSSPACE = 88, MFINALFUNC = kpi.@final@
--@ | float8 | weighted_state | |
--@ merge | @sums@ | @sums@_combine | 64 | Two states of the weighted score over @num@ as one; their parameters must agree. | One state of several stored ones, as if their rows had been scored together. NULL for no rows.

--@ for final | function | says
--@ | weighted_score | score | Weighted mean of the scores of stored sums@exact@. Under the missing policy and minimum coverage they were made with; NULL as for the aggregate.
--@ | weighted_coverage | coverage | Share of the weight of stored sums that had a score@exact@, 0 to 1. NULL where no weight is positive.
--@ function | kpi.@final@(sums kpi.@sums@) | @num@ | kpi_@sums@_@function@ | STRICT | @says@
--@ end

-- not STRICT: a NULL score is a missing one, a NULL weight an informational row
--@ grow more | says
--@ | | over the rows that have a score. A NULL weight is not counted, a negative or NaN one is an error; NULL where no row of positive weight has a score
--@ | , missing text | ; missing: renormalize leaves rows without a score out, zero counts them as 0, null gives NULL, target counts them as 100
--@ | , min_coverage @num@ | ; NULL also where the coverage is below min_coverage
--@ function | kpi_internal.@sums@_accum(kpi.@sums@, score @num@, weight @num@@more@) | kpi.@sums@ | kpi_@sums@_accum |  | Transition of weighted_score() over @num@: takes a row into the sums.
--@ for final
--@ | weighted_score
CREATE AGGREGATE kpi.@final@(score @num@, weight @num@@more@) (
	SFUNC = kpi_internal.@sums@_accum, STYPE = kpi.@sums@, SSPACE = 64, FINALFUNC = kpi.@final@,
	COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE@moving@
);
--@ end
COMMENT ON AGGREGATE kpi.weighted_score(score @num@, weight @num@@more@) IS
'Weighted mean of scores@exact@: sum(weight * score) / sum(weight) @says@.';
CREATE AGGREGATE kpi.weighted_sums(score @num@, weight @num@@more@) (
	SFUNC = kpi_internal.@sums@_accum, STYPE = kpi.@sums@, SSPACE = 64,
	COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.weighted_sums(score @num@, weight @num@@more@) IS
'The sums behind weighted_score() with the same arguments, as a value to store and merge. NULL for no rows.';
--@ end

--@ for final
--@ | weighted_coverage
CREATE AGGREGATE kpi.@final@(score @num@, weight @num@) (
	SFUNC = kpi_internal.@sums@_accum, STYPE = kpi.@sums@, SSPACE = 64, FINALFUNC = kpi.@final@,
	COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE@moving@
);
COMMENT ON AGGREGATE kpi.@final@(@num@, @num@) IS
'Share of the positive weight that has a score@exact@, 0 to 1. NULL where no weight is positive.';
--@ end
--@ end
