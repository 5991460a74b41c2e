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

/* A node of what was made final. */
typedef struct KpiFinalNode
{
	const KpiName *node;		/* the first, by which it is found */
	const KpiName *indicator;
	bool		leaf;
	KpiNodeInput input;
} KpiFinalNode;

/* A scorecard for a unit and a period that was made final: rows in tree order. */
typedef struct KpiFinal
{
	DateADT		start;
	int			count;
	Datum	   *result;			/* kpi_internal.result */
	Datum	   *input;			/* kpi_internal.node_input */
	KpiFinalNode *node;			/* the same, once it is asked for */
	KpiFinalNode *by_name;		/* and in the order of their names */
} KpiFinal;

extern void kpi_read_finals(KpiEvaluation *evaluation, KpiCell **cell, int count);
extern void kpi_row_columns(Datum row, int columns, Datum *value, bool *isnull);
extern const KpiFinalNode *kpi_final_node(KpiEvaluation *evaluation, const KpiCell *cell, const KpiName *unit,
										  const KpiGrainRow *grain, DateADT start, const KpiName *node);
extern bool kpi_ranks_finals(const KpiCell *cell);

#endif							/* KPI_ENGINE_FINAL_H */
