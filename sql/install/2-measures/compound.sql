-- Rates of more than two figures.

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |

--@ function | kpi.cac_payback(cac @num@, arpa @num@, gross_margin @num@) | @num@ | kpi_cac_payback_@num@ | STRICT | Periods until a customer has earned what it cost to win@exact@: cac / (arpa * gross_margin). arpa per period, gross_margin as a fraction. NULL where a customer earns nothing or an argument is NULL, NaN or infinite.
--@ | kpi.ltv_cac(arpa @num@, gross_margin @num@, churn_rate @num@, cac @num@) | @num@ | kpi_ltv_cac_@num@ | STRICT | Lifetime value per unit of acquisition cost@exact@: (arpa * gross_margin / churn_rate) / cac. arpa and churn_rate per period. NULL where churn_rate or cac is 0 or an argument is NULL, NaN or infinite.
--@ | kpi.share_change(own @num@, market @num@, base_own @num@, base_market @num@) | @num@ | kpi_share_change_@num@ | STRICT | Change of a share@exact@: own / market - base_own / base_market; 0.01 is a point. NULL where market or base_market is 0 or an argument is NULL, NaN or infinite.
--@ | kpi.word_of_mouth_index(positive @num@, negative @num@, rated @num@) | @num@ | kpi_word_of_mouth_index_@num@ | STRICT | Net share of positive mentions, -1 to 1@exact@: (positive - negative) / rated. NULL where rated is 0 or an argument is NULL, NaN or infinite. Over rows: ratio_agg(positive - negative, rated).
--@ end
