-- Time zones: the days of which zone an indicator counts.

CREATE FUNCTION kpi_internal.time_zone_name(name text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_time_zone_name'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.time_zone_name(text) IS
'The name of a time zone as pg_timezone_names writes it, upper and lower case alike. '
'NULL for NULL and for what is not the name of a zone, such as an abbreviation or an offset.';

CREATE FUNCTION kpi_internal.session_time_zone()
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_session_time_zone'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.session_time_zone() IS
'What TimeZone was when the session began. That of the server, unless the client or the role has one of its own.';

CREATE FUNCTION kpi_internal.database_time_zone()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce((SELECT pg_catalog.substr(setting, pg_catalog.length('timezone=') OPERATOR(pg_catalog.+) 1)
					 FROM pg_catalog.pg_db_role_setting AS s
						JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) s.setdatabase,
						pg_catalog.unnest(s.setconfig) AS setting
					 WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
						AND s.setrole OPERATOR(pg_catalog.=) CAST(0 AS oid)
						AND pg_catalog.lower(setting) OPERATOR(pg_catalog.~) '^timezone='),
					kpi_internal.session_time_zone());
END;
COMMENT ON FUNCTION kpi_internal.database_time_zone() IS
'The time zone of the database, whatever the session has set. '
'That of ALTER DATABASE, else what TimeZone was when the session began.';

CREATE FUNCTION kpi_internal.require_time_zone(time_zone text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found CONSTANT text := kpi_internal.time_zone_name(time_zone);
BEGIN
	IF found IS NULL AND time_zone IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('time zone "%s" is not known', time_zone),
			'Write a name of pg_timezone_names, such as Europe/London or UTC; abbreviations and offsets know no summer time.');
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_time_zone(text) IS
'The name of the time zone as the server writes it; an error for one that it does not know. NULL for NULL.';
