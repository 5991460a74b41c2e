/*-------------------------------------------------------------------------
 *
 * share.h
 *	  Shares of an absolute weight, numeric and float8.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_SHARE_H
#define KPI_ROLLUP_SHARE_H

#include "kpi.h"

#include "rollup/node.h"

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

extern void kpi_shares_start(KpiShares *shares, bool exact, KpiAmount whole,
							 const KpiRollupLink *link, int32 links);
extern KpiAmount kpi_share(const KpiShares *shares, KpiAmount weight);
extern KpiAmount kpi_share_value(bool exact, KpiAmount share);

#endif							/* KPI_ROLLUP_SHARE_H */
