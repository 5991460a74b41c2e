/*-------------------------------------------------------------------------
 *
 * grain.c
 *	  Rules of grains, and the arithmetic of their periods.
 *
 * A rule is a readable literal:
 *
 *	day, week, month, quarter, half, year
 *	months 3 from 04-01 [named by end]
 *	weeks 4-4-5 from 2011-01-31 week 53 last [named by end]: period
 *	to date of month in year
 *	last 12 of month
 *
 * Every rule but the last two makes periods without a hole, which are counted
 * by an ordinal.  A year of months begins on the given day, one of weeks on
 * the weekday of the given day that is nearest to its month and day: no day is
 * further than three from it, and years have 52 or 53 weeks.  An ISO year
 * begins on the Monday nearest to 1 January, so ISO weeks are such weeks.
 *
 * The two last are windows: a window has the period it ends with as its key.
 * It runs from the beginning of a longer period, or over several periods.
 *
 * The years of periods are those of labels, from 1 to 9999; a day that no
 * label can name is in no period.
 *
 *-------------------------------------------------------------------------
 */
#include "base/grain.h"

#include "datatype/timestamp.h"
#include "utils/fmgrprotos.h"

#define WEEKS_IN_QUARTER 13
#define WEEKS_IN_YEAR 52
#define DAYS_IN_WEEK 7

/* What a rule is read from. */
typedef struct RuleText
{
	const char *whole;
	const char *next;
} RuleText;

static const char *const part_names[] = {"day", "week", "month", "period", "quarter", "half", "year"};

/* Periods of a part that a year has; of weeks those of a common year. */
static const int parts_in_year[] = {365, WEEKS_IN_YEAR, 12, 12, 4, 2, 1};

static KpiGrainRule *read_rule(RuleText *text);

/* a / b, rounded down; b is positive. */
static inline int
floor_div(int a, int b)
{
	return (a >= 0 ? a : a - b + 1) / b;
}

/* The date of a day of the calendar. */
static inline DateADT
date_of(int year, int month, int day)
{
	return date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
}

/* The year of a date. */
static inline int
year_of(DateADT date)
{
	int			year,
				month,
				day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return year;
}

/* The month of a day, counted from the year 0, less one in the days before a day of it. */
static inline int
month_of(DateADT date, int first_day)
{
	int			year,
				month,
				day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return year * MONTHS_PER_YEAR + month - 1 - (day < first_day ? 1 : 0);
}

/* The first day of a year of weeks, by the year of the day it is nearest to. */
static DateADT
week_year_start(const KpiGrainRule *grain, int year)
{
	int			day = grain->month == 2 && grain->day == 29 && !isleap(year) ? 28 : grain->day;
	DateADT		near = date_of(year, grain->month, day) - DAYS_IN_WEEK / 2;
	int			late = near - grain->first_day;

	late -= floor_div(late, DAYS_IN_WEEK) * DAYS_IN_WEEK;
	return near + (late == 0 ? 0 : DAYS_IN_WEEK - late);
}

/* The year of weeks that has a day. */
static int
week_year_of(const KpiGrainRule *grain, DateADT date)
{
	int			year = year_of(date);

	if (week_year_start(grain, year + 1) <= date)
		return year + 1;
	return week_year_start(grain, year) <= date ? year : year - 1;
}

/* The weeks of a year before a period of it, both counted from 0. */
static int
weeks_before_period(const KpiGrainRule *grain, int period, bool long_year)
{
	int			weeks = period / 3 * WEEKS_IN_QUARTER;

	for (int i = 0; i < period % 3; i++)
		weeks += grain->pattern[i];
	return weeks + (long_year && period > grain->long_period ? 1 : 0);
}

/* A period of weeks that is no week, by its year and number from 0. */
static DateADT
week_part_start(const KpiGrainRule *grain, int year, int number)
{
	DateADT		start = week_year_start(grain, year);
	bool		long_year = week_year_start(grain, year + 1) - start > WEEKS_IN_YEAR * DAYS_IN_WEEK;
	int			periods = 12 / parts_in_year[grain->part];

	return start + DAYS_IN_WEEK * weeks_before_period(grain, number * periods, long_year);
}

/* The number of that period, and its year. */
static int
week_part_number(const KpiGrainRule *grain, DateADT date, int *year)
{
	int			number = 0;

	*year = week_year_of(grain, date);
	while (number + 1 < parts_in_year[grain->part] && week_part_start(grain, *year, number + 1) <= date)
		number++;
	return number;
}

/* The ordinal of the period that has a day; of a window that of its base. */
static int
ordinal_of(const KpiGrainRule *grain, DateADT date)
{
	int			year,
				number;

	switch (grain->kind)
	{
		case KPI_GRAIN_DAYS:
			return date;
		case KPI_GRAIN_MONTHS:
			return floor_div(month_of(date, grain->day) - (grain->month - 1), grain->months);
		case KPI_GRAIN_WEEKS:
			if (grain->part == KPI_PART_WEEK)
				return floor_div(date - grain->first_day, DAYS_IN_WEEK);
			number = week_part_number(grain, date, &year);
			return year * parts_in_year[grain->part] + number;
		case KPI_GRAIN_TO_DATE:
		case KPI_GRAIN_LAST:
			return ordinal_of(grain->base, date);
	}
	elog(ERROR, "unrecognized kind of grain %d", (int) grain->kind);
}

/* The first day of the period of an ordinal. */
static DateADT
start_of(const KpiGrainRule *grain, int ordinal)
{
	int			parts = parts_in_year[grain->part];
	int			month;

	switch (grain->kind)
	{
		case KPI_GRAIN_DAYS:
			return ordinal;
		case KPI_GRAIN_MONTHS:
			month = ordinal * grain->months + grain->month - 1;
			return date_of(floor_div(month, MONTHS_PER_YEAR),
						   month - floor_div(month, MONTHS_PER_YEAR) * MONTHS_PER_YEAR + 1, grain->day);
		case KPI_GRAIN_WEEKS:
			if (grain->part == KPI_PART_WEEK)
				return grain->first_day + ordinal * DAYS_IN_WEEK;
			return week_part_start(grain, floor_div(ordinal, parts),
								   ordinal - floor_div(ordinal, parts) * parts);
		case KPI_GRAIN_TO_DATE:
		case KPI_GRAIN_LAST:
			return start_of(grain->base, ordinal);
	}
	elog(ERROR, "unrecognized kind of grain %d", (int) grain->kind);
}

/* First day of the period that has a day. */
DateADT
kpi_grain_start(const KpiGrainRule *grain, DateADT day)
{
	return start_of(grain, ordinal_of(grain, day));
}

/* First day of the period so many periods after the one that has a day. */
DateADT
kpi_grain_step(const KpiGrainRule *grain, DateADT day, int steps)
{
	return start_of(grain, ordinal_of(grain, day) + steps);
}

/* The first of the days of a period: of a window where it begins. */
DateADT
kpi_grain_first_day(const KpiGrainRule *grain, DateADT period_start)
{
	if (grain->kind == KPI_GRAIN_TO_DATE)
		return kpi_grain_start(grain->within, period_start);
	if (grain->kind == KPI_GRAIN_LAST)
		return kpi_grain_step(grain->base, period_start, 1 - grain->last);
	return period_start;
}

/* The number of a period in its year, from 1, and that year, as labels have them. */
int
kpi_grain_number(const KpiGrainRule *grain, DateADT day, int *year)
{
	int			number;

	if (kpi_is_window(grain))
		return kpi_grain_number(grain->base, day, year);
	if (grain->kind == KPI_GRAIN_DAYS)
	{
		*year = year_of(day);
		return day - date_of(*year, 1, 1) + 1;
	}
	if (grain->kind == KPI_GRAIN_MONTHS)
	{
		int			ordinal = ordinal_of(grain, day);

		*year = floor_div(ordinal, parts_in_year[grain->part]);
		number = ordinal - *year * parts_in_year[grain->part];
	}
	else if (grain->part == KPI_PART_WEEK)
	{
		*year = week_year_of(grain, day);
		number = (day - week_year_start(grain, *year)) / DAYS_IN_WEEK;
	}
	else
		number = week_part_number(grain, day, year);
	*year += grain->named_by_end ? 1 : 0;
	return number + 1;
}

/* The start of the period of that number in that year; DATEVAL_NOEND where it has none. */
DateADT
kpi_grain_find(const KpiGrainRule *grain, int year, int number)
{
	DateADT		first;
	DateADT		start;
	int			year_found;

	if (kpi_is_window(grain))
		return kpi_grain_find(grain->base, year, number);
	if (grain->kind == KPI_GRAIN_DAYS)
		first = date_of(year, 1, 1);
	else if (grain->kind == KPI_GRAIN_MONTHS)
		first = date_of(year - (grain->named_by_end ? 1 : 0), grain->month, grain->day);
	else
		first = week_year_start(grain, year - (grain->named_by_end ? 1 : 0));
	start = kpi_grain_step(grain, first, number - 1);
	if (number < 1 || number > 366 || kpi_grain_number(grain, start, &year_found) != number ||
		year_found != year || !kpi_grain_has(grain, start))
		return DATEVAL_NOEND;
	return start;
}

/* The same day of a year before; 29 February has 28 February. */
static DateADT
day_last_year(DateADT date)
{
	int			year,
				month,
				day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return date_of(year - 1, month, month == 2 && day == 29 ? 28 : day);
}

/* The period of the same number in the year before, where that has none its last. */
DateADT
kpi_grain_last_year(const KpiGrainRule *grain, DateADT period_start)
{
	DateADT		start;
	int			year,
				number;

	if (grain->kind == KPI_GRAIN_DAYS)
		return day_last_year(period_start);
	if (kpi_is_window(grain))
		return kpi_grain_last_year(grain->base, period_start);
	number = kpi_grain_number(grain, period_start, &year);
	start = kpi_grain_find(grain, year - 1, number);
	return DATE_NOT_FINITE(start) ? kpi_grain_find(grain, year - 1, number - 1) : start;
}

/* The same of a day near the ends of the years, whose period may be named by another. */
static bool
has_at_ends(const KpiGrainRule *grain, DateADT day)
{
	DateADT		start;
	int			year;

	if (DATE_NOT_FINITE(day) || day < date_of(KPI_FIRST_YEAR, 1, 1) ||
		day >= date_of(KPI_LAST_YEAR + 2, 1, 1))
		return false;
	start = kpi_grain_start(grain, day);
	(void) kpi_grain_number(grain, start, &year);
	return start >= date_of(KPI_FIRST_YEAR, 1, 1) && start < date_of(KPI_LAST_YEAR + 1, 1, 1) &&
		year >= KPI_FIRST_YEAR && year <= KPI_LAST_YEAR;
}

/* Is the day in a period that a label can name? */
bool
kpi_grain_has(const KpiGrainRule *grain, DateADT day)
{
	if (likely(day >= date_of(KPI_FIRST_YEAR + 2, 1, 1) && day < date_of(KPI_LAST_YEAR - 2, 1, 1)))
		return true;
	return has_at_ends(grain, day);
}

/* Do months make those of another number, or of another beginning? */
static bool
months_tile(const KpiGrainRule *finer, const KpiGrainRule *coarser)
{
	return finer->day == coarser->day && coarser->months % finer->months == 0 &&
		(coarser->month - finer->month) % finer->months == 0;
}

/* Do both have weeks that begin on the same day? */
static bool
same_weeks(const KpiGrainRule *a, const KpiGrainRule *b)
{
	return (a->first_day - b->first_day) % DAYS_IN_WEEK == 0;
}

/* Does each period of the coarser begin with one of the finer, in years of 52 and 53 weeks? */
static bool
weeks_tile(const KpiGrainRule *finer, const KpiGrainRule *coarser)
{
	int			periods = 12 / parts_in_year[coarser->part];

	if (finer->part == KPI_PART_WEEK)
		return true;
	if (finer->part > coarser->part || finer->month != coarser->month || finer->day != coarser->day)
		return false;
	for (int period = 0; period < 12; period += periods)
	{
		if (weeks_before_period(finer, period, false) != weeks_before_period(coarser, period, false) ||
			weeks_before_period(finer, period, true) != weeks_before_period(coarser, period, true))
			return false;
	}
	return true;
}

/* Do the periods of the finer make those of the coarser exactly? */
bool
kpi_grain_tiles(const KpiGrainRule *finer, const KpiGrainRule *coarser)
{
	if (finer->kind == KPI_GRAIN_DAYS)
		return true;
	if (kpi_is_window(finer))
		return finer == coarser;
	if (kpi_is_window(coarser))
		return kpi_grain_tiles(finer, coarser->base);
	if (finer->kind != coarser->kind)
		return false;
	if (finer->kind == KPI_GRAIN_MONTHS)
		return months_tile(finer, coarser);
	return same_weeks(finer, coarser) && weeks_tile(finer, coarser);
}

/* Passes over a word, and the space or colon around it. */
static bool
skip(RuleText *text, const char *word)
{
	size_t		length = strlen(word);

	if (strncmp(text->next, word, length) != 0)
		return false;
	text	  ->next += length;

	return true;
}

/* The error of a rule that is none. */
pg_noreturn static void
bad_rule(const RuleText *text)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rule \"%s\" of a grain is not understood", text->whole),
			 errdetail("It is wrong from \"%s\" on.", text->next),
			 errhint("Write a rule such as \"month\", \"months 3 from 04-01\", "
					 "\"weeks 4-4-5 from 2011-01-31 week 53 last: period\", "
					 "\"to date of month in year\" or \"last 12 of month\".")));
}

/* A number of so many digits at most, from low to high. */
static int
read_number(RuleText *text, int digits, int low, int high)
{
	const char *from = text->next;
	int			number = 0;

	while (text->next - from < digits && *text->next >= '0' && *text->next <= '9')
		number = number * 10 + *text->next++ - '0';
	if (text->next == from || number < low || number > high)
	{
		text	  ->next = from;

		bad_rule(text);
	}
	return number;
}

/* The next word of a rule must be this one. */
static void
expect(RuleText *text, const char *word)
{
	if (!skip(text, word))
		bad_rule(text);
}

/* The part a rule ends with. */
static KpiPart
read_part(RuleText *text)
{
	for (int part = 0; part < (int) lengthof(part_names); part++)
	{
		if (skip(text, part_names[part]))
			return (KpiPart) part;
	}
	bad_rule(text);
}

/* A month and a day of it, at most the given one. */
static void
read_month_day(RuleText *text, KpiGrainRule *grain, int last_day)
{
	const char *from = text->next;

	grain->month = read_number(text, 2, 1, MONTHS_PER_YEAR);
	expect(text, "-");
	grain->day = read_number(text, 2, 1, last_day);
	if (grain->day > day_tab[1][grain->month - 1])
	{
		text	  ->next = from;

		bad_rule(text);
	}
}

/* months 3 from 04-01 [named by end] */
static void
read_months(RuleText *text, KpiGrainRule *grain)
{
	const char *from = text->next;
	int			part;

	grain->kind = KPI_GRAIN_MONTHS;
	grain->months = read_number(text, 2, 1, MONTHS_PER_YEAR);
	for (part = KPI_PART_MONTH; part <= KPI_PART_YEAR; part++)
	{
		if (part != KPI_PART_PERIOD && grain->months * parts_in_year[part] == MONTHS_PER_YEAR)
			break;
	}
	if (part > KPI_PART_YEAR)
	{
		text	  ->next = from;

		bad_rule(text);
	}
	grain->part = (KpiPart) part;
	expect(text, " from ");
	/* later days are not in every month */
	read_month_day(text, grain, 28);
	/* a year that begins with the calendar's ends in itself */
	grain->named_by_end = skip(text, " named by end") && !(grain->month == 1 && grain->day == 1);
}

/* weeks 4-4-5 from 2011-01-31 week 53 last [named by end]: period */
static void
read_weeks(RuleText *text, KpiGrainRule *grain)
{
	const char *from = text->next;
	int			year;

	grain->kind = KPI_GRAIN_WEEKS;
	for (int i = 0; i < 3; i++)
	{
		grain->pattern[i] = read_number(text, 1, 4, 5);
		expect(text, i < 2 ? "-" : " from ");
	}
	if (grain->pattern[0] + grain->pattern[1] + grain->pattern[2] != WEEKS_IN_QUARTER)
	{
		text	  ->next = from;

		bad_rule(text);
	}
	from = text->next;

	year = read_number(text, 4, KPI_FIRST_YEAR, KPI_LAST_YEAR);
	expect(text, "-");
	read_month_day(text, grain, 31);
	if (grain->day > day_tab[isleap(year)][grain->month - 1])
	{
		text	  ->next = from;

		bad_rule(text);
	}
	grain->first_day = date_of(year, grain->month, grain->day);
	expect(text, " week 53 ");
	grain->long_period = 11;
	if (!skip(text, "last"))
	{
		expect(text, "in ");
		grain->long_period = read_number(text, 2, 1, 12) - 1;
	}
	grain->named_by_end = skip(text, " named by end") && !(grain->month == 1 && grain->day == 1);
	expect(text, ": ");
	from = text->next;

	grain->part = read_part(text);
	if (grain->part == KPI_PART_DAY || grain->part == KPI_PART_MONTH)
	{
		text	  ->next = from;

		bad_rule(text);
	}
}

/* day, week, month, quarter, half or year */
static void
read_shipped(RuleText *text, KpiGrainRule *grain)
{
	const char *from = text->next;

	grain->part = read_part(text);
	grain->month = grain->day = 1;
	switch (grain->part)
	{
		case KPI_PART_DAY:
			grain->kind = KPI_GRAIN_DAYS;
			break;
		case KPI_PART_WEEK:
			/* ISO weeks; 1 January 2001 was a Monday */
			grain->kind = KPI_GRAIN_WEEKS;
			grain->first_day = date_of(2001, 1, 1);
			break;
		case KPI_PART_PERIOD:
			text	  ->next = from;

			bad_rule(text);
		default:
			grain->kind = KPI_GRAIN_MONTHS;
			grain->months = MONTHS_PER_YEAR / parts_in_year[grain->part];
	}
}

/* The rule that a window is made of; windows of windows there are none. */
static const KpiGrainRule *
read_inner(RuleText *text)
{
	const char *from = text->next;
	const KpiGrainRule *inner = read_rule(text);

	if (kpi_is_window(inner))
	{
		text	  ->next = from;

		bad_rule(text);
	}
	return inner;
}

/* to date of month in year */
static void
read_to_date(RuleText *text, KpiGrainRule *grain)
{
	const char *from;

	grain->kind = KPI_GRAIN_TO_DATE;
	grain->base = read_inner(text);
	expect(text, " in ");
	from = text->next;

	grain->within = read_inner(text);
	grain->part = grain->base->part;
	if (!kpi_grain_tiles(grain->base, grain->within))
	{
		text	  ->next = from;

		bad_rule(text);
	}
}

/* last 12 of month */
static void
read_last(RuleText *text, KpiGrainRule *grain)
{
	grain->kind = KPI_GRAIN_LAST;
	grain->last = read_number(text, 3, 2, 999);
	expect(text, " of ");
	grain->base = read_inner(text);
	grain->part = grain->base->part;
}

/* The rule that begins here. */
static KpiGrainRule *
read_rule(RuleText *text)
{
	KpiGrainRule *grain = palloc0(sizeof(KpiGrainRule));

	if (skip(text, "months "))
		read_months(text, grain);
	else if (skip(text, "weeks "))
		read_weeks(text, grain);
	else if (skip(text, "to date of "))
		read_to_date(text, grain);
	else if (skip(text, "last "))
		read_last(text, grain);
	else
		read_shipped(text, grain);
	return grain;
}

/* Reads the rule of a grain; what is none is an error. */
KpiGrainRule *
kpi_read_grain(const char *rule)
{
	RuleText text = {rule, rule};
	KpiGrainRule *grain = read_rule(&text);

	if (*text.next != '\0')
		bad_rule(&text);
	return grain;
}

/* A day as the server writes it. */
char *
kpi_day_text(DateADT day)
{
	return DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)));
}
