-- Distinct integers and uuids as sets, which kpi.collect merges over periods and units.

--@ state | kpi_internal | distinct_set | VARIABLE | extended | The distinct values of integers or of uuids (exact). Made by distinct_sets(); can be stored and merged with it.

-- not STRICT: a NULL before the first value must not become the state
CREATE FUNCTION kpi_internal.distinct_set_accum(kpi_internal.distinct_set, bigint) RETURNS kpi_internal.distinct_set
	AS 'MODULE_PATHNAME', 'kpi_distinct_set_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi_internal.distinct_set_accum(kpi_internal.distinct_set, uuid) RETURNS kpi_internal.distinct_set
	AS 'MODULE_PATHNAME', 'kpi_distinct_set_accum_uuid' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi_internal.distinct_set_combine(kpi_internal.distinct_set, kpi_internal.distinct_set)
	RETURNS kpi_internal.distinct_set
	AS 'MODULE_PATHNAME', 'kpi_distinct_set_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi_internal.distinct_set_done(sets kpi_internal.distinct_set) RETURNS kpi_internal.distinct_set
	AS 'MODULE_PATHNAME', 'kpi_distinct_set_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.distinct_set_count(sets kpi_internal.distinct_set) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_distinct_set_count' LANGUAGE C IMMUTABLE PARALLEL SAFE;
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
COMMENT ON FUNCTION kpi_internal.distinct_set_accum(kpi_internal.distinct_set, bigint) IS
'Transition of sets of integers: takes a value in.';
COMMENT ON FUNCTION kpi_internal.distinct_set_accum(kpi_internal.distinct_set, uuid) IS
'Transition of sets of uuids: takes a value in.';
COMMENT ON FUNCTION kpi_internal.distinct_set_combine(kpi_internal.distinct_set, kpi_internal.distinct_set) IS
'Combine two sets; NULL only if both are NULL. A set of integers and one of uuids are an error.';
COMMENT ON FUNCTION kpi_internal.distinct_set_done(kpi_internal.distinct_set) IS
'The set in order and without spare room. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.distinct_set_count(kpi_internal.distinct_set) IS
'How many values a set has, as count(DISTINCT) gives it. 0 for NULL.';
COMMENT ON AGGREGATE kpi_internal.distinct_sets(bigint) IS
'The distinct integers as a set. NULLs are left out; NULL where there is nothing else.';
COMMENT ON AGGREGATE kpi_internal.distinct_sets(uuid) IS
'The distinct uuids as a set. NULLs are left out; NULL where there is nothing else.';
COMMENT ON AGGREGATE kpi_internal.distinct_sets(kpi_internal.distinct_set) IS
'One set of several, as if their values had been taken in together. NULL for no rows.';
