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
