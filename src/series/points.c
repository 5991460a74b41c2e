/*-------------------------------------------------------------------------
 *
 * points.c
 *	  The points of a series as rows.
 *
 *-------------------------------------------------------------------------
 */
#include "series/rows.h"

#include "miscadmin.h"

/* points(series [, period_type]): a row for each period; NULL for a gap. */
PG_FUNCTION_INFO_V1(kpi_series_rows);
Datum
kpi_series_rows(PG_FUNCTION_ARGS)
{
	KpiPoints	points;
	KpiRows		rows;

	if (PG_ARGISNULL(0))
		return kpi_no_rows(fcinfo);
	points = kpi_points_argument(fcinfo, 0);
	rows = kpi_start_rows(fcinfo, points.kind);
	for (int i = 0; i < points.count; i++)
	{
		KpiAnswer	answer = {0};

		CHECK_FOR_INTERRUPTS();
		kpi_answer_period(&answer, &rows, points.point[i].period);
		kpi_answer_number(&answer, points.point[i].value);
		kpi_answer_put(fcinfo, &answer);
	}
	PG_RETURN_NULL();
}
