-- Counts of statuses: how many indicators are bad, middle, good or without data.

CREATE TYPE kpi.status_count AS (
	bad integer,
	middle integer,
	good integer,
	no_data integer
);
COMMENT ON TYPE kpi.status_count IS 'Counts of statuses, as kpi.status_counts gives them.';
COMMENT ON COLUMN kpi.status_count.bad IS 'Statuses of -1.';
COMMENT ON COLUMN kpi.status_count.middle IS 'Statuses of 0.';
COMMENT ON COLUMN kpi.status_count.good IS 'Statuses of 1.';
COMMENT ON COLUMN kpi.status_count.no_data IS 'Statuses that are NULL.';

--@ state | kpi_internal | status_state | 40 | plain | Counters of kpi.status_counts: its transition state.

-- not STRICT: a NULL status counts as no data
--@ function | kpi_internal.status_state_accum(kpi_internal.status_state, status float8) | kpi_internal.status_state | kpi_status_state_accum |  | Transition of status_counts(): counts a status.
--@ | kpi_internal.status_state_combine(kpi_internal.status_state, kpi_internal.status_state) | kpi_internal.status_state | kpi_status_state_combine |  | Two states of status_counts() as one.
--@ | kpi_internal.status_state_counts(kpi_internal.status_state) | kpi.status_count | kpi_status_state_counts | STRICT | Final function of status_counts(): the counters as a row.

CREATE AGGREGATE kpi.status_counts(status float8) (
	SFUNC = kpi_internal.status_state_accum, STYPE = kpi_internal.status_state, INITCOND = '1 0 0 0 0', SSPACE = 40,
	FINALFUNC = kpi_internal.status_state_counts,
	COMBINEFUNC = kpi_internal.status_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.status_counts(float8) IS
'How many statuses are bad (-1), middle (0), good (1) or without data (NULL). '
'All 0 without rows; any other status is an error.';
