/*-------------------------------------------------------------------------
 *
 * smoothing.h
 *	  Exponential smoothing by maximum likelihood.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SMOOTHING_H
#define KPI_SMOOTHING_H

#include "kpi.h"

#include "series/model.h"

/* What a model of exponential smoothing has. */
typedef struct KpiSmoothingForm
{
	bool		trend;
	bool		damped;
	bool		seasonal;
	bool		is_factor;		/* the season and the errors, else summands */
} KpiSmoothingForm;

extern const KpiSmoothingForm *kpi_smoothing_form(KpiModelKind kind);
extern bool kpi_fit_smoothing(KpiModel *model, const double *value);

#endif							/* KPI_SMOOTHING_H */
