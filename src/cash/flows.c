/*-------------------------------------------------------------------------
 *
 * flows.c
 *	  Cash flows, collected: kpi.cash_flows_state, and read from arrays.
 *
 * A flow has a whole number of a period, or a date.  Times are counted from the
 * first flow on, in periods or in years of 365 days.
 *
 * State: a bag (base/bag.h) of times with the sum of their amounts, compensated,
 * in 24 bytes; so the order of the rows makes no difference but in the last bit.
 *
 * NULL rule: rows without an amount or a time are left out; an amount that is
 * NaN or infinite makes every answer NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "cash/flows.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/list.h"
#include "base/state.h"
#include "base/twosum.h"
#include "utils/date.h"
#include "utils/float.h"

#define HAS_INVALID 0x01
#define IS_DATED 0x02

#define DAYS_PER_365 365.0

/* Days of float8 arguments, so that all of them are exact. */
#define MAX_PERIOD 1000000000

typedef struct Flow
{
	int64		time;
	KpiSum		amount;
} Flow;

typedef struct KpiCashFlows
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint8		unused[2];
	int32		count;
	int32		sorted;
	Flow		flow[FLEXIBLE_ARRAY_MEMBER];
} KpiCashFlows;

#define INITIAL_FLOWS 16
#define MAX_FLOWS ((int) ((MaxAllocSize - offsetof(KpiCashFlows, flow)) / sizeof(Flow)))

pg_noreturn static void too_many_flows(void);

/* Add the amount of another flow at the same time. */
static inline void
add_amount(Flow *to, const Flow *from)
{
	kpi_sum_add_sum(&to->amount, &from->amount);
	if (unlikely(!kpi_is_number(kpi_sum_value(to->amount))))
		float_overflow_error();
}

#define BAG_PREFIX flows
#define BAG_STATE KpiCashFlows
#define BAG_ENTRY Flow
#define BAG_ENTRIES flow
#define BAG_COMPARE(a, b, width) (((a)->time > (b)->time) - ((a)->time < (b)->time))
#define BAG_MERGE(a, b) add_amount(a, b)
#define BAG_MAX(state) MAX_FLOWS
#define BAG_FULL(state) too_many_flows()
#define BAG_INSERT 48
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_flows(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d different times of cash flows", MAX_FLOWS),
			 errhint("Group the flows, or sum them up by month.")));
}

/* The state in argument 0, to be written; a new one for NULL. */
static KpiCashFlows *
writable_state(FunctionCallInfo fcinfo, uint8 flags)
{
	KpiCashFlows *state = kpi_writable_varlena(fcinfo);
	KpiCashFlows empty = {.version = KPI_STATE_VERSION,.flags = flags};

	if (state == NULL)
		return flows_copy(&empty, INITIAL_FLOWS);
	if ((state->flags & IS_DATED) != (flags & IS_DATED))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("flows of periods and flows of dates make no sum together"),
				 errhint("Merge states of the same kind.")));
	return state;
}

/* Take a flow of a row. */
static Datum
take_flow(KpiCashFlows *state, double amount, int64 time)
{
	Flow		flow = {time, {amount, 0}};

	if (!kpi_is_number(amount))
		state->flags |= HAS_INVALID;
	else
		state = flows_put(state, &flow);
	PG_RETURN_POINTER(state);
}

/* Transition of flows by period. */
PG_FUNCTION_INFO_V1(kpi_cash_flows_accum_period);
Datum
kpi_cash_flows_accum_period(PG_FUNCTION_ARGS)
{
	KpiCashFlows *state = writable_state(fcinfo, 0);
	int			period;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	period = kpi_check_whole(PG_GETARG_FLOAT8(2), "period");
	if (period > MAX_PERIOD || period < -MAX_PERIOD)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period %d is beyond %d", period, MAX_PERIOD),
				 errhint("Number the periods from 0 or 1 on.")));
	return take_flow(state, PG_GETARG_FLOAT8(1), period);
}

/* Transition of flows by date. */
PG_FUNCTION_INFO_V1(kpi_cash_flows_accum_date);
Datum
kpi_cash_flows_accum_date(PG_FUNCTION_ARGS)
{
	KpiCashFlows *state = writable_state(fcinfo, IS_DATED);

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || DATE_NOT_FINITE(PG_GETARG_DATEADT(2)))
		PG_RETURN_POINTER(state);
	return take_flow(state, PG_GETARG_FLOAT8(1), PG_GETARG_DATEADT(2));
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_cash_flows_combine);
Datum
kpi_cash_flows_combine(PG_FUNCTION_ARGS)
{
	KpiCashFlows *state;
	const KpiCashFlows *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	other = (const KpiCashFlows *) PG_GETARG_VARLENA_P(1);
	state = writable_state(fcinfo, other->flags);
	state->flags |= other->flags;
	PG_RETURN_POINTER(flows_absorb(state, other));
}

/* Final function: the flows in order, without spare room. */
PG_FUNCTION_INFO_V1(kpi_cash_flows_done);
Datum
kpi_cash_flows_done(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(flows_packed((const KpiCashFlows *) PG_GETARG_VARLENA_P(0)));
}

/* The flows of a state in order. */
static KpiFlows
flows_of(const KpiCashFlows *state)
{
	KpiFlows	flows;
	double		unit = state->flags & IS_DATED ? DAYS_PER_365 : 1;

	flows.count = state->count;
	flows.valid = (state->flags & HAS_INVALID) == 0;
	flows.time = palloc_extended(sizeof(double) * Max(flows.count, 1), MCXT_ALLOC_HUGE);
	flows.amount = palloc_extended(sizeof(double) * Max(flows.count, 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < flows.count; i++)
	{
		flows.time[i] = (double) (state->flow[i].time - state->flow[0].time) / unit;
		flows.amount[i] = kpi_sum_value(state->flow[i].amount);
		flows.valid = flows.valid && kpi_is_number(flows.amount[i]);
	}
	return flows;
}

/* The flows of a value. */
KpiFlows
kpi_flows_of_state(Datum state)
{
	return flows_of(flows_ordered((const KpiCashFlows *) PG_DETOAST_DATUM(state)));
}

/* The flows of an array of amounts, at periods from 0 on or, where days is an argument, at dates. */
KpiFlows
kpi_flows_of_arrays(FunctionCallInfo fcinfo, int amounts, int days)
{
	KpiList		amount = {0};
	KpiList		day = {0};
	KpiCashFlows empty = {.version = KPI_STATE_VERSION,.flags = days > 0 ? IS_DATED : 0};
	KpiCashFlows *state;

	if (ARR_NDIM(PG_GETARG_ARRAYTYPE_P(amounts)) > 0 || (days > 0 && ARR_NDIM(PG_GETARG_ARRAYTYPE_P(days)) > 0))
		amount = kpi_number_list(PG_GETARG_ARRAYTYPE_P(amounts), "amounts");
	state = flows_copy(&empty, amount.count);
	if (days > 0 && amount.count > 0)
	{
		day = kpi_list(PG_GETARG_ARRAYTYPE_P(days), "days");
		kpi_check_same_length(&amount, "amounts", &day, "days");
	}
	for (int i = 0; i < amount.count; i++)
	{
		int64		time = i;

		if (amount.is_null[i] || (days > 0 && (day.is_null[i] || DATE_NOT_FINITE(DatumGetDateADT(day.element[i])))))
			continue;
		if (days > 0)
			time = DatumGetDateADT(day.element[i]);
		state = (KpiCashFlows *) DatumGetPointer(take_flow(state, kpi_list_float8(&amount, i, "amounts"), time));
	}
	return flows_of(flows_ordered(state));
}

/* Whether an aggregate could produce the state. */
static bool
accept_state(void *value)
{
	KpiCashFlows *state = value;

	for (int i = 0; i < state->count; i++)
	{
		int64		time = state->flow[i].time;

		if ((i > 0 && state->flow[i - 1].time >= time) || !kpi_fits_int32(time))
			return false;
	}
	state->sorted = state->count;
	return (state->flags & ~(HAS_INVALID | IS_DATED)) == 0;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return flows_ordered((const KpiCashFlows *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi.cash_flows_state",
	.size = offsetof(KpiCashFlows, flow),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiCashFlows, version),
		KPI_FIELD(BYTE, KpiCashFlows, flags)
	},
	.accept = accept_state,
	.count = offsetof(KpiCashFlows, count),
	.entry_size = sizeof(Flow),
	.entry = {
		KPI_FIELD(INT64, Flow, time),
		KPI_FIELD(DOUBLE, Flow, amount)
	},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_cash_flows_state, layout)
