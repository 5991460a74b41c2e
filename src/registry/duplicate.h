/*-------------------------------------------------------------------------
 *
 * duplicate.h
 *	  A key that a table has already, in words.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DUPLICATE_H
#define KPI_DUPLICATE_H

#include "kpi.h"

#include "executor/tuptable.h"
#include "utils/relcache.h"

extern bool kpi_is_plain_insert(Relation relation);
extern Oid	kpi_find_duplicate(Relation relation, TupleTableSlot *slot);

#endif							/* KPI_DUPLICATE_H */
