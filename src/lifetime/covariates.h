/*-------------------------------------------------------------------------
 *
 * covariates.h
 *	  Customers with static covariates, collected: kpi.covariate_state.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_COVARIATES_H
#define KPI_COVARIATES_H

#include "kpi.h"

#include "lifetime/fit.h"
#include "utils/array.h"

/* Covariates of both processes together; four parameters are the model's own. */
#define KPI_MAX_COVARIATES (KPI_MAX_PARAMETERS - 4)

/* Places in a row of the state, before the covariates; the weight ends the row. */
enum
{
	KPI_COVARIATE_T,
	KPI_COVARIATE_RECENCY,
	KPI_COVARIATE_FREQUENCY,
	KPI_COVARIATE_FIRST
};

typedef struct KpiCovariateState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		transaction;	/* covariates of the purchases */
	uint8		lifetime;		/* and of leaving */
	uint8		has_rows;		/* else their numbers are not known yet */
	int32		count;
	int32		sorted;			/* that many are in order, equal ones merged */
	/* rows, and, while an aggregate fills it, room for more */
	double		value[FLEXIBLE_ARRAY_MEMBER];
} KpiCovariateState;

/* Doubles of a row. */
static inline int
kpi_covariate_width(const KpiCovariateState *state)
{
	return KPI_COVARIATE_FIRST + state->transaction + state->lifetime + 1;
}

extern int	kpi_covariate_array(ArrayType *array, const char *argument, double *value);
extern double *kpi_read_covariates(const KpiCovariateState *state, int *count);

#endif							/* KPI_COVARIATES_H */
