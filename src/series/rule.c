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
 * Anhoej, of the n points of a phase that are not on the center
 *	run			more than log2(n), rounded, + 3 in a row on one side
 *	crossings	by the last of them: as few crossings of the center, or fewer, have
 *				a probability below 0.05, where each of n - 1 has one of 0.5
 *
 * A rule is hit by the point that makes it whole, which is itself one of those
 * that are counted.  A point on a line is neither beyond it nor on a side, and
 * so ends a run.  No rule reaches over a gap or the beginning of a phase, but
 * those of Anhoej leave out gaps and points on the center.
 *
 * Sources: Western Electric Company, Statistical Quality Control Handbook, 1956;
 * L. S. Nelson, "The Shewhart control chart: tests for special causes", Journal
 * of Quality Technology 16, 1984; J. Anhoej and A. V. Olesen, "Run charts
 * revisited: a simulation study of run chart rules", PLoS ONE 9(11), 2014.
 *
 *-------------------------------------------------------------------------
 */
#include "series/rule.h"

#include <math.h>

#include "base/list.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "math/special.h"
#include "utils/builtins.h"

/* What is counted of a number of points. */
typedef enum RuleKind
{
	BEYOND,						/* so many sigmas, on one side */
	MOVING,						/* one way */
	IN_TURN,					/* up and down */
	WITHIN,						/* so many sigmas */
	OUTSIDE,					/* so many sigmas, on either side */
	LONG_RUN,					/* on one side, for the points of the phase */
	FEW_CROSSINGS				/* of the center, for the points of the phase */
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
	{"anhoej_run", LONG_RUN, 0, 0, 0},
	{"anhoej_crossings", FEW_CROSSINGS, 0, 0, 0},
	{"beyond_limits", BEYOND, 1, 1, 0}
};

#define NELSON ((KpiRules) 0xFF0)

/* How probable so few crossings may be by chance. */
#define FEW_PROBABILITY 0.05

/* The last rule is that of other charts, and not asked for. */
#define ASKED_RULES (lengthof(rule) - 1)

/* The error of a rule that is none. */
pg_noreturn static void
fail_unknown_rule(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rule \"%s\" is not known", name),
			 errhint("Rules are \"western_electric\" with 1 to 4, \"nelson\" with 1 to 8, and \"anhoej\" with run and "
					 "crossings, as a whole or one by one, such as \"nelson_3\".")));
}

/* The rules of a name, which may be that of a set. */
static KpiRules
rules_of(const char *name)
{
	if (strcmp(name, "western_electric") == 0)
		return KPI_WESTERN_ELECTRIC;
	if (strcmp(name, "nelson") == 0)
		return NELSON;
	if (strcmp(name, "anhoej") == 0)
		return KPI_ANHOEJ;
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

/* Take a point that is not on the center into the runs of its phase, after the one before. */
static KpiRun
next_run(const KpiRun *before, int side_before, int side)
{
	KpiRun		run = *before;

	run.crossings += side_before == -side;
	run.length = side_before == side ? run.length + 1 : 1;
	run.points++;
	return run;
}

/* Say of all points, whose numbers so far are known, how many their phase has. */
static void
count_phases(KpiRun *run, const int *phase, int count)
{
	int			points = 0;

	for (int i = count - 1; i >= 0; i--)
	{
		if (i == count - 1 || phase[i] != phase[i + 1])
			points = 0;
		if (run[i].points == 0)
			continue;
		points = Max(points, run[i].points);
		run[i].left = points - run[i].points;
		run[i].points = points;
	}
}

/* Where all points stand in the runs of their phases. */
const KpiRun *
kpi_runs(const double *distance, const int *phase, int count)
{
	KpiRun	   *run = palloc_extended((Size) Max(count, 1) * sizeof(KpiRun), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	KpiRun		last = {0};
	int			last_side = 0;

	for (int i = 0; i < count; i++)
	{
		int			side = (distance[i] > 0) - (distance[i] < 0);

		if (i > 0 && phase[i] != phase[i - 1])
		{
			memset(&last, 0, sizeof(last));
			last_side = 0;
		}
		if (side == 0)
			continue;
		run[i] = last = next_run(&last, last_side, side);
		last_side = side;
	}
	count_phases(run, phase, count);
	return run;
}

/* Whether a run is longer than chance makes it, for the points of its phase. */
static inline bool
is_long(const KpiRun *run)
{
	return run->points > 0 && run->length > rint(log2(run->points)) + 3;
}

/* Whether a phase that ends with a point has fewer crossings than chance makes. */
static bool
crosses_seldom(const KpiRun *run)
{
	int			chances = run->points - 1;

	if (chances < 1 || run->left > 0)
		return false;
	/* the binomial distribution for a probability of 0.5, up to the crossings */
	return kpi_negative_binomial_tail(run->crossings + 1, chances - run->crossings, 0) < FEW_PROBABILITY;
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
		case LONG_RUN:
			side = is_long(&plotted->run[i]) ? side_beyond(plotted->distance[i], 0) : 0;
			hit = side != 0;
			break;
		case FEW_CROSSINGS:
			hit = crosses_seldom(&plotted->run[i]);
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
