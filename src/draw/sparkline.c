/*-------------------------------------------------------------------------
 *
 * sparkline.c
 *	  kpi.sparkline: a series as a line of the size of a word.
 *
 * From its least to its greatest value, those of the target too; gaps break it,
 * a missing last value is a ring.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/axis.h"
#include "draw/canvas.h"
#include "draw/given.h"

enum
{
	SERIES,
	TARGET,
	WIDTH,
	HEIGHT,
	TITLE
};

#define MARGIN 3.0

/* The places of values along a line. */
static double *
places(const KpiAxis *axis, const double *value, int count)
{
	double	   *place = palloc(sizeof(double) * Max(count, 1));

	for (int i = 0; i < count; i++)
		place[i] = kpi_place(axis, value[i]);
	return place;
}

/* The last value, or a ring where it is missing, at the height of the one before. */
static void
draw_last(KpiCanvas *canvas, double x, const double *y, const double *value, int count)
{
	int			i = count - 1;

	if (!isnan(y[i]))
	{
		kpi_draw_dot(canvas, x, y[i], 2.6, KPI_BAR, value[i]);
		return;
	}
	while (i >= 0 && isnan(y[i]))
		i--;
	kpi_draw_ring(canvas, x, i < 0 ? canvas->height / 2 : y[i], 2.2, KPI_MUTED, NAN);
}

/* The target as a dashed line: a value for each of the series, or one for all. */
static void
draw_target(KpiCanvas *canvas, const KpiAxis *axis, const double *x, const double *target, int target_count, int count)
{
	static const KpiPen pen = {KPI_MUTED, 1, "2 2"};
	double	   *y;

	if (target_count == 1)
	{
		double		place = kpi_place(axis, target[0]);

		if (!isnan(place))
			kpi_draw_line(canvas, MARGIN, place, canvas->width - MARGIN, place, &pen);
		return;
	}
	y = places(axis, target, count);
	kpi_draw_curve(canvas, x, y, NULL, count, &pen);
}

/* sparkline(series, target, width, height, title) */
PG_FUNCTION_INFO_V1(kpi_sparkline);
Datum
kpi_sparkline(PG_FUNCTION_ARGS)
{
	static const KpiPen pen = {KPI_BAR, 1.5, NULL};
	int			count;
	int			target_count;
	double	   *value = kpi_given_numbers(fcinfo, SERIES, &count);
	double	   *target = kpi_given_numbers(fcinfo, TARGET, &target_count);
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 20, 2000);
	double		height = kpi_given_size(fcinfo, HEIGHT, "height", 10, 1000);
	double	   *x = palloc(sizeof(double) * Max(count, 1));
	double	   *y;
	KpiAxis		axis;
	KpiCanvas	canvas;

	if (target_count > 1)
		kpi_require_same_count(count, "series", target_count, "target");
	kpi_begin_axis(&axis);
	kpi_see_all(&axis, value, count);
	kpi_see_all(&axis, target, target_count);
	kpi_end_axis(&axis, 0.08);
	axis.begin = height - MARGIN;
	axis.end = MARGIN;
	y = places(&axis, value, count);
	for (int i = 0; i < count; i++)
		x[i] = MARGIN + (count == 1 ? width - 2 * MARGIN : i * (width - 2 * MARGIN) / (count - 1));
	kpi_open_canvas(&canvas, width, height, kpi_given_text(fcinfo, TITLE), NULL);
	if (target_count > 0 && count > 0)
		draw_target(&canvas, &axis, x, target, target_count, count);
	if (count > 0)
	{
		kpi_draw_curve(&canvas, x, y, value, count, &pen);
		draw_last(&canvas, x[count - 1], y, value, count);
	}
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
