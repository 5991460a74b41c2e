/*-------------------------------------------------------------------------
 *
 * keyed_row.c
 *	  Rows as they come into a table of keys: what a key is, and the transitions
 *	  of key_totals, first_seen and key_periods.
 *
 * A key is one word where it is an integer, and two where it is a uuid, a text or
 * another number; keyed.c says more of that.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/keyed.h"

#include <math.h>

#include "base/check.h"
#include "base/exact.h"
#include "base/state.h"
#include "base/twosum.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "customer/bitmap.h"
#include "customer/period_number.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/uuid.h"

#define LARGEST_AMOUNT 1e290

/* The two words of 16 bytes. */
static void
read_words(const void *bytes, int64 *word)
{
	uint64		half[2];

	memcpy(half, bytes, sizeof(half));
	word[0] = (int64) pg_ntoh64(half[0]);
	word[1] = (int64) pg_ntoh64(half[1]);
}

/* A key of text: 128 bits of its hash. */
static void
text_key(text *key, int64 *word)
{
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(key);
	int			length = (int) VARSIZE_ANY_EXHDR(key);

	word[0] = (int64) hash_bytes_extended(bytes, length, 1);
	word[1] = (int64) hash_bytes_extended(bytes, length, UINT64CONST(0x9E3779B97F4A7C15));
}

/* A key of numeric: its text without zeros at the end. */
static void
numeric_key(Numeric key, int64 *word)
{
	text_key(cstring_to_text(numeric_normalize(key)), word);
}

/* Read a key of a type into words; what it is. */
uint8
kpi_read_key(Datum key, Oid type, int64 *word)
{
	switch (type)
	{
		case INT2OID:
			word[0] = DatumGetInt16(key);
			return KPI_KEY_INTEGER;
		case INT4OID:
			word[0] = DatumGetInt32(key);
			return KPI_KEY_INTEGER;
		case INT8OID:
			word[0] = DatumGetInt64(key);
			return KPI_KEY_INTEGER;
		case UUIDOID:
			read_words(DatumGetUUIDP(key)->data, word);
			return KPI_KEY_UUID;
		case TEXTOID:
		case VARCHAROID:
			text_key(DatumGetTextPP(key), word);
			return KPI_KEY_TEXT;
		case BPCHAROID:
			text_key(DatumGetTextPP(DirectFunctionCall1(rtrim1, key)), word);
			return KPI_KEY_TEXT;
		case NAMEOID:
			text_key(cstring_to_text(NameStr(*DatumGetName(key))), word);
			return KPI_KEY_TEXT;
		case NUMERICOID:
			numeric_key(DatumGetNumeric(key), word);
			return KPI_KEY_TEXT;
		case FLOAT4OID:
			numeric_key(DatumGetNumeric(DirectFunctionCall1(float4_numeric, key)), word);
			return KPI_KEY_TEXT;
		case FLOAT8OID:
			numeric_key(kpi_float8_numeric(DatumGetFloat8(key)), word);
			return KPI_KEY_TEXT;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("a key of type %s is not supported", format_type_be(type)),
					 errhint("Cast it to text.")));
	}
}

/* The type of a key in argument n. */
Oid
kpi_key_type(FunctionCallInfo fcinfo, int n)
{
	return getBaseType(get_fn_expr_argtype(fcinfo->flinfo, n));
}

/* What a call site knows from its last row. */
typedef struct Known
{
	Oid			type;			/* of keys */
	KpiSlots	slots;			/* of periods */
} Known;

/* What is known of a call whose key is argument n. */
static inline Known *
known_call(FunctionCallInfo fcinfo, int n)
{
	Known	   *known = fcinfo->flinfo->fn_extra;

	if (unlikely(known == NULL))
	{
		known = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Known));
		known->type = kpi_key_type(fcinfo, n);
	}
	return known;
}

/* The key of a row, argument 1; how many words it has. */
static inline int
row_key(FunctionCallInfo fcinfo, KpiKeyRow *row)
{
	row->keys = kpi_read_key(PG_GETARG_DATUM(1), known_call(fcinfo, 1)->type, row->word);
	return row->keys == KPI_KEY_INTEGER ? 1 : 2;
}

/* An amount, so small that no sum of rows overflows in any order; what is infinite leaves no sum. */
static double
check_amount(double amount)
{
	if (unlikely(fabs(amount) > LARGEST_AMOUNT && !isinf(amount)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount %s is out of range", float8out_internal(amount)),
				 errhint("Amounts go up to %g.", LARGEST_AMOUNT)));
	return amount;
}

/* Transition of key_totals(key, amount, weight). */
PG_FUNCTION_INFO_V1(kpi_key_totals_accum);
Datum
kpi_key_totals_accum(PG_FUNCTION_ARGS)
{
	KpiKeyRow	row;
	int64	   *known;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		return kpi_leave_state(fcinfo);
	known = row.word + row_key(fcinfo, &row);
	known[0] = PG_NARGS() > 3 ? kpi_check_count(PG_GETARG_FLOAT8(3), "weight") : 1;
	if (known[0] == 0)
		return kpi_leave_state(fcinfo);
	row.knows = KPI_KNOWS_ROWS;
	if (PG_NARGS() > 2)
	{
		KpiSum		sum = {PG_ARGISNULL(2) ? 0 : check_amount(PG_GETARG_FLOAT8(2)), 0};

		row.knows = KPI_KNOWS_SUM;
		memcpy(known + 1, &sum, sizeof(sum));
	}
	return kpi_take_key_row(fcinfo, &row);
}

/* The transition of first_seen; knows says which time. */
static inline Datum
first_row(FunctionCallInfo fcinfo, uint8 knows)
{
	KpiKeyRow	row;
	int64		ts;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_leave_state(fcinfo);
	ts = PG_GETARG_TIMESTAMP(2);
	if (ts == DT_NOEND)
		return kpi_leave_state(fcinfo);
	row.knows = knows;
	row.word[row_key(fcinfo, &row)] = ts;
	return kpi_take_key_row(fcinfo, &row);
}

/* Transition of first_seen(key, timestamp). */
PG_FUNCTION_INFO_V1(kpi_first_seen_accum_timestamp);
Datum
kpi_first_seen_accum_timestamp(PG_FUNCTION_ARGS)
{
	return first_row(fcinfo, KPI_KNOWS_TIME);
}

/* Transition of first_seen(key, timestamptz). */
PG_FUNCTION_INFO_V1(kpi_first_seen_accum_timestamptz);
Datum
kpi_first_seen_accum_timestamptz(PG_FUNCTION_ARGS)
{
	return first_row(fcinfo, KPI_KNOWS_INSTANT);
}

/* Take a period of the key in argument 1 into the state. */
static inline Datum
take_period(FunctionCallInfo fcinfo, int64 period)
{
	KpiKeyRow	row;
	int			words;

	words = row_key(fcinfo, &row);
	row.knows = KPI_KNOWS_PERIODS;
	row.word[words] = period >> KPI_PERIOD_BITS;
	row.word[words + 1] = (int64) (UINT64CONST(1) << (period & (KPI_WORD_BITS - 1)));
	return kpi_take_key_row(fcinfo, &row);
}

/* Transition of key_periods(key, period). */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum);
Datum
kpi_key_periods_accum(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_leave_state(fcinfo);
	return take_period(fcinfo, kpi_check_whole(PG_GETARG_FLOAT8(2), "period"));
}

/* The transition of key_periods of times, which are of a type. */
static pg_attribute_always_inline Datum
take_time(FunctionCallInfo fcinfo, KpiTimeType type)
{
	KpiSlots   *slots;
	int64		moment;

	kpi_require_unit(fcinfo, 3);
	if (PG_ARGISNULL(1) || !kpi_time_argument(fcinfo, 2, type, &moment))
		return kpi_leave_state(fcinfo);
	slots = &known_call(fcinfo, 1)->slots;
	kpi_learn_unit(slots, PG_GETARG_INTERVAL_P(3));
	return take_period(fcinfo, kpi_check_period(kpi_period_of(slots, type, moment)));
}

/* Transition of key_periods(key, date, unit). */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum_date);
Datum
kpi_key_periods_accum_date(PG_FUNCTION_ARGS)
{
	return take_time(fcinfo, KPI_TIME_DATE);
}

/* Transition of key_periods(key, timestamp, unit). */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum_timestamp);
Datum
kpi_key_periods_accum_timestamp(PG_FUNCTION_ARGS)
{
	return take_time(fcinfo, KPI_TIME_TIMESTAMP);
}

/* Transition of key_periods(key, timestamptz, unit), by the calendar of the session's time zone. */
PG_FUNCTION_INFO_V1(kpi_key_periods_accum_timestamptz);
Datum
kpi_key_periods_accum_timestamptz(PG_FUNCTION_ARGS)
{
	return take_time(fcinfo, KPI_TIME_TIMESTAMPTZ);
}
