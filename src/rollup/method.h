/*-------------------------------------------------------------------------
 *
 * method.h
 *	  From the scores of the children to the score of their parent.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_METHOD_H
#define KPI_ROLLUP_METHOD_H

#include "kpi.h"

#include "base/words.h"
#include "rollup/amount.h"

/* The values that count at a node, by the names of the children. */
typedef struct KpiRollupValues
{
	bool		exact;
	int32		count;
	KpiAmount  *weight;
	KpiAmount  *value;
	bool	   *priority;
} KpiRollupValues;

extern KpiAmount kpi_rollup_score(const KpiRollupValues *values, KpiRollupMethod method);

#endif							/* KPI_ROLLUP_METHOD_H */
