/*-------------------------------------------------------------------------
 *
 * simplex.h
 *	  Minimizing a function of a few numbers within bounds, without gradients.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SIMPLEX_H
#define KPI_SIMPLEX_H

#include "kpi.h"

#define KPI_MAX_SIMPLEX 6

/* The function at x; infinity where it is not defined. */
typedef double (*KpiBoxFunction) (const double *x, void *data);

/* What is to be minimized, and between which bounds. */
typedef struct KpiBox
{
	int			n;
	double		low[KPI_MAX_SIMPLEX];
	double		high[KPI_MAX_SIMPLEX];
	KpiBoxFunction function;
	void	   *data;
} KpiBox;

extern double kpi_try_grid(const KpiBox *box, int points, double *x);
extern double kpi_descend(const KpiBox *box, double *x, const double *step, int evaluations);

#endif							/* KPI_SIMPLEX_H */
