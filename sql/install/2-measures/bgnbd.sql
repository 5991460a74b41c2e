-- The BG/NBD and MBG/NBD models of repeat purchases: fits and answers.

--@ for name | called
--@ | bgnbd | BG/NBD
--@ | mbgnbd | MBG/NBD

--@ model | @name@_model | r float8, alpha float8, a float8, b float8 | @called@ model of repeat purchases | Different customers among them.
COMMENT ON COLUMN kpi.@name@_model.r IS 'Shape of the gamma distribution of purchase rates.';
COMMENT ON COLUMN kpi.@name@_model.alpha IS
'Rate of the gamma distribution of purchase rates, a time in the unit of recency and t.';
COMMENT ON COLUMN kpi.@name@_model.a IS
'First parameter of the beta distribution of the chance to leave after a purchase.';
COMMENT ON COLUMN kpi.@name@_model.b IS
'Second parameter of the beta distribution of the chance to leave after a purchase.';
--@ fit | clv_@name@_fit | kpi_clv_@name@_fit | @name@_model | The @called@ model | frequency: repeat purchases; recency: age at the last one; t: age, both in one unit of time.
--@ penalised | clv_@name@_fit | @name@_model | The @called@ model | r^2 + (alpha / greatest t)^2 + a^2 + b^2
--@ answers | @name@_model | kpi_clv_@name@ | @called@ | expected_purchases | 1 | 10 | 10 | 10
--@ discounted | @name@_model | kpi_clv_@name@ | @called@ | 100 | 200
--@ end
