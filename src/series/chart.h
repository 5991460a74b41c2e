/*-------------------------------------------------------------------------
 *
 * chart.h
 *	  Control charts, period by period, and what a process does by itself.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CHART_H
#define KPI_CHART_H

#include "kpi.h"

#include "base/words.h"
#include "series/rule.h"

/* Limits are so far from the center, and take so many values. */
#define KPI_LIMIT_SIGMAS 3
#define KPI_LIMIT_NUMBERS 6

/* What a chart is asked. */
typedef struct KpiChartQuestion
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
} KpiChartQuestion;

/* A chart, period by period. */
typedef struct KpiChart
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
} KpiChart;

/* What single values do by themselves. */
typedef struct KpiProcess
{
	int			numbers;
	double		center;
	double		range;			/* mean or median of the moving ranges */
	double		sigma;
} KpiProcess;

/* Whether a chart plots shares or rates of sizes, or parts of them. */
static inline bool
kpi_chart_has_sizes(KpiChartType type)
{
	return type >= KPI_CHART_PARTS && type <= KPI_CHART_LANEY_RATES;
}

/* Whether a chart is of shares, which end at 1. */
static inline bool
kpi_chart_has_shares(KpiChartType type)
{
	return type == KPI_CHART_PARTS || type == KPI_CHART_SHARES || type == KPI_CHART_LANEY_SHARES;
}

extern double *kpi_unknown_numbers(int count);
extern KpiProcess kpi_process_of(const double *number, int from, int to, bool medians);
extern void kpi_limit_chart(KpiChart *chart, const KpiChartQuestion *question);

#endif							/* KPI_CHART_H */
