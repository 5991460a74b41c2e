/*-------------------------------------------------------------------------
 *
 * tree.h
 *	  The tree of a scorecard, built from its rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_TREE_H
#define KPI_ROLLUP_TREE_H

#include "kpi.h"

#include "rollup/node.h"
#include "rollup/state.h"

extern KpiRollupTree *kpi_rollup_tree(const KpiRollup *state);

#endif							/* KPI_ROLLUP_TREE_H */
