/*-------------------------------------------------------------------------
 *
 * evaluate.h
 *	  Evaluation of the cells of a batch.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_EVALUATE_H
#define KPI_ENGINE_EVALUATE_H

#include "kpi.h"

#include "engine/cell.h"

extern KpiCell **kpi_evaluate_batch(KpiEvaluation *evaluation, const KpiCellKey *key, int size, int *count);
extern void kpi_evaluate_cell(KpiEvaluation *evaluation, KpiCell *cell);

#endif							/* KPI_ENGINE_EVALUATE_H */
