/*-------------------------------------------------------------------------
 *
 * bridge.c
 *	  kpi_internal.draw_bridge: from one total to another, step by step.
 *
 * Totals are marks, steps are bars from where the one before ended: the axis
 * need not begin at 0.
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
	STARTS,
	STOPS,
	KINDS,
	SHOWN,
	WIDTH,
	TITLE,
	FINDING
};

/* What a row is. */
enum
{
	ROW_TOTAL,
	ROW_STEP,
	ROW_MISSING
};

#define ROW_HEIGHT 24.0
#define TOP 24.0

typedef struct Bridge
{
	int			count;
	char	  **name;
	double	   *start;
	double	   *stop;
	double	   *kind;
	double	   *shown;			/* the figure of the row, rounded */
	double		name_width;
	double		figure_width;
	KpiAxis		axis;
} Bridge;

/* The figure at the right of a row. */
static char *
figure_of(const Bridge *bridge, int i)
{
	const KpiFigure figure = {"", 1, bridge->kind[i] != ROW_TOTAL};

	return isnan(bridge->shown[i]) ? pstrdup(KPI_DASH) : kpi_figure_float8(bridge->shown[i], &figure);
}

/* Reads the rows. */
static void
read_bridge(FunctionCallInfo fcinfo, Bridge *bridge)
{
	int			count;

	bridge->name = kpi_given_texts(fcinfo, NAMES, &bridge->count);
	bridge->start = kpi_given_numbers(fcinfo, STARTS, &count);
	kpi_require_same_count(bridge->count, "names", count, "starts");
	bridge->stop = kpi_given_numbers(fcinfo, STOPS, &count);
	kpi_require_same_count(bridge->count, "names", count, "stops");
	bridge->kind = kpi_given_numbers(fcinfo, KINDS, &count);
	kpi_require_same_count(bridge->count, "names", count, "kinds");
	bridge->shown = kpi_given_numbers(fcinfo, SHOWN, &count);
	kpi_require_same_count(bridge->count, "names", count, "shown");
}

/* Margins by the longest texts, and the axis between them. */
static void
measure_bridge(Bridge *bridge, double width)
{
	bridge->name_width = 0;
	bridge->figure_width = 0;
	kpi_begin_axis(&bridge->axis);
	for (int i = 0; i < bridge->count; i++)
	{
		bool		bold = bridge->kind[i] == ROW_TOTAL;

		bridge->name_width = Max(bridge->name_width, kpi_text_size(bridge->name[i], 12, bold));
		bridge->figure_width = Max(bridge->figure_width, kpi_text_size(figure_of(bridge, i), 12, bold));
	}
	bridge->name_width = Min(bridge->name_width, width * 0.42);
	kpi_see_all(&bridge->axis, bridge->start, bridge->count);
	kpi_see_all(&bridge->axis, bridge->stop, bridge->count);
	kpi_end_axis(&bridge->axis, 0.06);
	bridge->axis.begin = bridge->name_width + 14;
	bridge->axis.end = width - bridge->figure_width - 14;
}

/* Round values above the rows, with lines through them. */
static void
draw_scale(KpiCanvas *canvas, const Bridge *bridge)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_MIDDLE};
	static const KpiPen pen = {KPI_GRID, 1, NULL};
	double		tick[KPI_MAX_TICKS];
	KpiFigure	figure = {"", 0, false};
	int			count = kpi_ticks(&bridge->axis, (int) ((bridge->axis.end - bridge->axis.begin) / 70), tick, &figure.decimals, false);

	for (int i = 0; i < count; i++)
	{
		double		x = kpi_place(&bridge->axis, tick[i]);

		kpi_draw_line(canvas, x, TOP - 4, x, canvas->height - 4, &pen);
		kpi_draw_text(canvas, x, TOP - 10, &type, kpi_figure_float8(tick[i], &figure));
	}
}

/* A row: its name, its mark or bar, and its figure. */
static void
draw_row(KpiCanvas *canvas, const Bridge *bridge, int i)
{
	static const KpiPen dashed = {KPI_MUTED, 1.2, "3 2"};
	bool		is_total = bridge->kind[i] == ROW_TOTAL;
	const KpiType name = {12, is_total, KPI_INK, KPI_START};
	const KpiType figure = {12, is_total, KPI_INK, KPI_END};
	double		y = TOP + i * ROW_HEIGHT;
	double		start = kpi_place(&bridge->axis, bridge->start[i]);
	double		stop = kpi_place(&bridge->axis, bridge->stop[i]);
	double		left = Min(start, stop);
	double		length = Max(fabs(stop - start), 1);
	double		value = bridge->stop[i] - bridge->start[i];

	kpi_draw_fitted(canvas, 0, y + 16, &name, bridge->name[i], bridge->name_width);
	kpi_draw_text(canvas, canvas->width, y + 16, &figure, figure_of(bridge, i));
	if (isnan(left))
		return;
	if (is_total)
		kpi_draw_box(canvas, stop - 1.5, y + 3, 3, 18, KPI_INK, bridge->stop[i]);
	else if (bridge->kind[i] == ROW_MISSING)
		kpi_draw_frame(canvas, left, y + 5, length, 14, 0, &dashed, value);
	else
		kpi_draw_box(canvas, left, y + 5, length, 14, value < 0 ? KPI_LOSS : KPI_GAIN, value);
}

/* The line from where a row ends to the next. */
static void
draw_link(KpiCanvas *canvas, const Bridge *bridge, int i)
{
	static const KpiPen pen = {KPI_MUTED, 1, NULL};
	double		x = kpi_place(&bridge->axis, bridge->stop[i]);
	double		y = TOP + i * ROW_HEIGHT;

	if (!isnan(x))
		kpi_draw_line(canvas, x, y + 19, x, y + ROW_HEIGHT + 5, &pen);
}

/* draw_bridge(names, starts, stops, kinds, shown, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_draw_bridge);
Datum
kpi_draw_bridge(PG_FUNCTION_ARGS)
{
	Bridge		bridge;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	KpiCanvas	canvas;

	read_bridge(fcinfo, &bridge);
	measure_bridge(&bridge, width);
	kpi_open_canvas(&canvas, width, TOP + Max(bridge.count, 1) * ROW_HEIGHT + 4, kpi_given_text(fcinfo, TITLE),
					kpi_given_text(fcinfo, FINDING));
	if (bridge.count > 0)
		draw_scale(&canvas, &bridge);
	for (int i = 0; i < bridge.count; i++)
	{
		if (i < bridge.count - 1)
			draw_link(&canvas, &bridge, i);
		draw_row(&canvas, &bridge, i);
	}
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
