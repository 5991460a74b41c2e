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
 * bits of hash, so two of 10^9 texts share them with a probability of 10^-21.
 * What aggregates give is dense: the keys in order, no empty slot.  Counts and
 * times are exact, sums compensated.
 *
 * Here is the table; keyed_row.c takes rows into it, keyed_answer.c reads it.
 *
 * NULL rule: rows without a key are left out, and so are those without a time;
 * without an amount a row counts and adds nothing.
 *
 * Source of the measures: P. W. Farris et al., Marketing Metrics, 3rd edition,
 * 2016, chapters 2 (relative share) and 3 (repeat rate).
 *
 *-------------------------------------------------------------------------
 */
#include "customer/keyed.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "base/twosum.h"
#include "common/int.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

StaticAssertDecl(offsetof(KpiKeyTable, word) == 16, "no holes in keyed states");

#define FIRST_SLOTS 8

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
static KpiKeyTable *
make_table(uint8 keys, uint8 knows, int64 slots)
{
	KpiKeyTable header = {.version = KPI_STATE_VERSION,.keys = keys,.knows = knows};
	int			words = kpi_key_slot_words(&header);
	int64		size = (int64) sizeof(KpiKeyTable) + slots * words * (int64) sizeof(int64);
	KpiKeyTable *state;

	if (size > (int64) MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many different keys in one group"),
				 errhint("Group the rows more finely, or sum up by key in a subquery first.")));
	state = palloc0(size);
	*state = header;
	SET_VARSIZE(state, size);
	state->slots = (int32) slots;
	for (int64 i = 0; kpi_knows_time(state) && i < slots; i++)
		state->word[i * words + kpi_key_words(state)] = DT_NOEND;
	return state;
}

/* Take what is known of a key into what was known of it. */
static inline void
merge_known(const KpiKeyTable *state, int64 *known, const int64 *other)
{
	if (state->knows == KPI_KNOWS_PERIODS)
	{
		*known |= *other;
		return;
	}
	if (kpi_knows_time(state))
	{
		*known = Min(*known, *other);
		return;
	}
	if (pg_add_s64_overflow(known[0], other[0], &known[0]))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of rows out of range")));
	if (state->knows == KPI_KNOWS_SUM)
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
insert_slot(KpiKeyTable *state, const int64 *word)
{
	int			key = kpi_key_words(state);
	int			words = kpi_key_slot_words(state);
	uint32		place = place_of(word, key, state->slots);

	for (;;)
	{
		int64	   *slot = state->word + (Size) place * words;

		if (kpi_is_empty_slot(state, slot + key))
		{
			memcpy(slot, word, sizeof(int64) * words);
			state->count++;
			return;
		}
		if (kpi_is_same_key(slot, word, key))
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
insert_all(KpiKeyTable *state, const KpiKeyTable *other)
{
	int			key = kpi_key_words(other);
	int			words = kpi_key_slot_words(other);

	for (int32 i = 0; i < other->slots; i++)
	{
		const int64 *slot = other->word + (Size) i * words;

		if ((i & 0xFFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!kpi_is_empty_slot(other, slot + key))
			insert_slot(state, slot);
	}
}

/* The state with room for so many more keys: itself, or a larger one. */
static inline KpiKeyTable *
reserve(KpiKeyTable *state, int32 more)
{
	int64		wanted = (int64) state->count + more;
	KpiKeyTable *larger;

	if (likely(!state->dense && wanted * 3 <= (int64) state->slots * 2))
		return state;
	larger = make_table(state->keys, state->knows, Max(wanted * 3, FIRST_SLOTS));
	insert_all(larger, state);
	return larger;
}

/* Keys of different types, or what is known of them, make no state together. */
static void
check_same(const KpiKeyTable *state, uint8 keys, uint8 knows)
{
	if (state->keys != keys || state->knows != knows)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("states of different keys, amounts or times are not to be merged"),
				 errhint("Merge states made with the same types of arguments.")));
}

/* Take a row into the state in argument 0, which it may begin. */
Datum
kpi_take_key_row(FunctionCallInfo fcinfo, const KpiKeyRow *row)
{
	KpiKeyTable *state = kpi_writable_varlena(fcinfo);

	if (state == NULL)
		state = make_table(row->keys, row->knows, FIRST_SLOTS);
	check_same(state, row->keys, row->knows);
	state = reserve(state, 1);
	insert_slot(state, row->word);
	PG_RETURN_POINTER(state);
}

/* Combine two states of the same aggregate; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_keyed_combine);
Datum
kpi_keyed_combine(PG_FUNCTION_ARGS)
{
	KpiKeyTable *state;
	const KpiKeyTable *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_varlena(fcinfo);
	other = (const KpiKeyTable *) PG_GETARG_VARLENA_P(1);
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
const KpiKeyTable *
kpi_dense_keys(const KpiKeyTable *state)
{
	int			key = kpi_key_words(state);
	int			words = kpi_key_slot_words(state);
	KpiKeyTable *dense;

	if (state->dense)
		return state;
	dense = make_table(state->keys, state->knows, state->count);
	for (int32 i = 0; i < state->slots; i++)
	{
		const int64 *slot = state->word + (Size) i * words;

		if (!kpi_is_empty_slot(state, slot + key))
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
	PG_RETURN_POINTER(kpi_dense_keys((const KpiKeyTable *) PG_GETARG_VARLENA_P(0)));
}

/* Whether what is known of a key could be: rows, finite sums, a time. */
static bool
is_known(const KpiKeyTable *state, const int64 *known)
{
	double		sum[2];

	if (state->knows == KPI_KNOWS_PERIODS)
		return *known != 0 && known[-1] >= PG_INT32_MIN >> KPI_PERIOD_BITS && known[-1] <= PG_INT32_MAX >> KPI_PERIOD_BITS;
	if (kpi_knows_time(state))
		return *known != DT_NOEND;
	if (state->knows == KPI_KNOWS_SUM)
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
accept_keyed(KpiKeyTable *state, uint8 knows, uint8 other)
{
	int			key;
	int			words;

	if (state->keys < KPI_KEY_INTEGER || state->keys > KPI_KEY_TEXT || state->count < 1 ||
		(state->knows != knows && state->knows != other))
		return false;
	key = kpi_key_words(state);
	words = kpi_key_slot_words(state);
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
	return accept_keyed(state, KPI_KNOWS_ROWS, KPI_KNOWS_SUM);
}

/* The same of first_seen. */
static bool
accept_first(void *state)
{
	return accept_keyed(state, KPI_KNOWS_TIME, KPI_KNOWS_INSTANT);
}

/* The same of key_periods. */
static bool
accept_periods(void *state)
{
	return accept_keyed(state, KPI_KNOWS_PERIODS, KPI_KNOWS_PERIODS);
}

/* Words of a slot, of a header that may make no sense. */
static int
width_of_state(const void *value)
{
	return kpi_key_slot_words(value);
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return kpi_dense_keys((const KpiKeyTable *) PG_DETOAST_DATUM(datum));
}

#define KEYED_LAYOUT(name, accepts) { \
	.type = (name), \
	.size = offsetof(KpiKeyTable, word), \
	.varlena = true, \
	.field = { \
		KPI_FIELD(VERSION, KpiKeyTable, version), \
		KPI_FIELD(BYTE, KpiKeyTable, keys), \
		KPI_FIELD(BYTE, KpiKeyTable, knows) \
	}, \
	.accept = (accepts), \
	.count = offsetof(KpiKeyTable, count), \
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
