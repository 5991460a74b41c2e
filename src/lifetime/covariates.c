/*-------------------------------------------------------------------------
 *
 * covariates.c
 *	  Customers with static covariates, collected: kpi.covariate_state.
 *
 * State: a flat value of rows of doubles: t, recency, frequency, the covariates
 * of the purchases, those of leaving, and the weight.  A row is appended; when
 * the room is used up the rows are sorted and equal ones with whole weights
 * merged, which is exact, and only what is then still too full grows.  When the
 * state is read the rest is merged in sorted order; so what is computed does
 * not depend on the order of the rows or on the plan.
 *
 * Text form: version, covariates of the purchases, covariates of leaving,
 * number of rows, then the rows in order.
 *
 * NULL rule: a row with a NULL, in an array too, is left out, one of weight 0
 * too.  Values that no customer can have, NaN and infinity are errors.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/covariates.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "base/check.h"
#include "base/form.h"
#include "base/twosum.h"
#include "libpq/pqformat.h"
#include "lifetime/triples.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#define TYPE_NAME "kpi.covariate_state"

#define FIRST_ROOM 8
#define HEADER_SIZE offsetof(KpiCovariateState, value)
/* Up to here whole numbers are exact. */
#define MAX_WHOLE 9007199254740992.0

static int64
max_rows(int width)
{
	return (int64) ((MaxAllocSize - HEADER_SIZE) / (width * sizeof(double)));
}

static int
room(const KpiCovariateState *state)
{
	return (int) ((VARSIZE(state) - HEADER_SIZE) / (kpi_covariate_width(state) * sizeof(double)));
}

/* A copy of the state, with room for that many rows. */
static KpiCovariateState *
copy_state(const KpiCovariateState *state, int rows)
{
	int			width = kpi_covariate_width(state);
	Size		size = HEADER_SIZE + sizeof(double) * width * rows;
	KpiCovariateState *copy = palloc0(size);

	memcpy(copy, state, HEADER_SIZE + sizeof(double) * width * state->count);
	SET_VARSIZE(copy, size);
	return copy;
}

/* A state without rows. */
static KpiCovariateState *
make_state(bool has_rows, int transaction, int lifetime, int rows)
{
	KpiCovariateState state = {
		.version = KPI_STATE_VERSION,.has_rows = has_rows,
		.transaction = transaction,.lifetime = lifetime
	};

	return copy_state(&state, rows);
}

static int
compare_rows(const void *a, const void *b, void *width)
{
	const double *left = a;
	const double *right = b;

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < *(int *) width; i++)
	{
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return 0;
}

static bool
is_whole(double weight)
{
	return weight == rint(weight) && weight < MAX_WHOLE;
}

/* Whether equal rows may be merged before all rows are known. */
static bool
merges_exactly(double a, double b)
{
	return is_whole(a) && is_whole(b) && a + b < MAX_WHOLE;
}

/* Sort rows and merge equal ones, all or those of whole weight; gives how many are left. */
static int
merge_rows(double *row, int count, int width, bool all)
{
	int			others = width - 1;
	double	   *last = row;
	KpiSum		weight;

	if (count == 0)
		return 0;
	qsort_arg(row, count, width * sizeof(double), compare_rows, &width);
	weight.hi = row[others];
	weight.lo = 0;
	for (double *next = row + width; next < row + (Size) width * count; next += width)
	{
		if (compare_rows(last, next, &others) == 0 &&
			(all || merges_exactly(last[others], next[others])))
			kpi_sum_add(&weight, next[others]);
		else
		{
			last += width;
			memmove(last, next, width * sizeof(double));
			weight.hi = next[others];
			weight.lo = 0;
		}
		last[others] = kpi_sum_value(weight);
	}
	return (int) ((last - row) / width) + 1;
}

/* The state, which may be written to, with room for more rows. */
static KpiCovariateState *
reserve(KpiCovariateState *state, int more)
{
	int			have = room(state);
	int			width = kpi_covariate_width(state);
	int64		needed;

	if (state->count + (int64) more <= have)
		return state;
	CHECK_FOR_INTERRUPTS();
	state->count = merge_rows(state->value, state->count, width, false);
	needed = (int64) state->count + more;
	/* a quarter must be free, or it would be sorted again soon */
	if (needed <= have - have / 4)
		return state;
	if (needed > max_rows(width))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than " INT64_FORMAT " different customers", max_rows(width)),
				 errhint("Round recency, t and the covariates, or fit a sample.")));
	needed = Max(Max(needed, 2 * (int64) have), FIRST_ROOM);
	return copy_state(state, (int) Min(needed, max_rows(width)));
}

/* The state argument, detoasted, and copied unless it may be written to; NULL for none. */
static KpiCovariateState *
writable_state(FunctionCallInfo fcinfo)
{
	KpiCovariateState *state;

	if (PG_ARGISNULL(0))
		return NULL;
	state = (KpiCovariateState *) PG_GETARG_VARLENA_P(0);
	if (AggCheckCallContext(fcinfo, NULL) && (Pointer) state == PG_GETARG_POINTER(0))
		return state;
	return copy_state(state, state->count);
}

/*
 * The covariates of one process; gives their number, or -1 where one is NULL.
 */
int
kpi_covariate_array(ArrayType *array, const char *argument, double *value)
{
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	Datum	   *element;

	if (ARR_NDIM(array) > 1 || count > KPI_MAX_COVARIATES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s is not a plain array of at most %d numbers", argument, KPI_MAX_COVARIATES),
				 errhint("Give the covariates of a customer as one array without nesting.")));
	if (array_contains_nulls(array))
		return -1;
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &element, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		/* + 0 makes minus zero plain zero */
		value[i] = DatumGetFloat8(element[i]) + 0.0;
		if (!kpi_is_number(value[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("covariate %d of %s, %g, is not a finite number", i + 1, argument, value[i]),
					 errhint("Write a category as one covariate of 0 and 1 for every word but one.")));
	}
	pfree(element);
	return count;
}

static void
check_counts(const KpiCovariateState *state, int transaction, int lifetime)
{
	if (transaction + lifetime > KPI_MAX_COVARIATES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d covariates are more than %d", transaction + lifetime, KPI_MAX_COVARIATES),
				 errhint("The covariates of both processes count together.")));
	if (state != NULL && state->has_rows &&
		(state->transaction != transaction || state->lifetime != lifetime))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d and %d covariates differ from %d and %d before",
						transaction, lifetime, state->transaction, state->lifetime),
				 errhint("All customers of a group have the same covariates, in the same order.")));
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

/* A row of the state from the arguments; false where it is left out. */
static bool
read_row(FunctionCallInfo fcinfo, double *row, int *transaction, int *lifetime)
{
	double		weight = 1;

	for (int i = 1; i < PG_NARGS(); i++)
	{
		if (PG_ARGISNULL(i))
			return false;
	}
	if (PG_NARGS() > 6)
		weight = check_weight(PG_GETARG_FLOAT8(6));
	kpi_check_customer(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	row[KPI_COVARIATE_T] = PG_GETARG_FLOAT8(3) + 0.0;
	row[KPI_COVARIATE_RECENCY] = PG_GETARG_FLOAT8(2) + 0.0;
	row[KPI_COVARIATE_FREQUENCY] = PG_GETARG_FLOAT8(1) + 0.0;
	*transaction = kpi_covariate_array(PG_GETARG_ARRAYTYPE_P(4), "transaction",
									   row + KPI_COVARIATE_FIRST);
	if (*transaction < 0)
		return false;
	*lifetime = kpi_covariate_array(PG_GETARG_ARRAYTYPE_P(5), "lifetime",
									row + KPI_COVARIATE_FIRST + *transaction);
	if (*lifetime < 0)
		return false;
	row[KPI_COVARIATE_FIRST + *transaction + *lifetime] = weight;
	return weight > 0;
}

/*
 * Transition of the fits: covariate_accum(state, frequency, recency, t,
 * transaction, lifetime [, weight]); a row with a NULL is left out.
 */
PG_FUNCTION_INFO_V1(kpi_covariate_accum);
Datum
kpi_covariate_accum(PG_FUNCTION_ARGS)
{
	KpiCovariateState *state = writable_state(fcinfo);
	double		row[KPI_COVARIATE_FIRST + 2 * KPI_MAX_COVARIATES + 1];
	int			transaction;
	int			lifetime;
	int			width;

	if (!read_row(fcinfo, row, &transaction, &lifetime))
		PG_RETURN_POINTER(state != NULL ? state : make_state(false, 0, 0, 0));
	check_counts(state, transaction, lifetime);
	if (state == NULL || !state->has_rows)
		state = make_state(true, transaction, lifetime, FIRST_ROOM);
	state = reserve(state, 1);
	width = kpi_covariate_width(state);
	memcpy(state->value + (Size) width * state->count++, row, width * sizeof(double));
	PG_RETURN_POINTER(state);
}

/* The customers of two states; NULL is none. */
PG_FUNCTION_INFO_V1(kpi_covariate_combine);
Datum
kpi_covariate_combine(PG_FUNCTION_ARGS)
{
	KpiCovariateState *state;
	KpiCovariateState *other;
	int			width;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = writable_state(fcinfo);
	other = (KpiCovariateState *) PG_GETARG_VARLENA_P(1);
	if (state == NULL || !state->has_rows)
		PG_RETURN_POINTER(copy_state(other, other->count));
	if (!other->has_rows)
		PG_RETURN_POINTER(state);
	check_counts(state, other->transaction, other->lifetime);
	state = reserve(state, other->count);
	width = kpi_covariate_width(state);
	memcpy(state->value + (Size) width * state->count, other->value,
		   sizeof(double) * width * other->count);
	state->count += other->count;
	PG_RETURN_POINTER(state);
}

/* A copy of the rows of a state, in order, equal ones merged. */
double *
kpi_read_covariates(const KpiCovariateState *state, int *count)
{
	int			width = kpi_covariate_width(state);
	Size		size = sizeof(double) * width * state->count;
	double	   *row = palloc(Max(size, 1));

	memcpy(row, state->value, size);
	/* in two steps, as whole weights may have been merged before */
	*count = merge_rows(row, state->count, width, false);
	*count = merge_rows(row, *count, width, true);
	for (int i = 0; i < *count; i++)
	{
		if (!kpi_is_number(row[(Size) width * i + width - 1]))
			float_overflow_error();
	}
	return row;
}

/* Text form: see the head of this file. */
PG_FUNCTION_INFO_V1(kpi_covariate_state_out);
Datum
kpi_covariate_state_out(PG_FUNCTION_ARGS)
{
	const KpiCovariateState *state = (const KpiCovariateState *) PG_GETARG_VARLENA_P(0);
	int			width = kpi_covariate_width(state);
	int			count;
	double	   *row = kpi_read_covariates(state, &count);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d %d %d %d", state->version, state->transaction,
					 state->lifetime, count);
	for (Size i = 0; i < (Size) width * count; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, row[i]);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Whether every row is one that the transition could have made. */
static bool
rows_are_valid(const KpiCovariateState *state)
{
	int			width = kpi_covariate_width(state);

	for (int i = 0; i < state->count; i++)
	{
		const double *row = state->value + (Size) width * i;
		double		frequency = row[KPI_COVARIATE_FREQUENCY];
		double		recency = row[KPI_COVARIATE_RECENCY];

		for (int j = 0; j < width; j++)
		{
			if (!kpi_is_number(row[j]))
				return false;
		}
		if (frequency < 0 || frequency != rint(frequency) || recency < 0 ||
			recency > row[KPI_COVARIATE_T] || (frequency == 0 && recency > 0) ||
			row[width - 1] <= 0)
			return false;
	}
	return true;
}

PG_FUNCTION_INFO_V1(kpi_covariate_state_in);
Datum
kpi_covariate_state_in(PG_FUNCTION_ARGS)
{
	KpiForm		form;
	KpiCovariateState *state;
	int			transaction;
	int			lifetime;
	int64		count;

	kpi_form_start(&form, TYPE_NAME, PG_GETARG_CSTRING(0));
	kpi_check_version(TYPE_NAME, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	transaction = (int) kpi_form_int64(&form, 0, KPI_MAX_COVARIATES);
	lifetime = (int) kpi_form_int64(&form, 0, KPI_MAX_COVARIATES - transaction);
	/* no value takes less than two characters */
	count = kpi_form_int64(&form, 0, (int64) strlen(form.next) / 2);
	state = make_state(count > 0, transaction, lifetime, (int) count);
	state->count = (int32) count;
	for (Size i = 0; i < (Size) kpi_covariate_width(state) * count; i++)
		state->value[i] = kpi_form_double(&form) + 0.0;
	kpi_form_end(&form);
	if (!rows_are_valid(state))
		kpi_form_fail(&form);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(kpi_covariate_state_send);
Datum
kpi_covariate_state_send(PG_FUNCTION_ARGS)
{
	const KpiCovariateState *state = (const KpiCovariateState *) PG_GETARG_VARLENA_P(0);
	int			width = kpi_covariate_width(state);
	int			count;
	double	   *row = kpi_read_covariates(state, &count);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	pq_sendbyte(&out, state->transaction);
	pq_sendbyte(&out, state->lifetime);
	pq_sendint32(&out, count);
	for (Size i = 0; i < (Size) width * count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendfloat8(&out, row[i]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(kpi_covariate_state_recv);
Datum
kpi_covariate_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	KpiCovariateState *state;
	int			transaction;
	int			lifetime;
	int64		count;

	kpi_check_version(TYPE_NAME, pq_getmsgbyte(in));
	transaction = pq_getmsgbyte(in);
	lifetime = pq_getmsgbyte(in);
	count = (int32) pq_getmsgint(in, 4);
	if (transaction + lifetime > KPI_MAX_COVARIATES || count < 0 ||
		count * (KPI_COVARIATE_FIRST + transaction + lifetime + 1) * (int64) sizeof(double) !=
		in->len - in->cursor)
		kpi_bad_binary(TYPE_NAME);
	state = make_state(count > 0, transaction, lifetime, (int) count);
	state->count = (int32) count;
	for (Size i = 0; i < (Size) kpi_covariate_width(state) * count; i++)
		state->value[i] = pq_getmsgfloat8(in) + 0.0;
	if (!rows_are_valid(state))
		kpi_bad_binary(TYPE_NAME);
	PG_RETURN_POINTER(state);
}
