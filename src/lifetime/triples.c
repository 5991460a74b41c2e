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
 * is then still too full grows.  Weights are merged where their sum is exact,
 * as it is for counts, and are else summed exactly when the state is read; so
 * what is computed does not depend on the order of the rows or on the plan.
 *
 * Text form: version, penalty or -, number of triples, then for every triple
 * frequency, recency, t and weight, in the order of t, recency and frequency.
 *
 * NULL rule: a row with a NULL is left out, one of weight 0 too.  Values that
 * no customer can have are errors, NaN and infinity among them.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/triples.h"

#include <math.h>

#include "common/check.h"
#include "common/form.h"
#include "common/twosum.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#define TYPE_NAME "kpi.customer_state"

#define FIRST_ROOM 8
/* from here on a state grows by a quarter, not to twice its size */
#define LARGE_ROOM 65536
#define HEADER_SIZE offsetof(KpiCustomerState, triple)
#define MAX_TRIPLES ((int) ((MaxAllocSize - HEADER_SIZE) / sizeof(KpiTriple)))

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

static double
check_weight(double weight)
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

/* Merge equal neighbours in sorted triples; gives how many are left. */
static int
merge_equals(KpiTriple *triple, int count)
{
	int			last = 0;

	if (count == 0)
		return 0;
	for (int i = 1; i < count; i++)
	{
		if (compare_customers(&triple[last], &triple[i]) == 0 &&
			adds_exactly(triple[last].weight, triple[i].weight))
			triple[last].weight += triple[i].weight;
		else
			triple[++last] = triple[i];
	}
	return last + 1;
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
	return (VARSIZE(state) - HEADER_SIZE) / sizeof(KpiTriple);
}

/* A copy of the state, with room for that many triples. */
static KpiCustomerState *
copy_state(const KpiCustomerState *state, int triples)
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

/* The state, which may be written to, with room for more triples. */
static KpiCustomerState *
reserve(KpiCustomerState *state, int more)
{
	int			have = room(state);
	int64		needed;

	if (state->count + (int64) more <= have)
		return state;
	if (have >= FIRST_ROOM)
		state->sorted = state->count = compact(state->triple, state->sorted, state->count);
	needed = (int64) state->count + more;
	/* some of it must be free, or it would be sorted again soon */
	if (needed <= have - have / 8)
		return state;
	if (needed > MAX_TRIPLES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d different customers", MAX_TRIPLES),
				 errhint("Round recency and t to days or weeks, or fit a sample.")));
	needed = Max(needed, have < LARGE_ROOM ? 2 * (int64) have : have + (int64) have / 4);
	return copy_state(state, (int) Min(Max(needed, FIRST_ROOM), MAX_TRIPLES));
}

/* The state argument, detoasted, and copied unless it may be written to. */
static KpiCustomerState *
writable_state(FunctionCallInfo fcinfo)
{
	KpiCustomerState *state;

	if (PG_ARGISNULL(0))
		return copy_state(NULL, AggCheckCallContext(fcinfo, NULL) ? FIRST_ROOM : 0);
	state = (KpiCustomerState *) PG_GETARG_VARLENA_P(0);
	if (AggCheckCallContext(fcinfo, NULL) && (Pointer) state == PG_GETARG_POINTER(0))
		return state;
	return copy_state(state, state->count);
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
	KpiCustomerState *state = writable_state(fcinfo);
	KpiTriple  *triple;
	double		weight = 1;

	for (int i = 1; i < Min(PG_NARGS(), 5); i++)
	{
		if (PG_ARGISNULL(i))
			PG_RETURN_POINTER(state);
	}
	if (PG_NARGS() > 4)
		weight = check_weight(PG_GETARG_FLOAT8(4));
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
		set_penalty(state, kpi_check_penalty(PG_GETARG_FLOAT8(5)));
	kpi_check_customer(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	if (weight == 0)
		PG_RETURN_POINTER(state);
	state = reserve(state, 1);
	triple = &state->triple[state->count++];
	/* + 0 makes minus zero plain zero */
	triple->frequency = PG_GETARG_FLOAT8(1) + 0.0;
	triple->recency = PG_GETARG_FLOAT8(2) + 0.0;
	triple->t = PG_GETARG_FLOAT8(3) + 0.0;
	triple->weight = weight;
	PG_RETURN_POINTER(state);
}

/* The customers of two states; NULL is none. */
PG_FUNCTION_INFO_V1(kpi_customer_combine);
Datum
kpi_customer_combine(PG_FUNCTION_ARGS)
{
	KpiCustomerState *state;
	const KpiCustomerState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = writable_state(fcinfo);
	other = (const KpiCustomerState *) PG_GETARG_VARLENA_P(1);
	if (other->has_penalty)
		set_penalty(state, other->penalty);
	state = reserve(state, other->count);
	memcpy(state->triple + state->count, other->triple, sizeof(KpiTriple) * other->count);
	state->count += other->count;
	PG_RETURN_POINTER(state);
}

/* The sum of numbers that do not overlap, the smallest first, rounded once. */
static double
round_parts(const double *part, int parts)
{
	KpiSum		sum = {part[--parts], 0};
	double		twice;
	volatile double up;

	while (parts > 0 && sum.lo == 0)
		kpi_sum_add(&sum, part[--parts]);
	/* a tie was rounded to even, but what is left may decide it */
	twice = 2 * sum.lo;
	up = sum.hi + twice;
	if (parts > 0 && twice == up - sum.hi && (sum.lo < 0) == (part[parts - 1] < 0))
		return up;
	return sum.hi;
}

/* The exact sum of the weights of equal triples, rounded once. */
static double
sum_weights(const KpiTriple *triple, int count)
{
	double	   *part = palloc(sizeof(double) * count);
	int			parts = 0;
	double		total;

	/* part[] are the digits of the sum so far: no two of them overlap */
	for (int i = 0; i < count; i++)
	{
		double		carry = triple[i].weight;
		int			kept = 0;

		for (int j = 0; j < parts; j++)
		{
			KpiSum		sum = {carry, 0};

			kpi_sum_add(&sum, part[j]);
			if (sum.lo != 0)
				part[kept++] = sum.lo;
			carry = sum.hi;
		}
		part[kept++] = carry;
		parts = kept;
	}
	total = round_parts(part, parts);
	pfree(part);
	return total;
}

/* Make one triple of all equal ones, in sorted triples. */
static int
merge_weights(KpiTriple *triple, int count)
{
	int			to = 0;
	int			next;

	for (int i = 0; i < count; i = next)
	{
		next = i + 1;
		while (next < count && compare_customers(&triple[i], &triple[next]) == 0)
			next++;
		triple[to] = triple[i];
		if (next > i + 1)
			triple[to].weight = sum_weights(triple + i, next - i);
		to++;
	}
	return to;
}

/* The customers of a state, in their order; the state stays as it is. */
void
kpi_read_customers(const KpiCustomerState *state, KpiCustomers *customers)
{
	Size		size = sizeof(KpiTriple) * Max(state->count, 1);
	KpiTriple  *triple = palloc(size);
	KpiSum		weight = {0, 0};
	int			count;

	memcpy(triple, state->triple, sizeof(KpiTriple) * state->count);
	count = compact(triple, state->sorted, state->count);
	count = merge_weights(triple, count);
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
	customers->penalty = state->penalty;
	if (!kpi_is_number(customers->weight))
		float_overflow_error();
}

/* Final function of customers(): the state in order, without spare room. */
PG_FUNCTION_INFO_V1(kpi_customer_final);
Datum
kpi_customer_final(PG_FUNCTION_ARGS)
{
	const KpiCustomerState *state = (const KpiCustomerState *) PG_GETARG_VARLENA_P(0);
	KpiCustomers customers;
	KpiCustomerState *result;

	kpi_read_customers(state, &customers);
	result = copy_state(NULL, customers.count);
	result->has_penalty = state->has_penalty;
	result->penalty = state->penalty;
	result->count = result->sorted = customers.count;
	memcpy(result->triple, customers.triple, sizeof(KpiTriple) * customers.count);
	PG_RETURN_POINTER(result);
}

/* Text form: see the head of this file. */
PG_FUNCTION_INFO_V1(kpi_customer_state_out);
Datum
kpi_customer_state_out(PG_FUNCTION_ARGS)
{
	const KpiCustomerState *state = (const KpiCustomerState *) PG_GETARG_VARLENA_P(0);
	KpiCustomers customers;
	StringInfoData out;

	kpi_read_customers(state, &customers);
	initStringInfo(&out);
	appendStringInfo(&out, "%d ", state->version);
	if (state->has_penalty)
		kpi_append_double(&out, state->penalty);
	else
		appendStringInfoChar(&out, '-');
	appendStringInfo(&out, " %d", customers.count);
	for (int i = 0; i < customers.count; i++)
	{
		const KpiTriple *triple = &customers.triple[i];
		double		value[] = {triple->frequency, triple->recency, triple->t, triple->weight};

		for (int j = 0; j < 4; j++)
		{
			appendStringInfoChar(&out, ' ');
			kpi_append_double(&out, value[j]);
		}
	}
	PG_RETURN_CSTRING(out.data);
}

/* Room for the triples of an outward form, all of them. */
static KpiCustomerState *
new_state(int version, int64 count)
{
	KpiCustomerState *state;

	kpi_check_version(TYPE_NAME, version);
	state = copy_state(NULL, (int) count);
	state->count = (int32) count;
	return state;
}

/* The triples read from an outward form: checked, sorted, merged. */
static KpiCustomerState *
check_state(KpiCustomerState *state)
{
	for (int i = 0; i < state->count; i++)
	{
		const KpiTriple *triple = &state->triple[i];

		kpi_check_customer(triple->frequency, triple->recency, triple->t);
		check_weight(triple->weight);
	}
	state->sorted = state->count = compact(state->triple, 0, state->count);
	return state;
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_customer_state_in);
Datum
kpi_customer_state_in(PG_FUNCTION_ARGS)
{
	KpiCustomerState *state;
	KpiForm		form;
	char	   *penalty;
	int			version;
	Size		length = strlen(PG_GETARG_CSTRING(0));

	kpi_form_start(&form, TYPE_NAME, PG_GETARG_CSTRING(0));
	version = (int) kpi_form_int64(&form, 0, PG_UINT8_MAX);
	penalty = kpi_form_word(&form);
	/* a triple takes eight bytes at least */
	state = new_state(version, kpi_form_int64(&form, 0, Min(length / 8, MAX_TRIPLES)));
	if (strcmp(penalty, "-") != 0)
	{
		KpiForm		number = form;

		number.next = penalty;
		set_penalty(state, kpi_check_penalty(kpi_form_double(&number)));
	}
	for (int i = 0; i < state->count; i++)
	{
		state->triple[i].frequency = kpi_form_double(&form) + 0.0;
		state->triple[i].recency = kpi_form_double(&form) + 0.0;
		state->triple[i].t = kpi_form_double(&form) + 0.0;
		state->triple[i].weight = kpi_form_double(&form);
	}
	kpi_form_end(&form);
	PG_RETURN_POINTER(check_state(state));
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_customer_state_send);
Datum
kpi_customer_state_send(PG_FUNCTION_ARGS)
{
	const KpiCustomerState *state = (const KpiCustomerState *) PG_GETARG_VARLENA_P(0);
	KpiCustomers customers;
	StringInfoData out;

	kpi_read_customers(state, &customers);
	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	pq_sendbyte(&out, state->has_penalty);
	pq_sendfloat8(&out, state->penalty);
	pq_sendint32(&out, customers.count);
	for (int i = 0; i < customers.count; i++)
	{
		pq_sendfloat8(&out, customers.triple[i].frequency);
		pq_sendfloat8(&out, customers.triple[i].recency);
		pq_sendfloat8(&out, customers.triple[i].t);
		pq_sendfloat8(&out, customers.triple[i].weight);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_customer_state_recv);
Datum
kpi_customer_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(in);
	int			has_penalty = pq_getmsgbyte(in);
	double		penalty = pq_getmsgfloat8(in);
	int64		count = pq_getmsgint(in, 4);
	KpiCustomerState *state;

	if (has_penalty > 1 || (!has_penalty && penalty != 0) ||
		count > (in->len - in->cursor) / (int64) sizeof(KpiTriple))
		kpi_bad_binary(TYPE_NAME);
	state = new_state(version, count);
	if (has_penalty)
		set_penalty(state, kpi_check_penalty(penalty));
	for (int i = 0; i < state->count; i++)
	{
		state->triple[i].frequency = pq_getmsgfloat8(in) + 0.0;
		state->triple[i].recency = pq_getmsgfloat8(in) + 0.0;
		state->triple[i].t = pq_getmsgfloat8(in) + 0.0;
		state->triple[i].weight = pq_getmsgfloat8(in);
	}
	pq_getmsgend(in);
	PG_RETURN_POINTER(check_state(state));
}
