/*-------------------------------------------------------------------------
 *
 * reference.h
 *	  A key that a row names and that is not there, in words.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_REFERENCE_H
#define KPI_REFERENCE_H

#include "kpi.h"

#include "executor/tuptable.h"
#include "utils/relcache.h"

extern List *kpi_text_references(Relation relation);
extern void kpi_check_references(Relation relation, const List *references, TupleTableSlot *slot, TupleTableSlot *before);

#endif							/* KPI_REFERENCE_H */
