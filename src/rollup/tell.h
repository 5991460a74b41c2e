/*-------------------------------------------------------------------------
 *
 * tell.h
 *	  How lists of nodes and reasons are worded.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_TELL_H
#define KPI_ROLLUP_TELL_H

#include "kpi.h"

#include "rollup/node.h"

extern Datum kpi_rollup_missing_names(const KpiRollupTree *tree, const KpiRollupNode *node);
extern Datum kpi_rollup_veto_names(const KpiRollupTree *tree, const KpiRollupNode *node);
extern const char *kpi_rollup_reason_word(KpiRollupReason reason);

#endif							/* KPI_ROLLUP_TELL_H */
