/*-------------------------------------------------------------------------
 *
 * layout.c
 *	  States by their fields: one table makes the outward forms of a type.
 *
 * Text form: the values, separated by single spaces.  Binary form: the same
 * values, integers and doubles as the server sends them, a numeric after its
 * length.  Both restore every bit that matters, and refuse what no aggregate
 * could produce.
 *
 *-------------------------------------------------------------------------
 */
#include "base/layout.h"

#include <math.h>

#include "base/check.h"
#include "base/exactsum.h"
#include "base/form.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

/* Bytes of a value in the state; a sum stands for one slot. */
static const uint8 value_size[] = {
	[KPI_FIELD_VERSION] = sizeof(uint8),
	[KPI_FIELD_BYTE] = sizeof(uint8),
	[KPI_FIELD_INT64] = sizeof(int64),
	[KPI_FIELD_COUNT] = sizeof(int64),
	[KPI_FIELD_DOUBLE] = sizeof(double),
	[KPI_FIELD_PLAIN] = sizeof(double),
	[KPI_FIELD_OPTIONAL] = sizeof(double),
	[KPI_FIELD_GAP] = sizeof(double),
	[KPI_FIELD_SUM] = 1
};

/* The entries of a state at hand. */
typedef struct Entries
{
	KpiField	field[KPI_MAX_FIELDS];
	Size		size;			/* of an entry */
	int64		values;			/* of an entry */
} Entries;

/* How many values a field has. */
static inline int
value_count(const KpiField *field)
{
	return field->size / value_size[field->kind];
}

/* Where one value of a field is in a state. */
static inline void *
value_at(const KpiField *field, const char *state, int i)
{
	return (char *) state + field->offset + (Size) i * value_size[field->kind];
}

/* A double as it is written, - for a gap. */
static void
append_double_or_gap(StringInfo out, double value)
{
	if (isnan(value))
		appendStringInfoChar(out, '-');
	else
		kpi_append_double(out, value);
}

/* Write one value of a field after a space. */
static void
write_value(StringInfo out, const KpiField *field, const char *state, int i)
{
	const void *at = value_at(field, state, i);
	char		digits[MAXINT8LEN + 1];

	if (out->len > 0)
		appendStringInfoChar(out, ' ');
	switch ((KpiFieldKind) field->kind)
	{
		case KPI_FIELD_VERSION:
		case KPI_FIELD_BYTE:
			pg_ltoa(*(const uint8 *) at, digits);
			appendStringInfoString(out, digits);
			break;
		case KPI_FIELD_INT64:
		case KPI_FIELD_COUNT:
			pg_lltoa(*(const int64 *) at, digits);
			appendStringInfoString(out, digits);
			break;
		case KPI_FIELD_OPTIONAL:
			if (!state[field->flag])
			{
				appendStringInfoChar(out, '-');
				break;
			}
			/* FALLTHROUGH */
		case KPI_FIELD_DOUBLE:
		case KPI_FIELD_PLAIN:
		case KPI_FIELD_GAP:
			append_double_or_gap(out, *(const double *) at);
			break;
		case KPI_FIELD_SUM:
			kpi_append_numeric(out, kpi_exact_value((const KpiExactState *) state, i));
			break;
		case KPI_FIELD_END:
			break;
	}
}

/* Read one value of a field; a sum may move the state. */
static char *
read_value(KpiForm *form, const KpiField *field, char *state, int i)
{
	void	   *at = value_at(field, state, i);

	switch ((KpiFieldKind) field->kind)
	{
		case KPI_FIELD_VERSION:
			kpi_check_version(form->type, (int) kpi_form_int64(form, 0, PG_UINT8_MAX));
			*(uint8 *) at = KPI_STATE_VERSION;
			break;
		case KPI_FIELD_BYTE:
			*(uint8 *) at = (uint8) kpi_form_int64(form, 0, PG_UINT8_MAX);
			break;
		case KPI_FIELD_INT64:
			*(int64 *) at = kpi_form_int64(form, PG_INT64_MIN, PG_INT64_MAX);
			break;
		case KPI_FIELD_COUNT:
			*(int64 *) at = kpi_form_int64(form, 0, PG_INT64_MAX);
			break;
		case KPI_FIELD_OPTIONAL:
			if (kpi_form_skip(form, "-"))
				break;
			state[field->flag] = true;
			/* FALLTHROUGH */
		case KPI_FIELD_PLAIN:
			*(double *) at = kpi_form_double(form) + 0.0;
			break;
		case KPI_FIELD_DOUBLE:
			*(double *) at = kpi_form_double(form);
			break;
		case KPI_FIELD_GAP:
			*(double *) at = kpi_form_skip(form, "-") ? get_float8_nan() : kpi_form_double(form) + 0.0;
			break;
		case KPI_FIELD_SUM:
			return (char *) kpi_exact_restore((KpiExactState *) state, i, kpi_form_numeric(form));
		case KPI_FIELD_END:
			break;
	}
	return state;
}

/* A numeric in its binary form, after its length. */
static void
send_numeric(StringInfo out, Numeric value)
{
	bytea	   *sent = DatumGetByteaPP(DirectFunctionCall1(numeric_send, NumericGetDatum(value)));

	pq_sendint32(out, VARSIZE_ANY_EXHDR(sent));
	pq_sendbytes(out, VARDATA_ANY(sent), VARSIZE_ANY_EXHDR(sent));
}

/* Send one value of a field. */
static void
send_value(StringInfo out, const KpiField *field, const char *state, int i)
{
	const void *at = value_at(field, state, i);

	switch ((KpiFieldKind) field->kind)
	{
		case KPI_FIELD_VERSION:
		case KPI_FIELD_BYTE:
			pq_sendbyte(out, *(const uint8 *) at);
			break;
		case KPI_FIELD_INT64:
		case KPI_FIELD_COUNT:
			pq_sendint64(out, *(const int64 *) at);
			break;
		case KPI_FIELD_OPTIONAL:
			pq_sendbyte(out, state[field->flag]);
			/* FALLTHROUGH */
		case KPI_FIELD_DOUBLE:
		case KPI_FIELD_PLAIN:
		case KPI_FIELD_GAP:
			pq_sendfloat8(out, *(const double *) at);
			break;
		case KPI_FIELD_SUM:
			send_numeric(out, kpi_exact_value((const KpiExactState *) state, i));
			break;
		case KPI_FIELD_END:
			break;
	}
}

/* A finite double. */
static double
receive_double(StringInfo in, const char *type)
{
	double		value = pq_getmsgfloat8(in);

	if (!kpi_is_number(value))
		kpi_bad_binary(type);
	return value;
}

/* A plain double, or NaN for a gap, which has one form. */
static double
receive_double_or_gap(StringInfo in, const char *type)
{
	double		value = pq_getmsgfloat8(in);

	if (isinf(value))
		kpi_bad_binary(type);
	return isnan(value) ? get_float8_nan() : value + 0.0;
}

/* The reverse of send_numeric; NaN and infinity are refused. */
static Numeric
receive_numeric(StringInfo in, const char *type)
{
	int			length = (int) pq_getmsgint(in, 4);
	StringInfoData field;
	Numeric		value;

	if (length < 0 || length > in->len - in->cursor)
		kpi_bad_binary(type);
	initStringInfo(&field);
	appendBinaryStringInfo(&field, pq_getmsgbytes(in, length), length);
	value = DatumGetNumeric(DirectFunctionCall3(numeric_recv, PointerGetDatum(&field),
												ObjectIdGetDatum(InvalidOid),
												Int32GetDatum(-1)));
	if (field.cursor != field.len || !kpi_is_numeric_number(value))
		kpi_bad_binary(type);
	return value;
}

/* Receive one value of a field; a sum may move the state. */
static char *
receive_value(StringInfo in, const char *type, const KpiField *field, char *state, int i)
{
	void	   *at = value_at(field, state, i);
	int			flag;

	switch ((KpiFieldKind) field->kind)
	{
		case KPI_FIELD_VERSION:
			kpi_check_version(type, pq_getmsgbyte(in));
			*(uint8 *) at = KPI_STATE_VERSION;
			break;
		case KPI_FIELD_BYTE:
			*(uint8 *) at = (uint8) pq_getmsgbyte(in);
			break;
		case KPI_FIELD_INT64:
			*(int64 *) at = pq_getmsgint64(in);
			break;
		case KPI_FIELD_COUNT:
			*(int64 *) at = pq_getmsgint64(in);
			if (*(int64 *) at < 0)
				kpi_bad_binary(type);
			break;
		case KPI_FIELD_OPTIONAL:
			flag = pq_getmsgbyte(in);
			*(double *) at = receive_double(in, type) + 0.0;
			if (flag > 1 || (flag == 0 && *(double *) at != 0))
				kpi_bad_binary(type);
			state[field->flag] = (char) flag;
			break;
		case KPI_FIELD_DOUBLE:
			*(double *) at = receive_double(in, type);
			break;
		case KPI_FIELD_PLAIN:
			*(double *) at = receive_double(in, type) + 0.0;
			break;
		case KPI_FIELD_GAP:
			*(double *) at = receive_double_or_gap(in, type);
			break;
		case KPI_FIELD_SUM:
			return (char *) kpi_exact_restore((KpiExactState *) state, i,
											  receive_numeric(in, type));
		case KPI_FIELD_END:
			break;
	}
	return state;
}

/* Write the values of some fields. */
static void
write_fields(StringInfo out, const KpiField *field, const char *state)
{
	for (; field->kind != KPI_FIELD_END; field++)
	{
		for (int i = 0; i < value_count(field); i++)
			write_value(out, field, state, i);
	}
}

/* Read the values of some fields; where the state is then. */
static char *
read_fields(KpiForm *form, const KpiField *field, char *state)
{
	for (; field->kind != KPI_FIELD_END; field++)
	{
		for (int i = 0; i < value_count(field); i++)
			state = read_value(form, field, state, i);
	}
	return state;
}

/* Send the values of some fields. */
static void
send_fields(StringInfo out, const KpiField *field, const char *state)
{
	for (; field->kind != KPI_FIELD_END; field++)
	{
		for (int i = 0; i < value_count(field); i++)
			send_value(out, field, state, i);
	}
}

/* Receive the values of some fields; where the state is then. */
static char *
receive_fields(StringInfo in, const char *type, const KpiField *field, char *state)
{
	for (; field->kind != KPI_FIELD_END; field++)
	{
		for (int i = 0; i < value_count(field); i++)
			state = receive_value(in, type, field, state, i);
	}
	return state;
}

/* A state with zeros for its fields, and for so many bytes of entries. */
static char *
make_state(const KpiLayout *layout, Size entries)
{
	char	   *state = palloc0(layout->size + entries);

	if (layout->varlena)
		SET_VARSIZE(state, layout->size + entries);
	return state;
}

/* A state as it is to be written. */
static const char *
open_state(const KpiLayout *layout, Datum datum)
{
	if (layout->ordered != NULL)
		return layout->ordered(datum);
	if (layout->varlena)
		return (const char *) PG_DETOAST_DATUM(datum);
	return DatumGetPointer(datum);
}

/* What the entries of a state look like, by its header. */
static Entries
find_entries(const KpiLayout *layout, const char *state)
{
	Entries		entries = {.size = layout->entry_size};

	memcpy(entries.field, layout->entry, sizeof(entries.field));
	if (layout->width != NULL)
	{
		KpiField   *only = &entries.field[0];

		only->size = layout->width(state) * value_size[only->kind];
		entries.size = only->size;
	}
	for (const KpiField *field = entries.field; field->kind != KPI_FIELD_END; field++)
		entries.values += value_count(field);
	return entries;
}

/* The header that was read, with room for its entries, which are counted. */
static char *
add_entries(const KpiLayout *layout, const Entries *entries, const char *header, int64 count)
{
	char	   *state = make_state(layout, count * entries->size);

	memcpy(state + VARHDRSZ, header + VARHDRSZ, layout->size - VARHDRSZ);
	*(int32 *) (state + layout->count) = (int32) count;
	return state;
}

/* The most entries that a value of the server's can hold. */
static int64
max_entries(const KpiLayout *layout, const Entries *entries)
{
	return (int64) ((MaxAllocSize - layout->size) / entries->size);
}

/* The state with the entries that follow its header in the text form. */
static char *
read_entries(KpiForm *form, const KpiLayout *layout, const char *header)
{
	Entries		entries = find_entries(layout, header);
	int64		count;
	char	   *state;

	/* a value takes two characters at least */
	count = kpi_form_int64(form, 0, Min(max_entries(layout, &entries),
										(int64) strlen(form->next) / (2 * entries.values)));
	state = add_entries(layout, &entries, header, count);
	for (int64 i = 0; i < count; i++)
		read_fields(form, entries.field, state + layout->size + i * entries.size);
	return state;
}

/* The same of the binary form. */
static char *
receive_entries(StringInfo in, const KpiLayout *layout, const char *header)
{
	Entries		entries = find_entries(layout, header);
	int32		count = (int32) pq_getmsgint(in, 4);
	char	   *state;

	if (count < 0 || count > max_entries(layout, &entries) ||
		count > (in->len - in->cursor) / (int64) entries.size)
		kpi_bad_binary(layout->type);
	state = add_entries(layout, &entries, header, count);
	for (int64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_fields(in, layout->type, entries.field, state + layout->size + i * entries.size);
	}
	return state;
}

/* Read the text form. */
Datum
kpi_layout_in(const KpiLayout *layout, const char *input)
{
	KpiForm		form;
	char	   *state;

	kpi_form_start(&form, layout->type, input);
	state = read_fields(&form, layout->field, make_state(layout, 0));
	if (layout->count != 0)
		state = read_entries(&form, layout, state);
	kpi_form_end(&form);
	if (layout->accept != NULL && !layout->accept(state))
		kpi_form_fail(&form);
	return PointerGetDatum(state);
}

/* Write the text form. */
Datum
kpi_layout_out(const KpiLayout *layout, Datum datum)
{
	const char *state = open_state(layout, datum);
	StringInfoData out;

	initStringInfo(&out);
	write_fields(&out, layout->field, state);
	if (layout->count != 0)
	{
		Entries		entries = find_entries(layout, state);
		int32		count = *(const int32 *) (state + layout->count);

		appendStringInfo(&out, " %d", count);
		for (int64 i = 0; i < count; i++)
			write_fields(&out, entries.field, state + layout->size + i * entries.size);
	}
	return CStringGetDatum(out.data);
}

/* Read the binary form. */
Datum
kpi_layout_recv(const KpiLayout *layout, Datum buffer)
{
	StringInfo	in = (StringInfo) DatumGetPointer(buffer);
	char	   *state = receive_fields(in, layout->type, layout->field, make_state(layout, 0));

	if (layout->count != 0)
		state = receive_entries(in, layout, state);
	pq_getmsgend(in);
	if (layout->accept != NULL && !layout->accept(state))
		kpi_bad_binary(layout->type);
	return PointerGetDatum(state);
}

/* Write the binary form. */
Datum
kpi_layout_send(const KpiLayout *layout, Datum datum)
{
	const char *state = open_state(layout, datum);
	StringInfoData out;

	pq_begintypsend(&out);
	send_fields(&out, layout->field, state);
	if (layout->count != 0)
	{
		Entries		entries = find_entries(layout, state);
		int32		count = *(const int32 *) (state + layout->count);

		pq_sendint32(&out, count);
		for (int64 i = 0; i < count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			send_fields(&out, entries.field, state + layout->size + i * entries.size);
		}
	}
	return PointerGetDatum(pq_endtypsend(&out));
}
