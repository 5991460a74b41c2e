/*-------------------------------------------------------------------------
 *
 * chart_limits.c
 *	  The limits of control charts: phases, center, sigma, and how far from the
 *	  center points are.
 *
 * The formulas and their sources stand in chart.c.
 *
 *-------------------------------------------------------------------------
 */
#include "series/chart.h"

#include <math.h>

#include "math/order.h"
#include "series/level.h"

#define MEAN_LIMIT		2.66
#define MEDIAN_LIMIT	3.145

/* The mean range of two normal numbers, in standard deviations: 2 / sqrt(pi). */
#define RANGE_OF_TWO	1.1283791670955126

/* An array of so many doubles, all NaN. */
double *
kpi_unknown_numbers(int count)
{
	double	   *number = palloc_extended((Size) Max(count, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (int i = 0; i < count; i++)
		number[i] = NAN;
	return number;
}

/* Single values from a place to another; center and sigma are NaN of too few. */
KpiProcess
kpi_process_of(const double *number, int from, int to, bool medians)
{
	KpiProcess	process = {0};
	double	   *present = kpi_unknown_numbers(to - from);
	double	   *range = kpi_unknown_numbers(to - from);
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
	process.sigma = process.range * (medians ? MEDIAN_LIMIT : MEAN_LIMIT) / KPI_LIMIT_SIGMAS;
	if (process.numbers < KPI_LIMIT_NUMBERS)
		process.sigma = process.range = NAN;
	if (process.numbers == 0)
		process.center = NAN;
	pfree(present);
	pfree(range);
	return process;
}

/* Give every period the phase that it is in: one level after the other. */
static void
split_phases(KpiChart *chart)
{
	double	   *present = kpi_unknown_numbers(chart->count);
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
	levels = kpi_find_levels(present, count, kpi_noise_variance(present, count), 2 * log(Max(count, 1)), KPI_LIMIT_NUMBERS,
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
limit_values(KpiChart *chart, int from, int to, int until, const KpiChartQuestion *question)
{
	bool		runs = question->type == KPI_CHART_RUN;
	KpiProcess	process = kpi_process_of(chart->plotted, from, until, runs);

	for (int i = from; i < to; i++)
	{
		chart->center[i] = isnan(question->center) ? process.center : question->center;
		chart->sigma[i] = runs ? NAN : isnan(question->sigma) ? process.sigma : question->sigma;
	}
}

/* Center and sigma of counts. */
static void
limit_counts(KpiChart *chart, int from, int to, int until)
{
	KpiProcess	process = kpi_process_of(chart->plotted, from, until, false);

	for (int i = from; i < to; i++)
	{
		chart->center[i] = process.center;
		chart->sigma[i] = process.numbers < KPI_LIMIT_NUMBERS ? NAN : sqrt(process.center);
	}
}

/* Sigma of a share or rate of a size, for the share or rate of all. */
static double
sigma_of(KpiChartType type, double all, double size)
{
	if (type == KPI_CHART_PARTS)
		return sqrt(all * (1 - all) * size);
	return sqrt((kpi_chart_has_shares(type) ? all * (1 - all) : all) / size);
}

/* How much more than by chance shares vary: sigma of their distances in sigmas. */
static double
overdispersion(const KpiChart *chart, int from, int until, KpiChartType type, double all)
{
	double	   *distance = kpi_unknown_numbers(until);
	double		range;

	for (int i = from; i < until; i++)
		distance[i] = (chart->plotted[i] - all) / sigma_of(type, all, chart->size[i]);
	range = kpi_process_of(distance, from, until, false).range;
	pfree(distance);
	return range / RANGE_OF_TWO;
}

/* Center and sigma of counts by their sizes. */
static void
limit_sizes(KpiChart *chart, int from, int to, int until, KpiChartType type)
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
		chart->sigma[i] = numbers < KPI_LIMIT_NUMBERS ? NAN : factor * sigma_of(type, all, chart->size[i]);
	}
}

/* Center and sigma of a phase, from its first values up to the baseline or from all. */
static void
limit_phase(KpiChart *chart, int from, int to, const KpiChartQuestion *question)
{
	int			until = question->baseline > 0 && from == 0 ? Min(question->baseline, to) : to;

	if (kpi_chart_has_sizes(question->type))
		limit_sizes(chart, from, to, until, question->type);
	else if (question->type == KPI_CHART_COUNTS)
		limit_counts(chart, from, to, until);
	else
		limit_values(chart, from, to, until, question);
}

/* The same of all phases. */
static void
limit_phases(KpiChart *chart, const KpiChartQuestion *question)
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
side_points(KpiChart *chart)
{
	for (int i = 0; i < chart->count; i++)
	{
		double		distance = chart->plotted[i] - chart->center[i];

		chart->distance[i] = isnan(distance) ? NAN : (double) ((distance > 0) - (distance < 0));
	}
}

/* Limits of single points: 3 sigma, and within what they can be. */
static void
limit_points(KpiChart *chart, KpiChartType type)
{
	for (int i = 0; i < chart->count; i++)
	{
		chart->lower[i] = chart->center[i] - KPI_LIMIT_SIGMAS * chart->sigma[i];
		chart->upper[i] = chart->center[i] + KPI_LIMIT_SIGMAS * chart->sigma[i];
		if (type != KPI_CHART_XMR && chart->lower[i] < 0)
			chart->lower[i] = 0;
		if (kpi_chart_has_shares(type) && chart->upper[i] > (type == KPI_CHART_PARTS ? chart->size[i] : 1))
			chart->upper[i] = type == KPI_CHART_PARTS ? chart->size[i] : 1;
		chart->distance[i] = distance_from(chart->plotted[i], chart->center[i], chart->sigma[i]);
	}
}

/* Weighted means of all values so far, and their limits; a distance is what is beyond these. */
static void
smooth_points(KpiChart *chart, const KpiChartQuestion *question)
{
	double		rest = 1;
	double		mean = NAN;

	chart->statistic = kpi_unknown_numbers(chart->count);
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
sum_points(KpiChart *chart, const KpiChartQuestion *question)
{
	double		up = 0;
	double		down = 0;

	chart->statistic = kpi_unknown_numbers(chart->count);
	chart->low_statistic = kpi_unknown_numbers(chart->count);
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

/* Center, sigma and limits of a chart, and how far from the center its points are. */
void
kpi_limit_chart(KpiChart *chart, const KpiChartQuestion *question)
{
	limit_phases(chart, question);
	if (question->type == KPI_CHART_EWMA)
		smooth_points(chart, question);
	else if (question->type == KPI_CHART_CUSUM)
		sum_points(chart, question);
	else if (question->type == KPI_CHART_RUN)
		side_points(chart);
	else
		limit_points(chart, question->type);
}
