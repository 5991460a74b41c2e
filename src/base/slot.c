/*-------------------------------------------------------------------------
 *
 * slot.c
 *	  Time in slots: days, shorter units, or calendar units of months.
 *
 * A slot is a whole number.  With a unit of a day or more it is the day, with a
 * shorter one the number of units since 2000-01-01, with one of months the
 * number of calendar units.  Days and months of timestamptz are those of the
 * session's time zone; the offset is looked up once for as long as it holds.
 *
 *-------------------------------------------------------------------------
 */
#include "base/slot.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

/* The quotient rounded down; the divisor is positive. */
static inline int64
floor_divide(int64 value, int64 divisor)
{
	int64		quotient;

	Assert(divisor > 0);
	quotient = value / divisor;
	return quotient - (value % divisor < 0);
}

/* The number of the calendar unit of some months that holds a day; rows of the same day often follow each other. */
static int64
month_slot(KpiSlots *slots, int64 day)
{
	int			year;
	int			month;
	int			of_month;

	if (slots->day != day || slots->day_unit != slots->unit)
	{
		j2date((int) (day + POSTGRES_EPOCH_JDATE), &year, &month, &of_month);
		slots->day_slot = floor_divide((int64) year * MONTHS_PER_YEAR + month - 1, -slots->unit);
		slots->day = day;
		slots->day_unit = slots->unit;
	}
	return slots->day_slot;
}

/* The slot of a date. */
int64
kpi_slot_of_date(KpiSlots *slots, int64 date)
{
	if (slots->unit < 0)
		return month_slot(slots, date);
	if (slots->unit >= USECS_PER_DAY)
		return date;
	return floor_divide(DatumGetTimestamp(DirectFunctionCall1(date_timestamp,
															  DateADTGetDatum((DateADT) date))),
						slots->unit);
}

/* The slot of a timestamp, by the calendar it shows. */
int64
kpi_slot_of_timestamp(KpiSlots *slots, int64 timestamp)
{
	if (slots->unit < 0)
		return month_slot(slots, floor_divide(timestamp, USECS_PER_DAY));
	if (slots->unit >= USECS_PER_DAY)
		return floor_divide(timestamp, USECS_PER_DAY);
	return floor_divide(timestamp, slots->unit);
}

/* Learn the session's offset from UTC around a moment, and how long it holds. */
static void
learn_zone(KpiSlots *slots, int64 moment)
{
	pg_time_t	second = timestamptz_to_time_t(moment);
	pg_time_t	boundary;
	long		offset;
	long		next_offset;
	int			is_dst;
	int			next_is_dst;
	int			found;

	found = pg_next_dst_boundary(&second, &offset, &is_dst, &boundary,
								 &next_offset, &next_is_dst, session_timezone);
	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	slots->zone = session_timezone;
	slots->zone_from = moment;
	slots->zone_to = found > 0 ? time_t_to_timestamptz(boundary) : PG_INT64_MAX;
	slots->zone_offset = (int64) offset * USECS_PER_SEC;
}

/* The slot of a moment, by the calendar of the session's time zone. */
int64
kpi_slot_of_timestamptz(KpiSlots *slots, int64 moment)
{
	/* hours have one length only in absolute time */
	if (slots->unit > 0 && slots->unit < USECS_PER_DAY)
		return floor_divide(moment, slots->unit);
	if (unlikely(slots->zone != session_timezone || moment < slots->zone_from || moment >= slots->zone_to))
		learn_zone(slots, moment);
	return kpi_slot_of_timestamp(slots, moment + slots->zone_offset);
}

/* The error for a unit that is neither a length of time nor a number of months. */
static void
bad_unit(const Interval *interval)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unit %s is neither a positive length of time nor a positive number of months",
					DatumGetCString(DirectFunctionCall1(interval_out, PointerGetDatum(interval)))),
			 errhint("Write a length such as '7 days' or '1 hour', or whole months such as '1 month' or '1 year'.")));
}

/* An interval as microseconds, or as months below 0. */
int64
kpi_check_unit(const Interval *interval)
{
	int64		length;

	if (interval->month != 0)
	{
		if (interval->month < 0 || interval->day != 0 || interval->time != 0)
			bad_unit(interval);
		return -(int64) interval->month;
	}
	if (__builtin_mul_overflow((int64) interval->day, USECS_PER_DAY, &length) ||
		__builtin_add_overflow(length, interval->time, &length) || length <= 0)
		bad_unit(interval);
	return length;
}
