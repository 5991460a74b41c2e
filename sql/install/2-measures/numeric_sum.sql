-- Sums and means of numeric as states, which kpi.collect merges over periods and units.

--@ state | kpi_internal | numeric_sum | VARIABLE | extended | Sum and number of numeric values (exact). Made by numeric_sums(); can be stored and merged with it.

-- not STRICT: a NULL before the first value must not become the state
--@ function | kpi_internal.numeric_sum_accum(kpi_internal.numeric_sum, numeric) | kpi_internal.numeric_sum | kpi_numeric_sum_accum |  | Transition of sums of numeric: takes a value into the sum.
--@ | kpi_internal.numeric_sum_combine(kpi_internal.numeric_sum, kpi_internal.numeric_sum) | kpi_internal.numeric_sum | kpi_numeric_sum_combine |  | Combine two sums of numeric; NULL only if both are NULL.
--@ | kpi_internal.numeric_sum_total(sums kpi_internal.numeric_sum) | numeric | kpi_numeric_sum_total | STRICT | The sum of a state, as sum(numeric) gives it. NULL for NULL.
--@ | kpi_internal.numeric_sum_mean(sums kpi_internal.numeric_sum) | numeric | kpi_numeric_sum_mean | STRICT | The mean of a state, as avg(numeric) gives it. NULL for NULL.
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
COMMENT ON AGGREGATE kpi_internal.numeric_sums(numeric) IS
'Sum and number of values as a state. NULLs are left out; NULL where there is nothing else.';
COMMENT ON AGGREGATE kpi_internal.numeric_sums(kpi_internal.numeric_sum) IS
'One state of several, as if their values had been summed together. NULL for no rows.';
COMMENT ON AGGREGATE kpi_internal.bigint_total(bigint) IS
'The sum as bigint, of counts and of sums of smaller integers. '
'NULLs are left out; NULL where there is nothing else; beyond bigint an error.';
