/*-------------------------------------------------------------------------
 *
 * pairs.c
 *	  Customers as pairs of numbers, collected: kpi_internal.pair_state.
 *
 * What the Gamma-Gamma model (frequency and money) and the shifted
 * beta-geometric model (periods and whether the customer left) are fitted to.
 *
 * State: a bag of pairs with their weight, see base/bag.h.  Readers get the
 * pairs in order and each sum of weights rounded once, so that a fit does not
 * depend on the order of rows.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/pairs.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "base/twosum.h"
#include "utils/float.h"

#define INITIAL_PAIRS 20
#define KPI_MAX_PAIRS ((int) ((MaxAllocSize - offsetof(KpiPairState, pair)) / sizeof(KpiPair)))

pg_noreturn static void too_many_pairs(void);

/* The order of pairs, whatever their weight. */
static inline int
compare_pairs(const KpiPair *a, const KpiPair *b)
{
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->second > b->second) - (a->second < b->second);
}

#define BAG_PREFIX pairs
#define BAG_STATE KpiPairState
#define BAG_ENTRY KpiPair
#define BAG_ENTRIES pair
#define BAG_COMPARE(a, b, width) compare_pairs(a, b)
#define BAG_WEIGHT(a, width) (a)->weight
#define BAG_MAX(state) KPI_MAX_PAIRS
#define BAG_FULL(state) too_many_pairs()
#define BAG_INSERT 48
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_pairs(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d different customers in one fit", KPI_MAX_PAIRS),
			 errhint("Round the money, or fit a sample of the customers.")));
}

/* The state in argument 0, to be written; a new one for NULL. */
static KpiPairState *
writable_state(FunctionCallInfo fcinfo)
{
	static const KpiPairState empty = {.version = KPI_STATE_VERSION};
	KpiPairState *state = kpi_writable_varlena(fcinfo);

	return state != NULL ? state : pairs_copy(&empty, INITIAL_PAIRS);
}

/* Take a customer into the state of argument 0; the answer of a transition. */
Datum
kpi_pair_accum(FunctionCallInfo fcinfo, double first, double second, double weight)
{
	/* + 0 makes minus zero plain zero */
	KpiPair		pair = {first + 0.0, second + 0.0, weight};

	PG_RETURN_POINTER(pairs_put(writable_state(fcinfo), &pair));
}

/* The answer of a transition whose row is left out. */
Datum
kpi_pair_skip(FunctionCallInfo fcinfo)
{
	PG_RETURN_POINTER(writable_state(fcinfo));
}

/* The customers in order, no two equal, and the sum of their weights. */
const KpiPair *
kpi_read_pairs(const KpiPairState *state, int *count, double *weight)
{
	KpiPairState *copy = pairs_copy(state, state->count);
	KpiSum		sum = {0, 0};

	pairs_tidy(copy);
	*count = pairs_round_weights(copy->pair, copy->count, 1);
	for (int i = 0; i < *count; i++)
		kpi_sum_add(&sum, copy->pair[i].weight);
	*weight = kpi_sum_value(sum);
	if (!kpi_is_number(*weight))
		float_overflow_error();
	return copy->pair;
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_pair_state_combine);
Datum
kpi_pair_state_combine(PG_FUNCTION_ARGS)
{
	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	PG_RETURN_POINTER(pairs_absorb(writable_state(fcinfo),
								   (const KpiPairState *) PG_GETARG_VARLENA_P(1)));
}

/* Whether an aggregate could produce the pairs: in order, of customers. */
static bool
accept_state(void *value)
{
	KpiPairState *state = value;

	for (int i = 0; i < state->count; i++)
	{
		const KpiPair *pair = &state->pair[i];

		if (pair->first < 0 || pair->second < 0 || pair->weight <= 0 ||
			(i > 0 && compare_pairs(pair - 1, pair) > 0))
			return false;
	}
	pairs_tidy(state);
	return true;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return pairs_ordered((const KpiPairState *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi_internal.pair_state",
	.size = offsetof(KpiPairState, pair),
	.varlena = true,
	.field = {KPI_FIELD(VERSION, KpiPairState, version)},
	.accept = accept_state,
	.count = offsetof(KpiPairState, count),
	.entry_size = sizeof(KpiPair),
	.entry = {
		KPI_FIELD(PLAIN, KpiPair, first),
		KPI_FIELD(PLAIN, KpiPair, second),
		KPI_FIELD(DOUBLE, KpiPair, weight)
	},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_pair_state, layout)
