/*-------------------------------------------------------------------------
 *
 * period_number.c
 *	  The numbers of periods: kpi.period_number, and what else takes a time and a
 *	  unit.
 *
 * A period is a whole number of 32 bits: that of a month, a week, a day of the
 * calendar, or of the 24 hours that begin with the entity's own start.
 *
 *	period_number(ts, unit)			months since the year 0, units of days whose
 *									weeks begin on Monday, or of shorter time
 *	period_number(ts, unit, since)	whole units from since to ts, rounded down
 *
 * NULL rule: NULL for an infinite time.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/period_number.h"

#include "base/check.h"
#include "common/int.h"

/* 2000-01-03 is a Monday. */
#define FIRST_MONDAY 2

/* A period has 32 bits. */
int64
kpi_check_period(int64 period)
{
	if (unlikely(period < PG_INT32_MIN || period > PG_INT32_MAX))
		kpi_check_whole((double) period, "period");
	return period;
}

/* The slot of a time. */
static int64
slot_of(KpiSlots *slots, KpiTimeType type, int64 moment)
{
	switch (type)
	{
		case KPI_TIME_DATE:
			return kpi_slot_of_date(slots, moment);
		case KPI_TIME_TIMESTAMP:
			return kpi_slot_of_timestamp(slots, moment);
		case KPI_TIME_TIMESTAMPTZ:
			return kpi_slot_of_timestamptz(slots, moment);
	}
	pg_unreachable();
}

/* The number of the period of a time by the unit that was learned: days from a Monday on. */
int64
kpi_period_of(KpiSlots *slots, KpiTimeType type, int64 moment)
{
	int64		slot = slot_of(slots, type, moment);
	int64		days;

	if (slots->unit < USECS_PER_DAY)
		return slot;
	days = slots->unit / USECS_PER_DAY;
	slot -= FIRST_MONDAY;
	return slot / days - (slot % days < 0);
}

/* The error for no unit in argument n. */
void
kpi_require_unit(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("unit is null"),
				 errhint("Pass the length of a period, such as 7 days or 1 month.")));
}

/* Know the unit of periods, unless it is that of the call before. */
void
kpi_learn_unit(KpiSlots *slots, const Interval *unit)
{
	if (likely(slots->known && memcmp(&slots->interval, unit, sizeof(Interval)) == 0))
		return;
	slots->known = false;
	slots->unit = kpi_check_unit(unit);
	if (slots->unit > USECS_PER_DAY && slots->unit % USECS_PER_DAY != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a unit above a day that is not of whole days"),
				 errhint("Write days such as 7 days, months, or a time below a day.")));
	memcpy(&slots->interval, unit, sizeof(Interval));
	slots->known = true;
}

/* The unit in argument n, as the call site knows it from its last row. */
KpiSlots *
kpi_unit_argument(FunctionCallInfo fcinfo, int n)
{
	KpiSlots   *slots = fcinfo->flinfo->fn_extra;

	if (unlikely(slots == NULL))
		slots = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(KpiSlots));
	kpi_learn_unit(slots, PG_GETARG_INTERVAL_P(n));
	return slots;
}

/* The number of the period of the time in argument 0, by the unit in argument 1. */
static pg_attribute_always_inline Datum
number_of(FunctionCallInfo fcinfo, KpiTimeType type)
{
	KpiSlots   *slots = kpi_unit_argument(fcinfo, 1);
	int64		moment;

	if (!kpi_time_argument(fcinfo, 0, type, &moment))
		PG_RETURN_NULL();
	PG_RETURN_INT64(kpi_period_of(slots, type, moment));
}

/* period_number(date, unit) */
PG_FUNCTION_INFO_V1(kpi_period_number_date);
Datum
kpi_period_number_date(PG_FUNCTION_ARGS)
{
	return number_of(fcinfo, KPI_TIME_DATE);
}

/* period_number(timestamp, unit) */
PG_FUNCTION_INFO_V1(kpi_period_number_timestamp);
Datum
kpi_period_number_timestamp(PG_FUNCTION_ARGS)
{
	return number_of(fcinfo, KPI_TIME_TIMESTAMP);
}

/* period_number(timestamptz, unit), by the calendar of the session's time zone */
PG_FUNCTION_INFO_V1(kpi_period_number_timestamptz);
Datum
kpi_period_number_timestamptz(PG_FUNCTION_ARGS)
{
	return number_of(fcinfo, KPI_TIME_TIMESTAMPTZ);
}

/* period_number(ts, unit, since): units that have passed, whatever the calendar */
PG_FUNCTION_INFO_V1(kpi_period_number_since);
Datum
kpi_period_number_since(PG_FUNCTION_ARGS)
{
	int64		ts = PG_GETARG_TIMESTAMP(0);
	int64		since = PG_GETARG_TIMESTAMP(2);
	int64		unit = kpi_check_unit(PG_GETARG_INTERVAL_P(1));
	int64		passed;

	if (unit < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a unit of months has no length"),
				 errhint("Write it in days of 24 hours, such as 30 days.")));
	if (TIMESTAMP_NOT_FINITE(ts) || TIMESTAMP_NOT_FINITE(since))
		PG_RETURN_NULL();
	if (pg_sub_s64_overflow(ts, since, &passed))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("interval out of range")));
	PG_RETURN_INT64(passed / unit - (passed % unit < 0));
}
