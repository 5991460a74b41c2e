--@@ What several pieces repeat, to be written out where they name it.

--@@ A type of states, which can be stored: length in bytes or VARIABLE; storage
--@@ is extended for that and plain else.
--@ template state | type | length | storage | says

CREATE TYPE kpi.@type@;

CREATE FUNCTION kpi.@type@_in(cstring) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_@type@_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.@type@_out(kpi.@type@) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_@type@_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.@type@_recv(internal) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_@type@_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.@type@_send(kpi.@type@) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_@type@_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.@type@ (
	INPUT = kpi.@type@_in,
	OUTPUT = kpi.@type@_out,
	RECEIVE = kpi.@type@_recv,
	SEND = kpi.@type@_send,
	INTERNALLENGTH = @length@,
	ALIGNMENT = double,
	STORAGE = @storage@
);

COMMENT ON TYPE kpi.@type@ IS
'@says@';
COMMENT ON FUNCTION kpi.@type@_in(cstring) IS 'Text input of kpi.@type@.';
COMMENT ON FUNCTION kpi.@type@_out(kpi.@type@) IS 'Text output of kpi.@type@.';
COMMENT ON FUNCTION kpi.@type@_recv(internal) IS 'Binary input of kpi.@type@.';
COMMENT ON FUNCTION kpi.@type@_send(kpi.@type@) IS 'Binary output of kpi.@type@.';
--@ end

--@@ How two states become one, and the aggregate of stored ones.
--@ template merge | type | combine | space | called | merged

CREATE FUNCTION kpi.@combine@(kpi.@type@, kpi.@type@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_@combine@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.@combine@(kpi.@type@, kpi.@type@) IS
'@called@';
CREATE AGGREGATE kpi.rollup(kpi.@type@) (
	SFUNC = kpi.@combine@, STYPE = kpi.@type@, SSPACE = @space@,
	COMBINEFUNC = kpi.@combine@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.@type@) IS
'@merged@';
--@ end
