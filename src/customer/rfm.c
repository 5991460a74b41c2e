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
 * State: the distinct days ("slots") as integers, the money of the first and
 * of all later slots as compensated sums; a flat varlena with room to grow,
 * sorted up to a point, the rest sorted and merged before it grows.
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
#include "base/form.h"
#include "base/twosum.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "base/slot.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

#define FIRST_UNKNOWN 0x01
#define LATER_UNKNOWN 0x02
#define ALL_FLAGS	(FIRST_UNKNOWN | LATER_UNKNOWN)

/* Up to this many slots a new one is put where it belongs. */
#define INSERT_MAX 48
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

#define STATE_HEADER offsetof(KpiRfmState, slot)
#define STATE_SIZE(count) (STATE_HEADER + (count) * sizeof(int64))
#define INITIAL_SIZE 128		/* with the header of the allocator's class */

StaticAssertDecl(offsetof(KpiRfmState, slot) == 72, "no holes in rfm_state");

static const char *const state_type = "kpi.rfm_state";

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

static KpiRfmState *
make_state(int64 as_of, int64 unit, int64 first_slot, Size size)
{
	KpiRfmState *state = palloc0(Max(size, INITIAL_SIZE));

	SET_VARSIZE(state, Max(size, INITIAL_SIZE));
	state->version = KPI_STATE_VERSION;
	state->as_of = as_of;
	state->unit = unit;
	state->first_slot = first_slot;
	return state;
}

static inline int
capacity(const KpiRfmState *state)
{
	return (int) ((VARSIZE(state) - STATE_HEADER) / sizeof(int64));
}

static int
compare_slots(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* Sort slots and drop doubles; how many are left. */
static int
sort_slots(int64 *slot, int count)
{
	int			kept = 0;

	qsort(slot, count, sizeof(int64), compare_slots);
	for (int i = 0; i < count; i++)
	{
		if (kept == 0 || slot[kept - 1] != slot[i])
			slot[kept++] = slot[i];
	}
	return kept;
}

static void
compact(KpiRfmState *state)
{
	if (state->sorted < state->count)
		state->count = sort_slots(state->slot, state->count);
	state->sorted = state->count;
}

/* The state with room for more slots: itself, or a copy twice as large. */
static KpiRfmState *
with_room(KpiRfmState *state, int more)
{
	KpiRfmState *grown;
	Size		size;

	if (likely(state->count + more <= capacity(state)))
		return state;
	compact(state);
	if (state->count + more <= capacity(state) / 4 * 3)
		return state;
	if (state->count + more > KPI_MAX_SLOTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a customer has more than %d units with a purchase", KPI_MAX_SLOTS),
				 errhint("Use a longer unit.")));
	size = TYPEALIGN(INITIAL_SIZE, Max(STATE_SIZE(state->count + more), 2 * (Size) VARSIZE(state)));
	grown = palloc0(size);
	memcpy(grown, state, STATE_SIZE(state->count));
	SET_VARSIZE(grown, size);
	return grown;
}

/* Take a slot into the set; the state may move. */
static inline KpiRfmState *
add_slot(KpiRfmState *state, int64 slot)
{
	int			low = 0;
	int			high = state->sorted;

	if (state->count > 0 && state->slot[state->count - 1] == slot)
		return state;
	if (state->sorted == state->count && state->count > 0 && slot < state->slot[state->count - 1])
	{
		while (low < high)
		{
			int			middle = (low + high) / 2;

			if (state->slot[middle] < slot)
				low = middle + 1;
			else
				high = middle;
		}
		if (state->slot[low] == slot)
			return state;
	}
	else
		low = state->count;
	state = with_room(state, 1);
	if (low < state->count && state->sorted == state->count && state->count <= INSERT_MAX)
	{
		memmove(&state->slot[low + 1], &state->slot[low],
				(state->count - low) * sizeof(int64));
		state->slot[low] = slot;
		state->sorted++;
	}
	else
	{
		if (state->sorted == state->count &&
			(state->count == 0 || slot > state->slot[state->count - 1]))
			state->sorted++;
		state->slot[state->count] = slot;
	}
	state->count++;
	return state;
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

/* The state of an argument, to be written; NULL stays NULL. */
static KpiRfmState *
writable_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		return NULL;
	if (likely(AggCheckCallContext(fcinfo, NULL)))
		return (KpiRfmState *) PG_GETARG_POINTER(0);
	return (KpiRfmState *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
}

/* One row: ts and as_of as integers of their type. */
static inline Datum
accumulate(FunctionCallInfo fcinfo, KpiSlotOf slot_of, int64 ts, bool ts_finite,
		   int64 as_of, bool as_of_finite, double amount)
{
	KpiSlots   *call = call_parameters(fcinfo, slot_of, as_of, as_of_finite);
	KpiRfmState *state = writable_state(fcinfo);
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
			state = make_state(call->as_of_slot, call->unit, slot, INITIAL_SIZE);
		state = add_slot(state, slot);
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

/* Two states as one; NULL where both are. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_combine);
Datum
kpi_rfm_state_combine(PG_FUNCTION_ARGS)
{
	KpiRfmState *state = writable_state(fcinfo);
	const KpiRfmState *other;
	bool		other_is_first;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		PG_RETURN_POINTER(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
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

	state = with_room(state, other->count);
	memcpy(&state->slot[state->count], other->slot, other->count * sizeof(int64));
	state->count += other->count;
	compact(state);
	PG_RETURN_POINTER(state);
}

/* The distinct slots in order, palloc'd unless the state has them so. */
static const int64 *
ordered_slots(const KpiRfmState *state, int *count)
{
	int64	   *copy;

	*count = state->count;
	if (state->sorted == state->count)
		return state->slot;
	copy = palloc(state->count * sizeof(int64));
	memcpy(copy, state->slot, state->count * sizeof(int64));
	*count = sort_slots(copy, state->count);
	return copy;
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
		elog(ERROR, "the result of kpi.rfm is no row type");
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
	const KpiRfmState *state = (const KpiRfmState *) PG_GETARG_VARLENA_P(0);
	Datum		value[4];
	bool		isnull[4] = {false, false, false, false};
	const int64 *slot;
	double		money;
	int			count;

	slot = ordered_slots(state, &count);
	money = kpi_sum_value(state->later) / (count - 1);
	value[0] = Int32GetDatum(count - 1);
	value[1] = Float8GetDatum(age_at(state, slot[count - 1]));
	value[2] = Float8GetDatum(age_at(state, state->as_of));
	value[3] = Float8GetDatum(money);
	isnull[3] = count < 2 || (state->flags & LATER_UNKNOWN) != 0 || !kpi_is_number(money);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(result_type(fcinfo), value, isnull)));
}

/* Refuse what no aggregate makes; the slots must be distinct and in order. */
static bool
is_sound(const KpiRfmState *state)
{
	if ((state->flags & ~ALL_FLAGS) != 0 || state->unit == 0 ||
		state->unit < -(int64) PG_INT32_MAX || state->count < 1 ||
		state->slot[0] != state->first_slot || state->slot[state->count - 1] > state->as_of)
		return false;
	if (!kpi_is_number(state->first.hi + state->first.lo) ||
		!kpi_is_number(state->later.hi + state->later.lo))
		return false;
	if (state->count == 1 && (state->later.hi != 0 || (state->flags & LATER_UNKNOWN) != 0))
		return false;
	for (int i = 1; i < state->count; i++)
	{
		if (state->slot[i] <= state->slot[i - 1])
			return false;
	}
	return true;
}

/* Text form: version, flags, as_of, unit, the two sums, count, slots in order. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_out);
Datum
kpi_rfm_state_out(PG_FUNCTION_ARGS)
{
	const KpiRfmState *state = (const KpiRfmState *) PG_GETARG_VARLENA_P(0);
	const double sum[4] = {state->first.hi, state->first.lo, state->later.hi, state->later.lo};
	const int64 *slot;
	StringInfoData out;
	int			count;

	initStringInfo(&out);
	slot = ordered_slots(state, &count);
	appendStringInfo(&out, "%d %d " INT64_FORMAT " " INT64_FORMAT,
					 state->version, state->flags, state->as_of, state->unit);
	for (int i = 0; i < 4; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, sum[i]);
	}
	appendStringInfo(&out, " %d", count);
	for (int i = 0; i < count; i++)
		appendStringInfo(&out, " " INT64_FORMAT, slot[i]);
	PG_RETURN_CSTRING(out.data);
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_in);
Datum
kpi_rfm_state_in(PG_FUNCTION_ARGS)
{
	KpiRfmState header;
	KpiRfmState *state;
	KpiForm		form;
	int			count;

	memset(&header, 0, sizeof(header));
	kpi_form_start(&form, state_type, PG_GETARG_CSTRING(0));
	kpi_check_version(state_type, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	header.flags = (uint8) kpi_form_int64(&form, 0, ALL_FLAGS);
	header.as_of = kpi_form_int64(&form, PG_INT64_MIN, PG_INT64_MAX);
	header.unit = kpi_form_int64(&form, PG_INT64_MIN, PG_INT64_MAX);
	header.first.hi = kpi_form_double(&form);
	header.first.lo = kpi_form_double(&form);
	header.later.hi = kpi_form_double(&form);
	header.later.lo = kpi_form_double(&form);
	/* a slot takes at least two characters */
	count = (int) kpi_form_int64(&form, 1, Min(KPI_MAX_SLOTS, (int64) strlen(form.whole) / 2));

	state = make_state(header.as_of, header.unit, 0, STATE_SIZE(count));
	state->flags = header.flags;
	state->first = header.first;
	state->later = header.later;
	for (int i = 0; i < count; i++)
		state->slot[i] = kpi_form_int64(&form, PG_INT64_MIN, PG_INT64_MAX);
	kpi_form_end(&form);
	state->count = state->sorted = count;
	state->first_slot = state->slot[0];
	if (!is_sound(state))
		kpi_form_fail(&form);
	PG_RETURN_POINTER(state);
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_send);
Datum
kpi_rfm_state_send(PG_FUNCTION_ARGS)
{
	const KpiRfmState *state = (const KpiRfmState *) PG_GETARG_VARLENA_P(0);
	const int64 *slot;
	StringInfoData out;
	int			count;

	slot = ordered_slots(state, &count);
	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	pq_sendbyte(&out, state->flags);
	pq_sendint64(&out, state->as_of);
	pq_sendint64(&out, state->unit);
	pq_sendfloat8(&out, state->first.hi);
	pq_sendfloat8(&out, state->first.lo);
	pq_sendfloat8(&out, state->later.hi);
	pq_sendfloat8(&out, state->later.lo);
	pq_sendint32(&out, count);
	for (int i = 0; i < count; i++)
		pq_sendint64(&out, slot[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_rfm_state_recv);
Datum
kpi_rfm_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	KpiRfmState header;
	KpiRfmState *state;

	memset(&header, 0, sizeof(header));
	kpi_check_version(state_type, pq_getmsgbyte(in));
	header.flags = (uint8) pq_getmsgbyte(in);
	header.as_of = pq_getmsgint64(in);
	header.unit = pq_getmsgint64(in);
	header.first.hi = pq_getmsgfloat8(in);
	header.first.lo = pq_getmsgfloat8(in);
	header.later.hi = pq_getmsgfloat8(in);
	header.later.lo = pq_getmsgfloat8(in);
	header.count = (int) pq_getmsgint(in, 4);
	if (header.count < 1 || header.count > (in->len - in->cursor) / (int) sizeof(int64))
		kpi_bad_binary(state_type);

	state = make_state(header.as_of, header.unit, 0, STATE_SIZE(header.count));
	state->flags = header.flags;
	state->first = header.first;
	state->later = header.later;
	state->count = state->sorted = header.count;
	for (int i = 0; i < header.count; i++)
		state->slot[i] = pq_getmsgint64(in);
	pq_getmsgend(in);
	state->first_slot = state->slot[0];
	if (!is_sound(state))
		kpi_bad_binary(state_type);
	PG_RETURN_POINTER(state);
}
