/*-------------------------------------------------------------------------
 *
 * status_count.c
 *	  kpi.status_counts: how many statuses are bad, middle, good or missing.
 *
 * State: four counters.  NULL rule: a NULL status counts as no data; without
 * rows all counts are 0.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "base/layout.h"
#include "base/state.h"
#include "common/int.h"
#include "funcapi.h"

/* The order of the columns of kpi.status_count. */
#define BAD 0
#define NO_DATA 3
#define COUNTS 4

typedef struct KpiStatusState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		count[COUNTS];	/* by status + 1, then those without data */
} KpiStatusState;

StaticAssertDecl(sizeof(KpiStatusState) == 40, "status_state is declared with 40 bytes");

/* Add to a count; beyond bigint is an error. */
static void
add_count(KpiStatusState *state, int place, int64 more)
{
	if (pg_add_s64_overflow(state->count[place], more, &state->count[place]))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("count of statuses out of range")));
}

/* status_state_accum(state, status): one more status; NULL is no data. */
PG_FUNCTION_INFO_V1(kpi_status_state_accum);
Datum
kpi_status_state_accum(PG_FUNCTION_ARGS)
{
	KpiStatusState *state;
	double		status = PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1);

	if (status != -1 && status != 0 && status != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("status %g is not -1, 0 or 1", status),
				 errhint("Use -1 for bad, 0 for middle, 1 for good and NULL for no data.")));
	state = kpi_writable_fixed(fcinfo, sizeof(KpiStatusState));
	add_count(state, PG_ARGISNULL(1) ? NO_DATA : (int) status + 1, 1);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_status_state_combine);
Datum
kpi_status_state_combine(PG_FUNCTION_ARGS)
{
	KpiStatusState *state;
	const KpiStatusState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiStatusState));
	other = (const KpiStatusState *) PG_GETARG_POINTER(1);
	for (int i = BAD; i < COUNTS; i++)
		add_count(state, i, other->count[i]);
	PG_RETURN_POINTER(state);
}

/* status_counts(state): the counts as a row. */
PG_FUNCTION_INFO_V1(kpi_status_state_counts);
Datum
kpi_status_state_counts(PG_FUNCTION_ARGS)
{
	const KpiStatusState *state = (const KpiStatusState *) PG_GETARG_POINTER(0);
	Datum		values[COUNTS];
	bool		nulls[COUNTS] = {false};
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int i = BAD; i < COUNTS; i++)
	{
		if (state->count[i] > PG_INT32_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("count of statuses " INT64_FORMAT " out of range for type integer",
							state->count[i])));
		values[i] = Int32GetDatum((int32) state->count[i]);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

static const KpiLayout layout = {
	.type = "kpi_internal.status_state",
	.size = sizeof(KpiStatusState),
	.field = {
		KPI_FIELD(VERSION, KpiStatusState, version),
		KPI_FIELD(COUNT, KpiStatusState, count)
	}
};

KPI_STATE_FORMS(kpi_status_state, layout)
