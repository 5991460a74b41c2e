/*-------------------------------------------------------------------------
 *
 * rfm.c
 *	  The purchase history of a customer as frequency, recency, age and money.
 *
 * Purchases of one day are one; with a unit shorter than a day those of one
 * unit are, with a unit of months those of one calendar unit.  The first one
 * makes a person a customer and is not counted:
 *
 *	frequency		days with a purchase, less the first
 *	recency			time from the first to the last of them, in units
 *	t				time from the first of them to as_of, in units
 *	monetary_value	money of all but the first day / frequency
 *
 * Rows after the day of as_of are left out.  Days are those of the calendar
 * the values show: of the session's time zone for timestamptz.
 *
 * State: the distinct days ("slots") as a set of integers, see base/bag.h, and
 * the money of the first and of all later slots as compensated sums.
 *
 * NULL rule: rows without a finite ts are left out, and the result is NULL
 * where no row is left.  monetary_value is NULL where frequency is 0 and where
 * the money of a later slot is NULL, NaN or infinite: unknown is not 0.
 *
 * Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, "RFM and CLV: using iso-value
 * curves for customer base analysis", Journal of Marketing Research 42(4), 2005.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "access/htup_details.h"
#include "base/check.h"
#include "base/exact.h"
#include "base/layout.h"
#include "base/state.h"
#include "base/twosum.h"
#include "funcapi.h"
#include "base/slot.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

#define FIRST_UNKNOWN 0x01
#define LATER_UNKNOWN 0x02
#define ALL_FLAGS	(FIRST_UNKNOWN | LATER_UNKNOWN)

#define KPI_MAX_SLOTS 100000000
#define EXACT_INTEGER 9007199254740992.0

typedef struct KpiRfmState
{
	int32		vl_len_;
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint16		unused;
	int32		count;
	int32		sorted;			/* so many slots are in order and distinct */
	int64		as_of;			/* the last slot that counts */
	int64		unit;			/* microseconds, or months below 0 */
	int64		first_slot;
	KpiSum		first;			/* money of the first slot */
	KpiSum		later;			/* money of the others */
	int64		slot[FLEXIBLE_ARRAY_MEMBER];
} KpiRfmState;

#define INITIAL_SLOTS 7			/* which makes 128 bytes with the header */

StaticAssertDecl(offsetof(KpiRfmState, slot) == 72, "no holes in rfm_state");

pg_noreturn static void too_many_slots(void);

/* The order of slots. */
static inline int
compare_slots(int64 a, int64 b)
{
	return (a > b) - (a < b);
}

#define BAG_PREFIX slots
#define BAG_STATE KpiRfmState
#define BAG_ENTRY int64
#define BAG_ENTRIES slot
#define BAG_COMPARE(a, b, width) compare_slots(*(a), *(b))
#define BAG_MAX(state) KPI_MAX_SLOTS
#define BAG_FULL(state) too_many_slots()
#define BAG_INSERT 48
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_slots(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("a customer has more than %d units with a purchase", KPI_MAX_SLOTS),
			 errhint("Use a longer unit.")));
}

/* A parameter that must not be NULL. */
static void
no_null(const char *parameter, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s is NULL", parameter),
			 errhint("%s", hint)));
}

/* What the rows of a call have in common, learned anew when it changes. */
static inline KpiSlots *
call_parameters(FunctionCallInfo fcinfo, KpiSlotOf slot_of, int64 as_of, bool finite)
{
	KpiSlots   *call = (KpiSlots *) fcinfo->flinfo->fn_extra;
	const Interval *interval;

	if (PG_ARGISNULL(3))
		no_null("as_of", "Give the end of the observation, such as the last day of the data.");
	if (PG_ARGISNULL(4))
		no_null("unit", "Give the unit of recency and t, such as '1 day' or '7 days'.");
	interval = PG_GETARG_INTERVAL_P(4);
	if (likely(call != NULL && call->known && call->as_of == as_of &&
			   memcmp(&call->interval, interval, sizeof(Interval)) == 0))
		return call;
	if (!finite)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of is infinite"),
				 errhint("Give the end of the observation, such as the last day of the data.")));
	if (call == NULL)
		call = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
																 sizeof(KpiSlots));
	call->known = false;
	call->unit = kpi_check_unit(interval);
	call->interval = *interval;
	call->as_of = as_of;
	call->as_of_slot = slot_of(call, as_of);
	call->known = true;
	return call;
}

/* A state without slots. */
static KpiRfmState *
make_state(int64 as_of, int64 unit, int64 first_slot)
{
	KpiRfmState header = {
		.version = KPI_STATE_VERSION,.as_of = as_of,.unit = unit,.first_slot = first_slot
	};

	return slots_copy(&header, INITIAL_SLOTS);
}

/* A sum beyond float8 is an error, as in sum(float8). */
static inline void
check_money(const KpiRfmState *state)
{
	if (unlikely(!kpi_is_number(state->first.hi) || !kpi_is_number(state->later.hi)))
		float_overflow_error();
}

/* The money of a purchase goes to the first slot or to the later ones. */
static inline void
add_money(KpiRfmState *state, int64 slot, double amount, double weight)
{
	KpiSum	   *sum = &state->first;
	uint8		unknown = FIRST_UNKNOWN;

	if (slot > state->first_slot)
	{
		sum = &state->later;
		unknown = LATER_UNKNOWN;
	}
	else if (slot < state->first_slot)
	{
		kpi_sum_add_sum(&state->later, &state->first);
		if (state->flags & FIRST_UNKNOWN)
			state->flags = LATER_UNKNOWN;
		state->first.hi = state->first.lo = 0;
		state->first_slot = slot;
	}
	if (unlikely(!kpi_is_number(amount)))
		state->flags |= unknown;
	else if (weight == 1)
		kpi_sum_add(sum, amount);
	else
		kpi_sum_add_product(sum, amount, weight);
	check_money(state);
}

/* All rows and parts of a history have one as_of and unit. */
static void
check_same(const KpiRfmState *state, int64 as_of, int64 unit)
{
	if (state->as_of != as_of || state->unit != unit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of and unit differ between the rows of one customer"),
				 errhint("Observe all rows up to the same as_of, in the same unit.")));
}

/* The amount of a row; NaN where there is none. */
static inline double
float8_amount(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(2) ? get_float8_nan() : PG_GETARG_FLOAT8(2);
}

/* The same of numeric, rounded once. */
static inline double
numeric_amount(FunctionCallInfo fcinfo)
{
	KpiDecimal	decimal;

	if (PG_ARGISNULL(2))
		return get_float8_nan();
	if (kpi_decode_operand(PG_GETARG_DATUM(2), &decimal) &&
		decimal.value > -(int128) EXACT_INTEGER && decimal.value < (int128) EXACT_INTEGER)
		return (double) (int64) decimal.value / 1e8;
	return kpi_numeric_to_double(PG_GETARG_NUMERIC(2));
}

/* The weight of a row; a NULL counts as 0, for nothing. */
static double
weight_argument(FunctionCallInfo fcinfo)
{
	double		weight = PG_ARGISNULL(5) ? 0 : PG_GETARG_FLOAT8(5);

	if (!kpi_is_number(weight) || weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %g is not a finite number of at least 0", weight),
				 errhint("A row counts as weight rows; one of weight 0 is left out.")));
	return weight;
}

/* One row: ts and as_of as integers of their type. */
static inline Datum
accumulate(FunctionCallInfo fcinfo, KpiSlotOf slot_of, int64 ts, bool ts_finite,
		   int64 as_of, bool as_of_finite, double amount)
{
	KpiSlots   *call = call_parameters(fcinfo, slot_of, as_of, as_of_finite);
	KpiRfmState *state = kpi_writable_varlena(fcinfo);
	double		weight = 1;
	int64		slot;

	if (PG_NARGS() > 5)
		weight = weight_argument(fcinfo);
	if (state != NULL)
		check_same(state, call->as_of_slot, call->unit);
	if (!PG_ARGISNULL(1) && ts_finite && weight > 0 &&
		(slot = slot_of(call, ts)) <= call->as_of_slot)
	{
		if (state == NULL)
			state = make_state(call->as_of_slot, call->unit, slot);
		state = slots_put(state, &slot);
		add_money(state, slot, amount, weight);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

#define TRANSITION(name, slot_of, ctype, getter, not_finite, amount) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	ctype		ts = PG_ARGISNULL(1) ? 0 : getter(1); \
	ctype		as_of = PG_ARGISNULL(3) ? 0 : getter(3); \
\
	return accumulate(fcinfo, slot_of, ts, !not_finite(ts), as_of, !not_finite(as_of), \
					  amount(fcinfo)); \
}

/* Transitions of rfm, by the type of ts and of amount. */
TRANSITION(kpi_rfm_date_float8, kpi_slot_of_date, DateADT, PG_GETARG_DATEADT,
		   DATE_NOT_FINITE, float8_amount)
TRANSITION(kpi_rfm_date_numeric, kpi_slot_of_date, DateADT, PG_GETARG_DATEADT,
		   DATE_NOT_FINITE, numeric_amount)
TRANSITION(kpi_rfm_timestamp_float8, kpi_slot_of_timestamp, Timestamp, PG_GETARG_TIMESTAMP,
		   TIMESTAMP_NOT_FINITE, float8_amount)
TRANSITION(kpi_rfm_timestamp_numeric, kpi_slot_of_timestamp, Timestamp, PG_GETARG_TIMESTAMP,
		   TIMESTAMP_NOT_FINITE, numeric_amount)
TRANSITION(kpi_rfm_timestamptz_float8, kpi_slot_of_timestamptz, TimestampTz,
		   PG_GETARG_TIMESTAMPTZ, TIMESTAMP_NOT_FINITE, float8_amount)
TRANSITION(kpi_rfm_timestamptz_numeric, kpi_slot_of_timestamptz, TimestampTz,
		   PG_GETARG_TIMESTAMPTZ, TIMESTAMP_NOT_FINITE, numeric_amount)

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_combine);
Datum
kpi_rfm_state_combine(PG_FUNCTION_ARGS)
{
	KpiRfmState *state;
	const KpiRfmState *other;
	bool		other_is_first;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_varlena(fcinfo);
	other = (const KpiRfmState *) PG_GETARG_VARLENA_P(1);
	check_same(state, other->as_of, other->unit);

	other_is_first = other->first_slot <= state->first_slot;
	if (other->first_slot < state->first_slot)
	{
		kpi_sum_add_sum(&state->later, &state->first);
		state->first.hi = state->first.lo = 0;
		state->flags = state->flags != 0 ? LATER_UNKNOWN : 0;
		state->first_slot = other->first_slot;
	}
	kpi_sum_add_sum(other_is_first ? &state->first : &state->later, &other->first);
	kpi_sum_add_sum(&state->later, &other->later);
	check_money(state);
	if (other->flags != 0)
		state->flags |= other_is_first ? other->flags : LATER_UNKNOWN;

	state = slots_absorb(state, other);
	slots_tidy(state);
	PG_RETURN_POINTER(state);
}

/* The time from the first slot to another, in units. */
static double
age_at(const KpiRfmState *state, int64 slot)
{
	double		slots = (double) ((int128) slot - state->first_slot);

	if (state->unit <= USECS_PER_DAY)
		return slots;
	return slots / ((double) state->unit / USECS_PER_DAY);
}

/* The row type of the result, looked up once a call site. */
static TupleDesc
result_type(FunctionCallInfo fcinfo)
{
	TupleDesc	desc = (TupleDesc) fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (desc != NULL)
		return desc;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "the result of kpi.rfm is not a row type");
	desc = BlessTupleDesc(desc);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = desc;
	return desc;
}

/* rfm(rfm_state): frequency, recency, t and monetary_value of a history. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_rfm);
Datum
kpi_rfm_state_rfm(PG_FUNCTION_ARGS)
{
	const KpiRfmState *state = slots_ordered((const KpiRfmState *) PG_GETARG_VARLENA_P(0));
	Datum		value[4];
	bool		isnull[4] = {false, false, false, false};
	int			count = state->count;
	double		money;

	money = kpi_sum_value(state->later) / (count - 1);
	value[0] = Int32GetDatum(count - 1);
	value[1] = Float8GetDatum(age_at(state, state->slot[count - 1]));
	value[2] = Float8GetDatum(age_at(state, state->as_of));
	value[3] = Float8GetDatum(money);
	isnull[3] = count < 2 || (state->flags & LATER_UNKNOWN) != 0 || !kpi_is_number(money);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(result_type(fcinfo), value, isnull)));
}

/* The same sum, as the nearest double and what is left. */
static KpiSum
rounded_sum(KpiSum sum)
{
	KpiSum		rounded = {sum.hi, 0};

	kpi_sum_add(&rounded, sum.lo);
	return rounded;
}

/* Whether an aggregate could produce the state: its slots are distinct and in order. */
static bool
accept_state(void *value)
{
	KpiRfmState *state = value;

	if ((state->flags & ~ALL_FLAGS) != 0 || state->unit == 0 ||
		state->unit < -(int64) PG_INT32_MAX || state->count < 1 || state->count > KPI_MAX_SLOTS ||
		state->slot[state->count - 1] > state->as_of)
		return false;
	if (!kpi_is_number(state->first.hi + state->first.lo) ||
		!kpi_is_number(state->later.hi + state->later.lo))
		return false;
	state->first = rounded_sum(state->first);
	state->later = rounded_sum(state->later);
	if (state->count == 1 && (state->later.hi != 0 || (state->flags & LATER_UNKNOWN) != 0))
		return false;
	for (int i = 1; i < state->count; i++)
	{
		if (state->slot[i] <= state->slot[i - 1])
			return false;
	}
	state->sorted = state->count;
	state->first_slot = state->slot[0];
	return true;
}

/* The state as it is written: slots in order, sums of money in one form. */
static const void *
ordered_state(Datum datum)
{
	const KpiRfmState *state = (const KpiRfmState *) PG_DETOAST_DATUM(datum);
	KpiRfmState *written = slots_copy(state, state->count);

	slots_tidy(written);
	written->first = rounded_sum(state->first);
	written->later = rounded_sum(state->later);
	return written;
}

static const KpiLayout layout = {
	.type = "kpi.rfm_state",
	.size = offsetof(KpiRfmState, slot),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiRfmState, version),
		KPI_FIELD(BYTE, KpiRfmState, flags),
		KPI_FIELD(INT64, KpiRfmState, as_of),
		KPI_FIELD(INT64, KpiRfmState, unit),
		KPI_FIELD(DOUBLE, KpiRfmState, first),
		KPI_FIELD(DOUBLE, KpiRfmState, later)
	},
	.accept = accept_state,
	.count = offsetof(KpiRfmState, count),
	.entry_size = sizeof(int64),
	.entry = {{KPI_FIELD_INT64, 0, sizeof(int64), 0}},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_rfm_state, layout)
