/*-------------------------------------------------------------------------
 *
 * holt_winters.h
 *	  The method of Holt and Winters.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_HOLT_WINTERS_H
#define KPI_HOLT_WINTERS_H

#include "kpi.h"

#include "series/model.h"

extern bool kpi_fit_holt_winters(KpiModel *model, const double *value);
extern void kpi_run_holt_winters(KpiModel *model, const double *value);

#endif							/* KPI_HOLT_WINTERS_H */
