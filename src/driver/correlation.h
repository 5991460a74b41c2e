/*-------------------------------------------------------------------------
 *
 * correlation.h
 *	  Correlations of two lists of numbers, and what chance makes of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CORRELATION_H
#define KPI_CORRELATION_H

#include "kpi.h"

#include "base/words.h"
#include "driver/align.h"

/* A correlation of n pairs; NaN where it is not defined. */
typedef struct KpiCorrelation
{
	int			n;
	double		r;
	double		p;
	double		q;				/* of many, see kpi_adjust */
} KpiCorrelation;

/* Values of two series where both have one. */
typedef struct KpiMatched
{
	int			n;
	double	   *x;
	double	   *y;
} KpiMatched;

extern KpiMatched kpi_match(const double *x, const double *y, int count, double *room);
extern double kpi_pearson(const double *x, const double *y, int n);
extern void kpi_rank(const double *value, int n, double *rank);
extern KpiCorrelation kpi_correlate(KpiCorrelationMethod method, const KpiMatched *matched);
extern double kpi_correlation_p(double r, double freedom);
extern double kpi_f_tail(double f, double freedom1, double freedom2);
extern void kpi_adjust(KpiCorrelation *correlation, int count);
extern void kpi_correlation_interval(KpiCorrelationMethod method, const KpiCorrelation *correlation,
									 double bound, double *low, double *high);

#endif							/* KPI_CORRELATION_H */
