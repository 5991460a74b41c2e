/*-------------------------------------------------------------------------
 *
 * check.h
 *	  What a scorecard tree must not be, and the errors that say so.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_CHECK_H
#define KPI_ROLLUP_CHECK_H

#include "kpi.h"

#include "rollup/node.h"

extern void kpi_rollup_check_tree(const KpiRollupTree *tree);
pg_noreturn extern void kpi_rollup_fail_parent(const KpiRollupTree *tree,
											   const KpiRollupRow *row);
pg_noreturn extern void kpi_rollup_fail_cycle(const KpiRollupTree *tree, const int32 *waiting);

#endif							/* KPI_ROLLUP_CHECK_H */
