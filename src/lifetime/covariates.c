/*-------------------------------------------------------------------------
 *
 * covariates.c
 *	  Customers with static covariates, collected: kpi.covariate_state.
 *
 * State: a bag of rows of doubles, see base/bag.h: t, recency, frequency, the
 * covariates of the purchases, those of leaving, and the weight.
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

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "catalog/pg_type.h"
#include "lifetime/triples.h"

#define FIRST_ROOM 8

/* Rows that a value of the server's can hold. */
static inline int64
max_rows(const KpiCovariateState *state)
{
	return (int64) ((MaxAllocSize - offsetof(KpiCovariateState, value)) /
					(kpi_covariate_width(state) * sizeof(double)));
}

pg_noreturn static void too_many_rows(const KpiCovariateState *state);

#define BAG_PREFIX rows
#define BAG_STATE KpiCovariateState
#define BAG_ENTRY double
#define BAG_ENTRIES value
#define BAG_WIDTH(state) kpi_covariate_width(state)
#define BAG_WEIGHT(a, width) (a)[(width) - 1]
#define BAG_MAX(state) max_rows(state)
#define BAG_FULL(state) too_many_rows(state)
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_rows(const KpiCovariateState *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than " INT64_FORMAT " different customers", max_rows(state)),
			 errhint("Round recency, t and the covariates, or fit a sample.")));
}

/* A state without rows. */
static KpiCovariateState *
make_state(bool has_rows, int transaction, int lifetime, int rows)
{
	KpiCovariateState state = {
		.version = KPI_STATE_VERSION,.has_rows = has_rows,
		.transaction = transaction,.lifetime = lifetime
	};

	return rows_copy(&state, rows);
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

/* The numbers of covariates, which are those of the state before. */
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
		weight = kpi_check_customers(PG_GETARG_FLOAT8(6));
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
	KpiCovariateState *state = kpi_writable_varlena(fcinfo);
	double		row[KPI_COVARIATE_FIRST + 2 * KPI_MAX_COVARIATES + 1];
	int			transaction;
	int			lifetime;

	if (!read_row(fcinfo, row, &transaction, &lifetime))
		PG_RETURN_POINTER(state != NULL ? state : make_state(false, 0, 0, 0));
	check_counts(state, transaction, lifetime);
	if (state == NULL || !state->has_rows)
		state = make_state(true, transaction, lifetime, FIRST_ROOM);
	state = rows_reserve(state, 1);
	rows_append(state, row);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_covariate_combine);
Datum
kpi_covariate_combine(PG_FUNCTION_ARGS)
{
	KpiCovariateState *state;
	const KpiCovariateState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	other = (const KpiCovariateState *) PG_GETARG_VARLENA_P(1);
	state = kpi_writable_varlena(fcinfo);
	if (!other->has_rows)
		PG_RETURN_POINTER(state);
	check_counts(state, other->transaction, other->lifetime);
	if (!state->has_rows)
		state = make_state(true, other->transaction, other->lifetime, other->count);
	PG_RETURN_POINTER(rows_absorb(state, other));
}

/* A copy of the rows of a state, in order, no two of one customer. */
double *
kpi_read_covariates(const KpiCovariateState *state, int *count)
{
	int			width = kpi_covariate_width(state);
	KpiCovariateState *copy = rows_copy(state, state->count);

	rows_tidy(copy);
	*count = rows_round_weights(copy->value, copy->count, width);
	return copy->value;
}

/* Whether an aggregate could produce the rows. */
static bool
accept_state(void *value)
{
	KpiCovariateState *state = value;
	int			width = kpi_covariate_width(state);

	if (state->transaction + state->lifetime > KPI_MAX_COVARIATES)
		return false;
	for (int i = 0; i < state->count; i++)
	{
		const double *row = state->value + (Size) width * i;
		double		frequency = row[KPI_COVARIATE_FREQUENCY];
		double		recency = row[KPI_COVARIATE_RECENCY];

		if (frequency < 0 || frequency != rint(frequency) || recency < 0 ||
			recency > row[KPI_COVARIATE_T] || (frequency == 0 && recency > 0) ||
			row[width - 1] <= 0)
			return false;
	}
	state->has_rows = state->count > 0;
	rows_tidy(state);
	return true;
}

/* Values of a row, by the header of a state. */
static int
row_width(const void *state)
{
	return kpi_covariate_width(state);
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return rows_ordered((const KpiCovariateState *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi.covariate_state",
	.size = offsetof(KpiCovariateState, value),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiCovariateState, version),
		KPI_FIELD(BYTE, KpiCovariateState, transaction),
		KPI_FIELD(BYTE, KpiCovariateState, lifetime)
	},
	.accept = accept_state,
	.count = offsetof(KpiCovariateState, count),
	.entry_size = sizeof(double),
	.entry = {{KPI_FIELD_PLAIN, 0, sizeof(double), 0}},
	.width = row_width,
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_covariate_state, layout)
