/*-------------------------------------------------------------------------
 *
 * pareto_grid.h
 *	  The likelihood of many customers with any times: Pareto/NBD.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PARETO_GRID_H
#define KPI_PARETO_GRID_H

#include "kpi.h"

#include "math/log_sum.h"
#include "lifetime/model.h"
#include "lifetime/pareto.h"

typedef struct KpiParetoGrid KpiParetoGrid;

/* What customers of one frequency give to the log-likelihood and its gradient. */
typedef struct KpiParetoSums
{
	KpiLogSum	odds;
	double		value;
	double		derivative[KPI_PARETO_PARAMETERS];
} KpiParetoSums;

extern KpiParetoGrid *kpi_pareto_grid(double max_t);
extern void kpi_pareto_grid_model(KpiParetoGrid *grid, const KpiPareto *model);
extern bool kpi_pareto_grid_frequency(KpiParetoGrid *grid, int frequency, int customers);
extern void kpi_pareto_grid_customer(const KpiParetoGrid *grid, const KpiTriple *triple,
									 KpiParetoSums *sums);

#endif							/* KPI_PARETO_GRID_H */
