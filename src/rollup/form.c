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
#include "rollup/rollup.h"

#include "base/exact.h"
#include "base/form.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* Order of rows in the outward forms: node, parent, then whatever differs. */
static int
compare_rows(const void *a, const void *b, void *state)
{
	const KpiRollupEntry *x = *(KpiRollupEntry *const *) a;
	const KpiRollupEntry *y = *(KpiRollupEntry *const *) b;
	KpiRollupRow x_row;
	KpiRollupRow y_row;
	int			order;

	kpi_rollup_unpack(state, x, &x_row);
	kpi_rollup_unpack(state, y, &y_row);
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

static const KpiRollupEntry **
sorted_rows(KpiRollup *state)
{
	const KpiRollupEntry **rows = palloc(sizeof(KpiRollupEntry *) * state->count);
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);

	for (uint32 i = 0; i < state->count; i++, entry = KPI_ROLLUP_NEXT(entry))
		rows[i] = entry;
	qsort_interruptible(rows, state->count, sizeof(KpiRollupEntry *), compare_rows, state);
	return rows;
}

/* A name in double quotes, or - where there is none. */
static void
write_name(StringInfo out, const text *name)
{
	if (name == NULL)
	{
		appendStringInfoString(out, " -");
		return;
	}
	appendStringInfoString(out, " \"");
	for (Size i = 0; i < VARSIZE_ANY_EXHDR(name); i++)
	{
		if (VARDATA_ANY(name)[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, VARDATA_ANY(name)[i]);
	}
	appendStringInfoChar(out, '"');
}

static void
write_amount(StringInfo out, bool exact, bool there, KpiAmount amount)
{
	appendStringInfoChar(out, ' ');
	if (!there)
		appendStringInfoChar(out, '-');
	else if (exact)
		kpi_append_numeric(out, amount.exact);
	else
		kpi_append_double(out, amount.real);
}

static void
write_word(StringInfo out, const KpiWords *words, int place)
{
	appendStringInfo(out, " %s", place < 0 ? "-" : words->word[place]);
}

static void
write_row(StringInfo out, bool exact, const KpiRollupRow *row)
{
	write_name(out, row->node);
	write_name(out, row->parent);
	write_amount(out, exact, row->has & KPI_HAS_WEIGHT, row->weight);
	if (row->has & KPI_HAS_INVALID_SCORE)
		appendStringInfoString(out, " invalid");
	else
		write_amount(out, exact, row->has & KPI_HAS_SCORE, row->score);
	write_word(out, &kpi_rollup_method_words, row->method);
	write_word(out, &kpi_rollup_missing_words, row->missing);
	write_amount(out, exact, row->has & KPI_HAS_MIN_COVERAGE, row->min_coverage);
	write_word(out, &kpi_role_words, row->role);
	write_amount(out, exact, row->has & KPI_HAS_ROLE_LIMIT, row->role_limit);
	write_amount(out, exact, row->has & KPI_HAS_CARRIED, row->carried);
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
		kpi_rollup_unpack(state, rows[i], &row);
		write_row(&out, state->exact, &row);
	}
	PG_RETURN_CSTRING(out.data);
}

/* A name in double quotes. */
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

/* A finite amount, or - for NULL; sets its bit in has. */
static KpiAmount
read_amount(KpiForm *form, bool exact, uint8 bit, uint8 *has)
{
	KpiAmount	amount = {0};

	if (kpi_form_skip(form, "-"))
		return amount;
	*has |= bit;
	if (exact)
		amount.exact = kpi_form_numeric(form);
	else
		amount.real = kpi_form_double(form);
	return amount;
}

static int8
read_word(KpiForm *form, const KpiWords *words)
{
	if (kpi_form_skip(form, "-"))
		return KPI_ROLLUP_DEFAULT;
	return (int8) kpi_check_word(words, cstring_to_text(kpi_form_word(form)));
}

static void
read_row(KpiForm *form, bool exact, KpiRollupRow *row)
{
	memset(row, 0, sizeof(*row));
	row->node = read_name(form);
	if (!kpi_form_skip(form, "-"))
	{
		row->has |= KPI_HAS_PARENT;
		row->parent = read_name(form);
	}
	row->weight = read_amount(form, exact, KPI_HAS_WEIGHT, &row->has);
	if (kpi_form_skip(form, "invalid"))
		row->has |= KPI_HAS_INVALID_SCORE;
	else
		row->score = read_amount(form, exact, KPI_HAS_SCORE, &row->has);
	row->method = read_word(form, &kpi_rollup_method_words);
	row->missing = read_word(form, &kpi_rollup_missing_words);
	row->min_coverage = read_amount(form, exact, KPI_HAS_MIN_COVERAGE, &row->has);
	row->role = read_word(form, &kpi_role_words);
	row->role_limit = read_amount(form, exact, KPI_HAS_ROLE_LIMIT, &row->has);
	row->carried = read_amount(form, exact, KPI_HAS_CARRIED, &row->has);
	kpi_rollup_check(exact, row);
}

/* Read a text form back. */
PG_FUNCTION_INFO_V1(kpi_rollup_state_in);
Datum
kpi_rollup_state_in(PG_FUNCTION_ARGS)
{
	KpiForm		form;
	KpiRollup  *state;
	KpiRollupRow row;
	bool		exact;
	int64		count;

	kpi_form_start(&form, KPI_ROLLUP_TYPE, PG_GETARG_CSTRING(0));
	kpi_check_version(KPI_ROLLUP_TYPE, (int) kpi_form_int64(&form, 0, PG_INT32_MAX));
	exact = kpi_form_skip(&form, "numeric");
	if (!exact && !kpi_form_skip(&form, "float8"))
		kpi_form_fail(&form);
	count = kpi_form_int64(&form, 1, PG_INT32_MAX);
	state = kpi_rollup_new(exact);
	for (int64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_row(&form, exact, &row);
		state = kpi_rollup_append(state, &row, true);
	}
	kpi_form_end(&form);
	PG_RETURN_POINTER(kpi_rollup_compact(state));
}

static void
send_amount(StringInfo buffer, bool exact, bool there, KpiAmount amount)
{
	if (there && exact)
	{
		bytea	   *sent = DatumGetByteaPP(DirectFunctionCall1(numeric_send,
															   NumericGetDatum(amount.exact)));

		pq_sendbytes(buffer, VARDATA_ANY(sent), VARSIZE_ANY_EXHDR(sent));
	}
	else if (there)
		pq_sendfloat8(buffer, amount.real);
}

static void
send_name(StringInfo buffer, const text *name)
{
	kpi_send_text(buffer, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

static void
send_row(StringInfo buffer, bool exact, const KpiRollupRow *row)
{
	pq_sendbyte(buffer, row->has);
	pq_sendbyte(buffer, (uint8) row->method);
	pq_sendbyte(buffer, (uint8) row->missing);
	pq_sendbyte(buffer, (uint8) row->role);
	send_name(buffer, row->node);
	if (row->has & KPI_HAS_PARENT)
		send_name(buffer, row->parent);
	send_amount(buffer, exact, row->has & KPI_HAS_WEIGHT, row->weight);
	send_amount(buffer, exact, row->has & KPI_HAS_SCORE, row->score);
	send_amount(buffer, exact, row->has & KPI_HAS_MIN_COVERAGE, row->min_coverage);
	send_amount(buffer, exact, row->has & KPI_HAS_ROLE_LIMIT, row->role_limit);
	send_amount(buffer, exact, row->has & KPI_HAS_CARRIED, row->carried);
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
		kpi_rollup_unpack(state, rows[i], &row);
		send_row(&buffer, state->exact, &row);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static const text *
receive_name(StringInfo buffer)
{
	int			received;
	const char *name = pq_getmsgtext(buffer, (int) pq_getmsgint(buffer, 4), &received);

	if (strlen(name) != (Size) received)
		kpi_bad_binary(KPI_ROLLUP_TYPE);
	return cstring_to_text_with_len(name, received);
}

static KpiAmount
receive_amount(StringInfo buffer, bool exact, bool there)
{
	KpiAmount	amount = {0};

	if (!there)
		return amount;
	if (exact)
		amount.exact = DatumGetNumeric(DirectFunctionCall3(numeric_recv, PointerGetDatum(buffer),
														   ObjectIdGetDatum(InvalidOid),
														   Int32GetDatum(-1)));
	else
		amount.real = pq_getmsgfloat8(buffer);
	if (!kpi_rollup_is_finite(exact, amount))
		kpi_bad_binary(KPI_ROLLUP_TYPE);
	return amount;
}

/* The place of a word, or KPI_ROLLUP_DEFAULT. */
static int8
receive_word(StringInfo buffer, const KpiWords *words)
{
	int8		place = (int8) pq_getmsgbyte(buffer);

	if (place < KPI_ROLLUP_DEFAULT || place >= words->count)
		kpi_bad_binary(KPI_ROLLUP_TYPE);
	return place;
}

static void
receive_row(StringInfo buffer, bool exact, KpiRollupRow *row)
{
	memset(row, 0, sizeof(*row));
	row->has = pq_getmsgbyte(buffer);
	if ((row->has & ~KPI_HAS_ALL) != 0 ||
		(row->has & KPI_HAS_SCORE && row->has & KPI_HAS_INVALID_SCORE))
		kpi_bad_binary(KPI_ROLLUP_TYPE);
	row->method = receive_word(buffer, &kpi_rollup_method_words);
	row->missing = receive_word(buffer, &kpi_rollup_missing_words);
	row->role = receive_word(buffer, &kpi_role_words);
	row->node = receive_name(buffer);
	if (row->has & KPI_HAS_PARENT)
		row->parent = receive_name(buffer);
	row->weight = receive_amount(buffer, exact, row->has & KPI_HAS_WEIGHT);
	row->score = receive_amount(buffer, exact, row->has & KPI_HAS_SCORE);
	row->min_coverage = receive_amount(buffer, exact, row->has & KPI_HAS_MIN_COVERAGE);
	row->role_limit = receive_amount(buffer, exact, row->has & KPI_HAS_ROLE_LIMIT);
	row->carried = receive_amount(buffer, exact, row->has & KPI_HAS_CARRIED);
	kpi_rollup_check(exact, row);
}

/* Read a binary form back. */
PG_FUNCTION_INFO_V1(kpi_rollup_state_recv);
Datum
kpi_rollup_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	KpiRollup  *state;
	KpiRollupRow row;
	int			exact;
	uint32		count;

	kpi_check_version(KPI_ROLLUP_TYPE, pq_getmsgbyte(buffer));
	exact = pq_getmsgbyte(buffer);
	count = pq_getmsgint(buffer, 4);
	if (exact > 1 || count == 0 || count > PG_INT32_MAX)
		kpi_bad_binary(KPI_ROLLUP_TYPE);
	state = kpi_rollup_new(exact);
	for (uint32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_row(buffer, exact, &row);
		state = kpi_rollup_append(state, &row, true);
	}
	PG_RETURN_POINTER(kpi_rollup_compact(state));
}
