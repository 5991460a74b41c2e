/*-------------------------------------------------------------------------
 *
 * number.c
 *	  Numbers of any type, as the two types that are computed with.
 *
 * float4 and float8 become the shortest decimal number that reads back as the
 * same, as the server shows them; NaN and infinities stay.  text is what an
 * untyped array of numbers becomes, and is read like a numeric.
 *
 *-------------------------------------------------------------------------
 */
#include "base/number.h"

#include <ctype.h>

#include "base/exact.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"

/* Whether the functions below take a type. */
bool
kpi_is_number_type(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID ||
		type == FLOAT4OID || type == FLOAT8OID || type == TEXTOID;
}

/* A numeric from its digits; an error where they are none. */
static Numeric
read_numeric(char *digits)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* Whether a text may be a number: the server reads it, or says what is wrong in it. */
static bool
may_be_number(const char *word)
{
	const char *blanks = " \t\n\r\v\f";

	word += strspn(word, blanks);
	word += *word == '+' || *word == '-';
	if (pg_strncasecmp(word, "nan", 3) == 0 || pg_strncasecmp(word, "inf", 3) == 0)
		return true;
	if (!isdigit((unsigned char) *word) && *word != '.')
		return false;
	/* digits of any base, and an exponent */
	word += strspn(word, "0123456789._abcdefxoABCDEFXO");
	if (pg_tolower((unsigned char) word[-1]) == 'e')
		word += strspn(word, "+-0123456789");
	return word[strspn(word, blanks)] == '\0';
}

/* A text as numeric; an error in words where it is no number at all, such as the name of a grain. */
static Numeric
read_text(char *text)
{
	if (!may_be_number(text))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("\"%s\" is not a number", text),
				 errhint("Write digits, such as 1200 or 0.05. A day that comes with a grain needs its type: date '2011-11-01'.")));
	return read_numeric(text);
}

/* A number as numeric. */
Numeric
kpi_number_to_numeric(Datum value, Oid type)
{
	char		digits[FLOAT_SHORTEST_DECIMAL_LEN];

	switch (type)
	{
		case INT2OID:
			return int64_to_numeric(DatumGetInt16(value));
		case INT4OID:
			return int64_to_numeric(DatumGetInt32(value));
		case INT8OID:
			return int64_to_numeric(DatumGetInt64(value));
		case FLOAT4OID:
			float_to_shortest_decimal_buf(DatumGetFloat4(value), digits);
			return read_numeric(digits);
		case FLOAT8OID:
			return kpi_float8_numeric(DatumGetFloat8(value));
		case TEXTOID:
			return read_text(TextDatumGetCString(value));
	}
	return DatumGetNumeric(value);
}

/* A number as float8. */
double
kpi_number_to_float8(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case FLOAT8OID:
			return DatumGetFloat8(value);
	}
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8,
											  NumericGetDatum(kpi_number_to_numeric(value, type))));
}
