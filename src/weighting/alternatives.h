/*-------------------------------------------------------------------------
 *
 * alternatives.h
 *	  Rows of a partition as alternatives: their values, which way is better and
 *	  how much each column weighs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ALTERNATIVES_H
#define KPI_ALTERNATIVES_H

#include "kpi.h"

#include "base/partition.h"

/* Places of the arguments that all rankings of alternatives begin with. */
enum
{
	KPI_ALTERNATIVE_VALUES,
	KPI_ALTERNATIVE_DIRECTIONS,
	KPI_ALTERNATIVE_WEIGHTS,
	KPI_ALTERNATIVE_ARGUMENTS
};

/* Rows without a missing value, and where each of them is in the partition. */
typedef struct KpiAlternatives
{
	KpiMatrix	matrix;
	int		   *place;
	bool	   *lower;
	double	   *weight;			/* sum 1 */
} KpiAlternatives;

extern KpiAlternatives kpi_alternatives(FunctionCallInfo fcinfo, KpiPartition *partition);
extern Datum kpi_alternative_answer(FunctionCallInfo fcinfo, const KpiPartition *partition);
extern void kpi_scale_columns(KpiAlternatives *alternatives);

#endif							/* KPI_ALTERNATIVES_H */
