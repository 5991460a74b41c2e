-- Cohorts: periods with activity, retention, growth accounting.

--@ state | kpi | period_bitmap_state | VARIABLE | extended | Periods in which an entity was active, a bit each. Made by period_bitmap(); can be stored and merged with rollup().
--@ | kpi | retention_state | VARIABLE | extended | Entities that could be and were active at each age. Made by cohort_retention(); can be stored and merged with rollup().
--@ | kpi | growth_state | VARIABLE | extended | Entities that were new, stayed, came back and left, by period. Made by growth_accounting(); can be stored and merged with rollup().
--@ merge | period_bitmap_state | period_bitmap_combine | 64 | Combine two bitmaps of an entity; NULL only if both are NULL. | One bitmap of several stored ones of an entity. NULL for no rows.
--@ | retention_state | cohort_retention_combine | 1024 | Combine two states of cohort_retention(); NULL only if both are NULL. | One state of several stored ones, as if their entities had been taken together. NULL for no rows.
--@ | growth_state | growth_accounting_combine | 1024 | Combine two states of growth_accounting(); NULL only if both are NULL. | One state of several stored ones, as if their entities had been taken together. NULL for no rows.

--@ for time | volatility | zone
--@ | date | IMMUTABLE |
--@ | timestamp | IMMUTABLE |
--@ | timestamptz | STABLE | , in the session's time zone
CREATE FUNCTION kpi.period_number(ts @time@, unit interval) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_period_number_@time@' LANGUAGE C @volatility@ STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_number(@time@, interval) IS
$$Number of the period that holds a time, by the calendar@zone@. unit: months, days (weeks begin on Monday), or a time
below a day. NULL for NULL and infinity.$$;
--@ end
--@ for time
--@ | timestamp
--@ | timestamptz
CREATE FUNCTION kpi.period_number(ts @time@, unit interval, since @time@) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_period_number_since' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.period_number(@time@, interval, @time@) IS
'Whole units that have passed from since to ts, rounded down. '
'With a unit of a day periods of 24 hours, whatever the calendar. NULL for NULL and infinity; a unit with months is '
'an error.';
--@ end
-- as timestamps, for between two midnights of a time zone there may be 23 or 25 hours
CREATE FUNCTION kpi.period_number(ts date, unit interval, since date) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi.period_number(CAST(ts AS timestamp), unit, CAST(since AS timestamp));
COMMENT ON FUNCTION kpi.period_number(date, interval, date) IS
'Whole units that have passed from since to ts, rounded down. '
'All days have 24 hours. NULL for NULL and infinity; a unit with months is an error.';

--@ for type
--@ | integer
--@ | bigint
--@ | float8
-- not STRICT: the first period may be NULL
CREATE FUNCTION kpi_internal.period_bitmap_accum(kpi.period_bitmap_state, @type@) RETURNS kpi.period_bitmap_state
	AS 'MODULE_PATHNAME', 'kpi_period_bitmap_accum_@type@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.period_bitmap_accum(kpi.period_bitmap_state, @type@) IS
'Transition of period_bitmap(): takes a period.';
CREATE AGGREGATE kpi.period_bitmap(period @type@) (
	SFUNC = kpi_internal.period_bitmap_accum, STYPE = kpi.period_bitmap_state, SSPACE = 64,
	COMBINEFUNC = kpi_internal.period_bitmap_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.period_bitmap(@type@) IS
'Periods in which an entity was active, by number, as a value to store and to ask. '
'NULLs are left out, NULL for no others; what is no whole number of 32 bits is an error.';
--@ end
--@ for time | volatility | zone
--@ | date | IMMUTABLE |
--@ | timestamp | IMMUTABLE |
--@ | timestamptz | STABLE | , in the session's time zone
-- not STRICT: the first time may be NULL
CREATE FUNCTION kpi_internal.period_bitmap_accum(kpi.period_bitmap_state, @time@, interval)
	RETURNS kpi.period_bitmap_state
	AS 'MODULE_PATHNAME', 'kpi_period_bitmap_accum_@time@' LANGUAGE C @volatility@ PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.period_bitmap_accum(kpi.period_bitmap_state, @time@, interval) IS
'Transition of period_bitmap() over @time@: takes the period of a time.';
CREATE AGGREGATE kpi.period_bitmap(ts @time@, unit interval) (
	SFUNC = kpi_internal.period_bitmap_accum, STYPE = kpi.period_bitmap_state, SSPACE = 64,
	COMBINEFUNC = kpi_internal.period_bitmap_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.period_bitmap(@time@, interval) IS
$$Periods in which an entity was active, by times and the unit of a period@zone@. The numbers are those of
period_number(), in one call. Times that are NULL or infinite are left out, NULL for no others.$$;
--@ end
--@ for arguments | types | symbol | volatility | says
--@ | period float8 | float8 | | IMMUTABLE | Periods are told by number; what is no whole number of 32 bits is an error.
--@ | ts date, unit interval | date, interval | _date | IMMUTABLE | Periods are those of period_number(ts, unit).
--@ | ts timestamp, unit interval | timestamp, interval | _timestamp | IMMUTABLE | Periods are those of period_number(ts, unit).
--@ | ts timestamptz, unit interval | timestamptz, interval | _timestamptz | STABLE | Periods are those of period_number(ts, unit), in the session's time zone.
-- not STRICT: the first row may have no key
CREATE FUNCTION kpi_internal.key_periods_accum(kpi.key_periods_state, anycompatible, @arguments@)
	RETURNS kpi.key_periods_state
	AS 'MODULE_PATHNAME', 'kpi_key_periods_accum@symbol@' LANGUAGE C @volatility@ PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.key_periods_accum(kpi.key_periods_state, anycompatible, @types@) IS
'Transition of key_periods(): takes a row.';
CREATE AGGREGATE kpi.key_periods(key anycompatible, @arguments@) (
	SFUNC = kpi_internal.key_periods_accum, STYPE = kpi.key_periods_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.key_periods_done, COMBINEFUNC = kpi_internal.key_periods_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.key_periods(anycompatible, @types@) IS
$$In which periods each key was active, as a value to store and to ask with period_bitmaps(). A key is a number, a uuid
or a text. @says@ Rows without a key or a time are left out. NULL for no rows.$$;
--@ end
CREATE FUNCTION kpi.period_bitmaps(state kpi.key_periods_state) RETURNS SETOF kpi.period_bitmap_state
	AS 'MODULE_PATHNAME', 'kpi_period_bitmaps' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 1000;
COMMENT ON FUNCTION kpi.period_bitmaps(kpi.key_periods_state) IS
'The bitmap of each key, as period_bitmap() would make it of the rows of the key. No rows for NULL.';
CREATE FUNCTION kpi.first_period(active kpi.period_bitmap_state) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_first_period_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.first_period(kpi.period_bitmap_state) IS
'The first period in which an entity was active: its cohort. NULL for NULL.';

--@ for name | arguments | types | symbol | says
--@ | cohort_retention | periods float8 | float8 | | Cells are the periods from the first one on, in each of which an entity is kept by activity in it.
--@ | cohort_retention | periods float8, mode text | float8, text | | mode: on keeps by activity in the period, on_or_after by activity in it or later.
--@ | cohort_retention | periods float8, mode text, start float8 | float8, text, float8 | | mode: on or on_or_after. start: the period in which the entity began.
--@ | cohort_retention | periods float8, mode text, start float8, weight float8 | float8, text, float8, float8 | | mode: on or on_or_after. start: the period in which the entities of a row began. weight: how many they are.
--@ | bracket_retention | brackets anycompatiblearray | anycompatiblearray | _brackets | brackets: rising bounds of cells [a, b), counted from the first period.
--@ | bracket_retention | brackets anycompatiblearray, weight float8 | anycompatiblearray, float8 | _brackets | brackets: rising bounds of cells [a, b), counted from the first period. weight: how many entities a row is.
-- not STRICT: an entity may never have been active
CREATE FUNCTION kpi_internal.@name@_accum(kpi.retention_state, active kpi.period_bitmap_state, last_complete float8,
	@arguments@)
	RETURNS kpi.retention_state
	AS 'MODULE_PATHNAME', 'kpi_cohort_retention_accum@symbol@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@name@_accum(kpi.retention_state, kpi.period_bitmap_state, float8, @types@) IS
'Transition of @name@(): takes an entity.';
CREATE AGGREGATE kpi.@name@(active kpi.period_bitmap_state, last_complete float8, @arguments@) (
	SFUNC = kpi_internal.@name@_accum, STYPE = kpi.retention_state, SSPACE = 1024,
	COMBINEFUNC = kpi_internal.cohort_retention_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@(kpi.period_bitmap_state, float8, @types@) IS
'Retention of entities by age, one row an entity, to be asked with retention_table(). @says@ '
'An entity counts only in cells that are over by last_complete. NULL for no rows.';
--@ end
CREATE FUNCTION kpi.retention_at(state kpi.retention_state, age float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_retention_state_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.retention_at(kpi.retention_state, float8) IS
'Share kept in the cell that begins at an age. NULL where there is none, or no entity is so old.';
CREATE FUNCTION kpi.retention_table(state kpi.retention_state, confidence float8 DEFAULT 0.95,
	OUT age bigint, OUT before_age bigint, OUT eligible bigint, OUT kept bigint, OUT rate float8, OUT lower float8,
	OUT upper float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_retention_table' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 12;
COMMENT ON FUNCTION kpi.retention_table(kpi.retention_state, float8) IS
'A row for each cell: entities that are old enough, those kept, their share and its Wilson interval. '
'kept and what follows are NULL where no entity is old enough. No rows for NULL.';

--@ for arguments | types | says
--@ | | | Each row is one.
--@ | , weight float8 | , float8 | weight: how many entities a row is.
-- not STRICT: the first bitmap may be NULL
CREATE FUNCTION kpi_internal.growth_accounting_accum(kpi.growth_state, kpi.period_bitmap_state, float8@types@)
	RETURNS kpi.growth_state
	AS 'MODULE_PATHNAME', 'kpi_growth_accounting_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.growth_accounting_accum(kpi.growth_state, kpi.period_bitmap_state, float8@types@) IS
'Transition of growth_accounting(): takes the entities of a row.';
CREATE AGGREGATE kpi.growth_accounting(active kpi.period_bitmap_state, last_complete float8@arguments@) (
	SFUNC = kpi_internal.growth_accounting_accum, STYPE = kpi.growth_state, SSPACE = 1024,
	COMBINEFUNC = kpi_internal.growth_accounting_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.growth_accounting(kpi.period_bitmap_state, float8@types@) IS
'Who was new, stayed, came back and left, by period, one row an entity. @says@ '
'To be asked with growth_table(). last_complete is the last period that is over. NULLs are left out, NULL '
'for no others.';
--@ end
CREATE FUNCTION kpi.growth_table(state kpi.growth_state, OUT period bigint, OUT active bigint, OUT new bigint,
	OUT retained bigint, OUT resurrected bigint, OUT churned bigint, OUT quick_ratio float8, OUT left_censored boolean)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_growth_table' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 24;
COMMENT ON FUNCTION kpi.growth_table(kpi.growth_state) IS
'A row for each period: who was active, new, retained, resurrected and churned. '
'active = new + retained + resurrected; quick_ratio = (new + resurrected) / churned. churned and quick_ratio are '
'NULL in the first period and after the last complete one. No rows for NULL.';
