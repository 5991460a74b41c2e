-- Owners: the roles with whose rights sources are read.

CREATE TYPE kpi.owner;

CREATE FUNCTION kpi_internal.owner_in(cstring) RETURNS kpi.owner
	AS 'MODULE_PATHNAME', 'kpi_owner_in' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.owner_out(kpi.owner) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_owner_out' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.owner_recv(internal) RETURNS kpi.owner
	AS 'MODULE_PATHNAME', 'kpi_owner_recv' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.owner_send(kpi.owner) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_owner_send' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.owner (
	INPUT = kpi_internal.owner_in,
	OUTPUT = kpi_internal.owner_out,
	RECEIVE = kpi_internal.owner_recv,
	SEND = kpi_internal.owner_send,
	INTERNALLENGTH = 68,
	ALIGNMENT = int4,
	STORAGE = plain
);

COMMENT ON TYPE kpi.owner IS
'A role, written by its name and kept as the server does. '
'It stays the same one when it is renamed. A name that no role has is kept as that of nobody.';
COMMENT ON FUNCTION kpi_internal.owner_in(cstring) IS 'Text input of kpi.owner.';
COMMENT ON FUNCTION kpi_internal.owner_out(kpi.owner) IS 'Text output of kpi.owner.';
COMMENT ON FUNCTION kpi_internal.owner_recv(internal) IS 'Binary input of kpi.owner.';
COMMENT ON FUNCTION kpi_internal.owner_send(kpi.owner) IS 'Binary output of kpi.owner.';

CREATE FUNCTION kpi_internal.owner_as_name(owner kpi.owner) RETURNS name
	AS 'MODULE_PATHNAME', 'kpi_owner_as_name' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.owner_as_name(kpi.owner) IS
'The name that the role has now. NULL for NULL.';

CREATE CAST (kpi.owner AS name) WITH FUNCTION kpi_internal.owner_as_name(kpi.owner) AS IMPLICIT;
COMMENT ON CAST (kpi.owner AS name) IS 'the name that the role has now';
CREATE CAST (name AS kpi.owner) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (name AS kpi.owner) IS 'the role that has the name now';
--@ equality | owner | owners | the same role, or the same name of nobody | another role, or another name of nobody

CREATE FUNCTION kpi_internal.owner_exists(owner kpi.owner) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_owner_exists' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.owner_exists(kpi.owner) IS
'Whether the owner is a role of this server. NULL for NULL.';

CREATE FUNCTION kpi_internal.untrusted_part(owner kpi.owner, source text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_untrusted_part' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.untrusted_part(kpi.owner, text) IS
'What of a source belongs to no superuser though the owner of the indicator is one, and to whom. '
'What it is made of is looked at, too. NULL where there is nothing, and for NULL.';

CREATE FUNCTION kpi_internal.may_act_as(owner kpi.owner) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_act_as_owner' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.may_act_as(kpi.owner) IS
'Whether the current role may act as the owner: it is that role, a member of it or a superuser. '
'For an owner that is not a role only superusers may; NULL for NULL.';
