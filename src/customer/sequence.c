/*-------------------------------------------------------------------------
 *
 * sequence.c
 *	  Patterns in the rows of an entity: whether they occur, and how often.
 *
 *	sequence_match(events, pattern)
 *	sequence_count(events, pattern)
 *
 * A pattern is a list of rows, each later in order than the one before:
 *
 *	(?N)	a row that meets condition N
 *	.		any row
 *
 * Two of them follow each other at once, but for what may stand between:
 *
 *	.*		any rows lie between
 *	(?t<=3600)	any rows lie between, and the time from the one to the other is
 *			so many seconds, by <, <=, >, >= or ==; where times are whole numbers,
 *			so many of these
 *
 * The rows are those that meet a condition, in order of time, at equal times by
 * their conditions.  What a match is does not depend on how it is searched for.
 * The count is the greatest number of matches of which each begins after the
 * end of the one before.
 *
 * Method: which elements of the pattern each row can be the end of, in order;
 * of the rows before it that an element could end at, the latest whose time
 * allows it is enough, for it leaves the most of the longest time.  A match that
 * ends first leaves the most to the others, so the count begins anew after it.
 *
 * Source of the language: ClickHouse documentation, parametric aggregate
 * functions, sequenceMatch and sequenceCount.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/funnel.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#define MAX_ELEMENTS 64
#define MAX_SEQUENCE 1000000

/* A row of a pattern, and what lies between the one before and it. */
typedef struct Element
{
	uint32		steps;			/* of which it meets one */
	bool		at_once;		/* right after the one before */
	bool		timed;
	int64		least;			/* from the one before */
	int64		most;
} Element;

typedef struct Pattern
{
	int			count;
	Element		element[MAX_ELEMENTS];
	const char *text;
} Pattern;

/* Fail on what is no pattern, from a place in it on. */
pg_noreturn static void
bad_pattern(const Pattern *pattern, const char *at)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("pattern \"%s\" is not valid at \"%s\"", pattern->text, at),
			 errhint("Use (?1) for a row of condition 1 and . for any row; "
					 "between two of them, .* for any rows or (?t<=3600) for a time.")));
}

/* The whole number at a place, which is moved on; times the unit of its last digit. */
static int64
read_number(const Pattern *pattern, const char **at, int64 unit)
{
	const char *begin = *at;
	int64		number = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
	{
		if (pg_mul_s64_overflow(number, 10, &number) || pg_add_s64_overflow(number, **at - '0', &number))
			bad_pattern(pattern, begin);
	}
	if (*at == begin || pg_mul_s64_overflow(number, unit, &number))
		bad_pattern(pattern, begin);
	return number;
}

/* A time in units, with a fraction as far as there are parts of a unit. */
static int64
read_time(const Pattern *pattern, const char **at, int64 unit)
{
	const char *begin = *at;
	int64		time = read_number(pattern, at, unit);

	if (**at != '.')
		return time;
	(*at)++;
	while (**at >= '0' && **at <= '9')
	{
		unit /= 10;
		if (unit == 0 || pg_add_s64_overflow(time, (**at - '0') * unit, &time))
			bad_pattern(pattern, begin);
		(*at)++;
	}
	return time;
}

/* Take a condition of time at a place behind its (?t into what lies between. */
static const char *
read_condition(const Pattern *pattern, const char *at, int64 unit, Element *between)
{
	char		sign = *at;
	bool		equal = sign != '\0' && at[1] == '=';
	int64		time;

	if (!(sign == '<' || sign == '>' || (sign == '=' && equal)))
		bad_pattern(pattern, at);
	at += equal ? 2 : 1;
	time = read_time(pattern, &at, unit);
	if (sign != '>')
		between->most = Min(between->most, equal ? time : time - 1);
	if (sign != '<')
		between->least = Max(between->least, equal ? time : time + 1);
	between->timed = true;
	between->at_once = false;
	return at;
}

/* The condition at a place, of so many; as a bit. */
static uint32
read_step(const Pattern *pattern, const char **at, int conditions)
{
	int64		number = read_number(pattern, at, 1);

	if (number < 1 || number > conditions)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("condition " INT64_FORMAT " of the pattern is none of 1 to %d", number, conditions),
				 errhint("Conditions are numbered as they were given to funnel_events.")));
	return (uint32) 1 << (number - 1);
}

/* Add a row to a pattern, behind what lies between, which begins anew. */
static void
add_element(Pattern *pattern, Element *between, uint32 steps, const char *at)
{
	if (pattern->count == MAX_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a pattern of more than %d rows", MAX_ELEMENTS)));
	if (pattern->count == 0 && between->timed)
		bad_pattern(pattern, at);
	between->steps = steps;
	pattern->element[pattern->count++] = *between;
	*between = (Element)
	{
		.at_once = true,.most = PG_INT64_MAX
	};
}

/* Read a pattern over so many conditions; times in units of which there are so many parts. */
static void
read_pattern(Pattern *pattern, text *source, int conditions, int64 unit)
{
	Element		between = {.at_once = true,.most = PG_INT64_MAX};
	const char *at = pattern->text = text_to_cstring(source);

	pattern->count = 0;
	while (*at != '\0')
	{
		const char *begin = at;

		if (strncmp(at, ".*", 2) == 0)
		{
			between.at_once = false;
			at += 2;
		}
		else if (*at == '.')
		{
			add_element(pattern, &between, PG_UINT32_MAX, begin);
			at++;
		}
		else if (strncmp(at, "(?", 2) == 0)
		{
			at += 2;
			if (*at == 't')
				at = read_condition(pattern, at + 1, unit, &between);
			else
				add_element(pattern, &between, read_step(pattern, &at, conditions), begin);
			if (*at++ != ')')
				bad_pattern(pattern, begin);
		}
		else
			bad_pattern(pattern, begin);
	}
	/* a time needs a row on both sides */
	if (pattern->count == 0 || between.timed)
		bad_pattern(pattern, at);
}

/* A row, and the elements that it can be the end of, as bits. */
typedef struct SequenceRow
{
	int64		ts;
	uint32		steps;
	uint64		reached;
} SequenceRow;

typedef struct Search
{
	const Pattern *pattern;
	SequenceRow *row;
	int			rows;

	/* of the rows before an element: */
	int			next[MAX_ELEMENTS]; /* the first that may be too near */
	bool		known[MAX_ELEMENTS];	/* whether one before that will do */
	int64		latest[MAX_ELEMENTS];	/* the time of the last such one */
} Search;

/* The rows one by one, those alike as often as there are. */
static void
lay_out_rows(Search *search, const KpiFunnelEvents *events)
{
	int64		count = 0;

	for (int i = 0; i < events->count; i++)
		count += KPI_FUNNEL_REPEATS(&events->rows[i]);
	if (count > MAX_SEQUENCE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d rows in one sequence", MAX_SEQUENCE),
				 errhint("Group by entity, such as the customer, and leave out rows that are no step.")));
	search->row = palloc(sizeof(SequenceRow) * Max(count, 1));
	for (int i = 0; i < events->count; i++)
	{
		for (int64 repeats = KPI_FUNNEL_REPEATS(&events->rows[i]); repeats > 0; repeats--)
		{
			search->row[search->rows].ts = events->rows[i].ts;
			search->row[search->rows++].steps = KPI_FUNNEL_STEPS(&events->rows[i]);
		}
	}
}

/* Let a search begin with a row. */
static void
begin_at(Search *search, int row)
{
	for (int i = 0; i < search->pattern->count; i++)
	{
		search->next[i] = row;
		search->known[i] = false;
	}
}

/* Whether an element that need not follow at once can be at a row, after a row of the one before. */
static bool
has_before(Search *search, int row, int i)
{
	const Element *element = &search->pattern->element[i];
	int64		ts = search->row[row].ts;
	int64		to = kpi_moment_before(ts, element->least);

	for (; search->next[i] < row && search->row[search->next[i]].ts <= to; search->next[i]++)
	{
		if (search->row[search->next[i]].reached >> (i - 1) & 1)
		{
			search->known[i] = true;
			search->latest[i] = search->row[search->next[i]].ts;
		}
	}
	return search->known[i] && kpi_elapsed(search->latest[i], ts) <= element->most;
}

/* Find what a row can be the end of, of matches from a row on; whether it ends one. */
static bool
reach(Search *search, int from, int row)
{
	const Pattern *pattern = search->pattern;
	uint64		before = row > from ? search->row[row - 1].reached : 0;
	uint64		reached = 0;

	for (int i = 0; i < pattern->count; i++)
	{
		if ((search->row[row].steps & pattern->element[i].steps) &&
			(i == 0 || (pattern->element[i].at_once ? before >> (i - 1) & 1 : has_before(search, row, i))))
			reached |= UINT64CONST(1) << i;
	}
	search->row[row].reached = reached;
	return reached >> (pattern->count - 1) & 1;
}

/* How many matches the events in argument 0 have of the pattern in argument 1, up to a number. */
static int64
count_matches(FunctionCallInfo fcinfo, int64 unit, int64 enough)
{
	const KpiFunnelEvents *events = kpi_funnel_events_argument(fcinfo);
	Pattern		pattern;
	Search		search = {.pattern = &pattern};
	int64		matches = 0;
	int			from = 0;

	read_pattern(&pattern, PG_GETARG_TEXT_PP(1), events->steps > 0 ? events->steps : KPI_MAX_STEPS, unit);
	lay_out_rows(&search, events);
	begin_at(&search, from);
	for (int row = 0; row < search.rows && matches < enough; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!reach(&search, from, row))
			continue;
		matches++;
		from = row + 1;
		begin_at(&search, from);
	}
	pfree(search.row);
	return matches;
}

/* sequence_match(events, pattern) over times */
PG_FUNCTION_INFO_V1(kpi_sequence_match);
Datum
kpi_sequence_match(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(count_matches(fcinfo, USECS_PER_SEC, 1) > 0);
}

/* The same over whole numbers. */
PG_FUNCTION_INFO_V1(kpi_sequence_match_number);
Datum
kpi_sequence_match_number(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(count_matches(fcinfo, 1, 1) > 0);
}

/* sequence_count(events, pattern) over times */
PG_FUNCTION_INFO_V1(kpi_sequence_count);
Datum
kpi_sequence_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(count_matches(fcinfo, USECS_PER_SEC, PG_INT64_MAX));
}

/* The same over whole numbers. */
PG_FUNCTION_INFO_V1(kpi_sequence_count_number);
Datum
kpi_sequence_count_number(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(count_matches(fcinfo, 1, PG_INT64_MAX));
}
