/*-------------------------------------------------------------------------
 *
 * corr_matrix.c
 *	  Values of many indicators, collected to be correlated: kpi.corr_matrix.
 *
 * Text form: version, kind of period, number of keys; then for each key, in
 * order, : with its characters, number of points, and these in order, period and
 * value, - for a gap.  A blank in a key is written \s and a backslash twice.
 * Binary form: the same values.
 *
 * NULL rule: a row whose key or period is NULL, or whose period is infinite, is
 * left out; a NULL value is a gap.  NaN and infinity are errors.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/form.h"
#include "base/state.h"
#include "driver/keyed.h"
#include "libpq/pqformat.h"
#include "series/series.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

static const char *const type_name = "kpi.corr_matrix";

/* 2^53 - 1: beyond it a float8 may stand for another number */
#define MAX_WHOLE 9007199254740991.0

/* The error of periods of two types. */
static void
check_kind(const KpiKeyed *state, uint8 kind)
{
	if (state->kind != kind)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods of type %s do not go with periods of type %s", kpi_period_kind_name(kind),
						kpi_period_kind_name(state->kind)),
				 errhint("Collect periods of one type.")));
}

/* The value of a row; NaN for NULL. */
static double
read_value(FunctionCallInfo fcinfo)
{
	double		value;

	if (PG_ARGISNULL(3))
		return NAN;
	value = PG_GETARG_FLOAT8(3);
	if (!kpi_is_number(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value %s is not a finite number", float8out_internal(value)),
				 errhint("Pass NULL where a period has no value.")));
	return value;
}

/* Take a row into the state of argument 0; left out where it has no key or period. */
static Datum
accumulate(FunctionCallInfo fcinfo, uint8 kind, bool has_period, int64 period)
{
	KpiKeyed   *state = kpi_writable_varlena(fcinfo);
	const text *key;
	int			number;

	if (state == NULL)
		state = kpi_new_keyed(kind);
	check_kind(state, kind);
	if (!has_period || PG_ARGISNULL(1))
		PG_RETURN_POINTER(state);
	key = PG_GETARG_TEXT_PP(1);
	state = kpi_keyed_add_key(state, VARDATA_ANY(key), (int) VARSIZE_ANY_EXHDR(key), &number);
	PG_RETURN_POINTER(kpi_keyed_add(state, number, period, read_value(fcinfo)));
}

/* corr_matrix(key, period date, value): transition. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_date);
Datum
kpi_corr_matrix_date(PG_FUNCTION_ARGS)
{
	bool		has = !PG_ARGISNULL(2) && !DATE_NOT_FINITE(PG_GETARG_DATEADT(2));

	return accumulate(fcinfo, KPI_PERIOD_DATE, has, has ? PG_GETARG_DATEADT(2) : 0);
}

/* corr_matrix(key, period timestamp, value): transition. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_timestamp);
Datum
kpi_corr_matrix_timestamp(PG_FUNCTION_ARGS)
{
	bool		has = !PG_ARGISNULL(2) && !TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMP(2));

	return accumulate(fcinfo, KPI_PERIOD_TIMESTAMP, has, has ? PG_GETARG_TIMESTAMP(2) : 0);
}

/* corr_matrix(key, period timestamptz, value): transition. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_timestamptz);
Datum
kpi_corr_matrix_timestamptz(PG_FUNCTION_ARGS)
{
	bool		has = !PG_ARGISNULL(2) && !TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(2));

	return accumulate(fcinfo, KPI_PERIOD_TIMESTAMPTZ, has, has ? PG_GETARG_TIMESTAMPTZ(2) : 0);
}

/* corr_matrix(key, period float8, value): transition. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_float8);
Datum
kpi_corr_matrix_float8(PG_FUNCTION_ARGS)
{
	bool		has = !PG_ARGISNULL(2);
	double		period = has ? PG_GETARG_FLOAT8(2) : 0;

	if (!(rint(period) == period && fabs(period) <= MAX_WHOLE))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period %s is not a whole number of at most %.0f", float8out_internal(period), MAX_WHOLE),
				 errhint("Number the periods in a row, such as 2024 and 2025, or use dates.")));
	return accumulate(fcinfo, KPI_PERIOD_INTEGER, has, (int64) period);
}

/* The points of two states as one; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_combine);
Datum
kpi_corr_matrix_combine(PG_FUNCTION_ARGS)
{
	KpiKeyed   *state;
	const KpiKeyed *other;
	int		   *number;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_varlena(fcinfo);
	other = (const KpiKeyed *) PG_GETARG_VARLENA_P(1);
	check_kind(state, other->kind);
	number = palloc(Max(other->keys, 1) * sizeof(int));
	for (const KpiKeyName *name = kpi_keyed_name(other, NULL); name != NULL; name = kpi_keyed_name(other, name))
		state = kpi_keyed_add_key(state, name->text, name->length, &number[name->number]);
	for (int i = 0; i < other->count; i++)
	{
		const KpiKeyedPoint *point = &kpi_keyed_points(other)[i];

		state = kpi_keyed_add(state, number[point->key], point->period, point->value);
	}
	PG_RETURN_POINTER(state);
}

/* corr_matrix_done(matrix): in order and without spare room. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_done);
Datum
kpi_corr_matrix_done(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_keyed_ordered((const KpiKeyed *) PG_GETARG_VARLENA_P(0)));
}

/* Points of a key, which stand together from one on. */
static int
count_points(const KpiKeyed *state, int first, int key)
{
	int			next = first;

	while (next < state->count && kpi_keyed_points(state)[next].key == key)
		next++;
	return next - first;
}

/* Write a key after a blank. */
static void
append_name(StringInfo out, const KpiKeyName *name)
{
	appendStringInfoString(out, " :");
	for (int i = 0; i < name->length; i++)
	{
		if (name->text[i] == ' ')
			appendStringInfoString(out, "\\s");
		else if (name->text[i] == '\\')
			appendStringInfoString(out, "\\\\");
		else
			appendStringInfoChar(out, name->text[i]);
	}
}

/* The characters of a key that was read, written over it; their number. */
static int
read_name(KpiForm *form, char *word)
{
	char	   *to = word;

	if (*word != ':')
		kpi_form_fail(form);
	for (const char *from = word + 1; *from != '\0'; from++)
	{
		if (*from != '\\')
			*to++ = *from;
		else if (*++from == 's')
			*to++ = ' ';
		else if (*from == '\\')
			*to++ = '\\';
		else
			kpi_form_fail(form);
	}
	return (int) (to - word);
}

/* Text output of kpi.corr_matrix. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_out);
Datum
kpi_corr_matrix_out(PG_FUNCTION_ARGS)
{
	const KpiKeyed *state = kpi_keyed_ordered((const KpiKeyed *) PG_GETARG_VARLENA_P(0));
	const KpiKeyedPoint *point = kpi_keyed_points(state);
	StringInfoData out;
	int			first = 0;

	initStringInfo(&out);
	appendStringInfo(&out, "%d %d %d", KPI_STATE_VERSION, state->kind, state->keys);
	for (const KpiKeyName *name = kpi_keyed_name(state, NULL); name != NULL; name = kpi_keyed_name(state, name))
	{
		int			count = count_points(state, first, name->number);

		append_name(&out, name);
		appendStringInfo(&out, " %d", count);
		for (int i = first; i < first + count; i++)
		{
			appendStringInfo(&out, " " INT64_FORMAT " ", point[i].period);
			if (isnan(point[i].value))
				appendStringInfoChar(&out, '-');
			else
				kpi_append_double(&out, point[i].value);
		}
		first += count;
	}
	PG_RETURN_CSTRING(out.data);
}

/* Whether an aggregate could produce what was read: keys and points in order. */
static bool
is_ordered(const KpiKeyed *state)
{
	const KpiKeyed *ordered = kpi_keyed_ordered(state);

	return memcmp(kpi_keyed_names(state), kpi_keyed_names(ordered), state->name_bytes) == 0 &&
		memcmp(kpi_keyed_points(state), kpi_keyed_points(ordered), state->count * sizeof(KpiKeyedPoint)) == 0;
}

/* Text input of kpi.corr_matrix. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_in);
Datum
kpi_corr_matrix_in(PG_FUNCTION_ARGS)
{
	KpiForm		form;
	KpiKeyed   *state;
	int			keys;

	kpi_form_start(&form, type_name, PG_GETARG_CSTRING(0));
	kpi_check_version(type_name, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	state = kpi_new_keyed((uint8) kpi_form_int64(&form, 0, KPI_PERIOD_INTEGER));
	keys = (int) kpi_form_int64(&form, 0, PG_INT32_MAX);
	for (int i = 0; i < keys; i++)
	{
		char	   *word = kpi_form_word(&form);
		int			length = read_name(&form, word);
		int			number;
		int			count;

		state = kpi_keyed_add_key(state, word, length, &number);
		count = (int) kpi_form_int64(&form, 1, PG_INT32_MAX);
		if (number != i)
			kpi_form_fail(&form);
		for (int k = 0; k < count; k++)
		{
			int64		period = kpi_form_int64(&form, PG_INT64_MIN, PG_INT64_MAX);

			state = kpi_keyed_add(state, number, period, kpi_form_skip(&form, "-") ? get_float8_nan() : kpi_form_double(&form));
		}
	}
	kpi_form_end(&form);
	if (!is_ordered(state))
		kpi_form_fail(&form);
	PG_RETURN_POINTER(kpi_keyed_ordered(state));
}

/* Binary output of kpi.corr_matrix. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_send);
Datum
kpi_corr_matrix_send(PG_FUNCTION_ARGS)
{
	const KpiKeyed *state = kpi_keyed_ordered((const KpiKeyed *) PG_GETARG_VARLENA_P(0));
	const KpiKeyedPoint *point = kpi_keyed_points(state);
	StringInfoData out;
	int			first = 0;

	pq_begintypsend(&out);
	pq_sendbyte(&out, KPI_STATE_VERSION);
	pq_sendbyte(&out, state->kind);
	pq_sendint32(&out, state->keys);
	for (const KpiKeyName *name = kpi_keyed_name(state, NULL); name != NULL; name = kpi_keyed_name(state, name))
	{
		int			count = count_points(state, first, name->number);

		kpi_send_text(&out, name->text, name->length);
		pq_sendint32(&out, count);
		for (int i = first; i < first + count; i++)
		{
			pq_sendint64(&out, point[i].period);
			pq_sendbyte(&out, !isnan(point[i].value));
			pq_sendfloat8(&out, isnan(point[i].value) ? 0 : point[i].value);
		}
		first += count;
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* A count of a binary form: there are as many bytes at least. */
static int
receive_count(StringInfo in, int least, int bytes)
{
	int			count = (int) pq_getmsgint(in, 4);

	if (count < least || count > (in->len - in->cursor) / bytes)
		kpi_bad_binary(type_name);
	return count;
}

/* A value of a binary form; NaN for a gap. */
static double
receive_value(StringInfo in)
{
	int			there = pq_getmsgbyte(in);
	double		value = pq_getmsgfloat8(in);

	if (there > 1 || !kpi_is_number(value) || (there == 0 && value != 0))
		kpi_bad_binary(type_name);
	return there ? value : get_float8_nan();
}

/* Binary input of kpi.corr_matrix. */
PG_FUNCTION_INFO_V1(kpi_corr_matrix_recv);
Datum
kpi_corr_matrix_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	KpiKeyed   *state;
	int			kind;
	int			keys;

	kpi_check_version(type_name, pq_getmsgbyte(in));
	kind = pq_getmsgbyte(in);
	if (kind > KPI_PERIOD_INTEGER)
		kpi_bad_binary(type_name);
	state = kpi_new_keyed((uint8) kind);
	keys = receive_count(in, 0, 8);
	for (int i = 0; i < keys; i++)
	{
		int			length = receive_count(in, 0, 1);
		const char *key = pq_getmsgtext(in, length, &length);
		int			number;
		int			count;

		state = kpi_keyed_add_key(state, key, length, &number);
		count = receive_count(in, 1, 17);
		if (number != i)
			kpi_bad_binary(type_name);
		for (int k = 0; k < count; k++)
		{
			int64		period = pq_getmsgint64(in);

			state = kpi_keyed_add(state, number, period, receive_value(in));
		}
	}
	if (!is_ordered(state))
		kpi_bad_binary(type_name);
	PG_RETURN_POINTER(kpi_keyed_ordered(state));
}
