/*-------------------------------------------------------------------------
 *
 * mean.h
 *	  Means of scores, numeric and float8.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_MEAN_H
#define KPI_ROLLUP_MEAN_H

#include "kpi.h"

#include "rollup/amount.h"

/* Decimals that a numeric quotient has at least. */
#define KPI_MEAN_GROUPS 5
#define KPI_MEAN_SCALE (KPI_MEAN_GROUPS * 4)

extern Numeric kpi_mean_numeric(const KpiAmount *weight, const KpiAmount *value, int32 count);
extern double kpi_mean_float8(const KpiAmount *weight, const KpiAmount *value, int32 count);
extern Numeric kpi_trim_numeric(Numeric value);
extern int	kpi_numeric_scale(Numeric value);
extern Numeric kpi_power_of_ten(int exponent);
extern double kpi_safe_scale(double magnitude);

#endif							/* KPI_ROLLUP_MEAN_H */
