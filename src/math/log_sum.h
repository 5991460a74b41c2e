/*-------------------------------------------------------------------------
 *
 * log_sum.h
 *	  Sums of many logarithms, by products.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LOG_SUM_H
#define KPI_LOG_SUM_H

#include "kpi.h"

#include <math.h>

/* A product that is greater might overflow by the next factor. */
#define KPI_MAX_PRODUCT 1e150

/* The sum of the logarithms of numbers of at least 1. */
typedef struct KpiLogSum
{
	double		sum;
	double		product;		/* of those not in the sum yet */
} KpiLogSum;

/* Add a logarithm, weight times. */
static inline void
kpi_add_log(KpiLogSum *logs, double weight, double factor)
{
	if (weight != 1 || factor > KPI_MAX_PRODUCT)
	{
		logs->sum += weight * log(factor);
		return;
	}
	logs->product *= factor;
	if (logs->product > KPI_MAX_PRODUCT)
	{
		logs->sum += log(logs->product);
		logs->product = 1;
	}
}

/* The sum of the logarithms. */
static inline double
kpi_log_sum(const KpiLogSum *logs)
{
	return logs->sum + log(logs->product);
}

/* log(1 + y) for y of at least 0, by the logarithm that is faster than log1p */
static inline double
kpi_log_one_plus(double y)
{
	double		up = 1 + y;

	return log(up) + (y - (up - 1)) / up;
}

#endif							/* KPI_LOG_SUM_H */
