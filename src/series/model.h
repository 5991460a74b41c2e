/*-------------------------------------------------------------------------
 *
 * model.h
 *	  Models that forecast a series.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_MODEL_H
#define KPI_MODEL_H

#include "kpi.h"

/* The words of a model, in the order of kpi_model_words. */
typedef enum KpiModelKind
{
	KPI_MODEL_AUTO,
	KPI_MODEL_NAIVE,
	KPI_MODEL_SEASONAL_NAIVE,
	KPI_MODEL_DRIFT,
	KPI_MODEL_MEAN,
	KPI_MODEL_SIMPLE,
	KPI_MODEL_HOLT,
	KPI_MODEL_DAMPED,
	KPI_MODEL_SEASONAL_ADDITIVE,
	KPI_MODEL_SEASONAL_MULTIPLICATIVE,
	KPI_MODEL_DAMPED_ADDITIVE,
	KPI_MODEL_DAMPED_MULTIPLICATIVE,
	KPI_MODEL_HOLT_WINTERS_ADDITIVE,
	KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE,
	KPI_MODEL_THETA
} KpiModelKind;

/* A model of values in a row, and where they have led it. */
typedef struct KpiModel
{
	KpiModelKind kind;
	int			season;			/* steps; 1 for none */
	int			count;			/* values */
	double		alpha;			/* NaN where the model has none, as all below */
	double		beta;
	double		gamma;
	double		phi;
	double		level;			/* after the last value */
	double		trend;			/* per step */
	double	   *seasonal;		/* of the next steps, season of them; NULL for
								 * none */
	double	   *error;			/* of the forecast one step ahead; NaN for
								 * none */
	double		variance;		/* of these errors, or of their share of the
								 * forecast */
	double		freedom;		/* degrees of freedom that it has */
	double		aicc;
	double		mase;
	const char *note;			/* what the caller should know, or NULL */
} KpiModel;

extern KpiModel *kpi_new_model(KpiModelKind kind, int season, int count);

#endif							/* KPI_MODEL_H */
