/*-------------------------------------------------------------------------
 *
 * quantile.h
 *	  Bounds of distributions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_QUANTILE_H
#define KPI_QUANTILE_H

#include "kpi.h"

extern double kpi_normal_bound(double confidence);
extern double kpi_student_bound(double confidence, double freedom);
extern double kpi_normal_tails(double z);
extern double kpi_student_tails(double t, double freedom);

#endif							/* KPI_QUANTILE_H */
