/*-------------------------------------------------------------------------
 *
 * whiten.h
 *	  Series without what makes any two of them look related over time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_WHITEN_H
#define KPI_WHITEN_H

#include "kpi.h"

#include "base/words.h"
#include "driver/align.h"

extern void kpi_difference(KpiAligned *aligned);
extern void kpi_whiten(KpiAligned *aligned, KpiPrewhiten how);
extern int	kpi_fit_autoregression(const double *value, int count, double *coefficient);
extern void kpi_filter(double *value, int count, const double *coefficient, int order);

/* Periods back that an autoregression looks at most. */
#define KPI_MAX_AUTOREGRESSION 12

#endif							/* KPI_WHITEN_H */
