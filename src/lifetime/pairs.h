/*-------------------------------------------------------------------------
 *
 * pairs.h
 *	  Customers as pairs of numbers, collected: kpi_internal.pair_state.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PAIRS_H
#define KPI_PAIRS_H

#include "kpi.h"

#include "fmgr.h"

/* Customers with equal numbers. */
typedef struct KpiPair
{
	double		first;
	double		second;
	double		weight;			/* how many customers */
} KpiPair;

typedef struct KpiPairState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		count;
	int32		sorted;			/* that many are in order, equal ones merged */
	/* and, while an aggregate fills it, room for more */
	KpiPair		pair[FLEXIBLE_ARRAY_MEMBER];
} KpiPairState;

extern Datum kpi_pair_accum(FunctionCallInfo fcinfo, double first, double second, double weight);
extern Datum kpi_pair_skip(FunctionCallInfo fcinfo);
extern const KpiPair *kpi_read_pairs(const KpiPairState *state, int *count, double *weight);

#endif							/* KPI_PAIRS_H */
