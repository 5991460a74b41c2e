/*-------------------------------------------------------------------------
 *
 * triples.c
 *	  Customers as (frequency, recency, t), collected: kpi.customer_state.
 *
 *	frequency	repeat purchases: those after the first
 *	recency		age at the last purchase, 0 where there was no repeat
 *	t			age now; age is the time since the first purchase
 *
 * State: a flat value of triples with weights.  A row is appended; when the
 * room is used up the triples are sorted, equal ones are merged, and only what
 * is then still too full grows.  Equal triples become one where the sum of
 * their weights is exact, as it is for counts; else the triple stands once for
 * each part of its exact weight (common/parts.h); so what is computed does not
 * depend on the order of the rows or on the plan.
 * In an aggregate a large state is an expanded object, which grows in place
 * and is read in place; flat it is the same value.
 *
 * NULL rule: a row with a NULL is left out, one of weight 0 too.  Values that
 * no customer can have are errors, NaN and infinity among them.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/triples.h"

#include <math.h>

#include "base/check.h"
#include "base/parts.h"
#include "base/twosum.h"
#include "miscadmin.h"
#include "utils/expandeddatum.h"
#include "utils/float.h"
#include "utils/memutils.h"

#define FIRST_ROOM 8
/*
 * From here on an aggregate keeps a state as an expanded object; a smaller one
 * is not worth a memory context.
 */
#define EXPANDED_ROOM 8192
/* from here on a state grows by a quarter, not to twice its size */
#define LARGE_ROOM 65536
#define HEADER_SIZE offsetof(KpiCustomerState, triple)

/* A large state while an aggregate fills it. */
typedef struct ExpandedState
{
	ExpandedObjectHeader header;
	KpiCustomerState *state;	/* as it is stored, but for room for more */
} ExpandedState;

/* A state that may be written to. */
typedef struct Writable
{
	KpiCustomerState *state;
	ExpandedState *expanded;	/* what holds the state, or NULL */
	MemoryContext aggregate;	/* of the aggregate, or NULL */
} Writable;

/* What no customer can have is an error that names the value. */
void
kpi_check_customer(double frequency, double recency, double t)
{
	if (!(frequency >= 0 && frequency == rint(frequency) && kpi_is_number(frequency)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("frequency %g is not a whole number of at least 0", frequency),
				 errhint("Frequency counts the purchases after the first one.")));
	if (!(t >= 0 && kpi_is_number(t)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("t %g is not a finite number of at least 0", t),
				 errhint("The age t is the time from the first purchase to the end of the observation.")));
	if (!(recency >= 0 && recency <= t))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("recency %g is not between 0 and t, %g", recency, t),
				 errhint("Recency is the time from the first purchase to the last, not from the last until now.")));
	if (frequency == 0 && recency > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("recency %g does not go with frequency 0", recency),
				 errhint("A customer without repeat purchases has recency 0.")));
}

/* A weight that no customers can have is an error, too. */
double
kpi_check_customers_weight(double weight)
{
	if (!(weight >= 0 && kpi_is_number(weight)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %g is not a finite number of at least 0", weight),
				 errhint("The weight says how many customers a row stands for.")));
	return weight;
}

double
kpi_check_penalty(double penalty)
{
	if (!(penalty >= 0 && kpi_is_number(penalty)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty %g is not a finite number of at least 0", penalty),
				 errhint("0 is no penalty, 0.0001 a light one.")));
	return penalty;
}

/*
 * The arguments frequency, recency and t of an answer; false where one is NaN
 * or infinite, which makes the answer NULL.
 */
bool
kpi_customer_arguments(FunctionCallInfo fcinfo, int first, KpiTriple *customer)
{
	customer->frequency = PG_GETARG_FLOAT8(first);
	customer->recency = PG_GETARG_FLOAT8(first + 1);
	customer->t = PG_GETARG_FLOAT8(first + 2);
	customer->weight = 1;
	if (!kpi_is_number(customer->frequency) || !kpi_is_number(customer->recency) ||
		!kpi_is_number(customer->t))
		return false;
	kpi_check_customer(customer->frequency, customer->recency, customer->t);
	return true;
}

static inline int
compare_double(double a, double b)
{
	return (a > b) - (a < b);
}

static inline int
compare_customers(const KpiTriple *a, const KpiTriple *b)
{
	int			order = compare_double(a->t, b->t);

	if (order == 0)
		order = compare_double(a->recency, b->recency);
	if (order == 0)
		order = compare_double(a->frequency, b->frequency);
	return order;
}

static inline int
compare_triples(const KpiTriple *a, const KpiTriple *b)
{
	int			order = compare_customers(a, b);

	return order != 0 ? order : compare_double(a->weight, b->weight);
}

#define ST_SORT sort_triples
#define ST_ELEMENT_TYPE KpiTriple
#define ST_COMPARE(a, b) compare_triples(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Whether the weights can be added without rounding. */
static inline bool
adds_exactly(double a, double b)
{
	KpiSum		sum = {a, 0};

	kpi_sum_add(&sum, b);
	return sum.lo == 0;
}

/* Write weights of equal triples as the fewest parts; how many are left. */
static int
compress_weights(KpiTriple *triple, int count)
{
	double	   *part = palloc(sizeof(double) * count);
	int			parts = 0;

	for (int i = 0; i < count; i++)
		parts = kpi_parts_add(part, parts, triple[i].weight);
	parts = kpi_parts_compress(part, parts);
	for (int i = 0; i < parts; i++)
		triple[i].weight = part[i];
	pfree(part);
	return parts;
}

/* Merge equal neighbours in sorted triples; gives how many are left. */
static int
merge_equals(KpiTriple *triple, int count)
{
	int			kept = 0;
	int			next = 0;

	while (next < count)
	{
		int			first = kept;

		CHECK_FOR_INTERRUPTS();
		triple[kept++] = triple[next++];
		for (; next < count && compare_customers(&triple[first], &triple[next]) == 0; next++)
		{
			if (adds_exactly(triple[kept - 1].weight, triple[next].weight))
				triple[kept - 1].weight += triple[next].weight;
			else
				triple[kept++] = triple[next];
		}
		if (kept > first + 1)
			kept = first + compress_weights(triple + first, kept - first);
	}
	return kept;
}

/* Put the sorted tail, from first on, in its places among the sorted head. */
static void
merge_runs(KpiTriple *triple, int first, int count)
{
	Size		size = sizeof(KpiTriple) * (count - first);
	KpiTriple  *tail = palloc(size);
	int			head = first - 1;
	int			rest = count - first - 1;

	memcpy(tail, triple + first, size);
	for (int to = count - 1; rest >= 0; to--)
	{
		if (head >= 0 && compare_triples(&triple[head], &tail[rest]) > 0)
			triple[to] = triple[head--];
		else
			triple[to] = tail[rest--];
	}
	pfree(tail);
}

/* Sort and merge; the first of the triples that many are so already. */
static int
compact(KpiTriple *triple, int sorted, int count)
{
	CHECK_FOR_INTERRUPTS();
	if (sorted == count)
		return count;
	sort_triples(triple + sorted, count - sorted);
	if (sorted > 0)
	{
		int			merged = merge_equals(triple + sorted, count - sorted);

		count = sorted + merged;
		merge_runs(triple, sorted, count);
	}
	return merge_equals(triple, count);
}

static inline int
room(const KpiCustomerState *state)
{
	return (int) ((VARSIZE(state) - HEADER_SIZE) / sizeof(KpiTriple));
}

/* A copy of the state, or an empty one, with room for that many triples. */
KpiCustomerState *
kpi_copy_customers(const KpiCustomerState *state, int triples)
{
	Size		size = HEADER_SIZE + sizeof(KpiTriple) * triples;
	KpiCustomerState *copy = palloc0(size);

	if (state != NULL)
		memcpy(copy, state, HEADER_SIZE + sizeof(KpiTriple) * state->count);
	else
		copy->version = KPI_STATE_VERSION;
	SET_VARSIZE(copy, size);
	return copy;
}

/* Put the triples in order and merge equal ones. */
void
kpi_sort_customers(KpiCustomerState *state)
{
	state->sorted = state->count = compact(state->triple, state->sorted, state->count);
}

static Size
flat_size(ExpandedObjectHeader *header)
{
	return HEADER_SIZE + sizeof(KpiTriple) * ((ExpandedState *) header)->state->count;
}

static void
flatten_into(ExpandedObjectHeader *header, void *place, Size size)
{
	memcpy(place, ((ExpandedState *) header)->state, size);
	SET_VARSIZE(place, size);
}

static const ExpandedObjectMethods expanded_methods = {flat_size, flatten_into};

/* Move the state to an expanded object, with that much room. */
static void
expand(Writable *writable, int triples)
{
	MemoryContext context = AllocSetContextCreate(writable->aggregate, "customers",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);

	writable->expanded = palloc(sizeof(ExpandedState));
	EOH_init_header(&writable->expanded->header, &expanded_methods, context);
	writable->state = kpi_copy_customers(writable->state, triples);
	writable->expanded->state = writable->state;
	MemoryContextSwitchTo(before);
}

/* Make room for that many triples. */
static void
grow(Writable *writable, int triples)
{
	Size		size = HEADER_SIZE + sizeof(KpiTriple) * triples;

	if (writable->expanded != NULL)
	{
		/* a block of its own, which the allocator can move without a copy */
		writable->state = repalloc(writable->state, size);
		writable->expanded->state = writable->state;
		SET_VARSIZE(writable->state, size);
	}
	else if (writable->aggregate != NULL && triples >= EXPANDED_ROOM)
		expand(writable, triples);
	else
		writable->state = kpi_copy_customers(writable->state, triples);
}

/* Make room for more triples. */
static void
make_room(Writable *writable, int more)
{
	KpiCustomerState *state = writable->state;
	int			have = room(state);
	int64		needed;

	if (have >= FIRST_ROOM)
		kpi_sort_customers(state);
	needed = (int64) state->count + more;
	/* some of it must be free, or it would be sorted again soon */
	if (needed <= have - have / 8)
		return;
	if (needed > KPI_MAX_TRIPLES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d different customers", KPI_MAX_TRIPLES),
				 errhint("Round recency and t to days or weeks, or fit a sample.")));
	needed = Max(needed, have < LARGE_ROOM ? 2 * (int64) have : have + (int64) have / 4);
	grow(writable, (int) Min(Max(needed, FIRST_ROOM), KPI_MAX_TRIPLES));
}

static inline void
reserve(Writable *writable, int more)
{
	if (writable->state->count + (int64) more > room(writable->state))
		make_room(writable, more);
}

/* The state argument, detoasted, and copied unless it may be written to. */
static inline Writable
writable_state(FunctionCallInfo fcinfo)
{
	Writable	writable = {0};
	Pointer		argument;

	(void) AggCheckCallContext(fcinfo, &writable.aggregate);
	if (PG_ARGISNULL(0))
	{
		writable.state = kpi_copy_customers(NULL, writable.aggregate ? FIRST_ROOM : 0);
		return writable;
	}
	argument = PG_GETARG_POINTER(0);
	if (writable.aggregate != NULL && VARATT_IS_EXTERNAL_EXPANDED_RW(argument))
	{
		writable.expanded = (ExpandedState *) DatumGetEOHP(PointerGetDatum(argument));
		writable.state = writable.expanded->state;
		return writable;
	}
	writable.state = (KpiCustomerState *) PG_GETARG_VARLENA_P(0);
	if (writable.aggregate == NULL || (Pointer) writable.state != argument)
		writable.state = kpi_copy_customers(writable.state, writable.state->count);
	return writable;
}

static inline Datum
written_state(const Writable *writable)
{
	if (writable->expanded != NULL)
		return EOHPGetRWDatum(&writable->expanded->header);
	return PointerGetDatum(writable->state);
}

/* All fits of a state have one penalty. */
void
kpi_set_customers_penalty(KpiCustomerState *state, double penalty)
{
	if (state->has_penalty && state->penalty != penalty)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty %g differs from %g before", penalty, state->penalty),
				 errhint("The penalty is one number for all customers of a group.")));
	state->has_penalty = true;
	state->penalty = penalty;
}

/*
 * Transition of the fits: customer_accum(state, frequency, recency, t [,
 * weight [, penalty]]); a row with a NULL is left out.
 */
PG_FUNCTION_INFO_V1(kpi_customer_accum);
Datum
kpi_customer_accum(PG_FUNCTION_ARGS)
{
	Writable	writable = writable_state(fcinfo);
	KpiTriple  *triple;
	double		weight = 1;

	for (int i = 1; i < Min(PG_NARGS(), 5); i++)
	{
		if (PG_ARGISNULL(i))
			return written_state(&writable);
	}
	if (PG_NARGS() > 4)
		weight = kpi_check_customers_weight(PG_GETARG_FLOAT8(4));
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
		kpi_set_customers_penalty(writable.state, kpi_check_penalty(PG_GETARG_FLOAT8(5)));
	kpi_check_customer(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	if (weight == 0)
		return written_state(&writable);
	reserve(&writable, 1);
	triple = &writable.state->triple[writable.state->count++];
	/* + 0 makes minus zero plain zero */
	triple->frequency = PG_GETARG_FLOAT8(1) + 0.0;
	triple->recency = PG_GETARG_FLOAT8(2) + 0.0;
	triple->t = PG_GETARG_FLOAT8(3) + 0.0;
	triple->weight = weight;
	return written_state(&writable);
}

/* The customers of two states; NULL is none. */
PG_FUNCTION_INFO_V1(kpi_customer_combine);
Datum
kpi_customer_combine(PG_FUNCTION_ARGS)
{
	Writable	writable;
	const KpiCustomerState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	writable = writable_state(fcinfo);
	other = (const KpiCustomerState *) PG_GETARG_VARLENA_P(1);
	if (other->has_penalty)
		kpi_set_customers_penalty(writable.state, other->penalty);
	reserve(&writable, other->count);
	memcpy(writable.state->triple + writable.state->count, other->triple,
		   sizeof(KpiTriple) * other->count);
	writable.state->count += other->count;
	return written_state(&writable);
}

/* Make one triple of the parts of its weight, in compact triples; how many are left. */
static int
round_weights(KpiTriple *triple, int count)
{
	int			kept = 0;
	int			next;

	for (int i = 0; i < count; i = next)
	{
		double		part[3];
		int			parts = 0;

		for (next = i + 1; next < count && compare_customers(&triple[i], &triple[next]) == 0; next++)
			;
		for (int j = Max(i, next - 3); j < next; j++)
			part[parts++] = triple[j].weight;
		triple[kept] = triple[i];
		triple[kept++].weight = kpi_parts_round(part, parts);
	}
	return kept;
}

/* The customers of sorted triples that all differ. */
static void
describe_customers(KpiTriple *triple, int count, double penalty, KpiCustomers *customers)
{
	KpiSum		weight = {0, 0};

	memset(customers, 0, sizeof(KpiCustomers));
	for (int i = 0; i < count; i++)
	{
		kpi_sum_add(&weight, triple[i].weight);
		customers->max_frequency = Max(customers->max_frequency, triple[i].frequency);
	}
	customers->count = count;
	customers->triple = triple;
	customers->weight = kpi_sum_value(weight);
	customers->max_t = count > 0 ? triple[count - 1].t : 0;
	customers->penalty = penalty;
	if (!kpi_is_number(customers->weight))
		float_overflow_error();
}

/* The customers of a state, in their order; the state stays as it is. */
void
kpi_read_customers(const KpiCustomerState *state, KpiCustomers *customers)
{
	KpiTriple  *triple = palloc(sizeof(KpiTriple) * Max(state->count, 1));
	int			count;

	memcpy(triple, state->triple, sizeof(KpiTriple) * state->count);
	count = compact(triple, state->sorted, state->count);
	count = round_weights(triple, count);
	describe_customers(triple, count, state->penalty, customers);
}

/*
 * The state that is an argument, its triples in order and equal ones merged.  An
 * expanded state is sorted in its place, which does not change its value.
 */
const KpiCustomerState *
kpi_state_argument(FunctionCallInfo fcinfo, int argument)
{
	Pointer		pointer = PG_GETARG_POINTER(argument);
	KpiCustomerState *state;

	if (VARATT_IS_EXTERNAL_EXPANDED(pointer))
		state = ((ExpandedState *) DatumGetEOHP(PointerGetDatum(pointer)))->state;
	else
	{
		state = (KpiCustomerState *) PG_GETARG_VARLENA_P(argument);
		if (state->sorted < state->count)
			state = kpi_copy_customers(state, state->count);
	}
	if (state->sorted < state->count)
		kpi_sort_customers(state);
	return state;
}

static bool
all_differ(const KpiCustomerState *state)
{
	for (int i = 1; i < state->count; i++)
	{
		if (compare_customers(&state->triple[i - 1], &state->triple[i]) == 0)
			return false;
	}
	return true;
}

/* The customers of the state that is an argument, in their order: not to be written to or freed. */
void
kpi_customers_argument(FunctionCallInfo fcinfo, int argument, KpiCustomers *customers)
{
	const KpiCustomerState *state = kpi_state_argument(fcinfo, argument);

	if (all_differ(state))
		describe_customers(unconstify(KpiCustomerState *, state)->triple, state->count,
						   state->penalty, customers);
	else
		kpi_read_customers(state, customers);
}

/* Final function of customers(): the state in order, without spare room. */
PG_FUNCTION_INFO_V1(kpi_customer_final);
Datum
kpi_customer_final(PG_FUNCTION_ARGS)
{
	const KpiCustomerState *state = kpi_state_argument(fcinfo, 0);

	PG_RETURN_POINTER(kpi_copy_customers(state, state->count));
}
