/*-------------------------------------------------------------------------
 *
 * flows.h
 *	  Cash flows in order of time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FLOWS_H
#define KPI_FLOWS_H

#include "kpi.h"

/* Times in periods or years from the first flow on, and the amounts then. */
typedef struct KpiFlows
{
	bool		valid;			/* all amounts are finite */
	int			count;
	double	   *time;
	double	   *amount;
} KpiFlows;

extern KpiFlows kpi_flows_of_state(Datum state);
extern KpiFlows kpi_flows_of_arrays(FunctionCallInfo fcinfo, int amounts, int days);

#endif							/* KPI_FLOWS_H */
