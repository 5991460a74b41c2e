-- Sums and means of numeric as states, which kpi.collect merges over periods and units.

--@ state | kpi_internal | numeric_sum | VARIABLE | extended | Sum and number of numeric values (exact). Made by numeric_sums(); can be stored and merged with it.

-- not STRICT: a NULL before the first value must not become the state
CREATE FUNCTION kpi_internal.numeric_sum_accum(kpi_internal.numeric_sum, numeric) RETURNS kpi_internal.numeric_sum
	AS 'MODULE_PATHNAME', 'kpi_numeric_sum_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi_internal.numeric_sum_combine(kpi_internal.numeric_sum, kpi_internal.numeric_sum)
	RETURNS kpi_internal.numeric_sum
	AS 'MODULE_PATHNAME', 'kpi_numeric_sum_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi_internal.numeric_sum_total(sums kpi_internal.numeric_sum) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_numeric_sum_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.numeric_sum_mean(sums kpi_internal.numeric_sum) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_numeric_sum_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi_internal.numeric_sums(value numeric) (
	SFUNC = kpi_internal.numeric_sum_accum, STYPE = kpi_internal.numeric_sum, SSPACE = 96,
	COMBINEFUNC = kpi_internal.numeric_sum_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi_internal.numeric_sums(sums kpi_internal.numeric_sum) (
	SFUNC = kpi_internal.numeric_sum_combine, STYPE = kpi_internal.numeric_sum, SSPACE = 96,
	COMBINEFUNC = kpi_internal.numeric_sum_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi_internal.bigint_total(value bigint) (
	SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi_internal.numeric_sum_accum(kpi_internal.numeric_sum, numeric) IS
'Transition of sums of numeric: takes a value into the sum.';
COMMENT ON FUNCTION kpi_internal.numeric_sum_combine(kpi_internal.numeric_sum, kpi_internal.numeric_sum) IS
'Combine two sums of numeric; NULL only if both are NULL.';
COMMENT ON FUNCTION kpi_internal.numeric_sum_total(kpi_internal.numeric_sum) IS
'The sum of a state, as sum(numeric) gives it. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.numeric_sum_mean(kpi_internal.numeric_sum) IS
'The mean of a state, as avg(numeric) gives it. NULL for NULL.';
COMMENT ON AGGREGATE kpi_internal.numeric_sums(numeric) IS
'Sum and number of values as a state. NULLs are left out; NULL where there is nothing else.';
COMMENT ON AGGREGATE kpi_internal.numeric_sums(kpi_internal.numeric_sum) IS
'One state of several, as if their values had been summed together. NULL for no rows.';
COMMENT ON AGGREGATE kpi_internal.bigint_total(bigint) IS
'The sum as bigint, of counts and of sums of smaller integers. '
'NULLs are left out; NULL where there is nothing else; beyond bigint an error.';
