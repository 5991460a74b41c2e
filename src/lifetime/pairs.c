/*-------------------------------------------------------------------------
 *
 * pairs.c
 *	  Customers as pairs of numbers, collected: kpi_internal.pair_state.
 *
 * What the Gamma-Gamma model (frequency and money) and the shifted
 * beta-geometric model (periods and whether the customer left) are fitted to.
 *
 * State: a flat varlena of pairs with their weight and room to grow; sorted up
 * to a point, the rest sorted and equal pairs merged before it grows.  The sum
 * of their weights is exact: where one number does not hold it, as that of
 * counts does, the pair stands once for each of its parts.  Readers get the
 * pairs in order and each sum rounded once, so that a fit does not depend on
 * the order of rows.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/pairs.h"

#include "base/check.h"
#include "base/form.h"
#include "base/parts.h"
#include "base/twosum.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define STATE_HEADER offsetof(KpiPairState, pair)
#define STATE_SIZE(count) (STATE_HEADER + (Size) (count) * sizeof(KpiPair))
#define INITIAL_PAIRS 20
/* Up to this many pairs a new one is looked for among them first. */
#define SEARCH_MAX 256
#define KPI_MAX_PAIRS ((int) ((MaxAllocSize - STATE_HEADER) / sizeof(KpiPair)))

static const char *const state_type = "kpi_internal.pair_state";

static KpiPairState *
make_state(int pairs)
{
	Size		size = STATE_SIZE(Max(pairs, INITIAL_PAIRS));

	/* the room for more pairs is stored with a state */
	KpiPairState *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	return state;
}

/* The state of an argument, to be written. */
static KpiPairState *
writable_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		return make_state(0);
	if (AggCheckCallContext(fcinfo, NULL))
		return (KpiPairState *) PG_GETARG_POINTER(0);
	return (KpiPairState *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
}

static inline int
compare(const KpiPair *a, const KpiPair *b)
{
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->second > b->second) - (a->second < b->second);
}

static inline int
compare_pairs(const KpiPair *a, const KpiPair *b)
{
	int			order = compare(a, b);

	return order != 0 ? order : (a->weight > b->weight) - (a->weight < b->weight);
}

#define ST_SORT quick_sort
#define ST_ELEMENT_TYPE KpiPair
#define ST_COMPARE(a, b) compare_pairs(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Add a weight to a pair; false where that would round. */
static inline bool
add_weight(KpiPair *pair, double weight)
{
	KpiSum		sum = {pair->weight, 0};

	kpi_sum_add(&sum, weight);
	if (sum.lo != 0)
		return false;
	pair->weight = sum.hi;
	return true;
}

/* Put the sorted tail, from first on, in its places among the sorted head. */
static void
merge_tail(KpiPair *pair, int first, int count)
{
	Size		size = (Size) (count - first) * sizeof(KpiPair);
	KpiPair    *tail = palloc(size);
	int			head = first - 1;
	int			rest = count - first - 1;

	memcpy(tail, pair + first, size);
	for (int to = count - 1; rest >= 0; to--)
	{
		if (head >= 0 && compare_pairs(&pair[head], &tail[rest]) > 0)
			pair[to] = pair[head--];
		else
			pair[to] = tail[rest--];
	}
	pfree(tail);
}

/* Write weights of equal pairs as the fewest parts; how many are left. */
static int
compress_weights(KpiPair *pair, int count)
{
	double	   *part = palloc(count * sizeof(double));
	int			parts = 0;

	for (int i = 0; i < count; i++)
		parts = kpi_parts_add(part, parts, pair[i].weight);
	parts = kpi_parts_compress(part, parts);
	for (int i = 0; i < parts; i++)
		pair[i].weight = part[i];
	pfree(part);
	return parts;
}

/* Merge equal neighbours in sorted pairs; how many are left. */
static int
merge_equals(KpiPair *pair, int count)
{
	int			kept = 0;
	int			next = 0;

	while (next < count)
	{
		int			first = kept;

		pair[kept++] = pair[next++];
		for (; next < count && compare(&pair[first], &pair[next]) == 0; next++)
		{
			if (!add_weight(&pair[kept - 1], pair[next].weight))
				pair[kept++] = pair[next];
		}
		if (kept > first + 1)
			kept = first + compress_weights(pair + first, kept - first);
	}
	return kept;
}

/* Sort pairs, of which so many are sorted, and merge equal ones; how many are left. */
static int
sort_pairs(KpiPair *pair, int sorted, int count)
{
	quick_sort(pair + sorted, count - sorted);
	if (sorted > 0 && sorted < count)
		merge_tail(pair, sorted, count);
	return merge_equals(pair, count);
}

static void
compact(KpiPairState *state)
{
	if (state->sorted < state->count)
		state->count = sort_pairs(state->pair, state->sorted, state->count);
	state->sorted = state->count;
}

/* The state with room for more pairs: itself, or a larger copy. */
static KpiPairState *
with_room(KpiPairState *state, int more)
{
	int64		room = (int64) ((VARSIZE(state) - STATE_HEADER) / sizeof(KpiPair));
	int64		needed = (int64) state->count + more;
	KpiPairState *grown;

	if (likely(needed <= room))
		return state;
	compact(state);
	needed = (int64) state->count + more;
	if (needed <= room / 4 * 3)
		return state;
	if (needed > KPI_MAX_PAIRS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d different customers in one fit", KPI_MAX_PAIRS),
				 errhint("Round the money, or fit a sample of the customers.")));
	room = Min(Max(needed, 2 * room), KPI_MAX_PAIRS);
	grown = palloc0(STATE_SIZE(room));
	memcpy(grown, state, STATE_SIZE(state->count));
	SET_VARSIZE(grown, STATE_SIZE(room));
	return grown;
}

/* The pair of the sorted ones that is equal; NULL where there is none. */
static KpiPair *
find_pair(KpiPairState *state, const KpiPair *wanted)
{
	int			low = 0;
	int			high = state->sorted;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = compare(&state->pair[middle], wanted);

		if (order == 0)
			return &state->pair[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* How many customers a row stands for: a finite number, not negative. */
double
kpi_check_customers(double weight)
{
	if (!kpi_is_number(weight) || weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %g is not a finite number of at least 0", weight),
				 errhint("The weight says how many customers a row stands for.")));
	return weight;
}

/* Take a customer into the state of argument 0; the answer of a transition. */
Datum
kpi_pair_accum(FunctionCallInfo fcinfo, double first, double second, double weight)
{
	KpiPairState *state = writable_state(fcinfo);
	KpiPair		pair = {first, second, weight};
	KpiPair    *known = state->sorted <= SEARCH_MAX ? find_pair(state, &pair) : NULL;

	if (known == NULL || !add_weight(known, weight))
	{
		state = with_room(state, 1);
		state->pair[state->count++] = pair;
	}
	PG_RETURN_POINTER(state);
}

/* The answer of a transition whose row is left out. */
Datum
kpi_pair_skip(FunctionCallInfo fcinfo)
{
	PG_RETURN_POINTER(writable_state(fcinfo));
}

/* A copy of the pairs: in order, equal ones merged. */
static KpiPair *
ordered_pairs(const KpiPairState *state, int *count)
{
	KpiPair    *pair = palloc(Max(state->count, 1) * sizeof(KpiPair));

	memcpy(pair, state->pair, state->count * sizeof(KpiPair));
	*count = sort_pairs(pair, state->sorted, state->count);
	return pair;
}

/* Make one pair of the parts of its weight, in ordered pairs; how many are left. */
static int
round_weights(KpiPair *pair, int count)
{
	int			kept = 0;
	int			next;

	for (int i = 0; i < count; i = next)
	{
		double		part[3];
		int			parts = 0;

		for (next = i + 1; next < count && compare(&pair[i], &pair[next]) == 0; next++)
			;
		for (int j = Max(i, next - 3); j < next; j++)
			part[parts++] = pair[j].weight;
		pair[kept] = pair[i];
		pair[kept++].weight = kpi_parts_round(part, parts);
	}
	return kept;
}

/* The customers in order, no two equal, and the sum of their weights. */
const KpiPair *
kpi_read_pairs(const KpiPairState *state, int *count, double *weight)
{
	KpiPair    *pair = ordered_pairs(state, count);
	KpiSum		sum = {0, 0};

	*count = round_weights(pair, *count);
	for (int i = 0; i < *count; i++)
		kpi_sum_add(&sum, pair[i].weight);
	*weight = kpi_sum_value(sum);
	if (!kpi_is_number(*weight))
		float_overflow_error();
	return pair;
}

/* Two states as one; NULL where both are. */
PG_FUNCTION_INFO_V1(kpi_pair_state_combine);
Datum
kpi_pair_state_combine(PG_FUNCTION_ARGS)
{
	KpiPairState *state;
	const KpiPairState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_POINTER(writable_state(fcinfo));
	}
	state = writable_state(fcinfo);
	other = (const KpiPairState *) PG_GETARG_VARLENA_P(1);
	state = with_room(state, other->count);
	memcpy(&state->pair[state->count], other->pair, other->count * sizeof(KpiPair));
	state->count += other->count;
	PG_RETURN_POINTER(state);
}

/* Refuse what no aggregate makes: pairs are finite and in order. */
static bool
is_sound(const KpiPairState *state)
{
	for (int i = 0; i < state->count; i++)
	{
		const KpiPair *pair = &state->pair[i];

		if (!kpi_is_number(pair->first) || !kpi_is_number(pair->second) ||
			!kpi_is_number(pair->weight) ||
			pair->first < 0 || pair->second < 0 || pair->weight <= 0)
			return false;
		if (i > 0 && compare(pair - 1, pair) > 0)
			return false;
	}
	return true;
}

/* Text form: version, count, then each pair with its weight, in order. */
PG_FUNCTION_INFO_V1(kpi_pair_state_out);
Datum
kpi_pair_state_out(PG_FUNCTION_ARGS)
{
	const KpiPairState *state = (const KpiPairState *) PG_GETARG_VARLENA_P(0);
	const KpiPair *pair;
	StringInfoData out;
	int			count;

	initStringInfo(&out);
	pair = ordered_pairs(state, &count);
	appendStringInfo(&out, "%d %d", state->version, count);
	for (int i = 0; i < count; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, pair[i].first);
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, pair[i].second);
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, pair[i].weight);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_pair_state_in);
Datum
kpi_pair_state_in(PG_FUNCTION_ARGS)
{
	KpiPairState *state;
	KpiForm		form;
	int			count;

	kpi_form_start(&form, state_type, PG_GETARG_CSTRING(0));
	kpi_check_version(state_type, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	/* a pair takes at least six characters */
	count = (int) kpi_form_int64(&form, 0, Min(KPI_MAX_PAIRS, (int64) strlen(form.whole) / 6));
	state = make_state(count);
	for (int i = 0; i < count; i++)
	{
		/* + 0 makes minus zero plain zero */
		state->pair[i].first = kpi_form_double(&form) + 0.0;
		state->pair[i].second = kpi_form_double(&form) + 0.0;
		state->pair[i].weight = kpi_form_double(&form);
	}
	kpi_form_end(&form);
	state->count = state->sorted = count;
	if (!is_sound(state))
		kpi_form_fail(&form);
	PG_RETURN_POINTER(state);
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_pair_state_send);
Datum
kpi_pair_state_send(PG_FUNCTION_ARGS)
{
	const KpiPairState *state = (const KpiPairState *) PG_GETARG_VARLENA_P(0);
	const KpiPair *pair;
	StringInfoData out;
	int			count;

	pair = ordered_pairs(state, &count);
	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	pq_sendint32(&out, count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendfloat8(&out, pair[i].first);
		pq_sendfloat8(&out, pair[i].second);
		pq_sendfloat8(&out, pair[i].weight);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_pair_state_recv);
Datum
kpi_pair_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	KpiPairState *state;
	int			count;

	kpi_check_version(state_type, pq_getmsgbyte(in));
	count = (int) pq_getmsgint(in, 4);
	if (count < 0 || count > (in->len - in->cursor) / (int) sizeof(KpiPair))
		kpi_bad_binary(state_type);
	state = make_state(count);
	for (int i = 0; i < count; i++)
	{
		state->pair[i].first = pq_getmsgfloat8(in) + 0.0;
		state->pair[i].second = pq_getmsgfloat8(in) + 0.0;
		state->pair[i].weight = pq_getmsgfloat8(in);
	}
	pq_getmsgend(in);
	state->count = state->sorted = count;
	if (!is_sound(state))
		kpi_bad_binary(state_type);
	PG_RETURN_POINTER(state);
}
