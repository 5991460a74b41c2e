/*-------------------------------------------------------------------------
 *
 * entities.h
 *	  Counts of customers, or whatever else is followed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENTITIES_H
#define KPI_ENTITIES_H

#include "kpi.h"

/* Entities that are counted at most, so that a few such counts can be summed. */
#define KPI_MAX_ENTITIES (PG_INT64_MAX / 4)

/* Count more entities. */
static inline void
kpi_add_entities(int64 *count, int64 more)
{
	*count += more;
	if (unlikely(*count > KPI_MAX_ENTITIES))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of entities out of range")));
}

#endif							/* KPI_ENTITIES_H */
