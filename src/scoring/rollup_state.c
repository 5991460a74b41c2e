/*-------------------------------------------------------------------------
 *
 * rollup_state.c
 *	  The rows of a scorecard, collected: kpi.rollup_state and its forms.
 *
 * The state is one flat value: a header and the rows, packed, with spare
 * room at its end while an aggregate fills it.  Rows are kept in the order
 * they came; what is computed from them does not depend on it, and both
 * outward forms are sorted, so that states of equal rows have equal forms.
 *
 * Text form: version, float8 or numeric, number of rows, then for every row
 * node, parent, weight, score, method, missing, min_coverage.  Names are in
 * double quotes, a double quote in a name is doubled; NULL is -; a score that
 * is NaN or infinite is the word invalid.
 *
 * NULL rule: a NULL node is an error, every other argument may be NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/rollup.h"

#include "common/check.h"
#include "common/exact.h"
#include "common/form.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define TYPE_NAME "kpi.rollup_state"

/* Room for rows in a state that an aggregate begins. */
#define FIRST_SIZE 1024

static const KpiWords method_words = {"rollup method", 3, {"weighted", "average", "worst"}};

/* Bytes of an amount in a packed row. */
static inline Size
amount_size(bool exact, KpiAmount amount)
{
	return exact ? INTALIGN(VARSIZE_ANY(amount.exact)) : sizeof(double);
}

static inline char *
put_amount(char *at, bool exact, KpiAmount amount)
{
	if (exact)
		memcpy(at, amount.exact, VARSIZE_ANY(amount.exact));
	else
		memcpy(at, &amount.real, sizeof(double));
	return at + amount_size(exact, amount);
}

static inline const char *
get_amount(const char *at, bool exact, KpiAmount *amount)
{
	if (exact)
		amount->exact = (Numeric) at;
	else
		memcpy(&amount->real, at, sizeof(double));
	return at + amount_size(exact, *amount);
}

/* Read a packed row; names and numerics are not copied. */
void
kpi_rollup_unpack(const KpiRollup *state, const KpiRollupEntry *entry, KpiRollupRow *row)
{
	const char *at = (const char *) entry + sizeof(KpiRollupEntry);

	row->has = entry->has;
	row->method = entry->method;
	row->missing = entry->missing;
	if (entry->has & KPI_HAS_WEIGHT)
		at = get_amount(at, state->exact, &row->weight);
	if (entry->has & KPI_HAS_SCORE)
		at = get_amount(at, state->exact, &row->score);
	if (entry->has & KPI_HAS_MIN_COVERAGE)
		at = get_amount(at, state->exact, &row->min_coverage);
	row->node = at;
	row->node_length = entry->node_length;
	row->parent = at + entry->node_length;
	row->parent_length = entry->parent_length;
}

static Size
row_size(bool exact, const KpiRollupRow *row)
{
	Size		size = sizeof(KpiRollupEntry);

	if (row->has & KPI_HAS_WEIGHT)
		size += amount_size(exact, row->weight);
	if (row->has & KPI_HAS_SCORE)
		size += amount_size(exact, row->score);
	if (row->has & KPI_HAS_MIN_COVERAGE)
		size += amount_size(exact, row->min_coverage);
	return TYPEALIGN(8, size + row->node_length + row->parent_length);
}

/* Write a row where the caller made room of its size, all zero. */
static void
pack_row(KpiRollupEntry *entry, bool exact, const KpiRollupRow *row)
{
	char	   *at = (char *) entry + sizeof(KpiRollupEntry);

	entry->size = row_size(exact, row);
	entry->has = row->has;
	entry->method = row->method;
	entry->missing = row->missing;
	entry->node_length = row->node_length;
	entry->parent_length = row->parent_length;
	if (row->has & KPI_HAS_WEIGHT)
		at = put_amount(at, exact, row->weight);
	if (row->has & KPI_HAS_SCORE)
		at = put_amount(at, exact, row->score);
	if (row->has & KPI_HAS_MIN_COVERAGE)
		at = put_amount(at, exact, row->min_coverage);
	memcpy(at, row->node, row->node_length);
	if (row->parent_length > 0)
		memcpy(at + row->node_length, row->parent, row->parent_length);
}

static KpiRollup *
new_state(bool exact, Size size)
{
	KpiRollup  *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->exact = exact;
	return state;
}

/*
 * The state with room for more bytes of rows: itself if it may be written to
 * and has the room, else a copy, with spare room if it will be written again.
 */
static KpiRollup *
reserve(KpiRollup *state, Size more, bool writable)
{
	Size		needed = sizeof(KpiRollup) + state->used + more;
	Size		size = needed;
	KpiRollup  *copy;

	if (writable && needed <= VARSIZE(state))
		return state;
	if (needed > KPI_ROLLUP_MAX_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("scorecard of %u rows takes more than %zu bytes",
						state->count, (Size) KPI_ROLLUP_MAX_SIZE),
				 errhint("Roll up one scorecard at a time, with GROUP BY or shorter node names.")));
	if (writable)
		size = Min(Max(2 * needed, sizeof(KpiRollup) + FIRST_SIZE), KPI_ROLLUP_MAX_SIZE);
	copy = new_state(state->exact, size);
	copy->count = state->count;
	copy->used = state->used;
	memcpy(KPI_ROLLUP_FIRST(copy), KPI_ROLLUP_FIRST(state), state->used);
	return copy;
}

static KpiRollup *
append_row(KpiRollup *state, const KpiRollupRow *row, bool writable)
{
	Size		size = row_size(state->exact, row);

	state = reserve(state, size, writable);
	pack_row((KpiRollupEntry *) ((char *) KPI_ROLLUP_FIRST(state) + state->used),
			 state->exact, row);
	state->used += size;
	state->count++;
	return state;
}

/* The state argument, and whether it may be written to in place. */
static KpiRollup *
state_argument(FunctionCallInfo fcinfo, int argument, bool *writable)
{
	Datum		datum = PG_GETARG_DATUM(argument);

	*writable = AggCheckCallContext(fcinfo, NULL) && VARATT_IS_4B_U(DatumGetPointer(datum));
	return (KpiRollup *) PG_DETOAST_DATUM(datum);
}

static bool
is_finite(bool exact, KpiAmount amount)
{
	return exact ? kpi_is_numeric_number(amount.exact) : kpi_is_number(amount.real);
}

static void
check_weight(bool exact, KpiAmount weight)
{
	if (exact)
		kpi_check_numeric_weight(weight.exact);
	else
		kpi_check_weight(weight.real);
}

static void
check_min_coverage(bool exact, KpiAmount coverage)
{
	kpi_check_coverage(exact ? kpi_numeric_to_double(coverage.exact) : coverage.real);
}

static KpiAmount
amount_argument(FunctionCallInfo fcinfo, int argument, bool exact)
{
	KpiAmount	amount;

	if (exact)
		amount.exact = PG_GETARG_NUMERIC(argument);
	else
		amount.real = PG_GETARG_FLOAT8(argument);
	return amount;
}

/* The arguments weight, score, method, missing and min_coverage, checked. */
static void
read_attributes(FunctionCallInfo fcinfo, bool exact, KpiRollupRow *row)
{
	if (!PG_ARGISNULL(3))
	{
		row->weight = amount_argument(fcinfo, 3, exact);
		check_weight(exact, row->weight);
		row->has |= KPI_HAS_WEIGHT;
	}
	if (!PG_ARGISNULL(4))
	{
		row->score = amount_argument(fcinfo, 4, exact);
		row->has |= is_finite(exact, row->score) ? KPI_HAS_SCORE : KPI_HAS_INVALID_SCORE;
	}
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
		row->method = kpi_check_word(&method_words, PG_GETARG_TEXT_PP(5));
	if (PG_NARGS() > 6 && !PG_ARGISNULL(6))
		row->missing = kpi_check_word(&kpi_missing_words, PG_GETARG_TEXT_PP(6));
	if (PG_NARGS() > 7 && !PG_ARGISNULL(7))
	{
		row->min_coverage = amount_argument(fcinfo, 7, exact);
		check_min_coverage(exact, row->min_coverage);
		row->has |= KPI_HAS_MIN_COVERAGE;
	}
}

/* Add the row of the arguments to the state. */
static Datum
accumulate(FunctionCallInfo fcinfo, bool exact)
{
	KpiRollup  *state;
	KpiRollupRow row = {.method = KPI_ROLLUP_DEFAULT,.missing = KPI_ROLLUP_DEFAULT};
	bool		writable;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("node of a scorecard is null"),
				 errhint("Every row names its node; a root has NULL as its parent.")));
	row.node = VARDATA_ANY(PG_GETARG_TEXT_PP(1));
	row.node_length = VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
	{
		text	   *parent = PG_GETARG_TEXT_PP(2);

		row.has |= KPI_HAS_PARENT;
		row.parent = VARDATA_ANY(parent);
		row.parent_length = VARSIZE_ANY_EXHDR(parent);
	}
	read_attributes(fcinfo, exact, &row);

	if (!PG_ARGISNULL(0))
		state = state_argument(fcinfo, 0, &writable);
	else
	{
		writable = AggCheckCallContext(fcinfo, NULL);
		state = new_state(exact, sizeof(KpiRollup));
	}
	if (state->exact != exact)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rollup state of %s rows takes no %s row",
						state->exact ? "numeric" : "float8", exact ? "numeric" : "float8")));
	PG_RETURN_POINTER(append_row(state, &row, writable));
}

/* rollup_accum(state, node, parent, weight, score, ...): numeric rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_accum_numeric);
Datum
kpi_rollup_accum_numeric(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, true);
}

/* The same for float8 rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_accum_float8);
Datum
kpi_rollup_accum_float8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, false);
}

/* rollup_combine(state, state): the rows of both; NULL is no rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_combine);
Datum
kpi_rollup_combine(PG_FUNCTION_ARGS)
{
	KpiRollup  *state;
	KpiRollup  *other;
	bool		writable;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(PG_ARGISNULL(0) ? 1 : 0));

	state = state_argument(fcinfo, 0, &writable);
	other = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	if (state->exact != other->exact)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rollup states of numeric and of float8 rows cannot be combined")));
	state = reserve(state, other->used, writable);
	memcpy((char *) KPI_ROLLUP_FIRST(state) + state->used, KPI_ROLLUP_FIRST(other), other->used);
	state->used += other->used;
	state->count += other->count;
	PG_RETURN_POINTER(state);
}

static int
compare_bytes(const char *a, Size a_length, const char *b, Size b_length)
{
	int			order = memcmp(a, b, Min(a_length, b_length));

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

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
	order = compare_bytes(x_row.node, x_row.node_length, y_row.node, y_row.node_length);
	if (order == 0)
		order = (x_row.has & KPI_HAS_PARENT) - (y_row.has & KPI_HAS_PARENT);
	if (order == 0)
		order = compare_bytes(x_row.parent, x_row.parent_length, y_row.parent, y_row.parent_length);
	if (order == 0)
		order = compare_bytes((const char *) x, x->size, (const char *) y, y->size);
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
write_name(StringInfo out, bool there, const char *name, uint32 length)
{
	if (!there)
	{
		appendStringInfoString(out, " -");
		return;
	}
	appendStringInfoString(out, " \"");
	for (uint32 i = 0; i < length; i++)
	{
		if (name[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, name[i]);
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
write_row(StringInfo out, bool exact, const KpiRollupRow *row)
{
	write_name(out, true, row->node, row->node_length);
	write_name(out, row->has & KPI_HAS_PARENT, row->parent, row->parent_length);
	write_amount(out, exact, row->has & KPI_HAS_WEIGHT, row->weight);
	if (row->has & KPI_HAS_INVALID_SCORE)
		appendStringInfoString(out, " invalid");
	else
		write_amount(out, exact, row->has & KPI_HAS_SCORE, row->score);
	appendStringInfo(out, " %s %s",
					 row->method < 0 ? "-" : method_words.word[row->method],
					 row->missing < 0 ? "-" : kpi_missing_words.word[row->missing]);
	write_amount(out, exact, row->has & KPI_HAS_MIN_COVERAGE, row->min_coverage);
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

/* Is the next word the given one?  If so it is read. */
static bool
read_if(KpiForm *form, const char *word)
{
	size_t		length = strlen(word);
	const char *at = form->next + strspn(form->next, " ");

	if (strncmp(at, word, length) != 0 || (at[length] != ' ' && at[length] != '\0'))
		return false;
	form->next = at + length;
	return true;
}

/* A name in double quotes. */
static const char *
read_name(KpiForm *form, uint32 *length)
{
	const char *at = form->next + strspn(form->next, " ");
	char	   *name;

	if (*at++ != '"')
		kpi_form_fail(form);
	name = palloc(strlen(at) + 1);
	*length = 0;
	while (*at != '"' || *++at == '"')
	{
		if (*at == '\0')
			kpi_form_fail(form);
		name[(*length)++] = *at++;
	}
	if (*at != ' ' && *at != '\0')
		kpi_form_fail(form);
	form->next = at;
	return name;
}

/* A finite amount, or - for NULL; sets its bit in has. */
static KpiAmount
read_amount(KpiForm *form, bool exact, uint8 bit, uint8 *has)
{
	KpiAmount	amount = {0};

	if (read_if(form, "-"))
		return amount;
	*has |= bit;
	if (exact)
		amount.exact = kpi_form_numeric(form);
	else
		amount.real = kpi_form_double(form);
	return amount;
}

static int
read_word(KpiForm *form, const KpiWords *words)
{
	if (read_if(form, "-"))
		return KPI_ROLLUP_DEFAULT;
	return kpi_check_word(words, cstring_to_text(kpi_form_word(form)));
}

static void
check_row(bool exact, const KpiRollupRow *row)
{
	if (row->has & KPI_HAS_WEIGHT)
		check_weight(exact, row->weight);
	if (row->has & KPI_HAS_MIN_COVERAGE)
		check_min_coverage(exact, row->min_coverage);
}

static void
read_row(KpiForm *form, bool exact, KpiRollupRow *row)
{
	memset(row, 0, sizeof(*row));
	row->node = read_name(form, &row->node_length);
	if (!read_if(form, "-"))
	{
		row->has |= KPI_HAS_PARENT;
		row->parent = read_name(form, &row->parent_length);
	}
	row->weight = read_amount(form, exact, KPI_HAS_WEIGHT, &row->has);
	if (read_if(form, "invalid"))
		row->has |= KPI_HAS_INVALID_SCORE;
	else
		row->score = read_amount(form, exact, KPI_HAS_SCORE, &row->has);
	row->method = read_word(form, &method_words);
	row->missing = read_word(form, &kpi_missing_words);
	row->min_coverage = read_amount(form, exact, KPI_HAS_MIN_COVERAGE, &row->has);
	check_row(exact, row);
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

	kpi_form_start(&form, TYPE_NAME, PG_GETARG_CSTRING(0));
	kpi_check_version(TYPE_NAME, kpi_form_int64(&form, 0, PG_INT32_MAX));
	exact = read_if(&form, "numeric");
	if (!exact && !read_if(&form, "float8"))
		kpi_form_fail(&form);
	count = kpi_form_int64(&form, 1, PG_INT32_MAX);
	state = new_state(exact, sizeof(KpiRollup));
	for (int64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_row(&form, exact, &row);
		state = append_row(state, &row, true);
	}
	kpi_form_end(&form);
	PG_RETURN_POINTER(reserve(state, 0, false));
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
		pq_sendbyte(&buffer, row.has);
		pq_sendbyte(&buffer, (uint8) row.method);
		pq_sendbyte(&buffer, (uint8) row.missing);
		pq_sendcountedtext(&buffer, row.node, row.node_length, false);
		if (row.has & KPI_HAS_PARENT)
			pq_sendcountedtext(&buffer, row.parent, row.parent_length, false);
		send_amount(&buffer, state->exact, row.has & KPI_HAS_WEIGHT, row.weight);
		send_amount(&buffer, state->exact, row.has & KPI_HAS_SCORE, row.score);
		send_amount(&buffer, state->exact, row.has & KPI_HAS_MIN_COVERAGE, row.min_coverage);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static const char *
receive_name(StringInfo buffer, uint32 *length)
{
	int			received;
	const char *name = pq_getmsgtext(buffer, pq_getmsgint(buffer, 4), &received);

	if (strlen(name) != (Size) received)
		kpi_bad_binary(TYPE_NAME);
	*length = received;
	return name;
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
	if (!is_finite(exact, amount))
		kpi_bad_binary(TYPE_NAME);
	return amount;
}

/* The place of a word, or KPI_ROLLUP_DEFAULT. */
static int8
receive_word(StringInfo buffer, const KpiWords *words)
{
	int8		place = (int8) pq_getmsgbyte(buffer);

	if (place < KPI_ROLLUP_DEFAULT || place >= words->count)
		kpi_bad_binary(TYPE_NAME);
	return place;
}

static void
receive_row(StringInfo buffer, bool exact, KpiRollupRow *row)
{
	memset(row, 0, sizeof(*row));
	row->has = pq_getmsgbyte(buffer);
	if ((row->has & ~KPI_HAS_ALL) != 0 ||
		(row->has & KPI_HAS_SCORE && row->has & KPI_HAS_INVALID_SCORE))
		kpi_bad_binary(TYPE_NAME);
	row->method = receive_word(buffer, &method_words);
	row->missing = receive_word(buffer, &kpi_missing_words);
	row->node = receive_name(buffer, &row->node_length);
	if (row->has & KPI_HAS_PARENT)
		row->parent = receive_name(buffer, &row->parent_length);
	row->weight = receive_amount(buffer, exact, row->has & KPI_HAS_WEIGHT);
	row->score = receive_amount(buffer, exact, row->has & KPI_HAS_SCORE);
	row->min_coverage = receive_amount(buffer, exact, row->has & KPI_HAS_MIN_COVERAGE);
	check_row(exact, row);
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

	kpi_check_version(TYPE_NAME, pq_getmsgbyte(buffer));
	exact = pq_getmsgbyte(buffer);
	count = pq_getmsgint(buffer, 4);
	if (exact > 1 || count == 0 || count > PG_INT32_MAX)
		kpi_bad_binary(TYPE_NAME);
	state = new_state(exact, sizeof(KpiRollup));
	for (uint32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_row(buffer, exact, &row);
		state = append_row(state, &row, true);
	}
	PG_RETURN_POINTER(reserve(state, 0, false));
}
