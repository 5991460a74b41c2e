-- The place of a customer by recency, frequency and money.

-- not STRICT: a row without a value has no score, but the others have
CREATE FUNCTION kpi.rfm_score(since_last float8, frequency float8, monetary_value float8) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_score' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rfm_score(since_last float8, frequency float8, monetary_value float8, groups integer) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_score' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION kpi.rfm_score(float8, float8, float8) IS
'Window function: three digits from 1 to 5 of a customer among those of the window''s partition, for how long ago it bought last (the less the better), how often it bought and what it spent; 555 are the best. A digit is 1 plus five times the share of customers that are worse, rounded down, so that equal customers have equal digits. NULL where a value is NULL, NaN or infinite; such rows are not counted.';
COMMENT ON FUNCTION kpi.rfm_score(float8, float8, float8, integer) IS
'The same with another number of groups, 2 to 9, in place of five; NULL groups give NULL, others are an error.';
