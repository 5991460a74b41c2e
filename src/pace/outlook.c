/*-------------------------------------------------------------------------
 *
 * outlook.c
 *	  How probably a target is reached by the end of its period.
 *
 * What is there in the end is, of amounts that add up, what there is to date and the
 * forecast of the remaining periods together; of stocks the forecast of the last of
 * them.  Its variance is that of series/project.c, which knows that the errors of
 * periods go together.  With z = (expected - target) / deviation, the target is reached
 * with the probability of a number of at most z, or of at least z where lower is better:
 * of the normal distribution or, where the model is made of less than 30 values, of
 * Student's t with its degrees of freedom.
 *
 * NULL rule: nothing is known without a value, and no deviation of a single one.  Where
 * the deviation is 0, and where no period remains, the target is reached or not: 1 or 0.
 *
 *-------------------------------------------------------------------------
 */
#include "pace/outlook.h"

#include <math.h>

#include "base/answer.h"
#include "base/check.h"
#include "math/quantile.h"
#include "series/choose.h"
#include "series/project.h"
#include "utils/float.h"

/* From so many values on the normal distribution will do. */
#define MANY_VALUES 30

/* The first arguments of both functions. */
enum
{
	ARG_SERIES, ARG_TARGET, ARG_TO_DATE, ARG_REMAINING, ARG_DIRECTION, ARG_COMBINE, ARG_MODEL, ARG_REST
};

/* What is there after so many more periods. */
KpiOutlook
kpi_look_ahead(const KpiKnown *known, KpiModelKind kind, KpiTotal total, double to_date, int periods)
{
	KpiOutlook	outlook = {NULL, to_date, 0, NULL};
	double	   *mean;
	double	   *deviation;

	if (periods == 0)
		return outlook;
	outlook.expected = outlook.deviation = get_float8_nan();
	outlook.note = "there is no value";
	if (known->count == 0)
		return outlook;
	outlook.model = kpi_choose_model(known->value, known->count, kind, known->season);
	outlook.note = kpi_known_note(known, outlook.model->note);
	if (total == KPI_TOTAL_SUM)
	{
		kpi_project_total(outlook.model, known->value, periods, &outlook.expected, &outlook.deviation);
		outlook.expected += to_date;
		return outlook;
	}
	mean = palloc(sizeof(double) * periods);
	deviation = palloc(sizeof(double) * periods);
	kpi_project(outlook.model, known->value, periods, mean, deviation);
	outlook.expected = mean[periods - 1];
	outlook.deviation = deviation[periods - 1];
	return outlook;
}

/* Whether the distribution is Student's t. */
static bool
has_few(const KpiOutlook *outlook)
{
	return outlook->model != NULL && outlook->model->count < MANY_VALUES && outlook->model->freedom >= 1;
}

/* How far the bounds of a confidence are from what is expected. */
double
kpi_outlook_bound(const KpiOutlook *outlook, double confidence)
{
	if (!(outlook->deviation > 0))
		return outlook->deviation;
	return outlook->deviation *
		(has_few(outlook) ? kpi_student_bound(confidence, outlook->model->freedom) : kpi_normal_bound(confidence));
}

/* The probability that the target is reached in the end; NaN where it is not known. */
double
kpi_reach_probability(const KpiOutlook *outlook, double target, bool lower)
{
	double		ahead = lower ? target - outlook->expected : outlook->expected - target;
	double		z = ahead / outlook->deviation;
	double		tail;

	if (!kpi_is_number(ahead) || !kpi_is_number(outlook->deviation))
		return get_float8_nan();
	if (outlook->deviation == 0)
		return ahead >= 0;
	tail = (has_few(outlook) ? kpi_student_tails(z, outlook->model->freedom) : kpi_normal_tails(z)) / 2;
	return z > 0 ? 1 - tail : tail;
}

/* Whether one of the arguments that are needed is NULL or no finite number. */
static bool
is_missing(FunctionCallInfo fcinfo, int last)
{
	for (int i = 0; i <= last; i++)
	{
		if (PG_ARGISNULL(i) && i != ARG_TO_DATE)
			return true;
	}
	return !kpi_is_number(PG_GETARG_FLOAT8(ARG_TARGET));
}

/* The to_date argument; NaN for what is no finite number. */
static double
to_date_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(ARG_TO_DATE) || !kpi_is_number(PG_GETARG_FLOAT8(ARG_TO_DATE)))
		return get_float8_nan();
	return PG_GETARG_FLOAT8(ARG_TO_DATE);
}

/* What the arguments ask for, with the values of the series. */
static KpiOutlook
read_outlook(FunctionCallInfo fcinfo, int seasonality, KpiKnown *known)
{
	int			remaining = kpi_check_between(PG_GETARG_FLOAT8(ARG_REMAINING), "remaining", 0, KPI_MAX_HORIZON,
											  "It is the number of periods that are left.");
	KpiTotal	total = (KpiTotal) kpi_word_argument(fcinfo, ARG_COMBINE, &kpi_total_words);

	*known = kpi_known_argument(fcinfo, ARG_SERIES, seasonality);
	return kpi_look_ahead(known, kpi_model_word_argument(fcinfo, ARG_MODEL), total, to_date_argument(fcinfo), remaining);
}

/* attainment_probability(series, target, to_date, remaining, direction, combine, model, seasonality). */
PG_FUNCTION_INFO_V1(kpi_attainment_probability);
Datum
kpi_attainment_probability(PG_FUNCTION_ARGS)
{
	KpiKnown	known;
	KpiOutlook	outlook;
	double		probability;

	if (is_missing(fcinfo, ARG_MODEL))
		PG_RETURN_NULL();
	outlook = read_outlook(fcinfo, ARG_REST, &known);
	probability = kpi_reach_probability(&outlook, PG_GETARG_FLOAT8(ARG_TARGET),
										kpi_is_lower(PG_GETARG_TEXT_PP(ARG_DIRECTION)));
	if (isnan(probability))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(probability);
}

/* attainment_forecast(series, target, to_date, remaining, direction, combine, model, confidence, seasonality). */
PG_FUNCTION_INFO_V1(kpi_attainment_forecast);
Datum
kpi_attainment_forecast(PG_FUNCTION_ARGS)
{
	KpiAnswer	answer = {0};
	KpiKnown	known;
	KpiOutlook	outlook;
	double		target;
	double		bound;
	bool		lower;

	if (is_missing(fcinfo, ARG_REST))
		PG_RETURN_NULL();
	target = PG_GETARG_FLOAT8(ARG_TARGET);
	lower = kpi_is_lower(PG_GETARG_TEXT_PP(ARG_DIRECTION));
	outlook = read_outlook(fcinfo, ARG_REST + 1, &known);
	bound = kpi_outlook_bound(&outlook, kpi_check_confidence(PG_GETARG_FLOAT8(ARG_REST)));
	kpi_answer_number(&answer, outlook.expected);
	kpi_answer_number(&answer, outlook.deviation);
	kpi_answer_number(&answer, outlook.expected - bound);
	kpi_answer_number(&answer, outlook.expected + bound);
	kpi_answer_number(&answer, outlook.expected - target);
	kpi_answer_number(&answer, kpi_reach_probability(&outlook, target, lower));
	kpi_answer_text(&answer, outlook.model == NULL ? NULL : kpi_model_words.word[outlook.model->kind]);
	kpi_answer_number(&answer, outlook.model == NULL ? get_float8_nan() : outlook.model->mase);
	kpi_answer_integer(&answer, known.count - known.filled);
	kpi_answer_integer(&answer, known.filled);
	kpi_answer_text(&answer, outlook.note);
	return kpi_answer_row(fcinfo, &answer);
}
