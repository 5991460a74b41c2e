/*-------------------------------------------------------------------------
 *
 * mean.h
 *	  Means of scores and shares of weight, numeric and float8.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_MEAN_H
#define KPI_ROLLUP_MEAN_H

#include "rollup/rollup.h"

/* Decimals that a numeric quotient has at least. */
#define KPI_MEAN_GROUPS 5
#define KPI_MEAN_SCALE (KPI_MEAN_GROUPS * 4)

/* The absolute weight of a node, to be shared by its children. */
typedef struct KpiShares
{
	bool		exact;
	KpiAmount	total;			/* of the positive weights */
	KpiAmount	whole;			/* numeric: twice, in units of the last place */
	Numeric		twice_total;
	Numeric		unit;			/* of the last place */
	double		scale;			/* of float8 weights */
} KpiShares;

extern Numeric kpi_mean_numeric(const KpiAmount *weight, const KpiAmount *value, int32 count);
extern double kpi_mean_float8(const KpiAmount *weight, const KpiAmount *value, int32 count);
extern Numeric kpi_trim_numeric(Numeric value);
extern int	kpi_numeric_scale(Numeric value);
extern void kpi_shares_start(KpiShares *shares, bool exact, KpiAmount whole,
							 const KpiRollupLink *link, int32 links);
extern KpiAmount kpi_share(const KpiShares *shares, KpiAmount weight);
extern KpiAmount kpi_share_value(bool exact, KpiAmount share);

#endif							/* KPI_ROLLUP_MEAN_H */
