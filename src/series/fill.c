/*-------------------------------------------------------------------------
 *
 * fill.c
 *	  Closing the gaps of a series.
 *
 * linear	on the straight line between the values before and after the gap
 * previous	the last value before it
 * next		the first value after it
 * zero		0
 * seasonal	linear on the values without their season, which is put on again;
 *			just linear where the series has no season or not two whole ones
 *
 * A gap at an end of the series, which has no value on one side, stays one with
 * linear and seasonal, and with the one of previous and next that looks there.
 *
 * seasonal is na.interp of the R package forecast, but for the ends: R. J.
 * Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 13.9.
 *
 *-------------------------------------------------------------------------
 */
#include "series/fill.h"

#include <math.h>

#include "series/gap.h"
#include "series/grid.h"
#include "series/season.h"

/* Fill gaps on the line between values without their season. */
static void
fill_seasonal(double *value, int count, int season)
{
	KpiDecomposing how = {.season = season,.robust = true};
	KpiParts	parts;
	double	   *plain;

	if (season < 2 || count < 2 * season)
	{
		kpi_fill_plain(value, count, KPI_FILL_LINEAR);
		return;
	}
	parts = kpi_decompose_better(value, count, &how);
	plain = palloc(sizeof(double) * count);
	for (int i = 0; i < count; i++)
		plain[i] = kpi_without_season(&parts, value[i], i);
	kpi_fill_plain(plain, count, KPI_FILL_LINEAR);
	for (int i = 0; i < count; i++)
	{
		if (isnan(value[i]))
			value[i] = kpi_with_season(&parts, plain[i], i);
	}
}

/* Close the gaps among values, in place. */
void
kpi_fill_gaps(double *value, int count, KpiFill method, int season)
{
	if (method == KPI_FILL_SEASONAL)
		fill_seasonal(value, count, season);
	else
		kpi_fill_plain(value, count, method);
}

/* fill(series, method, seasonality): the series with its gaps closed. */
PG_FUNCTION_INFO_V1(kpi_series_fill);
Datum
kpi_series_fill(PG_FUNCTION_ARGS)
{
	KpiGrid		grid;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	grid = kpi_grid_argument(fcinfo, 0);
	kpi_fill_gaps(grid.value, grid.count, (KpiFill) kpi_word_argument(fcinfo, 1, &kpi_fill_words),
				  kpi_season_argument(fcinfo, 2, grid.season));
	PG_RETURN_POINTER(kpi_grid_series(&grid));
}
