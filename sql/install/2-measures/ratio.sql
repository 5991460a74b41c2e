-- Rates of a part in a whole: scalars, aggregates over the sums, and the states
-- that can be stored and merged.

--@ state | kpi | ratio_state | 40 | plain | Sums of a part and a whole (float8, compensated). Made by ratio_sums(); can be stored and merged with rollup().
--@ | kpi | ratio_state_numeric | VARIABLE | extended | Sums of a part and a whole (numeric, exact). Made by ratio_sums(); can be stored and merged with rollup().
--@ merge | ratio_state | ratio_state_combine | 64 | Two states of the rates over float8 as one. | One state of several stored ones, as if their rows had been summed together. NULL for no rows.
--@ | ratio_state_numeric | ratio_state_numeric_combine | 64 | Two states of the rates over numeric as one. | One state of several stored ones, as if their rows had been summed together. NULL for no rows.

--@ for num | sums
--@ | numeric | ratio_state_numeric
--@ | float8 | ratio_state

-- not STRICT: a NULL part must not lose the row's whole
--@ function | kpi_internal.@sums@_accum(kpi.@sums@, @num@, @num@) | kpi.@sums@ | kpi_@sums@_accum |  | Transition of the rates over @num@: takes a row into the sums.
CREATE AGGREGATE kpi.ratio_sums(part @num@, whole @num@) (
	SFUNC = kpi_internal.@sums@_accum, STYPE = kpi.@sums@, SSPACE = 64,
	COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.ratio_sums(@num@, @num@) IS
'Sums of part and whole as a value to store, of which any rate can be taken. '
'rollup() merges several. NULL for no rows.';
--@ end

--@@ The aggregate of a rate over the sums; of answers the function that has the quotient of them.
--@ template over_rows | name | answers | part | whole | formula | means
--@ for num | sums | exact
--@ | numeric | ratio_state_numeric | , exact
--@ | float8 | ratio_state |

CREATE AGGREGATE kpi.@name@_agg(@part@ @num@, @whole@ @num@) (
	SFUNC = kpi_internal.@sums@_accum, STYPE = kpi.@sums@, SSPACE = 64,
	FINALFUNC = kpi.@answers@, COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@_agg(@num@, @num@) IS
'@means@@exact@: @formula@ of the sums. NULLs are left out, each for itself; NULL where @whole@ sums to 0, one of '
'both is missing, or a value is NaN or infinite.';
--@ end
--@ end

--@@ A rate in its three forms, each twice. kind says which functions in C: ratio or roi.
--@ template quotient | name | kind | part | whole | formula | means
--@ for num | sums | exact
--@ | numeric | ratio_state_numeric | , exact
--@ | float8 | ratio_state |

--@ function | kpi.@name@(@part@ @num@, @whole@ @num@) | @num@ | kpi_@kind@_@num@ | STRICT | @means@: @formula@@exact@. NULL where @whole@ is 0 or an argument is NULL, NaN or infinite.
--@ | kpi.@name@(sums kpi.@sums@) | @num@ | kpi_@sums@_@kind@ | STRICT | @formula@ of stored sums@exact@. NULL where @whole@ sums to 0, one of both is missing, or a value was NaN or infinite.
--@ end
--@ over_rows | @name@ | @name@ | @part@ | @whole@ | @formula@ | @means@
--@ end

--@@ The common kind of them, in a line.
--@ template rate | name | part | whole | means
--@ quotient | @name@ | ratio | @part@ | @whole@ | @part@ / @whole@ | @means@
--@ end

--@@ Those whose scalar is kpi.ratio(), in a line.
--@ template rate_over_rows | name | part | whole | means
--@ over_rows | @name@ | ratio | @part@ | @whole@ | @part@ / @whole@ | @means@
--@ end

--@ quotient | roi | roi | gain | cost | (gain - cost) / cost | Return on investment
--@ rate | ratio | part | whole | Any quotient
--@ | budget_attainment | actual | budget | Share of the budget that was spent
--@ | cac | spend | new_customers | Customer acquisition cost
--@ | churn_rate | lost | opening | Share of the opening customers lost
--@ | conversion_rate | conversions | visits | Share of visits or contacts that became conversions
--@ | ltv_cac | ltv | cac | Lifetime value per unit of acquisition cost
--@ | market_share | own | market | Own sales in the sales of the market
--@ | retention_rate | kept | opening | Share of the opening customers kept
--@ | roas | revenue | spend | Return on advertising spend

--@ rate_over_rows | arpu | revenue | users | Average revenue per user
--@ | awareness_rate | aware | respondents | Share of the respondents that know the brand
--@ | expense_share | item | total | Share of an item in all expenses
--@ | favourability_rate | favourable | aware | Share of those aware of the brand that favour it
--@ | new_business_share | new_revenue | revenue | Share of revenue from new customers
--@ | penetration_rate | buyers | population | Share of the target population that buys
--@ | renewal_rate | renewed | due | Share of what was due for renewal that was renewed
--@ | resource_efficiency | output | input | Output per unit of input
--@ | response_rate | responses | delivered | Share of the contacts reached that responded
--@ | satisfaction_share | satisfied | respondents | Share of the respondents that are satisfied
--@ | timeliness_share | timely | due | Share of the cases due that were done in time

--@ over_rows | budget_variance_rate | roi | actual | budget | (actual - budget) / budget | Deviation from the budget, as a share of it
