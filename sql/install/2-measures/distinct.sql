-- Distinct integers and uuids as sets, which kpi.collect merges over periods and units.

--@ state | kpi_internal | distinct_set | VARIABLE | extended | The distinct values of integers or of uuids (exact). Made by distinct_sets(); can be stored and merged with it.

-- not STRICT: a NULL before the first value must not become the state
--@ function | kpi_internal.distinct_set_accum(kpi_internal.distinct_set, bigint) | kpi_internal.distinct_set | kpi_distinct_set_accum |  | Transition of sets of integers: takes a value in.
--@ | kpi_internal.distinct_set_accum(kpi_internal.distinct_set, uuid) | kpi_internal.distinct_set | kpi_distinct_set_accum_uuid |  | Transition of sets of uuids: takes a value in.
--@ | kpi_internal.distinct_set_combine(kpi_internal.distinct_set, kpi_internal.distinct_set) | kpi_internal.distinct_set | kpi_distinct_set_combine |  | Combine two sets; NULL only if both are NULL. A set of integers and one of uuids are an error.
--@ | kpi_internal.distinct_set_done(sets kpi_internal.distinct_set) | kpi_internal.distinct_set | kpi_distinct_set_done | STRICT | The set in order and without spare room. NULL for NULL.
--@ | kpi_internal.distinct_set_count(sets kpi_internal.distinct_set) | bigint | kpi_distinct_set_count |  | How many values a set has, as count(DISTINCT) gives it. 0 for NULL.
CREATE AGGREGATE kpi_internal.distinct_sets(value bigint) (
	SFUNC = kpi_internal.distinct_set_accum, STYPE = kpi_internal.distinct_set, SSPACE = 1024,
	FINALFUNC = kpi_internal.distinct_set_done, COMBINEFUNC = kpi_internal.distinct_set_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi_internal.distinct_sets(value uuid) (
	SFUNC = kpi_internal.distinct_set_accum, STYPE = kpi_internal.distinct_set, SSPACE = 1024,
	FINALFUNC = kpi_internal.distinct_set_done, COMBINEFUNC = kpi_internal.distinct_set_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi_internal.distinct_sets(sets kpi_internal.distinct_set) (
	SFUNC = kpi_internal.distinct_set_combine, STYPE = kpi_internal.distinct_set, SSPACE = 8192,
	FINALFUNC = kpi_internal.distinct_set_done, COMBINEFUNC = kpi_internal.distinct_set_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi_internal.distinct_sets(bigint) IS
'The distinct integers as a set. NULLs are left out; NULL where there is nothing else.';
COMMENT ON AGGREGATE kpi_internal.distinct_sets(uuid) IS
'The distinct uuids as a set. NULLs are left out; NULL where there is nothing else.';
COMMENT ON AGGREGATE kpi_internal.distinct_sets(kpi_internal.distinct_set) IS
'One set of several, as if their values had been taken in together. NULL for no rows.';
