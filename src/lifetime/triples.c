/*-------------------------------------------------------------------------
 *
 * triples.c
 *	  Customers as (frequency, recency, t), collected: kpi.customer_state.
 *
 *	frequency	repeat purchases: those after the first
 *	recency		age at the last purchase, 0 where there was no repeat
 *	t			age now; age is the time since the first purchase
 *
 * State: a bag of triples with their weights, see base/bag.h.  In an aggregate a
 * large one is an expanded object, which grows in place and is read in place;
 * flat it is the same value.
 *
 * Text form: version, penalty or -, number of triples, then for every triple
 * frequency, recency, t and weight, in the order of t, recency and frequency.
 * Binary form: the same fields.
 *
 * NULL rule: a row with a NULL is left out, one of weight 0 too.  Values that
 * no customer can have are errors, NaN and infinity among them.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/triples.h"

#include <math.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
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
kpi_check_customers(double weight)
{
	if (!(weight >= 0 && kpi_is_number(weight)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %g is not a finite number of at least 0", weight),
				 errhint("The weight says how many customers a row stands for.")));
	return weight;
}

/* A penalty is a parameter: a wrong one is an error. */
double
kpi_check_penalty(double penalty)
{
	if (!(penalty >= 0 && kpi_is_number(penalty)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty %g is not a finite number of at least 0", penalty),
				 errhint("0 stands for no penalty, 0.0001 for a light one.")));
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

/* -1, 0 or 1 */
static inline int
compare_double(double a, double b)
{
	return (a > b) - (a < b);
}

/* The order of triples, whatever their weight. */
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

pg_noreturn static void too_many_triples(void);

#define BAG_PREFIX triples
#define BAG_STATE KpiCustomerState
#define BAG_ENTRY KpiTriple
#define BAG_ENTRIES triple
#define BAG_COMPARE(a, b, width) compare_customers(a, b)
#define BAG_WEIGHT(a, width) (a)->weight
#define BAG_MAX(state) KPI_MAX_TRIPLES
#define BAG_FULL(state) too_many_triples()
#define BAG_LARGE 65536
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_triples(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d different customers", KPI_MAX_TRIPLES),
			 errhint("Round recency and t to days or weeks, or fit a sample.")));
}

/* ExpandedObjectMethods.get_flat_size */
static Size
flat_size(ExpandedObjectHeader *header)
{
	return HEADER_SIZE + sizeof(KpiTriple) * ((ExpandedState *) header)->state->count;
}

/* ExpandedObjectMethods.flatten_into */
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
	writable->state = triples_copy(writable->state, triples);
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
		writable->state = triples_copy(writable->state, triples);
}

/* Make room for more triples where there is none. */
static inline void
reserve(Writable *writable, int more)
{
	int			have = triples_room(writable->state);
	int			wanted;

	if (writable->state->count + (int64) more <= have)
		return;
	wanted = triples_wanted_room(writable->state, more);
	if (wanted > have)
		grow(writable, wanted);
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
		static const KpiCustomerState empty = {.version = KPI_STATE_VERSION};

		writable.state = triples_copy(&empty, FIRST_ROOM);
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
		writable.state = triples_copy(writable.state, writable.state->count);
	return writable;
}

/* What a transition answers with. */
static inline Datum
written_state(const Writable *writable)
{
	if (writable->expanded != NULL)
		return EOHPGetRWDatum(&writable->expanded->header);
	return PointerGetDatum(writable->state);
}

/* All fits of a state have one penalty. */
static void
set_penalty(KpiCustomerState *state, double penalty)
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
	KpiTriple	triple;
	double		weight = 1;

	for (int i = 1; i < Min(PG_NARGS(), 5); i++)
	{
		if (PG_ARGISNULL(i))
			return written_state(&writable);
	}
	if (PG_NARGS() > 4)
		weight = kpi_check_customers(PG_GETARG_FLOAT8(4));
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
		set_penalty(writable.state, kpi_check_penalty(PG_GETARG_FLOAT8(5)));
	kpi_check_customer(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	if (weight == 0)
		return written_state(&writable);
	/* + 0 makes minus zero plain zero */
	triple.frequency = PG_GETARG_FLOAT8(1) + 0.0;
	triple.recency = PG_GETARG_FLOAT8(2) + 0.0;
	triple.t = PG_GETARG_FLOAT8(3) + 0.0;
	triple.weight = weight;
	reserve(&writable, 1);
	triples_append(writable.state, &triple);
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
		return kpi_leave_state(fcinfo);
	writable = writable_state(fcinfo);
	other = (const KpiCustomerState *) PG_GETARG_VARLENA_P(1);
	if (other->has_penalty)
		set_penalty(writable.state, other->penalty);
	reserve(&writable, other->count);
	writable.state = triples_absorb(writable.state, other);
	return written_state(&writable);
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
	KpiCustomerState *copy = triples_copy(state, state->count);

	triples_tidy(copy);
	describe_customers(copy->triple, triples_round_weights(copy->triple, copy->count, 1),
					   state->penalty, customers);
}

/*
 * The state that is an argument, its triples in order and equal ones merged.  An
 * expanded state is sorted in its place, which does not change its value.
 */
static const KpiCustomerState *
state_argument(FunctionCallInfo fcinfo, int argument)
{
	Pointer		pointer = PG_GETARG_POINTER(argument);
	KpiCustomerState *state;

	if (VARATT_IS_EXTERNAL_EXPANDED(pointer))
		state = ((ExpandedState *) DatumGetEOHP(PointerGetDatum(pointer)))->state;
	else
	{
		state = (KpiCustomerState *) PG_GETARG_VARLENA_P(argument);
		if (state->sorted < state->count)
			state = triples_copy(state, state->count);
	}
	if (state->sorted < state->count)
		triples_tidy(state);
	return state;
}

/* Whether each triple is another customer, so that no weight has parts. */
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
	const KpiCustomerState *state = state_argument(fcinfo, argument);

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
	const KpiCustomerState *state = state_argument(fcinfo, 0);

	PG_RETURN_POINTER(triples_copy(state, state->count));
}

/* Whether an aggregate could produce the triples; what no customer can have is an error. */
static bool
accept_state(void *value)
{
	KpiCustomerState *state = value;

	if (state->has_penalty)
		kpi_check_penalty(state->penalty);
	for (int i = 0; i < state->count; i++)
	{
		const KpiTriple *triple = &state->triple[i];

		kpi_check_customer(triple->frequency, triple->recency, triple->t);
		kpi_check_customers(triple->weight);
	}
	triples_tidy(state);
	return true;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	Pointer		pointer = DatumGetPointer(datum);

	if (VARATT_IS_EXTERNAL_EXPANDED(pointer))
		return triples_ordered(((ExpandedState *) DatumGetEOHP(datum))->state);
	return triples_ordered((const KpiCustomerState *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi.customer_state",
	.size = offsetof(KpiCustomerState, triple),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiCustomerState, version),
		KPI_FIELD_IF(has_penalty, KpiCustomerState, penalty)
	},
	.accept = accept_state,
	.count = offsetof(KpiCustomerState, count),
	.entry_size = sizeof(KpiTriple),
	.entry = {
		KPI_FIELD(PLAIN, KpiTriple, frequency),
		KPI_FIELD(PLAIN, KpiTriple, recency),
		KPI_FIELD(PLAIN, KpiTriple, t),
		KPI_FIELD(DOUBLE, KpiTriple, weight)
	},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_customer_state, layout)
