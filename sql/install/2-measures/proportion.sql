-- Shares of counts, and how sure they are.

CREATE TYPE kpi.confidence_interval AS (
	estimate float8,
	se float8,
	lower float8,
	upper float8
);
COMMENT ON TYPE kpi.confidence_interval IS 'An estimate, and how well it is known.';
COMMENT ON COLUMN kpi.confidence_interval.estimate IS 'The estimate itself.';
COMMENT ON COLUMN kpi.confidence_interval.se IS 'Its standard error; NULL where it is not known.';
COMMENT ON COLUMN kpi.confidence_interval.lower IS 'Lower end of the interval.';
COMMENT ON COLUMN kpi.confidence_interval.upper IS 'Upper end of the interval.';

CREATE TYPE kpi.ab_result AS (
	rate_1 float8,
	rate_2 float8,
	difference float8,
	lower float8,
	upper float8,
	lift float8,
	z float8,
	p_value float8
);
COMMENT ON TYPE kpi.ab_result IS 'Two shares compared, as ab_test() gives them.';
COMMENT ON COLUMN kpi.ab_result.rate_1 IS 'successes_1 / trials_1.';
COMMENT ON COLUMN kpi.ab_result.rate_2 IS 'successes_2 / trials_2.';
COMMENT ON COLUMN kpi.ab_result.difference IS 'rate_1 - rate_2.';
COMMENT ON COLUMN kpi.ab_result.lower IS 'Lower end of the interval of the difference.';
COMMENT ON COLUMN kpi.ab_result.upper IS 'Upper end of the interval of the difference.';
COMMENT ON COLUMN kpi.ab_result.lift IS 'rate_1 / rate_2 - 1; NULL where rate_2 is 0.';
COMMENT ON COLUMN kpi.ab_result.z IS
'The difference in standard errors of pooled variance. NULL where Fisher''s exact test is taken.';
COMMENT ON COLUMN kpi.ab_result.p_value IS 'The probability of a difference as great by chance alone, two-sided.';

CREATE TYPE kpi.prior AS (
	mean float8,
	weight float8
);
COMMENT ON TYPE kpi.prior IS 'What many groups tell of the rate of one more.';
COMMENT ON COLUMN kpi.prior.mean IS 'The rate of all groups together.';
COMMENT ON COLUMN kpi.prior.weight IS
'The number of trials it counts like. Infinity where the groups differ no more than by chance; NULL where they do '
'not tell.';

CREATE FUNCTION kpi.wilson_ci(successes float8, trials float8, confidence float8 DEFAULT 0.95)
	RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_wilson_ci' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.wilson_ci(float8, float8, float8) IS
'A share of counts with its Wilson score interval. NULL without trials; more successes than trials and negative '
'ones are errors.';
CREATE FUNCTION kpi.newcombe_ci(successes_1 float8, trials_1 float8, successes_2 float8, trials_2 float8,
	confidence float8 DEFAULT 0.95)
	RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_newcombe_ci' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.newcombe_ci(float8, float8, float8, float8, float8) IS
'The difference of two shares of counts, first minus second, with Newcombe''s hybrid score interval. NULL without '
'trials; more successes than trials and negative ones are errors.';
CREATE FUNCTION kpi.ab_test(successes_1 float8, trials_1 float8, successes_2 float8, trials_2 float8,
	confidence float8 DEFAULT 0.95)
	RETURNS kpi.ab_result
	AS 'MODULE_PATHNAME', 'kpi_ab_test' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.ab_test(float8, float8, float8, float8, float8) IS
'Whether two shares of counts differ by more than chance: difference, interval, lift, z and p. Fisher''s exact test '
'where fewer than 5 are expected in a cell. NULL without trials; counts must be whole. For one look at the end, not '
'for looking until it is significant.';
CREATE FUNCTION kpi.shrunk_rate(successes float8, trials float8, prior_mean float8, prior_weight float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_shrunk_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.shrunk_rate(float8, float8, float8, float8) IS
'A rate that few trials do not carry far: one of successes and prior together. (successes + prior_mean * '
'prior_weight) / (trials + prior_weight), prior_mean without trials; NULL where nothing tells.';

--@ state | kpi_internal | rate_prior_state | 80 | plain | Sums of rate_prior(): its transition state.

-- not STRICT: a group with a NULL is left out, but the first row makes the state
CREATE FUNCTION kpi_internal.rate_prior_state_accum(kpi_internal.rate_prior_state, successes float8, trials float8)
	RETURNS kpi_internal.rate_prior_state
	AS 'MODULE_PATHNAME', 'kpi_rate_prior_state_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.rate_prior_state_accum(kpi_internal.rate_prior_state, float8, float8) IS
'Transition of rate_prior(): takes in a group.';
CREATE FUNCTION kpi_internal.rate_prior_state_combine(kpi_internal.rate_prior_state, kpi_internal.rate_prior_state)
	RETURNS kpi_internal.rate_prior_state
	AS 'MODULE_PATHNAME', 'kpi_rate_prior_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.rate_prior_state_combine(kpi_internal.rate_prior_state,
	kpi_internal.rate_prior_state) IS
'Two states of rate_prior() as one.';
CREATE FUNCTION kpi_internal.rate_prior_state_final(kpi_internal.rate_prior_state) RETURNS kpi.prior
	AS 'MODULE_PATHNAME', 'kpi_rate_prior_state_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.rate_prior_state_final(kpi_internal.rate_prior_state) IS
'Final function of rate_prior(): mean and weight.';
CREATE AGGREGATE kpi.rate_prior(successes float8, trials float8) (
	SFUNC = kpi_internal.rate_prior_state_accum, STYPE = kpi_internal.rate_prior_state, SSPACE = 80,
	FINALFUNC = kpi_internal.rate_prior_state_final,
	COMBINEFUNC = kpi_internal.rate_prior_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rate_prior(float8, float8) IS
'The prior for shrunk_rate(), from many groups by moments, one a row. Groups with a NULL or without trials are left '
'out; NULL where none is left.';
