/*-------------------------------------------------------------------------
 *
 * change_point.c
 *	  change_points(): where the level of a series changes.
 *
 *	pelt		all changes at once, each worth more than the penalty
 *	one_break	the one change, if it is significant
 *	cusum, pettitt	the same by other tests
 *
 * The rules and sources stand in level.c and break.c.  The season is taken out first (see
 * season.c).  Defaults: a penalty of 2 ln n, in variances of the noise; levels of
 * 2 values, or half a season, at least; for one break 15 percent of the values
 * on either side.
 *
 * A series that a straight line explains better than levels has a slope, and no
 * changes of level; so has one whose neighbours never differ.  Gaps take no part.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "series/break.h"
#include "series/level.h"
#include "series/rows.h"
#include "series/season.h"

#define TRIM 0.15

/* The arguments after the series, and after the type of periods where that is given. */
enum
{
	METHOD,
	PENALTY,
	MIN_SIZE,
	SEASONALITY,
	CONFIDENCE,
	ARGUMENTS
};

/* What change_points() is asked. */
typedef struct Question
{
	KpiChangeMethod method;
	double		penalty;		/* NaN for the default */
	int			least;			/* values of a level */
	int			season;
	double		confidence;
} Question;

/* The values without season and gaps. */
typedef struct Values
{
	int			count;
	double	   *value;
	int		   *slot;			/* of each in the grid */
	double		variance;
} Values;

/* Take season and gaps out of a series. */
static Values
read_values(const KpiGrid *grid, int season)
{
	KpiDecomposing how = {.season = season,.robust = true};
	Values		values = {0};
	KpiParts	parts;

	values.value = palloc_extended((Size) Max(grid->count, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	values.slot = palloc_extended((Size) Max(grid->count, 1) * sizeof(int), MCXT_ALLOC_HUGE);
	if (season > 1)
		parts = kpi_decompose_better(grid->value, grid->count, &how);
	for (int i = 0; i < grid->count; i++)
	{
		if (isnan(grid->value[i]))
			continue;
		values.slot[values.count] = i;
		values.value[values.count++] = season > 1 ? kpi_without_season(&parts, grid->value[i], i) : grid->value[i];
	}
	values.variance = kpi_noise_variance(values.value, values.count);
	return values;
}

/* The least values of a level in an argument. */
static int
least_argument(FunctionCallInfo fcinfo, int argument, int season)
{
	int			least;

	if (PG_ARGISNULL(argument))
		return Max(2, season / 2);
	least = kpi_check_whole(PG_GETARG_FLOAT8(argument), "min_size");
	if (least < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_size %d is below 1", least),
				 errhint("It is how many values a level has at least.")));
	return least;
}

/* The penalty in an argument; NaN for NULL. */
static double
penalty_argument(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return NAN;
	return kpi_check_above_zero(PG_GETARG_FLOAT8(argument), "penalty",
								"It is what a change costs, in variances of the noise; leave it out for 2 ln n.");
}

/* The arguments; those of the other method are refused. */
static Question
read_question(FunctionCallInfo fcinfo, int first, const KpiGrid *grid)
{
	Question	question;

	question.method = kpi_word_argument(fcinfo, first + METHOD, &kpi_change_method_words);
	if (question.method != KPI_CHANGE_PELT && !(PG_ARGISNULL(first + PENALTY) && PG_ARGISNULL(first + MIN_SIZE)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" has neither penalty nor min_size", kpi_change_method_words.word[question.method]),
				 errhint("It is found by its significance; see confidence.")));
	question.penalty = penalty_argument(fcinfo, first + PENALTY);
	question.season = kpi_whole_season_argument(fcinfo, first + SEASONALITY, grid);
	question.least = least_argument(fcinfo, first + MIN_SIZE, question.season);
	question.confidence = kpi_check_confidence(PG_GETARG_FLOAT8(first + CONFIDENCE));
	return question;
}

/* The place of a single change by a method, and its p. */
static int
find_break(const Values *values, KpiChangeMethod method, double *p_value)
{
	double		f;
	int			at;

	if (method == KPI_CHANGE_CUSUM)
		return kpi_find_cusum_break(values->value, values->count, p_value);
	if (method == KPI_CHANGE_PETTITT)
		return kpi_find_rank_break(values->value, values->count, p_value);
	at = kpi_find_one_break(values->value, values->count, TRIM, &f);
	*p_value = kpi_one_break_p(f, TRIM);
	return at;
}

/* The levels on both sides of the one break, if it is significant; how many levels there are. */
static int
find_one_break(const Values *values, const Question *question, KpiLevel *level, double *p_value)
{
	int			at = find_break(values, question->method, p_value);

	if (at == 0 || !(*p_value < 1 - question->confidence))
		return 1;
	level[0] = kpi_level_of(values->value, 0, at);
	level[1] = kpi_level_of(values->value, at, values->count - at);
	return 2;
}

/* The period that is the first after so many values, or the last one; NULL for what is not known. */
static void
answer_place(KpiAnswer *answer, const KpiRows *rows, const KpiGrid *grid, const Values *values, double before)
{
	if (isnan(before))
		kpi_answer_add(answer, (Datum) 0, true);
	else
		kpi_answer_slot(answer, rows, &grid->step, values->slot[(int) Max(Min(before, values->count - 1), 0)]);
}

/* The row of a change. */
static void
put_change(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const Values *values,
		   const KpiLevel *before, double confidence, double p_value)
{
	const KpiLevel *after = before + 1;
	KpiBreak	place = kpi_break_interval(before, after, confidence);
	double		step = after->mean - before->mean;
	double		weight = (double) before->count * after->count / ((double) before->count + after->count);
	KpiAnswer	answer = {0};

	answer_place(&answer, rows, grid, values, after->first);
	answer_place(&answer, rows, grid, values, place.low);
	answer_place(&answer, rows, grid, values, place.high);
	kpi_answer_integer(&answer, after->first);
	kpi_answer_number(&answer, before->mean);
	kpi_answer_number(&answer, after->mean);
	kpi_answer_number(&answer, step);
	kpi_answer_integer(&answer, before->count);
	kpi_answer_integer(&answer, after->count);
	kpi_answer_number(&answer, values->variance > 0 ? weight * step * step / values->variance : NAN);
	kpi_answer_number(&answer, p_value);
	kpi_answer_put(fcinfo, &answer);
}

/* change_points(series [, period_type], method, penalty, min_size, seasonality, confidence): a row for each change. */
PG_FUNCTION_INFO_V1(kpi_change_points);
Datum
kpi_change_points(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;
	Question	question;
	Values		values;
	KpiLevel   *level;
	int			levels;
	double		p_value = NAN;
	int			first = PG_NARGS() - ARGUMENTS;
	KpiRows		rows;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + METHOD) || PG_ARGISNULL(first + CONFIDENCE))
		return kpi_no_rows(fcinfo);
	grid = kpi_grid_argument(fcinfo, 0);
	question = read_question(fcinfo, first, &grid);
	rows = kpi_start_rows(fcinfo, grid.step.kind);
	values = read_values(&grid, question.season);
	level = palloc_extended((Size) Max(values.count, 2) * sizeof(KpiLevel), MCXT_ALLOC_HUGE);
	if (question.method != KPI_CHANGE_PELT)
		levels = find_one_break(&values, &question, level, &p_value);
	else
		levels = kpi_find_levels(values.value, values.count, values.variance,
								 isnan(question.penalty) ? 2 * log(values.count) : question.penalty,
								 question.least, level);
	if (levels > 1 && kpi_line_explains(values.value, values.count, level, levels))
		PG_RETURN_NULL();
	for (int i = 0; i + 1 < levels; i++)
		put_change(fcinfo, &rows, &grid, &values, &level[i], question.confidence, p_value);
	PG_RETURN_NULL();
}
