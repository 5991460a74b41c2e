/*-------------------------------------------------------------------------
 *
 * shares.h
 *	  Shares of a whole, on any scale.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SHARES_H
#define KPI_SHARES_H

#include "kpi.h"

#define KPI_MAX_SHARES 10000

typedef struct KpiShares
{
	int			count;
	double		sum;
	double	   *share;
} KpiShares;

extern KpiShares kpi_even_shares(int count);
extern KpiShares kpi_shares_argument(FunctionCallInfo fcinfo, int argument);

#endif							/* KPI_SHARES_H */
