-- The place of a customer by recency, frequency and money.

-- not STRICT: a row without a value has no score, but the others have
--@ for groups | says
--@ | | 1 to 5
--@ | , groups float8 | 1 to groups
CREATE FUNCTION kpi.rfm_score(since_last float8, frequency float8, monetary_value float8@groups@) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_score' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rfm_score(since_last float8, frequency float8, monetary_value float8@groups@) IS
'Window function: three digits, @says@, for how recently, how often and with how much it bought. '
'A digit is 1 plus the share of customers of the partition that are worse, times the groups (2 to 9), rounded down: '
'equal customers have equal digits. NULL where a value is NULL, NaN or infinite; such rows are not counted.';
--@ end

CREATE FUNCTION kpi.rfm_segments(OUT segment text, OUT recency int4range, OUT frequency int4range) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
	VALUES ('champions', int4range '[5,5]', int4range '[4,5]'), ('loyal customers', '[3,4]', '[4,5]'),
		('potential loyalists', '[4,5]', '[2,3]'), ('new customers', '[5,5]', '[1,1]'), ('promising', '[4,4]', '[1,1]'),
		('need attention', '[3,3]', '[3,3]'), ('about to sleep', '[3,3]', '[1,2]'), ('at risk', '[1,2]', '[3,4]'),
		('cannot lose them', '[1,2]', '[5,5]'), ('hibernating', '[1,2]', '[1,2]')
$$;
COMMENT ON FUNCTION kpi.rfm_segments() IS
'Segments of customers by the first two digits of rfm_score(), as analysts name them. '
'Each of the 25 pairs of recency and frequency is in one of them. Keep the rows in a table of your own to change them.';
