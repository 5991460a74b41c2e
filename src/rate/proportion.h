/*-------------------------------------------------------------------------
 *
 * proportion.h
 *	  Shares of counts, and how sure they are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PROPORTION_H
#define KPI_PROPORTION_H

#include "kpi.h"

#include "base/estimate.h"

extern KpiEstimate kpi_wilson(double successes, double trials, double z);

#endif							/* KPI_PROPORTION_H */
