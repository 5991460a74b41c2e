/*-------------------------------------------------------------------------
 *
 * needed.c
 *	  The value of one indicator with which a scorecard just reaches a score.
 *
 * The scorecard is evaluated again and again, with another value each time: so
 * scales, limits, roles, missing policies, ranks and scorecards inside count as
 * they do.  First a value is looked for with which the score is reached, and one
 * with which it is not; then the interval between them is halved until both are
 * one step of the last decimal apart.
 *
 *	where it begins		the actual, else the target, else 0
 *	looked at			the target and its limits, what the scale names, ever
 *						nearer to 0, which some attainments are divided by, and
 *						ever farther away, up to 2^64 times
 *	not reached yet		the nearest value found that reaches it, from there
 *						towards the actual
 *	reached already		from the actual to where things are worse
 *
 * NULL rule: a node that is no leaf with an indicator has none.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "base/exact.h"
#include "engine/evaluate.h"
#include "engine/input.h"
#include "engine/suppose.h"
#include "funcapi.h"
#include "registry/known.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

/* What is looked at near the target: its limits, and what the scale names. */
#define MAX_CANDIDATES 24

/* How often the way to 0 is halved. */
#define HALVINGS 6

/* The most points that may be given. */
#define MAX_GIVEN 100

/* How far away from where it begins, in powers of two of the greater of that and the target. */
static const int distances[] = {-3, 0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};

/* A search for the value of a node. */
typedef struct Search
{
	KpiEvaluation *evaluation;
	KpiCell   **cell;
	int			cells;
	KpiCell    *asked;
	int			place;			/* of the node in its tree */
	KpiSupposed *supposed;
	MemoryContext trial;
	Numeric		goal;
	int			decimals;
	Numeric		start;
	Numeric		reach;			/* what is doubled */
	Numeric		good;			/* a value that reaches the goal, or NULL */
	Numeric		bad;			/* one that does not, or NULL */
} Search;

/* A value in the decimals of the search. */
static Numeric
rounded(const Search *search, Numeric value)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(value), Int32GetDatum(search->decimals)));
}

/* Forget what was evaluated of the period, for it to be evaluated with another value. */
static void
forget(Search *search)
{
	MemoryContextReset(search->trial);
	search->evaluation->places = kpi_places(search->trial);
	for (int i = 0; i < search->cells; i++)
	{
		KpiCell    *cell = search->cell[i];

		if (cell->final != NULL || cell->key.start != search->asked->key.start)
			continue;
		cell->score = NULL;
		memset(cell->input, 0, sizeof(KpiNodeInput) * cell->tree->count);
	}
}

/* The score with a value; NULL where it is undefined. */
static Numeric
score_with(Search *search, Numeric value)
{
	MemoryContext old;

	forget(search);
	search->supposed->value.value = search->supposed->value.actual = value;
	old = MemoryContextSwitchTo(search->trial);
	kpi_evaluate_cell(search->evaluation, search->asked);
	MemoryContextSwitchTo(old);
	return search->asked->score[0].score;
}

/* Whether a value reaches the goal; it is kept as one that does, or does not. */
static bool
try_value(Search *search, Numeric value)
{
	Numeric		score = score_with(search, value);
	bool		reached = score != NULL && kpi_numeric_cmp(score, search->goal) >= 0;

	*(reached ? &search->good : &search->bad) = value;
	return reached;
}

/* The distance of a value from where the search begins. */
static Numeric
distance_of(const Search *search, Numeric value)
{
	return kpi_numeric_abs(kpi_numeric_sub(value, search->start));
}

/* Half of a number. */
static Numeric
half_of(Numeric number)
{
	Numeric		half = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum("0.5"), ObjectIdGetDatum(InvalidOid),
														   Int32GetDatum(-1)));

	return kpi_numeric_mul(half, number);
}

/* Look at a value far away; sign says on which side. */
static bool
try_far(Search *search, int sign, int power)
{
	Numeric		two = int64_to_numeric(2);
	Numeric		times = DatumGetNumeric(DirectFunctionCall2(numeric_power, NumericGetDatum(two),
															NumericGetDatum(int64_to_numeric(power))));
	Numeric		far = kpi_numeric_mul(search->reach, times);

	return try_value(search, rounded(search, sign > 0 ? kpi_numeric_add(search->start, far) :
									 kpi_numeric_sub(search->start, far)));
}

/* Look ever farther away on one side until the goal is reached, or is not. */
static bool
look_far(Search *search, int sign, bool reached)
{
	for (size_t i = 0; i < lengthof(distances); i++)
	{
		if (try_far(search, sign, distances[i]) == reached)
			return true;
	}
	return false;
}

/* Add a candidate made of two numbers, where both are there. */
static void
add_candidate(Numeric *candidate, int *count, Numeric value)
{
	if (value != NULL && *count < MAX_CANDIDATES)
		candidate[(*count)++] = value;
}

/* The place of the argument to which the scale gives most points. */
static int
best_point(const KpiScale *scale)
{
	int			best = 0;

	for (int i = 2; i < scale->count; i += 2)
	{
		if (scale->number[i + 1] > scale->number[best + 1])
			best = i;
	}
	return best;
}

/* Values that earn the most points by a scale of the attainment, whichever the method. */
static void
add_attained(Numeric *candidate, int *count, const KpiAim *aim, Numeric share)
{
	Numeric		two = int64_to_numeric(2);

	if (aim->target != NULL)
	{
		add_candidate(candidate, count, kpi_numeric_mul(share, aim->target));
		add_candidate(candidate, count, kpi_numeric_mul(kpi_numeric_sub(two, share), aim->target));
		if (kpi_numeric_sign(share) != 0)
			add_candidate(candidate, count, kpi_numeric_div(aim->target, share));
	}
	if (aim->target != NULL && aim->baseline != NULL)
		add_candidate(candidate, count,
					  kpi_numeric_add(aim->baseline, kpi_numeric_mul(share, kpi_numeric_sub(aim->target, aim->baseline))));
	if (aim->limits.low != NULL && aim->limits.high != NULL)
	{
		Numeric		width = kpi_numeric_mul(share, kpi_numeric_sub(aim->limits.high, aim->limits.low));

		add_candidate(candidate, count, kpi_numeric_add(aim->limits.low, width));
		add_candidate(candidate, count, kpi_numeric_sub(aim->limits.high, width));
	}
}

/* What a scale names. */
static void
add_of_scale(Numeric *candidate, int *count, const KpiScale *scale, const KpiAim *aim)
{
	if (scale != NULL && scale->form == KPI_SCALE_GIVEN)
		add_candidate(candidate, count, int64_to_numeric(MAX_GIVEN));
	if (scale == NULL || scale->count < 2)
		return;
	if (kpi_scale_has_points(scale->form))
	{
		Numeric		best = kpi_scale_number(scale, best_point(scale));

		if (scale->of == KPI_OF_ATTAINMENT)
			add_attained(candidate, count, aim, best);
		else if (scale->of == KPI_OF_GAP && aim->target != NULL)
		{
			add_candidate(candidate, count, kpi_numeric_add(aim->target, best));
			add_candidate(candidate, count, kpi_numeric_sub(aim->target, best));
		}
		else
			add_candidate(candidate, count, best);
	}
	else
	{
		add_candidate(candidate, count, kpi_scale_number(scale, 0));
		add_candidate(candidate, count, kpi_scale_number(scale, 1));
	}
}

/* Numbers from where the search begins towards 0. */
static void
add_towards_zero(Numeric *candidate, int *count, Numeric start)
{
	for (int i = 0; i < HALVINGS; i++)
	{
		start = half_of(start);
		add_candidate(candidate, count, start);
	}
}

/* Look at the target, its limits, what the scale names and nearer to 0; keep the nearest value that reaches the goal. */
static bool
look_near(Search *search, const KpiAim *aim, const KpiScale *scale)
{
	Numeric		candidate[MAX_CANDIDATES];
	int			count = 0;
	Numeric		nearest = NULL;

	add_candidate(candidate, &count, aim->target);
	add_candidate(candidate, &count, aim->limits.low);
	add_candidate(candidate, &count, aim->limits.high);
	add_of_scale(candidate, &count, scale, aim);
	add_towards_zero(candidate, &count, search->start);
	for (int i = 0; i < count; i++)
	{
		Numeric		value = rounded(search, candidate[i]);

		if (try_value(search, value) &&
			(nearest == NULL || kpi_numeric_cmp(distance_of(search, value), distance_of(search, nearest)) < 0))
			nearest = value;
	}
	search->good = nearest;
	return nearest != NULL;
}

/* The side on which things are worse: that of the start as seen from a target that is to be hit. */
static int
worse_side(const Search *search, KpiDirection direction, Numeric target)
{
	if (direction == KPI_TARGET && target != NULL)
		return kpi_numeric_cmp(search->start, target) >= 0 ? 1 : -1;
	return direction == KPI_LOWER ? 1 : -1;
}

/* Halve the interval between the two until they are one step apart. */
static void
halve(Search *search)
{
	for (;;)
	{
		Numeric		middle = rounded(search, half_of(kpi_numeric_add(search->good, search->bad)));

		if (kpi_numeric_cmp(middle, search->good) == 0 || kpi_numeric_cmp(middle, search->bad) == 0)
			return;
		(void) try_value(search, middle);
	}
}

/* Find the value; NULL, or why there is none. */
static const char *
search_value(Search *search, const KpiCardNode *node, const KpiAim *aim)
{
	int			worse = worse_side(search, node->terms.direction, aim->target);

	if (try_value(search, search->start))
	{
		if (!look_far(search, worse, false) && !look_far(search, -worse, false))
			return "reached";
	}
	else
	{
		bool		found = look_near(search, aim, node->scale) || look_far(search, -worse, true) || look_far(search, worse, true);

		if (!found)
			return "out_of_reach";
		search->bad = search->start;
	}
	halve(search);
	return NULL;
}

/* The place of a leaf that shows an indicator, or -1. */
static int
leaf_place(const KpiCell *cell, const KpiName *name)
{
	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiPlacedNode *placed = &cell->tree->node[i];

		if (placed->key == name && placed->leaf && placed->node != NULL && placed->node->indicator != NULL)
			return i;
	}
	return -1;
}

/* A search that may begin: the node is named, and where to start from is known. */
static void
start_search(Search *search, const KpiName *name)
{
	KpiSuppositions *suppositions = kpi_suppositions(1);
	const KpiNodeInput *input = &search->asked->input[search->place];
	Numeric		actual = input->of.actual;
	Numeric		target = input->of.aim.target;
	Numeric		size;

	suppositions->count = 1;
	suppositions->item[0] = (KpiSupposition)
	{
		name, KPI_SUPPOSE_ACTUAL, actual, NULL
	};
	search->evaluation->supposed = suppositions;
	kpi_suppose_inputs(search->evaluation, search->asked);
	search->supposed = &suppositions->line[0];
	search->trial = AllocSetContextCreate(CurrentMemoryContext, "kpi needed", ALLOCSET_DEFAULT_SIZES);
	search->start = rounded(search, actual ? actual : target ? target : int64_to_numeric(0));
	size = kpi_numeric_abs(target ? target : int64_to_numeric(0));
	search->reach = kpi_numeric_abs(search->start);
	if (kpi_numeric_cmp(size, search->reach) > 0)
		search->reach = size;
	if (kpi_numeric_sign(search->reach) == 0)
		search->reach = int64_to_numeric(1);
}

/* Put the value found, and what it earns, into a row; or why there is none. */
static void
put_found(Search *search, const char *reason, Datum *value, bool *isnull)
{
	value[3] = reason ? CStringGetTextDatum(reason) : (Datum) 0;
	isnull[0] = isnull[1] = isnull[2] = reason != NULL;
	isnull[3] = reason == NULL;
	if (reason != NULL)
		return;
	value[2] = NumericGetDatum(score_with(search, search->good));
	value[1] = NumericGetDatum(search->asked->score[search->place].score);
	isnull[1] = search->asked->score[search->place].score == NULL;
	value[0] = NumericGetDatum(search->good);
}

/* The first cell that is asked for; NULL where none is. */
static KpiCell *
asked_cell(KpiCell **cell, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (cell[i]->asked)
			return cell[i];
	}
	return NULL;
}

/* needed_value(cell, node, goal, decimals): (value, points, score, reason). */
PG_FUNCTION_INFO_V1(kpi_needed_value);
Datum
kpi_needed_value(PG_FUNCTION_ARGS)
{
	Search		search = {.goal = PG_GETARG_NUMERIC(2),.decimals = PG_GETARG_INT32(3)};
	KpiEvaluation *evaluation = kpi_evaluation(CurrentMemoryContext, KPI_KNOWN_NOW, true);
	const KpiName *name = kpi_name_of(evaluation->names, PG_GETARG_DATUM(1));
	TupleDesc	tupdesc;
	KpiCellKey *key;
	Datum		value[4];
	bool		isnull[4] = {true, true, true, true};
	int			count = kpi_read_cells(evaluation, PG_GETARG_DATUM(0), &key);
	MemoryContext old;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (count == 0)
		PG_RETURN_NULL();
	old = MemoryContextSwitchTo(evaluation->batch);
	search.evaluation = evaluation;
	search.cell = kpi_evaluate_batch(evaluation, key, 1, &search.cells);
	search.asked = asked_cell(search.cell, search.cells);
	search.place = leaf_place(search.asked, name);
	if (search.place >= 0)
	{
		KpiAim		aim = search.asked->input[search.place].of.aim;

		start_search(&search, name);
		put_found(&search, search_value(&search, search.asked->tree->node[search.place].node, &aim), value, isnull);
	}
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(tupdesc, value, isnull)));
}
