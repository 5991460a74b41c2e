-- Rates of a part in a whole: scalars, aggregates over the sums, and the states
-- that can be stored and merged.

CREATE TYPE kpi.ratio_state;

CREATE FUNCTION kpi.ratio_state_in(cstring) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_out(kpi.ratio_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_recv(internal) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_send(kpi.ratio_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.ratio_state (
	INPUT = kpi.ratio_state_in,
	OUTPUT = kpi.ratio_state_out,
	RECEIVE = kpi.ratio_state_recv,
	SEND = kpi.ratio_state_send,
	INTERNALLENGTH = 40,
	ALIGNMENT = double,
	STORAGE = plain
);

CREATE TYPE kpi.ratio_state_numeric;

CREATE FUNCTION kpi.ratio_state_numeric_in(cstring) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_out(kpi.ratio_state_numeric) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_recv(internal) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_send(kpi.ratio_state_numeric) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.ratio_state_numeric (
	INPUT = kpi.ratio_state_numeric_in,
	OUTPUT = kpi.ratio_state_numeric_out,
	RECEIVE = kpi.ratio_state_numeric_recv,
	SEND = kpi.ratio_state_numeric_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE kpi.ratio_state IS
'Sums of a part and a whole (float8, compensated), made by the _agg aggregates of the rates; can be stored and merged with rollup().';
COMMENT ON TYPE kpi.ratio_state_numeric IS
'Sums of a part and a whole (numeric, exact), made by the _agg aggregates of the rates; can be stored and merged with rollup().';

COMMENT ON FUNCTION kpi.ratio_state_in(cstring) IS 'Text input of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_out(kpi.ratio_state) IS 'Text output of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_recv(internal) IS 'Binary input of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_send(kpi.ratio_state) IS 'Binary output of kpi.ratio_state.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_in(cstring) IS 'Text input of kpi.ratio_state_numeric.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_out(kpi.ratio_state_numeric) IS 'Text output of kpi.ratio_state_numeric.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_recv(internal) IS 'Binary input of kpi.ratio_state_numeric.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_send(kpi.ratio_state_numeric) IS 'Binary output of kpi.ratio_state_numeric.';

-- not STRICT: a NULL part must not lose the row's whole
CREATE FUNCTION kpi.ratio_state_accum(kpi.ratio_state, float8, float8) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_combine(kpi.ratio_state, kpi.ratio_state) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE kpi.ratio_sums(part float8, whole float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.ratio_state) (
	SFUNC = kpi.ratio_state_combine, STYPE = kpi.ratio_state, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.ratio_state_accum(kpi.ratio_state, float8, float8) IS
'Transition of the rates over float8: takes a row into the sums.';
COMMENT ON FUNCTION kpi.ratio_state_combine(kpi.ratio_state, kpi.ratio_state) IS
'Two states of the rates over float8 as one.';
COMMENT ON AGGREGATE kpi.ratio_sums(float8, float8) IS
'Sums of part and whole as a value to store: any rate can be taken of it, and rollup() merges several. NULL for no rows.';
COMMENT ON AGGREGATE kpi.rollup(kpi.ratio_state) IS
'One state of several stored ones, as if their rows had been summed together. NULL for no rows.';

-- not STRICT: a NULL part must not lose the row's whole
CREATE FUNCTION kpi.ratio_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.ratio_state_numeric_combine(kpi.ratio_state_numeric, kpi.ratio_state_numeric) RETURNS kpi.ratio_state_numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE kpi.ratio_sums(part numeric, whole numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(kpi.ratio_state_numeric) (
	SFUNC = kpi.ratio_state_numeric_combine, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);

COMMENT ON FUNCTION kpi.ratio_state_numeric_accum(kpi.ratio_state_numeric, numeric, numeric) IS
'Transition of the rates over numeric: takes a row into the sums.';
COMMENT ON FUNCTION kpi.ratio_state_numeric_combine(kpi.ratio_state_numeric, kpi.ratio_state_numeric) IS
'Two states of the rates over numeric as one.';
COMMENT ON AGGREGATE kpi.ratio_sums(numeric, numeric) IS
'Sums of part and whole as a value to store: any rate can be taken of it, and rollup() merges several. NULL for no rows.';
COMMENT ON AGGREGATE kpi.rollup(kpi.ratio_state_numeric) IS
'One state of several stored ones, as if their rows had been summed together. NULL for no rows.';

CREATE FUNCTION kpi.ratio(part numeric, whole numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.ratio_agg(part numeric, whole numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.ratio(numeric, numeric) IS
'part / whole, exact: any quotient of sums. NULL where whole is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.ratio(kpi.ratio_state_numeric) IS
'part / whole of stored sums, exact. NULL where whole sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.ratio_agg(numeric, numeric) IS
'part / whole of the sums over the rows, exact: any quotient of sums. NULLs are left out, each for itself; NULL where whole sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.ratio(part float8, whole float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.ratio(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.ratio_agg(part float8, whole float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.ratio(float8, float8) IS
'part / whole: any quotient of sums. NULL where whole is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.ratio(kpi.ratio_state) IS
'part / whole of stored sums. NULL where whole sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.ratio_agg(float8, float8) IS
'part / whole of the sums over the rows: any quotient of sums. NULLs are left out, each for itself; NULL where whole sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roas(revenue numeric, spend numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roas(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roas_agg(revenue numeric, spend numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.roas, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roas(numeric, numeric) IS
'revenue / spend, exact: return on advertising spend, money earned per unit of money spent. NULL where spend is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roas(kpi.ratio_state_numeric) IS
'revenue / spend of stored sums, exact. NULL where spend sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roas_agg(numeric, numeric) IS
'revenue / spend of the sums over the rows, exact: return on advertising spend, money earned per unit of money spent. NULLs are left out, each for itself; NULL where spend sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roas(revenue float8, spend float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roas(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roas_agg(revenue float8, spend float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.roas, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roas(float8, float8) IS
'revenue / spend: return on advertising spend, money earned per unit of money spent. NULL where spend is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roas(kpi.ratio_state) IS
'revenue / spend of stored sums. NULL where spend sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roas_agg(float8, float8) IS
'revenue / spend of the sums over the rows: return on advertising spend, money earned per unit of money spent. NULLs are left out, each for itself; NULL where spend sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roi(gain numeric, cost numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_roi_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roi(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roi_agg(gain numeric, cost numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.roi, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roi(numeric, numeric) IS
'(gain - cost) / cost, exact: return on investment. NULL where cost is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roi(kpi.ratio_state_numeric) IS
'(gain - cost) / cost of stored sums, exact. NULL where cost sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roi_agg(numeric, numeric) IS
'(gain - cost) / cost of the sums over the rows, exact: return on investment. NULLs are left out, each for itself; NULL where cost sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.roi(gain float8, cost float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_roi_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.roi(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.roi_agg(gain float8, cost float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.roi, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.roi(float8, float8) IS
'(gain - cost) / cost: return on investment. NULL where cost is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.roi(kpi.ratio_state) IS
'(gain - cost) / cost of stored sums. NULL where cost sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.roi_agg(float8, float8) IS
'(gain - cost) / cost of the sums over the rows: return on investment. NULLs are left out, each for itself; NULL where cost sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.churn_rate(lost numeric, opening numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.churn_rate(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.churn_rate_agg(lost numeric, opening numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.churn_rate, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.churn_rate(numeric, numeric) IS
'lost / opening, exact: share of the opening customers that were lost. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.churn_rate(kpi.ratio_state_numeric) IS
'lost / opening of stored sums, exact. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.churn_rate_agg(numeric, numeric) IS
'lost / opening of the sums over the rows, exact: share of the opening customers that were lost. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.churn_rate(lost float8, opening float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.churn_rate(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.churn_rate_agg(lost float8, opening float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.churn_rate, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.churn_rate(float8, float8) IS
'lost / opening: share of the opening customers that were lost. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.churn_rate(kpi.ratio_state) IS
'lost / opening of stored sums. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.churn_rate_agg(float8, float8) IS
'lost / opening of the sums over the rows: share of the opening customers that were lost. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.retention_rate(kept numeric, opening numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.retention_rate(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.retention_rate_agg(kept numeric, opening numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.retention_rate, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.retention_rate(numeric, numeric) IS
'kept / opening, exact: share of the opening customers that were kept. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.retention_rate(kpi.ratio_state_numeric) IS
'kept / opening of stored sums, exact. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.retention_rate_agg(numeric, numeric) IS
'kept / opening of the sums over the rows, exact: share of the opening customers that were kept. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.retention_rate(kept float8, opening float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.retention_rate(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.retention_rate_agg(kept float8, opening float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.retention_rate, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.retention_rate(float8, float8) IS
'kept / opening: share of the opening customers that were kept. NULL where opening is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.retention_rate(kpi.ratio_state) IS
'kept / opening of stored sums. NULL where opening sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.retention_rate_agg(float8, float8) IS
'kept / opening of the sums over the rows: share of the opening customers that were kept. NULLs are left out, each for itself; NULL where opening sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.cac(spend numeric, new_customers numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.cac(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.cac_agg(spend numeric, new_customers numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.cac, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.cac(numeric, numeric) IS
'spend / new_customers, exact: customer acquisition cost, money per new customer. NULL where new_customers is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.cac(kpi.ratio_state_numeric) IS
'spend / new_customers of stored sums, exact. NULL where new_customers sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.cac_agg(numeric, numeric) IS
'spend / new_customers of the sums over the rows, exact: customer acquisition cost, money per new customer. NULLs are left out, each for itself; NULL where new_customers sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.cac(spend float8, new_customers float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.cac(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.cac_agg(spend float8, new_customers float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.cac, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.cac(float8, float8) IS
'spend / new_customers: customer acquisition cost, money per new customer. NULL where new_customers is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.cac(kpi.ratio_state) IS
'spend / new_customers of stored sums. NULL where new_customers sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.cac_agg(float8, float8) IS
'spend / new_customers of the sums over the rows: customer acquisition cost, money per new customer. NULLs are left out, each for itself; NULL where new_customers sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.conversion_rate(conversions numeric, visits numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.conversion_rate(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.conversion_rate_agg(conversions numeric, visits numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.conversion_rate, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.conversion_rate(numeric, numeric) IS
'conversions / visits, exact: share of the visits (or contacts) that became conversions. NULL where visits is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.conversion_rate(kpi.ratio_state_numeric) IS
'conversions / visits of stored sums, exact. NULL where visits sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.conversion_rate_agg(numeric, numeric) IS
'conversions / visits of the sums over the rows, exact: share of the visits (or contacts) that became conversions. NULLs are left out, each for itself; NULL where visits sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.conversion_rate(conversions float8, visits float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.conversion_rate(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.conversion_rate_agg(conversions float8, visits float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.conversion_rate, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.conversion_rate(float8, float8) IS
'conversions / visits: share of the visits (or contacts) that became conversions. NULL where visits is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.conversion_rate(kpi.ratio_state) IS
'conversions / visits of stored sums. NULL where visits sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.conversion_rate_agg(float8, float8) IS
'conversions / visits of the sums over the rows: share of the visits (or contacts) that became conversions. NULLs are left out, each for itself; NULL where visits sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.market_share(own numeric, market numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.market_share(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.market_share_agg(own numeric, market numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.market_share, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.market_share(numeric, numeric) IS
'own / market, exact: own sales in the sales of the market. NULL where market is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.market_share(kpi.ratio_state_numeric) IS
'own / market of stored sums, exact. NULL where market sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.market_share_agg(numeric, numeric) IS
'own / market of the sums over the rows, exact: own sales in the sales of the market. NULLs are left out, each for itself; NULL where market sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.market_share(own float8, market float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.market_share(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.market_share_agg(own float8, market float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.market_share, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.market_share(float8, float8) IS
'own / market: own sales in the sales of the market. NULL where market is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.market_share(kpi.ratio_state) IS
'own / market of stored sums. NULL where market sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.market_share_agg(float8, float8) IS
'own / market of the sums over the rows: own sales in the sales of the market. NULLs are left out, each for itself; NULL where market sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.budget_attainment(actual numeric, budget numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.budget_attainment(sums kpi.ratio_state_numeric) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_numeric_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.budget_attainment_agg(actual numeric, budget numeric) (
	SFUNC = kpi.ratio_state_numeric_accum, STYPE = kpi.ratio_state_numeric, SSPACE = 64,
	FINALFUNC = kpi.budget_attainment, COMBINEFUNC = kpi.ratio_state_numeric_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.budget_attainment(numeric, numeric) IS
'actual / budget, exact: actual spend in the budget. NULL where budget is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.budget_attainment(kpi.ratio_state_numeric) IS
'actual / budget of stored sums, exact. NULL where budget sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.budget_attainment_agg(numeric, numeric) IS
'actual / budget of the sums over the rows, exact: actual spend in the budget. NULLs are left out, each for itself; NULL where budget sums to 0, one of both is missing, or a value is NaN or infinite.';

CREATE FUNCTION kpi.budget_attainment(actual float8, budget float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.budget_attainment(sums kpi.ratio_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ratio_state_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE kpi.budget_attainment_agg(actual float8, budget float8) (
	SFUNC = kpi.ratio_state_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.budget_attainment, COMBINEFUNC = kpi.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON FUNCTION kpi.budget_attainment(float8, float8) IS
'actual / budget: actual spend in the budget. NULL where budget is 0 or an argument is NULL, NaN or infinite.';
COMMENT ON FUNCTION kpi.budget_attainment(kpi.ratio_state) IS
'actual / budget of stored sums. NULL where budget sums to 0, one of both is missing, or a value was NaN or infinite.';
COMMENT ON AGGREGATE kpi.budget_attainment_agg(float8, float8) IS
'actual / budget of the sums over the rows: actual spend in the budget. NULLs are left out, each for itself; NULL where budget sums to 0, one of both is missing, or a value is NaN or infinite.';
