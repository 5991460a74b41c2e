/*-------------------------------------------------------------------------
 *
 * nearest.c
 *	  The word that somebody probably meant.
 *
 * The candidate with the least Levenshtein distance (insert, delete and
 * replace cost 1 each), upper and lower case taken as equal; the first one of
 * several equally near.  It must be near: at most 2 edits away, or one edit
 * for every three characters of a long word, and fewer edits than the word
 * has characters.
 *
 * NULL rule: NULL for a NULL argument, and where nothing is near; NULL
 * candidates are skipped, and so is what is too long to be a name.
 *
 *-------------------------------------------------------------------------
 */
#include "base/nearest.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/varlena.h"

/* Longest word compared, in bytes; the server's own limit. */
#define MAX_WORD_BYTES 255

/* The word in lower case, or NULL where it is too long to compare. */
static char *
comparable(const text *word)
{
	size_t		length = VARSIZE_ANY_EXHDR(word);
	char	   *lower;

	if (length > MAX_WORD_BYTES)
		return NULL;
	lower = str_tolower(VARDATA_ANY(word), length, DEFAULT_COLLATION_OID);
	return strlen(lower) > MAX_WORD_BYTES ? NULL : lower;
}

/* Most edits by which another word still counts as near; -1 for none. */
static int
reach(const char *word)
{
	int			length = pg_mbstrlen(word);

	return Min(Max(2, length / 3), length - 1);
}

/* nearest(word, candidates): the candidate that is nearest, NULL if none is. */
PG_FUNCTION_INFO_V1(kpi_nearest);
Datum
kpi_nearest(PG_FUNCTION_ARGS)
{
	char	   *word = comparable(PG_GETARG_TEXT_PP(0));
	ArrayType  *candidates = PG_GETARG_ARRAYTYPE_P(1);
	Datum	   *element;
	bool	   *null;
	int			count;
	int			limit;
	Datum		nearest = 0;

	if (word == NULL)
		PG_RETURN_NULL();
	limit = reach(word);
	deconstruct_array(candidates, TEXTOID, -1, false, TYPALIGN_INT,
					  &element, &null, &count);
	for (int i = 0; i < count && limit >= 0; i++)
	{
		char	   *other = null[i] ? NULL : comparable(DatumGetTextPP(element[i]));
		int			distance;

		CHECK_FOR_INTERRUPTS();
		if (other == NULL)
			continue;
		distance = varstr_levenshtein_less_equal(word, (int) strlen(word),
												 other, (int) strlen(other),
												 1, 1, 1, limit, false);
		if (distance > limit)
			continue;
		nearest = element[i];
		limit = distance - 1;
	}
	if (nearest == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(nearest);
}

/* The nearest of some words, NULL if none is near. */
char *
kpi_nearest_word(const char *word, ArrayType *words)
{
	LOCAL_FCINFO(fcinfo, 2);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = CStringGetTextDatum(word);
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = PointerGetDatum(words);
	fcinfo->args[1].isnull = false;
	result = kpi_nearest(fcinfo);
	return fcinfo->isnull ? NULL : TextDatumGetCString(result);
}
