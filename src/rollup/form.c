/*-------------------------------------------------------------------------
 *
 * form.c
 *	  The outward forms of kpi.rollup_state, text and binary.
 *
 * Text form: version, float8 or numeric, number of rows, then for every row
 * node, parent, weight, score, method, missing, min_coverage, role,
 * role_limit and carried.  Names are in double quotes, a double quote in a
 * name is doubled; NULL is -; a score that is NaN or infinite is the word
 * invalid.
 *
 * Both forms are sorted, so that states of equal rows have equal forms, and
 * whatever no aggregate makes is refused when it is read.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/state.h"

#include "base/exact.h"
#include "base/form.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

static const char *const state_type = "kpi.rollup_state";

/* What a field of a row is; the binary form has all fields of a kind together. */
typedef enum FieldKind
{
	FIELD_WORD,
	FIELD_NAME,
	FIELD_AMOUNT,
	FIELD_KINDS
} FieldKind;

typedef struct Field
{
	Size		offset;			/* in KpiRollupRow */
	const KpiWords *words;
	FieldKind	kind;
	uint8		bit;			/* in has, if it may be missing */
	uint8		invalid;		/* in has, if it may be NaN or infinite */
} Field;

#define NAME(member, bit) {offsetof(KpiRollupRow, member), NULL, FIELD_NAME, bit, 0}
#define WORD(member, words) {offsetof(KpiRollupRow, member), &(words), FIELD_WORD, 0, 0}
#define AMOUNT(member, bit, invalid) \
	{offsetof(KpiRollupRow, member), NULL, FIELD_AMOUNT, bit, invalid}

/* The fields in the order of the text form. */
static const Field field[] = {
	NAME(node, 0),
	NAME(parent, KPI_HAS_PARENT),
	AMOUNT(weight, KPI_HAS_WEIGHT, 0),
	AMOUNT(score, KPI_HAS_SCORE, KPI_HAS_INVALID_SCORE),
	WORD(method, kpi_rollup_method_words),
	WORD(missing, kpi_rollup_missing_words),
	AMOUNT(min_coverage, KPI_HAS_MIN_COVERAGE, 0),
	WORD(role, kpi_role_words),
	AMOUNT(role_limit, KPI_HAS_ROLE_LIMIT, 0),
	AMOUNT(carried, KPI_HAS_CARRIED, 0)
};

#define FIELDS ((int) lengthof(field))
#define VALUE(row, field, type) (*(type *) ((char *) (row) + (field)->offset))

/* Whether a row has a field. */
static inline bool
has_field(const KpiRollupRow *row, const Field *at)
{
	return at->bit == 0 || (row->has & at->bit) != 0;
}

/* Order of rows in the outward forms: node, parent, then whatever differs. */
static int
compare_rows(const void *a, const void *b, void *exact)
{
	const KpiRollupEntry *x = *(KpiRollupEntry *const *) a;
	const KpiRollupEntry *y = *(KpiRollupEntry *const *) b;
	KpiRollupRow x_row;
	KpiRollupRow y_row;
	int			order;

	kpi_rollup_unpack(*(bool *) exact, x, &x_row);
	kpi_rollup_unpack(*(bool *) exact, y, &y_row);
	order = kpi_rollup_compare_names(x_row.node, y_row.node);
	if (order == 0)
		order = (x_row.has & KPI_HAS_PARENT) - (y_row.has & KPI_HAS_PARENT);
	if (order == 0 && x_row.has & KPI_HAS_PARENT)
		order = kpi_rollup_compare_names(x_row.parent, y_row.parent);
	if (order == 0)
		order = memcmp(x, y, Min(x->size, y->size));
	if (order == 0)
		order = (x->size > y->size) - (x->size < y->size);
	return order;
}

/* The rows of a state in the order of its forms. */
static const KpiRollupEntry **
sorted_rows(KpiRollup *state)
{
	const KpiRollupEntry **rows = palloc(sizeof(KpiRollupEntry *) * state->count);
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);
	bool		exact = state->exact;

	for (uint32 i = 0; i < state->count; i++, entry = KPI_ROLLUP_NEXT(entry))
		rows[i] = entry;
	qsort_interruptible(rows, state->count, sizeof(KpiRollupEntry *), compare_rows, &exact);
	return rows;
}

/* A name in double quotes, each of its own doubled. */
static void
write_name(StringInfo out, const text *name)
{
	appendStringInfoChar(out, '"');
	for (Size i = 0; i < VARSIZE_ANY_EXHDR(name); i++)
	{
		if (VARDATA_ANY(name)[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, VARDATA_ANY(name)[i]);
	}
	appendStringInfoChar(out, '"');
}

/* Write a field of a row after a space; - where it is missing. */
static void
write_field(StringInfo out, bool exact, const KpiRollupRow *row, const Field *at)
{
	appendStringInfoChar(out, ' ');
	if (row->has & at->invalid)
		appendStringInfoString(out, "invalid");
	else if (at->kind == FIELD_WORD)
	{
		int8		place = VALUE(row, at, const int8);

		appendStringInfoString(out, place < 0 ? "-" : at->words->word[place]);
	}
	else if (!has_field(row, at))
		appendStringInfoChar(out, '-');
	else if (at->kind == FIELD_NAME)
		write_name(out, VALUE(row, at, const text *const));
	else if (exact)
		kpi_append_numeric(out, VALUE(row, at, const KpiAmount).exact);
	else
		kpi_append_double(out, VALUE(row, at, const KpiAmount).real);
}

/* Text form of a state; equal rows give equal forms. */
PG_FUNCTION_INFO_V1(kpi_rollup_state_out);
Datum
kpi_rollup_state_out(PG_FUNCTION_ARGS)
{
	KpiRollup  *state = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	const KpiRollupEntry **rows = sorted_rows(state);
	KpiRollupRow row;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d %s %u", state->version, state->exact ? "numeric" : "float8",
					 state->count);
	for (uint32 i = 0; i < state->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		kpi_rollup_unpack(state->exact, rows[i], &row);
		for (int k = 0; k < FIELDS; k++)
			write_field(&out, state->exact, &row, &field[k]);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Read a name in double quotes. */
static const text *
read_name(KpiForm *form)
{
	const char *at = form->next + strspn(form->next, " ");
	StringInfoData name;

	if (*at++ != '"')
		kpi_form_fail(form);
	initStringInfo(&name);
	while (*at != '"' || *++at == '"')
	{
		if (*at == '\0')
			kpi_form_fail(form);
		appendStringInfoChar(&name, *at++);
	}
	if (*at != ' ' && *at != '\0')
		kpi_form_fail(form);
	form->next = at;
	return cstring_to_text_with_len(name.data, name.len);
}

/* Read a field of a row, and what it says in has. */
static void
read_field(KpiForm *form, bool exact, KpiRollupRow *row, const Field *at)
{
	bool		optional = at->bit != 0 || at->kind == FIELD_WORD;

	if (at->invalid != 0 && kpi_form_skip(form, "invalid"))
		row->has |= at->invalid;
	else if (optional && kpi_form_skip(form, "-"))
	{
		if (at->kind == FIELD_WORD)
			VALUE(row, at, int8) = KPI_ROLLUP_DEFAULT;
	}
	else
	{
		row->has |= at->bit;
		if (at->kind == FIELD_WORD)
			VALUE(row, at, int8) =
				(int8) kpi_check_word(at->words, cstring_to_text(kpi_form_word(form)));
		else if (at->kind == FIELD_NAME)
			VALUE(row, at, const text *) = read_name(form);
		else if (exact)
			VALUE(row, at, KpiAmount).exact = kpi_form_numeric(form);
		else
			VALUE(row, at, KpiAmount).real = kpi_form_double(form);
	}
}

/* Read the text form; rows that no aggregate takes are refused. */
PG_FUNCTION_INFO_V1(kpi_rollup_state_in);
Datum
kpi_rollup_state_in(PG_FUNCTION_ARGS)
{
	KpiForm		form;
	KpiRollup  *state;
	bool		exact;
	int64		count;

	kpi_form_start(&form, state_type, PG_GETARG_CSTRING(0));
	kpi_check_version(state_type, (int) kpi_form_int64(&form, 0, PG_INT32_MAX));
	exact = kpi_form_skip(&form, "numeric");
	if (!exact && !kpi_form_skip(&form, "float8"))
		kpi_form_fail(&form);
	count = kpi_form_int64(&form, 1, PG_INT32_MAX);
	state = kpi_rollup_new(exact);
	for (int64 i = 0; i < count; i++)
	{
		KpiRollupRow row = {0};

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < FIELDS; k++)
			read_field(&form, exact, &row, &field[k]);
		kpi_rollup_check(exact, &row);
		state = kpi_rollup_append(state, &row, true);
	}
	kpi_form_end(&form);
	PG_RETURN_POINTER(kpi_rollup_compact(state));
}

/* Send a field of a row, if it has it. */
static void
send_field(StringInfo buffer, bool exact, const KpiRollupRow *row, const Field *at)
{
	if (!has_field(row, at))
		return;
	if (at->kind == FIELD_WORD)
		pq_sendbyte(buffer, (uint8) VALUE(row, at, const int8));
	else if (at->kind == FIELD_NAME)
	{
		const text *name = VALUE(row, at, const text *const);

		kpi_send_text(buffer, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	}
	else if (exact)
	{
		bytea	   *sent = DatumGetByteaPP(DirectFunctionCall1(numeric_send,
															   NumericGetDatum(VALUE(row, at, const KpiAmount).exact)));

		pq_sendbytes(buffer, VARDATA_ANY(sent), VARSIZE_ANY_EXHDR(sent));
	}
	else
		pq_sendfloat8(buffer, VALUE(row, at, const KpiAmount).real);
}

/* Send a row: what it has, then its words, names and amounts. */
static void
send_row(StringInfo buffer, bool exact, const KpiRollupRow *row)
{
	pq_sendbyte(buffer, row->has);
	for (int kind = 0; kind < FIELD_KINDS; kind++)
	{
		for (int k = 0; k < FIELDS; k++)
		{
			if ((int) field[k].kind == kind)
				send_field(buffer, exact, row, &field[k]);
		}
	}
}

/* Binary form of a state; equal rows give equal forms. */
PG_FUNCTION_INFO_V1(kpi_rollup_state_send);
Datum
kpi_rollup_state_send(PG_FUNCTION_ARGS)
{
	KpiRollup  *state = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	const KpiRollupEntry **rows = sorted_rows(state);
	KpiRollupRow row;
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendbyte(&buffer, state->version);
	pq_sendbyte(&buffer, state->exact);
	pq_sendint32(&buffer, state->count);
	for (uint32 i = 0; i < state->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		kpi_rollup_unpack(state->exact, rows[i], &row);
		send_row(&buffer, state->exact, &row);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* Receive a name, in which there is no zero byte. */
static const text *
receive_name(StringInfo buffer)
{
	int			received;
	const char *name = pq_getmsgtext(buffer, (int) pq_getmsgint(buffer, 4), &received);

	if (strlen(name) != (Size) received)
		kpi_bad_binary(state_type);
	return cstring_to_text_with_len(name, received);
}

/* Receive an amount, which is finite. */
static KpiAmount
receive_amount(StringInfo buffer, bool exact)
{
	KpiAmount	amount;

	if (exact)
		amount.exact = DatumGetNumeric(DirectFunctionCall3(numeric_recv, PointerGetDatum(buffer),
														   ObjectIdGetDatum(InvalidOid),
														   Int32GetDatum(-1)));
	else
		amount.real = pq_getmsgfloat8(buffer);
	if (!kpi_amount_is_finite(exact, amount))
		kpi_bad_binary(state_type);
	return amount;
}

/* Receive the place of a word, or KPI_ROLLUP_DEFAULT. */
static int8
receive_word(StringInfo buffer, const KpiWords *words)
{
	int8		place = (int8) pq_getmsgbyte(buffer);

	if (place < KPI_ROLLUP_DEFAULT || place >= words->count)
		kpi_bad_binary(state_type);
	return place;
}

/* Receive a field of a row, if it has it. */
static void
receive_field(StringInfo buffer, bool exact, KpiRollupRow *row, const Field *at)
{
	if (!has_field(row, at))
		return;
	if (at->kind == FIELD_WORD)
		VALUE(row, at, int8) = receive_word(buffer, at->words);
	else if (at->kind == FIELD_NAME)
		VALUE(row, at, const text *) = receive_name(buffer);
	else
		VALUE(row, at, KpiAmount) = receive_amount(buffer, exact);
}

/* Receive a row in the order of send_row. */
static void
receive_row(StringInfo buffer, bool exact, KpiRollupRow *row)
{
	memset(row, 0, sizeof(*row));
	row->has = (uint8) pq_getmsgbyte(buffer);
	if ((row->has & ~KPI_HAS_ALL) != 0 ||
		(row->has & KPI_HAS_SCORE && row->has & KPI_HAS_INVALID_SCORE))
		kpi_bad_binary(state_type);
	for (int kind = 0; kind < FIELD_KINDS; kind++)
	{
		for (int k = 0; k < FIELDS; k++)
		{
			if ((int) field[k].kind == kind)
				receive_field(buffer, exact, row, &field[k]);
		}
	}
	kpi_rollup_check(exact, row);
}

/* Read the binary form; rows that no aggregate takes are refused. */
PG_FUNCTION_INFO_V1(kpi_rollup_state_recv);
Datum
kpi_rollup_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	KpiRollup  *state;
	KpiRollupRow row;
	int			exact;
	uint32		count;

	kpi_check_version(state_type, pq_getmsgbyte(buffer));
	exact = pq_getmsgbyte(buffer);
	count = pq_getmsgint(buffer, 4);
	if (exact > 1 || count == 0 || count > PG_INT32_MAX)
		kpi_bad_binary(state_type);
	state = kpi_rollup_new(exact);
	for (uint32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_row(buffer, exact, &row);
		state = kpi_rollup_append(state, &row, true);
	}
	PG_RETURN_POINTER(kpi_rollup_compact(state));
}
