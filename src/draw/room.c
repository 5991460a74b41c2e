/*-------------------------------------------------------------------------
 *
 * room.c
 *	  Where there is room for a label beside a point of a curve.
 *
 * A label stands above the point, below it, to the left or to the right of it,
 * where it meets neither the curve nor a level line nor another label; it is left
 * out where it meets something everywhere.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/room.h"

#include <math.h>

#include "draw/glyph.h"

/* Distance of a label from its point and from the curve. */
#define GAP 7.0
#define CLEARANCE 2.0

/* How many labels back are looked at: those before are farther away than any label is wide. */
#define TAKEN_BACK 12

/* A room with nothing but the curve. */
void
kpi_open_room(KpiRoom *room, const KpiTimeline *line, const double *y, KpiBox limits)
{
	room->line = line;
	room->y = y;
	room->limits = limits;
	room->heights = 0;
	room->count = 0;
	room->size = 16;
	room->taken = palloc(sizeof(KpiBox) * room->size);
}

/* Keeps a place from other labels. */
void
kpi_take(KpiRoom *room, const KpiBox *box)
{
	if (room->count == room->size)
	{
		room->size *= 2;
		room->taken = repalloc(room->taken, sizeof(KpiBox) * room->size);
	}
	room->taken[room->count++] = *box;
}

/* Keeps labels from a level line, if there is one. */
void
kpi_avoid(KpiRoom *room, double height)
{
	if (!isnan(height) && room->heights < KPI_MAX_HEIGHTS)
		room->height[room->heights++] = height;
}

/* Does a level line cross a box? */
static bool
is_crossed(const KpiRoom *room, const KpiBox *box)
{
	for (int i = 0; i < room->heights; i++)
	{
		if (room->height[i] > box->top - 1 && room->height[i] < box->bottom + 1)
			return true;
	}
	return false;
}

/* Do two boxes share a place? */
static bool
overlap(const KpiBox *a, const KpiBox *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* The height of the curve between two points at x. */
static double
height_at(const KpiRoom *room, int i, double x)
{
	double		x1 = room->line->x[i];
	double		x2 = room->line->x[i + 1];
	double		part = Min(Max((x - x1) / (x2 - x1), 0), 1);

	return room->y[i] + part * (room->y[i + 1] - room->y[i]);
}

/* Does the curve between two points cross a box? */
static bool
crosses(const KpiRoom *room, int i, const KpiBox *box)
{
	double		from;
	double		to;

	if (isnan(room->y[i]) || isnan(room->y[i + 1]) || room->line->x[i + 1] < box->left || room->line->x[i] > box->right)
		return false;
	from = height_at(room, i, box->left);
	to = height_at(room, i, box->right);
	return Min(from, to) < box->bottom + CLEARANCE && Max(from, to) > box->top - CLEARANCE;
}

/* Does a point of the curve lie in a box? */
static bool
holds_point(const KpiRoom *room, int i, const KpiBox *box)
{
	return !isnan(room->y[i]) && room->line->x[i] > box->left - CLEARANCE && room->line->x[i] < box->right + CLEARANCE &&
		room->y[i] > box->top - CLEARANCE && room->y[i] < box->bottom + CLEARANCE;
}

/* Does a box lie within the limits, apart from the curve and from all labels? */
bool
kpi_is_free(const KpiRoom *room, const KpiBox *box)
{
	double		step = kpi_timeline_step(room->line);
	int			first = (int) Max(floor((box->left - room->line->left) / step) - 1, 0);
	int			last = (int) Min(ceil((box->right - room->line->left) / step) + 1, room->line->count - 1);

	if (box->left < room->limits.left || box->right > room->limits.right || box->top < room->limits.top ||
		box->bottom > room->limits.bottom || is_crossed(room, box))
		return false;
	for (int i = first; i <= last; i++)
	{
		if (holds_point(room, i, box) || (i < last && crosses(room, i, box)))
			return false;
	}
	for (int i = Max(room->count - TAKEN_BACK, 0); i < room->count; i++)
	{
		if (overlap(&room->taken[i], box))
			return false;
	}
	return true;
}

/* Writes a label in the first free place around a point; false where there is none. */
bool
kpi_draw_beside(KpiCanvas *canvas, KpiRoom *room, double x, double y, const KpiType *type, const char *string)
{
	double		width = kpi_text_size(string, type->size, type->bold);
	double		height = type->size;
	const double left[] = {x - width / 2, x - width / 2, x - GAP - width, x + GAP, x - width - 2, x - width - 2,
	x - width / 2, x - width / 2};
	const double top[] = {y - GAP - height, y + GAP, y - height / 2, y - height / 2, y - GAP - height, y + GAP,
	y - 2 * GAP - height, y + 2 * GAP};

	for (int i = 0; i < (int) lengthof(left); i++)
	{
		KpiBox		box = {left[i], top[i], left[i] + width, top[i] + height};
		KpiType		shown = *type;

		if (!kpi_is_free(room, &box))
			continue;
		kpi_take(room, &box);
		shown.anchor = KPI_MIDDLE;
		kpi_draw_text(canvas, (box.left + box.right) / 2, box.top + height * 0.82, &shown, string);
		return true;
	}
	return false;
}
