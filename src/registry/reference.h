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
#include "utils/hsearch.h"
#include "utils/relcache.h"

/* Foreign keys of a table, and which of their values a statement has found. */
typedef struct KpiReferences
{
	List	   *keys;
	HTAB	   *known;
} KpiReferences;

extern KpiReferences *kpi_text_references(Relation relation);
extern void kpi_check_references(Relation relation, KpiReferences *references, TupleTableSlot *slot, TupleTableSlot *before);

#endif							/* KPI_REFERENCE_H */
