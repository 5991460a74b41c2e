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
#include "base/form.h"
#include "common/int.h"
#include "funcapi.h"
#include "libpq/pqformat.h"

#define TYPE_NAME "kpi.status_state"

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

/* The state of an argument, to be written. */
static KpiStatusState *
writable_state(FunctionCallInfo fcinfo)
{
	KpiStatusState *state;

	if (AggCheckCallContext(fcinfo, NULL))
		return (KpiStatusState *) PG_GETARG_POINTER(0);
	state = palloc(sizeof(KpiStatusState));
	memcpy(state, PG_GETARG_POINTER(0), sizeof(KpiStatusState));
	return state;
}

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
	int32		status = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (status < -1 || status > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("status %d is not -1, 0 or 1", status),
				 errhint("Use -1 for bad, 0 for middle, 1 for good and NULL for no data.")));
	state = writable_state(fcinfo);
	add_count(state, PG_ARGISNULL(1) ? NO_DATA : status + 1, 1);
	PG_RETURN_POINTER(state);
}

/* status_state_combine(state, state): the counts of both. */
PG_FUNCTION_INFO_V1(kpi_status_state_combine);
Datum
kpi_status_state_combine(PG_FUNCTION_ARGS)
{
	KpiStatusState *state = writable_state(fcinfo);
	const KpiStatusState *other = (const KpiStatusState *) PG_GETARG_POINTER(1);

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

/* Text form: version and the four counts. */
PG_FUNCTION_INFO_V1(kpi_status_state_out);
Datum
kpi_status_state_out(PG_FUNCTION_ARGS)
{
	const KpiStatusState *state = (const KpiStatusState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d", state->version);
	for (int i = BAD; i < COUNTS; i++)
		appendStringInfo(&out, " " INT64_FORMAT, state->count[i]);
	PG_RETURN_CSTRING(out.data);
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_status_state_in);
Datum
kpi_status_state_in(PG_FUNCTION_ARGS)
{
	KpiStatusState *state = palloc0(sizeof(KpiStatusState));
	KpiForm		form;

	kpi_form_start(&form, TYPE_NAME, PG_GETARG_CSTRING(0));
	kpi_check_version(TYPE_NAME, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	state->version = KPI_STATE_VERSION;
	for (int i = BAD; i < COUNTS; i++)
		state->count[i] = kpi_form_int64(&form, 0, PG_INT64_MAX);
	kpi_form_end(&form);
	PG_RETURN_POINTER(state);
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_status_state_send);
Datum
kpi_status_state_send(PG_FUNCTION_ARGS)
{
	const KpiStatusState *state = (const KpiStatusState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	for (int i = BAD; i < COUNTS; i++)
		pq_sendint64(&out, state->count[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_status_state_recv);
Datum
kpi_status_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	KpiStatusState *state = palloc0(sizeof(KpiStatusState));

	kpi_check_version(TYPE_NAME, pq_getmsgbyte(in));
	state->version = KPI_STATE_VERSION;
	for (int i = BAD; i < COUNTS; i++)
	{
		state->count[i] = pq_getmsgint64(in);
		if (state->count[i] < 0)
			kpi_bad_binary(TYPE_NAME);
	}
	pq_getmsgend(in);
	PG_RETURN_POINTER(state);
}
