/*-------------------------------------------------------------------------
 *
 * kendall.h
 *	  Whether numbers rise or fall, and how fast: pairs of them in groups.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_KENDALL_H
#define KPI_KENDALL_H

#include "kpi.h"

/* Numbers by the group that they are compared in: one, or a place of the season. */
typedef struct KpiGroups
{
	int			groups;
	int		   *first;			/* of each, and of the one after the last */
	int			count;			/* numbers that are there */
	int			missing;
	double	   *time;
	double	   *value;
} KpiGroups;

/* The test of Mann and Kendall. */
typedef struct KpiTrendTest
{
	double		s;				/* pairs that rise less those that fall */
	double		variance;
	double		tau;			/* NaN where all numbers are equal */
	double		z;
	double		p_value;		/* NaN of fewer than 4 numbers */
} KpiTrendTest;

/* The slope of Theil and Sen, with its bounds. */
typedef struct KpiSlope
{
	double		slope;
	double		low;
	double		high;
	double		intercept;		/* at time 0 */
} KpiSlope;

extern KpiGroups kpi_group_numbers(const double *value, int count, int groups);
extern KpiTrendTest kpi_trend_test(const KpiGroups *numbers);
extern KpiSlope kpi_median_slope(const KpiGroups *numbers, double variance, double confidence);

#endif							/* KPI_KENDALL_H */
