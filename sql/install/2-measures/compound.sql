-- Rates of more than two figures.

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |

CREATE FUNCTION kpi.cac_payback(cac @num@, arpa @num@, gross_margin @num@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_cac_payback_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.cac_payback(@num@, @num@, @num@) IS
'Periods until a customer has earned what it cost to win@exact@: cac / (arpa * gross_margin). '
'arpa per period, gross_margin as a fraction. NULL where a customer earns nothing or an argument is NULL, NaN or '
'infinite.';
CREATE FUNCTION kpi.ltv_cac(arpa @num@, gross_margin @num@, churn_rate @num@, cac @num@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_ltv_cac_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.ltv_cac(@num@, @num@, @num@, @num@) IS
'Lifetime value per unit of acquisition cost@exact@: (arpa * gross_margin / churn_rate) / cac. '
'arpa and churn_rate per period. NULL where churn_rate or cac is 0 or an argument is NULL, NaN or infinite.';
CREATE FUNCTION kpi.share_change(own @num@, market @num@, base_own @num@, base_market @num@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_share_change_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.share_change(@num@, @num@, @num@, @num@) IS
'Change of a share@exact@: own / market - base_own / base_market; 0.01 is a point. '
'NULL where market or base_market is 0 or an argument is NULL, NaN or infinite.';
CREATE FUNCTION kpi.word_of_mouth_index(positive @num@, negative @num@, rated @num@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_word_of_mouth_index_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.word_of_mouth_index(@num@, @num@, @num@) IS
'Net share of positive mentions, -1 to 1@exact@: (positive - negative) / rated. '
'NULL where rated is 0 or an argument is NULL, NaN or infinite. Over rows: ratio_agg(positive - negative, rated).';
--@ end
