/*-------------------------------------------------------------------------
 *
 * known.h
 *	  Queries over the registry as it is, or as it was at a time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_KNOWN_H
#define KPI_KNOWN_H

#include "kpi.h"

#include "executor/spi.h"
#include "utils/timestamp.h"

#define KPI_MAX_QUERY_ARGUMENTS 6

/* The time at which all is known that there is: tables are read as they are. */
#define KPI_KNOWN_NOW DT_NOEND

/* A query, planned once a session; its tables are written @kpi.NAME. */
typedef struct KpiQuery
{
	const char *text;
	int			arguments;
	Oid			type[KPI_MAX_QUERY_ARGUMENTS];
	SPIPlanPtr	plan[2];		/* of what is, and of what was */
} KpiQuery;

extern void kpi_run_known(KpiQuery *query, const Datum *argument, TimestampTz known_at);

#endif							/* KPI_KNOWN_H */
