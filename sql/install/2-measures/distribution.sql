-- How unevenly values are spread: Gini coefficient and share of the largest.

--@ state | kpi | distribution_state | VARIABLE | extended | Different values with the weights of their members. Made by distribution(); can be stored and merged with rollup().
--@ merge | distribution_state | distribution_state_combine | 512 | Two states of distribution() as one. | One state of several stored ones, as if their members had been taken together. NULL for no rows.

CREATE FUNCTION kpi_internal.distribution_state_final(kpi.distribution_state) RETURNS kpi.distribution_state
	AS 'MODULE_PATHNAME', 'kpi_distribution_state_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.distribution_state_final(kpi.distribution_state) IS
'Final function of distribution(): the state in order, without spare room.';

CREATE FUNCTION kpi.gini(state kpi.distribution_state, corrected boolean DEFAULT false) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_distribution_state_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.gini(kpi.distribution_state, boolean) IS
'Gini coefficient of a stored distribution. 0 for equal values, (n - 1) / n where one of n members has all; '
'corrected: times n / (n - 1), and NULL for a single member. NULL where the values sum to 0, and where one was NaN '
'or infinite.';
CREATE FUNCTION kpi_internal.distribution_state_gini(kpi.distribution_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_distribution_state_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.distribution_state_gini(kpi.distribution_state) IS
'Final function of gini().';
CREATE FUNCTION kpi.top_share(state kpi.distribution_state, share float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_distribution_state_top_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.top_share(kpi.distribution_state, float8) IS
'Share of the sum that the largest members hold, those that make the given share of all. A part of a member counts '
'in proportion. NULL where the values sum to 0, and where one was NaN or infinite; a share outside 0 to 1 is an '
'error.';

--@ for types | args
--@ | float8 | value float8
--@ | float8, float8 | value float8, weight float8
-- not STRICT: the first row may be NULL
CREATE FUNCTION kpi_internal.distribution_state_accum(kpi.distribution_state, @types@) RETURNS kpi.distribution_state
	AS 'MODULE_PATHNAME', 'kpi_distribution_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.distribution_state_accum(kpi.distribution_state, @types@) IS
'Transition of distribution(): takes members of a value.';
CREATE AGGREGATE kpi.distribution(@args@) (
	SFUNC = kpi_internal.distribution_state_accum, STYPE = kpi.distribution_state, SSPACE = 512,
	FINALFUNC = kpi_internal.distribution_state_final,
	COMBINEFUNC = kpi_internal.distribution_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.distribution(@types@) IS
'Values of members as a value to store, of which gini() and top_share() are taken. One row a member, or weight '
'members; rollup() merges several. Rows with a NULL are left out, NULL for no rows; a negative value or weight is '
'an error.';
CREATE AGGREGATE kpi.gini(@args@) (
	SFUNC = kpi_internal.distribution_state_accum, STYPE = kpi.distribution_state, SSPACE = 512,
	FINALFUNC = kpi_internal.distribution_state_gini,
	COMBINEFUNC = kpi_internal.distribution_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.gini(@types@) IS
'Gini coefficient of values: 0 for equal ones, (n - 1) / n where one of n members has all. One row a member, or '
'weight members; rows with a NULL are left out. NULL where the values sum to 0, and where one is NaN or infinite; a '
'negative value or weight is an error.';
--@ end
