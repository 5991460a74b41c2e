/*-------------------------------------------------------------------------
 *
 * stretch.h
 *	  Periods that are wanted, as stretches of days: each is one search of an index.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_STRETCH_H
#define KPI_ENGINE_STRETCH_H

#include "kpi.h"

#include "utils/date.h"

/* From the day on which the first period begins to that of the last. */
typedef struct KpiStretch
{
	DateADT		first;
	DateADT		last;
} KpiStretch;

/* Not too close to each other, or overlapping. */
typedef struct KpiStretches
{
	int			count;
	int			room;
	KpiStretch *stretch;
} KpiStretches;

/* What is searched for: three names, and the periods of it that are wanted. */
typedef struct KpiSearch
{
	const text *name[3];
	const KpiStretches *wanted;
} KpiSearch;

/* Arguments of a query that searches: the number of the search, its names, first and last day. */
#define KPI_SEARCH_ARGUMENTS 6
#define KPI_SEARCH_TYPES INT4ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, DATEARRAYOID

extern void kpi_search_arguments(const KpiSearch *search, int count, Datum *argument);
extern void kpi_add_stretch(KpiStretches *stretches, MemoryContext context, DateADT first, DateADT last, int near);

#endif							/* KPI_ENGINE_STRETCH_H */
