/*-------------------------------------------------------------------------
 *
 * axis.c
 *	  From values to places, and the labels beside them.
 *
 * Labels in a column are pushed apart: neighbours that are too near give way by
 * half each, over and over, and none leaves the column.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/axis.h"

#include <math.h>

#include "base/check.h"
#include "draw/glyph.h"

/* Part of the value by which an axis of a single value is widened. */
#define LONE_MARGIN 0.05

/* Sweeps over labels; each sweep settles at least one more of them. */
#define LABEL_SWEEPS 60

/* An axis that has seen no value yet. */
void
kpi_begin_axis(KpiAxis *axis)
{
	axis->low = INFINITY;
	axis->high = -INFINITY;
}

/* Makes room for a value, if it is one. */
void
kpi_see(KpiAxis *axis, double value)
{
	if (!kpi_is_number(value))
		return;
	axis->low = Min(axis->low, value);
	axis->high = Max(axis->high, value);
}

/* The same for many. */
void
kpi_see_all(KpiAxis *axis, const double *value, int count)
{
	for (int i = 0; i < count; i++)
		kpi_see(axis, value[i]);
}

/* Widens the axis by a part of its length; one without length gets some, and one without values is 0 to 1. */
void
kpi_end_axis(KpiAxis *axis, double margin)
{
	double		room;

	if (axis->low > axis->high)
	{
		axis->low = 0;
		axis->high = 1;
		return;
	}
	room = (axis->high - axis->low) * margin;
	if (axis->high - axis->low <= fabs(axis->high) * 1e-12)
		room = Max(fabs(axis->high) * LONE_MARGIN, 1e-9);
	axis->low -= room;
	axis->high += room;
}

/* Where a value lies; NaN for none. */
double
kpi_place(const KpiAxis *axis, double value)
{
	if (!kpi_is_number(value))
		return NAN;
	return axis->begin + (value - axis->low) / (axis->high - axis->low) * (axis->end - axis->begin);
}

/* The distance of round values of which at most so many lie on the axis. */
static double
round_step(double length, int most)
{
	double		least = length / Max(most, 1);
	double		power = pow(10, floor(log10(least)));

	for (int i = 0; i < 3; i++)
	{
		static const double factor[] = {1, 2, 5};

		if (power * factor[i] >= least)
			return power * factor[i];
	}
	return power * 10;
}

/* Round values on the axis, how many, and with how many decimals they are written. */
int
kpi_ticks(const KpiAxis *axis, int most, double tick[], int *decimals, bool percent)
{
	double		step = round_step(axis->high - axis->low, Min(most, KPI_MAX_TICKS - 1));
	double		first = ceil(axis->low / step);
	int			count = 0;
	int			places = (int) ceil(-log10(step) - 1e-9) - (percent ? 2 : 0);

	*decimals = Min(Max(places, 0), 12);
	while (count < KPI_MAX_TICKS && (first + count) * step <= axis->high)
	{
		tick[count] = (first + count) * step;
		count++;
	}
	return count;
}

/* The figure of ticks with so many decimals. */
static KpiFigure
tick_figure(const KpiFigure *figure, int decimals)
{
	KpiFigure	shown = {strcmp(figure->unit, "%") == 0 ? "%" : "", decimals, false};

	return shown;
}

/* How wide the widest of the round values is. */
double
kpi_tick_width(const KpiAxis *axis, int most, const KpiFigure *figure)
{
	double		tick[KPI_MAX_TICKS];
	int			decimals;
	int			count = kpi_ticks(axis, most, tick, &decimals, strcmp(figure->unit, "%") == 0);
	KpiFigure	shown = tick_figure(figure, decimals);
	double		width = 0;

	for (int i = 0; i < count; i++)
		width = Max(width, kpi_text_size(kpi_figure_float8(tick[i], &shown), 11, false));
	return width;
}

/* Round values of an upright axis, with their lines from left to right. */
void
kpi_draw_ticks(KpiCanvas *canvas, const KpiAxis *axis, int most, const KpiFigure *figure, double left, double right)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_END};
	static const KpiPen pen = {KPI_GRID, 1, NULL};
	double		tick[KPI_MAX_TICKS];
	int			decimals;
	int			count = kpi_ticks(axis, most, tick, &decimals, strcmp(figure->unit, "%") == 0);
	KpiFigure	shown = tick_figure(figure, decimals);

	for (int i = 0; i < count; i++)
	{
		double		y = kpi_place(axis, tick[i]);

		kpi_draw_line(canvas, left, y, right, y, &pen);
		kpi_draw_text(canvas, left - 6, y + 4, &type, kpi_figure_float8(tick[i], &shown));
	}
}

/* Adds a label, unless it has no place or there are too many. */
void
kpi_add_label(KpiLabels *labels, const char *string, KpiPaint paint, bool bold, double place)
{
	KpiLabel   *label = &labels->label[labels->count];

	if (labels->count == KPI_MAX_LABELS || isnan(place))
		return;
	label->string = string;
	label->paint = paint;
	label->bold = bold;
	label->place = place;
	labels->count++;
}

/* How wide the column is that the labels need, with the lines that lead to them. */
double
kpi_labels_width(const KpiLabels *labels, double most)
{
	double		width = 0;

	for (int i = 0; i < labels->count; i++)
		width = Max(width, kpi_text_size(labels->label[i].string, 12, labels->label[i].bold) + 16);
	return Min(width, most);
}

/* Orders labels from top to bottom. */
static int
compare_labels(const void *a, const void *b)
{
	const KpiLabel *one = a;
	const KpiLabel *other = b;

	return one->place < other->place ? -1 : one->place > other->place;
}

/* Pushes labels apart; top and bottom are those of the column. */
static void
push_apart(KpiLabels *labels, double top, double bottom)
{
	KpiLabel   *label = labels->label;
	int			last = labels->count - 1;

	for (int sweep = 0; sweep < LABEL_SWEEPS; sweep++)
	{
		for (int i = 0; i < last; i++)
		{
			double		lack = KPI_LABEL_HEIGHT - (label[i + 1].y - label[i].y);

			if (lack > 0)
			{
				label[i].y -= lack / 2;
				label[i + 1].y += lack / 2;
			}
		}
		label[0].y = Max(label[0].y, top);
		label[last].y = Min(label[last].y, bottom);
	}
	/* what sweeps have left too near goes down, or up from the bottom */
	for (int i = 1; i <= last; i++)
		label[i].y = Max(label[i].y, label[i - 1].y + KPI_LABEL_HEIGHT);
	label[last].y = Min(label[last].y, Max(bottom, top));
	for (int i = last - 1; i >= 0; i--)
		label[i].y = Min(label[i].y, label[i + 1].y - KPI_LABEL_HEIGHT);
}

/* The labels in a column that begins at x, each with a line from where it belongs. */
void
kpi_draw_labels(KpiCanvas *canvas, KpiLabels *labels, double x, double width, double top, double bottom)
{
	static const KpiPen pen = {KPI_MUTED, 0.8, NULL};

	if (labels->count == 0)
		return;
	qsort(labels->label, labels->count, sizeof(KpiLabel), compare_labels);
	for (int i = 0; i < labels->count; i++)
		labels->label[i].y = labels->label[i].place;
	push_apart(labels, top, bottom);
	for (int i = 0; i < labels->count; i++)
	{
		const KpiLabel *label = &labels->label[i];
		const KpiType type = {12, label->bold, label->paint, KPI_START};

		kpi_draw_line(canvas, x, label->place, x + 12, label->y, &pen);
		kpi_draw_fitted(canvas, x + 15, label->y + 4, &type, label->string, width - 15);
	}
}
