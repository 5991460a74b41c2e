-- Counts of statuses: how many indicators are bad, middle, good or without data.

CREATE TYPE kpi.status_count AS (
	bad integer,
	middle integer,
	good integer,
	no_data integer
);

CREATE TYPE kpi.status_state;

CREATE FUNCTION kpi.status_state_in(cstring) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_out(kpi.status_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_status_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_recv(internal) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_send(kpi.status_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_status_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.status_state (
	INPUT = kpi.status_state_in,
	OUTPUT = kpi.status_state_out,
	RECEIVE = kpi.status_state_recv,
	SEND = kpi.status_state_send,
	INTERNALLENGTH = 40,
	ALIGNMENT = double,
	STORAGE = plain
);

-- not STRICT: a NULL status counts as no data
CREATE FUNCTION kpi.status_state_accum(kpi.status_state, integer) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_combine(kpi.status_state, kpi.status_state) RETURNS kpi.status_state
	AS 'MODULE_PATHNAME', 'kpi_status_state_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.status_state_counts(kpi.status_state) RETURNS kpi.status_count
	AS 'MODULE_PATHNAME', 'kpi_status_state_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE kpi.status_counts(status integer) (
	SFUNC = kpi.status_state_accum, STYPE = kpi.status_state, INITCOND = '1 0 0 0 0', SSPACE = 40,
	FINALFUNC = kpi.status_state_counts,
	COMBINEFUNC = kpi.status_state_combine, PARALLEL = SAFE
);

COMMENT ON TYPE kpi.status_count IS 'Counts of statuses, as kpi.status_counts gives them.';
COMMENT ON COLUMN kpi.status_count.bad IS 'Statuses of -1.';
COMMENT ON COLUMN kpi.status_count.middle IS 'Statuses of 0.';
COMMENT ON COLUMN kpi.status_count.good IS 'Statuses of 1.';
COMMENT ON COLUMN kpi.status_count.no_data IS 'Statuses that are NULL.';
COMMENT ON TYPE kpi.status_state IS 'Counters of kpi.status_counts: its transition state.';
COMMENT ON FUNCTION kpi.status_state_in(cstring) IS 'Text input of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_out(kpi.status_state) IS 'Text output of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_recv(internal) IS 'Binary input of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_send(kpi.status_state) IS 'Binary output of kpi.status_state.';
COMMENT ON FUNCTION kpi.status_state_accum(kpi.status_state, integer) IS
'The counters with one more status; NULL counts as no data. NULL for a NULL state; a status that is not -1, 0, 1 or NULL is an error.';
COMMENT ON FUNCTION kpi.status_state_combine(kpi.status_state, kpi.status_state) IS
'The counts of both states. NULL for NULL.';
COMMENT ON FUNCTION kpi.status_state_counts(kpi.status_state) IS
'The counters as a row. NULL for NULL; a count beyond integer is an error.';
COMMENT ON AGGREGATE kpi.status_counts(integer) IS
'How many statuses are bad (-1), middle (0), good (1) or without data (NULL); all 0 without rows. Any other status is an error.';
