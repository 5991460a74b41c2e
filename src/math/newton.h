/*-------------------------------------------------------------------------
 *
 * newton.h
 *	  Minimizing a smooth function of a few positive parameters.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_NEWTON_H
#define KPI_NEWTON_H

#include "kpi.h"

#define KPI_MAX_PARAMETERS 16

typedef enum KpiFitStatus
{
	KPI_CONVERGED,
	KPI_BOUNDARY,				/* the optimum runs to the edge of the range */
	KPI_NOT_CONVERGED,
	KPI_INSUFFICIENT_DATA,
	KPI_DROPOUT_NOT_IDENTIFIED	/* converged, but nobody may ever leave */
} KpiFitStatus;

/*
 * The function at x, and its gradient; infinity where it is not defined.  x
 * holds the logarithms of positive parameters, or free parameters as they are.
 */
typedef double (*KpiObjective) (const double *x, double *gradient, void *data);

typedef struct KpiMinimum
{
	int			n;
	double		x[KPI_MAX_PARAMETERS];
	double		value;
	double		hessian[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];
	bool		positive_definite;	/* the hessian at the minimum */
	int			iterations;
	int			evaluations;
	bool		stationary;		/* the gradient fell below the tolerance */
} KpiMinimum;

extern double kpi_largest(int n, const double *vector);
extern void kpi_minimize(KpiObjective objective, void *data, int n, const double *start,
						 double tolerance, KpiMinimum *minimum);
extern bool kpi_invert_symmetric(int n, double a[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS],
								 double inverse[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS]);

#endif							/* KPI_NEWTON_H */
