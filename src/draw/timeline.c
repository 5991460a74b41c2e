/*-------------------------------------------------------------------------
 *
 * timeline.c
 *	  The axis of periods under a picture.
 *
 * Months are letters, in Chinese numbers, quarters Q1 to Q4, with the year below
 * where it begins; other periods are years or days.  Every first, second, third,
 * sixth, ... of them has a label, whichever fits.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/timeline.h"

#include "draw/figure.h"
#include "draw/given.h"
#include "draw/glyph.h"
#include "utils/array.h"
#include "catalog/pg_type.h"
#include "utils/date.h"
#include "utils/datetime.h"

typedef enum Step
{
	STEP_MONTH,
	STEP_QUARTER,
	STEP_YEAR,
	STEP_OTHER
} Step;

/* An argument of type date[]: the periods; NULL has none. */
void
kpi_given_timeline(FunctionCallInfo fcinfo, int argument, KpiTimeline *line)
{
	Datum	   *element;
	bool	   *is_null;

	line->count = 0;
	line->day = NULL;
	if (PG_ARGISNULL(argument))
		return;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), DATEOID, sizeof(DateADT), true, TYPALIGN_INT,
					  &element, &is_null, &line->count);
	line->day = palloc(sizeof(int) * Max(line->count, 1));
	for (int i = 0; i < line->count; i++)
	{
		if (is_null[i] || DATE_NOT_FINITE(DatumGetDateADT(element[i])))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("period %d is not a day", i + 1),
					 errhint("Give the first day of each period.")));
		line->day[i] = DatumGetDateADT(element[i]);
	}
}

/* Gives every period its place. */
void
kpi_place_timeline(KpiTimeline *line, double left, double right)
{
	line->left = left;
	line->right = right;
	line->x = palloc(sizeof(double) * Max(line->count, 1));
	for (int i = 0; i < line->count; i++)
		line->x[i] = left + (i + 0.5) * (right - left) / line->count;
}

/* The distance between two periods. */
double
kpi_timeline_step(const KpiTimeline *line)
{
	return (line->right - line->left) / Max(line->count, 1);
}

/* How long the periods are, by the shortest distance of two. */
static Step
step_of(const KpiTimeline *line)
{
	int			least = PG_INT32_MAX;

	for (int i = 1; i < line->count; i++)
		least = Min(least, line->day[i] - line->day[i - 1]);
	if (line->count < 2)
		return STEP_MONTH;
	if (least >= 365)
		return STEP_YEAR;
	if (least >= 90)
		return STEP_QUARTER;
	return least >= 28 ? STEP_MONTH : STEP_OTHER;
}

/* The letter of a month, as the word "months" lists them. */
static char *
letter_of(int month)
{
	char	   *word = kpi_drawn_word("report", "months");

	for (int i = 1; i < month && word; i++)
	{
		word = strchr(word, ' ');
		word = word ? word + 1 : NULL;
	}
	return word ? pnstrdup(word, strcspn(word, " ")) : psprintf("%d", month);
}

/* Year and month of a first day. */
static void
year_and_month(int day, int *year, int *month)
{
	int			day_of_month;

	j2date(day + POSTGRES_EPOCH_JDATE, year, month, &day_of_month);
}

/* The label of a period. */
static char *
label_of(int day, Step step)
{
	int			year;
	int			month;
	int			day_of_month;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &day_of_month);
	switch (step)
	{
		case STEP_MONTH:
			return letter_of(month);
		case STEP_QUARTER:
			return psprintf("Q%d", (month + 2) / 3);
		case STEP_YEAR:
			return psprintf("%d", year);
		default:
			return psprintf("%02d-%02d", month, day_of_month);
	}
}

/* Whether the label of a period is one of every so many: months and quarters are counted from the year on. */
static bool
is_labelled(const KpiTimeline *line, int i, Step step, int every)
{
	int			year;
	int			month;

	year_and_month(line->day[i], &year, &month);
	if (step == STEP_MONTH)
		return (month - 1) % every == 0;
	if (step == STEP_QUARTER)
		return (month + 2) / 3 % every == every - 1 || every == 1;
	return i % every == 0;
}

/* How many periods share a label so that none meets the next. */
static int
label_distance(const KpiTimeline *line, Step step)
{
	static const int distance[] = {1, 3, 6, 12};
	double		width = step == STEP_MONTH ? 14 : step == STEP_OTHER ? 44 : 30;
	double		room = kpi_timeline_step(line);

	for (int i = 0; i < (int) lengthof(distance); i++)
	{
		if (room * distance[i] >= width && (step == STEP_MONTH || i == 0))
			return distance[i];
	}
	return step == STEP_MONTH ? 12 : (int) (width / room) + 1;
}

/* The year under the first period and under each that begins one, as far as there is room. */
static void
draw_years(KpiCanvas *canvas, const KpiTimeline *line, double y)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_START};
	static const KpiPen pen = {KPI_GRID, 1, NULL};
	double		half = kpi_timeline_step(line) / 2;
	double		free_from = 0;
	int			shown = 0;

	for (int i = 0; i < line->count; i++)
	{
		int			year;
		int			month;
		double		x = line->x[i] - half;
		char	   *word;

		year_and_month(line->day[i], &year, &month);
		if (i > 0 && year == shown)
			continue;
		shown = year;
		word = psprintf("%d", year);
		if (i > 0)
			kpi_draw_line(canvas, x, y + 4, x, y + 30, &pen);
		if (i > 0 && x + 4 < free_from)
			continue;
		if (x + 4 + kpi_text_size(word, 11, false) > canvas->width)
			continue;
		kpi_draw_text(canvas, x + 4, y + 28, &type, word);
		free_from = x + 4 + kpi_text_size(word, 11, false) + 4;
	}
}

/* The labels of periods below a height. */
void
kpi_draw_timeline(KpiCanvas *canvas, const KpiTimeline *line, double y)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_MIDDLE};
	Step		step = step_of(line);
	int			every = label_distance(line, step);

	for (int i = 0; i < line->count; i++)
	{
		if (is_labelled(line, i, step, every))
			kpi_draw_text(canvas, line->x[i], y + 14, &type, label_of(line->day[i], step));
	}
	if (step != STEP_YEAR)
		draw_years(canvas, line, y);
}
