/*-------------------------------------------------------------------------
 *
 * bitmap.c
 *	  The periods in which an entity was active: kpi.period_bitmap, and the
 *	  numbers of periods.
 *
 * A period is a whole number of 32 bits: that of a month, a week, a day of the
 * calendar, or of the 24 hours that begin with the entity's own start.
 *
 *	period_number(ts, unit)			months since the year 0, units of days whose
 *									weeks begin on Monday, or of shorter time
 *	period_number(ts, unit, since)	whole units from since to ts, rounded down
 *
 * State: 64 periods a word, from the first that is set to the last.
 *
 * NULL rule: NULL periods are left out; NULL where there is no other.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/bitmap.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/slot.h"
#include "base/state.h"
#include "common/int.h"
#include "utils/date.h"
#include "utils/timestamp.h"

/* 4 million periods, 512 kB. */
#define MAX_SPAN_WORDS 65536

/* 2000-01-03 is a Monday. */
#define FIRST_MONDAY 2

/* A state with room for the words from one to another. */
static KpiBitmap *
make_bitmap(int64 first, int64 last)
{
	int64		words = last - first + 1;
	Size		size;
	KpiBitmap  *bitmap;

	if (words > MAX_SPAN_WORDS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("periods of one entity are more than %d apart", MAX_SPAN_WORDS * KPI_WORD_BITS),
				 errhint("Number longer periods, such as days instead of seconds.")));
	size = offsetof(KpiBitmap, word) + words * sizeof(uint64);
	bitmap = palloc0(size);
	SET_VARSIZE(bitmap, size);
	bitmap->version = KPI_STATE_VERSION;
	bitmap->count = (int32) words;
	bitmap->first = (int32) first;
	return bitmap;
}

/* The bitmap with room from one word to another: itself, or a larger copy. */
static inline KpiBitmap *
reserve(KpiBitmap *bitmap, int64 first, int64 last)
{
	KpiBitmap  *larger;

	if (likely(first >= bitmap->first && last < (int64) bitmap->first + bitmap->count))
		return bitmap;
	larger = make_bitmap(Min(first, bitmap->first), Max(last, (int64) bitmap->first + bitmap->count - 1));
	memcpy(&larger->word[bitmap->first - larger->first], bitmap->word, sizeof(uint64) * bitmap->count);
	return larger;
}

/* Take a period into the bitmap in argument 0, which it may begin. */
static inline Datum
take_period(FunctionCallInfo fcinfo, int64 period)
{
	KpiBitmap  *bitmap = kpi_writable_varlena(fcinfo);
	int64		word = kpi_word_of(period);

	bitmap = bitmap == NULL ? make_bitmap(word, word) : reserve(bitmap, word, word);
	bitmap->word[word - bitmap->first] |= UINT64CONST(1) << (period & (KPI_WORD_BITS - 1));
	PG_RETURN_POINTER(bitmap);
}

/* What a transition gives for a NULL period: the bitmap as it is. */
static Datum
leave_bitmap(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* Transition of period_bitmap(float8). */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_float8);
Datum
kpi_period_bitmap_accum_float8(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return leave_bitmap(fcinfo);
	return take_period(fcinfo, kpi_check_whole(PG_GETARG_FLOAT8(1), "period"));
}

/* Transition of period_bitmap(integer). */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_integer);
Datum
kpi_period_bitmap_accum_integer(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return leave_bitmap(fcinfo);
	return take_period(fcinfo, PG_GETARG_INT32(1));
}

/* Transition of period_bitmap(bigint), what period_number gives. */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_bigint);
Datum
kpi_period_bitmap_accum_bigint(PG_FUNCTION_ARGS)
{
	int64		period;

	if (PG_ARGISNULL(1))
		return leave_bitmap(fcinfo);
	period = PG_GETARG_INT64(1);
	if (unlikely(period < PG_INT32_MIN || period > PG_INT32_MAX))
		period = kpi_check_whole((double) period, "period");
	return take_period(fcinfo, period);
}

/* Combine two bitmaps; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_combine);
Datum
kpi_period_bitmap_combine(PG_FUNCTION_ARGS)
{
	KpiBitmap  *bitmap;
	const KpiBitmap *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	other = (const KpiBitmap *) PG_GETARG_VARLENA_P(1);
	bitmap = reserve(kpi_writable_varlena(fcinfo), other->first, (int64) other->first + other->count - 1);
	for (int i = 0; i < other->count; i++)
		bitmap->word[other->first - bitmap->first + i] |= other->word[i];
	PG_RETURN_POINTER(bitmap);
}

/* first_period(bitmap) */
PG_FUNCTION_INFO_V1(kpi_first_period_of);
Datum
kpi_first_period_of(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) kpi_first_period((const KpiBitmap *) PG_GETARG_VARLENA_P(0)));
}

/* Whether an aggregate could produce the bitmap. */
static bool
accept_bitmap(void *value)
{
	const KpiBitmap *bitmap = value;

	return bitmap->count >= 1 && bitmap->count <= MAX_SPAN_WORDS &&
		bitmap->word[0] != 0 && bitmap->word[bitmap->count - 1] != 0 &&
		bitmap->first >= kpi_word_of(PG_INT32_MIN) &&
		(int64) bitmap->first + bitmap->count - 1 <= kpi_word_of(PG_INT32_MAX);
}

/* The number of the first word, which the forms have in 64 bits. */
typedef struct Outward
{
	int32		vl_len_;
	uint8		version;
	uint8		unused[3];
	int32		count;
	int32		unused_too;
	int64		first;
	uint64		word[FLEXIBLE_ARRAY_MEMBER];
} Outward;

/* A bitmap as it is written. */
static const void *
outward_bitmap(Datum datum)
{
	const KpiBitmap *bitmap = (const KpiBitmap *) PG_DETOAST_DATUM(datum);
	Size		size = offsetof(Outward, word) + sizeof(uint64) * bitmap->count;
	Outward    *outward = palloc0(size);

	SET_VARSIZE(outward, size);
	outward->version = bitmap->version;
	outward->count = bitmap->count;
	outward->first = bitmap->first;
	memcpy(outward->word, bitmap->word, sizeof(uint64) * bitmap->count);
	return outward;
}

/* Whether what was read makes a bitmap, which takes its place. */
static bool
accept_outward(void *value)
{
	Outward    *outward = value;
	KpiBitmap  *bitmap = value;

	if (outward->first < PG_INT32_MIN || outward->first > PG_INT32_MAX)
		return false;
	bitmap->first = (int32) outward->first;
	memmove(bitmap->word, outward->word, sizeof(uint64) * outward->count);
	SET_VARSIZE(bitmap, offsetof(KpiBitmap, word) + sizeof(uint64) * bitmap->count);
	return accept_bitmap(bitmap);
}

static const KpiLayout layout = {
	.type = "kpi.period_bitmap_state",
	.size = offsetof(Outward, word),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, Outward, version),
		KPI_FIELD(INT64, Outward, first)
	},
	.accept = accept_outward,
	.count = offsetof(Outward, count),
	.entry_size = sizeof(uint64),
	.entry = {{KPI_FIELD_INT64, 0, sizeof(uint64), 0}},
	.ordered = outward_bitmap
};

KPI_STATE_FORMS(kpi_period_bitmap_state, layout)

/* The number of the period of a day's slot, or of a shorter unit's. */
static int64
number_of(const KpiSlots *slots, int64 slot)
{
	int64		days;

	if (slots->unit < USECS_PER_DAY)
		return slot;
	days = slots->unit / USECS_PER_DAY;
	slot -= FIRST_MONDAY;
	return slot / days - (slot % days < 0);
}

/* The unit in argument 1, as the call before knew it. */
static KpiSlots *
unit_argument(FunctionCallInfo fcinfo)
{
	KpiSlots   *slots = fcinfo->flinfo->fn_extra;
	const Interval *unit = PG_GETARG_INTERVAL_P(1);

	if (slots == NULL)
		slots = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(KpiSlots));
	if (!slots->known || memcmp(&slots->interval, unit, sizeof(Interval)) != 0)
	{
		slots->known = false;
		slots->unit = kpi_check_unit(unit);
		if (slots->unit > USECS_PER_DAY && slots->unit % USECS_PER_DAY != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a unit above a day that is not of whole days"),
					 errhint("Write days such as 7 days, months, or a time below a day.")));
		memcpy(&slots->interval, unit, sizeof(Interval));
		slots->known = true;
	}
	return slots;
}

/* period_number(date, unit) */
PG_FUNCTION_INFO_V1(kpi_period_number_date);
Datum
kpi_period_number_date(PG_FUNCTION_ARGS)
{
	KpiSlots   *slots = unit_argument(fcinfo);
	DateADT		date = PG_GETARG_DATEADT(0);

	if (DATE_NOT_FINITE(date))
		PG_RETURN_NULL();
	PG_RETURN_INT64(number_of(slots, kpi_slot_of_date(slots, date)));
}

/* period_number(timestamp, unit) */
PG_FUNCTION_INFO_V1(kpi_period_number_timestamp);
Datum
kpi_period_number_timestamp(PG_FUNCTION_ARGS)
{
	KpiSlots   *slots = unit_argument(fcinfo);
	Timestamp	ts = PG_GETARG_TIMESTAMP(0);

	if (TIMESTAMP_NOT_FINITE(ts))
		PG_RETURN_NULL();
	PG_RETURN_INT64(number_of(slots, kpi_slot_of_timestamp(slots, ts)));
}

/* period_number(timestamptz, unit), by the calendar of the session's time zone */
PG_FUNCTION_INFO_V1(kpi_period_number_timestamptz);
Datum
kpi_period_number_timestamptz(PG_FUNCTION_ARGS)
{
	KpiSlots   *slots = unit_argument(fcinfo);
	TimestampTz ts = PG_GETARG_TIMESTAMPTZ(0);

	if (TIMESTAMP_NOT_FINITE(ts))
		PG_RETURN_NULL();
	PG_RETURN_INT64(number_of(slots, kpi_slot_of_timestamptz(slots, ts)));
}

/* period_number(ts, unit, since): units that have passed, whatever the calendar */
PG_FUNCTION_INFO_V1(kpi_period_number_since);
Datum
kpi_period_number_since(PG_FUNCTION_ARGS)
{
	int64		ts = PG_GETARG_TIMESTAMP(0);
	int64		since = PG_GETARG_TIMESTAMP(2);
	int64		unit = kpi_check_unit(PG_GETARG_INTERVAL_P(1));
	int64		passed;

	if (unit < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a unit of months has no length"),
				 errhint("Write it in days of 24 hours, such as 30 days.")));
	if (TIMESTAMP_NOT_FINITE(ts) || TIMESTAMP_NOT_FINITE(since))
		PG_RETURN_NULL();
	if (pg_sub_s64_overflow(ts, since, &passed))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("interval out of range")));
	PG_RETURN_INT64(passed / unit - (passed % unit < 0));
}
