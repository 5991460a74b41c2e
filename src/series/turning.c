/*-------------------------------------------------------------------------
 *
 * turning.c
 *	  Where a series turns, and what has never been before.
 *
 *	turning_points	peaks and troughs: numbers above, or below, both neighbours
 *					by a prominence of threshold deviations of the noise at least
 *	records			numbers above, or below, all before
 *
 * The prominence of a peak is how far one has to go down from it before a higher
 * one comes, on the side where that is less; an end of the series is no higher one.
 * Of a trough it is the same upside down.  Of equal numbers in a row the first
 * counts.  The noise is that of the differences of neighbours, see level.c.
 *
 * Both take n steps: the least number on the way to a higher one is kept for each
 * number that is not yet passed by one, from the highest down.
 *
 * NULL rule: gaps take no part.  The ends are no turning points, and the first
 * number is no record.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "miscadmin.h"
#include "series/level.h"
#include "series/rows.h"

/* The arguments of turning_points() after the series, and after the type of periods where that is given. */
enum
{
	KIND,
	THRESHOLD,
	TURNING_ARGUMENTS
};

/* And those of records(). */
enum
{
	DIRECTION,
	RECORD_ARGUMENTS
};

/* The numbers that are there. */
typedef struct Values
{
	int			count;
	double	   *value;
	int		   *slot;			/* of each in the grid */
} Values;

/* A number that none has passed yet, and the least one since the one that is higher than it. */
typedef struct Summit
{
	double		value;
	double		least;
} Summit;

/* Room for so many doubles. */
static double *
doubles(int count)
{
	return palloc_extended((Size) Max(count, 1) * sizeof(double), MCXT_ALLOC_HUGE);
}

/* Leave the gaps out. */
static Values
read_values(const KpiGrid *grid)
{
	Values		values = {.value = doubles(grid->count)};

	values.slot = palloc_extended((Size) Max(grid->count, 1) * sizeof(int), MCXT_ALLOC_HUGE);
	for (int i = 0; i < grid->count; i++)
	{
		if (isnan(grid->value[i]))
			continue;
		values.slot[values.count] = i;
		values.value[values.count++] = grid->value[i];
	}
	return values;
}

/* Of each number the least one between it and a higher one before it, or after it. */
static void
find_least(const double *value, int count, bool after, double *least)
{
	Summit	   *summit = palloc_extended((Size) Max(count, 1) * sizeof(Summit), MCXT_ALLOC_HUGE);
	int			summits = 0;

	for (int step = 0; step < count; step++)
	{
		int			i = after ? count - 1 - step : step;

		least[i] = value[i];
		while (summits > 0 && summit[summits - 1].value <= value[i])
		{
			summits--;
			least[i] = Min(least[i], summit[summits].least);
		}
		summit[summits++] = (Summit)
		{
			value[i], least[i]
		};
	}
	pfree(summit);
}

/* Whether a number is the first of some equal ones that are above those on both sides. */
static bool
is_peak(const double *value, int count, int i)
{
	int			next = i + 1;

	if (i == 0 || value[i - 1] >= value[i])
		return false;
	while (next < count && value[next] == value[i])
		next++;
	return next < count && value[next] < value[i];
}

/* The prominence of each peak or trough, 0 of what is none. */
static double *
find_prominence(const Values *values, KpiTurning kind)
{
	double		sign = kind == KPI_PEAK ? 1 : -1;
	double	   *value = doubles(values->count);
	double	   *before = doubles(values->count);
	double	   *after = doubles(values->count);

	for (int i = 0; i < values->count; i++)
		value[i] = sign * values->value[i];
	find_least(value, values->count, false, before);
	find_least(value, values->count, true, after);
	for (int i = 0; i < values->count; i++)
		before[i] = is_peak(value, values->count, i) ? value[i] - Max(before[i], after[i]) : 0;
	pfree(value);
	pfree(after);
	return before;
}

/* The row of a place where a series turns. */
static void
put_turning(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const Values *values, int place,
			KpiTurning kind, double prominence)
{
	KpiAnswer	answer = {0};

	kpi_answer_slot(&answer, rows, &grid->step, values->slot[place]);
	kpi_answer_number(&answer, values->value[place]);
	kpi_answer_text(&answer, kpi_turning_words.word[kind]);
	kpi_answer_number(&answer, prominence);
	kpi_answer_put(fcinfo, &answer);
}

/* turning_points(series [, period_type], kind, threshold): a row for each peak and trough. */
PG_FUNCTION_INFO_V1(kpi_turning_points);
Datum
kpi_turning_points(PG_FUNCTION_ARGS)
{
	int			first = PG_NARGS() - TURNING_ARGUMENTS;
	int			only = -1;
	KpiGrid		grid;
	KpiRows		rows;
	Values		values;
	double		least;
	double	   *prominence[KPI_TROUGH + 1];

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + THRESHOLD))
		return kpi_no_rows(fcinfo);
	if (!PG_ARGISNULL(first + KIND))
		only = kpi_word_argument(fcinfo, first + KIND, &kpi_turning_words);
	least = kpi_check_above_zero(PG_GETARG_FLOAT8(first + THRESHOLD), "threshold",
								 "It is counted in standard deviations of the noise; the usual one is 3.");
	grid = kpi_grid_argument(fcinfo, 0);
	rows = kpi_start_rows(fcinfo, grid.step.kind);
	values = read_values(&grid);
	least *= sqrt(kpi_noise_variance(values.value, values.count));
	for (int kind = KPI_PEAK; kind <= KPI_TROUGH; kind++)
		prominence[kind] = find_prominence(&values, kind);
	for (int i = 0; i < values.count; i++)
	{
		int			kind = prominence[KPI_PEAK][i] > 0 ? KPI_PEAK : KPI_TROUGH;

		CHECK_FOR_INTERRUPTS();
		if (prominence[kind][i] > 0 && prominence[kind][i] >= least && (only < 0 || only == kind))
			put_turning(fcinfo, &rows, &grid, &values, i, kind, prominence[kind][i]);
	}
	PG_RETURN_NULL();
}

/* The row of a record; side is -1 for the lowest number so far and 1 for the highest. */
static void
put_record(FunctionCallInfo fcinfo, const KpiRows *rows, const KpiGrid *grid, const Values *values,
		   int place, int former, int side, int bad_side)
{
	KpiAnswer	answer = {0};

	kpi_answer_slot(&answer, rows, &grid->step, values->slot[place]);
	kpi_answer_number(&answer, values->value[place]);
	kpi_answer_text(&answer, side < 0 ? "low" : "high");
	kpi_answer_text(&answer, bad_side == 0 ? NULL : side == bad_side ? "worst" : "best");
	kpi_answer_slot(&answer, rows, &grid->step, values->slot[former]);
	kpi_answer_number(&answer, values->value[former]);
	kpi_answer_put(fcinfo, &answer);
}

/* records(series [, period_type], direction): a row for each number above or below all before. */
PG_FUNCTION_INFO_V1(kpi_records);
Datum
kpi_records(PG_FUNCTION_ARGS)
{
	int			first = PG_NARGS() - RECORD_ARGUMENTS;
	KpiGrid		grid;
	KpiRows		rows;
	Values		values;
	int			bad_side;
	int			highest = 0;
	int			lowest = 0;

	if (PG_ARGISNULL(0))
		return kpi_no_rows(fcinfo);
	bad_side = kpi_bad_side_argument(fcinfo, first + DIRECTION);
	grid = kpi_grid_argument(fcinfo, 0);
	rows = kpi_start_rows(fcinfo, grid.step.kind);
	values = read_values(&grid);
	for (int i = 1; i < values.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (values.value[i] > values.value[highest])
		{
			put_record(fcinfo, &rows, &grid, &values, i, highest, 1, bad_side);
			highest = i;
		}
		else if (values.value[i] < values.value[lowest])
		{
			put_record(fcinfo, &rows, &grid, &values, i, lowest, -1, bad_side);
			lowest = i;
		}
	}
	PG_RETURN_NULL();
}
