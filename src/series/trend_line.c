/*-------------------------------------------------------------------------
 *
 * trend_line.c
 *	  ols_trend(): the straight line of least squares through a series.
 *
 * With the times t of the n values, in steps of the series from the first period
 * on, and the distances dt and dx from the means
 *
 *	slope		sum of dt dx / sum of dt^2
 *	std_error	sqrt(R / (n - 2) / sum of dt^2), R the sum of squares of what the
 *				line leaves
 *	t			slope / std_error, of Student's distribution with n - 2 degrees
 *	r_squared	1 - R / sum of dx^2
 *
 * The sums are of distances, and R of what is left itself, so that a large offset
 * costs no digits.
 *
 * NULL rule: gaps take no part and are counted.  One value has no line, two have
 * no error, and a line that leaves nothing has no t but a p of 0, equal values one
 * of 1.
 *
 * N. R. Draper and H. Smith, Applied Regression Analysis, 3rd edition, 1998,
 * chapter 1.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "math/quantile.h"
#include "series/grid.h"
#include "series/kendall.h"
#include "series/level.h"

/* The line, and how certain it is; NaN for what the numbers cannot tell. */
typedef struct Line
{
	double		slope;
	double		intercept;		/* at time 0 */
	double		error;			/* of the slope */
	double		reach;			/* from the slope to its bounds */
	double		p_value;
	double		r_squared;
} Line;

/* How certain the slope of a line is that leaves so much. */
static void
judge_line(Line *line, double left, double times, int freedom, double confidence)
{
	line->error = sqrt(left / freedom / times);
	line->reach = line->error * kpi_student_bound(confidence, freedom);
	if (line->error > 0)
		line->p_value = kpi_student_tails(line->slope / line->error, freedom);
	else if (line->error == 0)
		line->p_value = line->slope == 0 ? 1 : 0;
}

/* The line through numbers. */
static Line
line_through(const KpiGroups *numbers, double confidence)
{
	Line		line = {NAN, NAN, NAN, NAN, NAN, NAN};
	KpiLevel	time = kpi_level_of(numbers->time, 0, numbers->count);
	KpiLevel	level = kpi_level_of(numbers->value, 0, numbers->count);
	double		both = 0;
	double		left = 0;

	if (numbers->count < 2)
		return line;
	for (int i = 0; i < numbers->count; i++)
		both += (numbers->time[i] - time.mean) * (numbers->value[i] - level.mean);
	line.slope = both / time.squares;
	line.intercept = level.mean - line.slope * time.mean;
	for (int i = 0; i < numbers->count; i++)
	{
		double		rest = numbers->value[i] - level.mean - line.slope * (numbers->time[i] - time.mean);

		left += rest * rest;
	}
	if (level.squares > 0)
		line.r_squared = Max(1 - left / level.squares, 0);
	if (numbers->count > 2)
		judge_line(&line, left, time.squares, numbers->count - 2, confidence);
	return line;
}

/* ols_trend(series, confidence): the line of least squares, and how certain its slope is. */
PG_FUNCTION_INFO_V1(kpi_ols_trend);
Datum
kpi_ols_trend(PG_FUNCTION_ARGS)
{
	double		confidence = kpi_check_confidence(PG_GETARG_FLOAT8(1));
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	KpiGroups	numbers = kpi_group_numbers(grid.value, grid.count, 1);
	Line		line = line_through(&numbers, confidence);
	KpiAnswer	answer = {0};

	kpi_answer_integer(&answer, numbers.count);
	kpi_answer_integer(&answer, numbers.missing);
	kpi_answer_number(&answer, line.slope);
	kpi_answer_number(&answer, line.slope - line.reach);
	kpi_answer_number(&answer, line.slope + line.reach);
	kpi_answer_number(&answer, line.intercept);
	kpi_answer_number(&answer, line.error);
	kpi_answer_number(&answer, line.slope / line.error);
	kpi_answer_number(&answer, line.p_value);
	kpi_answer_number(&answer, line.r_squared);
	return kpi_answer_row(fcinfo, &answer);
}
