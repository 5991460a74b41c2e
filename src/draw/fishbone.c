/*-------------------------------------------------------------------------
 *
 * fishbone.c
 *	  kpi.fishbone: what an effect hangs on, bone by bone.
 *
 * The bone with the greatest value is nearest the head; its causes stand to the
 * left of it, the greatest outermost.  Where there is too little room, or a
 * single bone, the same is a list.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/given.h"
#include "draw/glyph.h"

/* The arguments, in their order. */
enum
{
	EFFECT,
	SCORE,
	CAPTION,
	BONES,
	CAUSES,
	VALUES,
	STATUSES,
	UNIT,
	DECIMALS,
	WIDTH,
	TITLE,
	FINDING
};

#define RIB 22.0
#define LEAST_HEAD 112.0
#define MOST_HEAD 190.0
#define HEAD_HEIGHT 78.0
#define MAX_RIBS 8
#define LEAST_PITCH 150.0

/* What a bone hangs on, or the bone itself as a line of the list. */
typedef struct Cause
{
	const char *name;
	double		value;
	int			status;
} Cause;

/* A part of the effect, with its causes. */
typedef struct Bone
{
	const char *name;
	double		value;			/* its own, or the sum of its causes */
	int			status;
	int			count;
	Cause	   *cause;
} Bone;

/* All that is drawn, and the measures that depend on the width. */
typedef struct Fish
{
	char	   *effect;
	double		score;
	char	   *caption;
	KpiFigure	figure;
	int			bones;
	Bone	   *bone;
	double		total;			/* of the values above 0 */
	int			most_ribs;
	double		head;			/* its width */
	double		pitch;
	double		middle;
} Fish;

/* Orders causes: the greatest first, those without a value last. */
static int
compare_causes(const void *a, const void *b)
{
	double		one = ((const Cause *) a)->value;
	double		other = ((const Cause *) b)->value;

	if (isnan(one) || isnan(other))
		return isnan(one) - isnan(other);
	return one > other ? -1 : one < other;
}

/* Orders bones in the same way. */
static int
compare_bones(const void *a, const void *b)
{
	const Cause one = {"", ((const Bone *) a)->value, 0};
	const Cause other = {"", ((const Bone *) b)->value, 0};

	return compare_causes(&one, &other);
}

/* Puts the rows into their bones, in order. */
static void
fill_bones(Fish *fish, char **bone, char **cause, const double *value, const double *status, int count)
{
	int		   *place = kpi_number_keys(bone, count, &fish->bones);
	int		   *size = palloc0(sizeof(int) * Max(fish->bones, 1));

	fish->bone = palloc0(sizeof(Bone) * Max(fish->bones, 1));
	for (int i = 0; i < count; i++)
		size[place[i]]++;
	for (int i = 0; i < fish->bones; i++)
		fish->bone[i] = (Bone)
	{
		NULL, NAN, KPI_STATUS_NONE, 0, palloc(sizeof(Cause) * Max(size[i], 1))
	};
	for (int i = 0; i < count; i++)
	{
		Bone	   *at = &fish->bone[place[i]];

		at->name = bone[i];
		if (*cause[i] == '\0')
		{
			at->value = value[i];
			at->status = kpi_status_of(status[i]);
		}
		else
			at->cause[at->count++] = (Cause)
		{
			cause[i], value[i], kpi_status_of(status[i])
		};
	}
}

/* Sums and orders of bones and causes. */
static void
order_bones(Fish *fish)
{
	fish->total = 0;
	fish->most_ribs = 0;
	for (int i = 0; i < fish->bones; i++)
	{
		Bone	   *bone = &fish->bone[i];
		double		sum = 0;

		for (int j = 0; j < bone->count; j++)
			sum += isnan(bone->cause[j].value) ? 0 : bone->cause[j].value;
		if (isnan(bone->value) && bone->count > 0)
			bone->value = sum;
		qsort(bone->cause, bone->count, sizeof(Cause), compare_causes);
		fish->total += bone->value > 0 ? bone->value : 0;
		fish->most_ribs = Max(fish->most_ribs, bone->count);
	}
	qsort(fish->bone, fish->bones, sizeof(Bone), compare_bones);
}

/* Reads the arguments. */
static void
read_fish(FunctionCallInfo fcinfo, Fish *fish)
{
	int			count;
	int			other;
	char	  **bone = kpi_given_texts(fcinfo, BONES, &count);
	char	  **cause = kpi_given_texts(fcinfo, CAUSES, &other);
	double	   *value;
	double	   *status;

	kpi_require_same_count(count, "bones", other, "causes");
	value = kpi_given_numbers(fcinfo, VALUES, &other);
	kpi_require_same_count(count, "bones", other, "values");
	status = kpi_given_numbers(fcinfo, STATUSES, &other);
	kpi_require_same_count(count, "bones", other, "statuses");
	fish->effect = kpi_given_text(fcinfo, EFFECT);
	fish->score = kpi_given_number(fcinfo, SCORE);
	fish->caption = kpi_given_text(fcinfo, CAPTION);
	fish->figure = kpi_given_figure(fcinfo, UNIT, DECIMALS);
	fill_bones(fish, bone, cause, value, status, count);
	order_bones(fish);
}

/* A value as it is shown. */
static char *
figure_of(const Fish *fish, double value)
{
	return isnan(value) ? pstrdup(KPI_DASH) : kpi_figure_float8(value, &fish->figure);
}

/* Name, sign and value, from right to left of a place, within a width. */
static double
draw_entry(KpiCanvas *canvas, const Fish *fish, double right, double y, const char *name, int status, double value,
		   bool bold, double width)
{
	const KpiType type = {12, bold, KPI_INK, KPI_END};
	char	   *figure = figure_of(fish, value);
	double		figure_width = kpi_text_size(figure, 12, bold);
	double		room = Max(width - figure_width - 20, 10);

	kpi_draw_text(canvas, right, y, &type, figure);
	kpi_draw_status(canvas, right - figure_width - 8, y - 4, status, 8);
	kpi_draw_fitted(canvas, right - figure_width - 16, y, &type, name, room);
	return figure_width + 16 + Min(kpi_text_size(name, 12, bold), room);
}

/* The distance from the spine at which a bone ends. */
static double
bone_height(const Bone *bone)
{
	return RIB * (bone->count + 1) + 8;
}

/* A bone with its causes: above the spine for side -1, below it for 1. */
static void
draw_bone(KpiCanvas *canvas, const Fish *fish, const Bone *bone, double joint, int side)
{
	static const KpiPen rib = {KPI_MUTED, 0.8, NULL};
	double		height = bone_height(bone);
	double		share = fish->total > 0 && bone->value > 0 ? bone->value / fish->total : 0;
	const KpiPen pen = {KPI_BAR, 1.5 + 6 * share, NULL};
	double		end = joint - height / 2;

	kpi_draw_line(canvas, joint, fish->middle, end, fish->middle + side * height, &pen);
	for (int i = 0; i < bone->count; i++)
	{
		const Cause *cause = &bone->cause[i];
		double		distance = height - RIB * (i + 1) + (side > 0 ? 4 : -4);
		double		y = fish->middle + side * distance;
		double		x = joint - distance / 2 - pen.width / 2 - (side > 0 ? 6 : 13);
		double		length = draw_entry(canvas, fish, x, y - 4, cause->name, cause->status, cause->value, false,
										Min(fish->pitch - 26, x - 2));

		kpi_draw_line(canvas, x - length, y, joint - distance / 2, y, &rib);
	}
	draw_entry(canvas, fish, end + 6, fish->middle + side * height + (side > 0 ? 16 : -8), bone->name, bone->status,
			   bone->value, true, Min(fish->pitch - 16, end + 4));
}

/* The head: the effect, its score, and what it has lost. */
static void
draw_head(KpiCanvas *canvas, const Fish *fish)
{
	static const KpiType name = {11, false, KPI_MUTED, KPI_START};
	static const KpiType score = {20, true, KPI_INK, KPI_START};
	static const KpiType caption = {11, true, KPI_INK, KPI_START};
	double		left = canvas->width - fish->head;
	double		top = fish->middle - HEAD_HEIGHT / 2;
	const double x[] = {left, canvas->width - 14, canvas->width, canvas->width - 14, left};
	const double y[] = {top, top + 8, fish->middle, top + HEAD_HEIGHT - 8, top + HEAD_HEIGHT};

	kpi_draw_polygon(canvas, x, y, 5, KPI_BAND_GOOD);
	kpi_draw_fitted(canvas, left + 9, top + 22, &name, fish->effect, fish->head - 26);
	if (!isnan(fish->score))
		kpi_draw_fitted(canvas, left + 9, top + 45, &score, figure_of(fish, fish->score), fish->head - 20);
	kpi_draw_fitted(canvas, left + 9, top + 62, &caption, fish->caption, fish->head - 18);
}

/* The whole fish. */
static void
draw_fish(KpiCanvas *canvas, const Fish *fish)
{
	static const KpiPen spine = {KPI_INK, 2.5, NULL};

	kpi_draw_line(canvas, 4, fish->middle, canvas->width - fish->head, fish->middle, &spine);
	for (int i = 0; i < fish->bones; i++)
	{
		int			pair = i / 2;

		draw_bone(canvas, fish, &fish->bone[i], canvas->width - fish->head - 8 - pair * fish->pitch, i % 2 == 0 ? -1 : 1);
	}
	draw_head(canvas, fish);
}

/* A line of the list. */
static void
draw_list_line(KpiCanvas *canvas, const Fish *fish, double y, double indent, const Cause *cause, bool bold)
{
	const KpiType name = {12, bold, KPI_INK, KPI_START};
	const KpiType figure = {12, bold, KPI_INK, KPI_END};
	char	   *shown = figure_of(fish, cause->value);
	double		right = Min(canvas->width, 420);

	kpi_draw_status(canvas, indent + 5, y - 4, cause->status, 8);
	kpi_draw_fitted(canvas, indent + 14, y, &name, cause->name, right - indent - 22 - kpi_text_size(shown, 12, bold));
	kpi_draw_text(canvas, right, y, &figure, shown);
}

/* The same as a list, bones with their causes below them. */
static void
draw_list(KpiCanvas *canvas, const Fish *fish)
{
	double		y = 16;

	for (int i = 0; i < fish->bones; i++)
	{
		const Bone *bone = &fish->bone[i];
		const Cause head = {bone->name, bone->value, bone->status};

		draw_list_line(canvas, fish, y, 0, &head, true);
		y += RIB;
		for (int j = 0; j < bone->count; j++, y += RIB)
			draw_list_line(canvas, fish, y, 16, &bone->cause[j], false);
	}
}

/* How high the fish is above its spine, or below it. */
static double
side_height(const Fish *fish, int side)
{
	double		height = HEAD_HEIGHT / 2;

	for (int i = side; i < fish->bones; i += 2)
		height = Max(height, bone_height(&fish->bone[i]) + 24);
	return height;
}

/* Whether there is room for a fish of more than one bone. */
static bool
is_drawn(Fish *fish, double width)
{
	int			pairs = (fish->bones + 1) / 2;

	fish->head = Min(Max(kpi_text_size(fish->caption, 11, true) + 24, LEAST_HEAD), MOST_HEAD);
	fish->pitch = (width - fish->head - 20 - RIB * (fish->most_ribs + 1) / 2) / Max(pairs, 1);
	return fish->bones > 1 && fish->most_ribs <= MAX_RIBS && fish->pitch >= LEAST_PITCH;
}

/* How many lines the list has. */
static int
list_lines(const Fish *fish)
{
	int			count = fish->bones;

	for (int i = 0; i < fish->bones; i++)
		count += fish->bone[i].count;
	return Max(count, 1);
}

/* fishbone(effect, score, caption, bones, causes, values, statuses, unit, decimals, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_fishbone);
Datum
kpi_fishbone(PG_FUNCTION_ARGS)
{
	Fish		fish;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	bool		drawn;
	KpiCanvas	canvas;

	read_fish(fcinfo, &fish);
	drawn = is_drawn(&fish, width);
	fish.middle = side_height(&fish, 0);
	kpi_open_canvas(&canvas, width, drawn ? fish.middle + side_height(&fish, 1) : list_lines(&fish) * RIB + 2,
					kpi_given_text(fcinfo, TITLE), kpi_given_text(fcinfo, FINDING));
	if (drawn)
		draw_fish(&canvas, &fish);
	else
		draw_list(&canvas, &fish);
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
