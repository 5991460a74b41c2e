/*-------------------------------------------------------------------------
 *
 * funnel_chart.c
 *	  kpi.funnel_chart: how many are left from step to step, and what share goes on.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/axis.h"
#include "draw/canvas.h"
#include "draw/given.h"
#include "draw/glyph.h"

enum
{
	NAMES,
	COUNTS,
	WIDTH,
	TITLE,
	FINDING
};

#define BAR 22.0
#define ROW 46.0

typedef struct Funnel
{
	int			count;
	char	  **name;
	double	   *number;
	double		name_width;
	double		figure_width;
	KpiAxis		axis;
} Funnel;

static const KpiFigure plain = {"", 0, false};

/* Counts are none or more. */
static void
check_counts(const Funnel *funnel)
{
	for (int i = 0; i < funnel->count; i++)
	{
		if (funnel->number[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of counts is %g", i + 1, funnel->number[i]),
					 errhint("Pass how many reach each step: 0 or more.")));
	}
}

/* The number of a step as it is shown. */
static char *
figure_of(const Funnel *funnel, int i)
{
	return isnan(funnel->number[i]) ? pstrdup(KPI_DASH) : kpi_figure_float8(funnel->number[i], &plain);
}

/* Margins by the longest texts; bars begin at 0. */
static void
measure_funnel(Funnel *funnel, double width)
{
	funnel->name_width = 0;
	funnel->figure_width = 0;
	kpi_begin_axis(&funnel->axis);
	kpi_see(&funnel->axis, 0);
	kpi_see_all(&funnel->axis, funnel->number, funnel->count);
	kpi_end_axis(&funnel->axis, 0);
	funnel->axis.low = 0;
	for (int i = 0; i < funnel->count; i++)
	{
		funnel->name_width = Max(funnel->name_width, kpi_text_size(funnel->name[i], 12, false));
		funnel->figure_width = Max(funnel->figure_width, kpi_text_size(figure_of(funnel, i), 12, true));
	}
	funnel->name_width = Min(funnel->name_width, width * 0.42);
	funnel->axis.begin = funnel->name_width + 12;
	funnel->axis.end = Max(width - funnel->figure_width - 8, funnel->axis.begin + 20);
}

/* The share of a step that goes on to the next, between the two. */
static void
draw_share(KpiCanvas *canvas, const Funnel *funnel, int i)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_START};
	double		share = funnel->number[i + 1] / funnel->number[i];
	KpiFigure	figure = {"%", 1, false};
	double		x = funnel->axis.begin;
	double		y = i * ROW + BAR + 6;

	if (!(funnel->number[i] > 0) || isnan(share))
		return;
	kpi_draw_triangle(canvas, x, y + 2, x + 8, y + 2, x + 4, y + 9, KPI_MUTED);
	kpi_draw_fitted(canvas, x + 14, y + 10, &type,
					psprintf("%s %s", kpi_figure_float8(share, &figure), kpi_drawn_word("report", "go_on")), canvas->width - x - 14);
}

/* A step: its name, its bar on the track, and its number. */
static void
draw_step(KpiCanvas *canvas, const Funnel *funnel, int i)
{
	static const KpiType name = {12, false, KPI_INK, KPI_START};
	static const KpiType figure = {12, true, KPI_INK, KPI_END};
	double		y = i * ROW + 2;
	double		begin = funnel->axis.begin;

	kpi_draw_fitted(canvas, 0, y + 15, &name, funnel->name[i], funnel->name_width);
	kpi_draw_box(canvas, begin, y, funnel->axis.end - begin, BAR, KPI_BAND_GOOD, NAN);
	if (funnel->number[i] > 0)
		kpi_draw_box(canvas, begin, y, Max(kpi_place(&funnel->axis, funnel->number[i]) - begin, 1), BAR, KPI_BAR,
					 funnel->number[i]);
	kpi_draw_text(canvas, canvas->width, y + 15, &figure, figure_of(funnel, i));
}

/* funnel_chart(names, counts, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_funnel_chart);
Datum
kpi_funnel_chart(PG_FUNCTION_ARGS)
{
	Funnel		funnel = {0};
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	int			count;
	KpiCanvas	canvas;

	funnel.name = kpi_given_texts(fcinfo, NAMES, &funnel.count);
	funnel.number = kpi_given_numbers(fcinfo, COUNTS, &count);
	kpi_require_same_count(funnel.count, "names", count, "counts");
	check_counts(&funnel);
	measure_funnel(&funnel, width);
	kpi_open_canvas(&canvas, width, Max(funnel.count, 1) * ROW - (ROW - BAR) + 4, kpi_given_text(fcinfo, TITLE),
					kpi_given_text(fcinfo, FINDING));
	for (int i = 0; i < funnel.count; i++)
	{
		draw_step(&canvas, &funnel, i);
		if (i < funnel.count - 1)
			draw_share(&canvas, &funnel, i);
	}
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
