/*-------------------------------------------------------------------------
 *
 * score.h
 *	  The evaluation of a scorecard tree: scores, coverage, absolute weights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_SCORE_H
#define KPI_ROLLUP_SCORE_H

#include "kpi.h"

#include "rollup/node.h"

extern void kpi_rollup_evaluate(KpiRollupTree *tree, bool weights);

#endif							/* KPI_ROLLUP_SCORE_H */
