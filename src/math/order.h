/*-------------------------------------------------------------------------
 *
 * order.h
 *	  Order statistics of doubles, none of which is NaN but in kpi_magnitude().
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ORDER_H
#define KPI_ORDER_H

#include "kpi.h"

/* What makes the median absolute deviation of normal numbers their standard deviation. */
#define KPI_MAD_SCALE 1.4826022185056018

/* The same for the mean absolute deviation, sqrt(pi / 2). */
#define KPI_MEAN_DEVIATION_SCALE 1.2533141373155003

extern void kpi_sort_doubles(double *value, size_t count);
extern double kpi_select(double *value, int64 count, int64 rank);
extern double kpi_median(double *value, int64 count);
extern double kpi_quantile(double *value, int64 count, double share);
extern double kpi_magnitude(const double *value, int64 count);
extern double kpi_robust_deviation(double *value, int64 count, double center, double rounding);

#endif							/* KPI_ORDER_H */
