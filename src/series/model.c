/*-------------------------------------------------------------------------
 *
 * model.c
 *	  Models that forecast a series, before they are fitted.
 *
 *-------------------------------------------------------------------------
 */
#include "series/model.h"

#include "utils/float.h"

/* A model of so many values that is not fitted yet. */
KpiModel *
kpi_new_model(KpiModelKind kind, int season, int count)
{
	KpiModel   *model = palloc0(sizeof(KpiModel));
	double		none = get_float8_nan();

	model->kind = kind;
	model->season = season;
	model->count = count;
	model->alpha = model->beta = model->gamma = model->phi = none;
	model->level = model->trend = none;
	model->variance = model->freedom = model->aicc = model->mase = none;
	model->error = palloc(sizeof(double) * count);
	for (int i = 0; i < count; i++)
		model->error[i] = none;
	return model;
}
