/*-------------------------------------------------------------------------
 *
 * state.c
 *	  The rows of a scorecard, collected: kpi.rollup_state.
 *
 * The state is one flat value: a header and the rows, packed, with spare
 * room at its end while an aggregate fills it.  Rows are kept in the order
 * they came; what is computed from them does not depend on it.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/state.h"

#include "base/state.h"
#include "utils/memutils.h"

/* Room for rows in a state that an aggregate begins. */
#define FIRST_SIZE 1024

/* A state may not be larger; the result must still fit an array. */
#define MAX_SIZE (MaxAllocSize / 2)

/* An empty state of that size. */
static KpiRollup *
new_state(bool exact, Size size)
{
	/* the room for more rows is stored with a state */
	KpiRollup  *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->exact = exact;
	return state;
}

/* A state without rows and without room for any. */
KpiRollup *
kpi_rollup_new(bool exact)
{
	return new_state(exact, sizeof(KpiRollup));
}

/*
 * The state with room for more bytes of rows: itself if it may be written to
 * and has the room, else a copy, with spare room if it will be written again.
 */
static KpiRollup *
reserve(KpiRollup *state, Size more, bool writable)
{
	Size		needed = sizeof(KpiRollup) + state->used + more;
	Size		size = needed;
	Size		filled = sizeof(KpiRollup) + state->used;
	KpiRollup  *copy;

	if (writable && needed <= VARSIZE(state))
		return state;
	if (needed > MAX_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("scorecard of %u rows takes more than %zu bytes",
						state->count, (Size) MAX_SIZE),
				 errhint("Roll up one scorecard at a time, with GROUP BY or shorter node names.")));
	if (writable)
		size = Min(Max(2 * needed, sizeof(KpiRollup) + FIRST_SIZE), MAX_SIZE);
	copy = new_state(state->exact, size);
	copy->count = state->count;
	copy->used = state->used;
	memcpy(KPI_ROLLUP_FIRST(copy), KPI_ROLLUP_FIRST(state), state->used);
	memset((char *) copy + filled, 0, size - filled);
	return copy;
}

/* The state with one more row. */
KpiRollup *
kpi_rollup_append(KpiRollup *state, const KpiRollupRow *row, bool writable)
{
	Size		size = kpi_rollup_size(state->exact, row);

	state = reserve(state, size, writable);
	kpi_rollup_pack((KpiRollupEntry *) ((char *) KPI_ROLLUP_FIRST(state) + state->used),
					state->exact, row);
	state->used += size;
	state->count++;
	return state;
}

/* A copy of the state without spare room. */
KpiRollup *
kpi_rollup_compact(KpiRollup *state)
{
	return reserve(state, 0, false);
}

/* Add the row of the arguments to the state. */
static Datum
accumulate(FunctionCallInfo fcinfo, bool exact)
{
	KpiRollup  *state;
	KpiRollupRow row;

	kpi_rollup_read(&fcinfo->args[1], PG_NARGS() - 1, exact, &row);
	if (PG_ARGISNULL(0))
		state = kpi_rollup_new(exact);
	else
		state = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	if (state->exact != exact)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rollup state of %s rows takes no %s row",
						state->exact ? "numeric" : "float8", exact ? "numeric" : "float8")));
	PG_RETURN_POINTER(kpi_rollup_append(state, &row, kpi_is_aggregate(fcinfo)));
}

/* rollup_accum(state, node, parent, weight, score, ...): numeric rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_accum_numeric);
Datum
kpi_rollup_accum_numeric(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, true);
}

/* The same for float8 rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_accum_float8);
Datum
kpi_rollup_accum_float8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, false);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_rollup_combine);
Datum
kpi_rollup_combine(PG_FUNCTION_ARGS)
{
	KpiRollup  *state;
	KpiRollup  *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	other = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	if (state->exact != other->exact)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rollup states of numeric and of float8 rows cannot be combined")));
	state = reserve(state, other->used, kpi_is_aggregate(fcinfo));
	memcpy((char *) KPI_ROLLUP_FIRST(state) + state->used, KPI_ROLLUP_FIRST(other), other->used);
	state->used += other->used;
	state->count += other->count;
	PG_RETURN_POINTER(state);
}

/* rollup_rows: the state as it is to be stored, without spare room. */
PG_FUNCTION_INFO_V1(kpi_rollup_compacted);
Datum
kpi_rollup_compacted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_rollup_compact((KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0))));
}
