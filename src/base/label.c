/*-------------------------------------------------------------------------
 *
 * label.c
 *	  Labels of periods, written and read.
 *
 *	2011		2011-H2		2011-Q4		2011-11		2011-W45	2011-11-05
 *	fy2012		fy2012-H2	fy2012-Q3
 *	retail2011	retail2011-H2	retail2011-Q3	retail2011-P07	retail2011-W27
 *	2011-11 ytd	2011-11 r12	2011-Q3 ytd
 *
 * A label is the calendar, four digits of the year, a hyphen, the letter of
 * the length and the number in the year.  That of a window is the label of
 * the period it ends with, a space, and what the key of the window has after
 * the one of that grain.  Each period has one label; a day is read with a time
 * of day behind it, too, as drivers write it.
 *
 *-------------------------------------------------------------------------
 */
#include "base/grain_table.h"

#include "base/nearest.h"
#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#define YEAR_DIGITS 4
#define DAY_LENGTH 10

/* How the number of a part is written. */
static const struct
{
	char		letter;			/* 0 for none */
	int			digits;
}			part_form[] = {
	[KPI_PART_DAY] = {0, 0},	/* a month and a day */
	[KPI_PART_WEEK] = {'W', 2},
	[KPI_PART_MONTH] = {'M', 2},	/* without a calendar no letter */
	[KPI_PART_PERIOD] = {'P', 2},
	[KPI_PART_QUARTER] = {'Q', 1},
	[KPI_PART_HALF] = {'H', 1},
	[KPI_PART_YEAR] = {0, 0}
};

/* A label in its pieces. */
typedef struct Label
{
	const char *whole;
	char	   *calendar;		/* or NULL */
	char	   *suffix;			/* of a window, or NULL */
	int			year;
	KpiPart		part;
	int			number;
} Label;

/* Appends the year and the number in it. */
static void
append_number(StringInfo out, const KpiGrainRow *grain, DateADT start)
{
	KpiPart		part = grain->rule->part;
	int			year,
				month,
				day,
				number;

	if (part == KPI_PART_DAY)
	{
		j2date(start + POSTGRES_EPOCH_JDATE, &year, &month, &day);
		appendStringInfo(out, "%04d-%02d-%02d", year, month, day);
		return;
	}
	number = kpi_grain_number(grain->rule, start, &year);
	appendStringInfo(out, "%04d", year);
	if (part == KPI_PART_YEAR)
		return;
	appendStringInfoChar(out, '-');
	if (part != KPI_PART_MONTH || grain->calendar != NULL)
		appendStringInfoChar(out, part_form[part].letter);
	appendStringInfo(out, "%0*d", part_form[part].digits, number);
}

/* The label of a period that exists. */
char *
kpi_period_text(const KpiGrainRow *grain, DateADT start)
{
	const KpiGrainRow *base = grain->base ? grain->base : grain;
	StringInfoData out;

	initStringInfo(&out);
	if (base->calendar != NULL)
		appendStringInfoString(&out, base->calendar);
	append_number(&out, base, start);
	if (grain->base != NULL)
		appendStringInfo(&out, " %s", grain->suffix);
	return out.data;
}

/* The digits at the start of a text as a number; false unless there are just so many. */
static bool
read_digits(const char **text, int count, int *number)
{
	*number = 0;
	for (int i = 0; i < count; i++)
	{
		if (**text <'0' || **text >'9')
			return false;
		*number = *number * 10 + *(*text) ++- '0';
	}
	return true;
}

/* The day of a year, from 1, by month and day; 0 where there is no such day. */
static int
day_of_year(int year, int month, int day)
{
	if (month < 1 || month > MONTHS_PER_YEAR || day < 1 || day > day_tab[isleap(year)][month - 1])
		return 0;
	return date2j(year, month, day) - date2j(year, 1, 1) + 1;
}

/* 11 or 11-05: a month, or a day, of a label without a calendar. */
static bool
read_month(const char *text, Label *label)
{
	int			month,
				day;

	label->part = KPI_PART_MONTH;
	if (!read_digits(&text, part_form[KPI_PART_MONTH].digits, &month))
		return false;
	label->number = month;
	if (*text == '\0')
		return true;
	label->part = KPI_PART_DAY;
	if (*text ++!= '-' || !read_digits(&text, 2, &day) || *text !='\0')
		return false;
	label->number = day_of_year(label->year, month, day);
	return true;
}

/* Q3, P07: the letter of a part and a number. */
static bool
read_part_number(const char *text, Label *label)
{
	for (int part = 0; part < (int) lengthof(part_form); part++)
	{
		if (part_form[part].letter == 0 || part_form[part].letter != *text)
			continue;
		text	  ++;

		label->part = (KpiPart) part;
		return read_digits(&text, part_form[part].digits, &label->number) && *text == '\0';
	}
	return false;
}

/* Cuts the time of day, or the zone, that drivers write behind a day: 2011-11-05 00:00:00+00, 2011-11-05T00:00Z. */
static bool
cut_time(char *text)
{
	char	   *time = text +DAY_LENGTH;

	if (strlen(text) < DAY_LENGTH + 2 || text[YEAR_DIGITS] != '-' || (*time != ' ' && *time != 'T') ||
		strchr("0123456789+-", time[1]) == NULL || time[strspn(time, "0123456789:.+-TZ ")] != '\0')
		return false;
	*time = '\0';
	return true;
}

/* Takes a label to pieces; false where it has not the form of one. */
static bool
split_label(const char *whole, Label *label)
{
	char	   *text = pstrdup(whole);
	char	   *space = cut_time(text) ? NULL : strrchr(text, ' ');
	const char *year;
	char	   *hyphen;

	label->whole = whole;
	if (space != NULL)
	{
		*space = '\0';
		label->suffix = space + 1;
	}
	if ((hyphen = strchr(text, '-')) != NULL)
		*hyphen = '\0';
	if (strlen(text) < YEAR_DIGITS)
		return false;
	year = text +strlen(text) - YEAR_DIGITS;

	if (year > text)
		label->calendar = pnstrdup(text, year - text);
	if (!read_digits(&year, YEAR_DIGITS, &label->year))
		return false;
	label->part = KPI_PART_YEAR;
	label->number = 1;
	if (hyphen == NULL)
		return true;
	if (label->calendar == NULL && hyphen[1] >= '0' && hyphen[1] <= '9')
		return read_month(hyphen + 1, label);
	return read_part_number(hyphen + 1, label) &&
		(label->calendar != NULL || label->part != KPI_PART_MONTH);
}

/* Whether two names are equal, or both are missing. */
static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The grain that a label is of; NULL where there is none. */
static const KpiGrainRow *
label_grain(const KpiGrains *grains, const Label *label)
{
	const KpiGrainRow *base = NULL;

	for (int i = 0; i < grains->count && base == NULL; i++)
	{
		const KpiGrainRow *row = &grains->row[i];

		if (row->base == NULL && row->rule->part == label->part && same_name(row->calendar, label->calendar))
			base = row;
	}
	if (label->suffix == NULL || base == NULL)
		return base;
	for (int i = 0; i < grains->count; i++)
	{
		if (grains->row[i].base == base && strcmp(grains->row[i].suffix, label->suffix) == 0)
			return &grains->row[i];
	}
	return NULL;
}

/* The calendars, or the suffixes of windows, that there are. */
static ArrayType *
known_words(const KpiGrains *grains, bool calendars)
{
	Datum	   *words = palloc(sizeof(Datum) * Max(grains->count, 1));
	int			count = 0;

	for (int i = 0; i < grains->count; i++)
	{
		const char *word = calendars ? grains->row[i].calendar : grains->row[i].suffix;

		if (word != NULL)
			words[count++] = CStringGetTextDatum(word);
	}
	return construct_array(words, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Whether a grain belongs to that calendar. */
static bool
has_calendar(const KpiGrains *grains, const char *calendar)
{
	for (int i = 0; i < grains->count; i++)
	{
		if (same_name(grains->row[i].calendar, calendar))
			return true;
	}
	return false;
}

/* Why a label of a right form names no period, or NULL; and what was meant. */
static char *
label_mistake(const KpiGrains *grains, const Label *label, char **meant)
{
	*meant = NULL;
	/* a year of five digits is not a calendar "2" and a year */
	if (label->calendar != NULL && strspn(label->calendar, "0123456789") == strlen(label->calendar))
		return NULL;
	if (!has_calendar(grains, label->calendar))
	{
		*meant = kpi_nearest_word(label->calendar, known_words(grains, true));
		return psprintf("Calendar \"%s\" is not defined.", label->calendar);
	}
	if (label->suffix != NULL && label_grain(grains, label) == NULL)
	{
		*meant = kpi_nearest_word(label->suffix, known_words(grains, false));
		/* periods of another length have such a window */
		if (*meant != NULL && strcmp(*meant, label->suffix) == 0)
			*meant = NULL;
		return psprintf("Window \"%s\" is not defined for such periods.", label->suffix);
	}
	return NULL;
}

/* The error of a label that is none. */
pg_noreturn static void
bad_label(const KpiGrains *grains, const Label *label, bool split)
{
	char	   *meant = NULL;
	char	   *why = split ? label_mistake(grains, label, &meant) : NULL;

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period \"%s\" is not understood", label->whole),
			 why ? errdetail_internal("%s", why) : 0,
			 meant ? errhint("Perhaps you mean \"%s\".", meant) :
			 errhint("Write a year (2011), half (2011-H2), quarter (2011-Q4), month (2011-11), ISO week (2011-W45), "
					 "day (2011-11-05), window (2011-11 ytd) or a period of a calendar of yours (fy2012-Q3).")));
}

/* The period of a label; what is none is an error. */
KpiPeriod
kpi_read_label(const char *label)
{
	const KpiGrains *grains = kpi_grain_rows();
	Label		pieces = {0};
	KpiPeriod	period;
	bool		split = split_label(label, &pieces);

	pieces.whole = label;
	if (!split)
		bad_label(grains, &pieces, split);
	period.grain = label_grain(grains, &pieces);
	if (period.grain == NULL)
		bad_label(grains, &pieces, split);
	period.start = kpi_grain_find(period.grain->rule, pieces.year, pieces.number);
	if (DATE_NOT_FINITE(period.start))
		bad_label(grains, &pieces, split);
	return period;
}
