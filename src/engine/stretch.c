/*-------------------------------------------------------------------------
 *
 * stretch.c
 *	  Periods that are wanted, as stretches of days.
 *
 * What is near a stretch makes it longer, so that many periods are few searches,
 * and far ones do not fetch all between.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/stretch.h"

#include "catalog/pg_type.h"
#include "engine/query.h"
#include "utils/array.h"

/*
 * Add the periods that begin from one day to another; near: days between that
 * are read as well rather than searched for anew.  Infinite days add nothing.
 */
void
kpi_add_stretch(KpiStretches *stretches, MemoryContext context, DateADT first, DateADT last, int near)
{
	if (DATE_NOT_FINITE(first) || DATE_NOT_FINITE(last))
		return;
	for (int i = stretches->count - 1; i >= 0; i--)
	{
		KpiStretch *stretch = &stretches->stretch[i];

		if (first > stretch->last + near || last < stretch->first - near)
			continue;
		stretch->first = Min(stretch->first, first);
		stretch->last = Max(stretch->last, last);
		return;
	}
	if (stretches->count == stretches->room)
	{
		stretches->room = Max(2 * stretches->room, 2);
		stretches->stretch = stretches->stretch ? repalloc(stretches->stretch, sizeof(KpiStretch) * stretches->room) :
			MemoryContextAlloc(context, sizeof(KpiStretch) * stretches->room);
	}
	stretches->stretch[stretches->count].first = first;
	stretches->stretch[stretches->count++].last = last;
}

/* How many stretches are wanted. */
static int
count_stretches(const KpiSearch *search, int count)
{
	int			stretches = 0;

	for (int i = 0; i < count; i++)
		stretches += search[i].wanted->count;
	return stretches;
}

/* The arguments of a query: an element for each stretch of each search. */
void
kpi_search_arguments(const KpiSearch *search, int count, Datum *argument)
{
	int			stretches = count_stretches(search, count);
	int			n = 0;
	Datum	   *number = palloc(sizeof(Datum) * Max(stretches, 1));
	Datum	   *name[3];
	DateADT    *day[2];

	for (int k = 0; k < 3; k++)
		name[k] = palloc(sizeof(Datum) * Max(stretches, 1));
	for (int k = 0; k < 2; k++)
		day[k] = palloc(sizeof(DateADT) * Max(stretches, 1));
	for (int i = 0; i < count; i++)
	{
		for (int j = 0; j < search[i].wanted->count; j++, n++)
		{
			number[n] = Int32GetDatum(i);
			for (int k = 0; k < 3; k++)
				name[k][n] = PointerGetDatum(search[i].name[k]);
			day[0][n] = search[i].wanted->stretch[j].first;
			day[1][n] = search[i].wanted->stretch[j].last;
		}
	}
	argument[0] = PointerGetDatum(construct_array(number, stretches, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	for (int k = 0; k < 3; k++)
		argument[1 + k] = kpi_text_array(name[k], stretches);
	for (int k = 0; k < 2; k++)
		argument[4 + k] = kpi_date_array(day[k], stretches);
}
