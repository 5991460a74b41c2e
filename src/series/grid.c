/*-------------------------------------------------------------------------
 *
 * grid.c
 *	  A series on the grid of its step.
 *
 * The step is the largest that reaches every period from the first one: in
 * months, if all periods lie at the same day and time of their month, or all at
 * its last day; else in days, if they lie at the same time of day; else in
 * microseconds.  Integers count for themselves.  Periods with a time zone are
 * those of the session's zone.
 *
 * The natural cycle of a step is a year for months and weeks, a week for days,
 * a day for 15 minutes and more, an hour for minutes; integers have none.
 *
 *-------------------------------------------------------------------------
 */
#include "series/grid.h"

#include <math.h>

#include "base/check.h"
#include "common/int.h"
#include "miscadmin.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/* Months are counted from this year on, which is before all dates. */
#define FIRST_YEAR (-4800)

/* A moment of the calendar. */
typedef struct Moment
{
	int64		month;			/* since FIRST_YEAR */
	int64		day;			/* since 2000-01-01 */
	int			day_of_month;
	bool		is_last;		/* day of its month */
	int64		time;			/* of day */
} Moment;

/* What the moments of a series have in common. */
typedef struct Common
{
	bool		time;
	bool		day_of_month;
	bool		last_day;
	int64		months;			/* greatest common divisor of the distances to
								 * the first */
	int64		days;
} Common;

/* The year of a month. */
static int
year_of(int64 month)
{
	return (int) (month / MONTHS_PER_YEAR) + FIRST_YEAR;
}

/* The last day of a month. */
static int
last_day(int64 month)
{
	int			year = year_of(month);

	return day_tab[isleap(year)][month % MONTHS_PER_YEAR];
}

/* The microseconds that the clocks of the series' zone show. */
static int64
local_time(KpiPeriodKind kind, int64 period)
{
	if (kind == KPI_PERIOD_DATE)
		return period * USECS_PER_DAY;
	if (kind == KPI_PERIOD_TIMESTAMPTZ)
		return DatumGetTimestamp(DirectFunctionCall1(timestamptz_timestamp, TimestampTzGetDatum(period)));
	return period;
}

/* A period in the calendar. */
static Moment
find_moment(KpiPeriodKind kind, int64 period)
{
	Moment		moment = {0};
	int			year;
	int			month;

	if (kind == KPI_PERIOD_DATE)
		moment.day = period;
	else
	{
		int64		local = local_time(kind, period);

		moment.time = local % USECS_PER_DAY;
		if (moment.time < 0)
			moment.time += USECS_PER_DAY;
		moment.day = (local - moment.time) / USECS_PER_DAY;
	}
	j2date((int) moment.day + POSTGRES_EPOCH_JDATE, &year, &month, &moment.day_of_month);
	moment.month = ((int64) year - FIRST_YEAR) * MONTHS_PER_YEAR + month - 1;
	moment.is_last = moment.day_of_month == last_day(moment.month);
	return moment;
}

/* The greatest common divisor of numbers of at least 0. */
static int64
divisor(int64 a, int64 b)
{
	while (b != 0)
	{
		int64		rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* What the periods have in common with the first one. */
static Common
find_common(const KpiPoints *points, const Moment *first)
{
	Common		common = {true, true, first->is_last, 0, 0};

	for (int i = 1; i < points->count; i++)
	{
		Moment		moment = find_moment(points->kind, points->point[i].period);

		common.time = common.time && moment.time == first->time;
		common.day_of_month = common.day_of_month && moment.day_of_month == first->day_of_month;
		common.last_day = common.last_day && moment.is_last;
		if (!common.time)
			break;
		common.months = divisor(moment.month - first->month, common.months);
		common.days = divisor(moment.day - first->day, common.days);
	}
	return common;
}

/* The step of periods that are plain numbers; 0 for one period. */
static int64
plain_step(const KpiPoints *points)
{
	int64		size = 0;

	for (int i = 1; i < points->count && size != 1; i++)
	{
		int64		distance;

		if (pg_sub_s64_overflow(points->point[i].period, points->point[0].period, &distance))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("periods from " INT64_FORMAT " to " INT64_FORMAT " are too far apart",
							points->point[0].period, points->point[i].period)));
		size = divisor(distance, size);
	}
	return size;
}

/* The step from period to period. */
KpiStep
kpi_find_step(const KpiPoints *points)
{
	KpiStep		step = {.kind = points->kind,.unit = KPI_STEP_PLAIN,.first = points->point[0].period};
	Moment		first;
	Common		common;

	if (points->kind == KPI_PERIOD_INTEGER)
	{
		step.size = plain_step(points);
		return step;
	}
	first = find_moment(points->kind, step.first);
	common = find_common(points, &first);
	if (points->count > 1 && common.time && (common.day_of_month || common.last_day))
	{
		step.unit = KPI_STEP_MONTHS;
		step.size = common.months;
		step.first = first.month;
		step.at_end = common.last_day;
		step.rest = (common.last_day ? 0 : (first.day_of_month - 1) * USECS_PER_DAY) + first.time;
	}
	else if (common.time)
	{
		step.unit = KPI_STEP_DAYS;
		step.size = common.days;
		step.first = first.day;
		step.rest = first.time;
	}
	else
		step.size = plain_step(points);
	return step;
}

/* The cycle of a step that divides a whole; 1 for one that does not. */
static int
cycle(int64 whole, int64 size)
{
	return whole % size == 0 ? (int) (whole / size) : 1;
}

/* How many steps the natural cycle of a series has; 1 for none. */
int
kpi_natural_season(const KpiStep *step)
{
	if (step->size == 0 || step->kind == KPI_PERIOD_INTEGER)
		return 1;
	if (step->unit == KPI_STEP_MONTHS)
		return cycle(MONTHS_PER_YEAR, step->size);
	if (step->unit == KPI_STEP_DAYS)
		return step->size % 7 == 0 ? cycle(52, step->size / 7) : cycle(7, step->size);
	if (step->size >= 15 * USECS_PER_MINUTE)
		return cycle(USECS_PER_DAY, step->size);
	if (step->size >= USECS_PER_MINUTE)
		return cycle(USECS_PER_HOUR, step->size);
	return cycle(USECS_PER_MINUTE, step->size);
}

/* A period in the units of the step. */
int64
kpi_step_units(const KpiStep *step, int64 period)
{
	if (step->unit == KPI_STEP_MONTHS)
		return find_moment(step->kind, period).month;
	if (step->unit == KPI_STEP_DAYS)
		return find_moment(step->kind, period).day;
	return period;
}

/* The period of a time that the clocks show; false where there is none. */
static bool
period_of(const KpiStep *step, int64 day, int64 time, int64 *period)
{
	int			end = step->kind == KPI_PERIOD_DATE ? DATE_END_JULIAN : TIMESTAMP_END_JULIAN;

	if (day < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE || day >= end - POSTGRES_EPOCH_JDATE)
		return false;
	if (step->kind == KPI_PERIOD_DATE)
		*period = day;
	else
		*period = day * USECS_PER_DAY + time;
	if (step->kind == KPI_PERIOD_TIMESTAMPTZ)
		*period = DatumGetTimestampTz(DirectFunctionCall1(timestamp_timestamptz, TimestampGetDatum(*period)));
	return true;
}

/* The day and time of a month that the step is at; of a short month its last day. */
static bool
month_period(const KpiStep *step, int64 month, int64 *period)
{
	int			day = step->at_end ? PG_INT32_MAX : (int) (step->rest / USECS_PER_DAY) + 1;
	int			year = year_of(month);

	if (month < 0 || month / MONTHS_PER_YEAR + FIRST_YEAR > JULIAN_MAXYEAR)
		return false;
	return period_of(step, date2j(year, (int) (month % MONTHS_PER_YEAR) + 1, Min(day, last_day(month))) -
					 POSTGRES_EPOCH_JDATE, step->rest % USECS_PER_DAY, period);
}

/*
 * The period of a slot, counted from that of the first one, which may lie after
 * the last or before the first; false where no step is known or the calendar
 * ends before.
 */
bool
kpi_step_period(const KpiStep *step, int64 slot, int64 *period)
{
	int64		units;

	if ((step->size == 0 && slot != 0) || pg_mul_s64_overflow(slot, step->size, &units) ||
		pg_add_s64_overflow(step->first, units, &units))
		return false;
	if (step->unit == KPI_STEP_MONTHS)
		return month_period(step, units, period);
	if (step->unit == KPI_STEP_DAYS)
		return period_of(step, units, step->rest, period);
	*period = units;
	return step->kind == KPI_PERIOD_INTEGER || IS_VALID_TIMESTAMP(units);
}

/* The period of a slot that a grid has. */
static int64
slot_period(const KpiStep *step, int64 slot)
{
	int64		period;

	if (!kpi_step_period(step, slot, &period))
		elog(ERROR, "slot " INT64_FORMAT " has no period", slot);
	return period;
}

/* The month of a slot, counted from the beginning of a year; not of integers. */
int64
kpi_slot_month(const KpiStep *step, int64 slot)
{
	return find_moment(step->kind, slot_period(step, slot)).month;
}

/* Days from a day to the same one of the last year; 0 where there is none, on 29 February. */
static int64
days_of_year(const Moment *moment)
{
	int64		month = moment->month - MONTHS_PER_YEAR;

	if (month < 0 || moment->day_of_month > last_day(month))
		return 0;
	return moment->day - (date2j(year_of(month), (int) (month % MONTHS_PER_YEAR) + 1,
								 moment->day_of_month) - POSTGRES_EPOCH_JDATE);
}

/* The slot of the same period of the last year; -1 for none.  Not of integers. */
int64
kpi_slot_last_year(const KpiStep *step, int64 slot)
{
	Moment		moment;
	int64		distance;

	if (step->size == 0)
		return -1;
	if (step->unit == KPI_STEP_MONTHS)
		distance = MONTHS_PER_YEAR;
	else if (step->unit == KPI_STEP_DAYS && step->size % 7 == 0)
		distance = INT64CONST(52) * 7;
	else
	{
		moment = find_moment(step->kind, slot_period(step, slot));
		distance = days_of_year(&moment) * (step->unit == KPI_STEP_DAYS ? 1 : USECS_PER_DAY);
	}
	return distance == 0 || distance % step->size != 0 ? -1 : slot - distance / step->size;
}

/* The slot of a period that the step reaches. */
static int64
find_slot(const KpiStep *step, int64 period)
{
	return step->size == 0 ? 0 : (kpi_step_units(step, period) - step->first) / step->size;
}

/* How many slots there are up to the last period; too many are an error. */
static int
count_slots(const KpiPoints *points, const KpiStep *step)
{
	int64		last = find_slot(step, points->point[points->count - 1].period);

	if (last >= KPI_MAX_SLOTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a series of %d periods has no step: it would have more than %d slots",
						points->count, KPI_MAX_SLOTS),
				 errdetail("The first period is %s, the last one %s.",
						   kpi_show_period(points->kind, points->point[0].period),
						   kpi_show_period(points->kind, points->point[points->count - 1].period)),
				 errhint("Cut the periods with date_trunc(), and combine the values of one period.")));
	return (int) last + 1;
}

/* The slots of points, of which there is one at least. */
KpiGrid
kpi_grid(const KpiPoints *points)
{
	KpiGrid		grid = {.step = kpi_find_step(points)};

	grid.season = kpi_natural_season(&grid.step);
	grid.count = count_slots(points, &grid.step);
	grid.missing = grid.count - points->count + points->missing;
	grid.value = palloc(sizeof(double) * grid.count);
	if (grid.count == points->count)
	{
		for (int i = 0; i < grid.count; i++)
			grid.value[i] = points->point[i].value;
		return grid;
	}
	for (int i = 0; i < grid.count; i++)
		grid.value[i] = get_float8_nan();
	for (int i = 0; i < points->count; i++)
		grid.value[find_slot(&grid.step, points->point[i].period)] = points->point[i].value;
	return grid;
}

/* The slots of the series that is an argument. */
KpiGrid
kpi_grid_argument(FunctionCallInfo fcinfo, int argument)
{
	KpiPoints	points = kpi_points_argument(fcinfo, argument);

	return kpi_grid(&points);
}

/* A series of all slots, gaps included; a value beyond float8 is one. */
KpiSeries *
kpi_grid_series(const KpiGrid *grid)
{
	KpiSeries  *series = kpi_new_series(grid->step.kind, grid->count);

	for (int i = 0; i < grid->count; i++)
	{
		series->point[i].period = slot_period(&grid->step, i);
		series->point[i].value = kpi_is_number(grid->value[i]) ? grid->value[i] + 0.0 : get_float8_nan();
	}
	series->count = series->sorted = grid->count;
	return series;
}

/* The steps of a season: an argument, or those that the step has by nature. */
int
kpi_season_argument(FunctionCallInfo fcinfo, int argument, int natural)
{
	if (PG_NARGS() <= argument || PG_ARGISNULL(argument))
		return natural;
	return kpi_check_between(PG_GETARG_FLOAT8(argument), "seasonality", 1, KPI_MAX_SLOTS,
							 "It is the number of steps of a season, such as 12 for months; 1 for none.");
}
