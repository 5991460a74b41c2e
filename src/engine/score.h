/*-------------------------------------------------------------------------
 *
 * score.h
 *	  The scores of nodes, rolled up.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_SCORE_H
#define KPI_ENGINE_SCORE_H

#include "kpi.h"

#include "engine/cell.h"

extern void kpi_score_cell(KpiCell *cell);

#endif							/* KPI_ENGINE_SCORE_H */
