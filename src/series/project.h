/*-------------------------------------------------------------------------
 *
 * project.h
 *	  Forecasts of a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PROJECT_H
#define KPI_PROJECT_H

#include "kpi.h"

#include "series/model.h"

extern void kpi_project(const KpiModel *model, const double *value, int horizon, double *mean, double *deviation);
extern void kpi_project_total(const KpiModel *model, const double *value, int horizon, double *mean, double *deviation);

#endif							/* KPI_PROJECT_H */
