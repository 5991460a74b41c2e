-- Whether cases are closed when they were due.

CREATE TYPE kpi.case_count AS (
	on_time bigint,
	late bigint,
	overdue bigint,
	pending bigint
);
COMMENT ON TYPE kpi.case_count IS 'Cases by whether they were closed when due, as case_counts() gives them.';
COMMENT ON COLUMN kpi.case_count.on_time IS 'Closed by the time they were due.';
COMMENT ON COLUMN kpi.case_count.late IS 'Closed after it.';
COMMENT ON COLUMN kpi.case_count.overdue IS 'Open, and due before as_of.';
COMMENT ON COLUMN kpi.case_count.pending IS 'Open, and not due before as_of: neither on time nor late yet.';

--@ state | kpi | timeliness | 40 | plain | Cases by whether they were closed when due. Made by timeliness(); can be stored and merged with rollup().
--@ merge | timeliness | timeliness_combine | 40 | Two states of timeliness() as one. | One value of several stored ones, as if their cases had been counted together. NULL for no rows.

CREATE FUNCTION kpi.timely_rate(cases kpi.timeliness) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_timely_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.timely_rate(kpi.timeliness) IS
'Share of the stored cases due that were closed in time. NULL where none was due.';
CREATE FUNCTION kpi.timely_ci(cases kpi.timeliness, confidence float8 DEFAULT 0.95) RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_timely_ci' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.timely_ci(kpi.timeliness, float8) IS
'Share of the stored cases due that were closed in time, with its Wilson interval. NULL where none was due.';
CREATE FUNCTION kpi.case_counts(cases kpi.timeliness) RETURNS kpi.case_count
	AS 'MODULE_PATHNAME', 'kpi_case_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.case_counts(kpi.timeliness) IS
'How many of the stored cases were closed on time or late, are overdue or pending.';

--@ for time | symbol
--@ | date | date
--@ | timestamp | timestamp
--@ | timestamptz | timestamp

-- @time@; not STRICT: an open case has no closed
--@ for weight | says
--@ | |
--@ | , weight float8 | , weight cases a row
CREATE FUNCTION kpi_internal.timeliness_accum(kpi.timeliness, opened @time@, closed @time@, due @time@, as_of @time@@weight@)
	RETURNS kpi.timeliness
	AS 'MODULE_PATHNAME', 'kpi_timeliness_accum_@symbol@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.timeliness_accum(kpi.timeliness, opened @time@, closed @time@, due @time@,
	as_of @time@@weight@) IS
'Transition of timeliness() over @time@: takes in a case.';
CREATE AGGREGATE kpi.timeliness(opened @time@, closed @time@, due @time@, as_of @time@@weight@) (
	SFUNC = kpi_internal.timeliness_accum, STYPE = kpi.timeliness, SSPACE = 40,
	COMBINEFUNC = kpi_internal.timeliness_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.timeliness(opened @time@, closed @time@, due @time@, as_of @time@@weight@) IS
'Cases as of as_of by whether they were closed when due, as a value to store@says@. Cases opened after as_of and '
'those without due are left out; NULL for no rows.';
CREATE AGGREGATE kpi.timely_rate(opened @time@, closed @time@, due @time@, as_of @time@@weight@) (
	SFUNC = kpi_internal.timeliness_accum, STYPE = kpi.timeliness, SSPACE = 40, FINALFUNC = kpi.timely_rate,
	COMBINEFUNC = kpi_internal.timeliness_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.timely_rate(opened @time@, closed @time@, due @time@, as_of @time@@weight@) IS
'Share of the cases due by as_of that were closed in time@says@. Open cases that are not due yet are on neither '
'side. Cases opened after as_of and those without due are left out; NULL where none was due.';
--@ end
--@ end
