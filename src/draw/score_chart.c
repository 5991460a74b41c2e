/*-------------------------------------------------------------------------
 *
 * score_chart.c
 *	  kpi.score_chart: scores of some periods, over the bands of their status.
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
	SCORES,
	BANDS,
	LIMITS,
	STATUSES,
	TARGET,
	WIDTH,
	TITLE,
	FINDING
};

#define TOP 10.0
#define PANEL 150.0

typedef struct History
{
	KpiTimeline line;
	double	   *score;
	int			bands;
	char	  **band;			/* names, from the lowest band up */
	double	   *limit;			/* where each begins; that of the lowest is
								 * none */
	double	   *status;
	double		target;
	KpiAxis		axis;
	double	   *y;
} History;

/* Reads the arguments. */
static void
read_history(FunctionCallInfo fcinfo, History *history)
{
	int			count;

	kpi_given_timeline(fcinfo, PERIODS, &history->line);
	history->score = kpi_given_numbers(fcinfo, SCORES, &count);
	kpi_require_same_count(history->line.count, "periods", count, "scores");
	history->band = kpi_given_texts(fcinfo, BANDS, &history->bands);
	history->limit = kpi_given_numbers(fcinfo, LIMITS, &count);
	kpi_require_same_count(history->bands, "bands", count, "limits");
	history->status = kpi_given_numbers(fcinfo, STATUSES, &count);
	kpi_require_same_count(history->bands, "bands", count, "statuses");
	history->target = kpi_given_number(fcinfo, TARGET);
}

/* The axis: all scores and limits, and some of the lowest band. */
static void
measure_history(History *history)
{
	double		room;

	kpi_begin_axis(&history->axis);
	kpi_see_all(&history->axis, history->score, history->line.count);
	kpi_see_all(&history->axis, history->limit, history->bands);
	kpi_see(&history->axis, history->target);
	kpi_end_axis(&history->axis, 0);
	room = (history->axis.high - history->axis.low) * 0.12;
	history->axis.low -= history->bands > 1 ? Max(room, 20) : room;
	history->axis.high += room;
	history->axis.begin = TOP + PANEL;
	history->axis.end = TOP;
	history->y = palloc(sizeof(double) * Max(history->line.count, 1));
	for (int i = 0; i < history->line.count; i++)
		history->y[i] = kpi_place(&history->axis, history->score[i]);
}

/* The value at which a band ends. */
static double
band_end(const History *history, int i)
{
	return i + 1 < history->bands && !isnan(history->limit[i + 1]) ? history->limit[i + 1] : history->axis.high;
}

/* The value at which a band begins on the axis. */
static double
band_begin(const History *history, int i)
{
	return isnan(history->limit[i]) ? history->axis.low : history->limit[i];
}

/* The bands, from dark for bad to light for good. */
static void
draw_bands(KpiCanvas *canvas, const History *history, double left)
{
	for (int i = 0; i < history->bands; i++)
	{
		int			status = kpi_status_of(history->status[i]);
		double		top = kpi_place(&history->axis, band_end(history, i));
		double		bottom = kpi_place(&history->axis, band_begin(history, i));

		kpi_draw_box(canvas, left, top, history->line.right - left, bottom - top,
					 status == -1 ? KPI_BAND_BAD : status == 0 ? KPI_BAND_FAIR : KPI_BAND_GOOD, NAN);
	}
}

/* The names of the bands at their left foot, where the curve leaves room for them. */
static void
draw_band_names(KpiCanvas *canvas, const History *history, KpiRoom *room, double left)
{
	static const KpiType type = {11, false, KPI_INK, KPI_START};

	for (int i = 0; i < history->bands; i++)
	{
		double		top = kpi_place(&history->axis, band_end(history, i));
		double		y = kpi_place(&history->axis, band_begin(history, i)) - 5;
		double		width = Min(kpi_text_size(history->band[i], 11, false), (history->line.right - left) * 0.42);
		KpiBox		box = {left + 2, y - 10, left + 20 + width, y + 2};

		if (box.top < top || !kpi_is_free(room, &box))
			continue;
		kpi_take(room, &box);
		kpi_draw_status(canvas, left + 9, y - 4, kpi_status_of(history->status[i]), 7);
		kpi_draw_fitted(canvas, left + 18, y, &type, history->band[i], width);
	}
}

/* The limits of the bands and the target as numbers at the left; the lowest first, those that are too near left out. */
static void
draw_limits(KpiCanvas *canvas, const History *history, double left)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_END};
	static const KpiFigure figure = {"", 0, false};
	double		free_below = INFINITY;

	for (int i = 0; i <= history->bands; i++)
	{
		double		value = i < history->bands ? history->limit[i] : history->target;
		double		y = kpi_place(&history->axis, value);

		if (isnan(y) || y > free_below - 12)
			continue;
		kpi_draw_text(canvas, left - 6, y + 4, &type, kpi_figure_float8(value, &figure));
		free_below = y;
	}
}

/* The scores, and the last one as a number. */
static void
draw_scores(KpiCanvas *canvas, const History *history)
{
	static const KpiPen pen = {KPI_BAR, 2, NULL};
	static const KpiType last = {15, true, KPI_INK, KPI_START};
	static const KpiFigure figure = {"", 1, false};
	int			end = history->line.count - 1;

	kpi_draw_curve(canvas, history->line.x, history->y, NULL, history->line.count, &pen);
	for (int i = 0; i <= end; i++)
	{
		if (!isnan(history->y[i]))
			kpi_draw_dot(canvas, history->line.x[i], history->y[i], i == end ? 4 : 2, KPI_BAR, history->score[i]);
	}
	if (end >= 0 && !isnan(history->y[end]))
		kpi_draw_text(canvas, history->line.right + 6, Max(history->y[end] + 5, TOP + 12), &last,
					  kpi_figure_float8(history->score[end], &figure));
}

/* How wide the last score is as a number, with what is before and behind it. */
static double
last_width(const History *history)
{
	static const KpiFigure figure = {"", 1, false};
	double		last = history->line.count > 0 ? history->score[history->line.count - 1] : NAN;

	return isnan(last) ? 20 : kpi_text_size(kpi_figure_float8(last, &figure), 15, true) + 10;
}

/* score_chart(periods, scores, bands, limits, statuses, target, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_score_chart);
Datum
kpi_score_chart(PG_FUNCTION_ARGS)
{
	static const KpiPen target = {KPI_INK, 1.1, "5 3"};
	History		history;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	double		left = 34;
	KpiBox		limits;
	KpiRoom		room;
	KpiCanvas	canvas;

	read_history(fcinfo, &history);
	measure_history(&history);
	kpi_place_timeline(&history.line, left, width - last_width(&history));
	kpi_open_canvas(&canvas, width, TOP + PANEL + KPI_TIMELINE_HEIGHT, kpi_given_text(fcinfo, TITLE),
					kpi_given_text(fcinfo, FINDING));
	draw_bands(&canvas, &history, left);
	if (!isnan(history.target))
		kpi_draw_line(&canvas, left, kpi_place(&history.axis, history.target), history.line.right,
					  kpi_place(&history.axis, history.target), &target);
	draw_limits(&canvas, &history, left);
	limits.left = left;
	limits.top = TOP;
	limits.right = history.line.right;
	limits.bottom = TOP + PANEL;
	kpi_open_room(&room, &history.line, history.y, limits);
	draw_band_names(&canvas, &history, &room, left);
	draw_scores(&canvas, &history);
	kpi_draw_timeline(&canvas, &history.line, TOP + PANEL);
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
