-- Attainment over rows: of the sums, and as the share of rows that meet their
-- target.

--@ for num | sums | state | exact
--@ | numeric | ratio_state_numeric | attainment_state_numeric | , exact
--@ | float8 | ratio_state | attainment_state |

--@ function | kpi.attainment(sums kpi.@sums@) | @num@ | kpi_@sums@_attainment | STRICT | Attainment of stored sums@exact@, by the direction and zero_target they were made with. NULL as for attainment_agg().

-- not STRICT: a NULL actual must not lose the row's target
--@ grow words
--@ | text
--@ | , text
--@ function | kpi_internal.@state@_accum(kpi.@sums@, @num@, @num@, @words@) | kpi.@sums@ | kpi_@state@_accum |  | Transition of the attainment of sums over @num@: takes a row into the sums.
--@ end

--@ for accum | words | says
--@ | @sums@_accum | | By the rule of attainment(), higher is better.
--@ | @state@_accum | , direction text | By the rule of attainment(); direction: higher (default), lower, target.
--@ | @state@_accum | , direction text, zero_target text | By the rule of attainment(); direction: higher (default), lower, target; zero_target: null (default), met, error.
CREATE AGGREGATE kpi.attainment_agg(actual @num@, target @num@@words@) (
	SFUNC = kpi_internal.@accum@, STYPE = kpi.@sums@, SSPACE = 64,
	FINALFUNC = kpi.attainment, COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.attainment_agg(actual @num@, target @num@@words@) IS
'Attainment of the summed actuals against the summed targets@exact@. '
'@says@ NULLs are left out, each for itself; NULL where one of both is missing, a value is NaN or infinite, or the '
'attainment of the sums is NULL.';
CREATE AGGREGATE kpi.attainment_sums(actual @num@, target @num@@words@) (
	SFUNC = kpi_internal.@accum@, STYPE = kpi.@sums@, SSPACE = 64,
	COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.attainment_sums(actual @num@, target @num@@words@) IS
'The sums behind attainment_agg() with the same arguments, as a value to store and merge. NULL for no rows.';
--@ end
--@ end

--@ state | kpi | share_state | 24 | plain | Counts of rows that meet their target and of rows that have one. Made by share_sums(); can be stored and merged with rollup().
--@ merge | share_state | share_state_combine | 64 | Two states of attained_share() as one; their directions must agree. | One state of several stored ones, as if their rows had been counted together. NULL for no rows.

--@ for num | final | as
--@ | numeric | kpi.attained_share | exact
--@ | float8 | kpi_internal.attained_share_float8 | as float8

--@ function | @final@(counts kpi.share_state) | @num@ | kpi_share_state_share_@num@ | STRICT | Share of the counted rows that meet their target, @as@, 0 to 1. NULL where no row has both actual and target.

-- not STRICT: a row without actual or target is left out by rule
--@ for more | says
--@ | | higher is better
--@ | , direction text | direction: higher (default), lower, target (met where equal)
--@ function | kpi_internal.share_state_accum(kpi.share_state, actual @num@, target @num@@more@) | kpi.share_state | kpi_share_state_accum_@num@ |  | Transition of attained_share() over @num@: counts a row.
CREATE AGGREGATE kpi.attained_share(actual @num@, target @num@@more@) (
	SFUNC = kpi_internal.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	FINALFUNC = @final@, COMBINEFUNC = kpi_internal.share_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.share_sums(actual @num@, target @num@@more@) (
	SFUNC = kpi_internal.share_state_accum, STYPE = kpi.share_state, SSPACE = 64,
	COMBINEFUNC = kpi_internal.share_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.attained_share(actual @num@, target @num@@more@) IS
'Share of the rows with actual and target that meet it, 0 to 1; equality counts as met. '
'@says@. Rows with a NULL, NaN or infinity are left out; NULL where none is left.';
COMMENT ON AGGREGATE kpi.share_sums(actual @num@, target @num@@more@) IS
'The counts behind attained_share() with the same arguments, as a value to store and merge. NULL for no rows.';
--@ end
--@ end
