-- Pareto/NBD: lifetime value where customers may leave at any time.

--@ model | pareto_nbd_model | r float8, alpha float8, s float8, beta float8 | Pareto/NBD model of repeat purchases | Different customers among them.
COMMENT ON COLUMN kpi.pareto_nbd_model.r IS
'Shape of the purchase rates; r / alpha is the mean rate per unit of time.';
COMMENT ON COLUMN kpi.pareto_nbd_model.alpha IS 'Scale of the purchase rates, in the unit of time of recency and t.';
COMMENT ON COLUMN kpi.pareto_nbd_model.s IS
'Shape of the rates at which customers leave; s / beta is the mean rate per unit of time.';
COMMENT ON COLUMN kpi.pareto_nbd_model.beta IS
'Scale of the rates at which customers leave, in the unit of time of recency and t.';
--@ fit | clv_pareto_nbd_fit | kpi_clv_pareto_nbd_fit | pareto_nbd_model | The Pareto/NBD model | frequency: repeat purchases; recency: age at the last one; t: age, both in one unit of time.
--@ penalised | clv_pareto_nbd_fit | pareto_nbd_model | The Pareto/NBD model | r^2 + s^2 + (alpha / greatest t)^2 + (beta / greatest t)^2
--@ answers | pareto_nbd_model | kpi_clv_pareto_nbd | Pareto/NBD | new_purchases | 10 | 10 | 1 | 50
--@ discounted | pareto_nbd_model | kpi_clv_pareto_nbd | Pareto/NBD | 20 | 20
