-- Shifted beta-geometric: how long contracts are renewed.
-- Beta-geometric/beta-Bernoulli: purchases at whole chances.

--@ model | sbg_model | alpha float8, beta float8 | Shifted beta-geometric model of contracts | Different (periods, churned) among them.
COMMENT ON COLUMN kpi.sbg_model.alpha IS
'First parameter of the chances to leave at the end of a period. alpha / (alpha + beta) leave at the first renewal.';
COMMENT ON COLUMN kpi.sbg_model.beta IS 'Second parameter of the chances to leave.';

--@ function | kpi_internal.sbg_final(kpi_internal.pair_state) | kpi.sbg_model | kpi_sbg_fit | STRICT COST 1000 | Final function of clv_sbg_fit(): the model.
-- not STRICT: a NULL is skipped, but the first row makes the state
--@ for weight | says
--@ | |
--@ | , weight float8 | , weight customers a row
--@ function | kpi_internal.sbg_accum(kpi_internal.pair_state, periods float8, churned boolean@weight@) | kpi_internal.pair_state | kpi_sbg_accum |  | Transition of clv_sbg_fit(): takes in a customer@says@.
CREATE AGGREGATE kpi.clv_sbg_fit(periods float8, churned boolean@weight@) (
	SFUNC = kpi_internal.sbg_accum, STYPE = kpi_internal.pair_state, SSPACE = 1024,
	FINALFUNC = kpi_internal.sbg_final, COMBINEFUNC = kpi_internal.pair_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_sbg_fit(periods float8, churned boolean@weight@) IS
'The shifted beta-geometric model of contracts, by maximum likelihood@says@. '
'periods: how often the customer was asked to renew, the renewal it declined included; churned: whether it declined '
'the last one. Rows with a NULL or of weight 0 are left out; NULL for no rows. A failed fit is a status, not an '
'error; values no customer can have are errors.';
--@ end

--@ function | kpi.clv_log_likelihood(model kpi.sbg_model, periods float8, churned boolean) | float8 | kpi_sbg_log_likelihood | STRICT | Logarithm of the likelihood of a customer that was asked to renew so often, by sBG. churned: whether it declined the last time. NULL where an argument is NULL or the model has no parameters; periods below 0, or below 1 of a customer that churned, are errors.
--@ | kpi.clv_sbg_survival(model kpi.sbg_model, periods float8) | float8 | kpi_clv_sbg_survival | STRICT | Share of the customers that are still there after so many renewals, from 0 on. NULL where an argument is NULL or the model has no parameters; periods below 0 are an error.
--@ | kpi.clv_sbg_retention(model kpi.sbg_model, periods float8) | float8 | kpi_clv_sbg_retention | STRICT | Share of the customers asked for renewal number periods, from 1 on, that renew. NULL where an argument is NULL or the model has no parameters; periods below 1 are an error.
--@ | kpi.clv_sbg_derl(model kpi.sbg_model, periods float8, discount_rate float8) | float8 | kpi_clv_sbg_derl | STRICT COST 10 | Discounted expected residual lifetime: payments still to come of a customer that has made periods. Just before it decides on the next, which is not discounted; 0 periods is a customer still to be won, whose first payment is certain. discount_rate is a fraction per period. NULL where an argument is NULL, the model has no parameters, or the sum has no limit (no discount and alpha <= 1); periods or a discount_rate below 0 are errors.

--@ model | bgbb_model | alpha float8, beta float8, gamma float8, delta float8 | BG/BB model of purchases at whole chances | Different customers among them.
COMMENT ON COLUMN kpi.bgbb_model.alpha IS
'First parameter of the chances to buy; alpha / (alpha + beta) is their mean.';
COMMENT ON COLUMN kpi.bgbb_model.beta IS 'Second parameter of the chances to buy.';
COMMENT ON COLUMN kpi.bgbb_model.gamma IS
'First parameter of the chances to leave; gamma / (gamma + delta) is their mean.';
COMMENT ON COLUMN kpi.bgbb_model.delta IS 'Second parameter of the chances to leave.';
--@ fit | clv_bgbb_fit | kpi_bgbb_fit | bgbb_model | The BG/BB model | frequency: purchases; recency: number of the last chance used, 0 for none; t: number of chances, all whole.
--@ answers | bgbb_model | kpi_bgbb | BG/BB | expected_purchases_new | 10 | 10 | 1 | 10

--@ function | kpi.clv_dert(model kpi.bgbb_model, discount_rate float8, frequency float8, recency float8, t float8) | float8 | kpi_bgbb_dert | STRICT COST 10 | Discounted expected residual transactions of a customer, by BG/BB. All purchases to come, those of the k-th next chance divided by (1 + discount_rate)^k. NULL where an argument is NULL, NaN or infinite, the model has no parameters, or the sum has no limit (no discount and gamma <= 1); values no customer can have and a discount_rate below 0 are errors.
