/*-------------------------------------------------------------------------
 *
 * trend.c
 *	  Whether a series rises or falls, how fast, and whether that is good.
 *
 *	mann_kendall			the test over all pairs of values
 *	seasonal_mann_kendall	the same within each place of the season
 *	theil_sen				the median slope, with bounds
 *	trend					both, and what they mean
 *
 * The formulas and sources stand in kendall.c.  A slope is per period: time is
 * counted in steps of the series, so a gap takes the time that it takes.
 *
 * The label: no trend unless the test is significant; then flat where the slope
 * is less than a share of the median level, else rising or falling.  A trend is
 * better or worse by the direction of the indicator; towards a target it is the
 * trend of the distances from it that decides.
 *
 * NULL rule: gaps take part in no pair and are counted.  Less than 4 values have
 * no p and no label, and equal ones no tau, an S of 0 and a p of 1.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "math/order.h"
#include "math/quantile.h"
#include "series/grid.h"
#include "series/kendall.h"
#include "series/season.h"

/* What trend() is asked. */
typedef struct Question
{
	KpiDirection direction;
	double		target;			/* NaN for none */
	double		min_slope;
	double		significance;
	int			season;
} Question;

/* The row of a test. */
static Datum
test_row(FunctionCallInfo fcinfo, const KpiGroups *numbers)
{
	KpiTrendTest test = kpi_trend_test(numbers);
	KpiAnswer	answer = {0};

	kpi_answer_integer(&answer, numbers->count);
	kpi_answer_integer(&answer, numbers->missing);
	kpi_answer_number(&answer, test.s);
	kpi_answer_number(&answer, test.variance);
	kpi_answer_number(&answer, test.tau);
	kpi_answer_number(&answer, test.z);
	kpi_answer_number(&answer, test.p_value);
	return kpi_answer_row(fcinfo, &answer);
}

/* mann_kendall(series): whether it rises or falls. */
PG_FUNCTION_INFO_V1(kpi_mann_kendall);
Datum
kpi_mann_kendall(PG_FUNCTION_ARGS)
{
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	KpiGroups	numbers = kpi_group_numbers(grid.value, grid.count, 1);

	return test_row(fcinfo, &numbers);
}

/* seasonal_mann_kendall(series, seasonality): the same within places of the season. */
PG_FUNCTION_INFO_V1(kpi_seasonal_mann_kendall);
Datum
kpi_seasonal_mann_kendall(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;
	KpiGroups	numbers;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	grid = kpi_grid_argument(fcinfo, 0);
	numbers = kpi_group_numbers(grid.value, grid.count, kpi_whole_season_argument(fcinfo, 1, &grid));
	return test_row(fcinfo, &numbers);
}

/* theil_sen(series, confidence): the median slope per period, with bounds. */
PG_FUNCTION_INFO_V1(kpi_theil_sen);
Datum
kpi_theil_sen(PG_FUNCTION_ARGS)
{
	double		confidence = kpi_check_confidence(PG_GETARG_FLOAT8(1));
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	KpiGroups	numbers = kpi_group_numbers(grid.value, grid.count, 1);
	KpiTrendTest test = kpi_trend_test(&numbers);
	KpiSlope	slope = kpi_median_slope(&numbers, test.variance, confidence);
	KpiAnswer	answer = {0};

	kpi_answer_integer(&answer, numbers.count);
	kpi_answer_integer(&answer, numbers.missing);
	kpi_answer_number(&answer, slope.slope);
	kpi_answer_number(&answer, slope.low);
	kpi_answer_number(&answer, slope.high);
	kpi_answer_number(&answer, slope.intercept);
	return kpi_answer_row(fcinfo, &answer);
}

/* The share of the median level that a slope is at least, of a series of some values. */
static double
relative_slope(double slope, const KpiGroups *numbers)
{
	double	   *copy = palloc_extended((Size) Max(numbers->count, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double		level;

	memcpy(copy, numbers->value, numbers->count * sizeof(double));
	level = fabs(kpi_median(copy, numbers->count));
	pfree(copy);
	return level > 0 ? slope / level : NAN;
}

/* What is said of a trend; NULL of too few values. */
static const char *
label_of(const KpiTrendTest *test, double slope, double relative, const Question *question)
{
	if (isnan(test->p_value))
		return NULL;
	if (!(test->p_value < question->significance))
		return "no trend";
	if (slope == 0 || fabs(relative) < question->min_slope)
		return "flat";
	return slope > 0 ? "rising" : "falling";
}

/* Whether the distances from the target fall; 0 where they have no trend. */
static int
approach(const KpiGrid *grid, const Question *question)
{
	double	   *distance = palloc_extended((Size) Max(grid->count, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	KpiGroups	numbers;
	KpiTrendTest test;

	for (int i = 0; i < grid->count; i++)
		distance[i] = fabs(grid->value[i] - question->target);
	numbers = kpi_group_numbers(distance, grid->count, question->season);
	test = kpi_trend_test(&numbers);
	if (!(test.p_value < question->significance))
		return 0;
	return test.s < 0 ? 1 : -1;
}

/* Whether the trend is good. */
static const char *
verdict_of(const KpiGrid *grid, const char *label, double slope, const Question *question)
{
	int			better = 0;

	if (label == NULL)
		return NULL;
	if (question->direction == KPI_TARGET)
		better = approach(grid, question);
	else if (strcmp(label, "rising") == 0 || strcmp(label, "falling") == 0)
		better = (slope > 0) == (question->direction == KPI_HIGHER) ? 1 : -1;
	return better > 0 ? "improving" : better < 0 ? "worsening" : "steady";
}

/* A share in an argument, from 0 to 1. */
static double
share_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	double		share = PG_GETARG_FLOAT8(argument);

	if (!(share >= 0 && share <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is not between 0 and 1", name, share),
				 errhint("Write 0.05 for 5 percent.")));
	return share;
}

/* The arguments of trend(). */
static Question
read_question(FunctionCallInfo fcinfo, const KpiGrid *grid)
{
	Question	question;

	question.direction = kpi_word_argument(fcinfo, 1, &kpi_direction_words);
	question.target = PG_ARGISNULL(2) ? NAN : PG_GETARG_FLOAT8(2);
	if (question.direction == KPI_TARGET && !kpi_is_number(question.target))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction \"target\" needs a target"),
				 errhint("Pass target => the value that is best.")));
	question.min_slope = share_argument(fcinfo, 3, "min_slope");
	question.significance = share_argument(fcinfo, 4, "significance");
	question.season = kpi_whole_season_argument(fcinfo, 5, grid);
	return question;
}

/* trend(series, direction, target, min_slope, significance, seasonality): what it does, and whether that is good. */
PG_FUNCTION_INFO_V1(kpi_trend);
Datum
kpi_trend(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;
	Question	question;
	KpiGroups	numbers;
	KpiTrendTest test;
	KpiSlope	slope;
	double		relative;
	const char *label;
	KpiAnswer	answer = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	grid = kpi_grid_argument(fcinfo, 0);
	question = read_question(fcinfo, &grid);
	numbers = kpi_group_numbers(grid.value, grid.count, question.season);
	test = kpi_trend_test(&numbers);
	slope = kpi_median_slope(&numbers, test.variance, 1 - Max(question.significance, 1e-9));
	relative = relative_slope(slope.slope, &numbers);
	label = label_of(&test, slope.slope, relative, &question);
	kpi_answer_text(&answer, label);
	kpi_answer_text(&answer, verdict_of(&grid, label, slope.slope, &question));
	kpi_answer_number(&answer, slope.slope);
	kpi_answer_number(&answer, slope.low);
	kpi_answer_number(&answer, slope.high);
	kpi_answer_number(&answer, relative);
	kpi_answer_number(&answer, test.tau);
	kpi_answer_number(&answer, test.p_value);
	kpi_answer_integer(&answer, question.season);
	kpi_answer_integer(&answer, numbers.count);
	kpi_answer_integer(&answer, numbers.missing);
	return kpi_answer_row(fcinfo, &answer);
}
