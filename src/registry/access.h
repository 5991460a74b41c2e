/*-------------------------------------------------------------------------
 *
 * access.h
 *	  Whose rows a role may see, and for whom it may enter values.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ACCESS_H
#define KPI_ACCESS_H

#include "kpi.h"

#include "utils/date.h"

typedef enum KpiRight
{
	KPI_MAY_READ,
	KPI_MAY_ENTER
} KpiRight;

#define KPI_RIGHTS (KPI_MAY_ENTER + 1)

extern bool kpi_may_for_all(KpiRight right);
extern bool kpi_may_on_days(KpiRight right, const char *unit, DateADT from, DateADT to);
extern bool kpi_may_in_period(KpiRight right, const text *unit, const text *grain, DateADT period_start);

#endif							/* KPI_ACCESS_H */
