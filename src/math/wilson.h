/*-------------------------------------------------------------------------
 *
 * wilson.h
 *	  The Wilson score interval of a share of counts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_WILSON_H
#define KPI_WILSON_H

#include "kpi.h"

#include "base/estimate.h"

extern KpiEstimate kpi_wilson(double successes, double trials, double z);

#endif							/* KPI_WILSON_H */
