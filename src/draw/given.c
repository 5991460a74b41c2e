/*-------------------------------------------------------------------------
 *
 * given.c
 *	  Arguments of pictures: rows as arrays of one length, and words.
 *
 * NULL rule: a NULL array has no elements, a NULL text is empty.  NULL, NaN and
 * infinity, and what is beyond 1e100, are NaN here and drawn nowhere.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/given.h"

#include <math.h>

#include "base/check.h"
#include "base/list.h"
#include "catalog/pg_type.h"
#include "draw/canvas.h"
#include "draw/glyph.h"
#include "registry/word.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* Distances of values beyond this could be infinite. */
#define LARGEST_VALUE 1e100

typedef struct Key
{
	const char *key;
	uint32		status;
	int			place;
} Key;

#define SH_PREFIX keys
#define SH_ELEMENT_TYPE Key
#include "base/string_table.h"

/* A number that can be drawn, else NaN. */
static double
drawable(double value)
{
	return kpi_is_number(value) && fabs(value) <= LARGEST_VALUE ? value : NAN;
}

/* An argument of type float8. */
double
kpi_given_number(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NAN : drawable(PG_GETARG_FLOAT8(argument));
}

/* The elements of an array of any shape. */
static Datum *
elements(FunctionCallInfo fcinfo, int argument, bool **is_null, int *count)
{
	Datum	   *element;
	ArrayType  *array;

	*count = 0;
	if (PG_ARGISNULL(argument))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_ELEMTYPE(array) == TEXTOID)
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &element, is_null, count);
	else
		deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &element, is_null, count);
	return element;
}

/* An argument of type float8[]. */
double *
kpi_given_numbers(FunctionCallInfo fcinfo, int argument, int *count)
{
	bool	   *is_null;
	Datum	   *element = elements(fcinfo, argument, &is_null, count);
	double	   *number = palloc(sizeof(double) * Max(*count, 1));

	for (int i = 0; i < *count; i++)
		number[i] = is_null[i] ? NAN : drawable(DatumGetFloat8(element[i]));
	return number;
}

/* An argument of type text[], in UTF-8. */
KpiTexts
kpi_given_texts(FunctionCallInfo fcinfo, int argument, int *count)
{
	bool	   *is_null;
	Datum	   *element = elements(fcinfo, argument, &is_null, count);
	char	  **string = palloc(sizeof(char *) * Max(*count, 1));

	for (int i = 0; i < *count; i++)
		string[i] = is_null[i] ? pstrdup("") : kpi_utf8(DatumGetTextPP(element[i]));
	return string;
}

/* An argument of type text, in UTF-8. */
char *
kpi_given_text(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? pstrdup("") : kpi_utf8(PG_GETARG_TEXT_PP(argument));
}

/* A width or height of a picture. */
double
kpi_given_size(FunctionCallInfo fcinfo, int argument, const char *name, int low, int high)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is null", name),
				 errhint("Say how many pixels it takes, or leave it out.")));
	return kpi_check_between(PG_GETARG_FLOAT8(argument), name, low, high, "Say how many pixels it takes.");
}

/* Arrays of rows have one element for each row. */
void
kpi_require_same_count(int count, const char *name, int other_count, const char *other_name)
{
	if (count != other_count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements but %s has %d", name, count, other_name, other_count),
				 errhint("Pass one element of each for every row, as array_agg() does.")));
}

/* A status among numbers: 1, 0, -1, or none. */
int
kpi_status_of(double given)
{
	return given == 1 || given == 0 || given == -1 ? (int) given : KPI_STATUS_NONE;
}

/* A word in the reader's language, in UTF-8; its code where there is none. */
char *
kpi_drawn_word(const char *topic, const char *code)
{
	const char *word = kpi_word(topic, code);

	return kpi_utf8_string(word ? word : code);
}

/* What numbers of a picture are of: arguments with the unit and the decimals. */
KpiFigure
kpi_given_figure(FunctionCallInfo fcinfo, int unit, int decimals)
{
	KpiFigure	figure = {kpi_given_text(fcinfo, unit), 1, false};

	if (!PG_ARGISNULL(decimals))
		figure.decimals = kpi_check_between(PG_GETARG_FLOAT8(decimals), "decimals", 0, 20,
											"Say how many digits follow the decimal point.");
	return figure;
}

/* Numbers keys from 0 on in the order in which they come first; NULL where the same key comes again is not told apart. */
int *
kpi_number_keys(char **key, int count, int *distinct)
{
	keys_hash  *known = keys_create(CurrentMemoryContext, count + 16, NULL);
	int		   *place = palloc(sizeof(int) * Max(count, 1));

	*distinct = 0;
	for (int i = 0; i < count; i++)
	{
		bool		found;
		Key		   *entry = keys_insert(known, key[i], &found);

		if (!found)
			entry->place = (*distinct)++;
		place[i] = entry->place;
	}
	keys_destroy(known);
	return place;
}
