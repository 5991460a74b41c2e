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
 * Sources: D. J. Wheeler, Understanding Variation, 1993, for xmr and its
 * constants; D. C. Montgomery, Introduction to Statistical Quality Control, 6th
 * edition, 2009, for c, np, p, u, cusum and ewma; P. B. Laney, "Improved control
 * charts for attributes", Quality Engineering 14, 2002.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "catalog/pg_type.h"
#include "math/order.h"
#include "miscadmin.h"
#include "series/level.h"
#include "series/rows.h"
#include "series/rule.h"

#define MEAN_LIMIT		2.66
#define MEAN_RANGE		3.267
#define MEDIAN_LIMIT	3.145
#define MEDIAN_RANGE	3.865
#define SIGMAS			3

/* The mean range of two normal numbers, in standard deviations: 2 / sqrt(pi). */
#define RANGE_OF_TWO	1.1283791670955126

#define LEAST_NUMBERS	6
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

/* What a chart is asked. */
typedef struct Question
{
	KpiChartType type;
	KpiRules	rules;
	int			baseline;		/* 0 for all */
	bool		rephase;
	int			bad_side;		/* -1 low, 1 high, 0 both */
	int			clear_after;
	double		center;			/* NaN where it is not known */
	double		sigma;
	double		smoothing;
	double		width;
	double		slack;
	double		decision;
} Question;

/* A chart, period by period. */
typedef struct Chart
{
	int			count;
	const double *number;		/* as given */
	double	   *size;			/* NULL without sizes */
	double	   *plotted;		/* the values, shares or rates */
	double	   *statistic;		/* what the limits are for */
	double	   *low_statistic;	/* of cusum, else NULL */
	double	   *center;
	double	   *sigma;
	double	   *lower;
	double	   *upper;
	double	   *distance;		/* from the center, for rules */
	int		   *phase;
} Chart;

/* What single values do by themselves. */
typedef struct Process
{
	int			numbers;
	double		center;
	double		range;			/* mean or median of the moving ranges */
	double		sigma;
} Process;

/* An array of so many doubles, all NaN. */
static double *
unknown(int count)
{
	double	   *number = palloc_extended((Size) Max(count, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (int i = 0; i < count; i++)
		number[i] = NAN;
	return number;
}

/* Single values from a place to another; center and sigma are NaN of too few. */
static Process
process_of(const double *number, int from, int to, bool medians)
{
	Process		process = {0};
	double	   *present = unknown(to - from);
	double	   *range = unknown(to - from);
	int			ranges = 0;
	KpiLevel	level;

	for (int i = from; i < to; i++)
	{
		if (isnan(number[i]))
			continue;
		present[process.numbers++] = number[i];
		if (i > from && !isnan(number[i - 1]))
			range[ranges++] = fabs(number[i] - number[i - 1]);
	}
	level = kpi_level_of(present, 0, process.numbers);
	process.center = medians ? kpi_median(present, process.numbers) : level.mean;
	process.range = medians ? kpi_median(range, ranges) : ranges > 0 ? kpi_level_of(range, 0, ranges).mean : NAN;
	process.sigma = process.range * (medians ? MEDIAN_LIMIT : MEAN_LIMIT) / SIGMAS;
	if (process.numbers < LEAST_NUMBERS)
		process.sigma = process.range = NAN;
	if (process.numbers == 0)
		process.center = NAN;
	pfree(present);
	pfree(range);
	return process;
}

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
	Process		process;
	KpiAnswer	answer = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	grid = kpi_grid_argument(fcinfo, 0);
	baseline = periods_argument(fcinfo, 1, "baseline", grid.count);
	medians = kpi_word_argument(fcinfo, 2, &kpi_limit_method_words) == KPI_LIMIT_MEDIAN;
	process = process_of(grid.value, 0, Min(baseline, grid.count), medians);
	kpi_answer_number(&answer, process.center);
	kpi_answer_number(&answer, process.center - SIGMAS * process.sigma);
	kpi_answer_number(&answer, process.center + SIGMAS * process.sigma);
	kpi_answer_number(&answer, process.sigma);
	kpi_answer_number(&answer, process.range);
	kpi_answer_number(&answer, process.range * (medians ? MEDIAN_RANGE : MEAN_RANGE));
	kpi_answer_integer(&answer, process.numbers);
	kpi_answer_integer(&answer, Min(baseline, grid.count) - process.numbers);
	kpi_answer_add(&answer, BoolGetDatum(process.numbers < FIRM_NUMBERS), false);
	return kpi_answer_row(fcinfo, &answer);
}

/* Whether a chart plots shares or rates of sizes, or parts of them. */
static inline bool
has_sizes(KpiChartType type)
{
	return type >= KPI_CHART_PARTS && type <= KPI_CHART_LANEY_RATES;
}

/* Whether a chart is of shares, which end at 1. */
static inline bool
has_shares(KpiChartType type)
{
	return type == KPI_CHART_PARTS || type == KPI_CHART_SHARES || type == KPI_CHART_LANEY_SHARES;
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
check_question(FunctionCallInfo fcinfo, int first, const Question *question)
{
	if (!PG_ARGISNULL(first + SIZES) && !has_sizes(question->type))
		fail_not_of_type(question->type, "sizes", "Charts of types np, p, u, laney_p and laney_u have.");
	if (PG_ARGISNULL(first + SIZES) && has_sizes(question->type))
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
static Question
read_question(FunctionCallInfo fcinfo, int first)
{
	Question	question;
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
check_count(const Chart *chart, KpiChartType type, int i)
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
	if (has_shares(type) && chart->number[i] > chart->size[i])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("count %g is more than its size %g", chart->number[i], chart->size[i]),
				 errhint("Charts of types u and laney_u are of counts that may be more.")));
}

/* What is plotted: the values, or the counts by their sizes. */
static void
plot(Chart *chart, KpiChartType type)
{
	for (int i = 0; i < chart->count; i++)
	{
		chart->plotted[i] = chart->number[i];
		if (type >= KPI_CHART_COUNTS && type <= KPI_CHART_LANEY_RATES)
			check_count(chart, type, i);
		if (has_sizes(type) && !(chart->size[i] > 0))
			chart->plotted[i] = NAN;
		else if (has_sizes(type) && type != KPI_CHART_PARTS)
			chart->plotted[i] = chart->number[i] / chart->size[i];
	}
}

/* The size of each period of a grid that another series has there; NaN where it has none. */
static double *
sizes_of(const KpiGrid *grid, const KpiGrid *sizes)
{
	double	   *size = unknown(grid->count);

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
static Chart
begin_chart(FunctionCallInfo fcinfo, int first, const KpiGrid *grid, KpiChartType type)
{
	Chart		chart = {.count = grid->count,.number = grid->value};

	if (has_sizes(type))
	{
		KpiGrid		sizes = kpi_grid_argument(fcinfo, first + SIZES);

		chart.size = sizes_of(grid, &sizes);
	}
	chart.plotted = unknown(grid->count);
	chart.statistic = chart.plotted;
	chart.center = unknown(grid->count);
	chart.sigma = unknown(grid->count);
	chart.lower = unknown(grid->count);
	chart.upper = unknown(grid->count);
	chart.distance = unknown(grid->count);
	chart.phase = palloc0((Size) Max(grid->count, 1) * sizeof(int));
	plot(&chart, type);
	return chart;
}

/* Give every period the phase that it is in: one level after the other. */
static void
split_phases(Chart *chart)
{
	double	   *present = unknown(chart->count);
	int		   *slot = palloc((Size) Max(chart->count, 1) * sizeof(int));
	KpiLevel   *level = palloc_extended((Size) Max(chart->count, 1) * sizeof(KpiLevel), MCXT_ALLOC_HUGE);
	int			count = 0;
	int			levels;

	for (int i = 0; i < chart->count; i++)
	{
		if (isnan(chart->plotted[i]))
			continue;
		slot[count] = i;
		present[count++] = chart->plotted[i];
	}
	levels = kpi_find_levels(present, count, kpi_noise_variance(present, count), 2 * log(Max(count, 1)), LEAST_NUMBERS,
							 level);
	if (levels > 1 && kpi_line_explains(present, count, level, levels))
		levels = 1;
	for (int i = 1; i < levels; i++)
	{
		for (int j = slot[level[i].first]; j < chart->count; j++)
			chart->phase[j] = i;
	}
}

/* Center and sigma of single values. */
static void
limit_values(Chart *chart, int from, int to, int until, const Question *question)
{
	bool		runs = question->type == KPI_CHART_RUN;
	Process		process = process_of(chart->plotted, from, until, runs);

	for (int i = from; i < to; i++)
	{
		chart->center[i] = isnan(question->center) ? process.center : question->center;
		chart->sigma[i] = runs ? NAN : isnan(question->sigma) ? process.sigma : question->sigma;
	}
}

/* Center and sigma of counts. */
static void
limit_counts(Chart *chart, int from, int to, int until)
{
	Process		process = process_of(chart->plotted, from, until, false);

	for (int i = from; i < to; i++)
	{
		chart->center[i] = process.center;
		chart->sigma[i] = process.numbers < LEAST_NUMBERS ? NAN : sqrt(process.center);
	}
}

/* Sigma of a share or rate of a size, for the share or rate of all. */
static double
sigma_of(KpiChartType type, double all, double size)
{
	if (type == KPI_CHART_PARTS)
		return sqrt(all * (1 - all) * size);
	return sqrt((has_shares(type) ? all * (1 - all) : all) / size);
}

/* How much more than by chance shares vary: sigma of their distances in sigmas. */
static double
overdispersion(const Chart *chart, int from, int until, KpiChartType type, double all)
{
	double	   *distance = unknown(until);
	double		range;

	for (int i = from; i < until; i++)
		distance[i] = (chart->plotted[i] - all) / sigma_of(type, all, chart->size[i]);
	range = process_of(distance, from, until, false).range;
	pfree(distance);
	return range / RANGE_OF_TWO;
}

/* Center and sigma of counts by their sizes. */
static void
limit_sizes(Chart *chart, int from, int to, int until, KpiChartType type)
{
	double		counts = 0;
	double		sizes = 0;
	int			numbers = 0;
	double		all;
	double		factor = 1;

	for (int i = from; i < until; i++)
	{
		if (isnan(chart->plotted[i]))
			continue;
		counts += chart->number[i];
		sizes += chart->size[i];
		numbers++;
	}
	all = counts / sizes;
	if (type == KPI_CHART_LANEY_SHARES || type == KPI_CHART_LANEY_RATES)
		factor = overdispersion(chart, from, until, type, all);
	for (int i = from; i < to; i++)
	{
		if (!(chart->size[i] > 0))
			continue;
		chart->center[i] = type == KPI_CHART_PARTS ? all * chart->size[i] : all;
		chart->sigma[i] = numbers < LEAST_NUMBERS ? NAN : factor * sigma_of(type, all, chart->size[i]);
	}
}

/* Center and sigma of a phase, from its first values up to the baseline or from all. */
static void
limit_phase(Chart *chart, int from, int to, const Question *question)
{
	int			until = question->baseline > 0 && from == 0 ? Min(question->baseline, to) : to;

	if (has_sizes(question->type))
		limit_sizes(chart, from, to, until, question->type);
	else if (question->type == KPI_CHART_COUNTS)
		limit_counts(chart, from, to, until);
	else
		limit_values(chart, from, to, until, question);
}

/* The same of all phases. */
static void
limit_phases(Chart *chart, const Question *question)
{
	int			to;

	if (question->rephase)
		split_phases(chart);
	for (int from = 0; from < chart->count; from = to)
	{
		for (to = from + 1; to < chart->count && chart->phase[to] == chart->phase[from]; to++)
			;
		limit_phase(chart, from, to, question);
	}
}

/* How many sigmas a number is from a center; without any noise all or nothing. */
static double
distance_from(double number, double center, double sigma)
{
	if (sigma == 0 && number == center)
		return 0;
	return (number - center) / sigma;
}

/* The sides that points are on, of a chart without limits; NaN for a gap. */
static void
side_points(Chart *chart)
{
	for (int i = 0; i < chart->count; i++)
	{
		double		distance = chart->plotted[i] - chart->center[i];

		chart->distance[i] = isnan(distance) ? NAN : (double) ((distance > 0) - (distance < 0));
	}
}

/* Limits of single points: 3 sigma, and within what they can be. */
static void
limit_points(Chart *chart, KpiChartType type)
{
	for (int i = 0; i < chart->count; i++)
	{
		chart->lower[i] = chart->center[i] - SIGMAS * chart->sigma[i];
		chart->upper[i] = chart->center[i] + SIGMAS * chart->sigma[i];
		if (type != KPI_CHART_XMR && chart->lower[i] < 0)
			chart->lower[i] = 0;
		if (has_shares(type) && chart->upper[i] > (type == KPI_CHART_PARTS ? chart->size[i] : 1))
			chart->upper[i] = type == KPI_CHART_PARTS ? chart->size[i] : 1;
		chart->distance[i] = distance_from(chart->plotted[i], chart->center[i], chart->sigma[i]);
	}
}

/* Weighted means of all values so far, and their limits; a distance is what is beyond these. */
static void
smooth_points(Chart *chart, const Question *question)
{
	double		rest = 1;
	double		mean = NAN;

	chart->statistic = unknown(chart->count);
	for (int i = 0; i < chart->count; i++)
	{
		double		reach;

		if (isnan(mean))
			mean = chart->center[i];
		if (!isnan(chart->plotted[i]))
		{
			mean += question->smoothing * (chart->plotted[i] - mean);
			rest *= (1 - question->smoothing) * (1 - question->smoothing);
			chart->statistic[i] = mean;
		}
		reach = question->width * chart->sigma[i] * sqrt(question->smoothing / (2 - question->smoothing) * (1 - rest));
		chart->lower[i] = chart->center[i] - reach;
		chart->upper[i] = chart->center[i] + reach;
		if (!isnan(chart->statistic[i]) && !isnan(reach))
			chart->distance[i] = (chart->statistic[i] > chart->upper[i]) - (chart->statistic[i] < chart->lower[i]);
	}
}

/* Sums of the distances on either side beyond what is slack, and their limits. */
static void
sum_points(Chart *chart, const Question *question)
{
	double		up = 0;
	double		down = 0;

	chart->statistic = unknown(chart->count);
	chart->low_statistic = unknown(chart->count);
	for (int i = 0; i < chart->count; i++)
	{
		double		distance = distance_from(chart->plotted[i], chart->center[i], chart->sigma[i]);

		chart->center[i] = 0;
		chart->lower[i] = -question->decision;
		chart->upper[i] = question->decision;
		if (isnan(distance))
			continue;
		up = Max(0, up + distance - question->slack);
		down = Max(0, down - distance - question->slack);
		chart->statistic[i] = up;
		chart->low_statistic[i] = -down;
		chart->distance[i] = up > question->decision ? 1 : down > question->decision ? -1 : 0;
	}
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
put_point(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const Chart *chart, int i,
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
put_points(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const Chart *chart,
		   const Question *question)
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
	Question	question;
	KpiGrid		grid;
	KpiRows		rows;
	Chart		chart;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + TYPE) || PG_ARGISNULL(first + REPHASE))
		return kpi_no_rows(fcinfo);
	question = read_question(fcinfo, first);
	grid = kpi_grid_argument(fcinfo, 0);
	rows = kpi_start_rows(fcinfo, grid.step.kind);
	chart = begin_chart(fcinfo, first, &grid, question.type);
	limit_phases(&chart, &question);
	if (question.type == KPI_CHART_EWMA)
		smooth_points(&chart, &question);
	else if (question.type == KPI_CHART_CUSUM)
		sum_points(&chart, &question);
	else if (question.type == KPI_CHART_RUN)
		side_points(&chart);
	else
		limit_points(&chart, question.type);
	put_points(fcinfo, &rows, &grid, &chart, &question);
	PG_RETURN_NULL();
}
