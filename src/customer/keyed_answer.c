/*-------------------------------------------------------------------------
 *
 * keyed_answer.c
 *	  What a table of keys answers: how many keys there are and repeat, which is
 *	  the largest, which are new, and the periods of each.
 *
 * The measures and their sources stand in keyed.c.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/keyed.h"

#include <math.h>

#include "base/check.h"
#include "base/estimate.h"
#include "base/exact.h"
#include "base/scalar.h"
#include "base/twosum.h"
#include "catalog/pg_type.h"
#include "customer/bitmap.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* Columns of kpi.key_summary_result. */
typedef struct Summary
{
	double		keys;
	double		rows;
	double		repeating;
	double		repeat_rate;
	double		rows_per_key;
	double		most_rows;
	double		total;
	double		largest_total;
} Summary;

/* The sum of a slot. */
static inline double
sum_of(const int64 *known)
{
	KpiSum		sum;

	memcpy(&sum, known + 1, sizeof(sum));
	return kpi_sum_value(sum);
}

/* Count keys and rows; those with at least so many repeat. */
static Summary
sum_up(const KpiKeyTable *state, int64 least)
{
	Summary		result = {.largest_total = -INFINITY};
	KpiSum		total = {0, 0};
	int			key = kpi_key_words(state);
	int			words = kpi_key_slot_words(state);

	for (int32 i = 0; i < state->slots; i++)
	{
		const int64 *known = state->word + (Size) i * words + key;

		if ((i & 0xFFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		if (kpi_is_empty_slot(state, known))
			continue;
		result.rows += (double) *known;
		result.repeating += *known >= least;
		result.most_rows = Max(result.most_rows, (double) *known);
		if (state->knows == KPI_KNOWS_SUM)
		{
			kpi_sum_add(&total, sum_of(known));
			result.largest_total = Max(result.largest_total, sum_of(known));
		}
	}
	result.keys = state->count;
	result.repeat_rate = result.repeating / result.keys;
	result.rows_per_key = result.rows / result.keys;
	result.total = state->knows == KPI_KNOWS_SUM ? kpi_sum_value(total) : NAN;
	return result;
}

/* The argument n that says from how many rows on a key repeats; 2 where it is not given. */
static int64
least_argument(FunctionCallInfo fcinfo, int n)
{
	int64		least = PG_NARGS() > n ? kpi_check_count(PG_GETARG_FLOAT8(n), "at_least") : 2;

	if (least < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("at_least 0 is what every key has"),
				 errhint("Pass the number of rows from which on a key counts, such as 2.")));
	return least;
}

/* repeat_rate(state, at_least): also the final function of the aggregate. */
PG_FUNCTION_INFO_V1(kpi_repeat_rate);
Datum
kpi_repeat_rate(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(sum_up((const KpiKeyTable *) PG_GETARG_VARLENA_P(0), least_argument(fcinfo, 1)).repeat_rate);
}

/* key_summary(state, at_least) */
PG_FUNCTION_INFO_V1(kpi_key_summary);
Datum
kpi_key_summary(PG_FUNCTION_ARGS)
{
	Summary		result = sum_up((const KpiKeyTable *) PG_GETARG_VARLENA_P(0), least_argument(fcinfo, 1));

	return kpi_number_row(fcinfo, &result.keys, sizeof(result) / sizeof(double));
}

/* The key in argument 1, as it is in a state: text is read as a key of its type. */
static void
own_key(FunctionCallInfo fcinfo, const KpiKeyTable *state, int64 *word)
{
	Datum		own = PG_GETARG_DATUM(1);
	Oid			type = kpi_key_type(fcinfo, 1);

	if (state->keys != KPI_KEY_TEXT && (type == TEXTOID || type == VARCHAROID))
	{
		Datum		given = CStringGetDatum(TextDatumGetCString(own));

		type = state->keys == KPI_KEY_INTEGER ? INT8OID : UUIDOID;
		own = state->keys == KPI_KEY_INTEGER ? DirectFunctionCall1(int8in, given) : DirectFunctionCall1(uuid_in, given);
	}
	else if (state->keys == KPI_KEY_INTEGER && (type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID))
	{
		if (type != NUMERICOID)
			own = NumericGetDatum(kpi_float8_numeric(type == FLOAT8OID ? DatumGetFloat8(own) : DatumGetFloat4(own)));
		/* what is no whole number is none of the keys, and not rounded to one */
		own = DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, own));
		own = DirectFunctionCall1(int8in, own);
		type = INT8OID;
	}
	if (kpi_read_key(own, type, word) != state->keys)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the keys are not of type %s", format_type_be(type)),
				 errhint("Pass a key of the type that key_totals() was made of, or its text.")));
}

/* The sums of a key, of the largest other one, -infinity where there is none, and of all. */
typedef struct Rivals
{
	double		own;
	double		largest;
	double		total;
} Rivals;

/* The sums of arguments state and own; false where one is NaN or infinite. */
static bool
find_rivals(FunctionCallInfo fcinfo, Rivals *rivals)
{
	const KpiKeyTable *state = (const KpiKeyTable *) PG_GETARG_VARLENA_P(0);
	int			key = kpi_key_words(state);
	int			words = kpi_key_slot_words(state);
	int64		own[KPI_MAX_KEY_WORDS] = {0};
	KpiSum		total = {0, 0};

	if (state->knows != KPI_KNOWS_SUM)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key_totals() without amounts has no sums"),
				 errhint("Make it of keys and amounts: key_totals(brand, sales).")));
	own_key(fcinfo, state, own);
	rivals->own = 0;
	rivals->largest = -INFINITY;
	for (int32 i = 0; i < state->slots; i++)
	{
		const int64 *slot = state->word + (Size) i * words;
		double		sum;

		if (kpi_is_empty_slot(state, slot + key))
			continue;
		sum = sum_of(slot + key);
		kpi_sum_add(&total, sum);
		if (kpi_is_same_key(slot, own, key))
			rivals->own = sum;
		else
			rivals->largest = Max(rivals->largest, sum);
	}
	rivals->total = kpi_sum_value(total);
	return kpi_is_number(rivals->total);
}

/* relative_share(state, own): sum of a key over the largest of another one. */
PG_FUNCTION_INFO_V1(kpi_relative_share);
Datum
kpi_relative_share(PG_FUNCTION_ARGS)
{
	Rivals		rivals;

	if (!find_rivals(fcinfo, &rivals) || !(rivals.largest > 0))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, rivals.own / rivals.largest);
}

/* share_gap(state, own): share of a key less that of the largest other one. */
PG_FUNCTION_INFO_V1(kpi_share_gap);
Datum
kpi_share_gap(PG_FUNCTION_ARGS)
{
	Rivals		rivals;

	if (!find_rivals(fcinfo, &rivals) || rivals.largest == -INFINITY || !(rivals.total > 0))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, (rivals.own - rivals.largest) / rivals.total);
}

/* A bound of a span, as the kind of time that the state knows; by the session's time zone where it is the other. */
static int64
bound_argument(FunctionCallInfo fcinfo, int n, uint8 given, uint8 wanted)
{
	if (given == wanted)
		return PG_GETARG_TIMESTAMP(n);
	return DatumGetTimestamp(DirectFunctionCall1(wanted == KPI_KNOWS_TIME ? timestamptz_timestamp : timestamp_timestamptz,
												 PG_GETARG_DATUM(n)));
}

/* Keys whose first row is in [from, to). */
static int64
count_new(FunctionCallInfo fcinfo, uint8 knows)
{
	const KpiKeyTable *state = (const KpiKeyTable *) PG_GETARG_VARLENA_P(0);
	int64		from = bound_argument(fcinfo, 1, knows, state->knows);
	int64		to = bound_argument(fcinfo, 2, knows, state->knows);
	int			words = kpi_key_slot_words(state);
	int64		count = 0;

	for (int32 i = 0; i < state->slots; i++)
	{
		int64		first = state->word[(Size) i * words + words - 1];

		count += first != DT_NOEND && first >= from && first < to;
	}
	return count;
}

/* new_keys(state, from, to) of timestamp */
PG_FUNCTION_INFO_V1(kpi_new_keys_timestamp);
Datum
kpi_new_keys_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(count_new(fcinfo, KPI_KNOWS_TIME));
}

/* new_keys(state, from, to) of timestamptz */
PG_FUNCTION_INFO_V1(kpi_new_keys_timestamptz);
Datum
kpi_new_keys_timestamptz(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(count_new(fcinfo, KPI_KNOWS_INSTANT));
}

/* The periods of a slot as a bitmap of one word that begins with the first of them. */
static KpiBitmap *
bitmap_of(const int64 *block, KpiBitmap *bitmap)
{
	uint64		bits = (uint64) block[1];
	int			first = pg_rightmost_one_pos64(bits);

	bitmap->count = 1;
	bitmap->first = (int32) (block[0] * KPI_WORD_BITS + first);
	bitmap->word[0] = bits >> first;
	return bitmap;
}

/* The bitmap of the key of so many slots that follow each other, each of later periods. */
static KpiBitmap *
key_bitmap(const int64 *slot, int words, int slots)
{
	union
	{
		KpiBitmap	bitmap;
		char		room[offsetof(KpiBitmap, word) + sizeof(uint64)];
	}			part;
	int64		first = bitmap_of(slot + words - 2, &part.bitmap)->first;
	int64		last = kpi_last_active(bitmap_of(slot + (Size) words * slots - 2, &part.bitmap));
	KpiBitmap  *bitmap = kpi_make_bitmap(first, last);

	for (int i = 0; i < slots; i++)
		kpi_add_bits(bitmap, bitmap_of(slot + (Size) words * (i + 1) - 2, &part.bitmap));
	return bitmap;
}

/* period_bitmaps(state): a row a key. */
PG_FUNCTION_INFO_V1(kpi_period_bitmaps);
Datum
kpi_period_bitmaps(PG_FUNCTION_ARGS)
{
	const KpiKeyTable *state = kpi_dense_keys((const KpiKeyTable *) PG_GETARG_VARLENA_P(0));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			words = kpi_key_slot_words(state);
	bool		isnull = false;
	int32		next;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int32 i = 0; i < state->count; i = next)
	{
		const int64 *slot = state->word + (Size) i * words;
		KpiBitmap  *bitmap;
		Datum		value;

		CHECK_FOR_INTERRUPTS();
		for (next = i + 1; next < state->count && kpi_is_same_key(slot, slot + (Size) words * (next - i), words - 2); next++)
			;
		bitmap = key_bitmap(slot, words, next - i);
		value = PointerGetDatum(bitmap);
		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
		pfree(bitmap);
	}
	PG_RETURN_NULL();
}
