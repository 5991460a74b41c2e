/*-------------------------------------------------------------------------
 *
 * level.h
 *	  Where the level of numbers in a row changes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LEVEL_H
#define KPI_LEVEL_H

#include "kpi.h"

/* Numbers of one level: from a place on, so many. */
typedef struct KpiLevel
{
	int			first;
	int			count;
	double		mean;
	double		squares;		/* of the distances from the mean, summed */
} KpiLevel;

/* What is known of a change: how many numbers stand before it, and between how many that is. */
typedef struct KpiBreak
{
	double		low;			/* NaN where the numbers cannot tell */
	double		high;
} KpiBreak;

extern double kpi_noise_variance(const double *value, int count);
extern KpiLevel kpi_level_of(const double *value, int first, int count);
extern int	kpi_find_levels(const double *value, int count, double variance, double penalty,
							int least, KpiLevel *level);
extern int	kpi_find_one_break(const double *value, int count, double trim, double *largest_f);
extern double kpi_one_break_p(double f, double trim);
extern KpiBreak kpi_break_interval(const KpiLevel *before, const KpiLevel *after, double confidence);
extern bool kpi_line_explains(const double *value, int count, const KpiLevel *level, int levels);

#endif							/* KPI_LEVEL_H */
