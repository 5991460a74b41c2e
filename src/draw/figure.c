/*-------------------------------------------------------------------------
 *
 * figure.c
 *	  Numbers as people read them, in the way of their language.
 *
 * Thousands are set apart by a narrow space, in Chinese by a comma; a fraction
 * of unit % is shown in hundredths.  Rounded once, half away from zero.  More
 * than twelve digits before the point are shown in billions.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/figure.h"

#include "base/check.h"
#include "base/number.h"
#include "catalog/pg_type.h"
#include "draw/glyph.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#define MAX_DIGITS 12

/* Is the reader's language Chinese? */
bool
kpi_reads_chinese(void)
{
	const char *language = GetConfigOption("kpi.language", true, false);

	return language != NULL && pg_strncasecmp(language, "zh", 2) == 0 && !isalpha((unsigned char) language[2]);
}

/* A number times or divided by a whole one. */
static Numeric
scaled(Numeric value, int64 factor, bool divides)
{
	Numeric		other = int64_to_numeric(factor);

	return DatumGetNumeric(divides ? DirectFunctionCall2(numeric_div, NumericGetDatum(value), NumericGetDatum(other)) :
						   DirectFunctionCall2(numeric_mul, NumericGetDatum(value), NumericGetDatum(other)));
}

/* The digits of a rounded number, with a sign before and a point within. */
static char *
digits_of(Numeric value, int decimals)
{
	Datum		rounded = DirectFunctionCall2(numeric_round, NumericGetDatum(value), Int32GetDatum(decimals));

	return DatumGetCString(DirectFunctionCall1(numeric_out, rounded));
}

/* How many digits stand before the point. */
static int
whole_digits(const char *digits)
{
	return (int) strcspn(digits, ".");
}

/* Adds the digits with thousands apart. */
static void
put_digits(StringInfo out, const char *digits)
{
	int			whole = whole_digits(digits);

	for (int i = 0; i < whole; i++)
	{
		if (i > 0 && (whole - i) % 3 == 0)
			appendStringInfoString(out, kpi_reads_chinese() ? "," : KPI_NARROW_SPACE);
		appendStringInfoChar(out, digits[i]);
	}
	appendStringInfoString(out, digits + whole);
}

/* Adds the unit as the language joins it to a number. */
static void
put_unit(StringInfo out, const char *unit)
{
	const char *s = unit;

	if (*unit == '\0')
		return;
	if (strcmp(unit, "%") == 0)
		appendStringInfoString(out, kpi_reads_chinese() ? "" : KPI_NARROW_SPACE);
	else if (!kpi_reads_chinese())
		appendStringInfoString(out, KPI_FIXED_SPACE);
	else if (!kpi_is_wide(kpi_next_character(&s)))
		appendStringInfoString(out, KPI_NARROW_SPACE);
	appendStringInfoString(out, unit);
}

/* Adds the digits in billions, or in hundreds of millions. */
static void
put_compact(StringInfo out, Numeric value)
{
	bool		chinese = kpi_reads_chinese();
	char	   *digits = digits_of(scaled(value, chinese ? 100000000 : 1000000000, true), 2);

	put_digits(out, digits + (*digits == '-'));
	appendStringInfoString(out, chinese ? "\xe4\xba\xbf" : KPI_FIXED_SPACE "bn");
}

/* A number with its unit, in UTF-8; a dash for NaN and infinity. */
char *
kpi_figure(Numeric value, const KpiFigure *figure)
{
	StringInfoData out;
	char	   *digits;

	if (!kpi_is_numeric_number(value))
		return pstrdup(KPI_DASH);
	if (strcmp(figure->unit, "%") == 0)
		value = scaled(value, 100, false);
	digits = digits_of(value, figure->decimals);
	initStringInfo(&out);
	if (*digits == '-')
		appendStringInfoString(&out, KPI_MINUS);
	else if (figure->is_signed && strpbrk(digits, "123456789") != NULL)
		appendStringInfoChar(&out, '+');
	digits += *digits == '-';
	if (whole_digits(digits) > MAX_DIGITS)
		put_compact(&out, value);
	else
		put_digits(&out, digits);
	put_unit(&out, figure->unit);
	return out.data;
}

/* The same of a float8, of which the shortest decimal number is taken. */
char *
kpi_figure_float8(double value, const KpiFigure *figure)
{
	return kpi_figure(kpi_number_to_numeric(Float8GetDatum(value), FLOAT8OID), figure);
}
