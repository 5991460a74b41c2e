/*-------------------------------------------------------------------------
 *
 * chart.c
 *	  Control charts: what a process does by itself, and what is a signal.
 *
 *	xmr			single values: mean +- 2.66 mR, mR the mean of the moving ranges
 *				|x[i] - x[i-1]|, whose own upper limit is 3.267 mR; by medians
 *				3.145 and 3.865 times the median range around the median
 *	run			single values around their median, without limits
 *	c			counts: c +- 3 sqrt(c), c their mean
 *	np, p		parts of a size, as counts or as shares: with p = sum of counts /
 *				sum of sizes, n p +- 3 sqrt(n p (1 - p)), p +- 3 sqrt(p (1 - p) / n)
 *	u			counts per size: u +- 3 sqrt(u / n)
 *	laney_p, laney_u	the same with sigma times that of the z of the shares, their
 *				mean moving range / 1.128379: limits of counts that vary more, or
 *				less, than chance
 *	ewma		z[i] = l x[i] + (1 - l) z[i-1] from the center on, which has
 *				the limits center +- width sigma sqrt(l / (2 - l) (1 - (1 - l)^(2 i)))
 *	cusum		in sigmas from the center: up[i] = max(0, up[i-1] + x[i] - slack),
 *				down[i] = max(0, down[i-1] - x[i] - slack), against decision
 *
 * Sigma of single values is a third of 2.66 mR.  Limits are made of the first
 * values, as many as the baseline has, or of all; where the process is split into
 * phases at breaks of its level (level.c), each has its own.  Center and sigma
 * may be known.  Limits that a count or a share cannot reach end at 0 and 1.
 *
 * NULL rule: a gap has no range with its neighbours and ends runs.  Limits need
 * 6 values and are provisional with less than 12.  A size of 0 or none has no
 * share.
 *
 * Here is what is asked and answered; chart_limits.c has the limits.
 *
 * Sources: D. J. Wheeler, Understanding Variation, 1993, for xmr and its
 * constants; D. C. Montgomery, Introduction to Statistical Quality Control, 6th
 * edition, 2009, for c, np, p, u, cusum and ewma; P. B. Laney, "Improved control
 * charts for attributes", Quality Engineering 14, 2002.
 *
 *-------------------------------------------------------------------------
 */
#include "series/chart.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "series/rows.h"
#include "series/rule.h"

#define MEAN_RANGE		3.267
#define MEDIAN_RANGE	3.865
#define FIRM_NUMBERS	12

/* The arguments after the series, and after the type of periods where that is given. */
enum
{
	TYPE,
	RULES,
	SIZES,
	BASELINE,
	REPHASE,
	DIRECTION,
	CLEAR_AFTER,
	CENTER,
	SIGMA,
	SMOOTHING,
	WIDTH,
	SLACK,
	DECISION,
	ARGUMENTS
};

/* A number of periods in an argument, or what is usual. */
static int
periods_argument(FunctionCallInfo fcinfo, int argument, const char *name, int usual)
{
	int			periods;

	if (PG_ARGISNULL(argument))
		return usual;
	periods = kpi_check_whole(PG_GETARG_FLOAT8(argument), name);
	if (periods < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %d is below 1", name, periods),
				 errhint("It is a number of periods.")));
	return periods;
}

/* xmr(series, baseline, method): the limits of single values. */
PG_FUNCTION_INFO_V1(kpi_xmr);
Datum
kpi_xmr(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;
	bool		medians;
	int			baseline;
	KpiProcess	process;
	KpiAnswer	answer = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	grid = kpi_grid_argument(fcinfo, 0);
	baseline = periods_argument(fcinfo, 1, "baseline", grid.count);
	medians = kpi_word_argument(fcinfo, 2, &kpi_limit_method_words) == KPI_LIMIT_MEDIAN;
	process = kpi_process_of(grid.value, 0, Min(baseline, grid.count), medians);
	kpi_answer_number(&answer, process.center);
	kpi_answer_number(&answer, process.center - KPI_LIMIT_SIGMAS * process.sigma);
	kpi_answer_number(&answer, process.center + KPI_LIMIT_SIGMAS * process.sigma);
	kpi_answer_number(&answer, process.sigma);
	kpi_answer_number(&answer, process.range);
	kpi_answer_number(&answer, process.range * (medians ? MEDIAN_RANGE : MEAN_RANGE));
	kpi_answer_integer(&answer, process.numbers);
	kpi_answer_integer(&answer, Min(baseline, grid.count) - process.numbers);
	kpi_answer_add(&answer, BoolGetDatum(process.numbers < FIRM_NUMBERS), false);
	return kpi_answer_row(fcinfo, &answer);
}

/* The error of an argument that a type of chart does not have. */
pg_noreturn static void
fail_not_of_type(KpiChartType type, const char *name, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a chart of type \"%s\" has no %s", kpi_chart_type_words.word[type], name),
			 errhint("%s", hint)));
}

/* A number above 0 in an argument that belongs to one type of chart; what is usual for NULL. */
static double
own_argument(FunctionCallInfo fcinfo, int argument, const char *name, bool belongs, KpiChartType type, double usual)
{
	if (PG_ARGISNULL(argument))
		return usual;
	if (!belongs)
		fail_not_of_type(type, name, "Leave it out.");
	return kpi_check_above_zero(PG_GETARG_FLOAT8(argument), name,
								isnan(usual) ? "Leave it out for that of the values."
								: psprintf("The usual one is %g.", usual));
}

/* The center that is known, in an argument; NaN for none. */
static double
center_argument(FunctionCallInfo fcinfo, int argument, bool single, KpiChartType type)
{
	if (PG_ARGISNULL(argument))
		return NAN;
	if (!single)
		fail_not_of_type(type, "center", "Leave it out.");
	if (!kpi_is_number(PG_GETARG_FLOAT8(argument)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("center %g is not a finite number", PG_GETARG_FLOAT8(argument)),
				 errhint("Leave it out for that of the values.")));
	return PG_GETARG_FLOAT8(argument);
}

/* The rules of a chart that is told none. */
static KpiRules
usual_rules(KpiChartType type)
{
	if (type == KPI_CHART_RUN)
		return KPI_ANHOEJ;
	return type >= KPI_CHART_EWMA ? KPI_BEYOND_LIMITS : KPI_WESTERN_ELECTRIC;
}

/* The rules in an argument; charts of sums have their limits alone, those of runs no sigma. */
static KpiRules
rules_argument(FunctionCallInfo fcinfo, int argument, KpiChartType type)
{
	KpiRules	rules;

	if (PG_ARGISNULL(argument))
		return usual_rules(type);
	if (type >= KPI_CHART_EWMA)
		fail_not_of_type(type, "rules", "Its points depend on each other; a signal is a point beyond its limits.");
	rules = kpi_read_rules(PG_GETARG_ARRAYTYPE_P(argument));
	if (type == KPI_CHART_RUN && (rules & ~KPI_RUN_RULES) != 0)
		fail_not_of_type(type, "sigma", "Rules without one are those of \"anhoej\", \"western_electric_4\", and "
						 "\"nelson_2\" to \"nelson_4\".");
	return rules;
}

/* Refuse what does not go together. */
static void
check_question(FunctionCallInfo fcinfo, int first, const KpiChartQuestion *question)
{
	if (!PG_ARGISNULL(first + SIZES) && !kpi_chart_has_sizes(question->type))
		fail_not_of_type(question->type, "sizes", "Charts of types np, p, u, laney_p and laney_u have.");
	if (PG_ARGISNULL(first + SIZES) && kpi_chart_has_sizes(question->type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a chart of type \"%s\" needs sizes", kpi_chart_type_words.word[question->type]),
				 errhint("Pass sizes => a series of what the counts are of.")));
	if (question->rephase && question->type >= KPI_CHART_EWMA)
		fail_not_of_type(question->type, "phases", "Leave rephase out.");
	if (question->rephase && !isnan(question->center))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a chart with a known center has no phases"),
				 errhint("Leave center or rephase out.")));
}

/* The arguments of a chart. */
static KpiChartQuestion
read_question(FunctionCallInfo fcinfo, int first)
{
	KpiChartQuestion question;
	bool		means;
	bool		sums;
	bool		limited;
	bool		single;

	question.type = kpi_check_word(&kpi_chart_type_words, PG_GETARG_TEXT_PP(first + TYPE));
	means = question.type == KPI_CHART_EWMA;
	sums = question.type == KPI_CHART_CUSUM;
	limited = question.type == KPI_CHART_XMR || means || sums;
	single = limited || question.type == KPI_CHART_RUN;
	question.rules = rules_argument(fcinfo, first + RULES, question.type);
	question.baseline = periods_argument(fcinfo, first + BASELINE, "baseline", 0);
	question.rephase = PG_GETARG_BOOL(first + REPHASE);
	question.bad_side = kpi_bad_side_argument(fcinfo, first + DIRECTION);
	question.clear_after = periods_argument(fcinfo, first + CLEAR_AFTER, "clear_after", 2);
	question.center = center_argument(fcinfo, first + CENTER, single, question.type);
	question.sigma = own_argument(fcinfo, first + SIGMA, "sigma", limited, question.type, NAN);
	question.smoothing = own_argument(fcinfo, first + SMOOTHING, "smoothing", means, question.type, 0.2);
	question.width = own_argument(fcinfo, first + WIDTH, "width", means, question.type, 2.86);
	question.slack = own_argument(fcinfo, first + SLACK, "slack", sums, question.type, 0.5);
	question.decision = own_argument(fcinfo, first + DECISION, "decision", sums, question.type, 5);
	if (question.smoothing > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("smoothing %g is above 1", question.smoothing),
				 errhint("It is the weight of the newest value.")));
	check_question(fcinfo, first, &question);
	return question;
}

/* The error of a count that is none, or of a part greater than its whole. */
static void
check_count(const KpiChart *chart, KpiChartType type, int i)
{
	if (chart->number[i] < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("count %g is below 0", chart->number[i]),
				 errhint("Charts of type \"%s\" are of counts; xmr takes any values.", kpi_chart_type_words.word[type])));
	if (chart->size == NULL)
		return;
	if (chart->size[i] < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("size %g is below 0", chart->size[i]),
				 errhint("A size is what the count is of.")));
	if (kpi_chart_has_shares(type) && chart->number[i] > chart->size[i])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("count %g is more than its size %g", chart->number[i], chart->size[i]),
				 errhint("Charts of types u and laney_u are of counts that may be more.")));
}

/* What is plotted: the values, or the counts by their sizes. */
static void
plot(KpiChart *chart, KpiChartType type)
{
	for (int i = 0; i < chart->count; i++)
	{
		chart->plotted[i] = chart->number[i];
		if (type >= KPI_CHART_COUNTS && type <= KPI_CHART_LANEY_RATES)
			check_count(chart, type, i);
		if (kpi_chart_has_sizes(type) && !(chart->size[i] > 0))
			chart->plotted[i] = NAN;
		else if (kpi_chart_has_sizes(type) && type != KPI_CHART_PARTS)
			chart->plotted[i] = chart->number[i] / chart->size[i];
	}
}

/* The size of each period of a grid that another series has there; NaN where it has none. */
static double *
sizes_of(const KpiGrid *grid, const KpiGrid *sizes)
{
	double	   *size = kpi_unknown_numbers(grid->count);

	if (sizes->step.kind != grid->step.kind)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods of the sizes are of type %s, those of the series of type %s",
						kpi_period_kind_name(sizes->step.kind), kpi_period_kind_name(grid->step.kind)),
				 errhint("Make both series over the same periods.")));
	for (int i = 0, j = 0; i < grid->count; i++)
	{
		int64		period;
		int64		other = 0;

		if (!kpi_step_period(&grid->step, i, &period))
			continue;
		while (j < sizes->count && kpi_step_period(&sizes->step, j, &other) && other < period)
			j++;
		if (j < sizes->count && other == period)
			size[i] = sizes->value[j];
	}
	return size;
}

/* Begin a chart of a series. */
static KpiChart
begin_chart(FunctionCallInfo fcinfo, int first, const KpiGrid *grid, KpiChartType type)
{
	KpiChart	chart = {.count = grid->count,.number = grid->value};

	if (kpi_chart_has_sizes(type))
	{
		KpiGrid		sizes = kpi_grid_argument(fcinfo, first + SIZES);

		chart.size = sizes_of(grid, &sizes);
	}
	chart.plotted = kpi_unknown_numbers(grid->count);
	chart.statistic = chart.plotted;
	chart.center = kpi_unknown_numbers(grid->count);
	chart.sigma = kpi_unknown_numbers(grid->count);
	chart.lower = kpi_unknown_numbers(grid->count);
	chart.upper = kpi_unknown_numbers(grid->count);
	chart.distance = kpi_unknown_numbers(grid->count);
	chart.phase = palloc0((Size) Max(grid->count, 1) * sizeof(int));
	plot(&chart, type);
	return chart;
}

/* Whether signals are bad: on that side, or whatever they are where both are. */
static bool
is_bad(const KpiSignal *signal, int bad_side)
{
	if (bad_side == 0)
		return signal->hit != 0;
	return bad_side < 0 ? signal->low : signal->high;
}

/* The row of a period. */
static void
put_point(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const KpiChart *chart, int i,
		  KpiRules hit, bool alarm)
{
	KpiAnswer	answer = {0};

	kpi_answer_slot(&answer, rows, &grid->step, i);
	kpi_answer_number(&answer, chart->plotted[i]);
	kpi_answer_number(&answer, chart->statistic[i]);
	kpi_answer_number(&answer, chart->low_statistic ? chart->low_statistic[i] : NAN);
	kpi_answer_number(&answer, chart->center[i]);
	kpi_answer_number(&answer, chart->lower[i]);
	kpi_answer_number(&answer, chart->upper[i]);
	kpi_answer_number(&answer, chart->sigma[i]);
	kpi_answer_integer(&answer, chart->phase[i] + 1);
	kpi_answer_add(&answer, PointerGetDatum(kpi_rule_names(hit)), false);
	kpi_answer_add(&answer, BoolGetDatum(alarm), false);
	kpi_answer_put(fcinfo, &answer);
}

/*
 * The rows: an alarm begins with a bad signal and ends with as many values in a
 * row without one as it takes.
 */
static void
put_points(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const KpiChart *chart,
		   const KpiChartQuestion *question)
{
	KpiPlotted	plotted = {chart->count, chart->plotted, chart->distance, chart->phase,
	kpi_runs(chart->distance, chart->phase, chart->count)};
	bool		alarm = false;
	int			quiet = 0;

	for (int i = 0; i < chart->count; i++)
	{
		KpiSignal	signal = kpi_signal(&plotted, question->rules, i);

		CHECK_FOR_INTERRUPTS();
		if (is_bad(&signal, question->bad_side))
		{
			alarm = true;
			quiet = 0;
		}
		else if (!isnan(chart->plotted[i]) && ++quiet >= question->clear_after)
			alarm = false;
		put_point(fcinfo, rows, grid, chart, i, signal.hit, alarm);
	}
}

/* control_chart(series [, period_type], type, rules, sizes, ...): a row for each period. */
PG_FUNCTION_INFO_V1(kpi_control_chart);
Datum
kpi_control_chart(PG_FUNCTION_ARGS)
{
	int			first = PG_NARGS() - ARGUMENTS;
	KpiChartQuestion question;
	KpiGrid		grid;
	KpiRows		rows;
	KpiChart	chart;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + TYPE) || PG_ARGISNULL(first + REPHASE))
		return kpi_no_rows(fcinfo);
	question = read_question(fcinfo, first);
	grid = kpi_grid_argument(fcinfo, 0);
	rows = kpi_start_rows(fcinfo, grid.step.kind);
	chart = begin_chart(fcinfo, first, &grid, question.type);
	kpi_limit_chart(&chart, &question);
	put_points(fcinfo, &rows, &grid, &chart, &question);
	PG_RETURN_NULL();
}
