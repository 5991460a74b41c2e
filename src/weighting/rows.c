/*-------------------------------------------------------------------------
 *
 * rows.c
 *	  Rows of numbers, collected, with a weight each.
 *
 * State: a bag of rows of doubles, see base/bag.h; equal rows are one, and their
 * weights are added up exactly.  So what is read does not depend on the order
 * of the rows or on the plan.
 *
 * Text form: version, columns, rows left out, number of rows, then the rows in
 * order, each with its weight last.
 *
 *-------------------------------------------------------------------------
 */
#include "weighting/rows.h"

#include "base/check.h"
#include "base/state.h"
#include "base/twosum.h"
#include "utils/float.h"
#include "utils/memutils.h"

#define FIRST_ROOM 8

/* Values of a row, with its weight. */
static inline int
width_of(const KpiRows *state)
{
	return (int) state->columns + 1;
}

/* Rows that a value of the server's can hold. */
static inline int64
max_rows(const KpiRows *state)
{
	return (int64) ((MaxAllocSize - offsetof(KpiRows, value)) / (width_of(state) * sizeof(double)));
}

pg_noreturn static void too_many_rows(const KpiRows *state);

#define BAG_PREFIX rows
#define BAG_STATE KpiRows
#define BAG_ENTRY double
#define BAG_ENTRIES value
#define BAG_WIDTH(state) width_of(state)
#define BAG_WEIGHT(a, width) (a)[(width) - 1]
#define BAG_MAX(state) max_rows(state)
#define BAG_FULL(state) too_many_rows(state)
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_rows(const KpiRows *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than " INT64_FORMAT " different rows of " INT64_FORMAT " values", max_rows(state), state->columns),
			 errhint("Round the values, or take fewer rows.")));
}

/* A state without rows, which will have so many columns. */
static KpiRows *
make_state(int64 columns, int64 missing, int rows)
{
	KpiRows		state = {.version = KPI_STATE_VERSION,.columns = columns,.missing = missing};

	return rows_copy(&state, rows);
}

/* The columns of all rows are as many. */
static void
check_columns(const KpiRows *state, int64 columns)
{
	if (columns >= KPI_MAX_ROW_WIDTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a row of " INT64_FORMAT " values is longer than %d", columns, KPI_MAX_ROW_WIDTH - 1)));
	if (state->columns != columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a row of " INT64_FORMAT " values comes after rows of " INT64_FORMAT, columns, state->columns),
				 errhint("All rows of a group have the same columns, in the same order; write NULL for a value that is missing.")));
}

/* The state in argument 0, to be written, for rows of so many values; 0: not known. */
KpiRows *
kpi_rows_begin(FunctionCallInfo fcinfo, int columns)
{
	KpiRows    *state = kpi_writable_varlena(fcinfo);

	if (state == NULL || (state->columns == 0 && columns > 0))
		state = make_state(columns, state == NULL ? 0 : state->missing, FIRST_ROOM);
	if (columns > 0)
		check_columns(state, columns);
	return state;
}

/* Take in a row; the state may move. */
KpiRows *
kpi_rows_add(KpiRows *state, const double *row, double weight)
{
	double		entry[KPI_MAX_ROW_WIDTH];

	/* + 0 makes minus zero plain zero */
	for (int i = 0; i < state->columns; i++)
		entry[i] = row[i] + 0.0;
	entry[state->columns] = weight;
	state = rows_reserve(state, 1);
	rows_append(state, entry);
	return state;
}

/* Combine two states; NULL only if both are NULL. */
Datum
kpi_rows_merge(FunctionCallInfo fcinfo)
{
	KpiRows    *state;
	const KpiRows *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	other = (const KpiRows *) PG_GETARG_VARLENA_P(1);
	state = kpi_rows_begin(fcinfo, (int) other->columns);
	state->missing += other->missing;
	if (other->count > 0)
		state = rows_absorb(state, other);
	PG_RETURN_POINTER(state);
}

/* The rows in order, no two equal, each with its weight. */
KpiReadRows
kpi_rows_read(const KpiRows *state)
{
	int			width = width_of(state);
	KpiRows    *copy = rows_copy(state, state->count);
	KpiReadRows rows = {.missing = state->missing};
	KpiSum		sum = {0, 0};
	int			count;

	rows_tidy(copy);
	count = rows_round_weights(copy->value, copy->count, width);
	rows.matrix = kpi_new_matrix(count, width - 1);
	rows.weight = palloc(Max(count, 1) * sizeof(double));
	for (int i = 0; i < count; i++)
	{
		const double *row = copy->value + (Size) i * width;

		memcpy(kpi_matrix_row(&rows.matrix, i), row, (width - 1) * sizeof(double));
		rows.weight[i] = row[width - 1];
		kpi_sum_add(&sum, rows.weight[i]);
	}
	pfree(copy);
	rows.n = kpi_sum_value(sum);
	if (!kpi_is_number(rows.n))
		float_overflow_error();
	return rows;
}

/* Whether an aggregate could produce the rows; puts them in order. */
bool
kpi_rows_accept(KpiRows *state)
{
	int			width = width_of(state);

	if (state->columns >= KPI_MAX_ROW_WIDTH || (state->columns == 0 && state->count > 0))
		return false;
	for (int i = 0; i < state->count; i++)
	{
		if (state->value[(Size) i * width + width - 1] <= 0)
			return false;
	}
	rows_tidy(state);
	return true;
}

/* Values of a row, by the header of a state. */
int
kpi_rows_width(const void *state)
{
	return (int) Min(((const KpiRows *) state)->columns, KPI_MAX_ROW_WIDTH) + 1;
}

/* The state as it is written. */
const void *
kpi_rows_ordered(Datum datum)
{
	return rows_ordered((const KpiRows *) PG_DETOAST_DATUM(datum));
}
