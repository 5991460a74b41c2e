/*-------------------------------------------------------------------------
 *
 * group.c
 *	  The number of a group of rows, and what it is the number of.
 *
 * Rows are grouped by one integer rather than by a cell and texts, which are
 * dear to hash and to compare.  kpi_internal.group_number() puts the place of a
 * text among known ones behind a number, as a digit is put behind others; 0 is
 * the place of all that are not known, NULL among them.
 * kpi_internal.group_name() tells what the last digit is the place of.
 *
 * NULL rule: a group without a number has none with a place behind it either.
 *
 *-------------------------------------------------------------------------
 */
#include "base/once.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"

/* Known texts, taken apart. */
typedef struct KnownNames
{
	int			count;
	text	  **name;
	uint32		mask;			/* places to look at less one */
	int32	   *place;			/* of the name that was put there, from 1; 0
								 * for none */
} KnownNames;

/* Whether a text is that one, byte by byte. */
static inline bool
is_name(const text *name, const char *bytes, int length)
{
	return (int) VARSIZE_ANY_EXHDR(name) == length && memcmp(VARDATA_ANY(name), bytes, length) == 0;
}

/* Where a text is among those that were put down, or would be. */
static inline int32 *
find_place(const KnownNames *names, const char *bytes, int length)
{
	uint32		at = hash_bytes((const unsigned char *) bytes, length) & names->mask;

	while (names->place[at] != 0 && !is_name(names->name[names->place[at] - 1], bytes, length))
		at = (at + 1) & names->mask;
	return &names->place[at];
}

/* Takes an array of texts apart; of equal ones the first counts. */
static void *
take_apart(ArrayType *array)
{
	KnownNames *names = palloc0(sizeof(KnownNames));
	Datum	   *values;

	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("names of groups must not be NULL"),
				 errhint("Leave out those that are not known.")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, NULL, &names->count);
	names->name = palloc(sizeof(text *) * Max(names->count, 1));
	/* at least half of the places stay empty */
	names->mask = pg_nextpower2_32(Max(names->count, 1) * 2) - 1;
	names->place = palloc0(sizeof(int32) * ((Size) names->mask + 1));
	for (int i = 0; i < names->count; i++)
	{
		int32	   *place;

		names->name[i] = DatumGetTextPP(values[i]);
		place = find_place(names, VARDATA_ANY(names->name[i]), VARSIZE_ANY_EXHDR(names->name[i]));
		if (*place == 0)
			*place = i + 1;
	}
	return names;
}

/* group_number(before, name, names): before * (number of names + 1) + place of the name, 0 where it is not among them. */
PG_FUNCTION_INFO_V1(kpi_group_number);
Datum
kpi_group_number(PG_FUNCTION_ARGS)
{
	KnownNames *names;
	int64		number;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	names = kpi_make_once(fcinfo, 2, take_apart);
	number = (int64) PG_GETARG_INT32(0) * (names->count + 1);
	if (!PG_ARGISNULL(1))
	{
		const text *name = PG_GETARG_TEXT_PP(1);

		number += *find_place(names, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	}
	if (unlikely(number < PG_INT32_MIN || number > PG_INT32_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number " INT64_FORMAT " of a group is out of range", number),
				 errhint("Group by some of the names themselves.")));
	PG_RETURN_INT32((int32) number);
}

/* group_name(number, names): the name whose place the number ends with; NULL for place 0. */
PG_FUNCTION_INFO_V1(kpi_group_name);
Datum
kpi_group_name(PG_FUNCTION_ARGS)
{
	KnownNames *names = kpi_make_once(fcinfo, 1, take_apart);
	int32		place = PG_GETARG_INT32(0) % (names->count + 1);

	if (place <= 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(names->name[place - 1]);
}
