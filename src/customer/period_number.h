/*-------------------------------------------------------------------------
 *
 * period_number.h
 *	  Times as arguments, and the numbers of the periods they are in.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PERIOD_NUMBER_H
#define KPI_PERIOD_NUMBER_H

#include "kpi.h"

#include "base/slot.h"
#include "utils/date.h"
#include "utils/timestamp.h"

/* What a time is given as. */
typedef enum KpiTimeType
{
	KPI_TIME_DATE, KPI_TIME_TIMESTAMP, KPI_TIME_TIMESTAMPTZ
} KpiTimeType;

/* The time in argument n; false where it is NULL or infinite, and so in no period. */
static pg_attribute_always_inline bool
kpi_time_argument(FunctionCallInfo fcinfo, int n, KpiTimeType type, int64 *moment)
{
	if (PG_ARGISNULL(n))
		return false;
	if (type == KPI_TIME_DATE)
	{
		*moment = PG_GETARG_DATEADT(n);
		return !DATE_NOT_FINITE(*moment);
	}
	*moment = PG_GETARG_TIMESTAMP(n);
	return !TIMESTAMP_NOT_FINITE(*moment);
}

extern void kpi_require_unit(FunctionCallInfo fcinfo, int n);
extern void kpi_learn_unit(KpiSlots *slots, const Interval *unit);
extern KpiSlots *kpi_unit_argument(FunctionCallInfo fcinfo, int n);
extern int64 kpi_period_of(KpiSlots *slots, KpiTimeType type, int64 moment);
extern int64 kpi_check_period(int64 period);

#endif							/* KPI_PERIOD_NUMBER_H */
