/*-------------------------------------------------------------------------
 *
 * backtest.c
 *	  What a model would have forecast.
 *
 * The model is chosen and fitted from the values up to an origin, and its
 * forecasts are put beside what came.  The last origin leaves the horizon, each
 * one before it a step more; it has two seasons before it, or two thirds of the
 * values of a series without a season.  Values that are gaps are not compared.
 *
 * L. J. Tashman, "Out-of-sample tests of forecasting accuracy", International
 * Journal of Forecasting 16, 2000.
 *
 *-------------------------------------------------------------------------
 */
#include "series/forecast.h"

#include <math.h>

#include "base/check.h"
#include "base/words.h"
#include "math/quantile.h"
#include "miscadmin.h"
#include "series/choose.h"
#include "series/project.h"
#include "series/rows.h"
#include "utils/float.h"
#include "utils/memutils.h"

/* The most folds. */
#define MAX_FOLDS 1000

/* The mean absolute error of the seasonal naive forecast of values; NaN where there is none. */
static double
naive_scale(const double *value, int count, int season)
{
	double		sum = 0;

	if (count <= season)
		season = 1;
	for (int i = season; i < count; i++)
		sum += fabs(value[i] - value[i - season]);
	return count > season && sum > 0 ? sum / (count - season) : get_float8_nan();
}

/* The rows of a fold: the forecasts from so many values, and what came. */
static void
put_fold(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiKnown *known, KpiModelKind kind, int fold,
		 int count, int horizon)
{
	KpiModel   *model = kpi_choose_model(known->value, count, kind, known->season);
	double	   *mean = palloc(sizeof(double) * horizon);
	double	   *deviation = palloc(sizeof(double) * horizon);
	double		scale = naive_scale(known->value, count, known->season);
	double		bound = kpi_normal_bound(0.95);

	kpi_project(model, known->value, horizon, mean, deviation);
	for (int i = 0; i < horizon; i++)
	{
		KpiAnswer	answer = {0};

		if (known->is_gap[count + i])
			continue;
		kpi_answer_slot(&answer, rows, &known->step, (int64) known->first + count + i);
		kpi_answer_integer(&answer, fold);
		kpi_answer_integer(&answer, i + 1);
		kpi_answer_number(&answer, known->value[count + i]);
		kpi_answer_number(&answer, mean[i]);
		kpi_answer_number(&answer, mean[i] - bound * deviation[i]);
		kpi_answer_number(&answer, mean[i] + bound * deviation[i]);
		kpi_answer_number(&answer, scale);
		kpi_answer_text(&answer, kpi_model_words.word[model->kind]);
		kpi_answer_put(fcinfo, &answer);
	}
}

/* The folds argument: how many origins are tried. */
static int
folds_argument(FunctionCallInfo fcinfo, int argument)
{
	return kpi_check_between(PG_GETARG_FLOAT8(argument), "folds", 1, MAX_FOLDS,
							 "It is the number of times that the series is forecast, each time from a later period on.");
}

/* backtest(series [, period_type], horizon, model, folds, seasonality): a row for each fold and step. */
PG_FUNCTION_INFO_V1(kpi_series_backtest);
Datum
kpi_series_backtest(PG_FUNCTION_ARGS)
{
	int			typed = PG_NARGS() - 5;
	KpiKnown	known;
	KpiRows		rows;
	int			horizon;
	int			folds;
	int			least;
	MemoryContext context;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1 + typed) || PG_ARGISNULL(2 + typed) || PG_ARGISNULL(3 + typed))
		return kpi_no_rows(fcinfo);
	horizon = kpi_horizon_argument(fcinfo, 1 + typed);
	folds = folds_argument(fcinfo, 3 + typed);
	known = kpi_known_argument(fcinfo, 0, 4 + typed);
	rows = kpi_start_rows(fcinfo, known.step.kind);
	least = known.season > 1 ? 2 * known.season : (2 * known.count + 2) / 3;
	context = AllocSetContextCreate(CurrentMemoryContext, "kpi backtest", ALLOCSET_DEFAULT_SIZES);
	for (int fold = 1; fold <= folds; fold++)
	{
		MemoryContext before = MemoryContextSwitchTo(context);
		int			count = known.count - horizon - (folds - fold);

		CHECK_FOR_INTERRUPTS();
		if (count >= Max(least, 1))
			put_fold(fcinfo, &rows, &known, kpi_model_word_argument(fcinfo, 2 + typed), fold, count, horizon);
		MemoryContextSwitchTo(before);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
	PG_RETURN_NULL();
}
