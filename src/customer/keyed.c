/*-------------------------------------------------------------------------
 *
 * keyed.c
 *	  What rows are by key: how many, what they sum to, when the first one was.
 *
 * A question of two levels, such as the share of customers with two orders or
 * more, asked in one call of the rows themselves:
 *
 *	key_totals	rows and sum of a key; of it
 *		repeat_rate		keys with at least so many rows / keys
 *		key_summary		keys, rows, rows / keys, the largest of each
 *		relative_share	sum of a key / largest sum of another one
 *		share_gap		share of a key in all - largest share of another one
 *	first_seen	time of the first row of a key; of it
 *		new_keys		keys whose first row is in a span of time
 *	key_periods	periods in which a key was active; of it
 *		period_bitmaps	the bitmap of each key, as period_bitmap has it
 *
 * State: a hash table in one value, open addressing with linear probing, at
 * most two thirds full; a slot is the words of a key, then what is known of it.
 * Of periods a key has a slot for each 64 of them, whose number belongs to its
 * words.  One table is several times faster than the server's hash aggregate,
 * in which a group lies in three places of the memory.
 * Integers are one word, a uuid is two, and so is a text or another number: 128
 * bits of hash, so two of 10^9 texts share them with a probability of 10^-21.  What aggregates
 * give is dense: the keys in order, no empty slot.  Counts and times are exact,
 * sums compensated.
 *
 * NULL rule: rows without a key are left out, and so are those without a time;
 * without an amount a row counts and adds nothing.
 *
 * Source of the measures: P. W. Farris et al., Marketing Metrics, 3rd edition,
 * 2016, chapters 2 (relative share) and 3 (repeat rate).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/estimate.h"
#include "base/exact.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "base/twosum.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/int.h"
#include "customer/bitmap.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

/* What keys are. */
enum
{
	KEY_INTEGER = 1, KEY_UUID, KEY_TEXT
};

/* What a state knows of a key, behind its words. */
enum
{
	KNOWS_ROWS = 1,				/* how many */
	KNOWS_SUM,					/* how many, and the two words of their sum */
	KNOWS_TIME,					/* the first, of timestamp */
	KNOWS_INSTANT,				/* the first, of timestamptz */
	KNOWS_PERIODS				/* 64 of them, a bit each */
};

#define LARGEST_AMOUNT 1e290
#define MAX_KEY_WORDS 3
#define MAX_WORDS (MAX_KEY_WORDS + 3)

typedef struct KpiKeyed
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		keys;			/* KEY_... */
	uint8		knows;			/* KNOWS_... */
	uint8		dense;			/* whether no slot is empty; keys are in order */
	int32		count;			/* keys */
	int32		slots;
	int64		word[FLEXIBLE_ARRAY_MEMBER];
} KpiKeyed;

StaticAssertDecl(offsetof(KpiKeyed, word) == 16, "no holes in keyed states");

#define FIRST_SLOTS 8

/* 64 periods are 2^6. */
#define PERIOD_BITS 6

/* A row as it is taken in: words as in a slot. */
typedef struct Row
{
	uint8		keys;
	uint8		knows;
	int64		word[MAX_WORDS];
} Row;

/* Words of a key, of periods with the number of their 64. */
static inline int
key_words(const KpiKeyed *state)
{
	return (state->keys == KEY_INTEGER ? 1 : 2) + (state->knows == KNOWS_PERIODS);
}

/* Whether a state knows times. */
static inline bool
knows_time(const KpiKeyed *state)
{
	return state->knows == KNOWS_TIME || state->knows == KNOWS_INSTANT;
}

/* Whether the words of two keys are the same. */
static inline bool
is_key(const int64 *a, const int64 *b, int words)
{
	return a[0] == b[0] && (words < 2 || a[1] == b[1]) && (words < 3 || a[2] == b[2]);
}

/* Words of a slot. */
static inline int
slot_words(const KpiKeyed *state)
{
	return key_words(state) + (state->knows == KNOWS_SUM ? 3 : 1);
}

/* Whether a slot has no key: no rows or periods, or a first one that never comes. */
static inline bool
is_empty(const KpiKeyed *state, const int64 *known)
{
	return *known == (knows_time(state) ? DT_NOEND : 0);
}

/* Where a key belongs first; a good mix of its words (after MurmurHash3). */
static inline uint32
place_of(const int64 *key, int words, int32 slots)
{
	uint64		h = (uint64) key[0];

	for (int i = 1; i < words; i++)
		h = h * UINT64CONST(0x9E3779B97F4A7C15) + (uint64) key[i];
	h = (h ^ (h >> 33)) * UINT64CONST(0xFF51AFD7ED558CCD);
	h = (h ^ (h >> 33)) * UINT64CONST(0xC4CEB9FE1A85EC53);
	return (uint32) (((h >> 32) * (uint64) slots) >> 32);
}

/* A state with empty slots. */
static KpiKeyed *
make_state(uint8 keys, uint8 knows, int64 slots)
{
	KpiKeyed	header = {.version = KPI_STATE_VERSION,.keys = keys,.knows = knows};
	int			words = slot_words(&header);
	int64		size = (int64) sizeof(KpiKeyed) + slots * words * (int64) sizeof(int64);
	KpiKeyed   *state;

	if (size > (int64) MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many different keys in one group"),
				 errhint("Group the rows more finely, or sum up by key in a subquery first.")));
	state = palloc0(size);
	*state = header;
	SET_VARSIZE(state, size);
	state->slots = (int32) slots;
	for (int64 i = 0; knows_time(state) && i < slots; i++)
		state->word[i * words + key_words(state)] = DT_NOEND;
	return state;
}

/* Take what is known of a key into what was known of it. */
static inline void
merge_known(const KpiKeyed *state, int64 *known, const int64 *other)
{
	if (state->knows == KNOWS_PERIODS)
	{
		*known |= *other;
		return;
	}
	if (knows_time(state))
	{
		*known = Min(*known, *other);
		return;
	}
	if (pg_add_s64_overflow(known[0], other[0], &known[0]))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of rows out of range")));
	if (state->knows == KNOWS_SUM)
	{
		KpiSum		sum;
		KpiSum		more;
		bool		finite;

		memcpy(&sum, known + 1, sizeof(sum));
		memcpy(&more, other + 1, sizeof(more));
		finite = kpi_is_number(sum.hi) && kpi_is_number(more.hi);
		kpi_sum_add_sum(&sum, &more);
		if (unlikely(finite && isinf(sum.hi)))
			float_overflow_error();
		memcpy(known + 1, &sum, sizeof(sum));
	}
}

/* Take the words of a slot into a state with room for them. */
static inline void
insert_slot(KpiKeyed *state, const int64 *word)
{
	int			key = key_words(state);
	int			words = slot_words(state);
	uint32		place = place_of(word, key, state->slots);

	for (;;)
	{
		int64	   *slot = state->word + (Size) place * words;

		if (is_empty(state, slot + key))
		{
			memcpy(slot, word, sizeof(int64) * words);
			state->count++;
			return;
		}
		if (is_key(slot, word, key))
		{
			merge_known(state, slot + key, word + key);
			return;
		}
		if (++place == (uint32) state->slots)
			place = 0;
	}
}

/* Take all keys of another state into one with room for them. */
static void
insert_all(KpiKeyed *state, const KpiKeyed *other)
{
	int			key = key_words(other);
	int			words = slot_words(other);

	for (int32 i = 0; i < other->slots; i++)
	{
		const int64 *slot = other->word + (Size) i * words;

		if ((i & 0xFFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!is_empty(other, slot + key))
			insert_slot(state, slot);
	}
}

/* The state with room for so many more keys: itself, or a larger one. */
static inline KpiKeyed *
reserve(KpiKeyed *state, int32 more)
{
	int64		wanted = (int64) state->count + more;
	KpiKeyed   *larger;

	if (likely(!state->dense && wanted * 3 <= (int64) state->slots * 2))
		return state;
	larger = make_state(state->keys, state->knows, Max(wanted * 3, FIRST_SLOTS));
	insert_all(larger, state);
	return larger;
}

/* Keys of different types, or what is known of them, make no state together. */
static void
check_same(const KpiKeyed *state, uint8 keys, uint8 knows)
{
	if (state->keys != keys || state->knows != knows)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("states of different keys, amounts or times are not to be merged"),
				 errhint("Merge states made with the same types of arguments.")));
}

/* Take a row into the state in argument 0, which it may begin. */
static Datum
add_row(FunctionCallInfo fcinfo, const Row *row)
{
	KpiKeyed   *state = kpi_writable_varlena(fcinfo);

	if (state == NULL)
		state = make_state(row->keys, row->knows, FIRST_SLOTS);
	check_same(state, row->keys, row->knows);
	state = reserve(state, 1);
	insert_slot(state, row->word);
	PG_RETURN_POINTER(state);
}

/* What a transition gives for a row that is left out: the state as it is. */
static Datum
leave_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* The two words of 16 bytes. */
static void
read_words(const void *bytes, int64 *word)
{
	uint64		half[2];

	memcpy(half, bytes, sizeof(half));
	word[0] = (int64) pg_ntoh64(half[0]);
	word[1] = (int64) pg_ntoh64(half[1]);
}

/* A key of text: 128 bits of its hash. */
static void
text_key(text *key, int64 *word)
{
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(key);
	int			length = (int) VARSIZE_ANY_EXHDR(key);

	word[0] = (int64) hash_bytes_extended(bytes, length, 1);
	word[1] = (int64) hash_bytes_extended(bytes, length, UINT64CONST(0x9E3779B97F4A7C15));
}

/* A key of numeric: its text without zeros at the end. */
static void
numeric_key(Numeric key, int64 *word)
{
	text_key(cstring_to_text(numeric_normalize(key)), word);
}

/* Read a key of a type into words; what it is. */
static uint8
read_key(Datum key, Oid type, int64 *word)
{
	switch (type)
	{
		case INT2OID:
			word[0] = DatumGetInt16(key);
			return KEY_INTEGER;
		case INT4OID:
			word[0] = DatumGetInt32(key);
			return KEY_INTEGER;
		case INT8OID:
			word[0] = DatumGetInt64(key);
			return KEY_INTEGER;
		case UUIDOID:
			read_words(DatumGetUUIDP(key)->data, word);
			return KEY_UUID;
		case TEXTOID:
		case VARCHAROID:
			text_key(DatumGetTextPP(key), word);
			return KEY_TEXT;
		case BPCHAROID:
			text_key(DatumGetTextPP(DirectFunctionCall1(rtrim1, key)), word);
			return KEY_TEXT;
		case NAMEOID:
			text_key(cstring_to_text(NameStr(*DatumGetName(key))), word);
			return KEY_TEXT;
		case NUMERICOID:
			numeric_key(DatumGetNumeric(key), word);
			return KEY_TEXT;
		case FLOAT4OID:
			numeric_key(DatumGetNumeric(DirectFunctionCall1(float4_numeric, key)), word);
			return KEY_TEXT;
		case FLOAT8OID:
			numeric_key(kpi_float8_numeric(DatumGetFloat8(key)), word);
			return KEY_TEXT;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("a key of type %s is not supported", format_type_be(type)),
					 errhint("Cast it to text.")));
	}
}

/* What a call site knows from its last row. */
typedef struct Known
{
	Oid			type;			/* of keys */
	KpiSlots	slots;			/* of periods */
} Known;

/* What is known of a call whose key is argument n. */
static inline Known *
known_call(FunctionCallInfo fcinfo, int n)
{
	Known	   *known = fcinfo->flinfo->fn_extra;

	if (unlikely(known == NULL))
	{
		known = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Known));
		known->type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, n));
	}
	return known;
}

/* The key of a row, argument 1; how many words it has. */
static inline int
row_key(FunctionCallInfo fcinfo, Row *row)
{
	row->keys = read_key(PG_GETARG_DATUM(1), known_call(fcinfo, 1)->type, row->word);
	return row->keys == KEY_INTEGER ? 1 : 2;
}

/* An amount, so small that no sum of rows overflows in any order; what is infinite leaves no sum. */
static double
check_amount(double amount)
{
	if (unlikely(fabs(amount) > LARGEST_AMOUNT && !isinf(amount)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount %s is out of range", float8out_internal(amount)),
				 errhint("Amounts go up to %g.", LARGEST_AMOUNT)));
	return amount;
}

/* Transition of key_totals(key, amount, weight). */
PG_FUNCTION_INFO_V1(kpi_key_totals_accum);
Datum
kpi_key_totals_accum(PG_FUNCTION_ARGS)
{
	Row			row;
	int64	   *known;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		return leave_state(fcinfo);
	known = row.word + row_key(fcinfo, &row);
	known[0] = PG_NARGS() > 3 ? kpi_check_count(PG_GETARG_FLOAT8(3), "weight") : 1;
	if (known[0] == 0)
		return leave_state(fcinfo);
	row.knows = KNOWS_ROWS;
	if (PG_NARGS() > 2)
	{
		KpiSum		sum = {PG_ARGISNULL(2) ? 0 : check_amount(PG_GETARG_FLOAT8(2)), 0};

		row.knows = KNOWS_SUM;
		memcpy(known + 1, &sum, sizeof(sum));
	}
	return add_row(fcinfo, &row);
}

/* The transition of first_seen; knows says which time. */
static inline Datum
first_row(FunctionCallInfo fcinfo, uint8 knows)
{
	Row			row;
	int64		ts;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return leave_state(fcinfo);
	ts = PG_GETARG_TIMESTAMP(2);
	if (ts == DT_NOEND)
		return leave_state(fcinfo);
	row.knows = knows;
	row.word[row_key(fcinfo, &row)] = ts;
	return add_row(fcinfo, &row);
}

/* Transition of first_seen(key, timestamp). */
PG_FUNCTION_INFO_V1(kpi_first_seen_accum_timestamp);
Datum
kpi_first_seen_accum_timestamp(PG_FUNCTION_ARGS)
{
	return first_row(fcinfo, KNOWS_TIME);
}

/* Transition of first_seen(key, timestamptz). */
PG_FUNCTION_INFO_V1(kpi_first_seen_accum_timestamptz);
Datum
kpi_first_seen_accum_timestamptz(PG_FUNCTION_ARGS)
{
	return first_row(fcinfo, KNOWS_INSTANT);
}

/* Take a period of the key in argument 1 into the state. */
static inline Datum
take_period(FunctionCallInfo fcinfo, int64 period)
{
	Row			row;
	int			words;

	kpi_check_period(period);
	words = row_key(fcinfo, &row);
	row.knows = KNOWS_PERIODS;
	row.word[words] = period >> PERIOD_BITS;
	row.word[words + 1] = (int64) (UINT64CONST(1) << (period & (KPI_WORD_BITS - 1)));
	return add_row(fcinfo, &row);
}

/* Transition of key_periods(key, period). */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum);
Datum
kpi_key_periods_accum(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return leave_state(fcinfo);
	return take_period(fcinfo, kpi_check_whole(PG_GETARG_FLOAT8(2), "period"));
}

/* Take the period of a time in argument 2 by the unit in argument 3. */
static pg_attribute_always_inline Datum
take_time(FunctionCallInfo fcinfo, bool finite, KpiSlotOf slot_of, int64 moment)
{
	KpiSlots   *slots;

	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("unit is null"),
				 errhint("Pass the length of a period, such as 7 days or 1 month.")));
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !finite)
		return leave_state(fcinfo);
	slots = &known_call(fcinfo, 1)->slots;
	kpi_learn_unit(slots, PG_GETARG_INTERVAL_P(3));
	return take_period(fcinfo, kpi_period_of_slot(slots, slot_of(slots, moment)));
}

/* Transition of key_periods(key, date, unit). */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum_date);
Datum
kpi_key_periods_accum_date(PG_FUNCTION_ARGS)
{
	DateADT		date = PG_GETARG_DATEADT(2);

	return take_time(fcinfo, !DATE_NOT_FINITE(date), kpi_slot_of_date, date);
}

/* Transition of key_periods(key, timestamp, unit). */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum_timestamp);
Datum
kpi_key_periods_accum_timestamp(PG_FUNCTION_ARGS)
{
	Timestamp	ts = PG_GETARG_TIMESTAMP(2);

	return take_time(fcinfo, !TIMESTAMP_NOT_FINITE(ts), kpi_slot_of_timestamp, ts);
}

/* Transition of key_periods(key, timestamptz, unit), by the calendar of the session's time zone. */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum_timestamptz);
Datum
kpi_key_periods_accum_timestamptz(PG_FUNCTION_ARGS)
{
	TimestampTz ts = PG_GETARG_TIMESTAMPTZ(2);

	return take_time(fcinfo, !TIMESTAMP_NOT_FINITE(ts), kpi_slot_of_timestamptz, ts);
}

/* Combine two states of the same aggregate; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_keyed_combine);
Datum
kpi_keyed_combine(PG_FUNCTION_ARGS)
{
	KpiKeyed   *state;
	const KpiKeyed *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_varlena(fcinfo);
	other = (const KpiKeyed *) PG_GETARG_VARLENA_P(1);
	check_same(state, other->keys, other->knows);
	state = reserve(state, other->count);
	insert_all(state, other);
	PG_RETURN_POINTER(state);
}

/* The order of slots, for qsort_arg. */
static int
compare_slots(const void *a, const void *b, void *words)
{
	const int64 *x = a;
	const int64 *y = b;

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < *(const int *) words; i++)
	{
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	}
	return 0;
}

/* The state with keys in order and no empty slot: itself, or a copy. */
static const KpiKeyed *
dense_state(const KpiKeyed *state)
{
	int			key = key_words(state);
	int			words = slot_words(state);
	KpiKeyed   *dense;

	if (state->dense)
		return state;
	dense = make_state(state->keys, state->knows, state->count);
	for (int32 i = 0; i < state->slots; i++)
	{
		const int64 *slot = state->word + (Size) i * words;

		if (!is_empty(state, slot + key))
			memcpy(dense->word + (Size) dense->count++ * words, slot, sizeof(int64) * words);
	}
	qsort_arg(dense->word, dense->count, sizeof(int64) * words, compare_slots, &key);
	dense->dense = true;
	return dense;
}

/* Final function of key_totals, first_seen and key_periods: a dense state. */
PG_FUNCTION_INFO_V1(kpi_keyed_done);
Datum
kpi_keyed_done(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(dense_state((const KpiKeyed *) PG_GETARG_VARLENA_P(0)));
}

/* Columns of kpi.key_summary_result. */
typedef struct Summary
{
	double		keys;
	double		rows;
	double		repeating;
	double		repeat_rate;
	double		rows_per_key;
	double		most_rows;
	double		total;
	double		largest_total;
} Summary;

/* The sum of a slot. */
static inline double
sum_of(const int64 *known)
{
	KpiSum		sum;

	memcpy(&sum, known + 1, sizeof(sum));
	return kpi_sum_value(sum);
}

/* Count keys and rows; those with at least so many repeat. */
static Summary
sum_up(const KpiKeyed *state, int64 least)
{
	Summary		result = {.largest_total = -INFINITY};
	KpiSum		total = {0, 0};
	int			key = key_words(state);
	int			words = slot_words(state);

	for (int32 i = 0; i < state->slots; i++)
	{
		const int64 *known = state->word + (Size) i * words + key;

		if ((i & 0xFFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		if (is_empty(state, known))
			continue;
		result.rows += (double) *known;
		result.repeating += *known >= least;
		result.most_rows = Max(result.most_rows, (double) *known);
		if (state->knows == KNOWS_SUM)
		{
			kpi_sum_add(&total, sum_of(known));
			result.largest_total = Max(result.largest_total, sum_of(known));
		}
	}
	result.keys = state->count;
	result.repeat_rate = result.repeating / result.keys;
	result.rows_per_key = result.rows / result.keys;
	result.total = state->knows == KNOWS_SUM ? kpi_sum_value(total) : NAN;
	return result;
}

/* The argument n that says from how many rows on a key repeats; 2 where it is not given. */
static int64
least_argument(FunctionCallInfo fcinfo, int n)
{
	int64		least = PG_NARGS() > n ? kpi_check_count(PG_GETARG_FLOAT8(n), "at_least") : 2;

	if (least < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("at_least 0 is what every key has"),
				 errhint("Pass the number of rows from which on a key counts, such as 2.")));
	return least;
}

/* repeat_rate(state, at_least): also the final function of the aggregate. */
PG_FUNCTION_INFO_V1(kpi_repeat_rate);
Datum
kpi_repeat_rate(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(sum_up((const KpiKeyed *) PG_GETARG_VARLENA_P(0), least_argument(fcinfo, 1)).repeat_rate);
}

/* key_summary(state, at_least) */
PG_FUNCTION_INFO_V1(kpi_key_summary);
Datum
kpi_key_summary(PG_FUNCTION_ARGS)
{
	Summary		result = sum_up((const KpiKeyed *) PG_GETARG_VARLENA_P(0), least_argument(fcinfo, 1));

	return kpi_number_row(fcinfo, &result.keys, sizeof(result) / sizeof(double));
}

/* The key in argument 1, as it is in a state: text is read as a key of its type. */
static void
own_key(FunctionCallInfo fcinfo, const KpiKeyed *state, int64 *word)
{
	Datum		own = PG_GETARG_DATUM(1);
	Oid			type = known_call(fcinfo, 1)->type;

	if (state->keys != KEY_TEXT && (type == TEXTOID || type == VARCHAROID))
	{
		Datum		given = CStringGetDatum(TextDatumGetCString(own));

		type = state->keys == KEY_INTEGER ? INT8OID : UUIDOID;
		own = state->keys == KEY_INTEGER ? DirectFunctionCall1(int8in, given) : DirectFunctionCall1(uuid_in, given);
	}
	else if (state->keys == KEY_INTEGER && (type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID))
	{
		if (type != NUMERICOID)
			own = NumericGetDatum(kpi_float8_numeric(type == FLOAT8OID ? DatumGetFloat8(own) : DatumGetFloat4(own)));
		/* what is no whole number is none of the keys, and not rounded to one */
		own = DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, own));
		own = DirectFunctionCall1(int8in, own);
		type = INT8OID;
	}
	if (read_key(own, type, word) != state->keys)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the keys are not of type %s", format_type_be(type)),
				 errhint("Pass a key of the type that key_totals() was made of, or its text.")));
}

/* The sums of a key, of the largest other one, -infinity where there is none, and of all. */
typedef struct Rivals
{
	double		own;
	double		largest;
	double		total;
} Rivals;

/* The sums of arguments state and own; false where one is NaN or infinite. */
static bool
find_rivals(FunctionCallInfo fcinfo, Rivals *rivals)
{
	const KpiKeyed *state = (const KpiKeyed *) PG_GETARG_VARLENA_P(0);
	int			key = key_words(state);
	int			words = slot_words(state);
	int64		own[MAX_KEY_WORDS] = {0};
	KpiSum		total = {0, 0};

	if (state->knows != KNOWS_SUM)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key_totals() without amounts has no sums"),
				 errhint("Make it of keys and amounts: key_totals(brand, sales).")));
	own_key(fcinfo, state, own);
	rivals->own = 0;
	rivals->largest = -INFINITY;
	for (int32 i = 0; i < state->slots; i++)
	{
		const int64 *slot = state->word + (Size) i * words;
		double		sum;

		if (is_empty(state, slot + key))
			continue;
		sum = sum_of(slot + key);
		kpi_sum_add(&total, sum);
		if (is_key(slot, own, key))
			rivals->own = sum;
		else
			rivals->largest = Max(rivals->largest, sum);
	}
	rivals->total = kpi_sum_value(total);
	return kpi_is_number(rivals->total);
}

/* relative_share(state, own): sum of a key over the largest of another one. */
PG_FUNCTION_INFO_V1(kpi_relative_share);
Datum
kpi_relative_share(PG_FUNCTION_ARGS)
{
	Rivals		rivals;

	if (!find_rivals(fcinfo, &rivals) || !(rivals.largest > 0))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, rivals.own / rivals.largest);
}

/* share_gap(state, own): share of a key less that of the largest other one. */
PG_FUNCTION_INFO_V1(kpi_share_gap);
Datum
kpi_share_gap(PG_FUNCTION_ARGS)
{
	Rivals		rivals;

	if (!find_rivals(fcinfo, &rivals) || rivals.largest == -INFINITY || !(rivals.total > 0))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, (rivals.own - rivals.largest) / rivals.total);
}

/* A bound of a span, as the kind of time that the state knows; by the session's time zone where it is the other. */
static int64
bound_argument(FunctionCallInfo fcinfo, int n, uint8 given, uint8 wanted)
{
	if (given == wanted)
		return PG_GETARG_TIMESTAMP(n);
	return DatumGetTimestamp(DirectFunctionCall1(wanted == KNOWS_TIME ? timestamptz_timestamp : timestamp_timestamptz,
												 PG_GETARG_DATUM(n)));
}

/* Keys whose first row is in [from, to). */
static int64
count_new(FunctionCallInfo fcinfo, uint8 knows)
{
	const KpiKeyed *state = (const KpiKeyed *) PG_GETARG_VARLENA_P(0);
	int64		from = bound_argument(fcinfo, 1, knows, state->knows);
	int64		to = bound_argument(fcinfo, 2, knows, state->knows);
	int			words = slot_words(state);
	int64		count = 0;

	for (int32 i = 0; i < state->slots; i++)
	{
		int64		first = state->word[(Size) i * words + words - 1];

		count += first != DT_NOEND && first >= from && first < to;
	}
	return count;
}

/* new_keys(state, from, to) of timestamp */
PG_FUNCTION_INFO_V1(kpi_new_keys_timestamp);
Datum
kpi_new_keys_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(count_new(fcinfo, KNOWS_TIME));
}

/* new_keys(state, from, to) of timestamptz */
PG_FUNCTION_INFO_V1(kpi_new_keys_timestamptz);
Datum
kpi_new_keys_timestamptz(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(count_new(fcinfo, KNOWS_INSTANT));
}

/* The periods of a slot as a bitmap of one word that begins with the first of them. */
static KpiBitmap *
bitmap_of(const int64 *block, KpiBitmap *bitmap)
{
	uint64		bits = (uint64) block[1];
	int			first = pg_rightmost_one_pos64(bits);

	bitmap->count = 1;
	bitmap->first = (int32) (block[0] * KPI_WORD_BITS + first);
	bitmap->word[0] = bits >> first;
	return bitmap;
}

/* The bitmap of the key of so many slots that follow each other, each of later periods. */
static KpiBitmap *
key_bitmap(const int64 *slot, int words, int slots)
{
	union
	{
		KpiBitmap	bitmap;
		char		room[offsetof(KpiBitmap, word) + sizeof(uint64)];
	}			part;
	int64		first = bitmap_of(slot + words - 2, &part.bitmap)->first;
	int64		last = kpi_last_active(bitmap_of(slot + (Size) words * slots - 2, &part.bitmap));
	KpiBitmap  *bitmap = kpi_make_bitmap(first, last);

	for (int i = 0; i < slots; i++)
		kpi_add_bits(bitmap, bitmap_of(slot + (Size) words * (i + 1) - 2, &part.bitmap));
	return bitmap;
}

/* period_bitmaps(state): a row a key. */
PG_FUNCTION_INFO_V1(kpi_period_bitmaps);
Datum
kpi_period_bitmaps(PG_FUNCTION_ARGS)
{
	const KpiKeyed *state = dense_state((const KpiKeyed *) PG_GETARG_VARLENA_P(0));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			words = slot_words(state);
	bool		isnull = false;
	int32		next;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int32 i = 0; i < state->count; i = next)
	{
		const int64 *slot = state->word + (Size) i * words;
		KpiBitmap  *bitmap;
		Datum		value;

		CHECK_FOR_INTERRUPTS();
		for (next = i + 1; next < state->count && is_key(slot, slot + (Size) words * (next - i), words - 2); next++)
			;
		bitmap = key_bitmap(slot, words, next - i);
		value = PointerGetDatum(bitmap);
		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
		pfree(bitmap);
	}
	PG_RETURN_NULL();
}

/* Whether what is known of a key could be: rows, finite sums, a time. */
static bool
is_known(const KpiKeyed *state, const int64 *known)
{
	double		sum[2];

	if (state->knows == KNOWS_PERIODS)
		return *known != 0 && known[-1] >= PG_INT32_MIN >> PERIOD_BITS && known[-1] <= PG_INT32_MAX >> PERIOD_BITS;
	if (knows_time(state))
		return *known != DT_NOEND;
	if (state->knows == KNOWS_SUM)
	{
		memcpy(sum, known + 1, sizeof(sum));
		/* NaN and infinity are, as amounts may be */
		if (!kpi_is_number(sum[0]) && sum[1] == sum[1] && !kpi_is_number(sum[1]))
			return false;
	}
	return *known > 0;
}

/* Whether an aggregate could produce the state: keys in order, each once. */
static bool
accept_keyed(KpiKeyed *state, uint8 knows, uint8 other)
{
	int			key;
	int			words;

	if (state->keys < KEY_INTEGER || state->keys > KEY_TEXT || state->count < 1 ||
		(state->knows != knows && state->knows != other))
		return false;
	key = key_words(state);
	words = slot_words(state);
	for (int32 i = 0; i < state->count; i++)
	{
		const int64 *slot = state->word + (Size) i * words;

		if (!is_known(state, slot + key) ||
			(i > 0 && compare_slots(slot - words, slot, &key) >= 0))
			return false;
	}
	state->dense = true;
	state->slots = state->count;
	return true;
}

/* The same of key_totals. */
static bool
accept_totals(void *state)
{
	return accept_keyed(state, KNOWS_ROWS, KNOWS_SUM);
}

/* The same of first_seen. */
static bool
accept_first(void *state)
{
	return accept_keyed(state, KNOWS_TIME, KNOWS_INSTANT);
}

/* The same of key_periods. */
static bool
accept_periods(void *state)
{
	return accept_keyed(state, KNOWS_PERIODS, KNOWS_PERIODS);
}

/* Words of a slot, of a header that may make no sense. */
static int
width_of_state(const void *value)
{
	return slot_words(value);
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return dense_state((const KpiKeyed *) PG_DETOAST_DATUM(datum));
}

#define KEYED_LAYOUT(name, accepts) { \
	.type = (name), \
	.size = offsetof(KpiKeyed, word), \
	.varlena = true, \
	.field = { \
		KPI_FIELD(VERSION, KpiKeyed, version), \
		KPI_FIELD(BYTE, KpiKeyed, keys), \
		KPI_FIELD(BYTE, KpiKeyed, knows) \
	}, \
	.accept = (accepts), \
	.count = offsetof(KpiKeyed, count), \
	.entry_size = sizeof(int64), \
	.entry = {{KPI_FIELD_INT64, 0, sizeof(int64), 0}}, \
	.width = width_of_state, \
	.ordered = ordered_state \
}

static const KpiLayout totals_layout = KEYED_LAYOUT("kpi.key_totals_state", accept_totals);

KPI_STATE_FORMS(kpi_key_totals_state, totals_layout)

static const KpiLayout first_layout = KEYED_LAYOUT("kpi.first_seen_state", accept_first);

KPI_STATE_FORMS(kpi_first_seen_state, first_layout)

static const KpiLayout periods_layout = KEYED_LAYOUT("kpi.key_periods_state", accept_periods);

KPI_STATE_FORMS(kpi_key_periods_state, periods_layout)
