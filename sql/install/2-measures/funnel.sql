-- Window funnels: which steps customers take one after the other and in time.

--@ state | kpi | funnel_events | VARIABLE | extended | Steps of an entity by time with time zone. Made by funnel_events(); can be stored and merged with rollup().
--@ | kpi | funnel_events_timestamp | VARIABLE | extended | Steps of an entity by time without time zone. Made by funnel_events(); can be stored and merged with rollup().
--@ | kpi | funnel_events_bigint | VARIABLE | extended | Steps of an entity by whole numbers as times. Made by funnel_events(); can be stored and merged with rollup().

--@ for time | type | length | measure
--@ | timestamptz | funnel_events | interval |
--@ | timestamp | funnel_events_timestamp | interval |
--@ | bigint | funnel_events_bigint | float8 | _number
CREATE FUNCTION kpi_internal.funnel_events_combine(kpi.@type@, kpi.@type@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_events_combine(kpi.@type@, kpi.@type@) IS
'Combine two states of a funnel; NULL only if both are NULL. States of other windows, modes or steps are an error.';
CREATE FUNCTION kpi_internal.funnel_events_done(kpi.@type@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_events_done(kpi.@type@) IS
'Final function of funnel_events(): the rows in order, without spare room.';
CREATE AGGREGATE kpi.rollup(kpi.@type@) (
	SFUNC = kpi_internal.funnel_events_combine, STYPE = kpi.@type@, SSPACE = 512,
	FINALFUNC = kpi_internal.funnel_events_done, COMBINEFUNC = kpi_internal.funnel_events_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.@type@) IS
'One value of several stored ones of an entity, as if their rows had been taken together. NULL for no rows.';

CREATE FUNCTION kpi_internal.window_funnel_level(kpi.@type@) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_window_funnel_level' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.window_funnel_level(kpi.@type@) IS
'Final function of window_funnel(): how many steps.';
CREATE FUNCTION kpi_internal.window_funnel_times(kpi.@type@) RETURNS @time@[]
	AS 'MODULE_PATHNAME', 'kpi_window_funnel_times_@time@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.window_funnel_times(kpi.@type@) IS
'Final function of window_funnel_times(): when each step was taken.';

CREATE FUNCTION kpi.funnel_path(events kpi.@type@) RETURNS integer[]
	AS 'MODULE_PATHNAME', 'kpi_funnel_path' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.funnel_path(kpi.@type@) IS
'The numbers of the steps of an entity in order of time: its path, as attribution_paths() takes it. '
'At equal times by their number. NULL for NULL.';

--@ for name | returns | says
--@ | sequence_match | boolean | Whether the rows of an entity follow a pattern
--@ | sequence_count | bigint | How often the rows of an entity follow a pattern, one match after the other
CREATE FUNCTION kpi.@name@(events kpi.@type@, pattern text) RETURNS @returns@
	AS 'MODULE_PATHNAME', 'kpi_@name@@measure@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.@name@(kpi.@type@, text) IS
'@says@. '
'pattern: (?1) is a row of condition 1, a dot any row, each right after the one before. Between two of them a dot '
'with a star stands for any rows, and (?t<=3600) for any rows and a time, by "<", "<=", ">", ">=" or "==". NULL for NULL.';
--@ end

-- not STRICT: limits, gaps and exclusions need not be given
--@ for name | returns | symbol | says
--@ | funnel_level | integer | funnel_level_of@measure@ | How many steps of a funnel an entity takes, one after the other and in time
--@ | funnel_times | @time@[] | funnel_times_@time@ | When an entity takes the steps of a funnel, as many as it takes
CREATE FUNCTION kpi.@name@(events kpi.@type@, "window" @length@, mode text DEFAULT 'default',
	limits @length@[] DEFAULT NULL, gaps @length@[] DEFAULT NULL, excluded anycompatiblearray DEFAULT NULL::integer[])
	RETURNS @returns@
	AS 'MODULE_PATHNAME', 'kpi_@symbol@' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.@name@(kpi.@type@, @length@, text, @length@[], @length@[], anycompatiblearray) IS
'@says@. '
'limits and gaps: the longest and the shortest time from the step before, one for each step after the first, NULL for '
'none. excluded: numbers of conditions that are no steps, but must not lie between two. mode: default, '
'strict_increase or strict_once. NULL for NULL events.';
--@ end

--@ end

-- a date is its midnight in no time zone, so that all days are as long
--@ for time | type | length | measure | read
--@ | timestamptz | funnel_events | interval | |
--@ | timestamp | funnel_events_timestamp | interval | |
--@ | date | funnel_events_timestamp | interval | _date | _date
--@ | bigint | funnel_events_bigint | float8 | _number |
--@ for kind | given | types | ordered | suffix | passed
--@ | conditions | VARIADIC steps boolean[] | VARIADIC boolean[] | boolean[] | | steps
--@ | numbers of steps | step float8 | float8 | float8 | _step | a step
CREATE FUNCTION kpi_internal.funnel_events_accum(kpi.@type@, @time@, @ordered@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum@read@@suffix@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_events_accum(kpi.@type@, @time@, @ordered@) IS
'Transition of funnel_events() over @time@: takes a row.';
CREATE AGGREGATE kpi.funnel_events(ts @time@, @given@) (
	SFUNC = kpi_internal.funnel_events_accum, STYPE = kpi.@type@, SSPACE = 512,
	FINALFUNC = kpi_internal.funnel_events_done, COMBINEFUNC = kpi_internal.funnel_events_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.funnel_events(@time@, @types@) IS
'The rows of an entity that are @passed@ of a funnel, as a value to store and to ask. '
'By @kind@; rows without a time are left out. NULL for no rows.';

CREATE AGGREGATE kpi.funnel_path(ts @time@, @given@) (
	SFUNC = kpi_internal.funnel_events_accum, STYPE = kpi.@type@, SSPACE = 512,
	FINALFUNC = kpi.funnel_path, COMBINEFUNC = kpi_internal.funnel_events_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.funnel_path(@time@, @types@) IS
'The numbers of the steps of an entity in order of time: its path, as attribution_paths() takes it. '
'By @kind@; rows without a time are left out, at equal times by their number. NULL for no rows.';

--@ for mode | place | symbol | says
--@ | | | | any chain in order of time, where one row may be several steps
--@ | mode text, | text, | _mode | mode: default, strict_increase (later and later) or strict_once (no row twice)
CREATE FUNCTION kpi_internal.window_funnel_accum(kpi.@type@, @length@, @place@ @time@, @ordered@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_window_funnel_accum@measure@@symbol@@suffix@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.window_funnel_accum(kpi.@type@, @length@, @place@ @time@, @ordered@) IS
'Transition of window_funnel() over @time@: takes a row.';
CREATE AGGREGATE kpi.window_funnel("window" @length@, @mode@ ts @time@, @given@) (
	SFUNC = kpi_internal.window_funnel_accum, STYPE = kpi.@type@, SSPACE = 512,
	FINALFUNC = kpi_internal.window_funnel_level, COMBINEFUNC = kpi_internal.funnel_events_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.window_funnel(@length@, @place@ @time@, @types@) IS
'How many steps of a funnel an entity takes, one after the other and within the window from the first. '
'By @kind@: @says@. Rows without a time are left out; NULL for no rows, 0 without a first step.';
CREATE AGGREGATE kpi.window_funnel_times("window" @length@, @mode@ ts @time@, @given@) (
	SFUNC = kpi_internal.window_funnel_accum, STYPE = kpi.@type@, SSPACE = 512,
	FINALFUNC = kpi_internal.window_funnel_times, COMBINEFUNC = kpi_internal.funnel_events_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.window_funnel_times(@length@, @place@ @time@, @types@) IS
'When an entity takes the steps of a funnel, as many as it takes. '
'By @kind@: @says@. The chain that ends first, of these the one that starts last. NULL for no rows, an empty array '
'without a first step.';
--@ end
--@ end
--@ end

--@ state | kpi | funnel_totals_state | VARIABLE | extended | How many entities reached each step of a funnel, and how soon. Made by funnel_totals(); can be stored and merged with rollup().

CREATE FUNCTION kpi_internal.funnel_totals_combine(kpi.funnel_totals_state, kpi.funnel_totals_state)
	RETURNS kpi.funnel_totals_state
	AS 'MODULE_PATHNAME', 'kpi_funnel_totals_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_totals_combine(kpi.funnel_totals_state, kpi.funnel_totals_state) IS
'Combine two states of funnel_totals(); NULL only if both are NULL.';
CREATE FUNCTION kpi_internal.funnel_totals_done(kpi.funnel_totals_state) RETURNS kpi.funnel_totals_state
	AS 'MODULE_PATHNAME', 'kpi_funnel_totals_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_totals_done(kpi.funnel_totals_state) IS
'Final function of funnel_totals(): in order, without spare room.';
CREATE AGGREGATE kpi.rollup(kpi.funnel_totals_state) (
	SFUNC = kpi_internal.funnel_totals_combine, STYPE = kpi.funnel_totals_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.funnel_totals_done, COMBINEFUNC = kpi_internal.funnel_totals_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.funnel_totals_state) IS
'One value of several stored ones, as if their entities had been taken together. NULL for no rows.';

--@ for time | length | symbol | says
--@ | timestamptz | interval | | are counted apart
--@ | timestamp | interval | | are counted apart
--@ | float8 | float8 | _float8 | are counted apart, and there are no median times, for want of a unit
-- not STRICT: the first entity may not have entered
CREATE FUNCTION kpi_internal.funnel_totals_accum(kpi.funnel_totals_state, @time@[], @length@, @time@)
	RETURNS kpi.funnel_totals_state
	AS 'MODULE_PATHNAME', 'kpi_funnel_totals_accum@symbol@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_totals_accum(kpi.funnel_totals_state, @time@[], @length@, @time@) IS
'Transition of funnel_totals() over @time@: takes an entity.';
CREATE AGGREGATE kpi.funnel_totals(times @time@[], "window" @length@, as_of @time@) (
	SFUNC = kpi_internal.funnel_totals_accum, STYPE = kpi.funnel_totals_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.funnel_totals_done, COMBINEFUNC = kpi_internal.funnel_totals_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.funnel_totals(@time@[], @length@, @time@) IS
'How many entities reached each step, of their times as window_funnel_times() gives them. '
'Those whose window is not over at as_of @says@. '
'To be asked with funnel_table(); an empty or NULL array did not enter. NULL for no rows.';
--@ end

--@ for arguments | types | says
--@ | | | Each row is one.
--@ | , weight float8 | , float8 | weight: how many entities a row is.
-- not STRICT: the first entity may not have entered
CREATE FUNCTION kpi_internal.funnel_totals_accum(kpi.funnel_totals_state, float8@types@) RETURNS kpi.funnel_totals_state
	AS 'MODULE_PATHNAME', 'kpi_funnel_totals_accum_level' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.funnel_totals_accum(kpi.funnel_totals_state, float8@types@) IS
'Transition of funnel_totals() over levels: takes the entities of a row.';
CREATE AGGREGATE kpi.funnel_totals(level float8@arguments@) (
	SFUNC = kpi_internal.funnel_totals_accum, STYPE = kpi.funnel_totals_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.funnel_totals_done, COMBINEFUNC = kpi_internal.funnel_totals_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.funnel_totals(float8@types@) IS
'How many entities reached each step, of their levels as window_funnel() gives them. @says@ '
'To be asked with funnel_table(), which has no median times then; a NULL level did not enter. NULL for no rows.';
--@ end

-- not STRICT: without steps it has those that were reached
CREATE FUNCTION kpi.funnel_table(totals kpi.funnel_totals_state, steps float8 DEFAULT NULL, confidence float8 DEFAULT 0.95,
	OUT step integer, OUT reached float8, OUT step_rate float8, OUT lower float8, OUT upper float8,
	OUT overall_rate float8, OUT median_time interval, OUT immature float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_funnel_table' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION kpi.funnel_table(kpi.funnel_totals_state, float8, float8) IS
'A row for each step of a funnel: who reached it, of those at the step before and of all. '
'With the Wilson interval of step_rate, the median time from the step before, and the entities that were left out as '
'immature. steps: how many rows, those that were reached where it is NULL. No rows for NULL.';
CREATE FUNCTION kpi.funnel_quantile(totals kpi.funnel_totals_state, step float8, p float8) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_funnel_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.funnel_quantile(kpi.funnel_totals_state, float8, float8) IS
'The time from the step before that a share p of the entities at a step took at most. '
'Between two of them it is on the line, as in percentile_cont; of those whose times are known. NULL where there are none.';
