/*-------------------------------------------------------------------------
 *
 * bitmap.c
 *	  The periods in which an entity was active: kpi.period_bitmap.
 *
 * It takes the number of a period of 32 bits (see period_number.c), or a time and
 * a unit, which saves a call for each row.
 *
 * State: 64 periods a word, counted from the first one with activity, so that
 * what lies within 64 periods has one word and, where rows come in order of
 * time, never moves.
 *
 * NULL rule: NULL periods are left out; NULL where there is no other.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/bitmap.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "customer/period_number.h"

/* 4 million periods, 512 kB. */
#define MAX_SPAN_WORDS 65536

/* A bitmap with room from a first period to a last one. */
KpiBitmap *
kpi_make_bitmap(int64 first, int64 last)
{
	int64		words = (last - first) / KPI_WORD_BITS + 1;
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

/* Set the bits of a bitmap in another one, which has room for them. */
void
kpi_add_bits(KpiBitmap *to, const KpiBitmap *from)
{
	int64		shift = (int64) from->first - to->first;
	uint64	   *word = to->word + shift / KPI_WORD_BITS;
	int			up = (int) (shift % KPI_WORD_BITS);

	for (int i = 0; i < from->count; i++)
	{
		word[i] |= from->word[i] << up;
		/* beyond the last word there is nothing to carry */
		if (up > 0 && from->word[i] >> (KPI_WORD_BITS - up) != 0)
			word[i + 1] |= from->word[i] >> (KPI_WORD_BITS - up);
	}
}

/* A copy of the bitmap with room from one period to another, too. */
static KpiBitmap *
extend(const KpiBitmap *bitmap, int64 first, int64 last)
{
	KpiBitmap  *larger = kpi_make_bitmap(Min(first, bitmap->first), Max(last, kpi_last_active(bitmap)));

	kpi_add_bits(larger, bitmap);
	return larger;
}

/* The bitmap with room from one period to another: itself, or a copy. */
static inline KpiBitmap *
reserve(KpiBitmap *bitmap, int64 first, int64 last)
{
	if (likely(first >= bitmap->first && last - bitmap->first < kpi_bitmap_bits(bitmap)))
		return bitmap;
	return extend(bitmap, first, last);
}

/* Take a period into the bitmap in argument 0, which it may begin. */
static inline Datum
take_period(FunctionCallInfo fcinfo, int64 period)
{
	KpiBitmap  *bitmap = kpi_writable_varlena(fcinfo);
	int64		bit;

	bitmap = bitmap == NULL ? kpi_make_bitmap(period, period) : reserve(bitmap, period, period);
	bit = period - bitmap->first;
	bitmap->word[bit / KPI_WORD_BITS] |= UINT64CONST(1) << (bit % KPI_WORD_BITS);
	PG_RETURN_POINTER(bitmap);
}

/* Transition of period_bitmap(float8). */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_float8);
Datum
kpi_period_bitmap_accum_float8(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	return take_period(fcinfo, kpi_check_whole(PG_GETARG_FLOAT8(1), "period"));
}

/* Transition of period_bitmap(integer). */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_integer);
Datum
kpi_period_bitmap_accum_integer(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	return take_period(fcinfo, PG_GETARG_INT32(1));
}

/* Transition of period_bitmap(bigint), what period_number gives. */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_bigint);
Datum
kpi_period_bitmap_accum_bigint(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	return take_period(fcinfo, kpi_check_period(PG_GETARG_INT64(1)));
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
	bitmap = reserve(kpi_writable_varlena(fcinfo), other->first, kpi_last_active(other));
	kpi_add_bits(bitmap, other);
	PG_RETURN_POINTER(bitmap);
}

/* first_period(bitmap) */
PG_FUNCTION_INFO_V1(kpi_first_period_of);
Datum
kpi_first_period_of(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(((const KpiBitmap *) PG_GETARG_VARLENA_P(0))->first);
}

/* Whether an aggregate could produce the bitmap. */
static bool
accept_bitmap(void *value)
{
	const KpiBitmap *bitmap = value;

	return bitmap->count >= 1 && bitmap->count <= MAX_SPAN_WORDS &&
		(bitmap->word[0] & 1) && bitmap->word[bitmap->count - 1] != 0 &&
		kpi_last_active(bitmap) <= PG_INT32_MAX;
}

/* The first period, which the forms have in 64 bits. */
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

/* The transition of times, which are of a type. */
static pg_attribute_always_inline Datum
take_time(FunctionCallInfo fcinfo, KpiTimeType type)
{
	int64		moment;

	kpi_require_unit(fcinfo, 2);
	if (!kpi_time_argument(fcinfo, 1, type, &moment))
		return kpi_leave_state(fcinfo);
	return take_period(fcinfo, kpi_check_period(kpi_period_of(kpi_unit_argument(fcinfo, 2), type, moment)));
}

/* Transition of period_bitmap(date, unit). */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_date);
Datum
kpi_period_bitmap_accum_date(PG_FUNCTION_ARGS)
{
	return take_time(fcinfo, KPI_TIME_DATE);
}

/* Transition of period_bitmap(timestamp, unit). */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_timestamp);
Datum
kpi_period_bitmap_accum_timestamp(PG_FUNCTION_ARGS)
{
	return take_time(fcinfo, KPI_TIME_TIMESTAMP);
}

/* Transition of period_bitmap(timestamptz, unit), by the calendar of the session's time zone. */
PG_FUNCTION_INFO_V1(kpi_period_bitmap_accum_timestamptz);
Datum
kpi_period_bitmap_accum_timestamptz(PG_FUNCTION_ARGS)
{
	return take_time(fcinfo, KPI_TIME_TIMESTAMPTZ);
}
