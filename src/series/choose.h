/*-------------------------------------------------------------------------
 *
 * choose.h
 *	  Which model a series is forecast by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CHOOSE_H
#define KPI_CHOOSE_H

#include "kpi.h"

#include "series/model.h"

extern void kpi_fit_model(KpiModel *model, const double *value);
extern void kpi_measure_model(KpiModel *model, const double *value);
extern KpiModel *kpi_choose_model(const double *value, int count, KpiModelKind kind, int season);

#endif							/* KPI_CHOOSE_H */
