/*-------------------------------------------------------------------------
 *
 * rank.h
 *	  Units that are ranked with each other, and their places.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_RANK_H
#define KPI_ENGINE_RANK_H

#include "kpi.h"

#include "engine/name.h"
#include "engine/value.h"
#include "scoring/scale.h"

/* The units below one parent that are in force on a day. */
typedef struct KpiGroup
{
	int			count;
	const KpiName **unit;
	const KpiName *alone;		/* one that is not in force is ranked with
								 * them, and this group is its own; else NULL */
} KpiGroup;

/* The units to rank with a unit on a day. */
typedef struct KpiSiblings KpiSiblings;

/* What units are ranked by: an indicator in a period. */
typedef struct KpiRanking
{
	KpiLineKey	line;			/* of the unit whose place is asked for */
	DateADT		start;
	const void *by;				/* the scale; the node where what is final of
								 * siblings counts */
} KpiRanking;

/* Places that are known. */
typedef struct KpiPlaces KpiPlaces;

/* What a unit is ranked by, or NULL. */
typedef Numeric (*KpiMeritOf) (void *argument, const KpiName *unit);

extern KpiSiblings *kpi_siblings(MemoryContext context, KpiNames *names, TimestampTz known_at);
extern const KpiGroup *kpi_group_of(KpiSiblings *siblings, const KpiName *unit, DateADT day);
extern KpiPlaces *kpi_places(MemoryContext context);
extern bool kpi_first_meeting(KpiPlaces *places, const KpiGroup *group, const KpiLineKey *line, DateADT start);
extern int64 kpi_place_of(KpiPlaces *places, const KpiRanking *ranking, const KpiGroup *group,
						  KpiMeritOf merit_of, void *argument);

#endif							/* KPI_ENGINE_RANK_H */
