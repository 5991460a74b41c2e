/*-------------------------------------------------------------------------
 *
 * missing.h
 *	  What goes up a scorecard tree in lists: missing nodes, lost grades, marks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_MISSING_H
#define KPI_ROLLUP_MISSING_H

#include "kpi.h"

#include "rollup/node.h"

extern void kpi_rollup_find_missing(KpiRollupTree *tree);
extern void kpi_rollup_pass_grades(KpiRollupTree *tree);
extern void kpi_rollup_pass_marks(KpiRollupTree *tree);

#endif							/* KPI_ROLLUP_MISSING_H */
