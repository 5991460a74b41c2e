/*-------------------------------------------------------------------------
 *
 * season.h
 *	  Numbers in a row as trend, season and remainder.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SEASON_H
#define KPI_SEASON_H

#include "kpi.h"

#include "series/grid.h"

/* How numbers are to be taken apart. */
typedef struct KpiDecomposing
{
	int			season;			/* numbers of a season; 1: there is none */
	int			window;			/* how many years a season is smoothed over;
								 * 0: it stays the same */
	bool		robust;
	bool		classical;		/* by moving averages, else by loess */
} KpiDecomposing;

/* The parts, in the order of the numbers. */
typedef struct KpiParts
{
	bool		multiplicative; /* the parts are factors, else summands */
	double	   *trend;			/* NaN at the ends of classical ones */
	double	   *seasonal;
	double	   *remainder;		/* NaN for a gap */
	double	   *weight;			/* in the last round of robust ones, else 1 */
} KpiParts;

extern KpiParts kpi_decompose(const double *value, int count, const KpiDecomposing *how);
extern KpiParts kpi_decompose_better(const double *value, int count, const KpiDecomposing *how);
extern KpiParts kpi_decompose_factors(const double *value, int count, const KpiDecomposing *how);
extern bool kpi_are_positive(const double *value, int count);
extern int	kpi_whole_season_argument(FunctionCallInfo fcinfo, int argument, const KpiGrid *grid);

/* A value of a place without its season. */
static inline double
kpi_without_season(const KpiParts *parts, double value, int i)
{
	return parts->multiplicative ? value / parts->seasonal[i] : value - parts->seasonal[i];
}

/* And with it again. */
static inline double
kpi_with_season(const KpiParts *parts, double value, int i)
{
	return parts->multiplicative ? value * parts->seasonal[i] : value + parts->seasonal[i];
}

#endif							/* KPI_SEASON_H */
