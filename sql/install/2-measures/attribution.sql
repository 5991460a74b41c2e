-- Attribution: what channels did for conversions.

--@ state | kpi | attribution_state | VARIABLE | extended | Paths of channels, counted. Made by attribution_paths(); can be stored and merged with rollup().

CREATE FUNCTION kpi_internal.attribution_combine(kpi.attribution_state, kpi.attribution_state) RETURNS kpi.attribution_state
	AS 'MODULE_PATHNAME', 'kpi_attribution_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.attribution_combine(kpi.attribution_state, kpi.attribution_state) IS
'Combine two states of attribution_paths(); NULL only if both are NULL.';
CREATE FUNCTION kpi_internal.attribution_done(kpi.attribution_state) RETURNS kpi.attribution_state
	AS 'MODULE_PATHNAME', 'kpi_attribution_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.attribution_done(kpi.attribution_state) IS
'Final function of attribution_paths(): channels in the order of their names.';
CREATE AGGREGATE kpi.rollup(kpi.attribution_state) (
	SFUNC = kpi_internal.attribution_combine, STYPE = kpi.attribution_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.attribution_done, COMBINEFUNC = kpi_internal.attribution_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.attribution_state) IS
'One value of several stored ones, as if their paths had been taken together. NULL for no rows.';

--@ for arguments | types | says
--@ | | | A path that led to nothing has 0 conversions.
--@ | , value float8 | , float8 | value is what the conversions of the row are worth together.
--@ | , value float8, nulls float8 | , float8, float8 | nulls is how many such paths led to nothing.
-- not STRICT: a row with a NULL is left out, but the first one makes the state
CREATE FUNCTION kpi_internal.attribution_accum(kpi.attribution_state, anycompatiblearray, float8@types@)
	RETURNS kpi.attribution_state
	AS 'MODULE_PATHNAME', 'kpi_attribution_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.attribution_accum(kpi.attribution_state, anycompatiblearray, float8@types@) IS
'Transition of attribution_paths(): takes a path.';
CREATE AGGREGATE kpi.attribution_paths(path anycompatiblearray, conversions float8@arguments@) (
	SFUNC = kpi_internal.attribution_accum, STYPE = kpi.attribution_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.attribution_done, COMBINEFUNC = kpi_internal.attribution_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.attribution_paths(anycompatiblearray, float8@types@) IS
'Paths of channels with their conversions, as a value to store and to ask with attribution_table(). @says@ '
'Rows without a path or conversions are left out, NULL channels as well; NULL for no rows. Negative numbers and more '
'than 500 channels are errors.';
--@ end

CREATE FUNCTION kpi.attribution_table(state kpi.attribution_state, model text DEFAULT 'markov',
	OUT channel text, OUT conversions float8, OUT value float8, OUT share float8, OUT removal_effect float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_attribution_table' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 10;
COMMENT ON FUNCTION kpi.attribution_table(kpi.attribution_state, text) IS
'A row for each channel: the conversions and the value that a model gives it, and its share. '
'model: first, last, linear, position, shapley or markov, which has removal effects. No rows for NULL, and for markov '
'where nothing converted.';

-- not STRICT: only some models need ages or direct
CREATE FUNCTION kpi.attribution_weights(model text, touches float8, ages interval[] DEFAULT NULL,
	half_life interval DEFAULT '7 days', direct boolean[] DEFAULT NULL) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_attribution_weights' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.attribution_weights(text, float8, interval[], interval, boolean[]) IS
'How the touches before a conversion share it: an array of weights that sum to 1. '
'model: first, last, last_non_direct (by direct), linear, position or time_decay (by ages and half_life). An empty '
'array without touches; NULL for a NULL model or number of touches.';

--@ for time
--@ | timestamptz
--@ | timestamp
CREATE FUNCTION kpi.attribution_path(channels text[], times @time@[], until @time@, lookback interval DEFAULT '30 days',
	session_gap interval DEFAULT '0') RETURNS text[]
	AS 'MODULE_PATHNAME', 'kpi_attribution_path' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.attribution_path(text[], @time@[], @time@, interval, interval) IS
'The path of channels up to a conversion: touches of the lookback before it, in order of time. '
'Touches of the same channel that follow each other within session_gap are one. Touches with a NULL are left out; '
'NULL '
'for NULL.';
--@ end

CREATE FUNCTION kpi.attribution_path(channels text[], times date[], until date, lookback interval DEFAULT '30 days',
	session_gap interval DEFAULT '0') RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	RETURN kpi.attribution_path(channels, CAST(times AS timestamp[]), CAST(until AS timestamp), lookback, session_gap);
COMMENT ON FUNCTION kpi.attribution_path(text[], date[], date, interval, interval) IS
'The path of channels up to the day of a conversion: touches of the lookback before it, by day. '
'All days have 24 hours. Touches of the same channel that follow each other within session_gap are one. Touches with a '
'NULL are left out; NULL for NULL.';

-- not STRICT: only some transforms need a channel
CREATE FUNCTION kpi.attribution_transform(path text[], transform text, channel text DEFAULT NULL) RETURNS text[]
	AS 'MODULE_PATHNAME', 'kpi_attribution_transform' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.attribution_transform(text[], text, text) IS
'A path without the touches that are not to count. '
'transform: unique (as it is), exposure (no channel twice in a row), first (no channel twice), '
'remove_if_last_and_not_all and remove_if_not_all (without channel, at the end or anywhere, unless it is all). NULL '
'touches are left out; NULL for a NULL path or transform.';
