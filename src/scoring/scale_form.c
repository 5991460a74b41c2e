/*-------------------------------------------------------------------------
 *
 * scale_form.c
 *	  Scoring scales as text and in binary form, their equality and hash.
 *
 * The text says what the scale is of, but for what is plain: a linear, step
 * or binary scale of the attainment, and what is given.  Equality is by
 * meaning and value: 1.0 equals 1.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/scale.h"

#include "base/exact.h"
#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"

/* x:y, x:y, ... */
static void
append_points(StringInfo out, const KpiScale *scale)
{
	for (int i = 0; i < scale->count; i += 2)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		kpi_append_numeric(out, kpi_scale_number(scale, i));
		appendStringInfoChar(out, ':');
		kpi_append_numeric(out, kpi_scale_number(scale, i + 1));
	}
}

/* The direction is written where it is not the form's own, and so is the counting. */
static void
append_units(StringInfo out, const KpiScale *scale)
{
	bool		adds = scale->form == KPI_SCALE_ADD;

	kpi_append_numeric(out, kpi_scale_number(scale, 0));
	appendStringInfoString(out, " from ");
	kpi_append_numeric(out, kpi_scale_number(scale, 1));
	if (adds != (bool) scale->upward)
		appendStringInfoString(out, scale->upward ? " up" : " down");
	appendStringInfoString(out, ", ");
	kpi_append_numeric(out, kpi_scale_number(scale, 2));
	appendStringInfoString(out, " per ");
	kpi_append_numeric(out, kpi_scale_number(scale, 3));
	if (scale->counting != KPI_COUNT_LINEAR)
		appendStringInfo(out, " %s", kpi_counting_words.word[scale->counting]);
}

/* low..high full, outer_low..outer_high zero */
static void
append_range(StringInfo out, const KpiScale *scale)
{
	kpi_append_numeric(out, kpi_scale_number(scale, 0));
	appendStringInfoString(out, "..");
	kpi_append_numeric(out, kpi_scale_number(scale, 1));
	appendStringInfoString(out, " full, ");
	kpi_append_numeric(out, kpi_scale_number(scale, 2));
	appendStringInfoString(out, "..");
	kpi_append_numeric(out, kpi_scale_number(scale, 3));
	appendStringInfoString(out, " zero");
}

/* Points of binary and rank. */
static void
append_list(StringInfo out, const KpiScale *scale)
{
	for (int i = 0; i < scale->count; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		kpi_append_numeric(out, kpi_scale_number(scale, i));
	}
}

/* Whether what a scale is of goes without saying. */
static bool
is_plain(const KpiScale *scale)
{
	return scale->of == kpi_scale_default_of(scale->form) &&
		(scale->of == KPI_OF_ATTAINMENT || scale->form == KPI_SCALE_GIVEN);
}

/* What follows the form. */
static void
append_options(StringInfo out, const KpiScale *scale)
{
	if (!is_plain(scale))
		appendStringInfo(out, " of %s", kpi_scale_of_words.word[scale->of]);
	if (scale->options & KPI_SCALE_ROUND)
		appendStringInfo(out, " round %d", scale->decimals);
	if (scale->options & KPI_SCALE_MIN)
	{
		appendStringInfoString(out, " min ");
		kpi_append_numeric(out, kpi_scale_number(scale, kpi_scale_min_place(scale)));
	}
	if (scale->options & KPI_SCALE_MAX)
	{
		appendStringInfoString(out, " max ");
		kpi_append_numeric(out, kpi_scale_number(scale, kpi_scale_max_place(scale)));
	}
}

/* The scale as text, its numbers as they were written. */
PG_FUNCTION_INFO_V1(kpi_scale_out);
Datum
kpi_scale_out(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, kpi_scale_form_words.word[scale->form]);
	if (scale->form != KPI_SCALE_GIVEN)
	{
		appendStringInfoChar(&out, '(');
		if (kpi_scale_has_points(scale->form))
			append_points(&out, scale);
		else if (kpi_scale_has_units(scale->form))
			append_units(&out, scale);
		else if (scale->form == KPI_SCALE_RANGE)
			append_range(&out, scale);
		else
			append_list(&out, scale);
		appendStringInfoChar(&out, ')');
	}
	append_options(&out, scale);
	PG_RETURN_CSTRING(out.data);
}

/* One of a few values in a byte. */
static int
receive_choice(StringInfo message, int choices)
{
	int			choice = pq_getmsgbyte(message);

	if (choice >= choices)
		kpi_bad_binary(KPI_SCALE_TYPE);
	return choice;
}

/* The next number. */
static Numeric
receive_number(StringInfo message)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_recv,
											   PointerGetDatum(message),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* Whether a scale of the form may have so many numbers. */
static bool
is_count(KpiScaleForm form, int count)
{
	if (kpi_scale_has_points(form))
		return count >= 2 && count % 2 == 0;
	if (kpi_scale_has_units(form) || form == KPI_SCALE_RANGE)
		return count == 4;
	if (form == KPI_SCALE_RANK)
		return count >= 1;
	return count == (form == KPI_SCALE_BINARY);
}

/* What precedes the numbers; the options come back. */
static int
receive_head(StringInfo message, KpiScaleDraft *draft)
{
	int			options;

	kpi_check_version(KPI_SCALE_TYPE, pq_getmsgbyte(message));
	kpi_scale_start(draft, receive_choice(message, kpi_scale_form_words.count));
	draft->of = receive_choice(message, kpi_scale_of_words.count);
	draft->counting = receive_choice(message, kpi_counting_words.count);
	draft->upward = receive_choice(message, 2);
	options = receive_choice(message, 2 * KPI_SCALE_MAX);
	draft->rounds = (options & KPI_SCALE_ROUND) != 0;
	draft->decimals = (int16) pq_getmsgint(message, 2);
	if ((!kpi_scale_has_units(draft->form) && (draft->counting != 0 || draft->upward)) ||
		abs(draft->decimals) > (draft->rounds ? KPI_MAX_SCALE_ROUND : 0))
		kpi_bad_binary(KPI_SCALE_TYPE);
	return options;
}

/* A scale from its binary form, checked like its text form. */
PG_FUNCTION_INFO_V1(kpi_scale_recv);
Datum
kpi_scale_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	KpiScaleDraft *draft = palloc(sizeof(KpiScaleDraft));
	int			options = receive_head(message, draft);
	int			count = (int) pq_getmsgint(message, 4);

	if (!is_count(draft->form, count))
		kpi_bad_binary(KPI_SCALE_TYPE);
	for (int i = 0; i < count; i++)
		kpi_scale_add(draft, receive_number(message));
	if (options & KPI_SCALE_MIN)
		draft->min = receive_number(message);
	if (options & KPI_SCALE_MAX)
		draft->max = receive_number(message);
	PG_RETURN_POINTER(kpi_scale_build(draft));
}

/*
 * The binary form: version, form, of, counting, upward, options, decimals,
 * number of numbers, then the numerics, min and max among them.
 */
PG_FUNCTION_INFO_V1(kpi_scale_send);
Datum
kpi_scale_send(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, scale->version);
	pq_sendbyte(&message, scale->form);
	pq_sendbyte(&message, scale->of);
	pq_sendbyte(&message, scale->counting);
	pq_sendbyte(&message, scale->upward);
	pq_sendbyte(&message, scale->options);
	pq_sendint16(&message, scale->decimals);
	pq_sendint32(&message, scale->count);
	for (int i = 0; i < kpi_scale_numbers(scale); i++)
	{
		bytea	   *number = DatumGetByteaPP(DirectFunctionCall1(numeric_send,
																 NumericGetDatum(kpi_scale_number(scale, i))));

		pq_sendbytes(&message, VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* The parts of a scale that are not numbers, as one word. */
static uint64
scale_word(const KpiScale *scale)
{
	return (uint64) scale->form << 48 | (uint64) scale->of << 40 | (uint64) scale->counting << 32 |
		(uint64) scale->upward << 24 | (uint64) scale->options << 16 | (uint16) scale->decimals;
}

/* The same parts and the same values. */
static bool
scales_equal(const KpiScale *a, const KpiScale *b)
{
	if (scale_word(a) != scale_word(b) || a->count != b->count)
		return false;
	for (int i = 0; i < kpi_scale_numbers(a); i++)
	{
		if (a->number[i] != b->number[i] ||
			kpi_numeric_cmp(kpi_scale_number(a, i), kpi_scale_number(b, i)) != 0)
			return false;
	}
	return true;
}

/* The same form, options and values; 1.0 equals 1. */
PG_FUNCTION_INFO_V1(kpi_scale_eq);
Datum
kpi_scale_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(scales_equal(kpi_scale_value(PG_GETARG_DATUM(0)),
								kpi_scale_value(PG_GETARG_DATUM(1))));
}

/* Not equal. */
PG_FUNCTION_INFO_V1(kpi_scale_ne);
Datum
kpi_scale_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!scales_equal(kpi_scale_value(PG_GETARG_DATUM(0)),
								 kpi_scale_value(PG_GETARG_DATUM(1))));
}

/* What the hashes begin with. */
static uint32
folded_word(const KpiScale *scale)
{
	uint64		word = scale_word(scale);

	return (uint32) (word ^ word >> 32);
}

/* Hash that agrees with equality; numbers are mixed in as hash_array does. */
PG_FUNCTION_INFO_V1(kpi_scale_hash);
Datum
kpi_scale_hash(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));
	uint32		hash = hash_bytes_uint32(folded_word(scale));

	for (int i = 0; i < kpi_scale_numbers(scale); i++)
		hash = 31 * hash +
			DatumGetUInt32(DirectFunctionCall1(hash_numeric,
											   NumericGetDatum(kpi_scale_number(scale, i))));
	PG_RETURN_UINT32(hash);
}

/* The same in 64 bits with a seed; its low half is that hash where the seed is 0. */
PG_FUNCTION_INFO_V1(kpi_scale_hash_extended);
Datum
kpi_scale_hash_extended(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));
	Datum		seed = PG_GETARG_DATUM(1);
	uint64		hash = hash_bytes_uint32_extended(folded_word(scale), DatumGetInt64(seed));

	for (int i = 0; i < kpi_scale_numbers(scale); i++)
		hash = 31 * hash +
			DatumGetUInt64(DirectFunctionCall2(hash_numeric_extended,
											   NumericGetDatum(kpi_scale_number(scale, i)), seed));
	PG_RETURN_UINT64(hash);
}
