-- What rows are by key, asked in one call: repeat rate, rows a key, new keys, share to the largest rival.

--@ state | kpi | key_totals_state | VARIABLE | extended | Rows and sums by key (exact counts). Made by key_totals(); can be stored and merged with rollup().
--@ | kpi | first_seen_state | VARIABLE | extended | Time of the first row by key. Made by first_seen(); can be stored and merged with rollup().
--@ | kpi | key_periods_state | VARIABLE | extended | Periods with activity by key. Made by key_periods(); can be stored and merged with rollup().

--@ for name | type | says
--@ | key_totals | key_totals_state | rows and sums by key
--@ | first_seen | first_seen_state | first times by key
--@ | key_periods | key_periods_state | periods by key
CREATE FUNCTION kpi_internal.@name@_combine(kpi.@type@, kpi.@type@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_keyed_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@name@_combine(kpi.@type@, kpi.@type@) IS
'Combine two states of @says@; NULL only if both are NULL. Keys of different types are an error.';
CREATE FUNCTION kpi_internal.@name@_done(kpi.@type@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_keyed_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@name@_done(kpi.@type@) IS
'Final function of @name@(): the keys in order, without spare room.';
CREATE AGGREGATE kpi.rollup(kpi.@type@) (
	SFUNC = kpi_internal.@name@_combine, STYPE = kpi.@type@, SSPACE = 4096,
	FINALFUNC = kpi_internal.@name@_done, COMBINEFUNC = kpi_internal.@name@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.@type@) IS
'One state of several stored ones, as if their rows had been taken together. NULL for no rows.';
--@ end

CREATE TYPE kpi.key_summary_result AS (
	keys float8,
	rows float8,
	repeating float8,
	repeat_rate float8,
	rows_per_key float8,
	most_rows float8,
	total float8,
	largest_total float8
);
COMMENT ON TYPE kpi.key_summary_result IS 'Keys and their rows, as key_summary() gives them.';
COMMENT ON COLUMN kpi.key_summary_result.keys IS 'Different keys.';
COMMENT ON COLUMN kpi.key_summary_result.rows IS 'Rows of all of them.';
COMMENT ON COLUMN kpi.key_summary_result.repeating IS 'Keys with at least so many rows.';
COMMENT ON COLUMN kpi.key_summary_result.repeat_rate IS 'Their share in all keys.';
COMMENT ON COLUMN kpi.key_summary_result.rows_per_key IS 'Rows / keys.';
COMMENT ON COLUMN kpi.key_summary_result.most_rows IS 'Rows of the key that has the most.';
COMMENT ON COLUMN kpi.key_summary_result.total IS 'Sum of all amounts; NULL without amounts.';
COMMENT ON COLUMN kpi.key_summary_result.largest_total IS 'The largest sum of a key; NULL without amounts.';

CREATE FUNCTION kpi.repeat_rate(totals kpi.key_totals_state, at_least float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_repeat_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.repeat_rate(kpi.key_totals_state, float8) IS
'Share of the keys with at least so many rows. NULL for NULL; at_least is a whole number from 1 on.';
CREATE FUNCTION kpi_internal.repeat_rate_final(kpi.key_totals_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_repeat_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.repeat_rate_final(kpi.key_totals_state) IS
'Final function of repeat_rate(): the share of keys with two rows or more.';
CREATE FUNCTION kpi.key_summary(totals kpi.key_totals_state, at_least float8 DEFAULT 2) RETURNS kpi.key_summary_result
	AS 'MODULE_PATHNAME', 'kpi_key_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.key_summary(kpi.key_totals_state, float8) IS
'Keys, rows, share of keys with at least so many rows, rows a key, and the largest. NULL for NULL.';

CREATE FUNCTION kpi.share_gap(totals kpi.key_totals_state, own anycompatible) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_share_gap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.share_gap(kpi.key_totals_state, anycompatible) IS
'Share of a key in the sum of all, less the largest share of another one. '
'The lead on the largest rival, below 0 where that is ahead. NULL without another key, where all sum to no more than 0, and where a sum is NaN or '
'infinite. A key of another type is an error.';
CREATE FUNCTION kpi.relative_share(totals kpi.key_totals_state, own anycompatible) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_relative_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.relative_share(kpi.key_totals_state, anycompatible) IS
'Sum of a key over the largest sum of another one: the market share relative to the largest rival. '
'NULL without another key, where the largest is not above 0, and where a sum is NaN or infinite; 0 where the key '
'has no rows. '
'A key of another type is an error.';

--@ for arguments | types | says
--@ | | | Each row counts once.
--@ | , amount float8 | , float8 | The sums of its amounts, too.
--@ | , amount float8, weight float8 | , float8, float8 | Each row counts weight times; the sums of its amounts, too.
-- not STRICT: the first row may have no key
CREATE FUNCTION kpi_internal.key_totals_accum(kpi.key_totals_state, anycompatible@types@) RETURNS kpi.key_totals_state
	AS 'MODULE_PATHNAME', 'kpi_key_totals_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.key_totals_accum(kpi.key_totals_state, anycompatible@types@) IS
'Transition of key_totals(): takes a row.';
CREATE AGGREGATE kpi.key_totals(key anycompatible@arguments@) (
	SFUNC = kpi_internal.key_totals_accum, STYPE = kpi.key_totals_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.key_totals_done, COMBINEFUNC = kpi_internal.key_totals_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.key_totals(anycompatible@types@) IS
'How many rows each key has, as a value to store and to ask. @says@ '
'A key is a number, a uuid or a text. Rows without a key are left out; without an amount a row counts and adds '
'nothing. '
'NULL for no rows.';
--@ end
CREATE AGGREGATE kpi.repeat_rate(key anycompatible) (
	SFUNC = kpi_internal.key_totals_accum, STYPE = kpi.key_totals_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.repeat_rate_final, COMBINEFUNC = kpi_internal.key_totals_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.repeat_rate(anycompatible) IS
'Share of the keys that have two rows or more: repeat buyers among the buyers of orders. '
'Rows without a key are left out; NULL for no rows. Another number of rows: repeat_rate(key_totals(key), 3).';

--@ for time
--@ | timestamp
--@ | timestamptz
CREATE FUNCTION kpi_internal.first_seen_accum(kpi.first_seen_state, anycompatible, @time@) RETURNS kpi.first_seen_state
	AS 'MODULE_PATHNAME', 'kpi_first_seen_accum_@time@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.first_seen_accum(kpi.first_seen_state, anycompatible, @time@) IS
'Transition of first_seen() over times of @time@: takes a row.';
CREATE AGGREGATE kpi.first_seen(key anycompatible, ts @time@) (
	SFUNC = kpi_internal.first_seen_accum, STYPE = kpi.first_seen_state, SSPACE = 4096,
	FINALFUNC = kpi_internal.first_seen_done, COMBINEFUNC = kpi_internal.first_seen_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.first_seen(anycompatible, @time@) IS
'When each key was first seen, as a value to store and to ask with new_keys(). '
'A key is a number, a uuid or a text. Rows without a key or a time are left out, and so are those at infinity. NULL '
'for '
'no rows.';
--@ end

--@ for time
--@ | timestamp
--@ | timestamptz
CREATE FUNCTION kpi.new_keys(seen kpi.first_seen_state, since @time@, before @time@) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_new_keys_@time@' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.new_keys(kpi.first_seen_state, @time@, @time@) IS
'How many keys were first seen in a span of time: from since on, before before. NULL for NULL. '
'A span of the other kind of time is that of the session''s time zone.';
--@ end
