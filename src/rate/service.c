/*-------------------------------------------------------------------------
 *
 * service.c
 *	  Whether cases are closed when they were due.
 *
 *	on_time		closed by the time they were due
 *	late		closed after it
 *	overdue		open, and due before as_of
 *	pending		open, and not due before as_of
 *
 *	timely_rate	on_time / (on_time + late + overdue)
 *
 * What is pending is on neither side, for nobody knows yet (it is censored):
 * with it below the line a department with much new work would seem late,
 * without what is overdue one that never closes its hard cases punctual.
 *
 * All is seen as of as_of: a case opened after it is not there yet, one closed
 * after it still open.  NULL rule: closed is NULL for an open case; an opened
 * that is NULL was there before; without due nothing was promised, and the
 * case is left out.  An infinite due is never reached.
 *
 * State: the four counts.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "base/estimate.h"
#include "base/layout.h"
#include "base/state.h"
#include "common/int.h"
#include "funcapi.h"
#include "math/quantile.h"
#include "math/wilson.h"
#include "utils/date.h"
#include "utils/timestamp.h"

/* The order of the columns of kpi.case_count. */
enum
{
	ON_TIME, LATE, OVERDUE, PENDING, COUNTS
};

/* Arguments of the transitions. */
enum
{
	ARG_OPENED = 1, ARG_CLOSED, ARG_DUE, ARG_AS_OF, ARG_WEIGHT
};

typedef struct KpiTimeliness
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		count[COUNTS];
} KpiTimeliness;

StaticAssertDecl(sizeof(KpiTimeliness) == 40, "timeliness is declared with 40 bytes");

/* Reads a time of a case, of which only the order counts. */
typedef int64 (*ReadTime) (FunctionCallInfo fcinfo, int n);

/* A date of a case. */
static int64
date_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_GETARG_DATEADT(n);
}

/* A timestamp of a case, with time zone or without. */
static int64
timestamp_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_GETARG_TIMESTAMP(n);
}

/* Count more cases of a kind. */
static void
add_count(KpiTimeliness *state, int place, int64 more)
{
	if (pg_add_s64_overflow(state->count[place], more, &state->count[place]))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of cases out of range")));
}

/* What a case is as of a time. */
static int
judge(FunctionCallInfo fcinfo, ReadTime read, int64 as_of)
{
	int64		due = read(fcinfo, ARG_DUE);

	if (!PG_ARGISNULL(ARG_CLOSED))
	{
		int64		closed = read(fcinfo, ARG_CLOSED);

		if (closed <= as_of)
			return closed <= due ? ON_TIME : LATE;
	}
	return due < as_of ? OVERDUE : PENDING;
}

/* The transition over cases whose times are read so. */
static Datum
accumulate(FunctionCallInfo fcinfo, ReadTime read)
{
	KpiTimeliness *state = kpi_writable_fixed(fcinfo, sizeof(KpiTimeliness));
	int64		weight = 1;
	int64		as_of;

	if (PG_ARGISNULL(ARG_AS_OF))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of is null"),
				 errhint("Give the time as of which the cases are seen, such as now().")));
	if (PG_ARGISNULL(ARG_DUE) || (PG_NARGS() > ARG_WEIGHT && PG_ARGISNULL(ARG_WEIGHT)))
		PG_RETURN_POINTER(state);
	if (PG_NARGS() > ARG_WEIGHT)
		weight = kpi_check_count(PG_GETARG_FLOAT8(ARG_WEIGHT), "weight");
	as_of = read(fcinfo, ARG_AS_OF);
	if (PG_ARGISNULL(ARG_OPENED) || read(fcinfo, ARG_OPENED) <= as_of)
		add_count(state, judge(fcinfo, read, as_of), weight);
	PG_RETURN_POINTER(state);
}

/* The transition over dates. */
PG_FUNCTION_INFO_V1(kpi_timeliness_accum_date);
Datum
kpi_timeliness_accum_date(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, date_argument);
}

/* The transition over timestamps, with time zone or without. */
PG_FUNCTION_INFO_V1(kpi_timeliness_accum_timestamp);
Datum
kpi_timeliness_accum_timestamp(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, timestamp_argument);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_timeliness_combine);
Datum
kpi_timeliness_combine(PG_FUNCTION_ARGS)
{
	KpiTimeliness *state;
	const KpiTimeliness *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiTimeliness));
	other = (const KpiTimeliness *) PG_GETARG_POINTER(1);
	for (int i = 0; i < COUNTS; i++)
		add_count(state, i, other->count[i]);
	PG_RETURN_POINTER(state);
}

/* The cases that were due, and of them those on time. */
static double
due_cases(FunctionCallInfo fcinfo, double *on_time)
{
	const KpiTimeliness *state = (const KpiTimeliness *) PG_GETARG_POINTER(0);

	*on_time = (double) state->count[ON_TIME];
	return *on_time + (double) state->count[LATE] + (double) state->count[OVERDUE];
}

/* timely_rate(timeliness): the share of the cases due that were closed by then. */
PG_FUNCTION_INFO_V1(kpi_timely_rate);
Datum
kpi_timely_rate(PG_FUNCTION_ARGS)
{
	double		on_time;
	double		due = due_cases(fcinfo, &on_time);

	if (due == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(on_time / due);
}

/* timely_ci(timeliness, confidence): with its Wilson interval. */
PG_FUNCTION_INFO_V1(kpi_timely_ci);
Datum
kpi_timely_ci(PG_FUNCTION_ARGS)
{
	double		z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(1)));
	double		on_time;
	double		due = due_cases(fcinfo, &on_time);
	KpiEstimate result;

	if (due == 0)
		PG_RETURN_NULL();
	result = kpi_wilson(on_time, due, z);
	return kpi_estimate_datum(fcinfo, &result);
}

/* case_counts(timeliness): the four counts as a row. */
PG_FUNCTION_INFO_V1(kpi_case_counts);
Datum
kpi_case_counts(PG_FUNCTION_ARGS)
{
	const KpiTimeliness *state = (const KpiTimeliness *) PG_GETARG_POINTER(0);
	TupleDesc	desc;
	Datum		value[COUNTS];
	bool		isnull[COUNTS] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int i = 0; i < COUNTS; i++)
		value[i] = Int64GetDatum(state->count[i]);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), value, isnull)));
}

static const KpiLayout layout = {
	.type = "kpi.timeliness",
	.size = sizeof(KpiTimeliness),
	.field = {
		KPI_FIELD(VERSION, KpiTimeliness, version),
		KPI_FIELD(COUNT, KpiTimeliness, count)
	}
};

KPI_STATE_FORMS(kpi_timeliness, layout)
