/*-------------------------------------------------------------------------
 *
 * forecast.c
 *	  Forecasts of a series, with the model they come from.
 *
 * A series is forecast from its last value on; gaps at its ends are cut off,
 * those inside filled by their season, and their number is said in the note.  The
 * models are in choose.c, how far they may be wrong in project.c; the bounds are
 * those of the normal distribution.
 *
 *-------------------------------------------------------------------------
 */
#include "series/forecast.h"

#include <math.h>

#include "base/check.h"
#include "base/list.h"
#include "base/words.h"
#include "catalog/pg_type.h"
#include "math/quantile.h"
#include "miscadmin.h"
#include "series/choose.h"
#include "series/fill.h"
#include "series/holt_winters.h"
#include "series/project.h"
#include "series/rows.h"
#include "series/season.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* Bounds of the normal distribution: of the wider interval and of the one inside it, or NaN. */
typedef struct Levels
{
	double		outer;
	double		inner;
} Levels;

/* The horizon argument: how many steps are forecast. */
int
kpi_horizon_argument(FunctionCallInfo fcinfo, int argument)
{
	return kpi_check_between(PG_GETARG_FLOAT8(argument), "horizon", 1, KPI_MAX_HORIZON,
							 "It is the number of periods that are forecast.");
}

/* The model argument. */
KpiModelKind
kpi_model_word_argument(FunctionCallInfo fcinfo, int argument)
{
	return (KpiModelKind) kpi_word_argument(fcinfo, argument, &kpi_model_words);
}

/* The level argument: one or two probabilities. */
static Levels
levels_argument(FunctionCallInfo fcinfo, int argument)
{
	KpiList		list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(argument), "level");
	Levels		levels = {0, get_float8_nan()};
	double		first;
	double		last;

	if (list.count < 1 || list.count > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("level has %d elements", list.count),
				 errhint("Write one probability or two, such as {0.8,0.95}.")));
	kpi_check_no_nulls(&list, "level");
	first = kpi_check_confidence(kpi_list_float8(&list, 0, "level"));
	last = kpi_check_confidence(kpi_list_float8(&list, list.count - 1, "level"));
	levels.outer = kpi_normal_bound(Max(first, last));
	if (list.count == 2)
		levels.inner = kpi_normal_bound(Min(first, last));
	return levels;
}

/* The values of the series argument, from the first to the last. */
KpiKnown
kpi_known_argument(FunctionCallInfo fcinfo, int argument, int season_argument)
{
	KpiGrid		grid = kpi_grid_argument(fcinfo, argument);
	KpiKnown	known = {.step = grid.step};
	int			last = grid.count;

	known.season = kpi_season_argument(fcinfo, season_argument, grid.season);
	while (last > 0 && isnan(grid.value[last - 1]))
		last--;
	while (known.first < last && isnan(grid.value[known.first]))
		known.first++;
	known.count = last - known.first;
	known.value = grid.value + known.first;
	known.is_gap = palloc(sizeof(bool) * (known.count + 1));
	for (int i = 0; i < known.count; i++)
	{
		known.is_gap[i] = isnan(known.value[i]);
		known.filled += known.is_gap[i];
	}
	if (known.filled > 0)
		kpi_fill_gaps(known.value, known.count, KPI_FILL_SEASONAL, known.season);
	return known;
}

/* A note, with the gaps that were filled before; NULL for none. */
const char *
kpi_known_note(const KpiKnown *known, const char *note)
{
	const char *gaps;

	if (known->filled == 0)
		return note;
	gaps = psprintf(known->filled == 1 ? "%d gap was filled" : "%d gaps were filled", known->filled);
	return note == NULL ? gaps : psprintf("%s; %s", gaps, note);
}

/* The rows of a forecast: a step each. */
static void
put_forecast(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiKnown *known, const KpiModel *model,
			 int horizon, const Levels *levels)
{
	double	   *mean = palloc(sizeof(double) * horizon);
	double	   *deviation = palloc(sizeof(double) * horizon);
	const char *note = kpi_known_note(known, model->note);

	kpi_project(model, known->value, horizon, mean, deviation);
	for (int i = 0; i < horizon; i++)
	{
		KpiAnswer	answer = {0};

		CHECK_FOR_INTERRUPTS();
		kpi_answer_slot(&answer, rows, &known->step, (int64) known->first + known->count + i);
		kpi_answer_integer(&answer, i + 1);
		kpi_answer_number(&answer, mean[i]);
		kpi_answer_number(&answer, mean[i] - levels->outer * deviation[i]);
		kpi_answer_number(&answer, mean[i] + levels->outer * deviation[i]);
		kpi_answer_number(&answer, mean[i] - levels->inner * deviation[i]);
		kpi_answer_number(&answer, mean[i] + levels->inner * deviation[i]);
		kpi_answer_text(&answer, kpi_model_words.word[model->kind]);
		kpi_answer_number(&answer, model->mase);
		kpi_answer_text(&answer, note);
		kpi_answer_put(fcinfo, &answer);
	}
}

/* Whether one of the arguments up to the last one is NULL, but for the type of periods. */
static bool
has_null(FunctionCallInfo fcinfo, int first, int last)
{
	for (int i = first; i <= last; i++)
	{
		if (PG_ARGISNULL(i))
			return true;
	}
	return PG_ARGISNULL(0);
}

/* forecast(series [, period_type], horizon, model, level, seasonality): a row for each step. */
PG_FUNCTION_INFO_V1(kpi_series_forecast);
Datum
kpi_series_forecast(PG_FUNCTION_ARGS)
{
	int			typed = PG_NARGS() - 5;
	KpiKnown	known;
	Levels		levels;
	KpiRows		rows;
	int			horizon;

	if (has_null(fcinfo, 1 + typed, 3 + typed))
		return kpi_no_rows(fcinfo);
	horizon = kpi_horizon_argument(fcinfo, 1 + typed);
	levels = levels_argument(fcinfo, 3 + typed);
	known = kpi_known_argument(fcinfo, 0, 4 + typed);
	rows = kpi_start_rows(fcinfo, known.step.kind);
	if (known.count > 0)
		put_forecast(fcinfo, &rows, &known,
					 kpi_choose_model(known.value, known.count, kpi_model_word_argument(fcinfo, 2 + typed), known.season),
					 horizon, &levels);
	PG_RETURN_NULL();
}

/* The season of the next steps as an array; NULL without one. */
static void
answer_season(KpiAnswer *answer, const KpiModel *model)
{
	Datum	   *season;

	if (model->seasonal == NULL)
	{
		kpi_answer_add(answer, (Datum) 0, true);
		return;
	}
	season = palloc(sizeof(Datum) * model->season);
	for (int i = 0; i < model->season; i++)
		season[i] = Float8GetDatum(model->seasonal[i]);
	kpi_answer_add(answer, PointerGetDatum(construct_array(season, model->season, FLOAT8OID, sizeof(float8),
														   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)), false);
}

/* forecast_model(series, model, seasonality): the model of a forecast. */
PG_FUNCTION_INFO_V1(kpi_forecast_model);
Datum
kpi_forecast_model(PG_FUNCTION_ARGS)
{
	KpiAnswer	answer = {0};
	KpiKnown	known;
	KpiModel   *model;

	if (has_null(fcinfo, 1, 1))
		PG_RETURN_NULL();
	known = kpi_known_argument(fcinfo, 0, 2);
	if (known.count == 0)
		PG_RETURN_NULL();
	model = kpi_choose_model(known.value, known.count, kpi_model_word_argument(fcinfo, 1), known.season);
	kpi_answer_text(&answer, kpi_model_words.word[model->kind]);
	kpi_answer_number(&answer, model->alpha);
	kpi_answer_number(&answer, model->beta);
	kpi_answer_number(&answer, model->gamma);
	kpi_answer_number(&answer, model->phi);
	kpi_answer_number(&answer, model->level);
	kpi_answer_number(&answer, model->trend);
	answer_season(&answer, model);
	kpi_answer_number(&answer, sqrt(model->variance));
	kpi_answer_number(&answer, model->aicc);
	kpi_answer_number(&answer, model->mase);
	kpi_answer_integer(&answer, known.count - known.filled);
	kpi_answer_integer(&answer, known.filled);
	kpi_answer_text(&answer, kpi_known_note(&known, model->note));
	return kpi_answer_row(fcinfo, &answer);
}

/* A weight of the method of Holt and Winters; NaN for NULL, which asks for the best. */
static double
weight_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	double		weight;

	if (PG_ARGISNULL(argument))
		return get_float8_nan();
	weight = PG_GETARG_FLOAT8(argument);
	if (!(weight >= 0 && weight <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not between 0 and 1", name, float8out_internal(weight)),
				 errhint("Leave alpha, beta and gamma out for the best ones.")));
	return weight;
}

/* The method needs two seasons, and values above 0 where the season is a factor. */
static void
check_seasons(const KpiKnown *known, KpiModelKind kind)
{
	if (known->season < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the series has no season"),
				 errhint("Say how many steps one has with seasonality, or use forecast(series, horizon, 'holt').")));
	if (known->count < 2 * known->season)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d values are fewer than two seasons of %d", known->count, known->season),
				 errhint("forecast() takes a model without a season then.")));
	if (kind == KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE && !kpi_are_positive(known->value, known->count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a multiplicative season does not go with values of 0 and below"),
				 errhint("Use \"additive\".")));
}

/* The model of Holt and Winters with the weights that are arguments, or the best ones. */
static KpiModel *
holt_winters_model(FunctionCallInfo fcinfo, int first, const KpiKnown *known)
{
	KpiModelKind kind = kpi_word_argument(fcinfo, first + 3, &kpi_seasonal_words) == 0
	? KPI_MODEL_HOLT_WINTERS_ADDITIVE : KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE;
	KpiModel   *model = kpi_new_model(kind, known->season, known->count);

	check_seasons(known, kind);
	model->alpha = weight_argument(fcinfo, first, "alpha");
	model->beta = weight_argument(fcinfo, first + 1, "beta");
	model->gamma = weight_argument(fcinfo, first + 2, "gamma");
	if (isnan(model->alpha) && isnan(model->beta) && isnan(model->gamma))
		kpi_fit_holt_winters(model, known->value);
	else if (isnan(model->alpha) || isnan(model->beta) || isnan(model->gamma))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("some of alpha, beta and gamma are NULL and some are not"),
				 errhint("Give all three, or none for the best ones.")));
	else
		kpi_run_holt_winters(model, known->value);
	kpi_measure_model(model, known->value);
	return model;
}

/* holt_winters(series [, period_type], horizon, alpha, beta, gamma, seasonal, level, seasonality). */
PG_FUNCTION_INFO_V1(kpi_series_holt_winters);
Datum
kpi_series_holt_winters(PG_FUNCTION_ARGS)
{
	int			typed = PG_NARGS() - 8;
	KpiKnown	known;
	Levels		levels;
	KpiRows		rows;
	int			horizon;

	if (has_null(fcinfo, 1 + typed, 1 + typed) || has_null(fcinfo, 5 + typed, 6 + typed))
		return kpi_no_rows(fcinfo);
	horizon = kpi_horizon_argument(fcinfo, 1 + typed);
	levels = levels_argument(fcinfo, 6 + typed);
	known = kpi_known_argument(fcinfo, 0, 7 + typed);
	rows = kpi_start_rows(fcinfo, known.step.kind);
	if (known.count > 0)
		put_forecast(fcinfo, &rows, &known, holt_winters_model(fcinfo, 2 + typed, &known), horizon, &levels);
	PG_RETURN_NULL();
}
