-- How long customers stay, with those who are still there: Kaplan-Meier.

--@ state | kpi | survival | VARIABLE | extended | Durations, with what ended them and their weights (exact). Made by survival(); can be stored and merged with rollup().

CREATE FUNCTION kpi_internal.survival_combine(kpi.survival, kpi.survival) RETURNS kpi.survival
	AS 'MODULE_PATHNAME', 'kpi_survival_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.survival_combine(kpi.survival, kpi.survival) IS
'Combine two states of survival(); NULL only if both are NULL.';
CREATE FUNCTION kpi_internal.survival_done(kpi.survival) RETURNS kpi.survival
	AS 'MODULE_PATHNAME', 'kpi_survival_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.survival_done(kpi.survival) IS
'Final function of survival(): the durations in order, without spare room.';
CREATE AGGREGATE kpi.rollup(kpi.survival) (
	SFUNC = kpi_internal.survival_combine, STYPE = kpi.survival, SSPACE = 4096,
	FINALFUNC = kpi_internal.survival_done, COMBINEFUNC = kpi_internal.survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.survival) IS
'One value of several stored ones, as if their subjects had been taken together. NULL for no rows.';

--@ for duration | unit
--@ | float8 | Durations are in any unit.
--@ | interval | Durations are in days.
--@ for arguments | types | says
--@ | | | A row is a subject.
--@ | , weight float8 | , float8 | A row is weight subjects.
--@ | , weight float8, entry @duration@ | , float8, @duration@ | A row is weight subjects, at risk after its entry.
-- not STRICT: a subject with a NULL is left out, but the first row makes the state
CREATE FUNCTION kpi_internal.survival_accum(kpi.survival, @duration@, boolean@types@) RETURNS kpi.survival
	AS 'MODULE_PATHNAME', 'kpi_survival_accum_@duration@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.survival_accum(kpi.survival, @duration@, boolean@types@) IS
'Transition of survival() over @duration@: takes a subject.';
CREATE AGGREGATE kpi.survival(duration @duration@, event boolean@arguments@) (
	SFUNC = kpi_internal.survival_accum, STYPE = kpi.survival, SSPACE = 1024,
	FINALFUNC = kpi_internal.survival_done, COMBINEFUNC = kpi_internal.survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.survival(@duration@, boolean@types@) IS
'Durations of subjects, as a value to store and to ask. @unit@ @says@ '
'event: true where it ended, false where it was still going on when last seen (censored). Rows with a NULL are left '
'out, NULL for no rows; a negative duration and one that is NaN or infinite are errors.';
--@ end
--@ end

CREATE FUNCTION kpi.survival_at(survival kpi.survival, t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_survival_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.survival_at(kpi.survival, float8) IS
'Share that lasts longer than t, by Kaplan and Meier. NULL for NULL; a t of NaN is an error.';
CREATE FUNCTION kpi.survival_ci(survival kpi.survival, t float8, confidence float8 DEFAULT 0.95,
	conf_type text DEFAULT 'log-log') RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_survival_ci' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.survival_ci(kpi.survival, float8, float8, text) IS
'Share that lasts longer than t, with Greenwood''s standard error and an interval. '
'conf_type: log-log, log or plain. NULL for NULL; no interval where nobody is left.';
CREATE FUNCTION kpi.survival_quantile(survival kpi.survival, p float8, midpoint boolean DEFAULT false)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_survival_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.survival_quantile(kpi.survival, float8, boolean) IS
'The first time at which at most 1 - p last longer. NULL where the curve does not come down so far. '
'midpoint: where the curve stands at exactly 1 - p, the middle of that.';
CREATE FUNCTION kpi.median_survival(survival kpi.survival, midpoint boolean DEFAULT false) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_median_survival' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.median_survival(kpi.survival, boolean) IS
'The first time at which at most half last longer. NULL where the curve does not come down so far. '
'midpoint: where the curve stands at exactly one half, the middle of that.';
-- not STRICT: without a horizon it is the last time
CREATE FUNCTION kpi.mean_survival(survival kpi.survival, horizon float8 DEFAULT NULL, confidence float8 DEFAULT 0.95)
	RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_mean_survival' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.mean_survival(kpi.survival, float8, float8) IS
'Restricted mean: the area under the curve up to the horizon, with its standard error and an interval. '
'Without a horizon up to the last time; beyond that the curve stays as it is. NULL for a NULL survival or confidence.';
CREATE FUNCTION kpi.survival_table(survival kpi.survival, confidence float8 DEFAULT 0.95,
	conf_type text DEFAULT 'log-log', OUT "time" float8, OUT at_risk float8, OUT events float8, OUT censored float8,
	OUT survival_share float8, OUT se float8, OUT lower float8, OUT upper float8,
	OUT hazard float8, OUT cumulative_hazard float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_survival_table' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 100;
COMMENT ON FUNCTION kpi.survival_table(kpi.survival, float8, text) IS
'A row for each time at which something ended. Those at risk just before it, events, censored, the share that lasts '
'longer with its interval, and the hazard: events of those at risk, and its sum by Nelson and Aalen. No rows for NULL.';

CREATE TYPE kpi.logrank_result AS (
	chi_square float8,
	degrees float8,
	p_value float8
);
COMMENT ON TYPE kpi.logrank_result IS 'A log-rank test, as logrank() gives it.';
COMMENT ON COLUMN kpi.logrank_result.chi_square IS 'How far events are from those expected if the groups were alike.';
COMMENT
	ON COLUMN kpi.logrank_result.degrees IS 'Degrees of freedom: groups at risk when something happened, less one.';
COMMENT ON COLUMN kpi.logrank_result.p_value IS 'The probability of a greater chi_square by chance alone.';
CREATE FUNCTION kpi.logrank(groups kpi.survival[]) RETURNS kpi.logrank_result
	AS 'MODULE_PATHNAME', 'kpi_logrank' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.logrank(kpi.survival[]) IS
'Whether groups differ in their survival: the log-rank test. NULL where fewer than two groups are at risk at an '
'event; '
'an empty array, a NULL in it and more than 100 groups are errors.';
