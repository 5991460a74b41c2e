-- Discounted value: purchases by a model of them, what one is worth by Gamma-Gamma.

--@ for name | called | cost
--@ | bgnbd | BG/NBD | 100
--@ | mbgnbd | MBG/NBD | 100
--@ | pareto_nbd | Pareto/NBD | 20

-- not STRICT: without a repeat purchase monetary_value may be NULL
--@ function | kpi.clv_discounted(model kpi.@name@_model, gg_model kpi.gamma_gamma_model, periods float8, period_length float8, discount_rate float8, frequency float8, recency float8, t float8, monetary_value float8) | float8 | kpi_clv_@name@_discounted | COST @cost@ | Discounted value of a customer over the next periods, by @called@ and Gamma-Gamma. Purchases of the k-th period are divided by (1 + discount_rate)^k and count with the expected average value; period_length is in the unit of recency and t, the rate per period. monetary_value does not matter where frequency is 0. NULL where another argument is NULL, NaN or infinite or a model gives no value; wrong arguments are errors.
--@ end
