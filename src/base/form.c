/*-------------------------------------------------------------------------
 *
 * form.c
 *	  Exact text forms of stored values: writing and checked reading.
 *
 *-------------------------------------------------------------------------
 */
#include "base/form.h"

#include <ctype.h>
#include <math.h>

#include "base/exact.h"
#include "common/int.h"
#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* Write a double with the fewest digits that read back to the same bits. */
void
kpi_append_double(StringInfo out, double value)
{
	char		buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	CHECK_FOR_INTERRUPTS();
	double_to_shortest_decimal_buf(value, buffer);
	appendStringInfoString(out, buffer);
}

/* Write a numeric with its scale. */
void
kpi_append_numeric(StringInfo out, Numeric value)
{
	appendStringInfoString(out, DatumGetCString(DirectFunctionCall1(numeric_out,
																	NumericGetDatum(value))));
}

/* Begin to read a text form of the type. */
void
kpi_form_start(KpiForm *form, const char *type, const char *input)
{
	form->type = type;
	form->whole = input;
	form->next = input;
	form->binary = false;
}

/* The error for input that is not a text form of the type. */
void
kpi_form_fail(KpiForm *form)
{
	if (form->binary)
		kpi_bad_binary(form->type);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", form->type, form->whole),
			 errhint("Values of this type are made by aggregates; only their own text form can be read back.")));
}

/* The next word, palloc'd; the end of the input is an error. */
char *
kpi_form_word(KpiForm *form)
{
	const char *start;
	char	   *word;

	CHECK_FOR_INTERRUPTS();
	while (*form->next == ' ')
		form->next++;
	start = form->next;
	while (*form->next != '\0' && *form->next != ' ')
		form->next++;
	if (form->next == start)
		kpi_form_fail(form);
	word = pnstrdup(start, form->next - start);
	return word;
}

/* Whether the next word is the given one; if so it is read. */
bool
kpi_form_skip(KpiForm *form, const char *word)
{
	size_t		length = strlen(word);
	const char *at = form->next + strspn(form->next, " ");

	if (strncmp(at, word, length) != 0 || (at[length] != ' ' && at[length] != '\0'))
		return false;
	form->next = at + length;
	return true;
}

/* A finite double. */
double
kpi_form_double(KpiForm *form)
{
	char	   *word = kpi_form_word(form);
	char	   *end;
	double		value;

	errno = 0;
	value = strtod(word, &end);
	if (*end != '\0' || isspace((unsigned char) *word) || !isfinite(value) ||
		strpbrk(word, "xXpPnNiI") != NULL)
		kpi_form_fail(form);
	return value;
}

/* An integer between low and high. */
int64
kpi_form_int64(KpiForm *form, int64 low, int64 high)
{
	const char *word = kpi_form_word(form);
	bool		negative = *word == '-';
	int64		value = 0;

	if (negative)
		word++;
	if (*word == '\0')
		kpi_form_fail(form);
	for (; *word != '\0'; word++)
	{
		/* built downward, so that the lowest value can be read too */
		if (*word < '0' || *word > '9' || pg_mul_s64_overflow(value, 10, &value) ||
			pg_sub_s64_overflow(value, *word - '0', &value))
			kpi_form_fail(form);
	}
	if (!negative && pg_sub_s64_overflow(0, value, &value))
		kpi_form_fail(form);
	if (value < low || value > high)
		kpi_form_fail(form);
	return value;
}

/* A finite numeric. */
Numeric
kpi_form_numeric(KpiForm *form)
{
	char	   *word = kpi_form_word(form);
	Numeric		value;

	if (strspn(word, "0123456789.+-eE") != strlen(word))
		kpi_form_fail(form);
	value = DatumGetNumeric(DirectFunctionCall3(numeric_in,
												CStringGetDatum(word),
												ObjectIdGetDatum(InvalidOid),
												Int32GetDatum(-1)));
	return value;
}

/* Fail on trailing input. */
void
kpi_form_end(KpiForm *form)
{
	while (*form->next == ' ')
		form->next++;
	if (*form->next != '\0')
		kpi_form_fail(form);
}

/* Stored values name the version of their layout. */
void
kpi_check_version(const char *type, int version)
{
	if (version != KPI_STATE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("version %d of type %s is not known", version, type),
				 errhint("The value was made by another version of kpi; update the extension on this server.")));
}

/* The error for bytes that are not a binary form of the type. */
void
kpi_bad_binary(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary form of type %s", type)));
}
