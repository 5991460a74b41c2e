/*-------------------------------------------------------------------------
 *
 * input.h
 *	  What the scores of nodes are made of.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_INPUT_H
#define KPI_ENGINE_INPUT_H

#include "kpi.h"

#include "engine/cell.h"

extern void kpi_want_inputs(KpiEvaluation *evaluation, const KpiCell *cell);
extern void kpi_suppose_inputs(KpiEvaluation *evaluation, const KpiCell *cell);
extern void kpi_make_inputs(KpiEvaluation *evaluation, KpiCell *cell);
extern KpiLineKey kpi_node_line(const KpiCell *cell, const KpiCardNode *node, const KpiGrainRow *grain);

#endif							/* KPI_ENGINE_INPUT_H */
