/*-------------------------------------------------------------------------
 *
 * xmr_chart.c
 *	  kpi_internal.draw_xmr: values with their natural limits, and below them
 *	  the distances from one to the next with theirs.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/axis.h"
#include "draw/canvas.h"
#include "draw/given.h"
#include "draw/glyph.h"
#include "draw/room.h"
#include "draw/timeline.h"

enum
{
	PERIODS,
	VALUES,
	RULES,
	LIMITS,
	BASELINE,
	TARGET,
	UNIT,
	DECIMALS,
	WIDTH,
	TITLE,
	FINDING
};

/* The numbers of limits, in their order. */
enum
{
	CENTER,
	LOWER,
	UPPER,
	RANGE_UPPER,
	LIMIT_COUNT
};

#define PANEL_TOP 14.0
#define PANEL 160.0
#define RANGE_GAP 36.0
#define RANGE 42.0
#define HEIGHT (PANEL_TOP + PANEL + RANGE_GAP + RANGE + KPI_TIMELINE_HEIGHT)

typedef struct Chart
{
	KpiTimeline line;
	double	   *value;
	double	   *rule;			/* the rule that is hit at each; NaN for none */
	double		limit[LIMIT_COUNT];
	double		baseline;
	double		target;
	KpiFigure	figure;
	KpiAxis		axis;
	KpiAxis		range_axis;
	double	   *y;
	double	   *range;
	double	   *range_y;
	KpiLabels	labels;
	KpiLabels	range_labels;
	double		label_width;
	double		right;
} Chart;

/* The distance of each value from the one before, and their places. */
static void
measure_ranges(Chart *chart)
{
	int			count = chart->line.count;

	chart->range = palloc(sizeof(double) * Max(count, 1));
	chart->range_y = palloc(sizeof(double) * Max(count, 1));
	kpi_begin_axis(&chart->range_axis);
	kpi_see(&chart->range_axis, 0);
	for (int i = 0; i < count; i++)
		chart->range[i] = i == 0 ? NAN : fabs(chart->value[i] - chart->value[i - 1]);
	kpi_see_all(&chart->range_axis, chart->range, count);
	kpi_see(&chart->range_axis, chart->limit[RANGE_UPPER]);
	kpi_end_axis(&chart->range_axis, 0);
	chart->range_axis.low = 0;
	chart->range_axis.begin = PANEL_TOP + PANEL + RANGE_GAP + RANGE;
	chart->range_axis.end = PANEL_TOP + PANEL + RANGE_GAP;
	for (int i = 0; i < count; i++)
		chart->range_y[i] = kpi_place(&chart->range_axis, chart->range[i]);
}

/* The axis of the values. */
static void
measure_values(Chart *chart)
{
	int			count = chart->line.count;

	chart->y = palloc(sizeof(double) * Max(count, 1));
	kpi_begin_axis(&chart->axis);
	kpi_see_all(&chart->axis, chart->value, count);
	kpi_see_all(&chart->axis, chart->limit, RANGE_UPPER);
	kpi_see(&chart->axis, chart->target);
	kpi_end_axis(&chart->axis, 0.1);
	chart->axis.begin = PANEL_TOP + PANEL;
	chart->axis.end = PANEL_TOP;
	for (int i = 0; i < count; i++)
		chart->y[i] = kpi_place(&chart->axis, chart->value[i]);
}

/* Adds the label of a line: its word and its value. */
static void
add_line_label(Chart *chart, KpiLabels *labels, const KpiAxis *axis, const char *topic, const char *code, double value,
			   bool bold)
{
	KpiFigure	figure = chart->figure;

	if (!isnan(value))
		kpi_add_label(labels, psprintf("%s %s", kpi_drawn_word(topic, code), kpi_figure_float8(value, &figure)),
					  bold ? KPI_INK : KPI_MUTED, bold, kpi_place(axis, value));
}

/* The labels at the right of both panels, and how wide they are. */
static void
label_lines(Chart *chart, double width)
{
	chart->labels.count = 0;
	chart->range_labels.count = 0;
	add_line_label(chart, &chart->labels, &chart->axis, "heading", "target", chart->target, true);
	add_line_label(chart, &chart->labels, &chart->axis, "report", "upper", chart->limit[UPPER], false);
	add_line_label(chart, &chart->labels, &chart->axis, "report", "mean", chart->limit[CENTER], false);
	add_line_label(chart, &chart->labels, &chart->axis, "report", "lower", chart->limit[LOWER], false);
	add_line_label(chart, &chart->range_labels, &chart->range_axis, "report", "limit", chart->limit[RANGE_UPPER], false);
	chart->label_width = Max(kpi_labels_width(&chart->labels, width * 0.42),
							 kpi_labels_width(&chart->range_labels, width * 0.42));
}

/* Lines from left to right: limits solid, the mean dotted, the target dashed. */
static void
draw_lines(KpiCanvas *canvas, const Chart *chart, double left)
{
	static const KpiPen pens[] = {{KPI_MUTED, 1, "1 3"}, {KPI_MUTED, 1.2, NULL}, {KPI_MUTED, 1.2, NULL}};
	static const KpiPen target = {KPI_INK, 1.2, "5 3"};

	for (int i = CENTER; i <= UPPER; i++)
	{
		double		y = kpi_place(&chart->axis, chart->limit[i]);

		if (!isnan(y))
			kpi_draw_line(canvas, left, y, chart->right, y, &pens[i]);
	}
	if (!isnan(chart->target))
		kpi_draw_line(canvas, left, kpi_place(&chart->axis, chart->target), chart->right,
					  kpi_place(&chart->axis, chart->target), &target);
}

/* The values: those that are a signal larger and red, with the number of the rule; the last one as a number. */
static void
draw_values(KpiCanvas *canvas, const Chart *chart, double left)
{
	static const KpiPen pen = {KPI_BAR, 1.5, NULL};
	static const KpiType signal = {11, true, KPI_RED, KPI_MIDDLE};
	static const KpiType last = {15, true, KPI_INK, KPI_MIDDLE};
	int			count = chart->line.count;
	KpiFigure	figure = chart->figure;
	const KpiBox limits = {left, 0, chart->right, PANEL_TOP + PANEL + 14};
	KpiRoom		room;

	kpi_open_room(&room, &chart->line, chart->y, limits);
	for (int i = CENTER; i <= UPPER; i++)
		kpi_avoid(&room, kpi_place(&chart->axis, chart->limit[i]));
	kpi_avoid(&room, kpi_place(&chart->axis, chart->target));
	kpi_draw_curve(canvas, chart->line.x, chart->y, NULL, count, &pen);
	for (int i = 0; i < count; i++)
	{
		bool		is_signal = !isnan(chart->rule[i]);

		if (!isnan(chart->y[i]))
			kpi_draw_dot(canvas, chart->line.x[i], chart->y[i], is_signal ? 4 : 2, is_signal ? KPI_RED : KPI_BAR, chart->value[i]);
	}
	if (count > 0 && !isnan(chart->y[count - 1]))
		kpi_draw_beside(canvas, &room, chart->line.x[count - 1], chart->y[count - 1], &last,
						kpi_figure_float8(chart->value[count - 1], &figure));
	for (int i = 0; i < count; i++)
	{
		if (!isnan(chart->rule[i]) && !isnan(chart->y[i]))
			kpi_draw_beside(canvas, &room, chart->line.x[i], chart->y[i], &signal, psprintf("%d", (int) chart->rule[i]));
	}
}

/* The lower panel. */
static void
draw_ranges(KpiCanvas *canvas, const Chart *chart, double left)
{
	static const KpiPen thin = {KPI_BAR, 1, NULL};
	static const KpiPen limit = {KPI_MUTED, 1.2, NULL};
	static const KpiPen base = {KPI_GRID, 1, NULL};
	static const KpiType type = {11, false, KPI_MUTED, KPI_START};
	double		y = kpi_place(&chart->range_axis, chart->limit[RANGE_UPPER]);

	kpi_draw_fitted(canvas, left, chart->range_axis.end - 9, &type, kpi_drawn_word("report", "moving_range"),
					chart->right - left);
	kpi_draw_line(canvas, left, chart->range_axis.begin, chart->right, chart->range_axis.begin, &base);
	if (!isnan(y))
		kpi_draw_line(canvas, left, y, chart->right, y, &limit);
	kpi_draw_curve(canvas, chart->line.x, chart->range_y, NULL, chart->line.count, &thin);
	for (int i = 0; i < chart->line.count; i++)
	{
		bool		is_signal = chart->range[i] > chart->limit[RANGE_UPPER];

		if (!isnan(chart->range_y[i]))
			kpi_draw_dot(canvas, chart->line.x[i], chart->range_y[i], is_signal ? 3 : 1.4, is_signal ? KPI_RED : KPI_BAR,
						 chart->range[i]);
	}
}

/* Reads the arguments. */
static void
read_chart(FunctionCallInfo fcinfo, Chart *chart)
{
	int			count;
	double	   *limit;

	kpi_given_timeline(fcinfo, PERIODS, &chart->line);
	chart->value = kpi_given_numbers(fcinfo, VALUES, &count);
	kpi_require_same_count(chart->line.count, "periods", count, "values");
	chart->rule = kpi_given_numbers(fcinfo, RULES, &count);
	kpi_require_same_count(chart->line.count, "periods", count, "rules");
	limit = kpi_given_numbers(fcinfo, LIMITS, &count);
	kpi_require_same_count(LIMIT_COUNT, "chart", count, "limits");
	memcpy(chart->limit, limit, sizeof(chart->limit));
	chart->baseline = kpi_given_number(fcinfo, BASELINE);
	chart->target = kpi_given_number(fcinfo, TARGET);
	chart->figure = kpi_given_figure(fcinfo, UNIT, DECIMALS);
}

/* draw_xmr(periods, values, rules, limits, baseline, target, unit, decimals, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_draw_xmr);
Datum
kpi_draw_xmr(PG_FUNCTION_ARGS)
{
	Chart		chart;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	double		left;
	KpiCanvas	canvas;

	read_chart(fcinfo, &chart);
	measure_values(&chart);
	measure_ranges(&chart);
	label_lines(&chart, width);
	left = kpi_tick_width(&chart.axis, 4, &chart.figure) + 8;
	chart.right = width - chart.label_width - 4;
	kpi_place_timeline(&chart.line, left, chart.right);
	kpi_open_canvas(&canvas, width, HEIGHT, kpi_given_text(fcinfo, TITLE), kpi_given_text(fcinfo, FINDING));
	if (chart.baseline > 0 && !isnan(chart.limit[UPPER]))
		kpi_draw_box(&canvas, left, kpi_place(&chart.axis, chart.limit[UPPER]),
					 Min(chart.baseline, chart.line.count) * kpi_timeline_step(&chart.line),
					 kpi_place(&chart.axis, chart.limit[LOWER]) - kpi_place(&chart.axis, chart.limit[UPPER]), KPI_BAND_GOOD, NAN);
	kpi_draw_ticks(&canvas, &chart.axis, 4, &chart.figure, left, chart.right);
	draw_lines(&canvas, &chart, left);
	draw_values(&canvas, &chart, left);
	draw_ranges(&canvas, &chart, left);
	kpi_draw_labels(&canvas, &chart.labels, chart.right, chart.label_width, PANEL_TOP, PANEL_TOP + PANEL);
	kpi_draw_labels(&canvas, &chart.range_labels, chart.right, chart.label_width, chart.range_axis.end - 10,
					chart.range_axis.begin);
	kpi_draw_timeline(&canvas, &chart.line, chart.range_axis.begin);
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
