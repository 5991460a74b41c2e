/*-------------------------------------------------------------------------
 *
 * bullet.c
 *	  kpi.bullet: an attainment as a bar against its target, over the bands in
 *	  which it would be bad, fair or good.
 *
 * From 0 to 120 %.  More is shown by a gap and an arrow, less than 0 by a
 * triangle; the number beside it tells how much.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "draw/canvas.h"
#include "draw/given.h"

enum
{
	ATTAINMENT,
	LIMITS,
	WIDTH,
	HEIGHT,
	TITLE
};

/* Attainment at the right end. */
#define FULL 1.2

/* Bands between the limits at which fair and good begin. */
static void
draw_bands(KpiCanvas *canvas, const double *limit, int count)
{
	static const KpiPaint paint[3][3] = {
		{KPI_BAND_GOOD}, {KPI_BAND_BAD, KPI_BAND_GOOD}, {KPI_BAND_BAD, KPI_BAND_FAIR, KPI_BAND_GOOD}
	};
	double		from = 0;

	for (int i = 0; i <= count; i++)
	{
		double		to = i < count ? Min(Max(limit[i], 0), FULL) / FULL * canvas->width : canvas->width;

		if (to > from)
			kpi_draw_box(canvas, from, 2, to - from, canvas->height - 4, paint[count][i], NAN);
		from = Max(from, to);
	}
}

/* What goes beyond the right end: a gap in the bar, and an arrow head. */
static void
draw_beyond(KpiCanvas *canvas, double top, double height)
{
	double		end = canvas->width;

	kpi_draw_box(canvas, end - 11, top - 1, 3, height + 2, KPI_PAGE, NAN);
	kpi_draw_triangle(canvas, end - 7, top - 3, end, top + height / 2, end - 7, top + height + 3, KPI_BAR);
}

/* The bar, as long as the attainment. */
static void
draw_bar(KpiCanvas *canvas, double attainment)
{
	double		height = canvas->height * 0.3;
	double		top = (canvas->height - height) / 2;
	double		end = Min(attainment, FULL) / FULL * canvas->width;

	if (attainment < 0)
	{
		kpi_draw_triangle(canvas, 0, canvas->height / 2, 6, top - 2, 6, top + height + 2, KPI_BAR);
		return;
	}
	kpi_draw_box(canvas, 0, top, attainment > FULL ? end - 6 : end, height, KPI_BAR, attainment);
	if (attainment > FULL)
		draw_beyond(canvas, top, height);
}

/* Limits at which fair and good begin: at most two, in their order. */
static void
check_limits(const double *limit, int count)
{
	if (count > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("limits has %d elements", count),
				 errhint("Pass the attainment at which fair begins and the one at which good begins.")));
	for (int i = 0; i < count; i++)
	{
		if (isnan(limit[i]) || (i > 0 && limit[i] < limit[i - 1]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("limits are not numbers that rise"),
					 errhint("Pass the attainment at which fair begins and the one at which good begins.")));
	}
}

/* bullet(attainment, limits, width, height, title) */
PG_FUNCTION_INFO_V1(kpi_bullet);
Datum
kpi_bullet(PG_FUNCTION_ARGS)
{
	static const KpiPen dashed = {KPI_MUTED, 1, "3 3"};
	double		attainment = kpi_given_number(fcinfo, ATTAINMENT);
	int			count;
	double	   *limit = kpi_given_numbers(fcinfo, LIMITS, &count);
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 30, 2000);
	double		height = kpi_given_size(fcinfo, HEIGHT, "height", 10, 1000);
	KpiCanvas	canvas;

	check_limits(limit, count);
	kpi_open_canvas(&canvas, width, height, kpi_given_text(fcinfo, TITLE), NULL);
	if (isnan(attainment))
		kpi_draw_frame(&canvas, 0.5, 2.5, width - 1, height - 5, 0, &dashed, NAN);
	else
	{
		draw_bands(&canvas, limit, count);
		draw_bar(&canvas, attainment);
	}
	kpi_draw_box(&canvas, width / FULL - 1, 4, 2, height - 8, KPI_INK, 1);
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
