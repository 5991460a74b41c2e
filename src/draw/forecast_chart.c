/*-------------------------------------------------------------------------
 *
 * forecast_chart.c
 *	  kpi_internal.draw_forecast: what was, what is likely to come, and within
 *	  which limits.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/axis.h"
#include "draw/canvas.h"
#include "draw/given.h"
#include "draw/glyph.h"
#include "draw/timeline.h"

enum
{
	PERIODS,
	VALUES,
	FORECASTS,
	LOWS,
	HIGHS,
	INNER_LOWS,
	INNER_HIGHS,
	TARGETS,
	UNIT,
	DECIMALS,
	WIDTH,
	TITLE,
	FINDING,
	SERIES_END = UNIT
};

#define TOP 12.0
#define PANEL 170.0

typedef struct Outlook
{
	KpiTimeline line;
	double	   *series[SERIES_END]; /* those between periods and unit */
	KpiFigure	figure;
	KpiAxis		axis;
	KpiLabels	labels;
	int			last;			/* the last period with a value; -1 for none */
} Outlook;

/* Reads the arguments: all series are as long as the periods. */
static void
read_outlook(FunctionCallInfo fcinfo, Outlook *outlook)
{
	static const char *const names[] = {"periods", "values", "forecasts", "lows", "highs", "inner_lows", "inner_highs", "targets"};

	kpi_given_timeline(fcinfo, PERIODS, &outlook->line);
	for (int i = VALUES; i < SERIES_END; i++)
	{
		int			count;

		outlook->series[i] = kpi_given_numbers(fcinfo, i, &count);
		kpi_require_same_count(outlook->line.count, "periods", count, names[i]);
	}
	outlook->figure = kpi_given_figure(fcinfo, UNIT, DECIMALS);
	outlook->last = outlook->line.count - 1;
	while (outlook->last >= 0 && isnan(outlook->series[VALUES][outlook->last]))
		outlook->last--;
}

/* The axis over all that is drawn. */
static void
measure_outlook(Outlook *outlook)
{
	kpi_begin_axis(&outlook->axis);
	for (int i = VALUES; i < SERIES_END; i++)
		kpi_see_all(&outlook->axis, outlook->series[i], outlook->line.count);
	kpi_end_axis(&outlook->axis, 0.08);
	outlook->axis.begin = TOP + PANEL;
	outlook->axis.end = TOP;
}

/* Adds the label of a series at its last value. */
static void
add_end_label(Outlook *outlook, int series, const char *topic, const char *code, bool with_figure, bool bold)
{
	double		value = outlook->line.count > 0 ? outlook->series[series][outlook->line.count - 1] : NAN;
	char	   *word;

	if (isnan(value))
		return;
	word = kpi_drawn_word(topic, code);
	if (with_figure)
		word = psprintf("%s %s", word, kpi_figure_float8(value, &outlook->figure));
	kpi_add_label(&outlook->labels, word, bold ? KPI_INK : KPI_MUTED, bold, kpi_place(&outlook->axis, value));
}

/* The labels at the right. */
static void
label_outlook(Outlook *outlook)
{
	outlook->labels.count = 0;
	add_end_label(outlook, TARGETS, "heading", "target", true, true);
	add_end_label(outlook, FORECASTS, "report", "forecast", true, false);
	add_end_label(outlook, INNER_LOWS, "report", "inner_range", false, false);
	add_end_label(outlook, LOWS, "report", "outer_range", false, false);
}

/* The places of a series. */
static double *
places(const Outlook *outlook, int series)
{
	double	   *y = palloc(sizeof(double) * Max(outlook->line.count, 1));

	for (int i = 0; i < outlook->line.count; i++)
		y[i] = kpi_place(&outlook->axis, outlook->series[series][i]);
	return y;
}

/* The area between two series, from the last value on. */
static void
draw_fan(KpiCanvas *canvas, const Outlook *outlook, int low, int high, KpiPaint paint)
{
	int			count = outlook->line.count;
	double	   *x = palloc(sizeof(double) * 2 * (count + 1));
	double	   *y = palloc(sizeof(double) * 2 * (count + 1));
	double	   *above = places(outlook, high);
	double	   *below = places(outlook, low);
	int			n = 0;

	if (outlook->last >= 0)
	{
		x[n] = outlook->line.x[outlook->last];
		y[n++] = kpi_place(&outlook->axis, outlook->series[VALUES][outlook->last]);
	}
	for (int i = outlook->last + 1; i < count; i++)
	{
		if (isnan(above[i]) || isnan(below[i]))
			continue;
		x[n] = outlook->line.x[i];
		y[n++] = above[i];
	}
	for (int i = count - 1; i > outlook->last; i--)
	{
		if (isnan(above[i]) || isnan(below[i]))
			continue;
		x[n] = outlook->line.x[i];
		y[n++] = below[i];
	}
	if (n > 2)
		kpi_draw_polygon(canvas, x, y, n, paint);
}

/* The target, a step for each period. */
static void
draw_target(KpiCanvas *canvas, const Outlook *outlook)
{
	static const KpiPen pen = {KPI_INK, 1.1, "4 3"};
	double		half = kpi_timeline_step(&outlook->line) / 2;
	double	   *y = places(outlook, TARGETS);
	double	   *step_x = palloc(sizeof(double) * 2 * Max(outlook->line.count, 1));
	double	   *step_y = palloc(sizeof(double) * 2 * Max(outlook->line.count, 1));

	for (int i = 0; i < outlook->line.count; i++)
	{
		step_x[2 * i] = outlook->line.x[i] - half;
		step_x[2 * i + 1] = outlook->line.x[i] + half;
		step_y[2 * i] = step_y[2 * i + 1] = y[i];
	}
	kpi_draw_curve(canvas, step_x, step_y, NULL, outlook->line.count * 2, &pen);
}

/* What was: a line with a dot a period. */
static void
draw_actual(KpiCanvas *canvas, const Outlook *outlook)
{
	static const KpiPen pen = {KPI_BAR, 1.5, NULL};
	double	   *y = places(outlook, VALUES);

	kpi_draw_curve(canvas, outlook->line.x, y, NULL, outlook->line.count, &pen);
	for (int i = 0; i < outlook->line.count; i++)
	{
		if (!isnan(y[i]))
			kpi_draw_dot(canvas, outlook->line.x[i], y[i], 2, KPI_BAR, outlook->series[VALUES][i]);
	}
}

/* What is likely to come: a dashed line from the last value on, with a ring a period. */
static void
draw_coming(KpiCanvas *canvas, const Outlook *outlook)
{
	static const KpiPen pen = {KPI_BAR, 1.5, "4 3"};
	double	   *y = places(outlook, FORECASTS);
	double	   *line = places(outlook, FORECASTS);

	if (outlook->last >= 0)
		line[outlook->last] = kpi_place(&outlook->axis, outlook->series[VALUES][outlook->last]);
	kpi_draw_curve(canvas, outlook->line.x, line, NULL, outlook->line.count, &pen);
	for (int i = 0; i < outlook->line.count; i++)
	{
		if (isnan(y[i]))
			continue;
		kpi_draw_dot(canvas, outlook->line.x[i], y[i], 3, KPI_PAGE, NAN);
		kpi_draw_ring(canvas, outlook->line.x[i], y[i], 3, KPI_BAR, outlook->series[FORECASTS][i]);
	}
}

/* The line at now, between what was and what is likely to come. */
static void
draw_now(KpiCanvas *canvas, const Outlook *outlook)
{
	static const KpiPen pen = {KPI_INK, 1, "1 3"};
	double		x;

	if (outlook->last < 0 || outlook->last == outlook->line.count - 1)
		return;
	x = (outlook->line.x[outlook->last] + outlook->line.x[outlook->last + 1]) / 2;
	kpi_draw_line(canvas, x, TOP, x, TOP + PANEL, &pen);
}

/* draw_forecast(periods, values, forecasts, lows, highs, inner_lows, inner_highs, targets, unit, decimals, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_draw_forecast);
Datum
kpi_draw_forecast(PG_FUNCTION_ARGS)
{
	Outlook		outlook;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	double		left;
	double		label_width;
	KpiCanvas	canvas;

	read_outlook(fcinfo, &outlook);
	measure_outlook(&outlook);
	label_outlook(&outlook);
	label_width = kpi_labels_width(&outlook.labels, width * 0.42);
	left = kpi_tick_width(&outlook.axis, 5, &outlook.figure) + 8;
	kpi_place_timeline(&outlook.line, left, width - label_width - 4);
	kpi_open_canvas(&canvas, width, TOP + PANEL + KPI_TIMELINE_HEIGHT, kpi_given_text(fcinfo, TITLE),
					kpi_given_text(fcinfo, FINDING));
	if (outlook.line.count > 0)
	{
		draw_fan(&canvas, &outlook, LOWS, HIGHS, KPI_FAN_OUTER);
		draw_fan(&canvas, &outlook, INNER_LOWS, INNER_HIGHS, KPI_FAN_INNER);
		kpi_draw_ticks(&canvas, &outlook.axis, 5, &outlook.figure, left, outlook.line.right);
		draw_target(&canvas, &outlook);
		draw_coming(&canvas, &outlook);
		draw_actual(&canvas, &outlook);
		draw_now(&canvas, &outlook);
		kpi_draw_labels(&canvas, &outlook.labels, outlook.line.right, label_width, TOP + 4, TOP + PANEL);
		kpi_draw_timeline(&canvas, &outlook.line, TOP + PANEL);
	}
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
