/*-------------------------------------------------------------------------
 *
 * missing.h
 *	  What goes up a scorecard tree in lists: missing nodes and lost grades.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_MISSING_H
#define KPI_ROLLUP_MISSING_H

#include "kpi.h"

#include "rollup/node.h"

extern void kpi_rollup_find_missing(KpiRollupTree *tree);
extern void kpi_rollup_pass_grades(KpiRollupTree *tree);
extern Datum kpi_rollup_missing_names(const KpiRollupTree *tree, const KpiRollupNode *node);
extern Datum kpi_rollup_veto_names(const KpiRollupTree *tree, const KpiRollupNode *node);
extern const char *kpi_rollup_reason_word(KpiRollupReason reason);

#endif							/* KPI_ROLLUP_MISSING_H */
