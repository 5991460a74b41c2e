/*-------------------------------------------------------------------------
 *
 * decompose.c
 *	  A series as trend, season and remainder, and without its season.
 *
 * The rules and sources stand in season.c.  A gap has a trend and a season, but
 * no remainder; adjusted it is a gap as before.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "series/rows.h"
#include "series/season.h"

/* The arguments after the series, and after the type of periods where that is given. */
enum
{
	METHOD,
	SEASONALITY,
	ROBUST,
	MULTIPLICATIVE,
	SEASON_WINDOW,
	ARGUMENTS
};

/* The years that a season is smoothed over, in an argument; 0 for NULL, a season that stays. */
static int
window_argument(FunctionCallInfo fcinfo, int argument)
{
	int			window;

	if (PG_ARGISNULL(argument))
		return 0;
	window = kpi_check_whole(PG_GETARG_FLOAT8(argument), "season_window");
	if (window < 7 || window % 2 == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("season_window %d is not an odd number from 7 on", window),
				 errhint("It is how many seasons a season is smoothed over; leave it out for one that stays the same.")));
	return window;
}

/* Check what classical decomposition cannot do. */
static void
check_classical(const KpiDecomposing *how)
{
	if (how->season == 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"classical\" needs a season"),
				 errhint("Pass seasonality => the periods of a season, of which there are two at least.")));
	if (how->window != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"classical\" has no season_window"),
				 errhint("Its season stays the same.")));
}

/* What is asked, with the first argument of it. */
static KpiDecomposing
read_question(FunctionCallInfo fcinfo, int first, const KpiGrid *grid)
{
	KpiDecomposing how;

	how.classical = kpi_word_argument(fcinfo, first + METHOD, &kpi_decompose_method_words) == KPI_DECOMPOSE_CLASSICAL;
	how.season = kpi_whole_season_argument(fcinfo, first + SEASONALITY, grid);
	how.robust = !how.classical && PG_GETARG_BOOL(first + ROBUST);
	how.window = window_argument(fcinfo, first + SEASON_WINDOW);
	if (how.classical)
		check_classical(&how);
	if (how.window > 0 && how.season == 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a season_window needs a season"),
				 errhint("Pass seasonality => the periods of a season, of which there are two at least.")));
	return how;
}

/* The parts that were asked for: factors, summands, or what is better.  There is a value. */
static KpiParts
take_apart(FunctionCallInfo fcinfo, int multiplicative, const KpiGrid *grid, const KpiDecomposing *how)
{
	if (PG_ARGISNULL(multiplicative))
		return kpi_decompose_better(grid->value, grid->count, how);
	if (!PG_GETARG_BOOL(multiplicative))
		return kpi_decompose(grid->value, grid->count, how);
	if (!kpi_are_positive(grid->value, grid->count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("values that are not positive have no factors"),
				 errhint("Leave multiplicative out, or pass false.")));
	return kpi_decompose_factors(grid->value, grid->count, how);
}

/* decompose(series [, period_type], method, seasonality, robust, multiplicative, season_window): a row a period. */
PG_FUNCTION_INFO_V1(kpi_decompose_rows);
Datum
kpi_decompose_rows(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;
	KpiDecomposing how;
	KpiParts	parts;
	int			first = PG_NARGS() - ARGUMENTS;
	KpiRows		rows;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + METHOD) || PG_ARGISNULL(first + ROBUST))
		return kpi_no_rows(fcinfo);
	grid = kpi_grid_argument(fcinfo, 0);
	how = read_question(fcinfo, first, &grid);
	rows = kpi_start_rows(fcinfo, grid.step.kind);
	if (grid.missing == grid.count)
		PG_RETURN_NULL();
	parts = take_apart(fcinfo, first + MULTIPLICATIVE, &grid, &how);
	for (int i = 0; i < grid.count; i++)
	{
		KpiAnswer	answer = {0};

		kpi_answer_slot(&answer, &rows, &grid.step, i);
		kpi_answer_number(&answer, grid.value[i]);
		kpi_answer_number(&answer, parts.trend[i]);
		kpi_answer_number(&answer, parts.seasonal[i]);
		kpi_answer_number(&answer, parts.remainder[i]);
		kpi_answer_number(&answer, parts.weight[i]);
		kpi_answer_add(&answer, BoolGetDatum(parts.multiplicative), false);
		kpi_answer_put(fcinfo, &answer);
	}
	PG_RETURN_NULL();
}

/* seasonal_adjust(series, method, seasonality, robust, multiplicative, season_window): the series without its season. */
PG_FUNCTION_INFO_V1(kpi_seasonal_adjust);
Datum
kpi_seasonal_adjust(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;
	KpiDecomposing how;
	KpiParts	parts;
	int			first = PG_NARGS() - ARGUMENTS;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + METHOD) || PG_ARGISNULL(first + ROBUST))
		PG_RETURN_NULL();
	grid = kpi_grid_argument(fcinfo, 0);
	how = read_question(fcinfo, first, &grid);
	if (how.season > 1 && grid.missing < grid.count)
	{
		parts = take_apart(fcinfo, first + MULTIPLICATIVE, &grid, &how);
		for (int i = 0; i < grid.count; i++)
			grid.value[i] = kpi_without_season(&parts, grid.value[i], i);
	}
	PG_RETURN_POINTER(kpi_grid_series(&grid));
}
