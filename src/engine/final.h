/*-------------------------------------------------------------------------
 *
 * final.h
 *	  What was made final.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_FINAL_H
#define KPI_ENGINE_FINAL_H

#include "kpi.h"

#include "engine/cell.h"

/* A scorecard for a unit and a period that was made final: rows in tree order. */
typedef struct KpiFinal
{
	int			count;
	Datum	   *result;			/* kpi_internal.result */
	Datum	   *input;			/* kpi_internal.node_input */
	struct FinalActual *actual; /* in their order, once one is asked for */
} KpiFinal;

extern void kpi_read_finals(KpiEvaluation *evaluation, KpiCell **cell, int count);
extern void kpi_row_columns(Datum row, int columns, Datum *value, bool *isnull);
extern bool kpi_final_actual(KpiEvaluation *evaluation, const KpiCell *cell, DateADT start,
							 const KpiName *node, const KpiName *indicator, const KpiName *unit, Numeric *actual);

#endif							/* KPI_ENGINE_FINAL_H */
