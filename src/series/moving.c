/*-------------------------------------------------------------------------
 *
 * moving.c
 *	  Forms of a series: moving and running totals, earlier periods.
 *
 * Each answers with a series that has all periods from the first to the last.
 *
 *	moving_sum		the last width periods together
 *	moving_average	their mean; centred, the mean of as many on both sides, and
 *					for an even width of the two such means around the period
 *	cumulative		all periods so far of the year, half, quarter or month
 *	shift			the value so many periods before
 *	last_year		the value of the same period a year before: 12 months, 52
 *					weeks, or the same day and time of the calendar
 *
 * What has a gap in it is a gap: what is not known is not 0.  Sums are kept in
 * twice the precision of doubles.
 *
 *-------------------------------------------------------------------------
 */
#include "series/grid.h"

#include <math.h>

#include "base/check.h"
#include "base/twosum.h"
#include "base/words.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/float.h"

/* What slides over a grid: the sum of its values, and how many gaps it has. */
typedef struct Window
{
	KpiSum		sum;
	int			gaps;
} Window;

/* Take a value in with sign 1, or out with sign -1; there is none outside the grid. */
static void
slide(Window *window, const KpiGrid *grid, int slot, int sign)
{
	if (slot < 0 || slot >= grid->count || isnan(grid->value[slot]))
		window->gaps += sign;
	else
		kpi_sum_add(&window->sum, sign * grid->value[slot]);
}

/* The sum of a window; NaN where it has gaps. */
static double
window_sum(const Window *window)
{
	return window->gaps > 0 ? get_float8_nan() : kpi_sum_value(window->sum);
}

/* Replace each value by the sum of the window of that width that begins so many slots before. */
static double *
moving_sums(const KpiGrid *grid, int width, int before)
{
	double	   *sum = palloc(sizeof(double) * grid->count);
	Window		window = {{0, 0}, 0};

	for (int i = -before; i < width - before; i++)
		slide(&window, grid, i, 1);
	for (int i = 0; i < grid->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		sum[i] = window_sum(&window);
		slide(&window, grid, i - before, -1);
		slide(&window, grid, i - before + width, 1);
	}
	return sum;
}

/* The width argument: periods of a window. */
static int
width_argument(FunctionCallInfo fcinfo)
{
	return kpi_check_between(PG_GETARG_FLOAT8(1), "width", 1, KPI_MAX_SLOTS,
							 "It is the number of periods that are taken together.");
}

/* The series of these values in place of those of the grid; those beyond float8 are gaps. */
static Datum
replaced(KpiGrid *grid, double *value)
{
	grid->value = value;
	return PointerGetDatum(kpi_grid_series(grid));
}

/* moving_sum(series, width): the last width periods together. */
PG_FUNCTION_INFO_V1(kpi_series_moving_sum);
Datum
kpi_series_moving_sum(PG_FUNCTION_ARGS)
{
	int			width = width_argument(fcinfo);
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);

	PG_RETURN_DATUM(replaced(&grid, moving_sums(&grid, width, width - 1)));
}

/* moving_average(series, width, centred): the mean of the last width periods, or around each. */
PG_FUNCTION_INFO_V1(kpi_series_moving_average);
Datum
kpi_series_moving_average(PG_FUNCTION_ARGS)
{
	int			width = width_argument(fcinfo);
	bool		centred = PG_GETARG_BOOL(2);
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	double	   *mean = moving_sums(&grid, width, centred ? width / 2 : width - 1);
	double	   *other = centred && width % 2 == 0 ? moving_sums(&grid, width, width / 2 - 1) : mean;

	for (int i = 0; i < grid.count; i++)
		mean[i] = (mean[i] / width + other[i] / width) / 2;
	PG_RETURN_DATUM(replaced(&grid, mean));
}

/* How many months a running total goes over; 0 for all of the series. */
static int
within_argument(FunctionCallInfo fcinfo, const KpiGrid *grid)
{
	static const int months[] = {0, 12, 6, 3, 1};
	int			word = kpi_word_argument(fcinfo, 1, &kpi_within_words);
	int			within = months[word];

	if (within > 0 && grid->step.kind == KPI_PERIOD_INTEGER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods that are numbers have no %s", kpi_within_words.word[word]),
				 errhint("Use \"series\", or make the series of dates.")));
	return within;
}

/* cumulative(series, within): all periods so far. */
PG_FUNCTION_INFO_V1(kpi_series_cumulative);
Datum
kpi_series_cumulative(PG_FUNCTION_ARGS)
{
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	int			within = within_argument(fcinfo, &grid);
	double	   *total = palloc(sizeof(double) * grid.count);
	Window		window = {{0, 0}, 0};
	int64		part = 0;

	for (int i = 0; i < grid.count; i++)
	{
		int64		this_part = within == 0 ? 0 : kpi_slot_month(&grid.step, i) / within;

		if (i > 0 && this_part != part)
			window = (Window)
		{
			{
				0, 0
			}, 0
		};
		part = this_part;
		slide(&window, &grid, i, 1);
		total[i] = window_sum(&window);
	}
	PG_RETURN_DATUM(replaced(&grid, total));
}

/* The value of a slot; NaN for one that the grid does not have. */
static double
slot_value(const KpiGrid *grid, int64 slot)
{
	return slot < 0 || slot >= grid->count ? get_float8_nan() : grid->value[slot];
}

/* shift(series, steps): the value so many periods before; after, if negative. */
PG_FUNCTION_INFO_V1(kpi_series_shift);
Datum
kpi_series_shift(PG_FUNCTION_ARGS)
{
	int			steps = kpi_check_whole(PG_GETARG_FLOAT8(1), "number of steps");
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	double	   *value = palloc(sizeof(double) * grid.count);

	for (int i = 0; i < grid.count; i++)
		value[i] = slot_value(&grid, (int64) i - steps);
	PG_RETURN_DATUM(replaced(&grid, value));
}

/* last_year(series): the value of the same period a year before. */
PG_FUNCTION_INFO_V1(kpi_series_last_year);
Datum
kpi_series_last_year(PG_FUNCTION_ARGS)
{
	KpiGrid		grid = kpi_grid_argument(fcinfo, 0);
	double	   *value = palloc(sizeof(double) * grid.count);

	if (grid.step.kind == KPI_PERIOD_INTEGER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods that are numbers have no year"),
				 errhint("Say how many periods make one: shift(series, periods).")));
	for (int i = 0; i < grid.count; i++)
		value[i] = slot_value(&grid, kpi_slot_last_year(&grid.step, i));
	PG_RETURN_DATUM(replaced(&grid, value));
}
