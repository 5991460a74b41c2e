-- Sessions of the rows of an entity.

--@ for time | length | measure
--@ | timestamptz | interval |
--@ | timestamp | interval |
--@ | date | interval | _date
--@ | bigint | float8 | _number
-- not STRICT: a row without a time is in no session, but the others are
CREATE FUNCTION kpi.session_number(ts @time@, gap @length@) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_session_number@measure@' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.session_number(@time@, @length@) IS
'Window function: the number of the session of a row in its partition, from 1 on in order of time. '
'A session ends where more than gap passes without a row. The order and the frame of the window make no difference. '
'NULL for a NULL time and at infinity.';
--@ end
