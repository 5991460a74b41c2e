/*-------------------------------------------------------------------------
 *
 * rule.c
 *	  Rules that tell a signal from noise on a control chart.
 *
 * Western Electric
 *	1	a point beyond 3 sigma
 *	2	2 of 3 points beyond 2 sigma, on one side
 *	3	4 of 5 points beyond 1 sigma, on one side
 *	4	8 points in a row on one side of the center
 *
 * Nelson
 *	1	a point beyond 3 sigma
 *	2	9 points in a row on one side of the center
 *	3	6 points in a row, each above the one before, or each below
 *	4	14 points in a row that go up and down in turn
 *	5	2 of 3 points beyond 2 sigma, on one side
 *	6	4 of 5 points beyond 1 sigma, on one side
 *	7	15 points in a row within 1 sigma, on either side
 *	8	8 points in a row beyond 1 sigma, on either side
 *
 * A rule is hit by the point that makes it whole, which is itself one of those
 * that are counted.  A point on a line is neither beyond it nor on a side, and
 * so ends a run.  No rule reaches over a gap or the beginning of a phase.
 *
 * Sources: Western Electric Company, Statistical Quality Control Handbook, 1956;
 * L. S. Nelson, "The Shewhart control chart: tests for special causes", Journal
 * of Quality Technology 16, 1984.
 *
 *-------------------------------------------------------------------------
 */
#include "series/rule.h"

#include <math.h>

#include "base/list.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

/* What is counted of a number of points. */
typedef enum RuleKind
{
	BEYOND,						/* so many sigmas, on one side */
	MOVING,						/* one way */
	IN_TURN,					/* up and down */
	WITHIN,						/* so many sigmas */
	OUTSIDE						/* so many sigmas, on either side */
} RuleKind;

typedef struct Rule
{
	const char *name;
	RuleKind	kind;
	int			least;			/* so many */
	int			of;				/* of so many points */
	double		sigmas;
} Rule;

/* In the order of their bits. */
static const Rule rule[] = {
	{"western_electric_1", BEYOND, 1, 1, 3},
	{"western_electric_2", BEYOND, 2, 3, 2},
	{"western_electric_3", BEYOND, 4, 5, 1},
	{"western_electric_4", BEYOND, 8, 8, 0},
	{"nelson_1", BEYOND, 1, 1, 3},
	{"nelson_2", BEYOND, 9, 9, 0},
	{"nelson_3", MOVING, 6, 6, 0},
	{"nelson_4", IN_TURN, 14, 14, 0},
	{"nelson_5", BEYOND, 2, 3, 2},
	{"nelson_6", BEYOND, 4, 5, 1},
	{"nelson_7", WITHIN, 15, 15, 1},
	{"nelson_8", OUTSIDE, 8, 8, 1},
	{"beyond_limits", BEYOND, 1, 1, 0}
};

#define NELSON ((KpiRules) 0xFF0)

/* The last rule is that of other charts, and not asked for. */
#define ASKED_RULES (lengthof(rule) - 1)

/* The error of a rule that is none. */
pg_noreturn static void
fail_unknown_rule(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rule \"%s\" is not known", name),
			 errhint("Rules are \"western_electric\" with 1 to 4, and \"nelson\" with 1 to 8, as a whole or one by one, "
					 "such as \"nelson_3\".")));
}

/* The rules of a name, which may be that of a set. */
static KpiRules
rules_of(const char *name)
{
	if (strcmp(name, "western_electric") == 0)
		return KPI_WESTERN_ELECTRIC;
	if (strcmp(name, "nelson") == 0)
		return NELSON;
	for (int i = 0; i < (int) ASKED_RULES; i++)
	{
		if (strcmp(name, rule[i].name) == 0)
			return (KpiRules) 1 << i;
	}
	fail_unknown_rule(name);
}

/* The rules of a list of names. */
KpiRules
kpi_read_rules(ArrayType *names)
{
	KpiList		list = kpi_list(names, "rules");
	KpiRules	rules = 0;

	kpi_check_no_nulls(&list, "rules");
	for (int i = 0; i < list.count; i++)
		rules |= rules_of(TextDatumGetCString(list.element[i]));
	return rules;
}

/* Whether a point belongs to the run that ends with the next one. */
static inline bool
runs_on(const KpiPlotted *plotted, int i)
{
	return i >= 0 && !isnan(plotted->distance[i]) && plotted->phase[i] == plotted->phase[i + 1];
}

/* The side of a point beyond so many sigmas: -1, 1, or 0 within. */
static inline int
side_beyond(double distance, double sigmas)
{
	return distance > sigmas ? 1 : distance < -sigmas ? -1 : 0;
}

/* The side that a rule is hit on by enough of the last points; 0 for none. */
static int
hit_beyond(const KpiPlotted *plotted, const Rule *asked, int i)
{
	int			side = side_beyond(plotted->distance[i], asked->sigmas);
	int			hits = 0;

	if (side == 0)
		return 0;
	for (int j = i; j > i - asked->of; j--)
	{
		hits += side_beyond(plotted->distance[j], asked->sigmas) == side;
		if (hits == asked->least)
			return side;
		if (!runs_on(plotted, j - 1))
			break;
	}
	return 0;
}

/* Whether all of the last points are within, or outside, so many sigmas. */
static bool
hit_around(const KpiPlotted *plotted, const Rule *asked, int i)
{
	for (int j = i; j > i - asked->of; j--)
	{
		double		distance = fabs(plotted->distance[j]);

		if (asked->kind == WITHIN ? distance >= asked->sigmas : distance <= asked->sigmas)
			return false;
		if (j > i - asked->of + 1 && !runs_on(plotted, j - 1))
			return false;
	}
	return true;
}

/* The way that points go all along, or begin with where they go up and down in turn; 0 for none. */
static int
hit_moving(const KpiPlotted *plotted, const Rule *asked, int i)
{
	int			way = 0;

	for (int j = i; j > i - asked->of + 1; j--)
	{
		double		move;

		if (!runs_on(plotted, j - 1))
			return 0;
		move = plotted->value[j] - plotted->value[j - 1];
		if (asked->kind == IN_TURN && (i - j) % 2 == 1)
			move = -move;
		if (move == 0 || (way != 0 && (move > 0) != (way > 0)))
			return 0;
		way = move > 0 ? 1 : -1;
	}
	return way;
}

/* Ask one rule of a point. */
static void
ask_rule(const KpiPlotted *plotted, int number, int i, KpiSignal *signal)
{
	const Rule *asked = &rule[number];
	int			side = 0;
	bool		hit;

	switch (asked->kind)
	{
		case BEYOND:
			side = hit_beyond(plotted, asked, i);
			hit = side != 0;
			break;
		case MOVING:
			side = hit_moving(plotted, asked, i);
			hit = side != 0;
			break;
		case IN_TURN:
			hit = hit_moving(plotted, asked, i) != 0;
			break;
		default:
			hit = hit_around(plotted, asked, i);
	}
	if (!hit)
		return;
	signal->hit |= (KpiRules) 1 << number;
	signal->low |= side < 0;
	signal->high |= side > 0;
	signal->other |= side == 0;
}

/* What the rules say of a point. */
KpiSignal
kpi_signal(const KpiPlotted *plotted, KpiRules rules, int i)
{
	KpiSignal	signal = {0};

	if (isnan(plotted->distance[i]))
		return signal;
	for (int number = 0; number < (int) lengthof(rule); number++)
	{
		if ((rules >> number) & 1)
			ask_rule(plotted, number, i, &signal);
	}
	return signal;
}

/* The names of the rules that were hit. */
ArrayType *
kpi_rule_names(KpiRules hit)
{
	Datum		name[lengthof(rule)];
	int			count = 0;

	for (int number = 0; number < (int) lengthof(rule); number++)
	{
		if ((hit >> number) & 1)
			name[count++] = CStringGetTextDatum(rule[number].name);
	}
	return count == 0 ? construct_empty_array(TEXTOID)
		: construct_array(name, count, TEXTOID, -1, false, TYPALIGN_INT);
}
